package api_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"lifecircle/api"
)

const results = "/api/v1/results?area=990100"

// An answer holds until something changes; who may not ask does not get what somebody
// else was told.
func TestKeptAnswers(t *testing.T) {
	t.Parallel()
	h := serve(t)
	if w := get(t, h, results, guest); w.Code != http.StatusForbidden {
		t.Fatalf("a guest: %d", w.Code)
	}
	first := get(t, h, results, nil)
	tag := first.Header().Get("ETag")
	if first.Code != http.StatusOK || tag == "" || first.Header().Get("Cache-Control") != "no-cache" {
		t.Fatalf("%d, header %v", first.Code, first.Header())
	}
	if w := get(t, h, results, map[string]string{"If-None-Match": tag}); w.Code != http.StatusNotModified || w.Body.Len() > 0 || w.Header().Get("ETag") != tag {
		t.Errorf("with its tag: %d, %d bytes, tag %q", w.Code, w.Body.Len(), w.Header().Get("ETag"))
	}
	if w := get(t, h, results, guest); w.Code != http.StatusForbidden || strings.Contains(w.Body.String(), "sport") {
		t.Errorf("a guest, once somebody was told: %d %s", w.Code, w.Body)
	}
	if w := get(t, h, "/api/v1/results?area=123456", nil); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), `"code":"area_unknown"`) {
		t.Errorf("an unknown area: %d %s", w.Code, w.Body)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPut, "/api/v1/values/resident_population/990100/2025", strings.NewReader(put("11000", "")))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", "k")
	asked(t, h, r, new(api.Written))
	w := get(t, h, results, map[string]string{"If-None-Match": tag})
	if w.Code != http.StatusOK || w.Header().Get("ETag") == tag || w.Body.String() == first.Body.String() {
		t.Errorf("after a change: %d, tag %q", w.Code, w.Header().Get("ETag"))
	}
}

func TestPackedAnswersSayTheSame(t *testing.T) {
	t.Parallel()
	h := serve(t)
	for _, path := range []string{results, "/api/v1/registers", "/api/v1/maps/1.1.7/990100/map.svg", fitness} {
		for round := range 2 { // the second is kept
			plain := get(t, h, path, nil)
			packed := get(t, h, path, map[string]string{"Accept-Encoding": "br, gzip"})
			if plain.Header().Get("Content-Encoding") != "" {
				t.Fatalf("%s: packed for a client that reads no gzip", path)
			}
			body := packed.Body.Bytes()
			if want := plain.Body.Len() >= 4<<10; (packed.Header().Get("Content-Encoding") == "gzip") != want {
				t.Errorf("%s, round %d: header %v of %d bytes", path, round, packed.Header(), plain.Body.Len())
			} else if want {
				zip, err := gzip.NewReader(packed.Body)
				if err != nil {
					t.Fatal(err)
				}
				if body, err = io.ReadAll(zip); err != nil {
					t.Fatal(err)
				}
			}
			if !bytes.Equal(body, plain.Body.Bytes()) || packed.Header().Get("Content-Type") != plain.Header().Get("Content-Type") {
				t.Errorf("%s, round %d: packed it says otherwise", path, round)
			}
		}
	}
}

// The page is asked for each time; what its build named by content is kept for ever.
func TestClientIsKept(t *testing.T) {
	t.Parallel()
	h := serve(t)
	for path, want := range map[string]string{"/": "no-cache", "/map?area=990100": "no-cache", "/assets/a.js": "public, max-age=31536000, immutable", "/assets/": "no-cache"} {
		w := get(t, h, path, nil)
		if w.Code != http.StatusOK || w.Header().Get("Cache-Control") != want {
			t.Errorf("%s: %d %v", path, w.Code, w.Header())
		}
		if again := get(t, h, path, map[string]string{"If-None-Match": w.Header().Get("ETag")}); again.Code != http.StatusNotModified {
			t.Errorf("%s, again: %d", path, again.Code)
		}
	}
}

// The columns of a map say what the rows of a layer do.
func TestMapLayerSaysWhatTheLayerDoes(t *testing.T) {
	t.Parallel()
	h := serve(t)
	type point struct {
		ID       string
		Lon, Lat float64
		People   int64
		Metres   *float64
		Verdict  string
	}
	rows := read[struct {
		Reach      *float64
		Points     []point
		Facilities []point
	}](t, get(t, h, fitness, nil))
	columns := read[api.MapLayer](t, get(t, h, fitness+"/map", nil))
	if len(columns.Breaks) != 3 || columns.Breaks[1] != *rows.Reach || len(columns.Points.IDs) != len(rows.Points) || len(columns.Facilities.IDs) != len(rows.Facilities) {
		t.Fatalf("breaks %v, %d points and %d places", columns.Breaks, len(columns.Points.IDs), len(columns.Facilities.IDs))
	}
	byID := map[string]point{}
	for _, p := range append(rows.Points, rows.Facilities...) {
		byID[p.ID] = p
	}
	const perDegree, half = 1e7, 0.5e-7
	verdicts := []string{"", "not_applicable", "pass", "pass", "pass", "no_data", "fail", "fail", "fail", "fail"}
	var lon, lat int64
	for i, id := range columns.Points.IDs {
		lon, lat = lon+columns.Points.Lon[i], lat+columns.Points.Lat[i]
		want, metres := byID[id], -1.0
		if want.Metres != nil {
			metres = *want.Metres
		}
		if math.Abs(float64(lon)/perDegree-want.Lon) > half || math.Abs(float64(lat)/perDegree-want.Lat) > half ||
			columns.Points.People[i] != want.People || verdicts[columns.Points.Classes[i]] != want.Verdict ||
			metres >= 0 && math.Abs(float64(columns.Points.Decimetres[i])/10-metres) > 1e-9 || (metres >= 0) != (columns.Points.Decimetres[i] >= 0) {
			t.Errorf("point %s is %+v", id, want)
		}
	}
	lon, lat = 0, 0
	for i, id := range columns.Facilities.IDs {
		lon, lat = lon+columns.Facilities.Lon[i], lat+columns.Facilities.Lat[i]
		if want := byID[id]; math.Abs(float64(lon)/perDegree-want.Lon) > half || math.Abs(float64(lat)/perDegree-want.Lat) > half {
			t.Errorf("place %s is %+v", id, want)
		}
	}
}

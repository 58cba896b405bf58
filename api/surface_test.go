package api_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"lifecircle/api"
	"lifecircle/atlas"
	"lifecircle/internal/testcity"
)

func read[T any](t testing.TB, w *httptest.ResponseRecorder) T {
	t.Helper()
	var answer T
	if err := json.Unmarshal(w.Body.Bytes(), &answer); w.Code != http.StatusOK || err != nil {
		t.Fatalf("%d %s (%v)", w.Code, w.Body, err)
	}
	return answer
}

// The town's cells lie 300 m and more apart, so that each is a cell of the
// surface; 9,400 of its 10,000 people live within 1,000 m of a pitch.
func TestSurface(t *testing.T) {
	t.Parallel()
	h := serve(t)
	s := read[api.Surface](t, get(t, h, "/api/v1/surfaces/1.1.7/990100", nil))
	if s.Reach == nil || *s.Reach != 1000 || len(s.Cells) != s.Columns*s.Rows {
		t.Fatalf("surface %+v", s)
	}
	classes := map[atlas.Class]int{}
	for _, c := range s.Cells {
		classes[atlas.Class(c)]++
	}
	passing := classes[atlas.Near] + classes[atlas.Within]
	failing := classes[atlas.Beyond] + classes[atlas.Far] + classes[atlas.Unreachable]
	layer := read[struct {
		Points []struct {
			Metres  *float64
			Verdict string
		}
	}](t, get(t, h, fitness, nil))
	verdicts := map[string]int{}
	for _, p := range layer.Points {
		verdicts[p.Verdict]++
	}
	if verdicts["fail"] == 0 || passing != verdicts["pass"] || failing != verdicts["fail"] || len(layer.Points) != len(testcity.Demo().Cells) {
		t.Errorf("%d cells pass and %d fail; the points say %v", passing, failing, verdicts)
	}
	for path, status := range map[string]int{
		"/api/v1/surfaces/nothing/990100": http.StatusNotFound,
		"/api/v1/surfaces/1.1.7/123456":   http.StatusNotFound,
		"/api/v1/surfaces/1.1.6/990100":   http.StatusUnprocessableEntity,
	} {
		if w := get(t, h, path, nil); w.Code != status {
			t.Errorf("%s: %d %s; want %d", path, w.Code, w.Body, status)
		}
	}
	if w := get(t, h, "/api/v1/surfaces/1.1.7/990100", guest); w.Code != http.StatusForbidden {
		t.Errorf("a guest: %d", w.Code)
	}
}

// A trial says which cells change, and for how many people: the same as before
// and after its commit.
func TestSurfaceOfATrial(t *testing.T) {
	t.Parallel()
	h := serve(t)
	before := read[api.Surface](t, get(t, h, "/api/v1/surfaces/1.1.7/990100", nil))
	var far struct{ Lon, Lat float64 }
	people := int64(0)
	for _, p := range read[struct {
		Points []struct {
			Lon, Lat float64
			People   int64
			Verdict  string
		}
	}](t, get(t, h, fitness, nil)).Points {
		if p.Verdict == "fail" {
			far.Lon, far.Lat = p.Lon, p.Lat
			people += p.People
		}
	}
	if people != 600 {
		t.Fatalf("%d people live too far; want 600", people)
	}
	place, err := json.Marshal(map[string]any{
		"id": "tried", "area": "990100", "kind": "sports_pitch", "lon": far.Lon, "lat": far.Lat, "public": true, "source": "test", "provenance": "estimated",
	})
	if err != nil {
		t.Fatal(err)
	}
	post := func(path, text string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(text))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	trial := `{"changes":[{"op":"add","facility":` + string(place) + `}],"show":{"indicator":"1.1.7","area":"990100"}}`
	tried := read[api.WhatIfAnswer](t, post("/api/v1/what-if", trial))
	if tried.Surface == nil || len(tried.Surface.Cells) == 0 || len(tried.Surface.Parts) != 1 {
		t.Fatalf("trial says %+v", tried.Surface)
	}
	part := tried.Surface.Parts[0]
	if part.Gained == 0 || part.Lost != 0 || part.Gained > people || part.Area != "990100" {
		t.Errorf("people %+v", part)
	}
	// No count by age is known of the town, so none is made up.
	if len(part.Ages) != 0 {
		t.Errorf("ages %+v; want none", part.Ages)
	}
	if w := post("/api/v1/facilities", string(place)); w.Code != http.StatusOK {
		t.Fatal(w.Body)
	}
	after := read[api.Surface](t, get(t, h, "/api/v1/surfaces/1.1.7/990100", nil))
	changed := map[int]bool{}
	for i, cell := range tried.Surface.Cells {
		changed[cell] = true
		if int(before.Cells[cell]) != tried.Surface.Before[i] || int(after.Cells[cell]) != tried.Surface.After[i] {
			t.Errorf("cell %d goes from %d to %d; the trial said %d to %d", cell, before.Cells[cell], after.Cells[cell], tried.Surface.Before[i], tried.Surface.After[i])
		}
	}
	for cell := range after.Cells {
		if after.Cells[cell] != before.Cells[cell] && !changed[cell] {
			t.Errorf("cell %d changes; the trial did not say so", cell)
		}
	}
}

package api_test

import (
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"

	"lifecircle"
	"lifecircle/api"
	"lifecircle/geo"
)

// From every point the ways are as long as the layer says, begin and end where they
// should, and are no shorter than the line drawn of them.
func TestWays(t *testing.T) {
	t.Parallel()
	h := serve(t)
	layer := read[struct {
		Points []struct {
			ID       string
			Lon, Lat float64
			Metres   *float64
			Facility string
		}
	}](t, get(t, h, fitness, nil))
	for _, p := range layer.Points {
		from := read[api.WaysFrom](t, get(t, h, "/api/v1/ways/1.1.7/990100?point="+p.ID, nil))
		if from.Lon != p.Lon || from.Lat != p.Lat || from.State != "ok" || p.Metres == nil || len(from.Ways) != 2 {
			t.Fatalf("%s: %+v", p.ID, from)
		}
		first, second := from.Ways[0], from.Ways[1]
		if first.Metres == nil || second.Metres == nil || from.Timed || first.Seconds != nil {
			t.Fatalf("%s: %+v", p.ID, from)
		}
		if *first.Metres != *p.Metres || *second.Metres < *first.Metres || first.Facility == second.Facility {
			t.Errorf("%s: %v m to %s, then %v m to %s; the layer says %v m", p.ID, *first.Metres, first.Facility, *second.Metres, second.Facility, *p.Metres)
		}
		for _, way := range from.Ways {
			at := func(i int) geo.Point { return geo.Point{Lon: way.Line[i][0], Lat: way.Line[i][1]} }
			last := len(way.Line) - 1
			if at(0) != (geo.Point{Lon: p.Lon, Lat: p.Lat}) || at(last) != (geo.Point{Lon: way.Lon, Lat: way.Lat}) {
				t.Errorf("%s: the way to %s goes from %v to %v", p.ID, way.Facility, at(0), at(last))
			}
			drawn := 0.0
			for i := range last {
				drawn += geo.Distance(at(i), at(i+1))
			}
			// Each street is rounded to a decimetre.
			if math.Abs(drawn-*way.Metres) > 0.1*float64(len(way.Line)) {
				t.Errorf("%s: the way to %s is %.1f m and drawn %.1f m long", p.ID, way.Facility, *way.Metres, drawn)
			}
			if way.Minutes == nil || *way.Minutes != *way.Metres/80 {
				t.Errorf("%s: %v minutes for %v m", p.ID, way.Minutes, *way.Metres)
			}
		}
	}
	for path, status := range map[string]int{
		"/api/v1/ways/1.1.7/990100?point=nobody":       http.StatusNotFound,
		"/api/v1/ways/1.1.7/123456?point=nobody":       http.StatusNotFound,
		"/api/v1/ways/1.1.6/990100?lon=106.2&lat=38.4": http.StatusUnprocessableEntity,
	} {
		if w := get(t, h, path, nil); w.Code != status {
			t.Errorf("%s: %d %s; want %d", path, w.Code, w.Body, status)
		}
	}
	// Where no street is near nobody sets out.
	if far := read[api.WaysFrom](t, get(t, h, "/api/v1/ways/1.1.7/990100?lon=100&lat=30", nil)); far.State != "unsnapped" || len(far.Ways) != 0 {
		t.Errorf("in the desert: %+v", far)
	}
	if w := get(t, h, "/api/v1/ways/1.1.7/990100?lon=106.22&lat=38.48", guest); w.Code != http.StatusForbidden {
		t.Errorf("a guest: %d", w.Code)
	}
}

// Where the measure counts time ways are seconds, the limit is one too, and people read
// minutes: on the map as on its picture.
func TestWaysInTime(t *testing.T) {
	t.Parallel()
	h := serveBy(t, lifecircle.Bicycle, api.Ground{}, nil)
	layer := read[api.MapLayer](t, get(t, h, "/api/v1/layers/1.1.7/990100/map", nil))
	if !layer.Timed || layer.Mode != "bicycle" || layer.MetresPerMinute != nil || !slices.Equal(layer.Breaks, []float64{500, 1000, 1500}) {
		t.Fatalf("%+v", layer)
	}
	for i, id := range layer.Points.IDs {
		from := read[api.WaysFrom](t, get(t, h, "/api/v1/ways/1.1.7/990100?point="+id, nil))
		if !from.Timed || from.Reach == nil || *from.Reach != 1000 || len(from.Ways) != 2 {
			t.Fatalf("%s: %+v", id, from)
		}
		for _, way := range from.Ways {
			if way.Metres != nil || way.Seconds == nil || way.Minutes == nil || *way.Minutes != *way.Seconds/60 {
				t.Errorf("%s: %+v", id, way)
			}
		}
		if seconds := float64(layer.Points.Decimetres[i]) / 10; *from.Ways[0].Seconds != seconds {
			t.Errorf("%s: %v s, the layer says %v s", id, *from.Ways[0].Seconds, seconds)
		}
	}
	picture := get(t, h, "/api/v1/maps/1.1.7/990100/map.svg", nil).Body.String()
	if !strings.Contains(picture, "8.3 分钟以内（达标）") || strings.Contains(picture, "米以") {
		t.Errorf("the picture counts metres: %s", picture[max(0, len(picture)-2000):])
	}
}

package osm

import (
	"math"
	"testing"

	"github.com/paulmach/orb/geo"

	"lifecircle/internal/testcity/sample"
)

// The areas of real borders in km², as their own statistics give them, to 1 %: the
// map is of 2016, and the earth is no sphere.
func TestRealBorders(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		path func(testing.TB) string
		id   string
		km2  float64
	}{
		"Andorra (468 km², Departament d'Estadística)": {sample.Andorra, "relation/9407", 468},
		"Beausoleil (2.79 km², INSEE)": {
			func(tb testing.TB) string { return sample.Shared(tb, "monaco-2016.osm.pbf") }, "relation/174562", 2.79,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, err := ReadWith(t.Context(), c.path(t), Config{Boundaries: true})
			if err != nil {
				t.Fatal(err)
			}
			open := 0
			for _, b := range e.Boundaries {
				if b.Gaps > 0 {
					open++
				}
				if b.ID != c.id {
					continue
				}
				if km2 := geo.Area(b.Area) / 1e6; b.Gaps != 0 || math.Abs(km2-c.km2) > 0.01*c.km2 || b.Name == "" || b.Level == 0 {
					t.Errorf("%s, level %d: %.2f km² with %d gaps, want %v", b.Name, b.Level, km2, b.Gaps, c.km2)
				}
			}
			// Neighbours are cut off at the edge of the map, and say so.
			if open == 0 {
				t.Error("no border is cut off by the edge of the map")
			}
		})
	}
}

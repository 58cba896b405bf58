package access_test

import (
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"lifecircle"
	"lifecircle/access"
	"lifecircle/geo"
)

// A square of 0.1° at the equator, 11.1 km wide, with a hole; a degree is 111.2 km.
func squareWithHole() orb.MultiPolygon {
	return orb.MultiPolygon{{
		{{0, 0}, {0.1, 0}, {0.1, 0.1}, {0, 0.1}, {0, 0}},
		{{0.04, 0.04}, {0.04, 0.06}, {0.06, 0.06}, {0.06, 0.04}, {0.04, 0.04}},
	}}
}

func TestBorder(t *testing.T) {
	t.Parallel()
	b, err := access.NewBorder(squareWithHole(), 1112)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		lon, lat       float64
		counts, serves bool
	}{
		{0.02, 0.02, true, true},
		{0, 0.05, true, true},       // on the border
		{0.05, 0.05, false, true},   // in the hole, 1,112 m from its rim is too far but 0.01° is not
		{0.109, 0.05, false, true},  // 1,001 m east
		{0.111, 0.05, false, false}, // 1,223 m east
		{-0.007, -0.007, false, true},
		{-0.008, -0.008, false, false}, // 1,258 m from the corner
		{50, 50, false, false},
	} {
		p := geo.Point{Lon: c.lon, Lat: c.lat}
		if b.Counts(p) != c.counts || b.Serves(p) != c.serves {
			t.Errorf("%v: counts %v, serves %v, want %v, %v", p, b.Counts(p), b.Serves(p), c.counts, c.serves)
		}
	}
	for name, bad := range map[string]orb.MultiPolygon{
		"nothing":     nil,
		"empty":       {{}},
		"open":        {{{{0, 0}, {1, 0}, {1, 1}, {0, 1}}}},
		"in metres":   {{{{0, 0}, {500000, 0}, {1, 1}, {0, 0}}}},
		"two corners": {{{{0, 0}, {1, 0}, {0, 0}}}},
	} {
		if _, err := access.NewBorder(bad, 0); lifecircle.ErrorCode(err) != "border_invalid" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := access.NewBorder(squareWithHole(), -1); lifecircle.ErrorCode(err) != "border_invalid" {
		t.Errorf("a halo of less than nothing: %v", err)
	}
}

// People beyond the border are served and not counted, and their places serve
// people within.
func TestHaloServesAndIsNotCounted(t *testing.T) {
	t.Parallel()
	n, places, at := town(t, "+-a-+-b-+-A-+-c-+")
	// The border runs between b and A.
	middle := (at["b"].Lon + places[0].At.Lon) / 2
	west, south, north := at["a"].Lon-0.01, at["a"].Lat-0.01, at["a"].Lat+0.01
	b, err := access.NewBorder(orb.MultiPolygon{{{{west, south}, {middle, south}, {middle, north}, {west, north}, {west, south}}}}, access.HaloMetres)
	if err != nil {
		t.Fatal(err)
	}
	positions := []geo.Point{at["a"], at["b"], at["c"]}
	counted := make([]bool, len(positions))
	for i, p := range positions {
		counted[i] = b.Counts(p)
	}
	if !slices.Equal(counted, []bool{true, true, false}) {
		t.Fatalf("counted %v", counted)
	}
	if !b.Serves(places[0].At) {
		t.Fatal("A does not serve")
	}
	cover, _ := access.FindCover(access.SnapPointsFor(n, walking(t, n), positions), places, 5000)
	// A is 400 m from b and from c, 800 from a.
	if got := cover.Count([]int64{10, 20, 40}, counted); got != (access.Coverage{Covered: 20, People: 30}) {
		t.Errorf("%+v, want 20 of 30 people", got)
	}
}

package atlas

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"lifecircle/geo"
)

func TestClassHasItsBreakAtTheTarget(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	for _, c := range []struct {
		served Served
		want   Class
	}{
		{Served{true, 500, 1000}, Near},
		{Served{true, 500.1, 1000}, Within},
		{Served{true, 1000, 1000}, Within},
		{Served{false, 1000.1, 1000}, Beyond},
		{Served{false, 1500, 1000}, Beyond},
		{Served{false, 1500.1, 1000}, Far},
		{Served{false, nan, 1000}, Unreachable},
		{Served{true, nan, 1000}, Pass},  // let off: no distance explains it
		{Served{true, 1500, 1000}, Pass}, // likewise
		{Served{false, 400, 1000}, Fail}, // another condition failed
		{Served{true, 400, 0}, Pass},
		{Served{false, nan, 0}, Fail},
	} {
		if got := c.served.Class(); got != c.want {
			t.Errorf("%+v is class %d; want %d", c.served, got, c.want)
		}
	}
}

func TestCellShowsItsWorst(t *testing.T) {
	t.Parallel()
	// Two in one cell, one 1 km east, one 1 km south of that.
	at := []geo.Point{{Lon: 106, Lat: 38}, {Lon: 106.00001, Lat: 38}, {Lon: 106.0114, Lat: 38}, {Lon: 106.0114, Lat: 37.991}}
	g := NewGrid(at, 1000)
	cells := g.Paint([]Class{Near, Far, Within, NoData})
	if len(cells) != g.Columns*g.Rows {
		t.Fatalf("%d cells of %d × %d", len(cells), g.Columns, g.Rows)
	}
	count := map[byte]int{}
	for _, c := range cells {
		count[c]++
	}
	if count[byte(Far)] != 1 || count[byte(Within)] != 1 || count[byte(NoData)] != 1 || count[byte(Near)] != 0 {
		t.Errorf("cells %v", count)
	}
	if cells[0] != byte(Far) || cells[g.Columns-1] != byte(Within) || cells[len(cells)-1] != byte(NoData) {
		t.Error("the corners are not where their positions lie")
	}
}

func TestGridCoversItsPositions(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := make([]geo.Point, rapid.IntRange(1, 30).Draw(t, "n"))
		for i := range at {
			at[i] = geo.Point{Lon: rapid.Float64Range(73, 135).Draw(t, "lon"), Lat: rapid.Float64Range(3, 54).Draw(t, "lat")}
		}
		most := rapid.IntRange(4, 10000).Draw(t, "most")
		g := NewGrid(at, most)
		if g.Columns*g.Rows > most && g.zoom > 0 {
			t.Fatalf("%d × %d cells; want at most %d", g.Columns, g.Rows, most)
		}
		b := g.Bounds()
		for i, p := range at {
			// The edges are computed back from the cells: up to rounding.
			const slack = 1e-9
			if p.Lon < b.Min.Lon-slack || p.Lon > b.Max.Lon+slack || p.Lat < b.Min.Lat-slack || p.Lat > b.Max.Lat+slack {
				t.Fatalf("position %d, %v, lies outside %v", i, p, b)
			}
		}
	})
}

func BenchmarkPaint(b *testing.B) {
	at, classes := make([]geo.Point, 73_000), make([]Class, 73_000)
	for i := range at {
		at[i] = geo.Point{Lon: 104.3 + float64(i%271)*0.012, Lat: 35.2 + float64(i/271)*0.015}
		classes[i] = Class(i % 10)
	}
	g := NewGrid(at, 300_000)
	for b.Loop() {
		g.Paint(classes)
	}
}

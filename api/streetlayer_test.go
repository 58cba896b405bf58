package api_test

import (
	"fmt"
	"math"
	"net/http"
	"testing"

	"lifecircle/api"
)

// The marks of a street layer say of the middle of each street what the way from
// there does.
func TestStreetLayerSaysWhatTheWaysDo(t *testing.T) {
	t.Parallel()
	h := serve(t)
	layer := read[api.StreetLayer](t, get(t, h, fitness+"/streets", nil))
	if len(layer.Lines.Sizes) < 20 || len(layer.Marks.Sizes) != len(layer.Lines.Sizes) || len(layer.Breaks) != 3 || layer.Breaks[1] != layer.Reach {
		t.Fatalf("%d lines, marks of %d, breaks %v", len(layer.Lines.Sizes), len(layer.Marks.Sizes), layer.Breaks)
	}
	var lon, lat int64
	position, mark, tried := 0, 0, 0
	for i, size := range layer.Lines.Sizes {
		line := make([][2]float64, size)
		for k := range line {
			lon, lat = lon+layer.Lines.Lon[position], lat+layer.Lines.Lat[position]
			line[k] = [2]float64{float64(lon) / 1e7, float64(lat) / 1e7}
			position++
		}
		marks := layer.Marks.Sizes[i]
		offsets, distances := layer.Marks.Offsets[mark:mark+marks], layer.Marks.Distances[mark:mark+marks]
		mark += marks
		if offsets[0] != 0 {
			t.Fatalf("line %d begins at %d", i, offsets[0])
		}
		x, told := float64(offsets[marks-1])/2, math.Inf(1)
		for k := range marks - 1 {
			if from, to := float64(offsets[k]), float64(offsets[k+1]); from <= x && x <= to && distances[k] >= 0 {
				told = min(told, float64(distances[k])+x-from, float64(distances[k+1])+to-x)
			}
		}
		at := halfway(line)
		from := read[api.WaysFrom](t, get(t, h, fmt.Sprintf("/api/v1/ways/sport.fitness_10min/990100?lon=%.7f&lat=%.7f", at[0], at[1]), nil))
		if len(from.Ways) == 0 {
			if !math.IsInf(told, 1) {
				t.Errorf("line %d: %v, and no place can be reached", i, told)
			}
			continue
		}
		// Positions are written to a centimetre and ways reckoned in decimetres.
		if tried++; math.Abs(told/10-*from.Ways[0].Metres) > 0.3 {
			t.Errorf("line %d: %.1f m, and the way is %.1f m", i, told/10, *from.Ways[0].Metres)
		}
	}
	if tried < 10 {
		t.Errorf("only %d streets were tried", tried)
	}
	if w := get(t, h, "/api/v1/layers/1.1.6/990100/streets", nil); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("what is counted: %d %s", w.Code, w.Body)
	}
}

// halfway is half the way along a line.
func halfway(line [][2]float64) [2]float64 {
	length := func(a, b [2]float64) float64 {
		return math.Hypot((b[0]-a[0])*math.Cos(a[1]*math.Pi/180), b[1]-a[1])
	}
	half := 0.0
	for i := range line[1:] {
		half += length(line[i], line[i+1]) / 2
	}
	for i := range line[1:] {
		a, b := line[i], line[i+1]
		if d := length(a, b); half <= d {
			return [2]float64{a[0] + (b[0]-a[0])*half/d, a[1] + (b[1]-a[1])*half/d}
		}
		half -= length(a, b)
	}
	return line[len(line)-1]
}

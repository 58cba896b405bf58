// Package atlas draws thematic maps: who is served, as a grid with one class for
// each cell, and as a picture for print and for machines that draw no maps
// themselves. It measures nothing and knows no plan: its callers say what is
// where. Only api and cmd import it.
package atlas

import (
	"math"

	"lifecircle/geo"
)

// Class is how a place is served. A larger class is worse, so that the largest of
// a cell hides nobody who is not served behind somebody who is.
type Class uint8

// The classes. Where a distance is asked, its limit is always a break: Near is up
// to half of it, Within up to all, Beyond up to one and a half, Far is more. Pass
// and Fail are verdicts that no distance explains.
const (
	Nobody Class = iota
	NotApplicable
	Near
	Within
	Pass
	NoData
	Beyond
	Far
	Fail
	Unreachable
)

// Served is a verdict with the distance behind it.
type Served struct {
	Pass   bool
	Metres float64 // to the nearest place; NaN where none can be reached; of a timed measure, seconds
	Reach  float64 // that is asked, counted alike; 0 where none is
}

// Breaks returns the distances at which classes meet, for a reach: half of it, all of
// it, and one and a half.
func Breaks(reach float64) (half, whole, more float64) { return reach / 2, reach, reach * 1.5 }

// Class returns the class of a verdict. The distance only shades a verdict that
// it agrees with, so that a map never contradicts the number beside it.
func (s Served) Class() Class {
	verdict := Fail
	if s.Pass {
		verdict = Pass
	}
	if s.Reach <= 0 {
		return verdict
	}
	class := Far
	half, whole, more := Breaks(s.Reach)
	switch {
	case math.IsNaN(s.Metres):
		class = Unreachable
	case s.Metres <= half:
		class = Near
	case s.Metres <= whole:
		class = Within
	case s.Metres <= more:
		class = Beyond
	}
	if (class == Near || class == Within) != s.Pass {
		return verdict
	}
	return class
}

// Grid lays square cells of Web Mercator under positions. It never changes.
type Grid struct {
	Columns, Rows int
	zoom          int // 2^zoom cells span the world
	left, top     int // the first cell
	cells         []int32
}

// The cells of a grid are no smaller than this, some 40 m at 38° N: there a
// position is no address, and a block of houses is one cell.
const finestZoom = 19

// NewGrid lays the finest grid that has at most so many cells.
func NewGrid(at []geo.Point, most int) *Grid {
	bounds := geo.EmptyBounds()
	for _, p := range at {
		bounds = bounds.Extend(p)
	}
	g := &Grid{cells: make([]int32, len(at))}
	if len(at) == 0 {
		return g
	}
	for zoom := finestZoom; zoom >= 0; zoom-- {
		west, south := cellOf(bounds.Min, zoom)
		east, north := cellOf(bounds.Max, zoom)
		g.Columns, g.Rows, g.zoom, g.left, g.top = east-west+1, south-north+1, zoom, west, north
		if g.Columns*g.Rows <= most {
			break
		}
	}
	for i, p := range at {
		x, y := cellOf(p, g.zoom)
		g.cells[i] = int32((y-g.top)*g.Columns + x - g.left)
	}
	return g
}

// mercator puts a position on the unit square of Web Mercator, y from the north.
func mercator(p geo.Point) (x, y float64) {
	const limit = 85.0511287798066
	sin := math.Sin(max(-limit, min(limit, p.Lat)) * math.Pi / 180)
	return p.Lon/360 + 0.5, 0.5 - math.Atanh(sin)/(2*math.Pi)
}

func cellOf(p geo.Point, zoom int) (x, y int) {
	at, to := mercator(p)
	side := float64(int(1) << zoom)
	return int(at * side), int(to * side)
}

// Bounds returns the outer edges of the grid in degrees.
func (g *Grid) Bounds() geo.Bounds {
	side := float64(int(1) << g.zoom)
	corner := func(x, y int) geo.Point {
		lat := math.Atan(math.Sinh(math.Pi * (1 - 2*float64(y)/side)))
		return geo.Point{Lon: float64(x)/side*360 - 180, Lat: lat * 180 / math.Pi}
	}
	return geo.Bounds{Min: corner(g.left, g.top+g.Rows), Max: corner(g.left+g.Columns, g.top)}
}

// Paint returns the class of every cell, row by row from the north-west: the
// largest of the positions in it. classes[i] is of position i.
func (g *Grid) Paint(classes []Class) []byte {
	cells := make([]byte, g.Columns*g.Rows)
	for i, class := range classes {
		if at := g.cells[i]; byte(class) > cells[at] {
			cells[at] = byte(class)
		}
	}
	return cells
}

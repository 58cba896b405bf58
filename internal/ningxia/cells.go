package ningxia

import (
	"cmp"
	"math"
	"slices"

	"lifecircle"
	"lifecircle/geo"
)

// frame is the outline within which areas are drawn. We drew it ourselves, about
// the shape of the region; it is no boundary.
var frame = []geo.Point{
	{Lon: 107.05, Lat: 39.60},
	{Lon: 106.20, Lat: 39.45},
	{Lon: 105.70, Lat: 38.60},
	{Lon: 105.55, Lat: 38.00},
	{Lon: 104.50, Lat: 37.75},
	{Lon: 104.50, Lat: 37.20},
	{Lon: 105.05, Lat: 36.95},
	{Lon: 105.00, Lat: 36.20},
	{Lon: 105.25, Lat: 35.60},
	{Lon: 105.80, Lat: 35.25},
	{Lon: 106.45, Lat: 35.15},
	{Lon: 106.95, Lat: 35.45},
	{Lon: 107.25, Lat: 35.85},
	{Lon: 106.90, Lat: 36.60},
	{Lon: 106.80, Lat: 37.00},
	{Lon: 107.60, Lat: 37.10},
	{Lon: 108.05, Lat: 37.40},
	{Lon: 108.00, Lat: 38.25},
	{Lon: 107.00, Lat: 38.45},
	{Lon: 107.10, Lat: 38.90},
}

// side is a side of a cell: the line from a corner to the next corner, beyond
// which lies another site (or, negative, a side of the frame).
type side struct {
	from   spot
	beyond int
}

// corner names a corner by what meets there, so that the cells that share it
// agree on it to the bit: a site and what lies beyond two of its sides.
type corner [3]int

func cornerOf(a, b, c int) corner {
	named := corner{a, b, c}
	slices.Sort(named[:])
	return named
}

// cells parts the frame among sites: to each the ground that is nearer to it
// than to any other (Voronoi), as sides in order. Sites are distinct.
func cells(rim []spot, sites []spot) [][]side {
	all := make([][]side, len(sites))
	parallel(len(sites), func(i int) {
		others := make([]int, 0, len(sites)-1)
		for j := range sites {
			if j != i {
				others = append(others, j)
			}
		}
		slices.SortFunc(others, func(a, b int) int {
			return cmp.Compare(sites[a].distance(sites[i]), sites[b].distance(sites[i]))
		})
		cell := make([]side, len(rim))
		for k, at := range rim {
			cell[k] = side{at, -k - 1}
		}
		for _, j := range others {
			farthest := 0.0
			for _, s := range cell {
				farthest = math.Max(farthest, s.from.distance(sites[i]))
			}
			if sites[j].distance(sites[i]) > 2*farthest {
				break // its half of the plane holds the whole cell
			}
			cell = clip(cell, [2]spot{sites[i], sites[j]}, j)
		}
		all[i] = cell
	})
	return all
}

// clip keeps the part of a cell that is nearer to the first site than to the
// second, j. The frame may be hollow, so a cell may come to touch itself; what is
// kept is still the right ground.
func clip(cell []side, between [2]spot, j int) []side {
	middle := between[0].plus(between[1]).times(0.5)
	normal := between[1].minus(between[0])
	beyond := func(s spot) float64 { d := s.minus(middle); return d.x*normal.x + d.y*normal.y }
	var kept []side
	for k, s := range cell {
		next := cell[(k+1)%len(cell)].from
		here, there := beyond(s.from), beyond(next)
		cut := func() spot { return s.from.plus(next.minus(s.from).times(here / (here - there))) }
		switch {
		case here <= 0 && there <= 0:
			kept = append(kept, s)
		case here <= 0: // leaves
			kept = append(kept, s, side{cut(), j})
		case there <= 0: // comes back
			kept = append(kept, side{cut(), s.beyond})
		}
	}
	return kept
}

// Polygon is an area's outline: rings of positions, each closed by its first.
type Polygon [][]geo.Point

// outlines draws every area as the cells of its villages put together. They are
// schematic: nearer to this village than to any other, within our own frame.
func (d *Demonstration) outlines() map[lifecircle.AreaCode]Polygon {
	whole := newPlane(geo.Point{Lon: 106.2, Lat: 37.3})
	var sites []spot
	var codes []lifecircle.AreaCode
	taken := make(map[spot]bool)
	for _, c := range d.counties {
		for _, t := range c.townships {
			for _, p := range t.places {
				at := whole.spot(c.streets.plane.point(p.middle))
				for taken[at] { // two quarters of one block
					at.x += 40
				}
				taken[at] = true
				sites, codes = append(sites, at), append(codes, p.Code)
			}
		}
	}
	rim := make([]spot, len(frame))
	for i, at := range frame {
		rim[i] = whole.spot(at)
	}
	drawn := cells(rim, sites)
	groups := make(map[lifecircle.AreaCode][]int)
	for i, code := range codes {
		for up := code; up != ""; up = parentOf(up) {
			groups[up] = append(groups[up], i)
		}
	}
	outlines := make(map[lifecircle.AreaCode]Polygon, len(groups))
	for code, group := range groups {
		for _, ring := range rings(drawn, group) {
			points := make([]geo.Point, len(ring))
			for i, at := range ring {
				points[i] = whole.point(at)
			}
			outlines[code] = append(outlines[code], append(points, points[0]))
		}
	}
	return outlines
}

// rings puts the cells of a group together: the sides beyond which another group
// lies, joined end to end.
func rings(drawn [][]side, group []int) [][]spot {
	within := make(map[int]bool, len(group))
	for _, i := range group {
		within[i] = true
	}
	type edge struct {
		at spot
		to corner
	}
	next := make(map[corner][]edge)
	var starts []corner
	for _, i := range group {
		cell := drawn[i]
		for k, s := range cell {
			if within[s.beyond] {
				continue
			}
			before, after := cell[(k+len(cell)-1)%len(cell)], cell[(k+1)%len(cell)]
			from := cornerOf(i, before.beyond, s.beyond)
			starts = append(starts, from)
			next[from] = append(next[from], edge{s.from, cornerOf(i, s.beyond, after.beyond)})
		}
	}
	var all [][]spot
	for _, start := range starts {
		var ring []spot
		for at := start; len(next[at]) > 0; {
			e := next[at][0]
			next[at] = next[at][1:]
			ring = append(ring, e.at)
			at = e.to
		}
		if len(ring) > 2 {
			all = append(all, ring)
		}
	}
	return all
}

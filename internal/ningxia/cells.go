package ningxia

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/registry"
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

// loop is a closed way along sides.
type loop []side

// cells parts the frame among sites: to each the ground that is nearer to it
// than to any other (Voronoi), as loops, since the frame is hollow and may cut a
// cell in two. Sites are distinct.
func cells(rim []spot, sites []spot) [][]loop {
	all := make([][]loop, len(sites))
	parallel(len(sites), func(i int) {
		type other struct {
			site     int
			distance float64
		}
		others := make([]other, 0, len(sites)-1)
		for j := range sites {
			if j != i {
				others = append(others, other{j, sites[j].distance(sites[i])})
			}
		}
		slices.SortFunc(others, func(a, b other) int { return cmp.Compare(a.distance, b.distance) })
		whole := make(loop, len(rim))
		for k, at := range rim {
			whole[k] = side{at, -k - 1}
		}
		cell := []loop{whole}
		for _, o := range others {
			farthest := 0.0
			for _, l := range cell {
				for _, s := range l {
					farthest = math.Max(farthest, s.from.distance(sites[i]))
				}
			}
			if o.distance > 2*farthest {
				break // its half of the plane holds the whole cell
			}
			var kept []loop
			for _, l := range cell {
				kept = append(kept, l.clip([2]spot{sites[i], sites[o.site]}, o.site)...)
			}
			cell = kept
		}
		all[i] = cell
	})
	agree(all)
	return all
}

// agree gives a corner the same position in every cell that has it: each reckoned
// it from its own site, to the last bit or so.
func agree(all [][]loop) {
	at := make(map[corner]spot)
	for i, cell := range all {
		for _, l := range cell {
			for k := range l {
				name := cornerOf(i, l[(k+len(l)-1)%len(l)].beyond, l[k].beyond)
				if agreed, ok := at[name]; ok {
					l[k].from = agreed
				} else {
					at[name] = l[k].from
				}
			}
		}
	}
}

// clip keeps what is nearer to the first site than to the second, j. Along the
// line between the two, what is kept runs from every first crossing to the second,
// from the third to the fourth and so on; a hollow loop may be cut in several.
func (l loop) clip(between [2]spot, j int) []loop {
	middle := between[0].plus(between[1]).times(0.5)
	normal := between[1].minus(between[0])
	beyond := func(s spot) float64 { d := s.minus(middle); return d.x*normal.x + d.y*normal.y }
	along := func(s spot) float64 { d := s.minus(middle); return d.y*normal.x - d.x*normal.y }
	type chain struct {
		sides    loop // from where it comes back to where it leaves
		from, to float64
	}
	var chains []chain
	open := chain{} // what comes before the first crossing belongs to the last chain
	begun := false
	var first loop
	for k, s := range l {
		next := l[(k+1)%len(l)].from
		here, there := beyond(s.from), beyond(next)
		cut := func() spot { return s.from.plus(next.minus(s.from).times(here / (here - there))) }
		if here <= 0 {
			open.sides = append(open.sides, s)
		}
		switch {
		case here <= 0 && there > 0: // leaves
			at := cut()
			open.sides, open.to = append(open.sides, side{at, j}), along(at)
			if begun {
				chains = append(chains, open)
			} else {
				first, open.from = open.sides, open.to
				chains = append(chains, chain{to: open.to}) // its beginning is the end of the loop
			}
			open, begun = chain{}, true
		case here > 0 && there <= 0: // comes back
			at := cut()
			open, begun = chain{sides: loop{{at, s.beyond}}, from: along(at)}, true
		}
	}
	switch {
	case !begun:
		if len(open.sides) == 0 {
			return nil
		}
		return []loop{l}
	case first != nil:
		chains[0].sides, chains[0].from = append(open.sides, first...), open.from
	}
	ends := make([]float64, 0, 2*len(chains))
	for _, c := range chains {
		ends = append(ends, c.from, c.to)
	}
	slices.Sort(ends)
	mate := func(to float64) float64 { return ends[slices.Index(ends, to)^1] }
	var kept []loop
	done := make([]bool, len(chains))
	for i := range chains {
		var whole loop
		for at := i; at >= 0 && !done[at]; {
			done[at] = true
			whole = append(whole, chains[at].sides...)
			back := mate(chains[at].to)
			at = slices.IndexFunc(chains, func(c chain) bool { return c.from == back })
		}
		if len(whole) > 0 {
			kept = append(kept, whole)
		}
	}
	return kept
}

// schematic says of an outline what it is.
var schematic = lifecircle.Name{
	ZH: "示意图形：在我们自绘的外框内划分的格子，不是行政区划界线",
	EN: "schematic cells in a frame we drew, no boundaries",
}

// draw gives every area that has villages its outline.
func (d *Demonstration) draw() error {
	outlines, err := d.outlines()
	if err != nil {
		return err
	}
	for i := range d.Areas {
		if shape, ok := outlines[d.Areas[i].Code]; ok {
			d.Areas[i].Outline = &registry.Outline{
				Shape: shape.Hash(), Note: schematic, Source: inBoth("程序生成："+schematic.ZH, "generated: "+schematic.EN), Provenance: lifecircle.Generated,
			}
			d.Shapes = append(d.Shapes, shape)
		}
	}
	return nil
}

// outlines draws every area as the cells of its villages put together. They are
// schematic: nearer to this village than to any other, within our own frame.
func (d *Demonstration) outlines() (map[lifecircle.AreaCode]geo.Shape, error) {
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
	outlines := make(map[lifecircle.AreaCode]geo.Shape, len(groups))
	for code, group := range groups {
		var outer, holes []geo.Ring
		for _, spots := range rings(drawn, group) {
			ring := make(geo.Ring, len(spots))
			for i, at := range spots {
				ring[i] = whole.point(at)
			}
			if ring = append(ring, ring[0]); twice(spots) > 0 {
				outer = append(outer, ring)
			} else {
				holes = append(holes, ring)
			}
		}
		shape, err := geo.NewShape(nested(outer, holes))
		if err != nil {
			return nil, fmt.Errorf("the outline of %s: %w", code, err)
		}
		outlines[code] = shape
	}
	return outlines, nil
}

// twice is twice the ground within a ring, positive when anticlockwise.
func twice(ring []spot) (sum float64) {
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		sum += a.x*b.y - b.x*a.y
	}
	return sum
}

// nested gives every hole to the smallest ring around it.
func nested(outer, holes []geo.Ring) []geo.Polygon {
	polygons := make([]geo.Polygon, len(outer))
	for i, ring := range outer {
		polygons[i] = geo.Polygon{ring}
	}
	for _, hole := range holes {
		of, least := -1, math.Inf(1)
		for i, ring := range outer {
			alone, err := geo.NewShape([]geo.Polygon{{ring}})
			if err != nil {
				continue // said of the whole
			}
			// A corner of the hole may lie on the ring; the middle of a side does not.
			middle := geo.Point{Lon: (hole[0].Lon + hole[1].Lon) / 2, Lat: (hole[0].Lat + hole[1].Lat) / 2}
			b := alone.Bounds()
			if size := (b.Max.Lon - b.Min.Lon) * (b.Max.Lat - b.Min.Lat); size < least && alone.Contains(middle) {
				of, least = i, size
			}
		}
		if of >= 0 {
			polygons[of] = append(polygons[of], hole)
		}
	}
	return polygons
}

// rings puts the cells of a group together: the sides beyond which another group
// lies, joined end to end.
func rings(drawn [][]loop, group []int) [][]spot {
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
		for _, cell := range drawn[i] {
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

package network

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"math"
	"math/bits"
	"slices"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/network/osm"
)

// Alteration is something done to one street. A street is an edge: from one
// crossing or dead end to the next.
type Alteration struct {
	What AlterationKind
	At   geo.Point // on the street, or where a new one begins
	To   geo.Point // where a new one ends
}

// AlterationKind is what is done to a street.
type AlterationKind string

// The alterations. Closed is to everybody, opened and new to all the network was
// built for.
const (
	CloseStreet AlterationKind = "close" // the nearest that people on foot may take
	OpenStreet  AlterationKind = "open"  // the nearest that they may not
	NewStreet   AlterationKind = "new"   // straight, from the street nearest to At to that nearest to To
)

// alterMetres is how far from a street a point may lie that names it.
const alterMetres = 100

// Altered returns the network with one street altered; n stays. Nodes keep their
// numbers. Where a street is closed or opened all arcs do too, so that an index of n
// serves; a new one is joined by crossings of its own, numbered last. The hash names
// n and what was done. Its errors are street_missing and street_invalid.
func (n *Network) Altered(a Alteration) (*Network, error) {
	var next *Network
	var err error
	switch a.What {
	case CloseStreet, OpenStreet:
		next, err = n.turned(a)
	case NewStreet:
		next, err = n.extended(a)
	default:
		return nil, lifecircle.Errorf("street_invalid", "%q is nothing done to a street: want close, open or new", a.What)
	}
	if err != nil {
		return nil, err
	}
	next.hash = sha256.Sum256(fmt.Appendf(nil, "%x %s %.7f %.7f %.7f %.7f", n.hash, a.What, a.At.Lon, a.At.Lat, a.To.Lon, a.To.Lat))
	return next, nil
}

// AlteredSince returns the edges whose traffic differs from that of a network this
// one was altered from; ok is false where it was not, or its streets are others.
func (n *Network) AlteredSince(before *Network) (edges []uint32, ok bool) {
	if n == before {
		return nil, true
	}
	for at := n; at.origin != nil; at = at.origin {
		edges = append(edges, at.altered)
		if at.origin == before {
			slices.Sort(edges)
			return slices.Compact(edges), true
		}
	}
	return nil, false
}

// Reseated reports, of a profile of a network and of the one it was altered from,
// which points may meet another street than before: the edge of a snap that is given
// may be met no longer, or anew, and where a snap is not, an island may be none any
// more. A street that is met for the first time draws points near it.
func (p *Profile) Reseated(before *Profile) func(at geo.Point, snap Snap, snapped bool) bool {
	differs := make([]uint64, len(p.met))
	drawn, any := geo.EmptyBounds(), false
	for i := range p.met {
		differs[i] = (p.met[i] ^ before.met[i]) | (p.reachable[i] ^ before.reachable[i])
		any = any || differs[i] != 0
		for fresh := p.met[i] &^ before.met[i]; fresh != 0; fresh &= fresh - 1 {
			for _, at := range p.net.Shape(uint32(i<<6 + bits.TrailingZeros64(fresh))) {
				drawn = drawn.Extend(at)
			}
		}
	}
	if !any {
		return func(geo.Point, Snap, bool) bool { return false }
	}
	// Twice the longest leg leaves room for the curve of the earth.
	const margin = 2 * defaultMaxMetres / metresPerDegree
	wide := margin / max(0.01, math.Cos(max(math.Abs(p.net.bounds.Min.Lat), math.Abs(p.net.bounds.Max.Lat))*math.Pi/180))
	drawn.Min.Lon, drawn.Max.Lon = drawn.Min.Lon-wide, drawn.Max.Lon+wide
	drawn.Min.Lat, drawn.Max.Lat = drawn.Min.Lat-margin, drawn.Max.Lat+margin
	return func(at geo.Point, snap Snap, snapped bool) bool {
		return !snapped || differs[snap.Edge>>6]>>(snap.Edge&63)&1 != 0 || drawn.Contains(at)
	}
}

// turned closes or opens the street nearest to a point.
func (n *Network) turned(a Alteration) (*Network, error) {
	admitted, state := slices.Clone(n.walking.usable), "open to people on foot"
	if a.What == OpenStreet {
		state = "closed to people on foot"
		for i := range admitted {
			admitted[i] = ^admitted[i]
		}
	}
	f, err := n.walking.footNear(a.At, admitted, state)
	if err != nil {
		return nil, err
	}
	next := &Network{
		nodes: n.nodes, edges: slices.Clone(n.edges), shapes: n.shapes, barriers: n.barriers, climbs: n.climbs, modes: n.modes,
		first: n.first, heads: n.heads, bounds: n.bounds, grid: n.grid, origin: n, altered: f.edge,
	}
	if a.What == CloseStreet {
		next.edges[f.edge].traffic = traffic{barred: math.MaxUint8}
	} else {
		next.edges[f.edge].traffic = n.open()
	}
	if next.climbs != nil && a.What == OpenStreet && next.climbs[f.edge].forward == 0 { // nobody walked it before
		next.climbs = slices.Clone(n.climbs)
		next.climbs[f.edge] = level(next.edges[f.edge].length)
	}
	next.walking = next.profile(0)
	return next, nil
}

// open is the traffic of a street open to all the network was built for.
func (n *Network) open() traffic {
	return trafficOf(osm.Street{}, n.modes.users())
}

// level is how long people walk along a street on flat land.
func level(length lifecircle.Decimetres) climb {
	ds := uint32(min(max(1, math.Round(60*float64(length)/lifecircle.WalkMetresPerMinute)), Barred-1))
	return climb{ds, ds}
}

// footNear finds the point of an admitted street nearest to a point.
func (p *Profile) footNear(at geo.Point, admitted []uint64, state string) (foot, error) {
	if !at.Valid() {
		return foot{}, lifecircle.Errorf("position_invalid", "position %v, %v is not on the earth: want degrees, longitude first", at.Lon, at.Lat)
	}
	f, ok := p.nearestFoot(at, alterMetres, admitted)
	if !ok || f.square > alterMetres*alterMetres {
		return foot{}, lifecircle.Errorf("street_missing", "no street %s lies within %d m of %.6f, %.6f: move the point onto one", state, alterMetres, at.Lon, at.Lat).
			With("lon", at.Lon).With("lat", at.Lat)
	}
	return f, nil
}

// joint is where a new street meets the streets there are.
type joint struct {
	foot
	node   uint32 // once it is known
	at     position
	toFrom lifecircle.Decimetres // along the edge to its node from
}

// stretch is an edge with its shape and climb, taken out of the columns.
type stretch struct {
	edge
	shape []position
	climb
}

// extended adds a street between the streets nearest to two points.
func (n *Network) extended(a Alteration) (*Network, error) {
	var ends [2]joint
	for i, at := range [2]geo.Point{a.At, a.To} {
		f, err := n.walking.footNear(at, n.walking.usable, "open to people on foot")
		if err != nil {
			return nil, err
		}
		s := n.walking.snapAt(at, f)
		ends[i] = joint{foot: f, at: positionOf(s.At), toFrom: s.ToFrom}
	}
	next := &Network{nodes: slices.Clone(n.nodes), barriers: n.barriers, modes: n.modes}
	cut := make(map[uint32][]*joint) // the crossings that are new, by the edge they are on
	for i := range ends {
		j := &ends[i]
		switch length := n.edges[j.edge].length; {
		case j.toFrom == 0:
			j.node = n.edges[j.edge].from
		case j.toFrom == length:
			j.node = n.edges[j.edge].to
		case i == 1 && j.edge == ends[0].edge && j.toFrom == ends[0].toFrom:
			j.node = ends[0].node
		default:
			j.node = uint32(len(next.nodes))
			next.nodes = append(next.nodes, j.at)
			cut[j.edge] = append(cut[j.edge], j)
		}
	}
	metres := geo.Distance(next.nodes[ends[0].node].point(), next.nodes[ends[1].node].point())
	if ends[0].node == ends[1].node || decimetres(metres) > maxLength {
		return nil, lifecircle.Errorf("street_invalid", "the new street would be %.0f m long: let it join two places apart, at most %.0f km", metres, maxLength.Metres()/1000)
	}
	var stretches []stretch
	for e := range n.edges {
		c := stretch{edge: n.edges[e], shape: n.shape(uint32(e))}
		if n.climbs != nil {
			c.climb = n.climbs[e]
		}
		stretches = append(stretches, n.divided(c, cut[uint32(e)])...)
	}
	laid := stretch{edge: edge{from: ends[0].node, to: ends[1].node, length: max(1, decimetres(metres)), traffic: n.open()}}
	laid.climb = level(laid.length)
	stretches = append(stretches, laid.ordered())
	next.take(stretches, n.climbs != nil)
	next.derive()
	return next, nil
}

// divided parts an edge at crossings, in the order along it. Its length and climb
// are divided in proportion, so that the parts add up.
func (n *Network) divided(c stretch, at []*joint) []stretch {
	if len(at) == 0 {
		return []stretch{c}
	}
	slices.SortFunc(at, func(a, b *joint) int { return cmp.Compare(a.toFrom, b.toFrom) })
	var parts []stretch
	from, done, passed := c.from, lifecircle.Decimetres(0), 0
	share := func(whole uint32, until lifecircle.Decimetres) uint32 {
		return part(whole, until, c.length) - part(whole, done, c.length)
	}
	cutAt := func(node uint32, toFrom lifecircle.Decimetres, bends int) {
		p := stretch{edge: edge{from: from, to: node, length: toFrom - done, traffic: c.traffic}, shape: c.shape[passed:bends]}
		if c.climb != (climb{}) {
			p.climb = climb{max(1, share(c.climb.forward, toFrom)), max(1, share(c.climb.back, toFrom))}
		}
		parts = append(parts, p.ordered())
		from, done, passed = node, toFrom, bends
	}
	for _, j := range at {
		cutAt(j.node, j.toFrom, int(j.k))
	}
	cutAt(c.to, c.length, len(c.shape))
	return parts
}

// ordered turns an edge so that it leads from the lower node to the higher.
func (c stretch) ordered() stretch {
	if c.from <= c.to {
		return c
	}
	c.from, c.to, c.traffic = c.to, c.from, c.reversed()
	c.shape = slices.Clone(c.shape)
	slices.Reverse(c.shape)
	c.climb = climb{c.climb.back, c.climb.forward}
	return c
}

// take writes edges into the columns, in their order.
func (n *Network) take(stretches []stretch, climbs bool) {
	slices.SortStableFunc(stretches, func(a, b stretch) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	n.edges = make([]edge, len(stretches))
	if climbs {
		n.climbs = make([]climb, len(stretches))
	}
	for i, c := range stretches {
		n.shapes = append(n.shapes, c.shape...)
		c.shapeEnd = uint32(len(n.shapes))
		n.edges[i] = c.edge
		if climbs {
			n.climbs[i] = c.climb
		}
	}
}

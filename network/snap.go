package network

import (
	"math"

	"lifecircle"
	"lifecircle/geo"
)

// Snap is where a point meets the street.
type Snap struct {
	Edge     uint32
	From, To uint32 // the nodes of the edge
	// ToFrom and ToTo are the ways along the edge to its nodes; together they are
	// its length.
	ToFrom, ToTo lifecircle.Decimetres
	// Leg is the straight way from the point to the street. It is walked, so it
	// counts in every distance.
	Leg lifecircle.Decimetres
	At  geo.Point // on the street
	// Island says that the edge is not of the largest component; only a snap that
	// asks for islands meets one.
	Island bool
}

// noEdge is the edge of a snap that is a node itself.
const noEdge = math.MaxUint32

// AtNode returns the snap of a point that is a node: it is on no edge and has no
// Leg.
func (n *Network) AtNode(node uint32) Snap {
	return n.walking.AtNode(node)
}

// SnapConfig says how points meet streets.
type SnapConfig struct {
	// MaxMetres is the longest Leg, inclusive; 0 means 300.
	MaxMetres float64
	// Islands lets a point meet streets that are not connected to the largest
	// component. Else the nearest street of that component is met, even where a small
	// island lies nearer: it is a path the map forgot to join. Who is nearest to an
	// island of 40 nodes or more is on it, and nothing is reached from there.
	Islands bool
}

// defaultMaxMetres is a walk of about four minutes.
const defaultMaxMetres = 300

// halfwayRound is more than half the earth's circumference, in metres: nothing
// is farther away.
const halfwayRound = 20_100_000

// AtNode returns the snap of a point that is a node, as Network.AtNode does.
func (p *Profile) AtNode(node uint32) Snap {
	return Snap{Edge: noEdge, From: node, To: node, At: p.net.Node(node), Island: !p.InLargest(node)}
}

// Snap returns where a person on foot meets the street, as SnapWith with the zero
// SnapConfig.
func (n *Network) Snap(p geo.Point) (Snap, error) { return n.walking.Snap(p) }

// SnapWith returns where a person on foot meets the street.
func (n *Network) SnapWith(p geo.Point, cfg SnapConfig) (Snap, error) {
	return n.walking.SnapWith(p, cfg)
}

// Snap returns where a point meets the street, as SnapWith with the zero
// SnapConfig.
func (p *Profile) Snap(point geo.Point) (Snap, error) { return p.SnapWith(point, SnapConfig{}) }

// SnapWith returns the point nearest to p of a street that the profile may use; of
// equally near edges the lowest. A point too far from any gives a lifecircle.Error
// that says how far.
func (p *Profile) SnapWith(point geo.Point, cfg SnapConfig) (Snap, error) {
	if !point.Valid() {
		return Snap{}, lifecircle.Errorf("position_invalid", "position %v, %v is not on the earth: want degrees, longitude first", point.Lon, point.Lat)
	}
	limit := min(max(0, cfg.MaxMetres), halfwayRound)
	if cfg.MaxMetres == 0 {
		limit = defaultMaxMetres
	}
	s, ok := p.nearest(point, limit, cfg.Islands)
	if ok && (cfg.Islands || !s.Island) {
		return s, nil
	}
	if !ok {
		s, ok = p.nearest(point, limit, true)
	}
	if ok {
		return Snap{}, lifecircle.Errorf("unsnapped_island", "the nearest street, %v m away, is an island: no way leads from it to the rest of the network", s.Leg).
			With("metres", s.Leg.Metres())
	}
	// How far it is helps to see whether the point or the map is wrong.
	farther := min(10*limit, halfwayRound)
	if s, ok := p.nearest(point, farther, cfg.Islands); ok {
		return Snap{}, lifecircle.Errorf("unsnapped", "the nearest street is %v m away, more than %v m", s.Leg, limit).
			With("metres", s.Leg.Metres()).With("limit", limit)
	}
	return Snap{}, lifecircle.Errorf("unsnapped", "no street within %v m", farther).With("limit", limit)
}

// foot is the point of a segment nearest to another point.
type foot struct {
	segment
	t       float64 // where on the segment, 0 … 1
	square  float64 // of the distance, in m²
	missing bool
}

// nearest finds the nearest street at most limit metres away, inclusive.
// Distances are compared on the plane that touches the earth at p: for the few
// hundred metres that matter it is exact to a few parts in a million, and at a
// crossing all streets are exactly equally far.
func (p *Profile) nearest(point geo.Point, limit float64, islands bool) (Snap, bool) {
	admitted := p.met
	if islands {
		admitted = p.usable
	}
	best, ok := p.nearestFoot(point, limit, admitted)
	if !ok {
		return Snap{}, false
	}
	s := p.snapAt(point, best)
	return s, s.Leg <= decimetres(limit)
}

// nearestFoot finds the point nearest to another of the edges admitted, of those that
// lie within the limit and some that lie farther; ok is false where there is none.
func (p *Profile) nearestFoot(point geo.Point, limit float64, admitted []uint64) (best foot, ok bool) {
	scaleLat := metresPerDegree / unitsPerDegree
	scaleLon := scaleLat * math.Cos(point.Lat*math.Pi/180)
	// On the grid of the streets, so that a point at a crossing is at it exactly.
	grid := positionOf(point)
	x, y := float64(grid.lon), float64(grid.lat)
	best = foot{missing: true, square: math.Inf(1)}
	consider := func(items []segment) {
		for _, s := range items {
			if admitted[s.edge>>6]>>(s.edge&63)&1 == 0 {
				continue
			}
			a, b := p.net.ends(s)
			ax, ay := (float64(a.lon)-x)*scaleLon, (float64(a.lat)-y)*scaleLat
			bx, by := (float64(b.lon)-x)*scaleLon, (float64(b.lat)-y)*scaleLat
			f := project(ax, ay, bx, by)
			f.segment = s
			if f.square < best.square || f.square == best.square && (s.edge < best.edge || s.edge == best.edge && s.k < best.k) {
				best = f
			}
		}
	}
	cell := min(p.net.grid.cellLon*scaleLon, p.net.grid.cellLat*scaleLat)
	p.net.grid.eachRing(x, y, consider, func(within float64) bool {
		reached := within * cell
		return reached <= limit+1 && (reached < 0 || best.square > reached*reached)
	})
	return best, !best.missing
}

// project returns the point of the line from a to b nearest to the origin. Its
// ends come out exactly, so that streets that meet there tie.
func project(ax, ay, bx, by float64) foot {
	dx, dy := bx-ax, by-ay
	length := dx*dx + dy*dy
	t := 0.0
	if length > 0 {
		t = -(ax*dx + ay*dy) / length
	}
	switch {
	case t <= 0:
		return foot{t: 0, square: ax*ax + ay*ay}
	case t >= 1:
		return foot{t: 1, square: bx*bx + by*by}
	}
	fx, fy := ax+t*dx, ay+t*dy
	return foot{t: t, square: fx*fx + fy*fy}
}

// snapAt measures along the edge. Its integer length is divided in the
// proportion of the metres on both sides, so that the parts add up.
func (p *Profile) snapAt(point geo.Point, f foot) Snap {
	e := p.net.edges[f.edge]
	var before, total float64
	a := p.net.nodes[e.from].point()
	inner := p.net.shape(f.edge)
	var at geo.Point
	for k := range len(inner) + 1 {
		b := p.net.nodes[e.to].point()
		if k < len(inner) {
			b = inner[k].point()
		}
		metres := geo.Distance(a, b)
		if uint32(k) == f.k {
			before = total + f.t*metres
			at = geo.Point{Lon: a.Lon + f.t*(b.Lon-a.Lon), Lat: a.Lat + f.t*(b.Lat-a.Lat)}
			if f.t == 1 {
				at = b
			}
		}
		total += metres
		a = b
	}
	toFrom := lifecircle.Decimetres(0)
	if total > 0 {
		toFrom = min(e.length, lifecircle.Decimetres(math.Round(before/total*float64(e.length))))
	}
	return Snap{
		Edge: f.edge, From: e.from, To: e.to,
		ToFrom: toFrom, ToTo: e.length - toFrom,
		Leg: decimetres(geo.Distance(point, at)), At: at,
		Island: p.reachable[f.edge>>6]>>(f.edge&63)&1 == 0,
	}
}

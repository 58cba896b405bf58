package ningxia

import (
	"math"
	"math/rand/v2"

	"lifecircle/geo"
	"lifecircle/network/osm"
)

// spot is a place on the plane of a county, in metres east and north of its
// seat.
type spot struct{ x, y float64 }

func (s spot) plus(t spot) spot        { return spot{s.x + t.x, s.y + t.y} }
func (s spot) minus(t spot) spot       { return spot{s.x - t.x, s.y - t.y} }
func (s spot) times(k float64) spot    { return spot{s.x * k, s.y * k} }
func (s spot) distance(t spot) float64 { return math.Hypot(s.x-t.x, s.y-t.y) }
func (s spot) length() float64         { return math.Hypot(s.x, s.y) }
func heading(degrees float64) spot {
	return spot{math.Sin(degrees * math.Pi / 180), math.Cos(degrees * math.Pi / 180)}
}
func (s spot) left() spot                      { return spot{-s.y, s.x} }
func between(a, b spot, t float64) spot        { return a.plus(b.minus(a).times(t)) }
func along(dir spot, u, v float64) spot        { return dir.times(u).plus(dir.left().times(v)) }
func normal(rng *rand.Rand, s float64) float64 { return rng.NormFloat64() * s }

// plane turns spots into positions.
type plane struct {
	origin geo.Point
	perLon float64 // metres per degree at the origin's latitude
}

const perLat = geo.EarthRadiusMetres * math.Pi / 180

func newPlane(origin geo.Point) plane {
	return plane{origin, perLat * math.Cos(origin.Lat*math.Pi/180)}
}

// point returns a position on OpenStreetMap's grid of 1e-7 degrees.
func (p plane) point(s spot) geo.Point {
	round := func(degrees float64) float64 { return math.Round(degrees*1e7) / 1e7 }
	return geo.Point{Lon: round(p.origin.Lon + s.x/p.perLon), Lat: round(p.origin.Lat + s.y/perLat)}
}

func (p plane) spot(g geo.Point) spot {
	return spot{(g.Lon - p.origin.Lon) * p.perLon, (g.Lat - p.origin.Lat) * perLat}
}

// streets collects one county's streets. Its nodes are numbered from 0.
type streets struct {
	plane plane
	at    []spot
	lines []line
}

type line struct {
	highway string
	nodes   []uint32
}

func (s *streets) node(at spot) uint32 {
	s.at = append(s.at, at)
	return uint32(len(s.at) - 1)
}

func (s *streets) street(highway string, nodes ...uint32) {
	s.lines = append(s.lines, line{highway, nodes})
}

// road joins two nodes by a road that wanders a little, as roads do, with a bend
// every few hundred metres.
func (s *streets) road(rng *rand.Rand, highway string, ends [2]uint32) {
	from, to := s.at[ends[0]], s.at[ends[1]]
	const bend = 700.0
	pieces := int(from.distance(to) / bend)
	nodes := []uint32{ends[0]}
	side := to.minus(from).left().times(1 / math.Max(1, from.distance(to)))
	sway := normal(rng, 0.04) * from.distance(to)
	for i := 1; i < pieces; i++ {
		t := float64(i) / float64(pieces)
		off := sway*math.Sin(math.Pi*t) + normal(rng, 25)
		nodes = append(nodes, s.node(between(from, to, t).plus(side.times(off))))
	}
	s.street(highway, append(nodes, ends[1])...)
}

// appendTo adds the streets to an extract.
func (s *streets) appendTo(extract *osm.Extract) (first uint32) {
	first = uint32(len(extract.Nodes))
	for _, at := range s.at {
		extract.Nodes = append(extract.Nodes, s.plane.point(at))
	}
	for _, l := range s.lines {
		nodes := make([]uint32, len(l.nodes))
		for i, n := range l.nodes {
			nodes[i] = first + n
		}
		extract.Streets = append(extract.Streets, osm.Street{WayID: int64(len(extract.Streets) + 1), Highway: l.highway, Nodes: nodes})
	}
	return first
}

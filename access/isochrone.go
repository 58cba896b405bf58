package access

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/network"
	"lifecircle/network/routing"
)

// Isochrones draws the areas from which places cost at most a limit.
type Isochrones struct {
	net     *network.Network
	profile *network.Profile
	search  *routing.Search
}

// NewIsochrones makes scratch memory for isochrones; it may be used by one
// goroutine at a time.
func NewIsochrones(net *network.Network, profile *network.Profile) *Isochrones {
	return &Isochrones{net, profile, plainWays(net, profile).Search()}
}

// How an isochrone is drawn, in metres: streets are looked at every step, and what
// lies beside them is reached, in squares of a size. Whoever has time left for less
// gets less far from the street. Areas of vehicles are a hundred times as large and
// drawn in larger squares.
const (
	isoBeside      = 50
	isoSquare      = 25
	isoLargeSquare = 50
)

// Around returns the area from which a place costs at most limit, limit included,
// and whether the place meets a street. It is the streets within the limit and what
// lies up to 50 m beside them, drawn in squares of 25 m, for bicycles and cars of
// 50 m; holes are what lies deeper
// within a block. Outlines run counterclockwise, holes clockwise.
func (s *Isochrones) Around(place geo.Point, limit uint32) (area orb.MultiPolygon, err error) {
	to, err := s.profile.Snap(place)
	if err != nil {
		return nil, err
	}
	reached := make(map[uint32]bool)
	s.search.Within(to, lifecircle.Decimetres(limit), func(node uint32, _ lifecircle.Decimetres) { reached[node] = true })
	side := isoSquare
	if mode := s.profile.Mode(); mode == lifecircle.Bicycle || mode == lifecircle.Car {
		side = isoLargeSquare
	}
	r := newRaster(place, float64(side))
	for e := range uint32(s.net.EdgeCount()) {
		edge := s.net.Edge(e)
		if reached[edge.From] || reached[edge.To] || e == to.Edge {
			s.draw(r, e, to, limit)
		}
	}
	return r.outline(), nil
}

// draw marks what is reached of an edge and beside it.
func (s *Isochrones) draw(r *raster, e uint32, to network.Snap, limit uint32) {
	edge := s.net.Edge(e)
	line := s.net.Shape(e)
	total := 0.0
	for k := 1; k < len(line); k++ {
		total += geo.Distance(line[k-1], line[k])
	}
	mark := func(at geo.Point, walked float64) {
		share := 0.0
		if total > 0 {
			share = min(1, walked/total)
		}
		from := network.Snap{Edge: e, From: edge.From, To: edge.To, At: at}
		from.ToFrom = min(edge.Length, lifecircle.Decimetres(share*float64(edge.Length)+0.5))
		from.ToTo = edge.Length - from.ToFrom
		leave, _ := s.profile.Legs(from)
		if cost, ok := s.search.From(from, leave); ok {
			r.mark(at, min(isoBeside, s.profile.OffStreet(limit-uint32(cost))))
		}
	}
	walked := 0.0
	mark(line[0], 0)
	for k := 1; k < len(line); k++ {
		a, b := line[k-1], line[k]
		length := geo.Distance(a, b)
		pieces := max(1, int(math.Ceil(length/(0.8*r.side))))
		for i := 1; i <= pieces; i++ {
			t := float64(i) / float64(pieces)
			mark(geo.Point{Lon: a.Lon + t*(b.Lon-a.Lon), Lat: a.Lat + t*(b.Lat-a.Lat)}, walked+t*length)
		}
		walked += length
	}
}

// raster is a set of squares on the plane that touches the earth at a place.
type raster struct {
	origin           geo.Point
	side             float64 // of a square, in metres
	cellLon, cellLat float64 // in degrees
	cells            map[square]bool
}

type square struct{ x, y int32 }

func newRaster(origin geo.Point, side float64) *raster {
	const metresPerDegree = geo.EarthRadiusMetres * math.Pi / 180
	r := &raster{origin: origin, side: side, cellLat: side / metresPerDegree, cells: make(map[square]bool)}
	r.cellLon = r.cellLat / max(0.01, math.Cos(origin.Lat*math.Pi/180))
	return r
}

// mark adds the square of a point and those whose middle is at most so many metres
// away.
func (r *raster) mark(at geo.Point, metres float64) {
	x, y := (at.Lon-r.origin.Lon)/r.cellLon, (at.Lat-r.origin.Lat)/r.cellLat
	own := square{int32(math.Floor(x)), int32(math.Floor(y))}
	r.cells[own] = true
	reach := metres / r.side
	for dy := -int32(reach) - 1; dy <= int32(reach)+1; dy++ {
		for dx := -int32(reach) - 1; dx <= int32(reach)+1; dx++ {
			middleX, middleY := float64(own.x+dx)+0.5, float64(own.y+dy)+0.5
			if math.Hypot(middleX-x, middleY-y) <= reach {
				r.cells[square{own.x + dx, own.y + dy}] = true
			}
		}
	}
}

// The sides of a square in the order east, north, west, south, its inside to the
// left; each starts at a corner and leads a step on.
var sides = [4]struct{ neighbour, corner, step square }{
	{neighbour: square{0, -1}, corner: square{0, 0}, step: square{1, 0}},
	{neighbour: square{1, 0}, corner: square{1, 0}, step: square{0, 1}},
	{neighbour: square{0, 1}, corner: square{1, 1}, step: square{-1, 0}},
	{neighbour: square{-1, 0}, corner: square{0, 1}, step: square{0, -1}},
}

// outline turns the squares into polygons.
func (r *raster) outline() orb.MultiPolygon {
	// out says, for a corner, in which directions a border leaves it.
	out := make(map[square][4]bool)
	var corners []square
	for cell := range r.cells {
		for direction, side := range sides {
			if r.cells[square{cell.x + side.neighbour.x, cell.y + side.neighbour.y}] {
				continue
			}
			at := square{cell.x + side.corner.x, cell.y + side.corner.y}
			leaves, known := out[at]
			if !known {
				corners = append(corners, at)
			}
			leaves[direction] = true
			out[at] = leaves
		}
	}
	slices.SortFunc(corners, func(a, b square) int { return cmp.Or(cmp.Compare(a.y, b.y), cmp.Compare(a.x, b.x)) })
	var outer, holes []orb.Ring
	for _, start := range corners {
		for direction := range sides {
			if !out[start][direction] {
				continue
			}
			ring := r.follow(out, start, direction)
			if ring.Orientation() == orb.CCW {
				outer = append(outer, ring)
			} else {
				holes = append(holes, ring)
			}
		}
	}
	return assemble(outer, holes)
}

// follow walks a border from a corner until it is closed, and takes it away.
func (r *raster) follow(out map[square][4]bool, start square, direction int) orb.Ring {
	var ring orb.Ring
	at, before := start, -1
	for {
		leaves := out[at]
		// Where squares meet at a corner only, turn left: they stay apart, and no ring
		// touches itself.
		if before >= 0 {
			for _, turn := range [3]int{1, 0, 3} {
				if next := (before + turn) % 4; leaves[next] {
					direction = next
					break
				}
			}
		}
		if direction != before {
			ring = append(ring, orb.Point{onGrid(r.origin.Lon + float64(at.x)*r.cellLon), onGrid(r.origin.Lat + float64(at.y)*r.cellLat)})
		}
		leaves[direction] = false
		out[at] = leaves
		at = square{at.x + sides[direction].step.x, at.y + sides[direction].step.y}
		before = direction
		if at == start {
			return append(ring, ring[0])
		}
	}
}

// onGrid rounds a degree to a millionth, a tenth of a metre: more digits would say
// nothing of squares of 25 m.
func onGrid(degrees float64) float64 { return math.Round(degrees*1e6) / 1e6 }

// assemble gives each hole to the smallest outline around it. Boxes decide where
// they can: a city has thousands of holes in an outline of ten thousand corners.
func assemble(outer, holes []orb.Ring) orb.MultiPolygon {
	area := make(orb.MultiPolygon, len(outer))
	boxes := make([]orb.Bound, len(outer))
	for i, ring := range outer {
		area[i] = orb.Polygon{ring}
		boxes[i] = ring.Bound()
	}
	for _, hole := range holes {
		box := hole.Bound()
		var around []int
		for i := range outer {
			if boxes[i].Contains(box.Min) && boxes[i].Contains(box.Max) {
				around = append(around, i)
			}
		}
		if len(around) > 1 {
			around = slices.DeleteFunc(around, func(i int) bool {
				return slices.ContainsFunc(hole, func(p orb.Point) bool { return !planar.RingContains(outer[i], p) })
			})
		}
		if len(around) == 0 {
			continue
		}
		best := slices.MinFunc(around, func(a, b int) int {
			return cmp.Compare(math.Abs(planar.Area(outer[a])), math.Abs(planar.Area(outer[b])))
		})
		area[best] = append(area[best], hole)
	}
	return area
}

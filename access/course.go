package access

import (
	"lifecircle/geo"
	"lifecircle/network/routing"
)

// Course is a way to a place with the line it takes along the streets, from where a spot
// meets them to where the place does.
type Course struct {
	Reach
	Line []geo.Point
}

// Courses returns the nearest places of a spot, at most two, with the ways to them. The
// state says why there is none.
func (l *Layer) Courses(s Spot) ([]Course, State) {
	if !s.snapped {
		return nil, Unsnapped
	}
	p := l.read(s)
	if p.n == 0 {
		return nil, Unreachable
	}
	search := l.points.ways.Search()
	var courses []Course
	for _, reach := range p.reach[:p.n] {
		source, _ := l.table.Find(reach.Place) // the table named it
		route, _ := search.Route(s.snap, source.At)
		courses = append(courses, Course{reach, l.points.net.Course(s.snap, source.At, route.Nodes, route.Arcs)})
	}
	return courses, OK
}

// Mark is a position along an edge, and how far the nearest place is from there.
type Mark = routing.Mark

// Marks puts the marks of an edge of the layer's network into buf, as
// routing.Table.Marks does: with them is known how far it is to the nearest place
// from every position on it, for a way of travelling that costs as much back as
// forth.
func (l *Layer) Marks(edge uint32, buf []Mark) []Mark {
	return l.table.Marks(edge, l.points.net.Edge(edge), buf)
}

// Symmetric reports whether ways cost as much back as forth.
func (l *Layer) Symmetric() bool { return l.points.profile.Symmetric() }

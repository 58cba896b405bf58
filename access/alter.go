package access

import (
	"slices"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/network"
	"lifecircle/network/routing"
)

// Alteration is what became of points when streets were closed or opened.
type Alteration struct {
	before, after *Points
	arcs          []uint32 // whose weights differ
	reseated      func(at geo.Point, snap network.Snap, snapped bool) bool
	points        []uint32 // those that were snapped again
}

// Altered returns what becomes of the points, at positions at, on a network altered
// from theirs by closing and opening streets; ok is false where its streets are others.
func (p *Points) Altered(net *network.Network, at []geo.Point) (a *Alteration, ok bool) {
	ways, arcs, ok := p.ways.Altered(net)
	if !ok {
		return nil, false
	}
	a = &Alteration{before: p, arcs: arcs, reseated: ways.Profile().Reseated(p.profile)}
	was := make([]int, len(at))
	for i := range at {
		was[i] = i
		if a.reseated(at[i], p.snaps[i], p.snapped[i]) {
			was[i] = -1
			a.points = append(a.points, uint32(i))
		}
	}
	on := *p
	on.net, on.ways, on.profile = net, ways, ways.Profile()
	a.after = on.Again(at, was)
	return a, true
}

// Points returns the points on the altered streets.
func (a *Alteration) Points() *Points { return a.after }

// Altered returns the layer of the same places, at their positions, on altered
// streets, and the points whose nearest places changed, ascending. It equals one
// computed on those streets.
func (l *Layer) Altered(a *Alteration, at func(lifecircle.FacilityID) geo.Point) (*Layer, []int) {
	next := &Layer{points: a.after, table: l.table}
	var come []Place
	var nodes, more, edges []uint32
	for _, id := range l.table.IDs() {
		source, _ := l.table.Find(id)
		if place := (Place{id, at(id)}); a.reseated(place.At, source.At, true) {
			come, edges = append(come, place), append(edges, source.At.Edge)
			next.table, more = next.table.Without(id)
			nodes = append(nodes, more...)
		}
	}
	for _, id := range l.adrift {
		if place := (Place{id, at(id)}); a.reseated(place.At, network.Snap{}, false) {
			come = append(come, place)
		} else {
			next.adrift = append(next.adrift, id)
		}
	}
	next.table, more = next.table.Rerouted(a.after.ways, a.arcs)
	nodes = append(nodes, more...)
	for _, place := range come {
		snap, err := a.after.profile.Snap(place.At)
		if err != nil {
			next.adrift = append(next.adrift, place.ID)
			continue
		}
		next.table, more = next.table.With(routing.Source{ID: place.ID, At: snap})
		nodes, edges = append(nodes, more...), append(edges, snap.Edge)
	}
	slices.Sort(next.adrift)
	return next, next.changed(l, places{nodes, edges, a.points})
}

// Against returns the points whose nearest places differ from those of a layer of as
// many points on any streets.
func (l *Layer) Against(other *Layer) (points []int) {
	for i := range l.points.Len() {
		if l.says(i) != other.says(i) {
			points = append(points, i)
		}
	}
	return points
}

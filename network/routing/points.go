package routing

import (
	"lifecircle"
	"lifecircle/network"
)

// Points are points on a network, found by the nodes and edges they lie at. They
// never change; any number of searches may use them.
type Points struct {
	snaps []network.Snap
	// Points with an end at node v are of[first[v]:first[v+1]].
	first []uint32
	of    []uint32
}

// NewPoints indexes points of n. They keep their order.
func NewPoints(n *network.Network, snaps []network.Snap) *Points {
	p := &Points{snaps: snaps, first: make([]uint32, n.NodeCount()+1)}
	for _, s := range snaps {
		p.first[s.From]++
		if s.To != s.From {
			p.first[s.To]++
		}
	}
	total := uint32(0)
	for v, count := range p.first {
		p.first[v] = total
		total += count
	}
	p.of = make([]uint32, total)
	next := append([]uint32(nil), p.first...)
	add := func(node uint32, point int) {
		p.of[next[node]] = uint32(point)
		next[node]++
	}
	for i, s := range snaps {
		add(s.From, i)
		if s.To != s.From {
			add(s.To, i)
		}
	}
	return p
}

// at returns the points with an end at a node, ascending.
func (p *Points) at(node uint32) []uint32 { return p.of[p.first[node]:p.first[node+1]] }

// WithinPoints visits each of the points at most limit away from a point once,
// with its exact distance, both Legs and limit included, in no order to rely on:
// the catchment of a place. The cost is that of the street within the limit.
func (s *Search) WithinPoints(from network.Snap, limit lifecircle.Decimetres, points *Points, visit func(point int, d lifecircle.Decimetres)) {
	if len(s.seen) < len(points.snaps) {
		s.seen, s.seeing = make([]uint32, len(points.snaps)), 0
	}
	s.seeing++
	if s.seeing == 0 { // after 2³² searches
		clear(s.seen)
		s.seeing = 1
	}
	offer := func(i uint32) {
		if s.seen[i] == s.seeing {
			return
		}
		s.seen[i] = s.seeing
		if d, ok := s.To(points.snaps[i]); ok {
			visit(int(i), d)
		}
	}
	var reached []uint32
	s.Within(from, limit, func(node uint32, _ lifecircle.Decimetres) { reached = append(reached, node) })
	// A way to a point comes through an end of its street, or along it from a
	// point on the same street, which has the same ends.
	for _, node := range reached {
		for _, i := range points.at(node) {
			offer(i)
		}
	}
	for _, i := range points.at(from.From) {
		if points.snaps[i].Edge == from.Edge {
			offer(i)
		}
	}
}

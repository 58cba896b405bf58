// Package routing finds ways along streets: how far nodes are from a point, how
// far two points are apart, which places are nearest to every node. It is not a
// network (package network is) and knows no plans, people or registers; which
// places count is said by its callers. access, engine and the command line
// import it.
//
// Every search is a bucket search (R. B. Dial, Algorithm 360: shortest-path
// forest with topological ordering, CACM 12, 1969): lengths are whole
// decimetres, so a queue is a ring of buckets, one for each decimetre, as many
// as the longest street has. Sums of whole numbers do not depend on their
// order, so results are the same bits on any machine and in any order of calls.
package routing

import (
	"lifecircle"
	"lifecircle/network"
)

// Search is the scratch memory of searches from a place against the traffic, to
// all who come to it. It may be used again and again, by one goroutine at a time.
//
// After Within it answers From and Node for as far as the search went.
type Search struct {
	ways    *Ways
	bounded bounded
	place   network.Snap
	limit   uint32
}

// Search makes scratch memory for searches on the streets.
func (w *Ways) Search() *Search { return &Search{ways: w} }

// Within visits the nodes from which a place costs at most limit, limit included,
// the nearest first, each once. The place's Leg is part of the way.
func (s *Search) Within(place network.Snap, limit lifecircle.Decimetres, visit func(node uint32, d lifecircle.Decimetres)) {
	s.toward(place, uint32(min(limit, Far-1)), func(node, d uint32) bool {
		visit(node, lifecircle.Decimetres(d))
		return true
	})
}

// WithinAny visits the nodes from which the nearest of some places costs at most
// limit, limit included, the nearest first, each once: one search, however many
// places there are. From is not to be asked after it, which place it was not being
// known.
func (s *Search) WithinAny(places []network.Snap, limit lifecircle.Decimetres, visit func(node uint32, d lifecircle.Decimetres)) {
	arrive := make([]Spot, len(places))
	for i, place := range places {
		_, arrive[i] = SpotsOf(s.ways.profile, place)
	}
	s.bounded.search(s.ways.against(), arrive, uint32(min(limit, Far-1)), func(node, d uint32) bool {
		visit(node, lifecircle.Decimetres(d))
		return true
	})
}

// Distance returns the shortest way from one point to another, both Legs included;
// ok is false when there is none. Points on the same street may be joined along it
// or the way round, whichever is shorter.
func (s *Search) Distance(from, to network.Snap) (d lifecircle.Decimetres, ok bool) {
	best := uint32(Far)
	if along, on := s.ways.profile.Along(from, to); on {
		best = along
	}
	leave, _ := SpotsOf(s.ways.profile, from)
	s.toward(to, Far-1, func(node, d uint32) bool {
		for i, end := range leave.Nodes {
			if end == node {
				best = min(best, d+leave.Legs[i])
			}
		}
		return d < best // whatever is left is farther
	})
	return lifecircle.Decimetres(best), best < Far
}

// toward settles the nodes from which a place costs at most limit.
func (s *Search) toward(place network.Snap, limit uint32, settle func(node, d uint32) bool) {
	s.place, s.limit = place, limit
	_, arrive := SpotsOf(s.ways.profile, place)
	s.bounded.search(s.ways.against(), []Spot{arrive}, limit, settle)
}

// against is the arcs as a search toward a place sees them.
func (w *Ways) against() side { return side{rows: w.in, longest: w.profile.Longest()} }

// Node returns what it costs to get from a node to the place of the last search; ok
// is false when that is beyond its limit or there is no way. It is not to be asked
// after Distance, which ends early.
func (s *Search) Node(node uint32) (d lifecircle.Decimetres, ok bool) {
	b := &s.bounded
	if b.round == 0 || b.reached[node] != b.round {
		return 0, false
	}
	return lifecircle.Decimetres(b.dist[node]), true
}

// From returns what it costs to get from a point to the place of the last search,
// both Legs included; leave is what it costs from the point to the ends of its
// street, as Profile.Legs has it. ok is false when it is beyond the limit of the
// search or there is no way. It is not to be asked after Distance, which ends early.
func (s *Search) From(point network.Snap, leave [2]uint32) (d lifecircle.Decimetres, ok bool) {
	best := uint32(Far)
	if along, on := s.ways.profile.Along(point, s.place); on {
		best = along
	}
	for i, node := range [2]uint32{point.From, point.To} {
		if at, reached := s.Node(node); reached {
			best = min(best, uint32(at)+leave[i])
		}
	}
	return lifecircle.Decimetres(best), best <= s.limit
}

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

// Search is the scratch memory of searches on one network. It may be used again
// and again, by one goroutine at a time.
//
// After a search it answers To and Node for as far as the search went.
type Search struct {
	arcs    network.Arcs
	queue   queue
	dist    []lifecircle.Decimetres
	reached []uint32 // dist[v] is of this search when reached[v] == round
	round   uint32
	from    network.Snap
	limit   lifecircle.Decimetres
	seen    []uint32 // of points, as reached of nodes
	seeing  uint32
}

// NewSearch makes scratch memory for searches on n.
func NewSearch(n *network.Network) *Search {
	arcs := n.Arcs()
	return &Search{
		arcs:    arcs,
		queue:   newQueue(arcs.Longest),
		dist:    make([]lifecircle.Decimetres, n.NodeCount()),
		reached: make([]uint32, n.NodeCount()),
	}
}

// far is more than any way on earth and leaves room to add one: no limit.
const far = lifecircle.Decimetres(1 << 31)

// Within visits the nodes at most limit away from a point, limit included, the
// nearest first, each once. The point's Leg is part of the way.
func (s *Search) Within(from network.Snap, limit lifecircle.Decimetres, visit func(node uint32, d lifecircle.Decimetres)) {
	s.run(from, min(limit, far), func(node uint32, d lifecircle.Decimetres) bool {
		visit(node, d)
		return true
	})
}

// Distance returns the shortest way between two points, both Legs included; ok
// is false when there is none. Points on the same street may be joined along it
// or the way round, whichever is shorter.
func (s *Search) Distance(from, to network.Snap) (d lifecircle.Decimetres, ok bool) {
	best, found := alongEdge(from, to)
	s.run(from, far, func(node uint32, d lifecircle.Decimetres) bool {
		if found && d+to.Leg >= best {
			return false // whatever is left is farther
		}
		if via, ends := toEnd(to, node); ends && (!found || d+via < best) {
			best, found = d+via, true
		}
		return true
	})
	return best, found
}

// Node returns how far a node is from the point of the last search; ok is false
// when it lies beyond that search's limit or cannot be reached. It is not to be
// asked after Distance, which ends early.
func (s *Search) Node(node uint32) (d lifecircle.Decimetres, ok bool) {
	return s.dist[node], s.round > 0 && s.reached[node] == s.round
}

// To returns how far a point is from the point of the last search, both Legs
// included; ok is false when it lies beyond that search's limit or cannot be
// reached. It is not to be asked after Distance, which ends early.
func (s *Search) To(to network.Snap) (d lifecircle.Decimetres, ok bool) {
	best, found := alongEdge(s.from, to)
	for _, node := range [2]uint32{to.From, to.To} {
		at, reached := s.Node(node)
		if via, _ := toEnd(to, node); reached && (!found || at+via < best) {
			best, found = at+via, true
		}
	}
	return best, found && s.round > 0 && best <= s.limit
}

// alongEdge returns the way between two points along one street, if they are on
// the same. Points that are nodes are on no street; they are all of one edge, but
// not of one node.
func alongEdge(a, b network.Snap) (d lifecircle.Decimetres, ok bool) {
	if a.Edge != b.Edge || a.From != b.From {
		return 0, false
	}
	return a.Leg + b.Leg + max(a.ToFrom, b.ToFrom) - min(a.ToFrom, b.ToFrom), true
}

// toEnd returns the way from a point to an end of its street; ok is false when
// the node is none.
func toEnd(p network.Snap, node uint32) (d lifecircle.Decimetres, ok bool) {
	switch {
	case p.From == node && p.To == node:
		return p.Leg + min(p.ToFrom, p.ToTo), true
	case p.From == node:
		return p.Leg + p.ToFrom, true
	case p.To == node:
		return p.Leg + p.ToTo, true
	}
	return 0, false
}

// run searches from a point and settles the nodes at most limit away, the
// nearest first, until settle says no.
func (s *Search) run(from network.Snap, limit lifecircle.Decimetres, settle func(node uint32, d lifecircle.Decimetres) bool) {
	s.round++
	if s.round == 0 { // after 2³² searches
		clear(s.reached)
		s.round = 1
	}
	s.from, s.limit = from, limit
	start := [2]uint32{from.From, from.To}
	var offset [2]lifecircle.Decimetres
	for i, node := range start {
		offset[i], _ = toEnd(from, node)
	}
	q := &s.queue
	q.reset(min(offset[0], offset[1]))
	for i, node := range start {
		s.relax(node, offset[i])
	}
	for d, ok := q.next(); ok; d, ok = q.next() {
		for e, more := q.pop(); more; e, more = q.pop() {
			// A node is in the queue once for each time it came nearer; only the
			// nearest still says the distance, and that one but once.
			if s.dist[e.node] != d {
				continue
			}
			if !settle(e.node, d) {
				return
			}
			for arc := s.arcs.First[e.node]; arc < s.arcs.First[e.node+1]; arc++ {
				s.relax(s.arcs.Heads[arc], d+s.arcs.Weights[arc])
			}
		}
	}
}

func (s *Search) relax(node uint32, d lifecircle.Decimetres) {
	if d > s.limit || s.reached[node] == s.round && s.dist[node] <= d {
		return
	}
	s.reached[node], s.dist[node] = s.round, d
	s.queue.push(d, entry{node: node})
}

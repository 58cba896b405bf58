package routing

import (
	"slices"

	"lifecircle"
	"lifecircle/network"
)

// bounded is the scratch memory of bucket searches on the streets themselves. What
// lies within a walk needs no hierarchy: a search costs what it reaches.
type bounded struct {
	queue   queue
	dist    []uint32
	reached []uint32 // dist[v] is of this search when reached[v] == round
	arrived []uint32 // the arc each node was reached by, of the graph as searched
	round   uint32
}

// side is the arcs as one direction sees them.
type side struct {
	rows
	arcs    []uint32 // of arcs turned round: where the weight of each stands; nil: beside it
	longest uint32
}

// side returns the arcs to search: turned round, for ways toward a spot.
func (m *Metric) side(direction Direction) side {
	ix := m.index
	g, arcs := ix.graph, []uint32(nil)
	if direction == Toward {
		ix.turning.Do(func() { ix.turned, ix.turnedArcs = ix.graph.reversed() })
		g, arcs = ix.turned, ix.turnedArcs
	}
	return side{rows{g.First, g.Heads, m.weights}, arcs, m.longest}
}

// Within visits the nodes at most limit away from a spot, limit included, the
// nearest first, each once.
func (s *Sweep) Within(spot Spot, limit uint32, direction Direction, visit func(node, d uint32)) {
	s.bounded.search(s.metric.side(direction), []Spot{spot}, min(limit, Far-1), func(node, d uint32) bool {
		visit(node, d)
		return true
	})
}

// search settles nodes by their distance from the nearest of some spots, the nearest
// first, until settle says no (R. B. Dial, Algorithm 360, CACM 12, 1969).
func (b *bounded) search(at side, spots []Spot, limit uint32, settle func(node, d uint32) bool) {
	if len(b.dist) == 0 {
		n := len(at.first) - 1
		b.dist, b.reached, b.arrived = make([]uint32, n), make([]uint32, n), make([]uint32, n)
	}
	b.round++
	if b.round == 0 { // after 2³² searches
		clear(b.reached)
		b.round = 1
	}
	start := uint32(nowhere)
	for _, spot := range spots {
		start = min(start, spot.Legs[0], spot.Legs[1])
	}
	if start > limit {
		return
	}
	// No entry lies farther ahead than the longest arc, or the longest of the legs.
	ahead := at.longest
	for _, spot := range spots {
		for _, leg := range spot.Legs {
			if leg <= limit {
				ahead = max(ahead, leg-start)
			}
		}
	}
	if ahead = min(ahead, limit); int64(len(b.queue.heads)) <= int64(ahead) {
		b.queue = newQueue(lifecircle.Decimetres(ahead))
	}
	q := &b.queue
	q.reset(lifecircle.Decimetres(start))
	relax := func(node, d, arc uint32) {
		if d > limit || b.reached[node] == b.round && b.dist[node] <= d {
			return
		}
		b.reached[node], b.dist[node], b.arrived[node] = b.round, d, arc
		q.push(lifecircle.Decimetres(d), entry{node: node})
	}
	for _, spot := range spots {
		for i, node := range spot.Nodes {
			if spot.Legs[i] <= limit {
				relax(node, spot.Legs[i], nowhere)
			}
		}
	}
	for next, ok := q.next(); ok; next, ok = q.next() {
		d := uint32(next)
		for e, more := q.pop(); more; e, more = q.pop() {
			// A node is in the queue once for each time it came nearer; only the nearest
			// still says the distance, and that one but once.
			if b.dist[e.node] != d {
				continue
			}
			if !settle(e.node, d) {
				return
			}
			for arc := at.first[e.node]; arc < at.first[e.node+1]; arc++ {
				weight := arc
				if at.arcs != nil {
					weight = at.arcs[arc]
				}
				relax(at.ends[arc], d+at.weights[weight], arc)
			}
		}
	}
}

// Route is a shortest way between two spots.
type Route struct {
	Distance uint32   // the legs included
	Nodes    []uint32 // none where both are on one street and the way follows it
	Arcs     []uint32 // of the graph, from each node to the next
}

// Route returns a shortest way from one spot to another; ok is false where there is
// none. Of several it returns the same every time.
func (s *Sweep) Route(from, to Spot) (r Route, ok bool) {
	return s.bounded.route(s.metric.side(Away), from, to)
}

// Route returns a shortest way from one point to another, as Sweep.Route does, without
// an index. Where both are on one street and the way along it is as short, the route has
// no nodes.
func (s *Search) Route(from, to network.Snap) (r Route, ok bool) {
	leave, _ := SpotsOf(s.ways.profile, from)
	_, arrive := SpotsOf(s.ways.profile, to)
	r, ok = s.bounded.route(side{rows: s.ways.out, longest: s.ways.profile.Longest()}, leave, arrive)
	if along, on := s.ways.profile.Along(from, to); on && (!ok || along <= r.Distance) {
		return Route{Distance: along}, true
	}
	return r, ok
}

// route searches along arcs in the order of the graph.
func (b *bounded) route(at side, from, to Spot) (r Route, ok bool) {
	r.Distance = Far
	end := uint32(nowhere)
	b.search(at, []Spot{from}, Far-1, func(node, d uint32) bool {
		if d >= r.Distance {
			return false // whatever is left is farther
		}
		for i, last := range to.Nodes {
			if last == node && to.Legs[i] < Far && d+to.Legs[i] < r.Distance {
				r.Distance, end = d+to.Legs[i], node
			}
		}
		return true
	})
	if end == nowhere {
		return Route{}, false
	}
	for node := end; ; {
		r.Nodes = append(r.Nodes, node)
		arc := b.arrived[node]
		if arc == nowhere {
			break
		}
		r.Arcs = append(r.Arcs, arc)
		node = rowOf(at.first, arc)
	}
	slices.Reverse(r.Nodes)
	slices.Reverse(r.Arcs)
	return r, true
}

// rowOf returns the row that holds an entry of compressed rows.
func rowOf(first []uint32, at uint32) uint32 {
	low, high := 0, len(first)-1
	for high-low > 1 {
		if mid := (low + high) / 2; first[mid] <= at {
			low = mid
		} else {
			high = mid
		}
	}
	return uint32(low)
}

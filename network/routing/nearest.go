package routing

import (
	"math/bits"
)

// Hit is a spot of a query and the way to it.
type Hit struct {
	Spot     int // its index in the query
	Distance uint32
}

// NearestQuery asks for the spots nearest to every node.
type NearestQuery struct {
	Spots     []Spot
	K         int // how many of them; less than 1 means 1
	Direction Direction
	// Threads is how many goroutines work; 0 means as many as there are processors.
	// The answer does not depend on it.
	Threads int
	// Into is an answer that is needed no more and whose memory is used again.
	Into *Nearest
}

// Nearest holds the k spots nearest to every node, by distance and equals by their
// index in the query.
type Nearest struct {
	rank []uint32
	k    int
	// k hits for each rank, ascending: the distance above, the spot's index + 1
	// below, so that to compare words is to compare hits.
	hits []uint64
}

// noHit comes after every hit, and a hit moved farther than Far after it.
const noHit = uint64(Far) << 32

// Of appends the hits of a node, the nearest first, to buf and returns it: fewer
// than k when no more can be reached.
func (t *Nearest) Of(node uint32, buf []Hit) []Hit {
	at := t.k * int(t.rank[node])
	for _, hit := range t.hits[at : at+t.k] {
		if hit >= noHit {
			break
		}
		buf = append(buf, Hit{int(uint32(hit)) - 1, uint32(hit >> 32)})
	}
	return buf
}

// K returns how many hits a node has at most.
func (t *Nearest) K() int { return t.k }

// Nearest answers a query for all nodes. Spots climb the hierarchy together, then
// every node looks at those above it, from the top down (D. Delling et al., PHAST,
// IPDPS 2011; nearest places by it: A. V. Goldberg et al.): each arc is met once,
// whatever the number of spots. It suffices because some shortest way rises to its
// highest node and falls from there; and since a spot that is not among the k
// nearest of a node is not needed behind it, a list of k does.
// O(k·arcs of the hierarchy).
func (s *Sweep) Nearest(q NearestQuery) *Nearest {
	ix := s.metric.index
	t := q.Into
	if t == nil {
		t = &Nearest{}
	}
	t.rank, t.k = ix.rank, max(1, q.K)
	if size := t.k * len(ix.rank); cap(t.hits) < size {
		t.hits = make([]uint64, size)
	} else {
		t.hits = t.hits[:size]
	}
	k := t.k
	empty := func(row []uint64) {
		for i := range row {
			row[i] = noHit
		}
	}
	if k <= 2 { // on the way down nobody asks what is above a spot
		empty(t.hits)
		s.activate(q.Spots, func(uint32) {})
	} else {
		s.activate(q.Spots, func(v uint32) { empty(t.hits[k*int(v):][:k]) })
	}
	for i, spot := range q.Spots {
		for end, node := range spot.Nodes {
			if leg := spot.Legs[end]; leg < Far {
				insert(t.hits[k*int(ix.rank[node]):][:k], uint64(leg)<<32|uint64(i+1))
			}
		}
	}
	n := nearestSweep{Sweep: s, hits: t.hits, k: k}
	n.rise, n.fall = s.metric.columns(q.Direction)
	up, down := n.upMany, n.downMany
	switch k {
	case 1:
		up, down = n.upOne, n.downOne
	case 2:
		up, down = n.upTwo, n.downTwo
	}
	for w, word := range s.active {
		for ; word != 0; word &= word - 1 {
			up(uint32(64*w + bits.TrailingZeros64(word)))
		}
	}
	// What is above the tasks holds no whole range: one node at a time.
	for i := len(ix.top) - 1; i >= 0; i-- {
		down(span{ix.top[i], ix.top[i] + 1})
	}
	ix.inParallel(threads(q.Threads), func(_ int, task span) { down(task) })
	return t
}

// nearestSweep is a query under way.
type nearestSweep struct {
	*Sweep
	hits       []uint64
	k          int
	rise, fall []uint32
}

// falling are arcs down from heads to tails, those of the highest tail last. A node is
// not told from the next by a loop of its own: its few arcs, now one, now seven, would
// be mispredicted at each node, which costs as much as all else.
type falling struct{ heads, tails, weights []uint32 }

func (n *nearestSweep) falling(task span) falling {
	ix := n.metric.index
	from, to := ix.first[task.from], ix.first[task.to]
	return falling{ix.heads[from:to], ix.tails()[from:to], n.fall[from:to]}
}

func (n *nearestSweep) upOne(v uint32) {
	ix := n.metric.index
	hit := n.hits[v]
	if hit >= noHit {
		return
	}
	from, to := ix.first[v], ix.first[v+1]
	weights := n.rise[from:to]
	for i, y := range ix.heads[from:to] {
		if z := hit + uint64(weights[i])<<32; z < n.hits[y] {
			n.hits[y] = z
		}
	}
}

func (n *nearestSweep) downOne(task span) {
	arcs, hits := n.falling(task), n.hits
	heads, tails, weights := arcs.heads, arcs.tails[:len(arcs.heads)], arcs.weights[:len(arcs.heads)]
	for i := len(heads) - 1; i >= 0; i-- {
		v := tails[i]
		hits[v] = min(hits[v], hits[heads[i]]+uint64(weights[i])<<32)
	}
}

func (n *nearestSweep) upTwo(v uint32) {
	ix := n.metric.index
	a, b := n.hits[2*v], n.hits[2*v+1]
	if a >= noHit {
		return
	}
	from, to := ix.first[v], ix.first[v+1]
	weights := n.rise[from:to]
	for i, y := range ix.heads[from:to] {
		w := uint64(weights[i]) << 32
		row := n.hits[2*y:][:2]
		if a+w < row[1] {
			row[0], row[1] = two(row[0], row[1], a+w)
			row[0], row[1] = two(row[0], row[1], b+w)
		}
	}
}

// two adds a hit to a list of two.
func two(a, b, hit uint64) (uint64, uint64) {
	switch {
	case hit >= b:
	case uint32(hit) == uint32(a):
		a = min(a, hit)
	case hit < a:
		a, b = hit, a
	default:
		b = hit
	}
	return a, b
}

func (n *nearestSweep) downTwo(task span) {
	arcs, hits := n.falling(task), n.hits
	heads, tails, weights := arcs.heads, arcs.tails[:len(arcs.heads)], arcs.weights[:len(arcs.heads)]
	for i := len(heads) - 1; i >= 0; i-- {
		own, row, w := hits[2*tails[i]:][:2], hits[2*heads[i]:][:2], uint64(weights[i])<<32
		a, b, x, y := own[0], own[1], row[0]+w, row[1]+w
		// The second is the nearer of what the nearest leaves behind and what came second
		// to it; without a branch, which would often be mispredicted.
		left, next := max(a, x), y
		if a < x {
			next = b
		}
		if uint32(a) == uint32(x) {
			left, next = b, y
		}
		own[0], own[1] = min(a, x), min(left, next)
	}
}

func (n *nearestSweep) upMany(v uint32) {
	ix, k := n.metric.index, n.k
	list := n.hits[k*int(v):][:k]
	from, to := ix.first[v], ix.first[v+1]
	weights := n.rise[from:to]
	for i, y := range ix.heads[from:to] {
		merge(n.hits[k*int(y):][:k], list, uint64(weights[i])<<32)
	}
}

func (n *nearestSweep) downMany(task span) {
	ix, k := n.metric.index, n.k
	for v := task.to - 1; ; v-- {
		list := n.hits[k*int(v):][:k]
		if !n.isActive(v) {
			for i := range list {
				list[i] = noHit
			}
		}
		from, to := ix.first[v], ix.first[v+1]
		weights := n.fall[from:to]
		for i, y := range ix.heads[from:to] {
			merge(list, n.hits[k*int(y):][:k], uint64(weights[i])<<32)
		}
		if v == task.from {
			return
		}
	}
}

// merge adds the hits of another list, so much farther, to a list.
func merge(list, other []uint64, farther uint64) {
	other = other[:len(list)]
	if list[0] >= noHit { // nothing yet: what comes is in order and each spot once
		for i, hit := range other {
			list[i] = min(noHit, hit+farther)
		}
		return
	}
	last := len(list) - 1
	for i, hit := range other {
		hit += farther
		if hit >= list[last] {
			return // and so are those behind it
		}
		// Neighbours mostly have the same spots in the same order.
		if known := list[i]; uint32(known) == uint32(hit) && known <= hit {
			continue
		}
		insert(list, hit)
	}
}

// insert puts a hit in its place in a list, each spot once; the last gives way.
func insert(list []uint64, hit uint64) {
	at := len(list) - 1
	if hit >= list[at] {
		return
	}
	for i, known := range list {
		if uint32(known) == uint32(hit) {
			if known <= hit {
				return
			}
			at = i
			break
		}
	}
	for at > 0 && list[at-1] > hit {
		list[at] = list[at-1]
		at--
	}
	list[at] = hit
}

package access

import (
	"slices"

	"lifecircle/network"
)

// travel searches a network as any profile sees it, one-way streets too: from a
// place against the traffic to everyone who comes to it. On foot package routing
// is faster; this is for the other ways of travelling and holds for all.
type travel struct {
	profile *network.Profile
	// first, tails and weights are the arcs turned round: those that lead to node v are
	// first[v]:first[v+1].
	first, tails, weights []uint32
	cost                  []uint32
	settled               []uint32 // cost[v] is of this search when settled[v] == round
	round                 uint32
	heap                  costHeap
}

func newTravel(p *network.Profile, n *network.Network) *travel {
	first, heads := n.Topology()
	weights := p.Weights()
	t := &travel{
		profile: p, first: make([]uint32, len(first)), tails: make([]uint32, len(heads)), weights: make([]uint32, len(heads)),
		cost: make([]uint32, n.NodeCount()), settled: make([]uint32, n.NodeCount()),
	}
	for _, head := range heads {
		t.first[head]++
	}
	total := uint32(0)
	for v, degree := range t.first {
		t.first[v] = total
		total += degree
	}
	next := slices.Clone(t.first)
	for v := range uint32(n.NodeCount()) {
		for arc := first[v]; arc < first[v+1]; arc++ {
			at := next[heads[arc]]
			next[heads[arc]]++
			t.tails[at], t.weights[at] = v, weights[arc]
		}
	}
	return t
}

// label is a place on its way to a node: costs order, then ranks.
type label struct {
	cost, rank, node uint32
}

func (a label) before(b label) bool {
	return a.cost < b.cost || a.cost == b.cost && a.rank < b.rank
}

// costHeap is a binary heap of labels.
type costHeap []label

func (h *costHeap) push(l label) {
	*h = append(*h, l)
	at := len(*h) - 1
	for at > 0 {
		up := (at - 1) / 2
		if !l.before((*h)[up]) {
			break
		}
		(*h)[at] = (*h)[up]
		at = up
	}
	(*h)[at] = l
}

func (h *costHeap) pop() label {
	least := (*h)[0]
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	if len(*h) == 0 {
		return least
	}
	at := 0
	for {
		down := 2*at + 1
		if down >= len(*h) {
			break
		}
		if down+1 < len(*h) && (*h)[down+1].before((*h)[down]) {
			down++
		}
		if !(*h)[down].before(last) {
			break
		}
		(*h)[at] = (*h)[down]
		at = down
	}
	(*h)[at] = last
	return least
}

// toward visits the nodes from which a place is at most limit away, the nearest
// first, each once.
func (t *travel) toward(place network.Snap, limit uint32, visit func(node uint32)) {
	t.round++
	if t.round == 0 { // after 2³² searches
		clear(t.settled)
		t.round = 1
	}
	t.heap = t.heap[:0]
	_, arrive := t.profile.Legs(place)
	for i, node := range [2]uint32{place.From, place.To} {
		if arrive[i] <= limit {
			t.heap.push(label{cost: arrive[i], node: node})
		}
	}
	for len(t.heap) > 0 {
		l := t.heap.pop()
		if t.settled[l.node] == t.round {
			continue
		}
		t.settled[l.node], t.cost[l.node] = t.round, l.cost
		visit(l.node)
		for arc := t.first[l.node]; arc < t.first[l.node+1]; arc++ {
			if cost := l.cost + t.weights[arc]; cost <= limit && t.settled[t.tails[arc]] != t.round {
				t.heap.push(label{cost: cost, node: t.tails[arc]})
			}
		}
	}
}

// from returns what it costs to get from a point to the place of the last search.
func (t *travel) from(point, place network.Snap) (cost uint32, ok bool) {
	best := uint32(network.Barred)
	if along, on := t.profile.Along(point, place); on {
		best = along
	}
	leave, _ := t.profile.Legs(point)
	for i, node := range [2]uint32{point.From, point.To} {
		if t.settled[node] == t.round && leave[i] < network.Barred {
			best = min(best, t.cost[node]+leave[i])
		}
	}
	return best, best < network.Barred
}

package routing

import "slices"

// reduction is a graph whose nodes are eliminated one after the other: each
// leaves, and its neighbours become neighbours of one another.
type reduction struct {
	lists [][]int32 // neighbours of live nodes; nil once eliminated
	order []int32   // the eliminated, in their order
}

// maxReduced is the largest degree eliminated before the dissection. The larger it
// is, the smaller the core whose flows are the cost of building; from 16 on the
// hierarchy grows (docs/decisions/0030-order.md).
const maxReduced = 12

func newReduction(first, heads []uint32) *reduction {
	n := len(first) - 1
	arcs := make([]int32, len(heads))
	for i, head := range heads {
		arcs[i] = int32(head)
	}
	r := &reduction{lists: make([][]int32, n), order: make([]int32, 0, n)}
	for v := range r.lists {
		// Without spare capacity: a list that grows moves away from its neighbours.
		r.lists[v] = arcs[first[v]:first[v+1]:first[v+1]]
	}
	return r
}

// reduce eliminates nodes of at most k neighbours, lower degrees first, in rounds:
// of two neighbours only one goes in a round. So chains are halved again and again
// instead of being eaten from one end, which would make deep trees.
func (r *reduction) reduce(k int) {
	touched := make([]int32, len(r.lists)) // the last round that changed a list
	listed := make([]int32, len(r.lists))  // the last round that put a node into next
	gone := make([]bool, len(r.lists))
	round := int32(0)
	var current, next []int32
	byDegree := make([][]int32, k+1)
	for limit := min(2, k); limit <= k; limit++ {
		current = current[:0]
		for v := range r.lists {
			if !gone[v] && len(r.lists[v]) <= limit {
				current = append(current, int32(v))
			}
		}
		for len(current) > 0 {
			round++
			for d := range byDegree {
				byDegree[d] = byDegree[d][:0]
			}
			for _, v := range current {
				d := len(r.lists[v])
				byDegree[d] = append(byDegree[d], v)
			}
			next = next[:0]
			wait := func(v int32) {
				if listed[v] != round && len(r.lists[v]) <= limit {
					listed[v] = round
					next = append(next, v)
				}
			}
			for _, nodes := range byDegree {
				for _, v := range nodes {
					if touched[v] == round {
						wait(v)
						continue
					}
					gone[v] = true
					neighbours := r.lists[v]
					r.eliminate(v)
					for _, a := range neighbours {
						touched[a] = round
						wait(a)
					}
				}
			}
			// A node may have grown past the limit after it was put there.
			current = current[:0]
			for _, v := range next {
				if !gone[v] && len(r.lists[v]) <= limit {
					current = append(current, v)
				}
			}
		}
	}
}

func (r *reduction) eliminate(v int32) {
	neighbours := r.lists[v]
	r.order = append(r.order, v)
	for _, a := range neighbours {
		list := r.lists[a]
		for i, w := range list {
			if w == v {
				list[i] = list[len(list)-1]
				list = list[:len(list)-1]
				break
			}
		}
		for _, b := range neighbours {
			if b != a && !slices.Contains(list, b) {
				list = append(list, b)
			}
		}
		r.lists[a] = list
	}
	r.lists[v] = nil
}

// rest returns what is left as a part to dissect.
func (r *reduction) rest(x, y []float32) *part {
	number := make([]int32, len(r.lists))
	for v := range number {
		number[v] = -1
	}
	gone := make([]bool, len(r.lists))
	for _, v := range r.order {
		gone[v] = true
	}
	p := &part{}
	arcs := 0
	for v, list := range r.lists {
		if !gone[v] {
			number[v] = int32(len(p.id))
			p.id = append(p.id, int32(v))
			arcs += len(list)
		}
	}
	p.first = make([]int32, 1, len(p.id)+1)
	p.heads = make([]int32, 0, arcs)
	p.x, p.y = make([]float32, len(p.id)), make([]float32, len(p.id))
	for i, v := range p.id {
		if x != nil {
			p.x[i], p.y[i] = x[v], y[v]
		}
		row := len(p.heads)
		for _, w := range r.lists[v] {
			p.heads = append(p.heads, number[w])
		}
		slices.Sort(p.heads[row:])
		p.first = append(p.first, int32(len(p.heads)))
	}
	p.back = make([]int32, len(p.heads))
	for v := range int32(len(p.id)) {
		for arc := p.first[v]; arc < p.first[v+1]; arc++ {
			if w := p.heads[arc]; w > v {
				at, _ := slices.BinarySearch(p.heads[p.first[w]:p.first[w+1]], v)
				back := p.first[w] + int32(at)
				p.back[arc], p.back[back] = back, arc
			}
		}
	}
	return p
}

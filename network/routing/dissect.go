package routing

import (
	"math/bits"
	"slices"
	"sync"
)

// part is a piece of the graph under dissection, with numbers of its own.
type part struct {
	first, heads []int32
	back         []int32 // the arc the other way
	x, y         []float32
	id           []int32 // the node of the graph each is
}

func (p *part) nodes() int { return len(p.id) }

// dissector orders nodes by nested dissection (A. George, Nested dissection of a
// regular finite element mesh, SIAM J. Numer. Anal. 10, 1973): a small separator
// goes last, what it separates before it, each piece dissected in turn. Pieces
// get a range of places before they are looked at, so the order does not depend
// on how many goroutines work.
type dissector struct {
	order   []int32 // places of the core's nodes
	idle    chan struct{}
	running sync.WaitGroup
	scratch sync.Pool
	placed  func(nodes int)
	located bool // nodes have coordinates
}

const (
	// leafNodes are ordered at once: a leaf ignores its surroundings, so larger ones
	// give more arcs, smaller ones take longer.
	leafNodes = 8
	// spawnNodes are worth a goroutine.
	spawnNodes = 2000
)

// dissect orders p into the places from at on.
func (d *dissector) dissect(p *part, at int) {
	n := p.nodes()
	if n <= leafNodes {
		p.orderLeaf(d.order[at : at+n])
		d.placed(n)
		return
	}
	s := d.scratch.Get().(*flow)
	separator := s.separate(p, d.located, d.idle)
	d.scratch.Put(s)
	pieces := p.split(separator)
	end := at + n
	for _, v := range separator {
		end--
		d.order[end] = p.id[v]
	}
	d.placed(len(separator))
	for _, piece := range pieces {
		start := at
		at += piece.nodes()
		if piece.nodes() > spawnNodes {
			select {
			case <-d.idle:
				d.running.Add(1)
				go func() {
					defer d.running.Done()
					d.dissect(piece, start)
					d.idle <- struct{}{}
				}()
				continue
			default:
			}
		}
		d.dissect(piece, start)
	}
}

// orderLeaf orders at most 64 nodes by minimum degree, equals by number.
func (p *part) orderLeaf(places []int32) {
	var near [64]uint64
	var done uint64
	n := p.nodes()
	for v := range n {
		for _, w := range p.heads[p.first[v]:p.first[v+1]] {
			near[v] |= 1 << w
		}
	}
	for i := range places {
		best := -1
		for v := range n {
			if done>>v&1 == 0 && (best < 0 || bits.OnesCount64(near[v]) < bits.OnesCount64(near[best])) {
				best = v
			}
		}
		places[i] = p.id[best]
		done |= 1 << best
		for left := near[best]; left != 0; left &= left - 1 {
			w := bits.TrailingZeros64(left)
			near[w] = (near[w] | near[best]) &^ (1<<w | 1<<best)
		}
	}
}

// split returns the connected pieces of p without the separator, in the order of
// their first nodes.
func (p *part) split(separator []int32) []*part {
	const unseen, apart = -1, -2
	n := p.nodes()
	piece := make([]int32, n)
	local := make([]int32, n)
	for v := range piece {
		piece[v] = unseen
	}
	for _, v := range separator {
		piece[v] = apart
	}
	var all []*part
	members := make([]int32, 0, n-len(separator))
	moved := make([]int32, len(p.heads)) // arcs in their piece
	for v := range int32(n) {
		if piece[v] != unseen {
			continue
		}
		id := int32(len(all))
		from := len(members)
		members = append(members, v)
		piece[v] = id
		for at := from; at < len(members); at++ {
			u := members[at]
			for _, w := range p.heads[p.first[u]:p.first[u+1]] {
				if piece[w] == unseen {
					piece[w] = id
					members = append(members, w)
				}
			}
		}
		// Numbers follow those of p, so that they do not depend on the walk.
		own := members[from:]
		slices.Sort(own)
		arcs := 0
		for i, u := range own {
			local[u] = int32(i)
			arcs += int(p.first[u+1] - p.first[u])
		}
		q := &part{
			first: make([]int32, len(own)+1), heads: make([]int32, 0, arcs),
			x: make([]float32, len(own)), y: make([]float32, len(own)), id: make([]int32, len(own)),
		}
		for i, u := range own {
			q.x[i], q.y[i], q.id[i] = p.x[u], p.y[u], p.id[u]
			for arc := p.first[u]; arc < p.first[u+1]; arc++ {
				if w := p.heads[arc]; piece[w] == id {
					moved[arc] = int32(len(q.heads))
					q.heads = append(q.heads, local[w])
				}
			}
			q.first[i+1] = int32(len(q.heads))
		}
		q.back = make([]int32, len(q.heads))
		for _, u := range own {
			for arc := p.first[u]; arc < p.first[u+1]; arc++ {
				if piece[p.heads[arc]] == id {
					q.back[moved[arc]] = moved[p.back[arc]]
				}
			}
		}
		all = append(all, q)
	}
	return all
}

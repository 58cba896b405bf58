package routing

import (
	"cmp"
	"math/bits"
	"slices"
)

// laneCount is how many sources one sweep carries: one vector register of AVX-512.
const laneCount = 16

// MatrixQuery asks for the ways from each of some spots to each of others.
type MatrixQuery struct {
	From []Spot // legs that leave
	To   []Spot // legs that arrive
}

// Matrix returns the distances row by row, those from From[i] to To[j] at
// i·len(To) + j; Far where there is no way.
//
// The part of the hierarchy above the targets is taken out once; each source walks
// its way to the root, and 16 of them fall to the targets together (D. Delling, A.
// V. Goldberg, R. F. Werneck, Faster batched shortest paths in road networks,
// ATMOS 2011).
func (s *Sweep) Matrix(q MatrixQuery) []uint32 {
	m, ix := s.metric, s.metric.index
	s.activate(q.To, func(uint32) {})
	var members []uint32 // the ranks of the part, ascending
	if len(s.local) == 0 {
		s.local = make([]uint32, len(ix.rank))
	}
	for w, word := range s.active {
		for ; word != 0; word &= word - 1 {
			v := uint32(64*w + bits.TrailingZeros64(word))
			s.local[v] = uint32(len(members))
			members = append(members, v)
		}
	}
	part := slim{first: make([]uint32, 1, len(members)+1)}
	for _, v := range members {
		for arc := ix.first[v]; arc < ix.first[v+1]; arc++ {
			if w := m.down[arc]; w < Barred {
				part.arcs = append(part.arcs, upArc{s.local[ix.heads[arc]], w})
			}
		}
		part.first = append(part.first, uint32(len(part.arcs)))
	}
	out := make([]uint32, len(q.From)*len(q.To))
	// Sources that lie together share most of their way up.
	order := make([]int, len(q.From))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(ix.rank[q.From[a].Nodes[0]], ix.rank[q.From[b].Nodes[0]])
	})
	s.fitLanes(len(members))
	for batch := range slices.Chunk(order, laneCount) {
		fillFar(s.lanes)
		for lane, i := range batch {
			s.rise(q.From[i], m.up, func(v, d uint32) {
				if s.isActive(v) {
					s.lanes[laneCount*s.local[v]+uint32(lane)] = d
				}
			})
		}
		fallLanes(s.lanes, part.first, part.arcs)
		for j, spot := range q.To {
			for end, node := range spot.Nodes {
				leg := spot.Legs[end]
				if leg >= Far {
					continue
				}
				row := s.lanes[laneCount*s.local[ix.rank[node]]:][:laneCount]
				for lane, i := range batch {
					at := &out[i*len(q.To)+j]
					if end == 0 || spot.Legs[0] >= Far {
						*at = min(Far, row[lane]+leg)
					} else {
						*at = min(*at, row[lane]+leg)
					}
				}
			}
			if spot.Legs[0] >= Far && spot.Legs[1] >= Far {
				for _, i := range batch {
					out[i*len(q.To)+j] = Far
				}
			}
		}
	}
	return out
}

// fitLanes makes room for the lanes of so many nodes.
func (s *Sweep) fitLanes(nodes int) {
	if cap(s.lanes) < laneCount*nodes {
		s.lanes = make([]uint32, laneCount*nodes)
	}
	s.lanes = s.lanes[:laneCount*nodes]
}

func fillFar(column []uint32) {
	for i := range column {
		column[i] = Far
	}
}

// rise walks from a spot to the root and tells the ranks on the way that are
// reached, ascending, with their distances over lower nodes. All higher neighbours
// of a node lie on its way to the root, so there is no queue.
func (s *Sweep) rise(spot Spot, weights []uint32, tell func(v, d uint32)) {
	ix := s.metric.index
	if len(s.up) == 0 {
		s.up = make([]uint32, len(ix.rank))
		fillFar(s.up)
	}
	at := [2]uint32{none32, none32}
	for i, node := range spot.Nodes {
		if spot.Legs[i] < Far {
			at[i] = ix.rank[node]
			s.up[at[i]] = min(s.up[at[i]], spot.Legs[i])
		}
	}
	for {
		v := min(at[0], at[1])
		if v == none32 {
			return
		}
		for i := range at {
			if at[i] == v {
				at[i] = ix.parent(v)
			}
		}
		d := s.up[v]
		if d >= Far {
			continue
		}
		s.up[v] = Far
		from, to := ix.first[v], ix.first[v+1]
		column := weights[from:to]
		for i, y := range ix.heads[from:to] {
			if z := d + column[i]; z < s.up[y] {
				s.up[y] = z
			}
		}
		tell(v, d)
	}
}

// All tells, for each node, its distances from (or to) at most 16 spots, in their
// order; Far where there is no way. The row is shared: copy what is kept.
func (s *Sweep) All(spots []Spot, direction Direction, tell func(node uint32, row []uint32)) {
	if len(spots) > laneCount {
		panic("routing: more than 16 spots in one sweep")
	}
	ix := s.metric.index
	rise, _ := s.metric.columns(direction)
	up, down := s.metric.slimmed()
	fall := down
	if direction == Toward {
		fall = up
	}
	s.fitLanes(len(ix.rank))
	fillFar(s.lanes)
	for lane, spot := range spots {
		s.rise(spot, rise, func(v, d uint32) { s.lanes[laneCount*int(v)+lane] = d })
	}
	fallLanes(s.lanes, fall.first, fall.arcs)
	for node, v := range ix.rank {
		tell(uint32(node), s.lanes[laneCount*int(v):][:len(spots)])
	}
}

// Distance returns the way from one spot to another; ok is false where there is
// none. Both walk to the root, and meet at the highest node of a shortest way.
func (s *Sweep) Distance(from, to Spot) (d uint32, ok bool) {
	if len(s.met) == 0 {
		s.met = make([]uint32, len(s.metric.index.rank))
		fillFar(s.met)
	}
	var walked []uint32
	s.rise(from, s.metric.up, func(v, d uint32) {
		s.met[v] = d
		walked = append(walked, v)
	})
	best := uint32(Far)
	s.rise(to, s.metric.down, func(v, d uint32) { best = min(best, d+s.met[v]) })
	for _, v := range walked {
		s.met[v] = Far
	}
	return best, best < Far
}

package routing

import (
	"cmp"
	"slices"
)

// allLanes are how many spots one sweep over everything carries: one vector register
// of AVX-512.
const allLanes = 16

// MatrixQuery asks for the ways from each of some spots to each of others.
type MatrixQuery struct {
	From []Spot // legs that leave
	To   []Spot // legs that arrive
}

// Matrix returns the distances row by row, those from From[i] to To[j] at
// i·len(To) + j; Far where there is no way.
//
// The part of the hierarchy above the targets is taken out once; each source walks
// its way to the root, and many of them fall to the targets together (D. Delling, A.
// V. Goldberg, R. F. Werneck, Faster batched shortest paths in road networks,
// ATMOS 2011).
func (s *Sweep) Matrix(q MatrixQuery) []uint32 {
	ix := s.metric.index
	rise, fall := s.metric.slimmed()
	d := s.descent(q.To, fall)
	out := make([]uint32, len(q.From)*len(q.To))
	fillFar(out)
	// Sources that lie together share most of their way up.
	order := make([]int, len(q.From))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(ix.rank[q.From[a].Nodes[0]], ix.rank[q.From[b].Nodes[0]])
	})
	for batch := range slices.Chunk(order, matrixLanes) {
		for lane, i := range batch {
			s.rise(q.From[i], rise, func(v, dist uint32) {
				if s.isActive(v) {
					d.start(s.local[v])[lane] = dist
				}
			})
		}
		fallTo(d)
		d.restart()
		// Some targets at a time, so that whole lines of memory are written.
		const block = 16
		for from := 0; from < len(q.To); from += block {
			to := q.To[from:min(from+block, len(q.To))]
			for end := range 2 {
				var rows [block]*lanes
				for j, spot := range to {
					if spot.Legs[end] < Far {
						rows[j] = &d.kept[d.keep[s.local[ix.rank[spot.Nodes[end]]]]-1]
					}
				}
				for lane, i := range batch {
					line := out[i*len(q.To)+from:][:len(to)]
					for j, row := range rows[:len(to)] {
						if row != nil {
							line[j] = min(line[j], row[lane]+to[j].Legs[end])
						}
					}
				}
			}
		}
	}
	return out
}

// rise walks from a spot to the root and tells the ranks on the way that are
// reached, ascending, with their distances over lower nodes. All higher neighbours
// of a node lie on its way to the root, so there is no queue.
func (s *Sweep) rise(spot Spot, up *slim, tell func(v, d uint32)) {
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
		for _, arc := range up.above(v) {
			if z := d + arc.weight; z < s.up[arc.head] {
				s.up[arc.head] = z
			}
		}
		tell(v, d)
	}
}

// All tells, for each node, its distances from (or to) at most 16 spots, in their
// order; Far where there is no way. The row is shared: copy what is kept.
func (s *Sweep) All(spots []Spot, direction Direction, tell func(node uint32, row []uint32)) {
	if len(spots) > allLanes {
		panic("routing: more than 16 spots in one sweep")
	}
	ix := s.metric.index
	rise, fall := s.metric.slimmed()
	if direction == Toward {
		rise, fall = fall, rise
	}
	s.lanes.fit(len(ix.rank))
	for lane, spot := range spots {
		s.rise(spot, rise, func(v, d uint32) { s.lanes.reach(v, lane, d) })
	}
	fallLanes(&s.lanes, fall)
	for node, v := range ix.rank {
		tell(uint32(node), s.lanes.row(v)[:len(spots)])
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
	up, down := s.metric.slimmed()
	s.rise(from, up, func(v, d uint32) {
		s.met[v] = d
		walked = append(walked, v)
	})
	best := uint32(Far)
	s.rise(to, down, func(v, d uint32) { best = min(best, d+s.met[v]) })
	for _, v := range walked {
		s.met[v] = Far
	}
	return best, best < Far
}

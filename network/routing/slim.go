package routing

// slim is the hierarchy without the arcs that no shortest way needs: those for
// which a way over higher nodes is shorter. It serves sums, which look at few
// nodes and so pay for each arc; a whole sweep is as fast on all arcs.
type slim struct {
	first []uint32 // per rank
	arcs  []upArc
}

// above returns the arcs of a rank.
func (s *slim) above(v uint32) []upArc { return s.arcs[s.first[v]:s.first[v+1]] }

// upArc is an arc in one place of memory.
type upArc struct{ head, weight uint32 }

// perfect lowers the weights of all arcs to the distances between their ends and
// returns which were longer before. For x from the top down, of each triangle v, x,
// y with v below both, the arcs that leave v are held against the ways over the
// other; what is above v is final by then.
//
// To drop an arc that is longer than the distance of its ends changes no distance:
// a shortest way has no use for it. Equals stay, so weights may be zero.
func perfect(ix *Index, up, down []uint32) (longUp, longDown []uint64) {
	longUp = make([]uint64, words(len(ix.heads)))
	longDown = make([]uint64, words(len(ix.heads)))
	position := newPositions(len(ix.rank), 1)[0]
	for i := len(ix.rank) - 1; i >= 0; i-- {
		x := uint32(i)
		from, to := ix.first[x], ix.first[x+1]
		for arc := from; arc < to; arc++ {
			position[ix.heads[arc]] = arc
		}
		for _, d := range ix.downs[ix.downFirst[x]:ix.downFirst[x+1]] {
			vx := d.arc
			for vy := vx + 1; vy < ix.first[d.tail+1]; vy++ {
				xy := position[ix.heads[vy]]
				lower := func(column []uint32, long []uint64, arc, z uint32) {
					if z < column[arc] {
						column[arc] = z
						long[arc>>6] |= 1 << (arc & 63)
					}
				}
				lower(up, longUp, vx, up[vy]+down[xy])
				lower(up, longUp, vy, up[vx]+up[xy])
				lower(down, longDown, vx, up[xy]+down[vy])
				lower(down, longDown, vy, down[xy]+down[vx])
			}
		}
	}
	return longUp, longDown
}

// slimmed returns the slim hierarchy, upward and downward.
func (m *Metric) slimmed() (rise, fall *slim) {
	m.slimming.Lock()
	defer m.slimming.Unlock()
	if m.slim[0] != nil {
		return m.slim[0], m.slim[1]
	}
	ix := m.index
	up := append([]uint32(nil), m.up...)
	down := append([]uint32(nil), m.down...)
	longUp, longDown := perfect(ix, up, down)
	thin := func(column []uint32, long []uint64) *slim {
		s := &slim{first: make([]uint32, len(ix.rank)+1)}
		for v := range ix.rank {
			for arc := ix.first[v]; arc < ix.first[v+1]; arc++ {
				if column[arc] < Barred && long[arc>>6]>>(arc&63)&1 == 0 {
					s.arcs = append(s.arcs, upArc{ix.heads[arc], column[arc]})
				}
			}
			s.first[v+1] = uint32(len(s.arcs))
		}
		return s
	}
	m.slim[0] = thin(up, longUp)
	m.slim[1] = m.slim[0]
	if !m.symmetric {
		m.slim[1] = thin(down, longDown)
	}
	return m.slim[0], m.slim[1]
}

package routing

// Sweep is the scratch memory of queries on one metric. It may be used again and
// again, by one goroutine at a time.
type Sweep struct {
	metric *Metric
	active []uint64 // bit v: rank v is a spot or above one
	// What is below is made when first needed.
	local   []uint32 // of ranks in a part of the hierarchy
	up      []uint32 // distances on the way up; Far between walks
	met     []uint32 // the same, of the walk before
	lanes   sheet
	bounded bounded
}

// Sweep takes scratch memory from the pool of the metric; Release returns it.
func (m *Metric) Sweep() *Sweep {
	if s, ok := m.sweeps.Get().(*Sweep); ok {
		return s
	}
	return &Sweep{metric: m}
}

// Release returns the scratch memory to its pool; s must not be used any more.
func (s *Sweep) Release() { s.metric.sweeps.Put(s) }

// words returns how many words hold a bit for each of n.
func words(n int) int { return (n + 63) / 64 }

// activate marks the ranks of spots and all above them, telling each once.
func (s *Sweep) activate(spots []Spot, fresh func(v uint32)) {
	ix := s.metric.index
	if len(s.active) == 0 {
		s.active = make([]uint64, words(len(ix.rank)))
	} else {
		clear(s.active)
	}
	for _, spot := range spots {
		for i, node := range spot.Nodes {
			if spot.Legs[i] >= Far {
				continue
			}
			for v := ix.rank[node]; v != none32 && s.active[v>>6]>>(v&63)&1 == 0; v = ix.parent(v) {
				s.active[v>>6] |= 1 << (v & 63)
				fresh(v)
			}
		}
	}
}

func (s *Sweep) isActive(v uint32) bool { return s.active[v>>6]>>(v&63)&1 != 0 }

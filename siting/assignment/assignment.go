// Package assignment sends people to places: population to capacities at least
// cost, and named people to places by their wishes and by priority. It decides
// no sites (package siting does) and knows no store, plan or clock; siting and
// the callers of engines import it.
package assignment

import "math"

// Transport is a transport problem: the load of each demand may be split over
// the places within its reach, up to their capacities. What finds no room, or
// costs more than Unserved, stays unserved.
type Transport struct {
	Load     []int64
	Capacity []int64
	Reach    [][]Arc // by demand
	// Unserved is the cost of one unit that nobody serves, by demand. It should
	// exceed all costs where everyone must be served.
	Unserved []int64
}

// Arc is a place within reach and the cost of one unit served there.
type Arc struct {
	Place int32
	Cost  int64
}

// Flow is load of a demand served at a place.
type Flow struct {
	Demand, Place int32
	Load          int64
}

// Solve returns the assignment of least cost, its cost and the load unserved.
//
// Demands enter one after another, each along shortest augmenting paths: to a
// place, from there to another by moving somebody's load on, and so on to a place
// with room (Jewell 1958; Busacker and Gowen 1960). After each the assignment is
// optimal for those who entered, so all residual cycles cost ≥ 0 and Bellman–Ford
// over the places alone suffices. O(demands × places × pairs) at worst.
func (t *Transport) Solve() (flows []Flow, cost, unserved int64) {
	places := len(t.Capacity)
	free := make([]int64, places)
	copy(free, t.Capacity)
	s := &transportState{t: t, free: free, at: make([][]int64, len(t.Load)), holds: make([][]int32, places)}
	s.dist, s.from, s.mover, s.into = make([]int64, places), make([]int32, places), make([]int32, places), make([]int32, places)
	out := make([]int64, len(t.Load))
	for i, load := range t.Load {
		s.at[i] = make([]int64, len(t.Reach[i]))
		for left := load; left > 0; {
			moved := s.augment(int32(i), left, out)
			left -= moved
		}
	}
	for i := range t.Load {
		for k, load := range s.at[i] {
			if load > 0 {
				flows = append(flows, Flow{int32(i), t.Reach[i][k].Place, load})
				cost += load * t.Reach[i][k].Cost
			}
		}
		cost += out[i] * t.Unserved[i]
		unserved += out[i]
	}
	return flows, cost, unserved
}

type transportState struct {
	t     *Transport
	free  []int64
	at    [][]int64 // demand → load by arc
	holds [][]int32 // place → demands that may have load there
	dist  []int64
	from  []int32 // the place the path comes from, −1: the entering demand
	mover []int32 // whose load moves on
	into  []int32 // the mover's arc into the place
}

// augment sends up to left units of demand i along the shortest path and returns
// how many went.
func (s *transportState) augment(i int32, left int64, out []int64) int64 {
	const far = math.MaxInt64 / 4
	for p := range s.dist {
		s.dist[p], s.from[p] = far, -1
	}
	for k, arc := range s.t.Reach[i] {
		if arc.Cost < s.dist[arc.Place] {
			s.dist[arc.Place], s.mover[arc.Place], s.into[arc.Place] = arc.Cost, i, int32(k)
		}
	}
	// dropAt is the place whose load goes unserved at the end of the path, with
	// the demand that is dropped.
	for changed := true; changed; {
		changed = false
		for p := range s.dist {
			if s.dist[p] >= far {
				continue
			}
			for _, who := range s.holds[p] {
				here := s.arcTo(who, int32(p))
				if s.at[who][here] == 0 {
					continue
				}
				base := s.dist[p] - s.t.Reach[who][here].Cost
				for k, arc := range s.t.Reach[who] {
					if d := base + arc.Cost; d < s.dist[arc.Place] {
						s.dist[arc.Place], s.from[arc.Place], s.mover[arc.Place], s.into[arc.Place] = d, int32(p), who, int32(k)
						changed = true
					}
				}
			}
		}
	}
	best, end, dropped := s.t.Unserved[i], int32(-1), i
	for p := range s.dist {
		if s.dist[p] >= far {
			continue
		}
		if s.free[p] > 0 && s.dist[p] < best {
			best, end, dropped = s.dist[p], int32(p), -1
		}
		for _, who := range s.holds[p] {
			here := s.arcTo(who, int32(p))
			if s.at[who][here] == 0 {
				continue
			}
			if d := s.dist[p] - s.t.Reach[who][here].Cost + s.t.Unserved[who]; d < best {
				best, end, dropped = d, int32(p), who
			}
		}
	}
	if end < 0 {
		out[i] += left
		return left
	}
	amount := left
	if dropped < 0 {
		amount = min(amount, s.free[end])
	} else {
		amount = min(amount, s.at[dropped][s.arcTo(dropped, end)])
	}
	for p := end; s.from[p] >= 0; p = s.from[p] {
		amount = min(amount, s.at[s.mover[p]][s.arcTo(s.mover[p], s.from[p])])
	}
	if dropped < 0 {
		s.free[end] -= amount
	} else {
		s.at[dropped][s.arcTo(dropped, end)] -= amount
		out[dropped] += amount
	}
	for p := end; ; p = s.from[p] {
		who := s.mover[p]
		if s.at[who][s.into[p]] == 0 {
			s.hold(p, who)
		}
		s.at[who][s.into[p]] += amount
		if s.from[p] < 0 {
			return amount
		}
		s.at[who][s.arcTo(who, s.from[p])] -= amount
	}
}

func (s *transportState) hold(place, who int32) {
	for _, w := range s.holds[place] {
		if w == who {
			return
		}
	}
	s.holds[place] = append(s.holds[place], who)
}

// arcTo returns the index of a demand's arc to a place it has one to.
func (s *transportState) arcTo(who, place int32) int {
	for k, arc := range s.t.Reach[who] {
		if arc.Place == place {
			return k
		}
	}
	panic("assignment: no arc to a place that holds the demand")
}

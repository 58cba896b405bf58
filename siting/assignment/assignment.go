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
// over the places alone suffices. O(augmentations × places³) at worst.
func (t *Transport) Solve() (flows []Flow, cost, unserved int64) {
	places := len(t.Capacity)
	free := make([]int64, places)
	copy(free, t.Capacity)
	s := &transportState{t: t, free: free, at: make([][]int64, len(t.Load)), holds: make([][]int32, places)}
	s.moves, s.seen = make([]moves, places), make([]int32, places)
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
	moves []moves // by place
	seen  []int32 // by place: its index among the moves that are being found, + 1
}

// moves are the cheapest ways to make room at a place. They hold until its load changes:
// to look for them at each augmentation again took 20 times as long.
type moves struct {
	known bool
	on    []move // to each other place that somebody here can go to
	drop  move   // who had best go unserved
	drops bool   // there is somebody
}

// move is one unit of a demand's load that goes on, along its arc.
type move struct {
	to, who, arc int32
	cost         int64
}

// movesFrom finds how to make room at a place.
func (s *transportState) movesFrom(place int32) *moves {
	m := &s.moves[place]
	if m.known {
		return m
	}
	m.known, m.drops, m.on = true, false, m.on[:0]
	for _, who := range s.holds[place] {
		here := s.arcTo(who, place)
		if s.at[who][here] == 0 {
			continue
		}
		saved := s.t.Reach[who][here].Cost
		if cost := s.t.Unserved[who] - saved; !m.drops || cost < m.drop.cost {
			m.drop, m.drops = move{who: who, cost: cost}, true
		}
		for k, arc := range s.t.Reach[who] {
			if arc.Place == place {
				continue
			}
			found := move{arc.Place, who, int32(k), arc.Cost - saved}
			switch at := s.seen[arc.Place]; {
			case at == 0:
				m.on = append(m.on, found)
				s.seen[arc.Place] = int32(len(m.on))
			case found.cost < m.on[at-1].cost:
				m.on[at-1] = found
			}
		}
	}
	for _, move := range m.on {
		s.seen[move.to] = 0
	}
	return m
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
	for changed := true; changed; {
		changed = false
		for p := range s.dist {
			if s.dist[p] >= far {
				continue
			}
			for _, m := range s.movesFrom(int32(p)).on {
				if d := s.dist[p] + m.cost; d < s.dist[m.to] {
					s.dist[m.to], s.from[m.to], s.mover[m.to], s.into[m.to] = d, int32(p), m.who, m.arc
					changed = true
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
		if m := s.movesFrom(int32(p)); m.drops && s.dist[p]+m.drop.cost < best {
			best, end, dropped = s.dist[p]+m.drop.cost, int32(p), m.drop.who
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
		s.moves[p].known = false
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

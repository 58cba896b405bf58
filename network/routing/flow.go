package routing

import (
	"math"
	"sync"
)

// flow is the scratch memory that finds small separators by inertial flow (A.
// Schild, C. Sommer, On balanced separators in road networks, SEA 2015): nodes are
// ordered along a line, the first and the last of them become source and sink, and
// the least number of edges that part them is a cut.
type flow struct {
	keys    []uint64
	level   []int32
	stamp   int32 // levels below it are of searches before
	current []int32
	flow    []int8 // of each arc: 1 with it, -1 against it
	role    []uint8
	queue   []int32
	stack   []int32
	rim     []int32 // sources with a neighbour that is none
	side    []bool
	best    cut
	cover   cover
}

// The roles of nodes in a flow.
const (
	between = iota
	source
	sink
)

// cut parts the nodes: side says on which side each lies.
type cut struct {
	edges, smaller int
	side           []bool
}

// score is what a cut costs; less is better.
func (c cut) score() float64 {
	if c.smaller == 0 {
		return math.Inf(1)
	}
	return float64(c.edges) / float64(c.smaller)
}

// The shares of nodes that become source and sink. A narrow middle tells cheaply
// which direction is good; only the best is then given room.
const (
	narrowShare = 0.42
	wideShare   = 0.25
)

// parallelNodes are worth a goroutine for each direction.
const parallelNodes = 20_000

// directions of the lines: x, y and the diagonals.
const directions = 4

// separate returns nodes that part p. Directions that cannot beat the best so far
// are given up early, which changes no result: they could not have won.
func (s *flow) separate(p *part, located bool, idle chan struct{}) []int32 {
	s.fit(p)
	best := s.sweep(p, located, idle)
	n := float64(p.nodes())
	// Where streets form a grid with holes, flows grow long: one that is wide
	// already is not worth another, much longer one.
	if cut := float64(s.best.edges); cut <= 200 || cut <= 3*math.Sqrt(n) {
		s.try(p, lineOf(located, best), wideShare, s.best.score())
	}
	return s.cover.separator(p, s.best.side)
}

// lineOf returns the direction to order nodes along; without coordinates it is
// that of their numbers.
func lineOf(located bool, direction int) int {
	if !located {
		return directions
	}
	return direction
}

// sweep tries every direction with a narrow middle and returns the best.
func (s *flow) sweep(p *part, located bool, idle chan struct{}) (best int) {
	s.best.edges, s.best.smaller = 0, 0
	if !located {
		s.try(p, directions, narrowShare, math.Inf(1))
		return directions
	}
	if p.nodes() < parallelNodes || cap(idle) == 0 {
		for direction := range directions {
			if s.try(p, direction, narrowShare, s.best.score()) {
				best = direction
			}
		}
		return best
	}
	// Each on its own, and the first of the best is taken, as above.
	var all [directions]flow
	var running sync.WaitGroup
	for direction := range directions {
		run := func() {
			all[direction].fit(p)
			all[direction].try(p, direction, narrowShare, math.Inf(1))
		}
		select {
		case <-idle:
			running.Go(func() {
				run()
				idle <- struct{}{}
			})
		default:
			run()
		}
	}
	running.Wait()
	for direction := range all {
		if c := all[direction].best; c.score() < s.best.score() {
			s.best.edges, s.best.smaller = c.edges, c.smaller
			copy(s.best.side, c.side)
			best = direction
		}
	}
	return best
}

// fit makes room for a part.
func (s *flow) fit(p *part) {
	n, arcs := p.nodes(), len(p.heads)
	if cap(s.level) < n {
		s.keys, s.level, s.current = make([]uint64, n), make([]int32, n), make([]int32, n)
		s.role, s.side, s.best.side = make([]uint8, n), make([]bool, n), make([]bool, n)
		s.stamp = 0
	}
	s.keys, s.level, s.current = s.keys[:n], s.level[:n], s.current[:n]
	s.role, s.side, s.best.side = s.role[:n], s.side[:n], s.best.side[:n]
	if cap(s.flow) < arcs {
		s.flow = make([]int8, arcs)
	}
	s.flow = s.flow[:arcs]
	s.best.edges, s.best.smaller = 0, 0
}

// try cuts p along one direction and keeps the cut if its score is below limit.
func (s *flow) try(p *part, direction int, share, limit float64) bool {
	n := p.nodes()
	ends := max(1, int(share*float64(n)))
	s.arrange(p, direction, ends)
	clear(s.flow)
	total := 0
	for {
		if s.stamp > math.MaxInt32-2*int32(n)-4 {
			clear(s.level)
			s.stamp = 0
		}
		if !s.layer(p) {
			break
		}
		total += s.augment(p)
		// The smaller side holds half the nodes at most.
		if float64(total)/float64(n/2) >= limit {
			return false
		}
	}
	smaller := s.balance(p)
	c := cut{edges: total, smaller: smaller}
	if c.score() >= limit {
		return false
	}
	s.best.edges, s.best.smaller = total, smaller
	copy(s.best.side, s.side)
	return true
}

// arrange makes the first nodes along a direction sources and the last sinks;
// ties go by number.
func (s *flow) arrange(p *part, direction, ends int) {
	along := func(v int) float64 {
		x, y := float64(p.x[v]), float64(p.y[v])
		switch direction {
		case 0:
			return x
		case 1:
			return y
		case 2:
			return x + y
		case 3:
			return x - y
		}
		return float64(p.id[v])
	}
	low, high := math.Inf(1), math.Inf(-1)
	n := p.nodes()
	for v := range n {
		low, high = min(low, along(v)), max(high, along(v))
	}
	scale := 0.0
	if high > low {
		scale = math.MaxUint32 / (high - low)
	}
	for v := range n {
		s.keys[v] = uint64(uint32((along(v)-low)*scale))<<32 | uint64(v)
		s.role[v] = between
	}
	nth(s.keys, ends)
	nth(s.keys[ends:], n-2*ends)
	for _, key := range s.keys[:ends] {
		s.role[uint32(key)] = source
	}
	for _, key := range s.keys[n-ends:] {
		s.role[uint32(key)] = sink
	}
	s.rim = s.rim[:0]
	for v := range int32(n) {
		if s.role[v] != source {
			continue
		}
		for _, w := range p.heads[p.first[v]:p.first[v+1]] {
			if s.role[w] != source {
				s.rim = append(s.rim, v)
				break
			}
		}
	}
}

// layer gives every node its distance from the sources along arcs with room left,
// up to the first sinks; it reports whether there are any.
func (s *flow) layer(p *part) bool {
	base := s.stamp + 1
	last := base
	s.queue = append(s.queue[:0], s.rim...)
	for _, v := range s.rim {
		s.level[v] = base
	}
	found := false
	for at := 0; at < len(s.queue); at++ {
		v := s.queue[at]
		level := s.level[v]
		if found && level >= last {
			break
		}
		s.current[v] = p.first[v]
		for arc := p.first[v]; arc < p.first[v+1]; arc++ {
			w := p.heads[arc]
			if s.flow[arc] >= 1 || s.level[w] >= base || s.role[w] == source {
				continue
			}
			s.level[w] = level + 1
			s.current[w] = p.first[w]
			if s.role[w] == sink {
				if !found {
					found, last = true, level+1
				}
				continue
			}
			s.queue = append(s.queue, w)
		}
	}
	return found
}

// augment sends flow along all shortest ways and returns how much (Y. Dinitz,
// Algorithm for solution of a problem of maximum flow in networks with power
// estimation, Soviet Math. Doklady 11, 1970). It moves the stamp on.
func (s *flow) augment(p *part) int {
	total := 0
	for _, start := range s.rim {
		for {
			s.stack = s.stack[:0]
			v := start
			reached := false
			for !reached {
				advanced := false
				for arc := s.current[v]; arc < p.first[v+1]; arc++ {
					w := p.heads[arc]
					if s.flow[arc] < 1 && s.level[w] == s.level[v]+1 {
						s.current[v] = arc
						s.stack = append(s.stack, arc)
						v = w
						advanced = true
						break
					}
				}
				if advanced {
					reached = s.role[v] == sink
					continue
				}
				s.current[v] = p.first[v+1]
				if len(s.stack) == 0 {
					break
				}
				arc := s.stack[len(s.stack)-1]
				s.stack = s.stack[:len(s.stack)-1]
				v = p.heads[p.back[arc]]
				s.current[v]++
			}
			if !reached {
				break
			}
			for _, arc := range s.stack {
				s.flow[arc]++
				s.flow[p.back[arc]]--
			}
			total++
		}
	}
	s.stamp += 1 + int32(p.nodes())
	return total
}

// balance takes the sources' side of the least cut, or the sinks', whichever parts
// the nodes more evenly, and returns the number on the smaller side.
func (s *flow) balance(p *part) int {
	n := p.nodes()
	base := s.stamp + 1 // of the last layering, which found no sink
	fromSource := 0
	for v := range n {
		s.side[v] = s.role[v] == source || s.level[v] >= base
		if s.side[v] {
			fromSource++
		}
	}
	// Backward from the sinks, against arcs with room left.
	base += int32(n) + 1
	s.stamp = base
	s.queue = s.queue[:0]
	for v := range int32(n) {
		if s.role[v] == sink {
			s.level[v] = base
			s.queue = append(s.queue, v)
		}
	}
	for at := 0; at < len(s.queue); at++ {
		v := s.queue[at]
		for arc := p.first[v]; arc < p.first[v+1]; arc++ {
			w := p.heads[arc]
			if s.level[w] < base && s.flow[p.back[arc]] < 1 {
				s.level[w] = base
				s.queue = append(s.queue, w)
			}
		}
	}
	toSink := len(s.queue)
	if min(toSink, n-toSink) > min(fromSource, n-fromSource) {
		for v := range n {
			s.side[v] = s.level[v] < base
		}
		return min(toSink, n-toSink)
	}
	return min(fromSource, n-fromSource)
}

// nth moves the k least keys to the front, in no order.
func nth(keys []uint64, k int) {
	for len(keys) > 1 && k > 0 && k < len(keys) {
		a, b, c := keys[0], keys[len(keys)/2], keys[len(keys)-1]
		pivot := max(min(a, b), min(max(a, b), c))
		low, high := 0, len(keys)-1
		for low <= high {
			for keys[low] < pivot {
				low++
			}
			for keys[high] > pivot {
				high--
			}
			if low <= high {
				keys[low], keys[high] = keys[high], keys[low]
				low++
				high--
			}
		}
		switch {
		case k <= high:
			keys = keys[:high+1]
		case k >= low:
			keys, k = keys[low:], k-low
		default:
			return
		}
	}
}

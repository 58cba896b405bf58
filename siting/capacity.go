package siting

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"lifecircle/siting/assignment"
)

// capacitated solves the models that assign loads to capacities. The bound is
// the relaxation's with a continuous knapsack per site; an answer's assignment is
// a flow of least cost where demand may be split, and otherwise a generalised
// assignment, exact as long as its search tree stays small.
func (p *Problem) capacitated(ch *chooser, e *effort) (Solution, error) {
	c, err := p.capacityCore(ch)
	if err != nil {
		return Solution{}, err
	}
	var total int64
	if p.Model == CMCLP {
		total = p.atStake()
		e.turned = &total
	}
	h := p.hunter(c, ch, e)
	h.run()
	s, err := h.outcome(p)
	if err != nil {
		return Solution{}, err
	}
	// The order of flows is that of the demand, not of the search.
	a := c.allocate(h.best, true)
	if a.lack == 0 {
		s.Value = min(s.Value, a.value)
		s.Bound = min(s.Bound, s.Value)
	}
	for _, f := range a.flows {
		s.Assigned = append(s.Assigned, Flow{int(c.demand[f.Demand]), int(ch.site[f.Place]), f.Load})
	}
	if p.Model == CMCLP {
		s.turn(total)
	}
	return s, nil
}

func (p *Problem) capacityCore(ch *chooser) (*core, error) {
	b := build{cutoff: p.cutoff(), unserved: hard, cost: func(int32) int32 { return 0 }}
	switch p.Model {
	case CPMedian:
		b.cutoff = math.MaxInt32 - 1
		b.cost = func(t int32) int32 { return t }
		if p.Unserved > 0 {
			b.unserved = p.Unserved
		}
	case CMCLP:
		b.unserved = 1
	case CLSCP:
		b.sites, b.fen = !p.Cheapest, p.Cheapest
	}
	c, err := newCore(p, ch, b)
	if err != nil {
		return nil, err
	}
	c.whole = p.Whole
	c.capacity = make([]int64, c.m)
	for o := range c.capacity {
		c.capacity[o] = p.Candidates[ch.site[o]].options()[max(ch.module[o], 0)].Capacity
	}
	c.load = make([]int64, c.n)
	for r, i := range c.demand {
		c.load[r] = p.Demand[i].Load
	}
	return c, nil
}

// allocation is who is served where.
type allocation struct {
	flows []assignment.Flow // Demand is a row, Place an option
	value int64             // with f and constant
	lack  int64             // weight of hard rows unserved
	exact bool
	least int64 // no assignment of this set is worth less
}

// allocate assigns the rows to the options of a set. thorough asks for the
// flows too and for a longer search.
func (c *core) allocate(set []int32, thorough bool) allocation {
	fixed := c.constant
	var room, most, all int64
	t := assignment.Transport{Load: c.load, Reach: make([][]assignment.Arc, c.n), Unserved: make([]int64, c.n)}
	for k, o := range set {
		fixed += c.fixed[o]
		room += c.capacity[o]
		t.Capacity = append(t.Capacity, c.capacity[o])
		for at := c.first[o]; at < c.first[o+1]; at++ {
			t.Reach[c.row[at]] = append(t.Reach[c.row[at]], assignment.Arc{Place: int32(k), Cost: int64(c.cost[at])})
			most = max(most, int64(c.cost[at]))
		}
	}
	// Beyond every chain of moves through the open sites.
	far := (most + 1) * int64(len(set)+2)
	for i := range t.Unserved {
		t.Unserved[i] = far
		if c.unserved[i] != hard {
			t.Unserved[i] = int64(c.unserved[i])
		} else {
			all += c.load[i]
		}
	}
	if c.whole {
		a := c.allocateWhole(&t, set, thorough)
		a.value += fixed
		a.least += fixed
		return a
	}
	if all > room && !slices.ContainsFunc(c.unserved, func(u int32) bool { return u != hard }) && !thorough {
		return allocation{value: fixed, lack: all - room, exact: true, least: fixed}
	}
	flows, cost, _ := t.Solve()
	a := allocation{value: cost + fixed, exact: true}
	left := slices.Clone(c.load)
	for k := range flows {
		left[flows[k].Demand] -= flows[k].Load
		flows[k].Place = set[flows[k].Place]
	}
	for i, n := range left {
		if c.unserved[i] == hard && n > 0 {
			a.lack += n
			a.value -= n * far
		}
	}
	a.flows, a.least = flows, a.value
	return a
}

// allocateWhole serves each row at one site. Rows enter by regret, then single
// moves and exchanges improve; a depth-first search proves small cases.
func (c *core) allocateWhole(t *assignment.Transport, set []int32, thorough bool) allocation {
	n := c.n
	free := slices.Clone(t.Capacity)
	at := make([]int32, n) // arc, −1 unserved
	for i := range at {
		at[i] = -1
		slices.SortFunc(t.Reach[i], func(a, b assignment.Arc) int {
			return cmp.Or(cmp.Compare(a.Cost, b.Cost), cmp.Compare(a.Place, b.Place))
		})
	}
	cost := func(i int, k int32) int64 {
		if k < 0 {
			return c.weight[i] * t.Unserved[i]
		}
		return c.weight[i] * t.Reach[i][k].Cost
	}
	var least int64
	order := make([]int, n)
	regret := make([]int64, n)
	for i := range order {
		order[i] = i
		arcs := t.Reach[i]
		switch len(arcs) {
		case 0:
			least += cost(i, -1)
		case 1:
			least += min(cost(i, 0), cost(i, -1))
			regret[i] = math.MaxInt64
		default:
			least += min(cost(i, 0), cost(i, -1))
			regret[i] = (cost(i, 1) - cost(i, 0)) * 4
		}
		if regret[i] < math.MaxInt64 {
			regret[i] += c.load[i]
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(regret[b], regret[a]), cmp.Compare(c.load[b], c.load[a]), cmp.Compare(a, b))
	})
	for _, i := range order {
		for k, arc := range t.Reach[i] {
			if free[arc.Place] >= c.load[i] && cost(i, int32(k)) < cost(i, -1) {
				at[i] = int32(k)
				free[arc.Place] -= c.load[i]
				break
			}
		}
	}
	improveWhole(c, t, at, free)
	a := allocation{least: least}
	total := func(at []int32) (sum int64) {
		for i, k := range at {
			sum += cost(i, k)
		}
		return sum
	}
	value := total(at)
	limit := 300
	if n > 60 {
		limit = 0
	}
	if thorough {
		limit *= 100
	}
	if n <= 12 {
		limit = 200_000
	}
	exact := value == least
	if !exact && limit > 0 {
		search := &wholeSearch{c: c, t: t, cost: cost, best: value, at: slices.Clone(at), order: order, free: slices.Clone(t.Capacity), limit: limit, rest: make([]int64, n+1)}
		for k := n - 1; k >= 0; k-- {
			i := order[k]
			search.rest[k] = search.rest[k+1] + cost(i, -1)
			if len(t.Reach[i]) > 0 {
				search.rest[k] = search.rest[k+1] + min(cost(i, 0), cost(i, -1))
			}
		}
		search.now = make([]int32, n)
		search.try(0, 0)
		if search.found {
			at, value = search.at, search.best
		}
		exact = search.limit > 0
	}
	a.value, a.exact = value, exact
	if exact {
		a.least = value
	}
	for i, k := range at {
		switch {
		case k >= 0:
			a.flows = append(a.flows, assignment.Flow{Demand: int32(i), Place: set[t.Reach[i][k].Place], Load: c.load[i]})
		case c.unserved[i] == hard:
			a.lack += c.weight[i]
			a.value -= cost(i, -1)
		}
	}
	if exact {
		a.least = a.value
	}
	return a
}

// improveWhole moves and exchanges single rows as long as that saves.
func improveWhole(c *core, t *assignment.Transport, at []int32, free []int64) {
	unit := func(i int, k int32) int64 {
		if k < 0 {
			return c.weight[i] * t.Unserved[i]
		}
		return c.weight[i] * t.Reach[i][k].Cost
	}
	arcTo := make([][]int32, c.n) // row → place → arc + 1
	for i := range arcTo {
		arcTo[i] = make([]int32, len(free))
		for k, arc := range t.Reach[i] {
			arcTo[i][arc.Place] = int32(k) + 1
		}
	}
	for moved := true; moved; {
		moved = false
		for i := range at {
			for k, arc := range t.Reach[i] {
				if int32(k) == at[i] || unit(i, int32(k)) >= unit(i, at[i]) {
					break // arcs ascend
				}
				if free[arc.Place] >= c.load[i] {
					if at[i] >= 0 {
						free[t.Reach[i][at[i]].Place] += c.load[i]
					}
					at[i] = int32(k)
					free[arc.Place] -= c.load[i]
					moved = true
					break
				}
			}
		}
		for i := range at {
			for j := range i {
				if at[i] < 0 && at[j] < 0 {
					continue
				}
				pi, pj := int32(-1), int32(-1)
				if at[i] >= 0 {
					pi = t.Reach[i][at[i]].Place
				}
				if at[j] >= 0 {
					pj = t.Reach[j][at[j]].Place
				}
				if pi == pj {
					continue
				}
				ki, kj := int32(-1), int32(-1)
				if pj >= 0 {
					if ki = arcTo[i][pj] - 1; ki < 0 || free[pj]+c.load[j] < c.load[i] {
						continue
					}
				}
				if pi >= 0 {
					if kj = arcTo[j][pi] - 1; kj < 0 || free[pi]+c.load[i] < c.load[j] {
						continue
					}
				}
				if unit(i, ki)+unit(j, kj) >= unit(i, at[i])+unit(j, at[j]) {
					continue
				}
				if pj >= 0 {
					free[pj] += c.load[j] - c.load[i]
				}
				if pi >= 0 {
					free[pi] += c.load[i] - c.load[j]
				}
				at[i], at[j] = ki, kj
				moved = true
			}
		}
	}
}

type wholeSearch struct {
	c     *core
	t     *assignment.Transport
	cost  func(i int, k int32) int64
	order []int
	rest  []int64
	free  []int64
	now   []int32
	at    []int32
	best  int64
	found bool
	limit int
}

func (s *wholeSearch) try(depth int, sum int64) {
	if s.limit--; s.limit <= 0 || sum+s.rest[depth] >= s.best {
		return
	}
	if depth == len(s.order) {
		s.best, s.found = sum, true
		copy(s.at, s.now)
		return
	}
	i := s.order[depth]
	for k, arc := range s.t.Reach[i] {
		if s.free[arc.Place] >= s.c.load[i] {
			s.free[arc.Place] -= s.c.load[i]
			s.now[i] = int32(k)
			s.try(depth+1, sum+s.cost(i, int32(k)))
			s.free[arc.Place] += s.c.load[i]
		}
	}
	s.now[i] = -1
	s.try(depth+1, sum+s.cost(i, -1))
}

// capacityKicks improves a capacitated choice: sites move at random to near
// ones, then each group of rows gets the option that serves it at least cost,
// until that stays.
func (h *hunt) capacityKicks() {
	c := h.c
	if len(h.best) == 0 {
		h.rove()
		if !h.found {
			return
		}
	}
	current, value := slices.Clone(h.best), h.value
	for stale := 0; stale < 10*h.patience() && !h.e.over() && !h.content(); stale++ {
		h.e.done++
		set := slices.Clone(current)
		for range 1 + h.e.rng.IntN(2) {
			if len(set) == 0 {
				return
			}
			k := h.e.rng.IntN(len(set))
			near := c.options(c.nearRow(set[k], h.e.rng.IntN(1<<30)))
			o := near[h.e.rng.IntN(min(len(near), 2+c.m/len(set)))]
			if !slices.Contains(set, o) {
				set[k] = o
			}
		}
		best := int64(math.MaxInt64)
		for range 6 {
			if h.ch.violation(set) > 0 {
				break
			}
			a := c.allocate(set, false)
			if a.lack > 0 || a.value >= best {
				break
			}
			best = a.value
			if a.value-c.constant < h.value {
				if h.offer(set) {
					stale = 0
				}
			}
			set = c.medians(set, a)
		}
		if best-c.constant <= value+value/2000 && best < math.MaxInt64 {
			current, value = set, best-c.constant
			if h.ch.violation(set) > 0 {
				current, value = slices.Clone(h.best), h.value
			}
		} else if h.e.rng.IntN(20) == 0 {
			current, value = slices.Clone(h.best), h.value
		}
	}
}

// nearRow returns a row that an option reaches, or any.
func (c *core) nearRow(o int32, at int) int32 {
	if rows := c.rows(o); len(rows) > 0 {
		best := rows[at%len(rows)]
		costs := c.costs(o)
		for try := range 8 { // the nearest of a few
			k := (at>>3 + try*7919) % len(rows)
			if costs[k] < costs[slices.Index(rows, best)] {
				best = rows[k]
			}
		}
		return best
	}
	return int32(at % c.n)
}

// medians returns, for each group of an allocation, the option of enough
// capacity that would serve it at least cost.
func (c *core) medians(set []int32, a allocation) []int32 {
	groups := map[int32][]assignment.Flow{}
	for _, f := range a.flows {
		groups[f.Place] = append(groups[f.Place], f)
	}
	next := make([]int32, 0, len(set))
	sum := make([]int64, c.m)
	hits := make([]int, c.m)
	for _, o := range set {
		group := groups[o]
		var load int64
		clear(sum)
		clear(hits)
		for _, f := range group {
			load += f.Load
			w := c.weight[f.Demand]
			if !c.whole {
				w = f.Load
			}
			options, costs := c.options(f.Demand), c.optionCosts(f.Demand)
			for k, b := range options {
				sum[b] += w * int64(costs[k])
				hits[b]++
			}
		}
		best := o
		for b := range int32(c.m) {
			if hits[b] == len(group) && c.capacity[b] >= load && sum[b] < sum[best] && !slices.Contains(next, b) {
				best = b
			}
		}
		if slices.Contains(next, best) {
			best = o
		}
		next = append(next, best)
	}
	return next
}

// finishFlows evaluates a capacitated answer from the question and its flows.
func (p *Problem) finishFlows(s *Solution) error {
	a := p.assessSites(s.Sites)
	room := map[int]int64{}
	index := map[int]int{}
	for k, site := range s.Sites {
		room[site.Candidate] = p.Candidates[site.Candidate].options()[max(site.Module, 0)].Capacity
		index[site.Candidate] = k
	}
	left := make([]int64, len(p.Demand))
	for i, d := range p.Demand {
		left[i] = d.Load
	}
	a.nearest, a.time = make([]int32, len(p.Demand)), make([]int32, len(p.Demand))
	for i := range a.nearest {
		a.nearest[i] = -1
	}
	touched := make([]int, len(p.Demand))
	for _, f := range s.Assigned {
		t, ok := p.Reach.Time(f.Candidate, f.Demand)
		if _, open := room[f.Candidate]; !ok || !open || p.Model != CPMedian && t > p.cutoff() {
			return fmt.Errorf("siting: the answer to %s sends demand %d to candidate %d, which is closed or out of reach", p.Model, f.Demand, f.Candidate)
		}
		room[f.Candidate] -= f.Load
		left[f.Demand] -= f.Load
		touched[f.Demand]++
		a.served[index[f.Candidate]] += f.Load
		a.nearest[f.Demand], a.time[f.Demand] = int32(index[f.Candidate]), max(a.time[f.Demand], t)
		weight := f.Load
		if p.Whole {
			weight = p.Demand[f.Demand].Weight
		}
		switch p.Model {
		case CPMedian:
			a.value += weight * int64(t)
		case CMCLP:
			a.value += weight
		}
		if room[f.Candidate] < 0 {
			a.breaks("capacity", -room[f.Candidate])
		}
	}
	for i, d := range p.Demand {
		if p.Whole && touched[i] > 1 || left[i] < 0 {
			a.breaks("split", 1)
		}
		served := left[i] == 0 && (touched[i] > 0 || d.Weight == 0)
		if served || d.Weight == 0 {
			continue
		}
		missing := left[i]
		if p.Whole {
			missing = d.Weight
		}
		a.uncover += missing
		if len(a.cells) < maxCells {
			a.cells = append(a.cells, i)
		}
		switch {
		case p.Model == CMCLP:
		case p.Model == CPMedian && p.Unserved > 0:
			a.value += missing * int64(p.Unserved)
		default:
			a.breaks("capacity", missing)
		}
	}
	if p.Model == CLSCP {
		a.value = int64(len(s.Sites))
		if p.Cheapest {
			a.value = a.spent
		}
	}
	return p.finish(s, a)
}

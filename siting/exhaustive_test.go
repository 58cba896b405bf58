package siting

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// draw makes a small random problem of a model, with budgets, quotas, sizes,
// floors and the rest each now and then.
func draw(model Model, seed uint64) *Problem {
	rng := rand.New(rand.NewPCG(seed, 7))
	maybe := func(oneIn int) bool { return rng.IntN(oneIn) == 0 }
	n, m := 3+rng.IntN(8), 3+rng.IntN(5)
	if model.capacitated() {
		n, m = 3+rng.IntN(4), 3+rng.IntN(3)
	}
	p := &Problem{Model: model, Areas: []string{"A", "B", "C"}, Scale: 1}
	for i := range n {
		w := int64(rng.IntN(20))
		p.Demand = append(p.Demand, Demand{ID: fmt.Sprint("d", i), Weight: w + 1, Load: w + 1, Area: int32(rng.IntN(3))})
	}
	if !model.capacitated() && maybe(4) {
		p.Demand[0].Weight = 0
	}
	p.Reach = NewReach(n)
	for j := range m {
		c := Candidate{ID: fmt.Sprint("c", j), Area: int32(rng.IntN(3)), Cost: int64(rng.IntN(9)), Capacity: int64(5 + rng.IntN(40))}
		if maybe(4) {
			c.State = State(rng.IntN(5))
			if c.State == Competitor && model.capacitated() {
				c.State = Open
			}
		}
		if maybe(4) {
			c.Modules = []Module{{int64(5 + rng.IntN(20)), int64(rng.IntN(5))}, {int64(20 + rng.IntN(40)), int64(3 + rng.IntN(9))}}
		}
		if maybe(6) {
			c.Requires = []int{(j + 1 + rng.IntN(m-1)) % m}
		}
		if maybe(6) {
			c.Excludes = []int{(j + 1 + rng.IntN(m-1)) % m}
		}
		p.Candidates = append(p.Candidates, c)
		var demand, times []int32
		for i := range n {
			if rng.IntN(3) > 0 || model == PCentre || model == CPMedian {
				demand, times = append(demand, int32(i)), append(times, int32(rng.IntN(30)))
			}
		}
		if err := p.Reach.Add(demand, times); err != nil {
			panic(err)
		}
	}
	l := &p.Limits
	if !model.covering() || maybe(3) {
		l.Count = 1 + rng.IntN(3)
		if model == PDispersion {
			l.Count++
		}
	}
	if model == LSCPB {
		l.Count = 0
	}
	if maybe(3) {
		l.Budget, l.HasBudget = int64(rng.IntN(25)), true
		if !model.covering() && model != PDispersion && maybe(2) {
			l.Count = 0
		}
	}
	if maybe(3) {
		l.Quotas = append(l.Quotas, Quota{int32(rng.IntN(3)), rng.IntN(2), 1 + rng.IntN(2)})
	}
	if maybe(4) {
		l.MaxClosed, l.HasMaxClosed = rng.IntN(2), true
	}
	if model == PSCLP {
		l.Share = int64(rng.IntN(900_000)) + 1
	}
	if !model.capacitated() && model != PDispersion {
		if maybe(4) {
			l.Floor = int64(rng.IntN(700_000))
		}
		if maybe(4) {
			l.LeastServed = int64(rng.IntN(15))
		}
		if maybe(3) {
			p.Cutoff = int32(10 + rng.IntN(20))
		}
	}
	if maybe(2) {
		p.Unserved = 40
	}
	p.Cheapest = maybe(2)
	p.Nearest = 1 + rng.IntN(3)
	p.Decay = func(t int32) int64 { return max(0, Million-int64(t)*33_000) }
	p.Whole = maybe(2)
	if model == PDispersion {
		at := make([]int32, m)
		for j := range at {
			at[j] = int32(rng.IntN(100))
		}
		p.Between = func(a, b int) int32 { return max(at[a]-at[b], at[b]-at[a]) }
		p.Demand, p.Reach = nil, nil
	} else if model != PSCLP && !model.capacitated() && maybe(4) {
		l.Share = int64(rng.IntN(900_000)) + 1
		p.Cutoff = int32(5 + rng.IntN(20))
	}
	if model == LSCPB && maybe(3) {
		l.Count = 1 + rng.IntN(3)
	}
	for j := range p.Candidates {
		if c := &p.Candidates[j]; l.HasMaxClosed && c.State == Closed && maybe(3) {
			c.State = Open
		}
	}
	return p
}

// limits name what a problem may be limited by, and leave it out.
var limits = []struct {
	name string
	of   func(p *Problem) bool
	out  func(p *Problem)
}{
	{"number", func(p *Problem) bool { return p.Limits.Count > 0 }, func(p *Problem) { p.Limits.Count = 0 }},
	{"budget", func(p *Problem) bool { return p.Limits.HasBudget }, func(p *Problem) { p.Limits.HasBudget = false }},
	{"quota", func(p *Problem) bool { return p.Limits.Quotas != nil }, func(p *Problem) { p.Limits.Quotas = nil }},
	{"share", func(p *Problem) bool { return p.Limits.Share > 0 }, func(p *Problem) { p.Limits.Share = 0 }},
	{"floor", func(p *Problem) bool { return p.Limits.Floor > 0 }, func(p *Problem) { p.Limits.Floor = 0 }},
	{"closures", func(p *Problem) bool { return p.Limits.HasMaxClosed }, func(p *Problem) { p.Limits.HasMaxClosed = false }},
	{"occupancy", func(p *Problem) bool { return p.Limits.LeastServed > 0 }, func(p *Problem) { p.Limits.LeastServed = 0 }},
	{"beside", some(func(c *Candidate) bool { return c.Requires != nil }), each(func(c *Candidate) { c.Requires = nil })},
	{"merger", some(func(c *Candidate) bool { return c.Excludes != nil }), each(func(c *Candidate) { c.Excludes = nil })},
	{"fixed", some(func(c *Candidate) bool { return c.State == Fixed }), each(func(c *Candidate) { c.free(Fixed) })},
	{"forbidden", some(func(c *Candidate) bool { return c.State == Forbidden }), each(func(c *Candidate) { c.free(Forbidden) })},
	{"competitor", some(func(c *Candidate) bool { return c.State == Competitor }), each(func(c *Candidate) { c.free(Competitor) })},
	{"sizes", some(func(c *Candidate) bool { return c.Modules != nil }), each(func(c *Candidate) { c.Modules = nil })},
	{"cutoff", func(p *Problem) bool { return p.Cutoff > 0 }, func(p *Problem) { p.Cutoff = 0 }},
	{"whole", func(p *Problem) bool { return p.Whole }, func(p *Problem) { p.Whole = false }},
}

func (c *Candidate) free(from State) {
	if c.State == from {
		c.State = Closed
	}
}

func some(is func(*Candidate) bool) func(*Problem) bool {
	return func(p *Problem) bool {
		return slices.ContainsFunc(p.Candidates, func(c Candidate) bool { return is(&c) })
	}
}

func each(change func(*Candidate)) func(*Problem) {
	return func(p *Problem) {
		for j := range p.Candidates {
			change(&p.Candidates[j])
		}
	}
}

// decided notes of which limits it takes leave of one to change the best value, or
// whether there is an answer.
func decided(p *Problem, want int64, ok bool, by map[string]int) {
	for _, limit := range limits {
		if by[limit.name] >= 2 || !limit.of(p) {
			continue
		}
		without := *p
		without.Candidates = slices.Clone(p.Candidates)
		limit.out(&without)
		if value, is := exhaustive(&without); value != want || is != ok {
			by[limit.name]++
		}
	}
}

// inapplicable are the limits that change nothing of a model's answers: it refuses them
// or has no use for them.
func inapplicable(model Model) []string {
	switch {
	case model == PDispersion: // it serves nobody
		return []string{"share", "floor", "occupancy", "cutoff", "whole"}
	case model.capacitated():
		return []string{"share", "floor", "occupancy", "competitor", "cutoff"}
	case model == LSCP, model == LSCPB: // they cover everybody
		return []string{"share", "floor", "whole"}
	}
	return []string{"whole"}
}

// exhaustive tries every set of sites and sizes, by definitions of its own. It
// returns the best value, or false if no set obeys the limits.
func exhaustive(p *Problem) (best int64, ok bool) {
	m := len(p.Candidates)
	sizes := make([]int, m) // 0 closed, k: option k−1
	least := 0              // LSCP-B: fewest or cheapest covers
	fewest := p.Model == LSCPB && p.Limits.Count == 0
	var pass func(j int)
	better := func(v int64) bool { return !ok || p.Model.Maximises() && v > best || !p.Model.Maximises() && v < best }
	stage := 0
	visit := func() {
		value, count, feasible := judge(p, sizes)
		if !feasible {
			return
		}
		if fewest {
			if stage == 0 {
				if !ok || count < least {
					least, ok = count, true
				}
				return
			}
			if count > least {
				return
			}
		}
		if better(value) {
			best, ok = value, true
		}
	}
	pass = func(j int) {
		if j == m {
			visit()
			return
		}
		for k := range len(p.Candidates[j].options()) + 1 {
			sizes[j] = k
			pass(j + 1)
		}
		sizes[j] = 0
	}
	pass(0)
	if fewest && ok {
		stage, ok = 1, false
		pass(0)
	}
	return best, ok
}

// judge evaluates one set: its value, and for LSCP-B what the first stage
// minimises.
func judge(p *Problem, sizes []int) (value int64, first int, feasible bool) {
	l := p.Limits
	var cost, sites, closed int
	perArea := map[int32]int{}
	for j, c := range p.Candidates {
		open := sizes[j] > 0
		switch {
		case open && (c.State == Forbidden || c.State == Competitor), !open && c.State == Fixed:
			return 0, 0, false
		case !open && c.State == Open:
			closed++
		}
		if !open {
			continue
		}
		sites++
		cost += int(c.options()[sizes[j]-1].Cost)
		perArea[c.Area]++
		met := len(c.Requires) == 0
		for _, k := range c.Requires {
			met = met || sizes[k] > 0
		}
		for _, k := range c.Excludes {
			met = met && sizes[k] == 0
		}
		if !met {
			return 0, 0, false
		}
	}
	if l.Count > 0 && sites > l.Count || p.Model == PDispersion && sites != l.Count || l.HasBudget && int64(cost) > l.Budget || l.HasMaxClosed && closed > l.MaxClosed {
		return 0, 0, false
	}
	for _, q := range l.Quotas {
		if perArea[q.Area] < q.Least || q.Most >= 0 && perArea[q.Area] > q.Most {
			return 0, 0, false
		}
	}
	first = sites
	if p.Cheapest {
		first = cost
	}
	if p.Model == PDispersion {
		value = math.MaxInt64
		for a := range sizes {
			for b := range a {
				if sizes[a] > 0 && sizes[b] > 0 {
					value = min(value, int64(p.Between(a, b)))
				}
			}
		}
		return value, first, true
	}
	if p.Model.capacitated() {
		value, feasible = judgeLoads(p, sizes)
		if p.Model == CLSCP {
			value = int64(first)
		}
		return value, first, feasible
	}
	cutoff := p.cutoff()
	served := make([]int64, len(sizes))
	covered, weight := map[int32]int64{}, map[int32]int64{}
	shares := map[int32]int64{}
	for i, d := range p.Demand {
		if d.Weight == 0 {
			continue
		}
		weight[d.Area] += d.Weight
		own, rival, at, times := int32(math.MaxInt32), int32(math.MaxInt32), -1, 0
		for j, c := range p.Candidates {
			t, ok := p.Reach.Time(j, i)
			switch {
			case !ok:
			case c.State == Competitor:
				rival = min(rival, t)
			case sizes[j] > 0:
				if t < own {
					own, at = t, j
				}
				if t <= cutoff {
					times++
				}
			}
		}
		best := min(own, rival)
		if best <= cutoff {
			covered[d.Area] += d.Weight
		}
		ours := false
		switch p.Model {
		case LSCP, PSCLP, MCLP, LSCPB:
			if (p.Model == LSCP || p.Model == LSCPB) && best > cutoff {
				return 0, 0, false
			}
			ours = own <= cutoff && rival > cutoff
			if ours && (p.Model == MCLP || p.Model == LSCPB && times > 1) {
				value += d.Weight
			}
		case Attendance:
			var f, g int64
			if own < math.MaxInt32 {
				f = p.Decay(own)
			}
			if rival < math.MaxInt32 {
				g = p.Decay(rival)
			}
			value += d.Weight * max(0, f-g)
			ours = f > g
		default:
			ours = own <= rival && at >= 0 && (p.Unserved == 0 || own < p.Unserved)
			if p.Unserved > 0 {
				best = min(best, p.Unserved)
			}
			if best == math.MaxInt32 {
				return 0, 0, false
			}
			if p.Model == PCentre {
				value = max(value, int64(best))
			} else {
				value += d.Weight * int64(best)
			}
		}
		if ours {
			served[at] += d.Weight
		}
	}
	var all, done int64
	for g, w := range weight {
		all, done = all+w, done+covered[g]
		if covered[g]*Million < w*l.Floor {
			return 0, 0, false
		}
		shares[g] = covered[g] * Million / w
	}
	if done*Million < all*l.Share {
		return 0, 0, false
	}
	for j, s := range served {
		if sizes[j] > 0 && s < l.LeastServed {
			return 0, 0, false
		}
	}
	if p.Model == LSCP || p.Model == PSCLP {
		value = int64(first)
	}
	if p.Fairest {
		value = Million
		for _, s := range shares {
			value = min(value, s)
		}
	}
	return value, first, true
}

// judgeLoads assigns loads by trying every way: unit by unit where demand may be
// split (by augmenting paths over single units), else demand by demand.
func judgeLoads(p *Problem, sizes []int) (value int64, feasible bool) {
	room := make([]int64, len(sizes))
	for j, k := range sizes {
		if k > 0 {
			room[j] = p.Candidates[j].options()[k-1].Capacity
		}
	}
	cost := func(i, j int) (int64, bool) {
		t, ok := p.Reach.Time(j, i)
		switch {
		case !ok || sizes[j] == 0, p.Model != CPMedian && t > p.cutoff(), p.Model == CPMedian && p.Unserved > 0 && t >= p.Unserved:
			return 0, false
		case p.Model == CPMedian:
			return int64(t), true
		}
		return 0, true
	}
	// Going unserved costs u; a forbidden way out costs more than all else.
	const never = 1 << 30
	u := int64(never)
	switch {
	case p.Model == CMCLP:
		u = 1
	case p.Model == CPMedian && p.Unserved > 0:
		u = int64(p.Unserved)
	}
	var total, weights int64
	for _, d := range p.Demand {
		weights += d.Weight
	}
	if p.Whole {
		total = judgeWhole(p, room, cost, u)
	} else {
		total = judgeUnits(p, room, cost, u)
	}
	if total >= never {
		return 0, false
	}
	if p.Model == CMCLP {
		return weights - total, true
	}
	return total, true
}

// judgeWhole tries every place for every demand in turn.
func judgeWhole(p *Problem, room []int64, cost func(i, j int) (int64, bool), u int64) int64 {
	var from func(i int) int64
	from = func(i int) int64 {
		if i == len(p.Demand) {
			return 0
		}
		d := p.Demand[i]
		best := d.Weight*u + from(i+1)
		for j := range room {
			if c, ok := cost(i, j); ok && room[j] >= d.Load {
				room[j] -= d.Load
				best = min(best, d.Weight*c+from(i+1))
				room[j] += d.Load
			}
		}
		return best
	}
	return from(0)
}

// judgeUnits is a min-cost flow by Bellman–Ford on the whole residual graph.
func judgeUnits(p *Problem, room []int64, cost func(i, j int) (int64, bool), u int64) int64 {
	n, m := len(p.Demand), len(room)
	out := m // a place where everyone has room, at cost u
	type arc struct {
		to, back  int
		left, fee int64
	}
	graph := make([][]arc, n+m+3)
	source, sink := n+m+1, n+m+2
	join := func(a, b int, left, fee int64) {
		graph[a] = append(graph[a], arc{b, len(graph[b]), left, fee})
		graph[b] = append(graph[b], arc{a, len(graph[a]) - 1, 0, -fee})
	}
	for i, d := range p.Demand {
		join(source, i, d.Load, 0)
		for j := range room {
			if c, ok := cost(i, j); ok {
				join(i, n+j, d.Load, c)
			}
		}
		join(i, n+out, d.Load, u)
	}
	for j, r := range room {
		join(n+j, sink, r, 0)
	}
	join(n+out, sink, math.MaxInt32, 0)
	var total int64
	for {
		dist := make([]int64, len(graph))
		from := make([][2]int, len(graph))
		for v := range dist {
			dist[v] = math.MaxInt64 / 4
		}
		dist[source] = 0
		for changed := true; changed; {
			changed = false
			for v := range graph {
				for k, a := range graph[v] {
					if a.left > 0 && dist[v] < math.MaxInt64/4 && dist[v]+a.fee < dist[a.to] {
						dist[a.to], from[a.to], changed = dist[v]+a.fee, [2]int{v, k}, true
					}
				}
			}
		}
		if dist[sink] >= math.MaxInt64/4 {
			return total
		}
		for v := sink; v != source; v = from[v][0] {
			a := &graph[from[v][0]][from[v][1]]
			a.left--
			graph[v][a.back].left++
		}
		total += dist[sink]
	}
}

// TestExhaustive compares every model with trying every set of sites, on 200
// random problems each, half of them with limits in conflict or nearly so.
func TestExhaustive(t *testing.T) {
	t.Parallel()
	for _, model := range Models() {
		t.Run(string(model), func(t *testing.T) {
			t.Parallel()
			solved, refused, impossible := 0, 0, 0
			by := make(map[string]int)
			for seed := uint64(1); solved+impossible < 200; seed++ {
				p := draw(model, seed)
				if p.Check() != nil {
					refused++
					continue
				}
				want, ok := exhaustive(p)
				s, err := Solve(t.Context(), p, Config{Seed: seed, Iterations: 1 << 40})
				if _, no := Infeasible(err); no != !ok || err != nil && !no {
					t.Fatalf("seed %d: %v, exhaustive search has an answer: %v (%d)", seed, err, ok, want)
				}
				decided(p, want, ok, by)
				if !ok {
					impossible++
					continue
				}
				solved++
				if s.Value != want || s.Bound != want {
					t.Fatalf("seed %d: value %d, bound %d (%s), want %d\n%+v", seed, s.Value, s.Bound, s.Proof, want, s.Sites)
				}
			}
			if solved < 60 || impossible < 5 {
				t.Errorf("%d solved and %d impossible of %d: the drawing is lopsided", solved, impossible, solved+impossible+refused)
			}
			for _, limit := range limits {
				if (by[limit.name] == 0) != slices.Contains(inapplicable(model), limit.name) {
					t.Errorf("%s decides %d answers", limit.name, by[limit.name])
				}
			}
		})
	}
}

// TestExhaustiveFairest does the same for the least covered area's share.
func TestExhaustiveFairest(t *testing.T) {
	t.Parallel()
	solved := 0
	for seed := uint64(1); solved < 60; seed++ {
		p := draw(MCLP, seed)
		p.Fairest = true
		if p.Check() != nil {
			continue
		}
		want, ok := exhaustive(p)
		s, err := Solve(t.Context(), p, Config{Seed: seed, Iterations: 1 << 40})
		if _, no := Infeasible(err); no != !ok || err != nil && !no {
			t.Fatalf("seed %d: %v, exhaustive search has an answer: %v", seed, err, ok)
		}
		if !ok {
			continue
		}
		solved++
		if s.Value != want || s.Bound != want {
			t.Fatalf("seed %d: share %d, bound %d, want %d", seed, s.Value, s.Bound, want)
		}
	}
}

// TestBoundOfLittleEffort: however early the search is stopped, the value is
// that of its sites and the bound is not passed by the true optimum.
func TestBoundOfLittleEffort(t *testing.T) {
	t.Parallel()
	for _, model := range Models() {
		if model == LSCPB {
			continue // its bound speaks of the number of sites that its first stage found
		}
		answers := 0
		for seed := uint64(1); seed < 60; seed++ {
			p := draw(model, seed)
			s, err := Solve(t.Context(), p, Config{Seed: seed, Iterations: int64(1 + seed%17)})
			if err != nil {
				continue // refused, impossible, or too little effort to answer
			}
			answers++
			best, _ := exhaustive(p)
			if model.Maximises() && (s.Value > best || s.Bound < best) || !model.Maximises() && (s.Value < best || s.Bound > best) {
				t.Errorf("%s, seed %d: value %d, bound %d, optimum %d", model, seed, s.Value, s.Bound, best)
			}
		}
		if answers == 0 {
			t.Errorf("%s: no answers", model)
		}
	}
}

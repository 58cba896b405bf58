package siting

import (
	"fmt"
	"math"
	"slices"
)

// assessment is a set of sites evaluated from the question alone: nothing of
// what the solver prepared is used, so that a fault there shows here.
type assessment struct {
	value    int64
	broken   []Broken
	served   []int64 // by given site
	nearest  []int32 // demand → index of the given site that serves it, −1
	time     []int32
	times    []int32 // demand → how many given sites cover it
	uncover  int64
	cells    []int
	spent    int64
	openArea []int
}

// Broken is a limit that a set of sites does not obey, and by how much.
type Broken struct {
	Limit  string
	Amount int64
}

// assess evaluates sites. The value is that of the model: weight for coverage,
// weight × time for medians, a time for p-centre and p-dispersion, sites or fen
// for covers. Capacitated models are assessed in assessFlows.
func (p *Problem) assess(sites []Site) assessment {
	a := p.assessSites(sites)
	if p.Model == PDispersion {
		a.value = math.MaxInt64
		for i, s := range sites {
			for _, t := range sites[:i] {
				a.value = min(a.value, int64(p.Between(s.Candidate, t.Candidate)))
			}
		}
		return a
	}
	a.assign(p, sites)
	a.weigh(p)
	if p.Model.covering() {
		a.value = int64(len(sites))
		if p.Cheapest {
			a.value = a.spent
		}
	}
	if p.Fairest {
		a.value = p.leastShare(sites)
	}
	return a
}

// assign sends every demand to the nearest open site within reach, the first of
// equals; a competitor wins only if it is nearer.
func (a *assessment) assign(p *Problem, sites []Site) {
	n := len(p.Demand)
	a.nearest, a.time, a.times = make([]int32, n), make([]int32, n), make([]int32, n)
	cutoff := p.cutoff()
	for i := range a.nearest {
		a.nearest[i], a.time[i] = -1, math.MaxInt32
	}
	order := make([]int, len(sites))
	for k := range order {
		order[k] = k
	}
	slices.SortFunc(order, func(x, y int) int { return sites[x].Candidate - sites[y].Candidate })
	for _, k := range order {
		demand, times := p.Reach.Of(sites[k].Candidate)
		for at, i := range demand {
			if times[at] <= cutoff {
				a.times[i]++
			}
			if t := times[at]; t < a.time[i] {
				a.time[i], a.nearest[i] = t, int32(k)
			}
		}
	}
}

// rival returns the time to the nearest competitor of each demand, or nil if
// there is no competitor.
func (p *Problem) rival() []int32 {
	var best []int32
	for j, c := range p.Candidates {
		if c.State != Competitor {
			continue
		}
		if best == nil {
			best = make([]int32, len(p.Demand))
			for i := range best {
				best[i] = math.MaxInt32
			}
		}
		demand, times := p.Reach.Of(j)
		for k, i := range demand {
			best[i] = min(best[i], times[k])
		}
	}
	return best
}

// cutoff is the longest time at which a demand is covered.
func (p *Problem) cutoff() int32 {
	if p.Cutoff > 0 {
		return p.Cutoff
	}
	return math.MaxInt32 - 1
}

// weigh adds up the value, who is served and what floors lack.
func (a *assessment) weigh(p *Problem) {
	rival := p.rival()
	cutoff := p.cutoff()
	unserved := p.Unserved
	covering := p.Model == MCLP || p.Model == LSCP || p.Model == PSCLP || p.Model == LSCPB
	covered, total := make([]int64, max(len(p.Areas), 1)), make([]int64, max(len(p.Areas), 1))
	for i, d := range p.Demand {
		if d.Weight == 0 {
			continue
		}
		total[d.Area] += d.Weight
		own, other := a.time[i], int32(math.MaxInt32)
		if rival != nil {
			other = rival[i]
		}
		best := min(own, other)
		within := best <= cutoff
		served := within
		switch {
		case covering:
			if other <= cutoff {
				a.nearest[i] = -1 // theirs, not ours
				break
			}
			if own > cutoff {
				a.nearest[i] = -1
			} else if p.Model == MCLP || p.Model == LSCPB && a.times[i] > 1 {
				a.value += d.Weight
			}
		case p.Model == Attendance:
			f, g := int64(0), int64(0)
			if own < math.MaxInt32 {
				f = p.Decay(own)
			}
			if other < math.MaxInt32 {
				g = p.Decay(other)
			}
			a.value += d.Weight * max(0, f-g)
			if f <= g {
				a.nearest[i] = -1
			}
			served = f > 0 || g > 0
		default:
			if other < own {
				a.nearest[i] = -1
			}
			if unserved > 0 && best >= unserved {
				best, served = unserved, false
				a.nearest[i] = -1
			} else if best == math.MaxInt32 {
				served = false
			}
			if best < math.MaxInt32 {
				if p.Model == PCentre {
					a.value = max(a.value, int64(best))
				} else {
					a.value += d.Weight * int64(best)
				}
			} else {
				a.breaks("reach", d.Weight)
			}
		}
		if !served {
			a.uncover += d.Weight
			if len(a.cells) < maxCells {
				a.cells = append(a.cells, i)
			}
		}
		if (p.Model == LSCP || p.Model == LSCPB) && !within {
			a.breaks("reach", d.Weight)
		}
		if within {
			covered[d.Area] += d.Weight
		}
		if k := a.nearest[i]; k >= 0 {
			a.served[k] += d.Weight
		}
	}
	var all, done int64
	for g, w := range total {
		all, done = all+w, done+covered[g]
		if lack := ceilShare(w, p.Limits.Floor) - covered[g]; lack > 0 {
			a.breaks("floor of "+p.areaName(int32(g)), lack)
		}
	}
	if lack := ceilShare(all, p.Limits.Share) - done; lack > 0 {
		a.breaks("share", lack)
	}
	for _, s := range a.served {
		if s < p.Limits.LeastServed {
			a.breaks("occupancy", p.Limits.LeastServed-s)
		}
	}
}

const maxCells = 1000

func (a *assessment) breaks(limit string, amount int64) {
	for k := range a.broken {
		if a.broken[k].Limit == limit {
			a.broken[k].Amount += amount
			return
		}
	}
	a.broken = append(a.broken, Broken{limit, amount})
}

// assessSites evaluates what concerns the sites alone, whomever they serve.
func (p *Problem) assessSites(sites []Site) assessment {
	a := assessment{served: make([]int64, len(sites)), openArea: make([]int, max(len(p.Areas), 1))}
	for _, s := range sites {
		c := &p.Candidates[s.Candidate]
		a.spent += c.options()[max(s.Module, 0)].Cost
		a.openArea[c.Area]++
	}
	p.assessChoice(&a, sites)
	return a
}

// assessChoice checks what concerns the sites alone.
func (p *Problem) assessChoice(a *assessment, sites []Site) {
	l := p.Limits
	open := map[int]int{}
	for _, s := range sites {
		open[s.Candidate]++
		if c := p.Candidates[s.Candidate]; c.State == Forbidden || c.State == Competitor {
			a.breaks("state", 1)
		}
		if open[s.Candidate] > 1 {
			a.breaks("size", 1)
		}
	}
	if l.Count > 0 && len(sites) > l.Count {
		a.breaks("number", int64(len(sites)-l.Count))
	}
	if p.Model == PDispersion && len(sites) < l.Count {
		a.breaks("number", int64(l.Count-len(sites)))
	}
	if l.HasBudget && a.spent > l.Budget {
		a.breaks("budget", a.spent-l.Budget)
	}
	for _, q := range l.Quotas {
		if n := a.openArea[q.Area]; n < q.Least || q.Most >= 0 && n > q.Most {
			a.breaks("quota of "+p.areaName(q.Area), 1)
		}
	}
	closed := 0
	for j, c := range p.Candidates {
		_, is := open[j]
		switch {
		case c.State == Fixed && !is:
			a.breaks("state", 1)
		case c.State == Open && !is:
			closed++
		}
		if !is {
			continue
		}
		if len(c.Requires) > 0 && !slices.ContainsFunc(c.Requires, func(k int) bool { return open[k] > 0 }) {
			a.breaks("co-location", 1)
		}
		for _, k := range c.Excludes {
			if open[k] > 0 {
				a.breaks("merger", 1)
			}
		}
	}
	if l.HasMaxClosed && closed > l.MaxClosed {
		a.breaks("closures", int64(closed-l.MaxClosed))
	}
}

// finish turns a set of sites into a Solution's tables; wrong is the error if
// the solver's value is not what the question says of its sites.
func (p *Problem) finish(s *Solution, a assessment) error {
	if len(a.broken) > 0 {
		return fmt.Errorf("siting: the answer to %s breaks %v", p.Model, a.broken)
	}
	if a.value != s.Value {
		return fmt.Errorf("siting: the answer to %s is worth %d, not %d", p.Model, a.value, s.Value)
	}
	if p.Model.Maximises() && s.Bound < s.Value || !p.Model.Maximises() && s.Bound > s.Value {
		return fmt.Errorf("siting: the bound %d of %s lies on the wrong side of %d", s.Bound, p.Model, s.Value)
	}
	for k := range s.Sites {
		s.Sites[k].Served = a.served[k]
	}
	s.Uncovered, s.Cells = a.uncover, a.cells
	s.PerArea = make([]AreaResult, max(len(p.Areas), 1))
	for g := range s.PerArea {
		s.PerArea[g].Area, s.PerArea[g].Sites = int32(g), a.openArea[g]
	}
	for _, site := range s.Sites {
		c := &p.Candidates[site.Candidate]
		s.PerArea[c.Area].Cost += c.options()[max(site.Module, 0)].Cost
	}
	for i, d := range p.Demand {
		r := &s.PerArea[d.Area]
		r.Weight += d.Weight
		if a.nearest == nil || a.nearest[i] < 0 {
			continue
		}
		r.Covered += d.Weight
		r.PersonTime += d.Weight * int64(a.time[i])
		r.Worst = max(r.Worst, a.time[i])
	}
	s.Binding = p.binding(a, s.Sites)
	return nil
}

// binding names the limits without slack.
func (p *Problem) binding(a assessment, sites []Site) []string {
	var names []string
	l := p.Limits
	if l.Count > 0 && len(sites) == l.Count {
		names = append(names, "number")
	}
	if l.HasBudget {
		least := int64(math.MaxInt64)
		for j, c := range p.Candidates {
			if (c.State == Closed || c.State == Open) && !slices.ContainsFunc(sites, func(s Site) bool { return s.Candidate == j }) {
				least = min(least, cheapest(c.options()))
			}
		}
		if least < math.MaxInt64 && a.spent+least > l.Budget {
			names = append(names, "budget")
		}
	}
	for _, q := range l.Quotas {
		if n := a.openArea[q.Area]; n == q.Least || n == q.Most {
			names = append(names, "quota of "+p.areaName(q.Area))
		}
	}
	if l.HasMaxClosed {
		closed := 0
		for j, c := range p.Candidates {
			if c.State == Open && !slices.ContainsFunc(sites, func(s Site) bool { return s.Candidate == j }) {
				closed++
			}
		}
		if closed == l.MaxClosed {
			names = append(names, "closures")
		}
	}
	if l.LeastServed > 0 && slices.Contains(a.served, l.LeastServed) {
		names = append(names, "occupancy")
	}
	return names
}

package siting

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"lifecircle"
)

// Solve answers a question; when ctx ends, with the best found so far. Its
// errors are those of Check, an *InfeasibleError with code siting_infeasible,
// siting_no_answer if the effort allowed found neither an answer nor that there
// is none, and of another solver siting_other.
func Solve(ctx context.Context, p *Problem, cfg Config) (Solution, error) {
	if err := p.Check(); err != nil {
		return Solution{}, err
	}
	e := newEffort(ctx, cfg)
	e.unit = p.unit()
	s, err := p.solve(e)
	if infeasible := (*InfeasibleError)(nil); errors.As(err, &infeasible) {
		infeasible.explain(ctx, p, cfg)
		return Solution{}, lifecircle.Errorf("siting_infeasible", "%s: %w", p.Model, infeasible)
	}
	if err == nil && cfg.Other != nil {
		err = p.hear(ctx, cfg, &s)
	}
	return s, err
}

func (p *Problem) solve(e *effort) (Solution, error) {
	e.at(Reducing)
	ch := newChooser(p)
	var s Solution
	var err error
	switch p.Model {
	case LSCP, PSCLP:
		s, err = p.cover(ch, e)
	case LSCPB:
		s, err = p.backup(ch, e)
	case PCentre:
		s, err = p.centre(ch, e)
	case PDispersion:
		s, err = p.dispersion(ch, e)
	case CMCLP, CPMedian, CLSCP:
		s, err = p.capacitated(ch, e)
	case KNearestPMedian:
		s, err = p.nearest(ch, e)
	default:
		if p.Fairest {
			s, err = p.fairest(ch, e)
		} else {
			s, err = p.service(ch, e)
		}
	}
	if err != nil {
		return Solution{}, err
	}
	s.Model, s.Seed, s.Iterations, s.Log = p.Model, e.cfg.Seed, e.done, e.log
	s.Unit = p.unit()
	return s, p.finished(&s)
}

// finished evaluates a solution once more from the question, and describes it.
func (p *Problem) finished(s *Solution) error {
	if p.Model.capacitated() {
		return p.finishFlows(s)
	}
	return p.finish(s, p.assess(s.Sites))
}

// unit returns how many integer units of the value make one unit shown.
func (p *Problem) unit() int64 {
	switch {
	case p.Fairest, p.Model == Attendance:
		return Million
	case p.Model == PMedian, p.Model == KNearestPMedian, p.Model == PCentre, p.Model == PDispersion, p.Model == CPMedian:
		return max(p.Scale, 1)
	}
	return 1
}

// sites turns options into sites.
func (ch *chooser) sites(set []int32) []Site {
	sites := make([]Site, 0, len(set))
	for _, o := range set {
		sites = append(sites, Site{Candidate: int(ch.site[o]), Module: int(ch.module[o])})
	}
	slices.SortFunc(sites, func(a, b Site) int { return a.Candidate - b.Candidate })
	return sites
}

// hunter prepares the search in a core.
func (p *Problem) hunter(c *core, ch *chooser, e *effort) *hunt {
	h := &hunt{c: c, ch: ch, e: e, cutoff: math.MaxInt64, enough: math.MinInt64}
	l := p.Limits
	if l.LeastServed > 0 || (l.Floor > 0 || l.Share > 0) && !c.floors() {
		h.broken = func(set []int32) int64 {
			var sum int64
			for _, b := range p.assess(ch.sites(set)).broken {
				sum += b.Amount
			}
			return sum
		}
	}
	return h
}

// outcome turns a finished hunt into value, bound and proof of the core.
func (h *hunt) outcome(p *Problem) (Solution, error) {
	switch {
	case !h.found && h.proved:
		return Solution{}, &InfeasibleError{Limits: p.limitNames()}
	case !h.found:
		return Solution{}, noAnswer(p)
	}
	s := Solution{
		Value: h.value + h.c.constant, Bound: h.bound + h.c.constant,
		Sites: h.ch.sites(h.best), Reductions: h.c.notes, Proof: ProofCertified,
	}
	switch {
	case s.Bound >= s.Value && h.branched:
		s.Bound, s.Proof = s.Value, ProofOptimal
	case s.Bound >= s.Value:
		s.Bound, s.Proof = s.Value, ProofBound
	case h.bound == NoValue:
		s.Bound = min(0, s.Value)
	}
	return s, nil
}

// turn makes a maximisation of a least cost: value = total − cost.
func (s *Solution) turn(total int64) {
	s.Value, s.Bound = total-s.Value, total-s.Bound
}

func (l *LogEntry) turn(total int64) {
	if l.Value != NoValue {
		l.Value = total - l.Value
	}
	if l.Bound != NoValue {
		l.Bound = total - l.Bound
	}
}

// coverWork bounds the search for dominated candidates, in pairs looked at.
const coverWork = 20_000_000

// against returns at which cost competitors serve each demand, or nil.
func (p *Problem) against(cost func(t int32) int32) []int32 {
	against := p.rival()
	for i, t := range against {
		if t < math.MaxInt32 {
			against[i] = cost(t)
		}
	}
	return against
}

// covers is the cost of a way in a cover: 0 within the cutoff.
func (p *Problem) covers(t int32) int32 {
	if t <= p.cutoff() {
		return 0
	}
	return math.MaxInt32
}

// cover solves LSCP and PSCLP.
func (p *Problem) cover(ch *chooser, e *effort) (Solution, error) {
	b := build{cover: true, cutoff: p.cutoff(), unserved: hard, sites: !p.Cheapest, fen: p.Cheapest, floors: true, against: p.against(p.covers)}
	if p.Model == PSCLP {
		b.unserved = 0
	} else {
		b.floors = false // everyone is covered
	}
	c, err := newCore(p, ch, b)
	if err != nil {
		return Solution{}, err
	}
	h := p.hunter(c, ch, e)
	if !b.floors && p.Limits.LeastServed == 0 {
		h.broken = nil
	}
	h.run()
	return h.outcome(p)
}

// backup solves LSCP-B: with as few sites as LSCP needs, or Limits.Count, cover
// as much weight as possible twice.
func (p *Problem) backup(ch *chooser, e *effort) (Solution, error) {
	var note []string
	if p.Limits.Count == 0 {
		first := *p
		first.Model = LSCP
		e.quiet = true
		s, err := first.cover(ch, e)
		e.quiet = false
		if err != nil {
			return Solution{}, err
		}
		limited := *ch
		ch = &limited
		if p.Cheapest {
			ch.budget = s.Value
		} else {
			ch.count = int(s.Value)
		}
		if s.Bound < s.Value {
			note = append(note, fmt.Sprintf("the first stage's %d is not proved least: bound %d", s.Value, s.Bound))
		}
	}
	c, err := newCore(p, ch, build{cover: true, cutoff: p.cutoff(), unserved: hard, need: 2, against: p.against(p.covers)})
	if err != nil {
		return Solution{}, err
	}
	total := p.atStake()
	e.turned = &total
	h := p.hunter(c, ch, e)
	if p.Limits.LeastServed == 0 {
		h.broken = nil
	}
	h.run()
	s, err := h.outcome(p)
	if err == nil {
		s.turn(total)
		s.Reductions = append(s.Reductions, note...)
	}
	return s, err
}

// atStake adds up the weight of the demand that no competitor covers.
func (p *Problem) atStake() int64 {
	rival := p.rival()
	var total int64
	for i, d := range p.Demand {
		if rival == nil || rival[i] > p.cutoff() {
			total += d.Weight
		}
	}
	return total
}

// service solves MCLP, p-median and attendance.
func (p *Problem) service(ch *chooser, e *effort) (Solution, error) {
	c, total, err := p.serviceCore(ch, nil)
	if err != nil {
		return Solution{}, err
	}
	if p.Model.Maximises() {
		e.turned = &total
	}
	h := p.hunter(c, ch, e)
	h.run()
	s, err := h.outcome(p)
	if err == nil && p.Model.Maximises() {
		s.turn(total)
	}
	return s, err
}

// serviceCore compiles MCLP, p-median and attendance; total is what the value
// of a maximisation is subtracted from.
func (p *Problem) serviceCore(ch *chooser, nearest []int32) (c *core, total int64, err error) {
	var b build
	switch p.Model {
	case MCLP:
		b = build{cover: true, cutoff: p.cutoff(), unserved: 1, floors: true, against: p.against(p.covers)}
		total = p.atStake()
	case Attendance:
		cost := func(t int32) int32 { return int32(Million - p.Decay(t)) }
		b = build{cutoff: math.MaxInt32 - 1, unserved: Million, cost: cost, against: p.against(cost)}
		for i, d := range p.Demand {
			worth := int64(Million)
			if b.against != nil {
				worth = min(worth, int64(b.against[i]))
			}
			total += d.Weight * worth
		}
	default:
		b = build{cutoff: math.MaxInt32 - 1, unserved: hard, cost: func(t int32) int32 { return t }, nearest: nearest}
		b.against = p.against(b.cost)
		if p.Unserved > 0 {
			b.unserved = p.Unserved
		}
	}
	c, err = newCore(p, ch, b)
	return c, total, err
}

// nearest solves the p-median over each demand's K nearest candidates; whoever
// the answer sends farther gets twice as many, until nobody is (Church 2018).
// Beyond the K-th a demand counts at the next candidate's time, which no farther
// site can beat, so the bound holds for the whole problem.
func (p *Problem) nearest(ch *chooser, e *effort) (Solution, error) {
	k := p.Nearest
	if k == 0 {
		k = 8
	}
	times := make([][]int32, len(p.Demand))
	for j := range p.Candidates {
		if len(ch.optionsOf[j]) == 0 {
			continue
		}
		demand, t := p.Reach.Of(j)
		for at, i := range demand {
			times[i] = append(times[i], t[at])
		}
	}
	keep := make([]int, len(times))
	for i := range times {
		slices.Sort(times[i])
		keep[i] = k
	}
	plain := *p
	plain.Model = PMedian
	for round := 0; ; round++ {
		limit := make([]int32, len(times))
		beyond := make([]int32, len(times))
		for i, t := range times {
			limit[i], beyond[i] = math.MaxInt32, math.MaxInt32
			if keep[i] < len(t) {
				limit[i], beyond[i] = t[keep[i]-1], t[keep[i]]
			}
		}
		c, _, err := plain.serviceCoreBeyond(ch, limit, beyond)
		if err != nil {
			return Solution{}, err
		}
		h := plain.hunter(c, ch, e)
		h.run()
		s, err := h.outcome(p)
		if err != nil {
			return Solution{}, err
		}
		a := plain.assess(s.Sites)
		if a.value == s.Value && len(a.broken) == 0 {
			return s, nil
		}
		grown := false
		for i, t := range times {
			if a.time[i] > limit[i] && keep[i] < len(t) {
				keep[i] = min(2*keep[i], len(t))
				grown = true
			}
		}
		if e.out() || !grown {
			if len(a.broken) > 0 {
				return Solution{}, noAnswer(p)
			}
			s.Value = a.value // the bound still holds
			s.Proof = ProofCertified
			return s, nil
		}
	}
}

func (p *Problem) serviceCoreBeyond(ch *chooser, limit, beyond []int32) (*core, int64, error) {
	b := build{cutoff: math.MaxInt32 - 1, unserved: hard, cost: func(t int32) int32 { return t }, nearest: limit}
	if p.Unserved > 0 {
		b.unserved = p.Unserved
	}
	b.against = p.against(b.cost)
	if b.against == nil {
		b.against = beyond
	} else {
		for i := range beyond {
			b.against[i] = min(b.against[i], beyond[i])
		}
	}
	c, err := newCore(p, ch, b)
	return c, 0, err
}

// limitNames names the limits that a problem has.
func (p *Problem) limitNames() []string {
	var names []string
	l := p.Limits
	add := func(has bool, name string) {
		if has {
			names = append(names, name)
		}
	}
	add(l.Count > 0, "number")
	add(l.HasBudget, "budget")
	for _, q := range l.Quotas {
		names = append(names, "quota of "+p.areaName(q.Area))
	}
	add(l.Share > 0, "share")
	add(l.Floor > 0, "floor")
	add(l.HasMaxClosed, "closures")
	add(l.LeastServed > 0, "occupancy")
	hasPairs := false
	for _, c := range p.Candidates {
		hasPairs = hasPairs || len(c.Requires) > 0 || len(c.Excludes) > 0
	}
	add(hasPairs, "co-location")
	add(p.Model.capacitated(), "capacity")
	if p.Unserved == 0 && (p.Model == PMedian || p.Model == PCentre || p.Model == LSCP || p.Model == LSCPB || p.Model == KNearestPMedian) {
		names = append(names, "reach")
	}
	return names
}

func noAnswer(p *Problem) error {
	return lifecircle.Errorf("siting_no_answer", "%s: no answer was found with the effort allowed, and none was proved impossible: allow more time", p.Model)
}

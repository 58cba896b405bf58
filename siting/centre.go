package siting

import (
	"math"
	"math/bits"
	"slices"
)

// centre solves the p-centre problem: the least time within which p sites cover
// everyone, by bisection over the distinct times; each step is a set cover with
// at most p sites (Minieka 1970). A step that branch and bound refutes raises
// the bound to the next time.
func (p *Problem) centre(ch *chooser, e *effort) (Solution, error) {
	rival := p.rival()
	needed := make([]int32, len(p.Demand)) // least time of each demand
	for i := range needed {
		needed[i] = math.MaxInt32
		if rival != nil {
			needed[i] = rival[i]
		}
		if p.Unserved > 0 {
			needed[i] = min(needed[i], p.Unserved)
		}
	}
	var times []int32
	for j := range p.Candidates {
		if len(ch.optionsOf[j]) == 0 {
			continue
		}
		demand, t := p.Reach.Of(j)
		for k, i := range demand {
			needed[i] = min(needed[i], t[k])
		}
		times = append(times, t...)
	}
	if p.Unserved > 0 {
		times = append(times, p.Unserved)
	}
	times = append(times, rival...)
	slices.Sort(times)
	times = slices.Compact(times)
	if n := len(times); n > 0 && times[n-1] == math.MaxInt32 {
		times = times[:n-1]
	}
	least := int32(0)
	for i, d := range p.Demand {
		if d.Weight > 0 {
			least = max(least, needed[i])
		}
	}
	if least == math.MaxInt32 {
		var cells []int
		for i, d := range p.Demand {
			if d.Weight > 0 && needed[i] == least {
				cells = append(cells, i)
			}
		}
		return Solution{}, &InfeasibleError{Limits: []string{"reach"}, Cells: cells}
	}
	low, _ := slices.BinarySearch(times, least) // the answer is at low or above
	certified := low
	high := len(times) // found at high, if below len(times)
	var best []Site
	e.at(Bisecting)
	// Each cover has the whole effort: one that took it all would leave the others
	// neither found nor refuted.
	each, whole := e.limit, e.limit
	if each < math.MaxInt64 {
		whole = each * int64(bits.Len(uint(high-low))+1)
	}
	defer func() { e.limit, e.quota = whole, whole }()
	quiet := e.quiet
	e.quiet = true
	defer func() { e.quiet = quiet }()
	for low < high {
		middle := (low + high) / 2
		e.limit = whole
		if each < math.MaxInt64 {
			e.limit = min(whole, e.done+each)
		}
		e.quota = e.limit
		set, refuted, err := p.within(ch, e, times[middle])
		if err != nil {
			return Solution{}, err
		}
		switch {
		case set != nil:
			best = ch.sites(set)
			high = middle
			if at, ok := slices.BinarySearch(times, int32(p.assess(best).value)); ok {
				high = min(high, at)
			}
		default:
			low = middle + 1
			if refuted { // and so are all shorter times
				certified = max(certified, middle+1)
			}
		}
		value := int64(NoValue)
		if high < len(times) {
			value = int64(times[high])
		}
		e.quiet, e.limit = quiet, whole
		e.note(value, int64(times[min(certified, len(times)-1)]))
		e.quiet = true
	}
	if best == nil {
		if certified >= len(times) {
			return Solution{}, &InfeasibleError{Limits: p.limitNames()}
		}
		return Solution{}, noAnswer(p)
	}
	s := Solution{Sites: best, Value: int64(times[high]), Bound: int64(times[min(certified, high)]), Proof: ProofCertified}
	if s.Value == s.Bound {
		s.Proof = ProofOptimal
	}
	return s, nil
}

// within looks for an allowed choice that covers everyone within a time; it
// reports whether there is proved to be none.
func (p *Problem) within(ch *chooser, e *effort, time int32) (set []int32, refuted bool, err error) {
	if p.Unserved > 0 && time >= p.Unserved {
		return p.anyChoice(ch, e)
	}
	free := *ch
	b := build{cover: true, cutoff: time, unserved: hard, unit: true, against: p.against(func(t int32) int32 {
		if t <= time {
			return 0
		}
		return math.MaxInt32
	})}
	limit := int64(ch.count)
	if p.Limits.Count == 0 && p.Limits.HasBudget {
		b.fen, limit, free.budget = true, ch.budget, math.MaxInt64
	} else {
		b.sites, free.count = true, len(p.Candidates)
	}
	c, err := newCore(p, &free, b)
	if err != nil {
		return nil, true, nil // somebody has no candidate so near
	}
	h := p.hunter(c, &free, e)
	if p.Limits.LeastServed == 0 && p.Limits.Share == 0 && p.Limits.Floor == 0 {
		h.broken = nil
	}
	h.cutoff, h.enough = limit+1, limit
	h.run()
	if h.found {
		return append([]int32{}, h.best...), false, nil
	}
	return nil, h.proved, nil
}

// anyChoice finds a choice that obeys the limits, whomever it serves; it reports
// whether there is proved to be none.
func (p *Problem) anyChoice(ch *chooser, e *effort) (set []int32, refuted bool, err error) {
	c, err := newCore(p, ch, build{cover: true, cutoff: math.MaxInt32 - 1, unserved: 1, against: p.against(func(int32) int32 { return 0 })})
	if err != nil {
		return nil, false, err
	}
	h := p.hunter(c, ch, e)
	h.run()
	if !h.found {
		return nil, h.proved, nil
	}
	return append([]int32{}, h.best...), false, nil
}

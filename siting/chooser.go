package siting

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// chooser knows which sets of options may be chosen: everything of the limits
// that does not ask whom a site serves. An option is one candidate in one size.
type chooser struct {
	site      []int32 // option → candidate
	module    []int32 // option → module, −1 without
	area      []int32 // option → area
	price     []int64 // option → fen
	optionsOf [][]int32
	must      []bool // candidate is fixed
	count     int    // at most so many
	budget    int64  // math.MaxInt64: none
	least     []int  // by area; nil without quotas
	most      []int
	sized     bool // some candidate has several options

	// What the relaxation leaves to checks: see fits.
	requires, excludes [][]int
	openToday          []bool
	today, maxClosed   int // maxClosed −1: no limit
}

func newChooser(p *Problem) *chooser {
	c := &chooser{budget: math.MaxInt64, maxClosed: -1}
	n := len(p.Candidates)
	c.optionsOf = make([][]int32, n)
	c.must = make([]bool, n)
	c.openToday = make([]bool, n)
	c.requires = make([][]int, n)
	c.excludes = make([][]int, n)
	for j, candidate := range p.Candidates {
		c.must[j] = candidate.State == Fixed
		c.openToday[j] = candidate.State == Open
		if c.openToday[j] {
			c.today++
		}
		c.requires[j], c.excludes[j] = candidate.Requires, candidate.Excludes
		if candidate.State == Forbidden || candidate.State == Competitor {
			continue
		}
		for k, m := range candidate.options() {
			module := int32(k)
			if len(candidate.Modules) == 0 {
				module = -1
			}
			c.optionsOf[j] = append(c.optionsOf[j], int32(len(c.site)))
			c.site = append(c.site, int32(j))
			c.module = append(c.module, module)
			c.area = append(c.area, candidate.Area)
			c.price = append(c.price, m.Cost)
		}
		c.sized = c.sized || len(c.optionsOf[j]) > 1
	}
	l := p.Limits
	c.count = n
	if l.Count > 0 {
		c.count = l.Count
	}
	if l.HasBudget {
		c.budget = l.Budget
	}
	if l.HasMaxClosed {
		c.maxClosed = l.MaxClosed
	}
	if len(l.Quotas) > 0 {
		areas := max(len(p.Areas), 1)
		c.least, c.most = make([]int, areas), make([]int, areas)
		for a := range c.most {
			c.most[a] = n
		}
		for _, q := range l.Quotas {
			c.least[q.Area] = q.Least
			if q.Most >= 0 {
				c.most[q.Area] = q.Most
			}
		}
	}
	return c
}

func (c *chooser) options() int { return len(c.site) }

// odd reports whether there are limits that the relaxation does not know.
func (c *chooser) odd() bool {
	if c.maxClosed >= 0 {
		return true
	}
	return slices.ContainsFunc(c.requires, notEmpty) || slices.ContainsFunc(c.excludes, notEmpty)
}

func notEmpty(list []int) bool { return len(list) > 0 }

// violation measures how far a set of options is from being allowed; 0 is
// allowed. Each limit counts in its own unit, so that only zero and the
// direction of change have a meaning.
func (c *chooser) violation(set []int32) int64 {
	var v int64
	open := make(map[int32]bool, len(set))
	var spent int64
	for _, o := range set {
		if open[c.site[o]] {
			v++
		}
		open[c.site[o]] = true
		spent += c.price[o]
	}
	v += int64(max(0, len(set)-c.count))
	if spent > c.budget {
		v += spent - c.budget
	}
	for j, must := range c.must {
		if must && !open[int32(j)] {
			v++
		}
	}
	if c.least != nil {
		sites := make([]int, len(c.least))
		for _, o := range set {
			sites[c.area[o]]++
		}
		for a, s := range sites {
			v += int64(max(0, c.least[a]-s) + max(0, s-c.most[a]))
		}
	}
	kept := 0
	for _, o := range set {
		j := c.site[o]
		if c.openToday[j] {
			kept++
		}
		if need := c.requires[j]; len(need) > 0 && !slices.ContainsFunc(need, func(k int) bool { return open[int32(k)] }) {
			v++
		}
		for _, k := range c.excludes[j] {
			if open[int32(k)] {
				v++
			}
		}
	}
	if c.maxClosed >= 0 {
		v += int64(max(0, c.today-kept-c.maxClosed))
	}
	return v
}

// The decisions on an option in branch and bound.
const (
	undecided int8 = 0
	taken     int8 = 1
	dropped   int8 = -1
)

// possible reports whether some completion of the decisions may be allowed; it
// may err on the side of yes.
func (c *chooser) possible(status []int8) bool {
	var spent int64
	takenSites := 0
	var in, may []int
	if c.least != nil {
		in, may = make([]int, len(c.least)), make([]int, len(c.least))
	}
	canOpen := func(j int) (is, can bool) {
		for _, o := range c.optionsOf[j] {
			is = is || status[o] == taken
			can = can || status[o] != dropped
		}
		return is, can
	}
	lost := 0
	for j, options := range c.optionsOf {
		if len(options) == 0 {
			continue
		}
		is, can := canOpen(j)
		taken := 0
		for _, o := range options {
			if status[o] == 1 {
				spent += c.price[o]
				taken++
			}
		}
		if taken > 1 || c.must[j] && !can {
			return false
		}
		if c.openToday[j] && !can {
			lost++
		}
		if is {
			takenSites++
			for _, k := range c.excludes[j] {
				if other, _ := canOpen(k); other {
					return false
				}
			}
			if need := c.requires[j]; len(need) > 0 {
				if !slices.ContainsFunc(need, func(k int) bool { _, can := canOpen(k); return can }) {
					return false
				}
			}
		}
		if in != nil {
			a := c.area[options[0]]
			if is {
				in[a]++
			}
			if can {
				may[a]++
			}
		}
	}
	if takenSites > c.count || spent > c.budget || c.maxClosed >= 0 && lost > c.maxClosed {
		return false
	}
	need := 0
	for a := range in {
		if in[a] > c.most[a] || may[a] < c.least[a] {
			return false
		}
		need += max(in[a], c.least[a])
	}
	return need <= c.count
}

// picker finds the cheapest allowed choice by reduced costs, for a relaxation.
type picker struct {
	*chooser
	reduced  []int64 // by option, as given
	priced   []int64 // reduced + θ × price, as of the best θ
	theta    int64   // multiplier of the budget, in 2⁻¹⁶ per fen
	order    []pick
	chosen   []int32
	perArea  []int
	maxTheta int64
}

type pick struct {
	value  int64
	option int32
}

func newPicker(c *chooser) *picker {
	p := &picker{chooser: c, priced: make([]int64, c.options()), perArea: make([]int, len(c.least))}
	if c.budget < math.MaxInt64 {
		largest := c.budget
		var all int64
		for _, price := range c.price {
			all += price
		}
		p.maxTheta = (1 << 58) / (max(largest, all)>>16 + 1)
	}
	return p
}

// impossible is the value of a choice that no set allows.
const impossible = math.MaxInt64

// cheapest returns a lower bound of Σ reduced over all allowed choices, and the
// choice that attains it in the relaxation. Number, quotas and sizes are exact
// (a laminar family, for which the greedy choice is optimal); the budget is
// priced by a multiplier θ ≥ 0: Σ (reduced + θ·price) − θ·B ≤ Σ reduced for
// every choice within B, and the best θ found is kept for the next call. What
// chooser.odd names is left out, which only lowers the bound.
func (p *picker) cheapest(reduced []int64, status []int8) int64 {
	p.reduced = reduced
	if p.budget == math.MaxInt64 {
		value, _ := p.at(0, status)
		return value
	}
	value, spent := p.at(p.theta, status)
	if value == impossible {
		return value
	}
	bestValue, bestTheta := value, p.theta
	// The bound is concave in θ and its slope is the money overspent: double
	// away from the slope's sign, then halve the bracket.
	try := func(theta int64) bool {
		value, spent = p.at(theta, status)
		if value > bestValue {
			bestValue, bestTheta = value, theta
		}
		return spent > p.budget
	}
	low, high := int64(0), p.theta
	if spent > p.budget {
		low, high = p.theta, min(max(2*p.theta, 1), p.maxTheta)
		for high < p.maxTheta && try(high) {
			low, high = high, min(high*2, p.maxTheta)
		}
	} else if p.theta > 0 {
		for low = p.theta / 2; low > 0 && !try(low); low /= 2 {
			high = low
		}
		if low == 0 {
			try(0)
		}
	}
	for step := 0; step < 24 && high-low > max(1, low>>12); step++ {
		middle := low + (high-low)/2
		if try(middle) {
			low = middle
		} else {
			high = middle
		}
	}
	p.theta = bestTheta
	value, _ = p.at(bestTheta, status)
	return value
}

// at evaluates one multiplier: the bound and the money its choice would cost.
func (p *picker) at(theta int64, status []int8) (value, spent int64) {
	for o, r := range p.reduced {
		p.priced[o] = r + mulShift(theta, p.price[o])
	}
	p.order, p.chosen = p.order[:0], p.chosen[:0]
	count := p.count
	clear(p.perArea)
	take := func(x pick) {
		value += x.value
		spent += p.price[x.option]
		p.chosen = append(p.chosen, x.option)
		count--
		if p.least != nil {
			p.perArea[p.area[x.option]]++
		}
	}
	for j, options := range p.optionsOf {
		best := pick{option: -1}
		forced := p.must[j]
		for _, o := range options {
			if status != nil && status[o] == dropped {
				continue
			}
			if status != nil && status[o] == taken {
				best, forced = pick{p.priced[o], o}, true
				break
			}
			if best.option < 0 || p.priced[o] < best.value {
				best = pick{p.priced[o], o}
			}
		}
		switch {
		case best.option < 0 && forced:
			return impossible, 0
		case best.option < 0:
		case forced:
			take(best)
		case best.value < 0 || p.least != nil:
			p.order = append(p.order, best)
		}
	}
	if count < 0 {
		return impossible, 0
	}
	slices.SortFunc(p.order, func(a, b pick) int {
		if c := cmp.Compare(a.value, b.value); c != 0 {
			return c
		}
		return cmp.Compare(a.option, b.option)
	})
	rest := p.order
	if p.least != nil {
		rest = rest[:0:0]
		for _, x := range p.order {
			if a := p.area[x.option]; p.perArea[a] < p.least[a] {
				take(x)
			} else {
				rest = append(rest, x)
			}
		}
		for a, n := range p.perArea {
			if n < p.least[a] || n > p.most[a] {
				return impossible, 0
			}
		}
		if count < 0 {
			return impossible, 0
		}
	}
	for _, x := range rest {
		if count == 0 || x.value >= 0 {
			break
		}
		if p.least != nil && p.perArea[p.area[x.option]] >= p.most[p.area[x.option]] {
			continue
		}
		take(x)
	}
	if theta > 0 {
		value -= mulShift(theta, p.budget) + 1 // rounded against us
	}
	return value, spent
}

// mulShift returns ⌊a·b / 2¹⁶⌋ for a, b ≥ 0; maxTheta keeps it below 2⁶⁰.
func mulShift(a, b int64) int64 {
	high, low := bits.Mul64(uint64(a), uint64(b))
	return int64(high<<48 | low>>16)
}

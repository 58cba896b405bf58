package siting

import (
	"math"
	"slices"
)

// dispersion solves the p-dispersion problem: exactly p sites, the least time
// between two of them as long as possible. Bisection over the distinct times;
// each step asks for p sites no two of which are nearer, by depth-first search
// that colours what is left greedily: sites that exclude one another in a clique
// give one site at most (Tomita and Seki 2003, on the complement).
func (p *Problem) dispersion(ch *chooser, e *effort) (Solution, error) {
	m := ch.options()
	between := make([]int32, m*m)
	var times []int32
	for a := range m {
		for b := range a {
			t := int32(math.MaxInt32)
			if ch.site[a] == ch.site[b] {
				t = -1 // sizes of one site exclude one another
			} else {
				t = p.Between(int(ch.site[a]), int(ch.site[b]))
				times = append(times, t)
			}
			between[a*m+b], between[b*m+a] = t, t
		}
	}
	slices.Sort(times)
	times = slices.Compact(times)
	e.at(Bisecting)
	low, high := -1, len(times) // feasible at low, refuted at high
	unknown := len(times)
	var best []int32
	for low+1 < unknown {
		middle := (low + unknown) / 2
		d := &disperser{ch: ch, e: e, between: between, m: m, limit: times[middle], count: p.Limits.Count}
		set, complete := d.search()
		switch {
		case set != nil:
			best, low = set, middle
		case complete:
			high, unknown = middle, middle
		default:
			unknown = middle
		}
		value, bound := int64(NoValue), int64(times[max(high-1, 0)])
		if low >= 0 {
			value = int64(times[low])
		}
		e.note(value, bound)
	}
	if best == nil {
		if high > 0 && unknown < high {
			return Solution{}, noAnswer(p)
		}
		return Solution{}, &InfeasibleError{Limits: p.limitNames()}
	}
	sites := ch.sites(best)
	s := Solution{Sites: sites, Value: p.assess(sites).value, Bound: int64(times[high-1]), Proof: ProofCertified}
	if s.Bound <= s.Value {
		s.Bound, s.Proof = s.Value, ProofOptimal
	}
	return s, nil
}

// disperser looks for count options pairwise at least limit apart.
type disperser struct {
	ch      *chooser
	e       *effort
	between []int32
	m       int
	limit   int32
	count   int
	set     []int32
	found   []int32
}

// search returns a set, or nil and whether the search was complete.
func (d *disperser) search() (set []int32, complete bool) {
	left := make([]int32, 0, d.m)
	for o := range int32(d.m) {
		left = append(left, o)
	}
	complete = d.extend(left)
	return d.found, complete
}

func (d *disperser) apart(a, b int32) bool { return d.between[int(a)*d.m+int(b)] >= d.limit }

// extend tries all ways to complete the set from left; it returns false if the
// effort ran out.
func (d *disperser) extend(left []int32) bool {
	d.e.done++
	if len(d.set) == d.count {
		if d.ch.violation(d.set) == 0 {
			d.found = slices.Clone(d.set)
		}
		return true
	}
	if d.e.out() {
		return false
	}
	// Cliques of options too near to one another: each gives one site at most.
	var classes [][]int32
	for _, o := range left {
		placed := false
		for k := range classes {
			if !slices.ContainsFunc(classes[k], func(b int32) bool { return d.apart(o, b) }) {
				classes[k] = append(classes[k], o)
				placed = true
				break
			}
		}
		if !placed {
			classes = append(classes, []int32{o})
		}
	}
	if len(d.set)+len(classes) < d.count {
		return true
	}
	var order []int32
	var depth []int
	for k, class := range classes {
		for _, o := range class {
			order, depth = append(order, o), append(depth, k+1)
		}
	}
	for k := len(order) - 1; k >= 0; k-- {
		if len(d.set)+depth[k] < d.count {
			return true
		}
		o := order[k]
		var next []int32
		for _, b := range order[:k] {
			if d.apart(o, b) {
				next = append(next, b)
			}
		}
		d.set = append(d.set, o)
		complete := d.extend(next)
		d.set = d.set[:len(d.set)-1]
		if d.found != nil || !complete {
			return complete
		}
	}
	return true
}

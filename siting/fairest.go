package siting

import "slices"

// fairest chooses sites so that the share of the least covered area is as large
// as can be, then that of the second least, and so on (lexicographic max–min).
// The first level is found by bisection over floors, each step an MCLP with
// floors; its refutations certify the bound. Among the choices that attain it,
// branches compare the sorted shares.
func (p *Problem) fairest(ch *chooser, e *effort) (Solution, error) {
	low, high := int64(-1), int64(Million) // possible at low, refuted above high
	e.at(Bisecting)
	quiet := e.quiet
	e.quiet = true
	var best Solution
	for low < high {
		middle := low + (high-low+1)/2
		q := *p
		q.Fairest = false
		q.Limits.Floor = max(middle, p.Limits.Floor)
		s, err := q.service(ch, e)
		if _, no := Infeasible(err); no {
			if middle <= p.Limits.Floor {
				return Solution{}, err
			}
			high = middle - 1
			continue
		}
		if err != nil {
			if low >= 0 {
				break // no more is known with the effort allowed
			}
			return Solution{}, err
		}
		best = s
		low = max(middle, p.leastShare(s.Sites))
	}
	e.quiet = quiet
	best.Sites = p.level(ch, e, best.Sites)
	best.Value, best.Bound = p.leastShare(best.Sites), high
	best.Proof = ProofCertified
	if best.Bound <= best.Value {
		best.Bound, best.Proof = best.Value, ProofOptimal
	}
	e.turned = nil
	e.note(best.Value, best.Bound)
	return best, nil
}

// shares returns the covered share of each area with weight, in millionths
// rounded down, ascending.
func (p *Problem) shares(sites []Site) []int64 {
	areas := max(len(p.Areas), 1)
	covered, total := make([]int64, areas), make([]int64, areas)
	reached := make([]bool, len(p.Demand))
	cutoff := p.cutoff()
	reach := func(j int) {
		demand, times := p.Reach.Of(j)
		for k, i := range demand {
			reached[i] = reached[i] || times[k] <= cutoff
		}
	}
	for _, s := range sites {
		reach(s.Candidate)
	}
	for j, c := range p.Candidates {
		if c.State == Competitor {
			reach(j)
		}
	}
	for i, d := range p.Demand {
		total[d.Area] += d.Weight
		if reached[i] {
			covered[d.Area] += d.Weight
		}
	}
	var shares []int64
	for g, w := range total {
		if w > 0 {
			shares = append(shares, covered[g]*Million/w)
		}
	}
	slices.Sort(shares)
	return shares
}

func (p *Problem) leastShare(sites []Site) int64 { return p.shares(sites)[0] }

// level improves the sorted shares by single exchanges and openings.
func (p *Problem) level(ch *chooser, e *effort, sites []Site) []Site {
	var set []int32
	for _, s := range sites {
		for _, o := range ch.optionsOf[s.Candidate] {
			if int(ch.module[o]) == s.Module {
				set = append(set, o)
			}
		}
	}
	now := p.shares(sites)
	try := func(next []int32) bool {
		e.done++
		if ch.violation(next) > 0 {
			return false
		}
		if a := p.assess(ch.sites(next)); len(a.broken) > 0 {
			return false
		}
		shares := p.shares(ch.sites(next))
		if slices.Compare(shares, now) <= 0 {
			return false
		}
		set, now = next, shares
		return true
	}
	for moved := true; moved && !e.out(); {
		moved = false
		for o := range int32(ch.options()) {
			if e.out() || slices.Contains(set, o) {
				continue
			}
			moved = bring(set, o, try) || moved
		}
	}
	return ch.sites(set)
}

package siting

import (
	"fmt"

	"lifecircle"
)

// problemFault makes the error of a question that contradicts itself.
func problemFault(code, format string, args ...any) error {
	return lifecircle.Errorf("siting_"+code, format, args...)
}

// Check reports what is wrong with a question before it is tried. Its errors
// have the codes siting_…: model_unknown, no_demand, no_candidates, weight,
// cost, capacity, area, reach, nobody_within_reach, count, budget, quota, share,
// state, decay, between, split.
func (p *Problem) Check() error {
	if _, err := ParseModel(string(p.Model)); err != nil {
		return err
	}
	if len(p.Candidates) == 0 {
		return problemFault("no_candidates", "there is no candidate to choose from")
	}
	if p.Model == PDispersion {
		if p.Between == nil {
			return problemFault("between", "p-dispersion needs the times between candidates")
		}
	} else if err := p.checkDemand(); err != nil {
		return err
	}
	if err := p.checkCandidates(); err != nil {
		return err
	}
	if err := p.checkLimits(); err != nil {
		return err
	}
	return p.checkModel()
}

func (p *Problem) checkDemand() error {
	var total int64
	for i, d := range p.Demand {
		switch {
		case d.Weight < 0 || d.Load < 0:
			return problemFault("weight", "demand %d (%s): weight %d and load %d must not be negative", i, d.ID, d.Weight, d.Load)
		case d.Area < 0 || int(d.Area) >= max(len(p.Areas), 1):
			return problemFault("area", "demand %d (%s): area %d is none of %d", i, d.ID, d.Area, len(p.Areas))
		case p.Model.capacitated() && !p.Whole && d.Weight != d.Load:
			return problemFault("split", "demand %d (%s): weight %d and load %d must be equal where demand may be split", i, d.ID, d.Weight, d.Load)
		}
		if total += d.Weight; total < 0 || total > maxTotal {
			return problemFault("weight", "demand %d (%s): the weights add up to more than %d", i, d.ID, int64(maxTotal))
		}
	}
	if total == 0 {
		return problemFault("no_demand", "there is no demand: all %d weights are zero", len(p.Demand))
	}
	switch {
	case p.Reach == nil || p.Reach.Len() != len(p.Candidates) || p.Reach.demands != len(p.Demand):
		return problemFault("reach", "the reach is not that of %d candidates and %d demand cells", len(p.Candidates), len(p.Demand))
	case p.Reach.Pairs() == 0:
		return problemFault("nobody_within_reach", "no candidate is within reach of any demand: widen the reach or add candidates")
	}
	return nil
}

// maxTotal keeps every sum of weight × time × fixed point within 63 bits.
const maxTotal = 1 << 40

func (p *Problem) checkCandidates() error {
	for j, c := range p.Candidates {
		if c.Area < 0 || int(c.Area) >= max(len(p.Areas), 1) {
			return problemFault("area", "candidate %d (%s): area %d is none of %d", j, c.ID, c.Area, len(p.Areas))
		}
		if c.State > Competitor {
			return problemFault("state", "candidate %d (%s): state %d is not known", j, c.ID, c.State)
		}
		for _, m := range c.options() {
			if m.Cost < 0 {
				return problemFault("cost", "candidate %d (%s): cost %d is negative", j, c.ID, m.Cost)
			}
			if m.Capacity < 0 {
				return problemFault("capacity", "candidate %d (%s): capacity %d is negative", j, c.ID, m.Capacity)
			}
		}
		for _, k := range append(append([]int{}, c.Requires...), c.Excludes...) {
			if k < 0 || k >= len(p.Candidates) || k == j {
				return problemFault("state", "candidate %d (%s): requires or excludes candidate %d, which is no other candidate", j, c.ID, k)
			}
		}
		for _, k := range c.Excludes {
			if c.State == Fixed && p.Candidates[k].State == Fixed {
				return problemFault("state", "candidates %d (%s) and %d (%s) are both fixed and exclude one another", j, c.ID, k, p.Candidates[k].ID)
			}
		}
		if c.State == Fixed && len(c.Requires) > 0 {
			possible := false
			for _, k := range c.Requires {
				possible = possible || p.Candidates[k].State != Forbidden
			}
			if !possible {
				return problemFault("state", "candidate %d (%s) is fixed, and all it requires is forbidden", j, c.ID)
			}
		}
	}
	return nil
}

// tally counts the candidates of an area (all areas: −1) that may be and must be
// open.
func (p *Problem) tally(area int32) (may, must int) {
	for _, c := range p.Candidates {
		if area >= 0 && c.Area != area {
			continue
		}
		switch c.State {
		case Fixed:
			may, must = may+1, must+1
		case Closed, Open:
			may++
		}
	}
	return may, must
}

func (p *Problem) checkLimits() error {
	l := p.Limits
	may, must := p.tally(-1)
	switch {
	case l.Count < 0:
		return problemFault("count", "p is %d; it must not be negative", l.Count)
	case l.Count > may:
		return problemFault("count", "p is %d, but only %d candidates may be open", l.Count, may)
	case l.Count > 0 && must > l.Count:
		return problemFault("count", "p is %d, but %d candidates are fixed", l.Count, must)
	case l.HasBudget && l.Budget < 0:
		return problemFault("budget", "the budget of %d fen is negative", l.Budget)
	case l.Share < 0 || l.Share > Million || l.Floor < 0 || l.Floor > Million:
		return problemFault("share", "a share lies between 0 and 1: have %d and floor %d millionths", l.Share, l.Floor)
	case l.LeastServed < 0 || l.MaxClosed < 0:
		return problemFault("count", "the occupancy floor %d and the number of closures %d must not be negative", l.LeastServed, l.MaxClosed)
	}
	if l.HasBudget {
		var fixed int64
		for _, c := range p.Candidates {
			if c.State == Fixed {
				fixed += cheapest(c.options())
			}
		}
		if fixed > l.Budget {
			return problemFault("budget", "the fixed candidates alone cost %d fen, the budget is %d", fixed, l.Budget)
		}
	}
	seen := map[int32]bool{}
	least := 0
	for _, q := range l.Quotas {
		name := p.areaName(q.Area)
		if q.Area < 0 || int(q.Area) >= max(len(p.Areas), 1) {
			return problemFault("quota", "a quota speaks of area %d, which is none of %d", q.Area, len(p.Areas))
		}
		if seen[q.Area] {
			return problemFault("quota", "area %s has two quotas", name)
		}
		seen[q.Area] = true
		may, must := p.tally(q.Area)
		switch {
		case q.Least < 0 || q.Most >= 0 && q.Least > q.Most:
			return problemFault("quota", "the quota of area %s, %d to %d, is impossible", name, q.Least, q.Most)
		case q.Least > may:
			return problemFault("quota", "area %s must have %d sites, but only %d candidates may be open there", name, q.Least, may)
		case q.Most >= 0 && must > q.Most:
			return problemFault("quota", "area %s may have %d sites, but %d are fixed there", name, q.Most, must)
		}
		least += max(q.Least, must)
	}
	if l.Count > 0 && least > l.Count {
		return problemFault("quota", "the quotas ask for %d sites, p is %d", least, l.Count)
	}
	return nil
}

func (p *Problem) checkModel() error {
	l := p.Limits
	switch p.Model {
	case MCLP, PMedian, KNearestPMedian, PCentre, Attendance, CMCLP, CPMedian:
		if l.Count == 0 && !l.HasBudget {
			return problemFault("count", "%s needs p or a budget", p.Model)
		}
	case PDispersion:
		if l.Count < 2 {
			return problemFault("count", "p-dispersion needs p of at least 2, has %d", l.Count)
		}
		if l.Share > 0 || l.Floor > 0 || l.LeastServed > 0 {
			return problemFault("share", "p-dispersion serves no demand: shares, floors and occupancy do not apply")
		}
	case PSCLP:
		if l.Share == 0 {
			return problemFault("share", "psclp needs the share to be covered")
		}
	}
	if p.Model.capacitated() {
		for j, c := range p.Candidates {
			if c.State == Competitor {
				return problemFault("state", "candidate %d (%s): %s knows no competitors; let their people out of the demand", j, c.ID, p.Model)
			}
		}
		if l.LeastServed > 0 {
			return problemFault("count", "%s knows no occupancy floor; use mclp or pmedian", p.Model)
		}
	}
	switch {
	case p.Model == Attendance && p.Decay == nil:
		return problemFault("decay", "attendance needs a decay of visits with the way")
	case p.Fairest && p.Model != MCLP:
		return problemFault("model", "the fairest choice is offered for mclp, not for %s", p.Model)
	case p.Model.capacitated() && (l.Share > 0 || l.Floor > 0):
		return problemFault("share", "%s knows no share or floor; use mclp, psclp or pmedian", p.Model)
	}
	return nil
}

func (p *Problem) areaName(area int32) string {
	if int(area) < len(p.Areas) && area >= 0 {
		return p.Areas[area]
	}
	return fmt.Sprint(area)
}

// options returns the sizes of a candidate, at least one.
func (c *Candidate) options() []Module {
	if len(c.Modules) > 0 {
		return c.Modules
	}
	return []Module{{Capacity: c.Capacity, Cost: c.Cost}}
}

func cheapest(options []Module) int64 {
	least := options[0].Cost
	for _, m := range options[1:] {
		least = min(least, m.Cost)
	}
	return least
}

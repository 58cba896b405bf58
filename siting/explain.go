package siting

import (
	"context"
	"errors"
	"sort"
)

// loosening is how one limit is relaxed: from a number, up or down, by at most so
// many steps.
type loosening struct {
	name             string
	from, sign, most int64
}

// explain finds which limits stand in the way: those whose relaxation alone
// makes an answer possible, each with the least one.
func (x *InfeasibleError) explain(ctx context.Context, p *Problem, cfg Config) {
	if len(x.Cells) > 0 || ctx.Err() != nil {
		return
	}
	possible := func(l Limits) bool {
		q := *p
		q.Limits = l
		if q.Check() != nil {
			return false
		}
		e := newEffort(ctx, Config{Seed: cfg.Seed, Iterations: 4000, Spent: cfg.Spent})
		e.quiet = true
		_, err := q.solve(e)
		return err == nil
	}
	var helps []string
	// try relaxes one limit by steps 1…most and reports the least that helps.
	try := func(by loosening, set func(l *Limits, to int64)) {
		name, from, sign, most := by.name, by.from, by.sign, by.most
		relaxed := func(step int64) bool {
			l := p.Limits
			l.Quotas = append([]Quota(nil), l.Quotas...)
			set(&l, from+sign*step)
			return possible(l)
		}
		if most <= 0 || !relaxed(most) {
			return
		}
		low, high := int64(0), most // impossible at low, possible at high
		for low+1 < high {
			if middle := low + (high-low)/2; relaxed(middle) {
				high = middle
			} else {
				low = middle
			}
		}
		if ctx.Err() != nil {
			return // cut short: whether less would do is not known
		}
		helps = append(helps, name)
		x.Relaxations = append(x.Relaxations, Relaxation{name, from, from + sign*high})
	}
	l := p.Limits
	may, _ := p.tally(-1)
	if l.Count > 0 {
		try(loosening{"number", int64(l.Count), 1, int64(may - l.Count)}, func(l *Limits, to int64) { l.Count = int(to) })
	}
	if l.HasBudget {
		var all int64
		for _, c := range p.Candidates {
			options := c.options()
			dearest := options[0].Cost
			for _, m := range options {
				dearest = max(dearest, m.Cost)
			}
			all += dearest
		}
		try(loosening{"budget", l.Budget, 1, all - l.Budget}, func(l *Limits, to int64) { l.Budget = to })
	}
	try(loosening{"share", l.Share, -1, l.Share}, func(l *Limits, to int64) { l.Share = to })
	try(loosening{"floor", l.Floor, -1, l.Floor}, func(l *Limits, to int64) { l.Floor = to })
	try(loosening{"occupancy", l.LeastServed, -1, l.LeastServed}, func(l *Limits, to int64) { l.LeastServed = to })
	if l.HasMaxClosed {
		today := 0
		for _, c := range p.Candidates {
			if c.State == Open {
				today++
			}
		}
		try(loosening{"closures", int64(l.MaxClosed), 1, int64(today - l.MaxClosed)}, func(l *Limits, to int64) { l.MaxClosed = int(to) })
	}
	for k, q := range l.Quotas {
		name := "quota of " + p.areaName(q.Area)
		try(loosening{name, int64(q.Least), -1, int64(q.Least)}, func(l *Limits, to int64) { l.Quotas[k].Least = int(to) })
		if q.Most >= 0 {
			try(loosening{name, int64(q.Most), 1, int64(may - q.Most)}, func(l *Limits, to int64) { l.Quotas[k].Most = int(to) })
		}
	}
	if len(helps) > 0 {
		sort.Strings(helps)
		x.Limits = helps
	}
}

// Infeasible returns the InfeasibleError in err's chain, if any.
func Infeasible(err error) (*InfeasibleError, bool) {
	var x *InfeasibleError
	return x, errors.As(err, &x)
}

package remedy

import (
	"context"
	"fmt"

	"lifecircle"
	"lifecircle/indicator"
	"lifecircle/plan"
	"lifecircle/siting"
)

// Least is the smallest change of what stands that turns a provision green in an
// area: the fewest new places. The answer was tried on the plan.
type Least struct {
	*Answer
	// Need is the weight that must come to pass: people, or areas.
	Need int64
	// Fewest is proved: no fewer places do. It is len(Sites) where the answer is the
	// best there is.
	Fewest int
}

// Least finds the fewest new places that turn a provision green. Only the question's
// object, variant and area are read. Its errors are those of Prepare and Solve, and
// siting_not_enough where no number of places does.
func (g Ground) Least(ctx context.Context, q Question, cfg siting.Config) (*Least, error) {
	q = Question{Area: q.Area, Object: q.Object, Variant: q.Variant}
	result, need, err := g.lacking(q)
	if err != nil {
		return nil, err
	}
	q.Count = 1
	c, err := g.Prepare(ctx, q)
	if err != nil {
		return nil, err
	}
	if c.Object.ID != result.Object.ID {
		return nil, lifecircle.Errorf("siting_not_spatial", "%s takes over the verdicts of %s: ask what that lacks", result.Object.ID, c.Object.ID).With("indicator", result.Object.ID)
	}
	if c.Purpose == Presence && c.Object.Provision.Weight == nil { // each place helps one area
		if most := int64(len(c.Spots)); most < need {
			return nil, c.notEnough(need, most)
		}
		answer, err := c.opening(int(need)).Solve(ctx, cfg)
		if err != nil {
			return nil, err
		}
		return enough(&Least{answer, need, int(need)})
	}
	answer, err := c.Solve(ctx, cfg)
	if err != nil {
		return nil, err
	}
	fewest := 1
	if answer.gained() < need {
		if answer.Solution.Bound < need {
			fewest = 2
		}
		if answer, err = c.fewest(ctx, need, cfg); err != nil {
			return nil, err
		}
		fewest = max(fewest, int(answer.Solution.Bound))
		for fewest < len(answer.Sites) { // the most that one place less reaches may be enough, or prove that it is not
			fewer, err := c.opening(len(answer.Sites)-1).Solve(ctx, cfg)
			if err != nil {
				return nil, err
			}
			if fewer.gained() < need {
				if fewer.Solution.Bound < need {
					fewest = len(answer.Sites)
				}
				break
			}
			answer = fewer
		}
	}
	return enough(&Least{answer, need, min(fewest, len(answer.Sites))})
}

// lacking returns the result of a provision and how much weight must come to pass for
// its target.
func (g Ground) lacking(q Question) (r indicator.Result, need int64, err error) {
	r, err = g.Evaluator.Evaluate(indicator.Query{Object: q.Object, Variant: q.Variant, Area: q.Area, Period: lifecircle.Year(g.Plan.Year)})
	if err != nil {
		return r, 0, err
	}
	id := r.Object.ID
	switch {
	case r.Object.Provision == nil:
		return r, 0, lifecircle.Errorf("not_a_provision", "%s is a %s, not a provision", id, r.Object.Kind).With("indicator", id)
	case r.Target == nil || r.Target.Bound != plan.AtLeast:
		return r, 0, lifecircle.Errorf("siting_not_spatial", "%s has no number that more places would reach", id).With("indicator", id)
	}
	pass, known := r.Numerator.Number()
	all, known2 := r.Denominator.Number()
	if _, decided := r.Value.Number(); !known || !known2 || !decided {
		return r, 0, noData(id, q.Area, r.Value)
	}
	due, ok := r.Goal.Mul(all)
	lack, ok2 := due.Sub(pass)
	if !ok || !ok2 {
		return r, 0, lifecircle.Errorf("siting_no_data", "%s: the numbers have too many digits", id).With("indicator", id)
	}
	if need = lack.Ceil(); need <= 0 {
		return r, 0, lifecircle.Errorf("siting_nothing_lacks", "in %s %s meets its target", q.Area, id).With("indicator", id)
	}
	return r, need, nil
}

// opening is the case with another number of places.
func (c *Case) opening(count int) *Case {
	next, p := *c, *c.Problem
	p.Limits.Count, next.Question.Count = count, count
	next.Problem = &p
	return &next
}

// fewest covers so much weight with as few places as can be.
func (c *Case) fewest(ctx context.Context, need int64, cfg siting.Config) (*Answer, error) {
	var all int64
	for _, d := range c.Problem.Demand {
		all += d.Weight
	}
	if all < need {
		return nil, c.notEnough(need, all)
	}
	next, p := *c, *c.Problem
	p.Model, next.Question.Model = siting.PSCLP, siting.PSCLP
	next.Problem = &p
	// A share is in millionths. Rounded down its bound holds for the need too; where
	// the answer then falls short of it, rounded up it does not.
	for share := need * siting.Million / all; ; share++ {
		p.Limits = siting.Limits{Share: max(1, share)}
		answer, err := next.Solve(ctx, cfg)
		if _, infeasible := siting.Infeasible(err); infeasible || lifecircle.ErrorCode(err) == "siting_infeasible" {
			return nil, c.notEnough(need, c.reachable())
		}
		if err != nil {
			return nil, err
		}
		if answer.gained() >= need || share >= siting.Million {
			return answer, nil
		}
	}
}

// reachable is the weight that some candidate reaches.
func (c *Case) reachable() (weight int64) {
	reached := make(map[int32]bool)
	for j := range c.Spots {
		demand, _ := c.Problem.Reach.Of(j)
		for _, i := range demand {
			if !reached[i] {
				reached[i] = true
				weight += c.Problem.Demand[i].Weight
			}
		}
	}
	return weight
}

func (c *Case) notEnough(need, most int64) error {
	return lifecircle.Errorf("siting_not_enough", "no number of new places turns %s green in %s: %d must come to pass, and new places reach %d", c.Object.ID, c.Question.Area, need, most).
		With("indicator", c.Object.ID).With("need", need).With("most", most)
}

func (a *Answer) gained() int64 { return a.After - a.Before }

// enough holds that the plan agrees: after the changes the target is met.
func enough(l *Least) (*Least, error) {
	after := l.Result[1]
	if gap, known := after.Gap.Number(); !known || gap.Sign() > 0 {
		return nil, fmt.Errorf("remedy: %d places for %s in %s leave it %s", len(l.Sites), after.Object.ID, after.Area, after.State)
	}
	return l, nil
}

package indicator

import (
	"cmp"
	"maps"
	"slices"

	"lifecircle"
	"lifecircle/plan"
	"lifecircle/plan/rule"
)

// smallest looks for the least change of one reported element, or of what one row
// function counts, that makes an indicator meet its target. For each that the rule
// reads it solves
// numerator − goal·denominator = 0 as if that were linear in the series, which
// it is in all rules but those with a choice; then it tries the change and, where
// it does not lead there, searches by doubling and halving. Only what was
// evaluated and meets the target is returned: the least relative change first, but
// before it those that make more of something where at least so much is promised.
func (e *Evaluator) smallest(x *Explanation, r reading) (least *Smallest, others []Smallest) {
	result := x.Result
	if _, known := result.Value.Number(); !known || result.Target == nil || result.State == Achieved {
		return nil, nil
	}
	if met, _ := within(result, result.Goal); met {
		return nil, nil // an earlier year was missed, which nothing changes
	}
	var found []candidate
	for _, of := range slices.Sorted(maps.Keys(x.current)) {
		c := candidate{eval: e, reading: r, result: result, of: of, from: x.current[of]}
		if function, rows := x.functions[of]; rows {
			c.function = &function
		}
		if c.solve() {
			found = append(found, c)
		}
	}
	// Doctors enough for the nurses are not found by dismissing doctors.
	against := func(c candidate) bool { return result.Target.Bound == plan.AtLeast && c.by.Sign() < 0 }
	slices.SortStableFunc(found, func(a, b candidate) int {
		return cmp.Or(compareBool(against(a), against(b)), a.relative().Cmp(b.relative()))
	})
	for i, c := range found {
		change := c.change()
		if i == 0 {
			least = &change
			continue
		}
		others = append(others, change)
	}
	return least, others
}

// candidate is one series or row function and the change of it that was found.
type candidate struct {
	eval     *Evaluator
	reading  reading
	result   Result
	of       string
	function *rule.RowFunction
	from     lifecircle.Number // what the rule reads of it, in the element's unit
	by       lifecircle.Number // the change
	value    rule.Value        // the result after it
}

// solve finds by; false when no change of this series leads to the target.
func (c *candidate) solve() bool {
	zero, one := lifecircle.Number{}, lifecircle.Int(1)
	g0, ok := c.lack(zero)
	g1, ok2 := c.lack(one)
	if ok && ok2 {
		slope, ok := g1.Sub(g0)
		root, ok2 := g0.Neg().Quo(slope)
		if by := c.rounded(root); ok && ok2 && c.meets(by) && !c.meets(shorter(by)) {
			return c.settle(by)
		}
	}
	// Not linear, or a side that must not be passed: look outward by doubling,
	// then inward by halving. Where meeting the target is not monotone in the
	// series a smaller change may exist.
	const doublings = 40
	for _, sign := range []int64{1, -1} {
		high := int64(1)
		for i := 0; i < doublings && !c.meets(lifecircle.Int(sign*high)); i++ {
			high *= 2
		}
		if !c.meets(lifecircle.Int(sign * high)) {
			continue
		}
		low := high / 2 // does not meet, or is 0
		for high-low > 1 {
			if middle := low + (high-low)/2; c.meets(lifecircle.Int(sign * middle)) {
				high = middle
			} else {
				low = middle
			}
		}
		return c.settle(lifecircle.Int(sign * high))
	}
	return false
}

// shorter is one unit less of a change; no change stays none.
func shorter(by lifecircle.Number) lifecircle.Number {
	less, ok := by.Sub(lifecircle.Int(int64(by.Sign())))
	if !ok || less.Sign() != by.Sign() {
		return lifecircle.Number{}
	}
	return less
}

func (c *candidate) settle(by lifecircle.Number) bool {
	c.by, c.value = by, c.tried(by).Value
	return true
}

// rounded takes what is counted whole to the next whole number away from 0.
func (c *candidate) rounded(by lifecircle.Number) lifecircle.Number {
	switch {
	case !c.from.IsInt():
		return by
	case by.Sign() < 0:
		return lifecircle.Int(-by.Neg().Ceil())
	}
	return lifecircle.Int(by.Ceil())
}

// tried is the result after a change.
func (c *candidate) tried(by lifecircle.Number) Result {
	trial := c.eval.nudged(nudge{c.of, by})
	result := trial.measure(c.reading, c.result.Area, c.result.Period, &reads{})
	result.Target, result.Goal = c.result.Target, c.result.Goal
	return result
}

// meets tries a change. No reported amount becomes less than nothing.
func (c *candidate) meets(by lifecircle.Number) bool {
	to, ok := c.from.Add(by)
	if !ok || to.Sign() < 0 && c.from.Sign() >= 0 {
		return false
	}
	met, known := within(c.tried(by), c.result.Goal)
	return met && known
}

// lack is numerator − goal·denominator after a change, 0 on the line.
func (c *candidate) lack(by lifecircle.Number) (lifecircle.Number, bool) {
	result := c.tried(by)
	numerator, ok := result.Numerator.Number()
	due := c.result.Goal
	if c.reading.denominator != nil {
		denominator, ok2 := result.Denominator.Number()
		var ok3 bool
		due, ok3 = due.Mul(denominator)
		ok = ok && ok2 && ok3
	}
	lack, ok2 := numerator.Sub(due)
	return lack, ok && ok2
}

// relative is the size of the change against what there is.
func (c *candidate) relative() lifecircle.Number {
	size := c.by
	if size.Sign() < 0 {
		size = size.Neg()
	}
	if share, ok := size.Quo(c.from); ok && c.from.Sign() > 0 {
		return share
	}
	return size
}

func (c *candidate) change() Smallest {
	to, _ := c.from.Add(c.by)
	change := Smallest{
		Amount: c.by, Of: c.of, Value: c.value, From: rule.NumberOf(c.from), To: rule.NumberOf(to),
	}
	if c.function == nil {
		element, _ := c.eval.plan.Series(c.of)
		change.Unit = element.Unit
		return change
	}
	change.Register, change.Unit = c.function.Register(), c.function.Unit()
	return change
}

// smallestOfShare says how much weight must come to pass, goal·all − pass,
// rounded up where subjects are counted whole, and which failing subjects bring
// it about with the least deficit: taken in that order until the share, counted
// again with them as passing, meets the target.
func (x *Explanation) smallestOfShare(provision *plan.Provision) *Smallest {
	r := x.Result
	pass, known := r.Numerator.Number()
	all, known2 := r.Denominator.Number()
	if !known || !known2 || r.Target == nil || r.Target.Bound != plan.AtLeast || r.State == Achieved {
		return nil
	}
	need, ok := r.Goal.Mul(all)
	amount, ok2 := need.Sub(pass)
	if !ok || !ok2 || amount.Sign() <= 0 {
		return nil
	}
	none := rule.NoData(rule.Reason{})
	least := &Smallest{Amount: lifecircle.Int(amount.Ceil()), Unit: provision.WeightUnit, Of: "weight", From: none, To: none, Value: none}
	var failing []Subject
	for _, s := range x.Subjects {
		if s.Outcome.Verdict == Fail && s.Outcome.Weight.Sign() > 0 {
			failing = append(failing, s)
		}
	}
	slices.SortStableFunc(failing, func(a, b Subject) int {
		if a.Outcome.Lacks != b.Outcome.Lacks {
			return compareBool(b.Outcome.Lacks, a.Outcome.Lacks)
		}
		return cmp.Or(a.Outcome.Deficit.Cmp(b.Outcome.Deficit), b.Outcome.Weight.Cmp(a.Outcome.Weight), cmp.Compare(a.Row.ID(), b.Row.ID()))
	})
	for _, s := range failing {
		least.Subjects = append(least.Subjects, s.Row.ID())
		if pass, ok = pass.Add(s.Outcome.Weight); !ok {
			return nil
		}
		after := r
		after.Value = quotient(rule.NumberOf(pass), r.Denominator)
		if met, _ := within(after, r.Goal); met {
			least.Value = after.Value
			break
		}
	}
	return least
}

// compareBool orders false before true.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

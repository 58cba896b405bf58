package indicator

import (
	"lifecircle"
	"lifecircle/plan/rule"
)

// Same reports whether two results of one question say the same.
func (r Result) Same(other Result) bool {
	return r.Value == other.Value && r.Numerator == other.Numerator && r.Denominator == other.Denominator &&
		r.Lower == other.Lower && r.Upper == other.Upper && r.State == other.State && r.Provenance == other.Provenance
}

// Shift returns the people who pass here and did not before, and those who no
// longer do, over the provisions that count people, under their chosen reading,
// in the plan's target year. Both evaluators have the same population points.
func (e *Evaluator) Shift(before *Evaluator) (gained, lost lifecircle.Number) {
	period := lifecircle.Year(e.plan.Year)
	for _, object := range e.plan.Objects {
		if object.Provision == nil || object.Provision.Weight == nil || object.Provision.WeightUnit != rule.Persons {
			continue
		}
		r := readingOf(object, chosen(object))
		now, then := e.tally(r, period), before.tally(r, period)
		if now == then || len(now.outcomes) != len(then.outcomes) {
			continue
		}
		for i, o := range now.outcomes {
			switch was := then.outcomes[i]; {
			case o.Verdict == Pass && was.Verdict != Pass:
				gained, _ = gained.Add(o.Weight)
			case o.Verdict != Pass && was.Verdict == Pass:
				lost, _ = lost.Add(was.Weight)
			}
		}
	}
	return gained, lost
}

package indicator

import (
	"slices"

	"lifecircle"
	"lifecircle/plan"
	"lifecircle/plan/rule"
)

// hold sets a result against its target: the number that counts, the gap and
// the state. A share known only within bounds is decided when both ends agree.
func (e *Evaluator) hold(result *Result, r reading) {
	target := e.target(*result)
	if target != nil {
		result.Target, result.Goal = target, target.Number
		if p := result.Object.Provision; p != nil && p.Tolerance != nil {
			result.Goal = p.Tolerance.Share
		}
	}
	if result.State == NoSubjects {
		return
	}
	if target == nil {
		result.State = ReportedOnly
		if _, missing := result.Value.Missing(); missing {
			result.State = NoData
		}
		e.progress(result, r)
		return
	}
	result.Gap = gap(result.Value, target.Bound, result.Goal)
	met, known := e.met(*result, r)
	e.progress(result, r)
	switch {
	case !known:
		result.State = NoData
		if why, _ := result.Value.Missing(); why.Code == "unreported" && len(result.Progress.Points) > 0 {
			result.State = Stale
		}
	case !result.Object.Force.Duty():
		result.State = ReportedOnly
	case met:
		result.State = Achieved
	case result.Period.CalendarYear() < target.Year:
		result.State = result.Progress.underway()
	default:
		result.State = OffTrack
	}
}

// target returns the target in force for a result: that of the area's level
// with the earliest year not before the period's, or the last one.
func (e *Evaluator) target(result Result) *plan.Target {
	targets := e.plan.TargetsIn(result.Object, e.path(result.Area))
	area, _ := e.facts.Area(result.Area)
	var best *plan.Target
	for i := range targets {
		t := &targets[i]
		if len(t.Levels) > 0 && !slices.Contains(t.Levels, area.Level) {
			continue
		}
		due := t.Year >= result.Period.CalendarYear()
		switch {
		case best == nil,
			due && (best.Year < result.Period.CalendarYear() || t.Year < best.Year),
			!due && best.Year < result.Period.CalendarYear() && t.Year > best.Year:
			best = t
		}
	}
	return best
}

// met says whether the target is met, and whether that is known. A Keep target
// asks for every year since its first.
func (e *Evaluator) met(result Result, r reading) (met, known bool) {
	target := result.Target
	met, known = within(result, result.Goal)
	if target.Type != plan.Keep || target.Since == 0 {
		return met, known
	}
	for year := target.Since; year < result.Period.CalendarYear(); year++ {
		earlier := e.measure(r, result.Area, lifecircle.Year(year), &reads{})
		earlier.Target, earlier.Goal = target, result.Goal
		metThen, knownThen := within(earlier, result.Goal)
		switch {
		case knownThen && !metThen, known && !met:
			return false, true // one year missed is decided, whatever the others are
		case !knownThen:
			known = false
		}
	}
	return met, known
}

// within compares a result with a number, inclusively.
func within(result Result, goal lifecircle.Number) (met, known bool) {
	bound := result.Target.Bound
	holds := func(n lifecircle.Number) bool { return satisfies(n, bound, goal) }
	if value, ok := result.Value.Number(); ok {
		return holds(value), true
	}
	lower, ok := result.Lower.Number()
	upper, ok2 := result.Upper.Number()
	if !ok || !ok2 {
		return false, false
	}
	if low, high := holds(lower), holds(upper); low == high && (bound != plan.Exactly || lower == upper) {
		return low, true
	}
	// Both ends miss an exact number that may lie between them, or only one
	// end meets the bound.
	if bound == plan.Exactly && (lower.Cmp(goal) > 0 || upper.Cmp(goal) < 0) {
		return false, true
	}
	return false, false
}

// gap returns how much is missing to a number; 0 or less is nothing.
func gap(value rule.Value, bound plan.Bound, goal lifecircle.Number) rule.Value {
	n, known := value.Number()
	if !known {
		return value
	}
	difference, ok := goal.Sub(n)
	if bound == plan.AtMost || (bound == plan.Exactly && difference.Sign() < 0) {
		difference = difference.Neg()
	}
	if !ok {
		return rule.NoData(rule.Reason{Code: "overflow"})
	}
	return rule.NumberOf(difference)
}

// path is an area and the areas above it, from below.
func (e *Evaluator) path(code lifecircle.AreaCode) []lifecircle.AreaCode {
	var path []lifecircle.AreaCode
	for code != "" {
		area, ok := e.facts.Area(code)
		if !ok {
			break
		}
		path = append(path, code)
		code = area.Parent
	}
	return path
}

// parametersIn returns the parameters of a reading in an area: the cascade may
// give other numbers there.
func (e *Evaluator) parametersIn(r reading, area lifecircle.AreaCode) map[string]plan.Parameter {
	if !e.plan.Overridden(r.object.ID) {
		return r.parameters
	}
	type key struct {
		object, variant string
		area            lifecircle.AreaCode
	}
	at := key{r.object.ID, r.variant, area}
	if kept, ok := e.shared.parameters.Load(at); ok {
		return kept.(map[string]plan.Parameter)
	}
	variant, _ := variantOf(r.object, r.variant)
	parameters := e.plan.ParametersIn(r.object, variant, e.path(area))
	e.shared.parameters.Store(at, parameters)
	return parameters
}

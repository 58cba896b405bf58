package indicator

import (
	"cmp"
	"math"
	"slices"

	"lifecircle"
	"lifecircle/plan"
	"lifecircle/plan/rule"
)

// Equity says how unlike the parts of an area are under one object. A mean hides
// who is left behind; so it stands beside each value.
type Equity struct {
	// Parts are the nearest areas below that are measured, the worst first; those
	// without a value are counted in Lacking.
	Parts   []Part
	Lacking int
	// P90 and P10 are values of parts by the nearest rank, Ratio is P90 / P10.
	P90, P10, Ratio rule.Value
	// Theil is Σ w·(x/μ)·ln(x/μ) / Σ w over the parts, w being the denominator of
	// a part (one for what has none) and μ the weighted mean: 0 is equality, and
	// 0·ln 0 counts 0 (Theil 1967). For display: logarithms are not exact.
	Theil    float64
	TheilWhy string // code of why there is none; "" where there is
	// Urban and Rural are the value of each side, the ratio of its own sums.
	Urban, Rural rule.Value
}

// Part is an area within another.
type Part struct {
	Area   lifecircle.AreaCode
	Value  lifecircle.Number
	Weight lifecircle.Number
	State  State
	urban  bool
	sided  bool // whether it is urban is known
}

// Equity returns how unlike the parts of q's area are. Its errors are those of
// Evaluate.
func (e *Evaluator) Equity(q Query) (Equity, error) {
	object, variant, err := e.find(q)
	if err != nil {
		return Equity{}, err
	}
	r := readingOf(object, variant)
	var out Equity
	var target *plan.Target
	for _, code := range e.partsOf(object, q.Area) {
		result := e.result(object, variant, code, q.Period)
		value, known := result.Value.Number()
		if !known {
			out.Lacking++
			continue
		}
		target = result.Target
		part := Part{Area: code, Value: value, Weight: lifecircle.Int(1), State: result.State}
		if weight, known := result.Denominator.Number(); known {
			part.Weight = weight
		}
		if row := e.areaRow(code); row != nil {
			part.urban, part.sided = urban(row)
		}
		out.Parts = append(out.Parts, part)
	}
	worst := 1
	if target != nil && target.Bound == plan.AtMost {
		worst = -1
	}
	slices.SortFunc(out.Parts, func(a, b Part) int {
		return cmp.Or(worst*a.Value.Cmp(b.Value), cmp.Compare(a.Area, b.Area))
	})
	out.spread(q.Object)
	if object.Provision != nil {
		then := e.then(q.Area, q.Period)
		out.sides(then, then.eval.tally(r, q.Period))
	} else {
		out.Urban, out.Rural = side(out.Parts, true), side(out.Parts, false)
	}
	return out, nil
}

// partsOf returns the nearest areas below that an object is measured in.
func (e *Evaluator) partsOf(object plan.Object, area lifecircle.AreaCode) []lifecircle.AreaCode {
	var parts []lifecircle.AreaCode
	for _, child := range e.facts.Children(area) {
		if e.measuredAt(object, child) {
			parts = append(parts, child)
		} else {
			parts = append(parts, e.partsOf(object, child)...)
		}
	}
	return parts
}

// spread fills in what compares the parts with one another.
func (q *Equity) spread(what string) {
	none := func(code string) rule.Value { return rule.NoData(rule.Reason{Code: code, What: what}) }
	q.P90, q.P10, q.Ratio, q.TheilWhy = none("no_parts"), none("no_parts"), none("no_parts"), "no_parts"
	if len(q.Parts) == 0 {
		return
	}
	values := make([]lifecircle.Number, len(q.Parts))
	for i, part := range q.Parts {
		values[i] = part.Value
	}
	slices.SortFunc(values, lifecircle.Number.Cmp)
	rank := func(tenths int) rule.Value { return rule.NumberOf(values[(tenths*len(values)+9)/10-1]) }
	q.P90, q.P10 = rank(9), rank(1)
	q.Ratio = quotient(q.P90, q.P10)
	q.Theil, q.TheilWhy = theil(q.Parts)
}

func theil(parts []Part) (index float64, why string) {
	var weights, total float64
	for _, part := range parts {
		if part.Value.Sign() < 0 {
			return 0, "negative"
		}
		weights += part.Weight.Float64()
		total += part.Weight.Float64() * part.Value.Float64()
	}
	if weights <= 0 || total <= 0 {
		return 0, "division_by_zero"
	}
	mean := total / weights
	for _, part := range parts {
		if x := part.Value.Float64() / mean; x > 0 {
			index += part.Weight.Float64() / weights * x * math.Log(x)
		}
	}
	return max(index, 0), "" // rounding may leave equality a hair below 0
}

// side is the value of the urban or the rural parts: the weighted mean, which is
// the ratio of their sums.
func side(parts []Part, urban bool) rule.Value {
	var sum, weights lifecircle.Number
	found := false
	for _, part := range parts {
		if !part.sided || part.urban != urban {
			continue
		}
		found = true
		product, ok := part.Value.Mul(part.Weight)
		var ok2, ok3 bool
		sum, ok2 = sum.Add(product)
		weights, ok3 = weights.Add(part.Weight)
		if !ok || !ok2 || !ok3 {
			return rule.NoData(rule.Reason{Code: "overflow"})
		}
	}
	if !found {
		return rule.NoData(rule.Reason{Code: "no_parts"})
	}
	return quotient(rule.NumberOf(sum), rule.NumberOf(weights))
}

// sides are the pass shares of the urban and the rural subjects.
func (q *Equity) sides(then ground, t *tally) {
	var urbanSums, ruralSums sums
	then.each(t, func(row Row, outcome Outcome) {
		isUrban, known := urban(row)
		switch {
		case !known:
		case isUrban:
			urbanSums.count(outcome, 1)
		default:
			ruralSums.count(outcome, 1)
		}
	})
	q.Urban, q.Rural = urbanSums.share(), ruralSums.share()
}

// share is the pass share where every subject is known.
func (s *sums) share() rule.Value {
	all, ok := s.pass.Add(s.fail)
	switch {
	case s.subjects == 0:
		return rule.NoData(rule.Reason{Code: "no_subjects"})
	case s.overflowed || !ok:
		return rule.NoData(rule.Reason{Code: "overflow"})
	case s.unknowns > 0 || s.unweighed > 0:
		return rule.NoData(rule.Reason{Code: "incomplete"})
	}
	return quotient(rule.NumberOf(s.pass), rule.NumberOf(all))
}

// urban says whether a row lies in a town.
func urban(row Row) (isUrban, known bool) {
	if value, ok := row.Field("urban"); ok {
		if isUrban, known = value.Bool(); known {
			return isUrban, true
		}
	}
	return false, false
}

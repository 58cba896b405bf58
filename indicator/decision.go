package indicator

import (
	"slices"
	"strings"

	"lifecircle"
	"lifecircle/plan"
	"lifecircle/plan/rule"
)

// Ruling is what a decision says of one row. Verdicts are truths or no data.
type Ruling struct {
	// Spoken reports whether the decision speaks of the row at all: it belongs
	// to the subject set. The other fields are no data when it does not.
	Spoken     rule.Value
	Eligible   rule.Value
	Conditions []rule.Value // as in the plan; one that people judge is no data
	Once       rule.Value   // no earlier row with the same fields was granted
	Granted    rule.Value   // eligible, every condition holds, and once
	Amount     rule.Value   // of a row that is granted
}

// CodeNotApplicable is the reason of everything asked of a row that a decision
// does not speak of, or of the amount of one that is refused.
const CodeNotApplicable = "not_applicable"

// CodeJudged is the reason of a condition that people judge and no rule decides.
const CodeJudged = "judged"

// Decide says what the rules of a recognition, programme or entitlement say of
// every row of its register, in the rows' order. Its errors are
// indicator_unknown, not_decided, and not_kept when the register is not kept.
func (e *Evaluator) Decide(id string, period lifecircle.Period) ([]Row, []Ruling, error) {
	object, ok := e.plan.Object(id)
	if !ok {
		return nil, nil, lifecircle.Errorf("indicator_unknown", "%q is no object or clause of plan %s", id, e.plan.ID).With("indicator", id)
	}
	d := object.Decision
	if d == nil {
		return nil, nil, lifecircle.Errorf("not_decided", "%s is a %s without rules that decide", object.ID, object.Kind).With("indicator", object.ID)
	}
	set := e.plan.Sets[d.Subjects]
	rows, kept := e.facts.Rows(set.Of)
	if !kept {
		return nil, nil, lifecircle.Errorf("not_kept", "the register %s is not kept", set.Of).With("register", set.Of)
	}
	rulings := make([]Ruling, len(rows))
	granted := make(map[string]rule.Value)
	for i, row := range rows {
		rulings[i] = decide(d, set.Where, granted, &scope{
			eval: e, question: question{period, ""}, row: row, area: row.Area(),
			parameters: d.Parameters, reads: &reads{},
		})
	}
	return rows, rulings, nil
}

// decide rules on one row of a set. granted says, by the fields of once, whether
// a row before it was granted.
func decide(d *plan.Decision, where *rule.Expr, granted map[string]rule.Value, row *scope) Ruling {
	none := rule.NoData(rule.Reason{Code: CodeNotApplicable})
	r := Ruling{Spoken: rule.BoolOf(true), Eligible: none, Once: none, Granted: none, Amount: none}
	r.Conditions = slices.Repeat([]rule.Value{none}, len(d.Conditions))
	if where != nil {
		r.Spoken = where.Eval(row)
	}
	if spoken, known := r.Spoken.Bool(); known && !spoken {
		return r
	}
	r.Eligible = d.Eligible.Eval(row)
	for i, condition := range d.Conditions {
		r.Conditions[i] = rule.NoData(rule.Reason{Code: CodeJudged, What: condition.ID})
		if condition.Require != nil {
			r.Conditions[i] = condition.Require.Eval(row)
		}
	}
	key, why := batch(d.Once, row)
	before, seen := granted[key]
	if !seen {
		before = rule.BoolOf(false)
	}
	if r.Once = why; why == rule.BoolOf(true) {
		r.Once = opposite(before)
	}
	r.Granted = conjunction(append([]rule.Value{r.Spoken, r.Eligible, r.Once}, r.Conditions...)...)
	if len(d.Once) > 0 && why == rule.BoolOf(true) {
		granted[key] = opposite(conjunction(opposite(before), opposite(r.Granted))) // before or now
	}
	switch yes, known := r.Granted.Bool(); {
	case !known:
		r.Amount = r.Granted
	case yes && d.Amount != nil:
		r.Amount = d.Amount.Eval(row)
	}
	return r
}

// batch returns a row's values of some fields as one key, and true; or why one
// of them is not known.
func batch(fields []string, row *scope) (key string, known rule.Value) {
	var w strings.Builder
	for _, field := range fields {
		value := row.Field(field)
		if _, missing := value.Missing(); missing {
			return "", value
		}
		w.WriteString(value.String())
		w.WriteByte(0)
	}
	return w.String(), rule.BoolOf(true)
}

// conjunction is Kleene's: one false decides it, otherwise one unknown leaves it
// open.
func conjunction(values ...rule.Value) rule.Value {
	all := rule.BoolOf(true)
	for _, v := range values {
		holds, known := v.Bool()
		switch {
		case known && !holds:
			return v
		case !known && all == rule.BoolOf(true):
			all = v
		}
	}
	return all
}

func opposite(v rule.Value) rule.Value {
	holds, known := v.Bool()
	if !known {
		return v
	}
	return rule.BoolOf(!holds)
}

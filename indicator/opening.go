package indicator

import (
	"lifecircle"
	"lifecircle/access"
	"lifecircle/plan"
	"lifecircle/plan/rule"
)

// Opening is a provision as whoever looks for new places reads it: what a place
// can meet, and each of its subjects with what it lacks.
type Opening struct {
	rule.Opening
	Object   plan.Object
	Variant  *plan.Variant
	Register string // the subjects are rows of
	Subjects []OpenSubject
}

// OpenSubject is a subject and how it stands to each of the Opening's Ways.
type OpenSubject struct {
	Row     Row
	Outcome Outcome
	Ways    []Leg
}

// Leg is one way of a subject.
type Leg struct {
	Limit lifecircle.Number // metres, or seconds where the measure's mode is timed
	Known bool              // the limit is
	Kept  bool              // the nearest place lies within it
}

// Opening takes a provision apart in an area. Its errors are those of Evaluate
// and not_a_provision.
func (e *Evaluator) Opening(q Query) (Opening, error) {
	object, variant, err := e.find(q)
	if err != nil {
		return Opening{}, err
	}
	if object.Provision == nil {
		return Opening{}, lifecircle.Errorf("not_a_provision", "%s is a %s, not a provision", object.ID, object.Kind).With("indicator", object.ID)
	}
	r := readingOf(object, variant)
	t := e.tally(r, q.Period)
	o := Opening{Opening: r.require.Opening(), Object: object, Variant: variant, Register: t.register}
	at, last := e.areas.subtree(q.Area)
	t.each(at, last, func(row Row, outcome Outcome) {
		if outcome.Verdict == NotApplicable {
			return
		}
		subject := OpenSubject{Row: row, Outcome: outcome, Ways: make([]Leg, len(o.Ways))}
		asked := &scope{
			eval: e, question: question{q.Period, r.variant}, row: row, area: row.Area(),
			parameters: e.parametersIn(r, row.Area()), reads: &reads{},
		}
		for k, way := range o.Ways {
			leg := &subject.Ways[k]
			leg.Limit, leg.Known = way.Limit.Eval(asked).Number()
			near := e.facts.Nearest(row, way.Measure)
			leg.Kept = leg.Known && near.State == access.OK && near.Way.Cmp(leg.Limit) <= 0
		}
		o.Subjects = append(o.Subjects, subject)
	})
	return o, nil
}

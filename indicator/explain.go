package indicator

import (
	"cmp"
	"maps"
	"slices"

	"lifecircle"
	"lifecircle/access"
	"lifecircle/plan"
	"lifecircle/plan/rule"
)

// Explanation says how a result came about, down to the reported values or the
// subjects that decide it. Numbers are in base units.
type Explanation struct {
	Result Result
	// Formula is the rule as the package has it: numerator and denominator, or
	// what is required of each subject.
	Formula, Over string
	Parameters    []InForce
	Inputs        []Input // reported values, in the order they were read
	// InputsOver are those of the denominator.
	InputsOver []Input
	Measures   []string  // that a provision reads
	Subjects   []Subject // of a provision: those that fail first, the heaviest first
	Places     []Place   // that serve them, those with the most first
	// Deficit is the sum of the failing subjects' deficits.
	Deficit rule.Value
	// Smallest is the least that turns the result green; nil when it is green or
	// nothing is known.
	Smallest *Smallest
	// OtherChanges are the least changes of other elements, the smaller first.
	OtherChanges []Smallest

	Equity Equity // of the nearest areas below that are measured

	// What the rule reads of each series now, and of each row function.
	current   map[string]lifecircle.Number
	functions map[string]rule.RowFunction
}

// InForce is a parameter's value on the day that counts.
type InForce struct {
	plan.Dated
	Name string
	Unit rule.Unit
}

// Subject is one row under a provision.
type Subject struct {
	Row     Row
	Outcome Outcome
	Near    Nearness // to the provision's measure; zero when it names none
}

// Place is a facility and what it serves.
type Place struct {
	ID lifecircle.FacilityID
	// Serves is the weight of the subjects that pass and have it nearest.
	Serves lifecircle.Number
	Count  int
}

// Smallest is the least change of one thing that turns a result green.
type Smallest struct {
	Amount lifecircle.Number // how much more, or less than 0; in Unit
	Unit   rule.Unit
	// Of is a series, a row function as it prints, or "weight": the subjects that must
	// come to pass.
	Of       string
	Register string // whose rows the row function goes over; "" for a series
	// From and To are what is of it in the area, in Unit; no data for weight.
	From, To rule.Value
	// Subjects are those that must come to pass, the ones that lack least first.
	Subjects []string
	// Value is what the result then is: the change was tried and evaluated.
	Value rule.Value
}

// Explain returns a result with its reasons. Its errors are those of Evaluate.
func (e *Evaluator) Explain(q Query) (Explanation, error) {
	object, variant, err := e.find(q)
	if err != nil {
		return Explanation{}, err
	}
	r := readingOf(object, variant)
	r.explained = true
	x := Explanation{Result: e.resultOf(r, q.Area, q.Period)}
	if x.Equity, err = e.Equity(q); err != nil {
		return Explanation{}, err
	}
	x.Parameters = inForce(e.parametersIn(r, q.Area), lastDay(q.Period))
	if object.Indicator != nil {
		e.explainIndicator(&x, r)
	} else {
		e.explainProvision(&x, r)
	}
	return x, nil
}

func inForce(parameters map[string]plan.Parameter, day rule.Date) []InForce {
	var all []InForce
	for _, name := range slices.Sorted(maps.Keys(parameters)) {
		parameter := parameters[name]
		if dated, ok := parameter.At(day); ok {
			all = append(all, InForce{Dated: dated, Name: name, Unit: parameter.Unit})
		}
	}
	return all
}

func (e *Evaluator) explainIndicator(x *Explanation, r reading) {
	x.current, x.functions = make(map[string]lifecircle.Number), make(map[string]rule.RowFunction)
	inputs := func(part *rule.Expr) []Input {
		var inputs []Input
		if env, _ := e.areaScope(r, x.Result.Area, x.Result.Period); env != nil {
			env.reads = &reads{inputs: &inputs, current: x.current, functions: x.functions}
			part.Eval(env)
		}
		return inputs
	}
	x.Formula, x.Inputs = r.numerator.Source(), inputs(r.numerator)
	if r.denominator != nil {
		x.Over, x.InputsOver = r.denominator.Source(), inputs(r.denominator)
	}
	x.Smallest, x.OtherChanges = e.smallest(x, r)
}

func (e *Evaluator) explainProvision(x *Explanation, r reading) {
	x.Formula = r.require.Source()
	then := e.then(x.Result.Area, x.Result.Period)
	e = then.eval
	t := e.tally(r, x.Result.Period)
	measure := ""
	if x.Measures = e.measuresOf(r); len(x.Measures) > 0 {
		measure = x.Measures[0]
	}
	served := make(map[lifecircle.FacilityID]*Place)
	then.each(t, func(row Row, outcome Outcome) {
		if outcome.Verdict == NotApplicable {
			return
		}
		subject := Subject{Row: row, Outcome: outcome}
		if measure != "" {
			subject.Near = e.facts.Nearest(row, measure)
		}
		x.Subjects = append(x.Subjects, subject)
		if outcome.Verdict != Pass || subject.Near.State != access.OK {
			return
		}
		place := served[subject.Near.Place]
		if place == nil {
			place = &Place{ID: subject.Near.Place}
			served[place.ID] = place
		}
		place.Count++
		place.Serves, _ = place.Serves.Add(outcome.Weight)
	})
	slices.SortStableFunc(x.Subjects, func(a, b Subject) int {
		return cmp.Or(
			cmp.Compare(urgency(a.Outcome.Verdict), urgency(b.Outcome.Verdict)),
			b.Outcome.Weight.Cmp(a.Outcome.Weight),
			cmp.Compare(a.Row.ID(), b.Row.ID()),
		)
	})
	for _, place := range served {
		x.Places = append(x.Places, *place)
	}
	slices.SortFunc(x.Places, func(a, b Place) int {
		return cmp.Or(b.Serves.Cmp(a.Serves), cmp.Compare(a.ID, b.ID))
	})
	total := then.over(t)
	x.Deficit = rule.NumberOf(total.deficit)
	if total.undeficient > 0 || total.overflowed {
		x.Deficit = rule.NoData(rule.Reason{Code: "unweighed", What: r.object.ID})
	}
	x.Smallest = x.smallestOfShare(r.object.Provision)
}

// measuresOf names the measures that a reading's rules read, ordered.
func (e *Evaluator) measuresOf(r reading) []string {
	return slices.Sorted(maps.Keys(e.sourcesOf(r).named(measureKey)))
}

func urgency(v Verdict) int {
	switch v {
	case Fail:
		return 0
	case Unknown:
		return 1
	}
	return 2
}

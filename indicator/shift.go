package indicator

import (
	"fmt"
	"io"
	"maps"
	"slices"

	"lifecircle"
	"lifecircle/plan/rule"
)

// Same reports whether two results of one question say the same: one state, and one
// value out of the same parts and of one provenance, or no value within one range.
// Why there is none, and what the figures are that it would have been made of, is
// no difference: no data stays no data.
func (r Result) Same(other Result) bool {
	says := func(v, w rule.Value) bool {
		_, missing := v.Missing()
		_, missing2 := w.Missing()
		return v == w || missing && missing2
	}
	if r.State != other.State || !says(r.Value, other.Value) || !says(r.Lower, other.Lower) || !says(r.Upper, other.Upper) {
		return false
	}
	if _, none := r.Value.Missing(); none {
		_, none = r.Lower.Missing()
		return none || r.Provenance == other.Provenance
	}
	return says(r.Numerator, other.Numerator) && says(r.Denominator, other.Denominator) && r.Provenance == other.Provenance
}

// Shift is people who come to be served, and people who no longer are.
type Shift struct{ Gained, Lost lifecircle.Number }

// plus returns both together.
func (s Shift) plus(t Shift) Shift {
	s.Gained, _ = s.Gained.Add(t.Gained)
	s.Lost, _ = s.Lost.Add(t.Lost)
	return s
}

// Shifts are people gained and lost by the area they live in.
type Shifts map[lifecircle.AreaCode]Shift

// Of adds the areas up by what above gives for each: its county, say, or one for all.
func (s Shifts) Of(above func(lifecircle.AreaCode) lifecircle.AreaCode) Shifts {
	sums := make(Shifts)
	for code, of := range s {
		sums[above(code)] = sums[above(code)].plus(of)
	}
	return sums
}

// All adds up all areas.
func (s Shifts) All() (all Shift) {
	for _, of := range s {
		all = all.plus(of)
	}
	return all
}

// Shift returns the people who pass here and did not before, and those who no
// longer do, over the provisions that count people, under their chosen reading,
// in the plan's target year.
func (e *Evaluator) Shift(before *Evaluator) Shifts {
	byArea := make(Shifts)
	for _, object := range e.plan.Objects {
		if object.Provision != nil {
			e.shift(before, asked{readingOf(object, chosen(object)), lifecircle.Year(e.plan.Year)}, byArea)
		}
	}
	return byArea
}

// ShiftOf is Shift of one provision under one reading, of those who live below an
// area. It is empty for what counts no people. Its errors are those of Evaluate.
func (e *Evaluator) ShiftOf(before *Evaluator, q Query) (Shifts, error) {
	object, variant, err := e.find(q)
	if err != nil {
		return nil, err
	}
	byArea := make(Shifts)
	e.shift(before, asked{readingOf(object, variant), q.Period}, byArea)
	at, last := e.areas.subtree(q.Area)
	maps.DeleteFunc(byArea, func(code lifecircle.AreaCode, _ Shift) bool {
		return e.areas.number[code] < at || e.areas.number[code] >= last
	})
	return byArea, nil
}

// shift adds what one provision counts.
func (e *Evaluator) shift(before *Evaluator, q asked, byArea Shifts) {
	if p := q.object.Provision; p == nil || p.Weight == nil || p.WeightUnit != rule.Persons {
		return
	}
	now, then := e.tally(q.reading, q.period), before.tally(q.reading, q.period)
	if now == then || !now.kept || !then.kept || !slices.Equal(e.areas.codes, before.areas.codes) {
		return
	}
	for at, code := range e.areas.codes {
		if now.cells.at(at) == then.cells.at(at) {
			continue
		}
		if of := count(now, then, at); of != (Shift{}) {
			byArea[code] = byArea[code].plus(of)
		}
	}
}

// count returns the subjects of an area whose verdict changed.
func count(now, then *tally, at int) (s Shift) {
	passed := make(map[string]lifecircle.Number)
	then.each(at, at+1, func(row Row, o Outcome) {
		if o.Verdict == Pass {
			passed[row.ID()] = o.Weight
		}
	})
	now.each(at, at+1, func(row Row, o Outcome) {
		if o.Verdict != Pass {
			return
		}
		if _, did := passed[row.ID()]; !did {
			s.Gained, _ = s.Gained.Add(o.Weight)
		}
		delete(passed, row.ID())
	})
	for _, weight := range passed {
		s.Lost, _ = s.Lost.Add(weight)
	}
	return s
}

// Effect is one result before and after changes.
type Effect struct{ Before, After Result }

// Effects returns the results of the plan's target year that differ from those
// before, area by area in pre-order.
func (e *Evaluator) Effects(before *Evaluator) []Effect {
	period := lifecircle.Year(e.plan.Year)
	type pair struct{ was, is *Result } // is nil: to be reckoned
	var all []pair
	for _, code := range e.Changed() {
		then := before.Results(code, period)
		at, known := before.areas.number[code]
		if e.stale == nil || !known { // areas changed: others may be measured there
			now := e.Results(code, period)
			for k := range now {
				if i := slices.IndexFunc(then, func(r Result) bool { return r.key() == now[k].key() }); i >= 0 {
					all = append(all, pair{&then[i], &now[k]})
				}
			}
			continue
		}
		for i := range then {
			if _, of := e.shared.of(then[i].key()); e.stale[of].has(at) {
				all = append(all, pair{&then[i], nil})
			}
		}
	}
	differ := make([]*Effect, len(all))
	together(len(all), func(i int) {
		was, is := all[i].was, all[i].is
		if is == nil {
			r, _ := e.shared.of(was.key())
			now := e.resultOf(r, was.Area, period)
			is = &now
		}
		if !was.Same(*is) {
			differ[i] = &Effect{*was, *is}
		}
	})
	var effects []Effect
	for _, x := range differ {
		if x != nil {
			effects = append(effects, *x)
		}
	}
	return effects
}

// Digest writes every result of the plan's target year to w, which never fails: a
// hash.
func (e *Evaluator) Digest(w io.Writer) {
	for _, code := range e.areas.codes {
		for _, r := range e.Results(code, lifecircle.Year(e.plan.Year)) {
			variant := ""
			if r.Variant != nil {
				variant = r.Variant.ID
			}
			fmt.Fprintf(w, "%s %s %s %v %v %v %v %v %s %s\n", r.Object.ID, variant, code,
				r.Value, r.Numerator, r.Denominator, r.Lower, r.Upper, r.State, r.Provenance)
		}
	}
}

package indicator

import (
	"fmt"
	"io"
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

// Shift returns the people who pass here and did not before, and those who no
// longer do, over the provisions that count people, under their chosen reading,
// in the plan's target year: in all, and by the area they live in.
func (e *Evaluator) Shift(before *Evaluator) (all Shift, byArea map[lifecircle.AreaCode]Shift) {
	period := lifecircle.Year(e.plan.Year)
	byArea = make(map[lifecircle.AreaCode]Shift)
	for _, object := range e.plan.Objects {
		if object.Provision == nil || object.Provision.Weight == nil || object.Provision.WeightUnit != rule.Persons {
			continue
		}
		r := readingOf(object, chosen(object))
		now, then := e.tally(r, period), before.tally(r, period)
		if now == then || !now.kept || !then.kept || !slices.Equal(e.areas.codes, before.areas.codes) {
			continue
		}
		for at, code := range e.areas.codes {
			if now.cells.at(at) != then.cells.at(at) {
				of := byArea[code]
				of.count(now, then, at)
				byArea[code] = of
			}
		}
	}
	for code, of := range byArea {
		if of == (Shift{}) {
			delete(byArea, code)
		}
		all.Gained, _ = all.Gained.Add(of.Gained)
		all.Lost, _ = all.Lost.Add(of.Lost)
	}
	return all, byArea
}

// count adds the subjects of an area whose verdict changed.
func (s *Shift) count(now, then *tally, at int) {
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
}

// Effect is one result before and after changes.
type Effect struct{ Before, After Result }

// Effects returns the results of the plan's target year that differ from those
// before, area by area in pre-order.
func (e *Evaluator) Effects(before *Evaluator) []Effect {
	var effects []Effect
	period := lifecircle.Year(e.plan.Year)
	for _, code := range e.Changed() {
		then := before.Results(code, period)
		at, known := before.areas.number[code]
		if e.stale == nil || !known { // areas changed: others may be measured there
			for _, now := range e.Results(code, period) {
				i := slices.IndexFunc(then, func(r Result) bool { return r.key() == now.key() })
				if i >= 0 && !then[i].Same(now) {
					effects = append(effects, Effect{then[i], now})
				}
			}
			continue
		}
		for _, was := range then {
			if !e.stale[was.key()].has(at) {
				continue
			}
			if now := e.result(was.Object, was.Variant, code, period); !was.Same(now) {
				effects = append(effects, Effect{was, now})
			}
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

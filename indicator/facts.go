// Package indicator says how far each promise of a plan is kept in each area:
// the value with its numerator and denominator, the gap to the target, the
// state, and why. It evaluates the plan's rules over Facts, which a World or a
// test's given facts provide; it stores nothing, knows no clock and no HTTP.
// The engine, report and tests of packages import it.
//
// docs/formats/rules.md is the meaning this package implements.
package indicator

import (
	"lifecircle"
	"lifecircle/access"
	"lifecircle/figure"
	"lifecircle/geo"
	"lifecircle/plan"
	"lifecircle/plan/rule"
	"lifecircle/registry"
)

// Facts are what is known of one root area at one moment. They must not change
// while an Evaluator reads them.
type Facts interface {
	Area(lifecircle.AreaCode) (registry.Area, bool)
	Children(lifecircle.AreaCode) []lifecircle.AreaCode
	// Roots are the areas that all others lie below.
	Roots() []lifecircle.AreaCode
	// Rows returns every row of a register in a fixed order; ok is false when
	// the register is not kept. The levels of areas are registers too.
	Rows(register string) (rows []Row, ok bool)
	Read(element string, area lifecircle.AreaCode, period lifecircle.Period) figure.Reading
	// Nearest returns a row's way to the nearest place of a measure.
	Nearest(row Row, measure string) Nearness
	// Within counts the places of a measure at most reach metres away from a row.
	Within(row Row, measure string, reach lifecircle.Number) rule.Value
}

// Speaking are Facts that know which areas, at most, reported a series in a year or
// a month of it.
type Speaking interface {
	Speaking(series string, year int) []lifecircle.AreaCode
}

// Row is one subject: a population point, a facility, an area, an estate. It holds
// for all facts in which it does not change.
type Row interface {
	ID() string
	Area() lifecircle.AreaCode
	// Field returns a field's value; ok is false when the register has no such
	// field, and the value is no data when this row does not say.
	Field(name string) (value rule.Value, ok bool)
	Origin() Origin
}

// Nearness is the way to the nearest place of a measure.
type Nearness struct {
	State  access.State
	Way    lifecircle.Number // metres, or seconds where Timed
	Timed  bool              // the measure's mode counts time
	Place  lifecircle.FacilityID
	Reason rule.Reason // why it is not known; zero when State is set
	// Provenance is the weakest of the streets and the place.
	Provenance lifecircle.Provenance
}

// Origin is what an explanation shows of a row besides its values.
type Origin struct {
	Name       string
	Kind       string
	At         geo.Point
	Provenance lifecircle.Provenance
}

// reads are what is noted while a value is computed.
type reads struct {
	provenance lifecircle.Provenance // the weakest of what was read
	// Of an explanation; nil where nobody asks: the readings of elements, in the
	// order they were read; what the period's own elements are, by series, in the
	// element's unit, and what row functions count, by their text, in base units; and
	// these functions.
	inputs    *[]Input
	current   map[string]lifecircle.Number
	functions map[string]rule.RowFunction
}

// Input is one reported value that went into a result.
type Input struct {
	Element string
	Area    lifecircle.AreaCode
	Period  lifecircle.Period
	Reading figure.Reading
}

// scope is the environment of one evaluation: a subject in a period under one
// reading of the text.
type scope struct {
	eval       *Evaluator
	question   question
	row        Row // nil for an area as such
	area       lifecircle.AreaCode
	parameters map[string]plan.Parameter
	reads      *reads
}

// question is what is asked of an object: in which period, under which variant.
type question struct {
	period  lifecircle.Period
	variant string
}

var _ rule.Env = (*scope)(nil)

// Field implements rule.Env: parameters first, then the days of the period, then
// the subject's own fields.
func (s *scope) Field(name string) rule.Value {
	if parameter, ok := s.parameters[name]; ok {
		dated, ok := parameter.At(lastDay(s.question.period))
		if !ok {
			return rule.NoData(rule.Reason{Code: "not_in_force", What: name})
		}
		if parameter.Day {
			return rule.DateOf(dated.Date)
		}
		return rule.NumberOf(dated.Number)
	}
	switch name {
	case "period_start":
		return rule.DateOf(firstDay(s.question.period))
	case "period_end":
		return rule.DateOf(lastDay(s.question.period))
	}
	if s.row != nil {
		if value, ok := s.row.Field(name); ok {
			return value
		}
	}
	return rule.NoData(rule.Reason{Code: "unknown_field", What: name})
}

// Rows implements rule.Env. To an area belong its own rows and then those of the
// areas below it, in pre-order; to any other subject all rows, from which the rule
// picks its own.
func (s *scope) Rows(register string) ([]rule.Env, rule.Reason, bool) {
	var rows []Row
	var kept bool
	if s.ofArea() {
		rows, kept = s.eval.rowsBelow(register, s.area)
	} else {
		rows, kept = s.eval.facts.Rows(register)
	}
	if !kept {
		return nil, rule.Reason{Code: "not_kept", What: register}, false
	}
	envs := make([]rule.Env, len(rows))
	for i, row := range rows {
		s.reads.provenance = s.reads.provenance.Weakest(row.Origin().Provenance)
		envs[i] = &scope{
			eval: s.eval, question: s.question, row: row, area: row.Area(),
			reads: s.reads,
		}
	}
	return envs, rule.Reason{}, true
}

func (s *scope) ofArea() bool { return s.row == nil || s.row.ID() == string(s.area) }

// Nearest implements rule.Env.
func (s *scope) Nearest(measure string) rule.Value {
	if s.row == nil {
		return rule.NoData(rule.Reason{Code: "no_position", What: string(s.area)})
	}
	near := s.eval.facts.Nearest(s.row, measure)
	s.reads.provenance = s.reads.provenance.Weakest(near.Provenance)
	switch near.State {
	case access.OK:
		return rule.NumberOf(near.Way)
	case access.Unreachable:
		return rule.Beyond()
	case access.Unsnapped:
		return rule.NoData(rule.Reason{Code: "unsnapped", What: s.row.ID()})
	}
	return rule.NoData(near.Reason)
}

// Within implements rule.Env.
func (s *scope) Within(measure string, reach lifecircle.Number) rule.Value {
	if s.row == nil {
		return rule.NoData(rule.Reason{Code: "no_position", What: string(s.area)})
	}
	return s.eval.facts.Within(s.row, measure, reach)
}

// Meets implements rule.Env: what another provision says of this subject under
// its chosen variant.
func (s *scope) Meets(provision string) rule.Value {
	object, ok := s.eval.plan.Object(provision)
	if !ok || object.Provision == nil {
		return rule.NoData(rule.Reason{Code: "unknown_provision", What: provision})
	}
	if s.row == nil {
		return rule.NoData(rule.Reason{Code: "no_subject", What: provision})
	}
	outcome := s.met(readingOf(object, chosen(object)))
	switch outcome.Verdict {
	case Pass:
		return rule.BoolOf(true)
	case Fail:
		return rule.BoolOf(false)
	case NotApplicable:
		return rule.NoData(rule.Reason{Code: "not_applicable", What: provision})
	}
	return rule.NoData(outcome.Reason)
}

// met is what a provision says of this subject, of people as it was judged already.
func (s *scope) met(r reading) Outcome {
	e, key := s.eval, r.key()
	key.period = s.question.period
	point, is := s.row.(PointRow)
	if !is || s.reads.current != nil { // or an explanation wants to see what is read
		return e.judge(r, s.row, s.question.period, s.reads)
	}
	e.mu.Lock()
	held := e.tallies[key]
	e.mu.Unlock()
	if held != nil {
		if t, known := held.peek(); known {
			if outcome, judged := t.of(point); judged {
				s.reads.provenance = s.reads.provenance.Weakest(outcome.Provenance)
				return outcome
			}
		}
	}
	return e.judge(r, s.row, s.question.period, s.reads)
}

func firstDay(p lifecircle.Period) rule.Date {
	return rule.DateFrom(p.CalendarYear(), max(p.CalendarMonth(), 1), 1)
}

// lastDay is the day for which a period's parameters hold and registers stand.
func lastDay(p lifecircle.Period) rule.Date {
	day, _ := registry.LastDay(p).Date()
	return day
}

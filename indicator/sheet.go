package indicator

import (
	"math"

	"lifecircle"
	"lifecircle/figure"
	"lifecircle/plan"
	"lifecircle/plan/rule"
)

// Columnar are Facts whose figures lie in columns.
type Columnar interface {
	// Column is figure.Table.Column.
	Column(series string, period lifecircle.Period) (c *figure.Column, ok bool)
}

// Sheet is one indicator in one period over many areas.
type Sheet struct {
	Areas                  *figure.Areas
	Numerator, Denominator rule.Whole // where Whole
	Whole                  bool       // it was computed over columns
	ratio                  bool
	values                 []rule.Value // otherwise
}

// At returns the value in the area at a place of the set, as Evaluate has it; why
// there is no data is told by Evaluate.
func (s Sheet) At(i int) rule.Value {
	if !s.Whole {
		return s.values[i]
	}
	numerator, ok := s.Numerator.At(i)
	value := rule.NumberOf(numerator)
	if ok && s.ratio {
		denominator, known := s.Denominator.At(i)
		value, ok = quotient(value, rule.NumberOf(denominator)), known
	}
	if !ok {
		return rule.NoData(rule.Reason{})
	}
	return value
}

// Sheet returns what an indicator, under its chosen reading, is in all the areas
// of a set. Rules that are sums and products of elements run over the columns of
// the figures, whole numbers all the way; everything else area by area. Its errors
// are those of Evaluate.
func (e *Evaluator) Sheet(object string, areas *figure.Areas, period lifecircle.Period) (Sheet, error) {
	s := Sheet{Areas: areas}
	if len(areas.Codes()) == 0 {
		return s, nil
	}
	q := Query{Object: object, Area: areas.Codes()[0], Period: period}
	found, variant, err := e.find(q)
	if err != nil {
		return Sheet{}, err
	}
	if columnar, ok := e.facts.(Columnar); ok && found.Indicator != nil && !e.plan.Overridden(found.ID) {
		r := readingOf(found, variant)
		subjects := wholeAreas{e, columnar, areas, period, r.parameters}
		s.Numerator, s.Whole = r.numerator.Wholes(subjects)
		if s.ratio = r.denominator != nil; s.ratio && s.Whole {
			s.Denominator, s.Whole = r.denominator.Wholes(subjects)
		}
		if s.Whole {
			return s, nil
		}
	}
	s.values = make([]rule.Value, len(areas.Codes()))
	for i, code := range areas.Codes() {
		q.Area = code
		result, err := e.Evaluate(q)
		if err != nil {
			return Sheet{}, err
		}
		if s.values[i] = result.Value; !known(result.Value) {
			s.values[i] = rule.NoData(rule.Reason{})
		}
	}
	return s, nil
}

func known(v rule.Value) bool {
	_, missing := v.Missing()
	return !missing
}

// wholeAreas are areas as subjects of which figures lie in columns.
type wholeAreas struct {
	eval       *Evaluator
	facts      Columnar
	areas      *figure.Areas
	period     lifecircle.Period
	parameters map[string]plan.Parameter
}

type wholeKey struct {
	series string
	how    rule.How
	period lifecircle.Period
	areas  *figure.Areas
}

// Len implements rule.WholeSubjects.
func (w wholeAreas) Len() int { return len(w.areas.Codes()) }

// Number implements rule.WholeSubjects.
func (w wholeAreas) Number(name string) (lifecircle.Number, bool) {
	parameter, ok := w.parameters[name]
	if !ok || parameter.Day {
		return lifecircle.Number{}, false
	}
	dated, ok := parameter.At(lastDay(w.period))
	return dated.Number, ok
}

// Whole implements rule.WholeSubjects. Columns of one series, way and period are
// made once and shared by all indicators that read them.
func (w wholeAreas) Whole(q rule.Query) (rule.Whole, bool) {
	element, ok := w.eval.plan.Elements[q.Element]
	if !ok {
		return rule.Whole{}, false
	}
	series, err := element.Series(q.Breakdown)
	if err != nil {
		return rule.Whole{}, false
	}
	key := wholeKey{series, q.How, w.period.AddYears(-q.YearsBack), w.areas}
	if kept, ok := w.eval.wholes.Load(key); ok {
		whole, ok := kept.(rule.Whole)
		return whole, ok
	}
	whole, ok := w.made(element, key)
	if !ok {
		w.eval.wholes.Store(key, false)
		return rule.Whole{}, false
	}
	w.eval.wholes.Store(key, whole)
	return whole, true
}

// made reads a month, or the months of a year so far. A year, and areas that are
// the sum of others, are left to row mode.
func (w wholeAreas) made(element plan.Element, key wholeKey) (whole rule.Whole, ok bool) {
	month := key.period.CalendarMonth()
	if month == 0 || key.how != rule.Last && key.how != rule.Sum && key.how != rule.YTD {
		return whole, false
	}
	periods := []lifecircle.Period{key.period}
	if key.how == rule.YTD {
		periods = lifecircle.Year(key.period.CalendarYear()).Months()[:month]
	}
	numbers := make([]int64, w.Len())
	places := -1
	for _, period := range periods {
		c, ok := w.facts.Column(key.series, period)
		switch {
		case !ok || c != nil && (c.Areas != w.areas || places >= 0 && c.Places != places):
			return whole, false
		case c == nil:
			for i := range numbers {
				numbers[i] = rule.Unsaid
			}
			continue
		}
		places = c.Places
		for i, m := range c.Mantissas {
			switch {
			case m == figure.Silent || numbers[i] == rule.Unsaid:
				numbers[i] = rule.Unsaid
			case m > math.MaxInt64/16 || m < -math.MaxInt64/16: // twelve of them must not overflow
				return whole, false
			default:
				numbers[i] += m
			}
		}
	}
	if element.Additive {
		for i, n := range numbers {
			if n == rule.Unsaid && len(w.eval.facts.Children(w.areas.Codes()[i])) > 0 {
				return whole, false
			}
		}
	}
	unit, _ := element.Unit.ToBase(lifecircle.Int(1))
	ten := lifecircle.Int(1)
	for range max(places, 0) {
		ten, _ = ten.Mul(lifecircle.Int(10))
	}
	scale, ok := unit.Quo(ten)
	return rule.WholeOf(numbers, scale), ok
}

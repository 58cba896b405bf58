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
	Whole                  bool       // it was computed over columns, but for alone
	ratio                  bool
	values                 []rule.Value       // otherwise
	alone                  map[int]rule.Value // of areas that are sums of others
}

// At returns the value in the area at a place of the set, as Evaluate has it; why
// there is no data is told by Evaluate.
func (s Sheet) At(i int) rule.Value {
	if !s.Whole {
		return s.values[i]
	}
	if value, ok := s.alone[i]; ok {
		return value
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
// the figures, whole numbers all the way, and areas that have no value of their own
// but are the sum of others are evaluated one by one, as is everything else. Its
// errors are those of Evaluate.
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
	alone := func(i int) (rule.Value, error) {
		q.Area = areas.Codes()[i]
		result, err := e.Evaluate(q)
		if err != nil || !known(result.Value) {
			return rule.NoData(rule.Reason{}), err
		}
		return result.Value, nil
	}
	if columnar, ok := e.facts.(Columnar); ok && found.Indicator != nil && !e.plan.Overridden(found.ID) {
		r := readingOf(found, variant)
		subjects := wholeAreas{e, columnar, areas, period, r.parameters, make(map[int]bool)}
		s.Numerator, s.Whole = r.numerator.Wholes(subjects)
		if s.ratio = r.denominator != nil; s.ratio && s.Whole {
			s.Denominator, s.Whole = r.denominator.Wholes(subjects)
		}
		if s.Whole {
			for i := range subjects.alone {
				if s.alone == nil {
					s.alone = make(map[int]rule.Value, len(subjects.alone))
				}
				if s.alone[i], err = alone(i); err != nil {
					return Sheet{}, err
				}
			}
			return s, nil
		}
	}
	s.values = make([]rule.Value, len(areas.Codes()))
	for i := range areas.Codes() {
		if s.values[i], err = alone(i); err != nil {
			return Sheet{}, err
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
	alone      map[int]bool // places of the areas that must be evaluated one by one
}

type wholeKey struct {
	series string
	how    rule.How
	period lifecircle.Period
	areas  *figure.Areas
}

// wholeColumn is a column, and the places of the areas that it says nothing of though
// something may be known.
type wholeColumn struct {
	rule.Whole
	alone []int
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
	kept, ok := w.eval.wholes.Load(key)
	if !ok {
		made, ok := w.made(element, key)
		if kept = false; ok {
			kept = made
		}
		w.eval.wholes.Store(key, kept)
	}
	column, ok := kept.(wholeColumn)
	for _, i := range column.alone {
		w.alone[i] = true
	}
	return column.Whole, ok
}

// made reads a month, the months of a year so far, or a year as it was reported.
// What a year's months make of it is left to row mode, as are areas that are the sum
// of others.
func (w wholeAreas) made(element plan.Element, key wholeKey) (column wholeColumn, ok bool) {
	month := key.period.CalendarMonth()
	if key.how != rule.Last && key.how != rule.Sum && key.how != rule.YTD {
		return column, false
	}
	periods := []lifecircle.Period{key.period}
	if key.how == rule.YTD && month != 0 {
		periods = lifecircle.Year(key.period.CalendarYear()).Months()[:month]
	}
	numbers := make([]int64, w.Len())
	places := -1
	for _, period := range periods {
		c, ok := w.facts.Column(key.series, period)
		switch {
		case !ok || c != nil && places >= 0 && c.Places != places:
			return column, false
		case c == nil:
			for i := range numbers {
				numbers[i] = rule.Unsaid
			}
			continue
		}
		places = c.Places
		for i := range numbers {
			m := int64(figure.Silent)
			if c.Areas == w.areas {
				m = c.Mantissas[i]
			} else if at, ok := c.Areas.Place(w.areas.Codes()[i]); ok {
				m = c.Mantissas[at]
			}
			switch {
			case m == figure.Silent || numbers[i] == rule.Unsaid:
				numbers[i] = rule.Unsaid
			case m > math.MaxInt64/16 || m < -math.MaxInt64/16: // twelve of them must not overflow
				return column, false
			default:
				numbers[i] += m
			}
		}
	}
	byMonths := false // the months of a year may make the year
	if month == 0 {
		for _, period := range key.period.Months() {
			c, ok := w.facts.Column(key.series, period)
			byMonths = byMonths || !ok || c != nil
		}
	}
	for i, n := range numbers {
		if n == rule.Unsaid && (byMonths || element.Additive && len(w.eval.facts.Children(w.areas.Codes()[i])) > 0) {
			column.alone = append(column.alone, i)
		}
	}
	unit, _ := element.Unit.ToBase(lifecircle.Int(1))
	ten := lifecircle.Int(1)
	for range max(places, 0) {
		ten, _ = ten.Mul(lifecircle.Int(10))
	}
	scale, ok := unit.Quo(ten)
	column.Whole = rule.WholeOf(numbers, scale)
	return column, ok
}

package indicator

import (
	"fmt"
	"slices"
	"strings"

	"lifecircle"
	"lifecircle/figure"
	"lifecircle/plan"
	"lifecircle/plan/rule"
	"lifecircle/registry"
)

// Element implements rule.Env: it turns the unit of the element into base units.
func (s *scope) Element(q rule.Query) rule.Value {
	element, ok := s.eval.plan.Elements[q.Element]
	if !ok {
		return rule.NoData(rule.Reason{Code: "unknown_element", What: q.Element})
	}
	r := series{scope: s, element: element, how: q.How}
	var err error
	if r.id, err = element.Series(q.Breakdown); err != nil {
		return rule.NoData(rule.Reason{Code: "unknown_element", What: q.Element + " " + q.Breakdown})
	}
	value := r.over(s.area, s.question.period.AddYears(-q.YearsBack))
	number, known := value.Number()
	if !known {
		return value
	}
	if n := s.eval.nudge; n != nil && n.of == r.id && q.YearsBack == 0 && q.How != rule.Reports {
		if number, ok = number.Add(n.by); !ok {
			return rule.NoData(rule.Reason{Code: "overflow", What: r.id})
		}
	}
	if q.How == rule.Reports {
		return value
	}
	if q.YearsBack == 0 && s.reads.current != nil {
		s.reads.current[r.id] = number
	}
	base, ok := element.Unit.ToBase(number)
	if !ok {
		return rule.NoData(rule.Reason{Code: "overflow", What: r.id})
	}
	return rule.NumberOf(base)
}

// series reads one element, or a part of one, in one way.
type series struct {
	scope   *scope
	element plan.Element
	id      string
	how     rule.How
}

// latestYears is how far back latest looks: what is older says nothing of today.
const latestYears = 10

// over returns the element of an area over a period. Values of an area that are
// not reported are sums over its parts, of each month where months are compared.
func (r series) over(area lifecircle.AreaCode, period lifecircle.Period) rule.Value {
	switch r.how {
	case rule.Average, rule.Lowest, rule.Highest, rule.Reports:
		return r.months(area, period)
	case rule.Latest:
		return r.latest(area, period)
	}
	return r.ofArea(area, period)
}

// ofArea returns what an area had in a period, by the areas of the period's last
// day: its own value where it stood then, under the code it had. One that other
// areas became later has, of an additive element, the sum of theirs.
func (r series) ofArea(area lifecircle.AreaCode, period lifecircle.Period) rule.Value {
	dated, ok := r.scope.eval.facts.(Dated)
	if !ok {
		return r.standing(area, period)
	}
	then, why := dated.Registry().Then(area, registry.LastDay(period))
	switch {
	case why != (rule.Reason{}):
		return rule.NoData(why)
	case len(then) == 1:
		return r.standing(then[0], period)
	case !r.element.Additive:
		return rule.NoData(rule.Reason{Code: "area_merged", What: fmt.Sprintf("%s %s %s", r.id, area, period)})
	}
	unreported := rule.NoData(rule.Reason{Code: "unreported", What: fmt.Sprintf("%s %s %s", r.id, area, period)})
	return r.sum(then, period, unreported)
}

// standing returns an area's own value, or for additive elements the sum over its
// parts. The area stands on the period's last day and is named by its code then.
func (r series) standing(area lifecircle.AreaCode, period lifecircle.Period) rule.Value {
	if r.scope.eval.silent(r.id, area, period.CalendarYear()) {
		return r.unreported(area, period)
	}
	own := r.own(area, period)
	reason, missing := own.Missing()
	if !missing || reason.Code != "unreported" || !r.element.Additive {
		return own
	}
	var children []lifecircle.AreaCode
	if dated, ok := r.scope.eval.facts.(Dated); ok {
		children = dated.Registry().PartsOn(area, registry.LastDay(period))
	} else {
		children = r.scope.eval.facts.Children(area)
	}
	if len(children) == 0 {
		return own
	}
	return r.sum(children, period, own)
}

// sum adds up areas that stand on the period's last day, and needs every one. Where
// nobody reports it is the value given.
func (r series) sum(children []lifecircle.AreaCode, period lifecircle.Period, own rule.Value) rule.Value {
	var sum lifecircle.Number
	var lacking []string
	for _, child := range children {
		number, known := r.standing(child, period).Number()
		if !known {
			lacking = append(lacking, string(child))
			continue
		}
		var ok bool
		if sum, ok = sum.Add(number); !ok {
			return rule.NoData(rule.Reason{Code: "overflow", What: r.id})
		}
	}
	switch len(lacking) {
	case 0:
		return rule.NumberOf(sum)
	case len(children):
		return own // nobody reported: say so of the area itself
	}
	return rule.NoData(rule.Reason{
		Code: "incomplete",
		What: fmt.Sprintf("%s: %d of %d, lacking %s", r.id, len(children)-len(lacking), len(children), strings.Join(lacking, " ")),
	})
}

// own returns the value of one area itself over a period: a year's own value,
// or what its months make of it.
func (r series) own(area lifecircle.AreaCode, period lifecircle.Period) rule.Value {
	if toDate := r.how == rule.YTD && period.CalendarMonth() != 0; !toDate { // a month is not its year to date
		if value, state := r.read(area, period); state != figure.Unreported {
			return value
		}
	}
	unreported := r.unreported(area, period)
	if period.CalendarMonth() != 0 && r.how != rule.YTD {
		return unreported
	}
	months := lifecircle.Year(period.CalendarYear()).Months()
	switch r.how {
	case rule.First:
		for _, month := range months {
			if value, state := r.read(area, month); state != figure.Unreported {
				return value
			}
		}
		return unreported
	case rule.Last, rule.Latest:
		for i := len(months) - 1; i >= 0; i-- {
			if value, state := r.read(area, months[i]); state != figure.Unreported {
				return value
			}
		}
		return unreported
	}
	if m := period.CalendarMonth(); r.how == rule.YTD && m != 0 {
		months = months[:m]
	}
	var sum lifecircle.Number
	reported := 0
	for _, month := range months {
		value, state := r.read(area, month)
		if state == figure.Unreported {
			continue
		}
		number, known := value.Number()
		if !known {
			return value
		}
		var ok bool
		if sum, ok = sum.Add(number); !ok {
			return rule.NoData(rule.Reason{Code: "overflow", What: r.id})
		}
		reported++
	}
	switch reported {
	case 0:
		return unreported
	case len(months):
		return rule.NumberOf(sum)
	}
	return rule.NoData(rule.Reason{
		Code: "incomplete", What: fmt.Sprintf("%s %s %s: %d of %d months", r.id, area, period, reported, len(months)),
	})
}

func (r series) unreported(area lifecircle.AreaCode, period lifecircle.Period) rule.Value {
	return rule.NoData(rule.Reason{Code: "unreported", What: r.id + " " + string(area) + " " + period.String()})
}

// latest returns the value of the period, or of the last period before it that
// has one: years whole, and the months of the period's own year up to it.
func (r series) latest(area lifecircle.AreaCode, period lifecircle.Period) rule.Value {
	first := r.ofArea(area, period)
	for value, back := first, 0; ; back++ {
		reason, missing := value.Missing()
		if !missing || reason.Code != "unreported" {
			return value
		}
		if back == latestYears {
			return first
		}
		if back == 0 {
			for month := period.CalendarMonth() - 1; month >= 1; month-- {
				value = r.ofArea(area, lifecircle.Year(period.CalendarYear()).Months()[month-1])
				if reason, missing := value.Missing(); !missing || reason.Code != "unreported" {
					return value
				}
			}
		}
		value = r.ofArea(area, lifecircle.Year(period.CalendarYear()-back-1))
	}
}

// months compares or counts the months of a period. Where no month is reported a
// year's own value stands for the year: of a stock it is its one report, of a
// flow its twelfth is the average and no month is known.
func (r series) months(area lifecircle.AreaCode, period lifecircle.Period) rule.Value {
	each := series{scope: r.scope, element: r.element, id: r.id, how: rule.Last}
	if r.element.Flow {
		each.how = rule.Sum
	}
	months := period.Months()
	var found rule.Value
	var sum lifecircle.Number
	reported := 0
	for _, month := range months {
		value := each.ofArea(area, month)
		number, known := value.Number()
		if reason, missing := value.Missing(); missing && reason.Code != "unreported" && r.how != rule.Reports {
			return value
		}
		if !known {
			continue
		}
		extreme, started := found.Number()
		if !started || r.how == rule.Lowest && number.Cmp(extreme) < 0 || r.how == rule.Highest && number.Cmp(extreme) > 0 {
			found = value
		}
		var ok bool
		if sum, ok = sum.Add(number); !ok && r.how == rule.Average {
			return rule.NoData(rule.Reason{Code: "overflow", What: r.id})
		}
		reported++
	}
	switch {
	case r.how == rule.Reports:
		return rule.NumberOf(lifecircle.Int(int64(reported)))
	case reported == 0:
		return r.asOne(each.ofArea(area, period))
	case reported < len(months):
		return rule.NoData(rule.Reason{
			Code: "incomplete", What: fmt.Sprintf("%s %s %s: %d of %d months", r.id, area, period, reported, len(months)),
		})
	case r.how == rule.Average:
		return r.divided(sum, len(months))
	}
	return found
}

// asOne makes an average, lowest or highest of a year's own value.
func (r series) asOne(year rule.Value) rule.Value {
	number, known := year.Number()
	switch {
	case !known || !r.element.Flow:
		return year
	case r.how == rule.Average:
		return r.divided(number, 12)
	}
	return rule.NoData(rule.Reason{Code: "incomplete", What: r.id + ": the year is reported, its months are not"})
}

func (r series) divided(sum lifecircle.Number, by int) rule.Value {
	average, ok := sum.Quo(lifecircle.Int(int64(by)))
	if !ok {
		return rule.NoData(rule.Reason{Code: "overflow", What: r.id})
	}
	return rule.NumberOf(average)
}

func (r series) read(area lifecircle.AreaCode, period lifecircle.Period) (rule.Value, figure.ReadingState) {
	reading := r.scope.eval.facts.Read(r.id, area, period)
	reads := r.scope.reads
	if reads.inputs != nil && reading.State != figure.Unreported {
		*reads.inputs = append(*reads.inputs, Input{r.id, area, period, reading})
	}
	switch reading.State {
	case figure.Known:
		reads.provenance = reads.provenance.Weakest(reading.Value.Provenance)
		return rule.NumberOf(reading.Value.Number), figure.Known
	case figure.Unchosen:
		sources := make([]string, len(reading.Rivals))
		for i, rival := range reading.Rivals {
			sources[i] = rival.Source
		}
		return rule.NoData(rule.Reason{
			Code: "unchosen_rivals",
			What: fmt.Sprintf("%s %s %s: %s", r.id, area, period, strings.Join(sources, ", ")),
		}), figure.Unchosen
	}
	return rule.Value{}, figure.Unreported
}

// voiceKey names a series in a year.
type voiceKey struct {
	series string
	year   int
}

// silent reports whether nothing is said of a series in a year, neither of an area
// nor of one below it: most sums over a region end here, and not in each village.
func (e *Evaluator) silent(series string, area lifecircle.AreaCode, year int) bool {
	facts, ok := e.facts.(Speaking)
	if dated, moving := e.facts.(Dated); !ok || moving && dated.Registry().Moving() {
		return false // in another year other areas lay below this one
	}
	at, last := e.areas.subtree(area)
	if at == last {
		return false
	}
	key := voiceKey{series, year}
	kept, ok := e.voices.Load(key)
	if !ok {
		voices := []int{}
		for _, code := range facts.Speaking(series, year) {
			if number, known := e.areas.number[code]; known {
				voices = append(voices, number)
			}
		}
		slices.Sort(voices)
		kept, _ = e.voices.LoadOrStore(key, voices)
	}
	voices := kept.([]int)
	first, _ := slices.BinarySearch(voices, at)
	return first == len(voices) || voices[first] >= last
}

// nextVoices takes over what is known of the series that did not change.
func (e *Evaluator) nextVoices(before *Evaluator, t touched) {
	before.voices.Range(func(key, voices any) bool {
		series := key.(voiceKey).series
		if of, ok := e.plan.Series(series); ok {
			series = of.ID
		}
		if t[elementKey+series].empty() {
			e.voices.Store(key, voices)
		}
		return true
	})
}

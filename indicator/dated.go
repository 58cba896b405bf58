package indicator

import (
	"iter"
	"maps"
	"slices"
	"sync"

	"lifecircle"
	"lifecircle/plan/rule"
	"lifecircle/registry"
)

// Dated are Facts that know other days. They are themselves of one day, the last
// of the plan's target year; what is asked of another period is answered by the
// areas and rows of the last day of that period.
type Dated interface {
	Facts
	// On returns the facts as they stood on a day; they name areas by the codes of
	// that day. It is asked for one day again and again.
	On(day registry.Day) Dated
	// Registry returns what exists on their day; it knows what areas were on others.
	Registry() *registry.Snapshot
	// Streets returns the streets with the places of their day, or nil.
	Streets() *Streets
}

// ground is what an area was in a period: the facts of the period's last day, and
// the areas of that day on whose ground it stands.
type ground struct {
	eval  *Evaluator
	areas []lifecircle.AreaCode
	why   rule.Reason // set where there are none
}

// then returns the ground of an area in a period.
func (e *Evaluator) then(area lifecircle.AreaCode, period lifecircle.Period) ground {
	dated, ok := e.facts.(Dated)
	if !ok || period == e.period {
		return ground{eval: e, areas: []lifecircle.AreaCode{area}}
	}
	g := ground{eval: e.of(dated, period)}
	g.areas, g.why = dated.Registry().Then(area, registry.LastDay(period))
	return g
}

// of returns the evaluator of the facts of a period's last day, made when something
// first asks for it: from the one before changes where there is one.
func (e *Evaluator) of(dated Dated, period lifecircle.Period) *Evaluator {
	kept, _ := e.past.LoadOrStore(period, sync.OnceValue(func() *Evaluator {
		facts := dated.On(registry.LastDay(period))
		if before, known := e.earlier[period]; known {
			from := before.eval.carries() // what is judged from now on may be by other layers
			if d, ok := since(before.eval.facts.(Dated), facts, before.eval.nearOf(from)); ok {
				d.Elements = before.elements
				if before.eval.plan != e.plan {
					d.Plan = e.plan
				}
				return before.eval.after(facts, d, from)
			}
		}
		var then *Evaluator
		if facts.Registry().SameAreas(dated.Registry()) {
			then = over(e.plan, facts, e.areas)
			then.shared = e.shared
			if facts.Registry().SamePoints(dated.Registry()) {
				then.registers.kept[PopulationPoints] = keep(e.rowsOf(PopulationPoints))
			}
		} else {
			then = New(e.plan, facts)
		}
		then.period, then.nudge = period, e.nudge
		return then
	}))
	return kept.(func() *Evaluator)()
}

// earlier is the evaluator of another day before changes, and the values that they
// changed. What they did to the rows of that day is seen by comparing them.
type earlier struct {
	eval     *Evaluator
	elements map[string][]lifecircle.AreaCode
}

// mostElements is how many changed values are remembered before an evaluator of
// another day is made anew.
const mostElements = 1000

// nextEarlier returns the evaluators of other days as those before changes d. Where
// areas move nothing is kept: what was said of one may count for another.
func (e *Evaluator) nextEarlier(d Delta) map[lifecircle.Period]earlier {
	if d.Moving || d.Altered {
		return nil
	}
	next := make(map[lifecircle.Period]earlier)
	add := func(period lifecircle.Period, x earlier) {
		elements, n := make(map[string][]lifecircle.AreaCode), 0
		for _, changed := range []map[string][]lifecircle.AreaCode{x.elements, d.Elements} {
			for id, areas := range changed {
				elements[id] = append(elements[id], areas...)
				n += len(areas)
			}
		}
		if n <= mostElements {
			next[period] = earlier{x.eval, elements}
		}
	}
	for period, x := range e.earlier {
		if _, made := e.past.Load(period); !made {
			add(period, x)
		}
	}
	e.past.Range(func(period, made any) bool {
		if eval := made.(func() *Evaluator)(); eval.counted() { // else there is nothing to carry over
			add(period.(lifecircle.Period), earlier{eval: eval})
		}
		return true
	})
	return next
}

// counted reports whether anything was judged or asked of rows.
func (e *Evaluator) counted() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.pools.mu.Lock()
	defer e.pools.mu.Unlock()
	return len(e.tallies)+len(e.pools.kept) > 0
}

// nearOf returns the measures of which people were asked for their nearest places in
// what is carried over.
func (e *Evaluator) nearOf(from carried) map[string]bool {
	near := make(map[string]bool)
	add := func(register string, s *sources) {
		if register == PopulationPoints {
			maps.Copy(near, s.named(measureKey))
		}
	}
	for _, t := range from.tallies {
		r, _ := e.shared.of(t.tallyKey)
		add(t.register, e.sourcesOf(r))
	}
	for _, p := range from.pools {
		add(p.function.Register(), p.sources)
	}
	return near
}

// since says what differs between the facts of a day before and after changes, and of
// the measures in near for which people; ok is false where their areas or people are
// others.
func since(before, now Dated, near map[string]bool) (d Delta, ok bool) {
	was, is := before.Registry(), now.Registry()
	if !is.SameAreas(was) || !is.SamePoints(was) {
		return d, false
	}
	facilities := is.DifferingFacilities(was)
	for _, f := range facilities {
		var change RowChange
		if f.Before != nil {
			change.Before = FacilityRow(f.Before)
		}
		if f.After != nil {
			change.After = FacilityRow(f.After)
		}
		d.AddRow(registry.FacilityRegister, change)
	}
	for _, r := range is.DifferingRecords(was) {
		var change RowChange
		register := ""
		if r.Before != nil {
			change.Before, register = RecordRow(r.Before), r.Before.Register
		}
		if r.After != nil {
			change.After, register = RecordRow(r.After), r.After.Register
		}
		d.AddRow(register, change)
	}
	now.Streets().since(before.Streets(), facilities, near, &d)
	return d, true
}

// each visits the subjects on the ground and the verdicts of a tally on them.
func (g ground) each(t *tally, visit func(Row, Outcome)) {
	for _, area := range g.areas {
		at, last := g.eval.areas.subtree(area)
		t.each(at, last, visit)
	}
}

// over returns the sums of a tally on the ground.
func (g ground) over(t *tally) (total sums) {
	for _, area := range g.areas {
		if at, last := g.eval.areas.subtree(area); at < last {
			total.plus(t.over(at))
		}
	}
	return total
}

// firstDoubt returns why the first unknown subject on the ground is unknown.
func (g ground) firstDoubt(t *tally) (why rule.Reason) {
	for _, area := range g.areas {
		if at, last := g.eval.areas.subtree(area); at < last && why == (rule.Reason{}) {
			why = t.firstDoubt(g.eval.areas, at)
		}
	}
	return why
}

// byRows reports whether a reading of an indicator needs more than reported
// elements: rows, or fields of the area itself. Elements are read by the areas of
// their period in any case.
func (r reading) byRows() bool {
	for _, expr := range []*rule.Expr{r.numerator, r.denominator} {
		if expr == nil {
			continue
		}
		refs := expr.References()
		if len(refs.Registers)+len(refs.Measures)+len(refs.Provisions) > 0 {
			return true
		}
		for _, field := range refs.Fields {
			if _, parameter := r.parameters[field]; !parameter && field != "period_start" && field != "period_end" {
				return true
			}
		}
	}
	return false
}

// undated says which row of those that were read does not say since when it stands;
// "" where all do. Population points are people as they were last counted, and
// areas stand since for ever where nothing is said. It is asked of every area and
// found once for all that read the same.
func (e *Evaluator) undated(read *sources) string {
	if row, known := e.undatedRows.Load(read); known {
		return row.(string)
	}
	row := e.firstUndated(read)
	e.undatedRows.Store(read, row)
	return row
}

func (e *Evaluator) firstUndated(read *sources) string {
	registers := map[string]func(Row) bool{}
	for register := range read.named(registerKey) {
		counted := register == PopulationPoints || register == registry.PopulationRegister
		if !counted && !registry.Level(register).Valid() {
			registers[register] = func(Row) bool { return true }
		}
	}
	if _, all := registers[registry.FacilityRegister]; !all && len(read.named(measureKey)) > 0 {
		measures := read.named(measureKey)
		registers[registry.FacilityRegister] = func(row Row) bool { return e.placeOf(measures, row.Origin().Kind) }
	}
	for _, register := range slices.Sorted(maps.Keys(registers)) {
		for row := range e.undatedOf(register) {
			if registers[register](row) {
				return register + " " + row.ID()
			}
		}
	}
	return ""
}

// undatedOf visits the rows of a register that do not say since when they stand, in
// order. The registry knows which facilities do not: there are many.
func (e *Evaluator) undatedOf(register string) iter.Seq[Row] {
	return func(yield func(Row) bool) {
		if dated, ok := e.facts.(Dated); ok && register == registry.FacilityRegister {
			for f := range dated.Registry().Undated() {
				if !yield(FacilityRow(f)) {
					return
				}
			}
			return
		}
		rows, _ := e.facts.Rows(register)
		for _, row := range rows {
			opened, _ := row.Field("opened")
			if _, said := opened.Date(); !said && !yield(row) {
				return
			}
		}
	}
}

func (e *Evaluator) placeOf(measures map[string]bool, kind string) bool {
	for id := range measures {
		if slices.Contains(e.plan.Measures[id].Kinds, kind) {
			return true
		}
	}
	return false
}

// termYears is how far back before a target's year rows are judged or counted: a
// plan's term. Each year is done anew.
const termYears = 5

// standing returns what a provision, or an indicator that reads rows, was at the
// ends of the years of the plan's term before a period, by what stood then. why is
// set where rows do not say since when they stand: then nothing is said of that
// year and those before, in which they may have stood as well.
func (e *Evaluator) standing(result *Result, r reading) (points []Point, why rule.Reason) {
	if _, ok := e.facts.(Dated); !ok {
		return nil, rule.Reason{Code: "no_series", What: result.Object.ID}
	}
	for year := result.Period.CalendarYear() - 1; year >= result.Target.Year-termYears; year-- {
		period := lifecircle.Year(year)
		if row := e.then(result.Area, period).eval.undated(e.sourcesOf(r)); row != "" {
			why = rule.Reason{Code: "undated", What: row}
			break
		}
		past := e.measure(r, result.Area, period, &reads{})
		if value, known := past.Value.Number(); known {
			points = append(points, Point{period, value})
		}
	}
	slices.Reverse(points)
	return points, why
}

package indicator

import (
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"lifecircle"
	"lifecircle/figure"
	"lifecircle/plan"
	"lifecircle/plan/rule"
	"lifecircle/registry"
)

// Evaluator answers what a plan's objects are in the areas of some facts. It is
// safe for concurrent use. What it counted it keeps: the verdicts of provisions,
// the answers of row functions, and the results of the plan's target year.
type Evaluator struct {
	plan   *plan.Package
	facts  Facts
	period lifecircle.Period // whose last day the facts are of
	nudge  *nudge            // of an evaluator that tries one element's change
	past   sync.Map          // by period: evaluators of the facts of other days
	// earlier are those that the evaluator before some changes had.
	earlier map[lifecircle.Period]earlier
	// undatedRows is what undated found, by *sources.
	undatedRows sync.Map

	areas     *areas
	registers *registers
	pools     *pools
	shared    *shared

	wholes sync.Map // by wholeKey: columns that sheets share
	likes  sync.Map // by fieldKey: rows by a field
	voices sync.Map // by voiceKey: the areas that reported, ascending

	mu      sync.Mutex
	tallies map[tallyKey]*kept[*tally]

	shown  showings
	listed atomic.Bool // all results of an area were asked for

	// Of one that Next made: where the results of each reading of the plan may differ
	// from those before, and of any.
	stale   []extent
	changed extent
}

// shared is what all evaluators of a lineage know: it depends on the plan and the
// areas alone.
type shared struct {
	// sources, by tallyKey without a period, are *sources; they are the same whatever
	// the plan's numbers.
	sources *sync.Map
	// parameters keeps, by reading and area, those of objects that a package
	// overrides in single areas.
	parameters sync.Map
	readings   func() []reading        // of the plan
	index      func() map[tallyKey]int // of readings, by object and variant
	sides      func() map[string]sides // by measure
}

// sharing makes what is shared under a plan.
func sharing(pkg *plan.Package, sources *sync.Map) *shared {
	s := &shared{sources: sources, readings: sync.OnceValue(func() []reading { return readingsOf(pkg) })}
	s.index = sync.OnceValue(func() map[tallyKey]int {
		all := make(map[tallyKey]int)
		for i, r := range s.readings() {
			all[r.key()] = i
		}
		return all
	})
	s.sides = sync.OnceValue(func() map[string]sides { return sidesOf(pkg, s.readings()) })
	return s
}

// of returns a reading by its key, and its place among the readings of the plan.
func (s *shared) of(key tallyKey) (reading, int) {
	key.period = lifecircle.Period{}
	i := s.index()[key]
	return s.readings()[i], i
}

// nudge adds to one series in the period of the question, or to what one row function
// counts, wherever it is read.
type nudge struct {
	of string            // the series, or the function's text
	by lifecircle.Number // in the element's unit, or of a function in base units
}

// tallyKey names a provision under a variant in a period.
type tallyKey struct {
	object, variant string
	period          lifecircle.Period
}

// New makes an evaluator of a plan over facts.
func New(pkg *plan.Package, facts Facts) *Evaluator {
	return over(pkg, facts, areasOf(facts))
}

// over makes an evaluator whose areas are numbered already.
func over(pkg *plan.Package, facts Facts, areas *areas) *Evaluator {
	e := blank(pkg, facts)
	e.areas, e.shared, e.changed = areas, sharing(pkg, new(sync.Map)), extent{everywhere: true}
	e.shown = newShowings(len(e.areas.codes))
	return e
}

func blank(pkg *plan.Package, facts Facts) *Evaluator {
	return &Evaluator{
		plan: pkg, facts: facts, period: lifecircle.Year(pkg.Year), tallies: make(map[tallyKey]*kept[*tally]),
		registers: &registers{kept: make(map[string]*kept[*register])},
		pools:     &pools{kept: make(map[poolKey]*kept[*pool])},
	}
}

// nudged returns an evaluator that tries a change of one element or row function.
// What does not read elements is shared.
func (e *Evaluator) nudged(n nudge) *Evaluator {
	trial := blank(e.plan, e.facts)
	trial.period = e.period
	trial.areas, trial.shared, trial.pools, trial.nudge = e.areas, e.shared, e.pools, &n
	trial.registers.kept = e.registers.all()
	trial.shown = newShowings(len(e.areas.codes))
	return trial
}

// Next makes the evaluator of the changed facts, whose areas are the same. What the
// changes do not touch is shared; the rest is counted again only where they are.
func (e *Evaluator) Next(facts Facts, d Delta) *Evaluator { return e.after(facts, d, e.carries()) }

// carried is what an evaluator judged and asked of rows, for one after changes.
type carried struct {
	tallies []judgedFor
	pools   map[poolKey]*pool
}

// judgedFor is a tally and what it is of.
type judgedFor struct {
	tallyKey
	*tally
}

func (e *Evaluator) carries() carried {
	c := carried{pools: make(map[poolKey]*pool)}
	e.mu.Lock()
	defer e.mu.Unlock()
	c.tallies = make([]judgedFor, 0, len(e.tallies))
	for key, held := range e.tallies {
		if t, known := held.peek(); known {
			c.tallies = append(c.tallies, judgedFor{key, t})
		}
	}
	e.pools.mu.Lock()
	defer e.pools.mu.Unlock()
	for key, held := range e.pools.kept {
		if p, known := held.peek(); known && p != nil {
			c.pools[key] = p
		}
	}
	return c
}

// after is Next that carries over no more than it is given.
func (e *Evaluator) after(facts Facts, d Delta, from carried) *Evaluator {
	next := blank(e.plan, facts)
	next.period, next.nudge = e.period, e.nudge
	next.areas, next.shared, next.earlier = e.areas, e.shared, e.nextEarlier(d)
	if d.Plan != nil {
		next.plan, next.shared = d.Plan, sharing(d.Plan, e.shared.sources)
	}
	next.registers = e.nextRegisters(d)
	reread := maps.Clone(d.Registers)
	for name := range d.Rows {
		_, known := e.registers.all()[name]
		// Population points are read again, since their places shift: in the areas
		// where none changed they stay what they were, in their order.
		if _, carried := next.registers.kept[name]; known && !carried && name != PopulationPoints {
			if reread == nil {
				reread = make(map[string]bool)
			}
			reread[name] = true
		}
	}
	d.Registers = reread
	d.Points = next.felt(d, e.facts, facts)
	t := next.touched(d, e.plan)
	points := next.pointsByArea(d)
	next.nextVoices(e, t)
	recounted := make([]*extent, len(next.shared.readings())) // nil: not counted yet
	recount := func(people bool) {
		all := slices.Clone(from.tallies)
		all = slices.DeleteFunc(all, func(j judgedFor) bool { return people != (j.register == PopulationPoints) })
		now := make([]*tally, len(all))
		together(len(all), func(i int) {
			r, _ := next.shared.of(all[i].tallyKey)
			now[i] = next.next(all[i].tally, asked{r, all[i].period}, t, points(next.sourcesOf(r)))
		})
		for i, old := range all {
			next.tallies[old.tallyKey] = keep(now[i])
			_, of := next.shared.of(old.tallyKey) // a target to keep looks at earlier years too
			x := now[i].differs(old.tally, e.areas)
			if recounted[of] != nil {
				x = x.plus(*recounted[of])
			}
			recounted[of] = &x
		}
	}
	// Pools ask for verdicts on people, and verdicts on areas for what pools hold.
	recount(true)
	next.nextPools(from.pools, t)
	recount(false)
	next.stale = next.staleness(t, recounted)
	for _, x := range next.stale {
		next.changed = next.changed.plus(x)
	}
	next.shown = e.shown.after(next.changed)
	return next
}

// staleness returns, for each reading of the plan, where its results may differ
// from those before the change. Where verdicts were counted again, these say so.
func (e *Evaluator) staleness(t touched, recounted []*extent) []extent {
	readings := e.shared.readings()
	stale := make([]extent, len(readings))
	if len(t) == 0 {
		return stale
	}
	for i, r := range readings {
		x := t.of(e.sourcesOf(r), "")
		if narrower := recounted[i]; narrower != nil && x.everywhere {
			x = *narrower
			if reported, ok := e.plan.Series(r.object.Provision.Reported); ok {
				x = x.plus(t[elementKey+reported.ID])
			}
		}
		stale[i] = x.plus(t[targetsKey+r.object.ID])
	}
	return stale
}

// Changed returns the areas in which results may differ from those of the
// evaluator that Next was asked of, in pre-order: all areas after New.
func (e *Evaluator) Changed() []lifecircle.AreaCode {
	if e.changed.everywhere {
		return e.areas.codes
	}
	codes := make([]lifecircle.AreaCode, len(e.changed.at))
	for i, at := range e.changed.at {
		codes[i] = e.areas.codes[at]
	}
	return codes
}

// PopulationPoints is the register whose rows are people's places.
const PopulationPoints = "population_point"

// State is where a value stands against its target.
type State string

// The states.
const (
	Achieved State = "achieved"
	// OnTrack, AtRisk, OffTrack and Worsening are those of a value that is not
	// met and not yet due, by its pace; OffTrack is also what is due and not met.
	OnTrack   State = "on_track"
	AtRisk    State = "at_risk"
	OffTrack  State = "off_track"
	Worsening State = "worsening"
	// NotYetDue is not met, not due, and without a pace.
	NotYetDue State = "not_yet_due"
	// Stale is not reported for the period, though for an earlier one.
	Stale      State = "stale"
	NoData     State = "no_data"
	NoSubjects State = "not_applicable"
	// ReportedOnly is the state of what is no duty or has no target: it is shown
	// and never failed.
	ReportedOnly State = "reported"
)

// Result is one object's value in an area and period under one variant. Numbers
// are in base units.
type Result struct {
	Object  plan.Object
	Variant *plan.Variant // nil where the text has one reading
	Area    lifecircle.AreaCode
	Period  lifecircle.Period
	Unit    rule.Unit

	Value                  rule.Value
	Numerator, Denominator rule.Value
	// Lower and Upper bound a share whose Value is not known because some
	// subjects are not; they are no data otherwise.
	Lower, Upper rule.Value

	Target     *plan.Target
	Goal       lifecircle.Number // the number that counts: the target's, or what a tolerance lets suffice
	Gap        rule.Value        // what is missing to Goal; 0 or less is nothing
	State      State
	Progress   Progress
	Provenance lifecircle.Provenance
	// Reported is what departments say of the same promise, in ReportedIn: the
	// period, or the latest before it of which they say anything.
	Reported   figure.Reading
	ReportedIn lifecircle.Period
}

// key names the reading of a result.
func (r Result) key() tallyKey {
	if r.Variant == nil {
		return tallyKey{object: r.Object.ID}
	}
	return tallyKey{object: r.Object.ID, variant: r.Variant.ID}
}

// Chosen reports whether the result is under the reading that counts.
func (r Result) Chosen() bool { return r.Variant == nil || r.Variant.Chosen }

// StretchMet reports whether the wish beyond the floor is met; it fails nothing.
func (r Result) StretchMet() bool {
	if r.Target == nil || r.Target.Stretch == nil {
		return false
	}
	met, known := within(r, *r.Target.Stretch)
	return met && known
}

// Query names one result. Variant "" is the chosen one.
type Query struct {
	Object  string // id or clause number
	Variant string
	Area    lifecircle.AreaCode
	Period  lifecircle.Period
}

// Results returns what every measured object is in an area, every variant of it,
// in the order of the plan's clauses. Objects that are not measured at the
// area's level are left out.
//
// Those of the plan's target year are kept: facts do not change, and a region's
// scoreboard is asked for again and again. Do not change what is returned.
func (e *Evaluator) Results(area lifecircle.AreaCode, period lifecircle.Period) []Result {
	if period != lifecircle.Year(e.plan.Year) {
		return e.results(area, period)
	}
	at, known := e.areas.number[area]
	if !known {
		return e.results(area, period)
	}
	shown := e.shown.of(at)
	// Whoever asks while another reckons waits for the same answer.
	return shown.get(func() []Result {
		if shown.before == nil {
			return e.results(area, period)
		}
		results := slices.Clone(shown.before)
		for i, r := range results {
			if r, of := e.shared.of(r.key()); e.stale[of].has(at) {
				results[i] = e.resultOf(r, area, period)
			}
		}
		shown.before = nil
		return results
	})
}

func (e *Evaluator) results(area lifecircle.AreaCode, period lifecircle.Period) []Result {
	var all []reading
	for _, r := range e.shared.readings() {
		if e.measuredAt(r.object, area) {
			all = append(all, r)
		}
	}
	results := make([]Result, len(all))
	one := func(i int) { results[i] = e.resultOf(all[i], area, period) }
	if e.then(area, period).eval.listed.CompareAndSwap(false, true) { // most is judged for the first time
		together(len(all), one)
		return results
	}
	for i := range all {
		one(i)
	}
	return results
}

// Evaluate returns one result. Its errors are indicator_unknown, not_measured,
// variant_unknown and area_unknown.
func (e *Evaluator) Evaluate(q Query) (Result, error) {
	object, variant, err := e.find(q)
	if err != nil {
		return Result{}, err
	}
	return e.result(object, variant, q.Area, q.Period), nil
}

func (e *Evaluator) find(q Query) (plan.Object, *plan.Variant, error) {
	object, ok := e.plan.Object(q.Object)
	if !ok {
		return plan.Object{}, nil, lifecircle.Errorf("indicator_unknown", "%q is no object or clause of plan %s", q.Object, e.plan.ID).With("indicator", q.Object)
	}
	if object.Indicator == nil && object.Provision == nil {
		return plan.Object{}, nil, lifecircle.Errorf("not_measured", "%s is a %s and has no value", object.ID, object.Kind).With("indicator", object.ID)
	}
	if _, ok := e.facts.Area(q.Area); !ok {
		return plan.Object{}, nil, lifecircle.Errorf("area_unknown", "area %q is not known here", q.Area).With("area", string(q.Area))
	}
	variant, ok := variantOf(object, q.Variant)
	if !ok {
		return plan.Object{}, nil, lifecircle.Errorf("variant_unknown", "%s has no variant %q", object.ID, q.Variant).With("variant", q.Variant)
	}
	return object, variant, nil
}

func (e *Evaluator) measuredAt(object plan.Object, area lifecircle.AreaCode) bool {
	a, ok := e.facts.Area(area)
	if !ok {
		return false
	}
	switch {
	case object.Indicator != nil:
		return slices.Contains(object.Indicator.Levels, a.Level)
	case object.Provision != nil:
		return slices.Contains(object.Provision.Levels, a.Level)
	}
	return false
}

func (e *Evaluator) result(object plan.Object, variant *plan.Variant, area lifecircle.AreaCode, period lifecircle.Period) Result {
	return e.resultOf(readingOf(object, variant), area, period)
}

func (e *Evaluator) resultOf(r reading, area lifecircle.AreaCode, period lifecircle.Period) Result {
	result := e.measure(r, area, period, &reads{})
	result.Variant = r.under
	reported := ""
	if r.object.Indicator != nil {
		reported = r.object.Indicator.Reported
	} else {
		reported = r.object.Provision.Reported
	}
	if reported != "" {
		result.Reported, result.ReportedIn = e.lastReported(reported, area, period)
	}
	e.hold(&result, r)
	return result
}

// measure computes the value, without a target.
func (e *Evaluator) measure(r reading, area lifecircle.AreaCode, period lifecircle.Period, reads *reads) Result {
	result := Result{Object: r.object, Area: area, Period: period}
	none := rule.NoData(rule.Reason{})
	result.Value, result.Numerator, result.Denominator, result.Lower, result.Upper, result.Gap = none, none, none, none, none, none
	if r.object.Indicator != nil {
		e.measureIndicator(&result, r, reads)
	} else {
		e.measureProvision(&result, r)
	}
	return result
}

func (e *Evaluator) measureIndicator(result *Result, r reading, reads *reads) {
	result.Unit = r.object.Indicator.Unit
	env, why := e.areaScope(r, result.Area, result.Period)
	if env == nil {
		result.Value = rule.NoData(why)
		return
	}
	env.reads = reads
	result.Numerator = r.numerator.Eval(env)
	result.Value = result.Numerator
	if r.denominator != nil {
		result.Denominator = r.denominator.Eval(env)
		result.Value = quotient(result.Numerator, result.Denominator)
	}
	result.Provenance = reads.provenance
}

// areaScope is the environment of an indicator in an area, without reads; nil, and
// why, where it is asked by rows and the area did not stand in the period. An
// indicator of reported elements alone reads them by the areas of their periods.
func (e *Evaluator) areaScope(r reading, area lifecircle.AreaCode, period lifecircle.Period) (*scope, rule.Reason) {
	s := &scope{eval: e, question: question{period, r.variant}, area: area, parameters: e.parametersIn(r, area)}
	if !r.byRows() {
		return s, rule.Reason{}
	}
	switch then := e.then(area, period); {
	case then.why != (rule.Reason{}):
		return nil, then.why
	case len(then.areas) > 1:
		return nil, rule.Reason{Code: "area_merged", What: string(area)}
	default:
		s.eval, s.area = then.eval, then.areas[0]
		s.row = s.eval.areaRow(s.area)
		return s, rule.Reason{}
	}
}

// reported reads what was published of an area, under its code of the period.
func (e *Evaluator) reported(series string, area lifecircle.AreaCode, period lifecircle.Period) figure.Reading {
	if dated, ok := e.facts.(Dated); ok {
		then, _ := dated.Registry().Then(area, registry.LastDay(period))
		if len(then) != 1 {
			return figure.Reading{}
		}
		area = then[0]
	}
	return e.facts.Read(series, area, period)
}

// lastReported looks for what was reported in a period, and where nothing was in
// the whole years before it.
func (e *Evaluator) lastReported(series string, area lifecircle.AreaCode, period lifecircle.Period) (figure.Reading, lifecircle.Period) {
	then := period
	for back := 0; back <= latestYears; back++ {
		if reading := e.reported(series, area, then); reading.State != figure.Unreported {
			return reading, then
		}
		then = lifecircle.Year(period.CalendarYear() - back - 1)
	}
	return figure.Reading{}, lifecircle.Period{}
}

// areaRow finds the area among the rows of its level, whose fields a rule may
// name; nil when areas are not kept as rows.
func (e *Evaluator) areaRow(code lifecircle.AreaCode) Row {
	area, ok := e.facts.Area(code)
	if !ok {
		return nil
	}
	level := levelOf(area.Level)
	at, known := e.areas.number[code]
	if !known {
		return nil
	}
	r := e.rowsOf(level)
	for _, row := range r.rows.at(at) {
		if row.ID() == string(code) {
			return row
		}
	}
	return nil
}

func quotient(numerator, denominator rule.Value) rule.Value {
	if _, missing := numerator.Missing(); missing {
		return numerator
	}
	if _, missing := denominator.Missing(); missing {
		return denominator
	}
	n, ok := numerator.Number()
	d, ok2 := denominator.Number()
	if !ok || !ok2 {
		return rule.NoData(rule.Reason{Code: "not_a_number"})
	}
	if d.Sign() == 0 {
		return rule.NoData(rule.Reason{Code: "division_by_zero"})
	}
	q, ok := n.Quo(d)
	if !ok {
		return rule.NoData(rule.Reason{Code: "overflow"})
	}
	return rule.NumberOf(q)
}

func (e *Evaluator) measureProvision(result *Result, r reading) {
	result.Unit = rule.Percent
	then := e.then(result.Area, result.Period)
	if then.why != (rule.Reason{}) {
		result.Value = rule.NoData(then.why)
		return
	}
	e = then.eval
	t := e.tally(r, result.Period)
	if !t.kept {
		result.Value = rule.NoData(rule.Reason{Code: "not_kept", What: t.register})
		return
	}
	total := then.over(t)
	result.Provenance = total.provenance()
	switch {
	case total.subjects == 0:
		result.Value = rule.NoData(rule.Reason{Code: "no_subjects", What: r.subjects})
		result.State = NoSubjects
		return
	case total.overflowed:
		result.Value = rule.NoData(rule.Reason{Code: "overflow", What: r.object.ID})
		return
	case total.unweighed > 0:
		result.Value = rule.NoData(rule.Reason{Code: "unweighed", What: r.object.ID})
		return
	}
	result.Numerator = rule.NumberOf(total.pass)
	all, ok := total.pass.Add(total.fail)
	if ok {
		all, ok = all.Add(total.unknown)
	}
	if !ok {
		result.Value = rule.NoData(rule.Reason{Code: "overflow", What: r.object.ID})
		return
	}
	result.Denominator = rule.NumberOf(all)
	share := quotient(result.Numerator, result.Denominator)
	if total.unknowns == 0 {
		result.Value = share
		return
	}
	most, ok := total.pass.Add(total.unknown)
	if !ok {
		result.Value = rule.NoData(rule.Reason{Code: "overflow", What: r.object.ID})
		return
	}
	result.Lower, result.Upper = share, quotient(rule.NumberOf(most), result.Denominator)
	result.Value = rule.NoData(then.firstDoubt(t))
}

func (e *Evaluator) tally(r reading, period lifecircle.Period) *tally {
	key := tallyKey{r.object.ID, r.variant, period}
	e.mu.Lock()
	k := e.tallies[key]
	if k == nil {
		k = &kept[*tally]{}
		e.tallies[key] = k
	}
	e.mu.Unlock()
	return k.get(func() *tally { return e.count(asked{r, period}) })
}

func chosen(object plan.Object) *plan.Variant {
	variants := object.Variants()
	for i := range variants {
		if variants[i].Chosen {
			return &variants[i]
		}
	}
	return nil
}

func variantOf(object plan.Object, id string) (*plan.Variant, bool) {
	if id == "" {
		return chosen(object), true
	}
	variants := object.Variants()
	for i := range variants {
		if variants[i].ID == id {
			return &variants[i], true
		}
	}
	return nil, false
}

package indicator

import (
	"fmt"

	"lifecircle"
	"lifecircle/access"
	"lifecircle/figure"
	"lifecircle/plan"
	"lifecircle/plan/rule"
	"lifecircle/registry"
)

// Check runs one test of a package: it sets what is given behind an evaluator
// and returns, for every expectation that is not met, what was wanted and what
// came. A test that holds returns nothing.
func Check(pkg *plan.Package, test plan.Test) []string {
	facts, err := newExample(pkg, test.Given)
	if err != nil {
		return []string{err.Error()}
	}
	c := &comparison{pkg: pkg, test: test, eval: New(pkg, facts)}
	for _, expected := range test.Expect {
		c.expected = expected
		c.where = string(expected.Area)
		if expected.Row != "" {
			c.where = "row " + expected.Row
		}
		switch object, _ := pkg.Object(test.Object); {
		case expected.Row == "":
			c.area()
		case object.Provision != nil:
			c.subject(object)
		default:
			c.decided(object)
		}
	}
	return c.differences
}

// comparison collects the differences between what a test expects and what is.
type comparison struct {
	pkg         *plan.Package
	test        plan.Test
	eval        *Evaluator
	expected    plan.Expectation
	where       string
	differences []string
}

func (c *comparison) differ(what string, want, got any) {
	c.differences = append(c.differences, fmt.Sprintf("%s:%d: %s: %s is %v, expected %v",
		c.expected.At.File, c.expected.At.Line, c.where, what, got, want))
}

// number compares where a number is expected, and shows both in a unit.
func (c *comparison) number(what string, want *lifecircle.Number, got rule.Value, unit rule.Unit) {
	if want == nil {
		return
	}
	n, ok := got.Number()
	switch {
	case !ok:
		c.differ(what, inUnit(*want, unit), got)
	case n != *want:
		c.differ(what, inUnit(*want, unit), inUnit(n, unit))
	}
}

func inUnit(n lifecircle.Number, unit rule.Unit) string {
	if shown, ok := unit.FromBase(n); ok {
		n = shown
	}
	return fmt.Sprintf("%v %v", n, unit)
}

// verdict compares where a verdict is expected.
func (c *comparison) verdict(what string, want plan.Verdict, got plan.Verdict) {
	if want != "" && want != got {
		c.differ(what, want, got)
	}
}

// verdictOf names a truth as tests do.
func verdictOf(v rule.Value) plan.Verdict {
	if why, missing := v.Missing(); missing {
		if why.Code == CodeNotApplicable {
			return plan.VerdictNoCase
		}
		return plan.VerdictNoData
	}
	if holds, _ := v.Bool(); holds {
		return plan.VerdictPass
	}
	return plan.VerdictFail
}

// area compares a result of an indicator or provision.
func (c *comparison) area() {
	e := c.expected
	result, err := c.eval.Evaluate(Query{Object: c.test.Object, Variant: e.Variant, Area: e.Area, Period: c.test.Period})
	if err != nil {
		c.differ("the result", "one", err)
		return
	}
	why, missing := result.Value.Missing()
	if e.NoValue && !missing {
		c.differ("the value", plan.VerdictNoData, result.Value)
	}
	c.number("the value", e.Value, result.Value, result.Unit)
	if e.Reason != "" && e.Reason != why.Code {
		c.differ("the reason", e.Reason, result.Value)
	}
	if e.State != "" && e.State != string(result.State) {
		c.differ("the state", e.State, result.State)
	}
	c.number("the numerator", e.Numerator, result.Numerator, rule.Unit{})
	c.number("the denominator", e.Denominator, result.Denominator, rule.Unit{})
	c.number("the lower bound", e.Lower, result.Lower, result.Unit)
	c.number("the upper bound", e.Upper, result.Upper, result.Unit)
}

// subject compares what a provision says of one row.
func (c *comparison) subject(object plan.Object) {
	e := c.expected
	variant, _ := variantOf(object, e.Variant)
	reading := readingOf(object, variant)
	register := c.pkg.Sets[reading.subjects].Of
	rows, _ := c.eval.facts.Rows(register)
	row, ok := find(rows, e.Row)
	if !ok {
		c.differ("the row", "one of "+register, "not given")
		return
	}
	outcome := c.eval.judge(reading, row, c.test.Period, &reads{})
	c.verdict("pass", e.Pass, verdictNames[outcome.Verdict])
	if e.Reason != "" && e.Reason != outcome.Reason.Code {
		c.differ("the reason", e.Reason, outcome.Reason.Code)
	}
	deficit := rule.NoData(outcome.Reason)
	if outcome.Lacks {
		deficit = rule.NumberOf(outcome.Deficit)
	}
	c.number("the deficit", e.Deficit, deficit, object.Provision.DeficitUnit)
	for _, beside := range []struct {
		what string
		want plan.Verdict
		rule *rule.Expr
	}{{"recognised", e.Recognised, object.Provision.Recognised}, {"warn", e.Warn, object.Provision.Warn}} {
		if beside.want == "" {
			continue
		}
		if beside.rule == nil {
			c.differ(beside.what, beside.want, "not a part of "+object.ID)
			continue
		}
		c.verdict(beside.what, beside.want, verdictOf(beside.rule.Eval(&scope{
			eval: c.eval, question: question{c.test.Period, reading.variant}, row: row, area: row.Area(),
			parameters: c.eval.parametersIn(reading, row.Area()), reads: &reads{},
		})))
	}
}

var verdictNames = [...]plan.Verdict{
	NotApplicable: plan.VerdictNoCase, Pass: plan.VerdictPass, Fail: plan.VerdictFail, Unknown: plan.VerdictNoData,
}

// decided compares what a decision says of one row.
func (c *comparison) decided(object plan.Object) {
	e := c.expected
	rows, rulings, err := c.eval.Decide(object.ID, c.test.Period)
	if err != nil {
		c.differ("the ruling", "one", err)
		return
	}
	for i, row := range rows {
		if row.ID() != e.Row {
			continue
		}
		r := rulings[i]
		c.verdict("eligible", e.Eligible, verdictOf(r.Eligible))
		for at, condition := range object.Decision.Conditions {
			c.verdict("the condition "+condition.ID, e.Conditions[condition.ID], verdictOf(r.Conditions[at]))
		}
		c.verdict("once", e.Once, verdictOf(r.Once))
		c.verdict("granted", e.Granted, verdictOf(r.Granted))
		c.number("the amount", e.Amount, r.Amount, object.Decision.AmountUnit)
		return
	}
	c.differ("the row", "one of "+c.pkg.Sets[object.Decision.Subjects].Of, "not given")
}

func find(rows []Row, id string) (Row, bool) {
	for _, row := range rows {
		if row.ID() == id {
			return row, true
		}
	}
	return nil, false
}

// example is what a test gives, as Facts.
type example struct {
	areas    map[lifecircle.AreaCode]registry.Area
	children map[lifecircle.AreaCode][]lifecircle.AreaCode
	rows     map[string][]Row
	values   *figure.Table
}

var _ Facts = (*example)(nil)

func newExample(pkg *plan.Package, given plan.Given) (*example, error) {
	x := &example{
		areas:    make(map[lifecircle.AreaCode]registry.Area),
		children: make(map[lifecircle.AreaCode][]lifecircle.AreaCode),
		rows:     make(map[string][]Row),
	}
	ways := make(map[string]map[string]plan.GivenDistance)
	for _, d := range given.Distances {
		if ways[d.Row] == nil {
			ways[d.Row] = make(map[string]plan.GivenDistance)
		}
		ways[d.Row][d.Measure] = d
	}
	for _, level := range []registry.Level{registry.Region, registry.Prefecture, registry.County, registry.Township, registry.Village} {
		x.rows[levelOf(level)] = []Row{} // areas are always kept
	}
	for _, a := range given.Areas {
		x.areas[a.Code] = registry.Area{Code: a.Code, Parent: a.Parent, Level: a.Level}
		x.children[a.Parent] = append(x.children[a.Parent], a.Code)
		row := plan.GivenRow{ID: string(a.Code), Area: a.Code, Fields: a.Fields}
		x.rows[levelOf(a.Level)] = append(x.rows[levelOf(a.Level)], givenRow{row, pkg.Registers[levelOf(a.Level)], ways[row.ID]})
	}
	for register, rows := range given.Rows {
		if x.rows[register] == nil {
			x.rows[register] = []Row{}
		}
		for _, row := range rows {
			x.rows[register] = append(x.rows[register], givenRow{row, pkg.Registers[register], ways[row.ID]})
		}
	}
	var edits []figure.Edit
	for _, v := range given.Values {
		edits = append(edits, figure.Edit{Put: &figure.Value{
			Key:    figure.Key{Element: v.Element, Area: v.Area, Period: v.Period, Source: v.Source},
			Number: v.Number, Provenance: lifecircle.Real,
		}})
		if v.Chosen {
			edits = append(edits, figure.Edit{Choose: &figure.Choice{
				Element: v.Element, Area: v.Area, Period: v.Period, Source: v.Source, Reason: "chosen in the test",
			}})
		}
	}
	var err error
	x.values, err = new(figure.Table).With(edits)
	return x, err
}

// Area implements Facts.
func (x *example) Area(code lifecircle.AreaCode) (registry.Area, bool) {
	a, ok := x.areas[code]
	return a, ok
}

// Children implements Facts.
func (x *example) Children(code lifecircle.AreaCode) []lifecircle.AreaCode { return x.children[code] }

// Rows implements Facts.
func (x *example) Rows(register string) ([]Row, bool) {
	rows, kept := x.rows[register]
	return rows, kept
}

// Read implements Facts.
func (x *example) Read(element string, area lifecircle.AreaCode, period lifecircle.Period) figure.Reading {
	return x.values.Read(element, area, period)
}

// givenRow is a row that a test gives.
type givenRow struct {
	row      plan.GivenRow
	register plan.Register
	ways     map[string]plan.GivenDistance // by measure
}

func (r givenRow) ID() string                { return r.row.ID }
func (r givenRow) Area() lifecircle.AreaCode { return r.row.Area }
func (r givenRow) Origin() Origin            { return Origin{Provenance: lifecircle.Real} }

// Field implements Row: what a test does not say of a row is unknown.
func (r givenRow) Field(name string) (rule.Value, bool) {
	if value, said := r.row.Fields[name]; said {
		return value, true
	}
	_, known := r.register.Fields[name]
	return rule.NoData(rule.Reason{Code: rule.CodeUnknown, What: name}), known
}

// Roots implements Facts.
func (x *example) Roots() []lifecircle.AreaCode { return x.children[""] }

// Nearest implements Facts.
func (x *example) Nearest(row Row, measure string) Nearness {
	r := row.(givenRow)
	switch way, given := r.ways[measure]; {
	case !given:
		return Nearness{Reason: rule.Reason{Code: rule.CodeUnknown, What: measure}}
	case way.Unreachable, len(way.Ways) == 0:
		return Nearness{State: access.Unreachable}
	default:
		return Nearness{State: access.OK, Way: way.Ways[0]}
	}
}

// Within implements Facts.
func (x *example) Within(row Row, measure string, reach lifecircle.Number) rule.Value {
	r := row.(givenRow)
	way, given := r.ways[measure]
	if !given {
		return rule.NoData(rule.Reason{Code: rule.CodeUnknown, What: measure})
	}
	count := 0
	for _, far := range way.Ways {
		if far.Cmp(reach) <= 0 {
			count++
		}
	}
	return rule.NumberOf(lifecircle.Int(int64(count)))
}

package plan

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"

	"lifecircle"
	"lifecircle/plan/rule"
	"lifecircle/registry"
)

// Test is one example of a package: what is given, and what then must follow.
// The package indicator runs it.
type Test struct {
	Name   string
	Object string // id
	Period lifecircle.Period
	Given  Given
	Expect []Expectation
	At     Position
}

// Given are the facts of a test. All else is unknown.
type Given struct {
	Areas  []GivenArea
	Values []GivenValue
	// Rows are by register; one that is named and empty is kept and holds
	// nothing, one that is not named is not kept.
	Rows      map[string][]GivenRow
	Distances []GivenDistance
}

// GivenArea is an area and the fields of its row in the register of its level.
type GivenArea struct {
	Code, Parent lifecircle.AreaCode
	Level        registry.Level
	Fields       map[string]rule.Value
}

// GivenValue is one source's value of an element, in the element's unit.
type GivenValue struct {
	Element string
	Area    lifecircle.AreaCode
	Period  lifecircle.Period
	Source  string
	Number  lifecircle.Number
	Chosen  bool // among rival sources of the same value
}

// GivenRow is a row of a register. A field that is left out is unknown.
type GivenRow struct {
	ID     string
	Area   lifecircle.AreaCode
	Fields map[string]rule.Value
}

// GivenDistance is how far a row has to the places of a measure.
type GivenDistance struct {
	Row, Measure string
	Ways         []lifecircle.Number // to each place, the nearest first, as the measure counts
	Unreachable  bool                // no place can be reached
}

// Verdict is what a test expects a provision to say of a row.
type Verdict string

// The verdicts.
const (
	VerdictPass   Verdict = "true"
	VerdictFail   Verdict = "false"
	VerdictNoData Verdict = "no_data"
	VerdictNoCase Verdict = "not_applicable"
)

// defaultSource is who says a value for which a test names nobody.
const defaultSource = "test"

// Expectation is what must follow in an area (of an indicator or provision) or
// for a row (of a provision or decision). What is nil or "" is not asked.
type Expectation struct {
	Area lifecircle.AreaCode
	Row  string

	Variant string // "" is the chosen one
	State   string
	Reason  string // code of why there is no data
	NoValue bool   // the value must be no data

	// In base units.
	Value, Numerator, Denominator *lifecircle.Number
	Lower, Upper                  *lifecircle.Number

	Pass       Verdict
	Recognised Verdict
	Warn       Verdict
	Deficit    *lifecircle.Number // in base units
	Eligible   Verdict
	Conditions map[string]Verdict
	Once       Verdict
	Granted    Verdict
	Amount     *lifecircle.Number // in base units
	At         Position
}

// LoadTests reads the tests of a loaded package, from which units and fields are
// known: every .yaml file in its folder tests. With a fault of severity error
// there are no tests.
func LoadTests(fsys fs.FS, pkg *Package) ([]Test, []Fault) {
	t := &testLoader{pkg: pkg}
	entries, err := fs.ReadDir(fsys, testFolder)
	if err != nil {
		return nil, nil // a package without tests
	}
	for _, entry := range entries {
		if entry.IsDir() || path.Ext(entry.Name()) != ".yaml" {
			continue
		}
		name := path.Join(testFolder, entry.Name())
		data, ok := t.file(fsys, name)
		if !ok {
			continue
		}
		if root := t.read(name, data); root != nil {
			t.testFile(root)
		}
	}
	found := t.sorted()
	if Broken(found) {
		return nil, found
	}
	return t.tests, found
}

// testLoader reads tests against a loaded package.
type testLoader struct {
	faults
	pkg   *Package
	tests []Test
}

// testFile reads one file: what is given to all its tests, and the tests.
func (t *testLoader) testFile(root *node) {
	r := t.record(root, "a test file")
	common := t.given(r.field("given"))
	object := r.field("object")
	names := make(map[string]bool)
	for _, item := range t.items(r.need("tests", "a test file is a list of tests"), "tests") {
		f := t.record(item, "a test")
		name := f.need("name", "it says what is shown")
		test := Test{At: item.at, Name: t.text(name, "the name")}
		if test.Name != "" && names[test.Name] {
			t.error(name.at, finding{"id_duplicate", fmt.Sprintf("a test is already called %q", test.Name), "give one of the two another name"})
		}
		names[test.Name] = true
		of := f.field("object")
		if of == nil {
			if of = object; of == nil {
				of = f.need("object", "it says what is tested, here or at the top of the file")
			}
		}
		test.Object = t.object(of)
		test.Period = t.period(f.need("period", "it says for when"))
		test.Given = common.with(t.given(f.field("given")))
		for _, e := range t.items(f.need("expect", "a test expects something"), "expect") {
			test.Expect = append(test.Expect, t.expectation(e, test.Object))
		}
		f.close()
		t.tests = append(t.tests, test)
	}
	r.close()
}

func (t *testLoader) object(n *node) string {
	id := t.text(n, "an object")
	if id == "" {
		return ""
	}
	object, ok := t.pkg.Object(id)
	if !ok {
		t.error(n.at, finding{"reference_unknown", fmt.Sprintf("there is no object %q", id), "name an object of the package by its id"})
	}
	return object.ID
}

func (t *testLoader) period(n *node) lifecircle.Period {
	text, ok := t.scalar(n, "a period")
	if !ok {
		return lifecircle.Period{}
	}
	period, err := lifecircle.ParsePeriod(text)
	if err != nil {
		t.error(n.at, finding{"wrong_type", err.Error(), "write 2025 or 2025-03"})
	}
	return period
}

func (t *testLoader) area(n *node) lifecircle.AreaCode {
	text, ok := t.scalar(n, "an area")
	if !ok {
		return ""
	}
	code, err := lifecircle.ParseAreaCode(text)
	if err != nil {
		t.error(n.at, finding{"wrong_type", err.Error(), "write the official code, like 640104"})
	}
	return code
}

func (t *testLoader) given(n *node) Given {
	r := t.record(n, "what is given")
	g := Given{Rows: make(map[string][]GivenRow)}
	for _, item := range t.items(r.field("areas"), "areas") {
		g.Areas = append(g.Areas, t.givenArea(item))
	}
	for _, item := range t.items(r.field("values"), "values") {
		g.Values = append(g.Values, t.givenValue(item))
	}
	if rows := r.field("rows"); rows != nil && t.is(rows, mapping, "rows") {
		for _, entry := range rows.fields {
			register, known := t.pkg.Registers[entry.key]
			if !known {
				t.error(entry.keyAt, dead("register", entry.key, t.pkg.Registers))
				continue
			}
			// An empty list says that the register is kept and holds nothing.
			g.Rows[entry.key] = []GivenRow{}
			for _, item := range t.items(entry.value, "rows of "+entry.key) {
				g.Rows[entry.key] = append(g.Rows[entry.key], t.givenRow(item, register))
			}
		}
	}
	for _, item := range t.items(r.field("distances"), "distances") {
		g.Distances = append(g.Distances, t.givenDistance(item))
	}
	r.close()
	return g
}

// with returns what two givens give together.
func (g Given) with(more Given) Given {
	both := Given{
		Areas:     slices.Concat(g.Areas, more.Areas),
		Values:    slices.Concat(g.Values, more.Values),
		Rows:      make(map[string][]GivenRow),
		Distances: slices.Concat(g.Distances, more.Distances),
	}
	for _, given := range []Given{g, more} {
		for register, rows := range given.Rows {
			both.Rows[register] = append(slices.Clip(both.Rows[register]), rows...)
			if both.Rows[register] == nil {
				both.Rows[register] = []GivenRow{}
			}
		}
	}
	return both
}

func (t *testLoader) givenArea(n *node) GivenArea {
	r := t.record(n, "an area")
	a := GivenArea{Code: t.area(r.need("code", "it names the area"))}
	if parent := r.field("parent"); parent != nil {
		a.Parent = t.area(parent)
	}
	a.Level = oneOf(&t.faults, r.need("level", "it is the rank of the area"), "the level",
		registry.Region, registry.Prefecture, registry.County, registry.Township, registry.Village)
	a.Fields = t.fieldsOf(r, t.pkg.Registers[string(a.Level)])
	r.close()
	return a
}

func (t *testLoader) givenRow(n *node, register Register) GivenRow {
	r := t.record(n, "a row of "+register.ID)
	row := GivenRow{ID: t.text(r.need("id", "it names the row"), "the id"), Area: t.area(r.need("area", "every row has an area"))}
	row.Fields = t.fieldsOf(r, register)
	r.close()
	return row
}

// fieldsOf reads the fields of a register that a row says.
func (t *testLoader) fieldsOf(r *record, register Register) map[string]rule.Value {
	values := make(map[string]rule.Value)
	for _, name := range slices.Sorted(maps.Keys(register.Fields)) {
		n := r.field(name)
		if n == nil {
			continue
		}
		if value, ok := t.value(n, register.Fields[name], name); ok {
			values[name] = value
		}
	}
	return values
}

func (t *testLoader) value(n *node, kind rule.Type, name string) (rule.Value, bool) {
	switch kind.Kind {
	case rule.Bool:
		return rule.BoolOf(t.boolean(n, name)), true
	case rule.Day:
		day, ok := t.date(n, name)
		return rule.DateOf(day), ok
	case rule.Texts:
		return rule.TextsOf(t.texts(n, name)), true
	case rule.Number:
		return rule.NumberOf(t.base(n, name, kind.Unit)), true
	}
	return rule.TextOf(t.text(n, name)), true
}

func (t *testLoader) base(n *node, what string, unit rule.Unit) lifecircle.Number {
	number, ok := t.number(n, what)
	if !ok {
		return lifecircle.Number{}
	}
	base, ok := unit.ToBase(number)
	if !ok {
		t.error(n.at, finding{"wrong_type", what + " has too many digits", "write fewer"})
	}
	return base
}

func (t *testLoader) givenValue(n *node) GivenValue {
	r := t.record(n, "a value")
	element := r.need("element", "it says what is given")
	v := GivenValue{Element: t.text(element, "the element"), Source: defaultSource}
	lookUp(&t.faults, element, "element", t.pkg.Elements)
	v.Area = t.area(r.need("area", "it says of where"))
	v.Period = t.period(r.need("period", "it says of when"))
	if source := r.field("source"); source != nil {
		v.Source = t.text(source, "the source")
	}
	v.Number, _ = t.number(r.need("value", "it is what is given"), "the value")
	if chosen := r.field("chosen"); chosen != nil {
		v.Chosen = t.boolean(chosen, "chosen")
	}
	r.close()
	return v
}

func (t *testLoader) givenDistance(n *node) GivenDistance {
	r := t.record(n, "a distance")
	d := GivenDistance{Row: t.text(r.need("row", "it says from where"), "the row")}
	measure := r.need("measure", "it says to what")
	d.Measure = t.text(measure, "the measure")
	lookUp(&t.faults, measure, "measure", t.pkg.Measures)
	far, scale := (*node)(nil), int64(1)
	switch timed := t.pkg.Measures[d.Measure].Mode.Timed(); {
	case r.has("unreachable"):
		d.Unreachable = t.boolean(r.field("unreachable"), "unreachable")
	case timed:
		far, scale = r.need("minutes", "it is how far, or write unreachable: true"), 60
	default:
		far = r.need("metres", "it is how far, or write unreachable: true")
	}
	way := func(n *node) {
		if number, ok := t.number(n, "the way"); ok {
			far, _ := number.Mul(lifecircle.Int(scale))
			d.Ways = append(d.Ways, far)
		}
	}
	switch {
	case d.Unreachable || far == nil:
	case far.kind == list:
		for _, item := range far.items {
			way(item)
		}
		slices.SortFunc(d.Ways, lifecircle.Number.Cmp)
	default:
		way(far)
	}
	r.close()
	return d
}

// units are those in which an expectation of an object is written.
type units struct{ value, deficit, amount rule.Unit }

func unitsOf(object Object) units {
	u := units{value: rule.Percent}
	switch {
	case object.Indicator != nil:
		u.value = object.Indicator.Unit
	case object.Provision != nil:
		u.deficit = object.Provision.DeficitUnit
	case object.Decision != nil:
		u.amount = object.Decision.AmountUnit
	}
	return u
}

func (t *testLoader) expectation(n *node, id string) Expectation {
	object, _ := t.pkg.Object(id)
	u := unitsOf(object)
	r := t.record(n, "an expectation")
	e := Expectation{At: n.at}
	switch {
	case r.has("row"):
		e.Row = t.text(r.field("row"), "the row")
	default:
		e.Area = t.area(r.need("area", "it says where, or write row"))
	}
	if variant := r.field("variant"); variant != nil {
		e.Variant = t.text(variant, "the variant")
		t.variant(variant, object)
	}
	if state := r.field("state"); state != nil {
		e.State = t.text(state, "the state")
	}
	if reason := r.field("reason"); reason != nil {
		e.Reason = t.text(reason, "the reason")
	}
	if value := r.field("value"); value != nil && value.kind == scalar && value.text == string(VerdictNoData) {
		e.NoValue = true
	} else {
		e.Value = t.expected(value, "the value", u.value)
	}
	// A numerator and a denominator have units of their own: base units.
	e.Numerator = t.expected(r.field("numerator"), "the numerator", rule.Unit{})
	e.Denominator = t.expected(r.field("denominator"), "the denominator", rule.Unit{})
	e.Lower = t.expected(r.field("lower"), "the lower bound", u.value)
	e.Upper = t.expected(r.field("upper"), "the upper bound", u.value)
	deficit := u.deficit
	for _, v := range object.Variants() {
		if v.ID == e.Variant && v.Deficit != nil {
			deficit = v.DeficitUnit
		}
	}
	e.Deficit = t.expected(r.field("deficit"), "the deficit", deficit)
	e.Amount = t.expected(r.field("amount"), "the amount", u.amount)
	e.Pass, e.Eligible = t.verdict(r.field("pass")), t.verdict(r.field("eligible"))
	e.Once, e.Granted = t.verdict(r.field("once")), t.verdict(r.field("granted"))
	e.Recognised, e.Warn = t.verdict(r.field("recognised")), t.verdict(r.field("warn"))
	e.Conditions = make(map[string]Verdict)
	if object.Decision != nil {
		c := t.record(r.field("conditions"), "conditions")
		for _, condition := range object.Decision.Conditions {
			if n := c.field(condition.ID); n != nil {
				e.Conditions[condition.ID] = t.verdict(n)
			}
		}
		c.close()
	}
	r.close()
	if r.node != nil && len(r.node.fields) < 2 {
		t.error(n.at, finding{"key_missing", "nothing is expected here", "add a value, a state, a pass …"})
	}
	return e
}

func (t *testLoader) variant(n *node, object Object) {
	if object.ID == "" {
		return // a fault has been reported where the object is named
	}
	known := make(map[string]bool)
	for _, v := range object.Variants() {
		known[v.ID] = true
	}
	lookUp(&t.faults, n, "variant of "+object.ID, known)
}

func (t *testLoader) expected(n *node, what string, unit rule.Unit) *lifecircle.Number {
	if n == nil {
		return nil
	}
	base := t.base(n, what, unit)
	return &base
}

func (t *testLoader) verdict(n *node) Verdict {
	if n == nil {
		return ""
	}
	return oneOf(&t.faults, n, "a verdict", VerdictPass, VerdictFail, VerdictNoData, VerdictNoCase)
}

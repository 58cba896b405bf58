// Package plan is a public-service plan as data: its promises, the numbers in
// them and the words they hang on, loaded from a package of YAML files and
// checked, with every fault at file:line:column. It measures nothing (indicator
// does) and keeps no facts. Whoever measures, decides or shows a plan imports it.
//
// docs/formats/rules.md says what the objects and their expressions mean;
// docs/formats/plan.md how a package is written.
package plan

import (
	"slices"
	"strings"

	"lifecircle"
	"lifecircle/plan/rule"
	"lifecircle/registry"
)

// Kind is one of the eight kinds of object that carry a clause.
type Kind string

// The eight kinds.
const (
	KindIndicator   Kind = "indicator"
	KindProvision   Kind = "provision"
	KindTask        Kind = "task"
	KindRecognition Kind = "recognition"
	KindProgramme   Kind = "programme"
	KindEntitlement Kind = "entitlement"
	KindService     Kind = "service"
	KindLink        Kind = "link"
)

// Force is how strongly a clause binds: the first word of its mechanism.
type Force string

// The forces. Must is a duty with a measure and push one without; the others
// are no duty: their measures are reported and never "failed".
const (
	Must      Force = "must"
	Push      Force = "push"
	Encourage Force = "encourage"
	Explore   Force = "explore"
	Seek      Force = "seek"
	May       Force = "may"
	Principle Force = "principle"
)

// Duty reports whether missing a target under this force is a failure.
func (f Force) Duty() bool { return f == Must || f == Push }

// Status says how well a number is founded.
type Status string

// The statuses. Only Verified may be shown as an official norm.
const (
	Verified    Status = "verified"     // read in the official text
	Secondary   Status = "secondary"    // read in a copy or a quotation
	Unverified  Status = "unverified"   // known, not yet read anywhere
	LocalChoice Status = "local-choice" // the text leaves it open and the package chose
)

// Position is a place in a package's files.
type Position struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

// Package is a loaded plan. It never changes.
type Package struct {
	ID      string
	Name    lifecircle.Name
	Version string
	Extends string                // id of the plan above, or ""
	Areas   []lifecircle.AreaCode // where the plan speaks; none is everywhere
	Year    int                   // the target year of the plan
	Hash    string                // hex SHA-256 of its files
	Source  string                // the title of the document, or ""
	// Accepted are the reasons by which the package acknowledges warnings wherever
	// they come, by code.
	Accepted map[string]lifecircle.Name
	Kinds    map[string]FacilityKind
	Elements map[string]Element
	Measures map[string]Measure
	// Registers are the tables of rows that rules may read; the product keeps
	// population_point, facility and the levels of areas, a package names further
	// ones, which have no data until the product keeps them.
	Registers   map[string]Register
	Sets        map[string]SubjectSet
	Departments map[string]Department
	// ParameterNames are what readers call the parameters that rules name by id.
	ParameterNames map[string]lifecircle.Name
	Clauses        []Clause // of this package, headings included, in the order of the text
	Objects        []Object // in the order of their first clause; those of the plan above last

	// Overrides change numbers of objects, some in single areas; those of this
	// package stand before those of the plan above. TargetsIn and ParametersIn
	// answer what holds where.
	Overrides []Override

	index     map[string]int // of Objects, by id
	overrides map[string][]Override
}

// Object finds an object by id, or by a clause number that one object carries
// with a measure.
func (p *Package) Object(idOrClause string) (Object, bool) {
	if o, ok := p.objectByID(idOrClause); ok {
		return o, true
	}
	for _, o := range p.Objects {
		if o.Measured() && slices.Contains(o.Clauses, idOrClause) {
			return o, true
		}
	}
	return Object{}, false
}

func (p *Package) objectByID(id string) (Object, bool) {
	if p.index == nil { // made by hand, not loaded
		at := slices.IndexFunc(p.Objects, func(o Object) bool { return o.ID == id })
		if at < 0 {
			return Object{}, false
		}
		return p.Objects[at], true
	}
	at, ok := p.index[id]
	if !ok {
		return Object{}, false
	}
	return p.Objects[at], true
}

// indexed orders the objects by their clauses, those of the package itself
// first, and indexes them.
func (p *Package) indexed() {
	slices.SortStableFunc(p.Objects, func(a, b Object) int {
		if own := a.Plan == p.ID; own != (b.Plan == p.ID) {
			if own {
				return -1
			}
			return 1
		}
		return compareClauses(firstClause(a), firstClause(b))
	})
	p.index = make(map[string]int, len(p.Objects))
	for i, o := range p.Objects {
		if _, twice := p.index[o.ID]; !twice {
			p.index[o.ID] = i
		}
	}
}

// Element is something reported per area and period.
type Element struct {
	ID   string
	Name lifecircle.Name
	Unit rule.Unit
	// Flow elements are sums over time (visits of a month); others are stocks,
	// of which the last value holds (beds on a day).
	Flow bool
	// Additive elements of an area are the sum over its parts when the area
	// itself has no value; others (rates) are not.
	Additive bool
	// Dimensions are those it is broken down by, each with its categories. A part
	// of an element is reported and read on its own; nothing is added up over
	// categories.
	Dimensions map[string][]string
}

// Series returns the name under which a part of the element is reported; the
// errors breakdown_invalid and breakdown_unknown say what is wrong with it.
func (e Element) Series(breakdown string) (string, error) {
	part, err := rule.ParseBreakdown(breakdown)
	if err != nil || part == "" {
		return e.ID, err
	}
	for _, named := range strings.Split(part, ",") {
		dimension, category, _ := strings.Cut(named, "=")
		if !slices.Contains(e.Dimensions[dimension], category) {
			return "", lifecircle.Errorf("breakdown_unknown", "%s has no part %q: the plan declares %v", e.ID, named, e.Dimensions).With("element", e.ID)
		}
	}
	return e.ID + "{" + part + "}", nil
}

// Series finds the element that the name of a series belongs to: its id, or that
// of a part as Element.Series writes it.
func (p *Package) Series(name string) (Element, bool) {
	id, part, _ := strings.Cut(strings.TrimSuffix(name, "}"), "{")
	element, ok := p.Elements[id]
	if !ok {
		return Element{}, false
	}
	written, err := element.Series(part)
	return element, err == nil && written == name
}

// Measure says how nearness is measured: by which mode, along what, to which
// places. It is a length in metres, or for a timed mode a time in seconds.
type Measure struct {
	ID       string
	Name     lifecircle.Name
	Mode     lifecircle.Mode
	Distance string   // "network": along streets, the ways to and from them included
	Kinds    []string // facility kinds that count as places
	Public   bool     // only places that anyone may use
	Status   Status
	Source   lifecircle.Name
}

// Unit is that of the nearness it gives: metres, or seconds for a timed mode.
func (m Measure) Unit() rule.Unit {
	if m.Mode.Timed() {
		return rule.Seconds
	}
	return rule.Metres
}

// Register is a table of rows; every row has an id and an area.
type Register struct {
	ID     string
	Name   lifecircle.Name
	Fields map[string]rule.Type
}

// SubjectSet names which rows of a register a provision speaks of: 乡镇 is not
// 乡镇 and 街道.
type SubjectSet struct {
	ID    string
	Name  lifecircle.Name
	Of    string     // a register
	Where *rule.Expr // nil for all
}

// Object is one promise or instrument. By Kind one of the pointers to its content
// is set; recognitions, programmes and entitlements have a Decision besides.
type Object struct {
	Kind    Kind
	ID      string
	Name    lifecircle.Name
	Clauses []string
	Force   Force
	// Ownership is of the object itself; Package.Owner falls back on its clauses.
	Ownership
	Note lifecircle.Name // what the text leaves open, in our words
	Plan string          // the id of the package it was written in: this one or one above
	At   Position

	Indicator   *Indicator
	Provision   *Provision
	Task        *Task
	Recognition *Recognition
	Programme   *Programme
	Entitlement *Entitlement
	Service     *Service
	Link        *Link
	// Decision is the part of a recognition, programme or entitlement that rules
	// decide row by row; nil where the text gives no criteria.
	Decision *Decision
}

// Measured reports whether the object has a value per area.
func (o Object) Measured() bool { return o.Indicator != nil || o.Provision != nil }

// Indicator is a figure per area and period. A ratio is Numerator over
// Denominator, each summed over the parts of an area before the division; a
// count or amount has a Numerator only.
type Indicator struct {
	Unit        rule.Unit
	Display     string // "" or "1:x"
	Levels      []registry.Level
	Numerator   *rule.Expr
	Denominator *rule.Expr // nil for a count or an amount
	Parameters  map[string]Parameter
	Targets     []Target
	// Reported is the element under which departments report the same figure, or
	// "": computed and reported stand side by side, neither overwrites the other.
	Reported string
	Variants []Variant
}

// Provision is who must have what: each subject of a set, where a condition
// holds, is required to meet a rule; what is missing is the deficit.
type Provision struct {
	Subjects   string     // a SubjectSet
	Where      *rule.Expr // nil for all of the set
	Require    *rule.Expr
	Weight     *rule.Expr // what a subject counts in the pass share; nil counts 1
	WeightUnit rule.Unit
	Deficit    *rule.Expr // of a subject that fails
	// DeficitUnit is the unit of Deficit.
	DeficitUnit rule.Unit
	Parameters  map[string]Parameter
	Levels      []registry.Level // where the pass share is reported
	Targets     []Target         // on the pass share
	Tolerance   *Tolerance
	Exceptions  *Exceptions
	// Recognised is what an official act says of a subject, where one exists: it
	// stands beside the verdict and neither overwrites the other.
	Recognised *rule.Expr
	// Warn holds for a subject that passes and yet deserves a look; it fails
	// nothing.
	Warn     *rule.Expr
	Reported string // as in Indicator
	Variants []Variant
}

// Variant is one reading of a text that allows several: it replaces parts of
// the object it belongs to. Exactly one variant of an object is Chosen; its
// status is local-choice unless the text decides.
type Variant struct {
	ID         string
	Name       lifecircle.Name
	Chosen     bool
	Status     Status
	Reason     lifecircle.Name
	Parameters map[string]Parameter // replace those of the same name

	// Of an indicator; nil keeps.
	Numerator   *rule.Expr
	Denominator *rule.Expr

	// Of a provision; "" and nil keep.
	Subjects    string
	Where       *rule.Expr
	Require     *rule.Expr
	Deficit     *rule.Expr
	DeficitUnit rule.Unit
}

// Parameter is a number or a day of the plan, by date.
type Parameter struct {
	Name   string
	Day    bool      // the values are days, which have no unit
	Unit   rule.Unit // of numbers
	Values []Dated   // by From

	at Position
}

// Type is what the parameter is in an expression.
func (p Parameter) Type() rule.Type {
	if p.Day {
		return rule.Type{Kind: rule.Day}
	}
	return rule.Type{Kind: rule.Number, Unit: p.Unit}
}

// Dated is a value in force from a day on.
type Dated struct {
	From   rule.Date
	Number lifecircle.Number // in base units
	Date   rule.Date         // where the parameter is a day
	Source lifecircle.Name   // clause or document
	Status Status
}

// At returns the value in force on a day.
func (p Parameter) At(day rule.Date) (Dated, bool) {
	var last Dated
	found := false
	for _, d := range p.Values {
		if d.From <= day {
			last, found = d, true
		}
	}
	return last, found
}

// TargetType is what it means to meet a target.
type TargetType string

// The five target types.
const (
	Reach            TargetType = "reach"             // the value reaches the number in the target year
	Keep             TargetType = "keep"              // the value is held in every year since the first
	CountCumulative  TargetType = "count-cumulative"  // counted from a start day on, never twice
	ExistsEverywhere TargetType = "exists-everywhere" // every subject has it
	FloorStretch     TargetType = "floor+stretch"     // a floor with a number, then a wish
)

// Bound is the side of a number on which a target is met; every bound includes
// the number itself.
type Bound string

// The bounds.
const (
	AtLeast Bound = "at_least"
	AtMost  Bound = "at_most"
	Exactly Bound = "exactly"
)

// Target is a promised number.
type Target struct {
	Type    TargetType
	Bound   Bound
	Number  lifecircle.Number // in base units: 95 % is 0.95
	Unit    rule.Unit
	Year    int
	Since   int // first year of a Keep target; 0 is the target year alone
	Levels  []registry.Level
	Stretch *lifecircle.Number // of FloorStretch; nil where the text gives no number
	// Baseline is where the way to the target begins, and Milestones what is due
	// on it, by year; nil and none where the plan does not say: then the first
	// known value and the straight line hold.
	Baseline   *Baseline
	Milestones []Station
	Source     lifecircle.Name
	Status     Status
}

// Baseline is the value from which a target is reckoned.
type Baseline struct {
	Period lifecircle.Period
	Number lifecircle.Number // in base units
	Source lifecircle.Name
	Status Status
}

// Station is an interim target: a number that is due before the target.
type Station struct {
	Year   int
	Number lifecircle.Number // in base units
	Source lifecircle.Name
	Status Status
}

// Tolerance is what "basically" or "generally" allows: the share of subjects
// that suffices. The text gives no number, so the status is local-choice unless
// a source says one.
type Tolerance struct {
	Word   lifecircle.Name
	Share  lifecircle.Number // 0…1
	Status Status
	Source lifecircle.Name
}

// Exceptions are subjects the text lets off, and how they count.
type Exceptions struct {
	When   *rule.Expr
	Reason string // the register's field that holds the reason
	Count  ExceptionCount
}

// ExceptionCount says how an excepted subject counts in the pass share.
type ExceptionCount string

// How exceptions count: as met, as not met (they stay in the denominator), or
// not at all.
const (
	CountMet    ExceptionCount = "met"
	CountUnmet  ExceptionCount = "unmet"
	CountNotAll ExceptionCount = "apart"
)

// ParameterName says what readers call a parameter: its id where the package has
// no name for it.
func (p *Package) ParameterName(id string) lifecircle.Name {
	if name, named := p.ParameterNames[id]; named {
		return name
	}
	return lifecircle.Name{ZH: id, EN: id}
}

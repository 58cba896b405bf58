// Package rule is the small typed expression language of plans: it parses a
// rule, checks its types and units against what is known where the rule stands,
// and evaluates it over the facts that an Env gives. docs/formats/rules.md is
// its meaning; this package follows that page sentence by sentence. Numbers are
// exact, what is missing stays missing and says why, and the order of evaluation
// never matters.
//
// It reads no files, keeps no facts and knows no clock. plan, which writes rules
// into objects, and those who evaluate them may import it.
package rule

import "lifecircle"

// Kind is what a value is.
type Kind uint8

// The kinds. The zero Kind is none of them: no data.
const (
	Bool Kind = iota + 1
	Number
	Text
	Day
	Texts // a list of texts
)

func (k Kind) String() string {
	switch k {
	case Bool:
		return "a condition"
	case Number:
		return "a number"
	case Text:
		return "a text"
	case Day:
		return "a day"
	case Texts:
		return "a list of texts"
	}
	return "nothing"
}

// Type is a kind, and for numbers the unit. Only the dimension of the unit
// counts: values are in base units wherever a rule sees them.
type Type struct {
	Kind Kind
	Unit Unit
	// Zero is set for the number 0 written in a rule, which fits every unit.
	Zero bool
}

// Fits reports whether a value of type t may stand where want is asked for.
func (t Type) Fits(want Type) bool {
	return t.Kind == want.Kind && (t.Kind != Number || t.Zero || want.Zero || t.Unit.SameDimension(want.Unit))
}

// String names the type as faults do: "a number in m2/person".
func (t Type) String() string {
	switch {
	case t.Kind != Number || t.Zero:
		return t.Kind.String()
	case t.Unit.Dimensionless():
		return "a number without unit"
	}
	return "a number in " + t.Unit.Base().String()
}

// Fault is something wrong in a rule: where, what, and how to repair it.
type Fault struct {
	Offset  int // in bytes within the source
	Code    string
	Message string
	Repair  string
}

// ElementType is what a rule must know of an element.
type ElementType struct {
	Unit Unit
	Flow bool // a sum over time, which sum and ytd read; a stock is read by last
	// Dimensions are those it is broken down by, each with its categories.
	Dimensions map[string][]string
}

// Scope is what is known where a rule stands.
type Scope struct {
	// Subject is the register the subject is a row of; "" for an area as such,
	// which has no position and no verdicts.
	Subject string
	// Fields are those of the subject, the parameters, and the days of the
	// period: all that a bare name may mean.
	Fields    map[string]Type
	Elements  map[string]ElementType
	Registers map[string]map[string]Type // fields by register
	Measures  map[string]Unit            // of the nearness each gives
	// Provisions gives the register whose rows each provision judges.
	Provisions map[string]string
}

// How says which value of an element over a period is meant.
type How uint8

// The ways to read an element.
const (
	Sum     How = iota + 1 // of a flow over the period
	Last                   // of a stock in the period
	YTD                    // of a flow from January to the end of the period
	First                  // of a stock in the period
	Latest                 // of a stock, in the period or the last before it
	Average                // over the months of the period
	Lowest                 // of the months of the period
	Highest                // of the months of the period
	Reports                // how many months of the period are reported
)

// hows are the names of the ways in the language.
var hows = map[string]How{
	"sum": Sum, "last": Last, "ytd": YTD, "first": First, "latest": Latest,
	"average": Average, "lowest": Lowest, "highest": Highest, "reports": Reports,
}

// String returns the name of the function that reads an element so.
func (h How) String() string {
	for name, how := range hows {
		if how == h {
			return name
		}
	}
	return ""
}

// Query asks for an element of the subject's area, in the period of the
// evaluation or as many years before.
type Query struct {
	Element   string
	How       How
	YearsBack int
	// Breakdown names a part of the element, like "age=65+,sex=f", in the form
	// that ParseBreakdown gives; "" is the whole.
	Breakdown string
}

// Env is a subject: what a rule may ask of it. Numbers are in base units. What
// is not known is no data with its reason; the answers must not change during
// an evaluation.
type Env interface {
	// Field returns a field or, by bare name, a parameter.
	Field(name string) Value
	// Rows returns the rows of a register that belong to the subject; ok is
	// false when there is no data, for the reason.
	Rows(register string) (rows []Env, why Reason, ok bool)
	Element(Query) Value
	// Nearest returns metres to the nearest place of a measure, and Beyond when
	// none can be reached.
	Nearest(measure string) Value
	// Within returns the number of places at most reach metres away.
	Within(measure string, reach lifecircle.Number) Value
	// Meets returns what a provision says of the subject.
	Meets(provision string) Value
}

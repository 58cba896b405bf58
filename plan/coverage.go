package plan

import (
	"cmp"
	"strings"

	"lifecircle"
	"lifecircle/plan/rule"
)

// Coverage says of every clause of a package what carries it, or why nothing
// does. Headings are no clauses.
type Coverage struct {
	Document      string    `json:"document"` // the title of the text
	Clauses       int       `json:"clauses"`
	WithMechanism int       `json:"with_mechanism"`
	Measurable    int       `json:"measurable"`
	Items         []Covered `json:"items"` // in the order of the text
}

// Covered is one clause.
type Covered struct {
	Clause string          `json:"clause"`
	Name   lifecircle.Name `json:"name"`
	Force  Force           `json:"force"`
	// Kind is of the object that carries the clause first of all: one that
	// measures it, where there is one. It is "" where nothing carries it.
	Kind        Kind            `json:"kind"`
	Mechanism   string          `json:"mechanism"` // ids of all objects that carry it, the main one first
	Source      ClauseStatus    `json:"source"`
	Owner       string          `json:"owner"` // a department's id
	OwnerName   lifecircle.Name `json:"owner_name"`
	OwnerStatus OwnerStatus     `json:"owner_status"`
	State       CoverageState   `json:"state"`
	Reason      string          `json:"reason"` // why nothing carries or measures it, in English
	ReasonName  lifecircle.Name `json:"reason_name"`
	Data        []string        `json:"data"` // elements and registers its measures read
}

// CoverageState says how far a clause is covered.
type CoverageState string

// The states.
const (
	CoverMeasured CoverageState = "measured" // an indicator or provision carries it
	CoverCarried  CoverageState = "carried"  // an object carries it, and it has no value
	CoverAccepted CoverageState = "accepted" // nothing carries it, for a reason
	CoverOpen     CoverageState = "open"     // nothing carries it, and nobody said why
)

// Coverage holds every clause against the objects that carry it.
func (p *Package) Coverage() Coverage {
	coverage := Coverage{Document: p.Source, Items: []Covered{}}
	carriers := p.carriers()
	for _, c := range p.Clauses {
		if c.Heading {
			continue
		}
		item := p.covered(c, carriers[c.ID])
		coverage.Clauses++
		if item.Mechanism != "" {
			coverage.WithMechanism++
		}
		if item.State == CoverMeasured {
			coverage.Measurable++
		}
		coverage.Items = append(coverage.Items, item)
	}
	return coverage
}

func (p *Package) covered(c Clause, carried []Object) Covered {
	item := Covered{
		Clause: c.ID, Name: c.Name, Force: c.Force, Source: c.Status,
		Owner: c.Owner, OwnerName: p.Departments[c.Owner].Name, OwnerStatus: c.OwnerStatus,
		State: CoverOpen, Data: []string{},
	}
	var measured, others []string
	for _, o := range carried {
		main := o.Measured()
		if main {
			measured = append(measured, o.ID)
			item.State = CoverMeasured
			item.Data = appendNew(item.Data, p.Reads(o)...)
		} else {
			others = append(others, o.ID)
			if item.State == CoverOpen {
				item.State = CoverCarried
			}
		}
		if item.Kind == "" || main && len(measured) == 1 {
			item.Kind = o.Kind
		}
	}
	item.Mechanism = strings.Join(append(measured, others...), ", ")
	accepted := func(code string) lifecircle.Name { return cmp.Or(c.Accepted[code], p.Accepted[code]) }
	switch item.State {
	case CoverCarried:
		item.ReasonName = cmp.Or(accepted("not_measurable"), lifecircle.Name{ZH: "没有指标或规则承载：只跟踪，不测算", EN: "no indicator or provision carries it: it is followed, not measured"})
	case CoverOpen:
		if item.ReasonName = accepted("clause_without_mechanism"); item.ReasonName != (lifecircle.Name{}) {
			item.State = CoverAccepted
		} else {
			item.ReasonName = lifecircle.Name{ZH: "没有任何对象写明该条款", EN: "no object names the clause"}
		}
	}
	item.Reason = item.ReasonName.EN
	return item
}

// Reads names the elements and registers that an object's rules read, as
// "element x" and "register x".
func (p *Package) Reads(o Object) []string {
	var rules []*rule.Expr
	var data []string
	if i := o.Indicator; i != nil {
		rules = append(rules, i.Numerator, i.Denominator)
		for _, v := range i.Variants {
			rules = append(rules, v.Numerator, v.Denominator)
		}
	}
	if v := o.Provision; v != nil {
		sets := []string{v.Subjects}
		rules = append(rules, v.Where, v.Require, v.Deficit, v.Weight)
		for _, variant := range v.Variants {
			sets = append(sets, variant.Subjects)
			rules = append(rules, variant.Where, variant.Require, variant.Deficit)
		}
		for _, set := range sets {
			if of := p.Sets[set].Of; of != "" {
				data = appendNew(data, "register "+of)
				rules = append(rules, p.Sets[set].Where)
			}
		}
	}
	for _, r := range rules {
		if r == nil {
			continue
		}
		references := r.References()
		for _, element := range references.Elements {
			data = appendNew(data, "element "+element)
		}
		for _, register := range references.Registers {
			data = appendNew(data, "register "+register)
		}
		if len(references.Measures) > 0 {
			data = appendNew(data, "register facility")
		}
	}
	return data
}

// appendNew appends what is not in the list yet.
func appendNew(list []string, more ...string) []string {
	for _, text := range more {
		known := false
		for _, have := range list {
			known = known || have == text
		}
		if !known {
			list = append(list, text)
		}
	}
	return list
}

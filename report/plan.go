package report

import (
	"cmp"
	"slices"

	"lifecircle"
	"lifecircle/plan"
)

// Plan is a plan as its readers see it: the clauses in the order of the text,
// who answers for each, what carries it, and the words of its rules.
type Plan struct {
	PlanSummary
	Source    string   `json:"source" doc:"the title of the document"`
	Year      int      `json:"year"`
	Clauses   []Clause `json:"clauses" doc:"headings included"`
	Elements  []Word   `json:"elements"`
	Kinds     []Word   `json:"kinds" doc:"of facilities"`
	Registers []Word   `json:"registers" doc:"those with a name"`
}

// Word is something that rules and figures name.
type Word struct {
	ID   string          `json:"id"`
	Name lifecircle.Name `json:"name"`
	Unit string          `json:"unit,omitempty"`
}

// Clause is one numbered promise of the text, or a heading, of which only ID
// and Name are set.
type Clause struct {
	ID          string          `json:"id"`
	Heading     bool            `json:"heading"`
	Name        lifecircle.Name `json:"name"`
	Text        lifecircle.Name `json:"text" doc:"what it says, in the package's words"`
	Force       string          `json:"force"`
	Owner       lifecircle.Name `json:"owner" doc:"the department that answers for it"`
	OwnerStatus string          `json:"owner_status" enum:"named,proposed," doc:"named in the text, or proposed by the package"`
	Status      string          `json:"status" enum:"verified,secondary,unverified,source_truncated," doc:"how well the wording is founded"`
	Note        lifecircle.Name `json:"note,omitzero" doc:"what the text leaves open"`
	Reason      lifecircle.Name `json:"reason,omitzero" doc:"why nothing carries it"`
	Objects     []Carrier       `json:"objects" doc:"what carries it"`
}

// Carrier is an object that carries a clause.
type Carrier struct {
	ID       string          `json:"id"`
	Kind     string          `json:"kind"`
	Name     lifecircle.Name `json:"name"`
	Measured bool            `json:"measured" doc:"whether it has results"`
}

// PlanOf turns a plan into its JSON form.
func PlanOf(p *plan.Package) Plan {
	out := Plan{
		PlanSummary: SummaryOf(p), Source: p.Source, Year: p.Year,
		Clauses: make([]Clause, len(p.Clauses)), Elements: []Word{}, Kinds: []Word{}, Registers: []Word{},
	}
	excused := make(map[string]lifecircle.Name)
	for _, item := range p.Coverage().Items {
		if item.State == plan.CoverAccepted {
			excused[item.Clause] = item.ReasonName
		}
	}
	carriers := make(map[string][]Carrier)
	for _, o := range p.Objects {
		for _, clause := range o.Clauses {
			if o.Plan == p.ID {
				carriers[clause] = append(carriers[clause], Carrier{ID: o.ID, Kind: string(o.Kind), Name: o.Name, Measured: o.Measured()})
			}
		}
	}
	for i, c := range p.Clauses {
		out.Clauses[i] = Clause{
			ID: c.ID, Heading: c.Heading, Name: c.Name, Text: c.Text, Force: string(c.Force),
			Owner: p.Departments[c.Owner].Name, OwnerStatus: string(c.OwnerStatus), Status: string(c.Status), Note: c.Note, Reason: excused[c.ID],
			Objects: append([]Carrier{}, carriers[c.ID]...),
		}
	}
	for _, e := range p.Elements {
		out.Elements = append(out.Elements, Word{e.ID, e.Name, e.Unit.String()})
	}
	for _, k := range p.Kinds {
		out.Kinds = append(out.Kinds, Word{ID: k.ID, Name: k.Name})
	}
	for id, r := range p.Registers {
		if r.Name != (lifecircle.Name{}) {
			out.Registers = append(out.Registers, Word{ID: id, Name: r.Name})
		}
	}
	byID := func(a, b Word) int { return cmp.Compare(a.ID, b.ID) }
	slices.SortFunc(out.Elements, byID)
	slices.SortFunc(out.Kinds, byID)
	slices.SortFunc(out.Registers, byID)
	return out
}

// SummaryOf names a plan.
func SummaryOf(p *plan.Package) PlanSummary {
	return PlanSummary{ID: p.ID, Name: p.Name, Version: p.Version, Hash: p.Hash}
}

package report

import (
	"slices"

	"lifecircle"
	"lifecircle/plan"
	"lifecircle/plan/rule"
)

// PlanPackages are the loaded plan and those above it, the highest first.
type PlanPackages struct {
	Packages []PlanPackage `json:"packages"`
}

// PlanPackage is a package as it is written, with what checking it says.
type PlanPackage struct {
	ID       string          `json:"id"`
	Name     lifecircle.Name `json:"name"`
	Version  string          `json:"version"`
	Year     int             `json:"year"`
	Hash     string          `json:"hash"`
	Extends  string          `json:"extends" doc:"id of the package above; empty of the highest"`
	Source   string          `json:"source" doc:"title of the document"`
	Areas    []string        `json:"areas" doc:"where it speaks; none is everywhere"`
	Clauses  []PackageClause `json:"clauses"`
	Numbers  []PlanNumber    `json:"numbers" doc:"of what is measured, as this package states them"`
	Findings []PlanFinding   `json:"findings" doc:"what plan check says, and the warnings that the package acknowledges"`
}

// PackageClause is a clause or heading of a package.
type PackageClause struct {
	ID      string          `json:"id"`
	Heading bool            `json:"heading"`
	Name    lifecircle.Name `json:"name"`
	Force   string          `json:"force"`
	Status  string          `json:"status"`
	Objects []string        `json:"objects" doc:"ids of what carries it"`
}

// PlanNumber is a parameter or target as a package states it.
type PlanNumber struct {
	Object        string          `json:"object"`
	Name          lifecircle.Name `json:"name"`
	Clauses       []string        `json:"clauses"`
	Variant       string          `json:"variant" doc:"the reading whose parameter it is; empty for the object's own"`
	VariantName   lifecircle.Name `json:"variant_name"`
	Chosen        bool            `json:"chosen" doc:"of the reading that counts, or of all"`
	Parameter     string          `json:"parameter" doc:"id of a parameter, or target"`
	Year          int             `json:"year" doc:"of a target, else 0"`
	Bound         string          `json:"bound" enum:"at_least,at_most,exactly,"`
	Areas         []string        `json:"areas" doc:"of an override; none is everywhere"`
	Unit          string          `json:"unit"`
	Values        []NumberValue   `json:"values" doc:"by date"`
	ParameterName lifecircle.Name `json:"parameter_name" doc:"what the package calls it; its id where it does not, and empty for a target"`
	File          string          `json:"file"`
	Line          int             `json:"line"`
	ReplacedBy    string          `json:"replaced_by" doc:"id of the package below that writes the object anew; empty where it counts"`
}

// NumberValue is a value of a number from a day on.
type NumberValue struct {
	Value  string          `json:"value" doc:"exact, in the number's unit; a day where the unit is date"`
	From   string          `json:"from" doc:"empty for a target"`
	Source lifecircle.Name `json:"source"`
	Status string          `json:"status" enum:"verified,secondary,unverified,local-choice"`
}

// PlanFinding is something that checking a package says.
type PlanFinding struct {
	File     string          `json:"file"`
	Line     int             `json:"line"`
	Column   int             `json:"column"`
	Code     string          `json:"code"`
	Message  string          `json:"message"`
	Repair   string          `json:"repair"`
	Severity string          `json:"severity" enum:"error,warning"`
	Reason   lifecircle.Name `json:"reason" doc:"why the package accepts it; empty where it does not"`
}

func findingOf(f plan.Fault, reason lifecircle.Name) PlanFinding {
	return PlanFinding{f.File, f.Line, f.Column, f.Code, f.Message, f.Repair, string(f.Severity), reason}
}

// PackagesOf shows inspected packages; in is the lowest, which counts.
func PackagesOf(all []plan.Inspection, in *plan.Package) PlanPackages {
	out := PlanPackages{Packages: []PlanPackage{}}
	for _, inspected := range all {
		p := inspected.Package
		if p == nil {
			continue // the loaded plan would not have loaded
		}
		shown := PlanPackage{
			ID: p.ID, Name: p.Name, Version: p.Version, Year: p.Year, Hash: p.Hash, Extends: p.Extends, Source: p.Source, Areas: codes(p.Areas),
			Clauses: []PackageClause{}, Numbers: []PlanNumber{},
			Findings: []PlanFinding{},
		}
		for _, f := range inspected.Faults {
			shown.Findings = append(shown.Findings, findingOf(f, lifecircle.Name{}))
		}
		for _, a := range inspected.Accepted {
			shown.Findings = append(shown.Findings, findingOf(a.Fault, a.Reason))
		}
		carried := make(map[string][]string)
		for _, o := range p.Objects {
			for _, clause := range o.Clauses {
				if o.Plan == p.ID {
					carried[clause] = append(carried[clause], o.ID)
				}
			}
		}
		for _, c := range p.Clauses {
			shown.Clauses = append(shown.Clauses, PackageClause{c.ID, c.Heading, c.Name, string(c.Force), string(c.Status), append([]string{}, carried[c.ID]...)})
		}
		for _, s := range p.Stated() {
			if s.Plan == p.ID {
				shown.Numbers = append(shown.Numbers, numberOf(s, in))
			}
		}
		out.Packages = append(out.Packages, shown)
	}
	return out
}

func numberOf(s plan.Stated, in *plan.Package) PlanNumber {
	n := PlanNumber{
		Object: s.Object.ID, Name: s.Object.Name, Clauses: append([]string{}, s.Object.Clauses...), Variant: s.Variant, Chosen: true,
		Areas: codes(s.Areas), File: s.At.File, Line: s.At.Line, Values: []NumberValue{},
	}
	if now, known := in.Object(s.Object.ID); known && now.Plan != s.Object.Plan {
		n.ReplacedBy = now.Plan
	}
	for _, v := range s.Object.Variants() {
		if v.ID == s.Variant {
			n.VariantName, n.Chosen = v.Name, v.Chosen
		}
	}
	if t := s.Target; t != nil {
		n.Parameter, n.Year, n.Bound, n.Unit = plan.TargetPart, t.Year, string(t.Bound), t.Unit.String()
		n.Values = append(n.Values, NumberValue{Value: inUnit(t.Number, t.Unit), Source: t.Source, Status: string(t.Status)})
		return n
	}
	n.Parameter, n.ParameterName, n.Unit = s.Parameter.Name, in.ParameterName(s.Parameter.Name), s.Parameter.Unit.String()
	if s.Parameter.Day {
		n.Unit = "date"
	}
	for _, d := range s.Parameter.Values {
		value := inUnit(d.Number, s.Parameter.Unit)
		if s.Parameter.Day {
			value = d.Date.String()
		}
		n.Values = append(n.Values, NumberValue{Value: value, From: d.From.String(), Source: d.Source, Status: string(d.Status)})
	}
	return n
}

func codes(areas []lifecircle.AreaCode) []string {
	out := make([]string, len(areas))
	for i, code := range areas {
		out[i] = string(code)
	}
	return slices.Clip(out)
}

// inUnit writes a number in base units exactly in a unit.
func inUnit(base lifecircle.Number, unit rule.Unit) string {
	n, ok := unit.FromBase(base)
	if !ok {
		return base.String()
	}
	return n.String()
}

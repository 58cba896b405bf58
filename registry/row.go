package registry

import (
	"strings"

	"lifecircle"
	"lifecircle/plan/rule"
)

// unsaid is the value of a field that a row does not say.
func unsaid(name string) rule.Value { return rule.NoData(rule.Reason{Code: "unreported", What: name}) }

// said is a text, or no data where it is empty.
func said(name, text string) rule.Value {
	if text == "" {
		return unsaid(name)
	}
	return rule.TextOf(text)
}

func (f Fields) value(name string) rule.Value {
	if v, ok := f[name]; ok {
		return v
	}
	return unsaid(name)
}

// Field returns what a rule sees of a facility: no data where it does not say.
func (f *Facility) Field(name string) rule.Value {
	switch name {
	case "id":
		return rule.TextOf(string(f.ID))
	case "kind":
		return rule.TextOf(f.Kind)
	case "name":
		return rule.TextOf(f.Name)
	case "public":
		return rule.BoolOf(f.Public)
	case "area":
		return rule.TextOf(string(f.Area))
	case "organisation":
		return said(name, f.Organisation)
	case "opened":
		return f.From.value()
	case "closed":
		return f.Until.value()
	}
	return f.Fields.value(name)
}

// Field returns what a rule sees of a population point: no data for a group of
// which nothing is said.
func (p *PopulationPoint) Field(name string) rule.Value {
	switch name {
	case "people":
		return rule.NumberOf(lifecircle.Int(p.People))
	case "urban":
		return rule.BoolOf(p.Urban)
	case "id":
		return rule.TextOf(p.ID)
	case "area":
		return rule.TextOf(string(p.Area))
	}
	if people, known := p.Groups.People(name); known {
		return rule.NumberOf(lifecircle.Int(people))
	}
	return unsaid(name)
}

// Field returns what a rule sees of a record: no data where it does not say.
func (r *Record) Field(name string) rule.Value {
	switch name {
	case "id":
		return rule.TextOf(r.ID)
	case "kind":
		return said(name, r.Kind)
	case "name":
		return said(name, r.Name)
	case "area":
		return rule.TextOf(string(r.Area))
	case "opened":
		return r.From.value()
	case "closed":
		return r.Until.value()
	}
	return r.Fields.value(name)
}

// peopleOf begins the fields of an area that are taken from its population
// counts: population_total, population_age_65p.
const peopleOf = "population_"

// AreaField returns what a rule sees of an area that stands: no data where it does
// not say.
func (s *Snapshot) AreaField(a *Area, name string) rule.Value {
	switch name {
	case "code", "id", "area":
		return rule.TextOf(string(a.Code))
	case "level":
		return rule.TextOf(string(a.Level))
	case "name":
		return said(name, a.Name.ZH)
	case "kind", "type":
		return said(name, a.Kind)
	case "class":
		return said(name, a.Class)
	case "urban":
		if urban, known := a.Urban(); known {
			return rule.BoolOf(urban)
		}
		return unsaid(name)
	case "from":
		return a.From.value()
	case "until":
		return a.Until.value()
	}
	if field, ok := strings.CutPrefix(name, peopleOf); ok {
		value, _ := s.People(a.Code, field)
		return value
	}
	return a.Fields.value(name)
}

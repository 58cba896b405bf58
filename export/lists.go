package export

import (
	"maps"
	"slices"
	"strings"

	"lifecircle"
	"lifecircle/figure"
	"lifecircle/geo"
	"lifecircle/intake"
	"lifecircle/plan"
	"lifecircle/plan/rule"
	"lifecircle/registry"
)

// Values is the kind of list that holds reported values; the others are those of
// intake.
const Values = "values"

// Source is what lists are made of.
type Source struct {
	Registry *registry.Snapshot // on the day that is asked for
	Figures  *figure.Table
	Plan     *plan.Package
	AsOf     string // the day up to which what was recorded counts: 2025-12-31
	// Shapes are the grounds that outlines name, by hash; areas whose ground is not
	// among them have none.
	Shapes map[string]geo.Shape
}

// Filter keeps a part of a list; what is empty keeps all.
type Filter struct {
	Area lifecircle.AreaCode // the area and all below it
	// Kind is a kind of facility, a level or kind of areas, an element of values, or
	// a kind of the rows of a register.
	Kind   string
	Period lifecircle.Period // of values; a year with its months
}

// Kinds returns the kinds of list, registers of plans aside.
func Kinds() []string { return append(intake.Kinds(), registry.PointRegister, Values) }

// List makes the list of a kind: one of Kinds or a register of the plan. The errors
// are kind_unknown, area_unknown and filter_unfit for a filter that the list does
// not have.
func (s Source) List(kind string, filter Filter) (List, error) {
	if filter.Area != "" {
		if _, stands := s.Registry.Area(filter.Area); !stands {
			return List{}, registry.UnknownArea(filter.Area)
		}
	}
	if !filter.Period.IsZero() && kind != Values {
		return List{}, lifecircle.Errorf("filter_unfit", "%s have no period: ask for a day with --on", kind).With("kind", kind)
	}
	if err := s.checkKind(kind, filter.Kind); err != nil {
		return List{}, err
	}
	within := s.within(filter.Area)
	switch kind {
	case intake.Areas:
		return s.areas(filter), nil
	case intake.Facilities, registry.FacilityRegister:
		return s.facilities(filter, within), nil
	case registry.PointRegister:
		return s.points(within), nil
	case Values:
		return s.values(filter, within), nil
	case intake.Population:
		return s.records(kind, registry.PopulationRegister, keeping(filter, within)), nil
	case intake.Organisations:
		return s.records(kind, registry.OrganisationRegister, keeping(filter, within)), nil
	case intake.Premises:
		return s.records(kind, registry.PremisesRegister, keeping(filter, within)), nil
	case intake.Estates:
		return s.records(kind, registry.ResidentialAreaRegister, keeping(filter, within)), nil
	}
	_, ofPlan := s.Plan.Registers[kind]
	if _, kept := s.Registry.Records(kind); !kept && !ofPlan {
		return List{}, lifecircle.Errorf("kind_unknown", "there is no list of %q: want %s, or a register of the plan (%s)", kind, strings.Join(Kinds(), ", "),
			strings.Join(slices.Sorted(maps.Keys(s.Plan.Registers)), ", ")).With("kind", kind)
	}
	return s.records(kind, kind, keeping(filter, within)), nil
}

// checkKind refuses a kind that no row of the list can have.
func (s Source) checkKind(list, kind string) error {
	if kind == "" {
		return nil
	}
	unknown := func(what string) error {
		return lifecircle.Errorf("kind_unknown", "%q is no %s", kind, what).With("kind", kind)
	}
	switch list {
	case intake.Facilities, registry.FacilityRegister:
		if _, known := s.Plan.Kinds[kind]; !known {
			return unknown("kind of facility of plan " + s.Plan.ID)
		}
	case Values:
		if _, known := s.Plan.Series(kind); !known {
			return unknown("element of plan " + s.Plan.ID)
		}
	case intake.Areas:
		for _, level := range registry.Levels() {
			if string(level) == kind || slices.ContainsFunc(registry.AreaKinds(level), func(t registry.Term) bool { return t.ID == kind }) {
				return nil
			}
		}
		return unknown("level or kind of areas")
	case registry.PointRegister:
		return lifecircle.Errorf("filter_unfit", "population points have no kind: leave the filter out").With("kind", kind)
	}
	return nil
}

// within returns whether an area belongs to the part that is asked for.
func (s Source) within(area lifecircle.AreaCode) func(lifecircle.AreaCode) bool {
	if area == "" {
		return func(lifecircle.AreaCode) bool { return true }
	}
	part := make(map[lifecircle.AreaCode]bool)
	for _, code := range s.Registry.Subtree(area) {
		part[code] = true
	}
	return func(code lifecircle.AreaCode) bool {
		if part[code] {
			return true
		}
		now, ok := s.Registry.Current(code) // figures are kept under the code of their time
		return ok && part[now]
	}
}

// keeping is the filter of a register's rows.
func keeping(filter Filter, within func(lifecircle.AreaCode) bool) func(*registry.Record) bool {
	return func(r *registry.Record) bool { return within(r.Area) && (filter.Kind == "" || filter.Kind == r.Kind) }
}

// columns are columns by name and kind of value.
func columns(kind rule.Kind, names ...string) []Column {
	all := make([]Column, len(names))
	for i, name := range names {
		all[i] = Column{name, kind}
	}
	return all
}

// origin are the columns that say of every row where it comes from.
func origin() []Column { return columns(rule.Text, "source", "licence", "as_of", "provenance") }

func (s Source) originOf(source string, provenance lifecircle.Provenance) []rule.Value {
	return []rule.Value{rule.TextOf(source), textOf(licenceOf(source)), textOf(s.AsOf), rule.TextOf(string(provenance))}
}

// licenceOf is the licence that a source names itself, by its SPDX identifier; ""
// where it names none, which is not known and no permission.
func licenceOf(source string) string {
	for _, known := range []struct{ written, id string }{
		{"ODbL", "ODbL-1.0"}, {"CC BY-SA 4.0", "CC-BY-SA-4.0"}, {"CC BY 4.0", "CC-BY-4.0"}, {"CC0", "CC0-1.0"},
	} {
		if strings.Contains(source, known.written) {
			return known.id
		}
	}
	return ""
}

// textOf is a text, or no data where it is empty.
func textOf(text string) rule.Value {
	if text == "" {
		return rule.Value{}
	}
	return rule.TextOf(text)
}

func dayOf(day registry.Day) rule.Value {
	if date, known := day.Date(); known {
		return rule.DateOf(date)
	}
	return rule.Value{}
}

// fields are the columns of a register's own fields, in the units in which they
// are declared.
type fields struct {
	names []string
	types map[string]rule.Type
}

func fieldsOf(types map[string]rule.Type) fields {
	return fields{slices.Sorted(maps.Keys(types)), types}
}

func (f fields) columns() []Column {
	all := make([]Column, len(f.names))
	for i, name := range f.names {
		all[i] = Column{name, f.types[name].Kind}
	}
	return all
}

func (f fields) append(cells []rule.Value, row registry.Fields) []rule.Value {
	for _, name := range f.names {
		v := row[name]
		if n, isNumber := v.Number(); isNumber {
			if declared, ok := f.types[name].Unit.FromBase(n); ok {
				v = rule.NumberOf(declared)
			}
		}
		cells = append(cells, v)
	}
	return cells
}

func (s Source) areas(filter Filter) List {
	own := fieldsOf(intake.AreaFields(s.Plan))
	list := List{Name: intake.Areas, Columns: slices.Concat(
		columns(rule.Text, "code", "name", "name_en", "parent", "level", "kind", "class"), columns(rule.Day, "from", "until"), own.columns(), origin(),
		columns(rule.Text, "outline_source", "outline_provenance", "outline_note"))}
	list.Placed, list.Grounds = len(s.Shapes) > 0, len(s.Shapes) > 0
	areas := s.Registry.Areas()
	if filter.Area != "" {
		at, last, _ := s.Registry.Interval(filter.Area)
		areas = areas[at:last]
	}
	list.Rows = func(yield func(Row) bool) {
		for _, a := range areas {
			if filter.Kind != "" && filter.Kind != string(a.Level) && filter.Kind != a.Kind {
				continue
			}
			cells := []rule.Value{
				rule.TextOf(string(a.Code)), textOf(a.Name.ZH), textOf(a.Name.EN), textOf(string(a.Parent)),
				rule.TextOf(string(a.Level)), textOf(a.Kind), textOf(a.Class), dayOf(a.From), dayOf(a.Until),
			}
			row := Row{Cells: append(own.append(cells, a.Fields), s.originOf(a.Source, a.Provenance)...)}
			var outline registry.Outline
			if a.Outline != nil {
				outline = *a.Outline
				row.Ground = s.Shapes[outline.Shape].Polygons()
			}
			row.Cells = append(row.Cells, textOf(outline.Source), textOf(string(outline.Provenance)), textOf(outline.Note.EN))
			if !yield(row) {
				return
			}
		}
	}
	return list
}

func (s Source) facilities(filter Filter, within func(lifecircle.AreaCode) bool) List {
	own := fieldsOf(intake.Fields(registry.FacilityRegister, s.Plan))
	list := List{Name: intake.Facilities, Placed: true, Columns: slices.Concat(
		columns(rule.Text, "id", "name", "kind", "area"), columns(rule.Bool, "public"), columns(rule.Text, "organisation"),
		columns(rule.Day, "opened", "closed"), own.columns(), origin())}
	list.Rows = func(yield func(Row) bool) {
		for _, f := range s.Registry.Facilities() {
			if !within(f.Area) || filter.Kind != "" && filter.Kind != f.Kind {
				continue
			}
			cells := []rule.Value{
				rule.TextOf(string(f.ID)), textOf(f.Name), rule.TextOf(f.Kind), rule.TextOf(string(f.Area)),
				rule.BoolOf(f.Public), textOf(f.Organisation), dayOf(f.From), dayOf(f.Until),
			}
			if !yield(Row{Cells: append(own.append(cells, f.Fields), s.originOf(f.Source, f.Provenance)...), At: &f.At}) {
				return
			}
		}
	}
	return list
}

func (s Source) points(within func(lifecircle.AreaCode) bool) List {
	list := List{Name: registry.PointRegister, Placed: true, Columns: slices.Concat(
		columns(rule.Text, "id", "area"), columns(rule.Number, "people"), columns(rule.Bool, "urban"), origin())}
	list.Rows = func(yield func(Row) bool) {
		for _, p := range s.Registry.Points() {
			if !within(p.Area) {
				continue
			}
			cells := []rule.Value{rule.TextOf(p.ID), rule.TextOf(string(p.Area)), rule.NumberOf(lifecircle.Int(p.People)), rule.BoolOf(p.Urban)}
			if !yield(Row{Cells: append(cells, s.originOf(p.Source, p.Provenance)...), At: &p.At}) {
				return
			}
		}
	}
	return list
}

// records is the list of a register. Counts of people have no positions: intake
// takes a list of people with positions for points.
func (s Source) records(name, register string, keep func(*registry.Record) bool) List {
	own := fieldsOf(intake.Fields(register, s.Plan))
	list := List{Name: name, Placed: register != registry.PopulationRegister, Columns: slices.Concat(
		columns(rule.Text, "id", "name", "kind", "area"), columns(rule.Day, "opened", "closed"), own.columns(), origin())}
	rows, _ := s.Registry.Records(register)
	list.Rows = func(yield func(Row) bool) {
		for _, r := range rows {
			if !keep(r) {
				continue
			}
			cells := []rule.Value{rule.TextOf(r.ID), textOf(r.Name), textOf(r.Kind), rule.TextOf(string(r.Area)), dayOf(r.From), dayOf(r.Until)}
			row := Row{Cells: append(own.append(cells, r.Fields), s.originOf(r.Source, r.Provenance)...)}
			if list.Placed {
				row.At = r.At
			}
			if !yield(row) {
				return
			}
		}
	}
	return list
}

// values is the list of reported values, rivals and all. The column chosen says
// why a value counts where somebody chose it among rivals.
func (s Source) values(filter Filter, within func(lifecircle.AreaCode) bool) List {
	list := List{Name: Values, Columns: slices.Concat(
		columns(rule.Text, "area", "area_name", "element", "period"), columns(rule.Number, "value"), columns(rule.Text, "unit", "chosen"), origin())}
	chosen := make(map[figure.Key]string)
	for _, c := range s.Figures.Choices() {
		chosen[figure.Key{Element: c.Element, Area: c.Area, Period: c.Period, Source: c.Source}] = c.Reason
	}
	list.Rows = func(yield func(Row) bool) {
		for v := range s.Figures.All() {
			if filter.Kind != "" && filter.Kind != v.Element || !within(v.Area) || !in(v.Period, filter.Period) {
				continue
			}
			element, _ := s.Plan.Series(v.Element)
			cells := []rule.Value{
				rule.TextOf(string(v.Area)), textOf(s.nameOf(v.Area)), rule.TextOf(v.Element), rule.TextOf(v.Period.String()),
				rule.NumberOf(v.Number), textOf(element.Unit.String()), textOf(chosen[v.Key]),
			}
			if !yield(Row{Cells: append(cells, s.originOf(v.Source, v.Provenance)...)}) {
				return
			}
		}
	}
	return list
}

// nameOf is the Chinese name of an area on the day of the list.
func (s Source) nameOf(code lifecircle.AreaCode) string {
	if now, ok := s.Registry.Current(code); ok {
		area, _ := s.Registry.Area(now)
		return area.Name.ZH
	}
	return ""
}

// in reports whether a period is the other one or a month of it.
func in(period, other lifecircle.Period) bool {
	return other.IsZero() || period == other || other.CalendarMonth() == 0 && period.CalendarYear() == other.CalendarYear()
}

// In returns the list with its places in a coordinate system.
func (l List) In(crs geo.CRS) List {
	l.CRS = crs
	return l
}

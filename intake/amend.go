package intake

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/plan/rule"
	"lifecircle/registry"
	"lifecircle/scenario"
)

// Amend reads cells typed for one row that stands: the targets of its list and
// what each says now, in the units and words that a file may use; positions are
// WGS-84. An empty cell takes back what was said. What is wrong with a cell is a
// Fault, and then there is no change. The errors entry_unknown and
// facility_unknown say that the row does not stand, field_unknown that its
// register has no such field.
func Amend(e registry.Entry, cells map[string]string, into Into) (scenario.Change, []Fault, error) {
	types, _ := fieldsOf(e.Register, into)
	if e.Register == registry.FacilityRegister {
		types["public"], types["organisation"] = rule.Type{Kind: rule.Bool}, rule.Type{Kind: rule.Text}
	}
	rec, err := standingRow(e, into.Registry)
	if err != nil {
		return scenario.Change{}, nil, err
	}
	heading := slices.Sorted(maps.Keys(cells))
	a := amendment{row: typed(heading, cells, into), rec: rec, types: types, into: into}
	for _, target := range heading {
		if err := a.set(target); err != nil {
			return scenario.Change{}, nil, err
		}
	}
	if faults := a.row.outcome.Faults; len(faults) > 0 {
		return scenario.Change{}, faults, nil
	}
	if e.Register == registry.FacilityRegister {
		f := rec.AsFacility()
		if err := f.Check(); err != nil {
			return scenario.Change{}, nil, err
		}
		return scenario.Change{Op: scenario.Amend, Facility: f}, nil, nil
	}
	if err := rec.Check(); err != nil {
		return scenario.Change{}, nil, err
	}
	return scenario.Change{Op: scenario.Enter, Record: rec}, nil, nil
}

// standingRow returns a copy of what was said of a row, dated facts included.
func standingRow(e registry.Entry, known *registry.Snapshot) (*registry.Record, error) {
	if e.Register == registry.FacilityRegister {
		f, ok := known.Said(lifecircle.FacilityID(e.ID))
		if !ok {
			return nil, registry.UnknownFacility(lifecircle.FacilityID(e.ID))
		}
		return f.AsRecord(), nil
	}
	r, ok := known.Entered(e)
	if !ok {
		return nil, registry.UnknownEntry(e)
	}
	rec := *r
	rec.Fields = maps.Clone(r.Fields)
	if rec.Fields == nil {
		rec.Fields = make(registry.Fields)
	}
	return &rec, nil
}

// typed is a row of a table with nothing but the cells.
func typed(heading []string, cells map[string]string, into Into) *row {
	r := &reader{
		file: File{CRS: geo.WGS84, CRSGiven: true}, into: into, table: &table{heading: heading}, outcome: &Outcome{},
		columns: columns{at: make(map[string]int)}, seen: make(map[string]int), bounds: knownBounds(into.Registry),
	}
	line := make([]string, len(heading))
	for i, target := range heading {
		r.columns.at[target], line[i] = i, strings.TrimSpace(cells[target])
	}
	return &row{reader: r, line: 1, cells: line}
}

type amendment struct {
	row   *row
	rec   *registry.Record
	types map[string]rule.Type
	into  Into
}

func (a amendment) set(target string) error {
	cell := a.row.cell(target)
	switch target {
	case "name":
		a.rec.Name = cell
	case "kind":
		if _, known := a.into.Plan.Kinds[cell]; !known && a.rec.Register == registry.FacilityRegister {
			a.row.fault("kind", problem{"kind_unknown", fmt.Sprintf("%q is no kind of facility of plan %s", cell, a.into.Plan.ID), "use an id of the plan's facility_kinds"})
		}
		a.rec.Kind = cell
	case "area":
		a.rec.Area = a.row.area("area")
	case "lon", "lat":
		at, known := a.row.position()
		switch {
		case known:
			a.rec.At = &at
		case a.rec.Register == registry.FacilityRegister && target == "lon" && len(a.row.outcome.Faults) == 0:
			a.row.fault("lon", problem{"position_missing", "there is no position", "give longitude and latitude"})
		default:
			a.rec.At = nil
		}
	case "opened":
		a.rec.From = a.row.day("opened")
	case "closed":
		a.rec.Until = a.row.day("closed")
	case "source":
		a.rec.Source = cell
	case "provenance":
		_, a.rec.Provenance = a.row.origin()
	default:
		kind, ok := a.types[target]
		if !ok {
			return lifecircle.Errorf("field_unknown", "the register %s has no field %q", a.rec.Register, target).With("field", target)
		}
		value, said := a.row.field(target, kind)
		a.say(target, value, said)
	}
	return nil
}

// say puts a value of a field where the latest word on it is: in the last dated
// change that names it, else in the row itself.
func (a amendment) say(field string, value rule.Value, said bool) {
	fields := a.rec.Fields
	for i := len(a.rec.Changes) - 1; i >= 0; i-- {
		if _, names := a.rec.Changes[i].Fields[field]; names {
			a.rec.Changes = slices.Clone(a.rec.Changes)
			fields = maps.Clone(a.rec.Changes[i].Fields)
			a.rec.Changes[i].Fields = fields
			break
		}
	}
	if said {
		fields[field] = value
	} else {
		delete(fields, field)
	}
}

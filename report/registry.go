package report

import (
	"maps"
	"slices"
	"time"

	"lifecircle"
	"lifecircle/plan"
	"lifecircle/plan/rule"
	"lifecircle/registry"
	"lifecircle/scenario"
)

// RegisterHead describes a register and says how full it is.
type RegisterHead struct {
	ID     string          `json:"id"`
	Name   lifecircle.Name `json:"name"`
	Rows   int             `json:"rows" doc:"in the area asked for"`
	Kept   bool            `json:"kept" doc:"false: nobody ever gave a row, so nothing is known"`
	Fields []FieldHead     `json:"fields" doc:"what rows may say beyond id, name, kind, area, position and days"`
}

// FieldHead describes a field of a register.
type FieldHead struct {
	ID   string          `json:"id"`
	Name lifecircle.Name `json:"name" doc:"empty where the plan gives only an id"`
	Type string          `json:"type" enum:"number,boolean,text,texts,date"`
	Unit string          `json:"unit" doc:"of numbers; empty otherwise"`
}

// RegisterHeads describes every register that rows can be listed of: those of the
// product and those of the plan, the product's first.
func RegisterHeads(p *plan.Package) []RegisterHead {
	var heads []RegisterHead
	listed := make(map[string]bool)
	skip := func(id string) bool { return registry.Level(id).Valid() || id == registry.PointRegister }
	for _, r := range registry.Registers() {
		listed[r.ID] = true
		if skip(r.ID) {
			continue
		}
		heads = append(heads, RegisterHead{ID: r.ID, Name: r.Name, Fields: fieldHeads(r.Fields, p.Registers[r.ID].Fields)})
	}
	for _, id := range slices.Sorted(maps.Keys(p.Registers)) {
		if !listed[id] && !skip(id) {
			heads = append(heads, RegisterHead{ID: id, Name: p.Registers[id].Name, Fields: fieldHeads(nil, p.Registers[id].Fields)})
		}
	}
	return heads
}

// rowParts are said by every row in a place of its own.
func rowParts() []string { return []string{"id", "name", "kind", "area", "opened", "closed"} }

func fieldHeads(own []registry.Field, planned map[string]rule.Type) []FieldHead {
	types := maps.Clone(planned)
	if types == nil {
		types = make(map[string]rule.Type)
	}
	names := make(map[string]lifecircle.Name)
	for _, f := range own {
		names[f.ID] = f.Name
		if _, ok := types[f.ID]; !ok {
			types[f.ID] = f.Type
		}
	}
	heads := []FieldHead{}
	for _, id := range slices.Sorted(maps.Keys(types)) {
		if slices.Contains(rowParts(), id) {
			continue
		}
		head := FieldHead{ID: id, Name: names[id], Type: TypeName(types[id].Kind)}
		if types[id].Kind == rule.Number {
			head.Unit = types[id].Unit.String()
		}
		heads = append(heads, head)
	}
	return heads
}

// TypeName is how a field's type is told.
func TypeName(kind rule.Kind) string {
	switch kind {
	case rule.Number:
		return "number"
	case rule.Bool:
		return "boolean"
	case rule.Day:
		return "date"
	case rule.Texts:
		return "texts"
	}
	return "text"
}

// RegisterRow is a row of a register. Its numbers are in the units of the
// register's fields; a field that is not there is not known.
type RegisterRow struct {
	ID         string          `json:"id"`
	Name       string          `json:"name"`
	Kind       string          `json:"kind"`
	Area       string          `json:"area"`
	AreaName   lifecircle.Name `json:"area_name"`
	Lon        *float64        `json:"lon" doc:"WGS-84; null where no place is known"`
	Lat        *float64        `json:"lat"`
	Opened     string          `json:"opened" doc:"a day; empty where not known"`
	Closed     string          `json:"closed"`
	Fields     map[string]any  `json:"fields" doc:"numbers, truths, texts, lists of texts; days as 2025-12-31"`
	Source     string          `json:"source"`
	Provenance string          `json:"provenance" enum:"real,estimated,generated"`
}

// RegisterRow turns a row into its JSON form.
func (k Known) RegisterRow(r *registry.Record) RegisterRow {
	area, _ := k.Registry.Area(r.Area)
	out := RegisterRow{
		ID: r.ID, Name: r.Name, Kind: r.Kind, Area: string(r.Area), AreaName: area.Name,
		Opened: r.From.String(), Closed: r.Until.String(), Fields: make(map[string]any, len(r.Fields)),
		Source: r.Source, Provenance: string(r.Provenance),
	}
	if r.At != nil {
		out.Lon, out.Lat = &r.At.Lon, &r.At.Lat
	}
	for name, value := range r.Fields {
		out.Fields[name] = k.fieldOf(r.Register, name, value)
	}
	return out
}

// unitOf returns the unit in which a field is shown: the plan's, else the
// product's, else base units.
func (k Known) unitOf(register, field string) rule.Unit {
	if t, ok := k.Plan.Registers[register].Fields[field]; ok {
		return t.Unit
	}
	for _, r := range registry.Registers() {
		if r.ID != register {
			continue
		}
		for _, f := range r.Fields {
			if f.ID == field {
				return f.Type.Unit
			}
		}
	}
	return rule.Unit{}
}

func (k Known) fieldOf(register, name string, value rule.Value) any {
	if b, ok := value.Bool(); ok {
		return b
	}
	if text, ok := value.Text(); ok {
		return text
	}
	if texts, ok := value.Texts(); ok {
		return append([]string{}, texts...)
	}
	if day, ok := value.Date(); ok {
		return day.String()
	}
	if n := in(k.unitOf(register, name), value); n != nil {
		return *n
	}
	return plain(value)
}

// Revised is what one change did to a row.
type Revised struct {
	Seq     int64       `json:"seq"`
	At      string      `json:"at"`
	Actor   string      `json:"actor"`
	Action  string      `json:"action" doc:"load, import, change or undo"`
	Undoes  int64       `json:"undoes" doc:"the change it took back, or 0"`
	Stands  bool        `json:"stands" doc:"false: it took the row out"`
	Changed []FieldDiff `json:"changed" doc:"what the row says otherwise than before; empty where it says it for the first time"`
}

// FieldDiff is one thing that a row says otherwise than before; null is not said.
type FieldDiff struct {
	Field  string `json:"field"`
	Before any    `json:"before"`
	After  any    `json:"after"`
}

// History turns revisions, the latest first, into their JSON form.
func (k Known) History(revisions []scenario.Revision) []Revised {
	out := make([]Revised, len(revisions))
	for i, r := range revisions {
		out[i] = Revised{
			Seq: int64(r.Change.Seq), At: r.Change.At.Format(time.RFC3339), Actor: r.Change.Actor, Action: r.Change.Action,
			Undoes: int64(r.Change.Undoes), Stands: r.Stands, Changed: []FieldDiff{},
		}
		if r.Stands && i+1 < len(revisions) && revisions[i+1].Stands {
			out[i].Changed = k.RowDiff(&revisions[i+1].Row, &r.Row)
		}
	}
	return out
}

// RowDiff names what a row says otherwise than before, in the order of names.
func (k Known) RowDiff(before, after *registry.Record) []FieldDiff {
	diffs := []FieldDiff{}
	x, y := k.saying(before), k.saying(after)
	names := slices.Collect(maps.Keys(x))
	for name := range y {
		if _, both := x[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		if !sameAny(x[name], y[name]) {
			diffs = append(diffs, FieldDiff{name, x[name], y[name]})
		}
	}
	return diffs
}

// saying is all that a row says, by name.
func (k Known) saying(r *registry.Record) map[string]any {
	row := k.RegisterRow(r)
	all := maps.Clone(row.Fields)
	for name, text := range map[string]string{
		"name": row.Name, "kind": row.Kind, "area": row.Area, "opened": row.Opened, "closed": row.Closed, "source": row.Source, "provenance": row.Provenance,
	} {
		if text != "" {
			all[name] = text
		}
	}
	if r.At != nil {
		all["lon"], all["lat"] = r.At.Lon, r.At.Lat
	}
	return all
}

func sameAny(a, b any) bool {
	x, list := a.([]string)
	y, both := b.([]string)
	if list && both {
		return slices.Equal(x, y)
	}
	return list == both && a == b
}

// DuplicatePair is two rows that may speak of one thing.
type DuplicatePair struct {
	A       RegisterRow `json:"a"`
	B       RegisterRow `json:"b"`
	Reasons []string    `json:"reasons" doc:"same_credit_code, same_name, near_position; the strongest first"`
	Metres  *float64    `json:"metres" doc:"between them; null where one has no place"`
}

// DuplicatePair turns a pair into its JSON form.
func (k Known) DuplicatePair(d registry.Duplicate) DuplicatePair {
	out := DuplicatePair{A: k.RegisterRow(d.A), B: k.RegisterRow(d.B), Reasons: []string{}}
	for _, why := range d.Reasons {
		out.Reasons = append(out.Reasons, string(why))
	}
	if d.Metres >= 0 {
		out.Metres = &d.Metres
	}
	return out
}

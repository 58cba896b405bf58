package registry

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"lifecircle"
	"lifecircle/plan/rule"
)

// Listing asks for a part of a register.
type Listing struct {
	Register string
	Area     lifecircle.AreaCode // with all below it; "" is everywhere
	Kind     string              // "" is any
	Search   Search              // in names and ids
	// Sort is id, name, kind, area or a field of the register; a minus before it
	// turns the order round. Rows that do not say come last either way. "" is id.
	Sort          string
	Offset, Limit int // Limit 0 is no limit
}

// Listed is a part of a register.
type Listed struct {
	Total int       // rows that fit
	Rows  []*Record // from Offset on
	Kinds []Counted // of the rows that fit but for their kind, by id
	Kept  bool      // false: the register never had a row
}

// Counted is a kind of rows and how many there are.
type Counted struct {
	Kind string
	Rows int
}

// AsRecord shows a facility as a row of its register: whether it is public and
// whose it is are fields.
func (f *Facility) AsRecord() *Record {
	r := &Record{
		Register: FacilityRegister, ID: string(f.ID), Area: f.Area, Kind: f.Kind, Name: f.Name, At: &f.At,
		Span: f.Span, Fields: maps.Clone(f.Fields), Changes: f.Changes, Source: f.Source, Provenance: f.Provenance,
	}
	if r.Fields == nil {
		r.Fields = make(Fields)
	}
	r.Fields["public"] = rule.BoolOf(f.Public)
	if f.Organisation != "" {
		r.Fields["organisation"] = rule.TextOf(f.Organisation)
	}
	return r
}

// AsFacility is the facility that a row of its register describes.
func (r *Record) AsFacility() *Facility {
	f := &Facility{
		ID: lifecircle.FacilityID(r.ID), Area: r.Area, Kind: r.Kind, Name: r.Name,
		Span: r.Span, Fields: maps.Clone(r.Fields), Changes: r.Changes, Source: r.Source, Provenance: r.Provenance,
	}
	if r.At != nil {
		f.At = *r.At
	}
	f.Public, _ = r.Fields["public"].Bool()
	f.Organisation, _ = r.Fields["organisation"].Text()
	delete(f.Fields, "public")
	delete(f.Fields, "organisation")
	if len(f.Fields) == 0 {
		f.Fields = nil
	}
	return f
}

// Row finds a row of any register but those of areas and population points.
func (s *Snapshot) Row(e Entry) (*Record, bool) {
	if e.Register == FacilityRegister {
		f, ok := s.Facility(lifecircle.FacilityID(e.ID))
		if !ok {
			return nil, false
		}
		return f.AsRecord(), true
	}
	r, ok := s.Record(e)
	return &r, ok
}

// List returns a part of a register: O(rows) and, where they are not in the order
// of their ids, O(n log n) of those that fit.
func (s *Snapshot) List(ask Listing) Listed {
	var out Listed
	within := s.within(ask.Area)
	kinds := make(map[string]int)
	fits := func(area lifecircle.AreaCode, kind, name, id string) bool {
		if !within(area) || !ask.Search.row(name, id) {
			return false
		}
		kinds[kind]++
		return ask.Kind == "" || kind == ask.Kind
	}
	if ask.Register == FacilityRegister {
		out.Kept = s.facts.facilities.len() > 0
		facilities := filtered(s.facilities.all(), func(f *Facility) bool { return fits(f.Area, f.Kind, f.Name, string(f.ID)) })
		out.Total = len(facilities)
		order(facilities, ask.Sort, (*Facility).Field)
		for _, f := range part(facilities, ask) {
			out.Rows = append(out.Rows, f.AsRecord())
		}
	} else {
		records, kept := s.Records(ask.Register)
		records = filtered(records, func(r *Record) bool { return fits(r.Area, r.Kind, r.Name, r.ID) })
		out.Total, out.Kept = len(records), kept
		order(records, ask.Sort, (*Record).Field)
		out.Rows = part(records, ask)
	}
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		out.Kinds = append(out.Kinds, Counted{kind, kinds[kind]})
	}
	return out
}

// row looks in what a row is called.
func (s Search) row(name, id string) bool {
	if s.All() || strings.Contains(strings.ToLower(id), s.text) {
		return true
	}
	_, found := s.Name(name)
	return found
}

// within tells which areas lie in the subtree of one.
func (s *Snapshot) within(area lifecircle.AreaCode) func(lifecircle.AreaCode) bool {
	if area == "" || s.Root(area) == area && len(s.Roots()) == 1 {
		return func(lifecircle.AreaCode) bool { return true }
	}
	first, last, _ := s.Interval(area)
	return func(code lifecircle.AreaCode) bool {
		at, ok := s.tree.place(code)
		return ok && at >= first && at < last
	}
}

// order sorts rows that are in the order of their ids.
func order[R any](rows []R, by string, field func(R, string) rule.Value) {
	by, falling := strings.CutPrefix(by, "-")
	if by == "" || by == "id" {
		if falling {
			slices.Reverse(rows)
		}
		return
	}
	slices.SortStableFunc(rows, func(a, b R) int {
		x, y := field(a, by), field(b, by)
		switch _, unsaidX := x.Missing(); {
		case unsaidX:
			if _, unsaidY := y.Missing(); unsaidY {
				return 0
			}
			return 1
		default:
			if _, unsaidY := y.Missing(); unsaidY {
				return -1
			}
		}
		if falling {
			return compareValues(y, x)
		}
		return compareValues(x, y)
	})
}

// compareValues orders values of one field: numbers, days and truths by size,
// texts by their characters.
func compareValues(a, b rule.Value) int {
	if x, ok := a.Number(); ok {
		y, _ := b.Number()
		return x.Cmp(y)
	}
	if x, ok := a.Date(); ok {
		y, _ := b.Date()
		return cmp.Compare(x, y)
	}
	if x, ok := a.Bool(); ok {
		y, _ := b.Bool()
		switch {
		case x == y:
			return 0
		case y:
			return -1
		}
		return 1
	}
	x, _ := a.Text()
	y, _ := b.Text()
	return cmp.Compare(x, y)
}

func part[R any](rows []R, ask Listing) []R {
	from := min(max(ask.Offset, 0), len(rows))
	until := len(rows)
	if ask.Limit > 0 {
		until = min(until, from+ask.Limit)
	}
	return rows[from:until]
}

package figure

import (
	"cmp"
	"iter"
	"maps"
	"slices"

	"lifecircle"
)

// slot is where rival values meet.
type slot struct {
	area   lifecircle.AreaCode
	period lifecircle.Period
}

// rivals are the values of one slot, ordered by source, and the chosen source.
type rivals struct {
	values []Value
	choice Choice
}

// Table is every value at one moment. It never changes: With returns a new one
// that shares what was not touched. The zero Table is empty.
//
// Values that came in lists lie in columns, one array for all areas. A slot that
// was written on its own lies in elements with all that is known of it, and its
// columns are not asked again.
type Table struct {
	elements map[string]map[slot]rivals
	columns  map[columnKey][]*Column // by source; of one source the later last
}

// columnKey is what columns of several sources speak of.
type columnKey struct {
	element string
	period  lifecircle.Period
}

// find returns what is known of a slot.
func (t *Table) find(element string, at slot) rivals {
	if found, ok := t.elements[element][at]; ok {
		return found
	}
	return rivals{values: t.listed(element, at)}
}

// listed returns what the columns say of a slot, by source.
func (t *Table) listed(element string, at slot) []Value {
	var values []Value
	for _, c := range t.columns[columnKey{element, at.period}] {
		value, ok := c.Value(at.area)
		switch last := len(values) - 1; {
		case !ok:
		case last >= 0 && values[last].Source == c.Source:
			values[last] = value
		default:
			values = append(values, value)
		}
	}
	return values
}

// Speaking returns the areas of which something is said of an element in a year or
// a month of it, in no order.
func (t *Table) Speaking(element string, year int) []lifecircle.AreaCode {
	said := make(map[lifecircle.AreaCode]bool)
	for at := range t.elements[element] {
		if at.period.CalendarYear() == year {
			said[at.area] = true
		}
	}
	for _, period := range append(lifecircle.Year(year).Months(), lifecircle.Year(year)) {
		for _, c := range t.columns[columnKey{element, period}] {
			for place, code := range c.Areas.codes {
				if c.Mantissas[place] != Silent {
					said[code] = true
				}
			}
		}
	}
	return slices.Collect(maps.Keys(said))
}

// WithColumns returns the table after lists were taken in, one after the other:
// where a column says something it takes the place of what its source said
// before.
func (t *Table) WithColumns(columns []*Column) *Table {
	next := &Table{elements: maps.Clone(t.elements), columns: maps.Clone(t.columns)}
	if next.columns == nil {
		next.columns = make(map[columnKey][]*Column)
	}
	bySource := func(a, b *Column) int { return cmp.Compare(a.Source, b.Source) }
	owned := make(map[columnKey]bool)
	for _, c := range columns {
		key := columnKey{c.Element, c.Period}
		if !owned[key] {
			next.columns[key] = slices.Clone(next.columns[key])
			owned[key] = true
		}
		next.columns[key] = append(next.columns[key], c)
	}
	for key := range owned {
		slices.SortStableFunc(next.columns[key], bySource)
	}
	if len(t.elements) == 0 {
		return next
	}
	cloned := make(map[string]bool)
	for _, c := range columns {
		for at, r := range next.elements[c.Element] {
			value, ok := c.Value(at.area)
			if !ok || at.period != c.Period {
				continue
			}
			if !cloned[c.Element] {
				next.elements[c.Element] = maps.Clone(next.elements[c.Element])
				cloned[c.Element] = true
			}
			r, _ = Edit{Put: &value}.apply(r) // a put has no error
			next.elements[c.Element][at] = r
		}
	}
	return next
}

// Under returns the part of the table that speaks of the areas keep names. Where
// it names them all the table itself is returned.
func (t *Table) Under(keep func(lifecircle.AreaCode) bool) *Table {
	part := &Table{elements: make(map[string]map[slot]rivals), columns: make(map[columnKey][]*Column)}
	whole := true
	for element, slots := range t.elements {
		for at, r := range slots {
			if !keep(at.area) {
				whole = false
				continue
			}
			if part.elements[element] == nil {
				part.elements[element] = make(map[slot]rivals)
			}
			part.elements[element][at] = r
		}
	}
	all := make(map[*Areas]bool) // whether every area of a set is kept
	for key, columns := range t.columns {
		for _, c := range columns {
			kept, asked := all[c.Areas]
			if !asked {
				kept = !slices.ContainsFunc(c.Areas.codes, func(code lifecircle.AreaCode) bool { return !keep(code) })
				all[c.Areas] = kept
			}
			if !kept {
				whole, c = false, c.under(keep)
			}
			if c.Count() > 0 || kept {
				part.columns[key] = append(part.columns[key], c)
			}
		}
	}
	if whole {
		return t
	}
	return part
}

// Column returns the column that alone says what counts of a series in a period;
// ok is false where several sources do, or where a value was put or taken back
// on its own. A series that nobody reports in the period is nil and ok.
func (t *Table) Column(element string, period lifecircle.Period) (c *Column, ok bool) {
	for at := range t.elements[element] {
		if at.period == period {
			return nil, false
		}
	}
	columns := t.columns[columnKey{element, period}]
	if len(columns) == 0 {
		return nil, true
	}
	return columns[0], len(columns) == 1
}

// Columns calls visit for every column, in no order.
func (t *Table) Columns(visit func(*Column)) {
	for _, columns := range t.columns {
		for _, c := range columns {
			visit(c)
		}
	}
}

// Reading is the answer for one slot: the value that counts, if one does.
type Reading struct {
	Value  Value
	Rivals []Value // all values of the slot, the one that counts included, by source
	Reason string  // why the value was chosen, where somebody chose
	State  ReadingState
}

// ReadingState says whether a slot has a value that counts.
type ReadingState int

// The states of a slot: nobody reported; one value counts; several sources
// differ and nobody chose.
const (
	Unreported ReadingState = iota
	Known
	Unchosen
)

// Read returns the value that counts: the chosen source's, or the only one.
func (t *Table) Read(element string, area lifecircle.AreaCode, period lifecircle.Period) Reading {
	found := t.find(element, slot{area, period})
	reading := Reading{Rivals: found.values}
	for _, v := range found.values {
		if v.Source == found.choice.Source {
			reading.Value, reading.Reason, reading.State = v, found.choice.Reason, Known
			return reading
		}
	}
	switch len(found.values) {
	case 0:
	case 1:
		reading.Value, reading.State = found.values[0], Known
	default:
		reading.State = Unchosen
	}
	return reading
}

// Values returns every value, ordered by element, area, period and source.
func (t *Table) Values() []Value { return slices.Collect(t.All()) }

// All yields every value in the order of Values, with those of one element at a
// time in memory.
func (t *Table) All() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		columns := make(map[string][]columnKey)
		for key := range t.columns {
			columns[key.element] = append(columns[key.element], key)
		}
		elements := slices.AppendSeq(slices.Collect(maps.Keys(columns)), maps.Keys(t.elements))
		slices.Sort(elements)
		for _, element := range slices.Compact(elements) {
			for _, v := range t.ofElement(element, columns[element]) {
				if !yield(v) {
					return
				}
			}
		}
	}
}

// ofElement returns the values of one element in order; keys are those of its
// columns.
func (t *Table) ofElement(element string, keys []columnKey) []Value {
	var all []Value
	for _, r := range t.elements[element] {
		all = append(all, r.values...)
	}
	for _, key := range keys {
		seen := make(map[lifecircle.AreaCode]bool)
		for _, c := range t.columns[key] {
			for _, area := range c.Areas.codes {
				at := slot{area, key.period}
				if _, written := t.elements[element][at]; !written && !seen[area] {
					all = append(all, t.listed(element, at)...)
				}
				seen[area] = true
			}
		}
	}
	slices.SortFunc(all, func(a, b Value) int { return a.Key.compare(b.Key) })
	return all
}

// Choices returns every choice in force, ordered by element, area and period.
func (t *Table) Choices() []Choice {
	var all []Choice
	for _, slots := range t.elements {
		for _, r := range slots {
			if r.choice.Source != "" {
				all = append(all, r.choice)
			}
		}
	}
	slices.SortFunc(all, func(a, b Choice) int { return a.key().compare(b.key()) })
	return all
}

// Edit is one step of With; exactly one field is set.
type Edit struct {
	Put     *Value
	Retract *Key
	Choose  *Choice
}

// With returns the table after the edits. A retracted key without a value is the
// error value_unknown, and the table is unchanged.
func (t *Table) With(edits []Edit) (*Table, error) {
	next := &Table{elements: maps.Clone(t.elements), columns: t.columns}
	if next.elements == nil {
		next.elements = make(map[string]map[slot]rivals)
	}
	owned := make(map[string]bool)
	for _, edit := range edits {
		element, at := edit.target()
		if !owned[element] {
			next.elements[element] = maps.Clone(next.elements[element])
			if next.elements[element] == nil {
				next.elements[element] = make(map[slot]rivals)
			}
			owned[element] = true
		}
		r, err := edit.apply(next.find(element, at))
		if err != nil {
			return nil, err
		}
		if len(r.values) == 0 && r.choice.Source == "" && len(t.listed(element, at)) == 0 {
			delete(next.elements[element], at)
			continue
		}
		next.elements[element][at] = r
	}
	return next, nil
}

func (e Edit) target() (element string, at slot) {
	switch {
	case e.Put != nil:
		return e.Put.Element, slot{e.Put.Area, e.Put.Period}
	case e.Retract != nil:
		return e.Retract.Element, slot{e.Retract.Area, e.Retract.Period}
	}
	return e.Choose.Element, slot{e.Choose.Area, e.Choose.Period}
}

func (e Edit) apply(r rivals) (rivals, error) {
	bySource := func(v Value, source string) int { return cmp.Compare(v.Source, source) }
	switch {
	case e.Put != nil:
		at, found := slices.BinarySearchFunc(r.values, e.Put.Source, bySource)
		r.values = slices.Clone(r.values)
		if found {
			r.values[at] = *e.Put
		} else {
			r.values = slices.Insert(r.values, at, *e.Put)
		}
	case e.Retract != nil:
		at, found := slices.BinarySearchFunc(r.values, e.Retract.Source, bySource)
		if !found {
			return rivals{}, UnknownValue(*e.Retract)
		}
		r.values = slices.Delete(slices.Clone(r.values), at, at+1)
	default:
		r.choice = *e.Choose
	}
	return r, nil
}

// UnknownValue is the error for a key that has no value.
func UnknownValue(k Key) error {
	return lifecircle.Errorf("value_unknown", "no value of %s in %s, %s from source %q", k.Element, k.Area, k.Period, k.Source).
		With("element", k.Element).With("area", k.Area).With("period", k.Period.String())
}

func (c Choice) key() Key { return Key{c.Element, c.Area, c.Period, ""} }

func (k Key) compare(l Key) int {
	return cmp.Or(
		cmp.Compare(k.Element, l.Element), cmp.Compare(k.Area, l.Area),
		cmp.Compare(k.Period.String(), l.Period.String()), cmp.Compare(k.Source, l.Source),
	)
}

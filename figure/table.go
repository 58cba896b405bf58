package figure

import (
	"cmp"
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
type Table struct {
	elements map[string]map[slot]rivals
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
	found := t.elements[element][slot{area, period}]
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
func (t *Table) Values() []Value {
	var all []Value
	for _, slots := range t.elements {
		for _, r := range slots {
			all = append(all, r.values...)
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
	next := &Table{elements: maps.Clone(t.elements)}
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
		r, err := edit.apply(next.elements[element][at])
		if err != nil {
			return nil, err
		}
		if len(r.values) == 0 && r.choice.Source == "" {
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

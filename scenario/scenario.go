// Package scenario is the vocabulary of change: ordered operations on what
// exists and what was reported. The same operations are tried out as a what-if
// over a read-only baseline and committed to the log, and everybody who follows
// the log applies them through Facts.With; so a what-if and the truth cannot
// drift apart. It knows no streets and computes no measure. The engine, the
// store and the API import it.
package scenario

import (
	"context"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/figure"
	"lifecircle/journal"
	"lifecircle/registry"
)

// Op names an operation.
type Op string

// The operations, each with the field of Change it uses.
const (
	Add      Op = "add"      // Facility
	Amend    Op = "amend"    // Facility
	Withdraw Op = "withdraw" // ID
	Enter    Op = "enter"    // Record
	Area     Op = "area"     // Area
	Point    Op = "point"    // Point
	Network  Op = "network"  // Network
	Strike   Op = "strike"   // Entry
	Put      Op = "put"      // Value
	Retract  Op = "retract"  // Key
	Choose   Op = "choose"   // Choice
)

// Change is one operation.
type Change struct {
	Op       Op                        `json:"op"`
	Facility *registry.Facility        `json:"facility,omitempty"`
	ID       lifecircle.FacilityID     `json:"id,omitempty"`
	Record   *registry.Record          `json:"record,omitempty"`
	Area     *registry.Area            `json:"area,omitempty"`
	Point    *registry.PopulationPoint `json:"point,omitempty"`
	Network  *registry.Network         `json:"network,omitempty"`
	Entry    *registry.Entry           `json:"entry,omitempty"`
	Value    *figure.Value             `json:"value,omitempty"`
	Key      *figure.Key               `json:"key,omitempty"`
	Choice   *figure.Choice            `json:"choice,omitempty"`
}

// Facts are what a World measures: the registry and the figures.
type Facts struct {
	Registry *registry.Snapshot
	Figures  *figure.Table
}

// ReadThen returns what is known of an element in a period in an area that is named
// by its code on the period's last day: what is kept under that code, or else under
// another code of the same area.
func (f Facts) ReadThen(element string, area lifecircle.AreaCode, period lifecircle.Period) (reading figure.Reading) {
	for _, name := range f.Registry.NamesOn(area, registry.LastDay(period)) {
		if reading = f.Figures.Read(element, name, period); reading.State != figure.Unreported {
			return reading
		}
	}
	return reading
}

// Removal takes a row of a register out: a facility is withdrawn, any other row struck.
func Removal(e registry.Entry) Change {
	if e.Register == registry.FacilityRegister {
		return Change{Op: Withdraw, ID: lifecircle.FacilityID(e.ID)}
	}
	return strike(e)
}

// With returns the facts after the changes, in order; f itself stays as it is.
// The error names the first change that cannot be (change_invalid,
// facility_exists, facility_unknown, entry_unknown, area_unknown, value_unknown).
func (f Facts) With(changes []Change) (Facts, error) {
	var edits []registry.Edit
	var values []figure.Edit
	for i, c := range changes {
		if err := c.check(); err != nil {
			return Facts{}, lifecircle.Errorf(lifecircle.ErrorCode(err), "change %d: %w", i+1, err)
		}
		if edit, ok := c.registryEdit(); ok {
			edits = append(edits, edit)
			continue
		}
		values = append(values, figure.Edit{Put: c.Value, Retract: c.Key, Choose: c.Choice})
	}
	next := f
	var err error
	if len(edits) > 0 {
		if next.Registry, err = f.Registry.With(edits); err != nil {
			return Facts{}, err
		}
	}
	if len(values) > 0 {
		for i, c := range changes {
			if _, ok := c.registryEdit(); ok {
				continue // its area was known when its turn came
			}
			if err := c.Check(next.Registry); err != nil {
				return Facts{}, lifecircle.Errorf(lifecircle.ErrorCode(err), "change %d: %w", i+1, err)
			}
		}
		if next.Figures, err = f.Figures.With(values); err != nil {
			return Facts{}, err
		}
	}
	return next, nil
}

// registryEdit returns what the change does to the registry; ok is false for a
// change of figures.
func (c Change) registryEdit() (edit registry.Edit, ok bool) {
	switch c.Op {
	case Add:
		return registry.Edit{Add: c.Facility}, true
	case Amend:
		return registry.Edit{Amend: c.Facility}, true
	case Withdraw:
		return registry.Edit{Withdraw: c.ID}, true
	case Enter:
		return registry.Edit{Enter: c.Record}, true
	case Area:
		return registry.Edit{Area: c.Area}, true
	case Point:
		return registry.Edit{Point: c.Point}, true
	case Network:
		return registry.Edit{Network: c.Network}, true
	case Strike:
		return registry.Edit{Strike: *c.Entry}, true
	}
	return registry.Edit{}, false
}

// About returns the area a change speaks of, by the code it names; "" for one
// that takes something out by its id.
func (c Change) About() lifecircle.AreaCode {
	switch {
	case c.Facility != nil:
		return c.Facility.Area
	case c.Record != nil:
		return c.Record.Area
	case c.Area != nil:
		return c.Area.Code
	case c.Point != nil:
		return c.Point.Area
	case c.Network != nil:
		return c.Network.Root
	case c.Value != nil:
		return c.Value.Area
	case c.Key != nil:
		return c.Key.Area
	case c.Choice != nil:
		return c.Choice.Area
	}
	return ""
}

// Check reports what is wrong with a change before it is tried: an unknown
// operation, a missing part, an area that is not known.
func (c Change) Check(known *registry.Snapshot) error {
	if err := c.check(); err != nil {
		return err
	}
	area := c.About()
	if c.Op == Area || area == "" && (c.Op == Withdraw || c.Op == Strike) {
		return nil
	}
	if !known.Knows(area) {
		return registry.UnknownArea(area)
	}
	return nil
}

// check is Check without the area.
func (c Change) check() error {
	missing := func(part string) error {
		return lifecircle.Errorf("change_invalid", "%s needs %q", c.Op, part).With("op", string(c.Op)).With("part", part)
	}
	switch c.Op {
	case Add, Amend:
		if c.Facility == nil {
			return missing("facility")
		}
		return c.Facility.Check()
	case Withdraw:
		if c.ID == "" {
			return missing("id")
		}
	case Enter:
		if c.Record == nil {
			return missing("record")
		}
		return c.Record.Check()
	case Area:
		if c.Area == nil {
			return missing("area")
		}
		return c.Area.Check()
	case Point:
		if c.Point == nil {
			return missing("point")
		}
		return c.Point.Check()
	case Network:
		if c.Network == nil {
			return missing("network")
		}
		return c.Network.Check()
	case Strike:
		if c.Entry == nil || c.Entry.Register == "" || c.Entry.ID == "" {
			return missing("entry with register and id")
		}
	case Put:
		if c.Value == nil || c.Value.Element == "" || c.Value.Source == "" || c.Value.Period.IsZero() || !c.Value.Provenance.Valid() {
			return missing("value with element, period, source and provenance")
		}
	case Retract:
		if c.Key == nil {
			return missing("key")
		}
	case Choose:
		if c.Choice == nil || c.Choice.Element == "" || c.Choice.Period.IsZero() {
			return missing("choice with element and period")
		}
		if c.Choice.Source != "" && c.Choice.Reason == "" {
			return lifecircle.Errorf("change_invalid", "choose needs a reason: say why %q is preferred", c.Choice.Source)
		}
	default:
		return lifecircle.Errorf("change_invalid",
			"operation %q is not known: want add, amend, withdraw, enter, area, point, network, strike, put, retract or choose", c.Op).With("op", string(c.Op))
	}
	return nil
}

// Revision is what one change said of a row of a register.
type Revision struct {
	Change journal.Change // without its body
	Stands bool           // false: it took the row out
	Row    registry.Record
}

// Revisions reads how a row came about: the latest revision first, and the error
// entry_unknown for a row that never was.
type Revisions interface {
	Revisions(context.Context, account.Grant, registry.Entry) ([]Revision, error)
}

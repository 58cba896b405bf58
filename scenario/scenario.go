// Package scenario is the vocabulary of change: ordered operations on what
// exists and what was reported. The same operations are tried out as a what-if
// over a read-only baseline and committed to the log, and everybody who follows
// the log applies them through Facts.With; so a what-if and the truth cannot
// drift apart. It knows no streets and computes no measure. The engine, the
// store and the API import it.
package scenario

import (
	"lifecircle"
	"lifecircle/figure"
	"lifecircle/registry"
)

// Op names an operation.
type Op string

// The operations, each with the field of Change it uses.
const (
	Add      Op = "add"      // Facility
	Withdraw Op = "withdraw" // ID
	Put      Op = "put"      // Value
	Retract  Op = "retract"  // Key
	Choose   Op = "choose"   // Choice
)

// Change is one operation.
type Change struct {
	Op       Op                    `json:"op"`
	Facility *registry.Facility    `json:"facility,omitempty"`
	ID       lifecircle.FacilityID `json:"id,omitempty"`
	Value    *figure.Value         `json:"value,omitempty"`
	Key      *figure.Key           `json:"key,omitempty"`
	Choice   *figure.Choice        `json:"choice,omitempty"`
}

// Facts are what a World measures: the registry and the figures.
type Facts struct {
	Registry *registry.Snapshot
	Figures  *figure.Table
}

// With returns the facts after the changes, in order; f itself stays as it is.
// The error names the first change that cannot be (change_invalid,
// facility_exists, facility_unknown, area_unknown, value_unknown).
func (f Facts) With(changes []Change) (Facts, error) {
	var facilities []registry.Edit
	var values []figure.Edit
	for i, c := range changes {
		if err := c.Check(f.Registry); err != nil {
			return Facts{}, lifecircle.Errorf(lifecircle.ErrorCode(err), "change %d: %w", i+1, err)
		}
		switch c.Op {
		case Add:
			facilities = append(facilities, registry.Edit{Add: c.Facility})
		case Withdraw:
			facilities = append(facilities, registry.Edit{Withdraw: c.ID})
		case Put:
			values = append(values, figure.Edit{Put: c.Value})
		case Retract:
			values = append(values, figure.Edit{Retract: c.Key})
		case Choose:
			values = append(values, figure.Edit{Choose: c.Choice})
		}
	}
	next := f
	var err error
	if len(facilities) > 0 {
		if next.Registry, err = f.Registry.With(facilities); err != nil {
			return Facts{}, err
		}
	}
	if len(values) > 0 {
		if next.Figures, err = f.Figures.With(values); err != nil {
			return Facts{}, err
		}
	}
	return next, nil
}

// Check reports what is wrong with a change before it is tried: an unknown
// operation, a missing part, an area that is not known.
func (c Change) Check(known *registry.Snapshot) error {
	missing := func(part string) error {
		return lifecircle.Errorf("change_invalid", "%s needs %q", c.Op, part).With("op", string(c.Op)).With("part", part)
	}
	areaKnown := func(code lifecircle.AreaCode) error {
		if _, ok := known.Area(code); !ok {
			return registry.UnknownArea(code)
		}
		return nil
	}
	switch c.Op {
	case Add:
		if c.Facility == nil {
			return missing("facility")
		}
		if err := c.Facility.Check(); err != nil {
			return err
		}
		return areaKnown(c.Facility.Area)
	case Withdraw:
		if c.ID == "" {
			return missing("id")
		}
		return nil
	case Put:
		if c.Value == nil || c.Value.Element == "" || c.Value.Source == "" || c.Value.Period.IsZero() || !c.Value.Provenance.Valid() {
			return missing("value with element, period, source and provenance")
		}
		return areaKnown(c.Value.Area)
	case Retract:
		if c.Key == nil {
			return missing("key")
		}
		return areaKnown(c.Key.Area)
	case Choose:
		if c.Choice == nil || c.Choice.Element == "" || c.Choice.Period.IsZero() {
			return missing("choice with element and period")
		}
		if c.Choice.Source != "" && c.Choice.Reason == "" {
			return lifecircle.Errorf("change_invalid", "choose needs a reason: say why %q is preferred", c.Choice.Source)
		}
		return areaKnown(c.Choice.Area)
	}
	return lifecircle.Errorf("change_invalid", "operation %q is not known: want add, withdraw, put, retract or choose", c.Op).With("op", string(c.Op))
}

package registry

import (
	"cmp"
	"slices"

	"lifecircle"
)

// Base is what a registry starts from: loaded in one change, never half.
type Base struct {
	Areas      []Area
	Points     []PopulationPoint
	Facilities []Facility
	Records    []Record
	Networks   []Network
}

// Check names every fault of a base at once: unknown or duplicate codes and
// ids, positions off the map, negative people, a parent that is not there.
func (b Base) Check() []error {
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, lifecircle.Errorf("registry_invalid", format, args...))
	}
	ids := make(map[AreaID]bool, len(b.Areas))
	all := make([]*Area, 0, len(b.Areas))
	for i := range b.Areas {
		a := &b.Areas[i]
		if err := a.Check(); err != nil {
			fault("area %d: %w", i+1, err)
		}
		if ids[a.Key()] {
			fault("area %d: code %s stands twice", i+1, a.Code)
			continue
		}
		ids[a.Key()] = true
		all = append(all, a)
	}
	faults = append(faults, checkTrees(all)...)
	known := grow(all, Day{})
	ever := func(code lifecircle.AreaCode) bool {
		_, ok := known.current(code)
		return ok || holderOf(all, code) != nil
	}
	points := make(map[string]bool, len(b.Points))
	for i, p := range b.Points {
		if points[p.ID] {
			fault("population point %d: id %q stands twice", i+1, p.ID)
		}
		points[p.ID] = true
		if !ever(p.Area) {
			fault("population point %s: area %q is not known", p.ID, p.Area)
		}
		if err := p.Check(); err != nil {
			faults = append(faults, err)
		}
	}
	facilities := make(map[lifecircle.FacilityID]bool, len(b.Facilities))
	for i := range b.Facilities {
		f := &b.Facilities[i]
		if facilities[f.ID] {
			fault("facility %q: the id stands twice", f.ID)
		}
		facilities[f.ID] = true
		if !ever(f.Area) {
			fault("facility %s: area %q is not known", f.ID, f.Area)
		}
		if err := f.Check(); err != nil {
			faults = append(faults, err)
		}
	}
	records := make(map[Entry]bool, len(b.Records))
	for i := range b.Records {
		r := &b.Records[i]
		if records[r.Entry()] {
			fault("%s %q: the id stands twice", r.Register, r.ID)
		}
		records[r.Entry()] = true
		if !ever(r.Area) {
			fault("%s %s: area %q is not known", r.Register, r.ID, r.Area)
		}
		if err := r.Check(); err != nil {
			faults = append(faults, err)
		}
	}
	for _, n := range b.Networks {
		if err := checkNetwork(n, known); err != nil {
			faults = append(faults, err)
		}
	}
	return faults
}

// checkNetwork asks that a network lies under a whole tree of areas.
func checkNetwork(n Network, known *tree) error {
	if root, ok := known.place(n.Root); !ok || known.areas[root].Parent != "" {
		return lifecircle.Errorf("registry_invalid", "network %.8s: %q is not a root area: streets are kept for a root and all below it", n.Hash, n.Root).With("root", string(n.Root))
	}
	return nil
}

// Check reports what a network says that cannot be.
func (n *Network) Check() error {
	if n.Root == "" || n.Hash != "" && !n.Provenance.Valid() {
		return lifecircle.Errorf("network_invalid", "network %q: needs a root area (has %q) and a provenance (has %q)", n.Hash, n.Root, n.Provenance).With("root", string(n.Root))
	}
	return nil
}

// holderOf returns the area that has a code, or had it; nil when there is none.
func holderOf(areas []*Area, code lifecircle.AreaCode) *Area {
	i := slices.IndexFunc(areas, func(a *Area) bool {
		return a.Code == code || slices.ContainsFunc(a.Past, func(s AreaState) bool { return s.Code == code })
	})
	if i < 0 {
		return nil
	}
	return areas[i]
}

// turns are the days on which areas change, and the unknown day for how they
// stand at last.
func turns(areas []*Area) []Day {
	days := []Day{{}}
	for _, a := range areas {
		for _, day := range []Day{a.From, a.Until} {
			if day.known {
				days = append(days, day)
			}
		}
		for _, state := range a.Past {
			days = append(days, state.Until)
		}
	}
	slices.SortFunc(days, func(a, b Day) int { return cmp.Compare(a.date, b.date) })
	return slices.Compact(days)
}

// checkTrees reports where areas do not form trees on some day: a code that two
// areas have, a parent that does not stand, parents in a circle.
func checkTrees(all []*Area) []error {
	var faults []error
	fault := func(a *Area, format string, args ...any) {
		faults = append(faults, lifecircle.Errorf("registry_invalid", "area %s: "+format, append([]any{a.Code}, args...)...).With("area", string(a.Code)))
	}
	for _, day := range turns(all) {
		when := "at last"
		if day.known {
			when = "on " + day.String()
		}
		t := grow(all, day)
		codes := make(map[lifecircle.AreaCode]bool, len(all))
		for _, a := range all {
			if !a.Holds(day) {
				continue
			}
			then := a.On(day)
			if codes[then.Code] {
				fault(then, "another area has its code %s", when)
			}
			codes[then.Code] = true
		}
		for _, a := range all {
			if !a.Holds(day) {
				continue
			}
			then := a.On(day)
			if _, reached := t.at[then.Code]; reached {
				continue
			}
			parent := then.Parent
			if now, ok := t.now[parent]; ok {
				parent = now
			}
			if codes[parent] {
				fault(then, "its parents form a circle %s, or one of them is not among the areas", when)
			} else {
				fault(then, "its parent %s is not among the areas %s", then.Parent, when)
			}
		}
		if len(faults) > 0 {
			return faults // later days repeat them
		}
	}
	return nil
}

// Check reports what one population point says that cannot be.
func (p *PopulationPoint) Check() error {
	if p.ID == "" || !p.At.Valid() || p.People < 0 || !p.Provenance.Valid() {
		return lifecircle.Errorf("point_invalid", "population point %q: needs an id, a position on the earth (has %v), no fewer than 0 people (has %d) and a provenance (has %q)",
			p.ID, p.At, p.People, p.Provenance).With("point", p.ID)
	}
	if fault := p.Groups.check(p.People); fault != "" {
		return lifecircle.Errorf("point_invalid", "population point %q: %s", p.ID, fault).With("point", p.ID)
	}
	return nil
}

// Check reports what one facility says that cannot be.
func (f *Facility) Check() error {
	if f.ID == "" || f.Kind == "" || !f.At.Valid() || !f.Provenance.Valid() {
		return lifecircle.Errorf("facility_invalid", "facility %q: needs an id, a kind (has %q), a position on the earth (has %v) and a provenance (has %q)",
			f.ID, f.Kind, f.At, f.Provenance).With("facility", string(f.ID))
	}
	return checkDated(Entry{string(FacilityRegister), string(f.ID)}, f.Span, f.Changes)
}

// Check reports what one record says that cannot be: an organisation's credit
// code that its check digit does not bear out, among others.
func (r *Record) Check() error {
	invalid := func(format string, args ...any) error {
		return lifecircle.Errorf("record_invalid", "%s %q: "+format, append([]any{r.Register, r.ID}, args...)...).
			With("register", r.Register).With("id", r.ID)
	}
	switch {
	case r.Register == "" || r.ID == "" || !r.Provenance.Valid():
		return invalid("needs a register, an id and a provenance (has %q)", r.Provenance)
	case reserved(r.Register):
		return invalid("the register has rows of a form of their own")
	case r.At != nil && !r.At.Valid():
		return invalid("position %v is off the earth", *r.At)
	}
	if r.Register == OrganisationRegister {
		if code, ok := r.Fields[CreditCode].Text(); ok {
			if err := CheckCreditCode(code); err != nil {
				return invalid("%w", err)
			}
		}
	}
	return checkDated(r.Entry(), r.Span, r.Changes)
}

func checkDated(of Entry, span Span, changes []Dated) error {
	if !span.ordered() {
		return lifecircle.Errorf("record_invalid", "%s %q: it ends on %s and begins on %s", of.Register, of.ID, span.Until, span.From).
			With("register", of.Register).With("id", of.ID)
	}
	if !inOrder(changes) {
		return lifecircle.Errorf("record_invalid", "%s %q: its changes need days that rise", of.Register, of.ID).
			With("register", of.Register).With("id", of.ID)
	}
	return nil
}

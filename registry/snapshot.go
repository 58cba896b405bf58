package registry

import (
	"cmp"
	"maps"
	"slices"

	"lifecircle"
)

// Base is what a registry starts from: loaded in one change, never half.
type Base struct {
	Areas      []Area
	Points     []PopulationPoint
	Facilities []Facility
	Networks   []Network
}

// Check names every fault of a base at once: unknown or duplicate codes and
// ids, positions off the map, negative people, a parent that is not there.
func (b Base) Check() []error {
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, lifecircle.Errorf("registry_invalid", format, args...))
	}
	areas := make(map[lifecircle.AreaCode]Area, len(b.Areas))
	for i, a := range b.Areas {
		if _, err := lifecircle.ParseAreaCode(string(a.Code)); err != nil {
			fault("area %d: %w", i+1, err)
		}
		if _, twice := areas[a.Code]; twice {
			fault("area %d: code %s stands twice", i+1, a.Code)
		}
		if !a.Level.Valid() || !a.Provenance.Valid() {
			fault("area %s: level %q or provenance %q is not known", a.Code, a.Level, a.Provenance)
		}
		areas[a.Code] = a
	}
	for _, a := range b.Areas {
		for up, steps := a.Parent, 0; up != ""; up, steps = areas[up].Parent, steps+1 {
			if _, known := areas[up]; !known {
				fault("area %s: its parent %s is not among the areas", a.Code, up)
				break
			}
			if steps > len(b.Areas) {
				fault("area %s: its parents form a circle", a.Code)
				break
			}
		}
	}
	points := make(map[string]bool, len(b.Points))
	for i, p := range b.Points {
		if points[p.ID] || p.ID == "" {
			fault("population point %d: id %q is empty or stands twice", i+1, p.ID)
		}
		points[p.ID] = true
		if _, known := areas[p.Area]; !known {
			fault("population point %s: area %q is not known", p.ID, p.Area)
		}
		if !p.At.Valid() || p.People < 0 || !p.Provenance.Valid() {
			fault("population point %s: position %v, people %d or provenance %q is not possible", p.ID, p.At, p.People, p.Provenance)
		}
	}
	facilities := make(map[lifecircle.FacilityID]bool, len(b.Facilities))
	for _, f := range b.Facilities {
		if facilities[f.ID] {
			fault("facility %q: the id stands twice", f.ID)
		}
		facilities[f.ID] = true
		if _, known := areas[f.Area]; !known {
			fault("facility %s: area %q is not known", f.ID, f.Area)
		}
		if err := f.Check(); err != nil {
			faults = append(faults, err)
		}
	}
	for _, n := range b.Networks {
		if root, known := areas[n.Root]; !known || root.Parent != "" {
			fault("network %s: %q is not a root area", n.Hash, n.Root)
		}
	}
	return faults
}

// Check reports what one facility says that cannot be.
func (f Facility) Check() error {
	if f.ID == "" || f.Kind == "" || !f.At.Valid() || !f.Provenance.Valid() {
		return lifecircle.Errorf("facility_invalid", "facility %q: needs an id, a kind (has %q), a position on the earth (has %v) and a provenance (has %q)",
			f.ID, f.Kind, f.At, f.Provenance).With("facility", string(f.ID))
	}
	return nil
}

// Snapshot is the registry at one moment. It never changes; With returns a new
// one that shares everything untouched.
type Snapshot struct {
	areas      map[lifecircle.AreaCode]Area
	children   map[lifecircle.AreaCode][]lifecircle.AreaCode
	points     []PopulationPoint
	facilities []Facility // ordered by ID
	networks   map[lifecircle.AreaCode]Network
}

// NewSnapshot makes a snapshot of a checked base, whatever its order.
func NewSnapshot(b Base) (*Snapshot, error) {
	if faults := b.Check(); len(faults) > 0 {
		return nil, faults[0]
	}
	s := &Snapshot{
		areas:      make(map[lifecircle.AreaCode]Area, len(b.Areas)),
		children:   make(map[lifecircle.AreaCode][]lifecircle.AreaCode),
		points:     slices.Clone(b.Points),
		facilities: slices.Clone(b.Facilities),
		networks:   make(map[lifecircle.AreaCode]Network, len(b.Networks)),
	}
	for _, a := range b.Areas {
		s.areas[a.Code] = a
		s.children[a.Parent] = append(s.children[a.Parent], a.Code)
	}
	for _, codes := range s.children {
		slices.Sort(codes)
	}
	slices.SortFunc(s.points, func(a, b PopulationPoint) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(s.facilities, func(a, b Facility) int { return cmp.Compare(a.ID, b.ID) })
	for _, n := range b.Networks {
		s.networks[n.Root] = n
	}
	return s, nil
}

// Area finds an area by its code.
func (s *Snapshot) Area(code lifecircle.AreaCode) (Area, bool) {
	a, ok := s.areas[code]
	return a, ok
}

// Roots returns the codes of the areas without a parent, ordered.
func (s *Snapshot) Roots() []lifecircle.AreaCode { return s.children[""] }

// Children returns the codes of the areas directly below, ordered.
func (s *Snapshot) Children(code lifecircle.AreaCode) []lifecircle.AreaCode { return s.children[code] }

// Subtree returns the area and all below it, parents first.
func (s *Snapshot) Subtree(code lifecircle.AreaCode) []lifecircle.AreaCode {
	codes := []lifecircle.AreaCode{code}
	for i := 0; i < len(codes); i++ {
		codes = append(codes, s.children[codes[i]]...)
	}
	return codes
}

// Root returns the root above an area, or the area itself when it is one.
func (s *Snapshot) Root(code lifecircle.AreaCode) lifecircle.AreaCode {
	for s.areas[code].Parent != "" {
		code = s.areas[code].Parent
	}
	return code
}

// Under returns the part of the registry below one root area.
func (s *Snapshot) Under(root lifecircle.AreaCode) *Snapshot {
	within := make(map[lifecircle.AreaCode]bool)
	part := &Snapshot{
		areas:    make(map[lifecircle.AreaCode]Area),
		children: map[lifecircle.AreaCode][]lifecircle.AreaCode{"": {root}},
		networks: make(map[lifecircle.AreaCode]Network),
	}
	for _, code := range s.Subtree(root) {
		within[code] = true
		part.areas[code] = s.areas[code]
		if below := s.children[code]; len(below) > 0 {
			part.children[code] = below
		}
	}
	for _, p := range s.points {
		if within[p.Area] {
			part.points = append(part.points, p)
		}
	}
	for _, f := range s.facilities {
		if within[f.Area] {
			part.facilities = append(part.facilities, f)
		}
	}
	if n, ok := s.networks[root]; ok {
		part.networks[root] = n
	}
	return part
}

// Points returns the population points, ordered by ID; do not change them.
func (s *Snapshot) Points() []PopulationPoint { return s.points }

// Facilities returns the facilities, ordered by ID; do not change them.
func (s *Snapshot) Facilities() []Facility { return s.facilities }

// Facility finds a facility by its id.
func (s *Snapshot) Facility(id lifecircle.FacilityID) (Facility, bool) {
	at, found := slices.BinarySearchFunc(s.facilities, id, compareID)
	if !found {
		return Facility{}, false
	}
	return s.facilities[at], true
}

// Network returns the street network of a root area.
func (s *Snapshot) Network(root lifecircle.AreaCode) (Network, bool) {
	n, ok := s.networks[root]
	return n, ok
}

// Networks returns every network, ordered by root.
func (s *Snapshot) Networks() []Network {
	return slices.SortedFunc(maps.Values(s.networks), func(a, b Network) int { return cmp.Compare(a.Root, b.Root) })
}

// Edit is one step of With; exactly one field is set.
type Edit struct {
	Add      *Facility
	Withdraw lifecircle.FacilityID
}

// With returns the snapshot after the edits. The errors facility_exists,
// facility_unknown, facility_invalid and area_unknown leave s as the truth.
func (s *Snapshot) With(edits []Edit) (*Snapshot, error) {
	next := *s
	next.facilities = slices.Clone(s.facilities)
	for _, edit := range edits {
		if edit.Add == nil {
			at, found := slices.BinarySearchFunc(next.facilities, edit.Withdraw, compareID)
			if !found {
				return nil, UnknownFacility(edit.Withdraw)
			}
			next.facilities = slices.Delete(next.facilities, at, at+1)
			continue
		}
		if err := edit.Add.Check(); err != nil {
			return nil, err
		}
		if _, known := s.areas[edit.Add.Area]; !known {
			return nil, UnknownArea(edit.Add.Area)
		}
		at, found := slices.BinarySearchFunc(next.facilities, edit.Add.ID, compareID)
		if found {
			return nil, FacilityExists(edit.Add.ID)
		}
		next.facilities = slices.Insert(next.facilities, at, *edit.Add)
	}
	return &next, nil
}

func compareID(f Facility, id lifecircle.FacilityID) int { return cmp.Compare(f.ID, id) }

// UnknownFacility is the error for an id that no standing facility has.
func UnknownFacility(id lifecircle.FacilityID) error {
	return lifecircle.Errorf("facility_unknown", "no facility %q stands here", id).With("facility", string(id))
}

// FacilityExists is the error for adding an id that stands already.
func FacilityExists(id lifecircle.FacilityID) error {
	return lifecircle.Errorf("facility_exists", "facility %q stands already; withdraw it first or use another id", id).With("facility", string(id))
}

// UnknownArea is the error for a code that names no area here.
func UnknownArea(code lifecircle.AreaCode) error {
	return lifecircle.Errorf("area_unknown", "area %q is not known here", code).With("area", string(code))
}

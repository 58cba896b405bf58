package registry

import (
	"cmp"
	"maps"
	"slices"
	"sort"
	"strings"

	"lifecircle"
)

// Snapshot is the registry at one moment as it stands on one day. It never
// changes; With returns a new one that shares everything untouched.
type Snapshot struct {
	day   Day
	facts facts
	tree  *tree
	// What stands on the day, under the codes of the day. Where nothing differs
	// these are the slices of facts.
	points     []PopulationPoint
	facilities roll[*Facility]
	records    map[string]roll[*Record]
	counted    func() map[lifecircle.AreaCode]*Record // the latest population count of each area, when first asked
}

// facts are what was said, with all that is past and to come.
type facts struct {
	areas      []*Area           // ordered by id
	points     []PopulationPoint // ordered by id
	facilities roll[*Facility]
	undated    roll[*Facility]          // those that do not say since when they stand
	records    map[string]roll[*Record] // by register
	networks   map[lifecircle.AreaCode]Network
	history    *history // of areas; nil until they are seen on a day
}

// NewSnapshot makes a snapshot of a checked base, whatever its order, as it stands
// after everything that is dated.
func NewSnapshot(b Base) (*Snapshot, error) {
	if faults := b.Check(); len(faults) > 0 {
		return nil, faults[0]
	}
	f := facts{
		points:   slices.Clone(b.Points),
		networks: make(map[lifecircle.AreaCode]Network, len(b.Networks)),
	}
	f.areas = pointers(b.Areas)
	slices.SortFunc(f.areas, func(a, b *Area) int { return cmp.Compare(a.Key(), b.Key()) })
	slices.SortFunc(f.points, func(a, b PopulationPoint) int { return cmp.Compare(a.ID, b.ID) })
	f.hold(pointers(b.Facilities), pointers(b.Records))
	for _, n := range b.Networks {
		f.networks[n.Root] = n
	}
	return f.on(Day{}, nil), nil
}

// hold takes facilities and records, whatever their order, for all that there are.
func (f *facts) hold(facilities []*Facility, records []*Record) {
	f.facilities = rollOf(ordered(facilities))
	f.undated = rollOf(filtered(f.facilities.all(), undated))
	byRegister := make(map[string][]*Record)
	for _, r := range records {
		byRegister[r.Register] = append(byRegister[r.Register], r)
	}
	f.records = make(map[string]roll[*Record], len(byRegister))
	for register, list := range byRegister {
		f.records[register] = rollOf(ordered(list))
	}
}

func ordered[F fact](all []F) []F {
	slices.SortFunc(all, func(a, b F) int { return strings.Compare(a.key(), b.key()) })
	return all
}

// pointers returns pointers to copies that lie side by side.
func pointers[F any](all []F) []*F {
	kept := slices.Clone(all)
	out := make([]*F, len(kept))
	for i := range kept {
		out[i] = &kept[i]
	}
	return out
}

// Day returns the day on which the registry is seen; unknown is after everything
// that is dated.
func (s *Snapshot) Day() Day { return s.day }

// Area finds an area by its code on the snapshot's day.
func (s *Snapshot) Area(code lifecircle.AreaCode) (Area, bool) {
	if i, ok := s.tree.place(code); ok {
		return *s.tree.areas[i], true
	}
	return Area{}, false
}

// Current returns the code under which what was said of a code is counted on the
// snapshot's day, for a code that an area had before or will have.
func (s *Snapshot) Current(code lifecircle.AreaCode) (lifecircle.AreaCode, bool) {
	return s.tree.current(code)
}

// CodeOn returns the code that an area, named by its code on the snapshot's day,
// had on another day: figures are kept under the code of their time. ok is false
// when the area did not stand then.
func (s *Snapshot) CodeOn(code lifecircle.AreaCode, day Day) (then lifecircle.AreaCode, ok bool) {
	i, ok := s.tree.place(code)
	if !ok {
		return "", false
	}
	area := s.tree.areas[i]
	if len(area.Past) == 0 && !area.dated() {
		return code, true
	}
	kept, _ := slices.BinarySearchFunc(s.facts.areas, area.Key(), compareArea)
	area = s.facts.areas[kept]
	return area.On(day).Code, area.Holds(day)
}

// Areas returns the areas in pre-order: parents first, and a subtree without a
// gap; do not change them.
func (s *Snapshot) Areas() []*Area { return s.tree.areas }

// Interval returns where in Areas the subtree of an area lies: at is the area
// itself and last one past the end.
func (s *Snapshot) Interval(code lifecircle.AreaCode) (at, last int, ok bool) {
	if at, ok = s.tree.place(code); ok {
		last = s.tree.last[at]
	}
	return at, last, ok
}

// Roots returns the codes of the areas without a parent, ordered.
func (s *Snapshot) Roots() []lifecircle.AreaCode { return s.tree.roots }

// Children returns the codes of the areas directly below, ordered.
func (s *Snapshot) Children(code lifecircle.AreaCode) []lifecircle.AreaCode {
	if i, ok := s.tree.place(code); ok {
		return s.tree.below[i]
	}
	return nil
}

// Subtree returns the area and all below it in pre-order; do not change it. An
// area that does not stand has none.
func (s *Snapshot) Subtree(code lifecircle.AreaCode) []lifecircle.AreaCode {
	at, last, _ := s.Interval(code)
	return s.tree.codes[at:last:last]
}

// Knows reports whether an area has, had or will have a code.
func (s *Snapshot) Knows(code lifecircle.AreaCode) bool {
	_, ok := s.tree.current(code)
	return ok || holderOf(s.facts.areas, code) != nil
}

// County returns the county that an area is or lies in; ok is false where there is
// none.
func (s *Snapshot) County(code lifecircle.AreaCode) (county Area, ok bool) {
	for county, ok = s.Area(code); ok && county.Level != County; {
		county, ok = s.Area(county.Parent)
	}
	return county, ok
}

// Root returns the root above an area, or the area itself when it is one. For an
// area that does not stand it is that of the area that counts for it, else that of
// its last parent.
func (s *Snapshot) Root(code lifecircle.AreaCode) lifecircle.AreaCode {
	now, ok := s.tree.current(code)
	for range Levels() {
		if ok {
			break
		}
		a := holderOf(s.facts.areas, code)
		if a == nil || a.Parent == "" {
			return code
		}
		code = a.Parent
		now, ok = s.tree.current(code)
	}
	at, ok := s.tree.place(now)
	if !ok {
		return code
	}
	// The last root that does not come after it.
	i := sort.Search(len(s.tree.roots), func(i int) bool { return s.tree.at[s.tree.roots[i]] > at })
	return s.tree.roots[i-1]
}

// Under returns the part of the registry below one root area.
func (s *Snapshot) Under(root lifecircle.AreaCode) *Snapshot {
	if len(s.tree.roots) == 1 && s.tree.roots[0] == root {
		return s
	}
	within := func(code lifecircle.AreaCode) bool { return s.Root(code) == root }
	part := facts{networks: make(map[lifecircle.AreaCode]Network)}
	part.areas = filtered(s.facts.areas, func(a *Area) bool { return within(a.Code) })
	part.points = filtered(s.facts.points, func(p PopulationPoint) bool { return within(p.Area) })
	var records []*Record
	for _, all := range s.facts.records {
		records = append(records, filtered(all.all(), func(r *Record) bool { return within(r.Area) })...)
	}
	part.hold(filtered(s.facts.facilities.all(), func(f *Facility) bool { return within(f.Area) }), records)
	if n, ok := s.facts.networks[root]; ok {
		part.networks[root] = n
	}
	return part.on(s.day, nil)
}

func filtered[F any](all []F, keep func(F) bool) []F {
	var kept []F
	for _, fact := range all {
		if keep(fact) {
			kept = append(kept, fact)
		}
	}
	return kept
}

// Points returns the population points, ordered by ID; do not change them.
func (s *Snapshot) Points() []PopulationPoint { return s.points }

// PointsBelow returns the places among Points of those in an area and below it.
func (s *Snapshot) PointsBelow(area lifecircle.AreaCode) []int {
	below := make(map[lifecircle.AreaCode]bool)
	for _, code := range s.Subtree(area) {
		below[code] = true
	}
	var places []int
	for i := range s.points {
		if below[s.points[i].Area] {
			places = append(places, i)
		}
	}
	return places
}

// Facilities returns the facilities that stand, ordered by ID; do not change them.
func (s *Snapshot) Facilities() []*Facility { return s.facilities.all() }

// Facility finds a facility that stands by its id.
func (s *Snapshot) Facility(id lifecircle.FacilityID) (Facility, bool) {
	f, found := s.facilities.find(string(id))
	if !found {
		return Facility{}, false
	}
	return *f, true
}

// Place finds a facility that stands by its id; nil where none does. Do not change
// it.
func (s *Snapshot) Place(id lifecircle.FacilityID) *Facility {
	f, _ := s.facilities.find(string(id))
	return f
}

// Standing finds a record that holds; do not change it.
func (s *Snapshot) Standing(e Entry) (r *Record, ok bool) {
	return s.records[e.Register].find(e.ID)
}

// Records returns the rows of a register that hold, ordered by ID; do not change
// them. kept is false when the register never had a row: nothing is known then,
// which is not the same as an empty register.
func (s *Snapshot) Records(register string) (records []*Record, kept bool) {
	return s.records[register].all(), s.facts.records[register].len() > 0
}

// Registers returns the names of the registers that are kept, ordered.
func (s *Snapshot) Registers() []string {
	var kept []string
	for register, records := range s.facts.records {
		if records.len() > 0 {
			kept = append(kept, register)
		}
	}
	slices.Sort(kept)
	return kept
}

// Record finds a record that holds.
func (s *Snapshot) Record(e Entry) (Record, bool) {
	r, found := s.records[e.Register].find(e.ID)
	if !found {
		return Record{}, false
	}
	return *r, true
}

// Has reports whether something was said under an entry, whether or not it stands
// on the snapshot's day.
func (s *Snapshot) Has(e Entry) bool {
	var found bool
	switch e.Register {
	case areaRegister:
		_, found = slices.BinarySearchFunc(s.facts.areas, AreaID(e.ID), compareArea)
	case PointRegister:
		_, found = slices.BinarySearchFunc(s.facts.points, e.ID, comparePoint)
	default:
		_, found = s.facts.records[e.Register].find(e.ID)
	}
	return found
}

// Network returns the street network of a root area.
func (s *Snapshot) Network(root lifecircle.AreaCode) (Network, bool) {
	n, ok := s.facts.networks[root]
	return n, ok
}

// Provenance returns the weakest provenance of the people, the facilities and the
// streets of a root area.
func (s *Snapshot) Provenance(root lifecircle.AreaCode) lifecircle.Provenance {
	weakest := s.facts.networks[root].Provenance
	for i := range s.points {
		weakest = weakest.Weakest(s.points[i].Provenance)
	}
	for _, f := range s.facilities.all() {
		weakest = weakest.Weakest(f.Provenance)
	}
	return weakest
}

// Networks returns every network, ordered by root.
func (s *Snapshot) Networks() []Network {
	return slices.SortedFunc(maps.Values(s.facts.networks), func(a, b Network) int { return cmp.Compare(a.Root, b.Root) })
}

// All returns everything that was said, with all that is past and to come: the
// base that NewSnapshot makes the same registry of.
func (s *Snapshot) All() Base {
	b := Base{Points: slices.Clone(s.facts.points), Networks: s.Networks()}
	for _, a := range s.facts.areas {
		b.Areas = append(b.Areas, *a)
	}
	for _, f := range s.facts.facilities.all() {
		b.Facilities = append(b.Facilities, *f)
	}
	for _, register := range slices.Sorted(maps.Keys(s.facts.records)) {
		for _, r := range s.facts.records[register].all() {
			b.Records = append(b.Records, *r)
		}
	}
	return b
}

func compareArea(a *Area, id AreaID) int            { return cmp.Compare(a.Key(), id) }
func comparePoint(p PopulationPoint, id string) int { return cmp.Compare(p.ID, id) }

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

// UnknownEntry is the error for a row that no register holds.
func UnknownEntry(e Entry) error {
	return lifecircle.Errorf("entry_unknown", "the register %s has no row %q", e.Register, e.ID).With("register", e.Register).With("id", e.ID)
}

// Said returns what was said of a facility, with all that is past and to come,
// whether it stands on the snapshot's day or not.
func (s *Snapshot) Said(id lifecircle.FacilityID) (*Facility, bool) {
	return s.facts.facilities.find(string(id))
}

// Entered is Said for a record.
func (s *Snapshot) Entered(e Entry) (*Record, bool) {
	return s.facts.records[e.Register].find(e.ID)
}

// UnknownShape is the error for an outline whose ground is not kept.
func UnknownShape(hash string) error {
	return lifecircle.Errorf("shape_unknown", "no ground is kept under the hash %q: take the outline in with the area", hash).With("shape", hash)
}

package registry

import (
	"maps"
	"slices"

	"lifecircle"
)

// Edit is one step of With; exactly one field is set.
type Edit struct {
	Add      *Facility // one that does not stand
	Amend    *Facility // one that stands
	Withdraw lifecircle.FacilityID
	Enter    *Record // new, or in place of the one of its id
	Area     *Area   // likewise
	Point    *PopulationPoint
	Network  *Network // in place of the one of its root; without a hash it takes that one out
	Strike   Entry    // an area by its id, a population point or a record
}

// With returns the snapshot after the edits. The errors facility_exists,
// facility_unknown, entry_unknown, area_unknown and those of Check leave s as the
// truth. Whatever an edit does not touch is shared.
func (s *Snapshot) With(edits []Edit) (*Snapshot, error) {
	e := editing{Snapshot: *s}
	for _, edit := range edits {
		if err := e.apply(edit); err != nil {
			return nil, err
		}
	}
	e.settlePoints()
	if e.recounted {
		e.count()
	}
	if !e.regrown {
		return &e.Snapshot, nil
	}
	if faults := checkTrees(e.facts.areas); len(faults) > 0 {
		return nil, faults[0]
	}
	tree := grow(e.facts.areas, Day{})
	for _, n := range e.facts.networks {
		if err := checkNetwork(n, tree); err != nil {
			return nil, err
		}
	}
	return e.facts.on(s.day, nil), nil
}

// editing is a snapshot that is still being made.
type editing struct {
	Snapshot
	ownsAreas bool                        // the list of areas is no longer shared
	ownsMaps  bool                        // nor are the maps from registers to rolls
	recounted bool                        // people were
	ownsNets  bool                        // nor is the map of networks
	points    map[string]*PopulationPoint // edited, until settlePoints; nil for one that is struck
	regrown   bool                        // areas or points changed: the day's view is made anew at the end
	stale     bool                        // so is the tree, when it is next asked
}

func (e *editing) apply(edit Edit) error {
	switch {
	case edit.Add != nil:
		return e.keep(edit.Add, false)
	case edit.Amend != nil:
		return e.keep(edit.Amend, true)
	case edit.Withdraw != "":
		if !strikeFrom(&e.facts.facilities, string(edit.Withdraw)) {
			return UnknownFacility(edit.Withdraw)
		}
		strikeFrom(&e.facts.undated, string(edit.Withdraw))
		strikeFrom(&e.facilities, string(edit.Withdraw))
	case edit.Enter != nil:
		return e.enter(edit.Enter)
	case edit.Area != nil:
		if err := edit.Area.Check(); err != nil {
			return err
		}
		e.ownAreas()
		put(&e.facts.areas, edit.Area, edit.Area.Key(), compareArea)
		e.regrown, e.stale = true, true
	case edit.Point != nil:
		if err := edit.Point.Check(); err != nil {
			return err
		}
		if err := e.known(edit.Point.Area); err != nil {
			return err
		}
		e.point(edit.Point.ID, edit.Point)
	case edit.Network != nil:
		return e.lay(*edit.Network)
	default:
		return e.strike(edit.Strike)
	}
	return nil
}

// lay keeps a network for its root, or takes it out.
func (e *editing) lay(n Network) error {
	if err := n.Check(); err != nil {
		return err
	}
	if err := checkNetwork(n, grow(e.facts.areas, Day{})); err != nil {
		return err
	}
	if !e.ownsNets {
		e.ownsNets = true
		e.facts.networks = maps.Clone(e.facts.networks)
	}
	if n.Hash == "" {
		delete(e.facts.networks, n.Root)
		return nil
	}
	e.facts.networks[n.Root] = n
	return nil
}

func (e *editing) strike(entry Entry) error {
	found := false
	switch entry.Register {
	case areaRegister:
		e.ownAreas()
		found = taken(&e.facts.areas, AreaID(entry.ID), compareArea)
		e.regrown, e.stale = true, true
	case PointRegister:
		pending, edited := e.points[entry.ID]
		_, kept := slices.BinarySearchFunc(e.facts.points, entry.ID, comparePoint)
		found = pending != nil || !edited && kept
		e.point(entry.ID, nil)
	default:
		all, now := e.facts.records[entry.Register], e.records[entry.Register]
		found = strikeFrom(&all, entry.ID)
		strikeFrom(&now, entry.ID)
		e.note(entry.Register, all, now)
	}
	if !found {
		return UnknownEntry(entry)
	}
	return nil
}

// point notes what a population point is from now on. A list brings as many as there
// are: they are put in their places together.
func (e *editing) point(id string, p *PopulationPoint) {
	if e.points == nil {
		e.points = make(map[string]*PopulationPoint)
	}
	e.points[id], e.regrown = p, true
}

// settlePoints merges the edited points with those that stand.
func (e *editing) settlePoints() {
	if e.points == nil {
		return
	}
	merged := make([]PopulationPoint, 0, len(e.facts.points)+len(e.points))
	rest := e.facts.points
	for _, id := range slices.Sorted(maps.Keys(e.points)) {
		at, found := slices.BinarySearchFunc(rest, id, comparePoint)
		merged = append(merged, rest[:at]...)
		if rest = rest[at:]; found {
			rest = rest[1:]
		}
		if p := e.points[id]; p != nil {
			merged = append(merged, *p)
		}
	}
	e.facts.points = append(merged, rest...)
}

// keep adds or amends a facility.
func (e *editing) keep(f *Facility, stands bool) error {
	if err := f.Check(); err != nil {
		return err
	}
	if err := e.known(f.Area); err != nil {
		return err
	}
	switch _, found := e.facts.facilities.find(f.key()); {
	case found && !stands:
		return FacilityExists(f.ID)
	case !found && stands:
		return UnknownFacility(f.ID)
	}
	e.facts.facilities = e.facts.facilities.with(f)
	if undated(f) {
		e.facts.undated = e.facts.undated.with(f)
	} else {
		strikeFrom(&e.facts.undated, f.key())
	}
	stand(&e.facilities, f, e.facility)
	return nil
}

func (e *editing) enter(r *Record) error {
	if err := r.Check(); err != nil {
		return err
	}
	if err := e.known(r.Area); err != nil {
		return err
	}
	now := e.records[r.Register]
	stand(&now, r, e.record)
	e.note(r.Register, e.facts.records[r.Register].with(r), now)
	return nil
}

// note takes the rows of a register: all that were said, and those that hold.
func (e *editing) note(register string, all, now roll[*Record]) {
	if !e.ownsMaps {
		e.ownsMaps = true
		e.facts.records, e.records = maps.Clone(e.facts.records), maps.Clone(e.records)
	}
	e.facts.records[register], e.records[register] = all, now
	e.recounted = e.recounted || register == PopulationRegister
}

// known asks that some area has or had a code.
func (e *editing) known(code lifecircle.AreaCode) error {
	if e.stale {
		e.tree, e.stale = grow(e.facts.areas, e.day), false
	}
	if _, ok := e.tree.current(code); ok || holderOf(e.facts.areas, code) != nil {
		return nil
	}
	return UnknownArea(code)
}

// ownAreas copies the list of areas before the first edit of it.
func (e *editing) ownAreas() {
	if !e.ownsAreas {
		e.ownsAreas = true
		e.facts.areas, e.facts.history = slices.Clone(e.facts.areas), nil
	}
}

// strikeFrom takes the fact of an id out of a roll; false when it was not there.
func strikeFrom[F fact](list *roll[F], id string) (found bool) {
	*list, found = list.without(id)
	return found
}

// stand brings a fact into a roll of what stands, as it is on the day.
func stand[F fact](list *roll[F], f F, now func(F) (F, bool)) {
	if then, ok := now(f); ok {
		*list = list.with(then)
	} else {
		strikeFrom(list, f.key())
	}
}

// put places a fact in an ordered list, over the one of its id.
func put[F, K any](list *[]F, fact F, id K, compare func(F, K) int) {
	at, found := slices.BinarySearchFunc(*list, id, compare)
	if found {
		(*list)[at] = fact
	} else {
		*list = slices.Insert(*list, at, fact)
	}
}

// taken removes a fact from an ordered list; false when it was not there.
func taken[F, K any](list *[]F, id K, compare func(F, K) int) bool {
	at, found := slices.BinarySearchFunc(*list, id, compare)
	if found {
		*list = slices.Delete(*list, at, at+1)
	}
	return found
}

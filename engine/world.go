// Package engine puts the pieces together: it keeps one immutable World per root
// area, folds the change log into new Worlds, and answers questions from the
// current one without a lock. It holds no SQL, no HTTP and no rule of the domain;
// the API and the command line import it.
package engine

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"maps"
	"slices"

	"lifecircle"
	"lifecircle/access"
	"lifecircle/indicator"
	"lifecircle/journal"
	"lifecircle/network"
	"lifecircle/network/routing"
	"lifecircle/plan"
	"lifecircle/registry"
	"lifecircle/scenario"
)

// World is everything known of one root area at one moment, with what was
// measured from it. It never changes; With returns the next one.
type World struct {
	root    lifecircle.AreaCode
	plan    *plan.Package
	net     *network.Network   // nil where no streets are kept
	streets *indicator.Streets // nil likewise
	facts   scenario.Facts
	seq     journal.Seq
	view    *view
	eval    *indicator.Evaluator
}

// Parts are what a World is built from.
type Parts struct {
	Root    lifecircle.AreaCode
	Plan    *plan.Package
	Network *network.Network // nil where no streets are kept
	Index   *routing.Index   // of its streets; nil means that one is built
	Facts   scenario.Facts   // of this root alone
	Seq     journal.Seq      // of the last change in Facts
}

// Build measures a World from nothing but its facts, as they stand on the last day
// of the plan's target year.
func Build(parts Parts) *World {
	w := &World{root: parts.Root, plan: parts.Plan, net: parts.Network, facts: parts.Facts, seq: parts.Seq}
	w.facts.Registry = w.facts.Registry.On(registry.LastDay(lifecircle.Year(w.plan.Year)))
	if w.net != nil {
		var err error
		w.streets, err = indicator.NewStreets(indicator.StreetsConfig{
			Plan: w.plan, Network: w.net, Index: parts.Index, Root: w.root, Registry: w.facts.Registry,
		})
		if err != nil {
			panic(fmt.Sprintf("engine: an index of other streets: %v", err))
		}
	}
	w.view = newView(w, nil)
	w.eval = indicator.New(w.plan, w.view)
	return w
}

// on returns the World as it stood on a day, without an evaluator. Its streets are
// those of another World of the same people with the places of the day.
func (w *World) on(day registry.Day, other *World) *World {
	then := *w
	then.view, then.eval = nil, nil // those of the other day would be kept with it
	if other != nil {
		then.facts.Registry = w.facts.Registry.OnAfter(other.facts.Registry)
	} else {
		then.facts.Registry = w.facts.Registry.On(day)
	}
	if other == nil || !other.facts.Registry.SamePoints(then.facts.Registry) || then.facts.Registry.SameFacilities(w.facts.Registry) {
		other = w // or the same places stood then
	}
	then.streets = other.streets.Over(other.facts.Registry, then.facts.Registry)
	return &then
}

// With returns the World after the changes. It equals, to the bit, one built
// from the changed facts; but only what the changes touch is measured again.
func (w *World) With(changes []scenario.Change, seq journal.Seq) (*World, error) {
	return w.after(scenario.Tried(changes), seq)
}

// after is With of all that a trial supposes.
func (w *World) after(trial scenario.Trial, seq journal.Seq) (*World, error) {
	next := *w
	next.seq = seq
	if trial.Plan != nil {
		next.plan = trial.Plan
	}
	if trial.Network != nil && w.net != nil {
		next.net = trial.Network
	}
	var err error
	if next.facts, err = w.facts.With(trial.Changes); err != nil {
		return nil, err
	}
	sorted := scenario.Sort(trial.Changes)
	if sorted.Remapped {
		parts := Parts{Root: w.root, Plan: next.plan, Network: next.net, Facts: next.facts, Seq: seq}
		if w.streets != nil && next.net == w.net {
			parts.Index = w.streets.Index()
		}
		return Build(parts), nil
	}
	delta, err := next.delta(w, sorted)
	if err != nil {
		return nil, err
	}
	delta.Plan = trial.Plan
	next.view = newView(&next, nil)
	if !delta.Altered {
		next.view.before = w.view.days()
	}
	next.eval = w.eval.Next(next.view, delta)
	return &next, nil
}

// delta brings the changes into the streets and says what they touch.
func (next *World) delta(w *World, changes scenario.Sorted) (indicator.Delta, error) {
	delta := indicator.Delta{Registers: map[string]bool{}, Moving: next.facts.Registry.Moving()}
	for _, k := range changes.Values {
		area, ok := next.facts.Registry.Current(k.Area)
		if !ok {
			area = k.Area
		}
		delta.AddElement(k.Element, area)
	}
	if next.net != w.net {
		var err error
		altered := indicator.StreetsConfig{Plan: w.plan, Network: next.net, Root: w.root, Registry: w.facts.Registry}
		if next.streets, err = w.streets.Altered(altered, &delta); err != nil {
			return delta, err
		}
	}
	if len(changes.Points) > 0 {
		next.settle(w, changes.Points, &delta)
	}
	standing := w.facts.Registry
	for i, c := range changes.Places {
		id, after := c.ID, next.facts.Registry // after the last of them
		edit := registry.Edit{Withdraw: c.ID}
		switch c.Op {
		case scenario.Add:
			id, edit = c.Facility.ID, registry.Edit{Add: c.Facility}
		case scenario.Amend:
			id, edit = c.Facility.ID, registry.Edit{Amend: c.Facility}
		}
		if i+1 < len(changes.Places) {
			var err error
			if after, err = standing.With([]registry.Edit{edit}); err != nil {
				return delta, err
			}
		}
		next.place(standing.Place(id), after.Place(id), &delta)
		standing = after
	}
	for entry := range changes.Entries {
		var change indicator.RowChange
		if r, ok := w.facts.Registry.Standing(entry); ok {
			change.Before = indicator.RecordRow(r)
		}
		if r, ok := next.facts.Registry.Standing(entry); ok {
			change.After = indicator.RecordRow(r)
		}
		delta.AddRow(entry.Register, change)
		if change == (indicator.RowChange{}) { // of another day than that of the World
			delta.Registers[entry.Register] = true
		}
	}
	return delta, nil
}

// settle brings changed population points into the streets and notes them.
func (next *World) settle(w *World, ids map[string]bool, delta *indicator.Delta) {
	before, after := w.facts.Registry.Points(), next.facts.Registry.Points()
	find := func(points []registry.PopulationPoint, id string) indicator.Row {
		at, found := slices.BinarySearchFunc(points, id, func(p registry.PopulationPoint, id string) int { return cmp.Compare(p.ID, id) })
		if !found {
			return nil
		}
		return indicator.PointRow{PopulationPoint: &points[at], Place: at}
	}
	for id := range ids {
		delta.AddRow(registry.PointRegister, indicator.RowChange{Before: find(before, id), After: find(after, id)})
	}
	next.streets = next.streets.Resettled(before, after)
	delta.Renumber(before, after)
}

// place brings one facility that was added, amended or withdrawn into the streets and
// notes what that touches.
func (next *World) place(was, now *registry.Facility, delta *indicator.Delta) {
	if was == nil && now == nil { // it stands on other days than that of the World
		delta.Registers[registry.FacilityRegister] = true
	}
	next.streets = next.streets.After(was, now, delta)
}

// Root returns the area at the top of the World.
func (w *World) Root() lifecircle.AreaCode { return w.root }

// Seq returns the last change the World knows.
func (w *World) Seq() journal.Seq { return w.seq }

// Plan returns the plan the World measures.
func (w *World) Plan() *plan.Package { return w.plan }

// Registry returns what exists in the World.
func (w *World) Registry() *registry.Snapshot { return w.facts.Registry }

// Facts returns what exists and what was reported.
func (w *World) Facts() scenario.Facts { return w.facts }

// Network returns the streets, or nil where none are kept.
func (w *World) Network() *network.Network { return w.net }

// Evaluator answers what the plan's objects are in this World.
func (w *World) Evaluator() *indicator.Evaluator { return w.eval }

// Layer returns the access layer of a measure; ok is false without streets.
func (w *World) Layer(measure string) (*access.Layer, bool) {
	return w.streets.Layer(measure)
}

// PlacesOf returns the facilities that are places of any of the measures.
func (w *World) PlacesOf(measures []string) []*registry.Facility {
	var places []*registry.Facility
	for _, f := range w.facts.Registry.Facilities() {
		if slices.ContainsFunc(measures, func(id string) bool { return indicator.Counts(w.plan.Measures[id], f) }) {
			places = append(places, f)
		}
	}
	return places
}

// Provenance returns the weakest provenance of what exists in the World.
func (w *World) Provenance() lifecircle.Provenance {
	return w.facts.Registry.Provenance(w.root)
}

// InOrder returns Worlds by the code of their root.
func InOrder(worlds map[lifecircle.AreaCode]*World) []*World {
	ordered := make([]*World, 0, len(worlds))
	for _, root := range slices.Sorted(maps.Keys(worlds)) {
		ordered = append(ordered, worlds[root])
	}
	return ordered
}

// Hash is a digest of all that the World holds: the plan, the streets, the
// facts, each layer and every result in the plan's target year. Two Worlds with
// one hash answer every question alike, however they came about. The seq is not
// part of it: a what-if has none.
func (w *World) Hash() string {
	h := sha256.New()
	write := func(format string, args ...any) { fmt.Fprintf(h, format+"\n", args...) }
	write("root %s plan %s", w.root, w.plan.Hash)
	if w.net != nil {
		write("network %s", w.net.Hash())
	}
	for _, code := range w.facts.Registry.Subtree(w.root) {
		area, _ := w.facts.Registry.Area(code)
		writeJSON(h, area)
	}
	for _, p := range w.facts.Registry.Points() {
		writeJSON(h, p)
	}
	for _, f := range w.facts.Registry.Facilities() {
		writeJSON(h, f)
	}
	for _, register := range w.facts.Registry.Registers() {
		records, _ := w.facts.Registry.Records(register)
		for _, r := range records {
			writeJSON(h, r)
		}
	}
	for _, v := range w.facts.Figures.Values() {
		writeJSON(h, v)
	}
	for _, c := range w.facts.Figures.Choices() {
		writeJSON(h, c)
	}
	w.streets.Digest(h)
	w.eval.Digest(h)
	return hex.EncodeToString(h.Sum(nil))
}

// writeJSON adds a plain value to a digest; what it is given always marshals.
func writeJSON(h hash.Hash, value any) {
	text, err := json.Marshal(value)
	if err != nil {
		panic(fmt.Sprintf("engine: marshal %T: %v", value, err))
	}
	h.Write(append(text, '\n'))
}

// Package engine puts the pieces together: it keeps one immutable World per root
// area, folds the change log into new Worlds, and answers questions from the
// current one without a lock. It holds no SQL, no HTTP and no rule of the domain;
// the API and the command line import it.
package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"maps"
	"slices"

	"lifecircle"
	"lifecircle/access"
	"lifecircle/geo"
	"lifecircle/indicator"
	"lifecircle/journal"
	"lifecircle/network"
	"lifecircle/plan"
	"lifecircle/registry"
	"lifecircle/scenario"
)

// World is everything known of one root area at one moment, with what was
// measured from it. It never changes; With returns the next one.
type World struct {
	root   lifecircle.AreaCode
	plan   *plan.Package
	net    *network.Network // nil where no streets are kept
	points *access.Points   // the population points, in the registry's order
	facts  scenario.Facts
	layers map[string]*access.Layer // by measure
	seq    journal.Seq
	eval   *indicator.Evaluator
}

// Parts are what a World is built from.
type Parts struct {
	Root    lifecircle.AreaCode
	Plan    *plan.Package
	Network *network.Network // nil where no streets are kept
	Facts   scenario.Facts   // of this root alone
	Seq     journal.Seq      // of the last change in Facts
}

// Build measures a World from nothing but its facts, as they stand on the last day
// of the plan's target year.
func Build(parts Parts) *World {
	w := &World{root: parts.Root, plan: parts.Plan, net: parts.Network, facts: parts.Facts, seq: parts.Seq}
	w = w.on(registry.LastDay(lifecircle.Year(w.plan.Year)))
	w.eval = indicator.New(w.plan, newView(w))
	return w
}

// on returns the World as it stood on a day, without an evaluator. Layers are made
// from those of w where it has some.
func (w *World) on(day registry.Day) *World {
	then := *w
	then.facts.Registry, then.layers = w.facts.Registry.On(day), make(map[string]*access.Layer)
	if w.net == nil {
		return &then
	}
	at := make([]geo.Point, 0, len(then.facts.Registry.Points()))
	for _, p := range then.facts.Registry.Points() {
		at = append(at, p.At)
	}
	if w.points == nil || w.points.Len() != len(at) { // else they are the same: points have no dates
		then.points = access.SnapPoints(w.net, at)
	}
	for id := range w.plan.Measures {
		var places []access.Place
		for _, f := range then.PlacesOf([]string{id}) {
			places = append(places, access.Place{ID: f.ID, At: f.At})
		}
		if layer := w.layers[id]; layer != nil && w.points == then.points {
			then.layers[id] = layer.Over(places)
		} else {
			then.layers[id] = access.Compute(then.points, places)
		}
	}
	return &then
}

// counts reports whether a facility is a place of a measure.
func counts(m plan.Measure, f *registry.Facility) bool {
	return slices.Contains(m.Kinds, f.Kind) && (f.Public || !m.Public) && f.Serves()
}

// With returns the World after the changes. It equals, to the bit, one built
// from the changed facts; but only what the changes touch is measured again.
func (w *World) With(changes []scenario.Change, seq journal.Seq) (*World, error) {
	next := *w
	next.seq = seq
	var err error
	if next.facts, err = w.facts.With(changes); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(changes, remapped) {
		return Build(Parts{Root: w.root, Plan: w.plan, Network: w.net, Facts: next.facts, Seq: seq}), nil
	}
	delta := indicator.Delta{Elements: map[string]bool{}, Registers: map[string]bool{}, Measures: map[string][]int{}}
	next.layers = maps.Clone(w.layers)
	standing := w.facts.Registry
	for _, c := range changes {
		switch c.Op {
		case scenario.Put:
			delta.Elements[c.Value.Element] = true
		case scenario.Retract:
			delta.Elements[c.Key.Element] = true
		case scenario.Choose:
			delta.Elements[c.Choice.Element] = true
		case scenario.Enter:
			touch(delta.Registers, c.Record.Register)
		case scenario.Strike:
			touch(delta.Registers, c.Entry.Register)
		default:
			touch(delta.Registers, registry.FacilityRegister)
			if standing, err = next.place(c, standing, delta.Measures); err != nil {
				return nil, err
			}
		}
	}
	next.eval = w.eval.Next(newView(&next), delta)
	return &next, nil
}

// remapped reports whether a change moves what everything else is counted in:
// areas or population points.
func remapped(c scenario.Change) bool {
	return c.Op == scenario.Area || c.Op == scenario.Point ||
		c.Op == scenario.Strike && (*c.Entry == registry.AreaEntry(registry.AreaID(c.Entry.ID)) || c.Entry.Register == registry.PointRegister)
}

// touch notes that rows of a register changed. The rows of areas show the counts
// of their people.
func touch(registers map[string]bool, register string) {
	registers[register] = true
	if register == registry.PopulationRegister {
		for _, level := range registry.Levels() {
			registers[string(level)] = true
		}
	}
}

// place brings one facility that was added, amended or withdrawn into the layers
// and notes the points whose nearest places changed. standing is the registry just
// before it.
func (w *World) place(c scenario.Change, standing *registry.Snapshot, touched map[string][]int) (*registry.Snapshot, error) {
	edit, id := registry.Edit{Withdraw: c.ID}, c.ID
	switch c.Op {
	case scenario.Add:
		edit, id = registry.Edit{Add: c.Facility}, c.Facility.ID
	case scenario.Amend:
		edit, id = registry.Edit{Amend: c.Facility}, c.Facility.ID
	}
	after, err := standing.With([]registry.Edit{edit})
	if err != nil {
		return nil, err
	}
	was, stood := standing.Facility(id)
	now, stands := after.Facility(id)
	for measure, layer := range w.layers {
		counted := stood && counts(w.plan.Measures[measure], &was)
		counting := stands && counts(w.plan.Measures[measure], &now)
		if counted && counting && was.At == now.At {
			continue
		}
		var points []int
		if counted {
			layer, points = layer.Without(id)
			touched[measure] = append(touched[measure], points...)
		}
		if counting {
			layer, points = layer.With(access.Place{ID: id, At: now.At})
			touched[measure] = append(touched[measure], points...)
		}
		w.layers[measure] = layer
	}
	return after, nil
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
	layer, ok := w.layers[measure]
	return layer, ok
}

// PlacesOf returns the facilities that are places of any of the measures.
func (w *World) PlacesOf(measures []string) []*registry.Facility {
	var places []*registry.Facility
	for _, f := range w.facts.Registry.Facilities() {
		if slices.ContainsFunc(measures, func(id string) bool { return counts(w.plan.Measures[id], f) }) {
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
	for _, id := range slices.Sorted(maps.Keys(w.layers)) {
		layer := w.layers[id]
		write("layer %s adrift %q", id, layer.Adrift())
		for i := range w.points.Len() {
			first, state := layer.Nearest(i)
			second, _ := layer.Second(i)
			write("%s %s %d %s %d", state, first.Place, first.Distance, second.Place, second.Distance)
		}
	}
	period := lifecircle.Year(w.plan.Year)
	for _, code := range w.facts.Registry.Subtree(w.root) {
		for _, r := range w.eval.Results(code, period) {
			variant := ""
			if r.Variant != nil {
				variant = r.Variant.ID
			}
			write("%s %s %s %v %v %v %v %v %s %s", r.Object.ID, variant, code,
				r.Value, r.Numerator, r.Denominator, r.Lower, r.Upper, r.State, r.Provenance)
		}
	}
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

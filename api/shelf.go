package api

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/engine"
	"lifecircle/geo"
	"lifecircle/journal"
	"lifecircle/registry"
	"lifecircle/report"
	"lifecircle/scenario"
)

// Shelf opens, tries and adopts stored scenarios on the present facts. The API
// and the command line share it.
type Shelf struct {
	Engine *engine.Engine
	Store  Store
	Clock  func() time.Time
}

// Opened names a version of a scenario; version 0 is the one in force.
type Opened struct {
	ID      string
	Version int
}

// ParseOpened reads "ID" or "ID@VERSION".
func ParseOpened(text string) (Opened, error) {
	id, version, named := strings.Cut(text, "@")
	o := Opened{ID: id}
	if named {
		n, err := strconv.Atoi(version)
		if err != nil || n < 1 {
			return o, lifecircle.Errorf("version_unknown", "%q: want SCENARIO@VERSION, the version a number from 1", text)
		}
		o.Version = n
	}
	return o, nil
}

// Standing is a version of a scenario, compiled on the present facts.
type Standing struct {
	ScenarioVersion
	Compiled scenario.Compiled
	ground   scenario.Ground
	seq      journal.Seq // the change the facts are as of, at least
}

// adopted is the error of trying or adopting what is in the facts by now.
func (s *Standing) adopted() error {
	if s.State != scenario.Adopted || s.TakenBack {
		return nil
	}
	return lifecircle.Errorf("scenario_adopted", "scenario %q was adopted as change %d: it is in the facts", s.Name, s.Adopted).
		With("scenario", s.ID).With("seq", int64(s.Adopted))
}

// supposed is what facts that are only tried say of themselves.
func supposed(prefix string) scenario.Stamp {
	return scenario.Stamp{Source: trialSource, Provenance: lifecircle.Generated, Prefix: prefix}
}

// Open reads a version and holds it against the present facts.
func (s Shelf) Open(ctx context.Context, grant account.Grant, o Opened) (Standing, error) {
	kept, err := s.Store.Scenario(ctx, grant, o.ID, 0)
	if err != nil {
		return Standing{}, err
	}
	if o.Version == 0 {
		o.Version = kept.Head
	}
	chain, err := s.Store.Chain(ctx, grant, o.ID, o.Version)
	if err != nil {
		return Standing{}, err
	}
	steps, err := scenario.Fold(chain)
	if err != nil {
		return Standing{}, err
	}
	seq := s.Engine.Seq()
	w, err := s.Engine.World(grant, kept.Root)
	if err != nil {
		return Standing{}, err
	}
	out := Standing{ScenarioVersion: ScenarioVersion{Scenario: kept, Version: o.Version, Steps: steps}, ground: s.ground(w), seq: seq}
	out.Compiled = scenario.Compile(out.ground, steps, supposed(kept.ID))
	out.Faults = append([]scenario.StepFault{}, out.Compiled.Faults...)
	out.Stale = out.Compiled.Stale()
	if out.adopted() != nil {
		out.Faults, out.Stale = []scenario.StepFault{}, false // it is in the facts by now
	}
	return out, nil
}

// Try says what a version would change. A version with errors is refused with
// all of them.
func (s Shelf) Try(grant account.Grant, opened Standing) (report.WhatIf, error) {
	diff, took, err := s.diff(grant, opened)
	if err != nil {
		return report.WhatIf{}, err
	}
	return s.told(diff, opened, took), nil
}

func (s Shelf) told(diff engine.Diff, opened Standing, took time.Duration) report.WhatIf {
	out := Tried(diff, len(opened.Steps), took)
	out.Scenario, out.Version, out.Stale = opened.ID, opened.Version, opened.Stale
	out.Warnings = append(out.Warnings, opened.Compiled.Faults...) // one with errors is not tried
	return out
}

func (s Shelf) diff(grant account.Grant, opened Standing) (diff engine.Diff, took time.Duration, err error) {
	if err := opened.adopted(); err != nil {
		return diff, 0, err
	}
	if err := opened.Compiled.Err(); err != nil {
		return diff, 0, err
	}
	started := s.Clock()
	diff, err = s.Engine.WhatIf(grant, opened.Root, opened.Compiled.Trial)
	return diff, s.Clock().Sub(started), err
}

// Compare tries two versions on one baseline.
func (s Shelf) Compare(ctx context.Context, grant account.Grant, first, second Opened) (report.Comparison, error) {
	a, err := s.Open(ctx, grant, first)
	if err != nil {
		return report.Comparison{}, err
	}
	b, err := s.Open(ctx, grant, second)
	if err != nil {
		return report.Comparison{}, err
	}
	if a.Root != b.Root {
		return report.Comparison{}, lifecircle.Errorf("scenarios_apart", "scenario %q is about %s and %q about %s: there is nothing to compare", a.Name, a.Root, b.Name, b.Root)
	}
	left, tookA, err := s.diff(grant, a)
	if err != nil {
		return report.Comparison{}, fmt.Errorf("scenario a: %w", err)
	}
	right, tookB, err := s.diff(grant, b)
	if err != nil {
		return report.Comparison{}, fmt.Errorf("scenario b: %w", err)
	}
	if left.Base != right.Base {
		return report.Comparison{}, lifecircle.Errorf("busy", "the facts changed between the two: ask again")
	}
	return report.Compared(s.told(left, a, tookA), s.told(right, b, tookB), scenario.Differences(a.Steps, b.Steps)), nil
}

// Create makes a scenario, with what is said now of the objects its steps speak
// of, and returns its id.
func (s Shelf) Create(ctx context.Context, grant account.Grant, n scenario.New) (id string, err error) {
	w, err := s.Engine.World(grant, n.Root)
	if err != nil {
		return "", err
	}
	n.Base, n.Steps = w.Seq(), scenario.Witnessed(s.ground(w), n.Steps)
	return scenario.Create(ctx, s.Store, grant, n)
}

// Save keeps edits, with what is said now of the objects they speak of.
func (s Shelf) Save(ctx context.Context, grant account.Grant, saved scenario.Saved) error {
	kept, err := s.Store.Scenario(ctx, grant, saved.ID, 0)
	if err != nil {
		return err
	}
	w, err := s.Engine.World(grant, kept.Root)
	if err != nil {
		return err
	}
	saved.Base = w.Seq()
	ground := s.ground(w)
	saved.Edits = slices.Clone(saved.Edits)
	for i, e := range saved.Edits {
		if e.Step != nil {
			saved.Edits[i].Step = &scenario.Witnessed(ground, []scenario.Step{*e.Step})[0]
		}
	}
	_, err = scenario.Save(ctx, s.Store, grant, saved)
	return err
}

// Refresh makes a version whose stale steps stand on the objects as they are.
func (s Shelf) Refresh(ctx context.Context, grant account.Grant, saved scenario.Saved) error {
	opened, err := s.Open(ctx, grant, Opened{ID: saved.ID})
	if err != nil {
		return err
	}
	for _, f := range opened.Compiled.Faults {
		if f.Code == "step_stale" && !slices.ContainsFunc(saved.Edits, func(e scenario.Edit) bool { return e.Key == f.Key }) {
			saved.Edits = append(saved.Edits, scenario.Edit{Do: scenario.Replace, Key: f.Key, Step: &opened.Steps[f.Step-1]})
		}
	}
	if len(saved.Edits) == 0 {
		return nil // it stands on the present already
	}
	return s.Save(ctx, grant, saved)
}

// Duplicated is a version to make another scenario of.
type Duplicated struct {
	Opened
	Name string
	scenario.Request
}

// Duplicate makes another scenario of a version's steps and returns its id.
func (s Shelf) Duplicate(ctx context.Context, grant account.Grant, d Duplicated) (id string, err error) {
	opened, err := s.Open(ctx, grant, d.Opened)
	if err != nil {
		return "", err
	}
	return scenario.Create(ctx, s.Store, grant, scenario.New{
		Request: d.Request, Root: opened.Root, Name: d.Name, Note: opened.Note, Base: opened.Base, Steps: opened.Steps,
	})
}

// Adoption is what an adopted scenario's facts say of themselves.
type Adoption struct {
	Source     string `json:"source" minLength:"1" maxLength:"500" doc:"who decided so: document, number, date"`
	Provenance string `json:"provenance" enum:"real,estimated,generated"`
}

// AdoptionOf is a scenario to be adopted.
type AdoptionOf struct {
	scenario.Request
	scenario.On
	Adoption
}

// Adopt makes a scenario's version in force real. One with any fault, a stale
// step included, is refused.
func (s Shelf) Adopt(ctx context.Context, grant account.Grant, a AdoptionOf) (journal.Change, error) {
	const attempts = 3 // somebody else's change may come between the check and the write
	for attempt := 1; ; attempt++ {
		change, err := s.adopt(ctx, grant, a)
		var moved *lifecircle.Error
		if attempt == attempts || !errors.As(err, &moved) || moved.Code != "facts_moved" {
			return change, err
		}
		seq, _ := moved.Args["seq"].(int64)
		s.Engine.Wake()
		wait, cancel := context.WithTimeout(ctx, patience)
		waited := s.Engine.Wait(wait, journal.Seq(seq))
		cancel()
		if waited != nil {
			return change, err
		}
	}
}

func (s Shelf) adopt(ctx context.Context, grant account.Grant, a AdoptionOf) (journal.Change, error) {
	opened, err := s.Open(ctx, grant, Opened{ID: a.ID})
	if err != nil {
		return journal.Change{}, err
	}
	if err := opened.adopted(); err != nil {
		if change, again := s.adoptedBy(ctx, a.Key, opened.Adopted); again {
			return change, nil
		}
		return journal.Change{}, err
	}
	if opened.Stale {
		return journal.Change{}, lifecircle.Errorf("scenario_stale", "objects of scenario %q were altered since its steps were saved: look at them and refresh the scenario", opened.Name).
			With("faults", opened.Faults)
	}
	if keys := opened.Compiled.Supposing; len(keys) > 0 {
		return journal.Change{}, lifecircle.Errorf("scenario_supposes", "scenario %q supposes what no register can make real, in its steps %s: take them out, or change the plan package itself", opened.Name, strings.Join(keys, ", ")).
			With("steps", keys)
	}
	compiled := scenario.Compile(opened.ground, opened.Steps, scenario.Stamp{
		Source: a.Source, Provenance: lifecircle.Provenance(a.Provenance), Prefix: opened.ID,
	})
	if err := compiled.Err(); err != nil {
		return journal.Change{}, err
	}
	return scenario.Adopt(ctx, s.Store, grant, scenario.Adopting{
		Request: a.Request, On: a.On, AsOf: opened.seq, Changes: compiled.Changes,
	})
}

// adoptedBy returns the change that adopted a scenario, if the request with this key
// made it: a repeated request has one effect and one answer.
func (s Shelf) adoptedBy(ctx context.Context, key string, seq journal.Seq) (journal.Change, bool) {
	if key == "" || seq == 0 {
		return journal.Change{}, false
	}
	changes, err := s.Store.Changes(ctx, seq-1, 1)
	if err != nil || len(changes) == 0 || changes[0].Key != key {
		return journal.Change{}, false
	}
	return changes[0], true
}

// Trying is a what-if of steps upon a version of a scenario, or upon the facts.
type Trying struct {
	Upon  Opened // its ID is "" for the facts alone
	Area  lifecircle.AreaCode
	Steps []scenario.Step
}

// TrySteps says what steps would change, those of a version first; nothing is
// kept. This is what answers while a place is dragged.
func (s Shelf) TrySteps(ctx context.Context, grant account.Grant, t Trying) (report.WhatIf, error) {
	opened, err := s.Upon(ctx, grant, t)
	if err != nil {
		return report.WhatIf{}, err
	}
	return s.Try(grant, opened)
}

// Upon compiles steps behind those of a version.
func (s Shelf) Upon(ctx context.Context, grant account.Grant, t Trying) (opened Standing, err error) {
	if t.Upon.ID != "" {
		if opened, err = s.Open(ctx, grant, t.Upon); err != nil {
			return Standing{}, err
		}
		opened.Steps = slices.Concat(opened.Steps, t.Steps)
	} else {
		root, err := s.Root(grant, t.Area, t.Steps)
		if err != nil {
			return Standing{}, err
		}
		w, err := s.Engine.World(grant, root)
		if err != nil {
			return Standing{}, err
		}
		opened = Standing{ScenarioVersion: ScenarioVersion{Scenario: scenario.Scenario{Root: root}, Steps: t.Steps}, ground: s.ground(w)}
	}
	prefix := opened.ID
	if prefix == "" {
		prefix = trialSource
	}
	opened.Compiled = scenario.Compile(opened.ground, opened.Steps, supposed(prefix))
	return opened, nil
}

// Root returns the root area that steps are about: that of the area asked, of
// their areas and of the facilities they name, which must be one.
func (s Shelf) Root(grant account.Grant, area lifecircle.AreaCode, steps []scenario.Step) (root lifecircle.AreaCode, err error) {
	if area != "" {
		w, err := s.Engine.World(grant, area)
		if err != nil {
			return "", err
		}
		return w.Root(), nil
	}
	worlds, _ := s.Engine.Worlds()
	for i, step := range steps {
		for _, w := range engine.InOrder(worlds) {
			if !s.about(w, step) || w.Root() == root {
				continue
			}
			if root != "" {
				return "", lifecircle.Errorf("changes_invalid", "step %d is in %s and those before in %s: try them apart", i+1, w.Root(), root)
			}
			root = w.Root()
		}
	}
	if root == "" && len(worlds) > 0 { // no step says: the compiler will tell what each lacks
		root = engine.InOrder(worlds)[0].Root()
	}
	if root == "" {
		return "", lifecircle.Errorf("workspace_empty", "there are no areas yet: import some")
	}
	return root, grant.Check(root)
}

// about reports whether a step names something in a World.
func (s Shelf) about(w *engine.World, step scenario.Step) bool {
	if code, err := lifecircle.ParseAreaCode(step.Area); err == nil && step.Area != "" {
		return w.Registry().Knows(code)
	}
	if step.ID != "" && w.Registry().Has(registry.Entry{Register: registry.PremisesRegister, ID: step.ID}) {
		return true
	}
	if _, said := w.Registry().Said(lifecircle.FacilityID(step.ID)); said {
		return true
	}
	return len(step.At) == 2 && w.Network() != nil && step.ID == "" &&
		w.Network().Bounds().Contains(geo.Point{Lon: step.At[0], Lat: step.At[1]})
}

package api

import (
	"context"
	"crypto/rand"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"lifecircle"
	"lifecircle/engine"
	"lifecircle/figure"
	"lifecircle/geo"
	"lifecircle/journal"
	"lifecircle/registry"
	"lifecircle/report"
	"lifecircle/scenario"
)

func (s *server) writing(api huma.API) {
	operation := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: "/api/v1" + path, Summary: summary}
	}
	huma.Register(api, operation("put-value", http.MethodPut, "/values/{element}/{area}/{period}", "Report a value"), s.putValue)
	huma.Register(api, operation("add-facility", http.MethodPost, "/facilities", "Add a facility"), s.addFacility)
	huma.Register(api, operation("undo", http.MethodPost, "/changes/{seq}/undo", "Take a change back"), s.undo)
	huma.Register(api, operation("what-if", http.MethodPost, "/what-if", "Try changes; nothing is kept"), s.whatIf)
}

// Written says which change a write became; reads that name it see the write.
type Written struct {
	Seq int64  `json:"seq"`
	ID  string `json:"id,omitempty"`
}

type putValueInput struct {
	Slot
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"a repeated request with the same key has one effect"`
	Body PutValue
}

// PutValue is a value as clients send it.
type PutValue struct {
	Value      string `json:"value" doc:"a decimal in the element's unit, without grouping" example:"3.15"`
	Source     string `json:"source" minLength:"1" maxLength:"500" doc:"who says so: document, number, date"`
	Provenance string `json:"provenance" enum:"real,estimated,generated"`
	Choose     bool   `json:"choose,omitempty" doc:"let this source count where several differ"`
	Reason     string `json:"reason,omitempty" maxLength:"2000" doc:"why it is chosen"`
}

func (s *server) putValue(ctx context.Context, in *putValueInput) (*body[Written], error) {
	_, key, err := s.key(ctx, &in.Slot)
	if err != nil {
		return nil, s.problem(err)
	}
	number, err := lifecircle.ParseNumber(in.Body.Value)
	if err != nil {
		return nil, s.problem(err)
	}
	key.Source = in.Body.Source
	changes := []scenario.Change{{Op: scenario.Put, Value: &figure.Value{
		Key: key, Number: number, Provenance: lifecircle.Provenance(in.Body.Provenance),
	}}}
	if in.Body.Choose {
		changes = append(changes, scenario.Change{Op: scenario.Choose, Choice: &figure.Choice{
			Element: key.Element, Area: key.Area, Period: key.Period, Source: key.Source, Reason: in.Body.Reason,
		}})
	}
	return s.commit(ctx, key.Area, in.Key, changes)
}

// commit makes changes true and answers when the Worlds know them.
func (s *server) commit(ctx context.Context, area lifecircle.AreaCode, key string, changes []scenario.Change) (*body[Written], error) {
	grant := grantOf(ctx)
	w, err := s.Engine.World(grant, area)
	if err != nil {
		return nil, s.problem(err)
	}
	for _, c := range changes {
		if err := c.Check(w.Registry()); err != nil {
			return nil, s.problem(err)
		}
	}
	change, err := scenario.Commit(ctx, s.Store, grant, scenario.Committed{
		Request: scenario.Request{Key: key, At: s.Clock()}, Changes: changes,
	})
	return s.written(ctx, change, err)
}

func (s *server) written(ctx context.Context, change journal.Change, err error) (*body[Written], error) {
	if err != nil {
		return nil, s.problem(err)
	}
	s.Engine.Wake()
	wait, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	// The change is kept whether or not the Worlds know it yet: a client that
	// names its seq in the next request waits there again.
	_ = s.Engine.Wait(wait, change.Seq)
	return &body[Written]{Written{Seq: int64(change.Seq)}}, nil
}

// NewFacility is a facility as clients send it.
type NewFacility struct {
	ID         string  `json:"id,omitempty" maxLength:"100" doc:"made here when left out"`
	Area       string  `json:"area"`
	Kind       string  `json:"kind" doc:"a facility kind of the plan" example:"sports_pitch"`
	Name       string  `json:"name,omitempty" maxLength:"200"`
	Lon        float64 `json:"lon" minimum:"-180" maximum:"180"`
	Lat        float64 `json:"lat" minimum:"-90" maximum:"90"`
	Public     bool    `json:"public"`
	Source     string  `json:"source" minLength:"1" maxLength:"500"`
	Provenance string  `json:"provenance" enum:"real,estimated,generated"`
}

// facility reads a facility for a World; its kind must be one of the plan's.
func (f NewFacility) facility(w *engine.World, area lifecircle.AreaCode) (*registry.Facility, error) {
	if _, ok := w.Plan().Kinds[f.Kind]; !ok {
		return nil, lifecircle.Errorf("kind_unknown", "%q is no facility kind of plan %s", f.Kind, w.Plan().ID).With("kind", f.Kind)
	}
	if f.ID == "" {
		f.ID = "f-" + rand.Text()
	}
	return &registry.Facility{
		ID: lifecircle.FacilityID(f.ID), Area: area, Kind: f.Kind, Name: f.Name, At: geo.Point{Lon: f.Lon, Lat: f.Lat},
		Public: f.Public, Source: f.Source, Provenance: lifecircle.Provenance(f.Provenance),
	}, nil
}

type addFacilityInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"200"`
	Body NewFacility
}

func (s *server) addFacility(ctx context.Context, in *addFacilityInput) (*body[Written], error) {
	w, area, err := s.world(ctx, in.Body.Area)
	if err != nil {
		return nil, s.problem(err)
	}
	if in.Body.ID == "" && in.Key != "" {
		in.Body.ID = "f-" + in.Key // a repeated request names the same facility
	}
	facility, err := in.Body.facility(w, area)
	if err != nil {
		return nil, s.problem(err)
	}
	written, err := s.commit(ctx, area, in.Key, []scenario.Change{{Op: scenario.Add, Facility: facility}})
	if err != nil {
		return nil, err
	}
	written.Body.ID = string(facility.ID)
	return written, nil
}

type undoInput struct {
	Seq int64  `path:"seq" minimum:"1"`
	Key string `header:"Idempotency-Key" maxLength:"200"`
}

func (s *server) undo(ctx context.Context, in *undoInput) (*body[Written], error) {
	change, err := scenario.Undo(ctx, s.Store, grantOf(ctx), scenario.Undone{
		Request: scenario.Request{Key: in.Key, At: s.Clock()}, Seq: journal.Seq(in.Seq),
	})
	return s.written(ctx, change, err)
}

type whatIfInput struct {
	Body struct {
		Changes  []Trial         `json:"changes,omitempty" maxItems:"1000" doc:"places and values to try on the facts"`
		Scenario string          `json:"scenario,omitempty" maxLength:"60" doc:"try the steps upon this scenario"`
		Version  int             `json:"version,omitempty" minimum:"0" doc:"a version of it; the one in force when left out"`
		Area     string          `json:"area,omitempty" doc:"any area below the root the steps are about; told by the steps when left out"`
		Steps    []scenario.Step `json:"steps,omitempty" maxItems:"1000"`
		Show     *Shown          `json:"show,omitempty" doc:"the surface whose changes are wanted too"`
	}
}

// Trial is one change to try: op "add" with a facility, or "put" with a value.
type Trial struct {
	Op       string       `json:"op" enum:"add,put"`
	Facility *NewFacility `json:"facility,omitempty"`
	Value    *TrialValue  `json:"value,omitempty"`
}

// TrialValue is a value to try.
type TrialValue struct {
	Element string `json:"element"`
	Area    string `json:"area"`
	Period  string `json:"period"`
	Value   string `json:"value"`
}

// WhatIfAnswer is what changes would do, with the surface that was asked for.
type WhatIfAnswer struct {
	report.WhatIf
	Surface *SurfaceChange `json:"surface,omitempty"`
}

func (s *server) whatIf(ctx context.Context, in *whatIfInput) (*body[WhatIfAnswer], error) {
	if len(in.Body.Changes) == 0 {
		return s.trySteps(ctx, in)
	}
	if len(in.Body.Steps) > 0 || in.Body.Scenario != "" {
		return nil, s.problem(lifecircle.Errorf("request_invalid", "try either changes or steps"))
	}
	var changes []scenario.Change
	var area lifecircle.AreaCode
	for i, trial := range in.Body.Changes {
		tried, at, err := s.trial(ctx, trial)
		if err != nil {
			return nil, s.problem(lifecircle.Errorf(lifecircle.ErrorCode(err), "change %d: %w", i+1, err))
		}
		changes, area = append(changes, tried...), at
	}
	started := s.Clock()
	diff, err := s.Engine.WhatIf(grantOf(ctx), area, scenario.Tried(changes))
	if err != nil {
		return nil, s.problem(err)
	}
	took := s.Clock().Sub(started)
	return s.answered(Tried(diff, len(changes), took), diff, in.Body.Show)
}

// answered adds the surface that is to be shown.
func (s *server) answered(tried report.WhatIf, diff engine.Diff, show *Shown) (*body[WhatIfAnswer], error) {
	answer := WhatIfAnswer{WhatIf: tried}
	if show != nil {
		surface, err := s.surfaceChange(diff.Before, diff.After, *show)
		if err != nil {
			return nil, s.problem(err)
		}
		answer.Surface = surface
	}
	return &body[WhatIfAnswer]{answer}, nil
}

func (s *server) trySteps(ctx context.Context, in *whatIfInput) (*body[WhatIfAnswer], error) {
	if len(in.Body.Steps) == 0 && in.Body.Scenario == "" {
		return nil, s.problem(lifecircle.Errorf("request_invalid", "there is nothing to try: send steps, a scenario or changes"))
	}
	trying := Trying{Upon: Opened{in.Body.Scenario, in.Body.Version}, Steps: in.Body.Steps}
	if in.Body.Area != "" {
		area, err := lifecircle.ParseAreaCode(in.Body.Area)
		if err != nil {
			return nil, s.problem(err)
		}
		trying.Area = area
	}
	shelf, grant := s.shelf(), grantOf(ctx)
	opened, err := shelf.Upon(ctx, grant, trying)
	if err != nil {
		return nil, s.problem(err)
	}
	diff, took, err := shelf.diff(grant, opened)
	if err != nil {
		return nil, s.problem(err)
	}
	return s.answered(shelf.told(diff, opened, took), diff, in.Body.Show)
}

// Tried says what changes would do, as both the API and the command line answer.
func Tried(diff engine.Diff, changes int, took time.Duration) report.WhatIf {
	known := report.Known{Registry: diff.After.Registry(), Plan: diff.After.Plan()}
	out := report.WhatIf{
		Base: int64(diff.Base), Changes: changes, Results: []report.Effect{}, Warnings: []scenario.StepFault{},
		EngineMS: float64(took.Microseconds()) / 1000,
	}
	out.People, out.Counties = known.People(diff.Shifts)
	for _, effect := range diff.Effects {
		out.Results = append(out.Results, known.Effect(effect.Before, effect.After))
	}
	return out
}

// trial reads one change to try. A value that is only tried needs no source and
// counts before all rivals.
func (s *server) trial(ctx context.Context, t Trial) ([]scenario.Change, lifecircle.AreaCode, error) {
	switch {
	case t.Op == "add" && t.Facility != nil:
		w, area, err := s.world(ctx, t.Facility.Area)
		if err != nil {
			return nil, "", err
		}
		facility, err := t.Facility.facility(w, area)
		return []scenario.Change{{Op: scenario.Add, Facility: facility}}, area, err
	case t.Op == "put" && t.Value != nil:
		_, key, err := s.key(ctx, &Slot{Element: t.Value.Element, Area: t.Value.Area, Period: t.Value.Period})
		if err != nil {
			return nil, "", err
		}
		number, err := lifecircle.ParseNumber(t.Value.Value)
		key.Source = trialSource
		return []scenario.Change{
			{Op: scenario.Put, Value: &figure.Value{Key: key, Number: number, Provenance: lifecircle.Generated}},
			{Op: scenario.Choose, Choice: &figure.Choice{
				Element: key.Element, Area: key.Area, Period: key.Period, Source: trialSource, Reason: trialSource,
			}},
		}, key.Area, err
	}
	return nil, "", lifecircle.Errorf("change_invalid", "op %q needs its %s", t.Op, map[string]string{"add": "facility", "put": "value"}[t.Op])
}

// trialSource is the source of values that are only tried.
const trialSource = "what-if"

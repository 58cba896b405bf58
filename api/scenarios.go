package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"lifecircle"
	"lifecircle/engine"
	"lifecircle/registry"
	"lifecircle/report"
	"lifecircle/scenario"
)

func (s *server) scenarios(api huma.API) {
	operation := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: "/api/v1/scenarios" + path, Summary: summary}
	}
	huma.Register(api, operation("scenarios", http.MethodGet, "", "The scenarios, the latest touched first"), s.listScenarios)
	huma.Register(api, operation("create-scenario", http.MethodPost, "", "Make a scenario"), s.createScenario)
	huma.Register(api, operation("scenario", http.MethodGet, "/{id}", "A scenario at the version in force"), s.scenario)
	huma.Register(api, operation("describe-scenario", http.MethodPatch, "/{id}", "Rename, archive or reopen a scenario"), s.describeScenario)
	huma.Register(api, operation("scenario-acts", http.MethodGet, "/{id}/acts", "What was done to a scenario, by whom"), s.scenarioActs)
	huma.Register(api, operation("scenario-versions", http.MethodGet, "/{id}/versions", "Every version, those of abandoned branches included"), s.scenarioVersions)
	huma.Register(api, operation("scenario-version", http.MethodGet, "/{id}/versions/{version}", "A scenario at one of its versions: what a link names"), s.scenarioVersion)
	huma.Register(api, operation("scenario-what-if", http.MethodGet, "/{id}/versions/{version}/what-if", "What a version would change"), s.scenarioWhatIf)
	huma.Register(api, operation("edit-scenario", http.MethodPost, "/{id}/edits", "Make edits the next version"), s.editScenario)
	huma.Register(api, operation("undo-scenario", http.MethodPost, "/{id}/undo", "Go back to the version before"), s.turning(scenario.DeedUndo))
	huma.Register(api, operation("redo-scenario", http.MethodPost, "/{id}/redo", "Return to the version that was undone"), s.turning(scenario.DeedRedo))
	huma.Register(api, operation("restore-scenario", http.MethodPost, "/{id}/head", "Make any version the one in force"), s.restoreScenario)
	huma.Register(api, operation("refresh-scenario", http.MethodPost, "/{id}/refresh", "Accept the present objects in place of those that steps were made on"), s.refreshScenario)
	huma.Register(api, operation("duplicate-scenario", http.MethodPost, "/{id}/duplicate", "Make another scenario of a version's steps"), s.duplicateScenario)
	huma.Register(api, operation("adopt-scenario", http.MethodPost, "/{id}/adopt", "Make the scenario's changes real, in one change that one undo takes back"), s.adoptScenario)
	huma.Register(api, huma.Operation{
		OperationID: "comparison", Method: http.MethodGet, Path: "/api/v1/comparisons", Summary: "Two scenarios beside the baseline",
	}, s.compareScenarios)
}

// tagged is a JSON answer about a scenario; the ETag is its revision, for
// If-Match.
type tagged[T any] struct {
	ETag string `header:"ETag"`
	Body T
}

// Scenarios is a list of scenarios.
type Scenarios struct {
	Scenarios []scenario.Scenario `json:"scenarios"`
}

// ScenarioVersion is a scenario at one of its versions.
type ScenarioVersion struct {
	scenario.Scenario
	Version int                  `json:"version" doc:"the version shown; head is the one in force"`
	Steps   []scenario.Step      `json:"steps"`
	Faults  []scenario.StepFault `json:"faults" doc:"what is wrong with the steps on the present facts, all at once"`
	Stale   bool                 `json:"stale" doc:"an object was altered since a step of it was saved"`
}

// ScenarioVersions is the tree of versions.
type ScenarioVersions struct {
	Versions []scenario.Version `json:"versions"`
}

// ScenarioActs is the history of a scenario.
type ScenarioActs struct {
	Acts []scenario.Act `json:"acts"`
}

type scenariosInput struct {
	Archived bool `query:"archived" doc:"archived ones too"`
}

func (s *server) listScenarios(ctx context.Context, in *scenariosInput) (*body[Scenarios], error) {
	all, err := s.Store.Scenarios(ctx, grantOf(ctx), in.Archived)
	return answer(s, Scenarios{all}, err)
}

// shelf opens versions of scenarios on the present facts.
func (s *server) shelf() Shelf { return Shelf{Engine: s.Engine, Store: s.Store, Clock: s.Clock} }

// shown answers with a version of a scenario; 0 is the one in force.
func (s *server) shown(ctx context.Context, id string, version int) (*tagged[ScenarioVersion], error) {
	opened, err := s.shelf().Open(ctx, grantOf(ctx), Opened{id, version})
	if err != nil {
		return nil, s.problem(err)
	}
	return &tagged[ScenarioVersion]{strconv.Quote(strconv.Itoa(opened.Revision)), opened.ScenarioVersion}, nil
}

// ScenarioID is the path of a scenario.
type ScenarioID struct {
	ID string `path:"id" maxLength:"60"`
}

// ScenarioOn is the path of a scenario that somebody saw and is about to change.
type ScenarioOn struct {
	ScenarioID
	IfMatch string `header:"If-Match" doc:"the ETag of the scenario as it was seen"`
	Key     string `header:"Idempotency-Key" maxLength:"200" doc:"a repeated request with the same key has one effect"`
}

// on reads which revision was seen.
func (in *ScenarioOn) on() (scenario.On, error) {
	if in.IfMatch == "" {
		return scenario.On{}, lifecircle.Errorf("revision_missing", "send If-Match with the ETag of the scenario, so that nobody else's edits are lost")
	}
	revision, err := strconv.Atoi(strings.Trim(in.IfMatch, `"`))
	if err != nil || revision <= 0 {
		return scenario.On{}, lifecircle.Errorf("revision_unknown", "If-Match %s is no ETag of a scenario", in.IfMatch)
	}
	return scenario.On{ID: in.ID, Revision: revision}, nil
}

func (s *server) request(key string) scenario.Request {
	return scenario.Request{Key: key, At: s.Clock()}
}

type createScenarioInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"200"`
	Body struct {
		Area  string          `json:"area" doc:"any area below the root it is about" example:"640000"`
		Name  string          `json:"name" minLength:"1" maxLength:"200"`
		Note  string          `json:"note,omitempty" maxLength:"5000"`
		Steps []scenario.Step `json:"steps,omitempty" maxItems:"1000"`
	}
}

func (s *server) createScenario(ctx context.Context, in *createScenarioInput) (*tagged[ScenarioVersion], error) {
	w, _, err := s.world(ctx, in.Body.Area)
	if err != nil {
		return nil, s.problem(err)
	}
	id, err := s.shelf().Create(ctx, grantOf(ctx), scenario.New{
		Request: s.request(in.Key), Root: w.Root(), Name: in.Body.Name, Note: in.Body.Note, Steps: in.Body.Steps,
	})
	return s.kept(ctx, id, err)
}

func (s *server) scenario(ctx context.Context, in *ScenarioID) (*tagged[ScenarioVersion], error) {
	return s.shown(ctx, in.ID, 0)
}

func (s *server) scenarioActs(ctx context.Context, in *ScenarioID) (*body[ScenarioActs], error) {
	acts, err := s.Store.Acts(ctx, grantOf(ctx), in.ID, 0)
	return answer(s, ScenarioActs{acts}, err)
}

func (s *server) scenarioVersions(ctx context.Context, in *ScenarioID) (*body[ScenarioVersions], error) {
	versions, err := s.Store.Versions(ctx, grantOf(ctx), in.ID)
	return answer(s, ScenarioVersions{versions}, err)
}

type scenarioVersionInput struct {
	ScenarioID
	Version int `path:"version" minimum:"1"`
}

func (s *server) scenarioVersion(ctx context.Context, in *scenarioVersionInput) (*tagged[ScenarioVersion], error) {
	return s.shown(ctx, in.ID, in.Version)
}

func (s *server) scenarioWhatIf(ctx context.Context, in *scenarioVersionInput) (*body[report.WhatIf], error) {
	grant := grantOf(ctx)
	opened, err := s.shelf().Open(ctx, grant, Opened{in.ID, in.Version})
	if err != nil {
		return nil, s.problem(err)
	}
	tried, err := s.shelf().Try(grant, opened)
	return answer(s, tried, err)
}

type describeScenarioInput struct {
	ScenarioOn
	Body struct {
		Name  *string `json:"name,omitempty" minLength:"1" maxLength:"200"`
		Note  *string `json:"note,omitempty" maxLength:"5000"`
		State string  `json:"state,omitempty" enum:"open,archived" doc:"archived puts it away, open takes it out again"`
	}
}

func (s *server) describeScenario(ctx context.Context, in *describeScenarioInput) (*tagged[ScenarioVersion], error) {
	on, err := in.on()
	if err != nil {
		return nil, s.problem(err)
	}
	deed := scenario.DeedDescribe
	switch {
	case in.Body.State != "" && (in.Body.Name != nil || in.Body.Note != nil):
		return nil, s.problem(lifecircle.Errorf("request_invalid", "rename a scenario and archive it in two requests"))
	case in.Body.State == string(scenario.Archived):
		deed = scenario.DeedArchive
	case in.Body.State == string(scenario.Open):
		deed = scenario.DeedReopen
	case in.Body.Name == nil && in.Body.Note == nil:
		return nil, s.problem(lifecircle.Errorf("request_invalid", "say a name, a note or a state"))
	}
	_, err = scenario.Describe(ctx, s.Store, grantOf(ctx), scenario.Renamed{
		Request: s.request(in.Key), On: on, Deed: deed, Name: in.Body.Name, Note: in.Body.Note,
	})
	return s.kept(ctx, in.ID, err)
}

// kept answers a deed with the scenario it left.
func (s *server) kept(ctx context.Context, id string, err error) (*tagged[ScenarioVersion], error) {
	if err != nil {
		return nil, s.problem(err)
	}
	s.Engine.Wake()
	return s.shown(ctx, id, 0)
}

type editScenarioInput struct {
	ScenarioOn
	Body struct {
		Edits []scenario.Edit `json:"edits" minItems:"1" maxItems:"1000"`
	}
}

func (s *server) editScenario(ctx context.Context, in *editScenarioInput) (*tagged[ScenarioVersion], error) {
	on, err := in.on()
	if err != nil {
		return nil, s.problem(err)
	}
	err = s.shelf().Save(ctx, grantOf(ctx), scenario.Saved{Request: s.request(in.Key), On: on, Edits: in.Body.Edits})
	return s.kept(ctx, in.ID, err)
}

func (s *server) turning(deed scenario.Deed) func(context.Context, *ScenarioOn) (*tagged[ScenarioVersion], error) {
	return func(ctx context.Context, in *ScenarioOn) (*tagged[ScenarioVersion], error) {
		return s.turn(ctx, in, scenario.Turned{Deed: deed})
	}
}

func (s *server) turn(ctx context.Context, in *ScenarioOn, turned scenario.Turned) (*tagged[ScenarioVersion], error) {
	on, err := in.on()
	if err != nil {
		return nil, s.problem(err)
	}
	turned.Request, turned.On = s.request(in.Key), on
	_, err = scenario.Turn(ctx, s.Store, grantOf(ctx), turned)
	return s.kept(ctx, in.ID, err)
}

type restoreScenarioInput struct {
	ScenarioOn
	Body struct {
		Version int `json:"version" minimum:"1"`
	}
}

func (s *server) restoreScenario(ctx context.Context, in *restoreScenarioInput) (*tagged[ScenarioVersion], error) {
	return s.turn(ctx, &in.ScenarioOn, scenario.Turned{Deed: scenario.DeedRestore, Version: in.Body.Version})
}

func (s *server) refreshScenario(ctx context.Context, in *ScenarioOn) (*tagged[ScenarioVersion], error) {
	on, err := in.on()
	if err != nil {
		return nil, s.problem(err)
	}
	return s.kept(ctx, in.ID, s.shelf().Refresh(ctx, grantOf(ctx), scenario.Saved{Request: s.request(in.Key), On: on}))
}

type duplicateScenarioInput struct {
	ScenarioID
	Key  string `header:"Idempotency-Key" maxLength:"200"`
	Body struct {
		Name    string `json:"name" minLength:"1" maxLength:"200"`
		Version int    `json:"version,omitempty" minimum:"0" doc:"the version in force when left out"`
	}
}

func (s *server) duplicateScenario(ctx context.Context, in *duplicateScenarioInput) (*tagged[ScenarioVersion], error) {
	grant := grantOf(ctx)
	id, err := s.shelf().Duplicate(ctx, grant, Duplicated{Opened{in.ID, in.Body.Version}, in.Body.Name, s.request(in.Key)})
	if err != nil {
		return nil, s.problem(err)
	}
	return s.kept(ctx, id, nil)
}

type adoptScenarioInput struct {
	ScenarioOn
	Body Adoption
}

func (s *server) adoptScenario(ctx context.Context, in *adoptScenarioInput) (*tagged[ScenarioVersion], error) {
	on, err := in.on()
	if err != nil {
		return nil, s.problem(err)
	}
	change, err := s.shelf().Adopt(ctx, grantOf(ctx), AdoptionOf{s.request(in.Key), on, in.Body})
	if _, err := s.written(ctx, change, err); err != nil {
		return nil, err
	}
	return s.shown(ctx, in.ID, 0)
}

type comparisonInput struct {
	A string `query:"a" required:"true" doc:"a scenario, its version behind an @ or the one in force" example:"s4c1@3"`
	B string `query:"b" required:"true"`
}

func (s *server) compareScenarios(ctx context.Context, in *comparisonInput) (*body[report.Comparison], error) {
	a, err := ParseOpened(in.A)
	if err != nil {
		return nil, s.problem(err)
	}
	b, err := ParseOpened(in.B)
	if err != nil {
		return nil, s.problem(err)
	}
	compared, err := s.shelf().Compare(ctx, grantOf(ctx), a, b)
	return answer(s, compared, err)
}

// ground is what steps are tried on in a World.
func (s Shelf) ground(w *engine.World) scenario.Ground {
	g := scenario.Ground{Root: w.Root(), Facts: w.Facts()}
	if today, err := registry.ParseDay(s.Clock().Format("2006-01-02")); err == nil {
		g.Today = today
	}
	g.Plan, g.Network = w.Plan(), w.Network()
	return g
}

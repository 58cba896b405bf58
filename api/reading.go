package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"lifecircle"
	"lifecircle/engine"
	"lifecircle/figure"
	"lifecircle/indicator"
	"lifecircle/journal"
	"lifecircle/registry"
	"lifecircle/report"
)

func (s *server) reading(api huma.API) {
	get := func(id, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: http.MethodGet, Path: "/api/v1" + path, Summary: summary}
	}
	huma.Register(api, get("workspace", "/workspace", "The plan, the root areas and the clock of facts"), s.workspace)
	huma.Register(api, get("plan", "/plan", "The clauses and words of the plan"), s.plan)
	huma.Register(api, get("areas", "/areas", "The tree of areas"), s.areas)
	huma.Register(api, get("outlines", "/outlines/{area}", "The ground of the areas below an area, as GeoJSON"), s.outlines)
	huma.Register(api, get("results", "/results", "Every target: value, gap, state"), s.results)
	huma.Register(api, get("ranking", "/rankings/{indicator}/{area}", "One promise in the areas directly below an area"), s.ranking)
	huma.Register(api, get("explanation", "/explanations/{indicator}/{area}", "How a value came about"), s.explanation)
	huma.Register(api, get("layer", "/layers/{indicator}/{area}", "What a map of a provision draws"), s.layer)
	huma.Register(api, get("streets", "/streets/{root}", "The street network as lines"), s.streets)
	huma.Register(api, get("reading", "/values/{element}/{area}/{period}", "What is known of an element"), s.readingOf)
	huma.Register(api, get("changes", "/changes", "The log of changes"), s.changes)
}

func (s *server) workspace(ctx context.Context, _ *struct{}) (*body[report.Workspace], error) {
	if err := grantOf(ctx).Check(""); err != nil {
		return nil, s.problem(err)
	}
	worlds, seq := s.Engine.Worlds()
	out := report.Workspace{Seq: int64(seq), Version: s.Version, Roots: []registry.Area{}}
	var weakest lifecircle.Provenance
	for _, w := range engine.InOrder(worlds) {
		p := w.Plan()
		out.Plan = report.SummaryOf(p)
		out.Period = lifecircle.Year(p.Year).String()
		root, _ := w.Registry().Area(w.Root())
		out.Roots = append(out.Roots, root)
		weakest = weakest.Weakest(w.Provenance())
	}
	out.Provenance = string(weakest)
	return &body[report.Workspace]{out}, nil
}

func (s *server) plan(ctx context.Context, _ *struct{}) (*body[report.Plan], error) {
	if err := grantOf(ctx).Check(""); err != nil {
		return nil, s.problem(err)
	}
	worlds, _ := s.Engine.Worlds()
	for _, w := range worlds { // all are measured by one plan
		return &body[report.Plan]{report.PlanOf(w.Plan())}, nil
	}
	return nil, s.problem(lifecircle.Errorf("workspace_empty", "there are no areas yet: import some"))
}

func (s *server) areas(ctx context.Context, _ *struct{}) (*body[report.Areas], error) {
	grant := grantOf(ctx)
	out := report.Areas{Areas: []registry.Area{}}
	worlds, _ := s.Engine.Worlds()
	for _, w := range engine.InOrder(worlds) {
		for _, code := range w.Registry().Subtree(w.Root()) {
			if grant.Allows(code) {
				area, _ := w.Registry().Area(code)
				area.Outline = nil // a map asks for outlines by themselves
				out.Areas = append(out.Areas, area)
			}
		}
	}
	return &body[report.Areas]{out}, nil
}

type resultsInput struct {
	Area   string `query:"area" required:"true" doc:"official code; trailing zeros are accepted" example:"640104"`
	Period string `query:"period" doc:"a year; the plan's target year when left out" example:"2025"`
	Below  bool   `query:"below" doc:"the areas below as well"`
}

func (s *server) results(ctx context.Context, in *resultsInput) (*body[report.Evaluation], error) {
	w, code, err := s.world(ctx, in.Area)
	if err != nil {
		return nil, s.problem(err)
	}
	evaluation, err := Evaluate(w, Evaluation{Area: code, Period: in.Period, Below: in.Below, Program: s.Version})
	return answer(s, evaluation, err)
}

// Evaluation is what Evaluate is asked.
type Evaluation struct {
	Area    lifecircle.AreaCode
	Period  string // "" is the plan's target year
	Below   bool
	Program string // version of the program
}

// Evaluate returns every target of an area, as both the API and the command
// line answer.
func Evaluate(w *engine.World, ask Evaluation) (report.Evaluation, error) {
	period, err := periodOr(ask.Period, w)
	if err != nil {
		return report.Evaluation{}, err
	}
	codes := []lifecircle.AreaCode{ask.Area}
	if ask.Below {
		codes = w.Registry().Subtree(ask.Area)
	}
	known := report.Known{Registry: w.Registry(), Plan: w.Plan()}
	out := report.Evaluation{
		Plan: w.Plan().ID, Period: period.String(), AsOf: int64(w.Seq()), Results: []report.Result{},
		Hashes: report.Hashes{Plan: w.Plan().Hash, Program: ask.Program},
	}
	if w.Network() != nil {
		out.Hashes.Network = w.Network().Hash()
	}
	for _, code := range codes {
		out.Results = append(out.Results, known.Results(w.Evaluator().Results(code, period))...)
	}
	if w.Provenance() == lifecircle.Generated {
		out.Results = report.InDemonstration(out.Results)
	}
	out.Headline = report.HeadlineOf(out.Results)
	return out, nil
}

func periodOr(text string, w *engine.World) (lifecircle.Period, error) {
	if text == "" {
		return lifecircle.Year(w.Plan().Year), nil
	}
	return lifecircle.ParsePeriod(text)
}

// world finds the World of an area written as people write it.
func (s *server) world(ctx context.Context, area string) (*engine.World, lifecircle.AreaCode, error) {
	code, err := lifecircle.ParseAreaCode(area)
	if err != nil {
		return nil, "", err
	}
	w, err := s.Engine.World(grantOf(ctx), code)
	return w, code, err
}

type explanationInput struct {
	Indicator string `path:"indicator" doc:"object id or clause number" example:"sport.fitness_10min"`
	Area      string `path:"area"`
	Period    string `query:"period"`
	Variant   string `query:"variant" doc:"a reading of the text; the chosen one when left out"`
	Rows      int    `query:"rows" minimum:"0" maximum:"100000" default:"100" doc:"how many subjects to list"`
}

func (s *server) explain(ctx context.Context, in *explanationInput) (*engine.World, indicator.Explanation, error) {
	w, code, err := s.world(ctx, in.Area)
	if err != nil {
		return nil, indicator.Explanation{}, err
	}
	period, err := periodOr(in.Period, w)
	if err != nil {
		return nil, indicator.Explanation{}, err
	}
	x, err := w.Evaluator().Explain(indicator.Query{Object: in.Indicator, Variant: in.Variant, Area: code, Period: period})
	return w, x, err
}

func (s *server) explanation(ctx context.Context, in *explanationInput) (*body[report.Explanation], error) {
	w, x, err := s.explain(ctx, in)
	if err != nil {
		return nil, s.problem(err)
	}
	known := report.Known{Registry: w.Registry(), Plan: w.Plan()}
	return &body[report.Explanation]{known.Explanation(x, in.Rows)}, nil
}

type layerInput struct {
	Indicator string `path:"indicator" doc:"object id or clause number" example:"sport.fitness_10min"`
	Area      string `path:"area"`
	Variant   string `query:"variant" doc:"a reading of the text; the chosen one when left out"`
}

func (s *server) layer(ctx context.Context, in *layerInput) (*body[report.Layer], error) {
	w, x, err := s.explain(ctx, &explanationInput{Indicator: in.Indicator, Area: in.Area, Variant: in.Variant})
	if err != nil {
		return nil, s.problem(err)
	}
	if x.Result.Object.Provision == nil {
		return nil, s.problem(lifecircle.Errorf("no_layer", "%s is counted, not measured at places", x.Result.Object.ID))
	}
	known := report.Known{Registry: w.Registry(), Plan: w.Plan()}
	return &body[report.Layer]{known.Layer(x, w.PlacesOf(x.Measures))}, nil
}

type rootInput struct {
	Root string `path:"root"`
}

func (s *server) streets(ctx context.Context, in *rootInput) (*body[report.Streets], error) {
	w, _, err := s.world(ctx, in.Root)
	if err != nil {
		return nil, s.problem(err)
	}
	out := report.Streets{Root: string(w.Root()), Lines: [][]float64{}}
	if net := w.Network(); net != nil {
		out.Hash = net.Hash()
		for edge := range net.EdgeCount() {
			var line []float64
			for _, p := range net.Shape(uint32(edge)) {
				line = append(line, p.Lon, p.Lat)
			}
			out.Lines = append(out.Lines, line)
		}
	}
	return &body[report.Streets]{out}, nil
}

// Slot is the path of a value. It is exported because embedded path parameters
// are found only then.
type Slot struct {
	Element string `path:"element" example:"public_sports_ground"`
	Area    string `path:"area" example:"640104"`
	Period  string `path:"period" example:"2025"`
}

func (s *server) readingOf(ctx context.Context, in *Slot) (*body[report.Reading], error) {
	w, key, err := s.key(ctx, in)
	if err != nil {
		return nil, s.problem(err)
	}
	known := report.Known{Registry: w.Registry(), Plan: w.Plan()}
	reading := w.Facts().Figures.Read(key.Element, key.Area, key.Period)
	element, _ := w.Plan().Series(key.Element)
	return &body[report.Reading]{known.Reading(element, key, reading)}, nil
}

// key finds the World and the slot that a path names.
func (s *server) key(ctx context.Context, in *Slot) (*engine.World, figure.Key, error) {
	w, code, err := s.world(ctx, in.Area)
	if err != nil {
		return nil, figure.Key{}, err
	}
	period, err := lifecircle.ParsePeriod(in.Period)
	if err != nil {
		return nil, figure.Key{}, err
	}
	if _, ok := w.Plan().Series(in.Element); !ok {
		return nil, figure.Key{}, lifecircle.Errorf("element_unknown", "%q is no element of plan %s", in.Element, w.Plan().ID).With("element", in.Element)
	}
	return w, figure.Key{Element: in.Element, Area: code, Period: period}, nil
}

type changesInput struct {
	After int64 `query:"after" minimum:"0"`
	Limit int   `query:"limit" minimum:"1" maximum:"1000" default:"100"`
}

// Log is a part of the log of changes.
type Log struct {
	Changes []report.ChangeRecord `json:"changes"`
}

func (s *server) changes(ctx context.Context, in *changesInput) (*body[Log], error) {
	if err := grantOf(ctx).Check(""); err != nil {
		return nil, s.problem(err)
	}
	changes, err := s.Store.Changes(ctx, journal.Seq(in.After), in.Limit)
	if err != nil {
		return nil, s.problem(err)
	}
	out := Log{Changes: make([]report.ChangeRecord, len(changes))}
	for i, c := range changes {
		out.Changes[i] = report.ChangeRecord{
			Seq: int64(c.Seq), Action: c.Action, Actor: c.Actor, At: c.At.Format(time.RFC3339),
			Undoes: int64(c.Undoes), Body: json.RawMessage(c.Body), Hash: c.Hash,
		}
	}
	return &body[Log]{out}, nil
}

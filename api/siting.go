package api

import (
	"cmp"
	"context"
	"encoding/json"
	"math"
	"net/http"
	"runtime"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/engine"
	"lifecircle/geo"
	"lifecircle/indicator"
	"lifecircle/job"
	"lifecircle/remedy"
	"lifecircle/report"
	"lifecircle/scenario"
	"lifecircle/siting"
)

// Remedies is a World as siting reads it.
func Remedies(w *engine.World) remedy.Ground {
	return remedy.Ground{
		Plan: w.Plan(), Registry: w.Registry(), Network: w.Network(), Evaluator: w.Evaluator(),
		Try: func(changes []scenario.Change) (*indicator.Evaluator, error) {
			after, err := w.With(changes, w.Seq())
			if err != nil {
				return nil, err
			}
			return after.Evaluator(), nil
		},
	}
}

// leastIterations bounds the search for the fewest new places, which somebody waits
// for.
const leastIterations = 2_000

// NewPlaces finds the fewest new places that turn a provision green in an area, or
// says why none do.
func NewPlaces(ctx context.Context, w *engine.World, q remedy.Question) (*report.NewPlaces, error) {
	least, err := Remedies(w).Least(ctx, q, siting.Config{Seed: 1, Iterations: leastIterations, Workers: runtime.GOMAXPROCS(0)})
	return report.Known{Registry: w.Registry(), Plan: w.Plan()}.NewPlacesOf(least, err)
}

type newPlacesInput struct {
	Indicator string `path:"indicator" doc:"object id or clause number" example:"sport.fitness_10min"`
	Area      string `path:"area"`
	Variant   string `query:"variant" doc:"a reading of the text; the chosen one when left out"`
}

func (s *server) newPlaces(ctx context.Context, in *newPlacesInput) (*body[report.NewPlaces], error) {
	w, code, err := s.world(ctx, in.Area)
	if err != nil {
		return nil, s.problem(err)
	}
	places, err := NewPlaces(ctx, w, remedy.Question{Object: in.Indicator, Variant: in.Variant, Area: code})
	if err != nil {
		return nil, s.problem(err)
	}
	return &body[report.NewPlaces]{*places}, nil
}

// SitingJob is the kind of a job that chooses sites.
const SitingJob = "siting"

func (s *server) sitings(api huma.API) {
	operation := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: "/api/v1/sitings" + path, Summary: summary}
	}
	huma.Register(api, operation("siting-preflight", http.MethodPost, "/preflight", "What a question for sites comes to: demand, candidates, limits, costs"), s.sitingPreflight)
	huma.Register(api, huma.Operation{
		OperationID: "new-places", Method: http.MethodGet, Path: "/api/v1/explanations/{indicator}/{area}/places",
		Summary: "The fewest new places that turn a provision green, or why none do",
	}, s.newPlaces)
	run := operation("siting-run", http.MethodPost, "", "Choose sites, as a job")
	run.DefaultStatus = http.StatusAccepted
	huma.Register(api, run, s.sitingRun)
	huma.Register(api, operation("siting", http.MethodGet, "/{id}", "The sites a job chose, with value, bound and what they change"), s.siting)
	huma.Register(api, operation("siting-why", http.MethodPost, "/{id}/why", "Why not here"), s.sitingWhy)
	huma.Register(api, operation("siting-scenario", http.MethodPost, "/{id}/scenario", "Keep the sites as a scenario"), s.sitingScenario)
	huma.Register(api, operation("siting-projects", http.MethodGet, "/{id}/projects", "A draft project for each site"), s.sitingProjects)
}

type sitingInput struct {
	Body report.SitingAsk
}

// prepare makes a question ready on the present World, if the asker may see it.
func (s *server) prepare(ctx context.Context, ask report.SitingAsk) (*remedy.Case, report.Known, error) {
	question, err := ask.Question()
	if err != nil {
		return nil, report.Known{}, err
	}
	w, err := s.Engine.World(grantOf(ctx), question.Area)
	if err != nil {
		return nil, report.Known{}, err
	}
	c, err := Remedies(w).Prepare(ctx, question)
	return c, report.Known{Registry: w.Registry(), Plan: w.Plan()}, err
}

func (s *server) sitingPreflight(ctx context.Context, in *sitingInput) (*body[report.SitingCase], error) {
	c, known, err := s.prepare(ctx, in.Body)
	if err != nil {
		return nil, s.problem(err)
	}
	return &body[report.SitingCase]{known.SitingCaseOf(c)}, nil
}

// sitingRun refuses at once what could not be solved, and queues the rest.
func (s *server) sitingRun(ctx context.Context, in *sitingInput) (*body[Job], error) {
	c, _, err := s.prepare(ctx, in.Body)
	if err != nil {
		return nil, s.problem(err)
	}
	if err := c.Problem.Check(); err != nil {
		return nil, s.problem(err)
	}
	in.Body.Seed = cmp.Or(in.Body.Seed, 1)
	return s.queue(ctx, job.New{Kind: SitingJob, Area: c.Question.Area}, in.Body)
}

// queue makes a job of what was asked.
func (s *server) queue(ctx context.Context, made job.New, ask any) (*body[Job], error) {
	var err error
	if made.Parameters, err = json.Marshal(ask); err != nil {
		return nil, s.problem(err)
	}
	j, err := s.Jobs.Submit(ctx, grantOf(ctx), made)
	return answer(s, s.jobOf(j), err)
}

// Sited is the answer of a job with the facts it was found on.
type Sited struct {
	report.Siting
	Base    int64 `json:"base" doc:"seq of the facts the answer was found on"`
	Current bool  `json:"current" doc:"nothing was changed since"`
}

// sited is what a siting job keeps as its result.
type sited struct {
	Base   int64         `json:"base"`
	Siting report.Siting `json:"siting"`
}

// SitingProgress is the detail of a siting job while it runs.
type SitingProgress struct {
	Value *float64 `json:"value"`
	Bound *float64 `json:"bound"`
	Gap   *float64 `json:"gap"`
}

// SitingKind does siting jobs on the Worlds of an engine. It changes nothing, so
// it may be begun again.
func SitingKind(e *engine.Engine, grant account.Grant, clock func() time.Time) job.Kind {
	work := func(ctx context.Context, j job.Job, tell func(job.Told)) (json.RawMessage, error) {
		var ask report.SitingAsk
		if err := json.Unmarshal(j.Parameters, &ask); err != nil {
			return nil, lifecircle.Errorf("siting_question", "read the question: %w", err)
		}
		question, err := ask.Question()
		if err != nil {
			return nil, err
		}
		w, err := e.World(grant, question.Area)
		if err != nil {
			return nil, err
		}
		begin := clock()
		c, err := Remedies(w).Prepare(ctx, question)
		if err != nil {
			return nil, err
		}
		config := Effort(ask, clock)
		config.Progress = telling(tell, clock)
		answer, err := c.Solve(ctx, config)
		if err != nil {
			return nil, err
		}
		out := sited{int64(w.Seq()), report.Known{Registry: w.Registry(), Plan: w.Plan()}.SitingOf(answer)}
		out.Siting.Seconds = clock().Sub(begin).Round(time.Millisecond).Seconds()
		return json.Marshal(out)
	}
	return job.Kind{Work: work, Again: true}
}

// Effort is how hard a question asks to try, from now on.
func Effort(ask report.SitingAsk, clock func() time.Time) siting.Config {
	begin := clock()
	config := siting.Config{Seed: ask.Seed, Iterations: ask.Iterations, Workers: runtime.GOMAXPROCS(0)}
	if ask.Seconds > 0 {
		config.Spent = func() float64 { return clock().Sub(begin).Seconds() / ask.Seconds }
	} else if ask.Iterations == 0 {
		config.Iterations = siting.DefaultIterations
	}
	return config
}

// telling passes on how far a search has come: every stage, and improvements ten
// times a second.
func telling(tell func(job.Told), clock func() time.Time) func(siting.Progress) {
	const pause = 100 * time.Millisecond
	var last time.Time
	var stage siting.Stage
	return func(now siting.Progress) {
		if at := clock(); now.Stage == stage && at.Sub(last) < pause {
			return
		} else {
			last, stage = at, now.Stage
		}
		shown := func(v int64) *float64 {
			if v == siting.NoValue {
				return nil
			}
			x := float64(v) / float64(max(now.Unit, 1))
			return &x
		}
		p := SitingProgress{Value: shown(now.Value), Bound: shown(now.Bound)}
		if p.Value != nil && p.Bound != nil && *p.Value != 0 {
			gap := math.Abs(*p.Bound-*p.Value) / math.Abs(*p.Value)
			p.Gap = &gap
		}
		detail, err := json.Marshal(p)
		if err != nil {
			return // numbers alone always marshal
		}
		tell(job.Told{Fraction: now.Spent, Stage: string(now.Stage), Detail: detail})
	}
}

// AllotmentJob is the kind of a job that shares a budget out.
const AllotmentJob = "allotment"

func (s *server) allotments(api huma.API) {
	run := huma.Operation{
		OperationID: "allotment-run", Method: http.MethodPost, Path: "/api/v1/allotments", DefaultStatus: http.StatusAccepted,
		Summary: "Share a budget out among promises of the plan, as a job",
	}
	huma.Register(api, run, s.allotmentRun)
	huma.Register(api, huma.Operation{
		OperationID: "allotment", Method: http.MethodGet, Path: "/api/v1/allotments/{id}", Summary: "What a job gave to each promise, with a bound",
	}, s.allotment)
}

type allotmentInput struct {
	Body report.AllotmentAsk
}

func (s *server) allotmentRun(ctx context.Context, in *allotmentInput) (*body[Job], error) {
	claims, _, err := in.Body.Read()
	if err != nil {
		return nil, s.problem(err)
	}
	area := claims[0].Question.Area
	if _, err := s.Engine.World(grantOf(ctx), area); err != nil {
		return nil, s.problem(err)
	}
	in.Body.Seed = cmp.Or(in.Body.Seed, 1)
	return s.queue(ctx, job.New{Kind: AllotmentJob, Area: area}, in.Body)
}

// AllotmentKind does the jobs that share a budget out.
func AllotmentKind(e *engine.Engine, grant account.Grant, clock func() time.Time) job.Kind {
	work := func(ctx context.Context, j job.Job, tell func(job.Told)) (json.RawMessage, error) {
		var ask report.AllotmentAsk
		if err := json.Unmarshal(j.Parameters, &ask); err != nil {
			return nil, lifecircle.Errorf("siting_question", "read the question: %w", err)
		}
		claims, budget, err := ask.Read()
		if err != nil {
			return nil, err
		}
		w, err := e.World(grant, claims[0].Question.Area)
		if err != nil {
			return nil, err
		}
		begin := clock()
		config := Effort(ask.Effort(), clock)
		config.Progress = telling(tell, clock)
		a, err := Remedies(w).Allot(ctx, claims, budget, config)
		if err != nil {
			return nil, err
		}
		out := report.Known{Registry: w.Registry(), Plan: w.Plan()}.AllotmentOf(a)
		out.Seconds, out.Seed = clock().Sub(begin).Round(time.Millisecond).Seconds(), ask.Seed
		return json.Marshal(out)
	}
	return job.Kind{Work: work, Again: true}
}

func (s *server) allotment(ctx context.Context, in *JobID) (*body[report.Allotment], error) {
	var out report.Allotment
	kept, err := s.finished(ctx, in.ID, AllotmentJob)
	if err == nil {
		err = json.Unmarshal(kept.Result, &out)
	}
	return answer(s, out, err)
}

// finished returns a job of a kind that has a result. Its errors are job_unknown
// and job_unfinished.
func (s *server) finished(ctx context.Context, id, kind string) (job.Job, error) {
	j, err := s.Jobs.Job(ctx, grantOf(ctx), id)
	switch {
	case err != nil:
		return j, err
	case j.Kind != kind:
		return j, job.Unknown(id)
	case len(j.Result) == 0:
		return j, lifecircle.Errorf("job_unfinished", "job %s is %s and has no answer", id, j.State).With("state", string(j.State))
	}
	return j, nil
}

// result reads what a siting job chose. Its errors are those of finished.
func (s *server) result(ctx context.Context, id string) (sited, report.SitingAsk, error) {
	var out sited
	var ask report.SitingAsk
	j, err := s.finished(ctx, id, SitingJob)
	if err != nil {
		return out, ask, err
	}
	if err := json.Unmarshal(j.Result, &out); err != nil {
		return out, ask, err
	}
	return out, ask, json.Unmarshal(j.Parameters, &ask)
}

func (s *server) siting(ctx context.Context, in *JobID) (*body[Sited], error) {
	kept, _, err := s.result(ctx, in.ID)
	return answer(s, Sited{Siting: kept.Siting, Base: kept.Base, Current: kept.Base == int64(s.Engine.Seq())}, err)
}

type sitingWhyInput struct {
	JobID
	Body struct {
		Candidate string   `json:"candidate,omitempty" maxLength:"200" doc:"a candidate's id"`
		Lon       *float64 `json:"lon,omitempty" minimum:"-180" maximum:"180" doc:"or any position"`
		Lat       *float64 `json:"lat,omitempty" minimum:"-90" maximum:"90"`
	}
}

// whySeconds bounds what the question why not here may take.
const whySeconds = 5

func (s *server) sitingWhy(ctx context.Context, in *sitingWhyInput) (*body[report.SitingWhy], error) {
	why, err := s.why(ctx, in)
	return answer(s, why, err)
}

func (s *server) why(ctx context.Context, in *sitingWhyInput) (out report.SitingWhy, err error) {
	kept, ask, err := s.result(ctx, in.ID)
	if err != nil {
		return out, err
	}
	c, _, err := s.prepare(ctx, ask)
	if err != nil {
		return out, err
	}
	var ids []string
	for _, site := range kept.Siting.Sites {
		ids = append(ids, site.ID)
	}
	a, err := c.Having(ids)
	if err != nil {
		return out, err
	}
	ask.Seconds, ask.Iterations = whySeconds, 0
	var w *remedy.Why
	switch b := in.Body; {
	case b.Candidate != "":
		w, err = a.Why(ctx, b.Candidate, Effort(ask, s.Clock))
	case b.Lon != nil && b.Lat != nil:
		w, err = a.WhyAt(ctx, geo.Point{Lon: *b.Lon, Lat: *b.Lat}, Effort(ask, s.Clock))
	default:
		err = lifecircle.Errorf("siting_question", "name a candidate, or a position as lon and lat")
	}
	if err != nil {
		return out, err
	}
	return report.SitingWhyOf(siting.Model(kept.Siting.Model), kept.Siting.Value, w), nil
}

type sitingScenarioInput struct {
	JobID
	Key  string `header:"Idempotency-Key" maxLength:"200"`
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"200"`
		Note string `json:"note,omitempty" maxLength:"5000"`
	}
}

func (s *server) sitingScenario(ctx context.Context, in *sitingScenarioInput) (*tagged[ScenarioVersion], error) {
	kept, _, err := s.result(ctx, in.ID)
	if err != nil {
		return nil, s.problem(err)
	}
	w, _, err := s.world(ctx, kept.Siting.Case.Area)
	if err != nil {
		return nil, s.problem(err)
	}
	id, err := s.shelf().Create(ctx, grantOf(ctx), scenario.New{
		Request: s.request(in.Key), Root: w.Root(), Name: in.Body.Name, Note: in.Body.Note, Steps: kept.Siting.Steps,
	})
	return s.kept(ctx, id, err)
}

// Projects is a list of draft projects.
type Projects struct {
	Projects []report.Project `json:"projects"`
}

func (s *server) sitingProjects(ctx context.Context, in *JobID) (*body[Projects], error) {
	kept, _, err := s.result(ctx, in.ID)
	if err != nil {
		return nil, s.problem(err)
	}
	return &body[Projects]{Projects{report.ProjectsOf(kept.Siting)}}, nil
}

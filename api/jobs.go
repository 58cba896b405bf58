package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/sse"

	"lifecircle"
	"lifecircle/job"
)

// Job is a long computation as clients see it.
type Job struct {
	ID          string     `json:"id"`
	Kind        string     `json:"kind" example:"siting"`
	Area        string     `json:"area"`
	Actor       string     `json:"actor"`
	State       string     `json:"state" enum:"queued,running,done,failed,cancelled,interrupted"`
	Stopping    bool       `json:"stopping" doc:"somebody asked to cancel it; it ends with the best it has"`
	Fraction    float64    `json:"fraction" doc:"of what it may take, 0 to 1"`
	Stage       string     `json:"stage"`
	Detail      any        `json:"detail" doc:"what its kind shows meanwhile; of siting value, bound and gap"`
	SecondsLeft *float64   `json:"seconds_left" doc:"at the pace so far; null while nothing is known"`
	HasResult   bool       `json:"has_result"`
	Code        string     `json:"code" doc:"of the error it failed with"`
	Message     string     `json:"message"`
	Parameters  any        `json:"parameters"`
	Created     time.Time  `json:"created"`
	Started     *time.Time `json:"started"`
	Ended       *time.Time `json:"ended"`
	Attempts    int        `json:"attempts"`
}

// jobOf turns a job into its JSON form.
func (s *server) jobOf(j job.Job) Job {
	out := Job{
		ID: j.ID, Kind: j.Kind, Area: string(j.Area), Actor: j.Actor, State: string(j.State), Stopping: j.Stopping,
		Fraction: j.Told.Fraction, Stage: j.Told.Stage, Detail: decoded(j.Told.Detail), HasResult: len(j.Result) > 0,
		Code: j.Code, Message: j.Message, Parameters: decoded(j.Parameters), Created: j.Created, Attempts: j.Attempts,
	}
	if left, ok := j.Left(s.Clock()); ok {
		seconds := left.Round(100 * time.Millisecond).Seconds()
		out.SecondsLeft = &seconds
	}
	for _, at := range []struct {
		from time.Time
		to   **time.Time
	}{{j.Started, &out.Started}, {j.Ended, &out.Ended}} {
		if !at.from.IsZero() {
			*at.to = &at.from
		}
	}
	return out
}

// decoded is JSON that was kept, as a value; nil for none.
func decoded(text json.RawMessage) (value any) {
	if len(text) == 0 || json.Unmarshal(text, &value) != nil {
		return nil
	}
	return value
}

// Jobs is a list of jobs.
type Jobs struct {
	Jobs []Job `json:"jobs"`
}

func (s *server) jobs(api huma.API) {
	operation := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: "/api/v1/jobs" + path, Summary: summary}
	}
	huma.Register(api, operation("jobs", http.MethodGet, "", "Long computations, the latest first"), s.listJobs)
	huma.Register(api, operation("job", http.MethodGet, "/{id}", "How far a computation has come"), s.job)
	huma.Register(api, operation("cancel-job", http.MethodDelete, "/{id}", "Stop a computation with the best it has"), s.cancelJob)
	sse.Register(api, operation("job-events", http.MethodGet, "/{id}/events", "A computation as it goes on, until it ends: server-sent events"),
		map[string]any{"job": Job{}, "problem": Problem{}}, s.jobEvents)
}

type jobsInput struct {
	Kind  string `query:"kind" maxLength:"40"`
	State string `query:"state" enum:"queued,running,done,failed,cancelled,interrupted,"`
	Limit int    `query:"limit" minimum:"1" maximum:"1000" default:"100"`
}

func (s *server) listJobs(ctx context.Context, in *jobsInput) (*body[Jobs], error) {
	all, err := s.Jobs.Jobs(ctx, grantOf(ctx), job.Filter{Kind: in.Kind, State: job.State(in.State), Limit: in.Limit})
	out := Jobs{Jobs: []Job{}}
	for _, j := range all {
		out.Jobs = append(out.Jobs, s.jobOf(j))
	}
	return answer(s, out, err)
}

// JobID is the path of a job.
type JobID struct {
	ID string `path:"id" maxLength:"60"`
}

func (s *server) job(ctx context.Context, in *JobID) (*body[Job], error) {
	j, err := s.Jobs.Job(ctx, grantOf(ctx), in.ID)
	return answer(s, s.jobOf(j), err)
}

func (s *server) cancelJob(ctx context.Context, in *JobID) (*body[Job], error) {
	j, err := s.Jobs.Cancel(ctx, grantOf(ctx), in.ID)
	return answer(s, s.jobOf(j), err)
}

func (s *server) jobEvents(ctx context.Context, in *JobID, send sse.Sender) {
	err := s.Jobs.Follow(ctx, grantOf(ctx), in.ID, func(j job.Job) error { return send.Data(s.jobOf(j)) })
	var shown *lifecircle.Error
	if errors.As(err, &shown) {
		_ = send.Data(*s.problem(err)) // a client that is gone needs no answer
	}
}

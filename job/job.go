// Package job keeps long computations: what was asked, how far it has come and
// what came out, so that it survives the page that started it and the process
// that ran it. A job changes no fact: what it finds is brought about by whoever
// reads its result, through the journal. The API submits, follows and cancels
// jobs; cmd runs them; store keeps them.
package job

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"time"

	"lifecircle"
	"lifecircle/account"
)

// State is where a job stands.
type State string

// The states. The last four are ends.
const (
	Queued      State = "queued"
	Running     State = "running"
	Done        State = "done"
	Failed      State = "failed"
	Cancelled   State = "cancelled"   // by somebody; its result is the best found, if any
	Interrupted State = "interrupted" // its process ended, and its kind is not begun again
)

// Ended reports whether nothing more will happen to a job.
func (s State) Ended() bool { return s != Queued && s != Running }

// Job is one computation. It is a copy: changing it changes nothing.
type Job struct {
	ID         string
	Kind       string
	Area       lifecircle.AreaCode // whose grant is asked for; "" for none in particular
	Actor      string
	Parameters json.RawMessage
	State      State
	Told       Told
	Result     json.RawMessage // nil until there is one
	// Code and Message say why it failed, as an error's code and words.
	Code, Message string
	Created       time.Time
	Started       time.Time // of the last attempt; zero while queued
	Ended         time.Time
	Beat          time.Time // when its process last said that it lives
	Attempts      int
	Stopping      bool // somebody asked to cancel it
}

// Told is how far a job says it has come.
type Told struct {
	Fraction float64         `json:"fraction"` // 0…1 of what it may take
	Stage    string          `json:"stage"`
	Detail   json.RawMessage `json:"detail,omitempty"` // what its kind has to show meanwhile
}

// Left estimates how long a running job will still take at its pace so far; ok is
// false while too little is done to tell.
func (j Job) Left(now time.Time) (left time.Duration, ok bool) {
	const least = 0.01
	if j.State != Running || j.Told.Fraction < least || j.Started.IsZero() {
		return 0, false
	}
	spent := now.Sub(j.Started)
	return time.Duration(float64(spent) * (1 - min(j.Told.Fraction, 1)) / j.Told.Fraction), true
}

// Store keeps jobs. Its methods refuse what the grant does not cover.
type Store interface {
	InsertJob(context.Context, account.Grant, Job) error
	// UpdateJob writes what became of a job if its state and attempt are still the
	// given ones; written is false when they are not. It leaves Stopping alone.
	UpdateJob(ctx context.Context, grant account.Grant, job Job, was Was) (written bool, err error)
	// StopJob marks a job as to be cancelled.
	StopJob(ctx context.Context, grant account.Grant, id string) error
	// Job returns a job; another id is the error job_unknown.
	Job(ctx context.Context, grant account.Grant, id string) (Job, error)
	// Jobs returns jobs, the latest first.
	Jobs(context.Context, account.Grant, Filter) ([]Job, error)
}

// Was is what a job must still be for an update to hold.
type Was struct {
	State   State
	Attempt int
}

// Filter says which jobs are meant; zero values mean any.
type Filter struct {
	Kind  string
	State State
	Limit int // 0 means 100
}

// Unknown is the error for an id that no job has.
func Unknown(id string) error {
	return lifecircle.Errorf("job_unknown", "there is no job %q", id).With("job", id)
}

// newID names a job.
func newID() string { return "j-" + rand.Text() }

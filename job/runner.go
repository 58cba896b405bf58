package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"lifecircle"
	"lifecircle/account"
)

// Work does a job: it calls tell as it goes and returns the result. When ctx ends
// it returns the best it has, or the error of ctx.
type Work func(ctx context.Context, j Job, tell func(Told)) (json.RawMessage, error)

// Kind is a kind of job.
type Kind struct {
	Work Work
	// Again says that a job whose process ended may be begun again: it changes
	// nothing until it is done.
	Again bool
}

// Config is what a Runner needs.
type Config struct {
	Store   Store
	Kinds   map[string]Kind
	Grant   account.Grant // of the process itself
	Clock   func() time.Time
	Workers int           // jobs at once; 0 means one
	Beat    time.Duration // how often a running job is written down; 0 means a second
	Log     *slog.Logger  // nil discards
}

// deaf is after how many beats a job's process counts as ended.
const deaf = 10

// mostAttempts bounds how often a job is begun that takes its process with it.
const mostAttempts = 3

// Runner runs the jobs of a store. Several processes may share one: a job is
// claimed by the write that finds it queued. Its methods are safe for concurrent
// use.
type Runner struct {
	cfg  Config
	wake chan struct{}

	mu   sync.Mutex
	live map[string]*live
}

// live is a job that runs in this process.
type live struct {
	job    Job
	cancel context.CancelCauseFunc
	moved  chan struct{} // closed and replaced at every change
}

// errStopped is why the context of a cancelled job ends.
var errStopped = errors.New("cancelled")

// NewRunner makes a runner; Run starts it.
func NewRunner(cfg Config) *Runner {
	cfg.Workers = max(cfg.Workers, 1)
	if cfg.Beat == 0 {
		cfg.Beat = time.Second
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Runner{cfg: cfg, wake: make(chan struct{}, 1), live: make(map[string]*live)}
}

// New is a job to be done.
type New struct {
	Kind       string
	Area       lifecircle.AreaCode
	Parameters json.RawMessage
}

// Submit queues a job. Its errors are forbidden and job_kind_unknown.
func (r *Runner) Submit(ctx context.Context, grant account.Grant, n New) (Job, error) {
	if err := grant.Check(n.Area); err != nil {
		return Job{}, err
	}
	if _, ok := r.cfg.Kinds[n.Kind]; !ok {
		return Job{}, lifecircle.Errorf("job_kind_unknown", "%q is no kind of job", n.Kind).With("kind", n.Kind)
	}
	j := Job{
		ID: newID(), Kind: n.Kind, Area: n.Area, Actor: grant.Actor(), Parameters: n.Parameters,
		State: Queued, Created: r.now(),
	}
	if err := r.cfg.Store.InsertJob(ctx, grant, j); err != nil {
		return Job{}, err
	}
	r.rouse()
	return j, nil
}

func (r *Runner) now() time.Time { return r.cfg.Clock().UTC().Truncate(time.Microsecond) }

func (r *Runner) rouse() {
	select {
	case r.wake <- struct{}{}:
	default: // it is awake
	}
}

// Job returns a job as it stands, live where it runs here.
func (r *Runner) Job(ctx context.Context, grant account.Grant, id string) (Job, error) {
	j, err := r.cfg.Store.Job(ctx, grant, id)
	if err != nil {
		return Job{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if here := r.live[id]; here != nil && here.job.Attempts == j.Attempts && !j.State.Ended() {
		stopping := j.Stopping
		j = here.job
		j.Stopping = j.Stopping || stopping
	}
	return j, nil
}

// Jobs returns jobs, the latest first.
func (r *Runner) Jobs(ctx context.Context, grant account.Grant, f Filter) ([]Job, error) {
	return r.cfg.Store.Jobs(ctx, grant, f)
}

// Cancel asks a job to stop with the best it has; one that has ended stays as it
// is.
func (r *Runner) Cancel(ctx context.Context, grant account.Grant, id string) (Job, error) {
	j, err := r.cfg.Store.Job(ctx, grant, id)
	if err != nil || j.State.Ended() {
		return j, err
	}
	if j.State == Queued {
		next := j
		next.State, next.Ended = Cancelled, r.now()
		written, err := r.cfg.Store.UpdateJob(ctx, grant, next, Was{Queued, j.Attempts})
		if err != nil || written {
			return next, err
		}
	}
	if err := r.cfg.Store.StopJob(ctx, grant, id); err != nil {
		return Job{}, err
	}
	r.mu.Lock()
	if here := r.live[id]; here != nil {
		here.cancel(errStopped)
	}
	r.mu.Unlock()
	return r.Job(ctx, grant, id)
}

// Follow calls see with the job as it stands and then at every change, until it
// has ended, see fails or ctx ends.
func (r *Runner) Follow(ctx context.Context, grant account.Grant, id string, see func(Job) error) error {
	ticker := time.NewTicker(r.cfg.Beat)
	defer ticker.Stop()
	var last Job
	for first := true; ; first = false {
		moved := r.moved(id)
		j, err := r.Job(ctx, grant, id)
		if err != nil {
			return err
		}
		if first || j.State != last.State || !same(j.Told, last.Told) || j.Stopping != last.Stopping {
			if err := see(j); err != nil {
				return err
			}
			last = j
		}
		if j.State.Ended() {
			return nil
		}
		select {
		case <-ctx.Done():
			return nil
		case <-moved: // nil where it runs elsewhere
		case <-ticker.C:
		}
	}
}

func same(a, b Told) bool {
	return a.Fraction == b.Fraction && a.Stage == b.Stage && string(a.Detail) == string(b.Detail)
}

func (r *Runner) moved(id string) <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if here := r.live[id]; here != nil {
		return here.moved
	}
	return nil
}

// Run takes up what a process that ended left, and does queued jobs until ctx
// ends. Jobs that run then are put back into the queue, or marked interrupted.
func (r *Runner) Run(ctx context.Context) error {
	var workers sync.WaitGroup
	for range r.cfg.Workers {
		workers.Go(func() { r.each(ctx, r.work) })
	}
	r.each(ctx, r.adopt)
	workers.Wait()
	return nil
}

// each calls step now, whenever somebody wakes the runner, and at every beat.
func (r *Runner) each(ctx context.Context, step func(context.Context) error) {
	ticker := time.NewTicker(r.cfg.Beat)
	defer ticker.Stop()
	for {
		if err := step(ctx); err != nil && ctx.Err() == nil {
			r.cfg.Log.Error("jobs", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-r.wake:
		case <-ticker.C:
		}
	}
}

// work does queued jobs, the oldest first, until there is none.
func (r *Runner) work(ctx context.Context) error {
	for ctx.Err() == nil {
		queued, err := r.cfg.Store.Jobs(ctx, r.cfg.Grant, Filter{State: Queued, Limit: 1000})
		if err != nil || len(queued) == 0 {
			return err
		}
		j := queued[len(queued)-1]
		next := j
		next.State, next.Started, next.Beat, next.Attempts, next.Told = Running, r.now(), r.now(), j.Attempts+1, Told{}
		written, err := r.cfg.Store.UpdateJob(ctx, r.cfg.Grant, next, Was{Queued, j.Attempts})
		if err != nil {
			return err
		}
		if written { // nobody else was quicker
			r.do(ctx, next)
		}
	}
	return nil
}

// adopt puts jobs whose process is deaf back into the queue, or marks them
// interrupted.
func (r *Runner) adopt(ctx context.Context) error {
	running, err := r.cfg.Store.Jobs(ctx, r.cfg.Grant, Filter{State: Running, Limit: 1000})
	if err != nil {
		return err
	}
	for _, j := range running {
		r.mu.Lock()
		_, here := r.live[j.ID]
		r.mu.Unlock()
		if here || r.now().Sub(j.Beat) < deaf*r.cfg.Beat {
			continue
		}
		if err := r.leave(ctx, j); err != nil {
			return err
		}
	}
	return nil
}

// leave gives up a job that this or another process was running.
func (r *Runner) leave(ctx context.Context, j Job) error {
	next := j
	switch {
	case j.Stopping:
		next.State, next.Ended = Cancelled, r.now()
	case r.cfg.Kinds[j.Kind].Again && j.Attempts < mostAttempts:
		next.State, next.Started, next.Told = Queued, time.Time{}, Told{}
	default:
		next.State, next.Ended = Interrupted, r.now()
		next.Code, next.Message = "job_interrupted", fmt.Sprintf("the process ended during attempt %d: begin it anew", j.Attempts)
	}
	_, err := r.cfg.Store.UpdateJob(ctx, r.cfg.Grant, next, Was{Running, j.Attempts})
	return err
}

// do runs a claimed job to its end.
func (r *Runner) do(ctx context.Context, j Job) {
	working, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	here := &live{job: j, cancel: cancel, moved: make(chan struct{})}
	r.mu.Lock()
	r.live[j.ID] = here
	r.mu.Unlock()
	beats := make(chan struct{})
	var beating sync.WaitGroup
	beating.Go(func() { r.beat(working, here, beats) })
	result, err := r.try(working, here)
	close(beats)
	beating.Wait()

	r.mu.Lock()
	next := here.job
	r.mu.Unlock()
	// What came out is written even while the process ends.
	last, done := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer done()
	stopped := errors.Is(context.Cause(working), errStopped)
	next.Ended, next.Beat = r.now(), r.now()
	switch {
	case stopped:
		next.State, next.Result = Cancelled, result
	case ctx.Err() != nil: // the process ends, not the job
		if leaveErr := r.leave(last, next); leaveErr != nil {
			r.cfg.Log.Error("leave a job", "job", j.ID, "error", leaveErr)
		}
		r.forget(j.ID, here)
		return
	case err != nil:
		next.State, next.Code, next.Message = Failed, lifecircle.ErrorCode(err), err.Error()
		if next.Code == "internal" {
			r.cfg.Log.Error("job", "job", j.ID, "kind", j.Kind, "error", err)
			next.Message = "internal error"
		}
	default:
		next.State, next.Result, next.Told.Fraction = Done, result, 1
	}
	if _, err := r.cfg.Store.UpdateJob(last, r.cfg.Grant, next, Was{Running, j.Attempts}); err != nil {
		r.cfg.Log.Error("write what a job came to", "job", j.ID, "error", err)
	}
	r.forget(j.ID, here)
}

func (r *Runner) forget(id string, here *live) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.live, id)
	close(here.moved)
}

// try calls the work; a panic in it is an error of the job and not the end of
// the process.
func (r *Runner) try(ctx context.Context, here *live) (result json.RawMessage, err error) {
	defer func() {
		if broken := recover(); broken != nil {
			result, err = nil, fmt.Errorf("panic: %v\n%s", broken, debug.Stack())
		}
	}()
	return r.cfg.Kinds[here.job.Kind].Work(ctx, here.job, func(told Told) {
		r.mu.Lock()
		defer r.mu.Unlock()
		here.job.Told = told
		close(here.moved)
		here.moved = make(chan struct{})
	})
}

// beat writes down every beat that the job lives and how far it is, and hears
// there whether another process was asked to cancel it.
func (r *Runner) beat(ctx context.Context, here *live, end <-chan struct{}) {
	ticker := time.NewTicker(r.cfg.Beat)
	defer ticker.Stop()
	for {
		select {
		case <-end:
			return
		case <-ctx.Done():
			<-end
			return
		case <-ticker.C:
		}
		r.mu.Lock()
		here.job.Beat = r.now()
		now := here.job
		r.mu.Unlock()
		if _, err := r.cfg.Store.UpdateJob(ctx, r.cfg.Grant, now, Was{Running, now.Attempts}); err != nil && ctx.Err() == nil {
			r.cfg.Log.Error("write how far a job is", "job", now.ID, "error", err)
			continue
		}
		if kept, err := r.cfg.Store.Job(ctx, r.cfg.Grant, now.ID); err == nil && kept.Stopping {
			here.cancel(errStopped)
		}
	}
}

package job_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/job"
	"lifecircle/store"
	"lifecircle/store/storetest"
)

// clock is a time that tests set.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// tick is the beat of tests: short, so that what waits for one does not wait long.
const tick = 5 * time.Millisecond

func runner(db *store.DB, at *clock, kinds map[string]job.Kind) *job.Runner {
	return job.NewRunner(job.Config{Store: db, Kinds: kinds, Grant: account.Local(), Clock: at.Now, Beat: tick})
}

// running runs a runner until stop is called.
func running(t *testing.T, r *job.Runner) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			if err := <-done; err != nil {
				t.Error(err)
			}
		})
	}
	t.Cleanup(stop)
	return stop
}

// ended follows a job to its end and returns all that was seen of it.
func ended(t *testing.T, r *job.Runner, id string) (seen []job.Job) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := r.Follow(ctx, account.Local(), id, func(j job.Job) error { seen = append(seen, j); return nil }); err != nil {
		t.Fatal(err)
	}
	if n := len(seen); n == 0 || !seen[n-1].State.Ended() {
		t.Fatalf("job %s has not ended: %+v", id, seen)
	}
	return seen
}

func submit(t *testing.T, r *job.Runner, kind, parameters string) job.Job {
	t.Helper()
	j, err := r.Submit(t.Context(), account.Local(), job.New{Kind: kind, Area: "640104", Parameters: json.RawMessage(parameters)})
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// A job's end, and all that led to it, is kept: done, failed or broken.
func TestEnds(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		at := &clock{now: noon}
		r := runner(db, at, map[string]job.Kind{
			"double": {Work: func(_ context.Context, j job.Job, tell func(job.Told)) (json.RawMessage, error) {
				var n int
				if err := json.Unmarshal(j.Parameters, &n); err != nil {
					return nil, lifecircle.Errorf("parameters_invalid", "want a number: %w", err)
				}
				tell(job.Told{Fraction: 0.5, Stage: "halfway", Detail: json.RawMessage(`{"n":1}`)})
				return json.RawMessage(fmt.Sprint(2 * n)), nil
			}},
			"break": {Work: func(context.Context, job.Job, func(job.Told)) (json.RawMessage, error) { panic("broken") }},
			"fault": {Work: func(context.Context, job.Job, func(job.Told)) (json.RawMessage, error) {
				return nil, errors.New("secret")
			}},
		})
		running(t, r)
		for _, c := range []struct {
			kind, parameters string
			state            job.State
			result, code     string
		}{
			{"double", "21", job.Done, "42", ""},
			{"double", `"x"`, job.Failed, "", "parameters_invalid"},
			{"break", "1", job.Failed, "", "internal"},
			{"fault", "1", job.Failed, "", "internal"},
		} {
			id := submit(t, r, c.kind, c.parameters).ID
			ended(t, r, id)
			j, err := db.Job(t.Context(), account.Local(), id)
			if err != nil {
				t.Fatal(err)
			}
			if j.State != c.state || string(j.Result) != c.result || j.Code != c.code || j.Attempts != 1 || j.Actor != "local" || j.Area != "640104" ||
				string(j.Parameters) != c.parameters || !j.Created.Equal(noon) || !j.Ended.Equal(noon) {
				t.Errorf("%s of %s: %+v", c.kind, c.parameters, j)
			}
			if j.Code == "internal" && j.Message != "internal error" {
				t.Errorf("%s tells %q", c.kind, j.Message)
			}
		}
		if _, err := r.Submit(t.Context(), account.Local(), job.New{Kind: "none"}); lifecircle.ErrorCode(err) != "job_kind_unknown" {
			t.Errorf("an unknown kind: %v", err)
		}
		all, err := r.Jobs(t.Context(), account.Local(), job.Filter{Kind: "double", Limit: 10})
		if err != nil || len(all) != 2 {
			t.Errorf("%d jobs, %v", len(all), err)
		}
	})
}

// Nobody without a grant reads, submits or stops a job.
func TestForbidden(t *testing.T) {
	t.Parallel()
	db := storetest.SQLite(t)
	r := runner(db, &clock{now: noon}, map[string]job.Kind{"one": {}})
	id := submit(t, r, "one", "1").ID
	var nobody account.Grant
	_, one := r.Job(t.Context(), nobody, id)
	_, all := r.Jobs(t.Context(), nobody, job.Filter{})
	_, submitted := r.Submit(t.Context(), nobody, job.New{Kind: "one"})
	_, cancelled := r.Cancel(t.Context(), nobody, id)
	for _, err := range []error{one, all, submitted, cancelled} {
		if lifecircle.ErrorCode(err) != "forbidden" {
			t.Errorf("got %v, want forbidden", err)
		}
	}
	if _, err := r.Job(t.Context(), account.Local(), "j-none"); lifecircle.ErrorCode(err) != "job_unknown" {
		t.Errorf("an unknown job: %v", err)
	}
}

// counting says how far it is until its context ends, and then returns that.
func counting(started chan<- string) job.Work {
	return func(ctx context.Context, j job.Job, tell func(job.Told)) (json.RawMessage, error) {
		tell(job.Told{Fraction: 0.25, Stage: "counting"})
		started <- j.ID
		<-ctx.Done()
		return json.RawMessage(`"best"`), nil
	}
}

// Cancelling keeps the best found; what is still queued ends at once.
func TestCancel(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		at := &clock{now: noon}
		started := make(chan string, 1)
		r := runner(db, at, map[string]job.Kind{"count": {Work: counting(started)}})
		running(t, r)
		first := submit(t, r, "count", "1")
		<-started
		second := submit(t, r, "count", "2")
		if j, err := r.Cancel(t.Context(), account.Local(), second.ID); err != nil || j.State != job.Cancelled || j.Result != nil {
			t.Errorf("cancel what is queued: %v %+v", err, j)
		}
		at.pass(10 * time.Second)
		j, err := r.Job(t.Context(), account.Local(), first.ID)
		if err != nil || j.State != job.Running || j.Told.Stage != "counting" {
			t.Fatalf("while it runs: %v %+v", err, j)
		}
		// A quarter took ten seconds: three quarters take thirty.
		if left, ok := j.Left(at.Now()); !ok || left != 30*time.Second {
			t.Errorf("time left: %v %v", left, ok)
		}
		// Another process, which does not run it, asks it to stop.
		if _, err := runner(db, at, nil).Cancel(t.Context(), account.Local(), first.ID); err != nil {
			t.Fatal(err)
		}
		seen := ended(t, r, first.ID)
		if last := seen[len(seen)-1]; last.State != job.Cancelled || string(last.Result) != `"best"` || !last.Stopping {
			t.Errorf("cancelled: %+v", last)
		}
		if again, err := r.Cancel(t.Context(), account.Local(), first.ID); err != nil || again.State != job.Cancelled || !again.Ended.Equal(seen[len(seen)-1].Ended) {
			t.Errorf("cancel what has ended: %v %+v", err, again)
		}
	})
}

// When the process ends, its jobs go back into the queue and another process does
// them; a kind that is not begun again is marked interrupted.
func TestRestart(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		at := &clock{now: noon}
		started := make(chan string, 2)
		kinds := map[string]job.Kind{"again": {Work: counting(started), Again: true}, "once": {Work: counting(started)}}
		first := job.NewRunner(job.Config{Store: db, Kinds: kinds, Grant: account.Local(), Clock: at.Now, Beat: tick, Workers: 2})
		stop := running(t, first)
		again, once := submit(t, first, "again", "1"), submit(t, first, "once", "1")
		<-started
		<-started
		stop()
		finish := func(_ context.Context, j job.Job, _ func(job.Told)) (json.RawMessage, error) {
			return json.RawMessage(fmt.Sprint(j.Attempts)), nil
		}
		second := runner(db, at, map[string]job.Kind{"again": {Work: finish, Again: true}, "once": {Work: finish}})
		running(t, second)
		seen := ended(t, second, again.ID)
		if last := seen[len(seen)-1]; last.State != job.Done || string(last.Result) != "2" {
			t.Errorf("begun again: %+v", last)
		}
		seen = ended(t, second, once.ID)
		if last := seen[len(seen)-1]; last.State != job.Interrupted || last.Code != "job_interrupted" {
			t.Errorf("not begun again: %+v", last)
		}
	})
}

// A process that vanished says nothing more: its jobs are taken up after a while,
// and not for ever.
func TestCrash(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		at := &clock{now: noon}
		left := func(id string, attempts int, stopping bool) string {
			j := job.Job{
				ID: id, Kind: "again", Actor: "local", Parameters: json.RawMessage("1"), State: job.Running,
				Created: noon, Started: noon, Beat: noon, Attempts: attempts, Stopping: stopping,
			}
			if err := db.InsertJob(t.Context(), account.Local(), j); err != nil {
				t.Fatal(err)
			}
			return id
		}
		young, old, stopped := left("j-young", 1, false), left("j-old", 3, false), left("j-stopped", 1, true)
		at.pass(time.Hour)
		r := runner(db, at, map[string]job.Kind{"again": {Again: true, Work: func(_ context.Context, j job.Job, _ func(job.Told)) (json.RawMessage, error) {
			return json.RawMessage(fmt.Sprint(j.Attempts)), nil
		}}})
		running(t, r)
		for id, want := range map[string]job.State{young: job.Done, old: job.Interrupted, stopped: job.Cancelled} {
			seen := ended(t, r, id)
			if last := seen[len(seen)-1]; last.State != want {
				t.Errorf("%s: %+v, want %s", id, last, want)
			}
		}
	})
}

// Two processes that share a store do each job once.
func TestShared(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		at := &clock{now: noon}
		var mu sync.Mutex
		times := make(map[string]int)
		kinds := map[string]job.Kind{"note": {Work: func(_ context.Context, j job.Job, _ func(job.Told)) (json.RawMessage, error) {
			mu.Lock()
			defer mu.Unlock()
			times[j.ID]++
			return json.RawMessage("1"), nil
		}}}
		one, two := runner(db, at, kinds), runner(db, at, kinds)
		var ids []string
		for range 20 {
			ids = append(ids, submit(t, one, "note", "1").ID)
		}
		running(t, one)
		running(t, two)
		for _, id := range ids {
			ended(t, two, id)
		}
		mu.Lock()
		defer mu.Unlock()
		for _, id := range ids {
			if times[id] != 1 {
				t.Errorf("job %s was done %d times", id, times[id])
			}
		}
	})
}

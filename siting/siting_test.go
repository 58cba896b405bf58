package siting

import (
	"context"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"lifecircle"
)

// line is demand of weight 1 at 0, 1, …, n−1 on a line, each a candidate.
func line(model Model, n, count int) *Problem {
	p := complete(n)
	p.Model, p.Limits.Count, p.Reach = model, count, NewReach(n)
	if err := p.matrix(func(a, b int) (int32, bool) { return int32(max(a-b, b-a)), true }); err != nil {
		panic(err)
	}
	return p
}

// On a line of nine the answers follow from arithmetic.
func TestLine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		model  Model
		count  int
		cutoff int32
		value  int64
	}{
		{PMedian, 1, 0, 20}, // the middle: 2·(1+2+3+4)
		{PMedian, 3, 0, 6},  // three threes
		{KNearestPMedian, 3, 0, 6},
		{PCentre, 1, 0, 4},
		{PCentre, 3, 0, 1},
		{LSCP, 0, 1, 3},
		{MCLP, 2, 1, 6},
		{CPMedian, 9, 0, 0},
	} {
		p := line(c.model, 9, c.count)
		p.Cutoff = c.cutoff
		for j := range p.Candidates {
			p.Candidates[j].Capacity = 9
		}
		s, err := Solve(t.Context(), p, Config{})
		if err != nil {
			t.Fatalf("%s: %v", c.model, err)
		}
		if s.Value != c.value || s.Bound != c.value {
			t.Errorf("%s with %d sites: value %d, bound %d, want %d", c.model, c.count, s.Value, s.Bound, c.value)
		}
	}
}

// The order in which demand and candidates come changes no value; the same
// question and seed give the same answer, whatever the number of goroutines.
func TestOrderAndSeed(t *testing.T) {
	t.Parallel()
	for _, model := range Models() {
		for seed := uint64(300); seed < 320; seed++ {
			p := draw(model, seed)
			one, err := Solve(t.Context(), p, Config{Seed: 3})
			again, errAgain := Solve(t.Context(), p, Config{Seed: 3, Workers: 2})
			if (err == nil) != (errAgain == nil) || !reflect.DeepEqual(one, again) {
				t.Fatalf("%s, seed %d: two answers to one question", model, seed)
			}
			if err != nil {
				continue
			}
			other, err := Solve(t.Context(), shuffled(p, seed), Config{Seed: 3})
			if err != nil || other.Value != one.Value {
				t.Fatalf("%s, seed %d: %d becomes %d in another order (%v)", model, seed, one.Value, other.Value, err)
			}
		}
	}
}

// shuffled is the same problem with demand and candidates in another order.
func shuffled(p *Problem, seed uint64) *Problem {
	rng := rand.New(rand.NewPCG(seed, 11))
	q := *p
	demand, candidates := rng.Perm(len(p.Demand)), rng.Perm(len(p.Candidates))
	place := make([]int, len(candidates))
	for to, from := range candidates {
		place[from] = to
	}
	q.Demand, q.Candidates = nil, nil
	for _, from := range demand {
		q.Demand = append(q.Demand, p.Demand[from])
	}
	for _, from := range candidates {
		c := p.Candidates[from]
		c.Requires, c.Excludes = nil, nil
		for _, k := range p.Candidates[from].Requires {
			c.Requires = append(c.Requires, place[k])
		}
		for _, k := range p.Candidates[from].Excludes {
			c.Excludes = append(c.Excludes, place[k])
		}
		q.Candidates = append(q.Candidates, c)
	}
	if p.Reach == nil {
		q.Between = func(a, b int) int32 { return p.Between(candidates[a], candidates[b]) }
		return &q
	}
	q.Reach = NewReach(len(demand))
	err := q.matrix(func(a, b int) (int32, bool) { return p.Reach.Time(candidates[a], demand[b]) })
	if err != nil {
		panic(err)
	}
	return &q
}

// A question that contradicts itself is told so, with the conflict's name.
func TestBadInput(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		code, says string
		spoil      func(p *Problem)
	}{
		{"siting_count", "p is 5, but only 4 candidates", func(p *Problem) { p.Limits.Count = 5 }},
		{"siting_count", "2 candidates are fixed", func(p *Problem) {
			p.Limits.Count = 1
			p.Candidates[0].State, p.Candidates[1].State = Fixed, Fixed
		}},
		{"siting_count", "needs p or a budget", func(p *Problem) { p.Limits.Count = 0 }},
		{"siting_nobody_within_reach", "widen the reach", func(p *Problem) {
			p.Reach = NewReach(4)
			for range 4 {
				if err := p.Reach.Add(nil, nil); err != nil {
					panic(err)
				}
			}
		}},
		{"siting_no_demand", "all 4 weights are zero", func(p *Problem) {
			for i := range p.Demand {
				p.Demand[i].Weight = 0
			}
		}},
		{"siting_cost", "candidate 2 (3): cost -1", func(p *Problem) { p.Candidates[2].Cost = -1 }},
		{"siting_state", "both fixed and exclude", func(p *Problem) {
			p.Candidates[0].State, p.Candidates[1].State = Fixed, Fixed
			p.Candidates[0].Excludes = []int{1}
		}},
		{"siting_state", "all it requires is forbidden", func(p *Problem) {
			p.Candidates[0].State, p.Candidates[1].State = Fixed, Forbidden
			p.Candidates[0].Requires = []int{1}
		}},
		{"siting_quota", "must have 5 sites", func(p *Problem) { p.Limits.Quotas = []Quota{{0, 5, -1}} }},
		{"siting_quota", "3 to 2", func(p *Problem) { p.Limits.Quotas = []Quota{{0, 3, 2}} }},
		{"siting_quota", "ask for 3 sites, p is 2", func(p *Problem) { p.Limits.Quotas = []Quota{{0, 3, 4}} }},
		{"siting_budget", "fixed candidates alone cost 7", func(p *Problem) {
			p.Candidates[0].State, p.Candidates[0].Cost = Fixed, 7
			p.Limits.Budget, p.Limits.HasBudget = 6, true
		}},
		{"siting_no_candidates", "no candidate", func(p *Problem) { p.Candidates = nil }},
		{"siting_weight", "must not be negative", func(p *Problem) { p.Demand[1].Weight = -3 }},
		{"siting_model_unknown", "not known", func(p *Problem) { p.Model = "guess" }},
	} {
		p := line(MCLP, 4, 2)
		c.spoil(p)
		_, err := Solve(t.Context(), p, Config{})
		if lifecircle.ErrorCode(err) != c.code || !strings.Contains(err.Error(), c.says) {
			t.Errorf("want %s with %q, got %v", c.code, c.says, err)
		}
	}
}

// What cannot be is told with the limits in conflict and the least change of
// each that would do: nine on a line with reach 1 need three sites.
func TestInfeasible(t *testing.T) {
	t.Parallel()
	p := line(LSCP, 9, 2)
	p.Cutoff = 1
	for j := range p.Candidates {
		p.Candidates[j].Cost = 10
	}
	p.Limits.Budget, p.Limits.HasBudget = 100, true
	_, err := Solve(t.Context(), p, Config{})
	x, ok := Infeasible(err)
	if !ok || lifecircle.ErrorCode(err) != "siting_infeasible" {
		t.Fatal(err)
	}
	if want := []Relaxation{{"number", 2, 3}}; !reflect.DeepEqual(x.Relaxations, want) {
		t.Errorf("relaxations %v, want %v", x.Relaxations, want)
	}
	p.Limits = Limits{Budget: 25, HasBudget: true}
	_, err = Solve(t.Context(), p, Config{})
	if x, _ := Infeasible(err); x == nil || !reflect.DeepEqual(x.Relaxations, []Relaxation{{"budget", 25, 30}}) {
		t.Errorf("a budget of 25: %v", err)
	}
	// The last demand is out of everybody's reach.
	q := complete(3)
	q.Model, q.Reach = LSCP, NewReach(3)
	for range 3 {
		if err := q.Reach.Add([]int32{0, 1}, []int32{1, 1}); err != nil {
			t.Fatal(err)
		}
	}
	_, err = Solve(t.Context(), q, Config{})
	if x, _ := Infeasible(err); x == nil || !reflect.DeepEqual(x.Cells, []int{2}) {
		t.Errorf("a cell out of reach: %v", err)
	}
}

// Cancelling keeps the best answer so far, with its bound.
func TestCancel(t *testing.T) {
	t.Parallel()
	p := line(PMedian, 60, 7)
	calls := 0
	s, err := Solve(t.Context(), p, Config{Spent: func() float64 {
		calls++
		return float64(calls) / 40
	}})
	if err != nil || s.Bound > s.Value || len(s.Sites) == 0 {
		t.Errorf("cancelled: %v, value %d, bound %d, %d sites", err, s.Value, s.Bound, len(s.Sites))
	}
}

// When the context ends, the best answer so far is returned with its bound, and
// an infeasible question still says what it knows.
func TestCancelledContext(t *testing.T) {
	t.Parallel()
	p := line(PMedian, 60, 7)
	ctx, cancel := context.WithCancel(t.Context())
	var heard []Progress
	s, err := Solve(ctx, p, Config{Progress: func(now Progress) {
		heard = append(heard, now)
		if now.Value != NoValue && now.Bound != NoValue {
			cancel()
		}
	}})
	if err != nil || s.Bound > s.Value || len(s.Sites) == 0 {
		t.Errorf("cancelled: %v, value %d, bound %d, %d sites", err, s.Value, s.Bound, len(s.Sites))
	}
	whole, err := Solve(t.Context(), p, Config{})
	if err != nil {
		t.Fatal(err)
	}
	if s.Iterations >= whole.Iterations {
		t.Errorf("cancelled after %d iterations, the whole search takes %d", s.Iterations, whole.Iterations)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	q := line(LSCP, 20, 0)
	q.Cutoff, q.Limits.Count = 1, 1
	if _, err := Solve(ended, q, Config{}); err == nil {
		t.Error("an ended context gave one site that covers twenty cells")
	}
}

// Whoever follows a search sees its stages in order, the value and the bound
// drawing nearer, and at the end what the solution says.
func TestProgress(t *testing.T) {
	t.Parallel()
	order := []Stage{Reducing, Answering, Bounding, Improving, Proving}
	for _, model := range []Model{PMedian, MCLP, PCentre} {
		p := line(model, 60, 7)
		p.Cutoff = 3
		var heard []Progress
		s, err := Solve(t.Context(), p, Config{Progress: func(now Progress) { heard = append(heard, now) }})
		if err != nil {
			t.Fatalf("%s: %v", model, err)
		}
		if len(heard) == 0 || heard[0].Stage != Reducing {
			t.Fatalf("%s: heard %v", model, heard)
		}
		better := func(a, b int64) bool { return a != NoValue && (b == NoValue || (a > b) == model.Maximises() && a != b) }
		for i, now := range heard[1:] {
			before := heard[i]
			switch {
			case model == PCentre:
				if now.Stage != Bisecting {
					t.Errorf("%s: stage %s", model, now.Stage)
				}
			case slices.Index(order, now.Stage) < slices.Index(order, before.Stage):
				t.Errorf("%s: %s comes after %s", model, now.Stage, before.Stage)
			}
			if better(before.Value, now.Value) || before.Bound != NoValue && better(now.Bound, before.Bound) || now.Spent < before.Spent || now.Unit != s.Unit {
				t.Errorf("%s: after %+v comes %+v", model, before, now)
			}
		}
		if last := heard[len(heard)-1]; last.Value != s.Value || last.Bound != s.Bound {
			t.Errorf("%s: the last heard is %+v, the answer %d of %d", model, last, s.Value, s.Bound)
		}
	}
}

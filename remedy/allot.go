package remedy

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"lifecircle"
	"lifecircle/siting"
)

// Claim is one provision or indicator that asks for a part of a budget. Its
// question has no number and no budget of its own; its costs must be the same for
// every site.
type Claim struct {
	Question Question
	// Weight is what closing its whole deficit counts, in millionths; 0 means a
	// million: every deficit counts alike, whatever it is measured in.
	Weight int64
}

// Sharing is the stage of a search that shares a budget out; its iterations are
// questions answered.
const Sharing siting.Stage = "sharing"

// Allotment is a budget shared out among claims, with a bound that no sharing and
// no choice of sites can pass. Value and Bound are millionths of a whole deficit
// of weight one.
type Allotment struct {
	Budget, Fen  int64 // what there was, what is spent
	Value, Bound int64
	Proof        siting.Proof
	Parts        []Part
	Solved       int // questions answered on the way
}

// Part is what one claim comes to.
type Part struct {
	Case   *Case
	Weight int64
	Each   int64   // fen for one site
	Answer *Answer // nil where nothing is given
	Closed int64   // of Case.Need
}

// Allot shares a budget out. For claim k let v_k(n) be the most of its deficit
// that n sites close. It looks for
//
//	max Σ_k w_k · v_k(n_k) / need_k   subject to   Σ_k c_k · n_k ≤ budget,
//
// a knapsack of one choice per claim. The frontiers v_k are found point by point:
// siting answers n with a value and a bound. Between the points, fewer sites are
// possible with more, so v_k(n) ≥ v_k(m) for m ≤ n, and v_k(n) ≤ v_k(m) for m ≥ n;
// and since what is closed is submodular in the sites, the best m of n sites close
// at least m/n of it, so v_k(n) ≤ n/m · v_k(m) for m ≤ n. One knapsack over the
// lower and one over the upper frontier give value and bound; the points at which
// the upper one is reached and not yet known are solved next, until value and
// bound meet, all is solved, the effort is spent or ctx ends.
func (g Ground) Allot(ctx context.Context, claims []Claim, budget int64, cfg siting.Config) (*Allotment, error) {
	if len(claims) == 0 || budget < 0 {
		return nil, lifecircle.Errorf("siting_question", "a budget of 0 or more is shared out among one claim or more")
	}
	a := &Allotment{Budget: budget}
	var frontiers []*frontier
	seen := make(map[string]bool)
	for _, claim := range claims {
		f, err := g.claim(ctx, claim, budget)
		if err != nil {
			return nil, err
		}
		if name := f.of.Object.ID + "/" + f.of.Question.Kind; seen[name] {
			return nil, lifecircle.Errorf("siting_question", "%s is claimed for twice", name)
		} else {
			seen[name] = true
		}
		frontiers = append(frontiers, f)
	}
	tell := cfg.Progress
	cfg.Progress = nil // of single questions nobody wants to hear
	solve := func(f *frontier, n int) error {
		a.Solved++
		err := f.solve(ctx, n, cfg)
		if lifecircle.ErrorCode(err) == "siting_no_answer" && f.spent(ctx, cfg) {
			return nil // cut short: what is known holds
		}
		return err
	}
	// The points 1, 2, 4 … leave no upper frontier more than twice too high.
	for _, f := range frontiers {
		for n := 1; n <= f.most; n *= 2 {
			if err := solve(f, n); err != nil {
				return nil, err
			}
			if f.spent(ctx, cfg) {
				break
			}
		}
	}
	var choice []int
	for {
		var bounding []int
		a.Value, choice = knapsack(frontiers, budget, (*frontier).low)
		a.Bound, bounding = knapsack(frontiers, budget, (*frontier).high)
		if tell != nil {
			spent := 0.0
			if cfg.Spent != nil {
				spent = min(cfg.Spent(), 1)
			}
			tell(siting.Progress{Stage: Sharing, Iteration: int64(a.Solved), Value: a.Value, Bound: a.Bound, Unit: siting.Million, Spent: spent})
		}
		if a.Bound <= a.Value || frontiers[0].spent(ctx, cfg) {
			break
		}
		moved := false
		for k, n := range bounding {
			if n > 0 && !frontiers[k].known(n) {
				if err := solve(frontiers[k], n); err != nil {
					return nil, err
				}
				moved = true
			}
		}
		if !moved {
			break // the bounds of single answers are all that is left
		}
	}
	a.Proof = siting.ProofCertified
	if a.Bound <= a.Value {
		a.Bound, a.Proof = a.Value, siting.ProofBound
	}
	for k, f := range frontiers {
		part := Part{Case: f.of, Weight: f.weight, Each: f.each}
		if n := f.at(choice[k]); n > 0 {
			part.Answer = f.answers[n]
			part.Closed = f.answers[n].Solution.Value
			for _, s := range part.Answer.Sites {
				a.Fen += s.Fen
			}
		}
		a.Parts = append(a.Parts, part)
	}
	if a.Fen > budget {
		return nil, fmt.Errorf("remedy: %d fen are spent of %d", a.Fen, budget)
	}
	return a, nil
}

// claim prepares a claim and its empty frontier.
func (g Ground) claim(ctx context.Context, claim Claim, budget int64) (*frontier, error) {
	q := claim.Question
	if q.Count > 0 || q.HasBudget {
		return nil, lifecircle.Errorf("siting_question", "%s: a claim has no number or budget of its own", q.Object)
	}
	q.Budget, q.HasBudget = budget, true
	c, err := g.Prepare(ctx, q)
	if err != nil {
		return nil, err
	}
	if c.Purpose == Unrelated || c.Question.Model != siting.MCLP && c.Question.Model != siting.CMCLP || c.Question.Fairest || c.Question.Share > 0 || c.Question.Floor > 0 {
		return nil, lifecircle.Errorf("siting_question", "%s: a claim is a provision or an indicator whose deficit is closed as far as can be (mclp, cmclp)", cmp.Or(q.Object, q.Kind))
	}
	f := &frontier{of: c, weight: cmp.Or(claim.Weight, siting.Million), need: c.Need, answers: make(map[int]*Answer)}
	if f.weight < 0 || f.weight > 1000*siting.Million {
		return nil, lifecircle.Errorf("siting_question", "%s: a weight of %d millionths: want 0 to a thousand", c.Object.ID, f.weight)
	}
	if f.each = c.oneCost(c.Problem); f.each <= 0 {
		return nil, lifecircle.Errorf("siting_no_cost", "%s: every site must cost the same, and something: say what one costs, or one size", c.Object.ID)
	}
	may := 0
	for j, candidate := range c.Problem.Candidates {
		if candidate.State != siting.Forbidden && c.Spots[j].Origin != FromExisting {
			may++
		}
	}
	f.most = int(min(budget/f.each, int64(may)))
	if c.Purpose == Presence { // the value counts people, the need areas
		f.need = 0
		for _, d := range c.Problem.Demand {
			f.need += d.Weight
		}
	}
	if f.need > math.MaxInt64/f.weight/2 || f.need <= 0 {
		return nil, lifecircle.Errorf("siting_question", "%s: the deficit of %d cannot be weighed", c.Object.ID, f.need)
	}
	return f, nil
}

// frontier is the most of a deficit that so many sites close, where it is known.
type frontier struct {
	of      *Case
	weight  int64
	need    int64
	each    int64
	most    int // sites that the whole budget pays for, or all candidates
	answers map[int]*Answer
	points  []int // solved, ascending
}

func (f *frontier) spent(ctx context.Context, cfg siting.Config) bool {
	return ctx.Err() != nil || cfg.Spent != nil && cfg.Spent() >= 1
}

func (f *frontier) known(n int) bool { return f.answers[n] != nil }

// solve answers the question for n sites.
func (f *frontier) solve(ctx context.Context, n int, cfg siting.Config) error {
	c, p := *f.of, *f.of.Problem
	c.Question.Count, c.Question.HasBudget, c.Question.Budget, c.each = n, false, 0, 0
	p.Limits.Count, p.Limits.HasBudget, p.Limits.Budget = n, false, 0
	c.Problem = &p
	answer, err := c.Solve(ctx, cfg)
	if err != nil {
		return err
	}
	f.answers[n] = answer
	at, _ := slices.BinarySearch(f.points, n)
	f.points = slices.Insert(f.points, at, n)
	return nil
}

// at returns the most solved number of sites that is at most n, 0 if none.
func (f *frontier) at(n int) int {
	best := 0
	for _, m := range f.points {
		if m <= n && (best == 0 || f.answers[m].Solution.Value > f.answers[best].Solution.Value) {
			best = m
		}
	}
	return best
}

// low is what n sites surely close, in millionths times the weight, rounded down.
func (f *frontier) low(n int) int64 {
	m := f.at(n)
	if m == 0 {
		return 0
	}
	return f.weighed(f.answers[m].Solution.Value)
}

// high is what n sites close at most, rounded up.
func (f *frontier) high(n int) int64 {
	if n == 0 {
		return 0
	}
	most := f.need
	for _, m := range f.points {
		bound := f.answers[m].Solution.Bound
		if m < n {
			bound = (bound*int64(n) + int64(m) - 1) / int64(m)
		}
		most = min(most, bound)
	}
	if v := f.weighed(most); v < math.MaxInt64 && most*f.weight%f.need != 0 && !f.exact(n) {
		return v + 1
	}
	return f.weighed(most)
}

// exact reports whether n is solved to its optimum: value and bound then round
// alike.
func (f *frontier) exact(n int) bool {
	a := f.answers[n]
	return a != nil && a.Solution.Value == a.Solution.Bound
}

func (f *frontier) weighed(v int64) int64 { return v * f.weight / f.need }

// knapsack returns the best sum of one number of sites for each frontier within
// the budget, and the numbers. States that cost more and are worth no more than
// another are dropped.
func knapsack(frontiers []*frontier, budget int64, worth func(*frontier, int) int64) (best int64, choice []int) {
	type state struct {
		fen, worth int64
		n          int
		before     int // index into the states of the frontiers before
	}
	layers := [][]state{{{before: -1}}}
	for _, f := range frontiers {
		var next []state
		last := int64(-1)
		for n := 0; n <= f.most; n++ {
			value, fen := worth(f, n), int64(n)*f.each
			if value == last {
				continue // more sites for nothing
			}
			last = value
			for i, s := range layers[len(layers)-1] {
				if s.fen+fen <= budget {
					next = append(next, state{s.fen + fen, s.worth + value, n, i})
				}
			}
		}
		slices.SortStableFunc(next, func(a, b state) int { return cmp.Or(cmp.Compare(a.fen, b.fen), cmp.Compare(b.worth, a.worth)) })
		var kept []state
		for _, s := range next {
			if len(kept) == 0 || s.worth > kept[len(kept)-1].worth {
				kept = append(kept, s)
			}
		}
		layers = append(layers, kept)
	}
	last := layers[len(layers)-1]
	at := len(last) - 1 // worth ascends
	best = last[at].worth
	choice = make([]int, len(frontiers))
	for k := len(frontiers); k > 0; k-- {
		s := layers[k][at]
		choice[k-1], at = s.n, s.before
	}
	return best, choice
}

package remedy_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"lifecircle"
	"lifecircle/api"
	"lifecircle/remedy"
	"lifecircle/siting"
)

// most returns what the best n candidates of a case cover, by trying all.
func most(c *remedy.Case, n int) int64 {
	best := int64(0)
	covered := make([]int, len(c.Cells))
	var choose func(from, left int, sum int64)
	choose = func(from, left int, sum int64) {
		best = max(best, sum)
		if left == 0 {
			return
		}
		for j := from; j < len(c.Spots); j++ {
			demand, _ := c.Problem.Reach.Of(j)
			gain := int64(0)
			for _, i := range demand {
				if covered[i]++; covered[i] == 1 {
					gain += c.Cells[i].Weight
				}
			}
			choose(j+1, left-1, sum+gain)
			for _, i := range demand {
				covered[i]--
			}
		}
	}
	choose(0, n, 0)
	return best
}

// A budget shared out between promises closes as much as the best of all ways to
// share it and of all choices of sites, and says that nothing can close more.
func TestAllotAgainstAllChoices(t *testing.T) {
	t.Parallel()
	w := built(t, onlyP, nil, nil)
	ground := api.Remedies(w)
	objects := []string{"sport.fitness_10min", "edu.school_reach", "circle.park"}
	cases := make([]*remedy.Case, len(objects))
	best := make([][]int64, len(objects))
	for k, object := range objects {
		var err error
		if cases[k], err = ground.Prepare(t.Context(), remedy.Question{Area: town, Object: object, Count: 1}); err != nil {
			t.Fatal(err)
		}
		for n := range 4 {
			best[k] = append(best[k], most(cases[k], n))
		}
	}
	rng := rand.New(rand.NewPCG(5, 5))
	for round := range 12 {
		var claims []remedy.Claim
		var cost, weight [3]int64
		for k, object := range objects {
			cost[k], weight[k] = 1+rng.Int64N(9), (1+rng.Int64N(3))*siting.Million
			claims = append(claims, remedy.Claim{Question: remedy.Question{Area: town, Object: object, SiteCost: cost[k]}, Weight: weight[k]})
		}
		// No more than three sites of a kind: trying all of them ends there.
		budget := rng.Int64N(4 * min(cost[0], cost[1], cost[2]))
		a, err := ground.Allot(t.Context(), claims, budget, siting.Config{Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		want := int64(0)
		for x := range 4 {
			for y := range 4 {
				for z := range 4 {
					if int64(x)*cost[0]+int64(y)*cost[1]+int64(z)*cost[2] > budget {
						continue
					}
					sum := int64(0)
					for k, n := range []int{x, y, z} {
						sum += best[k][n] * weight[k] / cases[k].Need
					}
					want = max(want, sum)
				}
			}
		}
		if a.Value != want || a.Bound != want || a.Proof != siting.ProofBound {
			t.Errorf("round %d: costs %v, weights %v, budget %d: value %d, bound %d, want %d", round, cost, weight, budget, a.Value, a.Bound, want)
		}
		var fen, worth int64
		for k, part := range a.Parts {
			if part.Answer == nil {
				continue
			}
			fen += int64(len(part.Answer.Sites)) * cost[k]
			worth += part.Closed * weight[k] / part.Case.Need
		}
		if fen != a.Fen || fen > budget || worth != a.Value {
			t.Errorf("round %d: %d fen of %d, said %d; the parts are worth %d of %d", round, fen, budget, a.Fen, worth, a.Value)
		}
	}
}

// A sharing cut short keeps its best with a bound that holds.
func TestAllotCutShort(t *testing.T) {
	t.Parallel()
	ground := api.Remedies(built(t, onlyP, nil, nil))
	claims := []remedy.Claim{
		{Question: remedy.Question{Area: town, Object: "sport.fitness_10min", SiteCost: 2}},
		{Question: remedy.Question{Area: town, Object: "edu.school_reach", SiteCost: 3}},
	}
	whole, err := ground.Allot(t.Context(), claims, 20, siting.Config{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	rounds := 0
	short, err := ground.Allot(ctx, claims, 20, siting.Config{Seed: 1, Progress: func(now siting.Progress) {
		if now.Stage != remedy.Sharing || now.Value > now.Bound || now.Unit != siting.Million {
			t.Errorf("told %+v", now)
		}
		if rounds++; rounds == 1 {
			cancel()
		}
	}})
	cancel()
	if err != nil {
		t.Fatal(err)
	}
	if short.Value > whole.Value || short.Bound < whole.Value || short.Solved > whole.Solved+1 {
		t.Errorf("cut short: %d of %d after %d questions; the whole: %d after %d", short.Value, short.Bound, short.Solved, whole.Value, whole.Solved)
	}
}

// What cannot be shared says why.
func TestAllotRefused(t *testing.T) {
	t.Parallel()
	ground := api.Remedies(built(t, onlyP, nil, nil))
	fitness := remedy.Question{Area: town, Object: "1.1.7", SiteCost: 5}
	for _, c := range []struct {
		claims []remedy.Claim
		budget int64
		code   string
	}{
		{nil, 1, "siting_question"},
		{[]remedy.Claim{{Question: fitness}}, -1, "siting_question"},
		{[]remedy.Claim{{Question: fitness}, {Question: fitness}}, 9, "siting_question"},
		{[]remedy.Claim{{Question: remedy.Question{Area: town, Object: "1.1.7"}}}, 9, "siting_no_cost"},
		{[]remedy.Claim{{Question: remedy.Question{Area: town, Object: "1.1.7", SiteCost: 5, Count: 2}}}, 9, "siting_question"},
		{[]remedy.Claim{{Question: remedy.Question{Area: town, Object: "1.1.7", SiteCost: 5, Model: siting.LSCP}}}, 9, "siting_question"},
		{[]remedy.Claim{{Question: remedy.Question{Area: town, Kind: "library", SiteCost: 5}}}, 9, "siting_question"},
		{[]remedy.Claim{{Question: fitness, Weight: -1}}, 9, "siting_question"},
	} {
		if _, err := ground.Allot(t.Context(), c.claims, c.budget, siting.Config{}); lifecircle.ErrorCode(err) != c.code {
			t.Errorf("%+v: %v, want %s", c.claims, err, c.code)
		}
	}
}

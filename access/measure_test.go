package access_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"lifecircle"
	"lifecircle/access"
)

// matrix is what random catchments are made of.
type matrix struct {
	pairs          []access.Pair
	supply, demand []int64
}

const matrixLimit = 900

func drawMatrix(t *rapid.T) matrix {
	places, points := rapid.IntRange(1, 6).Draw(t, "places"), rapid.IntRange(1, 8).Draw(t, "points")
	m := matrix{supply: make([]int64, places), demand: make([]int64, points)}
	for j := range m.supply {
		m.supply[j] = rapid.Int64Range(0, 5000).Draw(t, "supply")
	}
	for i := range m.demand {
		m.demand[i] = rapid.Int64Range(0, 100000).Draw(t, "demand")
		for j := range m.supply {
			if rapid.Bool().Draw(t, "near") {
				m.pairs = append(m.pairs, access.Pair{Place: j, Point: i, Cost: rapid.Uint32Range(0, matrixLimit).Draw(t, "cost")})
			}
		}
	}
	return m
}

func (m matrix) catchments() *access.Catchments {
	return access.NewCatchments(len(m.supply), len(m.demand), m.pairs)
}

// decays are the weights, with the formula each must follow.
func decays() map[string]struct {
	decay   access.Decay
	formula func(t float64) float64
} {
	type one = struct {
		decay   access.Decay
		formula func(t float64) float64
	}
	return map[string]one{
		"within": {access.Within, func(float64) float64 { return 1 }},
		"zones": {access.Zones(matrixLimit), func(t float64) float64 {
			switch {
			case t <= matrixLimit/3:
				return 1
			case t <= 2*matrixLimit/3:
				return 0.68
			}
			return 0.22
		}},
		"gaussian": {access.Gaussian(matrixLimit), func(t float64) float64 {
			x := t / matrixLimit
			return (math.Exp(-x*x/2) - math.Exp(-0.5)) / (1 - math.Exp(-0.5))
		}},
	}
}

// twin is the formulas of the papers on a full matrix of floats.
func (m matrix) twin(method access.Method, f func(t float64) float64) []float64 {
	if method == access.TwoStep {
		f = func(float64) float64 { return 1 }
	}
	w := make([][]float64, len(m.demand))
	for i := range w {
		w[i] = make([]float64, len(m.supply))
	}
	for _, p := range m.pairs {
		w[p.Point][p.Place] = f(float64(p.Cost))
	}
	g := func(i, j int) float64 {
		sum := 0.0
		for _, x := range w[i] {
			sum += x
		}
		if method != access.ThreeStep || sum == 0 {
			return 1
		}
		return w[i][j] / sum
	}
	scores := make([]float64, len(m.demand))
	for j, s := range m.supply {
		demand := 0.0
		for i, p := range m.demand {
			demand += g(i, j) * float64(p) * w[i][j]
		}
		for i := range scores {
			switch {
			case method == access.Gravity:
				scores[i] += float64(s) * w[i][j]
			case demand == 0:
			case method == access.Modified:
				scores[i] += float64(s) * w[i][j] * w[i][j] / demand
			default:
				scores[i] += float64(s) / demand * g(i, j) * w[i][j]
			}
		}
	}
	return scores
}

func TestFloatEqualsTheFormulas(t *testing.T) {
	t.Parallel()
	for name, d := range decays() {
		for _, method := range access.Methods() {
			t.Run(name+" "+string(method), func(t *testing.T) {
				t.Parallel()
				rapid.Check(t, func(t *rapid.T) {
					m := drawMatrix(t)
					got, err := m.catchments().Float(access.FloatConfig{Method: method, Decay: d.decay, Supply: m.supply, Demand: m.demand})
					if lifecircle.ErrorCode(err) == "ratio_too_large" {
						return
					}
					if err != nil {
						t.Fatal(err)
					}
					for i, want := range m.twin(method, d.formula) {
						// Weights are rounded to 2^-30: near the end of a decay that is a
						// large share of the weight, so the ratios carry it.
						if is := got.Scores[i].Float64(); math.Abs(is-want) > 1e-4*max(1, want) {
							t.Fatalf("point %d: %v, the formula says %v", i, is, want)
						}
					}
				})
			})
		}
	}
}

// Nothing is lost: people times their scores are the supply of the places that
// have demand, to within the rounding that is stated.
func TestSupplyIsConserved(t *testing.T) {
	t.Parallel()
	for name, d := range decays() {
		for _, method := range []access.Method{access.TwoStep, access.Enhanced, access.ThreeStep} {
			t.Run(name+" "+string(method), func(t *testing.T) {
				t.Parallel()
				rapid.Check(t, func(t *rapid.T) {
					m := drawMatrix(t)
					got, err := m.catchments().Float(access.FloatConfig{Method: method, Decay: d.decay, Supply: m.supply, Demand: m.demand})
					if err != nil {
						return
					}
					given, shared, slack := new(big.Int), new(big.Int), new(big.Int)
					for j, s := range m.supply {
						if got.Served[j] {
							given.Add(given, new(big.Int).Lsh(big.NewInt(s), access.ScoreBits))
						}
					}
					for i, p := range m.demand {
						units := got.Scores[i].Units()
						shared.Add(shared, units.Mul(units, big.NewInt(p)))
					}
					for _, p := range m.pairs {
						slack.Add(slack, big.NewInt(m.demand[p.Point]))
					}
					if off := new(big.Int).Sub(given, shared); off.Abs(off).Cmp(slack) > 0 {
						t.Fatalf("%v of supply became %v of access: off by %v units, at most %v are rounding", given, shared, off, slack)
					}
				})
			})
		}
	}
}

// By hand: two places of 10 and 30; A (100 people) reaches both, B (200) the
// second only. R1 = 10/100, R2 = 30/300; A has 0.2, B 0.1.
func TestTwoStepByHand(t *testing.T) {
	t.Parallel()
	c := access.NewCatchments(3, 3, []access.Pair{{Place: 1, Point: 1, Cost: 9}, {Place: 0, Point: 0, Cost: 5}, {Place: 1, Point: 0, Cost: 900}})
	got, err := c.Float(access.FloatConfig{Method: access.TwoStep, Supply: []int64{10, 30, 7}, Demand: []int64{100, 200, 50}})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{0.2, 0.1, 0} {
		if is := got.Scores[i].Float64(); math.Abs(is-want) > 1e-11 {
			t.Errorf("point %d: %v, want %v", i, is, want)
		}
	}
	if diff := cmp.Diff([]bool{true, true, false}, got.Served); diff != "" {
		t.Errorf("served (-want +got):\n%s", diff)
	}
}

// The order of places, points and pairs changes no bit.
func TestOrderChangesNoBit(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(9, 9))
	rapid.Check(t, func(t *rapid.T) {
		m := drawMatrix(t)
		place, point := random.Perm(len(m.supply)), random.Perm(len(m.demand))
		turned := matrix{supply: make([]int64, len(m.supply)), demand: make([]int64, len(m.demand)), pairs: slices.Clone(m.pairs)}
		for i, p := range turned.pairs {
			turned.pairs[i] = access.Pair{Place: place[p.Place], Point: point[p.Point], Cost: p.Cost}
		}
		random.Shuffle(len(turned.pairs), func(i, k int) { turned.pairs[i], turned.pairs[k] = turned.pairs[k], turned.pairs[i] })
		for j, s := range m.supply {
			turned.supply[place[j]] = s
		}
		for i, d := range m.demand {
			turned.demand[point[i]] = d
		}
		for _, method := range access.Methods() {
			one, err := m.catchments().Float(access.FloatConfig{Method: method, Decay: access.Gaussian(matrixLimit), Supply: m.supply, Demand: m.demand})
			other, err2 := turned.catchments().Float(access.FloatConfig{Method: method, Decay: access.Gaussian(matrixLimit), Supply: turned.supply, Demand: turned.demand})
			if (err == nil) != (err2 == nil) {
				t.Fatalf("%s: %v and %v", method, err, err2)
			}
			if err != nil {
				continue
			}
			for i := range m.demand {
				if one.Scores[i] != other.Scores[point[i]] {
					t.Fatalf("%s, point %d: %v and %v", method, i, one.Scores[i], other.Scores[point[i]])
				}
			}
		}
	})
}

func TestMeasuresRefuse(t *testing.T) {
	t.Parallel()
	c := access.NewCatchments(1, 1, []access.Pair{{}})
	for name, cfg := range map[string]access.FloatConfig{
		"no method":        {Supply: []int64{1}, Demand: []int64{1}},
		"negative supply":  {Method: access.TwoStep, Supply: []int64{-1}, Demand: []int64{1}},
		"negative people":  {Method: access.TwoStep, Supply: []int64{1}, Demand: []int64{-1}},
		"too many people":  {Method: access.TwoStep, Supply: []int64{1}, Demand: []int64{1<<53 + 1}},
		"no supply":        {Method: access.TwoStep, Demand: []int64{1}},
		"too large a rate": {Method: access.TwoStep, Supply: []int64{1 << 53}, Demand: []int64{1}},
	} {
		if _, err := c.Float(cfg); lifecircle.ErrorCode(err) == "internal" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := access.Distribute([]float64{math.NaN()}, []int64{1}); lifecircle.ErrorCode(err) != "value_invalid" {
		t.Errorf("no number: %v", err)
	}
	if _, err := access.Distribute([]float64{-1}, []int64{1}); lifecircle.ErrorCode(err) != "value_invalid" {
		t.Errorf("less than nothing: %v", err)
	}
	if _, err := c.Agents(access.AgentsConfig{Supply: []int64{0}, Demand: []int64{1}, Patience: 1}); lifecircle.ErrorCode(err) != "amounts_invalid" {
		t.Errorf("a place without supply: %v", err)
	}
}

// Two places of one supply each beside two villages of 100: everyone stays. When
// all 200 live in the first, they divide until both places cost the same: with
// 100 = τ between them, x/1/200 ... D1/S1/ρ = D2/S2/ρ + 1, ρ = 100: D1 − D2 = 100,
// so 150 and 50.
func TestAgentsByHand(t *testing.T) {
	t.Parallel()
	pairs := []access.Pair{{Place: 0, Point: 0}, {Place: 1, Point: 0, Cost: 100}, {Place: 0, Point: 1, Cost: 100}, {Place: 1, Point: 1}}
	c := access.NewCatchments(2, 3, pairs)
	even, err := c.Agents(access.AgentsConfig{Supply: []int64{1, 1}, Demand: []int64{100, 100, 7}, Patience: 100})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(even.Loads, []int64{100, 100}) || even.Gap != 0 || !math.IsNaN(even.Costs[2]) {
		t.Errorf("even villages: %+v", even)
	}
	one, err := c.Agents(access.AgentsConfig{Supply: []int64{1000, 1000}, Demand: []int64{200_000, 0, 0}, Patience: 100, Rounds: 2000})
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(float64(one.Loads[0])-150_000) > 500 || one.Loads[0]+one.Loads[1] != 200_000 || one.Gap > 0.01 {
		t.Errorf("one village: loads %v, gap %v, want 150,000 and 50,000", one.Loads, one.Gap)
	}
	// At the equilibrium: 150 of 100 on average are 1.5.
	if math.Abs(one.Costs[0]-1.5) > 0.01 {
		t.Errorf("cost %v, want 1.5", one.Costs[0])
	}
}

// People are neither made nor lost, and the gap falls with more rounds.
func TestAgentsKeepPeople(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := drawMatrix(t)
		for j := range m.supply {
			m.supply[j]++
		}
		c := m.catchments()
		got, err := c.Agents(access.AgentsConfig{Supply: m.supply, Demand: m.demand, Patience: 300})
		if err != nil {
			t.Fatal(err)
		}
		want, is := int64(0), int64(0)
		for i, d := range m.demand {
			if !math.IsNaN(got.Costs[i]) {
				want += d
			}
		}
		for _, load := range got.Loads {
			is += load
		}
		if is != want || got.Gap < 0 || got.Gap > 1 {
			t.Fatalf("%d people go, %d reach a place; gap %v", is, want, got.Gap)
		}
	})
}

// BenchmarkTwoStep is 2SFCA of 100 places over 100,000 points, 200,000 pairs.
func BenchmarkTwoStep(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 1))
	const places, points = 100, 100_000
	pairs := make([]access.Pair, 200_000)
	for i := range pairs {
		pairs[i] = access.Pair{Place: random.IntN(places), Point: random.IntN(points), Cost: uint32(random.IntN(matrixLimit))}
	}
	supply, demand := make([]int64, places), make([]int64, points)
	for j := range supply {
		supply[j] = 50_000
	}
	for i := range demand {
		demand[i] = 30_000
	}
	c := access.NewCatchments(places, points, pairs)
	for b.Loop() {
		if _, err := c.Float(access.FloatConfig{Method: access.TwoStep, Supply: supply, Demand: demand}); err != nil {
			b.Fatal(err)
		}
	}
}

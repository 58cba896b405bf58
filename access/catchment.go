package access

import (
	"cmp"
	"math"
	"math/big"
	"math/bits"
	"slices"

	"lifecircle"
)

// Catchments are the pairs of places and points near enough to each other, with
// what the way costs. They never change.
type Catchments struct {
	points, places int
	// The points of place j are point[first[j]:first[j+1]], ascending, at cost.
	first []uint32
	point []uint32
	cost  []uint32
}

// Pair is a place, a point and what the way between them costs.
type Pair struct {
	Place, Point int
	Cost         uint32
}

// NewCatchments keeps pairs, whose order does not matter.
func NewCatchments(places, points int, pairs []Pair) *Catchments {
	sorted := slices.Clone(pairs)
	slices.SortFunc(sorted, func(a, b Pair) int {
		return cmp.Or(cmp.Compare(a.Place, b.Place), cmp.Compare(a.Point, b.Point), cmp.Compare(a.Cost, b.Cost))
	})
	c := &Catchments{points: points, places: places, first: make([]uint32, places+1)}
	for _, p := range sorted {
		c.first[p.Place+1]++
		c.point, c.cost = append(c.point, uint32(p.Point)), append(c.cost, p.Cost)
	}
	for j := range places {
		c.first[j+1] += c.first[j]
	}
	return c
}

// WeightBits are the binary places of a weight: 1 is 2^30.
const WeightBits = 30

// One is the weight of what counts whole.
const One = 1 << WeightBits

// Decay says how much a place counts at a cost, at most One.
type Decay func(cost uint32) uint32

// Within counts everything whole: W = 1.
func Within(uint32) uint32 { return One }

// weigh rounds a weight of 0 … 1 to the nearest unit.
func weigh(w float64) uint32 { return uint32(math.Round(min(max(w, 0), 1) * One)) }

// Zones returns the weights of three zones of equal width up to limit, the steps of
// W. Luo, Y. Qi, An enhanced two-step floating catchment area method, Health &
// Place 15, 2009: a Gaussian 1, 0.68, 0.22 at zones of a third each (their
// slow decay for zones of 10, 20 and 30 minutes).
func Zones(limit uint32) Decay {
	weights := [3]uint32{One, weigh(0.68), weigh(0.22)}
	return func(cost uint32) uint32 {
		if cost > limit {
			return 0
		}
		// Bounds are inclusive: exactly a third is in the first zone.
		zone := min(2, int((3*uint64(max(cost, 1))-1)/uint64(max(limit, 1))))
		return weights[zone]
	}
}

// Gaussian returns weights that fall from 1 to 0 at the limit (D. Dai, Black
// residential segregation, disparities in spatial access to health care
// facilities, and late-stage breast cancer diagnosis, Health & Place 16, 2010):
//
//	f(t) = (e^(−½ (t/t0)²) − e^(−½)) / (1 − e^(−½))
func Gaussian(limit uint32) Decay {
	end := math.Exp(-0.5)
	return func(cost uint32) uint32 {
		if cost > limit {
			return 0
		}
		t := float64(cost) / float64(max(limit, 1))
		return weigh((math.Exp(-0.5*t*t) - end) / (1 - end))
	}
}

// Method is a floating catchment area method. In the formulas i are points with
// people P, j places with supply S, W = Decay(t_ij).
type Method string

// The methods.
const (
	// TwoStep (2SFCA; W. Luo, F. Wang, Measures of spatial accessibility to health
	// care in a GIS environment, Environment and Planning B 30, 2003):
	//	R_j = S_j / Σ_k P_k,  A_i = Σ_j R_j, both over t ≤ t0
	TwoStep Method = "2sfca"
	// Enhanced (E2SFCA; Luo, Qi 2009):
	//	R_j = S_j / Σ_k P_k W_kj,  A_i = Σ_j R_j W_ij
	Enhanced Method = "e2sfca"
	// ThreeStep (3SFCA; N. Wan, B. Zou, T. Sternberg, A three-step floating catchment
	// area method, Int. J. Geographical Information Science 26, 2012): people divide
	// among the places they can reach,
	//	G_ij = W_ij / Σ_m W_im,  R_j = S_j / Σ_k G_kj P_k W_kj,  A_i = Σ_j G_ij R_j W_ij
	ThreeStep Method = "3sfca"
	// Modified (M2SFCA; P. L. Delamater, Spatial accessibility in suboptimally
	// configured health care systems, Health & Place 24, 2013): what is far is worth
	// less even to who need not share it, so supply is lost on the way,
	//	A_i = Σ_j S_j W_ij² / Σ_k P_k W_kj
	Modified Method = "m2sfca"
	// Gravity (W. G. Hansen, How accessibility shapes land use, Journal of the
	// American Institute of Planners 25, 1959), without competition:
	//	A_i = Σ_j S_j W_ij
	Gravity Method = "gravity"
)

// Methods returns all methods.
func Methods() []Method { return []Method{TwoStep, Enhanced, ThreeStep, Modified, Gravity} }

// FloatConfig says what flows between places and points.
type FloatConfig struct {
	Method Method
	Decay  Decay   // nil means Within
	Supply []int64 // of each place, at least 0
	Demand []int64 // of each point, at least 0; in the unit of the supply
}

// maxAmount bounds supply, demand and the sums of either: 2^53.
const maxAmount = 1 << 53

// Floated is what a floating catchment area method says.
type Floated struct {
	Scores []Score // of each point
	// Ratios are the supply for a unit of demand of each place, 0 where Served is
	// false. Of Gravity it is the supply itself.
	Ratios []Score
	// Served says which places have demand in their catchments: the supply of the
	// others reaches nobody.
	Served []bool
}

// Float computes scores of access. For TwoStep, Enhanced and ThreeStep
//
//	Σ_i P_i A_i = Σ_j S_j over places with demand
//
// holds to within 2^-40 for each pair and unit of demand: ratios and products are
// rounded to the nearest unit, weights to 2^-30 and their quotients to 2^-60. Supply or demand out of bounds and
// ratios beyond 2^23 give a lifecircle.Error. O(pairs).
func (c *Catchments) Float(cfg FloatConfig) (*Floated, error) {
	if !slices.Contains(Methods(), cfg.Method) {
		return nil, lifecircle.Errorf("method_unknown", "method %q: want one of %v", cfg.Method, Methods())
	}
	for name, amounts := range map[string][]int64{"supply": cfg.Supply, "demand": cfg.Demand} {
		if err := checkAmounts(name, amounts); err != nil {
			return nil, err
		}
	}
	if len(cfg.Supply) != c.places || len(cfg.Demand) != c.points && cfg.Method != Gravity {
		return nil, lifecircle.Errorf("amounts_invalid", "%d supplies for %d places and %d demands for %d points", len(cfg.Supply), c.places, len(cfg.Demand), c.points)
	}
	decay := cfg.Decay
	if decay == nil || cfg.Method == TwoStep {
		decay = Within
	}
	share, worth := c.weights(cfg.Method, decay)
	out := &Floated{Scores: make([]Score, c.points), Ratios: make([]Score, c.places), Served: make([]bool, c.places)}
	for j := range c.places {
		ratio, served := uint64(0), true
		if cfg.Method == Gravity {
			out.Ratios[j] = Score{uint64(cfg.Supply[j]) >> (64 - ScoreBits), uint64(cfg.Supply[j]) << ScoreBits}
		} else {
			var demand Score // 128 bits, in units of 2^-60 people
			for i := c.first[j]; i < c.first[j+1]; i++ {
				high, low := bits.Mul64(uint64(cfg.Demand[c.point[i]]), share(int(i)))
				demand = demand.Add(Score{high, low})
			}
			var err error
			if ratio, served, err = ratioOf(cfg.Supply[j], demand); err != nil {
				return nil, err
			}
			out.Ratios[j] = Score{0, ratio}
		}
		out.Served[j] = served && c.first[j] < c.first[j+1]
		for i := c.first[j]; i < c.first[j+1]; i++ {
			score := &out.Scores[c.point[i]]
			if cfg.Method == Gravity {
				// 53 bits of supply and 30 of weight, moved by the 10 that are missing to 40.
				high, low := bits.Mul64(uint64(cfg.Supply[j])<<(ScoreBits-WeightBits), uint64(decay(c.cost[i])))
				*score = score.Add(Score{high, low})
				continue
			}
			*score = score.Add(times(ratio, worth(int(i))))
		}
	}
	return out, nil
}

func checkAmounts(name string, amounts []int64) error {
	sum := int64(0)
	for i, a := range amounts {
		if a < 0 {
			return lifecircle.Errorf("amounts_invalid", "%s %d is %d: want 0 or more", name, i, a)
		}
		if a > maxAmount || sum+a > maxAmount {
			return lifecircle.Errorf("amounts_invalid", "the %s sums to more than 2^53 by number %d: count it in a larger unit", name, i)
		}
		sum += a
	}
	return nil
}

// fineBits are the binary places of weights that were multiplied or divided: the
// square of a weight is exact.
const fineBits = 2 * WeightBits

// weights returns, for pair number i and in units of 2^-60, how much of the demand
// of the point counts at the place, and how much the place's ratio is worth at the
// point.
func (c *Catchments) weights(method Method, decay Decay) (share, worth func(i int) uint64) {
	plain := func(i int) uint64 { return uint64(decay(c.cost[i])) << WeightBits }
	square := func(i int) uint64 { return uint64(decay(c.cost[i])) * uint64(decay(c.cost[i])) }
	switch method {
	case Modified:
		return plain, square
	case ThreeStep:
		sums := make([]uint64, c.points)
		for i, point := range c.point {
			sums[point] += uint64(decay(c.cost[i]))
		}
		divided := func(i int) uint64 {
			sum := sums[c.point[i]]
			if sum == 0 {
				return 0
			}
			// G W = W²/ΣW; the high word is less than the sum, which W is part of.
			high, low := bits.Mul64(square(i), One)
			low, carry := bits.Add64(low, sum/2, 0)
			quotient, _ := bits.Div64(high+carry, low, sum)
			return quotient
		}
		return divided, divided
	}
	return plain, plain
}

// ratioOf divides a supply by a demand in units of 2^-60, in units of 2^-40,
// rounded to the nearest.
func ratioOf(supply int64, demand Score) (ratio uint64, served bool, err error) {
	if demand == (Score{}) {
		return 0, false, nil
	}
	d := demand.Units()
	n := new(big.Int).Lsh(big.NewInt(supply), ScoreBits+fineBits)
	n.Add(n, new(big.Int).Rsh(d, 1)).Quo(n, d)
	if n.BitLen() > 63 {
		return 0, false, lifecircle.Errorf("ratio_too_large", "a supply of %d meets a demand of almost nothing: leave out points with such a demand", supply)
	}
	return n.Uint64(), true, nil
}

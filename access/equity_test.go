package access_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"lifecircle/access"
)

// shares are values with people, as equity is measured on.
type shares struct {
	values []float64
	people []int64
	group  []int
	rank   []float64
}

func drawShares(t *rapid.T) shares {
	var s shares
	for range rapid.IntRange(1, 9).Draw(t, "points") {
		s.values = append(s.values, float64(rapid.IntRange(0, 5).Draw(t, "value")))
		s.people = append(s.people, rapid.Int64Range(0, 4).Draw(t, "people"))
		s.group = append(s.group, rapid.IntRange(0, 2).Draw(t, "group"))
		s.rank = append(s.rank, float64(rapid.IntRange(0, 3).Draw(t, "rank")))
	}
	return s
}

// persons writes every person down, as the twin of weights.
func (s shares) persons() (values []float64, rank []float64) {
	for i, n := range s.people {
		for range n {
			values, rank = append(values, s.values[i]), append(rank, s.rank[i])
		}
	}
	return values, rank
}

func alike(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(1, math.Abs(a), math.Abs(b)) }

func TestEquityEqualsTheTwin(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawShares(t)
		d, err := access.Distribute(s.values, s.people)
		if err != nil {
			t.Fatal(err)
		}
		x, rank := s.persons()
		n := float64(len(x))
		sum := 0.0
		for _, v := range x {
			sum += v
		}
		gini, ok := d.Gini()
		if ok != (sum > 0) {
			t.Fatalf("gini %v %v of a sum of %v", gini, ok, sum)
		}
		if !ok {
			return
		}
		mean := sum / n
		differences, theil, below := 0.0, 0.0, 0.0
		for _, a := range x {
			for _, b := range x {
				differences += math.Abs(a - b)
			}
			if a > 0 {
				theil += a / mean * math.Log(a/mean) / n
			}
			if a < 2 {
				below++
			}
		}
		if want := differences / (2 * n * sum); !alike(gini, want) {
			t.Fatalf("gini %v, want %v", gini, want)
		}
		if got, _ := d.Theil(); !alike(got, theil) {
			t.Fatalf("theil %v, want %v", got, theil)
		}
		if got, _ := d.ShareBelow(2); !alike(got, below/n) {
			t.Fatalf("share below 2: %v, want %v", got, below/n)
		}
		parts, ok, err := access.TheilOf(s.values, s.people, s.group)
		if err != nil || !ok || !alike(parts.Total, theil) || parts.Between < -1e-12 || parts.Within < 0 {
			t.Fatalf("theil's parts %+v %v %v, want %v in all", parts, ok, err, theil)
		}
		// The index by the covariance of values and mean ranks, person by person.
		covariance := 0.0
		for i, v := range x {
			lower, same := 0.0, 0.0
			for _, other := range rank {
				if other < rank[i] {
					lower++
				} else if other == rank[i] {
					same++
				}
			}
			covariance += (v - mean) * ((lower + same/2) / n) / n
		}
		got, ok, err := access.Concentration(s.values, s.people, s.rank)
		if err != nil || !ok || !alike(got, 2*covariance/mean) {
			t.Fatalf("concentration %v %v %v, want %v", got, ok, err, 2*covariance/mean)
		}
		own, _, _ := access.Concentration(s.values, s.people, s.values)
		if !alike(own, gini) {
			t.Fatalf("ranked by itself the index is %v, the Gini coefficient %v", own, gini)
		}
	})
}

// The order of points changes no bit of any index.
func TestEquityKnowsNoOrder(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(4, 4))
	rapid.Check(t, func(t *rapid.T) {
		s := drawShares(t)
		for i := range s.values {
			s.values[i] /= 3
		}
		var turned shares
		for _, i := range random.Perm(len(s.values)) {
			turned.values, turned.people = append(turned.values, s.values[i]), append(turned.people, s.people[i])
			turned.group, turned.rank = append(turned.group, s.group[i]), append(turned.rank, s.rank[i])
		}
		all := func(s shares) []float64 {
			d, err := access.Distribute(s.values, s.people)
			if err != nil {
				t.Fatal(err)
			}
			gini, _ := d.Gini()
			theil, _ := d.Theil()
			palma, _ := d.Palma()
			parts, _, _ := access.TheilOf(s.values, s.people, s.group)
			concentration, _, _ := access.Concentration(s.values, s.people, s.rank)
			return []float64{gini, theil, palma, parts.Between, parts.Within, concentration}
		}
		if diff := cmp.Diff(all(s), all(turned)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// By hand: of ten people nine have 1 and one has 11, 20 in all. Palma: the richest
// tenth has 11, the poorest four tenths 4.
func TestEquityByHand(t *testing.T) {
	t.Parallel()
	d, err := access.Distribute([]float64{11, 1, 99}, []int64{1, 9, 0})
	if err != nil {
		t.Fatal(err)
	}
	if palma, ok := d.Palma(); !ok || !alike(palma, 11.0/4) {
		t.Errorf("palma %v %v, want 2.75", palma, ok)
	}
	if curve, ok := d.Lorenz(); !ok || len(curve) != 3 || !alike(curve[1].People, 0.9) || !alike(curve[1].Value, 0.45) {
		t.Errorf("lorenz %v", curve)
	}
	// Exactly the standard is enough.
	if below, ok := d.ShareBelow(1); !ok || below != 0 {
		t.Errorf("below 1: %v %v", below, ok)
	}
	if below, _ := d.ShareBelow(1.5); !alike(below, 0.9) {
		t.Errorf("below 1.5: %v", below)
	}
	for share, want := range map[float64]float64{0: 1, 0.1: 1, 0.9: 1, 0.91: 11, 1: 11} {
		if got, ok := d.Quantile(share); !ok || got != want {
			t.Errorf("quantile %v: %v %v, want %v", share, got, ok, want)
		}
	}
	nothing, err := access.Distribute([]float64{0, 0}, []int64{3, 4})
	if err != nil {
		t.Fatal(err)
	}
	for name, index := range map[string]func() (float64, bool){"gini": nothing.Gini, "theil": nothing.Theil, "palma": nothing.Palma} {
		if v, ok := index(); ok {
			t.Errorf("%s of nothing is %v: want no answer", name, v)
		}
	}
	if below, ok := nothing.ShareBelow(1); !ok || below != 1 {
		t.Errorf("below 1 of nothing: %v %v", below, ok)
	}
	nobody, _ := access.Distribute(nil, nil)
	if _, ok := nobody.ShareBelow(1); ok || nobody.People() != 0 {
		t.Error("nobody has a share")
	}
}

func TestCircle(t *testing.T) {
	t.Parallel()
	// Two readings: 80 and 60 metres a minute, in decimetres.
	c := access.Circle{
		Variants: []string{"fast", "slow"},
		Levels: []access.CircleLevel{
			{ID: "5", Reach: []uint32{4000, 3000}, Must: []string{"station"}, Should: []string{"parcel"}, Band: access.PeopleBand{Least: 5000, Most: 12000}},
			{ID: "10", Reach: []uint32{8000, 6000}, Must: []string{"school"}, Band: access.PeopleBand{Least: 15000, Most: 25000}},
			{ID: "15", Reach: []uint32{12000, 9000}, Must: []string{"hospital"}, Band: access.PeopleBand{Least: 50000}},
		},
	}
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	around := access.Surroundings{
		// The station is too far for 5 minutes and within 10: so the larger circles
		// hold it, and are not nested.
		Cost:   map[string]uint32{"station": 4500, "school": 8000, "hospital": 9000},
		People: []int64{5000, 25001, 60000},
	}
	want := []access.CircleLevelResult{
		{ID: "5", MustLacking: []string{"station"}, ShouldLacking: []string{"parcel"}, Fit: access.FitWithin},
		{ID: "10", ShouldLacking: []string{"parcel"}, Holds: true, Fit: access.FitAbove},
		{ID: "15", ShouldLacking: []string{"parcel"}, Holds: true, Fit: access.FitWithin},
	}
	if diff := cmp.Diff(want, c.Evaluate(0, around)); diff != "" {
		t.Errorf("fast (-want +got):\n%s", diff)
	}
	around.People, around.Cost["station"], around.Cost["parcel"] = nil, 3000, 3001
	want = []access.CircleLevelResult{
		{ID: "5", ShouldLacking: []string{"parcel"}, Holds: true, Nested: true, Fit: access.FitUnknown},
		{ID: "10", MustLacking: []string{"school"}, Fit: access.FitUnknown},
		{ID: "15", Holds: true, Fit: access.FitUnknown},
	}
	if diff := cmp.Diff(want, c.Evaluate(1, around)); diff != "" {
		t.Errorf("slow (-want +got):\n%s", diff)
	}
	for name, bad := range map[string]func(*access.Circle){
		"no levels":       func(c *access.Circle) { c.Levels = nil },
		"no variants":     func(c *access.Circle) { c.Variants = nil },
		"a reach missing": func(c *access.Circle) { c.Levels[1].Reach = []uint32{1} },
		"out of order":    func(c *access.Circle) { c.Levels[0], c.Levels[1] = c.Levels[1], c.Levels[0] },
		"a kind twice":    func(c *access.Circle) { c.Levels[2].Should = []string{"station"} },
		"an empty band":   func(c *access.Circle) { c.Levels[0].Band = access.PeopleBand{Least: 2, Most: 1} },
	} {
		broken := c
		broken.Levels = append([]access.CircleLevel(nil), c.Levels...)
		bad(&broken)
		if broken.Check() == nil {
			t.Errorf("%s: not refused", name)
		}
	}
}

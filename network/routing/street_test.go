package routing

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// lattice is a town of streets side by side with some missing and random weights.
func lattice(side int, directed bool, random *rand.Rand) (g Graph, weights []uint32) {
	rows := make([][]uint32, side*side)
	cost := make([][]uint32, side*side)
	join := func(a, b int) {
		if random.IntN(8) == 0 {
			return
		}
		there := 1 + random.Uint32N(100)
		back := there
		if directed {
			back = 1 + random.Uint32N(100)
		}
		rows[a], cost[a] = append(rows[a], uint32(b)), append(cost[a], there)
		rows[b], cost[b] = append(rows[b], uint32(a)), append(cost[b], back)
	}
	g.First = []uint32{0}
	for v := range rows {
		if v%side > 0 {
			join(v-1, v)
		}
		if v >= side {
			join(v-side, v)
		}
		g.X, g.Y = append(g.X, float32(v%side)), append(g.Y, float32(v/side))
	}
	for v := range rows {
		g.Heads = append(g.Heads, rows[v]...)
		weights = append(weights, cost[v]...)
		g.First = append(g.First, uint32(len(g.Heads)))
	}
	return g, weights
}

// After any number of closures, openings and slow-downs a metric is that of the
// weights it has, and a change taken back leaves no trace.
func TestChangesEqualCustomising(t *testing.T) {
	t.Parallel()
	for _, directed := range []bool{false, true} {
		random := rand.New(rand.NewPCG(3, 4))
		g, weights := lattice(40, directed, random)
		ix, err := Build(g, BuildConfig{})
		if err != nil {
			t.Fatal(err)
		}
		m, err := ix.Customise(weights, MetricConfig{})
		if err != nil {
			t.Fatal(err)
		}
		first := m.Clone()
		now := slices.Clone(weights)
		equal := func(name string, a, b *Metric) {
			t.Helper()
			if !slices.Equal(a.up, b.up) || !slices.Equal(a.down, b.down) || !slices.Equal(a.weights, b.weights) {
				t.Fatalf("directed %v: %s: the changed metric differs", directed, name)
			}
		}
		back := func(arc uint32) uint32 {
			for v := range uint32(g.Nodes()) {
				if arc >= g.First[v] && arc < g.First[v+1] {
					w := g.Heads[arc]
					return g.First[w] + uint32(slices.Index(g.Heads[g.First[w]:g.First[w+1]], v))
				}
			}
			return 0
		}
		for round := range 4000 {
			arc := random.Uint32N(uint32(len(now)))
			weight := []uint32{Barred, weights[arc], 2 * now[arc], random.Uint32N(3)}[random.IntN(4)]
			weight = min(weight, Barred)
			changes := []ArcChange{{arc, weight}}
			if random.IntN(3) > 0 { // the whole street
				changes = append(changes, ArcChange{back(arc), weight})
			}
			if err := m.Change(changes); err != nil {
				t.Fatal(err)
			}
			for _, c := range changes {
				now[c.Arc] = c.Weight
			}
			if round%250 == 0 || round > 3995 {
				full, err := ix.Customise(now, MetricConfig{})
				if err != nil {
					t.Fatal(err)
				}
				equal("after changes", m, full)
			}
		}
		var restore []ArcChange
		for arc, w := range weights {
			restore = append(restore, ArcChange{uint32(arc), w})
		}
		if err := m.Change(restore); err != nil {
			t.Fatal(err)
		}
		equal("taken back", m, first)
	}
}

func TestChangeOfWhatIsNotThere(t *testing.T) {
	t.Parallel()
	g, weights := lattice(3, false, rand.New(rand.NewPCG(1, 1)))
	ix, err := Build(g, BuildConfig{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := ix.Customise(weights, MetricConfig{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []ArcChange{{uint32(len(weights)), 1}, {0, Barred + 1}} {
		if err := m.Change([]ArcChange{c}); err == nil {
			t.Errorf("%+v was accepted", c)
		}
	}
}

// One and two goroutines give the same index and metric to the bit.
func TestThreadsDoNotMatter(t *testing.T) {
	t.Parallel()
	for _, side := range []int{2, 30, 190} {
		g, weights := lattice(side, true, rand.New(rand.NewPCG(uint64(side), 1)))
		var all [2]*Metric
		for i := range all {
			ix, err := Build(g, BuildConfig{Threads: i + 1})
			if err != nil {
				t.Fatal(err)
			}
			if all[i], err = ix.Customise(weights, MetricConfig{Threads: i + 1}); err != nil {
				t.Fatal(err)
			}
		}
		a, b := all[0].index, all[1].index
		if !slices.Equal(a.rank, b.rank) || !slices.Equal(a.first, b.first) || !slices.Equal(a.heads, b.heads) || !slices.Equal(a.tasks, b.tasks) {
			t.Errorf("side %d: two indices", side)
		}
		if !slices.Equal(all[0].up, all[1].up) || !slices.Equal(all[0].down, all[1].down) {
			t.Errorf("side %d: two metrics", side)
		}
	}
}

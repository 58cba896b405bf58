package routing_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"lifecircle"
	"lifecircle/network/routing"
)

// asks are questions to a sweep, each answered in words.
func asks(w world, m *routing.Metric) []func(*routing.Sweep) string {
	spots := w.spots(12)
	amounts := make([]uint32, w.graph.Nodes())
	for v := range amounts {
		amounts[v] = w.random.Uint32N(9)
	}
	var all []func(*routing.Sweep) string
	for _, direction := range []routing.Direction{routing.Away, routing.Toward} {
		for k := 1; k <= 3; k++ {
			all = append(all, func(s *routing.Sweep) (said string) {
				near := s.Nearest(routing.NearestQuery{Spots: spots, K: k, Direction: direction})
				for v := range uint32(w.graph.Nodes()) {
					said += fmt.Sprintln(near.Of(v, nil))
				}
				return said
			})
		}
		all = append(all, func(s *routing.Sweep) (said string) {
			s.All(spots[:3], direction, func(node uint32, row []uint32) { said += fmt.Sprintln(node, row) })
			return said
		}, func(s *routing.Sweep) (said string) {
			s.Within(spots[0], 700, direction, func(node, d uint32) { said += fmt.Sprintln(node, d) })
			return said
		})
	}
	return append(all, func(s *routing.Sweep) string {
		return fmt.Sprint(s.Matrix(routing.MatrixQuery{From: spots[:5], To: spots[3:]}))
	}, func(s *routing.Sweep) string {
		if slices.ContainsFunc(w.weights, func(d uint32) bool { return d > 1e6 && d < routing.Barred }) {
			return "" // a ring of buckets as long as the longest arc would be too long
		}
		r, ok := s.Route(spots[1], spots[2])
		return fmt.Sprint(r, ok)
	}, func(*routing.Sweep) string {
		sums, err := m.Sums(routing.SumQuery{Amounts: amounts, Radii: []uint32{40, 700}})
		return fmt.Sprint(sums, err)
	})
}

// What was asked before has no effect on an answer.
func TestOrderOfQuestionsDoesNotMatter(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w world) {
		m := w.metric(t, 1)
		questions := asks(w, m)
		alone := make([]string, len(questions))
		fresh := w.metric(t, 1)
		for i, ask := range questions {
			alone[i] = ask(fresh.Sweep()) // it is not given back: none is used again
		}
		s := m.Sweep()
		defer s.Release()
		for range 2 * len(questions) {
			i := w.random.IntN(len(questions))
			if got := questions[i](s); got != alone[i] {
				t.Fatalf("%s: question %d after others: %.300s, alone %.300s", w.name, i, got, alone[i])
			}
		}
	})
}

// Sources come, go and move to one table in any order.
func TestOrderOfChangesDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		town := drawTown(t)
		sources := sourcesOf(t, town.points)
		k := rapid.IntRange(1, 3).Draw(t, "k")
		table := onFoot(town.net).Compute(nil, k)
		for i, source := range rapid.Permutation(sources).Draw(t, "order") {
			guest, away := source, source
			guest.ID, away.At = "guest", sources[0].At
			table, _ = table.With(guest)
			table, _ = table.Changed([]lifecircle.FacilityID{"guest"}, []routing.Source{source})
			if i%3 == 0 { // it moves away and back
				table, _ = table.Changed([]lifecircle.FacilityID{away.ID}, []routing.Source{away})
				table, _ = table.Changed([]lifecircle.FacilityID{away.ID}, []routing.Source{source})
			}
		}
		if !same(table, onFoot(town.net).Compute(sources, k), town) {
			t.Fatalf("the order in which %v came shows", sources)
		}
	})
}

// The index knows no weights; in a unit of a seventh every distance is seven times as
// large, and nothing else differs: not the arcs, nor how many are looked at.
func TestUnitOfWeightDoesNotMatter(t *testing.T) {
	t.Parallel()
	const finer = 7
	eachWorld(t, func(t *testing.T, w world) {
		for i := range w.weights {
			if w.weights[i] < routing.Barred {
				w.weights[i] = 1 + w.weights[i]%1000 // so that ways are far from the largest that fits
			}
		}
		fine := w
		fine.weights = slices.Clone(w.weights)
		for i := range fine.weights {
			if fine.weights[i] < routing.Barred {
				fine.weights[i] *= finer
			}
		}
		index, err := routing.Build(w.graph, routing.BuildConfig{})
		if err != nil {
			t.Fatal(err)
		}
		spots := w.spots(4)
		var rows [2][][]uint32
		for i, weights := range [][]uint32{w.weights, fine.weights} {
			m, err := index.Customise(weights, routing.MetricConfig{})
			if err != nil {
				t.Fatal(err)
			}
			from := slices.Clone(spots)
			for j := range from {
				for end := range from[j].Legs {
					if i == 1 && from[j].Legs[end] < routing.Far {
						from[j].Legs[end] *= finer
					}
				}
			}
			s := m.Sweep()
			s.All(from, routing.Away, func(_ uint32, row []uint32) { rows[i] = append(rows[i], slices.Clone(row)) })
			s.Release()
		}
		for k := range rows[0] {
			for j, d := range rows[0][k] {
				if d < routing.Far {
					d *= finer
				}
				if rows[1][k][j] != d {
					t.Fatalf("%s: %d in the finer unit, want %d", w.name, rows[1][k][j], d)
				}
			}
		}
	})
}

// What lies around every node is never kept for every node: for radii that reach
// everything no more memory is asked for than some words a node and arc.
func TestMemoryDoesNotGrowWithRadii(t *testing.T) {
	const side = 90
	var arcs []arc
	for v := range uint32(side * side) {
		if v%side > 0 {
			arcs = append(arcs, arc{v - 1, v, 10}, arc{v, v - 1, 10})
		}
		if v >= side {
			arcs = append(arcs, arc{v - side, v, 10}, arc{v, v - side, 10})
		}
	}
	w := newWorld("grid", side*side, arcs, rand.New(rand.NewPCG(1, 1)))
	m := w.metric(t, 1)
	amounts := slices.Repeat([]uint32{1}, side*side)
	asked := func(radius uint32) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		sums, err := m.Sums(routing.SumQuery{Amounts: amounts, Radii: []uint32{radius}, Threads: 1})
		runtime.ReadMemStats(&after)
		if err != nil || radius > 20*side && slices.Min(sums[0]) != side*side {
			t.Fatalf("radius %d: %v, %v", radius, err, slices.Min(sums[0]))
		}
		return after.TotalAlloc - before.TotalAlloc
	}
	asked(10) // what is made once
	if bytes, most := asked(30*side), uint64(400*(side*side+len(arcs))); bytes > most {
		t.Errorf("%d bytes for everything around %d nodes, want at most %d; keeping it would take %d", bytes, side*side, most, 4*side*side*side*side)
	}
}

package routing_test

import (
	"container/heap"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"lifecircle"
	"lifecircle/network/routing"
)

// world is a random graph with weights.
type world struct {
	name    string
	graph   routing.Graph
	weights []uint32
	random  *rand.Rand
}

// arc is an arc of a graph in the making.
type arc struct{ from, to, weight uint32 }

func newWorld(name string, n int, arcs []arc, random *rand.Rand) world {
	w := world{name: name, random: random}
	slices.SortStableFunc(arcs, func(a, b arc) int { return int(a.from) - int(b.from) })
	w.graph.First = make([]uint32, n+1)
	for _, a := range arcs {
		w.graph.First[a.from+1]++
		w.graph.Heads = append(w.graph.Heads, a.to)
		w.weights = append(w.weights, a.weight)
	}
	for v := range n {
		w.graph.First[v+1] += w.graph.First[v]
	}
	return w
}

// eachWorld runs a test on many small random graphs: streets on a lattice with gaps,
// and arcs from anywhere to anywhere; islands, one-ways, loops, parallel arcs; zero
// weights, ties, very large weights and barred arcs.
func eachWorld(t *testing.T, test func(t *testing.T, w world)) {
	for seed := range uint64(60) {
		random := rand.New(rand.NewPCG(seed, 7))
		weight := []func() uint32{
			func() uint32 { return 1 + random.Uint32N(1000) },
			func() uint32 { return random.Uint32N(3) },
			func() uint32 { return random.Uint32N(routing.Far) },
			func() uint32 { return routing.Far - 1 - random.Uint32N(2) },
			func() uint32 {
				if random.IntN(4) == 0 {
					return routing.Barred
				}
				return random.Uint32N(50)
			},
		}[random.IntN(5)]
		directed := random.IntN(2) == 0
		var arcs []arc
		var x, y []float32
		join := func(a, b uint32) {
			there := weight()
			back := there
			if directed {
				back = weight()
			}
			if !directed || random.IntN(5) > 0 {
				arcs = append(arcs, arc{b, a, back})
			}
			arcs = append(arcs, arc{a, b, there})
		}
		n := 1 + random.IntN(200)
		if random.IntN(3) > 0 {
			side := 1 + random.IntN(16)
			n = side * side
			for v := range uint32(n) {
				x, y = append(x, float32(int(v)%side)), append(y, float32(int(v)/side))
				if int(v)%side > 0 && random.IntN(5) > 0 {
					join(v-1, v)
				}
				if int(v) >= side && random.IntN(5) > 0 {
					join(v-uint32(side), v)
				}
			}
			if random.IntN(2) == 0 {
				x, y = nil, nil
			}
		} else {
			for range random.IntN(2*n + 1) {
				join(random.Uint32N(uint32(n)), random.Uint32N(uint32(n)))
			}
		}
		name := fmt.Sprintf("seed %d, %d nodes, directed %v", seed, n, directed)
		w := newWorld(name, n, arcs, random)
		w.graph.X, w.graph.Y = x, y
		test(t, w)
	}
}

// unreachable is the distance of what cannot be reached.
const unreachable = routing.Far

// dijkstra is the twin: distances from spots by a binary heap.
func (w world) dijkstra(spot routing.Spot, direction routing.Direction) []uint32 {
	type edge struct{ head, weight uint32 }
	n := w.graph.Nodes()
	rows := make([][]edge, n)
	for v := range uint32(n) {
		for a := w.graph.First[v]; a < w.graph.First[v+1]; a++ {
			if w.weights[a] == routing.Barred {
				continue
			}
			if head := w.graph.Heads[a]; direction == routing.Away {
				rows[v] = append(rows[v], edge{head, w.weights[a]})
			} else {
				rows[head] = append(rows[head], edge{v, w.weights[a]})
			}
		}
	}
	dist := make([]uint32, n)
	for v := range dist {
		dist[v] = unreachable
	}
	queue := &twinHeap{}
	for i, node := range spot.Nodes {
		if spot.Legs[i] < routing.Far {
			heap.Push(queue, twinEntry{int(node), int64(spot.Legs[i])})
		}
	}
	for queue.Len() > 0 {
		e := heap.Pop(queue).(twinEntry)
		if dist[e.node] != unreachable || e.d >= routing.Far {
			continue
		}
		dist[e.node] = uint32(e.d)
		for _, a := range rows[e.node] {
			heap.Push(queue, twinEntry{int(a.head), e.d + int64(a.weight)})
		}
	}
	return dist
}

// spots draws points on the streets of the graph.
func (w world) spots(count int) []routing.Spot {
	all := make([]routing.Spot, count)
	n := uint32(w.graph.Nodes())
	for i := range all {
		if all[i] = routing.NodeSpot(w.random.Uint32N(n)); w.random.IntN(2) == 0 {
			all[i].Nodes[1] = w.random.Uint32N(n)
			all[i].Legs = [2]uint32{w.random.Uint32N(100), w.random.Uint32N(100)}
		}
	}
	return all
}

// metric builds and customises with so many threads.
func (w world) metric(t testing.TB, threads int) *routing.Metric {
	t.Helper()
	ix, err := routing.Build(w.graph, routing.BuildConfig{Threads: threads})
	if err != nil {
		t.Fatalf("%s: %v", w.name, err)
	}
	m, err := ix.Customise(w.weights, routing.MetricConfig{Threads: threads})
	if err != nil {
		t.Fatalf("%s: %v", w.name, err)
	}
	return m
}

func TestNearestIsTheTwin(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w world) {
		m := w.metric(t, 1)
		n := w.graph.Nodes()
		for _, direction := range []routing.Direction{routing.Toward, routing.Away} {
			spots := w.spots(w.random.IntN(9))
			want := make([][]routing.Hit, n)
			for i, spot := range spots {
				for v, d := range w.dijkstra(spot, direction) {
					if d != unreachable {
						want[v] = append(want[v], routing.Hit{Spot: i, Distance: d})
					}
				}
			}
			for v := range want {
				slices.SortStableFunc(want[v], func(a, b routing.Hit) int { return int(a.Distance) - int(b.Distance) })
			}
			sweep := m.Sweep()
			var into *routing.Nearest
			for _, k := range []int{5, 1, 2, 3} {
				into = sweep.Nearest(routing.NearestQuery{Spots: spots, K: k, Direction: direction, Threads: 1 + k%2, Into: into})
				for v := range want {
					got := into.Of(uint32(v), nil)
					if expected := want[v][:min(k, len(want[v]))]; !slices.Equal(got, expected) {
						t.Fatalf("%s, direction %d, k %d: node %d has %v, want %v", w.name, direction, k, v, got, expected)
					}
				}
			}
			sweep.Release()
		}
	})
}

func TestMatrixIsTheTwin(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w world) {
		m := w.metric(t, 2)
		from, to := w.spots(w.random.IntN(40)), w.spots(w.random.IntN(9))
		sweep := m.Sweep()
		defer sweep.Release()
		got := sweep.Matrix(routing.MatrixQuery{From: from, To: to})
		for i := range from {
			dist := w.dijkstra(from[i], routing.Away)
			for j := range to {
				want := uint32(unreachable)
				for end, node := range to[j].Nodes {
					want = min(want, dist[node]+to[j].Legs[end])
				}
				if got[i*len(to)+j] != want {
					t.Fatalf("%s: from %v to %v: %d, want %d", w.name, from[i], to[j], got[i*len(to)+j], want)
				}
				d, ok := sweep.Distance(from[i], to[j])
				if ok != (want < unreachable) || ok && d != want {
					t.Fatalf("%s: alone from %v to %v: %d, %v, want %d", w.name, from[i], to[j], d, ok, want)
				}
			}
		}
	})
}

func TestAllIsTheTwin(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w world) {
		m := w.metric(t, 1)
		for _, direction := range []routing.Direction{routing.Toward, routing.Away} {
			spots := w.spots(w.random.IntN(17))
			var want [][]uint32
			for _, spot := range spots {
				want = append(want, w.dijkstra(spot, direction))
			}
			sweep := m.Sweep()
			sweep.All(spots, direction, func(node uint32, row []uint32) {
				for i, d := range row {
					if d != want[i][node] {
						t.Fatalf("%s, direction %d: node %d is %d from %v, want %d", w.name, direction, node, d, spots[i], want[i][node])
					}
				}
			})
			sweep.Release()
		}
	})
}

// Sums are those of one search from each node, on both sides: what is near a node
// by its own ways is what a node is near to by theirs. Thresholds are inclusive.
func TestSumsAreTheTwin(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w world) {
		m := w.metric(t, 1)
		n := w.graph.Nodes()
		amounts := make([]uint32, n)
		for v := range amounts {
			amounts[v] = w.random.Uint32N(3) * w.random.Uint32N(1000)
		}
		for _, direction := range []routing.Direction{routing.Toward, routing.Away} {
			// Radii that are distances, so that a threshold is met exactly.
			radii := []uint32{0, w.random.Uint32N(3000), routing.MaxRadius}
			for _, d := range w.dijkstra(routing.NodeSpot(0), direction) {
				if d < routing.MaxRadius {
					radii[1] = d
				}
			}
			if w.random.IntN(2) == 0 {
				radii = radii[:2]
			}
			want := make([][]uint32, len(radii))
			for k := range want {
				want[k] = make([]uint32, n)
			}
			for v := range uint32(n) {
				// direction is that of the node's own ways: away from it, its search
				// begins at it.
				for u, d := range w.dijkstra(routing.NodeSpot(v), direction) {
					for k, r := range radii {
						if d <= r {
							want[k][v] += amounts[u]
						}
					}
				}
			}
			for threads := 1; threads <= 2; threads++ {
				got, err := m.Sums(routing.SumQuery{Amounts: amounts, Radii: radii, Direction: direction, Threads: threads})
				if err != nil {
					t.Fatal(err)
				}
				for k := range radii {
					if !slices.Equal(got[k], want[k]) {
						t.Fatalf("%s, direction %d, radius %d: %v, want %v", w.name, direction, radii[k], got[k], want[k])
					}
				}
			}
		}
	})
}

func TestSumsOfWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	w := newWorld("pair", 2, []arc{{0, 1, 5}, {1, 0, 5}}, rand.New(rand.NewPCG(1, 1)))
	m := w.metric(t, 1)
	for code, q := range map[string]routing.SumQuery{
		"amounts_invalid":   {Amounts: []uint32{1}, Radii: []uint32{1}},
		"amounts_too_large": {Amounts: []uint32{1 << 31, 1 << 31}, Radii: []uint32{1}},
		"radius_too_large":  {Amounts: []uint32{1, 1}, Radii: []uint32{routing.MaxRadius + 1}},
	} {
		if _, err := m.Sums(q); lifecircle.ErrorCode(err) != code {
			t.Errorf("%v, want %s", err, code)
		}
	}
}

func TestWithinAndRouteAreTheTwin(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w world) {
		// A ring of buckets is as long as the longest arc: 4 GB for arcs that weigh a
		// thousand million.
		for _, weight := range w.weights {
			if weight < routing.Barred && weight > 1<<20 {
				return
			}
		}
		m := w.metric(t, 1)
		sweep := m.Sweep()
		defer sweep.Release()
		spots := w.spots(6)
		for _, spot := range spots {
			for _, direction := range []routing.Direction{routing.Toward, routing.Away} {
				dist := w.dijkstra(spot, direction)
				limit := dist[w.random.IntN(len(dist))] // met exactly
				last := uint32(0)
				seen := make(map[uint32]bool)
				sweep.Within(spot, limit, direction, func(node, d uint32) {
					if d != dist[node] || d < last || seen[node] || d > limit {
						t.Fatalf("%s: node %d at %d after %d, want %d", w.name, node, d, last, dist[node])
					}
					seen[node], last = true, d
				})
				for node, d := range dist {
					if near := d < unreachable && d <= limit; near != seen[uint32(node)] {
						t.Fatalf("%s: node %d at %d, limit %d: visited %v", w.name, node, d, limit, !near)
					}
				}
			}
			to := spots[w.random.IntN(len(spots))]
			want, reachable := sweep.Distance(spot, to)
			r, ok := sweep.Route(spot, to)
			if ok != reachable || ok && r.Distance != want {
				t.Fatalf("%s: route of %d, %v, distance %d, %v", w.name, r.Distance, ok, want, reachable)
			}
			if !ok {
				continue
			}
			// The parts of the way add up and follow each other.
			leg := func(s routing.Spot, node uint32) uint32 {
				best := uint32(unreachable)
				for i := range s.Nodes {
					if s.Nodes[i] == node {
						best = min(best, s.Legs[i])
					}
				}
				return best
			}
			sum := leg(spot, r.Nodes[0]) + leg(to, r.Nodes[len(r.Nodes)-1])
			for i, a := range r.Arcs {
				sum += w.weights[a]
				if a < w.graph.First[r.Nodes[i]] || a >= w.graph.First[r.Nodes[i]+1] || w.graph.Heads[a] != r.Nodes[i+1] {
					t.Fatalf("%s: arc %d does not lead from node %d to %d", w.name, a, r.Nodes[i], r.Nodes[i+1])
				}
			}
			if sum != want || len(r.Arcs) != len(r.Nodes)-1 {
				t.Fatalf("%s: the parts of %+v add up to %d, want %d", w.name, r, sum, want)
			}
		}
	})
}

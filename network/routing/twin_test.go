package routing_test

import (
	"cmp"
	"container/heap"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/network"
	"lifecircle/network/osm"
	"lifecircle/network/routing"
)

// twin answers the same questions by brute force: a binary-heap Dijkstra on a
// graph in which every point is a node of its own and its foot divides the street.
type twin struct {
	arcs  [][]twinArc
	point []int // the node of each point
}

type twinArc struct {
	head   int
	weight int64
}

func newTwin(n *network.Network, points []network.Snap) *twin {
	w := &twin{arcs: make([][]twinArc, n.NodeCount())}
	join := func(a, b int, weight int64) {
		w.arcs[a] = append(w.arcs[a], twinArc{b, weight})
		w.arcs[b] = append(w.arcs[b], twinArc{a, weight})
	}
	add := func() int {
		w.arcs = append(w.arcs, nil)
		return len(w.arcs) - 1
	}
	onEdge := make(map[uint32][]int)
	for i, p := range points {
		onEdge[p.Edge] = append(onEdge[p.Edge], i)
	}
	w.point = make([]int, len(points))
	for e := range uint32(n.EdgeCount()) {
		edge := n.Edge(e)
		on := onEdge[e]
		slices.SortFunc(on, func(a, b int) int { return cmp.Compare(points[a].ToFrom, points[b].ToFrom) })
		before, offset := int(edge.From), int64(0)
		for _, i := range on {
			foot := add()
			join(before, foot, int64(points[i].ToFrom)-offset)
			w.point[i] = add()
			join(foot, w.point[i], int64(points[i].Leg))
			before, offset = foot, int64(points[i].ToFrom)
		}
		join(before, int(edge.To), int64(edge.Length)-offset)
	}
	return w
}

type twinEntry struct {
	node int
	d    int64
}

type twinHeap []twinEntry

func (h twinHeap) Len() int           { return len(h) }
func (h twinHeap) Less(i, j int) bool { return h[i].d < h[j].d }
func (h twinHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *twinHeap) Push(x any)        { *h = append(*h, x.(twinEntry)) }
func (h *twinHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

// unreached is the distance of what cannot be reached.
const unreached = -1

// from returns the distance of every node from one.
func (w *twin) from(start int) []int64 {
	dist := make([]int64, len(w.arcs))
	for i := range dist {
		dist[i] = unreached
	}
	queue := &twinHeap{{start, 0}}
	for queue.Len() > 0 {
		e := heap.Pop(queue).(twinEntry)
		if dist[e.node] != unreached {
			continue
		}
		dist[e.node] = e.d
		for _, arc := range w.arcs[e.node] {
			if dist[arc.head] == unreached {
				heap.Push(queue, twinEntry{arc.head, e.d + arc.weight})
			}
		}
	}
	return dist
}

// town is a random network with points on it.
type town struct {
	net    *network.Network
	points []network.Snap
}

// drawTown makes streets along a small lattice at the equator, where all its
// steps are equally long: ways that cross themselves and each other, loops,
// parallel ways, islands and many equal distances.
func drawTown(t *rapid.T) town {
	const side = 5
	e := &osm.Extract{}
	for i := range side * side {
		e.Nodes = append(e.Nodes, geo.Point{Lon: 0.001 * float64(i%side), Lat: 0.001 * float64(i/side)})
	}
	ways := rapid.IntRange(1, 8).Draw(t, "ways")
	for w := range ways {
		nodes := rapid.SliceOfN(rapid.Uint32Range(0, side*side-1), 2, 6).Draw(t, "way")
		if nodes[0] == nodes[1] {
			nodes[1] = (nodes[0] + 1) % (side * side)
		}
		e.Streets = append(e.Streets, osm.Street{WayID: int64(w), Highway: "path", Nodes: nodes})
	}
	n, err := network.Build(e)
	if err != nil {
		t.Fatal(err)
	}
	place := town{net: n}
	for range rapid.IntRange(2, 8).Draw(t, "points") {
		at := geo.Point{
			Lon: float64(rapid.IntRange(-5, 45).Draw(t, "lon")) / 10000,
			Lat: float64(rapid.IntRange(-5, 45).Draw(t, "lat")) / 10000,
		}
		snap, err := n.SnapWith(at, network.SnapConfig{MaxMetres: 2000, Islands: true})
		if err != nil {
			t.Fatal(err)
		}
		place.points = append(place.points, snap)
	}
	return place
}

func TestDistanceAndWithinAreTheTwins(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		town := drawTown(t)
		w := newTwin(town.net, town.points)
		search := onFoot(town.net).Search()
		limit := lifecircle.Decimetres(rapid.Uint32Range(0, 12000).Draw(t, "limit"))
		for i, from := range town.points {
			want := w.from(w.point[i])
			for j, to := range town.points {
				if i == j {
					continue // the twin does not walk both legs to where it is
				}
				got, ok := search.Distance(from, to)
				if ok != (want[w.point[j]] != unreached) || ok && int64(got) != want[w.point[j]] {
					t.Fatalf("from point %d to %d: %d, %v, want %d", i, j, got, ok, want[w.point[j]])
				}
			}
			visited := make(map[uint32]bool)
			last := lifecircle.Decimetres(0)
			search.Within(from, limit, func(node uint32, d lifecircle.Decimetres) {
				if visited[node] || d < last || d > limit || int64(d) != want[node] {
					t.Fatalf("node %d visited with %d after %d, again: %v, want %d", node, d, last, visited[node], want[node])
				}
				visited[node], last = true, d
			})
			for node := range uint32(town.net.NodeCount()) {
				if near := want[node] != unreached && want[node] <= int64(limit); near != visited[node] {
					t.Fatalf("node %d at %d, limit %d: visited %v", node, want[node], limit, visited[node])
				}
			}
			caught := make(map[int]bool)
			for j, at := range town.points {
				d, ok := search.From(at, legsOf(town.net, at))
				if ok && j != i && int64(d) != want[w.point[j]] {
					t.Fatalf("point %d caught with %d, want %d", j, d, want[w.point[j]])
				}
				caught[j] = ok
			}
			for j := range town.points {
				if near := want[w.point[j]] != unreached && want[w.point[j]] <= int64(limit); j != i && near != caught[j] {
					t.Fatalf("point %d at %d, limit %d: caught %v", j, want[w.point[j]], limit, caught[j])
				}
			}
			if itself := 2*from.Leg <= limit; itself != caught[i] {
				t.Fatalf("point %d with a leg of %d caught itself: %v", i, from.Leg, caught[i])
			}
		}
	})
}

// sourcesOf makes the first points sources with IDs in random order.
func sourcesOf(t *rapid.T, points []network.Snap) []routing.Source {
	ids := rapid.Permutation([]lifecircle.FacilityID{"a", "b", "c", "d", "e", "f", "g", "h"}).Draw(t, "ids")
	sources := make([]routing.Source, len(points))
	for i, at := range points {
		sources[i] = routing.Source{ID: ids[i], At: at}
	}
	return sources
}

// reach is a label with its source named, so that tables whose sources are
// numbered differently compare.
type reach struct {
	ID lifecircle.FacilityID
	D  int64
}

func named(t *routing.Table, labels []routing.Label) []reach {
	var all []reach
	for _, l := range labels {
		all = append(all, reach{t.Source(l.Source).ID, int64(l.Distance)})
	}
	return all
}

// byDistance orders as a table does and keeps k.
func byDistance(all []reach, k int) []reach {
	slices.SortFunc(all, func(a, b reach) int { return cmp.Or(cmp.Compare(a.D, b.D), cmp.Compare(a.ID, b.ID)) })
	return all[:min(k, len(all))]
}

func TestTableIsTheTwin(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		town := drawTown(t)
		w := newTwin(town.net, town.points)
		cut := rapid.IntRange(0, len(town.points)-1).Draw(t, "sources")
		sources := sourcesOf(t, town.points[:cut])
		k := rapid.IntRange(1, 3).Draw(t, "k")
		table := onFoot(town.net).Compute(sources, k)
		want := func(node, without int) []reach {
			var all []reach
			for i, s := range sources {
				if d := w.from(w.point[i])[node]; d != unreached && i != without {
					all = append(all, reach{s.ID, d})
				}
			}
			return all
		}
		for node := range uint32(town.net.NodeCount()) {
			got := named(table, table.Node(node, nil))
			if expected := byDistance(want(int(node), -1), k); !slices.Equal(got, expected) {
				t.Fatalf("node %d: %v, want %v", node, got, expected)
			}
		}
		search := onFoot(town.net).Search()
		limit := lifecircle.Decimetres(rapid.Uint32Range(0, 12000).Draw(t, "limit"))
		for j := cut; j < len(town.points); j++ {
			all := want(w.point[j], -1)
			got := named(table, table.Nearest(town.points[j], nil))
			if expected := byDistance(slices.Clone(all), k); !slices.Equal(got, expected) {
				t.Fatalf("point %d: %v, want %v", j, got, expected)
			}
			var within []reach
			search.Within(town.points[j], limit, func(uint32, lifecircle.Decimetres) {})
			for _, s := range sources {
				if d, ok := search.From(s.At, legsOf(town.net, s.At)); ok {
					within = append(within, reach{s.ID, int64(d)})
				}
			}
			near := slices.DeleteFunc(byDistance(all, len(all)), func(r reach) bool { return r.D > int64(limit) })
			if !slices.Equal(byDistance(within, len(within)), near) {
				t.Fatalf("point %d within %d: %v, want %v", j, limit, within, near)
			}
			if count := table.Count(town.points[j], uint32(limit)); count != len(near) {
				t.Fatalf("point %d: %d sources within %d, want %d", j, count, limit, len(near))
			}
		}
	})
}

// same reports whether two tables say the same of every node and point.
func same(a, b *routing.Table, town town) bool {
	for node := range uint32(town.net.NodeCount()) {
		if !slices.Equal(named(a, a.Node(node, nil)), named(b, b.Node(node, nil))) {
			return false
		}
	}
	for _, at := range town.points {
		if !slices.Equal(named(a, a.Nearest(at, nil)), named(b, b.Nearest(at, nil))) {
			return false
		}
	}
	return true
}

func TestChangesEqualComputing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		town := drawTown(t)
		left := sourcesOf(t, town.points)
		k := rapid.IntRange(1, 3).Draw(t, "k")
		var standing []routing.Source
		table := onFoot(town.net).Compute(nil, k)
		for range rapid.IntRange(1, 12).Draw(t, "changes") {
			before := make([][]reach, town.net.NodeCount())
			for node := range before {
				before[node] = named(table, table.Node(uint32(node), nil))
			}
			next := table
			add := len(standing) == 0 || len(left) > 0 && rapid.Bool().Draw(t, "add")
			if add {
				var touched []uint32
				standing = append(standing, left[0])
				next, touched = table.With(left[0])
				left = left[1:]
				kept := false
				for i := range int32(next.Len()) {
					kept = kept || next.Source(i) == standing[len(standing)-1]
				}
				if !kept {
					t.Fatalf("the new source has no index")
				}
				var changed []uint32
				for node := range before {
					if !slices.Equal(before[node], named(next, next.Node(uint32(node), nil))) {
						changed = append(changed, uint32(node))
					}
				}
				if !slices.Equal(touched, changed) {
					t.Fatalf("touched %v, changed %v", touched, changed)
				}
			} else if gone := rapid.IntRange(0, len(standing)-1).Draw(t, "gone"); rapid.Bool().Draw(t, "move") {
				// It moves, and others may come and go with it.
				was := standing[gone]
				come := []routing.Source{{ID: was.ID, At: rapid.SampledFrom(town.points).Draw(t, "to")}}
				leave := []lifecircle.FacilityID{was.ID, "unknown"}
				standing[gone] = come[0]
				if other := (gone + 1) % len(standing); other != gone && rapid.Bool().Draw(t, "another goes") {
					leave, left = append(leave, standing[other].ID), append(left, standing[other])
					standing = slices.Delete(standing, other, other+1)
				}
				if len(left) > 1 && rapid.Bool().Draw(t, "another comes") {
					come, standing, left = append(come, left[0]), append(standing, left[0]), left[1:]
				}
				var touched []uint32
				next, touched = table.Changed(leave, come)
				if !slices.IsSorted(touched) {
					t.Fatalf("touched %v", touched)
				}
				for node := range before {
					if !slices.Equal(before[node], named(next, next.Node(uint32(node), nil))) && !slices.Contains(touched, uint32(node)) {
						t.Fatalf("node %d changed, touched %v", node, touched)
					}
				}
			} else {
				next, _ = table.Without(standing[gone].ID)
				left = append(left, standing[gone])
				standing = slices.Delete(standing, gone, gone+1)
			}
			for node := range before {
				if !slices.Equal(before[node], named(table, table.Node(uint32(node), nil))) {
					t.Fatalf("the old table changed at node %d", node)
				}
			}
			table = next
			if !same(table, onFoot(town.net).Compute(standing, k), town) {
				t.Fatalf("after a change (added: %v) the table is not as computed from %v", add, standing)
			}
		}
	})
}

func TestOrderOfSourcesDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		town := drawTown(t)
		sources := sourcesOf(t, town.points)
		table := onFoot(town.net).Compute(sources, 2)
		shuffled := rapid.Permutation(sources).Draw(t, "order")
		if !same(table, onFoot(town.net).Compute(shuffled, 2), town) {
			t.Fatalf("another order of %v gives another table", sources)
		}
	})
}

// A search used again gives what a new one gives.
func TestSearchIsUsedAgain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		town := drawTown(t)
		search := onFoot(town.net).Search()
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		for range 20 {
			a, b := town.points[random.IntN(len(town.points))], town.points[random.IntN(len(town.points))]
			search.Within(a, lifecircle.Decimetres(random.IntN(5000)), func(uint32, lifecircle.Decimetres) {})
			got, ok := search.Distance(a, b)
			want, wantOK := onFoot(town.net).Search().Distance(a, b)
			if got != want || ok != wantOK {
				t.Fatalf("again: %d, %v; new: %d, %v", got, ok, want, wantOK)
			}
		}
	})
}

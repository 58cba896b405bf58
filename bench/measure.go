package main

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"lifecircle/bench/region"
	"lifecircle/network/routing"
)

const (
	facilities  = 1000
	denseRadius = 12_000 // 1,200 m
	sampled     = 20     // rows of the matrix the yardstick does
)

// errDiffers says that the engine and the yardstick do not agree.
var errDiffers = errors.New("the checksums differ")

// checksums are those of the engine and of the yardstick.
type checksums struct{ got, want uint64 }

// report prints the rows of one graph.
type report struct {
	out   io.Writer
	fault error
}

// row prints a figure; rival and its checksum are those of the yardstick.
func (r *report) row(name string, t taken, note string) {
	fmt.Fprintf(r.out, "| %s | %s | %s | %s |\n", name, short(t.cpu), short(t.wall), note)
}

func (r *report) ratio(name string, t taken, rival time.Duration, sums checksums) {
	got, want := sums.got, sums.want
	if got != want {
		r.fault = errors.Join(r.fault, fmt.Errorf("%s: %w: %x, yardstick %x", name, errDiffers, got, want))
		r.row(name, t, "CHECKSUM DIFFERS")
		return
	}
	r.row(name, t, fmt.Sprintf("Dijkstra %s, ratio %.0f, checksum %016x", short(rival), float64(rival)/float64(t.cpu), got))
}

func measure(out io.Writer, s region.Streets) error {
	r := &report{out: out}
	fmt.Fprintf(out, "\n## %s: %d nodes, %d arcs\n\n| what | CPU | wall | |\n|---|---|---|---|\n", s.Name, s.Graph.Nodes(), len(s.Graph.Heads))
	var ix *routing.Index
	var m *routing.Metric
	var err error
	build := func(threads int) func() {
		return func() { ix, err = routing.Build(s.Graph, routing.BuildConfig{Threads: threads}) }
	}
	one := least(runs, build(1))
	r.row("index, 1 thread", one, fmt.Sprintf("%d arcs of the hierarchy", ix.Arcs()))
	r.row("index, 2 threads", least(runs, build(2)), "")
	if err != nil {
		return err
	}
	for threads := 1; threads <= 2; threads++ {
		t := least(runs, func() { m, err = ix.Customise(s.Weights, routing.MetricConfig{Threads: threads}) })
		if err != nil {
			return err
		}
		r.row(fmt.Sprintf("customise, %d threads", threads), t, "")
	}
	streetChanges(r, s, m)
	nearest(r, s, m)
	dense(r, s, m)
	matrix(r, s, m)
	oneToAll(r, s, m)
	catchments(r, s, m)
	memory(r, ix, m)
	return r.fault
}

func streetChanges(r *report, s region.Streets, m *routing.Metric) {
	random := rand.New(rand.NewPCG(3, 4))
	c := m.Clone()
	var times []time.Duration
	for range 4000 {
		arc := random.Uint32N(uint32(len(s.Weights)))
		weight := []uint32{routing.Barred, s.Weights[arc], 3 * s.Weights[arc]}[random.IntN(3)]
		from := time.Now()
		if err := c.Change([]routing.ArcChange{{Arc: arc, Weight: weight}}); err != nil {
			panic(err)
		}
		times = append(times, time.Since(from))
	}
	slices.Sort(times)
	mean := time.Duration(0)
	for _, t := range times {
		mean += t / time.Duration(len(times))
	}
	r.row("street closed, slowed or opened", taken{mean, mean}, fmt.Sprintf("p50 %s, p99 %s, most %s", short(times[len(times)/2]), short(times[len(times)*99/100]), short(times[len(times)-1])))
}

func nearest(r *report, s region.Streets, m *routing.Metric) {
	at := places(s.Graph.Nodes(), facilities)
	spots := make([]routing.Spot, len(at))
	for i, v := range at {
		spots[i] = routing.NodeSpot(v)
	}
	y := newYardstick(s)
	sweep := m.Sweep()
	defer sweep.Release()
	for _, k := range []int{1, 2, 5} {
		var want uint64
		rival := least(1, func() { want = y.nearest(at, k) })
		for threads := 1; threads <= 2; threads++ {
			var into *routing.Nearest
			t := least(2*runs, func() {
				into = sweep.Nearest(routing.NearestQuery{Spots: spots, K: k, Threads: threads, Into: into})
			})
			got, distances := uint64(0), uint64(0)
			var buf []routing.Hit
			for v := range uint32(s.Graph.Nodes()) {
				buf = into.Of(v, buf[:0])
				for i, hit := range buf {
					got += mix(v, hit.Distance, uint32(hit.Spot))
					distances += mix(v, hit.Distance, uint32(i))
				}
			}
			r.ratio(fmt.Sprintf("nearest %d of %d, all nodes, %d threads", k, len(at), threads), t, rival.cpu, checksums{got, want})
			if threads == 2 {
				// Engines order equals in their own way.
				fmt.Fprintf(r.out, "| the same, distances alone | | | checksum %016x |\n", distances)
			}
		}
	}
}

func dense(r *report, s region.Streets, m *routing.Metric) {
	n := s.Graph.Nodes()
	amounts := amountsOf(n)
	y := newYardstick(s)
	want := uint64(0)
	rival := least(1, func() {
		for v := range uint32(n) {
			sum := uint32(0)
			y.within([]uint32{v}, denseRadius, func(node, _ uint32) { sum += amounts[node] })
			want += mix(v, sum, 0)
		}
	})
	for threads := 1; threads <= 2; threads++ {
		var sums [][]uint32
		t := least(runs, func() {
			var err error
			sums, err = m.Sums(routing.SumQuery{Amounts: amounts, Radii: []uint32{denseRadius}, Threads: threads})
			if err != nil {
				panic(err)
			}
		})
		got := uint64(0)
		for v, sum := range sums[0] {
			got += mix(uint32(v), sum, 0)
		}
		r.ratio(fmt.Sprintf("sum within 1,200 m, all nodes, %d threads", threads), t, rival.cpu, checksums{got, want})
	}
	t := least(runs, func() {
		_, err := m.Sums(routing.SumQuery{Amounts: amounts, Radii: []uint32{denseRadius / 4, denseRadius / 2, denseRadius}, Threads: 1})
		if err != nil {
			panic(err)
		}
	})
	r.row("sums within 300, 600 and 1,200 m, 1 thread", t, "")
}

func matrix(r *report, s region.Streets, m *routing.Metric) {
	at := places(s.Graph.Nodes(), facilities)
	spots := make([]routing.Spot, len(at))
	for i, v := range at {
		spots[i] = routing.NodeSpot(v)
	}
	sweep := m.Sweep()
	defer sweep.Release()
	var out []uint32
	t := least(runs, func() { out = sweep.Matrix(routing.MatrixQuery{From: spots, To: spots}) })
	y := newYardstick(s)
	dist := make([]uint32, s.Graph.Nodes())
	got, want := uint64(0), uint64(0)
	step := max(1, len(at)/sampled)
	rows := 0
	rival := least(1, func() {
		for i := 0; i < len(at); i += step {
			for v := range dist {
				dist[v] = routing.Far
			}
			y.within(at[i:i+1], routing.Far-1, func(node, d uint32) { dist[node] = d })
			for j, v := range at {
				want += mix(uint32(i), uint32(j), dist[v])
			}
			rows++
		}
	})
	for i := 0; i < len(at); i += step {
		for j := range at {
			got += mix(uint32(i), uint32(j), out[i*len(at)+j])
		}
	}
	r.ratio(fmt.Sprintf("matrix %d × %d (Dijkstra: %d rows, scaled)", len(at), len(at), rows), t, rival.cpu*time.Duration(len(at))/time.Duration(rows), checksums{got, want})
}

func oneToAll(r *report, s region.Streets, m *routing.Metric) {
	at := places(s.Graph.Nodes(), 16)
	spots := make([]routing.Spot, len(at))
	for i, v := range at {
		spots[i] = routing.NodeSpot(v)
	}
	y := newYardstick(s)
	got, want := uint64(0), uint64(0)
	rival := least(1, func() {
		for i := range at {
			y.within(at[i:i+1], routing.Far-1, func(node, d uint32) { want += mix(node, d, uint32(i)) })
		}
	})
	sweep := m.Sweep()
	defer sweep.Release()
	t := least(runs, func() { sweep.All(spots, routing.Away, func(uint32, []uint32) {}) })
	sweep.All(spots, routing.Away, func(node uint32, row []uint32) {
		for i, d := range row {
			if d < routing.Far {
				got += mix(node, d, uint32(i))
			}
		}
	})
	r.ratio("from 16 nodes to all", t, rival.cpu, checksums{got, want})
}

func catchments(r *report, s region.Streets, m *routing.Metric) {
	at := places(s.Graph.Nodes(), facilities)
	y := newYardstick(s)
	got, want := uint64(0), uint64(0)
	rival := least(1, func() {
		for i, v := range at {
			y.within([]uint32{v}, denseRadius, func(node, d uint32) { want += mix(node, d, uint32(i)) })
		}
	})
	sweep := m.Sweep()
	defer sweep.Release()
	t := least(runs, func() {
		got = 0
		for i, v := range at {
			sweep.Within(routing.NodeSpot(v), denseRadius, routing.Toward, func(node, d uint32) { got += mix(node, d, uint32(i)) })
		}
	})
	r.ratio(fmt.Sprintf("catchments of %d facilities, 15 min on foot", len(at)), t, rival.cpu, checksums{got, want})
}

func memory(r *report, ix *routing.Index, m *routing.Metric) {
	debug.FreeOSMemory()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	fmt.Fprintf(r.out, "\nLive memory with streets, index, metric and slim hierarchy: %d MB.\n", stats.HeapAlloc>>20)
	runtime.KeepAlive(ix)
	runtime.KeepAlive(m)
}

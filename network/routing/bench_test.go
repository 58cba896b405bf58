package routing_test

import (
	"container/heap"
	"math/rand/v2"
	"strconv"
	"testing"

	"lifecircle"
	"lifecircle/internal/testcity/sample"
	"lifecircle/network"
	"lifecircle/network/osm"
	"lifecircle/network/routing"
)

func open(b *testing.B, path string) *network.Network {
	b.Helper()
	extract, err := osm.Read(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	n, err := network.Build(extract)
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// scatter puts sources on random streets of the largest component.
func scatter(b *testing.B, n *network.Network, count int) []routing.Source {
	b.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	largest := n.LargestComponent()
	sources := make([]routing.Source, count)
	for i := range sources {
		at, err := n.Snap(n.Node(largest[random.IntN(len(largest))]))
		if err != nil {
			b.Fatal(err)
		}
		sources[i] = routing.Source{ID: lifecircle.FacilityID(strconv.Itoa(i)), At: at}
	}
	return sources
}

// heapTable is what Compute is measured against: the same labels by one search
// with a binary heap. It returns their checksum.
func heapTable(n *network.Network, sources []routing.Source, k int) uint64 {
	type label struct {
		source uint32
		d      int64
	}
	first, heads := n.Topology()
	weights := walking(n).Weights()
	labels := make([]label, 0, k*n.NodeCount())
	labels = labels[:cap(labels)]
	counts := make([]int, n.NodeCount())
	queue := &benchHeap{}
	for i, s := range sources {
		heap.Push(queue, benchEntry{int64(s.At.Leg + s.At.ToFrom), s.At.From, uint32(i)})
		heap.Push(queue, benchEntry{int64(s.At.Leg + s.At.ToTo), s.At.To, uint32(i)})
	}
	sum := uint64(0)
	for queue.Len() > 0 {
		e := heap.Pop(queue).(benchEntry)
		list := labels[k*int(e.node):][:counts[e.node]]
		known := len(list) == k
		for _, l := range list {
			known = known || l.source == e.source
		}
		if known {
			continue
		}
		labels[k*int(e.node)+counts[e.node]] = label{e.source, e.d}
		counts[e.node]++
		sum += uint64(e.d) * uint64(e.node+1)
		for arc := first[e.node]; arc < first[e.node+1]; arc++ {
			if weights[arc] < network.Barred {
				heap.Push(queue, benchEntry{e.d + int64(weights[arc]), heads[arc], e.source})
			}
		}
	}
	return sum
}

type benchEntry struct {
	d            int64
	node, source uint32
}

type benchHeap []benchEntry

func (h benchHeap) Len() int { return len(h) }
func (h benchHeap) Less(i, j int) bool {
	return h[i].d < h[j].d || h[i].d == h[j].d && h[i].source < h[j].source
}
func (h benchHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *benchHeap) Push(x any)   { *h = append(*h, x.(benchEntry)) }
func (h *benchHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

func checksum(n *network.Network, t *routing.Table) uint64 {
	sum := uint64(0)
	var buf []routing.Label
	for node := range uint32(n.NodeCount()) {
		buf = t.Node(node, buf[:0])
		for _, l := range buf {
			sum += uint64(l.Distance) * uint64(node+1)
		}
	}
	return sum
}

// BenchmarkTable compares the bucket search with a binary heap in one run, on the
// same streets and sources, after their answers have been found equal.
func BenchmarkTable(b *testing.B) {
	for _, city := range []struct {
		name string
		path func(testing.TB) string
	}{{"porto", sample.Porto}, {"delaware", sample.Delaware}} {
		b.Run(city.name, func(b *testing.B) {
			const k = 2
			n := open(b, city.path(b))
			sources := scatter(b, n, 500)
			table := onFoot(n).Compute(sources, k)
			if got, want := checksum(n, table), heapTable(n, sources, k); got != want {
				b.Fatalf("checksum %x, heap %x", got, want)
			}
			b.Run("buckets", func(b *testing.B) {
				for b.Loop() {
					onFoot(n).Compute(sources, k)
				}
			})
			b.Run("heap", func(b *testing.B) {
				for b.Loop() {
					heapTable(n, sources, k)
				}
			})
			added := scatter(b, n, 501)[500]
			b.Run("with", func(b *testing.B) {
				for b.Loop() {
					table.With(added)
				}
			})
			b.Run("within-1200m", func(b *testing.B) {
				search := onFoot(n).Search()
				i := 0
				for b.Loop() {
					search.Within(sources[i%len(sources)].At, 12000, func(uint32, lifecircle.Decimetres) {})
					i++
				}
			})
		})
	}
}

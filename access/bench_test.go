package access

import (
	"container/heap"
	"fmt"
	"math/rand/v2"
	"testing"

	"lifecircle"
	"lifecircle/internal/testcity/sample"
	"lifecircle/network"
	"lifecircle/network/osm"
)

// costed is a node on its way through costHeap.
type costed struct{ cost, node uint32 }

type costHeap []costed

func (h costHeap) Len() int           { return len(h) }
func (h costHeap) Less(i, j int) bool { return h[i].cost < h[j].cost }
func (h costHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *costHeap) Push(x any)        { *h = append(*h, x.(costed)) }
func (h *costHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

// BenchmarkWithin counts 1,000 places within 15 minutes on foot of every node of
// Delaware, by EachWithin and by a binary heap. Both must count the same.
func BenchmarkWithin(b *testing.B) {
	extract, err := osm.Read(b.Context(), sample.Delaware(b))
	if err != nil {
		b.Fatal(err)
	}
	n, err := network.Build(extract)
	if err != nil {
		b.Fatal(err)
	}
	walk, err := n.Profile(lifecircle.Walk)
	if err != nil {
		b.Fatal(err)
	}
	points := NodePoints(n, walk)
	random := rand.New(rand.NewPCG(1, 2))
	places := make([]Place, 1000)
	nodes := walk.LargestComponent()
	for i := range places {
		places[i] = Place{lifecircle.FacilityID(fmt.Sprint(i)), n.Node(nodes[random.IntN(len(nodes))])}
	}
	limit := walk.Limit(15)
	sums := make(map[string]uint64)
	b.Run("buckets", func(b *testing.B) {
		for b.Loop() {
			sum := uint64(0)
			EachWithin(points, places, limit, func(_, _ int, cost uint32) { sum += uint64(cost) })
			sums["buckets"] = sum
		}
	})
	b.Run("heap", func(b *testing.B) {
		snaps, _, _ := points.snapPlaces(places)
		first, heads := n.Topology()
		settled := make([]int, n.NodeCount())
		for b.Loop() {
			sum := uint64(0)
			clear(settled)
			for rank, place := range snaps {
				_, arrive := walk.Legs(place)
				queue := &costHeap{{arrive[0], place.From}, {arrive[1], place.To}}
				for heap.Init(queue); queue.Len() > 0; {
					at := heap.Pop(queue).(costed)
					if at.cost > limit || settled[at.node] == rank+1 {
						continue
					}
					settled[at.node] = rank + 1
					if walk.InLargest(at.node) {
						sum += uint64(at.cost)
					}
					for arc := first[at.node]; arc < first[at.node+1]; arc++ {
						heap.Push(queue, costed{at.cost + walk.Weights()[arc], heads[arc]})
					}
				}
			}
			sums["heap"] = sum
		}
	})
	if sums["heap"] != 0 && sums["buckets"] != 0 && sums["heap"] != sums["buckets"] {
		b.Errorf("checksums differ: %v", sums)
	}
}

package access

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"lifecircle"
	"lifecircle/internal/testcity/sample"
	"lifecircle/network"
	"lifecircle/network/osm"
)

// BenchmarkWithin counts 1,000 places within 15 minutes on foot of every node of
// Delaware, by the buckets of package routing and by a binary heap. Both must
// count the same.
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
		t := newTravel(walk, n)
		for b.Loop() {
			sum := uint64(0)
			for _, place := range snaps {
				t.toward(place, limit, func(node uint32) {
					if walk.InLargest(node) {
						sum += uint64(t.cost[node])
					}
				})
			}
			sums["heap"] = sum
		}
	})
	if sums["heap"] != 0 && sums["buckets"] != 0 && sums["heap"] != sums["buckets"] {
		b.Errorf("checksums differ: %v", sums)
	}
}

package access_test

import (
	"testing"

	"lifecircle"
	"lifecircle/access"
	"lifecircle/geo"
	"lifecircle/network"
	"lifecircle/network/osm"
)

// Four corners of a block whose streets run one way round, 0 → 1 → 2 → 3 → 0, as many
// seconds each: who lives one street before a place reaches it, who lives one street
// behind it drives three. Supply falls to those who get there, not to those whom
// somebody from the place would reach.
func TestTwoStepGoesOneWay(t *testing.T) {
	t.Parallel()
	const side = 0.004 // about 445 m: a limit between one street and three holds
	e := &osm.Extract{Nodes: []geo.Point{{}, {Lon: side}, {Lon: side, Lat: side}, {Lat: side}}}
	for i := range uint32(4) {
		e.Streets = append(e.Streets, osm.Street{WayID: int64(i), Nodes: []uint32{i, (i + 1) % 4}, BarredBack: osm.Car, CarKmh: 36})
	}
	n, err := network.BuildWith(e, network.BuildConfig{Profiles: []lifecircle.Mode{lifecircle.Car}})
	if err != nil {
		t.Fatal(err)
	}
	car, err := n.Profile(lifecircle.Car)
	if err != nil {
		t.Fatal(err)
	}
	points := access.SnapPointsFor(n, car, e.Nodes)
	places := []access.Place{{ID: "school", At: e.Nodes[1]}}
	costs := make(map[int]uint32)
	var pairs []access.Pair
	const limit = 600 // deciseconds; a street takes about 445
	access.EachWithin(points, places, 3*limit, func(place, point int, cost uint32) {
		costs[point] = cost
		if cost <= limit {
			pairs = append(pairs, access.Pair{Place: place, Point: point, Cost: cost})
		}
	})
	street := costs[0]
	if street < 400 || street > 500 || costs[1] != 0 || costs[3] < 2*street-2 || costs[3] > 2*street+2 || costs[2] < 3*street-3 || costs[2] > 3*street+3 {
		t.Fatalf("ways to the school %v; want one street from 0, two from 3 and three from 2", costs)
	}
	// 60 places over the 30 people of 0 and 1; where traffic went both ways 2, one street
	// from the school, would share them.
	got, err := access.NewCatchments(1, len(e.Nodes), pairs).Float(access.FloatConfig{
		Method: access.TwoStep, Supply: []int64{60}, Demand: []int64{10, 20, 1000, 1000},
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{2, 2, 0, 0} {
		if is := got.Scores[i].Float64(); is != want {
			t.Errorf("corner %d: %v, want %v", i, is, want)
		}
	}
}

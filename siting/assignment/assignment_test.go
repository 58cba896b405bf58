package assignment

import (
	"math"
	"math/rand/v2"
	"testing"
)

// least tries every way to send the people, one after another.
func least(t *Transport) int64 {
	free := append([]int64{}, t.Capacity...)
	var send func(demand int, left int64) int64
	send = func(demand int, left int64) int64 {
		if left == 0 {
			if demand++; demand == len(t.Load) {
				return 0
			}
			return send(demand, t.Load[demand])
		}
		best := t.Unserved[demand] + send(demand, left-1)
		for _, arc := range t.Reach[demand] {
			if free[arc.Place] > 0 {
				free[arc.Place]--
				best = min(best, arc.Cost+send(demand, left-1))
				free[arc.Place]++
			}
		}
		return best
	}
	return send(0, t.Load[0])
}

// TestTransportIsTheLeast: no other way to send the people costs less, the flows
// obey the capacities and cost what is said, and everybody is sent or left.
func TestTransportIsTheLeast(t *testing.T) {
	t.Parallel()
	left, moved := 0, 0
	for seed := uint64(1); seed <= 300; seed++ {
		rng := rand.New(rand.NewPCG(seed, 3))
		q := &Transport{}
		for range 1 + rng.IntN(3) {
			q.Capacity = append(q.Capacity, rng.Int64N(4))
		}
		for range 1 + rng.IntN(3) {
			var reach []Arc
			for place := range q.Capacity {
				if rng.IntN(4) > 0 {
					reach = append(reach, Arc{int32(place), rng.Int64N(10)})
				}
			}
			q.Load, q.Reach = append(q.Load, rng.Int64N(4)), append(q.Reach, reach)
			q.Unserved = append(q.Unserved, rng.Int64N(20))
		}
		flows, cost, unserved := q.Solve()
		if want := least(q); cost != want {
			t.Fatalf("seed %d: %d, the least is %d: %+v", seed, cost, want, q)
		}
		rest := append([]int64{}, q.Load...)
		var sum int64
		for _, f := range flows {
			rest[f.Demand] -= f.Load
			q.Capacity[f.Place] -= f.Load
			var way, nearest int64 = 0, 10
			for _, arc := range q.Reach[f.Demand] {
				if nearest = min(nearest, arc.Cost); arc.Place == f.Place {
					way = arc.Cost
				}
			}
			if sum += f.Load * way; way > nearest {
				moved++
			}
			if f.Load <= 0 || q.Capacity[f.Place] < 0 {
				t.Fatalf("seed %d: %+v with %d left at the place", seed, f, q.Capacity[f.Place])
			}
		}
		for i, n := range rest {
			if n < 0 {
				t.Fatalf("seed %d: more are sent from %d than are there", seed, i)
			}
			sum += n * q.Unserved[i]
			unserved -= n
		}
		if sum != cost || unserved != 0 {
			t.Fatalf("seed %d: flows cost %d, said %d; %d unserved are not accounted for", seed, sum, cost, unserved)
		}
		for _, n := range rest {
			left += int(n)
		}
	}
	if left == 0 || moved == 0 {
		t.Errorf("%d left and %d not at their nearest: the drawing is lopsided", left, moved)
	}
}

// BenchmarkTransport sends 3,000 groups of people to 100 places with room for seven of
// eight, each to those within 2,500 m on a square of 10 km.
func BenchmarkTransport(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	at := func(n int) (points [][2]float64) {
		for range n {
			points = append(points, [2]float64{1e4 * rng.Float64(), 1e4 * rng.Float64()})
		}
		return points
	}
	q := &Transport{}
	places := at(100)
	for range places {
		q.Capacity = append(q.Capacity, 600+rng.Int64N(1100))
	}
	for _, from := range at(3000) {
		var reach []Arc
		for place, to := range places {
			if d := math.Hypot(from[0]-to[0], from[1]-to[1]); d <= 2500 {
				reach = append(reach, Arc{int32(place), int64(10 * d)})
			}
		}
		q.Load, q.Reach, q.Unserved = append(q.Load, 1+rng.Int64N(90)), append(q.Reach, reach), append(q.Unserved, 3_000_000)
	}
	for b.Loop() {
		_, cost, unserved := q.Solve()
		b.ReportMetric(float64(cost), "cost")
		b.ReportMetric(float64(unserved), "unserved")
	}
}

package siting

import (
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// scattered puts demand and candidates at random on a square of 10,000 and gives
// the candidate → demand lists within a radius.
func scattered(b *testing.B, model Model, demand int, radius int32) *Problem {
	b.Helper()
	const candidates, count, side = 10_000, 200, 10_000
	rng := rand.New(rand.NewPCG(5, uint64(demand)))
	p := &Problem{Model: model, Areas: []string{""}, Reach: NewReach(demand), Limits: Limits{Count: count}}
	if model == PMedian {
		p.Unserved = radius
	}
	type point struct{ x, y float64 }
	type square struct{ x, y int }
	in := func(p point) square { return square{int(p.x) / int(radius), int(p.y) / int(radius)} }
	people := make([]point, demand)
	squares := make(map[square][]int32)
	for i := range people {
		people[i] = point{rng.Float64() * side, rng.Float64() * side}
		squares[in(people[i])] = append(squares[in(people[i])], int32(i))
		p.Demand = append(p.Demand, Demand{ID: strconv.Itoa(i), Weight: 1 + rng.Int64N(200)})
	}
	for j := range candidates {
		at := point{rng.Float64() * side, rng.Float64() * side}
		p.Candidates = append(p.Candidates, Candidate{ID: strconv.Itoa(j)})
		var near, demand, times []int32
		for x := -1; x <= 1; x++ {
			for y := -1; y <= 1; y++ {
				near = append(near, squares[square{in(at).x + x, in(at).y + y}]...)
			}
		}
		slices.Sort(near)
		for _, i := range near {
			if t := int32(math.Hypot(at.x-people[i].x, at.y-people[i].y)); t <= radius {
				demand, times = append(demand, i), append(times, t)
			}
		}
		if err := p.Reach.Add(demand, times); err != nil {
			b.Fatal(err)
		}
	}
	return p
}

// threadTime is the processor time of this thread: what others do on a busy
// machine would be the p99 of a clock.
func threadTime(b *testing.B) time.Duration {
	const thread = 1 // RUSAGE_THREAD
	var u syscall.Rusage
	if err := syscall.Getrusage(thread, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkMove is how long everybody takes to be assigned anew after one of 200
// sites moves, with the value; p99 is over the moves of
// the run, in processor time.
func BenchmarkMove(b *testing.B) {
	for _, c := range []struct {
		name   string
		model  Model
		demand int
		radius int32
	}{
		{"coverage-100k", MCLP, 100_000, 100},
		{"coverage-1M", MCLP, 1_000_000, 100},
		{"p-median-100k", PMedian, 100_000, 500},
		{"p-median-300k", PMedian, 300_000, 500},
	} {
		b.Run(c.name, func(b *testing.B) {
			p := scattered(b, c.model, c.demand, c.radius)
			ch := newChooser(p)
			core, _, err := p.serviceCore(ch, nil)
			if err != nil {
				b.Fatal(err)
			}
			s := newSwapper(core, ch)
			rng := rand.New(rand.NewPCG(6, 6))
			for len(s.open) < p.Limits.Count {
				if o := int32(rng.IntN(core.m)); !s.in[o] {
					s.add(o)
				}
			}
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			var took []time.Duration
			for b.Loop() {
				from, to := s.open[rng.IntN(len(s.open))], int32(rng.IntN(core.m))
				if s.in[to] {
					continue
				}
				begin := threadTime(b)
				s.remove(from)
				s.add(to)
				took = append(took, threadTime(b)-begin)
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
			if value, lack := core.value(s.open); value-core.constant != s.value || lack > 0 {
				b.Fatalf("after the moves the value is %d, counted again %d", s.value, value-core.constant)
			}
		})
	}
}

//go:build goexperiment.simd && amd64

package routing

import (
	"math/rand/v2"
	"simd/archsimd"
	"slices"
	"testing"
)

// Vector registers give what single lanes do, to the bit, at the edges of 16 bits
// too.
func TestVectorsAreTheTwin(t *testing.T) {
	t.Parallel()
	if !archsimd.X86.AVX2() {
		t.Skip("this machine has no AVX2")
	}
	wide := archsimd.X86.AVX512()
	if !wide {
		t.Log("this machine has no AVX-512: only AVX2 is tested")
	}
	random := rand.New(rand.NewPCG(1, 2))
	edge := func() uint16 {
		return []uint16{0, 1, 0x7fff, 0x8000, 0xfffe, 0xffff, uint16(random.Uint32())}[random.IntN(7)]
	}
	for range 2000 {
		const nodes = 5
		lanes := make([]uint16, nodes*cellNodes)
		for i := range lanes {
			lanes[i] = edge()
		}
		var arcs []laneArc
		for range random.IntN(4) {
			arcs = append(arcs, laneArc{1 + random.Uint32N(nodes-1), edge()})
		}
		weight, radius, amount, met := edge(), edge(), random.Uint32(), random.IntN(2) == 0
		sums := make([]uint32, cellNodes)
		for i := range sums {
			sums[i] = random.Uint32N(1 << 30)
		}
		long := make([]uint32, 6*laneCount)
		for i := range long {
			long[i] = random.Uint32N(Far + 1)
		}
		first := []uint32{0, 2, 3, 3, 4, 4, 4}
		ups := []upArc{{1, random.Uint32N(Far)}, {5, 3}, {3, random.Uint32N(9)}, {5, Far - 1}}
		type result struct {
			pushed, pulled []uint16
			sums, fallen   []uint32
		}
		run := func(push func(a, b []uint16, w uint16), pull func([]uint16, uint32, []laneArc, bool), add func([]uint32, []uint16, uint16, uint32), fall func(a, b []uint32, c []upArc)) result {
			r := result{slices.Clone(lanes), slices.Clone(lanes), slices.Clone(sums), slices.Clone(long)}
			push(r.pushed[:cellNodes], r.pushed[cellNodes:2*cellNodes], weight)
			pull(r.pulled, 0, arcs, met)
			add(r.sums, lanes[:cellNodes], radius, amount)
			fall(r.fallen, first, ups)
			return r
		}
		want := run(pushPlain, pullPlain, addPlain, fallPlain)
		all := []result{run(push256, pull256, add256, fall256)}
		if wide {
			all = append(all, run(push512, pull512, add512, fall512))
		}
		for i, got := range all {
			if !slices.Equal(got.pushed, want.pushed) || !slices.Equal(got.pulled, want.pulled) || !slices.Equal(got.sums, want.sums) || !slices.Equal(got.fallen, want.fallen) {
				t.Fatalf("kind %d differs from plain", i)
			}
		}
	}
}

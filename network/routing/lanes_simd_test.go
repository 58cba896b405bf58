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
		row := make([]uint16, nodes*cellNodes)
		for i := range row {
			row[i] = edge()
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
		const rows = 6
		long := make([]uint32, rows*allLanes)
		for i := range long {
			long[i] = random.Uint32N(Far + 1)
		}
		reached := make([]bool, rows)
		for i := range reached {
			reached[i] = random.IntN(3) > 0
		}
		ups := slim{[]uint32{0, 2, 3, 3, 4, 4, 4}, []upArc{{1, random.Uint32N(Far)}, {5, 3}, {3, random.Uint32N(9)}, {5, Far - 1}}}
		// A root, 2, with 1 and 0 below it, 0 below 1 too.
		falling := descent{
			first: []uint32{0, 2, 3, 3}, arcs: []upArc{{1, random.Uint32N(9)}, {0, random.Uint32N(Far)}, {0, random.Uint32N(Far)}},
			depth: []uint32{2, 1, 0}, started: []uint32{2, 0, 1}, starts: make([]lanes, 2), keep: []uint32{1, 0, 2},
		}
		for i := range falling.starts {
			for lane := range falling.starts[i] {
				falling.starts[i][lane] = random.Uint32N(Far + 1)
			}
		}
		type result struct {
			pushed, pulled []uint16
			sums, fallen   []uint32
			kept           []lanes
		}
		type kind struct {
			push   func(a, b []uint16, w uint16)
			pull   func([]uint16, uint32, []laneArc, bool)
			add    func([]uint32, []uint16, uint16, uint32)
			fall   func(*sheet, *slim)
			fallTo func(*descent)
		}
		run := func(k kind) result {
			r := result{slices.Clone(row), slices.Clone(row), slices.Clone(sums), slices.Clone(long), make([]lanes, 2)}
			d := falling
			d.kept, d.rows = r.kept, make([]lanes, 3)
			k.fallTo(&d)
			k.push(r.pushed[:cellNodes], r.pushed[cellNodes:2*cellNodes], weight)
			k.pull(r.pulled, 0, arcs, met)
			k.add(r.sums, row[:cellNodes], radius, amount)
			k.fall(&sheet{r.fallen, slices.Clone(reached)}, &ups)
			return r
		}
		want := run(kind{pushPlain, pullPlain, addPlain, fallPlain, fallToPlain})
		all := []result{run(kind{push256, pull256, add256, fall256, fallTo256})}
		if wide {
			all = append(all, run(kind{push512, pull512, add512, fall512, fallTo512}))
		}
		for i, got := range all {
			if !slices.Equal(got.pushed, want.pushed) || !slices.Equal(got.pulled, want.pulled) || !slices.Equal(got.sums, want.sums) || !slices.Equal(got.fallen, want.fallen) || !slices.Equal(got.kept, want.kept) {
				t.Fatalf("kind %d differs from plain", i)
			}
		}
	}
}

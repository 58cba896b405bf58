package routing_test

import (
	"testing"

	"pgregory.net/rapid"

	"lifecircle"
	"lifecircle/network"
	"lifecircle/network/routing"
)

// TestMarksTellEveryPosition: between two marks of an edge the nearest source is as
// far as the nearer way over one of them says, at every decimetre that is tried.
func TestMarksTellEveryPosition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		town := drawTown(t)
		cut := rapid.IntRange(0, len(town.points)).Draw(t, "sources")
		table := onFoot(town.net).Compute(sourcesOf(t, town.points[:cut]), 2)
		for e := range uint32(town.net.EdgeCount()) {
			edge := town.net.Edge(e)
			marks := table.Marks(e, edge, nil)
			if len(marks) == 0 {
				t.Fatalf("edge %d has no marks", e)
			}
			if marks[0].Offset != 0 || marks[len(marks)-1].Offset != edge.Length {
				t.Fatalf("edge %d of %d runs from %d to %d", e, edge.Length, marks[0].Offset, marks[len(marks)-1].Offset)
			}
			for range 5 {
				x := lifecircle.Decimetres(rapid.Uint32Range(0, uint32(edge.Length)).Draw(t, "at"))
				told := uint32(routing.Barred)
				for i := range marks[1:] {
					a, b := marks[i], marks[i+1]
					if a.Offset <= x && x <= b.Offset {
						told = min(told, a.Distance+uint32(x-a.Offset), b.Distance+uint32(b.Offset-x))
					}
				}
				want := uint32(routing.Barred)
				snap := network.Snap{Edge: e, From: edge.From, To: edge.To, ToFrom: x, ToTo: edge.Length - x}
				if nearest := table.Nearest(snap, nil); len(nearest) > 0 {
					want = uint32(nearest[0].Distance)
				}
				if told != want && !(told > routing.Barred && want == routing.Barred) {
					t.Fatalf("edge %d at %d: %d, want %d; marks %v", e, x, told, want, marks)
				}
			}
		}
	})
}

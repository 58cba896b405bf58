package remedy_test

import (
	"fmt"
	"testing"

	"lifecircle"
	"lifecircle/api"
	"lifecircle/engine"
	"lifecircle/figure"
	"lifecircle/internal/testcity"
	"lifecircle/network"
	"lifecircle/plan"
	"lifecircle/plans"
	"lifecircle/registry"
	"lifecircle/remedy"
	"lifecircle/scenario"
	"lifecircle/siting"
)

// BenchmarkDeficit goes from a provision to a checked answer of ten sites in a
// grid of 3,600 blocks, and again without the search.
func BenchmarkDeficit(b *testing.B) {
	const side = 60
	city, err := testcity.Grid(side, side, 200)
	if err != nil {
		b.Fatal(err)
	}
	net, err := network.Build(city.Extract())
	if err != nil {
		b.Fatal(err)
	}
	base := registry.Base{
		Areas:    []registry.Area{{Code: town, Level: registry.Prefecture, Provenance: lifecircle.Generated}},
		Networks: []registry.Network{{Root: town, Hash: net.Hash(), Provenance: lifecircle.Generated}},
	}
	for i := range side {
		for j := range side {
			base.Points = append(base.Points, registry.PopulationPoint{
				ID: fmt.Sprintf("%d/%d", i, j), Area: town, At: city.At(i+1, j+1), People: int64(50 + (37*i+53*j)%100), Urban: true, Provenance: lifecircle.Generated,
			})
		}
	}
	pkg, faults := plan.Load(plans.Ningxia2025())
	if pkg == nil {
		b.Fatal(faults)
	}
	snapshot, err := registry.NewSnapshot(base)
	if err != nil {
		b.Fatal(err)
	}
	w := engine.Build(engine.Parts{Root: town, Plan: pkg, Network: net, Facts: scenario.Facts{Registry: snapshot, Figures: new(figure.Table)}})
	question := remedy.Question{Area: town, Object: "sport.fitness_10min", Count: 10}
	b.Run("prepare", func(b *testing.B) {
		for b.Loop() {
			c, err := api.Remedies(w).Prepare(b.Context(), question)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(c.Problem.Reach.Pairs()), "pairs")
		}
	})
	b.Run("answer", func(b *testing.B) {
		for b.Loop() {
			c, err := api.Remedies(w).Prepare(b.Context(), question)
			if err != nil {
				b.Fatal(err)
			}
			a, err := c.Solve(b.Context(), siting.Config{Seed: 1, Iterations: 2000})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(100*a.Solution.Gap(), "%gap")
		}
	})
}

package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"lifecircle"
	"lifecircle/engine"
	"lifecircle/figure"
	"lifecircle/geo"
	"lifecircle/internal/ningxia"
	"lifecircle/network"
	"lifecircle/plan"
	"lifecircle/plan/rule"
	"lifecircle/plans"
	"lifecircle/registry"
	"lifecircle/scenario"
)

// demonstrated is Ningxia as the demonstration makes it, without a database, and
// with every result of its plan known.
var demonstrated = sync.OnceValues(func() (*engine.World, error) {
	parts, err := demonstratedParts()
	if err != nil {
		return nil, err
	}
	w := engine.Build(parts)
	for _, code := range w.Registry().Subtree(w.Root()) {
		w.Evaluator().Results(code, lifecircle.Year(w.Plan().Year))
	}
	return w, nil
})

var demonstratedParts = sync.OnceValues(func() (engine.Parts, error) {
	made, err := region(1)
	if err != nil {
		return engine.Parts{}, err
	}
	facts := scenario.Facts{Figures: new(figure.Table)}
	if facts.Registry, err = registry.NewSnapshot(made.base); err != nil {
		return engine.Parts{}, err
	}
	values, err := ningxia.Values()
	if err != nil {
		return engine.Parts{}, err
	}
	if facts, err = facts.With(values); err != nil {
		return engine.Parts{}, err
	}
	pkg, faults := plan.Load(plans.Ningxia2025())
	if pkg == nil {
		return engine.Parts{}, fmt.Errorf("%d faults in the plan, first %v", len(faults), faults[0])
	}
	return engine.Parts{Root: ningxia.Region, Plan: pkg, Network: made.network, Facts: facts}, nil
})

// trialsOf are changes of every kind somewhere in a World.
func trialsOf(w *engine.World) map[string]func(*rand.Rand) scenario.Change {
	points, places := w.Registry().Points(), w.Registry().Facilities()
	estates, _ := w.Registry().Records(registry.ResidentialAreaRegister)
	kinds := []string{"fitness_station", "elder_day_care", "community_health_centre", "primary_school", "kindergarten", "sports_pitch", "childcare"}
	return map[string]func(*rand.Rand) scenario.Change{
		"add": func(rng *rand.Rand) scenario.Change {
			p := points[rng.IntN(len(points))]
			return scenario.Change{Op: scenario.Add, Facility: &registry.Facility{
				ID: "tried", Area: p.Area, Kind: kinds[rng.IntN(len(kinds))], Public: true, At: p.At, Provenance: lifecircle.Generated,
			}}
		},
		"withdraw": func(rng *rand.Rand) scenario.Change {
			return scenario.Change{Op: scenario.Withdraw, ID: places[rng.IntN(len(places))].ID}
		},
		"move": func(rng *rand.Rand) scenario.Change {
			f := *places[rng.IntN(len(places))]
			f.At.Lon += 0.01
			return scenario.Change{Op: scenario.Amend, Facility: &f}
		},
		"capacity": func(rng *rand.Rand) scenario.Change {
			f := *places[rng.IntN(len(places))]
			f.Fields = registry.Fields{"beds": rule.NumberOf(lifecircle.Int(rng.Int64N(100)))}
			return scenario.Change{Op: scenario.Amend, Facility: &f}
		},
		"estate": func(rng *rand.Rand) scenario.Change {
			r := *estates[rng.IntN(len(estates))]
			r.ID = "tried"
			return scenario.Change{Op: scenario.Enter, Record: &r}
		},
		"value": func(rng *rand.Rand) scenario.Change {
			p := points[rng.IntN(len(points))]
			key := figure.Key{Element: "resident_population", Area: p.Area[:6], Period: lifecircle.Year(w.Plan().Year), Source: "tried"}
			return scenario.Change{Op: scenario.Put, Value: &figure.Value{Key: key, Number: lifecircle.Int(rng.Int64N(1e6)), Provenance: lifecircle.Generated}}
		},
	}
}

// BenchmarkWhatIf tries changes on Ningxia: every layer, every target of every
// area that they touch, people gained and lost. The goal is p99 ≤ 10 ms.
func BenchmarkWhatIf(b *testing.B) {
	w, err := demonstrated()
	if err != nil {
		b.Fatal(err)
	}
	trials := trialsOf(w)
	for _, name := range []string{"add", "withdraw", "move", "capacity", "estate", "value"} {
		b.Run(name, func(b *testing.B) {
			rng := rand.New(rand.NewPCG(1, 2))
			var took []time.Duration
			effects := 0
			for b.Loop() {
				change := trials[name](rng)
				begun := time.Now()
				diff, err := w.WhatIf(scenario.Tried([]scenario.Change{change}))
				took = append(took, time.Since(begun))
				if err != nil {
					b.Fatal(err)
				}
				effects += len(diff.Effects)
			}
			timed(b, took, effects)
		})
	}
}

// BenchmarkWhatIfPlan tries other numbers of the plan on Ningxia: how far a fitness
// place may be, everywhere and in one county, and what share is promised.
func BenchmarkWhatIfPlan(b *testing.B) {
	w, err := demonstrated()
	if err != nil {
		b.Fatal(err)
	}
	for name, s := range map[string]plan.Supposition{
		"reach":           {Object: "1.1.7", Parameter: "reach", Value: "1200"},
		"reach-in-county": {Object: "1.1.7", Parameter: "reach", Value: "1200", Area: "640104"},
		"target":          {Object: "1.1.7", Parameter: plan.TargetPart, Value: "97"},
	} {
		b.Run(name, func(b *testing.B) {
			var took []time.Duration
			effects := 0
			for b.Loop() {
				begun := time.Now()
				supposed, faults := w.Plan().Supposing(s)
				if supposed == nil {
					b.Fatal(faults)
				}
				diff, err := w.WhatIf(scenario.Trial{Plan: supposed})
				took = append(took, time.Since(begun))
				if err != nil {
					b.Fatal(err)
				}
				effects += len(diff.Effects)
			}
			timed(b, took, effects)
		})
	}
}

// BenchmarkWhatIfStreets closes streets of Ningxia, and builds one from an end of a
// street to an end of another.
func BenchmarkWhatIfStreets(b *testing.B) {
	w, err := demonstrated()
	if err != nil {
		b.Fatal(err)
	}
	net := w.Network()
	rng := rand.New(rand.NewPCG(1, 2))
	somewhere := func() geo.Point {
		line := net.Shape(uint32(rng.IntN(net.EdgeCount())))
		return geo.Point{Lon: (line[0].Lon + line[1].Lon) / 2, Lat: (line[0].Lat + line[1].Lat) / 2}
	}
	for _, what := range []network.AlterationKind{network.CloseStreet, network.NewStreet} {
		b.Run(string(what), func(b *testing.B) {
			var took []time.Duration
			effects := 0
			for b.Loop() {
				at := somewhere()
				a := network.Alteration{What: what, At: at, To: geo.Point{Lon: at.Lon + 0.002, Lat: at.Lat}}
				begun := time.Now()
				altered, err := net.Altered(a)
				if err != nil { // there may be no street at the other end
					continue
				}
				diff, err := w.WhatIf(scenario.Trial{Network: altered})
				took = append(took, time.Since(begun))
				if err != nil {
					b.Fatal(err)
				}
				effects += len(diff.Effects)
			}
			if len(took) > 0 {
				timed(b, took, effects)
			}
		})
	}
}

// timed reports the middle and the slowest hundredth of what was measured.
func timed(b *testing.B, took []time.Duration, effects int) {
	slices.Sort(took)
	milliseconds := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	b.ReportMetric(milliseconds(took[len(took)/2]), "p50-ms")
	b.ReportMetric(milliseconds(took[len(took)*99/100]), "p99-ms")
	b.ReportMetric(float64(effects)/float64(len(took)), "effects")
}

// BenchmarkRegion measures Ningxia anew: its layers, and every result of every
// area. The goal for the layers is 1 s.
func BenchmarkRegion(b *testing.B) {
	parts, err := demonstratedParts()
	if err != nil {
		b.Fatal(err)
	}
	b.Run("layers", func(b *testing.B) {
		for b.Loop() {
			engine.Build(parts)
		}
	})
	b.Run("results", func(b *testing.B) {
		count := 0
		for b.Loop() {
			b.StopTimer()
			w := engine.Build(parts)
			b.StartTimer()
			count = 0
			for _, code := range w.Registry().Subtree(w.Root()) {
				count += len(w.Evaluator().Results(code, lifecircle.Year(w.Plan().Year)))
			}
		}
		b.ReportMetric(float64(count), "results")
		b.Log(fmt.Sprint(count, " results"))
	})
}

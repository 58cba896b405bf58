package engine_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"lifecircle"
	"lifecircle/engine"
	"lifecircle/plan/rule"
	"lifecircle/registry"
	"lifecircle/scenario"
)

// TestYearsBeforeAreCarriedOver: what earlier years were, asked of a World that came
// about by changes, is what a World built from the changed facts says of them,
// whether they were asked of the Worlds between or not.
func TestYearsBeforeAreCarriedOver(t *testing.T) {
	t.Parallel()
	parts, villages := fiveLevels(t)
	b := parts.Facts.Registry.All()
	for i := range b.Facilities {
		f := &b.Facilities[i]
		f.From = registry.LastDay(lifecircle.Year(2019 + i%5))
		if i%7 == 0 {
			f.Until = registry.LastDay(lifecircle.Year(2022 + i%5))
		}
	}
	for i, area := range b.Areas {
		for year := 2020; year < 2025; year += 2 {
			b.Records = append(b.Records, registry.Record{
				Register: registry.PopulationRegister, ID: fmt.Sprintf("%s-%d", area.Code, year), Area: area.Code, Provenance: lifecircle.Real,
				Span:   registry.Span{From: registry.LastDay(lifecircle.Year(year))},
				Fields: registry.Fields{"total": rule.NumberOf(lifecircle.Int(int64(1000*i + year)))},
			})
		}
	}
	var err error
	if parts.Facts.Registry, err = registry.NewSnapshot(b); err != nil {
		t.Fatal(err)
	}
	asked := []lifecircle.AreaCode{parts.Root, "980100", "980101", villages[0], villages[len(villages)-1]}
	years := func(w *engine.World) (said []string) {
		for year := 2021; year < 2025; year++ {
			for _, area := range asked {
				for _, r := range w.Evaluator().Results(area, lifecircle.Year(year)) {
					said = append(said, fmt.Sprintln(name(r.Object.ID, r.Variant, area), year, r.Value, r.Numerator, r.Denominator, r.Lower, r.Upper, r.State, r.Provenance, r.Progress.Points))
				}
			}
		}
		return said
	}
	w := engine.Build(parts)
	rng := rand.New(rand.NewPCG(3, 5))
	first, differing := years(w), false
	for i := range 24 {
		var changes []scenario.Change
		for _, c := range trials(rng, w, villages) {
			if i%4 == 0 || c.Op != scenario.Point && c.Op != scenario.Strike { // after which all is made anew
				changes = append(changes, c)
			}
		}
		if w, err = w.With(changes, 0); err != nil {
			t.Fatalf("step %d %+v: %v", i, changes, err)
		}
		if i%3 == 1 {
			continue
		}
		built := engine.Build(engine.Parts{Root: parts.Root, Plan: parts.Plan, Network: parts.Network, Facts: w.Facts()})
		got, want := years(w), years(built)
		for k := range want {
			differing = differing || want[k] != first[k]
			if got[k] != want[k] {
				t.Fatalf("step %d %+v:\n%swant\n%s", i, changes, got[k], want[k])
			}
		}
	}
	if !differing {
		t.Error("no change was felt in an earlier year")
	}
}

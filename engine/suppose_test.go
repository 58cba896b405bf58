package engine_test

import (
	"math/rand/v2"
	"testing"

	"lifecircle"
	"lifecircle/engine"
	"lifecircle/plan"
	"lifecircle/scenario"
)

// numbersOf are all the numbers of a plan that can be supposed.
func numbersOf(pkg *plan.Package) []plan.Supposition {
	var all []plan.Supposition
	for _, o := range pkg.Objects {
		if !o.Measured() {
			continue
		}
		note := func(variant string, parameters map[string]plan.Parameter) {
			for name, p := range parameters {
				if !p.Day {
					all = append(all, plan.Supposition{Object: o.ID, Variant: variant, Parameter: name})
				}
			}
		}
		note("", o.Parameters())
		variants := o.Variants()
		for _, v := range variants {
			note(v.ID, v.Parameters)
		}
		if len(o.Targets()) > 0 {
			all = append(all, plan.Supposition{Object: o.ID, Parameter: plan.TargetPart})
		}
	}
	return all
}

// TestSupposedIsTheTruth: under other numbers of the plan, together with changes of
// facts or without, a what-if equals to the bit a World built under the supposed
// plan, and the effects that it tells are all there are.
func TestSupposedIsTheTruth(t *testing.T) {
	parts, villages := fiveLevels(t)
	w := engine.Build(parts)
	before := w.Hash()
	numbers := numbersOf(parts.Plan)
	rng := rand.New(rand.NewPCG(3, 9))
	moved := 0
	for i := range 40 {
		supposed := w.Plan()
		for range 1 + rng.IntN(3) {
			s := numbers[rng.IntN(len(numbers))]
			if i%2 == 0 { // most numbers are of registers this town does not keep
				s = plan.Supposition{Object: "sport.fitness_10min", Parameter: []string{"reach", "target"}[rng.IntN(2)]}
			}
			s.Value = []string{"0", "1", "7", "40", "90", "99"}[rng.IntN(6)]
			if s.Parameter == "reach" {
				s.Value = []string{"0", "100", "250", "400", "900", "5000"}[rng.IntN(6)]
			}
			if rng.IntN(2) == 0 {
				village := villages[rng.IntN(len(villages))]
				s.Area, s.Above = village[:6], []lifecircle.AreaCode{village[:4] + "00", "980000"}
			}
			next, faults := supposed.Supposing(s)
			if next == nil {
				t.Fatalf("step %d %+v: %v", i, s, faults)
			}
			supposed = next
		}
		trial := scenario.Trial{Plan: supposed}
		if rng.IntN(2) == 0 {
			trial.Changes = trials(rng, w, villages)
		}
		diff, err := w.WhatIf(trial)
		if err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
		told := make(map[string]bool)
		for _, e := range diff.Effects {
			told[name(e.After.Object.ID, e.After.Variant, e.After.Area)] = true
		}
		moved += len(told)
		parts := parts
		parts.Facts, parts.Plan = diff.After.Facts(), supposed
		built := engine.Build(parts)
		period := lifecircle.Year(parts.Plan.Year)
		for _, area := range w.Registry().Areas() {
			then, now := w.Evaluator().Results(area.Code, period), built.Evaluator().Results(area.Code, period)
			for k := range now {
				if id := name(now[k].Object.ID, now[k].Variant, area.Code); then[k].Same(now[k]) == told[id] {
					t.Fatalf("step %d: %s before %v, after %v, told: %v", i, id, then[k].Value, now[k].Value, told[id])
				}
			}
		}
		if got, want := diff.After.Hash(), built.Hash(); got != want {
			t.Fatalf("step %d: what-if and rebuilt World differ", i)
		}
		if i%10 == 9 && w.Hash() != before {
			t.Fatalf("step %d changed the World it was tried on", i)
		}
		switch { // go on from there: with the facts, or under the supposed plan too
		case i%3 == 0:
			w, before = diff.After, diff.After.Hash()
		case i%7 == 0:
			w = engine.Build(parts)
			before = w.Hash()
		}
	}
	if moved < 100 {
		t.Fatalf("only %d results moved", moved)
	}
}

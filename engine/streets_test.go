package engine_test

import (
	"math/rand/v2"
	"testing"

	"lifecircle"
	"lifecircle/engine"
	"lifecircle/geo"
	"lifecircle/network"
	"lifecircle/scenario"
)

// TestAlteredStreetsAreTheTruth: with streets closed, opened and built, together with
// changes of facts or without, a what-if equals to the bit a World built on the altered
// network, and the effects that it tells are all there are.
func TestAlteredStreetsAreTheTruth(t *testing.T) {
	parts, villages := fiveLevels(t)
	w := engine.Build(parts)
	rng := rand.New(rand.NewPCG(5, 2))
	moved, islands := 0, 0
	before := w.Hash()
	for i := range 60 {
		net := w.Network()
		middle := func() geo.Point {
			line := net.Shape(uint32(rng.IntN(net.EdgeCount())))
			return geo.Point{Lon: (line[0].Lon + line[1].Lon) / 2, Lat: (line[0].Lat + line[1].Lat) / 2}
		}
		for range 1 + rng.IntN(4) {
			a := network.Alteration{What: network.CloseStreet, At: middle()}
			switch rng.IntN(8) {
			case 0, 1:
				a.What = network.OpenStreet
			case 2:
				a.What, a.To = network.NewStreet, middle()
			}
			if next, err := net.Altered(a); err == nil { // there may be none to open
				net = next
			}
		}
		if net.Summary().Components > w.Network().Summary().Components {
			islands++
		}
		trial := scenario.Trial{Network: net}
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
		parts.Facts, parts.Network = diff.After.Facts(), net
		built := engine.Build(parts)
		period := lifecircle.Year(parts.Plan.Year)
		for _, area := range w.Registry().Areas() {
			then, now := w.Evaluator().Results(area.Code, period), built.Evaluator().Results(area.Code, period)
			for k := range now {
				if id := name(now[k].Object.ID, now[k].Variant, area.Code); then[k].Same(now[k]) == told[id] {
					mine := diff.After.Evaluator().Results(area.Code, period)[k]
					t.Fatalf("step %d: %s before %v, after %v, told: %v; after it is %v of %v %s, built %v of %v %s; changes %v", i, id, then[k].Value, now[k].Value, told[id],
						mine.Numerator, mine.Denominator, mine.Provenance, now[k].Numerator, now[k].Denominator, now[k].Provenance, len(trial.Changes))
				}
			}
		}
		if got, want := diff.After.Hash(), built.Hash(); got != want {
			t.Fatalf("step %d: what-if and rebuilt World differ", i)
		}
		if i%10 == 9 && w.Hash() != before {
			t.Fatalf("step %d changed the World it was tried on", i)
		}
		if i%3 == 0 { // go on from there
			w, before = diff.After, diff.After.Hash()
		}
	}
	if moved < 100 || islands == 0 {
		t.Fatalf("only %d results moved, and %d steps made islands", moved, islands)
	}
}

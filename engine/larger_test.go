package engine_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"lifecircle"
	"lifecircle/engine"
	"lifecircle/figure"
	"lifecircle/geo"
	"lifecircle/plan"
	"lifecircle/plan/rule"
	"lifecircle/registry"
	"lifecircle/scenario"
)

// fiveLevels is the town as the streets of a region with areas on every level: 3
// prefectures of 3 counties of 3 townships of 3 villages.
func fiveLevels(t testing.TB) (engine.Parts, []lifecircle.AreaCode) {
	t.Helper()
	b, net := base(t)
	const region = lifecircle.AreaCode("980000")
	b.Areas, b.Networks = nil, []registry.Network{{Root: region, Hash: net.Hash(), Provenance: lifecircle.Generated}}
	var villages []lifecircle.AreaCode
	var grow func(code, parent lifecircle.AreaCode, depth int)
	grow = func(code, parent lifecircle.AreaCode, depth int) {
		b.Areas = append(b.Areas, registry.Area{Code: code, Parent: parent, Level: registry.Levels()[depth], Provenance: lifecircle.Generated})
		for i := 1; i <= 3; i++ {
			switch depth {
			case 0:
				grow(lifecircle.AreaCode(fmt.Sprintf("98%02d00", i)), code, 1)
			case 1:
				grow(lifecircle.AreaCode(fmt.Sprintf("%s%02d", code[:4], i)), code, 2)
			case 2:
				grow(lifecircle.AreaCode(fmt.Sprintf("%s%03d", code, i)), code, 3)
			case 3:
				grow(lifecircle.AreaCode(fmt.Sprintf("%s%03d", code, i)), code, 4)
			}
		}
		if depth == 4 {
			villages = append(villages, code)
		}
	}
	grow(region, "", 0)
	for i := range b.Points {
		b.Points[i].Area = villages[i%len(villages)]
	}
	for i := range b.Facilities {
		b.Facilities[i].Area = villages[(7*i)%len(villages)]
	}
	r, err := registry.NewSnapshot(b)
	if err != nil {
		t.Fatal(err)
	}
	return engine.Parts{Root: region, Plan: ningxia(t), Network: net, Facts: scenario.Facts{Registry: r, Figures: new(figure.Table)}}, villages
}

// trials are random changes of a World, one after the other possible.
func trials(rng *rand.Rand, w *engine.World, villages []lifecircle.AreaCode) []scenario.Change {
	kinds := []string{"sports_pitch", "fitness_station", "school", "primary_school", "kindergarten", "community_health_centre", "village_clinic", "elder_home", "library"}
	elements := []string{"public_sports_ground", "resident_population", "urban_population", "cultural_visits", "urban_fitness_circle_reported"}
	box := w.Network().Summary().Bounds
	spot := func() geo.Point {
		return geo.Point{
			Lon: box.Min.Lon + rng.Float64()*(box.Max.Lon-box.Min.Lon),
			Lat: box.Min.Lat + rng.Float64()*(box.Max.Lat-box.Min.Lat),
		}
	}
	village := func() lifecircle.AreaCode { return villages[rng.IntN(len(villages))] }
	areas := w.Registry().Areas()
	var changes []scenario.Change
	taken := make(map[lifecircle.FacilityID]bool)
	for range 1 + rng.IntN(3) {
		places := w.Registry().Facilities()
		place := *places[rng.IntN(len(places))]
		if taken[place.ID] {
			continue
		}
		switch rng.IntN(11) {
		case 0, 1:
			added := &registry.Facility{
				ID: lifecircle.FacilityID(fmt.Sprintf("new-%d", rng.Int64())), Area: village(), Kind: kinds[rng.IntN(len(kinds))],
				At: spot(), Public: rng.IntN(3) > 0, Provenance: lifecircle.Estimated,
			}
			if rng.IntN(2) == 0 {
				added.From = registry.LastDay(lifecircle.Year(2023))
			}
			changes = append(changes, scenario.Change{Op: scenario.Add, Facility: added})
		case 2:
			taken[place.ID] = true
			changes = append(changes, scenario.Change{Op: scenario.Withdraw, ID: place.ID})
		case 3: // another place, and another area
			taken[place.ID] = true
			place.At, place.Area = spot(), village()
			changes = append(changes, scenario.Change{Op: scenario.Amend, Facility: &place})
		case 4: // another capacity, status or provenance
			taken[place.ID] = true
			place.Fields = registry.Fields{"beds": rule.NumberOf(lifecircle.Int(rng.Int64N(90))), "registered": rule.BoolOf(rng.IntN(2) == 0)}
			if rng.IntN(3) == 0 {
				place.Fields[registry.Status] = rule.TextOf(registry.Suspended)
			}
			place.Provenance = []lifecircle.Provenance{lifecircle.Real, lifecircle.Generated}[rng.IntN(2)]
			changes = append(changes, scenario.Change{Op: scenario.Amend, Facility: &place})
		case 5:
			changes = append(changes, scenario.Change{Op: scenario.Enter, Record: &registry.Record{
				Register: registry.ResidentialAreaRegister, ID: fmt.Sprintf("estate-%d", rng.IntN(9)), Area: village(), Provenance: lifecircle.Generated,
				Fields: registry.Fields{"stage": rule.TextOf("new"), "group": rule.TextOf(fmt.Sprint(rng.IntN(3))), "people": rule.NumberOf(lifecircle.Int(rng.Int64N(5000)))},
			}})
		case 6:
			changes = append(changes, scenario.Change{Op: scenario.Enter, Record: &registry.Record{
				Register: registry.PopulationRegister, ID: fmt.Sprintf("count-%d", rng.IntN(30)), Area: areas[rng.IntN(len(areas))].Code, Provenance: lifecircle.Real,
				Fields: registry.Fields{"total": rule.NumberOf(lifecircle.Int(rng.Int64N(9000)))},
			}})
		case 9: // people who come, move or are counted anew
			points := w.Registry().Points()
			p := points[rng.IntN(len(points))]
			if rng.IntN(2) == 0 {
				p.ID, p.Area = fmt.Sprintf("home-%d", rng.IntN(99)), village()
			}
			p.At, p.People = spot(), rng.Int64N(900)
			changes = append(changes, scenario.Change{Op: scenario.Point, Point: &p})
		case 10:
			points := w.Registry().Points()
			entry := registry.Entry{Register: registry.PointRegister, ID: points[rng.IntN(len(points))].ID}
			if !slices.ContainsFunc(changes, func(c scenario.Change) bool { return c.Entry != nil && *c.Entry == entry }) {
				changes = append(changes, scenario.Change{Op: scenario.Strike, Entry: &entry})
			}
		case 7:
			link := registry.Record{Register: "link", ID: fmt.Sprintf("link-%d", rng.IntN(5)), Area: village(), Kind: "medical_union", Provenance: lifecircle.Real}
			changes = append(changes, scenario.Change{Op: scenario.Enter, Record: &link})
		default:
			key := figure.Key{
				Element: elements[rng.IntN(len(elements))], Area: areas[rng.IntN(len(areas))].Code,
				Period: lifecircle.Year(2022 + rng.IntN(4)), Source: "yearbook",
			}
			changes = append(changes, scenario.Change{Op: scenario.Put, Value: &figure.Value{Key: key, Number: lifecircle.Int(rng.Int64N(1e6)), Provenance: lifecircle.Real}})
		}
	}
	return changes
}

// TestWhatIfIsTheTruth: over five levels of areas what a what-if finds equals, to
// the bit, a World built from the changed facts, and each difference it tells
// is one between the two Worlds, and all of them.
func TestWhatIfIsTheTruth(t *testing.T) {
	parts, villages := fiveLevels(t)
	w := engine.Build(parts)
	rng := rand.New(rand.NewPCG(7, 11))
	before := w.Hash() // every result is known, and may be wrongly kept
	for i := range 40 {
		changes := trials(rng, w, villages)
		diff, err := w.WhatIf(scenario.Tried(changes))
		if err != nil {
			t.Fatalf("step %d %+v: %v", i, changes, err)
		}
		told := make(map[string]bool)
		for _, e := range diff.Effects {
			told[name(e.After.Object.ID, e.After.Variant, e.After.Area)] = true
		}
		parts.Facts = diff.After.Facts()
		built := engine.Build(parts)
		period := lifecircle.Year(parts.Plan.Year)
		for _, area := range w.Registry().Areas() {
			then, now := w.Evaluator().Results(area.Code, period), built.Evaluator().Results(area.Code, period)
			for k := range now {
				if id := name(now[k].Object.ID, now[k].Variant, area.Code); then[k].Same(now[k]) == told[id] {
					t.Fatalf("step %d %+v: %s before %v, after %v, told: %v", i, changes, id, then[k].Value, now[k].Value, told[id])
				}
			}
		}
		if got, want := diff.After.Hash(), built.Hash(); got != want {
			t.Fatalf("step %d %+v: what-if and rebuilt World differ", i, changes)
		}
		if i%10 == 9 && w.Hash() != before {
			t.Fatalf("step %d changed the World it was tried on", i)
		}
		if i%2 == 0 { // go on from there
			w, before = diff.After, diff.After.Hash()
		} else {
			parts.Facts = w.Facts()
		}
	}
}

// TestResultsThatNobodyAskedFor: what is known before several changes, and asked for
// only after the last of them, is what a World built from the facts says.
func TestResultsThatNobodyAskedFor(t *testing.T) {
	parts, villages := fiveLevels(t)
	w := engine.Build(parts)
	rng := rand.New(rand.NewPCG(8, 13))
	w.Hash() // every result is known
	for round := range 12 {
		for range 2 + rng.IntN(4) {
			next, err := w.With(trials(rng, w, villages), 1)
			if err != nil {
				t.Fatal(err)
			}
			if w = next; rng.IntN(3) == 0 { // one area alone
				areas := w.Registry().Areas()
				w.Evaluator().Results(areas[rng.IntN(len(areas))].Code, lifecircle.Year(parts.Plan.Year))
			}
		}
		parts.Facts = w.Facts()
		if got, want := w.Hash(), engine.Build(parts).Hash(); got != want {
			t.Fatalf("round %d: changed and rebuilt World differ", round)
		}
	}
}

func name(object string, variant *plan.Variant, area lifecircle.AreaCode) string {
	if variant != nil {
		object += " " + variant.ID
	}
	return object + " in " + string(area)
}

package engine_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/engine"
	"lifecircle/figure"
	"lifecircle/geo"
	"lifecircle/internal/testcity/banks"
	"lifecircle/journal"
	"lifecircle/network"
	"lifecircle/plan"
	"lifecircle/plan/rule"
	"lifecircle/plans"
	"lifecircle/registry"
	"lifecircle/scenario"
	"lifecircle/store"
	"lifecircle/store/storetest"
)

const (
	town = banks.Town
	west = banks.West
	east = banks.East
)

// base is the demonstration town as a registry.
func base(t testing.TB) (registry.Base, *network.Network) {
	t.Helper()
	b, net, err := banks.Demo()
	if err != nil {
		t.Fatal(err)
	}
	return b, net
}

func ningxia(t testing.TB) *plan.Package {
	t.Helper()
	pkg, faults := plan.Load(plans.Ningxia2025())
	if pkg == nil {
		t.Fatal(faults)
	}
	return pkg
}

// oneNetwork is a Networks of a single network.
type oneNetwork struct{ net *network.Network }

func (o oneNetwork) Network(hash string) (*network.Network, error) {
	if hash != o.net.Hash() {
		return nil, fmt.Errorf("no network %s", hash)
	}
	return o.net, nil
}

// running is an engine that follows a database with the town in it.
type running struct {
	db  *store.DB
	eng *engine.Engine
	net *network.Network
}

func start(t testing.TB, db *store.DB) running {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	b, net := base(t)
	if _, err := scenario.Load(ctx, db, account.Local(), scenario.Loaded{Request: scenario.Request{At: noon}, Base: b, Shapes: grounds()}); err != nil {
		t.Fatal(err)
	}
	eng, err := engine.Open(ctx, engine.Config{Source: db, Networks: oneNetwork{net}, Plan: ningxia(t), Grant: account.Local(), Poll: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- eng.Follow(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return running{db, eng, net}
}

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// folded waits for a change and returns the town's World after it.
func (r running) folded(t testing.TB, seq journal.Seq) *engine.World {
	t.Helper()
	r.eng.Wake()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := r.eng.Wait(ctx, seq); err != nil {
		t.Fatal(err)
	}
	w, err := r.eng.World(account.Local(), town)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// rebuilt makes the town's World from nothing but the database.
func (r running) rebuilt(t testing.TB) *engine.World {
	t.Helper()
	facts, seq, err := r.db.Facts(t.Context(), account.Local())
	if err != nil {
		t.Fatal(err)
	}
	return engine.Build(engine.Parts{Root: town, Plan: ningxia(t), Network: r.net, Facts: facts, Seq: seq})
}

// step is one change of the property test.
type step struct{ changes []scenario.Change }

// grounds are two shapes for outlines.
func grounds() []geo.Shape {
	var shapes []geo.Shape
	for _, side := range []float64{0.1, 0.2} {
		ring := geo.Ring{{Lon: 106, Lat: 38}, {Lon: 106 + side, Lat: 38}, {Lon: 106, Lat: 38 + side}, {Lon: 106, Lat: 38}}
		shape, err := geo.NewShape([]geo.Polygon{{ring}})
		if err != nil {
			panic(err)
		}
		shapes = append(shapes, shape)
	}
	return shapes
}

// steps are changes made from a seed: places added, amended and withdrawn, records
// entered and struck, areas and people moved, values put, retracted and chosen.
// Each is possible after those before.
func steps(n int, rng *rand.Rand, box geo.Bounds) []step {
	kinds := []string{"sports_pitch", "fitness_station", "sports_centre", "school"}
	elements := []string{"public_sports_ground", "resident_population", "urban_fitness_circle_reported"}
	areas := []lifecircle.AreaCode{town, west, east}
	sources := []string{"yearbook", "bureau"}
	var standing []lifecircle.FacilityID
	var estates, moved []string
	var out []step
	one := func(c scenario.Change) { out = append(out, step{changes: []scenario.Change{c}}) }
	spot := func() geo.Point {
		return geo.Point{
			Lon: box.Min.Lon + rng.Float64()*(box.Max.Lon-box.Min.Lon),
			Lat: box.Min.Lat + rng.Float64()*(box.Max.Lat-box.Min.Lat),
		}
	}
	for i := range n {
		pick := rng.IntN(20)
		switch {
		case pick == 10 && len(standing) > 0:
			one(scenario.Change{Op: scenario.Amend, Facility: &registry.Facility{
				ID: standing[rng.IntN(len(standing))], Area: areas[1+rng.IntN(2)], Kind: kinds[rng.IntN(len(kinds))], At: spot(),
				Public: rng.IntN(2) == 0, Fields: registry.Fields{"ground_area": rule.NumberOf(lifecircle.Int(rng.Int64N(900)))},
				Provenance: lifecircle.Generated,
			}})
		case pick == 11 || pick == 12:
			id := fmt.Sprintf("estate-%d", rng.IntN(12))
			one(scenario.Change{Op: scenario.Enter, Record: &registry.Record{
				Register: registry.ResidentialAreaRegister, ID: id, Area: areas[1+rng.IntN(2)], Provenance: lifecircle.Generated,
				Fields: registry.Fields{"stage": rule.TextOf("new"), "people": rule.NumberOf(lifecircle.Int(rng.Int64N(5000))), "elder_land": rule.NumberOf(lifecircle.Int(rng.Int64N(500)))},
			}})
			if !slices.Contains(estates, id) {
				estates = append(estates, id)
			}
		case pick == 13 && len(estates) > 0:
			at := rng.IntN(len(estates))
			one(scenario.Change{Op: scenario.Strike, Entry: &registry.Entry{Register: registry.ResidentialAreaRegister, ID: estates[at]}})
			estates = slices.Delete(estates, at, at+1)
		case pick == 14:
			id := fmt.Sprintf("moved-%d", i)
			one(scenario.Change{Op: scenario.Point, Point: &registry.PopulationPoint{
				ID: id, Area: areas[1+rng.IntN(2)], At: spot(), People: rng.Int64N(900), Urban: true, Provenance: lifecircle.Estimated,
			}})
			moved = append(moved, id)
		case pick == 15 && len(moved) > 0:
			at := rng.IntN(len(moved))
			one(scenario.Change{Op: scenario.Strike, Entry: &registry.Entry{Register: registry.PointRegister, ID: moved[at]}})
			moved = slices.Delete(moved, at, at+1)
		case pick == 16:
			one(scenario.Change{Op: scenario.Area, Area: &registry.Area{
				Code: areas[1+rng.IntN(2)], Parent: town, Level: registry.County, Provenance: lifecircle.Generated,
				Name:    lifecircle.Name{EN: fmt.Sprintf("District of step %d", i)},
				Outline: &registry.Outline{Shape: grounds()[rng.IntN(2)].Hash(), Source: "test", Provenance: lifecircle.Generated},
			}})
		case pick < 4:
			id := lifecircle.FacilityID(fmt.Sprintf("new-%03d", i))
			one(scenario.Change{Op: scenario.Add, Facility: &registry.Facility{
				ID: id, Area: areas[1+rng.IntN(2)], Kind: kinds[rng.IntN(len(kinds))], At: spot(),
				Public: rng.IntN(5) > 0, Provenance: lifecircle.Generated, Source: "test",
			}})
			standing = append(standing, id)
		case pick < 5 && len(standing) > 0:
			at := rng.IntN(len(standing))
			one(scenario.Change{Op: scenario.Withdraw, ID: standing[at]})
			standing = slices.Delete(standing, at, at+1)
		default:
			key := figure.Key{
				Element: elements[rng.IntN(len(elements))], Area: areas[rng.IntN(len(areas))],
				Period: lifecircle.Year(2025), Source: sources[rng.IntN(len(sources))],
			}
			number, _ := lifecircle.Ratio(rng.Int64N(1e9), 100)
			changes := []scenario.Change{{Op: scenario.Put, Value: &figure.Value{Key: key, Number: number, Provenance: lifecircle.Real}}}
			if rng.IntN(2) == 0 {
				changes = append(changes, scenario.Change{Op: scenario.Choose, Choice: &figure.Choice{
					Element: key.Element, Area: key.Area, Period: key.Period, Source: key.Source, Reason: "later",
				}})
			}
			if rng.IntN(6) == 0 {
				changes = append(changes, scenario.Change{Op: scenario.Retract, Key: &key})
			}
			out = append(out, step{changes: changes})
		}
	}
	return out
}

// TestOneWorld is the tracer of the whole house: over 200 random changes the
// World folded from the log equals the one rebuilt from SQLite, the one rebuilt
// from PostgreSQL and what a what-if of the same changes had foreseen.
func TestOneWorld(t *testing.T) {
	const changes = 200
	var houses []running
	storetest.All(t, func(db *store.DB) { houses = append(houses, start(t, db)) })
	box := houses[0].net.Summary().Bounds
	rng := rand.New(rand.NewPCG(2025, 117))
	for i, s := range steps(changes, rng, box) {
		var hashes []string
		for _, h := range houses {
			foreseen, err := h.eng.WhatIf(account.Local(), town, scenario.Tried(s.changes))
			if err != nil {
				t.Fatalf("step %d: what-if: %v", i, err)
			}
			done, err := scenario.Commit(t.Context(), h.db, account.Local(), scenario.Committed{
				Request: scenario.Request{At: noon}, Changes: s.changes,
			})
			if err != nil {
				t.Fatalf("step %d: commit: %v", i, err)
			}
			if want := journal.Seq(i + 2); done.Seq != want { // the load was 1
				t.Fatalf("step %d: seq %d, want %d", i, done.Seq, want)
			}
			hashes = append(hashes, foreseen.After.Hash(), h.folded(t, done.Seq).Hash())
			if i%10 == 9 || i < 20 {
				hashes = append(hashes, h.rebuilt(t).Hash())
			}
		}
		for _, h := range hashes {
			if h != hashes[0] {
				t.Fatalf("step %d %+v: hashes differ: %q", i, s.changes, hashes)
			}
		}
	}
	// Undone in reverse order, the World is again the one before all changes.
	for _, h := range houses {
		b, _ := base(t)
		first, err := registry.NewSnapshot(b)
		if err != nil {
			t.Fatal(err)
		}
		for seq := journal.Seq(changes + 1); seq > 1; seq-- {
			if _, err := scenario.Undo(t.Context(), h.db, account.Local(), scenario.Undone{Request: scenario.Request{At: noon}, Seq: seq}); err != nil {
				t.Fatalf("undo %d: %v", seq, err)
			}
		}
		before := engine.Build(engine.Parts{
			Root: town, Plan: ningxia(t), Network: h.net,
			Facts: scenario.Facts{Registry: first, Figures: new(figure.Table)},
		})
		after := h.folded(t, 2*changes+1)
		if after.Hash() != before.Hash() {
			t.Error("undoing every change does not restore the first World")
		}
		if rebuilt := h.rebuilt(t); rebuilt.Hash() != before.Hash() {
			t.Error("the database after undoing every change is not the first World")
		}
	}
}

// TestWhatIfKeepsNothing: trying changes leaves the current World as it is.
func TestWhatIfKeepsNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := start(t, db)
		w, _ := h.eng.World(account.Local(), town)
		before := w.Hash()
		box := h.net.Summary().Bounds
		place := registry.Facility{
			ID: "tried", Area: west, Kind: "sports_pitch", Public: true, Provenance: lifecircle.Generated,
			At: geo.Point{Lon: (box.Min.Lon + box.Max.Lon) / 2, Lat: (box.Min.Lat + box.Max.Lat) / 2},
		}
		add := []scenario.Change{{Op: scenario.Add, Facility: &place}}
		if _, err := h.eng.WhatIf(account.Local(), town, scenario.Tried(add)); err != nil {
			t.Fatal(err)
		}
		if w, _ = h.eng.World(account.Local(), town); w.Hash() != before {
			t.Error("a what-if changed the current World")
		}
		if h.rebuilt(t).Hash() != before {
			t.Error("a what-if changed the database")
		}
		if _, err := h.eng.WhatIf(account.Grant{}, town, scenario.Tried(add)); lifecircle.ErrorCode(err) != "forbidden" {
			t.Errorf("the zero grant: got %v, want forbidden", err)
		}
		if _, err := h.eng.WhatIf(account.Local(), "123456", scenario.Tried(add)); lifecircle.ErrorCode(err) != "area_unknown" {
			t.Errorf("an unknown area: got %v, want area_unknown", err)
		}
	})
}

// TestForeignChange: a change written by another process is folded by looking at
// the log, and a second load makes the engine read everything anew.
func TestForeignChange(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := start(t, db)
		second := registry.Base{Areas: []registry.Area{{Code: "990200", Level: registry.Prefecture, Provenance: lifecircle.Generated}}}
		done, err := scenario.Load(t.Context(), db, account.Local(), scenario.Loaded{Request: scenario.Request{At: noon}, Base: second})
		if err != nil {
			t.Fatal(err)
		}
		h.folded(t, done.Seq)
		if _, err := h.eng.World(account.Local(), "990200"); err != nil {
			t.Errorf("the loaded area: %v", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if err := h.eng.Wait(ctx, done.Seq+1); lifecircle.ErrorCode(err) != "not_ready" || errors.Is(err, context.Canceled) {
			t.Errorf("waiting for what never comes: got %v, want not_ready", err)
		}
	})
}

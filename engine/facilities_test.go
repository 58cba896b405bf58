package engine_test

import (
	"testing"

	"lifecircle"
	"lifecircle/access"
	"lifecircle/engine"
	"lifecircle/figure"
	"lifecircle/indicator"
	"lifecircle/registry"
	"lifecircle/scenario"
)

// TestFacilitiesNextToOthers: what is asked of facilities is measured from where they
// stand, as far as from people who live there, and again when a place moves.
func TestFacilitiesNextToOthers(t *testing.T) {
	t.Parallel()
	b, net := base(t)
	here, there := b.Facilities[0], b.Facilities[1] // they lie hundreds of metres apart
	opened, err := registry.ParseDay("2023-03-01")
	if err != nil {
		t.Fatal(err)
	}
	// Nobody lives in the county of the institutions: no change of people's ways says
	// that theirs change.
	const south = lifecircle.AreaCode("990199")
	b.Areas = append(b.Areas, registry.Area{Code: south, Parent: town, Level: registry.County, Provenance: lifecircle.Generated})
	home := registry.Facility{ID: "home", Area: here.Area, Kind: "elder_home", At: here.At, Provenance: lifecircle.Real}
	b.Facilities = append(b.Facilities, home)
	for id, f := range map[string]registry.Facility{"beside": here, "apart": there} {
		b.Facilities = append(b.Facilities, registry.Facility{
			ID: lifecircle.FacilityID(id), Area: south, Kind: "community_health_centre", At: f.At,
			Span: registry.Span{From: opened}, Provenance: lifecircle.Real,
		})
		b.Points = append(b.Points, registry.PopulationPoint{ID: id, Area: f.Area, At: f.At, People: 1, Provenance: lifecircle.Real})
	}
	r, err := registry.NewSnapshot(b)
	if err != nil {
		t.Fatal(err)
	}
	parts := engine.Parts{Root: town, Plan: ningxia(t), Network: net, Facts: scenario.Facts{Registry: r, Figures: new(figure.Table)}}
	verdicts := func(w *engine.World) map[string]indicator.Verdict {
		x, err := w.Evaluator().Explain(indicator.Query{Object: "2.1.6", Area: town, Period: lifecircle.Year(2025)})
		if err != nil {
			t.Fatal(err)
		}
		layer, _ := w.Layer("elder_walk")
		found := make(map[string]indicator.Verdict)
		for _, s := range x.Subjects {
			found[s.Row.ID()] = s.Outcome.Verdict
			for i, p := range w.Registry().Points() {
				if p.ID != s.Row.ID() {
					continue
				}
				way, state := layer.Nearest(i)
				want, _ := lifecircle.Ratio(int64(way.Distance), 10)
				if state != access.OK || s.Near.State != access.OK || s.Near.Place != "home" || s.Near.Way != want {
					t.Errorf("%s is %v m from %s, %s; people there %v m", p.ID, s.Near.Way, s.Near.Place, s.Near.State, want)
				}
			}
		}
		return found
	}
	w := engine.Build(parts)
	if v := verdicts(w); len(v) != 2 || v["beside"] != indicator.Pass || v["apart"] != indicator.Fail {
		t.Errorf("verdicts %v; want that beside passes and apart fails", v)
	}
	home.At = there.At
	diff, err := w.WhatIf(scenario.Tried([]scenario.Change{{Op: scenario.Amend, Facility: &home}}))
	if err != nil {
		t.Fatal(err)
	}
	if v := verdicts(diff.After); v["beside"] != indicator.Fail || v["apart"] != indicator.Pass {
		t.Errorf("verdicts %v after the home moved; want them the other way round", v)
	}
	parts.Facts = diff.After.Facts()
	if engine.Build(parts).Hash() != diff.After.Hash() {
		t.Error("what-if and rebuilt World differ")
	}
}

package registry_test

import (
	"testing"

	"lifecircle"
	"lifecircle/registry"
)

// TestOnShares asks that a day takes over the lists in which nothing is dated, and
// only those.
func TestOnShares(t *testing.T) {
	day := func(text string) registry.Day {
		day, err := registry.ParseDay(text)
		if err != nil {
			t.Fatal(err)
		}
		return day
	}
	place := func(id lifecircle.FacilityID) registry.Facility {
		return registry.Facility{ID: id, Area: "990100", Kind: "school", Provenance: lifecircle.Real}
	}
	estate := registry.Record{Register: registry.ResidentialAreaRegister, ID: "later", Area: "990100", Provenance: lifecircle.Real}
	estate.From = day("2024-03-01")
	s, err := registry.NewSnapshot(registry.Base{
		Areas:      []registry.Area{{Code: "990100", Level: registry.Prefecture, Provenance: lifecircle.Real}},
		Points:     []registry.PopulationPoint{{ID: "p", Area: "990100", People: 1, Provenance: lifecircle.Real}},
		Facilities: []registry.Facility{place("a"), place("b"), place("c")},
		Records:    []registry.Record{estate},
	})
	if err != nil {
		t.Fatal(err)
	}
	past := s.On(day("2023-12-31"))
	if !past.SameAreas(s) || &past.Points()[0] != &s.Points()[0] || &past.Facilities()[0] != &s.Facilities()[0] {
		t.Error("what is not dated is not shared")
	}
	if records, _ := past.Records(registry.ResidentialAreaRegister); len(records) != 0 {
		t.Errorf("%d estates stand before they were built", len(records))
	}

	opening, amended := place("0"), place("b")
	opening.From = day("2024-03-01")
	amended.Name = "renamed"
	if s, err = s.With([]registry.Edit{{Add: &opening}, {Amend: &amended}, {Withdraw: "c"}}); err != nil {
		t.Fatal(err)
	}
	if d := s.DifferingRecords(past); len(d) != 1 || d[0].Before != nil || d[0].After.ID != "later" {
		t.Errorf("records that differ: %v; want the later estate", d)
	}
	past, before := s.On(day("2023-12-31")), past
	if n := len(past.Facilities()); n != 2 {
		t.Errorf("%d places stand in 2023, not a and b", n)
	}
	var ids string
	for _, d := range s.DifferingFacilities(before) {
		for _, f := range []*registry.Facility{d.Before, d.After} {
			if f != nil {
				ids += string(f.ID) + f.Name
			}
			ids += "|"
		}
	}
	if want := "|0|b|brenamed|c||"; ids != want {
		t.Errorf("the differing are %q, not %q", ids, want)
	}
	if again := s.On(day("2026-01-01")); len(again.DifferingFacilities(s)) != 0 || len(again.DifferingRecords(s)) != 0 || !again.SamePoints(s) {
		t.Error("days between which nothing happens differ")
	}
}

package registry_test

import (
	"testing"

	"lifecircle"
	"lifecircle/plan/rule"
	"lifecircle/registry"
)

// TestDoubtLink: a clinic opened on 2023-03-01 and a home that closed on 2025-01-01,
// its last day being the one before.
func TestDoubtLink(t *testing.T) {
	t.Parallel()
	day := func(text string) registry.Day {
		d, err := registry.ParseDay(text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	const county = lifecircle.AreaCode("990101")
	known, err := registry.NewSnapshot(registry.Base{
		Areas:      []registry.Area{{Code: county, Level: registry.County, Provenance: lifecircle.Real}},
		Facilities: []registry.Facility{{ID: "clinic", Kind: "village_clinic", Area: county, Span: registry.Span{From: day("2023-03-01")}, Provenance: lifecircle.Real}},
		Records: []registry.Record{{
			Register: registry.OrganisationRegister, ID: "home", Area: county, Span: registry.Span{Until: day("2025-01-01")}, Provenance: lifecircle.Real,
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ party, counterparty, since, until, doubts string }{
		{"clinic", "home", "2023-03-01", "2024-12-31", ""},
		{"clinic", "the town", "2023-03-01", "", ""},
		{"clinic", "the town", "", "", ""},
		{"clinic", "home", "2023-02-28", "2024-12-31", "since clinic;"},
		{"clinic", "home", "2023-03-01", "2025-01-01", "until home;"},
		{"clinic", "home", "2023-03-01", "", "until home;"},
		{"clinic", "home", "2020-01-01", "", "since clinic;until home;"},
		{"the town", "the firm", "2024-01-01", "2023-12-31", "until ;"},
	} {
		link := registry.Record{Register: registry.LinkRegister, ID: "link", Area: county, Fields: registry.Fields{
			"party": rule.TextOf(c.party), "counterparty": rule.TextOf(c.counterparty),
		}, Provenance: lifecircle.Real}
		own := link // says its days as a span
		for field, text := range map[string]string{"since": c.since, "until": c.until} {
			if date, ok := day(text).Date(); ok {
				link.Fields[field] = rule.DateOf(date)
			}
		}
		own.Fields = registry.Fields{"parties": rule.TextsOf([]string{c.party, c.counterparty})}
		own.From = day(c.since)
		if last, ok := day(c.until).Date(); ok {
			own.Until = registry.DayOf(last + 1)
		}
		for _, link := range []registry.Record{link, own} {
			got := ""
			for _, d := range known.DoubtLink(&link) {
				got += d.Field + " " + d.Party + ";"
			}
			if got != c.doubts {
				t.Errorf("%+v: %q; want %q", c, got, c.doubts)
			}
		}
	}
}

package engine_test

import (
	"testing"

	"lifecircle"
	"lifecircle/engine"
	"lifecircle/figure"
	"lifecircle/indicator"
	"lifecircle/plan"
	"lifecircle/plan/rule"
	"lifecircle/registry"
	"lifecircle/scenario"
)

// moved is a region of which, on 2023-07-01, county 990111 was split into 990121
// and 990122, counties 990112 and 990113 went into the new 990123, county 990114
// was given the name and code 990124 and moved from the west to the east, and
// county 990115 took 990116 in.
func moved(t *testing.T) registry.Base {
	t.Helper()
	day, err := registry.ParseDay("2023-07-01")
	if err != nil {
		t.Fatal(err)
	}
	area := func(code, parent lifecircle.AreaCode, level registry.Level) registry.Area {
		return registry.Area{Code: code, Parent: parent, Level: level, Provenance: lifecircle.Real}
	}
	const regionCode, west, east = lifecircle.AreaCode("990000"), lifecircle.AreaCode("990100"), lifecircle.AreaCode("990200")
	b := registry.Base{Areas: []registry.Area{area(regionCode, "", registry.Region), area(west, regionCode, registry.Prefecture), area(east, regionCode, registry.Prefecture)}}
	county := func(code, parent lifecircle.AreaCode, change func(*registry.Area)) {
		a := area(code, parent, registry.County)
		change(&a)
		b.Areas = append(b.Areas, a)
	}
	ended := func(a *registry.Area) { a.Until = day }
	into := func(id registry.AreaID) func(*registry.Area) {
		return func(a *registry.Area) { a.Until, a.Successor = day, id }
	}
	outOf := func(id registry.AreaID) func(*registry.Area) {
		return func(a *registry.Area) { a.From, a.Origin = day, id }
	}
	county("990111", west, ended)
	county("990121", west, outOf("990111"))
	county("990122", west, outOf("990111"))
	county("990112", west, into("990123"))
	county("990113", west, into("990123"))
	county("990123", west, func(a *registry.Area) { a.From = day })
	county("990124", east, func(a *registry.Area) {
		a.ID = "the moved one"
		a.Past = []registry.AreaState{{Until: day, Code: "990114", Parent: west}}
	})
	county("990115", east, func(*registry.Area) {})
	county("990116", east, into("990115"))
	county("990125", east, func(a *registry.Area) { a.From = day })
	return b
}

func seen(t *testing.T, source, over string) *plan.Package {
	t.Helper()
	parse := func(source string) *rule.Expr {
		if source == "" {
			return nil
		}
		e, faults := rule.Parse(source)
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		return e
	}
	return &plan.Package{
		ID: "test", Year: 2025,
		Elements: map[string]plan.Element{"people": {ID: "people", Additive: true}, "rate": {ID: "rate"}},
		Sets:     map[string]plan.SubjectSet{"places": {Of: registry.FacilityRegister}},
		Objects: []plan.Object{
			{
				Kind: plan.KindIndicator, ID: "people.all", Clauses: []string{"1"}, Force: plan.Must,
				Indicator: &plan.Indicator{Levels: registry.Levels(), Numerator: parse(source), Denominator: parse(over)},
			},
			{
				Kind: plan.KindProvision, ID: "places.large", Clauses: []string{"2"}, Force: plan.Must,
				Provision: &plan.Provision{Levels: registry.Levels(), Subjects: "places", Require: parse("beds >= 10"), Targets: []plan.Target{
					{Type: plan.Reach, Bound: plan.AtLeast, Number: lifecircle.Int(1), Year: 2025},
				}},
			},
		},
	}
}

// said are figures by code and year, one of a thousand people unless the test says
// otherwise.
func said(t *testing.T, element string, values map[lifecircle.AreaCode]map[string]int64) *figure.Table {
	t.Helper()
	var edits []figure.Edit
	for code, years := range values {
		for year, value := range years {
			period, err := lifecircle.ParsePeriod(year)
			if err != nil {
				t.Fatal(err)
			}
			edits = append(edits, figure.Edit{Put: &figure.Value{
				Key:    figure.Key{Element: element, Area: code, Period: period, Source: "bureau"},
				Number: lifecircle.Int(value), Provenance: lifecircle.Real,
			}})
		}
	}
	table, err := new(figure.Table).With(edits)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func built(t *testing.T, pkg *plan.Package, b registry.Base, figures *figure.Table) *engine.World {
	t.Helper()
	s, err := registry.NewSnapshot(b)
	if err != nil {
		t.Fatal(err)
	}
	return engine.Build(engine.Parts{Root: "990000", Plan: pkg, Facts: scenario.Facts{Registry: s, Figures: figures}})
}

// value is a result as text: its number, or the code of why there is none.
func value(t *testing.T, w *engine.World, object string, area lifecircle.AreaCode, period string) string {
	t.Helper()
	p, err := lifecircle.ParsePeriod(period)
	if err != nil {
		t.Fatal(err)
	}
	r, err := w.Evaluator().Evaluate(indicator.Query{Object: object, Area: area, Period: p})
	if err != nil {
		t.Fatal(err)
	}
	if why, missing := r.Value.Missing(); missing {
		return why.Code
	}
	n, _ := r.Value.Number()
	return n.String()
}

// TestFiguresOfTheirTime: what was reported before counties were split, merged,
// moved and given other codes is read by the counties there were then.
func TestFiguresOfTheirTime(t *testing.T) {
	w := built(t, seen(t, "last(people)", ""), moved(t), said(t, "people", map[lifecircle.AreaCode]map[string]int64{
		"990111": {"2021": 11, "2022": 110}, "990112": {"2021": 12, "2022": 120}, "990113": {"2021": 13},
		"990114": {"2021": 14, "2022": 140}, "990115": {"2021": 15, "2022": 150}, "990116": {"2021": 16, "2022": 160},
		"990121": {"2024": 1}, "990122": {"2024": 2}, "990123": {"2024": 3}, "990124": {"2024": 4, "2020": 40}, "990125": {"2024": 5},
	}))
	for _, c := range []struct {
		area         lifecircle.AreaCode
		period, want string
	}{
		{"990121", "2021", "area_split"},   // nobody parted the 11
		{"990123", "2021", "25"},           // 12 + 13
		{"990123", "2022", "incomplete"},   // 990113 did not report
		{"990124", "2021", "14"},           // under its code of then
		{"990124", "2020", "40"},           // restated under its code of today
		{"990115", "2021", "15"},           // what it was before it took 990116 in
		{"990125", "2021", "area_not_yet"}, // it began out of nothing
		{"990100", "2021", "50"},           // 11 + 12 + 13 + 14: the moved one was still here
		{"990200", "2021", "31"},           // 15 + 16
		{"990000", "2021", "81"},           // all of them, each once
		{"990000", "2022", "incomplete"},   // one is missing
		{"990100", "2024", "6"},            // 1 + 2 + 3
		{"990200", "2024", "incomplete"},   // 4 + 5, and 990115 did not report
		{"990124", "2024", "4"},            //
		{"990121", "2023-06", "area_split"},
		{"990121", "2023-07", "unreported"}, // it stands from that month on
	} {
		if got := value(t, w, "people.all", c.area, c.period); got != c.want {
			t.Errorf("%s in %s is %s, want %s", c.area, c.period, got, c.want)
		}
	}
}

// TestRatesOfTheirTime: a rate of merged counties is not a sum of theirs, and a
// cohort of years back is looked up among the counties of that year.
func TestRatesOfTheirTime(t *testing.T) {
	rates := map[lifecircle.AreaCode]map[string]int64{"990112": {"2021": 7}, "990113": {"2021": 9}, "990114": {"2021": 8}}
	w := built(t, seen(t, "last(rate)", ""), moved(t), said(t, "rate", rates))
	for area, want := range map[lifecircle.AreaCode]string{"990123": "area_merged", "990124": "8"} {
		if got := value(t, w, "people.all", area, "2021"); got != want {
			t.Errorf("%s in 2021 is %s, want %s", area, got, want)
		}
	}
	w = built(t, seen(t, "last(people)", "offset(last(people), 3)"), moved(t), said(t, "people", map[lifecircle.AreaCode]map[string]int64{
		"990112": {"2021": 40}, "990113": {"2021": 60}, "990114": {"2021": 50}, "990123": {"2024": 250}, "990124": {"2024": 100},
	}))
	for area, want := range map[lifecircle.AreaCode]string{"990123": "2.5", "990124": "2"} {
		if got := value(t, w, "people.all", area, "2024"); got != want {
			t.Errorf("%s in 2024 over 2021 is %s, want %s", area, got, want)
		}
	}
}

// TestPlacesOfTheirTime: a share of places is of those that stood at the end of the
// period, as they were and where they lay; the last day of the target year is that
// of the World.
func TestPlacesOfTheirTime(t *testing.T) {
	b := moved(t)
	day := func(text string) registry.Day {
		d, err := registry.ParseDay(text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	beds := func(n int64) registry.Fields { return registry.Fields{"beds": rule.NumberOf(lifecircle.Int(n))} }
	place := func(id lifecircle.FacilityID, area lifecircle.AreaCode, stood [2]string, n int64) {
		b.Facilities = append(b.Facilities, registry.Facility{
			ID: id, Area: area, Kind: "home", Span: registry.Span{From: day(stood[0]), Until: day(stood[1])}, Fields: beds(n), Provenance: lifecircle.Real,
		})
	}
	place("a", "990112", [2]string{"2010-01-01", ""}, 10)          // merged into 990123
	place("b", "990113", [2]string{"2021-06-01", "2024-03-01"}, 2) // likewise, and closed
	place("c", "990123", [2]string{"2024-05-01", ""}, 20)          //
	place("d", "990114", [2]string{"2012-01-01", ""}, 4)           // the moved one: 4 beds, from 2022 on 40
	place("e", "990124", [2]string{"2026-02-01", ""}, 1)           // after the plan
	b.Facilities[3].Changes = []registry.Dated{{Since: day("2022-09-01"), Fields: beds(40)}}
	w := built(t, seen(t, "last(people)", ""), b, new(figure.Table))
	for _, c := range []struct {
		area         lifecircle.AreaCode
		period, want string
	}{
		{"990123", "2020", "1"},   // a alone
		{"990123", "2021", "0.5"}, // a of a, b
		{"990123", "2023", "0.5"}, //
		{"990123", "2024", "1"},   // a and c
		{"990124", "2021", "0"},   // d had 4 beds
		{"990124", "2022", "1"},   //
		{"990124", "2025", "1"},   // e is not there yet
		{"990100", "2021", "1/3"}, // a of a, b, d: d still lay here
		{"990100", "2025", "1"},   // a and c
		{"990200", "2025", "1"},   // d
		{"990121", "2021", "area_split"},
		{"990115", "2021", "no_subjects"},
	} {
		if got := value(t, w, "places.large", c.area, c.period); got != c.want {
			t.Errorf("%s in %s is %s, want %s", c.area, c.period, got, c.want)
		}
	}
	series := func(w *engine.World) (points string, why string) {
		x, err := w.Evaluator().Explain(indicator.Query{Object: "places.large", Area: "990100", Period: lifecircle.Year(2025)})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range x.Result.Progress.Points {
			points += p.Period.String() + " " + p.Value.String() + "; "
		}
		reason, _ := x.Result.Progress.Slope.Missing()
		return points, reason.Code
	}
	// a of a, d in 2020; then a of a, b, d; a, d of a, b, d; then a of a, b; a, c.
	if got, _ := series(w); got != "2020 0.5; 2021 1/3; 2022 2/3; 2023 0.5; 2024 1; 2025 1; " {
		t.Errorf("the series is %s", got)
	}
	b.Facilities[2].From = registry.Day{} // nobody knows since when c stands
	if got, why := series(built(t, seen(t, "last(people)", ""), b, new(figure.Table))); got != "2025 1; " || why != "undated" {
		t.Errorf("with an undated place the series is %s for %q", got, why)
	}
	x, err := w.Evaluator().Explain(indicator.Query{Object: "places.large", Area: "990100", Period: lifecircle.Year(2021)})
	if err != nil || len(x.Subjects) != 3 {
		t.Errorf("the explanation of 2021 has %d subjects, %v", len(x.Subjects), err)
	}
}

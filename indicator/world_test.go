package indicator_test

import (
	"testing"

	"lifecircle"
	"lifecircle/figure"
	"lifecircle/indicator"
	"lifecircle/plan"
	"lifecircle/plan/rule"
	"lifecircle/registry"
)

// world is a region "990000" of two counties, 990101 and 990102, and nothing but
// reported figures.
type world struct {
	areas    []registry.Area
	registry *registry.Snapshot
	figures  *figure.Table
	rows     map[string][]indicator.Row
}

const (
	region = lifecircle.AreaCode("990000")
	west   = lifecircle.AreaCode("990101")
	east   = lifecircle.AreaCode("990102")
)

func newWorld(counties ...lifecircle.AreaCode) *world {
	if len(counties) == 0 {
		counties = []lifecircle.AreaCode{west, east}
	}
	w := &world{figures: new(figure.Table), rows: map[string][]indicator.Row{}}
	w.areas = []registry.Area{{Code: region, Level: registry.Region, Provenance: lifecircle.Real}}
	for _, code := range counties {
		w.areas = append(w.areas, registry.Area{Code: code, Parent: region, Level: registry.County, Provenance: lifecircle.Real})
	}
	w.registry, _ = registry.NewSnapshot(registry.Base{Areas: w.areas})
	return w
}

var _ indicator.Facts = (*world)(nil)

func (w *world) Area(code lifecircle.AreaCode) (registry.Area, bool) {
	for _, a := range w.areas {
		if a.Code == code {
			return a, true
		}
	}
	return registry.Area{}, false
}

func (w *world) Children(code lifecircle.AreaCode) []lifecircle.AreaCode {
	var children []lifecircle.AreaCode
	for _, a := range w.areas {
		if a.Parent == code {
			children = append(children, a.Code)
		}
	}
	return children
}

func (w *world) Roots() []lifecircle.AreaCode { return []lifecircle.AreaCode{region} }

func (w *world) Nearest(indicator.Row, string) indicator.Nearness { return indicator.Nearness{} }

func (w *world) Within(indicator.Row, string, lifecircle.Number) rule.Value { return rule.Value{} }

func (w *world) Rows(register string) ([]indicator.Row, bool) {
	if level := registry.Level(register); level.Valid() {
		var rows []indicator.Row
		for i := range w.areas {
			if w.areas[i].Level == level {
				rows = append(rows, indicator.AreaRow(w.registry, &w.areas[i]))
			}
		}
		return rows, true
	}
	rows, ok := w.rows[register]
	return rows, ok
}

func (w *world) Read(element string, area lifecircle.AreaCode, period lifecircle.Period) figure.Reading {
	return w.figures.Read(element, area, period)
}

// put returns the world with one more value, real and from one source.
func (w *world) put(t testing.TB, element string, area lifecircle.AreaCode, period, number string) *world {
	t.Helper()
	p, err := lifecircle.ParsePeriod(period)
	if err != nil {
		t.Fatal(err)
	}
	return w.with(t, figure.Edit{Put: &figure.Value{
		Key:    figure.Key{Element: element, Area: area, Period: p, Source: "test"},
		Number: lifecircle.MustNumber(number), Provenance: lifecircle.Real,
	}})
}

func (w *world) with(t testing.TB, edits ...figure.Edit) *world {
	t.Helper()
	next := *w
	var err error
	if next.figures, err = w.figures.With(edits); err != nil {
		t.Fatal(err)
	}
	return &next
}

func expr(t testing.TB, source string) *rule.Expr {
	t.Helper()
	if source == "" {
		return nil
	}
	e, faults := rule.Parse(source)
	if len(faults) > 0 {
		t.Fatalf("%s: %+v", source, faults)
	}
	return e
}

// pkg is a plan of one indicator, "x.y", over stocks a, b, c and flows f, g.
func pkg(t testing.TB, numerator, denominator string, targets ...plan.Target) *plan.Package {
	t.Helper()
	stock := func(id string) plan.Element { return plan.Element{ID: id, Additive: true} }
	flow := func(id string) plan.Element { return plan.Element{ID: id, Additive: true, Flow: true} }
	rate := plan.Element{ID: "r"}
	parted := stock("p")
	parted.Dimensions = map[string][]string{"sex": {"f", "m"}}
	return &plan.Package{
		ID: "test", Year: 2025,
		Elements: map[string]plan.Element{
			"a": stock("a"), "b": stock("b"), "c": stock("c"), "f": flow("f"), "g": flow("g"), "r": rate, "p": parted,
		},
		Objects: []plan.Object{{
			Kind: plan.KindIndicator, ID: "x.y", Clauses: []string{"1.1"}, Force: plan.Must,
			Indicator: &plan.Indicator{
				Levels:    []registry.Level{registry.Region, registry.County},
				Numerator: expr(t, numerator), Denominator: expr(t, denominator), Targets: targets,
			},
		}},
	}
}

func target(bound plan.Bound, number string) plan.Target {
	return plan.Target{Type: plan.Reach, Bound: bound, Number: lifecircle.MustNumber(number), Year: 2026}
}

func evaluate(t testing.TB, p *plan.Package, w *world, area lifecircle.AreaCode, period string) indicator.Result {
	t.Helper()
	at, err := lifecircle.ParsePeriod(period)
	if err != nil {
		t.Fatal(err)
	}
	result, err := indicator.New(p, w).Evaluate(indicator.Query{Object: "x.y", Area: area, Period: at})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

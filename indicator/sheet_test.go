package indicator_test

import (
	"testing"

	"pgregory.net/rapid"

	"lifecircle"
	"lifecircle/figure"
	"lifecircle/indicator"
	"lifecircle/plan"
)

func (w *world) Column(series string, period lifecircle.Period) (*figure.Column, bool) {
	return w.figures.Column(series, period)
}

// TestSheetIsEvaluate: a sheet says of each area what Evaluate says, over lists
// with gaps, values put over them and rules that run over columns or do not.
func TestSheetIsEvaluate(t *testing.T) {
	t.Parallel()
	rules := [][2]string{
		{"last(a)", ""},
		{"last(a) + last(b)", "last(c)"},
		{"2.5 * last(a) - offset(last(a), 1)", "last(b)"},
		{"ytd(f)", "last(a)"},
		{"sum(f) * sum(g)", ""},
		{"last(a) > 5 ? 1 : last(b)", "last(c)"},
		{"average(f)", "last(r)"},
	}
	asked := figure.NewAreas([]lifecircle.AreaCode{region, west, east})
	whole := 0
	rapid.Check(t, func(rt *rapid.T) {
		formula := rapid.SampledFrom(rules).Draw(rt, "rule")
		w := newWorld()
		areas := asked // a list may speak of other areas than those asked for, and of some alone
		if rapid.Bool().Draw(rt, "apart") {
			areas = figure.NewAreas(rapid.SampledFrom([][]lifecircle.AreaCode{{west, east}, {region}, {region, west, east, "990103"}}).Draw(rt, "areas"))
		}
		var columns []*figure.Column
		for _, element := range []string{"a", "b", "c", "f", "g", "r"} {
			places := rapid.IntRange(0, 2).Draw(rt, "places")
			for year := 2024; year <= 2025; year++ {
				periods := lifecircle.Year(year).Months()[:rapid.SampledFrom([]int{0, 3, 3, 12}).Draw(rt, "months")]
				if len(periods) != 3 {
					periods = append(periods, lifecircle.Year(year))
				}
				for _, month := range periods {
					if rapid.IntRange(0, 9).Draw(rt, "reported") == 0 {
						continue
					}
					c := &figure.Column{Element: element, Source: "s", Period: month, Provenance: lifecircle.Real, Areas: areas, Places: places}
					for range areas.Codes() {
						m := rapid.Int64Range(-9, 99).Draw(rt, "m")
						if rapid.IntRange(0, 9).Draw(rt, "silent") == 0 {
							m = figure.Silent
						}
						c.Mantissas = append(c.Mantissas, m)
					}
					columns = append(columns, c)
				}
			}
		}
		w.figures = w.figures.WithColumns(columns)
		if rapid.Bool().Draw(rt, "edited") {
			w = w.put(t, "a", west, "2025-03", "7")
		}
		e := indicator.New(pkg(t, formula[0], formula[1], target(plan.AtLeast, "1")), w)
		period := lifecircle.Year(2025).Months()[rapid.IntRange(0, 3).Draw(rt, "month")]
		if rapid.IntRange(0, 2).Draw(rt, "year") == 0 {
			period = lifecircle.Year(2025)
		}
		sheet, err := e.Sheet("x.y", asked, period)
		if err != nil {
			rt.Fatal(err)
		}
		if sheet.Whole {
			whole++
		}
		for i, code := range asked.Codes() {
			r, err := e.Evaluate(indicator.Query{Object: "x.y", Area: code, Period: period})
			if err != nil {
				rt.Fatal(err)
			}
			got, gotKnown := sheet.At(i).Number()
			want, wantKnown := r.Value.Number()
			if got != want || gotKnown != wantKnown {
				rt.Fatalf("%s / %s of %s in %s is %v, alone %v", formula[0], formula[1], code, period, sheet.At(i), r.Value)
			}
		}
	})
	if whole < 10 {
		t.Errorf("only %d of 100 sheets ran over columns", whole)
	}
}

package export

import (
	"slices"
	"strconv"

	"lifecircle"
	"lifecircle/plan/rule"
	"lifecircle/report"
)

// Results is the list of what was measured, in the units of the results. Its
// source is the plan that was evaluated, by its hash.
func Results(e report.Evaluation, asOf string, keep func(report.Result) bool) List {
	list := List{Name: "results", Columns: slices.Concat(
		columns(rule.Text, "clause", "indicator", "name", "name_en", "variant"), columns(rule.Bool, "chosen"),
		columns(rule.Text, "area", "area_name", "period"), columns(rule.Number, "value", "numerator", "denominator", "lower", "upper"),
		columns(rule.Text, "unit"), columns(rule.Number, "target", "gap"), columns(rule.Text, "state"),
		columns(rule.Number, "pace", "projection"), columns(rule.Text, "reason", "owner"), origin())}
	source := "plan " + e.Plan + " " + e.Hashes.Plan
	list.Rows = func(yield func(Row) bool) {
		for _, r := range e.Results {
			if !keep(r) {
				continue
			}
			why := ""
			if r.Reason != nil {
				why = r.Reason.Code + ": " + r.Reason.What
			}
			if !yield(Row{Cells: []rule.Value{
				textOf(r.Clause), textOf(r.Indicator), textOf(r.Name.ZH), textOf(r.Name.EN), textOf(r.Variant), rule.BoolOf(r.Chosen),
				textOf(r.Area), textOf(r.AreaName.ZH), textOf(r.Period), numberOf(r.Value), numberOf(r.Numerator), numberOf(r.Denominator),
				numberOf(r.Lower), numberOf(r.Upper), textOf(r.Unit), numberOf(r.Target), numberOf(r.Gap), textOf(r.State),
				numberOf(r.Pace), numberOf(r.Projection), textOf(why), textOf(r.Owner.ZH),
				textOf(source),
				{},
				textOf(asOf), textOf(r.Provenance),
			}}) {
				return
			}
		}
	}
	return list
}

// numberOf is a measured number to the digits that report shows, or to as many of
// them as a number holds.
func numberOf(f *float64) rule.Value {
	if f == nil {
		return rule.Value{}
	}
	for places := -1; ; places-- {
		n, err := lifecircle.ParseNumber(strconv.FormatFloat(*f, 'f', places, 64))
		switch {
		case err == nil:
			return rule.NumberOf(n)
		case places < 0:
			places = 16
		case places == 0:
			return rule.Value{} // beyond 2⁶³
		}
	}
}

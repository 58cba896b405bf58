package paper

import (
	"testing"

	"lifecircle/document"
	"lifecircle/plan"
	"lifecircle/report"
)

// Where a measure counts time the way of who lacks something is in minutes; else in
// metres. Who reaches nothing has none.
func TestDeficitsCountInTheirUnit(t *testing.T) {
	t.Parallel()
	f := Facts{Language: "en", Plan: &plan.Package{}}
	for _, c := range []struct {
		near          report.Row
		heading, want string
	}{
		{report.Row{Metres: float(1234.5)}, "Metres on foot", "1,234.5"},
		{report.Row{Seconds: float(754)}, "Minutes on the way", "12.57"},
		{report.Row{Seconds: float(60)}, "Minutes on the way", "1"},
	} {
		c.near.Verdict = "fail"
		far := report.Row{Verdict: "fail"}
		blocks := f.deficits(Question{Explanation: report.Explanation{Rows: []report.Row{c.near, far}}})
		table, ok := blocks[len(blocks)-1].(*document.Table)
		if !ok {
			t.Fatalf("%+v", blocks)
		}
		const way = 4
		if got := table.Columns[way].Heading; got != c.heading {
			t.Errorf("heading %q, want %q", got, c.heading)
		}
		if got := table.Rows[0].Cells[way].Text; got != c.want {
			t.Errorf("way %q, want %q", got, c.want)
		}
		if got := table.Rows[1].Cells[way].Text; got != "" && got != "—" {
			t.Errorf("no way: %q", got)
		}
	}
}

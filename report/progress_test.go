package report_test

import (
	"testing"

	"lifecircle/report"
)

// TestHeadline: every target that is a duty counts once, and what rests on made-up
// figures in nothing else.
func TestHeadline(t *testing.T) {
	t.Parallel()
	goal := 95.0
	result := func(state, provenance string) report.Result {
		return report.Result{Chosen: true, State: state, Target: &goal, Provenance: provenance, Counts: provenance != "generated"}
	}
	other, watched := result("achieved", "real"), result("achieved", "real")
	other.Chosen, watched.Target = false, nil
	results := []report.Result{
		result("achieved", "real"), result("achieved", "estimated"), result("off_track", "real"), result("worsening", "real"),
		result("on_track", "real"), result("at_risk", "real"), result("stale", "real"), result("not_yet_due", "real"), result("no_data", ""),
		result("achieved", "generated"), result("off_track", "generated"), result("reported", "real"), result("not_applicable", "real"), other, watched,
	}
	want := report.Headline{Targets: 11, Achieved: 2, OnTrack: 1, AtRisk: 1, Off: 2, NotYetDue: 1, NoData: 2, Generated: 2}
	if got := report.HeadlineOf(results); got != want {
		t.Errorf("%+v; want %+v", got, want)
	}
	// In a demonstration an estimate was made up as well.
	want.Achieved, want.Generated = 1, 3
	if got := report.HeadlineOf(report.InDemonstration(results)); got != want {
		t.Errorf("in a demonstration %+v; want %+v", got, want)
	}
}

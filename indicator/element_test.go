package indicator_test

import (
	"fmt"
	"testing"

	"lifecircle"
	"lifecircle/figure"
	"lifecircle/plan/rule"
)

// TestWaysToReadAnElement reads a year whose months are 1 … 12 in every way, and
// what is left when months, parts or the whole are lacking.
func TestWaysToReadAnElement(t *testing.T) {
	t.Parallel()
	w := newWorld()
	for month := 1; month <= 12; month++ {
		for _, element := range []string{"a", "f"} {
			// The west has 1 … 12 and the east 12 … 1: the region has 13 each month.
			w = w.put(t, element, west, fmt.Sprintf("2025-%02d", month), fmt.Sprint(month))
			w = w.put(t, element, east, fmt.Sprintf("2025-%02d", month), fmt.Sprint(13-month))
		}
		if month != 6 {
			w = w.put(t, "g", west, fmt.Sprintf("2025-%02d", month), "1")
		}
	}
	w = w.put(t, "b", west, "2016", "970").put(t, "b", west, "2022", "40").put(t, "b", west, "2025-02", "50").
		put(t, "f", west, "2024", "24").put(t, "c", west, "2025", "7").put(t, "p{sex=f}", west, "2025", "3")
	for _, c := range []struct{ rule, area, period, want string }{
		{"last(a)", "990101", "2025", "12"},
		{"first(a)", "990101", "2025", "1"},
		{"average(a)", "990101", "2025", "6.5"},
		{"lowest(a)", "990101", "2025", "1"},
		{"highest(a)", "990101", "2025", "12"},
		{"reports(a)", "990101", "2025", "12"},
		{"sum(f)", "990101", "2025", "78"},
		{"ytd(f)", "990101", "2025-03", "6"},
		{"sum(f)", "990101", "2025-03", "3"},
		{"average(f)", "990101", "2025", "6.5"},
		// of the region each month is 13, so lowest and highest are too: they are
		// those of the sums, not the sums of those
		{"lowest(a)", "990000", "2025", "13"},
		{"highest(a)", "990000", "2025", "13"},
		{"average(a)", "990000", "2025", "13"},
		{"last(a)", "990000", "2025", "13"},
		{"reports(a)", "990000", "2025", "12"},
		// eleven months are no year
		{"sum(g)", "990101", "2025", "incomplete"},
		{"average(g)", "990101", "2025", "incomplete"},
		{"lowest(g)", "990101", "2025", "incomplete"},
		{"reports(g)", "990101", "2025", "11"},
		{"ytd(g)", "990101", "2025-05", "5"},
		{"ytd(g)", "990101", "2025-06", "incomplete"},
		// a year's own value
		{"average(f)", "990101", "2024", "2"},
		{"highest(f)", "990101", "2024", "incomplete"},
		{"average(c)", "990101", "2025", "7"},
		{"lowest(c)", "990101", "2025", "7"},
		{"first(c)", "990101", "2025", "7"},
		{"reports(c)", "990101", "2025", "0"},
		// nine years back, and the last known
		{"offset(last(b), 9)", "990101", "2025", "970"},
		{"offset(last(b), 8)", "990101", "2025", "unreported"},
		{"latest(b)", "990101", "2025", "50"},
		{"latest(b)", "990101", "2025-01", "40"},
		{"latest(b)", "990101", "2025-04", "50"},
		{"latest(b)", "990101", "2024", "40"},
		{"latest(b)", "990101", "2021", "970"},
		{"latest(b)", "990101", "2040", "unreported"},
		{"last(b)", "990101", "2024", "unreported"},
		{"latest(b)", "990000", "2025", "incomplete"},
		// a part of an element
		{`last(p, "sex=f")`, "990101", "2025", "3"},
		{`last(p, "sex=m")`, "990101", "2025", "unreported"},
		{"last(p)", "990101", "2025", "unreported"},
	} {
		t.Run(c.rule+" "+c.area+" "+c.period, func(t *testing.T) {
			t.Parallel()
			area := west
			if c.area == string(region) {
				area = region
			}
			got := evaluate(t, pkg(t, c.rule, ""), w, area, c.period).Value
			if reason, missing := got.Missing(); missing && reason.Code != c.want || !missing && got.String() != c.want {
				t.Errorf("got %v, want %s", got, c.want)
			}
		})
	}
}

// TestRatioOfSums holds that a ratio of an area is that of its sums: 9 of 10 and
// 0 of 90 are 9 of 100, not the mean of 90 % and 0 %.
func TestRatioOfSums(t *testing.T) {
	t.Parallel()
	w := newWorld().put(t, "a", west, "2025", "9").put(t, "b", west, "2025", "10").
		put(t, "a", east, "2025", "0").put(t, "b", east, "2025", "90")
	if got := evaluate(t, pkg(t, "last(a)", "last(b)"), w, region, "2025").Value.String(); got != "0.09" {
		t.Errorf("got %s, want 0.09", got)
	}
}

// TestRivals holds that two sources without a choice are no value, and a chosen
// one is.
func TestRivals(t *testing.T) {
	t.Parallel()
	w := newWorld().put(t, "a", west, "2025", "9")
	reading := w.Read("a", west, w.figures.Values()[0].Period)
	rival := reading.Value
	rival.Source, rival.Number = "bureau", lifecircle.Int(8)
	w = w.with(t, figure.Edit{Put: &rival})
	p := pkg(t, "last(a)", "")
	if reason, _ := evaluate(t, p, w, west, "2025").Value.Missing(); reason.Code != "unchosen_rivals" {
		t.Errorf("two sources: %v", reason)
	}
	w = w.with(t, figure.Edit{Choose: &figure.Choice{Element: "a", Area: west, Period: rival.Period, Source: "bureau", Reason: "later"}})
	if got := evaluate(t, p, w, west, "2025").Value; got != rule.NumberOf(rival.Number) {
		t.Errorf("chosen: %v", got)
	}
}

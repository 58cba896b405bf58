package indicator_test

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"lifecircle"
	"lifecircle/figure"
	"lifecircle/indicator"
	"lifecircle/plan"
	"lifecircle/plan/rule"
	"lifecircle/registry"
)

// TestStates decides each state from a few years of one stock, due in 2026.
func TestStates(t *testing.T) {
	t.Parallel()
	sixty, below := target(plan.AtLeast, "60"), target(plan.AtMost, "10")
	staged := sixty
	staged.Milestones = []plan.Station{{Year: 2023, Number: lifecircle.Int(35)}}
	given := sixty
	given.Baseline = &plan.Baseline{Period: lifecircle.Year(2020), Number: lifecircle.Int(20), Source: lifecircle.Name{ZH: "规划", EN: "the plan"}}
	keep := plan.Target{Type: plan.Keep, Bound: plan.AtLeast, Number: lifecircle.Int(100), Year: 2026, Since: 2021}
	for _, c := range []struct {
		name                   string
		target                 plan.Target
		years                  map[int]string
		period, pace, expected string
		state                  indicator.State
	}{
		// From 30 to 60 in five years: after two, 42 are due.
		{"on the line", sixty, map[int]string{2021: "30", 2023: "42"}, "2023", "1", "42", indicator.OnTrack},
		{"behind", sixty, map[int]string{2021: "30", 2023: "40"}, "2023", "5/6", "42", indicator.AtRisk},
		{"far behind", sixty, map[int]string{2021: "30", 2023: "37"}, "2023", "7/12", "42", indicator.OffTrack},
		{"backwards", sixty, map[int]string{2021: "30", 2023: "29"}, "2023", "-1/12", "42", indicator.Worsening},
		{"achieved early", sixty, map[int]string{2021: "30", 2023: "60"}, "2023", "2.5", "42", indicator.Achieved},
		{"a hair below", sixty, map[int]string{2021: "30", 2026: "59.999"}, "2026", "29999/30000", "60", indicator.OffTrack},
		{"no earlier year", sixty, map[int]string{2023: "40"}, "2023", "no_baseline", "no_baseline", indicator.NotYetDue},
		{"not reported lately", sixty, map[int]string{2021: "30"}, "2023", "unreported", "42", indicator.Stale},
		{"never reported", sixty, nil, "2023", "no_baseline", "no_baseline", indicator.NoData},
		{"along a milestone", staged, map[int]string{2021: "30", 2023: "36"}, "2023", "1.2", "35", indicator.OnTrack},
		{"the plan's baseline", given, map[int]string{2021: "30", 2023: "40"}, "2023", "1", "40", indicator.OnTrack},
		{"less is better", below, map[int]string{2021: "30", 2023: "20"}, "2023", "1.25", "22", indicator.OnTrack},
		// It was met once: a straight line would ask for less every year.
		{"met and lost", sixty, map[int]string{2021: "70", 2023: "59"}, "2023", "baseline_meets_target", "66", indicator.Worsening},
		{"kept", keep, map[int]string{2021: "100", 2022: "100", 2023: "100"}, "2023", "kept", "100", indicator.Achieved},
		{"kept but once", keep, map[int]string{2021: "99.999", 2022: "100", 2023: "100"}, "2023", "kept", "100", indicator.NotYetDue},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			for year, number := range c.years {
				w = w.put(t, "a", west, fmt.Sprint(year), number)
			}
			r := evaluate(t, pkg(t, "last(a)", "", c.target), w, west, c.period)
			if r.State != c.state {
				t.Errorf("the state is %s, want %s", r.State, c.state)
			}
			for _, part := range []struct{ got, want string }{{text(r.Progress.Pace), c.pace}, {text(r.Progress.Expected), c.expected}} {
				if part.got != part.want {
					t.Errorf("got %s, want %s", part.got, part.want)
				}
			}
		})
	}
}

// text is a number, or the code of why there is none.
func text(v rule.Value) string {
	if reason, missing := v.Missing(); missing {
		return reason.Code
	}
	return v.String()
}

// TestOpenSDG holds the example of domain findings: 30 to 60 in five years, 40
// after two, scores 1.04 although the straight line asks for 42; and where the
// method divides by zero it gives nothing.
func TestOpenSDG(t *testing.T) {
	t.Parallel()
	p := pkg(t, "last(a)", "", target(plan.AtLeast, "60"))
	w := newWorld().put(t, "a", west, "2021", "30").put(t, "a", west, "2023", "40")
	o := evaluate(t, p, w, west, "2023").Progress.OpenSDG
	if math.Abs(o.Score-1.04) > 0.005 || o.State != indicator.OnTrack {
		t.Errorf("got %v %s, want 1.04 on_track", o.Score, o.State)
	}
	w = newWorld().put(t, "a", west, "2021", "60").put(t, "a", west, "2023", "40")
	if o := evaluate(t, p, w, west, "2023").Progress.OpenSDG; o.State != "" || o.Why != "baseline_is_goal" {
		t.Errorf("a baseline at the goal: %+v", o)
	}
}

// TestProjection: points on a line are continued along it, one wrong value among
// five does not turn it, and the interval needs four points and holds the line.
func TestProjection(t *testing.T) {
	t.Parallel()
	p := pkg(t, "last(a)", "", target(plan.AtLeast, "100"))
	w := newWorld().put(t, "a", west, "2019", "10").put(t, "a", west, "2020", "12").put(t, "a", west, "2021", "14")
	r := evaluate(t, p, w, west, "2021").Progress
	if r.Slope.String() != "2" || r.Projection.String() != "24" {
		t.Errorf("slope %v to %v, want 2 to 24", r.Slope, r.Projection)
	}
	if _, missing := r.Low.Missing(); !missing {
		t.Errorf("three points have an interval: %v", r.Low)
	}
	w = w.put(t, "a", west, "2022", "900").put(t, "a", west, "2023", "18")
	r = evaluate(t, p, w, west, "2023").Progress
	low, ok := r.Low.Number()
	high, ok2 := r.High.Number()
	twentyFour := lifecircle.Int(24)
	if r.Projection.String() != "24" || !ok || !ok2 || low.Cmp(twentyFour) > 0 || high.Cmp(twentyFour) < 0 || low.Cmp(high) >= 0 {
		t.Errorf("with one wrong value: %v in %v … %v, want 24", r.Projection, r.Low, r.High)
	}
}

// TestEquity: two parts of equal weight of which one has everything have Theil's
// index ln 2; equal parts have 0.
func TestEquity(t *testing.T) {
	t.Parallel()
	p := pkg(t, "last(a)", "last(b)", target(plan.AtLeast, "1"))
	w := newWorld().put(t, "b", west, "2025", "10").put(t, "b", east, "2025", "10").
		put(t, "a", west, "2025", "0").put(t, "a", east, "2025", "8")
	ask := indicator.Query{Object: "x.y", Area: region, Period: lifecircle.Year(2025)}
	q, err := indicator.New(p, w).Equity(ask)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(q.Theil-math.Ln2) > 1e-12 || q.Parts[0].Area != west || q.P90.String() != "0.8" || q.P10.String() != "0" {
		t.Errorf("got %+v", q)
	}
	if reason, _ := q.Ratio.Missing(); reason.Code != "division_by_zero" {
		t.Errorf("P90/P10 over 0 is %v", q.Ratio)
	}
	q, _ = indicator.New(p, w.put(t, "a", west, "2025", "8")).Equity(ask)
	if q.Theil != 0 || q.Ratio.String() != "1" || q.Lacking != 0 {
		t.Errorf("equal parts: %+v", q)
	}
}

// TestSmallestChange holds, for random values and rules, that the change found
// makes the target met once it is really reported, and that one unit less does
// not.
func TestSmallestChange(t *testing.T) {
	t.Parallel()
	rules := [][2]string{
		{"last(a)", ""},
		{"last(a)", "last(b)"},
		{"last(a) + last(b)", "last(c)"},
		{"last(a) - last(c)", "last(b)"},
		{"last(a) > 500 ? last(a) : 0", "last(b)"}, // not linear
	}
	rapid.Check(t, func(rt *rapid.T) {
		formula := rapid.SampledFrom(rules).Draw(rt, "rule")
		goal := rapid.IntRange(1, 300).Draw(rt, "goal")
		bound := rapid.SampledFrom([]plan.Bound{plan.AtLeast, plan.AtMost}).Draw(rt, "bound")
		p := pkg(t, formula[0], formula[1], plan.Target{Type: plan.Reach, Bound: bound, Number: lifecircle.MustNumber(fmt.Sprintf("%d/100", goal)), Year: 2025})
		w := newWorld()
		for _, element := range []string{"a", "b", "c"} {
			w = w.put(t, element, west, "2025", fmt.Sprint(rapid.IntRange(1, 1000).Draw(rt, element)))
		}
		x, err := indicator.New(p, w).Explain(indicator.Query{Object: "x.y", Area: west, Period: lifecircle.Year(2025)})
		if err != nil {
			rt.Fatal(err)
		}
		if x.Smallest == nil {
			if x.Result.State != indicator.Achieved && formula[0] == "last(a)" && bound == plan.AtLeast {
				rt.Fatalf("nothing turns %v green", x.Result.Value)
			}
			return
		}
		s := x.Smallest
		changed := func(by lifecircle.Number) indicator.Result {
			reading := w.Read(s.Of, west, lifecircle.Year(2025)).Value
			reading.Number, _ = reading.Number.Add(by)
			return evaluate(t, p, w.with(t, figure.Edit{Put: &reading}), west, "2025")
		}
		if after := changed(s.Amount); after.State != indicator.Achieved || after.Value != s.Value {
			rt.Fatalf("%s by %v gives %v %s, foreseen %v", s.Of, s.Amount, after.Value, after.State, s.Value)
		}
		back := lifecircle.Int(-int64(s.Amount.Sign()))
		if less, _ := s.Amount.Add(back); less.Sign() != 0 {
			if after := changed(less); after.State == indicator.Achieved {
				rt.Fatalf("%s by %v suffices, found %v", s.Of, less, s.Amount)
			}
		}
	})
}

// TestNextIsRecomputed holds that the evaluator of changed facts says what one
// made from nothing but these facts says, whatever changed.
func TestNextIsRecomputed(t *testing.T) {
	t.Parallel()
	p := pkg(t, "last(a)", "last(b)", target(plan.AtLeast, "0.5"))
	p.Registers = map[string]plan.Register{"county": {ID: "county"}}
	p.Sets = map[string]plan.SubjectSet{"counties": {ID: "counties", Of: "county"}}
	p.Objects = append(p.Objects, plan.Object{
		Kind: plan.KindProvision, ID: "x.z", Clauses: []string{"1.2"}, Force: plan.Must,
		Provision: &plan.Provision{
			Subjects: "counties", Levels: []registry.Level{registry.Region}, Require: expr(t, "last(a) >= last(b)"),
			Weight: expr(t, "last(c)"), Deficit: expr(t, "last(b) - last(a)"),
			Targets: []plan.Target{{Type: plan.ExistsEverywhere, Bound: plan.AtLeast, Number: lifecircle.Int(1), Year: 2025}},
		},
	})
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld()
		e := indicator.New(p, w)
		e.Results(region, lifecircle.Year(2025))
		for range rapid.IntRange(1, 8).Draw(rt, "changes") {
			element := rapid.SampledFrom([]string{"a", "b", "c", "f"}).Draw(rt, "element")
			area := rapid.SampledFrom([]lifecircle.AreaCode{region, west, east}).Draw(rt, "area")
			w = w.put(t, element, area, "2025", fmt.Sprint(rapid.IntRange(0, 9).Draw(rt, "number")))
			e = e.Next(w, indicator.Delta{Elements: map[string][]lifecircle.AreaCode{element: {area}}})
			fresh := indicator.New(p, w)
			for _, code := range []lifecircle.AreaCode{region, west, east} {
				next, again := e.Results(code, lifecircle.Year(2025)), fresh.Results(code, lifecircle.Year(2025))
				for i := range again {
					if !identical(next[i], again[i]) {
						rt.Fatalf("%s in %s after %s: %v, recomputed %v", again[i].Object.ID, code, element, next[i].Value, again[i].Value)
					}
				}
			}
		}
	})
}

// identical compares more than Same: also why something is not known.
func identical(r, s indicator.Result) bool {
	return r.Value == s.Value && r.Numerator == s.Numerator && r.Denominator == s.Denominator && r.Lower == s.Lower &&
		r.Upper == s.Upper && r.Gap == s.Gap && r.State == s.State && r.Provenance == s.Provenance
}

// TestSame: what a reader is shown decides whether two results say the same.
func TestSame(t *testing.T) {
	t.Parallel()
	number := func(n int64) rule.Value { return rule.NumberOf(lifecircle.Int(n)) }
	none := func(what string) rule.Value { return rule.NoData(rule.Reason{Code: "unreported", What: what}) }
	known := indicator.Result{
		Value: number(50), Numerator: number(5), Denominator: number(10), Lower: none(""), Upper: none(""),
		State: indicator.Achieved, Provenance: lifecircle.Real,
	}
	open := indicator.Result{
		Value: none("beds"), Numerator: none("beds"), Denominator: number(10), Lower: none(""), Upper: none(""),
		State: indicator.NoData, Provenance: lifecircle.Real,
	}
	within := open
	within.Lower, within.Upper = number(20), number(60)
	changed := func(r indicator.Result, change func(*indicator.Result)) indicator.Result {
		change(&r)
		return r
	}
	for name, c := range map[string]struct {
		then, now indicator.Result
		same      bool
	}{
		"itself":                       {known, known, true},
		"another value":                {known, changed(known, func(r *indicator.Result) { r.Value = number(60) }), false},
		"another state":                {known, changed(known, func(r *indicator.Result) { r.State = indicator.OffTrack }), false},
		"the same share of more":       {known, changed(known, func(r *indicator.Result) { r.Numerator, r.Denominator = number(6), number(12) }), false},
		"a value of another kind":      {known, changed(known, func(r *indicator.Result) { r.Provenance = lifecircle.Generated }), false},
		"a value lost":                 {known, open, false},
		"no data for another reason":   {open, changed(open, func(r *indicator.Result) { r.Value = none("places") }), true},
		"no data of other parts":       {open, changed(open, func(r *indicator.Result) { r.Denominator = number(11) }), true},
		"no data of another kind":      {open, changed(open, func(r *indicator.Result) { r.Provenance = lifecircle.Generated }), true},
		"a range where there was none": {open, within, false},
		"another range":                {within, changed(within, func(r *indicator.Result) { r.Upper = number(50) }), false},
		"a range of another kind":      {within, changed(within, func(r *indicator.Result) { r.Provenance = lifecircle.Generated }), false},
	} {
		if c.then.Same(c.now) != c.same || c.now.Same(c.then) != c.same {
			t.Errorf("%s: same is %v; want %v", name, !c.same, c.same)
		}
	}
}

// TestGeneratedSaysSo: a result of generated figures carries it.
func TestGeneratedSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld().put(t, "a", west, "2025", "9")
	made := w.Read("a", west, lifecircle.Year(2025)).Value
	made.Element, made.Provenance = "b", lifecircle.Generated
	w = w.with(t, figure.Edit{Put: &made})
	if r := evaluate(t, pkg(t, "last(a)", "last(b)", target(plan.AtLeast, "1")), w, west, "2025"); r.Provenance != lifecircle.Generated {
		t.Errorf("the result is %q", r.Provenance)
	}
}

// TestLastReported: beside a promise stands what was reported for its period, or
// for the latest year before it; the years after and those of another area say
// nothing, and the value is none of the result's own.
func TestLastReported(t *testing.T) {
	t.Parallel()
	p := pkg(t, "last(a)", "", target(plan.AtLeast, "60"))
	object, _ := p.Object("x.y")
	object.Indicator.Reported = "b"
	w := newWorld().put(t, "b", west, "2022", "41").put(t, "b", west, "2023", "63").put(t, "b", east, "2024", "5")
	for period, want := range map[string]string{"2021": "", "2022": "41 2022", "2023": "63 2023", "2025": "63 2023", "2025-03": "63 2023", "2033": "63 2023", "2034": ""} {
		r := evaluate(t, p, w, west, period)
		got := ""
		if r.Reported.State == figure.Known {
			got = r.Reported.Value.Number.String() + " " + r.ReportedIn.String()
		}
		if got != want {
			t.Errorf("in %s it is %q, not %q", period, got, want)
		}
		if _, missing := r.Value.Missing(); !missing {
			t.Errorf("in %s the reported figure became the value %v", period, r.Value)
		}
	}
}

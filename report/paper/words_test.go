package paper

import (
	"encoding/json"
	"os"
	"testing"

	"lifecircle"
	"lifecircle/report"
)

// A concept has one word in each language, on paper as on the screens.
func TestWordsAreThoseOfTheScreens(t *testing.T) {
	t.Parallel()
	texts := func(file string) map[string]json.RawMessage {
		body, err := os.ReadFile("../../web/src/locales/" + file)
		if err != nil {
			t.Fatal(err)
		}
		var all map[string]json.RawMessage
		if err := json.Unmarshal(body, &all); err != nil {
			t.Fatal(err)
		}
		return all
	}
	zh, en := texts("zh-CN.json"), texts("en.json")
	for group, words := range map[string]map[string]lifecircle.Name{
		"state": stateWords, "provenance": provenanceWords, "force": forceWords, "kind": kindWords,
		"targetStatus": targetStatusWords, "verdict": verdictWords, "reason": reasonWords, "unit": unitWords,
	} {
		inZH, inEN := map[string]string{}, map[string]string{}
		if err := json.Unmarshal(zh[group], &inZH); err != nil {
			t.Fatalf("%s: %v", group, err)
		}
		if err := json.Unmarshal(en[group], &inEN); err != nil {
			t.Fatalf("%s: %v", group, err)
		}
		for code, word := range inZH {
			if got := words[code]; got.ZH != word || got.EN != inEN[code] {
				t.Errorf("%s.%s: paper says %q, screens %q and %q", group, code, got, word, inEN[code])
			}
		}
		for code := range words {
			if _, known := inZH[code]; !known {
				t.Errorf("%s.%s: paper has a word that the screens lack", group, code)
			}
		}
	}
}

func float(v float64) *float64 { return &v }

// Paper rounds as the screens do (web/src/lib/format.test.ts).
func TestNumbersStandOnTheirSideOfTheTarget(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		value, target float64
		bound, want   string
	}{
		{79.9991, 80, "at_least", "79.99"},
		{79.99999, 80, "at_least", "79.99"},
		{80, 80, "at_least", "80"},
		{80.0004, 80, "at_least", "80.0004"}, // 80.00 would say that it is met exactly
		{20.0001, 20, "at_most", "20.01"},
		{19.999, 20, "at_most", "19.999"}, // 20.00 would say that it is just met
		{1234567.891, 1, "at_least", "1,234,567.89"},
		{94, 95, "at_least", "94"},
	} {
		r := report.Result{Value: float(c.value), Target: float(c.target), TargetBound: c.bound}
		if got := r.ShownValue(); got != c.want {
			t.Errorf("%v beside %s %v is shown as %s, want %s", c.value, c.bound, c.target, got, c.want)
		}
	}
	f := Facts{Language: "en"}
	for gap, want := range map[float64]string{0.0001: "0.01", 1: "1", 1.234: "1.24", 0: "none", -3: "none"} {
		if got := f.gapText(report.Result{Gap: float(gap)}); got != want {
			t.Errorf("a gap of %v is shown as %s, want %s", gap, got, want)
		}
	}
	if got := (report.Result{Value: float(1.2), Display: "1:x"}).ShownValue(); got != "1:1.20" {
		t.Errorf("a ratio is shown as %s", got)
	}
}

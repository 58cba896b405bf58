package rule_test

import (
	"testing"

	"lifecircle/plan/rule"
)

func TestLeaning(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]rule.Leaning{
		"nearest(walk) <= reach":                             rule.Up,
		"reach >= nearest(walk)":                             rule.Up,
		"nearest(walk) > reach":                              rule.Down,
		"!(nearest(walk) > reach)":                           rule.Up,
		"within(walk, reach) >= 2":                           rule.Up,
		"people > 3":                                         rule.Unmoved,
		"people > 3 && nearest(walk) <= 2 * reach + 5":       rule.Up,
		"people - reach > 3":                                 rule.Down,
		"nearest(walk) <= reach && people >= reach":          rule.Unclear,
		"nearest(walk) == reach":                             rule.Unclear,
		"nearest(walk) <= reach * people":                    rule.Unclear,
		"reach > 5 ? people > 1 : people > 2":                rule.Unclear,
		"count(facility, .beds >= reach) > 1":                rule.Unclear,
		"count(facility, .beds >= 2) > 1 || people <= reach": rule.Up,
	} {
		expr, faults := rule.Parse(text)
		if len(faults) > 0 {
			t.Fatalf("%s: %v", text, faults)
		}
		if got := expr.Leaning("reach"); got != want {
			t.Errorf("%s leans %v, want %v", text, got, want)
		}
	}
}

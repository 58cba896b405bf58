package rule_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"lifecircle"
	"lifecircle/plan/rule"
)

func TestBounds(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"people > 3":                     "map[]",
		"within(m, reach) >= 2":          "map[]",
		"nearest(m) <= reach":            "map[m:{[reach] [] false}]",
		"reach >= nearest(m)":            "map[m:{[reach] [] false}]",
		"nearest(m) < 500":               "map[m:{[] [500] false}]",
		"known(nearest(m))":              "map[m:{[] [] false}]",
		"known(nearest(m) <= reach)":     "map[m:{[reach] [] false}]",
		"nearest(m) <= 2 * reach":        "map[m:{[] [] true}]",
		"nearest(m) - reach <= 5":        "map[m:{[] [] true}]",
		"nearest(m) <= nearest(n)":       "map[m:{[] [] true} n:{[] [] true}]",
		"nearest(m) == reach || ok":      "map[m:{[reach] [] false}]",
		"ok ? nearest(m) : reach":        "map[m:{[] [] true}]",
		"count(p, .nearest(m) <= reach)": "map[m:{[reach] [] false}]",
		"count(p, .nearest(m) <= .far)":  "map[m:{[] [] true}]",
		"nearest(m) <= reach && nearest(m) > far && nearest(n) <= reach": "map[m:{[reach far] [] false} n:{[reach] [] false}]",
	} {
		expr, faults := rule.Parse(text)
		if len(faults) > 0 {
			t.Fatalf("%s: %v", text, faults)
		}
		if got := fmt.Sprint(expr.Bounds()); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

// TestSameSideSaysTheSame: a way that stays on its side of all bounds changes nothing.
func TestSameSideSaysTheSame(t *testing.T) {
	t.Parallel()
	scope := lawScope()
	compared := 0
	rapid.Check(t, func(t *rapid.T) {
		w := &writer{t: t}
		source := fmt.Sprintf("(%s %s %s) %s %s", w.way(), w.order(), w.way(), w.pick("&&", "||"), w.truth(3))
		expr := parsed(t, scope, source)
		bounds := expr.Bounds()["m"]
		world := drawn(t, scope)
		numbers := slices.Clone(bounds.Numbers)
		for _, name := range bounds.Names {
			if n, known := world.fields[name].Number(); known {
				numbers = append(numbers, n)
			}
		}
		ways := []string{"-1", "0", "1/3", "1", "1229", "1230", "1231", "9223372036854775807"}
		way := func() lifecircle.Number { return lifecircle.MustNumber(rapid.SampledFrom(ways).Draw(t, "way")) }
		here, there := way(), way()
		for _, n := range numbers {
			if here.Cmp(n) != there.Cmp(n) {
				return
			}
		}
		if bounds.Otherwise {
			return
		}
		if _, asked := expr.Bounds()["m"]; asked && here != there {
			compared++
		}
		world.fields["nearest m"] = rule.NumberOf(here)
		one := expr.Eval(world)
		world.fields["nearest m"] = rule.NumberOf(there)
		if other := expr.Eval(world); other != one {
			t.Fatalf("%s is %v with %v and %v with %v", expr, one, here, other, there)
		}
	})
	if compared == 0 {
		t.Error("no rule was asked with two ways on one side")
	}
}

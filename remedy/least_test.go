package remedy_test

import (
	"fmt"
	"testing"

	"lifecircle"
	"lifecircle/api"
	"lifecircle/engine"
	"lifecircle/indicator"
	"lifecircle/plan/rule"
	"lifecircle/registry"
	"lifecircle/remedy"
	"lifecircle/scenario"
	"lifecircle/siting"
)

// fewestByTrying tries every choice of 1, 2, … candidates on the plan until one turns
// a provision green; 0 where none of up to most does.
func fewestByTrying(t *testing.T, w *engine.World, c *remedy.Case, most int) int {
	t.Helper()
	ground := api.Remedies(w)
	query := indicator.Query{Object: c.Object.ID, Variant: c.Question.Variant, Area: c.Question.Area, Period: lifecircle.Year(2025)}
	var try func(left, from int, chosen []siting.Site) bool
	try = func(left, from int, chosen []siting.Site) bool {
		if left == 0 {
			var ids []string
			for _, s := range chosen {
				ids = append(ids, c.Spots[s.Candidate].ID)
			}
			a, err := c.Having(ids)
			if err != nil {
				t.Fatal(err)
			}
			var changes []scenario.Change
			for k, s := range a.Sites {
				f := a.Sites[k].Facility
				f.ID, f.Area, f.Kind, f.At, f.Public = lifecircle.FacilityID(fmt.Sprint("try-", s.ID)), s.Area, c.Question.Kind, s.At, true
				f.Provenance, f.Fields = lifecircle.Generated, registry.Fields{"disabled_care": rule.BoolOf(true)} // as one rule asks
				changes = append(changes, scenario.Change{Op: scenario.Add, Facility: &f})
			}
			after, err := ground.Try(changes)
			if err != nil {
				t.Fatal(err)
			}
			r, err := after.Evaluate(query)
			if err != nil {
				t.Fatal(err)
			}
			return r.State == indicator.Achieved
		}
		for j := from; j < len(c.Spots); j++ {
			if try(left-1, j+1, append(chosen, siting.Site{Candidate: j})) {
				return true
			}
		}
		return false
	}
	for n := 1; n <= most; n++ {
		if try(n, 0, nil) {
			return n
		}
	}
	return 0
}

// The fewest places that Least names turn the provision green, and trying every
// choice of one place less on the plan does not.
func TestLeastIsTheFewest(t *testing.T) {
	t.Parallel()
	w := built(t, onlyP, nil, nil)
	ground := api.Remedies(w)
	seen := map[int]bool{}
	for _, area := range []lifecircle.AreaCode{town, west, east} {
		for _, q := range []remedy.Question{
			{Object: "1.1.7", Variant: "w1000"},
			{Object: "1.1.7", Variant: "w800"},
			{Object: "support.county_home"},
			{Object: "edu.special_school"},
			{Object: "health.community_centre"},
		} {
			q.Area = area
			least, err := ground.Least(t.Context(), q, siting.Config{Seed: 1})
			q.Count = 1
			c, err2 := ground.Prepare(t.Context(), q)
			if err2 != nil {
				if err == nil {
					t.Fatalf("%s in %s: %d places, but %v", q.Object, area, len(least.Sites), err2)
				}
				continue
			}
			want := fewestByTrying(t, w, c, 3)
			switch {
			case err == nil && (len(least.Sites) != want || least.Fewest != want):
				t.Errorf("%s %s in %s: %d places, at least %d; trying finds %d", q.Object, q.Variant, area, len(least.Sites), least.Fewest, want)
			case err != nil && want > 0:
				t.Errorf("%s %s in %s: %v; trying finds %d", q.Object, q.Variant, area, err, want)
			}
			seen[want] = true
		}
	}
	if !seen[1] || len(seen) < 2 {
		t.Errorf("too few cases: %v", seen)
	}
}

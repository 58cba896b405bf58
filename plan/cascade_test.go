package plan_test

import (
	"strings"
	"testing"

	"lifecircle"
	"lifecircle/plan"
)

// county stands under a region; both override the same promise of the region.
const county = `
-- package.yaml --
id: county
name: {zh: 县, en: County}
version: "1"
year: 2025
extends: region
areas: [640302]
-- changes.yaml --
overrides:
  - object: sport.reach
    targets: [{type: reach, at_least: 70, unit: "%", year: 2025, source: x, status: secondary}]
    accepted: {code: weaker_than_above, reason: a county has its own number}
  - object: sport.reach
    areas: [640302100]
    targets: [{type: reach, at_least: 60, unit: "%", year: 2025, source: x, status: secondary}]
    accepted: {code: weaker_than_above, reason: a town has its own number}
  - object: sport.reach
    variant: far
    areas: [640302100]
    parameters: {metres: {value: 3, unit: km, from: 2021-01-01, source: x, status: secondary}}
    accepted: {code: weaker_than_above, reason: a town far out}
-- region/package.yaml --
id: region
name: {zh: 区, en: Region}
version: "1"
year: 2025
facility_kinds: {pitch: {zh: 球场, en: Pitch}}
measures:
  walk: {name: {zh: 步行, en: On foot}, mode: walk, distance: network, kinds: [pitch], public: true, status: local-choice, source: x}
subject_sets:
  people: {name: {zh: 人, en: People}, of: population_point}
-- region/sport.yaml --
objects:
  - kind: provision
    id: sport.reach
    name: {zh: 甲, en: A}
    clauses: [1.1]
    force: must
    subjects: people
    require: nearest(walk) <= metres && urban == (spare > 0)
    parameters:
      metres: {value: 500, unit: m, from: 2021-01-01, source: x, status: secondary}
      spare: {value: 0, unit: "1", from: 2021-01-01, source: x, status: secondary}
    levels: [county]
    targets: [{type: reach, at_least: 95, unit: "%", year: 2025, source: x, status: secondary}]
    variants:
      - {id: near, name: {zh: 甲, en: A}, chosen: true, status: local-choice, reason: x}
      - id: far
        name: {zh: 甲, en: A}
        status: local-choice
        reason: x
        parameters: {metres: {value: 1000, unit: m, from: 2021-01-01, source: x, status: secondary}}
overrides:
  - object: sport.reach
    areas: [640302, 640100]
    targets: [{type: reach, at_least: 90, unit: "%", year: 2025, source: x, status: secondary}]
    accepted: {code: weaker_than_above, reason: x}
  - object: sport.reach
    areas: [640100]
    parameters:
      metres: {value: 800, unit: m, from: 2021-01-01, source: x, status: secondary}
      spare: {value: 1, unit: "1", from: 2021-01-01, source: x, status: secondary}
`

func TestCascade(t *testing.T) {
	t.Parallel()
	files := parts([]byte(county))
	pkg, faults := plan.Load(above{files, files})
	if pkg == nil || len(faults) != 1 || faults[0].Code != "clauses_missing" {
		t.Fatal(lines(faults))
	}
	o, ok := pkg.Object("sport.reach")
	if !ok || o.Plan != "region" || o.At.File != "region/sport.yaml" {
		t.Fatalf("inherited as %s of %s at %v", o.ID, o.Plan, o.At)
	}
	variant := &o.Provision.Variants[1]
	for _, c := range []struct {
		where                string
		path                 string // from below
		share                string
		metres, spare, metre string // of the object, of the object, of the variant far
	}{
		{"the region", "640000", "0.95", "500", "0", "1000"},
		{"a prefecture that the region overrides", "640100 640000", "0.9", "800", "1", "1000"},
		{"a county below it", "640104 640100 640000", "0.9", "800", "1", "1000"},
		{"the county itself: its own package beats the region's", "640302 640300 640000", "0.7", "500", "0", "1000"},
		{"a town of it: the nearest area", "640302100 640302 640300 640000", "0.6", "500", "0", "3000"},
		{"a village of that town", "640302100200 640302100 640302 640300 640000", "0.6", "500", "0", "3000"},
		{"another town: the county", "640302101 640302 640300 640000", "0.7", "500", "0", "1000"},
		{"an area nobody speaks of", "650100", "0.95", "500", "0", "1000"},
	} {
		t.Run(c.where, func(t *testing.T) {
			t.Parallel()
			var path []lifecircle.AreaCode
			for _, code := range strings.Fields(c.path) {
				path = append(path, lifecircle.AreaCode(code))
			}
			targets := pkg.TargetsIn(o, path)
			if len(targets) != 1 || targets[0].Number != lifecircle.MustNumber(c.share) {
				t.Errorf("targets %v, want %s", targets, c.share)
			}
			of := func(v *plan.Variant, name string) lifecircle.Number {
				return pkg.ParametersIn(o, v, path)[name].Values[0].Number
			}
			if got := of(nil, "metres"); got != lifecircle.MustNumber(c.metres) {
				t.Errorf("metres is %v, want %s", got, c.metres)
			}
			if got := of(nil, "spare"); got != lifecircle.MustNumber(c.spare) {
				t.Errorf("spare is %v, want %s", got, c.spare)
			}
			if got := of(variant, "metres"); got != lifecircle.MustNumber(c.metre) {
				t.Errorf("metres under the variant is %v, want %s", got, c.metre)
			}
		})
	}
	if !pkg.Overridden("sport.reach") || pkg.Overridden("sport.other") {
		t.Error("which objects are overridden")
	}
}

// TestReplacedObjectsDropOverrides: what a package writes itself, the overrides
// of the package above no longer touch.
func TestReplacedObjectsDropOverrides(t *testing.T) {
	t.Parallel()
	own := strings.Replace(county, "overrides:\n  - object: sport.reach\n    targets: [{type: reach, at_least: 70", `objects:
  - kind: provision
    id: sport.reach
    name: {zh: 甲, en: A}
    clauses: [1.1]
    force: must
    subjects: people
    require: urban
    levels: [county]
    targets: [{type: reach, at_least: 99, unit: "%", year: 2025, source: x, status: secondary}]
other:
  - object: sport.reach
    targets: [{type: reach, at_least: 70`, 1)
	head, rest, _ := strings.Cut(own, "other:\n")
	_, rest, _ = strings.Cut(rest, "-- region/package.yaml --")
	files := parts([]byte(head + "-- region/package.yaml --" + rest))
	pkg, faults := plan.Load(above{files, files})
	if pkg == nil {
		t.Fatal(lines(faults))
	}
	o, _ := pkg.Object("sport.reach")
	targets := pkg.TargetsIn(o, []lifecircle.AreaCode{"640104", "640100", "640000"})
	if o.Plan != "county" || len(targets) != 1 || targets[0].Number != lifecircle.MustNumber("0.99") {
		t.Errorf("of %s: %v", o.Plan, targets)
	}
}

// TestPartIsNotHeldAgainstTheWhole: one county's commitment to a count is no sum
// that falls short of the region's.
func TestPartIsNotHeldAgainstTheWhole(t *testing.T) {
	t.Parallel()
	counted := county + `
  - object: sport.count
    areas: [640100, 640200]
    targets: [{type: reach, at_least: 4, unit: "1", year: 2025, source: x, status: secondary}]
    accepted: {code: weaker_than_above, reason: a part}
-- region/count.yaml --
objects:
  - kind: indicator
    id: sport.count
    name: {zh: 甲, en: A}
    clauses: [1.1]
    force: must
    unit: "1"
    levels: [region, county]
    numerator: count(facility)
    targets: [{type: reach, at_least: 10, unit: "1", year: 2025, source: x, status: secondary}]
`
	counted = strings.Replace(counted, "overrides:\n", `overrides:
  - object: sport.count
    targets: [{type: reach, at_least: 1, unit: "1", year: 2025, source: x, status: secondary}]
    accepted: {code: weaker_than_above, reason: a county has fewer}
`, 1)
	files := parts([]byte(counted))
	if _, faults := plan.Load(above{files, files}); len(faults) != 1 || faults[0].Code != "clauses_missing" {
		t.Error("of the county:\n" + lines(faults))
	}
	region, err := above{files, files}.Upper("region")
	if err != nil {
		t.Fatal(err)
	}
	if _, faults := plan.Load(region); !strings.Contains(lines(faults), "together to 8, and the plan promises at_least 10 in 2025 (sum_below_target)") {
		t.Error("of the region:\n" + lines(faults))
	}
}

// TestHashOfPlanAbove: what stands above is a part of what a package says.
func TestHashOfPlanAbove(t *testing.T) {
	t.Parallel()
	hash := func(text string) string {
		files := parts([]byte(text))
		pkg, faults := plan.Load(above{files, files})
		if pkg == nil {
			t.Fatal(lines(faults))
		}
		return pkg.Hash
	}
	if hash(county) == hash(strings.Replace(county, "value: 500", "value: 501", 1)) {
		t.Error("another number above leaves the hash as it was")
	}
}

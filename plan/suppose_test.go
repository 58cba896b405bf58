package plan_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"lifecircle"
	"lifecircle/plan"
	"lifecircle/plans"
)

func region(t testing.TB) *plan.Package {
	t.Helper()
	files := parts([]byte(county))
	upper, err := above{files, files}.Upper("region")
	if err != nil {
		t.Fatal(err)
	}
	pkg, faults := plan.Load(upper)
	if pkg == nil {
		t.Fatal(lines(faults))
	}
	return pkg
}

// TestSupposedIsCheckedAsWritten: what is said of a supposed number is what plan
// check says of a package below that overrides it so.
func TestSupposedIsCheckedAsWritten(t *testing.T) {
	t.Parallel()
	pkg := region(t)
	const target = `{type: reach, at_least: %s, unit: "%%", year: 2025, source: x, status: local-choice}`
	for name, c := range map[string]struct {
		plan.Supposition
		override string
		want     string // codes
	}{
		"a longer way":      {plan.Supposition{Object: "sport.reach", Parameter: "metres", Value: "600"}, "parameters: {metres: {value: 600, unit: m, from: 2021-01-01, source: x, status: local-choice}}", "weaker_than_above"},
		"a shorter way":     {plan.Supposition{Object: "1.1", Parameter: "metres", Value: "400"}, "parameters: {metres: {value: 400, unit: m, from: 2021-01-01, source: x, status: local-choice}}", ""},
		"a reading":         {plan.Supposition{Object: "sport.reach", Variant: "far", Parameter: "metres", Value: "1200"}, "variant: far\n    parameters: {metres: {value: 1200, unit: m, from: 2021-01-01, source: x, status: local-choice}}", "weaker_than_above"},
		"no such reading":   {plan.Supposition{Object: "sport.reach", Variant: "very", Parameter: "metres", Value: "1200"}, "variant: very\n    parameters: {metres: {value: 1200, unit: m, from: 2021-01-01, source: x, status: local-choice}}", "reference_unknown"},
		"less":              {plan.Supposition{Object: "sport.reach", Parameter: plan.TargetPart, Value: "92.5"}, "targets: [" + fmt.Sprintf(target, "92.5") + "]", "weaker_than_above"},
		"more":              {plan.Supposition{Object: "sport.reach", Parameter: plan.TargetPart, Value: "97", Year: 2025}, "targets: [" + fmt.Sprintf(target, "97") + "]", ""},
		"less than there":   {plan.Supposition{Object: "sport.reach", Parameter: plan.TargetPart, Value: "85", Area: "640302"}, "areas: [640302]\n    targets: [" + fmt.Sprintf(target, "85") + "]", "weaker_than_above"},
		"more than there":   {plan.Supposition{Object: "sport.reach", Parameter: plan.TargetPart, Value: "91", Area: "640302"}, "areas: [640302]\n    targets: [" + fmt.Sprintf(target, "91") + "]", ""},
		"more than all":     {plan.Supposition{Object: "sport.reach", Parameter: plan.TargetPart, Value: "120"}, "targets: [" + fmt.Sprintf(target, "120") + "]", "out_of_range"},
		"a longer way here": {plan.Supposition{Object: "sport.reach", Parameter: "metres", Value: "700", Area: "640100"}, "areas: [640100]\n    parameters: {metres: {value: 700, unit: m, from: 2021-01-01, source: x, status: local-choice}}", ""},
	} {
		text := county[strings.Index(county, "-- region/package.yaml"):] + `
-- package.yaml --
id: below
name: {zh: 县, en: Below}
version: "1"
year: 2025
extends: region
-- changes.yaml --
overrides:
  - object: sport.reach
    ` + c.override + "\n"
		files := parts([]byte(text))
		_, checked := plan.Load(above{files, files})
		next, supposed := pkg.Supposing(c.Supposition)
		messages := func(faults []plan.Fault) (all []string) {
			for _, f := range faults {
				if f.Code != "clauses_missing" {
					all = append(all, f.Code+" "+f.Message)
				}
			}
			return all
		}
		if got, want := messages(supposed), messages(checked); !slices.Equal(got, want) {
			t.Errorf("%s: supposed\n%v\nchecked\n%v", name, got, want)
		}
		got := ""
		for _, f := range supposed {
			got += f.Code
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if (next == nil) != plan.Broken(supposed) {
			t.Errorf("%s: a package with errors, or none without", name)
		}
	}
}

// TestSupposingUnknown: what is not there is named with what there is.
func TestSupposingUnknown(t *testing.T) {
	t.Parallel()
	pkg := region(t)
	for want, s := range map[string]plan.Supposition{
		`there is no object "sport.raech"`:                  {Object: "sport.raech", Parameter: "metres", Value: "1"},
		`write "sport.reach"`:                               {Object: "sport.raech", Parameter: "metres", Value: "1"},
		`name one of: metres, spare, target`:                {Object: "sport.reach", Parameter: "reach", Value: "1"},
		`"far": want a decimal`:                             {Object: "sport.reach", Parameter: "metres", Value: "far"},
		`sport.reach promises nothing for 2030`:             {Object: "sport.reach", Parameter: plan.TargetPart, Year: 2030, Value: "1"},
		`metres of sport.reach cannot be -5 m (out_of_rang`: {Object: "sport.reach", Parameter: "metres", Value: "-5"},
	} {
		next, faults := pkg.Supposing(s)
		if next != nil || !strings.Contains(lines(faults), want) {
			t.Errorf("%+v: %v, want %q", s, lines(faults), want)
		}
	}
}

// TestSupposingTwice: the later of one number counts, the nearer area first, and
// the package supposed upon stays.
func TestSupposingTwice(t *testing.T) {
	t.Parallel()
	pkg := region(t)
	hash := pkg.Hash
	next := pkg
	for _, s := range []plan.Supposition{
		{Object: "sport.reach", Parameter: "metres", Value: "400", Area: "640302"},
		{Object: "sport.reach", Parameter: "metres", Value: "300"},
		{Object: "sport.reach", Parameter: "metres", Value: "450", Area: "640302"},
		{Object: "sport.reach", Parameter: plan.TargetPart, Value: "96"},
	} {
		before := next.Hash
		var faults []plan.Fault
		if next, faults = next.Supposing(s); next == nil {
			t.Fatal(lines(faults))
		}
		if next.Hash == before {
			t.Errorf("%+v leaves the hash", s)
		}
	}
	o, _ := next.Object("sport.reach")
	near, _ := next.Object("sport.reach")
	metres := func(p *plan.Package, path ...lifecircle.AreaCode) string {
		return p.ParametersIn(near, nil, path)["metres"].Values[0].Number.String()
	}
	for want, path := range map[string][]lifecircle.AreaCode{"300": {"640100"}, "450": {"640302100", "640302"}} {
		if got := metres(next, path...); got != want {
			t.Errorf("in %v %s m, want %s", path, got, want)
		}
	}
	if got := next.TargetsIn(o, []lifecircle.AreaCode{"640302"})[0].Number; got != lifecircle.MustNumber("0.96") {
		t.Errorf("the target is %v", got)
	}
	if pkg.Hash != hash || metres(pkg, "640100") != "800" || metres(pkg, "640302") != "500" {
		t.Error("the package itself has other numbers")
	}
}

// BenchmarkSupposing checks and takes one other number of the whole plan.
func BenchmarkSupposing(b *testing.B) {
	pkg, faults := plan.Load(plans.Ningxia2025())
	if pkg == nil {
		b.Fatal(lines(faults))
	}
	for b.Loop() {
		if next, _ := pkg.Supposing(plan.Supposition{Object: "1.1.7", Parameter: "reach", Value: "1200"}); next == nil {
			b.Fatal("not supposed")
		}
	}
}

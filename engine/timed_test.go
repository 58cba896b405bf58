package engine_test

import (
	"fmt"
	"io/fs"
	"math"
	"strings"
	"testing"
	"testing/fstest"

	"lifecircle"
	"lifecircle/access"
	"lifecircle/engine"
	"lifecircle/figure"
	"lifecircle/indicator"
	"lifecircle/internal/testcity"
	"lifecircle/network"
	"lifecircle/network/osm"
	"lifecircle/plan"
	"lifecircle/plans"
	"lifecircle/registry"
	"lifecircle/scenario"
)

// timed is a package of one promise: everybody is so many seconds, or metres, from a clinic.
func timed(t *testing.T, mode lifecircle.Mode, limit float64) *plan.Package {
	t.Helper()
	template, err := plans.Embedded("_template")
	if err != nil {
		t.Fatal(err)
	}
	text, err := fs.ReadFile(template, "package.yaml")
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{
		"package.yaml": {Data: []byte(strings.Replace(string(text), "mode: walk", "mode: "+string(mode), 1))},
		"care.yaml": {Data: []byte(fmt.Sprintf(`
clauses:
  - id: 1.1.1
    name: {zh: 就近, en: Near}
    text: {zh: 人人就近, en: A clinic is near everybody}
    force: must
    owner: health
    owner_status: named
    status: verified
objects:
  - kind: provision
    id: care.near
    name: {zh: 就近, en: Near}
    clauses: [1.1.1]
    force: must
    subjects: people
    weight: {rule: people, unit: person}
    require: reach(clinic_walk, limit)
    deficit: {rule: "1", unit: "1"}
    levels: [prefecture]
    parameters:
      limit: {value: %v, unit: %s, from: 2020-01-01, source: the test, status: local-choice}
    targets:
      - {type: exists-everywhere, at_least: 100, unit: "%%", year: 2030, source: clause 1.1.1, status: verified}
`, limit, map[bool]string{false: "m", true: "s"}[mode.Timed()]))},
		"tests/near.yaml": {Data: []byte(`
given:
  areas:
    - {code: 640100, level: prefecture}
tests:
  - name: at exactly the limit
    object: care.near
    period: 2030
    given:
      rows:
        population_point:
          - {id: a, area: 640100, people: 30}
          - {id: b, area: 640100, people: 10}
      distances:
` + map[bool]string{
			false: "        - {row: a, measure: clinic_walk, metres: 60}\n        - {row: b, measure: clinic_walk, metres: [90, 60.1]}\n",
			true:  "        - {row: a, measure: clinic_walk, minutes: 1}\n        - {row: b, measure: clinic_walk, minutes: [1.5, 1.01]}\n",
		}[mode.Timed()] + `    expect:
      - {row: a, pass: true}
      - {row: b, pass: false, deficit: 1}
      - {area: 640100, value: 75}
`)},
	}
	pkg, faults := plan.Load(files)
	if pkg == nil {
		t.Fatal(faults)
	}
	// Tests of a package say minutes where the measure counts time.
	tests, faults := plan.LoadTests(files, pkg)
	if len(tests) != 1 {
		t.Fatal(faults)
	}
	if differing := indicator.Check(pkg, tests[0]); (limit == 60) != (len(differing) == 0) {
		t.Errorf("%s, %v: the package's test differs by %q", mode, limit, differing)
	}
	return pkg
}

// Measures by bicycle and by car are counted in time, live as those on foot are. All
// streets of the town are as fast, so times follow from the ways on foot.
func TestMeasuresInTime(t *testing.T) {
	t.Parallel()
	b, _ := base(t)
	modes := []lifecircle.Mode{lifecircle.Bicycle, lifecircle.Car}
	net, err := network.BuildWith(testcity.Demo().Extract(), network.BuildConfig{Profiles: modes})
	if err != nil {
		t.Fatal(err)
	}
	b.Networks[0].Hash = net.Hash()
	b.Facilities = b.Facilities[:2]
	for i := range b.Facilities {
		b.Facilities[i].Kind = "village_clinic"
	}
	r, err := registry.NewSnapshot(b)
	if err != nil {
		t.Fatal(err)
	}
	world := func(mode lifecircle.Mode, seconds float64) *engine.World {
		return engine.Build(engine.Parts{
			Root: town, Plan: timed(t, mode, seconds), Network: net,
			Facts: scenario.Facts{Registry: r, Figures: new(figure.Table)},
		})
	}
	share := func(w *engine.World) float64 {
		got, err := w.Evaluator().Evaluate(indicator.Query{Object: "care.near", Area: town, Period: lifecircle.Year(2030)})
		value, ok := got.Value.Number()
		if err != nil || !ok {
			t.Fatalf("%+v, %v", got, err)
		}
		return value.Float64()
	}
	onFoot, ok := world(lifecircle.Walk, 0).Layer("clinic_walk")
	if !ok {
		t.Fatal("no layer on foot")
	}
	for _, mode := range modes {
		w := world(mode, 60)
		layer, ok := w.Layer("clinic_walk")
		if !ok {
			t.Fatalf("%s: no layer", mode)
		}
		farthest, reached := lifecircle.Decimetres(0), 0
		for i := range w.Registry().Points() {
			walked, state := onFoot.Nearest(i)
			ridden, also := layer.Nearest(i)
			if state != also {
				t.Errorf("%s, point %d: %s, on foot %s", mode, i, also, state)
			}
			if state != access.OK {
				continue
			}
			reached++
			want := float64(walked.Distance) * 3.6 / osm.DefaultKmh // deciseconds
			if math.Abs(float64(ridden.Distance)-want) > 10 {
				t.Errorf("%s, point %d: %d ds, want %.0f", mode, i, ridden.Distance, want)
			}
			farthest = max(farthest, ridden.Distance)
		}
		if reached == 0 {
			t.Fatal("nobody reaches anything")
		}
		// A limit counts at exactly itself.
		all, less := share(world(mode, float64(farthest)/10)), share(world(mode, float64(farthest-1)/10))
		if all <= less {
			t.Errorf("%s: %v %% within the farthest way, %v %% a decisecond below it", mode, all, less)
		}
		moved := b.Facilities[0]
		moved.At = b.Points[len(b.Points)-1].At
		diff, err := w.WhatIf(scenario.Tried([]scenario.Change{{Op: scenario.Amend, Facility: &moved}}))
		if err != nil {
			t.Fatal(err)
		}
		if share(diff.After) == share(w) {
			t.Errorf("%s: a clinic moved and nothing changed", mode)
		}
		anew := engine.Build(engine.Parts{Root: town, Plan: w.Plan(), Network: net, Facts: diff.After.Facts()})
		if anew.Hash() != diff.After.Hash() {
			t.Errorf("%s: what-if and rebuilt World differ", mode)
		}
	}
}

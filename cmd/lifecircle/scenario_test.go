package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/api"
	"lifecircle/engine"
	"lifecircle/geo"
	"lifecircle/plan/rule"
	"lifecircle/registry"
	"lifecircle/report"
	"lifecircle/scenario"
	"lifecircle/store/storetest"
)

// stepsFile writes a file of changes.
func stepsFile(t *testing.T, lines ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "changes.yaml")
	if err := os.WriteFile(path, []byte("changes:\n  - "+strings.Join(lines, "\n  - ")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestScenarioCommands: a scenario is made, edited, undone, compared, tried and
// adopted from the command line; what it is tried as is what becomes true.
func TestScenarioCommands(t *testing.T) {
	dir := town(t)
	run := func(args ...string) []string { return append([]string{"--dir", dir, "--as", "wang"}, args...) }
	x := decoded[report.Explanation](t, "--dir", dir, "explain", "1.1.7", "990100")
	near, far := x.Rows[0], x.Rows[1]
	pitch := stepsFile(t, fmt.Sprintf("{op: add, kind: sports_pitch, at: [%v, %v], name: 东岸球场}", near.Lon, near.Lat))
	more := stepsFile(t, fmt.Sprintf("{op: add, kind: sports_pitch, at: [%v, %v]}", far.Lon, far.Lat), "{op: close, id: town/F, date: 2026-01-01}")

	made := decoded[api.ScenarioVersion](t, run("scenario", "new", "东岸", pitch)...)
	if made.Version != 1 || len(made.Steps) != 1 || made.Root != "990100" || made.Actor != "wang" {
		t.Fatalf("the new scenario is %+v", made)
	}
	edited := decoded[api.ScenarioVersion](t, run("scenario", "edit", "东岸", more, "--revision", "1")...)
	if edited.Version != 2 || len(edited.Steps) != 3 || edited.Steps[2].Key != "2.2" || edited.Steps[2].Seen["facility/town/F"] == nil {
		t.Fatalf("after the edit it is %+v", edited)
	}
	if got := tell(t, run("scenario", "edit", "东岸", more, "--revision", "1")...); got.code != exitInput || !strings.Contains(got.err, "changed by wang") {
		t.Errorf("an edit of another's scenario: exit %d, %s", got.code, got.err)
	}
	if undone := decoded[api.ScenarioVersion](t, run("scenario", "undo", "东岸")...); undone.Version != 1 || undone.Tip != 2 {
		t.Errorf("after the undo it is %+v", undone)
	}
	if redone := decoded[api.ScenarioVersion](t, run("scenario", "redo", "东岸")...); redone.Version != 2 {
		t.Errorf("after the redo it is %+v", redone)
	}
	removed := decoded[api.ScenarioVersion](t, run("scenario", "edit", "东岸", "--remove", "2.2")...)
	if removed.Version != 3 || len(removed.Steps) != 2 {
		t.Errorf("after the removal it is %+v", removed)
	}
	stored := decoded[report.WhatIf](t, run("whatif", "东岸@1")...)
	fromFile := decoded[report.WhatIf](t, run("whatif", pitch)...)
	apart := cmpopts.IgnoreFields(report.WhatIf{}, "EngineMS", "Scenario", "Version")
	if diff := cmp.Diff(fromFile, stored, apart); diff != "" || len(stored.Results) == 0 {
		t.Errorf("a scenario is not what its file is (-file +scenario):\n%s", diff)
	}
	upon := decoded[report.WhatIf](t, run("whatif", more, "--upon", "东岸@1")...)
	if two := decoded[report.WhatIf](t, run("whatif", "东岸@2")...); cmp.Diff(two, upon, apart) != "" {
		t.Errorf("a file upon version 1 is not version 2:\n%s", cmp.Diff(two, upon, apart))
	}
	decoded[api.ScenarioVersion](t, run("scenario", "duplicate", "东岸@1", "少一处")...)
	compared := decoded[report.Comparison](t, run("scenario", "compare", "东岸@2", "少一处")...)
	if compared.A.Version != 2 || len(compared.Results) == 0 || len(compared.Steps) != 2 {
		t.Errorf("the comparison says %+v", compared)
	}
	before := decoded[report.Evaluation](t, run("evaluate")...)
	want := decoded[report.WhatIf](t, run("whatif", "东岸")...)
	adopted := decoded[api.ScenarioVersion](t, run("scenario", "adopt", "东岸", "--source", "会议纪要〔2026〕12号")...)
	if adopted.State != scenario.Adopted || adopted.Adopted == 0 {
		t.Errorf("after the adoption it is %+v", adopted)
	}
	after := decoded[report.Evaluation](t, run("evaluate")...)
	for _, e := range want.Results {
		old, now := result(t, before, e.Indicator, e.Variant, e.Area), result(t, after, e.Indicator, e.Variant, e.Area)
		if cmp.Diff(old.Value, e.Before) != "" || cmp.Diff(now.Value, e.After) != "" {
			t.Errorf("%s in %s went from %v to %v, the scenario said %v to %v", e.Indicator, e.Area, report.Number(old.Value), report.Number(now.Value), report.Number(e.Before), report.Number(e.After))
		}
	}
	if again := tell(t, run("whatif", "东岸")...); again.code != exitInput || !strings.Contains(again.err, "adopted as change") {
		t.Errorf("an adopted scenario was tried: exit %d, %s", again.code, again.err)
	}
	if list := decoded[api.Scenarios](t, run("scenario", "list")...); len(list.Scenarios) != 2 || list.Scenarios[0].Name != "东岸" {
		t.Errorf("the list is %+v", list)
	}
	decoded[api.ScenarioVersion](t, run("scenario", "archive", "少一处")...)
	if list := decoded[api.Scenarios](t, run("scenario", "list")...); len(list.Scenarios) != 1 {
		t.Errorf("an archived scenario is listed: %+v", list)
	}
	faulty := stepsFile(t, "{op: close, id: nobody}", "{op: add, kind: castle, at: [106.22, 38.48]}")
	decoded[api.ScenarioVersion](t, run("scenario", "new", "faulty", faulty)...)
	if got := tell(t, run("scenario", "show", "faulty")...); got.code != exitNo || !strings.Contains(got.out, "nobody") || !strings.Contains(got.out, "castle") {
		t.Errorf("show of two faults: exit %d, %s", got.code, got.out)
	}
	for _, c := range []struct {
		args []string
		code int
	}{
		{[]string{"scenario", "show", "none"}, exitInput},
		{[]string{"scenario", "show", "faulty@9"}, exitInput},
		{[]string{"scenario", "show", "faulty@x"}, exitInput},
		{[]string{"scenario", "undo", "faulty"}, exitInput},
		{[]string{"scenario", "restore", "faulty"}, exitUse},
		{[]string{"scenario", "edit", "faulty"}, exitUse},
		{[]string{"scenario", "adopt", "faulty"}, exitUse},
		{[]string{"scenario", "adopt", "faulty", "--source", "x"}, exitInput},
		{[]string{"scenario", "new", " "}, exitInput},
		{[]string{"whatif", "none"}, exitInput},
	} {
		if got := tell(t, run(c.args...)...); got.code != c.code {
			t.Errorf("lifecircle %s: exit %d, want %d\n%s", strings.Join(c.args, " "), got.code, c.code, got.err)
		}
	}
}

// TestScenarioWorld: the World of a stored scenario, the World of its steps and
// the World of the facts once it is adopted are one, built anew, to the bit.
func TestScenarioWorld(t *testing.T) {
	for name, database := range map[string]func(*testing.T) string{
		"sqlite":   func(*testing.T) string { return "" },
		"postgres": func(t *testing.T) string { return storetest.PostgresName(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(databaseVariable, database(t))
			drawn, err := asciiTown()
			if err != nil {
				t.Fatal(err)
			}
			var p parts
			p.join(drawn)
			dir := filepath.Join(t.TempDir(), "town")
			if err := keep(t.Context(), dir, p); err != nil {
				t.Fatal(err)
			}
			worldsOfScenarios(t, dir)
		})
	}
}

func worldsOfScenarios(t *testing.T, dir string) {
	t.Helper()
	ctx, grant := t.Context(), account.Local()
	random := rand.New(rand.NewPCG(59, 1))
	for course := range 6 {
		w, err := open(ctx, dir)
		if err != nil {
			t.Fatal(err)
		}
		a := &app{dir: dir}
		if err := a.settle(); err != nil {
			t.Fatal(err)
		}
		if course == 0 {
			premises(t, w)
		}
		e, err := w.engine(ctx)
		if err != nil {
			t.Fatal(err)
		}
		shelf := api.Shelf{Engine: e, Store: w.db, Clock: a.now}
		world, err := e.World(grant, "990100")
		if err != nil {
			t.Fatal(err)
		}
		steps := randomSteps(random, world, 1+random.IntN(6))
		id, err := shelf.Create(ctx, grant, scenario.New{Request: a.request(""), Root: "990100", Name: fmt.Sprint("course ", course), Steps: steps})
		if err != nil {
			t.Fatal(err)
		}
		opened, err := shelf.Open(ctx, grant, api.Opened{ID: id})
		if err != nil {
			t.Fatal(err)
		}
		bad := map[string]bool{}
		for _, f := range opened.Faults {
			if f.Severity == scenario.SeverityError {
				bad[f.Key] = true
			}
		}
		if len(bad) == len(steps) {
			continue // random steps may all be impossible
		}
		var edits []scenario.Edit
		for key := range bad {
			edits = append(edits, scenario.Edit{Do: scenario.Remove, Key: key})
		}
		if len(edits) > 0 {
			if err := shelf.Save(ctx, grant, scenario.Saved{Request: a.request(""), On: scenario.On{ID: id}, Edits: edits}); err != nil {
				t.Fatal(err)
			}
		}
		if opened, err = shelf.Open(ctx, grant, api.Opened{ID: id}); err != nil || opened.Compiled.Err() != nil {
			t.Fatal(err, opened.Compiled.Err())
		}
		tried, err := e.WhatIf(grant, "990100", opened.Compiled.Trial)
		if err != nil {
			t.Fatal(err)
		}
		facts, err := world.Facts().With(opened.Compiled.Changes)
		if err != nil {
			t.Fatal(err)
		}
		parts := engine.Parts{Root: "990100", Plan: world.Plan(), Network: world.Network(), Facts: facts}
		if supposed := opened.Compiled.Plan; supposed != nil {
			parts.Plan = supposed
		}
		if altered := opened.Compiled.Network; altered != nil {
			parts.Network = altered
		}
		anew := engine.Build(parts)
		if tried.After.Hash() != anew.Hash() {
			t.Fatalf("course %d: the what-if is not the World built anew; steps %s", course, told1(t, opened.Steps))
		}
		adoption := api.AdoptionOf{
			Request: a.request(""), On: scenario.On{ID: id}, Adoption: api.Adoption{Source: "what-if", Provenance: string(lifecircle.Generated)},
		}
		_, err = shelf.Adopt(ctx, grant, adoption)
		if keys := opened.Compiled.Supposing; len(keys) > 0 {
			if lifecircle.ErrorCode(err) != "scenario_supposes" {
				t.Fatalf("course %d: what is only supposed was adopted: %v", course, err)
			}
			var edits []scenario.Edit
			for _, key := range keys {
				edits = append(edits, scenario.Edit{Do: scenario.Remove, Key: key})
			}
			if err := shelf.Save(ctx, grant, scenario.Saved{Request: a.request(""), On: scenario.On{ID: id}, Edits: edits}); err != nil {
				t.Fatal(err)
			}
			if len(keys) == len(opened.Steps) {
				continue
			}
			if opened, err = shelf.Open(ctx, grant, api.Opened{ID: id}); err != nil {
				t.Fatal(err)
			}
			if tried, err = e.WhatIf(grant, "990100", opened.Compiled.Trial); err != nil {
				t.Fatal(err)
			}
			_, err = shelf.Adopt(ctx, grant, adoption)
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, err = w.engine(ctx); err != nil {
			t.Fatal(err)
		}
		adopted, err := e.World(grant, "990100")
		if err != nil {
			t.Fatal(err)
		}
		if adopted.Hash() != tried.After.Hash() {
			t.Fatalf("course %d: what was adopted is not what was tried; steps %s", course, told1(t, opened.Steps))
		}
		if err := w.db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func told1(t *testing.T, steps []scenario.Step) string {
	t.Helper()
	text, err := json.Marshal(steps)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// premises enters two vacant houses.
func premises(t *testing.T, w *workspace) {
	t.Helper()
	var changes []scenario.Change
	for i := range 2 {
		changes = append(changes, scenario.Change{Op: scenario.Enter, Record: &registry.Record{
			Register: registry.PremisesRegister, ID: fmt.Sprint("house-", i), Area: "990100", At: &geo.Point{Lon: 106.2231071, Lat: 38.48},
			Fields: registry.Fields{"vacant": rule.BoolOf(true), "floor": rule.NumberOf(lifecircle.Int(640))}, Provenance: lifecircle.Real,
		}})
	}
	if _, err := scenario.Commit(t.Context(), w.db, account.Local(), scenario.Committed{Changes: changes}); err != nil {
		t.Fatal(err)
	}
}

// randomSteps are steps that may, or may not, be possible one after another.
func randomSteps(random *rand.Rand, w *engine.World, count int) []scenario.Step {
	facilities, points := w.Registry().Facilities(), w.Registry().Points()
	some := func() string { return string(facilities[random.IntN(len(facilities))].ID) }
	at := func() []float64 {
		p := points[random.IntN(len(points))].At
		return []float64{p.Lon + float64(random.IntN(21)-10)/1e5, p.Lat}
	}
	kinds := []string{"sports_pitch", "running_track", "fitness_station"}
	kind := func() string { return kinds[random.IntN(len(kinds))] }
	date := func() string { return fmt.Sprintf("20%02d-0%d-01", 26+random.IntN(3), 1+random.IntN(9)) }
	steps := make([]scenario.Step, count)
	for i := range steps {
		s := &steps[i]
		switch s.Op = scenario.Verbs()[random.IntN(len(scenario.Verbs()))]; s.Op {
		case scenario.AddPlace:
			s.Kind, s.At, s.Date = kind(), at(), date()
		case scenario.MovePlace:
			s.ID, s.At = some(), at()
		case scenario.ClosePlace:
			s.ID, s.Date = some(), date()
		case scenario.WithdrawPlace:
			s.ID = some()
		case scenario.MergePlaces:
			s.ID, s.IDs, s.Date = some(), []string{some()}, date()
		case scenario.ChangePlace:
			s.ID, s.Kind, s.Fields, s.Date = some(), kind(), map[string]any{"floor": random.IntN(900), "hours": "08:00-20:00"}, date()
		case scenario.Convert:
			s.ID, s.Kind = fmt.Sprint("house-", random.IntN(2)), kind()
		case scenario.Estate:
			s.At, s.People = at(), int64(1+random.IntN(900))
		case scenario.PutFigure:
			s.Element, s.Area, s.Period, s.Value = "public_sports_ground", "990100", "2025", fmt.Sprint(random.IntN(90_000))
		case scenario.SetNumber:
			s.Object, s.Parameter, s.Value = "1.1.7", []string{"reach", "target", "speed"}[random.IntN(3)], fmt.Sprint(random.IntN(130))
			if random.IntN(2) == 0 {
				s.Area = "990101"
			}
		case scenario.CloseStreet, scenario.OpenStreet:
			s.At = at()
		case scenario.NewStreet:
			s.At, s.To = at(), at()
		}
	}
	return steps
}

// TestSupposedNumbers: other numbers of the plan are tried from the command line,
// with what plan check would say of them, and are never adopted.
func TestSupposedNumbers(t *testing.T) {
	dir := town(t)
	run := func(args ...string) []string { return append([]string{"--dir", dir}, args...) }
	of := func(w report.WhatIf, variant, area string) (r report.Effect, ok bool) {
		for _, r := range w.Results {
			if r.Indicator == "sport.fitness_10min" && r.Variant == variant && r.Area == area {
				return r, true
			}
		}
		return r, false
	}
	// All of the town live 1 m to a few hundred from a place.
	near := decoded[report.WhatIf](t, run("whatif", stepsFile(t, "{op: parameter, object: 1.1.7, parameter: reach, value: 1}"))...)
	r, told := of(near, "w1000", "990100")
	if !told || *r.After != 0 || *r.Before == 0 || near.People.Lost == 0 || near.People.Gained != 0 {
		t.Errorf("within 1 m: %+v, people %+v", r, near.People)
	}
	if _, told := of(near, "w800", "990100"); told {
		t.Error("a number of one reading moved the other")
	}
	other := decoded[report.WhatIf](t, run("whatif", stepsFile(t, "{op: parameter, object: sport.fitness_10min, variant: w800, parameter: reach, value: 1}"))...)
	if _, told := of(other, "w800", "990100"); !told || other.People.Lost != 0 {
		t.Errorf("a reading that does not count: %+v", other.Results)
	}
	lax := decoded[api.ScenarioVersion](t, run("scenario", "new", "lax", stepsFile(t,
		"{op: parameter, object: 1.1.7, parameter: target, value: 1}", "{op: parameter, object: 1.1.7, parameter: reach, value: 1200, area: 990101}"))...)
	codes := ""
	for _, f := range lax.Faults {
		codes += fmt.Sprintf("%d %s %s;", f.Step, f.Severity, f.Code)
	}
	if codes != "1 warning weaker_than_above;2 warning weaker_than_above;" || !strings.Contains(lax.Faults[0].Message, "ningxia-2025 above at_least 95 % in 2025") {
		t.Errorf("faults %s %+v", codes, lax.Faults)
	}
	if said := string(lax.Steps[0].Seen["number/1.1.7||target||"]); !strings.Contains(said, `"at_least 95 % in 2025"`) {
		t.Errorf("the step saw %s", said)
	}
	tried := decoded[report.WhatIf](t, run("whatif", "lax")...)
	if r, told := of(tried, "w1000", "990100"); !told || r.StateBefore != "off_track" || r.StateAfter != "achieved" {
		t.Errorf("a target of 1 %%: %+v", tried.Results)
	}
	if got := tell(t, run("scenario", "adopt", "lax", "--source", "x", "--provenance", "real")...); got.code != exitInput || !strings.Contains(got.err, "in its steps 1.1, 1.2") {
		t.Errorf("what is supposed was adopted: exit %d, %s", got.code, got.err)
	}
	for step, says := range map[string]string{
		"{op: parameter, object: 1.1.7, parameter: reach}":                             "needs value",
		"{op: parameter, object: 1.1.77, parameter: reach, value: 1}":                  `no object "1.1.77"`,
		"{op: parameter, object: 1.1.7, parameter: raech, value: 1}":                   "name one of: reach, target",
		"{op: parameter, object: 1.1.7, parameter: target, value: 120}":                "cannot be 120 %",
		"{op: parameter, object: 1.1.7, parameter: target, value: much}":               "want a decimal",
		"{op: parameter, object: 1.1.7, parameter: target, value: 90, area: 110000}":   "110000",
		"{op: parameter, object: 1.1.7, parameter: target, value: 90, period: never}":  "want a year",
		"{op: parameter, object: 1.1.7, parameter: target, value: 90, period: '2030'}": "promises nothing for 2030",
	} {
		if got := tell(t, run("whatif", stepsFile(t, step))...); got.code != exitInput || !strings.Contains(got.err, says) {
			t.Errorf("%s: exit %d, %s; want %q", step, got.code, got.err, says)
		}
	}
}

// withWorld shows the World of the town.
func withWorld(t *testing.T, dir string, show func(*engine.World)) error {
	t.Helper()
	w, err := open(t.Context(), dir)
	if err != nil {
		return err
	}
	defer w.db.Close()
	e, err := w.engine(t.Context())
	if err != nil {
		return err
	}
	world, err := e.World(account.Local(), "990100")
	if err == nil {
		show(world)
	}
	return err
}

// TestSupposedStreets: streets are closed, opened and built from the command line; who
// comes and goes is told, and nothing is adopted.
func TestSupposedStreets(t *testing.T) {
	dir := town(t)
	run := func(args ...string) []string { return append([]string{"--dir", dir}, args...) }
	x := decoded[report.Explanation](t, "--dir", dir, "explain", "1.1.7", "990100")
	near, far := x.Rows[0], x.Rows[len(x.Rows)-1]
	at := func(r report.Row) string { return fmt.Sprintf("[%v, %v]", r.Lon, r.Lat) }
	pitch := ""
	if err := withWorld(t, dir, func(w *engine.World) {
		for _, f := range w.Registry().Facilities() {
			pitch = fmt.Sprintf("[%v, %v]", f.At.Lon, f.At.Lat)
		}
	}); err != nil {
		t.Fatal(err)
	}
	closed := decoded[report.WhatIf](t, run("whatif", stepsFile(t, "{op: close_street, at: "+pitch+"}"))...)
	if closed.People.Gained != 0 || len(closed.Results) == 0 || closed.People.Lost == 0 {
		t.Errorf("a street closed at %s: %+v", pitch, closed.People)
	}
	kept := decoded[api.ScenarioVersion](t, run("scenario", "new", "closed", stepsFile(t, "{op: close_street, at: "+at(near)+"}", "{op: open_street, at: "+at(near)+"}"))...)
	if len(kept.Faults) != 0 {
		t.Errorf("faults %+v", kept.Faults)
	}
	if again := decoded[report.WhatIf](t, run("whatif", "closed")...); len(again.Results) != 0 || again.People != (report.People{}) {
		t.Errorf("closed and opened again: %+v", again)
	}
	if got := tell(t, run("scenario", "adopt", "closed", "--source", "x", "--provenance", "real")...); got.code != exitInput || !strings.Contains(got.err, "in its steps 1.1, 1.2") {
		t.Errorf("a closed street was adopted: exit %d, %s", got.code, got.err)
	}
	decoded[report.WhatIf](t, run("whatif", stepsFile(t, "{op: new_street, at: "+at(near)+", to: "+at(far)+"}"))...)
	for step, says := range map[string]string{
		"{op: close_street}":                                           "at []: want [longitude, latitude]",
		"{op: close_street, at: [100, 38]}":                            "no street open to people on foot lies within 100 m",
		"{op: open_street, at: " + at(near) + "}":                      "no street closed to people on foot",
		"{op: new_street, at: " + at(near) + "}":                       "to []: want [longitude, latitude]",
		"{op: new_street, at: " + at(near) + ", to: " + at(near) + "}": "would be 0 m long",
	} {
		if got := tell(t, run("whatif", stepsFile(t, step))...); got.code != exitInput || !strings.Contains(got.err, says) {
			t.Errorf("%s: exit %d, %s; want %q", step, got.code, got.err, says)
		}
	}
}

// TestPersistentFlags: who acts and when is in the log, and tables speak the
// language asked for; what scripts read stays.
func TestPersistentFlags(t *testing.T) {
	dir := town(t)
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		t.Setenv(name, "")
	}
	made := decoded[api.ScenarioVersion](t, "--dir", dir, "--as", "李敏", "--clock", "2025-06-30T08:00:00+08:00", "scenario", "new", "x", "--area", "990100")
	if made.Actor != "李敏 (clock set)" || made.At.Format("2006-01-02T15:04Z") != "2025-06-30T00:00Z" {
		t.Errorf("the log says %s at %s", made.Actor, made.At)
	}
	english, chinese := ok(t, "--dir", dir, "evaluate"), ok(t, "--dir", dir, "--lang", "zh", "evaluate")
	if !strings.HasPrefix(english, "clause") || !strings.HasPrefix(chinese, "条款") || !strings.Contains(chinese, "无数据") || strings.Contains(chinese, "no_data") {
		t.Errorf("the tables begin %.80q and %.80q", english, chinese)
	}
	t.Setenv("LANG", "zh_CN.UTF-8")
	if ok(t, "--dir", dir, "evaluate") != chinese {
		t.Error("a Chinese locale does not make a Chinese table")
	}
	for _, format := range []string{"json", "csv"} {
		if ok(t, "--dir", dir, "--lang", "zh", "evaluate", "--format", format) != ok(t, "--dir", dir, "--lang", "en", "evaluate", "--format", format) {
			t.Errorf("%s depends on the language", format)
		}
	}
	for _, args := range [][]string{{"--lang", "fr"}, {"--as", " "}, {"--as", "a\tb"}, {"--clock", "soon"}} {
		if got := tell(t, append(append([]string{"--dir", dir}, args...), "evaluate")...); got.code != exitUse {
			t.Errorf("%v: exit %d, %s", args, got.code, got.err)
		}
	}
}

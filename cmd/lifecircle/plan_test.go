package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lifecircle/plan"
)

// changedPlan copies a package and replaces text in one of its files.
func changedPlan(t *testing.T, dir, file, old, with string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), filepath.Base(dir))
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(to, file)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(data), old) {
		t.Fatalf("%s does not hold %q", path, old)
	}
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(string(data), old, with)), 0o644); err != nil {
		t.Fatal(err)
	}
	return to
}

const template = "../../plans/_template"

func TestPlanExitCodes(t *testing.T) {
	t.Parallel()
	faulty := changedPlan(t, template, "care.yaml", "last(elder_beds)", "last(elder_bets)")
	missed := changedPlan(t, template, "tests/care.yaml", "value: 5, numerator: 50", "value: 6, numerator: 50")
	badTest := changedPlan(t, template, "tests/care.yaml", "{element: elder_beds,", "{element: elder_bets,")
	warned := changedPlan(t, template, "care.yaml", "    accepted: {code: clause_without_mechanism, reason: A direction without a number; the spread between areas is shown with every indicator.}\n", "")
	nowhere := filepath.Join(t.TempDir(), "nowhere")
	for _, c := range []struct {
		args string
		code int
		says string // on either stream
	}{
		{"plan check " + template, 0, ""},
		{"plan check " + warned, 0, "clause_without_mechanism"},
		{"plan check " + faulty, exitNo, "care.yaml:46:21"},
		{"plan check " + badTest, exitNo, "tests/care.yaml:18:21"},
		{"plan check " + nowhere, exitInput, "nowhere"},
		{"plan check ../../README.md", exitInput, "no folder"},
		{"plan check", exitUse, "accepts 1 arg"},
		{"plan check " + template + " --format xml", exitUse, "want table, json or csv"},
		{"plan test " + template, 0, "3 tests, 0 failed"},
		{"plan test " + missed, exitNo, "the value is 5 bed/1000 person, expected 6 bed/1000 person"},
		{"plan test " + faulty, exitInput, "element_unknown"},
		{"plan test " + badTest, exitInput, "elder_bets"},
		{"plan coverage " + template, 0, "4 clauses, 3 with a mechanism, 2 measurable"},
		{"plan coverage " + faulty, exitInput, "element_unknown"},
		{"plan diff " + template + " " + template, 0, ""},
		{"plan diff " + template + " " + faulty, exitInput, "element_unknown"},
		{"plan diff " + template, exitUse, "accepts 2 arg"},
	} {
		t.Run(c.args, func(t *testing.T) {
			t.Parallel()
			got := tell(t, strings.Fields(c.args)...)
			if got.code != c.code || !strings.Contains(got.out+got.err, c.says) {
				t.Errorf("exit %d, want %d, saying %q:\n%s%s", got.code, c.code, c.says, got.out, got.err)
			}
		})
	}
}

// TestPlanJSON holds the keys that scripts rely on (docs: the command line).
func TestPlanJSON(t *testing.T) {
	t.Parallel()
	coverage := decoded[struct {
		Clauses       int `json:"clauses"`
		WithMechanism int `json:"with_mechanism"`
		Measurable    int `json:"measurable"`
		Items         []map[string]any
	}](t, "plan", "coverage", template)
	if coverage.Clauses != 4 || coverage.WithMechanism != 3 || coverage.Measurable != 2 || len(coverage.Items) != 4 {
		t.Errorf("%+v", coverage)
	}
	for _, item := range coverage.Items {
		for _, key := range []string{"clause", "kind", "mechanism", "source", "owner", "owner_status", "state", "reason"} {
			if _, ok := item[key].(string); !ok {
				t.Errorf("%v: %s is %v", item["clause"], key, item[key])
			}
		}
	}
	faulty := changedPlan(t, template, "care.yaml", "force: encourage", "force: courage")
	got := tell(t, "plan", "check", faulty, "--format", "json")
	for _, key := range []string{`"faults"`, `"file": "care.yaml"`, `"line"`, `"column"`, `"code": "value_unknown"`, `"message"`, `"repair"`, `"severity": "error"`} {
		if !strings.Contains(got.out, key) {
			t.Errorf("%s is missing in\n%s", key, got.out)
		}
	}
	changed := changedPlan(t, template, "care.yaml", "at_least: 5,", "at_least: 6,")
	diff := decoded[struct {
		Changes []plan.Change
		Areas   []stateChange
	}](t, "plan", "diff", template, changed)
	if len(diff.Changes) != 1 || diff.Changes[0].Old != "5" || diff.Changes[0].New != "6" || diff.Areas != nil {
		t.Errorf("%+v", diff)
	}
}

// TestPlanDiffOfWorkspace: a lower target turns the areas green that the small
// town reaches.
func TestPlanDiffOfWorkspace(t *testing.T) {
	dir := town(t)
	old := filepath.Join(dir, "plan")
	changed := changedPlan(t, old, "sport.yaml", `at_least: 95, unit: "%", year: 2025`, `at_least: 1, unit: "%", year: 2025`)
	diff := decoded[struct{ Areas []stateChange }](t, "--dir", dir, "plan", "diff", old, changed)
	if len(diff.Areas) == 0 {
		t.Fatal("no area changes state")
	}
	for _, s := range diff.Areas {
		if s.Indicator != "sport.fitness_10min" || s.StateBefore != "off_track" || s.StateAfter != "achieved" || *s.Before != *s.After || *s.Before < 1 || *s.Before >= 95 {
			t.Errorf("%+v", s)
		}
	}
}

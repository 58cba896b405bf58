package main

import (
	"os"
	"path/filepath"
	"testing"

	"lifecircle/report"
)

// TestImportValues: a list is taken in, its bad row is named, and what it says is
// evaluated; a dry run takes nothing.
func TestImportValues(t *testing.T) {
	dir := town(t)
	file := filepath.Join(t.TempDir(), "values.csv")
	text := "area,element,2024,2025\n990100,doctors,90,100\n990100,registered_nurses,99,130\n999999,doctors,1,2\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	arguments := []string{"--dir", dir, "import", "values", file, "--set", "source=yearbook", "--format", "json"}
	if got := tell(t, append(arguments, "--dry-run")...); got.code != exitNo {
		t.Fatalf("dry run: %+v", got)
	}
	if got := tell(t, "--dir", dir, "import", "values", file); got.code != exitInput {
		t.Fatalf("without a source: %+v", got)
	}
	got := tell(t, arguments...)
	if got.code != exitNo {
		t.Fatalf("one row is refused: %+v", got)
	}
	r := result(t, decoded[report.Evaluation](t, "--dir", dir, "evaluate"), "health.nurses_per_doctor", "", "990100")
	if r.Value == nil || *r.Value != 1.3 || len(r.Progress.Points) != 2 {
		t.Errorf("evaluated: %+v", r)
	}
	if got := tell(t, "--dir", dir, "evaluate", "--as-of", "2020-01-01"); got.code != exitInput {
		t.Errorf("before anything was recorded: %+v", got)
	}
	then := decoded[report.Evaluation](t, "--dir", dir, "evaluate", "--as-of", "2999-01-01")
	if r := result(t, then, "health.nurses_per_doctor", "", "990100"); r.Value == nil || *r.Value != 1.3 {
		t.Errorf("as of a later day: %+v", r)
	}
}

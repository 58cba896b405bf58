package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"lifecircle"
	"lifecircle/figure"
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

// TestImportValuesFromSheet: a spreadsheet of values is taken as CSV is; its refused
// rows come back with reasons.
func TestImportValuesFromSheet(t *testing.T) {
	dir := filledTown(t)
	sheet := filepath.Join(t.TempDir(), "v.xlsx")
	ok(t, "--dir", dir, "export", "values", "-o", sheet)
	before := hashOf(t, dir)
	again := decoded[valuesAnswer](t, "--dir", dir, "import", "values", sheet)
	if again.Rows != 3 || again.Values != 3 || hashOf(t, dir) != before {
		t.Errorf("what stood was taken in again: %+v", again)
	}
	chinese, err := simplifiedchinese.GB18030.NewEncoder().String("行政区代码,数据项,时期,数值,来源\n990101,doctors,2025,100,卫健委\n990101,dragons,2025,3,卫健委\n")
	if err != nil {
		t.Fatal(err)
	}
	refused := filepath.Join(t.TempDir(), "refused.xlsx")
	file := inFile(t, "gb.csv", chinese)
	if got := tell(t, "--dir", dir, "import", "values", file, "--refused", refused, "--dry-run"); got.code != exitNo || hashOf(t, dir) != before {
		t.Fatalf("a dry run: %+v", got)
	}
	if got := tell(t, "--dir", dir, "import", "values", file, "--refused", refused); got.code != exitNo || !strings.Contains(got.out, "dragons") {
		t.Fatalf("one row is refused: %+v", got)
	}
	reading := facts(t, dir).Figures.Read("doctors", "990101", lifecircle.Year(2025))
	if reading.State != figure.Known || reading.Value.Source != "卫健委" || reading.Value.Number != lifecircle.Int(100) {
		t.Errorf("read %+v", reading)
	}
	if got := tell(t, "--dir", dir, "import", "values", refused); got.code != exitNo || !strings.Contains(got.out, `no element "dragons"`) {
		t.Errorf("the refused rows, uncorrected: %+v", got)
	}
}

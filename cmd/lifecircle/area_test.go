package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lifecircle/account"
	"lifecircle/journal"
	"lifecircle/report"
	"lifecircle/scenario"
)

// TestAreaSplit: a county that splits keeps its past: lists of the days before know
// it whole, those after know both parts; a dry run keeps nothing, and one undo takes
// it all back.
func TestAreaSplit(t *testing.T) {
	dir := filledTown(t)
	ok(t, "--dir", dir, "import", "areas", inFile(t, "towns.csv", "code,name,parent\n990101001,一街,990101\n990101002,二街,990101\n"))
	ok(t, "--dir", dir, "import", "facilities", inFile(t, "more.csv", "id,kind,area,lon,lat\nn1,nursing_home,990101001,106.2,38.4\nn2,nursing_home,990101002,106.2,38.4\n"), "--crs", "wgs84")
	ok(t, "--dir", dir, "import", "values", inFile(t, "nurses.csv", "area,doctors 2023,registered_nurses 2023\n990101,90,117\n"), "--set", "source=yearbook")
	nurses := func() report.Result {
		t.Helper()
		return result(t, decoded[report.Evaluation](t, "--dir", dir, "evaluate", "--period", "2023"), "health.nurses_per_doctor", "", "990101")
	}
	if r := nurses(); r.Value == nil || *r.Value != 1.3 {
		t.Fatalf("before the split: %+v", r)
	}
	was, before := hashOf(t, dir), listed(t, dir, "areas", "--on", "2024-06-30")
	homes := listed(t, dir, "facilities", "--kind", "nursing_home", "--on", "2024-06-30")
	split := []string{"--dir", dir, "area", "split", "990101", "--into", "990101", "--into", "990103=新区", "--below", "990103=990101001", "--date", "2024-07-01"}
	tried := decoded[areaAnswer](t, append(split, "--dry-run")...)
	if !tried.DryRun || tried.Change != 0 || len(tried.Areas) != 3 || hashOf(t, dir) != was {
		t.Errorf("a dry run: %+v", tried)
	}
	done := decoded[areaAnswer](t, append(split, "--as", "李敏", "--clock", "2026-01-02T03:04:05Z")...)
	if done.Change == 0 || done.Areas[0].Held == 0 {
		t.Errorf("%+v", done)
	}
	if got := listed(t, dir, "areas", "--on", "2024-06-30"); got != before {
		t.Errorf("areas of the day before:\n%s\nwant\n%s", got, before)
	}
	if got := listed(t, dir, "facilities", "--kind", "nursing_home", "--on", "2024-06-30"); got != homes {
		t.Errorf("homes of the day before:\n%s\nwant\n%s", got, homes)
	}
	if got := listed(t, dir, "facilities", "--area", "990103", "--on", "2024-07-01"); !strings.Contains(got, "n1,,nursing_home,990103001,") || strings.Contains(got, "n2,") {
		t.Errorf("places of the new part:\n%s", got)
	}
	if got := listed(t, dir, "values", "--area", "990101"); !strings.Contains(got, "990101,河西区,doctors,2024,90,") {
		t.Errorf("values of the part that goes on:\n%s", got)
	}
	if r := nurses(); r.Value == nil || *r.Value != 1.3 || r.AreaName.ZH != "河西区" {
		t.Errorf("the year before the split is another one after it: %+v", r)
	}
	whole := result(t, decoded[report.Evaluation](t, "--dir", dir, "evaluate"), "sport.fitness_10min", "w1000", "990100")
	if whole.Value == nil {
		t.Errorf("the town is measured no more: %+v", whole)
	}
	w, err := open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if log, err := w.db.Changes(t.Context(), journal.Seq(done.Change-1), 1); err != nil || len(log) != 1 ||
		log[0].Actor != "李敏 (clock set)" || !log[0].At.Equal(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)) {
		t.Errorf("the log says %+v, %v", log, err)
	}
	undone, err := scenario.Undo(t.Context(), w.db, account.Local(), scenario.Undone{Request: scenario.Request{At: time.Now()}, Seq: journal.Seq(done.Change)})
	w.db.Close()
	if err != nil || undone.Seq == 0 || hashOf(t, dir) != was {
		t.Errorf("undone: %v; the World is the one before: %v", err, hashOf(t, dir) == was)
	}
}

// listed is a list as CSV.
func listed(t *testing.T, dir, kind string, more ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "x.csv")
	ok(t, append([]string{"--dir", dir, "export", kind, "-o", file, "--as-of", "2999-01-01"}, more...)...)
	var lines []string
	for _, row := range readCSV(t, file) {
		lines = append(lines, strings.Join(row, ","))
	}
	return strings.Join(lines, "\n")
}

func TestAreaRenameMoveMerge(t *testing.T) {
	dir := filledTown(t)
	ok(t, "--dir", dir, "area", "rename", "990101", "--name", "河西新区", "--kind", "district", "--date", "2022-01-01")
	ok(t, "--dir", dir, "area", "rename", "990101", "--code", "990104", "--date", "2023-01-01")
	ok(t, "--dir", dir, "import", "areas", inFile(t, "towns.csv", "code,name,parent\n990104001,一街,990104\n"))
	ok(t, "--dir", dir, "area", "move", "990104001", "--parent", "990102", "--code", "990102001", "--date", "2023-06-01")
	ok(t, "--dir", dir, "area", "merge", "990104", "990102", "--into", "990105=大河区", "--date", "2024-01-01")
	for day, want := range map[string]string{
		"2021-12-31": "990101,河西区", "2022-06-01": "990101,河西新区", "2023-03-01": "990104001,一街,,990104,", "2023-07-01": "990102001,一街,,990102,", "2024-01-01": "990105001,一街,,990105,",
	} {
		if got := listed(t, dir, "areas", "--on", day); !strings.Contains(got, want) {
			t.Errorf("%s: no %q in\n%s", day, want, got)
		}
	}
	if got := listed(t, dir, "areas", "--kind", "county"); !strings.Contains(got, "990105,大河区") || strings.Contains(got, "990102,") || strings.Contains(got, "990104,") {
		t.Errorf("at last:\n%s", got)
	}
	// What was reported of a county is read under the code that it has now.
	if got := listed(t, dir, "values", "--area", "990105", "--kind", "doctors", "--period", "2024"); !strings.Contains(got, "990101,大河区,doctors,2024,90,") {
		t.Errorf("values of what is now one county:\n%s", got)
	}
	held := facts(t, dir).Registry
	if got, want := len(held.Points()), len(held.All().Points); got != want {
		t.Errorf("%d of %d points are counted", got, want)
	}
}

func TestAreaRefuses(t *testing.T) {
	dir := filledTown(t)
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"no day":              {[]string{"rename", "990101", "--name", "x"}, exitUse, "--date"},
		"no such day":         {[]string{"rename", "990101", "--name", "x", "--date", "soon"}, exitUse, "2024-07-01"},
		"an unknown area":     {[]string{"rename", "110000", "--name", "x", "--date", "2024-07-01"}, exitInput, "110000"},
		"no code":             {[]string{"rename", "east", "--name", "x", "--date", "2024-07-01"}, exitInput, "east"},
		"a kind of no county": {[]string{"rename", "990101", "--kind", "town", "--date", "2024-07-01"}, exitInput, "kind"},
		"a code taken":        {[]string{"rename", "990101", "--code", "990102", "--date", "2024-07-01"}, exitInput, "is that of 河东区"},
		"no parent":           {[]string{"move", "990101", "--date", "2024-07-01"}, exitUse, "--parent"},
		"a part without name": {[]string{"split", "990101", "--into", "990101", "--into", "990103", "--date", "2024-07-01"}, exitInput, "no name"},
		"below no part":       {[]string{"split", "990101", "--into", "990101", "--into", "990103=x", "--below", "990109=990101001", "--date", "2024-07-01"}, exitUse, "no --into"},
		"nothing to merge":    {[]string{"merge", "990101", "--into", "990101", "--date", "2024-07-01"}, exitInput, "two areas"},
		"into nothing":        {[]string{"merge", "990101", "990102", "--date", "2024-07-01"}, exitUse, "--into"},
	} {
		got := tell(t, append([]string{"--dir", dir, "area"}, c.args...)...)
		if got.code != c.code || !strings.Contains(got.err, c.says) {
			t.Errorf("%s: exit %d, %s", name, got.code, got.err)
		}
	}
}

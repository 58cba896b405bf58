package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"lifecircle/report"
)

// reportedTown is the town with figures by two sources, one of which a spreadsheet
// would reckon with.
func reportedTown(t *testing.T) string {
	t.Helper()
	dir := town(t)
	values := "area,element,period,value,source,provenance\n" +
		"990100,public_sports_ground,2025,20000,\"=HYPERLINK(\"\"http://x\"\")\",real\n" +
		"990100,resident_population,2025,10000,@yearbook,real\n"
	ok(t, "--dir", dir, "import", "values", inFile(t, "values.csv", values))
	return dir
}

// reported writes a report and returns what is in the file.
func reported(t *testing.T, dir, name string, args ...string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	ok(t, append(append([]string{"--dir", dir, "report"}, args...), "-o", path)...)
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// csvRows reads a table with its headings.
func csvRows(t *testing.T, body []byte) []map[string]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(body, []byte("\uFEFF")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return named(rows)
}

// sheetRows reads a sheet with its headings.
func sheetRows(t *testing.T, body []byte, sheet string) []map[string]string {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	return named(rows)
}

func named(rows [][]string) []map[string]string {
	var out []map[string]string
	for _, row := range rows[1:] {
		cells := make(map[string]string)
		for i, heading := range rows[0] {
			if i < len(row) && cells[heading] == "" {
				cells[heading] = row[i]
			}
		}
		out = append(out, cells)
	}
	return out
}

// same reports whether a cell holds a number of evaluate.
func same(cell string, v *float64) bool {
	if v == nil {
		return cell == ""
	}
	n, err := strconv.ParseFloat(cell, 64)
	return err == nil && n == *v
}

// What evaluate answers stands in every row of every form, to the last digit.
func TestReportsSayWhatEvaluateSays(t *testing.T) {
	dir := reportedTown(t)
	results := decoded[report.Evaluation](t, "--dir", dir, "evaluate", "--area", "990100").Results
	xlsx := reported(t, dir, "s.xlsx", "scoreboard", "--lang", "en")
	for form, rows := range map[string][]map[string]string{
		"csv":  csvRows(t, reported(t, dir, "s.csv", "scoreboard", "--lang", "en", "--table", "readings")),
		"xlsx": sheetRows(t, xlsx, "Every reading"),
	} {
		if len(rows) != len(results) {
			t.Fatalf("%s has %d rows, evaluate %d results", form, len(rows), len(results))
		}
		for i, r := range results {
			row := rows[i]
			if row["Indicator"] != r.Indicator || row["Reading"] != r.Variant || row["Area"] != "990100" || row["Period"] != "2025" {
				t.Fatalf("%s row %d is of %v, want %s %s", form, i, row, r.Indicator, r.Variant)
			}
			for column, v := range map[string]*float64{
				"Value": r.Value, "Target": r.Target, "Gap": r.Gap, "Numerator": r.Numerator, "Denominator": r.Denominator, "Lower": r.Lower, "Upper": r.Upper,
			} {
				if !same(row[column], v) {
					t.Errorf("%s %s %s: %s is %q, evaluate says %s", form, r.Indicator, r.Variant, column, row[column], report.Number(v))
				}
			}
			if r.Provenance != "" && !strings.Contains("real estimated generated", row["Data"]) {
				t.Errorf("%s %s: data kind %q", form, r.Indicator, row["Data"])
			}
		}
	}
	// By arithmetic: 600 of 10,000 people live beyond 1,000 m; 20,000 m² for 10,000 people.
	page := string(reported(t, dir, "s.html", "scoreboard", "--lang", "zh"))
	for _, want := range []string{"<td>1.1.7</td>", ">94</td>", ">≥ 95</td>", "✖ 未达成", ">2</td>", ">1.15</td>", "演示数据"} {
		if !strings.Contains(page, want) {
			t.Errorf("the scoreboard on paper lacks %s", want)
		}
	}
	for _, row := range sheetRows(t, xlsx, "Targets") {
		if row["Clause"] == "1.1.6" && (row["Value"] != "2" || row["Source"] != `=HYPERLINK("http://x"); @yearbook` || row["Data"] != "real") {
			t.Errorf("clause 1.1.6: %v", row)
		}
	}
}

// The report of a promise holds its parts, its reasons and all that lacks.
func TestReportOfAnIndicator(t *testing.T) {
	dir := reportedTown(t)
	xlsx := reported(t, dir, "i.xlsx", "indicator", "1.1.7", "--lang", "zh")
	areas := sheetRows(t, xlsx, "下级地区")
	if len(areas) != 2 || areas[0]["地区"] != "河东区" || areas[0]["分子"] != "1600" || areas[1]["数值"] != "100" {
		t.Errorf("the areas below: %v", areas)
	}
	lacking, people := sheetRows(t, xlsx, "缺口清单"), 0
	for _, row := range lacking {
		n, err := strconv.Atoi(row["权重"])
		if err != nil || row["判断"] != "未达标" || row["沿街距离（米）"] != "1300" {
			t.Errorf("what lacks: %v %v", row, err)
		}
		people += n
	}
	if people != 600 {
		t.Errorf("%d people lack a place, 600 do", people)
	}
	page := string(reported(t, dir, "i.html", "indicator", "1.1.7", "--lang", "zh"))
	for _, want := range []string{"数值 94 %", "目标 ≥ 95 %", "再让 100 人达标", "河东区", "data:image/svg+xml", "步行800米"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	inputs := csvRows(t, reported(t, dir, "i.csv", "indicator", "1.1.6", "--lang", "zh", "--table", "inputs"))
	guarded := 0
	for _, row := range inputs {
		if strings.HasPrefix(row["来源"], "'=HYPERLINK") || row["来源"] == "'@yearbook" {
			guarded++
		}
	}
	if guarded != 2 {
		t.Errorf("%d of 2 sources are guarded against spreadsheets: %v", guarded, inputs)
	}
	if other := string(reported(t, dir, "o.html", "indicator", "1.1.7", "--variant", "w800", "--lang", "en")); !strings.Contains(other, "value 57 %") {
		t.Error("another reading is not 57 %")
	}
}

// The ledger has every clause, in order, whatever is known of it.
func TestLedger(t *testing.T) {
	dir := reportedTown(t)
	coverage := decoded[struct {
		Clauses int
		Items   []struct{ Clause string }
	}](t, "plan", "coverage", filepath.Join(dir, "plan"))
	rows := csvRows(t, reported(t, dir, "l.csv", "ledger", "--lang", "en"))
	var order []string
	for _, row := range rows {
		if row["Force"] != "" && (len(order) == 0 || order[len(order)-1] != row["Clause"]) {
			order = append(order, row["Clause"])
		}
		if row["Clause"] == "1.1.7" && (row["Value"] != "94" || row["Target"] != "95" || !strings.Contains(row["Responsible"], "(proposed)")) {
			t.Errorf("1.1.7: %v", row)
		}
		if row["Clause"] == "1.1" && !strings.Contains(row["Reason"], "nothing carries it") {
			t.Errorf("1.1: %v", row)
		}
	}
	if len(order) != coverage.Clauses {
		t.Fatalf("%d clauses, the plan has %d", len(order), coverage.Clauses)
	}
	for i, item := range coverage.Items {
		if order[i] != item.Clause {
			t.Fatalf("clause %d is %s, want %s", i, order[i], item.Clause)
		}
	}
}

// The same facts give the same bytes, and others others.
func TestReportsAreTheSameAgain(t *testing.T) {
	dir := reportedTown(t)
	for _, format := range []string{"html", "xlsx", "csv"} {
		for _, kind := range [][]string{{"scoreboard"}, {"indicator", "1.1.7"}, {"ledger"}} {
			first := reported(t, dir, "a."+format, kind...)
			if again := reported(t, dir, "b."+format, kind...); !bytes.Equal(first, again) {
				t.Errorf("%s as %s gave other bytes", kind[0], format)
			}
		}
	}
	was := reported(t, dir, "a.csv", "scoreboard")
	ok(t, "--dir", dir, "import", "values", inFile(t, "more.csv", "area,element,period,value,source\n990100,doctors,2025,30,x\n990100,registered_nurses,2025,36,x\n"))
	if bytes.Equal(was, reported(t, dir, "a.csv", "scoreboard")) {
		t.Error("other facts gave the same bytes")
	}
	if past := tell(t, "--dir", dir, "report", "scoreboard", "--as-of", "2001-01-01", "-o", filepath.Join(t.TempDir(), "p.csv")); past.code != exitInput {
		t.Errorf("a day before anything was known: exit %d, %s", past.code, past.err)
	}
}

func TestReportRefuses(t *testing.T) {
	dir := town(t)
	out := filepath.Join(t.TempDir(), "x")
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"scoreboard"}, exitUse, "-o FILE"},
		{[]string{"scoreboard", "-o", out}, exitUse, `written as ""`},
		{[]string{"scoreboard", "-o", out + ".odt"}, exitUse, `written as "odt"`},
		{[]string{"weather", "-o", out + ".html"}, exitUse, `report "weather"`},
		{[]string{"indicator", "-o", out + ".html"}, exitUse, "needs an indicator"},
		{[]string{"scoreboard", "1.1.7", "-o", out + ".html"}, exitUse, "of all promises"},
		{[]string{"scoreboard", "-o", out + ".xlsx", "--table", "targets"}, exitUse, "--table"},
		{[]string{"scoreboard", "-o", out + ".csv", "--table", "none"}, exitInput, "it has targets, watched, readings"},
		{[]string{"indicator", "9.9.9", "-o", out + ".html"}, exitInput, "9.9.9"},
		{[]string{"scoreboard", "-o", out + ".html", "--area", "123456"}, exitInput, "123456"},
		{[]string{"scoreboard", "-o", out + ".html", "--period", "soon"}, exitInput, "soon"},
		{[]string{"scoreboard", "-o", out + ".html", "--as-of", "soon"}, exitUse, "--as-of"},
		{[]string{"scoreboard", "-o", filepath.Join(out, "none", "x.html")}, exitInput, "x.html"},
	} {
		got := tell(t, append([]string{"--dir", dir, "report"}, c.args...)...)
		if got.code != c.code || !strings.Contains(got.err, c.want) {
			t.Errorf("report %v: exit %d %q, want %d and %q", c.args, got.code, got.err, c.code, c.want)
		}
	}
	if left, err := filepath.Glob(out + "*"); err != nil || len(left) > 0 {
		t.Errorf("what failed left %v, %v", left, err)
	}
	if got := ok(t, "--dir", dir, "report", "scoreboard", "-o", "-", "--format", "csv"); !strings.Contains(got, "1.1.7") {
		t.Errorf("standard output: %s", fmt.Sprint(got[:min(80, len(got))]))
	}
}

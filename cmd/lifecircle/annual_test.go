package main

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"lifecircle/account"
	"lifecircle/api"
	"lifecircle/document/pdf"
	"lifecircle/internal/ningxia"
	"lifecircle/report"
)

// wordText is the text of a Word file: a line for each paragraph.
func wordText(t *testing.T, body []byte) (text string, files []string) {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.File {
		files = append(files, f.Name)
		if f.Name != "word/document.xml" {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		xml, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		text = plainOf(strings.ReplaceAll(string(xml), "</w:p>", "\n"))
	}
	return text, files
}

var tags = regexp.MustCompile(`<[^>]*>`)

// plainOf is a text without its tags.
func plainOf(text string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&#34;", `"`, "&#39;", "'", "&amp;", "&").Replace(tags.ReplaceAllString(text, ""))
}

// pageText is the text of a page: a line for each cell and paragraph.
func pageText(page []byte) string {
	_, body, _ := strings.Cut(string(page), "</style>")
	return plainOf(strings.NewReplacer("</p>", "\n", "</td>", "\n", "</th>", "\n", "</h3>", "\n", "</h4>", "\n", "</h5>", "\n").Replace(body))
}

// The annual report has every clause in the order of the text, its numbers are those
// of evaluate, and what has none is listed with the reason; as a page and as a Word
// file it says the same.
func TestAnnualReport(t *testing.T) {
	dir := reportedTown(t)
	evaluation := decoded[report.Evaluation](t, "--dir", dir, "evaluate", "--area", "990100")
	coverage := decoded[struct{ Items []struct{ Clause string } }](t, "plan", "coverage", filepath.Join(dir, "plan"))
	word, files := wordText(t, reported(t, dir, "a.docx", "annual", "--lang", "zh"))
	page := pageText(reported(t, dir, "a.html", "annual", "--lang", "zh"))
	for form, text := range map[string]string{"docx": word, "html": page} {
		at := 0
		for _, item := range coverage.Items {
			next := strings.Index(text[at:], "（条款"+item.Clause+"）\n")
			if next < 0 {
				t.Fatalf("%s: clause %s is missing, or not in its order", form, item.Clause)
			}
			at += next
		}
		lines := strings.Split(text, "\n")
		// By arithmetic: 600 of 10,000 people live beyond 1,000 m; 20,000 m² for 10,000.
		for clause, want := range map[string][]string{
			"1.1.7": {"城市10分钟健身圈（步行1000米）", "94", "≥ 95", "1", "%", "✖ 未达成", "演示"},
			"1.1.6": {"人均公共体育场地面积", "2", "≥ 3.15", "1.15", "平方米/人", "✖ 未达成", "真实"},
			"1.1.1": {"九年义务教育巩固率", "—", "≥ 97", "—", "%", "○ 无数据"},
		} {
			_, after, _ := strings.Cut(text, "（条款"+clause+"）\n")
			section, _, _ := strings.Cut(after, "（条款")
			if !strings.Contains(section, strings.Join(want, "\n")) {
				t.Errorf("%s: clause %s does not say %q:\n%s", form, clause, want, section)
			}
			if clause == "1.1.6" && !strings.Contains(section, `来源：=HYPERLINK("http://x")；@yearbook`) {
				t.Errorf("%s: clause 1.1.6 does not say where its figures come from:\n%s", form, section)
			}
			if clause == "1.1.1" && !strings.Contains(section, "没有数值的原因：尚未填报：") {
				t.Errorf("%s: clause 1.1.1 does not say why it has no value:\n%s", form, section)
			}
		}
		for _, want := range []string{"演示数据", "责任部门：自治区教育厅（建议）", "没有数据的承诺", "数据来源", "drawn by hand", "示意图"} {
			if want == "示意图" && form == "html" {
				continue // there it is a word of the picture
			}
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %s", form, want)
			}
		}
		if len(lines) < 500 {
			t.Errorf("%s has %d lines", form, len(lines))
		}
	}
	if !strings.Contains(strings.Join(files, " "), "word/media/map1.png") {
		t.Errorf("no map is in the Word file: %v", files)
	}

	var missing []string
	own := make(map[string]bool)
	for _, row := range csvRows(t, reported(t, dir, "l.csv", "annual", "--table", "ledger", "--lang", "en")) {
		own[row["Mechanism"]] = true
	}
	for _, r := range evaluation.Results {
		title := r.Name.EN
		if r.VariantName.EN != "" {
			title += " (" + r.VariantName.EN + ")"
		}
		if r.Chosen && r.Value == nil && r.State != "not_applicable" && own[title] {
			missing = append(missing, r.Indicator)
		}
	}
	listed := make(map[string]bool)
	for _, row := range csvRows(t, reported(t, dir, "n.csv", "annual", "--table", "no-data", "--lang", "en")) {
		listed[row["Indicator"]] = true
		if row["Why"] == "" {
			t.Errorf("%s has no reason", row["Indicator"])
		}
	}
	for _, id := range missing {
		if !listed[id] {
			t.Errorf("%s has no value and is not listed", id)
		}
		delete(listed, id)
	}
	if len(listed) > 0 || len(missing) == 0 {
		t.Errorf("%v are listed and have a value; %d have none", listed, len(missing))
	}
}

// The red head of an official document is there when the workspace says whose.
func TestAnnualReportHead(t *testing.T) {
	dir := town(t)
	if text, _ := wordText(t, reported(t, dir, "a.docx", "annual")); strings.HasPrefix(strings.TrimSpace(text), "方格城发展") {
		t.Error("a head that nobody configured")
	}
	if err := os.WriteFile(filepath.Join(dir, "config.yaml"), []byte("reports:\n  issuer: 方格城发展和改革局文件\n  number: 方发改〔2026〕1号\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	text, _ := wordText(t, reported(t, dir, "b.docx", "annual"))
	if !strings.HasPrefix(strings.TrimSpace(text), "方格城发展和改革局文件\n方发改〔2026〕1号\n") {
		t.Errorf("the report begins %q", text[:min(len(text), 200)])
	}
	if page := string(reported(t, dir, "b.html", "annual")); !strings.Contains(page, `<p class="issuer">方格城发展和改革局文件</p>`) {
		t.Error("the page has no head")
	}
}

// The scoreboard and each kind of promise fill one A4 page, in both languages.
func TestReportsOnPaper(t *testing.T) {
	if _, err := exec.LookPath("chromium"); err != nil && os.Getenv(pdf.Variable) == "" {
		t.Skip("SKIPPED: there is no Chromium (scripts/setup.sh installs it): no PDF is printed")
	}
	dir := reportedTown(t)
	for _, kind := range [][]string{
		{"scoreboard", "--lang", "zh"},
		{"scoreboard", "--lang", "en"},
		{"indicator", "sport.fitness_10min", "--lang", "zh"},
		{"indicator", "sport.ground_per_person", "--lang", "en"},
		{"indicator", "elder.new_estate_rate", "--lang", "zh"},
	} {
		if n := pdf.Pages(reported(t, dir, "a.pdf", kind...)); n != 1 {
			t.Errorf("%v takes %d pages", kind, n)
		}
	}
	if n := pdf.Pages(reported(t, dir, "a.pdf", "annual", "--lang", "zh")); n < 20 {
		t.Errorf("the annual report has %d pages", n)
	}
	t.Setenv(pdf.Variable, filepath.Join(t.TempDir(), "none"))
	out := filepath.Join(t.TempDir(), "x.pdf")
	if got := tell(t, "--dir", dir, "report", "scoreboard", "-o", out); got.code != exitInput || !strings.Contains(got.err, "printed nothing") {
		t.Errorf("a Chromium that is not there: exit %d %s", got.code, got.err)
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a PDF that could not be printed is there")
	}
}

// BenchmarkAnnualReport makes the annual report of the demonstration's region, as a
// page and as a Word file, after its evaluation.
func BenchmarkAnnualReport(b *testing.B) {
	dir := filepath.Join(b.TempDir(), "demo")
	var stderr bytes.Buffer
	if code := run(b.Context(), []string{"demo", dir, "--no-serve", "--format", "csv"}, io.Discard, &stderr); code != 0 {
		b.Fatal(stderr.String())
	}
	w, err := open(b.Context(), dir)
	if err != nil {
		b.Fatal(err)
	}
	defer w.db.Close()
	reporter, done, err := w.reporter()
	if err != nil {
		b.Fatal(err)
	}
	defer done()
	e, err := w.engine(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	world, err := e.World(account.Local(), ningxia.Region)
	if err != nil {
		b.Fatal(err)
	}
	for _, format := range []string{"html", "docx", "xlsx"} {
		b.Run(format, func(b *testing.B) {
			var size countingWriter
			for b.Loop() {
				size = 0
				d, err := reporter.Document(b.Context(), world, api.ReportAsk{Kind: "annual", Area: ningxia.Region, Language: "zh", Format: format})
				if err != nil {
					b.Fatal(err)
				}
				if err := reporter.Write(b.Context(), &size, d, api.ReportForm{Format: format}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(size), "bytes")
		})
	}
}

// countingWriter counts what is written.
type countingWriter int

func (w *countingWriter) Write(p []byte) (int, error) {
	*w += countingWriter(len(p))
	return len(p), nil
}

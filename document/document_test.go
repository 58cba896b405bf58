package document

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"lifecircle"
)

func float(v float64) *float64 { return &v }

// sample is a document of everything, with names that a spreadsheet would reckon with
// and a page would run.
func sample() Document {
	return Document{
		Name: "sample", Title: `一 <script>alert(1)</script> & "b"`, Language: "zh", Day: "2025-12-31", Lines: []string{"where"}, Banner: "演示",
		More: "%d of %d", About: "说明", Notes: []string{"note <b>"},
		Blocks: []Block{
			&Heading{Level: 1, Text: "一、"}, &Paragraph{Label: "label", Text: "text", Tone: Bad},
			&Columns{
				Left: []Block{&Table{
					ID: "first", Name: "a/b:c", Shown: 2,
					Columns: []Column{{Heading: "name", Share: 1}, {Heading: "n", Share: 1, Number: true}, {Heading: "only", Where: OnSheets}, {Heading: "shown", Share: 1, Where: OnPaper}},
					Rows: []Row{
						{Cells: []Cell{{Text: "=1+1"}, {Text: "1,234.50", Number: float(1234.5)}, {Text: "+x"}, {Text: "paper"}}},
						{Cells: []Cell{{Text: "@sum"}, {Text: "—"}, {Text: "-2+3"}, {}}},
						{Cells: []Cell{{Text: "640104"}, {Text: "-3", Number: float(-3)}, {}, {}}},
					},
				}},
				Right: []Block{&Picture{SVG: []byte("<svg/>"), Alt: "map", WidthMM: 10, HeightMM: 5}},
			},
			&Table{ID: "second", Name: "second", Where: OnSheets, Columns: []Column{{Heading: "=h", Share: 1}}, Rows: []Row{{Cells: []Cell{{Text: "unseen"}}}}},
		},
	}
}

func TestHTML(t *testing.T) {
	t.Parallel()
	for _, form := range []Form{OnePage, Official} {
		d := sample()
		d.Form = form
		var out bytes.Buffer
		if err := d.HTML(&out); err != nil {
			t.Fatal(err)
		}
		page := out.String()
		scripts, cells := strings.Count(page, "<script"), strings.Count(page, "<td")
		// Two of three rows are shown, in the three columns that paper has.
		if scripts != 0 || cells != 6 {
			t.Errorf("%d scripts, %d cells; want none and 6", scripts, cells)
		}
		for _, want := range []string{"&lt;script&gt;", "default-src 'none'", "2 of 3", "note &lt;b&gt;", "1,234.50", "data:image/svg+xml;base64,PHN2Zy8+"} {
			if !strings.Contains(page, want) {
				t.Errorf("the page lacks %s", want)
			}
		}
		if strings.Contains(page, "unseen") {
			t.Error("paper has a table that is for sheets alone")
		}
	}
}

func TestXLSX(t *testing.T) {
	t.Parallel()
	var out, again bytes.Buffer
	if err := sample().XLSX(&out); err != nil {
		t.Fatal(err)
	}
	if err := sample().XLSX(&again); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(out.Bytes(), again.Bytes()) {
		t.Error("the same document gave other bytes")
	}
	book, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if got := strings.Join(book.GetSheetList(), "|"); got != "a_b_c|second|说明" {
		t.Errorf("sheets %s", got)
	}
	rows, err := book.GetRows("a_b_c")
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"name", "n", "only"}, {"=1+1", "1234.5", "+x"}, {"@sum", "", "-2+3"}, {"640104", "-3"}}
	for i := range want {
		if strings.Join(rows[i], "|") != strings.Join(want[i], "|") {
			t.Errorf("row %d is %q, want %q", i+1, rows[i], want[i])
		}
	}
	for cell, want := range map[string]excelize.CellType{"A2": excelize.CellTypeInlineString, "A4": excelize.CellTypeInlineString, "B2": excelize.CellTypeUnset} {
		kind, err := book.GetCellType("a_b_c", cell)
		formula, err2 := book.GetCellFormula("a_b_c", cell)
		if err != nil || err2 != nil || kind != want || formula != "" {
			t.Errorf("cell %s has type %v and formula %q (%v %v), want type %v", cell, kind, formula, err, err2, want)
		}
	}
}

func TestCSV(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := sample().CSV(&out, ""); err != nil {
		t.Fatal(err)
	}
	text, marked := strings.CutPrefix(out.String(), "\uFEFF")
	if !marked || strings.Count(text, "\r\n") != 4 {
		t.Errorf("want a mark and four lines that end in CR LF: %q", out.String())
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"name|n|only", "'=1+1|1234.5|'+x", "'@sum||'-2+3", "640104|-3|"} {
		if got := strings.Join(rows[i], "|"); got != want {
			t.Errorf("row %d is %q, want %q", i+1, got, want)
		}
	}
	if err := sample().CSV(&out, "third"); lifecircle.ErrorCode(err) != "table_unknown" || !strings.Contains(err.Error(), "first, second") {
		t.Errorf("another table: %v", err)
	}
}

// The more a page holds, the smaller its letters; a page that has room has the
// largest.
func TestFontSize(t *testing.T) {
	t.Parallel()
	of := func(rows int) float64 {
		d := sample()
		table := d.Tables()[0]
		table.Shown = 0
		for range rows {
			table.Rows = append(table.Rows, table.Rows[0])
		}
		return d.FontSize()
	}
	if few, some, many := of(0), of(60), of(80); few != largestType || some >= few || many >= some || many < smallestType {
		t.Errorf("sizes %v, %v, %v", few, some, many)
	}
}

// Lines break as a browser breaks them.
func TestLines(t *testing.T) {
	t.Parallel()
	m := measure{em: 1}
	for _, c := range []struct {
		text  string
		width float64
		want  float64
	}{
		{"", 10, 1},
		{"一二三四五", 5, 1},
		{"一二三四五六", 5, 2},
		{"640104-residential_area-0017", 10, 3}, // no two of its three pieces fit on a line
		{"aaaaaaaaaa aaaaaaaaaa", 7, 2},
		{strings.Repeat("a", 100), 10, 6}, // 56 ems without a place to break
	} {
		if got := m.lines(c.text, c.width); got != c.want {
			t.Errorf("%q takes %v lines of %v ems, want %v", c.text, got, c.width, c.want)
		}
	}
}

func TestSheetNamesFit(t *testing.T) {
	t.Parallel()
	if got := SheetName(strings.Repeat("长", 40) + "?"); got != strings.Repeat("长", 31) {
		t.Errorf("%q", got)
	}
}

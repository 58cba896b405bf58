package docx

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"lifecircle/document"
)

func sample() document.Document {
	v := 94.0
	return document.Document{
		Title: `年度 <报告> & "说明"`, Language: "zh", Day: "2025-12-31", Form: document.Official, Lines: []string{"方格城"}, Banner: "演示数据", More: "%d / %d",
		Blocks: []document.Block{
			&document.Heading{Level: 1, Text: "一、总体情况"}, &document.Heading{Level: 4, Text: "（1）"},
			&document.Paragraph{Label: "内容：", Text: "到2025年", Tone: document.Bad},
			&document.Table{
				ID: "t", Shown: 2, Columns: []document.Column{{Heading: "指标", Share: 3}, {Heading: "数值", Share: 1, Number: true}, {Heading: "sheet", Where: document.OnSheets}},
				Rows: []document.Row{
					{Part: true, Cells: []document.Cell{{Text: "1"}, {Text: "部分"}, {}}},
					{Cells: []document.Cell{{Text: "=1+1"}, {Text: "94", Number: &v}, {Text: "unseen"}}},
					{Cells: []document.Cell{{Text: "cut"}, {}, {}}},
				},
			},
			&document.Picture{Alt: "地图", PNG: []byte("png"), PNGWidthMM: 140, PNGHeightMM: 90, Keys: []document.Key{{Colour: "1b5c96", Text: "达标", Count: "9,400 人"}}, Notes: []string{"示意图"}},
			&document.Picture{Alt: "without words", SVG: []byte("<svg/>")},
			&document.Table{ID: "s", Where: document.OnSheets, Columns: []document.Column{{Heading: "unseen"}}},
		},
		Notes: []string{"bad \x01\xff text"},
	}
}

// parts returns the files of a Word file.
func parts(t *testing.T, d document.Document) map[string]string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, d); err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string]string)
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(body)
	}
	return files
}

func TestParts(t *testing.T) {
	t.Parallel()
	files := parts(t, sample())
	for name, body := range files {
		if strings.HasSuffix(name, ".png") {
			continue
		}
		decoder := xml.NewDecoder(strings.NewReader(body))
		for {
			if _, err := decoder.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s is no XML: %v\n%s", name, err, body)
			}
		}
		if name != "[Content_Types].xml" && strings.HasPrefix(name, "word/") && !strings.Contains(name, "_rels") &&
			!strings.Contains(files["[Content_Types].xml"], `PartName="/`+name+`"`) {
			t.Errorf("%s has no content type", name)
		}
	}
	text := files["word/document.xml"]
	for _, want := range []string{
		"&lt;报告&gt; &amp;", "=1+1", "2 / 3", `w:fill="1b5c96"`, "9,400 人", "示意图", "\uFFFD",
		// A4; 37, 26, 35 and 28 mm; 22 lines in 225 mm.
		`<w:pgSz w:w="11906" w:h="16838"/>`, `w:top="2098" w:right="1474" w:bottom="1984" w:left="1587"`, `<w:docGrid w:type="lines" w:linePitch="579"/>`,
		`<w:footerReference w:type="default" r:id="odd"/><w:footerReference w:type="even" r:id="even"/>`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %s", want)
		}
	}
	for _, refused := range []string{"unseen", "cut", "without words", "Issuer", "\x01"} {
		if strings.Contains(text, refused) {
			t.Errorf("the text holds %q", refused)
		}
	}
	if files["word/media/map1.png"] != "png" || !strings.Contains(files["word/_rels/document.xml.rels"], `Id="map1"`) {
		t.Error("the picture is not there, or nothing names it")
	}
	for style, fonts := range map[string]string{"Title": "方正小标宋简体", "Heading1": "黑体", "Heading2": "楷体_GB2312", "Normal": "仿宋_GB2312", "PageNumber": "宋体"} {
		_, rest, _ := strings.Cut(files["word/styles.xml"], `w:styleId="`+style+`"`)
		definition, _, _ := strings.Cut(rest, "</w:style>")
		if !strings.Contains(definition, fonts) {
			t.Errorf("style %s is not in %s: %s", style, fonts, definition)
		}
	}
	// 28 characters of 16 pt in 156 mm: 442.2 pt / 28 = 15.79 pt, so 0.25 pt less for each.
	if !strings.Contains(files["word/styles.xml"], `<w:spacing w:val="-5"/>`) {
		t.Error("a line does not hold 28 characters")
	}
	if !strings.Contains(files["word/footer1.xml"], `w:val="right"`) || !strings.Contains(files["word/footer2.xml"], `w:val="left"`) {
		t.Error("page numbers do not stand outside")
	}
}

// A red head stands only where one is configured, and a page that is no official
// document has none of its layout.
func TestHeadAndForm(t *testing.T) {
	t.Parallel()
	d := sample()
	d.Head = document.Head{Issuer: "方格城发展和改革局文件", Number: "方发改〔2026〕1号"}
	text := parts(t, d)["word/document.xml"]
	if !strings.Contains(text, "方格城发展和改革局文件") || strings.Index(text, "1号") > strings.Index(text, "年度 ") {
		t.Error("the head is missing, or not at the head")
	}
	d = sample()
	d.Form = document.OnePage
	if text := parts(t, d)["word/document.xml"]; strings.Contains(text, "docGrid") || !strings.Contains(text, `w:left="850"`) {
		t.Errorf("a page has the layout of an official document")
	}
}

func TestSameBytes(t *testing.T) {
	t.Parallel()
	var first, again bytes.Buffer
	if err := errors.Join(Write(&first, sample()), Write(&again, sample())); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.Bytes(), again.Bytes()) {
		t.Error("the same document gave other bytes")
	}
}

// python-docx, which nobody here wrote, finds the same text, tables and margins.
func TestOpensElsewhere(t *testing.T) {
	t.Parallel()
	python := ""
	for _, name := range []string{"python3", "/usr/bin/python3"} { // Debian's, where another one comes first
		if python == "" && exec.Command(name, "-c", "import docx").Run() == nil {
			python = name
		}
	}
	if python == "" {
		t.Skip("SKIPPED: python3-docx is not installed (scripts/setup.sh installs it): nobody else reads our Word file")
	}
	d := sample()
	d.Blocks = d.Blocks[:4] // what is no PNG is none to it either
	path := filepath.Join(t.TempDir(), "a.docx")
	var out bytes.Buffer
	if err := Write(&out, d); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	const script = `
import docx, json, sys
d = docx.Document(sys.argv[1]); s = d.sections[0]
print(json.dumps({"paragraphs": [p.text for p in d.paragraphs], "styles": [p.style.name for p in d.paragraphs],
  "table": [[c.text for c in r.cells] for r in d.tables[0].rows], "title": d.core_properties.title, "created": str(d.core_properties.created),
  "margins": [round(m.mm) for m in (s.top_margin, s.right_margin, s.bottom_margin, s.left_margin)],
  "odd_even": d.settings.odd_and_even_pages_header_footer, "even": s.even_page_footer.paragraphs[0].text}))`
	answer, err := exec.Command(python, "-c", script, path).Output()
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Paragraphs, Styles []string
		Table              [][]string
		Title, Created     string
		Margins            []int
		OddEven            bool `json:"odd_even"`
		Even               string
	}
	if err := json.Unmarshal(answer, &got); err != nil {
		t.Fatal(err)
	}
	if got.Title != sample().Title || got.Created != "2025-12-31 00:00:00+00:00" && got.Created != "2025-12-31 00:00:00" {
		t.Errorf("title %q of %s", got.Title, got.Created)
	}
	if len(got.Margins) != 4 || got.Margins[0] != 37 || got.Margins[1] != 26 || got.Margins[2] != 35 || got.Margins[3] != 28 || !got.OddEven || got.Even != "— 1 —" {
		t.Errorf("margins %v mm, odd and even %v, %q", got.Margins, got.OddEven, got.Even)
	}
	if text := strings.Join(got.Paragraphs, "|"); !strings.HasPrefix(text, sample().Title+"|方格城|演示数据|一、总体情况|（1）|内容：到2025年|2 / 3") {
		t.Errorf("paragraphs %s", text)
	}
	if got.Styles[0] != "Title" || got.Styles[3] != "Heading 1" {
		t.Errorf("styles %v", got.Styles)
	}
	if len(got.Table) != 3 || got.Table[2][0] != "=1+1" || got.Table[2][1] != "94" || got.Table[1][1] != "部分" {
		t.Errorf("table %v", got.Table)
	}
}

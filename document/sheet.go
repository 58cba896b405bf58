package document

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"lifecircle"
)

// cellLength is how many characters a cell of a spreadsheet holds (ECMA-376).
const cellLength = 32767

// XLSX writes every table as a sheet, and last what stands around them. Numbers are
// numbers as they were measured; texts are cells of type text, which no program
// reckons with.
func (d Document) XLSX(w io.Writer) error {
	book := excelize.NewFile()
	defer book.Close()
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	sheets := append(d.Tables(), d.about())
	for i, t := range sheets {
		name := SheetName(t.Name)
		if i == 0 {
			err = book.SetSheetName("Sheet1", name)
		} else {
			_, err = book.NewSheet(name)
		}
		if err != nil {
			return err
		}
		if err := t.sheet(book, bold); err != nil {
			return fmt.Errorf("sheet %s: %w", name, err)
		}
	}
	if err := book.SetDocProps(&excelize.DocProperties{Title: d.Title, Created: stamp(d.Day), Modified: stamp(d.Day)}); err != nil {
		return err
	}
	var written bytes.Buffer
	if err := book.Write(&written); err != nil {
		return err
	}
	return inOrder(w, written.Bytes())
}

// inOrder writes a zip with its files by name: the spreadsheet library puts sheets in
// the order of a map, and the same document is to be the same bytes.
func inOrder(w io.Writer, archive []byte) error {
	in, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return err
	}
	slices.SortFunc(in.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	out := zip.NewWriter(w)
	for _, file := range in.File {
		if err := out.Copy(file); err != nil { // as it is compressed
			return err
		}
	}
	return out.Close()
}

// stamp is a day as a time of the properties of a file; a day that is not known is
// the first one that a zip can hold.
func stamp(day string) string {
	if day == "" {
		day = "1980-01-01"
	}
	return day + "T00:00:00Z"
}

// about is a table of what is not in a table.
func (d Document) about() *Table {
	t := &Table{Name: d.About, Columns: []Column{{Heading: d.About}}}
	add := func(text string) {
		if text != "" {
			t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: text}}})
		}
	}
	add(d.Title)
	for _, line := range d.Lines {
		add(line)
	}
	add(d.Banner)
	if d.Form == OnePage { // the text of a long report is no table of sentences
		d.walk(func(b Block) {
			switch b := b.(type) {
			case *Heading:
				add(b.Text)
			case *Paragraph:
				add(b.Label + b.Text)
			}
		})
	}
	for _, note := range d.Notes {
		add(note)
	}
	return t
}

func (t *Table) sheet(book *excelize.File, bold int) error {
	out, err := book.NewStreamWriter(SheetName(t.Name))
	if err != nil {
		return err
	}
	columns := t.kept()
	for n, i := range columns {
		if err := out.SetColWidth(n+1, n+1, t.sheetWidth(i)); err != nil {
			return err
		}
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	cells := make([]any, len(columns))
	for n, i := range columns {
		cells[n] = excelize.Cell{StyleID: bold, Value: t.Columns[i].Heading}
	}
	if err := out.SetRow("A1", cells); err != nil {
		return err
	}
	for r, row := range t.Rows {
		for n, i := range columns {
			c := row.Cells[i]
			switch {
			case c.Number != nil:
				cells[n] = *c.Number
			case c.Text == "" || t.Columns[i].Number:
				cells[n] = nil // the dash of paper is no number
			case len(c.Text) > cellLength:
				return lifecircle.Errorf("cell_too_long", "row %d: a cell holds %d characters at most: write a .csv", r+2, cellLength)
			default:
				cells[n] = c.Text
			}
		}
		if err := out.SetRow("A"+strconv.Itoa(r+2), cells); err != nil {
			return err
		}
	}
	return out.Flush()
}

// sheetWidth is the width of a column in characters: of its widest cells, so far as
// a screen has room.
func (t *Table) sheetWidth(i int) float64 {
	const narrow, wide, looked = 6, 48, 500
	width := TextWidth(t.Columns[i].Heading)
	for _, row := range t.Rows[:min(looked, len(t.Rows))] {
		width = max(width, TextWidth(row.Cells[i].Text))
	}
	return min(max(width*1.9+2, narrow), wide)
}

// kept are the columns that sheets have.
func (t *Table) kept() []int {
	var kept []int
	for i, c := range t.Columns {
		if c.Where != OnPaper {
			kept = append(kept, i)
		}
	}
	return kept
}

// CSV writes one table (RFC 4180) in UTF-8 with the mark by which spreadsheets know
// it. The first table is meant by ""; another id is the error table_unknown. Texts
// that a spreadsheet would take for formulas are guarded as lifecircle.GuardCell
// says.
func (d Document) CSV(w io.Writer, id string) error {
	t, err := d.table(id)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	columns := t.kept()
	cells := make([]string, len(columns))
	for n, i := range columns {
		cells[n] = lifecircle.GuardCell(t.Columns[i].Heading)
	}
	if err := out.Write(cells); err != nil {
		return err
	}
	for _, row := range t.Rows {
		for n, i := range columns {
			c := row.Cells[i]
			switch {
			case c.Number != nil:
				cells[n] = strconv.FormatFloat(*c.Number, 'f', -1, 64)
			case t.Columns[i].Number:
				cells[n] = "" // the dash of paper is no number
			default:
				cells[n] = lifecircle.GuardCell(c.Text)
			}
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func (d Document) table(id string) (*Table, error) {
	var ids []string
	for _, t := range d.Tables() {
		if id == "" || t.ID == id {
			return t, nil
		}
		ids = append(ids, t.ID)
	}
	return nil, lifecircle.Errorf("table_unknown", "the report has no table %q: it has %s", id, strings.Join(ids, ", ")).With("table", id)
}

// SheetName is a name that a sheet may have: 31 characters without :\/?*[].
func SheetName(name string) string {
	kept := make([]rune, 0, 31)
	for _, r := range name {
		if strings.ContainsRune(`:\/?*[]`, r) {
			r = '_'
		}
		if len(kept) < cap(kept) {
			kept = append(kept, r)
		}
	}
	return string(kept)
}

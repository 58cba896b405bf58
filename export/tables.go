package export

import (
	"context"
	"encoding/csv"
	"os"
	"strconv"

	"github.com/paulmach/orb"
	"github.com/xuri/excelize/v2"

	"lifecircle"
	"lifecircle/plan/rule"
)

// headings are the columns of a table: those of the list, and where it has places
// their coordinates and the name of the system these are in.
func (l List) headings() []string {
	names := make([]string, 0, len(l.Columns)+3)
	for _, c := range l.Columns {
		names = append(names, c.Name)
	}
	if l.Placed && !l.Grounds {
		names = append(names, "lon", "lat", "crs")
	}
	return names
}

// coordinates are the cells of a position, empty where there is none.
func (l List) coordinates(place orb.Geometry) (lon, lat, crs string) {
	at, ok := place.(orb.Point)
	if !ok {
		return "", "", ""
	}
	return strconv.FormatFloat(at[0], 'f', -1, 64), strconv.FormatFloat(at[1], 'f', -1, 64), l.CRS.String()
}

// writeCSV writes a list as CSV (RFC 4180) in UTF-8 without a mark. Texts that a
// spreadsheet would take for formulas are guarded as lifecircle.GuardCell says.
func writeCSV(_ context.Context, path string, list List) (done Written, err error) {
	err = filled(path, func(f *os.File) error {
		out := csv.NewWriter(f)
		cells := list.headings()
		if err := out.Write(cells); err != nil {
			return err
		}
		for row := range list.Rows {
			place := done.count(list, row)
			cells = cells[:0]
			for i, v := range row.Cells {
				cell := text(v)
				if kind := list.Columns[i].Kind; kind == rule.Text || kind == rule.Texts {
					cell = lifecircle.GuardCell(cell)
				}
				cells = append(cells, cell)
			}
			if list.Placed && !list.Grounds {
				lon, lat, crs := list.coordinates(place)
				cells = append(cells, lon, lat, crs)
			}
			if err := out.Write(cells); err != nil {
				return err
			}
		}
		out.Flush()
		return out.Error()
	})
	return done, err
}

// The bounds of a sheet (ECMA-376 and every program that reads it).
const (
	sheetRows  = 1 << 20
	cellLength = 32767
)

// writeXLSX writes a list as the only sheet of a spreadsheet. Texts are cells of
// type text, which no program reckons with, so codes keep their zeros and nothing
// needs a guard. A number is a number where a double has all its digits, else
// text; days are written as text, 2025-12-31.
func writeXLSX(_ context.Context, path string, list List) (done Written, err error) {
	book := excelize.NewFile()
	defer book.Close()
	sheet := sheetName(list.Name)
	if err := book.SetSheetName("Sheet1", sheet); err != nil {
		return done, err
	}
	out, err := book.NewStreamWriter(sheet)
	if err != nil {
		return done, err
	}
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return done, err
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return done, err
	}
	headings := list.headings()
	cells := make([]any, len(headings))
	for i, name := range headings {
		cells[i] = excelize.Cell{StyleID: bold, Value: name}
	}
	if err := out.SetRow("A1", cells); err != nil {
		return done, err
	}
	for row := range list.Rows {
		place := done.count(list, row)
		if done.Rows >= sheetRows {
			return done, lifecircle.Errorf("list_too_long", "a sheet has %d rows and %s has more: write a .csv or .parquet, or ask for a part of it", sheetRows, list.Name)
		}
		cells = cells[:0]
		for i, v := range row.Cells {
			cell, err := xlsxCell(v)
			if err != nil {
				return done, lifecircle.Errorf(lifecircle.ErrorCode(err), "row %d, column %s: %w", done.Rows+1, list.Columns[i].Name, err)
			}
			cells = append(cells, cell)
		}
		if list.Placed && !list.Grounds {
			if at, ok := place.(orb.Point); ok {
				cells = append(cells, at[0], at[1], list.CRS.String())
			} else {
				cells = append(cells, nil, nil, nil)
			}
		}
		if err := out.SetRow("A"+strconv.Itoa(done.Rows+1), cells); err != nil {
			return done, err
		}
	}
	if err := out.Flush(); err != nil {
		return done, err
	}
	return done, filled(path, func(f *os.File) error { return book.Write(f) })
}

func xlsxCell(v rule.Value) (any, error) {
	if b, ok := v.Bool(); ok {
		return b, nil
	}
	cell := text(v)
	if n, ok := v.Number(); ok {
		if f := n.Float64(); strconv.FormatFloat(f, 'f', -1, 64) == cell {
			return f, nil
		}
	}
	if cell == "" {
		return nil, nil
	}
	if len(cell) > cellLength {
		return nil, lifecircle.Errorf("cell_too_long", "a cell holds %d characters at most: write a .csv", cellLength)
	}
	return cell, nil
}

// sheetName is a name that a sheet may have: 31 characters without :\/?*[].
func sheetName(name string) string {
	kept := make([]rune, 0, 31)
	for _, r := range name {
		switch r {
		case ':', '\\', '/', '?', '*', '[', ']':
			r = '_'
		}
		if len(kept) < cap(kept) {
			kept = append(kept, r)
		}
	}
	if len(kept) == 0 {
		return "list"
	}
	return string(kept)
}

package intake

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"lifecircle"
)

// refusedHeading is put before the file's own columns.
func refusedHeading() []string { return []string{"行号 row", "原因 reason", "处理 remedy"} }

// refusedRows are the refused rows as they came, each with its reasons. What is
// corrected can be taken in again as it is: the added columns are ignored.
func (o Outcome) refusedRows() [][]string {
	faults := make(map[int][]Fault)
	for _, f := range o.Faults {
		faults[f.Row] = append(faults[f.Row], f)
	}
	rows := [][]string{append(refusedHeading(), o.table.heading...)}
	width := len(rows[0])
	for i, number := range o.table.numbers {
		if len(faults[number]) == 0 {
			continue
		}
		var reasons, remedies []string
		for _, f := range faults[number] {
			reason := f.Message
			if f.Column != "" {
				reason = f.Column + ": " + reason
			}
			reasons, remedies = append(reasons, reason), append(remedies, f.Remedy)
		}
		row := []string{fmt.Sprint(number), strings.Join(reasons, "\n"), strings.Join(remedies, "\n")}
		rows = append(rows, append(row, o.table.rows[i]...))
		width = max(width, len(rows[len(rows)-1]))
	}
	for i := range rows { // as wide as the widest, or what is written could not be read
		rows[i] = append(rows[i], make([]string, width-len(rows[i]))...)
	}
	return rows
}

// WriteRefusedCSV writes the refused rows as CSV in UTF-8 with the mark that
// spreadsheets look for.
func (o Outcome) WriteRefusedCSV(w io.Writer) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	for _, row := range o.refusedRows() {
		for i := range row {
			row[i] = lifecircle.GuardCell(row[i])
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// WriteRefusedXLSX writes the refused rows as a spreadsheet, all cells text.
func (o Outcome) WriteRefusedXLSX(w io.Writer) error {
	book := excelize.NewFile()
	defer book.Close()
	out, err := book.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	for i, row := range o.refusedRows() {
		cells := make([]any, len(row))
		for k, cell := range row {
			cells[k] = cell
		}
		if err := out.SetRow(fmt.Sprintf("A%d", i+1), cells); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return book.Write(w)
}

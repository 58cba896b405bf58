package intake

import (
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"lifecircle/figure"
)

// Reported is what a list of values comes to.
type Reported struct {
	figure.Taken
	file  File
	table *table // nil where the list was read as it lay
}

// ReadValues reads a list of reported values from any file that lists come in. CSV
// in UTF-8 with commas, which millions of values come in, goes straight into
// columns; what else there is becomes rows first. Both give the same.
func ReadValues(file File, list figure.List) (Reported, error) {
	list.PassOver = append(list.PassOver, refusedHeading()...)
	read := Reported{file: file}
	var err error
	if strings.EqualFold(filepath.Ext(file.Name), ".csv") && utf8.Valid(file.Data) && separator(file.Data) == ',' {
		read.Taken, err = list.Read(file.Data)
		return read, err
	}
	if read.table, err = readTable(file); err != nil {
		return Reported{}, err
	}
	read.Taken, err = list.ReadRows(read.table.all)
	return read, err
}

// exponent matches how spreadsheets keep very large and very small numbers.
var exponent = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]+$`)

// all yields the heading and then every row, as wide as the heading where nothing
// stands beyond it, with the number that the file gives it.
func (t *table) all(yield func(int, []string) bool) {
	width := t.named()
	if !yield(1, t.heading[:width]) {
		return
	}
	cells := make([]string, 0, width)
	for i, row := range t.rows {
		cells = append(cells[:0], row...)
		for len(cells) < width {
			cells = append(cells, "")
		}
		for len(cells) > width && cells[len(cells)-1] == "" {
			cells = cells[:len(cells)-1]
		}
		for k, cell := range cells {
			if t.serial && exponent.MatchString(cell) {
				if f, err := strconv.ParseFloat(cell, 64); err == nil {
					cells[k] = strconv.FormatFloat(f, 'f', -1, 64)
				}
			}
		}
		if !yield(t.numbers[i], cells) {
			return
		}
	}
}

// Outcome returns the faults of the list, so that its refused rows can be written.
func (r Reported) Outcome() (Outcome, error) {
	out := Outcome{Rows: r.Rows, Accepted: r.Rows - r.Taken.Refused, table: r.table}
	for _, f := range r.Taken.Faults {
		out.Faults = append(out.Faults, Fault{Row: f.Row, Column: f.Column, Code: f.Code, Message: f.Text, Remedy: f.Remedy})
		if n := len(out.Refused); n == 0 || out.Refused[n-1] != f.Row {
			out.Refused = append(out.Refused, f.Row)
		}
	}
	var err error
	if out.table == nil {
		out.table, err = readTable(r.file)
	}
	return out, err
}

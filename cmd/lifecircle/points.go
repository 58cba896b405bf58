package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"lifecircle"
	"lifecircle/geo"
)

// pointFile is a file of points: CSV with a heading that holds id, lon and lat.
type pointFile struct {
	path    string
	rows    []pointRow
	hasKind bool
	// columns are the further columns that hold nothing but numbers, in the file's
	// order; cells of a row are in the same order.
	columns []string
}

// pointRow is a line of a file of points.
type pointRow struct {
	id    string
	at    geo.Point
	kind  string  // "" where the file has no such column
	cells []int64 // in millionths
}

// millionths is the unit of numbers in files of points: sums of whole numbers do
// not depend on their order.
const millionths = 1_000_000

// maxRowFaults is how many faults of a file are listed before the rest is
// counted.
const maxRowFaults = 20

// readPoints reads a file of points. Every faulty row is named, with its line
// and the remedy.
func readPoints(path string) (*pointFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	p := &pointFile{path: path}
	r := csv.NewReader(f)
	r.FieldsPerRecord = -1 // a row of another length is one fault among others
	heading, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, lifecircle.Errorf("csv_invalid", "%s is empty: want a heading id,lon,lat[,kind|capacity|weight] and a row for each point", path)
	}
	if err != nil {
		return nil, lifecircle.Errorf("csv_invalid", "%s: heading: %w", path, err)
	}
	columns, err := headingColumns(heading)
	if err != nil {
		return nil, lifecircle.Errorf("csv_invalid", "%s: %w", path, err)
	}
	_, p.hasKind = columns["kind"]
	reader := rowReader{width: len(heading), columns: columns, seen: make(map[string]int)}
	var records [][]string
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			// After a broken quote it is not known where the next row begins.
			reader.faults = append(reader.faults, fmt.Sprintf("%v: close the quote, or write \"\" for a quote within a cell", err))
			break
		}
		line, _ := r.FieldPos(0)
		row, err := reader.row(record, line)
		if err != nil {
			reader.faults = append(reader.faults, fmt.Sprintf("line %d: %v", line, err))
			continue
		}
		p.rows = append(p.rows, row)
		records = append(records, record)
	}
	if n := len(reader.faults); n > 0 {
		shown := reader.faults
		if n > maxRowFaults {
			shown = append(slices.Clone(shown[:maxRowFaults]), fmt.Sprintf("and %d more", n-maxRowFaults))
		}
		return nil, lifecircle.Errorf("csv_invalid", "%s: %d faulty rows:\n  %s", path, n, strings.Join(shown, "\n  "))
	}
	if len(p.rows) == 0 {
		return nil, lifecircle.Errorf("csv_invalid", "%s has a heading and no rows: add a row for each point", path)
	}
	p.readNumbers(heading, records)
	return p, nil
}

// headingColumns returns the place of each column. Names are told apart without
// case or blanks around them.
func headingColumns(heading []string) (map[string]int, error) {
	columns := make(map[string]int)
	for i, name := range heading {
		name = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")))
		heading[i] = name
		if before, twice := columns[name]; twice {
			return nil, fmt.Errorf("heading: columns %d and %d are both %q: rename one", before+1, i+1, name)
		}
		columns[name] = i
	}
	for _, name := range []string{"id", "lon", "lat"} {
		if _, ok := columns[name]; !ok {
			return nil, fmt.Errorf("heading %q has no column %q: want id,lon,lat[,kind|capacity|weight], divided by commas", strings.Join(heading, ","), name)
		}
	}
	return columns, nil
}

// rowReader reads the rows of one file.
type rowReader struct {
	width   int
	columns map[string]int
	seen    map[string]int // line of each id
	faults  []string
}

func (r *rowReader) row(record []string, line int) (pointRow, error) {
	if len(record) != r.width {
		return pointRow{}, fmt.Errorf("%d cells, the heading has %d: quote a cell that holds a comma", len(record), r.width)
	}
	cell := func(name string) string { return strings.TrimSpace(record[r.columns[name]]) }
	row := pointRow{id: cell("id")}
	if row.id == "" {
		return row, errors.New("id is empty: give each point one")
	}
	for _, text := range record {
		if !utf8.ValidString(text) {
			return row, fmt.Errorf("%q is no UTF-8: save the file as UTF-8", text)
		}
	}
	if before, twice := r.seen[row.id]; twice {
		return row, fmt.Errorf("id %q stands on line %d already: give each point its own", row.id, before)
	}
	r.seen[row.id] = line
	if _, ok := r.columns["kind"]; ok {
		if row.kind = cell("kind"); row.kind == "" {
			return row, errors.New("kind is empty: name one, or leave the column out")
		}
	}
	for _, axis := range []struct {
		name  string
		value *float64
	}{{"lon", &row.at.Lon}, {"lat", &row.at.Lat}} {
		v, err := strconv.ParseFloat(cell(axis.name), 64)
		if err != nil {
			return row, fmt.Errorf("%s %q is no number: want decimal degrees like 106.2301", axis.name, cell(axis.name))
		}
		*axis.value = v
	}
	if !row.at.Valid() {
		hint := "want WGS-84 degrees, not metres of a projection"
		if (geo.Point{Lon: row.at.Lat, Lat: row.at.Lon}).Valid() {
			hint = "are lon and lat swapped?"
		}
		return row, fmt.Errorf("lon %g, lat %g is off the earth: %s", row.at.Lon, row.at.Lat, hint)
	}
	for _, name := range []string{"weight", "capacity"} {
		if _, ok := r.columns[name]; !ok {
			continue
		}
		if v, err := parseMillionths(cell(name)); err != nil {
			return row, fmt.Errorf("%s %q: %w", name, cell(name), err)
		} else if v < 0 {
			return row, fmt.Errorf("%s %q is negative: want 0 or more", name, cell(name))
		}
	}
	return row, nil
}

// readNumbers keeps the columns that are numbers in every row.
func (p *pointFile) readNumbers(heading []string, records [][]string) {
	for column, name := range heading {
		if slices.Contains([]string{"id", "lon", "lat", "kind", ""}, name) {
			continue
		}
		values := make([]int64, len(records))
		numbers := true
		for i := 0; i < len(records) && numbers; i++ {
			v, err := parseMillionths(strings.TrimSpace(records[i][column]))
			values[i], numbers = v, err == nil
		}
		if !numbers {
			continue
		}
		p.columns = append(p.columns, name)
		for i := range p.rows {
			p.rows[i].cells = append(p.rows[i].cells, values[i])
		}
	}
}

// checkSum reports whether a column of numbers adds up within bounds, whatever its
// signs.
func (p *pointFile) checkSum(column int) error {
	values, _ := p.column(p.columns[column])
	return fits(values)
}

// fits reports whether numbers of millionths add up within bounds.
func fits(values []int64) error {
	total := uint64(0)
	for _, v := range values {
		total += uint64(max(v, -v))
		if total > math.MaxInt64 {
			return fmt.Errorf("its numbers sum to more than %d: give them in a larger unit", math.MaxInt64/millionths)
		}
	}
	return nil
}

// column returns the values of a column of numbers; ok is false where the file
// has none of that name.
func (p *pointFile) column(name string) (values []int64, ok bool) {
	at := slices.Index(p.columns, name)
	if at < 0 {
		return nil, false
	}
	values = make([]int64, len(p.rows))
	for i, row := range p.rows {
		values[i] = row.cells[at]
	}
	return values, true
}

// positions returns where the points lie.
func (p *pointFile) positions() []geo.Point {
	at := make([]geo.Point, len(p.rows))
	for i, row := range p.rows {
		at[i] = row.at
	}
	return at
}

// kinds returns the kinds of the points, ordered by name, and each row's place
// among them. A file without kinds has one, "facilities".
func (p *pointFile) kinds() (names []string, of []int) {
	if !p.hasKind {
		return []string{"facilities"}, make([]int, len(p.rows))
	}
	for _, row := range p.rows {
		names = append(names, row.kind)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	of = make([]int, len(p.rows))
	for i, row := range p.rows {
		of[i], _ = slices.BinarySearch(names, row.kind)
	}
	return names, of
}

// maxMillionths bounds what one cell may say, so that sums over a file fit.
const maxMillionths = 1_000_000_000_000 * millionths

// parseMillionths reads a decimal of at most six places.
func parseMillionths(text string) (int64, error) {
	n, err := lifecircle.ParseNumber(text)
	if err != nil {
		return 0, errors.New("no number: want a decimal like 120 or 12.5")
	}
	scaled, ok := n.Mul(lifecircle.Int(millionths))
	switch {
	case !ok || scaled.Cmp(lifecircle.Int(maxMillionths)) > 0 || scaled.Cmp(lifecircle.Int(-maxMillionths)) < 0:
		return 0, errors.New("larger than 10¹²")
	case !scaled.IsInt():
		return 0, errors.New("more than six decimals: round it")
	}
	return scaled.Num(), nil
}

// formatMillionths writes a number of millionths as a decimal, without zeros at
// its end.
func formatMillionths(v int64) string {
	n, _ := lifecircle.Ratio(v, millionths)
	return n.String()
}

// Package intake reads the files of others into the registry: CSV in UTF-8 or
// GB18030, XLSX and GeoJSON, with columns under English ids or Chinese headings,
// and extracts of OpenStreetMap. It decides row by row what can be taken, and says
// of every other row which cell is wrong and how to repair it. It writes nothing:
// what it returns are changes, which scenario makes true in one piece. The command
// line and the API import it.
package intake

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/plan"
	"lifecircle/registry"
	"lifecircle/scenario"
)

// The kinds of list that can be taken in; every other register of the plan
// package goes by its own name.
const (
	Areas         = "areas"
	Population    = "population"
	Organisations = "organisations"
	Facilities    = "facilities"
	Premises      = "premises"
	Estates       = "estates"
)

// Kinds returns the kinds of list.
func Kinds() []string {
	return []string{Areas, Population, Organisations, Facilities, Premises, Estates}
}

// File is what is to be read.
type File struct {
	Name string // its ending says the format: .csv, .txt, .xlsx, .geojson, .json
	Data []byte
	Kind string // one of Kinds, or a register of the plan package
	// CRS is the coordinate system of its positions. Where it is not known and a
	// position lies where systems differ by streets, the file is refused.
	CRS      geo.CRS
	CRSGiven bool
	Mapping  Mapping
	// Repairs are cells put right by hand, by row and heading, in place of the file's.
	Repairs map[int]map[string]string
}

// Into is what a file is read into.
type Into struct {
	Registry *registry.Snapshot
	Plan     *plan.Package
}

// Fault is what is wrong with a row, or with one cell of it.
type Fault struct {
	Row     int    `json:"row"`              // as the file counts: the heading is row 1
	Column  string `json:"column,omitempty"` // as the file calls it
	Code    string `json:"code"`
	Message string `json:"message"`
	Remedy  string `json:"remedy"`
}

// Outcome is what a file comes to.
type Outcome struct {
	Rows      int      // all that are not empty
	Accepted  int      // Rows = Accepted + len(Refused)
	Unchanged int      // of the accepted: said already
	Refused   []int    // rows, in order
	Faults    []Fault  // in the order of rows
	Warnings  []Fault  // of rows that are taken all the same, in their order; Row 0 is the list as a whole
	Ignored   []string // columns that nothing asks for
	Changes   []scenario.Change
	CRS       geo.CRS     // the coordinate system that the positions were read in
	Shapes    []geo.Shape // the ground that areas in Changes lie on
	table     *table
}

// Read reads a file into changes. Its error is of the whole file: it cannot be
// read, a column is missing, the coordinate system is not known. Faults of rows
// are in the outcome.
func Read(file File, into Into) (Outcome, error) {
	t, err := readTable(file)
	if err != nil {
		return Outcome{}, err
	}
	t.repair(file.Repairs)
	return take(t, file, into)
}

// readTable reads a file as rows of text, by its format.
func readTable(file File) (*table, error) {
	if len(file.Data) == 0 {
		return nil, lifecircle.Errorf("file_empty", "%s is empty", file.Name).With("file", file.Name)
	}
	switch format := strings.ToLower(filepath.Ext(file.Name)); format {
	case ".csv", ".txt", ".tsv":
		if bytes.HasPrefix(file.Data, []byte("PK\x03\x04")) || bytes.HasPrefix(file.Data, []byte("\xd0\xcf\x11\xe0")) {
			return readXLSX(file) // a spreadsheet that was renamed instead of saved as text
		}
		return readCSV(file)
	case ".xlsx", ".xlsm":
		return readXLSX(file)
	case ".geojson", ".json":
		return readGeoJSON(file)
	default:
		return nil, lifecircle.Errorf("format_unknown", "%s: the ending %q is not known: want .csv, .xlsx or .geojson", file.Name, format).With("file", file.Name)
	}
}

// reader takes the rows of one file.
type reader struct {
	file    File
	into    Into
	table   *table
	columns columns
	outcome *Outcome
	seen    map[string]int // row of an id
	bounds  geo.Bounds     // where things are known to be
}

// row is one row while it is read.
type row struct {
	*reader
	line   int // as the file counts rows
	cells  []string
	faulty bool
}

func take(t *table, file File, into Into) (Outcome, error) {
	form, err := formOf(file, t, into)
	if err != nil {
		return Outcome{}, err
	}
	out := Outcome{table: t}
	r := &reader{file: file, into: into, table: t, outcome: &out, seen: make(map[string]int), bounds: knownBounds(into.Registry)}
	if r.columns, out.Ignored, err = form.match(file, t); err != nil {
		return Outcome{}, err
	}
	if err := r.askCRS(); err != nil {
		return Outcome{}, err
	}
	out.CRS = r.file.CRS
	var taken []taking
	for i, cells := range t.rows {
		out.Rows++
		row := &row{reader: r, line: t.numbers[i], cells: cells}
		if named := t.named(); len(cells) > named && slices.ContainsFunc(cells[named:], func(c string) bool { return c != "" }) {
			row.fault("", problem{"row_too_long", fmt.Sprintf("more cells than the %d headings", named), "a comma within a cell needs quotes around the cell"})
		}
		change, same := form.read(row)
		if !row.faulty {
			taken = append(taken, taking{row.line, change, same})
		}
	}
	if form.settle != nil {
		taken = form.settle(r, taken)
	}
	for _, t := range taken {
		out.Accepted++
		if t.same {
			out.Unchanged++
			continue
		}
		out.Changes = append(out.Changes, t.change)
	}
	refused := make(map[int]bool)
	for _, f := range out.Faults {
		refused[f.Row] = true
	}
	for _, number := range t.numbers {
		if refused[number] {
			out.Refused = append(out.Refused, number)
		}
	}
	slices.SortStableFunc(out.Faults, func(a, b Fault) int { return a.Row - b.Row })
	return out, nil
}

// taking is a row that can be taken.
type taking struct {
	row    int
	change scenario.Change
	same   bool // it says what is said already
}

// problem is what is wrong and how to repair it.
type problem struct{ code, message, remedy string }

// fault notes what is wrong with a cell, or with the whole row where target is "".
func (r *row) fault(target string, p problem) {
	r.faulty = true
	r.outcome.Faults = append(r.outcome.Faults, r.about(target, p))
}

// warn notes what is doubtful about a cell of a row that is taken all the same.
func (r *row) warn(target string, p problem) {
	r.outcome.Warnings = append(r.outcome.Warnings, r.about(target, p))
}

func (r *row) about(target string, p problem) Fault {
	f := Fault{Row: r.line, Column: target, Code: p.code, Message: p.message, Remedy: p.remedy}
	if at, ok := r.columns.at[target]; ok {
		f.Column = r.table.heading[at]
	}
	return f
}

// cell returns what a row says of a target: its column's cell, else the constant
// of the mapping.
func (r *row) cell(target string) string {
	if at, ok := r.columns.at[target]; ok && at < len(r.cells) && r.cells[at] != "" {
		return r.cells[at]
	}
	return r.columns.constants[target]
}

// unique asks that an id stands once in the file.
func (r *row) unique(id string) {
	if id == "" {
		r.fault("id", problem{"id_missing", "the id is empty", "give every row an id that stays the same from file to file"})
		return
	}
	if before, twice := r.seen[id]; twice {
		r.fault("id", problem{"id_duplicate", fmt.Sprintf("%q stands in row %d already", id, before), "remove one of the two rows or give it another id"})
		return
	}
	r.seen[id] = r.line
}

// knownBounds is where what the registry knows lies; empty when nothing does.
func knownBounds(s *registry.Snapshot) geo.Bounds {
	bounds := geo.EmptyBounds()
	for _, p := range s.Points() {
		bounds = bounds.Extend(p.At)
	}
	for _, f := range s.Facilities() {
		bounds = bounds.Extend(f.At)
	}
	return bounds
}

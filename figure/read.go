package figure

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"lifecircle"
)

// List says how a list of values is read. A heading names, in any order,
//
//	area       the code of the row's area; always there
//	element    the series of the row's values, unless Element gives one or the
//	           headings do
//	period     the period of the row's values, unless the headings do
//	value      the one value of the row
//	source     who says so, unless Source does
//	provenance real, estimated or generated, unless Provenance holds for all
//
// by these names or the Chinese ones of roles. The headings of explained are for
// people and are passed over. Every other column holds values: its heading is a period ("2025-03"), a series
// ("doctors"), or both ("doctors 2025-03"). An empty cell says nothing.
type List struct {
	Name       string // of the file, for faults
	Element    string // where neither a column nor a heading says one
	Source     string
	Provenance lifecircle.Provenance
	PassOver   []string // further headings that say nothing
	// KnownArea and KnownSeries say which areas and series there are.
	KnownArea   func(lifecircle.AreaCode) bool
	KnownSeries func(series string) bool
}

// explained are headings of what our own lists say beside a value: what follows
// from the rest, and the choice among rivals, which a list does not make.
func explained() []string { return []string{"area_name", "unit", "chosen", "licence", "as_of"} }

// roles are what a column can be by its heading.
func roles() map[string]string {
	return map[string]string{
		"area": "area", "行政区代码": "area", "区划代码": "area",
		"element": "element", "数据项": "element",
		"period": "period", "时期": "period",
		"value": "value", "数值": "value",
		"source": "source", "来源": "source",
		"provenance": "provenance", "数据性质": "provenance",
	}
}

// Fault is a cell that was not taken, and why.
type Fault struct {
	Row    int    `json:"row"` // the heading is row 1
	Column string `json:"column"`
	Code   string `json:"code"`
	Text   string `json:"text"`
	Remedy string `json:"remedy"`
}

// Taken is what a list holds.
type Taken struct {
	Columns []*Column // by element, period and source
	Values  int
	Rows    int // the heading left out
	Refused int // rows with a fault: nothing of such a row is taken
	Faults  []Fault
}

// Read reads a list in CSV: UTF-8 with or without a mark, comma, quotes doubled
// within quotes, as RFC 4180 has it. A file that is no such list is the error
// list_invalid, and nothing is taken.
//
// A scanner of our own was tried and gained little: of the second that ten million
// values take, encoding/csv is a third.
func (l List) Read(data []byte) (Taken, error) {
	rows := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))))
	rows.FieldsPerRecord, rows.ReuseRecord = -1, true // a row of another length is a fault of its own
	r := l.reader()
	err := r.read(func() (int, []string, error) {
		cells, err := rows.Read()
		if err != nil {
			return 0, nil, err
		}
		line, _ := rows.FieldPos(0)
		return line, cells, nil
	})
	if err != nil {
		return Taken{}, err
	}
	return r.sealed(), nil
}

// ReadRows is Read for a list that is in rows already, each with its number; the
// first one is the heading.
func (l List) ReadRows(rows iter.Seq2[int, []string]) (Taken, error) {
	next, stop := iter.Pull2(rows)
	defer stop()
	r := l.reader()
	err := r.read(func() (int, []string, error) {
		number, cells, ok := next()
		if !ok {
			return 0, nil, io.EOF
		}
		return number, cells, nil
	})
	if err != nil {
		return Taken{}, err
	}
	return r.sealed(), nil
}

func (l List) reader() *reader {
	return &reader{list: l, builders: make(map[seriesKey]*builder), areas: make(map[string]int), texts: make(map[string]string)}
}

type seriesKey struct {
	element, source string
	period          lifecircle.Period
	provenance      lifecircle.Provenance
}

// builder collects a column. Its cells are by the order in which areas come.
type builder struct {
	key    seriesKey
	places int
	cells  []int64
}

// shape says what a column of the file is.
type shape struct {
	role    string // area element period value source provenance, passed over, or "" for values
	element string
	period  lifecircle.Period
	heading string
	// The builder of the row before, and what it was for: lists repeat themselves.
	last    *builder
	lastFor seriesKey
}

// cell is one value of a row that waits for the row to be right.
type cell struct {
	builder  *builder
	mantissa int64
	places   int
}

type reader struct {
	list     List
	shapes   []shape
	builders map[seriesKey]*builder
	areas    map[string]int // by code as written: its place; −1 for one that is not known
	codes    []lifecircle.AreaCode
	texts    map[string]string
	mixed    bool // rows say their provenance
	taken    Taken
}

// read takes all rows; next returns io.EOF after the last.
func (r *reader) read(next func() (number int, cells []string, err error)) error {
	_, cells, err := next()
	if err != nil {
		return r.invalid(1, "there is no heading", "begin with a row of headings: area, element, and a column for each period")
	}
	if err := r.heading(cells); err != nil {
		return err
	}
	waiting := make([]cell, 0, len(r.shapes))
	for {
		number, cells, err := next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return lifecircle.Errorf("list_invalid", "%s: %w: close the quotes; a quote within quotes is doubled", r.list.Name, err)
		}
		if !slices.ContainsFunc(cells, func(cell string) bool { return strings.TrimSpace(cell) != "" }) {
			continue
		}
		r.taken.Rows++
		waiting = r.row(number, cells, waiting[:0])
	}
}

func (r *reader) invalid(row int, why, remedy string) error {
	return lifecircle.Errorf("list_invalid", "%s: row %d: %s: %s", r.list.Name, row, why, remedy).With("row", row)
}

// passedOver is the role of a column that says nothing to the reader.
const passedOver = "passed over"

func (r *reader) heading(cells []string) error {
	given, known := make(map[string]bool), roles()
	for _, text := range cells {
		heading := strings.TrimSpace(text)
		s := shape{heading: heading}
		switch role, named := known[heading]; {
		case named:
			s.role, heading = role, role
		case slices.Contains(explained(), heading), slices.Contains(r.list.PassOver, heading):
			s.role = passedOver
		default:
			name, period, both := strings.Cut(heading, " ")
			var err error
			if s.period, err = lifecircle.ParsePeriod(heading); err != nil {
				s.element = name
				if both {
					if s.period, err = lifecircle.ParsePeriod(period); err != nil {
						return r.invalid(1, fmt.Sprintf("the heading %q is no period and no series with one", heading), "write 2025, 2025-03, doctors or doctors 2025-03")
					}
				}
				if !r.list.KnownSeries(s.element) {
					return r.invalid(1, fmt.Sprintf("there is no element %q", s.element), "name an element of the plan by its id, or leave the column out")
				}
			}
			heading = heading + " " // a value column may not be called as a role
		}
		if given[heading] {
			return r.invalid(1, fmt.Sprintf("the heading %q stands twice", strings.TrimSpace(heading)), "keep one of the two columns")
		}
		given[heading] = true
		r.shapes = append(r.shapes, s)
	}
	for _, s := range r.shapes {
		if s.role != "" {
			continue
		}
		first := r.shapes[slices.IndexFunc(r.shapes, func(s shape) bool { return s.role == "" })]
		if (s.element == "") != (first.element == "") || s.period.IsZero() != first.period.IsZero() || given["value"] {
			return r.invalid(1, fmt.Sprintf("the headings %q and %q are of two forms", first.heading, s.heading), "give all columns of values periods, or series, or both, and no column value beside them")
		}
	}
	r.mixed = given["provenance"]
	if !given["area"] {
		return r.invalid(1, "no column is headed area", "give the code of each row's area in a column area")
	}
	for _, s := range r.shapes {
		holds := s.role == "" || s.role == "value"
		switch {
		case holds && s.element == "" && !given["element"] && r.list.Element == "":
			return r.invalid(1, "nothing says of which element the values are", "add a column element, or name it with --set element=…")
		case holds && s.period.IsZero() && !given["period"]:
			return r.invalid(1, "nothing says of which period the values are", "add a column period, or a period to the headings")
		}
	}
	if r.list.Source == "" && !given["source"] {
		return r.invalid(1, "nothing says who reports the values", "add a column source, or name it with --set source=…")
	}
	return nil
}

// kept returns a text without blanks around it, the same string each time: the
// texts of a row share its memory, which a key must not hold.
func (r *reader) kept(text string) string {
	text = strings.TrimSpace(text)
	same, ok := r.texts[text]
	if !ok {
		same = strings.Clone(text)
		r.texts[same] = same
	}
	return same
}

// row takes one row, or nothing of it.
func (r *reader) row(number int, cells []string, waiting []cell) []cell {
	faults := len(r.taken.Faults)
	fault := func(column, code, text, remedy string) {
		r.taken.Faults = append(r.taken.Faults, Fault{number, column, code, text, remedy})
	}
	if len(cells) != len(r.shapes) {
		fault("", "cells_missing", fmt.Sprintf("%d cells under %d headings", len(cells), len(r.shapes)), "give every heading a cell; an empty one says nothing")
		r.taken.Refused++
		return waiting
	}
	key := seriesKey{element: r.list.Element, source: r.list.Source, provenance: r.list.Provenance}
	place := -1
	for i := range r.shapes {
		switch r.shapes[i].role {
		case "area":
			if place = r.area(cells[i]); place < 0 {
				fault("area", "area_unknown", fmt.Sprintf("area %q is not known here", cells[i]), "give the official code, or import the area first")
			}
		case "element":
			key.element = r.kept(cells[i])
			if !r.list.KnownSeries(key.element) {
				fault("element", "element_unknown", fmt.Sprintf("there is no element %q", key.element), "name an element of the plan by its id")
			}
		case "source":
			if key.source = r.kept(lifecircle.BareCell(cells[i])); key.source == "" {
				fault("source", "source_missing", "the source is empty", "say who reports the value")
			}
		case "provenance":
			if text := r.kept(cells[i]); text != "" {
				key.provenance = lifecircle.Provenance(text)
			}
			if !key.provenance.Valid() {
				fault("provenance", "provenance_invalid", fmt.Sprintf("%q is no provenance", cells[i]), "write real, estimated or generated")
			}
		case "period":
			period, err := lifecircle.ParsePeriod(strings.TrimSpace(cells[i]))
			if key.period = period; err != nil {
				fault("period", "period_invalid", err.Error(), "write 2025 or 2025-03")
			}
		}
	}
	for i := range r.shapes {
		s := &r.shapes[i]
		if s.role != "" && s.role != "value" || len(cells[i]) == 0 {
			continue
		}
		mantissa, places, ok := parseCell(cells[i])
		if !ok {
			bare := strings.TrimSpace(cells[i])
			if bare == "" {
				continue
			}
			mantissa, places, ok = parseCell(bare)
		}
		if !ok {
			fault(s.heading, "number_invalid", fmt.Sprintf("%q is no number", cells[i]), "write a decimal like 3.15 with at most 18 digits, without grouping marks; leave the cell empty where nothing is known")
			continue
		}
		if len(r.taken.Faults) > faults {
			continue
		}
		b := r.builder(s, key)
		if b.says(place) || r.mixed && r.saidOtherwise(b.key, place) {
			fault(s.heading, "value_duplicate", fmt.Sprintf("%s in %s, %s was already given", b.key.element, r.codes[place], b.key.period), "keep one of the two rows, or give them two sources")
			continue
		}
		if _, fits := raised(mantissa, places, max(places, b.places)); !fits || !b.fits(places) {
			fault(s.heading, "number_invalid", fmt.Sprintf("%s has more digits than its column can hold", cells[i]), "put this value on its own")
			continue
		}
		waiting = append(waiting, cell{b, mantissa, places})
	}
	if len(r.taken.Faults) > faults {
		r.taken.Refused++
		return waiting
	}
	for _, c := range waiting {
		c.builder.put(place, c.mantissa, c.places)
	}
	r.taken.Values += len(waiting)
	return waiting
}

// area returns the place of an area in the order of the list, or −1.
func (r *reader) area(written string) int {
	if place, ok := r.areas[written]; ok {
		return place
	}
	code, err := lifecircle.ParseAreaCode(r.kept(written))
	place := -1
	if err == nil {
		var known bool
		if place, known = r.areas[string(code)]; !known { // under the code's own form
			place = -1
			if r.list.KnownArea(code) {
				place = len(r.codes)
				r.codes = append(r.codes, code)
			}
			r.areas[r.kept(string(code))] = place
		}
	}
	r.areas[r.kept(written)] = place
	return place
}

func (r *reader) builder(s *shape, key seriesKey) *builder {
	if s.element != "" {
		key.element = s.element
	}
	if !s.period.IsZero() {
		key.period = s.period
	}
	if s.last != nil && s.lastFor == key {
		return s.last
	}
	b := r.builders[key]
	if b == nil {
		b = &builder{key: key}
		r.builders[key] = b
	}
	s.last, s.lastFor = b, key
	return b
}

// says reports whether there is a cell at a place.
func (b *builder) says(place int) bool { return place < len(b.cells) && b.cells[place] != Silent }

// saidOtherwise reports whether a row before gave the value with another
// provenance.
func (r *reader) saidOtherwise(key seriesKey, place int) bool {
	for _, provenance := range []lifecircle.Provenance{lifecircle.Real, lifecircle.Estimated, lifecircle.Generated} {
		key.provenance = provenance
		if b := r.builders[key]; b != nil && b.says(place) {
			return true
		}
	}
	return false
}

// put adds a cell that fits.
func (b *builder) put(place int, mantissa int64, places int) {
	if places > b.places {
		for i, m := range b.cells {
			if m != Silent {
				b.cells[i], _ = raised(m, b.places, places)
			}
		}
		b.places = places
	}
	for len(b.cells) <= place {
		b.cells = append(b.cells, Silent)
	}
	b.cells[place], _ = raised(mantissa, places, b.places)
}

// fits reports whether all cells can be written with so many places.
func (b *builder) fits(places int) bool {
	if places <= b.places {
		return true
	}
	for _, m := range b.cells {
		if m != Silent {
			if _, ok := raised(m, b.places, places); !ok {
				return false
			}
		}
	}
	return true
}

// raised writes a number of from places with to of them; from ≤ to.
func raised(mantissa int64, from, to int) (int64, bool) {
	factor := pow10[to-from]
	product := mantissa * factor
	return product, product/factor == mantissa && product > Silent
}

// parseCell reads a decimal: at most eighteen digits, so nothing overflows.
func parseCell(text string) (mantissa int64, places int, ok bool) {
	negative := text[0] == '-'
	if negative {
		text = text[1:]
	}
	digits, point := 0, -1
	for i := range len(text) {
		switch c := text[i]; {
		case c >= '0' && c <= '9':
			mantissa = mantissa*10 + int64(c-'0')
			if digits++; digits > maxPlaces {
				return 0, 0, false
			}
		case c == '.' && point < 0 && i > 0 && i < len(text)-1:
			point = i
		default:
			return 0, 0, false
		}
	}
	if point >= 0 {
		places = len(text) - point - 1
	}
	for places > 0 && mantissa%10 == 0 { // 3.0 is 3
		mantissa, places = mantissa/10, places-1
	}
	if negative {
		mantissa = -mantissa
	}
	return mantissa, places, digits > 0
}

// sealed puts the columns over one ordered set of areas.
func (r *reader) sealed() Taken {
	areas := NewAreas(r.codes)
	places := make([]int, len(r.codes))
	for i, code := range r.codes {
		places[i], _ = areas.Place(code)
	}
	for _, b := range r.builders {
		c := &Column{
			Element: b.key.element, Source: b.key.source, Period: b.key.period,
			Provenance: b.key.provenance, Areas: areas, Places: b.places, Mantissas: make([]int64, len(r.codes)),
		}
		for i := range c.Mantissas {
			c.Mantissas[i] = Silent
		}
		for i, m := range b.cells {
			c.Mantissas[places[i]] = m
		}
		if len(b.cells) > 0 {
			r.taken.Columns = append(r.taken.Columns, c)
		}
	}
	slices.SortFunc(r.taken.Columns, func(a, b *Column) int {
		return cmp.Or(
			(Key{Element: a.Element, Period: a.Period, Source: a.Source}).compare(Key{Element: b.Element, Period: b.Period, Source: b.Source}),
			cmp.Compare(a.Provenance, b.Provenance),
		)
	})
	return r.taken
}

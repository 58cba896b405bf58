package intake

import (
	"bytes"
	"cmp"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"lifecircle/plan/rule"
	"lifecircle/registry"
)

// Target is something that the rows of a list may say.
type Target struct {
	ID    string
	Names []string // headings that are understood by themselves, the Chinese first
	Need  bool     // every row must say it
	Type  rule.Type
}

// Targets returns what the rows of a kind of list may say, what they must say
// first.
func Targets(kind string, into Into) ([]Target, error) {
	f, err := formOf(File{Kind: kind}, &table{}, into)
	if err != nil {
		return nil, err
	}
	types, _ := fieldsOf(registerOf(kind), into)
	var all []Target
	for _, t := range f.targets {
		if kind == Population && (t.id == "lon" || t.id == "lat") {
			continue // a list of people with positions is of points and not of counts
		}
		all = append(all, Target{ID: t.id, Names: t.aliases, Need: t.need, Type: types[t.id]})
	}
	slices.SortStableFunc(all, func(a, b Target) int {
		return cmp.Compare(rank(b), rank(a))
	})
	return all, nil
}

func rank(t Target) int {
	if t.Need {
		return 1
	}
	return 0
}

// registerOf returns the register that a kind of list fills.
func registerOf(kind string) string {
	switch kind {
	case Facilities:
		return registry.FacilityRegister
	case Organisations:
		return registry.OrganisationRegister
	case Premises:
		return registry.PremisesRegister
	case Estates:
		return registry.ResidentialAreaRegister
	}
	return kind
}

// ListOf returns the kind of list that fills a register.
func ListOf(register string) string {
	for _, kind := range Kinds() {
		if registerOf(kind) == register {
			return kind
		}
	}
	return register
}

// Look is what a file shows before anything is decided.
type Look struct {
	Heading   []string
	Sheets    []string // of a spreadsheet
	Rows      int
	Sample    [][]string        // the first rows
	Suggested map[string]string // heading → target: what is understood, and what is guessed
	Guessed   []string          // of these headings it is a guess
}

// LookInto reads a file as far as its columns can be chosen.
func LookInto(file File, into Into) (Look, error) {
	t, err := readTable(file)
	if err != nil {
		return Look{}, err
	}
	f, err := formOf(file, t, into)
	if err != nil {
		return Look{}, err
	}
	const shown = 5
	look := Look{Heading: t.heading, Rows: len(t.rows), Sample: t.rows[:min(shown, len(t.rows))], Suggested: make(map[string]string)}
	if strings.HasSuffix(strings.ToLower(file.Name), ".xlsx") {
		if look.Sheets, err = sheetsOf(file.Data); err != nil {
			return Look{}, err
		}
	}
	f.suggest(t.heading, &look)
	return look, nil
}

func sheetsOf(data []byte) ([]string, error) {
	book, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	defer book.Close()
	return book.GetSheetList(), nil
}

// suggest finds a target for every heading it can: first those that are
// understood, then, among the targets that are left, those whose name is within
// the heading or the other way round. One heading gets one target.
func (f *form) suggest(heading []string, look *Look) {
	taken := make(map[string]bool)
	for _, h := range heading {
		for _, t := range f.targets {
			if !taken[t.id] && slices.ContainsFunc(append([]string{t.id}, t.aliases...), func(alias string) bool {
				return plain(alias) == plain(h) || plain(alias) == withoutUnit(plain(h))
			}) && h != "" {
				taken[t.id], look.Suggested[h] = true, t.id
				break
			}
		}
	}
	const shortest = 2 // characters of a name that may stand within another
	for _, h := range heading {
		if look.Suggested[h] != "" || len([]rune(plain(h))) < shortest {
			continue
		}
		for _, t := range f.targets {
			if taken[t.id] || !slices.ContainsFunc(t.aliases, func(alias string) bool {
				return len([]rune(alias)) >= shortest && (strings.Contains(plain(h), plain(alias)) || strings.Contains(plain(alias), plain(h)))
			}) {
				continue
			}
			taken[t.id], look.Suggested[h] = true, t.id
			look.Guessed = append(look.Guessed, h)
			break
		}
	}
}

// repair puts cells in place of those of the file, by row and heading.
func (t *table) repair(repairs map[int]map[string]string) {
	for i, number := range t.numbers {
		for heading, cell := range repairs[number] {
			at := slices.Index(t.heading, heading)
			if at < 0 {
				continue
			}
			cells := slices.Clone(t.rows[i])
			for len(cells) <= at {
				cells = append(cells, "")
			}
			cells[at] = strings.TrimSpace(cell)
			t.rows[i] = cells
		}
	}
}

// Heading returns the file's own headings.
func (o Outcome) Heading() []string { return o.table.heading }

// Cells returns a row of the file as it was read, as wide as the heading.
func (o Outcome) Cells(row int) []string {
	cells := make([]string, len(o.table.heading))
	if i, ok := slices.BinarySearch(o.table.numbers, row); ok {
		copy(cells, o.table.rows[i])
	}
	return cells
}

// WriteTemplate writes a spreadsheet to be filled in: the headings of a kind of
// list, on a second sheet what each means, and for facilities the kinds there are.
func WriteTemplate(w io.Writer, kind string, into Into) error {
	targets, err := Targets(kind, into)
	if err != nil {
		return err
	}
	book := excelize.NewFile()
	defer book.Close()
	heading := make([]any, len(targets))
	notes := [][]any{{"列 column", "标识 id", "必填 needed", "类型 type", "单位 unit"}}
	for i, t := range targets {
		heading[i] = headingOf(t)
		needed, unit := "", ""
		if t.Need {
			needed = "是 yes"
		}
		if t.Type.Kind == rule.Number {
			unit = t.Type.Unit.String()
		}
		notes = append(notes, []any{heading[i], t.ID, needed, typeNote(t), unit})
	}
	kinds := [][]any{{"标识 id", "中文", "English"}}
	for _, id := range slices.Sorted(maps.Keys(into.Plan.Kinds)) {
		kinds = append(kinds, []any{id, into.Plan.Kinds[id].Name.ZH, into.Plan.Kinds[id].Name.EN})
	}
	sheets := []struct {
		name string
		rows [][]any
	}{{"Sheet1", [][]any{heading}}, {"说明 notes", notes}, {"类别 kinds", kinds}}
	if kind != Facilities {
		sheets = sheets[:2]
	}
	for _, sheet := range sheets {
		if sheet.name != "Sheet1" {
			if _, err := book.NewSheet(sheet.name); err != nil {
				return err
			}
		}
		for i, row := range sheet.rows {
			if err := book.SetSheetRow(sheet.name, "A"+strconv.Itoa(i+1), &row); err != nil {
				return err
			}
		}
	}
	return book.Write(w)
}

// headingOf is the heading of a target: its first name, else its id.
func headingOf(t Target) string {
	if len(t.Names) > 0 {
		return t.Names[0]
	}
	return t.ID
}

func typeNote(t Target) string {
	switch t.Type.Kind {
	case rule.Number:
		return "数 number"
	case rule.Bool:
		return "是/否 yes/no"
	case rule.Day:
		return "日期 2025-12-31"
	case rule.Texts:
		return "多项，用；分隔 several, apart by ;"
	}
	return map[string]string{
		"area": "区划代码 code of 6, 9 or 12 digits", "lon": "度 degrees", "lat": "度 degrees",
		"provenance": "real, estimated, generated", "opened": "日期 2025-12-31", "closed": "日期 2025-12-31", "public": "是/否 yes/no",
	}[t.ID]
}

// Standing returns the row that stands under an entry, as a record.
func Standing(e registry.Entry, known *registry.Snapshot) (*registry.Record, bool) {
	r, err := standingRow(e, known)
	return r, err == nil
}

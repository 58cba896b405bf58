package intake

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"lifecircle"
)

// table is a file as rows of text without blanks around the cells. Rows without
// any text are left out.
type table struct {
	heading []string
	rows    [][]string
	numbers []int          // of each row in the file; the heading is 1
	serial  bool           // days may be written as numbers, as spreadsheets keep them
	crs     string         // what the file itself says of its coordinate system
	grounds map[int]ground // of rows that have one, by number
}

func (t *table) add(number int, cells []string) {
	empty := true
	for i, cell := range cells {
		cells[i] = strings.TrimSpace(cell)
		empty = empty && cells[i] == ""
	}
	if !empty {
		t.rows, t.numbers = append(t.rows, cells), append(t.numbers, number)
	}
}

// named is how many columns there are up to the last that has a heading.
func (t *table) named() int {
	n := len(t.heading)
	for n > 0 && t.heading[n-1] == "" {
		n--
	}
	return n
}

// readCSV reads comma, semicolon or tab separated text; the heading decides
// which.
func readCSV(file File) (*table, error) {
	invalid := func(format string, args ...any) error {
		return lifecircle.Errorf("csv_invalid", "%s: "+format, append([]any{file.Name}, args...)...).With("file", file.Name)
	}
	text, err := decoded(file.Data)
	if err != nil {
		return nil, invalid("%w", err)
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.FieldsPerRecord = separator(text), -1
	t := &table{}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, invalid("%w: is the file cut off, or does a cell hold a quote that is not doubled?", err)
		}
		line, _ := r.FieldPos(0)
		for i, cell := range cells {
			cells[i] = lifecircle.BareCell(cell)
		}
		if t.heading == nil {
			t.add(line, cells)
			if len(t.rows) == 1 {
				t.heading, t.rows, t.numbers = t.rows[0], nil, nil
			}
			continue
		}
		t.add(line, cells)
	}
	if t.heading == nil {
		return nil, invalid("there is no heading")
	}
	return t, nil
}

// separator is the comma, tab or semicolon that a heading has most of.
func separator(text []byte) rune {
	first, _, _ := bytes.Cut(text, []byte("\n"))
	comma, most := ',', -1
	for _, candidate := range ",\t;" {
		if n := bytes.Count(first, []byte(string(candidate))); n > most {
			comma, most = candidate, n
		}
	}
	return comma
}

// decoded returns text as UTF-8 without a byte order mark: what is no UTF-8 is
// taken for GB18030, in which Chinese spreadsheets save.
func decoded(data []byte) ([]byte, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		data = data[3:]
		if !utf8.Valid(data) {
			return nil, fmt.Errorf("it begins as UTF-8 and goes on as something else from byte %d: save it again as UTF-8", 3+firstInvalid(data))
		}
		return data, nil
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		text, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
		if err != nil || !clean(text) {
			return nil, errors.New("it begins as UTF-16 and is none: save it again as UTF-8")
		}
		return text, nil
	case bytes.IndexByte(data, 0) >= 0:
		return nil, fmt.Errorf("byte %d is 0: this is no text", bytes.IndexByte(data, 0))
	case utf8.Valid(data):
		return data, nil
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	if err != nil || !clean(text) {
		return nil, fmt.Errorf("byte %d is neither UTF-8 nor GB18030: save it again as UTF-8", firstInvalid(data))
	}
	return text, nil
}

// clean reports whether a decoder found a character for everything.
func clean(text []byte) bool { return !bytes.ContainsRune(text, utf8.RuneError) }

func firstInvalid(data []byte) int {
	at := 0
	for at < len(data) {
		r, size := utf8.DecodeRune(data[at:])
		if r == utf8.RuneError && size <= 1 {
			break
		}
		at += size
	}
	return at
}

// maxUnzipped bounds what a spreadsheet may inflate to: a file of 4.7 MB was seen
// to grow to 1.19 GB. A list of a million rows takes a fifth of it.
const maxUnzipped = 1 << 30

// readXLSX reads the sheet the mapping names, else the first one.
func readXLSX(file File) (*table, error) {
	invalid := func(format string, args ...any) error {
		return lifecircle.Errorf("xlsx_invalid", "%s: "+format, append([]any{file.Name}, args...)...).With("file", file.Name)
	}
	book, err := excelize.OpenReader(bytes.NewReader(file.Data), excelize.Options{
		UnzipSizeLimit: min(maxUnzipped, maxInflation*int64(len(file.Data))+smallest), UnzipXMLSizeLimit: 16 << 20, RawCellValue: true,
	})
	if err != nil {
		return nil, invalid("no spreadsheet can be read from it: is it cut off, protected by a password, or an old .xls? (%w)", err)
	}
	defer book.Close()
	sheets := book.GetSheetList()
	if len(sheets) == 0 {
		return nil, invalid("it has no sheet")
	}
	sheet := sheets[0]
	if file.Mapping.Sheet != "" {
		if sheet = file.Mapping.Sheet; !contains(sheets, sheet) {
			return nil, invalid("it has no sheet %q: want one of %s", sheet, strings.Join(sheets, ", "))
		}
	}
	rows, err := book.Rows(sheet)
	if err != nil {
		return nil, invalid("sheet %s: %w", sheet, err)
	}
	defer rows.Close()
	t := &table{serial: true}
	for number := 1; rows.Next(); number++ {
		cells, err := rows.Columns()
		if err != nil {
			return nil, invalid("sheet %s, row %d: %w", sheet, number, err)
		}
		t.add(number, cells)
		if t.heading == nil && len(t.rows) == 1 {
			t.heading, t.rows, t.numbers = t.rows[0], nil, nil
		}
	}
	if err := rows.Error(); err != nil {
		return nil, invalid("sheet %s: %w", sheet, err)
	}
	if t.heading == nil {
		return nil, invalid("sheet %s is empty", sheet)
	}
	return t, nil
}

// A real spreadsheet inflates about tenfold. maxInflation is the most that is
// believed; smallest lets tiny files through whatever their ratio.
const (
	maxInflation = 100
	smallest     = 16 << 20
)

func contains(all []string, one string) bool {
	for _, s := range all {
		if s == one {
			return true
		}
	}
	return false
}

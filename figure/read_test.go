package figure_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"lifecircle"
	"lifecircle/figure"
)

func list() figure.List {
	return figure.List{
		Name: "values.csv", Provenance: lifecircle.Real,
		KnownArea:   func(code lifecircle.AreaCode) bool { return strings.HasPrefix(string(code), "64") },
		KnownSeries: func(series string) bool { return slices.Contains([]string{"beds", "doctors", "p{sex=f}"}, series) },
	}
}

func read(t testing.TB, l figure.List, text string) figure.Taken {
	t.Helper()
	taken, err := l.Read([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return taken
}

// said is everything that was taken, one value a line.
func said(taken figure.Taken) []string {
	var lines []string
	for _, v := range new(figure.Table).WithColumns(taken.Columns).Values() {
		lines = append(lines, fmt.Sprintf("%s %s %s %s %v", v.Element, v.Area, v.Period, v.Source, v.Number))
	}
	return lines
}

// TestFormsOfALists: the same four values in every form a list may have.
func TestFormsOfALists(t *testing.T) {
	t.Parallel()
	want := []string{"beds 640100 2024 a 3", "beds 640100 2025 a 4.25", "beds 640200 2024 a -5", "doctors 640200 2025 a 0"}
	for name, text := range map[string]string{
		"periods across":  "area,element,source,2024,2025\n640100,beds,a,3,4.25\n640200,beds,a,-5,\n640200,doctors,a,,0\n",
		"elements across": "\ufeffarea,period,source,beds,doctors\r\n640100,2024,a,3,\r\n640100,2025,a,4.25,\r\n640200,2024,a,-5,\r\n640200000000,2025,a,,0.00",
		"both across":     "source,beds 2024,area,beds 2025,doctors 2025\na,3.0,640100,4.250,\na,-5,640200,,0\n\n",
		"long":            "period,value,area,element,source\n2024,3,640100,\"beds\",a\n2025,\"4.25\",640100,beds,a\n2024,-5,640200,beds,a\n2025,0,640200,doctors,a\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			taken := read(t, list(), text)
			if diff := cmp.Diff(want, said(taken)); diff != "" || len(taken.Faults) > 0 || taken.Values != 4 {
				t.Errorf("%d values, faults %+v (-want +got):\n%s", taken.Values, taken.Faults, diff)
			}
		})
	}
}

// TestRowsWithFaults: a row with one bad cell is refused whole and named; the
// others are taken.
func TestRowsWithFaults(t *testing.T) {
	t.Parallel()
	l := list()
	l.Source = "a"
	taken := read(t, l, "area,element,2024,2025\n640100,beds,1,x\n650100,beds,1,2\n640200,chairs,1,2\n640200,beds,1\n640300,beds,7,8\n640300,beds,,9\n640400,beds,1234567890123456789,\n640500,beds,\"1,5\",\n")
	var got []string
	for _, f := range taken.Faults {
		got = append(got, fmt.Sprintf("%d %s %s", f.Row, f.Column, f.Code))
		if f.Text == "" || f.Remedy == "" {
			t.Errorf("%+v says too little", f)
		}
	}
	want := []string{
		"2 2025 number_invalid", "3 area area_unknown", "4 element element_unknown", "5  cells_missing",
		"7 2025 value_duplicate", "8 2024 number_invalid", "9 2024 number_invalid",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"beds 640300 2024 a 7", "beds 640300 2025 a 8"}, said(taken)); diff != "" || taken.Refused != 7 || taken.Rows != 8 {
		t.Errorf("%d of %d refused (-want +got):\n%s", taken.Refused, taken.Rows, diff)
	}
}

// TestListsThatAreNone are refused before anything is taken.
func TestListsThatAreNone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "\n", "area\n640100\n", "element,2024\nbeds,1\n", "area,2024\n640100,1\n", "area,element,source,2024,2024\n640100,beds,a,1,2\n",
		"area,source,chairs 2024\n640100,a,1\n", "area,source,beds 24\n640100,a,1\n", "area,source,beds\n640100,a,1\n",
		"area,source,element,beds 2024,2024\n640100,a,beds,1,2\n", "area,element,source,2024\n640100,\"beds,a,1\n", "area,element,source,2024\n640100,\"beds\"x,a,1\n",
	} {
		if taken, err := list().Read([]byte(text)); len(taken.Columns) > 0 || err == nil && taken.Values+taken.Rows > 0 && taken.Refused == 0 {
			t.Errorf("%q was taken: %+v, %v", text, taken, err)
		} else if err != nil && lifecircle.ErrorCode(err) != "list_invalid" {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// slow reads a list as encoding/csv does, one value after the other.
func slow(text string) (lines []string, err error) {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		return nil, err
	}
	for _, row := range rows[1:] {
		for i := 2; i < len(row); i++ {
			if row[i] != "" {
				lines = append(lines, fmt.Sprintf("%s %s %s %s %v", row[1], row[0], rows[0][i], "a", lifecircle.MustNumber(row[i])))
			}
		}
	}
	slices.Sort(lines)
	return lines, nil
}

// TestTwin holds the columns to values read one by one over random lists with quotes, ends
// of lines of both kinds and numbers of any length.
func TestTwin(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		quote := func(text string) string {
			if rapid.Bool().Draw(rt, "quoted") {
				return `"` + text + `"`
			}
			return text
		}
		var w strings.Builder
		end := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(rt, "end")
		w.WriteString("area,element,2023,2024-05,2025" + end)
		for i := range rapid.IntRange(1, 20).Draw(rt, "rows") {
			fmt.Fprintf(&w, "%s,%s", quote(fmt.Sprintf("64%04d", 100+i)), quote("beds"))
			for range 3 {
				number := ""
				if rapid.Bool().Draw(rt, "known") {
					number = fmt.Sprint(rapid.Int64Range(-1e9, 1e9).Draw(rt, "number"))
					if rapid.Bool().Draw(rt, "decimal") {
						number += fmt.Sprintf(".%0*d", rapid.IntRange(1, 6).Draw(rt, "places"), rapid.IntRange(0, 9).Draw(rt, "decimals"))
					}
				}
				w.WriteString("," + quote(number))
			}
			w.WriteString(end)
		}
		text := w.String()
		want, err := slow(text)
		if err != nil {
			rt.Fatal(err)
		}
		l := list()
		l.Source = "a"
		taken, err := l.Read([]byte(text))
		if err != nil || len(taken.Faults) > 0 {
			rt.Fatal(err, taken.Faults)
		}
		got := said(taken)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Fatalf("-slow +fast:\n%s", diff)
		}
	})
}

// TestBody: what is written is read back, and nothing else is read as a column.
func TestBody(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		bits := rapid.IntRange(1, 62).Draw(rt, "bits")
		c := &figure.Column{Element: "beds", Areas: figure.NewAreas([]lifecircle.AreaCode{"640100", "640200", "640300"}), Places: rapid.IntRange(0, 18).Draw(rt, "places")}
		for range 3 {
			m := rapid.Int64Range(-1<<bits, 1<<bits).Draw(rt, "mantissa")
			if rapid.IntRange(0, 3).Draw(rt, "silent") == 0 {
				m = figure.Silent
			}
			c.Mantissas = append(c.Mantissas, m)
		}
		body := c.Body()
		back := &figure.Column{Element: "beds", Areas: c.Areas}
		if err := back.ReadBody(body); err != nil || !slices.Equal(back.Mantissas, c.Mantissas) || back.Places != c.Places {
			rt.Fatalf("%v back as %v: %v", c.Mantissas, back.Mantissas, err)
		}
		cut := body[:rapid.IntRange(0, len(body)-1).Draw(rt, "cut")]
		if err := back.ReadBody(cut); lifecircle.ErrorCode(err) != "column_damaged" {
			rt.Fatalf("%d of %d bytes: %v", len(cut), len(body), err)
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("area,element,source,2024\n640100,beds,a,3.5\n"))
	f.Add([]byte("\ufeffarea,period,\"source\",beds\r\n640100,2024,\"a\"\"b\",-0.10"))
	f.Fuzz(func(t *testing.T, data []byte) {
		taken, err := list().Read(data)
		if err != nil && lifecircle.ErrorCode(err) != "list_invalid" {
			t.Errorf("%v", err)
		}
		count := 0
		for _, c := range taken.Columns {
			count += c.Count()
		}
		if count != taken.Values {
			t.Errorf("%d values told, %d kept", taken.Values, count)
		}
	})
}

func FuzzReadBody(f *testing.F) {
	c := &figure.Column{Areas: figure.NewAreas([]lifecircle.AreaCode{"640100"}), Mantissas: []int64{300}}
	f.Add(c.Body())
	f.Fuzz(func(t *testing.T, body []byte) {
		back := &figure.Column{Areas: c.Areas}
		if back.ReadBody(body) == nil && len(back.Mantissas) != 1 {
			t.Errorf("%v", back.Mantissas)
		}
	})
}

// TestColumnsUnderEdits: a value of its own takes the place of a list's, a later
// list that of both; one taken back is unknown; and Under leaves others out.
func TestColumnsUnderEdits(t *testing.T) {
	t.Parallel()
	l := list()
	first := read(t, l, "area,element,source,2025\n640100,beds,a,1\n640200,beds,a,2\n640100,beds,b,3\n")
	table := new(figure.Table).WithColumns(first.Columns)
	year := lifecircle.Year(2025)
	is := func(table *figure.Table, area lifecircle.AreaCode, state figure.ReadingState, want string) {
		t.Helper()
		if r := table.Read("beds", area, year); r.State != state || state == figure.Known && r.Value.Number.String() != want {
			t.Errorf("%s: %+v, want %v %s", area, r, state, want)
		}
	}
	is(table, "640100", figure.Unchosen, "")
	is(table, "640200", figure.Known, "2")
	key := figure.Key{Element: "beds", Area: "640200", Period: year, Source: "a"}
	edited, err := table.With([]figure.Edit{
		{Put: &figure.Value{Key: key, Number: lifecircle.Int(9), Provenance: lifecircle.Real}},
		{Choose: &figure.Choice{Element: "beds", Area: "640100", Period: year, Source: "b", Reason: "later"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	is(edited, "640200", figure.Known, "9")
	is(edited, "640100", figure.Known, "3")
	is(table, "640200", figure.Known, "2") // what was stays as it was
	gone, err := edited.With([]figure.Edit{{Retract: &key}})
	if err != nil {
		t.Fatal(err)
	}
	is(gone, "640200", figure.Unreported, "")
	if _, err := gone.With([]figure.Edit{{Retract: &key}}); lifecircle.ErrorCode(err) != "value_unknown" {
		t.Errorf("taken back twice: %v", err)
	}
	later := read(t, l, "area,element,source,2025\n640200,beds,a,12\n")
	is(gone.WithColumns(later.Columns), "640200", figure.Known, "12")
	is(edited.WithColumns(later.Columns), "640200", figure.Known, "12")
	part := edited.Under(func(code lifecircle.AreaCode) bool { return code == "640200" })
	is(part, "640100", figure.Unreported, "")
	if len(part.Values()) != 1 || len(edited.Values()) != 3 || edited.Under(list().KnownArea) != edited {
		t.Errorf("parts: %v of %v", part.Values(), edited.Values())
	}
}

// tenMillion is a list of 3,000 areas × 56 elements × 60 months, periods across.
func tenMillion() ([]byte, figure.List) {
	const areas, elements, years = 3000, 56, 5
	var w bytes.Buffer
	w.WriteString("area,element,source")
	for year := range years {
		for month := range 12 {
			fmt.Fprintf(&w, ",%d-%02d", 2021+year, month+1)
		}
	}
	w.WriteByte('\n')
	seed := uint64(1)
	for element := range elements {
		for area := range areas {
			fmt.Fprintf(&w, "64%04d,e%02d,bureau", area, element)
			for range years * 12 {
				seed = seed*6364136223846793005 + 1442695040888963407
				fmt.Fprintf(&w, ",%d", seed>>50)
			}
			w.WriteByte('\n')
		}
	}
	l := list()
	l.KnownSeries = func(series string) bool { return series[0] == 'e' }
	return w.Bytes(), l
}

// BenchmarkRead takes a list of ten million values in, and encodes and hashes
// what is kept of it; encoding_csv is the share of the library that parts cells.
func BenchmarkRead(b *testing.B) {
	data, l := tenMillion()
	b.Run("columns", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			taken := read(b, l, string(data))
			bytes := 0
			for _, c := range taken.Columns {
				body := c.Body()
				bytes += len(c.Digest("", body)) + len(body)
			}
			b.ReportMetric(float64(taken.Values), "values")
			b.ReportMetric(float64(bytes)/float64(taken.Values), "bytes/value")
		}
	})
	b.Run("encoding_csv", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			r := csv.NewReader(bytes.NewReader(data))
			r.ReuseRecord = true
			for {
				if _, err := r.Read(); err != nil {
					break
				}
			}
		}
	})
}

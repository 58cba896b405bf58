package intake_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"lifecircle"
	"lifecircle/figure"
	"lifecircle/intake"
)

// valueList is a list of values for a plan of doctors and nurses in areas of
// Yinchuan.
func valueList() figure.List {
	return figure.List{
		Name: "values", Source: "yearbook", Provenance: lifecircle.Real,
		KnownArea:   func(code lifecircle.AreaCode) bool { return strings.HasPrefix(string(code), "6401") },
		KnownSeries: func(series string) bool { return series == "doctors" || series == "nurses" },
	}
}

// asXLSX writes rows as a spreadsheet in which numbers are numbers.
func asXLSX(t *testing.T, rows [][]string) []byte {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	for i, row := range rows {
		for k, text := range row {
			if text == "" {
				continue
			}
			at, err := excelize.CoordinatesToCellName(k+1, i+1)
			if err != nil {
				t.Fatal(err)
			}
			var cell any = text
			var f float64
			if n, err := fmt.Sscan(text, &f); err == nil && n == 1 && fmt.Sprint(f) == text {
				cell = f
			}
			if err := book.SetCellValue("Sheet1", at, cell); err != nil {
				t.Fatal(err)
			}
		}
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func asCSV(t *testing.T, rows [][]string, separator rune) []byte {
	t.Helper()
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.Comma = separator
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// told is what a list says, in a form that can be compared.
func told(r intake.Reported) (values []string, faults []figure.Fault) {
	for v := range new(figure.Table).WithColumns(r.Columns).All() {
		values = append(values, fmt.Sprint(v.Key, v.Number, v.Provenance))
	}
	return values, r.Faults
}

// TestValuesFromAnyFile: a list says the same as CSV in UTF-8, which goes straight
// into columns, and as anything that becomes rows first; so do its faults.
func TestValuesFromAnyFile(t *testing.T) {
	lists := map[string][][]string{
		"long": {
			{"行政区代码", "数据项", "时期", "数值", "来源", "数据性质", "area_name"},
			{"640104", "doctors", "2024", "90.5", "卫健委", "", "兴庆区"},
			{"640104", "doctors", "2024", "91", "统计局", "estimated", "兴庆区"},
			{"640104", "doctors", "2024", "91", "统计局", "real", "兴庆区"}, // twice
			{"640105", "nurses", "2024-03", " 12 ", "卫健委", "real", ""},
			{"640105", "nurses", "2024-04", "十二", "卫健委", "real", ""},
			{"110000", "nurses", "2024-04", "1", "卫健委", "real", ""},
			{"640106", "nurses", "2024-05", "1", "卫健委", "perhaps", ""},
			{"640106", "nurses", "2024-05", "", "卫健委", "", ""},
			{"", "", "", "", "", "", ""},
			{"640106", "dragons", "2024-05", "0.001", "", "", ""},
		},
		"wide": {
			{"area", "doctors 2024", "nurses 2024-03", "unit"},
			{"640104", "1", "2", "人"},
			{"640105", "", "0.0000012", "人"},
			{"640106", "-3", "  ", "人"},
		},
	}
	for name, rows := range lists {
		t.Run(name, func(t *testing.T) {
			fast, err := intake.ReadValues(intake.File{Name: "v.csv", Data: asCSV(t, rows, ',')}, valueList())
			if err != nil {
				t.Fatal(err)
			}
			want, faults := told(fast)
			if len(want) == 0 {
				t.Fatal("the list says nothing")
			}
			chinese, err := simplifiedchinese.GB18030.NewEncoder().Bytes(asCSV(t, rows, ','))
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range []intake.File{
				{Name: "v.csv", Data: chinese},
				{Name: "v.csv", Data: asCSV(t, rows, ';')},
				{Name: "v.txt", Data: asCSV(t, rows, '\t')},
				{Name: "v.xlsx", Data: asXLSX(t, rows)},
			} {
				slow, err := intake.ReadValues(file, valueList())
				if err != nil {
					t.Fatalf("%s: %v", file.Name, err)
				}
				got, gotFaults := told(slow)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s says other things (-fast +slow):\n%s", file.Name, diff)
				}
				for i := range gotFaults { // a text in quotes shows the blanks that a table has not kept
					gotFaults[i].Text = strings.ReplaceAll(gotFaults[i].Text, " ", "")
				}
				bare := slices.Clone(faults)
				for i := range bare {
					bare[i].Text = strings.ReplaceAll(bare[i].Text, " ", "")
				}
				if diff := cmp.Diff(bare, gotFaults); diff != "" || slow.Rows != fast.Rows || slow.Refused != fast.Refused {
					t.Errorf("%s: %d of %d rows refused, want %d of %d; faults (-fast +slow):\n%s", file.Name, slow.Refused, slow.Rows, fast.Refused, fast.Rows, diff)
				}
			}
		})
	}
}

// TestRefusedValuesComeBack: the refused rows are written with their reasons, and
// taken in again once corrected.
func TestRefusedValuesComeBack(t *testing.T) {
	rows := [][]string{
		{"area", "element", "period", "value"},
		{"640104", "doctors", "2024", "90"},
		{"640105", "doctors", "2024", "=90"},
		{"640106", "dragons", "2024", "x"},
	}
	for _, file := range []intake.File{{Name: "v.csv", Data: asCSV(t, rows, ',')}, {Name: "v.xlsx", Data: asXLSX(t, rows)}} {
		read, err := intake.ReadValues(file, valueList())
		if err != nil {
			t.Fatal(err)
		}
		outcome, err := read.Outcome()
		if err != nil {
			t.Fatal(err)
		}
		if outcome.Rows != 3 || outcome.Accepted != 1 || !slices.Equal(outcome.Refused, []int{3, 4}) {
			t.Errorf("%s: %d rows, %d accepted, refused %v", file.Name, outcome.Rows, outcome.Accepted, outcome.Refused)
		}
		for ending, write := range map[string]func(*bytes.Buffer) error{
			".csv":  func(out *bytes.Buffer) error { return outcome.WriteRefusedCSV(out) },
			".xlsx": func(out *bytes.Buffer) error { return outcome.WriteRefusedXLSX(out) },
		} {
			var out bytes.Buffer
			if err := write(&out); err != nil {
				t.Fatal(err)
			}
			again, err := intake.ReadValues(intake.File{Name: "refused" + ending, Data: out.Bytes()}, valueList())
			if err != nil {
				t.Fatalf("%s as %s: %v", file.Name, ending, err)
			}
			if again.Rows != 2 || again.Taken.Refused != 2 || len(again.Faults) != 3 {
				t.Errorf("%s as %s: %d rows, %d refused, %v", file.Name, ending, again.Rows, again.Taken.Refused, again.Faults)
			}
		}
	}
}

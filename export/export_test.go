package export_test

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/parquet-go/parquet-go"

	"lifecircle"
	"lifecircle/export"
	"lifecircle/geo"
	"lifecircle/plan/rule"
)

// sample is a list with a value of every kind and rows that lack them.
func sample() export.List {
	at := geo.Point{Lon: 106.25, Lat: 38.5}
	return export.List{
		Name: "sample", Placed: true,
		Columns: []export.Column{{"name", rule.Text}, {"area", rule.Text}, {"beds", rule.Number}, {"public", rule.Bool}, {"day", rule.Day}, {"all", rule.Texts}},
		Rows: slices.Values([]export.Row{
			{Cells: []rule.Value{
				rule.TextOf("甲"), rule.TextOf("640104"), rule.NumberOf(lifecircle.MustNumber("12.5")), rule.BoolOf(false),
				rule.DateOf(rule.DateFrom(2025, 12, 31)), rule.TextsOf([]string{"a", "b"}),
			}, At: &at},
			{Cells: make([]rule.Value, 6)},
		}),
	}
}

// TestParquet: columns in the list's order, values of their types, nothing where
// nothing is known, and the metadata of GeoParquet.
func TestParquet(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.parquet")
	done, err := export.File(t.Context(), path, sample())
	if err != nil || done.Rows != 2 || done.Placed != 1 {
		t.Fatalf("%+v, %v", done, err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	file, err := parquet.OpenFile(f, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range file.Schema().Columns() {
		names = append(names, c[0])
	}
	if want := []string{"name", "area", "beds", "public", "day", "all", "geometry"}; !slices.Equal(names, want) {
		t.Errorf("columns %v, want %v", names, want)
	}
	about, _ := file.Lookup("geo")
	var geoParquet struct {
		Version string
		Columns map[string]struct {
			Encoding string
			BBox     []float64
		}
	}
	if err := json.Unmarshal([]byte(about), &geoParquet); err != nil || geoParquet.Version != "1.1.0" ||
		geoParquet.Columns["geometry"].Encoding != "WKB" || !slices.Equal(geoParquet.Columns["geometry"].BBox, []float64{106.25, 38.5, 106.25, 38.5}) {
		t.Errorf("geo: %s, %v", about, err)
	}
	rows := make([]parquet.Row, 3)
	read := file.RowGroups()[0].Rows()
	defer read.Close()
	if n, _ := read.ReadRows(rows); n != 2 {
		t.Fatalf("%d rows", n)
	}
	first := rows[0]
	if first[0].String() != "甲" || first[2].Double() != 12.5 || first[3].Boolean() || first[3].IsNull() || first[4].Int32() != int32(rule.DateFrom(2025, 12, 31)) || first[5].String() != "a;b" {
		t.Errorf("first row: %v", first)
	}
	point := first[6].ByteArray()
	if len(point) != 21 || point[0] != 1 || binary.LittleEndian.Uint32(point[1:]) != 1 || math.Float64frombits(binary.LittleEndian.Uint64(point[5:])) != 106.25 {
		t.Errorf("WKB % x", point)
	}
	for i, v := range rows[1] {
		if !v.IsNull() {
			t.Errorf("second row, column %d: %v", i, v)
		}
	}
}

// TestTooLong: what does not fit into a sheet is refused, and nothing is left.
func TestTooLong(t *testing.T) {
	dir := t.TempDir()
	list := export.List{Name: "long", Columns: []export.Column{{"a", rule.Text}}, Rows: func(yield func(export.Row) bool) {
		for range 1 << 20 {
			if !yield(export.Row{Cells: []rule.Value{rule.TextOf("x")}}) {
				return
			}
		}
	}}
	if _, err := export.File(t.Context(), filepath.Join(dir, "l.xlsx"), list); lifecircle.ErrorCode(err) != "list_too_long" {
		t.Errorf("error %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

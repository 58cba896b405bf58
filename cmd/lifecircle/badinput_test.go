package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"lifecircle/geo"
	"lifecircle/internal/testcity/sample"
)

// sheet is a small spreadsheet.
func sheet(t *testing.T) []byte {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	for i, row := range [][]any{{"id", "kind", "area", "lon", "lat"}, {"a", "village_clinic", "640104", 106.27, 38.46}} {
		if err := book.SetSheetRow("Sheet1", fmt.Sprint("A", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// zipBomb is a spreadsheet of some kilobytes whose sheet inflates to 64 MB.
func zipBomb(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	to := zip.NewWriter(&out)
	from, err := zip.NewReader(bytes.NewReader(sheet(t)), int64(len(sheet(t))))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range from.File {
		if strings.HasPrefix(part.Name, "xl/worksheets/") {
			w, err := to.Create(part.Name)
			if err != nil {
				t.Fatal(err)
			}
			for range 64 {
				if _, err := w.Write(bytes.Repeat([]byte(" "), 1<<20)); err != nil {
					t.Fatal(err)
				}
			}
			continue
		}
		if err := to.Copy(part); err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestUnreadableFiles: whatever import is given whatever cannot be read, it says so
// by the file's name, as bad input, and takes nothing.
func TestUnreadableFiles(t *testing.T) {
	dir := workspaceOf(t, mapped(t))
	before := seqOf(t, dir)
	extract, err := os.ReadFile(sample.Shared(t, "porto-alegre-2020.osm.pbf"))
	if err != nil {
		t.Fatal(err)
	}
	net := filepath.Join(t.TempDir(), "net.lcn")
	ok(t, "network", "build", inFile(t, "city.osm", cityXML), "-o", net)
	streets, err := os.ReadFile(net)
	if err != nil {
		t.Fatal(err)
	}
	good, collection := sheet(t), `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"a"},"geometry":{"type":"Point","coordinates":[106,38]}}]}`
	files := map[string][]byte{
		"empty.csv": nil, "blank.csv": []byte("\n\n"), "cut.csv": []byte("code,id,area,name,kind,lon,lat,people,element,period,value\n640104,\"a,b"),
		"neither.csv": []byte("id,code,area,2025\n\xff\xff\xff,1,2,3\n"), "binary.csv": []byte("id,code\x00,area,2025\n"), "no-heading.csv": []byte("1,2,3\n4,5,6\n"),
		"half.csv": []byte("\xff\xfei\x00d"), "cut.xlsx": good[:len(good)/2], "bomb.xlsx": zipBomb(t), "text.xlsx": []byte("id,code,area\n"),
		"cut.geojson": []byte(collection[:60]), "list.geojson": []byte("[1, 2]"), "alone.geojson": []byte(`{"type":"Feature"}`), "corner.geojson": []byte(strings.Replace(collection, "[106,38]", "[106]", 1)),
		"unknown.doc": []byte("id,area\n"),
		"cut.osm.pbf": extract[:len(extract)/2], "page.osm.pbf": []byte("<!doctype html><html></html>"), "cut.osm": []byte(cityXML[:len(cityXML)/2]), "cut.osm.gz": {0x1f, 0x8b, 8, 0, 0},
		"cut.lcn": streets[:len(streets)/2], "flipped.lcn": append(append([]byte{}, streets[:len(streets)-1]...), streets[len(streets)-1]^1),
	}
	folder := t.TempDir()
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, kind := range []string{"areas", "population", "organisations", "facilities", "premises", "estates", "values", "osm", "network"} {
		for name := range files {
			args := []string{"--dir", dir, "import", kind, filepath.Join(folder, name)}
			got := tell(t, args...)
			if got.code != exitInput || !strings.Contains(got.err, name) || got.out != "" {
				t.Errorf("import %s %s: exit %d, %s%s", kind, name, got.code, got.out, got.err)
			}
		}
		if got := tell(t, "--dir", dir, "import", kind, filepath.Join(folder, "nowhere.csv")); got.code != exitInput || !strings.Contains(got.err, "nowhere.csv") {
			t.Errorf("import %s of no file: exit %d, %s", kind, got.code, got.err)
		}
		if got := tell(t, "--dir", dir, "import", kind, folder); got.code != exitInput || got.err == "" {
			t.Errorf("import %s of a folder: exit %d, %s", kind, got.code, got.err)
		}
	}
	if after := seqOf(t, dir); after != before {
		t.Errorf("%d changes were made of files that cannot be read", after-before)
	}
}

// TestBadRows: what is wrong with a row is said by its number, its cell and a
// remedy, and only whole rows are left out.
func TestBadRows(t *testing.T) {
	dir := workspaceOf(t, template)
	lon, lat := geo.GCJ02.Coordinates(geo.Point{Lon: 106.27, Lat: 38.46})
	for name, c := range map[string]struct {
		kind, text string
		set        []string
		faults     []string // row, column, code
		accepted   int
	}{
		"areas": {"areas", "code,name\n640104002,甲镇\n640104002,乙镇\n64010,丙\n640199001,丁\n640104003,\n", nil, []string{"3 id id_duplicate", "4 code area_code_invalid", "5 parent parent_unknown", "6 name name_missing"}, 1},
		"facilities": {
			"facilities", "id,kind,area,lon,lat\na,village_clinic,640104,106.27,38.46\na,village_clinic,640104,106.27,38.46\nb,village_clinic,640104,38.46,106.27\nc,village_clinic,640104,36500000,4260000\nd,rocket,999999,,\n",
			[]string{"--crs", "wgs84"},
			[]string{"3 id id_duplicate", "4 lon coordinates_swapped", "5 lon coordinates_metres", "6 area area_unknown", "6 kind kind_unknown"},
			1,
		},
		"another system": {"facilities", fmt.Sprintf("id,kind,area,lon,lat\ng,village_clinic,640104,%.6f,%.6f\n", lon, lat), []string{"--crs", "gcj02"}, nil, 1},
		"population":     {"population", "code,日期,total\n640104,2020-11-01,800\n640104,2020-11-01,900\n640104,yesterday,1\n640104,2020-11-02,many\n", nil, []string{"3 id id_duplicate", "4 日期 day_invalid", "4 日期 day_missing", "5 total number_invalid"}, 1},
		"points":         {"population", "id,area,lon,lat,people\np,640104,106.27,38.46,12\nq,640104,106.27,38.46,\nr,640104,106.27,,3\ns,640104,106.27,38.46,-3\n", []string{"--crs", "wgs84"}, []string{"3 people people_missing", "4 lat coordinate_invalid", "5 people number_negative"}, 1},
		"organisations":  {"organisations", "id,area,credit_code\no,640104,91110000802100433B\np,640104,91110000802100433C\n", nil, []string{"3 credit_code record_invalid"}, 1},
		"premises":       {"premises", "id,area,vacant,floor\np,640104,是,\"1,200\"\nq,640104,perhaps,1200\nr,640104,否,1200\n", nil, []string{"2 floor number_invalid", "3 vacant boolean_invalid"}, 1},
		"estates":        {"estates", "id,area,people\n,640104,30\ne,640104,30\n", nil, []string{"2 id id_missing"}, 1},
		"values": {
			"values", "area,element,2024\n640104,elder_beds,12\n999999,elder_beds,1\n640104,elder_bets,1\n640104001,elder_beds,a dozen\n640104,elder_beds,13\n",
			[]string{"--set", "source=yearbook"},
			[]string{"3 area", "4 element", "5 2024", "6"},
			1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := tell(t, append([]string{"--dir", dir, "import", c.kind, inFile(t, "list.csv", c.text), "--format", "csv"}, c.set...)...)
			want := 0
			if len(c.faults) > 0 {
				want = exitNo
			}
			if got.code != want {
				t.Fatalf("exit %d, want %d: %s%s", got.code, want, got.out, got.err)
			}
			lines := strings.Split(strings.TrimSpace(got.out), "\n")
			rows := lines[1 : len(lines)-1]
			if len(rows) != len(c.faults) {
				t.Fatalf("%d faults, want %d:\n%s", len(rows), len(c.faults), got.out)
			}
			for i, fault := range c.faults {
				if !strings.HasPrefix(strings.ReplaceAll(rows[i], ",", " "), fault) || strings.HasSuffix(rows[i], ",") {
					t.Errorf("fault %d is %s, want %s and a remedy", i+1, rows[i], fault)
				}
			}
			if !strings.Contains(lines[len(lines)-1], fmt.Sprint(c.accepted)) {
				t.Errorf("the sum is %s", lines[len(lines)-1])
			}
		})
	}
	// A list with positions in China that does not say its system is not taken.
	unsaid := tell(t, "--dir", dir, "import", "facilities", inFile(t, "list.csv", "id,kind,area,lon,lat\nu,village_clinic,640104,106.27,38.46\n"))
	if unsaid.code != exitInput || !strings.Contains(unsaid.err, "387 m") {
		t.Errorf("without a system: exit %d, %s", unsaid.code, unsaid.err)
	}
	for _, f := range facts(t, dir).Registry.Facilities() {
		if geo.Distance(f.At, geo.Point{Lon: 106.27, Lat: 38.46}) > 1 {
			t.Errorf("%s lies at %v", f.ID, f.At)
		}
	}
}

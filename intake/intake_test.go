package intake_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/intake"
	"lifecircle/plan"
	"lifecircle/plan/rule"
	"lifecircle/plans"
	"lifecircle/registry"
	"lifecircle/scenario"
)

func ningxia(t testing.TB) *plan.Package {
	t.Helper()
	pkg, faults := plan.Load(plans.Ningxia2025())
	if pkg == nil {
		t.Fatal(faults)
	}
	return pkg
}

// into is a prefecture with one county and one facility near Yinchuan.
func into(t testing.TB) intake.Into {
	t.Helper()
	s, err := registry.NewSnapshot(registry.Base{
		Areas: []registry.Area{
			{Code: "640100", Level: registry.Prefecture, Name: lifecircle.Name{ZH: "银川市"}, Provenance: lifecircle.Real},
			{Code: "640104", Parent: "640100", Level: registry.County, Name: lifecircle.Name{ZH: "兴庆区"}, Provenance: lifecircle.Real},
		},
		Facilities: []registry.Facility{{
			ID: "old", Area: "640104", Kind: "primary_school", At: geo.Point{Lon: 106.28, Lat: 38.47}, Source: "test.csv", Provenance: lifecircle.Real,
			Changes: []registry.Dated{{Since: registry.DayOf(rule.DateFrom(2024, 1, 1)), Fields: registry.Fields{"floor": rule.NumberOf(lifecircle.Int(900))}}},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return intake.Into{Registry: s, Plan: ningxia(t)}
}

func read(t testing.TB, file intake.File) intake.Outcome {
	t.Helper()
	out, err := intake.Read(file, into(t))
	if err != nil {
		t.Fatal(err)
	}
	if out.Rows != out.Accepted+len(out.Refused) {
		t.Errorf("%d rows, %d accepted and %d refused", out.Rows, out.Accepted, len(out.Refused))
	}
	return out
}

func codes(out intake.Outcome) []string {
	var all []string
	for _, f := range out.Faults {
		all = append(all, fmt.Sprintf("%d %s %s", f.Row, f.Column, f.Code))
		if f.Message == "" || f.Remedy == "" {
			all = append(all, "without message or remedy")
		}
	}
	return all
}

const facilities = "编号,名称,设施类型,区划代码,经度,纬度,对外开放,床位数,beds[nursing],启用日期,functions,无关\n" +
	"a,甲院,养老机构,640104,106.27,38.46,是,120,60,2022年3月1日,meals；baths,x\n" +
	"b,乙校,primary_school,兴庆区,106.26,38.45,否,,,,,\n"

func TestFacilities(t *testing.T) {
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(facilities)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"UTF-8": facilities, "with a mark": "\ufeff" + facilities, "GB18030": gb,
		"semicolons": strings.NewReplacer("；", "|", ",", ";").Replace(facilities), "tabs": strings.ReplaceAll(facilities, ",", "\t"),
		"blank lines": strings.ReplaceAll(facilities, "\n", "\n\n"),
	} {
		t.Run(name, func(t *testing.T) {
			out := read(t, intake.File{Name: "list.csv", Data: []byte(text), Kind: intake.Facilities, CRSGiven: true})
			if len(out.Faults) > 0 || out.Accepted != 2 || !slices.Equal(out.Ignored, []string{"无关"}) {
				t.Fatalf("%d accepted, faults %v, ignored %v", out.Accepted, codes(out), out.Ignored)
			}
			want := &registry.Facility{
				ID: "a", Area: "640104", Kind: "elder_home", Name: "甲院", At: geo.Point{Lon: 106.27, Lat: 38.46}, Public: true,
				Span: registry.Span{From: registry.DayOf(rule.DateFrom(2022, 3, 1))},
				Fields: registry.Fields{
					"beds": rule.NumberOf(lifecircle.Int(120)), "beds_nursing": rule.NumberOf(lifecircle.Int(60)), "functions": rule.TextsOf([]string{"meals", "baths"}),
				},
				Source: "list.csv", Provenance: lifecircle.Real,
			}
			same := cmp.Comparer(func(a, b rule.Value) bool { return a == b })
			days := cmp.Comparer(func(a, b registry.Day) bool { return a == b })
			if diff := cmp.Diff(want, out.Changes[0].Facility, same, days); diff != "" || out.Changes[0].Op != scenario.Add {
				t.Errorf("%s: %s", out.Changes[0].Op, diff)
			}
			if got := out.Changes[1].Facility; got.Area != "640104" || got.Kind != "primary_school" || got.Public {
				t.Errorf("the second row is %+v", got)
			}
		})
	}
}

// TestKeepsHistory: a list says how things are now and leaves what is dated.
func TestKeepsHistory(t *testing.T) {
	text := "id,kind,area,lon,lat\nold,primary_school,640104,106.28,38.47\n"
	out := read(t, intake.File{Name: "test.csv", Data: []byte(text), Kind: intake.Facilities, CRSGiven: true})
	if out.Unchanged != 1 || len(out.Changes) != 0 {
		t.Errorf("what is said already counts as %d unchanged, %d changes", out.Unchanged, len(out.Changes))
	}
	moved := strings.ReplaceAll(text, "106.28", "106.29")
	out = read(t, intake.File{Name: "test.csv", Data: []byte(moved), Kind: intake.Facilities, CRSGiven: true})
	if len(out.Changes) != 1 || out.Changes[0].Op != scenario.Amend || len(out.Changes[0].Facility.Changes) != 1 {
		t.Errorf("a moved facility becomes %+v", out.Changes)
	}
}

func TestDatum(t *testing.T) {
	for _, name := range []string{"gcj02", "bd09", "epsg:4545"} {
		crs, err := geo.ParseCRS(name)
		if err != nil {
			t.Fatal(err)
		}
		at := geo.Point{Lon: 106.27, Lat: 38.46}
		x, y := crs.Coordinates(at)
		text := fmt.Sprintf("id,kind,area,x,y\nn,primary_school,640104,%.9f,%.9f\n", x, y)
		out := read(t, intake.File{Name: "f.csv", Data: []byte(text), Kind: intake.Facilities, CRS: crs, CRSGiven: true})
		if len(out.Changes) != 1 || geo.Distance(out.Changes[0].Facility.At, at) > 0.01 {
			t.Errorf("%s: %v, faults %v", name, out.Changes, codes(out))
		}
	}
	// Where every system agrees, nobody needs to say which it is.
	text := "id,kind,area,lon,lat\nn,primary_school,640104,-51.2,-30.03\n"
	if _, err := intake.Read(intake.File{Name: "f.csv", Data: []byte(text), Kind: intake.Facilities}, into(t)); err != nil {
		t.Error(err)
	}
}

// TestRefusedRows: every fault of a row is named, and only faulty rows are refused.
func TestRefusedRows(t *testing.T) {
	text := `id,kind,area,lon,lat,beds,public,opened
good,primary_school,640104,106.27,38.46,,,
good,primary_school,640104,106.27,38.46,,,
,primary_school,640104,106.27,38.46,,,
swapped,primary_school,640104,38.46,106.27,,,
metres,primary_school,640104,36500000,4260000,,,
words,rocket,640104,east,38.46,many,perhaps,03/04/2025
nowhere,primary_school,,,,,,
unknown,primary_school,999999,106.27,38.46,-1,,
named,primary_school,金凤区,106.27,38.46,"1,200",,
wide,primary_school,640104,106.27,38.46,,,,,more
`
	out := read(t, intake.File{Name: "f.csv", Data: []byte(text), Kind: intake.Facilities, CRSGiven: true})
	want := []string{
		"3 id id_duplicate", "4 id id_missing", "5 lon coordinates_swapped", "6 lon coordinates_metres",
		"7 kind kind_unknown", "7 lon coordinate_invalid", "7 public boolean_invalid", "7 opened day_invalid", "7 beds number_invalid",
		"8 area area_missing", "9 area area_unknown", "9 beds number_negative", "10 area area_unknown", "10 beds number_invalid", "11  row_too_long",
	}
	if diff := cmp.Diff(want, codes(out)); diff != "" {
		t.Error(diff)
	}
	if out.Accepted != 1 {
		t.Errorf("%d accepted, want the first row alone", out.Accepted)
	}
	// What is written back holds every refused row as it came.
	var csvBack, xlsxBack bytes.Buffer
	if err := out.WriteRefusedCSV(&csvBack); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(csvBack.Bytes(), []byte("\ufeff")))).ReadAll()
	if err != nil || len(rows) != 1+len(out.Refused) {
		t.Errorf("%d rows come back as CSV, want a heading and %d: %v", len(rows), len(out.Refused), err)
	}
	if err := out.WriteRefusedXLSX(&xlsxBack); err != nil {
		t.Fatal(err)
	}
	again := read(t, intake.File{Name: "again.xlsx", Data: xlsxBack.Bytes(), Kind: intake.Facilities, CRSGiven: true})
	if again.Rows != len(out.Refused) || !slices.Contains(codes(again), "10  row_too_long") {
		t.Errorf("%d rows come back, want %d, with faults %v", again.Rows, len(out.Refused), codes(again))
	}
}

func TestSpreadsheet(t *testing.T) {
	data := spreadsheet(t, [][]any{
		{"编号", "设施类型", "区划代码", "经度", "纬度", "启用日期", "床位数"},
		{"a", "养老机构", 640104, 106.27, 38.46, 44621, 120},
	})
	out := read(t, intake.File{Name: "f.xlsx", Data: data, Kind: intake.Facilities, CRSGiven: true})
	if len(out.Changes) != 1 {
		t.Fatal(codes(out))
	}
	// Serial day 44621 of a spreadsheet is 1 March 2022.
	if f := out.Changes[0].Facility; f.From.String() != "2022-03-01" || f.Fields["beds"] != rule.NumberOf(lifecircle.Int(120)) || f.Area != "640104" {
		t.Errorf("the row is %+v", f)
	}
}

func spreadsheet(t testing.TB, rows [][]any) []byte {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	w, err := book.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		if err := w.SetRow(fmt.Sprintf("A%d", i+1), row); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

const features = `{"type":"FeatureCollection","features":[
{"type":"Feature","id":"p","properties":{"kind":"primary_school","area":"640104","beds":null,"functions":["meals","baths"]},"geometry":{"type":"Point","coordinates":[106.27,38.46,1100]}},
{"type":"Feature","properties":{"id":"q","kind":"primary_school","area":640104,"beds":12},"geometry":{"type":"Polygon","coordinates":[[[106,38],[106.2,38],[106.2,38.4],[106,38.4],[106,38]]]}}
]}`

func TestGeoJSON(t *testing.T) {
	out := read(t, intake.File{Name: "f.geojson", Data: []byte(features), Kind: intake.Facilities, CRSGiven: true})
	if len(out.Changes) != 2 {
		t.Fatal(codes(out))
	}
	p, q := out.Changes[0].Facility, out.Changes[1].Facility
	if p.At != (geo.Point{Lon: 106.27, Lat: 38.46}) || p.Fields["functions"] != rule.TextsOf([]string{"meals", "baths"}) {
		t.Errorf("the point is %+v", p)
	}
	if geo.Distance(q.At, geo.Point{Lon: 106.1, Lat: 38.2}) > 0.01 || q.Fields["beds"] != rule.NumberOf(lifecircle.Int(12)) {
		t.Errorf("the polygon is %+v", q)
	}
}

// TestBrokenGeometry: a feature whose geometry is none is refused by its row, with
// what is wrong with it, and the others are taken; a position written in its
// place repairs it.
func TestBrokenGeometry(t *testing.T) {
	file := intake.File{Name: "f.geojson", Kind: intake.Facilities, CRSGiven: true, Data: []byte(`{"type":"FeatureCollection","features":[
{"geometry":{"type":"Point","coordinates":[106.27,38.46]},"properties":{"id":"a","kind":"primary_school","area":"640104"}},
{"geometry":{"type":"Polygon","coordinates":[[[106.3,38.5],[106.31,38.5]]]},"properties":{"id":"b","kind":"primary_school","area":"640104"}},
{"geometry":{"type":"Point","coordinates":[106.28]},"properties":{"id":"c","kind":"primary_school","area":"640104"}},
{"geometry":{"type":"LineString","coordinates":[[106.2,38.4],[106.3,38.5]]},"properties":{"id":"d","kind":"primary_school","area":"640104"}}]}`)}
	out := read(t, file)
	if !slices.Equal(out.Refused, []int{3, 4, 5}) || len(out.Changes) != 1 || out.Changes[0].Facility.ID != "a" {
		t.Errorf("%d changes, refused %v: %v", len(out.Changes), out.Refused, codes(out))
	}
	for at, want := range map[int]string{3: "a ring needs four positions", 4: "a point needs two coordinates", 5: "LineString"} {
		said := slices.ContainsFunc(out.Faults, func(f intake.Fault) bool {
			return f.Row == at && f.Column == "lon" && f.Code == "coordinate_invalid" && strings.Contains(f.Message, want)
		})
		if !said {
			t.Errorf("row %d: want %q, got %+v", at, want, out.Faults)
		}
	}
	file.Repairs = map[int]map[string]string{3: {"lon": "106.3", "lat": "38.5"}}
	if out = read(t, file); len(out.Changes) != 2 || !slices.Equal(out.Refused, []int{4, 5}) {
		t.Errorf("after a repair: refused %v, %v", out.Refused, codes(out))
	}
}

// TestClerksList: a list in GB18030 under the headings of the page itself, with the
// two columns of coordinates swapped: each row is refused, and told what to do.
func TestClerksList(t *testing.T) {
	text := "编号,名称,类别,地区,经度,纬度\nT1,幸福小学,primary_school,640104,38.46,106.27\nT2,友谊小学,primary_school,640104,106.27,38.46\n"
	data, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	out := read(t, intake.File{Name: "名单.csv", Data: data, Kind: intake.Facilities, CRSGiven: true})
	if len(out.Changes) != 1 || out.Changes[0].Facility.Name != "友谊小学" || len(out.Faults) != 1 || out.Faults[0].Row != 2 || out.Faults[0].Code != "coordinates_swapped" {
		t.Errorf("%d changes, %+v", len(out.Changes), out.Faults)
	}
}

// TestRenamedSpreadsheet: a spreadsheet is read as one whatever it was renamed to.
func TestRenamedSpreadsheet(t *testing.T) {
	book := spreadsheet(t, [][]any{{"id", "kind", "area", "lon", "lat"}, {"a", "primary_school", "640104", 106.27, 38.46}})
	out := read(t, intake.File{Name: "f.csv", Data: book, Kind: intake.Facilities, CRSGiven: true})
	if len(out.Changes) != 1 || out.Changes[0].Facility.ID != "a" {
		t.Errorf("%d changes: %v", len(out.Changes), codes(out))
	}
}

// TestOutlines: polygons become the ground of areas, in WGS-84 and the right way
// round; a row whose polygon is none is refused and named, and the others taken.
func TestOutlines(t *testing.T) {
	const square = `[[[106,38],[106,38.4],[106.2,38.4],[106.2,38],[106,38]]]` // clockwise
	feature := func(properties, kind, coordinates string) string {
		return `{"type":"Feature","properties":` + properties + `,"geometry":{"type":"` + kind + `","coordinates":` + coordinates + `}}`
	}
	file := func(features ...string) intake.File {
		text := `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
		return intake.File{Name: "f.geojson", Data: []byte(text), Kind: intake.Areas, CRSGiven: true}
	}
	out := read(t, file(
		feature(`{"code":"640104","name":"兴庆区","source":"survey","provenance":"estimated"}`, "Polygon", square),
		feature(`{"code":"640105","name":"西夏区"}`, "MultiPolygon", `[`+square+`,[[[106.3,38],[106.4,38],[106.4,38.1],[106.3,38]]]]`),
		feature(`{"code":"640106","name":"金凤区"}`, "Polygon", `[[[106,38],[106.2,38.4],[106.2,38],[106,38.3],[106,38]]]`), // a bow tie
		feature(`{"code":"640121","name":"永宁县"}`, "Polygon", `[[[106,38],[106.2,38.4],[106.2,38]]]`),                     // not closed
		feature(`{"code":"640122","name":"贺兰县"}`, "Polygon", `[[[106,38],[106.2,38.4],[106.2],[106,38]]]`),
		feature(`{"code":"640181","name":"灵武市"}`, "Polygon", `[[[38,106],[38.4,106],[38.4,106.2],[38,106]]]`), // swapped
		`{"type":"Feature","properties":{"code":"640110","name":"新区"},"geometry":null}`,
	))
	want := []string{"4 geometry outline_invalid", "5 geometry outline_invalid", "6 geometry outline_invalid", "7 lon coordinates_swapped"}
	if diff := cmp.Diff(want, codes(out)); diff != "" {
		t.Error(diff)
	}
	if len(out.Changes) != 3 || len(out.Shapes) != 2 {
		t.Fatalf("%d changes and %d shapes", len(out.Changes), len(out.Shapes))
	}
	district := out.Changes[0].Area
	if *district.Outline != (registry.Outline{Shape: out.Shapes[0].Hash(), Source: "survey", Provenance: lifecircle.Estimated}) {
		t.Errorf("the outline is %+v", district.Outline)
	}
	ring := out.Shapes[0].Polygons()[0][0]
	if ring[0] != (geo.Point{Lon: 106, Lat: 38}) || ring[1] != (geo.Point{Lon: 106.2, Lat: 38}) {
		t.Errorf("the ring runs %v", ring)
	}
	if out.Changes[2].Area.Outline != nil {
		t.Error("an area without geometry has an outline")
	}
	shifted := file(feature(`{"code":"640104","name":"兴庆区"}`, "Polygon", square))
	shifted.CRS = geo.GCJ02
	if moved := read(t, shifted).Shapes[0].Bounds().Min; geo.Distance(moved, geo.Point{Lon: 106, Lat: 38}) < 300 {
		t.Errorf("a polygon in GCJ-02 stays at %v", moved)
	}
	shifted.CRSGiven = false
	if _, err := intake.Read(shifted, into(t)); lifecircle.ErrorCode(err) != "crs_missing" {
		t.Errorf("a polygon in China without a coordinate system: %v", err)
	}
}

// TestDrawKnownAreas: a file of codes and polygons alone draws areas that are
// known and leaves the rest of them as it is; a list without polygons leaves
// outlines as they are.
func TestDrawKnownAreas(t *testing.T) {
	const drawn = `{"type":"FeatureCollection","features":[
{"type":"Feature","id":640104,"properties":{},"geometry":{"type":"Polygon","coordinates":[[[106,38],[106.2,38],[106.2,38.4],[106,38]]]}},
{"type":"Feature","id":640105,"properties":{},"geometry":{"type":"Polygon","coordinates":[[[107,38],[107.2,38],[107.2,38.4],[107,38]]]}}]}`
	file := intake.File{Name: "f.geojson", Data: []byte(drawn), Kind: intake.Areas, CRSGiven: true}
	known := into(t)
	out, err := intake.Read(file, known)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"3 name name_missing"}, codes(out)); diff != "" || len(out.Changes) != 1 {
		t.Fatalf("%d changes, faults: %s", len(out.Changes), diff)
	}
	before, _ := known.Registry.Area("640104")
	got := *out.Changes[0].Area
	if got.Outline == nil || got.Name != before.Name || got.Parent != before.Parent || got.Source != before.Source {
		t.Errorf("the area is %+v", got)
	}
	if known.Registry, err = known.Registry.With([]registry.Edit{{Area: &got}}); err != nil {
		t.Fatal(err)
	}
	if again, err := intake.Read(file, known); err != nil || again.Unchanged != 1 || len(again.Shapes) > 0 {
		t.Errorf("the same again: %d unchanged, %d shapes, %v", again.Unchanged, len(again.Shapes), err)
	}
	list := intake.File{Name: "f.csv", Data: []byte("code,name\n640104,兴庆\n"), Kind: intake.Areas}
	renamed, err := intake.Read(list, known)
	if err != nil || len(renamed.Changes) != 1 || renamed.Changes[0].Area.Outline == nil {
		t.Errorf("a list of names: %+v, %v", renamed, err)
	}
}

// TestPeopleByAge: the groups of people that the plan's register names come in with
// population points; one larger than the whole is refused.
func TestPeopleByAge(t *testing.T) {
	const list = "id,area,lon,lat,people,people_65,people_under_3\n" +
		"a,640104,106.27,38.46,100,30,4\nb,640104,106.27,38.46,100,,\nc,640104,106.27,38.46,100,101,\nd,640104,106.27,38.46,100,1.5,\n"
	out := read(t, intake.File{Name: "p.csv", Data: []byte(list), Kind: intake.Population, CRSGiven: true})
	if diff := cmp.Diff([]string{"4 people point_invalid", "5 people_65 people_fraction"}, codes(out)); diff != "" || len(out.Changes) != 2 {
		t.Fatalf("%d changes, faults: %s", len(out.Changes), diff)
	}
	a, b := out.Changes[0].Point, out.Changes[1].Point
	if a.Groups != registry.GroupsOf(map[string]int64{"people_65": 30, "people_under_3": 4}) || !b.Groups.IsZero() {
		t.Errorf("groups %+v and %+v", a.Groups, b.Groups)
	}
}

func TestMapping(t *testing.T) {
	mapping, err := intake.ParseMapping([]byte("crs: wgs84\ncolumns: {X坐标: lon, Y坐标: lat, 机构代码: id}\nvalues: {kind: {社区医院: community_health_centre}}\nconstants: {area: \"640104\", source: 卫健委}\n"))
	if err != nil {
		t.Fatal(err)
	}
	text := "机构代码,类别,X坐标,Y坐标\nh,社区医院,106.27,38.46\n"
	out := read(t, intake.File{Name: "f.csv", Data: []byte(text), Kind: intake.Facilities, Mapping: mapping})
	if len(out.Changes) != 1 || out.Changes[0].Facility.Kind != "community_health_centre" || out.Changes[0].Facility.Source != "卫健委" {
		t.Errorf("%+v, faults %v", out.Changes, codes(out))
	}
	for text, want := range map[string]string{
		"colums: {a: b}": "mapping_invalid", "columns: [a]": "mapping_invalid", "columns: &x {a: id}": "mapping_invalid", "{": "mapping_invalid",
	} {
		if _, err := intake.ParseMapping([]byte(text)); lifecircle.ErrorCode(err) != want {
			t.Errorf("%s: got %v", text, err)
		}
	}
}

func TestOtherLists(t *testing.T) {
	for _, c := range []struct {
		kind, text string
		want       string // register of the first change, or its operation
		faults     []string
	}{
		{intake.Organisations, "id,名称,area,统一社会信用代码\na,甲,640104,91110000802100433B\nb,乙,640104,91110000802100433C\n", registry.OrganisationRegister, []string{"3 统一社会信用代码 record_invalid"}},
		{intake.Estates, "id,area,people,户数,stage\ne,640104,3000,1000,new\n", registry.ResidentialAreaRegister, nil},
		{intake.Premises, "id,area,闲置,建筑面积（㎡）\np,640104,是,350.5\n", registry.PremisesRegister, nil},
		{"link", "id,area,kind\nl,640104,agreement\n", registry.LinkRegister, nil},
		{intake.Population, "id,lon,lat,population,area\nc,106.27,38.46,120,640104\nd,106.27,38.46,1.5,640104\n", string(scenario.Point), []string{"3 population people_fraction"}},
		{intake.Population, "code,日期,total,m_0\n640104,2020-11-01,800,7\n640104,,1,1\n", registry.PopulationRegister, []string{"3 日期 day_missing"}},
		{intake.Areas, "code,name,kind\n640104001000,凤凰北街,街道\n640199001,新乡,乡\n64010400100x,x,村\n640104003,甲,火星\n", string(scenario.Area), []string{"3 parent parent_unknown", "4 code area_code_invalid", "5 kind kind_unknown"}},
	} {
		t.Run(c.kind, func(t *testing.T) {
			out := read(t, intake.File{Name: "f.csv", Data: []byte(c.text), Kind: c.kind, CRSGiven: true})
			if diff := cmp.Diff(c.faults, codes(out)); diff != "" {
				t.Error(diff)
			}
			if len(out.Changes) != 1 {
				t.Fatalf("%d changes", len(out.Changes))
			}
			got := string(out.Changes[0].Op)
			if out.Changes[0].Record != nil {
				got = out.Changes[0].Record.Register
			}
			if got != c.want {
				t.Errorf("the change is of %s, want %s", got, c.want)
			}
			if _, err := (scenario.Facts{Registry: into(t).Registry}).With(out.Changes); err != nil {
				t.Errorf("what was taken cannot be: %v", err)
			}
		})
	}
}

// TestBrokenFiles: a file that cannot be read is refused as a whole, by an error
// that a person can act on.
func TestBrokenFiles(t *testing.T) {
	book := spreadsheet(t, [][]any{{"id", "kind"}, {"a", "b"}})
	for name, c := range map[string]struct {
		file string
		data []byte
		want string
	}{
		"empty":                {"f.csv", nil, "file_empty"},
		"only blanks":          {"f.csv", []byte("\n\n"), "csv_invalid"},
		"cut in a quote":       {"f.csv", []byte("id,kind,area,lon,lat\n\"a,b"), "csv_invalid"},
		"neither UTF-8 nor GB": {"f.csv", []byte("id,kind\n\xff\xff\xff\n"), "csv_invalid"},
		"a mark and no UTF-8":  {"f.csv", []byte("\xef\xbb\xbfid\n\xff"), "csv_invalid"},
		"no text":              {"f.csv", []byte("id\x00kind"), "csv_invalid"},
		"no column":            {"f.csv", []byte("id,name\na,b\n"), "columns_invalid"},
		"two columns for one":  {"f.csv", []byte("id,编号,kind,area,lon,lat\n"), "columns_invalid"},
		"unknown system":       {"f.csv", []byte("id,kind,area,lon,lat\na,primary_school,640104,106.27,38.46\n"), "crs_missing"},
		"spreadsheet cut off":  {"f.xlsx", book[:len(book)/2], "xlsx_invalid"},
		"no spreadsheet":       {"f.xlsx", []byte("id,kind\n"), "xlsx_invalid"},
		"zip bomb":             {"f.xlsx", bomb(t, book), "xlsx_invalid"},
		"GeoJSON cut off":      {"f.geojson", []byte(features[:200]), "geojson_invalid"},
		"a feature alone":      {"f.geojson", []byte(`{"type":"Feature"}`), "geojson_invalid"},
		"a renamed old sheet":  {"f.csv", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "xlsx_invalid"},
		"unknown ending":       {"f.doc", []byte("x"), "format_unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := intake.Read(intake.File{Name: c.file, Data: c.data, Kind: intake.Facilities}, into(t))
			if lifecircle.ErrorCode(err) != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
			if len(out.Changes) > 0 {
				t.Error("something is taken all the same")
			}
		})
	}
	if _, err := intake.Read(intake.File{Name: "f.csv", Data: []byte("id\n"), Kind: "rockets"}, into(t)); lifecircle.ErrorCode(err) != "kind_unknown" {
		t.Errorf("an unknown list: %v", err)
	}
}

// bomb is a spreadsheet whose sheet inflates to 64 MB of blanks.
func bomb(t testing.TB, book []byte) []byte {
	t.Helper()
	from, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	to := zip.NewWriter(&out)
	for _, part := range from.File {
		w, err := to.Create(part.Name)
		if err != nil {
			t.Fatal(err)
		}
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(w, r); err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(part.Name, "xl/worksheets/") {
			for range 64 {
				if _, err := w.Write(bytes.Repeat([]byte(" "), 1<<20)); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestNingxia takes in the real codes and the real census, if they are at hand.
func TestNingxia(t *testing.T) {
	data := filepath.Join("..", "..", "shared", "data")
	divisions, err := os.ReadFile(filepath.Join(data, "admin", "ningxia_divisions_2023.csv"))
	if err != nil {
		t.Skipf("the codes of Ningxia are not at hand: %v", err)
	}
	census, err := os.ReadFile(filepath.Join(data, "population", "ningxia_census2020_county_age.csv"))
	if err != nil {
		t.Skipf("the census of Ningxia is not at hand: %v", err)
	}
	empty, err := registry.NewSnapshot(registry.Base{})
	if err != nil {
		t.Fatal(err)
	}
	to := intake.Into{Registry: empty, Plan: ningxia(t)}
	out, err := intake.Read(intake.File{Name: "divisions.csv", Data: divisions, Kind: intake.Areas}, to)
	if err != nil || out.Accepted != 3199 || len(out.Faults) > 0 {
		t.Fatalf("%d areas, %v, faults %v", out.Accepted, err, codes(out))
	}
	facts, err := scenario.Facts{Registry: empty}.With(out.Changes)
	if err != nil {
		t.Fatal(err)
	}
	kinds := make(map[string]int)
	for _, a := range facts.Registry.Areas() {
		kinds[a.Kind]++
	}
	want := map[string]int{
		"autonomous_region": 1, "prefecture_city": 5, "district": 9, "county": 11, "county_city": 2, "town": 103, "township": 90, "subdistrict": 50,
		"farm": 9, "other": 7, "villagers": 2214, "residents": 657, "quasi_villagers": 38, "quasi_residents": 3,
	}
	if !maps.Equal(kinds, want) {
		t.Errorf("kinds %v, want %v", kinds, want)
	}
	to.Registry = facts.Registry
	out, err = intake.Read(intake.File{Name: "census.csv", Data: census, Kind: intake.Population, Mapping: intake.Mapping{Constants: map[string]string{"opened": "2020-11-01"}}}, to)
	if err != nil || len(out.Faults) > 0 {
		t.Fatalf("%v, faults %v", err, codes(out))
	}
	if facts, err = facts.With(out.Changes); err != nil {
		t.Fatal(err)
	}
	for field, people := range map[string]int64{"total": 7202654, "age_65p": 692824, "age_0": 83027, "age_1_4": 406356} {
		if value, _ := facts.Registry.People("640000", field); value != rule.NumberOf(lifecircle.Int(people)) {
			t.Errorf("%s of the region is %v, want %d", field, value, people)
		}
	}
}

func FuzzCSV(f *testing.F) {
	gb, _ := simplifiedchinese.GB18030.NewEncoder().String(facilities)
	for _, seed := range []string{facilities, gb, "\ufeff" + facilities, "id,kind,area,lon,lat\n\"", "\xff\xfei\x00d\x00"} {
		f.Add([]byte(seed))
	}
	fuzz(f, "f.csv")
}

func FuzzGeoJSON(f *testing.F) {
	f.Add([]byte(features))
	fuzz(f, "f.geojson")
}

func FuzzXLSX(f *testing.F) {
	f.Add(spreadsheet(f, [][]any{{"id", "kind"}, {"a", 1}}))
	fuzz(f, "f.xlsx")
}

// fuzz reads anything as a file: it is refused by an error for people, or every
// row is accounted for and what was taken can be.
func fuzz(f *testing.F, name string) {
	to := into(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, kind := range []string{intake.Facilities, intake.Areas, intake.Population} {
			out, err := intake.Read(intake.File{Name: name, Data: data, Kind: kind, CRSGiven: true}, to)
			if err != nil {
				if lifecircle.ErrorCode(err) == "internal" {
					t.Fatalf("%s: %v", kind, err)
				}
				continue
			}
			if out.Rows != out.Accepted+len(out.Refused) {
				t.Fatalf("%s: %d rows, %d accepted, %d refused", kind, out.Rows, out.Accepted, len(out.Refused))
			}
			if _, err := (scenario.Facts{Registry: to.Registry}).With(out.Changes); err != nil && kind != intake.Areas {
				t.Fatalf("%s: what was taken cannot be: %v", kind, err)
			}
		}
	})
}

func FuzzMapping(f *testing.F) {
	f.Add([]byte("columns: {a: id}\nvalues: {kind: {a: b}}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := intake.ParseMapping(data); err != nil && lifecircle.ErrorCode(err) != "mapping_invalid" {
			t.Fatal(err)
		}
	})
}

// BenchmarkSpreadsheet reads 10,000 rows of which every tenth is faulty.
func BenchmarkSpreadsheet(b *testing.B) {
	rows := [][]any{{"编号", "名称", "设施类型", "区划代码", "经度", "纬度", "床位数", "对外开放"}}
	for i := range 10_000 {
		beds := any(i % 300)
		if i%10 == 0 {
			beds = "many"
		}
		rows = append(rows, []any{fmt.Sprintf("f%05d", i), "养老院", "养老机构", "640104", 106.2 + float64(i%100)/1000, 38.4 + float64(i/100)/1000, beds, "是"})
	}
	data, to := spreadsheet(b, rows), into(b)
	for b.Loop() {
		out, err := intake.Read(intake.File{Name: "f.xlsx", Data: data, Kind: intake.Facilities, CRSGiven: true}, to)
		if err != nil || out.Accepted != 9000 || len(out.Refused) != 1000 {
			b.Fatalf("%d accepted, %d refused, %v", out.Accepted, len(out.Refused), err)
		}
	}
}

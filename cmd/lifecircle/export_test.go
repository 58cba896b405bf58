package main

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"lifecircle"
	"lifecircle/engine"
	"lifecircle/export"
	"lifecircle/geo"
	"lifecircle/scenario"
)

// filled is the town with more of everything that lists hold: names that
// spreadsheets would reckon with, counts, estates, values of rival sources.
func filledTown(t *testing.T) string {
	t.Helper()
	dir := town(t)
	take := func(kind, text string, more ...string) {
		t.Helper()
		ok(t, append([]string{"--dir", dir, "import", kind, inFile(t, kind+".csv", text)}, more...)...)
	}
	take("facilities", "id,name,kind,area,lon,lat,public,opened,beds,floor,functions,source\n"+
		"g1,'=1+1 诊所,nursing_home,990101,106.2,38.4,是,2020-01-31,12.5,1050.25,洗澡；理发,OSM © ODbL 1.0\n"+
		"g2,\"-2+3, \"\"安康\"\"\",nursing_home,990102,106.21,38.41,,,,,,\n", "--crs", "wgs84")
	take("organisations", "id,area,name,credit_code,public\no1,990101,@市一院,,true\n")
	take("population", "area,opened,total,age_65p,source\n990101,2020-11-01,1200,130,census\n")
	take("estates", "id,area,name,households,lon,lat\ne1,990101,花园,300,106.2001,38.4001\ne2,990101,无位置,20,,\n", "--crs", "wgs84")
	take("values", "area,element,period,value,source,provenance\n"+
		"990101,doctors,2024,90,yearbook,real\n990101,doctors,2024,90.125,=bulletin,estimated\n990102,doctors,2024,-3,yearbook,estimated\n")
	return dir
}

// hashOf is the World.Hash of what a workspace holds, its streets aside.
func hashOf(t *testing.T, dir string) string {
	t.Helper()
	w, err := open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer w.db.Close()
	held := facts(t, dir)
	return engine.Build(engine.Parts{Root: townCode, Plan: w.plan, Facts: scenario.Facts{Registry: held.Registry.Under(townCode), Figures: held.Figures}}).Hash()
}

// TestExportComesBack: what goes out as CSV, XLSX or GeoJSON and into an empty
// workspace makes the same World.
func TestExportComesBack(t *testing.T) {
	dir := filledTown(t)
	want := hashOf(t, dir)
	for _, ending := range []string{".csv", ".xlsx", ".geojson"} {
		t.Run(ending, func(t *testing.T) {
			back := filepath.Join(t.TempDir(), "back")
			ok(t, "init", back, "--plan", filepath.Join(dir, "plan"))
			for _, kind := range []string{"areas", "organisations", "facilities", "population_point", "population", "estates", "values"} {
				file := filepath.Join(t.TempDir(), kind+ending)
				out := decoded[exportAnswer](t, "--dir", dir, "export", kind, "-o", file)
				in := decoded[importAnswer](t, "--dir", back, "import", kind, file)
				if out.Rows == 0 || in.Rows != out.Rows || in.Accepted != out.Rows {
					t.Errorf("%s: %d rows out, %d in, %d taken: %+v", kind, out.Rows, in.Rows, in.Accepted, in.Faults)
				}
			}
			if got := hashOf(t, back); got != want {
				t.Errorf("the World is another one")
			}
		})
	}
	if hashOf(t, dir) != want {
		t.Error("exporting changed the workspace")
	}
}

// TestExportGuards: a text that a spreadsheet would reckon with is guarded, a
// number is not.
func TestExportGuards(t *testing.T) {
	dir := filledTown(t)
	file := filepath.Join(t.TempDir(), "f.csv")
	ok(t, "--dir", dir, "export", "facilities", "-o", file, "--kind", "nursing_home")
	rows := table(t, file)
	if got := rows[0]["name"]; got != "'=1+1 诊所" {
		t.Errorf("name %q", got)
	}
	if got := rows[1]["name"]; got != `'-2+3, "安康"` {
		t.Errorf("name %q", got)
	}
	first := rows[0]
	for column, want := range map[string]string{
		"beds": "12.5", "floor": "1050.25", "opened": "2020-01-31", "public": "true", "functions": "洗澡;理发",
		"licence": "ODbL-1.0", "provenance": "real", "lon": "106.2", "crs": "wgs84",
	} {
		if first[column] != want {
			t.Errorf("%s is %q, want %q", column, first[column], want)
		}
	}
	if rows[1]["licence"] != "" || rows[1]["beds"] != "" {
		t.Errorf("what nobody said is said: %v", rows[1])
	}
	values := filepath.Join(t.TempDir(), "v.csv")
	ok(t, "--dir", dir, "export", "values", "-o", values, "--area", "990102", "--kind", "doctors", "--period", "2024")
	if rows := table(t, values); len(rows) != 1 || rows[0]["value"] != "-3" {
		t.Errorf("values of 990102: %v", rows)
	}
}

// table reads a CSV file as rows by heading.
func table(t *testing.T, path string) []map[string]string {
	t.Helper()
	all := readCSV(t, path)
	rows := make([]map[string]string, len(all)-1)
	for i, cells := range all[1:] {
		rows[i] = make(map[string]string)
		for k, cell := range cells {
			rows[i][all[0][k]] = cell
		}
	}
	return rows
}

func TestExportFilters(t *testing.T) {
	dir := filledTown(t)
	count := func(args ...string) int {
		t.Helper()
		file := filepath.Join(t.TempDir(), "x.csv")
		return decoded[exportAnswer](t, append([]string{"--dir", dir, "export", "-o", file}, args...)...).Rows
	}
	all, one, other := count("population_point"), count("population_point", "--area", "990101"), count("population_point", "--area", "990102")
	if one == 0 || other == 0 || one+other != all {
		t.Errorf("%d points, %d and %d in the districts", all, one, other)
	}
	if got := count("areas", "--kind", "county"); got != 2 {
		t.Errorf("%d counties", got)
	}
	if got := count("facilities", "--kind", "nursing_home", "--on", "2020-01-30"); got != 1 {
		t.Errorf("%d care homes the day before one opened, want 1", got)
	}
	if got := count("values", "--period", "2023"); got != 0 {
		t.Errorf("%d values of 2023", got)
	}
	evaluated := decoded[struct{ Results []json.RawMessage }](t, "--dir", dir, "evaluate")
	if got := count("results"); got != len(evaluated.Results) || got == 0 {
		t.Errorf("%d results, evaluate has %d", got, len(evaluated.Results))
	}
	file := filepath.Join(t.TempDir(), "r.csv")
	ok(t, "--dir", dir, "export", "results", "--kind", "sport.fitness_10min", "--area", "990101", "-o", file)
	for _, row := range table(t, file) {
		if row["indicator"] != "sport.fitness_10min" || row["area"] != "990101" || row["source"] == "" || row["provenance"] != "generated" {
			t.Errorf("result %v", row)
		}
	}
}

func TestExportRefuses(t *testing.T) {
	dir := filledTown(t)
	nowhere := filepath.Join(t.TempDir(), "x.csv")
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"no file":             {[]string{"areas"}, exitUse, "-o FILE"},
		"another ending":      {[]string{"areas", "-o", "x.pdf"}, exitInput, ".gpkg"},
		"no such list":        {[]string{"dragons", "-o", nowhere}, exitInput, "no list"},
		"no such area":        {[]string{"areas", "--area", "110000", "-o", nowhere}, exitInput, "110000"},
		"no such kind":        {[]string{"facilities", "--kind", "dragon", "-o", nowhere}, exitInput, "dragon"},
		"no such element":     {[]string{"values", "--kind", "dragons", "-o", nowhere}, exitInput, "dragons"},
		"no such indicator":   {[]string{"results", "--kind", "dragons", "-o", nowhere}, exitInput, "dragons"},
		"a period of places":  {[]string{"facilities", "--period", "2024", "-o", nowhere}, exitInput, "--on"},
		"a day of results":    {[]string{"results", "--on", "2024-01-01", "-o", nowhere}, exitUse, "--period"},
		"no day":              {[]string{"areas", "--on", "soon", "-o", nowhere}, exitUse, "2025-06-30"},
		"GCJ-02 as GeoJSON":   {[]string{"facilities", "--crs", "gcj02", "-o", filepath.Join(t.TempDir(), "x.geojson")}, exitInput, "crs"},
		"a folder not there":  {[]string{"areas", "-o", filepath.Join(t.TempDir(), "no", "x.csv")}, exitInput, "no"},
		"before all was said": {[]string{"areas", "--as-of", "2001-01-01", "-o", nowhere}, exitInput, "nothing was recorded"},
	} {
		got := tell(t, append([]string{"--dir", dir, "export"}, c.args...)...)
		if got.code != c.code || !strings.Contains(got.err, c.says) {
			t.Errorf("%s: exit %d, %s", name, got.code, got.err)
		}
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(nowhere), "*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	// A list that breaks off leaves what was there.
	if err := os.WriteFile(nowhere, []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	list := export.List{Name: "cut", Rows: func(yield func(export.Row) bool) {
		for range 3 {
			stop()
			if !yield(export.Row{}) {
				return
			}
		}
	}}
	if _, err := export.File(ctx, nowhere, list); err == nil {
		t.Error("a list that broke off was written")
	}
	if text, err := os.ReadFile(nowhere); err != nil || string(text) != "before" {
		t.Errorf("the file holds %q, %v", text, err)
	}
}

// TestExportCRS: positions in GCJ-02 come back to where they were, because the
// file says what they are in.
func TestExportCRS(t *testing.T) {
	dir := filledTown(t)
	areas := filepath.Join(t.TempDir(), "areas.csv")
	ok(t, "--dir", dir, "export", "areas", "-o", areas)
	for _, crs := range []string{"gcj02", "epsg:4544"} {
		file := filepath.Join(t.TempDir(), "f.xlsx")
		ok(t, "--dir", dir, "export", "facilities", "--kind", "nursing_home", "--crs", crs, "-o", file)
		back := filepath.Join(t.TempDir(), "back")
		ok(t, "init", back, "--plan", filepath.Join(dir, "plan"))
		ok(t, "--dir", back, "import", "areas", areas)
		ok(t, "--dir", back, "import", "facilities", file)
		was, _ := facts(t, dir).Registry.Facility("g1")
		is, _ := facts(t, back).Registry.Facility("g1")
		if off := geo.Distance(was.At, is.At); off > 0.01 {
			t.Errorf("%s: %g m off", crs, off)
		}
	}
	mixed := inFile(t, "mixed.csv", "id,kind,area,lon,lat,crs\nm1,nursing_home,990101,106.2,38.4,gcj02\nm2,nursing_home,990101,106.2,38.4,wgs84\n")
	if got := tell(t, "--dir", dir, "import", "facilities", mixed); got.code != exitInput || !strings.Contains(got.err, "row 3 is in wgs84") {
		t.Errorf("two systems in one file: %+v", got)
	}
}

// TestExportOpens: GDAL, which nobody here wrote, finds the same rows in the same
// place.
func TestExportOpens(t *testing.T) {
	gdal, err := exec.LookPath("ogrinfo")
	if err != nil {
		t.Skip("ogrinfo is not installed: scripts/setup.sh installs it (gdal-bin)")
	}
	dir := filledTown(t)
	extent := regexp.MustCompile(`Extent: \((\S+), (\S+)\) - \((\S+), (\S+)\)`)
	for _, c := range []struct{ kind, file, crs, says string }{
		{"facilities", "f.gpkg", "wgs84", `ID["EPSG",4326]`},
		{"facilities", "f.geojson", "wgs84", `ID["EPSG",4326]`},
		{"facilities", "c.gpkg", "cgcs2000", `ID["EPSG",4490]`},
		{"facilities", "c.geojson", "cgcs2000", `ID["EPSG",4490]`},
		{"estates", "e.gpkg", "wgs84", "households: Real"},
		{"values", "v.gpkg", "wgs84", "Geometry: None"},
		{"areas", "a.gpkg", "wgs84", "from: Date"},
	} {
		file := filepath.Join(t.TempDir(), c.file)
		done := decoded[exportAnswer](t, "--dir", dir, "export", c.kind, "--crs", c.crs, "-o", file)
		told, err := exec.CommandContext(t.Context(), gdal, "-al", "-so", file).CombinedOutput()
		out := string(told)
		if err != nil || strings.Contains(out, "Warning") || strings.Contains(out, "ERROR") {
			t.Errorf("%s: %v\n%s", c.file, err, out)
			continue
		}
		if !strings.Contains(out, "Feature Count: "+jsonOf(t, done.Rows)+"\n") || !strings.Contains(out, c.says) {
			t.Errorf("%s: want %d features and %s\n%s", c.file, done.Rows, c.says, out)
		}
		if done.Placed == 0 {
			continue
		}
		sides := extent.FindStringSubmatch(out)
		for i, side := range done.Bounds {
			var got float64
			if sides == nil || json.Unmarshal([]byte(sides[i+1]), &got) != nil || got-side > 1e-6 || side-got > 1e-6 {
				t.Errorf("%s: extent %v, want %v", c.file, sides, done.Bounds)
				break
			}
		}
	}
}

func jsonOf(t *testing.T, value any) string {
	t.Helper()
	out, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// TestExportOutlines: areas take their ground along to maps, GDAL finds it there,
// and it comes back; a county that splits keeps the ground it had for the days before.
func TestExportOutlines(t *testing.T) {
	dir := filledTown(t)
	ok(t, "--dir", dir, "import", "areas", inFile(t, "ground.geojson", `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},"features":[
		{"type":"Feature","properties":{"code":"990101","name":"河西区","parent":"990100","level":"county"},"geometry":{"type":"MultiPolygon","coordinates":[[[[106.1,38.3],[106.2,38.3],[106.2,38.4],[106.1,38.4],[106.1,38.3]]],[[[106.3,38.3],[106.4,38.3],[106.4,38.4],[106.3,38.3]]]]}},
		{"type":"Feature","properties":{"code":"990102","name":"河东区","parent":"990100","level":"county"},"geometry":{"type":"Polygon","coordinates":[[[106.2,38.3],[106.3,38.3],[106.3,38.4],[106.2,38.4],[106.2,38.3]]]}}]}`))
	file := filepath.Join(t.TempDir(), "areas.geojson")
	done := decoded[exportAnswer](t, "--dir", dir, "export", "areas", "-o", file)
	if done.Rows != 3 || done.Placed != 2 || done.Bounds[0] != 106.1 || done.Bounds[2] != 106.4 {
		t.Errorf("%+v", done)
	}
	ok(t, "--dir", dir, "export", "areas", "-o", filepath.Join(t.TempDir(), "areas.parquet"))
	if gdal, err := exec.LookPath("ogrinfo"); err != nil {
		t.Log("ogrinfo is not installed: the GeoPackage is not opened")
	} else {
		pack := filepath.Join(t.TempDir(), "areas.gpkg")
		ok(t, "--dir", dir, "export", "areas", "-o", pack)
		out, err := exec.CommandContext(t.Context(), gdal, "-al", "-so", pack).CombinedOutput()
		for _, says := range []string{"Geometry: Multi Polygon", "Feature Count: 3", "Extent: (106.100000, 38.300000) - (106.400000, 38.400000)"} {
			if err != nil || !strings.Contains(string(out), says) {
				t.Errorf("no %s: %v\n%s", says, err, out)
			}
		}
	}
	want := facts(t, dir).Registry
	back := filepath.Join(t.TempDir(), "back")
	ok(t, "init", back, "--plan", filepath.Join(dir, "plan"))
	ok(t, "--dir", back, "import", "areas", file)
	for _, code := range []lifecircle.AreaCode{"990101", "990102"} {
		was, _ := want.Area(code)
		is, _ := facts(t, back).Registry.Area(code)
		if is.Outline == nil || was.Outline.Shape != is.Outline.Shape {
			t.Errorf("%s lies on other ground: %+v", code, is.Outline)
		}
	}
	ok(t, "--dir", dir, "area", "split", "990101", "--into", "990101", "--into", "990103=新区", "--date", "2024-07-01")
	for day, placed := range map[string]int{"2024-06-30": 2, "2024-07-01": 1} {
		if got := decoded[exportAnswer](t, "--dir", dir, "export", "areas", "-o", file, "--on", day); got.Placed != placed {
			t.Errorf("%s: %d areas with ground, want %d", day, got.Placed, placed)
		}
	}
}

package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lifecircle"
	"lifecircle/internal/testcity/sample"
	"lifecircle/registry"
	"lifecircle/report"
)

// TestPortoAlegre is the example of docs/guide/porto-alegre.md: real streets, bus
// stops, people, schools and places of health care are taken in by the commands
// printed there and measured on foot; the shares are those of a brute force over the
// same files.
func TestPortoAlegre(t *testing.T) {
	extract := sample.Shared(t, "porto-alegre-2020.osm.pbf")
	grid := filepath.Join(filepath.Dir(extract), "..", "poa", "poa_hexgrid.csv")
	text, err := os.ReadFile(grid)
	if err != nil {
		t.Skipf("no sample: %v", err)
	}
	t.Setenv(databaseVariable, "")
	cells, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	places := "id,kind,lon,lat\n"
	for _, cell := range cells[1:] { // id,lon,lat,population,schools,jobs,healthcare
		for column, kind := range map[int]string{4: "school", 6: "health_place"} {
			if cell[column] != "0" && cell[column] != "" {
				places += fmt.Sprintf("%s/%s,%s,%s,%s\n", kind, cell[0], kind, cell[1], cell[2])
			}
		}
	}
	dir, net := filepath.Join(t.TempDir(), "poa"), filepath.Join(t.TempDir(), "poa.lcn")
	ok(t, "init", dir, "--plan", filepath.Join("testdata", "porto-alegre"))
	ok(t, "--dir", dir, "import", "areas", inFile(t, "areas.csv", "code,name,name_en,parent,level\n990300,阿雷格里港,Porto Alegre,,prefecture\n"), "--set", "source=example")
	ok(t, "network", "build", extract, "-o", net)
	ok(t, "--dir", dir, "import", "network", net)
	ok(t, "--dir", dir, "import", "population", grid, "--set", "area=990300", "--set", "source=r5r")
	ok(t, "--dir", dir, "import", "facilities", inFile(t, "places.csv", places), "--set", "area=990300", "--set", "source=r5r")
	stops := decoded[mapAnswer](t, "--dir", dir, "import", "osm", extract, "--facilities", "--set", "area=990300")
	if stops.New != 1054 || stops.Rows != stops.New {
		t.Errorf("bus stops: %+v", stops)
	}

	city, streets := facts(t, dir).Registry, streetsOf(t, dir, "990300")
	evaluation := decoded[report.Evaluation](t, "--dir", dir, "evaluate")
	for _, c := range []struct {
		indicator, kind string
		metres, places  int
	}{
		{"reach.school", "school", 1200, 177}, {"reach.health", "health_place", 1200, 117}, {"reach.bus", "bus_stop", 500, 1054},
	} {
		var of []*registry.Facility
		for _, f := range city.Facilities() {
			if f.Kind == c.kind {
				of = append(of, f)
			}
		}
		if len(of) != c.places {
			t.Errorf("%s: %d places, want %d", c.kind, len(of), c.places)
		}
		var near, unknown, all int64
		for i, metres := range bruteForce(t, streets, city.Points(), of) {
			people := city.Points()[i].People
			all += people
			switch {
			case metres == offStreet:
				unknown += people
			case metres <= 10*c.metres:
				near += people
			}
		}
		share := func(people int64) float64 {
			n, _ := lifecircle.Ratio(100*people, all)
			return n.Float64()
		}
		r := result(t, evaluation, c.indicator, "", "990300")
		if all != 812935 || unknown == 0 || r.Value != nil || r.Lower == nil || *r.Lower != share(near) || *r.Upper != share(near+unknown) || r.Provenance != string(lifecircle.Real) {
			t.Errorf("%s: %+v; brute force: %d of %d people near, %d unknown (%.2f to %.2f %%)", c.indicator, r, near, all, unknown, share(near), share(near+unknown))
		}
		t.Logf("%s: %.2f to %.2f %% of %d people", c.indicator, share(near), share(near+unknown), all)
	}
}

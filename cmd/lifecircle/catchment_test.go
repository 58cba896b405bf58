package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb/geojson"

	"lifecircle/internal/testcity/sample"
)

// On the street of 1 km with its side street: west 10 and east 30 places; p at 200
// m with 100 people, q at the crossing with 200, far off the map with 5.
func TestCatchmentsByArithmetic(t *testing.T) {
	t.Parallel()
	city, net := townFile(t, sideStreet)
	facilities := inFile(t, "f.csv", "id,lon,lat,capacity,beds,name\n"+
		pointAt(city, "west", 1, 1)+",10,1.5,W\n"+pointAt(city, "east", 1, 11)+",30,-2,E\n"+"lost,100,0,7,4,L\n")
	demand := inFile(t, "d.csv", "id,lon,lat,weight\n"+
		pointAt(city, "p", 1, 3)+",100\n"+pointAt(city, "q", 1, 6)+",200\n"+"far,100,0,5\n")
	asked := inFile(t, "p.csv", "id,lon,lat\n"+pointAt(city, "r", 1, 2)+"\n")

	// 6.25 minutes are 500 m: west serves p and q, 10/300; east q alone, 30/200.
	ratios := filepath.Join(t.TempDir(), "r.csv")
	got := succeed(t, "access", "catchment", net, "--facilities", facilities, "--demand", demand, "--minutes", "6.25", "--method", "2sfca", "--facilities-out", ratios, "--format", "csv")
	if want := "id,score\np,0.03333333333\nq,0.18333333333\nfar,\n"; got.stdout != want {
		t.Errorf("2sfca:\n%swant\n%s", got.stdout, want)
	}
	text, err := os.ReadFile(ratios)
	if want := "id,ratio\nwest,0.03333333333\neast,0.15\nlost,\n"; err != nil || string(text) != want {
		t.Errorf("ratios %v:\n%swant\n%s", err, text, want)
	}
	for method, want := range map[string]string{
		// 10 minutes are 800 m. p: west at 200 m in the first third (1), east at 800 m
		// in the last (0.22). q: both at 500 m, in the second (0.68).
		// west: 10/(100 + 136) = 0.042372881; east: 30/(22 + 136) = 0.189873418.
		"e2sfca": "p,0.084145033254\nq,0.157927483373\n",
		// west: A_p = 10·1/236 …; squares: p 1 and 0.0484, q 0.4624 both.
		"m2sfca": "p,0.051562754774\nq,0.107390688694\n",
	} {
		got := succeed(t, "access", "catchment", net, "--facilities", facilities, "--demand", demand, "--minutes", "10", "--method", method, "--format", "csv")
		// Weights are kept in 2^-30: nine decimals agree.
		for _, row := range strings.Split(strings.TrimSpace(want), "\n") {
			if !strings.Contains(got.stdout, row[:len(row)-4]) {
				t.Errorf("%s:\n%swant %s", method, got.stdout, row)
			}
		}
	}
	// Gravity without decay within a third: zones give west whole to r, 100 m away.
	gravity := succeed(t, "access", "catchment", net, "--facilities", facilities, "--demand", demand, "--points", asked, "--minutes", "5", "--method", "gravity", "--decay", "zones", "--format", "csv")
	if want := "id,score\nr,10\n"; gravity.stdout != want {
		t.Errorf("gravity:\n%swant\n%s", gravity.stdout, want)
	}
	agents := succeed(t, "access", "catchment", net, "--facilities", facilities, "--demand", demand, "--minutes", "30", "--method", "raam", "--format", "csv")
	if !strings.Contains(agents.stdout, "far,\n") || strings.Contains(agents.stdout, "p,\n") {
		t.Errorf("raam:\n%s", agents.stdout)
	}

	// West covers p; both cover q; whoever meets no street is not known of.
	kinds := inFile(t, "k.csv", "id,lon,lat,kind\n"+pointAt(city, "west", 1, 1)+",school\n"+pointAt(city, "east", 1, 11)+",park\n"+"lost,100,0,pool\n")
	coverage := succeed(t, "access", "coverage", net, "--facilities", kinds, "--demand", demand, "--minutes", "6.25", "--format", "csv")
	if want := "kind,facilities,people,covered,unknown,share\npark,1,305,200,5,0.66666666667\npool,1,305,0,5,0\nschool,1,305,300,5,1\n"; coverage.stdout != want {
		t.Errorf("coverage:\n%swant\n%s", coverage.stdout, want)
	}
	if !strings.Contains(coverage.stderr, "1 of 3 facilities meet no street") || !strings.Contains(coverage.stderr, "1 of 3 points meet no street") {
		t.Errorf("coverage says %q", coverage.stderr)
	}

	// Sums take every column of numbers and leave the names.
	sum := succeed(t, "access", "sum", net, "--facilities", facilities, "--points", demand, "--minutes", "6.25", "--format", "csv")
	if want := "id,capacity,beds\np,10,1.5\nq,40,-0.5\nfar,,\n"; sum.stdout != want {
		t.Errorf("sum:\n%swant\n%s", sum.stdout, want)
	}
	matrix := succeed(t, "access", "matrix", net, "--facilities", facilities, "--points", demand, "--minutes", "6.25", "--format", "csv")
	want := `from,to,metres,seconds,state
p,east,,,unreachable
q,east,500.0,375,ok
far,east,,,unsnapped
p,lost,,,unsnapped
q,lost,,,unsnapped
far,lost,,,unsnapped
p,west,200.0,150,ok
q,west,500.0,375,ok
far,west,,,unsnapped
`
	if matrix.stdout != want {
		t.Errorf("matrix:\n%swant\n%s", matrix.stdout, want)
	}

	iso := succeed(t, "access", "isochrone", net, "--facilities", facilities, "--minutes", "2.5")
	var collection geojson.FeatureCollection
	if err := json.Unmarshal([]byte(iso.stdout), &collection); err != nil {
		t.Fatalf("%v in\n%s", err, iso.stdout)
	}
	if len(collection.Features) != 3 || collection.Features[0].Geometry.GeoJSONType() != "MultiPolygon" || collection.Features[2].Properties["state"] != "unsnapped" {
		t.Errorf("isochrones: %s", iso.stdout)
	}
	// 200 m of a street of 100 m width, to one side only.
	if area := collection.Features[0].Properties.MustFloat64("square_metres"); area < 14_000 || area > 28_000 {
		t.Errorf("west is reached from %v m²", area)
	}

	for name, c := range map[string]struct {
		args []string
		code int
		want string
	}{
		"no demand":       {[]string{"access", "catchment", net, "--facilities", facilities}, exitUse, "--demand"},
		"no such method":  {[]string{"access", "catchment", net, "--facilities", facilities, "--demand", demand, "--method", "4sfca"}, exitUse, "4sfca"},
		"no such decay":   {[]string{"access", "catchment", net, "--facilities", facilities, "--demand", demand, "--decay", "cliff"}, exitUse, "cliff"},
		"no people":       {[]string{"access", "catchment", net, "--facilities", facilities, "--demand", asked}, exitInput, "no column weight"},
		"no capacity":     {[]string{"access", "catchment", net, "--facilities", asked, "--demand", demand}, exitInput, "no column capacity"},
		"nothing to sum":  {[]string{"access", "sum", net, "--facilities", asked}, exitInput, "no column of numbers"},
		"zero minutes":    {[]string{"access", "counts", net, "--facilities", asked, "--minutes", "0"}, exitUse, "--minutes"},
		"not built by it": {[]string{"access", "counts", net, "--facilities", asked, "--mode", "car"}, exitInput, "build it with --profiles"},
	} {
		if o := lifecircleCommand(t, c.args...); o.code != c.code || !strings.Contains(o.stderr, c.want) {
			t.Errorf("%s: exit %d, %q, want %d with %q", name, o.code, o.stderr, c.code, c.want)
		}
	}
}

// A matrix by the index equals one by a search for each facility, and the index is
// kept and used again.
func TestMatrixByIndex(t *testing.T) {
	t.Parallel()
	extract := sample.Shared(t, "porto-alegre-2020.osm.pbf")
	dir := t.TempDir()
	net := filepath.Join(dir, "n.lcn")
	succeed(t, "network", "build", extract, "-o", net, "--profiles", "walk,car")
	var facilities, points strings.Builder
	facilities.WriteString("id,lon,lat\n")
	points.WriteString("id,lon,lat\n")
	random := rand.New(rand.NewPCG(3, 3))
	for i := range 30 {
		for _, out := range []*strings.Builder{&facilities, &points} {
			fmt.Fprintf(out, "%d,%.6f,%.6f\n", i, -51.22+0.05*random.Float64(), -30.07+0.05*random.Float64())
		}
	}
	f, p := inFile(t, "f.csv", facilities.String()), inFile(t, "p.csv", points.String())
	for _, mode := range []string{"walk", "car"} {
		matrix := func(args ...string) outcome {
			return succeed(t, append([]string{"access", "matrix", net, "--facilities", f, "--points", p, "--mode", mode, "--format", "csv"}, args...)...)
		}
		searched := matrix("--minutes", "10000")
		indexed := matrix()
		if searched.stdout != indexed.stdout || strings.Count(indexed.stdout, ",ok\n") < 400 {
			t.Errorf("%s: by search\n%.500s\nby index\n%.500s", mode, searched.stdout, indexed.stdout)
		}
		if _, err := os.Stat(net + ".index"); err != nil {
			t.Errorf("the index was not kept: %v", err)
		}
		// A damaged index is told and made anew.
		if err := os.WriteFile(net+".index", []byte("nonsense"), 0o600); err != nil {
			t.Fatal(err)
		}
		if again := matrix(); again.stdout != indexed.stdout || !strings.Contains(again.stderr, "made anew") {
			t.Errorf("%s: after damage %q", mode, again.stderr)
		}
	}
}

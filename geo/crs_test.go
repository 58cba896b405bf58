package geo_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"lifecircle/geo"
)

// yinchuan is the drum tower of Yinchuan, where GCJ-02 is a third of a 15-minute
// walk off.
var yinchuan = geo.Point{Lon: 106.2733, Lat: 38.4663}

func TestShiftAtYinchuan(t *testing.T) {
	lon, lat := geo.GCJ02.Coordinates(yinchuan)
	if off := geo.Distance(yinchuan, geo.Point{Lon: lon, Lat: lat}); math.Abs(off-388) > 5 {
		t.Errorf("GCJ-02 is %.0f m off at Yinchuan, want about 388", off)
	}
	if lon, lat := geo.GCJ02.Coordinates(geo.Point{Lon: -51.2, Lat: -30}); lon != -51.2 || lat != -30 {
		t.Errorf("GCJ-02 shifts Porto Alegre to %v, %v", lon, lat)
	}
}

func TestParseCRS(t *testing.T) {
	for _, name := range []string{"wgs84", "cgcs2000", "gcj02", "bd09", "epsg:4491", "epsg:4512", "epsg:4533", "epsg:4545"} {
		crs, err := geo.ParseCRS(strings.ToUpper(name))
		if err != nil || crs.String() != name {
			t.Errorf("%s: got %v, %v", name, crs, err)
		}
	}
	for _, name := range []string{"epsg:4555", "epsg:3857", "epsg:x", "beijing54"} {
		if _, err := geo.ParseCRS(name); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// places are spread over China, and over each zone in turn.
func places(n int) []geo.Point {
	rng := rand.New(rand.NewPCG(4490, 1))
	out := []geo.Point{yinchuan}
	for range n {
		out = append(out, geo.Point{Lon: 74 + rng.Float64()*61, Lat: 18 + rng.Float64()*35})
	}
	return out
}

func TestThereAndBack(t *testing.T) {
	for _, name := range []string{"wgs84", "cgcs2000", "gcj02", "bd09", "epsg:4507", "epsg:4523", "epsg:4544"} {
		crs, err := geo.ParseCRS(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range places(2000) {
			if crs.Projected() && math.Abs(p.Lon-105) > 5.9 {
				continue
			}
			back, ok := crs.Point(crs.Coordinates(p))
			if off := geo.Distance(p, back); !ok || off > 0.001 {
				t.Fatalf("%s: %v comes back %v, %g m off", name, p, back, off)
			}
		}
	}
}

func TestNoneOfTheSystem(t *testing.T) {
	zone, _ := geo.ParseCRS("epsg:4545")
	for _, c := range []struct {
		crs  geo.CRS
		x, y float64
	}{
		{geo.WGS84, 500_000, 4_260_000},
		{geo.GCJ02, 38, 106},
		{geo.BD09, math.NaN(), 38},
		{zone, 106.27, math.Inf(1)},
		{zone, 36_500_000, 4_260_000}, // has the number of the zone
		{zone, math.NaN(), 0},
	} {
		if p, ok := c.crs.Point(c.x, c.y); ok {
			t.Errorf("%v takes %g, %g for %v", c.crs, c.x, c.y, p)
		}
	}
}

// TestGcoord compares with npm's gcoord, which must lie where LIFECIRCLE_GCOORD
// says or in a folder node finds.
func TestGcoord(t *testing.T) {
	module := os.Getenv("LIFECIRCLE_GCOORD")
	if module == "" {
		module = "gcoord"
	}
	points := places(500)
	input, err := json.Marshal(points)
	if err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(t.TempDir(), "rival.js")
	const program = `const g = require(process.argv[2]), fs = require('fs');
const points = JSON.parse(fs.readFileSync(0));
console.log(JSON.stringify(points.map(p => [
  g.transform([p.lon, p.lat], g.WGS84, g.GCJ02), g.transform([p.lon, p.lat], g.WGS84, g.BD09),
])));`
	if err := os.WriteFile(script, []byte(program), 0o644); err != nil {
		t.Fatal(err)
	}
	run := exec.CommandContext(t.Context(), "node", script, module)
	run.Stdin = strings.NewReader(string(input))
	out, err := run.Output()
	if err != nil {
		t.Skipf("gcoord is not at hand (npm pack gcoord, then LIFECIRCLE_GCOORD=…): %v", err)
	}
	var theirs [][2][2]float64
	if err := json.Unmarshal(out, &theirs); err != nil {
		t.Fatal(err)
	}
	for i, p := range points {
		for k, crs := range []geo.CRS{geo.GCJ02, geo.BD09} {
			lon, lat := crs.Coordinates(p)
			if off := geo.Distance(geo.Point{Lon: lon, Lat: lat}, geo.Point{Lon: theirs[i][k][0], Lat: theirs[i][k][1]}); off > 0.001 {
				t.Fatalf("%v of %v is %g m from gcoord's", crs, p, off)
			}
		}
	}
}

// TestPROJ compares with Debian's proj-bin in three zones.
func TestPROJ(t *testing.T) {
	if _, err := exec.LookPath("cs2cs"); err != nil {
		t.Skip("cs2cs is not at hand: install proj-bin")
	}
	for _, code := range []string{"4507", "4523", "4544"} {
		crs, err := geo.ParseCRS("epsg:" + code)
		if err != nil {
			t.Fatal(err)
		}
		var input strings.Builder
		var points []geo.Point
		for _, p := range places(2000) {
			if math.Abs(p.Lon-105) < 3 {
				points = append(points, p)
				fmt.Fprintf(&input, "%.12f %.12f\n", p.Lat, p.Lon) // EPSG's order of axes
			}
		}
		run := exec.CommandContext(t.Context(), "cs2cs", "-f", "%.6f", "EPSG:4490", "+to", "EPSG:"+code)
		run.Stdin = strings.NewReader(input.String())
		out, err := run.Output()
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		if len(lines) != len(points) || len(points) == 0 {
			t.Fatalf("cs2cs answers %d of %d", len(lines), len(points))
		}
		for i, p := range points {
			var north, east float64
			if _, err := fmt.Sscan(lines[i], &north, &east); err != nil {
				t.Fatal(err)
			}
			x, y := crs.Coordinates(p)
			if math.Hypot(x-east, y-north) > 0.001 {
				t.Fatalf("epsg:%s of %v: %f, %f and PROJ says %f, %f", code, p, x, y, east, north)
			}
		}
	}
}

func BenchmarkPoint(b *testing.B) {
	for _, name := range []string{"gcj02", "bd09", "epsg:4544"} {
		b.Run(name, func(b *testing.B) {
			crs, err := geo.ParseCRS(name)
			if err != nil {
				b.Fatal(err)
			}
			x, y := crs.Coordinates(yinchuan)
			for b.Loop() {
				if _, ok := crs.Point(x, y); !ok {
					b.Fatal("not taken")
				}
			}
		})
	}
}

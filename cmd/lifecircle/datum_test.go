package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"lifecircle/geo"
)

// TestDatumWarning: a list in GCJ-02 that is said to be WGS-84 moves off the streets
// as a whole, and the import says so; where streets and system agree it says nothing.
func TestDatumWarning(t *testing.T) {
	dir := town(t)
	drawn, err := asciiTown()
	if err != nil {
		t.Fatal(err)
	}
	base, n := drawn.base, drawn.network
	list := func(name string, system geo.CRS, count int) string {
		text := "id,kind,area,lon,lat\n"
		for i, p := range base.Points {
			snap, err := n.Snap(p.At)
			if err != nil || count == 0 {
				continue // it lies on an island
			}
			count--
			x, y := system.Coordinates(snap.At)
			text += fmt.Sprintf("%s%d,school,%s,%.7f,%.7f\n", name, i, p.Area, x, y)
		}
		return inFile(t, name+".csv", text)
	}
	for _, c := range []struct {
		name   string
		system geo.CRS
		said   string
		count  int
		says   string
	}{
		{"right", geo.WGS84, "wgs84", 40, ""},
		{"alike", geo.CGCS2000, "wgs84", 40, ""},
		{"converted", geo.GCJ02, "gcj02", 40, ""},
		{"shifted", geo.GCJ02, "wgs84", 40, "read as gcj02 0 m"},
		{"baidu", geo.BD09, "wgs84", 40, "read as bd09 0 m"},
		{"twice", geo.WGS84, "gcj02", 40, "read as wgs84 0 m"},
		{"few", geo.GCJ02, "wgs84", 19, ""},
	} {
		got := tell(t, "--dir", dir, "import", "facilities", list(c.name, c.system, c.count), "--crs", c.said, "--dry-run", "--format", "json")
		if got.code != 0 || (c.says == "") != (got.err == "") || !strings.Contains(got.err, c.says) {
			t.Errorf("%s: exit %d, %q; want %q", c.name, got.code, got.err, c.says)
		}
	}
	// Without streets nothing can be said.
	bare := filepath.Join(t.TempDir(), "bare")
	base.Networks = nil
	if err := keep(t.Context(), bare, parts{base: base}); err != nil {
		t.Fatal(err)
	}
	if got := tell(t, "--dir", bare, "import", "facilities", list("bare", geo.GCJ02, 40), "--crs", "wgs84"); got.code != 0 || got.err != "" {
		t.Errorf("without streets: exit %d, %q", got.code, got.err)
	}
}

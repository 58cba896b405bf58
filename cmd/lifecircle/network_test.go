package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lifecircle/internal/testcity/sample"
)

// A network for all ways of travelling, built, opened, exported and snapped to.
func TestNetworkProfiles(t *testing.T) {
	t.Parallel()
	extract := sample.Shared(t, "porto-alegre-2020.osm.pbf")
	land := filepath.Join(filepath.Dir(extract), "..", "poa", "poa_elevation.tif")
	if _, err := os.Stat(land); err != nil {
		t.Skipf("no sample: %v", err)
	}
	dir := t.TempDir()
	net := filepath.Join(dir, "n.lcn")
	built := succeed(t, "network", "build", extract, "-o", net, "--profiles", "walk,slow,wheelchair,slope,bicycle,car", "--elevation", land, "--format", "json")
	if !strings.Contains(built.stderr, "taken as flat") {
		t.Errorf("streets beyond the model of the land are not told: %q", built.stderr)
	}
	info := succeed(t, "network", "info", net, "--format", "json")
	type answer struct {
		Nodes, Arcs, Components int
		Largest                 int `json:"largest_component_nodes"`
		Bytes                   int64
		Seconds                 float64
		Hash                    string
		Profiles                []struct {
			Mode, Unit string
			Arcs       int
			Largest    int `json:"largest_component_nodes"`
		}
	}
	var first, second answer
	for text, into := range map[string]*answer{built.stdout: &first, info.stdout: &second} {
		if err := json.Unmarshal([]byte(text), into); err != nil {
			t.Fatal(err)
		}
	}
	if first.Hash != second.Hash || first.Hash == "" || len(first.Profiles) != 6 || first.Bytes == 0 || first.Seconds <= 0 {
		t.Errorf("built %+v, opened %+v", first, second)
	}
	for i, p := range second.Profiles {
		// Streets for cars are fewer than those to walk, but most.
		if p.Arcs > second.Arcs || p.Arcs < second.Arcs/2 || p.Largest < second.Largest/2 {
			t.Errorf("profile %d: %+v", i, p)
		}
		graph := filepath.Join(dir, p.Mode+".gr")
		succeed(t, "network", "export", net, "--profile", p.Mode, "-o", graph)
		if g := readExport(t, graph); len(g.arcs) != p.Largest {
			t.Errorf("%s: %d nodes exported, want %d", p.Mode, len(g.arcs), p.Largest)
		}
	}
	points := inFile(t, "p.csv", "id,lon,lat\na,-51.2,-30.03\nfar,0,0\n")
	snap := succeed(t, "network", "snap", net, "--points", points, "--profile", "car", "--format", "csv")
	if !strings.Contains(snap.stdout, "a,ok,") || !strings.Contains(snap.stdout, "far,unsnapped,,,,,,,no street within 3000 m") {
		t.Errorf("snap: %s", snap.stdout)
	}
	for _, want := range []string{"0 to  10 m", "1 points unsnapped: no street is near enough", "the farthest is a", "2 points, 1 unsnapped"} {
		if !strings.Contains(snap.stderr, want) {
			t.Errorf("the report does not say %q:\n%s", want, snap.stderr)
		}
	}
}

func TestNetworkBadUse(t *testing.T) {
	t.Parallel()
	_, net := townFile(t, sideStreet)
	for name, c := range map[string]struct {
		args []string
		code int
		want string
	}{
		"no output":         {[]string{"network", "build", "x.pbf"}, exitUse, "--out"},
		"an unknown way":    {[]string{"network", "build", "x.pbf", "-o", "x", "--profiles", "walk,rocket"}, exitUse, "rocket"},
		"slope, no land":    {[]string{"network", "build", "x.pbf", "-o", "x", "--profiles", "slope"}, exitUse, "--elevation"},
		"land, no slope":    {[]string{"network", "build", "x.pbf", "-o", "x", "--elevation", "dem.tif"}, exitUse, "go together"},
		"no such land":      {[]string{"network", "build", "x.pbf", "-o", "x", "--profiles", "slope", "--elevation", "none.tif"}, exitInput, "none.tif"},
		"no map":            {[]string{"network", "build", "none.pbf", "-o", "x"}, exitInput, "none.pbf"},
		"not built for it":  {[]string{"network", "export", net, "--profile", "car", "-o", "x"}, exitInput, "--profiles"},
		"an unknown export": {[]string{"network", "export", net, "--profile", "rocket", "-o", "x"}, exitUse, "rocket"},
	} {
		if o := lifecircleCommand(t, c.args...); o.code != c.code || !strings.Contains(o.stderr, c.want) {
			t.Errorf("%s: exit %d, %q, want %d with %q", name, o.code, o.stderr, c.code, c.want)
		}
	}
}

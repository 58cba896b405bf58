package main

import (
	"bytes"
	"crypto/sha256"
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
	if _, err := os.Stat(indexFile(net)); err != nil || !strings.Contains(built.stdout, `"state": "ok"`) {
		t.Errorf("the index is not built with the network: %v, %s", err, built.stdout)
	}
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

// The index lies beside its network; what is wrong with it is named, and it is made
// anew with the same answer.
func TestNetworkIndex(t *testing.T) {
	t.Parallel()
	city, net := townFile(t, sideStreet)
	facilities := inFile(t, "f.csv", "id,lon,lat\n"+pointAt(city, "west", 1, 1)+"\n")
	routes := filepath.Join(t.TempDir(), "r.geojson")
	ask := func() outcome {
		return succeed(t, "access", "nearest", net, "--facilities", facilities, "--points", facilities, "--routes", routes, "--format", "csv")
	}
	state := func(want string) {
		t.Helper()
		info := succeed(t, "network", "info", net, "--format", "json")
		var answer struct{ Index indexSummary }
		if err := json.Unmarshal([]byte(info.stdout), &answer); err != nil || answer.Index.State != want || (want == "ok") != (answer.Index.Arcs > 0) {
			t.Errorf("index %+v, %v, want %q", answer.Index, err, want)
		}
	}
	state("missing")
	first := ask()
	state("ok")
	whole, err := os.ReadFile(indexFile(net))
	if err != nil {
		t.Fatal(err)
	}
	for code, alter := range map[string]func([]byte) []byte{
		"index_corrupt":   func(d []byte) []byte { d[len(d)/2] ^= 1; return d },
		"index_version":   func(d []byte) []byte { d[8]++; return d },
		"index_truncated": func(d []byte) []byte { return d[:len(d)-3] },
		"index_foreign":   func([]byte) []byte { return []byte("id,lon,lat\n") },
		"index_stale":     func(d []byte) []byte { d[30] ^= 1; return sealed(d) },
	} {
		if err := os.Remove(indexFile(net)); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(indexFile(net), alter(bytes.Clone(whole)), 0o644); err != nil {
			t.Fatal(err)
		}
		state(code)
		again := ask()
		if again.stdout != first.stdout || !strings.Contains(again.stderr, "made anew") {
			t.Errorf("%s: %q, %q", code, again.stdout, again.stderr)
		}
		if now, err := os.ReadFile(indexFile(net)); err != nil || !bytes.Equal(now, whole) {
			t.Errorf("%s: another index, %v", code, err)
		}
	}
}

// sealed gives an altered file the checksum that fits.
func sealed(data []byte) []byte {
	sum := sha256.Sum256(data[:len(data)-sha256.Size])
	copy(data[len(data)-sha256.Size:], sum[:])
	return data
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

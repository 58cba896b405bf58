package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lifecircle/tile"
)

const hamlet = `<osm version="0.6">
 <node id="1" lat="38.48" lon="106.22"/><node id="2" lat="38.48" lon="106.24"/>
 <node id="3" lat="38.481" lon="106.23"><tag k="place" v="village"/><tag k="name" v="方村"/></node>
 <way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/></way>
</osm>`

func TestTilesAreBuiltAndServeTheirArea(t *testing.T) {
	dir := town(t)
	extract := filepath.Join(t.TempDir(), "hamlet.osm")
	if err := os.WriteFile(extract, []byte(hamlet), 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "hamlet.pmtiles")
	one := decoded[tile.Summary](t, "tiles", "build", extract, "-o", out)
	if one.Tiles == 0 || !strings.HasPrefix(one.Attribution, "© OpenStreetMap contributors, ODbL") || one.Name != "hamlet.osm" || one.Bounds != [4]float64{106.22, 38.48, 106.24, 38.481} {
		t.Errorf("built %+v", one)
	}
	if again := decoded[tile.Summary](t, "tiles", "info", out); again != one {
		t.Errorf("info says %+v, build %+v", again, one)
	}
	kept := decoded[tile.Summary](t, "--dir", dir, "tiles", "build", extract, "--area", "990100", "--attribution", "方村测绘")
	if _, err := os.Stat(filepath.Join(dir, "tiles", kept.Hash+".pmtiles")); err != nil {
		t.Error(err)
	}
	shelf, err := tile.OpenShelf(filepath.Join(dir, "tiles"))
	if err != nil {
		t.Fatal(err)
	}
	defer shelf.Close()
	// The town had tiles of its own; the newer ones serve it now.
	if set, ok := shelf.Of("990100"); !ok || set.Hash() != kept.Hash {
		t.Error("the tiles just built do not serve their area")
	}
	for _, c := range []struct {
		code int
		says string
		args []string
	}{
		{exitUse, "needs -o, or --area", []string{"tiles", "build", extract}},
		{exitUse, "area code", []string{"tiles", "build", extract, "--area", "x"}},
		{exitInput, "no such file", []string{"tiles", "build", "nowhere.osm", "-o", out}},
		{exitInput, "no file of tiles", []string{"tiles", "info", extract}},
	} {
		if got := tell(t, c.args...); got.code != c.code || !strings.Contains(got.err, c.says) {
			t.Errorf("%v: exit %d, %s; want %d and %q", c.args, got.code, got.err, c.code, c.says)
		}
	}
}

func TestConfig(t *testing.T) {
	t.Parallel()
	const service = "basemap:\n  source: service\n  tiles: https://t0.example.cn/{z}/{x}/{y}\n  kind: raster\n  max_zoom: 18\n  crs: cgcs2000\n  attribution: 某图\n"
	for text, want := range map[string]string{
		"":                                     "",
		"basemap:\n  source: none\n":           "",
		"basemap:\n  map_number: 审图号 1\n":      "",
		service:                                "",
		"basemap:\n  sauce: none\n":            "sauce",
		"basemap:\n  source: maps\n":           `source "maps": want own, none or service`,
		"basemap:\n  tiles: https://a/{z}\n":   "say source: service",
		strings.Replace(service, "{y}", "", 1): "lacks {y}",
		strings.Replace(service, "https://t0.example.cn", "t0", 1): "want the address of a tile",
		strings.Replace(service, "raster", "picture", 1):           "want vector or raster",
		strings.Replace(service, "cgcs2000", "gcj02", 1):           "hundreds of metres off",
		strings.Replace(service, "  attribution: 某图\n", "", 1):     "say whose map it is",
		strings.Replace(service, "18", "0", 1):                     "want zooms",
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "config.yaml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		cfg, err := readConfig(dir)
		switch {
		case want == "" && err != nil:
			t.Errorf("%q: %v", text, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%q: %v; want %q", text, err, want)
		}
		if text == service {
			if g := cfg.Basemap.ground(); g.Outside == nil || g.Outside.Kind != "raster" || g.Outside.MaxZoom != 18 {
				t.Errorf("the service gives %+v", g)
			}
		}
	}
	if _, err := readConfig(t.TempDir()); err != nil {
		t.Errorf("no file: %v", err)
	}
}

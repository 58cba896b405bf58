package tile

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/planar"

	"lifecircle/network/osm"
)

// drawnThings is what two programs must agree on: lengths of roads by class, in
// widths of a tile of the last zoom, and the names of places.
type drawnThings struct {
	roads  map[string]float64
	places map[string]bool
}

func (d *drawnThings) add(layers mvt.Layers) {
	for _, l := range layers {
		box := orb.Bound{Max: orb.Point{float64(l.Extent), float64(l.Extent)}}
		for _, f := range l.Features {
			class, _ := f.Properties["class"].(string)
			switch l.Name {
			case "road", "transportation":
				lines, ok := f.Geometry.(orb.MultiLineString)
				if line, one := f.Geometry.(orb.LineString); one {
					lines, ok = orb.MultiLineString{line}, true
				}
				if !ok {
					continue // a pier is an area
				}
				if cut, ok := clipped(lines, box).(orb.MultiLineString); ok {
					d.roads[class] += planar.Length(cut) / float64(l.Extent)
				}
			case "place":
				for _, key := range []string{"name", "name:latin"} {
					if name, ok := f.Properties[key].(string); ok {
						d.places[class+" "+name] = true
					}
				}
			}
		}
	}
}

// TestAgainstTilemaker compares the last zoom with that of Debian's tilemaker and
// its own reading of the OpenMapTiles schema, which nobody here wrote.
func TestAgainstTilemaker(t *testing.T) {
	t.Parallel()
	const (
		extract = "../../shared/data/osm/monaco-2016.osm.pbf"
		process = "/usr/share/doc/tilemaker/examples/process-openmaptiles.lua"
	)
	program, err := exec.LookPath("tilemaker")
	if err != nil {
		t.Skip("there is no tilemaker to compare with: apt-get install tilemaker")
	}
	for _, needed := range []string{extract, process} {
		if _, err := os.Stat(needed); err != nil {
			t.Skipf("nothing to compare: %v", err)
		}
	}
	dir := t.TempDir()
	// Its example's layers, without those that come from other files.
	layers := map[string]any{}
	for _, layer := range []string{
		"place", "boundary", "poi", "poi_detail", "housenumber", "waterway", "waterway_detail", "transportation", "transportation_name",
		"transportation_name_mid", "transportation_name_detail", "building", "water", "water_name", "water_name_detail", "aeroway",
		"aerodrome_label", "park", "landuse", "landcover", "mountain_peak",
	} {
		layers[layer] = map[string]any{"minzoom": maxZoom, "maxzoom": maxZoom}
	}
	config, err := json.Marshal(map[string]any{"layers": layers, "settings": map[string]any{
		"minzoom": maxZoom, "maxzoom": maxZoom, "basezoom": maxZoom, "include_ids": false, "compress": "none",
		"name": "oracle", "version": "1", "description": "", "metadata": map[string]any{},
	}})
	if err != nil {
		t.Fatal(err)
	}
	configFile := filepath.Join(dir, "config.json")
	if err := os.WriteFile(configFile, config, 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := filepath.Abs(extract)
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "tiles")
	run := exec.Command(program, "--input", file, "--output", out, "--config", configFile, "--process", process)
	run.Dir = dir
	if said, err := run.CombinedOutput(); err != nil {
		t.Fatalf("tilemaker: %v\n%s", err, said)
	}

	e, err := osm.ReadWith(t.Context(), extract, osm.Config{Scenery: true})
	if err != nil {
		t.Fatal(err)
	}
	a := archiveOf(t, Draw(e))
	theirs := drawnThings{map[string]float64{}, map[string]bool{}}
	ours := drawnThings{map[string]float64{}, map[string]bool{}}
	tiles := 0
	err = filepath.WalkDir(out, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".pbf" {
			return err
		}
		tiles++
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		layers, err := mvt.Unmarshal(data)
		if err != nil {
			return err
		}
		theirs.add(layers)
		parts := strings.Split(strings.TrimSuffix(path, ".pbf"), string(filepath.Separator))
		var at [2]int
		for i := range at {
			if at[i], err = strconv.Atoi(parts[len(parts)-2+i]); err != nil {
				return err
			}
		}
		if data, err = a.Tile(maxZoom, at[0], at[1]); err != nil || data == nil {
			return err
		}
		if layers, err = mvt.UnmarshalGzipped(data); err != nil {
			return err
		}
		ours.add(layers)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if tiles == 0 || len(theirs.places) == 0 {
		t.Fatalf("tilemaker made %d tiles with %d places", tiles, len(theirs.places))
	}
	for _, things := range []drawnThings{ours, theirs} {
		// A cycleway is a path here and a track there.
		things.roads["path and track"] = things.roads["path"] + things.roads["track"]
	}
	for _, class := range []string{"motorway", "trunk", "primary", "secondary", "tertiary", "minor", "service", "path and track"} {
		want, got := theirs.roads[class], ours.roads[class]
		t.Logf("%-14s %8.3f tiles long, tilemaker %8.3f", class, got, want)
		// The two round and simplify to whole units on their own. Of pedestrian
		// squares tilemaker draws the rim, and they are no road here.
		part := 0.001
		if class == "path and track" {
			part = 0.025
		}
		if math.Abs(got-want) > part*want {
			t.Errorf("%s roads are %.3f tiles long; tilemaker has %.3f", class, got, want)
		}
	}
	named := map[string]bool{} // ours by the local name, as tilemaker shows it
	for _, f := range e.Scenery {
		if f.Layer == osm.Places && ours.places[f.Class+" "+shown(f.Name, f.Names).ZH] {
			named[f.Class+" "+f.Name] = true
		}
	}
	for name := range theirs.places {
		if !named[name] {
			t.Errorf("the place %q is missing", name)
		}
	}
	t.Logf("%d places, tilemaker %d", len(named), len(theirs.places))
	if len(named) != len(theirs.places) {
		t.Errorf("%d places; tilemaker has %d", len(named), len(theirs.places))
	}
}

// readByNode reads files of tiles with the format's own library.
const readByNode = `
import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { PMTiles } from 'pmtiles';
const [path, ...tiles] = process.argv.slice(1);
const file = readFileSync(path);
const source = {
  getKey: () => path,
  getBytes: async (offset, length) => ({ data: new Uint8Array(file.subarray(offset, offset + length)).buffer }),
};
const archive = new PMTiles(source, undefined, async (data) => new Uint8Array((await import('node:zlib')).gunzipSync(Buffer.from(data))).buffer);
const { minZoom, maxZoom, tileType, minLon, maxLat, numAddressedTiles } = await archive.getHeader();
const { attribution } = await archive.getMetadata();
console.log(JSON.stringify([minZoom, maxZoom, tileType, minLon, maxLat, numAddressedTiles, attribution]));
for (const tile of tiles) {
  const found = await archive.getZxy(...tile.split('/').map(Number));
  console.log(tile, found ? createHash('sha256').update(Buffer.from(found.data)).digest('hex') : 'nothing');
}
`

// TestAgainstPMTiles reads a set, leaf directories and all, with the format's own
// library.
func TestAgainstPMTiles(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("there is no node to read the file with")
	}
	const web = "../web"
	if _, err := os.Stat(filepath.Join(web, "node_modules", "pmtiles")); err != nil {
		t.Skip("the library is not installed: run npm ci in web")
	}
	// So many streets, each a little different, that the directory has leaves.
	var features []Feature
	for x := range 90 {
		for y := range 90 {
			lon, lat := 100+float64(x)*0.03, 30+float64(y)*0.03
			line := orb.LineString{{lon, lat}}
			for bend := range (x*31 + y*17) % 23 {
				line = append(line, orb.Point{lon + 0.0004*float64(bend+1), lat + 0.0003*float64((bend*x)%7)})
			}
			line = append(line, orb.Point{lon + 0.012, lat + 0.008})
			features = append(features, Feature{Layer: "road", Class: "minor", Geometry: orb.MultiLineString{line}})
		}
	}
	a := archiveOf(t, features)
	if a.header.LeavesLength == 0 {
		t.Fatal("the set has no leaf directories")
	}
	path, err := filepath.Abs(a.file.(*os.File).Name())
	if err != nil {
		t.Fatal(err)
	}
	s := a.Summary()
	want := []string{fmt.Sprintf("[%d,%d,1,%v,%v,%d,%q]", s.MinZoom, s.MaxZoom, s.Bounds[0], s.Bounds[3], s.Tiles, s.Attribution)}
	args := []string{"--input-type=module", "-e", readByNode, path}
	for x := 12740; x < 12900; x += 3 {
		data, err := a.Tile(14, x, 6700)
		if err != nil {
			t.Fatal(err)
		}
		sum := "nothing"
		if data != nil {
			zip, err := gzip.NewReader(bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			plain, err := io.ReadAll(zip)
			if err != nil {
				t.Fatal(err)
			}
			sum = fmt.Sprintf("%x", sha256.Sum256(plain))
		}
		tile := fmt.Sprintf("14/%d/6700", x)
		args, want = append(args, tile), append(want, tile+" "+sum)
	}
	read := exec.Command(node, args...)
	read.Dir = web
	said, err := read.CombinedOutput()
	if err != nil {
		t.Fatalf("node: %v\n%s", err, said)
	}
	if diff := cmp.Diff(strings.Join(want, "\n")+"\n", string(said)); diff != "" {
		t.Errorf("pmtiles reads (-want +got):\n%s", diff)
	}
	if found := len(want) - 1 - strings.Count(strings.Join(want, "\n"), "nothing"); found < 10 {
		t.Errorf("only %d tiles were compared", found)
	}
}

package tile

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"

	"lifecircle"
)

// A street of 10 km along the equator and a town on it.
func street() []Feature {
	return []Feature{
		{Layer: "road", Class: "primary", Name: lifecircle.Name{ZH: "大路", EN: "Main road"}, Geometry: orb.MultiLineString{{{106, 0.0005}, {106.09, 0.0005}}}},
		{Layer: "place", Class: "town", Name: lifecircle.Name{ZH: "镇"}, Geometry: orb.Point{106.03, 0.0005}},
		{Layer: "water", Class: "water", Geometry: orb.MultiPolygon{{
			{{106.01, 0.01}, {106.03, 0.01}, {106.03, 0.03}, {106.01, 0.03}, {106.01, 0.01}},
			{{106.015, 0.015}, {106.015, 0.025}, {106.025, 0.025}, {106.025, 0.015}, {106.015, 0.015}},
		}}},
	}
}

func archiveOf(t testing.TB, features []Feature) *Archive {
	t.Helper()
	s, err := Build(context.Background(), features, Config{Name: "test", Area: "990100", Attribution: "nobody"})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "set.pmtiles")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Write(f); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	a, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

func layersOf(t testing.TB, a *Archive, zoom, x, y int) map[string]*mvt.Layer {
	t.Helper()
	data, err := a.Tile(zoom, x, y)
	if err != nil {
		t.Fatal(err)
	}
	layers := make(map[string]*mvt.Layer)
	if data == nil {
		return layers
	}
	all, err := mvt.UnmarshalGzipped(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range all {
		layers[l.Name] = l
	}
	return layers
}

func TestStreetIsWhereItLies(t *testing.T) {
	t.Parallel()
	a := archiveOf(t, street())
	// 106° E is at (106+180)/360 of the 128 tiles of zoom 7, 101.689, and a primary
	// road appears there; 0.0005° N lies just north of the tile's lower edge.
	layers := layersOf(t, a, 7, 101, 63)
	road := layers["road"]
	if road == nil || len(road.Features) != 1 || road.Version != 2 {
		t.Fatalf("zoom 7 holds %v; want one road of version 2", layers)
	}
	f := road.Features[0]
	if f.Properties["name"] != "大路" || f.Properties["name:en"] != "Main road" || f.Properties["class"] != "primary" {
		t.Errorf("the road says %v", f.Properties)
	}
	// 0.689 of 4,096 units are 2,822; 0.09° are 0.032 tiles, 131 units.
	line := f.Geometry.(orb.LineString)
	if line[0][0] != 2822 || line[1][0]-line[0][0] != 131 || line[0][1] != 4095 {
		t.Errorf("the road runs %v; want x from 2822 to 2953, y 4095", line)
	}
	if layers["place"] != nil {
		t.Error("a town is named at zoom 7, before 8")
	}
	if layersOf(t, a, 8, 203, 127)["place"] == nil {
		t.Error("the town is not named at zoom 8")
	}
	if layersOf(t, a, 6, 50, 31)["road"] != nil {
		t.Error("a primary road appears at zoom 6, before 7")
	}
}

// The parts of a line in the tiles of a zoom add up to the line, buffers aside,
// and the hole of the water is a hole.
func TestNothingIsLostBetweenTiles(t *testing.T) {
	t.Parallel()
	a := archiveOf(t, street())
	const zoom = 14
	length, area := 0.0, 0.0
	box := orb.Bound{Max: orb.Point{extent, extent}}
	for x := 13010; x < 13040; x++ {
		for y := 8188; y < 8193; y++ {
			layers := layersOf(t, a, zoom, x, y)
			if l := layers["road"]; l != nil {
				for _, f := range l.Features {
					line := clipped(orb.MultiLineString{f.Geometry.(orb.LineString)}, box)
					if line != nil {
						for _, part := range line.(orb.MultiLineString) {
							length += part[len(part)-1][0] - part[0][0]
						}
					}
				}
			}
			if l := layers["water"]; l != nil {
				for _, f := range l.Features {
					polygons, ok := f.Geometry.(orb.MultiPolygon)
					if !ok {
						polygons = orb.MultiPolygon{f.Geometry.(orb.Polygon)}
					}
					if polygons[0][0].Orientation() != orb.CCW {
						t.Errorf("%d/%d/%d: an outline has a negative area", zoom, x, y)
					}
					if cut := clipped(polygons, box); cut != nil {
						for _, p := range cut.(orb.MultiPolygon) {
							for i, ring := range p {
								sign := 1.0
								if i > 0 {
									sign = -1
								}
								area += sign * ringArea(ring)
							}
						}
					}
				}
			}
		}
	}
	const perDegree = float64(1<<zoom) * extent / 360
	if want := 0.09 * perDegree; length < want-1 || length > want+1 {
		t.Errorf("the road is %v units long; want %v", length, want)
	}
	// 0.02° squared less the hole of 0.01° squared; y stretches by less than 1e-6.
	if want := 0.0003 * perDegree * perDegree; area < 0.999*want || area > 1.001*want {
		t.Errorf("the water has %v square units; want %v", area, want)
	}
}

func ringArea(r orb.Ring) float64 {
	sum := 0.0
	for i := 1; i < len(r); i++ {
		sum += r[i-1][0]*r[i][1] - r[i][0]*r[i-1][1]
	}
	return max(sum, -sum) / 2
}

func TestSameFeaturesGiveTheSameFile(t *testing.T) {
	t.Parallel()
	a, b := archiveOf(t, street()), archiveOf(t, street())
	s, err := Build(t.Context(), street(), Config{Name: "test", Area: "990100", Attribution: "nobody"})
	if err != nil {
		t.Fatal(err)
	}
	if hash, err := s.Hash(); err != nil || a.Hash() != b.Hash() || hash != a.Hash() {
		t.Errorf("hashes %s, %s and, of the set, %s, %v", a.Hash(), b.Hash(), hash, err)
	}
}

func TestSummary(t *testing.T) {
	t.Parallel()
	s := archiveOf(t, street()).Summary()
	if s.Area != "990100" || s.Name != "test" || s.Attribution != "nobody" || s.MinZoom != 4 || s.MaxZoom != 14 || s.Bounds != [4]float64{106, 0.0005, 106.09, 0.03} {
		t.Errorf("summary %+v", s)
	}
}

// The numbers of the specification's own example table.
func TestTileNumbers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		zoom, x, y int
		want       uint64
	}{{0, 0, 0, 0}, {1, 0, 0, 1}, {1, 0, 1, 2}, {1, 1, 1, 3}, {1, 1, 0, 4}, {2, 0, 0, 5}, {12, 3423, 1763, 19078479}} {
		if got := tileID(c.zoom, c.x, c.y); got != c.want {
			t.Errorf("tile %d/%d/%d is number %d; want %d", c.zoom, c.x, c.y, got, c.want)
		}
	}
}

// Many tiles need leaf directories; every one is found again.
func TestLeafDirectories(t *testing.T) {
	t.Parallel()
	s := &Set{bounds: orb.Bound{}}
	const zoom, side = 14, 150
	content := func(x, y int) []byte { // of lengths that do not pack
		return append([]byte{byte(x), byte(y)}, make([]byte, x*x*7919%251+y*y*104729%241)...)
	}
	for x := range side {
		for y := range side {
			s.tiles = append(s.tiles, made{tileID(zoom, x*7, y*5), content(x, y)})
		}
	}
	var file bytes.Buffer
	if err := s.Write(&file); err != nil {
		t.Fatal(err)
	}
	a, err := open(bytes.NewReader(file.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if a.header.LeavesLength == 0 {
		t.Fatal("no leaf directory was made")
	}
	for x := range side {
		for y := range side {
			got, err := a.Tile(zoom, x*7, y*5)
			if err != nil || !bytes.Equal(got, content(x, y)) {
				t.Fatalf("tile %d, %d is %v, %v", x*7, y*5, got, err)
			}
		}
	}
	if got, err := a.Tile(zoom, 3, 3); err != nil || got != nil {
		t.Errorf("a tile that is not there: %v, %v", got, err)
	}
}

func TestBadFiles(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	s, err := Build(t.Context(), street(), Config{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Write(&file); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"empty":   nil,
		"foreign": []byte("SQLite format 3, long enough to hold a header of one hundred and twenty-seven bytes, as some tile sets are kept in databases........."),
		"cut off": file.Bytes()[:file.Len()-1],
	} {
		path := filepath.Join(t.TempDir(), "set")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Open(path)
		var shown *lifecircle.Error
		if !errors.As(err, &shown) || shown.Code != "tiles_corrupt" {
			t.Errorf("%s: %v; want tiles_corrupt", name, err)
		}
	}
	if _, err := Build(t.Context(), nil, Config{}); lifecircle.ErrorCode(err) != "tile_empty" {
		t.Errorf("no features: %v; want tile_empty", err)
	}
}

func FuzzOpen(f *testing.F) {
	var file bytes.Buffer
	s, err := Build(context.Background(), street(), Config{})
	if err != nil {
		f.Fatal(err)
	}
	if err := s.Write(&file); err != nil {
		f.Fatal(err)
	}
	f.Add(file.Bytes())
	f.Fuzz(func(t *testing.T, content []byte) {
		a, err := open(bytes.NewReader(content))
		if err != nil {
			return
		}
		if data, err := a.Tile(7, 101, 63); err == nil && len(data) > len(content) {
			t.Errorf("a tile of %d bytes out of a file of %d", len(data), len(content))
		}
	})
}

func BenchmarkTile(b *testing.B) {
	a := archiveOf(b, street())
	for b.Loop() {
		if data, err := a.Tile(14, 13016, 8191); err != nil || data == nil {
			b.Fatal(data, err)
		}
	}
}

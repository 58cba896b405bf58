package osm

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	osmdata "github.com/paulmach/osm"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/internal/testcity/sample"
)

// tags makes tags of "key=value key=value".
func tags(text string) osmdata.Tags {
	var all osmdata.Tags
	for _, pair := range strings.Fields(text) {
		key, value, _ := strings.Cut(pair, "=")
		all = append(all, osmdata.Tag{Key: key, Value: value})
	}
	return all
}

func TestWalkable(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"":                                                false,
		"railway=platform":                                false,
		"route=ferry":                                     false,
		"route=ferry foot=yes":                            false,
		"highway=path route=ferry":                        false,
		"highway=residential":                             true,
		"highway=steps":                                   true,
		"highway=trunk":                                   true,
		"highway=trunk foot=no":                           false,
		"highway=trunk motorroad=yes":                     false,
		"highway=trunk motorroad=yes foot=yes":            true,
		"highway=motorway":                                false,
		"highway=motorway_link":                           false,
		"highway=motorway foot=yes":                       true,
		"highway=cycleway":                                false,
		"highway=cycleway foot=designated":                true,
		"highway=bridleway foot=permissive":               true,
		"highway=construction":                            false,
		"highway=construction foot=yes":                   false,
		"highway=proposed":                                false,
		"highway=raceway":                                 false,
		"highway=bus_stop":                                false,
		"highway=service access=private":                  false,
		"highway=service access=no":                       false,
		"highway=service access=no foot=yes":              true,
		"highway=service access=private foot=destination": true,
		"highway=service access=customers":                true,
		"highway=footway foot=private":                    false,
		"highway=primary foot=use_sidepath":               false,
		"highway=pedestrian area=yes":                     true,
		"highway=footway area=yes":                        true,
		"highway=service area=yes":                        false,
		"highway=platform area=yes":                       false,
		"highway=footway oneway=yes":                      true,
	} {
		if got := takes(text, Foot); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

// villageKinds are some kinds, those that ask most first, as a plan lists them.
func villageKinds() []Kind {
	one := func(key, value string) []Tag { return []Tag{{key, value}} }
	return []Kind{
		{"swimming_pool", [][]Tag{{{"leisure", "sports_centre"}, {"sport", "swimming"}}}},
		{"sports_centre", [][]Tag{one("leisure", "sports_centre")}},
		{"fitness_station", [][]Tag{one("leisure", "fitness_station")}},
		{"sports_pitch", [][]Tag{one("leisure", "pitch")}},
		{"school", [][]Tag{one("amenity", "school")}},
		{"health_centre", [][]Tag{one("amenity", "clinic"), one("amenity", "doctors")}},
		{"sports_hall", [][]Tag{one("leisure", "sports_hall")}},
		{"fitness_centre", [][]Tag{one("leisure", "fitness_centre")}},
		{"running_track", [][]Tag{one("leisure", "track")}},
		{"hospital", [][]Tag{one("amenity", "hospital")}},
		{"pharmacy", [][]Tag{one("amenity", "pharmacy")}},
		{"library", [][]Tag{one("amenity", "library")}},
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	match := newMatcher(villageKinds())
	for text, want := range map[string]string{
		"":                                       "",
		"building=yes":                           "",
		"leisure=park":                           "",
		"leisure=pitch":                          "sports_pitch",
		"leisure=pitch sport=swimming":           "sports_pitch",
		"leisure=swimming_pool":                  "",
		"leisure=sports_centre":                  "sports_centre",
		"leisure=sports_centre sport=swimming":   "swimming_pool",
		"leisure=sports_centre sport=a;swimming": "swimming_pool",
		"leisure=fitness_station;pitch":          "fitness_station",
		"amenity=school leisure=pitch":           "sports_pitch",
		"amenity=school":                         "school",
		"amenity=clinic":                         "health_centre",
		"amenity=doctors":                        "health_centre",
	} {
		if got := match.kindOf(tags(text)); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestPublic(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"": true, "access=yes": true, "access=permissive": true, "access=unknown": true,
		"access=private": false, "access=no": false, "access=customers": false, "access=members": false, "access=permit": false,
	} {
		if got := public(tags(text)); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

// villageXML is a map with everything: way 11 leaves it at node 99 and comes
// back, way 13 has only one of its nodes in it, way 21 is a square of 2 × 2,
// relation 31 an area of two joined ways that have no tags, relation 32 an area
// wholly outside.
const villageXML = `<?xml version='1.0' encoding='UTF-8'?>
<osm version="0.6">
 <bounds minlat="0" minlon="0" maxlat="1" maxlon="1"/>
 <node id="5" lat="0.0000000" lon="0.0000000"/>
 <node id="2" lat="0.0000000" lon="0.0010000"/>
 <node id="3" lat="0.0010000" lon="0.0010000"><tag k="highway" v="crossing"/></node>
 <node id="4" lat="0.0010000" lon="0.0000000"/>
 <node id="1" lat="-0.5000001" lon="-0.1234567"/>
 <node id="7" lat="0.0020000" lon="0.0020000"><tag k="leisure" v="fitness_station"/><tag k="name" v="健身点"/><tag k="name:en" v="Fitness"/></node>
 <node id="8" lat="0.0000000" lon="0.0040000"/>
 <node id="9" lat="0.0000000" lon="0.0060000"/>
 <node id="10" lat="0.0020000" lon="0.0060000"/>
 <node id="11" lat="0.0020000" lon="0.0040000"/>
 <way id="12"><nd ref="4"/><nd ref="5"/><tag k="highway" v="residential"/></way>
 <way id="11"><nd ref="5"/><nd ref="2"/><nd ref="99"/><nd ref="3"/><nd ref="4"/><tag k="highway" v="footway"/></way>
 <way id="13"><nd ref="98"/><nd ref="1"/><nd ref="99"/><tag k="highway" v="path"/></way>
 <way id="14"><nd ref="5"/><nd ref="3"/><tag k="highway" v="motorway"/></way>
 <way id="21"><nd ref="8"/><nd ref="9"/><nd ref="10"/><nd ref="11"/><nd ref="8"/><tag k="leisure" v="pitch"/><tag k="access" v="private"/><tag k="name" v="Court"/><tag k="name:zh" v="球场"/></way>
 <way id="22"><nd ref="5"/><nd ref="2"/><nd ref="3"/></way>
 <way id="23"><nd ref="5"/><nd ref="4"/><nd ref="3"/></way>
 <way id="24"><nd ref="97"/><nd ref="98"/><tag k="amenity" v="school"/></way>
 <relation id="32"><member type="way" ref="88" role="outer"/><tag k="type" v="multipolygon"/><tag k="amenity" v="school"/></relation>
 <relation id="31"><member type="way" ref="22" role="outer"/><member type="way" ref="21" role="inner"/><member type="way" ref="23" role="outer"/><member type="node" ref="7" role="x"/><tag k="type" v="multipolygon"/><tag k="amenity" v="school"/></relation>
 <relation id="33"><member type="way" ref="22" role="outer"/><tag k="type" v="route"/><tag k="amenity" v="school"/></relation>
</osm>
`

func village() *Extract {
	return &Extract{
		// Nodes 2, 3, 4, 5 of the streets, by id; node 1 is on no segment but on a
		// street, and so is kept.
		Nodes: []geo.Point{{Lon: -0.1234567, Lat: -0.5000001}, {Lon: 0.001, Lat: 0}, {Lon: 0.001, Lat: 0.001}, {Lon: 0, Lat: 0.001}, {Lon: 0, Lat: 0}},
		Streets: []Street{
			{WayID: 11, Highway: "footway", Nodes: []uint32{4, 1}, BarredForward: Bicycle | Car, BarredBack: Bicycle | Car, BicycleKmh: 8, CarKmh: 5},
			{WayID: 11, Highway: "footway", Nodes: []uint32{2, 3}, BarredForward: Bicycle | Car, BarredBack: Bicycle | Car, BicycleKmh: 8, CarKmh: 5},
			{WayID: 12, Highway: "residential", Nodes: []uint32{3, 4}, BicycleKmh: 15, CarKmh: 25},
		},
		Facilities: []Facility{
			{ID: "node/7", Kind: "fitness_station", Name: "健身点", Names: lifecircle.Name{EN: "Fitness"}, At: geo.Point{Lon: 0.002, Lat: 0.002}, Public: true},
			{ID: "way/21", Kind: "sports_pitch", Name: "Court", Names: lifecircle.Name{ZH: "球场"}, At: geo.Point{Lon: 0.005, Lat: 0.001}},
			{ID: "relation/31", Kind: "school", At: geo.Point{Lon: 0.0005, Lat: 0.0005}, Public: true},
		},
	}
}

// near compares coordinates to a hundredth of OSM's grid.
var near = cmp.Comparer(func(a, b float64) bool { return a-b < 1e-9 && b-a < 1e-9 })

func TestReadVillage(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte(villageXML))
	z.Close()
	for name, data := range map[string][]byte{
		"xml":                  []byte(villageXML),
		"xml.gz":               packed.Bytes(),
		"pbf":                  villagePBF(deflated),
		"pbf, plain":           villagePBF(stored),
		"pbf, unknown block":   append(villagePBF(deflated), frame("Index", []byte{10, 0})...),
		"xml with another top": []byte(strings.Replace(villageXML, "<osm version", "<osm generator='x' version", 1)),
	} {
		got, err := read(input{ctx: t.Context(), name: name, file: bytes.NewReader(data), Config: Config{Kinds: villageKinds()}})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(village(), got, near); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if lines := village().Residential(); len(lines) != 1 || lines[0][0] != (geo.Point{Lon: 0, Lat: 0.001}) {
		t.Errorf("residential streets %v", lines)
	}
}

// TestDate: the moment of the map is what the file says, in each of its forms.
func TestDate(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ data, want string }{
		"nothing":  {villageXML, ""},
		"osmium":   {strings.Replace(villageXML, `version="0.6"`, `version="0.6" timestamp="2020-03-01T21:00:00Z"`, 1), "2020-03-01T21:00:00Z"},
		"overpass": {strings.Replace(villageXML, "<bounds", `<meta osm_base="2021-04-05T06:07:08Z"/><bounds`, 1), "2021-04-05T06:07:08Z"},
		"a node's": {strings.Replace(villageXML, `<node id="5"`, `<node timestamp="2020-03-01T21:00:00Z" id="5"`, 1), ""},
		"pbf":      {string(append(frame("OSMHeader", stored(append(field(4, []byte("DenseNodes")), number(32, 1583096400)...))), villagePBF(deflated)[len(header()):]...)), "2020-03-01T21:00:00Z"},
	} {
		e, err := read(input{ctx: t.Context(), name: name, file: strings.NewReader(c.data)})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := e.Date.Format(time.RFC3339); got != c.want && (c.want != "" || !e.Date.IsZero()) {
			t.Errorf("%s: %s, want %q", name, got, c.want)
		}
	}
}

func TestBadFiles(t *testing.T) {
	t.Parallel()
	xml := func(from, to string) []byte { return []byte(strings.Replace(villageXML, from, to, 1)) }
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte(villageXML))
	z.Close()
	pbf := villagePBF(deflated)
	flipped := bytes.Clone(pbf)
	flipped[len(flipped)-10] ^= 0xff
	for _, c := range []struct {
		name, code, want string
		data             []byte
	}{
		{"empty", "osm_truncated", "empty", nil},
		{"a web page", "osm_foreign", "want .osm.pbf", []byte("<!doctype html><html><body>Not found</body></html>")},
		{"a zip", "osm_foreign", "want .osm.pbf", []byte("PK\x03\x04 and so on")},
		{"a change file", "osm_foreign", "want .osm.pbf", []byte("<osmChange version=\"0.6\"></osmChange>")},
		{"xml cut off", "osm_truncated", "ends in line 12", []byte(villageXML[:strings.Index(villageXML, "10\" lat")])},
		{"xml not closed", "osm_corrupt", "syntax error", xml("</way>", "</wax>")},
		{"xml with a bad id", "osm_corrupt", "fetch", xml(`id="5"`, `id="five"`)},
		{"xml with a node off the earth", "osm_corrupt", "node 5 lies at 0, 95", xml(`id="5" lat="0.0`, `id="5" lat="95.0`)},
		{"xml with a place nowhere", "osm_corrupt", "node 7", xml(`id="7" lat="0.0020000"`, `id="7" lat="NaN"`)},
		{"xml with a node twice", "osm_unsupported", "node 5 occurs twice", xml(`id="4" lat`, `id="5" lat`)},
		{"xml with a way twice", "osm_unsupported", "way 11 occurs twice", xml(`way id="12"`, `way id="11"`)},
		{"xml with a place twice", "osm_unsupported", "facility 21 occurs twice", xml(`way id="24"><nd ref="97"`, `way id="21"><nd ref="5"`)},
		{"gzip cut off", "osm_truncated", "ends too early", packed.Bytes()[:packed.Len()/2]},
		{"gzip of something else", "osm_corrupt", "gzip", []byte{0x1f, 0x8b, 0, 0}},
		{"bzip2 of something else", "osm_corrupt", "bzip2", []byte("BZh9 and so on and on and on and on and on")},
		{"pbf cut off", "osm_truncated", "ends in the middle", pbf[:len(pbf)-1]},
		{"pbf flipped", "osm_corrupt", "inflate", flipped},
		{"pbf without header", "osm_corrupt", "header of 671088640 bytes", append([]byte{0x28, 0, 0, 0}, pbf...)},
		{"pbf of history", "osm_unsupported", "time-filter", append(frame("OSMHeader", stored(field(4, []byte("HistoricalInformation")))), pbf...)},
		{"pbf of the future", "osm_unsupported", "capability", append(frame("OSMHeader", stored(field(4, []byte("Teleportation")))), pbf...)},
		{"pbf with plain nodes", "osm_unsupported", "osmium cat", pbfOf(stored, field(1, nil), field(2, field(1, nil)))},
		{"pbf packed with lzma", "osm_unsupported", "lzma", append(header(), frame("OSMData", field(4, []byte("x")))...)},
		{"pbf that inflates without end", "osm_corrupt", "more", append(header(), frame("OSMData", append(number(2, 10), field(3, zipped(make([]byte, 1<<20)))...))...)},
		{"pbf that wants all memory", "osm_corrupt", "inflates to", append(header(), frame("OSMData", append(number(2, 1<<40), field(3, zipped(nil))...))...)},
	} {
		path := filepath.Join(t.TempDir(), "map.osm")
		if err := os.WriteFile(path, c.data, 0o600); err != nil {
			t.Fatal(err)
		}
		e, err := ReadWith(t.Context(), path, Config{Kinds: villageKinds()})
		if lifecircle.ErrorCode(err) != c.code || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v, want %s with %q and the file's name", c.name, err, c.code, c.want)
		}
		if e != nil {
			t.Errorf("%s: half a result", c.name)
		}
	}
	if _, err := Read(t.Context(), filepath.Join(t.TempDir(), "none.osm.pbf")); lifecircle.ErrorCode(err) != "osm_unreadable" {
		t.Errorf("a missing file: %v", err)
	}
}

// A file cut anywhere is an error, except between two blocks: there the format
// has no way to tell.
func TestEveryCutIsFound(t *testing.T) {
	t.Parallel()
	data := villagePBF(deflated)
	between := map[int]bool{len(header()): true}
	for cut := range data {
		if _, err := read(input{ctx: t.Context(), name: "cut", file: bytes.NewReader(data[:cut]), Config: Config{Kinds: villageKinds()}}); err == nil && !between[cut] {
			t.Errorf("cut after %d of %d bytes unseen", cut, len(data))
		}
	}
	for cut := range villageXML[:strings.Index(villageXML, "</osm>")] {
		if _, err := read(input{ctx: t.Context(), name: "cut", file: strings.NewReader(villageXML[:cut]), Config: Config{Kinds: villageKinds()}}); err == nil {
			t.Errorf("XML cut after %d bytes unseen", cut)
		}
	}
}

func TestCanceled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, data := range map[string][]byte{"xml": []byte(villageXML), "pbf": villagePBF(deflated)} {
		if _, err := read(input{ctx: ctx, name: name, file: bytes.NewReader(data), Config: Config{Kinds: villageKinds()}}); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCentroid(t *testing.T) {
	t.Parallel()
	at := func(xy ...float64) []geo.Point {
		var line []geo.Point
		for i := 0; i < len(xy); i += 2 {
			line = append(line, geo.Point{Lon: 106 + xy[i], Lat: 38 + xy[i+1]})
		}
		return line
	}
	for _, c := range []struct {
		name  string
		rings [][]geo.Point
		x, y  float64
	}{
		{"a square", [][]geo.Point{at(0, 0, 2, 0, 2, 2, 0, 2, 0, 0)}, 1, 1},
		{"the same clockwise", [][]geo.Point{at(0, 0, 0, 2, 2, 2, 2, 0, 0, 0)}, 1, 1},
		{"more points on one side", [][]geo.Point{at(0, 0, 1, 0, 1.5, 0, 1.7, 0, 2, 0, 2, 2, 0, 2, 0, 0)}, 1, 1},
		{"an L of three squares", [][]geo.Point{at(0, 0, 2, 0, 2, 1, 1, 1, 1, 2, 0, 2, 0, 0)}, (0.5 + 1.5 + 0.5) / 3, (0.5 + 0.5 + 1.5) / 3},
		{"two squares, drawn either way round", [][]geo.Point{at(0, 0, 2, 0, 2, 2, 0, 2, 0, 0), at(4, 0, 4, 2, 6, 2, 6, 0, 4, 0)}, 3, 1},
		{"a line", [][]geo.Point{at(0, 0, 1, 1, 2, 2)}, 1, 1},
		{"a point", [][]geo.Point{nil, at(3, 4)}, 3, 4},
	} {
		got, ok := centroid(c.rings)
		if want := (geo.Point{Lon: 106 + c.x, Lat: 38 + c.y}); !ok || !cmp.Equal(got, want, near) {
			t.Errorf("%s: %v, %v, want %v", c.name, got, ok, want)
		}
	}
	if _, ok := centroid([][]geo.Point{nil}); ok {
		t.Error("nothing has a centroid")
	}
}

func TestJoinRings(t *testing.T) {
	t.Parallel()
	got := joinRings([][]int64{{1, 2, 3}, nil, {10, 11, 10}, {5, 4, 1}, {5, 3}, {7, 8}})
	want := [][]int64{{1, 2, 3, 5, 4, 1}, {10, 11, 10}, {7, 8}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rings (-want +got):\n%s", diff)
	}
}

// Real extracts in both formats, and what is in them.
func TestRealExtracts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name                       string
		path                       func(testing.TB) string
		nodes, streets, facilities int
	}{
		{"Porto", sample.Porto, 323660, 52766, 0},
		{"Delaware", sample.Delaware, 338093, 48904, 568},
		{"Andorra", sample.Andorra, 93344, 3784, 100},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e, err := ReadWith(t.Context(), c.path(t), Config{Kinds: villageKinds()})
			if err != nil {
				t.Fatal(err)
			}
			if len(e.Nodes) != c.nodes || len(e.Streets) != c.streets || len(e.Facilities) != c.facilities {
				t.Errorf("%d nodes, %d streets, %d facilities, want %d, %d, %d",
					len(e.Nodes), len(e.Streets), len(e.Facilities), c.nodes, c.streets, c.facilities)
			}
			bounds := (&Extract{Nodes: e.Nodes}).Bounds()
			for _, f := range e.Facilities {
				if !bounds.Contains(f.At) {
					t.Errorf("%s lies at %v, not among the streets", f.ID, f.At)
				}
			}
		})
	}
}

func BenchmarkRead(b *testing.B) {
	path := sample.Delaware(b)
	for b.Loop() {
		if _, err := Read(b.Context(), path); err != nil {
			b.Fatal(err)
		}
	}
}

package osm

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"lifecircle"
	"lifecircle/geo"
)

// districtXML has a street from 1 to 3 with a gate at 2, where a wall without a
// street stands at 9; a square of two ways without tags whose rim is walked;
// county 41 with a hole, county 42 that leaves the map at node 99, and a border
// that is no administrative one.
const districtXML = `<?xml version='1.0' encoding='UTF-8'?>
<osm version="0.6">
 <node id="1" lat="0" lon="0"/>
 <node id="2" lat="0" lon="0.001"><tag k="barrier" v="gate"/><tag k="motor_vehicle" v="private"/></node>
 <node id="3" lat="0" lon="0.002"/>
 <node id="9" lat="0" lon="0.009"><tag k="barrier" v="wall"/></node>
 <node id="11" lat="0.001" lon="0"/>
 <node id="12" lat="0.001" lon="0.001"/>
 <node id="13" lat="0.002" lon="0.001"/>
 <node id="21" lat="0" lon="0"/>
 <node id="22" lat="0" lon="4"/>
 <node id="23" lat="4" lon="4"/>
 <node id="24" lat="4" lon="0"/>
 <node id="31" lat="1" lon="1"/>
 <node id="32" lat="1" lon="2"/>
 <node id="33" lat="2" lon="2"/>
 <way id="51"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="service"/><tag k="oneway" v="yes"/><tag k="maxspeed" v="10"/></way>
 <way id="52"><nd ref="11"/><nd ref="12"/></way>
 <way id="53"><nd ref="12"/><nd ref="13"/><nd ref="11"/></way>
 <way id="54"><nd ref="1"/><nd ref="3"/><tag k="highway" v="motorway"/></way>
 <way id="61"><nd ref="21"/><nd ref="24"/><nd ref="23"/></way>
 <way id="62"><nd ref="21"/><nd ref="22"/><nd ref="23"/></way>
 <way id="63"><nd ref="31"/><nd ref="32"/><nd ref="33"/><nd ref="31"/></way>
 <way id="64"><nd ref="23"/><nd ref="99"/></way>
 <relation id="40"><member type="way" ref="52" role="outer"/><member type="way" ref="53" role="outer"/><tag k="type" v="multipolygon"/><tag k="highway" v="pedestrian"/></relation>
 <relation id="42"><member type="way" ref="61" role="outer"/><member type="way" ref="64" role="outer"/><member type="way" ref="65" role="outer"/><tag k="type" v="boundary"/><tag k="boundary" v="administrative"/><tag k="admin_level" v="6"/></relation>
 <relation id="41"><member type="node" ref="1" role="admin_centre"/><member type="way" ref="61" role="outer"/><member type="way" ref="62" role="outer"/><member type="way" ref="63" role="inner"/><tag k="type" v="boundary"/><tag k="boundary" v="administrative"/><tag k="admin_level" v="6"/><tag k="name" v="利通区"/><tag k="name:zh" v="利通区"/><tag k="name:en" v="Litong"/><tag k="ref" v="640302"/></relation>
 <relation id="43"><member type="way" ref="63" role="outer"/><tag k="type" v="boundary"/><tag k="boundary" v="political"/><tag k="admin_level" v="6"/></relation>
 <relation id="44"><member type="way" ref="63" role="outer"/><tag k="type" v="boundary"/><tag k="boundary" v="administrative"/></relation>
</osm>
`

func TestReadDistrict(t *testing.T) {
	t.Parallel()
	got, err := read(input{
		ctx: t.Context(), name: "district", file: bytes.NewReader([]byte(districtXML)),
		Config: Config{Users: Everyone, Boundaries: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	vehicles := Bicycle | Car
	want := &Extract{
		Nodes: []geo.Point{{}, {Lon: 0.001}, {Lon: 0.002}, {Lat: 0.001}, {Lon: 0.001, Lat: 0.001}, {Lon: 0.001, Lat: 0.002}},
		Streets: []Street{
			{WayID: 51, Highway: "service", Nodes: []uint32{0, 1, 2}, BarredBack: vehicles, BicycleKmh: 12, CarKmh: 9},
			{WayID: 54, Highway: "motorway", Nodes: []uint32{0, 2}, BarredForward: Foot | Wheelchair | Bicycle, BarredBack: Everyone, BicycleKmh: 2, CarKmh: 100},
			{WayID: 52, Highway: "pedestrian", Nodes: []uint32{3, 4}, BarredForward: vehicles, BarredBack: vehicles, BicycleKmh: 8, CarKmh: 5},
			{WayID: 53, Highway: "pedestrian", Nodes: []uint32{4, 5, 3}, BarredForward: vehicles, BarredBack: vehicles, BicycleKmh: 8, CarKmh: 5},
		},
		Barriers: []Barrier{{Node: 1, Stops: Car}},
		Boundaries: []Boundary{
			{
				ID: "relation/41", Level: 6, Name: "利通区", Names: lifecircle.Name{ZH: "利通区", EN: "Litong"}, Ref: "640302",
				Area: orb.MultiPolygon{{
					{{0, 0}, {4, 0}, {4, 4}, {0, 4}, {0, 0}},
					{{1, 1}, {2, 2}, {2, 1}, {1, 1}},
				}},
			},
			{ID: "relation/42", Level: 6, Gaps: 1},
		},
	}
	// Where a ring begins does not matter: turn each to its least corner.
	for _, b := range got.Boundaries {
		for _, polygon := range b.Area {
			for k, ring := range polygon {
				polygon[k] = turned(ring)
			}
		}
	}
	if diff := cmp.Diff(want, got, near); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// For people on foot the motorway is no street, the gate no barrier and the
	// borders are not asked for.
	walked, err := read(input{ctx: t.Context(), name: "district", file: bytes.NewReader([]byte(districtXML))})
	if err != nil {
		t.Fatal(err)
	}
	if len(walked.Streets) != 3 || walked.Barriers != nil || walked.Boundaries != nil {
		t.Errorf("on foot: %+v", walked)
	}
	twice := strings.Replace(districtXML, `relation id="42"`, `relation id="41"`, 1)
	_, err = read(input{ctx: t.Context(), name: "d", file: strings.NewReader(twice), Config: Config{Boundaries: true}})
	if lifecircle.ErrorCode(err) != "osm_unsupported" {
		t.Errorf("a border twice: %v", err)
	}
}

func turned(ring orb.Ring) orb.Ring {
	least := 0
	for i, p := range ring[:len(ring)-1] {
		if p[0]+p[1] < ring[least][0]+ring[least][1] {
			least = i
		}
	}
	out := append(orb.Ring{}, ring[least:len(ring)-1]...)
	out = append(out, ring[:least]...)
	return append(out, out[0])
}

// Kinds of facilities are the caller's.
func TestKindsAreAsked(t *testing.T) {
	t.Parallel()
	e, err := read(input{
		ctx: t.Context(), name: "v", file: strings.NewReader(villageXML),
		Config: Config{Kinds: []Kind{{ID: "anything", Tags: [][]Tag{{{"amenity", "*"}}}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(e.Facilities) != 1 || e.Facilities[0].ID != "relation/31" || e.Facilities[0].Kind != "anything" {
		t.Errorf("facilities %+v, want the school as anything", e.Facilities)
	}
}

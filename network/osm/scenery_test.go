package osm

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"lifecircle"
)

// A park with a pond whose rim is a path, a lake of two ways with an island, a
// road that leaves the file and one that is closed to the public.
const sceneryXML = `<osm version="0.6">
 <node id="1" lat="0" lon="0"/><node id="2" lat="0" lon="3"/><node id="3" lat="3" lon="3"/><node id="4" lat="3" lon="0"/>
 <node id="5" lat="1" lon="1"/><node id="6" lat="1" lon="2"/><node id="7" lat="2" lon="2"/>
 <node id="8" lat="0" lon="4"/>
 <node id="9" lat="1.5" lon="2.5"><tag k="place" v="town"/><tag k="name" v="吴忠"/><tag k="name:en" v="Wuzhong"/><tag k="population" v="382000"/></node>
 <node id="10" lat="1.5" lon="2.5"><tag k="place" v="hamlet"/></node>
 <way id="21"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/><tag k="leisure" v="park"/></way>
 <way id="22"><nd ref="5"/><nd ref="7"/><nd ref="6"/><nd ref="5"/><tag k="natural" v="water"/><tag k="leisure" v="park"/><tag k="highway" v="footway"/></way>
 <way id="23"><nd ref="1"/><nd ref="2"/><nd ref="99"/><nd ref="3"/><nd ref="8"/><tag k="highway" v="motorway_link"/><tag k="name" v="京藏高速"/></way>
 <way id="24"><nd ref="1"/><nd ref="2"/><tag k="highway" v="service"/><tag k="access" v="private"/></way>
 <way id="25"><nd ref="1"/><nd ref="2"/><nd ref="3"/></way>
 <way id="26"><nd ref="1"/><nd ref="4"/><nd ref="3"/></way>
 <way id="27"><nd ref="5"/><nd ref="6"/><nd ref="7"/><nd ref="5"/></way>
 <way id="28"><nd ref="5"/><nd ref="6"/><nd ref="98"/><nd ref="5"/><tag k="building" v="yes"/></way>
 <way id="29"><nd ref="5"/><nd ref="6"/><nd ref="7"/><nd ref="5"/><tag k="building" v="no"/></way>
 <way id="30"><nd ref="2"/><nd ref="3"/><tag k="waterway" v="river"/></way>
 <way id="31"><nd ref="3"/><nd ref="4"/><tag k="railway" v="rail"/></way>
 <relation id="41"><member type="way" ref="25" role="outer"/><member type="way" ref="26" role="outer"/><member type="way" ref="27" role="inner"/><tag k="type" v="multipolygon"/><tag k="natural" v="water"/><tag k="name" v="湖"/></relation>
</osm>`

func TestReadScenery(t *testing.T) {
	t.Parallel()
	e, err := read(input{
		ctx: t.Context(), name: "scenery", file: bytes.NewReader([]byte(sceneryXML)),
		Config: Config{Kinds: []Kind{}, Scenery: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	// Counterclockwise outlines, clockwise holes.
	park := orb.Ring{{0, 0}, {3, 0}, {3, 3}, {0, 3}, {0, 0}}
	pond := orb.Ring{{1, 1}, {2, 1}, {2, 2}, {1, 1}}
	island := orb.Ring{{1, 1}, {2, 2}, {2, 1}, {1, 1}}
	want := []Feature{
		{ID: "node/9", Layer: Places, Class: "town", Name: "吴忠", Names: lifecircle.Name{EN: "Wuzhong"}, People: 382000, Geometry: orb.Point{2.5, 1.5}},
		{ID: "way/21", Layer: Green, Class: "park", Geometry: orb.MultiPolygon{{park}}},
		{ID: "way/22", Layer: Roads, Class: "path", Geometry: orb.MultiLineString{{{1, 1}, {2, 2}, {2, 1}, {1, 1}}}},
		{ID: "way/22", Layer: Water, Class: "water", Geometry: orb.MultiPolygon{{pond}}},
		{ID: "way/23", Layer: Roads, Class: "motorway", Name: "京藏高速", Geometry: orb.MultiLineString{{{0, 0}, {3, 0}}, {{3, 3}, {4, 0}}}},
		{ID: "way/30", Layer: Waterways, Class: "river", Geometry: orb.MultiLineString{{{3, 0}, {3, 3}}}},
		{ID: "way/31", Layer: Rail, Class: "rail", Geometry: orb.MultiLineString{{{3, 3}, {0, 3}}}},
		{ID: "relation/41", Layer: Water, Class: "water", Name: "湖", Geometry: orb.MultiPolygon{{park, island}}},
	}
	if diff := cmp.Diff(want, e.Scenery); diff != "" {
		t.Errorf("scenery (-want +got):\n%s", diff)
	}
	plain, err := read(input{ctx: t.Context(), name: "scenery", file: bytes.NewReader([]byte(sceneryXML)), Config: Config{Kinds: []Kind{}}})
	if err != nil {
		t.Fatal(err)
	}
	if plain.Scenery != nil {
		t.Errorf("scenery that nobody asked for: %v", plain.Scenery)
	}
	if diff := cmp.Diff(plain.Streets, e.Streets); diff != "" {
		t.Errorf("the streets change with the scenery:\n%s", diff)
	}
}

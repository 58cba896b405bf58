package osm

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	osmdata "github.com/paulmach/osm"

	"lifecircle"
)

// Layer is a group of features that a map draws alike.
type Layer string

// The layers. Roads, Rail and Waterways are lines, Places points, the others
// areas.
const (
	Roads     Layer = "road"
	Rail      Layer = "rail"
	Waterways Layer = "waterway"
	Water     Layer = "water"
	Green     Layer = "green"
	Buildings Layer = "building"
	Places    Layer = "place"
)

// Feature is something that a map draws.
type Feature struct {
	ID    string // "node/123", "way/123" or "relation/123"
	Layer Layer
	// Class says what it is within its layer. Of roads: motorway, trunk, primary,
	// secondary, tertiary, minor, service, track, path; of places the value of the
	// tag place; of the others the value of the tag that made them one.
	Class  string
	Name   string // the tag name, in whatever language is used there; may be empty
	Names  lifecircle.Name
	People int64 // of a place, as tagged; 0 where it is not
	// Geometry is in degrees: an orb.MultiLineString, cut where the file ends, an
	// orb.MultiPolygon as Boundary.Area is one, or an orb.Point.
	Geometry orb.Geometry
}

// roadClasses are the values of the tag highway that a map draws. The links of a
// class are drawn as it is.
var roadClasses = map[string]string{
	"motorway": "motorway", "trunk": "trunk", "primary": "primary", "secondary": "secondary", "tertiary": "tertiary",
	"unclassified": "minor", "residential": "minor", "living_street": "minor", "road": "minor",
	"service": "service", "track": "track", "bridleway": "track",
	"cycleway": "path", "footway": "path", "path": "path", "steps": "path", "pedestrian": "path",
}

// RoadClass returns how a map draws a value of the tag highway; "" where it does
// not.
func RoadClass(highway string) string {
	return roadClasses[strings.TrimSuffix(highway, "_link")]
}

// scene is one tag that makes an object a feature.
type scene struct {
	key    string
	layer  Layer
	values []string // nil: any but no
}

// areaScenes are tried in this order: a pond in a park is water.
var areaScenes = []scene{
	{"natural", Water, []string{"water"}},
	{"waterway", Water, []string{"riverbank", "dock"}},
	{"landuse", Water, []string{"reservoir", "basin"}},
	{"building", Buildings, nil},
	{"leisure", Green, []string{"park", "garden", "golf_course", "nature_reserve"}},
	{"landuse", Green, []string{"forest", "grass", "meadow", "recreation_ground", "village_green", "orchard", "cemetery"}},
	{"natural", Green, []string{"wood", "scrub", "grassland", "heath", "wetland"}},
}

var lineScenes = []scene{
	{"waterway", Waterways, []string{"river", "canal", "stream", "drain", "ditch"}},
	{"railway", Rail, []string{"rail", "light_rail", "subway", "tram", "narrow_gauge", "monorail", "funicular"}},
}

var placeScenes = []scene{
	{"place", Places, []string{"city", "town", "suburb", "quarter", "neighbourhood", "village", "hamlet", "locality"}},
}

func sceneOf(scenes []scene, tags osmdata.Tags) (layer Layer, class string) {
	for _, s := range scenes {
		value := tags.Find(s.key)
		if value != "" && (slices.Contains(s.values, value) || s.values == nil && value != "no") {
			return s.layer, value
		}
	}
	return "", ""
}

// lineScene returns what a way is as a line. A road that is closed to the public
// is none, as on the maps people know.
func lineScene(tags osmdata.Tags) (layer Layer, class string) {
	if class = RoadClass(tags.Find("highway")); class != "" && tags.Find("area") != "yes" {
		if access := tags.Find("access"); access != "private" && access != "no" {
			return Roads, class
		}
		return "", ""
	}
	return sceneOf(lineScenes, tags)
}

func isPlace(tags osmdata.Tags) bool {
	layer, _ := sceneOf(placeScenes, tags)
	return layer != "" && tags.Find("name") != ""
}

func isMultipolygonScene(tags osmdata.Tags) bool {
	layer, _ := sceneOf(areaScenes, tags)
	return layer != "" && tags.Find("type") == "multipolygon"
}

func isWayScene(tags osmdata.Tags) bool {
	line, _ := lineScene(tags)
	area, _ := sceneOf(areaScenes, tags)
	return line != "" || area != ""
}

// drawn is a feature before its positions are known. A way that is a line has
// nodes, an area outlines.
type drawn struct {
	Feature
	rank         int // nodes before ways before relations
	id           int64
	nodes        []int64
	outer, inner []int64 // way ids
}

func newDrawn(rank int, id int64, tags osmdata.Tags) drawn {
	return drawn{rank: rank, id: id, Feature: Feature{
		ID:    fmt.Sprintf("%s/%d", [...]string{"node", "way", "relation"}[rank], id),
		Name:  tags.Find("name"),
		Names: lifecircle.Name{ZH: tags.Find("name:zh"), EN: tags.Find("name:en")},
	}}
}

// drawNode takes a node that isPlace.
func (g *gather) drawNode(n *osmdata.Node) {
	d := newDrawn(0, int64(n.ID), n.Tags)
	d.Layer, d.Class = sceneOf(placeScenes, n.Tags)
	// A count that is no number is no count: the map asks it only for the order
	// of names.
	d.People, _ = strconv.ParseInt(n.Tags.Find("population"), 10, 64)
	at := positionOf(n)
	if !at.Valid() {
		g.misplace(d.id, at)
	}
	d.Geometry = orb.Point{at.Lon, at.Lat}
	g.scenery = append(g.scenery, d)
}

// drawWay takes a way that isWayScene: as a line, an area, or both, as a pond's
// rim that is a path.
func (g *gather) drawWay(w *osmdata.Way, nodes []int64) {
	d := newDrawn(1, int64(w.ID), w.Tags)
	d.nodes = slices.Clone(nodes) // a street renumbers its own
	if layer, class := lineScene(w.Tags); layer != "" {
		d.Layer, d.Class = layer, class
		g.scenery = append(g.scenery, d)
	}
	closed := len(nodes) >= 4 && nodes[0] == nodes[len(nodes)-1]
	if layer, class := sceneOf(areaScenes, w.Tags); layer != "" && closed {
		d.Layer, d.Class = layer, class
		g.scenery = append(g.scenery, d)
	}
}

// drawRelation takes a relation that isMultipolygonScene.
func (g *gather) drawRelation(r *osmdata.Relation, outer, inner []int64) {
	d := newDrawn(2, int64(r.ID), r.Tags)
	d.Layer, d.Class = sceneOf(areaScenes, r.Tags)
	d.outer, d.inner = outer, inner
	g.scenery = append(g.scenery, d)
}

// sceneryOf puts the features together. One of which the file holds nothing is
// left out, and so is what of an area it does not hold whole.
func (g *gather) sceneryOf() []Feature {
	slices.SortStableFunc(g.scenery, func(a, b drawn) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.id, b.id))
	})
	var features []Feature
	for _, d := range g.scenery {
		switch {
		case d.Geometry != nil: // a place
		case d.rank == 2:
			area, _ := g.assemble(d.outer, d.inner)
			if len(area) == 0 {
				continue
			}
			d.Geometry = area
		case d.Layer == Roads || d.Layer == Rail || d.Layer == Waterways:
			lines := g.cutLines(d.nodes)
			if len(lines) == 0 {
				continue
			}
			d.Geometry = lines
		default:
			lines := g.cutLines(d.nodes)
			if len(lines) != 1 || len(lines[0]) < len(d.nodes) {
				continue
			}
			ring := orb.Ring(lines[0])
			if ring.Orientation() == orb.CW {
				ring.Reverse()
			}
			d.Geometry = orb.MultiPolygon{{ring}}
		}
		features = append(features, d.Feature)
	}
	return features
}

// cutLines looks up the positions of a way and parts it where the file lacks a
// node.
func (g *gather) cutLines(nodes []int64) (lines orb.MultiLineString) {
	var run orb.LineString
	for k := 0; k <= len(nodes); k++ {
		if k < len(nodes) {
			at, _ := slices.BinarySearch(g.needed, nodes[k])
			if p, ok := g.at(at); ok {
				run = append(run, orb.Point{p.Lon, p.Lat})
				continue
			}
		}
		if len(run) > 1 {
			lines = append(lines, run)
		}
		run = nil
	}
	return lines
}

// assemble joins ways to areas with their holes: outlines run counterclockwise,
// holes clockwise. gaps counts the rings that do not close and the holes that lie
// in no outline.
func (g *gather) assemble(outer, inner []int64) (area orb.MultiPolygon, gaps int) {
	outlines, gaps := g.closedRings(outer)
	holes, more := g.closedRings(inner)
	gaps += more
	for _, ring := range outlines {
		if ring.Orientation() == orb.CW {
			ring.Reverse()
		}
		area = append(area, orb.Polygon{ring})
	}
	for _, hole := range holes {
		if hole.Orientation() == orb.CCW {
			hole.Reverse()
		}
		// A hole touches its outline at most at points: one that is not on the
		// outline tells whose it is.
		at := slices.IndexFunc(area, func(p orb.Polygon) bool {
			return !slices.ContainsFunc(hole, func(corner orb.Point) bool { return !planar.RingContains(p[0], corner) })
		})
		if at < 0 {
			gaps++
			continue
		}
		area[at] = append(area[at], hole)
	}
	return area, gaps
}

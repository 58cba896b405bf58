// Package tile makes vector tiles, the ground that maps are drawn on, from an
// OpenStreetMap extract or from generated streets, and keeps all of them in one
// file. It is no map of measures: what is measured comes from the API and is
// drawn above. Only api and cmd import it; it speaks no HTTP.
package tile

import (
	"math"

	"github.com/paulmach/orb"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/network/osm"
	"lifecircle/registry"
)

// Feature is something to draw.
type Feature struct {
	Layer string // of the tile: those of osm.Feature, and "boundary" and "facility"
	Class string
	Name  lifecircle.Name // ZH is shown where there is room for one
	// Rank orders names where they are in each other's way, the smaller first.
	Rank int
	// Level is that of a boundary, as OpenStreetMap counts: 4 region, 5 prefecture,
	// 6 county, 8 township.
	Level    int
	Geometry orb.Geometry // in degrees: MultiLineString, MultiPolygon or Point
}

// The layers of a tile that are no osm.Layer.
const (
	Boundaries = "boundary"
	Facilities = "facility"
)

// LayersInOrder are the layers of a tile as they lie above each other, the lowest first.
func LayersInOrder() []string {
	return []string{
		string(osm.Green), string(osm.Water), string(osm.Waterways), string(osm.Buildings), string(osm.Rail), string(osm.Roads),
		Boundaries, Facilities, string(osm.Places),
	}
}

// Draw returns what a map draws of an extract. Of one that was read without its
// scenery, as of generated streets, it draws the streets.
func Draw(e *osm.Extract) []Feature {
	var features []Feature
	for _, f := range e.Scenery {
		features = append(features, Feature{
			Layer: string(f.Layer), Class: f.Class, Name: shown(f.Name, f.Names), Rank: rank(f.People), Geometry: f.Geometry,
		})
	}
	if len(e.Scenery) == 0 {
		features = append(features, drawStreets(e)...)
	}
	for _, b := range e.Boundaries {
		for _, polygon := range b.Area {
			lines := make(orb.MultiLineString, len(polygon))
			for i, ring := range polygon {
				lines[i] = orb.LineString(ring)
			}
			features = append(features, Feature{Layer: Boundaries, Class: "administrative", Level: b.Level, Geometry: lines})
		}
	}
	for _, f := range e.Facilities {
		features = append(features, Feature{
			Layer: Facilities, Class: f.Kind, Name: shown(f.Name, f.Names), Geometry: orb.Point{f.At.Lon, f.At.Lat},
		})
	}
	return features
}

func drawStreets(e *osm.Extract) []Feature {
	var features []Feature
	for _, s := range e.Streets {
		class := osm.RoadClass(s.Highway)
		if class == "" {
			continue
		}
		line := make(orb.LineString, len(s.Nodes))
		for i, node := range s.Nodes {
			line[i] = orb.Point{e.Nodes[node].Lon, e.Nodes[node].Lat}
		}
		features = append(features, Feature{Layer: string(osm.Roads), Class: class, Geometry: orb.MultiLineString{line}})
	}
	return features
}

// shown takes the Chinese name where the map has one, else the local one.
func shown(local string, names lifecircle.Name) lifecircle.Name {
	if names.ZH == "" {
		names.ZH = local
	}
	if names.EN == names.ZH {
		names.EN = ""
	}
	return names
}

// rank orders places by the order of magnitude of their people.
func rank(people int64) int {
	const most = 10 // beyond any city
	if people <= 0 {
		return most
	}
	return most - min(most, int(math.Log10(float64(people))))
}

// labelClasses are the classes of place that areas are named as.
var labelClasses = map[registry.Level]string{
	registry.Prefecture: "city", registry.County: "town", registry.Township: "suburb", registry.Village: "hamlet",
}

// label returns the name of an area as a place; ok is false for a level that is
// not named on maps.
func label(area registry.Area, at geo.Point, people int64) (f Feature, ok bool) {
	class, ok := labelClasses[area.Level]
	return Feature{
		Layer: string(osm.Places), Class: class, Name: shown(area.Name.ZH, area.Name), Rank: rank(people), Geometry: orb.Point{at.Lon, at.Lat},
	}, ok
}

// The classes of each layer appear from these zooms on; "" is all others.
var firstZoom = map[string]map[string]int{
	string(osm.Roads): {
		"motorway": 5, "trunk": 5, "primary": 7, "secondary": 9, "tertiary": 11, "minor": 12, "service": 13, "track": 13, "path": 14,
	},
	string(osm.Rail):      {"rail": 9, "": 12},
	string(osm.Waterways): {"river": 8, "canal": 10, "": 13},
	string(osm.Water):     {"": 5},
	string(osm.Green):     {"": 8},
	string(osm.Buildings): {"": 13},
	string(osm.Places):    {"city": 5, "town": 8, "suburb": 10, "village": 10, "quarter": 12, "hamlet": 12, "": 13},
	Facilities:            {"": 14},
}

// boundaryZoom is from where on the boundaries of a level appear.
func boundaryZoom(level int) int {
	switch {
	case level <= 4:
		return 4
	case level <= 6:
		return 6
	case level <= 8:
		return 9
	}
	return 11
}

func (f Feature) firstZoom() int {
	if f.Layer == Boundaries {
		return boundaryZoom(f.Level)
	}
	if zoom, ok := firstZoom[f.Layer][f.Class]; ok {
		return zoom
	}
	return firstZoom[f.Layer][""]
}

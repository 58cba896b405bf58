package intake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"lifecircle"
)

// feature is one feature of GeoJSON (RFC 7946), with its geometry unread.
type feature struct {
	ID         any                        `json:"id"`
	Type       string                     `json:"type"`
	Properties map[string]json.RawMessage `json:"properties"`
	Geometry   *struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	} `json:"geometry"`
}

// ground is a polygon or multipolygon whose rings nobody has looked at yet.
type ground struct {
	kind        string
	coordinates json.RawMessage
}

// polygons returns the ground in the file's own coordinates: two numbers or more
// for each position.
func (g ground) polygons() (polygons [][][][]float64, err error) {
	if g.kind == "Polygon" {
		polygons = make([][][][]float64, 1)
		err = json.Unmarshal(g.coordinates, &polygons[0])
	} else {
		err = json.Unmarshal(g.coordinates, &polygons)
	}
	if err != nil {
		return nil, fmt.Errorf("a %s needs rings of positions", strings.ToLower(g.kind))
	}
	return polygons, nil
}

// readGeoJSON reads the features of a collection as rows: the properties are
// columns, and the position of the geometry, that of a polygon being its
// centroid, is in the columns lon and lat. A geometry that has none is a fault of
// its row: what is wrong with it stands in the column lon, where a coordinate may
// be written instead. Polygons themselves are kept for lists of areas.
func readGeoJSON(file File) (*table, error) {
	invalid := func(format string, args ...any) error {
		return lifecircle.Errorf("geojson_invalid", "%s: "+format, append([]any{file.Name}, args...)...).With("file", file.Name)
	}
	var collection struct {
		Type string `json:"type"`
		CRS  struct {
			Properties struct {
				Name string `json:"name"`
			} `json:"properties"`
		} `json:"crs"`
		Features []feature `json:"features"`
	}
	decoder := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(file.Data, []byte("\xef\xbb\xbf"))))
	decoder.UseNumber()
	if err := decoder.Decode(&collection); err != nil {
		return nil, invalid("%w (at byte %d): is the file cut off?", err, decoder.InputOffset())
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, invalid("something follows the collection at byte %d", decoder.InputOffset())
	}
	if collection.Type != "FeatureCollection" {
		return nil, invalid("it is a %q: want a FeatureCollection", collection.Type)
	}
	names := map[string]bool{}
	var own []string
	if slices.ContainsFunc(collection.Features, func(f feature) bool { return f.ID != nil || f.Properties["id"] != nil }) {
		own = append(own, "id")
	}
	if slices.ContainsFunc(collection.Features, func(f feature) bool { return f.Geometry != nil }) {
		own = append(own, "lon", "lat") // else it is a list without places
	}
	for _, f := range collection.Features {
		for name := range f.Properties {
			names[name] = true
		}
	}
	for _, reserved := range own {
		delete(names, reserved)
	}
	t := &table{
		heading: append(own, slices.Sorted(maps.Keys(names))...),
		crs:     namedCRS(collection.CRS.Properties.Name), grounds: make(map[int]ground),
	}
	for i, f := range collection.Features {
		cells := make([]string, len(t.heading))
		if f.ID != nil {
			cells[0] = fmt.Sprint(f.ID) // then there is a column id
		}
		for at, name := range t.heading {
			if text := propertyText(f.Properties[name]); text != "" {
				cells[at] = text
			}
		}
		if f.Geometry != nil {
			lon, lat, err := middle(f.Geometry.Type, f.Geometry.Coordinates)
			outlined := file.Kind == Areas && (f.Geometry.Type == "Polygon" || f.Geometry.Type == "MultiPolygon")
			if outlined {
				t.grounds[i+2] = ground{f.Geometry.Type, f.Geometry.Coordinates}
			}
			at := slices.Index(own, "lon")
			switch {
			case err == nil:
				cells[at], cells[at+1] = strconv.FormatFloat(lon, 'f', -1, 64), strconv.FormatFloat(lat, 'f', -1, 64)
			case !outlined:
				cells[at], cells[at+1] = err.Error(), ""
			}
		}
		t.add(i+2, cells) // as if a heading were row 1
	}
	return t, nil
}

// namedCRS turns the name of the older GeoJSON's member crs into one of ours.
func namedCRS(name string) string {
	switch {
	case strings.HasSuffix(name, "CRS84"):
		return "wgs84"
	case strings.Contains(name, "EPSG"):
		return "epsg:" + name[strings.LastIndex(name, ":")+1:]
	}
	return ""
}

// propertyText returns a property as a cell would have it; lists of texts are
// joined.
func propertyText(raw json.RawMessage) string {
	var value any
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if len(raw) == 0 || decoder.Decode(&value) != nil {
		return ""
	}
	switch value := value.(type) {
	case nil:
		return ""
	case string:
		return value
	case []any:
		parts := make([]string, len(value))
		for i, part := range value {
			parts[i] = fmt.Sprint(part)
		}
		return strings.Join(parts, ";")
	case map[string]any:
		return string(raw)
	default:
		return fmt.Sprint(value)
	}
}

// middle returns the position of a point, or the centroid of a polygon's outer
// ring, the largest one's of several.
func middle(kind string, coordinates json.RawMessage) (x, y float64, err error) {
	var outer [][][]float64
	switch kind {
	case "Point":
		var at []float64
		if err := json.Unmarshal(coordinates, &at); err != nil || len(at) < 2 {
			return 0, 0, fmt.Errorf("a point needs two coordinates, has %s", coordinates)
		}
		return at[0], at[1], nil
	case "Polygon":
		var rings [][][]float64
		if err := json.Unmarshal(coordinates, &rings); err != nil || len(rings) == 0 {
			return 0, 0, fmt.Errorf("a polygon needs a ring of positions")
		}
		outer = rings[:1]
	case "MultiPolygon":
		var polygons [][][][]float64
		if err := json.Unmarshal(coordinates, &polygons); err != nil {
			return 0, 0, fmt.Errorf("a multipolygon needs rings of positions")
		}
		for _, rings := range polygons {
			if len(rings) > 0 {
				outer = append(outer, rings[0])
			}
		}
	default:
		return 0, 0, fmt.Errorf("a geometry %q: want Point, Polygon or MultiPolygon", kind)
	}
	largest := -1.0
	for _, ring := range outer {
		cx, cy, area, ok := centroid(ring)
		if !ok {
			return 0, 0, fmt.Errorf("a ring needs four positions of two coordinates")
		}
		if area > largest {
			x, y, largest = cx, cy, area
		}
	}
	if largest < 0 {
		return 0, 0, fmt.Errorf("a multipolygon needs a polygon")
	}
	return x, y, nil
}

// centroid returns the centroid of a closed ring and its area, reckoned from the
// first corner so that nothing is lost to large coordinates. A ring without area
// has its first corner.
func centroid(ring [][]float64) (x, y, area float64, ok bool) {
	if len(ring) < 4 {
		return 0, 0, 0, false
	}
	for _, corner := range ring {
		if len(corner) < 2 {
			return 0, 0, 0, false
		}
	}
	x0, y0 := ring[0][0], ring[0][1]
	var twice, sx, sy float64
	for i := 1; i < len(ring); i++ {
		ax, ay := ring[i-1][0]-x0, ring[i-1][1]-y0
		bx, by := ring[i][0]-x0, ring[i][1]-y0
		cross := ax*by - bx*ay
		twice += cross
		sx += (ax + bx) * cross
		sy += (ay + by) * cross
	}
	if twice == 0 {
		return x0, y0, 0, true
	}
	return x0 + sx/(3*twice), y0 + sy/(3*twice), max(twice, -twice) / 2, true
}

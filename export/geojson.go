package export

import (
	"bufio"
	"context"
	"encoding/json"
	"os"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"lifecircle/geo"
	"lifecircle/plan/rule"
)

// geoJSONName is how a collection names its coordinate system. RFC 7946 has none
// but WGS-84; the member crs of the specification of 2008 is read by GDAL, QGIS
// and intake, and ignored by the rest, who are right to take it for WGS-84:
// CGCS2000 is less than a metre away.
func geoJSONName(crs geo.CRS) string {
	if crs == geo.CGCS2000 {
		return "urn:ogc:def:crs:EPSG::4490"
	}
	return "urn:ogc:def:crs:OGC:1.3:CRS84"
}

// writeGeoJSON writes a list as a collection of features (RFC 7946), one on a
// line. What is not known is left out of the properties; a row without a place has
// the geometry null.
func writeGeoJSON(_ context.Context, path string, list List) (done Written, err error) {
	err = filled(path, func(f *os.File) error {
		out := bufio.NewWriterSize(f, 1<<16)
		name, err := json.Marshal(geoJSONName(list.CRS))
		if err != nil {
			return err
		}
		// What a bufio.Writer fails to write it says in Flush.
		out.WriteString("{\"type\":\"FeatureCollection\",\n\"crs\":{\"type\":\"name\",\"properties\":{\"name\":")
		out.Write(name)
		out.WriteString("}},\n\"features\":[")
		for row := range list.Rows {
			if done.Rows > 0 {
				out.WriteByte(',')
			}
			feature, err := list.feature(row, done.count(list, row))
			if err != nil {
				return err
			}
			out.WriteByte('\n')
			out.Write(feature)
		}
		out.WriteString("\n]}\n")
		return out.Flush()
	})
	return done, err
}

func (l List) feature(row Row, place orb.Geometry) ([]byte, error) {
	out := []byte(`{"type":"Feature","geometry":`)
	geometry := []byte("null")
	if place != nil {
		var err error
		if geometry, err = geojson.NewGeometry(place).MarshalJSON(); err != nil {
			return nil, err
		}
	}
	out = append(append(out, geometry...), `,"properties":{`...)
	said := 0
	for i, v := range row.Cells {
		cell, err := jsonCell(v)
		if err != nil {
			return nil, err
		}
		if cell == nil {
			continue
		}
		if said++; said > 1 {
			out = append(out, ',')
		}
		name, err := json.Marshal(l.Columns[i].Name)
		if err != nil {
			return nil, err
		}
		out = append(append(append(out, name...), ':'), cell...)
	}
	return append(out, "}}"...), nil
}

// jsonCell writes a value as JSON, nil for no data. A number that no decimal
// writes is a text.
func jsonCell(v rule.Value) ([]byte, error) {
	if b, ok := v.Bool(); ok {
		return json.Marshal(b)
	}
	if texts, ok := v.Texts(); ok {
		return json.Marshal(texts)
	}
	cell := text(v)
	if cell == "" {
		return nil, nil
	}
	if _, ok := v.Number(); ok && json.Valid([]byte(cell)) {
		return []byte(cell), nil
	}
	return json.Marshal(cell)
}

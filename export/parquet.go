package export

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"reflect"

	"github.com/parquet-go/parquet-go"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"lifecircle/plan/rule"
)

// geometryColumn is the column of places in GeoParquet.
const geometryColumn = "geometry"

// rowGroup is how many rows are written at once: what a writer holds in memory.
const rowGroup = 100_000

// writeParquet writes a list as Parquet, with places as GeoParquet 1.1: WKB in the
// column geometry and the key geo in the file's metadata, without a coordinate
// system, which means longitude and latitude in WGS-84. Numbers are doubles, days
// dates, lists of texts joined as in CSV.
func writeParquet(_ context.Context, path string, list List) (done Written, err error) {
	schema := parquet.NewSchema(list.Name, list.parquetColumns())
	err = filled(path, func(f *os.File) error {
		out := parquet.NewWriter(f, schema, parquet.Compression(&parquet.Zstd), parquet.MaxRowsPerRowGroup(rowGroup))
		kinds := map[string]bool{}
		line := make(parquet.Row, 0, len(list.Columns)+1)
		for row := range list.Rows {
			place := done.count(list, row)
			line = line[:0]
			for i, v := range row.Cells {
				line = append(line, optional(parquetCell(v), i))
			}
			if list.Placed {
				cell := parquet.NullValue()
				if place != nil {
					body, err := wkb.Marshal(place)
					if err != nil {
						return err
					}
					cell, kinds[place.GeoJSONType()] = parquet.ByteArrayValue(body), true
				}
				line = append(line, optional(cell, len(list.Columns)))
			}
			if _, err := out.WriteRows([]parquet.Row{line}); err != nil {
				return err
			}
		}
		if list.Placed {
			about, err := done.geoParquet(kinds)
			if err != nil {
				return err
			}
			out.SetKeyValueMetadata("geo", about)
		}
		return out.Close()
	})
	return done, err
}

// optional places a value in a column whose cells may be missing.
func optional(v parquet.Value, column int) parquet.Value {
	if v.IsNull() {
		return v.Level(0, 0, column)
	}
	return v.Level(0, 1, column)
}

func parquetCell(v rule.Value) parquet.Value {
	if n, ok := v.Number(); ok {
		return parquet.DoubleValue(n.Float64())
	}
	if b, ok := v.Bool(); ok {
		return parquet.BooleanValue(b)
	}
	if d, ok := v.Date(); ok {
		return parquet.Int32Value(int32(d)) // days since 1970-01-01, both
	}
	if cell := text(v); cell != "" {
		return parquet.ByteArrayValue([]byte(cell))
	}
	return parquet.NullValue()
}

// parquetColumns are the columns in the order of the list.
func (l List) parquetColumns() parquet.Node {
	columns := &orderedGroup{Group: parquet.Group{}}
	add := func(name string, leaf parquet.Node) {
		columns.Group[name] = parquet.Optional(leaf)
		columns.names = append(columns.names, name)
	}
	for _, c := range l.Columns {
		add(c.Name, parquetLeaf(c.Kind))
	}
	if l.Placed {
		add(geometryColumn, parquet.Leaf(parquet.ByteArrayType))
	}
	return columns
}

func parquetLeaf(kind rule.Kind) parquet.Node {
	switch kind {
	case rule.Number:
		return parquet.Leaf(parquet.DoubleType)
	case rule.Bool:
		return parquet.Leaf(parquet.BooleanType)
	case rule.Day:
		return parquet.Date()
	}
	return parquet.String()
}

// orderedGroup is a group whose columns come in the order of their names in
// names: a parquet.Group has them by the alphabet.
type orderedGroup struct {
	parquet.Group
	names []string
}

// Fields implements parquet.Node.
func (g *orderedGroup) Fields() []parquet.Field {
	byName := make(map[string]parquet.Field, len(g.names))
	for _, f := range g.Group.Fields() {
		byName[f.Name()] = f
	}
	fields := make([]parquet.Field, len(g.names))
	for i, name := range g.names {
		fields[i] = byName[name]
	}
	return fields
}

// GoType implements parquet.Node; rows are written as values and never as this.
func (g *orderedGroup) GoType() reflect.Type { return g.Group.GoType() }

// geoParquet is the metadata of GeoParquet 1.1.0.
func (w Written) geoParquet(kinds map[string]bool) (string, error) {
	types := []string{}
	for _, kind := range []string{orb.Point{}.GeoJSONType(), orb.MultiPolygon{}.GeoJSONType()} {
		if kinds[kind] {
			types = append(types, kind)
		}
	}
	column := map[string]any{"encoding": "WKB", "geometry_types": types}
	if w.Placed > 0 {
		column["bbox"] = []float64{w.Bounds.Min.Lon, w.Bounds.Min.Lat, w.Bounds.Max.Lon, w.Bounds.Max.Lat}
	}
	about, err := json.Marshal(map[string]any{
		"version": "1.1.0", "primary_column": geometryColumn, "columns": map[string]any{geometryColumn: column},
	})
	if err != nil {
		return "", fmt.Errorf("describe the places: %w", err)
	}
	return string(about), nil
}

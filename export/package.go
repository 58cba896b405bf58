package export

import (
	"context"
	"iter"

	"lifecircle/export/geopackage"
	"lifecircle/geo"
	"lifecircle/plan/rule"
)

// writeGeoPackage writes a list as the only layer of a GeoPackage. Numbers are
// doubles, lists of texts joined as in CSV.
func writeGeoPackage(ctx context.Context, path string, list List) (done Written, err error) {
	layer := geopackage.Layer{Name: list.Name, System: geopackage.WGS84}
	if list.CRS == geo.CGCS2000 {
		layer.System = geopackage.CGCS2000
	}
	switch {
	case list.Grounds:
		layer.Shape = geopackage.MultiPolygon
	case list.Placed:
		layer.Shape = geopackage.Point
	}
	for _, c := range list.Columns {
		layer.Columns = append(layer.Columns, geopackage.Column{Name: c.Name, Type: geoPackageType(c.Kind)})
	}
	var rows iter.Seq[geopackage.Row] = func(yield func(geopackage.Row) bool) {
		values := make([]any, len(list.Columns))
		for row := range list.Rows {
			for i, v := range row.Cells {
				values[i] = geoPackageValue(v)
			}
			if !yield(geopackage.Row{Values: values, Place: done.count(list, row)}) {
				return
			}
		}
	}
	err = geopackage.Create(ctx, path, layer, rows)
	return done, err
}

func geoPackageType(kind rule.Kind) geopackage.Type {
	switch kind {
	case rule.Number:
		return geopackage.Real
	case rule.Bool:
		return geopackage.Boolean
	case rule.Day:
		return geopackage.Date
	}
	return geopackage.Text
}

func geoPackageValue(v rule.Value) any {
	if n, ok := v.Number(); ok {
		return n.Float64()
	}
	if b, ok := v.Bool(); ok {
		return b
	}
	if cell := text(v); cell != "" {
		return cell
	}
	return nil
}

package main

import (
	"fmt"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"lifecircle"
	"lifecircle/access"
	"lifecircle/geo"
)

// readBorder reads the outline of an area: GeoJSON with polygons, all of which are its
// parts.
func readBorder(path string, halo float64) (*access.Border, error) {
	text, err := readInput(path)
	if err != nil {
		return nil, err
	}
	var shapes []orb.Geometry
	if all, err := geojson.UnmarshalFeatureCollection(text); err == nil {
		for _, f := range all.Features {
			shapes = append(shapes, f.Geometry)
		}
	} else if one, err := geojson.UnmarshalFeature(text); err == nil {
		shapes = append(shapes, one.Geometry)
	} else if bare, err := geojson.UnmarshalGeometry(text); err == nil {
		shapes = append(shapes, bare.Geometry())
	}
	var area orb.MultiPolygon
	for _, shape := range shapes {
		switch shape := shape.(type) {
		case orb.Polygon:
			area = append(area, shape)
		case orb.MultiPolygon:
			area = append(area, shape...)
		}
	}
	if len(area) == 0 {
		return nil, lifecircle.Errorf("border_invalid", "%s holds no polygon: want GeoJSON with the outline of the area", path)
	}
	border, err := access.NewBorder(area, halo)
	if err != nil {
		return nil, lifecircle.Errorf(lifecircle.ErrorCode(err), "%s: %w", path, err)
	}
	return border, nil
}

// keep leaves the rows at some positions.
func (p *pointFile) keep(at func(geo.Point) bool) error {
	var rows []pointRow
	for _, row := range p.rows {
		if at(row.at) {
			rows = append(rows, row)
		}
	}
	if len(rows) == 0 {
		return lifecircle.Errorf("border_invalid", "none of the %d rows of %s lies in the area: is it the right outline?", len(p.rows), p.path)
	}
	p.rows = rows
	return nil
}

// bounded reads the border, if one is asked for, before anything else is read.
func (q *accessQuestion) bounded() (err error) {
	if q.area == "" {
		return nil
	}
	if !(q.halo >= 0) {
		return useError{fmt.Errorf("--halo %v: want 0 m or more", q.halo)}
	}
	q.border, err = readBorder(q.area, q.halo)
	return err
}

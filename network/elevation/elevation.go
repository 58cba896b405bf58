// Package elevation is the height of the land, read from a GeoTIFF: one band of
// whole or floating numbers on a grid of degrees, in strips or tiles, plain or
// packed with deflate or LZW. It is no image library and reprojects nothing. The
// command line imports it and hands a Model to package network, which knows it as
// an interface only.
package elevation

import (
	"math"
	"os"

	"lifecircle"
	"lifecircle/geo"
)

// Model is the height of the land above the sea, on a grid. It never changes.
type Model struct {
	columns, rows int
	// The middle of the north-western cell, and the steps from cell to cell in
	// degrees, southward positive.
	west, north float64
	stepLon     float64
	stepLat     float64
	heights     []float32 // row by row from the north; NaN where unknown
}

// Open reads a GeoTIFF whole. What cannot be read gives a lifecircle.Error that
// says what the file holds and how to convert it.
func Open(path string) (*Model, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, lifecircle.Errorf("elevation_unreadable", "open elevation: %w", err).With("file", path)
	}
	m, err := decode(data)
	if err != nil {
		return nil, lifecircle.Errorf("elevation_invalid", "elevation %s: %w", path, err).With("file", path)
	}
	return m, nil
}

// At returns the height in metres, between the middles of cells interpolated on
// both axes; ok is false off the grid and beside a cell whose height is unknown.
func (m *Model) At(p geo.Point) (metres float64, ok bool) {
	// In cells from the middle of the first.
	x, y := (p.Lon-m.west)/m.stepLon, (m.north-p.Lat)/m.stepLat
	const half = 0.5
	if !(x >= -half && y >= -half && x <= float64(m.columns)-half && y <= float64(m.rows)-half) {
		return 0, false
	}
	// The outer half of the outer cells is as high as their middle.
	x, y = min(max(x, 0), float64(m.columns-1)), min(max(y, 0), float64(m.rows-1))
	column, row := min(int(x), max(0, m.columns-2)), min(int(y), max(0, m.rows-2))
	east, south := x-float64(column), y-float64(row)
	for _, corner := range [...]struct {
		column, row int
		share       float64
	}{
		{column, row, (1 - east) * (1 - south)},
		{column + 1, row, east * (1 - south)},
		{column, row + 1, (1 - east) * south},
		{column + 1, row + 1, east * south},
	} {
		// At the middle of a cell the rounding of degrees leaves its neighbours a trace.
		if corner.share < 1e-6 {
			continue
		}
		h := float64(m.heights[corner.row*m.columns+corner.column])
		if math.IsNaN(h) {
			return 0, false
		}
		metres += corner.share * h
	}
	return metres, true
}

// Bounds returns where the model knows the land.
func (m *Model) Bounds() geo.Bounds {
	west, north := m.west-m.stepLon/2, m.north+m.stepLat/2
	return geo.Bounds{
		Min: geo.Point{Lon: west, Lat: north - float64(m.rows)*m.stepLat},
		Max: geo.Point{Lon: west + float64(m.columns)*m.stepLon, Lat: north},
	}
}

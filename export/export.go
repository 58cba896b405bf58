// Package export writes lists to files that others can open: CSV, XLSX, GeoJSON,
// GeoPackage and Parquet. The columns are those that intake reads, so that what
// goes out can come in again; every row carries where it comes from and how well
// it is known. It neither computes nor chooses what may be seen. The command line
// imports it.
package export

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/plan/rule"
)

// List is a table that leaves: rows come one by one, so that a long list is never
// in memory as a whole.
type List struct {
	Name    string // of the sheet or layer
	Columns []Column
	// Placed says that rows have a position, or ground where Grounds is set. Maps get
	// it as geometry; tables get positions as the columns lon, lat and crs, and no
	// ground.
	Placed  bool
	Grounds bool
	CRS     geo.CRS // in which places are written
	Rows    iter.Seq[Row]
}

// Column is a column by name; a cell of it is of its kind or no data.
type Column struct {
	Name string
	Kind rule.Kind
}

// Row is one row of a list. Its cells belong to it only until the next one comes.
type Row struct {
	Cells  []rule.Value  // as long as Columns
	At     *geo.Point    // nil: the place is not known
	Ground []geo.Polygon // where Grounds is set; nil: not known
}

// Written is what a file holds.
type Written struct {
	Rows   int
	Placed int        // rows with a place
	Bounds geo.Bounds // of the places, in the coordinate system of the file
}

// format is a way of writing a list to a new file.
type format struct {
	write func(ctx context.Context, path string, list List) (Written, error)
	// systems are the coordinate systems that the format can name; none: any, as
	// the column crs names it.
	systems []geo.CRS
}

func formats() map[string]format {
	return map[string]format{
		".csv":     {write: writeCSV},
		".xlsx":    {write: writeXLSX},
		".geojson": {write: writeGeoJSON, systems: []geo.CRS{geo.WGS84, geo.CGCS2000}},
		".gpkg":    {write: writeGeoPackage, systems: []geo.CRS{geo.WGS84, geo.CGCS2000}},
		".parquet": {write: writeParquet, systems: []geo.CRS{geo.WGS84}},
	}
}

// File writes a list in the format that the path's ending names. The file appears
// whole or not at all. The errors are format_unknown, crs_unfit for a coordinate
// system that the format has no name for, and list_too_long.
func File(ctx context.Context, path string, list List) (done Written, err error) {
	ending := strings.ToLower(filepath.Ext(path))
	f, known := formats()[ending]
	if !known {
		return done, lifecircle.Errorf("format_unknown", "%s: the ending %q is not known: want .csv, .xlsx, .geojson, .gpkg or .parquet", path, ending).With("file", path)
	}
	if len(f.systems) > 0 && !slices.Contains(f.systems, list.CRS) {
		return done, lifecircle.Errorf("crs_unfit", "a %s file cannot say that its positions are in %s, and readers would take them for another system: write a .csv or .xlsx, whose column crs says so", ending, list.CRS).
			With("crs", list.CRS.String())
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), ".lifecircle-*"+ending)
	if err != nil {
		return done, fmt.Errorf("write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			os.Remove(temporary.Name())
		}
	}()
	if err := temporary.Close(); err != nil {
		return done, fmt.Errorf("write %s: %w", path, err)
	}
	rows := list.Rows
	list.Rows = func(yield func(Row) bool) {
		for row := range rows {
			if ctx.Err() != nil || !yield(row) {
				return
			}
		}
	}
	if done, err = f.write(ctx, temporary.Name(), list); err == nil {
		err = ctx.Err() // then rows are missing
	}
	if err != nil {
		return done, fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Chmod(temporary.Name(), 0o644); err != nil {
		return done, fmt.Errorf("write %s: %w", path, err)
	}
	return done, os.Rename(temporary.Name(), path)
}

// Formats returns the endings of the files that File can write, ordered.
func Formats() []string { return slices.Sorted(maps.Keys(formats())) }

// filled opens a file to be written from its beginning, and sees to it that what
// was written has reached the disk when all went well.
func filled(path string, write func(*os.File) error) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		return err
	}
	defer func() {
		if closing := f.Close(); err == nil {
			err = closing
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	return f.Sync()
}

// count notes a row and its place, and returns the place as the file has it; nil
// where there is none.
func (w *Written) count(list List, row Row) orb.Geometry {
	w.Rows++
	place := list.place(row)
	if place == nil {
		return nil
	}
	if w.Placed == 0 {
		w.Bounds = geo.EmptyBounds()
	}
	w.Placed++
	b := place.Bound()
	w.Bounds = w.Bounds.Extend(geo.Point{Lon: b.Min[0], Lat: b.Min[1]}).Extend(geo.Point{Lon: b.Max[0], Lat: b.Max[1]})
	return place
}

// place returns where a row is.
func (l List) place(row Row) orb.Geometry {
	at := func(p geo.Point) orb.Point {
		x, y := l.CRS.Coordinates(p)
		return orb.Point{x, y}
	}
	switch {
	case len(row.Ground) > 0:
		ground := make(orb.MultiPolygon, len(row.Ground))
		for i, polygon := range row.Ground {
			for _, ring := range polygon {
				line := make(orb.Ring, len(ring))
				for k, p := range ring {
					line[k] = at(p)
				}
				ground[i] = append(ground[i], line)
			}
		}
		return ground
	case row.At != nil:
		return at(*row.At)
	}
	return nil
}

// text writes a value as a cell has it; no data is the empty text. Numbers are
// exact.
func text(v rule.Value) string {
	if t, ok := v.Text(); ok {
		return t
	}
	if n, ok := v.Number(); ok {
		return n.String()
	}
	if b, ok := v.Bool(); ok {
		return fmt.Sprint(b)
	}
	if d, ok := v.Date(); ok {
		return d.String()
	}
	if texts, ok := v.Texts(); ok {
		return strings.Join(texts, ";")
	}
	return ""
}

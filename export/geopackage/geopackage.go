// Package geopackage writes a table with places as an OGC GeoPackage 1.3, the
// SQLite file that geographic programs open. It is the one place besides the store
// that speaks SQL, since the format is SQL; it does so only in files it makes
// itself and never in a workspace. Package export imports it.
package geopackage

import (
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"iter"
	"math"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// Type is the type of a column.
type Type string

// The types of columns that lists need, as the standard calls them. The values of
// a column are string, float64, bool (Boolean) and string like 2025-12-31 (Date).
const (
	Text    Type = "TEXT"
	Real    Type = "DOUBLE"
	Boolean Type = "BOOLEAN"
	Date    Type = "DATE"
)

// Column is a column by name.
type Column struct {
	Name string
	Type Type
}

// Shape is the kind of geometry of a layer; "" for a table without places.
type Shape string

// The shapes that lists have.
const (
	Point        Shape = "POINT"
	MultiPolygon Shape = "MULTIPOLYGON"
)

// System is a coordinate system by its EPSG code.
type System int32

// The coordinate systems that a file describes.
const (
	WGS84    System = 4326
	CGCS2000 System = 4490
)

// Layer describes the table of a file.
type Layer struct {
	Name    string
	Columns []Column
	Shape   Shape
	System  System
}

// Row is a row: a value for each column, nil for no data, and its place, nil where
// it has none. It is read before the next one is asked for.
type Row struct {
	Values []any
	Place  orb.Geometry
}

// The columns that every table has.
const (
	idColumn    = "fid"
	placeColumn = "geom"
)

// Create makes a GeoPackage with one layer at a path where there is no file or an
// empty one. What it leaves after an error is no GeoPackage.
func Create(ctx context.Context, path string, layer Layer, rows iter.Seq[Row]) (err error) {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1) // the pragmas are of a connection
	defer func() {
		if closing := db.Close(); err == nil {
			err = closing
		}
	}()
	// The file is new: without a journal there is nothing to go back to but nothing.
	for _, pragma := range []string{`PRAGMA journal_mode = OFF`, `PRAGMA application_id = 0x47504B47`, `PRAGMA user_version = 10300`} {
		if _, err := db.ExecContext(ctx, pragma); err != nil {
			return err
		}
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := layer.fill(ctx, tx, rows); err != nil {
		if undo := tx.Rollback(); undo != nil {
			return fmt.Errorf("%w (and roll back: %w)", err, undo)
		}
		return err
	}
	return tx.Commit()
}

// The tables every GeoPackage has (OGC 12-128r17, annex C), word for word in what
// they hold.
const (
	createSystems = `CREATE TABLE gpkg_spatial_ref_sys (
		srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
		organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT)`
	createContents = `CREATE TABLE gpkg_contents (
		table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
		last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
		min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
		CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id))`
	createGeometries = `CREATE TABLE gpkg_geometry_columns (
		table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
		z TINYINT NOT NULL, m TINYINT NOT NULL,
		CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
		CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
		CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id))`

	insertSystem   = `INSERT INTO gpkg_spatial_ref_sys VALUES ($1, $2, $3, $4, $5, NULL)`
	insertContents = `INSERT INTO gpkg_contents (table_name, data_type, identifier, min_x, min_y, max_x, max_y, srs_id) VALUES ($1, $2, $1, $3, $4, $5, $6, $7)`
	insertGeometry = `INSERT INTO gpkg_geometry_columns VALUES ($1, $2, $3, $4, 0, 0)`
)

// system is a row of gpkg_spatial_ref_sys.
type system struct {
	name, organization string
	id                 int32
	definition         string
}

// systems are the three that the standard asks for, and CGCS2000 with the
// parameters of EPSG:4490.
func systems() []system {
	return []system{
		{"Undefined Cartesian SRS", "NONE", -1, "undefined"},
		{"Undefined geographic SRS", "NONE", 0, "undefined"},
		{"WGS 84", "EPSG", int32(WGS84), `GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]`},
		{"China Geodetic Coordinate System 2000", "EPSG", int32(CGCS2000), `GEOGCS["China Geodetic Coordinate System 2000",DATUM["China_2000",SPHEROID["CGCS2000",6378137,298.257222101,AUTHORITY["EPSG","1024"]],AUTHORITY["EPSG","1043"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4490"]]`},
	}
}

// fill makes the tables and puts the rows in.
func (l Layer) fill(ctx context.Context, tx *sql.Tx, rows iter.Seq[Row]) error {
	for _, statement := range []string{createSystems, createContents, createGeometries} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	for _, s := range systems() {
		if _, err := tx.ExecContext(ctx, insertSystem, s.name, s.id, s.organization, s.id, s.definition); err != nil {
			return err
		}
	}
	create, insert := l.statements()
	if _, err := tx.ExecContext(ctx, create); err != nil {
		return err
	}
	bounds, err := l.insert(ctx, tx, insert, rows)
	if err != nil {
		return err
	}
	contents := []any{l.Name, "attributes", nil, nil, nil, nil, nil}
	if l.Shape != "" {
		contents = []any{l.Name, "features", nil, nil, nil, nil, int32(l.System)}
		if !bounds.IsEmpty() {
			contents[2], contents[3], contents[4], contents[5] = bounds.Min[0], bounds.Min[1], bounds.Max[0], bounds.Max[1]
		}
	}
	if _, err := tx.ExecContext(ctx, insertContents, contents...); err != nil {
		return err
	}
	if l.Shape != "" {
		_, err = tx.ExecContext(ctx, insertGeometry, l.Name, placeColumn, string(l.Shape), int32(l.System))
	}
	return err
}

// insert puts the rows in and returns the box around their places.
func (l Layer) insert(ctx context.Context, tx *sql.Tx, statement string, rows iter.Seq[Row]) (orb.Bound, error) {
	bounds := orb.Bound{Min: orb.Point{math.Inf(1), math.Inf(1)}, Max: orb.Point{math.Inf(-1), math.Inf(-1)}}
	prepared, err := tx.PrepareContext(ctx, statement)
	if err != nil {
		return bounds, err
	}
	defer prepared.Close()
	values := make([]any, 0, len(l.Columns)+1)
	for row := range rows {
		values = append(values[:0], row.Values...)
		if l.Shape != "" {
			var place any // not a nil slice, which would be an empty blob
			if row.Place != nil {
				if place, err = blob(row.Place, l.System); err != nil {
					return bounds, err
				}
				bounds = bounds.Union(row.Place.Bound())
			}
			values = append(values, place)
		}
		if _, err := prepared.ExecContext(ctx, values...); err != nil {
			return bounds, err
		}
	}
	return bounds, nil
}

// statements are those that make the layer's table and put a row in. Names are
// quoted, and values are parameters.
func (l Layer) statements() (create, insert string) {
	names, columns := []string{}, []string{quoted(idColumn) + " INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL"}
	for _, c := range l.Columns {
		names, columns = append(names, quoted(c.Name)), append(columns, quoted(c.Name)+" "+string(c.Type))
	}
	if l.Shape != "" {
		names, columns = append(names, quoted(placeColumn)), append(columns, quoted(placeColumn)+" "+string(l.Shape))
	}
	parameters := make([]string, len(names))
	for i := range parameters {
		parameters[i] = fmt.Sprintf("$%d", i+1)
	}
	create = fmt.Sprintf("CREATE TABLE %s (%s)", quoted(l.Name), strings.Join(columns, ", "))
	insert = fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", quoted(l.Name), strings.Join(names, ", "), strings.Join(parameters, ", "))
	return create, insert
}

// quoted is a name as SQL has it, whatever is in it.
func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// blob is a geometry as the standard stores it (2.1.3): a header, for all but
// points with the box around it, and WKB, little-endian.
func blob(place orb.Geometry, system System) ([]byte, error) {
	body, err := wkb.Marshal(place, binary.LittleEndian)
	if err != nil {
		return nil, err
	}
	const littleEndian, withBox = 1, 1 << 1
	flags := byte(littleEndian)
	_, isPoint := place.(orb.Point)
	if !isPoint {
		flags |= withBox
	}
	out := append(make([]byte, 0, 40+len(body)), 'G', 'P', 0, flags)
	out = binary.LittleEndian.AppendUint32(out, uint32(system))
	if !isPoint {
		box := place.Bound()
		for _, side := range []float64{box.Min[0], box.Max[0], box.Min[1], box.Max[1]} {
			out = binary.LittleEndian.AppendUint64(out, math.Float64bits(side))
		}
	}
	return append(out, body...), nil
}

package intake

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/plan/rule"
	"lifecircle/registry"
)

// narrow turns full-width digits and signs into those of ASCII.
func narrow(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' {
			return r - '！' + '!'
		}
		return r
	}, text)
}

// number reads an exact number in a unit and returns it in base units. Grouping
// marks and words like 万 are refused: which of several meanings is meant is for
// the sender to say.
func (r *row) number(target string, unit rule.Unit) (rule.Value, bool) {
	cell := narrow(r.cell(target))
	if cell == "" {
		return rule.Value{}, false
	}
	if strings.ContainsAny(cell, "eE") && r.table.serial {
		if f, err := strconv.ParseFloat(cell, 64); err == nil {
			cell = strconv.FormatFloat(f, 'f', -1, 64)
		}
	}
	n, err := lifecircle.ParseNumber(strings.TrimSuffix(cell, ".0"))
	if err != nil {
		r.fault(target, problem{"number_invalid", fmt.Sprintf("%q is no number", r.cell(target)), "write digits and at most a point, like 1234.5"})
		return rule.Value{}, false
	}
	if n.Sign() < 0 {
		r.fault(target, problem{"number_negative", fmt.Sprintf("%s is below 0", cell), "leave the cell empty where the number is not known"})
		return rule.Value{}, false
	}
	base, ok := unit.ToBase(n)
	if !ok {
		r.fault(target, problem{"number_invalid", fmt.Sprintf("%s has too many digits", cell), "write fewer"})
		return rule.Value{}, false
	}
	return rule.NumberOf(base), true
}

// truth reads yes and no; known is false for an empty cell and after a fault.
func (r *row) truth(target string) (truth, known bool) {
	cell := r.columns.meant(target, r.cell(target))
	switch strings.ToLower(cell) {
	case "":
		return false, false
	case "true", "yes", "y", "1", "是", "有", "对", "√":
		return true, true
	case "false", "no", "n", "0", "否", "无", "不", "×":
		return false, true
	}
	r.fault(target, problem{"boolean_invalid", fmt.Sprintf("%q is neither yes nor no", cell), "write 是 or 否, true or false"})
	return false, false
}

// Days as people and spreadsheets write them. Those that begin with a day or a
// month are left out: 03/04/2025 is two days.
var dayLayouts = []string{"2006-1-2", "2006/1/2", "2006.1.2", "2006年1月2日", "20060102", "2006-1-2 15:04:05", "2006-01-02T15:04:05Z07:00"}

// day reads a day; the zero Day for an empty cell and after a fault.
func (r *row) day(target string) registry.Day {
	cell := narrow(r.cell(target))
	if cell == "" {
		return registry.Day{}
	}
	for _, layout := range dayLayouts {
		if t, err := time.Parse(layout, cell); err == nil && t.Year() >= 1900 && t.Year() < 3000 {
			return registry.DayOf(rule.DateFrom(t.Year(), int(t.Month()), t.Day()))
		}
	}
	if serial, err := strconv.ParseFloat(cell, 64); err == nil && r.table.serial && serial >= 61 && serial < 400_000 {
		// Spreadsheets count days from 30 December 1899 (after their 29 February 1900,
		// which never was).
		return registry.DayOf(rule.DateFrom(1899, 12, 30) + rule.Date(math.Floor(serial)))
	}
	r.fault(target, problem{"day_invalid", fmt.Sprintf("%q is no day", r.cell(target)), "write 2025-12-31 or 2025年12月31日"})
	return registry.Day{}
}

// list reads texts apart by ; 、 or |.
func (r *row) list(target string) []string {
	var texts []string
	for _, part := range strings.FieldsFunc(r.cell(target), func(c rune) bool { return strings.ContainsRune(";；、|", c) }) {
		if part = strings.TrimSpace(part); part != "" {
			texts = append(texts, r.columns.meant(target, part))
		}
	}
	return texts
}

// area reads a code, or the name of the only area that has it.
func (r *row) area(target string) lifecircle.AreaCode {
	cell := strings.TrimSuffix(narrow(r.cell(target)), ".0")
	if cell == "" {
		r.fault(target, problem{"area_missing", "the area is empty", "give the official code of 6, 9 or 12 digits"})
		return ""
	}
	if code, err := lifecircle.ParseAreaCode(cell); err == nil {
		if !r.into.Registry.Knows(code) {
			r.fault(target, problem{"area_unknown", fmt.Sprintf("area %s is not known here", code), "correct the code, or import the areas first"})
			return ""
		}
		return code
	}
	var named []string
	for _, a := range r.into.Registry.Areas() {
		if a.Name.ZH == cell || strings.EqualFold(a.Name.EN, cell) {
			named = append(named, string(a.Code))
		}
	}
	switch len(named) {
	case 1:
		return lifecircle.AreaCode(named[0])
	case 0:
		r.fault(target, problem{"area_unknown", fmt.Sprintf("%q is neither a code of 6, 9 or 12 digits nor the name of an area here", cell), "give the official code"})
	default:
		r.fault(target, problem{"area_ambiguous", fmt.Sprintf("%q is the name of several areas: %s", cell, listed(named)), "give the official code"})
	}
	return ""
}

// coordinate reads one axis.
func (r *row) coordinate(target string) (float64, bool) {
	cell := narrow(r.cell(target))
	v, err := strconv.ParseFloat(cell, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		r.fault(target, problem{"coordinate_invalid", fmt.Sprintf("%q is no coordinate", cell), "write degrees with a point, like 106.2733"})
		return 0, false
	}
	return v, true
}

// position reads where something is, in WGS-84; known is false for empty cells
// and after a fault.
func (r *row) position() (at geo.Point, known bool) {
	if r.cell("lon") == "" && r.cell("lat") == "" {
		return at, false
	}
	x, ok := r.coordinate("lon")
	y, ok2 := r.coordinate("lat")
	if !ok || !ok2 {
		return at, false
	}
	at, ok = r.file.CRS.Point(x, y)
	swapped, fits := r.file.CRS.Point(y, x)
	const metres = 1000 // no longitude comes near it
	switch {
	case !ok && fits:
		r.fault("lon", problem{"coordinates_swapped", fmt.Sprintf("lon %g, lat %g is off the earth, and the other way round it is not", x, y), "swap the two columns"})
	case !ok && !r.file.CRS.Projected() && (math.Abs(x) > metres || math.Abs(y) > metres):
		r.fault("lon", problem{"coordinates_metres", fmt.Sprintf("%g, %g look like metres and not degrees", x, y), "name their grid: --crs epsg:4544 is CGCS2000 around 105° E, 4545 around 108° E"})
	case !ok:
		r.fault("lon", problem{"coordinates_off", fmt.Sprintf("%g, %g lie nowhere in %s", x, y, r.file.CRS), "correct them, or name another --crs"})
	case r.far(at) && fits && !r.far(swapped):
		r.fault("lon", problem{"coordinates_swapped", fmt.Sprintf("lon %g, lat %g is far from everything here, and the other way round it is not", x, y), "swap the two columns"})
		ok = false
	}
	return at, ok
}

// far reports whether a place is beyond a hundred kilometres or so from everything
// that is known; where nothing is, no place is far.
func (r *row) far(at geo.Point) bool {
	const degrees = 1.0
	b := r.bounds
	if b.Min.Lon > b.Max.Lon {
		return false
	}
	b.Min.Lon, b.Min.Lat, b.Max.Lon, b.Max.Lat = b.Min.Lon-degrees, b.Min.Lat-degrees, b.Max.Lon+degrees, b.Max.Lat+degrees
	return !b.Contains(at)
}

// askCRS refuses a file whose coordinate system nobody named, where systems differ
// by streets: GCJ-02 is 388 m off at Yinchuan, a third of a 15-minute walk.
func (r *reader) askCRS() error {
	if r.file.CRSGiven {
		return nil
	}
	said, err := r.saidCRS()
	if err != nil {
		return err
	}
	for _, name := range []string{r.file.Mapping.CRS, r.table.crs, said} {
		if name == "" {
			continue
		}
		crs, err := geo.ParseCRS(name)
		if err != nil {
			return err
		}
		r.file.CRS = crs
		return nil
	}
	for i, cells := range r.table.rows {
		row := &row{reader: r, line: r.table.numbers[i], cells: cells}
		x, err := strconv.ParseFloat(row.cell("lon"), 64)
		y, err2 := strconv.ParseFloat(row.cell("lat"), 64)
		if err != nil || err2 != nil {
			continue
		}
		lon, lat := geo.GCJ02.Coordinates(geo.Point{Lon: x, Lat: y})
		if off := geo.Distance(geo.Point{Lon: x, Lat: y}, geo.Point{Lon: lon, Lat: lat}); off > 1 {
			return lifecircle.Errorf("crs_missing",
				"%s does not say its coordinate system, and the wrong one would be %.0f m off here: say --crs wgs84, cgcs2000, gcj02 (Amap, Tencent) or bd09 (Baidu)", r.file.Name, off).
				With("file", r.file.Name)
		}
	}
	return nil
}

// saidCRS returns the coordinate system that the column crs names; a file in which
// rows name different ones is refused.
func (r *reader) saidCRS() (string, error) {
	at, ok := r.columns.at["crs"]
	if !ok {
		return "", nil
	}
	said := ""
	for i, cells := range r.table.rows {
		if at >= len(cells) || cells[at] == "" || cells[at] == said {
			continue
		}
		if said != "" {
			return "", lifecircle.Errorf("crs_mixed", "%s: row %d is in %s and those before in %s: split the file, one coordinate system in each", r.file.Name, r.table.numbers[i], cells[at], said).
				With("file", r.file.Name)
		}
		said = cells[at]
	}
	return said, nil
}

// field reads a field of a register by its type; known is false for an empty cell
// and after a fault.
func (r *row) field(name string, kind rule.Type) (rule.Value, bool) {
	switch kind.Kind {
	case rule.Number:
		return r.number(name, kind.Unit)
	case rule.Bool:
		truth, known := r.truth(name)
		return rule.BoolOf(truth), known
	case rule.Day:
		date, known := r.day(name).Date()
		return rule.DateOf(date), known
	case rule.Texts:
		texts := r.list(name)
		return rule.TextsOf(texts), len(texts) > 0
	}
	text := r.columns.meant(name, r.cell(name))
	return rule.TextOf(text), text != ""
}

// typedField is a field with its type.
type typedField struct {
	name string
	kind rule.Type
}

// inOrder sorts fields once for all the rows that are read.
func inOrder(types map[string]rule.Type) []typedField {
	var fields []typedField
	for _, name := range slices.Sorted(maps.Keys(types)) {
		fields = append(fields, typedField{name, types[name]})
	}
	return fields
}

// fields reads all fields that a row says.
func (r *row) fields(typed []typedField) registry.Fields {
	var fields registry.Fields
	for _, f := range typed {
		if value, ok := r.field(f.name, f.kind); ok {
			if fields == nil {
				fields = make(registry.Fields)
			}
			fields[f.name] = value
		}
	}
	return fields
}

// origin reads where a row comes from and how well it is known.
func (r *row) origin() (source string, provenance lifecircle.Provenance) {
	if source = r.cell("source"); source == "" {
		source = r.file.Name
	}
	provenance = lifecircle.Real
	if cell := r.columns.meant("provenance", r.cell("provenance")); cell != "" {
		provenance = lifecircle.Provenance(cell)
		if !provenance.Valid() {
			r.fault("provenance", problem{"provenance_invalid", fmt.Sprintf("%q is no provenance", cell), "write real, estimated or generated"})
		}
	}
	return source, provenance
}

// span reads from when until when.
func (r *row) span(from, until string) registry.Span {
	return registry.Span{From: r.day(from), Until: r.day(until)}
}

// outline reads the ground of a row that has a polygon, in WGS-84; nil for one
// that has none and after a fault.
func (r *row) outline() (*registry.Outline, geo.Shape) {
	g, drawn := r.table.grounds[r.line]
	if !drawn {
		return nil, geo.Shape{}
	}
	if r.position(); r.faulty { // the wrong way round, or of another system
		return nil, geo.Shape{}
	}
	fault := func(err error) (*registry.Outline, geo.Shape) {
		r.fault("geometry", problem{"outline_invalid", err.Error(), "mend the polygon where it says: rings are closed and cross neither themselves nor each other"})
		return nil, geo.Shape{}
	}
	rings, err := g.polygons()
	if err != nil {
		return fault(err)
	}
	polygons := make([]geo.Polygon, len(rings))
	for i, polygon := range rings {
		for _, positions := range polygon {
			ring := make(geo.Ring, len(positions))
			for k, at := range positions {
				if len(at) < 2 {
					return fault(fmt.Errorf("a position has %d coordinates", len(at)))
				}
				var ok bool
				if ring[k], ok = r.file.CRS.Point(at[0], at[1]); !ok {
					return fault(fmt.Errorf("%g, %g lies nowhere in %s", at[0], at[1], r.file.CRS))
				}
			}
			polygons[i] = append(polygons[i], ring)
		}
	}
	shape, err := geo.NewShape(polygons)
	if err != nil {
		return fault(err)
	}
	o := &registry.Outline{Shape: shape.Hash()}
	o.Source, o.Provenance = r.origin()
	return o, shape
}

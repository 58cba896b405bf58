package intake

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/network/osm"
	"lifecircle/plan"
	"lifecircle/plan/rule"
	"lifecircle/registry"
	"lifecircle/scenario"
)

// Map is an OpenStreetMap extract that is to be taken in.
//
// Of its mapping, columns says which tags hold the official code of a boundary
// ({"IBGE:GEOCODIGO": code}; else it is ref), values.code translates what stands
// there, or the id of a boundary (relation/123), into the code, and constants
// gives the area of places that lie in no known boundary, and the source.
type Map struct {
	Name       string // of the file
	Extract    *osm.Extract
	Facilities bool // whether its places are taken
	Boundaries bool // whether its administrative areas are
	Withdraw   bool // whether places are withdrawn that the map had and has no longer
	// Known is the ground of areas that are drawn already: a place may lie in one that
	// the extract does not show.
	Known   map[lifecircle.AreaCode]geo.Shape
	Mapping Mapping
}

// MapOutcome is what an extract comes to.
type MapOutcome struct {
	Outcome
	New, Changed int // of the accepted, besides those said already
	// Corrected are the accepted of which somebody else has spoken since: what they
	// say stays.
	Corrected int
	// Gone are the places that the map had and has no longer, by their ids. They
	// stay unless it was asked to withdraw them.
	Gone []lifecircle.FacilityID
}

// MapConfig says what of an extract is read for a plan: the places of the kinds
// that it says the map knows, and the boundaries.
func MapConfig(pkg *plan.Package, mapping Mapping) osm.Config {
	cfg := osm.Config{Boundaries: true}
	for _, kind := range pkg.MappedKinds() {
		k := osm.Kind{ID: kind.ID}
		for _, all := range kind.OSM {
			tags := make([]osm.Tag, len(all))
			for i, tag := range all {
				tags[i] = osm.Tag{Key: tag.Key, Value: tag.Value}
			}
			k.Tags = append(k.Tags, tags)
		}
		cfg.Kinds = append(cfg.Kinds, k)
	}
	for _, tag := range slices.Sorted(maps.Keys(mapping.Columns)) {
		if mapping.Columns[tag] == "code" {
			cfg.CodeTags = append(cfg.CodeTags, tag)
		}
	}
	return cfg
}

// The source of what a map says begins with whom its licence asks to name.
const mapSource = "© OpenStreetMap contributors, ODbL 1.0"

// MapSource names an extract as a source: who made it, its licence, the file and
// the day of the map, where the file says it.
func MapSource(file string, date time.Time) string {
	if date.IsZero() {
		return fmt.Sprintf("%s; %s, of an unknown day", mapSource, file)
	}
	return fmt.Sprintf("%s; %s, as of %s", mapSource, file, date.Format(time.DateOnly))
}

// mapID begins the ids of what comes from the map: osm:node/123.
const mapID = "osm:"

// MappedFacility is a place of the map as a facility of an area. When it opened
// the map does not say.
func MappedFacility(f osm.Facility, area lifecircle.AreaCode, source string) registry.Facility {
	place := registry.Facility{
		ID: lifecircle.FacilityID(mapID + f.ID), Area: area, Kind: f.Kind, Name: f.Name, At: f.At, Public: f.Public,
		Source: source, Provenance: lifecircle.Real,
	}
	if f.Names.ZH != "" {
		place.Name = f.Names.ZH
	}
	fields := make(registry.Fields)
	for name, text := range map[string]string{registry.NameEN: f.Names.EN, registry.NameLocal: f.Name} {
		if text != "" && text != place.Name {
			fields[name] = rule.TextOf(text)
		}
	}
	if len(fields) > 0 {
		place.Fields = fields
	}
	return place
}

// Read turns the extract into changes. As with lists, what cannot be taken is a
// fault of its own row; rows are counted from 2, boundaries first.
func (m Map) Read(into Into) (MapOutcome, error) {
	if err := m.checkMapping(); err != nil {
		return MapOutcome{}, err
	}
	t := &table{heading: []string{"id", "kind", "name", "code", "lon", "lat"}}
	out := MapOutcome{Outcome: Outcome{table: t}}
	r := &mapReader{Map: m, out: &out, outlines: make(map[lifecircle.AreaCode]mapGround), source: m.Mapping.Constants["source"]}
	if r.source == "" {
		r.source = MapSource(m.Name, m.Extract.Date)
	}
	r.reader = &reader{file: File{Name: m.Name}, into: into, table: t, outcome: &out.Outcome, seen: make(map[string]int)}
	r.columns.at = map[string]int{"id": 0, "kind": 1, "name": 2, "code": 3, "lon": 4, "lat": 5}
	for code, shape := range m.Known {
		r.outlines[code] = mapGround{shape, shape.Bounds()}
	}
	areas := r.areas()
	var places []taking
	if m.Facilities {
		var err error
		if places, err = r.places(); err != nil {
			return MapOutcome{}, err
		}
		r.gone()
	}
	for _, t := range slices.Concat(areas, places) {
		out.Accepted++
		switch {
		case t.same:
			out.Unchanged++
			continue
		case t.change.Op == scenario.Amend || t.change.Op == scenario.Area && into.Registry.Knows(t.change.Area.Code):
			out.Changed++
		default:
			out.New++
		}
		out.Changes = append(out.Changes, t.change)
	}
	if m.Withdraw {
		for _, id := range out.Gone {
			out.Changes = append(out.Changes, scenario.Change{Op: scenario.Withdraw, ID: id})
		}
	}
	refused := make(map[int]bool)
	for _, f := range out.Faults {
		if !refused[f.Row] {
			refused[f.Row] = true
			out.Refused = append(out.Refused, f.Row)
		}
	}
	slices.Sort(out.Refused)
	slices.SortStableFunc(out.Faults, func(a, b Fault) int { return a.Row - b.Row })
	return out, nil
}

// checkMapping refuses what a mapping says and a map does not have.
func (m Map) checkMapping() error {
	invalid := func(what string) error {
		return lifecircle.Errorf("mapping_invalid", "the mapping of a map has columns: {TAG: code}, values: {code: {…}} and constants: {area: …, source: …}; this one has %s", what)
	}
	for tag, target := range m.Mapping.Columns {
		if target != "code" {
			return invalid(fmt.Sprintf("columns: {%s: %s}", tag, target))
		}
	}
	for target := range m.Mapping.Values {
		if target != "code" {
			return invalid("values for " + target)
		}
	}
	for target := range m.Mapping.Constants {
		if target != "area" && target != "source" {
			return invalid("the constant " + target)
		}
	}
	return nil
}

// mapReader takes the rows of one map.
type mapReader struct {
	*reader
	Map
	out      *MapOutcome
	source   string
	outlines map[lifecircle.AreaCode]mapGround // of areas that are drawn, and of boundaries whose code is known
}

// mapGround is ground with the box around it.
type mapGround struct {
	geo.Shape
	bounds geo.Bounds
}

// groundOf checks the outline of a boundary and makes ground of it.
func groundOf(b osm.Boundary) (mapGround, error) {
	polygons := make([]geo.Polygon, len(b.Area))
	for i, polygon := range b.Area {
		for _, corners := range polygon {
			ring := make(geo.Ring, len(corners))
			for k, corner := range corners {
				ring[k] = geo.Point{Lon: corner.Lon(), Lat: corner.Lat()}
			}
			polygons[i] = append(polygons[i], ring)
		}
	}
	shape, err := geo.NewShape(polygons)
	return mapGround{shape, shape.Bounds()}, err
}

// row begins a row.
func (m *mapReader) row(cells ...string) *row {
	m.out.Rows++
	line := len(m.table.rows) + 2
	m.table.rows, m.table.numbers = append(m.table.rows, cells), append(m.table.numbers, line)
	return &row{reader: m.reader, line: line, cells: cells}
}

// areas takes the boundaries. Where they are not asked for, those with a known code
// still tell in which area a place lies.
func (m *mapReader) areas() []taking {
	var taken []taking
	for _, b := range m.Extract.Boundaries {
		if !m.Boundaries {
			if code, p := m.codeOf(b); p.code == "" && b.Gaps == 0 && m.into.Registry.Knows(code) {
				if ground, err := groundOf(b); err == nil {
					m.outlines[code] = ground
				}
			}
			continue
		}
		code, p := m.codeOf(b)
		r := m.row(b.ID, fmt.Sprintf("admin_level=%d", b.Level), b.Name, b.Ref)
		if p.code != "" {
			r.fault("code", p)
			continue
		}
		if r.unique(string(code)); r.faulty {
			continue
		}
		if b.Gaps > 0 {
			r.fault("id", problem{"boundary_open", fmt.Sprintf("%s (%s): its outline does not close", b.ID, b.Name), "it is cut off at the edge of the map, or mapped with a gap: take a larger extract"})
			continue
		}
		ground, err := groundOf(b)
		if err != nil {
			r.fault("id", problem{"outline_invalid", fmt.Sprintf("%s (%s): %v", b.ID, b.Name, err), "mend the outline on the map, or draw the area from a list"})
			continue
		}
		before, stands := m.into.Registry.Area(code)
		a := before
		if !stands {
			a = registry.Area{
				Code: code, Parent: parentOf(code), Level: registry.LevelOf(code), Name: b.Names, Source: m.source, Provenance: lifecircle.Real,
			}
			if a.Name.ZH == "" {
				a.Name.ZH = b.Name
			}
			if a.Name.ZH == "" {
				r.fault("name", problem{"name_missing", b.ID + " has no name", "name it on the map, or import the area from a list"})
				continue
			}
		}
		// What somebody else drew stays.
		if hash := ground.Hash(); a.Outline == nil || m.ours(a.Outline.Source) && a.Outline.Shape != hash {
			a.Outline = &registry.Outline{Shape: hash, Source: m.source, Provenance: lifecircle.Real}
		}
		m.outlines[code] = ground
		taken = append(taken, taking{r.line, scenario.Change{Op: scenario.Area, Area: &a}, stands && same(before, a)})
	}
	taken = withParents(m.reader, taken)
	made := make(map[lifecircle.AreaCode]bool)
	for _, t := range taken {
		made[t.change.Area.Code] = true
		if !t.same {
			m.out.Shapes = append(m.out.Shapes, m.outlines[t.change.Area.Code].Shape)
		}
	}
	for code := range m.outlines {
		if !made[code] && !m.into.Registry.Knows(code) {
			delete(m.outlines, code)
		}
	}
	return taken
}

// chinese is the admin_level of each level in China
// (https://wiki.openstreetmap.org/wiki/Tag:boundary=administrative).
var chinese = map[registry.Level]int{registry.Region: 4, registry.Prefecture: 5, registry.County: 6, registry.Township: 8, registry.Village: 10}

// codeOf returns the official code of a boundary: what the mapping says, else what
// its tag says where that is a code of the boundary's own level. Nothing is guessed
// from a name.
func (m *mapReader) codeOf(b osm.Boundary) (lifecircle.AreaCode, problem) {
	said := b.Ref
	for _, key := range []string{b.ID, b.Ref} {
		if code, ok := m.Mapping.Values["code"][key]; ok && key != "" {
			parsed, err := lifecircle.ParseAreaCode(code)
			if err != nil {
				return "", problem{"area_code_invalid", fmt.Sprintf("%s (%s): the mapping gives it the code %q", b.ID, b.Name, code), "give 6, 9 or 12 digits"}
			}
			return parsed, problem{}
		}
	}
	remedy := fmt.Sprintf("say its official code in a mapping: values: {code: {%s: …}}", b.ID)
	if said == "" {
		return "", problem{"boundary_uncoded", fmt.Sprintf("%s (%s) carries no official code", b.ID, b.Name), remedy}
	}
	code, err := lifecircle.ParseAreaCode(said)
	if err != nil {
		return "", problem{"area_code_invalid", fmt.Sprintf("%s (%s): %q is no official code of 6, 9 or 12 digits", b.ID, b.Name, said), remedy}
	}
	if want := chinese[registry.LevelOf(code)]; b.Level != want {
		return "", problem{"level_differs", fmt.Sprintf("%s (%s): %s is the code of a %s, whose admin_level is %d, and it has %d", b.ID, b.Name, code, registry.LevelOf(code), want, b.Level), remedy}
	}
	return code, problem{}
}

// places takes the facilities.
func (m *mapReader) places() ([]taking, error) {
	var constant lifecircle.AreaCode
	if said := m.Mapping.Constants["area"]; said != "" {
		var err error
		if constant, err = lifecircle.ParseAreaCode(said); err != nil {
			return nil, err
		}
		if !m.into.Registry.Knows(constant) {
			return nil, registry.UnknownArea(constant)
		}
	}
	var taken []taking
	for _, f := range m.Extract.Facilities {
		r := m.row(f.ID, f.Kind, f.Name, "", strconv.FormatFloat(f.At.Lon, 'f', -1, 64), strconv.FormatFloat(f.At.Lat, 'f', -1, 64))
		before, stands := m.into.Registry.Said(lifecircle.FacilityID(mapID + f.ID))
		area, found := m.areaAt(f.At)
		switch {
		case found:
		case constant != "":
			area = constant
		case stands:
			area = before.Area
		default:
			r.fault("lon", problem{"area_unknown", fmt.Sprintf("%s (%s) lies in no boundary of the map whose area is known here", f.ID, f.Name), "say --set area=CODE for all such places, or import the boundaries first"})
			continue
		}
		place := MappedFacility(f, area, m.source)
		if !stands {
			taken = append(taken, taking{r.line, scenario.Change{Op: scenario.Add, Facility: &place}, false})
			continue
		}
		if !m.ours(before.Source) {
			m.out.Corrected++
			taken = append(taken, taking{r.line, scenario.Change{Op: scenario.Amend, Facility: &place}, true})
			continue
		}
		place = overlaid(before, place)
		taken = append(taken, taking{r.line, scenario.Change{Op: scenario.Amend, Facility: &place}, same(sourced(*before, place.Source), place)})
	}
	return taken, nil
}

// overlaid is what is said of a facility after the map has spoken again: what the
// map does not know stays.
func overlaid(before *registry.Facility, now registry.Facility) registry.Facility {
	fields := make(registry.Fields)
	maps.Copy(fields, before.Fields)
	delete(fields, registry.NameEN)
	delete(fields, registry.NameLocal)
	maps.Copy(fields, now.Fields)
	if len(fields) == 0 {
		fields = nil
	}
	now.Fields, now.Organisation, now.Span, now.Changes = fields, before.Organisation, before.Span, before.Changes
	return now
}

// sourced is a facility as another map says it: a place that only a later map says
// again is said already.
func sourced(f registry.Facility, source string) registry.Facility {
	f.Source = source
	return f
}

// ours reports whether a source is a map.
func (m *mapReader) ours(source string) bool {
	return strings.HasPrefix(source, mapSource) || source == m.source
}

// areaAt finds the lowest area whose boundary holds a place.
func (m *mapReader) areaAt(at geo.Point) (found lifecircle.AreaCode, ok bool) {
	for code, outline := range m.outlines {
		// The longer code lies deeper; of one length that with fewer trailing zeros.
		if ok && (len(code) < len(found) || len(code) == len(found) && depth(code) <= depth(found)) {
			continue
		}
		if outline.bounds.Contains(at) && outline.Contains(at) {
			found, ok = code, true
		}
	}
	return found, ok
}

func depth(code lifecircle.AreaCode) int {
	return slices.Index(registry.Levels(), registry.LevelOf(code))
}

// gone finds the places of earlier maps that this one covers and does not have.
func (m *mapReader) gone() {
	has := make(map[lifecircle.FacilityID]bool, len(m.Extract.Facilities))
	for _, f := range m.Extract.Facilities {
		has[lifecircle.FacilityID(mapID+f.ID)] = true
	}
	bounds := m.Extract.Bounds()
	for _, f := range m.into.Registry.Facilities() {
		mapped := strings.HasPrefix(string(f.ID), mapID) && m.ours(f.Source) && len(m.into.Plan.Kinds[f.Kind].OSM) > 0
		if mapped && !has[f.ID] && bounds.Contains(f.At) {
			m.out.Gone = append(m.out.Gone, f.ID)
		}
	}
}

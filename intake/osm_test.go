package intake_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/intake"
	"lifecircle/network/osm"
	"lifecircle/registry"
	"lifecircle/scenario"
)

// square is an outline from one corner to the other.
func square(west, south, east, north float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}}}
}

// around are boundaries about the places of into: its county, a township of it that
// is not known yet, and what cannot be matched.
func around() []osm.Boundary {
	return []osm.Boundary{
		{ID: "relation/1", Level: 6, Name: "兴庆区", Ref: "640104", Area: square(106.2, 38.4, 106.4, 38.6)},
		{ID: "relation/2", Level: 8, Name: "凤凰北街", Names: lifecircle.Name{ZH: "凤凰北街街道", EN: "Fenghuang"}, Ref: "640104001000", Area: square(106.2, 38.4, 106.3, 38.5)},
		{ID: "relation/3", Level: 6, Name: "金凤区"},
		{ID: "relation/4", Level: 6, Name: "西夏区", Ref: "A-1"},
		{ID: "relation/5", Level: 8, Name: "兴庆区", Ref: "640104", Area: square(0, 0, 1, 1)},
		{ID: "relation/6", Level: 6, Name: "兴庆区", Ref: "640104", Area: square(0, 0, 1, 1)},
		{ID: "relation/7", Level: 8, Name: "别处", Ref: "640199001", Area: square(0, 0, 1, 1)},
		{ID: "relation/8", Level: 8, Name: "缺口", Ref: "640104002", Gaps: 1},
		{ID: "relation/9", Level: 8, Ref: "640104003", Area: square(0, 0, 1, 1)},
	}
}

func places() []osm.Facility {
	return []osm.Facility{
		{ID: "node/1", Kind: "primary_school", Name: "一小", Names: lifecircle.Name{EN: "First"}, At: geo.Point{Lon: 106.25, Lat: 38.45}, Public: true},
		{ID: "way/2", Kind: "hospital", Name: "الشفاء", Names: lifecircle.Name{ZH: "医院", EN: "Hospital"}, At: geo.Point{Lon: 106.35, Lat: 38.55}},
		{ID: "node/3", Kind: "library", Name: "馆", At: geo.Point{Lon: 107, Lat: 39}},
	}
}

// after is the registry once changes are made.
func after(t *testing.T, to intake.Into, changes []scenario.Change) intake.Into {
	t.Helper()
	facts, err := scenario.Facts{Registry: to.Registry}.With(changes)
	if err != nil {
		t.Fatal(err)
	}
	to.Registry = facts.Registry
	return to
}

func readMap(t *testing.T, m intake.Map, to intake.Into) intake.MapOutcome {
	t.Helper()
	m.Name = "m.osm.pbf"
	out, err := m.Read(to)
	if err != nil {
		t.Fatal(err)
	}
	if out.Rows != out.Accepted+len(out.Refused) || out.Accepted != out.New+out.Changed+out.Unchanged {
		t.Errorf("%d rows, %d accepted (%d new, %d changed, %d unchanged), %d refused", out.Rows, out.Accepted, out.New, out.Changed, out.Unchanged, len(out.Refused))
	}
	return out
}

// TestMap: boundaries are areas by their codes alone, places lie in the lowest
// boundary around them, and the second time there is nothing new.
func TestMap(t *testing.T) {
	to := into(t)
	m := intake.Map{Extract: &osm.Extract{Boundaries: around(), Facilities: places(), Date: time.Date(2020, 3, 1, 21, 0, 0, 0, time.UTC)}, Facilities: true, Boundaries: true}
	out := readMap(t, m, to)
	want := []string{
		"4 code boundary_uncoded", "5 code area_code_invalid", "6 code level_differs", "7 id id_duplicate",
		"8 parent parent_unknown", "9 id boundary_open", "10 name name_missing", "13 lon area_unknown",
	}
	if diff := cmp.Diff(want, codes(out.Outcome)); diff != "" {
		t.Error(diff)
	}
	if out.New != 3 || out.Changed != 1 || len(out.Shapes) != 2 {
		t.Errorf("%d new, %d changed, %d shapes; want a township and two places, and the county drawn", out.New, out.Changed, len(out.Shapes))
	}
	var refused bytes.Buffer
	if err := out.WriteRefusedCSV(&refused); err != nil || !bytes.Contains(refused.Bytes(), []byte("relation/7")) {
		t.Errorf("%v: refused rows %s", err, refused.Bytes())
	}
	to = after(t, to, out.Changes)
	if a, ok := to.Registry.Area("640104001"); !ok || a.Parent != "640104" || a.Name != (lifecircle.Name{ZH: "凤凰北街街道", EN: "Fenghuang"}) || a.Level != registry.Township {
		t.Errorf("the township is %+v", a)
	}
	county, _ := to.Registry.Area("640104")
	if county.Outline == nil || !slices.ContainsFunc(out.Shapes, func(s geo.Shape) bool { return s.Hash() == county.Outline.Shape }) || county.Name.ZH != "兴庆区" {
		t.Errorf("the county is drawn as %+v", county.Outline)
	}
	school, _ := to.Registry.Facility("osm:node/1")
	const source = "© OpenStreetMap contributors, ODbL 1.0; m.osm.pbf, as of 2020-03-01"
	if school.Area != "640104001" || school.Source != source || school.Provenance != lifecircle.Real || !school.From.IsZero() || !school.Public {
		t.Errorf("the school is %+v", school)
	}
	if name, _ := school.Fields[registry.NameEN].Text(); name != "First" || len(school.Fields) != 1 {
		t.Errorf("the school says %v", school.Fields)
	}
	hospital, _ := to.Registry.Facility("osm:way/2")
	local, _ := hospital.Fields[registry.NameLocal].Text()
	if hospital.Area != "640104" || hospital.Name != "医院" || local != "الشفاء" {
		t.Errorf("the hospital is %+v", hospital)
	}
	if again := readMap(t, m, to); len(again.Changes) != 0 || again.Unchanged != 4 || len(again.Gone) != 0 {
		t.Errorf("again: %d changes, %d said already, gone %v", len(again.Changes), again.Unchanged, again.Gone)
	}
	// Ground that is known tells where a place lies on a map without boundaries; and
	// what somebody else drew stays.
	bare := intake.Map{Extract: &osm.Extract{Facilities: []osm.Facility{{ID: "node/60", Kind: "library", At: geo.Point{Lon: 106.35, Lat: 38.55}}}}, Facilities: true, Known: map[lifecircle.AreaCode]geo.Shape{}}
	for _, s := range out.Shapes {
		if s.Hash() == county.Outline.Shape {
			bare.Known["640104"] = s
		}
	}
	if found := readMap(t, bare, to); found.New != 1 || found.Changes[0].Facility.Area != "640104" {
		t.Errorf("by known ground: %v", codes(found.Outcome))
	}
	drawn := county
	drawn.Outline = &registry.Outline{Shape: county.Outline.Shape, Source: "自然资源厅", Provenance: lifecircle.Real}
	official := after(t, to, []scenario.Change{{Op: scenario.Area, Area: &drawn}})
	m.Extract.Boundaries[0].Area = square(106.1, 38.3, 106.4, 38.6)
	if out := readMap(t, m, official); len(out.Shapes) != 0 {
		t.Errorf("the map drew over the official outline")
	}
	if out := readMap(t, m, to); len(out.Shapes) != 1 || out.Changed != 1 {
		t.Errorf("a later map draws %d areas anew", len(out.Shapes))
	}
	m.Extract.Boundaries[0].Area = orb.MultiPolygon{{{{0, 0}, {1, 1}, {1, 0}, {0, 1}, {0, 0}}}}
	if out := readMap(t, m, to); !slices.Contains(codes(out.Outcome), "2 id outline_invalid") {
		t.Errorf("an outline that crosses itself: %v", codes(out.Outcome))
	}
}

// TestLaterMap: a later map is a difference; what others said since, and what the
// map does not know, stays.
func TestLaterMap(t *testing.T) {
	to := into(t)
	m := intake.Map{Extract: &osm.Extract{Facilities: places()}, Facilities: true, Mapping: intake.Mapping{Constants: map[string]string{"area": "640104"}}}
	to = after(t, to, readMap(t, m, to).Changes)
	// An office corrects the library, and notes when the school opened.
	library, _ := to.Registry.Facility("osm:node/3")
	library.Name, library.Source = "图书馆", "文化局"
	school, _ := to.Registry.Facility("osm:node/1")
	school.From = registry.DayOf(17000)
	to = after(t, to, []scenario.Change{{Op: scenario.Amend, Facility: &library}, {Op: scenario.Amend, Facility: &school}})

	later := places()
	later[0].Name = "第一小学"
	later[1].ID = "way/9" // drawn anew: the old one is gone
	m.Extract = &osm.Extract{Facilities: later, Nodes: []geo.Point{{Lon: 106, Lat: 38}}, Date: time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC)}
	out := readMap(t, m, to)
	if out.New != 1 || out.Changed != 1 || out.Corrected != 1 || !slices.Equal(out.Gone, []lifecircle.FacilityID{"osm:way/2"}) {
		t.Errorf("%d new, %d changed, %d corrected, gone %v", out.New, out.Changed, out.Corrected, out.Gone)
	}
	kept := after(t, to, out.Changes)
	if f, _ := kept.Registry.Facility("osm:node/1"); f.Name != "第一小学" || f.From != school.From {
		t.Errorf("the school is %+v", f)
	}
	if f, _ := kept.Registry.Facility("osm:node/3"); f.Name != "图书馆" {
		t.Errorf("the library is %+v", f)
	}
	if _, stands := kept.Registry.Facility("osm:way/2"); !stands {
		t.Error("what is gone from the map was withdrawn unasked")
	}
	m.Withdraw = true
	asked := after(t, to, readMap(t, m, to).Changes)
	if _, stands := asked.Registry.Facility("osm:way/2"); stands {
		t.Error("what is gone from the map stands, though its withdrawal was asked")
	}
	// A map of elsewhere says nothing of what lies here.
	m.Extract = &osm.Extract{Facilities: []osm.Facility{{ID: "node/50", Kind: "library", At: geo.Point{Lon: -51, Lat: -30}}}}
	if out := readMap(t, m, to); len(out.Gone) != 0 {
		t.Errorf("gone from a map of elsewhere: %v", out.Gone)
	}
}

// TestMapMapping: a mapping names the tag of the codes and translates them.
func TestMapMapping(t *testing.T) {
	mapping, err := intake.ParseMapping([]byte("columns: {\"IBGE:GEOCODIGO\": code}\nvalues: {code: {\"4314902\": \"640104\", relation/3: \"640105\", relation/4: \"64\"}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if cfg := intake.MapConfig(ningxia(t), mapping); !slices.Equal(cfg.CodeTags, []string{"IBGE:GEOCODIGO"}) || !cfg.Boundaries || len(cfg.Kinds) == 0 {
		t.Errorf("what is read: %+v", cfg)
	}
	if cfg := intake.MapConfig(ningxia(t), intake.Mapping{}); cfg.CodeTags != nil {
		t.Errorf("without a mapping: %v", cfg.CodeTags)
	}
	m := intake.Map{Extract: &osm.Extract{Boundaries: []osm.Boundary{
		{ID: "relation/1", Level: 8, Name: "甲", Ref: "4314902", Area: square(0, 0, 1, 1)},
		{ID: "relation/3", Level: 9, Name: "乙", Area: square(1, 0, 2, 1)},
		{ID: "relation/4", Level: 9, Name: "丙", Area: square(2, 0, 3, 1)},
	}}, Boundaries: true, Mapping: mapping}
	out := readMap(t, m, into(t))
	if diff := cmp.Diff([]string{"4 code area_code_invalid"}, codes(out.Outcome)); diff != "" || out.New != 1 || out.Changed != 1 {
		t.Errorf("%s; %d new, %d changed", diff, out.New, out.Changed)
	}
	for _, bad := range []intake.Mapping{
		{Columns: map[string]string{"name": "name"}}, {Values: map[string]map[string]string{"kind": nil}}, {Constants: map[string]string{"provenance": "real"}},
	} {
		if _, err := (intake.Map{Extract: &osm.Extract{}, Mapping: bad}).Read(into(t)); lifecircle.ErrorCode(err) != "mapping_invalid" {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	for area, want := range map[string]string{"12": "area_code_invalid", "999999": "area_unknown"} {
		bad := intake.Map{Extract: &osm.Extract{}, Facilities: true, Mapping: intake.Mapping{Constants: map[string]string{"area": area}}}
		if _, err := bad.Read(into(t)); lifecircle.ErrorCode(err) != want {
			t.Errorf("places in %s: %v, want %s", area, err, want)
		}
	}
}

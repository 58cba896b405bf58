package registry_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/plan/rule"
	"lifecircle/registry"
)

// listedTown is a prefecture of two counties with six places: three clinics, one
// of them without a number of beds, and three pitches.
func listedTown(t *testing.T) *registry.Snapshot {
	t.Helper()
	area := func(code, parent, zh string, level registry.Level) registry.Area {
		return registry.Area{Code: lifecircle.AreaCode(code), Parent: lifecircle.AreaCode(parent), Level: level, Name: lifecircle.Name{ZH: zh}, Provenance: lifecircle.Real}
	}
	place := func(id, kind, name string, lon float64) registry.Facility {
		area, id, _ := strings.Cut(id, "/")
		return registry.Facility{
			ID: lifecircle.FacilityID(id), Area: lifecircle.AreaCode(area), Kind: kind, Name: name,
			At: geo.Point{Lon: lon, Lat: 38.5}, Public: true, Provenance: lifecircle.Real,
		}
	}
	b := registry.Base{Areas: []registry.Area{
		area("640100", "", "银川市", registry.Prefecture),
		area("640104", "640100", "兴庆区", registry.County), area("640106", "640100", "金凤区", registry.County),
		area("640106001", "640106", "满城北街街道", registry.Township),
	}}
	b.Facilities = []registry.Facility{
		place("640104/a", "clinic", "解放街卫生室", 106.20), place("640104/b", "clinic", "长城路卫生室", 106.21),
		place("640106001/c", "clinic", "", 106.22), place("640104/p1", "pitch", "中山公园球场", 106.23),
		place("640106/p2", "pitch", "中山公园球场", 106.23), place("640106/p3", "pitch", "中山公园 球场", 106.2302),
	}
	for i, beds := range []int64{9, 30} {
		b.Facilities[i].Fields = registry.Fields{"beds": rule.NumberOf(lifecircle.Int(beds))}
	}
	s, err := registry.NewSnapshot(b)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestList(t *testing.T) {
	t.Parallel()
	s := listedTown(t)
	for _, c := range []struct {
		name  string
		ask   registry.Listing
		want  string
		total int
		kinds string
	}{
		{"all, by id", registry.Listing{}, "[a b c p1 p2 p3]", 6, "[{clinic 3} {pitch 3}]"},
		{"a page", registry.Listing{Offset: 2, Limit: 2}, "[c p1]", 6, "[{clinic 3} {pitch 3}]"},
		{"beyond the end", registry.Listing{Offset: 9, Limit: 2}, "[]", 6, "[{clinic 3} {pitch 3}]"},
		{"of a kind; the others are still counted", registry.Listing{Kind: "clinic"}, "[a b c]", 3, "[{clinic 3} {pitch 3}]"},
		{"below an area", registry.Listing{Area: "640106"}, "[c p2 p3]", 3, "[{clinic 1} {pitch 2}]"},
		{"by a number, the unsaid last", registry.Listing{Kind: "clinic", Sort: "beds"}, "[a b c]", 3, "[{clinic 3} {pitch 3}]"},
		{"the other way round, the unsaid last", registry.Listing{Kind: "clinic", Sort: "-beds"}, "[b a c]", 3, "[{clinic 3} {pitch 3}]"},
		{"by id, the other way round", registry.Listing{Sort: "-id", Limit: 2}, "[p3 p2]", 6, "[{clinic 3} {pitch 3}]"},
		{"by characters", registry.Listing{Search: registry.ParseSearch("公园")}, "[p1 p2 p3]", 3, "[{pitch 3}]"},
		{"by words", registry.Listing{Search: registry.ParseSearch("中山 球场")}, "[p1 p2 p3]", 3, "[{pitch 3}]"},
		{"by initials", registry.Listing{Search: registry.ParseSearch("cclwss")}, "[b]", 1, "[{clinic 1}]"},
		{"by id as typed", registry.Listing{Search: registry.ParseSearch("P3")}, "[p3]", 1, "[{pitch 1}]"},
	} {
		c.ask.Register = registry.FacilityRegister
		listed := s.List(c.ask)
		ids := []string{}
		for _, r := range listed.Rows {
			ids = append(ids, r.ID)
		}
		if got := fmt.Sprint(ids); got != c.want || listed.Total != c.total || fmt.Sprint(listed.Kinds) != c.kinds || !listed.Kept {
			t.Errorf("%s: %s of %d, kinds %v; want %s of %d, %s", c.name, got, listed.Total, listed.Kinds, c.want, c.total, c.kinds)
		}
	}
	if listed := s.List(registry.Listing{Register: "agreement"}); listed.Kept || listed.Total != 0 {
		t.Errorf("a register that never had a row: %+v", listed)
	}
}

func TestFindAreas(t *testing.T) {
	t.Parallel()
	s := listedTown(t)
	for query, want := range map[string]string{
		"":             "[640100 640104 640106 640106001]",
		"金凤":           "[640106]",
		"yc":           "[640100]",
		"jfq":          "[640106]",
		"640106":       "[640106 640106001]", // itself before what lies below
		"640106000000": "[640106 640106001]",
		"bjjd":         "[640106001]",
		"qu":           "[640104 640106]", // 兴庆区 is said so from its third character on
		"银 市":          "[640100]",
		"none":         "[]",
	} {
		codes := []lifecircle.AreaCode{}
		for _, found := range s.FindAreas(registry.ParseSearch(query)) {
			codes = append(codes, found.Area.Code)
		}
		if got := fmt.Sprint(codes); got != want {
			t.Errorf("%q finds %s, want %s", query, got, want)
		}
	}
}

func TestDuplicates(t *testing.T) {
	t.Parallel()
	s := listedTown(t)
	all := s.List(registry.Listing{Register: registry.FacilityRegister}).Rows
	type pair struct {
		A, B    string
		Reasons []registry.DuplicateReason
	}
	var got []pair
	for _, d := range s.Duplicates(all) {
		got = append(got, pair{d.A.ID, d.B.ID, d.Reasons})
	}
	// p1 and p2 lie on one spot in two counties; p3 lies 17 m beside both and shares
	// the county of p2, where a blank makes no other name.
	want := []pair{
		{"p2", "p3", []registry.DuplicateReason{registry.SameName, registry.SameSpot}},
		{"p1", "p2", []registry.DuplicateReason{registry.SameSpot}},
		{"p1", "p3", []registry.DuplicateReason{registry.SameSpot}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	code := registry.Fields{registry.CreditCode: rule.TextOf("91640000228281734A")}
	found := s.Duplicates([]*registry.Record{{ID: "x", Area: "640104", Fields: code}, {ID: "y", Area: "640106", Fields: code}, {ID: "z", Area: "640106"}})
	if len(found) != 1 || found[0].Reasons[0] != registry.SameCode || found[0].Metres >= 0 {
		t.Errorf("rows with one credit code: %+v", found)
	}
}

// The pairs of the grid are those of comparing all with all.
func TestDuplicatesAreThoseOfAllPairs(t *testing.T) {
	t.Parallel()
	s := listedTown(t)
	var rows []*registry.Record
	for i := range 400 { // about 5 m from one another, over the edges of cells
		at := geo.Point{Lon: 106 + float64(i*i%97)*0.00006, Lat: 38 + float64(i*7%89)*0.00005}
		rows = append(rows, &registry.Record{ID: fmt.Sprintf("r%03d", i), Area: "640104", Kind: fmt.Sprint(i % 2), At: &at})
	}
	want := 0
	for i, a := range rows {
		for _, b := range rows[:i] {
			if a.Kind == b.Kind && geo.Distance(*a.At, *b.At) <= 30 {
				want++
			}
		}
	}
	if got := len(s.Duplicates(rows)); got != want || want < 100 {
		t.Errorf("%d pairs, comparing all with all finds %d", got, want)
	}
}

func BenchmarkList(b *testing.B) {
	base := registry.Base{Areas: []registry.Area{{Code: "640100", Level: registry.Prefecture, Provenance: lifecircle.Real}}}
	const places = 30_000 // as in the demonstration
	for i := range places {
		base.Facilities = append(base.Facilities, registry.Facility{
			ID: lifecircle.FacilityID(fmt.Sprintf("f%05d", i)), Area: "640100", Kind: fmt.Sprint(i % 60), Name: "长城路卫生室", At: geo.Point{Lon: 106, Lat: 38}, Provenance: lifecircle.Real,
		})
	}
	s, err := registry.NewSnapshot(base)
	if err != nil {
		b.Fatal(err)
	}
	for name, query := range map[string]string{"all": "", "characters": "卫生", "pinyin": "wss"} {
		ask := registry.Listing{Register: registry.FacilityRegister, Search: registry.ParseSearch(query), Limit: 100}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				s.List(ask)
			}
		})
	}
}

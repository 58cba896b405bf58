package plan_test

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"lifecircle/plan"
)

// A place tagged leisure=pitch + sport=soccer is both a pitch and a football
// pitch: the kind that asks more of it comes first.
func TestMappedKindsAskMostFirst(t *testing.T) {
	t.Parallel()
	pkg, faults := plan.Load(fstest.MapFS{"package.yaml": {Data: []byte(`id: kinds
name: {zh: 甲, en: A}
version: "1"
year: 2025
facility_kinds:
  clinic: {zh: 卫生室, en: Clinic, osm: [amenity=clinic, healthcare=clinic]}
  unmapped: {zh: 老饭桌, en: Table}
  pitch: {zh: 球场, en: Pitch, osm: [leisure=pitch]}
  soccer: {zh: 足球场, en: Football pitch, osm: [leisure=pitch + sport=soccer]}
`)}})
	if pkg == nil {
		t.Fatal(faults)
	}
	var ids []string
	for _, k := range pkg.MappedKinds() {
		ids = append(ids, k.ID)
	}
	if diff := cmp.Diff([]string{"soccer", "clinic", "pitch"}, ids); diff != "" {
		t.Errorf("kinds (-want +got):\n%s", diff)
	}
	want := [][]plan.OSMTag{{{Key: "leisure", Value: "pitch"}, {Key: "sport", Value: "soccer"}}}
	if diff := cmp.Diff(want, pkg.Kinds["soccer"].OSM); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
}

package registry_test

import (
	"encoding/json"
	"testing"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/registry"
)

// TestGroups: groups of people are compared by what they say, come back from JSON,
// and are read by rules as fields.
func TestGroups(t *testing.T) {
	t.Parallel()
	groups := registry.GroupsOf(map[string]int64{"people_65": 12, "people_under_3": 0})
	p := registry.PopulationPoint{ID: "a", Area: "640104", At: geo.Point{Lon: 106, Lat: 38}, People: 20, Groups: groups, Provenance: lifecircle.Real}
	if err := p.Check(); err != nil {
		t.Error(err)
	}
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var back registry.PopulationPoint
	if err := json.Unmarshal(text, &back); err != nil || back != p {
		t.Errorf("%s came back as %+v, %v", text, back, err)
	}
	if err := json.Unmarshal([]byte(`{"a;b":1}`), &back.Groups); lifecircle.ErrorCode(err) != "field_invalid" {
		t.Errorf("a group of a strange name: %v", err)
	}
	for field, want := range map[string]string{"people_65": "12", "people_under_3": "0", "people": "20"} {
		if n, ok := p.Field(field).Number(); !ok || n.String() != want {
			t.Errorf("%s is %v, want %s", field, p.Field(field), want)
		}
	}
	if why, missing := p.Field("people_80").Missing(); !missing || why.Code != "unreported" {
		t.Errorf("a group that is not said is %v", p.Field("people_80"))
	}
	p.Groups = registry.GroupsOf(map[string]int64{"people_65": 21})
	if err := p.Check(); lifecircle.ErrorCode(err) != "point_invalid" {
		t.Errorf("21 of 20 people: %v", err)
	}
}

package registry_test

import (
	"testing"

	"lifecircle"
	"lifecircle/plan/rule"
	"lifecircle/registry"
)

// TestAgeShare: of 1,000 people of a county 100 are below one, 200 are one to four and
// 160 are sixty-five or older, in two bands; another county was not counted.
func TestAgeShare(t *testing.T) {
	t.Parallel()
	const region, counted, silent = lifecircle.AreaCode("990000"), lifecircle.AreaCode("990101"), lifecircle.AreaCode("990102")
	fields := make(registry.Fields)
	for _, band := range registry.Bands() {
		fields[band.Field(registry.Both)] = rule.NumberOf(lifecircle.Int(0))
	}
	for field, people := range map[string]int64{"age_0": 100, "age_1_4": 200, "age_30_34": 540, "age_65_69": 60, "age_85p": 100} {
		fields[field] = rule.NumberOf(lifecircle.Int(people))
	}
	s, err := registry.NewSnapshot(registry.Base{
		Areas: []registry.Area{
			{Code: region, Level: registry.Region, Provenance: lifecircle.Real},
			{Code: counted, Parent: region, Level: registry.County, Provenance: lifecircle.Real},
			{Code: silent, Parent: region, Level: registry.County, Provenance: lifecircle.Real},
		},
		Records: []registry.Record{{Register: registry.PopulationRegister, ID: "census", Area: counted, Fields: fields, Provenance: lifecircle.Generated}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		share func() (registry.Share, bool)
		want  string // "" is none
		of    int64  // of 55 people
	}{
		"old":              {func() (registry.Share, bool) { return s.AgeShare(counted, registry.Band{From: 65, To: -1}) }, "0.16", 9},
		"small":            {func() (registry.Share, bool) { return s.AgeShare(counted, registry.Band{From: 0, To: 4}) }, "0.3", 17},
		"a band cut":       {func() (registry.Share, bool) { return s.AgeShare(counted, registry.Band{From: 0, To: 2}) }, "", 0},
		"people_65":        {func() (registry.Share, bool) { return s.GroupShare(counted, "people_65") }, "0.16", 9},
		"people_under_3":   {func() (registry.Share, bool) { return s.GroupShare(counted, "people_under_3") }, "0.2", 11},
		"no group of ages": {func() (registry.Share, bool) { return s.GroupShare(counted, "people_left_handed") }, "", 0},
		"not counted":      {func() (registry.Share, bool) { return s.GroupShare(silent, "people_65") }, "", 0},
		"counted in part":  {func() (registry.Share, bool) { return s.GroupShare(region, "people_65") }, "", 0},
	} {
		share, ok := c.share()
		if ok != (c.want != "") || ok && (share.Part.Cmp(lifecircle.MustNumber(c.want)) != 0 || share.Of(55) != c.of || share.Provenance != lifecircle.Generated) {
			t.Errorf("%s: %v of one, %d of 55 (%s), %v; want %q, %d", what, share.Part, share.Of(55), share.Provenance, ok, c.want, c.of)
		}
	}
}

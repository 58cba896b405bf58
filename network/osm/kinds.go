package osm

import (
	"slices"
	"strings"

	osmdata "github.com/paulmach/osm"

	"lifecircle"
)

// Kind is a kind of facility and the tags by which OSM knows it.
type Kind struct {
	ID   string
	Name lifecircle.Name
	// Tags are alternatives; each is a set of tags that must all be present.
	// A value may be one of several in the map, divided by semicolons.
	Tags [][]Tag
}

// Tag is a key with the value it must have, "*" for any but no.
type Tag struct{ Key, Value string }

// Kinds returns the kinds that are read where none are asked for. An object that fits several is of the
// first. Pools behind houses are tagged leisure=swimming_pool too, so a pool
// counts only where it is a sports centre for swimming.
func Kinds() []Kind {
	one := func(key, value string) []Tag { return []Tag{{key, value}} }
	return []Kind{
		{"swimming_pool", lifecircle.Name{ZH: "游泳馆", EN: "Swimming pool"}, [][]Tag{{{"leisure", "sports_centre"}, {"sport", "swimming"}}}},
		{"sports_centre", lifecircle.Name{ZH: "体育中心", EN: "Sports centre"}, [][]Tag{one("leisure", "sports_centre")}},
		{"sports_hall", lifecircle.Name{ZH: "体育馆", EN: "Sports hall"}, [][]Tag{one("leisure", "sports_hall")}},
		{"fitness_centre", lifecircle.Name{ZH: "健身中心", EN: "Fitness centre"}, [][]Tag{one("leisure", "fitness_centre")}},
		{"fitness_station", lifecircle.Name{ZH: "室外健身点", EN: "Outdoor fitness station"}, [][]Tag{one("leisure", "fitness_station")}},
		{"running_track", lifecircle.Name{ZH: "跑道", EN: "Running track"}, [][]Tag{one("leisure", "track")}},
		{"sports_pitch", lifecircle.Name{ZH: "球场", EN: "Sports pitch"}, [][]Tag{one("leisure", "pitch")}},
		{"school", lifecircle.Name{ZH: "学校", EN: "School"}, [][]Tag{one("amenity", "school")}},
		{"hospital", lifecircle.Name{ZH: "医院", EN: "Hospital"}, [][]Tag{one("amenity", "hospital")}},
		{"health_centre", lifecircle.Name{ZH: "卫生服务中心", EN: "Health centre"}, [][]Tag{one("amenity", "clinic"), one("amenity", "doctors")}},
		{"pharmacy", lifecircle.Name{ZH: "药店", EN: "Pharmacy"}, [][]Tag{one("amenity", "pharmacy")}},
		{"library", lifecircle.Name{ZH: "图书馆", EN: "Library"}, [][]Tag{one("amenity", "library")}},
	}
}

// matcher finds the kind of an object.
type matcher struct {
	kinds []Kind
	keys  map[string]bool // each kind has one of them
}

func newMatcher(kinds []Kind) matcher {
	m := matcher{kinds, make(map[string]bool)}
	for _, kind := range kinds {
		for _, all := range kind.Tags {
			if len(all) > 0 {
				m.keys[all[0].Key] = true
			}
		}
	}
	return m
}

// kindOf returns the ID of the first kind that fits, or "".
func (m matcher) kindOf(tags osmdata.Tags) string {
	if !slices.ContainsFunc(tags, func(t osmdata.Tag) bool { return m.keys[t.Key] }) {
		return "" // the common case
	}
	for _, kind := range m.kinds {
		for _, all := range kind.Tags {
			if len(all) > 0 && !slices.ContainsFunc(all, func(t Tag) bool { return !hasValue(tags.Find(t.Key), t.Value) }) {
				return kind.ID
			}
		}
	}
	return ""
}

// hasValue reports whether a list divided by semicolons holds a value; "*" is any.
func hasValue(list, value string) bool {
	if value == "*" {
		return list != "" && list != "no"
	}
	for one := range strings.SplitSeq(list, ";") {
		if strings.TrimSpace(one) == value {
			return true
		}
	}
	return false
}

// public reports whether anyone may use a place. OSM takes that for granted
// unless the tag access says otherwise.
func public(tags osmdata.Tags) bool {
	switch tags.Find("access") {
	case "private", "no", "customers", "members", "permit":
		return false
	}
	return true
}

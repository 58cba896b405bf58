package osm

import (
	"slices"
	"strings"

	osmdata "github.com/paulmach/osm"
)

// Kind is a kind of facility and the tags by which OSM knows it. Which there are
// is for a plan package to say.
type Kind struct {
	ID string
	// Tags are alternatives; each is a set of tags that must all be present.
	// A value may be one of several in the map, divided by semicolons.
	Tags [][]Tag
}

// Tag is a key with the value it must have, "*" for any but no.
type Tag struct{ Key, Value string }

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

// kindOf returns the ID of the first kind that fits, or "": an object that fits
// several is of the first.
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

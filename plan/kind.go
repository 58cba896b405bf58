package plan

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"lifecircle"
)

// FacilityKind is a kind of facility that measures and rules name.
type FacilityKind struct {
	ID   string
	Name lifecircle.Name
	// OSM are the tags by which OpenStreetMap knows the kind: alternatives, each
	// of tags that must all be there. None where the map does not tell it from
	// others.
	OSM [][]OSMTag
	// Norms are the names that standards have for the same thing.
	Norms []NormName
}

// OSMTag is a key of OpenStreetMap with the value it must have, "*" for any.
type OSMTag struct{ Key, Value string }

// String writes a tag as "leisure=pitch".
func (t OSMTag) String() string { return t.Key + "=" + t.Value }

// NormName is what a standard calls a kind of facility, and on which level of
// the life circle it stands there.
type NormName struct {
	Standard string // its number and year, like "GB 50180-2018"
	Level    string // as the standard has it: 15min, block, table 3.2.6; "" where it has none
	Name     string
	Status   Status
}

// MappedKinds returns the kinds that OpenStreetMap knows. A place takes the
// first that fits, so those that ask for more tags stand first; otherwise they
// are in the order of their ids.
func (p *Package) MappedKinds() []FacilityKind {
	var mapped []FacilityKind
	for _, id := range slices.Sorted(maps.Keys(p.Kinds)) {
		if len(p.Kinds[id].OSM) > 0 {
			mapped = append(mapped, p.Kinds[id])
		}
	}
	most := func(k FacilityKind) int {
		longest := slices.MaxFunc(k.OSM, func(a, b []OSMTag) int { return cmp.Compare(len(a), len(b)) })
		return len(longest)
	}
	slices.SortStableFunc(mapped, func(a, b FacilityKind) int { return cmp.Compare(most(b), most(a)) })
	return mapped
}

func (l *loader) facilityKind(entry field) {
	r := l.record(entry.value, "a facility kind")
	k := FacilityKind{ID: entry.key, Name: lifecircle.Name{
		ZH: l.text(r.need("zh", "every term has a Chinese name"), "a name"),
		EN: l.text(r.need("en", "every term has an English name"), "a name"),
	}}
	for _, item := range l.items(r.field("osm"), "osm") {
		if tags := l.osmTags(item); tags != nil {
			k.OSM = append(k.OSM, tags)
		}
	}
	for _, item := range l.items(r.field("norms"), "norms") {
		n := l.record(item, "a norm")
		name := NormName{
			Standard: l.text(n.need("standard", "it says who has the name"), "the standard"),
			Name:     l.text(n.need("name", "it is what the standard says"), "the name"),
			Status:   l.status(n.need("status", "it says how well the name was read")),
		}
		if level := n.field("level"); level != nil {
			name.Level = l.text(level, "the level")
		}
		n.close()
		k.Norms = append(k.Norms, name)
	}
	r.close()
	l.pkg.Kinds[k.ID] = k
}

// osmTags reads tags that must all be there: "leisure=pitch + sport=soccer".
func (l *loader) osmTags(n *node) []OSMTag {
	text := l.text(n, "a tag")
	if text == "" {
		return nil
	}
	var tags []OSMTag
	for part := range strings.SplitSeq(text, "+") {
		key, value, whole := strings.Cut(strings.TrimSpace(part), "=")
		if !whole || key == "" || value == "" {
			l.error(n.at, finding{"wrong_type", fmt.Sprintf("%q is no tag", text), "write key=value, joined by + where several must be there, like leisure=pitch + sport=soccer"})
			return nil
		}
		tags = append(tags, OSMTag{key, value})
	}
	return tags
}

// checkTags refuses tags that two kinds claim: a place with them could be either.
// entries are the package's own kinds; those of the package above count too.
func (l *loader) checkTags(entries []field) {
	type claim struct {
		id   string
		tags []OSMTag
	}
	same := func(a, b []OSMTag) bool {
		return len(a) == len(b) && !slices.ContainsFunc(a, func(t OSMTag) bool { return !slices.Contains(b, t) })
	}
	var claims []claim
	for _, id := range slices.Sorted(maps.Keys(l.pkg.Kinds)) {
		for _, tags := range l.pkg.Kinds[id].OSM {
			claims = append(claims, claim{id, tags})
		}
	}
	for _, entry := range entries {
		for _, tags := range l.pkg.Kinds[entry.key].OSM {
			i := slices.IndexFunc(claims, func(c claim) bool { return c.id < entry.key && same(c.tags, tags) })
			if i >= 0 {
				l.error(entry.keyAt, finding{
					"id_duplicate", fmt.Sprintf("%s and %s both claim the places tagged %v", claims[i].id, entry.key, tags),
					"leave the tags to one of the two, or add one that tells them apart",
				})
			}
		}
	}
}

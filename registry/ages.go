package registry

import (
	"math"

	"lifecircle"
)

// Share is the part of an area's people who are of some ages, by its latest counts.
type Share struct {
	Part lifecircle.Number // of one: 0 to 1
	// Provenance is the weakest of the counts. What a share says of some of the people
	// is estimated all the same.
	Provenance lifecircle.Provenance
}

// Of estimates how many of some people of the area are of the ages: n · part, rounded
// to the nearest.
func (s Share) Of(people int64) int64 {
	return int64(math.Round(float64(people) * s.Part.Float64()))
}

// AgeShare returns the share of some ages among an area's people:
//
//	Σ people of the ages / Σ people of all ages, over the counts that cover the area
//
// ok is false where they do not cover it, cut a band, or count nobody.
func (s *Snapshot) AgeShare(area lifecircle.AreaCode, ages Band) (share Share, ok bool) {
	return s.shareOf(area, []agePart{{ages, lifecircle.Int(1)}})
}

// agePart is how much of a band of ages belongs to a group.
type agePart struct {
	ages Band
	of   lifecircle.Number
}

// groupAges are the groups that ages tell. Children under three are those of the band
// 0 and of the band 1–4 two of four years, as if each year had as many.
func groupAges(group string) []agePart {
	one := lifecircle.Int(1)
	half, _ := lifecircle.Ratio(1, 2)
	switch group {
	case "people_65":
		return []agePart{{Band{65, -1}, one}}
	case "people_under_3":
		return []agePart{{Band{0, 0}, one}, {Band{1, 4}, half}}
	}
	return nil
}

// GroupCount counts a group of people, such as people_under_3, by their ages; of says
// how many are of a range of ages. ok is false for groups that ages do not tell, and
// where of is.
func GroupCount(group string, of func(Band) (lifecircle.Number, bool)) (count lifecircle.Number, ok bool) {
	parts := groupAges(group)
	count, ok = weighed(parts, of)
	return count, ok && parts != nil
}

// weighed adds up parts of bands.
func weighed(parts []agePart, of func(Band) (lifecircle.Number, bool)) (sum lifecircle.Number, ok bool) {
	for _, p := range parts {
		people, known := of(p.ages)
		part, ok := people.Mul(p.of)
		more, ok2 := sum.Add(part)
		if !known || !ok || !ok2 {
			return lifecircle.Number{}, false
		}
		sum = more
	}
	return sum, true
}

// GroupShare returns the share of a group of people, such as people_65, whose ages are
// known. ok is false for other groups, and as with AgeShare.
func (s *Snapshot) GroupShare(area lifecircle.AreaCode, group string) (share Share, ok bool) {
	parts := groupAges(group)
	if parts == nil {
		return Share{}, false
	}
	return s.shareOf(area, parts)
}

func (s *Snapshot) shareOf(area lifecircle.AreaCode, parts []agePart) (share Share, ok bool) {
	counts, covered := s.Counts(area)
	if !covered {
		return Share{}, false
	}
	var all, those lifecircle.Number
	for _, count := range counts {
		share.Provenance = share.Provenance.Weakest(count.Provenance)
		people, known := PeopleOf(count, Both, Band{0, -1})
		all, ok = all.Add(people)
		if !known || !ok {
			return Share{}, false
		}
		more, known := weighed(parts, func(ages Band) (lifecircle.Number, bool) { return PeopleOf(count, Both, ages) })
		if those, ok = those.Add(more); !known || !ok {
			return Share{}, false
		}
	}
	share.Part, ok = those.Quo(all) // not of nobody
	return share, ok
}

package access

import (
	"lifecircle"
	"lifecircle/network"
)

// Cover says which points have a place within reach.
type Cover struct {
	points  *Points
	reached []bool
}

// FindCover finds the points from which the nearest of some places costs at most
// limit, limit included: one search from all of them, so that a thousand places cost
// little more than one. It returns the places that no street leads to. Any number of
// goroutines may ask about the same points at once.
func FindCover(points *Points, places []Place, limit uint32) (*Cover, []Adrift) {
	snaps, _, adrift := points.snapPlaces(places)
	c := &Cover{points: points, reached: make([]bool, points.Len())}
	points.ways.Search().WithinAny(snaps, lifecircle.Decimetres(limit), func(node uint32, d lifecircle.Decimetres) {
		for _, point := range points.of[points.first[node]:points.first[node+1]] {
			for i, end := range [2]uint32{points.snaps[point].From, points.snaps[point].To} {
				leave := points.leave[point][i]
				c.reached[point] = c.reached[point] || end == node && leave < network.Barred && uint32(d)+leave <= limit
			}
		}
	})
	// Along a street a place may be near without an end of it being so.
	for _, place := range snaps {
		for _, point := range points.byEdge[place.Edge] {
			along, ok := points.profile.Along(points.snaps[point], place)
			c.reached[point] = c.reached[point] || ok && along <= limit
		}
	}
	return c, adrift
}

// Reaches reports whether a point has a place within reach.
func (c *Cover) Reaches(point int) bool { return c.reached[point] }

// Coverage is how many people have a place within reach. Of whom it is not known,
// because no street is near them, is in People and not in Covered.
type Coverage struct {
	People, Covered, Unknown int64
}

// Share is the covered among those of whom it is known; ok is false where there are
// none.
func (c Coverage) Share() (share lifecircle.Number, ok bool) {
	if c.People == c.Unknown {
		return share, false
	}
	return lifecircle.Ratio(c.Covered, c.People-c.Unknown)
}

// Count counts people, so many at each point. Points that are not counted, such as
// those of a halo beyond the border, are left out; nil counts all. That all people
// fit an int64 is up to the caller.
func (c *Cover) Count(people []int64, counted []bool) (sum Coverage) {
	for i, p := range people {
		switch {
		case counted != nil && !counted[i]:
			continue
		case !c.points.snapped[i]:
			sum.Unknown += p
		case c.reached[i]:
			sum.Covered += p
		}
		sum.People += p
	}
	return sum
}

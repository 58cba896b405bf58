package routing

import (
	"slices"

	"lifecircle"
	"lifecircle/network"
)

// Source is a place that ways lead to.
type Source struct {
	ID lifecircle.FacilityID
	At network.Snap
}

// sourcePage is how many sources are copied to change one.
const sourcePage = 64

// sourceList is a list of sources that never changes: a changed one shares all pages
// but one with it.
type sourceList struct {
	pages [][]Source
	n     int
}

func sourcesOf(all []Source) sourceList {
	return sourceList{slices.Collect(slices.Chunk(all, sourcePage)), len(all)}
}

// at returns a source; do not change it.
func (l *sourceList) at(i int32) *Source { return &l.pages[uint32(i)/sourcePage][uint32(i)%sourcePage] }

// with returns the list with another source at an index, or after the last.
func (l *sourceList) with(i int32, s Source) sourceList {
	next := sourceList{slices.Clone(l.pages), l.n}
	page := int(i / sourcePage)
	if page == len(next.pages) {
		next.pages = append(next.pages, nil)
	}
	// Clipped, so that what is appended is not seen by other lists of the page.
	of := slices.Clip(next.pages[page])
	if int(i) == l.n {
		of, next.n = append(of, s), l.n+1
	} else {
		of = slices.Clone(of)
		of[i%sourcePage] = s
	}
	next.pages[page] = of
	return next
}

package indicator

import (
	"slices"
	"sync/atomic"
)

// showing is an area's results in the plan's target year.
type showing struct {
	kept[[]Result]
	// Of the results before a change: those that it does not touch still hold.
	before []Result
}

// showings are those of all areas, made when they are first asked for. Evaluators for
// which the same holds share pages of them: what one reckons the others know.
type showings struct {
	pages []*[pageLength]atomic.Pointer[showing]
}

func newShowings(areas int) showings {
	s := showings{make([]*[pageLength]atomic.Pointer[showing], (areas+pageLength-1)/pageLength)}
	for i := range s.pages {
		s.pages[i] = new([pageLength]atomic.Pointer[showing])
	}
	return s
}

// of returns the showing of an area.
func (s showings) of(area int) *showing {
	at := &s.pages[area/pageLength][area%pageLength]
	if at.Load() == nil {
		at.CompareAndSwap(nil, &showing{})
	}
	return at.Load()
}

// after returns the showings after changes that may be felt in some areas.
func (s showings) after(changed extent) showings {
	next := showings{slices.Clone(s.pages)}
	for i, page := range s.pages {
		first := i * pageLength
		from, _ := slices.BinarySearch(changed.at, first)
		if !changed.everywhere && (from == len(changed.at) || changed.at[from] >= first+pageLength) {
			continue
		}
		next.pages[i] = new([pageLength]atomic.Pointer[showing])
		for k := range page {
			shown := page[k].Load()
			if shown == nil {
				continue
			}
			if changed.has(first + k) {
				results, known := shown.peek()
				if !known {
					continue
				}
				shown = &showing{before: results}
			}
			next.pages[i][k].Store(shown)
		}
	}
	return next
}

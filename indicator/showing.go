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
type showings struct{ pages []*showingPage }

type showingPage struct {
	slots [pageLength]atomic.Pointer[showing]
	// waits says that some hold results from before a change, which only the evaluator
	// after it can bring up to date: such a page is its own.
	waits bool
}

func newShowings(areas int) showings {
	s := showings{make([]*showingPage, (areas+pageLength-1)/pageLength)}
	for i := range s.pages {
		s.pages[i] = new(showingPage)
	}
	return s
}

// of returns the showing of an area.
func (s showings) of(area int) *showing {
	at := &s.pages[area/pageLength].slots[area%pageLength]
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
		felt := changed.everywhere || from < len(changed.at) && changed.at[from] < first+pageLength
		if !felt && !page.waits {
			continue
		}
		own := new(showingPage)
		for k := range page.slots {
			shown := page.slots[k].Load()
			if shown == nil {
				continue
			}
			results, known := shown.peek()
			if !known {
				continue
			}
			if felt && changed.has(first+k) {
				shown, own.waits = &showing{before: results}, true
			}
			own.slots[k].Store(shown)
		}
		next.pages[i] = own
	}
	return next
}

package registry

import (
	"iter"
	"slices"
	"strings"
	"sync"
)

// fact is what a roll lists.
type fact interface {
	comparable
	key() string
}

func (f *Facility) key() string { return string(f.ID) }
func (r *Record) key() string   { return r.ID }

// pageLength is how many facts of a roll are copied, at most, to change one.
const pageLength = 256

// roll is a list of facts ordered by their ids. It never changes: a changed one shares
// all pages but one with it. The zero roll is empty.
type roll[F fact] struct {
	pages  [][]F // none of them empty
	length int
	whole  func() []F
}

// rollOf makes a roll of facts that are in order; it keeps the list.
func rollOf[F fact](all []F) roll[F] {
	return roll[F]{slices.Collect(slices.Chunk(all, pageLength)), len(all), func() []F { return all }}
}

func (r roll[F]) len() int { return r.length }

// all returns the facts in one list; do not change it.
func (r roll[F]) all() []F {
	if r.length == 0 {
		return nil
	}
	return r.whole()
}

// each visits the facts in order, without a list of all.
func (r roll[F]) each() iter.Seq[F] {
	return func(yield func(F) bool) {
		for _, page := range r.pages {
			for _, f := range page {
				if !yield(f) {
					return
				}
			}
		}
	}
}

// page returns the number of the page on which an id is or belongs.
func (r roll[F]) page(id string) int {
	at, _ := slices.BinarySearchFunc(r.pages, id, func(page []F, id string) int { return strings.Compare(page[len(page)-1].key(), id) })
	return at
}

func onPage[F fact](page []F, id string) (int, bool) {
	return slices.BinarySearchFunc(page, id, func(f F, id string) int { return strings.Compare(f.key(), id) })
}

// find returns the fact of an id.
func (r roll[F]) find(id string) (f F, found bool) {
	p := r.page(id)
	if p == len(r.pages) {
		return f, false
	}
	at, found := onPage(r.pages[p], id)
	if found {
		f = r.pages[p][at]
	}
	return f, found
}

// with returns the roll with a fact in it, over the one of its id.
func (r roll[F]) with(f F) roll[F] {
	p := r.page(f.key())
	if p == len(r.pages) { // after all others
		if p--; p < 0 {
			return rollOf([]F{f})
		}
	}
	page := r.pages[p]
	at, found := onPage(page, f.key())
	switch {
	case found && page[at] == f:
		return r
	case found:
		page = slices.Clone(page)
		page[at] = f
		return r.replaced(p, 0, page)
	}
	page = slices.Concat(page[:at], []F{f}, page[at:])
	if len(page) <= pageLength {
		return r.replaced(p, 1, page)
	}
	// Lists often come in order: then the page before stays full.
	middle := len(page) / 2
	if at == len(page)-1 {
		middle = at
	}
	return r.replaced(p, 1, page[:middle:middle], page[middle:])
}

// without returns the roll without the fact of an id; found is false when there is none.
func (r roll[F]) without(id string) (next roll[F], found bool) {
	p := r.page(id)
	if p == len(r.pages) {
		return r, false
	}
	page := r.pages[p]
	at, found := onPage(page, id)
	switch {
	case !found:
		return r, false
	case len(page) == 1:
		return r.replaced(p, -1), true
	}
	return r.replaced(p, -1, slices.Concat(page[:at], page[at+1:])), true
}

// replaced returns the roll with others in place of a page, and so many more facts.
func (r roll[F]) replaced(page, more int, by ...[]F) roll[F] {
	pages := slices.Concat(r.pages[:page], by, r.pages[page+1:])
	return roll[F]{pages, r.length + more, sync.OnceValue(func() []F { return slices.Concat(pages...) })}
}

// differing visits, in order, the pairs of facts in which two rolls differ: the zero F
// where a roll has none. Pages that the rolls share are not looked into.
func differing[F fact](before, after roll[F]) iter.Seq2[F, F] {
	return func(yield func(was, is F) bool) {
		var none F
		a, b := before.pages, after.pages
		i, j := 0, 0 // on the first page of each
		for len(a) > 0 || len(b) > 0 {
			was, is := none, none
			if len(a) > 0 {
				was = a[0][i]
			}
			if len(b) > 0 {
				is = b[0][j]
			}
			order := 0
			switch {
			case len(a) == 0:
				order = 1
			case len(b) == 0:
				order = -1
			case i == 0 && j == 0 && sameList(a[0], b[0]):
				a, b = a[1:], b[1:]
				continue
			case was != is:
				order = strings.Compare(was.key(), is.key())
			}
			if order <= 0 {
				if i++; i == len(a[0]) {
					a, i = a[1:], 0
				}
			} else {
				was = none
			}
			if order >= 0 {
				if j++; j == len(b[0]) {
					b, j = b[1:], 0
				}
			} else {
				is = none
			}
			if was != is && !yield(was, is) {
				return
			}
		}
	}
}

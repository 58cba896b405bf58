package indicator

import (
	"slices"

	"lifecircle"
)

// areas are the areas of some facts, numbered in pre-order: an area comes before
// those below it, and its subtree is an interval. Areas do not change in a
// lineage of evaluators.
type areas struct {
	codes  []lifecircle.AreaCode
	number map[lifecircle.AreaCode]int
	parent []int // −1 above a root
	last   []int // one past the subtree of each
}

func areasOf(facts Facts) *areas {
	a := &areas{number: make(map[lifecircle.AreaCode]int)}
	var visit func(code lifecircle.AreaCode, parent int)
	visit = func(code lifecircle.AreaCode, parent int) {
		at := len(a.codes)
		a.number[code] = at
		a.codes, a.parent, a.last = append(a.codes, code), append(a.parent, parent), append(a.last, 0)
		for _, child := range facts.Children(code) {
			visit(child, at)
		}
		a.last[at] = len(a.codes)
	}
	for _, root := range facts.Roots() {
		visit(root, -1)
	}
	return a
}

// subtree returns where an area and all below it lie; empty for an area that is
// not known.
func (a *areas) subtree(code lifecircle.AreaCode) (at, last int) {
	at, known := a.number[code]
	if !known {
		return 0, 0
	}
	return at, a.last[at]
}

// below visits the areas directly below one, in order.
func (a *areas) below(at int, visit func(child int)) {
	for child := at + 1; child < a.last[at]; child = a.last[child] {
		visit(child)
	}
}

// extent is a set of areas that holds with an area all above it.
type extent struct {
	everywhere bool
	at         []int // ascending
}

func (x extent) empty() bool { return !x.everywhere && len(x.at) == 0 }

func (x extent) has(at int) bool {
	if x.everywhere {
		return true
	}
	_, found := slices.BinarySearch(x.at, at)
	return found
}

// plus returns the areas of both.
func (x extent) plus(y extent) extent {
	switch {
	case x.everywhere || y.everywhere:
		return extent{everywhere: true}
	case len(y.at) == 0:
		return x
	case len(x.at) == 0:
		return y
	}
	both := slices.Concat(x.at, y.at)
	slices.Sort(both)
	return extent{at: slices.Compact(both)}
}

// above returns the extent of some areas. One that is not known is counted
// wherever it may be.
func (a *areas) above(codes []lifecircle.AreaCode) extent {
	var at []int
	for _, code := range codes {
		n, known := a.number[code]
		if !known {
			return extent{everywhere: true}
		}
		for ; n >= 0; n = a.parent[n] {
			at = append(at, n)
		}
	}
	slices.Sort(at)
	return extent{at: slices.Compact(at)}
}

// all returns every area, ascending.
func (a *areas) all() []int {
	at := make([]int, len(a.codes))
	for i := range at {
		at[i] = i
	}
	return at
}

// pageLength is how many entries of a paged list are copied to change one.
const pageLength = 64

// paged is a list of which a changed copy shares what stayed.
type paged[T any] struct {
	pages [][]T
	own   []bool // pages that are not shared
}

func newPaged[T any](length int) paged[T] {
	var p paged[T]
	for from := 0; from < length; from += pageLength {
		p.pages, p.own = append(p.pages, make([]T, min(pageLength, length-from))), append(p.own, true)
	}
	return p
}

func (p *paged[T]) at(i int) T { return p.pages[i/pageLength][i%pageLength] }

// fork returns a copy to change; p must not be changed any more.
func (p *paged[T]) fork() paged[T] {
	return paged[T]{slices.Clone(p.pages), make([]bool, len(p.pages))}
}

func (p *paged[T]) set(i int, value T) {
	page := i / pageLength
	if !p.own[page] {
		p.pages[page], p.own[page] = slices.Clone(p.pages[page]), true
	}
	p.pages[page][i%pageLength] = value
}

// each visits the entries in order.
func (p *paged[T]) each(visit func(i int, value T)) {
	for page, list := range p.pages {
		for i, value := range list {
			visit(page*pageLength+i, value)
		}
	}
}

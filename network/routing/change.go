package routing

import (
	"cmp"
	"fmt"
	"slices"

	"lifecircle"
)

// With returns the table with one more source, whose index is the next, and the
// nodes whose labels changed, ascending. It searches from the new source and
// turns back where that is not among the k nearest, by the same argument as
// Compute: so it costs what it changes.
func (t *Table) With(s Source) (next *Table, touched []uint32) {
	added := int32(len(t.sources))
	next = &Table{
		net: t.net, k: t.k,
		sources: append(slices.Clip(t.sources), s),
		pages:   slices.Clone(t.pages),
		queues:  t.queues,
	}
	at, found := slices.BinarySearchFunc(t.byID, s.ID, func(i int32, id lifecircle.FacilityID) int {
		return cmp.Compare(t.sources[i].ID, id)
	})
	if found {
		panic(fmt.Sprintf("routing: two sources with the ID %q", s.ID))
	}
	next.byID = slices.Insert(slices.Clone(t.byID), at, added)
	onEdge, _ := slices.BinarySearchFunc(t.byEdge, s.At.Edge+1, func(i int32, edge uint32) int {
		return cmp.Compare(t.sources[i].At.Edge, edge)
	})
	next.byEdge = slices.Insert(slices.Clone(t.byEdge), onEdge, added)

	arcs := t.net.Arcs()
	q := t.queues.Get().(*queue)
	defer t.queues.Put(q)
	own := make([]bool, len(t.pages))
	nearer := func(node uint32, d lifecircle.Decimetres) bool {
		list := next.labels(node)
		for _, l := range list {
			if l.Source == added {
				return false
			}
		}
		last := list[next.k-1]
		return last.Source == none || next.before(Label{added, d}, last)
	}
	atFrom, _ := toEnd(s.At, s.At.From)
	atTo, _ := toEnd(s.At, s.At.To)
	q.reset(min(atFrom, atTo))
	q.push(atFrom, entry{node: s.At.From})
	q.push(atTo, entry{node: s.At.To})
	for d, ok := q.next(); ok; d, ok = q.next() {
		for e, more := q.pop(); more; e, more = q.pop() {
			if !nearer(e.node, d) {
				continue
			}
			page := e.node >> pageBits
			if !own[page] {
				next.pages[page], own[page] = slices.Clone(next.pages[page]), true
			}
			place(next, e.node, Label{added, d})
			touched = append(touched, e.node)
			for arc := arcs.First[e.node]; arc < arcs.First[e.node+1]; arc++ {
				if beyond := d + arcs.Weights[arc]; nearer(arcs.Heads[arc], beyond) {
					q.push(beyond, entry{node: arcs.Heads[arc]})
				}
			}
		}
	}
	slices.Sort(touched)
	return next, touched
}

// place puts a label in its place in a node's list, the last of which gives way.
func place(t *Table, node uint32, l Label) {
	list := t.labels(node)
	at := t.k - 1
	for at > 0 && (list[at-1].Source == none || t.before(l, list[at-1])) {
		list[at] = list[at-1]
		at--
	}
	list[at] = l
}

// Without returns the table without a source, or t where it holds none of that
// ID. Indices of the sources after it are one less. It is computed anew.
func (t *Table) Without(id lifecircle.FacilityID) *Table {
	left := slices.DeleteFunc(slices.Clone(t.sources), func(s Source) bool { return s.ID == id })
	if len(left) == len(t.sources) {
		return t
	}
	return Compute(t.net, left, t.k)
}

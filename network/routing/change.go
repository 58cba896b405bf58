package routing

import (
	"cmp"
	"fmt"
	"slices"

	"lifecircle"
)

// With returns the table with one more source, and the nodes whose labels changed,
// ascending. It searches from the new source and turns back where that is not
// among the k nearest, by the same argument as Compute: so it costs what it
// changes.
func (t *Table) With(s Source) (next *Table, touched []uint32) {
	at, found := t.find(s.ID)
	if found {
		panic(fmt.Sprintf("routing: two sources with the ID %q", s.ID))
	}
	next = &Table{ways: t.ways, k: t.k}
	added := int32(len(t.sources))
	if last := len(t.free) - 1; last >= 0 {
		added, next.free = t.free[last], t.free[:last:last]
		next.sources = slices.Clone(t.sources)
		next.sources[added] = s
	} else {
		next.sources = append(slices.Clip(t.sources), s)
	}
	next.byID = slices.Insert(slices.Clone(t.byID), at, added)
	onEdge, _ := slices.BinarySearchFunc(t.byEdge, s.At.Edge+1, func(i int32, edge uint32) int {
		return cmp.Compare(t.sources[i].At.Edge, edge)
	})
	next.byEdge = slices.Insert(slices.Clone(t.byEdge), onEdge, added)

	edit := t.edit()
	next.labels = *edit.labels
	in := t.ways.in
	q := t.ways.queues.Get().(*queue)
	defer t.ways.queues.Put(q)
	var list []Label
	nearer := func(node uint32, d lifecircle.Decimetres) bool {
		list = edit.of(node, list[:0])
		for _, l := range list {
			if l.Source == added {
				return false
			}
		}
		return len(list) < next.k || next.before(Label{added, d}, list[next.k-1])
	}
	var starts []offer
	t.ways.arrivals(s.At, func(node uint32, d lifecircle.Decimetres) { starts = append(starts, offer{Label{added, d}, node}) })
	slices.SortFunc(starts, func(a, b offer) int { return cmp.Compare(a.Distance, b.Distance) })
	for i, o := range starts {
		if i == 0 {
			q.reset(o.Distance)
		}
		q.push(o.Distance, entry{node: o.node})
	}
	for d, ok := q.next(); len(starts) > 0 && ok; d, ok = q.next() {
		for e, more := q.pop(); more; e, more = q.pop() {
			if !nearer(e.node, d) {
				continue
			}
			edit.put(e.node, next.placed(list, Label{added, d}))
			touched = append(touched, e.node)
			for arc := in.first[e.node]; arc < in.first[e.node+1]; arc++ {
				beyond := d + lifecircle.Decimetres(in.weights[arc])
				if in.weights[arc] < Barred && nearer(in.ends[arc], beyond) {
					q.push(beyond, entry{node: in.ends[arc]})
				}
			}
		}
	}
	slices.Sort(touched)
	return next, touched
}

// placed puts a label in its place in a node's list, whose last gives way.
func (t *Table) placed(list []Label, l Label) []Label {
	at := len(list)
	for at > 0 && t.before(l, list[at-1]) {
		at--
	}
	list = slices.Insert(list, at, l)
	return list[:min(len(list), t.k)]
}

// Without returns the table without a source, and the nodes that had it on their
// lists; t itself where it holds none of that ID. The index of that source may be
// used again, and those of the others stay.
//
// Only nodes that have the source on their list lose something, and they hang
// together: it is on the list of every node of its shortest way to each of them.
// What they get instead comes over their border, from a node that loses nothing, or
// begins among them. So it costs what it changes.
func (t *Table) Without(id lifecircle.FacilityID) (next *Table, touched []uint32) {
	at, found := t.find(id)
	if !found {
		return t, nil
	}
	gone := t.byID[at]
	next = &Table{
		ways: t.ways, k: t.k, sources: t.sources, free: append(slices.Clip(t.free), gone),
		byID:   slices.Delete(slices.Clone(t.byID), at, at+1),
		byEdge: slices.DeleteFunc(slices.Clone(t.byEdge), func(i int32) bool { return i == gone }),
	}
	edit := t.edit()
	next.labels = *edit.labels
	cell := next.forget(edit, gone)
	next.repair(edit, cell)
	for node := range cell {
		touched = append(touched, node)
	}
	slices.Sort(touched)
	return next, touched
}

// Find returns the source of an ID.
func (t *Table) Find(id lifecircle.FacilityID) (s Source, ok bool) {
	rank, ok := t.find(id)
	if !ok {
		return Source{}, false
	}
	return t.sources[t.byID[rank]], true
}

// find returns the place of an ID in byID, or where it would be.
func (t *Table) find(id lifecircle.FacilityID) (rank int, ok bool) {
	return slices.BinarySearchFunc(t.byID, id, func(i int32, id lifecircle.FacilityID) int {
		return cmp.Compare(t.sources[i].ID, id)
	})
}

// forget takes a source from all lists and returns the nodes that had it.
func (t *Table) forget(edit editing, gone int32) (cell map[uint32]bool) {
	in := t.ways.in
	cell = make(map[uint32]bool)
	var waiting []uint32
	var list []Label
	look := func(node uint32) {
		if cell[node] {
			return
		}
		list = edit.of(node, list[:0])
		if slices.ContainsFunc(list, func(l Label) bool { return l.Source == gone }) {
			cell[node] = true
			waiting = append(waiting, node)
		}
	}
	t.ways.arrivals(t.sources[gone].At, func(node uint32, _ lifecircle.Decimetres) { look(node) })
	for len(waiting) > 0 {
		node := waiting[len(waiting)-1]
		waiting = waiting[:len(waiting)-1]
		for arc := in.first[node]; arc < in.first[node+1]; arc++ {
			if in.weights[arc] < Barred {
				look(in.ends[arc])
			}
		}
	}
	for node := range cell {
		list = edit.of(node, list[:0])
		edit.put(node, slices.DeleteFunc(list, func(l Label) bool { return l.Source == gone }))
	}
	return cell
}

// offer is a label on its way to a node.
type offer struct {
	Label
	node uint32
}

// repair completes the lists of the nodes of a cell.
func (t *Table) repair(edit editing, cell map[uint32]bool) {
	in, out := t.ways.in, t.ways.out
	queue := heapOf[offer]{less: func(a, b offer) bool { return a.Distance < b.Distance }}
	var list, beyond []Label
	give := func(o offer) {
		if !cell[o.node] {
			return
		}
		if list = edit.of(o.node, list[:0]); t.improves(list, o.Label) {
			queue.push(o)
		}
	}
	for node := range cell {
		for arc := out.first[node]; arc < out.first[node+1]; arc++ {
			if out.weights[arc] >= Barred {
				continue
			}
			beyond = edit.of(out.ends[arc], beyond[:0])
			for _, l := range beyond {
				give(offer{Label{l.Source, l.Distance + lifecircle.Decimetres(out.weights[arc])}, node})
			}
		}
	}
	for _, i := range t.byID {
		at := t.sources[i].At
		if cell[at.From] || cell[at.To] {
			t.ways.arrivals(at, func(node uint32, d lifecircle.Decimetres) { give(offer{Label{i, d}, node}) })
		}
	}
	for o, ok := queue.pop(); ok; o, ok = queue.pop() {
		if list = edit.of(o.node, list[:0]); !t.improves(list, o.Label) {
			continue
		}
		list = slices.DeleteFunc(list, func(l Label) bool { return l.Source == o.Source })
		edit.put(o.node, t.placed(list, o.Label))
		for arc := in.first[o.node]; arc < in.first[o.node+1]; arc++ {
			if in.weights[arc] < Barred {
				give(offer{Label{o.Source, o.Distance + lifecircle.Decimetres(in.weights[arc])}, in.ends[arc]})
			}
		}
	}
}

// improves reports whether a label belongs on a list, or nearer than it is there.
func (t *Table) improves(list []Label, l Label) bool {
	for _, known := range list {
		if known.Source == l.Source {
			return l.Distance < known.Distance
		}
	}
	return len(list) < t.k || t.before(l, list[t.k-1])
}

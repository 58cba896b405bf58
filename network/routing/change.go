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
	at, found := t.find(s.ID)
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
// ID. The index of that source is used no more and those of the others stay,
// until there are more indices without a source than with one: then they count anew.
//
// Only nodes that have the source on their list lose something, and they hang
// together: it is on the list of every node of its shortest way to each of them.
// What they get instead comes over their border, from a node that loses nothing, or
// begins among them. So it costs what it changes.
func (t *Table) Without(id lifecircle.FacilityID) *Table {
	at, found := t.find(id)
	if !found {
		return t
	}
	if 2*len(t.byID) < len(t.sources) {
		// More are gone than stand: begin anew, with indices that count what stands.
		var standing []Source
		for i, s := range t.sources {
			if rank, ok := t.find(s.ID); ok && t.byID[rank] == int32(i) && s.ID != id {
				standing = append(standing, s)
			}
		}
		return Compute(t.net, standing, t.k)
	}
	gone := t.byID[at]
	next := &Table{
		net: t.net, k: t.k, sources: t.sources,
		byID:   slices.Delete(slices.Clone(t.byID), at, at+1),
		byEdge: slices.DeleteFunc(slices.Clone(t.byEdge), func(i int32) bool { return i == gone }),
		pages:  slices.Clone(t.pages),
		queues: t.queues,
	}
	next.repair(next.forget(gone))
	return next
}

// find returns the place of an ID in byID, or where it would be.
func (t *Table) find(id lifecircle.FacilityID) (rank int, ok bool) {
	return slices.BinarySearchFunc(t.byID, id, func(i int32, id lifecircle.FacilityID) int {
		return cmp.Compare(t.sources[i].ID, id)
	})
}

// forget takes a source from all lists and returns the nodes that had it.
func (t *Table) forget(gone int32) (cell map[uint32]bool) {
	arcs := t.net.Arcs()
	own := make([]bool, len(t.pages))
	cell = make(map[uint32]bool)
	var waiting []uint32
	look := func(node uint32) {
		if !cell[node] && slices.ContainsFunc(t.labels(node), func(l Label) bool { return l.Source == gone }) {
			cell[node] = true
			waiting = append(waiting, node)
		}
	}
	at := t.sources[gone].At
	look(at.From)
	look(at.To)
	for len(waiting) > 0 {
		node := waiting[len(waiting)-1]
		waiting = waiting[:len(waiting)-1]
		for arc := arcs.First[node]; arc < arcs.First[node+1]; arc++ {
			look(arcs.Heads[arc])
		}
	}
	for node := range cell {
		if page := node >> pageBits; !own[page] {
			t.pages[page], own[page] = slices.Clone(t.pages[page]), true
		}
		list := t.labels(node)
		i := slices.IndexFunc(list, func(l Label) bool { return l.Source == gone })
		copy(list[i:], list[i+1:])
		list[t.k-1] = Label{Source: none}
	}
	return cell
}

// offer is a label on its way to a node.
type offer struct {
	Label
	node uint32
}

// repair completes the lists of the nodes of a cell.
func (t *Table) repair(cell map[uint32]bool) {
	arcs := t.net.Arcs()
	queue := heapOf[offer]{less: func(a, b offer) bool { return a.Distance < b.Distance }}
	give := func(o offer) {
		if cell[o.node] && t.improves(t.labels(o.node), o.Label) {
			queue.push(o)
		}
	}
	for node := range cell {
		for arc := arcs.First[node]; arc < arcs.First[node+1]; arc++ {
			// Streets are walked both ways.
			for _, l := range t.labels(arcs.Heads[arc]) {
				if l.Source == none {
					break
				}
				give(offer{Label{l.Source, l.Distance + arcs.Weights[arc]}, node})
			}
		}
	}
	for _, i := range t.byID {
		at := t.sources[i].At
		for _, node := range [2]uint32{at.From, at.To} {
			d, _ := toEnd(at, node)
			give(offer{Label{i, d}, node})
		}
	}
	for o, ok := queue.pop(); ok; o, ok = queue.pop() {
		list := t.labels(o.node)
		if !t.improves(list, o.Label) {
			continue
		}
		if i := slices.IndexFunc(list, func(l Label) bool { return l.Source == o.Source }); i >= 0 {
			copy(list[i:], list[i+1:])
			list[t.k-1] = Label{Source: none}
		}
		place(t, o.node, o.Label)
		for arc := arcs.First[o.node]; arc < arcs.First[o.node+1]; arc++ {
			give(offer{Label{o.Source, o.Distance + arcs.Weights[arc]}, arcs.Heads[arc]})
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
	last := list[t.k-1]
	return last.Source == none || t.before(l, last)
}

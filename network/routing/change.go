package routing

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"

	"lifecircle"
)

// With returns the table with one more source, and the nodes whose labels changed,
// ascending. It costs what it changes.
func (t *Table) With(s Source) (next *Table, touched []uint32) {
	return t.Changed(nil, []Source{s})
}

// Without returns the table without a source, and the nodes that had it on their
// lists, ascending; t itself where it holds none of that ID. It costs what it changes.
func (t *Table) Without(id lifecircle.FacilityID) (next *Table, touched []uint32) {
	return t.Changed([]lifecircle.FacilityID{id}, nil)
}

// Changed returns the table without the sources that are gone and with those that
// come, and the nodes whose labels may have changed, ascending; t itself where
// nothing does. The index of a source that is gone may be used again, and those of
// the others stay. A source that moves is gone and comes under one ID. All is done on
// one copy of the pages that change, and costs what it changes.
func (t *Table) Changed(gone []lifecircle.FacilityID, come []Source) (next *Table, touched []uint32) {
	next = &Table{
		ways: t.ways, k: t.k, sources: t.sources, free: slices.Clip(t.free),
		byID: slices.Clone(t.byID), byEdge: slices.Clone(t.byEdge),
	}
	var leaving []int32
	for _, id := range gone {
		if at, found := next.find(id); found {
			leaving = append(leaving, next.byID[at])
			next.byID = slices.Delete(next.byID, at, at+1)
		}
	}
	if len(leaving)+len(come) == 0 {
		return t, nil
	}
	if len(leaving) > 0 {
		next.byEdge = slices.DeleteFunc(next.byEdge, func(i int32) bool { return slices.Contains(leaving, i) })
		next.free = append(next.free, leaving...)
	}
	edit := t.edit()
	s := t.ways.scratch.Get().(*scratch)
	for _, i := range leaving {
		next.forget(edit, s, i)
	}
	next.repair(edit, s)
	for _, source := range come {
		next.bring(edit, s, source)
	}
	next.labels = *edit.labels
	touched = s.marks.take()
	t.ways.scratch.Put(s)
	return next, touched
}

// Find returns the source of an ID.
func (t *Table) Find(id lifecircle.FacilityID) (s Source, ok bool) {
	rank, ok := t.find(id)
	if !ok {
		return Source{}, false
	}
	return *t.sources.at(t.byID[rank]), true
}

// find returns the place of an ID in byID, or where it would be.
func (t *Table) find(id lifecircle.FacilityID) (rank int, ok bool) {
	return slices.BinarySearchFunc(t.byID, id, func(i int32, id lifecircle.FacilityID) int {
		return cmp.Compare(t.sources.at(i).ID, id)
	})
}

// bring adds a source to a table whose lists of sources are its own, and searches from
// it. The search turns back where the source is not among the k nearest, by the
// argument of Compute.
func (t *Table) bring(edit editing, s *scratch, source Source) {
	at, found := t.find(source.ID)
	if found {
		panic(fmt.Sprintf("routing: two sources with the ID %q", source.ID))
	}
	added := int32(t.sources.n)
	if last := len(t.free) - 1; last >= 0 {
		added, t.free = t.free[last], t.free[:last]
	}
	t.sources = t.sources.with(added, source)
	t.byID = slices.Insert(t.byID, at, added)
	onEdge, _ := slices.BinarySearchFunc(t.byEdge, source.At.Edge+1, func(i int32, edge uint32) int {
		return cmp.Compare(t.sources.at(i).At.Edge, edge)
	})
	t.byEdge = slices.Insert(t.byEdge, onEdge, added)
	t.ways.arrivals(source.At, func(node uint32, d lifecircle.Decimetres) {
		s.offers = append(s.offers, offer{Label{added, d}, node})
	})
	t.spread(edit, s, false)
}

// forget takes a source from all lists and marks the nodes that had it. They hang
// together: it is on the list of every node of its shortest way to each of them.
func (t *Table) forget(edit editing, s *scratch, gone int32) {
	in := t.ways.in
	var list []Label
	s.waiting = s.waiting[:0]
	look := func(node uint32) {
		list = edit.of(node, list[:0])
		for i := range list {
			if list[i].Source == gone {
				edit.put(node, slices.Delete(list, i, i+1))
				s.marks.add(node)
				s.waiting = append(s.waiting, node)
				return
			}
		}
	}
	t.ways.arrivals(t.sources.at(gone).At, func(node uint32, _ lifecircle.Decimetres) { look(node) })
	for len(s.waiting) > 0 {
		node := s.waiting[len(s.waiting)-1]
		s.waiting = s.waiting[:len(s.waiting)-1]
		for arc := in.first[node]; arc < in.first[node+1]; arc++ {
			if in.weights[arc] < Barred {
				look(in.ends[arc])
			}
		}
	}
}

// repair completes the lists of the marked nodes. What they get comes over their
// border, from a node that lost nothing, or begins among them.
func (t *Table) repair(edit editing, s *scratch) {
	if len(s.marks.nodes) == 0 {
		return
	}
	out := t.ways.out
	var beyond []Label
	give := func(o offer) {
		if t.improvesAt(edit.labels, o.node, o.Label) {
			s.offers = append(s.offers, o)
		}
	}
	for _, node := range s.marks.nodes {
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
		if at := t.sources.at(i).At; s.marks.has(at.From) || s.marks.has(at.To) {
			t.ways.arrivals(at, func(node uint32, d lifecircle.Decimetres) {
				if s.marks.has(node) {
					give(offer{Label{i, d}, node})
				}
			})
		}
	}
	t.spread(edit, s, true)
}

// offer is a label on its way to a node.
type offer struct {
	Label
	node uint32
}

// spread puts the offers of s on the lists that they improve, and offers what it puts
// to the nodes behind, the nearest first; inside, only to marked nodes. It marks the
// nodes whose lists it changes.
func (t *Table) spread(edit editing, s *scratch, inside bool) {
	in, q := t.ways.in, &s.queue
	slices.SortFunc(s.offers, func(a, b offer) int { return cmp.Compare(a.Distance, b.Distance) })
	var list []Label
	q.reset(0)
	for waiting := s.offers; q.count > 0 || len(waiting) > 0; {
		if q.count == 0 {
			q.reset(waiting[0].Distance)
		}
		// Offers enter as the ring comes to cover them.
		for len(waiting) > 0 && waiting[0].Distance-q.at < lifecircle.Decimetres(len(q.heads)) {
			q.push(waiting[0].Distance, entry{waiting[0].node, uint32(waiting[0].Source)})
			waiting = waiting[1:]
		}
		d, _ := q.next()
		for e, ok := q.pop(); ok; e, ok = q.pop() {
			l := Label{int32(e.rank), d}
			if list = edit.of(e.node, list[:0]); !t.improves(list, l) {
				continue
			}
			edit.put(e.node, t.insert(list, l))
			s.marks.add(e.node)
			for arc := in.first[e.node]; arc < in.first[e.node+1]; arc++ {
				node, weight := in.ends[arc], in.weights[arc]
				if weight >= Barred || inside && !s.marks.has(node) {
					continue
				}
				l.Distance = d + lifecircle.Decimetres(weight)
				if t.improvesAt(edit.labels, node, l) {
					q.push(l.Distance, entry{node, e.rank})
				}
			}
		}
	}
	s.offers = s.offers[:0]
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

// improvesAt is improves for the list of a node, of which no copy is made.
func (t *Table) improvesAt(of *labels, node uint32, l Label) bool {
	var last Label
	for i := range t.k {
		known, is := of.one(node, i)
		switch {
		case !is:
			return true // there is room
		case known.Source == l.Source:
			return l.Distance < known.Distance
		}
		last = known
	}
	return t.before(l, last)
}

// scratch is the memory of a change, for use again: a ring of buckets and a set of
// nodes may be larger than what a change touches.
type scratch struct {
	queue   queue
	marks   marks
	waiting []uint32
	offers  []offer
}

// marks is a set of nodes, a bit for each, and its members in the order they came.
type marks struct {
	bits  []uint64
	nodes []uint32
}

func (m *marks) has(node uint32) bool { return m.bits[node>>6]>>(node&63)&1 != 0 }

func (m *marks) add(node uint32) {
	if !m.has(node) {
		m.bits[node>>6] |= 1 << (node & 63)
		m.nodes = append(m.nodes, node)
	}
}

// take empties the set and returns what it held, ascending.
func (m *marks) take() []uint32 {
	if len(m.nodes) == 0 {
		return nil
	}
	all := make([]uint32, 0, len(m.nodes))
	for word := slices.Min(m.nodes) >> 6; len(all) < len(m.nodes); word++ {
		for set := m.bits[word]; set != 0; set &= set - 1 {
			all = append(all, word<<6+uint32(bits.TrailingZeros64(set)))
		}
		m.bits[word] = 0
	}
	m.nodes = m.nodes[:0]
	return all
}

package routing

import (
	"slices"

	"lifecircle"
	"lifecircle/network"
)

// Altered returns the ways of the same profile of a network that was altered from
// this one and kept its arcs, and the arcs whose weight is another; ok is false where
// arcs are others. Sweeps over them customise anew when first asked for.
func (w *Ways) Altered(n *network.Network) (next *Ways, arcs []uint32, ok bool) {
	edges, ok := n.AlteredSince(w.net)
	if !ok {
		return nil, nil, false
	}
	profile, err := n.Profile(w.profile.Mode())
	if err != nil {
		return nil, nil, false
	}
	first, heads := n.Topology()
	next = &Ways{net: n, profile: profile, out: rows{first, heads, profile.Weights()}}
	next.in = next.out
	if !profile.Symmetric() {
		next.in = next.out.reversed()
	}
	next.queues.New = func() any { q := newQueue(lifecircle.Decimetres(profile.Longest())); return &q }
	if w.metric != nil {
		next.metric = w.metric.Clone()
	}
	var changes []ArcChange
	for _, e := range edges {
		there, back, joined := n.EdgeArcs(e)
		if !joined {
			continue
		}
		for _, arc := range []uint32{there, back} {
			if weight := profile.Weights()[arc]; weight != w.out.weights[arc] {
				arcs, changes = append(arcs, arc), append(changes, ArcChange{arc, weight})
			}
		}
	}
	if next.metric != nil {
		if err := next.metric.Change(changes); err != nil {
			return nil, nil, false
		}
	}
	return next, arcs, true
}

// Rerouted returns the table of the same sources on altered ways, and the nodes whose
// labels may differ, ascending. arcs are those whose weights differ. It costs what
// changes, by the argument of Compute: a source whose way from a node leads over an
// arc is on the lists of both its ends.
//
// Where an arc costs more, the sources whose way from its tail may lead over it are
// taken out and brought in again. Where it costs less, what its head has is offered to
// its tail, and on from there.
func (t *Table) Rerouted(ways *Ways, arcs []uint32) (next *Table, touched []uint32) {
	var led []int32 // sources that an arc that costs more may lead to
	for _, arc := range arcs {
		was, is := t.ways.out.weights[arc], ways.out.weights[arc]
		if is <= was {
			continue
		}
		beyond := t.of(t.ways.out.ends[arc], nil)
		for _, l := range t.of(rowOf(t.ways.out.first, arc), nil) {
			over := slices.ContainsFunc(beyond, func(b Label) bool {
				return b.Source == l.Source && b.Distance+lifecircle.Decimetres(was) == l.Distance
			})
			if over && !slices.Contains(led, l.Source) {
				led = append(led, l.Source)
			}
		}
	}
	next = &Table{ways: t.ways, k: t.k, sources: t.sources, free: append(slices.Clip(t.free), led...)}
	out := func(i int32) bool { return slices.Contains(led, i) }
	next.byID = slices.DeleteFunc(slices.Clone(t.byID), out)
	next.byEdge = slices.DeleteFunc(slices.Clone(t.byEdge), out)
	edit := t.edit()
	cell := make(map[uint32]bool)
	for _, i := range led {
		for node := range next.forget(edit, i) { // along the ways that they had
			cell[node] = true
		}
	}
	next.ways = ways
	next.repair(edit, cell)
	next.labels = *edit.labels
	for node := range cell {
		touched = append(touched, node)
	}
	for _, i := range led {
		var more []uint32
		next, more = next.With(t.sources[i])
		touched = append(touched, more...)
	}
	next, more := next.shortened(t.ways, arcs)
	touched = append(touched, more...)
	slices.Sort(touched)
	return next, slices.Compact(touched)
}

// shortened offers over each arc that costs less than on the ways before what its
// head has.
func (t *Table) shortened(before *Ways, arcs []uint32) (next *Table, touched []uint32) {
	in := t.ways.in
	queue := heapOf[offer]{less: func(a, b offer) bool { return a.Distance < b.Distance }}
	edit := t.edit()
	var list []Label
	give := func(o offer) {
		if list = edit.of(o.node, list[:0]); t.improves(list, o.Label) {
			queue.push(o)
		}
	}
	for _, arc := range arcs {
		if weight := t.ways.out.weights[arc]; weight < before.out.weights[arc] {
			for _, l := range edit.of(t.ways.out.ends[arc], nil) {
				give(offer{Label{l.Source, l.Distance + lifecircle.Decimetres(weight)}, rowOf(t.ways.out.first, arc)})
			}
		}
	}
	if len(queue.items) == 0 {
		return t, nil
	}
	next = &Table{ways: t.ways, k: t.k, sources: t.sources, free: t.free, byID: t.byID, byEdge: t.byEdge}
	for o, ok := queue.pop(); ok; o, ok = queue.pop() {
		if list = edit.of(o.node, list[:0]); !t.improves(list, o.Label) {
			continue
		}
		list = slices.DeleteFunc(list, func(l Label) bool { return l.Source == o.Source })
		edit.put(o.node, t.placed(list, o.Label))
		touched = append(touched, o.node)
		for arc := in.first[o.node]; arc < in.first[o.node+1]; arc++ {
			if in.weights[arc] < Barred {
				give(offer{Label{o.Source, o.Distance + lifecircle.Decimetres(in.weights[arc])}, in.ends[arc]})
			}
		}
	}
	next.labels = *edit.labels
	return next, touched
}

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
	next = newWays(n, profile)
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
	scratch := ways.scratch.Get().(*scratch)
	for _, i := range led {
		next.forget(edit, scratch, i) // along the ways that they had
	}
	next.ways = ways
	next.repair(edit, scratch)
	for _, i := range led {
		next.bring(edit, scratch, *t.sources.at(i))
	}
	next.shortened(t.ways, edit, scratch, arcs)
	next.labels = *edit.labels
	touched = scratch.marks.take()
	ways.scratch.Put(scratch)
	return next, touched
}

// shortened offers over each arc that costs less than on the ways before what its
// head has.
func (t *Table) shortened(before *Ways, edit editing, s *scratch, arcs []uint32) {
	out := t.ways.out
	for _, arc := range arcs {
		if weight := out.weights[arc]; weight < before.out.weights[arc] {
			for _, l := range edit.of(out.ends[arc], nil) {
				o := offer{Label{l.Source, l.Distance + lifecircle.Decimetres(weight)}, rowOf(out.first, arc)}
				if t.improves(edit.of(o.node, nil), o.Label) {
					s.offers = append(s.offers, o)
				}
			}
		}
	}
	t.spread(edit, s, false)
}

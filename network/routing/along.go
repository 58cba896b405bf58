package routing

import (
	"cmp"
	"slices"

	"lifecircle"
	"lifecircle/network"
)

// Mark is a position along an edge, and what the way to the nearest source costs
// from there; Barred where there is none.
type Mark struct {
	Offset   lifecircle.Decimetres // from the edge's node From
	Distance uint32
}

// Marks puts into buf, from its start, the marks of an edge: its node From, each
// position where a source meets it, and its node To. Whoever stands between two
// marks reaches the nearest source by way of one of them, so that where ways cost
// as much there as back, what it costs is the lesser of the two with the way to
// the mark. An edge that nobody may walk has none.
func (t *Table) Marks(edge uint32, of network.Edge, buf []Mark) []Mark {
	buf = buf[:0]
	at := func(offset lifecircle.Decimetres) network.Snap {
		return network.Snap{Edge: edge, From: of.From, To: of.To, ToFrom: offset, ToTo: of.Length - offset}
	}
	cost := func(offset lifecircle.Decimetres) uint32 {
		var labels [8]Label
		nearest := t.Nearest(at(offset), labels[:0])
		if len(nearest) == 0 {
			return Barred
		}
		return uint32(nearest[0].Distance)
	}
	leave, _ := t.ways.profile.Legs(at(0))
	if leave[0] >= Barred && leave[1] >= Barred {
		return buf
	}
	buf = append(buf, Mark{0, cost(0)})
	for _, i := range t.onEdge(edge) {
		offset := t.sources.at(i).At.ToFrom
		buf = append(buf, Mark{offset, cost(offset)})
	}
	buf = append(buf, Mark{of.Length, cost(of.Length)})
	slices.SortFunc(buf, func(a, b Mark) int { return cmp.Compare(a.Offset, b.Offset) })
	return slices.CompactFunc(buf, func(a, b Mark) bool { return a.Offset == b.Offset })
}

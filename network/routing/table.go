package routing

import (
	"cmp"
	"fmt"
	"slices"

	"lifecircle"
	"lifecircle/network"
)

// Label says that a source is so far away, the source's Leg included.
type Label struct {
	Source   int32 // its index in the table
	Distance lifecircle.Decimetres
}

// Table holds the k sources nearest to every node, on the way from the node to the
// source, ordered by distance and equals by ID. Distances are in the unit of the
// profile. It never changes: With and Without return new tables that share every
// page of labels that stayed as it was.
type Table struct {
	ways    *Ways
	k       int
	sources sourceList
	free    []int32 // indices without a source
	byID    []int32 // indices of sources, ordered by ID
	byEdge  []int32 // indices of sources, ordered by the edge they are on
	labels
}

// none fills the places of a node's list that hold no source.
const none = -1

// Compute finds the k sources nearest to every node. Sources have distinct IDs;
// their order is what Label.Source counts in and has no other effect.
//
// With an index it is one sweep. Without, it is one bucket search from all sources
// at once, in which a node is settled k times, by different sources. That suffices:
// if a source is among the k nearest of a node, then it is among the k nearest of
// each node on its shortest way there, since what is nearer to that node, or as
// near with a lower ID, is so for everything that lies behind it. Arcs cost 1 at
// least, so nothing is added to a bucket once it is begun, and sorting it by ID
// decides ties. O(k·(arcs + longest way)) steps and k labels a node.
func (w *Ways) Compute(sources []Source, k int) *Table {
	t := newTable(w, slices.Clone(sources), max(1, k))
	if w.metric != nil {
		t.sweep()
		return t
	}
	flat := make([]Label, t.k*w.net.NodeCount())
	for i := range flat {
		flat[i].Source = none
	}
	t.fill(flat)
	t.labels = newLabels(flat, t.k)
	return t
}

func newTable(w *Ways, sources []Source, k int) *Table {
	t := &Table{ways: w, k: k, sources: sourcesOf(sources), byID: make([]int32, len(sources))}
	t.labels.k = k
	for i := range t.byID {
		t.byID[i] = int32(i)
	}
	t.byEdge = slices.Clone(t.byID)
	slices.SortFunc(t.byID, func(a, b int32) int { return cmp.Compare(sources[a].ID, sources[b].ID) })
	slices.SortFunc(t.byEdge, func(a, b int32) int {
		return cmp.Or(cmp.Compare(sources[a].At.Edge, sources[b].At.Edge), cmp.Compare(a, b))
	})
	for i := 1; i < len(t.byID); i++ {
		if id := sources[t.byID[i]].ID; id == sources[t.byID[i-1]].ID {
			panic(fmt.Sprintf("routing: two sources with the ID %q", id))
		}
	}
	return t
}

// sweep fills the table by the index. Its spots are in the order of IDs, which
// decides between equals.
func (t *Table) sweep() {
	spots := make([]Spot, len(t.byID))
	for rank, i := range t.byID {
		_, spots[rank] = SpotsOf(t.ways.profile, t.sources.at(i).At)
	}
	sweep := t.ways.metric.Sweep()
	defer sweep.Release()
	near := sweep.Nearest(NearestQuery{Spots: spots, K: t.k, Direction: Toward})
	nodes := t.ways.net.NodeCount()
	flat := make([]Label, 0, t.k*pageNodes)
	var hits []Hit
	for from := 0; from < nodes; from += pageNodes {
		flat = flat[:0]
		for node := from; node < min(nodes, from+pageNodes); node++ {
			hits = near.Of(uint32(node), hits[:0])
			for i := range t.k {
				l := Label{Source: none}
				if i < len(hits) {
					l = Label{t.byID[hits[i].Spot], lifecircle.Decimetres(hits[i].Distance)}
				}
				flat = append(flat, l)
			}
		}
		t.pages = append(t.pages, pageOf(flat))
	}
}

// start is a source's end of its street, where its search begins.
type start struct {
	entry
	d lifecircle.Decimetres
}

// starts returns where the searches begin, the nearest first. Ranks are places
// in byID, so that they order as IDs do.
func (t *Table) starts() []start {
	var all []start
	for rank, i := range t.byID {
		t.ways.arrivals(t.sources.at(i).At, func(node uint32, d lifecircle.Decimetres) {
			all = append(all, start{entry{node, uint32(rank)}, d})
		})
	}
	slices.SortFunc(all, func(a, b start) int {
		return cmp.Or(cmp.Compare(a.d, b.d), cmp.Compare(a.rank, b.rank), cmp.Compare(a.node, b.node))
	})
	return all
}

func (t *Table) fill(flat []Label) {
	in := t.ways.in
	scratch := t.ways.scratch.Get().(*scratch)
	defer t.ways.scratch.Put(scratch)
	q := &scratch.queue
	list := func(node uint32) []Label { return flat[t.k*int(node):][:t.k] }
	waiting := t.starts()
	var bucket []entry
	q.reset(0)
	for q.count > 0 || len(waiting) > 0 {
		if q.count == 0 {
			q.reset(waiting[0].d)
		}
		// Starts enter as the ring comes to cover them.
		for len(waiting) > 0 && waiting[0].d-q.at < lifecircle.Decimetres(len(q.heads)) {
			q.push(waiting[0].d, waiting[0].entry)
			waiting = waiting[1:]
		}
		d, _ := q.next()
		bucket = bucket[:0]
		for e, ok := q.pop(); ok; e, ok = q.pop() {
			bucket = append(bucket, e)
		}
		if len(bucket) > 1 {
			slices.SortFunc(bucket, func(a, b entry) int { return cmp.Compare(a.rank, b.rank) })
		}
		for _, e := range bucket {
			source := t.byID[e.rank]
			if !settle(list(e.node), Label{source, d}) {
				continue
			}
			for arc := in.first[e.node]; arc < in.first[e.node+1]; arc++ {
				if tail, w := in.ends[arc], in.weights[arc]; w < Barred && open(list(tail), source) {
					q.push(d+lifecircle.Decimetres(w), entry{tail, e.rank})
				}
			}
		}
	}
}

// settle adds a label at the end of a node's list, if there is room and its
// source is new.
func settle(list []Label, l Label) bool {
	for i := range list {
		if list[i].Source == none {
			list[i] = l
			return true
		}
		if list[i].Source == l.Source {
			return false
		}
	}
	return false
}

// open reports whether settle would add a label of the source.
func open(list []Label, source int32) bool {
	for i := range list {
		if list[i].Source == none {
			return true
		}
		if list[i].Source == source {
			return false
		}
	}
	return false
}

// K returns how many sources a node's list holds at most.
func (t *Table) K() int { return t.k }

// Len returns how many indices of sources there are, unused ones too.
func (t *Table) Len() int { return t.sources.n }

// Bytes returns how much memory the labels take.
func (t *Table) Bytes() int { return t.bytes() }

// Source returns a source by its index.
func (t *Table) Source(i int32) Source { return *t.sources.at(i) }

// IDs returns the IDs of the sources, ascending.
func (t *Table) IDs() []lifecircle.FacilityID {
	ids := make([]lifecircle.FacilityID, len(t.byID))
	for rank, i := range t.byID {
		ids[rank] = t.sources.at(i).ID
	}
	return ids
}

// Node appends the sources nearest to a node to buf and returns it.
func (t *Table) Node(node uint32, buf []Label) []Label { return t.of(node, buf) }

// Nearest puts the at most k sources nearest to a point into buf, from its start,
// and returns it. The point's Leg is part of the way; a source on the point's own
// street is reached along it or the way round.
func (t *Table) Nearest(at network.Snap, buf []Label) []Label {
	leave, _ := t.ways.profile.Legs(at)
	return t.NearestFrom(at, leave, buf)
}

// NearestFrom is Nearest for a point whose ways to the ends of its street are known
// already: what its profile's Legs returns first.
func (t *Table) NearestFrom(at network.Snap, leave [2]uint32, buf []Label) []Label {
	buf = buf[:0]
	for i, node := range [2]uint32{at.From, at.To} {
		if leave[i] >= Barred {
			continue
		}
		for j := range t.k {
			l, ok := t.one(node, j)
			if !ok {
				break
			}
			buf = t.insert(buf, Label{l.Source, l.Distance + lifecircle.Decimetres(leave[i])})
		}
	}
	for _, i := range t.onEdge(at.Edge) {
		if d, ok := t.ways.profile.Along(at, t.sources.at(i).At); ok {
			buf = t.insert(buf, Label{i, lifecircle.Decimetres(d)})
		}
	}
	return buf
}

// Differing returns the nodes whose labels may differ from those of another table of
// the same ways, and the edges on which a source is in one of them alone. Labels that
// the tables share are not looked at.
func (t *Table) Differing(u *Table) (nodes, edges []uint32) {
	for i, p := range t.pages {
		if p != u.pages[i] {
			for node := i * pageNodes; node < min((i+1)*pageNodes, t.ways.net.NodeCount()); node++ {
				nodes = append(nodes, uint32(node))
			}
		}
	}
	a, b := t.byID, u.byID
	for len(a) > 0 || len(b) > 0 {
		order := 0
		switch {
		case len(a) == 0:
			order = 1
		case len(b) == 0:
			order = -1
		default:
			order = cmp.Compare(t.sources.at(a[0]).ID, u.sources.at(b[0]).ID)
		}
		if order == 0 && *t.sources.at(a[0]) == *u.sources.at(b[0]) {
			a, b = a[1:], b[1:]
			continue
		}
		if order <= 0 {
			edges, a = append(edges, t.sources.at(a[0]).At.Edge), a[1:]
		}
		if order >= 0 {
			edges, b = append(edges, u.sources.at(b[0]).At.Edge), b[1:]
		}
	}
	return nodes, edges
}

// onEdge returns the sources on an edge.
func (t *Table) onEdge(edge uint32) []int32 {
	first, _ := slices.BinarySearchFunc(t.byEdge, edge, func(i int32, edge uint32) int {
		return cmp.Compare(t.sources.at(i).At.Edge, edge)
	})
	end := first
	for end < len(t.byEdge) && t.sources.at(t.byEdge[end]).At.Edge == edge {
		end++
	}
	return t.byEdge[first:end]
}

// before is the order of labels.
func (t *Table) before(a, b Label) bool {
	if a.Distance != b.Distance {
		return a.Distance < b.Distance
	}
	return a.Source != b.Source && t.sources.at(a.Source).ID < t.sources.at(b.Source).ID
}

// insert puts a label in its place in a list of at most k, each source once.
func (t *Table) insert(list []Label, l Label) []Label {
	for i := range list {
		if list[i].Source == l.Source {
			if list[i].Distance <= l.Distance {
				return list
			}
			list = slices.Delete(list, i, i+1)
			break
		}
	}
	at := len(list)
	for at > 0 && t.before(l, list[at-1]) {
		at--
	}
	if at == t.k {
		return list
	}
	if len(list) == t.k {
		list = list[:t.k-1]
	}
	return slices.Insert(list, at, l)
}

// Count returns how many sources are at most limit away from a point, limit
// included. It searches the streets within the limit.
func (t *Table) Count(at network.Snap, limit uint32) int {
	out := t.ways.out
	queue := heapOf[offer]{less: func(a, b offer) bool { return a.Distance < b.Distance }}
	reached := make(map[uint32]uint32)
	give := func(node, d uint32) {
		if known, ok := reached[node]; d <= limit && (!ok || d < known) {
			reached[node] = d
			queue.push(offer{Label{Distance: lifecircle.Decimetres(d)}, node})
		}
	}
	leave, _ := t.ways.profile.Legs(at)
	for i, node := range [2]uint32{at.From, at.To} {
		if leave[i] < Barred {
			give(node, leave[i])
		}
	}
	for o, ok := queue.pop(); ok; o, ok = queue.pop() {
		if d := uint32(o.Distance); d == reached[o.node] {
			for arc := out.first[o.node]; arc < out.first[o.node+1]; arc++ {
				if out.weights[arc] < Barred {
					give(out.ends[arc], d+out.weights[arc])
				}
			}
		}
	}
	count := 0
	for _, i := range t.byID {
		to := t.sources.at(i).At
		near := false
		if along, on := t.ways.profile.Along(at, to); on {
			near = along <= limit
		}
		t.ways.arrivals(to, func(node uint32, leg lifecircle.Decimetres) {
			d, ok := reached[node]
			near = near || ok && d+uint32(leg) <= limit
		})
		if near {
			count++
		}
	}
	return count
}

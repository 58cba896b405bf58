package routing

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"lifecircle"
	"lifecircle/network"
)

// Source is a place that ways lead to.
type Source struct {
	ID lifecircle.FacilityID
	At network.Snap
}

// Label says that a source is so far away, the source's Leg included.
type Label struct {
	Source   int32 // its index in the table
	Distance lifecircle.Decimetres
}

// Table holds the k sources nearest to every node, ordered by distance and
// equals by ID. It never changes: With and Without return new tables, and With
// shares every page of labels that stayed as it was.
type Table struct {
	net     *network.Network
	k       int
	sources []Source
	byID    []int32 // indices of sources, ordered by ID
	byEdge  []int32 // indices of sources, ordered by the edge they are on
	pages   [][]Label
	// queues keeps the queues of searches for use again by this table and those
	// made from it: a ring may be larger than what a change touches.
	queues *sync.Pool
}

// A page holds the labels of 1,024 nodes, k each: 16 kB with k = 2, so that one
// more source copies little and the list of pages stays short.
const (
	pageBits  = 10
	pageNodes = 1 << pageBits
)

// none fills the places of a node's list that hold no source.
const none = -1

// Compute finds the k sources nearest to every node. Sources have distinct IDs;
// their order is what Label.Source counts in and has no other effect.
//
// It is one bucket search from all sources at once, in which a node is settled k
// times, by different sources. That suffices: if a source is among the k nearest
// of a node, then it is among the k nearest of each node on its shortest way
// there, since what is nearer to that node, or as near with a lower ID, is so
// for everything that lies behind it. Arcs are 1 dm at least, so nothing is
// added to a bucket once it is begun, and sorting it by ID decides ties.
// O(k·(arcs + longest way)) steps and k labels a node.
func Compute(n *network.Network, sources []Source, k int) *Table {
	t := newTable(n, slices.Clone(sources), max(1, k))
	t.fill()
	return t
}

func newTable(n *network.Network, sources []Source, k int) *Table {
	t := &Table{net: n, k: k, sources: sources, byID: make([]int32, len(sources))}
	t.queues = &sync.Pool{New: func() any { q := newQueue(n.Arcs().Longest); return &q }}
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
	for start := 0; start < n.NodeCount(); start += pageNodes {
		page := make([]Label, k*min(pageNodes, n.NodeCount()-start))
		for i := range page {
			page[i].Source = none
		}
		t.pages = append(t.pages, page)
	}
	return t
}

// labels returns the places of a node in its page.
func (t *Table) labels(node uint32) []Label {
	at := t.k * int(node&(pageNodes-1))
	return t.pages[node>>pageBits][at : at+t.k : at+t.k]
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
		at := t.sources[i].At
		for _, node := range [2]uint32{at.From, at.To} {
			d, _ := toEnd(at, node)
			all = append(all, start{entry{node, uint32(rank)}, d})
			if at.From == at.To {
				break
			}
		}
	}
	slices.SortFunc(all, func(a, b start) int {
		return cmp.Or(cmp.Compare(a.d, b.d), cmp.Compare(a.rank, b.rank), cmp.Compare(a.node, b.node))
	})
	return all
}

func (t *Table) fill() {
	arcs := t.net.Arcs()
	q := t.queues.Get().(*queue)
	defer t.queues.Put(q)
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
			if !settle(t.labels(e.node), Label{source, d}) {
				continue
			}
			for arc := arcs.First[e.node]; arc < arcs.First[e.node+1]; arc++ {
				head := arcs.Heads[arc]
				if open(t.labels(head), source) {
					q.push(d+arcs.Weights[arc], entry{head, e.rank})
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

// Len returns how many indices of sources there are, those of removed sources too.
func (t *Table) Len() int { return len(t.sources) }

// Source returns a source by its index; a removed one keeps it.
func (t *Table) Source(i int32) Source { return t.sources[i] }

// Node appends the sources nearest to a node to buf and returns it.
func (t *Table) Node(node uint32, buf []Label) []Label {
	for _, l := range t.labels(node) {
		if l.Source == none {
			break
		}
		buf = append(buf, l)
	}
	return buf
}

// Nearest puts the at most k sources nearest to a point into buf, from its start,
// and returns it. The point's Leg is part of the way; a source on the point's own
// street is reached along it or the way round.
func (t *Table) Nearest(at network.Snap, buf []Label) []Label {
	buf = buf[:0]
	for _, node := range [2]uint32{at.From, at.To} {
		via, _ := toEnd(at, node)
		for _, l := range t.labels(node) {
			if l.Source == none {
				break
			}
			buf = t.insert(buf, Label{l.Source, l.Distance + via})
		}
	}
	for _, i := range t.onEdge(at.Edge) {
		if d, ok := alongEdge(at, t.sources[i].At); ok {
			buf = t.insert(buf, Label{i, d})
		}
	}
	return buf
}

// onEdge returns the sources on an edge.
func (t *Table) onEdge(edge uint32) []int32 {
	first, _ := slices.BinarySearchFunc(t.byEdge, edge, func(i int32, edge uint32) int {
		return cmp.Compare(t.sources[i].At.Edge, edge)
	})
	end := first
	for end < len(t.byEdge) && t.sources[t.byEdge[end]].At.Edge == edge {
		end++
	}
	return t.byEdge[first:end]
}

// before is the order of labels.
func (t *Table) before(a, b Label) bool {
	if a.Distance != b.Distance {
		return a.Distance < b.Distance
	}
	return a.Source != b.Source && t.sources[a.Source].ID < t.sources[b.Source].ID
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

// Within returns the sources at most limit away from a point, limit included,
// ordered by distance and equals by ID. The search must be of the same network.
func (t *Table) Within(search *Search, at network.Snap, limit lifecircle.Decimetres) []Label {
	search.Within(at, limit, func(uint32, lifecircle.Decimetres) {})
	var near []Label
	for _, i := range t.byID {
		if d, ok := search.To(t.sources[i].At); ok {
			near = append(near, Label{i, d})
		}
	}
	slices.SortFunc(near, func(a, b Label) int {
		if t.before(a, b) {
			return -1
		}
		return 1
	})
	return near
}

package routing

import (
	"slices"
	"sync"

	"lifecircle"
	"lifecircle/network"
)

// Ways are the streets as a way of travelling sees them, from both ends of each,
// with what searches over them share. They never change; any number of goroutines
// may use them.
type Ways struct {
	net     *network.Network
	profile *network.Profile
	out, in rows
	metric  *Metric   // nil: there is no index
	scratch sync.Pool // of changes, for use again
}

// rows are arcs in compressed rows: those of node v are first[v] to first[v+1]. Of
// arcs out of a node ends are their heads, of arcs into it their tails.
type rows struct{ first, ends, weights []uint32 }

// WaysOf prepares a profile of a network. With an index of its streets, which may
// be nil, what is asked of all nodes is answered by sweeps. Its error is that of
// Index.Customise.
func WaysOf(n *network.Network, p *network.Profile, ix *Index) (*Ways, error) {
	w := newWays(n, p)
	if ix == nil {
		return w, nil
	}
	var err error
	w.metric, err = ix.Customise(p.Weights(), MetricConfig{})
	return w, err
}

func newWays(n *network.Network, p *network.Profile) *Ways {
	first, heads := n.Topology()
	w := &Ways{net: n, profile: p, out: rows{first, heads, p.Weights()}}
	w.in = w.out
	if !p.Symmetric() {
		w.in = w.out.reversed()
	}
	w.scratch.New = func() any {
		return &scratch{
			queue: newQueue(lifecircle.Decimetres(p.Longest())),
			marks: marks{bits: make([]uint64, n.NodeCount()/64+1)},
		}
	}
	return w
}

// reversed turns arcs round.
func (r rows) reversed() rows {
	t := rows{make([]uint32, len(r.first)), make([]uint32, len(r.ends)), make([]uint32, len(r.weights))}
	for _, head := range r.ends {
		t.first[head+1]++
	}
	for v := 1; v < len(t.first); v++ {
		t.first[v] += t.first[v-1]
	}
	next := slices.Clone(t.first)
	for v := range uint32(len(r.first) - 1) {
		for arc := r.first[v]; arc < r.first[v+1]; arc++ {
			at := next[r.ends[arc]]
			next[r.ends[arc]]++
			t.ends[at], t.weights[at] = v, r.weights[arc]
		}
	}
	return t
}

// Profile returns the way of travelling.
func (w *Ways) Profile() *network.Profile { return w.profile }

// arrivals visits the ends of a place's street from which one gets to it, each
// node once.
func (w *Ways) arrivals(at network.Snap, visit func(node uint32, d lifecircle.Decimetres)) {
	_, arrive := w.profile.Legs(at)
	if at.From == at.To {
		arrive = [2]uint32{min(arrive[0], arrive[1]), Barred}
	}
	for i, node := range [2]uint32{at.From, at.To} {
		if arrive[i] < Barred {
			visit(node, lifecircle.Decimetres(arrive[i]))
		}
	}
}

// labels hold the k labels of the nodes of a table in pages. A page whose sources
// and distances fit 16 bits takes half the room: with k = 2 a million nodes in a
// town are 8 MB.
type labels struct {
	k     int
	pages []*page // of which none changes once it is shared
}

// page holds the labels of some nodes, source and distance in turn, in narrow or,
// where they do not fit, in wide.
type page struct {
	narrow []uint16
	wide   []uint32
}

// A page holds the labels of 1,024 nodes, k each: 8 or 16 kB with k = 2, so that
// one more source copies little and the list of pages stays short.
const (
	pageBits  = 10
	pageNodes = 1 << pageBits
)

// noSource16 and noSource32 fill the places of a node's list that hold no source.
const (
	noSource16 = 1<<16 - 1
	noSource32 = 1<<32 - 1
)

// newLabels packs k labels a node, none where Source is none.
func newLabels(flat []Label, k int) labels {
	l := labels{k: k}
	for from := 0; from < len(flat); from += k * pageNodes {
		l.pages = append(l.pages, pageOf(flat[from:min(len(flat), from+k*pageNodes)]))
	}
	return l
}

func pageOf(flat []Label) *page {
	p := &page{}
	if !slices.ContainsFunc(flat, func(l Label) bool { return !fits16(l) }) {
		p.narrow = make([]uint16, 2*len(flat))
	} else {
		p.wide = make([]uint32, 2*len(flat))
	}
	for i, l := range flat {
		p.set(i, l)
	}
	return p
}

func fits16(l Label) bool { return l.Source < noSource16 && l.Distance <= 1<<16-1 }

func (p *page) set(i int, l Label) {
	if p.narrow != nil {
		p.narrow[2*i], p.narrow[2*i+1] = noSource16, 0
		if l.Source != none {
			p.narrow[2*i], p.narrow[2*i+1] = uint16(l.Source), uint16(l.Distance)
		}
		return
	}
	p.wide[2*i], p.wide[2*i+1] = noSource32, 0
	if l.Source != none {
		p.wide[2*i], p.wide[2*i+1] = uint32(l.Source), uint32(l.Distance)
	}
}

// of appends the labels of a node to buf.
func (l *labels) of(node uint32, buf []Label) []Label {
	p := l.pages[node>>pageBits]
	at := 2 * l.k * int(node&(pageNodes-1))
	if p.narrow != nil {
		for row := p.narrow[at : at+2*l.k]; len(row) > 0 && row[0] != noSource16; row = row[2:] {
			buf = append(buf, Label{int32(row[0]), lifecircle.Decimetres(row[1])})
		}
		return buf
	}
	for row := p.wide[at : at+2*l.k]; len(row) > 0 && row[0] != noSource32; row = row[2:] {
		buf = append(buf, Label{int32(row[0]), lifecircle.Decimetres(row[1])})
	}
	return buf
}

// one returns a label of a node by its place on the list.
func (l *labels) one(node uint32, i int) (label Label, ok bool) {
	p := l.pages[node>>pageBits]
	at := 2 * (l.k*int(node&(pageNodes-1)) + i)
	if p.narrow != nil {
		return Label{int32(p.narrow[at]), lifecircle.Decimetres(p.narrow[at+1])}, p.narrow[at] != noSource16
	}
	return Label{int32(p.wide[at]), lifecircle.Decimetres(p.wide[at+1])}, p.wide[at] != noSource32
}

// editing are labels that are being changed; the pages it owns are shared with
// nobody.
type editing struct {
	*labels
	own []bool
}

// edit makes a copy to change.
func (l *labels) edit() editing {
	return editing{&labels{l.k, slices.Clone(l.pages)}, make([]bool, len(l.pages))}
}

// put writes the labels of a node.
func (e editing) put(node uint32, list []Label) {
	number := node >> pageBits
	p := e.pages[number]
	switch narrow := p.narrow != nil; {
	case narrow && slices.ContainsFunc(list, func(l Label) bool { return !fits16(l) }):
		flat := make([]Label, 0, len(p.narrow)/2)
		for i := 0; i < len(p.narrow); i += 2 {
			l := Label{int32(p.narrow[i]), lifecircle.Decimetres(p.narrow[i+1])}
			if p.narrow[i] == noSource16 {
				l.Source = none
			}
			flat = append(flat, l)
		}
		p = &page{wide: make([]uint32, len(p.narrow))}
		e.pages[number] = p
		for i, l := range flat {
			p.set(i, l)
		}
	case !e.own[number]:
		p = &page{slices.Clone(p.narrow), slices.Clone(p.wide)}
		e.pages[number] = p
	}
	e.own[number] = true
	at := e.k * int(node&(pageNodes-1))
	for i := range e.k {
		l := Label{Source: none}
		if i < len(list) {
			l = list[i]
		}
		p.set(at+i, l)
	}
}

// bytes returns how much memory the labels take.
func (l *labels) bytes() int {
	total := 0
	for _, p := range l.pages {
		total += 48 + 2*len(p.narrow) + 4*len(p.wide)
	}
	return total
}

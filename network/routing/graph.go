package routing

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"slices"

	"lifecircle"
	"lifecircle/network"
)

// Far bounds distances: a way of Far or more, 107,374 km in decimetres or 3.4
// years in deciseconds, is none. Two numbers below it add up without overflow.
const Far = 1<<30 - 1

// Barred is the weight of an arc that may not be used: a street that is closed,
// planned, or against the traffic.
const Barred = network.Barred

// Graph is a directed graph in compressed rows: the arcs that leave node v are
// First[v] to First[v+1], each to its head. It is all that an Index needs to know
// of a network.
type Graph struct {
	First []uint32 // one more than there are nodes
	Heads []uint32
	// X and Y say where nodes lie, in any unit that is as long on one axis as on
	// the other. Nothing but the speed of an Index depends on them; they may be nil.
	X, Y []float32
}

// GraphOf returns the graph of a network, whatever the way of travelling: the
// weights of its arcs are Profile.Weights. It shares the arcs of the network.
func GraphOf(n *network.Network) Graph {
	g := Graph{}
	g.First, g.Heads = n.Topology()
	g.X, g.Y = plane(n)
	return g
}

// plane lays the nodes of a network on a plane, in degrees of latitude.
func plane(n *network.Network) (x, y []float32) {
	x, y = make([]float32, n.NodeCount()), make([]float32, n.NodeCount())
	bounds := n.Bounds()
	shrink := math.Cos((bounds.Min.Lat + bounds.Max.Lat) / 2 * math.Pi / 180)
	for v := range x {
		at := n.Node(uint32(v))
		x[v], y[v] = float32((at.Lon-bounds.Min.Lon)*shrink), float32(at.Lat-bounds.Min.Lat)
	}
	return x, y
}

// Nodes returns how many nodes there are.
func (g Graph) Nodes() int { return max(0, len(g.First)-1) }

// check holds the graph to its shape.
func (g Graph) check() error {
	n := g.Nodes()
	switch {
	case n == 0:
		return lifecircle.Errorf("graph_empty", "the graph has no node: build the network from a map with streets")
	case n > 1<<30 || len(g.Heads) > 1<<30:
		return lifecircle.Errorf("graph_too_large", "the graph has %d nodes and %d arcs: the limit is 2^30 of each", n, len(g.Heads))
	case g.First[0] != 0 || int(g.First[n]) != len(g.Heads):
		return lifecircle.Errorf("graph_invalid", "the rows of the graph cover arcs %d to %d, and there are %d", g.First[0], g.First[n], len(g.Heads))
	case (g.X != nil || g.Y != nil) && (len(g.X) != n || len(g.Y) != n):
		return lifecircle.Errorf("graph_invalid", "the graph has %d nodes and %d, %d coordinates", n, len(g.X), len(g.Y))
	}
	for v := range n {
		if g.First[v] > g.First[v+1] {
			return lifecircle.Errorf("graph_invalid", "the arcs of node %d end at %d, before they begin at %d", v, g.First[v+1], g.First[v])
		}
	}
	for arc, head := range g.Heads {
		if int(head) >= n {
			return lifecircle.Errorf("graph_invalid", "arc %d leads to node %d of %d", arc, head, n)
		}
	}
	return nil
}

// checkWeights holds weights to the graph and its bounds.
func (g Graph) checkWeights(weights []uint32) error {
	if len(weights) != len(g.Heads) {
		return lifecircle.Errorf("weights_invalid", "there are %d weights for %d arcs", len(weights), len(g.Heads))
	}
	for arc, w := range weights {
		if w > Barred {
			return lifecircle.Errorf("weights_invalid", "arc %d weighs %d: a weight is less than %d, and that bars the arc", arc, w, Barred)
		}
	}
	return nil
}

// fingerprint names the arcs of the graph whatever they weigh.
func (g Graph) fingerprint() [sha256.Size]byte {
	h := sha256.New()
	var block [4096]byte
	for _, column := range [][]uint32{g.First, g.Heads} {
		for len(column) > 0 {
			part := column[:min(len(column), len(block)/4)]
			for i, word := range part {
				binary.LittleEndian.PutUint32(block[4*i:], word)
			}
			h.Write(block[:4*len(part)])
			column = column[len(part):]
		}
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// undirected returns the graph with every arc both ways, once, without loops,
// its rows ascending.
func (g Graph) undirected() (first, heads []uint32) {
	n := g.Nodes()
	first = make([]uint32, n+1)
	for v := range uint32(n) {
		for _, w := range g.Heads[g.First[v]:g.First[v+1]] {
			if v != w {
				first[v]++
				first[w]++
			}
		}
	}
	total := uint32(0)
	for v, degree := range first {
		first[v] = total
		total += degree
	}
	heads = make([]uint32, total)
	next := slices.Clone(first)
	for v := range uint32(n) {
		for _, w := range g.Heads[g.First[v]:g.First[v+1]] {
			if v != w {
				heads[next[v]] = w
				next[v]++
				heads[next[w]] = v
				next[w]++
			}
		}
	}
	end := uint32(0)
	for v := range n {
		row := heads[first[v]:first[v+1]]
		slices.Sort(row)
		first[v] = end
		for i, w := range row {
			if i == 0 || w != row[i-1] {
				heads[end] = w
				end++
			}
		}
	}
	first[n] = end
	return first, heads[:end:end]
}

// reversed returns the graph with every arc turned round, and which arc of g each
// of its arcs is.
func (g Graph) reversed() (r Graph, arcs []uint32) {
	n := g.Nodes()
	r = Graph{First: make([]uint32, n+1), Heads: make([]uint32, len(g.Heads)), X: g.X, Y: g.Y}
	arcs = make([]uint32, len(g.Heads))
	for _, head := range g.Heads {
		r.First[head]++
	}
	total := uint32(0)
	for v, degree := range r.First {
		r.First[v] = total
		total += degree
	}
	next := slices.Clone(r.First)
	for v := range uint32(n) {
		for arc := g.First[v]; arc < g.First[v+1]; arc++ {
			at := next[g.Heads[arc]]
			next[g.Heads[arc]]++
			r.Heads[at], arcs[at] = v, arc
		}
	}
	return r, arcs
}

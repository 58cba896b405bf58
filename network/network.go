// Package network is the street network that people walk on: crossings, the
// streets between them, and where a point meets a street. It never changes once
// built. It is not a search (package routing is) and knows no facilities and no
// people. routing, access, scenario, engine and the command line import it.
package network

import (
	"encoding/hex"
	"math"

	"lifecircle"
	"lifecircle/geo"
)

// Network is a street network. Its columns are shared by all who hold it and
// never written after it is built; any number of goroutines may use it.
//
// Nodes are dead ends and crossings, edges the streets between them with all
// bends left in their shape: a search walks few nodes, a map draws every bend.
// A loop (an edge from a node to itself) and parallel edges are kept, because a
// point may lie on any of them. A search meets parallel edges as parallel arcs
// and never a loop, which cannot be on a shortest way between nodes.
type Network struct {
	nodes  []position
	edges  []edge
	shapes []position
	hash   [32]byte

	// What is below follows from the columns above.
	first      []uint32 // arcs of node v are first[v]:first[v+1]
	heads      []uint32
	weights    []lifecircle.Decimetres
	longest    lifecircle.Decimetres
	component  []uint32 // of each node
	components int
	largest    uint32 // the component with most nodes, the first of equals
	exported   []uint32
	bounds     geo.Bounds
	grid       grid
}

// position is a point on OSM's grid of 1e-7 degrees.
type position struct{ lon, lat int32 }

const unitsPerDegree = 1e7

func positionOf(p geo.Point) position {
	return position{int32(math.Round(p.Lon * unitsPerDegree)), int32(math.Round(p.Lat * unitsPerDegree))}
}

func (p position) point() geo.Point {
	return geo.Point{Lon: float64(p.lon) / unitsPerDegree, Lat: float64(p.lat) / unitsPerDegree}
}

// edge is a street from one node to another; from <= to. Its shape is
// shapes[shapeEnd of the edge before : shapeEnd].
type edge struct {
	from, to uint32
	length   lifecircle.Decimetres
	shapeEnd uint32
}

// maxLength bounds an edge, 104.9 km: a bucket search needs as many buckets as
// the longest edge has decimetres. Longer streets are divided at a bend.
const maxLength = lifecircle.Decimetres(1 << 20)

// Edge is a street between two nodes.
type Edge struct {
	From, To uint32 // From <= To
	Length   lifecircle.Decimetres
}

// NodeCount returns how many nodes there are; they are numbered from 0.
func (n *Network) NodeCount() int { return len(n.nodes) }

// EdgeCount returns how many edges there are; they are numbered from 0.
func (n *Network) EdgeCount() int { return len(n.edges) }

// Node returns where a node lies.
func (n *Network) Node(node uint32) geo.Point { return n.nodes[node].point() }

// Edge returns an edge.
func (n *Network) Edge(e uint32) Edge {
	return Edge{n.edges[e].from, n.edges[e].to, n.edges[e].length}
}

// Shape returns the course of an edge, both nodes included.
func (n *Network) Shape(e uint32) []geo.Point {
	inner := n.shape(e)
	line := make([]geo.Point, 0, len(inner)+2)
	line = append(line, n.nodes[n.edges[e].from].point())
	for _, p := range inner {
		line = append(line, p.point())
	}
	return append(line, n.nodes[n.edges[e].to].point())
}

func (n *Network) shape(e uint32) []position {
	start := uint32(0)
	if e > 0 {
		start = n.edges[e-1].shapeEnd
	}
	return n.shapes[start:n.edges[e].shapeEnd]
}

// Arcs are the directed arcs of all nodes in compressed rows: those of node v
// are First[v] to First[v+1], ordered by head. They are shared: read only.
type Arcs struct {
	First   []uint32
	Heads   []uint32
	Weights []lifecircle.Decimetres
	Longest lifecircle.Decimetres // the largest weight
}

// Arcs returns the arcs a search walks.
func (n *Network) Arcs() Arcs { return Arcs{n.first, n.heads, n.weights, n.longest} }

// Component returns the connected component a node is of; they are numbered in
// the order of their first nodes.
func (n *Network) Component(node uint32) uint32 { return n.component[node] }

// InLargest reports whether a node is of the largest component, the one with
// most nodes. All others are islands.
func (n *Network) InLargest(node uint32) bool { return n.component[node] == n.largest }

// Hash returns the content hash that names the network, in hexadecimal.
func (n *Network) Hash() string { return hex.EncodeToString(n.hash[:]) }

// Summary is a network in figures.
type Summary struct {
	Nodes                 int        `json:"nodes"`
	Arcs                  int        `json:"arcs"` // two for each edge that is no loop
	Components            int        `json:"components"`
	LargestComponentNodes int        `json:"largest_component_nodes"`
	Bytes                 int64      `json:"bytes"`        // of the file
	MemoryBytes           int64      `json:"memory_bytes"` // of the columns when open
	Bounds                geo.Bounds `json:"bounds"`
}

// Summary returns the network in figures.
func (n *Network) Summary() Summary {
	words := len(n.first) + len(n.heads) + len(n.weights) + len(n.component) + len(n.exported) + n.grid.words()
	return Summary{
		Nodes:                 len(n.nodes),
		Arcs:                  len(n.heads),
		Components:            n.components,
		LargestComponentNodes: len(n.exported),
		Bytes:                 n.fileBytes(),
		MemoryBytes:           int64(8*len(n.nodes) + 16*len(n.edges) + 8*len(n.shapes) + 4*words),
		Bounds:                n.bounds,
	}
}

// derive makes what follows from nodes, edges and shapes.
func (n *Network) derive() {
	n.linkArcs()
	n.findComponents()
	n.bounds = geo.EmptyBounds()
	for _, column := range [][]position{n.nodes, n.shapes} {
		for _, p := range column {
			n.bounds = n.bounds.Extend(p.point())
		}
	}
	n.grid = newGrid(n)
}

func (n *Network) linkArcs() {
	n.first = make([]uint32, len(n.nodes)+1)
	for _, e := range n.edges {
		if e.from != e.to {
			n.first[e.from]++
			n.first[e.to]++
			n.longest = max(n.longest, e.length)
		}
	}
	total := uint32(0)
	for v, degree := range n.first {
		n.first[v] = total
		total += degree
	}
	n.heads = make([]uint32, total)
	n.weights = make([]lifecircle.Decimetres, total)
	next := append([]uint32(nil), n.first...)
	add := func(from, to uint32, weight lifecircle.Decimetres) {
		n.heads[next[from]], n.weights[next[from]] = to, weight
		next[from]++
	}
	// Edges come ordered by from, then to. Their backward arcs have lower heads
	// than their forward arcs, so two passes leave each row ordered by head.
	for _, e := range n.edges {
		if e.from != e.to {
			add(e.to, e.from, e.length)
		}
	}
	for _, e := range n.edges {
		if e.from != e.to {
			add(e.from, e.to, e.length)
		}
	}
}

func (n *Network) findComponents() {
	const unseen = math.MaxUint32
	n.component = make([]uint32, len(n.nodes))
	for v := range n.component {
		n.component[v] = unseen
	}
	var sizes []int
	var stack []uint32
	for v := range n.nodes {
		if n.component[v] != unseen {
			continue
		}
		id := uint32(len(sizes))
		sizes = append(sizes, 0)
		n.component[v] = id
		stack = append(stack[:0], uint32(v))
		for len(stack) > 0 {
			u := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			sizes[id]++
			for _, head := range n.heads[n.first[u]:n.first[u+1]] {
				if n.component[head] == unseen {
					n.component[head] = id
					stack = append(stack, head)
				}
			}
		}
	}
	n.components = len(sizes)
	for id, size := range sizes {
		if size > sizes[n.largest] {
			n.largest = uint32(id)
		}
	}
	n.exported = make([]uint32, 0, sizes[n.largest])
	for v, id := range n.component {
		if id == n.largest {
			n.exported = append(n.exported, uint32(v))
		}
	}
}

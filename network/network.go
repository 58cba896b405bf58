// Package network is the street network that people move on: crossings, the
// streets between them, who may take them and how fast, and where a point meets a
// street. It never changes once built. It is not a search (package routing is) and
// knows no facilities and no people. routing, access, scenario, engine and the
// command line import it.
package network

import (
	"encoding/hex"
	"math"
	"slices"

	"lifecircle"
	"lifecircle/geo"
)

// Network is a street network. Its columns are shared by all who hold it and
// never written after it is built; any number of goroutines may use it.
//
// Nodes are dead ends, crossings and points where the traffic allowed changes;
// edges are the streets between them with all bends left in their shape: a search
// walks few nodes, a map draws every bend. A loop (an edge from a node to itself)
// and parallel edges are kept, because a point may lie on any of them. A search
// meets parallel edges as parallel arcs and never a loop, which cannot be on a
// shortest way between nodes.
//
// A Network holds one topology, the arcs of all streets both ways, and a Profile
// for each way of travelling it was built for, which says what each arc costs. One
// of them is always walking, and the methods of Network that ask where a point
// meets the street or what is connected speak of it.
type Network struct {
	nodes    []position
	edges    []edge
	shapes   []position
	barriers []barrier
	climbs   []climb // of each edge, where there is a slope profile
	modes    modes
	hash     [32]byte
	// origin is the network that this one was altered from in one edge, altered; nil
	// for one that was built, or given a street.
	origin  *Network
	altered uint32

	// What is below follows from the columns above.
	first    []uint32 // arcs of node v are first[v]:first[v+1]
	heads    []uint32
	bounds   geo.Bounds
	grid     grid
	profiles [len(allTravel)]lazyProfile
	walking  *Profile
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
	traffic
}

// barrier is a node that some users may not pass.
type barrier struct {
	node  uint32
	stops uint32 // osm.Users
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

// Topology returns the arcs of all streets, both ways, in compressed rows: those
// of node v are first[v] to first[v+1], ordered by head, parallel ones by edge.
// They are shared: read only. A Profile says what each costs, or that it is
// barred.
func (n *Network) Topology() (first, heads []uint32) { return n.first, n.heads }

// EdgeArcs returns the arcs of an edge, from its node From to To and back; ok is
// false for a loop, which has none.
func (n *Network) EdgeArcs(e uint32) (forward, back uint32, ok bool) {
	at := n.edges[e]
	if at.from == at.to {
		return 0, 0, false
	}
	before := uint32(0) // parallel edges with lower numbers
	for e > before && n.edges[e-before-1].from == at.from && n.edges[e-before-1].to == at.to {
		before++
	}
	row := func(tail, head uint32) uint32 {
		from, _ := slices.BinarySearch(n.heads[n.first[tail]:n.first[tail+1]], head)
		return n.first[tail] + uint32(from) + before
	}
	return row(at.from, at.to), row(at.to, at.from), true
}

// noComponent is the component of a node that a profile cannot use.
const noComponent = math.MaxUint32

// InLargest reports whether a node is of the largest component, the one with
// most nodes. All others are islands.
func (n *Network) InLargest(node uint32) bool { return n.walking.InLargest(node) }

// Bounds returns the box that holds all streets.
func (n *Network) Bounds() geo.Bounds { return n.bounds }

// Hash returns the content hash that names the network, in hexadecimal.
func (n *Network) Hash() string { return hex.EncodeToString(n.hash[:]) }

// Summary is a network in figures. Those of arcs and components are of people on
// foot.
type Summary struct {
	Nodes                 int              `json:"nodes"`
	Arcs                  int              `json:"arcs"` // two for each edge that is no loop
	Components            int              `json:"components"`
	LargestComponentNodes int              `json:"largest_component_nodes"`
	Bytes                 int64            `json:"bytes"`        // of the file
	MemoryBytes           int64            `json:"memory_bytes"` // of the columns when open, the file's included
	Bounds                geo.Bounds       `json:"bounds"`
	Profiles              []ProfileSummary `json:"profiles"`
}

// ProfileSummary is a profile in figures.
type ProfileSummary struct {
	Mode                  lifecircle.Mode `json:"mode"`
	Unit                  Unit            `json:"unit"`
	Arcs                  int             `json:"arcs"` // those that are not barred
	Components            int             `json:"components"`
	LargestComponentNodes int             `json:"largest_component_nodes"`
	MemoryBytes           int64           `json:"memory_bytes"`
}

// Summary returns the network in figures. It prepares every profile.
func (n *Network) Summary() Summary {
	s := Summary{
		Nodes:                 len(n.nodes),
		Arcs:                  n.walking.openArcs(),
		Components:            n.walking.components,
		LargestComponentNodes: len(n.walking.largest),
		Bytes:                 n.fileBytes(),
		Bounds:                n.bounds,
	}
	s.MemoryBytes = s.Bytes + 4*int64(len(n.first)+len(n.heads)+n.grid.words())
	for _, mode := range n.Modes() {
		p, err := n.Profile(mode)
		if err != nil {
			panic(err) // Modes lists those there are
		}
		figures := p.summary()
		s.MemoryBytes += figures.MemoryBytes
		s.Profiles = append(s.Profiles, figures)
	}
	return s
}

// derive makes what follows from the columns.
func (n *Network) derive() {
	n.linkArcs()
	n.bounds = geo.EmptyBounds()
	for _, column := range [][]position{n.nodes, n.shapes} {
		for _, p := range column {
			n.bounds = n.bounds.Extend(p.point())
		}
	}
	n.grid = newGrid(n)
	n.walking = n.profile(0)
}

// eachArc visits the arcs in the order of their rows' places: edges come ordered
// by from, then to, and their backward arcs have lower heads than their forward
// arcs, so two passes leave each row ordered by head.
func (n *Network) eachArc(visit func(e uint32, back bool)) {
	for _, back := range []bool{true, false} {
		for e := range n.edges {
			if n.edges[e].from != n.edges[e].to {
				visit(uint32(e), back)
			}
		}
	}
}

func (n *Network) linkArcs() {
	n.first = make([]uint32, len(n.nodes)+1)
	for _, e := range n.edges {
		if e.from != e.to {
			n.first[e.from]++
			n.first[e.to]++
		}
	}
	total := uint32(0)
	for v, degree := range n.first {
		n.first[v] = total
		total += degree
	}
	n.heads = make([]uint32, total)
	next := slices.Clone(n.first)
	n.eachArc(func(e uint32, back bool) {
		tail, head := n.edges[e].from, n.edges[e].to
		if back {
			tail, head = head, tail
		}
		n.heads[next[tail]] = head
		next[tail]++
	})
}

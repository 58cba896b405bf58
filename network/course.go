package network

import (
	"cmp"
	"math"
	"slices"

	"lifecircle/geo"
)

// Course returns the line along the streets from where one point meets them to where
// another does: nodes are the nodes passed, arcs those of the Topology between them,
// as a shortest way gives them. Without nodes both points are on one edge and the
// line follows it. The straight ways between points and streets are not part of it.
func (n *Network) Course(from, to Snap, nodes, arcs []uint32) []geo.Point {
	line := []geo.Point{from.At}
	if len(nodes) == 0 {
		return append(line, n.between(from, to)...)
	}
	add := func(points ...geo.Point) {
		for _, p := range points {
			if p != line[len(line)-1] {
				line = append(line, p)
			}
		}
	}
	add(n.toNode(from, nodes[0])...)
	for i, arc := range arcs {
		edge := n.edgeOf(nodes[i], nodes[i+1], arc)
		shape := n.Shape(edge)
		if n.edges[edge].from != nodes[i] {
			slices.Reverse(shape)
		}
		add(shape[1:]...)
	}
	last := n.toNode(to, nodes[len(nodes)-1])
	slices.Reverse(last)
	add(last...)
	add(to.At)
	return line
}

// toNode returns the line from a point on an edge to one of its nodes, without the
// point itself. A loop is left by its shorter half.
func (n *Network) toNode(at Snap, node uint32) []geo.Point {
	if at.Edge == noEdge {
		return []geo.Point{n.Node(node)}
	}
	shape := n.Shape(at.Edge)
	k := segmentOf(shape, at)
	if at.From == node && (at.To != node || at.ToFrom <= at.ToTo) {
		half := slices.Clone(shape[:k+1])
		slices.Reverse(half)
		return half
	}
	return slices.Clone(shape[k+1:])
}

// between returns the line from one point of an edge to another, without the first.
func (n *Network) between(from, to Snap) []geo.Point {
	if from.Edge == noEdge || from.Edge != to.Edge {
		return []geo.Point{to.At}
	}
	shape := n.Shape(from.Edge)
	a, b := segmentOf(shape, from), segmentOf(shape, to)
	var inner []geo.Point
	if a <= b {
		inner = slices.Clone(shape[a+1 : b+1])
	} else {
		inner = slices.Clone(shape[b+1 : a+1])
		slices.Reverse(inner)
	}
	return append(inner, to.At)
}

// segmentOf returns which segment of an edge's line a point lies on. Where the line
// crosses itself the way from its start tells which.
func segmentOf(line []geo.Point, at Snap) int {
	best, least := 0, math.Inf(1)
	start := 0.0 // of the segment along the line, in metres
	for k := range len(line) - 1 {
		length, before := geo.Distance(line[k], line[k+1]), geo.Distance(line[k], at.At)
		detour := before + geo.Distance(at.At, line[k+1]) - length
		if apart := detour + math.Abs(start+before-at.ToFrom.Metres()); apart < least {
			best, least = k, apart
		}
		start += length
	}
	return best
}

// edgeOf returns the edge of an arc: edges are ordered by their nodes, and parallel
// ones have their arcs in the order of their numbers.
func (n *Network) edgeOf(tail, head, arc uint32) uint32 {
	parallel, _ := slices.BinarySearch(n.heads[n.first[tail]:n.first[tail+1]], head)
	first, _ := slices.BinarySearchFunc(n.edges, edge{from: min(tail, head), to: max(tail, head)}, func(a, b edge) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	return uint32(first) + arc - n.first[tail] - uint32(parallel)
}

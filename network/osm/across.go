package osm

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// maxEntries bounds the streets that are joined across one square: of n entries
// n·(n−1)/2 ways lead across. A square with more is walked along its rim.
const maxEntries = 16

// walkAcross adds the straight ways across squares drawn as areas, from each street
// that meets the rim to each other, where nothing but the square lies between. index
// maps needed nodes to e.Nodes.
func (g *gather) walkAcross(e *Extract, index []uint32) {
	if !slices.ContainsFunc(g.lines, func(l line) bool { return l.square }) {
		return
	}
	// used counts the streets at a node, a street that comes twice once.
	used := make([]uint8, len(e.Nodes))
	last := make([]int32, len(e.Nodes))
	for i, l := range g.lines {
		for _, at := range l.nodes {
			node := index[at]
			if node == math.MaxUint32 || last[node] == int32(i+1) {
				continue
			}
			last[node] = int32(i + 1)
			used[node] = min(used[node]+1, 2)
		}
	}
	for _, l := range g.lines {
		if !l.square || len(l.nodes) < 4 || l.nodes[0] != l.nodes[len(l.nodes)-1] {
			continue
		}
		var rim orb.Ring
		var entries []int // places on the rim
		for k, at := range l.nodes {
			node := index[at]
			if node == math.MaxUint32 {
				rim = nil // the map ends within the square
				break
			}
			rim = append(rim, orb.Point{e.Nodes[node].Lon, e.Nodes[node].Lat})
			if k > 0 && used[node] > 1 {
				entries = append(entries, k)
			}
		}
		if rim == nil || len(entries) > maxEntries {
			continue
		}
		for i, a := range entries {
			for _, b := range entries[i+1:] {
				if crossable(rim, a, b) {
					e.Streets = append(e.Streets, Street{
						WayID: l.id, Highway: l.highway, Nodes: []uint32{index[l.nodes[a]], index[l.nodes[b]]},
						BarredForward: l.barredForward, BarredBack: l.barredBack, BicycleKmh: l.bicycleKmh, CarKmh: l.carKmh,
					})
				}
			}
		}
	}
}

// crossable reports whether the straight line between two corners of a ring lies
// within it and is no side of it.
func crossable(rim orb.Ring, a, b int) bool {
	sides := len(rim) - 1
	if (a+1)%sides == b%sides || (b+1)%sides == a%sides || rim[a] == rim[b] {
		return false
	}
	p, q := rim[a], rim[b]
	for k := range sides {
		u, v := rim[k], rim[k+1]
		// Only a true crossing parts them: sides that end on the line touch it.
		if left(p, q, u)*left(p, q, v) < 0 && left(u, v, p)*left(u, v, q) < 0 {
			return false
		}
	}
	middle := orb.Point{(p[0] + q[0]) / 2, (p[1] + q[1]) / 2}
	return planar.RingContains(rim, middle)
}

// left is positive where c lies left of the line from a to b, negative right of it.
// Degrees serve as they are: turns do not change with the length of an axis.
func left(a, b, c orb.Point) float64 {
	return (b[0]-a[0])*(c[1]-a[1]) - (b[1]-a[1])*(c[0]-a[0])
}

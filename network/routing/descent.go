package routing

import "math/bits"

// lanes are the distances of so many sources from one node.
type lanes [matrixLanes]uint32

// descent is the part of the hierarchy above some targets, with numbers of its own
// that ascend as ranks do.
//
// From the top down, a postorder backward, a node is met while all above it are those
// met last of their depth: so distances need a row for each depth and not for each
// node, a few hundred, which stay in the nearest memory.
type descent struct {
	first []uint32
	arcs  []upArc  // head: the depth of the node above
	depth []uint32 // of each node
	// What is reached on the way up: starts[started[v]-1] of node v; 0: nothing is.
	started []uint32
	starts  []lanes
	reached []uint32 // nodes with a start
	// What is wanted: kept[keep[v]-1] of node v; 0: nothing is.
	keep []uint32
	kept []lanes
	rows []lanes // by depth
}

// descent takes the part above some spots out of the hierarchy.
func (s *Sweep) descent(spots []Spot, fall *slim) *descent {
	ix := s.metric.index
	count := uint32(0)
	s.activate(spots, func(uint32) { count++ })
	if len(s.local) == 0 {
		s.local = make([]uint32, len(ix.rank))
	}
	d := &descent{
		first: make([]uint32, 1, count+1), depth: make([]uint32, count),
		started: make([]uint32, count), keep: make([]uint32, count),
	}
	members := make([]uint32, 0, count)
	for w, word := range s.active {
		for ; word != 0; word &= word - 1 {
			v := uint32(64*w + bits.TrailingZeros64(word))
			s.local[v] = uint32(len(members))
			members = append(members, v)
		}
	}
	deepest := uint32(0)
	for i := len(members) - 1; i >= 0; i-- {
		if up := ix.parent(members[i]); up != none32 {
			d.depth[i] = d.depth[s.local[up]] + 1
			deepest = max(deepest, d.depth[i])
		}
	}
	arcs := 0
	for _, v := range members {
		arcs += len(fall.above(v))
	}
	d.arcs = make([]upArc, 0, arcs)
	for _, v := range members {
		for _, arc := range fall.above(v) {
			d.arcs = append(d.arcs, upArc{d.depth[s.local[arc.head]], arc.weight})
		}
		d.first = append(d.first, uint32(len(d.arcs)))
	}
	ends := uint32(0)
	for _, spot := range spots {
		for end, node := range spot.Nodes {
			if at := &d.keep[s.local[ix.rank[node]]]; spot.Legs[end] < Far && *at == 0 {
				ends++
				*at = ends
			}
		}
	}
	d.kept, d.rows = make([]lanes, ends), make([]lanes, deepest+1)
	return d
}

// start returns the row of what is reached of a node on the way up.
func (d *descent) start(v uint32) *lanes {
	if d.started[v] == 0 {
		if len(d.starts) == len(d.reached) {
			d.starts = append(d.starts, lanes{})
		}
		fillFar(d.starts[len(d.reached)][:])
		d.reached = append(d.reached, v)
		d.started[v] = uint32(len(d.reached))
	}
	return &d.starts[d.started[v]-1]
}

// restart forgets what was reached.
func (d *descent) restart() {
	for _, v := range d.reached {
		d.started[v] = 0
	}
	d.reached = d.reached[:0]
}

// fallToPlain finds the distances of all nodes from those above them.
func fallToPlain(d *descent) {
	for v := len(d.first) - 2; v >= 0; v-- {
		row := &d.rows[d.depth[v]]
		if at := d.started[v]; at != 0 {
			*row = d.starts[at-1]
		} else {
			fillFar(row[:])
		}
		arcs := d.arcs[d.first[v]:d.first[v+1]]
		// Four at a time stay in registers.
		for i := 0; i < matrixLanes-3; i += 4 {
			l0, l1, l2, l3 := row[i], row[i+1], row[i+2], row[i+3]
			for _, arc := range arcs {
				above, w := &d.rows[arc.head], arc.weight
				l0, l1 = min(l0, above[i]+w), min(l1, above[i+1]+w)
				l2, l3 = min(l2, above[i+2]+w), min(l3, above[i+3]+w)
			}
			row[i], row[i+1], row[i+2], row[i+3] = l0, l1, l2, l3
		}
		if at := d.keep[v]; at != 0 {
			d.kept[at-1] = *row
		}
	}
}

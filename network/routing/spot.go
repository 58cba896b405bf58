package routing

import "lifecircle/network"

// Spot is a point of a street as a graph sees it: two nodes and the ways between
// them and the point. A leg of Far or more is none. For one-way streets the legs
// that lead to a point and those that lead from it differ: a query takes those of
// its direction.
type Spot struct {
	Nodes [2]uint32
	Legs  [2]uint32
}

// SpotsOf returns a snapped point as a way of travelling sees it: to leave it, for
// queries Away, and to arrive there, for queries Toward.
func SpotsOf(p *network.Profile, at network.Snap) (leave, arrive Spot) {
	from, to := p.Legs(at)
	nodes := [2]uint32{at.From, at.To}
	return Spot{nodes, from}, Spot{nodes, to}
}

// NodeSpot returns a node itself.
func NodeSpot(node uint32) Spot {
	return Spot{Nodes: [2]uint32{node, node}, Legs: [2]uint32{0, Far}}
}

// Direction says which way the ways of a query lead.
type Direction uint8

// The directions. On a symmetric metric they are the same.
const (
	// Toward is from nodes to the spots asked about: people on their way.
	Toward Direction = iota
	// Away is from the spots to the nodes.
	Away
)

// columns returns what an up-arc weighs on the way from the spots up, and on the
// way down to all nodes.
func (m *Metric) columns(d Direction) (rise, fall []uint32) {
	if d == Away {
		return m.up, m.down
	}
	return m.down, m.up
}

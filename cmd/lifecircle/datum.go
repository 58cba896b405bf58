package main

import (
	"fmt"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/network"
	"lifecircle/registry"
	"lifecircle/scenario"
)

// A wrong coordinate system moves a list by some hundred metres as a whole, and no
// single row shows it. The streets do: places and people stand along them.
const (
	datumPlaces = 20   // fewer could stand off the streets by chance
	datumRatio  = 2.0  // how much nearer to the streets another system must bring them
	datumMetres = 10.0 // and by how much
)

// datumWarning says that another coordinate system would bring the positions of a
// list much nearer to the streets than the one they were read in; "" where it would
// not, or where nothing can be said: there are no streets, or systems do not differ.
func (w *workspace) datumWarning(s *registry.Snapshot, changes []scenario.Change, read geo.CRS) string {
	nets := make(map[lifecircle.AreaCode]*network.Network)
	var given float64
	count := 0
	systems := []geo.CRS{geo.WGS84, geo.GCJ02, geo.BD09}
	others := make([]float64, len(systems))
	for _, c := range changes {
		at, ok := positionOf(c)
		if !ok || !s.Knows(c.About()) {
			continue
		}
		root := s.Root(c.About())
		net, asked := nets[root]
		if kept, ok := s.Network(root); ok && !asked {
			if opened, err := w.Network(kept.Hash); err == nil {
				net = opened
			}
		}
		if nets[root] = net; net == nil {
			continue
		}
		count++
		given += toStreet(net, at)
		x, y := read.Coordinates(at)
		for i, system := range systems {
			other, ok := system.Point(x, y)
			if !ok {
				other = at
			}
			others[i] += toStreet(net, other)
		}
	}
	if count < datumPlaces {
		return ""
	}
	best := 0
	for i := range systems {
		if others[i] < others[best] {
			best = i
		}
	}
	given, near := given/float64(count), others[best]/float64(count)
	if given < datumRatio*near || given-near < datumMetres {
		return ""
	}
	return fmt.Sprintf("read as %s, the positions lie %.0f m from the nearest street on average, and read as %s %.0f m: is the coordinate system right?", read, given, systems[best], near)
}

// positionOf returns where a change puts something.
func positionOf(c scenario.Change) (at geo.Point, ok bool) {
	switch {
	case c.Facility != nil:
		return c.Facility.At, true
	case c.Point != nil:
		return c.Point.At, true
	case c.Record != nil && c.Record.At != nil:
		return *c.Record.At, true
	}
	return at, false
}

// toStreet is how far the nearest street is, in metres; one beyond reach counts as
// just there.
func toStreet(n *network.Network, at geo.Point) float64 {
	const reach = 300
	snap, err := n.Snap(at)
	if err != nil {
		return reach
	}
	return snap.Leg.Metres()
}

package main

import (
	"math"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/intake"
	"lifecircle/network"
	"lifecircle/registry"
)

// streetsOf measures how far positions lie from the streets kept for their root.
func (w *workspace) streetsOf(s *registry.Snapshot) intake.Streets {
	nets := make(map[lifecircle.AreaCode]*network.Network)
	return func(root lifecircle.AreaCode, at geo.Point) (float64, bool) {
		net, asked := nets[root]
		if kept, ok := s.Network(root); ok && !asked {
			if opened, err := w.Network(kept.Hash); err == nil {
				net = opened
			}
		}
		if nets[root] = net; net == nil {
			return 0, false
		}
		snap, err := net.Snap(at)
		if err != nil {
			return math.Inf(1), true
		}
		return snap.Leg.Metres(), true
	}
}

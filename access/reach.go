package access

import (
	"lifecircle"
	"lifecircle/network"
	"lifecircle/network/routing"
)

// Adrift is a place that no street leads to, and why.
type Adrift struct {
	Place lifecircle.FacilityID
	Cause error
}

// snapPlaces returns the places as sources and the places that are none.
func snapPlaces(net *network.Network, places []Place) (sources []routing.Source, index []int, adrift []Adrift) {
	for i, place := range places {
		snap, err := net.Snap(place.At)
		if err != nil {
			adrift = append(adrift, Adrift{place.ID, err})
			continue
		}
		sources, index = append(sources, routing.Source{ID: place.ID, At: snap}), append(index, i)
	}
	return sources, index, adrift
}

// NearestConfig says how far and how many are looked for.
type NearestConfig struct {
	K     int                   // how many places; 0 means 1
	Limit lifecircle.Decimetres // how far they may be, inclusive; 0 means any distance
}

// EachNearest visits every point in order with its nearest places, the nearest
// first and equals by ID; reach is valid until visit returns, and empty unless
// the state is OK. It returns the places that no street leads to.
func EachNearest(points *Points, places []Place, cfg NearestConfig, visit func(point int, reach []Reach, state State)) []Adrift {
	sources, _, adrift := snapPlaces(points.net, places)
	table := routing.Compute(points.net, sources, max(1, cfg.K))
	var labels []routing.Label
	var reach []Reach
	for i, snap := range points.snaps {
		if !points.snapped[i] {
			visit(i, nil, Unsnapped)
			continue
		}
		labels, reach = table.Nearest(snap, labels), reach[:0]
		for _, l := range labels {
			if cfg.Limit == 0 || l.Distance <= cfg.Limit {
				reach = append(reach, Reach{table.Source(l.Source).ID, l.Distance})
			}
		}
		state := OK
		if len(reach) == 0 {
			state = Unreachable
		}
		visit(i, reach, state)
	}
	return adrift
}

// EachWithin visits every pair of a place and a point at most limit apart, limit
// included: the catchments of the places, in their order. Both are indices. It
// returns the places that no street leads to.
func EachWithin(points *Points, places []Place, limit lifecircle.Decimetres, visit func(place, point int, d lifecircle.Decimetres)) []Adrift {
	sources, index, adrift := snapPlaces(points.net, places)
	search := routing.NewSearch(points.net)
	snapped := make([]network.Snap, 0, len(points.snaps))
	number := make([]int, 0, len(points.snaps))
	for i, snap := range points.snaps {
		if points.snapped[i] {
			snapped, number = append(snapped, snap), append(number, i)
		}
	}
	at := routing.NewPoints(points.net, snapped)
	for k, source := range sources {
		search.WithinPoints(source.At, limit, at, func(point int, d lifecircle.Decimetres) {
			visit(index[k], number[point], d)
		})
	}
	return adrift
}

// Snapped reports whether a point has a street to start from.
func (p *Points) Snapped(point int) bool { return p.snapped[point] }

package access

import (
	"lifecircle/network"
	"lifecircle/network/routing"
)

// matrixPlaces is how many places are looked at together: their part of the
// hierarchy is taken out once, and costs are kept for that many only.
const matrixPlaces = 256

// EachPair visits every pair of a place and a point between which there is a way,
// with its cost, by an index of the profile the points are snapped for: the places
// ordered by ID, the points of each in order. Where points are few and places many
// it spares the search of the whole network that EachWithin makes for each place,
// and says the same. It returns the places that no street leads to.
func EachPair(points *Points, places []Place, metric *routing.Metric, visit func(place, point int, cost uint32)) []Adrift {
	snaps, index, adrift := points.snapPlaces(places)
	var from []routing.Spot
	var number []int
	for i, snap := range points.snaps {
		if points.snapped[i] {
			leave, _ := routing.SpotsOf(points.profile, snap)
			from, number = append(from, leave), append(number, i)
		}
	}
	sweep := metric.Sweep()
	defer sweep.Release()
	for start := 0; start < len(snaps); start += matrixPlaces {
		batch := snaps[start:min(start+matrixPlaces, len(snaps))]
		to := make([]routing.Spot, len(batch))
		for j, snap := range batch {
			_, to[j] = routing.SpotsOf(points.profile, snap)
		}
		costs := sweep.Matrix(routing.MatrixQuery{From: from, To: to})
		for j, snap := range batch {
			for i, point := range number {
				cost := costs[i*len(batch)+j]
				if along, ok := points.profile.Along(points.snaps[point], snap); ok {
					cost = min(cost, along)
				}
				if cost < network.Barred {
					visit(index[start+j], point, cost)
				}
			}
		}
	}
	return adrift
}

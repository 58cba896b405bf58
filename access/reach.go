package access

import (
	"cmp"
	"slices"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/network"
	"lifecircle/network/routing"
)

// Adrift is a place that no street leads to, and why.
type Adrift struct {
	Place lifecircle.FacilityID
	Cause error
}

// Snapped reports whether a point has a street to start from.
func (p *Points) Snapped(point int) bool { return p.snapped[point] }

// Profile returns the way of travelling the points are snapped for.
func (p *Points) Profile() *network.Profile { return p.profile }

// snapPlaces snaps the places, ordered by ID, and says which of them each is and
// which meet no street.
func (p *Points) snapPlaces(places []Place) (snaps []network.Snap, index []int, adrift []Adrift) {
	order := make([]int, len(places))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(places[a].ID, places[b].ID) })
	for _, i := range order {
		snap, err := p.profile.Snap(places[i].At)
		if err != nil {
			adrift = append(adrift, Adrift{places[i].ID, err})
			continue
		}
		snaps, index = append(snaps, snap), append(index, i)
	}
	return snaps, index, adrift
}

// Way is a place and what it costs to get there, in the unit of the profile, both
// legs off the street included.
type Way struct {
	Place int // its index among the places
	Cost  uint32
}

// NearestConfig says how far and how many are looked for.
type NearestConfig struct {
	K     int    // how many places; 0 means 1
	Limit uint32 // what they may cost, inclusive; 0 means anything
}

// EachNearest visits every point in order with its nearest places, the nearest
// first and equals by ID; ways is valid until visit returns, and empty unless the
// state is OK. It returns the places that no street leads to.
func EachNearest(points *Points, places []Place, cfg NearestConfig, visit func(point int, ways []Way, state State)) []Adrift {
	snaps, index, adrift := points.snapPlaces(places)
	k := max(1, cfg.K)
	sources := make([]routing.Source, len(snaps))
	for i, snap := range snaps {
		sources[i] = routing.Source{ID: places[index[i]].ID, At: snap}
	}
	table := points.ways.Compute(sources, k)
	var labels []routing.Label
	var ways []Way
	for i, snap := range points.snaps {
		if !points.snapped[i] {
			visit(i, nil, Unsnapped)
			continue
		}
		labels = table.NearestFrom(snap, points.leave[i], labels)
		ways = ways[:0]
		for _, l := range labels {
			ways = append(ways, Way{index[l.Source], uint32(l.Distance)})
		}
		if cfg.Limit > 0 {
			ways = slices.DeleteFunc(ways, func(w Way) bool { return w.Cost > cfg.Limit })
		}
		state := OK
		if len(ways) == 0 {
			state = Unreachable
		}
		visit(i, ways, state)
	}
	return adrift
}

// EachWithin visits every pair of a place and a point from which the place costs
// at most limit, limit included: the catchments of the places, ordered by ID. It
// returns the places that no street leads to.
func EachWithin(points *Points, places []Place, limit uint32, visit func(place, point int, cost uint32)) []Adrift {
	snaps, index, adrift := points.snapPlaces(places)
	search := points.ways.Search()
	seen := make([]int, len(points.snaps)) // rank + 1 of the place that saw the point last
	var reached []uint32
	for rank, place := range snaps {
		offer := func(point uint32) {
			if seen[point] == rank+1 {
				return
			}
			seen[point] = rank + 1
			if cost, ok := search.From(points.snaps[point], points.leave[point]); ok {
				visit(index[rank], int(point), uint32(cost))
			}
		}
		reached = reached[:0]
		search.Within(place, lifecircle.Decimetres(limit), func(node uint32, _ lifecircle.Decimetres) { reached = append(reached, node) })
		// A way to a point leads through an end of its street, or along it from a place
		// on the same street.
		for _, node := range reached {
			for _, point := range points.of[points.first[node]:points.first[node+1]] {
				offer(point)
			}
		}
		for _, point := range points.byEdge[place.Edge] {
			offer(point)
		}
	}
	return adrift
}

// SnapPointsFor snaps each position to the nearest street a profile may use.
func SnapPointsFor(net *network.Network, profile *network.Profile, at []geo.Point) *Points {
	return SnapPointsOn(net, plainWays(net, profile), at)
}

// plainWays are the streets without an index.
func plainWays(net *network.Network, profile *network.Profile) *routing.Ways {
	ways, err := routing.WaysOf(net, profile, nil)
	if err != nil {
		panic(err) // only an index could be of another network
	}
	return ways
}

// SnapPointsOn snaps each position to the nearest street of prepared ways.
func SnapPointsOn(net *network.Network, ways *routing.Ways, at []geo.Point) *Points {
	p := newPoints(net, ways, len(at))
	profile := ways.Profile()
	for i, position := range at {
		snap, err := profile.Snap(position)
		if err != nil {
			p.faults[i] = err
			continue
		}
		p.snaps[i], p.snapped[i] = snap, true
		p.byEdge[snap.Edge] = append(p.byEdge[snap.Edge], uint32(i))
	}
	p.index()
	return p
}

// Again returns points at other positions, of which those that stand at one of these
// need not be snapped again: was gives the place they have here, −1 for none.
func (p *Points) Again(at []geo.Point, was []int) *Points {
	next := newPoints(p.net, p.ways, len(at))
	for i, position := range at {
		if old := was[i]; old >= 0 {
			next.snaps[i], next.snapped[i], next.faults[i] = p.snaps[old], p.snapped[old], p.faults[old]
		} else if snap, err := p.profile.Snap(position); err != nil {
			next.faults[i] = err
		} else {
			next.snaps[i], next.snapped[i] = snap, true
		}
		if next.snapped[i] {
			next.byEdge[next.snaps[i].Edge] = append(next.byEdge[next.snaps[i].Edge], uint32(i))
		}
	}
	next.index()
	return next
}

// NodePoints takes the nodes of a profile's largest component as points: point i
// is node i of what Export writes.
func NodePoints(net *network.Network, profile *network.Profile) *Points {
	nodes := profile.LargestComponent()
	p := newPoints(net, plainWays(net, profile), len(nodes))
	for i, node := range nodes {
		p.snaps[i], p.snapped[i] = profile.AtNode(node), true
	}
	p.index()
	return p
}

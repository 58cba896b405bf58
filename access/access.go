// Package access measures how near people are to places along streets: the
// nearest places of every point and how many lie within reach. It knows no
// plan: which places count and what reach is asked is said by its callers. It
// holds no clock, store or HTTP. The engine and the command line import it.
package access

import (
	"slices"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/network"
	"lifecircle/network/routing"
)

// State says whether a point has an answer.
type State string

// The states. Unreachable is an answer of its own, never a large number.
const (
	OK          State = "ok"
	Unreachable State = "unreachable" // no place can be reached along streets
	Unsnapped   State = "unsnapped"   // no street near enough to start from
)

// Points are positions snapped to a network, with the index that finds the
// points an altered node may touch. They never change.
type Points struct {
	net     *network.Network
	profile *network.Profile
	snaps   []network.Snap
	snapped []bool
	faults  []error
	// byNode lists, for each street node, the points on its edges: incident
	// points of node v are of[first[v]:first[v+1]].
	first []uint32
	of    []uint32
	// byEdge finds the points on one edge.
	byEdge map[uint32][]uint32
}

// SnapPoints snaps each position to its nearest street to walk. A position that is
// too far from any keeps its index and is Unsnapped in every layer.
func SnapPoints(net *network.Network, at []geo.Point) *Points {
	walking, err := net.Profile(lifecircle.Walk)
	if err != nil {
		panic(err) // every network has it
	}
	return SnapPointsFor(net, walking, at)
}

func newPoints(net *network.Network, profile *network.Profile, count int) *Points {
	return &Points{
		net: net, profile: profile,
		snaps:   make([]network.Snap, count),
		snapped: make([]bool, count),
		faults:  make([]error, count),
		byEdge:  make(map[uint32][]uint32),
	}
}

// index lists the points at each node.
func (p *Points) index() {
	p.first = make([]uint32, p.net.NodeCount()+1)
	each := func(visit func(node uint32, point int)) {
		for i, snap := range p.snaps {
			if !p.snapped[i] {
				continue
			}
			visit(snap.From, i)
			if snap.To != snap.From {
				visit(snap.To, i)
			}
		}
	}
	each(func(node uint32, _ int) { p.first[node]++ })
	total := uint32(0)
	for v, n := range p.first {
		p.first[v] = total
		total += n
	}
	p.of = make([]uint32, total)
	next := slices.Clone(p.first)
	each(func(node uint32, point int) {
		p.of[next[node]] = uint32(point)
		next[node]++
	})
}

// Len returns how many points there are, snapped or not.
func (p *Points) Len() int { return len(p.snaps) }

// Snap returns where a point meets the street, or why it does not.
func (p *Points) Snap(point int) (network.Snap, error) { return p.snaps[point], p.faults[point] }

// Place is something to get to.
type Place struct {
	ID lifecircle.FacilityID
	At geo.Point
}

// Reach is a place and the way to it, both access legs walked and counted.
type Reach struct {
	Place    lifecircle.FacilityID
	Distance lifecircle.Decimetres
}

// kept is how many nearest places a layer remembers: the second answers what
// remains when the first closes.
const kept = 2

// pair are the nearest places of one point, as many as there are.
type pair struct {
	reach [kept]Reach
	n     uint8
}

// Layer holds the nearest places of every point. It never changes: With and
// Without return new layers that share what they can. What a layer says depends
// on its points and places alone, not on the order they came in.
type Layer struct {
	points  *Points
	table   *routing.Table
	nearest []pair
	// adrift are the places that no street leads to, ordered by ID.
	adrift []lifecircle.FacilityID
}

// Compute measures every point against the places.
func Compute(points *Points, places []Place) *Layer {
	l := &Layer{points: points, nearest: make([]pair, points.Len())}
	var sources []routing.Source
	for _, place := range places {
		snap, err := points.net.Snap(place.At)
		if err != nil {
			l.adrift = append(l.adrift, place.ID)
			continue
		}
		sources = append(sources, routing.Source{ID: place.ID, At: snap})
	}
	slices.Sort(l.adrift)
	l.table = routing.Compute(points.net, sources, kept)
	var scratch []routing.Label
	for i := range l.nearest {
		l.nearest[i], scratch = l.read(i, scratch)
	}
	return l
}

// Nearest returns the nearest place of a point.
func (l *Layer) Nearest(point int) (Reach, State) {
	switch {
	case !l.points.snapped[point]:
		return Reach{}, Unsnapped
	case l.nearest[point].n == 0:
		return Reach{}, Unreachable
	}
	return l.nearest[point].reach[0], OK
}

// Second returns the second nearest place of a point, if two can be reached.
func (l *Layer) Second(point int) (Reach, bool) {
	return l.nearest[point].reach[1], l.nearest[point].n > 1
}

// Adrift returns the places that lie too far from any street to be reached.
func (l *Layer) Adrift() []lifecircle.FacilityID { return l.adrift }

// Over returns the layer of the same points over other places. A few that come or
// go are brought in one by one, many by computing anew. A place of one id stands in
// one spot.
func (l *Layer) Over(places []Place) *Layer {
	gone := make(map[lifecircle.FacilityID]bool, l.table.Len())
	for i := range l.table.Len() {
		gone[l.table.Source(int32(i)).ID] = true
	}
	for _, id := range l.adrift {
		gone[id] = true
	}
	var come []Place
	for _, place := range places {
		if gone[place.ID] {
			delete(gone, place.ID)
		} else {
			come = append(come, place)
		}
	}
	// From some twentieth of the places on computing anew is the shorter way.
	if few := 1 + len(places)/20; len(come)+len(gone) > few {
		return Compute(l.points, places)
	}
	next := l
	for id := range gone {
		next, _ = next.Without(id)
	}
	for _, place := range come {
		next, _ = next.With(place)
	}
	return next
}

// With returns the layer with one more place, and the points whose nearest
// places changed, ascending. Only streets on which the new place is among the
// nearest are searched.
func (l *Layer) With(place Place) (*Layer, []int) {
	next := *l
	snap, err := l.points.net.Snap(place.At)
	if err != nil {
		at, _ := slices.BinarySearch(l.adrift, place.ID)
		next.adrift = slices.Insert(slices.Clone(l.adrift), at, place.ID)
		return &next, nil
	}
	table, nodes := l.table.With(routing.Source{ID: place.ID, At: snap})
	next.table = table
	var candidates []uint32
	for _, v := range nodes {
		candidates = append(candidates, l.points.of[l.points.first[v]:l.points.first[v+1]]...)
	}
	// On its own edge a place may be near without being near to either end.
	candidates = append(candidates, l.points.byEdge[snap.Edge]...)
	slices.Sort(candidates)
	return &next, next.reread(slices.Compact(candidates))
}

// Without returns the layer with one place less, and the points whose nearest
// places changed, ascending.
func (l *Layer) Without(id lifecircle.FacilityID) (*Layer, []int) {
	next := *l
	if at, adrift := slices.BinarySearch(l.adrift, id); adrift {
		next.adrift = slices.Delete(slices.Clone(l.adrift), at, at+1)
		return &next, nil
	}
	next.table = l.table.Without(id)
	var candidates []uint32
	for i, p := range l.nearest {
		for _, r := range p.reach[:p.n] {
			if r.Place == id {
				candidates = append(candidates, uint32(i))
			}
		}
	}
	return &next, next.reread(candidates)
}

// reread takes the candidates' nearest places from the table into a copy of the
// column and returns those that changed.
func (l *Layer) reread(candidates []uint32) []int {
	l.nearest = slices.Clone(l.nearest)
	var changed []int
	var scratch []routing.Label
	for _, i := range candidates {
		var p pair
		p, scratch = l.read(int(i), scratch)
		if p != l.nearest[i] {
			l.nearest[i] = p
			changed = append(changed, int(i))
		}
	}
	return changed
}

func (l *Layer) read(point int, scratch []routing.Label) (pair, []routing.Label) {
	var p pair
	if !l.points.snapped[point] {
		return p, scratch
	}
	scratch = l.table.Nearest(l.points.snaps[point], scratch[:0])
	for _, label := range scratch {
		if int(p.n) == kept {
			break
		}
		p.reach[p.n] = Reach{Place: l.table.Source(label.Source).ID, Distance: label.Distance}
		p.n++
	}
	return p, scratch
}

// Equal reports whether two layers say the same of the same points; it is what
// "incremental equals recomputed" means.
func (l *Layer) Equal(m *Layer) bool {
	return slices.Equal(l.nearest, m.nearest) && slices.Equal(l.adrift, m.adrift)
}

// Within counts the places at most limit away from a snapped position.
func (l *Layer) Within(search *routing.Search, at network.Snap, limit lifecircle.Decimetres) int {
	return len(l.table.Within(search, at, limit))
}

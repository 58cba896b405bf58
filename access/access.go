// Package access measures how near people are to places along streets: the
// nearest places of every point and how many lie within reach. It knows no
// plan: which places count and what reach is asked is said by its callers. It
// holds no clock, store or HTTP. The engine and the command line import it.
package access

import (
	"fmt"
	"io"
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
	ways    *routing.Ways
	snaps   []network.Snap
	leave   [][2]uint32 // what it costs from a point to the ends of its street
	snapped []bool
	faults  []error
	// byNode lists, for each street node, the points on its edges: incident
	// points of node v are of[first[v]:first[v+1]].
	first []uint32
	of    []uint32
	// byEdge finds the points on one edge.
	byEdge map[uint32][]uint32
}

func newPoints(net *network.Network, ways *routing.Ways, count int) *Points {
	return &Points{
		net: net, profile: ways.Profile(), ways: ways,
		leave:   make([][2]uint32, count),
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
			p.leave[i], _ = p.profile.Legs(snap)
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

// Layer holds the nearest places of every point: of each street node, from which
// those of a point follow. It never changes: With and Without return new layers
// that share what they can. What a layer says depends on its points and places
// alone, not on the order they came in.
type Layer struct {
	points *Points
	table  *routing.Table
	// adrift are the places that no street leads to, ordered by ID.
	adrift []lifecircle.FacilityID
}

// Compute measures every point against the places.
func Compute(points *Points, places []Place) *Layer { return computed(points, nil, nil, places) }

// computed measures every point against sources on streets, places adrift, and more
// places.
func computed(points *Points, sources []routing.Source, adrift []lifecircle.FacilityID, more []Place) *Layer {
	for _, place := range more {
		snap, err := points.profile.Snap(place.At)
		if err != nil {
			adrift = append(adrift, place.ID)
			continue
		}
		sources = append(sources, routing.Source{ID: place.ID, At: snap})
	}
	slices.Sort(adrift)
	return &Layer{points: points, table: points.ways.Compute(sources, kept), adrift: adrift}
}

// Spot is where somebody sets out on the streets of some points.
type Spot struct {
	snap    network.Snap
	leave   [2]uint32
	snapped bool
}

func (p *Points) spot(point int) Spot { return Spot{p.snaps[point], p.leave[point], p.snapped[point]} }

// Spot returns where a position that is no point meets the streets: it is found
// when it is asked for, and a layer answers for it as for a point.
func (l *Layer) Spot(at geo.Point) Spot {
	snap, err := l.points.profile.Snap(at)
	if err != nil {
		return Spot{}
	}
	leave, _ := l.points.profile.Legs(snap)
	return Spot{snap, leave, true}
}

// Point returns the spot of a point.
func (l *Layer) Point(point int) Spot { return l.points.spot(point) }

// Nearest returns the nearest place of a point.
func (l *Layer) Nearest(point int) (Reach, State) { return l.NearestTo(l.points.spot(point)) }

// NearestTo returns the nearest place of a spot.
func (l *Layer) NearestTo(s Spot) (Reach, State) {
	if !s.snapped {
		return Reach{}, Unsnapped
	}
	p := l.read(s)
	if p.n == 0 {
		return Reach{}, Unreachable
	}
	return p.reach[0], OK
}

// Second returns the second nearest place of a point, if two can be reached.
func (l *Layer) Second(point int) (Reach, bool) {
	p := l.read(l.points.spot(point))
	return p.reach[1], p.n > 1
}

// Adrift returns the places that lie too far from any street to be reached.
func (l *Layer) Adrift() []lifecircle.FacilityID { return l.adrift }

// Over returns the layer of the same points without the places that are gone and with
// those that come. A few are changed, many computed anew.
func (l *Layer) Over(gone []lifecircle.FacilityID, come []Place) *Layer {
	// From some twentieth of the places on computing anew is the shorter way.
	if few := 1 + l.table.Len()/20; len(come)+len(gone) <= few {
		next, _ := l.Changed(gone, come)
		return next
	}
	leaving := make(map[lifecircle.FacilityID]bool, len(gone))
	for _, id := range gone {
		leaving[id] = true
	}
	var stay []routing.Source
	for _, id := range l.table.IDs() {
		if source, ok := l.table.Find(id); ok && !leaving[id] {
			stay = append(stay, source)
		}
	}
	adrift := slices.DeleteFunc(slices.Clone(l.adrift), func(id lifecircle.FacilityID) bool { return leaving[id] })
	return computed(l.points, stay, adrift, come)
}

// Of returns the layer of the same places for other points on the same streets.
func (l *Layer) Of(points *Points) *Layer { return &Layer{points, l.table, l.adrift} }

// Bytes returns how much memory the layer takes, its places aside.
func (l *Layer) Bytes() int { return l.table.Bytes() }

// With returns the layer with one more place, and the points whose nearest
// places changed, ascending. Only streets on which the new place is among the
// nearest are searched.
func (l *Layer) With(place Place) (*Layer, []int) { return l.Changed(nil, []Place{place}) }

// Without returns the layer with one place less, and the points whose nearest
// places changed, ascending.
func (l *Layer) Without(id lifecircle.FacilityID) (*Layer, []int) {
	return l.Changed([]lifecircle.FacilityID{id}, nil)
}

// Changed returns the layer without the places that are gone and with those that come,
// and the points whose nearest places changed, ascending. A place that moves is gone
// and comes under one ID.
func (l *Layer) Changed(gone []lifecircle.FacilityID, come []Place) (*Layer, []int) {
	next := *l
	var leaving []lifecircle.FacilityID
	var coming []routing.Source
	var edges []uint32
	for _, id := range gone {
		if at, adrift := slices.BinarySearch(next.adrift, id); adrift {
			next.adrift = slices.Delete(slices.Clone(next.adrift), at, at+1)
		} else if source, ok := l.table.Find(id); ok {
			leaving, edges = append(leaving, id), append(edges, source.At.Edge)
		}
	}
	for _, place := range come {
		snap, err := l.points.profile.Snap(place.At)
		if err != nil {
			at, _ := slices.BinarySearch(next.adrift, place.ID)
			next.adrift = slices.Insert(slices.Clone(next.adrift), at, place.ID)
			continue
		}
		coming, edges = append(coming, routing.Source{ID: place.ID, At: snap}), append(edges, snap.Edge)
	}
	table, nodes := l.table.Changed(leaving, coming)
	if table == l.table && slices.Equal(next.adrift, l.adrift) {
		return l, nil
	}
	next.table = table
	return &next, next.changed(l, places{nodes: nodes, edges: edges})
}

// Differing returns the points, ascending, whose nearest places differ from those of
// another layer of the same points. What the layers share is not looked at.
func (l *Layer) Differing(other *Layer) []int {
	if l.table == other.table {
		return nil
	}
	nodes, edges := l.table.Differing(other.table)
	return l.changed(other, places{nodes: nodes, edges: edges})
}

// places are where nearest places may have changed.
type places struct{ nodes, edges, points []uint32 }

// changed returns the points whose nearest places differ from those before, of
// those at some nodes and on some edges: on its own edge a place may be near without
// being near to either end.
func (l *Layer) changed(before *Layer, at places) []int {
	candidates := slices.Clone(at.points)
	for _, v := range at.nodes {
		candidates = append(candidates, l.points.of[l.points.first[v]:l.points.first[v+1]]...)
	}
	for _, edge := range at.edges {
		candidates = append(candidates, l.points.byEdge[edge]...)
	}
	slices.Sort(candidates)
	var changed []int
	for _, i := range slices.Compact(candidates) {
		if l.says(int(i)) != before.says(int(i)) {
			changed = append(changed, int(i))
		}
	}
	return changed
}

// said is the answer for a point; a street that is not there is another answer than
// one that leads nowhere.
type said struct {
	pair
	snapped bool
}

func (l *Layer) says(point int) said {
	return said{l.read(l.points.spot(point)), l.points.snapped[point]}
}

func (l *Layer) read(s Spot) (p pair) {
	if !s.snapped {
		return p
	}
	var buf [kept]routing.Label
	for _, label := range l.table.NearestFrom(s.snap, s.leave, buf[:0]) {
		p.reach[p.n] = Reach{Place: l.table.Source(label.Source).ID, Distance: label.Distance}
		p.n++
	}
	return p
}

// Equal reports whether two layers say the same of the same points; it is what
// "incremental equals recomputed" means.
func (l *Layer) Equal(m *Layer) bool {
	for i := range l.points.Len() {
		if l.read(l.points.spot(i)) != m.read(m.points.spot(i)) {
			return false
		}
	}
	return slices.Equal(l.adrift, m.adrift)
}

// Within counts the places at most limit away from a spot, limit included; snapped
// is false for a spot without a street.
func (l *Layer) Within(s Spot, limit uint32) (count int, snapped bool) {
	if !s.snapped {
		return 0, false
	}
	return l.table.Count(s.snap, limit), true
}

// Digest writes all that the layer says to w, which never fails: a hash.
func (l *Layer) Digest(w io.Writer) {
	fmt.Fprintf(w, "adrift %q\n", l.adrift)
	for i := range l.points.Len() {
		first, state := l.Nearest(i)
		second, _ := l.Second(i)
		fmt.Fprintf(w, "%s %s %d %s %d\n", state, first.Place, first.Distance, second.Place, second.Distance)
	}
}

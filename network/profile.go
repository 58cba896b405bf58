package network

import (
	"slices"
	"strings"
	"sync"

	"lifecircle"
	"lifecircle/network/osm"
)

// Unit is what a profile's costs count.
type Unit string

// The units. What does not depend on the street is counted in decimetres, which
// are exact; else the time is counted.
const (
	InDecimetres  Unit = "decimetres"
	InDeciseconds Unit = "deciseconds"
)

// Barred is the cost of an arc or a leg that may not be used. Two costs below it
// add up without overflow, and it is what package routing calls Far: no way on
// earth costs as much.
const Barred = 1<<30 - 1

// travel is a way of travelling.
type travel struct {
	mode lifecircle.Mode
	user osm.Users
	unit Unit
	// metresPerMinute is the speed off the streets, on the way from a point to its
	// street; profiles in decimetres keep it on streets too.
	metresPerMinute uint32
}

// allTravel are the profiles; their order is that of the bits in the file. The
// slower speeds on foot are a local choice: no norm we know gives them. 60 m/min
// is 1 m/s. Who leaves a car or bicycle has not far to go: 15 km/h.
var allTravel = [...]travel{
	{lifecircle.Walk, osm.Foot, InDecimetres, lifecircle.WalkMetresPerMinute},
	{lifecircle.SlowWalk, osm.Foot, InDecimetres, 60},
	{lifecircle.Wheelchair, osm.Wheelchair, InDecimetres, 60},
	{lifecircle.SlopeWalk, osm.Foot, InDeciseconds, lifecircle.WalkMetresPerMinute},
	{lifecircle.Bicycle, osm.Bicycle, InDeciseconds, 250},
	{lifecircle.Car, osm.Car, InDeciseconds, 250},
}

// modes is a set of profiles: bit i is allTravel[i].
type modes uint32

const slopeBit = 3

func (m modes) has(i int) bool { return m>>i&1 != 0 }

// users returns who travels so.
func (m modes) users() (users osm.Users) {
	for i, t := range allTravel {
		if m.has(i) {
			users |= t.user
		}
	}
	return users
}

// modesOf reads a list of profiles. Walking is always among them.
func modesOf(list []lifecircle.Mode) (m modes, err error) {
	m = 1
	for _, mode := range list {
		at := slices.IndexFunc(allTravel[:], func(t travel) bool { return t.mode == mode })
		if at < 0 {
			return 0, lifecircle.Errorf("profile_unknown", "profile %q: want some of %s", mode, joined(lifecircle.Modes())).With("mode", string(mode))
		}
		m |= 1 << at
	}
	return m, nil
}

func joined(list []lifecircle.Mode) string {
	var text []string
	for _, mode := range list {
		text = append(text, string(mode))
	}
	return strings.Join(text, ", ")
}

// UsersOf returns whose streets the profiles need; walking is always among them.
func UsersOf(list []lifecircle.Mode) (osm.Users, error) {
	m, err := modesOf(list)
	return m.users(), err
}

// traffic says who may take an edge, and how fast.
type traffic struct {
	// barred are osm.Users: the lower four bits from the edge's node from to its node
	// to, the upper four back.
	barred             uint8
	bicycleKmh, carKmh uint8 // 0 where barred both ways
	spare              uint8 // 0
}

func (t traffic) bars(user osm.Users, back bool) bool {
	if back {
		return osm.Users(t.barred>>4)&user != 0
	}
	return osm.Users(t.barred)&user != 0
}

// reversed returns the traffic as seen from the other end.
func (t traffic) reversed() traffic {
	t.barred = t.barred<<4 | t.barred>>4
	return t
}

// Profile is a network as one way of travelling sees it. Costs are whole numbers
// of its Unit.
type Profile struct {
	travel
	net     *Network
	weights []uint32
	longest uint32
	// symmetric says that no arc costs other than the one back.
	symmetric  bool
	stopped    []uint64 // bit v: nobody passes node v
	component  []uint32 // of each node
	components int
	main       uint32   // the component with most nodes, the first of equals
	largest    []uint32 // its nodes
	// usable and reachable are bits of edges: those with traffic, and those that can be
	// left to the largest component and reached from it.
	usable, reachable []uint64
	// met are the edges that a point may meet: those reachable and those of islands
	// large enough to be one, from which nothing else is reached.
	met   []uint64
	sizes []int // nodes of each component
}

// lazyProfile is a profile that is made when first asked for.
type lazyProfile struct {
	once sync.Once
	made *Profile
}

// Modes returns the ways of travelling the network was built for; walking is the
// first.
func (n *Network) Modes() []lifecircle.Mode {
	var all []lifecircle.Mode
	for i, t := range allTravel {
		if n.modes.has(i) {
			all = append(all, t.mode)
		}
	}
	return all
}

// Profile returns the network as a way of travelling sees it. One it was not
// built for gives a lifecircle.Error that says which there are.
func (n *Network) Profile(mode lifecircle.Mode) (*Profile, error) {
	for i, t := range allTravel {
		if t.mode == mode && n.modes.has(i) {
			return n.profile(i), nil
		}
	}
	return nil, lifecircle.Errorf("profile_missing", "the network has no profile %q, only %s: build it with --profiles", mode, joined(n.Modes())).
		With("mode", string(mode))
}

func (n *Network) profile(i int) *Profile {
	lazy := &n.profiles[i]
	lazy.once.Do(func() { lazy.made = newProfile(n, allTravel[i]) })
	return lazy.made
}

func newProfile(n *Network, t travel) *Profile {
	p := &Profile{travel: t, net: n, stopped: make([]uint64, (len(n.nodes)+63)/64)}
	for _, b := range n.barriers {
		if osm.Users(b.stops)&t.user != 0 {
			p.stopped[b.node>>6] |= 1 << (b.node & 63)
		}
	}
	p.weigh()
	p.symmetric = p.symmetric && !slices.ContainsFunc(p.stopped, func(word uint64) bool { return word != 0 })
	p.connect()
	p.findReachable()
	return p
}

// passes reports whether a node may be passed.
func (p *Profile) passes(node uint32) bool { return p.stopped[node>>6]>>(node&63)&1 == 0 }

// cost returns what an edge costs in one direction, its nodes left aside.
func (p *Profile) cost(e uint32, back bool) uint32 {
	at := &p.net.edges[e]
	if at.bars(p.user, back) {
		return Barred
	}
	switch p.mode {
	case lifecircle.SlopeWalk:
		if back {
			return p.net.climbs[e].back
		}
		return p.net.climbs[e].forward
	case lifecircle.Bicycle:
		return deciseconds(at.length, at.bicycleKmh)
	case lifecircle.Car:
		return deciseconds(at.length, at.carKmh)
	}
	return uint32(at.length)
}

// deciseconds returns how long a way takes, at least one: 1 km/h is 1 dm in 3.6 ds.
func deciseconds(length lifecircle.Decimetres, kmh uint8) uint32 {
	speed := uint64(max(1, kmh))
	return uint32(max(1, (36*uint64(length)+5*speed)/(10*speed)))
}

func (p *Profile) weigh() {
	n := p.net
	p.weights, p.symmetric = make([]uint32, len(n.heads)), true
	next := slices.Clone(n.first)
	n.eachArc(func(e uint32, back bool) {
		tail, head := n.edges[e].from, n.edges[e].to
		if back {
			tail, head = head, tail
		}
		w := uint32(Barred)
		// Nobody is at a node nobody passes: it has no arcs, and points on its streets
		// have no leg to it.
		if p.passes(tail) && p.passes(head) {
			w = p.cost(e, back)
			p.symmetric = p.symmetric && w == p.cost(e, !back)
		}
		p.weights[next[tail]] = w
		next[tail]++
		if w != Barred {
			p.longest = max(p.longest, w)
		}
	})
}

// openArcs counts the arcs that are open in either direction, both ways: a street
// walked one way only is two of them.
func (p *Profile) openArcs() int {
	open := 0
	p.net.eachArc(func(e uint32, _ bool) {
		at := &p.net.edges[e]
		if p.passes(at.from) && p.passes(at.to) && (!at.bars(p.user, false) || !at.bars(p.user, true)) {
			open++
		}
	})
	return open
}

// Mode returns the way of travelling.
func (p *Profile) Mode() lifecircle.Mode { return p.mode }

// Unit returns what costs count.
func (p *Profile) Unit() Unit { return p.unit }

// Weights returns what each arc of the topology costs, Barred where it may not be
// used. It is shared: read only.
func (p *Profile) Weights() []uint32 { return p.weights }

// Symmetric reports whether every street that is open is open both ways and costs
// the same, and no node stops anyone.
func (p *Profile) Symmetric() bool { return p.symmetric }

// Longest returns the largest weight that is not Barred.
func (p *Profile) Longest() uint32 { return p.longest }

// InLargest reports whether a node is of the largest component: each of its nodes
// can be reached from each other.
func (p *Profile) InLargest(node uint32) bool { return p.component[node] == p.main }

// LargestComponent returns the nodes of the largest component, ascending. It is
// shared: read only.
func (p *Profile) LargestComponent() []uint32 { return p.largest }

// Limit returns the cost of so many minutes, the largest that is not longer.
func (p *Profile) Limit(minutes float64) uint32 {
	perMinute := 600.0
	if p.unit == InDecimetres {
		perMinute = 10 * float64(p.metresPerMinute)
	}
	// A limit such as 2.1 minutes has no exact float: what is a millionth short of a
	// whole cost is meant to be that cost.
	return uint32(min(max(0, minutes*perMinute+1e-6), Barred-1))
}

// Milliseconds returns how long a cost takes.
func (p *Profile) Milliseconds(cost uint32) int64 {
	if p.unit == InDeciseconds {
		return 100 * int64(cost)
	}
	// Half a millisecond is rounded up: 80 m/min are exact, 60 as well.
	return (6000*int64(cost) + int64(p.metresPerMinute)/2) / int64(p.metresPerMinute)
}

// OffStreet returns how many metres one gets off the streets for a cost.
func (p *Profile) OffStreet(cost uint32) float64 {
	if p.unit == InDecimetres {
		return float64(cost) / 10
	}
	return float64(cost) / 600 * float64(p.metresPerMinute)
}

// leg returns what the straight way from a point to its street costs.
func (p *Profile) leg(s Snap) uint32 {
	if p.unit == InDecimetres {
		return uint32(s.Leg)
	}
	return uint32((60*uint64(s.Leg) + uint64(p.metresPerMinute)/2) / uint64(p.metresPerMinute))
}

// part returns what a part of an edge costs.
func part(cost uint32, along, length lifecircle.Decimetres) uint32 {
	if cost == Barred {
		return Barred
	}
	return uint32((uint64(cost)*uint64(along) + uint64(length)/2) / uint64(length))
}

// Legs returns what it costs to leave a point to the two ends of its edge, From
// and To, and to arrive there from them, the way to the street included; Barred
// where the traffic or a barrier does not allow it.
func (p *Profile) Legs(s Snap) (leave, arrive [2]uint32) {
	leg := p.leg(s)
	if s.Edge == noEdge {
		return [2]uint32{leg, Barred}, [2]uint32{leg, Barred}
	}
	length := p.net.edges[s.Edge].length
	forward, back := p.cost(s.Edge, false), p.cost(s.Edge, true)
	leave = [2]uint32{part(back, s.ToFrom, length), part(forward, s.ToTo, length)}
	arrive = [2]uint32{part(forward, s.ToFrom, length), part(back, s.ToTo, length)}
	for i, node := range [2]uint32{s.From, s.To} {
		open := p.passes(node)
		for _, side := range []*uint32{&leave[i], &arrive[i]} {
			if !open || *side == Barred {
				*side = Barred
				continue
			}
			*side += leg
		}
	}
	return leave, arrive
}

// Along returns what the way from one point to another costs along the edge both
// are on; ok is false where there is none.
func (p *Profile) Along(from, to Snap) (cost uint32, ok bool) {
	if from.Edge != to.Edge || from.Edge == noEdge {
		return 0, false
	}
	length := p.net.edges[from.Edge].length
	back := from.ToFrom > to.ToFrom
	whole := p.cost(from.Edge, back)
	if from.ToFrom == to.ToFrom {
		whole = min(whole, p.cost(from.Edge, true))
	}
	if whole == Barred {
		return 0, false
	}
	along := max(from.ToFrom, to.ToFrom) - min(from.ToFrom, to.ToFrom)
	return p.leg(from) + p.leg(to) + part(whole, along, length), true
}

func (p *Profile) summary() ProfileSummary {
	s := ProfileSummary{Mode: p.mode, Unit: p.unit, Components: p.components, LargestComponentNodes: len(p.largest)}
	for _, w := range p.weights {
		if w != Barred {
			s.Arcs++
		}
	}
	words := len(p.weights) + len(p.component) + len(p.largest) + 2*len(p.stopped) + 2*len(p.usable) + 2*len(p.reachable)
	s.MemoryBytes = 4 * int64(words)
	return s
}

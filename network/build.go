package network

import (
	"cmp"
	"math"
	"slices"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/network/osm"
)

// BuildConfig says what a network is built for.
type BuildConfig struct {
	// Profiles are the ways of travelling; walking is always among them.
	Profiles []lifecircle.Mode
	// Elevation is the height of the land; the profile slope needs it.
	Elevation Elevation
	// Warn, if set, is told what a person should know of the network built.
	Warn func(message string)
}

// Build makes a network for people on foot of the streets of an extract.
func Build(extract *osm.Extract) (*Network, error) { return BuildWith(extract, BuildConfig{}) }

// BuildWith makes a network of the streets of an extract. It depends on which
// segments there are and not on how they are divided into ways: a segment drawn
// twice counts once, open to whom either is, and the direction in which a way is
// drawn matters only to its traffic.
func BuildWith(extract *osm.Extract, cfg BuildConfig) (*Network, error) {
	modes, err := modesOf(cfg.Profiles)
	if err != nil {
		return nil, err
	}
	if modes.has(slopeBit) && cfg.Elevation == nil {
		return nil, lifecircle.Errorf("elevation_missing", "the profile %q needs the height of the land: name a GeoTIFF with --elevation", lifecircle.SlopeWalk)
	}
	g, err := newSegments(extract, modes.users())
	if err != nil {
		return nil, err
	}
	if len(g.neighbours) == 0 {
		return nil, lifecircle.Errorf("network_empty", "the map holds no street that the profiles may use: take an extract with the tag highway")
	}
	if err := g.trace(); err != nil {
		return nil, err
	}
	n := g.number()
	n.modes = modes
	if modes.has(slopeBit) {
		n.climb(cfg)
	}
	n.derive()
	n.seal()
	return n, nil
}

// segments is the graph of all segments: its nodes are those of the extract,
// bends included.
type segments struct {
	at    []position
	stops []osm.Users // whom a node stops
	// neighbours of v are neighbours[first[v]:first[v+1]], ascending, and traffic is
	// that on the way to them.
	first      []uint32
	neighbours []uint32
	traffic    []traffic
	done       []bool // segments already on a street, by direction
	// Streets found so far; the points of each are chain[end of the one before : end],
	// both nodes included.
	streets []street
	chain   []uint32
}

type street struct {
	length lifecircle.Decimetres
	traffic
	end int
}

func newSegments(extract *osm.Extract, users osm.Users) (*segments, error) {
	g := &segments{at: make([]position, len(extract.Nodes)), stops: make([]osm.Users, len(extract.Nodes))}
	for i, p := range extract.Nodes {
		if !p.Valid() {
			return nil, lifecircle.Errorf("network_invalid", "street node %d lies at %v, %v, not on the earth", i, p.Lon, p.Lat)
		}
		g.at[i] = positionOf(p)
	}
	for _, b := range extract.Barriers {
		if int(b.Node) >= len(g.at) {
			return nil, lifecircle.Errorf("network_invalid", "a barrier stands at node %d of %d", b.Node, len(g.at))
		}
		g.stops[b.Node] |= b.Stops & users
	}
	for _, s := range extract.Streets {
		for _, v := range s.Nodes {
			if int(v) >= len(g.at) {
				return nil, lifecircle.Errorf("network_invalid", "way %d uses node %d of %d", s.WayID, v, len(g.at))
			}
		}
	}
	g.link(extract.Streets, users)
	g.merge()
	g.part(users)
	g.done = make([]bool, len(g.neighbours))
	return g, nil
}

// eachSegment visits the segments of streets that some user may take, with their
// traffic from u to v.
func eachSegment(streets []osm.Street, users osm.Users, visit func(u, v uint32, t traffic)) {
	for _, s := range streets {
		t := trafficOf(s, users)
		if osm.Users(t.barred)&osm.Users(t.barred>>4)&users == users {
			continue
		}
		for k := 1; k < len(s.Nodes); k++ {
			if s.Nodes[k-1] != s.Nodes[k] {
				visit(s.Nodes[k-1], s.Nodes[k], t)
			}
		}
	}
}

// trafficOf keeps what the users need to know, so that streets which differ in
// nothing else are one.
func trafficOf(s osm.Street, users osm.Users) traffic {
	shut := osm.Everyone &^ users
	forward, back := s.BarredForward|shut, s.BarredBack|shut
	t := traffic{barred: uint8(forward&osm.Everyone) | uint8(back&osm.Everyone)<<4}
	speed := func(user osm.Users, kmh uint8) uint8 {
		switch {
		case forward&back&user != 0:
			return 0
		case kmh == 0:
			return osm.DefaultKmh
		}
		return kmh
	}
	t.bicycleKmh, t.carKmh = speed(osm.Bicycle, s.BicycleKmh), speed(osm.Car, s.CarKmh)
	return t
}

// link lists the neighbours of every node, as often as a segment is drawn.
func (g *segments) link(streets []osm.Street, users osm.Users) {
	g.first = make([]uint32, len(g.at)+1)
	eachSegment(streets, users, func(u, v uint32, _ traffic) {
		g.first[u]++
		g.first[v]++
	})
	total := uint32(0)
	for v, degree := range g.first {
		g.first[v] = total
		total += degree
	}
	g.neighbours, g.traffic = make([]uint32, total), make([]traffic, total)
	next := slices.Clone(g.first)
	add := func(u, v uint32, t traffic) {
		g.neighbours[next[u]], g.traffic[next[u]] = v, t
		next[u]++
	}
	eachSegment(streets, users, func(u, v uint32, t traffic) {
		add(u, v, t)
		add(v, u, t.reversed())
	})
}

// merge sorts the rows and makes one segment of those drawn several times: it is
// open to whom one of them is, and as fast as the fastest.
func (g *segments) merge() {
	end := uint32(0)
	for v := range g.at {
		from, to := g.first[v], g.first[v+1]
		// Rows are short: insertion sort.
		for i := from + 1; i < to; i++ {
			for k := i; k > from && g.neighbours[k] < g.neighbours[k-1]; k-- {
				g.neighbours[k], g.neighbours[k-1] = g.neighbours[k-1], g.neighbours[k]
				g.traffic[k], g.traffic[k-1] = g.traffic[k-1], g.traffic[k]
			}
		}
		g.first[v] = end
		for i := from; i < to; i++ {
			if end > g.first[v] && g.neighbours[end-1] == g.neighbours[i] {
				one, other := &g.traffic[end-1], g.traffic[i]
				one.barred &= other.barred
				one.bicycleKmh, one.carKmh = max(one.bicycleKmh, other.bicycleKmh), max(one.carKmh, other.carKmh)
				continue
			}
			g.neighbours[end], g.traffic[end] = g.neighbours[i], g.traffic[i]
			end++
		}
	}
	g.first[len(g.at)] = end
	g.neighbours, g.traffic = g.neighbours[:end], g.traffic[:end]
}

// part divides the nodes that nobody passes, such as walls across a path: each of
// the streets there gets an end of its own at the same place. The first keeps the
// node.
func (g *segments) part(users osm.Users) {
	nodes := uint32(len(g.at))
	ends := make(map[[2]uint32]uint32) // of the street from a divided node to a neighbour
	for v := range nodes {
		if g.stops[v] != users {
			continue
		}
		g.stops[v] = 0
		for arc := g.first[v] + 1; arc < g.first[v+1]; arc++ {
			ends[[2]uint32{v, g.neighbours[arc]}] = uint32(len(g.at))
			g.at, g.stops = append(g.at, g.at[v]), append(g.stops, 0)
		}
	}
	if len(ends) == 0 {
		return
	}
	end := func(v, w uint32) uint32 {
		if own, divided := ends[[2]uint32{v, w}]; divided {
			return own
		}
		return v
	}
	before, neighbours, traffics := g.first, g.neighbours, g.traffic
	g.first = make([]uint32, len(g.at)+1)
	g.neighbours, g.traffic = make([]uint32, len(neighbours)), make([]traffic, len(neighbours))
	for v := range nodes {
		for _, w := range neighbours[before[v]:before[v+1]] {
			g.first[end(v, w)]++
		}
	}
	total := uint32(0)
	for v, degree := range g.first {
		g.first[v] = total
		total += degree
	}
	next := slices.Clone(g.first)
	for v := range nodes {
		for arc := before[v]; arc < before[v+1]; arc++ {
			w := neighbours[arc]
			from := end(v, w)
			g.neighbours[next[from]], g.traffic[next[from]] = end(w, v), traffics[arc]
			next[from]++
		}
	}
	g.merge() // sorts the rows again
}

func (g *segments) degree(v uint32) uint32 { return g.first[v+1] - g.first[v] }

// isBend reports whether a node is a point of one street: two segments meet there
// that carry the same traffic, and nothing stops anyone.
func (g *segments) isBend(v uint32) bool {
	from := g.first[v]
	return g.degree(v) == 2 && g.stops[v] == 0 && g.traffic[from] == g.traffic[from+1].reversed()
}

// trace finds the streets: from each node that is not just a bend, along every
// segment that leaves it, to the next such node. What is left then are rings
// without any; their lowest node serves.
func (g *segments) trace() error {
	for _, rings := range []bool{false, true} {
		for v := range uint32(len(g.at)) {
			if g.isBend(v) != rings {
				continue
			}
			for arc := g.first[v]; arc < g.first[v+1]; arc++ {
				if g.done[arc] {
					continue
				}
				if err := g.follow(v, arc); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// follow adds the street that leaves start by an arc. A street too long for one
// edge is divided at a bend.
func (g *segments) follow(start, arc uint32) error {
	g.chain = append(g.chain, start)
	metres := 0.0
	along := g.traffic[arc]
	for v := start; ; {
		w := g.neighbours[arc]
		back, _ := slices.BinarySearch(g.neighbours[g.first[w]:g.first[w+1]], v)
		back += int(g.first[w])
		g.done[arc], g.done[back] = true, true
		segment := geo.Distance(g.at[v].point(), g.at[w].point())
		if decimetres(segment) > maxLength {
			return lifecircle.Errorf("network_segment_too_long", "a street runs straight for %.0f m from %.7f, %.7f: no street does; check the map there",
				segment, g.at[v].point().Lon, g.at[v].point().Lat)
		}
		if decimetres(metres+segment) > maxLength {
			g.finish(metres, along)
			g.chain = append(g.chain, v)
			metres = 0
		}
		metres += segment
		g.chain = append(g.chain, w)
		if w == start || !g.isBend(w) {
			break
		}
		v = w
		// A bend has two arcs: go on by the one we did not come by.
		arc = g.first[w] + g.first[w] + 1 - uint32(back)
	}
	g.finish(metres, along)
	return nil
}

func (g *segments) finish(metres float64, along traffic) {
	g.streets = append(g.streets, street{max(1, decimetres(metres)), along, len(g.chain)})
}

// decimetres rounds a length; no way on earth overflows.
func decimetres(metres float64) lifecircle.Decimetres {
	return lifecircle.Decimetres(math.Round(metres * 10))
}

// number gives nodes and edges their final numbers.
func (g *segments) number() *Network {
	isNode := make([]bool, len(g.at))
	start := 0
	for _, s := range g.streets {
		isNode[g.chain[start]], isNode[g.chain[s.end-1]] = true, true
		start = s.end
	}
	var old []uint32
	for v, is := range isNode {
		if is {
			old = append(old, uint32(v))
		}
	}
	slices.SortFunc(old, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(morton(g.at[a]), morton(g.at[b])), cmp.Compare(a, b))
	})
	n := &Network{nodes: make([]position, len(old))}
	number := make([]uint32, len(g.at))
	for v, was := range old {
		n.nodes[v] = g.at[was]
		number[was] = uint32(v)
	}
	type numbered struct {
		edge
		chain []uint32
	}
	streets := make([]numbered, len(g.streets))
	start = 0
	for i, s := range g.streets {
		chain := g.chain[start:s.end]
		start = s.end
		from, to := number[chain[0]], number[chain[len(chain)-1]]
		if from > to {
			slices.Reverse(chain)
			from, to = to, from
			s.traffic = s.reversed()
		}
		streets[i] = numbered{edge{from: from, to: to, length: s.length, traffic: s.traffic}, chain}
	}
	// Between the same nodes the order of tracing stands, which follows from the
	// order of the extract's nodes.
	slices.SortStableFunc(streets, func(a, b numbered) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	n.edges = make([]edge, len(streets))
	n.shapes = make([]position, 0, len(g.at)-len(old))
	for i, s := range streets {
		for _, v := range s.chain[1 : len(s.chain)-1] {
			n.shapes = append(n.shapes, g.at[v])
		}
		s.shapeEnd = uint32(len(n.shapes))
		n.edges[i] = s.edge
	}
	for v, was := range old {
		if g.stops[was] != 0 {
			n.barriers = append(n.barriers, barrier{uint32(v), uint32(g.stops[was])})
		}
	}
	return n
}

// morton interleaves the bits of a position, longitude the lower of each pair
// (G. M. Morton, A Computer Oriented Geodetic Data Base, IBM 1966).
func morton(p position) uint64 {
	return spread(uint32(p.lon)+180*unitsPerDegree) | spread(uint32(p.lat)+90*unitsPerDegree)<<1
}

// spread puts a 0 before every bit.
func spread(x uint32) uint64 {
	v := uint64(x)
	v = (v | v<<16) & 0x0000ffff0000ffff
	v = (v | v<<8) & 0x00ff00ff00ff00ff
	v = (v | v<<4) & 0x0f0f0f0f0f0f0f0f
	v = (v | v<<2) & 0x3333333333333333
	return (v | v<<1) & 0x5555555555555555
}

package network

import (
	"cmp"
	"math"
	"slices"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/network/osm"
)

// Build makes a network of the streets of an extract. It depends on which
// segments there are and not on how they are divided into ways: a segment drawn
// twice counts once, and the direction of a way does not matter.
func Build(extract *osm.Extract) (*Network, error) {
	g, err := newSegments(extract)
	if err != nil {
		return nil, err
	}
	if len(g.neighbours) == 0 {
		return nil, lifecircle.Errorf("network_empty", "the map holds no street that a person may walk: take an extract with the tag highway")
	}
	if err := g.trace(); err != nil {
		return nil, err
	}
	n := g.number()
	n.derive()
	n.seal()
	return n, nil
}

// segments is the graph of all segments: its nodes are those of the extract,
// bends included.
type segments struct {
	at []position
	// neighbours of v are neighbours[first[v]:first[v+1]], ascending.
	first      []uint32
	neighbours []uint32
	done       []bool // segments already on a street, by direction
	// Streets found so far; the points of each are chain[end of the one before : end],
	// both nodes included.
	streets []street
	chain   []uint32
}

type street struct {
	length lifecircle.Decimetres
	end    int
}

func newSegments(extract *osm.Extract) (*segments, error) {
	g := &segments{at: make([]position, len(extract.Nodes))}
	for i, p := range extract.Nodes {
		if !p.Valid() {
			return nil, lifecircle.Errorf("network_invalid", "street node %d lies at %v, %v, not on the earth", i, p.Lon, p.Lat)
		}
		g.at[i] = positionOf(p)
	}
	var pairs []uint64
	for _, s := range extract.Streets {
		for k, v := range s.Nodes {
			if int(v) >= len(g.at) {
				return nil, lifecircle.Errorf("network_invalid", "way %d uses node %d of %d", s.WayID, v, len(g.at))
			}
			if k > 0 && s.Nodes[k-1] != v {
				u := s.Nodes[k-1]
				pairs = append(pairs, uint64(min(u, v))<<32|uint64(max(u, v)))
			}
		}
	}
	slices.Sort(pairs)
	pairs = slices.Compact(pairs)
	g.first = make([]uint32, len(g.at)+1)
	for _, pair := range pairs {
		g.first[pair>>32]++
		g.first[uint32(pair)]++
	}
	total := uint32(0)
	for v, degree := range g.first {
		g.first[v] = total
		total += degree
	}
	g.neighbours = make([]uint32, total)
	g.done = make([]bool, total)
	next := slices.Clone(g.first)
	add := func(v, w uint32) {
		g.neighbours[next[v]] = w
		next[v]++
	}
	// Lower neighbours first, so that each row is ascending.
	for _, pair := range pairs {
		add(uint32(pair), uint32(pair>>32))
	}
	for _, pair := range pairs {
		add(uint32(pair>>32), uint32(pair))
	}
	return g, nil
}

func (g *segments) degree(v uint32) uint32 { return g.first[v+1] - g.first[v] }

// trace finds the streets: from each node that is not just a bend, along every
// segment that leaves it, to the next such node. What is left then are rings
// without any; their lowest node serves.
func (g *segments) trace() error {
	for _, rings := range []bool{false, true} {
		for v := range uint32(len(g.at)) {
			if (g.degree(v) == 2) != rings {
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
			g.finish(metres)
			g.chain = append(g.chain, v)
			metres = 0
		}
		metres += segment
		g.chain = append(g.chain, w)
		if w == start || g.degree(w) != 2 {
			break
		}
		v = w
		// A bend has two arcs: go on by the one we did not come by.
		arc = g.first[w] + g.first[w] + 1 - uint32(back)
	}
	g.finish(metres)
	return nil
}

func (g *segments) finish(metres float64) {
	g.streets = append(g.streets, street{max(1, decimetres(metres)), len(g.chain)})
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
		}
		streets[i] = numbered{edge{from: from, to: to, length: s.length}, chain}
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

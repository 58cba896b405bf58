package network

import "slices"

// connect finds the strongly connected components (R. Tarjan, Depth-first search
// and linear graph algorithms, SIAM J. Comput. 1, 1972): in each, every node can
// be reached from every other. Where all streets run both ways they are the
// connected components. Nodes without traffic are of none.
func (p *Profile) connect() {
	n := p.net
	p.component = make([]uint32, len(n.nodes))
	for v := range p.component {
		p.component[v] = noComponent
	}
	used := p.withTraffic()
	const unseen = 0
	// number counts nodes as they are met, from 1; low is the least number on the
	// stack that is reached from below a node.
	number, low := make([]uint32, len(n.nodes)), make([]uint32, len(n.nodes))
	next := slices.Clone(n.first[:len(n.nodes)])
	var open, path []uint32
	met := uint32(0)
	for root := range uint32(len(n.nodes)) {
		if number[root] != unseen || !used[root] {
			continue
		}
		path = append(path[:0], root)
		for len(path) > 0 {
			v := path[len(path)-1]
			if number[v] == unseen {
				met++
				number[v], low[v] = met, met
				open = append(open, v)
			}
			descended := false
			for next[v] < n.first[v+1] {
				arc := next[v]
				next[v]++
				if p.weights[arc] == Barred {
					continue
				}
				w := n.heads[arc]
				if number[w] == unseen {
					path = append(path, w)
					descended = true
					break
				}
				if p.component[w] == noComponent { // on the stack
					low[v] = min(low[v], number[w])
				}
			}
			if descended {
				continue
			}
			path = path[:len(path)-1]
			if len(path) > 0 {
				above := path[len(path)-1]
				low[above] = min(low[above], low[v])
			}
			if low[v] != number[v] {
				continue
			}
			for {
				w := open[len(open)-1]
				open = open[:len(open)-1]
				p.component[w] = uint32(p.components)
				if w == v {
					break
				}
			}
			p.components++
		}
	}
	p.numberComponents()
}

// withTraffic reports which nodes end a street that the profile may use.
func (p *Profile) withTraffic() []bool {
	used := make([]bool, len(p.net.nodes))
	p.usable = make([]uint64, (len(p.net.edges)+63)/64)
	for e, at := range p.net.edges {
		if at.bars(p.user, false) && at.bars(p.user, true) {
			continue
		}
		p.usable[e>>6] |= 1 << (e & 63)
		for _, v := range [2]uint32{at.from, at.to} {
			used[v] = used[v] || p.passes(v)
		}
	}
	return used
}

// numberComponents numbers the components in the order of their first nodes and
// finds the largest.
func (p *Profile) numberComponents() {
	renamed := make([]uint32, p.components)
	for i := range renamed {
		renamed[i] = noComponent
	}
	var sizes []int
	for v, id := range p.component {
		if id == noComponent {
			continue
		}
		if renamed[id] == noComponent {
			renamed[id] = uint32(len(sizes))
			sizes = append(sizes, 0)
		}
		p.component[v] = renamed[id]
		sizes[renamed[id]]++
	}
	for id, size := range sizes {
		if size > sizes[p.main] {
			p.main = uint32(id)
		}
	}
	p.sizes = sizes
	if len(sizes) == 0 {
		return
	}
	p.largest = make([]uint32, 0, sizes[p.main])
	for v, id := range p.component {
		if id == p.main {
			p.largest = append(p.largest, uint32(v))
		}
	}
}

// islandNodes are as many as make a component an island of its own, where people
// and places stay: they do not go to a street across the water because that is
// within snapping distance. A smaller component is a path that the map forgot to
// join. The number is that of R5 (Conveyal), which drops smaller ones.
const islandNodes = 40

// findReachable marks the edges from which one gets into the largest component
// and to which one gets from it, and those of islands.
func (p *Profile) findReachable() {
	p.reachable = make([]uint64, len(p.usable))
	p.met = make([]uint64, len(p.usable))
	onIsland := func(v uint32) bool {
		return p.component[v] != noComponent && p.component[v] != p.main && p.sizes[p.component[v]] >= islandNodes
	}
	for e := range p.net.edges {
		at := &p.net.edges[e]
		inFrom, inTo := p.InLargest(at.from), p.InLargest(at.to)
		forward, back := !at.bars(p.user, false), !at.bars(p.user, true)
		leaves := back && inFrom || forward && inTo
		arrives := forward && inFrom || back && inTo
		switch {
		case leaves && arrives && len(p.largest) > 0:
			p.reachable[e>>6] |= 1 << (e & 63)
			p.met[e>>6] |= 1 << (e & 63)
		case (forward || back) && onIsland(at.from) && onIsland(at.to):
			p.met[e>>6] |= 1 << (e & 63)
		}
	}
}

package routing

// cover is the scratch memory that turns a cut of edges into the least set of
// nodes that touches them all (D. Kőnig, Gráfok és mátrixok, 1931): in a
// bipartite graph it is as large as the largest matching.
type cover struct {
	mate    []int32 // of each node, -1 for none
	visited []uint32
	round   uint32
	rim     []int32 // nodes of the first side with an edge across
	stack   []int32
	arcs    []int32
}

// separator returns the nodes whose removal parts the sides, ascending.
func (c *cover) separator(p *part, side []bool) []int32 {
	n := p.nodes()
	if cap(c.mate) < n {
		c.mate, c.visited, c.round = make([]int32, n), make([]uint32, n), 0
	}
	c.mate, c.visited = c.mate[:n], c.visited[:n]
	c.rim = c.rim[:0]
	for v := range int32(n) {
		c.mate[v] = -1
		if !side[v] {
			continue
		}
		for _, w := range p.heads[p.first[v]:p.first[v+1]] {
			if !side[w] {
				c.rim = append(c.rim, v)
				break
			}
		}
	}
	for _, v := range c.rim {
		c.next()
		c.augment(p, side, v)
	}
	// What is reached from unmatched nodes of the rim by alternating edges decides:
	// the unreached of this side and the reached of the other cover all edges.
	c.next()
	for _, v := range c.rim {
		if c.mate[v] < 0 {
			c.reach(p, side, v)
		}
	}
	var out []int32
	for v := range int32(n) {
		reached := c.visited[v] == c.round
		if side[v] && !reached && c.mate[v] >= 0 || !side[v] && reached {
			out = append(out, v)
		}
	}
	return out
}

func (c *cover) next() {
	c.round++
	if c.round == 0 {
		clear(c.visited[:cap(c.visited)])
		c.round = 1
	}
}

// augment lengthens the matching by a way that starts at an unmatched node, if
// there is one (H. W. Kuhn, The Hungarian method, 1955).
func (c *cover) augment(p *part, side []bool, start int32) {
	c.stack, c.arcs = append(c.stack[:0], start), append(c.arcs[:0], p.first[start])
	c.visited[start] = c.round
	for len(c.stack) > 0 {
		top := len(c.stack) - 1
		v, arc := c.stack[top], c.arcs[top]
		if arc == p.first[v+1] {
			c.stack, c.arcs = c.stack[:top], c.arcs[:top]
			continue
		}
		c.arcs[top]++
		w := p.heads[arc]
		if side[w] || c.visited[w] == c.round {
			continue
		}
		c.visited[w] = c.round
		if c.mate[w] < 0 {
			for i := top; i >= 0; i-- {
				v, w := c.stack[i], p.heads[c.arcs[i]-1]
				c.mate[v], c.mate[w] = w, v
			}
			return
		}
		c.stack, c.arcs = append(c.stack, c.mate[w]), append(c.arcs, p.first[c.mate[w]])
	}
}

// reach marks what alternating ways from v meet.
func (c *cover) reach(p *part, side []bool, v int32) {
	c.stack = append(c.stack[:0], v)
	c.visited[v] = c.round
	for len(c.stack) > 0 {
		v := c.stack[len(c.stack)-1]
		c.stack = c.stack[:len(c.stack)-1]
		for _, w := range p.heads[p.first[v]:p.first[v+1]] {
			if side[w] || c.visited[w] == c.round {
				continue
			}
			c.visited[w] = c.round
			// w is matched: else the way to it would have lengthened the matching.
			if mate := c.mate[w]; c.visited[mate] != c.round {
				c.visited[mate] = c.round
				c.stack = append(c.stack, mate)
			}
		}
	}
}

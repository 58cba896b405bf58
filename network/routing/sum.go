package routing

import (
	"math"
	"math/bits"
	"slices"
	"sync"
	"sync/atomic"

	"lifecircle"
)

// SumQuery asks how much lies around every node.
type SumQuery struct {
	Amounts []uint32 // at each node: people, jobs, places
	// Radii are the distances within which amounts count, inclusive; none more than
	// MaxRadius.
	Radii []uint32
	// Direction is Away where a node's way to the amounts counts, Toward where theirs
	// to it does.
	Direction Direction
	// Threads is how many goroutines work; 0 means as many as there are processors.
	// The answer does not depend on it.
	Threads int
}

// MaxRadius bounds the radii of sums: 6.5 km in decimetres, 109 minutes in
// deciseconds.
const MaxRadius = math.MaxUint16 - 1

// Sums returns, for each radius, the sum of the amounts around each node.
//
// Each cell of some hundred nodes is asked for at once: a bounded search finds the nodes
// within the largest radius of any of them; the hierarchy among those is enough,
// because all nodes of a shortest way that is short enough are among them; one pass
// up and one down give the distances of all to the whole cell in lanes of 16 bits, where
// what is too far stays 65535.
func (m *Metric) Sums(q SumQuery) ([][]uint32, error) {
	ix := m.index
	n := len(ix.rank)
	if len(q.Amounts) != n {
		return nil, lifecircle.Errorf("amounts_invalid", "there are %d amounts for %d nodes", len(q.Amounts), n)
	}
	total := uint64(0)
	for _, a := range q.Amounts {
		total += uint64(a)
	}
	if total > math.MaxUint32 {
		return nil, lifecircle.Errorf("amounts_too_large", "all amounts together are %d: the limit is %d, count in larger units", total, uint32(math.MaxUint32))
	}
	sums := make([][]uint32, len(q.Radii))
	for i, r := range q.Radii {
		if r > MaxRadius {
			return nil, lifecircle.Errorf("radius_too_large", "the radius %d is more than %d", r, MaxRadius)
		}
		sums[i] = make([]uint32, n)
	}
	if len(q.Radii) == 0 {
		return sums, nil
	}
	around := m.around(q)
	cells := (n + cellNodes - 1) / cellNodes
	var next atomic.Int64
	work := func() {
		c := newCell(around)
		for {
			cell := int(next.Add(1)) - 1
			if cell >= cells {
				return
			}
			from := uint32(cell * cellNodes)
			c.run(from, min(from+cellNodes, uint32(n)), sums)
		}
	}
	var running sync.WaitGroup
	for range min(threads(q.Threads), cells) - 1 {
		running.Go(work)
	}
	work()
	running.Wait()
	return sums, nil
}

// surroundings is what all cells share.
type surroundings struct {
	index      *Index
	first      []uint32 // the graph by ranks
	streets    []upArc
	rise, fall *slim
	amounts    []uint32 // by rank
	radii      []uint32
	reach      uint32 // the largest radius
}

func (m *Metric) around(q SumQuery) *surroundings {
	ix := m.index
	a := &surroundings{index: ix, radii: q.Radii, reach: slices.Max(q.Radii)}
	a.rise, a.fall = m.slimmed()
	g, weight := ix.graph, func(arc uint32) uint32 { return m.weights[arc] }
	if q.Direction == Toward && !m.symmetric {
		a.rise, a.fall = a.fall, a.rise
		side := m.side(Toward)
		g, weight = Graph{First: side.first, Heads: side.ends}, func(arc uint32) uint32 { return m.weights[side.arcs[arc]] }
	}
	a.first = make([]uint32, 1, len(ix.rank)+1)
	a.streets = make([]upArc, 0, len(g.Heads))
	a.amounts = make([]uint32, len(ix.rank))
	for v, node := range ix.node {
		for arc := g.First[node]; arc < g.First[node+1]; arc++ {
			if w := weight(arc); w <= a.reach {
				a.streets = append(a.streets, upArc{ix.rank[g.Heads[arc]], w})
			}
		}
		a.first = append(a.first, uint32(len(a.streets)))
		a.amounts[v] = q.Amounts[node]
	}
	return a
}

// cell is the scratch memory for one cell after the other.
type cell struct {
	*surroundings
	dist    []uint32 // from the nearest node of the cell, none32 beyond reach
	local   []uint32
	buckets [][]uint32
	shift   int
	bits    []uint64  // of ranks that are near
	above   []uint64  // bit w: bits[w] is not empty
	ball    []uint32  // near ranks, ascending
	arcs    []laneArc // of the hierarchy to one node of the ball from those above
	lanes   []uint16  // cellNodes to a node of the ball
	met     []bool    // whether the way up reached a node
	sums    [][]uint32
	far     [cellNodes]uint16 // lanes that nothing has reached
}

// laneArc is an arc among the ball.
type laneArc struct {
	head   uint32
	weight uint16
}

func newCell(a *surroundings) *cell {
	n := len(a.index.rank)
	c := &cell{
		surroundings: a, dist: make([]uint32, n), local: make([]uint32, n),
		bits: make([]uint64, words(n)), above: make([]uint64, words(words(n))),
	}
	for v := range c.dist {
		c.dist[v] = none32
	}
	// Some 60 buckets: a node may be met again within one, which costs less than to
	// keep more of them.
	c.shift = max(0, bits.Len32(a.reach)-6)
	c.buckets = make([][]uint32, a.reach>>c.shift+1)
	for i := range c.far {
		c.far[i] = math.MaxUint16
	}
	c.sums = make([][]uint32, len(a.radii))
	for i := range c.sums {
		c.sums[i] = make([]uint32, cellNodes)
	}
	return c
}

func (c *cell) run(from, to uint32, sums [][]uint32) {
	c.search(from, to)
	c.collect()
	c.climb(from, to)
	c.descend()
	for i, column := range c.sums {
		for v := from; v < to; v++ {
			sums[i][c.index.node[v]] = column[v-from]
		}
	}
	for _, v := range c.ball {
		c.dist[v] = none32
	}
}

// search finds the nodes near any of the cell.
func (c *cell) search(from, to uint32) {
	touch := func(v uint32) {
		c.bits[v>>6] |= 1 << (v & 63)
		c.above[v>>12] |= 1 << (v >> 6 & 63)
	}
	for v := from; v < to; v++ {
		c.dist[v] = 0
		touch(v)
		c.buckets[0] = append(c.buckets[0], v)
	}
	for b := range c.buckets {
		bucket := c.buckets[b]
		for at := 0; at < len(bucket); at++ {
			v := bucket[at]
			d := c.dist[v]
			if int(d>>c.shift) != b {
				continue
			}
			for _, arc := range c.streets[c.first[v]:c.first[v+1]] {
				z := d + arc.weight
				if z > c.reach || z >= c.dist[arc.head] {
					continue
				}
				if c.dist[arc.head] == none32 {
					touch(arc.head)
				}
				c.dist[arc.head] = z
				if to := int(z >> c.shift); to == b {
					bucket = append(bucket, arc.head)
				} else {
					c.buckets[to] = append(c.buckets[to], arc.head)
				}
			}
		}
		c.buckets[b] = bucket[:0]
	}
}

// collect lists the near nodes in the order of their ranks and clears their bits.
func (c *cell) collect() {
	c.ball = c.ball[:0]
	for i, words := range c.above {
		for ; words != 0; words &= words - 1 {
			w := uint32(64*i + bits.TrailingZeros64(words))
			for word := c.bits[w]; word != 0; word &= word - 1 {
				v := 64*w + uint32(bits.TrailingZeros64(word))
				c.local[v] = uint32(len(c.ball))
				c.ball = append(c.ball, v)
			}
			c.bits[w] = 0
		}
		c.above[i] = 0
	}
}

// row returns the lanes of a node of the ball.
func (c *cell) row(i uint32) []uint16 { return c.lanes[cellNodes*i:][:cellNodes] }

// climb finds the distances from each node of the cell to what lies above it.
func (c *cell) climb(from, to uint32) {
	if cap(c.lanes) < cellNodes*len(c.ball) {
		c.lanes, c.met = make([]uint16, 2*cellNodes*len(c.ball)), make([]bool, 2*len(c.ball))
	}
	c.lanes, c.met = c.lanes[:cellNodes*len(c.ball)], c.met[:len(c.ball)]
	clear(c.met)
	fresh := func(i uint32) {
		if !c.met[i] {
			c.met[i] = true
			copy(c.row(i), c.far[:])
		}
	}
	for v := from; v < to; v++ {
		i := c.local[v]
		fresh(i)
		c.row(i)[v-from] = 0
	}
	for i, v := range c.ball {
		if !c.met[i] {
			continue
		}
		room := c.reach - c.dist[v]
		for _, arc := range c.rise.above(v) {
			if arc.weight <= room && c.dist[arc.head] != none32 {
				head := c.local[arc.head]
				fresh(head)
				pushLanes(c.row(head), c.row(uint32(i)), uint16(arc.weight))
			}
		}
	}
}

// descend finds the distances to the whole ball, from the top down, and adds up what
// is near enough. What is too far from the whole cell is too far from each of it.
func (c *cell) descend() {
	for _, sum := range c.sums {
		clear(sum)
	}
	for i := len(c.ball) - 1; i >= 0; i-- {
		v := c.ball[i]
		c.arcs = c.arcs[:0]
		for _, arc := range c.fall.above(v) {
			if d := c.dist[arc.head]; d != none32 && d+arc.weight <= c.reach {
				c.arcs = append(c.arcs, laneArc{c.local[arc.head], uint16(arc.weight)})
			}
		}
		pullLanes(c.lanes, uint32(i), c.arcs, c.met[i])
		if amount := c.amounts[v]; amount > 0 {
			for k, r := range c.radii {
				if c.dist[v] <= r {
					addLanes(c.sums[k], c.row(uint32(i)), uint16(r), amount)
				}
			}
		}
	}
}

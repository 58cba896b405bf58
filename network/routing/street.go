package routing

import "lifecircle"

// ArcChange gives an arc of the graph another weight; Barred closes it.
type ArcChange struct {
	Arc    uint32
	Weight uint32
}

// Clone returns a copy of the metric that may be changed by itself.
func (m *Metric) Clone() *Metric {
	c := &Metric{index: m.index, weights: append([]uint32(nil), m.weights...), symmetric: m.symmetric, longest: m.longest}
	c.up = append([]uint32(nil), m.up...)
	c.down = c.up
	if !m.symmetric {
		c.down = append([]uint32(nil), m.down...)
	}
	return c
}

// Change alters the metric as streets are closed, opened or slowed down: after it
// the metric is the same, to the bit, as one customised with the new weights. Only
// arcs of the hierarchy whose least way may have changed are looked at, lower tails
// first. No search may use the metric meanwhile; to try something on a metric that
// others use, change a Clone, and change it back.
func (m *Metric) Change(changes []ArcChange) error {
	for _, c := range changes {
		switch {
		case int64(c.Arc) >= int64(len(m.weights)):
			return lifecircle.Errorf("weights_invalid", "there is no arc %d: the graph has %d", c.Arc, len(m.weights))
		case c.Weight > Barred:
			return lifecircle.Errorf("weights_invalid", "arc %d weighs %d: a weight is less than %d, and that bars the arc", c.Arc, c.Weight, Barred)
		}
	}
	// By their tails, which all that changes below precedes.
	p := repair{metric: m, waiting: make(map[uint32]bool), queue: heapOf[tailed]{less: func(a, b tailed) bool { return a.tail < b.tail }}}
	for _, c := range changes {
		m.weights[c.Arc] = c.Weight
		if c.Weight < Barred {
			m.longest = max(m.longest, c.Weight)
		}
		if at := m.index.place[c.Arc]; at != nowhere {
			p.push(at >> 1)
		}
	}
	m.slim = [2]*slim{}
	if m.symmetric {
		for arc := range p.waiting {
			if there, back := p.own(arc); there != back {
				m.symmetric = false
				m.down = append([]uint32(nil), m.up...)
				break
			}
		}
	}
	for t, ok := p.queue.pop(); ok; t, ok = p.queue.pop() {
		p.settle(t)
	}
	return nil
}

// repair is a change under way.
type repair struct {
	metric  *Metric
	queue   heapOf[tailed]
	waiting map[uint32]bool
}

// tailed is an up-arc with its tail.
type tailed struct{ tail, arc uint32 }

func (p *repair) push(arc uint32) {
	if !p.waiting[arc] {
		p.waiting[arc] = true
		p.queue.push(tailed{p.metric.index.tail(arc), arc})
	}
}

// tail returns the lower end of an up-arc.
func (ix *Index) tail(arc uint32) uint32 { return rowOf(ix.first, arc) }

// own returns what the streets between the ends of an up-arc weigh, without ways
// over lower nodes.
func (p *repair) own(arc uint32) (up, down uint32) {
	ix := p.metric.index
	low, high := ix.node[ix.tail(arc)], ix.node[ix.heads[arc]]
	least := func(from, to uint32) uint32 {
		best := uint32(Barred)
		for a := ix.graph.First[from]; a < ix.graph.First[from+1]; a++ {
			if ix.graph.Heads[a] == to {
				best = min(best, p.metric.weights[a])
			}
		}
		return best
	}
	return least(low, high), least(high, low)
}

// settle reckons an arc anew and has those looked at that it bounds, or bounded.
func (p *repair) settle(t tailed) {
	m, ix := p.metric, p.metric.index
	delete(p.waiting, t.arc)
	x, y := t.tail, ix.heads[t.arc]
	up, down := p.own(t.arc)
	// The lower nodes of both ends, each list ascending.
	a := ix.downs[ix.downFirst[x]:ix.downFirst[x+1]]
	b := ix.downs[ix.downFirst[y]:ix.downFirst[y+1]]
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0].tail < b[0].tail:
			a = a[1:]
		case a[0].tail > b[0].tail:
			b = b[1:]
		default:
			up = min(up, m.down[a[0].arc]+m.up[b[0].arc])
			down = min(down, m.down[b[0].arc]+m.up[a[0].arc])
			a, b = a[1:], b[1:]
		}
	}
	wasUp, wasDown := m.up[t.arc], m.down[t.arc]
	if up == wasUp && down == wasDown {
		return
	}
	m.up[t.arc], m.down[t.arc] = up, down
	// x is the lower node of a triangle with each other higher neighbour z.
	for other := ix.first[x]; other < ix.first[x+1]; other++ {
		z := ix.heads[other]
		if z == y {
			continue
		}
		low, high := min(y, z), max(y, z)
		arc, ok := ix.find(low, high)
		if !ok {
			panic("routing: the neighbours above a node are not joined")
		}
		// What leads from y to z over x, and from z to y, before and after.
		touches := func(was, now, rest, has uint32) bool {
			return was != now && rest < Barred && (was < Barred && was+rest == has || now < Barred && now+rest < has)
		}
		there, back := m.up[arc], m.down[arc] // from low to high, and back
		if y == high {
			there, back = back, there // from y to z, and back
		}
		if touches(wasDown, down, m.up[other], there) || touches(wasUp, up, m.down[other], back) {
			p.push(arc)
		}
	}
}

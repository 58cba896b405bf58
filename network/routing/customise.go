package routing

import (
	"slices"
	"sync"
)

// Metric is an index with weights: those of one profile at one time. Any number
// of goroutines may search it, but not while Change alters it.
type Metric struct {
	index   *Index
	weights []uint32 // of the graph's arcs
	// The least way along lower nodes, by up-arc: up with it, down against it. They
	// are one column when every arc weighs the same both ways.
	up, down  []uint32
	symmetric bool
	longest   uint32 // no open arc weighs more

	sweeps sync.Pool // *Sweep
	// The hierarchy upward and downward without needless arcs, made when first asked
	// for.
	slimming sync.Mutex
	slim     [2]*slim
}

// MetricConfig says how a metric is made.
type MetricConfig struct {
	// Threads is how many goroutines work; 0 means as many as there are processors.
	// The metric does not depend on it.
	Threads int
}

// Customise gives the arcs of the graph weights, in the order of Graph.Heads;
// Barred closes an arc. The weights are copied.
func (ix *Index) Customise(weights []uint32, cfg MetricConfig) (*Metric, error) {
	if err := ix.graph.checkWeights(weights); err != nil {
		return nil, err
	}
	m := &Metric{index: ix, weights: slices.Clone(weights)}
	for _, w := range weights {
		if w < Barred {
			m.longest = max(m.longest, w)
		}
	}
	m.scatter()
	m.complete(threads(cfg.Threads))
	return m, nil
}

// scatter puts the weights of the graph's arcs in their places.
func (m *Metric) scatter() {
	ix := m.index
	fresh := func() []uint32 {
		column := make([]uint32, len(ix.heads))
		for i := range column {
			column[i] = Barred
		}
		return column
	}
	m.up, m.down = fresh(), fresh()
	for arc, at := range ix.place {
		if at == nowhere {
			continue
		}
		column := m.up
		if at&1 != 0 {
			column = m.down
		}
		column[at>>1] = min(column[at>>1], m.weights[arc])
	}
	// The rest of customisation treats both ways alike, so they stay equal.
	if m.symmetric = slices.Equal(m.up, m.down); m.symmetric {
		m.down = m.up
	}
}

// complete lowers every arc to the least way along lower nodes, by its lower
// triangles: x→y by v costs what v→x backward and v→y forward cost. Writing only to
// arcs that leave x, subtrees do not meet.
func (m *Metric) complete(workers int) {
	ix := m.index
	scratch := newPositions(len(ix.rank), min(workers, max(1, len(ix.tasks))))
	node := m.completeOneWay
	if m.symmetric {
		node = m.completeBothWays
	}
	ix.inParallel(workers, func(worker int, task span) {
		for x := task.from; x < task.to; x++ {
			node(x, scratch[worker])
		}
	})
	for _, x := range ix.top {
		node(x, scratch[0])
	}
}

// newPositions makes, for each worker, a column that says where a head stands in
// the row at hand. It is not cleared between rows: of a triangle all arcs exist.
func newPositions(n, workers int) [][]uint32 {
	all := make([][]uint32, workers)
	for i := range all {
		all[i] = make([]uint32, n)
	}
	return all
}

func (m *Metric) completeBothWays(x uint32, position []uint32) {
	ix := m.index
	from, to := ix.first[x], ix.first[x+1]
	if from == to {
		return
	}
	for i, head := range ix.heads[from:to] {
		position[head] = uint32(i)
	}
	row := m.up[from:to]
	for _, d := range ix.downs[ix.downFirst[x]:ix.downFirst[x+1]] {
		w := m.up[d.arc]
		if w >= Barred {
			continue
		}
		heads := ix.heads[d.arc+1 : ix.first[d.tail+1]]
		weights := m.up[d.arc+1:][:len(heads)]
		for j, y := range heads {
			p := position[y]
			if z := w + weights[j]; z < row[p] {
				row[p] = z
			}
		}
	}
}

func (m *Metric) completeOneWay(x uint32, position []uint32) {
	ix := m.index
	from, to := ix.first[x], ix.first[x+1]
	if from == to {
		return
	}
	for i, head := range ix.heads[from:to] {
		position[head] = uint32(i)
	}
	rowUp, rowDown := m.up[from:to], m.down[from:to]
	for _, d := range ix.downs[ix.downFirst[x]:ix.downFirst[x+1]] {
		wUp, wDown := m.up[d.arc], m.down[d.arc]
		heads := ix.heads[d.arc+1 : ix.first[d.tail+1]]
		ups := m.up[d.arc+1:][:len(heads)]
		downs := m.down[d.arc+1:][:len(heads)]
		for j, y := range heads {
			p := position[y]
			if z := wDown + ups[j]; z < rowUp[p] {
				rowUp[p] = z
			}
			if z := wUp + downs[j]; z < rowDown[p] {
				rowDown[p] = z
			}
		}
	}
}

// Index returns the index the metric was made with.
func (m *Metric) Index() *Index { return m.index }

// Symmetric reports whether every way is as long as the way back.
func (m *Metric) Symmetric() bool { return m.symmetric }

// Weight returns what an arc of the graph weighs.
func (m *Metric) Weight(arc uint32) uint32 { return m.weights[arc] }

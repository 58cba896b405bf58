package routing

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"lifecircle"
)

// Index is a graph prepared for sweeps: an order of its nodes and the hierarchy
// that follows from it, whatever the arcs weigh (J. Dibbelt, B. Strasser, D.
// Wagner, Customizable contraction hierarchies, JEA 21, 2016). It never changes;
// any number of goroutines may use it. Customise gives it weights.
//
// Nodes have a second number, their rank: the places of a postorder of the
// elimination tree. The hierarchy joins v to each higher node that is met from v
// by lower nodes alone. So every subtree is a range of ranks, the higher
// neighbours of a node lie on its way to the root, and the lowest of them is its
// parent. All columns are in the order of ranks, which is also an order of
// neighbourhood: what belongs together lies together.
type Index struct {
	graph Graph
	rank  []uint32 // of each node
	node  []uint32 // of each rank
	// Up-arcs of v are first[v] to first[v+1]; heads ascend.
	first, heads []uint32
	// Down-arcs of v, by the ranks of their tails: downs[downFirst[v]:downFirst[v+1]].
	downFirst []uint32
	downs     []down
	// place is where an arc of the graph lies: up-arc<<1, +1 when it leads down;
	// nowhere for loops.
	place []uint32
	tasks []span   // subtrees that may be worked on at once, ascending
	top   []uint32 // the ranks above them, ascending
	names [32]byte // fingerprint of the graph

	tailing sync.Once
	tailed  []uint32 // see tails

	// The graph turned round, made when first asked for.
	turning    sync.Once
	turned     Graph
	turnedArcs []uint32 // which arc of the graph each is
}

// down is an arc from below.
type down struct{ tail, arc uint32 }

// span is a range of ranks.
type span struct{ from, to uint32 }

const nowhere = 1<<32 - 1

// none32 is no node.
const none32 = 1<<32 - 1

// BuildConfig says how an index is built.
type BuildConfig struct {
	// Threads is how many goroutines work; 0 means as many as there are processors.
	// The index does not depend on it.
	Threads int
	// Progress is told how many of the nodes are ordered, by one goroutine at a time;
	// nil means nobody asks.
	Progress func(done, total int)
}

// Build makes the index of a graph. On a region of 1.1 million nodes it takes
// about two seconds of one processor; bench/RESULTS.md has the figures.
func Build(g Graph, cfg BuildConfig) (*Index, error) {
	if err := g.check(); err != nil {
		return nil, err
	}
	first, heads := g.undirected()
	order := orderOf(g, first, heads, cfg)
	return newIndex(g, order, first, heads)
}

// threads returns how many goroutines may work.
func threads(asked int) int {
	if asked > 0 {
		return asked
	}
	return runtime.GOMAXPROCS(0)
}

// orderOf returns the nodes in the order of their elimination: low degrees first,
// the core by nested dissection.
func orderOf(g Graph, first, heads []uint32, cfg BuildConfig) []int32 {
	total := g.Nodes()
	r := newReduction(first, heads)
	r.reduce(maxReduced)
	core := r.rest(g.X, g.Y)
	var telling sync.Mutex
	done, told := len(r.order), 0
	placed := func(nodes int) {
		if cfg.Progress == nil {
			return
		}
		telling.Lock()
		defer telling.Unlock()
		done += nodes
		if done == total || done-told >= total/100+1 {
			told = done
			cfg.Progress(done, total)
		}
	}
	placed(0)
	helpers := threads(cfg.Threads) - 1
	d := &dissector{
		order: make([]int32, core.nodes()), idle: make(chan struct{}, helpers),
		scratch: sync.Pool{New: func() any { return &flow{} }},
		placed:  placed, located: g.X != nil,
	}
	for range helpers {
		d.idle <- struct{}{}
	}
	if core.nodes() > 0 {
		d.dissect(core, 0)
	}
	d.running.Wait()
	return append(r.order, d.order...)
}

// newIndex makes the index that follows from an order.
func newIndex(g Graph, order []int32, first, heads []uint32) (*Index, error) {
	ix := &Index{graph: g, names: g.fingerprint()}
	parent := ix.number(order, first, heads)
	if err := ix.factorise(parent, first, heads); err != nil {
		return nil, err
	}
	ix.turnDown()
	ix.locate()
	ix.cutTasks()
	return ix, nil
}

// number finds the elimination tree of an order (J. W. H. Liu, A compact row
// storage scheme for Cholesky factors using elimination trees, ACM TOMS 12, 1986)
// and numbers its nodes in postorder, which is as good an order with the same
// hierarchy. It returns the parent of each rank.
func (ix *Index) number(order []int32, first, heads []uint32) (parent []uint32) {
	n := len(order)
	place := make([]uint32, n)
	for at, v := range order {
		place[v] = uint32(at)
	}
	before := make([]uint32, n) // parents by place
	ancestor := make([]uint32, n)
	for at := range uint32(n) {
		before[at], ancestor[at] = none32, none32
		v := order[at]
		for _, w := range heads[first[v]:first[v+1]] {
			r := place[w]
			for r < at {
				up := ancestor[r]
				ancestor[r] = at
				if up == none32 {
					before[r] = at
					break
				}
				if up == at {
					break
				}
				r = up
			}
		}
	}
	size := make([]uint32, n)
	for at := range n {
		size[at]++
		if before[at] != none32 {
			size[before[at]] += size[at]
		}
	}
	// From the top down every node gets the highest number left in its parent's
	// range, and its subtree the numbers below it.
	number := make([]uint32, n)
	free := ancestor // the highest number left below each
	left := uint32(n)
	parent = make([]uint32, n)
	for at := n - 1; at >= 0; at-- {
		up := before[at]
		if up == none32 {
			left -= size[at]
			number[at] = left + size[at] - 1
			parent[number[at]] = none32
		} else {
			number[at] = free[up]
			free[up] -= size[at]
			parent[number[at]] = number[up]
		}
		free[at] = number[at] - 1
	}
	ix.rank, ix.node = make([]uint32, n), place
	for at, v := range order {
		ix.rank[v] = number[at]
	}
	for v, rank := range ix.rank {
		ix.node[rank] = uint32(v)
	}
	return parent
}

// climb tells every up-arc u→v: v climbs from each lower neighbour along the tree
// and leaves an arc to itself at every step, until it meets its own trace. Nothing
// is merged or sorted: as v ascends, so do the heads of each u.
func (ix *Index) climb(parent, first, heads []uint32, tell func(u, v uint32)) {
	seen := make([]uint32, len(ix.rank))
	for v := range seen {
		seen[v] = none32
	}
	for v := range uint32(len(seen)) {
		node := ix.node[v]
		for _, w := range heads[first[node]:first[node+1]] {
			for u := ix.rank[w]; u < v && seen[u] != v; u = parent[u] {
				seen[u] = v
				tell(u, v)
			}
		}
	}
}

// factorise finds the up-arcs.
func (ix *Index) factorise(parent, first, heads []uint32) error {
	count := make([]uint32, len(ix.rank)+1)
	ix.climb(parent, first, heads, func(u, _ uint32) { count[u]++ })
	total := uint64(0)
	for v, c := range count {
		count[v] = uint32(total)
		total += uint64(c)
	}
	if total >= 1<<31 {
		return lifecircle.Errorf("graph_too_large", "the hierarchy has %d arcs, the limit is 2^31: the graph is no street network", total)
	}
	ix.first = slices.Clone(count)
	ix.heads = make([]uint32, total)
	ix.climb(parent, first, heads, func(u, v uint32) {
		ix.heads[count[u]] = v
		count[u]++
	})
	return nil
}

// turnDown lists the up-arcs by their heads.
func (ix *Index) turnDown() {
	n := len(ix.rank)
	ix.downFirst = make([]uint32, n+1)
	for _, head := range ix.heads {
		ix.downFirst[head]++
	}
	total := uint32(0)
	for v, count := range ix.downFirst {
		ix.downFirst[v] = total
		total += count
	}
	next := slices.Clone(ix.downFirst)
	ix.downs = make([]down, total)
	for v := range uint32(n) {
		for arc := ix.first[v]; arc < ix.first[v+1]; arc++ {
			head := ix.heads[arc]
			ix.downs[next[head]] = down{v, arc}
			next[head]++
		}
	}
}

// tails returns the lower end of each up-arc; it is made when first asked for.
func (ix *Index) tails() []uint32 {
	ix.tailing.Do(func() {
		ix.tailed = make([]uint32, len(ix.heads))
		for v := range uint32(len(ix.rank)) {
			for arc := ix.first[v]; arc < ix.first[v+1]; arc++ {
				ix.tailed[arc] = v
			}
		}
	})
	return ix.tailed
}

// find returns the up-arc from one rank to a higher one.
func (ix *Index) find(tail, head uint32) (arc uint32, ok bool) {
	at, ok := slices.BinarySearch(ix.heads[ix.first[tail]:ix.first[tail+1]], head)
	return ix.first[tail] + uint32(at), ok
}

// locate finds the place of every arc of the graph.
func (ix *Index) locate() {
	g := ix.graph
	ix.place = make([]uint32, len(g.Heads))
	for v := range uint32(len(ix.rank)) {
		for arc := g.First[v]; arc < g.First[v+1]; arc++ {
			from, to := ix.rank[v], ix.rank[g.Heads[arc]]
			if from == to {
				ix.place[arc] = nowhere
				continue
			}
			up, ok := ix.find(min(from, to), max(from, to))
			if !ok {
				panic(fmt.Sprintf("routing: arc %d of the graph is not in the hierarchy", arc))
			}
			ix.place[arc] = up << 1
			if from > to {
				ix.place[arc]++
			}
		}
	}
}

// cutTasks divides the tree into subtrees of at most a 32nd of the nodes, and what
// is above them.
func (ix *Index) cutTasks() {
	n := uint32(len(ix.rank))
	size := make([]uint32, n)
	limit := max(1, n/32)
	for v := range n {
		size[v]++
		if up := ix.parent(v); up != none32 {
			size[up] += size[v]
		}
	}
	for v := range n {
		switch up := ix.parent(v); {
		case size[v] > limit:
			ix.top = append(ix.top, v)
		case up == none32 || size[up] > limit:
			ix.tasks = append(ix.tasks, span{v + 1 - size[v], v + 1})
		}
	}
}

// inParallel runs the tasks by so many goroutines; run is told which of them it
// is. Large tasks go first.
func (ix *Index) inParallel(workers int, run func(worker int, task span)) {
	workers = min(workers, len(ix.tasks))
	if workers <= 1 {
		for i := len(ix.tasks) - 1; i >= 0; i-- {
			run(0, ix.tasks[i])
		}
		return
	}
	queue := make(chan span, len(ix.tasks))
	for _, task := range slices.SortedStableFunc(slices.Values(ix.tasks), func(a, b span) int {
		return cmp.Compare(b.to-b.from, a.to-a.from)
	}) {
		queue <- task
	}
	close(queue)
	var running sync.WaitGroup
	for worker := range workers {
		running.Go(func() {
			for task := range queue {
				run(worker, task)
			}
		})
	}
	running.Wait()
}

// parent returns the parent of a rank in the elimination tree, none32 for a root.
func (ix *Index) parent(v uint32) uint32 {
	if ix.first[v] == ix.first[v+1] {
		return none32
	}
	return ix.heads[ix.first[v]]
}

// Nodes returns how many nodes there are.
func (ix *Index) Nodes() int { return len(ix.rank) }

// Arcs returns how many arcs the hierarchy has.
func (ix *Index) Arcs() int { return len(ix.heads) }

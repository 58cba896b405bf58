package siting

import (
	"fmt"
	"math"
	"slices"
)

// core is what most models come down to: choose options y ∈ Y so that
//
//	Σ_j f_j·y_j + Σ_i w_i·service_i   is least.
//
// In a cover core (cost == nil) service_i is u_i if fewer than need chosen
// options reach row i, else 0; in a median core it is min(u_i, min c_ij over the
// chosen options). A hard row must be served. Rows are demand cells, after
// merging those that cannot be told apart.
type core struct {
	chooser *chooser
	m, n    int

	first []int64 // option → pairs
	row   []int32
	cost  []int32 // nil in a cover core

	rfirst []int64 // row → pairs, by ascending cost, then option
	opt    []int32
	ocost  []int32

	weight   []int64
	unserved []int32 // hard: the row must be served
	need     int32   // 1, or 2 where the second cover is the objective
	fixed    []int64 // f, by option

	area       []int32 // row → area, where floors speak of it
	areaFloor  []int64 // weight of each area that must be covered; nil: none
	shareFloor int64   // weight of all that must be covered

	capacity []int64 // by option; nil where there are none
	whole    bool    // a row is served by one option alone
	load     []int64 // by row, where there are capacities

	demand   []int32 // row → its first demand
	constant int64   // of rows that nobody can change
	banned   []bool  // options that a reduction dropped
	notes    []string
}

const hard = math.MinInt32

func (c *core) rows(option int32) []int32 { return c.row[c.first[option]:c.first[option+1]] }

func (c *core) costs(option int32) []int32 { return c.cost[c.first[option]:c.first[option+1]] }

func (c *core) options(row int32) []int32 { return c.opt[c.rfirst[row]:c.rfirst[row+1]] }

func (c *core) optionCosts(row int32) []int32 { return c.ocost[c.rfirst[row]:c.rfirst[row+1]] }

// floors reports whether shares of weight must be covered.
func (c *core) floors() bool { return c.areaFloor != nil || c.shareFloor > 0 }

// build says how a core is made from a problem.
type build struct {
	cover    bool
	cutoff   int32 // longest time of a pair; math.MaxInt32: any
	unserved int32 // per weight, or hard
	need     int32
	unit     bool // every row weighs 1 (p-centre)
	cost     func(time int32) int32
	nearest  []int32 // by demand: only pairs up to this cost; nil: all
	floors   bool
	sites    bool // f_j is 1
	fen      bool // f_j is the price
	// against is the cost at which competitors serve a demand already, by
	// demand; nil: no competitors.
	against []int32
}

// newCore compiles a problem. The error is an *InfeasibleError if a demand that
// must be served is in nobody's reach.
func newCore(p *Problem, ch *chooser, b build) (*core, error) {
	c := &core{chooser: ch, m: ch.options(), need: max(b.need, 1)}
	n := len(p.Demand)
	rowOf := make([]int32, n) // demand → row, −1 dropped
	reached := make([]int32, n)
	hashes := make([][2]uint64, n)
	keep := func(i, t int32) (int32, bool) {
		if t > b.cutoff {
			return 0, false
		}
		cost := int32(0)
		if !b.cover {
			cost = b.cost(t)
			if b.nearest != nil && cost > b.nearest[i] {
				return 0, false
			}
		}
		if b.against != nil && cost >= b.against[i] || !b.cover && b.unserved != hard && cost >= b.unserved {
			return 0, false
		}
		return cost, true
	}
	for j := range p.Candidates {
		if len(ch.optionsOf[j]) == 0 {
			continue
		}
		demand, times := p.Reach.Of(j)
		h0, h1 := mix(uint64(j)+1), mix(uint64(j)+1<<32)
		for k, i := range demand {
			if _, ok := keep(i, times[k]); ok {
				reached[i]++
				hashes[i][0] += h0
				hashes[i][1] += h1
			}
		}
	}
	var noOne []int
	var total []int64
	if b.floors && p.Limits.Floor > 0 {
		total = make([]int64, max(len(p.Areas), 1))
	}
	var all, out int64
	type key struct {
		hash [2]uint64
		n    int32
		area int32
	}
	merged := map[key]int32{}
	source := []int32{} // row → first demand
	for i, d := range p.Demand {
		rowOf[i] = -1
		if d.Weight == 0 {
			continue
		}
		served := b.against != nil && b.against[i] == 0 && b.cover
		all += d.Weight
		if total != nil {
			total[d.Area] += d.Weight
		}
		u := b.unserved
		if b.against != nil && b.against[i] < math.MaxInt32 && (u == hard || b.against[i] < u) {
			u = b.against[i]
			if b.cover {
				u = 0
			}
		}
		if served {
			out += d.Weight // a competitor's people are nobody's to cover
			continue
		}
		if reached[i] == 0 {
			if u == hard {
				noOne = append(noOne, i)
				continue
			}
			c.constant += d.Weight * int64(u)
			continue
		}
		w := d.Weight
		if b.unit {
			w = 1
		}
		if b.cover {
			k := key{hash: hashes[i], n: reached[i]}
			if total != nil {
				k.area = d.Area
			}
			if r, ok := merged[k]; ok {
				rowOf[i] = -2 - r
				if !b.unit {
					c.weight[r] += w
				}
				continue
			}
			merged[k] = int32(len(source))
		}
		rowOf[i] = int32(len(source))
		source = append(source, int32(i))
		c.weight = append(c.weight, w)
		c.unserved = append(c.unserved, u)
		c.area = append(c.area, d.Area)
	}
	if len(noOne) > 0 {
		return nil, &InfeasibleError{Limits: []string{"reach"}, Cells: noOne}
	}
	c.n, c.demand = len(source), source
	if b.cover && c.n < n {
		c.notes = append(c.notes, fmt.Sprintf("%d demand cells merged into %d", n, c.n))
	}
	if total != nil {
		c.areaFloor = make([]int64, len(total))
		for a, w := range total {
			c.areaFloor[a] = ceilShare(w, p.Limits.Floor)
		}
	}
	if b.floors && p.Limits.Share > 0 {
		c.shareFloor = ceilShare(all, p.Limits.Share)
	}
	if out > 0 && c.floors() {
		// Whoever a competitor serves counts as covered.
		c.shareFloor = max(0, c.shareFloor-out)
		for i, d := range p.Demand {
			if c.areaFloor != nil && b.against[i] == 0 {
				c.areaFloor[d.Area] = max(0, c.areaFloor[d.Area]-d.Weight)
			}
		}
	}
	c.fill(p, b, rowOf, keep)
	c.transpose()
	c.fixed = make([]int64, c.m)
	for o := range c.fixed {
		switch {
		case b.fen:
			c.fixed[o] = ch.price[o]
		case b.sites:
			c.fixed[o] = 1
		}
	}
	c.banned = make([]bool, c.m)
	c.unworthy(p, b)
	return c, nil
}

func (c *core) fill(p *Problem, b build, rowOf []int32, keep func(i, t int32) (int32, bool)) {
	c.first = make([]int64, c.m+1)
	for o := range c.m {
		demand, times := p.Reach.Of(int(c.chooser.site[o]))
		for k, i := range demand {
			r := rowOf[i]
			if r < 0 {
				continue
			}
			if cost, ok := keep(i, times[k]); ok {
				c.row = append(c.row, r)
				if !b.cover {
					c.cost = append(c.cost, cost)
				}
			}
		}
		c.first[o+1] = int64(len(c.row))
	}
	if !b.cover && c.cost == nil {
		c.cost = []int32{}
	}
}

func (c *core) transpose() {
	c.rfirst = make([]int64, c.n+1)
	for _, r := range c.row {
		c.rfirst[r+1]++
	}
	for r := range c.n {
		c.rfirst[r+1] += c.rfirst[r]
	}
	next := slices.Clone(c.rfirst)
	c.opt = make([]int32, len(c.row))
	if c.cost != nil {
		c.ocost = make([]int32, len(c.row))
	}
	for o := range int32(c.m) {
		for k := c.first[o]; k < c.first[o+1]; k++ {
			r := c.row[k]
			c.opt[next[r]] = o
			if c.cost != nil {
				c.ocost[next[r]] = c.cost[k]
			}
			next[r]++
		}
	}
	if c.cost == nil {
		return
	}
	// By cost, then by option: one number of both is put in order several times as
	// fast as a pair.
	const bias = 1 << 31 // negative costs come first
	var keys []uint64
	for r := range int32(c.n) {
		options, costs := c.options(r), c.optionCosts(r)
		keys = keys[:0]
		for k, o := range options {
			keys = append(keys, uint64(uint32(costs[k])^bias)<<32|uint64(uint32(o)))
		}
		slices.Sort(keys)
		for k, key := range keys {
			options[k], costs[k] = int32(uint32(key)), int32(uint32(key>>32)^bias)
		}
	}
}

// ceilShare returns ⌈w·share/10⁶⌉.
func ceilShare(w, share int64) int64 {
	whole, rest := w/Million, w%Million
	return whole*share + (rest*share+Million-1)/Million
}

// mix is the finaliser of SplitMix64 (Steele, Lea, Flood 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// value computes the objective of a set of options and how much it lacks of
// what must be served; it is the slow and plain evaluation.
func (c *core) value(set []int32) (value, lack int64) {
	if c.capacity != nil {
		a := c.allocate(set, false)
		return a.value, a.lack
	}
	value = c.constant
	count := make([]int32, c.n)
	var service []int32
	if c.cost != nil {
		service = make([]int32, c.n)
		for i := range service {
			service[i] = math.MaxInt32
		}
	}
	for _, o := range set {
		value += c.fixed[o]
		for k := c.first[o]; k < c.first[o+1]; k++ {
			count[c.row[k]]++
			if service != nil {
				service[c.row[k]] = min(service[c.row[k]], c.cost[k])
			}
		}
	}
	var covered int64
	var byArea []int64
	if c.areaFloor != nil {
		byArea = make([]int64, len(c.areaFloor))
	}
	for i, w := range c.weight {
		if count[i] > 0 {
			covered += w
			if byArea != nil {
				byArea[c.area[i]] += w
			}
		}
		u := c.unserved[i]
		switch {
		case c.need == 2 && count[i] == 0:
			lack += w
			value += w
		case c.need == 2:
			if count[i] < 2 {
				value += w
			}
		case u == hard && count[i] == 0:
			lack += w
		case service != nil && count[i] > 0:
			if u == hard {
				value += w * int64(service[i])
			} else {
				value += w * int64(min(u, service[i]))
			}
		case count[i] == 0:
			value += w * int64(u)
		}
	}
	lack += max(0, c.shareFloor-covered)
	for a, w := range byArea {
		lack += max(0, c.areaFloor[a]-w)
	}
	return value, lack
}

// dominated drops options that another serves as well as: whatever they reach,
// one option of no greater price reaches too, at no greater cost. Safe where
// only the number, the budget and the value count: whoever asks something of whom the
// sites serve (hunt.broken) may need the lesser one.
func (c *core) dominated(work int64) {
	ch := c.chooser
	if ch.odd() || ch.sized || c.need > 1 || c.capacity != nil {
		return
	}
	if slices.ContainsFunc(ch.least, func(least int) bool { return least > 0 }) {
		return // a quota may need both
	}
	stamp := make([]int32, c.n)
	at := make([]int32, c.n)
	dropped := 0
	for a := range int32(c.m) {
		rows := c.rows(a)
		if ch.must[ch.site[a]] || work < 0 {
			continue
		}
		if len(rows) == 0 {
			if ch.least == nil {
				c.banned[a] = true
				dropped++
			}
			continue
		}
		rare := rows[0]
		for k, r := range rows {
			if c.rfirst[r+1]-c.rfirst[r] < c.rfirst[rare+1]-c.rfirst[rare] {
				rare = r
			}
			stamp[r] = a + 1
			if c.cost != nil {
				at[r] = c.costs(a)[k]
			}
		}
		for _, b := range c.options(rare) {
			// Among equals the first stays.
			if b == a || c.banned[b] || len(c.rows(b)) < len(rows) || ch.price[b] > ch.price[a] || c.fixed[b] > c.fixed[a] ||
				ch.least != nil && ch.area[a] != ch.area[b] {
				continue
			}
			spare := len(c.rows(b)) - len(rows) // rows of b that may be none of a's
			for k, r := range c.rows(b) {
				if stamp[r] != a+1 || c.cost != nil && c.costs(b)[k] > at[r] {
					if spare--; spare < 0 {
						break
					}
				}
				work--
			}
			work--
			if spare < 0 {
				continue
			}
			if b > a && c.equal(a, b) {
				continue
			}
			c.banned[a] = true
			dropped++
			break
		}
	}
	if dropped > 0 {
		c.notes = append(c.notes, fmt.Sprintf("%d dominated candidates dropped", dropped))
	}
}

// unworthy drops options that reach fewer people than each open site must serve: in a
// cover only whom no competitor covers, elsewhere anybody at all.
func (c *core) unworthy(p *Problem, b build) {
	least, dropped := p.Limits.LeastServed, 0
	if least == 0 {
		return
	}
	for o := range int32(c.m) {
		reached := int64(0)
		if b.cover && !b.unit {
			for _, i := range c.rows(o) {
				reached += c.weight[i]
			}
		} else {
			demand, _ := p.Reach.Of(int(c.chooser.site[o]))
			for _, i := range demand {
				reached += p.Demand[i].Weight
			}
		}
		if reached < least {
			c.banned[o] = true
			dropped++
		}
	}
	if dropped > 0 {
		c.notes = append(c.notes, fmt.Sprintf("%d candidates dropped that reach too few", dropped))
	}
}

func (c *core) equal(a, b int32) bool {
	return c.chooser.price[a] == c.chooser.price[b] && c.fixed[a] == c.fixed[b] &&
		slices.Equal(c.rows(a), c.rows(b)) && (c.cost == nil || slices.Equal(c.costs(a), c.costs(b)))
}

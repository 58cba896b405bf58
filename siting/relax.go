package siting

import (
	"cmp"
	"math"
	"slices"
	"sync"
)

// relaxation bounds a core from below by Lagrangian duality: that every row be
// served is priced by λ ≥ 0 instead of demanded, and what remains is a choice by
// reduced cost. For any λ, with s_i ∈ {0,1} for going unserved,
//
//	L(λ) = Σ_i w_i·(need·λ_i + min(0, u_i − λ_i)) + min_{y ∈ Y} Σ_j y_j·(f_j + ρ_j(λ))
//	cover:    ρ_j = −Σ_{i ∈ j} w_i·λ_i
//	median:   ρ_j = Σ_{i ∈ j} w_i·min(0, c_ij − λ_i)
//	capacity: ρ_j = least Σ w_i·(c_ij − λ_i)·x_i, Σ load_i·x_i ≤ capacity_j, 0 ≤ x ≤ 1
//
// is at most the least value (Cornuéjols, Fisher and Nemhauser 1977; Galvão and
// ReVelle 1996). Floors Σ_{i ∈ g} w_i·(1 − s_i) ≥ F_g are priced by μ_g, which
// adds to u_i. The multipliers are rounded to fixed point and L is computed in
// integers, so the bound holds to the last unit, whatever the floats that led
// there, and does not depend on the number of goroutines.
//
// λ climbs by a deflected subgradient (Camerini, Fratta and Maffioli 1975) with
// Polyak's step, in the metric of the weights.
type relaxation struct {
	c       *core
	pick    *picker
	scale   int64
	workers int

	lambda []float64 // per unit of weight
	most   []float64 // λ is kept at most this
	mu     []float64 // by area floor, then the share floor
	group  []int64   // weight under each floor

	fixed   []int64 // λ in fixed point: × weight in a cover core
	fixedMu []int64
	reduced []int64
	used    []float64 // by row: how often the chosen options serve it
	idle    []bool    // by row: s_i
	slope   []float64
	slopeMu []float64
	share   []float64 // running average of y

	bestLambda []float64
	bestMu     []float64
}

func newRelaxation(c *core, workers int) *relaxation {
	r := &relaxation{
		c: c, pick: newPicker(c.chooser), workers: max(workers, 1),
		lambda: make([]float64, c.n), most: make([]float64, c.n),
		fixed: make([]int64, c.n), reduced: make([]int64, c.m),
		used: make([]float64, c.n), idle: make([]bool, c.n),
		slope: make([]float64, c.n), share: make([]float64, c.m),
	}
	var largest, total float64
	for _, f := range c.fixed {
		largest = max(largest, float64(f))
	}
	for _, w := range c.weight {
		total += float64(w)
	}
	if c.floors() {
		areas := len(c.areaFloor)
		r.mu, r.fixedMu, r.slopeMu = make([]float64, areas+1), make([]int64, areas+1), make([]float64, areas+1)
		r.group = make([]int64, areas+1)
		for i, w := range c.weight {
			if areas > 0 {
				r.group[c.area[i]] += w
			}
			r.group[areas] += w
		}
	}
	var sum float64
	for i, w := range c.weight {
		switch {
		case c.need == 2:
			r.most[i] = 2 * total / float64(w)
		case c.floors():
			// μ may raise what a row is worth up to all the sites it could cost.
			r.most[i] = max(4*largest, 4*float64(max(c.unserved[i], 1))*total/float64(w))
		case c.unserved[i] != hard:
			r.most[i] = float64(c.unserved[i])
		case c.cost != nil:
			costs := c.optionCosts(int32(i))
			r.most[i] = 4*float64(costs[len(costs)-1]) + 4*largest + 1
		default:
			r.most[i] = 4 * (largest + 1)
		}
		sum += float64(w) * r.most[i]
	}
	for _, f := range c.fixed {
		sum += float64(f)
	}
	// The sums stay below 2⁵⁸, each of them.
	for r.scale = 1; r.scale < 1<<40 && sum*float64(c.need)*float64(r.scale*2) < 1<<58; r.scale *= 2 {
	}
	return r
}

// manyPairs are so many pairs of options and rows that a step takes as long as a good
// deal of searching does.
const manyPairs = 1 << 22

// largeMedian reports whether a core is searched as decision 0136 says.
func (c *core) largeMedian() bool {
	return c.cost != nil && c.capacity == nil && len(c.row) >= manyPairs
}

// start sets multipliers from a choice of options: rows it serves poorly are
// worth much. In a large median two ways to say so are held against each other.
func (r *relaxation) start(set []int32, status []int8) {
	r.begin(set, true)
	if !r.c.largeMedian() {
		return
	}
	value := r.evaluate(status)
	capped := slices.Clone(r.lambda)
	if r.begin(set, false); r.evaluate(status) < value {
		copy(r.lambda, capped)
	}
}

// begin is start; in a median a row is worth the middle of its ways to the nearest two
// options of the choice, of which the second may be capped at twice the first.
func (r *relaxation) begin(set []int32, capped bool) {
	c := r.c
	first, second := make([]float64, c.n), make([]float64, c.n)
	count := make([]int, c.n)
	for i := range first {
		first[i], second[i] = math.Inf(1), math.Inf(1)
	}
	for _, o := range set {
		for k := c.first[o]; k < c.first[o+1]; k++ {
			i, t := c.row[k], 0.0
			if c.cost != nil {
				t = float64(c.cost[k])
			}
			count[i]++
			if t < first[i] {
				first[i], second[i] = t, first[i]
			} else {
				second[i] = min(second[i], t)
			}
		}
	}
	var dearest float64
	for _, f := range c.fixed {
		dearest = max(dearest, float64(f))
	}
	reach := make([]int64, c.m)
	for o := range reach {
		reach[o] = max(1, c.first[o+1]-c.first[o])
	}
	for i := range r.lambda {
		switch {
		case c.cost != nil && count[i] > 0:
			if capped {
				second[i] = min(second[i], 2*first[i]+1)
			} else {
				second[i] = min(second[i], r.most[i])
			}
			r.lambda[i] = (first[i] + second[i]) / 2
		case c.cost != nil:
			r.lambda[i] = float64(max(c.unserved[i], 0))
		case dearest > 0: // a cover: each row its share of the option that reaches most
			share := math.Inf(1)
			for _, o := range c.options(int32(i)) {
				share = min(share, float64(c.fixed[o])/float64(reach[o]))
			}
			r.lambda[i] = share
		case count[i] == 0:
			r.lambda[i] = 1
		default:
			r.lambda[i] = 0.5 / float64(count[i])
		}
		r.lambda[i] = min(r.lambda[i], r.most[i])
	}
}

// evaluate computes L at the present λ in fixed point; impossible if no choice
// is allowed. It leaves the choice in pick.chosen.
func (r *relaxation) evaluate(status []int8) int64 {
	c, scale := r.c, float64(r.scale)
	total := int64(0)
	for g := range r.mu {
		m := int64(r.mu[g] * scale)
		r.fixedMu[g] = m
		floor := c.shareFloor
		if g < len(c.areaFloor) {
			floor = c.areaFloor[g]
		}
		total += m * (floor - r.group[g])
	}
	for i, l := range r.lambda {
		w := c.weight[i]
		unit := int64(l * scale)
		if c.need == 2 || c.unserved[i] != hard {
			u := int64(1)
			if c.need == 1 {
				u = int64(c.unserved[i])
			}
			u *= r.scale
			if r.mu != nil {
				u += r.fixedMu[len(r.fixedMu)-1]
				if c.areaFloor != nil {
					u += r.fixedMu[c.area[i]]
				}
			}
			r.idle[i] = unit > u
			if unit > u {
				total += w * (u - unit)
			}
		}
		total += int64(c.need) * w * unit
		if c.cost == nil {
			r.fixed[i] = w * unit
		} else {
			r.fixed[i] = unit
		}
	}
	r.price(status)
	least := r.pick.cheapest(r.reduced, status)
	if least == impossible {
		return impossible
	}
	return total + least
}

// price computes the reduced costs of all options that are not dropped.
func (r *relaxation) price(status []int8) {
	c := r.c
	if c.cost != nil && c.capacity == nil {
		r.priceRows()
		return
	}
	const chunk = 64
	work := func(from, to int) {
		var sack knapsack
		for o := int32(from); o < int32(to); o++ {
			if status != nil && status[o] == dropped {
				continue
			}
			sum := c.fixed[o] * r.scale
			if c.capacity != nil {
				sum -= sack.fill(r, o, nil)
			} else {
				for _, i := range c.rows(o) {
					sum -= r.fixed[i]
				}
			}
			r.reduced[o] = sum
		}
	}
	if r.workers == 1 || len(c.row) < 1<<16 {
		work(0, c.m)
		return
	}
	var wait sync.WaitGroup
	var lock sync.Mutex
	next := 0
	for range r.workers {
		wait.Go(func() {
			for {
				lock.Lock()
				from := next
				next += chunk
				lock.Unlock()
				if from >= c.m {
					return
				}
				work(from, min(from+chunk, c.m))
			}
		})
	}
	wait.Wait()
}

// priceRows is price in a median core, row by row: of the options of a row, in
// the order of their costs, only those nearer than λ count, and they are few
// where many sites open. One goroutine so is faster than many that look at all
// the rows of each option.
func (r *relaxation) priceRows() {
	c := r.c
	for o, f := range c.fixed {
		r.reduced[o] = f * r.scale
	}
	for i, l := range r.fixed {
		w, options := c.weight[i], c.options(int32(i))
		for k, cost := range c.optionCosts(int32(i)) {
			d := int64(cost)*r.scale - l
			if d >= 0 {
				break
			}
			r.reduced[options[k]] += w * d
		}
	}
}

// knapsack is the scratch of a continuous knapsack.
type knapsack struct {
	items []item
}

type item struct {
	profit, size int64
	row          int32
}

// fill returns the greatest profit of an option's capacity, rounded up, and
// reports who uses it how much.
func (s *knapsack) fill(r *relaxation, o int32, use func(row int32, share float64)) int64 {
	c := r.c
	s.items = s.items[:0]
	for k := c.first[o]; k < c.first[o+1]; k++ {
		i := c.row[k]
		if d := r.fixed[i] - int64(c.cost[k])*r.scale; d > 0 {
			s.items = append(s.items, item{c.weight[i] * d, c.load[i], i})
		}
	}
	slices.SortFunc(s.items, func(a, b item) int {
		x, y := float64(a.profit)*float64(b.size), float64(b.profit)*float64(a.size)
		if n := cmp.Compare(y, x); n != 0 {
			return n
		}
		return cmp.Compare(a.row, b.row)
	})
	left, profit := c.capacity[o], int64(0)
	for _, it := range s.items {
		share := 1.0
		if it.size > left {
			if left <= 0 {
				break
			}
			share = float64(left) / float64(it.size)
			profit += int64(math.Ceil(float64(it.profit)*share*(1+1e-12))) + 1
			left = 0
		} else {
			profit += it.profit
			left -= it.size
		}
		if use != nil {
			use(it.row, share)
		}
	}
	return profit
}

// served fills used with how often the choice serves each row.
func (r *relaxation) served() {
	c := r.c
	clear(r.used)
	var sack knapsack
	for _, o := range r.pick.chosen {
		switch {
		case c.capacity != nil:
			sack.fill(r, o, func(row int32, share float64) { r.used[row] += share })
		case c.cost != nil:
			costs := c.costs(o)
			for k, i := range c.rows(o) {
				if int64(costs[k])*r.scale < r.fixed[i] {
					r.used[i]++
				}
			}
		default:
			for _, i := range c.rows(o) {
				r.used[i]++
			}
		}
	}
}

// ascent says how to climb.
type ascent struct {
	steps  int
	status []int8
	// cutoff is the value of the best answer: a bound that reaches it ends the
	// climb. NoValue: none is known.
	cutoff int64
	beta   float64        // Polyak's factor at the start; 0: 1
	visit  func(step int) // sees every choice, in pick.chosen
	rose   func(bound int64)
	stop   func() bool
	// settle ends the climb where forty steps raised the bound by less than this share
	// of what is missing to the cutoff; 0: nowhere.
	settle float64
}

// climb raises the bound and returns the best found, in integer units of the
// core's value (without its constant); impossible if no choice is allowed.
func (r *relaxation) climb(a ascent) int64 {
	c := r.c
	beta := a.beta
	if beta == 0 {
		beta = 1
	}
	best := int64(math.MinInt64)
	r.bestLambda = append(r.bestLambda[:0], r.lambda...)
	r.bestMu = append(r.bestMu[:0], r.mu...)
	clear(r.slope)
	clear(r.slopeMu)
	clear(r.share)
	stale := 0
	before := best // forty steps ago
	for step := range a.steps {
		value := r.evaluate(a.status)
		if value == impossible {
			return impossible
		}
		if a.visit != nil {
			a.visit(step)
		}
		if value > best {
			if float64(value-best) > 1e-4*math.Abs(float64(best)) {
				stale = 0
			}
			if a.rose != nil && (best == math.MinInt64 || ceilDiv(value, r.scale) > ceilDiv(best, r.scale)) {
				a.rose(ceilDiv(value, r.scale))
			}
			best = value
			r.bestLambda = append(r.bestLambda[:0], r.lambda...)
			r.bestMu = append(r.bestMu[:0], r.mu...)
		}
		stale++
		if a.cutoff != NoValue && ceilDiv(best, r.scale) >= a.cutoff || beta < 1e-3 || a.stop != nil && a.stop() {
			break
		}
		if a.settle > 0 && a.cutoff != NoValue && step%40 == 39 {
			missing := float64(a.cutoff)*float64(r.scale) - float64(best)
			if before != math.MinInt64 && float64(best-before) < a.settle*missing {
				break
			}
			before = best
		}
		if stale > 12 {
			beta *= 0.6
			stale = 0
			copy(r.lambda, r.bestLambda)
			copy(r.mu, r.bestMu)
			clear(r.slope)
			clear(r.slopeMu)
			if value = r.evaluate(a.status); value == impossible {
				return impossible
			}
		}
		r.served()
		weight := 0.1
		if step < 10 {
			weight = 1 / float64(step+1)
		}
		for o := range r.share {
			r.share[o] *= 1 - weight
		}
		for _, o := range r.pick.chosen {
			r.share[o] += weight
		}
		target := float64(a.cutoff)
		if a.cutoff == NoValue {
			target = float64(best) / float64(r.scale)
			target += 0.05*math.Abs(target) + 1
		}
		norm := 0.0
		const keep = 0.4
		for i := range r.slope {
			g := float64(c.need) - r.used[i]
			if r.idle[i] {
				g--
			}
			d := g + keep*r.slope[i]
			if r.lambda[i] <= 0 && d < 0 || r.lambda[i] >= r.most[i] && d > 0 {
				d = 0
			}
			r.slope[i] = d
			norm += d * d * float64(c.weight[i])
		}
		for g := range r.mu {
			floor := c.shareFloor
			if g < len(c.areaFloor) {
				floor = c.areaFloor[g]
			}
			if r.group[g] == 0 {
				continue
			}
			r.slopeMu[g] = keep*r.slopeMu[g] + r.floorSlope(g, floor)/float64(r.group[g])
			if r.mu[g] <= 0 && r.slopeMu[g] < 0 {
				r.slopeMu[g] = 0
			}
			norm += r.slopeMu[g] * r.slopeMu[g] * float64(r.group[g])
		}
		if norm == 0 {
			break // every row is served exactly once: nothing to gain
		}
		length := beta * max(target-float64(value)/float64(r.scale), 1e-9*math.Abs(target)+1e-6) / norm
		for i, d := range r.slope {
			r.lambda[i] = min(max(r.lambda[i]+length*d, 0), r.most[i])
		}
		for g, d := range r.slopeMu {
			r.mu[g] = min(max(r.mu[g]+length*d, 0), r.muMost())
		}
	}
	copy(r.lambda, r.bestLambda)
	copy(r.mu, r.bestMu)
	return ceilDiv(best, r.scale)
}

// muMost keeps μ where no sum overflows.
func (r *relaxation) muMost() float64 {
	return float64(int64(1)<<57) / float64(r.scale) / float64(r.group[len(r.group)-1]+1)
}

// floorSlope is how much weight a floor lacks in the relaxed choice.
func (r *relaxation) floorSlope(g int, floor int64) float64 {
	lack := floor - r.group[g]
	for i, idle := range r.idle {
		if idle && (g == len(r.c.areaFloor) || r.c.area[i] == int32(g)) {
			lack += r.c.weight[i]
		}
	}
	return float64(lack)
}

func ceilDiv(a, b int64) int64 {
	q := a / b
	if a%b > 0 {
		q++
	}
	return q
}

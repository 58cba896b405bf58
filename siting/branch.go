package siting

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// effort counts what is spent and keeps the log.
type effort struct {
	ctx    context.Context
	cfg    Config
	rng    *rand.Rand
	limit  int64
	done   int64
	until  float64 // share of the time at which the present phase ends
	quota  int64   // iterations at which it ends
	log    []LogEntry
	quiet  bool   // parts of a larger search do not log
	turned *int64 // the log shows this minus the core's values
	unit   int64  // of the values, for whoever follows
	stage  Stage
}

func newEffort(ctx context.Context, cfg Config) *effort {
	e := &effort{ctx: ctx, cfg: cfg, limit: cfg.Iterations, rng: rand.New(rand.NewPCG(cfg.Seed, 0x51746)), until: 1}
	if e.limit == 0 {
		e.limit = DefaultIterations
		if cfg.Spent != nil {
			e.limit = math.MaxInt64
		}
	}
	e.quota = e.limit
	return e
}

// phase grants the next phase a share of what is left.
func (e *effort) phase(share float64) {
	e.quota = e.limit
	if e.limit < math.MaxInt64 {
		e.quota = e.done + int64(share*float64(e.limit-e.done))
	}
	e.until = 1
	if spent := e.spent(); spent > 0 {
		e.until = spent + share*(1-spent)
	}
}

// over reports whether the phase is over.
func (e *effort) over() bool {
	return e.done >= e.quota || e.spent() >= e.until
}

// out reports whether everything allowed is spent.
func (e *effort) out() bool {
	return e.done >= e.limit || e.spent() >= 1
}

// spent returns the share of the time allowed that is spent; nothing is left
// once the context has ended.
func (e *effort) spent() float64 {
	switch {
	case e.ctx.Err() != nil:
		return 1
	case e.cfg.Spent != nil:
		return e.cfg.Spent()
	}
	return 0
}

// at says what the search is at from here on. Parts of a larger search are
// shown as that search.
func (e *effort) at(stage Stage) {
	if e.quiet || e.stage == stage {
		return
	}
	e.stage = stage
	e.tell(e.last())
}

// last returns the last entry of the log.
func (e *effort) last() LogEntry {
	if n := len(e.log); n > 0 {
		return e.log[n-1]
	}
	return LogEntry{e.done, NoValue, NoValue}
}

// tell reports how far the search has come.
func (e *effort) tell(entry LogEntry) {
	if e.quiet || e.cfg.Progress == nil {
		return
	}
	spent := e.spent()
	if e.limit < math.MaxInt64 {
		spent = max(spent, float64(e.done)/float64(e.limit))
	}
	e.cfg.Progress(Progress{e.stage, e.done, entry.Value, entry.Bound, e.unit, min(spent, 1)})
}

func (e *effort) note(value, bound int64) {
	if e.quiet {
		return
	}
	entry := LogEntry{e.done, value, bound}
	if e.turned != nil {
		entry.turn(*e.turned)
	}
	if n := len(e.log); n > 0 && e.log[n-1].Value == entry.Value && e.log[n-1].Bound == entry.Bound {
		return
	}
	e.log = append(e.log, entry)
	e.tell(entry)
}

// hunt is the search for the best choice of one core.
type hunt struct {
	c  *core
	ch *chooser
	e  *effort
	// accept checks the odd limits of a choice that the chooser allows and that
	// lacks nothing; nil: there are none. It returns how much is broken.
	broken func(set []int32) int64

	cutoff int64 // only values below it are of interest; math.MaxInt64: any
	enough int64 // a value that ends the hunt; math.MinInt64: none

	best     []int32
	value    int64 // of best, without the constant; cutoff while there is none
	found    bool
	bound    int64 // without the constant
	risen    int64 // how far the bound has climbed
	proved   bool  // the bound is the value, or nothing lies below cutoff
	branched bool  // it took branches to know
	unsure   int64 // least bound of the sets whose value was not proved
	floor    int64 // bound of the node at hand
	relaxed  *relaxation
	swap     *swapper
	rest     visits
}

// visits says how many choices of the relaxation to pass over before one is tried
// again: twice as many after each that was tried in vain.
type visits struct{ left, next int }

func (v *visits) due() bool {
	v.left--
	return v.left < 0
}

func (v *visits) tried(inVain bool) {
	v.next = 2*v.next + 1
	if !inVain {
		v.next = 0
	}
	v.left = v.next
}

// fast reports whether the swapper knows all limits.
func (h *hunt) fast() bool {
	return h.c.need == 1 && !h.c.floors() && !h.ch.odd() && h.broken == nil && h.c.capacity == nil
}

// priced reports whether opening options costs something in the objective.
func (c *core) pricedOptions() bool {
	return slices.ContainsFunc(c.fixed, func(f int64) bool { return f != 0 })
}

// offer considers a choice of options.
func (h *hunt) offer(set []int32) bool {
	if h.ch.violation(set) > 0 {
		return false
	}
	value, lack := h.c.value(set)
	value -= h.c.constant
	if lack > 0 || value >= h.value || h.broken != nil && h.broken(set) > 0 {
		return false
	}
	h.best, h.value, h.found = slices.Clone(set), value, true
	slices.Sort(h.best)
	h.report()
	return true
}

func (h *hunt) report() {
	value := int64(NoValue)
	if h.found {
		value = h.value + h.c.constant
	}
	bound := h.bound
	if bound != NoValue {
		bound += h.c.constant
	}
	h.e.note(value, bound)
}

// rising tells whoever follows of a bound while it climbs; the log keeps where
// the climb ended.
func (h *hunt) rising(bound int64) {
	if bound <= h.bound {
		return
	}
	h.risen = bound
	entry := LogEntry{h.e.done, NoValue, bound + h.c.constant}
	if h.found {
		entry.Value = h.value + h.c.constant
	}
	if h.e.turned != nil {
		entry.turn(*h.e.turned)
	}
	h.e.tell(entry)
}

// content reports whether the hunt may end.
func (h *hunt) content() bool {
	return h.found && (h.value <= h.enough || h.bound >= h.value) || h.bound >= h.cutoff || h.near(h.bound)
}

// near reports whether a bound is within the gap that is enough.
func (h *hunt) near(bound int64) bool {
	stop := h.e.cfg.Stop
	if stop <= 0 || !h.found || bound == NoValue {
		return false
	}
	shown := h.value + h.c.constant
	if h.e.turned != nil { // the gap is that of the answer as people read it
		shown = *h.e.turned - shown
	}
	return float64(h.value-bound) <= stop*math.Abs(float64(shown))
}

// run hunts: a first answer, the bound at the root, kicks, then branches.
func (h *hunt) run() {
	h.bound, h.value, h.unsure, h.risen = NoValue, h.cutoff, math.MaxInt64, NoValue
	h.e.at(Answering)
	if h.broken == nil {
		h.c.dominated(coverWork)
	}
	h.relaxed = newRelaxation(h.c, h.e.cfg.Workers)
	status := make([]int8, h.c.m)
	for o := range status {
		if h.c.banned[o] {
			status[o] = dropped
		}
	}
	if !h.ch.possible(status) {
		h.bound, h.proved = math.MaxInt64, true
		return
	}
	h.first()
	h.e.phase(0.45)
	h.e.at(Bounding)
	h.relaxed.start(h.best, status)
	bound := h.relaxed.climb(ascent{
		steps: 600, status: status, cutoff: h.target(), visit: h.visit,
		rose: h.rising,
		stop: func() bool { h.e.done++; return h.e.over() || h.near(h.risen) }, settle: h.flat(),
	})
	if bound == impossible {
		h.bound, h.proved = math.MaxInt64, true
		return
	}
	h.bound = bound
	h.report()
	if !h.content() {
		// Branches end a small gap; a wide one is better spent on the answer.
		share := 0.85
		if h.annealed() && h.c.m > 300 {
			share = 0.95
		}
		if h.c.m <= 100 || h.found && float64(h.value-h.bound) < 0.003*math.Abs(float64(h.value+h.c.constant)) && h.c.cost != nil {
			share = 0.1
		}
		h.e.phase(share)
		h.e.at(Improving)
		h.kicks(status)
	}
	if !h.content() && !h.e.out() && !h.hopeless(status) {
		h.e.phase(1)
		h.e.at(Proving)
		h.branched = true
		h.branch(status)
	}
	h.proved = h.proved || h.found && h.bound >= h.value || h.bound >= h.cutoff
	h.report()
}

// hopeless reports whether branches would spend what is left for nothing: they
// must decide nearly every option that reduced costs leave open, and of a cover
// with a wide gap those leave hundreds. Whoever allows more iterations, or a
// time, gets the branches.
func (h *hunt) hopeless(status []int8) bool {
	return h.annealed() && h.e.limit < math.MaxInt64 && !h.decidable(status)
}

// decidable fixes what reduced costs decide and reports whether the iterations
// left are enough to decide the rest.
func (h *hunt) decidable(status []int8) bool {
	const each = 100 // iterations for one option
	copy(h.relaxed.lambda, h.relaxed.bestLambda)
	copy(h.relaxed.mu, h.relaxed.bestMu)
	h.fix(status)
	open := int64(0)
	for _, s := range status {
		if s == undecided {
			open++
		}
	}
	left := int64(DefaultIterations)
	if h.e.limit < math.MaxInt64 {
		left = h.e.limit - h.e.done
	}
	return open*each < left
}

func (h *hunt) target() int64 {
	if h.value == math.MaxInt64 {
		return NoValue
	}
	return h.value
}

// first finds a first answer.
func (h *hunt) first() {
	h.e.phase(0.3)
	switch {
	case h.fast() && !h.c.pricedOptions():
		h.swap = newSwapper(h.c, h.ch)
		h.swap.greedy(false, h.e.over)
		h.offer(h.swap.open)
		if h.ch.budget < math.MaxInt64 {
			priced := newSwapper(h.c, h.ch)
			priced.greedy(true, h.e.over)
			h.offer(priced.open)
			if priced.value < h.swap.value {
				h.swap = priced
			}
		}
		h.swap.descend(h.e.rng, func() bool { h.e.done++; return h.e.over() })
		h.offer(h.swap.open)
	case h.fast():
		h.offer(h.coverGreedy(nil))
		h.squeeze()
	default:
		h.rove()
	}
}

// visit tries the relaxation's choices as answers.
func (h *hunt) visit(step int) {
	chosen := h.relaxed.pick.chosen
	switch {
	case h.c.capacity != nil:
		if step%5 == 0 {
			h.offer(chosen)
		}
	case h.fast() && !h.c.pricedOptions():
		if step%20 != 19 || !h.rest.due() || h.ch.violation(chosen) > 0 {
			return
		}
		if value := h.value; h.c.largeMedian() {
			defer func() { h.rest.tried(h.value == value) }()
		}
		h.swap.move(chosen)
		if h.swap.value < h.value+h.value/50 || !h.found {
			h.swap.descend(h.e.rng, h.e.over)
		}
		h.offer(h.swap.open)
	case h.fast():
		if step%5 == 0 {
			h.offer(h.coverGreedy(chosen))
		}
	default:
		h.offer(chosen)
	}
}

// flat is how little the bound may rise, beside what is missing, before the time is
// better spent on the answer: a step in a large median takes as long as a dozen kicks.
func (h *hunt) flat() float64 {
	if h.c.largeMedian() {
		return 0.05
	}
	return 0
}

// patience is after how many kicks in vain the search turns to branches.
func (h *hunt) patience() int {
	if h.c.m <= 100 && h.c.capacity == nil || h.c.m <= 20 {
		return 20
	}
	return 2000 + 50*len(h.best)
}

// annealed reports whether the answer is improved by annealing: exchanges in a
// cover are known to the unit in one pass over a few rows.
func (h *hunt) annealed() bool { return h.swap != nil && h.c.cost == nil }

// kicks improves the answer by random exchanges followed by descents. A choice
// that is no worse is kept.
func (h *hunt) kicks(status []int8) {
	switch {
	case h.annealed():
		vain := inVain
		if h.e.limit == math.MaxInt64 {
			vain = math.MaxInt // bounded by time alone
		}
		h.anneal(vain)
		return
	case h.swap != nil:
	case h.c.capacity != nil && !h.c.pricedOptions():
		h.capacityKicks()
		return
	default:
		h.rove()
		return
	}
	if !h.decidable(status) {
		h.exchanges(h.patience())
		return
	}
	// Branches are near: a short search among what reduced costs leave.
	for o, is := range status {
		h.c.banned[o] = h.c.banned[o] || is == dropped && !h.swap.in[o]
	}
	h.exchanges(100 + 5*len(h.best))
}

// exchanges kicks the best choice until so many kicks were in vain.
func (h *hunt) exchanges(patience int) {
	s := h.swap
	if h.found {
		s.move(h.best)
	}
	current := slices.Clone(s.open)
	value := s.value
	most := max(2, min(4, len(s.open)/4))
	for stale := 0; stale < patience && !h.e.over() && !h.content(); stale++ {
		h.e.done++
		s.descendNear(s.kick(h.e.rng, 1+h.e.rng.IntN(most)), h.e.over)
		if s.value < value {
			s.descend(h.e.rng, h.e.over)
		}
		switch {
		case s.value < value:
			h.offer(s.open)
			stale = 0
			fallthrough
		case s.value == value:
			current, value = append(current[:0], s.open...), s.value
		default:
			s.move(current)
		}
	}
}

// branchNode is a part of the search space.
type branchNode struct {
	status []int8
	bound  int64
	lambda []float64
	mu     []float64
}

// branch divides what is left by deciding one option at a time, depth first,
// and bounds each part by the relaxation, warm-started from its parent.
func (h *hunt) branch(root []int8) {
	r := h.relaxed
	stack := []branchNode{{status: root, bound: h.bound, lambda: slices.Clone(r.bestLambda), mu: slices.Clone(r.bestMu)}}
	for j, must := range h.ch.must {
		if must && len(h.ch.optionsOf[j]) == 1 {
			root[h.ch.optionsOf[j][0]] = taken
		}
	}
	for len(stack) > 0 {
		if h.e.over() || h.found && h.value <= h.enough {
			break
		}
		node := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if node.bound >= h.value {
			continue
		}
		stack = h.expand(stack, node)
	}
	if len(stack) == 0 && h.unsure < h.value {
		h.bound = max(h.bound, h.unsure)
		return
	}
	if len(stack) == 0 {
		h.bound, h.proved = h.value, true
		if !h.found {
			h.bound = math.MaxInt64
		}
		return
	}
	least := min(h.value, h.unsure)
	for _, node := range stack {
		least = min(least, node.bound)
	}
	h.bound = max(h.bound, least)
}

// expand bounds a node and pushes its halves.
func (h *hunt) expand(stack []branchNode, node branchNode) []branchNode {
	h.settle(node.status)
	h.floor = node.bound
	if !h.require(node.status) || !h.ch.possible(node.status) {
		return stack
	}
	if !slices.Contains(node.status, undecided) {
		h.leaf(node.status)
		return stack
	}
	r := h.relaxed
	copy(r.lambda, node.lambda)
	copy(r.mu, node.mu)
	bound := r.climb(ascent{
		steps: 40, status: node.status, cutoff: h.target(), beta: 0.7,
		visit: func(step int) {
			if step%8 == 0 {
				h.offer(r.pick.chosen)
			}
		},
		stop: func() bool { h.e.done++; return false },
	})
	if bound == impossible {
		return stack
	}
	node.bound = max(node.bound, bound)
	if node.bound >= h.value {
		return stack
	}
	share := slices.Clone(r.share)
	h.fix(node.status)
	if !h.ch.possible(node.status) {
		return stack
	}
	pick, score := -1, math.Inf(-1)
	among := h.tightest(node.status)
	for o, s := range node.status {
		if s != undecided || among != nil && !slices.Contains(among, int32(o)) {
			continue
		}
		if v := 0.5 - math.Abs(share[o]-0.5); v > score {
			pick, score = o, v
		}
	}
	lambda, mu := slices.Clone(r.bestLambda), slices.Clone(r.bestMu)
	if pick < 0 {
		h.settle(node.status)
		h.leaf(node.status)
		return stack
	}
	without, with := slices.Clone(node.status), node.status
	without[pick], with[pick] = dropped, taken
	return append(stack,
		branchNode{without, node.bound, lambda, mu},
		branchNode{with, node.bound, lambda, mu})
}

// tightest returns the options of the unserved hard row that has the fewest left,
// in a cover; nil if there is none. To decide those first soon leaves rows with a
// single option, or none.
func (h *hunt) tightest(status []int8) []int32 {
	c := h.c
	if c.cost != nil {
		return nil
	}
	var row []int32
	fewest := math.MaxInt
	for i := range int32(c.n) {
		if c.unserved[i] != hard {
			continue
		}
		n, is := h.left(i, status)
		if !is && n < fewest {
			fewest, row = n, c.options(i)
		}
	}
	return row
}

// left counts the undecided options of a row and reports whether one is taken.
func (h *hunt) left(row int32, status []int8) (n int, is bool) {
	for _, o := range h.c.options(row) {
		switch status[o] {
		case taken:
			return 0, true
		case undecided:
			n++
		}
	}
	return n, false
}

// require takes the last option left of each hard row of a cover; it reports
// whether every row has one.
func (h *hunt) require(status []int8) bool {
	c := h.c
	if c.cost != nil || c.need > 1 {
		return true
	}
	for i := range int32(c.n) {
		if c.unserved[i] != hard {
			continue
		}
		n, is := h.left(i, status)
		if is || n > 1 {
			continue
		}
		if n == 0 {
			return false
		}
		for _, o := range c.options(i) {
			if status[o] == undecided {
				status[o] = taken
			}
		}
	}
	return true
}

// settle draws the plain consequences of what is decided.
func (h *hunt) settle(status []int8) {
	ch := h.ch
	takenSites := 0
	for _, options := range ch.optionsOf {
		is := false
		for _, o := range options {
			is = is || status[o] == taken
		}
		if !is {
			continue
		}
		takenSites++
		for _, o := range options {
			if status[o] == undecided {
				status[o] = dropped
			}
		}
	}
	if takenSites >= ch.count {
		for o, s := range status {
			if s == undecided {
				status[o] = dropped
			}
		}
	}
}

func (h *hunt) leaf(status []int8) {
	var set []int32
	for o, s := range status {
		if s == taken {
			set = append(set, int32(o))
		}
	}
	h.offer(set)
	if h.c.whole && h.ch.violation(set) == 0 {
		if a := h.c.allocate(set, true); !a.exact {
			h.unsure = min(h.unsure, max(h.floor, a.least-h.c.constant))
		}
	}
}

// fix decides options whose other decision would push the bound to the value of
// the best answer: reduced-cost fixing, where only number and budget limit.
func (h *hunt) fix(status []int8) {
	r, ch := h.relaxed, h.ch
	if ch.least != nil || ch.sized || h.value == math.MaxInt64 {
		return
	}
	bound := r.evaluate(status)
	if bound == impossible {
		return
	}
	limit := (h.value - 1) * r.scale // a part is of interest while its bound ≤ limit
	if h.value-1 > (1<<60)/r.scale {
		return
	}
	p := r.pick
	chosen := make([]bool, h.c.m)
	dearest, full := int64(math.MinInt64), len(p.chosen) >= ch.count
	for _, o := range p.chosen {
		chosen[o] = true
		if status[o] == undecided {
			dearest = max(dearest, p.priced[o])
		}
	}
	next := int64(0)
	for o, s := range status {
		if s == undecided && !chosen[o] {
			next = min(next, p.priced[o])
		}
	}
	for o, s := range status {
		if s != undecided {
			continue
		}
		if chosen[o] {
			if bound-p.priced[o]+next > limit {
				status[o] = taken
			}
			continue
		}
		with := bound + p.priced[o]
		if full && dearest != math.MinInt64 {
			with -= dearest
		}
		if with > limit {
			status[o] = dropped
		}
	}
}

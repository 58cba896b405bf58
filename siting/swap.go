package siting

import (
	"math"
	"math/rand/v2"
	"slices"
)

// swapper holds a choice of options and changes it one option at a time, with
// the exact change of value known before: for an option that might enter, one
// pass over its rows gives its gain and, for every open option, how much of the
// loss of leaving it would take over (Whitaker 1983; Resende and Werneck 2007).
// It knows number, budget, quotas and sizes; floors, second covers and what
// chooser.odd names are left to search.go.
type swapper struct {
	c       *core
	ch      *chooser
	penalty []int64 // weight × cost of a row that nobody serves

	in    []bool
	open  []int32
	place []int32 // option → its index in open
	spent int64
	sites []int   // by area
	at    []int32 // site → its open option, −1
	value int64
	loss  []int64 // by open option: what closing it costs

	count  []int32   // cover: how many open options reach the row
	sum    []int32   // cover: the sum of those options; the option itself if one
	owner  []int32   // cover: that option if one, else nobody or several; median: the nearest
	rival  []int32   // median: the second nearest
	first  []int64   // median: weight × cost of the nearest, or the penalty
	second []int64   // median: that of the second nearest, or the penalty
	around [][]int32 // option → options that share rows; filled when asked for
	seen   []int32
	stamp  int32
	alone  []int64 // by option; see worth
	extra  []int64 // scratch, by open option
	dirty  []int32
}

// The owners of rows that not one option alone reaches.
const (
	nobody  int32 = -1
	several int32 = -2
)

func newSwapper(c *core, ch *chooser) *swapper {
	s := &swapper{
		c: c, ch: ch, penalty: make([]int64, c.n),
		in: make([]bool, c.m), place: make([]int32, c.m), loss: make([]int64, c.m),
		sites: make([]int, len(ch.least)), at: make([]int32, len(ch.optionsOf)), extra: make([]int64, c.m),
	}
	for j := range s.at {
		s.at[j] = -1
	}
	s.owner = make([]int32, c.n)
	for i := range s.owner {
		s.owner[i] = nobody
	}
	if c.cost == nil {
		s.count, s.sum = make([]int32, c.n), make([]int32, c.n)
	} else {
		s.rival = slices.Clone(s.owner)
	}
	for i, w := range c.weight {
		switch {
		case c.unserved[i] != hard:
			s.penalty[i] = w * int64(c.unserved[i])
		case c.cost == nil:
			s.penalty[i] = w
		default:
			costs := c.optionCosts(int32(i))
			s.penalty[i] = w * (4*int64(costs[len(costs)-1]) + 1)
		}
		s.value += s.penalty[i]
	}
	if c.cost != nil {
		s.first, s.second = slices.Clone(s.penalty), slices.Clone(s.penalty)
	}
	return s
}

// gain is what opening an option would save; it fills extra for the open ones.
func (s *swapper) gain(o int32) int64 {
	c := s.c
	for _, d := range s.dirty {
		s.extra[d] = 0
	}
	s.dirty = s.dirty[:0]
	gain := int64(0)
	note := func(owner int32, amount int64) {
		if s.extra[owner] == 0 {
			s.dirty = append(s.dirty, owner)
		}
		s.extra[owner] += amount
	}
	if c.cost == nil {
		for _, i := range c.rows(o) {
			switch owner := s.owner[i]; owner {
			case nobody:
				gain += s.penalty[i]
			case several:
			default:
				note(owner, s.penalty[i])
			}
		}
		return gain
	}
	costs := c.costs(o)
	for k, i := range c.rows(o) {
		cost := c.weight[i] * int64(costs[k])
		switch first, second := s.first[i], s.second[i]; {
		case cost < first:
			gain += first - cost
			if first < second {
				note(s.owner[i], second-first)
			}
		case cost < second:
			note(s.owner[i], second-cost)
		}
	}
	return gain
}

// worth is what an option would save if no other were open; in a cover core.
func (s *swapper) worth(o int32) int64 {
	if s.alone == nil {
		s.alone = make([]int64, s.c.m)
		for o := range s.alone {
			for _, i := range s.c.rows(int32(o)) {
				s.alone[o] += s.penalty[i]
			}
		}
	}
	return s.alone[o]
}

// canAdd reports whether an option may be opened beside the open ones, leaving
// room for what the quotas still ask.
func (s *swapper) canAdd(o int32) bool {
	ch := s.ch
	if s.in[o] || s.c.banned[o] || s.at[ch.site[o]] >= 0 || s.spent+ch.price[o] > ch.budget {
		return false
	}
	outstanding := 0
	if ch.least != nil {
		a := ch.area[o]
		if s.sites[a] >= ch.most[a] {
			return false
		}
		for b, n := range s.sites {
			outstanding += max(0, ch.least[b]-n)
		}
		if s.sites[a] < ch.least[a] {
			outstanding--
		}
	}
	return len(s.open)+1+outstanding <= ch.count
}

// canSwap reports whether o may take the place of the open option r.
func (s *swapper) canSwap(o, r int32) bool {
	ch := s.ch
	same := ch.site[o] == ch.site[r]
	if ch.must[ch.site[r]] && !same || s.at[ch.site[o]] >= 0 && !same || s.spent-ch.price[r]+ch.price[o] > ch.budget {
		return false
	}
	if ch.least == nil || ch.area[o] == ch.area[r] {
		return true
	}
	return s.sites[ch.area[o]] < ch.most[ch.area[o]] && s.sites[ch.area[r]] > ch.least[ch.area[r]]
}

// bestFor returns the open option that o should replace, and what is saved.
func (s *swapper) bestFor(o int32) (r int32, saved int64) {
	gain := s.gain(o)
	if gain == 0 && len(s.dirty) == 0 {
		return -1, 0
	}
	r, saved = -1, math.MinInt64
	for _, candidate := range s.open {
		if d := gain - s.loss[candidate] + s.extra[candidate]; d > saved && s.canSwap(o, candidate) {
			r, saved = candidate, d
		}
	}
	return r, saved
}

// add opens an option.
func (s *swapper) add(o int32) {
	c, ch := s.c, s.ch
	s.in[o], s.place[o], s.loss[o] = true, int32(len(s.open)), 0
	s.open = append(s.open, o)
	s.spent += ch.price[o]
	s.at[ch.site[o]] = o
	if ch.least != nil {
		s.sites[ch.area[o]]++
	}
	if c.cost == nil {
		for _, i := range c.rows(o) {
			switch owner := s.owner[i]; owner {
			case nobody:
				s.value -= s.penalty[i]
				s.loss[o] += s.penalty[i]
				s.owner[i] = o
			case several:
			default:
				s.loss[owner] -= s.penalty[i]
				s.owner[i] = several
			}
			s.count[i]++
			s.sum[i] += o
		}
		return
	}
	costs := c.costs(o)
	for k, i := range c.rows(o) {
		cost := c.weight[i] * int64(costs[k])
		if cost >= s.second[i] {
			continue
		}
		s.leave(i)
		if cost < s.first[i] {
			s.owner[i], s.rival[i] = o, s.owner[i]
			s.first[i], s.second[i] = cost, s.first[i]
		} else {
			s.rival[i], s.second[i] = o, cost
		}
		s.enter(i)
	}
}

// remove closes an option.
func (s *swapper) remove(o int32) {
	c, ch := s.c, s.ch
	s.in[o] = false
	last := s.open[len(s.open)-1]
	s.open[s.place[o]], s.place[last] = last, s.place[o]
	s.open = s.open[:len(s.open)-1]
	s.spent -= ch.price[o]
	s.at[ch.site[o]] = -1
	if ch.least != nil {
		s.sites[ch.area[o]]--
	}
	if c.cost == nil {
		for _, i := range c.rows(o) {
			s.count[i]--
			s.sum[i] -= o
			switch s.count[i] {
			case 0:
				s.value += s.penalty[i]
				s.owner[i] = nobody
			case 1:
				s.loss[s.sum[i]] += s.penalty[i]
				s.owner[i] = s.sum[i]
			}
		}
		return
	}
	for _, i := range c.rows(o) {
		if s.owner[i] == o || s.rival[i] == o {
			s.leave(i)
			s.reread(i)
			s.enter(i)
		}
	}
}

// leave takes a row out of value and loss; enter puts it in.
func (s *swapper) leave(i int32) {
	s.value -= s.first[i]
	if s.owner[i] >= 0 {
		s.loss[s.owner[i]] -= s.second[i] - s.first[i]
	}
}

func (s *swapper) enter(i int32) {
	s.value += s.first[i]
	if s.owner[i] >= 0 {
		s.loss[s.owner[i]] += s.second[i] - s.first[i]
	}
}

// reread finds the two nearest open options of a row.
func (s *swapper) reread(i int32) {
	s.owner[i], s.rival[i] = nobody, nobody
	s.first[i], s.second[i] = s.penalty[i], s.penalty[i]
	costs := s.c.optionCosts(i)
	for k, o := range s.c.options(i) {
		if !s.in[o] {
			continue
		}
		if s.owner[i] >= 0 {
			s.rival[i], s.second[i] = o, s.c.weight[i]*int64(costs[k])
			return
		}
		s.owner[i], s.first[i] = o, s.c.weight[i]*int64(costs[k])
	}
}

// move changes the open set into another.
func (s *swapper) move(set []int32) {
	wanted := make(map[int32]bool, len(set))
	for _, o := range set {
		wanted[o] = true
	}
	for _, o := range slices.Clone(s.open) {
		if !wanted[o] {
			s.remove(o)
		}
	}
	for _, o := range set {
		if !s.in[o] {
			s.add(o)
		}
	}
}

// begin opens what must be open: the fixed sites in their cheapest size.
func (s *swapper) begin() {
	for j, must := range s.ch.must {
		if !must || s.at[j] >= 0 {
			continue
		}
		best := s.ch.optionsOf[j][0]
		for _, o := range s.ch.optionsOf[j] {
			if s.ch.price[o] < s.ch.price[best] {
				best = o
			}
		}
		s.add(best)
	}
}

// greedy opens options by gain (by gain per yuan, if priced) until nothing is
// gained or allowed. Gains only fall as options open, so the largest stale gain
// is looked at first and, if it is still the largest, taken (Minoux 1978).
func (s *swapper) greedy(priced bool, stop func() bool) {
	s.begin()
	score := func(gain int64, o int32) float64 {
		if !priced {
			return float64(gain)
		}
		return float64(gain) / (float64(s.ch.price[o]) + 1)
	}
	var queue []ranked
	for o := range int32(s.c.m) {
		if !s.in[o] && !s.c.banned[o] {
			queue = append(queue, ranked{score(s.gain(o), o), o})
		}
		if o&255 == 0 && stop() {
			break
		}
	}
	h := rankedHeap(queue)
	h.init()
	for len(h) > 0 && len(s.open) < s.ch.count && !stop() {
		top := h[0]
		if !s.canAdd(top.option) {
			// It may become allowed again only if quotas ask for it: see fill.
			h.pop()
			continue
		}
		fresh := score(s.gain(top.option), top.option)
		if fresh <= 0 && s.ch.least == nil {
			h.pop()
			continue
		}
		if fresh < top.score {
			h[0].score = fresh
			h.down(0)
			continue
		}
		h.pop()
		s.add(top.option)
	}
	s.fill()
}

// fill opens the cheapest options that the quotas still ask for.
func (s *swapper) fill() {
	for a, least := range s.ch.least {
		for s.sites[a] < least {
			best := int32(-1)
			for o := range int32(s.c.m) {
				if s.ch.area[o] == int32(a) && s.canAdd(o) && (best < 0 || s.ch.price[o] < s.ch.price[best]) {
					best = o
				}
			}
			if best < 0 {
				return
			}
			s.add(best)
		}
	}
}

type ranked struct {
	score  float64
	option int32
}

// rankedHeap is a binary heap, the largest score first, then the lowest option.
type rankedHeap []ranked

func (h rankedHeap) before(a, b int) bool {
	if h[a].score != h[b].score {
		return h[a].score > h[b].score
	}
	return h[a].option < h[b].option
}

func (h rankedHeap) init() {
	for i := len(h)/2 - 1; i >= 0; i-- {
		h.down(i)
	}
}

func (h rankedHeap) down(i int) {
	for {
		child := 2*i + 1
		if child >= len(h) {
			return
		}
		if child+1 < len(h) && h.before(child+1, child) {
			child++
		}
		if !h.before(child, i) {
			return
		}
		h[i], h[child] = h[child], h[i]
		i = child
	}
}

func (h *rankedHeap) pop() {
	old := *h
	old[0] = old[len(old)-1]
	*h = old[:len(old)-1]
	h.down(0)
}

// descend swaps and opens until no single change saves anything, or stop.
func (s *swapper) descend(rng *rand.Rand, stop func() bool) {
	order := make([]int32, 0, s.c.m)
	for o := range int32(s.c.m) {
		if !s.c.banned[o] {
			order = append(order, o)
		}
	}
	rng.Shuffle(len(order), func(a, b int) { order[a], order[b] = order[b], order[a] })
	idle := 0
	for at := 0; idle < len(order); at++ {
		if at&63 == 63 && stop() {
			return
		}
		o := order[at%len(order)]
		idle++
		if s.in[o] {
			continue
		}
		if s.canAdd(o) {
			if s.gain(o) > 0 {
				s.add(o)
				idle = 0
			}
			continue
		}
		if r, saved := s.bestFor(o); saved > 0 {
			s.remove(r)
			s.add(o)
			idle = 0
		}
	}
}

// descendNear is descend among the options that share rows with what changed.
func (s *swapper) descendNear(changed []int32, stop func() bool) {
	queued := make([]bool, s.c.m)
	var queue []int32
	push := func(o int32) {
		for _, near := range s.neighbours(o) {
			if !queued[near] {
				queued[near] = true
				queue = append(queue, near)
			}
		}
	}
	for _, o := range changed {
		push(o)
	}
	for at := 0; at < len(queue); at++ {
		if at&63 == 63 && stop() {
			return
		}
		o := queue[at]
		queued[o] = false
		if s.in[o] || s.c.banned[o] {
			continue
		}
		if s.canAdd(o) {
			if s.gain(o) > 0 {
				s.add(o)
				push(o)
			}
			continue
		}
		if r, saved := s.bestFor(o); saved > 0 {
			s.remove(r)
			s.add(o)
			push(r)
			push(o)
		}
	}
}

// neighbours returns the options that share a row with o, o among them; in a
// median core, those among the nearest of its rows.
func (s *swapper) neighbours(o int32) []int32 {
	if s.around == nil {
		s.around, s.seen = make([][]int32, s.c.m), make([]int32, s.c.m)
	}
	if s.around[o] == nil {
		s.stamp++
		most := s.c.m
		if s.c.cost != nil {
			most = 3 * s.c.m / max(len(s.open), 1)
		}
		list := []int32{o}
		s.seen[o] = s.stamp
		for _, i := range s.c.rows(o) {
			options := s.c.options(i)
			if s.c.cost != nil {
				options = options[:min(len(options), most)]
				if !slices.Contains(options, o) {
					continue
				}
			}
			for _, b := range options {
				if s.seen[b] != s.stamp {
					s.seen[b] = s.stamp
					list = append(list, b)
				}
			}
		}
		s.around[o] = list
	}
	return s.around[o]
}

// kick replaces a few open options by others that reach the same rows, at
// random, obeying the limits; it returns what changed.
func (s *swapper) kick(rng *rand.Rand, times int) (changed []int32) {
	for range times {
		if len(s.open) == 0 || s.c.n == 0 {
			return changed
		}
		r := s.open[rng.IntN(len(s.open))]
		for try := 0; try < 8; try++ {
			options := s.c.options(int32(rng.IntN(s.c.n)))
			if s.c.cost != nil {
				options = options[:min(len(options), 1+s.c.m/max(len(s.open), 1))]
			}
			if len(options) == 0 {
				continue
			}
			o := options[rng.IntN(len(options))]
			if s.in[o] || s.c.banned[o] || !s.canSwap(o, r) {
				continue
			}
			s.remove(r)
			s.add(o)
			changed = append(changed, r, o)
			break
		}
	}
	return changed
}

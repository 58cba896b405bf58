package siting

import (
	"math"
	"slices"
)

// coverGreedy completes a choice to a cover of all hard rows by the least cost
// per row, then drops what is not needed, the dearest first.
func (h *hunt) coverGreedy(start []int32) []int32 {
	c := h.c
	count := make([]int32, c.n)
	in := make([]bool, c.m)
	used := make(map[int32]bool)
	var set []int32
	open := func(o int32) {
		in[o], used[c.chooser.site[o]] = true, true
		set = append(set, o)
		for _, r := range c.rows(o) {
			count[r]++
		}
	}
	for j, must := range h.ch.must {
		if must {
			best := h.ch.optionsOf[j][0]
			for _, o := range h.ch.optionsOf[j] {
				if c.fixed[o] < c.fixed[best] {
					best = o
				}
			}
			open(best)
		}
	}
	for _, o := range start {
		if !in[o] && !used[c.chooser.site[o]] {
			open(o)
		}
	}
	// Gains only fall, so the queue may be stale; see swapper.greedy.
	gain := func(o int32) float64 {
		n := 0
		for _, r := range c.rows(o) {
			if count[r] == 0 && c.unserved[r] == hard {
				n++
			}
		}
		return float64(n) / float64(max(c.fixed[o], 1))
	}
	var queue rankedHeap
	for o := range int32(c.m) {
		if !in[o] && !c.banned[o] && !used[c.chooser.site[o]] {
			if g := gain(o); g > 0 {
				queue = append(queue, ranked{g, o})
			}
		}
	}
	queue.init()
	for len(queue) > 0 {
		top := queue[0]
		fresh := gain(top.option)
		switch {
		case fresh == 0 || used[c.chooser.site[top.option]]:
			queue.pop()
		case fresh < top.score:
			queue[0].score = fresh
			queue.down(0)
		default:
			queue.pop()
			open(top.option)
		}
	}
	slices.SortStableFunc(set, func(a, b int32) int { return int(min(max(c.fixed[b]-c.fixed[a], -1), 1)) })
	return slices.DeleteFunc(set, func(o int32) bool {
		if h.ch.must[c.chooser.site[o]] {
			return false
		}
		for _, r := range c.rows(o) {
			if count[r] == 1 && c.unserved[r] == hard {
				return false
			}
		}
		for _, r := range c.rows(o) {
			count[r]--
		}
		return true
	})
}

// squeeze looks for covers with fewer sites than the best, as long as it finds
// one: so many sites that leave the fewest rows uncovered, until none is left.
func (h *hunt) squeeze() {
	if slices.ContainsFunc(h.c.fixed, func(f int64) bool { return f != 1 }) {
		return
	}
	soft := *h.c
	soft.constant, soft.fixed, soft.unserved = 0, make([]int64, h.c.m), make([]int32, h.c.n)
	for i := range soft.unserved {
		soft.unserved[i] = 1
	}
	ch := *h.ch
	for !h.content() && !h.e.over() {
		ch.count = int(min(h.value-1, int64(h.ch.count)))
		if ch.count < 1 {
			return
		}
		part := &hunt{c: &soft, ch: &ch, e: h.e, value: math.MaxInt64, bound: NoValue, cutoff: math.MaxInt64, swap: newSwapper(&soft, &ch)}
		quiet := h.e.quiet
		h.e.quiet = true
		part.swap.greedy(false, h.e.over)
		part.swap.descend(h.e.rng, h.e.over)
		part.offer(part.swap.open)
		part.anneal(inVain)
		h.e.quiet = quiet
		if part.value > 0 || !h.offer(part.best) {
			return
		}
	}
}

package siting

import "slices"

// rove is the local search for cores with limits that the swapper does not
// know: every change is evaluated anew, first by how much the limits are
// broken, then by value. It is slow and general.
func (h *hunt) rove() {
	type score struct{ broken, value int64 }
	judge := func(set []int32) score {
		h.e.done++
		value, lack := h.c.value(set)
		broken := h.ch.violation(set) + lack
		if h.broken != nil {
			broken += h.broken(set)
		}
		return score{broken, value}
	}
	better := func(a, b score) bool {
		return a.broken < b.broken || a.broken == b.broken && a.value < b.value
	}
	set := slices.Clone(h.best)
	now := judge(set)
	order := make([]int32, h.c.m)
	for o := range order {
		order[o] = int32(o)
	}
	try := func(next []int32) bool {
		if s := judge(next); better(s, now) {
			set, now = next, s
			if s.broken == 0 {
				h.offer(set)
			}
			return true
		}
		return false
	}
	descend := func() {
		for moved := true; moved && !h.e.over(); {
			moved = false
			h.e.rng.Shuffle(len(order), func(a, b int) { order[a], order[b] = order[b], order[a] })
			for _, o := range order {
				if h.e.over() {
					return
				}
				if at := slices.Index(set, o); at >= 0 {
					moved = try(slices.Delete(slices.Clone(set), at, at+1)) || moved
					continue
				}
				if h.c.banned[o] {
					continue
				}
				moved = bring(set, o, try) || moved
			}
		}
	}
	descend()
	for range 20 {
		if h.e.over() || h.content() || len(order) == 0 {
			return
		}
		kept, score := slices.Clone(set), now
		for range 1 + h.e.rng.IntN(3) {
			o := order[h.e.rng.IntN(len(order))]
			if at := slices.Index(set, o); at >= 0 {
				set = slices.Delete(set, at, at+1)
			} else if len(set) > 0 && !h.c.banned[o] {
				set[h.e.rng.IntN(len(set))] = o
			}
		}
		set = slices.Compact(slices.Sorted(slices.Values(set)))
		now = judge(set)
		descend()
		if better(score, now) {
			set, now = kept, score
		}
	}
}

// bring tries an option with a set: opened besides, then in the place of each of
// the set in turn, until try keeps one. It reports whether it did.
func bring(set []int32, o int32, try func(next []int32) bool) bool {
	if try(append(slices.Clone(set), o)) {
		return true
	}
	for k := range set {
		next := slices.Clone(set)
		next[k] = o
		if try(next) {
			return true
		}
	}
	return false
}

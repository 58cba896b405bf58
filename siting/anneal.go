package siting

import (
	"math"
	"slices"
)

// How an annealing is laid out; on the twelve census instances of
// bench/SITING.md other choices came out worse.
const (
	// annealBatch is how many exchanges count as one iteration: about as much
	// work as a kick and its descent.
	annealBatch = 512
	// nearby is how often, of a hundred, an exchange stays where it was: the new
	// option reaches a row that the old one reaches. Without it an exchange hardly
	// ever saves anything, and the annealing is a random walk.
	nearby = 85
	// aimed is how often, of a hundred, an exchange is aimed at a row that nobody reaches
	// and takes the place of the option that is missed least. Where nearly everybody is
	// reached two options drawn by chance hardly ever fit.
	aimed = 10
	// coldest is the temperature at which a cooling ends, as a share of what
	// closing an open option costs on average.
	coldest = 0.003
	// inVain is after how many coolings without a better choice the search turns
	// to something else.
	inVain = 8
	// kicked is how many kicks in vain follow four coolings.
	kicked = 200
	// elite is how many choices recombine.
	elite = 12
)

// heats are the temperatures at which coolings begin in turn, as coldest.
var heats = [...]float64{0.03, 0.05, 0.03}

// anneal improves a choice of a cover core by simulated annealing (Kirkpatrick,
// Gelatt and Vecchi 1983): random exchanges of an open option for another,
// accepted with probability min(1, exp(saved / T)), while T falls geometrically.
// Kicks and descents alone fall back to the same choice on census data, where
// many choices lie within 0.3 % of the optimum, several exchanges apart.
//
// Three coolings among all options give three choices; a fourth is held among
// the options of the last few such choices alone, most of which an optimum has
// too, and starts from the best. Coolings grow by half after each four, so that
// a short effort ends with whole ones and a long one is slow at its end; they end
// after so many in vain as patience says.
func (h *hunt) anneal(patience int) {
	s := h.swap
	h.exchanges(kicked)
	if !h.found || len(s.open) == 0 || len(s.open) == h.c.m || h.c.n == 0 {
		return
	}
	batches := 4 + int64(h.c.m+len(h.c.row)/8)/annealBatch
	var choices [][]int32
	for round, vain := 0, 0; vain < patience && !h.e.over() && !h.content(); round++ {
		before := h.value
		if round%4 < 3 {
			h.cool(batches, heats[round%4], h.anywhere)
			choices = append(choices, slices.Clone(s.open))
			choices = choices[max(0, len(choices)-elite):]
		} else {
			s.move(h.best)
			h.cool(batches, heats[len(heats)-1], h.among(append(choices, h.best)))
			batches += batches / 2
		}
		s.descend(h.e.rng, h.e.over)
		h.offer(s.open)
		if round%4 == 3 {
			h.exchanges(kicked)
		}
		if vain++; h.value < before {
			vain = 0
		}
		if round%4 == 2 {
			s.move(h.best)
		}
	}
}

// cool runs one cooling of so many batches from the choice at hand to the best
// of its colder half. partner draws an option that may take an open one's place.
func (h *hunt) cool(batches int64, heat float64, partner func(r int32) int32) {
	s := h.swap
	var losses int64
	for _, o := range s.open {
		losses += s.loss[o]
	}
	worth := max(float64(losses)/float64(len(s.open)), 1)
	begin, end := worth*heat, worth*coldest
	var best []int32
	value := int64(math.MaxInt64)
	for batch := int64(0); batch < batches && !h.e.over(); batch++ {
		h.e.done++
		t := begin * math.Pow(end/begin, float64(batch)/float64(batches))
		for range annealBatch {
			if h.e.rng.IntN(100) < aimed {
				h.aim(t)
			} else {
				r := s.open[h.e.rng.IntN(len(s.open))]
				h.exchange(r, partner(r), t)
			}
			if s.value < value && 2*batch >= batches {
				best, value = append(best[:0], s.open...), s.value
			}
		}
	}
	if best != nil {
		s.move(best)
	}
}

// anywhere draws an option that reaches a row of r, or now and then any row.
func (h *hunt) anywhere(r int32) int32 {
	rng := h.e.rng
	row := int32(rng.IntN(h.c.n))
	if rows := h.c.rows(r); len(rows) > 0 && rng.IntN(100) < nearby {
		row = rows[rng.IntN(len(rows))]
	}
	options := h.c.options(row)
	return options[rng.IntN(len(options))]
}

// among draws like anywhere, from the options of some choices.
func (h *hunt) among(choices [][]int32) func(r int32) int32 {
	all := slices.Compact(slices.Sorted(slices.Values(slices.Concat(choices...))))
	in := make([]bool, h.c.m)
	for _, o := range all {
		in[o] = true
	}
	sharing := make(map[int32][]int32, len(all))
	for _, o := range all {
		var near []int32
		for _, i := range h.c.rows(o) {
			for _, b := range h.c.options(i) {
				if in[b] && b != o {
					near = append(near, b)
				}
			}
		}
		sharing[o] = slices.Compact(slices.Sorted(slices.Values(near)))
	}
	rng := h.e.rng
	return func(r int32) int32 {
		from := all
		if near := sharing[r]; len(near) > 0 && rng.IntN(100) < nearby {
			from = near
		}
		return from[rng.IntN(len(from))]
	}
}

// aim tries an option of a row that nobody reaches in the place of the option that it
// does best without, at a temperature, or beside the open ones where there is room.
func (h *hunt) aim(t float64) {
	const tries = 40 // rows looked at: few may be unreached
	s, rng := h.swap, h.e.rng
	row := int32(rng.IntN(h.c.n))
	for try := 1; s.count[row] > 0; try++ {
		if try == tries {
			return
		}
		row = int32(rng.IntN(h.c.n))
	}
	options := h.c.options(row)
	o := options[rng.IntN(len(options))]
	if h.c.banned[o] {
		return
	}
	if s.canAdd(o) {
		s.add(o)
		return
	}
	if r, saved := s.bestFor(o); r >= 0 && saved >= -int64(t*rng.ExpFloat64()) {
		s.remove(r)
		s.add(o)
	}
}

// exchange tries o in the place of the open option r at a temperature, or beside
// the open ones where there is room.
func (h *hunt) exchange(r, o int32, t float64) {
	s := h.swap
	if s.in[o] || h.c.banned[o] {
		return
	}
	if s.canAdd(o) {
		if s.gain(o) > 0 {
			s.add(o)
		}
		return
	}
	if at := s.at[h.ch.site[o]]; at >= 0 {
		r = at
	}
	if !s.canSwap(o, r) {
		return
	}
	// saved ≥ −T·x, x drawn from exp(−x), has the probability exp(saved / T).
	saved, least := -s.loss[r], -int64(t*h.e.rng.ExpFloat64())
	if saved+s.worth(o) < least {
		return
	}
	for _, i := range h.c.rows(o) {
		if owner := s.owner[i]; owner == nobody || owner == r {
			saved += s.penalty[i]
		}
	}
	if saved >= least {
		s.remove(r)
		s.add(o)
	}
}

package siting

import (
	"fmt"
	"slices"
)

// Reach lists for each candidate the demand within reach and the time to it, as
// compressed rows: 8 bytes a pair. It grows candidate by candidate and is then
// only read.
type Reach struct {
	demands int
	first   []int64 // pairs of candidate j are first[j]:first[j+1]
	demand  []int32
	time    []int32
}

// NewReach returns a Reach over so many demand cells and no candidate.
func NewReach(demands int) *Reach { return &Reach{demands: demands, first: []int64{0}} }

// Grow makes room for so many more pairs.
func (r *Reach) Grow(pairs int) {
	r.demand = slices.Grow(r.demand, pairs)
	r.time = slices.Grow(r.time, pairs)
}

// Add appends the next candidate. The demand ascends strictly; times are ≥ 0.
func (r *Reach) Add(demand, time []int32) error {
	if len(demand) != len(time) {
		return fmt.Errorf("reach of candidate %d: %d demand cells, %d times", r.Len(), len(demand), len(time))
	}
	for k, i := range demand {
		switch {
		case i < 0 || int(i) >= r.demands:
			return fmt.Errorf("reach of candidate %d: demand %d is none of %d", r.Len(), i, r.demands)
		case k > 0 && demand[k-1] >= i:
			return fmt.Errorf("reach of candidate %d: demand %d does not come after %d", r.Len(), i, demand[k-1])
		case time[k] < 0:
			return fmt.Errorf("reach of candidate %d: the time to demand %d is negative", r.Len(), i)
		}
	}
	r.demand = append(r.demand, demand...)
	r.time = append(r.time, time...)
	r.first = append(r.first, int64(len(r.demand)))
	return nil
}

// Len returns the number of candidates.
func (r *Reach) Len() int { return len(r.first) - 1 }

// Pairs returns the number of pairs.
func (r *Reach) Pairs() int { return len(r.demand) }

// Of returns the demand within reach of a candidate and the times to it.
func (r *Reach) Of(candidate int) (demand, time []int32) {
	a, b := r.first[candidate], r.first[candidate+1]
	return r.demand[a:b], r.time[a:b]
}

// Time returns the time between a candidate and a demand, if within reach.
func (r *Reach) Time(candidate, demand int) (int32, bool) {
	of, time := r.Of(candidate)
	if k, ok := slices.BinarySearch(of, int32(demand)); ok {
		return time[k], true
	}
	return 0, false
}

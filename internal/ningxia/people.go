package ningxia

import (
	"cmp"
	"math"
	"slices"

	"lifecircle"
	"lifecircle/registry"
)

// share divides a whole number of things by weights so that the parts add up to
// it exactly: each gets the floor of its quota, and those with the largest
// remainders one more (Hamilton's method; of equal remainders the first).
// Weights are not negative and not all zero.
func share(total int64, weights []float64) []int64 {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	parts := make([]int64, len(weights))
	remainders := make([]float64, len(weights))
	order := make([]int, len(weights))
	left := total
	for i, w := range weights {
		quota := float64(total) * w / sum
		floor := math.Floor(quota)
		parts[i], remainders[i], order[i] = int64(floor), quota-floor, i
		left -= parts[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(remainders[b], remainders[a]) })
	for _, i := range order[:left] {
		parts[i]++
	}
	return parts
}

// countryTilt is how much likelier than the average an age band lives in the
// country: the young have left, children and the old stay. Our own estimate; the
// census tables at hand give towns and country by county but not by age.
var countryTilt = [len(Bands)]float64{
	1.0, 1.0, 1.0, 1.05, 0.95, 0.75, 0.75, 0.8, 0.85, 0.95, 1.05, 1.1, 1.15, 1.2, 1.25, 1.25, 1.2, 1.15, 1.1,
}

// divide splits a county's census into country and town so that every cell and
// both sums are exact.
func (c census) divide() (town, country Cells) {
	// Scale one factor until the tilted quotas add up to the country's people;
	// no cell gives more than it has.
	quota := func(factor float64, i int) float64 {
		return math.Min(float64(c.cells[i]), factor*countryTilt[i%len(Bands)]*float64(c.cells[i]))
	}
	low, high := 0.0, 4.0
	for range 60 {
		middle, sum := (low+high)/2, 0.0
		for i := range c.cells {
			sum += quota(middle, i)
		}
		if sum < float64(c.rural) {
			low = middle
		} else {
			high = middle
		}
	}
	weights := make([]float64, len(c.cells))
	for i := range c.cells {
		weights[i] = quota(high, i)
	}
	for i, n := range share(c.rural, weights) {
		// A quota rounded up may exceed its cell by one person; the next cell of
		// the same sex takes them.
		country[i] += n
		if extra := country[i] - c.cells[i]; extra > 0 {
			country[i] -= extra
			country[(i+1)%len(country)] += extra
		}
	}
	for i := range c.cells {
		town[i] = c.cells[i] - country[i]
	}
	return town, country
}

// spread divides people among units by weight, each cell exactly.
func (c Cells) spread(weights []float64) []Cells {
	units := make([]Cells, len(weights))
	for cell, n := range c {
		for i, part := range share(n, weights) {
			units[i][cell] = part
		}
	}
	return units
}

// within divides a group of people among dwellings by how many live in each; no
// dwelling gets more of the group than it has people, and the group is met exactly.
func within(group int64, people []int64) []int64 {
	weights, all := make([]float64, len(people)), int64(0)
	for i, n := range people {
		weights[i], all = float64(n), all+n
	}
	if group == 0 || all == 0 {
		return make([]int64, len(people))
	}
	return share(group, weights)
}

// group counts a group of people that ages tell, a half rounded down.
func (c Cells) group(name string) int64 {
	n, _ := registry.GroupCount(name, func(ages registry.Band) (lifecircle.Number, bool) {
		people := int64(0)
		for i, n := range c {
			if first := Bands[i%len(Bands)]; first >= ages.From && (ages.To < 0 || first <= ages.To) {
				people += n
			}
		}
		return lifecircle.Int(people), true
	})
	return n.Num() / n.Den()
}

package remedy

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"lifecircle"
	"lifecircle/plan/rule"
	"lifecircle/siting"
)

// capacity is a unit in which the capacity of a facility is counted, with the
// field of a facility that says it and that of a population point that says who
// needs it.
type capacity struct{ unit, field, demand string }

var capacities = []capacity{
	{"place", "places", "people_under_3"},
	{"bed", "beds", "people_65"},
}

// capacityOf finds the capacity that a unit counts: place/1000 person counts
// places.
func capacityOf(u rule.Unit) (capacity, bool) {
	text := u.String()
	for _, c := range capacities {
		if text == c.unit || strings.HasPrefix(text, c.unit+"/") {
			return c, true
		}
	}
	return capacity{}, false
}

// Unit returns the unit of capacity, "" where none is asked for.
func (c *Case) Unit() string { return c.capacity.unit }

// poseCapacity makes a cell of everybody who needs the capacity.
func (c *Case) poseCapacity() error {
	q := &c.Question
	if err := c.chooseCapacity(); err != nil {
		return err
	}
	if len(q.Sizes) == 0 {
		if q.Count == 0 || c.Need == 0 {
			return lifecircle.Errorf("siting_no_size", "say how many %ss a new %s has (sizes such as 60,90)", c.capacity.unit, q.Kind)
		}
		q.Sizes = []int64{(c.Need + int64(q.Count) - 1) / int64(q.Count)}
		c.note("size_chosen", fmt.Sprintf("%d %ss shared among %d new places are %d each", c.Need, c.capacity.unit, q.Count, q.Sizes[0]), map[string]any{"size": q.Sizes[0]})
	}
	for _, size := range q.Sizes {
		if size <= 0 {
			return lifecircle.Errorf("siting_question", "a size of %d: want more than 0", size)
		}
	}
	if q.Count == 0 && !q.HasBudget && c.Need > 0 {
		most := slices.Max(q.Sizes)
		q.Count = int((c.Need + most - 1) / most)
		c.note("count_chosen", fmt.Sprintf("%d more %ss take %d places of %d", c.Need, c.capacity.unit, q.Count, most), map[string]any{"count": q.Count})
	}
	q.Demand = cmp.Or(q.Demand, c.capacity.demand)
	return c.needers()
}

// chooseCapacity finds the kind to build and the capacity it has, where the
// question leaves them open: what stands most often in the World.
func (c *Case) chooseCapacity() error {
	q := &c.Question
	type found struct {
		kind string
		capacity
	}
	count := make(map[found]int)
	for _, f := range c.ground.Registry.Facilities() {
		if q.Kind != "" && f.Kind != q.Kind {
			continue
		}
		for _, has := range capacities {
			if _, ok := f.Fields[has.field].Number(); ok && (c.capacity == (capacity{}) || c.capacity == has) {
				count[found{f.Kind, has}]++
			}
		}
	}
	best := found{}
	for one, n := range count {
		if n > count[best] || n == count[best] && one.kind < best.kind {
			best = one
		}
	}
	switch {
	case q.Kind == "" && best.kind == "":
		return lifecircle.Errorf("siting_question", "no facility says how many %ss it has: name the kind to open", c.capacity.unit)
	case q.Kind == "":
		q.Kind = best.kind
		c.note("kind_chosen", fmt.Sprintf("%s is the commonest kind with %ss; name another with the kind", q.Kind, best.unit), map[string]any{"kind": q.Kind})
	}
	if c.capacity == (capacity{}) {
		if best.kind == "" {
			return lifecircle.Errorf("siting_question", "no %s says its beds or places: capacity cannot be sited", q.Kind).With("kind", q.Kind)
		}
		c.capacity = best.capacity
	}
	return nil
}

// needers makes the cells of the people of an age. Where a point does not say how
// many it has, it has its area's share, largest remainders first, so that together
// they have the share of their sum.
func (c *Case) needers() error {
	known := c.ground.Registry
	byArea := make(map[lifecircle.AreaCode][]int)
	points := known.Points()
	for i, p := range points {
		if _, inside := c.groupOf[p.Area]; inside {
			byArea[p.Area] = append(byArea[p.Area], i)
		}
	}
	var uncounted []string
	estimated := false
	for _, code := range known.Subtree(c.Question.Area) {
		var silent []int // places among the cells
		var people []int64
		for _, i := range byArea[code] {
			p := points[i]
			weight, said := p.People, c.Question.Demand == "people"
			if !said {
				weight, said = p.Groups.People(c.Question.Demand)
			}
			if said {
				c.Demand = c.Demand.Weakest(p.Provenance)
			} else {
				silent, people = append(silent, len(c.Cells)), append(people, p.People)
			}
			c.Cells = append(c.Cells, Cell{ID: p.ID, Area: p.Area, At: p.At, Weight: weight, limit: c.Limit})
		}
		if len(silent) == 0 {
			continue
		}
		share, ok := known.GroupShare(code, c.Question.Demand)
		if !ok {
			uncounted = append(uncounted, string(code))
			for _, at := range slices.Backward(silent) {
				c.Cells = slices.Delete(c.Cells, at, at+1)
			}
			continue
		}
		for k, weight := range apportion(people, [2]int64{share.Part.Num(), share.Part.Den()}) {
			c.Cells[silent[k]].Weight = weight
		}
		estimated = true
		c.Demand = c.Demand.Weakest(share.Provenance).Weakest(lifecircle.Estimated)
	}
	if len(c.Cells) == 0 && c.Question.Demand != "people" {
		return lifecircle.Errorf("siting_no_data", "nobody knows how many of %s are of the age that %s counts: import a population count by age", c.Question.Area, c.Question.Demand)
	}
	if estimated {
		c.note("ages_estimated", c.Question.Demand+" of each point that does not say it is its area's share in the population count; of the band 1–4, the first two of four years count",
			map[string]any{"field": c.Question.Demand})
	}
	if len(uncounted) > 0 {
		c.note("ages_unknown", fmt.Sprintf("%d areas have no count by age: points there that do not say it are left out", len(uncounted)), map[string]any{"areas": uncounted})
	}
	return nil
}

// apportion gives each its share, whole, so that the sum is the share of the sum
// rounded to the nearest (largest remainders).
func apportion(people []int64, share [2]int64) []int64 {
	var total int64
	for _, n := range people {
		total += n
	}
	want := (2*total*share[0] + share[1]) / (2 * share[1])
	out := make([]int64, len(people))
	order := make([]int, len(people))
	for k, n := range people {
		out[k] = n * share[0] / share[1]
		want -= out[k]
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(people[b]*share[0]%share[1], people[a]*share[0]%share[1])
	})
	for _, k := range order {
		if want <= 0 {
			break
		}
		out[k]++
		want--
	}
	return out
}

// room returns how much capacity the limits can pay for at most, whoever uses it:
// no answer serves more. ok is false where they bound nothing.
func (c *Case) room() (most int64, ok bool) {
	q := c.Question
	largest := slices.Max(q.Sizes)
	most = math.MaxInt64
	if q.Count > 0 {
		most, ok = int64(q.Count)*largest, true
	}
	unit, sizes := int64(0), c.modules(c.leastCost())
	for _, m := range sizes {
		unit = gcd(unit, m.Cost)
	}
	const steps = 1_000_000
	if !q.HasBudget || unit == 0 || q.Budget/unit > steps {
		return most, ok
	}
	// Sizes are bought as long as the money lasts (unbounded knapsack).
	paid := make([]int64, q.Budget/unit+1)
	for b := range paid {
		for _, m := range sizes {
			if cost := int(m.Cost / unit); cost > 0 && cost <= b {
				paid[b] = max(paid[b], paid[b-cost]+m.Capacity)
			} else if cost == 0 {
				return most, ok
			}
		}
	}
	return min(most, slices.Max(paid)), true
}

// leastCost is what the cheapest candidate costs, beside its capacity.
func (c *Case) leastCost() int64 {
	least := int64(math.MaxInt64)
	for _, s := range c.Spots {
		if s.Origin != FromExisting {
			least = min(least, c.costOf(s))
		}
	}
	return least
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// modules are the sizes of a new place with what each costs.
func (c *Case) modules(site int64) []siting.Module {
	var out []siting.Module
	for _, size := range c.Question.Sizes {
		out = append(out, siting.Module{Capacity: size, Cost: site + size*c.Costs.Unit})
	}
	return out
}

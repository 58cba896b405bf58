package access

import (
	"cmp"
	"math"
	"slices"

	"lifecircle"
)

// noValue stands where nothing is known.
var noValue = math.NaN()

// Distribution is how much people have of something: classes of equal values with
// their people, ascending. It does not depend on the order of the points, so its
// indices have the same bits in any.
type Distribution struct {
	values []float64
	people []int64
	total  int64
	sum    float64 // of people times value
}

// Distribute makes a distribution of the values of points and their people. Points
// without people do not count. A value that is negative or no number gives a
// lifecircle.Error: the indices are defined for amounts only.
func Distribute(values []float64, people []int64) (*Distribution, error) {
	if len(values) != len(people) {
		return nil, lifecircle.Errorf("amounts_invalid", "%d values for the people of %d points", len(values), len(people))
	}
	if err := checkAmounts("people", people); err != nil {
		return nil, err
	}
	order := make([]int, 0, len(values))
	for i, v := range values {
		if people[i] == 0 {
			continue
		}
		if !(v >= 0) || math.IsInf(v, 1) {
			return nil, lifecircle.Errorf("value_invalid", "value %d is %v: want 0 or more; leave out points without an answer and say how many they are", i, v)
		}
		order = append(order, i)
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(values[a], values[b]) })
	d := &Distribution{}
	for _, i := range order {
		last := len(d.values) - 1
		if last < 0 || d.values[last] != values[i] {
			d.values, d.people = append(d.values, values[i]), append(d.people, 0)
			last++
		}
		d.people[last] += people[i]
		d.total += people[i]
	}
	for i, v := range d.values {
		d.sum += v * float64(d.people[i])
	}
	return d, nil
}

// People returns how many people there are.
func (d *Distribution) People() int64 { return d.total }

// Mean returns what one has on average; ok is false without people.
func (d *Distribution) Mean() (mean float64, ok bool) {
	if d.total == 0 {
		return 0, false
	}
	return d.sum / float64(d.total), true
}

// LorenzPoint is a point of the Lorenz curve: the poorest share of people has that
// share of all.
type LorenzPoint struct{ People, Value float64 }

// Lorenz returns the Lorenz curve (M. O. Lorenz, Publications of the American
// Statistical Association 9, 1905) from 0, 0 to 1, 1; ok is false where nobody has
// anything.
func (d *Distribution) Lorenz() (curve []LorenzPoint, ok bool) {
	if d.total == 0 || d.sum == 0 {
		return nil, false
	}
	curve = append(curve, LorenzPoint{})
	people, value := int64(0), 0.0
	for i, v := range d.values {
		people += d.people[i]
		value += v * float64(d.people[i])
		curve = append(curve, LorenzPoint{float64(people) / float64(d.total), value / d.sum})
	}
	return curve, true
}

// Gini returns the Gini coefficient weighted by people, 0 where all have the same,
// near 1 where one has all; ok is false where nobody has anything. It is twice the
// area between the Lorenz curve and the diagonal:
//
//	G = 1 − Σ_k (F_k − F_{k−1}) (L_k + L_{k−1}) = Σ_i Σ_j p_i p_j |x_i − x_j| / (2 N Σ p x)
func (d *Distribution) Gini() (gini float64, ok bool) {
	curve, ok := d.Lorenz()
	if !ok {
		return 0, false
	}
	area := 0.0
	for k := 1; k < len(curve); k++ {
		area += (curve[k].People - curve[k-1].People) * (curve[k].Value + curve[k-1].Value)
	}
	return max(0, 1-area), true
}

// share returns the share of all that the poorest share of people has.
func share(curve []LorenzPoint, people float64) float64 {
	for k := 1; k < len(curve); k++ {
		a, b := curve[k-1], curve[k]
		if people <= b.People {
			return a.Value + (b.Value-a.Value)*(people-a.People)/(b.People-a.People)
		}
	}
	return 1
}

// Palma returns what the richest tenth has over what the poorest four tenths have
// (A. Cobham, A. Sumner, Is it all about the tails?, CGD Working Paper 343, 2013);
// ok is false where the poorest have nothing.
func (d *Distribution) Palma() (ratio float64, ok bool) {
	curve, ok := d.Lorenz()
	if !ok {
		return 0, false
	}
	poor := share(curve, 0.4)
	if poor == 0 {
		return 0, false
	}
	return (1 - share(curve, 0.9)) / poor, true
}

// ShareBelow returns the share of people who have less than a standard; exactly the
// standard is enough. ok is false without people.
func (d *Distribution) ShareBelow(standard float64) (share float64, ok bool) {
	if d.total == 0 {
		return 0, false
	}
	below := int64(0)
	for i, v := range d.values {
		if v < standard {
			below += d.people[i]
		}
	}
	return float64(below) / float64(d.total), true
}

// Quantile returns the least value that at least a share of people do not exceed,
// the share in 0 … 1; ok is false without people.
func (d *Distribution) Quantile(share float64) (value float64, ok bool) {
	people := int64(0)
	for i, v := range d.values {
		people += d.people[i]
		if float64(people) >= share*float64(d.total) {
			return v, true
		}
	}
	return 0, false
}

// Theil returns Theil's T (H. Theil, Economics and Information Theory, 1967), 0
// where all have the same; ok is false where nobody has anything:
//
//	T = Σ p x / (N μ) · ln(x / μ), with 0 · ln 0 = 0
func (d *Distribution) Theil() (theil float64, ok bool) {
	mean, ok := d.Mean()
	if !ok || mean == 0 {
		return 0, false
	}
	for i, v := range d.values {
		if v > 0 {
			r := v / mean
			theil += float64(d.people[i]) / float64(d.total) * r * math.Log(r)
		}
	}
	return max(0, theil), true
}

// TheilParts is Theil's T divided into what lies between groups, such as counties,
// and within them; they add up to Total:
//
//	between = Σ_g s_g ln(μ_g / μ), within = Σ_g s_g T_g, s_g the group's share of all
type TheilParts struct{ Total, Between, Within float64 }

// TheilOf divides Theil's T by the group of each point. ok is false where nobody
// has anything.
func TheilOf(values []float64, people []int64, group []int) (parts TheilParts, ok bool, err error) {
	all, err := Distribute(values, people)
	if err != nil {
		return TheilParts{}, false, err
	}
	if len(group) != len(values) {
		return TheilParts{}, false, lifecircle.Errorf("amounts_invalid", "%d groups for %d points", len(group), len(values))
	}
	mean, ok := all.Mean()
	if !ok || mean == 0 {
		return TheilParts{}, false, nil
	}
	members := make(map[int][]int)
	for i, g := range group {
		members[g] = append(members[g], i)
	}
	names := make([]int, 0, len(members))
	for g := range members {
		names = append(names, g)
	}
	slices.Sort(names)
	for _, g := range names {
		var x []float64
		var p []int64
		for _, i := range members[g] {
			x, p = append(x, values[i]), append(p, people[i])
		}
		own, err := Distribute(x, p)
		if err != nil {
			return TheilParts{}, false, err
		}
		theil, has := own.Theil()
		if !has {
			continue // it has nothing: 0 · ln 0
		}
		ownMean, _ := own.Mean()
		weight := own.sum / all.sum
		parts.Between += weight * math.Log(ownMean/mean)
		parts.Within += weight * theil
	}
	parts.Total = parts.Between + parts.Within
	return parts, true, nil
}

// Concentration returns the concentration index (N. C. Kakwani, A. Wagstaff, E. van
// Doorslaer, Socioeconomic inequalities in health, Journal of Econometrics 77,
// 1997): people stand in the order of rank, poorest first, and the index says in
// whose favour the values are spread, from −1 (the poorest have all) to 1:
//
//	C = 2 / (N μ) · Σ p x r − 1, r being the mean share of people up to one's own rank
//
// Equal ranks stand together. ok is false where nobody has anything.
func Concentration(values []float64, people []int64, rank []float64) (index float64, ok bool, err error) {
	all, err := Distribute(values, people)
	if err != nil {
		return 0, false, err
	}
	if len(rank) != len(values) {
		return 0, false, lifecircle.Errorf("amounts_invalid", "%d ranks for %d points", len(rank), len(values))
	}
	if all.sum == 0 {
		return 0, false, nil
	}
	order := make([]int, 0, len(values))
	for i, r := range rank {
		if people[i] == 0 {
			continue
		}
		if math.IsNaN(r) {
			return 0, false, lifecircle.Errorf("value_invalid", "rank %d is no number: leave the point out and say so", i)
		}
		order = append(order, i)
	}
	// Values order equal ranks, so that sums come out alike in any order of points.
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(rank[a], rank[b]), cmp.Compare(values[a], values[b]), cmp.Compare(people[a], people[b]))
	})
	before := int64(0)
	for i := 0; i < len(order); {
		same, amount := int64(0), 0.0
		k := i
		for ; k < len(order) && rank[order[k]] == rank[order[i]]; k++ {
			same += people[order[k]]
			amount += values[order[k]] * float64(people[order[k]])
		}
		index += amount * (float64(before) + float64(same)/2) / float64(all.total)
		before += same
		i = k
	}
	return 2*index/all.sum - 1, true, nil
}

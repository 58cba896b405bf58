package access

import "math"

// EquityQuestion asks how unevenly something falls to people. Its lists are as long as
// one another, but for those that are nil.
type EquityQuestion struct {
	Values   []float64 // what each point has, 0 or more; NaN where nobody knows
	People   []int64   // at each point, in any one unit
	Groups   []int     // nil, or the group of each point
	Ranks    []float64 // nil, or what people are ranked by
	Standard *float64  // nil, or what everybody should have
}

// Equity says how unevenly something falls to people; nil is what cannot be said. The
// names are those of answers.
type Equity struct {
	People        int64    `json:"people"`
	Unanswered    int64    `json:"people_without_answer"`
	Mean          *float64 `json:"mean"`
	Gini          *float64 `json:"gini"`
	Theil         *float64 `json:"theil"`
	TheilBetween  *float64 `json:"theil_between"` // groups
	TheilWithin   *float64 `json:"theil_within"`  // groups
	Palma         *float64 `json:"palma"`
	P10           *float64 `json:"p10"`
	P50           *float64 `json:"p50"`
	P90           *float64 `json:"p90"`
	ShareBelow    *float64 `json:"share_below"`   // the standard
	Concentration *float64 `json:"concentration"` // by rank
	// Lorenz is the curve; empty where nobody has anything.
	Lorenz []LorenzPoint `json:"-"`
}

// EquityOf answers with all indices of Distribution; those without an answer are left
// out and counted. Its errors are those of Distribute, TheilOf and Concentration.
func EquityOf(q EquityQuestion) (Equity, error) {
	var e Equity
	var values, ranks []float64
	var people []int64
	var groups []int
	for i, v := range q.Values {
		if math.IsNaN(v) {
			e.Unanswered += q.People[i]
			continue
		}
		values, people = append(values, v), append(people, q.People[i])
		if q.Groups != nil {
			groups = append(groups, q.Groups[i])
		}
		if q.Ranks != nil {
			ranks = append(ranks, q.Ranks[i])
		}
	}
	d, err := Distribute(values, people)
	if err != nil {
		return Equity{}, err
	}
	said := func(v float64, ok bool) *float64 {
		if !ok {
			return nil
		}
		return &v
	}
	e.People = d.People()
	e.Mean, e.Gini, e.Theil, e.Palma = said(d.Mean()), said(d.Gini()), said(d.Theil()), said(d.Palma())
	e.P10, e.P50, e.P90 = said(d.Quantile(0.1)), said(d.Quantile(0.5)), said(d.Quantile(0.9))
	e.Lorenz, _ = d.Lorenz()
	if q.Standard != nil {
		e.ShareBelow = said(d.ShareBelow(*q.Standard))
	}
	if q.Groups != nil {
		parts, ok, err := TheilOf(values, people, groups)
		if err != nil {
			return Equity{}, err
		}
		e.TheilBetween, e.TheilWithin = said(parts.Between, ok), said(parts.Within, ok)
	}
	if q.Ranks != nil {
		index, ok, err := Concentration(values, people, ranks)
		if err != nil {
			return Equity{}, err
		}
		e.Concentration = said(index, ok)
	}
	return e, nil
}

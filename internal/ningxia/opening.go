package ningxia

import (
	"math/rand/v2"
	"strings"

	"lifecircle/plan/rule"
	"lifecircle/registry"
)

// young are the beginnings of kinds of which many were opened in the plan's years;
// all that is older stands since the years given. Our own estimate.
var young = []string{"childcare", "elder", "meal", "happiness", "fitness", "sports", "pocket_park", "parcel", "small_", "comprehensive", "community_childcare", "workplace"}

// The years that rows begin in: the plan's own, and those before it.
const (
	firstYear   = 1988
	planBegins  = 2021
	lastYear    = 2025
	youngInPlan = 0.3  // of young kinds, opened in the plan's years
	oldInPlan   = 0.08 // of all others
)

// open gives all that stands in a county the day since when. It has numbers of its own,
// so that what else is generated does not depend on it.
func (c *county) open(seed uint64, facilities []registry.Facility, records []registry.Record) {
	rng := rand.New(rand.NewPCG(seed, c.number()+3))
	for i := range facilities {
		f := &facilities[i]
		f.From = since(rng, isYoung(f.Kind))
	}
	for i := range records {
		r := &records[i]
		switch submitted, _ := r.Fields["submitted"].Date(); {
		case r.Register == registry.PopulationRegister:
		case submitted != 0: // a new estate is a row from when it was handed in
			r.From = registry.DayOf(submitted)
		default:
			r.From = since(rng, false)
		}
	}
}

func isYoung(kind string) bool {
	for _, beginning := range young {
		if strings.HasPrefix(kind, beginning) {
			return true
		}
	}
	return false
}

// since draws a day, the later years being as likely as the earlier ones within the
// plan and before it.
func since(rng *rand.Rand, young bool) registry.Day {
	inPlan := oldInPlan
	if young {
		inPlan = youngInPlan
	}
	from, years := firstYear, planBegins-firstYear
	if rng.Float64() < inPlan {
		from, years = planBegins, lastYear-planBegins+1
	}
	first := rule.DateFrom(from, 1, 1)
	days := int(rule.DateFrom(from+years, 1, 1) - first)
	return registry.DayOf(first + rule.Date(rng.IntN(days)))
}

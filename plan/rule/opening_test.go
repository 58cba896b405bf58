package rule

import (
	"slices"
	"testing"
)

// A rule falls apart into what a place can meet and what none can.
func TestOpening(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		source     string
		ways       []string // measure and limit
		kinds      []string
		fields     []string
		provisions []string
		rest       int
	}{
		{source: "nearest(fitness_walk) <= reach", ways: []string{"fitness_walk reach"}},
		{source: "reach + 100 >= nearest(m)", ways: []string{"m reach + 100"}},
		{source: "nearest(a) <= 300 && (nearest(b) <= reach && nearest(c) <= reach)", ways: []string{"a 300", "b reach", "c reach"}},
		{source: "nearest(a) < 300", rest: 1},
		{source: "nearest(a) <= 300 || nearest(b) <= 300", rest: 1},
		{source: "nearest(a) <= nearest(b)", rest: 1},
		{source: `any(facility, .kind == "village_clinic")`, kinds: []string{"village_clinic"}},
		{source: `any(facility, .kind in ["x", "y"] && .standardised && .fee == "free")`, kinds: []string{"x", "y"}, fields: []string{"fee", "standardised"}},
		{source: `any(facility, .kind == "x" && .beds >= 10)`, rest: 1},
		{source: `any(facility, .kind == "x" || .public)`, rest: 1},
		{source: `any(link, .kind == "x")`, rest: 1},
		{source: `all(population_point, !.urban || .meets("sport.fitness_10min"))`, provisions: []string{"sport.fitness_10min"}},
		{source: `meets("a.b") && implemented`, provisions: []string{"a.b"}, rest: 1},
	} {
		e, faults := Parse(c.source)
		if e == nil {
			t.Fatalf("%s: %v", c.source, faults)
		}
		o := e.Opening()
		var ways, kinds, fields []string
		for _, w := range o.Ways {
			ways = append(ways, w.Measure+" "+w.Limit.Source())
		}
		for _, p := range o.Places {
			kinds = append(kinds, p.Kinds...)
			for field := range p.Fields {
				fields = append(fields, field)
			}
		}
		slices.Sort(fields)
		if !slices.Equal(ways, c.ways) || !slices.Equal(kinds, c.kinds) || !slices.Equal(fields, c.fields) || !slices.Equal(o.Provisions, c.provisions) || len(o.Rest) != c.rest {
			t.Errorf("%s: %+v", c.source, o)
		}
	}
}

package indicator_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/indicator"
	"lifecircle/plan"
	"lifecircle/plan/rule"
	"lifecircle/registry"
)

// homes are care homes in the west: their beds, and whether each is registered.
func (w *world) homes(beds []int64, registered []bool) *world {
	next := *w
	next.rows = map[string][]indicator.Row{registry.FacilityRegister: {}}
	for i, n := range beds {
		next.rows[registry.FacilityRegister] = append(next.rows[registry.FacilityRegister], indicator.FacilityRow(&registry.Facility{
			ID: lifecircle.FacilityID(fmt.Sprint("home-", i)), Area: west, Kind: "elder_home", At: geo.Point{Lon: 106, Lat: 38},
			Fields: registry.Fields{"beds": rule.NumberOf(lifecircle.Int(n)), "registered": rule.BoolOf(registered[i])}, Provenance: lifecircle.Real,
		}))
	}
	return &next
}

// What rows say is changed like what is reported: so many beds or homes more turn the
// target green once a row really has them, and one less does not.
func TestSmallestChangeOfRows(t *testing.T) {
	t.Parallel()
	beds, homes := "sum(facility, .registered ? .beds : none)", "count(facility, .registered)"
	rapid.Check(t, func(rt *rapid.T) {
		counted := rapid.SampledFrom([]string{beds, homes}).Draw(rt, "counted")
		over := rapid.SampledFrom([]string{"", "sum(facility, .beds)", "count(facility)", "last(a)"}).Draw(rt, "over")
		least := rapid.IntRange(1, 300).Draw(rt, "goal")
		p := pkg(t, counted, over, plan.Target{Type: plan.Reach, Bound: plan.AtLeast, Number: lifecircle.MustNumber(fmt.Sprintf("%d/100", least)), Year: 2025})
		p.Registers = map[string]plan.Register{registry.FacilityRegister: {ID: registry.FacilityRegister}}
		number := rapid.IntRange(1, 5).Draw(rt, "homes")
		sizes := rapid.SliceOfN(rapid.Int64Range(1, 60), number, number).Draw(rt, "beds")
		registered := rapid.SliceOfN(rapid.Bool(), number, number).Draw(rt, "registered")
		w := newWorld().put(t, "a", west, "2025", "40")
		x, err := indicator.New(p, w.homes(sizes, registered)).Explain(indicator.Query{Object: "x.y", Area: west, Period: lifecircle.Year(2025)})
		if err != nil {
			rt.Fatal(err)
		}
		if x.Result.State == indicator.Achieved {
			if x.Smallest != nil {
				rt.Fatalf("green, and yet %+v", x.Smallest)
			}
			return
		}
		changes := x.OtherChanges
		if x.Smallest != nil {
			changes = append(changes, *x.Smallest)
		}
		for _, s := range changes {
			if s.Of != beds || over == "sum(facility, .beds)" || over == "count(facility)" {
				continue // what is added would count below the line too
			}
			after := func(by int64) indicator.Result {
				return evaluate(t, p, w.homes(append(sizes, by), append(registered, true)), west, "2025")
			}
			if !s.Amount.IsInt() || s.Register != registry.FacilityRegister {
				rt.Fatalf("%+v: want whole beds of facilities", s)
			}
			if r := after(s.Amount.Num()); r.State != indicator.Achieved || r.Value != s.Value {
				rt.Fatalf("%v beds more give %v %s, foreseen %v", s.Amount, r.Value, r.State, s.Value)
			}
			if s.Amount.Num() > 1 && after(s.Amount.Num()-1).State == indicator.Achieved {
				rt.Fatalf("one bed less than %v suffices", s.Amount)
			}
			return
		}
		if counted == beds && (over == "" || over == "last(a)") {
			rt.Fatalf("%s over %q at %v: no number of beds turns it green", counted, over, x.Result.Value)
		}
	})
}

// More of what is promised comes before less of what it is measured against, also
// where that would be the smaller change.
func TestMoreComesBeforeLess(t *testing.T) {
	t.Parallel()
	p := pkg(t, "last(a)", "last(b)", plan.Target{Type: plan.Reach, Bound: plan.AtLeast, Number: lifecircle.MustNumber("0.6"), Year: 2025})
	w := newWorld().put(t, "a", west, "2025", "20").put(t, "b", west, "2025", "100")
	x, err := indicator.New(p, w).Explain(indicator.Query{Object: "x.y", Area: west, Period: lifecircle.Year(2025)})
	if err != nil {
		t.Fatal(err)
	}
	if s := x.Smallest; s == nil || s.Of != "a" || s.Amount != lifecircle.Int(40) {
		t.Errorf("the smallest change is %+v, want 40 more of a", s)
	}
	if len(x.OtherChanges) != 1 || x.OtherChanges[0].Of != "b" || x.OtherChanges[0].Amount != lifecircle.Int(-67) {
		t.Errorf("the others are %+v, want 67 less of b", x.OtherChanges)
	}
}

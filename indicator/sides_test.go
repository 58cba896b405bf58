package indicator

import (
	"slices"
	"testing"

	"lifecircle"
	"lifecircle/plan"
	"lifecircle/plans"
)

// TestSides: of a number of metres a way may come nearer, be as long or farther; of
// one that no way is as long as, nearer or farther.
func TestSides(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		numbers []string
		cuts    []uint32
	}{
		{nil, nil},
		{[]string{"500"}, []uint32{5000, 5001}},
		{[]string{"0"}, []uint32{1}},
		{[]string{"-3"}, nil},
		{[]string{"1/3"}, []uint32{4}},
		{[]string{"0.3", "0.4"}, []uint32{3, 4, 5}},
		{[]string{"1000000000"}, nil}, // no way is as long
	} {
		var s sides
		for _, n := range c.numbers {
			s.cut(lifecircle.MustNumber(n))
		}
		if s.every || !slices.Equal(slices.Sorted(slices.Values(s.cuts)), c.cuts) {
			t.Errorf("%v: %+v, want cuts %v", c.numbers, s, c.cuts)
		}
		for a := range uint32(12) {
			for b := range uint32(12) {
				want := false
				for _, n := range c.numbers {
					at := func(way uint32) int {
						metres, _ := lifecircle.Ratio(int64(way), 10)
						return metres.Cmp(lifecircle.MustNumber(n))
					}
					want = want || at(a) != at(b)
				}
				if got := s.parts(a, b); got != want {
					t.Errorf("%v: %d and %d lie on two sides: %v, want %v", c.numbers, a, b, got, want)
				}
			}
		}
	}
	var s sides
	if s.cut(lifecircle.MustNumber("9223372036854775807")); !s.every {
		t.Error("a number too long to reckon with parts nothing")
	}
}

// TestSidesOfThePlan: the rules of Ningxia's plan compare ways with numbers alone.
func TestSidesOfThePlan(t *testing.T) {
	t.Parallel()
	pkg, faults := plan.Load(plans.Ningxia2025())
	if pkg == nil {
		t.Fatal(faults)
	}
	of := sidesOf(pkg, readingsOf(pkg))
	if len(of) == 0 {
		t.Fatal("no rule asks for a way")
	}
	for measure, s := range of {
		if s.every || len(s.cuts) == 0 {
			t.Errorf("%s: %+v", measure, s)
		}
	}
	// Of both readings: 300 m of the one and 500 m of the other.
	if s := of["kindergarten_walk"]; !s.parts(2999, 3001) || !s.parts(4999, 5001) || s.parts(3100, 4900) {
		t.Errorf("kindergartens: %+v", s)
	}
}

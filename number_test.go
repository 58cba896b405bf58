package lifecircle_test

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"lifecircle"
)

func TestParseNumber(t *testing.T) {
	for text, want := range map[string]string{
		"3.15": "3.15", "-0.1": "-0.1", "2/3": "2/3", "6/4": "1.5", "0": "0", "-0": "0", "007": "7", ".5": "0.5", "5.": "5",
		"9223372036854775807": "9223372036854775807", "0.000000000000000001": "0.000000000000000001", "95.00": "95",
	} {
		n, err := lifecircle.ParseNumber(text)
		if err != nil || n.String() != want {
			t.Errorf("ParseNumber(%q) = %v, %v; want %s", text, n, err, want)
		}
	}
	for _, text := range []string{
		"", "-", ".", "1e3", "1,000", " 1", "1 ", "+1", "1.2/3", "1/0", "NaN", "Inf", "0x10", "１", "1/2/3", "--1", "1-2",
		"9223372036854775808", "-9223372036854775808", "0.0000000000000000001",
	} {
		if n, err := lifecircle.ParseNumber(text); lifecircle.ErrorCode(err) != "number_invalid" {
			t.Errorf("ParseNumber(%q) = %v, %v; want number_invalid", text, n, err)
		}
	}
}

// TestEdge: norms are decided at their edge. 0.1 m² for each of 1,231 people is
// 123.1 m²; in binary floats it is more.
func TestEdge(t *testing.T) {
	perPerson, people, land := lifecircle.MustNumber("0.1"), lifecircle.Int(1231), lifecircle.MustNumber("123.1")
	need, ok := perPerson.Mul(people)
	if !ok || need.Cmp(land) != 0 {
		t.Errorf("0.1 × 1231 = %v, want exactly %v", need, land)
	}
	if float, crowd := 0.1, 1231.0; float*crowd <= 123.1 {
		t.Error("floats have become exact: the decision on numbers can be made anew")
	}
	if share, _ := lifecircle.Ratio(79999, 100000); share.Cmp(lifecircle.MustNumber("0.8")) >= 0 {
		t.Error("79.999 % passes for 80 %")
	}
}

// TestNumberLaws compares every operation with fractions of any size: the same
// value where it fits, and a refusal exactly where it does not.
func TestNumberLaws(t *testing.T) {
	part := rapid.OneOf(
		rapid.Int64Range(-100, 100),
		rapid.Int64Range(-(1<<30)-2, 1<<30+2), // about where the fast way ends
		rapid.Int64Range(-math.MaxInt64, math.MaxInt64),
	)
	number := rapid.Custom(func(t *rapid.T) lifecircle.Number {
		for {
			if n, ok := lifecircle.Ratio(part.Draw(t, "num"), part.Draw(t, "den")); ok {
				return n
			}
		}
	})
	wide := func(n lifecircle.Number) *big.Rat { return big.NewRat(n.Num(), n.Den()) }
	fits := func(r *big.Rat) bool {
		limit := big.NewInt(math.MaxInt64)
		return r.Num().CmpAbs(limit) <= 0 && r.Denom().Cmp(limit) <= 0
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := number.Draw(t, "a"), number.Draw(t, "b")
		check := func(what string, got lifecircle.Number, ok bool, want *big.Rat) {
			if ok != fits(want) {
				t.Fatalf("%v %s %v: ok is %v, the exact result is %v", a, what, b, ok, want)
			}
			if ok && wide(got).Cmp(want) != 0 {
				t.Fatalf("%v %s %v = %v, want %v", a, what, b, got, want)
			}
		}
		sum, ok := a.Add(b)
		check("+", sum, ok, new(big.Rat).Add(wide(a), wide(b)))
		difference, ok := a.Sub(b)
		check("-", difference, ok, new(big.Rat).Sub(wide(a), wide(b)))
		product, ok := a.Mul(b)
		check("*", product, ok, new(big.Rat).Mul(wide(a), wide(b)))
		if b.Sign() != 0 {
			quotient, ok := a.Quo(b)
			check("/", quotient, ok, new(big.Rat).Quo(wide(a), wide(b)))
		} else if _, ok := a.Quo(b); ok {
			t.Fatalf("%v / 0 is a number", a)
		}
		if a.Cmp(b) != wide(a).Cmp(wide(b)) {
			t.Fatalf("%v against %v: %d", a, b, a.Cmp(b))
		}
		if back, err := lifecircle.ParseNumber(a.String()); err != nil || back != a {
			t.Fatalf("%v is written %q and read as %v, %v", a, a.String(), back, err)
		}
		if ceil := new(big.Rat).SetInt64(a.Ceil()); ceil.Cmp(wide(a)) < 0 || new(big.Rat).Sub(ceil, wide(a)).Cmp(big.NewRat(1, 1)) >= 0 {
			t.Fatalf("the ceiling of %v is %d", a, a.Ceil())
		}
	})
}

func TestParseAreaCode(t *testing.T) {
	for text, want := range map[string]lifecircle.AreaCode{
		"640104": "640104", "640104000": "640104", "640104000000": "640104", "640104001": "640104001",
		"640104001000": "640104001", "640104001001": "640104001001", "640000": "640000", "640100000000": "640100",
	} {
		if got, err := lifecircle.ParseAreaCode(text); err != nil || got != want {
			t.Errorf("ParseAreaCode(%q) = %q, %v; want %q", text, got, err, want)
		}
	}
	for _, text := range []string{"", "64", "6401040", "64010a", "６４０１０４", "64010400000", "640104-001"} {
		if got, err := lifecircle.ParseAreaCode(text); lifecircle.ErrorCode(err) != "area_code_invalid" {
			t.Errorf("ParseAreaCode(%q) = %q, %v; want area_code_invalid", text, got, err)
		}
	}
}

func TestParsePeriod(t *testing.T) {
	for _, text := range []string{"2025", "2025-03", "1990-12"} {
		p, err := lifecircle.ParsePeriod(text)
		if err != nil || p.String() != text {
			t.Errorf("ParsePeriod(%q) = %v, %v", text, p, err)
		}
	}
	for _, text := range []string{"", "25", "2025-3", "2025-13", "2025-00", "2025/03", "1899", "3000", "2025-1x", "+025"} {
		if p, err := lifecircle.ParsePeriod(text); lifecircle.ErrorCode(err) != "period_invalid" {
			t.Errorf("ParsePeriod(%q) = %v, %v; want period_invalid", text, p, err)
		}
	}
	months := lifecircle.Year(2025).Months()
	if len(months) != 12 || months[0].String() != "2025-01" || months[11].String() != "2025-12" {
		t.Errorf("the months of 2025: %v", months)
	}
	if p := lifecircle.Year(2025).AddYears(-9); p.String() != "2016" {
		t.Errorf("nine years before 2025: %v", p)
	}
}

// TestWeakest: what rests on two figures is known no better than the worse.
func TestWeakest(t *testing.T) {
	order := []lifecircle.Provenance{"", lifecircle.Real, lifecircle.Estimated, lifecircle.Generated}
	for i, p := range order {
		for j, q := range order {
			if got, want := p.Weakest(q), order[max(i, j)]; got != want {
				t.Errorf("weakest of %q and %q is %q, want %q", p, q, got, want)
			}
		}
	}
}

package lifecircle

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"strings"
)

// Number is an exact rational number. Norms are decided at their edge: 123 m²
// for 1,230 people at 0.1 m² each is enough, 79.999 % is not 80 %. Binary
// floats get the first wrong and tempt to round the second, so no float is
// compared anywhere; Float64 is for display.
//
// The value is kept in lowest terms with a numerator and denominator of 63
// bits. An operation whose result does not fit says so; nothing wraps. The zero
// Number is 0 and == compares values.
type Number struct {
	num  int64
	den1 int64 // denominator − 1, so that the zero value is 0/1
}

// Int returns the whole number n. The smallest int64 is out of range and
// panics: no count of ours comes near it.
func Int(n int64) Number {
	if n == math.MinInt64 {
		panic("lifecircle.Int: out of range")
	}
	return Number{num: n}
}

// Ratio returns num/den; ok is false when den is 0.
func Ratio(num, den int64) (n Number, ok bool) { return Int(num).Quo(Int(den)) }

// maxNumberText bounds what ParseNumber reads: 19 digits each side, a sign, a
// point and a bar, with room to spare.
const maxNumberText = 64

// ParseNumber reads a decimal ("3.15", "-0.1") or a fraction ("2/3"); exponents,
// blanks and grouping marks are refused.
func ParseNumber(text string) (Number, error) {
	bad := func(why string) (Number, error) {
		return Number{}, Errorf("number_invalid", "number %q: %s", text, why).With("text", text)
	}
	if text == "" || len(text) > maxNumberText {
		return bad("want a decimal like 3.15 or a fraction like 2/3")
	}
	digits := 0
	for i, r := range text {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r == '.' || r == '/':
		case r == '-' && i == 0:
		default:
			return bad("want a decimal like 3.15 or a fraction like 2/3")
		}
	}
	if digits == 0 || (strings.Contains(text, ".") && strings.Contains(text, "/")) {
		return bad("want a decimal like 3.15 or a fraction like 2/3")
	}
	rat, ok := new(big.Rat).SetString(text)
	if !ok {
		return bad("want a decimal like 3.15 or a fraction like 2/3")
	}
	n, ok := fromRat(rat)
	if !ok {
		return bad("too many digits")
	}
	return n, nil
}

// maxPlaces bounds the decimals String writes; longer ones stay fractions.
const maxPlaces = 18

// MustNumber is ParseNumber for constants; it panics on an error.
func MustNumber(text string) Number {
	n, err := ParseNumber(text)
	if err != nil {
		panic(err)
	}
	return n
}

// Num returns the numerator of the lowest terms.
func (n Number) Num() int64 { return n.num }

// Den returns the denominator of the lowest terms, at least 1.
func (n Number) Den() int64 { return n.den1 + 1 }

// IsInt reports whether n is whole.
func (n Number) IsInt() bool { return n.den1 == 0 }

// Sign returns −1, 0 or 1.
func (n Number) Sign() int { return cmp.Compare(n.num, 0) }

// small holds operands whose cross products and their sum fit an int64.
const small = 1 << 30

func (n Number) small() bool { return n.num < small && n.num > -small && n.den1 < small-1 }

// Add returns n+m; ok is false when the result does not fit.
func (n Number) Add(m Number) (sum Number, ok bool) {
	if n.den1 == 0 && m.den1 == 0 {
		s := n.num + m.num
		if (s > n.num) == (m.num > 0) && s != math.MinInt64 {
			return Number{num: s}, true
		}
		return Number{}, false
	}
	if n.small() && m.small() {
		return reduced(n.num*m.Den()+m.num*n.Den(), n.Den()*m.Den()), true
	}
	return fromRat(new(big.Rat).Add(n.rat(), m.rat()))
}

// Sub returns n−m; ok is false when the result does not fit.
func (n Number) Sub(m Number) (difference Number, ok bool) { return n.Add(m.Neg()) }

// Neg returns −n.
func (n Number) Neg() Number { return Number{num: -n.num, den1: n.den1} }

// Mul returns n·m; ok is false when the result does not fit.
func (n Number) Mul(m Number) (product Number, ok bool) {
	if n.small() && m.small() {
		return reduced(n.num*m.num, n.Den()*m.Den()), true
	}
	return fromRat(new(big.Rat).Mul(n.rat(), m.rat()))
}

// Quo returns n/m; ok is false when m is 0 or the result does not fit.
func (n Number) Quo(m Number) (quotient Number, ok bool) {
	if m.num == 0 {
		return Number{}, false
	}
	if n.small() && m.small() {
		num, den := n.num*m.Den(), n.Den()*m.num
		if den < 0 {
			num, den = -num, -den
		}
		return reduced(num, den), true
	}
	return fromRat(new(big.Rat).Quo(n.rat(), m.rat()))
}

// Cmp compares exactly: −1 when n < m, 0 when equal, 1 when n > m.
func (n Number) Cmp(m Number) int {
	if n.den1 == m.den1 || n.Sign() != m.Sign() {
		return cmp.Compare(n.num, m.num)
	}
	magnitude := func(x int64) uint64 {
		if x < 0 {
			return uint64(-x)
		}
		return uint64(x)
	}
	leftHigh, leftLow := bits.Mul64(magnitude(n.num), uint64(m.Den()))
	rightHigh, rightLow := bits.Mul64(magnitude(m.num), uint64(n.Den()))
	order := cmp.Or(cmp.Compare(leftHigh, rightHigh), cmp.Compare(leftLow, rightLow))
	return order * n.Sign()
}

// Ceil returns the smallest whole number that is not below n.
func (n Number) Ceil() int64 {
	quotient := n.num / n.Den()
	if n.num > 0 && n.num%n.Den() != 0 {
		quotient++
	}
	return quotient
}

// Float64 returns the nearest float, for display only.
func (n Number) Float64() float64 { return float64(n.num) / float64(n.Den()) }

// String writes n exactly: a decimal where it ends, otherwise a fraction.
// ParseNumber reads it back.
func (n Number) String() string {
	den, places := n.Den(), 0
	for _, base := range []int64{2, 5} {
		count := 0
		for den%base == 0 {
			den /= base
			count++
		}
		places = max(places, count)
	}
	if den != 1 || places > maxPlaces {
		return fmt.Sprintf("%d/%d", n.num, n.Den())
	}
	return n.rat().FloatString(places)
}

// MarshalText writes n exactly, as String does.
func (n Number) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// UnmarshalText reads what ParseNumber reads.
func (n *Number) UnmarshalText(text []byte) error {
	parsed, err := ParseNumber(string(text))
	if err != nil {
		return err
	}
	*n = parsed
	return nil
}

func (n Number) rat() *big.Rat { return big.NewRat(n.num, n.Den()) }

func fromRat(r *big.Rat) (Number, bool) {
	if !r.Num().IsInt64() || !r.Denom().IsInt64() || r.Num().Int64() == math.MinInt64 {
		return Number{}, false
	}
	return Number{num: r.Num().Int64(), den1: r.Denom().Int64() - 1}, true
}

// reduced returns num/den in lowest terms; den > 0.
func reduced(num, den int64) Number {
	a, b := num, den
	if a < 0 {
		a = -a
	}
	for b != 0 {
		a, b = b, a%b
	}
	return Number{num: num / a, den1: den/a - 1}
}

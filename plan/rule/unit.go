package rule

import (
	"strconv"
	"strings"

	"lifecircle"
)

// base is what a quantity counts or measures. People, beds and places do not
// add up, so each is a base of its own; so is the civil year, which is no fixed
// number of days.
type base uint8

const (
	person base = iota
	household
	place
	bed
	item
	visit
	yuan
	metre
	second
	year
	bases
)

// names of the bases, in the order in which a composed unit is written.
var names = [bases]string{"person", "household", "place", "bed", "item", "visit", "yuan", "m", "s", "year"}

// Unit is a scale times a product of bases with exponents. The zero Unit is 1:
// a number without unit, in which base units of every kind pass unchanged.
type Unit struct {
	text     string // as written; "" is "1"
	num, den int64  // the scale: base units in one of these; 0 stands for 1
	exponent [bases]int16
}

// Units that the product itself names.
var (
	Persons = Unit{text: "person", exponent: [bases]int16{person: 1}}
	Percent = Unit{text: "%", den: 100}
	Metres  = Unit{text: "m", exponent: [bases]int16{metre: 1}}
	Seconds = Unit{text: "s", exponent: [bases]int16{second: 1}}
	Yuan    = Unit{text: "yuan", exponent: [bases]int16{yuan: 1}}
	days    = Unit{text: "day", num: secondsPerDay, exponent: [bases]int16{second: 1}}
	years   = Unit{text: "year", exponent: [bases]int16{year: 1}}
)

// derived returns a unit by the name it has besides the bases.
func derived(name string) (u Unit, ok bool) {
	of := func(b base, power int16, num, den int64) (Unit, bool) {
		u.exponent[b], u.num, u.den = power, num, den
		return u, true
	}
	switch name {
	case "1":
		return u, true
	case "%":
		u.den = 100
		return u, true
	case "‰":
		u.den = 1000
		return u, true
	case "km":
		return of(metre, 1, 1000, 1)
	case "m2":
		return of(metre, 2, 1, 1)
	case "m3":
		return of(metre, 3, 1, 1)
	case "km2":
		return of(metre, 2, 1_000_000, 1)
	case "ha":
		return of(metre, 2, 10_000, 1)
	case "mu": // 亩: fifteen to the hectare
		return of(metre, 2, 2000, 3)
	case "minute":
		return of(second, 1, 60, 1)
	case "h":
		return of(second, 1, 60*60, 1)
	case "day":
		return of(second, 1, secondsPerDay, 1)
	case "month": // the twelfth of a year, not a number of days
		return of(year, 1, 1, 12)
	case "fen":
		return of(yuan, 1, 1, 100)
	}
	for b, known := range names {
		if known == name {
			return of(base(b), 1, 1, 1)
		}
	}
	return u, false
}

// Limits of a unit as written.
const (
	maxUnitText = 64
	maxExponent = 9
)

// ParseUnit reads a unit: names one after the other, with what divides after a
// slash; before a name may stand how many of it: "m2/person", "%",
// "place/1000 person", "visit/10k person".
func ParseUnit(text string) (Unit, error) {
	bad := func(why string) (Unit, error) {
		return Unit{}, lifecircle.Errorf("unit_unknown", "unit %q: %s", text, why).With("unit", text)
	}
	if len(text) > maxUnitText {
		return bad("too long")
	}
	over, under, divided := strings.Cut(text, "/")
	u := Unit{}
	scale := lifecircle.Int(1)
	for side, words := range []string{over, under} {
		if side == 1 && !divided {
			break
		}
		fields := strings.Fields(words)
		if len(fields) == 0 {
			return bad("nothing stands on one side; without a unit it is 1")
		}
		counted := false // a number waits for its name
		for _, word := range fields {
			factor, isCount := count(word)
			var of Unit
			if isCount && word != "1" {
				if counted {
					return bad("two numbers in a row")
				}
				counted = true
			} else {
				var known bool
				if of, known = derived(word); !known {
					return bad("there is no unit " + strconv.Quote(word))
				}
				factor, counted = of.scale(), false
			}
			fits := false
			if side == 0 {
				scale, fits = scale.Mul(factor)
			} else {
				scale, fits = scale.Quo(factor)
			}
			if !fits {
				return bad("its scale has too many digits")
			}
			for b := range of.exponent {
				if side == 1 {
					of.exponent[b] = -of.exponent[b]
				}
				u.exponent[b] += of.exponent[b]
				if e := u.exponent[b]; e > maxExponent || e < -maxExponent {
					return bad("its exponents are too large")
				}
			}
		}
		if counted {
			return bad("a number stands alone; write how many of what")
		}
	}
	if text == "1" {
		return Unit{}, nil
	}
	u.text = text
	if scale != lifecircle.Int(1) {
		u.num, u.den = scale.Num(), scale.Den()
	}
	return u, nil
}

// count reads how many of a unit are meant: "1000" or "10k".
func count(word string) (n lifecircle.Number, ok bool) {
	digits, thousands := strings.CutSuffix(word, "k")
	whole, err := strconv.ParseInt(digits, 10, 32)
	if err != nil || whole < 1 || digits[0] < '0' || digits[0] > '9' {
		return n, false
	}
	if thousands {
		whole *= 1000
	}
	return lifecircle.Int(whole), true
}

func (u Unit) scale() lifecircle.Number {
	scale, _ := lifecircle.Ratio(max(u.num, 1), max(u.den, 1))
	return scale
}

// ToBase turns a number of these units into base units; ok is false when the
// result does not fit.
func (u Unit) ToBase(n lifecircle.Number) (base lifecircle.Number, ok bool) { return n.Mul(u.scale()) }

// FromBase turns a number of base units into these; ok is false when the result
// does not fit.
func (u Unit) FromBase(base lifecircle.Number) (n lifecircle.Number, ok bool) {
	return base.Quo(u.scale())
}

// SameDimension reports whether numbers in u and v may be added and compared.
func (u Unit) SameDimension(v Unit) bool { return u.exponent == v.exponent }

// Same reports whether a number means the same in u and v, however they are
// written.
func (u Unit) Same(v Unit) bool { return u.SameDimension(v) && u.scale() == v.scale() }

// Dimensionless reports whether u counts and measures nothing: 1, %, persons
// per 10,000 persons.
func (u Unit) Dimensionless() bool { return u.exponent == [bases]int16{} }

// Base returns the unit of the same dimension in which rules reckon.
func (u Unit) Base() Unit { return composed(u.exponent) }

// Mul returns the base unit of a product.
func (u Unit) Mul(v Unit) Unit {
	for b := range u.exponent {
		u.exponent[b] += v.exponent[b]
	}
	return composed(u.exponent)
}

// Div returns the base unit of a quotient.
func (u Unit) Div(v Unit) Unit {
	for b := range u.exponent {
		u.exponent[b] -= v.exponent[b]
	}
	return composed(u.exponent)
}

// composed writes a product of bases.
func composed(exponent [bases]int16) Unit {
	var over, under []string
	for b, e := range exponent {
		side := &over
		if e < 0 {
			side, e = &under, -e
		}
		switch {
		case e == 0:
		case base(b) == metre && (e == 2 || e == 3):
			*side = append(*side, names[b]+strconv.Itoa(int(e)))
		default:
			for range e {
				*side = append(*side, names[b])
			}
		}
	}
	u := Unit{exponent: exponent}
	switch {
	case len(over) == 0 && len(under) == 0:
		return u
	case len(over) == 0:
		over = []string{"1"}
	}
	u.text = strings.Join(over, " ")
	if len(under) > 0 {
		u.text += "/" + strings.Join(under, " ")
	}
	return u
}

// String writes the unit as it was read.
func (u Unit) String() string {
	if u.text == "" {
		return "1"
	}
	return u.text
}

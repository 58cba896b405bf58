package rule

import (
	"math"
	"math/bits"
	"slices"

	"lifecircle"
)

// Whole is a number for each of many subjects, each a whole number times one
// scale: eight bytes a subject, and exact. The rules that nearly every indicator
// has, sums and products of elements and parameters, run over it without
// looking at single numbers; what does not fit is left to row mode.
type Whole struct {
	Numbers []int64           // Unsaid where there is no data; one number where Shared
	Scale   lifecircle.Number // above 0
	Shared  bool              // all subjects have the one number
	bound   uint64            // no number is larger, whatever its sign
}

// Unsaid stands where a subject has no data. Why is asked of row mode.
const Unsaid = math.MinInt64

// fits bounds what a result may be: below it neither the numbers nor the
// fractions that row mode makes of them overflow.
const fits = 1 << 62

// WholeOf is a column of numbers; it keeps the slice.
func WholeOf(numbers []int64, scale lifecircle.Number) Whole {
	w := Whole{Numbers: numbers, Scale: scale}
	for _, n := range numbers {
		if n != Unsaid {
			w.bound = max(w.bound, uint64(max(n, -n)))
		}
	}
	return w
}

func sharedWhole(n lifecircle.Number) Whole {
	scale, _ := lifecircle.Ratio(1, n.Den())
	return Whole{Numbers: []int64{n.Num()}, Scale: scale, Shared: true, bound: uint64(max(n.Num(), -n.Num()))}
}

// At returns a subject's number; ok is false where there is no data.
func (w Whole) At(i int) (n lifecircle.Number, ok bool) {
	if w.Shared {
		i = 0
	}
	if w.Numbers[i] == Unsaid {
		return n, false
	}
	return w.Scale.Mul(lifecircle.Int(w.Numbers[i]))
}

// WholeSubjects are many subjects, asked for what all of them have in this form;
// ok is false for what they have not.
type WholeSubjects interface {
	Len() int
	Whole(Query) (w Whole, ok bool)
	// Number returns a parameter.
	Number(name string) (n lifecircle.Number, ok bool)
}

// Wholes evaluates the rule for many subjects at once. Every number is the one
// that Eval gives, and where it gives no data there is none; ok is false when the
// rule, or a number in it, does not fit, and row mode must be asked.
func (e *Expr) Wholes(subjects WholeSubjects) (w Whole, ok bool) { return wholes(e.root, subjects) }

func wholes(n node, subjects WholeSubjects) (w Whole, ok bool) {
	switch n := n.(type) {
	case *literal:
		number, ok := n.value.Number()
		return sharedWhole(number), ok
	case *name:
		number, ok := subjects.Number(n.name)
		return sharedWhole(number), ok && !n.ofRow
	case *element:
		w, ok = subjects.Whole(n.query)
		return w, ok && w.fits()
	case *binary:
		if n.op != "+" && n.op != "-" && n.op != "*" {
			return w, false
		}
		x, ok := wholes(n.x, subjects)
		if !ok {
			return w, false
		}
		y, ok := wholes(n.y, subjects)
		if !ok {
			return w, false
		}
		switch n.op {
		case "*":
			return times(x, y)
		case "-":
			return plus(x, y, -1)
		}
		return plus(x, y, 1)
	}
	return w, false
}

// fits reports whether the largest number, written as a fraction, has room.
func (w Whole) fits() bool {
	high, low := bits.Mul64(w.bound, uint64(w.Scale.Num()))
	return high == 0 && low < fits && w.bound < fits
}

func times(x, y Whole) (w Whole, ok bool) {
	high, low := bits.Mul64(x.bound, y.bound)
	if w.Scale, ok = x.Scale.Mul(y.Scale); !ok || high != 0 || low >= fits {
		return w, false
	}
	w.bound, w.Shared = low, x.Shared && y.Shared
	w.Numbers = product(x, y)
	return w, w.fits()
}

// plus brings both to one scale, 1 over the least common denominator.
func plus(x, y Whole, sign int64) (w Whole, ok bool) {
	fx, fy := int64(1), sign
	w.Scale = x.Scale
	if x.Scale != y.Scale {
		const small = 1 << 31
		dx, dy := x.Scale.Den(), y.Scale.Den()
		if max(x.Scale.Num(), dx, y.Scale.Num(), dy) >= small {
			return w, false
		}
		common := dx / gcd(dx, dy) * dy
		fx, fy = x.Scale.Num()*(common/dx), sign*y.Scale.Num()*(common/dy)
		w.Scale, _ = lifecircle.Ratio(1, common)
	}
	highX, lowX := bits.Mul64(x.bound, uint64(fx))
	highY, lowY := bits.Mul64(y.bound, uint64(sign*fy))
	if highX != 0 || highY != 0 || lowX >= fits || lowY >= fits || lowX+lowY >= fits {
		return w, false
	}
	w.bound, w.Shared = lowX+lowY, x.Shared && y.Shared
	w.Numbers = sum(x, y, fx, fy)
	return w, w.fits()
}

// product multiplies each subject's two numbers.
func product(x, y Whole) []int64 {
	out, a, b := paired(x, y)
	for i := range out {
		if m := a[i]; m == Unsaid || b[i] == Unsaid {
			out[i] = Unsaid
		} else {
			out[i] = m * b[i]
		}
	}
	return out
}

// sum adds fx times the one and fy times the other number of each subject.
func sum(x, y Whole, fx, fy int64) []int64 {
	out, a, b := paired(x, y)
	for i := range out {
		if m := a[i]; m == Unsaid || b[i] == Unsaid {
			out[i] = Unsaid
		} else {
			out[i] = m*fx + b[i]*fy
		}
	}
	return out
}

// paired returns a place for the result and both operands at its length, so that
// the loops above are free of bounds and choices; a shared one is spread out.
func paired(x, y Whole) (out, a, b []int64) {
	a, b = x.Numbers, y.Numbers
	switch {
	case x.Shared && !y.Shared:
		a = slices.Repeat(a, len(b))
	case y.Shared && !x.Shared:
		b = slices.Repeat(b, len(a))
	}
	out = make([]int64, len(a))
	return out, a[:len(out)], b[:len(out)]
}

package rule

import (
	"iter"
	"math"
	"math/big"
	"math/bits"
	"slices"

	"lifecircle"
)

// RowFunction is a row function of a rule, like count(facility, .kind == "school"),
// whose answer for a row depends on the row, on parameters and on the period, and
// on nothing else of the subject. So what it answers for the rows of two areas adds
// up to what it answers for both.
type RowFunction struct{ scan *scan }

// Register returns the register whose rows it goes over.
func (f RowFunction) Register() string { return f.scan.source.name }

// Text returns the function in its one canonical form.
func (f RowFunction) Text() string { return f.scan.text }

// Names returns the bare names in it: parameters, days of the period, or else
// fields of the subject, with which its answers do not add up.
func (f RowFunction) Names() []string { return f.scan.names }

// Meets returns the provisions whose verdicts on a row it asks for, Measures those
// whose nearest place.
func (f RowFunction) Meets() []string    { return f.scan.meets }
func (f RowFunction) Measures() []string { return f.scan.measures }

// Answers asks the function of rows, in their order, of each before the next is made.
// Of the subject only bare names are read. What does not matter to the function is left
// out, and how many rows there are: a row that the function does not count leaves the
// answers what they were.
func (f RowFunction) Answers(subject Env, rows iter.Seq[Env]) Answers {
	m := machine{env: subject}
	var a Answers
	for m.row = range rows {
		a.add(m.answer(f.scan))
	}
	a.rows = 0
	if f.scan.function != "share" {
		a.kept = 0
	}
	if f.scan.function != "all" {
		a.failing = 0
	}
	return a
}

// Adds reports whether the function counts rows or adds up what they say, so that
// more of it is a number: count and sum.
func (f RowFunction) Adds() bool { return f.scan.function == "count" || f.scan.function == "sum" }

// Counts reports whether what it counts is rows.
func (f RowFunction) Counts() bool { return f.scan.function == "count" }

// Unit returns the base unit of what it counts, once the rule was checked.
func (f RowFunction) Unit() Unit { return f.scan.unit }

// Total returns what a function that adds makes of answers; ok is false where
// something is missing.
func (f RowFunction) Total(a Answers) (lifecircle.Number, bool) { return a.result(f.scan).Number() }

// With returns the answers of a function that adds after so much more of what it
// counts; ok is false for part of a row, or for less than no rows.
func (f RowFunction) With(a Answers, more lifecircle.Number) (with Answers, ok bool) {
	if !f.Counts() {
		a.sum.add(more)
		return a, true
	}
	a.holding += int(more.Num())
	return a, more.IsInt() && a.holding >= 0
}

// Summing is an Env that keeps what row functions answer for its rows.
type Summing interface {
	Env
	// Answers returns what a function answers for the rows that Env.Rows would
	// return, in their order; ok is false when it must be asked row by row.
	Answers(RowFunction) (a Answers, ok bool)
}

// summable finds out whether a row function's answers add up, and what it reads.
func (s *scan) summable() {
	s.sums = !s.source.texts && s.function != "map"
	add := func(list *[]string, name string) {
		if !slices.Contains(*list, name) {
			*list = append(*list, name)
		}
	}
	for _, part := range children(s) {
		walk(part, func(n node) {
			switch n := n.(type) {
			case *name:
				if !n.ofRow {
					add(&s.names, n.name)
				}
			case *nearest:
				s.sums = s.sums && n.ofRow
				add(&s.measures, n.measure)
			case *meets:
				s.sums = s.sums && n.ofRow
				add(&s.meets, n.provision)
			case *element, *scan:
				s.sums = false // of the subject's own area
			}
		})
	}
	if s.sums {
		s.text = printed(s)
	}
}

// Answers are those of some rows to a row function. The zero Answers are those of
// no rows.
type Answers struct {
	rows    int
	kept    int // by the filter
	holding int // true
	failing int // false
	missing int
	first   Value // of those missing
	sum     fraction
	texts   []string
}

func (a *Answers) add(kept, answer Value) {
	a.rows++
	if kept.is(true) {
		a.kept++
	}
	switch answer.kind {
	case missing:
		if a.missing == 0 {
			a.first = answer
		}
		a.missing++
	case isBool:
		if answer.is(true) {
			a.holding++
		} else {
			a.failing++
		}
	case isNumber:
		a.sum.add(answer.number)
	case isText:
		a.texts = append(a.texts, answer.text)
	}
}

// Plus returns the answers of a's rows and then b's.
func (a Answers) Plus(b Answers) Answers {
	if a.missing == 0 {
		a.first = b.first
	}
	a.rows += b.rows
	a.kept += b.kept
	a.holding += b.holding
	a.failing += b.failing
	a.missing += b.missing
	a.sum.plus(b.sum)
	a.texts = append(slices.Clip(a.texts), b.texts...)
	return a
}

// Of returns the answers as those of so many rows.
func (a Answers) Of(rows int) Answers {
	a.rows = rows
	return a
}

// Equal reports whether two rows of answers are the same.
func (a Answers) Equal(b Answers) bool {
	return a.rows == b.rows && a.kept == b.kept && a.holding == b.holding && a.failing == b.failing &&
		a.missing == b.missing && a.first == b.first && a.sum.equal(b.sum) && slices.Equal(a.texts, b.texts)
}

// fraction adds numbers over their least common denominator. Whether it fits is asked
// of that denominator and of the end result only, never of a part sum, so that it
// does not depend on the order of the rows.
type fraction struct {
	small int64    // the numerator while it fits
	big   *big.Int // or else; never written once it is set
	den1  int64    // the denominator − 1, so that the zero fraction is 0/1
	wide  bool     // the denominator does not fit
}

func (s *fraction) add(n lifecircle.Number) { s.plus(fraction{small: n.Num(), den1: n.Den() - 1}) }

func (s *fraction) plus(t fraction) {
	if s.wide || t.wide {
		s.wide = true
		return
	}
	if s.den1 == t.den1 && s.big == nil && t.big == nil {
		if both := s.small + t.small; (both > s.small) == (t.small > 0) {
			s.small = both
			return
		}
	}
	den, more := s.den1+1, t.den1+1
	high, low := bits.Mul64(uint64(den), uint64(more/gcd(den, more)))
	if high != 0 || low >= 1<<63 {
		*s = fraction{wide: true}
		return
	}
	common := int64(low)
	numerator := new(big.Int).Mul(s.numerator(), big.NewInt(common/den))
	numerator.Add(numerator, new(big.Int).Mul(t.numerator(), big.NewInt(common/more)))
	*s = fraction{den1: common - 1}
	if numerator.IsInt64() {
		s.small = numerator.Int64()
	} else {
		s.big = numerator
	}
}

func (s fraction) equal(t fraction) bool {
	if (s.big == nil) != (t.big == nil) || s.big != nil && s.big.Cmp(t.big) != 0 {
		return false
	}
	return s.small == t.small && s.den1 == t.den1 && s.wide == t.wide
}

func (s fraction) numerator() *big.Int {
	if s.big != nil {
		return s.big
	}
	return big.NewInt(s.small)
}

// total returns the sum in lowest terms.
func (s fraction) total() (total lifecircle.Number, fits bool) {
	if s.wide {
		return total, false
	}
	if s.big == nil && s.small != math.MinInt64 {
		return lifecircle.Ratio(s.small, s.den1+1)
	}
	lowest := new(big.Rat).SetFrac(s.numerator(), big.NewInt(s.den1+1))
	if top := lowest.Num(); !top.IsInt64() || top.Int64() == math.MinInt64 {
		return total, false
	}
	return lifecircle.Ratio(lowest.Num().Int64(), lowest.Denom().Int64())
}

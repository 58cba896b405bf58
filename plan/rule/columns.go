package rule

import (
	"fmt"
	"slices"

	"lifecircle"
)

// Subjects are many subjects side by side, of which one rule is asked: the rows
// of a register. What they have as columns is read column by column; everything
// else is asked of each subject. Answers must not change during an evaluation.
type Subjects interface {
	Len() int
	// Env returns one subject as row mode sees it.
	Env(i int) Env
	// Field returns a field, parameter or day of the period of all subjects; ok is
	// false when it is kept otherwise, and Env answers.
	Field(name string) (c Column, ok bool)
	// Nearest is Field for the way to the nearest place of a measure.
	Nearest(measure string) (c Column, ok bool)
}

// Column is a value for each of many subjects, or one that all of them share. It
// keeps kinds and numbers in arrays of their own: a comparison of a million
// subjects reads 17 bytes of each and none of the texts. It never changes.
type Column struct {
	length  int
	shared  bool // the arrays hold one value, which is everybody's
	kinds   []kind
	numbers []lifecircle.Number // of numbers, truths and days
	texts   []string            // of texts, lists and what is missing; nil when there are none
	whats   []string            // of what is missing; nil when nothing is
}

// Shared is a column in which all of n subjects have one value.
func Shared(v Value, n int) Column {
	c := blank(1)
	c.set(0, v)
	c.length, c.shared = n, true
	return c
}

func blank(n int) Column {
	return Column{length: n, kinds: make([]kind, n), numbers: make([]lifecircle.Number, n)}
}

// Len returns the number of subjects.
func (c Column) Len() int { return c.length }

// At returns a subject's value.
func (c Column) At(i int) Value {
	i = c.place(i)
	v := Value{kind: c.kinds[i], number: c.numbers[i]}
	if c.texts != nil {
		v.text = c.texts[i]
	}
	if c.whats != nil {
		v.what = c.whats[i]
	}
	return v
}

// place is where a subject's value stands in the arrays.
func (c Column) place(i int) int {
	if c.shared {
		return 0
	}
	return i
}

func (c *Column) set(i int, v Value) {
	c.kinds[i], c.numbers[i] = v.kind, v.number
	if v.text != "" {
		if c.texts == nil {
			c.texts = make([]string, len(c.kinds))
		}
		c.texts[i] = v.text
	}
	if v.what != "" {
		if c.whats == nil {
			c.whats = make([]string, len(c.kinds))
		}
		c.whats[i] = v.what
	}
}

// all reports whether every subject has a value of a kind.
func (c Column) all(k kind) bool {
	return !slices.ContainsFunc(c.kinds, func(own kind) bool { return own != k })
}

// Columns evaluates the rule for many subjects at once. Every value is the one
// that Eval gives for the subject alone, its reason included.
func (e *Expr) Columns(subjects Subjects) Column {
	m := columns{subjects: subjects, n: subjects.Len()}
	costly := m.prepare(e)
	result := m.eval(e.root)
	if len(costly) == 0 {
		return result
	}
	return m.each(func(i int) Value {
		if why, tooCostly := costly[i]; tooCostly {
			return why
		}
		return result.At(i)
	})
}

// columns evaluates one rule for many subjects.
type columns struct {
	subjects Subjects
	n        int
	// machines are those of row mode with the rows of row functions, by subject;
	// nil where a rule has none.
	machines []machine
}

// prepare fetches the rows of row functions and returns the subjects for which
// the rule would take more steps than the budget, which then take none.
func (m *columns) prepare(e *Expr) (costly map[int]Value) {
	if len(e.scans) == 0 {
		return nil // a rule without rows never exceeds the budget: its length is bounded
	}
	m.machines = make([]machine, m.n)
	for i := range m.machines {
		m.machines[i] = machine{env: m.subjects.Env(i)}
		cost := m.machines[i].fetchAll(e)
		if cost > Budget {
			if costly == nil {
				costly = make(map[int]Value)
			}
			costly[i] = tooCostly(cost)
			m.machines[i].rows = nil
		}
	}
	return costly
}

// each makes a column value by value.
func (m *columns) each(value func(i int) Value) Column {
	c := blank(m.n)
	for i := range m.n {
		c.set(i, value(i))
	}
	return c
}

func (m *columns) eval(n node) Column {
	switch n := n.(type) {
	case *literal:
		return Shared(n.value, m.n)
	case *name:
		if c, ok := m.subjects.Field(n.name); ok {
			return m.sure(c, n.name)
		}
		return m.each(func(i int) Value { return sure(m.subjects.Env(i).Field(n.name), n.name) })
	case *element:
		return m.each(func(i int) Value { return sure(m.subjects.Env(i).Element(n.query), n.query.Element) })
	case *nearest:
		return m.nearest(n)
	case *meets:
		return m.each(func(i int) Value { return sure(m.subjects.Env(i).Meets(n.provision), n.provision) })
	case *known:
		x := m.eval(n.x)
		return m.map1(x, func(v Value) Value { return BoolOf(v.kind != missing) })
	case *unary:
		return m.map1(m.eval(n.x), func(v Value) Value { return negated(n, v) })
	case *choice:
		return m.choice(n)
	case *binary:
		return m.binary(n)
	case *between:
		return m.map2(m.eval(n.from), m.eval(n.to), func(x, y Value) Value { return spanned(n, x, y) })
	case *scan:
		return m.each(func(i int) Value {
			if m.machines[i].rows == nil { // over the budget
				return Value{}
			}
			return m.machines[i].scan(n)
		})
	}
	panic(fmt.Sprintf("rule: no evaluation of %T in columns", n))
}

// sure gives every missing value of a column a reason.
func (m *columns) sure(c Column, what string) Column {
	nameless := false
	for i, k := range c.kinds {
		nameless = nameless || k == missing && (c.texts == nil || c.texts[i] == "")
	}
	if !nameless {
		return c
	}
	return m.map1(c, func(v Value) Value { return sure(v, what) })
}

// map1 applies a function to each value; to one that is shared, once.
func (m *columns) map1(x Column, f func(Value) Value) Column {
	if x.shared {
		return Shared(f(x.At(0)), m.n)
	}
	return m.each(func(i int) Value { return f(x.At(i)) })
}

func (m *columns) map2(x, y Column, f func(x, y Value) Value) Column {
	if x.shared && y.shared && m.n > 0 {
		return Shared(f(x.At(0), y.At(0)), m.n)
	}
	return m.each(func(i int) Value { return f(x.At(i), y.At(i)) })
}

func (m *columns) nearest(n *nearest) Column {
	if n.reach == nil {
		if c, ok := m.subjects.Nearest(n.measure); ok {
			return m.sure(c, n.measure)
		}
		return m.each(func(i int) Value { return sure(m.subjects.Env(i).Nearest(n.measure), n.measure) })
	}
	reach := m.eval(n.reach)
	return m.each(func(i int) Value {
		one := machine{env: m.subjects.Env(i)}
		return one.within(n, reach.At(i))
	})
}

func (m *columns) choice(n *choice) Column {
	condition := m.eval(n.condition)
	yes, no := m.eval(n.yes), m.eval(n.no)
	return m.each(func(i int) Value {
		switch c := condition.At(i); {
		case c.is(true):
			return yes.At(i)
		case c.is(false):
			return no.At(i)
		default:
			return mismatch(c)
		}
	})
}

func (m *columns) binary(n *binary) Column {
	x := m.eval(n.x)
	if m.settled(n.op, x) {
		return x
	}
	y := m.eval(n.y)
	if (x.shared && y.shared) || m.n == 0 {
		return m.map2(x, y, func(x, y Value) Value { return operate(n, x, y) })
	}
	switch n.op {
	case "<", "<=", ">", ">=":
		if x.all(isNumber) && y.all(isNumber) {
			return compareNumbers(n.op, x, y)
		}
	case "+", "-", "*":
		if x.all(isNumber) && y.all(isNumber) {
			return reckonNumbers(n, x, y)
		}
	case "&&", "||":
		if x.all(isBool) && y.all(isBool) {
			return joinTruths(n.op == "||", x, y)
		}
	}
	return m.map2(x, y, func(x, y Value) Value {
		if settled(n.op, x) {
			return x
		}
		return operate(n, x, y)
	})
}

// settled reports whether the left side decides for every subject, so that the
// right one need not be asked.
func (m *columns) settled(op string, x Column) bool {
	if op != "&&" && op != "||" || m.n == 0 {
		return false
	}
	for i := range x.kinds {
		if x.kinds[i] != isBool || (x.numbers[i].Sign() != 0) != (op == "||") {
			return false
		}
	}
	return true
}

// compareNumbers orders two columns that hold numbers and nothing else.
func compareNumbers(op string, x, y Column) Column {
	c := Column{length: x.length, kinds: make([]kind, x.length), numbers: make([]lifecircle.Number, x.length)}
	yes := lifecircle.Int(1)
	less, equal, more := op == "<" || op == "<=", op == "<=" || op == ">=", op == ">" || op == ">="
	for i := range c.kinds {
		c.kinds[i] = isBool
		order := x.numbers[x.place(i)].Cmp(y.numbers[y.place(i)])
		if order < 0 && less || order == 0 && equal || order > 0 && more {
			c.numbers[i] = yes
		}
	}
	return c
}

// reckonNumbers adds, subtracts or multiplies two columns that hold numbers and
// nothing else; a result that does not fit is no data, as alone.
func reckonNumbers(n *binary, x, y Column) Column {
	c := blank(x.length)
	for i := range c.kinds {
		a, b := x.numbers[x.place(i)], y.numbers[y.place(i)]
		var result lifecircle.Number
		var fits bool
		switch n.op {
		case "+":
			result, fits = a.Add(b)
		case "-":
			result, fits = a.Sub(b)
		default:
			result, fits = a.Mul(b)
		}
		if !fits {
			c.set(i, reckoned(n, NumberOf(a), NumberOf(b)))
			continue
		}
		c.kinds[i], c.numbers[i] = isNumber, result
	}
	return c
}

// joinTruths is && or || of two columns in which everything is known.
func joinTruths(either bool, x, y Column) Column {
	c := Column{length: x.length, kinds: make([]kind, x.length), numbers: make([]lifecircle.Number, x.length)}
	yes := lifecircle.Int(1)
	for i := range c.kinds {
		c.kinds[i] = isBool
		a, b := x.numbers[x.place(i)].Sign() != 0, y.numbers[y.place(i)].Sign() != 0
		if a && b || either && (a || b) {
			c.numbers[i] = yes
		}
	}
	return c
}

package rule

import (
	"fmt"
	"strings"

	"lifecircle"
)

// Budget bounds the steps of one evaluation: a part of a rule is one step, in a
// row function one for each row. The number is known from the rule and the rows
// before anything is evaluated, so it never depends on values or order. A
// million rows under a rule of ten parts just fit.
const Budget = 10_000_000

// Codes of the reasons that arise in a rule. Those of facts come from the Env.
const (
	CodeUnknown        = "unknown"          // the facts give no value and no reason
	CodeWrongType      = "wrong_type"       // the facts give a value of another type than was checked
	CodeDivisionByZero = "division_by_zero" // What is the divisor
	CodeOverflow       = "overflow"         // the result has too many digits; What is the part
	CodeUnreachable    = "unreachable"      // reckoned with the way to a place that cannot be reached
	CodeIncomplete     = "incomplete"       // What says how many of how many rows are known
	CodeBeforeBirth    = "before_birth"     // an age on a day before birth
	CodeTooCostly      = "too_costly"       // more steps than Budget
)

// Eval evaluates the rule for a subject. It is the reference: it follows
// docs/formats/rules.md and is fast second.
func (e *Expr) Eval(env Env) Value {
	m := machine{env: env}
	if cost := m.fetchAll(e); cost > Budget {
		return tooCostly(cost)
	}
	return m.eval(e.root)
}

func tooCostly(cost int) Value {
	return NoData(Reason{CodeTooCostly, fmt.Sprintf("%d steps", cost)})
}

// fetchAll fetches the rows of every row function and returns the steps that the
// rule will take.
func (m *machine) fetchAll(e *Expr) (cost int) {
	cost = e.steps
	for _, s := range e.scans {
		rows := m.fetch(s)
		m.rows = append(m.rows, rows)
		cost += s.size * rows.count()
	}
	return cost
}

// machine evaluates one rule for one subject.
type machine struct {
	env  Env
	row  Env    // the current row, of a register
	text string // the current text, of a list
	rows []rows // by the index of the scan
}

// rows are what a row function goes over: rows of a register or texts, or no
// data.
type rows struct {
	source source
	envs   []Env
	texts  []string
	join   join  // which rows of the register these are
	others int   // how many are left out
	none   Value // no data
	known  bool
	// answers are those of the rows, which are then not fetched.
	answers *Answers
}

func (r rows) count() int {
	if r.answers != nil {
		return r.answers.rows
	}
	return len(r.envs) + len(r.texts) + r.others
}

func (m *machine) fetch(s *scan) rows {
	if keeper, ok := m.env.(Summing); ok && s.sums {
		if answers, kept := keeper.Answers(RowFunction{s}); kept {
			return rows{known: true, answers: &answers}
		}
	}
	for _, r := range m.rows { // the same rows are asked for once
		if r.answers == nil && r.join == (join{}) && r.source.name == s.source.name && r.source.texts == s.source.texts && r.source.list == s.source.list {
			return r
		}
	}
	if r, found := m.like(s); found {
		return r
	}
	r := rows{source: s.source}
	if !s.source.texts {
		var why Reason
		if r.envs, why, r.known = m.env.Rows(s.source.name); !r.known {
			r.envs, r.none = nil, sure(NoData(why), s.source.name)
		}
		return r
	}
	list := s.source.list
	if s.source.name != "" {
		list = sure(m.env.Field(s.source.name), s.source.name)
	}
	if r.texts, r.known = list.Texts(); !r.known {
		r.none = mismatch(list)
	}
	return r
}

// sure gives every missing value a reason.
func sure(v Value, what string) Value {
	if why, missing := v.Missing(); missing && why.Code == "" {
		return NoData(Reason{CodeUnknown, what})
	}
	return v
}

// mismatch passes on what is missing; any other value is not of the type that
// the rule was checked for.
func mismatch(v Value) Value {
	if v.kind == missing {
		return v
	}
	return NoData(Reason{CodeWrongType, v.String()})
}

func (m *machine) eval(n node) Value {
	switch n := n.(type) {
	case *literal:
		return n.value
	case *none:
		return Value{kind: absent}
	case *current:
		return TextOf(m.text)
	case *name:
		return sure(m.subject(n.ofRow).Field(n.name), n.name)
	case *element:
		return sure(m.env.Element(n.query), n.query.Element)
	case *nearest:
		return m.nearest(n)
	case *meets:
		return sure(m.subject(n.ofRow).Meets(n.provision), n.provision)
	case *known:
		return BoolOf(m.eval(n.x).kind != missing)
	case *unary:
		return negated(n, m.eval(n.x))
	case *choice:
		condition := m.eval(n.condition)
		switch {
		case condition.is(true):
			return m.eval(n.yes)
		case condition.is(false):
			return m.eval(n.no)
		}
		return mismatch(condition)
	case *binary:
		x := m.eval(n.x)
		if settled(n.op, x) {
			return x
		}
		return operate(n, x, m.eval(n.y))
	case *between:
		return spanned(n, m.eval(n.from), m.eval(n.to))
	case *scan:
		return m.scan(n)
	}
	panic(fmt.Sprintf("rule: no evaluation of %T", n))
}

func (m *machine) subject(ofRow bool) Env {
	if ofRow {
		return m.row
	}
	return m.env
}

func (m *machine) nearest(n *nearest) Value {
	if n.reach == nil {
		return sure(m.subject(n.ofRow).Nearest(n.measure), n.measure)
	}
	return m.within(n, m.eval(n.reach))
}

func (m *machine) within(n *nearest, reach Value) Value {
	metres, ok := reach.Number()
	switch {
	case reach.IsBeyond():
		return NoData(Reason{CodeUnreachable, printed(n.reach)})
	case !ok:
		return mismatch(reach)
	}
	return sure(m.subject(n.ofRow).Within(n.measure, metres), n.measure)
}

// settled reports whether the left side of a condition decides it alone.
func settled(op string, x Value) bool {
	return op == "&&" && x.is(false) || op == "||" && x.is(true)
}

// operate applies an operator. What is missing on the left is told first.
func operate(n *binary, x, y Value) Value {
	switch n.op {
	case "&&":
		return and(x, y)
	case "||":
		return not(and(not(x), not(y)))
	}
	switch {
	case x.kind == missing:
		return x
	case y.kind == missing:
		return y
	}
	switch n.op {
	case "+", "-", "*", "/":
		return reckoned(n, x, y)
	case "in":
		text, isText := x.Text()
		if !isText || y.kind != isTexts {
			return mismatch(x)
		}
		return BoolOf(y.lists(text))
	}
	return compared(n, x, y)
}

// and is Kleene's conjunction: one false decides it, otherwise one unknown
// leaves it open.
func and(x, y Value) Value {
	switch {
	case x.is(false) || y.is(false):
		return BoolOf(false)
	case x.kind != isBool:
		return mismatch(x)
	case y.kind != isBool:
		return mismatch(y)
	}
	return BoolOf(true)
}

func not(x Value) Value {
	if x.kind != isBool {
		return mismatch(x)
	}
	return BoolOf(x.is(false))
}

func negated(n *unary, x Value) Value {
	if n.op == "!" {
		return not(x)
	}
	number, ok := x.Number()
	switch {
	case x.IsBeyond():
		return NoData(Reason{CodeUnreachable, printed(n.x)})
	case !ok:
		return mismatch(x)
	}
	return NumberOf(number.Neg())
}

func reckoned(n *binary, x, y Value) Value {
	a, isNumber := x.Number()
	b, isNumber2 := y.Number()
	switch {
	case x.IsBeyond():
		return NoData(Reason{CodeUnreachable, printed(n.x)})
	case y.IsBeyond():
		return NoData(Reason{CodeUnreachable, printed(n.y)})
	case !isNumber:
		return mismatch(x)
	case !isNumber2:
		return mismatch(y)
	}
	var result lifecircle.Number
	var fits bool
	switch n.op {
	case "+":
		result, fits = a.Add(b)
	case "-":
		result, fits = a.Sub(b)
	case "*":
		result, fits = a.Mul(b)
	case "/":
		if b.Sign() == 0 {
			return NoData(Reason{CodeDivisionByZero, printed(n.y)})
		}
		result, fits = a.Quo(b)
	}
	if !fits {
		return NoData(Reason{CodeOverflow, printed(n)})
	}
	return NumberOf(result)
}

// compared orders numbers, with beyond above all of them, and days; other values
// are only the same or not.
func compared(n *binary, x, y Value) Value {
	same := x == y
	order := 0
	switch {
	case x.IsBeyond() && y.IsBeyond():
		return NoData(Reason{CodeUnreachable, printed(n)})
	case x.IsBeyond() && y.kind == isNumber:
		order = 1
	case x.kind == isNumber && y.IsBeyond():
		order = -1
	case x.kind != y.kind:
		return mismatch(y)
	case x.kind == isNumber || x.kind == isDay:
		order = x.number.Cmp(y.number)
	case n.op != "==" && n.op != "!=":
		return mismatch(x)
	}
	switch n.op {
	case "==":
		return BoolOf(same)
	case "!=":
		return BoolOf(!same)
	case "<":
		return BoolOf(order < 0)
	case "<=":
		return BoolOf(order <= 0)
	case ">":
		return BoolOf(order > 0)
	}
	return BoolOf(order >= 0)
}

// spanned is age_on, in years, or days.
func spanned(n *between, from, to Value) Value {
	first, isDay := from.Date()
	second, isDay2 := to.Date()
	switch {
	case !isDay:
		return mismatch(from)
	case !isDay2:
		return mismatch(to)
	case n.function == "days":
		return NumberOf(lifecircle.Int((int64(second) - int64(first)) * secondsPerDay))
	}
	years, ok := age(first, second)
	if !ok {
		return NoData(Reason{CodeBeforeBirth, fmt.Sprintf("%v, born %v", second, first)})
	}
	return whole(years)
}

// scan evaluates a row function. Every row gives an answer: a truth, a number or
// a text, or none of them when it does not count.
func (m *machine) scan(n *scan) Value {
	rows := m.rows[n.index]
	if !rows.known {
		return rows.none
	}
	if rows.answers != nil {
		return rows.answers.result(n)
	}
	var a Answers
	a.skip(n, rows.others)
	for i := range len(rows.envs) + len(rows.texts) {
		if rows.source.texts {
			m.text = rows.texts[i]
		} else {
			m.row = rows.envs[i]
		}
		a.add(m.answer(n))
	}
	m.row, m.text = nil, ""
	return a.result(n)
}

// answer evaluates the parts of a row function for the current row: whether the
// filter keeps it, and what is asked of it. A row that the filter drops answers
// so that it does not count.
func (m *machine) answer(n *scan) (kept, answer Value) {
	kept, answer = BoolOf(true), BoolOf(true)
	if n.filter != nil {
		kept = m.eval(n.filter)
	}
	if n.body != nil {
		answer = m.eval(n.body)
	}
	wanted := isNumber
	switch n.function {
	case "any", "count":
		return kept, and(kept, answer)
	case "share":
		if kept.kind == missing {
			return kept, kept
		}
		return kept, and(kept, answer)
	case "all":
		return kept, not(and(kept, not(answer)))
	case "map":
		wanted = isText
	}
	switch {
	case kept.is(false):
		return kept, Value{kind: absent}
	case !kept.is(true):
		return kept, mismatch(kept)
	case answer.kind == beyond:
		return kept, NoData(Reason{CodeUnreachable, printed(n.body)})
	case answer.kind != wanted && answer.kind != absent:
		return kept, mismatch(answer)
	}
	return kept, answer
}

// result makes one value of the answers.
func (a *Answers) result(n *scan) Value {
	switch {
	case n.function == "any" && a.holding > 0:
		return BoolOf(true)
	case n.function == "all" && a.failing > 0:
		return BoolOf(false)
	case a.missing > 0:
		return NoData(Reason{CodeIncomplete, fmt.Sprintf(
			"%v: %d of %d; first %s", n.source, a.rows-a.missing, a.rows, strings.TrimSpace(a.first.text+" "+a.first.what),
		)})
	}
	switch n.function {
	case "any":
		return BoolOf(false)
	case "all":
		return BoolOf(true)
	case "count":
		return whole(a.holding)
	case "map":
		return TextsOf(a.texts)
	case "share":
		share, ok := lifecircle.Ratio(int64(a.holding), int64(a.kept))
		if !ok {
			return NoData(Reason{CodeDivisionByZero, n.source.String()})
		}
		return NumberOf(share)
	}
	sum, fits := a.sum.total()
	if !fits {
		return NoData(Reason{CodeOverflow, printed(n)})
	}
	return NumberOf(sum)
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

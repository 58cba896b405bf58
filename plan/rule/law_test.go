package rule_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lifecircle"
	"lifecircle/plan/rule"
)

// lawScope is a small scope with something of every type.
func lawScope() rule.Scope {
	number, person := rule.Type{Kind: rule.Number}, rule.Type{Kind: rule.Number, Unit: rule.Persons}
	metres := rule.Type{Kind: rule.Number, Unit: rule.Metres}
	truth, text, day, texts := rule.Type{Kind: rule.Bool}, rule.Type{Kind: rule.Text}, rule.Type{Kind: rule.Day}, rule.Type{Kind: rule.Texts}
	return rule.Scope{
		Subject: "area",
		Fields: map[string]rule.Type{
			"a": truth, "b": truth, "c": truth, "x": number, "y": number, "z": number,
			"p": person, "q": person, "far": metres, "s": text, "r": text, "d": day, "e": day, "l": texts,
		},
		Elements:  map[string]rule.ElementType{"stock": {Unit: rule.Persons}, "flow": {Unit: rule.Persons, Flow: true}},
		Registers: map[string]map[string]rule.Type{"row": {"ok": truth, "x": number, "p": person, "s": text, "d": day, "l": texts}},
		Measures:  map[string]rule.Unit{"m": rule.Metres}, Provisions: map[string]string{"v": "area", "w": "row"},
	}
}

// writer writes random rules that are well typed by construction.
type writer struct {
	t   *rapid.T
	row bool // inside a row function
	// monotone leaves out known, the one function that answers about not knowing.
	monotone bool
}

func (w *writer) pick(options ...string) string { return rapid.SampledFrom(options).Draw(w.t, "pick") }

// truth writes a condition.
func (w *writer) truth(depth int) string {
	if depth == 0 {
		leaves := []string{"a", "b", "c", "true", "false", `meets("v")`}
		if w.row {
			leaves = append(leaves, ".ok", `.meets("w")`, `("u" in .l)`)
		}
		return w.pick(leaves...)
	}
	forms := []string{"and", "or", "not", "number", "number", "person", "way", "text", "day", "in", "choice", "rows", "known", "equal"}
	switch form := w.pick(forms...); form {
	case "and", "or":
		return fmt.Sprintf("(%s %s %s)", w.truth(depth-1), form, w.truth(depth-1))
	case "not":
		return "!" + w.truth(depth-1)
	case "number":
		return fmt.Sprintf("(%s %s %s)", w.number(depth-1), w.order(), w.number(depth-1))
	case "person":
		return fmt.Sprintf("(%s %s %s)", w.people(depth-1), w.order(), w.people(depth-1))
	case "way":
		return fmt.Sprintf("(%s %s %s)", w.way(), w.order(), w.way())
	case "text":
		return fmt.Sprintf("(%s %s %s)", w.text(), w.pick("==", "!="), w.text())
	case "day":
		return fmt.Sprintf("(%s %s %s)", w.day(), w.order(), w.day())
	case "in":
		return fmt.Sprintf("(%s in %s)", w.text(), w.pick("l", `["u", "v"]`))
	case "choice":
		return fmt.Sprintf("(%s ? %s : %s)", w.truth(depth-1), w.truth(depth-1), w.truth(depth-1))
	case "equal":
		return fmt.Sprintf("(%s == %s)", w.truth(depth-1), w.truth(depth-1))
	case "known":
		if w.monotone {
			return w.truth(depth - 1)
		}
		return fmt.Sprintf("known(%s)", w.pick(w.truth(depth-1), w.number(depth-1), w.text()))
	}
	if w.row {
		return w.truth(depth - 1)
	}
	if rapid.Bool().Draw(w.t, "texts") {
		return fmt.Sprintf("%s(%s, # == %s)", w.pick("any", "all"), w.pick("l", `["u", "v"]`), w.text())
	}
	return fmt.Sprintf("%s(%s)", w.pick("any", "all"), w.overRows(depth, (*writer).truth))
}

// overRows writes what a row function goes over, and what it asks.
func (w *writer) overRows(depth int, ask func(*writer, int) string) string {
	inner := &writer{t: w.t, row: true, monotone: w.monotone}
	source := "row"
	if rapid.Bool().Draw(w.t, "filtered") {
		source = fmt.Sprintf("filter(row, %s)", inner.truth(depth-1))
	}
	return source + ", " + ask(inner, depth-1)
}

func (w *writer) order() string { return w.pick("<", "<=", ">", ">=", "==", "!=") }

// number writes a number without unit.
func (w *writer) number(depth int) string {
	if depth <= 0 {
		leaves := []string{"x", "y", "z", "0", "1", "2.5", "1000000000", `within(m, far)`}
		if w.row {
			leaves = append(leaves, ".x")
		}
		return w.pick(leaves...)
	}
	switch w.pick("op", "ratio", "minus", "choice", "rows") {
	case "op":
		op, right := w.pick("+", "-", "*", "/"), w.number(depth-1)
		if op == "/" {
			right = w.pick("x", "y", "z", "2.5") // to divide by 0 written out is a fault
		}
		return fmt.Sprintf("(%s %s %s)", w.number(depth-1), op, right)
	case "ratio":
		return fmt.Sprintf("(%s / %s)", w.people(depth-1), w.pick("p", "q"))
	case "minus":
		return "-" + w.number(depth-1)
	case "choice":
		return fmt.Sprintf("(%s ? %s : %s)", w.truth(depth-1), w.number(depth-1), w.number(depth-1))
	}
	switch {
	case w.row:
		return w.number(depth - 1)
	case rapid.Bool().Draw(w.t, "sum"):
		return fmt.Sprintf("sum(%s)", w.overRows(depth, (*writer).number))
	}
	return fmt.Sprintf("%s(%s)", w.pick("count", "share"), w.overRows(depth, (*writer).truth))
}

// people writes a number of people.
func (w *writer) people(depth int) string {
	if depth <= 0 {
		leaves := []string{"p", "q", "last(stock)", "offset(last(stock), 3)", "sum(flow)", "ytd(flow)"}
		if w.row {
			leaves = append(leaves, ".p")
		}
		return w.pick(leaves...)
	}
	if !w.row && rapid.Bool().Draw(w.t, "rows") {
		inner := &writer{t: w.t, row: true, monotone: w.monotone}
		return fmt.Sprintf("sum(row, %s ? .p : none)", inner.truth(depth-1))
	}
	return fmt.Sprintf("(%s %s %s)", w.people(depth-1), w.pick("+", "-"), w.people(depth-1))
}

func (w *writer) way() string {
	return w.pick("far", "nearest(m)", "0", "-far", "(far / days(d, e) * days(e, d))")
}

func (w *writer) text() string {
	if w.row {
		return w.pick("s", "r", `"u"`, ".s")
	}
	return w.pick("s", "r", `"u"`)
}

func (w *writer) day() string {
	if w.row {
		return w.pick("d", "e", ".d")
	}
	return w.pick("d", "e")
}

// drawn draws facts for the scope; a part of them is unknown.
func drawn(t *rapid.T, scope rule.Scope) *facts {
	world := &facts{fields: map[string]rule.Value{}, rows: map[string][]rule.Env{}}
	fill(t, world, scope.Fields, "v")
	world.fields["last stock 0"] = drawnValue(t, rule.Type{Kind: rule.Number}, "stock")
	world.fields["last stock 3"] = drawnValue(t, rule.Type{Kind: rule.Number}, "stock")
	world.fields["sum flow 0"] = drawnValue(t, rule.Type{Kind: rule.Number}, "flow")
	world.fields["ytd flow 0"] = drawnValue(t, rule.Type{Kind: rule.Number}, "flow")
	if !rapid.Bool().Draw(t, "kept") {
		return world
	}
	world.rows["row"] = []rule.Env{}
	for range rapid.IntRange(0, 4).Draw(t, "rows") {
		row := &facts{fields: map[string]rule.Value{}}
		fill(t, row, scope.Registers["row"], "w")
		world.rows["row"] = append(world.rows["row"], row)
	}
	return world
}

func fill(t *rapid.T, f *facts, types map[string]rule.Type, provision string) {
	names := make([]string, 0, len(types))
	for name := range types {
		names = append(names, name)
	}
	slices.Sort(names) // rapid repeats a draw by its order
	for _, name := range names {
		f.fields[name] = drawnValue(t, types[name], name)
	}
	f.fields["meets "+provision] = drawnValue(t, rule.Type{Kind: rule.Bool}, provision)
	f.fields["nearest m"] = drawnValue(t, rule.Type{Kind: rule.Number}, "m")
	if rapid.IntRange(0, 3).Draw(t, "reachable") == 0 {
		f.fields["nearest m"] = rule.Beyond()
	}
}

func drawnValue(t *rapid.T, want rule.Type, what string) rule.Value {
	if rapid.IntRange(0, 3).Draw(t, "known") == 0 {
		return rule.NoData(rule.Reason{Code: "unreported", What: what})
	}
	switch want.Kind {
	case rule.Bool:
		return rule.BoolOf(rapid.Bool().Draw(t, what))
	case rule.Text:
		return rule.TextOf(rapid.SampledFrom([]string{"", "u", "v"}).Draw(t, what))
	case rule.Day:
		return rule.DateOf(rule.Date(rapid.IntRange(-800, 20_000).Draw(t, what)))
	case rule.Texts:
		return rule.TextsOf(rapid.SliceOfN(rapid.SampledFrom([]string{"", "u", "v"}), 0, 3).Draw(t, what))
	}
	number := rapid.SampledFrom([]string{"0", "1", "-1", "2.5", "1/3", "-2/7", "1230", "9223372036854775807", "1/9223372036854775807", "4611686018427387905"})
	return rule.NumberOf(lifecircle.MustNumber(number.Draw(t, what)))
}

func parsed(t rapid.TB, scope rule.Scope, source string) *rule.Expr {
	t.Helper()
	expr, faults := rule.Parse(source)
	if len(faults) == 0 {
		_, faults = expr.Check(scope)
	}
	if len(faults) > 0 {
		t.Fatalf("%s: %+v", source, faults)
	}
	return expr
}

// same reports whether two values say the same; of two that are missing the
// reasons may differ, since a reason tells what is missing first in the text.
func same(x, y rule.Value) bool {
	_, missing := x.Missing()
	_, missingToo := y.Missing()
	return missing && missingToo || x == y
}

func TestLaws(t *testing.T) {
	t.Parallel()
	scope := lawScope()
	for _, law := range []struct {
		name        string
		left, right string // with A, B, C for conditions, X, Y for numbers
	}{
		{"De Morgan, and", "!(A && B)", "!A || !B"},
		{"De Morgan, or", "!(A || B)", "!A && !B"},
		{"double negation", "!(!A)", "A"},
		{"and commutes", "A && B", "B && A"},
		{"or commutes", "A || B", "B || A"},
		{"and associates", "A && (B && C)", "(A && B) && C"},
		{"or associates", "A || (B || C)", "(A || B) || C"},
		{"and distributes", "A && (B || C)", "A && B || A && C"},
		{"or distributes", "A || B && C", "(A || B) && (A || C)"},
		{"idempotence", "A && A", "A"},
		{"plus commutes", "X + Y", "Y + X"},
		{"times commutes", "X * Y", "Y * X"},
		{"equality commutes", "X == Y", "Y == X"},
		{"order turns", "X < Y", "Y > X"},
		{"order negates", "!(X < Y)", "X >= Y"},
		{"minus is plus", "X - Y", "X + -Y"},
		{"none of", "!any(row, .ok && A)", "all(row, !(.ok && A))"},
		{"filter in any", "any(filter(row, .ok), A)", "any(row, .ok && A)"},
		{"filter in all", "all(filter(row, .ok), A)", "all(row, !.ok || A)"},
		{"filter in count", "count(filter(row, .ok), A)", "count(row, .ok && A)"},
		{"filter in sum", "sum(filter(row, .ok), X)", "sum(row, .ok ? X : none)"},
		{"share is a ratio", "share(filter(row, .ok), A)", "count(row, .ok && A) / count(row, .ok)"},
		{"reach", "reach(m, far)", "nearest(m) <= far"},
	} {
		t.Run(law.name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				// Parts that may stand inside and outside row functions.
				w := &writer{t: t, row: true}
				if !strings.Contains(law.left, "row") {
					w.row = false
				}
				fill := strings.NewReplacer(
					"A", "("+w.truth(2)+")", "B", "("+w.truth(2)+")", "C", "("+w.truth(1)+")",
					"X", "("+w.number(2)+")", "Y", "("+w.number(1)+")",
				)
				left, right := parsed(t, scope, fill.Replace(law.left)), parsed(t, scope, fill.Replace(law.right))
				world := drawn(t, scope)
				if x, y := left.Eval(world), right.Eval(world); !same(x, y) {
					t.Fatalf("%s is %v, but %s is %v", left, x, right, y)
				}
			})
		})
	}
}

func TestCheckedRulesKeepTheirTypes(t *testing.T) {
	t.Parallel()
	scope := lawScope()
	rapid.Check(t, func(t *rapid.T) {
		w := &writer{t: t}
		source := w.truth(4)
		if rapid.Bool().Draw(t, "number") {
			source = w.number(4)
		}
		expr := parsed(t, scope, source)
		world := drawn(t, scope)
		got := expr.Eval(world)
		typ, _ := expr.Check(scope)
		_, isTruth := got.Bool()
		_, isNumber := got.Number()
		why, isMissing := got.Missing()
		switch {
		case isMissing && why.Code != rule.CodeWrongType && why.Code != "":
		case isTruth && typ.Kind == rule.Bool, isNumber && typ.Kind == rule.Number:
		default:
			t.Fatalf("%s is %v, and was checked to be %v", expr, got, typ)
		}
		again := parsed(t, scope, expr.String())
		if again.String() != expr.String() || again.Eval(world) != got {
			t.Fatalf("%s was written as %s, which is another rule", source, expr)
		}
	})
}

// What is known stays known, and the same, when more becomes known.
func TestMoreFactsNeverChangeWhatIsKnown(t *testing.T) {
	t.Parallel()
	scope := lawScope()
	rapid.Check(t, func(t *rapid.T) {
		w := &writer{t: t, monotone: true}
		expr := parsed(t, scope, w.truth(4))
		before := drawn(t, scope)
		known := expr.Eval(before)
		after := learned(t, before)
		for name, value := range before.fields {
			if _, missing := value.Missing(); !missing && after.fields[name] != value {
				t.Fatalf("%s was known", name)
			}
		}
		if _, missing := known.Missing(); !missing && expr.Eval(after) != known {
			t.Fatalf("%s was %v and is now %v", expr, known, expr.Eval(after))
		}
	})
}

// learned returns facts with values for some of the unknown fields.
func learned(t *rapid.T, before *facts) *facts {
	after := &facts{fields: map[string]rule.Value{}, rows: map[string][]rule.Env{}}
	scope := lawScope()
	names := make([]string, 0, len(before.fields))
	for name := range before.fields {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		after.fields[name] = before.fields[name]
		if _, missing := before.fields[name].Missing(); missing {
			want, ok := scope.Fields[name]
			if !ok {
				want, ok = scope.Registers["row"][strings.TrimPrefix(name, ".")]
			}
			switch {
			case strings.HasPrefix(name, "meets "):
				want = rule.Type{Kind: rule.Bool}
			case !ok:
				want = rule.Type{Kind: rule.Number}
			}
			after.fields[name] = drawnValue(t, want, name)
		}
	}
	for register, rows := range before.rows {
		after.rows[register] = make([]rule.Env, len(rows))
		for i, row := range rows {
			after.rows[register][i] = learned(t, row.(*facts))
		}
	}
	return after
}

func TestOrderOfRowsDoesNotMatter(t *testing.T) {
	t.Parallel()
	scope := lawScope()
	rapid.Check(t, func(t *rapid.T) {
		w := &writer{t: t}
		expr := parsed(t, scope, w.pick(
			"any("+w.overRows(3, (*writer).truth)+")", "all("+w.overRows(3, (*writer).truth)+")",
			"count("+w.overRows(3, (*writer).truth)+")", "share("+w.overRows(3, (*writer).truth)+")",
			"sum("+w.overRows(3, (*writer).number)+")",
		))
		world := drawn(t, scope)
		before := expr.Eval(world)
		slices.Reverse(world.rows["row"])
		after := expr.Eval(world)
		why, _ := before.Missing()
		whyNow, _ := after.Missing()
		if !same(before, after) || why.Code != whyNow.Code {
			t.Fatalf("%s is %v, and %v with its rows turned around", expr, before, after)
		}
	})
}

func TestBudget(t *testing.T) {
	t.Parallel()
	row := &facts{fields: map[string]rule.Value{"ok": rule.BoolOf(true)}}
	world := &facts{rows: map[string][]rule.Env{"row": slices.Repeat([]rule.Env{row}, 1000)}}
	// 1,000 rows of 1 + 2·terms − 1 steps each, and one step for the function.
	conjunction := func(terms int) *rule.Expr {
		return parsed(t, lawScope(), "any(row, "+strings.Repeat(".ok && ", terms-1)+".ok)")
	}
	if got := conjunction(100).Eval(world); got != rule.BoolOf(true) {
		t.Fatalf("200,001 steps give %v", got)
	}
	world.rows["row"] = slices.Repeat([]rule.Env{row}, rule.Budget/200)
	want := rule.NoData(rule.Reason{Code: rule.CodeTooCostly, What: fmt.Sprintf("%d steps", rule.Budget+1)})
	if got := conjunction(100).Eval(world); got != want {
		t.Errorf("one step too many gives %v, want %v", got, want)
	}
	// 41,841 rows of 1 + 238 steps, and one for the function: just the budget.
	world.rows["row"] = world.rows["row"][:41_841]
	just := parsed(t, lawScope(), "any(row, !.ok"+strings.Repeat(" && .ok", 118)+")")
	if got := just.Eval(world); got != rule.BoolOf(false) {
		t.Errorf("the whole budget gives %v", got)
	}
	if got, _ := parsed(t, lawScope(), "a && any(row, .ok)").Eval(world).Missing(); got.Code != "unreported" {
		t.Errorf("a cheap rule over as many rows lacks %v", got)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ source, code string }{
		"long":           {"a && " + strings.Repeat(" ", 4096) + "b", "rule_too_long"},
		"deep brackets":  {strings.Repeat("!(", 300) + "a" + strings.Repeat(")", 300), "rule_too_deep"},
		"deep choice":    {strings.Repeat("a ? b : ", 300) + "c", "rule_too_deep"},
		"no UTF-8":       {"a && \xff", "not_utf8"},
		"marks":          {"a § b", "syntax"},
		"text over line": {"s == \"a\nb\"", "syntax"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			expr, faults := rule.Parse(test.source)
			if expr != nil || len(faults) != 1 || faults[0].Code != test.code {
				t.Errorf("%+v, want %s", faults, test.code)
			}
		})
	}
	// Offsets are bytes, in a rule with characters of three.
	if _, faults := rule.Parse(`s == "卫生室" = a`); len(faults) != 1 || faults[0].Offset != 17 {
		t.Errorf("%+v", faults)
	}
}

func TestOneForm(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]string{
		"not a and (b or c)":                    "!a && (b || c)",
		"((a && b)) || c":                       "a && b || c",
		"x-(y-z)":                               "x - (y - z)",
		"(x-y)-z":                               "x - y - z",
		"- ( x*y )/z":                           "-(x * y) / z",
		"!(x * y)":                              "!(x * y)",
		"(!a) * b":                              "(!a) * b",
		"(x < y) < z":                           "(x < y) < z",
		"s not in ['u',\"v\"]":                  `!(s in ["u", "v"])`,
		"a ? (b ? x : y) : c ? y : z":           "a ? (b ? x : y) : c ? y : z",
		"(a ? b : c) ? x : y":                   "(a ? b : c) ? x : y",
		`s == 'say "u"'`:                        `s == 'say "u"'`,
		"reach ( m , far )":                     "nearest(m) <= far",
		"any(filter(row,.ok),.within(m,far)>0)": "any(filter(row, .ok), .within(m, far) > 0)",
		"0.50 + 1.0":                            "0.5 + 1",
		"offset( last(stock),9 )":               "offset(last(stock), 9)",
	} {
		expr, faults := rule.Parse(written)
		if len(faults) > 0 || expr.String() != want || expr.Source() != written {
			t.Errorf("%s is written %v, want %s (%+v)", written, expr, want, faults)
		}
	}
}

func TestReferences(t *testing.T) {
	t.Parallel()
	expr, _ := rule.Parse(`a && reach(m, far) && any(filter(row, .x > z), .within(k, y) > 0 && .meets("w")) && last(stock) > offset(last(stock), 1) && any(l, # == "u") && meets("v") && a`)
	got := fmt.Sprintf("%+v", expr.References())
	want := "{Fields:[a far z y l] Elements:[stock] Registers:[row] Measures:[m k] Counted:[k] Provisions:[w v]}"
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func FuzzRule(f *testing.F) {
	v := readVectors(f)
	for _, c := range v.Evaluations {
		f.Add(c.Rule)
	}
	for _, c := range v.Faults {
		f.Add(c.Rule)
	}
	scope, world := v.world(f)
	f.Fuzz(func(t *testing.T, source string) {
		expr, faults := rule.Parse(source)
		if (expr == nil) != (len(faults) > 0) {
			t.Fatalf("%q: %v with %d faults", source, expr, len(faults))
		}
		for _, fault := range faults {
			if fault.Offset < 0 || fault.Offset > len(source) {
				t.Fatalf("%q: a fault outside: %+v", source, fault)
			}
		}
		if expr == nil {
			return
		}
		got := expr.Eval(world) // whatever the types
		if column, ok := expr.Wholes(one{world}); ok {
			n, known := column.At(0)
			if want, isNumber := got.Number(); known != isNumber || n != want {
				t.Fatalf("%q is %v, and %v %v in a column", source, got, n, known)
			}
		}
		again, faults := rule.Parse(expr.String())
		if len(faults) > 0 {
			if len(expr.String()) > len(source) { // grown over a limit
				return
			}
			t.Fatalf("%q was written as %q: %+v", source, expr, faults)
		}
		if again.String() != expr.String() {
			t.Fatalf("%q was written as %q and then as %q", source, expr, again)
		}
		_, faults = expr.Check(scope)
		if _, later := again.Check(scope); len(later) != len(faults) {
			t.Fatalf("%q and %q have other faults: %+v, %+v", source, expr, faults, later)
		}
		if why, missing := got.Missing(); len(faults) == 0 && missing && (why.Code == rule.CodeWrongType || why.Code == "") {
			t.Fatalf("%q has no faults and is %v", source, got)
		}
	})
}

func BenchmarkEval(b *testing.B) {
	scope, world := readVectors(b).world(b)
	row := world.rows["home"][0]
	world.rows["home"] = slices.Repeat([]rule.Env{row}, 1000)
	for _, source := range []string{
		"nearest(clinic) <= limit",
		"land >= land_per_person * people",
		`meets("estate.ok") && reach(clinic, limit) && kind in ["clinic", "school"]`,
		`sum(home, .kind == "home" ? .beds : none)`, // of 1,000 rows
		"any(home, .licensed && .beds > fifty_beds)",
	} {
		expr := parsed(b, scope, source)
		b.Run(source, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				expr.Eval(world)
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		rule.Parse(`sum(home, .kind == "home" ? .beds : none) >= land_per_person * people`)
	}
}

package rule_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"lifecircle"
	"lifecircle/plan/rule"
)

// wholeWorld has three elements and two parameters of a few subjects.
type wholeWorld struct {
	n       int
	columns map[string]rule.Whole
	numbers map[string]lifecircle.Number
}

func (w wholeWorld) Len() int { return w.n }

func (w wholeWorld) Whole(q rule.Query) (rule.Whole, bool) {
	c, ok := w.columns[q.Element]
	return c, ok && q.How == rule.Last && q.YearsBack == 0
}

func (w wholeWorld) Number(name string) (lifecircle.Number, bool) {
	n, ok := w.numbers[name]
	return n, ok
}

// env is one subject in row mode.
func (w wholeWorld) env(i int) *facts {
	f := &facts{fields: map[string]rule.Value{}}
	for name, n := range w.numbers {
		f.fields[name] = rule.NumberOf(n)
	}
	for element, c := range w.columns {
		if n, ok := c.At(i); ok {
			f.fields["last "+element+" 0"] = rule.NumberOf(n)
		}
	}
	return f
}

// TestWholesAreRows: over random sums and products, of numbers that nearly fit
// and do not, whatever comes in columns is what each subject alone gives.
func TestWholesAreRows(t *testing.T) {
	t.Parallel()
	ran := 0
	rapid.Check(t, func(rt *rapid.T) {
		w := wholeWorld{n: 4, columns: map[string]rule.Whole{}, numbers: map[string]lifecircle.Number{}}
		bits := rapid.IntRange(1, 61).Draw(rt, "bits")
		scales := []string{"1", "1/100", "1/3", "2000/3", "1000", "1/1000000"}
		for _, element := range []string{"a", "b", "c"} {
			numbers := make([]int64, w.n)
			for i := range numbers {
				numbers[i] = rapid.Int64Range(-1<<bits, 1<<bits).Draw(rt, "number")
				if rapid.IntRange(0, 4).Draw(rt, "unsaid") == 0 {
					numbers[i] = rule.Unsaid
				}
			}
			w.columns[element] = rule.WholeOf(numbers, lifecircle.MustNumber(rapid.SampledFrom(scales).Draw(rt, "scale")))
		}
		w.numbers["x"] = lifecircle.MustNumber(rapid.SampledFrom([]string{"0", "0.1", "2/3", "-5"}).Draw(rt, "x"))
		var write func(depth int) string
		write = func(depth int) string {
			if depth == 0 {
				return rapid.SampledFrom([]string{"last(a)", "last(b)", "last(c)", "x", "0", "2.5"}).Draw(rt, "leaf")
			}
			return fmt.Sprintf("(%s %s %s)", write(depth-1), rapid.SampledFrom([]string{"+", "-", "*"}).Draw(rt, "op"), write(depth-1))
		}
		source := write(rapid.IntRange(0, 3).Draw(rt, "depth"))
		e, faults := rule.Parse(source)
		if len(faults) > 0 {
			rt.Fatal(faults)
		}
		got, ok := e.Wholes(w)
		if !ok {
			return
		}
		ran++
		for i := range w.n {
			want, known := e.Eval(w.env(i)).Number()
			if n, ok := got.At(i); ok != known || n != want {
				rt.Fatalf("%s of subject %d is %v %v, alone %v %v", source, i, n, ok, want, known)
			}
		}
	})
	if ran < 20 {
		t.Errorf("only %d of 100 rules ran over columns", ran)
	}
}

// one is a single subject with what it says as columns of one number.
type one struct{ *facts }

func (o one) Len() int { return 1 }

func (o one) Whole(q rule.Query) (rule.Whole, bool) {
	value := o.Element(q)
	if _, missing := value.Missing(); missing {
		return rule.WholeOf([]int64{rule.Unsaid}, lifecircle.Int(1)), true
	}
	n, ok := value.Number()
	if !ok {
		return rule.Whole{}, false
	}
	scale, _ := lifecircle.Ratio(1, n.Den())
	return rule.WholeOf([]int64{n.Num()}, scale), true
}

func (o one) Number(name string) (lifecircle.Number, bool) { return o.Field(name).Number() }

// TestWholesOfVectors runs the page in cases through column mode: whatever comes in a
// column is what the page says.
func TestWholesOfVectors(t *testing.T) {
	t.Parallel()
	v := readVectors(t)
	_, world := v.world(t)
	ran := 0
	for _, c := range v.Evaluations {
		expr, faults := rule.Parse(c.Rule)
		if len(faults) > 0 {
			t.Fatalf("%s: %+v", c.Rule, faults)
		}
		column, ok := expr.Wholes(one{world})
		if !ok {
			continue
		}
		ran++
		n, known := column.At(0)
		if want, isNumber := expr.Eval(world).Number(); known != isNumber || n != want {
			t.Errorf("%s is %v %v in a column, %v alone", c.Rule, n, known, expr.Eval(world))
		}
	}
	if ran < 5 {
		t.Errorf("only %d cases ran in columns", ran)
	}
}

// TestWholesOfRandomRules: over random rules of the whole language, whatever comes in
// a column is what Eval, the reference, gives.
func TestWholesOfRandomRules(t *testing.T) {
	t.Parallel()
	scope := lawScope()
	ran := 0
	rapid.Check(t, func(rt *rapid.T) {
		expr := parsed(rt, scope, (&writer{t: rt}).number(rapid.IntRange(0, 2).Draw(rt, "depth")))
		world := drawn(rt, scope)
		column, ok := expr.Wholes(one{world})
		if !ok {
			return
		}
		ran++
		n, known := column.At(0)
		want, isNumber := expr.Eval(world).Number()
		if known != isNumber || n != want {
			rt.Fatalf("%s is %v %v in a column, %v alone", expr, n, known, expr.Eval(world))
		}
	})
	if ran < 10 {
		t.Errorf("only %d of 100 rules ran in columns", ran)
	}
}

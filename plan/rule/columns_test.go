package rule_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"lifecircle"
	"lifecircle/plan/rule"
)

// table holds subjects side by side: some of what they say as columns, the rest
// only in their rows.
type table struct {
	rows    []*facts
	fields  map[string]rule.Column
	nearest map[string]rule.Column
}

var _ rule.Subjects = (*table)(nil)

func (s *table) Len() int           { return len(s.rows) }
func (s *table) Env(i int) rule.Env { return s.rows[i] }

func (s *table) Field(name string) (rule.Column, bool) {
	c, ok := s.fields[name]
	return c, ok
}

func (s *table) Nearest(measure string) (rule.Column, bool) {
	c, ok := s.nearest[measure]
	return c, ok
}

// column reads one answer of all rows.
func (s *table) column(question string) rule.Column {
	values := make([]rule.Value, len(s.rows))
	for i, row := range s.rows {
		values[i] = row.answer(question)
	}
	return rule.ColumnOf(values)
}

// drawnTable draws subjects with a part of their fields as columns, some of them
// shared by all.
func drawnTable(t *rapid.T, scope rule.Scope) *table {
	s := &table{fields: map[string]rule.Column{}, nearest: map[string]rule.Column{}}
	for range rapid.IntRange(0, 5).Draw(t, "subjects") {
		s.rows = append(s.rows, drawn(t, scope))
	}
	names := make([]string, 0, len(scope.Fields))
	for name := range scope.Fields {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		switch rapid.SampledFrom([]string{"rows", "column", "shared"}).Draw(t, "kept") {
		case "column":
			s.fields[name] = s.column(name)
		case "shared":
			value := drawnValue(t, scope.Fields[name], name)
			for _, row := range s.rows {
				row.fields[name] = value
			}
			s.fields[name] = rule.Shared(value, len(s.rows))
		}
	}
	if rapid.Bool().Draw(t, "near") {
		s.nearest["m"] = s.column("nearest m")
	}
	return s
}

// TestColumnsAreRows: for every subject, the column has the value that row mode
// gives for it alone, with the same reason.
func TestColumnsAreRows(t *testing.T) {
	t.Parallel()
	scope := lawScope()
	rapid.Check(t, func(t *rapid.T) {
		w := &writer{t: t}
		source := w.truth(4)
		if rapid.Bool().Draw(t, "number") {
			source = w.number(4)
		}
		expr := parsed(t, scope, source)
		subjects := drawnTable(t, scope)
		got := expr.Columns(subjects)
		if got.Len() != subjects.Len() {
			t.Fatalf("%d values for %d subjects", got.Len(), subjects.Len())
		}
		for i := range subjects.Len() {
			if want := expr.Eval(subjects.Env(i)); got.At(i) != want {
				t.Fatalf("%s is %v in the column and %v alone, for subject %d", expr, got.At(i), want, i)
			}
		}
	})
}

// TestColumnsOfVectors runs the page in cases through column mode.
func TestColumnsOfVectors(t *testing.T) {
	t.Parallel()
	v := readVectors(t)
	_, world := v.world(t)
	for _, c := range v.Evaluations {
		expr, faults := rule.Parse(c.Rule)
		if len(faults) > 0 {
			t.Fatalf("%s: %+v", c.Rule, faults)
		}
		got := expr.Columns(&table{rows: []*facts{world, world}})
		if want := expr.Eval(world); got.At(0) != want || got.At(1) != want {
			t.Errorf("%s is %v and %v in columns, %v alone", c.Rule, got.At(0), got.At(1), want)
		}
	}
}

func TestColumnsKeepTheBudget(t *testing.T) {
	t.Parallel()
	row := &facts{fields: map[string]rule.Value{"ok": rule.BoolOf(true)}}
	some := &facts{rows: map[string][]rule.Env{"row": {row}}}
	many := &facts{rows: map[string][]rule.Env{"row": slices.Repeat([]rule.Env{row}, rule.Budget/2+1)}}
	expr := parsed(t, lawScope(), "any(row, .ok)")
	got := expr.Columns(&table{rows: []*facts{some, many, some}})
	if got.At(0) != rule.BoolOf(true) || got.At(2) != rule.BoolOf(true) {
		t.Errorf("within the budget it is %v and %v", got.At(0), got.At(2))
	}
	if want := expr.Eval(many); got.At(1) != want {
		t.Errorf("beyond the budget it is %v, alone %v", got.At(1), want)
	}
}

// BenchmarkColumns holds column mode against row mode, the rival, on the same
// 100,000 subjects; both add up the same checksum.
func BenchmarkColumns(b *testing.B) {
	const subjects = 100_000
	s := &table{fields: map[string]rule.Column{}, nearest: map[string]rule.Column{}}
	metres := make([]lifecircle.Number, subjects)
	for i := range subjects {
		metres[i] = lifecircle.Int(int64(i*7919%2000 + 1))
		s.rows = append(s.rows, &facts{fields: map[string]rule.Value{
			"nearest m": rule.NumberOf(metres[i]), "far": rule.NumberOf(lifecircle.Int(1000)),
			"a": rule.BoolOf(i%3 > 0), "p": rule.NumberOf(metres[i]), "q": rule.NumberOf(lifecircle.Int(int64(i % 1500))),
		}})
	}
	for _, name := range []string{"a", "p", "q"} {
		s.fields[name] = s.column(name)
	}
	s.fields["far"] = rule.Shared(rule.NumberOf(lifecircle.Int(1000)), subjects)
	s.nearest["m"] = rule.ColumnOfNumbers(metres)
	for _, source := range []string{"nearest(m) <= far", "a && nearest(m) <= far && p > q", "p - q"} {
		expr := parsed(b, lawScope(), source)
		checksum := func(at func(i int) rule.Value) (sum int64) {
			for i := range subjects {
				if n, ok := at(i).Number(); ok {
					sum += n.Num()
				} else if yes, _ := at(i).Bool(); yes {
					sum += int64(i)
				}
			}
			return sum
		}
		want := checksum(func(i int) rule.Value { return expr.Eval(s.rows[i]) })
		if c := expr.Columns(s); checksum(c.At) != want {
			b.Fatal("the modes differ")
		}
		b.Run(fmt.Sprintf("columns/%s", source), func(b *testing.B) {
			for b.Loop() {
				expr.Columns(s)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/subjects, "ns/subject")
		})
		b.Run(fmt.Sprintf("rows/%s", source), func(b *testing.B) {
			for b.Loop() {
				for i := range subjects {
					expr.Eval(s.rows[i])
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/subjects, "ns/subject")
		})
	}
}

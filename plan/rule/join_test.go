package rule_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"lifecircle/plan/rule"
)

// joining are facts that find rows by a field.
type joining struct {
	*facts
	left int // rows that were not gone through
}

var _ rule.Joining = (*joining)(nil)

func (j *joining) RowsLike(register, field string, v rule.Value) (like []rule.Env, all int, found bool) {
	rows, kept := j.rows[register]
	if !kept {
		return nil, 0, false
	}
	values := make([]rule.Value, len(rows))
	for i, row := range rows {
		values[i] = row.Field(field)
	}
	for _, i := range rule.NewIndex(values).Like(v) {
		like = append(like, rows[i])
	}
	j.left += len(rows) - len(like)
	return like, len(rows), true
}

// TestRowsLikeTheSubject: who finds the rows like the subject answers, to the reason,
// as who goes through all rows.
func TestRowsLikeTheSubject(t *testing.T) {
	t.Parallel()
	scope := lawScope()
	left := 0
	rapid.Check(t, func(t *rapid.T) {
		inner := &writer{t: t, row: true}
		equation := rapid.SampledFrom([]string{".s == s", "s == .s", ".x == x", ".d == d", ".s == r"}).Draw(t, "equation")
		condition := rapid.SampledFrom([]string{equation, equation + " && (" + inner.truth(1) + ")", "(" + inner.truth(1) + ") && " + equation}).Draw(t, "condition")
		source := rapid.SampledFrom([]string{
			"any(row, %[1]s)", "any(filter(row, %[1]s), %[2]s)", "all(filter(row, %[1]s), %[2]s)", "share(filter(row, %[1]s), %[2]s)",
			"count(row, %[1]s) > 1", "count(filter(row, %[1]s)) > 1", "count(filter(row, %[2]s), %[1]s) > 0",
			"sum(row, %[1]s ? .p : none) > p", "sum(filter(row, %[1]s), .p) > p", "all(row, %[1]s)", "!any(row, !(%[1]s))", "any(row, %[1]s || %[2]s)",
		}).Draw(t, "rule")
		expr := parsed(t, scope, fmt.Sprintf(source+"%.0[2]s", condition, "("+inner.truth(1)+")"))
		world := drawn(t, scope)
		index := &joining{facts: world}
		if got, want := expr.Eval(index), expr.Eval(world); got != want {
			t.Fatalf("%s is %v, and %v when all rows are gone through", expr, got, want)
		}
		left += index.left
	})
	if left == 0 {
		t.Error("no row was left out")
	}
}

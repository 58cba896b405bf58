package indicator

import (
	"sync"

	"lifecircle"
	"lifecircle/plan/rule"
)

// alike finds the rows of a register by a field: made when a rule first asks for rows
// like its subject.
type alike struct {
	rows       []Row
	index      *rule.Index
	provenance lifecircle.Provenance // the weakest of all rows: those left out were judged as well
	kept       bool
}

type fieldKey struct{ register, field string }

func (e *Evaluator) alike(key fieldKey) *alike {
	made, _ := e.likes.LoadOrStore(key, sync.OnceValue(func() *alike {
		a := &alike{}
		if a.rows, a.kept = e.facts.Rows(key.register); !a.kept {
			return a
		}
		values := make([]rule.Value, len(a.rows))
		for i, row := range a.rows {
			s := scope{eval: e, row: row, area: row.Area()}
			values[i] = s.Field(key.field)
			a.provenance = a.provenance.Weakest(row.Origin().Provenance)
		}
		a.index = rule.NewIndex(values)
		return a
	}))
	return made.(func() *alike)()
}

var _ rule.Joining = (*scope)(nil)

// RowsLike implements rule.Joining for subjects that look at all rows of a register.
func (s *scope) RowsLike(register, field string, v rule.Value) (like []rule.Env, all int, found bool) {
	if s.ofArea() || field == "period_start" || field == "period_end" {
		return nil, 0, false
	}
	a := s.eval.alike(fieldKey{register, field})
	if !a.kept {
		return nil, 0, false
	}
	s.reads.provenance = s.reads.provenance.Weakest(a.provenance)
	for _, i := range a.index.Like(v) {
		like = append(like, &scope{eval: s.eval, question: s.question, row: a.rows[i], area: a.rows[i].Area(), reads: s.reads})
	}
	return like, len(a.rows), true
}

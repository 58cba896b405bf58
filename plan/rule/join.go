package rule

import "slices"

// Joining is an Env that finds the rows of a register by a field. For a rule that
// asks for the rows like the subject, as any(estate, .group == group), the others need
// not be looked at, whatever else it asks of them.
type Joining interface {
	// RowsLike returns, in their order, the rows whose field is v or no value of its
	// kind, and how many there are in all. found is false where it cannot say: then all
	// rows are gone through.
	RowsLike(register, field string, v Value) (like []Env, all int, found bool)
}

// join is a condition of a row function that a row must meet to count: that a field of
// the row is what a bare name is.
type join struct{ field, name string }

// joinOf finds the join of a row function; the zero join is none. A row whose field is
// known to be another makes the whole of a conjunction false, also where the rest of it
// is not known.
func joinOf(s *scan) join {
	if s.source.texts {
		return join{}
	}
	if s.filter != nil { // what it drops does not count, whatever the body says
		return conjunct(s.filter)
	}
	switch s.function {
	case "any", "count":
		return conjunct(s.body)
	case "sum", "map":
		if c, ok := s.body.(*choice); ok {
			if _, left := c.no.(*none); left {
				return conjunct(c.condition)
			}
		}
	}
	return join{}
}

// conjunct finds an equation of a field of the row and a bare name that must hold for
// the condition to hold.
func conjunct(n node) join {
	b, ok := n.(*binary)
	if !ok {
		return join{}
	}
	if b.op == "&&" {
		if j := conjunct(b.x); j != (join{}) {
			return j
		}
		return conjunct(b.y)
	}
	x, ok := b.x.(*name)
	y, ok2 := b.y.(*name)
	if b.op != "==" || !ok || !ok2 || x.ofRow == y.ofRow {
		return join{}
	}
	if y.ofRow {
		x, y = y, x
	}
	return join{field: x.name, name: y.name}
}

// like fetches the rows like the subject.
func (m *machine) like(s *scan) (r rows, found bool) {
	j, ok := m.env.(Joining)
	if !ok || s.join == (join{}) {
		return r, false
	}
	v := m.env.Field(s.join.name)
	switch v.kind {
	case isBool, isNumber, isText, isDay:
	default:
		return r, false
	}
	envs, all, found := j.RowsLike(s.source.name, s.join.field, v)
	return rows{source: s.source, join: s.join, envs: envs, others: all - len(envs), known: true}, found
}

// skip counts rows that are unlike the subject: they answer as what a filter drops.
func (a *Answers) skip(s *scan, n int) {
	a.rows += n
	if s.filter == nil {
		a.kept += n
	}
	switch s.function {
	case "any", "count", "share":
		a.failing += n
	case "all":
		a.holding += n
	}
}

// Index finds values in a list.
type Index struct {
	of    map[Value][]int
	kinds map[kind][]int
}

// NewIndex makes an index of values.
func NewIndex(values []Value) *Index {
	x := &Index{make(map[Value][]int), make(map[kind][]int)}
	for i, v := range values {
		x.kinds[v.kind] = append(x.kinds[v.kind], i)
		if v.kind != missing {
			x.of[v] = append(x.of[v], i)
		}
	}
	return x
}

// Like returns the places, ascending, of the values that are v or of another kind.
func (x *Index) Like(v Value) []int {
	like := x.of[v]
	if len(x.kinds) > 1 || x.kinds[v.kind] == nil {
		like = slices.Clone(like)
		for kind, places := range x.kinds {
			if kind != v.kind {
				like = append(like, places...)
			}
		}
		slices.Sort(like)
	}
	return like
}

package indicator

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"lifecircle"
	"lifecircle/plan/rule"
)

// pool is what a row function answers for the rows of each area and of each
// subtree: asked once of every row, whatever the number of rules and areas that
// want it, and after a change only of the rows of the areas that it touches.
type pool struct {
	function rule.RowFunction
	names    map[string]rule.Value // what its bare names mean
	period   lifecircle.Period
	*sources
	rows *register
	own  paged[*part] // by area
	sums paged[*part] // of each subtree
}

// part is what some rows answer; nil where there are none.
type part struct {
	answers    rule.Answers
	provenance lifecircle.Provenance
}

func (p *part) equal(q *part) bool {
	if p == nil || q == nil {
		return p == q
	}
	return p.provenance == q.provenance && p.answers.Equal(q.answers)
}

func (p *part) plus(q *part) *part {
	switch {
	case p == nil:
		return q
	case q == nil:
		return p
	}
	return &part{p.answers.Plus(q.answers), p.provenance.Weakest(q.provenance)}
}

// poolKey names a pool: the function, the values of its parameters, and the period
// where it asks for verdicts.
type poolKey struct {
	text, names string
	period      lifecircle.Period
}

// pools are those that somebody asked for.
type pools struct {
	mu   sync.Mutex
	kept map[poolKey]*kept[*pool]
}

var _ rule.Summing = (*scope)(nil)

// Answers implements rule.Summing for areas.
func (s *scope) Answers(f rule.RowFunction) (rule.Answers, bool) {
	if !s.ofArea() {
		return rule.Answers{}, false
	}
	at, known := s.eval.areas.number[s.area]
	if !known {
		return rule.Answers{}, false
	}
	names, ok := s.parametersOf(f)
	if !ok {
		return rule.Answers{}, false
	}
	key := poolKey{text: f.Text()}
	if len(f.Meets()) > 0 {
		key.period = s.question.period
	}
	if len(names) > 0 {
		var w strings.Builder
		for _, name := range f.Names() {
			w.WriteString(name + "=" + names[name].String() + "\n")
		}
		key.names = w.String()
	}
	p := s.eval.pool(key, &pool{function: f, names: names, period: key.period})
	if p == nil || s.reads.inputs != nil && p.reads(elementKey) || s.eval.nudge != nil && p.reads(elementKey) {
		return rule.Answers{}, false // who explains wants to see each reading
	}
	var answers rule.Answers
	if sum := p.sums.at(at); sum != nil {
		s.reads.provenance = s.reads.provenance.Weakest(sum.provenance)
		answers = sum.answers
	}
	answers = answers.Of(p.rows.below.at(at))
	if n := s.eval.nudge; n != nil && n.of == f.Text() {
		return f.With(answers, n.by)
	}
	if s.reads.current != nil && f.Adds() {
		if total, known := f.Total(answers); known {
			s.reads.current[f.Text()] = total
			s.reads.functions[f.Text()] = f
		}
	}
	return answers, true
}

// parametersOf returns what the bare names of a row function mean; ok is false
// when one is a field of the subject.
func (s *scope) parametersOf(f rule.RowFunction) (names map[string]rule.Value, ok bool) {
	for _, name := range f.Names() {
		if _, parameter := s.parameters[name]; !parameter && name != "period_start" && name != "period_end" {
			return nil, false
		}
		if names == nil {
			names = make(map[string]rule.Value)
		}
		names[name] = s.Field(name)
	}
	return names, true
}

// pool returns a pool; nil when its register is not kept.
func (e *Evaluator) pool(key poolKey, blank *pool) *pool {
	e.pools.mu.Lock()
	k := e.pools.kept[key]
	if k == nil {
		k = &kept[*pool]{}
		e.pools.kept[key] = k
	}
	e.pools.mu.Unlock()
	return k.get(func() *pool {
		rows := e.rowsOf(blank.function.Register())
		if !rows.kept {
			return nil
		}
		p := *blank
		p.sources, p.rows = e.sourcesOfRows(p.function), rows
		p.own, p.sums = newPaged[*part](len(e.areas.codes)), newPaged[*part](len(e.areas.codes))
		all := e.areas.all()
		for _, area := range all {
			p.own.set(area, e.asked(&p, rows.rows.at(area)))
		}
		p.add(e.areas, all)
		return &p
	})
}

// sourcesOfRows returns what a row function reads.
func (e *Evaluator) sourcesOfRows(f rule.RowFunction) *sources {
	s := &sources{make(map[string]bool), make(map[string]bool)}
	g := gathering{e.plan, s, make(map[string]bool)}
	g.add(registerKey+f.Register(), false)
	for _, measure := range f.Measures() {
		g.add(measureKey+measure, false)
		g.add(placesKey+measure, true)
	}
	for _, id := range f.Meets() {
		g.provision(id, false)
	}
	return s
}

// reads reports whether a pool reads anything of a kind.
func (p *pool) reads(kind string) bool {
	for _, keys := range []map[string]bool{p.near, p.far} {
		for key := range keys {
			if strings.HasPrefix(key, kind) {
				return true
			}
		}
	}
	return false
}

// add makes the sums of areas again, those below before those above.
func (p *pool) add(a *areas, at []int) {
	for _, area := range slices.Backward(at) {
		sum := p.own.at(area)
		a.below(area, func(child int) { sum = sum.plus(p.sums.at(child)) })
		p.sums.set(area, sum)
	}
}

// asked asks an area's own rows.
func (e *Evaluator) asked(p *pool, rows []Row) *part {
	if len(rows) == 0 {
		return nil
	}
	one := &scope{eval: e, question: question{period: p.period}, reads: &reads{}}
	answers := p.function.Answers(named{p.names}, func(yield func(rule.Env) bool) {
		for _, row := range rows {
			one.reads.provenance = one.reads.provenance.Weakest(row.Origin().Provenance)
			if one.row, one.area = row, row.Area(); !yield(one) {
				return
			}
		}
	})
	return &part{answers, one.reads.provenance}
}

// next returns the pool after changes; nil when it must be made anew.
func (p *pool) next(e *Evaluator, t touched) *pool {
	x := t.of(p.sources, "")
	rows := e.rowsOf(p.function.Register())
	switch {
	case x.everywhere || !rows.kept:
		return nil
	case x.empty():
		return p
	}
	next := *p
	next.rows = rows
	var changed []lifecircle.AreaCode
	for _, area := range x.at {
		own := e.asked(p, rows.rows.at(area))
		if own.equal(p.own.at(area)) {
			continue
		}
		if changed == nil {
			next.own, next.sums = p.own.fork(), p.sums.fork()
		}
		next.own.set(area, own)
		changed = append(changed, e.areas.codes[area])
	}
	next.add(e.areas, e.areas.above(changed).at)
	return &next
}

// nextPools returns the pools after changes.
func (e *Evaluator) nextPools(before map[poolKey]*pool, t touched) {
	keys := slices.Collect(maps.Keys(before))
	after := make([]*pool, len(keys))
	together(len(keys), func(i int) { after[i] = before[keys[i]].next(e, t) })
	for i, p := range after {
		if p != nil {
			e.pools.kept[keys[i]] = keep(p)
		}
	}
}

// named is a subject of which only bare names are asked.
type named struct{ names map[string]rule.Value }

// Field implements rule.Env.
func (n named) Field(name string) rule.Value { return n.names[name] }

func (n named) none() rule.Value { return rule.NoData(rule.Reason{Code: rule.CodeUnknown}) }

// Rows implements rule.Env; a row function has none within it.
func (n named) Rows(string) ([]rule.Env, rule.Reason, bool) {
	return nil, rule.Reason{Code: rule.CodeUnknown}, false
}

// Element, Nearest, Within and Meets implement rule.Env.
func (n named) Element(rule.Query) rule.Value               { return n.none() }
func (n named) Nearest(string) rule.Value                   { return n.none() }
func (n named) Within(string, lifecircle.Number) rule.Value { return n.none() }
func (n named) Meets(string) rule.Value                     { return n.none() }

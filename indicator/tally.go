package indicator

import (
	"slices"
	"unique"

	"lifecircle"
	"lifecircle/plan/rule"
)

// tally is a provision judged for every subject of its register, by area. It never
// changes; next returns a new one that shares the areas that stayed.
type tally struct {
	kept     bool // the register is kept
	register string
	subjects *register
	cells    paged[*cell] // by area; nil where it has no subjects of its own
	totals   paged[*sums] // of each subtree; nil where it has no subjects
}

// cell are the verdicts on an area's own subjects, in the order of the rows.
type cell struct {
	outcomes paged[said]
	sums     sums
}

// said is an outcome that is kept once, however many subjects it is of: 8 bytes each
// in place of 88, and those of most have only their people in common with few others.
type said = unique.Handle[Outcome]

// asked is a reading in a period.
type asked struct {
	reading
	period lifecircle.Period
}

func (e *Evaluator) count(q asked) *tally {
	name := e.plan.Sets[q.subjects].Of
	subjects := e.rowsOf(name)
	t := &tally{register: name, kept: subjects.kept, subjects: subjects}
	if !t.kept {
		return t
	}
	t.cells, t.totals = newPaged[*cell](len(e.areas.codes)), newPaged[*sums](len(e.areas.codes))
	all := e.areas.all()
	for _, at := range all {
		t.cells.set(at, e.judged(q, subjects.rows.at(at)))
	}
	t.add(e.areas, all)
	return t
}

// judged judges an area's own subjects.
func (e *Evaluator) judged(q asked, rows []Row) *cell {
	if len(rows) == 0 {
		return nil
	}
	c := &cell{outcomes: newPaged[said](len(rows))}
	for i, row := range rows {
		outcome := e.judge(q.reading, row, q.period, &reads{})
		c.outcomes.set(i, unique.Make(outcome))
		c.sums.count(outcome, 1)
	}
	return c
}

// of returns the outcome of a population point.
func (t *tally) of(p PointRow) (outcome Outcome, judged bool) {
	if !t.kept || t.register != PopulationPoints || p.Place >= len(t.subjects.spots) {
		return outcome, false
	}
	at := t.subjects.spots[p.Place]
	if rows := t.subjects.rows.at(at.area); at.place >= len(rows) || rows[at.place] != Row(p) {
		return outcome, false // of another register, or its area is not known
	}
	return t.cells.at(at.area).outcomes.at(at.place).Value(), true
}

// add makes the totals of areas again, those below before those above.
func (t *tally) add(a *areas, at []int) {
	for _, area := range slices.Backward(at) {
		var total *sums
		more := func(part *sums) {
			if part == nil || part.subjects == 0 && !part.overflowed {
				return
			}
			if total == nil {
				total = &sums{}
			}
			total.plus(*part)
		}
		if own := t.cells.at(area); own != nil {
			more(&own.sums)
		}
		a.below(area, func(child int) { more(t.totals.at(child)) })
		t.totals.set(area, total)
	}
}

// next judges again what changed facts touch. points are those whose nearest
// places changed, by area.
func (e *Evaluator) next(old *tally, q asked, t touched, points map[int][]int) *tally {
	s := e.sourcesOf(q.reading)
	whole := t.of(s, "")
	subjects := e.rowsOf(old.register)
	if subjects.kept != old.kept {
		return e.count(q)
	}
	if whole.everywhere {
		if rest := t.of(s, placesKey); old.kept && !rest.everywhere && e.membersStay(q.reading) {
			return e.nextMembers(old, q, rest)
		}
		return e.count(q).sharing(old, e.areas)
	}
	if whole.empty() {
		return old
	}
	next := *old
	next.subjects = subjects
	if !old.kept {
		return &next
	}
	again := whole
	if old.register == PopulationPoints {
		again = t.of(s, measureKey) // for other reasons than a nearest place
	}
	var changed []lifecircle.AreaCode
	for _, area := range whole.at {
		own, rows := old.cells.at(area), subjects.rows.at(area)
		now := own
		switch {
		case again.has(area) || own == nil:
			now = e.judged(q, rows)
		case len(points[area]) > 0:
			now = e.judgedAgain(q, own, rows, points[area])
		}
		if !now.same(own) {
			changed = next.change(e.areas, area, now, changed)
		}
	}
	if len(changed) == 0 && subjects == old.subjects {
		return old
	}
	next.add(e.areas, e.areas.above(changed).at)
	return &next
}

// change sets a cell of a tally that shares its cells with the one before it until the
// first is changed.
func (t *tally) change(a *areas, area int, now *cell, changed []lifecircle.AreaCode) []lifecircle.AreaCode {
	if len(changed) == 0 {
		t.cells, t.totals = t.cells.fork(), t.totals.fork()
	}
	t.cells.set(area, now)
	return append(changed, a.codes[area])
}

// membersStay reports whether places more, less or elsewhere leave open of whom a
// provision speaks.
func (e *Evaluator) membersStay(r reading) bool {
	for _, condition := range []*rule.Expr{e.plan.Sets[r.subjects].Where, r.where} {
		if condition == nil {
			continue
		}
		if refs := condition.References(); len(refs.Measures)+len(refs.Counted)+len(refs.Provisions) > 0 {
			return false
		}
	}
	return true
}

// nextMembers judges again whoever a provision spoke of, after places changed and, in
// the areas of rest, something else. Most rows of a register are of other kinds.
func (e *Evaluator) nextMembers(old *tally, q asked, rest extent) *tally {
	next := *old
	next.subjects = e.rowsOf(old.register)
	var changed []lifecircle.AreaCode
	for area := range e.areas.codes {
		own, rows := old.cells.at(area), next.subjects.rows.at(area)
		var now *cell
		switch {
		case rest.has(area):
			now = e.judged(q, rows)
		case own == nil || own.sums.subjects == 0 && q.object.Provision.Exceptions == nil:
			continue
		default:
			now = e.judgedAgain(q, own, rows, own.members())
		}
		if !now.same(own) {
			changed = next.change(e.areas, area, now, changed)
		}
	}
	next.add(e.areas, e.areas.above(changed).at)
	return &next
}

// members returns the places of the subjects of which a provision speaks, whether or
// not it lets them off.
func (c *cell) members() (places []int) {
	c.outcomes.each(func(i int, s said) {
		if o := s.Value(); o.Verdict != NotApplicable || o.Excepted {
			places = append(places, i)
		}
	})
	return places
}

// sharing takes from an older tally what is the same.
func (t *tally) sharing(old *tally, a *areas) *tally {
	if !t.kept {
		return t
	}
	for area := range a.codes {
		if own, was := t.cells.at(area), old.cells.at(area); own.same(was) {
			t.cells.set(area, was)
		}
	}
	return t
}

// same reports whether two cells say the same of as many subjects.
func (c *cell) same(d *cell) bool {
	if c == d || c == nil || d == nil {
		return c == d
	}
	return c.sums == d.sums && slices.EqualFunc(c.outcomes.pages, d.outcomes.pages, slices.Equal[[]said])
}

// differs returns the areas in whose subtrees verdicts differ.
func (t *tally) differs(old *tally, a *areas) extent {
	switch {
	case t == old:
		return extent{}
	case t.kept != old.kept:
		return extent{everywhere: true}
	case !t.kept:
		return extent{}
	}
	var codes []lifecircle.AreaCode
	for i, page := range t.cells.pages {
		was := old.cells.pages[i]
		if &page[0] == &was[0] {
			continue
		}
		for k := range page {
			if page[k] != was[k] {
				codes = append(codes, a.codes[i*pageLength+k])
			}
		}
	}
	return a.above(codes)
}

// judgedAgain judges some of an area's subjects again; where all verdicts stay so does
// the cell.
func (e *Evaluator) judgedAgain(q asked, own *cell, rows []Row, places []int) *cell {
	c := own
	for _, i := range places {
		was, now := c.outcomes.at(i), unique.Make(e.judge(q.reading, rows[i], q.period, &reads{}))
		if was != now {
			if c == own {
				c = &cell{outcomes: own.outcomes.fork(), sums: own.sums}
			}
			c.sums.count(was.Value(), -1)
			c.outcomes.set(i, now)
			c.sums.count(now.Value(), 1)
		}
	}
	if c.sums.overflowed {
		return e.judged(q, rows)
	}
	return c
}

// over returns the sums of an area's subtree; none where the register is not kept.
func (t *tally) over(at int) sums {
	if !t.kept {
		return sums{}
	}
	if total := t.totals.at(at); total != nil {
		return *total
	}
	return sums{}
}

// firstDoubt returns why the first unknown subject of an area is unknown.
func (t *tally) firstDoubt(a *areas, at int) (first rule.Reason) {
	if !t.kept {
		return first
	}
	for area := at; area < a.last[at]; {
		if total := t.totals.at(area); total == nil || total.unknowns == 0 {
			area = a.last[area]
			continue
		}
		if own := t.cells.at(area); own != nil && own.sums.unknowns > 0 {
			for _, page := range own.outcomes.pages {
				for _, o := range page {
					if o := o.Value(); o.Verdict == Unknown {
						return o.Reason
					}
				}
			}
		}
		area++
	}
	return first
}

// each visits the subjects of areas and the verdicts on them, in order.
func (t *tally) each(at, last int, visit func(Row, Outcome)) {
	for area := at; area < last && t.kept; area++ {
		if own := t.cells.at(area); own != nil {
			rows := t.subjects.rows.at(area)
			own.outcomes.each(func(i int, o said) { visit(rows[i], o.Value()) })
		}
	}
}

package indicator

import (
	"cmp"
	"slices"
	"strings"

	"lifecircle"
	"lifecircle/plan"
	"lifecircle/plan/rule"
	"lifecircle/registry"
)

// Delta says what differs between the facts of two evaluators.
type Delta struct {
	// Elements are those with a changed value, or part of one, and the areas whose
	// own value changed.
	Elements map[string][]lifecircle.AreaCode
	// Rows are the changed rows of registers that list their rows by ID.
	Rows map[string][]RowChange
	// Points are, for measures whose nearest places changed, the places of those
	// who have them in the register population_point.
	Points map[string][]int
	// Places are the measures with a place more, less or elsewhere.
	Places map[string]bool
	// Plan is the plan after the changes, nil where it is the same: that of the
	// evaluator before with supposed numbers, plan.Package.Supposing.
	Plan *plan.Package
	// Moving says that areas were others on other days: then no area is sure not to
	// feel a change elsewhere.
	Moving bool
	// Altered says that streets were closed, opened or built: what is known of other
	// days is of other streets.
	Altered bool
	// Registers are those whose rows must all be read again.
	Registers map[string]bool
}

// RowChange is a row as it was and as it is; nil where there is none.
type RowChange struct{ Before, After Row }

// AddRow notes a changed row.
func (d *Delta) AddRow(register string, change RowChange) {
	if d.Rows == nil {
		d.Rows = make(map[string][]RowChange)
	}
	d.Rows[register] = append(d.Rows[register], change)
	d.showCounts(register)
}

// showCounts notes that the rows of areas show other counts of their people, if it is
// those that changed.
func (d *Delta) showCounts(register string) {
	if register != registry.PopulationRegister {
		return
	}
	if d.Registers == nil {
		d.Registers = make(map[string]bool)
	}
	for _, level := range registry.Levels() {
		d.Registers[string(level)] = true
	}
}

// Renumber keeps Points in step when people come, go or move in the register.
func (d *Delta) Renumber(before, after []registry.PopulationPoint) {
	for measure, points := range d.Points {
		var now []int
		for _, point := range points {
			at, found := slices.BinarySearchFunc(after, before[point].ID, func(p registry.PopulationPoint, id string) int {
				return cmp.Compare(p.ID, id)
			})
			if found {
				now = append(now, at)
			}
		}
		d.Points[measure] = now
	}
}

// AddElement notes a changed value of an area.
func (d *Delta) AddElement(element string, area lifecircle.AreaCode) {
	if d.Elements == nil {
		d.Elements = make(map[string][]lifecircle.AreaCode)
	}
	d.Elements[element] = append(d.Elements[element], area)
}

// sources are the facts that the rules of an object read, as "element x",
// "register x", "measure x" and "places x", and the objects whose numbers they use,
// as "numbers x".
type sources struct {
	// near are read of the subject, of its area, and below it: what changes
	// elsewhere is nothing to it.
	near map[string]bool
	// far are read wherever they are.
	far map[string]bool
}

// named returns the names of one kind.
func (s *sources) named(kind string) map[string]bool {
	names := make(map[string]bool)
	for _, keys := range []map[string]bool{s.near, s.far} {
		for key := range keys {
			if name, ok := strings.CutPrefix(key, kind); ok {
				names[name] = true
			}
		}
	}
	return names
}

const (
	elementKey  = "element "
	registerKey = "register "
	measureKey  = "measure "
	placesKey   = "places "
	numbersKey  = "numbers "
	// targetsKey is read by no rule: what an object promises changes its own state.
	targetsKey = "targets "
)

// sourcesOf returns what a reading reads.
func (e *Evaluator) sourcesOf(r reading) *sources {
	key := r.key()
	if kept, ok := e.shared.sources.Load(key); ok {
		return kept.(*sources)
	}
	s := &sources{make(map[string]bool), make(map[string]bool)}
	g := gathering{e.plan, s, make(map[string]bool)}
	g.reading(r, false)
	e.shared.sources.Store(key, s)
	return s
}

// gathering collects sources.
type gathering struct {
	plan *plan.Package
	*sources
	met map[string]bool // provisions that were gone into
}

func (g gathering) add(key string, far bool) {
	if far {
		g.far[key] = true
	} else {
		g.near[key] = true
	}
}

func (g gathering) reading(r reading, far bool) {
	g.add(numbersKey+r.object.ID, far)
	if i := r.object.Indicator; i != nil {
		for _, level := range i.Levels {
			g.add(registerKey+string(level), far)
		}
		g.rules(asking{far: far}, r.rules(g.plan)...)
		g.reported(i.Reported)
		return
	}
	p := r.object.Provision
	set := g.plan.Sets[r.subjects]
	g.add(registerKey+set.Of, far)
	// To an area belong the rows below it; any other subject looks at all rows.
	g.rules(asking{far: far, wide: !registry.Level(set.Of).Valid(), people: set.Of == PopulationPoints}, r.rules(g.plan)...)
	g.reported(p.Reported)
}

func (g gathering) reported(element string) {
	if element != "" {
		g.element(element, false)
	}
}

// element adds an element; of one that is broken down every part.
func (g gathering) element(id string, far bool) {
	if of, ok := g.plan.Series(id); ok {
		id = of.ID
	}
	g.add(elementKey+id, far)
}

// asking is who asks a rule.
type asking struct {
	far    bool // somebody anywhere
	wide   bool // a subject that looks at all rows of a register
	people bool // population points, of which is known whose nearest places change
}

// rules adds what rules read.
func (g gathering) rules(by asking, rules ...*rule.Expr) {
	for _, e := range rules {
		references := e.References()
		// Through a row from anywhere a rule reads what is anywhere.
		far := by.far || by.wide && len(references.Registers) > 0
		for _, element := range references.Elements {
			g.element(element, far)
		}
		for _, register := range references.Registers {
			g.add(registerKey+register, far)
		}
		for _, measure := range references.Measures {
			g.add(measureKey+measure, far)
			if !by.people || len(references.Registers) > 0 {
				g.add(placesKey+measure, far)
			}
		}
		for _, measure := range references.Counted {
			g.add(placesKey+measure, true)
		}
		for _, id := range references.Provisions {
			g.provision(id, far)
		}
	}
}

func (g gathering) provision(id string, far bool) {
	key := id
	if far {
		key += " far"
	}
	object, ok := g.plan.Object(id)
	if !ok || object.Provision == nil || g.met[key] {
		return
	}
	g.met[key] = true
	g.reading(readingOf(object, chosen(object)), far)
}

// touched are the areas in which changed facts may be read, by source.
type touched map[string]extent

// touched returns what changes touch; before is the plan before them.
func (e *Evaluator) touched(d Delta, before *plan.Package) touched {
	t := make(touched)
	for id, codes := range d.Elements {
		if of, ok := e.plan.Series(id); ok {
			id = of.ID
		}
		t[elementKey+id] = t[elementKey+id].plus(e.areas.above(codes))
	}
	for register, changes := range d.Rows {
		var codes []lifecircle.AreaCode
		for _, c := range changes {
			for _, row := range []Row{c.Before, c.After} {
				if row != nil {
					codes = append(codes, row.Area())
				}
			}
		}
		t[registerKey+register] = e.areas.above(codes)
	}
	for measure, points := range d.Points {
		if len(points) == 0 {
			continue
		}
		x := extent{everywhere: true}
		if people := e.rowsOf(PopulationPoints); people.kept {
			var codes []lifecircle.AreaCode
			for _, point := range points {
				codes = append(codes, e.areas.codes[people.spots[point].area])
			}
			x = e.areas.above(codes)
		}
		t[measureKey+measure] = x
	}
	for measure := range d.Places {
		t[placesKey+measure] = extent{everywhere: true}
	}
	for register := range d.Registers {
		t[registerKey+register] = extent{everywhere: true}
	}
	if d.Plan != nil {
		for _, v := range d.Plan.SupposedOver(before) {
			x := extent{everywhere: len(v.Areas) == 0}
			for _, code := range v.Areas {
				at, last := e.areas.subtree(code)
				x = x.plus(e.areas.above(e.areas.codes[at:last]))
			}
			if len(v.Parameters) > 0 {
				t[numbersKey+v.Object] = t[numbersKey+v.Object].plus(x)
			}
			if v.Targets != nil {
				t[targetsKey+v.Object] = t[targetsKey+v.Object].plus(x)
			}
		}
	}
	if d.Moving {
		for key := range t {
			t[key] = extent{everywhere: true}
		}
	}
	return t
}

// of returns where something that reads these sources may differ. Those with the
// prefix are left out; "" leaves none out.
func (t touched) of(s *sources, apart string) extent {
	var x extent
	for key, at := range t {
		switch {
		case at.empty() || apart != "" && len(key) > len(apart) && key[:len(apart)] == apart:
		case s.far[key]:
			return extent{everywhere: true}
		case s.near[key]:
			x = x.plus(at)
		}
	}
	return x
}

// pointsByArea returns a function that gives, for some sources, the points whose
// nearest places changed, as places among the rows of their area.
func (e *Evaluator) pointsByArea(d Delta) func(*sources) map[int][]int {
	return func(s *sources) map[int][]int {
		var all []int
		for measure, points := range d.Points {
			if s.near[measureKey+measure] {
				all = append(all, points...)
			}
		}
		if len(all) == 0 {
			return nil
		}
		slices.Sort(all)
		people := e.rowsOf(PopulationPoints)
		byArea := make(map[int][]int)
		for _, point := range slices.Compact(all) {
			at := people.spots[point]
			byArea[at.area] = append(byArea[at.area], at.place)
		}
		return byArea
	}
}

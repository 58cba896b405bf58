package indicator

import (
	"math"
	"slices"

	"lifecircle"
	"lifecircle/plan"
	"lifecircle/registry"
)

// sides say when another way to the nearest place of a measure makes the rules of a
// plan say something else of somebody: when it comes to lie on the other side of a
// number that they compare it with.
type sides struct {
	// cuts are the first ways, in tenths of a metre or second, that lie on another side
	// than the one before them.
	cuts []uint32
	// every says that rules reckon with the way: any other one counts.
	every bool
}

// sidesOf returns the sides of the measures that a plan's rules name, by all numbers
// that hold anywhere at any time.
func sidesOf(p *plan.Package, readings []reading) map[string]sides {
	of := make(map[string]sides)
	for _, r := range readings {
		for _, e := range r.rules(p) {
			for measure, b := range e.Bounds() {
				s := of[measure]
				s.every = s.every || b.Otherwise
				numbers := slices.Clone(b.Numbers)
				for _, name := range b.Names {
					values := p.Everywhere(r.parameters, r.object.ID, name)
					s.every = s.every || len(values) == 0 // it is a field of the subject
					numbers = append(numbers, values...)
				}
				for _, n := range numbers {
					s.cut(n)
				}
				of[measure] = s
			}
		}
	}
	return of
}

// cut adds a number, in metres or seconds.
func (s *sides) cut(n lifecircle.Number) {
	tenths, ok := n.Mul(lifecircle.Int(10))
	if !ok {
		s.every = true
		return
	}
	add := func(way int64) {
		if way > 0 && way <= math.MaxUint32 && !slices.Contains(s.cuts, uint32(way)) {
			s.cuts = append(s.cuts, uint32(way))
		}
	}
	add(tenths.Ceil())
	if tenths.IsInt() { // a way as long as that is neither nearer nor farther
		add(tenths.Num() + 1)
	}
}

// parts reports whether a way and another lie on different sides.
func (s sides) parts(a, b uint32) bool {
	if a > b {
		a, b = b, a
	}
	for _, cut := range s.cuts {
		if a < cut && cut <= b {
			return true
		}
	}
	return false
}

// felt returns, of the points whose nearest places changed, those of whom rules may
// say something else: another way on the same side, to a place that is as sure, is
// nothing to them.
func (e *Evaluator) felt(d Delta, before, now Facts) map[string][]int {
	was, dated := before.(Dated)
	is, alike := now.(Dated)
	if !dated || !alike || !is.Registry().SamePoints(was.Registry()) {
		return d.Points
	}
	felt := make(map[string][]int, len(d.Points))
	for measure, points := range d.Points {
		if len(points) == 0 { // layers of other days are not made for nothing
			continue
		}
		s := e.shared.sides()[measure]
		old, hasOld := was.Streets().Layer(measure)
		layer, has := is.Streets().Layer(measure)
		if s.every || !hasOld || !has {
			felt[measure] = points
			continue
		}
		then, today := surenessOf(was.Registry()), surenessOf(is.Registry())
		var differ []int
		for _, point := range points {
			from, fromState := old.Nearest(point)
			to, toState := layer.Nearest(point)
			if fromState != toState || s.parts(uint32(from.Distance), uint32(to.Distance)) || then(from.Place) != today(to.Place) {
				differ = append(differ, point)
			}
		}
		felt[measure] = differ
	}
	return felt
}

// surenessOf returns a function that finds the provenance of a place, each once.
func surenessOf(known *registry.Snapshot) func(lifecircle.FacilityID) lifecircle.Provenance {
	found := make(map[lifecircle.FacilityID]lifecircle.Provenance)
	return func(id lifecircle.FacilityID) lifecircle.Provenance {
		p, seen := found[id]
		if !seen {
			if place := known.Place(id); place != nil {
				p = place.Provenance
			}
			found[id] = p
		}
		return p
	}
}

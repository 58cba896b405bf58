package rule

import (
	"slices"

	"lifecircle"
)

// Bounds are what a rule compares the ways to the nearest places of a measure with.
// While a way stays on the same side of all of them, the rule says the same.
type Bounds struct {
	Names   []string            // bare names
	Numbers []lifecircle.Number // written in the rule, in base units
	// Otherwise says that the rule does more with a way than compare it with these:
	// then any other way may change what it says.
	Otherwise bool
}

// Bounds returns, by measure, what the rule compares ways to nearest places with. A
// comparison with a bare name or a number is seen through, and whether a way is known;
// all else is Otherwise, so that it may ask for too much and never for too little.
func (e *Expr) Bounds() map[string]Bounds {
	found := bounds{}
	found.in(e.root)
	return found
}

type bounds map[string]Bounds

func (f bounds) in(n node) {
	switch n := n.(type) {
	case *binary:
		if precedence(n.op) == comparison && (f.compared(n.x, n.y) || f.compared(n.y, n.x)) {
			return
		}
	case *known:
		if way, ok := nearestOf(n.x); ok {
			if _, noted := f[way.measure]; !noted {
				f[way.measure] = Bounds{}
			}
			return
		}
	}
	if way, ok := nearestOf(n); ok {
		b := f[way.measure]
		b.Otherwise = true
		f[way.measure] = b
		return
	}
	for _, child := range children(n) {
		f.in(child)
	}
}

// compared notes a way that is compared with a bare name or a number.
func (f bounds) compared(x, with node) bool {
	way, ok := nearestOf(x)
	if !ok {
		return false
	}
	b := f[way.measure]
	switch with := with.(type) {
	case *name:
		if with.ofRow {
			return false
		}
		if !slices.Contains(b.Names, with.name) {
			b.Names = append(b.Names, with.name)
		}
	case *literal:
		number, isNumber := with.value.Number()
		if !isNumber {
			return false
		}
		b.Numbers = append(b.Numbers, number)
	default:
		return false
	}
	f[way.measure] = b
	return true
}

// nearestOf returns a part that asks for the way to a nearest place.
func nearestOf(n node) (way *nearest, ok bool) {
	way, ok = n.(*nearest)
	return way, ok && way.reach == nil
}

package registry

import (
	"cmp"
	"slices"

	"lifecircle"
)

// tree is the areas that stand on a day, in pre-order: every area comes before
// those below it, and those below it follow without a gap. So a subtree is an
// interval, and a sum over it walks an array.
type tree struct {
	areas []*Area                                     // as they are on the day, in pre-order
	codes []lifecircle.AreaCode                       // their codes
	at    map[lifecircle.AreaCode]int                 // place in areas
	last  []int                                       // one past the subtree of each
	below [][]lifecircle.AreaCode                     // codes directly below each, ordered
	roots []lifecircle.AreaCode                       // ordered
	now   map[lifecircle.AreaCode]lifecircle.AreaCode // codes that differ from those of the day
}

// place finds an area that stands on the day, by its code of that day.
func (t *tree) place(code lifecircle.AreaCode) (int, bool) {
	i, ok := t.at[code]
	return i, ok
}

// current returns the code under which what was said of an area is counted on
// the day: its own where the area stands, the new one of an area that was
// recoded, that of the area it went into or came out of otherwise. ok is false
// where there is none.
func (t *tree) current(code lifecircle.AreaCode) (lifecircle.AreaCode, bool) {
	if _, ok := t.at[code]; ok {
		return code, true
	}
	moved, ok := t.now[code]
	return moved, ok
}

// grow makes the tree of a day from areas in the order of their ids.
func grow(all []*Area, day Day) *tree {
	t := &tree{at: make(map[lifecircle.AreaCode]int, len(all)), now: make(map[lifecircle.AreaCode]lifecircle.AreaCode)}
	byID := make(map[AreaID]*Area, len(all))
	standing := make(map[AreaID]*Area, len(all))
	holder := make(map[lifecircle.AreaCode]AreaID, len(all)) // of a code on the day, else who had it
	for _, a := range all {
		byID[a.Key()] = a
		if a.Holds(day) {
			standing[a.Key()] = a.On(day)
		}
	}
	for _, a := range all {
		for _, state := range a.Past {
			holder[state.Code] = a.Key()
		}
	}
	for _, a := range all {
		holder[a.Code] = a.Key()
	}
	for id, a := range standing {
		holder[a.Code] = id
	}
	// counted returns the standing area that counts for an area.
	counted := func(id AreaID) *Area {
		for range len(all) + 1 {
			if a := standing[id]; a != nil {
				return a
			}
			a := byID[id]
			switch {
			case a == nil:
				return nil
			case a.ended(day):
				id = a.Successor
			default:
				id = a.Origin
			}
		}
		return nil
	}
	for code, id := range holder {
		if a := counted(id); a != nil && a.Code != code {
			t.now[code] = a.Code
		}
	}
	children := make(map[lifecircle.AreaCode][]*Area, len(standing)/4)
	for _, a := range standing {
		if now, ok := t.now[a.Parent]; ok {
			moved := *a
			moved.Parent = now
			a = &moved
		}
		children[a.Parent] = append(children[a.Parent], a)
	}
	t.areas = make([]*Area, 0, len(standing))
	var visit func(parent lifecircle.AreaCode) []lifecircle.AreaCode
	visit = func(parent lifecircle.AreaCode) []lifecircle.AreaCode {
		list := children[parent]
		if len(list) == 0 {
			return nil
		}
		slices.SortFunc(list, func(a, b *Area) int { return cmp.Compare(a.Code, b.Code) })
		codes := make([]lifecircle.AreaCode, len(list))
		for i, a := range list {
			codes[i] = a.Code
			at := len(t.areas)
			t.at[a.Code] = at
			t.areas, t.last, t.below = append(t.areas, a), append(t.last, 0), append(t.below, nil)
			t.below[at] = visit(a.Code)
			t.last[at] = len(t.areas)
		}
		return codes
	}
	t.roots = visit("")
	t.codes = make([]lifecircle.AreaCode, len(t.areas))
	for i, a := range t.areas {
		t.codes[i] = a.Code
	}
	return t
}

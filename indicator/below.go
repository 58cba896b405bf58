package indicator

import (
	"slices"
	"sync"

	"lifecircle"
)

// places finds the rows of a register by the area they belong to: for each area
// the places, ascending, of its own rows. A county's rule looks at the rows of one
// subtree; going through the whole register for each of 3,200 areas took 50 times
// as long.
type places map[lifecircle.AreaCode][]int

// placeIndex keeps the places of each register that a rule asked for.
type placeIndex struct {
	mu         sync.Mutex
	byRegister map[string]places
}

func (x *placeIndex) of(register string, rows []Row) places {
	x.mu.Lock()
	defer x.mu.Unlock()
	if found, ok := x.byRegister[register]; ok {
		return found
	}
	found := make(places)
	for i, row := range rows {
		found[row.Area()] = append(found[row.Area()], i)
	}
	if x.byRegister == nil {
		x.byRegister = make(map[string]places)
	}
	x.byRegister[register] = found
	return found
}

// without returns an index that shares what the changed registers leave as it was.
func (x *placeIndex) without(changed map[string]bool) *placeIndex {
	x.mu.Lock()
	defer x.mu.Unlock()
	next := &placeIndex{byRegister: make(map[string]places, len(x.byRegister))}
	for register, found := range x.byRegister {
		if !changed[register] {
			next.byRegister[register] = found
		}
	}
	return next
}

// rowsBelow returns the rows of a register that belong to an area or one below
// it, in the register's order; kept is false when the register is not kept.
func (e *Evaluator) rowsBelow(register string, area lifecircle.AreaCode) (rows []Row, kept bool) {
	all, kept := e.facts.Rows(register)
	if !kept {
		return nil, false
	}
	byArea := e.index.of(register, all)
	var at []int
	for code := range e.subtree(area) {
		at = append(at, byArea[code]...)
	}
	slices.Sort(at)
	rows = make([]Row, len(at))
	for i, place := range at {
		rows[i] = all[place]
	}
	return rows, true
}

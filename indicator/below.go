package indicator

import (
	"cmp"
	"maps"
	"slices"
	"sync"

	"lifecircle"
)

// register is the rows of a register by the area they belong to. A county's rule
// looks at the rows of one subtree; going through the whole register for each of
// 3,200 areas took 50 times as long. It never changes.
type register struct {
	kept  bool
	count int
	rows  paged[[]Row] // own rows of each area, in the order of the register
	below paged[int]   // how many there are in each subtree
	// spots says where the rows of the register are; kept of population points,
	// which are spoken of by their place.
	spots []spot
}

// spot is an area and a place among its own rows.
type spot struct{ area, place int }

// registers are those that somebody asked for.
type registers struct {
	mu   sync.Mutex
	kept map[string]*kept[*register]
}

// kept is something computed once, when it is first asked for.
type kept[T any] struct {
	once  sync.Once
	mu    sync.Mutex
	known bool
	value T
}

func (k *kept[T]) get(compute func() T) T {
	k.once.Do(func() {
		value := compute()
		k.mu.Lock()
		k.value, k.known = value, true
		k.mu.Unlock()
	})
	return k.value
}

// peek returns the value if it was computed.
func (k *kept[T]) peek() (value T, known bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.value, k.known
}

// keep returns what is known already.
func keep[T any](value T) *kept[T] {
	k := &kept[T]{}
	k.get(func() T { return value })
	return k
}

// all returns what somebody asked for so far.
func (r *registers) all() map[string]*kept[*register] {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.kept)
}

func (e *Evaluator) rowsOf(name string) *register {
	e.registers.mu.Lock()
	k := e.registers.kept[name]
	if k == nil {
		k = &kept[*register]{}
		e.registers.kept[name] = k
	}
	e.registers.mu.Unlock()
	return k.get(func() *register {
		rows, ok := e.facts.Rows(name)
		r := &register{kept: ok, rows: newPaged[[]Row](len(e.areas.codes))}
		if name == PopulationPoints {
			r.spots = make([]spot, len(rows))
		}
		for i, row := range rows {
			area, known := e.areas.number[row.Area()]
			if !known {
				continue
			}
			own := r.rows.at(area)
			if r.spots != nil {
				r.spots[i] = spot{area, len(own)}
			}
			r.rows.set(area, append(own, row))
			r.count++
		}
		r.below = newPaged[int](len(e.areas.codes))
		for at, parent := range slices.Backward(e.areas.parent) {
			below := r.below.at(at) + len(r.rows.at(at))
			r.below.set(at, below)
			if parent >= 0 {
				r.below.set(parent, r.below.at(parent)+below)
			}
		}
		return r
	})
}

// nextRegisters returns the registers after changes. Those that must be read again are left
// out, and so is one that loses its last row: it may no longer be kept.
func (e *Evaluator) nextRegisters(d Delta) *registers {
	next := &registers{kept: make(map[string]*kept[*register])}
	e.registers.mu.Lock()
	defer e.registers.mu.Unlock()
	for name, k := range e.registers.kept {
		r, known := k.peek()
		if !known || d.Registers[name] {
			continue
		}
		if changes := d.Rows[name]; len(changes) > 0 {
			if r = r.after(e.areas, changes); r == nil {
				continue
			}
		}
		next.kept[name] = keep(r)
	}
	return next
}

// after returns the register with some rows changed, nil when it must be read anew.
func (r *register) after(a *areas, changes []RowChange) *register {
	if !r.kept || r.spots != nil {
		return nil
	}
	next := &register{kept: true, count: r.count, rows: r.rows.fork(), below: r.below.fork()}
	more := func(area, n int) {
		next.count += n
		for ; area >= 0; area = a.parent[area] {
			next.below.set(area, next.below.at(area)+n)
		}
	}
	find := func(own []Row, id string) (int, bool) {
		return slices.BinarySearchFunc(own, id, func(row Row, id string) int { return cmp.Compare(row.ID(), id) })
	}
	for _, c := range changes {
		if c.Before != nil {
			if area, ok := a.number[c.Before.Area()]; ok {
				own := next.rows.at(area)
				if at, found := find(own, c.Before.ID()); found {
					next.rows.set(area, slices.Concat(own[:at], own[at+1:]))
					more(area, -1)
				}
			}
		}
		if c.After != nil {
			if area, ok := a.number[c.After.Area()]; ok {
				own := next.rows.at(area)
				at, _ := find(own, c.After.ID())
				next.rows.set(area, slices.Concat(own[:at], []Row{c.After}, own[at:]))
				more(area, 1)
			}
		}
	}
	if next.count == 0 {
		return nil
	}
	return next
}

// rowsBelow returns the rows of a register that belong to an area, then those of
// the areas below it in pre-order; kept is false when the register is not kept.
func (e *Evaluator) rowsBelow(name string, area lifecircle.AreaCode) (rows []Row, kept bool) {
	r := e.rowsOf(name)
	if !r.kept {
		return nil, false
	}
	at, last := e.areas.subtree(area)
	for ; at < last; at++ {
		rows = append(rows, r.rows.at(at)...)
	}
	return rows, true
}

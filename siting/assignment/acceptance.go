package assignment

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"math"
	"slices"

	"lifecircle"
)

// Admission asks who of several named people gets one of the places: children
// and childcare places, elders and beds. Everybody says which places they would
// take, in order; each place takes by priority class and, within a class, by a
// lottery whose seed is published.
type Admission struct {
	People []Person
	Places []Place
	// Seed decides the lottery: see Draw. It must be fixed by what nobody
	// controls, or published, after the wishes are in.
	Seed string
}

// Person is somebody who wants a place.
type Person struct {
	ID string
	// Wishes are the places they would take, the dearest first. What is not among
	// them they would not take; a list may be as short as they like.
	Wishes []Wish
}

// Wish is a place that a person would take, and the priority they have there.
type Wish struct {
	Place int // index into Admission.Places
	Class int // at that place the lowest class comes first: a sibling there before the neighbourhood, say
}

// Place takes so many people.
type Place struct {
	ID       string
	Capacity int
}

// Placement is the result of an Admission.
type Placement struct {
	// Place is, by person, the place that takes them, or −1.
	Place []int
	// Wish is, by person, which of their wishes that was, from 0, or −1.
	Wish []int
	// Admitted are, by place, the people it takes, in its order.
	Admitted [][]int
	// Waiting are, by place, the people who asked for it and got nothing they like
	// as well, in the order in which the place would take them.
	Waiting [][]int
	// Unplaced are the people without a place, by the best class they have
	// anywhere, then by lottery; who wished for nothing comes last.
	Unplaced []int
}

// Draw returns a person's lot: the SHA-256 of the seed, a line feed and the id,
// as bytes. The least comes first, in every place the same (one lottery for all
// places hurts fewer than one for each: Abdulkadiroğlu, Pathak and Roth 2009).
// Anybody can compute it again, whatever the order of the lists:
//
//	printf '%s\n%s' "$SEED" "$ID" | sha256sum
func Draw(seed, id string) [sha256.Size]byte {
	return sha256.Sum256([]byte(seed + "\n" + id))
}

// Solve places people by deferred acceptance (Gale and Shapley 1962): each asks
// for the dearest place that has not refused them, each place keeps the first of
// those who ask, up to its capacity, and refuses the others, until nobody is
// refused any more. Then no person and place would both rather have one another
// than what they have (the placement is stable); among all stable placements
// everybody has the one dearest to them; and nobody gains by hiding or
// reordering wishes (Roth 1982). The order in which they ask is irrelevant.
// O(wishes × log capacity).
//
// The placement is looked at once more by the definition of stable before it is
// returned. Errors have the code assignment_admission and name the person or place.
func (a *Admission) Solve() (*Placement, error) {
	if err := a.check(); err != nil {
		return nil, err
	}
	lots := a.Lots()
	held := make([]refusable, len(a.Places))
	asked := make([]int, len(a.People)) // the wish each is at
	for i := range a.People {
		for who := i; asked[who] < len(a.People[who].Wishes); {
			wish := a.People[who].Wishes[asked[who]]
			h := &held[wish.Place]
			refused, full := h.keep(applicant{class: wish.Class, lot: lots[who], person: who}, a.Places[wish.Place].Capacity)
			if !full {
				break
			}
			who = refused.person
			asked[who]++
		}
	}
	p := a.placement(asked, lots)
	return p, a.verify(p, lots)
}

// Lots numbers the people in the order of their draws, from 0.
func (a *Admission) Lots() []int {
	draws := make([][sha256.Size]byte, len(a.People))
	order := make([]int, len(a.People))
	for i, p := range a.People {
		draws[i], order[i] = Draw(a.Seed, p.ID), i
	}
	slices.SortFunc(order, func(x, y int) int { return bytes.Compare(draws[x][:], draws[y][:]) })
	lots := make([]int, len(order))
	for lot, i := range order {
		lots[i] = lot
	}
	return lots
}

// placement makes the lists from the wish at which each person rests.
func (a *Admission) placement(asked, lots []int) *Placement {
	p := &Placement{
		Place: make([]int, len(a.People)), Wish: make([]int, len(a.People)),
		Admitted: make([][]int, len(a.Places)), Waiting: make([][]int, len(a.Places)),
	}
	admitted, waiting := make([]refusable, len(a.Places)), make([]refusable, len(a.Places))
	var unplaced refusable
	for i, person := range a.People {
		p.Place[i], p.Wish[i] = -1, -1
		best := math.MaxInt
		for k, wish := range person.Wishes[:min(asked[i]+1, len(person.Wishes))] {
			at := applicant{class: wish.Class, lot: lots[i], person: i}
			best = min(best, wish.Class)
			if k < asked[i] {
				waiting[wish.Place] = append(waiting[wish.Place], at)
				continue
			}
			admitted[wish.Place] = append(admitted[wish.Place], at)
			p.Place[i], p.Wish[i] = wish.Place, k
		}
		if p.Place[i] < 0 {
			unplaced = append(unplaced, applicant{class: best, lot: lots[i], person: i})
		}
	}
	for k := range a.Places {
		p.Admitted[k], p.Waiting[k] = admitted[k].ordered(), waiting[k].ordered()
	}
	p.Unplaced = unplaced.ordered()
	return p
}

func (a *Admission) check() error {
	fault := func(format string, args ...any) error {
		return lifecircle.Errorf("assignment_admission", format, args...)
	}
	for k, p := range a.Places {
		if p.Capacity < 0 {
			return fault("place %d (%s): the capacity %d is negative", k+1, p.ID, p.Capacity)
		}
	}
	seen := make(map[string]int, len(a.People))
	wished := make([]int, len(a.Places)) // by place, the last person who wished for it
	for i, p := range a.People {
		if p.ID == "" {
			return fault("person %d has no id: the lottery needs one", i+1)
		}
		if first, ok := seen[p.ID]; ok {
			return fault("persons %d and %d have the same id %s: leave one of them out", first+1, i+1, p.ID)
		}
		seen[p.ID] = i
		for k, wish := range p.Wishes {
			if wish.Place < 0 || wish.Place >= len(a.Places) {
				return fault("person %d (%s), wish %d: place %d is none of %d", i+1, p.ID, k+1, wish.Place, len(a.Places))
			}
			if wished[wish.Place] == i+1 {
				return fault("person %d (%s), wish %d: place %d (%s) is among the wishes already", i+1, p.ID, k+1, wish.Place+1, a.Places[wish.Place].ID)
			}
			wished[wish.Place] = i + 1
		}
	}
	if a.Seed == "" && len(a.People) > 0 {
		return fault("the lottery has no seed: publish one after the wishes are in")
	}
	return nil
}

// applicant is a person as one place sees them.
type applicant struct{ class, lot, person int }

func (x applicant) compare(y applicant) int {
	return cmp.Or(cmp.Compare(x.class, y.class), cmp.Compare(x.lot, y.lot))
}

// refusable is a heap with the last of its people on top.
type refusable []applicant

// keep adds somebody; beyond the capacity it returns who is refused for it.
func (r *refusable) keep(x applicant, capacity int) (refused applicant, full bool) {
	h := *r
	switch {
	case len(h) < capacity:
		h = append(h, x)
		*r = h
		for at := len(h) - 1; at > 0; {
			up := (at - 1) / 2
			if h[at].compare(h[up]) < 0 {
				break
			}
			h[at], h[up] = h[up], h[at]
			at = up
		}
		return applicant{}, false
	case len(h) == 0 || x.compare(h[0]) > 0:
		return x, true
	}
	refused, h[0] = h[0], x
	for at := 0; ; {
		down := 2*at + 1
		if down >= len(h) {
			return refused, true
		}
		if down+1 < len(h) && h[down+1].compare(h[down]) > 0 {
			down++
		}
		if h[at].compare(h[down]) > 0 {
			return refused, true
		}
		h[at], h[down] = h[down], h[at]
		at = down
	}
}

// ordered returns the people, the first first.
func (r refusable) ordered() []int {
	slices.SortFunc(r, applicant.compare)
	people := make([]int, len(r))
	for k, x := range r {
		people[k] = x.person
	}
	return people
}

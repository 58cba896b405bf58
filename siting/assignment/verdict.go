package assignment

import (
	"fmt"
	"math"
	"slices"
)

// Outcome is what became of a wish.
type Outcome string

// The outcomes.
const (
	Admitted Outcome = "admitted" // the place takes the person
	Refused  Outcome = "refused"  // others come before them: they wait
	Unasked  Outcome = "unasked"  // a dearer place took them
)

// Verdict says what became of one wish, and why.
type Verdict struct {
	Wish
	Outcome Outcome
	// Rank is the person's place, from 1, among those whom the place takes, or
	// among those who wait for it; 0 of a wish that was not needed.
	Rank int
	// Last is the last person whom the place takes, or −1 if it takes nobody: a
	// refused person comes after them, by class or by lot.
	Last int
}

// Explain says what became of each wish of a person in a placement by Solve.
func (a *Admission) Explain(p *Placement, person int) []Verdict {
	verdicts := make([]Verdict, len(a.People[person].Wishes))
	for k, wish := range a.People[person].Wishes {
		v := Verdict{Wish: wish, Outcome: Refused, Last: -1}
		taken := p.Admitted[wish.Place]
		if n := len(taken); n > 0 {
			v.Last = taken[n-1]
		}
		among := p.Waiting[wish.Place]
		switch {
		case p.Wish[person] == k:
			v.Outcome, among = Admitted, taken
		case p.Wish[person] >= 0 && p.Wish[person] < k:
			v.Outcome, among = Unasked, nil
		}
		v.Rank = 1 + slices.Index(among, person)
		verdicts[k] = v
	}
	return verdicts
}

// verify looks at a placement by the definition, not by the way it was found: no
// place takes more than it may, and none would rather have somebody who would
// rather have it. A fault here is a fault of the program. O(wishes).
func (a *Admission) verify(p *Placement, lots []int) error {
	last := make([]applicant, len(a.Places))
	for k := range last {
		last[k] = applicant{class: math.MinInt}
	}
	for i, k := range p.Wish {
		if k < 0 {
			continue
		}
		wish := a.People[i].Wishes[k]
		if at := (applicant{wish.Class, lots[i], i}); at.compare(last[wish.Place]) > 0 {
			last[wish.Place] = at
		}
	}
	for place, taken := range p.Admitted {
		if len(taken) > a.Places[place].Capacity {
			return fmt.Errorf("assignment: place %d takes %d, more than %d", place, len(taken), a.Places[place].Capacity)
		}
	}
	for i, person := range a.People {
		for k, wish := range person.Wishes {
			if k == p.Wish[i] {
				break
			}
			room := len(p.Admitted[wish.Place]) < a.Places[wish.Place].Capacity
			if room || (applicant{wish.Class, lots[i], i}).compare(last[wish.Place]) < 0 {
				return fmt.Errorf("assignment: person %d and place %d would rather have one another", i, wish.Place)
			}
		}
	}
	return nil
}

package scenario

import (
	"lifecircle/figure"
	"lifecircle/network"
	"lifecircle/plan"
	"lifecircle/registry"
)

// Trial is what a what-if supposes. Its changes are facts that may be committed; the
// rest is none, and is tried only.
type Trial struct {
	Changes []Change
	// Plan is the plan with supposed numbers, plan.Package.Supposing; nil is the plan as
	// it is.
	Plan *plan.Package
	// Network is the streets altered, network.Network.Altered; nil are the streets as
	// they are.
	Network *network.Network
}

// Tried is a trial of changes alone.
func Tried(changes []Change) Trial { return Trial{Changes: changes} }

// Sorted are changes by what they are about: what measures must look at.
type Sorted struct {
	Remapped bool            // areas changed: what everything else is counted in
	Points   map[string]bool // population points, by id
	Entries  map[registry.Entry]bool
	Values   []figure.Key
	Places   []Change // facilities, in order
}

// Sort parts changes by what they are about.
func Sort(changes []Change) Sorted {
	s := Sorted{Points: make(map[string]bool), Entries: make(map[registry.Entry]bool)}
	for _, c := range changes {
		switch c.Op {
		case Area:
			s.Remapped = true
		case Point:
			s.Points[c.Point.ID] = true
		case Strike:
			switch *c.Entry {
			case registry.AreaEntry(registry.AreaID(c.Entry.ID)):
				s.Remapped = true
			case registry.Entry{Register: registry.PointRegister, ID: c.Entry.ID}:
				s.Points[c.Entry.ID] = true
			default:
				s.Entries[*c.Entry] = true
			}
		case Enter:
			s.Entries[c.Record.Entry()] = true
		case Put:
			s.Values = append(s.Values, c.Value.Key)
		case Retract:
			s.Values = append(s.Values, *c.Key)
		case Choose:
			s.Values = append(s.Values, figure.Key{Element: c.Choice.Element, Area: c.Choice.Area})
		case Add, Amend, Withdraw:
			s.Places = append(s.Places, c)
		}
	}
	return s
}

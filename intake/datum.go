package intake

import (
	"fmt"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/registry"
	"lifecircle/scenario"
)

// A wrong coordinate system moves a list by some hundred metres as a whole, and no
// single row shows it. The streets do: places and people stand along them.
const (
	datumPlaces = 20    // fewer could stand off the streets by chance
	datumRatio  = 2.0   // how much nearer to the streets another system must bring them
	datumMetres = 10.0  // and by how much
	datumReach  = 300.0 // metres; a street farther away, or none, counts as just there
)

// Streets says how far the nearest street of a root area is from a position, in
// metres, or any number beyond 300 where none is near. ok is false where no streets
// of the root are kept.
type Streets func(root lifecircle.AreaCode, at geo.Point) (metres float64, ok bool)

// DoubtCRS warns where another coordinate system would bring the positions of a list
// much nearer to the streets than the one they were read in. It says nothing where
// nothing can be said: there are no streets, or systems do not differ.
func (o *Outcome) DoubtCRS(s *registry.Snapshot, streets Streets) {
	systems := []geo.CRS{geo.WGS84, geo.GCJ02, geo.BD09}
	var given float64
	count, others := 0, make([]float64, len(systems))
	for _, c := range o.Changes {
		at, ok := positionOf(c)
		if !ok || !s.Knows(c.About()) {
			continue
		}
		root := s.Root(c.About())
		metres, ok := streets(root, at)
		if !ok {
			continue
		}
		count++
		given += min(metres, datumReach)
		x, y := o.CRS.Coordinates(at)
		for i, system := range systems {
			other, ok := system.Point(x, y)
			if !ok {
				other = at
			}
			metres, _ := streets(root, other)
			others[i] += min(metres, datumReach)
		}
	}
	if count < datumPlaces {
		return
	}
	best := 0
	for i := range systems {
		if others[i] < others[best] {
			best = i
		}
	}
	given, near := given/float64(count), others[best]/float64(count)
	if given < datumRatio*near || given-near < datumMetres {
		return
	}
	o.Warnings = append([]Fault{{
		Code: "crs_doubtful",
		Message: fmt.Sprintf("read as %s, the positions lie %.0f m from the nearest street on average, and read as %s %.0f m: is the coordinate system right?",
			o.CRS, given, systems[best], near),
		Remedy: "ask who made the list, and say its coordinate system",
	}}, o.Warnings...)
}

// positionOf returns where a change puts something.
func positionOf(c scenario.Change) (at geo.Point, ok bool) {
	switch {
	case c.Facility != nil:
		return c.Facility.At, true
	case c.Point != nil:
		return c.Point.At, true
	case c.Record != nil && c.Record.At != nil:
		return *c.Record.At, true
	}
	return at, false
}

package indicator

import (
	"maps"
	"slices"

	"lifecircle"
)

// Verdicts is a provision judged at every population point.
type Verdicts struct {
	Measures []string  // that the provision reads
	InForce  []InForce // its parameters in the area asked about
	// Everybody says that the provision counts people of every age.
	Everybody bool
	tally     *tally
}

// Len returns how many points there are; 0 where none are kept.
func (v Verdicts) Len() int {
	if v.tally == nil || !v.tally.kept {
		return 0
	}
	return len(v.tally.subjects.spots)
}

// At returns the outcome of a point, by its place in the registry.
func (v Verdicts) At(point int) Outcome {
	at := v.tally.subjects.spots[point]
	return v.at(at).Value()
}

func (v Verdicts) at(s spot) said { return v.tally.cells.at(s.area).outcomes.at(s.place) }

// Differing returns the places, ascending, of the points of which others, of as many
// points, say otherwise. Areas in which nothing was judged again are not looked into.
func (v Verdicts) Differing(from Verdicts) []int {
	if v.tally == from.tally {
		return nil
	}
	var points []int
	for point, at := range v.tally.subjects.spots {
		now, then := v.tally.cells.at(at.area), from.tally.cells.at(at.area)
		if now != then && now.outcomes.at(at.place) != from.at(from.tally.subjects.spots[point]) {
			points = append(points, point)
		}
	}
	return points
}

// Verdicts returns what a provision says of every population point, also of those
// outside the area asked about: the area decides the parameters alone. Its errors
// are those of Evaluate, and no_layer for what is not measured where people live.
func (e *Evaluator) Verdicts(q Query) (Verdicts, error) {
	object, variant, err := e.find(q)
	if err != nil {
		return Verdicts{}, err
	}
	if object.Provision == nil {
		return Verdicts{}, lifecircle.Errorf("no_layer", "%s is counted, not measured at places", object.ID).With("indicator", object.ID)
	}
	r := readingOf(object, variant)
	t := e.tally(r, q.Period)
	if t.register != PopulationPoints {
		return Verdicts{}, lifecircle.Errorf("no_layer", "%s is not measured where people live", object.ID).With("indicator", object.ID)
	}
	return Verdicts{
		Measures:  slices.Sorted(maps.Keys(e.sourcesOf(r).named(measureKey))),
		InForce:   inForce(e.parametersIn(r, q.Area), lastDay(q.Period)),
		Everybody: object.Provision.Weight != nil && object.Provision.Weight.Source() == "people",
		tally:     t,
	}, nil
}

// ReachOf returns the parameter reach, in metres: how far a place may be, and where
// maps part those who are near enough. ok is false where none is asked.
func ReachOf(parameters []InForce) (metres float64, ok bool) {
	i := slices.IndexFunc(parameters, func(p InForce) bool { return p.Name == "reach" })
	if i < 0 {
		return 0, false
	}
	return parameters[i].Number.Float64(), true
}

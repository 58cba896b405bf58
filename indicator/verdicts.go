package indicator

import (
	"maps"
	"slices"

	"lifecircle"
)

// Verdicts is a provision judged at every population point.
type Verdicts struct {
	Outcomes []Outcome // of the points, in the order of the registry
	Measures []string  // that the provision reads
	InForce  []InForce // its parameters in the area asked about
	// Everybody says that the provision counts people of every age.
	Everybody bool
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
	v := Verdicts{
		Measures: slices.Sorted(maps.Keys(e.sourcesOf(r).named(measureKey))),
		InForce:  inForce(e.parametersIn(r, q.Area), lastDay(q.Period)),
	}
	if w := object.Provision.Weight; w != nil {
		v.Everybody = w.Source() == "people"
	}
	if !t.kept {
		return v, nil
	}
	v.Outcomes = make([]Outcome, len(t.subjects.spots))
	for i, at := range t.subjects.spots {
		v.Outcomes[i] = t.cells.at(at.area).outcomes.at(at.place)
	}
	return v, nil
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

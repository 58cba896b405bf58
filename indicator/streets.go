package indicator

import (
	"io"
	"maps"
	"slices"

	"lifecircle"
	"lifecircle/access"
	"lifecircle/geo"
	"lifecircle/network"
	"lifecircle/network/routing"
	"lifecircle/plan"
	"lifecircle/plan/rule"
	"lifecircle/registry"
)

// Streets are the streets of a root area as the measures of a plan use them: for
// each measure the places nearest to every street node, by its way of travelling.
// They never change; After returns new ones that share what stayed.
type Streets struct {
	plan       *plan.Package
	net        *network.Network
	index      *routing.Index
	provenance lifecircle.Provenance
	points     map[lifecircle.Mode]*access.Points // the population points, in the register's order
	layers     layers                             // by measure
}

// StreetsConfig is what Streets are made of. Without an Index one is built.
type StreetsConfig struct {
	Plan     *plan.Package
	Network  *network.Network
	Index    *routing.Index
	Root     lifecircle.AreaCode
	Registry *registry.Snapshot
}

// NewStreets measures the streets. A measure by a way of travelling that the
// network was not built for has no layer. The error is that of an index of other
// streets.
func NewStreets(cfg StreetsConfig) (*Streets, error) {
	s := &Streets{
		plan: cfg.Plan, net: cfg.Network, index: cfg.Index,
		points: make(map[lifecircle.Mode]*access.Points), layers: make(layers),
	}
	if kept, ok := cfg.Registry.Network(cfg.Root); ok {
		s.provenance = kept.Provenance
	}
	var err error
	if s.index == nil {
		if s.index, err = routing.Build(routing.GraphOf(s.net), routing.BuildConfig{}); err != nil {
			return nil, err
		}
	}
	people := cfg.Registry.Points()
	at := make([]geo.Point, len(people))
	for i, p := range people {
		at[i] = p.At
	}
	places := make(map[string][]access.Place)
	for _, f := range cfg.Registry.Facilities() {
		for id, measure := range s.plan.Measures {
			if Counts(measure, f) {
				places[id] = append(places[id], access.Place{ID: f.ID, At: f.At})
			}
		}
	}
	for id, measure := range s.plan.Measures {
		points, known := s.points[measure.Mode]
		if !known {
			if profile, err := s.net.Profile(measure.Mode); err == nil {
				ways, err := routing.WaysOf(s.net, profile, s.index)
				if err != nil {
					return nil, err
				}
				points = access.SnapPointsOn(s.net, ways, at)
			}
			s.points[measure.Mode] = points
		}
		if points != nil {
			s.layers[id] = madeLayer(access.Compute(points, places[id]))
		}
	}
	return s, nil
}

// Counts reports whether a facility is a place of a measure.
func Counts(m plan.Measure, f *registry.Facility) bool {
	return slices.Contains(m.Kinds, f.Kind) && (f.Public || !m.Public) && f.Serves()
}

// After returns the streets after one facility was added, amended or withdrawn, nil
// where there is none, and notes in d what that touches.
func (s *Streets) After(was, now *registry.Facility, d *Delta) *Streets {
	var change RowChange
	if was != nil {
		change.Before = FacilityRow(was)
	}
	if now != nil {
		change.After = FacilityRow(now)
	}
	d.AddRow(registry.FacilityRegister, change)
	if s == nil {
		return nil
	}
	next := *s
	type altered struct {
		measure string
		layer   *access.Layer
		points  [][]int
	}
	var all []altered
	for measure := range s.layers {
		if counted, counting := s.counts(measure, was, now); counted || counting {
			all = append(all, altered{measure: measure})
		}
	}
	together(len(all), func(i int) {
		a := &all[i]
		counted, counting := s.counts(a.measure, was, now)
		layer := s.layers[a.measure].get()
		var gone []lifecircle.FacilityID
		var come []access.Place
		if counted {
			gone = append(gone, was.ID)
		}
		if counting {
			come = append(come, access.Place{ID: now.ID, At: now.At})
		}
		if counted && counting && was.Provenance != now.Provenance {
			// Ways as long as before are to a place less sure, or surer.
			_, near := layer.Without(was.ID)
			a.points = append(a.points, near)
		}
		changed, points := layer.Changed(gone, come)
		a.layer, a.points = changed, append(a.points, points)
	})
	layers := make(map[string]*access.Layer, len(all))
	for _, a := range all {
		layers[a.measure] = a.layer
		d.addPlaces(a.measure, a.points...)
	}
	next.layers = s.layers.with(layers)
	return &next
}

// counts reports whether a facility was a place of a measure, and whether it is one
// now; neither where it stays the place it was.
func (s *Streets) counts(measure string, was, now *registry.Facility) (counted, counting bool) {
	counted = was != nil && Counts(s.plan.Measures[measure], was)
	counting = now != nil && Counts(s.plan.Measures[measure], now)
	if counted && counting && was.At == now.At && was.Provenance == now.Provenance {
		return false, false
	}
	return counted, counting
}

// addPlaces notes that the places of a measure changed, and for which points the
// nearest.
func (d *Delta) addPlaces(measure string, points ...[]int) {
	if d.Places == nil {
		d.Places, d.Points = make(map[string]bool), make(map[string][]int)
	}
	d.Places[measure] = true
	for _, more := range points {
		d.Points[measure] = append(d.Points[measure], more...)
	}
}

// Over returns the streets with the places and people of a registry now in place of
// those of was. Layers of which no place differs are shared, the others made when they
// are asked for.
func (s *Streets) Over(was, now *registry.Snapshot) *Streets {
	if s == nil {
		return nil
	}
	next := s
	if len(was.Points()) != len(now.Points()) { // else they are the same: points have no dates
		next = s.Resettled(was.Points(), now.Points())
	}
	differing := now.DifferingFacilities(was)
	if next == s && len(differing) == 0 {
		return s
	}
	over := *next
	over.layers = make(layers, len(next.layers))
	for id, held := range next.layers {
		var gone []lifecircle.FacilityID
		var come []access.Place
		for _, d := range differing {
			counted, counting := s.counts(id, d.Before, d.After)
			if counted {
				gone = append(gone, d.Before.ID)
			}
			if counting {
				come = append(come, access.Place{ID: d.After.ID, At: d.After.At})
			}
		}
		over.layers[id] = held.over(gone, come)
	}
	return &over
}

// since notes in d which measures have other places than before, and of those in near
// for which of the same people the nearest differ, or are as near and yet others: a
// place says by its provenance how sure its way is.
func (s *Streets) since(before *Streets, differing []registry.Difference[registry.Facility], near map[string]bool, d *Delta) {
	if s == before {
		return
	}
	for measure, held := range s.layers {
		was := before.layers[measure]
		if held == was {
			continue
		}
		var points []int
		if near[measure] {
			layer, then := held.get(), was.get()
			points = layer.Differing(then)
			for _, f := range differing {
				if counted, counting := s.counts(measure, f.Before, f.After); counted && counting {
					_, more := then.Without(f.Before.ID)
					points = append(points, more...)
				}
			}
		}
		d.addPlaces(measure, points)
	}
}

// Resettled returns the streets after population points changed.
func (s *Streets) Resettled(before, after []registry.PopulationPoint) *Streets {
	if s == nil {
		return nil
	}
	at, was := make([]geo.Point, len(after)), make([]int, len(after))
	old := 0
	for i, p := range after {
		for old < len(before) && before[old].ID < p.ID {
			old++
		}
		at[i], was[i] = p.At, -1
		if old < len(before) && before[old].ID == p.ID && before[old].At == p.At {
			was[i] = old
		}
	}
	next := *s
	next.points, next.layers = make(map[lifecircle.Mode]*access.Points), make(layers)
	for mode, points := range s.points {
		if points != nil {
			next.points[mode] = points.Again(at, was)
		}
	}
	for measure, held := range s.layers {
		next.layers[measure] = madeLayer(held.get().Of(next.points[s.plan.Measures[measure].Mode]))
	}
	return &next
}

// Altered returns the streets on a network altered from theirs, with the same places
// and people, and notes in d for whom the nearest places changed. Where streets were
// closed and opened only what that touches is measured again; new ones make everything
// be measured anew.
func (s *Streets) Altered(cfg StreetsConfig, d *Delta) (*Streets, error) {
	d.Altered = true
	people := cfg.Registry.Points()
	at := make([]geo.Point, len(people))
	for i, p := range people {
		at[i] = p.At
	}
	next := *s
	next.net = cfg.Network
	next.points, next.layers = make(map[lifecircle.Mode]*access.Points), make(layers)
	alterations := make(map[lifecircle.Mode]*access.Alteration)
	for mode, points := range s.points {
		if points == nil {
			next.points[mode] = nil
			continue
		}
		a, same := points.Altered(cfg.Network, at)
		if !same {
			return s.anew(cfg, d)
		}
		next.points[mode], alterations[mode] = a.Points(), a
	}
	position := func(id lifecircle.FacilityID) geo.Point { return cfg.Registry.Place(id).At }
	for measure, held := range s.layers {
		altered, changed := held.get().Altered(alterations[s.plan.Measures[measure].Mode], position)
		next.layers[measure] = madeLayer(altered)
		d.addPlaces(measure, changed)
	}
	return &next, nil
}

// anew measures other streets, and notes in d what differs.
func (s *Streets) anew(cfg StreetsConfig, d *Delta) (*Streets, error) {
	next, err := NewStreets(cfg)
	if err != nil {
		return nil, err
	}
	for measure, held := range next.layers {
		d.addPlaces(measure, held.get().Against(s.layers[measure].get()))
	}
	return next, nil
}

// Layer returns the nearest places of a measure.
func (s *Streets) Layer(measure string) (*access.Layer, bool) {
	if s == nil {
		return nil, false
	}
	held, ok := s.layers[measure]
	if !ok {
		return nil, false
	}
	return held.get(), true
}

// Index returns the index of the streets.
func (s *Streets) Index() *routing.Index { return s.index }

// Bytes returns how much memory the layers take.
func (s *Streets) Bytes() int {
	total := 0
	for _, held := range s.layers {
		total += held.get().Bytes()
	}
	return total
}

// Digest writes all that the layers say to w, which never fails: a hash.
func (s *Streets) Digest(w io.Writer) {
	if s == nil {
		return
	}
	for _, id := range slices.Sorted(maps.Keys(s.layers)) {
		_, _ = io.WriteString(w, "layer "+id+"\n")
		s.layers[id].get().Digest(w)
	}
}

// layerOf returns the layer of a measure and where a row stands in it: a population
// point where it was found before, anything else that has a position where that
// meets the streets.
func (s *Streets) layerOf(row Row, measure string) (at access.Spot, layer *access.Layer, why rule.Reason) {
	position := geo.Point{}
	switch row := row.(type) {
	case PointRow:
	case facilityRow:
		position = row.f.At
	case recordRow:
		if row.r.At == nil {
			return at, nil, rule.Reason{Code: "no_position", What: row.ID()}
		}
		position = *row.r.At
	default:
		return at, nil, rule.Reason{Code: "no_position", What: row.ID()}
	}
	layer, ok := s.Layer(measure)
	if !ok {
		return at, nil, rule.Reason{Code: "not_kept", What: "network"}
	}
	if point, ok := row.(PointRow); ok {
		return layer.Point(point.Place), layer, rule.Reason{}
	}
	return layer.Spot(position), layer, rule.Reason{}
}

// Nearest is Facts.Nearest, of places in a registry.
func (s *Streets) Nearest(row Row, measure string, known *registry.Snapshot) Nearness {
	at, layer, why := s.layerOf(row, measure)
	if layer == nil {
		return Nearness{Reason: why}
	}
	reach, state := layer.NearestTo(at)
	near := Nearness{State: state, Place: reach.Place, Timed: s.plan.Measures[measure].Mode.Timed(), Provenance: s.provenance}
	if state == access.OK {
		near.Way, _ = lifecircle.Ratio(int64(reach.Distance), 10) // of decimetres or deciseconds
		if place := known.Place(reach.Place); place != nil {
			near.Provenance = near.Provenance.Weakest(place.Provenance)
		}
	}
	return near
}

// Within is Facts.Within.
func (s *Streets) Within(row Row, measure string, reach lifecircle.Number) rule.Value {
	at, layer, why := s.layerOf(row, measure)
	if layer == nil {
		return rule.NoData(why)
	}
	tenths, ok := reach.Mul(lifecircle.Int(10)) // decimetres or deciseconds
	if !ok || tenths.Sign() < 0 {
		return rule.NoData(rule.Reason{Code: "overflow", What: measure})
	}
	count, snapped := layer.Within(at, uint32(min(tenths.Num()/tenths.Den(), network.Barred-1)))
	if !snapped {
		return rule.NoData(rule.Reason{Code: "unsnapped", What: row.ID()})
	}
	return rule.NumberOf(lifecircle.Int(int64(count)))
}

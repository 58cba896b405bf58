package api

import (
	"cmp"
	"context"
	"slices"

	"lifecircle"
	"lifecircle/access"
	"lifecircle/atlas"
	"lifecircle/engine"
	"lifecircle/geo"
	"lifecircle/indicator"
	"lifecircle/registry"
)

type waysInput struct {
	Indicator string  `path:"indicator" doc:"object id or clause number" example:"sport.fitness_10min"`
	Area      string  `path:"area"`
	Variant   string  `query:"variant" doc:"a reading of the text; the chosen one when left out"`
	Point     string  `query:"point" doc:"a population point; else a position"`
	Lon       float64 `query:"lon" minimum:"-180" maximum:"180"`
	Lat       float64 `query:"lat" minimum:"-90" maximum:"90"`
	Scenario  string  `query:"scenario" doc:"as a scenario would have it; the facts when left out"`
	Version   int     `query:"version" minimum:"0" doc:"of the scenario; the one in force when left out"`
}

// WaysFrom says how somebody gets to the places of a promise, and what that is worth.
type WaysFrom struct {
	Lon   float64    `json:"lon"`
	Lat   float64    `json:"lat"`
	State string     `json:"state" enum:"ok,unreachable,unsnapped" doc:"unsnapped is no street near enough to start from"`
	Class int        `json:"class" doc:"as those of a surface; of a position by its distance alone"`
	Reach *float64   `json:"reach" doc:"metres that are asked, or seconds where timed; null where none is"`
	Mode  string     `json:"mode"`
	Timed bool       `json:"timed" doc:"the measure counts time"`
	Ways  []WayAlong `json:"ways" doc:"the nearest place and the second, as far as they can be reached"`
}

// WayAlong is a way to a place along the streets.
type WayAlong struct {
	Facility string      `json:"facility"`
	Name     string      `json:"name"`
	Kind     string      `json:"kind"`
	Lon      float64     `json:"lon"`
	Lat      float64     `json:"lat"`
	Metres   *float64    `json:"metres" doc:"null where time is counted"`
	Seconds  *float64    `json:"seconds" doc:"null where length is counted"`
	Minutes  *float64    `json:"minutes" doc:"null where length is counted and the mode has no one speed"`
	Line     [][]float64 `json:"line" doc:"positions from the start to the place"`
}

// waysFrom answers why somebody is served or not: the nearest places, how far they are,
// and the way along the streets.
func (s *server) waysFrom(ctx context.Context, in *waysInput) (*body[WaysFrom], error) {
	w, code, err := s.world(ctx, in.Area)
	if err != nil {
		return nil, s.problem(err)
	}
	if in.Scenario != "" {
		opened, err := s.shelf().Upon(ctx, grantOf(ctx), Trying{Upon: Opened{in.Scenario, in.Version}, Area: code})
		if err != nil {
			return nil, s.problem(err)
		}
		diff, _, err := s.shelf().diff(grantOf(ctx), opened)
		if err != nil {
			return nil, s.problem(err)
		}
		w = diff.After
	}
	served, err := servedIn(w, indicator.Query{Object: in.Indicator, Variant: in.Variant, Area: code, Period: lifecircle.Year(w.Plan().Year)})
	if err != nil {
		return nil, s.problem(err)
	}
	if served.layer == nil {
		return nil, s.problem(lifecircle.Errorf("no_layer", "no way is measured for %s", in.Indicator).With("indicator", in.Indicator))
	}
	from := geo.Point{Lon: in.Lon, Lat: in.Lat}
	point, spot := -1, served.layer.Spot(from)
	if in.Point != "" {
		found, ok := pointOf(w.Registry(), in.Point)
		if !ok {
			return nil, s.problem(lifecircle.Errorf("point_unknown", "%q is no population point", in.Point).With("point", in.Point))
		}
		point, from, spot = found, w.Registry().Points()[found].At, served.layer.Point(found)
	}
	out := WaysFrom{Lon: from.Lon, Lat: from.Lat, Reach: served.reach, Ways: []WayAlong{}, Timed: served.mode.Timed(), Mode: string(served.mode)}
	courses, state := served.layer.Courses(spot)
	out.State = string(state)
	for _, course := range courses {
		out.Ways = append(out.Ways, wayAlong(w, from, course, served.mode))
	}
	out.Class = int(served.classAt(point, courses))
	return &body[WaysFrom]{out}, nil
}

// classAt returns the class of a point, or of a position by its distance alone.
func (s *served) classAt(point int, courses []access.Course) atlas.Class {
	switch {
	case point >= 0:
		return s.classOf(point)
	case s.reach == nil:
		return atlas.Nobody
	case len(courses) == 0:
		return atlas.Unreachable
	}
	way := float64(courses[0].Distance) / 10 // in the unit of the reach
	return atlas.Served{Pass: way <= *s.reach, Metres: way, Reach: *s.reach}.Class()
}

// pointOf finds a population point.
func pointOf(known *registry.Snapshot, id string) (place int, ok bool) {
	points := known.Points()
	return slices.BinarySearchFunc(points, id, func(p registry.PopulationPoint, id string) int { return cmp.Compare(p.ID, id) })
}

func wayAlong(w *engine.World, from geo.Point, course access.Course, mode lifecircle.Mode) WayAlong {
	way := WayAlong{Facility: string(course.Place)}
	long := float64(course.Distance) / 10
	line := append([]geo.Point{from}, course.Line...)
	if place := w.Registry().Place(course.Place); place != nil {
		way.Name, way.Kind, way.Lon, way.Lat = place.Name, place.Kind, place.At.Lon, place.At.Lat
		line = append(line, place.At)
	}
	minutes := long / lifecircle.WalkMetresPerMinute
	switch {
	case mode.Timed():
		minutes = long / 60
		way.Seconds, way.Minutes = &long, &minutes
	case mode == lifecircle.Walk:
		way.Metres, way.Minutes = &long, &minutes
	default:
		way.Metres = &long
	}
	for _, at := range line {
		way.Line = append(way.Line, []float64{at.Lon, at.Lat})
	}
	return way
}

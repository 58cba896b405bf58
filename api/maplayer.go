package api

import (
	"context"
	"math"
	"slices"

	"lifecircle"
	"lifecircle/access"
	"lifecircle/atlas"
	"lifecircle/geo"
	"lifecircle/indicator"
	"lifecircle/registry"
)

// MapLayer is a provision as the browser's map reads it: what layer says of points and
// places, in columns, which are a fifth as long.
type MapLayer struct {
	Indicator       string        `json:"indicator"`
	Variant         string        `json:"variant"`
	Area            string        `json:"area"`
	Reach           *float64      `json:"reach" doc:"metres, or seconds where timed; null where none is asked"`
	Breaks          []float64     `json:"breaks" doc:"metres, or seconds where timed, at which the classes near, within, beyond and far meet; none without a reach"`
	Mode            string        `json:"mode" doc:"how people move; empty where no way is measured"`
	MetresPerMinute *float64      `json:"metres_per_minute" doc:"null where the mode has no one speed"`
	Timed           bool          `json:"timed" doc:"the measure counts time"`
	Points          MapPoints     `json:"points"`
	Facilities      MapFacilities `json:"facilities"`
}

// MapPoints are the population points that the promise speaks of, in columns and in the
// order of the register.
type MapPoints struct {
	IDs        []string `json:"ids"`
	Lon        []int64  `json:"lon" doc:"ten-millionths of a degree, each as the difference to the one before"`
	Lat        []int64  `json:"lat" doc:"likewise"`
	People     []int64  `json:"people"`
	Decimetres []int64  `json:"decimetres" doc:"to the nearest place, deciseconds where timed; -1 where none can be reached"`
	Nearest    []int    `json:"nearest" doc:"the nearest place, by its place among facilities; -1 where none can be reached"`
	Classes    []byte   `json:"classes" doc:"as those of a surface"`
}

// MapFacilities are all places of the measure, in columns.
type MapFacilities struct {
	IDs         []string `json:"ids"`
	Names       []string `json:"names"`
	Kinds       []string `json:"kinds"`
	Lon         []int64  `json:"lon" doc:"ten-millionths of a degree, each as the difference to the one before"`
	Lat         []int64  `json:"lat" doc:"likewise"`
	Provenances []string `json:"provenances"`
}

// run writes positions as differences.
type run struct{ lon, lat int64 }

func (r *run) next(at geo.Point) (lon, lat int64) {
	const perDegree = 1e7
	x, y := int64(math.Round(at.Lon*perDegree)), int64(math.Round(at.Lat*perDegree))
	lon, lat = x-r.lon, y-r.lat
	r.lon, r.lat = x, y
	return lon, lat
}

func (s *server) mapLayer(ctx context.Context, in *layerInput) (*body[MapLayer], error) {
	w, code, err := s.world(ctx, in.Area)
	if err != nil {
		return nil, s.problem(err)
	}
	q := indicator.Query{Object: in.Indicator, Variant: in.Variant, Area: code, Period: lifecircle.Year(w.Plan().Year)}
	served, err := s.surfaces.of(w, q)
	if err != nil {
		return nil, s.problem(err)
	}
	out := MapLayer{
		Indicator: in.Indicator, Variant: in.Variant, Area: string(code), Reach: served.reach, Breaks: served.breaks(),
		Mode: string(served.mode), Timed: served.mode.Timed(),
	}
	places := w.PlacesOf(served.verdicts.Measures)
	out.Points, out.Facilities = mapPoints(w.Registry(), code, served, places), mapFacilities(places)
	if served.mode == lifecircle.Walk {
		speed := float64(lifecircle.WalkMetresPerMinute)
		out.MetresPerMinute = &speed
	}
	return &body[MapLayer]{out}, nil
}

func mapPoints(known *registry.Snapshot, area lifecircle.AreaCode, of served, places []*registry.Facility) MapPoints {
	placeOf := make(map[lifecircle.FacilityID]int, len(places))
	for i, f := range places {
		placeOf[f.ID] = i
	}
	points := known.Points()
	subjects := slices.DeleteFunc(known.PointsBelow(area), func(i int) bool { return of.classes[i] == atlas.NotApplicable })
	n := len(subjects)
	out := MapPoints{
		IDs: make([]string, n), Lon: make([]int64, n), Lat: make([]int64, n),
		People: make([]int64, n), Decimetres: make([]int64, n), Nearest: make([]int, n), Classes: make([]byte, n),
	}
	var r run
	for k, i := range subjects {
		p := &points[i]
		out.IDs[k], out.People[k], out.Classes[k] = p.ID, p.People, byte(of.classes[i])
		out.Lon[k], out.Lat[k] = r.next(p.At)
		out.Decimetres[k], out.Nearest[k] = -1, -1
		if of.layer != nil {
			if nearest, state := of.layer.Nearest(i); state == access.OK {
				out.Decimetres[k] = int64(nearest.Distance)
				if at, counted := placeOf[nearest.Place]; counted {
					out.Nearest[k] = at
				}
			}
		}
	}
	return out
}

func mapFacilities(places []*registry.Facility) MapFacilities {
	n := len(places)
	out := MapFacilities{
		IDs: make([]string, n), Names: make([]string, n), Kinds: make([]string, n),
		Lon: make([]int64, n), Lat: make([]int64, n), Provenances: make([]string, n),
	}
	var r run
	for k, f := range places {
		out.IDs[k], out.Names[k], out.Kinds[k], out.Provenances[k] = string(f.ID), f.Name, f.Kind, string(f.Provenance)
		out.Lon[k], out.Lat[k] = r.next(f.At)
	}
	return out
}

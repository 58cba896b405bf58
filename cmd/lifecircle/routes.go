package main

import (
	"encoding/json"
	"io"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"github.com/spf13/cobra"

	"lifecircle/access"
	"lifecircle/network"
	"lifecircle/network/routing"
)

// routeWriter draws ways along the streets. Its zero value draws nothing.
type routeWriter struct {
	in       *accessInput
	sweep    *routing.Sweep
	places   []network.Snap // of those that meet a street
	features *geojson.FeatureCollection
}

func (in *accessInput) routes(cmd *cobra.Command, path string) (*routeWriter, error) {
	metric, err := in.metric(cmd, path)
	if err != nil {
		return nil, err
	}
	r := &routeWriter{in: in, sweep: metric.Sweep(), features: geojson.NewFeatureCollection()}
	for _, place := range in.places {
		snap, _ := in.profile.Snap(place.At) // one that meets no street is on no way
		r.places = append(r.places, snap)
	}
	return r, nil
}

// add draws the way of a point to a place, from the point itself to the place itself.
func (r *routeWriter) add(point int, way access.Way) {
	if r.in == nil {
		return
	}
	from, _ := r.in.points.Snap(point) // it has a way, so it meets a street
	to := r.places[way.Place]
	leave, _ := routing.SpotsOf(r.in.profile, from)
	_, arrive := routing.SpotsOf(r.in.profile, to)
	route, _ := r.sweep.Route(leave, arrive)
	if along, same := r.in.profile.Along(from, to); same && along == way.Cost {
		route = routing.Route{}
	}
	line := orb.LineString{}
	for _, p := range r.in.net.Course(from, to, route.Nodes, route.Arcs) {
		line = append(line, orb.Point{p.Lon, p.Lat})
	}
	place := r.in.places[way.Place]
	line = append(line, orb.Point{place.At.Lon, place.At.Lat})
	feature := geojson.NewFeature(line)
	feature.Properties = geojson.Properties{"id": r.in.id(point), "facility": string(place.ID), "mode": string(r.in.profile.Mode())}
	metres, seconds := wayCells(r.in.profile, way.Cost)
	if metres != "" {
		feature.Properties["metres"] = json.Number(metres)
	}
	feature.Properties["seconds"] = json.Number(seconds)
	r.features.Append(feature)
}

func (r *routeWriter) write(out io.Writer) error {
	text, err := r.features.MarshalJSON()
	if err != nil {
		return err
	}
	_, err = out.Write(append(text, '\n'))
	return err
}

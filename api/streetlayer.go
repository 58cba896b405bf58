package api

import (
	"context"
	"slices"

	"lifecircle"
	"lifecircle/access"
	"lifecircle/geo"
	"lifecircle/indicator"
	"lifecircle/network"
	"lifecircle/registry"
)

// StreetLayer is how far it is to the nearest place of a provision from every position
// on the streets, in columns.
type StreetLayer struct {
	Indicator string      `json:"indicator"`
	Variant   string      `json:"variant"`
	Area      string      `json:"area"`
	Hash      string      `json:"hash" doc:"of the network"`
	Reach     float64     `json:"reach" doc:"metres"`
	Breaks    []float64   `json:"breaks" doc:"metres at which the classes near, within, beyond and far meet"`
	Lines     StreetLines `json:"lines"`
	Marks     StreetMarks `json:"marks"`
}

// StreetLines are the courses of streets, one after the other.
type StreetLines struct {
	Sizes []int   `json:"sizes" doc:"positions of each line, two at the least"`
	Lon   []int64 `json:"lon" doc:"ten-millionths of a degree, each as the difference to the one before"`
	Lat   []int64 `json:"lat" doc:"likewise"`
}

// StreetMarks are positions along the streets with how far the nearest place is from
// them. Between two marks it is as far as the nearer way over one of them.
type StreetMarks struct {
	Sizes     []int   `json:"sizes" doc:"marks of each line: two or more"`
	Offsets   []int64 `json:"offsets" doc:"decimetres from the line's first position; the last is its length"`
	Distances []int64 `json:"distances" doc:"decimetres; -1 where no place can be reached"`
}

func (s *server) streetLayer(ctx context.Context, in *layerInput) (*body[StreetLayer], error) {
	w, code, err := s.world(ctx, in.Area)
	if err != nil {
		return nil, s.problem(err)
	}
	q := indicator.Query{Object: in.Indicator, Variant: in.Variant, Area: code, Period: lifecircle.Year(w.Plan().Year)}
	served, err := s.surfaces.of(w, q)
	switch {
	case err != nil:
		return nil, s.problem(err)
	case served.layer == nil || w.Network() == nil:
		return nil, s.problem(lifecircle.Errorf("no_layer", "no way is measured for %s", in.Indicator).With("indicator", in.Indicator))
	case served.reach == nil || served.mode.Timed() || !served.layer.Symmetric():
		return nil, s.problem(lifecircle.Errorf("no_street_layer", "%s asks for no reach, is measured in time, or takes longer one way than the other: streets are coloured by metres alone", in.Indicator).
			With("indicator", in.Indicator))
	}
	out := StreetLayer{
		Indicator: in.Indicator, Variant: in.Variant, Area: string(code), Hash: w.Network().Hash(), Reach: *served.reach, Breaks: served.breaks(),
	}
	shown := func(geo.Point) bool { return true }
	if code != w.Root() {
		shown = around(w.Registry(), code).Contains
	}
	out.Lines, out.Marks = streetColumns(w.Network(), served.layer, shown)
	return &body[StreetLayer]{out}, nil
}

// marginDegrees is how far beyond the people of an area its streets are shown: some
// two kilometres.
const marginDegrees = 0.02

// around is the frame of the people of an area with a margin.
func around(known *registry.Snapshot, area lifecircle.AreaCode) geo.Bounds {
	points, b := known.Points(), geo.EmptyBounds()
	for _, i := range known.PointsBelow(area) {
		b = b.Extend(points[i].At)
	}
	b.Min = geo.Point{Lon: b.Min.Lon - marginDegrees, Lat: b.Min.Lat - marginDegrees}
	b.Max = geo.Point{Lon: b.Max.Lon + marginDegrees, Lat: b.Max.Lat + marginDegrees}
	return b
}

// streetColumns are the streets of which some position is shown.
func streetColumns(net *network.Network, layer *access.Layer, shown func(geo.Point) bool) (StreetLines, StreetMarks) {
	lines := StreetLines{Sizes: []int{}, Lon: []int64{}, Lat: []int64{}}
	marks := StreetMarks{Sizes: []int{}, Offsets: []int64{}, Distances: []int64{}}
	var buf []access.Mark
	var r run
	for e := range uint32(net.EdgeCount()) {
		shape := net.Shape(e)
		if !slices.ContainsFunc(shape, shown) {
			continue
		}
		if buf = layer.Marks(e, buf); len(buf) < 2 {
			continue // nobody may walk it
		}
		lines.Sizes = append(lines.Sizes, len(shape))
		for _, at := range shape {
			lon, lat := r.next(at)
			lines.Lon, lines.Lat = append(lines.Lon, lon), append(lines.Lat, lat)
		}
		marks.Sizes = append(marks.Sizes, len(buf))
		for _, mark := range buf {
			distance := int64(mark.Distance)
			if mark.Distance >= network.Barred {
				distance = -1
			}
			marks.Offsets, marks.Distances = append(marks.Offsets, int64(mark.Offset)), append(marks.Distances, distance)
		}
	}
	return lines, marks
}

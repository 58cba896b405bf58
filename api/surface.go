package api

import (
	"context"
	"math"
	"net/http"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"lifecircle"
	"lifecircle/access"
	"lifecircle/atlas"
	"lifecircle/engine"
	"lifecircle/geo"
	"lifecircle/indicator"
	"lifecircle/registry"
	"lifecircle/report"
)

func (s *server) mapping(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "surface", Method: http.MethodGet, Path: "/api/v1/surfaces/{indicator}/{area}",
		Summary: "Who is served, as one class for each cell of a grid",
	}, s.surface)
	huma.Register(api, huma.Operation{
		OperationID: "ways", Method: http.MethodGet, Path: "/api/v1/ways/{indicator}/{area}",
		Summary: "How somebody gets to the nearest places of a provision, along the streets",
	}, s.waysFrom)
	huma.Register(api, huma.Operation{
		OperationID: "map-layer", Method: http.MethodGet, Path: "/api/v1/layers/{indicator}/{area}/map",
		Summary: "What a map of a provision draws, in columns",
	}, s.mapLayer)
	huma.Register(api, huma.Operation{
		OperationID: "street-layer", Method: http.MethodGet, Path: "/api/v1/layers/{indicator}/{area}/streets",
		Summary: "How far it is to the nearest place from every position on the streets, in columns",
	}, s.streetLayer)
}

// Surface is a provision over the people of an area, as a picture of one byte a
// cell. The cells are squares of Web Mercator.
type Surface struct {
	Indicator string     `json:"indicator"`
	Variant   string     `json:"variant"`
	Area      string     `json:"area"`
	Base      int64      `json:"base" doc:"seq of the facts"`
	Reach     *float64   `json:"reach" doc:"metres, or seconds where the measure counts time; the break between the classes within and beyond; null where none is asked"`
	Columns   int        `json:"columns"`
	Rows      int        `json:"rows"`
	Bounds    [4]float64 `json:"bounds" doc:"west, south, east, north edges in degrees of WGS-84"`
	Cells     []byte     `json:"cells" doc:"row by row from the north-west; 0 nobody, 1 not applicable, 2 near, 3 within, 4 pass, 5 no data, 6 beyond, 7 far, 8 fail, 9 unreachable; the worst of a cell"`
}

// surfaceCells are the most a screen's surface has: as many as a screen has
// places to tell apart, and few enough to repaint while a place is dragged.
const surfaceCells = 300_000

func (s *server) surface(ctx context.Context, in *layerInput) (*body[Surface], error) {
	w, code, err := s.world(ctx, in.Area)
	if err != nil {
		return nil, s.problem(err)
	}
	served, err := s.surfaces.of(w, indicator.Query{Object: in.Indicator, Variant: in.Variant, Area: code, Period: lifecircle.Year(w.Plan().Year)})
	if err != nil {
		return nil, s.problem(err)
	}
	grid := s.grids.of(w, code)
	b := grid.Bounds()
	return &body[Surface]{Surface{
		Indicator: in.Indicator, Variant: in.Variant, Area: string(code), Base: int64(w.Seq()), Reach: served.reach,
		Columns: grid.Columns, Rows: grid.Rows, Bounds: [4]float64{b.Min.Lon, b.Min.Lat, b.Max.Lon, b.Max.Lat},
		Cells: grid.Paint(within(w, code, served.classes)),
	}}, nil
}

// served is a provision at every population point of a World.
type served struct {
	verdicts indicator.Verdicts
	layer    *access.Layer   // nil where the provision measures no way
	mode     lifecircle.Mode // of the measure; empty without one
	classes  []atlas.Class   // of each point, in the registry's order
	reach    *float64        // metres; nil where none is asked
}

// surfaces keeps the classes of the current Worlds: a drag asks of one World again and
// again what it was before.
type surfaces struct {
	mu   sync.Mutex
	kept map[lifecircle.AreaCode]surfacesOf // by root
}

// surfacesOf is what is kept of one World.
type surfacesOf struct {
	world *engine.World
	by    map[indicator.Query]served
}

// mostSurfaces bounds the memory of a World's; one takes a byte a point.
const mostSurfaces = 64

// of returns the classes of a World. Its errors are those of servedIn.
func (s *surfaces) of(w *engine.World, q indicator.Query) (served, error) {
	s.mu.Lock()
	of := s.kept[w.Root()]
	out, known := of.by[q]
	s.mu.Unlock()
	if known && of.world == w {
		return out, nil
	}
	out, err := servedIn(w, q)
	if err != nil {
		return served{}, err
	}
	out.fill()
	s.mu.Lock()
	defer s.mu.Unlock()
	if of = s.kept[w.Root()]; of.world != w || len(of.by) >= mostSurfaces {
		of = surfacesOf{w, make(map[indicator.Query]served)}
		if s.kept == nil {
			s.kept = make(map[lifecircle.AreaCode]surfacesOf)
		}
		s.kept[w.Root()] = of
	}
	of.by[q] = out
	return out, nil
}

// servedIn judges a provision at every population point; the classes are not set. Its
// errors are those of Verdicts.
func servedIn(w *engine.World, q indicator.Query) (served, error) {
	v, err := w.Evaluator().Verdicts(q)
	if err != nil {
		return served{}, err
	}
	out := served{verdicts: v, classes: make([]atlas.Class, v.Len())}
	if reach, asked := indicator.ReachOf(v.InForce); asked {
		out.reach = &reach
	}
	if len(v.Measures) > 0 {
		out.layer, _ = w.Layer(v.Measures[0])
		out.mode = w.Plan().Measures[v.Measures[0]].Mode
	}
	return out, nil
}

// breaks are where the classes near, within, beyond and far meet; none without a reach.
func (s *served) breaks() []float64 {
	if s.reach == nil {
		return []float64{}
	}
	half, whole, more := atlas.Breaks(*s.reach)
	return []float64{half, whole, more}
}

// fill sets the classes of all points.
func (s *served) fill() {
	for i := range s.classes {
		s.classes[i] = s.classOf(i)
	}
}

// after sets the classes of all points by those of a World of the same people
// before: only those whose verdict or whose way differs have another.
func (s *served) after(before served) {
	copy(s.classes, before.classes)
	for _, i := range s.verdicts.Differing(before.verdicts) {
		s.classes[i] = s.classOf(i)
	}
	if s.layer != nil {
		for _, i := range s.layer.Differing(before.layer) {
			s.classes[i] = s.classOf(i)
		}
	}
}

func (s *served) classOf(point int) atlas.Class {
	verdict := s.verdicts.At(point).Verdict
	switch verdict {
	case indicator.NotApplicable:
		return atlas.NotApplicable
	case indicator.Unknown:
		return atlas.NoData
	}
	at := atlas.Served{Pass: verdict == indicator.Pass, Metres: math.NaN()}
	if s.layer != nil && s.reach != nil {
		at.Reach = *s.reach
	}
	if s.layer != nil {
		if nearest, state := s.layer.Nearest(point); state == access.OK {
			at.Metres = float64(nearest.Distance) / 10
		}
	}
	return at.Class()
}

// within leaves of the classes of a World's points those below an area.
func within(w *engine.World, area lifecircle.AreaCode, classes []atlas.Class) []atlas.Class {
	if area == w.Root() {
		return classes
	}
	var part []atlas.Class
	for _, i := range w.Registry().PointsBelow(area) {
		part = append(part, classes[i])
	}
	return part
}

// grids keeps the grids under the points of areas: they change only when people
// move, and are asked for with every step of a drag.
type grids struct {
	mu   sync.Mutex
	kept map[gridKey]*atlas.Grid
}

// gridKey names the points of an area: Worlds share them until they change.
type gridKey struct {
	first *registry.PopulationPoint
	area  lifecircle.AreaCode
}

// mostGrids bounds the memory; a grid takes four bytes a point.
const mostGrids = 64

func (g *grids) of(w *engine.World, area lifecircle.AreaCode) *atlas.Grid {
	points := w.Registry().Points()
	if len(points) == 0 {
		return atlas.NewGrid(nil, surfaceCells)
	}
	key := gridKey{&points[0], area}
	g.mu.Lock()
	defer g.mu.Unlock()
	if grid, ok := g.kept[key]; ok {
		return grid
	}
	grid := gridOf(w, area, surfaceCells)
	if len(g.kept) >= mostGrids || g.kept == nil {
		g.kept = make(map[gridKey]*atlas.Grid)
	}
	g.kept[key] = grid
	return grid
}

// gridOf lays a grid under the people of an area.
func gridOf(w *engine.World, area lifecircle.AreaCode, most int) *atlas.Grid {
	points := w.Registry().Points()
	var at []geo.Point
	for _, i := range w.Registry().PointsBelow(area) {
		at = append(at, points[i].At)
	}
	return atlas.NewGrid(at, most)
}

// Shown is the surface that a what-if is to say the changes of.
type Shown struct {
	Indicator string `json:"indicator"`
	Variant   string `json:"variant,omitempty"`
	Area      string `json:"area"`
}

// SurfaceChange is what differs on a surface, and for whom.
type SurfaceChange struct {
	Cells  []int                `json:"cells" doc:"indices of the cells that differ"`
	Before []int                `json:"before" doc:"their classes"`
	After  []int                `json:"after"`
	Parts  []report.PeopleShift `json:"parts" doc:"people gained and lost under this provision, by county; only where there are any"`
}

// surfaceChange compares a surface in two Worlds of the same people.
func (s *server) surfaceChange(before, after *engine.World, show Shown) (*SurfaceChange, error) {
	code, err := lifecircle.ParseAreaCode(show.Area)
	if err != nil {
		return nil, err
	}
	q := indicator.Query{Object: show.Indicator, Variant: show.Variant, Area: code, Period: lifecircle.Year(before.Plan().Year)}
	then, err := s.surfaces.of(before, q)
	if err != nil {
		return nil, err
	}
	now, err := servedIn(after, q)
	if err != nil {
		return nil, err
	}
	out := &SurfaceChange{Cells: []int{}, Before: []int{}, After: []int{}, Parts: []report.PeopleShift{}}
	if len(then.classes) != len(now.classes) {
		return nil, lifecircle.Errorf("people_differ", "the two have not the same population points: compare their results instead")
	}
	now.after(then)
	grid := s.grids.of(before, code)
	was, is := grid.Paint(within(before, code, then.classes)), grid.Paint(within(before, code, now.classes))
	for i := range is {
		if is[i] != was[i] {
			out.Cells, out.Before, out.After = append(out.Cells, i), append(out.Before, int(was[i])), append(out.After, int(is[i]))
		}
	}
	shifts, err := after.Evaluator().ShiftOf(before.Evaluator(), q)
	if err != nil {
		return nil, err
	}
	known := report.Known{Registry: before.Registry(), Plan: before.Plan()}
	out.Parts = known.PeopleShifts(shifts, now.verdicts.Everybody)
	return out, nil
}

package osm

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sync/atomic"
	"time"

	osmdata "github.com/paulmach/osm"

	"lifecircle"
	"lifecircle/geo"
)

// gather collects an Extract in three steps, each started when the one before
// has seen the whole file: elements (the state of a new gather), outlines, nodes.
// The want methods may be called from several goroutines, take from one.
type gather struct {
	input
	kinds      matcher
	step       step
	date       time.Time // of the map, where the file says it
	lines      []line
	areas      []area
	relations  []relation // that are facilities
	squares    []square
	borders    []border
	barriers   []nodeBarrier
	scenery    []drawn
	outlines   map[int64][]int64 // node ids of the ways that relations name
	missing    map[int64]bool    // those of them not seen in the first step
	facilities []tagged
	// needed are the ids of the nodes whose positions are wanted, ascending, and
	// positions their places: packed, so that they can be set by the decoder's
	// goroutines, and 0 while unknown.
	needed    []int64
	positions []atomic.Uint64
	misplaced atomic.Pointer[lifecircle.Error]
}

type step uint8

const (
	gatherElements step = iota
	gatherOutlines
	gatherNodes
)

// line is a way with traffic before its positions are known.
type line struct {
	way
	id      int64
	highway string
	square  bool // a rim that is drawn as an area
	nodes   []int64
}

// square is a multipolygon that is walked along its rim, before its ways are
// known.
type square struct {
	line
	rim []int64 // way ids
}

// nodeBarrier is a barrier before it is known whether a street meets it.
type nodeBarrier struct {
	id    int64
	stops Users
}

// tagged is a facility with what orders it.
type tagged struct {
	Facility
	rank int // nodes before ways before relations
	id   int64
}

// area is a way that is a facility, before its positions are known.
type area struct {
	tagged
	nodes []int64
}

// relation is a multipolygon that is a facility, before its ways are known.
type relation struct {
	tagged
	outer []int64 // way ids
}

func newGather(in input) *gather {
	return &gather{input: in, kinds: newMatcher(in.Kinds), outlines: make(map[int64][]int64)}
}

// rules reads the tags of a way; ok is false where none of the users asked for
// may take it.
func (g *gather) rules(tags osmdata.Tags) (w way, ok bool) {
	if w, ok = rules(tags); !ok {
		return w, false
	}
	return w, w.barredForward&w.barredBack&g.Users != g.Users
}

// isSquare reports whether a relation is a square to walk around.
func (g *gather) isSquare(tags osmdata.Tags) bool {
	kind := tags.Find("highway")
	if tags.Find("type") != "multipolygon" || !highways[kind].area {
		return false
	}
	_, ok := g.rules(tags)
	return ok
}

func (g *gather) wantWay(w *osmdata.Way) bool {
	if g.step == gatherOutlines {
		return g.missing[int64(w.ID)] // not outlines: take is writing that
	}
	_, ok := g.rules(w.Tags)
	return ok || g.kinds.kindOf(w.Tags) != "" || g.Scenery && isWayScene(w.Tags)
}

func (g *gather) wantRelation(r *osmdata.Relation) bool {
	return g.isFacility(r.Tags) || g.isSquare(r.Tags) || g.Boundaries && isBorder(r.Tags) || g.Scenery && isMultipolygonScene(r.Tags)
}

func (g *gather) isFacility(tags osmdata.Tags) bool {
	return tags.Find("type") == "multipolygon" && g.kinds.kindOf(tags) != ""
}

// wantNode notes the position of a node that is needed, without keeping the
// node, and wants those that are facilities or barriers.
func (g *gather) wantNode(n *osmdata.Node) bool {
	if at, ok := slices.BinarySearch(g.needed, int64(n.ID)); ok {
		g.place(at, int64(n.ID), positionOf(n))
	}
	return len(n.Tags) > 0 && (barrier(n.Tags)&g.Users != 0 || g.kinds.kindOf(n.Tags) != "" || g.Scenery && isPlace(n.Tags))
}

// unitsPerDegree is the grid on which OSM keeps positions.
const unitsPerDegree = 1e7

func positionOf(n *osmdata.Node) geo.Point { return geo.Point{Lon: n.Lon, Lat: n.Lat} }

// place sets the position of needed node number at.
func (g *gather) place(at int, id int64, p geo.Point) {
	if !p.Valid() {
		g.misplace(id, p)
		return
	}
	x := uint32(math.Round((p.Lon + 180) * unitsPerDegree))
	y := uint32(math.Round((p.Lat+90)*unitsPerDegree)) + 1 // never 0
	if !g.positions[at].CompareAndSwap(0, uint64(x)<<32|uint64(y)) {
		g.misplaced.CompareAndSwap(nil, g.twice("node", id))
	}
}

// misplace notes a node that lies nowhere.
func (g *gather) misplace(id int64, p geo.Point) {
	g.misplaced.CompareAndSwap(nil, g.fault("osm_corrupt", noOffset, "node %d lies at %v, %v, not on the earth: fetch the file again", id, p.Lon, p.Lat))
}

func (g *gather) twice(kind string, id int64) *lifecircle.Error {
	return g.fault("osm_unsupported", noOffset, "%s %d occurs twice: if this is a history file, take one day from it with `osmium time-filter`", kind, id)
}

// at returns the position of a needed node; ok is false where the file does not
// hold it.
func (g *gather) at(i int) (p geo.Point, ok bool) {
	packed := g.positions[i].Load()
	if packed == 0 {
		return geo.Point{}, false
	}
	return geo.Point{
		Lon: (float64(packed>>32) - 180*unitsPerDegree) / unitsPerDegree,
		Lat: (float64(uint32(packed)-1) - 90*unitsPerDegree) / unitsPerDegree,
	}, true
}

// take keeps an element that was wanted.
func (g *gather) take(object osmdata.Object) {
	switch o := object.(type) {
	case *osmdata.Way:
		g.takeWay(o)
	case *osmdata.Relation:
		g.takeRelation(o)
	case *osmdata.Node:
		if stops := barrier(o.Tags) & g.Users; stops != 0 {
			g.barriers = append(g.barriers, nodeBarrier{int64(o.ID), stops})
		}
		if g.Scenery && isPlace(o.Tags) {
			g.drawNode(o)
		}
		if g.kinds.kindOf(o.Tags) == "" {
			return
		}
		f := g.facility(0, int64(o.ID), o.Tags)
		f.At = geo.Point{Lon: math.Round(o.Lon*unitsPerDegree) / unitsPerDegree, Lat: math.Round(o.Lat*unitsPerDegree) / unitsPerDegree}
		if !f.At.Valid() {
			g.misplace(f.id, f.At)
		}
		g.facilities = append(g.facilities, f)
	}
}

func (g *gather) takeRelation(r *osmdata.Relation) {
	var outer, inner []int64
	for _, m := range r.Members {
		switch {
		case m.Type != osmdata.TypeWay:
		case m.Role == "outer" || m.Role == "":
			outer = append(outer, m.Ref)
		case m.Role == "inner":
			inner = append(inner, m.Ref)
		}
	}
	if g.isFacility(r.Tags) {
		g.relations = append(g.relations, relation{g.facility(2, int64(r.ID), r.Tags), outer})
	}
	if g.isSquare(r.Tags) {
		w, _ := g.rules(r.Tags)
		g.squares = append(g.squares, square{line{way: w, id: int64(r.ID), highway: r.Tags.Find("highway")}, outer})
	}
	if g.Boundaries && isBorder(r.Tags) {
		g.borders = append(g.borders, border{g.borderOf(r), outer, inner})
	}
	if g.Scenery && isMultipolygonScene(r.Tags) {
		g.drawRelation(r, outer, inner)
	}
}

func (g *gather) takeWay(w *osmdata.Way) {
	refs := make([]int64, len(w.Nodes))
	for i, n := range w.Nodes {
		refs[i] = int64(n.ID)
	}
	if g.step == gatherOutlines {
		g.outlines[int64(w.ID)] = refs
		return
	}
	if rules, ok := g.rules(w.Tags); ok {
		g.lines = append(g.lines, line{rules, int64(w.ID), w.Tags.Find("highway"), w.Tags.Find("area") == "yes", refs})
	}
	if g.kinds.kindOf(w.Tags) != "" {
		g.areas = append(g.areas, area{g.facility(1, int64(w.ID), w.Tags), refs})
	}
	if g.Scenery && isWayScene(w.Tags) {
		g.drawWay(w, refs)
	}
}

func (g *gather) facility(rank int, id int64, tags osmdata.Tags) tagged {
	return tagged{
		rank: rank, id: id,
		Facility: Facility{
			ID:     fmt.Sprintf("%s/%d", [...]string{"node", "way", "relation"}[rank], id),
			Kind:   g.kinds.kindOf(tags),
			Name:   tags.Find("name"),
			Names:  lifecircle.Name{ZH: tags.Find("name:zh"), EN: tags.Find("name:en")},
			Public: public(tags),
		},
	}
}

// startOutlines begins the second step.
func (g *gather) startOutlines() {
	g.step = gatherOutlines
	name := func(ways []int64) {
		for _, way := range ways {
			g.outlines[way] = nil
		}
	}
	for _, r := range g.relations {
		name(r.outer)
	}
	for _, s := range g.squares {
		name(s.rim)
	}
	for _, b := range g.borders {
		name(b.outer)
		name(b.inner)
	}
	for _, d := range g.scenery {
		name(d.outer)
		name(d.inner)
	}
	for _, d := range g.scenery {
		if _, wanted := g.outlines[d.id]; wanted && d.rank == 1 {
			g.outlines[d.id] = d.nodes
		}
	}
	for _, l := range g.lines {
		if _, wanted := g.outlines[l.id]; wanted {
			g.outlines[l.id] = l.nodes
		}
	}
	for _, p := range g.areas {
		if _, wanted := g.outlines[p.id]; wanted {
			g.outlines[p.id] = p.nodes
		}
	}
	g.missing = make(map[int64]bool)
	for way, nodes := range g.outlines {
		if nodes == nil {
			g.missing[way] = true
		}
	}
}

// startNodes begins the third step.
func (g *gather) startNodes() {
	g.step = gatherNodes
	for _, l := range g.lines {
		g.needed = append(g.needed, l.nodes...)
	}
	for _, p := range g.areas {
		g.needed = append(g.needed, p.nodes...)
	}
	for _, d := range g.scenery {
		g.needed = append(g.needed, d.nodes...)
	}
	for _, nodes := range g.outlines {
		g.needed = append(g.needed, nodes...)
	}
	slices.Sort(g.needed)
	g.needed = slices.Compact(g.needed)
	g.positions = make([]atomic.Uint64, len(g.needed))
}

// extract puts together what the three steps found. A place none of whose nodes
// lie in the file is outside the extract and left out.
func (g *gather) extract() (*Extract, error) {
	if err := g.misplaced.Load(); err != nil {
		return nil, err
	}
	for _, p := range g.areas {
		if at, ok := centroid(g.rings([][]int64{p.nodes})); ok {
			p.At = at
			g.facilities = append(g.facilities, p.tagged)
		}
	}
	e := &Extract{Date: g.date}
	for _, r := range g.relations {
		var outlines [][]int64
		for _, way := range r.outer {
			outlines = append(outlines, g.outlines[way])
		}
		if at, ok := centroid(g.rings(joinRings(outlines))); ok {
			r.At = at
			g.facilities = append(g.facilities, r.tagged)
		}
	}
	slices.SortFunc(g.facilities, func(a, b tagged) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.id, b.id))
	})
	for i, f := range g.facilities {
		if i > 0 && f.ID == g.facilities[i-1].ID {
			return nil, g.twice("facility", f.id)
		}
		e.Facilities = append(e.Facilities, f.Facility)
	}
	slices.SortFunc(g.lines, func(a, b line) int { return cmp.Compare(a.id, b.id) })
	for i := range g.lines {
		if i > 0 && g.lines[i].id == g.lines[i-1].id {
			return nil, g.twice("way", g.lines[i].id)
		}
	}
	g.walkRims()
	e.Scenery = g.sceneryOf()
	if err := g.boundaries(e); err != nil {
		return nil, err
	}
	g.streets(e)
	return e, nil
}

// walkRims makes the rims of squares streets.
func (g *gather) walkRims() {
	slices.SortFunc(g.squares, func(a, b square) int { return cmp.Compare(a.id, b.id) })
	for _, s := range g.squares {
		for _, way := range s.rim {
			if nodes := g.outlines[way]; len(nodes) > 1 {
				rim := s.line
				rim.id, rim.nodes = way, slices.Clone(nodes)
				g.lines = append(g.lines, rim)
			}
		}
	}
}

// streets fills in e.Nodes and e.Streets.
func (g *gather) streets(e *Extract) {
	// index maps needed nodes to e.Nodes; first it marks those that streets use.
	index := make([]uint32, len(g.needed))
	for _, l := range g.lines {
		for k, id := range l.nodes {
			at, _ := slices.BinarySearch(g.needed, id)
			l.nodes[k] = int64(at)
			index[at] = 1
		}
	}
	const absent = math.MaxUint32
	for i, used := range index {
		index[i] = absent
		if p, ok := g.at(i); ok && used == 1 {
			index[i] = uint32(len(e.Nodes))
			e.Nodes = append(e.Nodes, p)
		}
	}
	for _, b := range g.barriers {
		if at, ok := slices.BinarySearch(g.needed, b.id); ok && index[at] != absent {
			e.Barriers = append(e.Barriers, Barrier{index[at], b.stops})
		}
	}
	slices.SortFunc(e.Barriers, func(a, b Barrier) int { return cmp.Compare(a.Node, b.Node) })
	for _, l := range g.lines {
		var run []uint32
		for k := 0; k <= len(l.nodes); k++ {
			if k < len(l.nodes) && index[l.nodes[k]] != absent {
				run = append(run, index[l.nodes[k]])
				continue
			}
			if len(run) > 1 {
				e.Streets = append(e.Streets, Street{
					WayID: l.id, Highway: l.highway, Nodes: run,
					BarredForward: l.barredForward, BarredBack: l.barredBack, BicycleKmh: l.bicycleKmh, CarKmh: l.carKmh,
				})
			}
			run = nil
		}
	}
	g.walkAcross(e, index)
}

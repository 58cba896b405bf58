package tile

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/simplify"

	"lifecircle"
)

// The zooms of a set. A map shows what lies beyond by magnifying the last.
const (
	minZoom = 4
	maxZoom = 14
)

const (
	// extent is the width of a tile in its own units, as MVT recommends.
	extent = 4096
	// buffer is how far features reach beyond their tile, so that lines have no
	// ends at its edge.
	buffer = 64
	// A screen's pixel is 8 units, tiles being 512 pixels wide: half of one is not
	// missed. The last zoom is magnified, so it keeps all but its last unit.
	tolerance     = 4
	lastTolerance = 1
	// An area below four square pixels is not drawn.
	leastArea = 4 * 8 * 8
)

// Config says what a set is of.
type Config struct {
	Name        string              // for people; may be empty
	Attribution string              // shown in the frame of every map
	Area        lifecircle.AreaCode // the root area it is the ground of; may be empty
}

// Build makes the tiles of features. The same features give the same set.
func Build(ctx context.Context, features []Feature, cfg Config) (*Set, error) {
	s := &Set{meta: metadataOf(cfg), bounds: emptyBound}
	ground := make([]projected, 0, len(features))
	for _, f := range features {
		if f.Geometry == nil || !slices.Contains(LayersInOrder(), f.Layer) {
			return nil, lifecircle.Errorf("tile_invalid", "a feature of layer %q has nothing to draw", f.Layer)
		}
		s.bounds = s.bounds.Union(f.Geometry.Bound())
		ground = append(ground, projected{f, project(f.Geometry)})
	}
	if len(ground) == 0 {
		return nil, lifecircle.Errorf("tile_empty", "there is nothing to draw: take an extract with streets")
	}
	for zoom := minZoom; zoom <= maxZoom; zoom++ {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("make tiles: %w", err)
		}
		cells := make(map[cell][]part)
		for i := range ground {
			cutFeature(&ground[i], zoom, cells)
		}
		if err := s.encode(zoom, cells); err != nil {
			return nil, err
		}
	}
	return s, nil
}

var emptyBound = orb.Bound{Min: orb.Point{math.Inf(1), math.Inf(1)}, Max: orb.Point{math.Inf(-1), math.Inf(-1)}}

// projected is a feature on the plane of Web Mercator, the world being the unit
// square, x from 180° W, y from the north.
type projected struct {
	Feature
	plane orb.Geometry
}

// project is Web Mercator (EPSG:3857 divided by the circumference):
//
//	x = λ/360° + ½,  y = ½ − artanh(sin φ)/2π
func project(g orb.Geometry) orb.Geometry {
	return mapped(g, func(p orb.Point) orb.Point {
		const limit = 85.0511287798066 // where the square ends
		sin := math.Sin(max(-limit, min(limit, p[1])) * math.Pi / 180)
		return orb.Point{p[0]/360 + 0.5, 0.5 - math.Atanh(sin)/(2*math.Pi)}
	})
}

// mapped returns a geometry with each point put elsewhere.
func mapped(g orb.Geometry, move func(orb.Point) orb.Point) orb.Geometry {
	line := func(points []orb.Point) []orb.Point {
		out := make([]orb.Point, len(points))
		for i, p := range points {
			out[i] = move(p)
		}
		return out
	}
	switch g := g.(type) {
	case orb.Point:
		return move(g)
	case orb.MultiLineString:
		out := make(orb.MultiLineString, len(g))
		for i, l := range g {
			out[i] = line(l)
		}
		return out
	case orb.MultiPolygon:
		out := make(orb.MultiPolygon, len(g))
		for i, polygon := range g {
			for _, ring := range polygon {
				out[i] = append(out[i], line(ring))
			}
		}
		return out
	}
	panic(fmt.Sprintf("tile: a feature is a %T", g))
}

// cell is a tile of a zoom.
type cell struct{ x, y int }

// part is what lies of a feature in a cell, in the units of that tile.
type part struct {
	*projected
	geometry orb.Geometry
}

// cutFeature puts a feature into the cells of a zoom that it touches.
func cutFeature(f *projected, zoom int, cells map[cell][]part) {
	if f.firstZoom() > zoom {
		return
	}
	side := 1 << zoom
	scale := float64(side) * extent
	g := mapped(f.plane, func(p orb.Point) orb.Point { return orb.Point{p[0] * scale, p[1] * scale} })
	allowed := float64(tolerance)
	if zoom == maxZoom {
		allowed = lastTolerance
	}
	switch lines := g.(type) {
	case orb.Point:
		c := cell{min(side-1, int(lines[0]/extent)), min(side-1, int(lines[1]/extent))}
		cells[c] = append(cells[c], part{f, snapped(lines, c)})
		return
	case orb.MultiLineString:
		g = simplify.DouglasPeucker(allowed).MultiLineString(lines)
	case orb.MultiPolygon:
		if b := g.Bound(); (b.Max[0]-b.Min[0])*(b.Max[1]-b.Min[1]) < leastArea && zoom < maxZoom {
			return
		}
		g = simplify.DouglasPeucker(allowed).MultiPolygon(lines)
	}
	b := g.Bound()
	index := func(at float64) int { return max(0, min(side-1, int(math.Floor(at/extent)))) }
	cutRange(g, cellRange{
		cell{index(b.Min[0] - buffer), index(b.Min[1] - buffer)}, cell{index(b.Max[0] + buffer), index(b.Max[1] + buffer)},
	}, func(c cell, g orb.Geometry) {
		if g = snapped(g, c); g != nil {
			cells[c] = append(cells[c], part{f, g})
		}
	})
}

// cellRange is a rectangle of cells, both ends included.
type cellRange struct{ from, to cell }

// bound returns the range with its buffer.
func (r cellRange) bound() orb.Bound {
	return orb.Bound{
		Min: orb.Point{float64(r.from.x)*extent - buffer, float64(r.from.y)*extent - buffer},
		Max: orb.Point{float64(r.to.x+1)*extent + buffer, float64(r.to.y+1)*extent + buffer},
	}
}

// cutRange halves a range until one cell is left, cutting as it goes: a long
// feature is so cut in O(points · log cells) and not in O(points · cells).
func cutRange(g orb.Geometry, r cellRange, emit func(cell, orb.Geometry)) {
	if g = clipped(g, r.bound()); g == nil {
		return
	}
	if r.from == r.to {
		emit(r.from, g)
		return
	}
	one, other := r, r
	if width, height := r.to.x-r.from.x, r.to.y-r.from.y; width >= height {
		one.to.x = r.from.x + width/2
		other.from.x = one.to.x + 1
	} else {
		one.to.y = r.from.y + height/2
		other.from.y = one.to.y + 1
	}
	cutRange(g, one, emit)
	cutRange(g, other, emit)
}

// clipped returns what lies of lines or areas within a bound, or nil.
func clipped(g orb.Geometry, b orb.Bound) orb.Geometry {
	switch g := g.(type) {
	case orb.MultiLineString:
		if lines := clip.MultiLineString(b, g); len(lines) > 0 {
			return lines
		}
	case orb.MultiPolygon:
		// The library writes over what it clips.
		if areas := clip.MultiPolygon(b, g.Clone()); len(areas) > 0 {
			return areas
		}
	}
	return nil
}

// snapped puts a geometry on the whole units of a cell; nil where nothing of it
// is left. MVT wants outlines whose area is positive with y down.
func snapped(g orb.Geometry, c cell) orb.Geometry {
	snap := func(points []orb.Point) []orb.Point {
		var out []orb.Point
		for _, p := range points {
			q := orb.Point{math.Round(p[0] - float64(c.x)*extent), math.Round(p[1] - float64(c.y)*extent)}
			if len(out) == 0 || out[len(out)-1] != q {
				out = append(out, q)
			}
		}
		return out
	}
	switch g := g.(type) {
	case orb.Point:
		return snap([]orb.Point{g})[0]
	case orb.MultiLineString:
		var lines orb.MultiLineString
		for _, line := range g {
			if l := snap(line); len(l) > 1 {
				lines = append(lines, l)
			}
		}
		if len(lines) > 0 {
			return lines
		}
	case orb.MultiPolygon:
		var areas orb.MultiPolygon
		for _, polygon := range g {
			var area orb.Polygon
			for i, ring := range polygon {
				r := orb.Ring(snap(ring))
				turn := orb.CCW
				if i > 0 {
					turn = orb.CW
				}
				if len(r) < 4 || r.Orientation() == 0 {
					if i == 0 {
						break
					}
					continue
				}
				if r.Orientation() != turn {
					r.Reverse()
				}
				area = append(area, r)
			}
			if len(area) > 0 {
				areas = append(areas, area)
			}
		}
		if len(areas) > 0 {
			return areas
		}
	}
	return nil
}

// encode makes the tiles of a zoom, on all processors.
func (s *Set) encode(zoom int, cells map[cell][]part) error {
	order := make([]cell, 0, len(cells))
	for c := range cells {
		order = append(order, c)
	}
	made := make([]made, len(order))
	failures := make([]error, runtime.GOMAXPROCS(0))
	var next atomic.Int64
	var group sync.WaitGroup
	for worker := range failures {
		group.Go(func() {
			// A compressor takes a megabyte to set up, so each worker has one for all
			// its tiles. The level is valid: there is no error.
			zip, _ := gzip.NewWriterLevel(nil, gzip.BestCompression)
			for i := int(next.Add(1) - 1); i < len(order) && failures[worker] == nil; i = int(next.Add(1) - 1) {
				made[i].id = tileID(zoom, order[i].x, order[i].y)
				made[i].data, failures[worker] = encodeTile(cells[order[i]], zip)
			}
		})
	}
	group.Wait()
	for _, err := range failures {
		if err != nil {
			return fmt.Errorf("encode tile of zoom %d: %w", zoom, err)
		}
	}
	s.tiles = append(s.tiles, made...)
	return nil
}

// encodeTile returns a tile as it is stored and sent: MVT, packed with gzip.
func encodeTile(parts []part, zip *gzip.Writer) ([]byte, error) {
	byLayer := make(map[string][]part)
	for _, p := range parts {
		byLayer[p.Layer] = append(byLayer[p.Layer], p)
	}
	var layers mvt.Layers
	for _, name := range LayersInOrder() {
		if parts := byLayer[name]; len(parts) > 0 {
			layers = append(layers, &mvt.Layer{Name: name, Version: 2, Extent: extent, Features: joined(parts)})
		}
	}
	plain, err := mvt.Marshal(layers)
	if err != nil {
		return nil, err
	}
	var packed bytes.Buffer
	zip.Reset(&packed)
	if _, err := zip.Write(plain); err != nil {
		return nil, err
	}
	if err := zip.Close(); err != nil {
		return nil, err
	}
	return packed.Bytes(), nil
}

// joined makes one feature of the lines and areas that differ in nothing but
// where they run: a town's nameless streets need not say so one by one.
func joined(parts []part) []*geojson.Feature {
	properties := func(p part) geojson.Properties {
		all := geojson.Properties{"class": p.Class}
		if p.Name.ZH != "" {
			all["name"] = p.Name.ZH
		}
		if p.Name.EN != "" {
			all["name:en"] = p.Name.EN
		}
		if p.Layer == Boundaries {
			all["admin_level"] = p.Level
		}
		if _, point := p.geometry.(orb.Point); point {
			all["rank"] = p.Rank
		}
		return all
	}
	var features []*geojson.Feature
	at := make(map[string]*geojson.Feature)
	for _, p := range parts {
		if _, point := p.geometry.(orb.Point); point {
			features = append(features, &geojson.Feature{Geometry: p.geometry, Properties: properties(p)})
			continue
		}
		key := strings.Join([]string{p.Class, p.Name.ZH, p.Name.EN, fmt.Sprint(p.Level)}, "\x00")
		f, begun := at[key]
		if !begun {
			f = &geojson.Feature{Geometry: p.geometry, Properties: properties(p)}
			at[key] = f
			features = append(features, f)
			continue
		}
		switch more := p.geometry.(type) {
		case orb.MultiLineString:
			f.Geometry = append(f.Geometry.(orb.MultiLineString), more...)
		case orb.MultiPolygon:
			f.Geometry = append(f.Geometry.(orb.MultiPolygon), more...)
		}
	}
	return features
}

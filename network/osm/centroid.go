package osm

import (
	"slices"

	"lifecircle/geo"
)

// rings looks up the positions of outlines; nodes the file does not hold are
// left out.
func (g *gather) rings(outlines [][]int64) [][]geo.Point {
	rings := make([][]geo.Point, len(outlines))
	for i, outline := range outlines {
		for _, id := range outline {
			at, _ := slices.BinarySearch(g.needed, id)
			if p, ok := g.at(at); ok {
				rings[i] = append(rings[i], p)
			}
		}
	}
	return rings
}

// joinRings puts outlines together at their common ends, in the order given,
// until each is closed or nothing fits.
func joinRings(outlines [][]int64) [][]int64 {
	var rings [][]int64
	rest := slices.DeleteFunc(slices.Clone(outlines), func(o []int64) bool { return len(o) == 0 })
	for len(rest) > 0 {
		ring := slices.Clone(rest[0])
		rest = rest[1:]
		for ring[0] != ring[len(ring)-1] {
			end := ring[len(ring)-1]
			next := slices.IndexFunc(rest, func(o []int64) bool { return o[0] == end || o[len(o)-1] == end })
			if next < 0 {
				break
			}
			more := slices.Clone(rest[next])
			if more[0] != end {
				slices.Reverse(more)
			}
			ring = append(ring, more[1:]...)
			rest = slices.Delete(rest, next, next+1)
		}
		rings = append(rings, ring)
	}
	return rings
}

// centroid returns the centroid of areas that do not overlap, by the shoelace
// formula
//
//	A = ½ Σ cᵢ,  x̄ = Σ (xᵢ + xᵢ₊₁) cᵢ / 6A,  cᵢ = xᵢ yᵢ₊₁ − xᵢ₊₁ yᵢ
//
// with coordinates taken from the first point, which keeps the products small.
// Degrees serve as they are: a centroid moves with any linear map. Lines without
// an area give the mean of their points; ok is false when there are none.
func centroid(rings [][]geo.Point) (at geo.Point, ok bool) {
	var origin geo.Point
	var area2, sumX, sumY float64
	var meanX, meanY, count float64
	for _, ring := range rings {
		if !ok && len(ring) > 0 {
			origin, ok = ring[0], true
		}
		var ringArea2, ringX, ringY float64
		for i, p := range ring {
			q := ring[(i+1)%len(ring)]
			x, y := p.Lon-origin.Lon, p.Lat-origin.Lat
			nextX, nextY := q.Lon-origin.Lon, q.Lat-origin.Lat
			cross := x*nextY - nextX*y
			ringArea2 += cross
			ringX += (x + nextX) * cross
			ringY += (y + nextY) * cross
			meanX, meanY, count = meanX+x, meanY+y, count+1
		}
		if ringArea2 < 0 { // drawn clockwise
			ringArea2, ringX, ringY = -ringArea2, -ringX, -ringY
		}
		area2, sumX, sumY = area2+ringArea2, sumX+ringX, sumY+ringY
	}
	switch {
	case !ok:
		return geo.Point{}, false
	case area2 > minArea2:
		return geo.Point{Lon: origin.Lon + sumX/(3*area2), Lat: origin.Lat + sumY/(3*area2)}, true
	}
	return geo.Point{Lon: origin.Lon + meanX/count, Lat: origin.Lat + meanY/count}, true
}

// minArea2 is twice the area, in square degrees, below which an outline is a
// line: about 0.01 m², far below any place and far above rounding.
const minArea2 = 1e-12

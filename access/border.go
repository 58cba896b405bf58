package access

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"lifecircle"
	"lifecircle/geo"
)

// HaloMetres is how far beyond a border streets and places still serve: people near
// a border go to what is nearest, whosever it is.
const HaloMetres = 30_000

// Border is the border of an administrative area, with the halo around it. What
// lies in the area counts; what lies in the halo serves and does not count. It never
// changes.
type Border struct {
	area  orb.MultiPolygon
	bound orb.Bound
	halo  float64
}

// NewBorder makes the border of an area in degrees with a halo of so many metres. An
// area without outlines, or one that is nowhere on the earth, gives a
// lifecircle.Error.
func NewBorder(area orb.MultiPolygon, haloMetres float64) (*Border, error) {
	if len(area) == 0 || !(haloMetres >= 0) || math.IsInf(haloMetres, 1) {
		return nil, lifecircle.Errorf("border_invalid", "a border of %d outlines with a halo of %v m: want at least one outline and 0 m or more", len(area), haloMetres)
	}
	for i, polygon := range area {
		for _, ring := range polygon {
			if len(ring) < 4 || !ring.Closed() {
				return nil, lifecircle.Errorf("border_invalid", "outline %d does not close: its last point must be its first", i)
			}
			for _, p := range ring {
				if !(geo.Point{Lon: p[0], Lat: p[1]}).Valid() {
					return nil, lifecircle.Errorf("border_invalid", "outline %d holds %v, %v, not on the earth: want degrees, longitude first", i, p[0], p[1])
				}
			}
		}
		if len(polygon) == 0 {
			return nil, lifecircle.Errorf("border_invalid", "outline %d is empty", i)
		}
	}
	return &Border{area, area.Bound(), haloMetres}, nil
}

// Counts reports whether a position lies in the area, its border included.
func (b *Border) Counts(p geo.Point) bool {
	at := orb.Point{p.Lon, p.Lat}
	return b.bound.Contains(at) && planar.MultiPolygonContains(b.area, at)
}

// Serves reports whether a position lies in the area or at most the halo away from
// it, the halo included.
func (b *Border) Serves(p geo.Point) bool {
	if b.Counts(p) {
		return true
	}
	// On the plane that touches the earth at p; the nearest point of the border
	// decides, which for a halo of 30 km is right to about 1 in 1,000.
	const metresPerDegree = geo.EarthRadiusMetres * math.Pi / 180
	east := metresPerDegree * math.Cos(p.Lat*math.Pi/180)
	for _, polygon := range b.area {
		for _, ring := range polygon {
			for k := 1; k < len(ring); k++ {
				ax, ay := (ring[k-1][0]-p.Lon)*east, (ring[k-1][1]-p.Lat)*metresPerDegree
				bx, by := (ring[k][0]-p.Lon)*east, (ring[k][1]-p.Lat)*metresPerDegree
				if fromOrigin(ax, ay, bx, by) <= b.halo {
					return true
				}
			}
		}
	}
	return false
}

// fromOrigin returns how far the line from a to b is from the origin.
func fromOrigin(ax, ay, bx, by float64) float64 {
	dx, dy := bx-ax, by-ay
	t := 0.0
	if square := dx*dx + dy*dy; square > 0 {
		t = min(1, max(0, -(ax*dx+ay*dy)/square))
	}
	return math.Hypot(ax+t*dx, ay+t*dy)
}

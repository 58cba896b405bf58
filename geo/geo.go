// Package geo holds points on the earth and the distances between them. It is
// not a geometry library (paulmach/orb is) and knows no files; everyone may
// import it.
package geo

import "math"

// Point is a WGS-84 position in degrees.
type Point struct {
	Lon float64 `json:"lon"`
	Lat float64 `json:"lat"`
}

// Valid reports whether p lies on the earth; NaN does not.
func (p Point) Valid() bool {
	return p.Lon >= -180 && p.Lon <= 180 && p.Lat >= -90 && p.Lat <= 90
}

// EarthRadiusMetres is the mean radius (IUGG R1): distances on this sphere
// differ from the ellipsoid's by at most 0.56 %.
const EarthRadiusMetres = 6371008.8

// Distance returns the great-circle distance in metres by the haversine
// formula, which keeps its precision for the few metres between two street
// nodes (R. W. Sinnott, Virtues of the Haversine, Sky and Telescope 68, 1984).
func Distance(a, b Point) float64 {
	const rad = math.Pi / 180
	sinLat := math.Sin((b.Lat - a.Lat) * rad / 2)
	sinLon := math.Sin((b.Lon - a.Lon) * rad / 2)
	h := sinLat*sinLat + math.Cos(a.Lat*rad)*math.Cos(b.Lat*rad)*sinLon*sinLon
	return 2 * EarthRadiusMetres * math.Asin(math.Min(1, math.Sqrt(h)))
}

// Bounds is a box in degrees; it never spans the 180th meridian.
type Bounds struct {
	Min Point `json:"min"`
	Max Point `json:"max"`
}

// EmptyBounds contains nothing and is where Extend starts.
func EmptyBounds() Bounds {
	return Bounds{
		Min: Point{Lon: math.Inf(1), Lat: math.Inf(1)},
		Max: Point{Lon: math.Inf(-1), Lat: math.Inf(-1)},
	}
}

// Extend returns the smallest box that holds b and p.
func (b Bounds) Extend(p Point) Bounds {
	b.Min.Lon, b.Min.Lat = min(b.Min.Lon, p.Lon), min(b.Min.Lat, p.Lat)
	b.Max.Lon, b.Max.Lat = max(b.Max.Lon, p.Lon), max(b.Max.Lat, p.Lat)
	return b
}

// Contains reports whether p lies in b, its edges included.
func (b Bounds) Contains(p Point) bool {
	return p.Lon >= b.Min.Lon && p.Lon <= b.Max.Lon && p.Lat >= b.Min.Lat && p.Lat <= b.Max.Lat
}

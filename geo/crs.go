package geo

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"lifecircle"
)

// CRS is a coordinate system in which a file may give positions. The zero CRS is
// WGS-84 in degrees.
//
// CGCS2000 is taken as equal to WGS-84: the two frames differ by less than a
// metre, which is below what a position of a facility or a street is known to.
type CRS struct {
	datum    datum
	meridian float64 // central meridian of a Gauss–Krüger zone in degrees; 0 for degrees
	easting  float64 // false easting of the zone in metres
}

type datum uint8

const (
	wgs84 datum = iota
	cgcs2000
	gcj02
	bd09
)

// The coordinate systems in degrees.
var (
	WGS84    = CRS{}
	CGCS2000 = CRS{datum: cgcs2000}
	GCJ02    = CRS{datum: gcj02} // of Amap and Tencent maps
	BD09     = CRS{datum: bd09}  // of Baidu maps
)

// ParseCRS reads wgs84, cgcs2000, gcj02, bd09, or epsg:CODE of WGS-84 (4326),
// CGCS2000 (4490) and its Gauss–Krüger zones: 4491–4512 of six degrees, 4513–4554
// of three, each with or without the number of the zone before the easting.
func ParseCRS(text string) (CRS, error) {
	switch name := strings.ToLower(strings.TrimSpace(text)); name {
	case "", "wgs84", "epsg:4326":
		return WGS84, nil
	case "cgcs2000", "epsg:4490":
		return CGCS2000, nil
	case "gcj02":
		return GCJ02, nil
	case "bd09":
		return BD09, nil
	default:
		if digits, ok := strings.CutPrefix(name, "epsg:"); ok {
			if code, err := strconv.Atoi(digits); err == nil {
				if zone, ok := gaussKruger(code); ok {
					return zone, nil
				}
			}
		}
	}
	return CRS{}, lifecircle.Errorf("crs_unknown", "coordinate system %q: want wgs84, cgcs2000, gcj02, bd09, or epsg: with 4326, 4490 or 4491 to 4554 (Gauss–Krüger zones of CGCS2000)", text).
		With("crs", text)
}

// gaussKruger finds a zone of CGCS2000 by its EPSG code.
func gaussKruger(code int) (CRS, bool) {
	const metresPerZone = 1e6
	zone := func(meridian, number int) (CRS, bool) {
		return CRS{datum: cgcs2000, meridian: float64(meridian), easting: 500_000 + float64(number)*metresPerZone}, true
	}
	switch {
	case code >= 4491 && code <= 4501: // 6°, zones 13 to 23
		n := code - 4491 + 13
		return zone(6*n-3, n)
	case code >= 4502 && code <= 4512: // 6°, without the number
		return zone(6*(code-4502+13)-3, 0)
	case code >= 4513 && code <= 4533: // 3°, zones 25 to 45
		n := code - 4513 + 25
		return zone(3*n, n)
	case code >= 4534 && code <= 4554: // 3°, without the number
		return zone(3*(code-4534+25), 0)
	}
	return CRS{}, false
}

// Projected reports whether coordinates are in metres east and north, and not in
// degrees.
func (c CRS) Projected() bool { return c.meridian != 0 }

// String names the system as ParseCRS reads it.
func (c CRS) String() string {
	if c.Projected() {
		for code := 4491; code <= 4554; code++ {
			if zone, ok := gaussKruger(code); ok && zone == c {
				return fmt.Sprintf("epsg:%d", code)
			}
		}
	}
	return [...]string{"wgs84", "cgcs2000", "gcj02", "bd09"}[c.datum]
}

// Point returns the WGS-84 position of coordinates in the system: longitude and
// latitude in degrees, or metres east and north. ok is false for coordinates that
// are none of the system.
func (c CRS) Point(x, y float64) (p Point, ok bool) {
	if c.Projected() {
		return c.fromGrid(x, y)
	}
	p = Point{Lon: x, Lat: y}
	if !p.Valid() {
		return p, false
	}
	switch c.datum {
	case gcj02:
		p = inverse(p, toGCJ02)
	case bd09:
		p = inverse(p, func(q Point) Point { return gcj02ToBD09(toGCJ02(q)) })
	}
	return p, true
}

// Coordinates returns a WGS-84 position in the system.
func (c CRS) Coordinates(p Point) (x, y float64) {
	switch {
	case c.Projected():
		return c.toGrid(p)
	case c.datum == gcj02:
		p = toGCJ02(p)
	case c.datum == bd09:
		p = gcj02ToBD09(toGCJ02(p))
	}
	return p.Lon, p.Lat
}

// inverse finds what a shift maps to q. The shift hardly changes from place to
// place, so taking off the shift found so far halves the error many times over in
// each round: after ten it is far below a millimetre.
func inverse(q Point, shift func(Point) Point) Point {
	const rounds = 10
	p := q
	for range rounds {
		image := shift(p)
		p.Lon -= image.Lon - q.Lon
		p.Lat -= image.Lat - q.Lat
	}
	return p
}

// shifted bounds where GCJ-02 moves positions; elsewhere it is WGS-84.
var shifted = Bounds{Min: Point{Lon: 72.004, Lat: 0.8293}, Max: Point{Lon: 137.8347, Lat: 55.8271}}

// toGCJ02 applies the shift of GCJ-02 to a WGS-84 position, as it became known: a
// polynomial with waves, taken as metres on the ellipsoid of Krasovsky (1940). The
// law that sets it is not published.
func toGCJ02(p Point) Point {
	if !shifted.Contains(p) {
		return p
	}
	const (
		axis         = 6378245.0            // metres, Krasovsky
		eccentricity = 0.006693421622965823 // squared
	)
	sin := func(x float64) float64 { return math.Sin(x * math.Pi) }
	x, y := p.Lon-105, p.Lat-35
	waves := (20*sin(6*x) + 20*sin(2*x)) * 2 / 3
	north := -100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + 0.2*math.Sqrt(math.Abs(x)) + waves +
		(20*sin(y)+40*sin(y/3))*2/3 + (160*sin(y/12)+320*sin(y/30))*2/3
	east := 300 + x + 2*y + 0.1*x*x + 0.1*x*y + 0.1*math.Sqrt(math.Abs(x)) + waves +
		(20*sin(x)+40*sin(x/3))*2/3 + (150*sin(x/12)+300*sin(x/30))*2/3
	lat := p.Lat / 180 * math.Pi
	w := 1 - eccentricity*math.Sin(lat)*math.Sin(lat)
	return Point{
		Lon: p.Lon + east*180/(axis/math.Sqrt(w)*math.Cos(lat)*math.Pi),
		Lat: p.Lat + north*180/(axis*(1-eccentricity)/(w*math.Sqrt(w))*math.Pi),
	}
}

// gcj02ToBD09 applies Baidu's further shift, as it became known.
func gcj02ToBD09(p Point) Point {
	const wave = math.Pi * 3000 / 180
	radius := math.Hypot(p.Lon, p.Lat) + 0.00002*math.Sin(p.Lat*wave)
	angle := math.Atan2(p.Lat, p.Lon) + 0.000003*math.Cos(p.Lon*wave)
	return Point{Lon: radius*math.Cos(angle) + 0.0065, Lat: radius*math.Sin(angle) + 0.006}
}

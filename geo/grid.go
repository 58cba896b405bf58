package geo

import "math"

// The ellipsoid of CGCS2000: semi-major axis in metres, and flattening.
const (
	semiMajor  = 6378137.0
	flattening = 1 / 298.257222101
)

// The transverse Mercator projection by Krüger's series in the third flattening n
// to the fourth order (L. Krüger, Konforme Abbildung des Erdellipsoids in der
// Ebene, 1912; in the form of C. F. F. Karney, Transverse Mercator with an accuracy
// of a few nanometers, J. Geodesy 85, 2011, eq. 12, 14, 35 and 36). Within a zone
// of six degrees the error is below a micrometre. The scale on the meridian is 1.
var (
	third    = flattening / (2 - flattening)
	n2       = third * third
	n3       = n2 * third
	n4       = n3 * third
	radius   = semiMajor / (1 + third) * (1 + n2/4 + n4/64) // of the rectifying sphere
	eccent   = math.Sqrt(flattening * (2 - flattening))
	forwards = [4]float64{
		third/2 - 2*n2/3 + 5*n3/16 + 41*n4/180,
		13*n2/48 - 3*n3/5 + 557*n4/1440,
		61*n3/240 - 103*n4/140,
		49561 * n4 / 161280,
	}
	backwards = [4]float64{
		third/2 - 2*n2/3 + 37*n3/96 - n4/360,
		n2/48 + n3/15 - 437*n4/1440,
		17*n3/480 - 37*n4/840,
		4397 * n4 / 161280,
	}
)

// conformal returns the tangent of the conformal latitude from that of the
// geographic one (Karney, eq. 7 to 9).
func conformal(tan float64) float64 {
	sigma := math.Sinh(eccent * math.Atanh(eccent*tan/math.Hypot(1, tan)))
	return tan*math.Hypot(1, sigma) - sigma*math.Hypot(1, tan)
}

// toGrid projects a position into the zone: metres east and north.
func (c CRS) toGrid(p Point) (east, north float64) {
	const rad = math.Pi / 180
	lon := (p.Lon - c.meridian) * rad
	tan := conformal(math.Tan(p.Lat * rad))
	xi := math.Atan2(tan, math.Cos(lon))
	eta := math.Asinh(math.Sin(lon) / math.Hypot(tan, math.Cos(lon)))
	x, y := eta, xi
	for j, a := range forwards {
		k := float64(2 * (j + 1))
		x += a * math.Cos(k*xi) * math.Sinh(k*eta)
		y += a * math.Sin(k*xi) * math.Cosh(k*eta)
	}
	return c.easting + radius*x, radius * y
}

// zoneReach is how far from its meridian a zone is taken to reach, in degrees:
// files stretch a zone over a whole province, and beyond this a number is more
// likely to belong to another zone.
const zoneReach = 6

// fromGrid is the inverse of toGrid; ok is false beyond the reach of the zone.
func (c CRS) fromGrid(east, north float64) (p Point, ok bool) {
	const rad = math.Pi / 180
	eta, xi := (east-c.easting)/radius, north/radius
	if !(math.Abs(eta) < 0.2 && math.Abs(xi) <= math.Pi/2) { // NaN as well
		return Point{}, false
	}
	x, y := eta, xi
	for j, b := range backwards {
		k := float64(2 * (j + 1))
		x -= b * math.Cos(k*xi) * math.Sinh(k*eta)
		y -= b * math.Sin(k*xi) * math.Cosh(k*eta)
	}
	lon := math.Atan2(math.Sinh(x), math.Cos(y))
	want := math.Sin(y) / math.Hypot(math.Sinh(x), math.Cos(y))
	// Newton's method for the latitude (Karney, eq. 19 to 21); two rounds reach the
	// last bit.
	tan := want
	for range 4 {
		have := conformal(tan)
		tan += (want - have) / math.Hypot(1, have) * (1 + (1-eccent*eccent)*tan*tan) / ((1 - eccent*eccent) * math.Hypot(1, tan))
	}
	p = Point{Lon: c.meridian + lon/rad, Lat: math.Atan(tan) / rad}
	return p, math.Abs(p.Lon-c.meridian) <= zoneReach && p.Valid()
}

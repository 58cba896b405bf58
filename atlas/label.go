package atlas

import (
	"math"
	"unicode/utf8"
)

// labelSize is the size of the letters in an area.
const labelSize = 11.0

// label writes the lines of an area in the middle of its largest ring, those that fit.
func (d *drawing) label(a Area) {
	var at spot
	var width, height, largest float64
	for _, ring := range a.Rings {
		var r measuredRing
		for _, p := range ring {
			r.add(d.at(p))
		}
		if size, x, y := r.middle(); size > largest {
			largest, at = size, spot{x, y, labelSize}
			width, height = r.right-r.left, r.bottom-r.top
		}
	}
	const lineHeight, breadth = labelSize + 2, 0.9 // of the area's width and height
	lines := min(len(a.Label), int(height*breadth/lineHeight))
	at.y += labelSize/2 - lineHeight*float64(lines-1)/2
	for _, line := range a.Label[:max(0, lines)] {
		if widthOf(line, labelSize) > width*breadth {
			return
		}
		d.text(at, line, `text-anchor="middle" paint-order="stroke" stroke="#fff" stroke-width="3" stroke-linejoin="round"`)
		at.y += lineHeight
	}
}

// widthOf estimates the width of a text: Han are as wide as high, other letters and
// figures somewhat more than half.
func widthOf(text string, size float64) float64 {
	wide, all := 0, utf8.RuneCountInString(text)
	for _, letter := range text {
		if letter >= 0x2E80 {
			wide++
		}
	}
	return size * (float64(wide) + 0.56*float64(all-wide))
}

// measuredRing adds up a ring on the sheet.
type measuredRing struct {
	n                        int
	x0, y0, x, y             float64 // of the first and the last position
	twice, mx, my            float64 // twice the area, and its moments
	left, right, top, bottom float64
}

func (r *measuredRing) add(x, y float64) {
	if r.n == 0 {
		r.x0, r.y0, r.left, r.right, r.top, r.bottom = x, y, x, x, y, y
	} else {
		r.edge(x, y)
	}
	r.left, r.right, r.top, r.bottom = min(r.left, x), max(r.right, x), min(r.top, y), max(r.bottom, y)
	r.n, r.x, r.y = r.n+1, x, y
}

// edge adds the triangle between the first position and the edge to another.
func (r *measuredRing) edge(x, y float64) {
	cross := (r.x-r.x0)*(y-r.y0) - (x-r.x0)*(r.y-r.y0)
	r.twice += cross
	r.mx += cross * (r.x0 + r.x + x) / 3
	r.my += cross * (r.y0 + r.y + y) / 3
}

// middle returns twice the area of the ring and its centre of gravity.
func (r *measuredRing) middle() (twice, x, y float64) {
	if r.twice == 0 {
		return 0, 0, 0
	}
	return math.Abs(r.twice), r.mx / r.twice, r.my / r.twice
}

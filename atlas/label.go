package atlas

import (
	"cmp"
	"math"
	"slices"
	"unicode/utf8"
)

// labelSize is the size of the letters in an area.
const labelSize = 11.0

// labels are the lines of areas, each in the middle of its largest ring, as far as they
// fit there. Where two are in each other's way the smaller area has none.
func (d *drawing) labels(areas []Area) []written {
	var out []written
	var taken []box
	rings := make([]measuredRing, len(areas))
	order := make([]int, len(areas))
	for i, a := range areas {
		rings[i], order[i] = d.largest(a), i
	}
	slices.SortStableFunc(order, func(i, k int) int { return cmp.Compare(math.Abs(rings[k].twice), math.Abs(rings[i].twice)) })
	for _, i := range order {
		const lineHeight, breadth = labelSize + 2, 0.9 // of the area's width and height
		ring, text := rings[i], areas[i].Label
		text = text[:max(0, min(len(text), int((ring.bottom-ring.top)*breadth/lineHeight)))]
		width := 0.0
		for _, line := range text {
			width = max(width, widthOf(line, labelSize))
		}
		x, y := ring.middle()
		height := lineHeight * float64(len(text))
		place := box{x - width/2, y - height/2, x + width/2, y + height/2}
		if len(text) == 0 || width > (ring.right-ring.left)*breadth || slices.ContainsFunc(taken, place.meets) {
			continue
		}
		taken = append(taken, place)
		for k, line := range text {
			out = append(out, written{x: x, y: place.top + float64(k)*lineHeight + labelSize, size: labelSize, text: line, anchor: atMiddle, halo: true})
		}
	}
	return out
}

func (b box) meets(other box) bool {
	return b.left < other.right && other.left < b.right && b.top < other.bottom && other.top < b.bottom
}

// largest measures the largest ring of an area on the sheet.
func (d *drawing) largest(a Area) (largest measuredRing) {
	for _, ring := range a.Rings {
		var r measuredRing
		for _, p := range ring {
			r.add(d.at(p))
		}
		if math.Abs(r.twice) > math.Abs(largest.twice) {
			largest = r
		}
	}
	return largest
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

// middle returns the centre of gravity.
func (r *measuredRing) middle() (x, y float64) {
	if r.twice == 0 {
		return r.x0, r.y0
	}
	return r.mx / r.twice, r.my / r.twice
}

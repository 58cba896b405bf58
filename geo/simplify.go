package geo

import (
	"math"
)

// Simplify draws shapes with fewer positions, none of which moves: a position is
// left out where the line without it stays within some metres of it (D. Douglas,
// T. Peucker, Algorithms for the reduction of the number of points required to
// represent a digitized line, 1973). A line that two of the shapes share is drawn
// alike in both, so that neighbours stay neighbours. A ring of which nothing would
// be seen is left out, but never the whole of a shape. What comes out is for
// drawing: rings may come to touch where they are closer than the metres.
func Simplify(shapes []Shape, metres float64) [][]Polygon {
	out := make([][]Polygon, len(shapes))
	if metres <= 0 {
		for i, s := range shapes {
			out[i] = s.Polygons()
		}
		return out
	}
	ends := junctions(shapes)
	for i, s := range shapes {
		var kept [][]line
		for _, lines := range s.polygons {
			outer := lines[0].simplified(ends, metres)
			if outer == nil {
				continue
			}
			polygon := []line{outer}
			for _, hole := range lines[1:] {
				if h := hole.simplified(ends, metres); h != nil {
					polygon = append(polygon, h)
				}
			}
			kept = append(kept, polygon)
		}
		if len(kept) == 0 && len(s.polygons) > 0 {
			largest := s.polygons[0][0]
			for _, lines := range s.polygons[1:] {
				if lines[0].twice() > largest.twice() {
					largest = lines[0]
				}
			}
			kept = [][]line{{largest}}
		}
		out[i] = closed(kept)
	}
	return out
}

// junctions returns the positions where lines of different courses meet: with
// other neighbours in one ring than in another.
func junctions(shapes []Shape) map[node]bool {
	courses := make(map[node][2]node)
	ends := make(map[node]bool)
	for _, s := range shapes {
		for _, lines := range s.polygons {
			for _, l := range lines {
				for i, n := range l {
					course := [2]node{l[(i+len(l)-1)%len(l)], l[(i+1)%len(l)]}
					if compareNodes(course[0], course[1]) > 0 {
						course[0], course[1] = course[1], course[0]
					}
					if before, seen := courses[n]; seen && before != course {
						ends[n] = true
					}
					courses[n] = course
				}
			}
		}
	}
	return ends
}

// simplified simplifies a ring piece by piece between junctions; nil where fewer
// than three positions are left.
func (l line) simplified(ends map[node]bool, metres float64) line {
	start := -1
	for i, n := range l {
		if ends[n] {
			start = i
			break
		}
	}
	var out line
	if start < 0 { // nobody else's: it begins where the same ring always does
		out = append(out, piece(append(l.canonical(), l.canonical()[0]), metres)...)
	} else {
		from := start
		for step := 1; step <= len(l); step++ {
			at := start + step
			if !ends[l[at%len(l)]] {
				continue
			}
			arc := make(line, 0, at-from+1)
			for k := from; k <= at; k++ {
				arc = append(arc, l[k%len(l)])
			}
			out = append(out, piece(arc, metres)...)
			from = at
		}
	}
	if len(out) < 3 {
		return nil
	}
	return out
}

// piece simplifies a line from its first to its last position and returns it
// without the last. It goes the same way whichever way the line runs.
func piece(arc line, metres float64) line {
	backwards := false
	for i, j := 0, len(arc)-1; i < j && !backwards; i, j = i+1, j-1 {
		c := compareNodes(arc[i], arc[j])
		if c < 0 {
			break
		}
		backwards = c > 0
	}
	if backwards {
		turned := make(line, len(arc))
		for i, n := range arc {
			turned[len(arc)-1-i] = n
		}
		arc = turned
	}
	keep := make([]bool, len(arc))
	keep[0], keep[len(arc)-1] = true, true
	halve(arc, keep, metres)
	var out line
	for i, n := range arc {
		if keep[i] {
			out = append(out, n)
		}
	}
	if backwards {
		for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
			out[i], out[j] = out[j], out[i]
		}
	}
	return out[:len(out)-1]
}

// halve keeps, between two kept positions, the farthest from the straight line
// between them, if it is farther than the metres, and goes on on both sides.
func halve(arc line, keep []bool, metres float64) {
	const metresPerUnit = EarthRadiusMetres * math.Pi / 180 / nodesPerDegree
	type span struct{ from, to int }
	todo := []span{{0, len(arc) - 1}}
	for len(todo) > 0 {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		a, b := arc[s.from], arc[s.to]
		shrink := math.Cos(a.point().Lat * math.Pi / 180) // of a degree of longitude here
		bx, by := (float64(b.x)-float64(a.x))*shrink, float64(b.y)-float64(a.y)
		length := bx*bx + by*by
		farthest, most := -1, metres/metresPerUnit
		most *= most
		for i := s.from + 1; i < s.to; i++ {
			x, y := (float64(arc[i].x)-float64(a.x))*shrink, float64(arc[i].y)-float64(a.y)
			if length > 0 {
				along := math.Max(0, math.Min(1, (x*bx+y*by)/length))
				x, y = x-along*bx, y-along*by
			}
			if d := x*x + y*y; d > most {
				farthest, most = i, d
			}
		}
		if farthest > 0 {
			keep[farthest] = true
			todo = append(todo, span{s.from, farthest}, span{farthest, s.to})
		}
	}
}

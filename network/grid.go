package network

import (
	"math"

	"lifecircle/geo"
)

// grid finds the segments near a point: cells of about 100 m hold the segments
// that pass through them.
type grid struct {
	origin           position // the south-west corner
	cellLon, cellLat float64  // in units of position
	columns, rows    int
	first            []uint32 // segments of cell c are items[first[c]:first[c+1]]
	items            []segment
}

// segment is the part of an edge between two points of its course: point k and
// the next, where point 0 is the node from.
type segment struct{ edge, k uint32 }

func (g *grid) words() int { return len(g.first) + 2*len(g.items) }

const (
	metresPerDegree = geo.EarthRadiusMetres * math.Pi / 180
	cellMetres      = 100
	// Cells grow until there are at most this many, and entries in them, for each
	// segment: sparse or far-flung streets would fill memory otherwise.
	maxCellsPerSegment = 4
)

func newGrid(n *Network) grid {
	g := grid{origin: positionOf(n.bounds.Min)}
	span := positionOf(n.bounds.Max)
	width, height := float64(span.lon)-float64(g.origin.lon), float64(span.lat)-float64(g.origin.lat)
	middle := (n.bounds.Min.Lat + n.bounds.Max.Lat) / 2
	g.cellLat = cellMetres * unitsPerDegree / metresPerDegree
	g.cellLon = g.cellLat / max(0.01, math.Cos(middle*math.Pi/180))
	segments := float64(len(n.shapes) + len(n.edges))
	for ; ; g.cellLat, g.cellLon = 2*g.cellLat, 2*g.cellLon {
		columns, rows := math.Floor(width/g.cellLon)+1, math.Floor(height/g.cellLat)+1
		if columns*rows > maxCellsPerSegment*segments {
			continue
		}
		g.columns, g.rows = int(columns), int(rows)
		g.first = make([]uint32, g.columns*g.rows+1)
		entries := 0
		n.eachSegment(func(s segment, a, b position) {
			g.eachCell(a, b, func(cell int) {
				g.first[cell]++
				entries++
			})
		})
		if float64(entries) <= maxCellsPerSegment*segments {
			break
		}
	}
	total := uint32(0)
	for cell, count := range g.first {
		g.first[cell] = total
		total += count
	}
	g.items = make([]segment, total)
	next := append([]uint32(nil), g.first...)
	n.eachSegment(func(s segment, a, b position) {
		g.eachCell(a, b, func(cell int) {
			g.items[next[cell]] = s
			next[cell]++
		})
	})
	return g
}

func (n *Network) eachSegment(visit func(s segment, a, b position)) {
	start := uint32(0)
	for e, edge := range n.edges {
		a := n.nodes[edge.from]
		for k, b := range n.shapes[start:edge.shapeEnd] {
			visit(segment{uint32(e), uint32(k)}, a, b)
			a = b
		}
		visit(segment{uint32(e), edge.shapeEnd - start}, a, n.nodes[edge.to])
		start = edge.shapeEnd
	}
}

// ends returns the two points of a segment.
func (n *Network) ends(s segment) (a, b position) {
	inner := n.shape(s.edge)
	a, b = n.nodes[n.edges[s.edge].from], n.nodes[n.edges[s.edge].to]
	if s.k > 0 {
		a = inner[s.k-1]
	}
	if int(s.k) < len(inner) {
		b = inner[s.k]
	}
	return a, b
}

// eachCell visits the cells that the line from a to b passes through, row by
// row. Rounding may add a cell beside the line, and never leaves one out: each
// row is taken one unit wider than computed.
func (g *grid) eachCell(a, b position, visit func(cell int)) {
	if a.lat > b.lat {
		a, b = b, a
	}
	ax, ay := float64(a.lon)-float64(g.origin.lon), float64(a.lat)-float64(g.origin.lat)
	bx, by := float64(b.lon)-float64(g.origin.lon), float64(b.lat)-float64(g.origin.lat)
	for row := g.row(ay); row <= g.row(by); row++ {
		x0, x1 := ax, bx
		if by > ay {
			south, north := float64(row)*g.cellLat, float64(row+1)*g.cellLat
			x0 = ax + (bx-ax)*max(0, (south-ay)/(by-ay))
			x1 = ax + (bx-ax)*min(1, (north-ay)/(by-ay))
		}
		for column := g.column(min(x0, x1) - 1); column <= g.column(max(x0, x1)+1); column++ {
			visit(row*g.columns + column)
		}
	}
}

// row and column return the cell of a distance from the origin, kept within the
// grid.
func (g *grid) row(y float64) int { return min(max(0, int(math.Floor(y/g.cellLat))), g.rows-1) }

func (g *grid) column(x float64) int {
	return min(max(0, int(math.Floor(x/g.cellLon))), g.columns-1)
}

// eachRing visits the cells around a point in square rings from the inside out;
// within is how far, in cells, everything has been visited when a ring ends. It
// stops when next says no, or when the grid ends.
func (g *grid) eachRing(x, y float64, visit func(items []segment), next func(within float64) bool) {
	centreColumn, centreRow := int(math.Floor((x-float64(g.origin.lon))/g.cellLon)), int(math.Floor((y-float64(g.origin.lat))/g.cellLat))
	// A point beside the grid starts with the first ring that touches it.
	start := max(0, -centreColumn, centreColumn-(g.columns-1), -centreRow, centreRow-(g.rows-1))
	end := max(centreColumn, g.columns-1-centreColumn, centreRow, g.rows-1-centreRow)
	for ring := start; ring <= end && next(float64(ring-1)); ring++ {
		for row := max(0, centreRow-ring); row <= min(centreRow+ring, g.rows-1); row++ {
			step := 1
			if row != centreRow-ring && row != centreRow+ring {
				step = max(1, 2*ring)
			}
			for column := centreColumn - ring; column <= centreColumn+ring; column += step {
				if step == 1 && column < 0 {
					column = 0
				}
				if column >= g.columns {
					break
				}
				if column < 0 {
					continue
				}
				cell := row*g.columns + column
				visit(g.items[g.first[cell]:g.first[cell+1]])
			}
		}
	}
}

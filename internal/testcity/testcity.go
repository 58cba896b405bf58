// Package testcity draws towns in ASCII whose answers are known by arithmetic:
// streets between neighbouring characters are all equally long, so a distance is
// counted on the drawing. It is for tests and the demonstration; a town is an
// osm.Extract like a real one, so that all of the network code is exercised. It
// knows no registry, plan or search. Tests everywhere and the command line's
// demonstration may import it.
package testcity

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/network/osm"
)

// Drawing is a town on paper.
type Drawing struct {
	// Streets is the drawing, north up; a newline at its start is dropped.
	//
	//	+  a crossing or bend: joins all four sides that lead to it
	//	-  a street from west to east
	//	|  a street from north to south
	//
	// Any other character but a blank is a mark of the legend. A mark that - or |
	// leads to, or that stands between two +, lies on that street; else it lies
	// beside the streets. Streets that run side by side do not touch. Marks do not
	// stand side by side.
	Streets string
	// Places and People are the legend. A place is drawn once; a mark of people may
	// be drawn any number of times.
	Places map[rune]Place
	People map[rune]int64
	// Metres is the way from one character to the next; 0 means 100.
	Metres float64
	// Centre is where the middle of the drawing lies; the zero point means
	// 106.23° E, 38.48° N, on the plain of Ningxia.
	Centre geo.Point
}

// Place is a facility in a legend.
type Place struct {
	Kind    string
	Name    string
	Private bool
}

// Facility is a place of a town. Its ID is its mark.
type Facility struct {
	ID     string
	Kind   string
	Name   string
	At     geo.Point
	Public bool
}

// Cell is where people live. Its ID says where it is drawn, "cell/line:column".
type Cell struct {
	ID     string
	At     geo.Point
	People int64
}

// City is a town in the world. Facilities and cells are in the order of the
// drawing, line by line.
type City struct {
	Facilities []Facility
	Cells      []Cell
	plot       plot
}

// plot is a drawing that is known to be right.
type plot struct {
	Drawing
	lines   [][]rune
	columns int
}

// Draw makes a town. A bad drawing gives an error with every fault, each with its
// line:column, counted from 1.
func Draw(d Drawing) (*City, error) {
	if d.Metres == 0 {
		d.Metres = 100
	}
	if d.Centre == (geo.Point{}) {
		d.Centre = geo.Point{Lon: 106.23, Lat: 38.48}
	}
	p := plot{Drawing: d}
	for line := range strings.Lines(strings.TrimPrefix(d.Streets, "\n")) {
		runes := []rune(strings.TrimRight(line, "\n"))
		p.lines = append(p.lines, runes)
		p.columns = max(p.columns, len(runes))
	}
	if faults := p.faults(); len(faults) > 0 {
		return nil, lifecircle.Errorf("drawing_invalid", "drawing: %s", strings.Join(faults, "; "))
	}
	c := &City{plot: p}
	for line, runes := range p.lines {
		for column, r := range runes {
			at := p.at(line, column)
			if place, ok := p.Places[r]; ok {
				c.Facilities = append(c.Facilities, Facility{ID: string(r), Kind: place.Kind, Name: place.Name, At: at, Public: !place.Private})
			}
			if people, ok := p.People[r]; ok {
				c.Cells = append(c.Cells, Cell{ID: fmt.Sprintf("cell/%d:%d", line+1, column+1), At: at, People: people})
			}
		}
	}
	return c, nil
}

// Grid makes a town of nothing but crossings, so many from west to east and from
// north to south, metres apart.
func Grid(columns, rows int, metres float64) (*City, error) {
	return Draw(Drawing{
		Streets: strings.Repeat(strings.Repeat("+", max(0, columns))+"\n", max(0, rows)),
		Metres:  metres,
	})
}

// At returns where a character of the drawing lies; line and column count from 1.
func (c *City) At(line, column int) geo.Point { return c.plot.at(line-1, column-1) }

// Extract returns the streets as a map would hold them.
func (c *City) Extract() *osm.Extract { return c.plot.extract() }

// at places a character. Every line has its own width of a degree, so that
// neighbours are equally far apart in all of them; positions lie on the grid of
// 1e-7 degrees that maps and networks keep.
func (p *plot) at(line, column int) geo.Point {
	const metresPerDegree = geo.EarthRadiusMetres * math.Pi / 180
	south := (float64(line) - float64(len(p.lines)-1)/2) * p.Metres
	east := (float64(column) - float64(p.columns-1)/2) * p.Metres
	lat := p.Centre.Lat - south/metresPerDegree
	lon := p.Centre.Lon + east/(metresPerDegree*math.Cos(lat*math.Pi/180))
	onGrid := func(degrees float64) float64 { return math.Round(degrees*1e7) / 1e7 }
	return geo.Point{Lon: onGrid(lon), Lat: onGrid(lat)}
}

// char returns a character, a blank outside the drawing.
func (p *plot) char(line, column int) rune {
	if line < 0 || line >= len(p.lines) || column < 0 || column >= len(p.lines[line]) {
		return ' '
	}
	return p.lines[line][column]
}

func (p *plot) isMark(r rune) bool {
	_, place := p.Places[r]
	_, people := p.People[r]
	return place || people
}

// direction is a step on the drawing and the street that runs that way.
type direction struct {
	line, column int
	street       rune
}

var (
	east  = direction{0, 1, '-'}
	south = direction{1, 0, '|'}
)

// joined reports whether a street leads from a character to the next.
func (p *plot) joined(line, column int, d direction) bool {
	a, b := p.char(line, column), p.char(line+d.line, column+d.column)
	leads := func(r rune) bool { return r == d.street || r == '+' }
	switch {
	case leads(a) && leads(b):
		return true
	case p.isMark(a) && leads(b):
		return b == d.street || leads(p.char(line-d.line, column-d.column))
	case leads(a) && p.isMark(b):
		return a == d.street || leads(p.char(line+2*d.line, column+2*d.column))
	}
	return false
}

func (p *plot) faults() []string {
	var faults []string
	add := func(line, column int, format string, args ...any) {
		faults = append(faults, fmt.Sprintf("%d:%d: %s", line+1, column+1, fmt.Sprintf(format, args...)))
	}
	if !(p.Metres > 0) {
		faults = append(faults, fmt.Sprintf("%v metres between characters: want more than 0", p.Metres))
	}
	drawn := make(map[rune]string)
	streets := 0
	for line, runes := range p.lines {
		for column, r := range runes {
			switch {
			case r == ' ':
			case r == '+' || r == '-' || r == '|':
				streets++
				if !p.joined(line, column, east) && !p.joined(line, column-1, east) &&
					!p.joined(line, column, south) && !p.joined(line-1, column, south) {
					add(line, column, "%q leads nowhere", r)
				}
			case !p.isMark(r):
				add(line, column, "%q is neither a street (+ - |) nor in the legend", r)
			default:
				_, once := p.Places[r]
				if where, before := drawn[r]; before && once {
					add(line, column, "place %q is also at %s: draw it once", r, where)
				}
				drawn[r] = fmt.Sprintf("%d:%d", line+1, column+1)
			}
			for _, d := range []direction{east, south} {
				next := p.char(line+d.line, column+d.column)
				if r == '-' && next == '|' || r == '|' && next == '-' {
					add(line, column, "%q meets %q: draw + where streets meet", r, next)
				}
				if p.isMark(r) && p.isMark(next) {
					add(line, column, "%q and %q stand side by side: leave a blank or a street between marks", r, next)
				}
			}
		}
	}
	if streets == 0 {
		add(0, 0, "no street is drawn")
	}
	return append(faults, p.legendFaults(drawn)...)
}

func (p *plot) legendFaults(drawn map[rune]string) []string {
	var faults []string
	for _, r := range slices.Sorted(maps.Keys(p.Places)) {
		_, both := p.People[r]
		switch {
		case strings.ContainsRune("+-| ", r):
			faults = append(faults, fmt.Sprintf("legend: %q is a street and no mark", r))
		case both:
			faults = append(faults, fmt.Sprintf("legend: %q is a place and people", r))
		case drawn[r] == "":
			faults = append(faults, fmt.Sprintf("legend: place %q is not drawn", r))
		}
	}
	for _, r := range slices.Sorted(maps.Keys(p.People)) {
		if strings.ContainsRune("+-| ", r) {
			faults = append(faults, fmt.Sprintf("legend: %q is a street and no mark", r))
		}
	}
	return faults
}

// extract draws each straight run of streets as one way.
func (p *plot) extract() *osm.Extract {
	e := &osm.Extract{}
	index := make(map[[2]int]uint32)
	node := func(line, column int) uint32 {
		at := [2]int{line, column}
		if _, ok := index[at]; !ok {
			index[at] = uint32(len(e.Nodes))
			e.Nodes = append(e.Nodes, p.at(line, column))
		}
		return index[at]
	}
	for _, d := range []direction{east, south} {
		for line := range p.lines {
			for column := range p.columns {
				if p.joined(line-d.line, column-d.column, d) || !p.joined(line, column, d) {
					continue // not where a run begins
				}
				run := []uint32{node(line, column)}
				for k := 0; p.joined(line+k*d.line, column+k*d.column, d); k++ {
					run = append(run, node(line+(k+1)*d.line, column+(k+1)*d.column))
				}
				e.Streets = append(e.Streets, osm.Street{WayID: int64(len(e.Streets) + 1), Highway: "residential", Nodes: run})
			}
		}
	}
	return e
}

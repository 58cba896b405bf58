package siting

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"lifecircle"
)

// InstanceFormat names a file format of published instances.
type InstanceFormat string

// The formats: Beasley's OR-Library p-median graphs; points with demand
// (TSPLIB-like, as of AILS-MCLP); capacitated p-median points (Lorena and Senne's
// SJC, and OR-Library's pmedcap, which holds several problems).
const (
	ORLib InstanceFormat = "orlib"
	Geo   InstanceFormat = "mclp"
	CPMP  InstanceFormat = "cpmp"
)

// Instance says which problem of a file is meant.
type Instance struct {
	Format  InstanceFormat
	Model   Model
	Number  int     // in a file of several; 0: the first
	P       int     // 0: the file's
	RadiusM float64 // metres within which a demand is covered
}

// ReadInstance reads a published instance as a problem of the model. Faults name
// the line.
func ReadInstance(r io.Reader, in Instance) (*Problem, error) {
	l := &lines{s: bufio.NewScanner(r)}
	l.s.Buffer(nil, 1<<20)
	var p *Problem
	var err error
	switch in.Format {
	case ORLib:
		p, err = readORLib(l)
	case Geo:
		p, err = readGeo(l, in)
	case CPMP:
		p, err = readCPMP(l, in)
	default:
		return nil, lifecircle.Errorf("siting_instance", "instance format %q is not known: want orlib, mclp or cpmp", in.Format)
	}
	if err != nil {
		return nil, err
	}
	p.Model = in.Model
	if in.P > 0 {
		p.Limits.Count = in.P
	}
	switch {
	case in.Model.covering() && in.P == 0, in.Model == LSCPB && in.P == 0:
		p.Limits.Count = 0
	case in.Model == PDispersion:
		p.Between = func(a, b int) int32 {
			t, ok := p.Reach.Time(a, b)
			if !ok {
				return math.MaxInt32
			}
			return t
		}
	}
	if in.RadiusM > 0 {
		p.Cutoff = int32(math.Ceil(in.RadiusM * float64(max(p.Scale, 1))))
	}
	return p, nil
}

// lines reads numbers and knows where it is. It keeps its first fault, as a
// bufio.Scanner does: after one every number is 0, and readers look at err where
// a number decides how far they go on.
type lines struct {
	s    *bufio.Scanner
	line int
	rest []string
	err  error
}

func (l *lines) next() (string, bool) {
	if !l.s.Scan() {
		return "", false
	}
	l.line++
	return strings.TrimSpace(l.s.Text()), true
}

func (l *lines) fault(format string, args ...any) error {
	return lifecircle.Errorf("siting_instance", "line %d: %s", l.line, fmt.Sprintf(format, args...))
}

// number reads the next number, wherever the lines break.
func (l *lines) number() float64 {
	if l.err != nil {
		return 0
	}
	for len(l.rest) == 0 {
		text, ok := l.next()
		if !ok {
			if l.err = l.s.Err(); l.err == nil {
				l.err = l.fault("the file ends too early")
			}
			return 0
		}
		l.rest = strings.Fields(text)
	}
	x, err := strconv.ParseFloat(l.rest[0], 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		l.err = l.fault("%q is no number", l.rest[0])
		return 0
	}
	l.rest = l.rest[1:]
	return x
}

// whole reads a whole number between two bounds, both included.
func (l *lines) whole(what string, least, most int) int {
	x := l.number()
	if l.err == nil && (x != math.Trunc(x) || x < float64(least) || x > float64(most)) {
		l.err = l.fault("%s is %v, want a whole number from %d to %d", what, x, least, most)
	}
	if l.err != nil {
		return 0
	}
	return int(x)
}

// mostPoints bounds complete matrices to 8 bytes × 20,000².
const mostPoints = 20_000

// complete makes a problem in which every point is demand and candidate.
func complete(n int) *Problem {
	p := &Problem{Demand: make([]Demand, n), Candidates: make([]Candidate, n), Areas: []string{""}, Scale: 1}
	for i := range n {
		p.Demand[i] = Demand{ID: strconv.Itoa(i + 1), Weight: 1, Load: 1}
		p.Candidates[i] = Candidate{ID: strconv.Itoa(i + 1)}
	}
	return p
}

func readORLib(l *lines) (*Problem, error) {
	n := l.whole("the number of vertices", 1, mostPoints)
	edges := l.whole("the number of edges", 1, mostPoints*mostPoints)
	count := l.whole("p", 1, n)
	if l.err != nil {
		return nil, l.err
	}
	const far = math.MaxInt32 / 2
	d := make([]int32, n*n)
	for k := range d {
		d[k] = far
	}
	for i := range n {
		d[i*n+i] = 0
	}
	for range edges {
		a, b, c := l.whole("a vertex", 1, n), l.whole("a vertex", 1, n), l.whole("the cost of an edge", 0, 1_000_000)
		if l.err != nil {
			return nil, l.err
		}
		if a != b {
			// The last of several edges counts, as the library's note says.
			d[(a-1)*n+b-1], d[(b-1)*n+a-1] = int32(c), int32(c)
		}
	}
	for k := range n {
		through := d[k*n : k*n+n]
		for i := range n {
			row, via := d[i*n:i*n+n], d[i*n+k]
			if via == far {
				continue
			}
			for j, t := range through {
				if s := via + t; s < row[j] {
					row[j] = s
				}
			}
		}
	}
	p := complete(n)
	p.Limits.Count = count
	p.Reach = NewReach(n)
	p.Reach.Grow(n * n)
	return p, p.matrix(func(a, b int) (int32, bool) { return d[a*n+b], d[a*n+b] < far })
}

// matrix fills Reach from a function of candidate and demand.
func (p *Problem) matrix(time func(a, b int) (int32, bool)) error {
	var demand, times []int32
	for a := range p.Candidates {
		demand, times = demand[:0], times[:0]
		for b := range p.Demand {
			if t, ok := time(a, b); ok {
				demand, times = append(demand, int32(b)), append(times, t)
			}
		}
		if err := p.Reach.Add(demand, times); err != nil {
			return err
		}
	}
	return nil
}

// instanceEarthM is the radius with which the published best values of the
// census instances were computed.
const instanceEarthM = 6_378_100

// readGeo reads points as latitude and longitude, then one weight each; times
// are great-circle distances in millimetres, so that the radius cuts exactly.
func readGeo(l *lines, in Instance) (*Problem, error) {
	n := 0
	for {
		text, ok := l.next()
		if !ok {
			return nil, l.fault("no NODE_COORD_SECTION")
		}
		if rest, ok := strings.CutPrefix(text, "DIMENSION"); ok {
			var err error
			if n, err = strconv.Atoi(strings.Trim(rest, " :\t")); err != nil || n < 1 || n > 5*mostPoints {
				return nil, l.fault("DIMENSION %q is no number of points", rest)
			}
		}
		if strings.HasPrefix(text, "NODE_COORD_SECTION") {
			break
		}
	}
	if n == 0 {
		return nil, l.fault("no DIMENSION before the points")
	}
	p := complete(n)
	lat, lon := make([]float64, n), make([]float64, n)
	for i := range n {
		lat[i], lon[i] = l.number(), l.number()
		if l.err != nil {
			return nil, l.err
		}
		if math.Abs(lat[i]) > 90 || math.Abs(lon[i]) > 180 {
			return nil, l.fault("%v %v is no latitude and longitude", lat[i], lon[i])
		}
	}
	if text, _ := l.next(); !strings.HasPrefix(text, "DEMAND_SECTION") {
		return nil, l.fault("want DEMAND_SECTION after %d points, found %q", n, text)
	}
	for i := range n {
		w := l.whole("the weight", 0, 1_000_000_000)
		if l.err != nil {
			return nil, l.err
		}
		p.Demand[i].Weight, p.Demand[i].Load = int64(w), int64(w)
	}
	p.Scale = 1000
	p.Reach = NewReach(n)
	const rad = math.Pi / 180
	x, y, z := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range n {
		x[i], y[i] = math.Cos(lat[i]*rad)*math.Cos(lon[i]*rad), math.Cos(lat[i]*rad)*math.Sin(lon[i]*rad)
		z[i] = math.Sin(lat[i] * rad)
	}
	return p, p.matrix(func(a, b int) (int32, bool) {
		chord := math.Sqrt((x[a]-x[b])*(x[a]-x[b]) + (y[a]-y[b])*(y[a]-y[b]) + (z[a]-z[b])*(z[a]-z[b]))
		metres := 2 * instanceEarthM * math.Asin(min(1, chord/2))
		if in.RadiusM > 0 && in.Model != PMedian && in.Model != PCentre && in.Model != PDispersion && metres > in.RadiusM {
			return 0, false
		}
		return int32(math.Ceil(metres * 1000)), metres < 2e6
	})
}

// cpmpScale keeps five decimals of real distances.
const cpmpScale = 100_000

func readCPMP(l *lines, in Instance) (*Problem, error) {
	first, ok := l.next()
	if !ok {
		return nil, l.fault("the file is empty")
	}
	l.rest = strings.Fields(first)
	if len(l.rest) == 1 {
		return readPmedcap(l, max(in.Number, 1))
	}
	if in.Number > 1 {
		return nil, l.fault("the file holds one problem, not %d", in.Number)
	}
	n := l.whole("the number of points", 1, mostPoints)
	count := l.whole("p", 1, n)
	if l.err != nil {
		return nil, l.err
	}
	p := complete(n)
	p.Limits.Count, p.Scale, p.Whole = count, cpmpScale, true
	x, y := make([]float64, n), make([]float64, n)
	for i := range n {
		x[i], y[i] = l.number(), l.number()
		p.Candidates[i].Capacity, p.Demand[i].Load = int64(l.number()), int64(l.number())
		if l.err != nil {
			return nil, l.err
		}
	}
	p.Reach = NewReach(n)
	return p, p.matrix(func(a, b int) (int32, bool) {
		d := math.Hypot(x[a]-x[b], y[a]-y[b]) * cpmpScale
		return int32(math.Round(d)), d < math.MaxInt32
	})
}

// readPmedcap reads one of several problems: "number best", "n p capacity", then
// n lines "index x y load". Distances are Euclidean, rounded down.
func readPmedcap(l *lines, number int) (*Problem, error) {
	problems := l.whole("the number of problems", 1, 10_000)
	if l.err != nil {
		return nil, l.err
	}
	if number > problems {
		return nil, l.fault("the file holds %d problems, not %d", problems, number)
	}
	for {
		at := l.whole("a problem's number", 1, problems)
		l.number() // the best known value
		n := l.whole("the number of points", 1, mostPoints)
		count := l.whole("p", 1, n)
		capacity := int64(l.number())
		if l.err != nil {
			return nil, l.err
		}
		p := complete(n)
		p.Limits.Count, p.Whole = count, true
		x, y := make([]float64, n), make([]float64, n)
		for i := range n {
			l.number() // its index
			x[i], y[i] = l.number(), l.number()
			p.Demand[i].Load, p.Candidates[i].Capacity = int64(l.number()), capacity
		}
		if l.err != nil {
			return nil, l.err
		}
		if at != number {
			continue
		}
		p.Reach = NewReach(n)
		return p, p.matrix(func(a, b int) (int32, bool) {
			return int32(math.Floor(math.Hypot(x[a]-x[b], y[a]-y[b]))), true
		})
	}
}

package geo

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Ring is a closed line of positions: the last one is the first.
type Ring []Point

// Polygon is an outer ring, anticlockwise, and its holes, clockwise (RFC 7946).
type Polygon []Ring

// Shape is ground: polygons apart from each other, each maybe with holes. Its
// positions are whole units of 1e-7 degrees, about a centimetre, so that shapes
// that share a line share it to the bit. A Shape never changes; the zero Shape is
// no ground.
type Shape struct {
	polygons [][]line
	body     []byte
	hash     string
}

// node is a position in units of 1e-7 degrees.
type node struct{ x, y int32 }

const nodesPerDegree = 1e7

func nodeOf(p Point) node {
	return node{int32(math.Round(p.Lon * nodesPerDegree)), int32(math.Round(p.Lat * nodesPerDegree))}
}

func (n node) point() Point {
	return Point{float64(n.x) / nodesPerDegree, float64(n.y) / nodesPerDegree}
}

func compareNodes(a, b node) int { return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.y, b.y)) }

// line is a ring without its repeated last position.
type line []node

// maxPositions bounds a shape: China's coast in every detail has a tenth of it.
const maxPositions = 2_000_000

// ShapeError is what makes polygons no ground, and where.
type ShapeError struct {
	At      Point
	Message string
}

// Error implements error.
func (e *ShapeError) Error() string {
	return fmt.Sprintf("%s at %.6f, %.6f", e.Message, e.At.Lon, e.At.Lat)
}

func faultAt(n node, format string, args ...any) error {
	return &ShapeError{n.point(), fmt.Sprintf(format, args...)}
}

// NewShape checks polygons and makes a shape of them. Each ring must be closed and
// enclose ground; no ring may cross itself or another, though they may touch in a
// point. Rings are turned the right way round, and begin where the same ring
// always begins, whoever drew it. The first fault is an error, a *ShapeError where
// it has a place.
func NewShape(polygons []Polygon) (Shape, error) {
	var s Shape
	positions, bounds := 0, EmptyBounds()
	for _, polygon := range polygons {
		for _, ring := range polygon {
			for _, p := range ring {
				bounds = bounds.Extend(p)
			}
		}
	}
	if bounds.Max.Lon-bounds.Min.Lon > 180 {
		return Shape{}, errors.New("it spans more than 180 degrees: no area does")
	}
	for _, polygon := range polygons {
		var lines []line
		for i, ring := range polygon {
			if positions += len(ring); positions > maxPositions {
				return Shape{}, fmt.Errorf("more than %d positions", maxPositions)
			}
			l, err := lineOf(ring)
			if err != nil {
				return Shape{}, err
			}
			if outer := i == 0; (l.twice() > 0) != outer {
				slices.Reverse(l)
			}
			lines = append(lines, l.canonical())
		}
		if len(lines) == 0 {
			return Shape{}, errors.New("a polygon has no ring")
		}
		slices.SortFunc(lines[1:], compareLines)
		s.polygons = append(s.polygons, lines)
	}
	if len(s.polygons) == 0 {
		return Shape{}, errors.New("there is no polygon")
	}
	slices.SortFunc(s.polygons, func(a, b []line) int { return compareLines(a[0], b[0]) })
	if err := s.check(); err != nil {
		return Shape{}, err
	}
	s.encode()
	return s, nil
}

func lineOf(ring Ring) (line, error) {
	for _, p := range ring {
		if !p.Valid() {
			return nil, fmt.Errorf("position %g, %g is off the earth", p.Lon, p.Lat)
		}
	}
	if len(ring) < 4 {
		return nil, fmt.Errorf("a ring has %d positions: want four or more, the last of them the first again", len(ring))
	}
	if ring[0] != ring[len(ring)-1] {
		return nil, faultAt(nodeOf(ring[len(ring)-1]), "a ring is not closed: it ends")
	}
	l := make(line, 0, len(ring)-1)
	for _, p := range ring[1:] {
		if n := nodeOf(p); len(l) == 0 || l[len(l)-1] != n {
			l = append(l, n)
		}
	}
	for len(l) > 1 && l[0] == l[len(l)-1] {
		l = l[1:]
	}
	if len(l) < 3 || l.twice() == 0 {
		return nil, faultAt(nodeOf(ring[0]), "a ring encloses no ground")
	}
	return l, nil
}

// twice is twice the ground within, in square units: positive when anticlockwise.
// Within 180 degrees it stays below 2⁶³, as cross does.
func (l line) twice() int64 {
	var sum int64
	for i := 1; i+1 < len(l); i++ {
		sum += cross(l[0], l[i], l[i+1])
	}
	return sum
}

// cross is positive where c lies to the left of the way from a to b.
func cross(a, b, c node) int64 {
	return (int64(b.x)-int64(a.x))*(int64(c.y)-int64(a.y)) - (int64(b.y)-int64(a.y))*(int64(c.x)-int64(a.x))
}

func (l line) extent() (low, high node) {
	low, high = l[0], l[0]
	for _, n := range l {
		low, high = node{min(low.x, n.x), min(low.y, n.y)}, node{max(high.x, n.x), max(high.y, n.y)}
	}
	return low, high
}

// canonical begins at the least position; of several, at the one before the least.
func (l line) canonical() line {
	least := 0
	for i, n := range l {
		next, of := l[(i+1)%len(l)], l[(least+1)%len(l)]
		if c := compareNodes(n, l[least]); c < 0 || c == 0 && compareNodes(next, of) < 0 {
			least = i
		}
	}
	return slices.Concat(l[least:], l[:least])
}

func compareLines(a, b line) int { return slices.CompareFunc(a, b, compareNodes) }

// encode writes the body: the numbers of polygons, of the rings of each and of the
// positions of each, all as variable-length integers, and the positions as steps
// from the one before.
func (s *Shape) encode() {
	b := binary.AppendUvarint(nil, uint64(len(s.polygons)))
	var before node
	for _, lines := range s.polygons {
		b = binary.AppendUvarint(b, uint64(len(lines)))
		for _, l := range lines {
			b = binary.AppendUvarint(b, uint64(len(l)))
			for _, n := range l {
				b = binary.AppendVarint(b, int64(n.x)-int64(before.x))
				b = binary.AppendVarint(b, int64(n.y)-int64(before.y))
				before = n
			}
		}
	}
	sum := sha256.Sum256(b)
	s.body, s.hash = b, hex.EncodeToString(sum[:])
}

// ParseShape reads what Body wrote. It checks what reading needs, not again what
// NewShape checked: a hash vouches for that.
func ParseShape(body []byte) (Shape, error) {
	cut := errors.New("the shape is cut off or was changed")
	rest := body
	count := func(least int) (int, bool) {
		n, size := binary.Uvarint(rest)
		if size <= 0 || n < uint64(least) || n > uint64(len(rest)) {
			return 0, false
		}
		rest = rest[size:]
		return int(n), true
	}
	step := func(from int32) (int32, bool) {
		n, size := binary.Varint(rest)
		if size <= 0 || n < -math.MaxUint32 || n > math.MaxUint32 {
			return 0, false
		}
		rest = rest[size:]
		to := int64(from) + n
		return int32(to), to >= math.MinInt32 && to <= math.MaxInt32
	}
	var s Shape
	polygons, ok := count(1)
	if !ok {
		return Shape{}, cut
	}
	var at node
	for range polygons {
		rings, ok := count(1)
		if !ok {
			return Shape{}, cut
		}
		var lines []line
		for range rings {
			positions, ok := count(3)
			if !ok {
				return Shape{}, cut
			}
			l := make(line, positions)
			for i := range l {
				x, okX := step(at.x)
				y, okY := step(at.y)
				if !okX || !okY {
					return Shape{}, cut
				}
				at = node{x, y}
				l[i] = at
			}
			lines = append(lines, l)
		}
		s.polygons = append(s.polygons, lines)
	}
	if len(rest) > 0 {
		return Shape{}, cut
	}
	sum := sha256.Sum256(body)
	s.body, s.hash = slices.Clone(body), hex.EncodeToString(sum[:])
	return s, nil
}

// Body returns the shape as ParseShape reads it: some four bytes a position. Do
// not change it.
func (s Shape) Body() []byte { return s.body }

// Hash names the shape by its content: the SHA-256 of Body in hexadecimal.
func (s Shape) Hash() string { return s.hash }

// Polygons returns the ground as polygons.
func (s Shape) Polygons() []Polygon { return closed(s.polygons) }

func closed(all [][]line) []Polygon {
	polygons := make([]Polygon, len(all))
	for i, lines := range all {
		for _, l := range lines {
			ring := make(Ring, 0, len(l)+1)
			for _, n := range l {
				ring = append(ring, n.point())
			}
			polygons[i] = append(polygons[i], append(ring, ring[0]))
		}
	}
	return polygons
}

// Bounds returns the box around the shape.
func (s Shape) Bounds() Bounds {
	b := EmptyBounds()
	for _, lines := range s.polygons {
		low, high := lines[0].extent()
		b = b.Extend(low.point()).Extend(high.point())
	}
	return b
}

// Contains reports whether a position lies on the ground; on the line between two
// shapes it lies in one of them.
func (s Shape) Contains(p Point) bool {
	in := false
	for _, lines := range s.polygons {
		low, high := lines[0].extent()
		if n := nodeOf(p); n.x >= low.x && n.x <= high.x && n.y >= low.y && n.y <= high.y {
			for _, l := range lines {
				in = in != l.contains(n)
			}
		}
	}
	return in
}

// contains counts the sides that a ray to the east crosses.
func (l line) contains(p node) bool {
	in := false
	for i, b := range l {
		a := l[(i+len(l)-1)%len(l)]
		if (a.y > p.y) == (b.y > p.y) {
			continue
		}
		left := cross(a, b, p) > 0
		if left == (b.y > a.y) {
			in = !in
		}
	}
	return in
}

// segment is a side of a ring.
type segment struct {
	a, b node
	ring int // which of all rings
	at   int // which of its sides
}

func (s segment) west() int32  { return min(s.a.x, s.b.x) }
func (s segment) east() int32  { return max(s.a.x, s.b.x) }
func (s segment) south() int32 { return min(s.a.y, s.b.y) }
func (s segment) north() int32 { return max(s.a.y, s.b.y) }

// check looks for rings that cross, and for rings that lie in one another other
// than as holes.
func (s Shape) check() error {
	var rings []line
	var hole []bool
	owner := []int{}
	for i, lines := range s.polygons {
		for k, l := range lines {
			rings, hole, owner = append(rings, l), append(hole, k > 0), append(owner, i)
		}
	}
	if err := uncrossed(rings); err != nil {
		return err
	}
	if len(rings) == 1 {
		return nil
	}
	outside := func(i int) error { return faultAt(rings[i][0], "a hole lies outside the ground it is cut from") }
	first := func(i int) int { return slices.Index(owner, owner[i]) }
	for i, l := range rings {
		depth := 0
		for k, other := range rings {
			if k == i {
				continue
			}
			within := inside(l, other)
			if within {
				depth++
			}
			if hole[i] && k == first(i) && !within {
				return outside(i)
			}
		}
		switch {
		case hole[i] && depth%2 == 0:
			return faultAt(l[0], "a hole lies in another")
		case !hole[i] && depth%2 == 1:
			return faultAt(l[0], "a polygon lies on the ground of another")
		}
	}
	return nil
}

// inside reports whether one ring lies within another that it does not cross: its
// first position that is not on the other's line tells, else the middle of a side.
func inside(l, other line) bool {
	low, high := other.extent()
	mine, top := l.extent()
	if mine.x < low.x || mine.y < low.y || top.x > high.x || top.y > high.y {
		return false
	}
	for _, n := range l {
		if !other.touches(n) {
			return other.contains(n)
		}
	}
	for i, a := range l {
		b := l[(i+1)%len(l)]
		middle := node{int32((int64(a.x) + int64(b.x)) / 2), int32((int64(a.y) + int64(b.y)) / 2)}
		if !other.touches(middle) {
			return other.contains(middle)
		}
	}
	return false
}

func (l line) touches(p node) bool {
	for i, b := range l {
		a := l[(i+len(l)-1)%len(l)]
		if (segment{a: a, b: b}).holds(p) {
			return true
		}
	}
	return false
}

// holds reports whether a position lies on the segment.
func (s segment) holds(p node) bool {
	return p.x >= s.west() && p.x <= s.east() && p.y >= s.south() && p.y <= s.north() && cross(s.a, s.b, p) == 0
}

// uncrossed sweeps over all sides from the west and compares those that lie over
// one another.
func uncrossed(rings []line) error {
	var all []segment
	for r, l := range rings {
		for i, a := range l {
			all = append(all, segment{a, l[(i+1)%len(l)], r, i})
		}
	}
	slices.SortFunc(all, func(a, b segment) int { return cmp.Compare(a.west(), b.west()) })
	var open []segment
	for _, s := range all {
		kept := open[:0]
		for _, o := range open {
			if o.east() < s.west() {
				continue
			}
			kept = append(kept, o)
			if o.north() < s.south() || o.south() > s.north() {
				continue
			}
			if at, bad := meet(rings, o, s); bad {
				if o.ring == s.ring {
					return faultAt(at, "a ring crosses itself")
				}
				return faultAt(at, "two rings cross")
			}
		}
		open = append(kept, s)
	}
	return nil
}

// meet reports whether two sides meet in a way that rings must not: they cross,
// share a length, or touch in a point where the rings cross.
func meet(rings []line, s, o segment) (at node, bad bool) {
	a, b := cross(s.a, s.b, o.a), cross(s.a, s.b, o.b)
	c, d := cross(o.a, o.b, s.a), cross(o.a, o.b, s.b)
	if a == 0 && b == 0 { // on one line
		var shared []node
		for _, n := range []node{s.a, s.b} {
			if o.holds(n) {
				shared = append(shared, n)
			}
		}
		for _, n := range []node{o.a, o.b} {
			if s.holds(n) && !slices.Contains(shared, n) {
				shared = append(shared, n)
			}
		}
		if len(shared) > 1 {
			return shared[0], true
		}
	}
	for _, n := range []node{s.a, s.b, o.a, o.b} {
		if s.holds(n) && o.holds(n) {
			return n, passes(around(rings[s.ring], s, n), around(rings[o.ring], o, n), n)
		}
	}
	opposite := func(a, b int64) bool { return a > 0 && b < 0 || a < 0 && b > 0 }
	return s.a, opposite(a, b) && opposite(c, d)
}

// around returns the positions from which and to which a ring passes n, which lies
// on one of its sides.
func around(l line, s segment, n node) [2]node {
	switch n {
	case s.a:
		return [2]node{l[(s.at+len(l)-1)%len(l)], s.b}
	case s.b:
		return [2]node{s.a, l[(s.at+2)%len(l)]}
	}
	return [2]node{s.a, s.b}
}

// passes reports whether two ways through a position cross there: of the second
// way one end lies within the angle of the first and the other does not. Ways that
// share a side do not pass; that they must not share one is found elsewhere.
func passes(one, two [2]node, at node) bool {
	for _, a := range one {
		for _, b := range two {
			if a == b {
				return false
			}
		}
	}
	within := func(n node) bool { // to the left of one, turning from its second end to its first
		left, right := cross(at, one[1], n) > 0, cross(at, n, one[0]) > 0
		if cross(at, one[1], one[0]) > 0 {
			return left && right
		}
		return left || right
	}
	return within(two[0]) != within(two[1])
}

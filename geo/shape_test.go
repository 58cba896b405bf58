package geo

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func ring(xy ...float64) Ring {
	var r Ring
	for i := 0; i < len(xy); i += 2 {
		r = append(r, Point{xy[i], xy[i+1]})
	}
	return append(r, r[0])
}

func square(x, y, side float64) Ring {
	return ring(x, y, x+side, y, x+side, y+side, x, y+side)
}

func reversed(r Ring) Ring {
	r = slices.Clone(r)
	slices.Reverse(r)
	return r
}

// TestNewShape: what is ground and what is not.
func TestNewShape(t *testing.T) {
	open := square(0, 0, 1)[:4]
	cases := map[string]struct {
		polygons []Polygon
		fault    string // "" for none
	}{
		"a square":                         {[]Polygon{{square(0, 0, 1)}}, ""},
		"clockwise, which is turned":       {[]Polygon{{reversed(square(0, 0, 1))}}, ""},
		"with a hole":                      {[]Polygon{{square(0, 0, 3), square(1, 1, 1)}}, ""},
		"with a hole that touches":         {[]Polygon{{square(0, 0, 4), ring(0, 2, 1, 1, 1, 3)}}, ""},
		"an island in a hole":              {[]Polygon{{square(0, 0, 5), square(1, 1, 3)}, {square(2, 2, 1)}}, ""},
		"two squares that touch":           {[]Polygon{{square(0, 0, 1)}, {square(1, 1, 1)}}, ""},
		"a ring that touches itself":       {[]Polygon{{ring(0, 0, 4, 0, 4, 4, 2, 0.5, 0, 4)}, {ring(9, 0, 10, 0, 11, 2, 12, 0, 13, 0, 11, 2)}}, ""},
		"doubled positions":                {[]Polygon{{ring(0, 0, 0, 0, 1, 0, 1, 0, 1, 1)}}, ""},
		"nothing":                          {nil, "no polygon"},
		"a polygon without rings":          {[]Polygon{{}}, "no ring"},
		"a ring that is not closed":        {[]Polygon{{open}}, "not closed"},
		"two positions":                    {[]Polygon{{ring(0, 0, 1, 1)}}, "want four"},
		"no ground":                        {[]Polygon{{ring(0, 0, 1, 1, 2, 2)}}, "no ground"},
		"one position many times":          {[]Polygon{{ring(1, 1, 1, 1, 1, 1)}}, "no ground"},
		"a bow tie":                        {[]Polygon{{ring(0, 0, 3, 3, 3, 0, 0, 2)}}, "crosses itself"},
		"a bow tie tied in a position":     {[]Polygon{{ring(0, 0, 1, 1, 2, 2, 2, 0, 1, 1, 0, 3)}}, "crosses itself"},
		"a spike":                          {[]Polygon{{ring(0, 0, 2, 0, 2, 2, 2, 0, 2, -1, 0, -1)}}, "crosses itself"},
		"a hole outside":                   {[]Polygon{{square(0, 0, 1), square(5, 5, 1)}}, "outside"},
		"a hole across":                    {[]Polygon{{square(0, 0, 2), square(1, 1, 2)}}, "cross"},
		"a hole through positions":         {[]Polygon{{ring(0, 0, 2, 0, 4, 0, 4, 4, 2, 4, 0, 4), ring(2, 0, 3, -2, 6, 2, 2, 4)}}, "cross"},
		"a hole in a hole":                 {[]Polygon{{square(0, 0, 5), square(1, 1, 3), square(2, 2, 1)}}, "lies in another"},
		"the same square twice":            {[]Polygon{{square(0, 0, 1)}, {square(0, 0, 1)}}, "cross"},
		"a polygon on another":             {[]Polygon{{square(0, 0, 3)}, {square(1, 1, 1)}}, "on the ground of another"},
		"neighbours that share a side":     {[]Polygon{{square(0, 0, 1)}, {square(1, 0, 1)}}, "cross"},
		"off the earth":                    {[]Polygon{{ring(0, 0, 200, 0, 0, 1)}}, "180"},
		"a position that is no number":     {[]Polygon{{ring(0, 0, math.NaN(), 0, 0, 1)}}, "off the earth"},
		"from one end of the earth to one": {[]Polygon{{ring(-179, 0, 179, 0, 0, 1)}}, "180"},
	}
	for name, c := range cases {
		_, err := NewShape(c.polygons)
		switch {
		case c.fault == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.fault != "" && (err == nil || !strings.Contains(err.Error(), c.fault)):
			t.Errorf("%s: got %v, want %q", name, err, c.fault)
		}
	}
}

// TestShapeIsItsGround: whoever drew it, from wherever and in whatever order, a
// shape has one hash, and comes back from its body.
func TestShapeIsItsGround(t *testing.T) {
	one, err := NewShape([]Polygon{{square(0, 0, 9), square(1, 1, 1), square(4, 4, 1)}, {square(20, 0, 1)}})
	if err != nil {
		t.Fatal(err)
	}
	turned := ring(9, 9, 0, 9, 0, 0, 9, 0)
	two, err := NewShape([]Polygon{{reversed(square(20, 0, 1))}, {reversed(turned), reversed(square(4, 4, 1)), square(1, 1, 1)}})
	if err != nil {
		t.Fatal(err)
	}
	if one.Hash() != two.Hash() || one.Hash() == "" {
		t.Errorf("hashes %s and %s", one.Hash(), two.Hash())
	}
	back, err := ParseShape(one.Body())
	if err != nil || back.Hash() != one.Hash() {
		t.Fatalf("read back: %v", err)
	}
	polygons := back.Polygons()
	if outer := polygons[0][0]; !slices.Equal(outer, square(0, 0, 9)) {
		t.Errorf("outer ring %v", outer)
	}
	if hole := polygons[0][1]; !slices.Equal(hole, ring(1, 1, 1, 2, 2, 2, 2, 1)) {
		t.Errorf("hole %v", hole)
	}
	for at, want := range map[Point]bool{{0.5, 0.5}: true, {1.5, 1.5}: false, {4.5, 4.5}: false, {8, 8}: true, {20.5, 0.5}: true, {15, 0.5}: false, {-170, 80}: false} {
		if got := back.Contains(at); got != want {
			t.Errorf("contains %v: %v", at, got)
		}
	}
	if b := back.Bounds(); b.Min != (Point{0, 0}) || b.Max != (Point{21, 9}) {
		t.Errorf("bounds %v", b)
	}
}

// TestCrossings: over random stars and figures of few positions, a ring is refused
// exactly when two of its sides meet, as comparing every side with every other by
// fractions tells.
func TestCrossings(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	refused := 0
	for range 20000 {
		var r Ring
		for range 4 + rng.IntN(4) {
			r = append(r, Point{float64(rng.IntN(6)), float64(rng.IntN(6))})
		}
		r = append(r, r[0])
		l, err := lineOf(r)
		if err != nil {
			continue
		}
		crossed := false
		for i := range l {
			for j := i + 1; j < len(l); j++ {
				a, b, c, d := l[i], l[(i+1)%len(l)], l[j], l[(j+1)%len(l)]
				x, y := cross(a, b, c), cross(a, b, d)
				z, w := cross(c, d, a), cross(c, d, b)
				crossed = crossed || x != 0 && y != 0 && z != 0 && w != 0 && (x > 0) != (y > 0) && (z > 0) != (w > 0)
			}
		}
		_, err = NewShape([]Polygon{{r}})
		if crossed && err == nil {
			t.Fatalf("%v crosses itself and is taken", r)
		}
		if err != nil {
			refused++
		}
		// What is taken is filled alike whichever rule fills it: no position has a
		// winding number beyond one.
		if err == nil {
			for x := 0.25; x < 6; x += 0.5 {
				for y := 0.13; y < 6; y += 0.5 {
					if w := winding(l, nodeOf(Point{x, y})); w < -1 || w > 1 {
						t.Fatalf("%v is taken and winds %d times about %g, %g", r, w, x, y)
					}
				}
			}
		}
	}
	if refused < 1000 {
		t.Errorf("only %d rings were refused: the test tests little", refused)
	}
}

func winding(l line, p node) int {
	w := 0
	for i, a := range l {
		b := l[(i+1)%len(l)]
		switch {
		case a.y <= p.y && b.y > p.y && cross(a, b, p) > 0:
			w++
		case a.y > p.y && b.y <= p.y && cross(a, b, p) < 0:
			w--
		}
	}
	return w
}

// TestSimplify: neighbours keep one line between them, no position moves or strays
// farther than asked, and nothing vanishes.
func TestSimplify(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var border Ring // a wild line from south to north along 106°
	for y := 36.0; y <= 37; y += 0.001 {
		border = append(border, Point{106 + 0.002*rng.Float64(), y})
	}
	west := append(slices.Clone(border), Point{105, 37}, Point{105, 36}, border[0])
	east := append(slices.Clone(border), Point{107, 37}, Point{107, 36}, border[0])
	enclave := ring(105.5, 36.5, 105.501, 36.5, 105.501, 36.501)
	shapes := make([]Shape, 3)
	for i, p := range [][]Polygon{{{west, enclave}}, {{east}}, {{enclave}}} {
		var err error
		if shapes[i], err = NewShape(p); err != nil {
			t.Fatal(err)
		}
	}
	const metres = 60
	drawn := Simplify(shapes, metres)
	between := func(p Polygon) map[Point]bool {
		on := make(map[Point]bool)
		for _, at := range p[0] {
			if at.Lon >= 106 && at.Lon < 106.5 {
				on[at] = true
			}
		}
		return on
	}
	left, right := between(drawn[0][0]), between(drawn[1][0])
	if len(left) < 10 || len(left) > len(border)*3/4 {
		t.Errorf("%d of %d positions are left of the border", len(left), len(border))
	}
	if len(left) != len(right) {
		t.Errorf("the border has %d positions from the west and %d from the east", len(left), len(right))
	}
	for at := range left {
		if !right[at] {
			t.Fatalf("%v is on the western side of the border alone", at)
		}
	}
	for _, at := range border {
		nearest := math.Inf(1)
		ring := drawn[0][0][0]
		for i := 1; i < len(ring); i++ {
			nearest = min(nearest, away(at, ring[i-1], ring[i]))
		}
		if nearest > metres*1.01 {
			t.Fatalf("%v is %.1f m from the drawn line", at, nearest)
		}
	}
	if len(drawn[2]) != 1 || len(drawn[2][0][0]) < 4 {
		t.Errorf("the enclave of 100 m is drawn as %v", drawn[2])
	}
	if whole := Simplify(shapes, 0); len(whole[0][0][0]) != len(west) {
		t.Errorf("with 0 m, %d positions of %d", len(whole[0][0][0]), len(west))
	}
}

// away is the distance in metres of p from the side from a to b, tried at many
// places along it.
func away(p, a, b Point) float64 {
	nearest := math.Inf(1)
	for i := range 101 {
		f := float64(i) / 100
		nearest = min(nearest, Distance(p, Point{a.Lon + f*(b.Lon-a.Lon), a.Lat + f*(b.Lat-a.Lat)}))
	}
	return nearest
}

func FuzzParseShape(f *testing.F) {
	s, err := NewShape([]Polygon{{square(0, 0, 3), square(1, 1, 1)}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(s.Body())
	f.Add([]byte{1, 1, 3})
	f.Fuzz(func(t *testing.T, body []byte) {
		s, err := ParseShape(body)
		if err == nil {
			Simplify([]Shape{s}, 10)
			s.Contains(Point{1, 1})
		}
	})
}

func BenchmarkNewShape(b *testing.B) {
	const sides = 20000 // a county in OpenStreetMap
	var r Ring
	for i := range sides {
		angle, radius := 2*math.Pi*float64(i)/sides, 0.4+0.0005*math.Sin(float64(i))
		r = append(r, Point{106 + radius*math.Cos(angle), 37 + radius*math.Sin(angle)})
	}
	r = append(r, r[0])
	for b.Loop() {
		if _, err := NewShape([]Polygon{{r}}); err != nil {
			b.Fatal(err)
		}
	}
}

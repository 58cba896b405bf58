package routing_test

import (
	"slices"
	"testing"

	"lifecircle"
	"lifecircle/internal/testcity"
	"lifecircle/network"
	"lifecircle/network/routing"
)

// drawing is a town on paper with snaps of its marks.
type drawing struct {
	t    *testing.T
	net  *network.Network
	city *testcity.City
}

// draw makes a town of streets in steps of 100 m whose marks are all letters.
func draw(t *testing.T, streets string) drawing {
	t.Helper()
	legend := make(map[rune]testcity.Place)
	for _, r := range streets {
		if r >= 'A' && r <= 'Z' {
			legend[r] = testcity.Place{Kind: "kind"}
		}
	}
	city, err := testcity.Draw(testcity.Drawing{Streets: streets, Places: legend})
	if err != nil {
		t.Fatal(err)
	}
	n, err := network.Build(city.Extract())
	if err != nil {
		t.Fatal(err)
	}
	return drawing{t, n, city}
}

// snap returns where a mark meets the street; islands count.
func (d drawing) snap(mark string) network.Snap {
	d.t.Helper()
	at := slices.IndexFunc(d.city.Facilities, func(f testcity.Facility) bool { return f.ID == mark })
	s, err := d.net.SnapWith(d.city.Facilities[at].At, network.SnapConfig{Islands: true})
	if err != nil {
		d.t.Fatal(err)
	}
	return s
}

func (d drawing) source(mark string) routing.Source {
	d.t.Helper()
	return routing.Source{ID: lifecircle.FacilityID(mark), At: d.snap(mark)}
}

// walking is how people walk a network.
func walking(n *network.Network) *network.Profile {
	p, err := n.Profile(lifecircle.Walk)
	if err != nil {
		panic(err) // every network has it
	}
	return p
}

// onFoot are the streets of a network as people walk them.
func onFoot(n *network.Network) *routing.Ways {
	ways, err := routing.WaysOf(n, walking(n), nil)
	if err != nil {
		panic(err) // only an index could be of another network
	}
	return ways
}

// legsOf returns the ways on foot from a point to the ends of its street.
func legsOf(n *network.Network, at network.Snap) [2]uint32 {
	leave, _ := walking(n).Legs(at)
	return leave
}

func TestDistanceByArithmetic(t *testing.T) {
	t.Parallel()
	// A ring of 6 × 2 steps with a cross street, and an island.
	d := draw(t, `
+A--B-+   +-I-+
|   | |
C---+-+
      |
      D
`)
	search := onFoot(d.net).Search()
	for _, c := range []struct {
		from, to string
		metres   float64
	}{
		{"A", "B", 300},
		{"A", "C", 300},
		{"C", "D", 800},
		{"B", "D", 600},
		{"A", "D", 900},
	} {
		for _, pair := range [][2]string{{c.from, c.to}, {c.to, c.from}} {
			got, ok := search.Distance(d.snap(pair[0]), d.snap(pair[1]))
			if !ok || got.Metres() != c.metres {
				t.Errorf("%s to %s: %s m, %v, want %v m", pair[0], pair[1], got, ok, c.metres)
			}
		}
	}
	if got, ok := search.Distance(d.snap("A"), d.snap("I")); ok {
		t.Errorf("the island is %s m away, want unreachable", got)
	}
}

func TestSameStreet(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, streets string
		metres        float64
	}{
		{"along it", `
+A--------B+
|          |
+---+------+
    |
    +
`, 900},
		// A loop: 12 steps over the top, 1 + 3 + 3 + 1 through its crossing.
		{"the way round", `
+-----+
|     |
|     |
A     B
+--+--+
   |
   +
`, 800},
		// Two streets join the same crossings: 2 + 4 + 2 steps down the west side.
		{"on parallel streets", `
+-A------+
|        |
+--------+--+
|        |
+-B------+
`, 800},
		// The upper of two parallel streets is longer.
		{"past parallel streets", `
  +-+
  | |
A-+-+-B
`, 600},
	} {
		d := draw(t, c.streets)
		got, ok := onFoot(d.net).Search().Distance(d.snap("A"), d.snap("B"))
		if !ok || got.Metres() != c.metres {
			t.Errorf("%s: %s m, %v, want %v m", c.name, got, ok, c.metres)
		}
	}
}

func TestLimitsAreInclusive(t *testing.T) {
	t.Parallel()
	d := draw(t, "A---------B\n\nC--------+")
	a, b := d.snap("A"), d.snap("B")
	search := onFoot(d.net).Search()
	points := []network.Snap{b, d.snap("C")}
	table := onFoot(d.net).Compute([]routing.Source{{ID: "B", At: b}}, 1)
	for _, c := range []struct {
		limit  lifecircle.Decimetres
		inside bool
	}{{10000, true}, {9999, false}, {10001, true}} {
		nodes := 0
		search.Within(a, c.limit, func(uint32, lifecircle.Decimetres) { nodes++ })
		if (nodes == 2) != c.inside {
			t.Errorf("within %s m: %d nodes", c.limit, nodes)
		}
		var caught []int
		for i, at := range points {
			d, ok := search.From(at, legsOf(d.net, at))
			if ok {
				caught = append(caught, i)
			}
			if ok && d != 10000 {
				t.Errorf("B is %s m away, want 1000 m", d)
			}
		}
		if (len(caught) == 1) != c.inside || len(caught) > 1 {
			t.Errorf("within %s m: points %v", c.limit, caught)
		}
		if near := table.Count(a, uint32(c.limit)); (near == 1) != c.inside {
			t.Errorf("within %s m: %d sources", c.limit, near)
		}
	}
}

// Legs beside the street are walked at both ends.
func TestLegsCount(t *testing.T) {
	t.Parallel()
	d := draw(t, `
+--------+
 A     B
`)
	if d.snap("A").Leg != 1000 {
		t.Fatalf("leg of %s m, want 100 m", d.snap("A").Leg)
	}
	got, ok := onFoot(d.net).Search().Distance(d.snap("A"), d.snap("B"))
	if !ok || got.Metres() != 800 {
		t.Errorf("%s m, %v, want 800 m", got, ok)
	}
	table := onFoot(d.net).Compute([]routing.Source{d.source("B")}, 2)
	labels := table.Nearest(d.snap("A"), nil)
	if len(labels) != 1 || labels[0] != (routing.Label{Source: 0, Distance: 8000}) {
		t.Errorf("nearest %v, want B at 800 m", labels)
	}
}

func TestNearestOrder(t *testing.T) {
	t.Parallel()
	// From M: B and A are both 300 m away, C 500 m; the lower ID comes first.
	d := draw(t, "C-B--M--A+")
	want := []routing.Label{{Source: 2, Distance: 3000}, {Source: 1, Distance: 3000}, {Source: 0, Distance: 5000}}
	table := onFoot(d.net).Compute([]routing.Source{d.source("C"), d.source("B"), d.source("A")}, 5)
	buf := make([]routing.Label, 3, 8) // what is in the buffer does not matter
	if got := table.Nearest(d.snap("M"), buf); !slices.Equal(got, want) {
		t.Errorf("nearest %v, want %v", got, want)
	}
	if table.Len() != 3 || table.K() != 5 {
		t.Errorf("%d sources, k %d", table.Len(), table.K())
	}
	without, _ := table.Without("B")
	if got := without.Nearest(d.snap("M"), nil); !slices.Equal(got, []routing.Label{{Source: 2, Distance: 3000}, {Source: 0, Distance: 5000}}) {
		t.Errorf("without B: %v", got)
	}
	if same, _ := table.Without("Z"); same != table {
		t.Error("without a source it does not hold, a table should be the same")
	}
}

func TestSameIDTwicePanics(t *testing.T) {
	t.Parallel()
	d := draw(t, "A--B")
	for name, f := range map[string]func(){
		"Compute": func() { onFoot(d.net).Compute([]routing.Source{d.source("A"), d.source("A")}, 1) },
		"With":    func() { onFoot(d.net).Compute([]routing.Source{d.source("A")}, 1).With(d.source("A")) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s took two sources of one ID", name)
				}
			}()
			f()
		}()
	}
}

// Every node of a grid town is as far from a corner as the steps between them.
func TestGrid(t *testing.T) {
	t.Parallel()
	const columns, rows, step = 30, 20, 2500
	city, err := testcity.Grid(columns, rows, 250)
	if err != nil {
		t.Fatal(err)
	}
	n, err := network.Build(city.Extract())
	if err != nil {
		t.Fatal(err)
	}
	corner, err := n.Snap(city.At(1, 1))
	if err != nil {
		t.Fatal(err)
	}
	search := onFoot(n).Search()
	for line := 1; line <= rows; line++ {
		for column := 1; column <= columns; column++ {
			to, err := n.Snap(city.At(line, column))
			if err != nil {
				t.Fatal(err)
			}
			want := lifecircle.Decimetres(step * (line - 1 + column - 1))
			if got, ok := search.Distance(corner, to); !ok || got != want {
				t.Fatalf("to %d:%d: %s m, %v, want %s m", line, column, got, ok, want)
			}
		}
	}
	nodes := 0
	search.Within(corner, 3*step, func(uint32, lifecircle.Decimetres) { nodes++ })
	// Within three steps of a corner lie 1 + 2 + 3 + 4 crossings, of which the
	// corner itself is a bend and no node.
	if nodes != 9 {
		t.Errorf("%d nodes within three steps, want 9", nodes)
	}
}

// With shares the pages it does not touch, and searches no farther than needed.
func TestWithTouchesLittle(t *testing.T) {
	t.Parallel()
	city, err := testcity.Grid(100, 100, 100)
	if err != nil {
		t.Fatal(err)
	}
	n, err := network.Build(city.Extract())
	if err != nil {
		t.Fatal(err)
	}
	at := func(line, column int) network.Snap {
		s, err := n.Snap(city.At(line, column))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	table := onFoot(n).Compute([]routing.Source{{ID: "a", At: at(50, 50)}, {ID: "b", At: at(50, 52)}, {ID: "c", At: at(52, 50)}, {ID: "d", At: at(48, 50)}, {ID: "e", At: at(50, 48)}}, 1)
	_, touched := table.With(routing.Source{ID: "f", At: at(51, 50)})
	// f lies between a and c, and of its own line b and e take over at the second
	// step: it is nearest at its crossing and one step to each side.
	if len(touched) != 3 {
		t.Errorf("%d nodes touched, want 3", len(touched))
	}
}

func TestSearchDoesNotAllocate(t *testing.T) {
	city, err := testcity.Grid(50, 50, 100)
	if err != nil {
		t.Fatal(err)
	}
	n, err := network.Build(city.Extract())
	if err != nil {
		t.Fatal(err)
	}
	from, err := n.Snap(city.At(25, 25))
	if err != nil {
		t.Fatal(err)
	}
	search := onFoot(n).Search()
	visit := func(uint32, lifecircle.Decimetres) {}
	search.Within(from, 12000, visit)
	if allocations := testing.AllocsPerRun(10, func() { search.Within(from, 12000, visit) }); allocations > 1 {
		t.Errorf("%v allocations a search", allocations)
	}
}

// Points that are nodes are on no street and not beside each other for that.
func TestNodesAreApart(t *testing.T) {
	t.Parallel()
	d := draw(t, "+--+--+\n|     |\n+--+--+\n   |\n   +")
	n := d.net
	search := onFoot(n).Search()
	for v := range uint32(n.NodeCount()) {
		for w := range uint32(n.NodeCount()) {
			got, ok := search.Distance(n.AtNode(v), n.AtNode(w))
			if ok && (got == 0) != (v == w) {
				t.Errorf("from node %d to %d: %s m", v, w, got)
			}
			table := onFoot(n).Compute([]routing.Source{{ID: "w", At: n.AtNode(w)}}, 1)
			labels := table.Nearest(n.AtNode(v), nil)
			if len(labels) > 0 != ok || ok && labels[0].Distance != got {
				t.Errorf("from node %d to %d: %v by table, %s m by search", v, w, labels, got)
			}
		}
	}
}

package testcity_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lifecircle"
	"lifecircle/internal/testcity"
	"lifecircle/network"
	"lifecircle/network/routing"
)

func build(t *testing.T, c *testcity.City) *network.Network {
	t.Helper()
	n, err := network.Build(c.Extract())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// onFoot are the streets of a network as people walk them.
func onFoot(t *testing.T, n *network.Network) *routing.Ways {
	t.Helper()
	walking, err := n.Profile(lifecircle.Walk)
	if err != nil {
		t.Fatal(err)
	}
	ways, err := routing.WaysOf(n, walking, nil)
	if err != nil {
		t.Fatal(err)
	}
	return ways
}

// nearest returns the way in metres from every cell to its nearest facility of
// those that count, by cell ID; cells without one are missing.
func nearest(t *testing.T, c *testcity.City, counts func(testcity.Facility) bool) map[string]float64 {
	t.Helper()
	n := build(t, c)
	var sources []routing.Source
	for _, f := range c.Facilities {
		if !counts(f) {
			continue
		}
		at, err := n.Snap(f.At)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, routing.Source{ID: lifecircle.FacilityID(f.ID), At: at})
	}
	table := onFoot(t, n).Compute(sources, 1)
	ways := make(map[string]float64)
	for _, cell := range c.Cells {
		at, err := n.Snap(cell.At)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range table.Nearest(at, nil) {
			ways[cell.ID] = l.Distance.Metres()
		}
	}
	return ways
}

func TestDemo(t *testing.T) {
	city := testcity.Demo()
	public := func(f testcity.Facility) bool { return f.Public }
	ways := nearest(t, city, public)
	// Counted on the drawing, as the comment of Demo has them.
	want := map[string]float64{
		"cell/1:3": 700, "cell/1:7": 900, "cell/3:9": 900, "cell/7:1": 300, "cell/7:5": 500, "cell/7:9": 900,
		"cell/9:3": 700, "cell/9:7": 900, "cell/11:5": 900, "cell/12:1": 800,
		"cell/1:15": 1300, "cell/3:21": 1300, "cell/7:13": 900, "cell/7:17": 500, "cell/11:14": 800,
		"cell/13:15": 300, "cell/15:21": 700,
		"cell/13:3": 900, "cell/15:9": 300, "cell/19:5": 500, "cell/19:9": 300, "cell/20:1": 1000,
	}
	if diff := cmp.Diff(want, ways); diff != "" {
		t.Errorf("ways to the nearest public place (-want +got):\n%s", diff)
	}
	var people, within800, within1000 int64
	for _, cell := range city.Cells {
		people += cell.People
		if ways[cell.ID] <= 800 {
			within800 += cell.People
		}
		if ways[cell.ID] <= 1000 {
			within1000 += cell.People
		}
	}
	if people != 10000 || within800 != 5700 || within1000 != 9400 {
		t.Errorf("people: %d, within 800 m %d, within 1,000 m %d, want 10000, 5700, 9400", people, within800, within1000)
	}
	open := nearest(t, city, func(testcity.Facility) bool { return true })
	if open["cell/1:15"] != 800 || open["cell/3:21"] != 400 {
		t.Errorf("with G open to all: %v m and %v m, want 800 and 400", open["cell/1:15"], open["cell/3:21"])
	}
}

// In every town all streets are whole multiples of the step, to the decimetre.
func TestStreetsAreExact(t *testing.T) {
	grid := func(columns, rows int, metres float64) *testcity.City {
		c, err := testcity.Grid(columns, rows, metres)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	for _, c := range []struct {
		name string
		city *testcity.City
		step lifecircle.Decimetres
	}{
		{"demo", testcity.Demo(), 1000},
		{"grid of 100 m", grid(30, 20, 100), 1000},
		{"grid of 250 m", grid(40, 40, 250), 2500},
		{"line", grid(50, 1, 100), 1000},
	} {
		n := build(t, c.city)
		for e := range uint32(n.EdgeCount()) {
			if length := n.Edge(e).Length; length%c.step != 0 || length == 0 {
				t.Errorf("%s: edge %d is %s m long", c.name, e, length)
			}
		}
	}
}

func TestGridCounts(t *testing.T) {
	c, err := testcity.Grid(4, 3, 100)
	if err != nil {
		t.Fatal(err)
	}
	n := build(t, c)
	// 4 × 3 crossings, of which the 4 corners are bends; 3·3 + 4·2 = 17 steps, of
	// which 4 pairs meet in corners.
	if n.NodeCount() != 8 || n.EdgeCount() != 13 {
		t.Errorf("%d nodes, %d edges, want 8, 13", n.NodeCount(), n.EdgeCount())
	}
}

func TestMarks(t *testing.T) {
	legend := map[rune]testcity.Place{'A': {Kind: "k", Name: "n"}, 'B': {Kind: "k", Private: true}}
	for _, c := range []struct {
		name, streets string
		way           float64 // from A to B, both on the street or 100 m beside it
	}{
		{"on a street", "+-A--B-+", 300},
		{"between crossings", "+A+B+", 200},
		{"at the end of a street", "A--B", 300},
		{"round a bend", "+-A-+\n    |\n    B\n    |", 400},
		{"branch at a mark", "+-A-+\n  |\n  |\n  B", 300},
		{"beside the street", "+-----+\n A   B", 600},
		{"parallel streets do not touch", "-A--+\n--B-+", 600},
	} {
		city, err := testcity.Draw(testcity.Drawing{Streets: c.streets, Places: legend})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		n := build(t, city)
		a, err := n.Snap(city.Facilities[0].At)
		if err != nil {
			t.Fatal(err)
		}
		b, err := n.Snap(city.Facilities[1].At)
		if err != nil {
			t.Fatal(err)
		}
		d, ok := onFoot(t, n).Search().Distance(a, b)
		if !ok || d.Metres() != c.way {
			t.Errorf("%s: %v m, %v, want %v m", c.name, d, ok, c.way)
		}
		if !city.Facilities[0].Public || city.Facilities[1].Public {
			t.Errorf("%s: A is public and B is not", c.name)
		}
	}
}

func TestBadDrawings(t *testing.T) {
	for _, c := range []struct {
		name    string
		drawing testcity.Drawing
		want    []string
	}{
		{"empty", testcity.Drawing{}, []string{"1:1: no street is drawn"}},
		{"unknown mark", testcity.Drawing{Streets: "+--+\n|?"}, []string{"2:2: '?' is neither a street"}},
		{"lonely street", testcity.Drawing{Streets: "+-+\n\n   |"}, []string{"3:4: '|' leads nowhere"}},
		{"street into street", testcity.Drawing{Streets: "+-|\n  +"}, []string{"1:2: '-' meets '|': draw +"}},
		{"place twice", testcity.Drawing{Streets: "A-+-A", Places: map[rune]testcity.Place{'A': {}}}, []string{"1:5: place 'A' is also at 1:1"}},
		{"place not drawn", testcity.Drawing{Streets: "+-+", Places: map[rune]testcity.Place{'A': {}}}, []string{"legend: place 'A' is not drawn"}},
		{"marks side by side", testcity.Drawing{Streets: "+-12-+", People: map[rune]int64{'1': 1, '2': 2}}, []string{"1:3: '1' and '2' stand side by side"}},
		{"legend of a street", testcity.Drawing{Streets: "+-+", People: map[rune]int64{'+': 1}}, []string{"legend: '+' is a street"}},
		{"both", testcity.Drawing{Streets: "+-A", Places: map[rune]testcity.Place{'A': {}}, People: map[rune]int64{'A': 1}}, []string{"legend: 'A' is a place and people"}},
		{"negative step", testcity.Drawing{Streets: "+-+", Metres: -1}, []string{"-1 metres between characters"}},
		{"all at once", testcity.Drawing{Streets: "+-+?\n\n   |"}, []string{"1:4: '?'", "3:4: '|'"}},
	} {
		_, err := testcity.Draw(c.drawing)
		if lifecircle.ErrorCode(err) != "drawing_invalid" {
			t.Errorf("%s: %v, want drawing_invalid", c.name, err)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %q in it", c.name, err, want)
			}
		}
	}
}

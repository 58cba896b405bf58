package network_test

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/internal/testcity"
	"lifecircle/internal/testcity/sample"
	"lifecircle/network"
	"lifecircle/network/osm"
	"lifecircle/network/routing"
)

func draw(t *testing.T, streets string) (*testcity.City, *network.Network) {
	t.Helper()
	city, err := testcity.Draw(testcity.Drawing{Streets: streets})
	if err != nil {
		t.Fatal(err)
	}
	n, err := network.Build(city.Extract())
	if err != nil {
		t.Fatal(err)
	}
	return city, n
}

// lengths returns the edges' lengths in metres, ascending.
func lengths(n *network.Network) []float64 {
	var all []float64
	for e := range uint32(n.EdgeCount()) {
		all = append(all, n.Edge(e).Length.Metres())
	}
	slices.Sort(all)
	return all
}

func TestBuildByArithmetic(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, streets                    string
		nodes, arcs, components, largest int
		lengths                          []float64
	}{
		{"a street", "+----+", 2, 2, 1, 2, []float64{500}},
		{"a bend is no node", "+--+\n   |\n   +", 2, 2, 1, 2, []float64{500}},
		{"a crossing is", "  +\n  |\n+-+-+\n  |\n  +", 5, 8, 1, 5, []float64{200, 200, 200, 200}},
		{"a ring by itself is a loop", "+--+\n|  |\n+--+", 1, 0, 1, 1, []float64{1000}},
		{"a loop at a street", "+--+\n|  |\n+--+--+", 2, 2, 1, 2, []float64{300, 1000}},
		{"parallel streets", "  +-+\n  | |\n+-+-+-+", 4, 8, 1, 4, []float64{200, 200, 200, 600}},
		{"an island", "+-+-+  +--+\n  |\n  +", 6, 8, 2, 4, []float64{200, 200, 200, 300}},
	} {
		_, n := draw(t, c.streets)
		s := n.Summary()
		if s.Nodes != c.nodes || s.Arcs != c.arcs || s.Components != c.components || s.LargestComponentNodes != c.largest {
			t.Errorf("%s: %+v, want %d nodes, %d arcs, %d components, %d in the largest", c.name, s, c.nodes, c.arcs, c.components, c.largest)
		}
		if diff := cmp.Diff(c.lengths, lengths(n)); diff != "" {
			t.Errorf("%s: lengths (-want +got):\n%s", c.name, diff)
		}
	}
}

// twoWays is a cross of two ways that share the middle.
func twoWays() *osm.Extract {
	return &osm.Extract{
		Nodes: []geo.Point{{Lon: 0, Lat: 0}, {Lon: 0.001, Lat: 0}, {Lon: 0.002, Lat: 0}, {Lon: 0.001, Lat: 0.001}, {Lon: 0.001, Lat: -0.001}},
		Streets: []osm.Street{
			{WayID: 1, Nodes: []uint32{0, 1, 2}},
			{WayID: 2, Nodes: []uint32{3, 1, 4}},
		},
	}
}

func TestHowStreetsAreDividedIntoWaysDoesNotMatter(t *testing.T) {
	t.Parallel()
	want, err := network.Build(twoWays())
	if err != nil {
		t.Fatal(err)
	}
	for name, streets := range map[string][]osm.Street{
		"other order":       {{WayID: 2, Nodes: []uint32{3, 1, 4}}, {WayID: 1, Nodes: []uint32{0, 1, 2}}},
		"other direction":   {{WayID: 1, Nodes: []uint32{2, 1, 0}}, {WayID: 2, Nodes: []uint32{3, 1, 4}}},
		"cut in pieces":     {{WayID: 1, Nodes: []uint32{0, 1}}, {WayID: 3, Nodes: []uint32{1, 2}}, {WayID: 2, Nodes: []uint32{3, 1, 4}}},
		"joined otherwise":  {{WayID: 1, Nodes: []uint32{0, 1, 3}}, {WayID: 2, Nodes: []uint32{2, 1, 4}}},
		"drawn twice":       {{WayID: 1, Nodes: []uint32{0, 1, 2}}, {WayID: 2, Nodes: []uint32{3, 1, 4}}, {WayID: 3, Nodes: []uint32{2, 1}}},
		"a node repeated":   {{WayID: 1, Nodes: []uint32{0, 1, 1, 2}}, {WayID: 2, Nodes: []uint32{3, 3, 1, 4}}},
		"there and back":    {{WayID: 1, Nodes: []uint32{0, 1, 2, 1, 0}}, {WayID: 2, Nodes: []uint32{3, 1, 4}}},
		"one way for it":    {{WayID: 1, Nodes: []uint32{0, 1, 3, 1, 4, 1, 2}}},
		"a way of one node": {{WayID: 1, Nodes: []uint32{0, 1, 2}}, {WayID: 2, Nodes: []uint32{3, 1, 4}}, {WayID: 3, Nodes: []uint32{0}}},
	} {
		extract := twoWays()
		extract.Streets = streets
		got, err := network.Build(extract)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got.Hash() != want.Hash() {
			t.Errorf("%s: another network: %+v, want %+v", name, got.Summary(), want.Summary())
		}
	}
}

// A street of 300 km with a bend each kilometre is divided, and stays as long.
func TestLongStreetsAreDivided(t *testing.T) {
	t.Parallel()
	extract := &osm.Extract{Streets: []osm.Street{{WayID: 1}}}
	metres := 0.0
	for i := range 300 {
		p := geo.Point{Lon: 0.01 * float64(i), Lat: 0.003 * float64(i%2)}
		if i > 0 {
			metres += geo.Distance(extract.Nodes[i-1], p)
		}
		extract.Nodes = append(extract.Nodes, p)
		extract.Streets[0].Nodes = append(extract.Streets[0].Nodes, uint32(i))
	}
	n, err := network.Build(extract)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, length := range lengths(n) {
		sum += length
	}
	want := int(metres/104_857.6) + 1
	if n.EdgeCount() != want || n.NodeCount() != want+1 || math.Abs(sum-metres) > 0.1*float64(want) {
		t.Errorf("%d edges, %d nodes, %v m, want %d, %d, %v", n.EdgeCount(), n.NodeCount(), sum, want, want+1, metres)
	}
}

func TestBuildRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, code, want string
		extract          *osm.Extract
	}{
		{"nothing", "network_empty", "no street", &osm.Extract{}},
		{"one node", "network_empty", "no street", &osm.Extract{Nodes: make([]geo.Point, 1), Streets: []osm.Street{{Nodes: []uint32{0, 0}}}}},
		{"a node that is not there", "network_invalid", "way 7 uses node 3 of 1", &osm.Extract{Nodes: make([]geo.Point, 1), Streets: []osm.Street{{WayID: 7, Nodes: []uint32{0, 3}}}}},
		{"a node off the earth", "network_invalid", "not on the earth", &osm.Extract{Nodes: []geo.Point{{Lon: math.NaN()}}}},
		{"a segment across a country", "network_segment_too_long", "straight for 1111", &osm.Extract{Nodes: []geo.Point{{}, {Lon: 10}}, Streets: []osm.Street{{Nodes: []uint32{0, 1}}}}},
	} {
		_, err := network.Build(c.extract)
		if lifecircle.ErrorCode(err) != c.code || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s with %q", c.name, err, c.code, c.want)
		}
	}
}

// Streets without length, between two nodes in one place or round a node, are passed
// at next to no cost and keep what they join.
func TestStreetsWithoutLength(t *testing.T) {
	t.Parallel()
	const step = 0.001 // 111 m at the equator
	e := &osm.Extract{
		Nodes: []geo.Point{{}, {Lon: step}, {Lon: step}, {Lon: 2 * step}, {Lon: step, Lat: step}, {Lon: step, Lat: step}},
		Streets: []osm.Street{
			{WayID: 1, Nodes: []uint32{0, 1}},
			{WayID: 2, Nodes: []uint32{1, 2}}, // no length
			{WayID: 3, Nodes: []uint32{2, 3}},
			{WayID: 4, Nodes: []uint32{2, 4}},
			{WayID: 5, Nodes: []uint32{4, 5, 4}}, // no length either, and back to where it began
			{WayID: 6, Nodes: []uint32{3, 3}},
		},
	}
	n, err := network.Build(e)
	if err != nil {
		t.Fatal(err)
	}
	walk, err := n.Profile(lifecircle.Walk)
	if err != nil {
		t.Fatal(err)
	}
	if got := len(walk.LargestComponent()); got != n.NodeCount() {
		t.Fatalf("%d of %d nodes hang together", got, n.NodeCount())
	}
	var ends []network.Snap
	for _, at := range []geo.Point{{}, {Lon: 2 * step}, {Lon: step, Lat: step}} {
		s, err := walk.Snap(at)
		if err != nil {
			t.Fatal(err)
		}
		ends = append(ends, s)
	}
	ways, err := routing.WaysOf(n, walk, nil)
	if err != nil {
		t.Fatal(err)
	}
	length := geo.Distance(geo.Point{}, geo.Point{Lon: step})
	for i, from := range ends {
		for j, to := range ends {
			d, ok := ways.Search().Distance(from, to)
			if want := 2 * length; i != j && (!ok || math.Abs(d.Metres()-want) > 0.5) {
				t.Errorf("from %d to %d: %v m, %v; want %.1f", i, j, d, ok, want)
			}
		}
	}
}

func TestShape(t *testing.T) {
	t.Parallel()
	city, n := draw(t, "+-+\n  |\n  +")
	at := func(line, column int) geo.Point { return city.At(line, column) }
	want := []geo.Point{at(1, 1), at(1, 2), at(1, 3), at(2, 3), at(3, 3)}
	got := n.Shape(0)
	if got[0] != want[0] {
		slices.Reverse(want)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("shape (-want +got):\n%s", diff)
	}
	if e := n.Edge(0); n.Node(e.From) != got[0] || n.Node(e.To) != got[len(got)-1] {
		t.Errorf("edge %+v does not join the ends of its shape", e)
	}
}

func TestExport(t *testing.T) {
	t.Parallel()
	// A street with a branch, a loop at its end, and an island that is left out.
	_, n := draw(t, "+-+-+-+ +-+\n  | | |\n  + +-+")
	var out bytes.Buffer
	if err := n.Export(&out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	// Nodes: the west end, the two crossings, the branch's end.
	if lines[0] != "p 4 6" {
		t.Fatalf("heading %q, want p 4 6", lines[0])
	}
	number := make(map[geo.Point]int)
	weights := make(map[[2]int]int)
	for i, line := range lines[1:] {
		var p geo.Point
		var from, to, weight int
		if _, err := fmt.Sscanf(line, "v %f %f", &p.Lon, &p.Lat); err == nil {
			number[p] = i
			if got := n.Node(n.LargestComponent()[i]); got != p {
				t.Errorf("node %d lies at %v, exported %v", i, got, p)
			}
		} else if _, err := fmt.Sscanf(line, "a %d %d %d", &from, &to, &weight); err == nil {
			weights[[2]int{from, to}] = weight
		} else {
			t.Errorf("line %q", line)
		}
	}
	if len(number) != 4 || len(weights) != 6 {
		t.Fatalf("%d nodes, %d arcs: %v", len(number), len(weights), lines)
	}
	for arc, weight := range weights {
		if weights[[2]int{arc[1], arc[0]}] != weight || weight != 2000 {
			t.Errorf("arc %v is %d dm long, back %d", arc, weight, weights[[2]int{arc[1], arc[0]}])
		}
	}
}

func TestSnapByArithmetic(t *testing.T) {
	t.Parallel()
	city, n := draw(t, `
+----+

     +-+

`)
	for _, c := range []struct {
		name         string
		at           geo.Point
		toWest, toNE lifecircle.Decimetres // along the long street
		leg          lifecircle.Decimetres
	}{
		{"on a bend of the drawing", city.At(1, 3), 2000, 3000, 0},
		{"on its end", city.At(1, 6), 5000, 0, 0},
		{"beside it", city.At(2, 3), 2000, 3000, 1000},
		{"nearer to the island", city.At(3, 6), 5000, 0, 2000},
		{"between two characters", geo.Point{Lon: (city.At(1, 2).Lon + city.At(1, 3).Lon) / 2, Lat: city.At(1, 2).Lat}, 1500, 3500, 0},
	} {
		s, err := n.Snap(c.at)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		// The nodes of the street are numbered along the Morton curve.
		if n.Node(s.From) != city.At(1, 1) {
			s.ToFrom, s.ToTo = s.ToTo, s.ToFrom
		}
		if s.ToFrom != c.toWest || s.ToTo != c.toNE || s.Leg != c.leg || s.Island {
			t.Errorf("%s: %+v, want %d and %d with a leg of %d", c.name, s, c.toWest, c.toNE, c.leg)
		}
	}
	island, err := n.SnapWith(city.At(3, 6), network.SnapConfig{Islands: true})
	if err != nil || !island.Island || island.Leg != 0 {
		t.Errorf("with islands: %+v, %v", island, err)
	}
}

// Across 200 m of water lies a town of 8 × 6 crossings, 44 of them nodes, and a
// jetty. Who is in the town is on an island; who is at the jetty is not.
func TestNobodyWalksOnWater(t *testing.T) {
	t.Parallel()
	const row = "++++++++++  ++++++++"
	city, n := draw(t, strings.Repeat(row+"\n", 6)+"\n+-+\n")
	for _, c := range []struct {
		name, code   string
		line, column int
	}{
		{"on the mainland", "", 3, 10},
		{"on the water, nearer to the mainland", "", 3, 11},
		{"on the water, nearer to the island", "unsnapped_island", 3, 12},
		{"on the island", "unsnapped_island", 3, 13},
		{"at the jetty", "", 8, 2},
	} {
		s, err := n.Snap(city.At(c.line, c.column))
		if c.code == "" && (err != nil || s.Island) || c.code != "" && lifecircle.ErrorCode(err) != c.code {
			t.Errorf("%s: %+v, %v, want %q", c.name, s, err, c.code)
		}
	}
	if s, err := n.SnapWith(city.At(3, 13), network.SnapConfig{Islands: true}); err != nil || !s.Island || s.Leg != 0 {
		t.Errorf("on the island, asked for: %+v, %v", s, err)
	}
}

func TestUnsnapped(t *testing.T) {
	t.Parallel()
	city, n := draw(t, `
+----------+





        +-+
`)
	for _, c := range []struct {
		name, code, want string
		at               geo.Point
		cfg              network.SnapConfig
	}{
		{"300 m are enough", "", "", city.At(4, 2), network.SnapConfig{}},
		{"400 m are too far", "unsnapped", "the nearest street is 400.0 m away, more than 300 m", city.At(5, 2), network.SnapConfig{}},
		{"a limit is inclusive", "", "", city.At(3, 2), network.SnapConfig{MaxMetres: 200}},
		{"and no farther", "unsnapped", "the nearest street is 200.0 m away, more than 199.9 m", city.At(3, 2), network.SnapConfig{MaxMetres: 199.9}},
		{"an island", "unsnapped_island", "100.0 m away, is an island", city.At(6, 9), network.SnapConfig{}},
		{"an island that is asked for", "", "", city.At(6, 9), network.SnapConfig{Islands: true}},
		{"the other side of the earth", "unsnapped", "no street within 3000 m", geo.Point{Lon: -73, Lat: -38}, network.SnapConfig{}},
		{"just anything", "unsnapped", "no street within 3000 m", geo.Point{Lon: 180, Lat: 90}, network.SnapConfig{}},
		{"nowhere", "position_invalid", "not on the earth", geo.Point{Lon: math.NaN(), Lat: 0}, network.SnapConfig{}},
		{"no limit at all", "", "", geo.Point{Lon: 107, Lat: 39}, network.SnapConfig{MaxMetres: math.Inf(1)}},
		{"on the street only", "unsnapped", "no street within 0 m", city.At(3, 2), network.SnapConfig{MaxMetres: -1}},
	} {
		_, err := n.SnapWith(c.at, c.cfg)
		if c.code == "" {
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		if lifecircle.ErrorCode(err) != c.code || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s with %q", c.name, err, c.code, c.want)
		}
	}
}

// drawTown makes a network of random ways on a lattice far from the equator.
func drawTown(t *rapid.T) *network.Network {
	const side = 12
	e := &osm.Extract{}
	for i := range side * side {
		e.Nodes = append(e.Nodes, geo.Point{Lon: 106 + 0.002*float64(i%side), Lat: 60 + 0.001*float64(i/side)})
	}
	for w := range rapid.IntRange(1, 12).Draw(t, "ways") {
		nodes := rapid.SliceOfNDistinct(rapid.Uint32Range(0, side*side-1), 2, 5, rapid.ID).Draw(t, "way")
		e.Streets = append(e.Streets, osm.Street{WayID: int64(w), Highway: "path", Nodes: nodes})
	}
	n, err := network.Build(e)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestSnapIsTheTwin holds the grid to a look at all segments, each probed at
// many points.
func TestSnapIsTheTwin(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := drawTown(t)
		for range 10 {
			p := geo.Point{
				Lon: 106 + rapid.Float64Range(-0.01, 0.035).Draw(t, "lon"),
				Lat: 60 + rapid.Float64Range(-0.005, 0.016).Draw(t, "lat"),
			}
			islands := rapid.Bool().Draw(t, "islands")
			s, err := n.SnapWith(p, network.SnapConfig{MaxMetres: 5000, Islands: islands})
			if err != nil {
				t.Fatal(err)
			}
			best := math.Inf(1)
			const probes = 200
			for e := range uint32(n.EdgeCount()) {
				if !islands && !n.InLargest(n.Edge(e).From) {
					continue
				}
				line := n.Shape(e)
				for k := 1; k < len(line); k++ {
					for i := range probes + 1 {
						f := float64(i) / probes
						at := geo.Point{Lon: line[k-1].Lon + f*(line[k].Lon-line[k-1].Lon), Lat: line[k-1].Lat + f*(line[k].Lat-line[k-1].Lat)}
						best = min(best, geo.Distance(p, at))
					}
				}
			}
			// A probe is at most half a step off: 1,600 m / 200 / 2 = 4 m along the
			// street, less across it. The plane adds its few centimetres.
			if leg := s.Leg.Metres(); leg > best+0.2 || leg < best-4.2 {
				t.Fatalf("%v snaps %v m away, the nearest probe is %v m", p, leg, best)
			}
			edge := n.Edge(s.Edge)
			if s.From != edge.From || s.To != edge.To || s.ToFrom+s.ToTo != edge.Length {
				t.Fatalf("%+v does not fit its edge %+v", s, edge)
			}
			if s.Island == n.InLargest(s.From) {
				t.Fatalf("%+v: island %v", s, s.Island)
			}
		}
	})
}

// A point at a crossing is equally near to all its streets: the lowest is taken.
func TestSnapTakesTheLowestOfEquals(t *testing.T) {
	t.Parallel()
	city, n := draw(t, "  +\n  |\n+-+-+\n  |\n  +")
	s, err := n.Snap(city.At(3, 3))
	if err != nil {
		t.Fatal(err)
	}
	if s.Edge != 0 || s.Leg != 0 || min(s.ToFrom, s.ToTo) != 0 {
		t.Errorf("%+v, want edge 0", s)
	}
}

// The counts of real cities, found equal by counting segments another way: nodes
// and shape points together are the nodes of the map that lie on a segment, and
// one more for each street but the first at a gate that is locked.
func TestRealCities(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name                            string
		path                            func(testing.TB) string
		nodes, arcs, components, larges int
	}{
		{"Porto", sample.Porto, 67718, 192414, 931, 65374},
		{"Delaware", sample.Delaware, 73959, 195534, 555, 71831},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			extract, err := osm.Read(t.Context(), c.path(t))
			if err != nil {
				t.Fatal(err)
			}
			n, err := network.Build(extract)
			if err != nil {
				t.Fatal(err)
			}
			s := n.Summary()
			if s.Nodes != c.nodes || s.Arcs != c.arcs || s.Components != c.components || s.LargestComponentNodes != c.larges {
				t.Errorf("%+v, want %d nodes, %d arcs, %d components, %d in the largest", s, c.nodes, c.arcs, c.components, c.larges)
			}
			used := make(map[uint32]bool)
			segments := make(map[[2]uint32]float64)
			for _, street := range extract.Streets {
				for k := 1; k < len(street.Nodes); k++ {
					a, b := min(street.Nodes[k-1], street.Nodes[k]), max(street.Nodes[k-1], street.Nodes[k])
					if a != b {
						used[a], used[b] = true, true
						segments[[2]uint32{a, b}] = geo.Distance(extract.Nodes[a], extract.Nodes[b])
					}
				}
			}
			points, pieces, metres, want := n.NodeCount(), 0, 0.0, 0.0
			for e := range uint32(n.EdgeCount()) {
				line := n.Shape(e)
				points += len(line) - 2
				pieces += len(line) - 1
				metres += n.Edge(e).Length.Metres()
			}
			for _, length := range segments {
				want += length
			}
			// A node that nobody passes ends each of its streets by itself.
			ends := len(used)
			for _, b := range extract.Barriers {
				for pair := range segments {
					if pair[0] == b.Node || pair[1] == b.Node {
						ends++
					}
				}
				if used[b.Node] {
					ends--
				}
			}
			if points != ends || pieces != len(segments) {
				t.Errorf("%d points and %d segments, want %d and %d", points, pieces, ends, len(segments))
			}
			// Each edge is rounded by at most 0.05 m, both ways alike; only edges
			// shorter than that are lengthened.
			if math.Abs(metres-want) > 0.01*float64(n.EdgeCount()) {
				t.Errorf("%.1f m of street, want %.1f m", metres, want)
			}
		})
	}
}

func BenchmarkBuild(b *testing.B) {
	extract, err := osm.Read(b.Context(), sample.Delaware(b))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := network.Build(extract); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDelaware is the whole way from the file to the graph.
func BenchmarkDelaware(b *testing.B) {
	path := sample.Delaware(b)
	for b.Loop() {
		extract, err := osm.Read(b.Context(), path)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := network.Build(extract); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSnap(b *testing.B) {
	extract, err := osm.Read(b.Context(), sample.Delaware(b))
	if err != nil {
		b.Fatal(err)
	}
	n, err := network.Build(extract)
	if err != nil {
		b.Fatal(err)
	}
	nodes := n.LargestComponent()
	i := 0
	for b.Loop() {
		p := n.Node(nodes[i%len(nodes)])
		p.Lon += 0.0005
		if _, err := n.SnapWith(p, network.SnapConfig{MaxMetres: 1000}); err != nil {
			b.Fatal(err)
		}
		i += 7919
	}
}

package access_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lifecircle"
	"lifecircle/access"
	"lifecircle/geo"
	"lifecircle/internal/testcity"
	"lifecircle/network"
	"lifecircle/network/routing"
)

// town draws streets whose characters are 100 m apart. Capitals are places, small
// letters are points.
func town(t testing.TB, streets string) (*network.Network, []access.Place, map[string]geo.Point) {
	t.Helper()
	d := testcity.Drawing{Streets: streets, Places: map[rune]testcity.Place{}, People: map[rune]int64{}}
	for _, r := range streets {
		switch {
		case r >= 'A' && r <= 'Z':
			d.Places[r] = testcity.Place{Kind: "clinic"}
		case r >= 'a' && r <= 'z':
			d.People[r] = 1
		}
	}
	city, err := testcity.Draw(d)
	if err != nil {
		t.Fatal(err)
	}
	n, err := network.Build(city.Extract())
	if err != nil {
		t.Fatal(err)
	}
	var places []access.Place
	for _, f := range city.Facilities {
		places = append(places, access.Place{ID: lifecircle.FacilityID(f.ID), At: f.At})
	}
	points := make(map[string]geo.Point)
	for line, text := range slices.All(splitLines(streets)) {
		for column, r := range []rune(text) {
			if r >= 'a' && r <= 'z' {
				points[string(r)] = city.At(line+1, column+1)
			}
		}
	}
	return n, places, points
}

func walking(t testing.TB, n *network.Network) *network.Profile {
	t.Helper()
	p, err := n.Profile(lifecircle.Walk)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func splitLines(text string) []string {
	var lines []string
	start := 0
	if len(text) > 0 && text[0] == '\n' {
		start = 1
	}
	for i := start; i <= len(text); i++ {
		if i == len(text) || text[i] == '\n' {
			lines = append(lines, text[start:i])
			start = i + 1
		}
	}
	return lines
}

// crossroads has a river: c and C are on an island of their own, d stands 500 m
// from any street, e 100 m beside one. Ways, counted on the drawing: a–A 300,
// a–B 1400; b–B 500, b–A 600; e–A 300 and e–B 1400, with 100 beside the street.
const crossroads = `
+-a--A-----b----B-+
     |
     |
     |e
     |
     +            d



     +--C--c--+
`

func TestNearestByArithmetic(t *testing.T) {
	t.Parallel()
	n, places, at := town(t, crossroads)
	names := []string{"a", "b", "c", "d", "e"}
	var positions []geo.Point
	for _, name := range names {
		positions = append(positions, at[name])
	}
	points := access.SnapPointsFor(n, walking(t, n), positions)
	got := make(map[string]string)
	adrift := access.EachNearest(points, places, access.NearestConfig{K: 2}, func(point int, ways []access.Way, state access.State) {
		text := string(state)
		for _, w := range ways {
			text += fmt.Sprintf(" %s %s", places[w.Place].ID, lifecircle.Decimetres(w.Cost))
		}
		got[names[point]] = text
	})
	want := map[string]string{
		"a": "ok A 300.0 B 1400.0",
		"b": "ok B 500.0 A 600.0",
		// The island is near, but no way leads to it: c meets no street.
		"c": "unsnapped",
		"d": "unsnapped",
		"e": "ok A 400.0 B 1500.0",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(adrift) != 1 || adrift[0].Place != "C" || lifecircle.ErrorCode(adrift[0].Cause) != "unsnapped_island" {
		t.Errorf("adrift %v, want C, on the island", adrift)
	}
	layer := access.Compute(points, places)
	if r, state := layer.Nearest(0); state != access.OK || r != (access.Reach{Place: "A", Distance: 3000}) {
		t.Errorf("layer: %v %v", r, state)
	}
	if r, ok := layer.Second(0); !ok || r != (access.Reach{Place: "B", Distance: 14000}) {
		t.Errorf("layer, second: %v %v", r, ok)
	}
	if _, state := layer.Nearest(3); state != access.Unsnapped {
		t.Errorf("layer: d is %v", state)
	}
	if diff := cmp.Diff([]lifecircle.FacilityID{"C"}, layer.Adrift()); diff != "" {
		t.Errorf("layer, adrift (-want +got):\n%s", diff)
	}
	if none, state := access.Compute(points, nil).Nearest(0); state != access.Unreachable || none.Place != "" {
		t.Errorf("without places: %v %v", none, state)
	}
}

// A limit counts at exactly itself and no longer a decimetre below, for nearest
// places, catchments and counts alike.
func TestLimitsAreInclusive(t *testing.T) {
	t.Parallel()
	n, places, at := town(t, crossroads)
	points := access.SnapPointsFor(n, walking(t, n), []geo.Point{at["a"], at["b"], at["d"]})
	layer := access.Compute(points, places)
	for limit, want := range map[uint32][]int{
		2999: {0, 0, 0}, 3000: {1, 0, 0}, 4999: {1, 0, 0}, 5000: {1, 1, 0}, 6000: {1, 2, 0}, 14000: {2, 2, 0},
	} {
		within := make([]int, points.Len())
		access.EachWithin(points, places, limit, func(_, point int, d uint32) {
			if d > limit {
				t.Errorf("limit %d: visited at %d", limit, d)
			}
			within[point]++
		})
		if diff := cmp.Diff(want, within); diff != "" {
			t.Errorf("limit %d: within (-want +got):\n%s", limit, diff)
		}
		access.EachNearest(points, places, access.NearestConfig{K: 9, Limit: limit}, func(point int, ways []access.Way, state access.State) {
			if len(ways) != want[point] || (state == access.OK) != (want[point] > 0) {
				t.Errorf("limit %d, point %d: %v %v, want %d places", limit, point, state, ways, want[point])
			}
		})
		for point, count := range want {
			if got, snapped := layer.Within(layer.Point(point), limit); snapped && got != count {
				t.Errorf("limit %d, point %d: layer counts %d, want %d", limit, point, got, count)
			}
		}
	}
}

// Every node of a 6 × 5 grid of 100 m streets is |Δx|+|Δy| hundred metres from a
// place at a crossing.
func TestNodesOfAGrid(t *testing.T) {
	t.Parallel()
	city, err := testcity.Grid(6, 5, 100)
	if err != nil {
		t.Fatal(err)
	}
	n, err := network.Build(city.Extract())
	if err != nil {
		t.Fatal(err)
	}
	corner := city.At(1, 1)
	place := access.Place{ID: "x", At: city.At(2, 3)}
	points := access.NodePoints(n, walking(t, n))
	seen := 0
	access.EachNearest(points, []access.Place{place}, access.NearestConfig{}, func(point int, ways []access.Way, state access.State) {
		if state != access.OK || len(ways) != 1 {
			t.Fatalf("node %d: %v %v", point, state, ways)
		}
		node := n.Node(n.LargestComponent()[point])
		steps := func(a, b geo.Point) int { return int(geo.Distance(a, b)/100 + 0.5) }
		east, south := steps(geo.Point{Lon: corner.Lon, Lat: node.Lat}, node), steps(geo.Point{Lon: node.Lon, Lat: corner.Lat}, node)
		want := max(east, 2) - min(east, 2) + max(south, 1) - min(south, 1)
		if got := int(float64(ways[0].Cost)/1000 + 0.5); got != want {
			t.Errorf("node at column %d, row %d: %v dm, want %d", east, south, ways[0].Cost, want*100)
		}
		seen++
	})
	// The four corners are bends and no nodes, but for them every crossing is one.
	if seen != 26 {
		t.Errorf("%d nodes, want 26", seen)
	}
}

// randomTown is a grid with holes, some of which cut off islands.
func randomTown(t testing.TB, random *rand.Rand) (*network.Network, func() geo.Point) {
	t.Helper()
	const columns, rows = 25, 17
	drawn := make([][]rune, rows)
	for y := range drawn {
		drawn[y] = make([]rune, columns)
		for x := range drawn[y] {
			drawn[y][x] = '+'
			if random.IntN(5) == 0 {
				drawn[y][x] = ' '
			}
		}
	}
	joined := func(y, x int) bool {
		return y >= 0 && y < rows && x >= 0 && x < columns && drawn[y][x] == '+'
	}
	text := ""
	for y := range drawn {
		for x := range drawn[y] {
			if joined(y, x) && !joined(y-1, x) && !joined(y+1, x) && !joined(y, x-1) && !joined(y, x+1) {
				drawn[y][x] = ' '
			}
		}
		text += string(drawn[y]) + "\n"
	}
	city, err := testcity.Draw(testcity.Drawing{Streets: text})
	if err != nil {
		t.Fatal(err)
	}
	n, err := network.Build(city.Extract())
	if err != nil {
		t.Fatal(err)
	}
	north, south := city.At(1, 1), city.At(rows, columns)
	return n, func() geo.Point {
		// A few lie outside, too far from any street.
		across := func(a, b float64) float64 { return a + (b-a)*(1.2*random.Float64()-0.1) }
		return geo.Point{Lon: across(north.Lon, south.Lon), Lat: across(north.Lat, south.Lat)}
	}
}

// After any number of added, withdrawn and moved places a layer equals one
// computed anew, and the points it says have changed are those that did.
func TestIncrementalEqualsRecomputed(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 11))
	n, anywhere := randomTown(t, random)
	positions := make([]geo.Point, 120)
	for i := range positions {
		positions[i] = anywhere()
	}
	points := access.SnapPointsFor(n, walking(t, n), positions)
	var places []access.Place
	layer := access.Compute(points, places)
	const changes = 1000
	for change := range changes {
		before := layer
		var touched []int
		remove := func() {
			at := random.IntN(len(places))
			var more []int
			layer, more = layer.Without(places[at].ID)
			places = slices.Delete(places, at, at+1)
			touched = append(touched, more...)
		}
		add := func(id string) {
			// Some stand exactly where another stands: ties.
			place := access.Place{ID: lifecircle.FacilityID(id), At: anywhere()}
			if len(places) > 0 && random.IntN(4) == 0 {
				place.At = places[random.IntN(len(places))].At
			}
			var more []int
			layer, more = layer.With(place)
			places = append(places, place)
			touched = append(touched, more...)
		}
		switch kind := random.IntN(3); {
		case kind == 0 && len(places) > 12, kind == 1 && len(places) > 0:
			remove()
		case kind == 2 && len(places) > 0: // a move
			moved := &places[random.IntN(len(places))]
			moved.At = anywhere()
			layer, touched = layer.Changed([]lifecircle.FacilityID{moved.ID}, []access.Place{*moved})
		default:
			add(fmt.Sprintf("%d", random.IntN(1_000_000)*1000+change))
		}
		again := access.Compute(points, places)
		if !layer.Equal(again) {
			t.Fatalf("change %d, %d places: the layer differs from one computed anew", change, len(places))
		}
		for i := range points.Len() {
			was, _ := before.Nearest(i)
			is, _ := layer.Nearest(i)
			if was != is && !slices.Contains(touched, i) {
				t.Fatalf("change %d: point %d went from %v to %v and is not among %v", change, i, was, is, touched)
			}
		}
	}
}

// A place added never lengthens a way, and the order of places has no effect.
func TestMorePlacesAreNeverFarther(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 5))
	n, anywhere := randomTown(t, random)
	points := access.NodePoints(n, walking(t, n))
	var places []access.Place
	for i := range 20 {
		places = append(places, access.Place{ID: lifecircle.FacilityID(fmt.Sprint(i)), At: anywhere()})
	}
	all := access.Compute(points, places)
	fewer := access.Compute(points, places[:12])
	for i := range points.Len() {
		less, lessState := fewer.Nearest(i)
		more, state := all.Nearest(i)
		if state != access.OK || lessState == access.OK && more.Distance > less.Distance {
			t.Fatalf("node %d: %v with 20 places, %v with 12", i, more, less)
		}
	}
	slices.Reverse(places)
	if !all.Equal(access.Compute(points, places)) {
		t.Error("the order of the places changes the layer")
	}
}

// Catchments seen from the places equal counts seen from the points.
func TestPlacesAndPointsAgree(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(13, 17))
	n, anywhere := randomTown(t, random)
	positions := make([]geo.Point, 200)
	for i := range positions {
		positions[i] = anywhere()
	}
	var places []access.Place
	for i := range 30 {
		places = append(places, access.Place{ID: lifecircle.FacilityID(fmt.Sprint(i)), At: anywhere()})
	}
	points := access.SnapPointsFor(n, walking(t, n), positions)
	const limit = 6000
	type pair struct{ place, point int }
	near := make(map[pair]uint32)
	access.EachWithin(points, places, limit, func(place, point int, d uint32) {
		if _, twice := near[pair{place, point}]; twice {
			t.Fatalf("place %d and point %d twice", place, point)
		}
		near[pair{place, point}] = d
	})
	ways, err := routing.WaysOf(n, walking(t, n), nil)
	if err != nil {
		t.Fatal(err)
	}
	search := ways.Search()
	for j, place := range places {
		to, err := n.Snap(place.At)
		if err != nil {
			continue
		}
		for i := range positions {
			from, err := points.Snap(i)
			if err != nil {
				continue
			}
			want, ok := search.Distance(from, to)
			got, within := near[pair{j, i}]
			if within != (ok && want <= limit) || within && got != uint32(want) {
				t.Fatalf("place %d, point %d: %v %v, the way is %v %v", j, i, got, within, want, ok)
			}
		}
	}
	if len(near) == 0 {
		t.Error("no pair is near: the test asserts nothing")
	}
}

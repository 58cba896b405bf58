package network_test

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/internal/testcity/sample"
	"lifecircle/network"
	"lifecircle/network/osm"
)

func TestProfilesAreNamed(t *testing.T) {
	t.Parallel()
	_, n := draw(t, "+--+")
	if _, err := n.Profile(lifecircle.Car); lifecircle.ErrorCode(err) != "profile_missing" || !strings.Contains(err.Error(), "--profiles") {
		t.Errorf("a profile that is not there: %v", err)
	}
	if _, err := network.BuildWith(&osm.Extract{}, network.BuildConfig{Profiles: []lifecircle.Mode{"rocket"}}); lifecircle.ErrorCode(err) != "profile_unknown" ||
		!strings.Contains(err.Error(), "walk, slow, wheelchair, slope, bicycle, car") {
		t.Errorf("a profile nobody knows: %v", err)
	}
	if _, err := network.BuildWith(&osm.Extract{}, network.BuildConfig{Profiles: []lifecircle.Mode{lifecircle.SlopeWalk}}); lifecircle.ErrorCode(err) != "elevation_missing" {
		t.Errorf("slope without a model of the land: %v", err)
	}
}

// A limit in minutes and the time of a cost, by hand: 15 min at 80 m/min are
// 1,200 m, at 60 m/min 900 m; by bicycle they are 9,000 ds.
func TestLimitsAndTimes(t *testing.T) {
	t.Parallel()
	n := sketch{"A B", map[string]string{"AB": "highway=residential"}, nil}.build(t)
	for mode, want := range map[lifecircle.Mode][3]int64{
		lifecircle.Walk: {12000, 16800, 75}, lifecircle.SlowWalk: {9000, 12600, 100}, lifecircle.Wheelchair: {9000, 12600, 100},
		lifecircle.SlopeWalk: {9000, 12600, 100}, lifecircle.Bicycle: {9000, 12600, 100}, lifecircle.Car: {9000, 12600, 100},
	} {
		p, err := n.Profile(mode)
		if err != nil {
			t.Fatal(err)
		}
		got := [3]int64{int64(p.Limit(15)), int64(p.Limit(21)), p.Milliseconds(1)}
		if got != want {
			t.Errorf("%s: %v, want %v", mode, got, want)
		}
		if p.Limit(math.Inf(1)) != network.Barred-1 || p.Limit(-1) != 0 {
			t.Errorf("%s: limits %d and %d", mode, p.Limit(math.Inf(1)), p.Limit(-1))
		}
	}
	// 2.1 × 800 is a hair below 1,680 in floats.
	if p, _ := n.Profile(lifecircle.Walk); p.Limit(2.1) != 1680 {
		t.Errorf("2.1 minutes are %d dm, want 1680", p.Limit(2.1))
	}
}

// slopeOf rises to the east.
type slopeOf float64

func (s slopeOf) At(p geo.Point) (float64, bool) {
	return float64(s) * p.Lon * geo.EarthRadiusMetres * math.Pi / 180, p.Lon < 0.02
}

// On an even slope a street takes its length over Tobler's speed, scaled so that
// the level is walked at 80 m/min.
func TestTobler(t *testing.T) {
	t.Parallel()
	minutes := func(metres, slope float64) float64 {
		return metres / (80 * math.Exp(-3.5*(math.Abs(slope+0.05)-0.05)))
	}
	for _, slope := range []float64{0, 0.05, -0.05, 0.1, -0.3} {
		// A street with a bend: 400 m, of which 300 m go up.
		e := &osm.Extract{
			Nodes:   []geo.Point{metresFrom(0, 0), metresFrom(300, 0), metresFrom(300, 100)},
			Streets: []osm.Street{{WayID: 1, Nodes: []uint32{0, 1, 2}}},
		}
		n, err := network.BuildWith(e, network.BuildConfig{Profiles: []lifecircle.Mode{lifecircle.SlopeWalk}, Elevation: slopeOf(slope)})
		if err != nil {
			t.Fatal(err)
		}
		p, err := n.Profile(lifecircle.SlopeWalk)
		if err != nil {
			t.Fatal(err)
		}
		forward, back, _ := n.EdgeArcs(0)
		up := float64(p.Weights()[forward]) / 600
		down := float64(p.Weights()[back]) / 600
		if n.Node(n.Edge(0).From) != metresFrom(0, 0) {
			up, down = down, up
		}
		wantUp, wantDown := minutes(300, slope)+minutes(100, 0), minutes(300, -slope)+minutes(100, 0)
		// The step that rounds the bend mixes both parts: a step of 30 m at most.
		if math.Abs(up-wantUp) > 0.05*wantUp || math.Abs(down-wantDown) > 0.05*wantDown {
			t.Errorf("slope %v: %v and %v min, want %v and %v", slope, up, down, wantUp, wantDown)
		}
		if slope == 0 && (math.Abs(up-5) > 1e-9 || math.Abs(down-5) > 1e-9) {
			t.Errorf("on the level: %v and %v min, want 5", up, down)
		}
	}
}

func TestUnknownHeightIsTold(t *testing.T) {
	t.Parallel()
	e := &osm.Extract{
		Nodes:   []geo.Point{{Lon: 0.018}, {Lon: 0.022}},
		Streets: []osm.Street{{WayID: 1, Nodes: []uint32{0, 1}}},
	}
	told := ""
	_, err := network.BuildWith(e, network.BuildConfig{
		Profiles: []lifecircle.Mode{lifecircle.SlopeWalk}, Elevation: slopeOf(0.1), Warn: func(message string) { told = message },
	})
	// Half the street lies east of what is known, and the step that leaves it.
	if err != nil || !strings.Contains(told, "0.2 of 0.4 km") || !strings.Contains(told, "taken as flat") {
		t.Errorf("told %q, %v", told, err)
	}
}

// EdgeArcs finds the two arcs of every edge, parallel ones too.
func TestEdgeArcs(t *testing.T) {
	t.Parallel()
	_, n := draw(t, "+--+\n|  |\n+--+--+-+\n|  |  | |\n+--+  +-+")
	first, heads := n.Topology()
	p, err := n.Profile(lifecircle.Walk)
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[uint32]bool)
	for e := range uint32(n.EdgeCount()) {
		edge := n.Edge(e)
		forward, back, ok := n.EdgeArcs(e)
		if ok != (edge.From != edge.To) {
			t.Errorf("edge %d, %+v: arcs %v", e, edge, ok)
		}
		if !ok {
			continue
		}
		for _, arc := range [2][3]uint32{{forward, edge.From, edge.To}, {back, edge.To, edge.From}} {
			if arc[0] < first[arc[1]] || arc[0] >= first[arc[1]+1] || heads[arc[0]] != arc[2] || p.Weights()[arc[0]] != uint32(edge.Length) || seen[arc[0]] {
				t.Errorf("edge %d, %+v: arc %d leads to %d", e, edge, arc[0], heads[arc[0]])
			}
			seen[arc[0]] = true
		}
	}
	if len(seen) != len(heads) {
		t.Errorf("%d arcs found of %d", len(seen), len(heads))
	}
}

// On real streets: walking costs the same in a network for all and in one for
// walking alone; whoever is restricted more is never faster; the largest
// component of each profile is strongly connected.
func TestProfilesOnRealStreets(t *testing.T) {
	t.Parallel()
	path := sample.Shared(t, "porto-alegre-2020.osm.pbf")
	all, err := osm.ReadWith(t.Context(), path, osm.Config{Users: osm.Everyone})
	if err != nil {
		t.Fatal(err)
	}
	n, err := network.BuildWith(all, network.BuildConfig{Profiles: lifecircle.Modes(), Elevation: flat{}})
	if err != nil {
		t.Fatal(err)
	}
	for _, mode := range n.Modes() {
		p, err := n.Profile(mode)
		if err != nil {
			t.Fatal(err)
		}
		largest := p.LargestComponent()
		if len(largest) < 1000 {
			t.Errorf("%s: the largest component has %d nodes", mode, len(largest))
		}
		for _, reverse := range []bool{false, true} {
			// A dead end may be entered and not left, so there may be more.
			if reached := reachable(n, p, largest[0], reverse); reached < len(largest) {
				t.Errorf("%s, reverse %v: %d nodes reached, the component has %d", mode, reverse, reached, len(largest))
			}
		}
		var out bytes.Buffer
		if err := p.Export(&out); err != nil || !bytes.HasPrefix(out.Bytes(), []byte("p ")) {
			t.Errorf("%s: export %v", mode, err)
		}
	}
	walk, _ := n.Profile(lifecircle.Walk)
	wheels, _ := n.Profile(lifecircle.Wheelchair)
	slope, _ := n.Profile(lifecircle.SlopeWalk)
	for arc, w := range walk.Weights() {
		if wheels.Weights()[arc] != network.Barred && wheels.Weights()[arc] != w {
			t.Fatalf("arc %d: %d dm in a wheelchair, %d on foot", arc, wheels.Weights()[arc], w)
		}
		// 80 m/min are 0.75 ds for a decimetre, on flat land rounded to whole ones.
		if s := slope.Weights()[arc]; (s == network.Barred) != (w == network.Barred) || w != network.Barred && math.Abs(float64(s)-0.75*float64(w)) > 1 {
			t.Fatalf("arc %d: %d dm take %d ds on flat land", arc, w, s)
		}
	}
	if cars, _ := n.Profile(lifecircle.Car); slices.Equal(cars.Weights(), walk.Weights()) {
		t.Error("cars walk")
	}
	// The ways walked are the same in both networks, whatever else is in one.
	alone, err := osm.Read(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	m, err := network.Build(alone)
	if err != nil {
		t.Fatal(err)
	}
	ends := m.LargestComponent()
	from, to := m.Node(ends[0]), m.Node(ends[len(ends)/2])
	mine, ok := walkFrom(m, from, to)
	theirs, ok2 := walkFrom(n, from, to)
	// Each edge is rounded by 0.05 m, and the large network has more of them.
	if !ok || !ok2 || math.Abs(float64(mine)-float64(theirs)) > 0.002*float64(mine) {
		t.Errorf("%d dm in the network for walking, %d in the one for all", mine, theirs)
	}
}

// reachable counts the nodes reached from one, or those that reach it.
func reachable(n *network.Network, p *network.Profile, start uint32, reverse bool) int {
	first, heads := n.Topology()
	next := make([][]uint32, n.NodeCount())
	for v := range uint32(n.NodeCount()) {
		for arc := first[v]; arc < first[v+1]; arc++ {
			if p.Weights()[arc] == network.Barred {
				continue
			}
			if reverse {
				next[heads[arc]] = append(next[heads[arc]], v)
			} else {
				next[v] = append(next[v], heads[arc])
			}
		}
	}
	seen := make([]bool, n.NodeCount())
	stack, count := []uint32{start}, 0
	for len(stack) > 0 {
		v := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[v] {
			continue
		}
		seen[v] = true
		count++
		stack = append(stack, next[v]...)
	}
	return count
}

// walkFrom returns the length of the shortest walk between two places.
func walkFrom(n *network.Network, from, to geo.Point) (cost uint32, ok bool) {
	p, err := n.Profile(lifecircle.Walk)
	if err != nil {
		return 0, false
	}
	a, err := p.Snap(from)
	if err != nil {
		return 0, false
	}
	b, err := p.Snap(to)
	if err != nil {
		return 0, false
	}
	first, heads := n.Topology()
	leave, _ := p.Legs(a)
	_, arrive := p.Legs(b)
	dist := slices.Repeat([]uint32{network.Barred}, n.NodeCount())
	var queue []uint32
	for i, node := range [2]uint32{a.From, a.To} {
		dist[node] = min(dist[node], leave[i])
		queue = append(queue, node)
	}
	// A queue that takes a node again whenever it came nearer (Bellman, Ford).
	for ; len(queue) > 0; queue = queue[1:] {
		v := queue[0]
		for arc := first[v]; arc < first[v+1]; arc++ {
			if d := dist[v] + p.Weights()[arc]; d < dist[heads[arc]] {
				dist[heads[arc]] = d
				queue = append(queue, heads[arc])
			}
		}
	}
	best := min(dist[b.From]+arrive[0], dist[b.To]+arrive[1])
	return best, best < network.Barred
}

package network_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/network"
	"lifecircle/network/osm"
)

// sketch is a map of letters 100 m apart from character to character, the streets
// between them by their letters ("AB": "highway=residential"), and the tags of
// letters themselves ("B": "barrier=gate").
type sketch struct {
	letters string
	ways    map[string]string
	nodes   map[string]string
}

// place returns where a letter lies: at the equator all steps are equally long.
func (s sketch) place(t testing.TB, letter rune) geo.Point {
	t.Helper()
	for line, text := range strings.Split(s.letters, "\n") {
		for column, r := range []rune(text) {
			if r == letter {
				return metresFrom(100*float64(column), -100*float64(line))
			}
		}
	}
	t.Fatalf("letter %c is not on the map", letter)
	return geo.Point{}
}

// metresFrom returns the point so many metres east and north of 0, 0.
func metresFrom(east, north float64) geo.Point {
	const metresPerDegree = geo.EarthRadiusMetres * math.Pi / 180
	return geo.Point{Lon: east / metresPerDegree, Lat: north / metresPerDegree}
}

// build writes the sketch as a map file, reads it and builds the network of all
// profiles.
func (s sketch) build(t testing.TB) *network.Network {
	t.Helper()
	var xml strings.Builder
	xml.WriteString("<osm version='0.6'>\n")
	tags := func(text string) {
		for _, pair := range strings.Fields(text) {
			key, value, _ := strings.Cut(pair, "=")
			fmt.Fprintf(&xml, "<tag k='%s' v='%s'/>", key, value)
		}
	}
	for _, r := range s.letters {
		if r == ' ' || r == '\n' {
			continue
		}
		p := s.place(t, r)
		fmt.Fprintf(&xml, "<node id='%d' lon='%.7f' lat='%.7f'>", r, p.Lon, p.Lat)
		tags(s.nodes[string(r)])
		xml.WriteString("</node>\n")
	}
	names := make([]string, 0, len(s.ways))
	for name := range s.ways {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, name := range names {
		fmt.Fprintf(&xml, "<way id='%d'>", i+1)
		for _, r := range name {
			fmt.Fprintf(&xml, "<nd ref='%d'/>", r)
		}
		tags(s.ways[name])
		xml.WriteString("</way>\n")
	}
	xml.WriteString("</osm>\n")
	path := filepath.Join(t.TempDir(), "map.osm")
	if err := os.WriteFile(path, []byte(xml.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	extract, err := osm.ReadWith(t.Context(), path, osm.Config{Users: osm.Everyone})
	if err != nil {
		t.Fatal(err)
	}
	n, err := network.BuildWith(extract, network.BuildConfig{Profiles: lifecircle.Modes(), Elevation: flat{}})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

type flat struct{}

func (flat) At(geo.Point) (float64, bool) { return 7, true }

// way returns what it costs to get from one snapped point to another, by relaxing
// every arc as often as there are nodes; ok is false when there is no way.
func way(n *network.Network, p *network.Profile, from, to network.Snap) (cost uint32, ok bool) {
	first, heads := n.Topology()
	weights := p.Weights()
	leave, _ := p.Legs(from)
	_, arrive := p.Legs(to)
	dist := slices.Repeat([]uint32{network.Barred}, n.NodeCount())
	for i, node := range [2]uint32{from.From, from.To} {
		dist[node] = min(dist[node], leave[i])
	}
	for range n.NodeCount() {
		for v := range n.NodeCount() {
			for arc := first[v]; arc < first[v+1]; arc++ {
				dist[heads[arc]] = min(dist[heads[arc]], dist[v]+weights[arc])
			}
		}
	}
	best := uint32(network.Barred)
	for i, node := range [2]uint32{to.From, to.To} {
		best = min(best, dist[node]+arrive[i])
	}
	if along, on := p.Along(from, to); on {
		best = min(best, along)
	}
	return best, best < network.Barred
}

// travels writes for each of walk, wheelchair, bicycle and car what a way costs
// there and back: in metres on foot, else in seconds; x where there is none.
func (s sketch) travels(t testing.TB, from, to rune) string {
	t.Helper()
	n := s.build(t)
	var all []string
	for _, mode := range []lifecircle.Mode{lifecircle.Walk, lifecircle.Wheelchair, lifecircle.Bicycle, lifecircle.Car} {
		p, err := n.Profile(mode)
		if err != nil {
			t.Fatal(err)
		}
		one := func(from, to rune) string {
			var snaps [2]network.Snap
			for i, letter := range []rune{from, to} {
				snap, err := p.SnapWith(s.place(t, letter), network.SnapConfig{Islands: true, MaxMetres: 1})
				if err != nil {
					return "x"
				}
				snaps[i] = snap
			}
			if cost, ok := way(n, p, snaps[0], snaps[1]); ok {
				return fmt.Sprint(math.Round(float64(cost) / 10))
			}
			return "x"
		}
		all = append(all, one(from, to)+"/"+one(to, from))
	}
	return strings.Join(all, " ")
}

// Each map says what a way costs on foot and in a wheelchair (metres), by bicycle
// and by car (seconds), there and back. Residential streets take bicycles 24 s and
// cars 14.4 s for 100 m.
func TestTrafficOnMaps(t *testing.T) {
	t.Parallel()
	const line, detour = "A B C", "A B C\n\nD   E"
	street := func(more string) string { return "highway=residential " + more }
	around := func(tags string) map[string]string {
		return map[string]string{"AB": street(""), "BC": tags, "ADEC": street("")}
	}
	gate := func(tags string) sketch {
		return sketch{detour, map[string]string{"AB": street(""), "BC": street(""), "ADEC": street("")}, map[string]string{"B": tags}}
	}
	for name, c := range map[string]struct {
		sketch
		from, to rune
		want     string
	}{
		"an open street": {sketch{line, map[string]string{"ABC": street("")}, nil}, 'A', 'C', "400/400 400/400 96/96 58/58"},
		// A–D–E–C is 200 + 400 + 200 m: 800 m, 192 s, 115 s.
		"steps":                    {sketch{detour, around("highway=steps"), nil}, 'A', 'C', "400/400 800/800 192/192 115/115"},
		"steps with a ramp":        {sketch{detour, around("highway=steps ramp:wheelchair=yes"), nil}, 'A', 'C', "400/400 400/400 192/192 115/115"},
		"an escalator up":          {sketch{detour, around("highway=steps conveying=forward"), nil}, 'A', 'C', "400/800 800/800 192/192 115/115"},
		"a moving walkway back":    {sketch{detour, around("highway=footway conveying=backward"), nil}, 'A', 'C', "800/400 800/400 192/192 115/115"},
		"a private street":         {sketch{detour, around(street("access=private")), nil}, 'A', 'C', "800/800 800/800 192/192 115/115"},
		"private but for walkers":  {sketch{detour, around(street("access=private foot=permissive")), nil}, 'A', 'C', "400/400 400/400 192/192 115/115"},
		"a footway":                {sketch{detour, around("highway=footway"), nil}, 'A', 'C', "400/400 400/400 192/192 115/115"},
		"a footway for bicycles":   {sketch{detour, around("highway=footway bicycle=yes"), nil}, 'A', 'C', "400/400 400/400 138/138 115/115"},
		"no wheelchairs":           {sketch{detour, around("highway=footway wheelchair=no"), nil}, 'A', 'C', "400/400 800/800 192/192 115/115"},
		"a steep path":             {sketch{detour, around("highway=footway incline=12%"), nil}, 'A', 'C', "400/400 800/800 192/192 115/115"},
		"a cycleway":               {sketch{detour, around("highway=cycleway"), nil}, 'A', 'C', "800/800 800/800 93/93 115/115"},
		"a motorway":               {sketch{detour, around("highway=motorway"), nil}, 'A', 'C', "800/800 800/800 192/192 36/115"},
		"a oneway":                 {sketch{detour, around(street("oneway=yes")), nil}, 'A', 'C', "400/400 400/400 96/192 58/115"},
		"a oneway against":         {sketch{detour, around(street("oneway=-1")), nil}, 'A', 'C', "400/400 400/400 192/96 115/58"},
		"oneway but for bicycles":  {sketch{detour, around(street("oneway=yes oneway:bicycle=no")), nil}, 'A', 'C', "400/400 400/400 96/96 58/115"},
		"a contraflow lane":        {sketch{detour, around(street("oneway=yes cycleway=opposite_lane")), nil}, 'A', 'C', "400/400 400/400 96/96 58/115"},
		"a corridor":               {sketch{detour, around("highway=corridor indoor=yes"), nil}, 'A', 'C', "400/400 400/400 192/192 115/115"},
		"a ferry":                  {sketch{detour, around("route=ferry foot=yes"), nil}, 'A', 'C', "800/800 800/800 192/192 115/115"},
		"a car park as an area":    {sketch{detour, around("highway=service area=yes"), nil}, 'A', 'C', "800/800 800/800 192/192 115/115"},
		"a fast street":            {sketch{line, map[string]string{"AB": "highway=primary maxspeed=80", "BC": "highway=primary"}, nil}, 'A', 'C', "400/400 400/400 96/96 22/22"},
		"a square is walked round": {sketch{"A B\n\nD C", map[string]string{"ABCDA": "highway=pedestrian area=yes"}, nil}, 'A', 'C', "400/400 400/400 x/x x/x"},
		// The streets E and F end at opposite corners: across it is 200·√2 m, and 200 m
		// on the streets.
		"a square is walked across": {
			sketch{"E A B\n\n  D C F", map[string]string{"ABCDA": "highway=pedestrian area=yes", "EA": "highway=footway", "CF": "highway=footway"}, nil},
			'E', 'F', "683/683 683/683 x/x x/x",
		},
		// The square bends at G: 200 m on the street, √(400² + 200²) to G and 200 to D;
		// over the lawn it would be 766.
		"not across what is no square": {
			sketch{"E A   B\n\n      G C\n\n      D F H", map[string]string{"ABCFDGA": "highway=pedestrian area=yes", "EA": "highway=footway", "DF": "highway=footway", "FH": "highway=footway"}, nil},
			'E', 'D', "847/847 847/847 x/x x/x",
		},
		"an open gate":       {gate("barrier=gate"), 'A', 'C', "400/400 400/400 96/96 58/58"},
		"a private gate":     {gate("barrier=gate access=private"), 'A', 'C', "800/800 800/800 192/192 115/115"},
		"a gate for walkers": {gate("barrier=gate access=no foot=yes"), 'A', 'C', "400/400 800/800 192/192 115/115"},
		"a wall":             {gate("barrier=wall"), 'A', 'C', "800/800 800/800 192/192 115/115"},
		"a bollard":          {gate("barrier=bollard"), 'A', 'C', "400/400 400/400 96/96 115/115"},
		"a stile":            {gate("barrier=stile"), 'A', 'C', "400/400 800/800 192/192 115/115"},
		"a raised kerb":      {gate("kerb=raised"), 'A', 'C', "400/400 800/800 96/96 58/58"},
		"a lowered kerb":     {gate("barrier=kerb kerb=lowered"), 'A', 'C', "400/400 400/400 96/96 58/58"},
		"a fence across a dead end": {
			sketch{line, map[string]string{"ABC": street("")}, map[string]string{"B": "barrier=fence"}}, 'A', 'C', "x/x x/x x/x x/x",
		},
		"a fence with a way through": {
			sketch{line, map[string]string{"ABC": street("")}, map[string]string{"B": "barrier=fence access=yes"}}, 'A', 'C', "400/400 400/400 96/96 58/58",
		},
		"a locked gate at a crossing": {
			sketch{"  F\n\nA B C", map[string]string{"ABC": street(""), "FB": street("")}, map[string]string{"B": "barrier=gate locked=yes"}}, 'A', 'F', "x/x x/x x/x x/x",
		},
		// Between two gates a point is shut in, and moves there all the same.
		"between gates": {
			sketch{"A B C D E", map[string]string{"ABCDE": street("")}, map[string]string{"B": "barrier=bollard", "E": "barrier=bollard"}}, 'C', 'D', "200/200 200/200 48/48 29/29",
		},
		"against a oneway on one street": {
			sketch{"A B C D", map[string]string{"ABCD": street("oneway=yes")}, nil}, 'B', 'C', "200/200 200/200 48/x 29/x",
		},
		"round the block against a oneway": {
			sketch{"A B C D\n\nE     F", map[string]string{"ABCD": street("oneway=yes"), "DFEA": street("oneway=yes")}, nil}, 'B', 'C', "200/200 200/200 48/336 29/202",
		},
		// Drawn twice: open to whom either is.
		"a path beside a road on one line": {
			sketch{line, map[string]string{"ABC": "highway=motorway", "CBA": "highway=footway"}, nil}, 'A', 'C', "400/400 400/400 x/x 14/x",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := c.travels(t, c.from, c.to); got != c.want {
				t.Errorf("%s: %s, want %s", name, got, c.want)
			}
		})
	}
}

package access_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	orbgeo "github.com/paulmach/orb/geo"
	"github.com/paulmach/orb/planar"

	"lifecircle"
	"lifecircle/access"
	"lifecircle/geo"
	"lifecircle/network"
	"lifecircle/network/osm"
	"lifecircle/network/routing"
)

// oneWayTown is a lattice of streets of which many run one way, some nodes stop
// vehicles, and speeds differ.
func oneWayTown(t testing.TB, random *rand.Rand) (*network.Network, func() geo.Point) {
	t.Helper()
	const side = 9
	e := &osm.Extract{}
	for i := range side * side {
		e.Nodes = append(e.Nodes, geo.Point{Lon: 0.001 * float64(i%side), Lat: 0.001 * float64(i/side)})
		if random.IntN(12) == 0 {
			e.Barriers = append(e.Barriers, osm.Barrier{Node: uint32(i), Stops: osm.Users(1 + random.IntN(15))})
		}
	}
	for i := range side * side {
		for _, step := range []int{1, side} {
			if step == 1 && i%side == side-1 || i+step >= side*side || random.IntN(8) == 0 {
				continue
			}
			s := osm.Street{WayID: int64(len(e.Streets)), Nodes: []uint32{uint32(i), uint32(i + step)}, CarKmh: uint8(10 + 10*random.IntN(5))}
			switch random.IntN(4) {
			case 0:
				s.BarredBack = osm.Car | osm.Bicycle
			case 1:
				s.BarredForward = osm.Car
			case 2:
				s.BarredBack = osm.Wheelchair
			}
			e.Streets = append(e.Streets, s)
		}
	}
	n, err := network.BuildWith(e, network.BuildConfig{
		Profiles: []lifecircle.Mode{lifecircle.SlowWalk, lifecircle.Wheelchair, lifecircle.Bicycle, lifecircle.Car},
	})
	if err != nil {
		t.Fatal(err)
	}
	return n, func() geo.Point {
		return geo.Point{Lon: 0.0085*random.Float64() - 0.0002, Lat: 0.0085*random.Float64() - 0.0002}
	}
}

// trip returns what a way costs by relaxing every arc until nothing changes,
// from the point forward: the commands search from the place back.
func trip(n *network.Network, p *network.Profile, from, to network.Snap) (cost uint32, ok bool) {
	first, heads := n.Topology()
	leave, _ := p.Legs(from)
	_, arrive := p.Legs(to)
	dist := slices.Repeat([]uint32{network.Barred}, n.NodeCount())
	for i, node := range [2]uint32{from.From, from.To} {
		dist[node] = min(dist[node], leave[i])
	}
	for changed := true; changed; {
		changed = false
		for v := range n.NodeCount() {
			for arc := first[v]; arc < first[v+1]; arc++ {
				if d := dist[v] + p.Weights()[arc]; d < dist[heads[arc]] {
					dist[heads[arc]], changed = d, true
				}
			}
		}
	}
	best := min(dist[to.From]+arrive[0], dist[to.To]+arrive[1])
	if along, on := p.Along(from, to); on {
		best = min(best, along)
	}
	return best, best < network.Barred
}

func TestEveryProfileEqualsTheTwin(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		random := rand.New(rand.NewPCG(seed, 5))
		n, anywhere := oneWayTown(t, random)
		positions := make([]geo.Point, 25)
		for i := range positions {
			positions[i] = anywhere()
		}
		var places []access.Place
		for i := range 8 {
			places = append(places, access.Place{ID: lifecircle.FacilityID(fmt.Sprint("p", (i*5)%8)), At: anywhere()})
		}
		places = append(places, access.Place{ID: "on a point", At: positions[0]})
		for _, mode := range n.Modes() {
			p, err := n.Profile(mode)
			if err != nil {
				t.Fatal(err)
			}
			points := access.SnapPointsFor(n, p, positions)
			limit := p.Limit(7)
			want := make([][]access.Way, len(positions))
			pairs := 0
			for i := range positions {
				from, err := points.Snap(i)
				if err != nil {
					continue
				}
				for j, place := range places {
					to, err := p.Snap(place.At)
					if err != nil {
						continue
					}
					if cost, ok := trip(n, p, from, to); ok {
						want[i] = append(want[i], access.Way{Place: j, Cost: cost})
						if cost <= limit {
							pairs++
						}
					}
				}
				slices.SortFunc(want[i], func(a, b access.Way) int {
					if a.Cost != b.Cost {
						return int(a.Cost) - int(b.Cost)
					}
					if places[a.Place].ID < places[b.Place].ID {
						return -1
					}
					return 1
				})
			}
			access.EachNearest(points, places, access.NearestConfig{K: 3}, func(i int, ways []access.Way, state access.State) {
				if !slices.Equal(ways, want[i][:min(3, len(want[i]))]) {
					t.Errorf("seed %d, %s, point %d: %v %v, want %v", seed, mode, i, state, ways, want[i])
				}
			})
			access.EachWithin(points, places, limit, func(place, i int, cost uint32) {
				pairs--
				if !slices.Contains(want[i], access.Way{Place: place, Cost: cost}) {
					t.Errorf("seed %d, %s, point %d to place %d: %d, want one of %v", seed, mode, i, place, cost, want[i])
				}
			})
			cover, _ := access.FindCover(points, places, limit)
			for i := range positions {
				near := len(want[i]) > 0 && want[i][0].Cost <= limit
				if cover.Reaches(i) != near {
					t.Errorf("seed %d, %s, point %d: covered %v, want %v", seed, mode, i, !near, near)
				}
			}
			if pairs != 0 {
				t.Errorf("seed %d, %s: %d pairs within the limit were not visited, or visited twice", seed, mode, pairs)
			}
		}
	}
}

// A street of 2 km with a place in its middle: within 400 m lie 800 m of street and
// what is up to 50 m beside it, less at the ends.
func TestIsochroneByArithmetic(t *testing.T) {
	t.Parallel()
	n, places, _ := town(t, "+---------A---------+")
	iso := access.NewIsochrones(n, walking(t, n))
	area, err := iso.Around(places[0].At, 4000)
	if err != nil {
		t.Fatal(err)
	}
	if len(area) != 1 || len(area[0]) != 1 {
		t.Fatalf("%d outlines, want one without holes", len(area))
	}
	// 800 × 100 m, and the squares of 25 m leave or add at most one on each side.
	if square := orbgeo.Area(area); square < 800*75 || square > 850*125 {
		t.Errorf("%.0f m², want about 80,000", square)
	}
	east := func(metres float64) orb.Point {
		const metresPerDegree = geo.EarthRadiusMetres * math.Pi / 180
		at := places[0].At
		return orb.Point{at.Lon + metres/(metresPerDegree*math.Cos(at.Lat*math.Pi/180)), at.Lat}
	}
	for _, c := range []struct {
		metres float64
		inside bool
	}{{0, true}, {395, true}, {-395, true}, {430, false}, {-430, false}, {900, false}} {
		if got := planar.MultiPolygonContains(area, east(c.metres)); got != c.inside {
			t.Errorf("%v m east: inside %v, want %v", c.metres, got, c.inside)
		}
	}
	if _, err := iso.Around(geo.Point{}, 4000); lifecircle.ErrorCode(err) != "unsnapped" {
		t.Errorf("a place off the map: %v", err)
	}
}

// Every point of the street within the limit lies in the area, on any profile; a
// block that is walked round leaves a hole; outlines close and turn the right way.
func TestIsochroneHoldsWhatIsReached(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(8, 8))
	n, anywhere := oneWayTown(t, random)
	holes := 0
	for _, mode := range n.Modes() {
		p, err := n.Profile(mode)
		if err != nil {
			t.Fatal(err)
		}
		iso := access.NewIsochrones(n, p)
		for range 5 {
			place, limit := anywhere(), p.Limit(8)
			area, err := iso.Around(place, limit)
			if err != nil {
				continue
			}
			for _, polygon := range area {
				for i, ring := range polygon {
					if !ring.Closed() || (ring.Orientation() == orb.CCW) != (i == 0) {
						t.Errorf("%s: ring %d runs %v, closed %v", mode, i, ring.Orientation(), ring.Closed())
					}
				}
				holes += len(polygon) - 1
			}
			to, err := p.Snap(place)
			if err != nil {
				t.Fatal(err)
			}
			for range 40 {
				from, err := p.Snap(anywhere())
				if err != nil {
					continue
				}
				from.Leg = 0
				if cost, ok := trip(n, p, from, to); ok && cost+p.Limit(0.3) <= limit && !planar.MultiPolygonContains(area, orb.Point{from.At.Lon, from.At.Lat}) {
					t.Errorf("%s: %v costs %d of %d and lies outside", mode, from.At, cost, limit)
				}
			}
		}
	}
	if holes == 0 {
		t.Error("no hole was drawn: the test does not see them")
	}
}

// By the index every pair costs what the search finds, one-way streets, barriers
// and points on one street included.
func TestPairsEqualSearches(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		random := rand.New(rand.NewPCG(seed, 77))
		n, anywhere := oneWayTown(t, random)
		index, err := routing.Build(routing.GraphOf(n), routing.BuildConfig{})
		if err != nil {
			t.Fatal(err)
		}
		positions := make([]geo.Point, 40)
		for i := range positions {
			positions[i] = anywhere()
		}
		var places []access.Place
		for i := range 300 {
			places = append(places, access.Place{ID: lifecircle.FacilityID(fmt.Sprint(i)), At: anywhere()})
		}
		for _, mode := range n.Modes() {
			p, err := n.Profile(mode)
			if err != nil {
				t.Fatal(err)
			}
			metric, err := index.Customise(p.Weights(), routing.MetricConfig{})
			if err != nil {
				t.Fatal(err)
			}
			points := access.SnapPointsFor(n, p, positions)
			type pair struct{ place, point int }
			want := make(map[pair]uint32)
			access.EachWithin(points, places, network.Barred-1, func(place, point int, cost uint32) { want[pair{place, point}] = cost })
			found := 0
			access.EachPair(points, places, metric, func(place, point int, cost uint32) {
				found++
				if w, ok := want[pair{place, point}]; !ok || w != cost {
					t.Errorf("seed %d, %s, point %d to place %d: %d, the search says %d, %v", seed, mode, point, place, cost, w, ok)
				}
			})
			if found != len(want) || found == 0 {
				t.Errorf("seed %d, %s: %d pairs, want %d", seed, mode, found, len(want))
			}
		}
	}
}

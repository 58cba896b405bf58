package access_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"lifecircle"
	"lifecircle/access"
	"lifecircle/geo"
	"lifecircle/network"
	"lifecircle/network/routing"
)

// TestAlteredLayers: on streets closed and opened one after another, by every way of
// travelling, a layer that followed equals one computed on them, and names the points
// that changed.
func TestAlteredLayers(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		random := rand.New(rand.NewPCG(seed, 19))
		first, anywhere := oneWayTown(t, random)
		positions := make([]geo.Point, 40)
		for i := range positions {
			positions[i] = anywhere()
		}
		var places []access.Place
		position := make(map[lifecircle.FacilityID]geo.Point)
		for i := range 12 {
			place := access.Place{ID: lifecircle.FacilityID(fmt.Sprint("p", i)), At: anywhere()}
			places, position[place.ID] = append(places, place), place.At
		}
		index, err := routing.Build(routing.GraphOf(first), routing.BuildConfig{})
		if err != nil {
			t.Fatal(err)
		}
		for _, mode := range first.Modes() {
			computed := func(n *network.Network) (*access.Points, *access.Layer) {
				p, err := n.Profile(mode)
				if err != nil {
					t.Fatal(err)
				}
				ways, err := routing.WaysOf(n, p, index)
				if err != nil {
					t.Fatal(err)
				}
				points := access.SnapPointsOn(n, ways, positions)
				return points, access.Compute(points, places)
			}
			n := first
			points, layer := computed(n)
			for step := range 25 {
				line := n.Shape(uint32(random.IntN(n.EdgeCount())))
				a := network.Alteration{What: network.CloseStreet, At: geo.Point{
					Lon: (line[0].Lon + line[1].Lon) / 2, Lat: (line[0].Lat + line[1].Lat) / 2,
				}}
				if random.IntN(3) == 0 {
					a.What = network.OpenStreet
				}
				next, err := n.Altered(a)
				if err != nil {
					continue
				}
				alteration, ok := points.Altered(next, positions)
				if !ok {
					t.Fatal("the streets are others")
				}
				altered, changed := layer.Altered(alteration, func(id lifecircle.FacilityID) geo.Point { return position[id] })
				_, want := computed(next)
				for i := range positions {
					b, state := altered.Nearest(i)
					b2, _ := altered.Second(i)
					w, wanted := want.Nearest(i)
					w2, _ := want.Second(i)
					if b != w || b2 != w2 || state != wanted {
						mine, fault := alteration.Points().Snap(i)
						theirs, _ := computed(next)
						his, fault2 := theirs.Snap(i)
						t.Fatalf("seed %d, %s, step %d, %s: point %d has %v %v (%s), want %v %v (%s); snapped %+v (%v) and %+v (%v)",
							seed, mode, step, a.What, i, b, b2, state, w, w2, wanted, mine, fault, his, fault2)
					}
					was, before := layer.Nearest(i)
					was2, _ := layer.Second(i)
					if (was != b || was2 != b2 || (state == access.Unsnapped) != (before == access.Unsnapped)) != slices.Contains(changed, i) {
						t.Fatalf("seed %d, %s, step %d: point %d from %v to %v, told: %v", seed, mode, step, i, was, b, changed)
					}
				}
				if !altered.Equal(want) {
					t.Fatalf("seed %d, %s, step %d: adrift %v, want %v", seed, mode, step, altered.Adrift(), want.Adrift())
				}
				n, points, layer = next, alteration.Points(), altered
			}
		}
	}
}

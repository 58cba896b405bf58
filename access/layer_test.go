package access_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"lifecircle"
	"lifecircle/access"
	"lifecircle/geo"
	"lifecircle/network/routing"
)

// TestLayersOfEveryProfile: on streets of which many run one way a layer that was
// computed by an index, one computed by searches, and one that came about by adding
// and removing places say the same; and it names the points that changed.
func TestLayersOfEveryProfile(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		random := rand.New(rand.NewPCG(seed, 17))
		n, anywhere := oneWayTown(t, random)
		positions := make([]geo.Point, 40)
		for i := range positions {
			positions[i] = anywhere()
		}
		index, err := routing.Build(routing.GraphOf(n), routing.BuildConfig{})
		if err != nil {
			t.Fatal(err)
		}
		for _, mode := range n.Modes() {
			p, err := n.Profile(mode)
			if err != nil {
				t.Fatal(err)
			}
			ways, err := routing.WaysOf(n, p, index)
			if err != nil {
				t.Fatal(err)
			}
			points, plain := access.SnapPointsOn(n, ways, positions), access.SnapPointsFor(n, p, positions)
			var places []access.Place
			layer := access.Compute(points, nil)
			for step := range 25 {
				before := layer
				var changed []int
				if what := random.IntN(4); len(places) > 0 && what == 0 {
					moved := &places[random.IntN(len(places))]
					moved.At = anywhere()
					layer, changed = layer.Changed([]lifecircle.FacilityID{moved.ID}, []access.Place{*moved})
				} else if len(places) > 0 && what == 1 {
					gone := random.IntN(len(places))
					layer, changed = layer.Without(places[gone].ID)
					places = slices.Delete(places, gone, gone+1)
				} else {
					at := anywhere()
					if random.IntN(4) == 0 {
						at = positions[random.IntN(len(positions))]
					}
					place := access.Place{ID: lifecircle.FacilityID(fmt.Sprint("p", (37*step)%25)), At: at}
					layer, changed = layer.With(place)
					places = append(places, place)
				}
				if !layer.Equal(access.Compute(points, places)) {
					t.Fatalf("seed %d, %s, step %d: changed layer and computed one differ", seed, mode, step)
				}
				if !layer.Equal(access.Compute(plain, places)) {
					t.Fatalf("seed %d, %s, step %d: by index and by search differ", seed, mode, step)
				}
				for i := range positions {
					a, _ := before.Nearest(i)
					b, _ := layer.Nearest(i)
					a2, _ := before.Second(i)
					b2, _ := layer.Second(i)
					if (a != b || a2 != b2) != slices.Contains(changed, i) {
						t.Fatalf("seed %d, %s, step %d: point %d from %v to %v, told: %v", seed, mode, step, i, a, b, changed)
					}
				}
			}
		}
	}
}

// TestDifferingLayers: two layers some changes apart differ at the points of which
// they say something else, and at no others, whatever they share.
func TestDifferingLayers(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		random := rand.New(rand.NewPCG(seed, 18))
		n, anywhere := oneWayTown(t, random)
		positions := make([]geo.Point, 40)
		for i := range positions {
			positions[i] = anywhere()
		}
		points := access.SnapPointsFor(n, walking(t, n), positions)
		layers := []*access.Layer{access.Compute(points, nil)}
		for step := range 25 {
			now := layers[len(layers)-1]
			if id := lifecircle.FacilityID(fmt.Sprint("p", random.IntN(step+1))); random.IntN(3) == 0 {
				now, _ = now.Without(id)
			} else {
				now, _ = now.With(access.Place{ID: lifecircle.FacilityID(fmt.Sprint("p", step)), At: anywhere()})
			}
			layers = append(layers, now)
			other := layers[random.IntN(len(layers))]
			var want []int
			for i := range positions {
				a, _ := other.Nearest(i)
				b, _ := now.Nearest(i)
				a2, _ := other.Second(i)
				b2, _ := now.Second(i)
				if a != b || a2 != b2 {
					want = append(want, i)
				}
			}
			if got := now.Differing(other); !slices.Equal(got, want) {
				t.Fatalf("seed %d, step %d: points %v differ, said to be %v", seed, step, want, got)
			}
		}
	}
}

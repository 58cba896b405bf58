package indicator

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"lifecircle"
	"lifecircle/access"
	"lifecircle/geo"
	"lifecircle/internal/testcity"
	"lifecircle/network"
)

// TestLayersThatWait: a layer that is made when it is asked for is the one computed of
// its places, however many changes it waited for, and no more than mostWaiting wait.
func TestLayersThatWait(t *testing.T) {
	t.Parallel()
	city, err := testcity.Grid(6, 6, 100)
	if err != nil {
		t.Fatal(err)
	}
	net, err := network.Build(city.Extract())
	if err != nil {
		t.Fatal(err)
	}
	walk, err := net.Profile(lifecircle.Walk)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(2, 4))
	anywhere := func() geo.Point { return city.At(1+r.IntN(6), 1+r.IntN(6)) }
	points := access.SnapPointsFor(net, walk, []geo.Point{anywhere(), anywhere(), anywhere()})
	var places []access.Place
	l := madeLayer(access.Compute(points, nil))
	most := 0
	for step := range 400 {
		var gone []lifecircle.FacilityID
		var come []access.Place
		at := -1
		if len(places) > 0 {
			at = r.IntN(len(places))
		}
		switch what := r.IntN(5); {
		case at >= 0 && what == 0:
			gone = append(gone, places[at].ID)
			places = slices.Delete(places, at, at+1)
		case at >= 0 && what < 3: // it moves
			gone = append(gone, places[at].ID)
			places[at].At = anywhere()
			come = append(come, places[at])
		case what < 4:
			come = append(come, access.Place{ID: lifecircle.FacilityID(fmt.Sprint(step)), At: anywhere()})
			places = append(places, come[0])
		}
		before := l
		l = l.over(gone, come)
		if len(gone)+len(come) == 0 && l != before {
			t.Fatal("what does not change is another layer")
		}
		most = max(most, l.waiting())
		if step%150 == 149 && !l.get().Equal(access.Compute(points, places)) {
			t.Fatalf("step %d: a layer that waited is not the one of its places", step)
		}
	}
	if most != mostWaiting {
		t.Errorf("up to %d layers waited; it should be %d", most, mostWaiting)
	}
}

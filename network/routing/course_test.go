package routing_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/network/routing"
)

// TestCourseIsAsLongAsItsRoute: the line of a route leads along the streets from one
// point to the other and is as long as the route says, but for rounding.
func TestCourseIsAsLongAsItsRoute(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		town := drawTown(t)
		walk, err := town.net.Profile(lifecircle.Walk)
		if err != nil {
			t.Fatal(err)
		}
		index, err := routing.Build(routing.GraphOf(town.net), routing.BuildConfig{})
		if err != nil {
			t.Fatal(err)
		}
		metric, err := index.Customise(walk.Weights(), routing.MetricConfig{})
		if err != nil {
			t.Fatal(err)
		}
		sweep := metric.Sweep()
		for _, from := range town.points {
			for _, to := range town.points {
				leave, _ := routing.SpotsOf(walk, from)
				_, arrive := routing.SpotsOf(walk, to)
				route, ok := sweep.Route(leave, arrive)
				if along, same := walk.Along(from, to); same && (!ok || along <= route.Distance) {
					route, ok = routing.Route{Distance: along}, true
				}
				if !ok {
					continue
				}
				line := town.net.Course(from, to, route.Nodes, route.Arcs)
				if line[0] != from.At || line[len(line)-1] != to.At {
					t.Fatalf("the line leads from %v to %v, want %v to %v", line[0], line[len(line)-1], from.At, to.At)
				}
				length := (from.Leg + to.Leg).Metres()
				for i := range len(line) - 1 {
					length += geo.Distance(line[i], line[i+1])
				}
				// An edge is rounded to 0.1 m, and so is each of a point's two parts of one.
				slack := 0.1 * float64(len(route.Arcs)+3)
				if math.Abs(length-lifecircle.Decimetres(route.Distance).Metres()) > slack {
					t.Fatalf("a line of %.2f m for a route of %d dm: %v", length, route.Distance, line)
				}
			}
		}
	})
}

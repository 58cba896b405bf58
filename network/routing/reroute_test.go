package routing_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/network"
	"lifecircle/network/routing"
)

// TestReroutedEqualsComputing: closing and opening streets one after another leaves
// the table that is computed on the altered streets, and tells where it differs.
func TestReroutedEqualsComputing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		town := drawTown(t)
		ix, err := routing.Build(routing.GraphOf(town.net), routing.BuildConfig{})
		if err != nil {
			t.Fatal(err)
		}
		onWays := func(n *network.Network) *routing.Ways {
			p, err := n.Profile(lifecircle.Walk)
			if err != nil {
				t.Fatal(err)
			}
			ways, err := routing.WaysOf(n, p, ix)
			if err != nil {
				t.Fatal(err)
			}
			return ways
		}
		sources := sourcesOf(t, town.points)
		k := rapid.IntRange(1, 3).Draw(t, "k")
		ways := onWays(town.net)
		table := ways.Compute(sources, k)
		for range rapid.IntRange(1, 8).Draw(t, "alterations") {
			e := uint32(rapid.IntRange(0, town.net.EdgeCount()-1).Draw(t, "edge"))
			line := town.net.Shape(e)
			a := network.Alteration{What: network.CloseStreet, At: geo.Point{
				Lon: (line[0].Lon + line[1].Lon) / 2, Lat: (line[0].Lat + line[1].Lat) / 2,
			}}
			if rapid.Bool().Draw(t, "open") {
				a.What = network.OpenStreet
			}
			net, err := town.net.Altered(a)
			if err != nil {
				continue // there is none to close, or to open
			}
			altered, _ := net.AlteredSince(town.net)
			next, arcs, ok := ways.Altered(net)
			if !ok {
				t.Fatal("the arcs are others")
			}
			var onIt []routing.Source
			before := table
			for _, s := range sources {
				if slices.Contains(altered, s.At.Edge) {
					onIt = append(onIt, s)
					table, _ = table.Without(s.ID)
				}
			}
			standing := table
			var touched []uint32
			table, touched = table.Rerouted(next, arcs)
			for node := range uint32(net.NodeCount()) {
				differs := !slices.Equal(named(standing, standing.Node(node, nil)), named(table, table.Node(node, nil)))
				if differs && !slices.Contains(touched, node) {
					t.Fatalf("node %d differs and is not told", node)
				}
			}
			for _, s := range onIt {
				table, _ = table.With(s)
			}
			if !same(before, ways.Compute(sources, k), town) {
				t.Fatal("the table before changed")
			}
			town.net, ways = net, next
			if !same(table, onWays(net).Compute(sources, k), town) {
				t.Fatalf("after %+v the table is not as computed", a)
			}
			if !same(table, next.Compute(sources, k), town) {
				t.Fatalf("after %+v the metric is not as customised", a)
			}
		}
	})
}

package main

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"lifecircle"
	"lifecircle/access"
	"lifecircle/bench/region"
	"lifecircle/geo"
	"lifecircle/network/routing"
)

// The layers of a plan: so many, of so many places each, over so many points; and
// how many changes are tried.
const (
	planLayers  = 25
	layerPlaces = 1000
	layerPoints = 200_000
	layerTrials = 400
	// touchedLayers is how many measures one facility is a place of.
	touchedLayers = 3
)

// layers measures the layers of a plan on a region: their memory beside streets and
// index, and what it takes to try one facility.
func layers(out io.Writer, s region.Streets) error {
	net, err := s.Network()
	if err != nil {
		return err
	}
	s = region.Streets{}
	walking, err := net.Profile(lifecircle.Walk)
	if err != nil {
		return err
	}
	index, err := routing.Build(routing.GraphOf(net), routing.BuildConfig{})
	if err != nil {
		return err
	}
	ways, err := routing.WaysOf(net, walking, index)
	if err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(9, 10))
	members := walking.LargestComponent()
	anywhere := func() geo.Point { return net.Node(members[random.IntN(len(members))]) }
	positions := make([]geo.Point, layerPoints)
	for i := range positions {
		positions[i] = anywhere()
	}
	points := access.SnapPointsOn(net, ways, positions)
	places := make([][]access.Place, planLayers)
	for i := range places {
		for k := range layerPlaces {
			places[i] = append(places[i], access.Place{ID: lifecircle.FacilityID(fmt.Sprintf("%d-%d", i, k)), At: anywhere()})
		}
	}
	kept := make([]*access.Layer, planLayers)
	t := least(1, func() {
		for i := range kept {
			kept[i] = access.Compute(points, places[i])
		}
	})
	bytes := 0
	for _, layer := range kept {
		bytes += layer.Bytes()
	}
	r := &report{out: out}
	fmt.Fprintf(out, "\n## layers of a plan: %d nodes, %d points, %d layers of %d places\n\n| what | CPU | wall | |\n|---|---|---|---|\n",
		net.NodeCount(), layerPoints, planLayers, layerPlaces)
	r.row("all layers", t, fmt.Sprintf("%d MB", bytes>>20))
	for _, trial := range []string{"add", "remove", "move"} {
		var cpu, wall []time.Duration
		for i := range layerTrials {
			at := anywhere()
			from, begun := processorTime(), time.Now()
			for k := range touchedLayers {
				var gone []lifecircle.FacilityID
				var come []access.Place
				if trial != "add" {
					gone = append(gone, places[k][i%layerPlaces].ID)
				}
				if trial != "remove" {
					come = append(come, access.Place{ID: "tried", At: at})
				}
				layer, _ := kept[k].Changed(gone, come)
				if i == 0 && trial == "move" {
					moved := slices.Clone(places[k])
					moved[0] = access.Place{ID: "tried", At: at}
					if !layer.Equal(access.Compute(points, moved)) {
						r.fault = errors.Join(r.fault, fmt.Errorf("layer %d: %w after a move", k, errDiffers))
					}
					from, begun = processorTime(), time.Now()
				}
			}
			cpu, wall = append(cpu, processorTime()-from), append(wall, time.Since(begun))
		}
		slices.Sort(cpu)
		slices.Sort(wall)
		middle, high := len(cpu)/2, len(cpu)*99/100
		r.row(fmt.Sprintf("%s a place of %d layers", trial, touchedLayers), taken{cpu[middle], wall[middle]}, fmt.Sprintf("p99 %s CPU, %s wall", short(cpu[high]), short(wall[high])))
	}
	debug.FreeOSMemory()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	fmt.Fprintf(out, "\nLive memory with streets, index, points and layers: %d MB.\n", stats.HeapAlloc>>20)
	runtime.KeepAlive(kept)
	runtime.KeepAlive(ways)
	runtime.KeepAlive(points)
	return r.fault
}

package engine_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"syscall"
	"testing"
	"time"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/bench/region"
	"lifecircle/engine"
	"lifecircle/figure"
	"lifecircle/geo"
	"lifecircle/journal"
	"lifecircle/network"
	"lifecircle/network/routing"
	"lifecircle/plan"
	"lifecircle/plan/rule"
	"lifecircle/registry"
	"lifecircle/scenario"
)

// The region: so many layers, places of each kind and points where people live. Its
// fields are counties, each parted into so many townships a side, and those into so
// many villages.
const (
	regionLayers    = 25
	regionPlaces    = 500
	regionPoints    = 100_000
	townshipsAcross = 3
	villagesAcross  = 4
)

// still are facts that stay as they are.
type still struct{ facts scenario.Facts }

func (s still) Facts(context.Context, account.Grant) (scenario.Facts, journal.Seq, error) {
	return s.facts, 1, nil
}

func (still) Changes(context.Context, journal.Seq, int) ([]journal.Change, error) { return nil, nil }

// indexed is a network with its index.
type indexed struct {
	oneNetwork
	index *routing.Index
}

func (i indexed) Index(string, *network.Network) (*routing.Index, error) { return i.index, nil }

// regionStreets is the region of a million nodes; it skips where an extract is missing.
func regionStreets(b *testing.B) *network.Network {
	b.Helper()
	delaware, err := region.Delaware(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	porto := filepath.Join("..", "..", "shared", "data", "osm", "porto.osm.pbf")
	for _, path := range []string{porto, delaware} {
		if _, err := os.Stat(path); err != nil {
			b.Skipf("no extract %s", path)
		}
	}
	white, err := region.City("Porto", porto)
	if err != nil {
		b.Fatal(err)
	}
	black, err := region.City("Delaware", delaware)
	if err != nil {
		b.Fatal(err)
	}
	net, err := region.Board("region R", white, black).Network()
	if err != nil {
		b.Fatal(err)
	}
	return net
}

// peopled makes up areas, people and places on streets. Measures are those of the plan,
// and as many more, of one kind of place each, as there are to be layers.
func peopled(b *testing.B, net *network.Network, pkg *plan.Package) registry.Base {
	b.Helper()
	const root = lifecircle.AreaCode("980000")
	base := registry.Base{Networks: []registry.Network{{Root: root, Hash: net.Hash(), Provenance: lifecircle.Generated}}}
	area := func(code, parent lifecircle.AreaCode, level registry.Level) {
		base.Areas = append(base.Areas, registry.Area{Code: code, Parent: parent, Level: level, Provenance: lifecircle.Generated})
	}
	area(root, "", registry.Region)
	for p := range 4 {
		prefecture := lifecircle.AreaCode(fmt.Sprintf("98%02d00", p+1))
		area(prefecture, root, registry.Prefecture)
		for c := range 4 {
			county := lifecircle.AreaCode(fmt.Sprintf("98%02d%02d", p+1, c+1))
			area(county, prefecture, registry.County)
			for t := range townshipsAcross * townshipsAcross {
				township := lifecircle.AreaCode(fmt.Sprintf("%s%03d", county, t+1))
				area(township, county, registry.Township)
				for v := range villagesAcross * villagesAcross {
					area(lifecircle.AreaCode(fmt.Sprintf("%s%03d", township, v+1)), township, registry.Village)
				}
			}
		}
	}
	box := net.Summary().Bounds
	village := func(at geo.Point) lifecircle.AreaCode {
		const across = 4 * townshipsAcross * villagesAcross
		place := func(x, low, high float64) int { return min(across-1, int(across*(x-low)/(high-low))) }
		x, y := place(at.Lon, box.Min.Lon, box.Max.Lon), place(at.Lat, box.Min.Lat, box.Max.Lat)
		const county = townshipsAcross * villagesAcross
		township := (y%county)/villagesAcross*townshipsAcross + (x%county)/villagesAcross
		return lifecircle.AreaCode(fmt.Sprintf("98%02d%02d%03d%03d", y/county+1, x/county+1, township+1,
			y%villagesAcross*villagesAcross+x%villagesAcross+1))
	}
	rng := rand.New(rand.NewPCG(11, 12))
	anywhere := func() geo.Point { return net.Node(uint32(rng.IntN(net.NodeCount()))) }
	for i := range regionPoints {
		at := anywhere()
		base.Points = append(base.Points, registry.PopulationPoint{
			ID: fmt.Sprintf("p%06d", i), Area: village(at), At: at, People: 1 + rng.Int64N(90), Urban: i%3 > 0, Provenance: lifecircle.Generated,
		})
	}
	var kinds []string
	for _, m := range pkg.Measures {
		kinds = append(kinds, m.Kinds...)
	}
	slices.Sort(kinds)
	kinds = slices.Compact(kinds)
	for i, kind := range kinds {
		for k := range regionPlaces {
			at := anywhere()
			base.Facilities = append(base.Facilities, registry.Facility{
				ID: lifecircle.FacilityID(fmt.Sprintf("f%02d-%03d", i, k)), Area: village(at), Kind: kind, At: at,
				Public: true, Fields: registry.Fields{"beds": rule.NumberOf(lifecircle.Int(rng.Int64N(90)))}, Provenance: lifecircle.Generated,
			})
		}
	}
	for i := 0; len(pkg.Measures) < regionLayers; i++ {
		id := fmt.Sprintf("one_kind_%d", i)
		pkg.Measures[id] = plan.Measure{ID: id, Mode: lifecircle.Walk, Distance: "network", Kinds: kinds[i : i+1]}
	}
	return base
}

// spent is the processor time of the process.
func spent(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkMillion tries places of the plan on a region of a million nodes with 25
// layers, through Engine.WhatIf: every target of every area is judged again. The goal
// is 10 ms at p99, with the collector of garbage, and 600 MB of live memory.
func BenchmarkMillion(b *testing.B) {
	const root = lifecircle.AreaCode("980000")
	eng := func() *engine.Engine {
		net := regionStreets(b)
		index, err := routing.Build(routing.GraphOf(net), routing.BuildConfig{})
		if err != nil {
			b.Fatal(err)
		}
		pkg := ningxia(b)
		r, err := registry.NewSnapshot(peopled(b, net, pkg))
		if err != nil {
			b.Fatal(err)
		}
		eng, err := engine.Open(b.Context(), engine.Config{
			Source:   still{scenario.Facts{Registry: r, Figures: new(figure.Table)}},
			Networks: indexed{oneNetwork{net}, index}, Plan: pkg, Grant: account.Local(),
		})
		if err != nil {
			b.Fatal(err)
		}
		return eng
	}()
	w, err := eng.World(account.Local(), root)
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("%d nodes, %d areas, %d points, %d places, %d measures", w.Network().NodeCount(),
		len(w.Registry().Areas()), len(w.Registry().Points()), len(w.Registry().Facilities()), len(w.Plan().Measures))
	memory := func(name string) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
			}
			debug.FreeOSMemory()
			var stats runtime.MemStats
			runtime.ReadMemStats(&stats)
			b.ReportMetric(float64(stats.HeapAlloc>>20), "MB-live")
			b.ReportMetric(float64((stats.Sys-stats.HeapReleased)>>20), "MB-resident")
		})
	}
	memory("as built")
	for _, code := range w.Registry().Subtree(root) {
		w.Evaluator().Results(code, lifecircle.Year(w.Plan().Year))
	}
	memory("all results known")
	places := w.Registry().Facilities()
	for _, name := range []string{"add", "withdraw", "move"} {
		b.Run(name, func(b *testing.B) {
			rng := rand.New(rand.NewPCG(1, 2))
			var cpu, wall []time.Duration
			for b.Loop() {
				f := *places[rng.IntN(len(places))]
				change := scenario.Change{Op: scenario.Withdraw, ID: f.ID}
				switch name {
				case "add":
					f.ID = "tried"
					f.At.Lon += 0.003
					change = scenario.Change{Op: scenario.Add, Facility: &f}
				case "move":
					f.At.Lon += 0.003
					change = scenario.Change{Op: scenario.Amend, Facility: &f}
				}
				from, begun := spent(b), time.Now()
				if _, err := eng.WhatIf(account.Local(), root, scenario.Tried([]scenario.Change{change})); err != nil {
					b.Fatal(err)
				}
				cpu, wall = append(cpu, spent(b)-from), append(wall, time.Since(begun))
			}
			for unit, took := range map[string][]time.Duration{"cpu": cpu, "wall": wall} {
				slices.Sort(took)
				b.ReportMetric(took[len(took)/2].Seconds()*1e3, unit+"-p50-ms")
				b.ReportMetric(took[len(took)*99/100].Seconds()*1e3, unit+"-p99-ms")
			}
		})
	}
	memory("all tried")
	runtime.KeepAlive(eng)
}

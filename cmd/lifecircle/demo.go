package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/api"
	"lifecircle/engine"
	"lifecircle/geo"
	"lifecircle/intake"
	"lifecircle/internal/ningxia"
	"lifecircle/internal/testcity"
	"lifecircle/internal/testcity/banks"
	"lifecircle/network"
	"lifecircle/network/osm"
	"lifecircle/plan"
	"lifecircle/plans"
	"lifecircle/registry"
	"lifecircle/report"
	"lifecircle/scenario"
	"lifecircle/store"
	"lifecircle/tile"
)

func (a *app) demo() *cobra.Command {
	var addr, extract string
	var noServe, townOnly bool
	var seed uint64
	c := &cobra.Command{
		Use:   "demo [DIR]",
		Short: "Make the demonstration workspace if it is missing, evaluate it and serve it",
		Long: `Makes a workspace of Ningxia: its division codes, its census of 2020 and published
figures are real; streets, dwellings, facilities and estates are generated from a
seed and say so in every row. Beside it stand a town drawn in ASCII, whose answers
are known by arithmetic, and a real city from an OpenStreetMap extract: the one
named by --osm, else one that lies nearby. Streets and places of the real city are
real, its people are generated. Nothing of it is an official value.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				a.dir = args[0]
			} else if !cmd.Flags().Changed("dir") {
				a.dir = "demo"
			}
			if err := loopback(addr); err != nil {
				return err
			}
			if !exists(filepath.Join(a.dir, "plan")) {
				if err := makeDemo(cmd.Context(), demonstration{dir: a.dir, extract: extract, seed: seed, townOnly: townOnly, log: cmd.ErrOrStderr(), at: a.now(), who: a.who}); err != nil {
					return fmt.Errorf("make the demonstration: %w", err)
				}
			}
			if err := a.showDemo(cmd); err != nil {
				return err
			}
			if noServe {
				return nil
			}
			return a.serveWorkspace(cmd, a.dir, addr)
		},
	}
	c.Flags().StringVar(&addr, "addr", defaultAddr, "address to listen on; loopback only")
	c.Flags().StringVar(&extract, "osm", "", "OpenStreetMap extract of the real city")
	c.Flags().BoolVar(&noServe, "no-serve", false, "end after the evaluation")
	c.Flags().BoolVar(&townOnly, "town", false, "make the drawn town alone: ready in a second, for trying things out")
	c.Flags().Uint64Var(&seed, "seed", 1, "what is generated, is generated from it")
	return a.formats(c)
}

// showDemo evaluates the demonstration and shows its root areas.
func (a *app) showDemo(cmd *cobra.Command) error {
	w, err := a.open(cmd.Context(), a.dir)
	if err != nil {
		return err
	}
	defer w.db.Close()
	e, err := w.engine(cmd.Context())
	if err != nil {
		return err
	}
	var all report.Evaluation
	worlds, _ := e.Worlds()
	for _, world := range engine.InOrder(worlds) {
		evaluation, err := api.Evaluate(world, api.Evaluation{Area: world.Root(), Program: programVersion()})
		if err != nil {
			return err
		}
		evaluation.Results = append(all.Results, evaluation.Results...)
		all = evaluation
	}
	return a.print(cmd.OutOrStdout(), all, evaluationRows(all, a.format == "table"))
}

// demonstration is what makeDemo makes.
type demonstration struct {
	dir      string
	extract  string
	seed     uint64
	townOnly bool
	log      io.Writer
	at       time.Time
	who      account.Grant
}

// makeDemo makes the demonstration's facts and keeps them as a workspace.
func makeDemo(ctx context.Context, d demonstration) error {
	started := time.Now()
	town, err := asciiTown()
	if err != nil {
		return err
	}
	p := parts{at: d.at, who: d.who}
	p.join(town)
	if !d.townOnly {
		if err := d.addRegionAndCity(ctx, &p); err != nil {
			return err
		}
	}
	if err := keep(ctx, d.dir, p); err != nil {
		return err
	}
	fmt.Fprintf(d.log, "made %s: %d areas, %d population points, %d facilities in %.1f s\n",
		d.dir, len(p.base.Areas), len(p.base.Points), len(p.base.Facilities), time.Since(started).Seconds())
	return nil
}

// addRegionAndCity adds Ningxia with its published values, and the real city where
// an extract is at hand.
func (d demonstration) addRegionAndCity(ctx context.Context, p *parts) error {
	made, err := region(d.seed)
	if err != nil {
		return err
	}
	p.join(made)
	if p.values, err = ningxia.Values(); err != nil {
		return err
	}
	path := d.extract
	if path == "" {
		path = nearbyExtract()
	}
	if path == "" {
		fmt.Fprintln(d.log, "no OpenStreetMap extract is at hand: there is no real city (name one with --osm)")
		return nil
	}
	fmt.Fprintf(d.log, "reading %s\n", path)
	city, err := realCity(ctx, path)
	if err != nil {
		return err
	}
	p.join(city)
	return nil
}

// parts are what a workspace is made of.
type parts struct {
	base     registry.Base
	shapes   []geo.Shape
	networks []*network.Network
	grounds  []ground
	values   []scenario.Change
	at       time.Time // of the log; the zero time is now
	who      account.Grant
}

// rootPart is one root area with its network and what its maps are drawn on.
type rootPart struct {
	base    registry.Base
	shapes  []geo.Shape // the ground that outlines name
	network *network.Network
	ground  ground
}

// ground is what tiles are made of.
type ground struct {
	tile.Config
	features []tile.Feature
}

// join adds another root area.
func (p *parts) join(part rootPart) {
	more := part.base
	p.networks = append(p.networks, part.network)
	p.grounds = append(p.grounds, part.ground)
	p.shapes = append(p.shapes, part.shapes...)
	p.base.Areas = append(p.base.Areas, more.Areas...)
	p.base.Points = append(p.base.Points, more.Points...)
	p.base.Facilities = append(p.base.Facilities, more.Facilities...)
	p.base.Records = append(p.base.Records, more.Records...)
	p.base.Networks = append(p.base.Networks, more.Networks...)
}

// keep makes a workspace. The plan comes last: a workspace with one is whole.
func keep(ctx context.Context, dir string, p parts) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, n := range p.networks {
		if err := keepNetwork(dir, n); err != nil {
			return err
		}
	}
	for _, g := range p.grounds {
		if err := drawGround(ctx, dir, g.features, g.Config); err != nil {
			return err
		}
	}
	database := os.Getenv(databaseVariable)
	if database == "" {
		database = filepath.Join(dir, "lifecircle.db")
	}
	db, err := store.Open(ctx, store.Config{Database: database})
	if err != nil {
		return err
	}
	defer db.Close()
	if p.at.IsZero() {
		p.at, p.who = time.Now(), account.Local()
	}
	request := scenario.Request{Key: "demonstration", At: p.at}
	if _, err := scenario.Load(ctx, db, p.who, scenario.Loaded{Request: request, Base: p.base, Shapes: p.shapes}); err != nil {
		return err
	}
	if len(p.values) > 0 {
		request.Key = "published values"
		if _, err := scenario.Commit(ctx, db, p.who, scenario.Committed{Request: request, Changes: p.values}); err != nil {
			return err
		}
	}
	return copyPlan(dir, plans.Ningxia2025())
}

// region makes Ningxia, as far as it is known and for the rest generated.
func region(seed uint64) (rootPart, error) {
	made, err := ningxia.Make(seed)
	if err != nil {
		return rootPart{}, err
	}
	n, err := network.Build(made.Extract)
	if err != nil {
		return rootPart{}, err
	}
	source := fmt.Sprintf("程序生成，种子 %d"+lifecircle.Parting+"generated from seed %d", seed, seed)
	base := registry.Base{
		Areas: made.Areas, Points: made.Points, Facilities: made.Facilities, Records: made.Records,
		Networks: []registry.Network{{Root: ningxia.Region, Hash: n.Hash(), Source: source, Provenance: lifecircle.Generated}},
	}
	features := append(tile.Draw(made.Extract), tile.Labels(made.Areas, made.Points)...)
	return rootPart{base, made.Shapes, n, ground{tile.Config{Area: ningxia.Region, Name: "宁夏（示例）", Attribution: source}, features}}, nil
}

// The demonstration's area codes: 99 is no region's number.
const (
	townCode = banks.Town
	cityCode = lifecircle.AreaCode("990200")
)

// asciiTown makes the town whose answers are known by arithmetic.
func asciiTown() (rootPart, error) {
	base, n, err := banks.Demo()
	if err != nil {
		return rootPart{}, err
	}
	for i := range base.Facilities { // the other roots of the demonstration have places too
		base.Facilities[i].ID = "town/" + base.Facilities[i].ID
	}
	features := append(tile.Draw(testcity.Demo().Extract()), tile.Labels(base.Areas, base.Points)...)
	return rootPart{base, nil, n, ground{tile.Config{Area: townCode, Name: base.Areas[0].Name.ZH, Attribution: "手绘示例 · " + banks.Source}, features}}, nil
}

// nearbyExtract finds a real extract that lies where a checkout has one, or in
// the module cache of the library that reads extracts; "" when there is none.
func nearbyExtract() string {
	const delaware = "github.com/paulmach/osm@v0.8.0/testdata/delaware-latest.osm.pbf"
	// Porto's extract, larger and nearby too, holds streets and no places.
	candidates := []string{filepath.Join("..", "shared", "data", "osm", "monaco-2016.osm.pbf")}
	if cache := os.Getenv("GOMODCACHE"); cache != "" {
		candidates = append(candidates, filepath.Join(cache, delaware))
	}
	if path := os.Getenv("GOPATH"); path != "" {
		candidates = append(candidates, filepath.Join(path, "pkg", "mod", delaware))
	}
	if home, err := os.UserHomeDir(); err == nil {
		candidates = append(candidates, filepath.Join(home, "go", "pkg", "mod", delaware))
	}
	for _, path := range candidates {
		if exists(path) {
			return path
		}
	}
	return ""
}

// cityNames are the names of extracts that are known; others go by their file.
var cityNames = map[string]lifecircle.Name{
	"monaco-2016.osm.pbf":     {ZH: "摩纳哥（真实街道）", EN: "Monaco (real streets)"},
	"porto.osm.pbf":           {ZH: "波尔图（真实街道）", EN: "Porto (real streets)"},
	"delaware-latest.osm.pbf": {ZH: "特拉华州（真实街道）", EN: "Delaware (real streets)"},
}

// realCity makes an area from an extract: its streets and places as they are
// mapped, and people generated along its residential streets.
func realCity(ctx context.Context, path string) (rootPart, error) {
	pkg, faults := plan.Load(plans.Ningxia2025())
	if pkg == nil {
		return rootPart{}, fmt.Errorf("the plan that comes with the program: %v", faults)
	}
	cfg := intake.MapConfig(pkg, intake.Mapping{})
	cfg.Scenery = true
	extract, err := osm.ReadWith(ctx, path, cfg)
	if err != nil {
		return rootPart{}, err
	}
	n, err := network.Build(extract)
	if err != nil {
		return rootPart{}, err
	}
	source := intake.MapSource(filepath.Base(path), extract.Date)
	name, ok := cityNames[filepath.Base(path)]
	if !ok {
		name = lifecircle.Name{ZH: filepath.Base(path), EN: filepath.Base(path)}
	}
	base := registry.Base{
		Areas:    []registry.Area{{Code: cityCode, Level: registry.Prefecture, Name: name, Source: source, Provenance: lifecircle.Real}},
		Networks: []registry.Network{{Root: cityCode, Hash: n.Hash(), Source: source, Provenance: lifecircle.Real}},
		Points:   residents(extract, n),
	}
	for _, f := range extract.Facilities {
		base.Facilities = append(base.Facilities, intake.MappedFacility(f, cityCode, source))
	}
	return rootPart{base, nil, n, ground{tile.Config{Area: cityCode, Name: name.ZH, Attribution: source}, tile.Draw(extract)}}, nil
}

// The generated population: one person for every 5 m of residential street,
// gathered in cells of about 200 m. It looks like a town and is no census.
const (
	metresPerPerson = 5
	cellMetres      = 200
)

// residents generates people along the residential streets of an extract, where
// a street of the network can be reached: on an island nobody is made up whose
// nearness could not be known. The same extract gives the same people.
func residents(extract *osm.Extract, n *network.Network) []registry.PopulationPoint {
	type cell struct{ x, y int }
	type gathered struct {
		metres   float64
		lon, lat float64 // weighted by metres
	}
	const metresPerDegree = geo.EarthRadiusMetres * math.Pi / 180
	cells := make(map[cell]gathered)
	for _, street := range extract.Residential() {
		for i := 1; i < len(street); i++ {
			length := geo.Distance(street[i-1], street[i])
			middle := geo.Point{Lon: (street[i-1].Lon + street[i].Lon) / 2, Lat: (street[i-1].Lat + street[i].Lat) / 2}
			row := math.Floor(middle.Lat * metresPerDegree / cellMetres)
			// All cells of a row share the row's own width of a degree.
			width := metresPerDegree * math.Cos(row*cellMetres/metresPerDegree*math.Pi/180)
			key := cell{int(math.Floor(middle.Lon * width / cellMetres)), int(row)}
			g := cells[key]
			g.metres += length
			g.lon += length * middle.Lon
			g.lat += length * middle.Lat
			cells[key] = g
		}
	}
	var points []registry.PopulationPoint
	for _, key := range slices.SortedFunc(maps.Keys(cells), func(a, b cell) int {
		return cmp.Or(cmp.Compare(a.y, b.y), cmp.Compare(a.x, b.x))
	}) {
		g := cells[key]
		people := int64(math.Round(g.metres / metresPerPerson))
		at := geo.Point{Lon: g.lon / g.metres, Lat: g.lat / g.metres}
		if _, err := n.Snap(at); err != nil || people == 0 {
			continue
		}
		points = append(points, registry.PopulationPoint{
			ID: fmt.Sprintf("cell/%d/%d", key.x, key.y), Area: cityCode, At: at,
			People: people, Urban: true,
			Source:     fmt.Sprintf("程序生成：每 %d 米居住街道一人"+lifecircle.Parting+"generated: one person for every %d m of residential street", metresPerPerson, metresPerPerson),
			Provenance: lifecircle.Generated,
		})
	}
	return points
}

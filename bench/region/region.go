// Package region assembles the street networks that are measured on: towns from
// extracts of OpenStreetMap, a region of a million nodes from two of them, and a grid.
// It is no part of the product; the benchmarks import it.
package region

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/network"
	"lifecircle/network/osm"
	"lifecircle/network/routing"
)

// Streets are a graph to measure on, with the weights of its arcs in decimetres.
type Streets struct {
	Name    string
	Graph   routing.Graph
	Weights []uint32
}

// City reads the walking streets of the largest component of an extract.
func City(name, path string) (Streets, error) {
	extract, err := osm.Read(context.Background(), path)
	if err != nil {
		return Streets{}, err
	}
	n, err := network.Build(extract)
	if err != nil {
		return Streets{}, err
	}
	walk, err := n.Profile(lifecircle.Walk)
	if err != nil {
		return Streets{}, err
	}
	g, weights := routing.GraphOf(n), walk.Weights()
	const outside = 1<<32 - 1
	number := make([]uint32, g.Nodes())
	for v := range number {
		number[v] = outside
	}
	members := walk.LargestComponent()
	for i, v := range members {
		number[v] = uint32(i)
	}
	s := Streets{Name: name}
	s.Graph.First = append(s.Graph.First, 0)
	for _, v := range members {
		for arc := g.First[v]; arc < g.First[v+1]; arc++ {
			if head := number[g.Heads[arc]]; head != outside && weights[arc] < routing.Barred {
				s.Graph.Heads = append(s.Graph.Heads, head)
				s.Weights = append(s.Weights, weights[arc])
			}
		}
		s.Graph.First = append(s.Graph.First, uint32(len(s.Graph.Heads)))
		s.Graph.X = append(s.Graph.X, g.X[v])
		s.Graph.Y = append(s.Graph.Y, g.Y[v])
	}
	return s.bothWays(), nil
}

// bothWays leaves out arcs without one back that weighs as much: a few escalators.
// So the yardstick needs no graph turned round.
func (s Streets) bothWays() Streets {
	type arc struct{ from, to, weight uint32 }
	there := make(map[arc]bool, len(s.Weights))
	for v := range uint32(s.Graph.Nodes()) {
		for a := s.Graph.First[v]; a < s.Graph.First[v+1]; a++ {
			there[arc{v, s.Graph.Heads[a], s.Weights[a]}] = true
		}
	}
	out := Streets{Name: s.Name}
	out.Graph.X, out.Graph.Y = s.Graph.X, s.Graph.Y
	out.Graph.First = append(out.Graph.First, 0)
	for v := range uint32(s.Graph.Nodes()) {
		for a := s.Graph.First[v]; a < s.Graph.First[v+1]; a++ {
			if there[arc{s.Graph.Heads[a], v, s.Weights[a]}] {
				out.Graph.Heads = append(out.Graph.Heads, s.Graph.Heads[a])
				out.Weights = append(out.Weights, s.Weights[a])
			}
		}
		out.Graph.First = append(out.Graph.First, uint32(len(out.Graph.Heads)))
	}
	return out
}

// Delaware returns where the module cache keeps an extract of Delaware.
func Delaware(ctx context.Context) (string, error) {
	dir, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "github.com/paulmach/osm").Output()
	if err != nil {
		return "", fmt.Errorf("find the extract of Delaware: %w", err)
	}
	return filepath.Join(strings.TrimSpace(string(dir)), "testdata", "delaware-latest.osm.pbf"), nil
}

// tilesAcross and borderLinks make the region: a board of so many tiles each way,
// neighbours joined by so many streets of 100 m.
const (
	tilesAcross = 4
	borderLinks = 20
	linkLength  = 1000
)

// Board lays two cities on the fields of a board, each stretched to its field.
func Board(name string, white, black Streets) Streets {
	type link struct{ from, to uint32 }
	var links []link
	var x, y []float32
	var first [tilesAcross * tilesAcross]uint32
	tiles := make([]Streets, tilesAcross*tilesAcross)
	for i := range tiles {
		row, column := i/tilesAcross, i%tilesAcross
		tiles[i] = white
		if (row+column)%2 == 1 {
			tiles[i] = black
		}
		first[i] = uint32(len(x))
		g := tiles[i].Graph
		left, right := slices.Min(g.X), slices.Max(g.X)
		bottom, top := slices.Min(g.Y), slices.Max(g.Y)
		for v := range g.X {
			x = append(x, float32(column)+(g.X[v]-left)/(right-left))
			y = append(y, float32(row)+(g.Y[v]-bottom)/(top-bottom))
		}
	}
	// nearest returns the node of a tile nearest to a point.
	nearest := func(tile int, px, py float64) uint32 {
		best, at := math.Inf(1), uint32(0)
		for v := first[tile]; v < first[tile]+uint32(tiles[tile].Graph.Nodes()); v++ {
			if d := math.Hypot(float64(x[v])-px, float64(y[v])-py); d < best {
				best, at = d, v
			}
		}
		return at
	}
	join := func(a, b int, px, py float64) {
		from, to := nearest(a, px, py), nearest(b, px, py)
		links = append(links, link{from, to}, link{to, from})
	}
	for i := range tiles {
		row, column := i/tilesAcross, i%tilesAcross
		for k := range borderLinks {
			along := (float64(k) + 0.5) / borderLinks
			if column+1 < tilesAcross {
				join(i, i+1, float64(column+1), float64(row)+along)
			}
			if row+1 < tilesAcross {
				join(i, i+tilesAcross, float64(column)+along, float64(row+1))
			}
		}
	}
	slices.SortStableFunc(links, func(a, b link) int { return int(a.from) - int(b.from) })
	s := Streets{Name: name}
	s.Graph.X, s.Graph.Y = x, y
	s.Graph.First = append(s.Graph.First, 0)
	for i, tile := range tiles {
		for v := range uint32(tile.Graph.Nodes()) {
			for arc := tile.Graph.First[v]; arc < tile.Graph.First[v+1]; arc++ {
				s.Graph.Heads = append(s.Graph.Heads, first[i]+tile.Graph.Heads[arc])
				s.Weights = append(s.Weights, tile.Weights[arc])
			}
			for len(links) > 0 && links[0].from == first[i]+v {
				s.Graph.Heads = append(s.Graph.Heads, links[0].to)
				s.Weights = append(s.Weights, linkLength)
				links = links[1:]
			}
			s.Graph.First = append(s.Graph.First, uint32(len(s.Graph.Heads)))
		}
	}
	return s
}

// GridWithHoles is a square grid with 700 crossings a side, a tenth of whose
// streets are missing: its separators are wider than those of any town.
func GridWithHoles() Streets {
	const side = 700
	random := rand.New(rand.NewPCG(1, 1))
	s := Streets{Name: fmt.Sprintf("grid with holes, %d × %d", side, side)}
	var rows [side * side][]uint32
	var weights [side * side][]uint32
	join := func(a, b int) {
		if random.IntN(10) == 0 {
			return
		}
		w := 500 + random.Uint32N(1000)
		rows[a], weights[a] = append(rows[a], uint32(b)), append(weights[a], w)
		rows[b], weights[b] = append(rows[b], uint32(a)), append(weights[b], w)
	}
	for v := range side * side {
		if v%side > 0 {
			join(v-1, v)
		}
		if v >= side {
			join(v-side, v)
		}
	}
	s.Graph.First = append(s.Graph.First, 0)
	for v := range side * side {
		s.Graph.Heads = append(s.Graph.Heads, rows[v]...)
		s.Weights = append(s.Weights, weights[v]...)
		s.Graph.First = append(s.Graph.First, uint32(len(s.Graph.Heads)))
		s.Graph.X, s.Graph.Y = append(s.Graph.X, float32(v%side)), append(s.Graph.Y, float32(v/side))
	}
	return s
}

// Network returns the graph as a street network: the same nodes and streets, as long as
// they are on the map, where a field of the board is a fifth of a degree.
func (s Streets) Network() (*network.Network, error) {
	const field = 0.2
	e := &osm.Extract{}
	for v := range s.Graph.X {
		e.Nodes = append(e.Nodes, geo.Point{Lon: 106 + field*float64(s.Graph.X[v]), Lat: 38 + field*float64(s.Graph.Y[v])})
	}
	for v := range uint32(s.Graph.Nodes()) {
		for arc := s.Graph.First[v]; arc < s.Graph.First[v+1]; arc++ {
			if head := s.Graph.Heads[arc]; v < head {
				e.Streets = append(e.Streets, osm.Street{WayID: int64(arc), Nodes: []uint32{v, head}})
			}
		}
	}
	return network.Build(e)
}

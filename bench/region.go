package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"lifecircle"
	"lifecircle/network"
	"lifecircle/network/osm"
	"lifecircle/network/routing"
)

// streets are a graph to measure on, with the weights of its arcs in decimetres.
type streets struct {
	name    string
	graph   routing.Graph
	weights []uint32
}

// city reads the walking streets of the largest component of an extract.
func city(name, path string) (streets, error) {
	extract, err := osm.Read(context.Background(), path)
	if err != nil {
		return streets{}, err
	}
	n, err := network.Build(extract)
	if err != nil {
		return streets{}, err
	}
	walk, err := n.Profile(lifecircle.Walk)
	if err != nil {
		return streets{}, err
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
	s := streets{name: name}
	s.graph.First = append(s.graph.First, 0)
	for _, v := range members {
		for arc := g.First[v]; arc < g.First[v+1]; arc++ {
			if head := number[g.Heads[arc]]; head != outside && weights[arc] < routing.Barred {
				s.graph.Heads = append(s.graph.Heads, head)
				s.weights = append(s.weights, weights[arc])
			}
		}
		s.graph.First = append(s.graph.First, uint32(len(s.graph.Heads)))
		s.graph.X = append(s.graph.X, g.X[v])
		s.graph.Y = append(s.graph.Y, g.Y[v])
	}
	return s.bothWays(), nil
}

// bothWays leaves out arcs without one back that weighs as much: a few escalators.
// So the yardstick needs no graph turned round.
func (s streets) bothWays() streets {
	type arc struct{ from, to, weight uint32 }
	there := make(map[arc]bool, len(s.weights))
	for v := range uint32(s.graph.Nodes()) {
		for a := s.graph.First[v]; a < s.graph.First[v+1]; a++ {
			there[arc{v, s.graph.Heads[a], s.weights[a]}] = true
		}
	}
	out := streets{name: s.name}
	out.graph.X, out.graph.Y = s.graph.X, s.graph.Y
	out.graph.First = append(out.graph.First, 0)
	for v := range uint32(s.graph.Nodes()) {
		for a := s.graph.First[v]; a < s.graph.First[v+1]; a++ {
			if there[arc{s.graph.Heads[a], v, s.weights[a]}] {
				out.graph.Heads = append(out.graph.Heads, s.graph.Heads[a])
				out.weights = append(out.weights, s.weights[a])
			}
		}
		out.graph.First = append(out.graph.First, uint32(len(out.graph.Heads)))
	}
	return out
}

// tilesAcross and borderLinks make the region: a board of so many tiles each way,
// neighbours joined by so many streets of 100 m.
const (
	tilesAcross = 4
	borderLinks = 20
	linkLength  = 1000
)

// board lays two cities on the fields of a board, each stretched to its field.
func board(name string, white, black streets) streets {
	type link struct{ from, to uint32 }
	var links []link
	var x, y []float32
	var first [tilesAcross * tilesAcross]uint32
	tiles := make([]streets, tilesAcross*tilesAcross)
	for i := range tiles {
		row, column := i/tilesAcross, i%tilesAcross
		tiles[i] = white
		if (row+column)%2 == 1 {
			tiles[i] = black
		}
		first[i] = uint32(len(x))
		g := tiles[i].graph
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
		for v := first[tile]; v < first[tile]+uint32(tiles[tile].graph.Nodes()); v++ {
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
	s := streets{name: name}
	s.graph.X, s.graph.Y = x, y
	s.graph.First = append(s.graph.First, 0)
	for i, tile := range tiles {
		for v := range uint32(tile.graph.Nodes()) {
			for arc := tile.graph.First[v]; arc < tile.graph.First[v+1]; arc++ {
				s.graph.Heads = append(s.graph.Heads, first[i]+tile.graph.Heads[arc])
				s.weights = append(s.weights, tile.weights[arc])
			}
			for len(links) > 0 && links[0].from == first[i]+v {
				s.graph.Heads = append(s.graph.Heads, links[0].to)
				s.weights = append(s.weights, linkLength)
				links = links[1:]
			}
			s.graph.First = append(s.graph.First, uint32(len(s.graph.Heads)))
		}
	}
	return s
}

// gridWithHoles is a square grid with 700 crossings a side, a tenth of whose
// streets are missing: its separators are wider than those of any town.
func gridWithHoles() streets {
	const side = 700
	random := rand.New(rand.NewPCG(1, 1))
	s := streets{name: fmt.Sprintf("grid with holes, %d × %d", side, side)}
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
	s.graph.First = append(s.graph.First, 0)
	for v := range side * side {
		s.graph.Heads = append(s.graph.Heads, rows[v]...)
		s.weights = append(s.weights, weights[v]...)
		s.graph.First = append(s.graph.First, uint32(len(s.graph.Heads)))
		s.graph.X, s.graph.Y = append(s.graph.X, float32(v%side)), append(s.graph.Y, float32(v/side))
	}
	return s
}

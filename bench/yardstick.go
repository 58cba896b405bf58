package main

import "lifecircle/bench/region"

// The yardstick: Dijkstra's algorithm with a binary heap, as anybody would write it
// (E. W. Dijkstra, A note on two problems in connexion with graphs, 1959).

// item is a node on its way through a heap.
type item struct {
	d           uint32
	node, label uint32
}

// binaryHeap holds items, the nearest first.
type binaryHeap []item

func (h *binaryHeap) push(it item) {
	*h = append(*h, it)
	i := len(*h) - 1
	for i > 0 {
		up := (i - 1) / 2
		if !less(it, (*h)[up]) {
			break
		}
		(*h)[i] = (*h)[up]
		i = up
	}
	(*h)[i] = it
}

func (h *binaryHeap) pop() item {
	top := (*h)[0]
	n := len(*h) - 1
	last := (*h)[n]
	*h = (*h)[:n]
	i := 0
	for 2*i+1 < n {
		child := 2*i + 1
		if child+1 < n && less((*h)[child+1], (*h)[child]) {
			child++
		}
		if !less((*h)[child], last) {
			break
		}
		(*h)[i] = (*h)[child]
		i = child
	}
	if n > 0 {
		(*h)[i] = last
	}
	return top
}

func less(a, b item) bool { return a.d < b.d || a.d == b.d && a.label < b.label }

// yardstick is its scratch memory.
type yardstick struct {
	region.Streets
	heap    binaryHeap
	dist    []uint32
	touched []uint32
}

const unseen = 1<<32 - 1

func newYardstick(s region.Streets) *yardstick {
	y := &yardstick{Streets: s, dist: make([]uint32, s.Graph.Nodes())}
	for v := range y.dist {
		y.dist[v] = unseen
	}
	return y
}

// within tells the nodes at most limit away from some nodes.
func (y *yardstick) within(from []uint32, limit uint32, tell func(node, d uint32)) {
	g := y.Graph
	y.heap = y.heap[:0]
	for _, v := range from {
		if y.dist[v] != 0 {
			y.dist[v] = 0
			y.touched = append(y.touched, v)
			y.heap.push(item{node: v})
		}
	}
	for len(y.heap) > 0 {
		it := y.heap.pop()
		if y.dist[it.node] != it.d {
			continue
		}
		tell(it.node, it.d)
		for arc := g.First[it.node]; arc < g.First[it.node+1]; arc++ {
			head, d := g.Heads[arc], it.d+y.Weights[arc]
			if d > limit || d >= y.dist[head] {
				continue
			}
			if y.dist[head] == unseen {
				y.touched = append(y.touched, head)
			}
			y.dist[head] = d
			y.heap.push(item{d: d, node: head})
		}
	}
	for _, v := range y.touched {
		y.dist[v] = unseen
	}
	y.touched = y.touched[:0]
}

// nearest returns the checksum of the k places nearest to every node: one search
// from all places, in which a node is settled k times by different ones.
func (y *yardstick) nearest(places []uint32, k int) uint64 {
	g := y.Graph
	labels := make([]uint32, k*g.Nodes())
	counts := make([]uint8, g.Nodes())
	y.heap = y.heap[:0]
	for i, v := range places {
		y.heap.push(item{0, v, uint32(i)})
	}
	sum := uint64(0)
	for len(y.heap) > 0 {
		it := y.heap.pop()
		known := labels[k*int(it.node):][:counts[it.node]]
		again := len(known) == k
		for _, label := range known {
			again = again || label == it.label
		}
		if again {
			continue
		}
		labels[k*int(it.node)+int(counts[it.node])] = it.label
		counts[it.node]++
		sum += mix(it.node, it.d, it.label)
		for arc := g.First[it.node]; arc < g.First[it.node+1]; arc++ {
			if head := g.Heads[arc]; int(counts[head]) < k {
				y.heap.push(item{it.d + y.Weights[arc], head, it.label})
			}
		}
	}
	return sum
}

// mix makes a checksum of which the order of its terms is no part.
func mix(a, b, c uint32) uint64 {
	h := uint64(a)*0x9e3779b97f4a7c15 ^ uint64(b)*0xc2b2ae3d27d4eb4f ^ uint64(c)*0x165667b19e3779f9
	h ^= h >> 29
	return h * 0xbf58476d1ce4e5b9
}

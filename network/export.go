package network

import (
	"bufio"
	"fmt"
	"io"
)

// LargestComponent returns the nodes of the largest component of streets to walk,
// ascending. The index of a node here is its number in what Export writes. It is
// shared: read only.
func (n *Network) LargestComponent() []uint32 { return n.walking.largest }

// Export writes the largest component of streets to walk as Profile.Export does.
func (n *Network) Export(w io.Writer) error { return n.walking.Export(w) }

// Export writes the largest component as text for other engines: "p nodes arcs",
// then "v lon lat" for each node, then "a from to cost" for each arc that is not
// barred, the cost in the unit of the profile, with nodes numbered from 0 as in
// LargestComponent. A street is an arc in each direction it may be taken, parallel
// streets are parallel arcs; loops are left out.
func (p *Profile) Export(w io.Writer) error {
	n := p.net
	number := make([]uint32, len(n.nodes))
	for i, v := range p.largest {
		number[v] = uint32(i)
	}
	// An arc may lead out of the component, but not back into it.
	eachArc := func(visit func(v, arc uint32)) {
		for _, v := range p.largest {
			for arc := n.first[v]; arc < n.first[v+1]; arc++ {
				if p.weights[arc] != Barred && p.InLargest(n.heads[arc]) {
					visit(v, arc)
				}
			}
		}
	}
	arcs := 0
	eachArc(func(uint32, uint32) { arcs++ })
	// bufio keeps its first error and Flush returns it.
	out := bufio.NewWriterSize(w, 64<<10)
	fmt.Fprintf(out, "p %d %d\n", len(p.largest), arcs)
	for _, v := range p.largest {
		at := n.nodes[v].point()
		fmt.Fprintf(out, "v %.7f %.7f\n", at.Lon, at.Lat)
	}
	eachArc(func(v, arc uint32) {
		fmt.Fprintf(out, "a %d %d %d\n", number[v], number[n.heads[arc]], p.weights[arc])
	})
	return out.Flush()
}

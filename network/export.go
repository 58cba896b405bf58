package network

import (
	"bufio"
	"fmt"
	"io"
)

// LargestComponent returns the nodes of the largest component, ascending. The
// index of a node here is its number in what Export writes. It is shared: read
// only.
func (n *Network) LargestComponent() []uint32 { return n.exported }

// Export writes the largest component as text for other engines: "p nodes arcs",
// then "v lon lat" for each node, then "a from to decimetres" for each arc, with
// nodes numbered from 0 as in LargestComponent. Streets are arcs in both
// directions, parallel streets parallel arcs; loops are left out.
func (n *Network) Export(w io.Writer) error {
	number := make([]uint32, len(n.nodes))
	arcs := 0
	for i, v := range n.exported {
		number[v] = uint32(i)
		arcs += int(n.first[v+1] - n.first[v])
	}
	// bufio keeps its first error and Flush returns it.
	out := bufio.NewWriterSize(w, 64<<10)
	fmt.Fprintf(out, "p %d %d\n", len(n.exported), arcs)
	for _, v := range n.exported {
		p := n.nodes[v].point()
		fmt.Fprintf(out, "v %.7f %.7f\n", p.Lon, p.Lat)
	}
	for _, v := range n.exported {
		for arc := n.first[v]; arc < n.first[v+1]; arc++ {
			fmt.Fprintf(out, "a %d %d %d\n", number[v], number[n.heads[arc]], uint32(n.weights[arc]))
		}
	}
	return out.Flush()
}

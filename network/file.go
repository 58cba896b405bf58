package network

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"

	"lifecircle"
)

// The file is drawn in docs/formats/network.md.
const (
	magic         = "lcstreet"
	fileVersion   = 1
	headerBytes   = 24
	positionBytes = 8
	edgeBytes     = 16
)

func (n *Network) fileBytes() int64 {
	return fileBytes(len(n.nodes), len(n.edges), len(n.shapes))
}

func fileBytes(nodes, edges, shapes int) int64 {
	return headerBytes + positionBytes*int64(nodes) + edgeBytes*int64(edges) + positionBytes*int64(shapes) + sha256.Size
}

// Write writes the network as a file.
func (n *Network) Write(w io.Writer) error {
	out := bufio.NewWriterSize(w, 64<<10)
	if err := n.writeBody(out); err != nil {
		return err
	}
	if _, err := out.Write(n.hash[:]); err != nil {
		return err
	}
	return out.Flush()
}

// seal computes the hash.
func (n *Network) seal() {
	h := sha256.New()
	out := bufio.NewWriterSize(h, 64<<10)
	// A hash takes whatever it is given.
	if err := n.writeBody(out); err != nil {
		panic(err)
	}
	if err := out.Flush(); err != nil {
		panic(err)
	}
	h.Sum(n.hash[:0])
}

// writeBody writes everything before the hash.
func (n *Network) writeBody(out *bufio.Writer) error {
	// bufio keeps its first error and Flush returns it: one check at the end does.
	row := make([]byte, 0, headerBytes)
	little := binary.LittleEndian
	row = append(row, magic...)
	for _, word := range []uint32{fileVersion, uint32(len(n.nodes)), uint32(len(n.edges)), uint32(len(n.shapes))} {
		row = little.AppendUint32(row, word)
	}
	out.Write(row)
	writePositions := func(column []position) {
		for _, p := range column {
			row = little.AppendUint32(row[:0], uint32(p.lon))
			out.Write(little.AppendUint32(row, uint32(p.lat)))
		}
	}
	writePositions(n.nodes)
	for _, e := range n.edges {
		row = little.AppendUint32(row[:0], e.from)
		row = little.AppendUint32(row, e.to)
		row = little.AppendUint32(row, uint32(e.length))
		out.Write(little.AppendUint32(row, e.shapeEnd))
	}
	writePositions(n.shapes)
	_, err := out.Write(nil)
	return err
}

// Open reads a network file whole.
func Open(path string) (*Network, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, lifecircle.Errorf("network_unreadable", "open network: %w", err).With("file", path)
	}
	n, wrong := decode(data)
	if wrong != nil {
		return nil, wrong.of(path)
	}
	return n, nil
}

// fileFault is what is wrong with a file, before it has a name.
type fileFault struct{ code, message string }

func fault(code, format string, args ...any) *fileFault {
	return &fileFault{code, fmt.Sprintf(format, args...)}
}

func (f *fileFault) of(path string) *lifecircle.Error {
	return lifecircle.Errorf(f.code, "network %s: %s", path, f.message).With("file", path)
}

func decode(data []byte) (*Network, *fileFault) {
	if len(data) < len(magic) || string(data[:len(magic)]) != magic {
		return nil, fault("network_foreign", "not a network file: make one with `lifecircle network build`")
	}
	if len(data) < headerBytes {
		return nil, fault("network_truncated", "ends after %d bytes, in its header: copy or build it again", len(data))
	}
	word := func(offset int) uint32 { return binary.LittleEndian.Uint32(data[offset:]) }
	if v := word(8); v != fileVersion {
		return nil, fault("network_version", "has version %d, this program reads %d: build it again from its map with `lifecircle network build`", v, fileVersion)
	}
	nodes, edges, shapes := int(word(12)), int(word(16)), int(word(20))
	want := fileBytes(nodes, edges, shapes)
	switch have := int64(len(data)); {
	case have < want:
		return nil, fault("network_truncated", "ends after %d of %d bytes: copy or build it again", have, want)
	case have > want:
		return nil, fault("network_corrupt", "has %d bytes and should have %d: copy or build it again", have, want)
	}
	n := &Network{}
	body := data[:len(data)-sha256.Size]
	n.hash = sha256.Sum256(body)
	if !bytes.Equal(n.hash[:], data[len(body):]) {
		return nil, fault("network_corrupt", "its content does not match its checksum: copy or build it again")
	}
	rest := body[headerBytes:]
	n.nodes, rest = readPositions(rest, nodes)
	n.edges, rest = readEdges(rest, edges)
	n.shapes, _ = readPositions(rest, shapes)
	if err := n.check(); err != nil {
		return nil, err
	}
	n.derive()
	return n, nil
}

func readPositions(data []byte, count int) (column []position, rest []byte) {
	column = make([]position, count)
	for i := range column {
		row := data[positionBytes*i:]
		column[i] = position{int32(binary.LittleEndian.Uint32(row)), int32(binary.LittleEndian.Uint32(row[4:]))}
	}
	return column, data[positionBytes*count:]
}

func readEdges(data []byte, count int) (column []edge, rest []byte) {
	column = make([]edge, count)
	for i := range column {
		row := data[edgeBytes*i:]
		column[i] = edge{
			from:     binary.LittleEndian.Uint32(row),
			to:       binary.LittleEndian.Uint32(row[4:]),
			length:   lifecircle.Decimetres(binary.LittleEndian.Uint32(row[8:])),
			shapeEnd: binary.LittleEndian.Uint32(row[12:]),
		}
	}
	return column, data[edgeBytes*count:]
}

// check holds the columns to the bounds of the format: a file with the right
// checksum may still have been made by something else.
func (n *Network) check() *fileFault {
	if len(n.nodes) == 0 || len(n.edges) == 0 || len(n.edges) > math.MaxUint32/2 {
		return fault("network_corrupt", "has %d nodes and %d edges", len(n.nodes), len(n.edges))
	}
	for _, column := range [][]position{n.nodes, n.shapes} {
		for i, p := range column {
			if !p.point().Valid() {
				return fault("network_corrupt", "position %d is not on the earth", i)
			}
		}
	}
	before := edge{}
	for i, e := range n.edges {
		switch {
		case e.from > e.to || int64(e.to) >= int64(len(n.nodes)):
			return fault("network_corrupt", "edge %d joins %d and %d of %d nodes", i, e.from, e.to, len(n.nodes))
		case e.from < before.from || e.from == before.from && e.to < before.to:
			return fault("network_corrupt", "edge %d is out of order", i)
		case e.length == 0 || e.length > maxLength:
			return fault("network_corrupt", "edge %d is %d dm long", i, uint32(e.length))
		case e.shapeEnd < before.shapeEnd || int64(e.shapeEnd) > int64(len(n.shapes)):
			return fault("network_corrupt", "the shape of edge %d ends at %d", i, e.shapeEnd)
		}
		before = e
	}
	if int64(before.shapeEnd) != int64(len(n.shapes)) {
		return fault("network_corrupt", "%d shape points belong to no edge", len(n.shapes)-int(before.shapeEnd))
	}
	return nil
}

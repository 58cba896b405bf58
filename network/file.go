package network

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
	"unsafe"

	"lifecircle"
	"lifecircle/internal/mapped"
	"lifecircle/network/osm"
)

// The file is drawn in docs/formats/network.md.
const (
	magic         = "lcstreet"
	fileVersion   = 2
	headerBytes   = 32
	positionBytes = 8
	edgeBytes     = 20
	barrierBytes  = 8
	climbBytes    = 8
)

// counts are the lengths of the columns.
type counts struct {
	nodes, edges, shapes, barriers uint32
	modes                          modes
}

func (n *Network) counts() counts {
	return counts{uint32(len(n.nodes)), uint32(len(n.edges)), uint32(len(n.shapes)), uint32(len(n.barriers)), n.modes}
}

func (c counts) climbs() int {
	if c.modes.has(slopeBit) {
		return int(c.edges)
	}
	return 0
}

func (c counts) fileBytes() int64 {
	return headerBytes + positionBytes*int64(c.nodes) + edgeBytes*int64(c.edges) + positionBytes*int64(c.shapes) +
		barrierBytes*int64(c.barriers) + climbBytes*int64(c.climbs()) + sha256.Size
}

func (n *Network) fileBytes() int64 { return n.counts().fileBytes() }

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
	c := n.counts()
	for _, word := range []uint32{fileVersion, c.nodes, c.edges, c.shapes, c.barriers, uint32(c.modes)} {
		row = little.AppendUint32(row, word)
	}
	out.Write(row)
	pair := func(a, b uint32) {
		row = little.AppendUint32(row[:0], a)
		out.Write(little.AppendUint32(row, b))
	}
	for _, p := range n.nodes {
		pair(uint32(p.lon), uint32(p.lat))
	}
	for _, e := range n.edges {
		row = little.AppendUint32(row[:0], e.from)
		row = little.AppendUint32(row, e.to)
		row = little.AppendUint32(row, uint32(e.length))
		row = little.AppendUint32(row, e.shapeEnd)
		out.Write(append(row, e.barred, e.bicycleKmh, e.carKmh, 0))
	}
	for _, p := range n.shapes {
		pair(uint32(p.lon), uint32(p.lat))
	}
	for _, b := range n.barriers {
		pair(b.node, b.stops)
	}
	for _, c := range n.climbs {
		pair(c.forward, c.back)
	}
	_, err := out.Write(nil)
	return err
}

// Open opens a network file. Its columns stay in the file, mapped into memory.
func Open(path string) (*Network, error) {
	data, err := mapped.Open(path)
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
	c := counts{word(12), word(16), word(20), word(24), modes(word(28))}
	want := c.fileBytes()
	switch have := int64(len(data)); {
	case have < want:
		return nil, fault("network_truncated", "ends after %d of %d bytes: copy or build it again", have, want)
	case have > want:
		return nil, fault("network_corrupt", "has %d bytes and should have %d: copy or build it again", have, want)
	}
	n := &Network{modes: c.modes}
	body := data[:len(data)-sha256.Size]
	n.hash = sha256.Sum256(body)
	if !bytes.Equal(n.hash[:], data[len(body):]) {
		return nil, fault("network_corrupt", "its content does not match its checksum: copy or build it again")
	}
	n.readColumns(body[headerBytes:], c)
	if err := n.check(); err != nil {
		return nil, err
	}
	n.derive()
	return n, nil
}

// readColumns takes the columns out of the file. On a machine that orders bytes as
// the file does they are not copied.
func (n *Network) readColumns(rest []byte, c counts) {
	n.nodes, rest = column[position](rest, int(c.nodes))
	n.edges, rest = column[edge](rest, int(c.edges))
	n.shapes, rest = column[position](rest, int(c.shapes))
	n.barriers, rest = column[barrier](rest, int(c.barriers))
	n.climbs, _ = column[climb](rest, c.climbs())
}

// row is what a column holds: words of four bytes, in an edge followed by four
// single bytes.
type row interface {
	position | edge | barrier | climb
}

// column takes a column from the start of data.
func column[T row](data []byte, count int) (rows []T, rest []byte) {
	var one T
	size := int(unsafe.Sizeof(one))
	if count == 0 {
		return nil, data
	}
	raw := data[: size*count : size*count]
	if aligned := uintptr(unsafe.Pointer(&raw[0]))%unsafe.Alignof(one) == 0; !littleEndian || !aligned {
		copied := make([]T, count)
		raw = unsafe.Slice((*byte)(unsafe.Pointer(&copied[0])), size*count)
		copy(raw, data)
		if !littleEndian {
			swapWords(raw, size)
		}
	}
	// SAFETY: raw holds size*count bytes and is aligned for T, which has no pointers
	// and no padding; it is never written to after this.
	return unsafe.Slice((*T)(unsafe.Pointer(&raw[0])), count), data[size*count:]
}

// swapWords turns round the bytes of each word in rows of so many bytes, but not
// the single bytes at the end of an edge.
func swapWords(raw []byte, size int) {
	for ; len(raw) > 0; raw = raw[size:] {
		words := size / 4
		if size == edgeBytes {
			words--
		}
		for w := range words {
			slices.Reverse(raw[4*w : 4*w+4])
		}
	}
}

// littleEndian says that this machine orders bytes as the file does.
var littleEndian = mapped.LittleEndian

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
	if n.modes&1 == 0 || n.modes>>len(allTravel) != 0 {
		return fault("network_corrupt", "has the profiles %#x", uint32(n.modes))
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
	return n.checkTraffic()
}

func (n *Network) checkTraffic() *fileFault {
	before := barrier{}
	for i, b := range n.barriers {
		if int64(b.node) >= int64(len(n.nodes)) || i > 0 && b.node <= before.node || b.stops == 0 || b.stops > uint32(osm.Everyone) {
			return fault("network_corrupt", "barrier %d stops %#x at node %d", i, b.stops, b.node)
		}
		before = b
	}
	for i, c := range n.climbs {
		if c.forward == 0 || c.back == 0 || c.forward >= Barred || c.back >= Barred {
			return fault("network_corrupt", "edge %d takes %d and %d ds to walk", i, c.forward, c.back)
		}
	}
	for i, e := range n.edges {
		if e.spare != 0 {
			return fault("network_corrupt", "edge %d has %#x where nothing is", i, e.spare)
		}
	}
	return nil
}

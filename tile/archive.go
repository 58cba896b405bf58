package tile

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"sort"

	"github.com/paulmach/orb"

	"lifecircle"
)

// A set is kept as PMTiles version 3, in one file that other programs read too
// (https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md):
//
//	header 127 bytes | root directory | metadata | leaf directories | tiles
//
// Directories and metadata are packed with gzip, tiles are as they are sent. A
// tile's number counts the zooms above and then along the Hilbert curve, so that
// neighbours lie together. A directory is columns of varints: the number of
// entries, the differences of their tile numbers, run lengths, lengths, offsets.

// made is a tile with its number.
type made struct {
	id   uint64
	data []byte
}

// Set is the tiles of one ground.
type Set struct {
	tiles  []made
	meta   metadata
	bounds orb.Bound
}

// metadata is what the file says of itself.
type metadata struct {
	Name        string              `json:"name,omitempty"`
	Attribution string              `json:"attribution,omitempty"`
	Area        lifecircle.AreaCode `json:"lifecircle:area,omitempty"`
	Layers      []layerMeta         `json:"vector_layers"`
}

type layerMeta struct {
	ID     string            `json:"id"`
	Fields map[string]string `json:"fields"`
}

func metadataOf(cfg Config) metadata {
	m := metadata{Name: cfg.Name, Attribution: cfg.Attribution, Area: cfg.Area}
	for _, layer := range LayersInOrder() {
		m.Layers = append(m.Layers, layerMeta{layer, map[string]string{"class": "String", "name": "String", "name:en": "String"}})
	}
	return m
}

const (
	magic      = "PMTiles\x03"
	headerSize = 127
	packedGzip = 2
	tilesMVT   = 1
	// The header and the root directory lie within the first read of a client.
	rootLimit = 16384 - headerSize
	perLeaf   = 4096
	// No zoom has more than 2⁶⁰ tiles; larger numbers would overflow.
	mostTiles = 1 << 60
)

// header is the fixed part of the file, little-endian, in this order.
type header struct {
	Magic                             [8]byte
	RootOffset, RootLength            uint64
	MetaOffset, MetaLength            uint64
	LeavesOffset, LeavesLength        uint64
	DataOffset, DataLength            uint64
	Addressed, Entries, Contents      uint64
	Clustered, Internal, Packed, Kind uint8
	MinZoom, MaxZoom                  uint8
	West, South, East, North          int32 // 1e-7 degrees
	CentreZoom                        uint8
	CentreLon, CentreLat              int32
}

// entry is a run of tiles with one content, or, with a run of 0, a leaf
// directory.
type entry struct {
	id, offset  uint64
	run, length uint32
}

// Hash returns the SHA-256 of the file that Write writes, in hexadecimal.
func (s *Set) Hash() (string, error) {
	sum := sha256.New()
	err := s.Write(sum)
	return hex.EncodeToString(sum.Sum(nil)), err
}

// Write writes the set as a file.
func (s *Set) Write(w io.Writer) error {
	slices.SortFunc(s.tiles, func(a, b made) int { return cmp.Compare(a.id, b.id) })
	var data bytes.Buffer
	var entries []entry
	contents := make(map[[sha256.Size]byte]entry)
	for _, t := range s.tiles {
		sum := sha256.Sum256(t.data)
		at, known := contents[sum]
		if !known {
			at = entry{offset: uint64(data.Len()), length: uint32(len(t.data))}
			contents[sum] = at
			data.Write(t.data)
		}
		if last := len(entries) - 1; last >= 0 && known && entries[last].offset == at.offset && entries[last].id+uint64(entries[last].run) == t.id {
			entries[last].run++
			continue
		}
		entries = append(entries, entry{t.id, at.offset, 1, at.length})
	}
	root, leaves, err := directories(entries)
	if err != nil {
		return err
	}
	text, err := json.Marshal(s.meta)
	if err != nil {
		return err
	}
	meta, err := zipped(text)
	if err != nil {
		return err
	}
	e7 := func(degrees float64) int32 { return int32(math.Round(degrees * 1e7)) }
	h := header{
		RootOffset: headerSize, RootLength: uint64(len(root)), MetaLength: uint64(len(meta)),
		LeavesLength: uint64(len(leaves)), DataLength: uint64(data.Len()),
		Addressed: uint64(len(s.tiles)), Entries: uint64(len(entries)), Contents: uint64(len(contents)),
		Clustered: 1, Internal: packedGzip, Packed: packedGzip, Kind: tilesMVT, MinZoom: minZoom, MaxZoom: maxZoom,
		West: e7(s.bounds.Min[0]), South: e7(s.bounds.Min[1]), East: e7(s.bounds.Max[0]), North: e7(s.bounds.Max[1]),
		CentreZoom: (minZoom + maxZoom) / 2, CentreLon: e7(s.bounds.Center()[0]), CentreLat: e7(s.bounds.Center()[1]),
	}
	copy(h.Magic[:], magic)
	h.MetaOffset = h.RootOffset + h.RootLength
	h.LeavesOffset = h.MetaOffset + h.MetaLength
	h.DataOffset = h.LeavesOffset + h.LeavesLength
	var head bytes.Buffer
	if err := binary.Write(&head, binary.LittleEndian, h); err != nil {
		return err
	}
	for _, section := range [][]byte{head.Bytes(), root, meta, leaves, data.Bytes()} {
		if _, err := w.Write(section); err != nil {
			return err
		}
	}
	return nil
}

// directories returns the root directory, and leaves where all entries do not
// fit into it.
func directories(entries []entry) (root, leaves []byte, err error) {
	if root, err = directory(entries); err != nil || len(root) <= rootLimit {
		return root, nil, err
	}
	for size := perLeaf; ; size *= 2 {
		var heads []entry
		leaves = nil
		for chunk := range slices.Chunk(entries, size) {
			leaf, err := directory(chunk)
			if err != nil {
				return nil, nil, err
			}
			heads = append(heads, entry{id: chunk[0].id, offset: uint64(len(leaves)), length: uint32(len(leaf))})
			leaves = append(leaves, leaf...)
		}
		if root, err = directory(heads); err != nil || len(root) <= rootLimit {
			return root, leaves, err
		}
	}
}

func directory(entries []entry) ([]byte, error) {
	plain := binary.AppendUvarint(nil, uint64(len(entries)))
	id := uint64(0)
	for _, e := range entries {
		plain = binary.AppendUvarint(plain, e.id-id)
		id = e.id
	}
	for _, e := range entries {
		plain = binary.AppendUvarint(plain, uint64(e.run))
	}
	for _, e := range entries {
		plain = binary.AppendUvarint(plain, uint64(e.length))
	}
	for i, e := range entries {
		if i > 0 && e.offset == entries[i-1].offset+uint64(entries[i-1].length) {
			plain = append(plain, 0) // it follows the one before
			continue
		}
		plain = binary.AppendUvarint(plain, e.offset+1)
	}
	return zipped(plain)
}

func zipped(plain []byte) ([]byte, error) {
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	if _, err := zip.Write(plain); err != nil {
		return nil, err
	}
	if err := zip.Close(); err != nil {
		return nil, err
	}
	return packed.Bytes(), nil
}

// tileID numbers a tile: all tiles of lower zooms, then its place along the
// Hilbert curve (the xy2d of https://en.wikipedia.org/wiki/Hilbert_curve).
func tileID(zoom, x, y int) uint64 {
	id := (uint64(1)<<(2*zoom) - 1) / 3
	for s := 1 << zoom >> 1; s > 0; s >>= 1 {
		rx, ry := 0, 0
		if x&s != 0 {
			rx = 1
		}
		if y&s != 0 {
			ry = 1
		}
		id += uint64(s) * uint64(s) * uint64((3*rx)^ry)
		if ry == 0 {
			if rx == 1 {
				x, y = s-1-x&(s-1), s-1-y&(s-1)
			}
			x, y = y, x
		}
		x, y = x&(s-1), y&(s-1)
	}
	return id
}

// Archive is a file of tiles, open for reading from many goroutines.
type Archive struct {
	file    io.ReaderAt
	close   func() error
	header  header
	meta    metadata
	entries []entry // of all directories, ascending
	hash    string
	size    int64
}

// Open opens a file of tiles and checks its directories. A damaged or foreign
// one gives the error tiles_corrupt.
func Open(path string) (*Archive, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, lifecircle.Errorf("tiles_unreadable", "open tiles: %w", err).With("file", path)
	}
	a, err := open(f)
	if err != nil {
		f.Close()
		return nil, lifecircle.Errorf("tiles_corrupt", "%s is no file of tiles, or damaged: %w; build it anew with `lifecircle tiles build`", path, err).With("file", path)
	}
	a.close = f.Close
	return a, nil
}

func open(f io.ReaderAt) (*Archive, error) {
	a := &Archive{file: f}
	sum := sha256.New()
	size, err := io.Copy(sum, io.NewSectionReader(f, 0, math.MaxInt64))
	if err != nil {
		return nil, err
	}
	a.hash, a.size = hex.EncodeToString(sum.Sum(nil)), size
	if err := binary.Read(io.NewSectionReader(f, 0, headerSize), binary.LittleEndian, &a.header); err != nil {
		return nil, fmt.Errorf("its header: %w", err)
	}
	h := a.header
	if string(h.Magic[:]) != magic || h.Internal != packedGzip || h.Packed != packedGzip || h.Kind != tilesMVT {
		return nil, fmt.Errorf("want PMTiles 3 with vector tiles packed by gzip")
	}
	text, err := a.section(h.MetaOffset, h.MetaLength)
	if err != nil {
		return nil, fmt.Errorf("its metadata: %w", err)
	}
	if err := json.Unmarshal(text, &a.meta); err != nil {
		return nil, fmt.Errorf("its metadata: %w", err)
	}
	root, err := a.directory(h.RootOffset, h.RootLength)
	if err != nil {
		return nil, fmt.Errorf("its root directory: %w", err)
	}
	for _, e := range root {
		if e.run > 0 {
			a.entries = append(a.entries, e)
			continue
		}
		leaf, err := a.directory(h.LeavesOffset+e.offset, uint64(e.length))
		if err != nil {
			return nil, fmt.Errorf("a leaf directory: %w", err)
		}
		if slices.ContainsFunc(leaf, func(e entry) bool { return e.run == 0 }) {
			return nil, fmt.Errorf("a leaf directory has leaves")
		}
		a.entries = append(a.entries, leaf...)
	}
	for i, e := range a.entries {
		after := uint64(0)
		if i > 0 {
			after = a.entries[i-1].id + uint64(a.entries[i-1].run)
		}
		if e.id < after || e.id > mostTiles || uint64(e.length) > h.DataLength || e.offset > h.DataLength-uint64(e.length) {
			return nil, fmt.Errorf("entry %d of its directory is out of bounds", i)
		}
	}
	if h.DataOffset+h.DataLength != uint64(size) {
		return nil, fmt.Errorf("it is cut off: %d bytes of %d", size, h.DataOffset+h.DataLength)
	}
	return a, nil
}

// section reads and unpacks a part of the file.
func (a *Archive) section(offset, length uint64) ([]byte, error) {
	if offset > uint64(a.size) || length > uint64(a.size)-offset {
		return nil, fmt.Errorf("lies beyond the file's end")
	}
	zip, err := gzip.NewReader(io.NewSectionReader(a.file, int64(offset), int64(length)))
	if err != nil {
		return nil, err
	}
	// Directories pack ten to one or so; what unpacks to more is no directory.
	const most = 64 << 20
	plain, err := io.ReadAll(io.LimitReader(zip, most+1))
	if len(plain) > most {
		return nil, fmt.Errorf("unpacks to more than %d bytes", most)
	}
	return plain, err
}

func (a *Archive) directory(offset, length uint64) ([]entry, error) {
	plain, err := a.section(offset, length)
	if err != nil {
		return nil, err
	}
	short := false
	next := func() uint64 {
		v, n := binary.Uvarint(plain)
		if n <= 0 {
			short, plain = true, nil
			return 0
		}
		plain = plain[n:]
		return v
	}
	count := next()
	const leastBytes = 4 // of an entry
	if count > uint64(len(plain))/leastBytes {
		return nil, fmt.Errorf("names %d entries in %d bytes", count, len(plain))
	}
	entries := make([]entry, count)
	id := uint64(0)
	for i := range entries {
		id += next()
		entries[i].id = id
	}
	for i := range entries {
		entries[i].run = uint32(next())
	}
	for i := range entries {
		entries[i].length = uint32(next())
	}
	for i := range entries {
		offset := next()
		switch {
		case offset > 0:
			entries[i].offset = offset - 1
		case i > 0:
			entries[i].offset = entries[i-1].offset + uint64(entries[i-1].length)
		default:
			return nil, fmt.Errorf("its first entry follows none")
		}
	}
	if short {
		return nil, fmt.Errorf("it ends early")
	}
	return entries, nil
}

// Close closes the file.
func (a *Archive) Close() error { return a.close() }

// Hash returns the SHA-256 of the file, in hexadecimal.
func (a *Archive) Hash() string { return a.hash }

// Area returns the root area that the set is the ground of; "" where it does not
// say.
func (a *Archive) Area() lifecircle.AreaCode { return a.meta.Area }

// Summary is what a file of tiles says of itself.
type Summary struct {
	Hash        string              `json:"hash"`
	Area        lifecircle.AreaCode `json:"area"`
	Name        string              `json:"name"`
	Attribution string              `json:"attribution"`
	Tiles       int64               `json:"tiles"`
	Bytes       int64               `json:"bytes"`
	MinZoom     int                 `json:"min_zoom"`
	MaxZoom     int                 `json:"max_zoom"`
	Bounds      [4]float64          `json:"bounds" doc:"west, south, east, north in degrees of WGS-84"`
}

// Summary returns what the file says of itself.
func (a *Archive) Summary() Summary {
	const e7 = 1e7
	h := a.header
	return Summary{
		Hash: a.hash, Area: a.meta.Area, Name: a.meta.Name, Attribution: a.meta.Attribution,
		Tiles: int64(h.Addressed), Bytes: a.size, MinZoom: int(h.MinZoom), MaxZoom: int(h.MaxZoom),
		Bounds: [4]float64{float64(h.West) / e7, float64(h.South) / e7, float64(h.East) / e7, float64(h.North) / e7},
	}
}

// Tile returns a tile as it is stored, MVT packed with gzip; nil where nothing is
// drawn.
func (a *Archive) Tile(zoom, x, y int) ([]byte, error) {
	if zoom < int(a.header.MinZoom) || zoom > int(a.header.MaxZoom) || x < 0 || y < 0 || x >= 1<<zoom || y >= 1<<zoom {
		return nil, nil
	}
	id := tileID(zoom, x, y)
	at := sort.Search(len(a.entries), func(i int) bool { return a.entries[i].id > id }) - 1
	if at < 0 || id >= a.entries[at].id+uint64(a.entries[at].run) {
		return nil, nil
	}
	e := a.entries[at]
	data := make([]byte, e.length)
	if _, err := a.file.ReadAt(data, int64(a.header.DataOffset+e.offset)); err != nil {
		return nil, fmt.Errorf("read tile %d/%d/%d: %w", zoom, x, y, err)
	}
	return data, nil
}

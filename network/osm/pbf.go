package osm

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"

	"github.com/paulmach/osm/osmpbf"
	"google.golang.org/protobuf/encoding/protowire"
)

// readPBF reads the file in two passes, or three: ways and relations first,
// then the outlines that only relations name, if any, and last the positions of
// the nodes that turned out to be needed. Memory so follows the streets and not
// the file; a pass over blocks that hold nothing wanted does not inflate them.
func (in input) readPBF() (*Extract, error) {
	g := newGather(in)
	known := make(map[int64]contents)
	if err := in.scanPBF(pass{want: ways | relations, known: known, gather: g}); err != nil {
		return nil, err
	}
	g.startOutlines()
	if len(g.missing) > 0 {
		if err := in.scanPBF(pass{want: ways, known: known, gather: g}); err != nil {
			return nil, err
		}
	}
	g.startNodes()
	if err := in.scanPBF(pass{want: nodes, known: known, gather: g}); err != nil {
		return nil, err
	}
	return g.extract()
}

// pass is one reading of the file.
type pass struct {
	want   contents
	known  map[int64]contents // what the block at an offset holds, once seen
	gather *gather
}

func (in input) scanPBF(p pass) (err error) {
	if _, err := in.file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read %s: %w", in.name, err)
	}
	source := &blocks{input: in, pass: p}
	s := osmpbf.New(in.ctx, source, runtime.GOMAXPROCS(0))
	defer func() {
		// The decoder's goroutines have ended once it is closed; what the source
		// found says more than what the decoder made of it.
		s.Close()
		if source.err != nil && !errors.Is(source.err, io.EOF) {
			err = source.err
		}
	}()
	s.SkipNodes = p.want&nodes == 0
	s.SkipWays = p.want&ways == 0
	s.SkipRelations = p.want&relations == 0
	s.FilterNode = p.gather.wantNode
	s.FilterWay = p.gather.wantWay
	s.FilterRelation = p.gather.wantRelation
	header, err := s.Header()
	if err != nil {
		return in.fault("osm_unsupported", 0, "header: %w; rewrite the file with `osmium cat`", err)
	}
	if header != nil && slices.Contains(header.RequiredFeatures, "HistoricalInformation") {
		return in.fault("osm_unsupported", 0, "a history file: take one day from it with `osmium time-filter`")
	}
	if header != nil {
		p.gather.date = header.ReplicationTimestamp
	}
	for s.Scan() {
		p.gather.take(s.Object())
	}
	if err := s.Err(); err != nil {
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			return fmt.Errorf("read %s: %w", in.name, err)
		}
		return in.fault("osm_corrupt", noOffset, "damaged: %w; fetch it again", err)
	}
	return nil
}

// The format's own limits.
const (
	maxHeaderBytes = 64 << 10
	maxBlockBytes  = 32 << 20
)

// blocks is the file as the decoder may see it: each block inflated within
// bounds and checked. Blocks of no use to the pass are left out.
type blocks struct {
	input
	pass
	offset   int64 // of the next block in the file
	started  bool
	pending  []byte // what the decoder has not read yet
	frame    []byte
	packed   []byte
	inflater io.ReadCloser
	err      error
}

// Read implements io.Reader for the decoder.
func (b *blocks) Read(p []byte) (int, error) {
	for len(b.pending) == 0 {
		if b.err == nil {
			b.err = b.ctx.Err()
		}
		if b.err == nil {
			b.pending, b.err = b.nextBlock()
		}
		if b.err != nil {
			return 0, b.err
		}
	}
	n := copy(p, b.pending)
	b.pending = b.pending[n:]
	return n, nil
}

// readFull fills buf; a file that ends within it is truncated.
func (b *blocks) readFull(buf []byte) error {
	_, err := io.ReadFull(b.file, buf)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return b.fault("osm_truncated", b.offset, "the file ends in the middle of this block: fetch it again")
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", b.name, err)
	}
	return nil
}

// nextBlock returns the next block as the decoder shall see it, nothing for one
// that is left out, or io.EOF.
func (b *blocks) nextBlock() ([]byte, error) {
	var size [4]byte
	if _, err := io.ReadFull(b.file, size[:1]); errors.Is(err, io.EOF) {
		return nil, io.EOF
	} else if err != nil {
		return nil, fmt.Errorf("read %s: %w", b.name, err)
	}
	if err := b.readFull(size[1:]); err != nil {
		return nil, err
	}
	headerBytes := binary.BigEndian.Uint32(size[:])
	if headerBytes > maxHeaderBytes {
		return nil, b.corrupt("block header of %d bytes", headerBytes)
	}
	b.packed = slices.Grow(b.packed[:0], int(headerBytes))[:headerBytes]
	if err := b.readFull(b.packed); err != nil {
		return nil, err
	}
	kind, blobBytes, err := readBlobHeader(b.packed)
	if err != nil {
		return nil, b.corrupt("block header: %w", err)
	}
	if blobBytes > maxBlockBytes {
		return nil, b.corrupt("block of %d bytes", blobBytes)
	}
	start := b.offset
	end := start + int64(len(size)) + int64(headerBytes) + int64(blobBytes)
	if !b.started && kind != "OSMHeader" {
		return nil, b.corrupt("the first block is %q and not OSMHeader", kind)
	}
	if held, seen := b.known[start]; seen && held&b.want == 0 {
		if _, err := b.file.Seek(end, io.SeekStart); err != nil {
			return nil, fmt.Errorf("read %s: %w", b.name, err)
		}
		b.offset = end
		return nil, nil
	}
	b.packed = slices.Grow(b.packed[:0], int(blobBytes))[:blobBytes]
	if err := b.readFull(b.packed); err != nil {
		return nil, err
	}
	if b.started && kind != "OSMData" {
		b.offset = end // the format says to pass over kinds one does not know
		return nil, nil
	}
	data, err := b.unpack(kind)
	if err != nil {
		return nil, err
	}
	if kind == "OSMData" {
		held, err := checkBlock(data)
		if errors.Is(err, errPlainNodes) {
			return nil, b.fault("osm_unsupported", start, "%w: rewrite the file with `osmium cat -o NEW.osm.pbf`", err)
		}
		if err != nil {
			return nil, b.corrupt("block: %w", err)
		}
		b.known[start] = held
		if held&b.want == 0 {
			b.offset = end
			return nil, nil
		}
	}
	b.started = true
	b.offset = end
	return b.frame, nil
}

func (b *blocks) corrupt(format string, args ...any) error {
	return b.fault("osm_corrupt", b.offset, "damaged: "+format+"; fetch the file again", args...)
}

func readBlobHeader(header []byte) (kind string, blobBytes uint64, err error) {
	f := scan(header, layout{bytes: bits(1, 2), varints: bits(3)})
	for f.next() {
		switch f.number {
		case 1:
			kind = string(f.bytes)
		case 3:
			blobBytes = f.varint
		}
	}
	return kind, blobBytes, f.err
}

// unpack makes b.frame from the blob in b.packed, the data within stored plainly,
// and returns that data.
func (b *blocks) unpack(kind string) ([]byte, error) {
	f := scan(b.packed, layout{bytes: bits(1, 3, 4, 5, 6, 7), varints: bits(2)})
	var raw, deflated []byte
	var rawBytes uint64
	plain, packing := false, ""
	for f.next() {
		switch f.number {
		case 1:
			raw, plain = f.bytes, true
		case 2:
			rawBytes = f.varint
		case 3:
			deflated = f.bytes
		case 4, 5, 6, 7:
			packing = [...]string{"lzma", "bzip2", "lz4", "zstd"}[f.number-4]
		}
	}
	if f.err != nil {
		return nil, b.corrupt("blob: %w", f.err)
	}
	if plain {
		rawBytes = uint64(len(raw))
	} else if deflated == nil {
		if packing != "" {
			return nil, b.fault("osm_unsupported", b.offset, "packed with %s: rewrite the file with `osmium cat -o NEW.osm.pbf`", packing)
		}
		return nil, b.corrupt("blob without data")
	}
	// The decoder's limit holds for the blob with its own few bytes around it.
	if rawBytes > maxBlockBytes-16 {
		return nil, b.corrupt("block inflates to %d bytes", rawBytes)
	}
	b.startFrame(kind, int(rawBytes))
	data := b.frame[len(b.frame)-int(rawBytes):]
	if plain {
		copy(data, raw)
		return data, nil
	}
	if err := b.inflate(data, deflated); err != nil {
		return nil, b.corrupt("inflate: %w", err)
	}
	return data, nil
}

// startFrame lays out b.frame for plain data that the caller fills in at its end.
func (b *blocks) startFrame(kind string, rawBytes int) {
	var blob, header []byte
	blob = protowire.AppendTag(blob, 1, protowire.BytesType)
	blob = protowire.AppendVarint(blob, uint64(rawBytes))
	header = protowire.AppendTag(header, 1, protowire.BytesType)
	header = protowire.AppendString(header, kind)
	header = protowire.AppendTag(header, 3, protowire.VarintType)
	header = protowire.AppendVarint(header, uint64(len(blob)+rawBytes))
	b.frame = binary.BigEndian.AppendUint32(b.frame[:0], uint32(len(header)))
	b.frame = append(b.frame, header...)
	b.frame = append(b.frame, blob...)
	b.frame = slices.Grow(b.frame, rawBytes)[:len(b.frame)+rawBytes]
}

// inflate fills data exactly.
func (b *blocks) inflate(data, deflated []byte) (err error) {
	if b.inflater == nil {
		b.inflater, err = zlib.NewReader(bytes.NewReader(deflated))
	} else {
		err = b.inflater.(zlib.Resetter).Reset(bytes.NewReader(deflated), nil)
	}
	if err != nil {
		return err
	}
	if _, err := io.ReadFull(b.inflater, data); err != nil {
		return err
	}
	// The end must follow at once; reading it also compares the checksum.
	var beyond [1]byte
	if n, err := b.inflater.Read(beyond[:]); n != 0 || !errors.Is(err, io.EOF) {
		return fmt.Errorf("want %d bytes, there are more or the checksum is wrong", len(data))
	}
	return nil
}

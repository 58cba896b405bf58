package routing

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"lifecircle"
	"lifecircle/internal/mapped"
)

// The file is drawn in docs/formats/index.md.
const (
	indexMagic       = "lcorders"
	indexVersion     = 2
	indexHeaderBytes = 24 + sha256.Size
)

// Write writes the index as a file: the order and the hierarchy that follows from it.
func (ix *Index) Write(w io.Writer) error {
	sum := sha256.New()
	out := bufio.NewWriterSize(io.MultiWriter(w, sum), 64<<10)
	// bufio keeps its first error and Flush returns it.
	out.WriteString(indexMagic)
	var word [4]byte
	put := func(column ...uint32) {
		for _, v := range column {
			binary.LittleEndian.PutUint32(word[:], v)
			out.Write(word[:])
		}
	}
	put(indexVersion, uint32(len(ix.rank)), uint32(len(ix.graph.Heads)), uint32(len(ix.heads)))
	out.Write(ix.names[:])
	put(ix.node...)
	put(ix.first...)
	put(ix.heads...)
	put(ix.place...)
	if err := out.Flush(); err != nil {
		return err
	}
	_, err := w.Write(sum.Sum(nil))
	return err
}

// OpenIndex opens the index of a graph. Its columns stay in the file, mapped into
// memory. What is wrong with it has a
// code: index_foreign, index_version, index_truncated, index_corrupt, or
// index_stale where it was made for other streets.
func OpenIndex(path string, g Graph) (*Index, error) {
	data, err := mapped.Open(path)
	if err != nil {
		return nil, lifecircle.Errorf("index_unreadable", "open index: %w", err).With("file", path)
	}
	if err := g.check(); err != nil {
		return nil, err
	}
	ix, err := decodeIndex(data, g)
	var wrong *lifecircle.Error
	if errors.As(err, &wrong) {
		return nil, lifecircle.Errorf(wrong.Code, "index %s: %w", path, err).With("file", path)
	}
	return ix, err
}

// LoadIndex opens the index of a graph at path, or builds and writes it where
// there is none or a stale or damaged one; why says what was wrong with that.
func LoadIndex(path string, g Graph, cfg BuildConfig) (ix *Index, why, err error) {
	ix, why = OpenIndex(path, g)
	if why == nil {
		return ix, nil, nil
	}
	if errors.Is(why, fs.ErrNotExist) {
		why = nil
	}
	if ix, err = Build(g, cfg); err != nil {
		return nil, why, err
	}
	return ix, why, ix.save(path)
}

// save writes the file beside its place and moves it there, so that whoever opens
// it meets a whole one.
func (ix *Index) save(path string) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("write index: %w", err)
	}
	defer os.Remove(f.Name()) // no longer there when all went well
	err = ix.Write(f)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Chmod(f.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write index %s: %w", path, err)
	}
	return nil
}

func decodeIndex(data []byte, g Graph) (*Index, error) {
	if len(data) < len(indexMagic) || string(data[:len(indexMagic)]) != indexMagic {
		return nil, lifecircle.Errorf("index_foreign", "not an index: remove it, a new one is built by itself")
	}
	if len(data) < indexHeaderBytes {
		return nil, lifecircle.Errorf("index_truncated", "ends after %d bytes, in its header: remove it, a new one is built by itself", len(data))
	}
	word := func(offset int) uint32 { return binary.LittleEndian.Uint32(data[offset:]) }
	if v := word(8); v != indexVersion {
		return nil, lifecircle.Errorf("index_version", "has version %d, this program reads %d: remove it, a new one is built by itself", v, indexVersion)
	}
	nodes, arcs, hierarchy := int64(word(12)), int64(word(16)), int64(word(20))
	want := indexHeaderBytes + 4*(nodes+nodes+1+hierarchy+arcs) + sha256.Size
	switch have := int64(len(data)); {
	case have < want:
		return nil, lifecircle.Errorf("index_truncated", "ends after %d of %d bytes: remove it, a new one is built by itself", have, want)
	case have > want:
		return nil, lifecircle.Errorf("index_corrupt", "has %d bytes and should have %d: remove it, a new one is built by itself", have, want)
	}
	body := data[:len(data)-sha256.Size]
	if sum := sha256.Sum256(body); !bytes.Equal(sum[:], data[len(body):]) {
		return nil, lifecircle.Errorf("index_corrupt", "its content does not match its checksum: remove it, a new one is built by itself")
	}
	ix := &Index{graph: g, names: g.fingerprint()}
	if int(nodes) != g.Nodes() || int(arcs) != len(g.Heads) || !bytes.Equal(ix.names[:], data[24:indexHeaderBytes]) {
		return nil, lifecircle.Errorf("index_stale", "was made for other streets: remove it, a new one is built by itself")
	}
	rest := mapped.Words(body[indexHeaderBytes:])
	for _, column := range []struct {
		words *[]uint32
		count int64
	}{{&ix.node, nodes}, {&ix.first, nodes + 1}, {&ix.heads, hierarchy}, {&ix.place, arcs}} {
		*column.words, rest = rest[:column.count:column.count], rest[column.count:]
	}
	if err := ix.check(); err != nil {
		return nil, lifecircle.Errorf("index_corrupt", "%w: remove it, a new one is built by itself", err)
	}
	ix.turnDown()
	ix.cutTasks()
	return ix, nil
}

// check holds the columns of a file to what every query relies on, and finds the
// ranks. A hierarchy that passes gives exact answers, whoever made it: it holds every
// arc of the graph, and the neighbours above a node are joined. The second needs no
// look at pairs: it holds where those above each node, its parent aside, are above
// the parent too. O(nodes + arcs of the hierarchy · the most above one node), in
// practice a walk over the file.
func (ix *Index) check() error {
	n := uint32(len(ix.node))
	ix.rank = slices.Repeat([]uint32{nowhere}, int(n))
	for rank, v := range ix.node {
		if v >= n || ix.rank[v] != nowhere {
			return fmt.Errorf("place %d of the order holds node %d, again or beyond %d", rank, v, n)
		}
		ix.rank[v] = uint32(rank)
	}
	if ix.first[0] != 0 || int64(ix.first[n]) != int64(len(ix.heads)) || len(ix.heads) >= 1<<31 {
		return fmt.Errorf("the rows cover arcs %d to %d, and there are %d", ix.first[0], ix.first[n], len(ix.heads))
	}
	for v := range n {
		if ix.first[v] > ix.first[v+1] || int64(ix.first[v+1]) > int64(len(ix.heads)) {
			return fmt.Errorf("the arcs of rank %d are those from %d to %d of %d", v, ix.first[v], ix.first[v+1], len(ix.heads))
		}
		below := v
		for _, head := range ix.above(v) {
			if head <= below || head >= n {
				return fmt.Errorf("an arc leads from rank %d to %d of %d, after one to %d", v, head, n, below)
			}
			below = head
		}
	}
	for v := range n {
		heads := ix.above(v)
		if len(heads) < 2 {
			continue
		}
		over := ix.above(heads[0])
		for _, head := range heads[1:] {
			for len(over) > 0 && over[0] < head {
				over = over[1:]
			}
			if len(over) == 0 || over[0] != head {
				return fmt.Errorf("ranks %d and %d above %d are not joined", heads[0], head, v)
			}
		}
	}
	if err := ix.checkTree(); err != nil {
		return err
	}
	return ix.checkPlaces()
}

// above returns the higher neighbours of a rank, ascending.
func (ix *Index) above(v uint32) []uint32 { return ix.heads[ix.first[v]:ix.first[v+1]] }

// checkTree holds the ranks to a postorder: the subtree of each is the range that
// ends with it.
func (ix *Index) checkTree() error {
	var open []uint32 // roots of whole subtrees, ascending
	for v := range uint32(len(ix.node)) {
		for len(open) > 0 && ix.parent(open[len(open)-1]) == v {
			open = open[:len(open)-1]
		}
		open = append(open, v)
	}
	for _, v := range open {
		if up := ix.parent(v); up != none32 {
			return fmt.Errorf("rank %d lies outside the subtree of %d above it", v, up)
		}
	}
	return nil
}

// checkPlaces holds the places of the graph's arcs to where they are.
func (ix *Index) checkPlaces() error {
	g := ix.graph
	for v := range uint32(len(ix.rank)) {
		for arc := g.First[v]; arc < g.First[v+1]; arc++ {
			from, to, at := ix.rank[v], ix.rank[g.Heads[arc]], ix.place[arc]
			low, down := min(from, to), uint32(0)
			if from > to {
				down = 1
			}
			ok := at == nowhere
			if from != to {
				up := at >> 1
				ok = at&1 == down && up >= ix.first[low] && up < ix.first[low+1] && ix.heads[up] == max(from, to)
			}
			if !ok {
				return fmt.Errorf("arc %d of the graph is not where the file says", arc)
			}
		}
	}
	return nil
}

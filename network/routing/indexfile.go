package routing

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"lifecircle"
)

// The file is drawn in docs/formats/index.md.
const (
	indexMagic       = "lcorders"
	indexVersion     = 1
	indexHeaderBytes = 24 + sha256.Size
)

// Write writes the index as a file: the order alone, from which all else follows.
// So a file can be stale or damaged, which is found out, but never wrong: any
// order gives exact answers.
func (ix *Index) Write(w io.Writer) error {
	data := make([]byte, 0, indexHeaderBytes+4*len(ix.node)+sha256.Size)
	data = append(data, indexMagic...)
	for _, word := range []uint32{indexVersion, uint32(len(ix.rank)), uint32(len(ix.graph.Heads)), uint32(len(ix.heads))} {
		data = binary.LittleEndian.AppendUint32(data, word)
	}
	data = append(data, ix.names[:]...)
	for _, v := range ix.node {
		data = binary.LittleEndian.AppendUint32(data, v)
	}
	sum := sha256.Sum256(data)
	_, err := w.Write(append(data, sum[:]...))
	return err
}

// OpenIndex reads the index of a graph from a file. What is wrong with it has a
// code: index_foreign, index_version, index_truncated, index_corrupt, or
// index_stale where it was made for other streets.
func OpenIndex(path string, g Graph) (*Index, error) {
	data, err := os.ReadFile(path)
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
	nodes, arcs, hierarchy := word(12), word(16), word(20)
	want := indexHeaderBytes + 4*int64(nodes) + sha256.Size
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
	name := g.fingerprint()
	if int(nodes) != g.Nodes() || int(arcs) != len(g.Heads) || !bytes.Equal(name[:], data[24:indexHeaderBytes]) {
		return nil, lifecircle.Errorf("index_stale", "was made for other streets: remove it, a new one is built by itself")
	}
	order := make([]int32, nodes)
	seen := make([]bool, nodes)
	for i := range order {
		v := word(indexHeaderBytes + 4*i)
		if v >= nodes || seen[v] {
			return nil, lifecircle.Errorf("index_corrupt", "place %d of the order holds node %d, again or beyond %d: remove it, a new one is built by itself", i, v, nodes)
		}
		seen[v] = true
		order[i] = int32(v)
	}
	first, heads := g.undirected()
	ix := &Index{graph: g, names: name}
	parent := ix.number(order, first, heads)
	// A foreign order may have as many arcs as there are pairs of nodes: count them
	// against what the file says before there is memory for them.
	if n := ix.countArcs(parent, first, heads); n != uint64(hierarchy) {
		return nil, lifecircle.Errorf("index_corrupt", "its order makes more or fewer than %d arcs: remove it, a new one is built by itself", hierarchy)
	}
	return ix, ix.derive(parent, first, heads)
}

// countArcs counts the up-arcs of an order, as in A. George, J. W. Liu, Computer
// Solution of Large Sparse Positive Definite Systems, 1981, by the same climbing as
// factorise does.
func (ix *Index) countArcs(parent, first, heads []uint32) (total uint64) {
	ix.climb(parent, first, heads, func(_, _ uint32) { total++ })
	return total
}

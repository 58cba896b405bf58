package routing

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"lifecircle"
)

// indexed returns a small graph, its index and the file of that.
func indexed(tb testing.TB) (Graph, *Index, []byte) {
	tb.Helper()
	g, _ := lattice(12, false, rand.New(rand.NewPCG(5, 6)))
	ix, err := Build(g, BuildConfig{})
	if err != nil {
		tb.Fatal(err)
	}
	var file bytes.Buffer
	if err := ix.Write(&file); err != nil {
		tb.Fatal(err)
	}
	return g, ix, file.Bytes()
}

// seal gives altered content the checksum that fits.
func seal(data []byte) []byte {
	sum := sha256.Sum256(data[:len(data)-sha256.Size])
	copy(data[len(data)-sha256.Size:], sum[:])
	return data
}

func same(a, b *Index) bool {
	return slices.Equal(a.rank, b.rank) && slices.Equal(a.first, b.first) && slices.Equal(a.heads, b.heads) &&
		slices.Equal(a.downs, b.downs) && slices.Equal(a.place, b.place) && slices.Equal(a.tasks, b.tasks) && slices.Equal(a.top, b.top)
}

func TestIndexFile(t *testing.T) {
	t.Parallel()
	g, ix, data := indexed(t)
	again, err := decodeIndex(data, g)
	if err != nil {
		t.Fatal(err)
	}
	if !same(ix, again) {
		t.Error("the index read is not the one written")
	}
	other, _ := lattice(12, false, rand.New(rand.NewPCG(7, 8)))
	word := func(at int, value uint32) func([]byte) []byte {
		return func(d []byte) []byte { binary.LittleEndian.PutUint32(d[at:], value); return d }
	}
	for _, c := range []struct {
		name, code string
		alter      func([]byte) []byte
		graph      Graph
	}{
		{"nothing", "index_foreign", func([]byte) []byte { return nil }, g},
		{"a network", "index_foreign", func(d []byte) []byte { copy(d, "lcstreet"); return d }, g},
		{"half a header", "index_truncated", func(d []byte) []byte { return d[:30] }, g},
		{"another version", "index_version", word(8, indexVersion+1), g},
		{"a byte short", "index_truncated", func(d []byte) []byte { return d[:len(d)-1] }, g},
		{"a byte more", "index_corrupt", func(d []byte) []byte { return append(d, 0) }, g},
		{"a flipped byte", "index_corrupt", func(d []byte) []byte { d[100] ^= 4; return d }, g},
		{"a flipped checksum", "index_corrupt", func(d []byte) []byte { d[len(d)-1] ^= 1; return d }, g},
		{"other streets", "index_stale", func(d []byte) []byte { return d }, other},
		{"a node twice", "index_corrupt", func(d []byte) []byte {
			copy(d[indexHeaderBytes:indexHeaderBytes+4], d[indexHeaderBytes+4:])
			return seal(d)
		}, g},
		{"a node beyond", "index_corrupt", func(d []byte) []byte { return seal(word(indexHeaderBytes, 1<<31)(d)) }, g},
		{"rows beyond", "index_corrupt", func(d []byte) []byte { return seal(word(indexHeaderBytes+4*144+4*5, 1<<30)(d)) }, g},
		{"other arcs", "index_corrupt", func(d []byte) []byte { return seal(word(20, 7)(d)) }, g},
	} {
		_, err := decodeIndex(c.alter(slices.Clone(data)), c.graph)
		if lifecircle.ErrorCode(err) != c.code {
			t.Errorf("%s: %v, want %s", c.name, err, c.code)
		}
	}
}

// Every flipped bit of the header is found out, wherever it is.
func TestIndexFileBits(t *testing.T) {
	t.Parallel()
	g, _, data := indexed(t)
	for at := range indexHeaderBytes {
		for bit := range 8 {
			altered := slices.Clone(data)
			altered[at] ^= 1 << bit
			if _, err := decodeIndex(altered, g); lifecircle.ErrorCode(err) == "" || lifecircle.ErrorCode(err) == "internal" {
				t.Fatalf("byte %d, bit %d: %v", at, bit, err)
			}
		}
	}
}

// Whatever word of the columns is altered, and were the checksum that of the altered
// file: it is refused.
func TestIndexFileWords(t *testing.T) {
	t.Parallel()
	g, _, data := indexed(t)
	for at := indexHeaderBytes; at < len(data)-sha256.Size; at += 4 {
		for _, change := range []uint32{1, 2, 1 << 31} {
			altered := slices.Clone(data)
			binary.LittleEndian.PutUint32(altered[at:], change^binary.LittleEndian.Uint32(altered[at:]))
			if _, err := decodeIndex(seal(altered), g); lifecircle.ErrorCode(err) != "index_corrupt" {
				t.Fatalf("byte %d, bits %x: %v", at, change, err)
			}
		}
	}
}

// Two streets apart from each other, ranks 0–2 and 1–3: a hierarchy, but no subtree
// is a range. And ranks 0–1, 0–2 whose ends are not joined.
func TestIndexFileOfOthers(t *testing.T) {
	t.Parallel()
	for name, ix := range map[string]*Index{
		"no postorder": {
			graph: Graph{First: []uint32{0, 1, 2, 3, 4}, Heads: []uint32{1, 0, 3, 2}},
			node:  []uint32{0, 2, 1, 3}, rank: []uint32{0, 2, 1, 3},
			first: []uint32{0, 1, 2, 2, 2}, heads: []uint32{2, 3}, place: []uint32{0, 1, 2, 3},
		},
		"not joined": {
			graph: Graph{First: []uint32{0, 2, 3, 4}, Heads: []uint32{1, 2, 0, 0}},
			node:  []uint32{0, 1, 2}, rank: []uint32{0, 1, 2},
			first: []uint32{0, 2, 2, 2}, heads: []uint32{1, 2}, place: []uint32{0, 2, 1, 3},
		},
	} {
		ix.names = ix.graph.fingerprint()
		var file bytes.Buffer
		if err := ix.Write(&file); err != nil {
			t.Fatal(err)
		}
		if _, err := decodeIndex(file.Bytes(), ix.graph); lifecircle.ErrorCode(err) != "index_corrupt" {
			t.Errorf("%s: %v", name, err)
		}
		right, err := Build(ix.graph, BuildConfig{})
		if err != nil {
			t.Fatal(err)
		}
		file.Reset()
		if err := right.Write(&file); err != nil {
			t.Fatal(err)
		}
		if got, err := decodeIndex(file.Bytes(), ix.graph); err != nil || !same(got, right) {
			t.Errorf("%s: the index that is built: %v", name, err)
		}
	}
}

func TestLoadIndex(t *testing.T) {
	t.Parallel()
	g, ix, data := indexed(t)
	path := filepath.Join(t.TempDir(), "town.lci")
	load := func(code string) {
		t.Helper()
		got, why, err := LoadIndex(path, g, BuildConfig{})
		if err != nil {
			t.Fatal(err)
		}
		if code == "" && why != nil || code != "" && lifecircle.ErrorCode(why) != code {
			t.Errorf("it was rebuilt for %v, want %q", why, code)
		}
		if !same(ix, got) {
			t.Error("another index")
		}
		if written, err := os.ReadFile(path); err != nil || !bytes.Equal(written, data) {
			t.Errorf("another file, %v", err)
		}
	}
	load("") // there is none yet
	load("") // now there is
	if err := os.WriteFile(path, data[:99], 0o644); err != nil {
		t.Fatal(err)
	}
	load("index_truncated")
	load("")
	if _, err := OpenIndex(filepath.Join(t.TempDir(), "none.lci"), g); lifecircle.ErrorCode(err) != "index_unreadable" {
		t.Errorf("a file that is not there: %v", err)
	}
}

func TestGraphsThatAreNone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		graph Graph
		code  string
	}{
		"empty":           {Graph{}, "graph_empty"},
		"no node":         {Graph{First: []uint32{0}}, "graph_empty"},
		"rows beyond":     {Graph{First: []uint32{0, 2}, Heads: []uint32{0}}, "graph_invalid"},
		"rows descending": {Graph{First: []uint32{0, 2, 1}, Heads: []uint32{0}}, "graph_invalid"},
		"a head beyond":   {Graph{First: []uint32{0, 1}, Heads: []uint32{1}}, "graph_invalid"},
		"half located":    {Graph{First: []uint32{0, 0}, X: []float32{0}}, "graph_invalid"},
	} {
		if _, err := Build(c.graph, BuildConfig{}); lifecircle.ErrorCode(err) != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
	ix, err := Build(Graph{First: []uint32{0, 1, 2}, Heads: []uint32{1, 0}}, BuildConfig{})
	if err != nil {
		t.Fatal(err)
	}
	for name, weights := range map[string][]uint32{"absent": nil, "too few": {1}, "2 billion metres": {2_000_000_000, 1}, "negative": {1, 1<<32 - 1}} {
		if _, err := ix.Customise(weights, MetricConfig{}); lifecircle.ErrorCode(err) != "weights_invalid" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzIndexFile(f *testing.F) {
	g, _, data := indexed(f)
	f.Add(data)
	f.Add(data[:60])
	f.Add(seal(slices.Clone(data[:len(data)-4])))
	f.Fuzz(func(t *testing.T, data []byte) {
		ix, err := decodeIndex(data, g)
		if len(data) > indexHeaderBytes+sha256.Size && err != nil {
			// So that the fuzzer gets past the checksum.
			ix, err = decodeIndex(seal(slices.Clone(data)), g)
		}
		if err != nil {
			if lifecircle.ErrorCode(err) == "" || lifecircle.ErrorCode(err) == "internal" {
				t.Fatalf("an error without a code: %v", err)
			}
			return
		}
		var again bytes.Buffer
		if err := ix.Write(&again); err != nil {
			t.Fatal(err)
		}
		if read, err := decodeIndex(again.Bytes(), g); err != nil || !same(read, ix) {
			t.Fatalf("an accepted index does not survive: %v", err)
		}
	})
}

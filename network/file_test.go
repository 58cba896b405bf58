package network

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/network/osm"
)

// small is a network with bends, a loop, parallel streets and an island.
func small(tb testing.TB) *Network {
	tb.Helper()
	n, err := Build(&osm.Extract{
		Nodes: []geo.Point{
			{Lon: 106.23, Lat: 38.48},
			{Lon: 106.231, Lat: 38.48},
			{Lon: 106.232, Lat: 38.481},
			{Lon: 106.233, Lat: 38.48},
			{Lon: 106.231, Lat: 38.482},
			{Lon: 106.232, Lat: 38.4835},
			{Lon: 106.24, Lat: 38.49},
			{Lon: 106.241, Lat: 38.49},
		},
		Streets: []osm.Street{
			{WayID: 1, Nodes: []uint32{0, 1, 2, 3}},
			{WayID: 2, Nodes: []uint32{1, 3}},
			{WayID: 3, Nodes: []uint32{0, 4, 5, 0}},
			{WayID: 4, Nodes: []uint32{6, 7}},
		},
	})
	if err != nil {
		tb.Fatal(err)
	}
	return n
}

func bytesOf(tb testing.TB, n *Network) []byte {
	tb.Helper()
	var out bytes.Buffer
	if err := n.Write(&out); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

func TestFileRoundTrip(t *testing.T) {
	t.Parallel()
	n := small(t)
	data := bytesOf(t, n)
	if int64(len(data)) != n.Summary().Bytes {
		t.Errorf("%d bytes written, %d announced", len(data), n.Summary().Bytes)
	}
	path := filepath.Join(t.TempDir(), "n.lcn")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	again, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	unexported := cmp.AllowUnexported(Network{}, position{}, edge{}, grid{}, segment{})
	if diff := cmp.Diff(n, again, unexported); diff != "" {
		t.Errorf("after opening (-written +read):\n%s", diff)
	}
	// The format and the numbering do not change by accident: every workspace
	// names its networks by this hash.
	const want = "56e81dd4ca5c198ff4bfa8d566870e9bb42ecb30c78d5562709ade4ead23a639"
	if n.Hash() != want {
		t.Errorf("hash %s, want %s", n.Hash(), want)
	}
}

// reseal puts the right checksum at the end of changed data.
func reseal(data []byte) []byte {
	body := data[:len(data)-sha256.Size]
	sum := sha256.Sum256(body)
	return append(bytes.Clone(body), sum[:]...)
}

func TestBadFiles(t *testing.T) {
	t.Parallel()
	good := bytesOf(t, small(t))
	n := small(t)
	word := func(offset int, value uint32) []byte {
		data := bytes.Clone(good)
		binary.LittleEndian.PutUint32(data[offset:], value)
		return reseal(data)
	}
	edges := headerBytes + positionBytes*len(n.nodes)
	outOfOrder := bytes.Clone(good)
	last := uint32(len(n.nodes) - 1)
	binary.LittleEndian.PutUint32(outOfOrder[edges:], last)
	binary.LittleEndian.PutUint32(outOfOrder[edges+4:], last)
	outOfOrder = reseal(outOfOrder)
	for _, c := range []struct {
		name, code, want string
		data             []byte
	}{
		{"empty", "network_foreign", "network build", nil},
		{"a web page", "network_foreign", "network build", []byte("<!doctype html><html>")},
		{"another version", "network_version", "version 2", word(8, 2)},
		{"one node more", "network_truncated", "ends after", word(12, uint32(len(n.nodes)+1))},
		{"four billion nodes", "network_truncated", "ends after", word(12, 1<<32-1)},
		{"one edge less", "network_corrupt", "should have", word(16, uint32(len(n.edges)-1))},
		{"something behind", "network_corrupt", "should have", append(bytes.Clone(good), 0)},
		{"a node off the earth", "network_corrupt", "position 0", word(headerBytes, 2_000_000_000)},
		{"an edge to nowhere", "network_corrupt", "edge 0 joins", word(edges+4, 99)},
		{"an edge of no length", "network_corrupt", "edge 0 is 0 dm long", word(edges+8, 0)},
		{"an edge too long", "network_corrupt", "edge 1 is 2000000 dm long", word(edges+edgeBytes+8, 2_000_000)},
		{"a shape beyond the last", "network_corrupt", "shape of edge 0 ends at 99", word(edges+12, 99)},
		{"edges out of order", "network_corrupt", "edge 1 is out of order", outOfOrder},
		{"no edges", "network_corrupt", "0 edges", reseal(append(append([]byte(magic), 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), make([]byte, sha256.Size)...))},
	} {
		path := filepath.Join(t.TempDir(), "bad.lcn")
		if err := os.WriteFile(path, c.data, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Open(path)
		if lifecircle.ErrorCode(err) != c.code || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v, want %s with %q and the file's name", c.name, err, c.code, c.want)
		}
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none.lcn")); lifecircle.ErrorCode(err) != "network_unreadable" {
		t.Errorf("a missing file: %v", err)
	}
}

func TestEveryFlippedByteAndEveryCutIsFound(t *testing.T) {
	t.Parallel()
	good := bytesOf(t, small(t))
	for i := range good {
		data := bytes.Clone(good)
		data[i] ^= 0x10
		if _, wrong := decode(data); wrong == nil {
			t.Errorf("byte %d flipped unseen", i)
		}
		if _, wrong := decode(good[:i]); wrong == nil || i >= len(magic) && wrong.code != "network_truncated" {
			t.Errorf("cut after %d bytes: %+v", i, wrong)
		}
	}
}

// FuzzDecode gives every input the right checksum, so that what lies behind it
// is reached, and uses what is accepted.
func FuzzDecode(f *testing.F) {
	good := bytesOf(f, small(f))
	f.Add(good)
	f.Add(good[:headerBytes])
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, wrong := decode(data); wrong != nil && len(data) >= sha256.Size {
			data = reseal(data)
		}
		n, wrong := decode(data)
		if wrong != nil {
			return
		}
		if !bytes.Equal(bytesOf(t, n), data) {
			t.Error("written otherwise than read")
		}
		for _, p := range []geo.Point{n.Node(0), {Lon: 106.23, Lat: 38.48}, {}} {
			if s, err := n.SnapWith(p, SnapConfig{MaxMetres: 1e6, Islands: true}); err == nil && s.ToFrom+s.ToTo != n.Edge(s.Edge).Length {
				t.Errorf("%+v does not fit its edge", s)
			}
		}
	})
}

package network

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
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
	n, err := BuildWith(&osm.Extract{
		Barriers: []osm.Barrier{{Node: 2, Stops: osm.Car}, {Node: 4, Stops: osm.Wheelchair | osm.Bicycle}},
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
			{WayID: 4, Nodes: []uint32{6, 7}, BarredBack: osm.Car, CarKmh: 30},
		},
	}, BuildConfig{Profiles: lifecircle.Modes(), Elevation: hill{}})
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

// columns are what two equal networks have alike.
type columns struct {
	nodes, shapes []position
	edges         []edge
	barriers      []barrier
	climbs        []climb
	modes         modes
	hash          [32]byte
	first, heads  []uint32
	grid          grid
	weights       map[lifecircle.Mode][]uint32
	components    map[lifecircle.Mode][]uint32
}

func columnsOf(n *Network) columns {
	c := columns{
		n.nodes, n.shapes, n.edges, n.barriers, n.climbs, n.modes, n.hash, n.first, n.heads, n.grid,
		make(map[lifecircle.Mode][]uint32), make(map[lifecircle.Mode][]uint32),
	}
	for _, mode := range n.Modes() {
		p, _ := n.Profile(mode)
		c.weights[mode], c.components[mode] = p.weights, p.component
	}
	return c
}

// hill rises to the north, by 1 m in 10.
type hill struct{}

func (hill) At(p geo.Point) (float64, bool) { return (p.Lat - 38.48) * metresPerDegree / 10, true }

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
	unexported := cmp.AllowUnexported(columns{}, position{}, edge{}, traffic{}, barrier{}, climb{}, grid{}, segment{})
	if diff := cmp.Diff(columnsOf(n), columnsOf(again), unexported); diff != "" {
		t.Errorf("after opening (-written +read):\n%s", diff)
	}
	// The format and the numbering do not change by accident: every workspace
	// names its networks by this hash.
	const want = "bae7a72e7008f08877199a722d9f6e01302bc0bd1693706fcdded30d76e2f911"
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
	barriers := edges + edgeBytes*len(n.edges) + positionBytes*len(n.shapes)
	climbs := barriers + barrierBytes*len(n.barriers)
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
		{"an older version", "network_version", "version 1", word(8, 1)},
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
		{"no edges", "network_corrupt", "0 edges", reseal(append(append([]byte(magic), 2), make([]byte, headerBytes-9+sha256.Size)...))},
		{"no walking", "network_corrupt", "profiles 0x3e", word(28, 0x3e)},
		{"a barrier nowhere", "network_corrupt", "barrier 0 stops", word(barriers, 1<<31)},
		{"a barrier to nobody", "network_corrupt", "barrier 1 stops 0x0", word(barriers+barrierBytes+4, 0)},
		{"a climb in no time", "network_corrupt", "edge 0 takes 0", word(climbs, 0)},
		{"a climb without end", "network_corrupt", "edge 0 takes", word(climbs+4, 2_000_000_000)},
		{"a spare byte", "network_corrupt", "where nothing is", word(edges+16, 0xff_00_00_00)},
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

// A machine that orders bytes the other way reads the same network.
func TestOtherByteOrder(t *testing.T) {
	good := bytesOf(t, small(t))
	turned := bytes.Clone(good[headerBytes : len(good)-sha256.Size])
	c := small(t).counts()
	for rest, sizes := turned, [][2]int{{8, int(c.nodes)}, {edgeBytes, int(c.edges)}, {8, int(c.shapes)}, {8, int(c.barriers)}, {8, c.climbs()}}; len(sizes) > 0; sizes = sizes[1:] {
		swapWords(rest[:sizes[0][0]*sizes[0][1]], sizes[0][0])
		rest = rest[sizes[0][0]*sizes[0][1]:]
	}
	defer func(native bool) { littleEndian = native }(littleEndian)
	littleEndian = !littleEndian
	var n Network
	n.readColumns(turned, c)
	if want := small(t); !slices.Equal(n.edges, want.edges) || !slices.Equal(n.nodes, want.nodes) || !slices.Equal(n.shapes, want.shapes) ||
		!slices.Equal(n.barriers, want.barriers) || !slices.Equal(n.climbs, want.climbs) {
		t.Error("read otherwise")
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

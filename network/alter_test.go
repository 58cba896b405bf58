package network_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/internal/testcity/sample"
	"lifecircle/network"
	"lifecircle/network/osm"
)

// middle returns the point half way between two letters.
func (s sketch) middle(t testing.TB, a, b rune) geo.Point {
	t.Helper()
	p, q := s.place(t, a), s.place(t, b)
	return geo.Point{Lon: (p.Lon + q.Lon) / 2, Lat: (p.Lat + q.Lat) / 2}
}

// walks returns the metres on foot between all pairs of letters, −1 where there is no
// way.
func walks(t testing.TB, s sketch, n *network.Network, letters string) []float64 {
	t.Helper()
	p, err := n.Profile(lifecircle.Walk)
	if err != nil {
		t.Fatal(err)
	}
	var all []float64
	for _, a := range letters {
		for _, b := range letters {
			var snaps [2]network.Snap
			for i, letter := range []rune{a, b} {
				snap, err := p.SnapWith(s.place(t, letter), network.SnapConfig{Islands: true, MaxMetres: 1})
				if err != nil {
					t.Fatalf("%c: %v", letter, err)
				}
				snaps[i] = snap
			}
			metres := -1.0
			if cost, ok := way(n, p, snaps[0], snaps[1]); ok {
				metres = math.Round(float64(cost) / 10)
			}
			all = append(all, metres)
		}
	}
	return all
}

// TestAlteredIsDrawn: a street that is closed, opened or built leaves the ways of a
// map that was drawn so.
func TestAlteredIsDrawn(t *testing.T) {
	t.Parallel()
	const street = "highway=residential"
	// The small letters make crossings of the large ones.
	before := sketch{"a b c\n\nA B C\n\nD F E\n\nG   H", map[string]string{
		"aA": street, "bB": street, "cC": street,
		"AB": street, "BC": street, "ADFEC": street, "DG": street, "GH": street, "HE": street + " foot=no",
	}, nil}
	ways := func(change map[string]string) sketch {
		s := before
		s.ways = make(map[string]string)
		for name, tags := range before.ways {
			s.ways[name] = tags
		}
		for name, tags := range change {
			s.ways[name] = tags
			if tags == "" {
				delete(s.ways, name)
			}
		}
		return s
	}
	for name, c := range map[string]struct {
		alterations []network.Alteration
		after       sketch
		letters     string
	}{
		"closed": {
			[]network.Alteration{{What: network.CloseStreet, At: before.middle(t, 'B', 'C')}},
			ways(map[string]string{"BC": ""}), "ABCDEFGH",
		},
		"opened": {
			[]network.Alteration{{What: network.OpenStreet, At: before.middle(t, 'H', 'E')}},
			ways(map[string]string{"HE": street}), "ABCDEFGH",
		},
		"closed and opened again": {
			[]network.Alteration{{What: network.CloseStreet, At: before.middle(t, 'B', 'C')}, {What: network.OpenStreet, At: before.middle(t, 'B', 'C')}},
			before, "ABCDEFGH",
		},
		"built from a crossing to the middle of a street": {
			[]network.Alteration{{What: network.NewStreet, At: before.place(t, 'B'), To: before.place(t, 'F')}},
			ways(map[string]string{"BF": street}), "ABCDEFGH",
		},
		"built between two streets": {
			[]network.Alteration{{What: network.NewStreet, At: before.middle(t, 'A', 'B'), To: before.place(t, 'F')}},
			sketch{strings.Replace(before.letters, "A B", "AIB", 1), ways(map[string]string{"AB": "", "AIB": street, "IF": street}).ways, nil},
			"ABCDEFGH",
		},
		"built, and then closed": {
			[]network.Alteration{{What: network.NewStreet, At: before.place(t, 'B'), To: before.place(t, 'F')}, {What: network.CloseStreet, At: before.middle(t, 'B', 'F')}},
			before, "ABCDEFGH",
		},
	} {
		n := before.build(t)
		first := n
		was := walks(t, before, n, "ABCDEFGH")
		for _, a := range c.alterations {
			next, err := n.Altered(a)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if next.Hash() == n.Hash() {
				t.Errorf("%s: the hash stays", name)
			}
			n = next
		}
		if !slices.Equal(walks(t, before, first, "ABCDEFGH"), was) {
			t.Errorf("%s: the network it was made from changed", name)
		}
		got, want := walks(t, before, n, c.letters), walks(t, c.after, c.after.build(t), c.letters)
		if !slices.Equal(got, want) {
			t.Errorf("%s: ways\n%v\nwant\n%v", name, got, want)
		}
	}
}

// TestAlteredSince: what was closed and opened is known from network to network, and
// a new street makes streets of its own.
func TestAlteredSince(t *testing.T) {
	t.Parallel()
	const street = "highway=residential"
	s := sketch{"a c  \n\nA B C\n\nD   E", map[string]string{"aA": street, "AB": street, "BC": street, "ADEC": street, "BE": street}, nil}
	first := s.build(t)
	alter := func(n *network.Network, a network.Alteration) *network.Network {
		next, err := n.Altered(a)
		if err != nil {
			t.Fatal(err)
		}
		return next
	}
	one := alter(first, network.Alteration{What: network.CloseStreet, At: s.middle(t, 'B', 'C')})
	two := alter(one, network.Alteration{What: network.CloseStreet, At: s.middle(t, 'B', 'E')})
	built := alter(two, network.Alteration{What: network.NewStreet, At: s.place(t, 'A'), To: s.middle(t, 'D', 'E')})
	for name, c := range map[string]struct {
		n, before *network.Network
		edges     int
		ok        bool
	}{
		"itself": {first, first, 0, true}, "one": {one, first, 1, true}, "two": {two, first, 2, true}, "the second": {two, one, 1, true},
		"backwards": {first, two, 0, false}, "built": {built, first, 0, false}, "built since": {built, two, 0, false},
	} {
		edges, ok := c.n.AlteredSince(c.before)
		if len(edges) != c.edges || ok != c.ok {
			t.Errorf("%s: %v, %v", name, edges, ok)
		}
	}
	if built.NodeCount() != first.NodeCount()+1 || built.EdgeCount() != first.EdgeCount()+2 {
		t.Errorf("a new street from a crossing to a street makes %d nodes and %d edges of %d and %d", built.NodeCount(), built.EdgeCount(), first.NodeCount(), first.EdgeCount())
	}
}

func TestAlteredRefuses(t *testing.T) {
	t.Parallel()
	const street = "highway=residential"
	s := sketch{"A B C", map[string]string{"AB": street, "BC": street}, nil}
	n := s.build(t)
	far := metresFrom(0, 5000)
	for want, a := range map[string]network.Alteration{
		"no street open to people on foot lies within 100 m":   {What: network.CloseStreet, At: far},
		"no street closed to people on foot lies within 100 m": {What: network.OpenStreet, At: s.place(t, 'B')},
		"open to people on foot lies":                          {What: network.NewStreet, At: s.place(t, 'B'), To: far},
		"would be 0 m long":                                    {What: network.NewStreet, At: s.place(t, 'B'), To: s.place(t, 'B')},
		"want close, open or new":                              {What: "widen", At: s.place(t, 'B')},
		"not on the earth":                                     {What: network.CloseStreet, At: geo.Point{Lon: 200}},
	} {
		if _, err := n.Altered(a); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", a, err, want)
		}
	}
}

// BenchmarkAltered closes a street of a city, and builds one.
func BenchmarkAltered(b *testing.B) {
	extract, err := osm.Read(b.Context(), sample.Delaware(b))
	if err != nil {
		b.Fatal(err)
	}
	n, err := network.Build(extract)
	if err != nil {
		b.Fatal(err)
	}
	var at, to geo.Point // somewhere on a street with bends, and on another
	for e := range uint32(n.EdgeCount()) {
		if line := n.Shape(e); len(line) > 4 {
			at, to = line[2], n.Node(n.Edge(e+50).To)
			break
		}
	}
	for _, what := range []network.AlterationKind{network.CloseStreet, network.NewStreet} {
		b.Run(fmt.Sprint(what), func(b *testing.B) {
			for b.Loop() {
				if _, err := n.Altered(network.Alteration{What: what, At: at, To: to}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

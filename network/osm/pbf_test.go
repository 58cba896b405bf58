package osm

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"math"
	"testing"

	osmdata "github.com/paulmach/osm"
	"google.golang.org/protobuf/encoding/protowire"

	"lifecircle"
)

// The test's own writer of the format: field, number and column make protocol
// buffer fields, a packing makes a blob of them, frame a block of the file.

func field(n protowire.Number, data []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(nil, n, protowire.BytesType), data)
}

func number(n protowire.Number, v uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(nil, n, protowire.VarintType), v)
}

func column(n protowire.Number, values ...uint64) []byte {
	var packed []byte
	for _, v := range values {
		packed = protowire.AppendVarint(packed, v)
	}
	return field(n, packed)
}

// deltas makes the column of the differences of values.
func deltas(n protowire.Number, values ...int64) []byte {
	var packed []uint64
	last := int64(0)
	for _, v := range values {
		packed = append(packed, protowire.EncodeZigZag(v-last))
		last = v
	}
	return column(n, packed...)
}

func zipped(data []byte) []byte {
	var out bytes.Buffer
	z := zlib.NewWriter(&out)
	z.Write(data)
	z.Close()
	return out.Bytes()
}

func deflated(data []byte) []byte {
	return append(number(2, uint64(len(data))), field(3, zipped(data))...)
}

func stored(data []byte) []byte { return field(1, data) }

func frame(kind string, blob []byte) []byte {
	head := append(field(1, []byte(kind)), number(3, uint64(len(blob)))...)
	out := binary.BigEndian.AppendUint32(nil, uint32(len(head)))
	return append(append(out, head...), blob...)
}

func header() []byte {
	return frame("OSMHeader", deflated(append(field(4, []byte("OsmSchema-V0.6")), field(4, []byte("DenseNodes"))...)))
}

// pbfOf makes a file of one block with the given fields.
func pbfOf(pack func([]byte) []byte, fields ...[]byte) []byte {
	return append(header(), frame("OSMData", pack(bytes.Join(fields, nil)))...)
}

// villagePBF writes villageXML in the other format.
func villagePBF(pack func([]byte) []byte) []byte {
	var v osmdata.OSM
	if err := xml.Unmarshal([]byte(villageXML), &v); err != nil {
		panic(err)
	}
	table := []string{""}
	index := func(s string) uint64 {
		for i, have := range table {
			if have == s && i > 0 {
				return uint64(i)
			}
		}
		table = append(table, s)
		return uint64(len(table) - 1)
	}
	element := func(tags osmdata.Tags, id int64, more ...[]byte) []byte {
		var keys, values []uint64
		for _, t := range tags {
			keys, values = append(keys, index(t.Key)), append(values, index(t.Value))
		}
		info := append(number(1, 3), number(5, index("mapper"))...)
		return bytes.Join(append([][]byte{number(1, uint64(id)), column(2, keys...), column(3, values...), field(4, info)}, more...), nil)
	}
	var ids, lats, lons, users []int64
	var keyValues []uint64
	for _, n := range v.Nodes {
		ids, users = append(ids, int64(n.ID)), append(users, int64(index("mapper")))
		lats, lons = append(lats, int64(math.Round(n.Lat*1e7))), append(lons, int64(math.Round(n.Lon*1e7)))
		for _, t := range n.Tags {
			keyValues = append(keyValues, index(t.Key), index(t.Value))
		}
		keyValues = append(keyValues, 0)
	}
	dense := bytes.Join([][]byte{deltas(1, ids...), field(5, deltas(5, users...)), deltas(8, lats...), deltas(9, lons...), column(10, keyValues...)}, nil)
	var ways, relations []byte
	for _, w := range v.Ways {
		var refs []int64
		for _, n := range w.Nodes {
			refs = append(refs, int64(n.ID))
		}
		ways = append(ways, field(3, element(w.Tags, int64(w.ID), deltas(8, refs...)))...)
	}
	types := map[osmdata.Type]uint64{osmdata.TypeNode: 0, osmdata.TypeWay: 1, osmdata.TypeRelation: 2}
	for _, r := range v.Relations {
		var roles, kinds []uint64
		var refs []int64
		for _, m := range r.Members {
			roles, kinds, refs = append(roles, index(m.Role)), append(kinds, types[m.Type]), append(refs, m.Ref)
		}
		relations = append(relations, field(4, element(r.Tags, int64(r.ID), column(8, roles...), deltas(9, refs...), column(10, kinds...)))...)
	}
	var entries []byte
	for _, s := range table {
		entries = append(entries, field(1, []byte(s))...)
	}
	return pbfOf(pack, field(1, entries), field(2, field(2, dense)), field(2, ways), field(2, relations))
}

// Blocks that would make the decoder panic are refused.
func TestHostileBlocks(t *testing.T) {
	t.Parallel()
	table := field(1, append(field(1, nil), field(1, []byte("highway"))...)) // two strings
	group := func(n protowire.Number, parts ...[]byte) []byte { return field(2, field(n, bytes.Join(parts, nil))) }
	const far = 1 << 20
	for name, fields := range map[string][][]byte{
		"a string table of numbers":          {number(1, 5)},
		"two string tables":                  {table, table},
		"a string table with something else": {field(1, append(field(1, nil), field(3, []byte("highway"))...)), group(3, column(2, 1), column(3, 1))},
		"granularity of bytes":               {table, field(17, []byte("x"))},
		"a group cut short":                  {table, {18, 100, 1}},
		"a field of an old kind":             {table, {3<<3 | 3}},
		"way: key beyond the table":          {table, group(3, column(2, 2), column(3, 1))},
		"way: value far beyond":              {table, group(3, column(2, 1), column(3, 1<<32+1))},
		"way: no table at all":               {group(3, column(2, 0), column(3, 0))},
		"way: more keys than values":         {table, group(3, column(2, 1, 1), column(3, 1))},
		"way: more latitudes than nodes":     {table, group(3, column(8, 1), column(9, 1, 1), column(10, 1, 1))},
		"way: node ids twice":                {table, group(3, column(8, 1), column(8, 1, 2, 3))},
		"way: node ids cut short":            {table, group(3, field(8, []byte{1, 0x80}))},
		"way: node ids as a number":          {table, group(3, number(8, 1))},
		"way: user beyond the table":         {table, group(3, field(4, number(5, far)))},
		"relation: role beyond the table":    {table, group(4, column(8, 2), column(9, 1), column(10, 1))},
		"relation: more roles than types":    {table, group(4, column(8, 1, 1), column(9, 1, 1), column(10, 1))},
		"relation: more types than ids":      {table, group(4, column(8, 1, 1), column(9, 1), column(10, 1, 1))},
		"nodes: more ids than positions":     {table, group(2, column(1, 1, 1), column(8, 1), column(9, 1))},
		"nodes: tag beyond the table":        {table, group(2, column(1, 1), column(8, 1), column(9, 1), column(10, 1, far, 0))},
		"nodes: tags end in a key":           {table, group(2, column(1, 1), column(8, 1), column(9, 1), column(10, 0, 1))},
		"nodes: tags of one node of two":     {table, group(2, column(1, 1, 1), column(8, 1, 1), column(9, 1, 1), column(10, 1, 1, 0))},
		"nodes: user beyond the table":       {table, group(2, column(1, 1, 1), column(8, 1, 1), column(9, 1, 1), field(5, deltas(5, 1, 2)))},
		"nodes: user before the table":       {table, group(2, column(1, 1), column(8, 1), column(9, 1), field(5, deltas(5, -1)))},
		"nodes: user round the world":        {table, group(2, column(1, 1), column(8, 1), column(9, 1), field(5, deltas(5, 1<<32)))},
		"nodes: versions of one node of two": {table, group(2, column(1, 1, 1), column(8, 1, 1), column(9, 1, 1), field(5, column(1, 1)))},
	} {
		data := pbfOf(stored, fields...)
		_, err := read(input{ctx: t.Context(), name: name, file: bytes.NewReader(data), Config: Config{Kinds: villageKinds()}})
		if lifecircle.ErrorCode(err) != "osm_corrupt" {
			t.Errorf("%s: %v, want osm_corrupt", name, err)
		}
	}
}

// FuzzBlock gives the reader blocks as they are after inflation. The decoder's
// goroutines are its own, so a panic in one ends the test: there must be none.
func FuzzBlock(f *testing.F) {
	village := villagePBF(func(data []byte) []byte {
		f.Add(bytes.Clone(data))
		return stored(data)
	})
	if _, err := read(input{ctx: f.Context(), name: "village", file: bytes.NewReader(village), Config: Config{Kinds: villageKinds()}}); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := read(input{ctx: t.Context(), name: "fuzz", file: bytes.NewReader(pbfOf(stored, data)), Config: Config{Kinds: villageKinds()}})
		checkRead(t, e, err)
	})
}

// FuzzRead gives the reader whole files.
func FuzzRead(f *testing.F) {
	f.Add([]byte(villageXML))
	f.Add(villagePBF(stored))
	f.Add(villagePBF(deflated))
	f.Add([]byte("BZh91AY&SY"))
	f.Add([]byte(districtXML))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := read(input{ctx: t.Context(), name: "fuzz", file: bytes.NewReader(data), Config: Config{Users: Everyone, Kinds: villageKinds(), Boundaries: true}})
		checkRead(t, e, err)
	})
}

// checkRead holds that a file gives an extract that fits together, or an error
// that a person can read.
func checkRead(t *testing.T, e *Extract, err error) {
	t.Helper()
	if (e == nil) != (err != nil) {
		t.Fatalf("extract %v, error %v", e, err)
	}
	var seen *lifecircle.Error
	if err != nil {
		if !errors.As(err, &seen) {
			t.Fatalf("no error for a person: %v", err)
		}
		return
	}
	for _, b := range e.Boundaries {
		for _, polygon := range b.Area {
			for _, ring := range polygon {
				if len(ring) < 4 || !ring.Closed() {
					t.Fatalf("the outline of %s does not close: %v", b.ID, ring)
				}
			}
		}
	}
	for _, p := range e.Nodes {
		if !p.Valid() {
			t.Fatalf("a node at %v", p)
		}
	}
	for _, f := range e.Facilities {
		if !f.At.Valid() {
			t.Fatalf("%s at %v", f.ID, f.At)
		}
	}
	for _, s := range e.Streets {
		for _, node := range s.Nodes {
			if len(s.Nodes) < 2 || int(node) >= len(e.Nodes) {
				t.Fatalf("street %+v of %d nodes", s, len(e.Nodes))
			}
		}
	}
}

package osm

import (
	"errors"
	"fmt"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// contents says what kinds of element a block holds.
type contents uint8

const (
	nodes contents = 1 << iota
	ways
	relations
)

// checkBlock checks that an inflated PrimitiveBlock has the shape the format
// promises and says what it holds.
//
// The decoder of paulmach/osm trusts that promise: an index beyond the string
// table or two columns of different length make it panic, in a goroutine of its
// own where no caller can recover. So nothing reaches it unchecked. The pass
// costs a few per cent of the decoding, because only tags and users are read
// value by value.
//
// Format: https://wiki.openstreetmap.org/wiki/PBF_Format
func checkBlock(block []byte) (contents, error) {
	var holds contents
	var strings uint64
	table := scan(block, layout{bytes: bits(1, 2), varints: bits(17, 18, 19, 20), repeated: bits(2)})
	for table.next() {
		if table.number != 1 {
			continue
		}
		entries := scan(table.bytes, layout{bytes: bits(1), repeated: bits(1)})
		for entries.next() {
			if entries.number == 1 {
				strings++
			}
		}
		if entries.err != nil {
			return 0, fmt.Errorf("string table: %w", entries.err)
		}
	}
	if table.err != nil {
		return 0, table.err
	}
	groups := scan(block, table.layout)
	for groups.next() {
		if groups.number != 2 {
			continue
		}
		held, err := checkGroup(groups.bytes, strings)
		if err != nil {
			return 0, err
		}
		holds |= held
	}
	return holds, nil
}

// errPlainNodes is the one shape that is right and still not read.
var errPlainNodes = errors.New("nodes are stored one by one and not densely")

func checkGroup(group []byte, strings uint64) (contents, error) {
	var holds contents
	elements := scan(group, layout{bytes: bits(1, 2, 3, 4, 5), repeated: bits(1, 2, 3, 4, 5)})
	for elements.next() {
		switch elements.number {
		case 1:
			return 0, errPlainNodes
		case 2:
			holds |= nodes
			if err := checkDense(elements.bytes, strings); err != nil {
				return 0, fmt.Errorf("nodes: %w", err)
			}
		case 3:
			holds |= ways
			if err := checkElement(elements.bytes, strings, wayColumns); err != nil {
				return 0, fmt.Errorf("way: %w", err)
			}
		case 4:
			holds |= relations
			if err := checkElement(elements.bytes, strings, relationColumns); err != nil {
				return 0, fmt.Errorf("relation: %w", err)
			}
		}
	}
	return holds, elements.err
}

func checkDense(dense []byte, strings uint64) error {
	fields := scan(dense, layout{bytes: bits(1, 5, 8, 9, 10)})
	var length [11]int
	var info, tags []byte
	for fields.next() {
		switch fields.number {
		case 1, 8, 9:
			n, err := countVarints(fields.bytes)
			if err != nil {
				return err
			}
			length[fields.number] = n
		case 5:
			info = fields.bytes
		case 10:
			tags = fields.bytes
		}
	}
	if fields.err != nil {
		return fields.err
	}
	if length[8] != length[1] || length[9] != length[1] {
		return fmt.Errorf("%d ids, %d latitudes, %d longitudes", length[1], length[8], length[9])
	}
	if err := checkDenseInfo(info, length[1], strings); err != nil {
		return err
	}
	return checkDenseTags(tags, length[1], strings)
}

func checkDenseInfo(info []byte, count int, strings uint64) error {
	fields := scan(info, layout{bytes: bits(1, 2, 3, 4, 5, 6)})
	for fields.next() {
		if fields.number > 6 {
			continue
		}
		n, err := countVarints(fields.bytes)
		if err != nil {
			return err
		}
		if n != count {
			return fmt.Errorf("%d ids, %d values in info column %d", count, n, fields.number)
		}
		if fields.number != 5 {
			continue
		}
		user := int64(0)
		if err := eachVarint(fields.bytes, func(v uint64) bool {
			delta := protowire.DecodeZigZag(v)
			if delta < math.MinInt32 || delta > math.MaxInt32 {
				return false
			}
			user += delta
			return user >= 0 && uint64(user) < strings
		}); err != nil {
			return fmt.Errorf("user: %w", err)
		}
	}
	return fields.err
}

// checkDenseTags checks the runs of key, value, …, 0, one run for each node; no
// column at all means no tags.
func checkDenseTags(column []byte, count int, strings uint64) error {
	if column == nil {
		return nil
	}
	runs, wantValue := 0, false
	if err := eachVarint(column, func(v uint64) bool {
		switch {
		case wantValue:
			wantValue = false
		case v == 0:
			runs++
		default:
			wantValue = true
		}
		return v < strings || v == 0 && !wantValue
	}); err != nil {
		return fmt.Errorf("tags: %w", err)
	}
	if runs != count || wantValue {
		return fmt.Errorf("%d ids, tags of %d", count, runs)
	}
	return nil
}

// columns are the fields of an element that must be of the same length: keys
// and values of its tags (2, 3), and the group of the others that is present.
type columns struct {
	other    []protowire.Number
	required bool             // all others are present, or none
	indices  protowire.Number // a further column of string indices
	name     string
}

var (
	wayColumns      = columns{other: []protowire.Number{8, 9, 10}, name: "node ids and positions"}
	relationColumns = columns{other: []protowire.Number{8, 9, 10}, required: true, indices: 8, name: "members"}
)

func checkElement(element []byte, strings uint64, want columns) error {
	inTable := func(v uint64) bool { return v < strings }
	fields := scan(element, layout{varints: bits(1), bytes: bits(2, 3, 4, 8, 9, 10)})
	var length [11]int
	for fields.next() {
		number := fields.number
		switch number {
		case 2, 3, 8, 9, 10:
			n, err := countVarints(fields.bytes)
			if err != nil {
				return err
			}
			length[number] = n
			if number == 2 || number == 3 || number == want.indices {
				if err := eachVarint(fields.bytes, inTable); err != nil {
					return fmt.Errorf("column %d: %w", number, err)
				}
			}
		case 4:
			info := scan(fields.bytes, layout{varints: bits(1, 2, 3, 4, 5, 6)})
			for info.next() {
				if info.number == 5 && !inTable(info.varint) {
					return fmt.Errorf("user: %w", errNoString)
				}
			}
			if info.err != nil {
				return info.err
			}
		}
	}
	if fields.err != nil {
		return fields.err
	}
	if length[2] != length[3] {
		return fmt.Errorf("%d keys, %d values", length[2], length[3])
	}
	for _, number := range want.other[1:] {
		if n := length[number]; n != length[want.other[0]] && (n != 0 || want.required) {
			return fmt.Errorf("%s: columns of %d and %d values", want.name, length[want.other[0]], n)
		}
	}
	return nil
}

// layout is what a message may hold: the decoder goes by field number alone, so
// a known number with another wire type would be misread.
type layout struct {
	varints, bytes uint32 // field numbers of each wire type, as bits
	repeated       uint32 // those that may occur more than once
}

func bits(numbers ...int) uint32 {
	var set uint32
	for _, n := range numbers {
		set |= 1 << n
	}
	return set
}

// fields walks the fields of a message.
type fields struct {
	layout
	rest   []byte
	seen   uint32
	number protowire.Number
	bytes  []byte
	varint uint64
	err    error
}

func scan(message []byte, l layout) fields { return fields{layout: l, rest: message} }

func (f *fields) next() bool {
	if f.err != nil || len(f.rest) == 0 {
		return false
	}
	number, wire, n := protowire.ConsumeTag(f.rest)
	if n < 0 {
		f.err = protowire.ParseError(n)
		return false
	}
	f.rest = f.rest[n:]
	f.number, f.bytes, f.varint = number, nil, 0
	switch wire {
	case protowire.VarintType:
		f.varint, n = protowire.ConsumeVarint(f.rest)
	case protowire.BytesType:
		f.bytes, n = protowire.ConsumeBytes(f.rest)
	case protowire.Fixed32Type:
		_, n = protowire.ConsumeFixed32(f.rest)
	case protowire.Fixed64Type:
		_, n = protowire.ConsumeFixed64(f.rest)
	default:
		f.err = fmt.Errorf("field %d has wire type %d", number, wire)
		return false
	}
	if n < 0 {
		f.err = protowire.ParseError(n)
		return false
	}
	f.rest = f.rest[n:]
	if number >= 32 {
		return true
	}
	bit := uint32(1) << number
	if (f.layout.varints&bit != 0 && wire != protowire.VarintType) || (f.layout.bytes&bit != 0 && wire != protowire.BytesType) {
		f.err = fmt.Errorf("field %d has wire type %d", number, wire)
		return false
	}
	if f.layout.bytes&bit != 0 && f.seen&bit != 0 && f.repeated&bit == 0 {
		f.err = fmt.Errorf("field %d occurs twice", number)
		return false
	}
	f.seen |= bit
	return true
}

var (
	errNoString = errors.New("an index lies outside the string table")
	errCutShort = errors.New("a column is cut short")
)

// countVarints counts the values of a packed column.
func countVarints(column []byte) (int, error) {
	n := 0
	for _, b := range column {
		if b < 0x80 {
			n++
		}
	}
	if len(column) > 0 && column[len(column)-1] >= 0x80 {
		return 0, errCutShort
	}
	return n, nil
}

// eachVarint reads a packed column of string indices until valid says no.
func eachVarint(column []byte, valid func(uint64) bool) error {
	for len(column) > 0 {
		v, n := protowire.ConsumeVarint(column)
		if n < 0 {
			return protowire.ParseError(n)
		}
		if !valid(v) {
			return errNoString
		}
		column = column[n:]
	}
	return nil
}

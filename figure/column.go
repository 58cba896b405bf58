package figure

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strings"

	"lifecircle"
)

// Column is what one source says of one series in one period, in many areas: how
// values come in lists of statistics, and how they are kept. It never changes
// once it is sealed.
//
// A value is a whole number of 10^−Places, so that ten million of them are
// 80 MB and a sum of them is exact. What has no such form (a third) or more than
// eighteen digits is put as a Value of its own.
type Column struct {
	Element    string
	Source     string
	Period     lifecircle.Period
	Provenance lifecircle.Provenance
	Areas      *Areas
	Places     int     // decimal places, 0 … 18
	Mantissas  []int64 // by place in Areas; Silent where the column says nothing
}

// Silent stands where a column says nothing of an area.
const Silent = math.MinInt64

// maxPlaces is how many decimals a column keeps.
const maxPlaces = 18

// Areas is an ordered set of areas that columns share.
type Areas struct {
	codes []lifecircle.AreaCode
	index map[lifecircle.AreaCode]int
}

// NewAreas makes a set of areas; twice the same code is once.
func NewAreas(codes []lifecircle.AreaCode) *Areas {
	sorted := slices.Clone(codes)
	slices.Sort(sorted)
	a := &Areas{codes: slices.Compact(sorted)}
	a.index = make(map[lifecircle.AreaCode]int, len(a.codes))
	for i, code := range a.codes {
		a.index[code] = i
	}
	return a
}

// Codes returns the areas in order; do not change them.
func (a *Areas) Codes() []lifecircle.AreaCode { return a.codes }

// Place returns where an area stands in the set.
func (a *Areas) Place(code lifecircle.AreaCode) (place int, ok bool) {
	place, ok = a.index[code]
	return place, ok
}

// Text writes the set as ParseAreas reads it.
func (a *Areas) Text() string {
	var w strings.Builder
	for _, code := range a.codes {
		w.WriteString(string(code))
		w.WriteByte('\n')
	}
	return w.String()
}

// Hash names the set by its content: hex SHA-256 of Text.
func (a *Areas) Hash() string {
	sum := sha256.Sum256([]byte(a.Text()))
	return hex.EncodeToString(sum[:])
}

// ParseAreas reads what Text writes.
func ParseAreas(text string) (*Areas, error) {
	var codes []lifecircle.AreaCode
	for line := range strings.Lines(text) {
		code, err := lifecircle.ParseAreaCode(strings.TrimSuffix(line, "\n"))
		if err != nil {
			return nil, err
		}
		codes = append(codes, code)
	}
	return NewAreas(codes), nil
}

// Count returns how many areas the column speaks of.
func (c *Column) Count() int {
	count := 0
	for _, m := range c.Mantissas {
		if m != Silent {
			count++
		}
	}
	return count
}

// Value returns what the column says of an area.
func (c *Column) Value(area lifecircle.AreaCode) (Value, bool) {
	place, ok := c.Areas.Place(area)
	if !ok || c.Mantissas[place] == Silent {
		return Value{}, false
	}
	return c.at(place), true
}

func (c *Column) at(place int) Value {
	number, _ := lifecircle.Ratio(c.Mantissas[place], pow10[c.Places])
	return Value{
		Key:    Key{Element: c.Element, Area: c.Areas.codes[place], Period: c.Period, Source: c.Source},
		Number: number, Provenance: c.Provenance,
	}
}

var pow10 = func() (powers [maxPlaces + 1]int64) {
	powers[0] = 1
	for i := range maxPlaces {
		powers[i+1] = powers[i] * 10
	}
	return powers
}()

// Decimal writes a number as a column keeps it: mantissa · 10^−places. ok is false for
// what has no such form, like a third, or needs more than eighteen digits.
func Decimal(n lifecircle.Number) (mantissa int64, places int, ok bool) {
	for ; places <= maxPlaces; places++ {
		if pow10[places]%n.Den() != 0 {
			continue
		}
		factor := pow10[places] / n.Den()
		mantissa = n.Num() * factor
		return mantissa, places, mantissa/factor == n.Num() && mantissa < pow10[maxPlaces] && mantissa > -pow10[maxPlaces]
	}
	return 0, 0, false
}

// NewColumn puts values of one element, period, source and provenance together; those
// of an area that is named twice count once, the later. ok is false where they do not
// fit one number of places.
func NewColumn(values []Value) (c *Column, ok bool) {
	codes := make([]lifecircle.AreaCode, len(values))
	decimals := 0
	for i, v := range values {
		_, places, fits := Decimal(v.Number)
		if !fits {
			return nil, false
		}
		codes[i], decimals = v.Area, max(decimals, places)
	}
	first := values[0]
	c = &Column{
		Element: first.Element, Source: first.Source, Period: first.Period, Provenance: first.Provenance,
		Areas: NewAreas(codes), Places: decimals,
	}
	c.Mantissas = slices.Repeat([]int64{Silent}, len(c.Areas.codes))
	for _, v := range values {
		mantissa, places, _ := Decimal(v.Number)
		at, _ := c.Areas.Place(v.Area)
		if c.Mantissas[at], ok = raised(mantissa, places, decimals); !ok {
			return nil, false
		}
	}
	return c, true
}

// under returns the column with nothing but the areas that keep names.
func (c *Column) under(keep func(lifecircle.AreaCode) bool) *Column {
	part := *c
	part.Mantissas = slices.Clone(c.Mantissas)
	for i, code := range c.Areas.codes {
		if !keep(code) {
			part.Mantissas[i] = Silent
		}
	}
	return &part
}

// The body of a column on disk, little-endian:
//
//	magic    4 bytes  "LCF1"
//	places   1 byte   0 … 18
//	width    1 byte   1, 2, 4 or 8: bytes of a mantissa
//	count    4 bytes  how many areas the set has
//	values   count × width, two's complement; the smallest of the width is silent
//
// The narrowest width that holds every mantissa is taken: counts of people in a
// township need two bytes of eight.
var magic = [4]byte{'L', 'C', 'F', '1'}

const bodyHead = 4 + 1 + 1 + 4

// Body writes the column's values.
func (c *Column) Body() []byte {
	width := 1
	for _, m := range c.Mantissas {
		for m != Silent && width < 8 && (m <= -1<<(8*width-1) || m >= 1<<(8*width-1)) {
			width *= 2
		}
	}
	body := make([]byte, bodyHead+width*len(c.Mantissas))
	copy(body, magic[:])
	body[4], body[5] = byte(c.Places), byte(width)
	binary.LittleEndian.PutUint32(body[6:], uint32(len(c.Mantissas)))
	values := body[bodyHead:]
	for i, m := range c.Mantissas {
		switch width {
		case 1:
			if m == Silent {
				m = math.MinInt8
			}
			values[i] = byte(m)
		case 2:
			if m == Silent {
				m = math.MinInt16
			}
			binary.LittleEndian.PutUint16(values[2*i:], uint16(m))
		case 4:
			if m == Silent {
				m = math.MinInt32
			}
			binary.LittleEndian.PutUint32(values[4*i:], uint32(m))
		default:
			binary.LittleEndian.PutUint64(values[8*i:], uint64(m))
		}
	}
	return body
}

// ReadBody reads what Body wrote into the column, whose areas are set. The error
// column_damaged says that the bytes are not such a body.
func (c *Column) ReadBody(body []byte) error {
	damaged := func(why string) error {
		return lifecircle.Errorf("column_damaged", "the stored values of %s %s from %q are damaged: %s; restore the database from a backup", c.Element, c.Period, c.Source, why).
			With("element", c.Element)
	}
	if len(body) < bodyHead || !bytes.Equal(body[:4], magic[:]) {
		return damaged("no column stands here")
	}
	places, width, count := int(body[4]), int(body[5]), int(binary.LittleEndian.Uint32(body[6:]))
	values := body[bodyHead:]
	switch {
	case places > maxPlaces, width != 1 && width != 2 && width != 4 && width != 8:
		return damaged("its head is not possible")
	case count != len(c.Areas.codes) || len(values) != width*count:
		return damaged(fmt.Sprintf("%d values for %d areas", count, len(c.Areas.codes)))
	}
	c.Places, c.Mantissas = places, make([]int64, count)
	for i := range c.Mantissas {
		m := int64(0)
		silent := false
		switch width {
		case 1:
			m = int64(int8(values[i]))
			silent = m == math.MinInt8
		case 2:
			m = int64(int16(binary.LittleEndian.Uint16(values[2*i:])))
			silent = m == math.MinInt16
		case 4:
			m = int64(int32(binary.LittleEndian.Uint32(values[4*i:])))
			silent = m == math.MinInt32
		default:
			m = int64(binary.LittleEndian.Uint64(values[8*i:]))
		}
		if silent {
			m = Silent
		}
		c.Mantissas[i] = m
	}
	return nil
}

// Digest hashes all that the column says: hex SHA-256.
func (c *Column) Digest(areas string, body []byte) string {
	h := sha256.New()
	for _, field := range []string{c.Element, c.Source, c.Period.String(), string(c.Provenance), areas} {
		fmt.Fprintf(h, "%d:%s", len(field), field)
	}
	h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}

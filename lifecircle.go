// Package lifecircle is the vocabulary: the few words every other package
// shares. It imports the standard library only, does no I/O and knows none of
// the packages below it; everyone may import it. A type enters here only when
// three concept packages need it.
package lifecircle

import (
	"fmt"
	"strings"
)

// AreaCode is the official code of an administrative area, without trailing
// zeros below its level: 6 digits down to the county (a region is "640000", a
// prefecture city "640100"), 9 for a township, 12 for a village. The empty
// code names no area.
type AreaCode string

// ParseAreaCode reads a code as people write it: 6, 9 or 12 digits, where the
// longer forms may carry trailing zeros ("640104000000" is county 640104).
func ParseAreaCode(text string) (AreaCode, error) {
	for _, r := range text {
		if r < '0' || r > '9' {
			return "", Errorf("area_code_invalid", "area code %q: want 6, 9 or 12 digits", text).With("code", text)
		}
	}
	switch len(text) {
	case 12:
		if strings.HasSuffix(text, "000") {
			return ParseAreaCode(text[:9])
		}
	case 9:
		if strings.HasSuffix(text, "000") {
			return ParseAreaCode(text[:6])
		}
	case 6:
	default:
		return "", Errorf("area_code_invalid", "area code %q: want 6, 9 or 12 digits, has %d", text, len(text)).With("code", text)
	}
	return AreaCode(text), nil
}

// FacilityID identifies one facility for ever; it is opaque.
type FacilityID string

// Mode is a way of travelling; it names a profile of a network.
type Mode string

// The modes. Their speeds are those of the profiles in package network.
const (
	Walk       Mode = "walk"       // on foot at WalkMetresPerMinute
	SlowWalk   Mode = "slow"       // on foot as elderly people walk
	Wheelchair Mode = "wheelchair" // where a wheelchair passes
	SlopeWalk  Mode = "slope"      // on foot, uphill slower
	Bicycle    Mode = "bicycle"
	Car        Mode = "car"
)

// Modes are all ways of travelling.
func Modes() []Mode { return []Mode{Walk, SlowWalk, Wheelchair, SlopeWalk, Bicycle, Car} }

// Timed reports whether nearness is counted in time: where the pace depends on the
// street. Else it is the length of the way, at one pace.
func (m Mode) Timed() bool { return m == SlopeWalk || m == Bicycle || m == Car }

// WalkMetresPerMinute is the default walking speed: 1,200 m in 15 minutes.
const WalkMetresPerMinute = 80

// Decimetres is a length along streets. Integers make sums exact and free of
// order: one thread, two threads and an incremental update give the same bits.
type Decimetres uint32

// Metres returns the length for display.
func (d Decimetres) Metres() float64 { return float64(d) / 10 }

// String writes the length in metres with one decimal, "1000.0".
func (d Decimetres) String() string { return fmt.Sprintf("%d.%d", d/10, d%10) }

// Provenance says how a figure came to be known.
type Provenance string

// The three provenances, from the best to the weakest.
const (
	Real      Provenance = "real"
	Estimated Provenance = "estimated"
	Generated Provenance = "generated"
)

// Valid reports whether p is one of the three.
func (p Provenance) Valid() bool { return p == Real || p == Estimated || p == Generated }

// Weakest returns the weaker of two provenances: what is computed from both is
// known no better than the worse of them. The empty provenance yields to any.
func (p Provenance) Weakest(q Provenance) Provenance {
	rank := func(p Provenance) int {
		switch p {
		case Generated:
			return 3
		case Estimated:
			return 2
		case Real:
			return 1
		}
		return 0
	}
	if rank(q) > rank(p) {
		return q
	}
	return p
}

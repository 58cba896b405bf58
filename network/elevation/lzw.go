package elevation

import "errors"

// The codes of TIFF's LZW (TIFF 6.0, section 13): bytes, two marks, then strings.
// compress/lzw of the standard library grows its codes one string later and so
// cannot read it.
const (
	clearCode = 256
	endCode   = 257
	firstCode = 258
	maxCodes  = 1 << 12
)

var errLZW = errors.New("damaged: the LZW codes make no sense")

// unpackLZW fills out exactly.
func unpackLZW(out, packed []byte) error {
	// A string is the string before it in prefix and one byte more; length and first
	// spare walking it twice.
	var prefix [maxCodes]uint16
	var last, first [maxCodes]byte
	var length [maxCodes]int
	for c := range 256 {
		last[c], first[c], length[c] = byte(c), byte(c), 1
	}
	next, width := firstCode, uint(9)
	before := -1
	var bits uint32
	var held uint
	at := 0
	for at < len(out) {
		for held < width {
			if len(packed) == 0 {
				return errShort
			}
			bits, held = bits<<8|uint32(packed[0]), held+8
			packed = packed[1:]
		}
		code := int(bits >> (held - width) & (1<<width - 1))
		held -= width
		switch {
		case code == endCode:
			return errShort
		case code == clearCode:
			next, width, before = firstCode, 9, -1
			continue
		case code > next || code == next && before < 0 || before >= 0 && next == maxCodes:
			return errLZW
		}
		if before >= 0 {
			// The string before and the first byte of this one, which may be that very
			// string.
			head := first[before]
			if code < next {
				head = first[code]
			}
			prefix[next], last[next], first[next], length[next] = uint16(before), head, first[before], length[before]+1
			next++
		} else if code >= firstCode {
			return errLZW
		}
		end := at + length[code]
		for k, c := end-1, code; k >= at; k-- {
			if k < len(out) {
				out[k] = last[c]
			}
			c = int(prefix[c])
		}
		at, before = end, code
		if next+1 >= 1<<width && width < 12 {
			width++
		}
	}
	return nil
}

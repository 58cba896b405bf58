// Package mapped opens files whose columns are used where they lie. It knows no
// format; packages network and network/routing read theirs with it.
package mapped

import (
	"encoding/binary"
	"unsafe"
)

// LittleEndian says that this machine orders bytes as our files do.
var LittleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// Words returns bytes as words of four in little-endian order; what does not fill a
// word at their end is left out. Where the machine allows it they are the same
// memory: read only.
func Words(data []byte) []uint32 {
	count := len(data) / 4
	if count == 0 {
		return nil
	}
	if LittleEndian && uintptr(unsafe.Pointer(&data[0]))%unsafe.Alignof(uint32(0)) == 0 {
		// SAFETY: data holds 4*count bytes, aligned for words, which have no pointers.
		return unsafe.Slice((*uint32)(unsafe.Pointer(&data[0])), count)
	}
	words := make([]uint32, count)
	for i := range words {
		words[i] = binary.LittleEndian.Uint32(data[4*i:])
	}
	return words
}

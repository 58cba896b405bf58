//go:build unix

package mapped

import (
	"os"
	"syscall"
)

// Open maps a file into memory. The mapping stays for the life of the process: what
// is in it is shared by whoever holds it, an address range costs nothing, and its
// pages are the system's to drop. Files opened so are never rewritten in place: a
// new one is moved to where the old one lay, so what is mapped does not change.
func Open(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() == 0 || info.Size() != int64(int(info.Size())) {
		return os.ReadFile(path)
	}
	return syscall.Mmap(int(f.Fd()), 0, int(info.Size()), syscall.PROT_READ, syscall.MAP_SHARED)
}

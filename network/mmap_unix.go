//go:build unix

package network

import (
	"os"
	"syscall"
)

// mapFile maps a file into memory. The mapping stays for the life of the process:
// networks are shared by whoever holds them, an address range costs nothing, and
// its pages are the system's to drop. Network files are named by their content and
// never rewritten in place, so what is mapped does not change.
func mapFile(path string) ([]byte, error) {
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

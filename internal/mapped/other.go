//go:build !unix

package mapped

import "os"

// Open reads a file whole where the system has no mapping we use.
func Open(path string) ([]byte, error) { return os.ReadFile(path) }

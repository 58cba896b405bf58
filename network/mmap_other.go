//go:build !unix

package network

import "os"

// mapFile reads a file whole where the system has no mapping we use.
func mapFile(path string) ([]byte, error) { return os.ReadFile(path) }

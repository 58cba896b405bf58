// Package plans embeds the plan packages that come with the program, so that a
// workspace can be made from the binary alone. It reads nothing; cmd and tests
// import it.
package plans

import (
	"embed"
	"io/fs"
)

//go:embed ningxia-2025
var files embed.FS

// Ningxia2025 returns the files of the first plan package.
func Ningxia2025() fs.FS {
	sub, err := fs.Sub(files, "ningxia-2025")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return sub
}

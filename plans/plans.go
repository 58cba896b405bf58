// Package plans embeds the plan packages that come with the program, so that a
// workspace can be made from the binary alone, and finds the packages that a
// package extends: in the folder beside it, or else here. It reads no package
// itself (plan does); cmd and tests import it.
package plans

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"lifecircle/plan"
)

//go:embed */*.yaml */tests/*.yaml
var files embed.FS

// Ningxia2025 returns the files of the first plan package.
func Ningxia2025() fs.FS {
	sub, err := Embedded("ningxia-2025")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return sub
}

// Embedded returns the files of a package that comes with the program.
func Embedded(id string) (plan.UpperFS, error) {
	if _, err := fs.Stat(files, id+"/package.yaml"); err != nil {
		return nil, fmt.Errorf("no package %s comes with the program", id)
	}
	sub, err := fs.Sub(files, id)
	if err != nil {
		return nil, fmt.Errorf("package %s: %w", id, err)
	}
	return embedded{sub}, nil
}

// embedded is a package that comes with the program, as are those above it.
type embedded struct{ fs.FS }

// Upper implements plan.UpperFS.
func (embedded) Upper(id string) (fs.FS, error) { return Embedded(id) }

// In returns the files of a package in a folder.
func In(dir string) plan.UpperFS { return folder{os.DirFS(dir), dir} }

type folder struct {
	fs.FS
	dir string
}

// Upper implements plan.UpperFS: the folder of that name beside this one, or a
// package that comes with the program.
func (f folder) Upper(id string) (fs.FS, error) {
	dir, err := filepath.Abs(f.dir)
	if err != nil {
		return nil, fmt.Errorf("find package %s: %w", id, err)
	}
	beside := filepath.Join(filepath.Dir(dir), id)
	if _, err := os.Stat(filepath.Join(beside, "package.yaml")); err == nil {
		return In(beside), nil
	}
	return Embedded(id)
}

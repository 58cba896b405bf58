// Package web holds the browser client as it was built, inside the program. It
// is files only: it speaks no HTTP (api does) and knows nothing of measures.
// Whoever serves the client imports it.
package web

import (
	"embed"
	"errors"
	"io/fs"
)

// dist holds what `npm run build` wrote and the placeholder page, which is
// committed so that the program compiles without Node.
//
//go:embed all:dist
var dist embed.FS

// Files returns the client's files; the names of those below assets/ carry
// their content's hash and may be cached for ever. Where no client was built,
// index.html is the placeholder page, which says how to build one.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic("web: dist is embedded and cannot be missing: " + err.Error())
	}
	return withPlaceholder{files}
}

// withPlaceholder opens the placeholder page where there is no index.html.
type withPlaceholder struct{ files fs.FS }

var _ fs.FS = withPlaceholder{}

// Open implements fs.FS.
func (w withPlaceholder) Open(name string) (fs.File, error) {
	file, err := w.files.Open(name)
	if name == "index.html" && errors.Is(err, fs.ErrNotExist) {
		return w.files.Open("placeholder.html")
	}
	return file, err
}

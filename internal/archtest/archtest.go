// Package archtest is the architecture as a test: which package may import
// which, what is banned where, how large things may grow, how SQL is called and
// which words the project uses. It reads source text only, so it sees the files
// of every build configuration and works on packages that do not compile yet;
// it knows no types and proves nothing about behaviour. Nothing imports it.
//
// A rule about a package that does not exist yet holds from the day it does.
package archtest

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// module is the import path of the root package, the vocabulary.
const module = "lifecircle"

// A tree is the source of the module.
type tree struct {
	files    fs.FS
	set      *token.FileSet
	packages []*pkg // by path
	tsx      []text // by name
}

// A pkg is one folder of Go files, its tests included.
type pkg struct {
	path    string // without the module: "plan/rule"; "lifecircle" for the root
	sources []source
}

// A source is one Go file.
type source struct {
	text
	test   bool // its name ends in _test.go
	syntax *ast.File
}

// A text is a file and its length.
type text struct {
	name  string // from the root of the module, with slashes
	lines int
}

// A check is one rule of the house; its faults say where and what to do.
type check struct {
	name   string
	faults func(*tree) []string
}

// checks lists every rule but the arrows, which are compared with a golden file.
func checks() []check {
	return []check{
		{"bans", banFaults},
		{"engines", engineFaults},
		{"vocabulary", vocabularyFaults},
		{"sql outside the store", sqlFaults},
		{"names", nameFaults},
		{"package comments", commentFaults},
		{"lengths", lengthFaults},
		{"shapes", shapeFaults},
		{"queries", queryFaults},
		{"rows", rowsFaults},
		{"grants", grantFaults},
		{"glossary", glossaryFaults},
	}
}

// load parses the module whose root is files. Folders that the go command does
// not read (testdata, names that begin with "." or "_"), modules of their own
// and what npm installed are no part of it.
func load(files fs.FS) (*tree, error) {
	t := &tree{files: files, set: token.NewFileSet()}
	folders := map[string]*pkg{}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return t.enter(name)
		}
		switch path.Ext(name) {
		case ".go":
			read, err := t.parse(name)
			if err != nil {
				return err
			}
			folder := path.Dir(name)
			if folders[folder] == nil {
				folders[folder] = &pkg{path: packagePath(folder)}
				t.packages = append(t.packages, folders[folder])
			}
			folders[folder].sources = append(folders[folder].sources, read)
		case ".tsx":
			body, err := fs.ReadFile(files, name)
			if err != nil {
				return err
			}
			t.tsx = append(t.tsx, text{name, countLines(body)})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the source tree: %w", err)
	}
	slices.SortFunc(t.packages, func(a, b *pkg) int { return strings.Compare(a.path, b.path) })
	return t, nil
}

// enter returns fs.SkipDir for folders that are no part of the module.
func (t *tree) enter(folder string) error {
	if folder == "." {
		return nil
	}
	base := path.Base(folder)
	if base[0] == '.' || base[0] == '_' || base == "testdata" || base == "node_modules" {
		return fs.SkipDir
	}
	_, err := fs.Stat(t.files, folder+"/go.mod")
	switch {
	case err == nil:
		return fs.SkipDir
	case errors.Is(err, fs.ErrNotExist):
		return nil
	}
	return err
}

func (t *tree) parse(name string) (source, error) {
	body, err := fs.ReadFile(t.files, name)
	if err != nil {
		return source{}, err
	}
	syntax, err := parser.ParseFile(t.set, name, body, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return source{}, err
	}
	return source{text{name, countLines(body)}, strings.HasSuffix(name, "_test.go"), syntax}, nil
}

// at says where a fault is and what it is.
func (t *tree) at(pos token.Pos, format string, args ...any) string {
	place := t.set.Position(pos)
	return fmt.Sprintf("%s:%d: ", place.Filename, place.Line) + fmt.Sprintf(format, args...)
}

// code returns the files of p that are not tests.
func (p *pkg) code() []source {
	return slices.DeleteFunc(slices.Clone(p.sources), func(s source) bool { return s.test })
}

// within reports whether p is one of the packages or lies below one.
func (p *pkg) within(paths []string) bool {
	return slices.ContainsFunc(paths, func(above string) bool { return isBelow(p.path, above) })
}

// packagePath names the package of a folder.
func packagePath(folder string) string {
	if folder == "." {
		return module
	}
	return folder
}

// isBelow reports whether name is above or a path below it.
func isBelow(name, above string) bool {
	return name == above || strings.HasPrefix(name, above+"/")
}

// imported returns the path that spec imports: a package of ours as in
// pkg.path, any other as it stands.
func imported(spec *ast.ImportSpec) (name string, ours bool) {
	name, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		panic("archtest: the parser let through the import " + spec.Path.Value)
	}
	if name == module {
		return module, true
	}
	return strings.CutPrefix(name, module+"/")
}

func countLines(body []byte) int {
	lines := bytes.Count(body, []byte{'\n'})
	if len(body) > 0 && body[len(body)-1] != '\n' {
		lines++
	}
	return lines
}

package archtest

import (
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// arrows lists the imports between our packages as lines "importer -> imported".
// Imports of tests are left out: a test may set up whatever it needs, and the
// bans that hold for tests say so themselves.
func arrows(t *tree) []string {
	var lines []string
	for _, p := range t.packages {
		for _, file := range p.code() {
			for _, spec := range file.syntax.Imports {
				if name, ours := imported(spec); ours {
					lines = append(lines, p.path+" -> "+name)
				}
			}
		}
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

// arrowFaults compares the arrows with those of the golden file, in which empty
// lines and lines that begin with # are comments.
func arrowFaults(got []string, golden string) []string {
	var want, faults []string
	for line := range strings.Lines(golden) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			want = append(want, line)
		}
	}
	for _, arrow := range got {
		if !slices.Contains(want, arrow) {
			faults = append(faults, "new arrow "+arrow)
		}
	}
	for _, arrow := range want {
		if !slices.Contains(got, arrow) {
			faults = append(faults, "no such arrow any more: "+arrow)
		}
	}
	return faults
}

// A ban says which packages, with all below them, may import what.
type ban struct {
	what       []string // import paths, with all below them
	importers  []string
	testsAlike bool // whether tests elsewhere are bound too
}

// speakers are the packages that speak SQL: the store, and the one whose file format
// is SQL.
func speakers() []string { return []string{"export/geopackage", "store"} }

func bans() []ban {
	return []ban{
		{what: []string{"store"}, importers: []string{"cmd", "store"}},
		{what: []string{"engine"}, importers: []string{"api", "cmd"}},
		{what: []string{"net/http"}, importers: []string{"api", "cmd"}},
		{
			what:      []string{"github.com/jackc/pgx", "github.com/pressly/goose"},
			importers: []string{"store"}, testsAlike: true,
		},
		{
			what:      []string{"database/sql", "modernc.org/sqlite"},
			importers: speakers(), testsAlike: true,
		},
	}
}

// banFaults reports imports that a ban refuses.
func banFaults(t *tree) []string {
	var faults []string
	for _, b := range bans() {
		for _, p := range t.packages {
			if p.within(b.importers) {
				continue
			}
			for _, file := range p.sources {
				if file.test && !b.testsAlike {
					continue
				}
				for _, spec := range file.syntax.Imports {
					name, _ := imported(spec)
					if slices.ContainsFunc(b.what, func(what string) bool { return isBelow(name, what) }) {
						faults = append(faults, t.at(spec.Pos(), "only %s may import %s", strings.Join(b.importers, ", "), name))
					}
				}
			}
		}
	}
	return faults
}

// engines are the packages whose results follow from their arguments alone: no
// store, no network, no clock.
func engines() []string {
	return []string{"network/routing", "access", "siting", "plan/rule", "indicator"}
}

// clock lists what of package time reads the clock or waits for it.
func clock() []string {
	return []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTicker", "NewTimer"}
}

// engineFaults reports engines that look beyond their arguments.
func engineFaults(t *tree) []string {
	var faults []string
	for _, p := range t.packages {
		if !p.within(engines()) {
			continue
		}
		for _, file := range p.code() {
			var times []string // the names of package time in this file
			for _, spec := range file.syntax.Imports {
				name, _ := imported(spec)
				switch {
				case isBelow(name, "store"), isBelow(name, "net"), isBelow(name, "database/sql"):
					faults = append(faults, t.at(spec.Pos(), "%s computes from its arguments and may not import %s", p.path, name))
				case name == "time":
					times = append(times, localName(spec))
				}
			}
			ast.Inspect(file.syntax, func(node ast.Node) bool {
				selector, ok := node.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				x, ok := selector.X.(*ast.Ident)
				if ok && slices.Contains(times, x.Name) && slices.Contains(clock(), selector.Sel.Name) {
					faults = append(faults, t.at(node.Pos(), "%s may not use time.%s: take the time as an argument", p.path, selector.Sel.Name))
				}
				return true
			})
		}
	}
	return faults
}

// localName is the name under which a file knows what it imports.
func localName(spec *ast.ImportSpec) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	name, _ := imported(spec)
	return path.Base(name)
}

// vocabularyFaults reports imports of the root package beyond the standard
// library, whose paths have no dot in their first element.
func vocabularyFaults(t *tree) []string {
	var faults []string
	for _, p := range t.packages {
		if p.path != module {
			continue
		}
		for _, file := range p.code() {
			for _, spec := range file.syntax.Imports {
				name, ours := imported(spec)
				first, _, _ := strings.Cut(name, "/")
				if ours || strings.Contains(first, ".") {
					faults = append(faults, t.at(spec.Pos(), "the vocabulary imports only the standard library, not %s", name))
				}
			}
		}
	}
	return faults
}

// sqlText matches the beginning of a statement. It wants a list of plain columns
// between select and from, so that prose such as "select a place from the list"
// is none.
var sqlText = regexp.MustCompile(`(?i)^\s*(` +
	`select\s+(distinct\s+)?[\w.()*]+(\s*,\s*[\w.()*]+)*\s+from\s|` +
	`insert\s+into\s|delete\s+from\s|update\s+\w+\s+set\s|` +
	`(create|alter|drop)\s+(unique\s+)?(table|index|view)\s)`)

// sqlFaults reports statements written outside the store.
func sqlFaults(t *tree) []string {
	var faults []string
	for _, p := range t.packages {
		if p.within(speakers()) {
			continue
		}
		for _, file := range p.code() {
			ast.Inspect(file.syntax, func(node ast.Node) bool {
				literal, ok := node.(*ast.BasicLit)
				if !ok || literal.Kind != token.STRING {
					return true
				}
				if value, err := strconv.Unquote(literal.Value); err == nil && sqlText.MatchString(value) {
					faults = append(faults, t.at(node.Pos(), "SQL belongs in package store"))
				}
				return true
			})
		}
	}
	return faults
}

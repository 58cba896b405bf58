package archtest

import (
	"bufio"
	"errors"
	"fmt"
	"go/ast"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// The budgets. A thing that outgrows its budget is two things.
const (
	maxGoLines     = 800 // lines of a Go file
	maxEngineLines = 800 // lines of package engine without its tests
	maxTSXLines    = 500
	maxMethods     = 7 // methods an interface lists itself; embedded ones are not counted
	maxParameters  = 4 // each name counts; a leading context or testing.TB does not
)

// vagueNames say nothing of what a package is about.
func vagueNames() []string {
	return []string{"util", "utils", "common", "helper", "helpers", "types", "models", "base"}
}

// nameFaults reports packages with a vague name.
func nameFaults(t *tree) []string {
	var faults []string
	for _, p := range t.packages {
		for _, file := range p.sources {
			name := strings.TrimSuffix(file.syntax.Name.Name, "_test")
			for _, vague := range vagueNames() {
				if name == vague || path.Base(p.path) == vague {
					faults = append(faults, t.at(file.syntax.Name.Pos(), "package %s: name it after the concept it holds", vague))
				}
			}
		}
	}
	return faults
}

// commentFaults reports packages without exactly one comment, or with one that
// does not begin as godoc wants it.
func commentFaults(t *tree) []string {
	var faults []string
	for _, p := range t.packages {
		files := p.code()
		if len(files) == 0 {
			files = p.sources // a folder of tests only
		}
		files = slices.DeleteFunc(files, func(s source) bool { return s.syntax.Doc == nil })
		if len(files) != 1 {
			faults = append(faults, fmt.Sprintf("%s: %d package comments, want one: what it is, what it is not, who may import it", p.path, len(files)))
			continue
		}
		syntax := files[0].syntax
		want := "Package " + syntax.Name.Name + " "
		if syntax.Name.Name == "main" {
			want = "Command " + path.Base(p.path) + " "
		}
		if !strings.HasPrefix(syntax.Doc.Text(), want) {
			faults = append(faults, t.at(syntax.Doc.Pos(), "the package comment does not begin with %q", want))
		}
	}
	return faults
}

// lengthFaults reports files, and package engine, beyond their budgets.
func lengthFaults(t *tree) []string {
	var faults []string
	tooLong := func(name string, lines, budget int) {
		if lines > budget {
			faults = append(faults, fmt.Sprintf("%s: %d lines, the budget is %d", name, lines, budget))
		}
	}
	for _, p := range t.packages {
		for _, file := range p.sources {
			tooLong(file.name, file.lines, maxGoLines)
		}
		if p.path == "engine" {
			lines := 0
			for _, file := range p.code() {
				lines += file.lines
			}
			tooLong("package engine", lines, maxEngineLines)
		}
	}
	for _, file := range t.tsx {
		tooLong(file.name, file.lines, maxTSXLines)
	}
	return faults
}

// shapeFaults reports interfaces with too many methods and functions, methods
// and function types with too many parameters.
func shapeFaults(t *tree) []string {
	var faults []string
	for _, p := range t.packages {
		for _, file := range p.sources {
			ast.Inspect(file.syntax, func(node ast.Node) bool {
				switch node := node.(type) {
				case *ast.InterfaceType:
					if n := listedMethods(node); n > maxMethods {
						faults = append(faults, t.at(node.Pos(), "an interface of %d methods, the budget is %d: declare what the user of it calls", n, maxMethods))
					}
				case *ast.FuncType:
					if n := parameters(node); n > maxParameters {
						faults = append(faults, t.at(node.Pos(), "%d parameters, the budget is %d: use a struct", n, maxParameters))
					}
				}
				return true
			})
		}
	}
	return faults
}

func listedMethods(i *ast.InterfaceType) int {
	n := 0
	for _, field := range i.Methods.List {
		n += len(field.Names)
	}
	return n
}

// parameters counts the positional parameters of f. A leading context.Context or
// test is how Go passes them and is not counted.
func parameters(f *ast.FuncType) int {
	n := 0
	for i, field := range f.Params.List {
		names := max(1, len(field.Names))
		if i == 0 && isCustomary(field.Type) {
			names--
		}
		n += names
	}
	return n
}

func isCustomary(parameter ast.Expr) bool {
	if pointer, ok := parameter.(*ast.StarExpr); ok {
		parameter = pointer.X
	}
	for _, name := range []string{"Context", "T", "TB", "B", "F"} {
		from := "testing"
		if name == "Context" {
			from = "context"
		}
		if isSelector(parameter, from, name) {
			return true
		}
	}
	return false
}

// isSelector reports whether expr is x.name.
func isSelector(expr ast.Expr, x, name string) bool {
	selector, ok := expr.(*ast.SelectorExpr)
	if !ok || selector.Sel.Name != name {
		return false
	}
	ident, ok := selector.X.(*ast.Ident)
	return ok && ident.Name == x
}

// glossary is where every term stands once in both languages.
const glossary = "docs/glossary.md"

// glossaryFaults reports what is wrong with the table of terms.
func glossaryFaults(t *tree) []string {
	body, err := t.files.Open(glossary)
	if errors.Is(err, fs.ErrNotExist) {
		return []string{glossary + ": missing"}
	}
	if err != nil {
		return []string{err.Error()}
	}
	defer body.Close()
	var faults []string
	var rows int
	seen := map[string]bool{}
	lines := bufio.NewScanner(body)
	for number := 1; lines.Scan(); number++ {
		row, ok := strings.CutPrefix(strings.TrimSpace(lines.Text()), "|")
		if !ok {
			continue
		}
		fault := func(format string, args ...any) {
			faults = append(faults, fmt.Sprintf("%s:%d: ", glossary, number)+fmt.Sprintf(format, args...))
		}
		cells := strings.Split(strings.TrimSuffix(row, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows++
		switch {
		case len(cells) != 3:
			fault("%d cells, want English, 中文, meaning", len(cells))
		case rows == 1 && !slices.Equal(cells, []string{"English", "中文", "meaning"}):
			fault("the columns are %q, want English, 中文, meaning", cells)
		case rows > 2: // after the heading and its rule
			if slices.Contains(cells, "") {
				fault("an empty cell")
			}
			for _, term := range cells[:2] {
				if key := strings.ToLower(term); key != "" && seen[key] {
					fault("the term %s stands twice", term)
				} else {
					seen[key] = true
				}
			}
		}
	}
	if err := lines.Err(); err != nil {
		faults = append(faults, fmt.Sprintf("%s: %v", glossary, err))
	}
	if rows < 3 {
		faults = append(faults, glossary+": no terms")
	}
	return faults
}

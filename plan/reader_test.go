package plan

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"lifecircle"
	"lifecircle/plan/rule"
)

// TestLocate finds a rule's characters in the file, however the rule is written.
func TestLocate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, file string
		want       string // line:column of the X
	}{
		{"plain", "a: people > X\n", "1:13"},
		{"after Chinese", "a: 人口 > X\n", "1:9"},
		{"plain over lines", "a: people >\n    X + 1\n", "2:5"},
		{"single quotes", "a: 'people > X'\n", "1:14"},
		{"a doubled quote", "a: 'people == ''b'' && X'\n", "1:24"},
		{"double quotes", "a: \"people > X\"\n", "1:14"},
		{"escapes have no place of their own", "a: \"pe\\u006fple > X\"\n", "1:4"},
		{"folded", "a: >-\n  people\n  > X\n", "3:5"},
		{"literal", "a: |\n  people\n    > X\nb: 1\n", "3:7"},
		{"folded, windows lines", "a: >-\r\n  people\r\n  > X\r\n", "3:5"},
		{"in brackets", "a: {b: people > X, c: 1}\n", "1:17"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := &faults{}
			root := f.read("f.yaml", []byte(c.file))
			if len(f.list) > 0 {
				t.Fatal(f.list)
			}
			n := root.fields[0].value
			if n.kind == mapping {
				n = n.fields[0].value
			}
			at := n.locate(strings.Index(n.text, "X"))
			if got := position(at); got != c.want {
				t.Errorf("X of %q stands at %s, want %s", n.text, got, c.want)
			}
			if out := n.locate(len(n.text) + 1); out != n.at {
				t.Errorf("beyond the end it is %v", out)
			}
		})
	}
}

func position(at Position) string { return fmt.Sprintf("%d:%d", at.Line, at.Column) }

func TestCompareClauses(t *testing.T) {
	t.Parallel()
	ordered := []string{"", "1", "1.1", "1.1.2", "1.1.10", "1.2", "4.2.2h1", "4.2.2h3", "4.2.4b1", "4.2.4b2", "4.2.4c", "4.10"}
	shuffled := slices.Clone(ordered)
	slices.Reverse(shuffled)
	slices.SortFunc(shuffled, compareClauses)
	if !slices.Equal(shuffled, ordered) {
		t.Errorf("ordered as %v", shuffled)
	}
}

func TestClauseNumber(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"1.1": true, "1.1.7": true, "0.1": true, "2.2.6d": true, "4.2.2h3": true,
		"1": false, "": false, "a": false, "1.": false, ".1": false, "1..2": false, "1.a": false, "1.1ab": false, "1.1a2b": false, "1a.2": false, "一.二": false,
	} {
		if got := clauseNumber(text); got != want {
			t.Errorf("clauseNumber(%q) = %v", text, got)
		}
	}
}

func TestParameterAt(t *testing.T) {
	t.Parallel()
	p := Parameter{Values: []Dated{
		{From: rule.DateFrom(2021, 1, 1), Number: lifecircle.Int(1)},
		{From: rule.DateFrom(2024, 1, 1), Number: lifecircle.Int(2)},
	}}
	for _, c := range []struct {
		year, month, day int
		want             int64 // 0: not in force
	}{{2020, 12, 31, 0}, {2021, 1, 1, 1}, {2023, 12, 31, 1}, {2024, 1, 1, 2}, {2099, 1, 1, 2}} {
		d, ok := p.At(rule.DateFrom(c.year, c.month, c.day))
		if ok != (c.want > 0) || d.Number != lifecircle.Int(c.want) {
			t.Errorf("on %d-%d-%d it is %v, %v", c.year, c.month, c.day, d.Number, ok)
		}
	}
}

func TestForces(t *testing.T) {
	t.Parallel()
	for _, f := range []Force{Must, Push} {
		if !f.Duty() || f.strength() <= Encourage.strength() {
			t.Errorf("%s is a duty and binds more than to encourage", f)
		}
	}
	for _, f := range []Force{Encourage, Explore, Seek, May, Principle} {
		if f.Duty() {
			t.Errorf("%s is no duty", f)
		}
	}
}

// FuzzLoad feeds a package's files: nothing crashes, and every fault has a place
// in a file that exists.
func FuzzLoad(f *testing.F) {
	for _, name := range []string{"package.yaml", "objects.yaml"} {
		data, err := os.ReadFile("testdata/whole/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data), "objects: []\n")
		f.Add("id: a\n", string(data))
	}
	for _, odd := range []string{
		"", "a", "- a", "a: &x [*x]", "a: !!str b", "? a\n: b", "a: |\n  b", "a: >\n\n  b\n", "{a: [b, {c: d}]}", "\t", "---\n---\n", "a: 'it''s'", `a: "\n"`,
		"%YAML 1.2\n---\na: b", "a: *b", "<<: {a: b}", "a: {", "a: 1\na: 2", "\xef\xbb\xbfa: b", "a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "objects: [{kind: indicator, numerator: 'sum('}]",
	} {
		f.Add(odd, odd)
	}
	f.Fuzz(func(t *testing.T, manifest, theme string) {
		files := fstest.MapFS{"package.yaml": {Data: []byte(manifest)}, "theme.yaml": {Data: []byte(theme)}, "tests/t.yaml": {Data: []byte(theme)}}
		pkg, found := Load(files)
		if (pkg == nil) != Broken(found) {
			t.Fatalf("package %v with %v", pkg, found)
		}
		if pkg != nil {
			_, more := LoadTests(files, pkg)
			found = append(found, more...)
			if changes := Diff(files, files); len(changes) > 0 {
				t.Fatalf("a package differs from itself: %v", changes)
			}
			if c := pkg.Coverage(); c.Clauses != len(c.Items) || c.WithMechanism > c.Clauses {
				t.Fatalf("coverage %+v", c)
			}
		}
		for _, fault := range found {
			file, ok := files[fault.File]
			if !ok {
				t.Fatalf("a fault in no file: %v", fault)
			}
			lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(file.Data)), "\n")
			if fault.Line < 1 || fault.Line > len(lines) || fault.Column < 1 || utf8.Valid(file.Data) && fault.Column > 1+utf8.RuneCountInString(lines[fault.Line-1]) {
				t.Errorf("a fault outside: %v of %q", fault, lines)
			}
			if fault.Code == "" || fault.Message == "" || fault.Repair == "" {
				t.Errorf("it says too little: %+v", fault)
			}
		}
	})
}

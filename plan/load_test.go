package plan_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"lifecircle/plan"
	"lifecircle/plans"
)

var update = flag.Bool("update", false, "rewrite the faults in testdata/faults")

// above is a package whose upper packages are the folders of a test case.
type above struct {
	fs.FS
	all fstest.MapFS
}

// Upper implements plan.UpperFS.
func (a above) Upper(id string) (fs.FS, error) {
	sub, err := fs.Sub(a.all, id)
	if err != nil {
		return nil, err
	}
	if _, err := fs.Stat(sub, "package.yaml"); err != nil {
		return nil, errors.New("no such folder")
	}
	return above{sub, a.all}, nil
}

// parts reads a test case: files that stand one after the other, each under a
// line "-- name --". Those in folders belong to packages above.
func parts(data []byte) fstest.MapFS {
	files := fstest.MapFS{}
	name := ""
	for line := range strings.Lines(string(data)) {
		if heading, ok := strings.CutPrefix(strings.TrimRight(line, "\n"), "-- "); ok && strings.HasSuffix(heading, " --") {
			name = strings.TrimSuffix(heading, " --")
			files[name] = &fstest.MapFile{}
			continue
		}
		if name != "" {
			files[name].Data = append(files[name].Data, line...)
		}
	}
	return files
}

const expected = "faults"

// lines writes faults as the command line does.
func lines(faults []plan.Fault) string {
	var w strings.Builder
	for _, f := range faults {
		fmt.Fprintln(&w, f)
	}
	return w.String()
}

// TestFaults loads packages with planted faults. All faults of a case come in one
// run; what they say is read by people, so all of it is compared.
func TestFaults(t *testing.T) {
	t.Parallel()
	cases, err := filepath.Glob("testdata/faults/*.txt")
	if err != nil || len(cases) < 5 {
		t.Fatalf("%d cases: %v", len(cases), err)
	}
	for _, file := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			files := parts(data)
			want := string(files[expected].Data)
			delete(files, expected)
			pkg, faults := plan.Load(above{files, files})
			if pkg != nil {
				_, more := plan.LoadTests(files, pkg)
				faults = append(faults, more...)
			}
			got := lines(faults)
			if *update {
				before, _, _ := bytes.Cut(data, []byte("-- "+expected+" --\n"))
				if err := os.WriteFile(file, append(before, "-- "+expected+" --\n"+got...), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("faults (-want +got); go test ./plan -update rewrites them:\n%s", diff)
			}
			for _, f := range faults {
				if f.Code == "" || f.Message == "" || f.Repair == "" || f.Line < 1 || f.Column < 1 {
					t.Errorf("it says too little: %+v", f)
				}
			}
		})
	}
}

// TestEveryFaultIsPlanted asks that every code of docs/formats/plan.md and of the
// rule language is planted in some case, so that no check is dead.
func TestEveryFaultIsPlanted(t *testing.T) {
	t.Parallel()
	document, err := os.ReadFile("../docs/formats/plan.md")
	if err != nil {
		t.Fatal(err)
	}
	var planted strings.Builder
	cases, _ := filepath.Glob("testdata/faults/*.txt")
	for _, file := range cases {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		planted.WriteString(string(parts(data)[expected].Data))
	}
	_, list, found := strings.Cut(string(document), "## Faults\n")
	if !found {
		t.Fatal("docs/formats/plan.md has no list of faults")
	}
	codes := 0
	for line := range strings.Lines(list) {
		cells := strings.Split(line, "|")
		if len(cells) < 3 || !strings.Contains(cells[1], "`") {
			continue
		}
		for _, code := range strings.Split(cells[1], ",") {
			code = strings.Trim(code, " `")
			codes++
			// Those that stand for a whole file are planted in TestUnreadableFiles.
			if !strings.Contains(planted.String(), "("+code+")") && !slices.Contains(unreadable, code) {
				t.Errorf("%s is documented and planted nowhere", code)
			}
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(planted.String()), "\n") {
		code := line[strings.LastIndex(line, " (")+2 : strings.LastIndex(line, "); ")]
		if !strings.Contains(list, "`"+code+"`") && !ruleCode(code) {
			t.Errorf("%s is not documented in docs/formats/plan.md", code)
		}
	}
	if codes < 40 {
		t.Errorf("%d codes are documented: the list is not whole", codes)
	}
}

// ruleCode reports whether a code is one of the rule language, which its own
// vectors plant.
func ruleCode(code string) bool {
	data, err := os.ReadFile("rule/testdata/vectors.json")
	return err == nil && bytes.Contains(data, []byte(`"`+code+`"`))
}

var unreadable = []string{"not_utf8", "file_too_large", "line_too_long", "too_deep", "file_unreadable"}

// broken is a file that cannot be read.
type broken struct{ fs.FS }

func (b broken) Open(name string) (fs.File, error) {
	if name == "theme.yaml" {
		return nil, fs.ErrPermission
	}
	return b.FS.Open(name)
}

func TestUnreadableFiles(t *testing.T) {
	t.Parallel()
	whole := os.DirFS("testdata/whole")
	manifest, err := fs.ReadFile(whole, "package.yaml")
	if err != nil {
		t.Fatal(err)
	}
	nested := "objects:\n"
	for depth := range 30 {
		nested += strings.Repeat(" ", depth*2) + "  - x:\n"
	}
	for _, c := range []struct {
		name, theme string
		broken      bool
		want        string
	}{
		{"bytes that are no text", "objects:\n- \xff\xfe\n", false, "theme.yaml:2:3: error: the file is not UTF-8 text (not_utf8)"},
		{"UTF-16", "\xff\xfeo\x00b\x00", false, "theme.yaml:1:1: error: the file is not UTF-8 text (not_utf8)"},
		{"GB 18030", "objects: []\n# \xc4\xfe\xcf\xc4\n", false, "theme.yaml:2:3: error: the file is not UTF-8 text (not_utf8)"},
		{"a line too long", "objects: []\n# " + strings.Repeat("x", 16<<10) + "\n", false, "theme.yaml:2:1: error: the line is longer than 16 KiB (line_too_long)"},
		{"too large", "# " + strings.Repeat("x", 512<<10) + "\n", false, "theme.yaml:1:1: error: larger than 512 KiB (file_too_large)"},
		{"blocks too deep", nested, false, "theme.yaml:13:28: error: nested more than 24 deep (too_deep)"},
		{"brackets too deep", "objects: " + strings.Repeat("[", 10_000), false, "theme.yaml:1:33: error: nested more than 24 deep (too_deep)"},
		{"no permission", "", true, "theme.yaml:1:1: error: permission denied (file_unreadable)"},
		{"a thousand aliases", "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", false, "theme.yaml:1:4: error: an anchor (&)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var files fs.FS = fstest.MapFS{
				"package.yaml": {Data: manifest}, "theme.yaml": {Data: []byte(c.theme)},
				"other.yaml": {Data: []byte("objects:\n  - {kind: nothing}\n")},
			}
			if c.broken {
				files = broken{files}
			}
			pkg, faults := plan.Load(files)
			if pkg != nil {
				t.Error("a package came back")
			}
			if got := lines(faults); !strings.Contains(got, c.want) || !strings.Contains(got, "other.yaml:2:12") {
				t.Errorf("got\n%s\nwant among them\n%s\nand the fault of the other file", got, c.want)
			}
		})
	}
}

func TestWithoutAPackage(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]fs.FS{
		"an empty folder": fstest.MapFS{}, "no folder": os.DirFS("testdata/nowhere"),
	} {
		pkg, faults := plan.Load(files)
		if pkg != nil || len(faults) == 0 || !plan.Broken(faults) {
			t.Errorf("%s: %v, %v", name, pkg, faults)
		}
	}
}

// TestPackagesLoad asks of every package that comes with the program that it has
// no fault, and that its hash depends on every byte and on nothing else.
func TestPackagesLoad(t *testing.T) {
	t.Parallel()
	manifests, err := filepath.Glob("../plans/*/package.yaml")
	if err != nil || len(manifests) == 0 {
		t.Fatal(manifests, err)
	}
	for _, manifest := range append(manifests, "testdata/whole/package.yaml") {
		dir := filepath.Dir(manifest)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			pkg, faults := plan.Load(plans.In(dir))
			if pkg == nil {
				t.Fatal(lines(faults))
			}
			for _, f := range faults {
				t.Log(f)
			}
			again, _ := plan.Load(plans.In(dir))
			if again.Hash != pkg.Hash {
				t.Errorf("loaded twice it has the hashes %s and %s", pkg.Hash, again.Hash)
			}
		})
	}
}

func TestHash(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{}
	for _, name := range []string{"package.yaml", "objects.yaml"} {
		data, err := os.ReadFile("testdata/whole/" + name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: data}
	}
	hash := func() string {
		t.Helper()
		pkg, faults := plan.Load(files)
		if pkg == nil {
			t.Fatal(lines(faults))
		}
		return pkg.Hash
	}
	first := hash()
	files["tests/more.yaml"] = &fstest.MapFile{Data: []byte("tests: []")}
	if hash() != first {
		t.Error("a test changes the hash, and says nothing that is measured")
	}
	files["objects.yaml"].Data = append(files["objects.yaml"].Data, "# a word\n"...)
	if hash() == first {
		t.Error("another byte leaves the hash as it was")
	}
}

// TestWarningsDoNotStop asks that a package with warnings loads, and that an
// accepted one is silent.
func TestWarningsDoNotStop(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/whole/objects.yaml")
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := os.ReadFile("testdata/whole/package.yaml")
	if err != nil {
		t.Fatal(err)
	}
	objects := strings.Replace(string(data), "    accepted: {code: weaker_than_above, reason: an example}\n", "", 1)
	pkg, faults := plan.Load(fstest.MapFS{"package.yaml": {Data: manifest}, "objects.yaml": {Data: []byte(objects)}})
	if pkg == nil || len(faults) == 0 {
		t.Fatal(lines(faults))
	}
	for _, f := range faults {
		if f.Code != "weaker_than_above" || f.Severity != plan.SeverityWarning {
			t.Error(f)
		}
	}
}

// BenchmarkLoad is what plan check takes on a package.
func BenchmarkLoad(b *testing.B) {
	for _, dir := range []string{"testdata/whole", "../plans/ningxia-2025"} {
		b.Run(filepath.Base(dir), func(b *testing.B) {
			files := plans.In(dir)
			for b.Loop() {
				pkg, faults := plan.Load(files)
				if pkg == nil {
					b.Fatal(lines(faults))
				}
				if _, faults := plan.LoadTests(files, pkg); plan.Broken(faults) {
					b.Fatal(lines(faults))
				}
			}
		})
	}
}

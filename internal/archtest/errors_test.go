package archtest

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

// codesOfSource are the codes of the errors that the program makes: of those whose code
// is written where they are made, and of those of map and network files, which say it
// elsewhere.
func codesOfSource(t *testing.T) map[string]bool {
	t.Helper()
	made := regexp.MustCompile(`\W"((?:osm|network)_(?:corrupt|truncated|foreign|version|unsupported))"|lifecircle\.Errorf\("([a-z0-9_]*[a-z0-9])"`)
	codes := make(map[string]bool)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains([]string{"node_modules", ".git", "e2e", "bin"}, d.Name()):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		source, err := os.ReadFile(path)
		for _, match := range made.FindAllSubmatch(source, -1) {
			codes[string(match[1])+string(match[2])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return codes
}

// Every error that the program makes has a sentence in Chinese: of the page, or of the
// command line where the page never shows it; and the command line has none for an
// error that is not made.
func TestErrorsInChinese(t *testing.T) {
	codes := codesOfSource(t)
	if len(codes) < 150 {
		t.Fatalf("only %d codes were found in the source", len(codes))
	}
	var page struct{ Error map[string]string }
	text, err := os.ReadFile(filepath.Join(root, "web", "src", "locales", "zh-CN.json"))
	if err == nil {
		err = json.Unmarshal(text, &page)
	}
	if err != nil {
		t.Fatal(err)
	}
	own := make(map[string]bool)
	text, err = os.ReadFile(filepath.Join(root, "cmd", "lifecircle", "errors_zh.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if code, _, ok := strings.Cut(line, ": "); ok && !strings.HasPrefix(line, "#") {
			own[code] = true
		}
	}
	for code := range codes {
		if page.Error[code] == "" && !own[code] {
			t.Errorf("%s has no sentence in Chinese: add it to cmd/lifecircle/errors_zh.yaml, or to the page's texts", code)
		}
	}
	for code := range own {
		if !codes[code] {
			t.Errorf("errors_zh.yaml has a sentence for %s, which no error has", code)
		}
	}
}

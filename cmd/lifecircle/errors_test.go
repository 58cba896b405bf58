package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"lifecircle/web"
)

// codesOfSource are the codes of all errors that the program makes.
func codesOfSource(t *testing.T) map[string]bool {
	t.Helper()
	made := regexp.MustCompile(`lifecircle\.Errorf\("([a-z0-9_]*[a-z0-9])"`)
	codes := make(map[string]bool)
	err := filepath.WalkDir(filepath.Join("..", ".."), func(path string, d fs.DirEntry, err error) error {
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
			codes[string(match[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return codes
}

// Every error that the program makes has a sentence in Chinese, and no sentence is for
// an error that it does not make.
func TestErrorsInChinese(t *testing.T) {
	codes := codesOfSource(t)
	if len(codes) < 150 {
		t.Fatalf("only %d codes were found in the source", len(codes))
	}
	for code := range codes {
		_, page := web.Text("zh", "error", code, nil)
		pages := page || strings.Contains(textOf(code), "{{")
		if _, own := errorsZH()[code]; !own && !pages {
			t.Errorf("%s has no sentence in Chinese: add it to errors_zh.yaml, or to the page's texts", code)
		}
	}
	for code := range errorsZH() {
		if !codes[code] {
			t.Errorf("errors_zh.yaml has a sentence for %s, which no error has", code)
		}
	}
}

func textOf(code string) string {
	text, _ := web.Text("zh", "error", code, nil)
	return text
}

// The error line is in the language that is asked for, and a script is told the code.
func TestErrorLine(t *testing.T) {
	t.Setenv("LC_ALL", "C")
	dir := t.TempDir()
	for _, c := range []struct {
		args []string
		want []string
		code int
	}{
		{[]string{"--dir", dir, "evaluate"}, []string{"lifecircle: ", "is no workspace"}, exitInput},
		{[]string{"--lang", "zh", "--dir", dir, "evaluate"}, []string{"lifecircle：这里不是工作区", "详情：", "is no workspace"}, exitInput},
		{[]string{"--lang", "zh", "evaluate", "--no-such"}, []string{"命令用法有误", "--no-such"}, exitUse},
		{[]string{"--lang", "zh", "plan", "check", filepath.Join(dir, "none")}, []string{"没有这个文件或文件夹"}, exitInput},
		{[]string{"--lang", "zh", "--as", "(x)", "evaluate"}, []string{"命令用法有误", "no brackets"}, exitUse},
	} {
		got := tell(t, c.args...)
		for _, want := range c.want {
			if !strings.Contains(got.err, want) {
				t.Errorf("%v: %q does not stand in %q", c.args, want, got.err)
			}
		}
		if got.code != c.code {
			t.Errorf("%v: exit %d, want %d", c.args, got.code, c.code)
		}
	}
	got := tell(t, "--lang", "zh", "--dir", dir, "evaluate", "--format", "json")
	var said map[string]problem
	if err := json.Unmarshal([]byte(got.err), &said); err != nil {
		t.Fatalf("%v in %q", err, got.err)
	}
	if p := said["error"]; p.Code != "workspace_missing" || !strings.HasPrefix(p.Message, "这里不是工作区") || !strings.Contains(p.Detail, "is no workspace") {
		t.Errorf("the error is %+v", p)
	}
}

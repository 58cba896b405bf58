package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

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

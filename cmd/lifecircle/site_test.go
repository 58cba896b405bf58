package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// ring is OR-Library's format: six vertices in a ring of unit edges, p = 2. Two
// opposite sites serve the ring at 4 in all and 1 at most.
const ring = "6 6 2\n1 2 1\n2 3 1\n3 4 1\n4 5 1\n5 6 1\n6 1 1\n"

func TestSiteInstance(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "ring.txt")
	if err := os.WriteFile(file, []byte(ring), 0o600); err != nil {
		t.Fatal(err)
	}
	for model, want := range map[string]float64{"pmedian": 4, "pcentre": 1} {
		var out, messages bytes.Buffer
		code := run(t.Context(), []string{"site", model, "--instance", file, "--instance-format", "orlib", "--format", "json"}, &out, &messages)
		if code != 0 {
			t.Fatalf("exit %d: %s", code, messages.String())
		}
		var answer map[string]any
		if err := json.Unmarshal(out.Bytes(), &answer); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"model", "value", "bound", "gap", "proof", "seconds", "seed", "sites", "uncovered", "per_area", "limits_binding"} {
			if _, ok := answer[key]; !ok {
				t.Errorf("%s: no key %q", model, key)
			}
		}
		if answer["value"] != want || answer["bound"] != want || answer["gap"] != 0.0 {
			t.Errorf("%s: value %v, bound %v, gap %v, want %v", model, answer["value"], answer["bound"], answer["gap"], want)
		}
	}
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"site guess --instance " + file, exitUse, "not known"},
		{"site pmedian", exitUse, "--instance"},
		{"site pmedian --instance-format orlib --instance " + file + " --p 7", exitInput, "p is 7, but only 6"},
		{"site pmedian --instance-format orlib --instance " + file + ".none", exitInput, "no such file"},
		{"site mclp --instance-format mclp --instance " + file, exitInput, "NODE_COORD_SECTION"},
	} {
		var out, messages bytes.Buffer
		if code := run(t.Context(), strings.Fields(c.args), &out, &messages); code != c.code || !strings.Contains(messages.String(), c.says) {
			t.Errorf("%s: exit %d, %q; want %d, %q", c.args, code, messages.String(), c.code, c.says)
		}
	}
}

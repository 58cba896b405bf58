package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Four children and two nurseries: A takes one, B three. The second child has a
// sibling at A (class 0), so the lots of the others do not matter there.
const (
	wishesCSV = "id,wish,place,class\n640106201901011234,1,A,1\n640106201901011234,2,B,0\n640106201902025678,1,A,0\n640106201903039999,1,A,1\nx,,,\n"
	placesCSV = "id,capacity\nA,1\nB,3\n"
)

func assignFiles(t *testing.T, wishes, places string) (dir, w, p string) {
	t.Helper()
	dir = t.TempDir()
	w, p = filepath.Join(dir, "wishes.csv"), filepath.Join(dir, "places.csv")
	for path, text := range map[string]string{w: wishes, p: places} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir, w, p
}

// On the screen nobody's id is seen in full; the file has them, in the same
// order, and nobody else may read it.
func TestAssign(t *testing.T) {
	t.Parallel()
	dir, wishes, places := assignFiles(t, wishesCSV, placesCSV)
	out := func(args ...string) string {
		t.Helper()
		var out, messages bytes.Buffer
		if code := run(t.Context(), append([]string{"assign", wishes, places, "--seed", "2026-09-01 481516"}, args...), &out, &messages); code != 0 {
			t.Fatalf("%v: exit %d: %s", args, code, messages.String())
		}
		if !strings.Contains(messages.String(), "2 of 4 people have a place, 2 wait") || strings.Contains(messages.String(), "6401062019") {
			t.Errorf("%v says %q", args, messages.String())
		}
		return out.String()
	}
	for _, format := range []string{"table", "json", "csv"} {
		shown := out("--format", format)
		if strings.Contains(shown, "6401062019") || !strings.Contains(shown, "**************1234") {
			t.Errorf("%s shows\n%s", format, shown)
		}
		if shown != out("--format", format) {
			t.Errorf("%s: two answers to one question", format)
		}
	}
	if !strings.Contains(out("--show-ids"), "640106201901011234") {
		t.Error("--show-ids shows no id")
	}
	var answer struct {
		Rows []map[string]string `json:"rows"`
	}
	if err := json.Unmarshal([]byte(out("--format", "json")), &answer); err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct{ place, wish, state, says string }{
		{"B", "2", "placed", "wish 1, A: full; the last taken has class 0"},
		{"A", "1", "placed", "wish 1, A: taken, number 1 of 1"},
		{"", "", "waiting", "this person class 1; number"},
		{"", "", "waiting", "wished for nothing"},
	} {
		r := answer.Rows[i]
		if r["place"] != want.place || r["wish"] != want.wish || r["state"] != want.state || !strings.Contains(r["reason"], want.says) {
			t.Errorf("row %d is %v, want %+v", i, r, want)
		}
	}
	path := filepath.Join(dir, "answer.csv")
	out("-o", path)
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 5 || rows[1][0] != "640106201901011234" || rows[1][3] != answer.Rows[0]["lot"] {
		t.Errorf("the file holds %v", rows)
	}
	if info, err := file.Stat(); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file has mode %v (%v)", info.Mode(), err)
	}
}

func TestAssignBadInput(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ wishes, places, says string }{
		"no such place":   {"id,wish,place\na,1,C\n", placesCSV, `line 2: place "C" is not in the list of places`},
		"a rank twice":    {"id,wish,place\na1,1,A\na1,1,B\n", placesCSV, "line 3: wish 1 of *1 stands on line 2 already"},
		"a place twice":   {"id,wish,place\na1,1,A\na1,2,A\n", placesCSV, "line 3: *1 wished for A on line 2 already"},
		"no rank":         {"id,wish,place\na,first,A\n", placesCSV, `line 2: wish "first": want a whole number from 1`},
		"bad class":       {"id,wish,place,class\na,1,A,-1\n", placesCSV, `line 2: class "-1": want a whole number from 0`},
		"nobody":          {"id,wish,place\n,1,A\n", placesCSV, "line 2: id is empty"},
		"no capacity":     {wishesCSV, "id,capacity\nA,many\nB,1\n", `line 2: capacity "many": want a whole number from 0`},
		"two of one id":   {wishesCSV, "id,capacity\nA,1\nA,2\n", `line 3: id "A" stands on line 2 already`},
		"wrong heading":   {wishesCSV, "id,room\nA,1\n", `has no column "capacity"`},
		"short row":       {"id,wish,place\na,1\n", placesCSV, "line 2: 2 cells, the heading has 3"},
		"wish and none":   {"id,wish,place\na1,1,A\na1,,\n", placesCSV, "line 3: *1 has another row"},
		"nothing in file": {"id,wish,place\n", placesCSV, "has a heading and no rows"},
	} {
		_, wishes, places := assignFiles(t, c.wishes, c.places)
		var out, messages bytes.Buffer
		code := run(t.Context(), []string{"assign", wishes, places, "--seed", "1"}, &out, &messages)
		if code != exitInput || !strings.Contains(messages.String(), c.says) || out.Len() > 0 {
			t.Errorf("%s: exit %d, %q; want %q", name, code, messages.String(), c.says)
		}
	}
	_, wishes, places := assignFiles(t, wishesCSV, placesCSV)
	for _, args := range [][]string{{"assign", wishes, places}, {"assign", wishes}} {
		var out, messages bytes.Buffer
		if code := run(t.Context(), args, &out, &messages); code != exitUse {
			t.Errorf("%v: exit %d: %s", args, code, messages.String())
		}
	}
	var out, messages bytes.Buffer
	if code := run(t.Context(), []string{"assign", wishes, places, "--seed", ""}, &out, &messages); code != exitInput || !strings.Contains(messages.String(), "no seed") {
		t.Errorf("without a seed: exit %d: %s", code, messages.String())
	}
}

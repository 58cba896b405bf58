package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// peopleFiles writes two villages and two nurseries. A is nearest to both and has
// room for ten; the far village reaches nothing else. So that 15 find room five of the
// near village walk to B, and as few of the far one as then fit go to A.
func peopleFiles(t *testing.T, ways string) []string {
	t.Helper()
	dir := t.TempDir()
	var paths []string
	for _, file := range [][2]string{
		{"people.csv", "id,people\nnear,12\nfar,8\n"},
		{"places.csv", "id,capacity\nA,10\nB,5\n"},
		{"ways.csv", ways},
	} {
		path := filepath.Join(dir, file[0])
		if err := os.WriteFile(path, []byte(file[1]), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}

const nurseryWays = "from,to,metres,seconds,state\nnear,A,100,80,ok\nnear,B,400.5,320,ok\nfar,A,300,240,ok\nfar,B,,,unreachable\n"

func TestAssignPeople(t *testing.T) {
	t.Parallel()
	asked := func(args ...string) (out, said string) {
		t.Helper()
		var answer, messages bytes.Buffer
		all := append(append([]string{"assign", "people"}, peopleFiles(t, nurseryWays)...), append(args, "--format", "csv")...)
		if code := run(t.Context(), all, &answer, &messages); code != 0 {
			t.Fatalf("%v: exit %d: %s", args, code, messages.String())
		}
		return answer.String(), messages.String()
	}
	out, said := asked()
	if want := "from,to,people,metres\nnear,A,7,100.0\nnear,B,5,400.5\nfar,A,3,300.0\nfar,,5,\n"; out != want {
		t.Errorf("\n%s, want\n%s", out, want)
	}
	if want := "15 of 20 people are served, 240.2 metres on average; 5 find no room within reach"; !strings.Contains(said, want) {
		t.Errorf("says %q, want %q", said, want)
	}
	out, said = asked("--most", "350")
	if want := "from,to,people,metres\nnear,A,10,100.0\nnear,,2,\nfar,,8,\n"; out != want || !strings.Contains(said, "10 of 20 people are served, 100.0 metres") {
		t.Errorf("within 350 m %s\n%s", out, said)
	}
	if out, _ = asked("--by", "seconds"); !strings.Contains(out, "near,B,5,320.0") {
		t.Errorf("by time %s", out)
	}
}

func TestAssignPeopleRefuses(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]struct {
		people, ways string
		args         []string
	}{
		`from "nowhere" is not in the list of people`:      {ways: "from,to,metres\nnowhere,A,3\n"},
		`to "C" is not in the list of places`:              {ways: "from,to,metres\nnear,C,3\n"},
		`metres "-3": want a number from 0`:                {ways: "from,to,metres\nnear,A,-3\n"},
		`stands on line 2 already: leave one out`:          {ways: "from,to,metres\nnear,A,3\nnear,A,4\n"},
		`has no column "seconds"`:                          {ways: "from,to,metres\nnear,A,3\n", args: []string{"--by", "seconds"}},
		`--most "near": want a number`:                     {ways: nurseryWays, args: []string{"--most", "near"}},
		`leave out the longest ways with --most`:           {people: "id,people\na,2147483647\nnear,2147483647\nb,2147483647\n", ways: "from,to,metres\nnear,A,100000000\n"},
		"line 3: 2 cells, the heading has 3: quote a cell": {ways: "from,to,metres\nnear,A,3\nnear,B\n"},
	} {
		var out, messages bytes.Buffer
		files := peopleFiles(t, c.ways)
		if c.people != "" {
			if err := os.WriteFile(files[0], []byte(c.people), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		all := append(append([]string{"assign", "people"}, files...), c.args...)
		if code := run(t.Context(), all, &out, &messages); code == 0 || !strings.Contains(messages.String(), want) {
			t.Errorf("exit %d: %s, want %q", code, messages.String(), want)
		}
	}
}

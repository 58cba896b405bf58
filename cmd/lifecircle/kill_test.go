package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"lifecircle/engine"
	"lifecircle/journal"
)

// asCommand makes the test binary a lifecircle command: a test that kills one
// needs a process of its own.
const asCommand = "LIFECIRCLE_TEST_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// killed is how an import ended that was killed at a random moment.
type killed struct {
	before       int // the change was not made
	after        int // it was made, and nobody was told
	acknowledged int // it was made and told
}

// TestKilledWhileImporting: an import that is killed at any moment is made whole or
// not at all, and what it acknowledged is there; the log has no gap, and the same
// import with its key can be asked again. LIFECIRCLE_SEED repeats the moments.
func TestKilledWhileImporting(t *testing.T) {
	const cycles = 100
	seed := rand.Uint64()
	if text := os.Getenv("LIFECIRCLE_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	r := rand.New(rand.NewPCG(seed, 0))
	dir := workspaceOf(t, template)
	twin := filepath.Join(t.TempDir(), "twin")
	before := stateOf(t, dir, 1)
	var tally killed
	for cycle := range cycles {
		args := listToKill(t, cycle)
		// The other state that is allowed: a copy, on which the import is let be.
		if err := os.RemoveAll(twin); err != nil {
			t.Fatal(err)
		}
		if err := os.CopyFS(twin, os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
		took := time.Now()
		start(t, append([]string{"--dir", twin}, args...)...).wait(t)
		after := stateOf(t, twin, cycle+2)
		if after == before {
			t.Fatalf("cycle %d: the import changes nothing", cycle)
		}

		// Half of the moments lie anywhere, half where the database is being written.
		child := start(t, append([]string{"--dir", dir}, args...)...)
		moment := time.Duration(1.1 * r.Float64() * float64(time.Since(took)))
		if cycle%2 == 0 {
			child.untilWritten(filepath.Join(dir, "lifecircle.db-wal"))
			moment = time.Duration(r.IntN(4000)) * time.Microsecond
		}
		out := child.killAfter(t, moment)
		fail := func(format string, args ...any) {
			t.Helper()
			t.Fatalf("LIFECIRCLE_SEED=%d, cycle %d, killed after %s: "+format, append([]any{seed, cycle, moment}, args...)...)
		}
		var told importAnswer
		acknowledged := json.Unmarshal(out, &told) == nil && told.Change > 0
		w, err := open(t.Context(), dir)
		if err != nil {
			fail("%v", err)
		}
		log, err := w.db.Changes(t.Context(), 0, cycles+2)
		if err != nil {
			fail("%v", err)
		}
		w.db.Close()
		switch now := stateOf(t, dir, len(log)); {
		case now == after && acknowledged:
			tally.acknowledged++
		case now == after:
			tally.after++
		case now == before && !acknowledged:
			tally.before++
		case now == before:
			fail("change %d was acknowledged and is lost", told.Change)
		default:
			fail("the World is neither the one before nor the one after")
		}
		// Asked again with its key, the import is made once.
		ok(t, append([]string{"--dir", dir}, args...)...)
		if stateOf(t, dir, cycle+2) != after {
			fail("asked again with the same key, the import is not the one that was asked")
		}
		before = after
	}
	t.Logf("LIFECIRCLE_SEED=%d: %+v of %d", seed, tally, cycles)
	if tally.before == 0 || tally.after+tally.acknowledged == 0 {
		t.Errorf("the moments hit one side only: %+v", tally)
	}
}

// listToKill is the import of a cycle: areas, facilities and values in turn.
func listToKill(t *testing.T, cycle int) []string {
	t.Helper()
	var text strings.Builder
	key := fmt.Sprint("cycle ", cycle)
	switch cycle % 3 {
	case 0:
		text.WriteString("code,name\n")
		for i := range 8 {
			fmt.Fprintf(&text, "640104%03d,镇%d\n", 100+cycle/3*8+i, i)
		}
		return []string{"import", "areas", inFile(t, "areas.csv", text.String()), "--key", key, "--format", "json"}
	case 1:
		text.WriteString("id,kind,area,lon,lat\n")
		for i := range 120 {
			fmt.Fprintf(&text, "f%d-%d,village_clinic,640104001,%.4f,38.46\n", cycle, i, 106+float64(i)/1000)
		}
		return []string{"import", "facilities", inFile(t, "places.csv", text.String()), "--crs", "wgs84", "--key", key, "--format", "json"}
	}
	text.WriteString("area,elder_beds,resident_population\n")
	fmt.Fprintf(&text, "640104,%d,%d\n640104001,%d,%d\n", cycle, 1000*cycle, cycle+1, 900*cycle)
	return []string{"import", "values", inFile(t, "values.csv", strings.ReplaceAll(text.String(), ",elder_beds,resident_population", fmt.Sprintf(",elder_beds %d,resident_population %[1]d", 2030-cycle/3))), "--set", "source=yearbook", "--key", key, "--format", "json"}
}

// child is a command in a process of its own.
type child struct {
	command          *exec.Cmd
	said, complained bytes.Buffer
	done             chan struct{}
	err              error
}

func start(t *testing.T, args ...string) *child {
	t.Helper()
	c := &child{command: exec.Command(os.Args[0], args...), done: make(chan struct{})}
	c.command.Env = append(os.Environ(), asCommand+"=1")
	c.command.Stdout, c.command.Stderr = &c.said, &c.complained
	if err := c.command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		c.err = c.command.Wait()
		close(c.done)
	}()
	return c
}

// wait lets the command end.
func (c *child) wait(t *testing.T) {
	t.Helper()
	if <-c.done; c.err != nil {
		t.Fatalf("%v: %v\n%s", c.command.Args, c.err, c.complained.Bytes())
	}
}

// untilWritten waits for the first byte of the write-ahead log, which SQLite writes
// when it commits, or for the end.
func (c *child) untilWritten(log string) {
	for {
		if info, err := os.Stat(log); err == nil && info.Size() > 0 {
			return
		}
		select {
		case <-c.done:
			return
		case <-time.After(50 * time.Microsecond):
		}
	}
}

// killAfter kills the command after a time, if it has not ended, and returns what it
// said.
func (c *child) killAfter(t *testing.T, moment time.Duration) []byte {
	t.Helper()
	select {
	case <-c.done:
		c.wait(t)
		return c.said.Bytes()
	case <-time.After(moment):
	}
	if err := c.command.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatal(err)
	}
	<-c.done
	return c.said.Bytes()
}

// stateOf opens a workspace, checks that its log is whole and has so many changes,
// and returns the hashes of its Worlds.
func stateOf(t *testing.T, dir string, changes int) string {
	t.Helper()
	w, err := open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer w.db.Close()
	log, err := w.db.Changes(t.Context(), 0, changes+10)
	if err != nil {
		t.Fatal(err)
	}
	if len(log) != changes {
		t.Fatalf("the log has %d changes, want %d", len(log), changes)
	}
	for i, c := range log {
		if c.Seq != journal.Seq(i+1) || c.Digest() != c.Hash {
			t.Fatalf("change %d of the log is %+v", i+1, c)
		}
	}
	e, err := w.engine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	worlds, _ := e.Worlds()
	var hashes []string
	for _, world := range engine.InOrder(worlds) {
		hashes = append(hashes, world.Hash())
	}
	return strings.Join(hashes, " ")
}

package main

import (
	"bytes"
	"testing"
	"time"
)

func TestProgress(t *testing.T) {
	t.Parallel()
	long := time.Now().Add(-time.Hour)
	var out bytes.Buffer
	p := startProgress(&out, "points", 200)
	p.to(10)
	if out.Len() != 0 {
		t.Errorf("at once: %q, want nothing", out.String())
	}
	p.next = long
	p.to(50)
	p.to(51) // not again at once
	if want := "50 of 200 points (25 %)\n"; out.String() != want {
		t.Errorf("lines: %q, want %q", out.String(), want)
	}
	p.end()
	out.Reset()
	p.terminal, p.next = true, long
	p.to(100)
	if want := "\r███████████████░░░░░░░░░░░░░░░  50 % of 200 points"; out.String() != want {
		t.Errorf("bar: %q, want %q", out.String(), want)
	}
	p.end()
	if got := out.String(); got[len(got)-1] != '\r' {
		t.Errorf("the bar is left behind: %q", got)
	}
	// Of very many steps only some look at the clock.
	out.Reset()
	p = startProgress(&out, "points", 10_000)
	p.next = long
	p.to(63)
	if out.Len() != 0 {
		t.Errorf("step 63: %q", out.String())
	}
	p.to(64)
	if out.Len() == 0 {
		t.Error("step 64 says nothing")
	}
}

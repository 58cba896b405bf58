package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// progress tells how far a long computation is: a bar on a terminal, else a line
// now and then. What is done within a moment says nothing.
type progress struct {
	out      io.Writer
	what     string
	total    int
	terminal bool
	next     time.Time // when to tell again
	shown    bool
}

const (
	barCells   = 30
	firstTell  = time.Second
	barEvery   = 100 * time.Millisecond
	linesEvery = 5 * time.Second
)

func startProgress(out io.Writer, what string, total int) *progress {
	p := &progress{out: out, what: what, total: total, next: time.Now().Add(firstTell)}
	if f, ok := out.(*os.File); ok {
		info, err := f.Stat()
		p.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p
}

// to says that so many are done.
func (p *progress) to(done int) {
	// A look at the clock costs more than many a step.
	if done&63 != 0 && p.total > 1000 {
		return
	}
	now := time.Now()
	if now.Before(p.next) {
		return
	}
	share := float64(done) / float64(max(1, p.total))
	if p.terminal {
		filled := int(share * barCells)
		fmt.Fprintf(p.out, "\r%s%s %3.0f %% of %d %s", strings.Repeat("█", filled), strings.Repeat("░", barCells-filled), 100*share, p.total, p.what)
		p.next = now.Add(barEvery)
	} else {
		fmt.Fprintf(p.out, "%d of %d %s (%.0f %%)\n", done, p.total, p.what, 100*share)
		p.next = now.Add(linesEvery)
	}
	p.shown = true
}

// end takes the bar away.
func (p *progress) end() {
	if p.shown && p.terminal {
		fmt.Fprintf(p.out, "\r%s\r", strings.Repeat(" ", barCells+40+len(p.what)))
	}
	p.shown = false
}

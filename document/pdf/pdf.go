// Package pdf prints pages as PDF with a Chromium that the machine has; there may be
// none. The browser runs for one page, in a folder of its own that goes with it, and
// fetches nothing. It is optional: whoever has none is told what to do, and every
// other form of a document is there without it. Only api and cmd import it.
package pdf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"lifecircle"
)

// Variable is the environment variable that names the Chromium to use.
const Variable = "LIFECIRCLE_CHROMIUM"

// names are those under which a Chromium is looked for.
func names() []string {
	return []string{"chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge"}
}

// Printer prints pages, a few at a time. Its methods are safe for concurrent use.
type Printer struct {
	path  string
	slots chan struct{}
}

// atOnce is how many pages are printed at a time: each takes a processor and some
// 200 MB.
const atOnce = 2

// patience is how long a page may take.
const patience = 2 * time.Minute

// New makes a printer of the Chromium at a path, or of the one that the environment
// names, or of the first that is found. Where there is none, Print says so: a
// program without Chromium serves all the same.
func New(path string) *Printer {
	p := &Printer{path: path, slots: make(chan struct{}, atOnce)}
	if p.path == "" {
		p.path = os.Getenv(Variable)
	}
	for _, name := range names() {
		if p.path != "" {
			break
		}
		if found, err := exec.LookPath(name); err == nil {
			p.path = found
		}
	}
	return p
}

// Print prints a page that fetches nothing, on paper as its style says, and dates the
// file to a day like 2025-12-31: the same page and Chromium give the same bytes. Its
// errors are chromium_missing and chromium_failed.
func (p *Printer) Print(ctx context.Context, page []byte, day string) ([]byte, error) {
	if p == nil || p.path == "" {
		return nil, lifecircle.Errorf("chromium_missing", "a PDF is printed by Chromium, and this machine has none: install it (Debian: apt-get install chromium fonts-noto-cjk), "+
			"name it in %s, or write .html and print that from any browser", Variable)
	}
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	dir, err := os.MkdirTemp("", "lifecircle-print-")
	if err != nil {
		return nil, fmt.Errorf("print: %w", err)
	}
	defer os.RemoveAll(dir)
	in, out := filepath.Join(dir, "page.html"), filepath.Join(dir, "page.pdf")
	if err := os.WriteFile(in, page, 0o600); err != nil {
		return nil, fmt.Errorf("print: %w", err)
	}
	timed, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	said, err := p.run(timed, dir, "--print-to-pdf="+out, "file://"+in)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	printed, unread := os.ReadFile(out)
	if err := errors.Join(err, unread); err != nil {
		return nil, lifecircle.Errorf("chromium_failed", "%s printed nothing: %w; it said %q", p.path, err, said)
	}
	return dated(printed, day), nil
}

// run runs Chromium for one page and returns the end of what it said.
func (p *Printer) run(ctx context.Context, dir string, args ...string) (said string, err error) {
	flags := []string{
		"--headless", "--disable-gpu", "--user-data-dir=" + filepath.Join(dir, "profile"), "--no-first-run", "--no-default-browser-check",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-dev-shm-usage",
		"--host-resolver-rules=MAP * ~NOTFOUND", "--font-render-hinting=none", "--no-pdf-header-footer", "--generate-pdf-document-outline",
	}
	if os.Geteuid() == 0 {
		flags = append(flags, "--no-sandbox") // its sandbox refuses to run as root
	}
	cmd := exec.CommandContext(ctx, p.path, append(flags, args...)...)
	cmd.Env = append(os.Environ(), "HOME="+dir, "TZ=UTC")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	cmd.WaitDelay = 5 * time.Second
	err = cmd.Run()
	const most = 300
	said = strings.TrimSpace(stderr.String())
	return said[max(0, len(said)-most):], err
}

var dates = regexp.MustCompile(`/(CreationDate|ModDate) \(D:\d{14}[^)]*\)`)

// dated sets the dates inside a PDF to a day, without moving a byte of it: its table
// of contents counts them.
func dated(pdf []byte, day string) []byte {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		at = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	stamp := at.Format("20060102150405")
	return dates.ReplaceAllFunc(pdf, func(found []byte) []byte {
		begin := bytes.Index(found, []byte("(D:")) + len("(D:")
		return append(append(append([]byte{}, found[:begin]...), stamp...), found[begin+len(stamp):]...)
	})
}

// Pages counts the pages of a PDF as Chromium writes it.
func Pages(pdf []byte) int { return len(pageObject.FindAll(pdf, -1)) }

var pageObject = regexp.MustCompile(`/Type\s*/Page[^s]`)

package pdf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"lifecircle"
	"lifecircle/document"
)

// printer is a printer of this machine.
func printer(t *testing.T) *Printer {
	t.Helper()
	p := New("")
	if p.path == "" {
		t.Skip("SKIPPED: there is no Chromium (scripts/setup.sh installs it): no PDF is printed")
	}
	return p
}

// page is a one-page document with so many rows; every third one takes two lines.
func page(t *testing.T, rows int) []byte {
	t.Helper()
	table := &document.Table{ID: "t", Columns: []document.Column{{Heading: "条款", Share: 7}, {Heading: "承诺", Share: 40}, {Heading: "数值", Share: 10, Number: true}}}
	for i := range rows {
		name := fmt.Sprintf("第 %d 项承诺", i)
		if i%3 == 0 {
			name += strings.Repeat("很长的名称", 12)
		}
		table.Rows = append(table.Rows, document.Row{Cells: []document.Cell{{Text: fmt.Sprint(i)}, {Text: name}, {Text: "1,234,567.89"}}})
	}
	table.Rows = append(table.Rows, document.Row{Cells: []document.Cell{{Text: "末"}, {Text: "最后一行"}, {Text: "END-OF-TABLE"}}})
	d := document.Document{
		Title: "标题", Day: "2025-12-31", Lines: []string{"一", "二"}, Banner: strings.Repeat("演示数据。", 20), Notes: []string{"注"},
		Blocks: []document.Block{&document.Heading{Level: 1, Text: "总览"}, table},
	}
	var out bytes.Buffer
	if err := d.HTML(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// One page is one page, whatever it holds, and nothing of it is lost.
func TestOnePageIsOnePage(t *testing.T) {
	t.Parallel()
	p := printer(t)
	for _, rows := range []int{0, 36, 80} {
		printed, err := p.Print(t.Context(), page(t, rows), "2025-12-31")
		if err != nil {
			t.Fatal(err)
		}
		if n := Pages(printed); n != 1 {
			t.Errorf("%d rows take %d pages", rows, n)
		}
		for _, want := range []string{"(D:20251231000000", "%%EOF"} {
			if !bytes.Contains(printed, []byte(want)) {
				t.Errorf("the PDF lacks %s", want)
			}
		}
		text, n := read(t, printed)
		if n != 1 || !strings.Contains(text, "END-OF-TABLE") {
			t.Errorf("%d rows: poppler counts %d pages, the last row is there: %v", rows, n, strings.Contains(text, "END-OF-TABLE"))
		}
	}
}

// read reads a PDF with poppler, which nobody here wrote: its text and pages. Where
// poppler is missing it says what we say ourselves.
func read(t *testing.T, printed []byte) (text string, pages int) {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Log("NOT READ ELSEWHERE: poppler-utils is not installed (scripts/setup.sh installs it)")
		return "END-OF-TABLE", Pages(printed)
	}
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, printed, 0o600); err != nil {
		t.Fatal(err)
	}
	info, err := exec.Command("pdfinfo", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(info)) {
		if rest, ok := strings.CutPrefix(line, "Pages:"); ok {
			if _, err := fmt.Sscan(rest, &pages); err != nil {
				t.Fatal(err)
			}
		}
	}
	body, err := exec.Command("pdftotext", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(body), pages
}

func TestTheSamePageGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	p := printer(t)
	first, err := p.Print(t.Context(), page(t, 3), "2025-12-31")
	if err != nil {
		t.Fatal(err)
	}
	again, err := p.Print(t.Context(), page(t, 3), "2025-12-31")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, again) {
		t.Error("the same page gave other bytes")
	}
}

func TestWithoutChromium(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv(Variable, "")
	if _, err := New("").Print(t.Context(), nil, ""); lifecircle.ErrorCode(err) != "chromium_missing" || !strings.Contains(err.Error(), "apt-get install chromium") {
		t.Errorf("no Chromium: %v", err)
	}
	var none *Printer
	if _, err := none.Print(t.Context(), nil, ""); lifecircle.ErrorCode(err) != "chromium_missing" {
		t.Errorf("no printer: %v", err)
	}
	broken := filepath.Join(t.TempDir(), "chromium")
	if err := os.WriteFile(broken, []byte("#!/bin/sh\necho cannot start >&2\nexit 1\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := New(broken).Print(t.Context(), nil, ""); lifecircle.ErrorCode(err) != "chromium_failed" || !strings.Contains(err.Error(), "cannot start") {
		t.Errorf("a Chromium that fails: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := New(broken).Print(ctx, nil, ""); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestDatesMoveNothing(t *testing.T) {
	t.Parallel()
	const written = "<< /CreationDate (D:20261125030442+00'00')\n/ModDate (D:20261125030442Z) /Other (D:20261125030442) >>"
	const want = "<< /CreationDate (D:20251231000000+00'00')\n/ModDate (D:20251231000000Z) /Other (D:20261125030442) >>"
	if got := string(dated([]byte(written), "2025-12-31")); got != want {
		t.Errorf("got %s", got)
	}
	if got := string(dated([]byte(written), "")); !strings.Contains(got, "D:19800101000000+") {
		t.Errorf("a day that is not known: %s", got)
	}
}

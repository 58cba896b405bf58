package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// answer writes rows as they come: as CSV to a file, or in the format asked to
// standard output. A row's slice may be used again.
func (a *app) answer(cmd *cobra.Command, path string, heading []string, rows func(row func(...string)) error) error {
	if path != "" && cmd.Flags().Changed("format") && a.format != "csv" {
		return useError{fmt.Errorf("--format %s goes to standard output: leave out -o", a.format)}
	}
	if path != "" {
		return csvTo(path, func(w *csvWriter) error { return writeRows(w, heading, rows) })
	}
	if a.format == "csv" {
		w := newCSV(cmd.OutOrStdout())
		if err := writeRows(w, heading, rows); err != nil {
			return err
		}
		return w.Flush()
	}
	table := [][]string{heading}
	objects := []map[string]string{}
	err := rows(func(cells ...string) {
		if a.format == "table" {
			table = append(table, append([]string(nil), cells...))
			return
		}
		object := make(map[string]string, len(cells))
		for i, cell := range cells {
			object[heading[i]] = cell
		}
		objects = append(objects, object)
	})
	if err != nil {
		return err
	}
	return a.print(cmd.OutOrStdout(), map[string]any{"rows": objects}, table)
}

func writeRows(w *csvWriter, heading []string, rows func(row func(...string)) error) error {
	w.row(heading...)
	return rows(w.row)
}

// csvWriter writes CSV (RFC 4180) without an allocation for each row: a region
// has a million rows. It keeps its first error for Flush.
type csvWriter struct {
	out  io.Writer
	buf  []byte
	fail error
}

const csvBuffer = 64 << 10

func newCSV(out io.Writer) *csvWriter { return &csvWriter{out: out, buf: make([]byte, 0, csvBuffer)} }

func (w *csvWriter) row(cells ...string) {
	for i, cell := range cells {
		if i > 0 {
			w.buf = append(w.buf, ',')
		}
		if strings.ContainsAny(cell, ",\"\r\n") || strings.HasPrefix(cell, " ") {
			w.buf = append(w.buf, '"')
			w.buf = append(w.buf, strings.ReplaceAll(cell, `"`, `""`)...)
			w.buf = append(w.buf, '"')
			continue
		}
		w.buf = append(w.buf, cell...)
	}
	w.buf = append(w.buf, '\n')
	if len(w.buf) > csvBuffer-1024 {
		w.write()
	}
}

func (w *csvWriter) write() {
	if w.fail == nil {
		_, w.fail = w.out.Write(w.buf)
	}
	w.buf = w.buf[:0]
}

// Flush writes what is left and returns the first error.
func (w *csvWriter) Flush() error {
	w.write()
	return w.fail
}

package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"lifecircle"
	"lifecircle/registry"
)

// Rows of facts are written many at a time: a row of its own costs a journey to
// PostgreSQL and back, and in SQLite the reading of its statement. What is pending
// is written before anything reads it, and before the change is recorded.
const maxRows = 500

// batch is the pending rows of one statement.
type batch struct {
	rows  int
	limit int
	args  []any
	write func(ctx context.Context, rows repeated, args []any) error
}

func (b *batch) flush(ctx context.Context) error {
	if b.rows == 0 {
		return nil
	}
	rows, args := repeated(b.rows), b.args
	b.rows, b.args = 0, b.args[:0]
	return b.write(ctx, rows, args)
}

// pend adds a row to the pending ones of a statement; write is how they will be
// written.
func (t *Tx) pend(ctx context.Context, statement string, write func(context.Context, repeated, []any) error, args ...any) error {
	b := t.pending[statement]
	if b == nil {
		if t.pending == nil {
			t.pending = make(map[string]*batch)
		}
		b = &batch{limit: max(1, min(maxRows, t.parameters/len(args))), write: write}
		t.pending[statement] = b
	}
	b.rows, b.args = b.rows+1, append(b.args, args...)
	if b.rows >= b.limit {
		return b.flush(ctx)
	}
	return nil
}

// flush writes all pending rows.
func (t *Tx) flush(ctx context.Context) error {
	for _, b := range t.pending {
		if err := b.flush(ctx); err != nil {
			return err
		}
	}
	return nil
}

const insertStanding = `INSERT INTO facility_standing (id, area, stands) VALUES ($1, $2, TRUE)
	ON CONFLICT (id) DO UPDATE SET stands = TRUE, area = EXCLUDED.area WHERE NOT facility_standing.stands RETURNING id`

// stand notes that a facility stands from now on. One that stands already is the
// error facility_exists, of this call or of one that writes what is pending.
func (t *Tx) stand(ctx context.Context, id lifecircle.FacilityID, area lifecircle.AreaCode) error {
	if slices.Contains(t.stands, string(id)) { // a statement may not touch a row twice
		if err := t.flush(ctx); err != nil {
			return err
		}
	}
	t.stands = append(t.stands, string(id))
	return t.pend(ctx, insertStanding, func(ctx context.Context, rows repeated, args []any) error {
		ids := t.stands
		t.stands = nil
		stood := make(map[string]bool, len(ids))
		err := each(ctx, t.tx, rows.rewrite(insertStanding), func(scan func(...any) error) error {
			var id string
			err := scan(&id)
			stood[id] = true
			return err
		}, args...)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if !stood[id] {
				return registry.FacilityExists(lifecircle.FacilityID(id))
			}
		}
		return nil
	}, string(id), string(area))
}

// repeated is how many rows a statement writes.
type repeated int

// rewrite repeats the one row that a statement inserts, with parameters that go on
// counting: VALUES ($1, $2) becomes VALUES ($1, $2), ($3, $4).
func (n repeated) rewrite(statement string) string {
	const values = "VALUES "
	at := strings.Index(statement, values)
	end := strings.IndexByte(statement[max(at, 0):], ')') + at + 1
	if at < 0 || end <= at {
		panic(fmt.Sprintf("store: no row of values in %s", statement))
	}
	before, row, after := statement[:at+len(values)], statement[at+len(values):end], statement[end:]
	parts := strings.Split(row, "$") // each but the first begins with a number
	width := len(parts) - 1
	var out strings.Builder
	out.WriteString(before)
	for r := range int(n) {
		if r > 0 {
			out.WriteString(", ")
		}
		out.WriteString(parts[0])
		for i, part := range parts[1:] {
			out.WriteByte('$')
			out.WriteString(strconv.Itoa(r*width + i + 1))
			out.WriteString(strings.TrimLeft(part, "0123456789"))
		}
	}
	out.WriteString(after)
	return out.String()
}

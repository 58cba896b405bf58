package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/figure"
	"lifecircle/job"
	"lifecircle/journal"
)

// Values that were put on their own are rows. Reading a row costs fifty times what a
// value in a column costs, so a job puts the latest ones together as columns, the fold.
// The rows stay: they are the history, and what is asked of an earlier time is read
// from them.

// position is where in the log a value was written: seq and ordinal within the change.
type position int64

const ordinalBits = 24

func positionOf(seq journal.Seq, ordinal int) position {
	return position(int64(seq)<<ordinalBits | int64(ordinal))
}

// tailRow is the latest writing of a value that was put on its own.
type tailRow struct {
	value     figure.Value
	retracted bool
	at        position
}

// foldedColumn are the latest writings of one series, period, source and provenance.
type foldedColumn struct {
	*figure.Column
	retracted bool
	at        []position // by area of the column's set
}

// tail is what was put on its own, up to a change.
type tail struct {
	folded []foldedColumn
	rows   map[figure.Key]tailRow // what is not in the fold, or was written after it
}

const tailColumns = valueColumns + `, c.seq, v.ordinal`

// add reads a row that is later than what is known of its value.
func (t *tail) add(scan func(...any) error) error {
	var seq journal.Seq
	var ordinal int
	value, retracted, err := scanValue(also(scan, &seq, &ordinal))
	if err != nil {
		return err
	}
	if row, at := t.rows[value.Key], positionOf(seq, ordinal); row.at < at {
		t.rows[value.Key] = tailRow{value, retracted, at}
	}
	return nil
}

// readTail reads what was put on its own up to a change: the fold as far as it goes,
// and rows.
func readTail(ctx context.Context, q queryer, until journal.Seq) (*tail, error) {
	t := &tail{rows: make(map[figure.Key]tailRow)}
	from, err := t.readFold(ctx, q, until)
	if err != nil {
		return nil, err
	}
	err = each(ctx, q, `SELECT `+tailColumns+` FROM reported_value v JOIN change c ON c.id = v.change WHERE c.seq > $1 AND c.seq <= $2`,
		t.add, int64(from), int64(until))
	if err == nil && from > 0 {
		err = each(ctx, q, `SELECT `+tailColumns+` FROM reported_value v JOIN change c ON c.id = v.change WHERE NOT v.fits AND c.seq <= $1`,
			t.add, int64(from))
	}
	return t, err
}

// readFold reads the fold and returns the change that it goes to: 0 where there is
// none, where it goes further than is asked, and where it is damaged, which the rows
// mend.
func (t *tail) readFold(ctx context.Context, q queryer, until journal.Seq) (from journal.Seq, err error) {
	var last sql.NullInt64
	err = each(ctx, q, `SELECT MAX(until) FROM figure_fold`, func(scan func(...any) error) error { return scan(&last) })
	if err != nil || !last.Valid || journal.Seq(last.Int64) > until {
		return 0, err
	}
	sets, sound := make(map[string]*figure.Areas), true
	err = each(ctx, q, `SELECT element, period, source, provenance, retracted, areas, body, positions, hash FROM figure_fold`, func(scan func(...any) error) error {
		var period, areas, hash string
		var body, positions []byte
		f := foldedColumn{Column: new(figure.Column)}
		if err := scan(&f.Element, &period, &f.Source, &f.Provenance, &f.retracted, &areas, &body, &positions, &hash); err != nil {
			return err
		}
		var err error
		if f.Period, err = lifecircle.ParsePeriod(period); err != nil {
			return err
		}
		if f.Areas = sets[areas]; f.Areas == nil {
			if f.Areas, err = figure.ParseAreas(areas); err != nil {
				return err
			}
			sets[areas] = f.Areas
		}
		if f.ReadBody(body) != nil || f.Digest(areas, append(body, positions...)) != hash || len(positions) != 8*len(f.Areas.Codes()) {
			sound = false
			return nil
		}
		f.at = make([]position, len(f.Areas.Codes()))
		for i := range f.at {
			f.at[i] = position(binary.LittleEndian.Uint64(positions[8*i:]))
		}
		t.folded = append(t.folded, f)
		return nil
	})
	if err != nil || !sound {
		t.folded = nil
		return 0, err
	}
	return journal.Seq(last.Int64), nil
}

// seriesOf is what columns and folds of one source are kept under.
func seriesOf(k figure.Key) figure.Key {
	return figure.Key{Element: k.Element, Period: k.Period, Source: k.Source}
}

// over returns what the tail lays over the columns that are there: layers of its own,
// and edits for single values. Of the writings of a value the latest holds.
func (t *tail) over(columns map[figure.Key][]writtenColumn) (layers []*figure.Column, edits []figure.Edit) {
	// said says whether a column has a value, and whether one written after at.
	said := func(key figure.Key, at position) (listed, later bool) {
		for _, c := range columns[seriesOf(key)] {
			if _, ok := c.Value(key.Area); ok {
				listed, later = true, later || positionOf(c.seq, 0) > at
			}
		}
		return listed, later
	}
	rows := make(map[figure.Key]bool) // the series of rows
	for key := range t.rows {
		rows[seriesOf(key)] = true
	}
	older := make(map[figure.Key]bool) // rows that the fold has a later writing of
	for _, f := range t.folded {
		key := figure.Key{Element: f.Element, Period: f.Period, Source: f.Source}
		alone := !rows[key] && len(columns[key]) == 0
		layer := *f.Column
		if !alone {
			layer.Mantissas = slices.Clone(f.Mantissas)
		}
		for i, code := range f.Areas.Codes() {
			if alone || f.Mantissas[i] == figure.Silent {
				continue
			}
			key.Area = code
			listed, later := said(key, f.at[i])
			if row, written := t.rows[key]; written {
				later = later || row.at > f.at[i]
				older[key] = older[key] || row.at < f.at[i]
			}
			switch {
			case later:
				layer.Mantissas[i] = figure.Silent
			case f.retracted && listed:
				edits = append(edits, figure.Edit{Retract: &figure.Key{Element: key.Element, Area: code, Period: key.Period, Source: key.Source}})
			}
		}
		if !f.retracted {
			layers = append(layers, &layer)
		}
	}
	for key, row := range t.rows {
		listed, later := said(key, row.at)
		switch {
		case later, older[key]:
		case !row.retracted:
			edits = append(edits, figure.Edit{Put: &row.value})
		case listed:
			edits = append(edits, figure.Edit{Retract: &key})
		}
	}
	return layers, edits
}

// FoldFigures puts the latest values that were put on their own together as columns,
// and returns how many. It changes no fact.
func (db *DB) FoldFigures(ctx context.Context, grant account.Grant) (folded int, err error) {
	if err := grant.Check(""); err != nil {
		return 0, err
	}
	// The rows of changes up to until stay as they are while they are read: only later
	// ones are added.
	var until journal.Seq
	if err := db.read.QueryRowContext(ctx, `SELECT seq FROM clock`).Scan(&until); err != nil {
		return 0, fmt.Errorf("fold figures: %w", err)
	}
	t := tail{rows: make(map[figure.Key]tailRow)}
	err = each(ctx, db.read, `SELECT `+tailColumns+` FROM reported_value v JOIN change c ON c.id = v.change WHERE v.fits AND c.seq <= $1`, t.add, int64(until))
	if err != nil {
		return 0, fmt.Errorf("fold figures: %w", err)
	}
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return 0, fmt.Errorf("fold figures: %w", understood(err))
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	if _, err := tx.ExecContext(ctx, `DELETE FROM figure_fold`); err != nil {
		return 0, fmt.Errorf("fold figures: %w", understood(err))
	}
	for _, f := range t.foldable() {
		areas, body, positions := f.Areas.Text(), f.Body(), make([]byte, 0, 8*len(f.at))
		for _, at := range f.at {
			positions = binary.LittleEndian.AppendUint64(positions, uint64(at))
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO figure_fold (element, period, source, provenance, retracted, places, areas, body, positions, hash, until)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
			f.Element, f.Period.String(), f.Source, string(f.Provenance), f.retracted, f.Places, areas, body, positions,
			f.Digest(areas, append(slices.Clip(body), positions...)), int64(until))
		if err != nil {
			return 0, fmt.Errorf("fold figures: %w", understood(err))
		}
		folded += len(f.at)
	}
	return folded, understood(tx.Commit())
}

// foldable puts rows together by series, period, source, provenance and decimal
// places, so that each has the form of a column.
func (t *tail) foldable() []foldedColumn {
	type kind struct {
		series     figure.Key
		provenance lifecircle.Provenance
		retracted  bool
		places     int
	}
	values := make(map[kind][]figure.Value)
	for key, row := range t.rows {
		_, places, _ := figure.Decimal(row.value.Number)
		k := kind{seriesOf(key), row.value.Provenance, row.retracted, places}
		values[k] = append(values[k], row.value)
	}
	var columns []foldedColumn
	for k, all := range values {
		c, ok := figure.NewColumn(all)
		if !ok {
			panic("store: values that fit a column do not: " + k.series.Element)
		}
		f := foldedColumn{Column: c, retracted: k.retracted, at: make([]position, len(all))}
		for i, code := range c.Areas.Codes() {
			key := k.series
			key.Area = code
			f.at[i] = t.rows[key].at
		}
		columns = append(columns, f)
	}
	return columns
}

// TailLength counts the rows of values that were written since the last fold.
func (db *DB) TailLength(ctx context.Context, grant account.Grant) (rows int, err error) {
	if err := grant.Check(""); err != nil {
		return 0, err
	}
	err = db.read.QueryRowContext(ctx, `SELECT COUNT(*) FROM reported_value v JOIN change c ON c.id = v.change
		WHERE c.seq > (SELECT COALESCE(MAX(until), 0) FROM figure_fold)`).Scan(&rows)
	if err != nil {
		return 0, fmt.Errorf("count values: %w", err)
	}
	return rows, nil
}

// FoldJob is the kind of the job that folds figures.
const FoldJob = "fold_figures"

// FoldKind folds figures as a job; it may be begun again.
func (db *DB) FoldKind(grant account.Grant) job.Kind {
	work := func(ctx context.Context, _ job.Job, _ func(job.Told)) (json.RawMessage, error) {
		folded, err := db.FoldFigures(ctx, grant)
		if err != nil {
			return nil, err
		}
		return json.Marshal(map[string]int{"values": folded})
	}
	return job.Kind{Work: work, Again: true}
}

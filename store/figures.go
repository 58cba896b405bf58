package store

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/figure"
	"lifecircle/journal"
	"lifecircle/scenario"
)

const insertColumn = `INSERT INTO figure_column (element, period, source, provenance, areas, body, hash, change, ordinal)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`

// PutColumns implements figure.Writer.
func (t *Tx) PutColumns(ctx context.Context, grant account.Grant, id journal.ChangeID, columns []*figure.Column) error {
	sets := make(map[*figure.Areas]string)
	for _, c := range columns {
		areas, kept := sets[c.Areas]
		if !kept {
			for _, code := range c.Areas.Codes() {
				if err := grant.Check(code); err != nil {
					return err
				}
			}
			areas = c.Areas.Hash()
			if _, err := t.exec(ctx, `INSERT INTO figure_areas (hash, body) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING`, areas, c.Areas.Text()); err != nil {
				return err
			}
			sets[c.Areas] = areas
		}
		body := c.Body()
		if err := t.insert(ctx, id, insertColumn, c.Element, c.Period.String(), c.Source, string(c.Provenance), areas, body, c.Digest(areas, body)); err != nil {
			return err
		}
	}
	return nil
}

// writtenColumn is a column with the change that wrote it.
type writtenColumn struct {
	*figure.Column
	seq     journal.Seq
	ordinal int // within the change
}

const (
	columnColumns = `f.element, f.period, f.source, f.provenance, f.areas, f.body, f.hash, c.seq, f.ordinal`
	columnTables  = `figure_column f JOIN change c ON c.id = f.change`
)

// columnReader reads columns, in any order; those of one set of areas share it. The
// codes of a set are longer than a column: they are read once and not in each row,
// and rows are put in order here, since a database sorts them with their bodies.
type columnReader struct {
	codes  map[string]string // of sets, by hash
	sets   map[string]*figure.Areas
	undone map[journal.Seq]bool
	read   []writtenColumn
}

func (r *columnReader) visit(scan func(...any) error) error {
	var period, areas, hash string
	var body []byte
	w := writtenColumn{Column: new(figure.Column)}
	if err := scan(&w.Element, &period, &w.Source, &w.Provenance, &areas, &body, &hash, &w.seq, &w.ordinal); err != nil {
		return err
	}
	if r.undone[w.seq] {
		return nil
	}
	var err error
	if w.Period, err = lifecircle.ParsePeriod(period); err != nil {
		return err
	}
	if w.Areas = r.sets[areas]; w.Areas == nil {
		if w.Areas, err = figure.ParseAreas(r.codes[areas]); err != nil {
			return err
		}
		r.sets[areas] = w.Areas
	}
	if err := w.ReadBody(body); err != nil {
		return err
	}
	if w.Digest(areas, body) != hash {
		return lifecircle.Errorf("column_damaged", "the stored values of %s %s from %q are not those that were written; restore the database from a backup", w.Element, period, w.Source).
			With("element", w.Element)
	}
	r.read = append(r.read, w)
	return nil
}

func newColumnReader(ctx context.Context, q queryer, until journal.Seq) (*columnReader, error) {
	r := &columnReader{codes: make(map[string]string), sets: make(map[string]*figure.Areas)}
	var err error
	if r.undone, err = undoneChanges(ctx, q, until); err != nil {
		return nil, err
	}
	err = each(ctx, q, `SELECT hash, body FROM figure_areas`, func(scan func(...any) error) error {
		var hash, body string
		err := scan(&hash, &body)
		r.codes[hash] = body
		return err
	})
	return r, err
}

// inOrder returns what was read in the order in which it was written.
func (r *columnReader) inOrder() []writtenColumn {
	slices.SortFunc(r.read, func(a, b writtenColumn) int {
		return cmp.Or(cmp.Compare(a.seq, b.seq), cmp.Compare(a.ordinal, b.ordinal))
	})
	return r.read
}

// undoneChanges returns the changes that an undo in force takes back; those
// after until count as not made. Whoever
// undoes comes later, so the latest are decided first.
func undoneChanges(ctx context.Context, q queryer, until journal.Seq) (map[journal.Seq]bool, error) {
	undone := make(map[journal.Seq]bool)
	err := each(ctx, q, `SELECT seq, undoes FROM change WHERE undoes > 0 AND seq <= $1 ORDER BY seq DESC`, func(scan func(...any) error) error {
		var seq, undoes journal.Seq
		err := scan(&seq, &undoes)
		if !undone[seq] {
			undone[undoes] = true
		}
		return err
	}, int64(until))
	return undone, err
}

// columnsOf returns the columns in force of one series, period and source, the
// later last.
func columnsOf(ctx context.Context, q queryer, key figure.Key) ([]writtenColumn, error) {
	r, err := newColumnReader(ctx, q, math.MaxInt64)
	if err != nil {
		return nil, err
	}
	err = each(ctx, q, `SELECT `+columnColumns+` FROM `+columnTables+`
		WHERE f.element = $1 AND f.period = $2 AND f.source = $3`,
		r.visit, key.Element, key.Period.String(), key.Source)
	return r.inOrder(), err
}

// withColumns adds to the writings of a value those that came in columns.
func withColumns(ctx context.Context, q queryer, key figure.Key, writings []scenario.Writing[figure.Value]) ([]scenario.Writing[figure.Value], error) {
	columns, err := columnsOf(ctx, q, key)
	for _, c := range columns {
		if value, ok := c.Value(key.Area); ok {
			writings = append(writings, scenario.Writing[figure.Value]{Seq: c.seq, Stands: true, Fact: value})
		}
	}
	slices.SortStableFunc(writings, func(a, b scenario.Writing[figure.Value]) int { return int(b.Seq - a.Seq) })
	return writings, err
}

// readFigures reads columns and what was written on its own, each where it is
// the later.
func readFigures(ctx context.Context, q queryer, until journal.Seq) (*figure.Table, error) {
	columns, err := newColumnReader(ctx, q, until)
	if err == nil {
		err = each(ctx, q, `SELECT `+columnColumns+` FROM `+columnTables+` WHERE c.seq <= $1`, columns.visit, int64(until))
	}
	if err != nil {
		return nil, fmt.Errorf("read columns of values: %w", err)
	}
	layers := make([]*figure.Column, len(columns.read))
	byKey := make(map[figure.Key][]writtenColumn)
	for i, c := range columns.inOrder() {
		layers[i] = c.Column
		key := figure.Key{Element: c.Element, Period: c.Period, Source: c.Source}
		byKey[key] = append(byKey[key], c)
	}
	single, err := readTail(ctx, q, until)
	if err != nil {
		return nil, fmt.Errorf("read values: %w", err)
	}
	folded, edits := single.over(byKey)
	layers = append(layers, folded...)
	choices := latest[figure.Key, figure.Choice]{}
	err = each(ctx, q, `SELECT `+choiceColumns+` FROM value_choice v JOIN change c ON c.id = v.change AND c.seq <= $1 ORDER BY c.seq, v.ordinal`,
		func(scan func(...any) error) error {
			c, err := scanChoice(scan)
			choices.put(figure.Key{Element: c.Element, Area: c.Area, Period: c.Period}, c, false)
			return err
		}, int64(until))
	if err != nil {
		return nil, fmt.Errorf("read choices: %w", err)
	}
	for _, c := range choices {
		edits = append(edits, figure.Edit{Choose: &c})
	}
	return new(figure.Table).WithColumns(layers).With(edits)
}

// AreaCodes returns the codes of all areas there are or were: what a list of
// values may speak of.
func (db *DB) AreaCodes(ctx context.Context, grant account.Grant) (map[lifecircle.AreaCode]bool, error) {
	if err := grant.Check(""); err != nil {
		return nil, err
	}
	codes := make(map[lifecircle.AreaCode]bool)
	err := each(ctx, db.read, `SELECT a.code, a.struck FROM area a JOIN change c ON c.id = a.change ORDER BY c.seq, a.ordinal`,
		func(scan func(...any) error) error {
			var code lifecircle.AreaCode
			var struck bool
			err := scan(&code, &struck)
			codes[code] = !struck
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("read areas: %w", err)
	}
	return codes, nil
}

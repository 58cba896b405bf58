package store

import (
	"context"
	"database/sql"
	"errors"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/figure"
	"lifecircle/journal"
	"lifecircle/scenario"
)

// Tx is one transaction of changes. It is not safe for concurrent use.
type Tx struct {
	tx      *sql.Tx
	ordinal int // places rows within the change
	ended   bool
	pending map[string]*batch // by statement
	stands  []string          // the pending facilities that will stand

	parameters int // of a statement, at most
}

var _ scenario.Tx = (*Tx)(nil)

// exec runs a statement and returns how many rows it wrote.
func (t *Tx) exec(ctx context.Context, statement string, args ...any) (int64, error) {
	result, err := t.tx.ExecContext(ctx, statement, args...)
	if err != nil {
		return 0, understood(err)
	}
	return result.RowsAffected()
}

// insert adds one row of a fact; its last two parameters are the change and its
// place in it. The row is written with others.
func (t *Tx) insert(ctx context.Context, id journal.ChangeID, statement string, args ...any) error {
	t.ordinal++
	return t.pend(ctx, statement, func(ctx context.Context, rows repeated, args []any) error {
		_, err := t.exec(ctx, rows.rewrite(statement), args...)
		return err
	}, append(args, string(id), t.ordinal)...)
}

// alone keeps every other change out until this transaction ends, so that what
// it reads from here on is what it will write upon. Only actions that read before
// they write ask for it.
func (t *Tx) alone(ctx context.Context) error {
	if err := t.flush(ctx); err != nil {
		return err
	}
	_, err := t.exec(ctx, `UPDATE clock SET seq = seq`)
	return err
}

// Append implements journal.Tx.
func (t *Tx) Append(ctx context.Context, grant account.Grant, c journal.Change) (journal.Seq, error) {
	if err := grant.Check(""); err != nil {
		return 0, err
	}
	if err := t.flush(ctx); err != nil {
		return 0, err
	}
	if err := t.tx.QueryRowContext(ctx, `UPDATE clock SET seq = seq + 1 RETURNING seq`).Scan(&c.Seq); err != nil {
		return 0, understood(err)
	}
	key := sql.NullString{String: c.Key, Valid: c.Key != ""}
	_, err := t.exec(ctx, `INSERT INTO change (seq, id, action, actor, at, body, hash, undoes, key)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		int64(c.Seq), string(c.ID), c.Action, c.Actor, c.At.UnixMicro(), string(c.Body), c.Hash, int64(c.Undoes), key)
	return c.Seq, err
}

// ByKey implements journal.Tx.
func (t *Tx) ByKey(ctx context.Context, grant account.Grant, key string) (journal.Change, bool, error) {
	return t.change(ctx, grant, `SELECT `+changeColumns+` FROM change WHERE key = $1`, key)
}

// Change implements scenario.History. It keeps other changes out, because whoever
// asks is about to overturn what it reads.
func (t *Tx) Change(ctx context.Context, grant account.Grant, seq journal.Seq) (journal.Change, error) {
	if err := t.alone(ctx); err != nil {
		return journal.Change{}, err
	}
	c, found, err := t.change(ctx, grant, `SELECT `+changeColumns+` FROM change WHERE seq = $1`, int64(seq))
	if err == nil && !found {
		err = lifecircle.Errorf("change_unknown", "there is no change %d", seq).With("seq", int64(seq))
	}
	return c, err
}

func (t *Tx) change(ctx context.Context, grant account.Grant, query string, arg any) (c journal.Change, found bool, err error) {
	if err := grant.Check(""); err != nil {
		return journal.Change{}, false, err
	}
	err = each(ctx, t.tx, query, func(scan func(...any) error) error {
		found = true
		var err error
		c, err = scanChange(scan)
		return err
	}, arg)
	return c, found, err
}

// Commit implements journal.Tx.
func (t *Tx) Commit() error {
	t.ended = true
	return understood(t.tx.Commit())
}

// Rollback implements journal.Tx.
func (t *Tx) Rollback() error {
	if t.ended {
		return nil
	}
	t.ended = true
	if err := t.tx.Rollback(); !errors.Is(err, sql.ErrTxDone) { // a cancelled context has rolled back already
		return err
	}
	return nil
}

const insertValue = `INSERT INTO reported_value (element, area, period, source, number, provenance, retracted, fits, change, ordinal)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`

// PutValue implements figure.Writer.
func (t *Tx) PutValue(ctx context.Context, grant account.Grant, id journal.ChangeID, v figure.Value) error {
	if err := grant.Check(v.Area); err != nil {
		return err
	}
	_, _, fits := figure.Decimal(v.Number)
	return t.insert(ctx, id, insertValue,
		v.Element, string(v.Area), v.Period.String(), v.Source, v.Number.String(), string(v.Provenance), false, fits)
}

// RetractValue implements figure.Writer.
func (t *Tx) RetractValue(ctx context.Context, grant account.Grant, id journal.ChangeID, key figure.Key) error {
	if err := grant.Check(key.Area); err != nil {
		return err
	}
	if err := t.alone(ctx); err != nil {
		return err
	}
	// Rows of this very change count: the log knows nothing of it yet.
	standing, latest := false, int64(0)
	err := each(ctx, t.tx, `SELECT v.retracted, COALESCE(c.seq, 9223372036854775807) FROM reported_value v LEFT JOIN change c ON c.id = v.change
		WHERE v.element = $1 AND v.area = $2 AND v.period = $3 AND v.source = $4 AND (c.seq IS NOT NULL OR v.change = $5)
		ORDER BY COALESCE(c.seq, 9223372036854775807) DESC, v.ordinal DESC LIMIT 1`,
		func(scan func(...any) error) error {
			var retracted bool
			err := scan(&retracted, &latest)
			standing = !retracted
			return err
		}, key.Element, string(key.Area), key.Period.String(), key.Source, string(id))
	if err != nil {
		return err
	}
	columns, err := columnsOf(ctx, t.tx, key)
	for _, c := range columns {
		if _, ok := c.Value(key.Area); ok && int64(c.seq) > latest {
			standing = true
		}
	}
	switch {
	case err != nil:
		return err
	case !standing:
		return figure.UnknownValue(key)
	}
	return t.insert(ctx, id, insertValue, key.Element, string(key.Area), key.Period.String(), key.Source, "0", "", true, true)
}

// PutChoice implements figure.Writer.
func (t *Tx) PutChoice(ctx context.Context, grant account.Grant, id journal.ChangeID, c figure.Choice) error {
	if err := grant.Check(c.Area); err != nil {
		return err
	}
	return t.insert(ctx, id, `INSERT INTO value_choice (element, area, period, source, reason, change, ordinal)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, c.Element, string(c.Area), c.Period.String(), c.Source, c.Reason)
}

// TakenBack implements scenario.History.
func (t *Tx) TakenBack(ctx context.Context, grant account.Grant, seq journal.Seq) (bool, error) {
	if err := grant.Check(""); err != nil {
		return false, err
	}
	return takenBack(ctx, t.tx, seq)
}

func takenBack(ctx context.Context, q queryer, seq journal.Seq) (bool, error) {
	var undoers []journal.Seq
	err := each(ctx, q, `SELECT seq FROM change WHERE undoes = $1`, func(scan func(...any) error) error {
		var undoer journal.Seq
		err := scan(&undoer)
		undoers = append(undoers, undoer)
		return err
	}, int64(seq))
	for _, undoer := range undoers {
		if err != nil {
			break
		}
		var back bool
		if back, err = takenBack(ctx, q, undoer); err == nil && !back {
			return true, nil
		}
	}
	return false, err
}

// ValueWritings implements scenario.History.
func (t *Tx) ValueWritings(ctx context.Context, grant account.Grant, key figure.Key) ([]scenario.Writing[figure.Value], error) {
	if err := grant.Check(key.Area); err != nil {
		return nil, err
	}
	var writings []scenario.Writing[figure.Value]
	err := each(ctx, t.tx, `SELECT `+valueColumns+`, c.seq, c.undoes FROM reported_value v JOIN change c ON c.id = v.change
		WHERE v.element = $1 AND v.area = $2 AND v.period = $3 AND v.source = $4 ORDER BY c.seq DESC, v.ordinal DESC`,
		func(scan func(...any) error) error {
			var w scenario.Writing[figure.Value]
			v, retracted, err := scanValue(also(scan, &w.Seq, &w.Undoes))
			w.Stands, w.Fact = !retracted, v
			writings = append(writings, w)
			return err
		}, key.Element, string(key.Area), key.Period.String(), key.Source)
	if err != nil {
		return nil, err
	}
	return withColumns(ctx, t.tx, key, writings)
}

// ChoiceWritings implements scenario.History.
func (t *Tx) ChoiceWritings(ctx context.Context, grant account.Grant, slot figure.Key) ([]scenario.Writing[figure.Choice], error) {
	if err := grant.Check(slot.Area); err != nil {
		return nil, err
	}
	var writings []scenario.Writing[figure.Choice]
	err := each(ctx, t.tx, `SELECT `+choiceColumns+`, c.seq, c.undoes FROM value_choice v JOIN change c ON c.id = v.change
		WHERE v.element = $1 AND v.area = $2 AND v.period = $3 ORDER BY c.seq DESC, v.ordinal DESC`,
		func(scan func(...any) error) error {
			var w scenario.Writing[figure.Choice]
			choice, err := scanChoice(also(scan, &w.Seq, &w.Undoes))
			w.Stands, w.Fact = choice.Source != "", choice
			writings = append(writings, w)
			return err
		}, slot.Element, string(slot.Area), slot.Period.String())
	return writings, err
}

// also scans further columns behind those that a scan function knows.
func also(scan func(...any) error, more ...any) func(...any) error {
	return func(known ...any) error { return scan(append(known, more...)...) }
}

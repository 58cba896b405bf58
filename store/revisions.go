package store

import (
	"context"
	"fmt"
	"time"

	"lifecircle/account"
	"lifecircle/journal"
	"lifecircle/registry"
	"lifecircle/scenario"
)

const (
	revisionColumns = `, c.seq, c.action, c.actor, c.at, c.undoes`

	facilityRevisions = `SELECT ` + facilityColumns + revisionColumns + ` FROM facility f JOIN change c ON c.id = f.change
		WHERE f.id = $1 ORDER BY c.seq DESC, f.ordinal DESC`
	recordRevisions = `SELECT ` + recordColumns + revisionColumns + ` FROM record r JOIN change c ON c.id = r.change
		WHERE r.id = $1 AND r.register = $2 ORDER BY c.seq DESC, r.ordinal DESC`
)

// Revisions implements scenario.Revisions.
func (db *DB) Revisions(ctx context.Context, grant account.Grant, e registry.Entry) ([]scenario.Revision, error) {
	if err := grant.Check(""); err != nil {
		return nil, err
	}
	var all []scenario.Revision
	add := func(made journal.Change, stands bool, row registry.Record) {
		all = append(all, scenario.Revision{Change: made, Stands: stands, Row: row})
	}
	facility := func(scan func(...any) error) error {
		var made changeHead
		f, withdrawn, err := scanFacility(made.after(scan))
		add(made.change(), !withdrawn, *f.AsRecord())
		return err
	}
	record := func(scan func(...any) error) error {
		var made changeHead
		r, struck, err := scanRecord(made.after(scan))
		add(made.change(), !struck, r)
		return err
	}
	var err error
	if e.Register == registry.FacilityRegister {
		err = each(ctx, db.read, facilityRevisions, facility, e.ID)
	} else {
		err = each(ctx, db.read, recordRevisions, record, e.ID, e.Register)
	}
	if err != nil {
		return nil, fmt.Errorf("read the history of %s %s: %w", e.Register, e.ID, err)
	}
	if len(all) == 0 {
		return nil, registry.UnknownEntry(e)
	}
	return all, grant.Check(all[0].Row.Area)
}

// changeHead is revisionColumns.
type changeHead struct {
	journal.Change
	at int64
}

func (h *changeHead) after(scan func(...any) error) func(...any) error {
	return also(scan, &h.Seq, &h.Action, &h.Actor, &h.at, &h.Undoes)
}

func (h *changeHead) change() journal.Change {
	c := h.Change
	c.At = time.UnixMicro(h.at).UTC()
	return c
}

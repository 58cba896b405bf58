package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/journal"
	"lifecircle/scenario"
)

var _ scenario.ShelfReader = (*DB)(nil)

// scenarioRows are the revisions of scenarios with what follows from them.
const scenarioRows = `SELECT a.scenario, a.root, a.name, a.note, a.state, a.revision, a.head, a.tip, a.deed, c.actor, c.at, v.base,
		(SELECT MAX(m.version) FROM scenario_version m WHERE m.scenario = a.scenario),
		COALESCE((SELECT MAX(k.seq) FROM scenario_act b JOIN change k ON k.id = b.change
			WHERE b.scenario = a.scenario AND b.deed = 'adopt' AND b.revision <= a.revision), 0)
	FROM scenario_act a JOIN change c ON c.id = a.change JOIN scenario_version v ON v.scenario = a.scenario AND v.version = a.head`

func scanScenario(scan func(...any) error) (s scenario.Scenario, err error) {
	var at int64
	err = scan(&s.ID, &s.Root, &s.Name, &s.Note, &s.State, &s.Revision, &s.Head, &s.Tip, &s.Deed, &s.Actor, &at, &s.Base, &s.Versions, &s.Adopted)
	s.At = time.UnixMicro(at).UTC()
	return s, err
}

// Scenarios returns the scenarios that a grant covers, those with the latest deed
// first; archived ones when asked for.
func (db *DB) Scenarios(ctx context.Context, grant account.Grant, archived bool) ([]scenario.Scenario, error) {
	all := []scenario.Scenario{}
	err := each(ctx, db.read, scenarioRows+`
		WHERE a.revision = (SELECT MAX(l.revision) FROM scenario_act l WHERE l.scenario = a.scenario) AND (a.state <> 'archived' OR $1)
		ORDER BY c.seq DESC`,
		func(scan func(...any) error) error {
			s, err := scanScenario(scan)
			if err == nil && grant.Allows(s.Root) {
				all = append(all, s)
			}
			return err
		}, archived)
	if err != nil {
		return nil, fmt.Errorf("read scenarios: %w", err)
	}
	for i := range all {
		if err := tellTakenBack(ctx, db.read, &all[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func tellTakenBack(ctx context.Context, q queryer, s *scenario.Scenario) (err error) {
	if s.Adopted != 0 {
		s.TakenBack, err = takenBack(ctx, q, s.Adopted)
	}
	return err
}

// Scenario implements scenario.ShelfReader.
func (db *DB) Scenario(ctx context.Context, grant account.Grant, id string, revision int) (scenario.Scenario, error) {
	return readScenario(ctx, db.read, grant, id, revision)
}

// Scenario implements scenario.ShelfReader.
func (t *Tx) Scenario(ctx context.Context, grant account.Grant, id string, revision int) (scenario.Scenario, error) {
	return readScenario(ctx, t.tx, grant, id, revision)
}

func readScenario(ctx context.Context, q queryer, grant account.Grant, id string, revision int) (s scenario.Scenario, err error) {
	found := false
	err = each(ctx, q, scenarioRows+` WHERE a.scenario = $1 AND ($2 = 0 OR a.revision = $2) ORDER BY a.revision DESC LIMIT 1`,
		func(scan func(...any) error) (err error) {
			found = true
			s, err = scanScenario(scan)
			return err
		}, id, revision)
	if err != nil {
		return s, fmt.Errorf("read scenario %s: %w", id, err)
	}
	if !found {
		if revision != 0 {
			if _, err := readScenario(ctx, q, grant, id, 0); err != nil {
				return s, err
			}
			return s, lifecircle.Errorf("revision_unknown", "scenario %q has no revision %d: read it again", id, revision).With("revision", revision)
		}
		// A scenario is known by its link; nobody learns whose others are.
		if err := grant.Check(""); err != nil {
			return s, err
		}
		return s, lifecircle.Errorf("scenario_unknown", "there is no scenario %q", id).With("scenario", id)
	}
	if err := grant.Check(s.Root); err != nil {
		return scenario.Scenario{}, err
	}
	return s, tellTakenBack(ctx, q, &s)
}

// Chain implements scenario.ShelfReader.
func (db *DB) Chain(ctx context.Context, grant account.Grant, id string, version int) ([]scenario.Version, error) {
	return readChain(ctx, db.read, grant, id, version)
}

// Chain implements scenario.ShelfReader.
func (t *Tx) Chain(ctx context.Context, grant account.Grant, id string, version int) ([]scenario.Version, error) {
	return readChain(ctx, t.tx, grant, id, version)
}

func readChain(ctx context.Context, q queryer, grant account.Grant, id string, version int) ([]scenario.Version, error) {
	if _, err := readScenario(ctx, q, grant, id, 0); err != nil {
		return nil, err
	}
	// Versions are numbered in the order they were made, so a parent comes before.
	chain, err := readVersions(ctx, q, `WITH RECURSIVE up (version, parent) AS (
			SELECT version, parent FROM scenario_version WHERE scenario = $1 AND version = $2
			UNION ALL SELECT p.version, p.parent FROM scenario_version p JOIN up ON p.version = up.parent WHERE p.scenario = $1)
		SELECT v.version, v.parent, v.base, v.edits, c.actor, c.at FROM scenario_version v JOIN change c ON c.id = v.change
		WHERE v.scenario = $1 AND v.version IN (SELECT version FROM up) ORDER BY v.version`, id, version)
	if err == nil && len(chain) == 0 {
		err = lifecircle.Errorf("version_unknown", "scenario %q has no version %d", id, version).With("scenario", id).With("version", version)
	}
	return chain, err
}

// Versions returns every version of a scenario, those of abandoned branches too,
// in the order they were made.
func (db *DB) Versions(ctx context.Context, grant account.Grant, id string) ([]scenario.Version, error) {
	if _, err := db.Scenario(ctx, grant, id, 0); err != nil {
		return nil, err
	}
	return readVersions(ctx, db.read, `SELECT v.version, v.parent, v.base, v.edits, c.actor, c.at
		FROM scenario_version v JOIN change c ON c.id = v.change WHERE v.scenario = $1 ORDER BY v.version`, id)
}

func readVersions(ctx context.Context, q queryer, query string, args ...any) ([]scenario.Version, error) {
	versions := []scenario.Version{}
	err := each(ctx, q, query, func(scan func(...any) error) error {
		var v scenario.Version
		var at int64
		if err := scan(&v.Number, &v.Parent, &v.Base, jsonColumn{&v.Edits}, &v.Actor, &at); err != nil {
			return err
		}
		v.At = time.UnixMicro(at).UTC()
		versions = append(versions, v)
		return nil
	}, args...)
	if err != nil {
		return nil, fmt.Errorf("read versions: %w", err)
	}
	return versions, nil
}

// Acts implements scenario.ShelfReader.
func (db *DB) Acts(ctx context.Context, grant account.Grant, id string, after int) ([]scenario.Act, error) {
	return readActs(ctx, db.read, grant, id, after)
}

// Acts implements scenario.ShelfReader.
func (t *Tx) Acts(ctx context.Context, grant account.Grant, id string, after int) ([]scenario.Act, error) {
	return readActs(ctx, t.tx, grant, id, after)
}

func readActs(ctx context.Context, q queryer, grant account.Grant, id string, after int) ([]scenario.Act, error) {
	if _, err := readScenario(ctx, q, grant, id, 0); err != nil {
		return nil, err
	}
	acts := []scenario.Act{}
	err := each(ctx, q, `SELECT a.revision, a.deed, a.name, a.state, a.head, c.actor, c.at
		FROM scenario_act a JOIN change c ON c.id = a.change WHERE a.scenario = $1 AND a.revision > $2 ORDER BY a.revision`,
		func(scan func(...any) error) error {
			var a scenario.Act
			var at int64
			err := scan(&a.Revision, &a.Deed, &a.Name, &a.State, &a.Head, &a.Actor, &at)
			a.At = time.UnixMicro(at).UTC()
			acts = append(acts, a)
			return err
		}, id, after)
	if err != nil {
		return nil, fmt.Errorf("read acts: %w", err)
	}
	return acts, nil
}

// Alone implements scenario.Shelf.
func (t *Tx) Alone(ctx context.Context, grant account.Grant) (seq journal.Seq, err error) {
	if err := grant.Check(""); err != nil {
		return 0, err
	}
	if err := t.alone(ctx); err != nil {
		return 0, err
	}
	err = each(ctx, t.tx, `SELECT seq FROM change WHERE action <> $1 ORDER BY seq DESC LIMIT 1`,
		func(scan func(...any) error) error { return scan(&seq) }, scenario.ActionScenario)
	return seq, err
}

// CountScenarios implements scenario.Shelf.
func (t *Tx) CountScenarios(ctx context.Context, grant account.Grant) (n int, err error) {
	if err := grant.Check(""); err != nil {
		return 0, err
	}
	err = t.tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM scenario_act a
		WHERE a.revision = (SELECT MAX(l.revision) FROM scenario_act l WHERE l.scenario = a.scenario) AND a.state <> 'archived'`).Scan(&n)
	return n, understood(err)
}

// InsertAct implements scenario.Shelf.
func (t *Tx) InsertAct(ctx context.Context, grant account.Grant, id journal.ChangeID, s scenario.Scenario) error {
	if err := grant.Check(s.Root); err != nil {
		return err
	}
	_, err := t.exec(ctx, `INSERT INTO scenario_act (scenario, revision, deed, root, name, note, state, head, tip, change)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		s.ID, s.Revision, string(s.Deed), string(s.Root), s.Name, s.Note, string(s.State), s.Head, s.Tip, string(id))
	return err
}

// InsertVersion implements scenario.Shelf.
func (t *Tx) InsertVersion(ctx context.Context, grant account.Grant, id journal.ChangeID, of string, v scenario.Version) error {
	if err := grant.Check(""); err != nil {
		return err
	}
	edits, err := json.Marshal(v.Edits)
	if err != nil {
		return errors.Join(lifecircle.Errorf("edit_invalid", "write edits"), err)
	}
	_, err = t.exec(ctx, `INSERT INTO scenario_version (scenario, version, parent, base, edits, change) VALUES ($1, $2, $3, $4, $5, $6)`,
		of, v.Number, v.Parent, int64(v.Base), string(edits), string(id))
	return err
}

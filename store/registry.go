package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/geo"
	"lifecircle/journal"
	"lifecircle/registry"
	"lifecircle/scenario"
)

// InsertArea implements registry.Writer.
func (t *Tx) InsertArea(ctx context.Context, grant account.Grant, id journal.ChangeID, a registry.Area) error {
	if err := grant.Check(a.Code); err != nil {
		return err
	}
	return t.insertArea(ctx, id, a, false)
}

// InsertShape implements registry.Writer. A shape says nothing of any area, so a
// grant for one area is enough.
func (t *Tx) InsertShape(ctx context.Context, grant account.Grant, id journal.ChangeID, s geo.Shape) error {
	if err := grant.Check(""); err != nil {
		return err
	}
	_, err := t.exec(ctx, `INSERT INTO shape (hash, body, change) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING`, s.Hash(), s.Body(), string(id))
	return err
}

// Shapes returns shapes by their hashes; one that is not kept is the error
// shape_unknown.
func (db *DB) Shapes(ctx context.Context, grant account.Grant, hashes []string) (map[string]geo.Shape, error) {
	if err := grant.Check(""); err != nil {
		return nil, err
	}
	shapes := make(map[string]geo.Shape, len(hashes))
	for _, hash := range hashes {
		if _, read := shapes[hash]; read {
			continue
		}
		err := each(ctx, db.read, `SELECT body FROM shape WHERE hash = $1`, func(scan func(...any) error) error {
			var body []byte
			if err := scan(&body); err != nil {
				return err
			}
			s, err := geo.ParseShape(body)
			if err == nil && s.Hash() != hash {
				err = fmt.Errorf("its content has the hash %s", s.Hash())
			}
			shapes[hash] = s
			return err
		}, hash)
		if err != nil {
			return nil, fmt.Errorf("read shape %s: %w", hash, err)
		}
		if _, kept := shapes[hash]; !kept {
			return nil, registry.UnknownShape(hash)
		}
	}
	return shapes, nil
}

// knownShapes asks that the ground of every outline of an area is kept.
func (t *Tx) knownShapes(ctx context.Context, a *registry.Area) error {
	outlines := []*registry.Outline{a.Outline}
	for _, state := range a.Past {
		outlines = append(outlines, state.Outline)
	}
	for _, o := range outlines {
		if o == nil {
			continue
		}
		kept := false
		err := each(ctx, t.tx, `SELECT hash FROM shape WHERE hash = $1`, func(scan func(...any) error) error {
			kept = true
			var hash string
			return scan(&hash)
		}, o.Shape)
		if err != nil {
			return err
		}
		if !kept {
			return registry.UnknownShape(o.Shape)
		}
	}
	return nil
}

func (t *Tx) insertArea(ctx context.Context, id journal.ChangeID, a registry.Area, struck bool) error {
	if err := t.knownShapes(ctx, &a); err != nil {
		return err
	}
	outline, err := jsonText(a.Outline, a.Outline == nil)
	if err != nil {
		return err
	}
	past, err := jsonText(a.Past, len(a.Past) == 0)
	if err != nil {
		return err
	}
	fields, err := jsonText(a.Fields, len(a.Fields) == 0)
	if err != nil {
		return err
	}
	return t.insert(ctx, id, `INSERT INTO area (id, code, parent, level, name_zh, name_en, kind, class, valid_from, valid_until,
			origin, successor, outline, past, fields, source, provenance, struck, change, ordinal)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
		string(a.ID), string(a.Code), string(a.Parent), string(a.Level), a.Name.ZH, a.Name.EN, a.Kind, a.Class, a.From.String(), a.Until.String(),
		string(a.Origin), string(a.Successor), outline, past, fields, a.Source, string(a.Provenance), struck)
}

// InsertPopulationPoint implements registry.Writer.
func (t *Tx) InsertPopulationPoint(ctx context.Context, grant account.Grant, id journal.ChangeID, p registry.PopulationPoint) error {
	if err := grant.Check(p.Area); err != nil {
		return err
	}
	return t.insertPoint(ctx, id, p, false)
}

func (t *Tx) insertPoint(ctx context.Context, id journal.ChangeID, p registry.PopulationPoint, struck bool) error {
	groups, err := jsonText(p.Groups, p.Groups.IsZero())
	if err != nil {
		return err
	}
	return t.insert(ctx, id, `INSERT INTO population_point (id, area, lon, lat, people, urban, groups, source, provenance, struck, change, ordinal)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		p.ID, string(p.Area), p.At.Lon, p.At.Lat, p.People, p.Urban, groups, p.Source, string(p.Provenance), struck)
}

// InsertNetwork implements registry.Writer.
func (t *Tx) InsertNetwork(ctx context.Context, grant account.Grant, id journal.ChangeID, n registry.Network) error {
	if err := grant.Check(n.Root); err != nil {
		return err
	}
	return t.insert(ctx, id, `INSERT INTO network (root, hash, source, provenance, change, ordinal) VALUES ($1, $2, $3, $4, $5, $6)`,
		string(n.Root), n.Hash, n.Source, string(n.Provenance))
}

// InsertRecord implements registry.Writer.
func (t *Tx) InsertRecord(ctx context.Context, grant account.Grant, id journal.ChangeID, r registry.Record) error {
	if err := grant.Check(r.Area); err != nil {
		return err
	}
	return t.insertRecord(ctx, id, r, false)
}

func (t *Tx) insertRecord(ctx context.Context, id journal.ChangeID, r registry.Record, struck bool) error {
	fields, err := jsonText(r.Fields, len(r.Fields) == 0)
	if err != nil {
		return err
	}
	changes, err := jsonText(r.Changes, len(r.Changes) == 0)
	if err != nil {
		return err
	}
	var lon, lat sql.NullFloat64
	if r.At != nil {
		lon, lat = sql.NullFloat64{Float64: r.At.Lon, Valid: true}, sql.NullFloat64{Float64: r.At.Lat, Valid: true}
	}
	return t.insert(ctx, id, `INSERT INTO record (register, id, area, kind, name, lon, lat, valid_from, valid_until,
			fields, changes, source, provenance, struck, change, ordinal)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		r.Register, r.ID, string(r.Area), r.Kind, r.Name, lon, lat, r.From.String(), r.Until.String(),
		fields, changes, r.Source, string(r.Provenance), struck)
}

// InsertFacility implements registry.Writer.
func (t *Tx) InsertFacility(ctx context.Context, grant account.Grant, id journal.ChangeID, f registry.Facility) error {
	if err := grant.Check(f.Area); err != nil {
		return err
	}
	if err := t.stand(ctx, f.ID, f.Area); err != nil {
		return err
	}
	return t.insertFacility(ctx, id, f, false)
}

// AmendFacility implements registry.Writer. Both the area it stands in and the one
// it moves to must be covered.
func (t *Tx) AmendFacility(ctx context.Context, grant account.Grant, id journal.ChangeID, f registry.Facility) error {
	if err := grant.Check(f.Area); err != nil {
		return err
	}
	if err := t.standing(ctx, grant, f.ID); err != nil {
		return err
	}
	if _, err := t.exec(ctx, `UPDATE facility_standing SET area = $2 WHERE id = $1`, string(f.ID), string(f.Area)); err != nil {
		return err
	}
	return t.insertFacility(ctx, id, f, false)
}

// WithdrawFacility implements registry.Writer.
func (t *Tx) WithdrawFacility(ctx context.Context, grant account.Grant, id journal.ChangeID, facility lifecircle.FacilityID) error {
	if err := t.standing(ctx, grant, facility); err != nil {
		return err
	}
	if _, err := t.exec(ctx, `UPDATE facility_standing SET stands = FALSE WHERE id = $1`, string(facility)); err != nil {
		return err
	}
	return t.insertFacility(ctx, id, registry.Facility{ID: facility}, true)
}

// standing holds a facility that stands until the transaction ends: the write
// keeps others from changing whether it does.
func (t *Tx) standing(ctx context.Context, grant account.Grant, id lifecircle.FacilityID) error {
	if slices.Contains(t.stands, string(id)) {
		if err := t.flush(ctx); err != nil {
			return err
		}
	}
	var area string
	err := t.tx.QueryRowContext(ctx,
		`UPDATE facility_standing SET stands = stands WHERE id = $1 AND stands RETURNING area`, string(id)).Scan(&area)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return registry.UnknownFacility(id)
	case err != nil:
		return understood(err)
	}
	return grant.Check(lifecircle.AreaCode(area))
}

func (t *Tx) insertFacility(ctx context.Context, id journal.ChangeID, f registry.Facility, withdrawn bool) error {
	fields, err := jsonText(f.Fields, len(f.Fields) == 0)
	if err != nil {
		return err
	}
	changes, err := jsonText(f.Changes, len(f.Changes) == 0)
	if err != nil {
		return err
	}
	return t.insert(ctx, id, `INSERT INTO facility (id, area, kind, name, lon, lat, public, organisation, valid_from, valid_until,
			fields, changes, source, provenance, withdrawn, change, ordinal)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		string(f.ID), string(f.Area), f.Kind, f.Name, f.At.Lon, f.At.Lat, f.Public, f.Organisation, f.From.String(), f.Until.String(),
		fields, changes, f.Source, string(f.Provenance), withdrawn)
}

// The writings of the facts that a change wrote, the latest of each first. An area
// that was never given an id goes by its first code.
const (
	areaKey = `COALESCE(NULLIF(a.id, ''), a.code)`

	areaWritings = `SELECT ` + areaColumns + `, c.seq, c.undoes FROM area a JOIN change c ON c.id = a.change
		WHERE ` + areaKey + ` IN (SELECT ` + areaKey + ` FROM area a WHERE a.change = $1)
		ORDER BY ` + areaKey + `, c.seq DESC, a.ordinal DESC`
	pointWritings = `SELECT ` + pointColumns + `, c.seq, c.undoes FROM population_point p JOIN change c ON c.id = p.change
		WHERE p.id IN (SELECT id FROM population_point WHERE change = $1)
		ORDER BY p.id, c.seq DESC, p.ordinal DESC`
	facilityWritings = `SELECT ` + facilityColumns + `, c.seq, c.undoes FROM facility f JOIN change c ON c.id = f.change
		WHERE f.id IN (SELECT id FROM facility WHERE change = $1)
		ORDER BY f.id, c.seq DESC, f.ordinal DESC`
	recordWritings = `SELECT ` + recordColumns + `, c.seq, c.undoes FROM record r JOIN change c ON c.id = r.change
		WHERE (r.register, r.id) IN (SELECT register, id FROM record WHERE change = $1)
		ORDER BY r.register, r.id, c.seq DESC, r.ordinal DESC`
	networkWritings = `SELECT ` + networkColumns + `, c.seq, c.undoes FROM network n JOIN change c ON c.id = n.change
		WHERE n.root IN (SELECT root FROM network WHERE change = $1)
		ORDER BY n.root, c.seq DESC, n.ordinal DESC`
)

// RegistryWritings implements scenario.History.
func (t *Tx) RegistryWritings(ctx context.Context, grant account.Grant, id journal.ChangeID) (w scenario.RegistryWritings, err error) {
	if err := grant.Check(""); err != nil {
		return w, err
	}
	if w.Areas, err = writings(ctx, t, kept[registry.Area]{scanArea, sameArea}, areaWritings, id); err != nil {
		return w, err
	}
	if w.Points, err = writings(ctx, t, kept[registry.PopulationPoint]{scanPoint, samePoint}, pointWritings, id); err != nil {
		return w, err
	}
	if w.Facilities, err = writings(ctx, t, kept[registry.Facility]{scanFacility, sameFacility}, facilityWritings, id); err != nil {
		return w, err
	}
	if w.Records, err = writings(ctx, t, kept[registry.Record]{scanRecord, sameRecord}, recordWritings, id); err != nil {
		return w, err
	}
	w.Networks, err = writings(ctx, t, kept[registry.Network]{scanNetwork, sameNetwork}, networkWritings, id)
	return w, err
}

func sameArea(a, b registry.Area) bool             { return a.Key() == b.Key() }
func samePoint(a, b registry.PopulationPoint) bool { return a.ID == b.ID }
func sameFacility(a, b registry.Facility) bool     { return a.ID == b.ID }
func sameRecord(a, b registry.Record) bool         { return a.Entry() == b.Entry() }
func sameNetwork(a, b registry.Network) bool       { return a.Root == b.Root }

// kept is how facts of a kind are read and told apart.
type kept[F any] struct {
	scan func(func(...any) error) (F, bool, error)
	same func(a, b F) bool
}

// writings reads facts that come grouped, the latest of each first.
func writings[F any](ctx context.Context, t *Tx, k kept[F], query string, id journal.ChangeID) ([][]scenario.Writing[F], error) {
	var all [][]scenario.Writing[F]
	err := each(ctx, t.tx, query, func(scan func(...any) error) error {
		var w scenario.Writing[F]
		fact, gone, err := k.scan(also(scan, &w.Seq, &w.Undoes))
		w.Stands, w.Fact = !gone, fact
		if n := len(all); n == 0 || !k.same(all[n-1][0].Fact, fact) {
			all = append(all, nil)
		}
		all[len(all)-1] = append(all[len(all)-1], w)
		return err
	}, string(id))
	return all, err
}

// Strike implements registry.Writer.
func (t *Tx) Strike(ctx context.Context, grant account.Grant, id journal.ChangeID, entry registry.Entry) error {
	if err := t.alone(ctx); err != nil {
		return err
	}
	switch entry.Register {
	case registry.AreaEntry("").Register:
		a, ok, err := last(ctx, t, scanArea, lastArea, entry.ID)
		if err != nil || !ok {
			return struckError(entry, err)
		}
		if err := grant.Check(a.Code); err != nil {
			return err
		}
		return t.insertArea(ctx, id, a, true)
	case registry.PointRegister:
		p, ok, err := last(ctx, t, scanPoint, lastPoint, entry.ID)
		if err != nil || !ok {
			return struckError(entry, err)
		}
		if err := grant.Check(p.Area); err != nil {
			return err
		}
		return t.insertPoint(ctx, id, p, true)
	}
	r, ok, err := last(ctx, t, scanRecord, lastRecord, entry.ID, entry.Register)
	if err != nil || !ok {
		return struckError(entry, err)
	}
	if err := grant.Check(r.Area); err != nil {
		return err
	}
	return t.insertRecord(ctx, id, r, true)
}

// The last row of a fact. Rows of this very change count and come last: the log
// knows nothing of them yet.
const (
	lastArea = `SELECT ` + areaColumns + ` FROM area a LEFT JOIN change c ON c.id = a.change
		WHERE ` + areaKey + ` = $1 ORDER BY COALESCE(c.seq, 9223372036854775807) DESC, a.ordinal DESC LIMIT 1`
	lastPoint = `SELECT ` + pointColumns + ` FROM population_point p LEFT JOIN change c ON c.id = p.change
		WHERE p.id = $1 ORDER BY COALESCE(c.seq, 9223372036854775807) DESC, p.ordinal DESC LIMIT 1`
	lastRecord = `SELECT ` + recordColumns + ` FROM record r LEFT JOIN change c ON c.id = r.change
		WHERE r.id = $1 AND r.register = $2 ORDER BY COALESCE(c.seq, 9223372036854775807) DESC, r.ordinal DESC LIMIT 1`
)

func last[F any](ctx context.Context, t *Tx, scanned func(func(...any) error) (F, bool, error), query string, args ...any) (fact F, stands bool, err error) {
	err = each(ctx, t.tx, query, func(scan func(...any) error) error {
		var gone bool
		var err error
		fact, gone, err = scanned(scan)
		stands = !gone
		return err
	}, args...)
	return fact, stands, err
}

func struckError(entry registry.Entry, err error) error {
	if err != nil {
		return err
	}
	return registry.UnknownEntry(entry)
}

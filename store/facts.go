package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/figure"
	"lifecircle/geo"
	"lifecircle/journal"
	"lifecircle/registry"
	"lifecircle/scenario"
)

// The columns of a fact as the scan functions read them. Every statement orders
// rows by the change that wrote them and their place in it.
const (
	areaColumns = `a.id, a.code, a.parent, a.level, a.name_zh, a.name_en, a.kind, a.class, a.valid_from, a.valid_until,
		a.origin, a.successor, a.outline, a.past, a.fields, a.source, a.provenance, a.struck`
	pointColumns    = `p.id, p.area, p.lon, p.lat, p.people, p.urban, p.groups, p.source, p.provenance, p.struck`
	facilityColumns = `f.id, f.area, f.kind, f.name, f.lon, f.lat, f.public, f.organisation, f.valid_from, f.valid_until,
		f.fields, f.changes, f.source, f.provenance, f.withdrawn`
	recordColumns = `r.register, r.id, r.area, r.kind, r.name, r.lon, r.lat, r.valid_from, r.valid_until,
		r.fields, r.changes, r.source, r.provenance, r.struck`
	networkColumns = `n.root, n.hash, n.source, n.provenance`
	valueColumns   = `v.element, v.area, v.period, v.source, v.number, v.provenance, v.retracted`
	choiceColumns  = `v.element, v.area, v.period, v.source, v.reason`
)

// Facts implements engine.Source.
func (db *DB) Facts(ctx context.Context, grant account.Grant) (scenario.Facts, journal.Seq, error) {
	return db.facts(ctx, grant, func(ctx context.Context, tx *sql.Tx) (seq journal.Seq, err error) {
		err = tx.QueryRowContext(ctx, `SELECT seq FROM clock`).Scan(&seq)
		return seq, err
	})
}

// FactsAsOf returns the facts as they stood at a time: after the last change that
// was recorded before it. Without one it is the error nothing_known.
func (db *DB) FactsAsOf(ctx context.Context, grant account.Grant, at time.Time) (scenario.Facts, journal.Seq, error) {
	return db.facts(ctx, grant, func(ctx context.Context, tx *sql.Tx) (seq journal.Seq, err error) {
		err = tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(seq), 0) FROM change WHERE at < $1`, at.UnixMicro()).Scan(&seq)
		if err == nil && seq == 0 {
			err = lifecircle.Errorf("nothing_known", "nothing was recorded before %s: ask for a later day", at.UTC().Format(time.DateTime)).With("at", at)
		}
		return seq, err
	})
}

func (db *DB) facts(ctx context.Context, grant account.Grant, clock func(context.Context, *sql.Tx) (journal.Seq, error)) (facts scenario.Facts, seq journal.Seq, err error) {
	tx, err := db.reading(ctx, grant)
	if err != nil {
		return scenario.Facts{}, 0, err
	}
	defer func() {
		if rollbackErr := tx.Rollback(); err == nil && rollbackErr != nil {
			err = fmt.Errorf("end reading: %w", rollbackErr)
		}
	}()
	if seq, err = clock(ctx, tx); err != nil {
		return scenario.Facts{}, 0, fmt.Errorf("read the clock: %w", understood(err))
	}
	base, err := readBase(ctx, tx, seq)
	if err != nil {
		return scenario.Facts{}, 0, err
	}
	if facts.Registry, err = registry.NewSnapshot(base); err != nil {
		return scenario.Facts{}, 0, fmt.Errorf("the stored registry: %w", err)
	}
	if facts.Figures, err = readFigures(ctx, tx, seq); err != nil {
		return scenario.Facts{}, 0, err
	}
	return facts, seq, nil
}

// latest keeps the last row of every key; one that says the fact no longer stands
// takes it out.
type latest[K comparable, V any] map[K]V

func (l latest[K, V]) put(key K, v V, gone bool) {
	if gone {
		delete(l, key)
	} else {
		l[key] = v
	}
}

// values returns what stands; whoever is given it orders it.
func (l latest[K, V]) values() []V { return slices.Collect(maps.Values(l)) }

func readBase(ctx context.Context, q queryer, until journal.Seq) (registry.Base, error) {
	areas := latest[registry.AreaID, registry.Area]{}
	err := each(ctx, q, `SELECT `+areaColumns+` FROM area a JOIN change c ON c.id = a.change AND c.seq <= $1 ORDER BY c.seq, a.ordinal`,
		func(scan func(...any) error) error {
			a, struck, err := scanArea(scan)
			areas.put(a.Key(), a, struck)
			return err
		}, int64(until))
	if err != nil {
		return registry.Base{}, fmt.Errorf("read areas: %w", err)
	}
	points := latest[string, registry.PopulationPoint]{}
	err = each(ctx, q, `SELECT `+pointColumns+` FROM population_point p JOIN change c ON c.id = p.change AND c.seq <= $1 ORDER BY c.seq, p.ordinal`,
		func(scan func(...any) error) error {
			p, struck, err := scanPoint(scan)
			points.put(p.ID, p, struck)
			return err
		}, int64(until))
	if err != nil {
		return registry.Base{}, fmt.Errorf("read population points: %w", err)
	}
	networks := latest[lifecircle.AreaCode, registry.Network]{}
	err = each(ctx, q, `SELECT `+networkColumns+` FROM network n JOIN change c ON c.id = n.change AND c.seq <= $1 ORDER BY c.seq, n.ordinal`,
		func(scan func(...any) error) error {
			n, gone, err := scanNetwork(scan)
			networks.put(n.Root, n, gone)
			return err
		}, int64(until))
	if err != nil {
		return registry.Base{}, fmt.Errorf("read networks: %w", err)
	}
	facilities := latest[lifecircle.FacilityID, registry.Facility]{}
	err = each(ctx, q, `SELECT `+facilityColumns+` FROM facility f JOIN change c ON c.id = f.change AND c.seq <= $1 ORDER BY c.seq, f.ordinal`,
		func(scan func(...any) error) error {
			f, withdrawn, err := scanFacility(scan)
			facilities.put(f.ID, f, withdrawn)
			return err
		}, int64(until))
	if err != nil {
		return registry.Base{}, fmt.Errorf("read facilities: %w", err)
	}
	records := latest[registry.Entry, registry.Record]{}
	err = each(ctx, q, `SELECT `+recordColumns+` FROM record r JOIN change c ON c.id = r.change AND c.seq <= $1 ORDER BY c.seq, r.ordinal`,
		func(scan func(...any) error) error {
			r, struck, err := scanRecord(scan)
			records.put(r.Entry(), r, struck)
			return err
		}, int64(until))
	if err != nil {
		return registry.Base{}, fmt.Errorf("read records: %w", err)
	}
	return registry.Base{
		Areas: areas.values(), Points: points.values(), Facilities: facilities.values(),
		Records: records.values(), Networks: networks.values(),
	}, nil
}

func scanArea(scan func(...any) error) (a registry.Area, struck bool, err error) {
	err = scan(&a.ID, &a.Code, &a.Parent, &a.Level, &a.Name.ZH, &a.Name.EN, &a.Kind, &a.Class, dayColumn{&a.From}, dayColumn{&a.Until},
		&a.Origin, &a.Successor, jsonColumn{&a.Outline}, jsonColumn{&a.Past}, jsonColumn{&a.Fields}, &a.Source, &a.Provenance, &struck)
	return a, struck, err
}

func scanPoint(scan func(...any) error) (p registry.PopulationPoint, struck bool, err error) {
	err = scan(&p.ID, &p.Area, &p.At.Lon, &p.At.Lat, &p.People, &p.Urban, jsonColumn{&p.Groups}, &p.Source, &p.Provenance, &struck)
	return p, struck, err
}

// scanNetwork reads a network; one without a hash took out that of its root.
func scanNetwork(scan func(...any) error) (n registry.Network, gone bool, err error) {
	err = scan(&n.Root, &n.Hash, &n.Source, &n.Provenance)
	return n, n.Hash == "", err
}

func scanFacility(scan func(...any) error) (f registry.Facility, withdrawn bool, err error) {
	err = scan(&f.ID, &f.Area, &f.Kind, &f.Name, &f.At.Lon, &f.At.Lat, &f.Public, &f.Organisation, dayColumn{&f.From}, dayColumn{&f.Until},
		jsonColumn{&f.Fields}, jsonColumn{&f.Changes}, &f.Source, &f.Provenance, &withdrawn)
	return f, withdrawn, err
}

func scanRecord(scan func(...any) error) (r registry.Record, struck bool, err error) {
	var lon, lat sql.NullFloat64
	err = scan(&r.Register, &r.ID, &r.Area, &r.Kind, &r.Name, &lon, &lat, dayColumn{&r.From}, dayColumn{&r.Until},
		jsonColumn{&r.Fields}, jsonColumn{&r.Changes}, &r.Source, &r.Provenance, &struck)
	if lon.Valid && lat.Valid {
		r.At = &geo.Point{Lon: lon.Float64, Lat: lat.Float64}
	}
	return r, struck, err
}

// dayColumn reads a day, "" where it is not known.
type dayColumn struct{ day *registry.Day }

// Scan implements sql.Scanner.
func (c dayColumn) Scan(column any) error {
	text, ok := column.(string)
	if !ok {
		return fmt.Errorf("a day is kept as %T", column)
	}
	return c.day.UnmarshalText([]byte(text))
}

// jsonColumn reads JSON, "" where there is nothing to say.
type jsonColumn struct{ value any }

// Scan implements sql.Scanner.
func (c jsonColumn) Scan(column any) error {
	text, ok := column.(string)
	if !ok {
		return fmt.Errorf("JSON is kept as %T", column)
	}
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), c.value)
}

// jsonText writes what jsonColumn reads.
func jsonText[V any](value V, empty bool) (string, error) {
	if empty {
		return "", nil
	}
	text, err := json.Marshal(value)
	return string(text), err
}

func scanValue(scan func(...any) error) (v figure.Value, retracted bool, err error) {
	var period, number string
	if err := scan(&v.Element, &v.Area, &period, &v.Source, &number, &v.Provenance, &retracted); err != nil {
		return figure.Value{}, false, err
	}
	if v.Period, err = lifecircle.ParsePeriod(period); err != nil {
		return figure.Value{}, false, err
	}
	v.Number, err = lifecircle.ParseNumber(number)
	return v, retracted, err
}

func scanChoice(scan func(...any) error) (c figure.Choice, err error) {
	var period string
	if err := scan(&c.Element, &c.Area, &period, &c.Source, &c.Reason); err != nil {
		return figure.Choice{}, err
	}
	c.Period, err = lifecircle.ParsePeriod(period)
	return c, err
}

package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/figure"
	"lifecircle/journal"
	"lifecircle/registry"
	"lifecircle/scenario"
)

// The columns of a fact as the scan functions read them. Every statement orders
// rows by the change that wrote them and their place in it.
const (
	facilityColumns = `f.id, f.area, f.kind, f.name, f.lon, f.lat, f.public, f.source, f.provenance, f.withdrawn`
	valueColumns    = `v.element, v.area, v.period, v.source, v.number, v.provenance, v.retracted`
	choiceColumns   = `v.element, v.area, v.period, v.source, v.reason`
)

// Facts implements engine.Source.
func (db *DB) Facts(ctx context.Context, grant account.Grant) (facts scenario.Facts, seq journal.Seq, err error) {
	tx, err := db.reading(ctx, grant)
	if err != nil {
		return scenario.Facts{}, 0, err
	}
	defer func() {
		if rollbackErr := tx.Rollback(); err == nil && rollbackErr != nil {
			err = fmt.Errorf("end reading: %w", rollbackErr)
		}
	}()
	if err := tx.QueryRowContext(ctx, `SELECT seq FROM clock`).Scan(&seq); err != nil {
		return scenario.Facts{}, 0, fmt.Errorf("read the clock: %w", understood(err))
	}
	base, err := readBase(ctx, tx)
	if err != nil {
		return scenario.Facts{}, 0, err
	}
	if facts.Registry, err = registry.NewSnapshot(base); err != nil {
		return scenario.Facts{}, 0, fmt.Errorf("the stored registry: %w", err)
	}
	if facts.Figures, err = readFigures(ctx, tx); err != nil {
		return scenario.Facts{}, 0, err
	}
	return facts, seq, nil
}

// latest keeps the last row of every key, in any order.
type latest[K comparable, V any] map[K]V

func (l latest[K, V]) values(order func(a, b V) int) []V {
	values := make([]V, 0, len(l))
	for _, v := range l {
		values = append(values, v)
	}
	slices.SortFunc(values, order)
	return values
}

func readBase(ctx context.Context, q queryer) (registry.Base, error) {
	areas := latest[lifecircle.AreaCode, registry.Area]{}
	err := each(ctx, q, `SELECT r.code, r.parent, r.level, r.name_zh, r.name_en, r.source, r.provenance
		FROM area r JOIN change c ON c.id = r.change ORDER BY c.seq, r.ordinal`,
		func(scan func(...any) error) error {
			var a registry.Area
			err := scan(&a.Code, &a.Parent, &a.Level, &a.Name.ZH, &a.Name.EN, &a.Source, &a.Provenance)
			areas[a.Code] = a
			return err
		})
	if err != nil {
		return registry.Base{}, fmt.Errorf("read areas: %w", err)
	}
	points := latest[string, registry.PopulationPoint]{}
	err = each(ctx, q, `SELECT r.id, r.area, r.lon, r.lat, r.people, r.urban, r.source, r.provenance
		FROM population_point r JOIN change c ON c.id = r.change ORDER BY c.seq, r.ordinal`,
		func(scan func(...any) error) error {
			var p registry.PopulationPoint
			err := scan(&p.ID, &p.Area, &p.At.Lon, &p.At.Lat, &p.People, &p.Urban, &p.Source, &p.Provenance)
			points[p.ID] = p
			return err
		})
	if err != nil {
		return registry.Base{}, fmt.Errorf("read population points: %w", err)
	}
	networks := latest[lifecircle.AreaCode, registry.Network]{}
	err = each(ctx, q, `SELECT r.root, r.hash, r.source, r.provenance
		FROM network r JOIN change c ON c.id = r.change ORDER BY c.seq, r.ordinal`,
		func(scan func(...any) error) error {
			var n registry.Network
			err := scan(&n.Root, &n.Hash, &n.Source, &n.Provenance)
			networks[n.Root] = n
			return err
		})
	if err != nil {
		return registry.Base{}, fmt.Errorf("read networks: %w", err)
	}
	facilities := latest[lifecircle.FacilityID, registry.Facility]{}
	err = each(ctx, q, `SELECT `+facilityColumns+` FROM facility f JOIN change c ON c.id = f.change ORDER BY c.seq, f.ordinal`,
		func(scan func(...any) error) error {
			f, withdrawn, err := scanFacility(scan)
			if withdrawn {
				delete(facilities, f.ID)
			} else {
				facilities[f.ID] = f
			}
			return err
		})
	if err != nil {
		return registry.Base{}, fmt.Errorf("read facilities: %w", err)
	}
	return registry.Base{
		Areas:      areas.values(func(a, b registry.Area) int { return cmp.Compare(a.Code, b.Code) }),
		Points:     points.values(func(a, b registry.PopulationPoint) int { return cmp.Compare(a.ID, b.ID) }),
		Facilities: facilities.values(func(a, b registry.Facility) int { return cmp.Compare(a.ID, b.ID) }),
		Networks:   networks.values(func(a, b registry.Network) int { return cmp.Compare(a.Root, b.Root) }),
	}, nil
}

func readFigures(ctx context.Context, q queryer) (*figure.Table, error) {
	values := latest[figure.Key, figure.Value]{}
	err := each(ctx, q, `SELECT `+valueColumns+` FROM reported_value v JOIN change c ON c.id = v.change ORDER BY c.seq, v.ordinal`,
		func(scan func(...any) error) error {
			v, retracted, err := scanValue(scan)
			if retracted {
				delete(values, v.Key)
			} else {
				values[v.Key] = v
			}
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("read values: %w", err)
	}
	choices := latest[figure.Key, figure.Choice]{}
	err = each(ctx, q, `SELECT `+choiceColumns+` FROM value_choice v JOIN change c ON c.id = v.change ORDER BY c.seq, v.ordinal`,
		func(scan func(...any) error) error {
			c, err := scanChoice(scan)
			choices[figure.Key{Element: c.Element, Area: c.Area, Period: c.Period}] = c
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("read choices: %w", err)
	}
	edits := make([]figure.Edit, 0, len(values)+len(choices))
	for _, v := range values {
		edits = append(edits, figure.Edit{Put: &v})
	}
	for _, c := range choices {
		edits = append(edits, figure.Edit{Choose: &c})
	}
	return new(figure.Table).With(edits)
}

func scanFacility(scan func(...any) error) (f registry.Facility, withdrawn bool, err error) {
	err = scan(&f.ID, &f.Area, &f.Kind, &f.Name, &f.At.Lon, &f.At.Lat, &f.Public, &f.Source, &f.Provenance, &withdrawn)
	return f, withdrawn, err
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

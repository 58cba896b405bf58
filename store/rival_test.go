package store_test

import (
	"database/sql"
	"fmt"
	"testing"

	"lifecircle"
	"lifecircle/figure"
	"lifecircle/indicator"
	"lifecircle/plan"
	"lifecircle/plan/rule"
	"lifecircle/registry"
	"lifecircle/store/storetest"
)

// counties are facts of counties side by side, with nothing but figures.
type counties struct{ figures *figure.Table }

var (
	_ indicator.Facts    = counties{}
	_ indicator.Columnar = counties{}
)

func (c counties) Area(code lifecircle.AreaCode) (registry.Area, bool) {
	return registry.Area{Code: code, Level: registry.County}, true
}

func (c counties) Children(lifecircle.AreaCode) []lifecircle.AreaCode { return nil }
func (c counties) Rows(string) ([]indicator.Row, bool)                { return nil, false }

func (c counties) Roots() []lifecircle.AreaCode { return nil }

func (c counties) Nearest(indicator.Row, string) indicator.Nearness { return indicator.Nearness{} }

func (c counties) Within(indicator.Row, string, lifecircle.Number) rule.Value { return rule.Value{} }

func (c counties) Read(element string, area lifecircle.AreaCode, period lifecircle.Period) figure.Reading {
	return c.figures.Read(element, area, period)
}

func (c counties) Column(series string, period lifecircle.Period) (*figure.Column, bool) {
	return c.figures.Column(series, period)
}

func parsed(b *testing.B, source string) *rule.Expr {
	b.Helper()
	e, faults := rule.Parse(source)
	if len(faults) > 0 {
		b.Fatal(faults)
	}
	return e
}

// BenchmarkSheets computes 500 indicators in 3,000 areas and 60 months from
// 10,080,000 values, 90 million ratios, and checks a sum of them.
func BenchmarkSheets(b *testing.B) {
	const areaCount, series, months, indicators = 3000, 56, 60, 500
	codes := make([]lifecircle.AreaCode, areaCount)
	for i := range codes {
		codes[i] = lifecircle.AreaCode(fmt.Sprintf("64%04d", i))
	}
	areas := figure.NewAreas(codes)
	p := &plan.Package{ID: "bench", Year: 2025, Elements: map[string]plan.Element{}}
	var columns []*figure.Column
	for s := range series {
		id := fmt.Sprintf("e%02d", s)
		p.Elements[id] = plan.Element{ID: id, Flow: s%2 == 1}
		for m := range months {
			c := &figure.Column{
				Element: id, Source: "s", Provenance: lifecircle.Real, Areas: areas, Mantissas: make([]int64, areaCount),
				Period: lifecircle.Year(2021 + m/12).Months()[m%12],
			}
			for i := range c.Mantissas {
				c.Mantissas[i] = int64(1 + (i*7919+m*104729+s*1299709)%16384)
			}
			columns = append(columns, c)
		}
	}
	w := counties{new(figure.Table).WithColumns(columns)}
	for i := range indicators {
		stock := func(k int) string { return fmt.Sprintf("e%02d", (i*k%28)*2) }
		numerator := fmt.Sprintf("last(%s) + last(%s)", stock(1), stock(3))
		switch i % 3 {
		case 1:
			numerator = fmt.Sprintf("ytd(e%02d)", (i%28)*2+1)
		case 2:
			numerator = fmt.Sprintf("last(%s) - offset(last(%s), 1)", stock(1), stock(1))
		}
		p.Objects = append(p.Objects, plan.Object{
			Kind: plan.KindIndicator, ID: fmt.Sprintf("i.%03d", i),
			Indicator: &plan.Indicator{Numerator: parsed(b, numerator), Denominator: parsed(b, fmt.Sprintf("last(%s)", stock(5)))},
		})
	}
	var ours int64
	b.Run("columns", func(b *testing.B) {
		for b.Loop() {
			ours = bothHalves(b, indicator.New(p, w), p.Objects, areas)
		}
	})
	b.Run("postgres", func(b *testing.B) {
		db, err := sql.Open("pgx", storetest.PostgresName(b))
		if err != nil {
			b.Fatal(err)
		}
		defer db.Close()
		for _, statement := range rivalTables {
			if _, err := db.Exec(statement); err != nil {
				b.Fatal(err)
			}
		}
		for b.Loop() {
			theirs := int64(0)
			for _, query := range rivalQueries {
				var sum int64
				if err := db.QueryRow(query).Scan(&sum); err != nil {
					b.Fatal(err)
				}
				theirs += sum
			}
			if theirs != ours {
				b.Fatalf("PostgreSQL has the checksum %d, the columns %d", theirs, ours)
			}
		}
	})
}

// The same values and indicators in PostgreSQL: a row a value, and a query for
// each of the three forms. Making the tables is not measured.
var rivalTables = []string{
	`CREATE TABLE v AS SELECT s, m, i, (1 + (i::bigint * 7919 + m::bigint * 104729 + s::bigint * 1299709) % 16384)::bigint AS n
		FROM generate_series(0, 55) s, generate_series(0, 59) m, generate_series(0, 2999) i`,
	`CREATE INDEX v_key ON v (s, m, i)`,
	`CREATE TABLE ind AS SELECT k, k % 3 AS form, k % 28 * 2 AS a, k * 3 % 28 * 2 AS b, k * 5 % 28 * 2 AS c FROM generate_series(0, 499) k`,
	`ANALYZE`,
}

var rivalQueries = []string{
	`SELECT sum((x.n + y.n) * 1000000 / z.n)::bigint FROM ind JOIN v x ON x.s = ind.a
		JOIN v y ON y.s = ind.b AND y.m = x.m AND y.i = x.i JOIN v z ON z.s = ind.c AND z.m = x.m AND z.i = x.i WHERE form = 0`,
	`WITH ytd AS (SELECT s, m, i, sum(n) OVER (PARTITION BY s, i, m / 12 ORDER BY m)::bigint AS n FROM v WHERE s % 2 = 1)
		SELECT sum(x.n * 1000000 / z.n)::bigint FROM ind JOIN ytd x ON x.s = ind.a + 1
		JOIN v z ON z.s = ind.c AND z.m = x.m AND z.i = x.i WHERE form = 1`,
	`SELECT sum((x.n - y.n) * 1000000 / z.n)::bigint FROM ind JOIN v x ON x.s = ind.a
		JOIN v y ON y.s = ind.a AND y.m = x.m - 12 AND y.i = x.i JOIN v z ON z.s = ind.c AND z.m = x.m AND z.i = x.i WHERE form = 2`,
}

// bothHalves computes half of the indicators on each of two cores.
func bothHalves(b *testing.B, e *indicator.Evaluator, objects []plan.Object, areas *figure.Areas) int64 {
	b.Helper()
	const halves = 2
	sums, errs := make(chan int64, halves), make(chan error, halves)
	for half := range halves {
		go func() {
			sum, err := checksum(e, objects[half*len(objects)/halves:(half+1)*len(objects)/halves], areas)
			sums <- sum
			errs <- err
		}()
	}
	total := int64(0)
	for range halves {
		total += <-sums
		if err := <-errs; err != nil {
			b.Fatal(err)
		}
	}
	return total
}

// checksum adds floor(10⁶ · numerator / denominator) of every known cell.
func checksum(e *indicator.Evaluator, objects []plan.Object, areas *figure.Areas) (sum int64, err error) {
	for _, o := range objects {
		for year := 2021; year <= 2025; year++ {
			for _, month := range lifecircle.Year(year).Months() {
				sheet, err := e.Sheet(o.ID, areas, month)
				if err != nil || !sheet.Whole {
					return 0, fmt.Errorf("%s in %s: not over columns: %w", o.ID, month, err)
				}
				denominators := sheet.Denominator.Numbers
				for i, n := range sheet.Numerator.Numbers {
					if d := denominators[i]; n != rule.Unsaid && d > 0 {
						sum += n * 1_000_000 / d
					}
				}
			}
		}
	}
	return sum, nil
}

package engine_test

import (
	"fmt"
	"testing"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/engine"
	"lifecircle/figure"
	"lifecircle/geo"
	"lifecircle/plan/rule"
	"lifecircle/registry"
	"lifecircle/scenario"
	"lifecircle/store/storetest"
)

// BenchmarkRebuild reads a region from the database and builds its World anew, as
// every start does: 3,176 areas, 30,000 facilities with beds and a day of opening,
// 10,080,000 values in columns; without streets, whose layers are measured in
// bench/ACCESS.md.
func BenchmarkRebuild(b *testing.B) {
	base := registry.Base{Areas: []registry.Area{{Code: "640000", Level: registry.Region, Provenance: lifecircle.Real}}}
	var counties, villages []lifecircle.AreaCode
	below := func(level registry.Level, parent lifecircle.AreaCode, code string) lifecircle.AreaCode {
		base.Areas = append(base.Areas, registry.Area{Code: lifecircle.AreaCode(code), Parent: parent, Level: level, Provenance: lifecircle.Real})
		return lifecircle.AreaCode(code)
	}
	for c := range 25 {
		county := below(registry.County, "640000", fmt.Sprintf("64%04d", 101+c))
		counties = append(counties, county)
		for t := range 9 {
			township := below(registry.Township, county, fmt.Sprintf("%s%03d", county, t+1))
			for v := range 13 {
				villages = append(villages, below(registry.Village, township, fmt.Sprintf("%s%03d", township, v+201)))
			}
		}
	}
	for i := range 30000 {
		base.Facilities = append(base.Facilities, registry.Facility{
			ID: lifecircle.FacilityID(fmt.Sprintf("f%05d", i)), Area: villages[i%len(villages)], Kind: "village_clinic",
			At:     geo.Point{Lon: 105 + float64(i%300)/100, Lat: 36 + float64(i/300)/100},
			Span:   registry.Span{From: registry.DayOf(rule.DateFrom(1990, 1, 1) + rule.Date(i%12000))},
			Fields: registry.Fields{"beds": rule.NumberOf(lifecircle.Int(int64(i % 40)))}, Source: "bench", Provenance: lifecircle.Generated,
		})
	}
	set := figure.NewAreas(villages[:2800])
	var columns []*figure.Column
	for s := range 60 {
		for m := range 60 {
			c := &figure.Column{
				Element: fmt.Sprintf("e%02d", s), Source: "bureau", Provenance: lifecircle.Real,
				Period: lifecircle.Year(2021 + m/12).Months()[m%12], Areas: set, Mantissas: make([]int64, 2800),
			}
			for i := range c.Mantissas {
				c.Mantissas[i] = int64((i*7919 + m*104729 + s*1299709) % 16384)
			}
			columns = append(columns, c)
		}
	}
	db := storetest.SQLite(b)
	if _, err := scenario.Load(b.Context(), db, account.Local(), scenario.Loaded{Request: scenario.Request{At: noon}, Base: base}); err != nil {
		b.Fatal(err)
	}
	if _, err := scenario.Import(b.Context(), db, account.Local(), scenario.Imported{Request: scenario.Request{At: noon}, Columns: columns}); err != nil {
		b.Fatal(err)
	}
	pkg := ningxia(b)
	for b.Loop() {
		e, err := engine.Open(b.Context(), engine.Config{Source: db, Plan: pkg, Grant: account.Local()})
		if err != nil {
			b.Fatal(err)
		}
		w, err := e.World(account.Local(), counties[0])
		if err != nil {
			b.Fatal(err)
		}
		month := lifecircle.Year(2021).Months()[0]
		if r := w.Facts().Figures.Read("e00", set.Codes()[1], month); r.Value.Number != lifecircle.Int(7919) || len(w.Registry().Facilities()) != 30000 {
			b.Fatalf("read %+v and %d facilities", r, len(w.Registry().Facilities()))
		}
	}
}

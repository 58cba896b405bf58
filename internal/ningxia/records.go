package ningxia

import (
	"fmt"
	"math"
	"math/rand/v2"

	"lifecircle"
	"lifecircle/plan/rule"
	"lifecircle/registry"
)

const (
	sourceOfCounts   = "程序生成：分配到各单元，各县与2020年人口普查完全一致" + lifecircle.Parting + "generated: shared out among units so that each county's census of 2020 is met exactly"
	sourceOfEstates  = "程序生成：并不存在的居住区" + lifecircle.Parting + "generated: estates that nobody built"
	sourceOfPremises = "程序生成：并不存在的场所" + lifecircle.Parting + "generated: premises that nobody owns"
)

// censusDay is the day of the count.
var censusDay = registry.DayOf(rule.DateFrom(2020, 11, 1))

// count is a population count of an area as a record.
func count(area lifecircle.AreaCode, cells Cells, from origin) registry.Record {
	fields := make(registry.Fields, len(cells))
	for i, people := range cells {
		sex := registry.Male
		if i >= len(Bands) {
			sex = registry.Female
		}
		fields[registry.Bands()[i%len(Bands)].Field(sex)] = number(people)
	}
	return registry.Record{
		Register: registry.PopulationRegister, ID: fmt.Sprintf("%s/%s", area, censusDay), Area: area,
		Span: registry.Span{From: censusDay}, Fields: fields, Source: from.source, Provenance: from.provenance,
	}
}

// origin is where rows come from.
type origin struct {
	source     string
	provenance lifecircle.Provenance
}

// counts are the census of a county and what it was shared out to.
func (c *county) counts(people census) []registry.Record {
	records := []registry.Record{count(c.Code, people.cells, origin{sourceOfCensus, lifecircle.Real})}
	for _, t := range c.townships {
		for _, p := range t.places {
			records = append(records, count(p.Code, p.cells, origin{sourceOfCounts, lifecircle.Generated}))
		}
	}
	return records
}

// lots makes a county's estates and vacant premises.
func (c *county) lots(seed uint64) []registry.Record {
	p := &placer{county: c, rng: rand.New(rand.NewPCG(seed, c.number()+2))}
	var records []registry.Record
	add := func(register string, at *place, r registry.Record) {
		spot := p.near(at)
		r.Register, r.Area, r.At, r.Provenance = register, at.Code, &spot, lifecircle.Generated
		r.ID = fmt.Sprintf("%s-%s-%04d", c.Code, register, len(records))
		records = append(records, r)
	}
	for _, t := range c.townships {
		for _, at := range t.places {
			if at.urban && p.rng.Float64() < 0.35 {
				add(registry.ResidentialAreaRegister, at, p.estate("new"))
			}
			if at.urban && p.rng.Float64() < 0.3 {
				add(registry.ResidentialAreaRegister, at, p.estate("built"))
			}
			if p.rng.Float64() < 0.3 {
				add(registry.PremisesRegister, at, registry.Record{Source: sourceOfPremises, Fields: registry.Fields{
					"use": pick(p.rng, "school", "office", "shop", "clinic"), "vacant": chance(p.rng, 0.8), "floor": number(50 * between2(p.rng, 4, 60)),
				}})
			}
		}
	}
	return records
}

// estate is a residential area: most new ones give the elderly enough, in land or
// in floor, and some do not.
func (p *placer) estate(stage string) registry.Record {
	households := between2(p.rng, 120, 2400)
	people := int64(math.Round(float64(households) * 2.65)) // persons per household in the census
	generous := func(need, spread float64) rule.Value {
		return number(int64(need * (1.25 - spread*p.rng.Float64())))
	}
	fields := registry.Fields{
		"stage": rule.TextOf(stage), "group": rule.TextOf(fmt.Sprintf("%s-%d", p.county.Code, p.rng.IntN(1_000_000))), "urban": rule.BoolOf(true),
		"people": number(people), "households": number(households), "land": number(people * between2(p.rng, 12, 22)), "floor": number(households * between2(p.rng, 90, 130)),
		"elder_land": generous(0.1*float64(people), 0.4), "elder_floor": generous(0.3*float64(households), 0.5),
	}
	if stage == "new" {
		// 2021 to 2025
		fields["submitted"] = rule.DateOf(rule.DateFrom(2021, 1, 1) + rule.Date(p.rng.IntN(5*365)))
		fields["result"] = pick(p.rng, "accepted", "accepted", "returned")
		fields["elder_use_changed"] = chance(p.rng, 0.04)
		fields["school_required"], fields["school_delivered"] = chance(p.rng, 0.5), chance(p.rng, 0.8)
	}
	return registry.Record{Kind: stage, Fields: fields, Source: sourceOfEstates}
}

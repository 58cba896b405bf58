package ningxia

import (
	"fmt"
	"math"
	"math/rand/v2"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/plan/rule"
	"lifecircle/registry"
)

// unit is what a rule of the generator places facilities in.
type unit uint8

const (
	quarter unit = iota // a residents' committee of a town
	village             // any other unit of the lowest level
	core                // a township-level unit that is part of a county's seat
	rural               // any other township-level unit
	aCounty             // a county
	aCity               // a prefecture city
)

// placing says how many facilities of a kind a unit gets. The numbers are our
// own, chosen so that most promises are kept somewhere and missed somewhere; they
// describe no real county.
type placing struct {
	in      unit
	kind    string
	each    float64 // people for one facility; 0: one to a unit
	chance  float64 // that one planned is there
	private bool    // not open to everybody
	say     func(*rand.Rand) registry.Fields
}

// count returns how many of a kind a unit with so many people has.
func (p placing) count(rng *rand.Rand, people int64) int {
	planned := 1.0
	if p.each > 0 {
		planned = float64(people) / p.each
	}
	count := 0
	for ; planned > 0; planned-- {
		if rng.Float64() < p.chance*math.Min(1, planned) {
			count++
		}
	}
	return count
}

// What facilities say of themselves.

func number(n int64) rule.Value { return rule.NumberOf(lifecircle.Int(n)) }

func between2(rng *rand.Rand, least, most int64) int64 { return least + rng.Int64N(most-least+1) }

// pick chooses a text; those named earlier are likelier.
func pick(rng *rand.Rand, texts ...string) rule.Value {
	at := int(float64(len(texts)) * rng.Float64() * rng.Float64())
	return rule.TextOf(texts[at])
}

func chance(rng *rand.Rand, p float64) rule.Value { return rule.BoolOf(rng.Float64() < p) }

// ground gives a sports place its area, and what it costs to use.
func groundOf(least, most int64) func(*rand.Rand) registry.Fields {
	return func(rng *rand.Rand) registry.Fields {
		return registry.Fields{
			"ground_area": number(between2(rng, least, most)), "fee": pick(rng, "free", "low", "market"),
			"open_weekly": rule.NumberOf(lifecircle.Int(3600 * between2(rng, 35, 98))),
		}
	}
}

// beds gives a care home its beds and what makes them nursing beds.
func bedsOf(least, most int64) func(*rand.Rand) registry.Fields {
	return func(rng *rand.Rand) registry.Fields {
		beds := between2(rng, least, most)
		return registry.Fields{
			"registered": chance(rng, 0.94), "operation_mode": pick(rng, "public_built_privately_run", "private", "public", "private_publicly_aided"),
			"beds": number(beds), "beds_nursing": number(int64(float64(beds) * (0.2 + 0.75*rng.Float64()))),
			"call_bells": chance(rng, 0.8), "barrier_free_toilets": chance(rng, 0.75), "medical_service": chance(rng, 0.7),
			"care_workers": number(beds/between2(rng, 4, 9) + 1), "disabled_residents": number(int64(float64(beds) * 0.5 * rng.Float64())),
			"disabled_care": chance(rng, 0.6),
		}
	}
}

// slots gives a childcare institution its places and prices.
func slotsOf(least, most int64) func(*rand.Rand) registry.Fields {
	return func(rng *rand.Rand) registry.Fields {
		ceiling := 100 * between2(rng, 12, 18)
		return registry.Fields{
			"registered": chance(rng, 0.93), "places": number(between2(rng, least, most)),
			"monthly_price": number(100 * between2(rng, 8, 24)), "price_ceiling": number(ceiling),
			"grade": number(between2(rng, 1, 3)), "recognised_inclusive": chance(rng, 0.55),
			"operation_mode": pick(rng, "private", "public_built_privately_run", "private_publicly_aided", "public"),
		}
	}
}

func schoolOf(least, most int64) func(*rand.Rand) registry.Fields {
	return func(rng *rand.Rand) registry.Fields {
		return registry.Fields{
			"school_places": number(between2(rng, least, most)), "barrier_free": chance(rng, 0.6),
			"network_connected": chance(rng, 0.98), "smart_campus": chance(rng, 0.55), "three_classrooms": chance(rng, 0.8),
		}
	}
}

func fees(rng *rand.Rand) registry.Fields {
	return registry.Fields{"fee": pick(rng, "free", "low"), "open_weekly": number(3600 * between2(rng, 30, 70))}
}

func dayPlaces(rng *rand.Rand) registry.Fields {
	return registry.Fields{"day_places": number(between2(rng, 10, 40)), "operation_mode": pick(rng, "public_built_privately_run", "public", "private")}
}

func townshipCentre(rng *rand.Rand) registry.Fields {
	functions := []string{"boarding", "day_care", "home_visit"}
	return registry.Fields{
		"functions": rule.TextsOf(functions[:between2(rng, 1, 3)]), "beds": number(between2(rng, 20, 80)),
		"day_places": number(between2(rng, 10, 40)),
	}
}

// placings are what the generator places, unit by unit.
var placings = []placing{
	{quarter, "community_service_station", 0, 0.97, false, nil},
	{quarter, "community_health_station", 0, 0.5, false, nil},
	{quarter, "fitness_station", 3500, 0.8, false, groundOf(100, 600)},
	{quarter, "sports_pitch", 11000, 0.7, false, groundOf(400, 1600)},
	{quarter, "fitness_centre", 12000, 0.7, true, nil},
	{quarter, "running_track", 26000, 0.6, false, groundOf(1500, 6000)},
	{quarter, "convenience_store", 1800, 0.85, false, nil},
	{quarter, "supermarket", 8000, 0.8, false, nil},
	{quarter, "pharmacy", 4000, 0.85, false, nil},
	{quarter, "food_market", 16000, 0.8, false, nil},
	{quarter, "elder_day_care", 0, 0.55, false, dayPlaces},
	{quarter, "meal_point", 0, 0.35, false, nil},
	{quarter, "small_elder_home", 0, 0.06, false, bedsOf(10, 30)},
	{quarter, "kindergarten", 7500, 0.9, false, schoolOf(120, 360)},
	{quarter, "community_childcare", 21000, 0.7, false, slotsOf(20, 60)},
	{quarter, "village_culture_centre", 0, 0.88, false, fees},
	{quarter, "parcel_point", 0, 0.9, false, nil},
	{quarter, "pocket_park", 9000, 0.7, false, nil},
	{quarter, "childrens_home", 0, 0.55, false, nil},
	{quarter, "public_toilet", 6000, 0.8, false, nil},

	{village, "village_clinic", 0, 0.972, false, nil},
	{village, "village_shop", 0, 0.9, false, nil},
	{village, "fitness_station", 0, 0.72, false, groundOf(100, 400)},
	{village, "village_sports_ground", 0, 0.78, false, groundOf(300, 900)},
	{village, "village_culture_centre", 0, 0.9, false, fees},
	{village, "farm_bookroom", 0, 0.95, false, nil},
	{village, "happiness_home", 0, 0.28, false, dayPlaces},
	{village, "rural_elder_table", 0, 0.22, false, nil},
	{village, "parcel_point", 0, 0.66, false, nil},
	{village, "primary_school", 0, 0.16, false, schoolOf(60, 240)},

	{core, "community_health_centre", 55000, 0.95, false, nil},
	{core, "primary_school", 14000, 0.9, false, schoolOf(700, 1800)},
	{core, "junior_school", 28000, 0.9, false, schoolOf(900, 2000)},
	{core, "culture_centre", 0, 0.85, false, fees},
	{core, "subdistrict_office", 0, 1, false, nil},
	{core, "sunshine_home", 0, 0.8, false, dayPlaces},
	{core, "sports_hall", 90000, 0.6, false, groundOf(2000, 6000)},
	{core, "township_elder_centre", 0, 0.4, false, townshipCentre},

	{rural, "township_health_centre", 0, 0.985, false, nil},
	{rural, "township_culture_station", 0, 0.96, false, fees},
	{rural, "township_elder_centre", 0, 0.5, false, townshipCentre},
	{rural, "sunshine_home", 0, 0.6, false, dayPlaces},
	{rural, "primary_school", 0, 0.98, false, schoolOf(300, 900)},
	{rural, "junior_school", 0, 0.6, false, schoolOf(400, 1000)},
	{rural, "township_trade_centre", 0, 0.84, false, nil},
	{rural, "welfare_home", 0, 0.3, false, bedsOf(30, 90)},
	{rural, "food_market", 0, 0.55, false, nil},
	{rural, "sports_pitch", 0, 0.7, false, groundOf(500, 1500)},
	{rural, "kindergarten", 0, 0.95, false, schoolOf(90, 270)},
	{rural, "post_office", 0, 0.95, false, nil},

	{aCounty, "hospital", 160000, 0.95, false, nil},
	{aCounty, "tcm_hospital", 0, 0.9, false, nil},
	{aCounty, "maternal_child_hospital", 0, 0.95, false, nil},
	{aCounty, "county_culture_centre", 0, 1, false, fees},
	{aCounty, "library", 0, 1, false, fees},
	{aCounty, "museum", 0, 0.6, false, fees},
	{aCounty, "stadium", 0, 0.75, false, groundOf(12000, 30000)},
	{aCounty, "public_fitness_centre", 0, 0.7, false, groundOf(3000, 9000)},
	{aCounty, "sports_park", 0, 0.6, false, groundOf(20000, 60000)},
	{aCounty, "football_pitch", 120000, 0.8, false, groundOf(4000, 8000)},
	{aCounty, "swimming_pool", 150000, 0.6, false, groundOf(1200, 3000)},
	{aCounty, "ice_snow_venue", 0, 0.2, false, groundOf(1800, 5000)},
	{aCounty, "outdoor_sports_base", 0, 0.4, false, nil},
	{aCounty, "special_school", 220000, 0.9, false, schoolOf(60, 200)},
	{aCounty, "county_support_home", 0, 0.8, false, bedsOf(100, 260)},
	{aCounty, "elder_home", 42000, 0.9, false, bedsOf(50, 220)},
	{aCounty, "nursing_home", 260000, 0.7, false, bedsOf(80, 240)},
	{aCounty, "comprehensive_childcare", 90000, 0.75, false, slotsOf(60, 150)},
	{aCounty, "workplace_childcare", 180000, 0.5, true, slotsOf(20, 50)},
	{aCounty, "senior_school", 110000, 0.9, false, schoolOf(1500, 4000)},

	{aCity, "childcare_guidance_centre", 0, 0.6, false, slotsOf(60, 120)},
	{aCity, "art_gallery", 0, 0.7, false, fees},
}

const sourceOfPlaces = "程序生成：按种子随机布点" + lifecircle.Parting + "generated: placed by chance from a seed"

// placer places the facilities of one county.
type placer struct {
	county *county
	rng    *rand.Rand
	count  int
	placed []registry.Facility
}

// place gives a unit with so many people its facilities: each lies by a home of
// one of the places among.
func (p *placer) place(in unit, people int64, among []*place) {
	if len(among) == 0 {
		return
	}
	for _, rule := range placings {
		if rule.in != in {
			continue
		}
		for range rule.count(p.rng, people) {
			at := among[p.rng.IntN(len(among))]
			p.count++
			f := registry.Facility{
				ID: lifecircle.FacilityID(fmt.Sprintf("%s-%04d", p.county.Code, p.count)), Area: at.Code, Kind: rule.kind,
				At: p.near(at), Public: !rule.private, Source: sourceOfPlaces, Provenance: lifecircle.Generated,
			}
			if rule.say != nil {
				f.Fields = rule.say(p.rng)
			}
			p.placed = append(p.placed, f)
		}
	}
}

// near returns a spot by one of a place's homes, across the street from it.
func (p *placer) near(at *place) geo.Point {
	home := at.homes[p.rng.IntN(len(at.homes))]
	return p.county.streets.plane.point(home.at.plus(spot{normal(p.rng, 25), normal(p.rng, 25)}))
}

// facilities places everything of a county. Of a prefecture city's seat that is
// the city's too.
func (c *county) facilities(seed uint64) []registry.Facility {
	p := &placer{county: c, rng: rand.New(rand.NewPCG(seed, c.number()+1))}
	inCore := c.coreTownships()
	var central []*place
	whole := int64(0)
	for _, t := range c.townships {
		var towns []*place
		people := int64(0)
		for _, at := range t.places {
			in := village
			if at.urban {
				in = quarter
				towns = append(towns, at)
			}
			p.place(in, at.cells.Total(), []*place{at})
			people += at.cells.Total()
		}
		whole += people
		in := rural
		if inCore[t] {
			in = core
			central = append(central, towns...)
		}
		if len(towns) == 0 && len(t.places) > 0 {
			towns = t.places[:1] // the village that is the township's seat
		}
		p.place(in, people, towns)
	}
	p.place(aCounty, whole, central)
	if c.citySeat {
		p.place(aCity, whole, central)
	}
	return p.placed
}

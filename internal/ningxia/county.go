package ningxia

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"

	"lifecircle"
	"lifecircle/geo"
)

// place is one unit of the lowest level with its people and where they live.
type place struct {
	Division
	urban bool
	cells Cells
	homes []home
	// middle is where its streets are; of a part of a town, the mean of its homes.
	middle spot
}

// township is a unit of the second lowest level.
type township struct {
	Division
	places []*place
	middle spot
}

// county is one county as it was laid out.
type county struct {
	Division
	centre    centre
	citySeat  bool // the seat of its prefecture city lies here
	townships []*township
	streets   streets
	core      settlement
	rng       *rand.Rand
}

// layOut makes a county's settlements and streets. The same seed, division list
// and census give the same county, whatever other counties there are.
func layOut(c *county, people census, seed uint64) error {
	c.rng = rand.New(rand.NewPCG(seed, c.number()))
	c.streets.plane = newPlane(c.centre.at)
	core := c.coreTownships()
	if err := c.populate(people, core); err != nil {
		return err
	}
	c.layTown(core)
	c.spreadTownships(core)
	c.joinTownships(core)
	return nil
}

// number is the county's code as a number: the second half of its seeds.
func (c *county) number() uint64 {
	n, err := strconv.ParseUint(string(c.Code), 10, 64)
	if err != nil {
		panic(err) // area codes are digits
	}
	return n
}

// coreTownships are those that make up the county's seat: its subdistricts, or
// else the township with most residents' committees, and any other with many.
func (c *county) coreTownships() map[*township]bool {
	const many = 8
	committees := func(t *township) int {
		n := 0
		for _, p := range t.places {
			if p.Kind == kindResidents {
				n++
			}
		}
		return n
	}
	core := make(map[*township]bool)
	most := c.townships[0]
	for _, t := range c.townships {
		if committees(t) > committees(most) {
			most = t
		}
		if t.Kind == kindSubdistrict && committees(t) > 0 || committees(t) >= many {
			core[t] = true
		}
	}
	core[most] = true
	return core
}

// populate gives every unit its people, so that each band of each sex adds up to
// the county's census and so do the people in towns and in the country.
func (c *county) populate(people census, core map[*township]bool) error {
	var town, country []*place
	var townWeights, countryWeights []float64
	for _, t := range c.townships {
		for _, p := range t.places {
			if p.Kind == kindResidents {
				p.urban = true
				weight := math.Exp(normal(c.rng, 0.35))
				if !core[t] {
					weight *= 0.3 // a market town's
				}
				town, townWeights = append(town, p), append(townWeights, weight)
				continue
			}
			weight := math.Exp(normal(c.rng, 0.5))
			if p.Kind != "villagers_committee" {
				weight *= 0.4 // a farm or an industrial park
			}
			country, countryWeights = append(country, p), append(countryWeights, weight)
		}
	}
	if len(town) == 0 && people.urban > 0 || len(country) == 0 && people.rural > 0 {
		return fmt.Errorf("county %s: %d people in towns for %d units, %d in the country for %d", c.Code, people.urban, len(town), people.rural, len(country))
	}
	inTown, inCountry := people.divide()
	for i, cells := range inTown.spread(townWeights) {
		town[i].cells = cells
	}
	for i, cells := range inCountry.spread(countryWeights) {
		country[i].cells = cells
	}
	return nil
}

// layTown builds the county's seat and gives each unit of the core its quarter.
func (c *county) layTown(core map[*township]bool) {
	var quarters []*place
	people := int64(0)
	for _, t := range c.townships {
		for _, p := range t.places {
			if core[t] && p.urban {
				quarters = append(quarters, p)
				people += p.cells.Total()
			}
		}
	}
	density := float64(cityDensity)
	if people < 60_000 {
		density = townDensity
	}
	c.core = c.streets.town(c.rng, ground{spot{}, heading(c.centre.axis), people}, density)
	carve(c.core.homes, quarters)
}

// carve divides homes among places so that each gets about its share of the
// weight and lies together: by halves, across the longer side.
func carve(homes []home, places []*place) {
	if len(places) == 0 {
		return
	}
	for len(homes) < len(places) { // fewer blocks than units: some share one
		homes = append(homes, homes...)
	}
	if len(places) == 1 {
		p := places[0]
		p.homes = homes
		p.middle = spot{}
		for _, h := range homes {
			p.middle = p.middle.plus(h.at.times(1 / float64(len(homes))))
		}
		return
	}
	low, high := homes[0].at, homes[0].at
	for _, h := range homes {
		low = spot{math.Min(low.x, h.at.x), math.Min(low.y, h.at.y)}
		high = spot{math.Max(high.x, h.at.x), math.Max(high.y, h.at.y)}
	}
	homes = slices.Clone(homes)
	slices.SortStableFunc(homes, func(a, b home) int {
		if high.x-low.x > high.y-low.y {
			return cmp.Compare(a.at.x, b.at.x)
		}
		return cmp.Compare(a.at.y, b.at.y)
	})
	half := len(places) / 2
	sum := func(places []*place) float64 {
		people := 1.0
		for _, p := range places {
			people += float64(p.cells.Total())
		}
		return people
	}
	weight, total := 0.0, 0.0
	for _, h := range homes {
		total += h.weight
	}
	wanted := total * sum(places[:half]) / sum(places)
	cut := 0
	for cut < len(homes)-(len(places)-half) && (cut < half || weight+homes[cut].weight/2 < wanted) {
		weight += homes[cut].weight
		cut++
	}
	carve(homes[:cut], places[:half])
	carve(homes[cut:], places[half:])
}

// radius is how far the core reaches from its middle.
func (c *county) radius() float64 {
	farthest := 0.0
	for _, h := range c.core.homes {
		farthest = math.Max(farthest, h.at.length())
	}
	return farthest
}

// land returns a random spot of the county's settled land, at least clear metres
// from the seat.
func (c *county) land(clear float64) spot {
	axis := heading(c.centre.axis)
	for {
		var s spot
		switch c.centre.land {
		case landValley: // near the river or one of two side valleys
			arm := axis
			u := (2*c.rng.Float64() - 1) * c.centre.length
			if c.rng.Float64() < 0.45 {
				turn := []float64{55, -55}[c.rng.IntN(2)]
				s = axis.times((c.rng.Float64() - 0.5) * c.centre.length)
				arm, u = heading(c.centre.axis+turn), (2*c.rng.Float64()-1)*c.centre.width
			}
			s = s.plus(along(arm, u, normal(c.rng, 1200)))
		default:
			angle, r := c.rng.Float64()*2*math.Pi, math.Sqrt(c.rng.Float64())
			s = along(axis, c.centre.length*r*math.Cos(angle), c.centre.width*r*math.Sin(angle))
		}
		if s.length() >= clear {
			return s
		}
		clear *= 0.98 // a large seat may leave little land
	}
}

// spreadTownships chooses where the other townships lie and lays out their towns
// and villages.
func (c *county) spreadTownships(core map[*township]bool) {
	clear := c.radius() + 2500
	var others []*township
	for _, t := range c.townships {
		if !core[t] {
			others = append(others, t)
		}
	}
	spots := scatter(c.rng, len(others), []spot{{}}, func() spot { return c.land(clear) })
	for i, t := range others {
		t.middle = spots[i]
		c.layTownship(t, spots)
	}
	for _, t := range c.townships {
		if core[t] {
			c.layFringe(t)
		}
	}
}

// layTownship builds a township: its market town, if it has one, and its
// villages around.
func (c *county) layTownship(t *township, all []spot) {
	reach := 7000.0
	for _, other := range append([]spot{{}}, all...) {
		if d := other.distance(t.middle); d > 0 {
			reach = math.Min(reach, 0.6*d)
		}
	}
	reach = math.Max(reach, 1800)
	var quarters, villages []*place
	people := int64(0)
	for _, p := range t.places {
		if p.urban {
			quarters = append(quarters, p)
			people += p.cells.Total()
		} else {
			villages = append(villages, p)
		}
	}
	var town settlement
	if len(quarters) > 0 {
		town = c.streets.town(c.rng, ground{t.middle, heading(c.centre.axis + normal(c.rng, 10)), people}, townDensity)
		carve(town.homes, quarters)
	} else if len(villages) > 0 {
		town = c.layVillage(villages[0], t.middle)
		villages = villages[1:]
	}
	spots := scatter(c.rng, len(villages), []spot{t.middle}, func() spot {
		angle, r := c.rng.Float64()*360, reach*math.Sqrt(0.05+0.95*c.rng.Float64())
		return c.aligned(t.middle.plus(heading(angle).times(r)))
	})
	c.joinVillages(town, villages, spots)
}

// aligned moves a spot of irrigated land onto the nearest canal: they run along
// the axis, 900 metres apart.
func (c *county) aligned(s spot) spot {
	if c.centre.land != landPlain {
		return s
	}
	const apart = 900
	axis := heading(c.centre.axis)
	u := s.x*axis.x + s.y*axis.y
	v := s.x*axis.left().x + s.y*axis.left().y
	return along(axis, u, math.Round(v/apart)*apart)
}

// layFringe builds the villages of a township of the core around the seat.
func (c *county) layFringe(t *township) {
	var villages []*place
	for _, p := range t.places {
		if !p.urban {
			villages = append(villages, p)
		}
	}
	edge := c.radius()
	side := c.rng.Float64() * 360 // each township has its side of the seat
	spots := scatter(c.rng, len(villages), nil, func() spot {
		angle := side + (c.rng.Float64()-0.5)*120
		return c.aligned(heading(angle).times(edge*0.95 + 600 + c.rng.Float64()*4500))
	})
	c.joinVillages(c.core, villages, spots)
	t.middle = spot{}
	n := 0.0
	for _, p := range t.places {
		t.middle = t.middle.plus(p.middle)
		n++
	}
	t.middle = t.middle.times(1 / math.Max(1, n))
}

func (c *county) layVillage(p *place, at spot) settlement {
	g := ground{at, heading(c.centre.axis + normal(c.rng, 8)), p.cells.Total()}
	var s settlement
	if c.centre.land == landPlain {
		s = c.streets.village(c.rng, g)
	} else {
		s = c.streets.hamlets(c.rng, g)
	}
	p.homes, p.middle = s.homes, at
	return s
}

// joinVillages builds villages and the roads that join them to each other and to
// their town.
func (c *county) joinVillages(town settlement, villages []*place, spots []spot) {
	settlements := []settlement{town}
	middles := []spot{town.middle}
	for i, p := range villages {
		settlements = append(settlements, c.layVillage(p, spots[i]))
		middles = append(middles, spots[i])
	}
	if len(town.gates) == 0 {
		settlements, middles = settlements[1:], middles[1:]
	}
	for _, pair := range joined(middles, len(villages)/4) {
		a, b := settlements[pair[0]], settlements[pair[1]]
		c.streets.road(c.rng, "tertiary", [2]uint32{a.gate(&c.streets, b.middle), b.gate(&c.streets, a.middle)})
	}
}

// joinTownships builds the roads between the seat and the townships.
func (c *county) joinTownships(core map[*township]bool) {
	middles := []spot{{}}
	for _, t := range c.townships {
		if !core[t] {
			middles = append(middles, t.middle)
		}
	}
	for _, pair := range joined(middles, len(middles)/4) {
		c.streets.road(c.rng, "secondary", [2]uint32{c.nearest(middles[pair[0]], middles[pair[1]]), c.nearest(middles[pair[1]], middles[pair[0]])})
	}
}

// nearest returns the street node nearest to a spot that lies a little towards
// another: where a road from there arrives.
func (c *county) nearest(at, towards spot) uint32 {
	d := math.Max(1, at.distance(towards))
	aim := between(at, towards, math.Min(0.3, 300/d))
	best, least := uint32(0), math.Inf(1)
	for i, node := range c.streets.at {
		if distance := node.distance(aim); distance < least {
			best, least = uint32(i), distance
		}
	}
	return best
}

// dwelling is a population point before it has a type of the registry.
type dwelling struct {
	area   lifecircle.AreaCode
	at     geo.Point
	people int64
	old    int64 // of them 65 and older
	young  int64 // of them under three
	urban  bool
}

// dwellings spreads each place's people over its homes, to the last person.
func (c *county) dwellings() []dwelling {
	var all []dwelling
	for _, t := range c.townships {
		for _, p := range t.places {
			weights := make([]float64, len(p.homes))
			for i, h := range p.homes {
				weights[i] = h.weight
			}
			people := share(p.cells.Total(), weights)
			old := within(p.cells.group("people_65"), people)
			rest := make([]int64, len(people))
			for i := range people {
				rest[i] = people[i] - old[i]
			}
			young := within(p.cells.group("people_under_3"), rest)
			for i, n := range people {
				if n > 0 {
					all = append(all, dwelling{p.Code, c.streets.plane.point(p.homes[i].at), n, old[i], young[i], p.urban})
				}
			}
		}
	}
	return all
}

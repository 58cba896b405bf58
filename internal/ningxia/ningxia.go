// Package ningxia makes the demonstration: the region's real division codes and
// census, and on them streets, dwellings and facilities that are generated from a
// seed. It reproduces each county's census by sex and age band exactly, looks
// like towns along valleys and canals, and claims nothing: every generated row
// says so. It is not Ningxia's streets or registers, which nobody gave us under a
// licence. Only cmd imports it.
package ningxia

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/network/osm"
	"lifecircle/registry"
)

// Region is the code of the region.
const Region = lifecircle.AreaCode("640000")

// Demonstration is everything that was made.
type Demonstration struct {
	Areas      []registry.Area
	Points     []registry.PopulationPoint
	Facilities []registry.Facility
	Records    []registry.Record
	Shapes     []geo.Shape  // the ground that the outlines of Areas name
	Extract    *osm.Extract // the streets

	counties []*county
}

// Make makes the demonstration. The same seed gives the same demonstration.
func Make(seed uint64) (*Demonstration, error) {
	divisions, err := Divisions()
	if err != nil {
		return nil, err
	}
	counts, err := readCensus()
	if err != nil {
		return nil, err
	}
	centres, err := readCentres()
	if err != nil {
		return nil, err
	}
	d := &Demonstration{Extract: &osm.Extract{}}
	if d.counties, err = sorted(divisions, centres); err != nil {
		return nil, err
	}
	failures := make([]error, len(d.counties))
	facilities, records := make([][]registry.Facility, len(d.counties)), make([][]registry.Record, len(d.counties))
	parallel(len(d.counties), func(i int) {
		c := d.counties[i]
		if failures[i] = layOut(c, counts[c.Code], seed); failures[i] == nil {
			facilities[i] = c.facilities(seed)
			records[i] = slices.Concat(c.counts(counts[c.Code]), c.lots(seed))
			c.open(seed, facilities[i], records[i])
		}
	})
	d.Facilities, d.Records = slices.Concat(facilities...), slices.Concat(records...)
	for _, err := range failures {
		if err != nil {
			return nil, err
		}
	}
	d.areas(divisions)
	if err := d.draw(); err != nil {
		return nil, err
	}
	first := make([]uint32, len(d.counties))
	for i, c := range d.counties {
		first[i] = c.streets.appendTo(d.Extract)
		for n, home := range c.dwellings() {
			d.Points = append(d.Points, registry.PopulationPoint{
				ID: fmt.Sprintf("%s/%d", home.area, n), Area: home.area, At: home.at, People: home.people, Urban: home.urban,
				Groups: registry.GroupsOf(map[string]int64{"people_65": home.old, "people_under_3": home.young}),
				Source: sourceOfPeople, Provenance: lifecircle.Generated,
			})
		}
	}
	d.highways(first)
	return d, nil
}

// The sources that rows name.
const (
	sourceOfCodes  = "统计用区划代码（2023-06-30），国家统计局" + lifecircle.Parting + "statistical division codes of 2023-06-30, National Bureau of Statistics"
	sourceOfPeople = "程序生成：分布到生成的住宅，各县与2020年人口普查完全一致" + lifecircle.Parting + "generated: spread over generated dwellings so that each county's census of 2020 is met exactly"
)

// sorted puts the divisions together as counties.
func sorted(divisions []Division, centres map[lifecircle.AreaCode]centre) ([]*county, error) {
	var counties []*county
	byCode := make(map[lifecircle.AreaCode]*county)
	townships := make(map[lifecircle.AreaCode]*township)
	for _, division := range divisions {
		switch len(division.Code) {
		case 6:
			if at, ok := centres[division.Code]; ok {
				c := &county{Division: division, centre: at}
				// The first district of a city is where its government sits.
				c.citySeat = len(counties) == 0 || parentOf(counties[len(counties)-1].Code) != parentOf(c.Code)
				counties, byCode[division.Code] = append(counties, c), c
			}
		case 9:
			c, ok := byCode[parentOf(division.Code)]
			if !ok {
				return nil, fmt.Errorf("township %s: its county has no centre", division.Code)
			}
			t := &township{Division: division}
			c.townships, townships[division.Code] = append(c.townships, t), t
		case 12:
			t, ok := townships[parentOf(division.Code)]
			if !ok {
				return nil, fmt.Errorf("village %s stands before its township", division.Code)
			}
			t.places = append(t.places, &place{Division: division})
		}
	}
	return counties, nil
}

func (d *Demonstration) areas(divisions []Division) {
	levels := map[int]registry.Level{9: registry.Township, 12: registry.Village}
	for _, division := range divisions {
		level, ok := levels[len(division.Code)]
		if !ok {
			switch {
			case division.Code == Region:
				level = registry.Region
			case division.Code[4:] == "00":
				level = registry.Prefecture
			default:
				level = registry.County
			}
		}
		d.Areas = append(d.Areas, registry.Area{
			Code: division.Code, Parent: parentOf(division.Code), Level: level, Name: division.Name, Kind: areaKind(division.Kind),
			Source: sourceOfCodes, Provenance: lifecircle.Real,
		})
	}
}

// areaKind is the registry's word for a kind of division.
func areaKind(kind string) string {
	switch kind {
	case kindResidents:
		return "residents"
	case "villagers_committee":
		return "villagers"
	}
	return kind
}

// highways joins neighbouring counties where their townships come nearest, so
// that the streets form one network. first are the extract's numbers of each
// county's first street node.
func (d *Demonstration) highways(first []uint32) {
	whole := newPlane(d.counties[0].centre.at)
	spots := make([]spot, len(d.counties))
	for i, c := range d.counties {
		spots[i] = whole.spot(c.centre.at)
	}
	for _, pair := range joined(spots, len(spots)/2) {
		a, b := d.counties[pair[0]], d.counties[pair[1]]
		from, to := nearestTownships(a, b, whole)
		ends := [2]uint32{
			first[pair[0]] + a.nearest(from, a.streets.plane.spot(b.streets.plane.point(to))),
			first[pair[1]] + b.nearest(to, b.streets.plane.spot(a.streets.plane.point(from))),
		}
		nodes := []uint32{ends[0]}
		p, q := whole.spot(d.Extract.Nodes[ends[0]]), whole.spot(d.Extract.Nodes[ends[1]])
		const bend = 1500.0
		for i, pieces := 1, int(p.distance(q)/bend); i < pieces; i++ {
			at := between(p, q, float64(i)/float64(pieces)).plus(spot{normal(a.rng, 120), normal(a.rng, 120)})
			nodes = append(nodes, uint32(len(d.Extract.Nodes)))
			d.Extract.Nodes = append(d.Extract.Nodes, whole.point(at))
		}
		d.Extract.Streets = append(d.Extract.Streets, osm.Street{
			WayID: int64(len(d.Extract.Streets) + 1), Highway: "primary", Nodes: append(nodes, ends[1]),
		})
	}
}

// nearestTownships returns the middles of the two townships of two counties that
// lie nearest to each other, each on its own county's plane.
func nearestTownships(a, b *county, whole plane) (from, to spot) {
	least := math.Inf(1)
	for _, t := range a.townships {
		at := whole.spot(a.streets.plane.point(t.middle))
		for _, u := range b.townships {
			if d := at.distance(whole.spot(b.streets.plane.point(u.middle))); d < least {
				least, from, to = d, t.middle, u.middle
			}
		}
	}
	return from, to
}

// parallel calls do for 0…n−1 on all processors and returns when all are done.
func parallel(n int, do func(i int)) {
	var group sync.WaitGroup
	var next atomic.Int64
	for range min(n, runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				do(int(i))
			}
		})
	}
	group.Wait()
}

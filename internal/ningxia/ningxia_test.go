package ningxia

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/network"
	"lifecircle/plan"
	"lifecircle/plan/rule"
	"lifecircle/plans"
	"lifecircle/registry"
)

// TestCensus: the demonstration has exactly the people whom the census counted:
// every band of each sex, in towns and in the country, in each county.
func TestCensus(t *testing.T) {
	d, err := Make(1)
	if err != nil {
		t.Fatal(err)
	}
	counts, err := readCensus()
	if err != nil {
		t.Fatal(err)
	}
	var region Cells
	for _, c := range d.counties {
		want := counts[c.Code]
		var got Cells
		urban := int64(0)
		for _, township := range c.townships {
			for _, p := range township.places {
				for i, n := range p.cells {
					if n < 0 {
						t.Fatalf("%s: %d people in a cell", p.Code, n)
					}
					got[i] += n
					region[i] += n
				}
				if p.urban {
					urban += p.cells.Total()
				}
			}
		}
		if got != want.cells || urban != want.urban {
			t.Errorf("%s %s: %v, %d in towns; the census has %v, %d", c.Code, c.Name.ZH, got, urban, want.cells, want.urban)
		}
	}
	if region != counts[Region].cells || region.Total() != 7_202_654 { // as published
		t.Errorf("the region has %d people: %v", region.Total(), region)
	}
	byArea := make(map[lifecircle.AreaCode]int64)
	for _, p := range d.Points {
		byArea[p.Area] += p.People
		if p.Provenance != lifecircle.Generated || p.People <= 0 {
			t.Fatalf("point %+v", p)
		}
	}
	old, young := make(map[lifecircle.AreaCode]int64), make(map[lifecircle.AreaCode]int64)
	for _, p := range d.Points {
		n, known := p.Groups.People("people_65")
		m, known2 := p.Groups.People("people_under_3")
		if !known || !known2 || n+m > p.People {
			t.Fatalf("%s: %d old and %d young of %d people", p.ID, n, m, p.People)
		}
		old[p.Area[:6]] += n
		young[p.Area] += m
	}
	for _, c := range d.counties {
		if want := counts[c.Code].cells.from(65); old[c.Code] != want {
			t.Errorf("%s: %d people of 65 and more at points, %d counted", c.Code, old[c.Code], want)
		}
		for _, township := range c.townships {
			for _, p := range township.places {
				// Those under one, and of the band from one to four half.
				if want := (2*(p.cells[0]+p.cells[len(Bands)]) + p.cells[1] + p.cells[len(Bands)+1]) / 2; young[p.Code] != want {
					t.Errorf("%s: %d children under three at points, want %d", p.Code, young[p.Code], want)
				}
				if byArea[p.Code] != p.cells.Total() {
					t.Errorf("%s: %d people at points, %d counted", p.Code, byArea[p.Code], p.cells.Total())
				}
			}
		}
	}
}

// TestDivisions: the official list's units, as they were counted.
// Everything that stands was opened on a generated day, so that the years of the plan
// can be told apart: on its last day all of it stands, on its first day most.
func TestOpenings(t *testing.T) {
	t.Parallel()
	d, err := Make(1)
	if err != nil {
		t.Fatal(err)
	}
	first, last := registry.DayOf(rule.DateFrom(planBegins, 1, 1)), registry.DayOf(rule.DateFrom(lastYear, 12, 31))
	before := 0
	for _, f := range d.Facilities {
		_, said := f.From.Date()
		if !said || !f.Holds(last) || f.Provenance != lifecircle.Generated {
			t.Fatalf("%s was opened %v, %s", f.ID, f.From, f.Provenance)
		}
		if f.Holds(first) {
			before++
		}
	}
	if share := float64(before) / float64(len(d.Facilities)); share < 0.7 || share > 0.95 {
		t.Errorf("%.2f of the facilities stood when the plan began", share)
	}
	for _, r := range d.Records {
		if _, said := r.From.Date(); !said || !r.Holds(last) {
			t.Fatalf("%s %s stands since %v", r.Register, r.ID, r.From)
		}
	}
	again, err := Make(1)
	if err != nil {
		t.Fatal(err)
	}
	for i := range d.Facilities {
		if d.Facilities[i].From != again.Facilities[i].From {
			t.Fatalf("%s was opened on another day the second time", d.Facilities[i].ID)
		}
	}
}

func TestDivisions(t *testing.T) {
	d, err := Make(1)
	if err != nil {
		t.Fatal(err)
	}
	levels := make(map[registry.Level]int)
	for _, a := range d.Areas {
		levels[a.Level]++
	}
	want := map[registry.Level]int{registry.Region: 1, registry.Prefecture: 5, registry.County: 22, registry.Township: 259, registry.Village: 2912}
	for level, n := range want {
		if levels[level] != n {
			t.Errorf("%d areas of level %s, want %d", levels[level], level, n)
		}
	}
	kinds := make(map[string]int)
	divisions, _ := Divisions()
	for _, division := range divisions {
		kinds[division.Kind]++
	}
	for kind, n := range map[string]int{
		"town": 103, "township": 90, "subdistrict": 50, "villagers_committee": 2214, "residents_committee": 657,
	} {
		if kinds[kind] != n {
			t.Errorf("%d of kind %s, want %d", kinds[kind], kind, n)
		}
	}
}

// TestStreets: the streets are one network that nearly everybody lives on, and
// the same seed gives the same ones.
func TestStreets(t *testing.T) {
	var hashes []string
	for _, seed := range []uint64{1, 1, 2} {
		d, err := Make(seed)
		if err != nil {
			t.Fatal(err)
		}
		n, err := network.Build(d.Extract)
		if err != nil {
			t.Fatal(err)
		}
		hashes = append(hashes, n.Hash())
		if s := n.Summary(); s.Components != 1 {
			t.Errorf("seed %d: the streets are %d networks", seed, s.Components)
		}
		for _, p := range d.Points {
			if _, err := n.Snap(p.At); err != nil {
				t.Fatalf("seed %d: %s: %v", seed, p.ID, err)
			}
		}
	}
	if hashes[0] != hashes[1] || hashes[0] == hashes[2] {
		t.Errorf("seeds 1, 1, 2 gave the networks %q", hashes)
	}
}

// TestShare: the parts add up, and each is within one of its quota.
func TestShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.Int64Range(0, 1_000_000).Draw(t, "total")
		weights := rapid.SliceOfN(rapid.Float64Range(0, 100), 1, 30).Draw(t, "weights")
		weights[0]++ // not all zero
		sum := 0.0
		for _, w := range weights {
			sum += w
		}
		added := int64(0)
		for i, part := range share(total, weights) {
			added += part
			if quota := float64(total) * weights[i] / sum; float64(part) < quota-1 || float64(part) > quota+1 {
				t.Fatalf("part %d is %d, its quota %v", i, part, quota)
			}
		}
		if added != total {
			t.Fatalf("the parts add up to %d of %d", added, total)
		}
	})
}

// TestCarve: every unit gets homes, and none is lost.
func TestCarve(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		homes := make([]home, rapid.IntRange(1, 60).Draw(t, "homes"))
		for i := range homes {
			homes[i] = home{spot{float64(i % 7), float64(i / 7)}, 1}
		}
		places := make([]*place, rapid.IntRange(1, 20).Draw(t, "places"))
		for i := range places {
			places[i] = &place{cells: Cells{int64(i * 100)}}
		}
		carve(homes, places)
		var held []home
		for i, p := range places {
			if len(p.homes) == 0 {
				t.Fatalf("place %d has no home", i)
			}
			held = append(held, p.homes...)
		}
		for _, h := range homes {
			if !slices.Contains(held, h) {
				t.Fatalf("home %v is nobody's", h)
			}
		}
	})
}

func BenchmarkMake(b *testing.B) {
	for b.Loop() {
		if _, err := Make(1); err != nil {
			b.Fatal(err)
		}
	}
}

// TestOutlines: the outlines of each level part the frame without gap or
// overlap.
func TestOutlines(t *testing.T) {
	d, err := Make(1)
	if err != nil {
		t.Fatal(err)
	}
	whole := newPlane(frame[0])
	area := func(ring []geo.Point) float64 {
		spots := make([]spot, len(ring))
		for i, at := range ring {
			spots[i] = whole.spot(at)
		}
		return twice(spots) / 2 // of a hole, negative
	}
	want := area(frame)
	byLevel := make(map[registry.Level]float64)
	shapes := make(map[string]geo.Shape)
	for _, s := range d.Shapes {
		shapes[s.Hash()] = s
	}
	type edge struct{ from, to geo.Point }
	edges := make(map[edge]int) // of villages
	for _, a := range d.Areas {
		if a.Outline == nil {
			if len(a.Code) != 9 { // some townships have no villages
				t.Errorf("%s %s has no outline", a.Code, a.Name.ZH)
			}
			continue
		}
		if a.Outline.Provenance != lifecircle.Generated || a.Outline.Note != schematic {
			t.Errorf("%s: its outline does not say what it is", a.Code)
		}
		shape, ok := shapes[a.Outline.Shape]
		if !ok {
			t.Fatalf("%s: the shape of its outline is not among the shapes", a.Code)
		}
		for _, polygon := range shape.Polygons() {
			for _, ring := range polygon {
				byLevel[a.Level] += area(ring)
				for i := 1; i < len(ring) && a.Level == registry.Village; i++ {
					edges[edge{ring[i-1], ring[i]}]++
				}
			}
		}
	}
	// Every side of a village is the other way round a side of its neighbour, but
	// for those on the frame.
	onFrame := func(at geo.Point) bool {
		for i, a := range frame {
			from, to, s := whole.spot(a), whole.spot(frame[(i+1)%len(frame)]), whole.spot(at)
			if s.distance(from)+s.distance(to) < from.distance(to)+0.1 {
				return true
			}
		}
		return false
	}
	for e, n := range edges {
		if back := edges[edge{e.to, e.from}]; n != 1 || back != 1 && (!onFrame(e.from) || !onFrame(e.to)) {
			t.Errorf("the side from %v to %v stands %d times and %d times the other way", e.from, e.to, n, back)
		}
	}
	for level, got := range byLevel {
		if math.Abs(got/want-1) > 1e-6 {
			t.Errorf("level %s covers %.9f of the frame", level, got/want)
		}
	}
}

// TestKnownByThePlan: every kind, field and element that is made is one of the
// plan's, or no rule would ever read it; and the registry takes all of it.
func TestKnownByThePlan(t *testing.T) {
	pkg, faults := plan.Load(plans.Ningxia2025())
	if pkg == nil {
		t.Fatal(faults)
	}
	d, err := Make(1)
	if err != nil {
		t.Fatal(err)
	}
	fields := make(map[string]map[string]bool)
	for id, r := range pkg.Registers {
		fields[id] = make(map[string]bool)
		for name := range r.Fields {
			fields[id][name] = true
		}
	}
	for _, r := range registry.Registers() {
		if fields[r.ID] == nil {
			fields[r.ID] = make(map[string]bool)
		}
		for _, f := range r.Fields {
			fields[r.ID][f.ID] = true
		}
	}
	known := func(register, name string) bool { return fields[register][name] }
	for _, f := range d.Facilities {
		if _, ok := pkg.Kinds[f.Kind]; !ok {
			t.Fatalf("%s is no facility kind", f.Kind)
		}
		for name := range f.Fields {
			if !known(registry.FacilityRegister, name) {
				t.Fatalf("%s %s: field %s is not known", f.ID, f.Kind, name)
			}
		}
		if f.Provenance != lifecircle.Generated {
			t.Fatalf("%s is %s", f.ID, f.Provenance)
		}
	}
	for _, r := range d.Records {
		for name := range r.Fields {
			if !known(r.Register, name) {
				t.Fatalf("%s %s: field %s is not known", r.Register, r.ID, name)
			}
		}
	}
	values, err := Values()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range values {
		if c.Value == nil {
			continue
		}
		if _, ok := pkg.Elements[c.Value.Element]; !ok {
			t.Errorf("%s is no element", c.Value.Element)
		}
	}
	base := registry.Base{Areas: d.Areas, Points: d.Points, Facilities: d.Facilities, Records: d.Records}
	if faults := base.Check(); len(faults) > 0 {
		t.Errorf("%d faults, first %v", len(faults), faults[0])
	}
	t.Logf("%d areas, %d points, %d facilities, %d records, %d changes of values", len(d.Areas), len(d.Points), len(d.Facilities), len(d.Records), len(values))
}

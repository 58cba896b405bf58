package remedy

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"sort"

	"lifecircle"
	"lifecircle/access"
	"lifecircle/geo"
	"lifecircle/network"
	"lifecircle/plan/rule"
	"lifecircle/registry"
	"lifecircle/siting"
	"lifecircle/siting/assignment"
)

// mostSpots bounds the candidates at points: more are thinned out to the most
// populous of each square.
const mostSpots = 10_000

// finish adds candidates, reach, costs and limits.
func (c *Case) finish(ctx context.Context) error {
	if err := c.wishes(); err != nil {
		return err
	}
	if err := c.price(); err != nil {
		return err
	}
	places := c.standing()
	c.Standing = len(places)
	if c.Question.Model == siting.LSCP || c.Question.Model == siting.MCLP || c.Question.Model == siting.LSCPB {
		if c.Purpose == Unrelated {
			c.serve(places)
		}
		if !c.aboutAll() {
			served := func(cell Cell) bool { return cell.Served }
			for _, cell := range c.Cells {
				if served(cell) {
					c.Rest = append(c.Rest, cell)
				}
			}
			c.Cells = slices.DeleteFunc(c.Cells, served)
			places = nil
		}
	} else if c.Purpose == Unrelated {
		c.serve(places)
	}
	if len(c.Cells) == 0 {
		return lifecircle.Errorf("siting_nothing_lacks", "in %s everybody has a %s within reach", c.Question.Area, c.Question.Kind)
	}
	if err := c.propose(); err != nil {
		return err
	}
	if err := c.besides(); err != nil {
		return err
	}
	if err := c.afford(); err != nil {
		return err
	}
	if c.Purpose == Presence {
		return c.presence(ctx)
	}
	return c.pairs(ctx, places)
}

// aboutAll reports whether the question is about those as well who have what they
// need: who counts in a share, or goes to places that may close or must be used.
func (c *Case) aboutAll() bool {
	q := c.Question
	return q.Share > 0 || q.Floor > 0 || q.Fairest || q.Closing > 0 || q.LeastServed > 0
}

// wishes refuses what contradicts itself or the model.
func (c *Case) wishes() error {
	q := c.Question
	if q.Closing < 0 || q.LeastServed < 0 || q.BesideMetres < 0 {
		return lifecircle.Errorf("siting_question", "closings, people served and metres must not be negative")
	}
	if people := c.Purpose == Nearness || c.Purpose == Unrelated; (q.Closing > 0 || q.LeastServed > 0) && (!people || capacitated(q.Model) || q.Model == siting.PDispersion) {
		return lifecircle.Errorf("siting_question", "closings and a least number of people served need people on their ways: %s of this question does not weigh them; use mclp, lscp or pmedian of a provision or kind", q.Model)
	}
	if _, known := c.ground.Plan.Kinds[q.Beside]; q.Beside != "" && !known {
		return lifecircle.Errorf("kind_unknown", "%q is no facility kind of plan %s", q.Beside, c.ground.Plan.ID).With("kind", q.Beside)
	}
	counted := slices.Clone(c.groups)
	if len(counted) > 1 { // what lies in no part is no area of its own
		counted = slices.DeleteFunc(counted, func(code lifecircle.AreaCode) bool { return code == q.Area })
	}
	for _, quota := range q.Quotas {
		if !slices.Contains(counted, quota.Area) {
			return lifecircle.Errorf("siting_quota_area", "a quota speaks of %s, which is none of the areas that places in %s are counted by: %v", quota.Area, q.Area, counted).
				With("area", string(quota.Area))
		}
	}
	return nil
}

// besides leaves only the candidates that lie beside a facility of the kind asked for.
func (c *Case) besides() error {
	q := c.Question
	if q.Beside == "" {
		return nil
	}
	var near []geo.Point // from south to north
	for _, f := range c.ground.Registry.Facilities() {
		if f.Kind == q.Beside && f.Serves() {
			near = append(near, f.At)
		}
	}
	slices.SortFunc(near, func(a, b geo.Point) int { return cmp.Compare(a.Lat, b.Lat) })
	all := len(c.Spots)
	c.Spots = slices.DeleteFunc(c.Spots, func(s Spot) bool {
		const leastPerDegree = 110_000 // metres, nowhere less from north to south
		band := q.BesideMetres / leastPerDegree
		from := sort.Search(len(near), func(i int) bool { return near[i].Lat >= s.At.Lat-band })
		to := from + sort.Search(len(near)-from, func(i int) bool { return near[from+i].Lat > s.At.Lat+band })
		return !slices.ContainsFunc(near[from:to], func(at geo.Point) bool { return geo.Distance(s.At, at) <= q.BesideMetres })
	})
	if len(c.Spots) == 0 {
		return lifecircle.Errorf("siting_none_beside", "none of %d candidates lies within %g m of a %s (%d stand): ask for more metres, or drop the wish", all, q.BesideMetres, q.Beside, len(near)).
			With("kind", q.Beside).With("metres", q.BesideMetres)
	}
	c.note("beside", fmt.Sprintf("%d of %d candidates lie within %g m of a %s", len(c.Spots), all, q.BesideMetres, q.Beside), map[string]any{"count": len(c.Spots), "all": all, "metres": q.BesideMetres})
	return nil
}

// standingPlaces is the area of the problem that the places which may close are of.
const standingPlaces = "standing places"

// serve marks the cells that have a place within their reach today.
func (c *Case) serve(places []Spot) {
	points := c.snap(c.Cells)
	access.EachWithin(points, asPlaces(places), c.Limit, func(_, point int, cost uint32) {
		if cost <= c.Cells[point].limit {
			c.Cells[point].Served = true
		}
	})
	for _, cell := range c.Cells {
		if !cell.Served && c.Purpose == Unrelated && c.capacity == (capacity{}) {
			c.Need += cell.Weight
		}
	}
}

func (c *Case) snap(cells []Cell) *access.Points {
	at := make([]geo.Point, len(cells))
	for i, cell := range cells {
		at[i] = cell.At
	}
	return access.SnapPointsFor(c.ground.Network, c.profile, at)
}

func asPlaces(spots []Spot) []access.Place {
	places := make([]access.Place, len(spots))
	for i, s := range spots {
		places[i] = access.Place{ID: lifecircle.FacilityID(s.ID), At: s.At}
	}
	return places
}

// standing returns the facilities that serve the purpose and lie near enough to
// serve anybody in the area.
func (c *Case) standing() []Spot {
	if c.Purpose == Presence || len(c.Cells) == 0 {
		return nil
	}
	box := geo.Bounds{Min: c.Cells[0].At, Max: c.Cells[0].At}
	for _, cell := range c.Cells {
		box.Min = geo.Point{Lon: min(box.Min.Lon, cell.At.Lon), Lat: min(box.Min.Lat, cell.At.Lat)}
		box.Max = geo.Point{Lon: max(box.Max.Lon, cell.At.Lon), Lat: max(box.Max.Lat, cell.At.Lat)}
	}
	// No way is shorter than the straight one; what is measured in time has no
	// such bound and keeps all.
	metres := math.Inf(1)
	if c.profile.Unit() == network.InDecimetres {
		metres = float64(c.Limit) / 10
	}
	const metresPerDegree = 110_000
	lat := metres / metresPerDegree
	lon := lat / math.Cos(math.Min(math.Max(math.Abs(box.Min.Lat), math.Abs(box.Max.Lat))+min(lat, 1), 89)*math.Pi/180)
	var spots []Spot
	for _, f := range c.ground.Registry.Facilities() {
		if !c.counts(f) || f.At.Lon < box.Min.Lon-lon || f.At.Lon > box.Max.Lon+lon || f.At.Lat < box.Min.Lat-lat || f.At.Lat > box.Max.Lat+lat {
			continue
		}
		spot := Spot{ID: string(f.ID), Area: f.Area, At: f.At, Origin: FromExisting}
		if n, ok := f.Fields[c.capacity.field].Number(); ok && n.Sign() >= 0 {
			spot.Capacity = n.Num() / n.Den()
		}
		spots = append(spots, spot)
	}
	return spots
}

// counts reports whether a facility serves what is asked for today.
func (c *Case) counts(f *registry.Facility) bool {
	switch {
	case !f.Serves():
		return false
	case c.Measure != "":
		m := c.ground.Plan.Measures[c.Measure]
		return slices.Contains(m.Kinds, f.Kind) && (f.Public || !m.Public)
	case c.Purpose == Capacity: // whatever kind has such places
		_, has := f.Fields[c.capacity.field].Number()
		return has
	}
	return f.Kind == c.Question.Kind
}

// propose lists the candidates.
func (c *Case) propose() error {
	known := c.ground.Registry
	supplied := make(map[lifecircle.AreaCode]bool)
	var vacant, unplaced, priced int
	if c.Question.Where != Points {
		records, _ := known.Records(registry.PremisesRegister)
		for _, r := range records {
			_, inside := c.groupOf[r.Area]
			if empty, _ := r.Fields["vacant"].Bool(); !inside || !empty {
				continue
			}
			if r.At == nil {
				unplaced++
				continue
			}
			spot := Spot{ID: r.ID, Area: r.Area, At: *r.At, Origin: FromPremises}
			if floor, ok := r.Fields["floor"].Number(); ok {
				spot.Floor = floor.Float64()
			}
			if cost, ok := r.Fields[registry.ConversionCost].Number(); ok {
				fen, whole := cost.Mul(lifecircle.Int(100))
				if !whole || cost.Sign() < 0 {
					return lifecircle.Errorf("premises_cost", "premises %s: the conversion cost is %v yuan: correct it, or leave it out where it is not known", r.ID, cost).With("premises", r.ID)
				}
				spot.Fen, spot.Priced = fen.Ceil(), true
				priced++
			}
			c.Spots = append(c.Spots, spot)
			supplied[r.Area] = true
			vacant++
		}
	}
	if unplaced > 0 {
		c.note("premises_unplaced", fmt.Sprintf("%d vacant premises have no position and are left out", unplaced), map[string]any{"count": unplaced})
	}
	if priced > 0 {
		c.note("premises_priced", fmt.Sprintf("%d vacant premises cost what the register says their conversion costs", priced), map[string]any{"count": priced})
	}
	points := 0
	if c.Question.Where != Premises {
		for _, p := range thinned(known.Points(), func(p registry.PopulationPoint) bool {
			_, inside := c.groupOf[p.Area]
			return inside && !supplied[p.Area]
		}) {
			c.Spots = append(c.Spots, Spot{ID: p.ID, Area: p.Area, At: p.At, Origin: FromPoint})
			points++
		}
	}
	c.note("candidates", fmt.Sprintf("%d candidates are vacant premises; %d are points where people live, in areas without such premises: there a plot is yet to be found", vacant, points),
		map[string]any{"premises": vacant, "points": points})
	if len(c.Spots) == 0 {
		return lifecircle.Errorf("siting_no_candidates", "there are no %s to choose from in %s", map[Where]string{Premises: "vacant premises", Points: "population points", PremisesOrPoints: "vacant premises or population points"}[c.Question.Where], c.Question.Area)
	}
	return nil
}

// thinned returns the points that may be candidates; where they are too many, the
// most populous of each square, whose sides double until few enough are left.
func thinned(all []registry.PopulationPoint, may func(registry.PopulationPoint) bool) []registry.PopulationPoint {
	var points []registry.PopulationPoint
	for _, p := range all {
		if may(p) {
			points = append(points, p)
		}
	}
	for side := 0.001; len(points) > mostSpots; side *= 2 { // about 100 m
		type square struct{ x, y int }
		best := make(map[square]int)
		for i, p := range points {
			at := square{int(math.Floor(p.At.Lon / side)), int(math.Floor(p.At.Lat / side))}
			if before, taken := best[at]; !taken || p.People > points[before].People {
				best[at] = i
			}
		}
		kept := make([]bool, len(points))
		for _, i := range best {
			kept[i] = true
		}
		var next []registry.PopulationPoint
		for i, p := range points {
			if kept[i] {
				next = append(next, p)
			}
		}
		points = next
	}
	return points
}

// price finds what a new place costs: what is given, else what a programme of the
// plan pays for each unit of capacity.
func (c *Case) price() error {
	q := c.Question
	c.Costs = Costs{Site: q.SiteCost, Unit: q.UnitCost}
	if q.SiteCost < 0 || q.UnitCost < 0 || q.Budget < 0 || q.Count < 0 {
		return lifecircle.Errorf("siting_question", "costs, the budget and the number of places must not be negative")
	}
	if q.SiteCost > 0 || q.UnitCost > 0 {
		c.Costs.Basis = "given"
	}
	if c.Costs.Unit == 0 && c.capacity.unit != "" && c.Object.ID != "" {
		c.Costs = c.fromProgramme(c.Costs)
	}
	return nil
}

// costOf is what opening a spot costs, beside its capacity.
func (c *Case) costOf(s Spot) int64 {
	if s.Priced {
		return s.Fen
	}
	return c.Costs.Site
}

// afford leaves out, under a budget, the candidates of which nobody says what
// they cost: that is not known, and not nothing.
func (c *Case) afford() error {
	if !c.Question.HasBudget || c.Costs.Site > 0 || c.Costs.Unit > 0 {
		return nil
	}
	all := len(c.Spots)
	c.Spots = slices.DeleteFunc(c.Spots, func(s Spot) bool { return !s.Priced })
	if len(c.Spots) == 0 {
		return lifecircle.Errorf("siting_no_cost", "a budget needs costs, and neither the plan nor the register of premises gives one for %s: say what one costs", c.Question.Kind).With("kind", c.Question.Kind)
	}
	if left := all - len(c.Spots); left > 0 {
		c.note("cost_unknown", fmt.Sprintf("%d candidates are left out: nobody says what they cost", left), map[string]any{"count": left})
	}
	return nil
}

// fromProgramme looks for the programme that moves the object and pays for each
// unit of capacity.
func (c *Case) fromProgramme(costs Costs) Costs {
	day := rule.DateFrom(c.ground.Plan.Year, 12, 31)
	for _, o := range c.ground.Plan.Objects {
		if o.Programme == nil || o.Decision == nil || o.Decision.Amount == nil || !slices.Contains(o.Programme.Moves, c.Object.ID) {
			continue
		}
		for _, name := range o.Decision.Amount.References().Fields {
			parameter, ok := o.Decision.Parameters[name]
			if !ok || parameter.Unit.String() != "yuan/"+c.capacity.unit {
				continue
			}
			if value, ok := parameter.At(day); ok {
				fen, _ := value.Number.Mul(lifecircle.Int(100))
				costs.Unit, costs.Basis, costs.Source, costs.Status = fen.Ceil(), o.ID, value.Source, string(value.Status)
				return costs
			}
		}
	}
	return costs
}

// pairs measures the ways between candidates and cells and makes the problem.
func (c *Case) pairs(ctx context.Context, places []Spot) error {
	q := c.Question
	p := &siting.Problem{Model: q.Model, Scale: 10, Fairest: q.Fairest, Cheapest: q.HasBudget}
	for _, code := range c.groups {
		p.Areas = append(p.Areas, string(code))
	}
	if q.Closing > 0 {
		p.Areas = append(p.Areas, standingPlaces)
	}
	points := c.snap(c.Cells)
	lost := 0
	keep := make([]bool, len(c.Cells))
	for i := range c.Cells {
		if keep[i] = points.Snapped(i); !keep[i] {
			lost++
		}
	}
	if lost > 0 {
		c.note("off_street", fmt.Sprintf("%d cells lie too far from any street: no place reaches them", lost), map[string]any{"count": lost})
	}
	// The candidates as the problem has them: what may be opened, then what stands.
	spots := c.Spots
	rows := make([][]pair, len(spots)+len(places))
	each := func(offset int, some []Spot) {
		access.EachWithin(points, asPlaces(some), c.Limit, func(place, point int, cost uint32) {
			if cost <= c.Cells[point].limit {
				rows[offset+place] = append(rows[offset+place], pair{int32(point), int32(cost)})
			}
		})
	}
	each(0, spots)
	each(len(spots), places)
	if err := ctx.Err(); err != nil {
		return err
	}
	if capacitated(q.Model) {
		c.hold(places, rows[len(spots):])
		places = nil
	}
	for _, cell := range c.Cells {
		d := siting.Demand{ID: cell.ID, Weight: cell.Weight - cell.held, Area: c.groupOf[cell.Area]}
		if capacitated(q.Model) {
			d.Load = d.Weight
		}
		p.Demand = append(p.Demand, d)
	}
	state := c.states()
	p.Reach = siting.NewReach(len(c.Cells))
	c.Spots = nil
	add := func(spot Spot, row []pair, candidate siting.Candidate) error {
		slices.SortFunc(row, func(a, b pair) int { return cmp.Compare(a.demand, b.demand) })
		demand, times := make([]int32, len(row)), make([]int32, len(row))
		for k, one := range row {
			demand[k], times[k] = one.demand, one.time
		}
		candidate.ID = spot.ID
		p.Candidates = append(p.Candidates, candidate)
		c.Spots = append(c.Spots, spot)
		return p.Reach.Add(demand, times)
	}
	idle := 0
	for i, spot := range spots {
		candidate := siting.Candidate{Area: c.groupOf[spot.Area], State: state[spot.ID], Cost: c.costOf(spot)}
		if capacitated(q.Model) {
			candidate.Modules = c.modules(c.costOf(spot))
		}
		if len(rows[i]) == 0 && candidate.State == siting.Closed && q.Model != siting.PDispersion {
			idle++
			continue
		}
		if err := add(spot, rows[i], candidate); err != nil {
			return err
		}
		delete(state, spot.ID)
	}
	if idle > 0 {
		c.note("idle", fmt.Sprintf("%d candidates reach nobody who lacks it and are left out", idle), map[string]any{"count": idle})
	}
	if len(state) > 0 {
		return unknownCandidates(state)
	}
	if len(c.Spots) == 0 {
		return lifecircle.Errorf("siting_nobody_within_reach", "no candidate is within reach of anybody who lacks it")
	}
	for i, place := range places {
		candidate := siting.Candidate{State: siting.Competitor}
		if group, inside := c.groupOf[place.Area]; inside {
			candidate.Area = group
			if q.Closing > 0 {
				// Of an area of their own: quotas count new places.
				candidate.State, candidate.Area = siting.Open, int32(len(c.groups))
			}
		}
		if err := add(place, rows[len(spots)+i], candidate); err != nil {
			return err
		}
	}
	if kept := c.otherwise(rows[len(spots):]); len(kept) > 0 {
		if err := add(Spot{ID: "otherwise", Origin: FromExisting}, kept, siting.Candidate{State: siting.Competitor}); err != nil {
			return err
		}
	}
	c.limit(p)
	c.Problem = p
	return c.shape(p)
}

// otherwise are the cells that have what they need by something that does not close,
// as the other way that a provision leaves them.
func (c *Case) otherwise(rows [][]pair) []pair {
	if c.Question.Closing == 0 {
		return nil
	}
	met := make([]bool, len(c.Cells))
	for _, row := range rows {
		for _, one := range row {
			met[one.demand] = true
		}
	}
	var kept []pair
	for i, cell := range c.Cells {
		if cell.Served && !met[i] {
			kept = append(kept, pair{int32(i), 0})
		}
	}
	return kept
}

type pair struct{ demand, time int32 }

// hold gives everybody whom the standing facilities have room for a place there,
// the nearest ways in sum: they keep it, and new places are for the others.
func (c *Case) hold(places []Spot, rows [][]pair) {
	t := assignment.Transport{
		Load: make([]int64, len(c.Cells)), Capacity: make([]int64, len(places)),
		Reach: make([][]assignment.Arc, len(c.Cells)), Unserved: make([]int64, len(c.Cells)),
	}
	unsized := 0
	for k, place := range places {
		t.Capacity[k] = place.Capacity
		if place.Capacity == 0 {
			unsized++
		}
		for _, one := range rows[k] {
			t.Reach[one.demand] = append(t.Reach[one.demand], assignment.Arc{Place: int32(k), Cost: int64(one.time)})
		}
	}
	for i, cell := range c.Cells {
		t.Load[i] = cell.Weight
		t.Unserved[i] = (int64(c.Limit) + 1) * int64(len(places)+2) // beyond every chain of moves
	}
	flows, _, _ := t.Solve()
	var held int64
	for _, f := range flows {
		c.Cells[f.Demand].held += f.Load
		held += f.Load
	}
	c.note("held", fmt.Sprintf("%d who need a %s have one in what stands and keep it; new places are for the others", held, c.capacity.unit), map[string]any{"count": held})
	if unsized > 0 {
		c.note("capacity_unknown", fmt.Sprintf("%d standing facilities do not say how many %ss they have and count none", unsized, c.capacity.unit), map[string]any{"count": unsized})
	}
}

// states are what the question says of candidates.
func (c *Case) states() map[string]siting.State {
	state := make(map[string]siting.State)
	for _, id := range c.Question.Fixed {
		state[id] = siting.Fixed
	}
	for _, id := range c.Question.Forbidden {
		state[id] = siting.Forbidden
	}
	return state
}

func unknownCandidates(state map[string]siting.State) error {
	var names []string
	for id := range state {
		names = append(names, id)
	}
	slices.Sort(names)
	return lifecircle.Errorf("candidate_unknown", "fixed or forbidden, but no candidates here: %v", names).With("candidates", names)
}

// limit takes over what the question limits.
func (c *Case) limit(p *siting.Problem) {
	q := c.Question
	p.Limits = siting.Limits{
		Count: q.Count, Budget: q.Budget, HasBudget: q.HasBudget, Share: q.Share, Floor: q.Floor, LeastServed: q.LeastServed,
	}
	for _, quota := range q.Quotas {
		p.Limits.Quotas = append(p.Limits.Quotas, siting.Quota{Area: int32(slices.Index(c.groups, quota.Area)), Least: quota.Least, Most: quota.Most})
	}
	open := 0
	for _, candidate := range p.Candidates {
		if candidate.State == siting.Open {
			open++
		}
	}
	if q.Closing > 0 {
		// As a quota of their own, which the bounds know, unlike a number of closures.
		p.Limits.Quotas = append(p.Limits.Quotas, siting.Quota{Area: int32(len(c.groups)), Least: max(0, open-q.Closing), Most: -1})
	}
	if q.Count > 0 {
		p.Limits.Count += open // a number is of new places
	}
	if each := c.oneCost(p); q.HasBudget && each > 0 && (q.Count == 0 || q.Budget/each <= int64(q.Count)) && q.Budget >= each {
		// Where all cost the same a budget is a number, whose bound is far better.
		c.each = each
		p.Limits.HasBudget, p.Limits.Budget = false, 0
		p.Limits.Count = int(min(q.Budget/each, math.MaxInt32)) + open
		may := open
		for _, candidate := range p.Candidates {
			if candidate.State == siting.Closed || candidate.State == siting.Fixed && candidate.Cost > 0 {
				may++
			}
		}
		if p.Limits.Count >= may {
			p.Limits.Count, c.each = may, 0 // the budget pays for all there are
		}
	}
}

// oneCost returns what every candidate costs if all cost the same, else 0.
func (c *Case) oneCost(p *siting.Problem) int64 {
	each := int64(-1)
	for j, candidate := range p.Candidates {
		if c.Spots[j].Origin == FromExisting {
			continue
		}
		costs := []siting.Module{{Cost: candidate.Cost}}
		if len(candidate.Modules) > 0 {
			costs = candidate.Modules
		}
		for _, m := range costs {
			if each >= 0 && m.Cost != each {
				return 0
			}
			each = m.Cost
		}
	}
	return max(each, 0)
}

// shape sets what single models read.
func (c *Case) shape(p *siting.Problem) error {
	limit := int32(min(c.Limit, math.MaxInt32-1))
	switch c.Question.Model {
	case siting.PMedian, siting.KNearestPMedian, siting.CPMedian:
		p.Unserved = limit
		c.note("beyond", "people beyond the reach count as far away as the reach", map[string]any{"metres": c.Metres})
	case siting.Attendance:
		p.Decay = func(t int32) int64 { return max(0, siting.Million*int64(limit-t)/int64(max(limit, 1))) }
		c.note("decay", "visits fall in a straight line from everybody at the door to nobody at the reach", nil)
	case siting.PDispersion:
		return c.between(p)
	}
	return nil
}

// between measures the ways among the candidates.
func (c *Case) between(p *siting.Problem) error {
	const most = 2_000
	n := len(c.Spots)
	if n > most {
		return lifecircle.Errorf("siting_too_many", "p-dispersion measures every pair of candidates: %d are more than %d; ask for a smaller area or premises alone", n, most)
	}
	at := make([]geo.Point, n)
	for i, s := range c.Spots {
		at[i] = s.At
	}
	ways := make([]int32, n*n)
	for i := range ways {
		ways[i] = int32(min(c.Limit, math.MaxInt32-1))
	}
	access.EachWithin(access.SnapPointsFor(c.ground.Network, c.profile, at), asPlaces(c.Spots), c.Limit, func(place, point int, cost uint32) {
		ways[place*n+point] = min(ways[place*n+point], int32(cost))
		ways[point*n+place] = min(ways[point*n+place], int32(cost))
	})
	p.Between = func(a, b int) int32 { return ways[a*n+b] }
	return nil
}

// presence makes the problem of areas that lack a place: each area's best spot is
// the one that is nearest to its people (least person-way, the reach counted for
// who is farther); which areas is then the choice.
func (c *Case) presence(ctx context.Context) error {
	known := c.ground.Registry
	p := &siting.Problem{Model: c.Question.Model, Scale: 10, Cheapest: c.Question.HasBudget}
	for _, code := range c.groups {
		p.Areas = append(p.Areas, string(code))
	}
	state := c.states()
	people := make(map[lifecircle.AreaCode][]Cell)
	for _, point := range known.Points() {
		people[point.Area] = append(people[point.Area], Cell{ID: point.ID, Area: point.Area, At: point.At, Weight: point.People})
	}
	spots := make(map[lifecircle.AreaCode][]Spot)
	for _, s := range c.Spots {
		spots[s.Area] = append(spots[s.Area], s)
	}
	c.Spots = nil
	p.Reach = siting.NewReach(len(c.Cells))
	empty := 0
	for i, cell := range c.Cells {
		if err := ctx.Err(); err != nil {
			return err
		}
		weight := max(cell.Weight, 1)
		c.Cells[i].Weight = weight
		p.Demand = append(p.Demand, siting.Demand{ID: cell.ID, Weight: weight, Area: c.groupOf[cell.Area]})
		var own []Cell
		var may []Spot
		for _, below := range known.Subtree(cell.Area) {
			own = append(own, people[below]...)
			may = append(may, spots[below]...)
		}
		wanted := slices.DeleteFunc(slices.Clone(may), func(s Spot) bool { return state[s.ID] != siting.Fixed })
		may = slices.DeleteFunc(may, func(s Spot) bool { return state[s.ID] == siting.Forbidden })
		if len(wanted) > 0 {
			may = wanted
		}
		if len(may) == 0 {
			empty++
			continue
		}
		spot := may[c.middle(own, may)]
		c.Cells[i].At = spot.At
		candidate := siting.Candidate{ID: spot.ID, Area: c.groupOf[cell.Area], Cost: c.costOf(spot)}
		if len(wanted) > 0 {
			candidate.State = siting.Fixed
		}
		p.Candidates = append(p.Candidates, candidate)
		c.Spots = append(c.Spots, spot)
		if err := p.Reach.Add([]int32{int32(i)}, []int32{0}); err != nil {
			return err
		}
	}
	if empty > 0 {
		c.note("no_ground", fmt.Sprintf("%d areas have no candidate of their own", empty), map[string]any{"count": empty})
	}
	c.note("presence", "each area's spot is the one nearest to its people; which areas come first is chosen by the people who gain", nil)
	c.limit(p)
	c.Problem = p
	return nil
}

// middle returns the spot with the least person-way to the cells, which counts
// who is beyond the reach as so far.
func (c *Case) middle(cells []Cell, spots []Spot) (best int) {
	cost := make([]int64, len(spots))
	gain := func(place, point int, way uint32) { cost[place] -= cells[point].Weight * int64(c.Limit-way) }
	access.EachWithin(c.snap(cells), asPlaces(spots), c.Limit, gain)
	for k := range spots {
		if cost[k] < cost[best] {
			best = k
		}
	}
	return best
}

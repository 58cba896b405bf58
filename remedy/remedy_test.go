package remedy_test

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"testing"

	"lifecircle"
	"lifecircle/access"
	"lifecircle/api"
	"lifecircle/engine"
	"lifecircle/figure"
	"lifecircle/geo"
	"lifecircle/indicator"
	"lifecircle/internal/testcity/banks"
	"lifecircle/plan"
	"lifecircle/plan/rule"
	"lifecircle/plans"
	"lifecircle/registry"
	"lifecircle/remedy"
	"lifecircle/scenario"
	"lifecircle/siting"
)

const (
	town = banks.Town
	west = banks.West
	east = banks.East
)

// built is the demonstration's town of two counties, as far as keep leaves its
// facilities, with more records and values.
func built(t *testing.T, keep func(registry.Facility) bool, records []registry.Record, values []figure.Value) *engine.World {
	t.Helper()
	b, net, err := banks.Demo()
	if err != nil {
		t.Fatal(err)
	}
	b.Records = records
	b.Facilities = slices.DeleteFunc(b.Facilities, func(f registry.Facility) bool { return !keep(f) })
	pkg, faults := plan.Load(plans.Ningxia2025())
	if pkg == nil {
		t.Fatal(faults)
	}
	snapshot, err := registry.NewSnapshot(b)
	if err != nil {
		t.Fatal(err)
	}
	figures := new(figure.Table)
	var edits []figure.Edit
	for i := range values {
		edits = append(edits, figure.Edit{Put: &values[i]})
	}
	if len(edits) > 0 {
		if figures, err = figures.With(edits); err != nil {
			t.Fatal(err)
		}
	}
	return engine.Build(engine.Parts{Root: town, Plan: pkg, Network: net, Facts: scenario.Facts{Registry: snapshot, Figures: figures}})
}

func everything(registry.Facility) bool { return true }

// onlyP leaves the pitch in the west alone.
func onlyP(f registry.Facility) bool { return f.Kind == "sports_pitch" }

// passing returns the people who meet clause 1.1.7.
func passing(t *testing.T, e *indicator.Evaluator, variant string) int64 {
	t.Helper()
	r, err := e.Evaluate(indicator.Query{Object: "sport.fitness_10min", Variant: variant, Area: town, Period: lifecircle.Year(2025)})
	if err != nil {
		t.Fatal(err)
	}
	n, ok := r.Numerator.Number()
	if !ok {
		t.Fatalf("no number of people: %v", r.Numerator)
	}
	return n.Num()
}

// The answer to a provision's deficit is what trying every choice of candidates
// on the plan finds, under both readings of the text.
func TestBestOfAllChoices(t *testing.T) {
	t.Parallel()
	w := built(t, onlyP, nil, nil)
	ground := api.Remedies(w)
	for _, variant := range []string{"w1000", "w800"} {
		before := passing(t, w.Evaluator(), variant)
		for p := 1; p <= 2; p++ {
			c, err := ground.Prepare(t.Context(), remedy.Question{Area: town, Object: "1.1.7", Variant: variant, Count: p})
			if err != nil {
				t.Fatal(err)
			}
			answer, err := c.Solve(t.Context(), siting.Config{Seed: 1})
			if err != nil {
				t.Fatal(err)
			}
			most := int64(0)
			points := w.Registry().Points()
			var choose func(from int, changes []scenario.Change)
			choose = func(from int, changes []scenario.Change) {
				if len(changes) == p {
					after, err := ground.Try(changes)
					if err != nil {
						t.Fatal(err)
					}
					most = max(most, passing(t, after, variant)-before)
					return
				}
				for i := from; i < len(points); i++ {
					place := registry.Facility{
						ID: lifecircle.FacilityID(fmt.Sprint("try-", i)), Area: points[i].Area, Kind: "fitness_station", At: points[i].At,
						Public: true, Provenance: lifecircle.Generated,
					}
					choose(i+1, append(slices.Clone(changes), scenario.Change{Op: scenario.Add, Facility: &place}))
				}
			}
			choose(0, nil)
			if answer.Solution.Value != most || answer.Solution.Bound != most {
				t.Errorf("%s, %d sites: value %d, bound %d; trying all gains %d", variant, p, answer.Solution.Value, answer.Solution.Bound, most)
			}
			if answer.After-answer.Before != most || answer.Before != before || answer.People != 10_000 || answer.Uncovered != 10_000-before-most {
				t.Errorf("%s, %d sites: %d of %d before, %d after; uncovered %d", variant, p, answer.Before, answer.People, answer.After, answer.Uncovered)
			}
			var sum remedy.AreaGain
			for _, g := range answer.PerArea {
				sum.People, sum.Before, sum.After, sum.Sites = sum.People+g.People, sum.Before+g.Before, sum.After+g.After, sum.Sites+g.Sites
			}
			if sum.People != answer.People || sum.Before != answer.Before || sum.After != answer.After || sum.Sites != len(answer.Sites) {
				t.Errorf("%s, %d sites: the areas sum up to %+v", variant, p, sum)
			}
			if answer.Checked != "plan" || answer.Result == nil {
				t.Errorf("the answer was checked by %q", answer.Checked)
			}
		}
	}
}

// In the town as drawn 600 people at 1:15 and 3:21 lack a place within 1,000 m,
// in one corner: one site serves them all, and no second would gain anybody.
func TestTownAsDrawn(t *testing.T) {
	t.Parallel()
	w := built(t, everything, nil, nil)
	ground := api.Remedies(w)
	c, err := ground.Prepare(t.Context(), remedy.Question{Area: town, Object: "sport.fitness_10min", Count: 1})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := c.Solve(t.Context(), siting.Config{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if answer.Solution.Value != 600 || answer.Uncovered != 0 || c.Need != 600 || c.Purpose != remedy.Nearness {
		t.Errorf("value %d, uncovered %d, need %d, purpose %s", answer.Solution.Value, answer.Uncovered, c.Need, c.Purpose)
	}
	if got := answer.Result[1].Value.String(); got != "1" {
		t.Errorf("the share is then %s", got)
	}
	// The first answer of a cover says how many sites are needed at least.
	cover, err := ground.Prepare(t.Context(), remedy.Question{Area: town, Object: "1.1.7", Model: siting.LSCP})
	if err != nil {
		t.Fatal(err)
	}
	if all, err := cover.Solve(t.Context(), siting.Config{Seed: 1}); err != nil || len(all.Sites) != 1 || all.Uncovered != 0 {
		t.Errorf("cover: %v, %+v", err, all)
	}
	// The chosen site is chosen; one that reaches nobody who lacks it is no candidate.
	why, err := answer.Why(t.Context(), answer.Sites[0].ID, siting.Config{Seed: 1})
	if err != nil || !why.Chosen || why.Reaches != 600 || why.Taken != 600 {
		t.Errorf("why the chosen: %v %+v", err, why)
	}
	if _, err := answer.Why(t.Context(), "nowhere", siting.Config{}); lifecircle.ErrorCode(err) != "candidate_unknown" {
		t.Errorf("why nowhere: %v", err)
	}
	// P, far away, reaches nobody who lacks a place: nothing would be gained.
	pitch, _ := w.Registry().Facility(w.Registry().Facilities()[0].ID)
	far, err := answer.WhyAt(t.Context(), pitch.At, siting.Config{Seed: 1})
	if err != nil || far.Chosen || far.Reaches != 0 || far.Forced == nil || far.Forced[0] != 0 || len(far.Instead) != 1 {
		t.Errorf("why not at P: %v %+v", err, far)
	}
}

func premises(id string, at geo.Point, vacant bool) registry.Record {
	return registry.Record{
		Register: registry.PremisesRegister, ID: id, Area: east, At: &at, Provenance: lifecircle.Generated,
		Fields: registry.Fields{"vacant": rule.BoolOf(vacant), "floor": rule.NumberOf(lifecircle.Int(300))},
	}
}

// Vacant premises come before points in their area, and alone where asked.
func TestCandidates(t *testing.T) {
	t.Parallel()
	var homes []geo.Point
	for _, p := range built(t, everything, nil, nil).Registry().Points() {
		if p.Area == east {
			homes = append(homes, p.At)
		}
	}
	w := built(t, onlyP, []registry.Record{premises("empty", homes[0], true), premises("let", homes[1], false)}, nil)
	origins := func(where remedy.Where) map[remedy.Origin]int {
		c, err := api.Remedies(w).Prepare(t.Context(), remedy.Question{Area: town, Object: "1.1.7", Count: 1, Where: where})
		if err != nil {
			t.Fatal(err)
		}
		count := map[remedy.Origin]int{}
		for _, s := range c.Spots {
			if count[s.Origin]++; s.Origin == remedy.FromPremises && (s.ID != "empty" || s.Floor != 300) || s.Origin == remedy.FromPoint && where != remedy.Points && s.Area == east {
				t.Errorf("%s: candidate %+v", where, s)
			}
		}
		return count
	}
	if got := origins(remedy.Premises); got[remedy.FromPremises] != 1 || got[remedy.FromPoint] != 0 {
		t.Errorf("premises alone: %v", got)
	}
	if got := origins(remedy.PremisesOrPoints); got[remedy.FromPremises] != 1 || got[remedy.FromPoint] == 0 {
		t.Errorf("both: %v", got)
	}
	if got := origins(remedy.Points); got[remedy.FromPremises] != 0 || got[remedy.FromPoint] == 0 {
		t.Errorf("points alone: %v", got)
	}
}

// A budget where all cost the same is a number, and says so as a budget.
func TestBudget(t *testing.T) {
	t.Parallel()
	w := built(t, onlyP, nil, nil)
	ask := func(q remedy.Question) (*remedy.Answer, error) {
		q.Area, q.Object = town, "1.1.7"
		c, err := api.Remedies(w).Prepare(t.Context(), q)
		if err != nil {
			return nil, err
		}
		return c.Solve(t.Context(), siting.Config{Seed: 1})
	}
	two, err := ask(remedy.Question{Count: 2})
	if err != nil {
		t.Fatal(err)
	}
	paid, err := ask(remedy.Question{Budget: 25_000_00, HasBudget: true, SiteCost: 10_000_00})
	if err != nil {
		t.Fatal(err)
	}
	if paid.Solution.Value != two.Solution.Value || len(paid.Sites) != 2 || !slices.Equal(paid.Solution.Binding, []string{"budget"}) || paid.Sites[0].Fen != 10_000_00 {
		t.Errorf("a budget for two and a half: value %d of %d, %d sites, binding %v", paid.Solution.Value, two.Solution.Value, len(paid.Sites), paid.Solution.Binding)
	}
	_, err = ask(remedy.Question{Model: siting.LSCP, Budget: 10_000_00, HasBudget: true, SiteCost: 10_000_00})
	var named *lifecircle.Error
	if !errors.As(err, &named) || named.Code != "siting_infeasible" {
		t.Fatalf("a cover with too little money: %v", err)
	}
	relaxed, _ := named.Args["relaxations"].([]siting.Relaxation)
	if len(relaxed) != 1 || relaxed[0].From != 10_000_00 || relaxed[0].To%10_000_00 != 0 || relaxed[0].To <= relaxed[0].From {
		t.Errorf("the least relaxation is %+v", relaxed)
	}
	if _, err := ask(remedy.Question{Model: siting.LSCP, Budget: relaxed[0].To, HasBudget: true, SiteCost: 10_000_00}); err != nil {
		t.Errorf("relaxed as said: %v", err)
	}
}

// What cannot be sited says why.
func TestRefused(t *testing.T) {
	t.Parallel()
	w := built(t, everything, nil, nil)
	for _, c := range []struct {
		question remedy.Question
		code     string
	}{
		{remedy.Question{Area: town}, "siting_question"},
		{remedy.Question{Area: "123456", Kind: "sports_pitch"}, "area_unknown"},
		{remedy.Question{Area: town, Kind: "castle"}, "kind_unknown"},
		{remedy.Question{Area: town, Object: "no.such"}, "indicator_unknown"},
		{remedy.Question{Area: town, Object: "childcare.inclusive", Count: 1}, "siting_not_spatial"},
		{remedy.Question{Area: town, Object: "childcare.places_per_thousand", Count: 1}, "siting_no_data"},
		{remedy.Question{Area: town, Object: "1.1.7", Kind: "library", Count: 1}, "siting_question"},
		{remedy.Question{Area: town, Object: "1.1.7", Measure: "park_walk", Count: 1}, "siting_question"},
		{remedy.Question{Area: town, Object: "1.1.7", Model: siting.CMCLP, Count: 1}, "siting_question"},
		{remedy.Question{Area: town, Object: "1.1.7", HasBudget: true, Budget: 1}, "siting_no_cost"},
		{remedy.Question{Area: town, Object: "1.1.7", Count: 1, Where: remedy.Premises}, "siting_no_candidates"},
		{remedy.Question{Area: town, Object: "1.1.7", Count: 1, Fixed: []string{"x"}}, "candidate_unknown"},
		{remedy.Question{Area: town, Object: "1.1.7", Count: 1, Fixed: []string{"x"}, Forbidden: []string{"x"}}, "siting_question"},
		{remedy.Question{Area: town, Object: "1.1.7", Count: -1}, "siting_question"},
		{remedy.Question{Area: west, Object: "1.1.7", Count: 1}, "siting_nothing_lacks"},
		{remedy.Question{Area: town, Kind: "sports_pitch", Minutes: 1e9}, "siting_question"},
	} {
		_, err := api.Remedies(w).Prepare(t.Context(), c.question)
		if lifecircle.ErrorCode(err) != c.code {
			t.Errorf("%+v: got %v, want %s", c.question, err, c.code)
		}
	}
	c, err := api.Remedies(w).Prepare(t.Context(), remedy.Question{Area: town, Object: "1.1.7", Count: 1000})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Solve(t.Context(), siting.Config{}); lifecircle.ErrorCode(err) != "siting_count" {
		t.Errorf("more sites than candidates: %v", err)
	}
}

// placesLack are the people of the town and its places of childcare: ten too few.
func placesLack() []figure.Value {
	value := func(element string, n int64) figure.Value {
		return figure.Value{
			Key:    figure.Key{Element: element, Area: town, Period: lifecircle.Year(2025), Source: "test"},
			Number: lifecircle.Int(n), Provenance: lifecircle.Real,
		}
	}
	return []figure.Value{value("resident_population", 10_000), value("childcare_places", 5)}
}

// Places that lack are shared among new sites, at what the plan's programme pays,
// and the element that counts them moves by as many.
func TestCapacity(t *testing.T) {
	t.Parallel()
	w := built(t, everything, nil, placesLack())
	c, err := api.Remedies(w).Prepare(t.Context(), remedy.Question{Area: town, Object: "1.2.3", Count: 2, Kind: "community_childcare", Demand: "people"})
	if err != nil {
		t.Fatal(err)
	}
	// 1.5 per 1,000 of 10,000 are 15: ten lack, five for each of two sites, at
	// 10,000 yuan a place.
	if c.Need != 10 || !slices.Equal(c.Question.Sizes, []int64{5}) || c.Costs.Unit != 10_000_00 || c.Costs.Basis != "childcare.new_place_subsidy" || c.Costs.Status != "secondary" {
		t.Errorf("need %d, sizes %v, costs %+v", c.Need, c.Question.Sizes, c.Costs)
	}
	answer, err := c.Solve(t.Context(), siting.Config{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if answer.Solution.Value != 10 || answer.Solution.Bound != 10 || len(answer.Sites) != 2 || answer.Sites[0].Fen != 50_000_00 {
		t.Errorf("value %d of %d, sites %+v", answer.Solution.Value, answer.Solution.Bound, answer.Sites)
	}
	if answer.Result[1].State != indicator.Achieved {
		t.Errorf("afterwards: %v %s", answer.Result[1].Value, answer.Result[1].State)
	}
}

// Where people say how many of them are of an age, that counts; others have the share
// of their county, and where nobody counted ages they are left out.
func TestNeeders(t *testing.T) {
	t.Parallel()
	fields := make(registry.Fields)
	for _, band := range registry.Bands() {
		fields[band.Field(registry.Both)] = rule.NumberOf(lifecircle.Int(0))
	}
	fields["age_0"], fields["age_30_34"] = rule.NumberOf(lifecircle.Int(200)), rule.NumberOf(lifecircle.Int(800))
	census := registry.Record{Register: registry.PopulationRegister, ID: "census", Area: west, Fields: fields, Provenance: lifecircle.Real}
	w := built(t, everything, []registry.Record{census}, placesLack())
	var changes []scenario.Change
	want := make(map[string]int64) // in the west a fifth of every hundred
	for _, area := range []lifecircle.AreaCode{west, east} {
		said := false
		for _, p := range w.Registry().Points() {
			switch {
			case p.Area != area:
			case !said && p.People > 0:
				said = true
				p.Groups = registry.GroupsOf(map[string]int64{"people_under_3": 77})
				changes = append(changes, scenario.Change{Op: scenario.Point, Point: &p})
				want[p.ID] = 77
			case area == west:
				want[p.ID] = p.People / 5
			}
		}
	}
	w, err := w.With(changes, 1)
	if err != nil {
		t.Fatal(err)
	}
	c, err := api.Remedies(w).Prepare(t.Context(), remedy.Question{Area: town, Object: "1.2.3", Count: 2, Kind: "community_childcare", Demand: "people_under_3"})
	if err != nil {
		t.Fatal(err)
	}
	for _, cell := range c.Cells {
		if n, ok := want[cell.ID]; !ok || cell.Weight != n {
			t.Errorf("%s has %d children, want %d (known: %v)", cell.ID, cell.Weight, n, ok)
		}
		delete(want, cell.ID)
	}
	if len(want) > 0 {
		t.Errorf("left out: %v", want)
	}
	for _, code := range []string{"ages_estimated", "ages_unknown"} {
		if !slices.ContainsFunc(c.Notes, func(n remedy.Note) bool { return n.Code == code }) {
			t.Errorf("the notes %v do not say %s", c.Notes, code)
		}
	}
}

// Places of a kind without a promise of the plan: what a site is worth follows
// from the drawing.
func TestKind(t *testing.T) {
	t.Parallel()
	w := built(t, everything, nil, nil)
	for _, model := range []siting.Model{siting.MCLP, siting.PMedian, siting.PCentre, siting.Attendance, siting.LSCP, siting.PDispersion, siting.KNearestPMedian, siting.LSCPB} {
		q := remedy.Question{Area: town, Kind: "library", Model: model}
		if model != siting.LSCP && model != siting.LSCPB {
			q.Count = 3
		}
		c, err := api.Remedies(w).Prepare(t.Context(), q)
		if err != nil {
			t.Fatalf("%s: %v", model, err)
		}
		answer, err := c.Solve(t.Context(), siting.Config{Seed: 1})
		if err != nil {
			t.Errorf("%s: %v", model, err)
			continue
		}
		if answer.Checked != "streets" || answer.People != 10_000 || answer.Before != 0 || len(answer.Sites) == 0 {
			t.Errorf("%s: checked %q, %d people, %d before, %d sites", model, answer.Checked, answer.People, answer.Before, len(answer.Sites))
		}
		if model == siting.LSCP && answer.Uncovered != 0 {
			t.Errorf("lscp leaves %d people", answer.Uncovered)
		}
	}
}

// Each town shall have a Sunshine Home: the place is where its people are, and
// the town with the most people comes first.
func TestPresence(t *testing.T) {
	t.Parallel()
	plain := built(t, everything, nil, nil)
	b := plain.Registry().All()
	towns := []lifecircle.AreaCode{"990101001", "990101002", "990102001"}
	for i, code := range towns {
		b.Areas = append(b.Areas, registry.Area{
			Code: code, Parent: []lifecircle.AreaCode{west, west, east}[i], Level: registry.Township, Kind: "town", Provenance: lifecircle.Generated,
		})
	}
	people := make(map[lifecircle.AreaCode]int64)
	for i := range b.Points {
		switch p := &b.Points[i]; {
		case p.Area == east:
			p.Area = towns[2]
		case i%3 == 0:
			p.Area = towns[0]
		default:
			p.Area = towns[1]
		}
		people[b.Points[i].Area] += b.Points[i].People
	}
	b.Facilities = append(b.Facilities, registry.Facility{ID: "home", Area: towns[1], Kind: "sunshine_home", At: b.Points[0].At, Provenance: lifecircle.Real})
	snapshot, err := registry.NewSnapshot(b)
	if err != nil {
		t.Fatal(err)
	}
	w := engine.Build(engine.Parts{Root: town, Plan: plain.Plan(), Network: plain.Network(), Facts: scenario.Facts{Registry: snapshot, Figures: new(figure.Table)}})
	solve := func(q remedy.Question) *remedy.Answer {
		q.Area, q.Object = town, "disabled.sunshine_home"
		c, err := api.Remedies(w).Prepare(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		a, err := c.Solve(t.Context(), siting.Config{Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	one := solve(remedy.Question{Count: 1})
	first := towns[0]
	if people[towns[2]] > people[first] {
		first = towns[2]
	}
	if one.Case.Purpose != remedy.Presence || one.Case.Need != 2 || one.Solution.Value != people[first] || len(one.Sites) != 1 || one.Sites[0].Area != first {
		t.Errorf("one home: need %d, value %d, sites %+v; want %d people of %s", one.Case.Need, one.Solution.Value, one.Sites, people[first], first)
	}
	if got, _ := one.Result[1].Numerator.Number(); got != lifecircle.Int(2) {
		t.Errorf("then %v towns have one", got)
	}
	all := solve(remedy.Question{Model: siting.LSCP})
	if len(all.Sites) != 2 || all.Result[1].Value.String() != "1" || all.Uncovered != 0 {
		t.Errorf("a home in each town: %d sites, %v", len(all.Sites), all.Result[1].Value)
	}
	// The spot is the town's one-median, found by measuring every way.
	for _, site := range all.Sites {
		var own []registry.PopulationPoint
		for _, p := range b.Points {
			if p.Area == site.Area {
				own = append(own, p)
			}
		}
		if best, spot := median(t, w, own), site.ID; best[spot] == 0 {
			t.Errorf("%s lies at %s, want one of %v", site.Area, spot, best)
		}
	}
}

// median returns the points with the least person-way to all, each with that way
// and one metre.
func median(t *testing.T, w *engine.World, points []registry.PopulationPoint) map[string]int64 {
	t.Helper()
	walk, err := w.Network().Profile(lifecircle.Walk)
	if err != nil {
		t.Fatal(err)
	}
	var at []geo.Point
	for _, p := range points {
		at = append(at, p.At)
	}
	snapped := access.SnapPointsFor(w.Network(), walk, at)
	least := int64(-1)
	best := make(map[string]int64)
	for _, here := range points {
		sum := int64(10)
		access.EachNearest(snapped, []access.Place{{ID: "here", At: here.At}}, access.NearestConfig{}, func(i int, ways []access.Way, _ access.State) {
			sum += points[i].People * int64(ways[0].Cost)
		})
		if least < 0 || sum < least {
			least = sum
			clear(best)
		}
		if sum == least {
			best[here.ID] = sum
		}
	}
	return best
}

// Every measured promise of the plan is sited, or says with a code why not.
func TestEveryPromise(t *testing.T) {
	t.Parallel()
	w := built(t, everything, nil, nil)
	sited := 0
	for _, o := range w.Plan().Objects {
		if !o.Measured() {
			continue
		}
		c, err := api.Remedies(w).Prepare(t.Context(), remedy.Question{Area: town, Object: o.ID, Count: 1})
		if err != nil {
			if !slices.Contains([]string{"siting_not_spatial", "siting_nothing_lacks", "siting_no_data"}, lifecircle.ErrorCode(err)) {
				t.Errorf("%s: %v", o.ID, err)
			}
			continue
		}
		if _, err := c.Solve(t.Context(), siting.Config{Seed: 1}); err != nil {
			t.Errorf("%s: %v", o.ID, err)
		}
		sited++
	}
	if sited < 10 {
		t.Errorf("only %d promises are sited", sited)
	}
	t.Logf("%d promises are sited", sited)
}

// Premises cost what the register says; under a budget, what nobody prices is
// left out: it is unknown, and not free.
func TestConversionCost(t *testing.T) {
	t.Parallel()
	var homes []geo.Point
	for _, p := range built(t, everything, nil, nil).Registry().Points() {
		if p.Area == east {
			homes = append(homes, p.At)
		}
	}
	priced := func(id string, at geo.Point, yuan int64) registry.Record {
		r := premises(id, at, true)
		r.Fields[registry.ConversionCost] = rule.NumberOf(lifecircle.Int(yuan))
		return r
	}
	w := built(t, onlyP, []registry.Record{priced("dear", homes[0], 90_000), priced("cheap", homes[1], 20_000), premises("unknown", homes[2], true)}, nil)
	ask := func(q remedy.Question) (*remedy.Answer, error) {
		q.Area, q.Object = town, "1.1.7"
		c, err := api.Remedies(w).Prepare(t.Context(), q)
		if err != nil {
			return nil, err
		}
		return c.Solve(t.Context(), siting.Config{Seed: 1})
	}
	noted := func(a *remedy.Answer, code string) any {
		for _, n := range a.Case.Notes {
			if n.Code == code {
				return n.Args["count"]
			}
		}
		return nil
	}
	for _, budget := range []int64{100_000_00, 50_000_00, 110_000_00} {
		a, err := ask(remedy.Question{Budget: budget, HasBudget: true})
		if err != nil {
			t.Fatal(err)
		}
		var fen, best int64
		for _, s := range a.Sites {
			fen += s.Fen
			if want := map[string]int64{"dear": 90_000_00, "cheap": 20_000_00}[s.ID]; s.Fen != want {
				t.Errorf("%d fen: %s costs %d, want %d", budget, s.ID, s.Fen, want)
			}
		}
		if fen > budget || a.Solution.Value != a.Solution.Bound || noted(a, "premises_priced") != 2 || noted(a, "cost_unknown") == nil {
			t.Errorf("%d fen: spent %d, value %d, bound %d, notes %+v", budget, fen, a.Solution.Value, a.Solution.Bound, a.Case.Notes)
		}
		// Of the choices that the money pays for, one by one.
		for mask := range 4 {
			var spent int64
			people := make(map[int32]int64)
			for j, s := range a.Case.Spots {
				if bit := map[string]int{"dear": 1, "cheap": 2}[s.ID]; bit&mask == 0 {
					continue
				}
				spent += a.Case.Problem.Candidates[j].Cost
				demand, _ := a.Case.Problem.Reach.Of(j)
				for _, i := range demand {
					people[i] = a.Case.Problem.Demand[i].Weight
				}
			}
			var sum int64
			for _, n := range people {
				sum += n
			}
			if spent <= budget {
				best = max(best, sum)
			}
		}
		if a.Solution.Value != best {
			t.Errorf("%d fen: value %d, the best of all is %d", budget, a.Solution.Value, best)
		}
	}
	// A cost for the others: nobody is left out.
	a, err := ask(remedy.Question{Budget: 50_000_00, HasBudget: true, SiteCost: 30_000_00})
	if err != nil {
		t.Fatal(err)
	}
	for j, s := range a.Case.Spots {
		if want := map[string]int64{"dear": 90_000_00, "cheap": 20_000_00}[s.ID]; s.Origin != remedy.FromExisting && a.Case.Problem.Candidates[j].Cost != cmp.Or(want, 30_000_00) {
			t.Errorf("%s costs %d", s.ID, a.Case.Problem.Candidates[j].Cost)
		}
	}
	if noted(a, "cost_unknown") != nil {
		t.Errorf("left out, though a cost is given: %+v", a.Case.Notes)
	}
	w = built(t, onlyP, []registry.Record{priced("odd", homes[0], -1)}, nil)
	if _, err := ask(remedy.Question{Count: 1}); lifecircle.ErrorCode(err) != "premises_cost" {
		t.Errorf("a negative cost: %v", err)
	}
}

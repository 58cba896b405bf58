package remedy

import (
	"context"
	"fmt"
	"slices"

	"lifecircle"
	"lifecircle/access"
	"lifecircle/figure"
	"lifecircle/geo"
	"lifecircle/indicator"
	"lifecircle/plan/rule"
	"lifecircle/registry"
	"lifecircle/scenario"
	"lifecircle/siting"
)

// Answer is a choice of sites with what it would change, checked.
type Answer struct {
	Case     *Case
	Solution siting.Solution
	Sites    []Site
	Closed   []Spot // places that stand and would close
	PerArea  []AreaGain
	// People are all whom the question is about; Before those who have what they
	// need today, After those who would.
	People, Before, After int64
	Uncovered             int64    // People − After
	Cells                 []string // that stay uncovered, the first thousand
	// Result is what the plan says of the object in the area, before and after
	// the changes; nil without an object.
	Result *[2]indicator.Result
	// Checked says how the answer was computed a second time.
	Checked string
}

// Site is a place to open.
type Site struct {
	Spot
	Candidate int // its index in the problem
	Served    int64
	Size      int64 // its capacity, 0 where none is asked for
	Fen       int64
	Facility  registry.Facility // as it would be entered
}

// AreaGain is an answer seen from one area.
type AreaGain struct {
	Area                  lifecircle.AreaCode
	People, Before, After int64
	Sites                 int
	Fen                   int64
}

// Gained returns how many more have what they need.
func (a AreaGain) Gained() int64 { return a.After - a.Before }

// Solve has the problem solved, works out what the answer changes, and computes
// it a second time from the plan or the streets before it is returned. Its errors
// are those of siting.Solve, with the cells named.
func (c *Case) Solve(ctx context.Context, cfg siting.Config) (*Answer, error) {
	solution, err := siting.Solve(ctx, c.Problem, cfg)
	if err != nil {
		return nil, c.explained(err)
	}
	for k, name := range solution.Binding {
		if name == "number" && c.each > 0 {
			name = "budget"
		}
		solution.Binding[k] = limitName(name)
	}
	if most, ok := c.mostServed(); ok && most < solution.Bound {
		if solution.Bound = most; most == solution.Value {
			solution.Proof = siting.ProofBound
		}
	}
	a := &Answer{Case: c, Solution: solution}
	a.sites()
	a.tally()
	if err := a.check(); err != nil {
		return nil, err
	}
	return a, nil
}

// mostServed bounds how many can be served by what the limits pay for.
func (c *Case) mostServed() (int64, bool) {
	if c.Question.Model != siting.CMCLP {
		return 0, false
	}
	return c.room()
}

// limitName is what a limit is called outside: closures are kept as a quota.
func limitName(name string) string {
	if name == "quota of "+standingPlaces {
		return "closures"
	}
	return name
}

// explained names the cells and limits of an infeasible question.
func (c *Case) explained(err error) error {
	x, infeasible := siting.Infeasible(err)
	if !infeasible {
		return err
	}
	var cells []string
	var people int64
	for _, i := range x.Cells {
		people += c.Problem.Demand[i].Weight
		if len(cells) < 100 {
			cells = append(cells, c.Problem.Demand[i].ID)
		}
	}
	if c.each > 0 { // the number is what the budget pays
		for k, name := range x.Limits {
			if name == "number" {
				x.Limits[k] = "budget"
			}
		}
		for k, r := range x.Relaxations {
			if r.Limit == "number" {
				x.Relaxations[k] = siting.Relaxation{Limit: "budget (fen)", From: c.Question.Budget, To: r.To * c.each}
			}
		}
	}
	for k, name := range x.Limits {
		x.Limits[k] = limitName(name)
	}
	for k, r := range x.Relaxations {
		x.Relaxations[k].Limit = limitName(r.Limit)
	}
	text := fmt.Sprintf("%s in %s: %v", c.Question.Model, c.Question.Area, x)
	if len(cells) > 0 {
		text += fmt.Sprintf("; beyond every candidate are %d people at %v", people, cells[:min(5, len(cells))])
	}
	return lifecircle.Errorf("siting_infeasible", "%s", text).
		With("limits", x.Limits).With("cells", cells).With("relaxations", x.Relaxations)
}

// sites lists what would be opened.
func (a *Answer) sites() {
	c := a.Case
	public := c.Measure == "" || c.ground.Plan.Measures[c.Measure].Public
	for _, s := range a.Solution.Sites {
		spot := c.Spots[s.Candidate]
		if spot.Origin == FromExisting {
			continue
		}
		candidate := c.Problem.Candidates[s.Candidate]
		site := Site{Spot: spot, Candidate: s.Candidate, Served: s.Served, Fen: candidate.Cost}
		if s.Module >= 0 && len(candidate.Modules) > 0 {
			site.Size, site.Fen = candidate.Modules[s.Module].Capacity, candidate.Modules[s.Module].Cost
		}
		fields := registry.Fields{}
		for name, value := range c.fields {
			fields[name] = value
		}
		if site.Size > 0 {
			fields[c.capacity.field] = rule.NumberOf(lifecircle.Int(site.Size))
		}
		kind := c.ground.Plan.Kinds[c.Question.Kind].Name
		site.Facility = registry.Facility{
			ID: lifecircle.FacilityID("site-" + c.Question.Kind + "-" + spot.ID), Area: spot.Area, Kind: c.Question.Kind,
			Name: kind.ZH, At: spot.At, Public: public || c.Purpose == Unrelated, Fields: fields,
			Source: "siting", Provenance: lifecircle.Generated,
		}
		a.Sites = append(a.Sites, site)
	}
	open := a.open()
	for j, candidate := range c.Problem.Candidates {
		if candidate.State == siting.Open && !open[j] {
			a.Closed = append(a.Closed, c.Spots[j])
		}
	}
}

// open says of each candidate whether it is open in the answer.
func (a *Answer) open() []bool {
	candidates := a.Case.Problem.Candidates
	open := make([]bool, len(candidates))
	for j, candidate := range candidates {
		open[j] = candidate.State == siting.Competitor
	}
	for _, s := range a.Solution.Sites {
		open[s.Candidate] = true
	}
	return open
}

// Changes are what the answer would change: the places opened and, where an
// element counts the capacity, its new value.
func (a *Answer) Changes() []scenario.Change {
	var changes []scenario.Change
	for _, spot := range a.Closed {
		changes = append(changes, scenario.Change{Op: scenario.Withdraw, ID: lifecircle.FacilityID(spot.ID)})
	}
	var size int64
	for i := range a.Sites {
		facility := a.Sites[i].Facility
		changes = append(changes, scenario.Change{Op: scenario.Add, Facility: &facility})
		size += a.Sites[i].Size
	}
	if value, ok := a.counted(size); ok {
		changes = append(changes,
			scenario.Change{Op: scenario.Put, Value: &value},
			scenario.Change{Op: scenario.Choose, Choice: &figure.Choice{
				Element: value.Element, Area: value.Area, Period: value.Period, Source: value.Source, Reason: "siting",
			}})
	}
	return changes
}

// Steps are the same in the words of a scenario: vacant premises are converted,
// other places added.
func (a *Answer) Steps() []scenario.Step {
	var steps []scenario.Step
	opened := 0
	for _, c := range a.Changes() {
		switch c.Op {
		case scenario.Withdraw:
			steps = append(steps, scenario.Step{Op: scenario.ClosePlace, ID: string(c.ID)})
		case scenario.Add:
			f := c.Facility
			step := scenario.Step{
				Op: scenario.AddPlace, ID: string(f.ID), Kind: f.Kind, Area: string(f.Area), Name: f.Name,
				At: []float64{f.At.Lon, f.At.Lat}, Public: &f.Public,
			}
			site := a.Sites[opened]
			opened++
			if site.Origin == FromPremises {
				step = scenario.Step{Op: scenario.Convert, ID: site.ID, Kind: f.Kind, Name: f.Name, Public: &f.Public}
			}
			for name, value := range f.Fields {
				if step.Fields == nil {
					step.Fields = map[string]any{}
				}
				step.Fields[name] = said(value)
			}
			steps = append(steps, step)
		case scenario.Put:
			v := c.Value
			steps = append(steps, scenario.Step{
				Op: scenario.PutFigure, Element: v.Element, Area: string(v.Area), Period: v.Period.String(), Value: v.Number.String(),
			})
		}
	}
	return steps
}

// said is a field's value as a step says it.
func said(v rule.Value) any {
	if truth, ok := v.Bool(); ok {
		return truth
	}
	if text, ok := v.Text(); ok {
		return text
	}
	if texts, ok := v.Texts(); ok {
		return texts
	}
	n, _ := v.Number()
	if n.IsInt() {
		return n.Num()
	}
	return n.Float64()
}

// counted is the element that counts the capacity, with so much more.
func (a *Answer) counted(more int64) (figure.Value, bool) {
	c := a.Case
	if c.element == "" || more == 0 {
		return figure.Value{}, false
	}
	now, ok := c.elementAt.Add(lifecircle.Int(more))
	if !ok {
		return figure.Value{}, false
	}
	if now, ok = c.ground.Plan.Elements[c.element].Unit.FromBase(now); !ok {
		return figure.Value{}, false
	}
	key := figure.Key{Element: c.element, Area: c.Question.Area, Period: c.period(), Source: "siting"}
	return figure.Value{Key: key, Number: now, Provenance: lifecircle.Generated}, true
}

// tally counts who has what they need before and after, by area.
func (a *Answer) tally() {
	c := a.Case
	a.PerArea = make([]AreaGain, len(c.groups))
	for g, code := range c.groups {
		a.PerArea[g].Area = code
	}
	before, after := make([]int64, len(c.Cells)), make([]int64, len(c.Cells))
	if capacitated(c.Question.Model) {
		for i, cell := range c.Cells {
			before[i], after[i] = cell.held, cell.held
		}
		for _, f := range a.Solution.Assigned {
			after[f.Demand] += f.Load
		}
	} else {
		for i, cell := range c.Cells {
			if cell.Served {
				before[i], after[i] = cell.Weight, cell.Weight
			}
		}
		if c.Question.Closing > 0 {
			clear(after) // who has it keeps it by what stays open alone
		}
		for j, open := range a.open() {
			if !open {
				continue
			}
			demand, _ := c.Problem.Reach.Of(j)
			for _, i := range demand {
				after[i] = c.Cells[i].Weight
			}
		}
	}
	for i, cell := range c.Cells {
		g := &a.PerArea[c.groupOf[cell.Area]]
		g.People, g.Before, g.After = g.People+cell.Weight, g.Before+before[i], g.After+after[i]
		if after[i] < cell.Weight && len(a.Cells) < 1000 {
			a.Cells = append(a.Cells, cell.ID)
		}
	}
	for _, cell := range c.Rest {
		g := &a.PerArea[c.groupOf[cell.Area]]
		g.People, g.Before, g.After = g.People+cell.Weight, g.Before+cell.Weight, g.After+cell.Weight
	}
	for _, s := range a.Sites {
		g := &a.PerArea[c.groupOf[s.Area]]
		g.Sites++
		g.Fen += s.Fen
	}
	for _, g := range a.PerArea {
		a.People, a.Before, a.After = a.People+g.People, a.Before+g.Before, a.After+g.After
	}
	a.Uncovered = a.People - a.After
}

// check computes the answer a second time by another way and refuses it when the
// two differ.
func (a *Answer) check() error {
	c := a.Case
	gained := a.After - a.Before
	if c.Purpose == Unrelated {
		a.Checked = "streets"
		if capacitated(c.Question.Model) || c.Question.Model == siting.PDispersion {
			return nil // siting evaluates flows and ways again by itself
		}
		return a.recount()
	}
	then, err := c.ground.Try(a.Changes())
	if err != nil {
		return fmt.Errorf("remedy: try the answer: %w", err)
	}
	a.Checked = "plan"
	var r [2]indicator.Result
	for k, e := range []*indicator.Evaluator{c.ground.Evaluator, then} {
		if r[k], err = e.Evaluate(c.query()); err != nil {
			return fmt.Errorf("remedy: evaluate %s: %w", c.Object.ID, err)
		}
	}
	a.Result = &r
	was, _ := r[0].Numerator.Number()
	is, _ := r[1].Numerator.Number()
	more, _ := is.Sub(was)
	want := lifecircle.Int(gained)
	switch c.Purpose {
	case Presence:
		if c.Object.Provision.Weight != nil {
			return nil
		}
		want = lifecircle.Int(int64(len(a.Sites)))
	case Capacity:
		var size int64
		for _, s := range a.Sites {
			size += s.Size
		}
		if want = lifecircle.Int(size); c.element == "" {
			return nil // which facilities count is the rule's to say
		}
	}
	if more.Cmp(want) != 0 {
		return fmt.Errorf("remedy: the answer to %s in %s gains %v, the plan says %v", c.Object.ID, c.Question.Area, want, more)
	}
	return nil
}

// recount looks for the nearest place of everybody, among what stands and what
// would be opened.
func (a *Answer) recount() error {
	c := a.Case
	places := asPlaces(slices.DeleteFunc(c.standing(), func(s Spot) bool {
		return slices.ContainsFunc(a.Closed, func(closed Spot) bool { return closed.ID == s.ID })
	}))
	for _, s := range a.Sites {
		places = append(places, access.Place{ID: lifecircle.FacilityID("site-" + s.ID), At: s.At})
	}
	all := slices.Concat(c.Cells, c.Rest)
	at := make([]geo.Point, len(all))
	for i, cell := range all {
		at[i] = cell.At
	}
	var reached int64
	access.EachNearest(c.snap(all), places, access.NearestConfig{K: 1, Limit: c.Limit}, func(point int, ways []access.Way, state access.State) {
		if state == access.OK && len(ways) > 0 {
			reached += all[point].Weight
		}
	})
	if reached != a.After {
		return fmt.Errorf("remedy: the answer reaches %d people, counted again %d", a.After, reached)
	}
	return nil
}

package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"lifecircle"
	"lifecircle/remedy"
	"lifecircle/scenario"
	"lifecircle/siting"
)

// SitingAsk is a question for places as scripts and screens write it: an
// indicator or provision of the plan, or a kind of facility, and a limit.
type SitingAsk struct {
	Area       string   `json:"area" doc:"official code; candidates and people lie in it" example:"640106"`
	Indicator  string   `json:"indicator,omitempty" doc:"a provision or indicator, by id or clause; the rest then comes from the plan" example:"sport.fitness_10min"`
	Variant    string   `json:"variant,omitempty" doc:"a reading of the text; the chosen one when left out"`
	Kind       string   `json:"kind,omitempty" doc:"the facility kind to open; without an indicator it is what is asked for" example:"fitness_station"`
	Measure    string   `json:"measure,omitempty" doc:"which of several ways of a provision"`
	Model      string   `json:"model,omitempty" doc:"a location model; the one that fits when left out" enum:"lscp,lscp-b,psclp,mclp,pmedian,knearest-pmedian,pcentre,pdispersion,attendance,cmclp,cpmedian,clscp,"`
	Mode       string   `json:"mode,omitempty" doc:"way of travelling, for a kind" example:"walk"`
	Minutes    float64  `json:"minutes,omitempty" minimum:"0" doc:"reach, for a kind or a capacity"`
	Candidates string   `json:"candidates,omitempty" enum:"premises,points,both," doc:"vacant premises, population points, or premises and points of areas that have none"`
	P          int      `json:"p,omitempty" minimum:"0" doc:"at most so many new places"`
	Budget     *float64 `json:"budget_yuan,omitempty" minimum:"0"`
	Cost       float64  `json:"cost_yuan,omitempty" minimum:"0" doc:"of each new place"`
	UnitCost   float64  `json:"cost_per_unit_yuan,omitempty" minimum:"0" doc:"of each bed or place; what a programme of the plan pays when left out"`
	Sizes      []int64  `json:"sizes,omitempty" maxItems:"20" doc:"capacities in which a new place may be opened"`
	Demand     string   `json:"demand,omitempty" enum:"people,people_65,people_under_3," doc:"who needs the capacity"`
	Share      float64  `json:"share,omitempty" minimum:"0" maximum:"1" doc:"of all people that must be reached"`
	Floor      float64  `json:"floor,omitempty" minimum:"0" maximum:"1" doc:"of each area's people that must be reached"`
	Fairest    bool     `json:"fairest,omitempty" doc:"make the least reached area's share as large as can be first"`
	Fixed      []string `json:"fixed,omitempty" maxItems:"1000" doc:"candidates that must be chosen"`
	Forbidden  []string `json:"forbidden,omitempty" maxItems:"10000" doc:"candidates that must not"`

	Quotas       []SitingQuota `json:"quotas,omitempty" maxItems:"1000" doc:"new places by area"`
	Close        int           `json:"close,omitempty" minimum:"0" doc:"so many of the places that stand in the area may close, each for one more new place"`
	LeastServed  int64         `json:"least_served,omitempty" minimum:"0" doc:"people whom each new place must serve when everybody goes to the nearest"`
	Beside       string        `json:"beside,omitempty" doc:"a kind of facility beside which new places must lie" example:"community_health_centre"`
	BesideMetres float64       `json:"beside_metres,omitempty" minimum:"0" doc:"in a straight line; 100 when left out"`

	Seed       uint64  `json:"seed,omitempty"`
	Seconds    float64 `json:"seconds,omitempty" minimum:"0" maximum:"86400" doc:"stop with the best answer after so long"`
	Iterations int64   `json:"iterations,omitempty" minimum:"0"`
}

// SitingQuota bounds the places of an area: a county, of a county one of its
// townships, of a township one of its villages.
type SitingQuota struct {
	Area  string `json:"area" example:"640104"`
	Least int    `json:"least,omitempty" minimum:"0"`
	Most  *int   `json:"most,omitempty" minimum:"0" doc:"no bound when left out"`
}

// besideMetres is what beside means where nobody says it: the length of a block.
const besideMetres = 100

// Fen turns yuan into fen, to the nearest.
func Fen(yuan float64) int64 { return int64(math.Round(yuan * 100)) }

// Question reads the ask.
func (s SitingAsk) Question() (remedy.Question, error) {
	q := remedy.Question{
		Object: s.Indicator, Variant: s.Variant, Kind: s.Kind, Measure: s.Measure, Mode: lifecircle.Mode(s.Mode), Minutes: s.Minutes,
		Where: remedy.Where(s.Candidates), Count: s.P, SiteCost: Fen(s.Cost), UnitCost: Fen(s.UnitCost), Sizes: s.Sizes, Demand: s.Demand,
		Share: int64(math.Round(s.Share * siting.Million)), Floor: int64(math.Round(s.Floor * siting.Million)),
		Fairest: s.Fairest, Fixed: s.Fixed, Forbidden: s.Forbidden,
		Closing: s.Close, LeastServed: s.LeastServed, Beside: s.Beside, BesideMetres: s.BesideMetres,
	}
	if q.BesideMetres == 0 {
		q.BesideMetres = besideMetres
	}
	for _, quota := range s.Quotas {
		code, err := lifecircle.ParseAreaCode(quota.Area)
		if err != nil {
			return q, err
		}
		most := -1
		if quota.Most != nil {
			most = *quota.Most
		}
		q.Quotas = append(q.Quotas, remedy.Quota{Area: code, Least: quota.Least, Most: most})
	}
	if s.Budget != nil {
		q.Budget, q.HasBudget = Fen(*s.Budget), true
	}
	for _, money := range []float64{s.Cost, s.UnitCost, float64(q.Budget) / 100} {
		if math.IsNaN(money) || money < 0 || money > 1e13 {
			return q, lifecircle.Errorf("siting_question", "%v yuan: want 0 to 10¹³", money)
		}
	}
	var err error
	if q.Area, err = lifecircle.ParseAreaCode(s.Area); err != nil {
		return q, err
	}
	if s.Model != "" {
		q.Model, err = siting.ParseModel(s.Model)
	}
	return q, err
}

// SitingCase is what a question comes to before anything is solved.
type SitingCase struct {
	Area       string          `json:"area"`
	Indicator  string          `json:"indicator,omitempty"`
	Name       lifecircle.Name `json:"name"`
	Clause     string          `json:"clause,omitempty"`
	Variant    string          `json:"variant,omitempty"`
	Purpose    string          `json:"purpose" enum:"nearness,presence,capacity,unrelated" doc:"what a new place does: brings people within reach, gives an area one, adds beds or places"`
	Model      string          `json:"model"`
	Kind       string          `json:"kind"`
	KindName   lifecircle.Name `json:"kind_name"`
	Measure    string          `json:"measure,omitempty"`
	Mode       string          `json:"mode"`
	Minutes    float64         `json:"minutes,omitempty"`
	Metres     float64         `json:"reach_metres,omitempty"`
	Need       int64           `json:"need" doc:"people out of reach, areas without one, or beds and places that lack"`
	Unit       string          `json:"unit" doc:"of need: person, area, place, bed"`
	Demand     int             `json:"demand_cells"`
	Weight     int64           `json:"demand_weight" doc:"people in them"`
	Candidates map[string]int  `json:"candidates" doc:"by origin: premises, point"`
	Standing   int             `json:"standing" doc:"facilities that serve already"`
	Pairs      int             `json:"pairs" doc:"ways between candidates and cells within reach"`
	P          int             `json:"p"`
	Budget     *float64        `json:"budget_yuan"`
	Costs      SitingCosts     `json:"costs"`
	Sizes      []int64         `json:"sizes"`
	Provenance string          `json:"provenance" enum:"real,estimated,generated,"`
	Notes      []remedy.Note   `json:"notes"`
}

// SitingCosts are what a new place costs and who says so.
type SitingCosts struct {
	Site   float64         `json:"site_yuan"`
	Unit   float64         `json:"unit_yuan"`
	Basis  string          `json:"basis" doc:"a programme of the plan, given, or nothing"`
	Source lifecircle.Name `json:"source,omitzero"`
	Status string          `json:"status,omitempty"`
}

// Siting is an answer: value, bound and proof, the sites, and what they change.
// A published instance has no case.
type Siting struct {
	Model      string         `json:"model"`
	Value      float64        `json:"value"`
	Bound      float64        `json:"bound" doc:"no choice of sites passes it"`
	Gap        float64        `json:"gap" doc:"|bound − value| / |value|"`
	Proof      string         `json:"proof" enum:"optimal,bound,certified"`
	Seconds    float64        `json:"seconds"`
	Iterations int64          `json:"iterations"`
	Seed       uint64         `json:"seed"`
	Sites      []SitingSite   `json:"sites"`
	Closed     []SitingClosed `json:"closed,omitempty" doc:"places that stand and would close"`
	Uncovered  int64          `json:"uncovered"`
	Cells      []string       `json:"uncovered_cells" doc:"the first thousand"`
	PerArea    []SitingArea   `json:"per_area"`
	Binding    []string       `json:"limits_binding"`
	Reductions []string       `json:"reductions"`
	Log        []SitingLog    `json:"log"`

	Other *SitingOther `json:"other,omitempty" doc:"what another solver said of the same question"`

	Case    *SitingCase `json:"case,omitempty"`
	People  int64       `json:"people,omitempty" doc:"whom the question is about"`
	Before  int64       `json:"before,omitempty" doc:"who has it today"`
	After   int64       `json:"after,omitempty"`
	Gained  int64       `json:"gained,omitempty"`
	Cost    float64     `json:"cost_yuan,omitempty"`
	Result  *Effect     `json:"result,omitempty" doc:"the indicator in the area, before and after"`
	Checked string      `json:"checked,omitempty" doc:"how the answer was computed a second time: plan, streets"`
	// Steps are the changes as a scenario has them.
	Steps []scenario.Step `json:"steps,omitempty"`
}

// SitingOther is what another solver said. Its sites are evaluated as ours are, and
// what it claims of them decides nothing.
type SitingOther struct {
	Solver      string   `json:"solver"`
	State       string   `json:"state" doc:"in its own words"`
	Value       *float64 `json:"value" doc:"of its sites; null if it has none"`
	Taken       bool     `json:"taken" doc:"the sites are its own"`
	Constraints int      `json:"constraints,omitempty" doc:"that were added for it"`
}

// SitingSite is one place to open.
type SitingSite struct {
	ID       string   `json:"id"`
	Area     string   `json:"area,omitempty"`
	Lon      *float64 `json:"lon,omitempty"`
	Lat      *float64 `json:"lat,omitempty"`
	Origin   string   `json:"origin,omitempty" enum:"premises,point,existing,map,"`
	Module   *int     `json:"module,omitempty"`
	Capacity int64    `json:"capacity,omitempty"`
	Floor    float64  `json:"floor_m2,omitempty"`
	Basis    string   `json:"cost_basis,omitempty" doc:"premises: the register says what their conversion costs; else see costs"`
	Served   int64    `json:"served"`
	Cost     float64  `json:"cost_yuan,omitempty"`
	Facility string   `json:"facility,omitempty" doc:"the id it would be entered under"`
}

// SitingArea is an answer seen from one area.
type SitingArea struct {
	Area    string           `json:"area"`
	Name    *lifecircle.Name `json:"name,omitempty"`
	Weight  int64            `json:"weight"`
	Covered int64            `json:"covered"`
	Before  *int64           `json:"before,omitempty"`
	Gained  *int64           `json:"gained,omitempty"`
	Mean    *float64         `json:"mean,omitempty" doc:"way of those served by new sites"`
	Worst   *float64         `json:"worst,omitempty"`
	Sites   int              `json:"sites"`
	Yuan    float64          `json:"cost_yuan"`
}

// SitingLog is one improvement of value or bound.
type SitingLog struct {
	Iteration int64    `json:"iteration"`
	Value     *float64 `json:"value"`
	Bound     *float64 `json:"bound"`
}

// SitingOfProblem turns the answer to a published instance into its JSON form.
func SitingOfProblem(p *siting.Problem, s siting.Solution) Siting {
	out := Siting{
		Model: string(s.Model), Value: s.Shown(s.Value), Bound: s.Shown(s.Bound), Gap: s.Gap(), Proof: string(s.Proof),
		Iterations: s.Iterations, Seed: s.Seed, Uncovered: s.Uncovered,
		Sites: []SitingSite{}, Cells: []string{}, PerArea: []SitingArea{}, Log: []SitingLog{},
		Binding: append([]string{}, s.Binding...), Reductions: append([]string{}, s.Reductions...),
	}
	if o := s.Other; o != nil {
		out.Other = &SitingOther{Solver: o.Name, State: o.State, Taken: o.Taken, Constraints: o.Constraints}
		if o.Answered {
			value := s.Shown(o.Value)
			out.Other.Value = &value
		}
	}
	area := func(index int32) string {
		if int(index) < len(p.Areas) {
			return p.Areas[index]
		}
		return ""
	}
	for _, site := range s.Sites {
		c := p.Candidates[site.Candidate]
		open := SitingSite{ID: c.ID, Area: area(c.Area), Served: site.Served}
		if site.Module >= 0 {
			open.Module = &site.Module
		}
		out.Sites = append(out.Sites, open)
	}
	for _, i := range s.Cells {
		out.Cells = append(out.Cells, p.Demand[i].ID)
	}
	scale := float64(max(p.Scale, 1))
	for _, r := range s.PerArea {
		row := SitingArea{Area: area(r.Area), Weight: r.Weight, Covered: r.Covered, Sites: r.Sites, Yuan: float64(r.Cost) / 100}
		if r.Covered > 0 {
			mean, worst := float64(r.PersonTime)/float64(r.Covered)/scale, float64(r.Worst)/scale
			row.Mean, row.Worst = &mean, &worst
		}
		out.PerArea = append(out.PerArea, row)
	}
	for _, entry := range s.Log {
		out.Log = append(out.Log, SitingLog{entry.Iteration, shownValue(entry.Value, s.Unit), shownValue(entry.Bound, s.Unit)})
	}
	return out
}

// shownValue turns an integer value into the unit shown; nil while there is none.
func shownValue(value, unit int64) *float64 {
	if value == siting.NoValue {
		return nil
	}
	x := float64(value) / float64(max(unit, 1))
	return &x
}

// SitingCaseOf turns a prepared question into its JSON form.
func (k Known) SitingCaseOf(c *remedy.Case) SitingCase {
	q := c.Question
	out := SitingCase{
		Area: string(q.Area), Indicator: c.Object.ID, Name: c.Object.Name, Clause: firstOf(c.Object.Clauses),
		Purpose: string(c.Purpose), Model: string(q.Model), Kind: q.Kind, KindName: k.Plan.Kinds[q.Kind].Name,
		Measure: c.Measure, Mode: string(q.Mode), Minutes: q.Minutes, Metres: c.Metres,
		Need: c.Need, Unit: c.Unit(), Demand: len(c.Problem.Demand), Candidates: map[string]int{}, Standing: c.Standing,
		P: q.Count, Costs: SitingCosts{float64(c.Costs.Site) / 100, float64(c.Costs.Unit) / 100, c.Costs.Basis, c.Costs.Source, c.Costs.Status},
		Sizes: append([]int64{}, q.Sizes...), Provenance: string(c.Demand), Notes: append([]remedy.Note{}, c.Notes...),
	}
	if out.Unit == "" {
		out.Unit = map[remedy.Purpose]string{remedy.Presence: "area"}[c.Purpose]
		if out.Unit == "" {
			out.Unit = "person"
		}
	}
	if c.Variant != nil {
		out.Variant = c.Variant.ID
	}
	if q.HasBudget {
		budget := float64(q.Budget) / 100
		out.Budget = &budget
	}
	for _, d := range c.Problem.Demand {
		out.Weight += d.Weight
	}
	if c.Problem.Reach != nil {
		out.Pairs = c.Problem.Reach.Pairs()
	}
	for _, s := range c.Spots {
		if s.Origin != remedy.FromExisting {
			out.Candidates[string(s.Origin)]++
		}
	}
	return out
}

// SitingOf turns an answer into its JSON form.
func (k Known) SitingOf(a *remedy.Answer) Siting {
	out := SitingOfProblem(a.Case.Problem, a.Solution)
	described := k.SitingCaseOf(a.Case)
	out.Case = &described
	out.People, out.Before, out.After, out.Gained, out.Uncovered, out.Checked = a.People, a.Before, a.After, a.After-a.Before, a.Uncovered, a.Checked
	out.Cells = append([]string{}, a.Cells...)
	out.Sites = []SitingSite{}
	for _, s := range a.Sites {
		lon, lat := s.At.Lon, s.At.Lat
		basis := ""
		if s.Priced {
			basis = string(remedy.FromPremises)
		}
		out.Sites = append(out.Sites, SitingSite{
			ID: s.ID, Area: string(s.Area), Lon: &lon, Lat: &lat, Origin: string(s.Origin), Capacity: s.Size, Floor: s.Floor, Basis: basis,
			Served: s.Served, Cost: float64(s.Fen) / 100, Facility: string(s.Facility.ID),
		})
		out.Cost += float64(s.Fen) / 100
	}
	for _, spot := range a.Closed {
		closed := SitingClosed{ID: spot.ID, Area: string(spot.Area), Lon: spot.At.Lon, Lat: spot.At.Lat}
		if f, known := k.Registry.Facility(lifecircle.FacilityID(spot.ID)); known {
			closed.Name, closed.Kind = f.Name, f.Kind
		}
		out.Closed = append(out.Closed, closed)
	}
	ways := make(map[string]SitingArea)
	for _, row := range out.PerArea {
		ways[row.Area] = row
	}
	out.PerArea = []SitingArea{}
	for _, g := range a.PerArea {
		if g.Area == a.Case.Question.Area && g.People == 0 && g.Sites == 0 && len(a.PerArea) > 1 {
			continue // nobody is counted in the whole itself
		}
		area, _ := k.Registry.Area(g.Area)
		before, gained := g.Before, g.Gained()
		out.PerArea = append(out.PerArea, SitingArea{
			Area: string(g.Area), Name: &area.Name, Weight: g.People, Covered: g.After, Before: &before, Gained: &gained,
			Mean: ways[string(g.Area)].Mean, Worst: ways[string(g.Area)].Worst, Sites: g.Sites, Yuan: float64(g.Fen) / 100,
		})
	}
	out.Steps = a.Steps()
	if a.Result != nil {
		effect := k.Effect(a.Result[0], a.Result[1])
		out.Result = &effect
	}
	return out
}

// SitingClosed is a place that stands and would close.
type SitingClosed struct {
	ID   string  `json:"id"`
	Name string  `json:"name"`
	Kind string  `json:"kind"`
	Area string  `json:"area"`
	Lon  float64 `json:"lon"`
	Lat  float64 `json:"lat"`
}

// SitingWhy says what speaks against a candidate.
type SitingWhy struct {
	Candidate string   `json:"candidate"`
	Area      string   `json:"area"`
	Lon       float64  `json:"lon"`
	Lat       float64  `json:"lat"`
	Origin    string   `json:"origin" enum:"premises,point,existing,map"`
	Chosen    bool     `json:"chosen"`
	Reaches   int64    `json:"reaches" doc:"people who lack it within its reach"`
	Taken     int64    `json:"taken" doc:"of them, whom the chosen sites reach anyway"`
	Cost      float64  `json:"cost_yuan"`
	Value     *float64 `json:"value" doc:"of the best answer with this candidate; null where the limits forbid it or it is chosen"`
	Bound     *float64 `json:"bound"`
	Loss      *float64 `json:"loss" doc:"by how much that is worse"`
	Instead   []string `json:"instead" doc:"sites that answer gives up"`
	Broken    []string `json:"limits_broken"`
	Text      string   `json:"text"`
}

// SitingWhyOf turns the reasons into their JSON form; model and value are those
// of the answer.
func SitingWhyOf(model siting.Model, value float64, w *remedy.Why) SitingWhy {
	out := SitingWhy{
		Candidate: w.Spot.ID, Area: string(w.Spot.Area), Lon: w.Spot.At.Lon, Lat: w.Spot.At.Lat, Origin: string(w.Spot.Origin),
		Chosen: w.Chosen, Reaches: w.Reaches, Taken: w.Taken, Cost: float64(w.Fen) / 100,
		Instead: append([]string{}, w.Instead...), Broken: append([]string{}, w.Broken...),
	}
	switch {
	case w.Chosen:
		out.Text = "it is chosen"
	case w.Forced == nil:
		out.Text = fmt.Sprintf("the limits forbid it: %v", w.Broken)
	default:
		loss := math.Abs(value - w.Forced[0])
		if model.Maximises() && w.Forced[0] > value || !model.Maximises() && w.Forced[0] < value {
			loss = -loss
		}
		out.Value, out.Bound, out.Loss = &w.Forced[0], &w.Forced[1], &loss
		out.Text = fmt.Sprintf("with it the best answer found is worth %v instead of %v (no answer with it passes %v); it reaches %d people who lack it, of whom the chosen sites reach %d",
			w.Forced[0], value, w.Forced[1], w.Reaches, w.Taken)
		if loss == 0 {
			out.Text = "it would do as well: " + out.Text
		}
	}
	slices.Sort(out.Instead)
	return out
}

// Project is a site as the draft of a project: nobody has decided it.
type Project struct {
	ID         string  `json:"id"`
	Name       string  `json:"name"`
	Kind       string  `json:"kind"`
	Area       string  `json:"area"`
	Lon        float64 `json:"lon"`
	Lat        float64 `json:"lat"`
	Premises   string  `json:"premises" doc:"the vacant premises it would use, or empty: a plot is to be found"`
	Capacity   int64   `json:"capacity"`
	Cost       float64 `json:"cost_yuan"`
	CostBasis  string  `json:"cost_basis" doc:"the programme that gives the cost, given, or empty"`
	CostStatus string  `json:"cost_status"`
	Indicator  string  `json:"indicator"`
	Clause     string  `json:"clause"`
	Served     int64   `json:"served"`
	State      string  `json:"state" enum:"draft"`
}

// ProjectsOf drafts a project for every site of an answer about a workspace.
func ProjectsOf(s Siting) []Project {
	projects := []Project{}
	for _, site := range s.Sites {
		p := Project{
			ID: site.Facility, Name: s.Case.KindName.ZH, Kind: s.Case.Kind, Area: site.Area, Lon: *site.Lon, Lat: *site.Lat,
			Capacity: site.Capacity, Cost: site.Cost, CostBasis: cmp.Or(site.Basis, s.Case.Costs.Basis), CostStatus: s.Case.Costs.Status,
			Indicator: s.Case.Indicator, Clause: s.Case.Clause, Served: site.Served, State: "draft",
		}
		if site.Origin == string(remedy.FromPremises) {
			p.Premises = site.ID
		}
		projects = append(projects, p)
	}
	return projects
}

// ProjectHeading names the columns of a list of draft projects.
func ProjectHeading() []string {
	return []string{"id", "name", "kind", "area", "lon", "lat", "premises", "capacity", "cost_yuan", "cost_basis", "cost_status", "indicator", "clause", "served", "state"}
}

// Cells are a project in the order of ProjectHeading.
func (p Project) Cells() []string {
	number := func(x float64) string { return Number(&x) }
	return []string{
		p.ID, p.Name, p.Kind, p.Area, number(p.Lon), number(p.Lat), p.Premises, fmt.Sprint(p.Capacity), number(p.Cost),
		p.CostBasis, p.CostStatus, p.Indicator, p.Clause, fmt.Sprint(p.Served), p.State,
	}
}

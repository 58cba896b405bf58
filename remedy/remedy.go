// Package remedy goes from a gap to a decision: it turns the deficit of a
// provision or an indicator, or the wish for places of one kind, into a siting
// problem over what exists, has it solved, checks the answer by evaluating the
// plan anew, and says what the answer would change and cost. The search is
// siting's, nearness access's and verdicts indicator's; it keeps nothing and
// knows no HTTP. The API and the command line import it.
package remedy

import (
	"context"
	"slices"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/indicator"
	"lifecircle/network"
	"lifecircle/plan"
	"lifecircle/registry"
	"lifecircle/scenario"
	"lifecircle/siting"
)

// Ground is what is known of one World. Try evaluates the plan after changes to
// it; nothing is kept.
type Ground struct {
	Plan      *plan.Package
	Registry  *registry.Snapshot
	Network   *network.Network // nil where no streets are kept
	Evaluator *indicator.Evaluator
	Try       func([]scenario.Change) (*indicator.Evaluator, error)
}

// Where says which places may be chosen.
type Where string

// The choices; the zero value is the last.
const (
	Premises         Where = "premises" // vacant premises alone
	Points           Where = "points"   // population points alone: plots yet to be found
	PremisesOrPoints Where = "both"     // premises, and points in villages that have none
)

// Question asks for places. Either Object or Kind is given; what is left out
// comes from the plan.
type Question struct {
	Area    lifecircle.AreaCode
	Object  string // a provision or an indicator, by id or clause
	Variant string // "" is the chosen one
	Kind    string // the kind of facility to open
	Measure string // which of several ways of a provision

	Model   siting.Model    // "" is the one that fits the object
	Mode    lifecircle.Mode // "" is the measure's, or walking
	Minutes float64         // 0 is the provision's reach, or DefaultMinutes
	Where   Where

	Count     int   // at most so many new places; 0: as many as the budget pays
	Budget    int64 // fen; used if HasBudget
	HasBudget bool
	SiteCost  int64 // fen for each new place, beside what the plan says; 0: none
	UnitCost  int64 // fen for each unit of capacity, instead of the plan's; 0: the plan's

	Sizes  []int64 // the capacities in which a place may be opened
	Demand string  // the field of population points that needs the capacity; "" by the unit

	Share, Floor int64 // millionths of all people, and of those of each area, to be reached
	Fairest      bool
	Fixed        []string // candidates that must be chosen, by id
	Forbidden    []string // and those that must not

	Quotas []Quota // new places by area
	// Closing is how many of the places that stand in the area may close, each for
	// one more new place; 0: all are kept.
	Closing int
	// LeastServed is how many people each new place, and with Closing each that is
	// kept, must serve when everybody goes to the nearest; 0: no matter.
	LeastServed int64
	// Beside is a kind of facility beside which new places must lie, BesideMetres
	// away at most in a straight line; "": anywhere.
	Beside       string
	BesideMetres float64
}

// Quota bounds the places of one area: one of the counties that the question's area
// has, of a county its townships, of a township its villages.
type Quota struct {
	Area        lifecircle.AreaCode
	Least, Most int // Most < 0: no upper bound
}

// DefaultMinutes is how far places are when nothing says it: for models that
// cover, and for those that weigh ways, which count what is farther as so far.
func DefaultMinutes(m siting.Model) float64 {
	switch m {
	case siting.PMedian, siting.KNearestPMedian, siting.PCentre, siting.PDispersion, siting.CPMedian, siting.Attendance:
		return 60
	}
	return 15
}

// Purpose says what a new place does for an object.
type Purpose string

// The purposes.
const (
	Nearness  Purpose = "nearness"  // people come to have one within reach
	Presence  Purpose = "presence"  // an area comes to have one at all
	Capacity  Purpose = "capacity"  // there come to be more places, beds or the like
	Unrelated Purpose = "unrelated" // a kind was asked for, no object
)

// Cell is people at one point, or an area that lacks a place.
type Cell struct {
	ID     string
	Area   lifecircle.AreaCode
	At     geo.Point
	Weight int64
	// Served: it has what it needs today. Those of other lacks as well are no cells.
	Served bool
	limit  uint32 // how far a place may be, in the profile's unit
	held   int64  // of the weight, who have a place in what stands
}

// Origin says what kind of candidate a spot is.
type Origin string

// The origins.
const (
	FromPremises Origin = "premises" // vacant premises of the register
	FromPoint    Origin = "point"    // where people live; a plot is yet to be found
	FromExisting Origin = "existing" // a facility that stands
	FromMap      Origin = "map"      // a position somebody named
)

// Spot is a candidate.
type Spot struct {
	ID     string
	Area   lifecircle.AreaCode
	At     geo.Point
	Origin Origin
	Floor  float64 // m² of premises, 0 where not known
	// Fen is what the register says converting premises costs, if Priced; others
	// cost what the question says.
	Fen    int64
	Priced bool
	// Capacity is that of a facility that stands, 0 where not known.
	Capacity int64
}

// Note is something a reader must know of a question: what was left out, chosen
// or assumed. Codes are stable; Text is in English.
type Note struct {
	Code string         `json:"code"`
	Text string         `json:"text"`
	Args map[string]any `json:"args,omitempty"`
}

// Case is a question made ready: the problem, and what its rows stand for. It
// does not change.
type Case struct {
	Question Question // with what was left out filled in
	Purpose  Purpose
	Object   plan.Object // zero without one
	Variant  *plan.Variant
	Measure  string
	Limit    uint32  // the longest reach, in the unit of the profile
	Metres   float64 // the same along streets; 0 where it is a time
	// Cells are the problem's demand, in its order; Rest those that are served
	// already and need no place in the problem.
	Cells, Rest []Cell
	Spots       []Spot // the problem's candidates, in its order
	Problem     *siting.Problem
	Standing    int // facilities that serve already
	// Need is what lacks: people out of reach, areas without a place, or units of
	// capacity.
	Need      int64
	Costs     Costs
	Notes     []Note
	Demand    lifecircle.Provenance // the weakest of what the cells come from
	ground    Ground
	profile   *network.Profile
	fields    registry.Fields // what a new facility must say besides
	groups    []lifecircle.AreaCode
	groupOf   map[lifecircle.AreaCode]int32
	each      int64             // what every new place costs, where that makes the budget a number
	capacity  capacity          // what is counted, where capacity is
	element   string            // that counts it, where one does
	elementAt lifecircle.Number // what it says today
}

// Costs are what a new place costs and who says so.
type Costs struct {
	Site   int64           // fen each
	Unit   int64           // fen for each unit of capacity
	Basis  string          // the programme of the plan that pays, "given", or "" where nothing costs
	Source lifecircle.Name // what the plan names as the source
	Status string          // how well the number is founded
}

func (c *Case) note(code, text string, args map[string]any) {
	c.Notes = append(c.Notes, Note{code, text, args})
}

// Prepare makes a question ready. Its errors say what cannot be sited and why
// (siting_not_spatial, siting_nothing_lacks, siting_no_data, kind_unknown, …).
func (g Ground) Prepare(ctx context.Context, q Question) (*Case, error) {
	if g.Network == nil {
		return nil, lifecircle.Errorf("siting_no_network", "%s keeps no street network: build one and load it with the workspace", q.Area)
	}
	if _, ok := g.Registry.Area(q.Area); !ok {
		return nil, registry.UnknownArea(q.Area)
	}
	if q.Kind != "" {
		if _, ok := g.Plan.Kinds[q.Kind]; !ok {
			return nil, lifecircle.Errorf("kind_unknown", "%q is no facility kind of plan %s", q.Kind, g.Plan.ID).With("kind", q.Kind)
		}
	}
	if q.Object == "" && q.Kind == "" {
		return nil, lifecircle.Errorf("siting_question", "name a provision or a facility kind")
	}
	if q.Where == "" {
		q.Where = PremisesOrPoints
	}
	if !slices.Contains([]Where{Premises, Points, PremisesOrPoints}, q.Where) {
		return nil, lifecircle.Errorf("siting_question", "candidates %q: want premises, points or both", q.Where)
	}
	for _, id := range q.Fixed {
		if slices.Contains(q.Forbidden, id) {
			return nil, lifecircle.Errorf("siting_question", "candidate %s is both fixed and forbidden", id).With("candidate", id)
		}
	}
	c := &Case{Question: q, ground: g}
	c.group()
	if err := c.pose(); err != nil {
		return nil, err
	}
	if err := c.finish(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

// pose finds what is asked: cells, kind, mode, reach.
func (c *Case) pose() error {
	if c.Question.Object == "" {
		return c.poseKind()
	}
	object, ok := c.ground.Plan.Object(c.Question.Object)
	switch {
	case !ok:
		return lifecircle.Errorf("indicator_unknown", "%q is no object or clause of plan %s", c.Question.Object, c.ground.Plan.ID).With("indicator", c.Question.Object)
	case object.Indicator != nil:
		return c.poseIndicator()
	}
	return c.poseProvision()
}

// group finds the areas of the table: counties of a region or prefecture,
// townships of a county, villages of a township.
func (c *Case) group() {
	known := c.ground.Registry
	area, _ := known.Area(c.Question.Area)
	level := registry.County
	switch area.Level {
	case registry.County:
		level = registry.Township
	case registry.Township:
		level = registry.Village
	}
	c.groupOf = map[lifecircle.AreaCode]int32{}
	for _, code := range known.Subtree(c.Question.Area) {
		of := c.Question.Area
		for up := code; up != c.Question.Area && up != ""; {
			a, _ := known.Area(up)
			if a.Level == level {
				of = up
			}
			up = a.Parent
		}
		at := slices.Index(c.groups, of)
		if at < 0 {
			at = len(c.groups)
			c.groups = append(c.groups, of)
		}
		c.groupOf[code] = int32(at)
	}
}

// period is the year the plan is judged in.
func (c *Case) period() lifecircle.Period { return lifecircle.Year(c.ground.Plan.Year) }

func (c *Case) query() indicator.Query {
	return indicator.Query{Object: c.Object.ID, Variant: c.Question.Variant, Area: c.Question.Area, Period: c.period()}
}

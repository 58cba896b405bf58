// Package siting decides where the next places go and proves how good the
// answer is: every answer carries a bound that no answer can pass, found in
// integer arithmetic, and is evaluated again from the question before it is
// returned. It is an engine: it knows no plan, store, network or clock; travel
// times are given, and how much of the time allowed is spent is asked of the
// caller. The engine's callers and the command line import it.
package siting

import (
	"fmt"
	"math"
	"slices"

	"lifecircle"
)

// Model names an objective. docs/guide/siting.md gives the formula of each.
type Model string

// The models.
const (
	LSCP            Model = "lscp"             // fewest (or cheapest) sites that cover everyone
	LSCPB           Model = "lscp-b"           // as few as LSCP, most people covered twice
	PSCLP           Model = "psclp"            // fewest (or cheapest) sites that cover a share of the people
	MCLP            Model = "mclp"             // most people covered
	PMedian         Model = "pmedian"          // least person-time to the nearest site
	KNearestPMedian Model = "knearest-pmedian" // p-median over each demand's K nearest candidates
	PCentre         Model = "pcentre"          // least longest way
	PDispersion     Model = "pdispersion"      // sites farthest from one another
	Attendance      Model = "attendance"       // most visits, falling with the way
	CMCLP           Model = "cmclp"            // most people covered within capacities
	CPMedian        Model = "cpmedian"         // p-median within capacities
	CLSCP           Model = "clscp"            // fewest (or cheapest) sites whose capacity covers everyone
)

// Models returns all models in the order of the manual.
func Models() []Model {
	return []Model{LSCP, LSCPB, PSCLP, MCLP, PMedian, KNearestPMedian, PCentre, PDispersion, Attendance, CMCLP, CPMedian, CLSCP}
}

// ParseModel reads the name of a model.
func ParseModel(text string) (Model, error) {
	if m := Model(text); slices.Contains(Models(), m) {
		return m, nil
	}
	return "", lifecircle.Errorf("siting_model_unknown", "model %q is not known: want one of %v", text, Models()).With("model", text)
}

// Maximises reports whether more of the value is better.
func (m Model) Maximises() bool {
	switch m {
	case LSCPB, MCLP, PDispersion, Attendance, CMCLP:
		return true
	}
	return false
}

// capacitated reports whether a model assigns loads to capacities.
func (m Model) capacitated() bool { return m == CMCLP || m == CPMedian || m == CLSCP }

// covering reports whether a model asks for the fewest or cheapest sites.
func (m Model) covering() bool { return m == LSCP || m == PSCLP || m == CLSCP }

// State is what is known of a candidate before anything is decided.
type State uint8

// The states.
const (
	Closed     State = iota // may be opened
	Open                    // open today; may be closed
	Fixed                   // stays or becomes open
	Forbidden               // never open
	Competitor              // somebody else's place: open whatever is decided, counted and paid by nobody here
)

// Demand is people at one point.
type Demand struct {
	ID     string
	Weight int64 // people, or whatever the value counts
	Load   int64 // what it takes of a capacity; used by capacitated models
	Area   int32 // index into Problem.Areas
}

// Module is one size in which a candidate may be built.
type Module struct {
	Capacity int64
	Cost     int64 // fen
}

// Candidate is a place that may be chosen.
type Candidate struct {
	ID    string
	Area  int32 // index into Problem.Areas
	State State
	Cost  int64 // fen, when opened (or kept, if State is Open)
	// Capacity is what it can serve in load; capacitated models read it.
	Capacity int64
	// Modules, if any, are the sizes to choose from instead of Cost and Capacity.
	Modules []Module
	// Requires lists candidates of which at least one must be open with this one
	// (co-location); Excludes lists those that must not be (a merger into this
	// place closes them).
	Requires, Excludes []int
}

// Quota bounds the number of open sites of one area.
type Quota struct {
	Area        int32
	Least, Most int // Most < 0: no upper bound
}

// Limits are what a choice must obey. The zero value limits nothing.
type Limits struct {
	Count     int     // at most so many open sites, competitors not counted; exactly so many in p-dispersion; 0: no limit
	Budget    int64   // fen for all open sites together; used if HasBudget
	HasBudget bool    // a budget of zero is a budget
	Quotas    []Quota // open sites by area
	// Share is the share of all weight that must be covered, in millionths
	// (PSCLP, and a side constraint elsewhere).
	Share int64
	// Floor is the share of each area's weight that must be covered, in
	// millionths.
	Floor int64
	// MaxClosed limits how many of the sites open today close; used if HasMaxClosed.
	MaxClosed    int
	HasMaxClosed bool
	// LeastServed is the occupancy floor: the weight (load, where there are
	// capacities) each open site must serve when everyone goes to the nearest
	// open site within reach.
	LeastServed int64
}

// Million is the denominator of shares.
const Million = 1_000_000

// Problem is a question. It is not changed by solving it.
type Problem struct {
	Model      Model
	Demand     []Demand
	Candidates []Candidate
	Areas      []string // codes of the areas demand and candidates lie in
	Reach      *Reach   // candidate → demand within the cutoff
	Limits     Limits
	// Scale is how many integer units of time or distance make one unit shown;
	// 0 means 1.
	Scale int64
	// Cutoff is the longest time at which a demand counts as covered; 0: every
	// pair of Reach is within it.
	Cutoff int32
	// Unserved is the time at which weight counts that nobody serves, in
	// p-median and p-centre; 0: everyone must be served.
	Unserved int32
	// Decay gives the share of people, in millionths, who come from a time away;
	// Attendance reads it.
	Decay func(time int32) int64
	// Nearest is K of KNearestPMedian; 0 means 8.
	Nearest int
	// Whole says that a demand is served by one site alone (capacitated models);
	// otherwise it may be split, and its weight must equal its load.
	Whole bool
	// Between gives the time between two candidates; PDispersion reads it.
	Between func(a, b int) int32
	// Cheapest asks covers for the least cost instead of the fewest sites.
	Cheapest bool
	// Fairest asks coverage models to maximise the least covered area's share
	// first, then the second least, and so on.
	Fairest bool
}

// Proof says why no answer can pass the bound.
type Proof string

// The proofs.
const (
	ProofOptimal   Proof = "optimal"   // branch and bound left nothing better
	ProofBound     Proof = "bound"     // the relaxation's bound equals the value
	ProofCertified Proof = "certified" // the relaxation's bound; the gap remains
)

// Site is one open site of an answer.
type Site struct {
	Candidate int
	Module    int // index into Modules, −1 without
	Served    int64
}

// AreaResult is an answer seen from one area.
type AreaResult struct {
	Area            int32
	Weight, Covered int64
	PersonTime      int64 // Σ weight × time of those served
	Worst           int32 // the longest way of those served
	Sites           int
	Cost            int64
}

// LogEntry is one improvement of the value or the bound.
type LogEntry struct {
	Iteration    int64
	Value, Bound int64 // in integer units; NoValue while there is none
}

// NoValue marks a value or bound not yet known.
const NoValue = math.MinInt64

// Solution is an answer with its certificate. Value and Bound are integers in
// units of weight × Scale; Shown converts them.
type Solution struct {
	Model        Model
	Value, Bound int64
	Unit         int64 // integer units of Value per unit shown
	Proof        Proof
	Seed         uint64
	Iterations   int64
	Reductions   []string
	Log          []LogEntry
	Sites        []Site
	Uncovered    int64 // weight
	Cells        []int // demand not covered or served, at most 1,000 of them
	PerArea      []AreaResult
	Binding      []string // the limits that have no slack
	Assigned     []Flow   // who is served where, in capacitated models
	Other        *Heard   // what another solver said; nil if none was asked
}

// Flow is load of one demand served at one candidate.
type Flow struct {
	Demand, Candidate int
	Load              int64
}

// Gap returns |bound − value| / |value|, 0 if both are zero.
func (s Solution) Gap() float64 {
	if s.Value == s.Bound {
		return 0
	}
	if s.Value == 0 {
		return math.Inf(1)
	}
	return math.Abs(float64(s.Bound-s.Value)) / math.Abs(float64(s.Value))
}

// Shown converts a value to the unit people read.
func (s Solution) Shown(value int64) float64 { return float64(value) / float64(max(s.Unit, 1)) }

// Config says how hard to try. The zero value is deterministic.
type Config struct {
	Seed uint64
	// Iterations bounds the relaxation's steps, kicks and branches together; 0
	// means 20,000. The covers of a p-centre have so many each.
	Iterations int64
	// Spent, if given, returns the share of the time allowed that is spent; at 1
	// the best answer so far is returned.
	Spent func() float64
	// Stop is the gap at which to be content; 0 asks for a proof.
	Stop float64
	// Progress, if given, hears of every improvement of value or bound and of
	// every stage that begins, in the goroutine of Solve.
	Progress func(Progress)
	// Other, if given, is asked the same question after the search. It may take longer
	// than Spent allows.
	Other Other
	// Workers is how many goroutines price candidates; 0 means one. The answer
	// does not depend on it.
	Workers int
}

// Stage is what a search is at.
type Stage string

// The stages, in their order; a model that bisects its value goes through the
// others within each step and is shown as one stage.
const (
	Reducing  Stage = "reducing"  // merges cells, drops dominated candidates
	Answering Stage = "answering" // looks for a first answer
	Bounding  Stage = "bounding"  // raises the relaxation's bound
	Improving Stage = "improving" // exchanges and kicks
	Proving   Stage = "proving"   // branches
	Bisecting Stage = "bisecting" // halves the interval the value lies in
)

// Progress is how far a search has come. Value and Bound are NoValue while there
// is none, in units of which Unit make one shown; Spent is the share of the
// effort allowed that is used.
type Progress struct {
	Stage        Stage
	Iteration    int64
	Value, Bound int64
	Unit         int64
	Spent        float64
}

// DefaultIterations is the effort of a Config that names none.
const DefaultIterations = 20_000

// InfeasibleError says that no choice of sites obeys the limits, which of them
// are in conflict, and what relaxation of one alone would suffice.
type InfeasibleError struct {
	Limits      []string
	Cells       []int // demand that no candidate can serve
	Relaxations []Relaxation
}

// Relaxation is the least change of one limit that makes an answer possible.
type Relaxation struct {
	Limit    string
	From, To int64
}

// Error names the limits, the cells and the relaxations.
func (e *InfeasibleError) Error() string {
	text := "no choice of sites obeys the limits"
	if len(e.Limits) > 0 {
		text += fmt.Sprintf(": %s cannot hold together", joined(e.Limits))
	}
	if n := len(e.Cells); n > 0 {
		text += fmt.Sprintf("; %d demand cells have no candidate within reach (first: %d)", n, e.Cells[0])
	}
	for _, r := range e.Relaxations {
		text += fmt.Sprintf("; %s %d instead of %d would do", r.Limit, r.To, r.From)
	}
	return text
}

func joined(words []string) string {
	text := ""
	for i, w := range words {
		switch {
		case i == 0:
		case i == len(words)-1:
			text += " and "
		default:
			text += ", "
		}
		text += w
	}
	return text
}

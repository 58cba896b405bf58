package report

import (
	"cmp"
	"math"

	"lifecircle"
	"lifecircle/remedy"
	"lifecircle/siting"
)

// AllotmentAsk is a budget to be shared out among promises of the plan.
type AllotmentAsk struct {
	Area   string     `json:"area" example:"640106"`
	Budget float64    `json:"budget_yuan" minimum:"0"`
	Claims []ClaimAsk `json:"claims" minItems:"1" maxItems:"20"`

	Seed       uint64  `json:"seed,omitempty"`
	Seconds    float64 `json:"seconds,omitempty" minimum:"0" maximum:"86400"`
	Iterations int64   `json:"iterations,omitempty" minimum:"0"`
}

// ClaimAsk is one provision or indicator that asks for a part of the budget.
type ClaimAsk struct {
	Indicator  string  `json:"indicator" example:"sport.fitness_10min"`
	Variant    string  `json:"variant,omitempty"`
	Kind       string  `json:"kind,omitempty"`
	Measure    string  `json:"measure,omitempty"`
	Minutes    float64 `json:"minutes,omitempty" minimum:"0"`
	Candidates string  `json:"candidates,omitempty" enum:"premises,points,both,"`
	Cost       float64 `json:"cost_yuan,omitempty" minimum:"0" doc:"of each site"`
	UnitCost   float64 `json:"cost_per_unit_yuan,omitempty" minimum:"0" doc:"of each bed or place; what a programme of the plan pays when left out"`
	Size       int64   `json:"size,omitempty" minimum:"0" doc:"beds or places of each site"`
	Demand     string  `json:"demand,omitempty" enum:"people,people_65,people_under_3,"`
	Weight     float64 `json:"weight,omitempty" minimum:"0" maximum:"1000" doc:"what closing its whole deficit counts; 1 when left out"`
}

// Read returns the claims of the ask and its budget in fen.
func (a AllotmentAsk) Read() ([]remedy.Claim, int64, error) {
	if math.IsNaN(a.Budget) || a.Budget < 0 || a.Budget > 1e13 {
		return nil, 0, lifecircle.Errorf("siting_question", "%v yuan: want 0 to 10¹³", a.Budget)
	}
	var claims []remedy.Claim
	for _, c := range a.Claims {
		ask := SitingAsk{
			Area: a.Area, Indicator: c.Indicator, Variant: c.Variant, Kind: c.Kind, Measure: c.Measure, Minutes: c.Minutes,
			Candidates: c.Candidates, Cost: c.Cost, UnitCost: c.UnitCost, Demand: c.Demand,
		}
		if c.Size > 0 {
			ask.Sizes = []int64{c.Size}
		}
		if c.Indicator == "" {
			return nil, 0, lifecircle.Errorf("siting_question", "a claim names the provision or indicator whose deficit it closes")
		}
		question, err := ask.Question()
		if err != nil {
			return nil, 0, err
		}
		claims = append(claims, remedy.Claim{Question: question, Weight: int64(math.Round(cmp.Or(c.Weight, 1) * siting.Million))})
	}
	return claims, Fen(a.Budget), nil
}

// Effort returns the ask's effort as that of a single question.
func (a AllotmentAsk) Effort() SitingAsk {
	return SitingAsk{Seed: a.Seed, Seconds: a.Seconds, Iterations: a.Iterations}
}

// Allotment is a budget shared out. Value and Bound count whole deficits closed,
// each by its weight.
type Allotment struct {
	Area    string          `json:"area"`
	Budget  float64         `json:"budget_yuan"`
	Cost    float64         `json:"cost_yuan"`
	Left    float64         `json:"left_yuan"`
	Value   float64         `json:"value" doc:"Σ weight × closed / need"`
	Bound   float64         `json:"bound" doc:"no sharing and no choice of sites passes it"`
	Gap     float64         `json:"gap"`
	Proof   string          `json:"proof" enum:"bound,certified"`
	Seconds float64         `json:"seconds"`
	Seed    uint64          `json:"seed"`
	Solved  int             `json:"questions_solved"`
	Parts   []AllotmentPart `json:"parts"`
}

// AllotmentPart is what one claim comes to.
type AllotmentPart struct {
	Case   SitingCase `json:"case"`
	Weight float64    `json:"weight"`
	Each   float64    `json:"cost_each_yuan"`
	Sites  int        `json:"sites"`
	Cost   float64    `json:"cost_yuan"`
	Closed int64      `json:"closed" doc:"of the need; people, where the need is of areas"`
	Answer *Siting    `json:"answer" doc:"null where the claim gets nothing"`
}

// AllotmentOf turns a shared budget into its JSON form.
func (k Known) AllotmentOf(a *remedy.Allotment) Allotment {
	million := func(v int64) float64 { return float64(v) / siting.Million }
	out := Allotment{
		Budget: float64(a.Budget) / 100, Cost: float64(a.Fen) / 100, Left: float64(a.Budget-a.Fen) / 100,
		Value: million(a.Value), Bound: million(a.Bound), Proof: string(a.Proof), Solved: a.Solved, Parts: []AllotmentPart{},
	}
	if a.Value > 0 {
		out.Gap = float64(a.Bound-a.Value) / float64(a.Value)
	}
	for _, p := range a.Parts {
		out.Area = string(p.Case.Question.Area)
		part := AllotmentPart{Case: k.SitingCaseOf(p.Case), Weight: million(p.Weight), Each: float64(p.Each) / 100, Closed: p.Closed}
		if p.Answer != nil {
			answer := k.SitingOf(p.Answer)
			part.Answer, part.Sites, part.Cost = &answer, len(answer.Sites), answer.Cost
		}
		out.Parts = append(out.Parts, part)
	}
	return out
}

package report

import "lifecircle/scenario"

// Comparison is two scenarios beside the baseline.
type Comparison struct {
	Base    int64                 `json:"base" doc:"seq of the facts both were tried on"`
	A       Side                  `json:"a"`
	B       Side                  `json:"b"`
	Results []Compare             `json:"results" doc:"where either changes something"`
	Steps   []scenario.Difference `json:"steps" doc:"where b's steps differ from a's"`
}

// Side is one of two scenarios.
type Side struct {
	Scenario string  `json:"scenario"`
	Version  int     `json:"version"`
	Changes  int     `json:"changes"`
	Stale    bool    `json:"stale"`
	People   People  `json:"people"`
	EngineMS float64 `json:"engine_ms"`
}

// Compare is one result before, under a and under b.
type Compare struct {
	Indicator   string   `json:"indicator"`
	Variant     string   `json:"variant"`
	Chosen      bool     `json:"chosen"`
	Area        string   `json:"area"`
	Unit        string   `json:"unit"`
	Before      *float64 `json:"before"`
	A           *float64 `json:"a"`
	B           *float64 `json:"b"`
	StateBefore string   `json:"state_before"`
	StateA      string   `json:"state_a"`
	StateB      string   `json:"state_b"`
	// Where a value is not known, the range it lies in, if that is.
	RangeBefore *Range `json:"range_before,omitempty"`
	RangeA      *Range `json:"range_a,omitempty"`
	RangeB      *Range `json:"range_b,omitempty"`
}

// Compared lays two what-ifs of one base side by side. What a scenario leaves
// alone stays, under it, as it was before.
func Compared(a, b WhatIf, steps []scenario.Difference) Comparison {
	out := Comparison{Base: a.Base, A: side(a), B: side(b), Results: []Compare{}, Steps: steps}
	type slot struct{ indicator, variant, area string }
	at := make(map[slot]int, len(a.Results))
	row := func(e Effect) *Compare {
		key := slot{e.Indicator, e.Variant, e.Area}
		i, known := at[key]
		if !known {
			i, at[key] = len(out.Results), len(out.Results)
			out.Results = append(out.Results, Compare{
				Indicator: e.Indicator, Variant: e.Variant, Chosen: e.Chosen, Area: e.Area, Unit: e.Unit,
				Before: e.Before, A: e.Before, B: e.Before, StateBefore: e.StateBefore, StateA: e.StateBefore, StateB: e.StateBefore,
				RangeBefore: e.RangeBefore, RangeA: e.RangeBefore, RangeB: e.RangeBefore,
			})
		}
		return &out.Results[i]
	}
	for _, e := range a.Results {
		r := row(e)
		r.A, r.StateA, r.RangeA = e.After, e.StateAfter, e.RangeAfter
	}
	for _, e := range b.Results {
		r := row(e)
		r.B, r.StateB, r.RangeB = e.After, e.StateAfter, e.RangeAfter
	}
	return out
}

func side(w WhatIf) Side {
	return Side{Scenario: w.Scenario, Version: w.Version, Changes: w.Changes, Stale: w.Stale, People: w.People, EngineMS: w.EngineMS}
}

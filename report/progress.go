package report

import (
	"slices"

	"lifecircle"
	"lifecircle/indicator"
)

// Progress is where a value stands on the way to its target.
type Progress struct {
	Baseline       *PeriodValue    `json:"baseline"`
	BaselineSource lifecircle.Name `json:"baseline_source" doc:"of the plan; empty where the first known year is the baseline"`
	Expected       *float64        `json:"expected" doc:"due in the period on the line or the milestones"`
	Points         []PeriodValue   `json:"points" doc:"known years up to the period"`
	Slope          *float64        `json:"slope" doc:"median change a year (Theil–Sen)"`
	ProjectionLow  *float64        `json:"projection_low" doc:"90 % interval; null with fewer than four years"`
	ProjectionHigh *float64        `json:"projection_high"`
	Reason         *Reason         `json:"reason" doc:"why there is no pace"`
	OpenSDG        OpenSDG         `json:"open_sdg"`
}

// PeriodValue is a value in a period.
type PeriodValue struct {
	Period string   `json:"period"`
	Value  *float64 `json:"value"`
}

// OpenSDG is the Open SDG platform's measure of the same progress.
type OpenSDG struct {
	Score  *float64 `json:"score" doc:"d · CAGR observed / |CAGR required|"`
	State  string   `json:"state" enum:"on_track,at_risk,off_track,worsening,"`
	Reason string   `json:"reason" doc:"code of why the method gives none"`
}

func progress(r indicator.Result) Progress {
	p := r.Progress
	out := Progress{
		BaselineSource: p.BaselineSource, Expected: in(r.Unit, p.Expected), Points: []PeriodValue{},
		Slope: in(r.Unit, p.Slope), ProjectionLow: in(r.Unit, p.Low), ProjectionHigh: in(r.Unit, p.High), Reason: reason(p.Pace),
		OpenSDG: OpenSDG{State: string(p.OpenSDG.State), Reason: p.OpenSDG.Why},
	}
	if p.OpenSDG.State != "" {
		out.OpenSDG.Score = &p.OpenSDG.Score
	}
	if !p.Baseline.Period.IsZero() {
		baseline := periodValue(r, p.Baseline)
		out.Baseline = &baseline
	}
	for _, point := range p.Points {
		out.Points = append(out.Points, periodValue(r, point))
	}
	return out
}

func periodValue(r indicator.Result, p indicator.Point) PeriodValue {
	return PeriodValue{Period: p.Period.String(), Value: numberIn(r.Unit, p.Value)}
}

// Equity says how unlike the parts of an area are.
type Equity struct {
	Parts       []EquityPart `json:"parts" doc:"the nearest areas below that are measured, the worst first"`
	Worst       string       `json:"worst" doc:"code of the worst area; empty without parts"`
	Lacking     int          `json:"lacking" doc:"parts without a value"`
	P90         *float64     `json:"p90"`
	P10         *float64     `json:"p10"`
	P90P10      *float64     `json:"p90_p10" doc:"null where the lowest tenth is 0"`
	Theil       *float64     `json:"theil" doc:"0 is equality"`
	TheilReason string       `json:"theil_reason"`
	Urban       *float64     `json:"urban"`
	Rural       *float64     `json:"rural"`
}

// EquityPart is one area within another.
type EquityPart struct {
	Area     string          `json:"area"`
	AreaName lifecircle.Name `json:"area_name"`
	Value    *float64        `json:"value"`
	State    string          `json:"state"`
}

// Equity turns what is known of the parts of r's area into its JSON form.
func (k Known) Equity(r indicator.Result, q indicator.Equity) Equity {
	out := Equity{
		Parts: make([]EquityPart, len(q.Parts)), Lacking: q.Lacking, P90: in(r.Unit, q.P90), P10: in(r.Unit, q.P10),
		P90P10: plain(q.Ratio), TheilReason: q.TheilWhy, Urban: in(r.Unit, q.Urban), Rural: in(r.Unit, q.Rural),
	}
	if q.TheilWhy == "" {
		out.Theil = &q.Theil
	}
	for i, part := range q.Parts {
		area, _ := k.Registry.Area(part.Area)
		out.Parts[i] = EquityPart{Area: string(part.Area), AreaName: area.Name, Value: numberIn(r.Unit, part.Value), State: string(part.State)}
	}
	if len(q.Parts) > 0 {
		out.Worst = out.Parts[0].Area
	}
	return out
}

// ByOpenSDG returns the evaluation with the state and pace of the Open SDG method
// wherever a value is under way and the method gives one.
func (e Evaluation) ByOpenSDG() Evaluation {
	e.Results = slices.Clone(e.Results)
	for i, r := range e.Results {
		switch indicator.State(r.State) {
		case indicator.OnTrack, indicator.AtRisk, indicator.OffTrack, indicator.Worsening, indicator.NotYetDue:
		default:
			continue
		}
		period, err := lifecircle.ParsePeriod(r.Period)
		if o := r.Progress.OpenSDG; err == nil && period.CalendarYear() < r.TargetYear && o.State != "" {
			e.Results[i].State, e.Results[i].Pace = o.State, o.Score
		}
	}
	e.Headline = HeadlineOf(e.Results)
	return e
}

// InDemonstration returns the results of a demonstration: there an estimate was made up
// as well, so it is counted no more than what says that it is generated.
func InDemonstration(results []Result) []Result {
	for i := range results {
		if results[i].Provenance == string(lifecircle.Estimated) {
			results[i].Counts = false
		}
	}
	return results
}

// HeadlineOf counts results for the first line of a scoreboard.
func HeadlineOf(results []Result) Headline {
	var h Headline
	for _, r := range results {
		switch {
		case !r.Chosen || r.Target == nil || r.State == string(indicator.ReportedOnly) || r.State == string(indicator.NoSubjects):
			continue
		case r.State == string(indicator.NoData) || r.State == string(indicator.Stale):
			h.NoData++
		case !r.Counts:
			h.Generated++
		case r.State == string(indicator.Achieved):
			h.Achieved++
		case r.State == string(indicator.OnTrack):
			h.OnTrack++
		case r.State == string(indicator.AtRisk):
			h.AtRisk++
		case r.State == string(indicator.NotYetDue):
			h.NotYetDue++
		default:
			h.Off++
		}
		h.Targets++
	}
	return h
}

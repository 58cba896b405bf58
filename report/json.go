// Package report gives measures the forms in which they leave the system: the
// JSON that scripts and the browser rely on, tables for a terminal and CSV. It
// computes nothing. The API and the command line import it.
package report

import (
	"lifecircle"
	"lifecircle/registry"
	"lifecircle/scenario"
)

// Evaluation is every result of one question, with what it was computed from.
type Evaluation struct {
	Plan   string `json:"plan" doc:"id of the plan package"`
	Period string `json:"period"`
	AsOf   int64  `json:"as_of" doc:"seq of the last change that counts"`
	Hashes Hashes `json:"hashes"`
	// Headline counts the chosen readings with a target.
	Headline Headline `json:"headline"`
	Results  []Result `json:"results"`
}

// Headline is the first line of a scoreboard. What rests on generated figures is
// counted in Generated and in nothing else: a demonstration proves nothing.
type Headline struct {
	Targets   int `json:"targets" doc:"chosen readings with a target that is a duty and applies"`
	Achieved  int `json:"achieved"`
	OnTrack   int `json:"on_track"`
	AtRisk    int `json:"at_risk"`
	Off       int `json:"off" doc:"off track or worsening"`
	NotYetDue int `json:"not_yet_due"`
	NoData    int `json:"no_data" doc:"no data, or none for the period"`
	Generated int `json:"generated" doc:"measured with generated figures, or in a demonstration with estimates; in none of the others"`
}

// Hashes identify what a result was computed from.
type Hashes struct {
	Plan    string `json:"plan"`
	World   string `json:"world,omitempty" doc:"facts, layers and results together; only where asked for"`
	Network string `json:"network,omitempty"`
	Program string `json:"program"`
}

// Result is one object's value in one area and period, under one variant.
// Numbers are in Unit; null is no data.
type Result struct {
	Indicator   string          `json:"indicator"`
	Name        lifecircle.Name `json:"name"`
	Clause      string          `json:"clause"`
	Force       string          `json:"force"`
	Owner       lifecircle.Name `json:"owner" doc:"the department that answers for it"`
	Register    string          `json:"register" doc:"whose rows are judged, population_point where a map is drawn; empty where figures are divided"`
	Area        string          `json:"area"`
	AreaName    lifecircle.Name `json:"area_name"`
	Period      string          `json:"period"`
	Variant     string          `json:"variant" doc:"empty where the text has one reading"`
	VariantName lifecircle.Name `json:"variant_name"`
	Chosen      bool            `json:"chosen" doc:"the reading that counts"`
	Value       *float64        `json:"value"`
	Numerator   *float64        `json:"numerator"`
	Denominator *float64        `json:"denominator"`
	Lower       *float64        `json:"lower" doc:"where some subjects are unknown: the value if none of them passed"`
	Upper       *float64        `json:"upper" doc:"… if all of them passed"`
	Unit        string          `json:"unit"`
	Display     string          `json:"display" doc:"'1:x' for ratios printed so, else empty"`
	Target      *float64        `json:"target"`
	TargetBound string          `json:"target_bound" enum:"at_least,at_most,exactly,"`
	TargetYear  int             `json:"target_year"`
	// TargetStatus is how well the target's number is founded.
	TargetStatus string    `json:"target_status" enum:"verified,secondary,unverified,local-choice,"`
	Gap          *float64  `json:"gap" doc:"what is missing to the target; 0 or less is none"`
	State        string    `json:"state" enum:"achieved,on_track,at_risk,off_track,worsening,not_yet_due,stale,no_data,not_applicable,reported"`
	Pace         *float64  `json:"pace" doc:"(value − baseline) / (expected − baseline); null without a baseline"`
	Projection   *float64  `json:"projection" doc:"in the target's year, along the median slope; null with fewer than two years"`
	Progress     Progress  `json:"progress" doc:"what the state, pace and projection follow from"`
	Stretch      *float64  `json:"stretch" doc:"the wish beyond a floor; null where the text gives none"`
	StretchMet   bool      `json:"stretch_met"`
	Provenance   string    `json:"provenance" enum:"real,estimated,generated,"`
	Counts       bool      `json:"counts" doc:"may be counted in a headline: false for what rests on generated figures, and in a demonstration on estimates"`
	Reason       *Reason   `json:"reason" doc:"why there is no data"`
	Reported     *Reported `json:"reported" doc:"what departments report for the same promise"`
}

// Reason says why a value is not known; Code is stable and translated by the
// reader, What is the data it speaks of.
type Reason struct {
	Code string `json:"code"`
	What string `json:"what"`
}

// Reported is a department's own figure beside the computed one.
type Reported struct {
	Value      float64 `json:"value"`
	Period     string  `json:"period" doc:"the result's, or the latest year before it of which anything is reported"`
	Source     string  `json:"source"`
	Provenance string  `json:"provenance"`
}

// Explanation is a tree: each node's value follows from its children and rows.
type Explanation struct {
	Indicator string          `json:"indicator"`
	Area      string          `json:"area"`
	Variant   string          `json:"variant,omitempty"`
	Label     lifecircle.Name `json:"label"`
	Value     *float64        `json:"value"`
	Exact     string          `json:"exact,omitempty" doc:"the value without rounding, in base units"`
	Unit      string          `json:"unit"`
	Formula   string          `json:"formula" doc:"the rule as the package has it, or what the node counts"`
	Clause    string          `json:"clause,omitempty"`
	// Note and Reading are of the top node: what the promise's text leaves open,
	// and why it is read as the variant does.
	Note        lifecircle.Name `json:"note,omitzero" doc:"what the text leaves open, of the top node"`
	Reading     lifecircle.Name `json:"reading,omitzero" doc:"why the text is read so, of the top node with a variant"`
	RuleVersion string          `json:"rule_version,omitempty" doc:"hash of the plan package"`
	Source      string          `json:"source,omitempty"`
	SourceName  lifecircle.Name `json:"source_name,omitzero" doc:"of a number of the plan"`
	Provenance  string          `json:"provenance,omitempty"`
	Reason      *Reason         `json:"reason,omitempty"`
	Children    []Explanation   `json:"children"`
	Rows        []Row           `json:"rows" doc:"what decides, the largest lack first"`
	RowsTotal   int             `json:"rows_total"`
	// Progress is told of the top node, with the past made again from what stood in
	// each year, which a list of results leaves out where the target is due.
	Progress   *Progress `json:"progress,omitempty"`
	Projection *float64  `json:"projection,omitempty" doc:"of the top node: in the target's year, along the median slope"`
	// Needed answers how many it takes, also where nobody reported how many there are.
	Needed *float64 `json:"needed,omitempty" doc:"of the top node of a ratio: what the numerator must come to, target · denominator, in base units"`
	// SmallestChange is the least that turns the target green.
	Equity         *Equity          `json:"equity,omitempty" doc:"of the top node: how unlike the areas below are"`
	OtherChanges   []SmallestChange `json:"other_changes,omitempty" doc:"least changes of other elements that do the same"`
	SmallestChange *SmallestChange  `json:"smallest_change,omitempty"`
}

// Row is one subject or facility that decides a value.
type Row struct {
	ID         string   `json:"id"`
	Register   string   `json:"register" doc:"population_point, facility, or the register of the provision"`
	Name       string   `json:"name,omitempty"`
	Kind       string   `json:"kind,omitempty"`
	Lon        float64  `json:"lon"`
	Lat        float64  `json:"lat"`
	Weight     *float64 `json:"weight" doc:"people of a population point; people served, for a facility"`
	Verdict    string   `json:"verdict" enum:"pass,fail,no_data,not_applicable,"`
	Facility   string   `json:"facility,omitempty" doc:"the nearest place that counts"`
	Metres     *float64 `json:"metres" doc:"the way there; null where the measure counts time"`
	Seconds    *float64 `json:"seconds" doc:"the way there; null where the measure counts metres"`
	Deficit    *float64 `json:"deficit"`
	Provenance string   `json:"provenance"`
	Reason     *Reason  `json:"reason,omitempty"`
}

// SmallestChange says how much of what must be added.
type SmallestChange struct {
	Amount float64 `json:"amount"`
	Unit   string  `json:"unit"`
	// Of is what has to grow or shrink: an element, a row function of the rule, or
	// "weight" for people of subjects that must come to pass.
	Of       string   `json:"of"`
	Register string   `json:"register,omitempty" doc:"whose rows a row function goes over"`
	From     *float64 `json:"from" doc:"of an element: its value now"`
	To       *float64 `json:"to"`
	// Result is the value after the change, as it was tried and evaluated.
	Result   *float64 `json:"result"`
	Subjects []string `json:"subjects,omitempty" doc:"that must come to pass, the smallest deficit first"`
	// Places is set where somebody asks for it: it takes a search.
	Places *NewPlaces `json:"places,omitempty" doc:"of weight: the fewest new facilities that bring it about"`
}

// Layer is what a map of one provision draws.
type Layer struct {
	Indicator string   `json:"indicator"`
	Variant   string   `json:"variant"`
	Area      string   `json:"area"`
	Reach     *float64 `json:"reach" doc:"metres, or seconds where timed; the class break of the map"`
	// MetresPerMinute is the speed of the measure's mode: with it metres are minutes.
	Mode            string       `json:"mode" doc:"how people move; empty where no way is measured"`
	MetresPerMinute *float64     `json:"metres_per_minute" doc:"null where the mode has no one speed"`
	Timed           bool         `json:"timed" doc:"the measure counts time"`
	Points          []LayerPoint `json:"points"`
	Facilities      []Row        `json:"facilities"`
}

// LayerPoint is a population point on a map.
type LayerPoint struct {
	ID      string   `json:"id"`
	Lon     float64  `json:"lon"`
	Lat     float64  `json:"lat"`
	People  int64    `json:"people"`
	Metres  *float64 `json:"metres" doc:"to the nearest place; null when none can be reached, or time is counted"`
	Seconds *float64 `json:"seconds" doc:"the same where time is counted"`
	Verdict string   `json:"verdict" enum:"pass,fail,no_data,not_applicable"`
}

// Streets are lines for drawing: WGS-84 degrees as pairs lon, lat.
type Streets struct {
	Root  string      `json:"root"`
	Hash  string      `json:"hash"`
	Lines [][]float64 `json:"lines" doc:"lon, lat, lon, lat, … of each street edge"`
}

// Areas is the tree of areas.
type Areas struct {
	Areas []registry.Area `json:"areas"`
}

// Workspace is what a client needs to know first.
type Workspace struct {
	Plan       PlanSummary     `json:"plan"`
	Period     string          `json:"period" doc:"the plan's target year"`
	Roots      []registry.Area `json:"roots"`
	Seq        int64           `json:"seq"`
	Version    string          `json:"version"`
	Provenance string          `json:"provenance" doc:"the weakest of all facts: 'generated' asks for a banner"`
}

// PlanSummary names the plan.
type PlanSummary struct {
	ID      string          `json:"id"`
	Name    lifecircle.Name `json:"name"`
	Version string          `json:"version"`
	Hash    string          `json:"hash"`
}

// Reading is what is known of one element in one area and period.
type Reading struct {
	Element string          `json:"element"`
	Name    lifecircle.Name `json:"name"`
	Area    string          `json:"area"`
	Period  string          `json:"period"`
	Unit    string          `json:"unit"`
	State   string          `json:"state" enum:"unreported,known,unchosen"`
	Values  []ReadingValue  `json:"values"`
}

// ReadingValue is one source's value.
type ReadingValue struct {
	Source     string `json:"source"`
	Value      string `json:"value" doc:"exact, in the reading's unit"`
	Provenance string `json:"provenance"`
	Counts     bool   `json:"counts" doc:"the value that is used"`
	Reason     string `json:"reason,omitempty" doc:"why it was chosen"`
}

// WhatIf is the difference a list of changes would make.
type WhatIf struct {
	Base     int64          `json:"base" doc:"seq of the facts the changes were tried on"`
	Changes  int            `json:"changes"`
	Results  []Effect       `json:"results" doc:"only where something changes"`
	People   People         `json:"people"`
	Counties []CountyPeople `json:"people_by_county" doc:"only counties where somebody gains or loses"`
	EngineMS float64        `json:"engine_ms"`
	Scenario string         `json:"scenario,omitempty" doc:"the scenario that was tried, if one was"`
	Version  int            `json:"version,omitempty"`
	Stale    bool           `json:"stale,omitempty" doc:"an object of the scenario was altered since it was saved"`
	// Warnings are what is to be known of the steps that were tried.
	Warnings []scenario.StepFault `json:"warnings" doc:"of steps that were tried all the same, as that a supposed number asks for less than the plan above"`
}

// Effect is one result before and after.
type Effect struct {
	Indicator   string   `json:"indicator"`
	Variant     string   `json:"variant"`
	Chosen      bool     `json:"chosen"`
	Area        string   `json:"area"`
	Unit        string   `json:"unit"`
	Before      *float64 `json:"before"`
	After       *float64 `json:"after"`
	StateBefore string   `json:"state_before"`
	StateAfter  string   `json:"state_after"`
	// Where a value is not known, the range it lies in, if that is.
	RangeBefore      *Range `json:"range_before,omitempty"`
	RangeAfter       *Range `json:"range_after,omitempty"`
	ProvenanceBefore string `json:"provenance_before"`
	ProvenanceAfter  string `json:"provenance_after"`
	// Gained is the people who come to pass, less those who no longer do.
	Gained *int64 `json:"gained" doc:"people more who pass, of provisions that count people; null of others"`
}

// Range is where a value lies that is not known to the number.
type Range struct {
	Lower float64 `json:"lower"`
	Upper float64 `json:"upper"`
}

// People are those who come to be served, or no longer are, under the chosen
// variants of the provisions that count people.
type People struct {
	Gained int64 `json:"gained"`
	Lost   int64 `json:"lost"`
}

// CountyPeople are the people of one county.
type CountyPeople struct {
	Area   string          `json:"area"`
	Name   lifecircle.Name `json:"name"`
	Gained int64           `json:"gained"`
	Lost   int64           `json:"lost"`
}

// PeopleShift is who comes to be served in a county, and who no longer is.
type PeopleShift struct {
	Area   string      `json:"area" doc:"the county, or the root where there is none"`
	Gained int64       `json:"gained"`
	Lost   int64       `json:"lost"`
	Ages   []AgesShift `json:"ages" doc:"estimated: the county's ages of its latest count, applied to these people; empty where no count is known, or only people of an age are counted"`
}

// AgesShift is a range of ages, in full years, of a PeopleShift.
type AgesShift struct {
	From   int   `json:"from"`
	To     int   `json:"to" doc:"-1 is without end"`
	Gained int64 `json:"gained"`
	Lost   int64 `json:"lost"`
}

// ChangeRecord is one line of the log.
type ChangeRecord struct {
	Seq    int64  `json:"seq"`
	Action string `json:"action"`
	Actor  string `json:"actor"`
	At     string `json:"at"`
	Undoes int64  `json:"undoes,omitempty"`
	Body   any    `json:"body"`
	Hash   string `json:"hash"`
}

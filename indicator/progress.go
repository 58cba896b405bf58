package indicator

import (
	"math"
	"slices"

	"lifecircle"
	"lifecircle/plan"
	"lifecircle/plan/rule"
)

// Point is a value in a period, in base units.
type Point struct {
	Period lifecircle.Period
	Value  lifecircle.Number
}

// Progress is where a value stands on the way to its target, with everything the
// state was decided from.
type Progress struct {
	// Points are the known values of the years up to the period, in order; the
	// last is the period's own where it is known.
	Points []Point
	// Baseline is where the way begins: what the plan says, or else the first of
	// the points. Its Period is zero where there is none.
	Baseline       Point
	BaselineSource lifecircle.Name // of the plan; zero for a point
	// Expected is the value due in the period on the straight line from the
	// baseline to the target, or along the plan's milestones.
	Expected rule.Value
	// Pace is (value − baseline) / (expected − baseline): 1 is on the way, less is
	// behind it, below 0 is further from the target than the baseline.
	Pace rule.Value
	// Slope is the median change a year (Theil and Sen), Projection the value in
	// the target's year if it goes on, Low and High its 90 % interval, which needs
	// four points.
	Slope, Projection, Low, High rule.Value
	OpenSDG                      OpenSDG
}

// OpenSDG is the progress measure of the Open SDG platform, for comparison.
type OpenSDG struct {
	Score float64 // d · CAGR observed / |CAGR required|
	State State   // "" where the method gives none
	Why   string  // code of why it gives none
}

// Shares of the way from which a state holds. Those of a pace are ours: who is
// on the line is on track, and AtRisk begins where the Open SDG method speaks of
// moderate progress.
const (
	openSubstantial = 0.95
	openModerate    = 0.60
)

var atRiskFrom = lifecircle.MustNumber("0.6")

// seriesYears is how far back before a target's year values are looked for.
const seriesYears = 10

// progress fills in how a result stands on the way to its target. The past of a
// share of subjects, and of what counts rows, is made again from what stood in each
// year; where the target is due nothing is decided by it, and only an explanation
// asks.
func (e *Evaluator) progress(result *Result, r reading) {
	none := func(code string) rule.Value { return rule.NoData(rule.Reason{Code: code, What: result.Object.ID}) }
	p := &result.Progress
	p.Expected, p.Pace, p.Slope = none("no_baseline"), none("no_baseline"), none("no_series")
	p.Projection, p.Low, p.High = none("no_series"), none("no_series"), none("no_series")
	p.OpenSDG.Why = "no_baseline"
	target := result.Target
	if target == nil {
		p.Expected, p.Pace, p.OpenSDG.Why = none("no_target"), none("no_target"), "no_target"
		return
	}
	why, missing := result.Value.Missing()
	switch stale := missing && why.Code == "unreported"; {
	case r.object.Indicator != nil && !r.byRows():
		for year := target.Year - seriesYears; year < result.Period.CalendarYear(); year++ {
			past := e.measure(r, result.Area, lifecircle.Year(year), &reads{})
			if value, known := past.Value.Number(); known {
				p.Points = append(p.Points, Point{past.Period, value})
			}
		}
	case r.explained || stale || result.Period.CalendarYear() < target.Year:
		var why rule.Reason
		if p.Points, why = e.standing(result, r); why != (rule.Reason{}) {
			p.Slope, p.Projection, p.Low, p.High = rule.NoData(why), rule.NoData(why), rule.NoData(why), rule.NoData(why)
		}
	}
	value, known := result.Value.Number()
	if known {
		p.Points = append(p.Points, Point{result.Period, value})
	}
	p.baseline(result)
	way := way{from: p.Baseline, target: target, goal: result.Goal}
	if target.Type == plan.Keep {
		p.Expected, p.Pace, p.OpenSDG.Why = rule.NumberOf(result.Goal), none("kept"), "kept"
	} else if !p.Baseline.Period.IsZero() {
		p.Expected = way.expected(result.Period)
		p.Pace = way.pace(Point{result.Period, value}, p.Expected)
		if !known {
			p.Pace = result.Value
		} else {
			p.OpenSDG = openSDG(way, Point{result.Period, value})
		}
	}
	p.project(lifecircle.Year(target.Year))
}

// baseline takes what the plan says, or the first known year.
func (p *Progress) baseline(result *Result) {
	if b := result.Target.Baseline; b != nil {
		p.Baseline, p.BaselineSource = Point{b.Period, b.Number}, b.Source
		return
	}
	if len(p.Points) > 0 && p.Points[0].Period != result.Period {
		p.Baseline = p.Points[0]
	}
}

// months numbers the months of time: that of a period is its last.
func months(p lifecircle.Period) int64 {
	month := p.CalendarMonth()
	if month == 0 {
		month = 12
	}
	return int64(12*p.CalendarYear() + month)
}

// way is the path from a baseline to a target.
type way struct {
	from   Point
	target *plan.Target
	goal   lifecircle.Number
}

// expected is the value due in a period: on the straight line between the two
// stations around it. Before the first it is the baseline, after the last the
// target.
func (w way) expected(at lifecircle.Period) rule.Value {
	before := w.from
	for _, next := range w.stations() {
		switch t := months(at); {
		case t <= months(before.Period):
			return rule.NumberOf(before.Value)
		case t <= months(next.Period):
			share, ok := lifecircle.Ratio(t-months(before.Period), months(next.Period)-months(before.Period))
			rise, ok2 := next.Value.Sub(before.Value)
			part, ok3 := rise.Mul(share)
			due, ok4 := before.Value.Add(part)
			if !ok || !ok2 || !ok3 || !ok4 {
				return rule.NoData(rule.Reason{Code: "overflow"})
			}
			return rule.NumberOf(due)
		}
		before = next
	}
	return rule.NumberOf(before.Value)
}

// stations are the milestones after the baseline, and the target.
func (w way) stations() []Point {
	var stations []Point
	for _, m := range w.target.Milestones {
		if at := lifecircle.Year(m.Year); months(at) > months(w.from.Period) && m.Year < w.target.Year {
			stations = append(stations, Point{at, m.Number})
		}
	}
	return append(stations, Point{lifecircle.Year(w.target.Year), w.goal})
}

// pace compares the way that was made with the way that was due. It says nothing
// where none was due: in the baseline's own period, and where the baseline met
// the target already.
func (w way) pace(now Point, expected rule.Value) rule.Value {
	due, known := expected.Number()
	none := func(code string) rule.Value {
		return rule.NoData(rule.Reason{Code: code, What: w.from.Period.String()})
	}
	switch {
	case !known:
		return expected
	case months(now.Period) <= months(w.from.Period):
		return none("at_baseline")
	case satisfies(w.from.Value, w.target.Bound, w.goal):
		return none("baseline_meets_target")
	}
	made, ok := now.Value.Sub(w.from.Value)
	wanted, ok2 := due.Sub(w.from.Value)
	if ok && ok2 && wanted.Sign() == 0 { // a milestone that asks for no rise
		return none("no_rise_due")
	}
	pace, ok3 := made.Quo(wanted)
	if !ok || !ok2 || !ok3 {
		return none("overflow")
	}
	return rule.NumberOf(pace)
}

// satisfies compares a number with a goal, inclusively.
func satisfies(n lifecircle.Number, bound plan.Bound, goal lifecircle.Number) bool {
	switch order := n.Cmp(goal); bound {
	case plan.AtLeast:
		return order >= 0
	case plan.AtMost:
		return order <= 0
	default:
		return order == 0
	}
}

// underway is the state of what is not met and not yet due.
func (p Progress) underway() State {
	pace, known := p.Pace.Number()
	if !known {
		if reason, _ := p.Pace.Missing(); reason.Code == "baseline_meets_target" {
			return Worsening // it was met and is no longer
		}
		return NotYetDue
	}
	switch {
	case pace.Sign() < 0:
		return Worsening
	case pace.Cmp(lifecircle.Int(1)) >= 0:
		return OnTrack
	case pace.Cmp(atRiskFrom) >= 0:
		return AtRisk
	}
	return OffTrack
}

// project continues the points to the target's year along the median of the
// slopes between all pairs of them (Theil 1950, Sen 1968): one wrong value among
// few does not turn it. Exact but for the ranks of the interval; O(n² log n) of
// the at most eleven points.
//
// The interval is Sen's: of N slopes the ones with the ranks (N ∓ z·s)/2, where
// s² = n(n−1)(2n+5)/18 is the variance of Kendall's S and z = 1.645 for 90 %.
func (p *Progress) project(due lifecircle.Period) {
	const z90, fewest = 1.645, 4
	overflow := rule.NoData(rule.Reason{Code: "overflow"})
	var slopes []lifecircle.Number // a month
	for i, a := range p.Points {
		for _, b := range p.Points[i+1:] {
			rise, ok := b.Value.Sub(a.Value)
			slope, ok2 := rise.Quo(lifecircle.Int(months(b.Period) - months(a.Period)))
			if !ok || !ok2 {
				p.Slope, p.Projection = overflow, overflow
				return
			}
			slopes = append(slopes, slope)
		}
	}
	if len(slopes) == 0 {
		return
	}
	slices.SortFunc(slopes, lifecircle.Number.Cmp)
	slope, ok := median(slopes)
	year, ok2 := slope.Mul(lifecircle.Int(12))
	if !ok || !ok2 {
		p.Slope, p.Projection = overflow, overflow
		return
	}
	p.Slope, p.Projection = rule.NumberOf(year), p.along(slope, due)
	n := len(p.Points)
	if n < fewest {
		return
	}
	spread := z90 * math.Sqrt(float64(n*(n-1)*(2*n+5))/18)
	low := max(0, int(math.Floor((float64(len(slopes))-spread)/2)))
	high := min(len(slopes)-1, int(math.Ceil((float64(len(slopes))+spread)/2)))
	p.Low, p.High = p.along(slopes[low], due), p.along(slopes[high], due)
}

// along continues the points with a slope a month: from the median of where each
// of them leads.
func (p *Progress) along(slope lifecircle.Number, due lifecircle.Period) rule.Value {
	ends := make([]lifecircle.Number, len(p.Points))
	for i, point := range p.Points {
		rise, ok := slope.Mul(lifecircle.Int(months(due) - months(point.Period)))
		end, ok2 := point.Value.Add(rise)
		if !ok || !ok2 {
			return rule.NoData(rule.Reason{Code: "overflow"})
		}
		ends[i] = end
	}
	slices.SortFunc(ends, lifecircle.Number.Cmp)
	middle, ok := median(ends)
	if !ok {
		return rule.NoData(rule.Reason{Code: "overflow"})
	}
	return rule.NumberOf(middle)
}

// median of sorted numbers, of which there is at least one.
func median(sorted []lifecircle.Number) (middle lifecircle.Number, ok bool) {
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2], true
	}
	sum, ok := sorted[n/2-1].Add(sorted[n/2])
	if !ok {
		return middle, false
	}
	return sum.Quo(lifecircle.Int(2))
}

// openSDG compares growth rates, as the Open SDG platform does:
// CAGR observed = (vt/v0)^(1/(t−t0)) − 1, CAGR required = (goal/v0)^(1/(T−t0)) − 1,
// score = d · observed / |required| with d = −1 where less is better. From 0.95 on
// it is substantial, from 0.60 moderate, from 0 limited, below deterioration.
// It divides by zero where the baseline is the goal, has no answer for values
// that are not positive and is lenient early; so it decides nothing here.
func openSDG(w way, now Point) OpenSDG {
	v0, vt, goal := w.from.Value.Float64(), now.Value.Float64(), w.goal.Float64()
	made := float64(months(now.Period)-months(w.from.Period)) / 12
	whole := float64(months(lifecircle.Year(w.target.Year))-months(w.from.Period)) / 12
	switch {
	case v0 <= 0 || vt <= 0 || goal <= 0:
		return OpenSDG{Why: "not_positive"}
	case made <= 0 || whole <= 0:
		return OpenSDG{Why: "at_baseline"}
	}
	observed, required := math.Pow(vt/v0, 1/made)-1, math.Pow(goal/v0, 1/whole)-1
	if required == 0 {
		return OpenSDG{Why: "baseline_is_goal"}
	}
	direction := 1.0
	if w.target.Bound == plan.AtMost || w.target.Bound == plan.Exactly && goal < v0 {
		direction = -1
	}
	o := OpenSDG{Score: direction * observed / math.Abs(required)}
	switch {
	case o.Score >= openSubstantial:
		o.State = OnTrack
	case o.Score >= openModerate:
		o.State = AtRisk
	case o.Score >= 0:
		o.State = OffTrack
	default:
		o.State = Worsening
	}
	return o
}

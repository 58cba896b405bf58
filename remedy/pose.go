package remedy

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"lifecircle"
	"lifecircle/indicator"
	"lifecircle/network"
	"lifecircle/plan"
	"lifecircle/plan/rule"
	"lifecircle/registry"
	"lifecircle/siting"
)

// poseKind asks for places of a kind: everybody in the area is a cell.
func (c *Case) poseKind() error {
	q := &c.Question
	c.Purpose = Unrelated
	q.Model = cmp.Or(q.Model, siting.MCLP)
	q.Mode = cmp.Or(q.Mode, lifecircle.Walk)
	if q.Minutes == 0 {
		q.Minutes = DefaultMinutes(q.Model)
	}
	if err := c.travel(); err != nil {
		return err
	}
	if capacitated(q.Model) {
		return c.poseCapacity()
	}
	for _, p := range c.ground.Registry.Points() {
		if _, inside := c.groupOf[p.Area]; inside {
			c.Cells = append(c.Cells, Cell{ID: p.ID, Area: p.Area, At: p.At, Weight: p.People, limit: c.Limit})
			c.Demand = c.Demand.Weakest(p.Provenance)
		}
	}
	return nil
}

func capacitated(m siting.Model) bool {
	return m == siting.CMCLP || m == siting.CPMedian || m == siting.CLSCP
}

// travel opens the profile and turns minutes into its unit.
func (c *Case) travel() error {
	var err error
	if c.profile, err = c.ground.Network.Profile(c.Question.Mode); err != nil {
		return err
	}
	const week = 7 * 24 * 60
	if m := c.Question.Minutes; m < 0 || m > week {
		return lifecircle.Errorf("siting_question", "%v minutes: want more than 0 and at most %d", m, week)
	}
	if c.Question.Minutes > 0 {
		c.Limit = c.profile.Limit(c.Question.Minutes)
		if c.profile.Unit() == network.InDecimetres {
			c.Metres = float64(c.Limit) / 10
		}
	}
	return nil
}

// poseProvision asks for what a provision's failing subjects lack.
func (c *Case) poseProvision() error {
	q := &c.Question
	opening, err := c.ground.Evaluator.Opening(indicator.Query{Object: q.Object, Variant: q.Variant, Area: q.Area, Period: c.period()})
	if err != nil {
		return err
	}
	for followed := map[string]bool{}; len(opening.Provisions) == 1 && len(opening.Ways)+len(opening.Places)+len(opening.Rest) == 0; {
		next := opening.Provisions[0]
		if followed[next] {
			break
		}
		followed[next] = true
		c.note("through", fmt.Sprintf("%s asks for the verdicts of %s, which is sited in its place", opening.Object.ID, next),
			map[string]any{"of": opening.Object.ID, "by": next})
		if opening, err = c.ground.Evaluator.Opening(indicator.Query{Object: next, Area: q.Area, Period: c.period()}); err != nil {
			return err
		}
		q.Variant = ""
	}
	c.Object, c.Variant = opening.Object, opening.Variant
	q.Object = opening.Object.ID
	switch {
	case len(opening.Rest)+len(opening.Provisions) > 0 || len(opening.Ways) > 0 && len(opening.Places) > 0 || len(opening.Places) > 1:
		return notSpatial(opening)
	case len(opening.Places) == 1:
		return c.posePresence(opening)
	}
	return c.poseNearness(opening)
}

// notSpatial says why no place closes the deficit of a provision.
func notSpatial(o indicator.Opening) error {
	var why []string
	for _, part := range o.Rest {
		why = append(why, fmt.Sprintf("%q is met by no new place", part))
	}
	for _, provision := range o.Provisions {
		why = append(why, fmt.Sprintf("it depends on %s as well", provision))
	}
	if len(o.Ways) > 0 && len(o.Places) > 0 || len(o.Places) > 1 {
		why = append(why, "it asks for several things at once: site each by its kind")
	}
	return lifecircle.Errorf("siting_not_spatial", "%s cannot be sited: %s", o.Object.ID, strings.Join(why, "; ")).With("indicator", o.Object.ID)
}

// poseNearness makes a cell of every subject that has a position and lacks
// nothing but the way at hand.
func (c *Case) poseNearness(o indicator.Opening) error {
	q := &c.Question
	c.Purpose = Nearness
	way, err := c.chooseWay(o)
	if err != nil {
		return err
	}
	measure := c.ground.Plan.Measures[o.Ways[way].Measure]
	c.Measure = measure.ID
	q.Model = cmp.Or(q.Model, siting.MCLP)
	q.Mode = measure.Mode
	if capacitated(q.Model) {
		return lifecircle.Errorf("siting_question", "%s asks for nearness, not for capacity: %s does not fit it", o.Object.ID, q.Model)
	}
	asked := q.Minutes
	q.Minutes = 0
	if err := c.travel(); err != nil {
		return err
	}
	if asked > 0 {
		c.note("minutes_ignored", "the reach is the provision's, not the minutes asked", map[string]any{"minutes": asked})
	}
	var others, unknown, adrift, fractions int
	var othersWeight int64
	for _, s := range o.Subjects {
		alone := true
		for k, leg := range s.Ways {
			alone = alone && (k == way || leg.Kept)
		}
		weight := s.Outcome.Weight
		switch {
		case s.Outcome.Verdict == indicator.Unknown || !s.Outcome.Weighed || !s.Ways[way].Known:
			unknown++
			continue
		case !weight.IsInt() || weight.Sign() < 0:
			fractions++
			continue
		case s.Outcome.Excepted:
			continue
		case !alone:
			others++
			othersWeight += weight.Num()
			continue
		}
		origin := s.Row.Origin()
		if !origin.At.Valid() || origin.At.Lon == 0 && origin.At.Lat == 0 {
			adrift++
			continue
		}
		tenths, ok := s.Ways[way].Limit.Mul(lifecircle.Int(10)) // decimetres or deciseconds
		if !ok || tenths.Sign() < 0 {
			unknown++
			continue
		}
		cell := Cell{
			ID: s.Row.ID(), Area: s.Row.Area(), At: origin.At, Weight: weight.Num(),
			Served: s.Outcome.Verdict == indicator.Pass,
			limit:  uint32(min(tenths.Num()/tenths.Den(), network.Barred-1)),
		}
		c.Limit = max(c.Limit, cell.limit)
		c.Demand = c.Demand.Weakest(origin.Provenance)
		if !cell.Served {
			c.Need += cell.Weight
		}
		c.Cells = append(c.Cells, cell)
	}
	if c.profile.Unit() == network.InDecimetres {
		c.Metres = float64(c.Limit) / 10
	} else {
		q.Minutes = float64(c.Limit) / 600
	}
	noteCount := func(code string, n int, text string) {
		if n > 0 {
			c.note(code, fmt.Sprintf("%d subjects %s", n, text), map[string]any{"count": n})
		}
	}
	if others > 0 {
		c.note("lack_more", fmt.Sprintf("%d subjects (weight %d) lack something else as well and are not gained by %s alone", others, othersWeight, measure.ID),
			map[string]any{"count": others, "weight": othersWeight})
	}
	noteCount("unknown", unknown, "are not decided for want of data and left out")
	noteCount("no_position", adrift, "have no position and are left out")
	noteCount("fraction", fractions, "have a weight that is no whole number and are left out")
	if c.Need == 0 {
		return lifecircle.Errorf("siting_nothing_lacks", "in %s nobody lacks what %s asks for%s", q.Area, o.Object.ID, map[bool]string{true: " by " + measure.ID + " alone"}[others > 0]).With("indicator", o.Object.ID)
	}
	return c.chooseKind(measure.Kinds, measure.Public)
}

// chooseWay picks the way to site by: the one named, the one that counts the kind
// named, else the one by which most would be gained.
func (c *Case) chooseWay(o indicator.Opening) (int, error) {
	q := c.Question
	var names []string
	for k, way := range o.Ways {
		if q.Measure == way.Measure {
			return k, nil
		}
		names = append(names, way.Measure)
	}
	if q.Measure != "" {
		return 0, lifecircle.Errorf("siting_question", "%s does not ask for %q, but for %v", o.Object.ID, q.Measure, names)
	}
	gain := make([]int64, len(o.Ways))
	for _, s := range o.Subjects {
		if s.Outcome.Verdict != indicator.Fail || s.Outcome.Excepted {
			continue
		}
		lacking := -1
		for k, leg := range s.Ways {
			if leg.Kept {
				continue
			}
			if lacking >= 0 {
				lacking = len(o.Ways)
				break
			}
			lacking = k
		}
		if lacking >= 0 && lacking < len(o.Ways) {
			gain[lacking] += s.Outcome.Weight.Ceil()
		}
	}
	best := -1
	for k, way := range o.Ways {
		if q.Kind != "" && !slices.Contains(c.ground.Plan.Measures[way.Measure].Kinds, q.Kind) {
			continue
		}
		if best < 0 || gain[k] > gain[best] {
			best = k
		}
	}
	if best < 0 {
		return 0, lifecircle.Errorf("siting_question", "%s is no kind that %s counts", q.Kind, o.Object.ID).With("kind", q.Kind)
	}
	if len(o.Ways) > 1 && q.Kind == "" {
		c.note("measure_chosen", fmt.Sprintf("of the %d ways of %s, %s is the one by which most are gained; name another with the measure", len(o.Ways), o.Object.ID, o.Ways[best].Measure),
			map[string]any{"measure": o.Ways[best].Measure, "of": names})
	}
	return best, nil
}

// chooseKind picks what to build where several kinds count: the one that stands
// most often in the area.
func (c *Case) chooseKind(kinds []string, public bool) error {
	c.fields = registry.Fields{}
	q := &c.Question
	if q.Kind != "" {
		if !slices.Contains(kinds, q.Kind) {
			return lifecircle.Errorf("siting_question", "%s is no kind that %s counts: want one of %v", q.Kind, c.Object.ID, kinds).With("kind", q.Kind)
		}
		return nil
	}
	count := make(map[string]int)
	for _, f := range c.ground.Registry.Facilities() {
		if _, inside := c.groupOf[f.Area]; inside && (f.Public || !public) {
			count[f.Kind]++
		}
	}
	q.Kind = kinds[0]
	for _, kind := range kinds[1:] {
		if count[kind] > count[q.Kind] {
			q.Kind = kind
		}
	}
	if len(kinds) > 1 {
		c.note("kind_chosen", fmt.Sprintf("%s is the kind that stands most often in %s; name another of %v with the kind", q.Kind, q.Area, kinds),
			map[string]any{"kind": q.Kind, "of": kinds})
	}
	return nil
}

// posePresence makes a cell of every area that lacks a place of its own.
func (c *Case) posePresence(o indicator.Opening) error {
	c.Purpose = Presence
	q := &c.Question
	asked := o.Places[0]
	if !registry.Level(o.Register).Valid() {
		return lifecircle.Errorf("siting_not_spatial", "%s speaks of rows of %s, which have no ground of their own", o.Object.ID, o.Register).With("indicator", o.Object.ID)
	}
	if q.Model != "" && q.Model != siting.MCLP && q.Model != siting.LSCP {
		return lifecircle.Errorf("siting_question", "%s asks that each area has one: %s does not fit it", o.Object.ID, q.Model)
	}
	q.Model = cmp.Or(q.Model, siting.MCLP)
	q.Mode = lifecircle.Walk
	if q.Minutes == 0 {
		q.Minutes = DefaultMinutes(siting.PMedian)
	}
	if err := c.travel(); err != nil {
		return err
	}
	people := make(map[lifecircle.AreaCode]int64)
	for _, p := range c.ground.Registry.Points() {
		people[p.Area] += p.People
		c.Demand = c.Demand.Weakest(p.Provenance)
	}
	unknown := 0
	for _, s := range o.Subjects {
		if s.Outcome.Verdict == indicator.Unknown {
			unknown++
			continue
		}
		cell := Cell{ID: s.Row.ID(), Area: s.Row.Area(), Served: s.Outcome.Verdict == indicator.Pass}
		for _, below := range c.ground.Registry.Subtree(cell.Area) {
			cell.Weight += people[below]
		}
		if !cell.Served {
			c.Need++
		}
		c.Cells = append(c.Cells, cell)
	}
	if unknown > 0 {
		c.note("unknown", fmt.Sprintf("%d areas are not decided for want of data and left out", unknown), map[string]any{"count": unknown})
	}
	if c.Need == 0 {
		return lifecircle.Errorf("siting_nothing_lacks", "in %s no area lacks what %s asks for", q.Area, o.Object.ID).With("indicator", o.Object.ID)
	}
	if err := c.chooseKind(asked.Kinds, false); err != nil {
		return err
	}
	maps.Copy(c.fields, asked.Fields)
	delete(c.fields, "public")
	return nil
}

// poseIndicator asks for the capacity that an indicator lacks.
func (c *Case) poseIndicator() error {
	q := &c.Question
	x, err := c.ground.Evaluator.Explain(indicator.Query{Object: q.Object, Variant: q.Variant, Area: q.Area, Period: c.period()})
	if err != nil {
		return err
	}
	r := x.Result
	c.Object, c.Variant = r.Object, r.Variant
	q.Object = r.Object.ID
	numerator, known := r.Numerator.Number()
	need := numerator.Neg()
	if r.Target == nil || r.Target.Bound != plan.AtLeast {
		return lifecircle.Errorf("siting_not_spatial", "%s has no number that more places would reach", r.Object.ID).With("indicator", r.Object.ID)
	}
	if !known {
		return noData(r.Object.ID, q.Area, r.Numerator)
	}
	goal := r.Goal
	if r.Object.Indicator.Denominator != nil {
		d, known := r.Denominator.Number()
		if !known {
			return noData(r.Object.ID, q.Area, r.Denominator)
		}
		var ok bool
		if goal, ok = goal.Mul(d); !ok {
			return lifecircle.Errorf("siting_no_data", "%s: the numbers have too many digits", r.Object.ID)
		}
	}
	need, ok := goal.Add(need)
	if !ok {
		return lifecircle.Errorf("siting_no_data", "%s: the numbers have too many digits", r.Object.ID)
	}
	counted, ok := capacityOf(r.Unit)
	if !ok {
		return lifecircle.Errorf("siting_not_spatial", "%s is measured in %v: only beds and places are opened by siting", r.Object.ID, r.Unit).With("indicator", r.Object.ID)
	}
	if c.Need = need.Ceil(); c.Need <= 0 {
		return lifecircle.Errorf("siting_nothing_lacks", "in %s %s meets its target", q.Area, r.Object.ID).With("indicator", r.Object.ID)
	}
	if elements := numeratorOf(r).References().Elements; len(elements) == 1 {
		c.element, c.elementAt = elements[0], numerator
	}
	c.Purpose, c.capacity = Capacity, counted
	q.Model = cmp.Or(q.Model, siting.CMCLP)
	if !capacitated(q.Model) {
		return lifecircle.Errorf("siting_question", "%s asks for capacity: want cmclp, cpmedian or clscp, not %s", r.Object.ID, q.Model)
	}
	q.Mode = cmp.Or(q.Mode, lifecircle.Walk)
	if q.Minutes == 0 {
		q.Minutes = DefaultMinutes(siting.MCLP)
	}
	if err := c.travel(); err != nil {
		return err
	}
	return c.poseCapacity()
}

func numeratorOf(r indicator.Result) *rule.Expr {
	if r.Variant != nil && r.Variant.Numerator != nil {
		return r.Variant.Numerator
	}
	return r.Object.Indicator.Numerator
}

func noData(object string, area lifecircle.AreaCode, v rule.Value) error {
	reason, _ := v.Missing()
	return lifecircle.Errorf("siting_no_data", "%s in %s has no data (%s: %s): how much lacks is not known; import the values first", object, area, reason.Code, reason.What).
		With("indicator", object).With("reason", reason.Code).With("what", reason.What)
}

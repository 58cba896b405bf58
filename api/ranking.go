package api

import (
	"context"
	"math"
	"slices"

	"lifecircle"
	"lifecircle/atlas"
	"lifecircle/engine"
	"lifecircle/indicator"
	"lifecircle/plan"
	"lifecircle/registry"
	"lifecircle/report"
)

type rankingInput struct {
	Indicator string         `path:"indicator" doc:"object id or clause number" example:"sport.fitness_10min"`
	Area      string         `path:"area"`
	Period    string         `query:"period"`
	Variant   string         `query:"variant" doc:"a reading of the text; the chosen one when left out"`
	Level     registry.Level `query:"level" enum:"region,prefecture,county,township,village" doc:"which areas below; when left out the first level below that the promise speaks of"`
}

// Ranking is one promise in several areas.
type Ranking struct {
	Results []report.Result `json:"results"`
	Level   registry.Level  `json:"level,omitempty" doc:"of the areas; none where the promise speaks of none below"`
	Levels  []LevelBelow    `json:"levels" doc:"the levels below that the promise speaks of"`
	Scale   Scale           `json:"scale"`
}

// LevelBelow is a level of areas below another.
type LevelBelow struct {
	Level registry.Level `json:"level"`
	Areas int            `json:"areas"`
}

// Scale is how a map colours areas.
type Scale struct {
	Of    string `json:"of" enum:"value,gap" doc:"what the bands part: gaps where areas have targets of their own, or an exact one"`
	Bands []Band `json:"bands" doc:"best first; where two meet the better one has the limit"`
}

// Band is a class of values on a map.
type Band struct {
	Tone string   `json:"tone" enum:"best,met,short,far_short,step_1,step_2,step_3,step_4"`
	From *float64 `json:"from" doc:"null is open"`
	To   *float64 `json:"to" doc:"null is open"`
}

func (s *server) ranking(ctx context.Context, in *rankingInput) (*body[Ranking], error) {
	w, code, err := s.world(ctx, in.Area)
	if err != nil {
		return nil, s.problem(err)
	}
	period, err := periodOr(in.Period, w)
	if err != nil {
		return nil, s.problem(err)
	}
	q := indicator.Query{Object: in.Indicator, Variant: in.Variant, Area: code, Period: period}
	of, err := rankingOf(w, q, in.Level)
	if err != nil {
		return nil, s.problem(err)
	}
	return &body[Ranking]{Ranking{of.results, of.level, of.levels, of.scale.shown()}}, nil
}

// ranked is a promise in the areas of a level below another.
type ranked struct {
	results []report.Result
	level   registry.Level
	levels  []LevelBelow
	scale   areaScale
}

// rankingOf evaluates a promise in the areas below one. Its errors are those of Evaluate.
func rankingOf(w *engine.World, q indicator.Query, level registry.Level) (ranked, error) {
	here, err := w.Evaluator().Evaluate(q)
	if err != nil {
		return ranked{}, err
	}
	out := ranked{results: []report.Result{}, level: level, levels: levelsBelow(w, q.Area, here.Object)}
	if level == "" && len(out.levels) > 0 {
		out.level = out.levels[0].Level
	}
	known := report.Known{Registry: w.Registry(), Plan: w.Plan()}
	for _, part := range w.Registry().Subtree(q.Area) {
		area, _ := w.Registry().Area(part)
		if part == q.Area || area.Level != out.level || !slices.Contains(levelsOf(here.Object), area.Level) {
			continue
		}
		q.Area = part
		result, err := w.Evaluator().Evaluate(q)
		if err != nil {
			return ranked{}, err
		}
		out.results = append(out.results, known.Result(result))
	}
	out.scale = areaScaleOf(out.results)
	return out, nil
}

// levelsBelow counts the areas below one at the levels that an object has values for, the
// larger areas first.
func levelsBelow(w *engine.World, code lifecircle.AreaCode, o plan.Object) []LevelBelow {
	levels := []LevelBelow{}
	for _, part := range w.Registry().Subtree(code) {
		area, _ := w.Registry().Area(part)
		if part == code || !slices.Contains(levelsOf(o), area.Level) {
			continue
		}
		at := slices.IndexFunc(levels, func(l LevelBelow) bool { return l.Level == area.Level })
		if at < 0 {
			at, levels = len(levels), append(levels, LevelBelow{Level: area.Level})
		}
		levels[at].Areas++
	}
	slices.SortStableFunc(levels, func(a, b LevelBelow) int { return a.Areas - b.Areas })
	return levels
}

// levelsOf returns the levels of areas that a measured object has values for.
func levelsOf(o plan.Object) []registry.Level {
	if o.Indicator != nil {
		return o.Indicator.Levels
	}
	return o.Provision.Levels
}

// areaScale is a scale over the values of areas, or over their gaps.
type areaScale struct {
	gaps  bool
	scale atlas.Scale
}

// areaScaleOf makes the scale of some areas.
func areaScaleOf(results []report.Result) areaScale {
	var s areaScale
	var asked *atlas.Asked
	for _, r := range results {
		if r.Target == nil || r.Value == nil {
			continue
		}
		if asked == nil {
			asked = &atlas.Asked{Target: *r.Target, Least: r.TargetBound == string(plan.AtLeast)}
		}
		s.gaps = s.gaps || r.TargetBound == string(plan.Exactly) || *r.Target != asked.Target
	}
	if s.gaps {
		asked = &atlas.Asked{}
	}
	values := make([]float64, len(results))
	for i, r := range results {
		values[i] = s.of(r)
	}
	s.scale = atlas.NewScale(values, asked)
	return s
}

// of returns what of a result the scale parts; NaN is no data.
func (s areaScale) of(r report.Result) float64 {
	v := r.Value
	if s.gaps {
		v = r.Gap
	}
	if v == nil {
		return math.NaN()
	}
	return *v
}

// tone returns how the area of a result is filled.
func (s areaScale) tone(r report.Result) atlas.Tone {
	if r.State == string(indicator.NoSubjects) {
		return atlas.ToneMuted
	}
	return s.scale.Tone(s.of(r))
}

func (s areaScale) shown() Scale {
	out := Scale{Of: "value", Bands: []Band{}}
	if s.gaps {
		out.Of = "gap"
	}
	end := func(v float64) *float64 {
		if math.IsInf(v, 0) {
			return nil
		}
		return &v
	}
	for _, b := range s.scale {
		out.Bands = append(out.Bands, Band{b.Tone.String(), end(b.From), end(b.To)})
	}
	return out
}

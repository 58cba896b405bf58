package remedy

import (
	"context"
	"fmt"
	"slices"

	"lifecircle"
	"lifecircle/access"
	"lifecircle/geo"
	"lifecircle/siting"
)

// Why says what speaks against a candidate, or for it.
type Why struct {
	Spot   Spot
	Chosen bool
	// Reaches are the people who lack it and lie within its reach; Taken those of
	// them whom the chosen sites reach anyway.
	Reaches, Taken int64
	Fen            int64
	// Forced is what the best answer with this candidate among its sites is worth,
	// with its bound, in the units of the answer; Broken names the limits that
	// forbid it instead.
	Forced *[2]float64
	Broken []string
	// Instead is the site that the forced answer gives up, or "".
	Instead []string
}

// Why answers why a candidate was not chosen: it has the question solved again
// with the candidate fixed. Its errors are candidate_unknown and those of Solve.
func (a *Answer) Why(ctx context.Context, candidate string, cfg siting.Config) (*Why, error) {
	j := slices.IndexFunc(a.Case.Spots, func(s Spot) bool { return s.ID == candidate && s.Origin != FromExisting })
	if j < 0 {
		return nil, lifecircle.Errorf("candidate_unknown", "%q is no candidate here, or reaches nobody who lacks it: name a candidate's id, or a position as lon,lat", candidate).With("candidate", candidate)
	}
	return a.why(ctx, a.Case, j, cfg)
}

// Having is the answer that chose these candidates, to ask why others were not;
// nothing of it is computed. Its error is siting_overtaken, when one of them is no
// candidate any more.
func (c *Case) Having(ids []string) (*Answer, error) {
	a := &Answer{Case: c}
	for _, id := range ids {
		j := slices.IndexFunc(c.Spots, func(s Spot) bool { return s.ID == id && s.Origin != FromExisting })
		if j < 0 {
			return nil, lifecircle.Errorf("siting_overtaken", "%s is no candidate any more: the facts have changed since; have the sites chosen anew", id).With("candidate", id)
		}
		a.Sites = append(a.Sites, Site{Spot: c.Spots[j], Candidate: j})
	}
	return a, nil
}

// WhyAt answers the same for any position.
func (a *Answer) WhyAt(ctx context.Context, at geo.Point, cfg siting.Config) (*Why, error) {
	if !at.Valid() {
		return nil, lifecircle.Errorf("position_invalid", "%v: want longitude and latitude in degrees", at)
	}
	if a.Case.Purpose == Presence {
		return nil, lifecircle.Errorf("siting_question", "each area's spot is the one nearest to its people: name an area's candidate")
	}
	c, err := a.Case.with(at)
	if err != nil {
		return nil, err
	}
	return a.why(ctx, c, len(c.Spots)-1, cfg)
}

// with returns the case with one more candidate, the last.
func (c *Case) with(at geo.Point) (*Case, error) {
	spot := Spot{ID: fmt.Sprintf("%.6f,%.6f", at.Lon, at.Lat), At: at, Origin: FromMap}
	points := c.snap(c.Cells)
	var row []pair
	adrift := access.EachWithin(points, asPlaces([]Spot{spot}), c.Limit, func(_, point int, cost uint32) {
		if cost <= c.Cells[point].limit {
			row = append(row, pair{int32(point), int32(cost)})
		}
	})
	if len(adrift) > 0 {
		return nil, lifecircle.Errorf("off_street", "%s: %w", spot.ID, adrift[0].Cause)
	}
	slices.SortFunc(row, func(a, b pair) int { return int(a.demand - b.demand) })
	demand, times := make([]int32, len(row)), make([]int32, len(row))
	for k, one := range row {
		demand[k], times[k] = one.demand, one.time
	}
	// It belongs to the area of the nearest cell within its reach.
	nearest := -1
	for k := range row {
		if nearest < 0 || times[k] < times[nearest] {
			nearest = k
		}
	}
	spot.Area = c.Question.Area
	if nearest >= 0 {
		spot.Area = c.Cells[demand[nearest]].Area
	}
	next, p := *c, *c.Problem
	p.Reach = siting.NewReach(len(c.Cells))
	p.Reach.Grow(c.Problem.Reach.Pairs() + len(row))
	for j := range c.Spots {
		if err := p.Reach.Add(c.Problem.Reach.Of(j)); err != nil {
			return nil, err
		}
	}
	if err := p.Reach.Add(demand, times); err != nil {
		return nil, err
	}
	candidate := siting.Candidate{ID: spot.ID, Area: c.groupOf[spot.Area], Cost: c.costOf(spot)}
	if capacitated(c.Question.Model) {
		candidate.Modules = c.modules(c.costOf(spot))
	}
	p.Candidates = append(slices.Clone(p.Candidates), candidate)
	next.Spots = append(slices.Clone(c.Spots), spot)
	next.Problem = &p
	return &next, next.shape(&p)
}

func (a *Answer) why(ctx context.Context, c *Case, j int, cfg siting.Config) (*Why, error) {
	w := &Why{Spot: c.Spots[j], Fen: c.Problem.Candidates[j].Cost}
	if modules := c.Problem.Candidates[j].Modules; len(modules) > 0 {
		w.Fen = modules[0].Cost
		for _, m := range modules {
			w.Fen = min(w.Fen, m.Cost)
		}
	}
	reached := make(map[int32]bool)
	for _, s := range a.Sites {
		w.Chosen = w.Chosen || s.ID == w.Spot.ID
		demand, _ := c.Problem.Reach.Of(s.Candidate)
		for _, i := range demand {
			reached[i] = true
		}
	}
	demand, _ := c.Problem.Reach.Of(j)
	for _, i := range demand {
		if c.Cells[i].Served {
			continue
		}
		w.Reaches += c.Cells[i].Weight
		if reached[i] {
			w.Taken += c.Cells[i].Weight
		}
	}
	if w.Chosen {
		return w, nil
	}
	p := *c.Problem
	p.Candidates = slices.Clone(p.Candidates)
	p.Candidates[j].State = siting.Fixed
	forced, err := siting.Solve(ctx, &p, cfg)
	if x, infeasible := siting.Infeasible(err); infeasible {
		w.Broken = x.Limits
		return w, nil
	}
	if err != nil {
		if code := lifecircle.ErrorCode(err); code == "siting_count" || code == "siting_budget" {
			w.Broken = []string{map[string]string{"siting_count": "number", "siting_budget": "budget"}[code]}
			return w, nil
		}
		return nil, err
	}
	w.Forced = &[2]float64{forced.Shown(forced.Value), forced.Shown(forced.Bound)}
	for _, s := range a.Sites {
		if !slices.ContainsFunc(forced.Sites, func(f siting.Site) bool { return c.Spots[f.Candidate].ID == s.ID }) {
			w.Instead = append(w.Instead, s.ID)
		}
	}
	return w, nil
}

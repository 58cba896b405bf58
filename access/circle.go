package access

import (
	"slices"

	"lifecircle"
)

// Circle is a life circle: levels, such as 5, 10 and 15 minutes on foot, each with
// the facilities that belong to it and the people it is made for. The lists of the
// levels are not cumulative, as in GB 50180—2018: a facility stands at the lowest
// level that needs it, and a larger circle holds what its smaller ones need too.
type Circle struct {
	// Levels come from the smallest to the largest.
	Levels []CircleLevel
	// Variants are the readings of what the levels reach, such as 80 or 66 metres a
	// minute; at least one.
	Variants []string
}

// CircleLevel is one ring of a life circle.
type CircleLevel struct {
	ID string
	// Reach is the cost of the level under each variant, inclusive; it grows from level
	// to level.
	Reach []uint32
	// Must and Should are kinds of facilities that belong to the level itself.
	Must, Should []string
	// Band is how many people the level is made for.
	Band PeopleBand
}

// PeopleBand bounds how many people a circle is for, both inclusive; Most 0 means
// no upper bound.
type PeopleBand struct{ Least, Most int64 }

// Fit says how a number of people stands to a band.
type Fit string

// The fits. People that nobody counted give none.
const (
	FitUnknown Fit = "no_data"
	FitWithin  Fit = "within"
	FitBelow   Fit = "below" // too few to bear the facilities
	FitAbove   Fit = "above" // too many for one circle
)

// Of returns how many people stand to the band.
func (b PeopleBand) Of(people int64) Fit {
	switch {
	case people < b.Least:
		return FitBelow
	case b.Most > 0 && people > b.Most:
		return FitAbove
	}
	return FitWithin
}

// CircleLevelResult is how a place of life stands at one level.
type CircleLevelResult struct {
	ID string
	// MustLacking and ShouldLacking are the kinds of this level and of those below it
	// that are not within this level's reach, in the order of the levels.
	MustLacking, ShouldLacking []string
	// Holds says that no kind it must have is lacking.
	Holds bool
	// Nested says that this level and each below it hold, every one within its own
	// reach.
	Nested bool
	Fit    Fit
}

// Surroundings are what is known around one point.
type Surroundings struct {
	// Cost is that of the nearest facility of each kind; a kind that is missing cannot
	// be reached.
	Cost map[string]uint32
	// People are those within the reach of each level under the variant asked about,
	// from the smallest; nil where they were not counted.
	People []int64
}

// Check holds a circle to its rules: levels that grow, reaches for all variants, no
// kind twice.
func (c Circle) Check() error {
	if len(c.Levels) == 0 || len(c.Variants) == 0 {
		return lifecircle.Errorf("circle_invalid", "a life circle has %d levels and %d variants: want at least one of each", len(c.Levels), len(c.Variants))
	}
	at := make(map[string]string)
	for i, level := range c.Levels {
		if len(level.Reach) != len(c.Variants) {
			return lifecircle.Errorf("circle_invalid", "level %s has %d reaches for %d variants", level.ID, len(level.Reach), len(c.Variants))
		}
		for v, reach := range level.Reach {
			if i > 0 && reach <= c.Levels[i-1].Reach[v] {
				return lifecircle.Errorf("circle_invalid", "level %s reaches no farther than level %s under variant %s: order levels from the smallest", level.ID, c.Levels[i-1].ID, c.Variants[v])
			}
		}
		if level.Band.Most > 0 && level.Band.Most < level.Band.Least {
			return lifecircle.Errorf("circle_invalid", "level %s is for %d to %d people", level.ID, level.Band.Least, level.Band.Most)
		}
		for _, kinds := range [][]string{level.Must, level.Should} {
			for _, kind := range kinds {
				if before, twice := at[kind]; twice {
					return lifecircle.Errorf("circle_invalid", "kind %s stands at level %s and at %s: lists are not cumulative, name it at the lowest", kind, before, level.ID)
				}
				at[kind] = level.ID
			}
		}
	}
	return nil
}

// Evaluate says how a point stands at each level under a variant, by its index.
func (c Circle) Evaluate(variant int, around Surroundings) []CircleLevelResult {
	results := make([]CircleLevelResult, len(c.Levels))
	nested := true
	for i, level := range c.Levels {
		r := CircleLevelResult{ID: level.ID, Fit: FitUnknown}
		lacking := func(kinds []string, into []string) []string {
			for _, kind := range kinds {
				if cost, ok := around.Cost[kind]; !ok || cost > level.Reach[variant] {
					into = append(into, kind)
				}
			}
			return into
		}
		for _, below := range c.Levels[:i+1] {
			r.MustLacking = lacking(below.Must, r.MustLacking)
			r.ShouldLacking = lacking(below.Should, r.ShouldLacking)
		}
		r.Holds = len(r.MustLacking) == 0
		nested = nested && r.Holds
		r.Nested = nested
		if around.People != nil {
			r.Fit = level.Band.Of(around.People[i])
		}
		results[i] = r
	}
	return results
}

// CircleQuestion asks how points stand in a life circle.
type CircleQuestion struct {
	Circle
	Places map[string][]Place // of each kind; those the circle does not name are nothing to it
	// Homes are where people live, and People how many of them, in any one unit; nil
	// where nobody counted them.
	Homes  []Place
	People []int64
}

// costs returns what the nearest facility of each kind costs from every point, as far
// as the widest level goes under any variant.
func (q *CircleQuestion) costs(points *Points) []map[string]uint32 {
	widest := slices.Max(q.Levels[len(q.Levels)-1].Reach)
	costs := make([]map[string]uint32, points.Len())
	for i := range costs {
		costs[i] = make(map[string]uint32)
	}
	for _, level := range q.Levels {
		for _, kind := range slices.Concat(level.Must, level.Should) {
			EachNearest(points, q.Places[kind], NearestConfig{Limit: widest}, func(point int, ways []Way, state State) {
				if state == OK {
					costs[point][kind] = ways[0].Cost
				}
			})
		}
	}
	return costs
}

// people returns how many live within each level of every point under each variant;
// nil where nobody counted them.
func (q *CircleQuestion) people(points *Points) [][][]int64 {
	if q.Homes == nil {
		return nil
	}
	people := make([][][]int64, points.Len())
	for i := range people {
		people[i] = make([][]int64, len(q.Variants))
		for v := range q.Variants {
			people[i][v] = make([]int64, len(q.Levels))
		}
	}
	widest := slices.Max(q.Levels[len(q.Levels)-1].Reach)
	EachWithin(points, q.Homes, widest, func(home, point int, cost uint32) {
		for i, level := range q.Levels {
			for v, reach := range level.Reach {
				if cost <= reach {
					people[point][v][i] += q.People[home]
				}
			}
		}
	})
	return people
}

// EachCircle visits every point that meets a street with how it stands at each level
// under each variant, and what is around it. The error is that of Circle.Check.
func EachCircle(points *Points, q CircleQuestion, visit func(point, variant int, around Surroundings, levels []CircleLevelResult)) error {
	if err := q.Check(); err != nil {
		return err
	}
	costs, people := q.costs(points), q.people(points)
	for point := range points.Len() {
		if !points.Snapped(point) {
			continue
		}
		around := Surroundings{Cost: costs[point]}
		for variant := range q.Variants {
			if people != nil {
				around.People = people[point][variant]
			}
			visit(point, variant, around, q.Evaluate(variant, around))
		}
	}
	return nil
}

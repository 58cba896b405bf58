package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"lifecircle"
	"lifecircle/access"
	"lifecircle/network"
)

// circleQuestion is what the flags of access circle say besides.
type circleQuestion struct {
	accessQuestion
	circle, demand string
}

func (a *app) accessCircle() *cobra.Command {
	var q circleQuestion
	c := &cobra.Command{
		Use:   "circle NET --facilities F.csv --points P.csv --circle CIRCLE.yaml [--demand D.csv] -o OUT.csv",
		Short: "What is lacking within the levels of a life circle of every point",
		Long: `Asks at every point, for each level of a life circle and each reading of how far it
goes, which kinds of facilities are lacking that must or should be there:

  variants: [fast, slow]
  levels:
    - {id: "5", metres: [400, 300], must: [shop], should: [playground]}
    - {id: "15", metres: [1200, 1000], must: [school], people: {least: 50000, most: 100000}}

Levels go from the smallest on, with a reach for each variant. A kind stands at the
lowest level that needs it; a larger level needs it too. The answer has a row for each
point, variant and level: id,variant,level,holds,nested,must_lacking,should_lacking,
people,fit. holds says that nothing it must have is lacking, nested that this is so of
every smaller level as well; with --demand, people live within the level, and fit says
whether they are as many as the level is made for. A point that meets no street has no
rows.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.circle(cmd, args[0], q) },
	}
	q.flags(c)
	c.Flags().StringVar(&q.circle, "circle", "", "YAML file of the life circle")
	c.Flags().StringVar(&q.demand, "demand", "", "CSV with id,lon,lat,weight: where how many people live")
	return a.formats(required(c, "facilities", "points", "circle"))
}

// circleFile is a life circle as it is written down.
type circleFile struct {
	Variants []string `yaml:"variants"`
	Levels   []struct {
		ID     string   `yaml:"id"`
		Metres []uint32 `yaml:"metres"`
		Must   []string `yaml:"must"`
		Should []string `yaml:"should"`
		People struct {
			Least int64 `yaml:"least"`
			Most  int64 `yaml:"most"`
		} `yaml:"people"`
	} `yaml:"levels"`
}

// maxCircleMetres is farther than any life circle goes.
const maxCircleMetres = 100_000

// readCircle reads a life circle; reaches are in decimetres and people in millionths,
// as ways and files of points have them.
func readCircle(path string) (circle access.Circle, err error) {
	text, err := readInput(path)
	if err != nil {
		return circle, err
	}
	var file circleFile
	if err := yaml.UnmarshalWithOptions(text, &file, yaml.Strict()); err != nil {
		return circle, lifecircle.Errorf("circle_invalid", "%s: %w", path, err)
	}
	circle.Variants = file.Variants
	for _, l := range file.Levels {
		level := access.CircleLevel{
			ID: l.ID, Must: l.Must, Should: l.Should,
			Band: access.PeopleBand{Least: l.People.Least * millionths, Most: l.People.Most * millionths},
		}
		for _, metres := range l.Metres {
			if metres == 0 || metres > maxCircleMetres {
				return circle, lifecircle.Errorf("circle_invalid", "%s: level %s reaches %d m: want 1 to %d", path, l.ID, metres, maxCircleMetres)
			}
			level.Reach = append(level.Reach, metres*10)
		}
		circle.Levels = append(circle.Levels, level)
	}
	if err := circle.Check(); err != nil {
		return circle, lifecircle.Errorf(lifecircle.ErrorCode(err), "%s: %w", path, err)
	}
	return circle, nil
}

func (a *app) circle(cmd *cobra.Command, path string, q circleQuestion) error {
	var err error
	question := access.CircleQuestion{Places: make(map[string][]access.Place)}
	if question.Circle, err = readCircle(q.circle); err != nil {
		return err
	}
	if q.demand != "" {
		demand, err := readPoints(q.demand)
		if err != nil {
			return err
		}
		if question.People, err = demand.amounts("weight", "people"); err != nil {
			return err
		}
		for _, row := range demand.rows {
			question.Homes = append(question.Homes, access.Place{ID: lifecircle.FacilityID(row.id), At: row.at})
		}
	}
	in, err := q.open(path)
	if err != nil {
		return err
	}
	if in.profile.Unit() != network.InDecimetres {
		return useError{fmt.Errorf("--mode %s takes the shortest time: the reach of a circle is in metres", q.mode)}
	}
	kinds, of := in.facilities.kinds()
	for i, place := range in.places {
		question.Places[kinds[of[i]]] = append(question.Places[kinds[of[i]]], place)
	}
	for _, level := range question.Levels {
		for _, kind := range slices.Concat(level.Must, level.Should) {
			if len(question.Places[kind]) == 0 {
				fmt.Fprintf(cmd.ErrOrStderr(), "there is no facility of the kind %s, which level %s asks for\n", kind, level.ID)
			}
		}
	}
	in.warn(cmd.ErrOrStderr(), nil)
	heading := []string{"id", "variant", "level", "holds", "nested", "must_lacking", "should_lacking", "people", "fit"}
	return a.answer(cmd, q.out, heading, func(row func(...string)) error {
		return access.EachCircle(in.points, question, func(point, variant int, around access.Surroundings, levels []access.CircleLevelResult) {
			for i, l := range levels {
				people := ""
				if around.People != nil {
					people = formatMillionths(around.People[i])
				}
				row(in.id(point), question.Variants[variant], l.ID, fmt.Sprint(l.Holds), fmt.Sprint(l.Nested),
					strings.Join(l.MustLacking, ";"), strings.Join(l.ShouldLacking, ";"), people, string(l.Fit))
			}
		})
	})
}

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/paulmach/orb/geo"
	"github.com/paulmach/orb/geojson"
	"github.com/spf13/cobra"

	"lifecircle"
	"lifecircle/access"
)

// agentsMethod is the rational agent access model, which is no floating catchment
// but answers the same question.
const agentsMethod = "raam"

func methodNames() []string {
	var names []string
	for _, m := range access.Methods() {
		names = append(names, string(m))
	}
	return append(names, agentsMethod)
}

// catchmentQuestion is what the flags of access catchment say besides.
type catchmentQuestion struct {
	accessQuestion
	demand, method, decay, ratios string
}

func (a *app) accessCatchment() *cobra.Command {
	var q catchmentQuestion
	c := &cobra.Command{
		Use:   "catchment NET --facilities F.csv --demand D.csv --minutes 15 --method 2sfca [--facilities-out R.csv] -o OUT.csv",
		Short: "How much supply falls to the people of every point",
		Long: `Writes id,score for every point of the demand, or for every one of --points if given:
the capacity of the facilities within reach, shared with all others who reach them.
--facilities-out writes id,ratio: the capacity of each facility for one person in
its catchment, empty where nobody lives there.

  2sfca    everyone within the minutes counts alike
  e2sfca   counts less with distance (--decay)
  3sfca    e2sfca, people dividing among the facilities they reach
  m2sfca   e2sfca, capacity being lost on the way
  gravity  without competition: the capacity within reach, less with distance
  raam     what the best facility costs, travel and crowding together: lower is
           better, 1 is a trip of --minutes or average crowding

Capacity is the column capacity (or weight) of the facilities, people the column
weight (or people) of the demand. --decay is zones (1, 0.68, 0.22 in thirds of the
minutes) or gaussian.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.catchment(cmd, args[0], q) },
	}
	q.flags(c)
	c.Flags().StringVar(&q.demand, "demand", "", "CSV with id,lon,lat,weight: where how many people live")
	c.Flags().StringVar(&q.method, "method", string(access.TwoStep), "one of 2sfca, e2sfca, 3sfca, m2sfca, gravity, raam")
	c.Flags().StringVar(&q.decay, "decay", "", "zones or gaussian; without it zones, for gravity gaussian")
	c.Flags().StringVar(&q.ratios, "facilities-out", "", "the CSV file of the facilities to write")
	return a.formats(required(q.limited(c), "facilities", "demand"))
}

// amounts returns the first of the named columns.
func (p *pointFile) amounts(names ...string) ([]int64, error) {
	for _, name := range names {
		values, ok := p.column(name)
		if !ok {
			continue
		}
		for i, v := range values {
			if v < 0 {
				return nil, lifecircle.Errorf("csv_invalid", "%s: %s of %s is negative: want 0 or more", p.path, name, p.rows[i].id)
			}
		}
		return values, nil
	}
	return nil, lifecircle.Errorf("csv_invalid", "%s has no column %s of numbers: add it, with a number in every row", p.path, names[0])
}

func (q *catchmentQuestion) decayOf(limit uint32) access.Decay {
	if q.decay == "gaussian" || q.decay == "" && q.method == string(access.Gravity) {
		return access.Gaussian(limit)
	}
	return access.Zones(limit)
}

func (a *app) catchment(cmd *cobra.Command, path string, q catchmentQuestion) error {
	if !slices.Contains(methodNames(), q.method) {
		return useError{fmt.Errorf("--method %q: want one of %v", q.method, methodNames())}
	}
	if !slices.Contains([]string{"", "zones", "gaussian"}, q.decay) {
		return useError{fmt.Errorf("--decay %q: want zones or gaussian", q.decay)}
	}
	demand, err := readPoints(q.demand)
	if err != nil {
		return err
	}
	people, err := demand.amounts("weight", "people")
	if err != nil {
		return err
	}
	// Points asked about are points of the demand where nobody lives.
	all, from := demand, 0
	if q.points != "" {
		asked, err := readPoints(q.points)
		if err != nil {
			return err
		}
		from = len(demand.rows)
		all = &pointFile{path: asked.path, rows: slices.Concat(demand.rows, asked.rows)}
		people = slices.Concat(people, make([]int64, len(asked.rows)))
	}
	in, err := q.openNetwork(path)
	if err != nil {
		return err
	}
	supply, err := in.facilities.amounts("capacity", "weight")
	if err != nil {
		return err
	}
	in.snap(all)
	var pairs []access.Pair
	in.within(cmd, func(place, point int, cost uint32) {
		pairs = append(pairs, access.Pair{Place: place, Point: point, Cost: cost})
	})
	catchments := access.NewCatchments(len(in.places), in.points.Len(), pairs)
	scores, ratios, err := q.compute(in, catchments, supply, people)
	if err != nil {
		return err
	}
	if q.ratios != "" {
		if err := csvTo(q.ratios, func(w *csvWriter) error {
			w.row("id", "ratio")
			for j, place := range in.places {
				w.row(string(place.ID), ratios(j))
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return a.answer(cmd, q.out, []string{"id", "score"}, func(row func(...string)) error {
		for i := from; i < in.points.Len(); i++ {
			score := ""
			if q.border != nil && !q.border.Counts(all.rows[i].at) {
				continue // they live around the area, and share what is there
			}
			if in.points.Snapped(i) {
				score = scores(i)
			}
			row(in.id(i), score)
		}
		return nil
	})
}

// compute returns how to write the scores of points and the ratios of facilities.
func (q *catchmentQuestion) compute(in *accessInput, c *access.Catchments, supply, people []int64) (scores, ratios func(int) string, err error) {
	if q.method == agentsMethod {
		agents, err := c.Agents(access.AgentsConfig{Supply: supply, Demand: people, Patience: max(1, in.limit)})
		if err != nil {
			return nil, nil, err
		}
		scores = func(i int) string {
			if cost := agents.Costs[i]; cost >= 0 { // NaN is no answer
				return roundScore(cost)
			}
			return ""
		}
		ratios = func(j int) string {
			if agents.Loads[j] == 0 {
				return ""
			}
			return roundScore(float64(supply[j]) / float64(agents.Loads[j]))
		}
		return scores, ratios, nil
	}
	floated, err := c.Float(access.FloatConfig{
		Method: access.Method(q.method), Decay: q.decayOf(in.limit), Supply: supply, Demand: people,
	})
	if err != nil {
		return nil, nil, err
	}
	// Capacity and people are both in millionths, and a ratio has no unit; gravity
	// gives capacity.
	unit := 1.0
	if q.method == string(access.Gravity) {
		unit = millionths
	}
	scores = func(i int) string { return roundScore(floated.Scores[i].Float64() / unit) }
	ratios = func(j int) string {
		if !floated.Served[j] {
			return ""
		}
		return roundScore(floated.Ratios[j].Float64() / unit)
	}
	return scores, ratios, nil
}

func (a *app) accessIsochrone() *cobra.Command {
	var q accessQuestion
	c := &cobra.Command{
		Use:   "isochrone NET --facilities F.csv --minutes 15 -o OUT.geojson",
		Short: "The area from which each facility is within reach, as GeoJSON",
		Long: `Writes a GeoJSON FeatureCollection with a MultiPolygon for each facility: the streets
from which it is at most so many minutes away and what lies up to 50 m beside them,
drawn in squares of 25 m, for bicycles and cars of 50 m. A facility that meets no street has no geometry and says
why.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			in, err := q.openNetwork(args[0])
			if err != nil {
				return err
			}
			write := func(out io.Writer) error { return in.writeIsochrones(cmd, out, q.minutes) }
			if q.out == "" {
				return write(cmd.OutOrStdout())
			}
			return toFile(q.out, write)
		},
	}
	f := c.Flags()
	f.StringVar(&q.facilities, "facilities", "", "CSV with id,lon,lat")
	f.StringVar(&q.mode, "mode", string(lifecircle.Walk), "the way of travelling, one the network was built for")
	f.StringVarP(&q.out, "out", "o", "", "the GeoJSON file to write; without it the answer goes to standard output")
	return required(q.limited(c), "facilities")
}

// writeIsochrones writes a feature at a time.
func (in *accessInput) writeIsochrones(cmd *cobra.Command, out io.Writer, minutes float64) error {
	bar := startProgress(cmd.ErrOrStderr(), "facilities", len(in.places))
	defer bar.end()
	isochrones := access.NewIsochrones(in.net, in.profile)
	if _, err := io.WriteString(out, "{\"type\":\"FeatureCollection\",\"features\":["); err != nil {
		return err
	}
	for i, place := range in.places {
		feature := geojson.NewFeature(nil)
		feature.ID = string(place.ID)
		feature.Properties = geojson.Properties{"id": string(place.ID), "minutes": minutes, "mode": string(in.profile.Mode())}
		area, err := isochrones.Around(place.At, in.limit)
		if err != nil {
			feature.Properties["state"], feature.Properties["reason"] = string(access.Unsnapped), err.Error()
		} else {
			feature.Geometry = area
			feature.Properties["state"], feature.Properties["square_metres"] = string(access.OK), int64(geo.Area(area)+0.5)
		}
		text, err := json.Marshal(feature)
		if err != nil {
			return err
		}
		divider := ",\n"
		if i == 0 {
			divider = "\n"
		}
		if _, err := io.WriteString(out, divider+string(text)); err != nil {
			return err
		}
		bar.to(i + 1)
	}
	_, err := io.WriteString(out, "\n]}\n")
	return err
}

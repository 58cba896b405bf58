package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"lifecircle"
	"lifecircle/access"
	"lifecircle/network"
	"lifecircle/network/routing"
)

func (a *app) access() *cobra.Command {
	c := &cobra.Command{
		Use: "access", Short: "How near places are along streets", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(a.accessNearest(), a.accessCounts(), a.accessSum(), a.accessMatrix(), a.accessCatchment(), a.accessCoverage(), a.accessEquity(), a.accessIsochrone(), a.accessCircle())
	return c
}

// accessQuestion is what the flags of an access command say.
type accessQuestion struct {
	facilities, points string
	mode, out          string
	minutes            float64
	k                  int
	area               string
	halo               float64
	border             *access.Border // nil where no area is named
}

func (q *accessQuestion) flags(c *cobra.Command) {
	q.facilityFlags(c)
	c.Flags().StringVar(&q.points, "points", "", "CSV with id,lon,lat; without it the origins are all nodes of the largest component, numbered as by 'network export'")
}

// facilityFlags are those of commands that are not asked about points.
func (q *accessQuestion) facilityFlags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&q.facilities, "facilities", "", "CSV with id,lon,lat[,kind|capacity|weight]")
	f.StringVar(&q.mode, "mode", string(lifecircle.Walk), "the way of travelling, one the network was built for")
	f.StringVar(&q.area, "area", "", "GeoJSON outline of an area: the points in it are answered, and what lies around it serves them")
	f.Float64Var(&q.halo, "halo", access.HaloMetres, "with --area, how many metres around it serve")
	f.StringVarP(&q.out, "out", "o", "", "the file to write; without it the answer goes to standard output")
}

// maxMinutes is a week: more is a slip of the pen.
const maxMinutes = 7 * 24 * 60

// accessInput is what an access command works on.
type accessInput struct {
	net        *network.Network
	profile    *network.Profile
	facilities *pointFile
	places     []access.Place
	points     *access.Points
	id         func(point int) string
	limit      uint32 // 0 where no minutes were asked
}

// check finds wrong use before anything is read.
func (q *accessQuestion) check() error {
	if !slices.Contains(lifecircle.Modes(), lifecircle.Mode(q.mode)) {
		return useError{fmt.Errorf("--mode %q: want one of %v", q.mode, lifecircle.Modes())}
	}
	if q.minutes != 0 && !(q.minutes > 0 && q.minutes <= maxMinutes) {
		return useError{fmt.Errorf("--minutes %v: want more than 0 and at most %d", q.minutes, maxMinutes)}
	}
	return nil
}

// openNetwork reads facilities and network, in this order: the file of facilities
// holds the likelier faults.
func (q *accessQuestion) openNetwork(path string) (*accessInput, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	if err := q.bounded(); err != nil {
		return nil, err
	}
	in := &accessInput{}
	var err error
	if in.facilities, err = readPoints(q.facilities); err != nil {
		return nil, err
	}
	if q.border != nil {
		if err := in.facilities.keep(q.border.Serves); err != nil {
			return nil, err
		}
	}
	for _, row := range in.facilities.rows {
		in.places = append(in.places, access.Place{ID: lifecircle.FacilityID(row.id), At: row.at})
	}
	if in.net, err = network.Open(path); err != nil {
		return nil, err
	}
	if in.profile, err = in.net.Profile(lifecircle.Mode(q.mode)); err != nil {
		return nil, err
	}
	if q.minutes > 0 {
		in.limit = in.profile.Limit(q.minutes)
	}
	return in, nil
}

// open reads facilities, points and network.
func (q *accessQuestion) open(path string) (*accessInput, error) {
	var origins *pointFile
	if q.area != "" && q.points == "" {
		return nil, useError{errors.New("--area needs --points: the nodes of a network are of no area")}
	}
	if q.points != "" {
		var err error
		if origins, err = readPoints(q.points); err != nil {
			return nil, err
		}
	}
	in, err := q.openNetwork(path)
	if err != nil {
		return nil, err
	}
	if q.border != nil {
		if err := origins.keep(q.border.Counts); err != nil {
			return nil, err
		}
	}
	if origins == nil {
		in.points = access.NodePoints(in.net, in.profile)
		in.id = strconv.Itoa
		return in, nil
	}
	in.snap(origins)
	return in, nil
}

// snap makes the rows of a file the points.
func (in *accessInput) snap(origins *pointFile) {
	in.points = access.SnapPointsFor(in.net, in.profile, origins.positions())
	in.id = func(point int) string { return origins.rows[point].id }
}

// warn tells on stderr which facilities and points meet no street, and why.
func (in *accessInput) warn(out io.Writer, adrift []access.Adrift) {
	off, first := 0, error(nil)
	for i := range in.points.Len() {
		if _, err := in.points.Snap(i); err != nil {
			off++
			if first == nil {
				first = fmt.Errorf("%s: %w", in.id(i), err)
			}
		}
	}
	if off > 0 {
		fmt.Fprintf(out, "%d of %d points meet no street and have no answer; the first is %v\n", off, in.points.Len(), first)
	}
	if len(adrift) > 0 {
		fmt.Fprintf(out, "%d of %d facilities meet no street and serve nobody:\n", len(adrift), len(in.places))
	}
	for i, f := range adrift {
		if i == maxRowFaults {
			fmt.Fprintf(out, "  and %d more; `lifecircle network snap` lists them\n", len(adrift)-i)
			break
		}
		fmt.Fprintf(out, "  %s: %v\n", f.Place, f.Cause)
	}
	if in.swapped(len(adrift)) {
		fmt.Fprintln(out, "most facilities would lie within the network if lon and lat were exchanged: are the columns swapped?")
	}
}

// swapped reports whether facilities that lie off the map would lie on it with
// their coordinates exchanged.
func (in *accessInput) swapped(adrift int) bool {
	if 2*adrift < len(in.places) || adrift == 0 {
		return false
	}
	bounds, within := in.net.Bounds(), 0
	for _, p := range in.places {
		exchanged := p.At
		exchanged.Lon, exchanged.Lat = p.At.Lat, p.At.Lon
		if !bounds.Contains(p.At) && bounds.Contains(exchanged) {
			within++
		}
	}
	return 2*within >= len(in.places)
}

// wayCells writes what a way costs in metres and seconds. Where time is counted the
// metres are not known.
func wayCells(p *network.Profile, cost uint32) (metres, seconds string) {
	if p.Unit() == network.InDecimetres {
		metres = lifecircle.Decimetres(cost).String()
	}
	return metres, formatMillionths(1000 * p.Milliseconds(cost))
}

func (a *app) accessNearest() *cobra.Command {
	var q accessQuestion
	var routes string
	c := &cobra.Command{
		Use:   "nearest NET --facilities F.csv [--points P.csv] [--minutes 15] [--k 3] [--routes R.geojson] -o OUT.csv",
		Short: "The nearest facilities of every point",
		Long: `Writes id,facility,metres,seconds,state: the nearest facility of every point and the
way to it along streets, the ways between point, facility and street included.
With --k there are up to k rows for a point, the nearest first; facilities
equally near come in the order of their ids. With --minutes facilities farther
away do not count; exactly that far does. state is ok, unreachable (no facility
can be reached so) or unsnapped (the point meets no street). By bicycle, by car and
on slopes the nearest is the one reached soonest, and metres are empty. With --routes
the ways are also drawn along the streets, a line for each row.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if q.k < 1 || q.k > maxNearest {
				return useError{fmt.Errorf("--k %d: want 1 to %d", q.k, maxNearest)}
			}
			if cmd.Flags().Changed("minutes") && q.minutes == 0 {
				return useError{fmt.Errorf("--minutes 0: want more than 0 and at most %d", maxMinutes)}
			}
			in, err := q.open(args[0])
			if err != nil {
				return err
			}
			drawn := &routeWriter{}
			if routes != "" {
				if drawn, err = in.routes(cmd, args[0]); err != nil {
					return err
				}
			}
			bar := startProgress(cmd.ErrOrStderr(), "points", in.points.Len())
			defer bar.end()
			err = a.answer(cmd, q.out, []string{"id", "facility", "metres", "seconds", "state"}, func(row func(...string)) error {
				adrift := access.EachNearest(in.points, in.places, access.NearestConfig{K: q.k, Limit: in.limit}, func(point int, ways []access.Way, state access.State) {
					if state != access.OK {
						row(in.id(point), "", "", "", string(state))
					}
					for _, w := range ways {
						metres, seconds := wayCells(in.profile, w.Cost)
						row(in.id(point), string(in.places[w.Place].ID), metres, seconds, string(state))
						drawn.add(point, w)
					}
					bar.to(point + 1)
				})
				in.warn(cmd.ErrOrStderr(), adrift)
				return nil
			})
			if err != nil || routes == "" {
				return err
			}
			return toFile(routes, drawn.write)
		},
	}
	q.flags(c)
	c.Flags().StringVar(&routes, "routes", "", "a GeoJSON file to write the ways into, as lines")
	c.Flags().Float64Var(&q.minutes, "minutes", 0, "how far facilities may be; without it any distance")
	c.Flags().IntVar(&q.k, "k", 1, "how many facilities for each point")
	return a.formats(required(c, "facilities"))
}

// maxNearest bounds the labels kept for each node.
const maxNearest = 1000

// limited adds --minutes to a command that always has a limit.
func (q *accessQuestion) limited(c *cobra.Command) *cobra.Command {
	c.Flags().Float64Var(&q.minutes, "minutes", 15, "how far facilities may be")
	next := c.RunE
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if q.minutes == 0 {
			return useError{fmt.Errorf("--minutes 0: want more than 0 and at most %d", maxMinutes)}
		}
		return next(cmd, args)
	}
	return c
}

func (a *app) accessCounts() *cobra.Command {
	var q accessQuestion
	c := &cobra.Command{
		Use:   "counts NET --facilities F.csv [--points P.csv] --minutes 15 -o OUT.csv",
		Short: "How many facilities of each kind lie within reach of every point",
		Long: `Writes id and one column for each kind of the facilities file, in the order of
their names: how many facilities of that kind are at most so many minutes away,
exactly that many included. Without kinds there is one column, facilities. The
cells of a point that meets no street are empty: not known is not 0.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			in, err := q.open(args[0])
			if err != nil {
				return err
			}
			kinds, of := in.facilities.kinds()
			counts := make([]int64, len(kinds)*in.points.Len())
			in.within(cmd, func(place, point int, _ uint32) { counts[point*len(kinds)+of[place]]++ })
			return a.answer(cmd, q.out, append([]string{"id"}, kinds...), func(row func(...string)) error {
				in.writeColumns(counts, len(kinds), func(v int64) string { return strconv.FormatInt(v, 10) }, row)
				return nil
			})
		},
	}
	q.flags(c)
	return a.formats(required(q.limited(c), "facilities"))
}

// within visits every pair within the limit, showing how far it is, and warns.
func (in *accessInput) within(cmd *cobra.Command, visit func(place, point int, cost uint32)) {
	bar := startProgress(cmd.ErrOrStderr(), "facilities", len(in.places))
	last, done := -1, 0
	adrift := access.EachWithin(in.points, in.places, in.limit, func(place, point int, cost uint32) {
		if place != last {
			last, done = place, done+1
			bar.to(done)
		}
		visit(place, point, cost)
	})
	bar.end()
	in.warn(cmd.ErrOrStderr(), adrift)
}

// writeColumns writes a row for each point, its cells empty where the point meets
// no street.
func (in *accessInput) writeColumns(values []int64, width int, format func(int64) string, row func(...string)) {
	cells := make([]string, 1+width)
	for i := range in.points.Len() {
		cells[0] = in.id(i)
		for k := range width {
			cells[1+k] = ""
			if in.points.Snapped(i) {
				cells[1+k] = format(values[i*width+k])
			}
		}
		row(cells...)
	}
}

func (a *app) accessSum() *cobra.Command {
	var q accessQuestion
	c := &cobra.Command{
		Use:   "sum NET --facilities F.csv [--points P.csv] --minutes 15 -o OUT.csv",
		Short: "What the facilities within reach of every point add up to",
		Long: `Writes id and one column for each column of the facilities file that holds only
numbers, such as weight, capacity or people by age: the sum over all facilities
that are at most so many minutes away, exactly that many included. Give a file of
population points as facilities to sum up the people around every point.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			in, err := q.open(args[0])
			if err != nil {
				return err
			}
			columns := in.facilities.columns
			if len(columns) == 0 {
				return lifecircle.Errorf("csv_invalid", "%s has no column of numbers to sum up: add weight, capacity or others", q.facilities)
			}
			for k, name := range columns {
				if err := in.facilities.checkSum(k); err != nil {
					return lifecircle.Errorf("csv_invalid", "%s: column %s: %w", q.facilities, name, err)
				}
			}
			sums := make([]int64, len(columns)*in.points.Len())
			in.within(cmd, func(place, point int, _ uint32) {
				for k, v := range in.facilities.rows[place].cells {
					sums[point*len(columns)+k] += v
				}
			})
			return a.answer(cmd, q.out, append([]string{"id"}, columns...), func(row func(...string)) error {
				in.writeColumns(sums, len(columns), formatMillionths, row)
				return nil
			})
		},
	}
	q.flags(c)
	return a.formats(required(q.limited(c), "facilities"))
}

func (a *app) accessMatrix() *cobra.Command {
	var q accessQuestion
	c := &cobra.Command{
		Use:   "matrix NET --facilities F.csv [--points P.csv] [--minutes 15] -o OUT.csv",
		Short: "The way from every point to every facility",
		Long: `Writes from,to,metres,seconds,state for every point and every facility, a facility
at a time in the order of their ids, so that memory does not grow with the number
of pairs. With --minutes what is farther away is unreachable. For many facilities
and few points an index of the streets is made and kept beside NET, as NET.index.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("minutes") && q.minutes == 0 {
				return useError{fmt.Errorf("--minutes 0: want more than 0 and at most %d", maxMinutes)}
			}
			in, err := q.open(args[0])
			if err != nil {
				return err
			}
			pairs := func(visit func(place, point int, cost uint32)) error {
				in.within(cmd, visit)
				return nil
			}
			if in.limit == 0 {
				in.limit = network.Barred - 1
				if len(in.places) >= indexedPlaces && indexedShare*in.points.Len() <= in.net.NodeCount() {
					pairs = func(visit func(place, point int, cost uint32)) error { return in.byIndex(cmd, args[0], visit) }
				}
			}
			return a.answer(cmd, q.out, []string{"from", "to", "metres", "seconds", "state"}, func(row func(...string)) error {
				return in.writeMatrix(pairs, row)
			})
		},
	}
	q.flags(c)
	c.Flags().Float64Var(&q.minutes, "minutes", 0, "how far facilities may be; without it any distance")
	return a.formats(required(c, "facilities"))
}

// An index is worth its making where so many places at least would each search the
// whole network for points that are at most so small a share of its nodes.
const (
	indexedPlaces = 16
	indexedShare  = 4
)

// byIndex visits every pair by the index.
func (in *accessInput) byIndex(cmd *cobra.Command, path string, visit func(place, point int, cost uint32)) error {
	metric, err := in.metric(cmd, path)
	if err != nil {
		return err
	}
	in.warn(cmd.ErrOrStderr(), access.EachPair(in.points, in.places, metric, visit))
	return nil
}

// metric returns the streets as the profile sees them, by the index kept beside the
// network file, which is made where there is none.
func (in *accessInput) metric(cmd *cobra.Command, path string) (*routing.Metric, error) {
	index, err := keptIndex(cmd.ErrOrStderr(), path, in.net)
	if err != nil {
		return nil, err
	}
	return index.Customise(in.profile.Weights(), routing.MetricConfig{})
}

// writeMatrix writes the pairs of a facility when those of the next begin.
func (in *accessInput) writeMatrix(pairs func(func(place, point int, cost uint32)) error, row func(...string)) error {
	order := make([]int, len(in.places))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		if in.places[a].ID < in.places[b].ID {
			return -1
		}
		return 1
	})
	costs := make([]uint32, in.points.Len())
	clearCosts := func() {
		for i := range costs {
			costs[i] = network.Barred
		}
	}
	clearCosts()
	write := func(place int) {
		_, err := in.profile.Snap(in.places[place].At)
		for i, cost := range costs {
			state, metres, seconds := access.OK, "", ""
			switch {
			case err != nil || !in.points.Snapped(i):
				state = access.Unsnapped
			case cost == network.Barred:
				state = access.Unreachable
			default:
				metres, seconds = wayCells(in.profile, cost)
			}
			row(in.id(i), string(in.places[place].ID), metres, seconds, string(state))
		}
		clearCosts()
	}
	next := 0
	if err := pairs(func(place, point int, cost uint32) {
		for order[next] != place {
			write(order[next])
			next++
		}
		costs[point] = cost
	}); err != nil {
		return err
	}
	for ; next < len(order); next++ {
		write(order[next])
	}
	return nil
}

// roundScore writes a score with eleven decimals: 2^-40, in which it is kept, is
// worth twelve, the last of them rounded.
func roundScore(v float64) string {
	return strconv.FormatFloat(math.Round(v*1e11)/1e11, 'f', -1, 64)
}

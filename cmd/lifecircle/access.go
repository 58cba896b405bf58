package main

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"lifecircle"
	"lifecircle/access"
	"lifecircle/network"
)

func (a *app) access() *cobra.Command {
	c := &cobra.Command{
		Use: "access", Short: "How near places are along streets: nearest, counts", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(a.accessNearest(), a.accessCounts())
	return c
}

// accessQuestion is what the flags of an access command say.
type accessQuestion struct {
	facilities, points string
	mode, out          string
	minutes            float64
	k                  int
}

func (q *accessQuestion) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&q.facilities, "facilities", "", "CSV with id,lon,lat[,kind|capacity|weight]")
	f.StringVar(&q.points, "points", "", "CSV with id,lon,lat; without it the origins are all nodes of the largest component, numbered as by `network export`")
	f.StringVar(&q.mode, "mode", string(lifecircle.Walk), "the way of travelling")
	f.StringVarP(&q.out, "out", "o", "", "the CSV file to write; without it the answer goes to standard output")
}

// maxMinutes is a week: more is a slip of the pen.
const maxMinutes = 7 * 24 * 60

// limit returns how far one gets in the minutes asked.
func (q *accessQuestion) limit() (lifecircle.Decimetres, error) {
	if !(q.minutes > 0 && q.minutes <= maxMinutes) {
		return 0, useError{fmt.Errorf("--minutes %v: want more than 0 and at most %d", q.minutes, maxMinutes)}
	}
	return lifecircle.Decimetres(math.Round(q.minutes * 10 * lifecircle.WalkMetresPerMinute)), nil
}

// accessInput is what an access command works on.
type accessInput struct {
	net        *network.Network
	facilities *pointFile
	places     []access.Place
	points     *access.Points
	id         func(point int) string
}

// open reads the files: those of points before the network, for they hold the
// likelier faults.
func (q *accessQuestion) open(path string) (*accessInput, error) {
	if q.mode != string(lifecircle.Walk) {
		return nil, useError{fmt.Errorf("--mode %q: this network has %q", q.mode, lifecircle.Walk)}
	}
	in := &accessInput{}
	var err error
	if in.facilities, err = readPoints(q.facilities); err != nil {
		return nil, err
	}
	var origins *pointFile
	if q.points != "" {
		if origins, err = readPoints(q.points); err != nil {
			return nil, err
		}
	}
	if in.net, err = network.Open(path); err != nil {
		return nil, err
	}
	for _, row := range in.facilities.rows {
		in.places = append(in.places, access.Place{ID: lifecircle.FacilityID(row.id), At: row.at})
	}
	if origins == nil {
		in.points = access.NodePoints(in.net)
		in.id = strconv.Itoa
		return in, nil
	}
	in.points = access.SnapPoints(in.net, origins.positions())
	in.id = func(point int) string { return origins.rows[point].id }
	return in, nil
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
	bounds, within := in.net.Summary().Bounds, 0
	for _, p := range in.places {
		exchanged := p.At
		exchanged.Lon, exchanged.Lat = p.At.Lat, p.At.Lon
		if !bounds.Contains(p.At) && bounds.Contains(exchanged) {
			within++
		}
	}
	return 2*within >= len(in.places)
}

// seconds writes how long a walk takes, exactly: a decimetre takes 0.075 s.
func seconds(d lifecircle.Decimetres) string {
	return formatMillionths(int64(d) * 60 * millionths / (10 * lifecircle.WalkMetresPerMinute))
}

func (a *app) accessNearest() *cobra.Command {
	var q accessQuestion
	c := &cobra.Command{
		Use:   "nearest NET --facilities F.csv [--points P.csv] -o OUT.csv",
		Short: "The nearest facilities of every point",
		Long: `Writes id,facility,metres,seconds,state: the nearest facility of every point and the
way to it along streets, the ways between point, facility and street included.
With --k there are up to k rows for a point, the nearest first; facilities
equally near come in the order of their ids. With --minutes facilities farther
away do not count; exactly that far does. state is ok, unreachable (no facility
can be reached so) or unsnapped (the point meets no street).`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg := access.NearestConfig{K: q.k}
			if q.k < 1 || q.k > maxNearest {
				return useError{fmt.Errorf("--k %d: want 1 to %d", q.k, maxNearest)}
			}
			var err error
			if cmd.Flags().Changed("minutes") {
				if cfg.Limit, err = q.limit(); err != nil {
					return err
				}
			}
			in, err := q.open(args[0])
			if err != nil {
				return err
			}
			return a.answer(cmd, q.out, []string{"id", "facility", "metres", "seconds", "state"}, func(row func(...string)) error {
				adrift := access.EachNearest(in.points, in.places, cfg, func(point int, reach []access.Reach, state access.State) {
					if state != access.OK {
						row(in.id(point), "", "", "", string(state))
					}
					for _, r := range reach {
						row(in.id(point), string(r.Place), r.Distance.String(), seconds(r.Distance), string(state))
					}
				})
				in.warn(cmd.ErrOrStderr(), adrift)
				return nil
			})
		},
	}
	q.flags(c)
	c.Flags().Float64Var(&q.minutes, "minutes", 0, "how far facilities may be; without it any distance")
	c.Flags().IntVar(&q.k, "k", 1, "how many facilities for each point")
	return a.formats(required(c, "facilities"))
}

// maxNearest bounds the labels kept for each node.
const maxNearest = 1000

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
			limit, err := q.limit()
			if err != nil {
				return err
			}
			in, err := q.open(args[0])
			if err != nil {
				return err
			}
			kinds, of := in.facilities.kinds()
			counts := make([]uint32, len(kinds)*in.points.Len())
			adrift := access.EachWithin(in.points, in.places, limit, func(place, point int, _ lifecircle.Decimetres) {
				counts[point*len(kinds)+of[place]]++
			})
			in.warn(cmd.ErrOrStderr(), adrift)
			return a.answer(cmd, q.out, append([]string{"id"}, kinds...), func(row func(...string)) error {
				cells := make([]string, 1+len(kinds))
				for i := range in.points.Len() {
					cells[0] = in.id(i)
					for k := range kinds {
						cells[1+k] = ""
						if in.points.Snapped(i) {
							cells[1+k] = strconv.FormatUint(uint64(counts[i*len(kinds)+k]), 10)
						}
					}
					row(cells...)
				}
				return nil
			})
		},
	}
	q.flags(c)
	c.Flags().Float64Var(&q.minutes, "minutes", 15, "how far facilities may be")
	return a.formats(required(c, "facilities"))
}

// answer writes rows as they come: as CSV to a file, or in the format asked to
// standard output. A row's slice may be used again.
func (a *app) answer(cmd *cobra.Command, path string, heading []string, rows func(row func(...string)) error) error {
	if path != "" && cmd.Flags().Changed("format") && a.format != "csv" {
		return useError{fmt.Errorf("--format %s goes to standard output: leave out -o", a.format)}
	}
	if path != "" {
		return csvTo(path, func(w *csvWriter) error { return writeRows(w, heading, rows) })
	}
	if a.format == "csv" {
		w := newCSV(cmd.OutOrStdout())
		if err := writeRows(w, heading, rows); err != nil {
			return err
		}
		return w.Flush()
	}
	table := [][]string{heading}
	objects := []map[string]string{}
	err := rows(func(cells ...string) {
		if a.format == "table" {
			table = append(table, append([]string(nil), cells...))
			return
		}
		object := make(map[string]string, len(cells))
		for i, cell := range cells {
			object[heading[i]] = cell
		}
		objects = append(objects, object)
	})
	if err != nil {
		return err
	}
	return a.print(cmd.OutOrStdout(), map[string]any{"rows": objects}, table)
}

func writeRows(w *csvWriter, heading []string, rows func(row func(...string)) error) error {
	w.row(heading...)
	return rows(w.row)
}

// csvWriter writes CSV (RFC 4180) without an allocation for each row: a region
// has a million rows. It keeps its first error for Flush.
type csvWriter struct {
	out  io.Writer
	buf  []byte
	fail error
}

const csvBuffer = 64 << 10

func newCSV(out io.Writer) *csvWriter { return &csvWriter{out: out, buf: make([]byte, 0, csvBuffer)} }

func (w *csvWriter) row(cells ...string) {
	for i, cell := range cells {
		if i > 0 {
			w.buf = append(w.buf, ',')
		}
		if strings.ContainsAny(cell, ",\"\r\n") || strings.HasPrefix(cell, " ") {
			w.buf = append(w.buf, '"')
			w.buf = append(w.buf, strings.ReplaceAll(cell, `"`, `""`)...)
			w.buf = append(w.buf, '"')
			continue
		}
		w.buf = append(w.buf, cell...)
	}
	w.buf = append(w.buf, '\n')
	if len(w.buf) > csvBuffer-1024 {
		w.write()
	}
}

func (w *csvWriter) write() {
	if w.fail == nil {
		_, w.fail = w.out.Write(w.buf)
	}
	w.buf = w.buf[:0]
}

// Flush writes what is left and returns the first error.
func (w *csvWriter) Flush() error {
	w.write()
	return w.fail
}

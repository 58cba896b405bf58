package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lifecircle"
	"lifecircle/network"
	"lifecircle/network/elevation"
	"lifecircle/network/osm"
	"lifecircle/network/routing"
)

func (a *app) network() *cobra.Command {
	c := &cobra.Command{Use: "network", Short: "Street networks: build, inspect, snap, export", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	c.AddCommand(a.networkBuild(), a.networkInfo(), a.networkSnap(), a.networkExport())
	return c
}

// summary is what `network build` and `network info` answer.
type summary struct {
	network.Summary
	Seconds float64      `json:"seconds"`
	Hash    string       `json:"hash"`
	Index   indexSummary `json:"index"`
}

// indexSummary is what the index beside a network file is.
type indexSummary struct {
	State string `json:"state"` // ok, missing, or the code of what is wrong with it
	Arcs  int    `json:"arcs"`  // of the hierarchy; 0 unless ok
}

func openedIndex(path string, n *network.Network) indexSummary {
	index, err := routing.OpenIndex(indexFile(path), routing.GraphOf(n))
	switch {
	case err == nil:
		return indexSummary{State: "ok", Arcs: index.Arcs()}
	case errors.Is(err, fs.ErrNotExist):
		return indexSummary{State: "missing"}
	}
	return indexSummary{State: lifecircle.ErrorCode(err)}
}

// indexFile is where the index of a network file lies.
func indexFile(path string) string { return path + ".index" }

// keptIndex opens the index beside a network file, or builds and writes it, showing
// how far it is. What was wrong with the one before, or with writing it, is told: no
// answer depends on the file.
func keptIndex(tell io.Writer, path string, n *network.Network) (*routing.Index, error) {
	bar := startProgress(tell, "nodes of the index", n.NodeCount())
	index, why, err := routing.LoadIndex(indexFile(path), routing.GraphOf(n), routing.BuildConfig{
		Progress: func(done, _ int) { bar.to(done) },
	})
	bar.end()
	if index == nil {
		return nil, err
	}
	if why != nil {
		fmt.Fprintf(tell, "%v; made anew\n", why)
	}
	if err != nil {
		fmt.Fprintf(tell, "the index is not kept: %v\n", err)
	}
	return index, nil
}

func (s summary) rows() [][]string {
	rows := [][]string{
		{"what", "value"},
		{"nodes", strconv.Itoa(s.Nodes)},
		{"arcs", strconv.Itoa(s.Arcs)},
		{"components", strconv.Itoa(s.Components)},
		{"largest component", strconv.Itoa(s.LargestComponentNodes)},
		{"bytes", strconv.FormatInt(s.Bytes, 10)},
		{"memory bytes", strconv.FormatInt(s.MemoryBytes, 10)},
		{"bounds", fmt.Sprintf("%.5f,%.5f %.5f,%.5f", s.Bounds.Min.Lon, s.Bounds.Min.Lat, s.Bounds.Max.Lon, s.Bounds.Max.Lat)},
	}
	for _, p := range s.Profiles {
		rows = append(rows, []string{"profile " + string(p.Mode), fmt.Sprintf("%d arcs in %s, %d components, the largest of %d nodes, %d bytes",
			p.Arcs, p.Unit, p.Components, p.LargestComponentNodes, p.MemoryBytes)})
	}
	index := s.Index.State
	if s.Index.Arcs > 0 {
		index = fmt.Sprintf("%s, %d arcs of the hierarchy", index, s.Index.Arcs)
	}
	return append(rows, []string{"index", index}, []string{"seconds", strconv.FormatFloat(s.Seconds, 'f', 3, 64)}, []string{"hash", s.Hash})
}

func (a *app) networkBuild() *cobra.Command {
	var out, profiles, land string
	c := &cobra.Command{
		Use:   "build FILE.osm.(pbf|bz2|gz) -o NET",
		Short: "Build a network from an OpenStreetMap extract",
		Long: `Builds a network for one or more ways of travelling: walk (always), slow (as elderly
people walk), wheelchair, slope (on foot, uphill slower: needs --elevation), bicycle
and car. The index of its streets, which answers what is asked of a whole region, is
built with it and written beside it, as NET.index. Elevation is a GeoTIFF in WGS-84 degrees, of whole or floating numbers,
plain or packed with deflate or LZW.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg := network.BuildConfig{Warn: func(message string) { fmt.Fprintln(cmd.ErrOrStderr(), message) }}
			for _, name := range strings.Split(profiles, ",") {
				cfg.Profiles = append(cfg.Profiles, lifecircle.Mode(strings.TrimSpace(name)))
			}
			if _, err := network.UsersOf(cfg.Profiles); err != nil {
				return useError{err}
			}
			if slices.Contains(cfg.Profiles, lifecircle.SlopeWalk) != (land != "") {
				return useError{fmt.Errorf("--profiles %s and --elevation go together: the slope is that of the land", lifecircle.SlopeWalk)}
			}
			if land != "" {
				model, err := elevation.Open(land)
				if err != nil {
					return err
				}
				cfg.Elevation = model
			}
			started := time.Now()
			n, err := readStreets(cmd, args[0], cfg)
			if err != nil {
				return err
			}
			if err := writeFile(out, n.Write); err != nil {
				return err
			}
			index, err := keptIndex(cmd.ErrOrStderr(), out, n)
			if err != nil {
				return err
			}
			s := summary{n.Summary(), time.Since(started).Seconds(), n.Hash(), indexSummary{State: "ok", Arcs: index.Arcs()}}
			return a.print(cmd.OutOrStdout(), s, s.rows())
		},
	}
	c.Flags().StringVarP(&out, "out", "o", "", "the network file to write")
	c.Flags().StringVar(&profiles, "profiles", string(lifecircle.Walk), "the ways of travelling: some of walk,slow,wheelchair,slope,bicycle,car")
	c.Flags().StringVar(&land, "elevation", "", "a GeoTIFF with the height of the land in metres")
	return a.formats(required(c, "out"))
}

// readStreets builds the network of a map file and tells how far it is.
func readStreets(cmd *cobra.Command, path string, cfg network.BuildConfig) (*network.Network, error) {
	users, err := network.UsersOf(cfg.Profiles)
	if err != nil {
		return nil, err
	}
	var bar *progress
	extract, err := osm.ReadWith(cmd.Context(), path, osm.Config{Users: users, Progress: func(at, size int64) {
		if bar == nil {
			bar = startProgress(cmd.ErrOrStderr(), "MB of the map file", int(size>>20))
		}
		bar.to(int(at >> 20))
	}})
	if bar != nil {
		bar.end()
	}
	if err != nil {
		return nil, err
	}
	return network.BuildWith(extract, cfg)
}

func (a *app) networkInfo() *cobra.Command {
	return a.formats(&cobra.Command{
		Use:   "info NET",
		Short: "Counts, components, bounds and size of a network",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			started := time.Now()
			n, err := network.Open(args[0])
			if err != nil {
				return err
			}
			index := openedIndex(args[0], n)
			s := summary{n.Summary(), time.Since(started).Seconds(), n.Hash(), index}
			return a.print(cmd.OutOrStdout(), s, s.rows())
		},
	})
}

// snapped is one row of a snap report.
type snapped struct {
	ID     string  `json:"id"`
	State  string  `json:"state"`
	Edge   uint32  `json:"edge"`
	From   uint32  `json:"from"`
	To     uint32  `json:"to"`
	Metres float64 `json:"metres"`
	Lon    float64 `json:"lon"`
	Lat    float64 `json:"lat"`
	Reason string  `json:"reason,omitempty"`
}

func (a *app) networkSnap() *cobra.Command {
	var points, profile string
	c := &cobra.Command{
		Use:   "snap NET --points P.csv",
		Short: "Where points meet the streets, and which do not",
		Long: `Says of every point where it meets the nearest street and how far that is, or why it
meets none: no street within 300 m, or only an island. How many lie how far from
their street goes to standard error, the farthest by name: points off the map or
a wrong coordinate system show there first.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, err := readPoints(points)
			if err != nil {
				return err
			}
			p, err := openProfile(args[0], profile)
			if err != nil {
				return err
			}
			report := make([]snapped, len(file.rows))
			table := [][]string{{"id", "state", "metres", "edge", "from", "to", "lon", "lat", "reason"}}
			var tally snapTally
			for i, row := range file.rows {
				report[i] = snapped{ID: row.id, State: "ok"}
				snap, err := p.Snap(row.at)
				tally.add(row.id, snap, err)
				if err != nil {
					report[i].State, report[i].Reason = "unsnapped", err.Error()
					table = append(table, []string{row.id, "unsnapped", "", "", "", "", "", "", err.Error()})
					continue
				}
				report[i].Edge, report[i].From, report[i].To = snap.Edge, snap.From, snap.To
				report[i].Metres, report[i].Lon, report[i].Lat = snap.Leg.Metres(), snap.At.Lon, snap.At.Lat
				table = append(table, []string{
					row.id, "ok", snap.Leg.String(), fmt.Sprint(snap.Edge), fmt.Sprint(snap.From), fmt.Sprint(snap.To),
					strconv.FormatFloat(snap.At.Lon, 'f', 7, 64), strconv.FormatFloat(snap.At.Lat, 'f', 7, 64), "",
				})
			}
			tally.write(cmd.ErrOrStderr())
			return a.print(cmd.OutOrStdout(), map[string]any{"points": report, "unsnapped": tally.unsnapped}, table)
		},
	}
	c.Flags().StringVar(&points, "points", "", "CSV with id,lon,lat")
	c.Flags().StringVar(&profile, "profile", string(lifecircle.Walk), "the way of travelling")
	return a.formats(required(c, "points"))
}

// snapTally counts points by how far their street is.
type snapTally struct {
	within    [len(snapSteps)]int
	unsnapped int
	reasons   map[string]int // by code
	farthest  string
	metres    float64
}

// snapSteps are the distances of the report in metres; the last is the limit.
var snapSteps = [...]float64{10, 30, 100, 300}

func (t *snapTally) add(id string, snap network.Snap, err error) {
	if err != nil {
		if t.reasons == nil {
			t.reasons = make(map[string]int)
		}
		t.unsnapped++
		t.reasons[lifecircle.ErrorCode(err)]++
		return
	}
	metres := snap.Leg.Metres()
	if t.farthest == "" || metres > t.metres {
		t.farthest, t.metres = id, metres
	}
	for i, step := range snapSteps {
		if metres <= step || i == len(snapSteps)-1 {
			t.within[i]++
			return
		}
	}
}

func (t *snapTally) write(out io.Writer) {
	total, from := t.unsnapped, 0.0
	for i, step := range snapSteps {
		total += t.within[i]
		fmt.Fprintf(out, "%8d points %3.0f to %3.0f m from their street\n", t.within[i], from, step)
		from = step
	}
	for _, code := range slices.Sorted(maps.Keys(t.reasons)) {
		why := map[string]string{"unsnapped": "no street is near enough", "unsnapped_island": "the nearest street is an island"}[code]
		fmt.Fprintf(out, "%8d points unsnapped: %s\n", t.reasons[code], why)
	}
	if t.farthest != "" {
		fmt.Fprintf(out, "the farthest is %s, %.1f m\n", t.farthest, t.metres)
	}
	fmt.Fprintf(out, "%d points, %d unsnapped\n", total, t.unsnapped)
}

// openProfile opens a network as a way of travelling sees it.
func openProfile(path, mode string) (*network.Profile, error) {
	if !slices.Contains(lifecircle.Modes(), lifecircle.Mode(mode)) {
		return nil, useError{fmt.Errorf("--profile %q: want one of %v", mode, lifecircle.Modes())}
	}
	n, err := network.Open(path)
	if err != nil {
		return nil, err
	}
	return n.Profile(lifecircle.Mode(mode))
}

func (a *app) networkExport() *cobra.Command {
	var out, profile string
	c := &cobra.Command{
		Use:   "export NET --profile walk -o GRAPH.gr",
		Short: "Write the largest component as text for other engines",
		Long: `Writes "p nodes arcs", then "v lon lat" for each node and "a from to cost" for each
arc, nodes numbered from 0. The cost is in decimetres for walk, slow and
wheelchair, in deciseconds for slope, bicycle and car.`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) (err error) {
			p, err := openProfile(args[0], profile)
			if err != nil {
				return err
			}
			return toFile(out, p.Export)
		},
	}
	c.Flags().StringVar(&profile, "profile", string(lifecircle.Walk), "the way of travelling")
	c.Flags().StringVarP(&out, "out", "o", "", "the text file to write")
	return required(c, "out")
}

// required makes flags that must be given wrong use when they are not.
func required(c *cobra.Command, names ...string) *cobra.Command {
	next := c.RunE
	c.RunE = func(cmd *cobra.Command, args []string) error {
		for _, name := range names {
			if !cmd.Flags().Changed(name) {
				return useError{fmt.Errorf("%s needs --%s; see --help", cmd.CommandPath(), name)}
			}
		}
		return next(cmd, args)
	}
	return c
}

// toFile writes a file, or says what went wrong and leaves none.
func toFile(path string, write func(io.Writer) error) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
		if err != nil {
			os.Remove(path)
		}
	}()
	return write(f)
}

// csvTo writes rows as CSV to a file.
func csvTo(path string, rows func(*csvWriter) error) error {
	return toFile(path, func(out io.Writer) error {
		w := newCSV(out)
		if err := rows(w); err != nil {
			return err
		}
		return w.Flush()
	})
}

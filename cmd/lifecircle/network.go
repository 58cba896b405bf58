package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"lifecircle"
	"lifecircle/network"
	"lifecircle/network/osm"
)

func (a *app) network() *cobra.Command {
	c := &cobra.Command{Use: "network", Short: "Street networks: build, inspect, snap, export", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	c.AddCommand(a.networkBuild(), a.networkInfo(), a.networkSnap(), a.networkExport())
	return c
}

// summary is what `network build` and `network info` answer.
type summary struct {
	network.Summary
	Seconds float64 `json:"seconds"`
	Hash    string  `json:"hash"`
}

func (s summary) rows() [][]string {
	return [][]string{
		{"what", "value"},
		{"nodes", strconv.Itoa(s.Nodes)},
		{"arcs", strconv.Itoa(s.Arcs)},
		{"components", strconv.Itoa(s.Components)},
		{"largest component", strconv.Itoa(s.LargestComponentNodes)},
		{"bytes", strconv.FormatInt(s.Bytes, 10)},
		{"bounds", fmt.Sprintf("%.5f,%.5f %.5f,%.5f", s.Bounds.Min.Lon, s.Bounds.Min.Lat, s.Bounds.Max.Lon, s.Bounds.Max.Lat)},
		{"seconds", strconv.FormatFloat(s.Seconds, 'f', 3, 64)},
		{"hash", s.Hash},
	}
}

func (a *app) networkBuild() *cobra.Command {
	var out, profiles string
	c := &cobra.Command{
		Use:   "build FILE.osm.(pbf|bz2|gz) -o NET",
		Short: "Build a walking network from an OpenStreetMap extract",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if out == "" {
				return useError{fmt.Errorf("name the file to write with -o NET")}
			}
			if profiles != string(lifecircle.Walk) {
				return useError{fmt.Errorf("--profiles %q: this version builds %q", profiles, lifecircle.Walk)}
			}
			started := time.Now()
			n, err := buildNetwork(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if err := writeFile(out, n); err != nil {
				return err
			}
			s := summary{n.Summary(), time.Since(started).Seconds(), n.Hash()}
			return a.print(cmd.OutOrStdout(), s, s.rows())
		},
	}
	c.Flags().StringVarP(&out, "out", "o", "", "the network file to write")
	c.Flags().StringVar(&profiles, "profiles", string(lifecircle.Walk), "the ways of travelling to prepare")
	return a.formats(c)
}

func buildNetwork(ctx context.Context, path string) (*network.Network, error) {
	extract, err := osm.Read(ctx, path)
	if err != nil {
		return nil, err
	}
	return network.Build(extract)
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
			s := summary{n.Summary(), time.Since(started).Seconds(), n.Hash()}
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
	var points string
	c := &cobra.Command{
		Use:   "snap NET --points P.csv",
		Short: "Where points meet the streets, and which do not",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			n, err := network.Open(args[0])
			if err != nil {
				return err
			}
			file, err := readPoints(points)
			if err != nil {
				return err
			}
			rows := file.rows
			report := make([]snapped, len(rows))
			table := [][]string{{"id", "state", "metres", "edge", "from", "to", "lon", "lat", "reason"}}
			off := 0
			for i, p := range rows {
				report[i] = snapped{ID: p.id, State: "ok"}
				if snap, err := n.Snap(p.at); err != nil {
					report[i].State, report[i].Reason = "unsnapped", err.Error()
					off++
				} else {
					report[i].Edge, report[i].From, report[i].To = snap.Edge, snap.From, snap.To
					report[i].Metres, report[i].Lon, report[i].Lat = snap.Leg.Metres(), snap.At.Lon, snap.At.Lat
				}
				r := report[i]
				table = append(table, []string{
					r.ID, r.State, fmt.Sprint(r.Metres), fmt.Sprint(r.Edge), fmt.Sprint(r.From), fmt.Sprint(r.To),
					strconv.FormatFloat(r.Lon, 'f', 7, 64), strconv.FormatFloat(r.Lat, 'f', 7, 64), r.Reason,
				})
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "%d points, %d unsnapped\n", len(rows), off)
			return a.print(cmd.OutOrStdout(), map[string]any{"points": report, "unsnapped": off}, table)
		},
	}
	c.Flags().StringVar(&points, "points", "", "CSV with id,lon,lat")
	return a.formats(required(c, "points"))
}

func (a *app) networkExport() *cobra.Command {
	var out, profile string
	c := &cobra.Command{
		Use:   "export NET --profile walk -o GRAPH.gr",
		Short: "Write the largest component as text for other engines",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) (err error) {
			if profile != string(lifecircle.Walk) {
				return useError{fmt.Errorf("--profile %q: this version knows %q", profile, lifecircle.Walk)}
			}
			n, err := network.Open(args[0])
			if err != nil {
				return err
			}
			return toFile(out, func(w io.Writer) error { return n.Export(w) })
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

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"lifecircle"
	"lifecircle/intake"
	"lifecircle/network/osm"
	"lifecircle/plan"
	"lifecircle/plans"
	"lifecircle/tile"
)

func (a *app) tiles() *cobra.Command {
	c := &cobra.Command{Use: "tiles", Short: "The ground of maps: build, inspect", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	c.AddCommand(a.tilesBuild(), a.tilesInfo())
	return c
}

func (a *app) tilesBuild() *cobra.Command {
	var out, area, name, attribution string
	c := &cobra.Command{
		Use:   "build FILE.osm.(pbf|bz2|gz) [-o FILE.pmtiles] [--area CODE]",
		Short: "Build vector tiles from an OpenStreetMap extract",
		Long: `Builds the ground that maps are drawn on: roads by class, rail, water, green,
buildings, administrative boundaries, facilities and places with their Chinese
names, zooms 4 to 14, in one PMTiles file. Without -o the file goes into the
workspace's tiles/ under the hash of its content and serves the root area that
--area names from the next start of serve on.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg := tile.Config{Name: name, Attribution: attribution}
			if cfg.Name == "" {
				cfg.Name = filepath.Base(args[0])
			}
			if area != "" {
				code, err := lifecircle.ParseAreaCode(area)
				if err != nil {
					return useError{err}
				}
				cfg.Area = code
			} else if out == "" {
				return useError{fmt.Errorf("%s needs -o, or --area to keep the tiles in the workspace; see --help", cmd.CommandPath())}
			}
			read, err := mapContents(a.dir)
			if err != nil {
				return err
			}
			extract, err := osm.ReadWith(cmd.Context(), args[0], read)
			if err != nil {
				return err
			}
			if cfg.Attribution == "" {
				cfg.Attribution = intake.MapSource(filepath.Base(args[0]), extract.Date)
			}
			set, err := tile.Build(cmd.Context(), tile.Draw(extract), cfg)
			if err != nil {
				return err
			}
			path := out
			if path == "" {
				if path, err = keepTiles(a.dir, set); err != nil {
					return err
				}
			} else if err := writeFile(path, set.Write); err != nil {
				return err
			}
			return a.showTiles(cmd, path)
		},
	}
	c.Flags().StringVarP(&out, "out", "o", "", "the file to write; left out, the workspace's tiles/")
	c.Flags().StringVar(&area, "area", "", "code of the root area it is the ground of")
	c.Flags().StringVar(&name, "name", "", "name for people; the extract's file name when left out")
	c.Flags().StringVar(&attribution, "attribution", "", "shown in the frame of every map; OpenStreetMap's contributors and licence when left out")
	return a.formats(c)
}

// mapContents is all that a map draws, with the facilities of the workspace's
// plan or, where there is no workspace, of the plan that comes with the program.
func mapContents(dir string) (osm.Config, error) {
	files := plans.Ningxia2025()
	if exists(filepath.Join(dir, "plan")) {
		files = plans.In(filepath.Join(dir, "plan"))
	}
	pkg, faults := plan.Load(files)
	if pkg == nil {
		return osm.Config{}, lifecircle.Errorf("plan_faulty", "the plan has %d faults, first %s: run `lifecircle plan check`", len(faults), faults[0])
	}
	cfg := intake.MapConfig(pkg, intake.Mapping{})
	cfg.Scenery = true
	return cfg, nil
}

func (a *app) tilesInfo() *cobra.Command {
	return a.formats(&cobra.Command{
		Use:   "info FILE.pmtiles",
		Short: "Say what a file of tiles holds",
		Args:  cobra.ExactArgs(1),
		RunE:  func(cmd *cobra.Command, args []string) error { return a.showTiles(cmd, args[0]) },
	})
}

func (a *app) showTiles(cmd *cobra.Command, path string) error {
	archive, err := tile.Open(path)
	if err != nil {
		return err
	}
	defer archive.Close()
	s := archive.Summary()
	return a.print(cmd.OutOrStdout(), s, [][]string{
		{"what", "value"},
		{"area", string(s.Area)},
		{"name", s.Name},
		{"attribution", s.Attribution},
		{"tiles", strconv.FormatInt(s.Tiles, 10)},
		{"bytes", strconv.FormatInt(s.Bytes, 10)},
		{"zooms", fmt.Sprintf("%d to %d", s.MinZoom, s.MaxZoom)},
		{"bounds", fmt.Sprintf("%.5f,%.5f %.5f,%.5f", s.Bounds[0], s.Bounds[1], s.Bounds[2], s.Bounds[3])},
		{"hash", s.Hash},
	})
}

func tilesFolder(dir string) string { return filepath.Join(dir, "tiles") }

// keepTiles puts a set into a workspace, under the hash of its content, and
// returns its path.
func keepTiles(dir string, set *tile.Set) (path string, err error) {
	folder := tilesFolder(dir)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	hash, err := set.Hash()
	if err != nil {
		return "", err
	}
	path = filepath.Join(folder, hash+tile.Extension)
	return path, writeFile(path, set.Write)
}

// drawGround makes and keeps the tiles of a root area.
func drawGround(ctx context.Context, dir string, features []tile.Feature, cfg tile.Config) error {
	set, err := tile.Build(ctx, features, cfg)
	if err != nil {
		return fmt.Errorf("tiles of %s: %w", cfg.Area, err)
	}
	_, err = keepTiles(dir, set)
	return err
}

package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/intake"
	"lifecircle/network/osm"
	"lifecircle/registry"
	"lifecircle/scenario"
)

// mapAnswer is what an import of a map answers; the names are a contract.
type mapAnswer struct {
	importAnswer
	Date      string                  `json:"date"` // of the map; "" where the file does not say it
	New       int                     `json:"new"`
	Changed   int                     `json:"changed"`
	Corrected int                     `json:"corrected"` // left as somebody else said since
	Gone      []lifecircle.FacilityID `json:"gone"`
	Withdrawn bool                    `json:"withdrawn"` // whether those that are gone were withdrawn
}

func (a *app) importMap() *cobra.Command {
	var i importing
	var facilities, boundaries, withdraw bool
	c := &cobra.Command{
		Use:   "osm FILE.osm.(pbf|bz2|gz)",
		Short: "Take places and administrative boundaries in from an OpenStreetMap extract",
		Long: `Reads the places of an extract that the plan's facility kinds know by their tags, and
its administrative boundaries. A place lies in the lowest area whose boundary in the
extract holds it, else in the one of --set area=CODE. A boundary is an area by the
official code in its tag ref, in the tag that a mapping names, or in the mapping
itself; one without is refused and never guessed by its name.

A later extract gives a difference: new, changed, and gone, which stays unless
--withdraw-gone asks to withdraw it. What somebody else corrected since stays as well.

The answer is 0 when everything was taken, 1 when some was refused, and 3, with
nothing taken, when the file cannot be read.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			settings, err := i.file("osm", args[0])
			if err != nil {
				return err
			}
			if !facilities && !boundaries {
				facilities, boundaries = true, true
			}
			m := intake.Map{Name: settings.Name, Facilities: facilities, Boundaries: boundaries, Withdraw: withdraw, Mapping: settings.Mapping}
			return a.takeMap(cmd, i, mapFile{m, args[0]})
		},
	}
	flags := c.Flags()
	flags.BoolVar(&facilities, "facilities", false, "the places alone")
	flags.BoolVar(&boundaries, "boundaries", false, "the administrative areas alone")
	flags.StringVar(&i.mapping, "mapping", "", "YAML file that says which tags hold the codes of boundaries, and which code is meant")
	flags.StringArrayVar(&i.set, "set", nil, "area=CODE for places in no known boundary, source=… in place of the extract's own; may be repeated")
	flags.BoolVar(&withdraw, "withdraw-gone", false, "withdraw the places that the map had and has no longer")
	i.common(flags)
	return a.formats(c)
}

// mapFile is a map on its way in.
type mapFile struct {
	intake.Map
	path string
}

func (a *app) takeMap(cmd *cobra.Command, i importing, m mapFile) error {
	w, err := a.open(cmd.Context(), a.dir)
	if err != nil {
		return err
	}
	defer w.db.Close()
	if m.Extract, err = osm.ReadWith(cmd.Context(), m.path, intake.MapConfig(w.plan, m.Mapping)); err != nil {
		return err
	}
	facts, _, err := w.db.Facts(cmd.Context(), a.who)
	if err != nil {
		return err
	}
	if m.Known, err = w.grounds(cmd.Context(), facts.Registry); err != nil {
		return err
	}
	outcome, err := m.Read(intake.Into{Registry: facts.Registry, Plan: w.plan})
	if err != nil {
		return err
	}
	sum, err := digest(m.path)
	if err != nil {
		return err
	}
	answer := mapAnswer{
		New: outcome.New, Changed: outcome.Changed, Corrected: outcome.Corrected,
		Gone: append([]lifecircle.FacilityID{}, outcome.Gone...), Withdrawn: m.Withdraw,
	}
	if !m.Extract.Date.IsZero() {
		answer.Date = m.Extract.Date.Format(time.RFC3339)
	}
	answer.importAnswer, err = i.take(cmd.Context(), w, taken{
		kind: "osm", file: scenario.Account{File: m.Name, SHA256: sum}, outcome: outcome.Outcome, facts: facts,
		by: a.who, request: a.request(i.key),
	})
	if err != nil {
		return err
	}
	if err := a.print(cmd.OutOrStdout(), answer, answer.table()); err != nil {
		return err
	}
	if answer.Refused > 0 {
		return errNo
	}
	return nil
}

// grounds are the shapes of all areas that are drawn.
func (w *workspace) grounds(ctx context.Context, s *registry.Snapshot) (map[lifecircle.AreaCode]geo.Shape, error) {
	var hashes []string
	for _, a := range s.Areas() {
		if a.Outline != nil {
			hashes = append(hashes, a.Outline.Shape)
		}
	}
	shapes, err := w.db.Shapes(ctx, w.who, hashes)
	if err != nil {
		return nil, err
	}
	grounds := make(map[lifecircle.AreaCode]geo.Shape, len(hashes))
	for _, a := range s.Areas() {
		if a.Outline != nil {
			grounds[a.Code] = shapes[a.Outline.Shape]
		}
	}
	return grounds, nil
}

// digest is the SHA-256 of a file, which may be larger than memory.
func digest(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("read %s: %w", filepath.Base(path), err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// table adds what a later map changes to the counts and faults.
func (answer mapAnswer) table() [][]string {
	rows := answer.importAnswer.table()
	then := "stay; --withdraw-gone withdraws them"
	if answer.Withdrawn {
		then = "withdrawn"
	}
	date := answer.Date
	if date == "" {
		date = "an unknown day"
	}
	rows = append(rows, []string{"all", "", "", fmt.Sprintf("a map of %s: %d new, %d changed, %d corrected by others since and left; %d gone from the map", date, answer.New, answer.Changed, answer.Corrected, len(answer.Gone)), ""})
	for _, id := range answer.Gone {
		rows = append(rows, []string{"", "", "gone", string(id), then})
	}
	return rows
}

package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/api"
	"lifecircle/report"
	"lifecircle/scenario"
)

func (a *app) whatif() *cobra.Command {
	var upon string
	c := &cobra.Command{
		Use:   "whatif CHANGES.yaml | SCENARIO[@VERSION]",
		Short: "What changes would do: every touched target before and after",
		Long: `Tries changes on the workspace and keeps nothing: those of a stored scenario, by
its id or name, or of a file, which lists them in order:

  changes:
    - {op: add, kind: fitness_station, area: 640104, at: [106.28, 38.47]}
    - {op: move, id: 640104-0007, at: [106.29, 38.46]}
    - {op: close, id: 640104-0012, date: 2026-09-01}
    - {op: withdraw, id: 640104-0013}
    - {op: merge, id: 640104-0001, ids: [640104-0002]}
    - {op: change, id: 640104-0001, fields: {beds: 80}}
    - {op: convert, id: premises-9, kind: childcare, fields: {places: 60}}
    - {op: estate, at: [106.31, 38.51], people: 4200, name: New town}
    - {op: put, element: resident_population, area: 640104, period: 2025, value: 850000}
    - {op: parameter, object: 1.1.7, parameter: reach, value: 1200}
    - {op: parameter, object: 1.1.7, parameter: target, value: 97, area: 640104}
    - {op: close_street, at: [106.28, 38.47]}
    - {op: open_street, at: [106.28, 38.47]}
    - {op: new_street, at: [106.28, 38.47], to: [106.29, 38.47]}

Every step may say its date, today when left out; add and estate may also have id,
name, area (else that of the nearest population point) and fields. --upon tries a
file upon a stored scenario.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var trying api.Trying
			var err error
			stored := !exists(args[0]) && !strings.HasSuffix(args[0], ".yaml")
			if !stored {
				if trying.Steps, err = readSteps(args[0]); err != nil {
					return err
				}
			}
			d, err := a.drafts(cmd)
			if err != nil {
				return err
			}
			defer d.db.Close()
			if stored {
				upon = args[0]
			}
			if upon != "" {
				if trying.Upon, err = d.named(cmd, upon); err != nil {
					return err
				}
			}
			answer, err := d.TrySteps(cmd.Context(), d.grant, trying)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			for _, w := range answer.Warnings {
				fmt.Fprintf(cmd.ErrOrStderr(), "step %d: %s (%s)\n", w.Step, w.Message, w.Code)
			}
			return a.print(cmd.OutOrStdout(), answer, whatIfRows(answer))
		},
	}
	c.Flags().StringVar(&upon, "upon", "", "a stored scenario, by id or name, to try the file upon")
	return a.formats(c)
}

func whatIfRows(w report.WhatIf) [][]string {
	rows := [][]string{{
		"indicator", "variant", "area", "before", "after", "unit", "state_before", "state_after", "gained",
		"lower_before", "upper_before", "lower_after", "upper_after", "provenance_before", "provenance_after",
	}}
	for _, r := range w.Results {
		gained := ""
		if r.Gained != nil {
			gained = fmt.Sprint(*r.Gained)
		}
		row := []string{r.Indicator, r.Variant, r.Area, report.Number(r.Before), report.Number(r.After), r.Unit, r.StateBefore, r.StateAfter, gained}
		rows = append(rows, slices.Concat(row, rangeCells(r.RangeBefore), rangeCells(r.RangeAfter), []string{r.ProvenanceBefore, r.ProvenanceAfter}))
	}
	return rows
}

// rangeCells are the ends of a range; empty where there is none.
func rangeCells(r *report.Range) []string {
	if r == nil {
		return []string{"", ""}
	}
	return []string{report.Number(&r.Lower), report.Number(&r.Upper)}
}

// readSteps reads a file of changes.
func readSteps(path string) ([]scenario.Step, error) {
	text, err := readInput(path)
	if err != nil {
		return nil, err
	}
	var file struct {
		Changes []scenario.Step `yaml:"changes"`
	}
	if err := yaml.UnmarshalWithOptions(text, &file, yaml.Strict()); err != nil {
		return nil, lifecircle.Errorf("changes_invalid", "%s: %w\nwrite a list under the key changes, like\nchanges:\n  - {op: add, kind: fitness_station, at: [106.23, 38.48]}", path, err)
	}
	if len(file.Changes) == 0 {
		return nil, lifecircle.Errorf("changes_invalid", "%s holds no changes: want a list under the key changes", path)
	}
	return file.Changes, nil
}

// drafts is an open workspace with what stored scenarios are tried by.
type drafts struct {
	*workspace
	api.Shelf
	grant   account.Grant
	request func(key string) scenario.Request
}

func (a *app) drafts(cmd *cobra.Command) (*drafts, error) {
	w, err := a.open(cmd.Context(), a.dir)
	if err != nil {
		return nil, err
	}
	e, err := w.engine(cmd.Context())
	if err != nil {
		w.db.Close()
		return nil, err
	}
	return &drafts{w, api.Shelf{Engine: e, Store: w.db, Clock: a.now}, a.who, a.request}, nil
}

// named finds a scenario by its id, or by its name when one scenario alone has
// it; a version may follow behind an @.
func (d *drafts) named(cmd *cobra.Command, text string) (api.Opened, error) {
	o, err := api.ParseOpened(text)
	if err != nil {
		return o, err
	}
	all, err := d.db.Scenarios(cmd.Context(), d.grant, true)
	if err != nil {
		return o, err
	}
	var found []string
	for _, s := range all {
		if s.ID == o.ID {
			return o, nil
		}
		if s.Name == o.ID {
			found = append(found, s.ID)
		}
	}
	switch len(found) {
	case 0:
		return o, lifecircle.Errorf("scenario_unknown", "there is no scenario %q: see `lifecircle scenario list`", o.ID)
	case 1:
		o.ID = found[0]
		return o, nil
	}
	return o, lifecircle.Errorf("scenario_ambiguous", "%d scenarios have the name %q: name one by its id, %s", len(found), o.ID, strings.Join(found, " or "))
}

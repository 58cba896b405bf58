package main

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/api"
	"lifecircle/engine"
	"lifecircle/figure"
	"lifecircle/geo"
	"lifecircle/registry"
	"lifecircle/report"
	"lifecircle/scenario"
)

func (a *app) whatif() *cobra.Command {
	c := &cobra.Command{
		Use:   "whatif CHANGES.yaml",
		Short: "What changes would do: every touched target before and after",
		Long: `Tries changes on the workspace and keeps nothing. The file lists them in order:

  changes:
    - {op: add, kind: fitness_station, area: 640104, at: [106.28, 38.47]}
    - {op: move, id: 640104-0007, at: [106.29, 38.46]}
    - {op: withdraw, id: 640104-0012}
    - {op: put, element: resident_population, area: 640104, period: 2025, value: 850000}

add may also have id, name, public (default true) and fields.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			asked, err := readTrials(args[0])
			if err != nil {
				return err
			}
			w, err := open(cmd.Context(), a.dir)
			if err != nil {
				return err
			}
			defer w.db.Close()
			e, err := w.engine(cmd.Context())
			if err != nil {
				return err
			}
			root, changes, err := asked.of(e)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			started := time.Now()
			diff, err := e.WhatIf(account.Local(), root, changes)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			answer := api.Tried(diff, len(asked), time.Since(started))
			return a.print(cmd.OutOrStdout(), answer, whatIfRows(answer))
		},
	}
	return a.formats(c)
}

func whatIfRows(w report.WhatIf) [][]string {
	rows := [][]string{{"indicator", "variant", "area", "before", "after", "unit", "state_before", "state_after", "gained"}}
	for _, r := range w.Results {
		gained := ""
		if r.Gained != nil {
			gained = fmt.Sprint(*r.Gained)
		}
		rows = append(rows, []string{r.Indicator, r.Variant, r.Area, report.Number(r.Before), report.Number(r.After), r.Unit, r.StateBefore, r.StateAfter, gained})
	}
	return rows
}

// trial is one change of a file of changes.
type trial struct {
	Op      string         `yaml:"op"`
	ID      string         `yaml:"id"`
	Kind    string         `yaml:"kind"`
	Area    string         `yaml:"area"`
	Name    string         `yaml:"name"`
	At      []float64      `yaml:"at"` // longitude, latitude
	Public  *bool          `yaml:"public"`
	Fields  map[string]any `yaml:"fields"`
	Element string         `yaml:"element"`
	Period  string         `yaml:"period"`
	Value   string         `yaml:"value"`
}

type trials []trial

func readTrials(path string) (trials, error) {
	text, err := readInput(path)
	if err != nil {
		return nil, err
	}
	var file struct {
		Changes trials `yaml:"changes"`
	}
	if err := yaml.UnmarshalWithOptions(text, &file, yaml.Strict()); err != nil {
		return nil, lifecircle.Errorf("changes_invalid", "%s: %w", path, err)
	}
	if len(file.Changes) == 0 {
		return nil, lifecircle.Errorf("changes_invalid", "%s holds no changes: want a list under the key changes", path)
	}
	return file.Changes, nil
}

// of turns the trials into changes of one World; faults name the change.
func (t trials) of(e *engine.Engine) (root lifecircle.AreaCode, changes []scenario.Change, err error) {
	for i, one := range t {
		w, made, err := one.of(e)
		if err != nil {
			return "", nil, lifecircle.Errorf(lifecircle.ErrorCode(err), "change %d: %w", i+1, err)
		}
		if root != "" && root != w.Root() {
			return "", nil, lifecircle.Errorf("changes_invalid", "change %d is in %s and those before in %s: try them apart", i+1, w.Root(), root)
		}
		root, changes = w.Root(), append(changes, made...)
	}
	return root, changes, nil
}

// tried is the source of what is only tried.
const tried = "what-if"

func (t trial) of(e *engine.Engine) (*engine.World, []scenario.Change, error) {
	switch t.Op {
	case "add":
		return t.add(e)
	case "move", "withdraw":
		worlds, _ := e.Worlds()
		for _, w := range engine.InOrder(worlds) {
			f, ok := w.Registry().Facility(lifecircle.FacilityID(t.ID))
			if !ok {
				continue
			}
			if t.Op == "withdraw" {
				return w, []scenario.Change{{Op: scenario.Withdraw, ID: f.ID}}, nil
			}
			at, err := t.position()
			f.At = at
			return w, []scenario.Change{{Op: scenario.Amend, Facility: &f}}, err
		}
		return nil, nil, registry.UnknownFacility(lifecircle.FacilityID(t.ID))
	case "put":
		return t.put(e)
	}
	return nil, nil, lifecircle.Errorf("change_invalid", "op %q: want add, move, withdraw or put", t.Op)
}

func (t trial) position() (geo.Point, error) {
	if len(t.At) != 2 || !(geo.Point{Lon: t.At[0], Lat: t.At[1]}).Valid() {
		return geo.Point{}, lifecircle.Errorf("position_invalid", "at %v: want [longitude, latitude] in degrees", t.At)
	}
	return geo.Point{Lon: t.At[0], Lat: t.At[1]}, nil
}

func (t trial) world(e *engine.Engine) (*engine.World, lifecircle.AreaCode, error) {
	code, err := lifecircle.ParseAreaCode(t.Area)
	if err != nil {
		return nil, "", err
	}
	w, err := e.World(account.Local(), code)
	return w, code, err
}

func (t trial) add(e *engine.Engine) (*engine.World, []scenario.Change, error) {
	w, area, err := t.world(e)
	if err != nil {
		return nil, nil, err
	}
	at, err := t.position()
	if err != nil {
		return nil, nil, err
	}
	if _, ok := w.Plan().Kinds[t.Kind]; !ok {
		return nil, nil, lifecircle.Errorf("kind_unknown", "%q is no facility kind of plan %s", t.Kind, w.Plan().ID)
	}
	f := registry.Facility{
		ID: lifecircle.FacilityID(t.ID), Area: area, Kind: t.Kind, Name: t.Name, At: at,
		Public: t.Public == nil || *t.Public, Source: tried, Provenance: lifecircle.Generated,
	}
	if f.ID == "" {
		f.ID = lifecircle.FacilityID(fmt.Sprintf("%s-%s-%.7f-%.7f", tried, t.Kind, at.Lon, at.Lat))
	}
	if len(t.Fields) > 0 {
		text, err := json.Marshal(t.Fields)
		if err != nil {
			return nil, nil, lifecircle.Errorf("field_invalid", "fields: %w", err)
		}
		if err := json.Unmarshal(text, &f.Fields); err != nil {
			return nil, nil, err
		}
	}
	return w, []scenario.Change{{Op: scenario.Add, Facility: &f}}, nil
}

func (t trial) put(e *engine.Engine) (*engine.World, []scenario.Change, error) {
	w, area, err := t.world(e)
	if err != nil {
		return nil, nil, err
	}
	if _, ok := w.Plan().Elements[t.Element]; !ok {
		return nil, nil, lifecircle.Errorf("element_unknown", "%q is no element of plan %s", t.Element, w.Plan().ID)
	}
	period, err := lifecircle.ParsePeriod(t.Period)
	if err != nil {
		return nil, nil, err
	}
	number, err := lifecircle.ParseNumber(t.Value)
	key := figure.Key{Element: t.Element, Area: area, Period: period, Source: tried}
	return w, []scenario.Change{
		{Op: scenario.Put, Value: &figure.Value{Key: key, Number: number, Provenance: lifecircle.Generated}},
		{Op: scenario.Choose, Choice: &figure.Choice{Element: key.Element, Area: area, Period: period, Source: tried, Reason: tried}},
	}, err
}

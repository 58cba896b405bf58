package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"lifecircle"
	"lifecircle/figure"
	"lifecircle/intake"
	"lifecircle/scenario"
)

// valuesAnswer is what an import of values answers.
type valuesAnswer struct {
	Kind     string         `json:"kind"`
	File     string         `json:"file"`
	Rows     int            `json:"rows"`
	Accepted int            `json:"accepted"`
	Refused  int            `json:"refused"`
	Values   int            `json:"values"`
	DryRun   bool           `json:"dry_run"`
	Change   int64          `json:"change,omitempty"` // 0: nothing was taken
	Faults   []figure.Fault `json:"faults"`
}

func (a *app) importValues() *cobra.Command {
	var set []string
	var dryRun bool
	var key, refused string
	c := &cobra.Command{
		Use:   "values FILE",
		Short: "Take in reported values: areas down, periods or elements across",
		Long: `Reads a list of values: CSV in UTF-8 or GB18030, XLSX, GeoJSON. A column is headed
area, and others element, period, source, provenance or value, or 行政区代码, 数据项, 时期,
来源, 数据性质, 数值; every other heading is a period (2025-03), an element of the plan
(doctors) or both (doctors 2025-03), and its cells are values. An empty cell says
nothing. A row with a fault is not taken, named, and written back with --refused; the
others are taken in one change, which one undo takes back.

The answer is 0 when every row was taken, 1 when some were refused, and 3, with
nothing taken, when the file cannot be read.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			w, err := a.open(cmd.Context(), a.dir)
			if err != nil {
				return err
			}
			defer w.db.Close()
			list := figure.List{Name: filepath.Base(args[0]), Provenance: lifecircle.Real}
			if err := settings(&list, set); err != nil {
				return err
			}
			data, err := readInput(args[0])
			if err != nil {
				return err
			}
			areas, err := w.db.AreaCodes(cmd.Context(), a.who)
			if err != nil {
				return err
			}
			list.KnownArea = func(code lifecircle.AreaCode) bool { return areas[code] }
			list.KnownSeries = func(series string) bool { _, ok := w.plan.Series(series); return ok }
			taken, err := intake.ReadValues(intake.File{Name: list.Name, Data: data, Kind: "values"}, list)
			if err != nil {
				return err
			}
			answer := valuesAnswer{
				Kind: "values", File: list.Name, Rows: taken.Rows, Accepted: taken.Rows - taken.Refused, Refused: taken.Refused,
				Values: taken.Values, DryRun: dryRun, Faults: append([]figure.Fault{}, taken.Faults...),
			}
			if refused != "" && taken.Refused > 0 {
				outcome, err := taken.Outcome()
				if err != nil {
					return err
				}
				if err := writeRefused(refused, outcome); err != nil {
					return err
				}
			}
			if !dryRun && taken.Values > 0 {
				sum := sha256.Sum256(data)
				change, err := scenario.Import(cmd.Context(), w.db, a.who, scenario.Imported{
					Request: a.request(key),
					Account: scenario.Account{File: list.Name, SHA256: hex.EncodeToString(sum[:])}, Columns: taken.Columns,
				})
				if err != nil {
					return err
				}
				answer.Change = int64(change.Seq)
			}
			if err := a.print(cmd.OutOrStdout(), answer, valuesRows(answer)); err != nil {
				return err
			}
			if answer.Refused > 0 {
				return errNo
			}
			return nil
		},
	}
	c.Flags().StringArrayVar(&set, "set", nil, "element=…, source=… or provenance=real|estimated|generated for all rows; may be repeated")
	c.Flags().BoolVar(&dryRun, "dry-run", false, "say what would be taken and take nothing")
	c.Flags().StringVar(&refused, "refused", "", "write the refused rows with their reasons to this .xlsx or .csv")
	c.Flags().StringVar(&key, "key", "", "idempotency key: the same import with it again has no second effect")
	return a.formats(c)
}

func settings(list *figure.List, set []string) error {
	for _, s := range set {
		target, value, _ := strings.Cut(s, "=")
		switch target {
		case "element":
			list.Element = value
		case "source":
			list.Source = value
		case "provenance":
			if list.Provenance = lifecircle.Provenance(value); !list.Provenance.Valid() {
				return useError{fmt.Errorf("--set %s: want real, estimated or generated", s)}
			}
		default:
			return useError{fmt.Errorf("--set %s: want element=…, source=… or provenance=…", s)}
		}
	}
	return nil
}

func valuesRows(answer valuesAnswer) [][]string {
	rows := [][]string{{"row", "column", "code", "what", "remedy"}}
	for _, f := range answer.Faults {
		rows = append(rows, []string{fmt.Sprint(f.Row), f.Column, f.Code, f.Text, f.Remedy})
	}
	return append(rows, []string{"", "", "", fmt.Sprintf("%d values of %d rows; %d rows refused; change %d", answer.Values, answer.Accepted, answer.Refused, answer.Change), ""})
}

package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/geo"
	"lifecircle/intake"
	"lifecircle/scenario"
)

// importing is what the flags of an import say.
type importing struct {
	crs, mapping, refused, key string
	set                        []string
	dryRun                     bool
}

func (a *app) importCommand() *cobra.Command {
	var i importing
	c := &cobra.Command{
		Use:   "import areas|population|organisations|facilities|premises|estates|REGISTER|values FILE",
		Short: "Take a list in: CSV, XLSX or GeoJSON",
		Long: `Reads a list row by row. What can be taken is taken in one change, which one undo takes
back; every other row is named with its cell and the remedy, and written back with
--refused so that it can be corrected and taken in again. The columns go by English
ids or Chinese headings; a mapping file says what others mean. REGISTER is any
register of the plan package.

The answer is 0 when every row was taken, 1 when some were refused, and 3, with
nothing taken, when the file cannot be read.`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.importFile(cmd, i, args[0], args[1])
		},
	}
	flags := c.Flags()
	flags.StringVar(&i.crs, "crs", "", "coordinate system of the file: wgs84, cgcs2000, gcj02, bd09 or epsg:CODE")
	flags.StringVar(&i.mapping, "mapping", "", "YAML file that says what its columns and values mean")
	flags.StringArrayVar(&i.set, "set", nil, "TARGET=VALUE for rows that do not say it, as source=… or opened=2020-11-01; may be repeated")
	i.common(flags)
	return a.formats(c)
}

// common adds the flags that all imports of rows have.
func (i *importing) common(flags *pflag.FlagSet) {
	flags.BoolVar(&i.dryRun, "dry-run", false, "say what would be taken and take nothing")
	flags.StringVar(&i.refused, "refused", "", "write the refused rows with their reasons to this .xlsx or .csv")
	flags.StringVar(&i.key, "key", "", "idempotency key: the same import with it again has no second effect")
}

// importAnswer is what an import answers; the names are a contract.
type importAnswer struct {
	Kind      string         `json:"kind"`
	File      string         `json:"file"`
	Rows      int            `json:"rows"`
	Accepted  int            `json:"accepted"`
	Refused   int            `json:"refused"`
	Unchanged int            `json:"unchanged"`
	DryRun    bool           `json:"dry_run"`
	Change    int64          `json:"change,omitempty"` // 0: nothing new was said
	Ignored   []string       `json:"ignored_columns"`
	Faults    []intake.Fault `json:"faults"`
	Warnings  []string       `json:"warnings"` // of what is taken all the same
}

// file is a list as the flags describe it, without its data.
func (i importing) file(kind, path string) (intake.File, error) {
	file := intake.File{Name: filepath.Base(path), Kind: kind}
	if i.crs != "" {
		crs, err := geo.ParseCRS(i.crs)
		if err != nil {
			return file, err
		}
		file.CRS, file.CRSGiven = crs, true
	}
	if i.mapping != "" {
		text, err := readInput(i.mapping)
		if err != nil {
			return file, err
		}
		if file.Mapping, err = intake.ParseMapping(text); err != nil {
			return file, err
		}
	}
	if len(i.set) > 0 && file.Mapping.Constants == nil {
		file.Mapping.Constants = make(map[string]string)
	}
	for _, set := range i.set {
		target, value, ok := strings.Cut(set, "=")
		if !ok {
			return file, useError{fmt.Errorf("--set %q: want TARGET=VALUE", set)}
		}
		file.Mapping.Constants[target] = value
	}
	return file, nil
}

func (a *app) importFile(cmd *cobra.Command, i importing, kind, path string) error {
	file, err := i.file(kind, path)
	if err != nil {
		return err
	}
	if file.Data, err = readInput(path); err != nil {
		return err
	}
	w, err := a.open(cmd.Context(), a.dir)
	if err != nil {
		return err
	}
	defer w.db.Close()
	facts, _, err := w.db.Facts(cmd.Context(), a.who)
	if err != nil {
		return err
	}
	outcome, err := intake.Read(file, intake.Into{Registry: facts.Registry, Plan: w.plan})
	if err != nil {
		return err
	}
	sum := sha256.Sum256(file.Data)
	answer, err := i.take(cmd.Context(), w, taken{
		kind: kind, file: scenario.Account{File: file.Name, SHA256: hex.EncodeToString(sum[:])}, outcome: outcome, facts: facts,
		by: a.who, request: a.request(i.key),
	})
	if err != nil {
		return err
	}
	for _, warning := range answer.Warnings {
		fmt.Fprintf(cmd.ErrOrStderr(), "warning: %s\n", warning)
	}
	if err := a.print(cmd.OutOrStdout(), answer, answer.table()); err != nil {
		return err
	}
	if answer.Refused > 0 {
		return errNo
	}
	return nil
}

// readInput reads a file that somebody named: that it cannot be read is a fault of
// the input and not of the program.
func readInput(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, lifecircle.Errorf("file_unreadable", "%w", err).With("file", path)
	}
	return data, nil
}

// taken is what a file comes to, and the facts it comes to.
type taken struct {
	kind    string
	file    scenario.Account
	outcome intake.Outcome
	facts   scenario.Facts
	by      account.Grant
	request scenario.Request
}

// take makes the changes of a file true in one piece, unless the run is dry, and
// writes the refused rows.
func (i importing) take(ctx context.Context, w *workspace, t taken) (importAnswer, error) {
	answer := importAnswer{
		Kind: t.kind, File: t.file.File, Rows: t.outcome.Rows, Accepted: t.outcome.Accepted, Refused: len(t.outcome.Refused),
		Unchanged: t.outcome.Unchanged, DryRun: i.dryRun,
		Ignored: append([]string{}, t.outcome.Ignored...), Faults: append([]intake.Fault{}, t.outcome.Faults...), // [] and not null
		Warnings: []string{},
	}
	if len(t.outcome.Changes) > 0 {
		// What no single row shows, such as two areas with one code on some day.
		if _, err := t.facts.With(t.outcome.Changes); err != nil {
			return answer, err
		}
	}
	t.outcome.DoubtCRS(t.facts.Registry, w.streetsOf(t.facts.Registry))
	for _, warning := range t.outcome.Warnings {
		text := warning.Message
		if warning.Row > 0 {
			text = fmt.Sprintf("row %d, %s: %s", warning.Row, warning.Column, text)
		}
		answer.Warnings = append(answer.Warnings, text)
	}
	if i.refused != "" && len(t.outcome.Refused) > 0 {
		if err := writeRefused(i.refused, t.outcome); err != nil {
			return answer, err
		}
	}
	if len(t.outcome.Changes) == 0 || i.dryRun {
		return answer, nil
	}
	done, err := scenario.Import(ctx, w.db, t.by, scenario.Imported{
		Request: t.request, Account: t.file,
		Changes: t.outcome.Changes, Shapes: t.outcome.Shapes,
	})
	answer.Change = int64(done.Seq)
	return answer, err
}

// table shows the counts first and then the faults.
func (answer importAnswer) table() [][]string {
	rows := [][]string{{"row", "column", "code", "message", "remedy"}}
	for _, f := range answer.Faults {
		rows = append(rows, []string{fmt.Sprint(f.Row), f.Column, f.Code, f.Message, f.Remedy})
	}
	verb := "taken in by change " + fmt.Sprint(answer.Change)
	switch {
	case answer.DryRun:
		verb = "would be taken in"
	case answer.Change == 0:
		verb = "taken in, nothing new"
	}
	return append(rows, []string{
		"all", "", "", fmt.Sprintf("%d rows of %s: %d %s (%d said already), %d refused", answer.Rows, answer.File, answer.Accepted, verb, answer.Unchanged, answer.Refused), "",
	})
}

// writeRefused writes the refused rows to a file, which appears whole or not at
// all.
func writeRefused(path string, outcome intake.Outcome) error {
	write := outcome.WriteRefusedXLSX
	switch strings.ToLower(filepath.Ext(path)) {
	case ".xlsx":
	case ".csv":
		write = outcome.WriteRefusedCSV
	default:
		return useError{fmt.Errorf("--refused %s: want a file that ends in .xlsx or .csv", path)}
	}
	if err := writeFile(path, write); err != nil {
		return err
	}
	return os.Chmod(path, 0o644) // for whoever mends the rows
}

package main

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"lifecircle"
	"lifecircle/api"
	"lifecircle/document/pdf"
	"lifecircle/engine"
	"lifecircle/tile"
)

// reporting is what the flags of a report say.
type reporting struct {
	out, format, table, area, period, asOf, variant string
}

func (a *app) reportCommand() *cobra.Command {
	var x reporting
	c := &cobra.Command{
		Use:   "report " + strings.Join(api.ReportKinds(), "|") + " [INDICATOR] -o FILE",
		Short: "Write a report to a file, for paper or as spreadsheets",
		Long: `Writes a report in the format that the file's ending or --format names, in the language
of --lang. scoreboard and indicator INDICATOR fill one A4 page each; ledger is every
clause in the order of the text; annual is the accountability report: what became of each
clause, by whom and from which figures, with maps, laid out after GB/T 9704. A PDF is
printed by Chromium, which has to be installed. Spreadsheets hold every table whole, numbers as numbers,
with source, state and data kind in every row; a CSV is one of them, the first or the one
that --table names. The same facts give the same bytes: a report carries the day of the
last change that counts and never the day on which it was written.`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error { return a.report(cmd, x, args) },
	}
	flags := c.Flags()
	flags.StringVarP(&x.out, "out", "o", "", "the file to write; - is standard output and needs --format")
	flags.StringVar(&x.format, "format", "", "the format, where the file's ending does not say it")
	flags.StringVar(&x.table, "table", "", "of CSV: which table (default: the first; another name lists them)")
	flags.StringVar(&x.area, "area", "", "the area (default: the first root of the workspace)")
	flags.StringVar(&x.period, "period", "", "a year (default: the plan's target year)")
	flags.StringVar(&x.asOf, "as-of", "", "what was known at the end of that day, UTC (default: now)")
	flags.StringVar(&x.variant, "variant", "", "of an indicator: a reading of the text (default: the chosen one)")
	return c
}

func (a *app) report(cmd *cobra.Command, x reporting, args []string) error {
	ctx := api.WithGrant(cmd.Context(), a.who)
	ask := api.ReportAsk{Kind: args[0], Period: x.period, Variant: x.variant, Language: a.lang}
	if err := x.read(&ask, args[1:]); err != nil {
		return err
	}
	w, err := open(ctx, a.dir)
	if err != nil {
		return err
	}
	defer w.db.Close()
	reporter, done, err := w.reporter()
	if err != nil {
		return err
	}
	defer done()
	e, err := w.engineAsOf(ctx, x.asOf)
	if err != nil {
		return err
	}
	if ask.Area == "" {
		if ask.Area, err = firstRoot(e); err != nil {
			return err
		}
	}
	world, err := e.World(a.who, ask.Area)
	if err != nil {
		return err
	}
	if ask.Day, err = api.DayOf(ctx, w.db, world.Seq()); err != nil {
		return err
	}
	ask.Format = x.format
	d, err := reporter.Document(ctx, world, ask)
	if err != nil {
		return err
	}
	form := api.ReportForm{Format: x.format, Table: x.table}
	if x.out == "-" {
		return reporter.Write(ctx, cmd.OutOrStdout(), d, form)
	}
	if err := writeFile(x.out, func(out io.Writer) error { return reporter.Write(ctx, out, d, form) }); err != nil {
		return err
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "wrote %s: %s, %s\n", x.out, d.Title, ask.Area)
	return nil
}

// read finds out what is asked for, before anything is opened.
func (x *reporting) read(ask *api.ReportAsk, more []string) error {
	switch {
	case !slices.Contains(api.ReportKinds(), ask.Kind):
		return useError{fmt.Errorf("report %q: want %s", ask.Kind, strings.Join(api.ReportKinds(), ", "))}
	case ask.Kind == "indicator" && len(more) == 0:
		return useError{fmt.Errorf("report indicator needs an indicator: its id or clause number")}
	case ask.Kind != "indicator" && (len(more) > 0 || x.variant != ""):
		return useError{fmt.Errorf("report %s is of all promises: an INDICATOR and --variant are for report indicator", ask.Kind)}
	case x.out == "":
		return useError{fmt.Errorf("report needs -o FILE that ends in .%s", strings.Join(api.ReportFormats(), ", ."))}
	}
	if len(more) > 0 {
		ask.Indicator = more[0]
	}
	if x.format == "" {
		x.format = strings.TrimPrefix(strings.ToLower(filepath.Ext(x.out)), ".")
	}
	if !slices.Contains(api.ReportFormats(), x.format) {
		return useError{fmt.Errorf("a report is not written as %q: want a file that ends in .%s, or --format", x.format, strings.Join(api.ReportFormats(), ", ."))}
	}
	if x.table != "" && x.format != "csv" {
		return useError{fmt.Errorf("--table chooses what a .csv holds: a .%s holds all tables", x.format)}
	}
	if x.area == "" {
		return nil
	}
	var err error
	ask.Area, err = lifecircle.ParseAreaCode(x.area)
	return err
}

// firstRoot is the area a report is of where none is named.
func firstRoot(e *engine.Engine) (lifecircle.AreaCode, error) {
	worlds, _ := e.Worlds()
	for _, w := range engine.InOrder(worlds) {
		return w.Root(), nil
	}
	return "", lifecircle.Errorf("workspace_empty", "there are no areas yet: import some")
}

// reporter makes reports on the ground that the workspace's maps have; done closes
// it.
func (w *workspace) reporter() (reporter api.Reporter, done func(), err error) {
	cfg, err := readConfig(w.dir)
	if err != nil {
		return reporter, nil, err
	}
	ground := cfg.Basemap.ground()
	if ground.Tiles, err = tile.OpenShelf(tilesFolder(w.dir)); err != nil {
		return reporter, nil, err
	}
	reporter = cfg.reporter(ground)
	reporter.Shapes = w.db
	return reporter, func() { ground.Tiles.Close() }, nil
}

// reporter makes reports as the workspace is configured.
func (c config) reporter(ground api.Ground) api.Reporter {
	return api.Reporter{Ground: ground, Program: programVersion(), Head: c.Reports.head(), Printer: pdf.New(c.Reports.Chromium)}
}

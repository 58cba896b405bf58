package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"lifecircle"
	"lifecircle/plan"
	"lifecircle/plans"
	"lifecircle/store"
)

func (a *app) initialise() *cobra.Command {
	var from string
	c := &cobra.Command{
		Use:   "init DIR --plan PACKAGE",
		Short: "Make an empty workspace with a plan package",
		Long: `Makes a folder with a database and a copy of the plan package, checked as it goes in.
Areas come first after that: lifecircle --dir DIR import areas FILE.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := args[0]
			if from == "" {
				return useError{fmt.Errorf("init needs --plan PACKAGE")}
			}
			if exists(filepath.Join(dir, "plan")) {
				return lifecircle.Errorf("workspace_exists", "%s is a workspace already", dir).With("dir", dir)
			}
			if _, err := os.Stat(from); err != nil {
				return err
			}
			pkg, faults := plan.Load(plans.In(from))
			if pkg == nil {
				return lifecircle.Errorf("plan_faulty", "the plan of %s has faults: run `lifecircle plan check %s` (%d found)", from, from, len(faults))
			}
			if err := os.MkdirAll(dir, 0o755); err != nil {
				return err
			}
			database := os.Getenv(databaseVariable)
			if database == "" {
				database = filepath.Join(dir, "lifecircle.db")
			}
			db, err := store.Open(cmd.Context(), store.Config{Database: database})
			if err != nil {
				return err
			}
			if err := db.Close(); err != nil {
				return err
			}
			// The plan comes last: a workspace with one is whole.
			if err := copyPlan(dir, os.DirFS(from)); err != nil {
				return err
			}
			answer := map[string]any{"dir": dir, "plan": pkg.ID, "objects": len(pkg.Objects)}
			rows := [][]string{{"dir", "plan", "objects"}, {dir, pkg.ID, fmt.Sprint(len(pkg.Objects))}}
			return a.print(cmd.OutOrStdout(), answer, rows)
		},
	}
	c.Flags().StringVar(&from, "plan", "", "the folder of the plan package")
	return a.formats(c)
}

package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/engine"
	"lifecircle/journal"
	"lifecircle/network"
	"lifecircle/network/routing"
	"lifecircle/plan"
	"lifecircle/plans"
	"lifecircle/scenario"
	"lifecircle/store"
)

// workspace is an open folder: lifecircle.db, networks/ and plan/. The
// environment variable LIFECIRCLE_DATABASE names a PostgreSQL database instead
// of the file.
type workspace struct {
	dir  string
	db   *store.DB
	plan *plan.Package
	who  account.Grant
}

const databaseVariable = "LIFECIRCLE_DATABASE"

// open opens a workspace that exists.
func open(ctx context.Context, dir string) (*workspace, error) {
	pkg, faults := plan.Load(planFiles(dir))
	if pkg == nil {
		if len(faults) == 0 || !exists(filepath.Join(dir, "plan")) {
			return nil, lifecircle.Errorf("workspace_missing", "%s is no workspace: make one with `lifecircle demo %s --no-serve`, or name another with --dir", dir, dir)
		}
		return nil, lifecircle.Errorf("plan_faulty", "the plan of %s has %d faults, first %s: run `lifecircle plan check %s`",
			dir, len(faults), faults[0], filepath.Join(dir, "plan"))
	}
	database := os.Getenv(databaseVariable)
	if database == "" {
		database = filepath.Join(dir, "lifecircle.db")
	}
	db, err := store.Open(ctx, store.Config{Database: database})
	if err != nil {
		return nil, err
	}
	return &workspace{dir: dir, db: db, plan: pkg, who: account.Local()}, nil
}

// planFiles are the plan package of a workspace.
func planFiles(dir string) fs.FS { return plans.In(filepath.Join(dir, "plan")) }

func (w *workspace) files() fs.FS { return planFiles(w.dir) }

// open opens a workspace for who acts by --as.
func (a *app) open(ctx context.Context, dir string) (*workspace, error) {
	w, err := open(ctx, dir)
	if err != nil {
		return nil, err
	}
	w.who = a.who
	return w, nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// Network implements engine.Networks.
func (w *workspace) Network(hash string) (*network.Network, error) {
	return network.Open(networkFile(w.dir, hash))
}

// Index implements engine.Indexed. The index lies beside the network; one that is
// missing, stale or damaged is built, and kept where the folder can be written.
func (w *workspace) Index(hash string, n *network.Network) (*routing.Index, error) {
	index, _, err := routing.LoadIndex(indexFile(networkFile(w.dir, hash)), routing.GraphOf(n), routing.BuildConfig{})
	if index != nil {
		err = nil // only to write it failed
	}
	return index, err
}

var (
	_ engine.Networks = (*workspace)(nil)
	_ engine.Indexed  = (*workspace)(nil)
)

func networkFile(dir, hash string) string {
	return filepath.Join(dir, "networks", hash+".lcn")
}

// engine builds the Worlds of the workspace.
func (w *workspace) engine(ctx context.Context) (*engine.Engine, error) {
	return engine.Open(ctx, engine.Config{Source: w.db, Networks: w, Plan: w.plan, Grant: w.who})
}

// engineAsOf builds the Worlds as they stood at the end of a day, UTC; "" is now.
func (w *workspace) engineAsOf(ctx context.Context, day string) (*engine.Engine, error) {
	if day == "" {
		return w.engine(ctx)
	}
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return nil, useError{fmt.Errorf("--as-of %q: want a day like 2025-06-30", day)}
	}
	source := past{w.db, at.AddDate(0, 0, 1)}
	return engine.Open(ctx, engine.Config{Source: source, Networks: w, Plan: w.plan, Grant: w.who})
}

// past is the database as it was at a time: nothing came after.
type past struct {
	*store.DB
	at time.Time
}

// Facts implements engine.Source.
func (p past) Facts(ctx context.Context, grant account.Grant) (scenario.Facts, journal.Seq, error) {
	return p.FactsAsOf(ctx, grant, p.at)
}

// Changes implements journal.Feed.
func (past) Changes(context.Context, journal.Seq, int) ([]journal.Change, error) { return nil, nil }

// keepNetwork stores a network under its hash; the file appears whole or not at
// all.
func keepNetwork(dir string, n *network.Network) error {
	path := networkFile(dir, n.Hash())
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return writeFile(path, n.Write)
}

// writeFile writes a file, which appears whole or not at all.
func writeFile(path string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if err := write(f); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := f.Chmod(0o644); err != nil { // what is made to be handed on is for others to read
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return os.Rename(f.Name(), path)
}

// copyPlan puts a plan package into a workspace.
func copyPlan(dir string, files fs.FS) error {
	return os.CopyFS(filepath.Join(dir, "plan"), files)
}

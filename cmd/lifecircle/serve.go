package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/api"
	"lifecircle/engine"
	"lifecircle/intake/upload"
	"lifecircle/job"
	"lifecircle/store"
	"lifecircle/tile"
	"lifecircle/web"
)

const defaultAddr = "127.0.0.1:8080"

func (a *app) serve() *cobra.Command {
	var addr string
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve the workspace to a browser",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.serveWorkspace(cmd, a.dir, addr)
		},
	}
	c.Flags().StringVar(&addr, "addr", defaultAddr, "address to listen on; loopback only while there are no accounts")
	return c
}

// serveWorkspace serves until the context ends, then lets running requests
// finish.
func (a *app) serveWorkspace(cmd *cobra.Command, dir, addr string) error {
	ctx := cmd.Context()
	if err := loopback(addr); err != nil {
		return err
	}
	w, err := a.open(ctx, dir)
	if err != nil {
		return err
	}
	defer w.db.Close()
	cfg, err := readConfig(dir)
	if err != nil {
		return err
	}
	ground := cfg.Basemap.ground()
	if ground.Tiles, err = tile.OpenShelf(tilesFolder(dir)); err != nil {
		return err
	}
	defer ground.Tiles.Close()
	reporter := cfg.reporter(ground)
	reporter.Shapes = w.db
	e, err := w.engine(ctx)
	if err != nil {
		return err
	}
	uploads, err := upload.Open(upload.Config{Dir: filepath.Join(dir, "uploads")})
	if err != nil {
		return err
	}
	following, stop := context.WithCancel(ctx)
	followed := make(chan error, 1)
	go func() { followed <- e.Follow(following) }()
	defer func() { stop(); <-followed }()

	log := slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), nil))
	jobs := job.NewRunner(job.Config{
		Store: w.db, Grant: account.Local(), Clock: time.Now, Log: log,
		Kinds: map[string]job.Kind{
			api.SitingJob:    api.SitingKind(e, account.Local(), time.Now),
			api.AllotmentJob: api.AllotmentKind(e, account.Local(), time.Now),
			store.FoldJob:    w.db.FoldKind(account.Local()),
		},
	})
	working, halt := context.WithCancel(ctx)
	worked := make(chan error, 1)
	go func() { worked <- jobs.Run(working) }()
	defer func() { halt(); <-worked }()

	go foldFigures(working, w.db, jobs, log)

	// The first scoreboard takes seconds for a region; nobody shall wait for it.
	go func() {
		worlds, _ := e.Worlds()
		for _, w := range engine.InOrder(worlds) {
			w.Evaluator().Results(w.Root(), lifecircle.Year(w.Plan().Year))
		}
	}()

	server := &http.Server{
		Handler: api.Handler(api.Config{
			Engine: e, Store: w.db, Plan: w.files(), Pages: web.Files(), Uploads: uploads, Ground: ground, Version: programVersion(), Reports: reporter,
			Grant: func(*http.Request) account.Grant { return a.who },
			Jobs:  jobs, Clock: a.now, Log: log,
		}),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute,
		IdleTimeout:       2 * time.Minute,
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return lifecircle.Errorf("address_taken", "listen on %s: %w; name another with --addr", addr, err)
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "lifecircle: open http://%s/ (end with Ctrl-C)\n", listener.Addr())
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := server.Shutdown(grace); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("shut down: %w", err)
	}
	return nil
}

// So many values put on their own are worth a fold, and so often it is asked whether
// there are.
const (
	foldAt    = 10_000
	foldEvery = 10 * time.Minute
)

// foldFigures has the values that were put on their own folded whenever there are
// many, so that the next start is not slowed by them.
func foldFigures(ctx context.Context, db *store.DB, jobs *job.Runner, log *slog.Logger) {
	tick := time.NewTicker(foldEvery)
	defer tick.Stop()
	for {
		rows, err := db.TailLength(ctx, account.Local())
		if err == nil && rows >= foldAt {
			_, err = jobs.Submit(ctx, account.Local(), job.New{Kind: store.FoldJob})
		}
		if err != nil && ctx.Err() == nil {
			log.Error("fold figures", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// loopback refuses addresses that others can reach: without accounts whoever
// reaches the server may do everything.
func loopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return useError{fmt.Errorf("--addr %q: want host:port, such as %s", addr, defaultAddr)}
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return useError{fmt.Errorf("--addr %q is not on loopback: there are no accounts yet, so anyone who reaches the server could change everything; use 127.0.0.1", addr)}
	}
	return nil
}

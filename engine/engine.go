package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/journal"
	"lifecircle/network"
	"lifecircle/network/routing"
	"lifecircle/plan"
	"lifecircle/registry"
	"lifecircle/scenario"
)

// Source is what the engine reads: the facts as they stand, and the log of what
// happens to them. Facts and its Seq are read in one transaction.
type Source interface {
	journal.Feed
	Facts(context.Context, account.Grant) (scenario.Facts, journal.Seq, error)
}

// Networks opens street networks by their content hash.
type Networks interface {
	Network(hash string) (*network.Network, error)
}

// Indexed are Networks that keep an index of each; of others one is built.
type Indexed interface {
	Index(hash string, n *network.Network) (*routing.Index, error)
}

// Config is what an Engine needs. Poll and Log may be left out.
type Config struct {
	Source   Source
	Networks Networks
	Plan     *plan.Package
	Grant    account.Grant // of the process itself, to read everything
	// Poll is how often the log is looked at for changes by other processes;
	// the zero value means 5 ms.
	Poll time.Duration
	Log  *slog.Logger // nil discards
}

// Engine keeps the current Worlds. Its methods are safe for concurrent use.
type Engine struct {
	cfg   Config
	now   atomic.Pointer[moment]
	wake  chan struct{}
	opens sync.Mutex // networks are opened once
	nets  map[string]opened
}

// moment is all Worlds after one change; advanced is closed when a later one
// takes its place.
type moment struct {
	seq      journal.Seq
	worlds   map[lifecircle.AreaCode]*World
	registry *registry.Snapshot // of the last reload: which area lies under which root
	advanced chan struct{}
}

// Open reads the facts and builds a World for every root area.
func Open(ctx context.Context, cfg Config) (*Engine, error) {
	if cfg.Poll == 0 {
		cfg.Poll = 5 * time.Millisecond
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	e := &Engine{cfg: cfg, wake: make(chan struct{}, 1), nets: make(map[string]opened)}
	m, err := e.reload(ctx)
	if err != nil {
		return nil, err
	}
	e.now.Store(m)
	return e, nil
}

func (e *Engine) reload(ctx context.Context) (*moment, error) {
	facts, seq, err := e.cfg.Source.Facts(ctx, e.cfg.Grant)
	if err != nil {
		return nil, fmt.Errorf("read facts: %w", err)
	}
	m := &moment{seq: seq, worlds: make(map[lifecircle.AreaCode]*World), registry: facts.Registry, advanced: make(chan struct{})}
	for _, root := range facts.Registry.Roots() {
		parts := Parts{Root: root, Plan: e.cfg.Plan, Seq: seq}
		parts.Facts.Registry = facts.Registry.Under(root)
		parts.Facts.Figures = facts.Figures.Under(func(area lifecircle.AreaCode) bool { return facts.Registry.Root(area) == root })
		if kept, ok := facts.Registry.Network(root); ok {
			n, err := e.network(kept.Hash)
			if err != nil {
				return nil, fmt.Errorf("network of %s: %w", root, err)
			}
			parts.Network, parts.Index = n.net, n.index
		}
		m.worlds[root] = Build(parts)
	}
	return m, nil
}

// opened is a network with its index.
type opened struct {
	net   *network.Network
	index *routing.Index
}

func (e *Engine) network(hash string) (n opened, err error) {
	e.opens.Lock()
	defer e.opens.Unlock()
	if n, ok := e.nets[hash]; ok {
		return n, nil
	}
	if n.net, err = e.cfg.Networks.Network(hash); err != nil {
		return n, err
	}
	if keeper, ok := e.cfg.Networks.(Indexed); ok {
		if n.index, err = keeper.Index(hash, n.net); err != nil {
			return n, err
		}
	}
	e.nets[hash] = n
	return n, nil
}

// Follow folds the change log into new Worlds until ctx ends. It is the only
// writer of the current Worlds, this process's own changes included. A change
// that cannot be folded, or a gap in the log, makes it read everything anew.
func (e *Engine) Follow(ctx context.Context) error {
	ticker := time.NewTicker(e.cfg.Poll)
	defer ticker.Stop()
	for {
		if err := e.catchUp(ctx); err != nil && ctx.Err() == nil {
			e.cfg.Log.Error("follow the log", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-e.wake:
		case <-ticker.C:
		}
	}
}

// Wake makes Follow look at the log at once; the writer of a change calls it.
func (e *Engine) Wake() {
	select {
	case e.wake <- struct{}{}:
	default: // it is awake
	}
}

func (e *Engine) catchUp(ctx context.Context) error {
	const batch = 1000
	for {
		m := e.now.Load()
		changes, err := e.cfg.Source.Changes(ctx, m.seq, batch)
		if err != nil {
			return err
		}
		if len(changes) == 0 {
			return nil
		}
		next, err := m.after(changes)
		if err != nil {
			if !errors.Is(err, errReload) {
				e.cfg.Log.Error("fold changes", "after", m.seq, "error", err)
			}
			if next, err = e.reload(ctx); err != nil {
				return err
			}
		}
		e.now.Store(next)
		close(m.advanced)
	}
}

// errReload says that the changes can be had only by reading everything.
var errReload = errors.New("the log asks for a reload")

// after folds changes into the Worlds.
func (m *moment) after(changes []journal.Change) (*moment, error) {
	next := &moment{seq: m.seq, registry: m.registry, worlds: make(map[lifecircle.AreaCode]*World), advanced: make(chan struct{})}
	for root, w := range m.worlds {
		next.worlds[root] = w
	}
	for _, c := range changes {
		if c.Seq != next.seq+1 {
			return nil, fmt.Errorf("%w: after %d comes %d", errReload, next.seq, c.Seq)
		}
		operations, told, err := scenario.Operations(c)
		if err != nil {
			return nil, err
		}
		if !told || slices.ContainsFunc(operations, func(c scenario.Change) bool { return c.Op == scenario.Area || c.Op == scenario.Network }) {
			return nil, errReload // too many to be told, or roots may have changed
		}
		byRoot, err := next.byRoot(operations)
		if err != nil {
			return nil, fmt.Errorf("change %d: %w", c.Seq, err)
		}
		for root, operations := range byRoot {
			if next.worlds[root], err = next.worlds[root].With(operations, c.Seq); err != nil {
				return nil, fmt.Errorf("change %d: %w", c.Seq, err)
			}
		}
		next.seq = c.Seq
	}
	return next, nil
}

// byRoot parts operations by the root area they speak of, their order kept.
func (m *moment) byRoot(changes []scenario.Change) (map[lifecircle.AreaCode][]scenario.Change, error) {
	parts := make(map[lifecircle.AreaCode][]scenario.Change)
	added := make(map[any]lifecircle.AreaCode) // by facility id or entry, within these changes
	for _, c := range changes {
		if err := c.Check(m.registry); err != nil {
			return nil, err
		}
		area := c.About()
		switch c.Op {
		case scenario.Add:
			added[c.Facility.ID] = area
		case scenario.Enter:
			added[c.Record.Entry()] = area
		case scenario.Point:
			added[registry.Entry{Register: registry.PointRegister, ID: c.Point.ID}] = area
		case scenario.Withdraw:
			if area = m.holding(added[c.ID], func(r *registry.Snapshot) bool { _, ok := r.Facility(c.ID); return ok }); area == "" {
				return nil, registry.UnknownFacility(c.ID)
			}
		case scenario.Strike:
			if area = m.holding(added[*c.Entry], func(r *registry.Snapshot) bool { return r.Has(*c.Entry) }); area == "" {
				return nil, registry.UnknownEntry(*c.Entry)
			}
		}
		root := m.registry.Root(area)
		parts[root] = append(parts[root], c)
	}
	return parts, nil
}

// holding returns the area where something was just added, or the root of the
// World that has it; "" when none has.
func (m *moment) holding(added lifecircle.AreaCode, has func(*registry.Snapshot) bool) lifecircle.AreaCode {
	for root, w := range m.worlds {
		if has(w.Registry()) {
			return root
		}
	}
	return added
}

// Seq returns the last change the Worlds know.
func (e *Engine) Seq() journal.Seq { return e.now.Load().seq }

// Wait returns when the Worlds know change seq, or with the error not_ready when
// ctx ends first.
func (e *Engine) Wait(ctx context.Context, seq journal.Seq) error {
	for {
		m := e.now.Load()
		if m.seq >= seq {
			return nil
		}
		select {
		case <-m.advanced:
		case <-ctx.Done():
			return lifecircle.Errorf("not_ready", "change %d is not folded yet (at %d)", seq, m.seq).With("seq", int64(seq))
		}
	}
}

// Worlds returns the current Worlds by root, as of one change.
func (e *Engine) Worlds() (map[lifecircle.AreaCode]*World, journal.Seq) {
	m := e.now.Load()
	return m.worlds, m.seq
}

// World returns the World that an area belongs to. Its errors are area_unknown
// and forbidden.
func (e *Engine) World(grant account.Grant, area lifecircle.AreaCode) (*World, error) {
	if err := grant.Check(area); err != nil {
		return nil, err
	}
	m := e.now.Load()
	if _, ok := m.registry.Area(area); !ok {
		return nil, registry.UnknownArea(area)
	}
	return m.worlds[m.registry.Root(area)], nil
}

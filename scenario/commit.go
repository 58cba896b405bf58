package scenario

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/figure"
	"lifecircle/geo"
	"lifecircle/journal"
	"lifecircle/registry"
)

// The actions this package records.
const (
	ActionLoad   = "load"   // a registry.Base; the body counts its rows
	ActionImport = "import" // a file; the body is an Account of it
	ActionChange = "change" // the body is []Change
	ActionUndo   = "undo"   // the body is the []Change that takes the other back, or the Account of what it undoes
)

// Operations returns the operations of a change; ok is false when its body only
// gives an account of them, because they are too many to be passed on with the
// log: then who follows it reads the facts anew. A deed to a scenario has none.
func Operations(c journal.Change) (changes []Change, ok bool, err error) {
	if c.Action == ActionScenario {
		return nil, true, nil
	}
	if !bytes.HasPrefix(c.Body, []byte("[")) {
		return nil, false, nil
	}
	if err := json.Unmarshal(c.Body, &changes); err != nil {
		return nil, false, fmt.Errorf("read change %d: %w", c.Seq, err)
	}
	return changes, true, nil
}

// Account says what a change did whose operations are not in the log: where they
// came from and how many of each there were.
type Account struct {
	File   string     `json:"file,omitempty"`
	SHA256 string     `json:"sha256,omitempty"`
	Counts map[Op]int `json:"counts"`
}

func (a Account) counting(changes []Change) Account {
	a.Counts = make(map[Op]int)
	for _, c := range changes {
		a.Counts[c.Op]++
	}
	return a
}

// Tx is a store's transaction as this package uses it.
type Tx interface {
	journal.Tx
	registry.Writer
	figure.Writer
	History
	Shelf
}

// History reads, inside a transaction, who wrote a fact and what it was then, to
// undo a change.
type History interface {
	// Change finds a change and keeps others out until the transaction ends, so
	// that what is read is what is overturned; change_unknown otherwise.
	Change(ctx context.Context, grant account.Grant, seq journal.Seq) (journal.Change, error)
	// TakenBack says whether an undo of a change is in force: one that was not
	// itself taken back.
	TakenBack(ctx context.Context, grant account.Grant, seq journal.Seq) (bool, error)
	// RegistryWritings returns all writings of every fact of the registry that a
	// change wrote.
	RegistryWritings(ctx context.Context, grant account.Grant, id journal.ChangeID) (RegistryWritings, error)
	ValueWritings(ctx context.Context, grant account.Grant, key figure.Key) ([]Writing[figure.Value], error)
	// ChoiceWritings leaves the key's source aside.
	ChoiceWritings(ctx context.Context, grant account.Grant, slot figure.Key) ([]Writing[figure.Choice], error)
}

// Writing is what one change left of a fact. Writings come latest first.
type Writing[F any] struct {
	Seq    journal.Seq
	Undoes journal.Seq // the change that this one took back, or 0
	Stands bool        // false: withdrawn or retracted, and Fact says nothing
	Fact   F
}

// RegistryWritings are the writings of some facts of the registry, the latest of
// each first.
type RegistryWritings struct {
	Areas      [][]Writing[registry.Area]
	Points     [][]Writing[registry.PopulationPoint]
	Facilities [][]Writing[registry.Facility]
	Records    [][]Writing[registry.Record]
	Networks   [][]Writing[registry.Network]
}

// Store opens transactions.
type Store interface {
	BeginChanges(context.Context) (Tx, error)
}

// Request is what Commit and Load record besides the facts.
type Request struct {
	Key string    // idempotency key; "" for none
	At  time.Time // the clock of the caller
}

// Commit makes the changes true, all or none, and returns their record.
func Commit(ctx context.Context, store Store, grant account.Grant, do Committed) (journal.Change, error) {
	body, err := json.Marshal(do.Changes)
	if err != nil {
		return journal.Change{}, fmt.Errorf("write changes: %w", err)
	}
	tx, err := store.BeginChanges(ctx)
	if err != nil {
		return journal.Change{}, err
	}
	action := journal.Action{Name: ActionChange, Body: body, Key: do.Key, At: do.At}
	return journal.Do(ctx, tx, grant, action, func(id journal.ChangeID) error {
		return write(ctx, tx, grant, writing{id, do.Changes})
	})
}

// Committed is what Commit is asked to make true.
type Committed struct {
	Request
	Changes []Change
}

// Load makes a registry's base true in one change; its faults are reported all
// at once and nothing is written.
func Load(ctx context.Context, store Store, grant account.Grant, load Loaded) (journal.Change, error) {
	if faults := load.Base.Check(); len(faults) > 0 {
		return journal.Change{}, lifecircle.Errorf("registry_invalid", "%d faults: %w", len(faults), joined(faults))
	}
	b := load.Base
	body, err := json.Marshal(map[string]int{
		"areas": len(b.Areas), "population_points": len(b.Points), "facilities": len(b.Facilities), "records": len(b.Records), "networks": len(b.Networks),
	})
	if err != nil {
		return journal.Change{}, fmt.Errorf("write counts: %w", err)
	}
	tx, err := store.BeginChanges(ctx)
	if err != nil {
		return journal.Change{}, err
	}
	action := journal.Action{Name: ActionLoad, Body: body, Key: load.Key, At: load.At}
	return journal.Do(ctx, tx, grant, action, func(id journal.ChangeID) error {
		for _, s := range load.Shapes {
			if err := tx.InsertShape(ctx, grant, id, s); err != nil {
				return err
			}
		}
		for _, a := range b.Areas {
			if err := tx.InsertArea(ctx, grant, id, a); err != nil {
				return err
			}
		}
		for _, p := range b.Points {
			if err := tx.InsertPopulationPoint(ctx, grant, id, p); err != nil {
				return err
			}
		}
		for _, f := range b.Facilities {
			if err := tx.InsertFacility(ctx, grant, id, f); err != nil {
				return err
			}
		}
		for _, r := range b.Records {
			if err := tx.InsertRecord(ctx, grant, id, r); err != nil {
				return err
			}
		}
		for _, n := range b.Networks {
			if err := tx.InsertNetwork(ctx, grant, id, n); err != nil {
				return err
			}
		}
		return nil
	})
}

// Loaded is what Load is asked to make true.
type Loaded struct {
	Request
	Base   registry.Base
	Shapes []geo.Shape // the ground that the outlines of its areas name
}

// Import makes the changes true, all or none, as Commit does; the log keeps an
// account of them in place of the operations.
func Import(ctx context.Context, store Store, grant account.Grant, do Imported) (journal.Change, error) {
	do.Account = do.counting(do.Changes)
	for _, c := range do.Columns {
		do.Counts[Put] += c.Count()
	}
	body, err := json.Marshal(do.Account)
	if err != nil {
		return journal.Change{}, fmt.Errorf("write account: %w", err)
	}
	tx, err := store.BeginChanges(ctx)
	if err != nil {
		return journal.Change{}, err
	}
	action := journal.Action{Name: ActionImport, Body: body, Key: do.Key, At: do.At}
	return journal.Do(ctx, tx, grant, action, func(id journal.ChangeID) error {
		if len(do.Columns) > 0 {
			if err := tx.PutColumns(ctx, grant, id, do.Columns); err != nil {
				return err
			}
		}
		for _, s := range do.Shapes {
			if err := tx.InsertShape(ctx, grant, id, s); err != nil {
				return err
			}
		}
		return write(ctx, tx, grant, writing{id, do.Changes})
	})
}

// toldInTheLog is up to how many operations a list stands in the log with its
// operations, so that the Worlds fold them in and need not be built anew.
const toldInTheLog = 500

// Take makes a list true: with its operations in the log where they are few, and by an
// account of them, as Import does, where they are many or bring ground along.
func Take(ctx context.Context, store Store, grant account.Grant, do Imported) (journal.Change, error) {
	if len(do.Changes) > toldInTheLog || len(do.Shapes)+len(do.Columns) > 0 {
		return Import(ctx, store, grant, do)
	}
	return Commit(ctx, store, grant, Committed{Request: do.Request, Changes: do.Changes})
}

// Imported is what Import is asked to make true. Counts is made from Changes.
type Imported struct {
	Request
	Account
	Changes []Change
	// Shapes are the ground that the outlines of areas in Changes name. Undoing the
	// import leaves them where they are: no area names them any more.
	Shapes []geo.Shape
	// Columns are lists of values, each taken in as a whole. Undoing the import
	// takes them out again, whatever was put over them later.
	Columns []*figure.Column
}

// Undo takes one change back by a new change with the opposite effect. It is
// refused with change_overtaken when a later change touched the same facts, and
// with change_not_undoable for a load.
func Undo(ctx context.Context, store Store, grant account.Grant, undo Undone) (journal.Change, error) {
	tx, err := store.BeginChanges(ctx)
	if err != nil {
		return journal.Change{}, err
	}
	inverse, told, err := inverseOf(ctx, tx, grant, undo.Seq)
	if err != nil {
		return journal.Change{}, rolledBack(tx, err)
	}
	body, err := json.Marshal(inverse)
	if !told {
		body, err = json.Marshal(Account{}.counting(inverse))
	}
	if err != nil {
		return journal.Change{}, rolledBack(tx, fmt.Errorf("write changes: %w", err))
	}
	action := journal.Action{Name: ActionUndo, Body: body, Undoes: undo.Seq, Key: undo.Key, At: undo.At}
	return journal.Do(ctx, tx, grant, action, func(id journal.ChangeID) error {
		return write(ctx, tx, grant, writing{id, inverse})
	})
}

// Undone is what Undo is asked to take back.
type Undone struct {
	Request
	Seq journal.Seq
}

type writing struct {
	id      journal.ChangeID
	changes []Change
}

func write(ctx context.Context, tx Tx, grant account.Grant, w writing) error {
	for _, c := range w.changes {
		var err error
		switch c.Op {
		case Add:
			err = tx.InsertFacility(ctx, grant, w.id, *c.Facility)
		case Amend:
			err = tx.AmendFacility(ctx, grant, w.id, *c.Facility)
		case Withdraw:
			err = tx.WithdrawFacility(ctx, grant, w.id, c.ID)
		case Enter:
			err = tx.InsertRecord(ctx, grant, w.id, *c.Record)
		case Area:
			err = tx.InsertArea(ctx, grant, w.id, *c.Area)
		case Point:
			err = tx.InsertPopulationPoint(ctx, grant, w.id, *c.Point)
		case Network:
			err = tx.InsertNetwork(ctx, grant, w.id, *c.Network)
		case Strike:
			err = tx.Strike(ctx, grant, w.id, *c.Entry)
		case Put:
			err = tx.PutValue(ctx, grant, w.id, *c.Value)
		case Retract:
			err = tx.RetractValue(ctx, grant, w.id, *c.Key)
		case Choose:
			err = tx.PutChoice(ctx, grant, w.id, *c.Choice)
		default:
			err = lifecircle.Errorf("change_invalid", "operation %q is not known", c.Op)
		}
		if err != nil { // which may be of an earlier change: a store writes many at a time
			return err
		}
	}
	return nil
}

// inverseOf reads, inside the transaction, what takes a change back. A change
// may touch one fact several times; its state before the change is restored
// once. told is whether the log tells the operations of the change.
func inverseOf(ctx context.Context, tx Tx, grant account.Grant, seq journal.Seq) (inverse []Change, told bool, err error) {
	done, err := tx.Change(ctx, grant, seq)
	if err != nil {
		return nil, false, err
	}
	if done.Action == ActionLoad {
		return nil, false, lifecircle.Errorf("change_not_undoable", "change %d loaded the base; make a new workspace instead", seq)
	}
	if done.Action == ActionScenario {
		return nil, false, lifecircle.Errorf("change_not_undoable", "change %d edited a scenario: undo it there", seq)
	}
	changes, told, err := Operations(done)
	if err != nil {
		return nil, false, err
	}
	writings, err := tx.RegistryWritings(ctx, grant, done.ID)
	if err != nil {
		return nil, false, err
	}
	if inverse, err = writings.restored(ctx, tx, grant, seq); err != nil {
		return nil, false, err
	}
	seen := make(map[any]bool)
	for _, c := range slices.Backward(changes) {
		fact := c.figure()
		if fact == nil || seen[fact] {
			continue
		}
		seen[fact] = true
		back, err := restored(ctx, tx, grant, reading{fact, seq})
		if err != nil {
			return nil, false, err
		}
		inverse = append(inverse, back...)
	}
	return inverse, told, nil
}

// figure returns what a change of figures is about: a figure.Key, or for a choice
// a slotKey; nil for a change of the registry.
func (c Change) figure() any {
	switch c.Op {
	case Put:
		return c.Value.Key
	case Retract:
		return *c.Key
	case Choose:
		return slotKey{Element: c.Choice.Element, Area: c.Choice.Area, Period: c.Choice.Period}
	}
	return nil
}

// restored returns the changes that make the facts again what they were before a
// change: first what is taken out, from the leaves to the areas, then what is put
// back, areas first.
func (w RegistryWritings) restored(ctx context.Context, tx Tx, grant account.Grant, seq journal.Seq) ([]Change, error) {
	facilities, err := backs(ctx, tx, grant, undoing[registry.Facility]{seq, w.Facilities, func(f registry.Facility) Change {
		return Change{Op: Withdraw, ID: f.ID}
	}, func(f registry.Facility, stands bool) Change {
		if stands {
			return Change{Op: Amend, Facility: &f}
		}
		return Change{Op: Add, Facility: &f}
	}})
	if err != nil {
		return nil, err
	}
	records, err := backs(ctx, tx, grant, undoing[registry.Record]{seq, w.Records, func(r registry.Record) Change {
		return strike(r.Entry())
	}, func(r registry.Record, _ bool) Change { return Change{Op: Enter, Record: &r} }})
	if err != nil {
		return nil, err
	}
	points, err := backs(ctx, tx, grant, undoing[registry.PopulationPoint]{seq, w.Points, func(p registry.PopulationPoint) Change {
		return strike(registry.Entry{Register: registry.PointRegister, ID: p.ID})
	}, func(p registry.PopulationPoint, _ bool) Change { return Change{Op: Point, Point: &p} }})
	if err != nil {
		return nil, err
	}
	areas, err := backs(ctx, tx, grant, undoing[registry.Area]{seq, w.Areas, func(a registry.Area) Change {
		return strike(registry.AreaEntry(a.Key()))
	}, func(a registry.Area, _ bool) Change { return Change{Op: Area, Area: &a} }})
	if err != nil {
		return nil, err
	}
	networks, err := backs(ctx, tx, grant, undoing[registry.Network]{seq, w.Networks, func(n registry.Network) Change {
		return Change{Op: Network, Network: &registry.Network{Root: n.Root}}
	}, func(n registry.Network, _ bool) Change { return Change{Op: Network, Network: &n} }})
	if err != nil {
		return nil, err
	}
	out := slices.Concat(networks.out, facilities.out, records.out, points.out, areas.out)
	return slices.Concat(out, areas.back, points.back, records.back, facilities.back, networks.back), nil
}

func strike(e registry.Entry) Change { return Change{Op: Strike, Entry: &e} }

// undoing is the facts of one kind that a change wrote, and how one is taken out
// or put back in place of what stands.
type undoing[F any] struct {
	seq  journal.Seq
	all  [][]Writing[F]
	out  func(F) Change
	back func(was F, stands bool) Change
}

// turnedBack is what makes facts as they were.
type turnedBack struct{ out, back []Change }

func backs[F any](ctx context.Context, tx Tx, grant account.Grant, u undoing[F]) (turnedBack, error) {
	var t turnedBack
	for _, writings := range u.all {
		now, was, err := turned(ctx, tx, grant, past[F]{writings, u.seq})
		switch {
		case err != nil:
			return turnedBack{}, err
		case was.Stands:
			t.back = append(t.back, u.back(was.Fact, now.Stands))
		case now.Stands:
			t.out = append(t.out, u.out(now.Fact))
		}
	}
	return t, nil
}

// slotKey is a figure.Key without a source: what a choice is about.
type slotKey figure.Key

type reading struct {
	fact any
	seq  journal.Seq
}

// restored returns the changes that make a fact again what it was before r.seq.
func restored(ctx context.Context, tx Tx, grant account.Grant, r reading) ([]Change, error) {
	switch fact := r.fact.(type) {
	case figure.Key:
		writings, err := tx.ValueWritings(ctx, grant, fact)
		if err != nil {
			return nil, err
		}
		now, was, err := turned(ctx, tx, grant, past[figure.Value]{writings, r.seq})
		switch {
		case err != nil:
			return nil, err
		case was.Stands:
			return []Change{{Op: Put, Value: &was.Fact}}, nil
		case now.Stands:
			return []Change{{Op: Retract, Key: &fact}}, nil
		}
	case slotKey:
		writings, err := tx.ChoiceWritings(ctx, grant, figure.Key(fact))
		if err != nil {
			return nil, err
		}
		_, was, err := turned(ctx, tx, grant, past[figure.Choice]{writings, r.seq})
		if err != nil {
			return nil, err
		}
		if !was.Stands {
			was.Fact = figure.Choice{Element: fact.Element, Area: fact.Area, Period: fact.Period}
		}
		return []Change{{Op: Choose, Choice: &was.Fact}}, nil
	default:
		panic(fmt.Sprintf("scenario: a fact of type %T", r.fact))
	}
	return nil, nil // it neither stood before nor stands now
}

// past is what was written of a fact, asked about one change.
type past[F any] struct {
	writings []Writing[F] // the latest first
	seq      journal.Seq
}

// turned returns a fact as it is and as it was before a change. Later changes
// that were taken back, and what took them back, do not count; any other is the
// error change_overtaken.
func turned[F any](ctx context.Context, tx Tx, grant account.Grant, p past[F]) (now, was Writing[F], err error) {
	if len(p.writings) > 0 {
		now = p.writings[0]
	}
	for _, w := range p.writings {
		if w.Seq < p.seq {
			return now, w, nil
		}
		if w.Seq == p.seq || w.Undoes > p.seq {
			continue
		}
		back, err := tx.TakenBack(ctx, grant, w.Seq)
		if err != nil {
			return now, was, err
		}
		if !back {
			return now, was, lifecircle.Errorf("change_overtaken", "change %d touched the same fact as %d: undo that one first", w.Seq, p.seq).
				With("seq", int64(p.seq)).With("later", int64(w.Seq))
		}
	}
	return now, was, nil
}

func rolledBack(tx Tx, cause error) error {
	if err := tx.Rollback(); err != nil {
		return fmt.Errorf("%w (and roll back: %w)", cause, err)
	}
	return cause
}

func joined(faults []error) error {
	const shown = 20
	if len(faults) > shown {
		faults = append(slices.Clone(faults[:shown]), fmt.Errorf("and %d more", len(faults)-shown))
	}
	err := faults[0]
	for _, next := range faults[1:] {
		err = fmt.Errorf("%w; %w", err, next)
	}
	return err
}

package scenario

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/journal"
)

// ActionScenario is what the log records of a deed to a scenario. It changes no
// fact: who follows the log passes over it.
const ActionScenario = "scenario"

// Shelf keeps scenarios, inside a transaction. Rows are only ever added.
type Shelf interface {
	ShelfReader
	// CountScenarios counts those that are not archived.
	CountScenarios(context.Context, account.Grant) (int, error)
	// Alone keeps other changes out until the transaction ends, so that what is
	// read is what is written upon, and returns the last change of facts: deeds to
	// scenarios are none.
	Alone(context.Context, account.Grant) (journal.Seq, error)
	// InsertAct adds a revision; Versions, Base, Actor, At and what follows are
	// the store's to tell.
	InsertAct(context.Context, account.Grant, journal.ChangeID, Scenario) error
	InsertVersion(ctx context.Context, grant account.Grant, id journal.ChangeID, scenario string, v Version) error
}

// ShelfReader reads scenarios. Its errors are scenario_unknown, revision_unknown,
// version_unknown and forbidden.
type ShelfReader interface {
	// Scenario returns a scenario as one of its revisions left it; 0 is the last.
	Scenario(ctx context.Context, grant account.Grant, id string, revision int) (Scenario, error)
	// Chain returns the versions that lead to one, the first first.
	Chain(ctx context.Context, grant account.Grant, id string, version int) ([]Version, error)
	// Acts returns what was done to a scenario after a revision, in order.
	Acts(ctx context.Context, grant account.Grant, id string, after int) ([]Act, error)
}

// On names a scenario as somebody saw it. Revision 0 is whatever it is now.
type On struct {
	ID       string
	Revision int
}

// keep does one deed: it reads the scenario, lets made say what becomes of it,
// and writes that with its record.
func keep(ctx context.Context, store Store, grant account.Grant, k keeping) (journal.Change, error) {
	k.told["scenario"], k.told["deed"] = k.on.ID, k.deed
	body, err := json.Marshal(k.told)
	if err != nil {
		return journal.Change{}, fmt.Errorf("write deed: %w", err)
	}
	tx, err := store.BeginChanges(ctx)
	if err != nil {
		return journal.Change{}, err
	}
	action := journal.Action{Name: ActionScenario, Body: body, Key: k.request.Key, At: k.request.At}
	return journal.Do(ctx, tx, grant, action, func(id journal.ChangeID) error {
		return k.write(ctx, tx, grant, id)
	})
}

type keeping struct {
	request Request
	on      On
	deed    Deed
	told    map[string]any // for the log
	// made turns the scenario into what the deed leaves, with the version it adds.
	made func(ctx context.Context, tx Tx, w *work) error
}

// work is a deed in progress.
type work struct {
	grant account.Grant
	clock journal.Seq // of the facts
	seen  Scenario    // as the one who does it saw it
	now   Scenario    // as it is, to be changed
	added *Version
}

func (k keeping) write(ctx context.Context, tx Tx, grant account.Grant, id journal.ChangeID) error {
	w := &work{grant: grant}
	var err error
	if w.clock, err = tx.Alone(ctx, grant); err != nil {
		return err
	}
	if w.now, err = tx.Scenario(ctx, grant, k.on.ID, 0); err != nil {
		return err
	}
	if w.seen = w.now; k.on.Revision != 0 && k.on.Revision != w.now.Revision {
		if w.seen, err = tx.Scenario(ctx, grant, k.on.ID, k.on.Revision); err != nil {
			return err
		}
	}
	if err := k.made(ctx, tx, w); err != nil {
		return err
	}
	w.now.Revision++
	w.now.Deed = k.deed
	if w.added != nil {
		if err := tx.InsertVersion(ctx, grant, id, w.now.ID, *w.added); err != nil {
			return err
		}
	}
	return tx.InsertAct(ctx, grant, id, w.now)
}

// steps returns the steps of a version.
func (w *work) steps(ctx context.Context, tx Tx, version int) ([]Step, error) {
	chain, err := tx.Chain(ctx, w.grant, w.now.ID, version)
	if err != nil {
		return nil, err
	}
	return Fold(chain)
}

// conflict is the error scenario_conflict: what was done since, by whom, and how
// one's own edits would stand on it.
func (w *work) conflict(ctx context.Context, tx Tx, edits []Edit) error {
	acts, err := tx.Acts(ctx, w.grant, w.now.ID, w.seen.Revision)
	if err != nil {
		return err
	}
	base, err := w.steps(ctx, tx, w.seen.Head)
	if err != nil {
		return err
	}
	now, err := w.steps(ctx, tx, w.now.Head)
	if err != nil {
		return err
	}
	var by []string
	for _, a := range acts {
		if !slices.Contains(by, a.Actor) {
			by = append(by, a.Actor)
		}
	}
	conflict := lifecircle.Errorf("scenario_conflict", "scenario %q was changed by %s since version %d: it is at version %d now", w.now.Name, strings.Join(by, ", "), w.seen.Head, w.now.Head).
		With("scenario", w.now.ID).With("revision", w.now.Revision).With("head", w.now.Head).
		With("acts", acts).With("changed", Differences(base, now))
	if len(edits) > 0 {
		offer := Rebase(edits, base, now)
		offer.Onto = w.now.Head
		conflict = conflict.With("offer", offer)
	}
	return conflict
}

// ahead refuses what was done on another head than the present one.
func (w *work) ahead(ctx context.Context, tx Tx, edits []Edit) error {
	if err := w.now.editable(); err != nil {
		return err
	}
	if w.seen.Head != w.now.Head {
		return w.conflict(ctx, tx, edits)
	}
	return nil
}

// add makes a version upon the head and moves there.
func (w *work) add(ctx context.Context, tx Tx, edits []Edit, base journal.Seq) error {
	number := w.now.Versions + 1
	if number > MaxVersions {
		return lifecircle.Errorf("versions_many", "scenario %q has %d versions, the most there may be: duplicate it and go on there", w.now.Name, MaxVersions).With("limit", MaxVersions)
	}
	edits, err := keyed(edits, number)
	if err != nil {
		return err
	}
	steps, err := w.steps(ctx, tx, w.now.Head)
	if err != nil {
		return err
	}
	if _, err := Applied(steps, edits); err != nil {
		return err
	}
	w.added = &Version{Number: number, Parent: w.now.Head, Base: base, Edits: edits}
	w.now.Head, w.now.Tip = number, number
	return nil
}

// New is a scenario to be made. Base is the change its steps were made on.
type New struct {
	Request
	Root  lifecircle.AreaCode
	Name  string
	Note  string
	Base  journal.Seq
	Steps []Step
}

// Create makes a scenario; its first version has the steps given, or none.
func Create(ctx context.Context, store Store, grant account.Grant, n New) (id string, err error) {
	if err := described(n.Name, n.Note); err != nil {
		return "", err
	}
	id = "s" + strings.ToLower(rand.Text())
	if n.Key != "" { // a repeated request names the same scenario
		sum := sha256.Sum256([]byte(n.Key))
		id = "s" + hex.EncodeToString(sum[:13])
	}
	edits := Appended(n.Steps)
	told, err := json.Marshal(map[string]any{"scenario": id, "deed": DeedCreate, "root": n.Root, "name": n.Name, "note": n.Note, "edits": unseen(edits)})
	if err != nil {
		return "", fmt.Errorf("write deed: %w", err)
	}
	tx, err := store.BeginChanges(ctx)
	if err != nil {
		return "", err
	}
	action := journal.Action{Name: ActionScenario, Body: told, Key: n.Key, At: n.At}
	_, err = journal.Do(ctx, tx, grant, action, func(change journal.ChangeID) error {
		if _, err := tx.Alone(ctx, grant); err != nil {
			return err
		}
		if n, err := tx.CountScenarios(ctx, grant); err != nil {
			return err
		} else if n >= MaxScenarios {
			return lifecircle.Errorf("scenarios_many", "there are %d scenarios, the most there may be: archive some", n).With("limit", MaxScenarios)
		}
		first := Version{Number: 1, Base: n.Base, Edits: []Edit{}}
		if len(edits) > 0 {
			var err error
			if first.Edits, err = keyed(edits, 1); err != nil {
				return err
			}
			if _, err := Applied(nil, first.Edits); err != nil {
				return err
			}
		}
		if err := tx.InsertVersion(ctx, grant, change, id, first); err != nil {
			return err
		}
		return tx.InsertAct(ctx, grant, change, Scenario{
			ID: id, Root: n.Root, Name: n.Name, Note: n.Note, State: Open, Revision: 1, Head: 1, Tip: 1, Deed: DeedCreate,
		})
	})
	return id, err
}

func described(name, note string) error {
	if n := utf8.RuneCountInString(strings.TrimSpace(name)); n == 0 || n > maxName || strings.TrimSpace(name) != name {
		return lifecircle.Errorf("name_invalid", "name %q: want 1 to %d characters, none of them space at the ends", name, maxName).With("limit", maxName)
	}
	if n := utf8.RuneCountInString(note); n > maxNote {
		return lifecircle.Errorf("note_long", "the note has %d characters, more than %d", n, maxNote).With("limit", maxNote)
	}
	return nil
}

// unseen leaves out of edits what their steps saw: the log tells what was asked.
func unseen(edits []Edit) []Edit {
	edits = slices.Clone(edits)
	for i, e := range edits {
		if e.Step != nil {
			s := *e.Step
			s.Seen = nil
			edits[i].Step = &s
		}
	}
	return edits
}

// Saved is edits to be kept. Base is the change they were made on.
type Saved struct {
	Request
	On
	Base  journal.Seq
	Edits []Edit
}

// Save makes edits the next version of a scenario. On another head than the one
// they were made on it is refused with scenario_conflict, whose arguments say
// what was done since ("acts", "changed") and offer the edits rebased ("offer").
func Save(ctx context.Context, store Store, grant account.Grant, s Saved) (journal.Change, error) {
	return keep(ctx, store, grant, keeping{
		request: s.Request, on: s.On, deed: DeedEdit, told: map[string]any{"revision": s.Revision, "edits": unseen(s.Edits)},
		made: func(ctx context.Context, tx Tx, w *work) error {
			if err := w.ahead(ctx, tx, s.Edits); err != nil {
				return err
			}
			return w.add(ctx, tx, s.Edits, s.Base)
		},
	})
}

// Turned asks for another version to be the head: the one before (DeedUndo), the
// one after on the way to the tip (DeedRedo), or the one named (DeedRestore).
type Turned struct {
	Request
	On
	Deed    Deed
	Version int // of DeedRestore
}

// Turn makes another version the head. Its errors are nothing_to_undo,
// nothing_to_redo, version_unknown and those of Save.
func Turn(ctx context.Context, store Store, grant account.Grant, t Turned) (journal.Change, error) {
	return keep(ctx, store, grant, keeping{
		request: t.Request, on: t.On, deed: t.Deed, told: map[string]any{"revision": t.Revision, "version": t.Version},
		made: func(ctx context.Context, tx Tx, w *work) error {
			if err := w.ahead(ctx, tx, nil); err != nil {
				return err
			}
			chain, err := tx.Chain(ctx, w.grant, w.now.ID, w.now.Tip)
			if err != nil {
				return err
			}
			at := slices.IndexFunc(chain, func(v Version) bool { return v.Number == w.now.Head })
			if at < 0 {
				panic(fmt.Sprintf("scenario: the head %d of %s is not on the way to its tip %d", w.now.Head, w.now.ID, w.now.Tip))
			}
			switch t.Deed {
			case DeedUndo:
				if at == 0 {
					return lifecircle.Errorf("nothing_to_undo", "scenario %q is at its first version", w.now.Name)
				}
				w.now.Head = chain[at-1].Number
			case DeedRedo:
				if at == len(chain)-1 {
					return lifecircle.Errorf("nothing_to_redo", "scenario %q is at its latest version", w.now.Name)
				}
				w.now.Head = chain[at+1].Number
			default:
				if _, err := tx.Chain(ctx, w.grant, w.now.ID, t.Version); err != nil {
					return err
				}
				w.now.Head = t.Version
				if !slices.ContainsFunc(chain, func(v Version) bool { return v.Number == t.Version }) {
					w.now.Tip = t.Version
				}
			}
			return nil
		},
	})
}

// Renamed is a new name and note, or a new state.
type Renamed struct {
	Request
	On
	Deed Deed    // DeedDescribe, DeedArchive or DeedReopen
	Name *string // nil leaves it as it is
	Note *string
}

// Describe renames, archives or reopens a scenario. It is refused with
// scenario_conflict when another did something of the kind since.
func Describe(ctx context.Context, store Store, grant account.Grant, r Renamed) (journal.Change, error) {
	told := map[string]any{"revision": r.Revision}
	if r.Name != nil {
		told["name"] = *r.Name
	}
	if r.Note != nil {
		told["note"] = *r.Note
	}
	return keep(ctx, store, grant, keeping{
		request: r.Request, on: r.On, deed: r.Deed, told: told,
		made: func(ctx context.Context, tx Tx, w *work) error {
			if w.seen.Name != w.now.Name || w.seen.Note != w.now.Note || w.seen.State != w.now.State {
				return w.conflict(ctx, tx, nil)
			}
			switch r.Deed {
			case DeedArchive:
				w.now.State = Archived
				return nil
			case DeedReopen:
				w.now.State = Open
				if w.now.Adopted != 0 && !w.now.TakenBack {
					w.now.State = Adopted
				}
				return nil
			}
			if r.Name != nil {
				w.now.Name = *r.Name
			}
			if r.Note != nil {
				w.now.Note = *r.Note
			}
			return described(w.now.Name, w.now.Note)
		},
	})
}

// Adopting is a scenario to be made real: the changes that its head compiles to,
// as of the change that they were compiled on.
type Adopting struct {
	Request
	On
	AsOf    journal.Seq
	Changes []Change
}

// Adopt makes a scenario's changes true in one change, which one undo takes
// back, and marks the scenario with it. When something was changed since AsOf it
// is refused with facts_moved, so that what was held against the facts is what is
// written.
func Adopt(ctx context.Context, store Store, grant account.Grant, a Adopting) (journal.Change, error) {
	if len(a.Changes) == 0 {
		return journal.Change{}, lifecircle.Errorf("scenario_empty", "the scenario changes nothing: there is nothing to adopt")
	}
	body, err := json.Marshal(a.Changes)
	if err != nil {
		return journal.Change{}, fmt.Errorf("write changes: %w", err)
	}
	tx, err := store.BeginChanges(ctx)
	if err != nil {
		return journal.Change{}, err
	}
	k := keeping{on: a.On, deed: DeedAdopt, made: func(ctx context.Context, tx Tx, w *work) error {
		if err := w.ahead(ctx, tx, nil); err != nil {
			return err
		}
		if w.clock > a.AsOf {
			return lifecircle.Errorf("facts_moved", "something was changed since the scenario was checked (%d, now %d): adopt it again", a.AsOf, w.clock).With("seq", int64(w.clock))
		}
		w.now.State = Adopted
		return nil
	}}
	action := journal.Action{Name: ActionChange, Body: body, Key: a.Key, At: a.At}
	return journal.Do(ctx, tx, grant, action, func(id journal.ChangeID) error {
		if err := k.write(ctx, tx, grant, id); err != nil {
			return err
		}
		return write(ctx, tx, grant, writing{id, a.Changes})
	})
}

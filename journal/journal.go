// Package journal is the one write path. Whoever changes facts does it inside
// Do: the action and its record are one transaction, so no record means no
// change. Every process learns of changes from the Feed alone, the writer
// included. It is not the audit (sealing and proofs come with package audit) and
// it does not know what a change means. Domain packages and store import it.
package journal

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"lifecircle"
	"lifecircle/account"
)

// Seq numbers committed changes without gaps, from 1. It is the clock of facts:
// ETag, read-your-writes and "as of" are all a Seq.
type Seq int64

// ChangeID names a change before it has a Seq, so that rows written by it can
// say so. It is random: 128 bits in hex.
type ChangeID string

// Change is one committed action.
type Change struct {
	Seq    Seq
	ID     ChangeID
	Action string // what was done: "load", "change", "undo"
	Actor  string
	At     time.Time
	Body   json.RawMessage // what was done, as its domain package writes it
	Hash   string          // hex SHA-256 of the other fields but Seq; see Digest
	Undoes Seq             // the change this one takes back, or 0
	Key    string          // idempotency key of the caller, or ""
}

// Digest computes the hash of a change: SHA-256 over its fields, each preceded
// by its length, so that no two changes share an encoding. Seq is left out: it
// is known only after the hash is written.
func (c Change) Digest() string {
	h := sha256.New()
	for _, field := range []string{
		string(c.ID), c.Action, c.Actor, c.At.UTC().Format(time.RFC3339Nano),
		string(c.Body), fmt.Sprint(c.Undoes), c.Key,
	} {
		fmt.Fprintf(h, "%d:%s", len(field), field)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Tx is what the journal needs of a store's transaction. Append takes the next
// Seq and inserts the change; Do calls it last, because taking the Seq first
// would block every other writer for the length of the transaction. Rollback
// after Commit does nothing.
type Tx interface {
	Append(context.Context, account.Grant, Change) (Seq, error)
	ByKey(ctx context.Context, grant account.Grant, key string) (Change, bool, error)
	Commit() error
	Rollback() error
}

// Feed is the ordered log as readers see it.
type Feed interface {
	// Changes returns committed changes with Seq > after in order, at most limit.
	Changes(ctx context.Context, after Seq, limit int) ([]Change, error)
}

// Action describes what Do is about to record.
type Action struct {
	Name   string
	Body   json.RawMessage
	Undoes Seq
	Key    string    // idempotency key; "" for none
	At     time.Time // the clock of the caller
}

// Do runs write inside tx, records the action and commits; on any error nothing
// of it remains. When the key was used before, nothing is written and the
// earlier change is returned, so that a repeated request has one effect; the
// same key with another body is the error key_reused.
func Do(ctx context.Context, tx Tx, grant account.Grant, action Action, write func(ChangeID) error) (change Change, err error) {
	defer func() {
		if rollbackErr := tx.Rollback(); err == nil && rollbackErr != nil {
			err = fmt.Errorf("roll back %s: %w", action.Name, rollbackErr)
		}
	}()
	if action.Key != "" {
		earlier, found, err := tx.ByKey(ctx, grant, action.Key)
		if err != nil {
			return Change{}, err
		}
		if found {
			if string(earlier.Body) != string(action.Body) {
				return Change{}, lifecircle.Errorf("key_reused", "idempotency key %q was used for another change (%d)", action.Key, earlier.Seq)
			}
			return earlier, nil
		}
	}
	change = Change{
		ID:     newChangeID(),
		Action: action.Name,
		Actor:  grant.Actor(),
		At:     action.At.UTC().Truncate(time.Microsecond),
		Body:   action.Body,
		Undoes: action.Undoes,
		Key:    action.Key,
	}
	change.Hash = change.Digest()
	if err := write(change.ID); err != nil {
		return Change{}, err
	}
	if change.Seq, err = tx.Append(ctx, grant, change); err != nil {
		return Change{}, fmt.Errorf("record %s: %w", action.Name, err)
	}
	if err := tx.Commit(); err != nil {
		return Change{}, fmt.Errorf("commit %s: %w", action.Name, err)
	}
	return change, nil
}

func newChangeID() ChangeID {
	var id [16]byte
	rand.Read(id[:]) // never fails since Go 1.24
	return ChangeID(hex.EncodeToString(id[:]))
}

// Package figure keeps reported and measured values: what an element is in an
// area and a period, by each source that says so, and which of the rival values
// is the chosen one. A Table never changes. It is not the place for what is
// computed (indicator). Packages that measure, simulate or store import it.
package figure

import (
	"context"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/journal"
)

// Key says what a value is about and who says it. Element is the id of an
// element, or of a part of one as plan.Element.Series writes it,
// "population{age=65+,sex=f}", so that a part is reported, chosen and read like a
// whole and only parts that somebody reports exist.
type Key struct {
	Element string              `json:"element"`
	Area    lifecircle.AreaCode `json:"area"`
	Period  lifecircle.Period   `json:"period"`
	Source  string              `json:"source"`
}

// Value is one source's value. Number is in the element's declared unit.
type Value struct {
	Key
	Number     lifecircle.Number     `json:"number"`
	Provenance lifecircle.Provenance `json:"provenance"`
}

// Choice says which source's value counts where sources differ, and why. An
// empty Source takes the choice back.
type Choice struct {
	Element string              `json:"element"`
	Area    lifecircle.AreaCode `json:"area"`
	Period  lifecircle.Period   `json:"period"`
	Source  string              `json:"source"`
	Reason  string              `json:"reason"`
}

// Writer is what this package needs inside a store's transaction. Rows are only
// ever added and name the change that wrote them; the last one of a key holds.
// Implementations refuse a grant that does not cover the area with the error
// forbidden.
type Writer interface {
	PutValue(context.Context, account.Grant, journal.ChangeID, Value) error
	// RetractValue takes a value back; a key without one is the error
	// value_unknown.
	RetractValue(context.Context, account.Grant, journal.ChangeID, Key) error
	// PutColumns takes in lists of values, as PutValue does each of them.
	PutColumns(context.Context, account.Grant, journal.ChangeID, []*Column) error
	PutChoice(context.Context, account.Grant, journal.ChangeID, Choice) error
}

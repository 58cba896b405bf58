// Package account says who acts and what they may touch. Today it knows one
// actor, the person at the machine itself; users, departments and roles come
// with logins. It is not an authentication layer: the API establishes who asks
// and gets a Grant here. Every package whose functions read or write facts may
// import it.
package account

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"lifecircle"
)

// Grant is the permission a store or a domain function asks for. It cannot be
// made outside this package, and its zero value permits nothing.
type Grant struct {
	actor string
	all   bool
}

// Local is the grant of whoever sits at the machine: every area, every action.
// It is right only while the server listens on loopback, which `serve` ensures.
func Local() Grant { return Grant{actor: "local", all: true} }

// LocalAs is Local under the name of a user of the workspace, for the record of
// changes. It proves nothing about who sits there.
func LocalAs(name string) (Grant, error) {
	const limit = 64 // characters
	control := strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsGraphic(r) || r == '(' || r == ')' })
	if n := utf8.RuneCountInString(name); n == 0 || n > limit || control || strings.TrimSpace(name) != name {
		return Grant{}, lifecircle.Errorf("user_invalid", "user %q: want 1 to %d characters, no brackets, no space at the ends", name, limit).With("user", name)
	}
	return Grant{actor: name, all: true}, nil
}

// WithClockSet is the same grant for who acts under a clock that was set: the
// record of changes says so behind the name.
func (g Grant) WithClockSet() Grant {
	g.actor += " (clock set)"
	return g
}

// Actor names who acts, for the record of changes; "" for the zero Grant.
func (g Grant) Actor() string { return g.actor }

// Allows reports whether g covers facts of the area.
func (g Grant) Allows(lifecircle.AreaCode) bool { return g.all }

// Check returns the error forbidden unless g covers facts of the area; the
// empty code asks for facts of no area in particular.
func (g Grant) Check(area lifecircle.AreaCode) error {
	if g.Allows(area) {
		return nil
	}
	return lifecircle.Errorf("forbidden", "this action on area %q is not permitted", area).With("area", area)
}

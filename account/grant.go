// Package account says who acts and what they may touch. Today it knows one
// actor, the person at the machine itself; users, departments and roles come
// with logins. It is not an authentication layer: the API establishes who asks
// and gets a Grant here. Every package whose functions read or write facts may
// import it.
package account

import "lifecircle"

// Grant is the permission a store or a domain function asks for. It cannot be
// made outside this package, and its zero value permits nothing.
type Grant struct {
	actor string
	all   bool
}

// Local is the grant of whoever sits at the machine: every area, every action.
// It is right only while the server listens on loopback, which `serve` ensures.
func Local() Grant { return Grant{actor: "local", all: true} }

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

package engine

import (
	"lifecircle"
	"lifecircle/account"
	"lifecircle/indicator"
	"lifecircle/journal"
	"lifecircle/scenario"
)

// Diff is what changes would do.
type Diff struct {
	Base    journal.Seq
	After   *World
	Effects []Effect
	// Gained and Lost are the people who come to be served, or no longer are,
	// under the chosen reading of the provisions that count people.
	Gained, Lost lifecircle.Number
}

// Effect is one result that differs.
type Effect struct {
	Before, After indicator.Result
}

// WhatIf tries changes on the current World of an area: one bounded computation
// without database or lock. What it finds is what committing the changes would
// make true. Its errors are those of World and of scenario.Facts.With.
func (e *Engine) WhatIf(grant account.Grant, area lifecircle.AreaCode, changes []scenario.Change) (Diff, error) {
	w, err := e.World(grant, area)
	if err != nil {
		return Diff{}, err
	}
	after, err := w.With(changes, w.seq)
	if err != nil {
		return Diff{}, err
	}
	diff := Diff{Base: w.seq, After: after}
	period := lifecircle.Year(w.plan.Year)
	for _, code := range w.facts.Registry.Subtree(w.root) {
		results := after.eval.Results(code, period)
		for i, before := range w.eval.Results(code, period) {
			if !before.Same(results[i]) {
				diff.Effects = append(diff.Effects, Effect{before, results[i]})
			}
		}
	}
	diff.Gained, diff.Lost = after.eval.Shift(w.eval)
	return diff, nil
}

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
	Base          journal.Seq
	Before, After *World
	Effects       []indicator.Effect
	// Shifts are the people who come to be served, or no longer are, under the chosen
	// reading of the provisions that count people, by where they live.
	Shifts indicator.Shifts
}

// WhatIf tries something on the current World of an area. Its errors are those of
// World and of World.WhatIf.
func (e *Engine) WhatIf(grant account.Grant, area lifecircle.AreaCode, trial scenario.Trial) (Diff, error) {
	w, err := e.World(grant, area)
	if err != nil {
		return Diff{}, err
	}
	return w.WhatIf(trial)
}

// WhatIf tries a trial: one bounded computation without database or lock, which
// looks only where it can be felt. What it finds is what committing them
// would make true. Its errors are those of scenario.Facts.With.
func (w *World) WhatIf(trial scenario.Trial) (Diff, error) {
	// Every change is felt at the root. What was there is asked first: then what is
	// counted for it is carried over, and not counted before and after.
	w.eval.Results(w.root, lifecircle.Year(w.plan.Year))
	after, err := w.after(trial, w.seq)
	if err != nil {
		return Diff{}, err
	}
	return Diff{
		Base: w.seq, Before: w, After: after, Effects: after.eval.Effects(w.eval), Shifts: after.eval.Shift(w.eval),
	}, nil
}

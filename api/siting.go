package api

import (
	"lifecircle/engine"
	"lifecircle/indicator"
	"lifecircle/remedy"
	"lifecircle/scenario"
)

// Remedies is a World as siting reads it.
func Remedies(w *engine.World) remedy.Ground {
	return remedy.Ground{
		Plan: w.Plan(), Registry: w.Registry(), Network: w.Network(), Evaluator: w.Evaluator(),
		Try: func(changes []scenario.Change) (*indicator.Evaluator, error) {
			after, err := w.With(changes, w.Seq())
			if err != nil {
				return nil, err
			}
			return after.Evaluator(), nil
		},
	}
}

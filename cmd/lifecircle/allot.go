package main

import (
	"cmp"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"lifecircle/api"
	"lifecircle/report"
)

// allotHere shares a budget out among several provisions.
func (a *app) allotHere(cmd *cobra.Command, f siteFlags) error {
	ask := report.AllotmentAsk{Area: f.ask.Area, Budget: f.budget, Seed: f.ask.Seed, Seconds: f.ask.Seconds, Iterations: f.ask.Iterations}
	if len(f.ask.Sizes) > 1 {
		return useError{fmt.Errorf("--capacity %v: with --provisions every site of one kind has one size", f.ask.Sizes)}
	}
	named := make(map[string]bool)
	for _, id := range f.provisions {
		named[id] = true
		claim := report.ClaimAsk{
			Indicator: id, Cost: f.ask.Cost, UnitCost: f.ask.UnitCost, Minutes: f.ask.Minutes, Candidates: f.ask.Candidates, Demand: f.ask.Demand,
		}
		if len(f.ask.Sizes) == 1 {
			claim.Size = f.ask.Sizes[0]
		}
		for flag, read := range map[string]struct {
			of   map[string]string
			into *float64
		}{"costs": {f.costs, &claim.Cost}, "weights": {f.weights, &claim.Weight}} {
			text, given := read.of[id]
			if !given {
				continue
			}
			number, err := strconv.ParseFloat(text, 64)
			if err != nil || number < 0 {
				return useError{fmt.Errorf("--%s %s=%s: want a number of 0 or more", flag, id, text)}
			}
			*read.into = number
		}
		ask.Claims = append(ask.Claims, claim)
	}
	for _, given := range []map[string]string{f.costs, f.weights} {
		for id := range given {
			if !named[id] {
				return useError{fmt.Errorf("--costs or --weights name %s, which --provisions does not", id)}
			}
		}
	}
	ctx := cmd.Context()
	w, err := a.open(ctx, a.dir)
	if err != nil {
		return err
	}
	defer w.db.Close()
	e, err := w.engine(ctx)
	if err != nil {
		return err
	}
	if ask.Area, err = areaOr(ask.Area, e); err != nil {
		return err
	}
	claims, budget, err := ask.Read()
	if err != nil {
		return err
	}
	world, err := e.World(a.who, claims[0].Question.Area)
	if err != nil {
		return err
	}
	begin := time.Now()
	config := api.Effort(ask.Effort(), time.Now)
	shown := startSearch(cmd.ErrOrStderr())
	config.Progress = shown.to
	allotment, err := api.Remedies(world).Allot(ctx, claims, budget, config)
	shown.end()
	if err != nil {
		return err
	}
	out := report.Known{Registry: world.Registry(), Plan: world.Plan()}.AllotmentOf(allotment)
	out.Seconds, out.Seed = seconds(begin), ask.Seed
	return a.print(cmd.OutOrStdout(), out, a.allotmentRows(out))
}

func (a *app) allotmentRows(out report.Allotment) [][]string {
	number := func(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
	var rows [][]string
	if a.format == "table" {
		rows = [][]string{
			{"value", number(out.Value)},
			{"bound", number(out.Bound)},
			{"gap", fmt.Sprintf("%.4f %%", out.Gap*100)},
			{"proof", out.Proof},
			{"budget", number(out.Budget), "spent", number(out.Cost), "left", number(out.Left)},
			{"seconds", fmt.Sprintf("%.3f", out.Seconds), "questions", fmt.Sprint(out.Solved)},
			{},
		}
	}
	rows = append(rows, []string{"indicator", "clause", "kind", "need", "unit", "closed", "sites", "yuan_each", "yuan", "weight", "before", "after", "state"})
	for _, p := range out.Parts {
		before, after, state := "", "", ""
		if p.Answer != nil && p.Answer.Result != nil {
			r := p.Answer.Result
			before, after, state = report.Number(r.Before), report.Number(r.After), r.StateAfter
		}
		rows = append(rows, []string{
			p.Case.Indicator, p.Case.Clause, p.Case.Kind, fmt.Sprint(p.Case.Need), p.Case.Unit, fmt.Sprint(p.Closed), fmt.Sprint(p.Sites),
			number(p.Each), number(p.Cost), number(cmp.Or(p.Weight, 0)), before, after, state,
		})
	}
	return rows
}

package siting

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"lifecircle"
)

// Other is another solver. It is given a question as an integer program, and may
// add constraints of its own to it, see Program.Constrain. Of a claim with an error the
// name is read, and once ctx has ended the answer before it is kept.
type Other func(ctx context.Context, g *Program) (Claim, error)

// Claim is what another solver says of a program.
type Claim struct {
	Name   string
	State  string             // in its own words
	Values map[string]float64 // of the variables that are not 0; nil: it has no answer
}

// Heard is what became of a claim. Of another solver its sites are believed alone:
// they are evaluated from the question, and the bound stays ours.
type Heard struct {
	Name, State string
	Answered    bool
	Value       int64 // of its sites, as evaluated here
	Taken       bool  // the solution has its sites
	Constraints int   // that were added to the program
}

// hear asks another solver for sites that are better than those of s, and takes them.
// Where it added constraints, ours may break them, and its sites are the answer; what
// bounds every answer bounds also those that obey more.
func (p *Problem) hear(ctx context.Context, cfg Config, s *Solution) error {
	g, err := NewProgram(p)
	if err != nil {
		return err
	}
	own := len(g.rows)
	claim, err := cfg.Other(ctx, g)
	added := g.rows[own:]
	if err != nil && ctx.Err() != nil && len(added) == 0 { // ours is the best so far
		claim, err = Claim{Name: claim.Name, State: "cancelled"}, nil
	}
	if err != nil {
		return err
	}
	s.Other = &Heard{Name: claim.Name, State: claim.State, Answered: claim.Values != nil, Constraints: len(added)}
	if !s.Other.Answered {
		if len(added) > 0 {
			return lifecircle.Errorf("siting_other", "%s finds no answer under the constraints added (%d): %s", claim.Name, len(added), claim.State)
		}
		return nil
	}
	sites, err := g.sites(claim.Values)
	if err != nil {
		return lifecircle.Errorf("siting_other", "the answer of %s cannot be read: %w", claim.Name, err)
	}
	for _, r := range added {
		if !g.holds(r, claim.Values) {
			return lifecircle.Errorf("siting_other", "the answer of %s breaks the constraint %s that was added", claim.Name, r.name)
		}
	}
	theirs, err := p.evaluated(ctx, cfg, sites)
	if err != nil {
		return lifecircle.Errorf("siting_other", "the answer of %s is none: %w", claim.Name, err)
	}
	s.Other.Value = theirs.Value
	if len(added) == 0 && !p.betters(theirs, *s) {
		return nil
	}
	s.Other.Taken = true
	s.Value, s.Sites, s.Assigned = theirs.Value, theirs.Sites, theirs.Assigned
	if s.Proof = ProofCertified; s.Bound == s.Value {
		s.Proof = ProofBound
	}
	s.Log = append(s.Log, LogEntry{s.Iterations, s.Value, s.Bound})
	return p.finished(s)
}

// betters reports whether an answer is better than another.
func (p *Problem) betters(a, b Solution) bool {
	if p.Model == LSCPB && p.Limits.Count == 0 { // as few sites, or as cheap ones, come first
		if x, y := p.firstStage(a.Sites), p.firstStage(b.Sites); x != y {
			return x < y
		}
	}
	if p.Model.Maximises() {
		return a.Value > b.Value
	}
	return a.Value < b.Value
}

// firstStage is what LSCP-B asks for the least of before anything else.
func (p *Problem) firstStage(sites []Site) int64 {
	if p.Cheapest {
		return p.assessSites(sites).spent
	}
	return int64(len(sites))
}

// evaluated evaluates sites that somebody else chose.
func (p *Problem) evaluated(ctx context.Context, cfg Config, sites []Site) (Solution, error) {
	a := p.assessSites(sites)
	if !p.Model.capacitated() {
		a = p.assess(sites)
	}
	if len(a.broken) > 0 {
		return Solution{}, fmt.Errorf("its sites break %v", a.broken)
	}
	if !p.Model.capacitated() {
		return Solution{Value: a.value, Sites: sites}, nil
	}
	// Who goes where is found with nothing left to choose.
	alone := *p
	alone.Limits = Limits{Count: max(len(sites), 1)}
	alone.Candidates = slices.Clone(p.Candidates)
	for j := range alone.Candidates {
		c := &alone.Candidates[j]
		c.State, c.Requires, c.Excludes = Forbidden, nil, nil
	}
	for _, s := range sites {
		c := &alone.Candidates[s.Candidate]
		option := c.options()[max(s.Module, 0)]
		c.State, c.Modules, c.Capacity, c.Cost = Fixed, nil, option.Capacity, option.Cost
	}
	sent, err := Solve(ctx, &alone, Config{Seed: cfg.Seed, Iterations: cfg.Iterations, Spent: cfg.Spent})
	if err != nil {
		return Solution{}, err
	}
	return Solution{Value: sent.Value, Sites: sites, Assigned: sent.Assigned}, nil
}

// sites reads off the variables which sites are open, by candidate.
func (g *Program) sites(values map[string]float64) (sites []Site, err error) {
	known := g.byName()
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if _, ours := known[name]; !ours {
			return nil, fmt.Errorf("it knows a variable %q that the program does not have", name)
		}
	}
	for j, columns := range g.open {
		for k, c := range columns {
			if values[g.columns[c].name] > 0.5 {
				module := k
				if len(g.question.Candidates[j].Modules) == 0 {
					module = -1
				}
				sites = append(sites, Site{Candidate: j, Module: module})
			}
		}
	}
	return sites, nil
}

func (g *Program) byName() map[string]int32 {
	at := make(map[string]int32, len(g.columns))
	for c, column := range g.columns {
		at[column.name] = int32(c)
	}
	return at
}

// holds reports whether values obey a row, as nearly as solvers reckon.
func (g *Program) holds(r programRow, values map[string]float64) bool {
	const near = 1e-6
	sum, size := 0.0, math.Abs(float64(r.right))+1
	for _, t := range r.terms {
		part := float64(t.factor) * values[g.columns[t.column].name]
		sum, size = sum+part, size+math.Abs(part)
	}
	over := sum - float64(r.right)
	switch r.sense {
	case '<':
		return over <= near*size
	case '>':
		return over >= -near*size
	}
	return math.Abs(over) <= near*size
}

// Constrain adds constraints that this package does not know: one a line, in the form
// of the rows that WriteLP writes, as "far: 2 y_A + y_B - y_C <= 2". The name may be
// left out, the numbers are whole; lines that begin with \ are comments. Its errors
// have the code siting_constraint and name the line.
func (g *Program) Constrain(text string) error {
	known := g.byName()
	for number, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, `\`) {
			continue
		}
		if err := g.constrain(line, known); err != nil {
			return lifecircle.Errorf("siting_constraint", "line %d: %w", number+1, err).With("line", strconv.Itoa(number+1))
		}
	}
	return nil
}

var constraintSenses = map[string]byte{"<=": '<', ">=": '>', "=": '='}

func (g *Program) constrain(line string, known map[string]int32) error {
	name, rest, labelled := strings.Cut(line, ":")
	if !labelled {
		name, rest = "also", line
	}
	var terms []term
	sign, factor, counted := int64(1), int64(1), false
	words := strings.Fields(rest)
	for k, word := range words {
		switch sense, isSense := constraintSenses[word]; {
		case isSense:
			if len(terms) == 0 || counted {
				return fmt.Errorf("%q says nothing of a variable before %s", line, word)
			}
			if k+2 != len(words) {
				return fmt.Errorf("%q: want one whole number after %s", line, word)
			}
			right, err := strconv.ParseInt(words[k+1], 10, 64)
			if err != nil {
				return fmt.Errorf("%q: want a whole number after %s, have %q", line, word, words[k+1])
			}
			g.row(strings.TrimSpace(name), terms, sense, right)
			return nil
		case word == "+" || word == "-":
			if word == "-" {
				sign = -sign
			}
		default:
			if n, err := strconv.ParseInt(word, 10, 64); err == nil && !counted {
				factor, counted = n, true
				continue
			}
			column, ok := known[word]
			if !ok {
				return fmt.Errorf("there is no variable %q: write the program with --export-lp to see their names, and part words by blanks", word)
			}
			terms = append(terms, term{column, sign * factor})
			sign, factor, counted = 1, 1, false
		}
	}
	return fmt.Errorf("%q has no <=, >= or =", line)
}

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"lifecircle/siting"
)

// solverFlags are what `site` is told of another solver.
type solverFlags struct {
	command, constraints string
}

func (f *solverFlags) flags(c *cobra.Command) {
	c.Flags().StringVar(&f.command, "solver", "", "also ask another solver, cbc or highs, by name or path; its sites are taken if they are better")
	c.Flags().StringVar(&f.constraints, "constraints", "", "a file of further constraints for the other solver, a line each as in --export-lp: y_A + y_B <= 1")
}

// dialect is how a solver is spoken to.
type dialect struct {
	arguments func(program, answer string, seconds float64) []string
	read      func(text string) (siting.Claim, error)
}

var dialects = map[string]dialect{
	"cbc": {
		func(program, answer string, seconds float64) []string {
			// Without its simplifications: with them version 2.10 calls answers optimal
			// that are not (siting.TestOtherSolver).
			arguments := []string{program, "preprocess", "off", "ratioGap", "0", "allowableGap", "0"}
			if seconds > 0 {
				arguments = append(arguments, "seconds", strconv.FormatFloat(seconds, 'f', -1, 64))
			}
			return append(arguments, "solve", "solution", answer)
		},
		readCBC,
	},
	"highs": {
		func(program, answer string, seconds float64) []string {
			arguments := []string{"--model_file", program, "--solution_file", answer}
			if seconds > 0 {
				arguments = append(arguments, "--time_limit", strconv.FormatFloat(seconds, 'f', -1, 64))
			}
			return arguments
		},
		readHiGHS,
	},
}

// other returns the solver asked for; nil if none is.
func (f solverFlags) other(seconds float64) (siting.Other, error) {
	if f.command == "" {
		if f.constraints != "" {
			return nil, useError{errors.New("--constraints needs --solver: our own search does not know them")}
		}
		return nil, nil
	}
	path, err := exec.LookPath(f.command)
	if err == nil {
		path, err = filepath.Abs(path)
	}
	if err != nil {
		return nil, useError{fmt.Errorf("--solver %s: no such program here; install it (apt-get install coinor-cbc), give its path, or write the question with --export-lp", f.command)}
	}
	name, _, _ := strings.Cut(strings.ToLower(filepath.Base(path)), ".")
	speak, known := dialects[name]
	if !known {
		return nil, useError{fmt.Errorf("--solver %s: only cbc and highs are known; others read what --export-lp writes", f.command)}
	}
	var also []byte
	if f.constraints != "" {
		if also, err = os.ReadFile(f.constraints); err != nil {
			return nil, err
		}
	}
	return func(ctx context.Context, g *siting.Program) (claim siting.Claim, err error) {
		claim.Name = name
		if err := g.Constrain(string(also)); err != nil {
			return claim, fmt.Errorf("%s: %w", f.constraints, err)
		}
		dir, err := os.MkdirTemp("", "lifecircle-site")
		if err != nil {
			return claim, err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
		program, answer := filepath.Join(dir, "question.lp"), filepath.Join(dir, "answer.txt")
		if err := writeProgram(program, g); err != nil {
			return claim, err
		}
		command := exec.CommandContext(ctx, path, speak.arguments(program, answer, seconds)...)
		command.Dir = dir // where it may leave its own log
		said, err := command.CombinedOutput()
		if err != nil {
			return claim, fmt.Errorf("%s: %w: %s", path, err, lastLines(said))
		}
		solved, err := os.ReadFile(answer)
		if err != nil {
			return claim, fmt.Errorf("%s wrote no answer: %s", path, lastLines(said))
		}
		if claim, err = speak.read(string(solved)); err != nil {
			return claim, fmt.Errorf("the answer of %s cannot be read: %w", path, err)
		}
		claim.Name = name
		return claim, nil
	}, nil
}

func lastLines(said []byte) string {
	const most = 300
	return strings.TrimSpace(string(said[max(0, len(said)-most):]))
}

// readCBC reads a state, " - objective value " and a number, then a line for each
// variable: perhaps **, a number, the name, its value and its reduced cost.
func readCBC(text string) (claim siting.Claim, err error) {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	claim.State, _, _ = strings.Cut(lines[0], " - objective value ")
	claim.State = strings.ToLower(strings.TrimSpace(claim.State))
	if strings.Contains(claim.State, "infeasible") || strings.Contains(claim.State, "no integer solution") || len(lines) == 1 {
		return claim, nil
	}
	claim.Values = make(map[string]float64)
	for _, line := range lines[1:] {
		fields := strings.Fields(strings.TrimPrefix(strings.TrimSpace(line), "**"))
		if len(fields) < 3 {
			return claim, fmt.Errorf("a line %q", line)
		}
		if claim.Values[fields[1]], err = strconv.ParseFloat(fields[2], 64); err != nil {
			return claim, err
		}
	}
	return claim, nil
}

// readHiGHS reads the state below "Model status" and, if there is an answer, the names
// and values below "# Columns".
func readHiGHS(text string) (claim siting.Claim, err error) {
	_, rest, found := strings.Cut(text, "Model status\n")
	if !found {
		return claim, errors.New("it has no model status")
	}
	state, rest, _ := strings.Cut(rest, "\n")
	claim.State = strings.ToLower(strings.TrimSpace(state))
	_, rest, _ = strings.Cut(rest, "# Primal solution values\n")
	quality, rest, _ := strings.Cut(rest, "\n")
	if strings.TrimSpace(quality) != "Feasible" {
		return claim, nil
	}
	_, rest, found = strings.Cut(rest, "# Columns ")
	if !found {
		return claim, errors.New("it has no columns")
	}
	rest, _, _ = strings.Cut(rest, "# Rows")
	claim.Values = make(map[string]float64)
	for _, line := range strings.Split(strings.TrimSpace(rest), "\n")[1:] {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		if claim.Values[name], err = strconv.ParseFloat(strings.TrimSpace(value), 64); err != nil {
			return claim, fmt.Errorf("a line %q", line)
		}
	}
	return claim, nil
}

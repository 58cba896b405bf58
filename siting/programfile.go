package siting

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// longestName keeps a row's name, which may hold two ids, below the 100
// characters that readers of LP files allow.
const longestName = 36

// name makes names that every reader takes from the ids of demand, candidates
// and areas: ASCII letters, digits, dots and underscores, no two the same.
func (g *Program) name() {
	p := g.question
	g.names.demand = sanitised(len(p.Demand), func(i int) string { return p.Demand[i].ID })
	g.names.candidate = sanitised(len(p.Candidates), func(j int) string { return p.Candidates[j].ID })
	g.names.area = sanitised(max(len(p.Areas), 1), func(a int) string { return p.areaName(int32(a)) })
}

func sanitised(n int, id func(int) string) []string {
	names, taken := make([]string, n), make(map[string]bool, n)
	clean := func(r rune) rune {
		switch {
		case r >= '0' && r <= '9', r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r == '.':
			return r
		}
		return '_'
	}
	for k := range names {
		raw := id(k)
		name := strings.Map(clean, raw)
		if name != raw || name == "" || len(name) > longestName || taken[name] {
			// The number of the line it has in the question tells it from others.
			number := strconv.Itoa(k + 1)
			name = name[:min(len(name), longestName-len(number)-1)] + "." + number
		}
		for taken[name] {
			name += "."
		}
		names[k], taken[name] = name, true
	}
	return names
}

func (g *Program) unique(name string) string {
	for g.taken[name] {
		name += "."
	}
	g.taken[name] = true
	return name
}

// heading are the lines of the comment at the beginning of a file.
func (g *Program) heading() []string {
	p, l := g.question, g.question.Limits
	oneLine := strings.Join(strings.Fields(g.Title), " ")
	lines := []string{
		fmt.Sprintf("%s: %s", p.Model, oneLine),
		fmt.Sprintf("%d demand cells, %d candidates; %d variables, %d constraints", len(p.Demand), len(p.Candidates), len(g.columns), len(g.rows)),
		fmt.Sprintf("one of the value shown is %d of the objective", p.unit()),
		"y: open; x: served there; z: covered; u: covered twice; n: nearest; s: by a competitor or nobody",
	}
	var limits []string
	add := func(has bool, format string, args ...any) {
		if has {
			limits = append(limits, fmt.Sprintf(format, args...))
		}
	}
	add(l.Count > 0, "number %d", l.Count)
	add(l.HasBudget, "budget %d fen", l.Budget)
	add(len(l.Quotas) > 0, "%d quotas", len(l.Quotas))
	add(l.Share > 0, "share %d millionths", l.Share)
	add(l.Floor > 0, "floor %d millionths", l.Floor)
	add(l.HasMaxClosed, "closures %d", l.MaxClosed)
	add(l.LeastServed > 0, "occupancy %d", l.LeastServed)
	add(p.Cutoff > 0, "cutoff %d", p.Cutoff)
	add(p.Unserved > 0, "unserved at %d", p.Unserved)
	if len(limits) == 0 {
		limits = []string{"none"}
	}
	lines = append(lines, "limits: "+strings.Join(limits, ", "))
	return append(lines, g.notes...)
}

// WriteLP writes the program in the LP format of CPLEX, which CBC, HiGHS, SCIP
// and Gurobi read.
func (g *Program) WriteLP(to io.Writer) error {
	w := bufio.NewWriterSize(to, 1<<16)
	for _, line := range g.heading() {
		fmt.Fprintf(w, "\\ %s\n", line)
	}
	goal := "Minimize"
	if g.maximise {
		goal = "Maximize"
	}
	fmt.Fprintf(w, "%s\n obj:", goal)
	var objective []term
	for c, column := range g.columns {
		if column.cost != 0 {
			objective = append(objective, term{int32(c), column.cost})
		}
	}
	if len(objective) == 0 && len(g.columns) > 0 {
		objective = []term{{0, 0}}
	}
	g.writeTerms(w, objective)
	w.WriteString("\nSubject To\n")
	for _, r := range g.rows {
		fmt.Fprintf(w, " %s:", r.name)
		g.writeTerms(w, r.terms)
		fmt.Fprintf(w, " %s %d\n", lpSense[r.sense], r.right)
	}
	w.WriteString("Bounds\n")
	for _, c := range g.columns {
		if !c.whole && c.upper >= 0 {
			fmt.Fprintf(w, " %s <= %d\n", c.name, c.upper)
		}
	}
	w.WriteString("Binaries\n")
	for _, c := range g.columns {
		if c.whole {
			fmt.Fprintf(w, " %s\n", c.name)
		}
	}
	w.WriteString("End\n")
	return w.Flush()
}

var lpSense = map[byte]string{'<': "<=", '>': ">=", '=': "="}

// writeTerms breaks lines: readers take some hundred characters.
func (g *Program) writeTerms(w *bufio.Writer, terms []term) {
	for k, t := range terms {
		if k > 0 && k%6 == 0 {
			w.WriteString("\n ")
		}
		sign, factor := "+", t.factor
		if factor < 0 {
			sign, factor = "-", -factor
		}
		w.WriteByte(' ')
		w.WriteString(sign)
		w.WriteByte(' ')
		if factor != 1 {
			w.WriteString(strconv.FormatInt(factor, 10))
			w.WriteByte(' ')
		}
		w.WriteString(g.columns[t.column].name)
	}
}

// WriteMPS writes the program in free MPS. The format has no agreed way to say
// that an objective is to be maximised: it is then written with its sign
// reversed, to be minimised, and the comment says so.
func (g *Program) WriteMPS(to io.Writer) error {
	w := bufio.NewWriterSize(to, 1<<16)
	for _, line := range g.heading() {
		fmt.Fprintf(w, "* %s\n", line)
	}
	sign := int64(1)
	if g.maximise {
		sign = -1
		w.WriteString("* the objective is the value with its sign reversed, to be minimised\n")
	}
	fmt.Fprintf(w, "NAME %s FREE\nROWS\n N obj\n", g.question.Model)
	senses := map[byte]byte{'<': 'L', '>': 'G', '=': 'E'}
	entries := make([]int32, len(g.columns)+1) // column → its entries, then their ends
	for _, r := range g.rows {
		fmt.Fprintf(w, " %c %s\n", senses[r.sense], r.name)
		for _, t := range r.terms {
			entries[t.column+1]++
		}
	}
	for c := range g.columns {
		entries[c+1] += entries[c]
	}
	type entry struct {
		row    int32
		factor int64
	}
	matrix, next := make([]entry, entries[len(g.columns)]), slices.Clone(entries)
	for k, r := range g.rows {
		for _, t := range r.terms {
			matrix[next[t.column]] = entry{int32(k), t.factor}
			next[t.column]++
		}
	}
	w.WriteString("COLUMNS\n")
	inside, markers := false, 0
	mark := func(whole bool) {
		if whole == inside {
			return
		}
		inside = whole
		kind := "INTEND"
		if whole {
			kind = "INTORG"
		}
		markers++
		fmt.Fprintf(w, " MARKER%d 'MARKER' '%s'\n", markers, kind)
	}
	for c, column := range g.columns {
		mark(column.whole)
		if column.cost != 0 || entries[c] == entries[c+1] {
			fmt.Fprintf(w, " %s obj %d\n", column.name, sign*column.cost)
		}
		for _, e := range matrix[entries[c]:entries[c+1]] {
			fmt.Fprintf(w, " %s %s %d\n", column.name, g.rows[e.row].name, e.factor)
		}
	}
	mark(false)
	w.WriteString("RHS\n")
	for _, r := range g.rows {
		if r.right != 0 {
			fmt.Fprintf(w, " RHS %s %d\n", r.name, r.right)
		}
	}
	w.WriteString("BOUNDS\n")
	for _, c := range g.columns {
		if c.upper >= 0 {
			fmt.Fprintf(w, " UP BND %s %d\n", c.name, c.upper)
		}
	}
	w.WriteString("ENDATA\n")
	return w.Flush()
}

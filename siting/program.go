package siting

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Program is a question as a mixed-integer program, for whoever wants to check
// an answer with another solver: WriteLP and WriteMPS write it. It is made from
// the question alone, without the solver's reductions and relaxation, so that a
// fault there is not repeated here. All coefficients are whole numbers.
//
// y is 1 where a candidate is open (in a size), x the share of a demand that a
// candidate serves, z is 1 where a demand is covered, u where it is covered
// twice, s the share of a demand that a competitor serves or nobody. The
// objective is the answer's value in its integer units, with two exceptions that
// the comment in the file names: LSCP-B, whose two stages are one objective, and
// the fairest choice, whose value is rounded down to millionths.
type Program struct {
	// Title is written into the file's comment.
	Title string

	question *Problem
	maximise bool
	columns  []column
	rows     []programRow
	notes    []string

	open  [][]int32 // candidate → columns, one a size; nil: it cannot be opened
	never int32     // a column fixed at 0, for rows that nothing can meet; −1: none
	taken map[string]bool
	names struct{ demand, candidate, area []string }
}

// column is a variable from 0 to upper (−1: without bound).
type column struct {
	name  string
	upper int64
	whole bool
	cost  int64
}

// programRow is Σ terms ≤, ≥ or = right.
type programRow struct {
	name  string
	terms []term
	sense byte // '<', '>' or '='
	right int64
}

type term struct {
	column int32
	factor int64
}

// NewProgram states a question as a mixed-integer program. Its errors are those
// of Check.
func NewProgram(p *Problem) (*Program, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	g := &Program{question: p, maximise: p.Model.Maximises(), never: -1, taken: map[string]bool{}}
	g.name()
	g.choice()
	switch {
	case p.Model == PDispersion:
		g.dispersion()
	case p.Model.capacitated():
		g.capacities()
	default:
		ways := p.byDemand()
		switch p.Model {
		case LSCP, PSCLP, MCLP, LSCPB:
			g.covers(ways)
		default:
			g.ways(ways)
		}
		if p.Model != LSCP && p.Model != LSCPB {
			g.shares(ways)
		}
		if p.Limits.LeastServed > 0 {
			g.occupancy(ways)
		}
	}
	return g, nil
}

func (g *Program) column(name string, c column) int32 {
	c.name = g.unique(name)
	g.columns = append(g.columns, c)
	return int32(len(g.columns) - 1)
}

// row adds a constraint. One without terms is left out if it holds, and else
// becomes one that nothing can meet.
func (g *Program) row(name string, terms []term, sense byte, right int64) {
	if len(terms) == 0 {
		if sense == '<' && right >= 0 || sense == '>' && right <= 0 || sense == '=' && right == 0 {
			return
		}
		terms = []term{{g.nothing(), 1}}
	}
	g.rows = append(g.rows, programRow{g.unique(name), terms, sense, right})
}

func (g *Program) nothing() int32 {
	if g.never < 0 {
		g.never = g.column("nothing", column{upper: 0})
	}
	return g.never
}

// opens appends factor × (candidate j is open).
func (g *Program) opens(terms []term, j int, factor int64) []term {
	for _, c := range g.open[j] {
		terms = append(terms, term{c, factor})
	}
	return terms
}

// choice states what concerns the sites alone.
func (g *Program) choice() {
	p, l := g.question, g.question.Limits
	g.open = make([][]int32, len(p.Candidates))
	var all, spent, kept []term
	byArea := make([][]term, max(len(p.Areas), 1))
	today := 0
	for j := range p.Candidates {
		c := &p.Candidates[j]
		if c.State == Open {
			today++
		}
		if c.State == Forbidden || c.State == Competitor {
			continue
		}
		for k, option := range c.options() {
			name := "y_" + g.names.candidate[j]
			if len(c.Modules) > 0 {
				name += fmt.Sprintf(".size%d", k+1)
			}
			y := g.column(name, column{upper: 1, whole: true})
			g.open[j] = append(g.open[j], y)
			if option.Cost > 0 {
				spent = append(spent, term{y, option.Cost})
			}
		}
		all = g.opens(all, j, 1)
		byArea[c.Area] = g.opens(byArea[c.Area], j, 1)
		switch {
		case c.State == Fixed:
			g.row("fixed_"+g.names.candidate[j], g.opens(nil, j, 1), '=', 1)
		case len(c.Modules) > 1:
			g.row("size_"+g.names.candidate[j], g.opens(nil, j, 1), '<', 1)
		}
		if c.State == Open {
			kept = g.opens(kept, j, 1)
		}
	}
	switch {
	case p.Model == PDispersion:
		g.row("number", all, '=', int64(l.Count))
	case l.Count > 0:
		g.row("number", all, '<', int64(l.Count))
	}
	if l.HasBudget {
		g.row("budget", spent, '<', l.Budget)
	}
	for _, q := range l.Quotas {
		if q.Least > 0 {
			g.row("least_"+g.names.area[q.Area], byArea[q.Area], '>', int64(q.Least))
		}
		if q.Most >= 0 {
			g.row("most_"+g.names.area[q.Area], byArea[q.Area], '<', int64(q.Most))
		}
	}
	if l.HasMaxClosed {
		g.row("closures", kept, '>', int64(today-l.MaxClosed))
	}
	for j := range p.Candidates {
		c := &p.Candidates[j]
		if g.open[j] == nil {
			continue
		}
		if len(c.Requires) > 0 {
			terms := g.opens(nil, j, 1)
			for _, k := range distinct(c.Requires) {
				terms = g.opens(terms, k, -1)
			}
			g.row("with_"+g.names.candidate[j], terms, '<', 0)
		}
		for _, k := range distinct(c.Excludes) {
			if g.open[k] != nil {
				g.row("not_"+g.names.candidate[j]+"_"+g.names.candidate[k], g.opens(g.opens(nil, j, 1), k, 1), '<', 1)
			}
		}
	}
	if p.Model.covering() || p.Model == LSCPB {
		g.fewest(all, spent)
	}
}

func distinct(list []int) []int {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

// fewest is the objective of covers: sites, or fen.
func (g *Program) fewest(all, spent []term) {
	terms, what := all, "sites"
	if g.question.Cheapest {
		terms, what = spent, "fen"
	}
	factor := int64(1)
	if g.question.Model == LSCPB {
		g.maximise = false
		if g.question.Limits.Count > 0 {
			g.notes = append(g.notes, "objective = -(people covered twice), the number of sites being given")
			return
		}
		factor = g.question.atStake() + 1
		g.notes = append(g.notes, fmt.Sprintf("objective = %d × %s - people covered twice; the value is the people of the least objective", factor, what))
	}
	for _, t := range terms {
		g.columns[t.column].cost += factor * t.factor
	}
}

// way is a candidate from which a demand can be served.
type way struct {
	candidate int
	time      int32
}

// ways is what one demand may choose from: sites of our own in the order in
// which they are preferred, and the time to the nearest competitor.
type ways struct {
	own   []way
	rival int32 // math.MaxInt32: none
}

// byDemand transposes Reach.
func (p *Problem) byDemand() []ways {
	all := make([]ways, len(p.Demand))
	for i := range all {
		all[i].rival = math.MaxInt32
	}
	for j, c := range p.Candidates {
		demand, times := p.Reach.Of(j)
		for k, i := range demand {
			switch c.State {
			case Forbidden:
			case Competitor:
				all[i].rival = min(all[i].rival, times[k])
			default:
				all[i].own = append(all[i].own, way{j, times[k]})
			}
		}
	}
	for i := range all {
		slices.SortFunc(all[i].own, func(a, b way) int {
			return cmp.Or(cmp.Compare(a.time, b.time), cmp.Compare(a.candidate, b.candidate))
		})
	}
	return all
}

// covering returns the sites that cover a demand.
func (p *Problem) covering(w ways) []way {
	n := 0
	for n < len(w.own) && w.own[n].time <= p.cutoff() {
		n++
	}
	return w.own[:n]
}

// ours returns the sites at which a demand would be served and counted.
func (p *Problem) ours(w ways) []way {
	switch p.Model {
	case LSCP, PSCLP, MCLP, LSCPB:
		if w.rival <= p.cutoff() {
			return nil
		}
		return p.covering(w)
	}
	n := 0
	for n < len(w.own) {
		t := w.own[n].time
		if p.Model == Attendance {
			if p.Decay(t) <= p.lost(w) {
				break
			}
		} else if t > w.rival || p.Unserved > 0 && t >= p.Unserved {
			break
		}
		n++
	}
	return w.own[:n]
}

// lost is the share of people who go to the nearest competitor, in millionths.
func (p *Problem) lost(w ways) int64 {
	if w.rival == math.MaxInt32 {
		return 0
	}
	return max(0, p.Decay(w.rival))
}

// covers states LSCP and LSCP-B; MCLP and PSCLP are stated by shares.
func (g *Program) covers(all []ways) {
	p := g.question
	if p.Model != LSCP && p.Model != LSCPB {
		return
	}
	for i, d := range p.Demand {
		if d.Weight == 0 || all[i].rival <= p.cutoff() {
			continue
		}
		var terms []term
		sites := p.covering(all[i])
		for _, w := range sites {
			terms = g.opens(terms, w.candidate, 1)
		}
		g.row("cover_"+g.names.demand[i], terms, '>', 1)
		if p.Model == LSCPB && len(sites) > 1 {
			u := g.column("u_"+g.names.demand[i], column{upper: 1, cost: -d.Weight})
			g.row("twice_"+g.names.demand[i], append([]term{{u, -1}}, terms...), '>', 1)
		}
	}
}

// shares states who is covered, where the objective or a limit asks for it:
// z ≤ the open sites within reach.
func (g *Program) shares(all []ways) {
	p, l := g.question, g.question.Limits
	if p.Model != MCLP && p.Model != PSCLP && l.Share == 0 && l.Floor == 0 {
		return
	}
	areas := max(len(p.Areas), 1)
	weight, covered, terms := make([]int64, areas), make([]int64, areas), make([][]term, areas)
	for i, d := range p.Demand {
		weight[d.Area] += d.Weight
		if d.Weight == 0 {
			continue
		}
		if all[i].rival <= p.cutoff() {
			covered[d.Area] += d.Weight
			continue
		}
		sites := p.covering(all[i])
		if len(sites) == 0 {
			continue
		}
		z := g.column("z_"+g.names.demand[i], column{upper: 1})
		if p.Model == MCLP && !p.Fairest {
			g.columns[z].cost = d.Weight
		}
		open := []term{{z, -1}}
		for _, w := range sites {
			open = g.opens(open, w.candidate, 1)
		}
		g.row("covered_"+g.names.demand[i], open, '>', 0)
		terms[d.Area] = append(terms[d.Area], term{z, d.Weight})
	}
	var everybody []term
	var total, done int64
	for a := range areas {
		everybody = append(everybody, terms[a]...)
		total, done = total+weight[a], done+covered[a]
		if least := ceilShare(weight[a], l.Floor) - covered[a]; least > 0 {
			g.row("floor_"+g.names.area[a], terms[a], '>', least)
		}
	}
	if least := ceilShare(total, l.Share) - done; least > 0 {
		g.row("share", everybody, '>', least)
	}
	if !p.Fairest {
		return
	}
	g.notes = append(g.notes, "objective = the least covered area's share, in millionths; the value is that, rounded down")
	r := g.column("least_share", column{upper: 1, cost: Million})
	for a := range areas {
		if weight[a] > 0 {
			row := []term{{r, -weight[a]}}
			g.row("fair_"+g.names.area[a], append(row, terms[a]...), '>', -covered[a])
		}
	}
}

// ways states p-median, p-centre and attendance: x ≤ the site is open, and every
// demand is served once.
func (g *Program) ways(all []ways) {
	p := g.question
	radius := int32(-1)
	if p.Model == PCentre {
		radius = g.column("radius", column{upper: -1, cost: 1})
	}
	for i, d := range p.Demand {
		if d.Weight == 0 {
			continue
		}
		var once, far []term
		for _, w := range p.ours(all[i]) {
			x := g.serve(i, w.candidate, column{upper: 1})
			once = append(once, term{x, 1})
			switch p.Model {
			case Attendance:
				g.columns[x].cost = d.Weight * (p.Decay(w.time) - p.lost(all[i]))
			case PCentre:
				far = append(far, term{x, int64(w.time)})
			default:
				g.columns[x].cost = d.Weight * int64(w.time)
			}
		}
		if p.Model == Attendance {
			g.row("once_"+g.names.demand[i], once, '<', 1)
			continue
		}
		other := all[i].rival
		if p.Unserved > 0 {
			other = min(other, p.Unserved)
		}
		if other < math.MaxInt32 {
			s := g.column("s_"+g.names.demand[i], column{upper: 1})
			once = append(once, term{s, 1})
			if p.Model == PCentre {
				far = append(far, term{s, int64(other)})
			} else {
				g.columns[s].cost = d.Weight * int64(other)
			}
		}
		g.row("once_"+g.names.demand[i], once, '=', 1)
		if p.Model == PCentre {
			row := []term{{radius, -1}}
			g.row("way_"+g.names.demand[i], append(row, far...), '<', 0)
		}
	}
}

// serve adds x for a demand and a candidate, and that the candidate is open.
func (g *Program) serve(i, j int, c column) int32 {
	pair := g.names.demand[i] + "_" + g.names.candidate[j]
	x := g.column("x_"+pair, c)
	g.row("open_"+pair, g.opens([]term{{x, 1}}, j, -1), '<', 0)
	return x
}

// occupancy states that each open site serves enough when everyone goes to the
// nearest open one: the first k of a demand's sites serve it if the k-th is open
// (Wagner and Falkson 1975).
func (g *Program) occupancy(all []ways) {
	p := g.question
	served := make([][]term, len(p.Candidates))
	for i, d := range p.Demand {
		if d.Weight == 0 {
			continue
		}
		var first []term
		for _, w := range p.ours(all[i]) {
			x := g.column("n_"+g.names.demand[i]+"_"+g.names.candidate[w.candidate], column{upper: 1})
			first = append(first, term{x, 1})
			served[w.candidate] = append(served[w.candidate], term{x, d.Weight})
			pair := g.names.demand[i] + "_" + g.names.candidate[w.candidate]
			g.row("isopen_"+pair, g.opens([]term{{x, 1}}, w.candidate, -1), '<', 0)
			g.row("nearest_"+pair, g.opens(slices.Clone(first), w.candidate, -1), '>', 0)
		}
		g.row("oneplace_"+g.names.demand[i], first, '<', 1)
	}
	for j := range served {
		if g.open[j] != nil {
			g.row("occupied_"+g.names.candidate[j], g.opens(served[j], j, -p.Limits.LeastServed), '>', 0)
		}
	}
}

// capacities states the models that assign loads to capacities.
func (g *Program) capacities() {
	p := g.question
	all := p.byDemand()
	load := make([][]term, len(p.Candidates))
	for i, d := range p.Demand {
		if d.Weight == 0 {
			continue
		}
		var once []term
		for _, w := range all[i].own {
			if p.Model != CPMedian && w.time > p.cutoff() || p.Model == CPMedian && p.Unserved > 0 && w.time >= p.Unserved {
				break
			}
			x := g.serve(i, w.candidate, column{upper: 1, whole: p.Whole})
			once = append(once, term{x, 1})
			if d.Load > 0 {
				load[w.candidate] = append(load[w.candidate], term{x, d.Load})
			}
			switch p.Model {
			case CMCLP:
				g.columns[x].cost = d.Weight
			case CPMedian:
				g.columns[x].cost = d.Weight * int64(w.time)
			}
		}
		if p.Model == CMCLP {
			g.row("once_"+g.names.demand[i], once, '<', 1)
			continue
		}
		if p.Model == CPMedian && p.Unserved > 0 {
			s := g.column("s_"+g.names.demand[i], column{upper: 1, cost: d.Weight * int64(p.Unserved)})
			once = append(once, term{s, 1})
		}
		g.row("once_"+g.names.demand[i], once, '=', 1)
	}
	for j := range load {
		if len(load[j]) == 0 {
			continue
		}
		for k, y := range g.open[j] {
			load[j] = append(load[j], term{y, -p.Candidates[j].options()[k].Capacity})
		}
		g.row("capacity_"+g.names.candidate[j], load[j], '<', 0)
	}
}

// dispersion states that no two open sites are nearer than the distance.
func (g *Program) dispersion() {
	p := g.question
	var far int64
	each := func(visit func(a, b int, t int64)) {
		for a := range p.Candidates {
			for b := range a {
				if g.open[a] != nil && g.open[b] != nil {
					visit(a, b, int64(p.Between(a, b)))
				}
			}
		}
	}
	each(func(_, _ int, t int64) { far = max(far, t) })
	d := g.column("distance", column{upper: far, cost: 1})
	each(func(a, b int, t int64) {
		if t < far {
			terms := g.opens(g.opens([]term{{d, 1}}, a, far-t), b, far-t)
			g.row("apart_"+g.names.candidate[a]+"_"+g.names.candidate[b], terms, '<', t+2*(far-t))
		}
	})
}

package access

import (
	"lifecircle"
)

// AgentsConfig says how people choose among places.
type AgentsConfig struct {
	Supply []int64 // of each place, more than 0
	Demand []int64 // of each point, at least 0
	// Patience is the cost of travel that weighs as much as the congestion of a place
	// as crowded as all together would be; more than 0.
	Patience uint32
	Rounds   int // of adjustment; 0 means 300
}

// Agents is what the rational agent access model says.
type Agents struct {
	// Costs is what the best place costs who lives at a point, travel and congestion
	// together, 1 being the patience or the average congestion; NaN for points that
	// reach none.
	Costs []float64
	// Chosen are the people of a point that go to a place, by pair in the order of the
	// catchments; Loads the people at each place.
	Chosen []int64
	Loads  []int64
	// Gap is how far people are from having the best place each, as a share of all
	// they bear: 0 at the equilibrium.
	Gap float64
}

// Agents computes the rational agent access model, RAAM (J. Saxon, D. Snow, A
// rational agent model for the spatial accessibility of primary health care, Annals
// of the American Association of Geographers 110, 2020): everyone goes where
//
//	c_ij = (D_j / S_j) / ρ + t_ij / τ
//
// is least, D_j being the people who go to j, ρ all people over all supply, τ the
// patience; the cost of the place one goes to is the measure of access, the lower
// the better. People first go to the nearest place, then in round n the share
// 1/(n+1) of who could do better moves to the best place (method of successive
// averages, M. Powell, Y. Sheffi, Transportation Science 16, 1982), in whole
// people, so that the result has the same bits everywhere. O(rounds · pairs).
func (c *Catchments) Agents(cfg AgentsConfig) (*Agents, error) {
	for name, amounts := range map[string][]int64{"supply": cfg.Supply, "demand": cfg.Demand} {
		if err := checkAmounts(name, amounts); err != nil {
			return nil, err
		}
	}
	if len(cfg.Supply) != c.places || len(cfg.Demand) != c.points || cfg.Patience == 0 {
		return nil, lifecircle.Errorf("amounts_invalid", "%d supplies for %d places, %d demands for %d points, patience %d", len(cfg.Supply), c.places, len(cfg.Demand), c.points, cfg.Patience)
	}
	people, supply := int64(0), int64(0)
	for _, d := range cfg.Demand {
		people += d
	}
	for j, s := range cfg.Supply {
		if s == 0 {
			return nil, lifecircle.Errorf("amounts_invalid", "place %d has no supply: leave it out, nobody goes there", j)
		}
		supply += s
	}
	m := newAgents(c, cfg)
	if supply > 0 {
		m.average = float64(people) / float64(supply)
	}
	rounds := cfg.Rounds
	if rounds == 0 {
		rounds = 300
	}
	for n := range rounds {
		m.move(n)
	}
	return m.result(), nil
}

// crowd is people choosing.
type crowd struct {
	c       *Catchments
	cfg     AgentsConfig
	average float64 // people for a unit of supply
	// The pairs of point i are pair[first[i]:first[i+1]].
	first, pair []uint32
	place       []uint32 // of each pair
	chosen      []int64
	loads       []int64
}

func newAgents(c *Catchments, cfg AgentsConfig) *crowd {
	m := &crowd{
		c: c, cfg: cfg, first: make([]uint32, c.points+1), pair: make([]uint32, len(c.point)), place: make([]uint32, len(c.point)),
		chosen: make([]int64, len(c.point)), loads: make([]int64, c.places),
	}
	for j := range c.places {
		for i := c.first[j]; i < c.first[j+1]; i++ {
			m.place[i] = uint32(j)
			m.first[c.point[i]+1]++
		}
	}
	for i := range c.points {
		m.first[i+1] += m.first[i]
	}
	next := append([]uint32(nil), m.first...)
	for i, point := range c.point {
		m.pair[next[point]] = uint32(i)
		next[point]++
	}
	return m
}

// of returns the pairs of a point, in the order of the places.
func (m *crowd) of(point int) []uint32 { return m.pair[m.first[point]:m.first[point+1]] }

// cost returns what a pair costs whoever takes it.
func (m *crowd) cost(pair uint32) float64 {
	travel := float64(m.c.cost[pair]) / float64(m.cfg.Patience)
	if m.average == 0 {
		return travel
	}
	place := m.place[pair]
	return travel + float64(m.loads[place])/float64(m.cfg.Supply[place])/m.average
}

// best returns the cheapest pair of a point, the first of equals; ok is false when
// it reaches no place.
func (m *crowd) best(point int) (pair uint32, cost float64, ok bool) {
	for _, candidate := range m.of(point) {
		if is := m.cost(candidate); !ok || is < cost {
			pair, cost, ok = candidate, is, true
		}
	}
	return pair, cost, ok
}

// move lets people go where the last round's loads say it is best.
func (m *crowd) move(round int) {
	loads := make([]int64, len(m.loads))
	for point := range m.c.points {
		best, _, ok := m.best(point)
		if !ok {
			continue
		}
		moved := m.cfg.Demand[point]
		for _, pair := range m.of(point) {
			// Who stays is rounded down, so everyone can move in the end.
			stay := m.chosen[pair] / int64(round+1) * int64(round)
			stay += m.chosen[pair] % int64(round+1) * int64(round) / int64(round+1)
			m.chosen[pair] = stay
			moved -= stay
		}
		m.chosen[best] += moved
		for _, pair := range m.of(point) {
			loads[m.place[pair]] += m.chosen[pair]
		}
	}
	m.loads = loads
}

func (m *crowd) result() *Agents {
	out := &Agents{Costs: make([]float64, m.c.points), Chosen: m.chosen, Loads: m.loads}
	spent, best := 0.0, 0.0
	for point := range m.c.points {
		_, cost, ok := m.best(point)
		if !ok {
			out.Costs[point] = noValue
			continue
		}
		out.Costs[point] = cost
		for _, pair := range m.of(point) {
			spent += float64(m.chosen[pair]) * m.cost(pair)
			best += float64(m.chosen[pair]) * cost
		}
	}
	if spent > 0 {
		out.Gap = (spent - best) / spent
	}
	return out
}

package ningxia

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// home is a cluster of dwellings: what becomes a population point.
type home struct {
	at     spot
	weight float64
}

// settlement is a town or village on its streets.
type settlement struct {
	middle spot
	gates  []uint32 // nodes at which roads may arrive
	homes  []home
}

// gate returns the node of a settlement nearest to a spot.
func (s settlement) gate(streets *streets, to spot) uint32 {
	best := s.gates[0]
	for _, g := range s.gates {
		if streets.at[g].distance(to) < streets.at[best].distance(to) {
			best = g
		}
	}
	return best
}

// ground is where a settlement is laid out and how.
type ground struct {
	middle spot
	axis   spot // unit vector of its long streets
	people int64
}

// The densities of settled land, people per km²: our own estimates for towns of
// five to eighteen storeys, market towns and their like.
const (
	cityDensity = 13_000
	townDensity = 6_000
)

// town lays a grid of streets that leans and wanders, denser in the middle, with
// arterials, a canal that few streets cross, and gaps where a compound or a park
// lies.
func (s *streets) town(rng *rand.Rand, g ground, density float64) settlement {
	const stretch = 1.6 // length over width
	area := math.Max(0.12e6, float64(g.people)/density*1e6)
	long := math.Sqrt(area * stretch / math.Pi)
	short := long / stretch
	// The rim is no ellipse.
	var phases, sizes [3]float64
	for i := range phases {
		phases[i], sizes[i] = rng.Float64()*2*math.Pi, normal(rng, 0.07)
	}
	inside := func(u, v float64) bool {
		angle := math.Atan2(v/short, u/long)
		rim := 1.0
		for i := range phases {
			rim += sizes[i] * math.Sin(float64(i+2)*angle+phases[i])
		}
		return math.Hypot(u/long, v/short) <= rim
	}
	lines := func(half float64, least, most float64) []float64 {
		at := []float64{0}
		for end := 1.2 * half; at[len(at)-1] < end; {
			at = append(at, at[len(at)-1]+least+rng.Float64()*(most-least))
		}
		for end := -1.2 * half; at[0] > end; {
			at = slices.Insert(at, 0, at[0]-least-rng.Float64()*(most-least))
		}
		return at
	}
	us, vs := lines(long, 130, 230), lines(short, 100, 170)
	wander := 20 + rng.Float64()*30
	lean := normal(rng, 0.05)
	place := func(i, j int) spot {
		u, v := us[i], vs[j]
		u += lean*v + wander*math.Sin(v/900+phases[0]) + normal(rng, 6)
		v += wander*math.Sin(u/1100+phases[1]) + normal(rng, 6)
		return g.middle.plus(along(g.axis, u, v))
	}
	const none = math.MaxUint32
	nodes := make([][]uint32, len(us))
	town := settlement{middle: g.middle}
	for i := range us {
		nodes[i] = slices.Repeat([]uint32{none}, len(vs))
		for j := range vs {
			if inside(us[i], vs[j]) {
				nodes[i][j] = s.node(place(i, j))
				town.gates = append(town.gates, nodes[i][j])
			}
		}
	}
	if len(town.gates) == 0 { // smaller than one block
		node := s.node(g.middle)
		nodes[0][0], town.gates = node, []uint32{node}
	}
	canal := len(vs)/2 + 1 + rng.IntN(2)
	var left [][2]uint32 // streets that were not built
	whole := make(union)
	link := func(a, b uint32, arterial bool) {
		switch {
		case a == none || b == none:
			return
		case arterial:
			s.street("secondary", a, b)
		case rng.Float64() > 0.07:
			s.street("residential", a, b)
		default:
			left = append(left, [2]uint32{a, b})
			return
		}
		whole.join(a, b)
	}
	for i := range us {
		for j := range vs {
			if i+1 < len(us) {
				link(nodes[i][j], nodes[i+1][j], j%5 == 0)
			}
			if j+1 < len(vs) && (j != canal || i%4 == 0) {
				link(nodes[i][j], nodes[i][j+1], i%4 == 0)
			}
			if i+1 == len(us) || j+1 == len(vs) || nodes[i][j] == none || nodes[i+1][j] == none || nodes[i][j+1] == none || nodes[i+1][j+1] == none {
				continue
			}
			corners := s.at[nodes[i][j]].plus(s.at[nodes[i+1][j]]).plus(s.at[nodes[i][j+1]]).plus(s.at[nodes[i+1][j+1]]).times(0.25)
			far := math.Hypot(us[i]/long, vs[j]/short)
			if rng.Float64() < 0.12 { // offices, a school, a park: nobody lives there
				continue
			}
			town.homes = append(town.homes, home{corners, math.Exp(-far*far + normal(rng, 0.45))})
		}
	}
	// Gaps must not cut the town in parts.
	for _, ends := range left {
		if whole.join(ends[0], ends[1]) {
			s.street("residential", ends[0], ends[1])
		}
	}
	for _, node := range town.gates {
		if whole.join(town.gates[0], node) { // a corner of the rim without neighbours
			s.street("residential", town.gates[0], node)
		}
	}
	if len(town.homes) == 0 {
		town.homes = []home{{g.middle, 1}}
	}
	return town
}

// union tells which nodes are joined.
type union map[uint32]uint32

func (u union) root(node uint32) uint32 {
	for up, ok := u[node]; ok && up != node; up, ok = u[node] {
		node = up
	}
	return node
}

// join joins two nodes and reports whether they were apart.
func (u union) join(a, b uint32) bool {
	a, b = u.root(a), u.root(b)
	u[a] = b
	return a != b
}

// metresPerVillager is the length of lane for each person of a village: three
// people to a homestead with twenty metres of lane, homesteads on both sides.
const metresPerVillager = 20.0 / 3 / 2

// village lays lanes for its people: a main street along a canal or slope, and
// lanes across it.
func (s *streets) village(rng *rand.Rand, g ground) settlement {
	need := math.Max(200, float64(g.people)*metresPerVillager)
	lane := 110 + rng.Float64()*120 // to each side
	gap := 75 + rng.Float64()*45    // from lane to lane
	count := max(2, int(need/(gap+2*lane))+1)
	v := settlement{middle: g.middle}
	start := -float64(count-1) / 2 * gap
	var before uint32
	for i := range count {
		u := start + float64(i)*gap
		at := g.middle.plus(along(g.axis, u, 25*math.Sin(u/180)+normal(rng, 4)))
		node := s.node(at)
		if i > 0 {
			s.street("unclassified", before, node)
		}
		before = node
		v.gates = append(v.gates, node)
		v.homes = append(v.homes, home{at, gap})
		for _, side := range []float64{1, -1} {
			reach := lane * (0.6 + 0.6*rng.Float64())
			if rng.Float64() < 0.2 {
				continue
			}
			end := at.plus(along(g.axis, normal(rng, 8), side*reach))
			s.street("residential", node, s.node(end))
			v.homes = append(v.homes, home{between(at, end, 0.6), reach})
		}
	}
	return v
}

// hamlets lays a village out in two to four places joined by tracks.
func (s *streets) hamlets(rng *rand.Rand, g ground) settlement {
	count := 2 + rng.IntN(3)
	weights := make([]float64, count)
	for i := range weights {
		weights[i] = 0.5 + rng.Float64()
	}
	whole := settlement{middle: g.middle}
	for i, people := range share(g.people, weights) {
		middle := g.middle
		if i > 0 {
			middle = middle.plus(heading(rng.Float64() * 360).times(450 + 900*rng.Float64()))
		}
		part := s.village(rng, ground{middle, heading(rng.Float64() * 360), people})
		if i > 0 {
			s.road(rng, "track", [2]uint32{whole.gate(s, middle), part.gate(s, g.middle)})
		}
		whole.gates = append(whole.gates, part.gates...)
		whole.homes = append(whole.homes, part.homes...)
	}
	return whole
}

// scatter chooses spots for n settlements: of many tries each takes the one
// farthest from all that stand, so that they lie as evenly as land allows.
func scatter(rng *rand.Rand, n int, standing []spot, try func() spot) []spot {
	const tries = 24
	var chosen []spot
	for range n {
		var best spot
		farthest := -1.0
		for range tries {
			candidate := try()
			nearest := math.Inf(1)
			for _, other := range standing {
				nearest = math.Min(nearest, candidate.distance(other))
			}
			if nearest > farthest {
				best, farthest = candidate, nearest
			}
		}
		chosen, standing = append(chosen, best), append(standing, best)
	}
	return chosen
}

// joined returns the pairs of a minimum spanning tree over spots, and beyond it
// the pairs that would otherwise be a long way round (more than twice as far
// along the tree as straight on), nearest first, as many as asked.
func joined(spots []spot, extra int) [][2]int {
	if len(spots) < 2 {
		return nil
	}
	type pair struct {
		ends   [2]int
		length float64
	}
	var pairs []pair
	for i := range spots {
		for j := i + 1; j < len(spots); j++ {
			pairs = append(pairs, pair{[2]int{i, j}, spots[i].distance(spots[j])})
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return cmp.Compare(a.length, b.length) })
	group := make([]int, len(spots))
	for i := range group {
		group[i] = i
	}
	var tree [][2]int
	way := make([][]float64, len(spots)) // along the tree
	for i := range way {
		way[i] = slices.Repeat([]float64{math.Inf(1)}, len(spots))
		way[i][i] = 0
	}
	for _, p := range pairs {
		a, b := group[p.ends[0]], group[p.ends[1]]
		if a == b {
			continue
		}
		tree = append(tree, p.ends)
		for i := range spots {
			for j := range spots {
				if group[i] == a && group[j] == b {
					way[i][j] = way[i][p.ends[0]] + p.length + way[p.ends[1]][j]
					way[j][i] = way[i][j]
				}
			}
		}
		for i := range group {
			if group[i] == b {
				group[i] = a
			}
		}
	}
	for _, p := range pairs {
		if extra == 0 {
			break
		}
		if way[p.ends[0]][p.ends[1]] > 2*p.length {
			tree = append(tree, p.ends)
			extra--
		}
	}
	return tree
}

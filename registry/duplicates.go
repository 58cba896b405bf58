package registry

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"lifecircle"
	"lifecircle/geo"
)

// Why two rows may speak of one thing.
type DuplicateReason string

// The reasons, the strongest first.
const (
	SameCode DuplicateReason = "same_credit_code"
	SameName DuplicateReason = "same_name"     // within one county
	SameSpot DuplicateReason = "near_position" // of one kind
)

// Duplicate is two rows of a register that may speak of one thing. Which of them
// is right, and whether they are two after all, is for people to say.
type Duplicate struct {
	A, B    *Record
	Reasons []DuplicateReason
	Metres  float64 // between their positions; negative where one has none
}

// nearMetres is how close two places of one kind may lie before they are asked
// about: the width of a building and of what a pin on a map is off.
const nearMetres = 30

// Duplicates returns the pairs among the rows of a register that share a credit
// code, a name within a county, or, being of one kind, a spot. The pairs with more
// and stronger reasons come first, then the nearer. Rows are compared within
// groups of equal keys and neighbouring cells of a grid: O(n) for rows that are
// not crowded.
func (s *Snapshot) Duplicates(rows []*Record) []Duplicate {
	pairs := make(map[[2]string]*Duplicate)
	note := func(a, b *Record, why DuplicateReason) {
		if a.ID > b.ID {
			a, b = b, a
		}
		key := [2]string{a.ID, b.ID}
		if pairs[key] == nil {
			pairs[key] = &Duplicate{A: a, B: b, Metres: -1}
			if a.At != nil && b.At != nil {
				pairs[key].Metres = geo.Distance(*a.At, *b.At)
			}
		}
		pairs[key].Reasons = append(pairs[key].Reasons, why)
	}
	grouped(rows, func(r *Record) string {
		code, _ := r.Fields[CreditCode].Text()
		return code
	}, func(a, b *Record) { note(a, b, SameCode) })
	grouped(rows, func(r *Record) string {
		name := plainName(r.Name)
		if name == "" {
			return ""
		}
		return string(s.countyOf(r.Area)) + "\x00" + name
	}, func(a, b *Record) { note(a, b, SameName) })
	near(rows, func(a, b *Record) { note(a, b, SameSpot) })
	out := make([]Duplicate, 0, len(pairs))
	for _, pair := range pairs {
		out = append(out, *pair)
	}
	slices.SortFunc(out, func(a, b Duplicate) int {
		return cmp.Or(
			cmp.Compare(weight(b), weight(a)), cmp.Compare(a.Metres, b.Metres),
			cmp.Compare(a.A.ID, b.A.ID), cmp.Compare(a.B.ID, b.B.ID),
		)
	})
	return out
}

// weight puts a credit code above a name above a spot, and more above fewer.
func weight(d Duplicate) int {
	sum := 0
	for _, why := range d.Reasons {
		sum += map[DuplicateReason]int{SameCode: 4, SameName: 2, SameSpot: 1}[why]
	}
	return sum
}

// countyOf returns the county an area lies in, or the area itself.
func (s *Snapshot) countyOf(code lifecircle.AreaCode) lifecircle.AreaCode {
	for at := code; at != ""; {
		a, ok := s.Area(at)
		if !ok {
			break
		}
		if a.Level == County {
			return at
		}
		at = a.Parent
	}
	return code
}

// plainName is a name without what lists write differently.
func plainName(name string) string {
	return strings.ToLower(strings.NewReplacer("（", "", "）", "", "(", "", ")", "", " ", "", "\u3000", "", "·", "", "•", "", "-", "").Replace(name))
}

// grouped visits every pair of rows with one key; rows with the key "" have none.
func grouped(rows []*Record, key func(*Record) string, pair func(a, b *Record)) {
	groups := make(map[string][]*Record)
	for _, r := range rows {
		k := key(r)
		if k == "" {
			continue
		}
		for _, other := range groups[k] {
			pair(other, r)
		}
		groups[k] = append(groups[k], r)
	}
}

// near visits every pair of rows of one kind within nearMetres. Its cells are
// wider than that, so a pair lies in one cell or in two that touch.
func near(rows []*Record, pair func(a, b *Record)) {
	type cell struct {
		kind string
		x, y int
	}
	const metresPerDegree = geo.EarthRadiusMetres * math.Pi / 180
	cells := make(map[cell][]*Record)
	for _, r := range rows {
		if r.At == nil {
			continue
		}
		y := int(math.Floor(r.At.Lat * metresPerDegree / nearMetres))
		// Cells of one width in degrees: as wide as nearMetres at 75°, beyond which
		// nobody plans, and wider towards the equator.
		x := int(math.Floor(r.At.Lon * metresPerDegree * math.Cos(75*math.Pi/180) / nearMetres))
		for dx := -1; dx <= 1; dx++ {
			for dy := -1; dy <= 1; dy++ {
				for _, other := range cells[cell{r.Kind, x + dx, y + dy}] {
					if geo.Distance(*other.At, *r.At) <= nearMetres {
						pair(other, r)
					}
				}
			}
		}
		cells[cell{r.Kind, x, y}] = append(cells[cell{r.Kind, x, y}], r)
	}
}

package registry

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"lifecircle"
)

// Groups are how many of the people of a population point belong to groups that
// are named as fields: people_65, people_under_3. They may overlap and need not be
// all. Groups can be compared; the zero Groups says nothing.
type Groups struct {
	text string // name=number, in the order of names, each ended by ;
}

// GroupsOf makes groups of people by name.
func GroupsOf(people map[string]int64) Groups {
	names := make([]string, 0, len(people))
	for name := range people {
		names = append(names, name)
	}
	slices.Sort(names)
	var text []byte
	for _, name := range names {
		text = append(append(text, name...), '=')
		text = append(strconv.AppendInt(text, people[name], 10), ';')
	}
	return Groups{string(text)}
}

// IsZero reports whether nothing is said.
func (g Groups) IsZero() bool { return g.text == "" }

// Equal reports whether two say the same, as == does; comparisons by reflection ask
// for it.
func (g Groups) Equal(h Groups) bool { return g == h }

// People returns how many belong to a group; known is false where nothing is said.
func (g Groups) People(name string) (people int64, known bool) {
	g.each(func(n string, p int64) {
		if n == name {
			people, known = p, true
		}
	})
	return people, known
}

func (g Groups) each(visit func(name string, people int64)) {
	for rest := g.text; rest != ""; {
		var pair string
		pair, rest, _ = strings.Cut(rest, ";")
		name, number, _ := strings.Cut(pair, "=")
		people, err := strconv.ParseInt(number, 10, 64)
		if err == nil { // GroupsOf wrote it
			visit(name, people)
		}
	}
}

// check reports a group of fewer than none or of more than all.
func (g Groups) check(all int64) (fault string) {
	g.each(func(name string, people int64) {
		if people < 0 || people > all {
			fault = name + " is " + strconv.FormatInt(people, 10) + " of " + strconv.FormatInt(all, 10) + " people"
		}
	})
	return fault
}

// MarshalJSON implements json.Marshaler: an object of numbers.
func (g Groups) MarshalJSON() ([]byte, error) {
	people := make(map[string]int64)
	g.each(func(name string, n int64) { people[name] = n })
	return json.Marshal(people)
}

// UnmarshalJSON implements json.Unmarshaler.
func (g *Groups) UnmarshalJSON(data []byte) error {
	var people map[string]int64
	if err := json.Unmarshal(data, &people); err != nil {
		return err
	}
	for name := range people {
		if name == "" || strings.ContainsAny(name, "=;") {
			return lifecircle.Errorf("field_invalid", "a group of people is named %q: want an id", name)
		}
	}
	*g = GroupsOf(people)
	return nil
}

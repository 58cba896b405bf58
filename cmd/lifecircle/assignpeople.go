package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"lifecircle"
	"lifecircle/siting/assignment"
)

// peopleFlags are what `assign people` is told.
type peopleFlags struct {
	by, most, out string
}

func (a *app) assignPeople() *cobra.Command {
	var f peopleFlags
	c := &cobra.Command{
		Use:   "people PEOPLE.csv PLACES.csv WAYS.csv",
		Short: "Send people, counted and not named, to places with room at the least way",
		Long: `Serves as many people as the places have room for, and of all ways to do so takes
the one on which they walk least together (a minimum-cost flow): somebody may go to
the second nearest place so that others find room at all.

PEOPLE.csv: id,people. PLACES.csv: id,capacity. WAYS.csv: from,to and a column of what
the way costs, such as 'lifecircle access matrix' writes: --by names it. Rows whose
state is not ok are left out, and so are ways longer than --most.

The answer has a row for each group and place: from,to,people and the way. Who finds no
room has a row without a place.`,
		Args: cobra.ExactArgs(3),
		RunE: func(cmd *cobra.Command, args []string) error {
			q, err := f.read(args)
			if err != nil {
				return err
			}
			flows, _, _ := q.Solve()
			return a.showFlows(cmd, q, flows, f)
		},
	}
	c.Flags().StringVar(&f.by, "by", "metres", "the column of WAYS.csv that says what a way costs")
	c.Flags().StringVar(&f.most, "most", "", "nobody is sent farther than this")
	c.Flags().StringVarP(&f.out, "out", "o", "", "write the answer to this CSV file")
	return a.formats(c)
}

// transport is a transport problem with the names of its groups and places.
type transport struct {
	assignment.Transport
	people, places []string
	all            int64
}

// wayDigits is how finely ways are told apart: by tenths of what the column counts.
const wayDigits = 10

func (f peopleFlags) read(args []string) (*transport, error) {
	q := &transport{}
	most := int64(math.MaxInt64)
	if f.most != "" {
		var err error
		if most, err = tenths("--most", f.most); err != nil {
			return nil, useError{err}
		}
	}
	group, err := readCounts(args[0], "people", "group", func(id string, people int64) error {
		q.people, q.Load = append(q.people, id), append(q.Load, people)
		q.all += people
		return nil
	})
	if err != nil {
		return nil, err
	}
	place, err := readCounts(args[1], "capacity", "place", func(id string, capacity int64) error {
		q.places, q.Capacity = append(q.places, id), append(q.Capacity, capacity)
		return nil
	})
	if err != nil {
		return nil, err
	}
	q.Reach = make([][]assignment.Arc, len(q.people))
	longest := int64(0)
	seen := make(map[[2]int]int)
	err = readTable(args[2], []string{"from", "to", f.by}, func(line int, cell func(string) string) error {
		if state := cell("state"); state != "" && state != "ok" {
			return nil
		}
		from, ok := group[cell("from")]
		if !ok {
			return fmt.Errorf("from %q is not in the list of people: add it there, or leave the row out", cell("from"))
		}
		to, ok := place[cell("to")]
		if !ok {
			return fmt.Errorf("to %q is not in the list of places: add it there, or leave the row out", cell("to"))
		}
		if before, twice := seen[[2]int{from, to}]; twice {
			return fmt.Errorf("the way from %s to %s stands on line %d already: leave one out", cell("from"), cell("to"), before)
		}
		seen[[2]int{from, to}] = line
		cost, err := tenths(f.by, cell(f.by))
		if err != nil || cost > most {
			return err
		}
		longest = max(longest, cost)
		q.Reach[from] = append(q.Reach[from], assignment.Arc{Place: int32(to), Cost: cost})
		return nil
	})
	if err != nil {
		return nil, err
	}
	// To serve one more at most every place moves somebody on: that never costs as much
	// as to leave somebody out.
	left := longest*int64(len(q.places)+1) + 1
	if q.all > math.MaxInt64/4/left {
		return nil, lifecircle.Errorf("csv_invalid", "%s: %d people on ways of up to %s over %d places add up to too large a number: leave out the longest ways with --most", args[2], q.all, tenthsShown(longest), len(q.places))
	}
	q.Unserved = slices.Repeat([]int64{left}, len(q.people))
	return q, nil
}

// tenths reads a way, not negative, in tenths of its unit; what is finer is rounded up.
func tenths(name, text string) (int64, error) {
	const longest = 1 << 30
	n, err := lifecircle.ParseNumber(text)
	if err == nil && n.Sign() >= 0 {
		if tenths, ok := n.Mul(lifecircle.Int(wayDigits)); ok && tenths.Ceil() <= longest {
			return tenths.Ceil(), nil
		}
	}
	return 0, fmt.Errorf("%s %q: want a number from 0 to %d", name, text, longest/wayDigits)
}

// readCounts reads a table of ids, each with a whole number, and returns where each stands.
func readCounts(path, column, what string, take func(id string, n int64) error) (map[string]int, error) {
	at, lines := make(map[string]int), make(map[string]int)
	err := readTable(path, []string{"id", column}, func(line int, cell func(string) string) error {
		id := cell("id")
		if id == "" {
			return fmt.Errorf("id is empty: give each %s one", what)
		}
		if before, twice := lines[id]; twice {
			return fmt.Errorf("id %q stands on line %d already: give each %s its own", id, before, what)
		}
		n, err := wholeCell(column, cell(column), 0)
		if err != nil {
			return err
		}
		at[id], lines[id] = len(at), line
		return take(id, int64(n))
	})
	return at, err
}

func (a *app) showFlows(cmd *cobra.Command, q *transport, flows []assignment.Flow, f peopleFlags) error {
	left := make([]int64, len(q.people))
	copy(left, q.Load)
	var served, ways int64
	for _, flow := range flows {
		left[flow.Demand] -= flow.Load
		served += flow.Load
		ways += flow.Load * q.way(flow)
	}
	mean := ""
	if served > 0 {
		mean = fmt.Sprintf(", %s %s on average", tenthsShown(int64(math.Round(float64(ways)/float64(served)))), f.by)
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "lifecircle: %d of %d people are served%s; %d find no room within reach\n", served, q.all, mean, q.all-served)
	return a.answer(cmd, f.out, []string{"from", "to", "people", f.by}, func(row func(...string)) error {
		for i := range q.people {
			for ; len(flows) > 0 && int(flows[0].Demand) == i; flows = flows[1:] {
				row(q.people[i], q.places[flows[0].Place], strconv.FormatInt(flows[0].Load, 10), tenthsShown(q.way(flows[0])))
			}
			if left[i] > 0 {
				row(q.people[i], "", strconv.FormatInt(left[i], 10), "")
			}
		}
		return nil
	})
}

// way returns what the way of a flow costs.
func (q *transport) way(flow assignment.Flow) int64 {
	reach := q.Reach[flow.Demand]
	return reach[slices.IndexFunc(reach, func(a assignment.Arc) bool { return a.Place == flow.Place })].Cost
}

func tenthsShown(n int64) string { return fmt.Sprintf("%d.%d", n/wayDigits, n%wayDigits) }

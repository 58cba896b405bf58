package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"lifecircle"
	"lifecircle/siting/assignment"
)

// assignFlags are what `assign` is told.
type assignFlags struct {
	seed, out string
	show      bool
}

func (a *app) assign() *cobra.Command {
	var f assignFlags
	c := &cobra.Command{
		Use:   "assign WISHES.csv PLACES.csv",
		Short: "Give named people the places they wish for, stably and by a published lottery",
		Long: `Places people by deferred acceptance: nobody and no place would both rather have
one another, everybody has the best place that any such assignment gives them, and
nobody gains by hiding a wish.

WISHES.csv has a row for each wish: id,wish,place[,class] — the person, the rank of
the wish (1 is the dearest), the place, and the priority they have there (0 comes
first; 0 if the column is missing). Who wishes for nothing has a row without wish and
place. PLACES.csv: id,capacity.

The lot of a person is the SHA-256 of the seed, a line feed and the id; the least
comes first. Fix the seed when the wishes are in, and publish it: anybody can then
compute the lots again (printf '%s\n%s' "$SEED" "$ID" | sha256sum).

The answer has a row for each person: id,place,wish,lot,state,reason. On the screen
ids are masked; -o writes them in full, to a file that only its owner reads.`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			places, err := readAdmissionPlaces(args[1])
			if err != nil {
				return err
			}
			people, err := readWishes(args[0], places)
			if err != nil {
				return err
			}
			admission := &assignment.Admission{People: people, Places: places, Seed: f.seed}
			placement, err := admission.Solve()
			if err != nil {
				return err
			}
			return a.showPlacement(cmd, admission, placement, f)
		},
	}
	c.AddCommand(a.assignPeople())
	c.Flags().StringVar(&f.seed, "seed", "", "of the lottery; to be published after the wishes are in")
	c.Flags().StringVarP(&f.out, "out", "o", "", "write the answer, with ids in full, to this CSV file")
	c.Flags().BoolVar(&f.show, "show-ids", false, "show the ids of people in full")
	return a.formats(required(c, "seed"))
}

func (a *app) showPlacement(cmd *cobra.Command, admission *assignment.Admission, p *assignment.Placement, f assignFlags) error {
	if f.out != "" {
		// Created before it is written, so that nobody else ever reads it.
		file, err := os.OpenFile(f.out, os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		if err := errors.Join(file.Chmod(0o600), file.Close()); err != nil {
			return err
		}
	}
	name := func(person int) string {
		if id := admission.People[person].ID; f.show || f.out != "" {
			return id
		}
		return masked(admission.People[person].ID)
	}
	lots := admission.Lots()
	placed := len(admission.People) - len(p.Unplaced)
	fmt.Fprintf(cmd.ErrOrStderr(), "lifecircle: %d of %d people have a place, %d wait; seed %q\n", placed, len(admission.People), len(p.Unplaced), f.seed)
	tell := reasons{admission, lots, a.lang == "zh" && a.format == "table" && f.out == ""}
	return a.answer(cmd, f.out, []string{"id", "place", "wish", "lot", "state", "reason"}, func(row func(...string)) error {
		for i := range admission.People {
			place, wish, state := "", "", "waiting"
			if p.Place[i] >= 0 {
				place, wish, state = admission.Places[p.Place[i]].ID, strconv.Itoa(p.Wish[i]+1), "placed"
			}
			row(name(i), place, wish, strconv.Itoa(lots[i]+1), state, tell.reason(admission.Explain(p, i)))
		}
		return nil
	})
}

// masked hides an id, all but the last four signs, and always half of it.
func masked(id string) string {
	signs := []rune(id)
	shown := min(4, len(signs)/2)
	return strings.Repeat("*", len(signs)-shown) + string(signs[len(signs)-shown:])
}

// reasons puts verdicts into words.
type reasons struct {
	admission *assignment.Admission
	lots      []int
	chinese   bool
}

// reason names no person but the one it is about: others appear by lot.
func (t reasons) reason(verdicts []assignment.Verdict) string {
	say := func(zh, en string, args ...any) string {
		if t.chinese {
			return fmt.Sprintf(zh, args...)
		}
		return fmt.Sprintf(en, args...)
	}
	if len(verdicts) == 0 {
		return say("没有志愿", "wished for nothing")
	}
	var parts []string
	for k, v := range verdicts {
		place := t.admission.Places[v.Place]
		switch {
		case v.Outcome == assignment.Admitted:
			parts = append(parts, say("第%d志愿%s：录取，第%d位，共%d个名额", "wish %d, %s: taken, number %d of %d", k+1, place.ID, v.Rank, place.Capacity))
		case v.Outcome == assignment.Unasked:
		case v.Last < 0:
			parts = append(parts, say("第%d志愿%s：没有名额，候补第%d位", "wish %d, %s: has no room; number %d of those waiting", k+1, place.ID, v.Rank))
		default:
			wishes := t.admission.People[v.Last].Wishes
			class := wishes[slices.IndexFunc(wishes, func(w assignment.Wish) bool { return w.Place == v.Place })].Class
			parts = append(parts, say("第%d志愿%s：已满，最后录取者类别%d、签号%d，本人类别%d，候补第%d位",
				"wish %d, %s: full; the last taken has class %d and lot %d, this person class %d; number %d of those waiting",
				k+1, place.ID, class, t.lots[v.Last]+1, v.Class, v.Rank))
		}
	}
	return strings.Join(parts, say("；", "; "))
}

// readAdmissionPlaces reads id,capacity.
func readAdmissionPlaces(path string) ([]assignment.Place, error) {
	var places []assignment.Place
	_, err := readCounts(path, "capacity", "place", func(id string, capacity int64) error {
		places = append(places, assignment.Place{ID: id, Capacity: int(capacity)})
		return nil
	})
	return places, err
}

// readWishes reads id,wish,place[,class]; people come in the order in which they
// first appear.
func readWishes(path string, places []assignment.Place) ([]assignment.Person, error) {
	at := make(map[string]int, len(places))
	for k, p := range places {
		at[p.ID] = k
	}
	type ranked struct {
		rank, line int
		wish       assignment.Wish
	}
	var people []assignment.Person
	var wishes [][]ranked
	index := make(map[string]int)
	err := readTable(path, []string{"id", "wish", "place"}, func(line int, cell func(string) string) error {
		id := cell("id")
		if id == "" {
			return errors.New("id is empty: give each person one")
		}
		who, known := index[id]
		if !known {
			who = len(people)
			index[id] = who
			people, wishes = append(people, assignment.Person{ID: id}), append(wishes, nil)
		}
		if cell("wish") == "" && cell("place") == "" {
			if known {
				return fmt.Errorf("%s has another row and this one without a wish: leave one out", masked(id))
			}
			return nil
		}
		rank, err := wholeCell("wish", cell("wish"), 1)
		if err != nil {
			return err
		}
		place, ok := at[cell("place")]
		if !ok {
			return fmt.Errorf("place %q is not in the list of places: add it there, or correct it here", cell("place"))
		}
		class := 0
		if text := cell("class"); text != "" {
			if class, err = wholeCell("class", text, 0); err != nil {
				return err
			}
		}
		for _, w := range wishes[who] {
			switch {
			case w.rank == rank:
				return fmt.Errorf("wish %d of %s stands on line %d already: number the wishes 1, 2, 3", rank, masked(id), w.line)
			case w.wish.Place == place:
				return fmt.Errorf("%s wished for %s on line %d already: leave one out", masked(id), cell("place"), w.line)
			}
		}
		wishes[who] = append(wishes[who], ranked{rank, line, assignment.Wish{Place: place, Class: class}})
		return nil
	})
	for i := range people {
		slices.SortFunc(wishes[i], func(a, b ranked) int { return a.rank - b.rank })
		for _, w := range wishes[i] {
			people[i].Wishes = append(people[i].Wishes, w.wish)
		}
	}
	return people, err
}

func wholeCell(name, text string, least int) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > math.MaxInt32 {
		return 0, fmt.Errorf("%s %q: want a whole number from %d", name, text, least)
	}
	return n, nil
}

// readTable reads a CSV file with a heading that has at least the columns named.
// Every faulty row is named, with its line.
func readTable(path string, columns []string, take func(line int, cell func(string) string) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = -1 // a row of another length is one fault among others
	heading, err := r.Read()
	if err != nil {
		return lifecircle.Errorf("csv_invalid", "%s: want a heading %s and a row for each: %w", path, strings.Join(columns, ","), err)
	}
	at := make(map[string]int)
	for i, name := range heading {
		at[strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")))] = i
	}
	for _, name := range columns {
		if _, ok := at[name]; !ok {
			return lifecircle.Errorf("csv_invalid", "%s: heading %q has no column %q: want %s, divided by commas", path, strings.Join(heading, ","), name, strings.Join(columns, ","))
		}
	}
	var faults []string
	rows := 0
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			faults = append(faults, fmt.Sprintf("%v: close the quote, or write \"\" for a quote within a cell", err))
			break
		}
		rows++
		line, _ := r.FieldPos(0)
		cell := func(name string) string {
			i, ok := at[name]
			if !ok {
				return ""
			}
			return strings.TrimSpace(record[i])
		}
		switch {
		case len(record) != len(heading):
			err = fmt.Errorf("%d cells, the heading has %d: quote a cell that holds a comma", len(record), len(heading))
		case slices.ContainsFunc(record, func(text string) bool { return !utf8.ValidString(text) }):
			err = errors.New("is no UTF-8: save the file as UTF-8")
		default:
			err = take(line, cell)
		}
		if err != nil {
			faults = append(faults, fmt.Sprintf("line %d: %v", line, err))
		}
	}
	if n := len(faults); n > 0 {
		if n > maxRowFaults {
			faults = append(faults[:maxRowFaults], fmt.Sprintf("and %d more", n-maxRowFaults))
		}
		return lifecircle.Errorf("csv_invalid", "%s: %d faulty rows:\n  %s", path, n, strings.Join(faults, "\n  "))
	}
	if rows == 0 {
		return lifecircle.Errorf("csv_invalid", "%s has a heading and no rows: add one for each", path)
	}
	return nil
}

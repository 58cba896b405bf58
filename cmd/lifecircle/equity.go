package main

import (
	"encoding/csv"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"lifecircle"
	"lifecircle/access"
)

// equityQuestion is what the flags of access equity say.
type equityQuestion struct {
	demand, column, group, rank, lorenz string
	standard                            float64
	hasStandard                         bool
}

func (a *app) accessEquity() *cobra.Command {
	var q equityQuestion
	c := &cobra.Command{
		Use:   "equity MEASURE.csv --demand D.csv [--column score] [--standard 0.01] [--group county] [--rank income] [--lorenz L.csv]",
		Short: "How unevenly a measure of access falls to people",
		Long: `Reads id and a column of numbers of 0 or more, as access catchment, counts, sum and
nearest --k 1 write them, and how many people live at each id: the column weight (or
people) of the demand. Points without an answer are left out, and their people counted.

  gini           0 where all have the same, near 1 where one has all
  theil          with --group divided into what lies between groups and within
  palma          what the best tenth has over what the worst four tenths have
  p10, p50, p90  what so many people do not exceed
  share_below    with --standard, the people who have less; the standard is enough
  concentration  with --rank, −1 where those of the lowest rank have all, to 1

What cannot be said is empty: palma where the worst have nothing, all but people where
nobody has anything. --lorenz writes the Lorenz curve, people,value, from 0,0 to 1,1.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			q.hasStandard = cmd.Flags().Changed("standard")
			return a.equity(cmd, args[0], q)
		},
	}
	f := c.Flags()
	f.StringVar(&q.demand, "demand", "", "CSV with id,weight (or people): how many people live at each point")
	f.StringVar(&q.column, "column", "", "the column of the measure (default: score, metres, or the first that holds numbers)")
	f.StringVar(&q.group, "group", "", "a column of the demand whose texts are groups, as of counties")
	f.StringVar(&q.rank, "rank", "", "a column of the demand by which people are ranked, as of income")
	f.Float64Var(&q.standard, "standard", 0, "what everybody should have")
	f.StringVar(&q.lorenz, "lorenz", "", "the CSV file of the Lorenz curve to write")
	return a.formats(required(c, "demand"))
}

// equityAnswer is what access equity answers; the names are a contract. null is what
// cannot be said.
type equityAnswer struct {
	Column string `json:"column"`
	// In people, where Equity has millionths of them.
	People     float64 `json:"people"`
	Unanswered float64 `json:"people_without_answer"`
	access.Equity
}

func (a *app) equity(cmd *cobra.Command, path string, q equityQuestion) error {
	measure, err := readSheet(path)
	if err != nil {
		return err
	}
	demand, err := readSheet(q.demand)
	if err != nil {
		return err
	}
	if q.column == "" {
		q.column = measure.measureColumn()
	}
	has, err := measure.had(q.column, demand)
	if err != nil {
		return err
	}
	question, err := q.about(demand, has)
	if err != nil {
		return err
	}
	equity, err := access.EquityOf(question)
	if err != nil {
		return err
	}
	answer := equityAnswer{q.column, float64(equity.People) / millionths, float64(equity.Unanswered) / millionths, equity}
	if q.lorenz != "" {
		if err := csvTo(q.lorenz, func(w *csvWriter) error {
			w.row("people", "value")
			for _, p := range equity.Lorenz {
				w.row(roundScore(p.People), roundScore(p.Value))
			}
			return nil
		}); err != nil {
			return err
		}
	}
	rows := [][]string{{"what", "value"}}
	for _, row := range []struct {
		what  string
		value *float64
	}{
		{"people", &answer.People},
		{"people_without_answer", &answer.Unanswered},
		{"mean", answer.Mean},
		{"gini", answer.Gini},
		{"theil", answer.Theil},
		{"theil_between", answer.TheilBetween},
		{"theil_within", answer.TheilWithin},
		{"palma", answer.Palma},
		{"p10", answer.P10},
		{"p50", answer.P50},
		{"p90", answer.P90},
		{"share_below", answer.ShareBelow},
		{"concentration", answer.Concentration},
	} {
		cell := ""
		if row.value != nil {
			cell = roundScore(*row.value)
		}
		rows = append(rows, []string{row.what, cell})
	}
	return a.print(cmd.OutOrStdout(), answer, rows)
}

// about makes the question of what each row of the demand has.
func (q *equityQuestion) about(demand *csvSheet, has []float64) (access.EquityQuestion, error) {
	question := access.EquityQuestion{Values: has}
	if q.hasStandard {
		question.Standard = &q.standard
	}
	name := "weight"
	if !slices.Contains(demand.heading, name) {
		name = "people"
	}
	weights, err := demand.column(name)
	if err != nil {
		return question, err
	}
	for i, cell := range weights {
		n, err := parseMillionths(cell)
		if err != nil || n < 0 {
			return question, lifecircle.Errorf("csv_invalid", "%s: %s of %s is %q: want a number of 0 or more", demand.path, name, demand.id(i), cell)
		}
		question.People = append(question.People, n)
	}
	if q.group != "" {
		cells, err := demand.column(q.group)
		if err != nil {
			return question, err
		}
		number := make(map[string]int)
		for _, cell := range cells {
			if _, known := number[cell]; !known {
				number[cell] = len(number)
			}
			question.Groups = append(question.Groups, number[cell])
		}
	}
	if q.rank != "" {
		question.Ranks, err = demand.numbers(q.rank)
	}
	return question, err
}

// csvSheet is a CSV file with a heading that holds id, which is unique.
type csvSheet struct {
	path    string
	heading []string
	rows    [][]string
	row     map[string]int // by id
}

func readSheet(path string) (*csvSheet, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, lifecircle.Errorf("file_unreadable", "%w", err).With("file", path)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, lifecircle.Errorf("csv_invalid", "%s: %w", path, err)
	}
	s := &csvSheet{path: path, row: make(map[string]int)}
	if len(all) < 2 {
		return nil, lifecircle.Errorf("csv_invalid", "%s has no rows: want a heading with id, and a row for each point", path)
	}
	for _, name := range all[0] {
		s.heading = append(s.heading, strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff"))))
	}
	s.rows = all[1:]
	ids, err := s.column("id")
	if err != nil {
		return nil, err
	}
	for i, id := range ids {
		if before, twice := s.row[id]; twice {
			return nil, lifecircle.Errorf("csv_invalid", "%s: id %q stands in row %d and in row %d: give each point one row, as of --k 1", path, id, before+2, i+2)
		}
		s.row[id] = i
	}
	return s, nil
}

func (s *csvSheet) id(row int) string { return s.rows[row][slices.Index(s.heading, "id")] }

// column returns the cells under a heading.
func (s *csvSheet) column(name string) ([]string, error) {
	at := slices.Index(s.heading, name)
	if at < 0 {
		return nil, lifecircle.Errorf("csv_invalid", "%s has no column %q: it has %s", s.path, name, strings.Join(s.heading, ", "))
	}
	cells := make([]string, len(s.rows))
	for i, row := range s.rows {
		cells[i] = strings.TrimSpace(row[at])
	}
	return cells, nil
}

// numbers returns a column of numbers, NaN where a cell is empty.
func (s *csvSheet) numbers(name string) ([]float64, error) {
	cells, err := s.column(name)
	if err != nil {
		return nil, err
	}
	numbers := make([]float64, len(cells))
	for i, cell := range cells {
		if cell == "" {
			numbers[i] = math.NaN()
			continue
		}
		if numbers[i], err = strconv.ParseFloat(cell, 64); err != nil || math.IsNaN(numbers[i]) || math.IsInf(numbers[i], 0) {
			return nil, lifecircle.Errorf("csv_invalid", "%s: %s of %s is %q: want a number, or nothing where there is no answer", s.path, name, s.id(i), cell)
		}
	}
	return numbers, nil
}

// measureColumn is the column of a measure where none is named: what the access
// commands call it, else the first that holds numbers.
func (s *csvSheet) measureColumn() string {
	for _, name := range append([]string{"score", "metres"}, s.heading...) {
		if name == "id" || name == "lon" || name == "lat" {
			continue
		}
		if _, err := s.numbers(name); err == nil {
			return name
		}
	}
	return "score"
}

// had returns what each point of the demand has, NaN where there is no answer.
func (s *csvSheet) had(column string, demand *csvSheet) ([]float64, error) {
	numbers, err := s.numbers(column)
	if err != nil {
		return nil, err
	}
	has := make([]float64, len(demand.rows))
	for i := range has {
		at, ok := s.row[demand.id(i)]
		if !ok {
			return nil, lifecircle.Errorf("csv_invalid", "%s has no row of %s, whom %s counts: measure the same points", s.path, demand.id(i), demand.path)
		}
		if has[i] = numbers[at]; has[i] < 0 {
			return nil, lifecircle.Errorf("csv_invalid", "%s: %s of %s is negative: want 0 or more", s.path, column, demand.id(i))
		}
	}
	return has, nil
}

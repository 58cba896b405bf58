package main

import (
	"strconv"

	"github.com/spf13/cobra"

	"lifecircle"
	"lifecircle/access"
)

func (a *app) accessCoverage() *cobra.Command {
	var q accessQuestion
	var demand string
	c := &cobra.Command{
		Use:   "coverage NET --facilities F.csv --demand D.csv --minutes 15 -o OUT.csv",
		Short: "How many people have a facility of each kind within reach",
		Long: `Writes kind,facilities,people,covered,unknown,share: for each kind of the facilities
file, in the order of their names, how many of the people of the demand have at
least one at most so many minutes away, exactly that many included. unknown are
those whose point meets no street; share is covered / (people − unknown), a
fraction. Without kinds there is one row, facilities. People are the column weight
(or people) of the demand. With --area the people in it are counted, and what lies
around it serves them.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.coverage(cmd, args[0], q, demand) },
	}
	q.facilityFlags(c)
	c.Flags().StringVar(&demand, "demand", "", "CSV with id,lon,lat,weight: where how many people live")
	return a.formats(required(q.limited(c), "facilities", "demand"))
}

func (a *app) coverage(cmd *cobra.Command, path string, q accessQuestion, demand string) error {
	homes, err := readPoints(demand)
	if err != nil {
		return err
	}
	in, err := q.openNetwork(path)
	if err != nil {
		return err
	}
	if q.border != nil {
		if err := homes.keep(q.border.Counts); err != nil {
			return err
		}
	}
	people, err := homes.amounts("weight", "people")
	if err != nil {
		return err
	}
	if err := fits(people); err != nil {
		return lifecircle.Errorf("csv_invalid", "%s: people: %w", demand, err)
	}
	in.snap(homes)
	kinds, of := in.facilities.kinds()
	places := make([][]access.Place, len(kinds))
	for i, place := range in.places {
		places[of[i]] = append(places[of[i]], place)
	}
	covers := make([]access.Coverage, len(kinds))
	var adrift []access.Adrift
	bar := startProgress(cmd.ErrOrStderr(), "kinds", len(kinds))
	for k := range kinds {
		cover, lost := access.FindCover(in.points, places[k], in.limit)
		covers[k], adrift = cover.Count(people, nil), append(adrift, lost...)
		bar.to(k + 1)
	}
	bar.end()
	in.warn(cmd.ErrOrStderr(), adrift)
	return a.answer(cmd, q.out, []string{"kind", "facilities", "people", "covered", "unknown", "share"}, func(row func(...string)) error {
		for k, kind := range kinds {
			share := ""
			if known, ok := covers[k].Share(); ok {
				share = roundScore(known.Float64())
			}
			row(kind, strconv.Itoa(len(places[k])), formatMillionths(covers[k].People), formatMillionths(covers[k].Covered), formatMillionths(covers[k].Unknown), share)
		}
		return nil
	})
}

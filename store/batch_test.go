package store_test

import (
	"fmt"
	"testing"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/geo"
	"lifecircle/registry"
	"lifecircle/scenario"
	"lifecircle/store"
	"lifecircle/store/storetest"
)

// TestBatches: rows that are written together are the rows that were given, in
// their order, whatever their number; of a facility that stands already the import
// is refused whole, wherever in the batch it is.
func TestBatches(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		load(t, db)
		total := 2
		for _, count := range []int{1, 499, 500, 501, 1203} {
			var changes []scenario.Change
			for i := range count {
				fresh := place(lifecircle.FacilityID(fmt.Sprintf("%d-%d", count, i)))
				fresh.Name = fmt.Sprint("place ", i)
				changes = append(changes, scenario.Change{Op: scenario.Add, Facility: &fresh})
				if i%3 == 0 { // what is pending is seen by what reads
					renamed := fresh
					renamed.Name = fmt.Sprint("renamed ", i)
					changes = append(changes, scenario.Change{Op: scenario.Amend, Facility: &renamed})
				}
			}
			for _, at := range []int{0, len(changes) / 2, len(changes)} {
				standing := place("a")
				bad := append(append(append([]scenario.Change{}, changes[:at]...), scenario.Change{Op: scenario.Add, Facility: &standing}), changes[at:]...)
				if _, err := commit(t, db, bad...); lifecircle.ErrorCode(err) != "facility_exists" {
					t.Fatalf("%d with one that stands at %d: %v", count, at, err)
				}
			}
			if _, err := commit(t, db, changes...); err != nil {
				t.Fatal(err)
			}
			total += count
			facts, _, err := db.Facts(t.Context(), account.Local())
			if err != nil {
				t.Fatal(err)
			}
			if got := len(facts.Registry.Facilities()); got != total {
				t.Fatalf("%d facilities, want %d", got, total)
			}
			for i := range count {
				want := fmt.Sprint("place ", i)
				if i%3 == 0 {
					want = fmt.Sprint("renamed ", i)
				}
				if f, ok := facts.Registry.Facility(lifecircle.FacilityID(fmt.Sprintf("%d-%d", count, i))); !ok || f.Name != want {
					t.Fatalf("%d: place %d is %q, want %q", count, i, f.Name, want)
				}
			}
		}
		// Withdrawn and put back within one change, and added twice within one.
		fresh := place("back")
		add := scenario.Change{Op: scenario.Add, Facility: &fresh}
		if _, err := commit(t, db, add, scenario.Change{Op: scenario.Withdraw, ID: "back"}, add); err != nil {
			t.Error(err)
		}
	})
}

// BenchmarkRows writes 30,000 facilities and 30,000 population points durably, each
// kind in one change.
func BenchmarkRows(b *testing.B) {
	const rows = 30_000
	for name, open := range map[string]func(testing.TB) *store.DB{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				db := open(b)
				if _, err := scenario.Load(b.Context(), db, account.Local(), scenario.Loaded{Request: request("base"), Base: base()}); err != nil {
					b.Fatal(err)
				}
				var facilities, points []scenario.Change
				for i := range rows {
					f := place(lifecircle.FacilityID(fmt.Sprintf("f%05d", i)))
					facilities = append(facilities, scenario.Change{Op: scenario.Add, Facility: &f})
					points = append(points, scenario.Change{Op: scenario.Point, Point: &registry.PopulationPoint{
						ID: fmt.Sprintf("p%05d", i), Area: township, At: geo.Point{Lon: 106, Lat: 38}, People: int64(i), Source: "bench", Provenance: lifecircle.Generated,
					}})
				}
				b.StartTimer()
				for _, changes := range [][]scenario.Change{facilities, points} {
					if _, err := scenario.Import(b.Context(), db, account.Local(), scenario.Imported{Request: request(""), Changes: changes}); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(2*rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

package store_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/figure"
	"lifecircle/job"
	"lifecircle/journal"
	"lifecircle/scenario"
	"lifecircle/store"
	"lifecircle/store/storetest"
)

// folded are two databases that are written alike; figures are folded in one alone.
type folded struct {
	t    *testing.T
	dbs  [2]*store.DB
	at   time.Time
	rng  *rand.Rand
	seqs []journal.Seq
}

func (f *folded) same(what string) {
	f.t.Helper()
	var tables [2]*figure.Table
	for i, db := range f.dbs {
		facts, _, err := db.Facts(f.t.Context(), account.Local())
		if err != nil {
			f.t.Fatal(err)
		}
		tables[i] = facts.Figures
	}
	if a, b := tables[0].Values(), tables[1].Values(); !reflect.DeepEqual(a, b) {
		f.t.Fatalf("%s: folded\n%v\nunfolded\n%v", what, a, b)
	}
	if a, b := tables[0].Choices(), tables[1].Choices(); !reflect.DeepEqual(a, b) {
		f.t.Fatalf("%s: folded choices %v, unfolded %v", what, a, b)
	}
}

// do writes to both, and holds that both answer the same.
func (f *folded) do(write func(*store.DB, scenario.Request) (journal.Change, error)) {
	f.t.Helper()
	f.at = f.at.Add(time.Hour)
	var codes [2]string
	for i, db := range f.dbs {
		change, err := write(db, scenario.Request{At: f.at})
		if codes[i] = lifecircle.ErrorCode(err); err == nil {
			codes[i] = ""
			if i == 0 {
				f.seqs = append(f.seqs, change.Seq)
			}
		}
	}
	if codes[0] != codes[1] || codes[0] == "internal" {
		f.t.Fatalf("folded %q, unfolded %q", codes[0], codes[1])
	}
}

// step writes one random change.
func (f *folded) step() {
	pick := func(texts ...string) string { return texts[f.rng.IntN(len(texts))] }
	areas := []lifecircle.AreaCode{county, township}
	key := figure.Key{
		Element: pick("beds", "places"), Area: areas[f.rng.IntN(2)], Period: lifecircle.Year(2024 + f.rng.IntN(2)), Source: pick("bureau", "yearbook"),
	}
	commit := func(changes ...scenario.Change) {
		f.do(func(db *store.DB, r scenario.Request) (journal.Change, error) {
			return scenario.Commit(f.t.Context(), db, account.Local(), scenario.Committed{Request: r, Changes: changes})
		})
	}
	put := func() scenario.Change {
		number := lifecircle.MustNumber(pick("1", "2.5", "1/3", "0.000001", "1234567890123456789", "-7", "100"))
		return scenario.Change{Op: scenario.Put, Value: &figure.Value{Key: key, Number: number, Provenance: lifecircle.Provenance(pick("real", "estimated"))}}
	}
	switch f.rng.IntN(9) {
	case 0:
		c := &figure.Column{Element: key.Element, Source: key.Source, Period: key.Period, Provenance: lifecircle.Real, Areas: figure.NewAreas(areas)}
		for range areas {
			c.Mantissas = append(c.Mantissas, []int64{figure.Silent, int64(f.rng.IntN(50))}[f.rng.IntN(2)])
		}
		f.do(func(db *store.DB, r scenario.Request) (journal.Change, error) {
			return scenario.Import(f.t.Context(), db, account.Local(), scenario.Imported{Request: r, Account: scenario.Account{File: "x.csv"}, Columns: []*figure.Column{c}})
		})
	case 1, 2:
		commit(scenario.Change{Op: scenario.Retract, Key: &key})
	case 3:
		if len(f.seqs) > 0 {
			seq := f.seqs[f.rng.IntN(len(f.seqs))]
			f.do(func(db *store.DB, r scenario.Request) (journal.Change, error) {
				return scenario.Undo(f.t.Context(), db, account.Local(), scenario.Undone{Request: r, Seq: seq})
			})
		}
	case 4:
		commit(put(), put()) // of two writings in one change the last holds
	default:
		commit(put())
	}
}

// TestFold: whatever was put, taken back, undone and taken in from lists, before and
// after folds, figures that were folded read as those that were not, now and as of any
// time before.
func TestFold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := &folded{t: t, dbs: [2]*store.DB{db, storetest.SQLite(t)}, at: noon, rng: rand.New(rand.NewPCG(7, 7))}
		load(t, f.dbs[0])
		load(t, f.dbs[1])
		values := 0
		for i := range 120 {
			f.step()
			if f.rng.IntN(6) == 0 {
				n, err := db.FoldFigures(t.Context(), account.Local())
				if err != nil {
					t.Fatal(err)
				}
				values = max(values, n)
				if rows, err := db.TailLength(t.Context(), account.Local()); rows != 0 || err != nil {
					t.Fatalf("after a fold %d rows are left, %v", rows, err)
				}
			}
			f.same(fmt.Sprint("after step ", i))
		}
		if values < 8 {
			t.Errorf("only %d values were folded", values)
		}
		for at := noon.Add(time.Hour); at.Before(f.at); at = at.Add(11 * time.Hour) {
			var tables [2]*figure.Table
			for i, db := range f.dbs {
				facts, _, err := db.FactsAsOf(t.Context(), account.Local(), at)
				if err != nil {
					t.Fatal(err)
				}
				tables[i] = facts.Figures
			}
			if a, b := tables[0].Values(), tables[1].Values(); !reflect.DeepEqual(a, b) {
				t.Fatalf("as of %v: folded\n%v\nunfolded\n%v", at, a, b)
			}
		}
	})
}

// The job that folds says how many values it put together, and may be begun again.
func TestFoldJob(t *testing.T) {
	t.Parallel()
	db := storetest.SQLite(t)
	load(t, db)
	if _, err := commit(t, db, put("bureau", "10"), put("yearbook", "11"), put("clerk", "1/3")); err != nil {
		t.Fatal(err)
	}
	kind := db.FoldKind(account.Local())
	for range 2 {
		result, err := kind.Work(t.Context(), job.Job{Kind: store.FoldJob}, func(job.Told) {})
		if err != nil || string(result) != `{"values":2}` || !kind.Again {
			t.Errorf("the job answers %s, %v", result, err)
		}
	}
}

// BenchmarkTail reads the facts with 200,000 values that were put on their own, as rows
// and folded.
func BenchmarkTail(b *testing.B) {
	const areas, series, months, each = 3000, 7, 10, 5000
	for name, open := range map[string]func(testing.TB) *store.DB{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		db := open(b)
		var changes []scenario.Change
		for s := range series {
			for m := range months {
				for a := range areas {
					changes = append(changes, scenario.Change{Op: scenario.Put, Value: &figure.Value{
						Key: figure.Key{
							Element: fmt.Sprintf("e%02d", s), Source: "clerk", Period: lifecircle.Year(2021).Months()[m],
							Area: lifecircle.AreaCode(fmt.Sprintf("64%04d", a)),
						},
						Number: lifecircle.Int(int64((a*7919 + m*104729 + s) % 16384)), Provenance: lifecircle.Real,
					}})
				}
			}
		}
		for at := 0; at < len(changes); at += each {
			if _, err := scenario.Commit(b.Context(), db, account.Local(), scenario.Committed{Request: scenario.Request{At: noon}, Changes: changes[at : at+each]}); err != nil {
				b.Fatal(err)
			}
		}
		read := func(b *testing.B) {
			for b.Loop() {
				facts, _, err := db.Facts(b.Context(), account.Local())
				if err != nil {
					b.Fatal(err)
				}
				if r := facts.Figures.Read("e00", "640001", lifecircle.Year(2021).Months()[0]); r.Value.Number != lifecircle.Int(7919) {
					b.Fatalf("read %+v", r)
				}
			}
		}
		b.Run(name+"/rows", read)
		b.Run(name+"/fold", func(b *testing.B) {
			for b.Loop() {
				if _, err := db.FoldFigures(b.Context(), account.Local()); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/folded", read)
	}
}

package store_test

import (
	"fmt"
	"testing"
	"time"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/figure"
	"lifecircle/journal"
	"lifecircle/scenario"
	"lifecircle/store"
	"lifecircle/store/storetest"
)

// listed is a column of beds in the county, 2025.
func listed(source, number string) *figure.Column {
	n := lifecircle.MustNumber(number)
	return &figure.Column{
		Element: "beds", Source: source, Period: lifecircle.Year(2025), Provenance: lifecircle.Real,
		Areas: figure.NewAreas([]lifecircle.AreaCode{county, township}), Mantissas: []int64{n.Num(), figure.Silent},
	}
}

func importing(t testing.TB, db *store.DB, columns ...*figure.Column) journal.Change {
	t.Helper()
	change, err := scenario.Import(t.Context(), db, account.Local(), scenario.Imported{
		Request: request(""), Account: scenario.Account{File: "beds.csv"}, Columns: columns,
	})
	if err != nil {
		t.Fatal(err)
	}
	return change
}

// TestColumns: a list, what is put over it, taken back and undone, always as the
// order of changes has it, in both databases.
func TestColumns(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		load(t, db)
		is := func(want string) {
			t.Helper()
			facts, _, err := db.Facts(t.Context(), account.Local())
			if err != nil {
				t.Fatal(err)
			}
			reading := facts.Figures.Read("beds", county, lifecircle.Year(2025))
			got := "none"
			if reading.State == figure.Known {
				got = reading.Value.Number.String()
			}
			if got != want || facts.Figures.Read("beds", township, lifecircle.Year(2025)).State != figure.Unreported {
				t.Fatalf("the county has %s, want %s", got, want)
			}
		}
		undo := func(seq journal.Seq) journal.Seq {
			t.Helper()
			change, err := scenario.Undo(t.Context(), db, account.Local(), scenario.Undone{Request: request(""), Seq: seq})
			if err != nil {
				t.Fatal(err)
			}
			return change.Seq
		}
		must := func(changes ...scenario.Change) journal.Seq {
			t.Helper()
			change, err := commit(t, db, changes...)
			if err != nil {
				t.Fatal(err)
			}
			return change.Seq
		}
		first := importing(t, db, listed("bureau", "10"))
		if string(first.Body) != `{"file":"beds.csv","counts":{"put":1}}` {
			t.Errorf("the log says %s", first.Body)
		}
		is("10")
		over := must(put("bureau", "11"))
		is("11")
		undo(over)
		is("10")
		k := key("bureau")
		gone := must(scenario.Change{Op: scenario.Retract, Key: &k})
		is("none")
		if _, err := commit(t, db, scenario.Change{Op: scenario.Retract, Key: &k}); lifecircle.ErrorCode(err) != "value_unknown" {
			t.Errorf("taken back twice: %v", err)
		}
		undo(gone)
		is("10")
		second := importing(t, db, listed("bureau", "20"))
		is("20")
		back := undo(second.Seq)
		is("10")
		undo(back) // the second list counts again
		is("20")
	})
}

// TestAsOf: the facts of a time are those of the changes before it, undoing not
// yet done included.
func TestAsOf(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		load(t, db)
		later := noon.AddDate(0, 0, 1)
		change, err := scenario.Import(t.Context(), db, account.Local(), scenario.Imported{
			Request: scenario.Request{At: later}, Columns: []*figure.Column{listed("bureau", "10")},
		})
		if err != nil {
			t.Fatal(err)
		}
		last := later.AddDate(0, 0, 1)
		undone := scenario.Undone{Request: scenario.Request{At: last}, Seq: change.Seq}
		if _, err := scenario.Undo(t.Context(), db, account.Local(), undone); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			hours int
			seq   journal.Seq
			state figure.ReadingState
		}{{1, 1, figure.Unreported}, {25, 2, figure.Known}, {49, 3, figure.Unreported}} {
			facts, seq, err := db.FactsAsOf(t.Context(), account.Local(), noon.Add(time.Duration(c.hours)*time.Hour))
			if err != nil {
				t.Fatal(err)
			}
			if r := facts.Figures.Read("beds", county, lifecircle.Year(2025)); r.State != c.state || seq != c.seq {
				t.Errorf("after %d h: seq %d, state %v; want %d, %v", c.hours, seq, r.State, c.seq, c.state)
			}
		}
		if _, _, err := db.FactsAsOf(t.Context(), account.Local(), noon); lifecircle.ErrorCode(err) != "nothing_known" {
			t.Errorf("before everything: %v", err)
		}
	})
}

// TestTake: a short list stands in the log with its operations, a long one by an
// account of them.
func TestTake(t *testing.T) {
	t.Parallel()
	db := storetest.SQLite(t)
	load(t, db)
	for _, c := range []struct {
		rows   int
		action string
	}{{500, scenario.ActionChange}, {501, scenario.ActionImport}} {
		var changes []scenario.Change
		for i := range c.rows {
			changes = append(changes, put(fmt.Sprint("source ", i), "1"))
		}
		change, err := scenario.Take(t.Context(), db, account.Local(), scenario.Imported{Request: request(""), Account: scenario.Account{File: "x.csv"}, Changes: changes})
		if err != nil || string(change.Action) != c.action {
			t.Errorf("%d rows are told as %q, %v", c.rows, change.Action, err)
		}
	}
}

// TestDamagedColumn: a flipped bit is told, not read.
func TestDamagedColumn(t *testing.T) {
	t.Parallel()
	c := listed("bureau", "10")
	body := c.Body()
	digest := c.Digest("x", body)
	body[len(body)-1] ^= 1
	if c.Digest("x", body) == digest {
		t.Error("two bodies have one digest")
	}
}

// BenchmarkColumns writes ten million values durably, 3,000 areas × 60 months ×
// 56 series, and reads them again with all there is.
func BenchmarkColumns(b *testing.B) {
	const areas, series, months = 3000, 56, 60
	codes := make([]lifecircle.AreaCode, areas)
	for i := range codes {
		codes[i] = lifecircle.AreaCode(fmt.Sprintf("64%04d", i))
	}
	set := figure.NewAreas(codes)
	var columns []*figure.Column
	for s := range series {
		for m := range months {
			c := &figure.Column{
				Element: fmt.Sprintf("e%02d", s), Source: "bureau", Provenance: lifecircle.Real,
				Period: lifecircle.Year(2021 + m/12).Months()[m%12], Areas: set, Mantissas: make([]int64, areas),
			}
			for i := range c.Mantissas {
				c.Mantissas[i] = int64((i*7919 + m*104729 + s*1299709) % 16384)
			}
			columns = append(columns, c)
		}
	}
	for name, open := range map[string]func(testing.TB) *store.DB{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		b.Run(name+"/write", func(b *testing.B) {
			for b.Loop() {
				importing(b, open(b), columns...)
			}
		})
		b.Run(name+"/read", func(b *testing.B) {
			db := open(b)
			importing(b, db, columns...)
			for b.Loop() {
				facts, _, err := db.Facts(b.Context(), account.Local())
				if err != nil {
					b.Fatal(err)
				}
				if r := facts.Figures.Read("e00", codes[1], lifecircle.Year(2021).Months()[0]); r.Value.Number != lifecircle.Int(7919) {
					b.Fatalf("read %+v", r)
				}
			}
		})
	}
}

package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/figure"
	"lifecircle/geo"
	"lifecircle/journal"
	"lifecircle/plan/rule"
	"lifecircle/registry"
	"lifecircle/scenario"
	"lifecircle/store"
	"lifecircle/store/storetest"
)

const (
	county   = lifecircle.AreaCode("640104")
	township = lifecircle.AreaCode("640104001")
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 123456000, time.UTC)

func base() registry.Base {
	return registry.Base{
		Areas: []registry.Area{
			{Code: county, Level: registry.County, Name: lifecircle.Name{ZH: "兴庆区", EN: "Xingqing"}, Source: "GB/T 2260", Provenance: lifecircle.Real},
			{
				ID: "t1", Code: township, Parent: county, Level: registry.Township, Kind: "town", Class: "111", Provenance: lifecircle.Real,
				Span: registry.Span{From: day("2001-05-01")}, Origin: "t0", Fields: registry.Fields{"out_of_poverty": rule.BoolOf(true)},
				Past: []registry.AreaState{{Until: day("2010-01-01"), Code: "640104900", Parent: county, Name: lifecircle.Name{ZH: "旧镇"}, Kind: "township"}},
			},
		},
		Points: []registry.PopulationPoint{{
			ID: "cell/1", Area: township, At: geo.Point{Lon: 106.2912345, Lat: 38.4798765}, People: 1234, Urban: true, Groups: registry.GroupsOf(map[string]int64{"people_65": 5, "people_under_3": 0}), Provenance: lifecircle.Estimated,
		}},
		Facilities: []registry.Facility{place("a"), place("b")},
		Records: []registry.Record{{
			Register: registry.ResidentialAreaRegister, ID: "estate", Area: township, Kind: "new", Name: "小区", At: &geo.Point{Lon: 106.31, Lat: 38.51},
			Span: registry.Span{From: day("2023-01-01"), Until: day("2093-01-01")}, Source: "permit", Provenance: lifecircle.Real,
			Fields:  registry.Fields{"land": rule.NumberOf(lifecircle.MustNumber("2/3")), "functions": rule.TextsOf([]string{"a", "b"}), "submitted": rule.DateOf(20000)},
			Changes: []registry.Dated{{Since: day("2024-01-01"), Kind: "built", Fields: registry.Fields{"people": rule.NumberOf(lifecircle.Int(3))}}},
		}},
		Networks: []registry.Network{{Root: county, Hash: "ff00", Source: "x", Provenance: lifecircle.Generated}},
	}
}

func place(id lifecircle.FacilityID) registry.Facility {
	return registry.Facility{
		ID: id, Area: township, Kind: "sports_pitch", Name: "球场 '" + string(id) + "'", At: geo.Point{Lon: 106.3, Lat: 38.5},
		Public: true, Source: "survey", Provenance: lifecircle.Real,
	}
}

func day(text string) registry.Day {
	d, err := registry.ParseDay(text)
	if err != nil {
		panic(err)
	}
	return d
}

func request(key string) scenario.Request { return scenario.Request{Key: key, At: noon} }

func load(t *testing.T, db *store.DB) {
	t.Helper()
	if _, err := scenario.Load(t.Context(), db, account.Local(), scenario.Loaded{Request: request("base"), Base: base()}); err != nil {
		t.Fatal(err)
	}
}

func commit(t *testing.T, db *store.DB, changes ...scenario.Change) (journal.Change, error) {
	t.Helper()
	return scenario.Commit(t.Context(), db, account.Local(), scenario.Committed{Request: request(""), Changes: changes})
}

func key(source string) figure.Key {
	return figure.Key{Element: "beds", Area: county, Period: lifecircle.Year(2025), Source: source}
}

func put(source, number string) scenario.Change {
	return scenario.Change{Op: scenario.Put, Value: &figure.Value{Key: key(source), Number: lifecircle.MustNumber(number), Provenance: lifecircle.Real}}
}

// TestFactsReturn: what is loaded and committed is what is read, to the last
// digit, after the database was closed and opened again.
func TestFactsReturn(t *testing.T) {
	names := map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return filepath.Join(t.TempDir(), "a b#?%.db") },
		"postgres": func(t *testing.T) string { return storetest.PostgresName(t) },
	}
	for name, database := range names {
		t.Run(name, func(t *testing.T) {
			cfg := store.Config{Database: database(t)}
			db, err := store.Open(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			load(t, db)
			choice := figure.Choice{Element: "beds", Area: county, Period: lifecircle.Year(2025), Source: "bureau", Reason: "the later count"}
			if _, err := commit(
				t, db, put("yearbook", "2/3"), put("bureau", "9223372036854775807"),
				scenario.Change{Op: scenario.Choose, Choice: &choice}, scenario.Change{Op: scenario.Withdraw, ID: "a"},
			); err != nil {
				t.Fatal(err)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			if db, err = store.Open(t.Context(), cfg); err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			facts, seq, err := db.Facts(t.Context(), account.Local())
			if err != nil {
				t.Fatal(err)
			}
			want := base()
			want.Facilities = want.Facilities[1:]
			if seq != 2 {
				t.Errorf("seq %d, want 2", seq)
			}
			alike := []cmp.Option{
				cmp.Comparer(func(a, b registry.Day) bool { return a == b }),
				cmp.Comparer(func(a, b rule.Value) bool { return a.String() == b.String() }),
			}
			if diff := cmp.Diff(want, facts.Registry.All(), alike...); diff != "" {
				t.Errorf("the registry (-want +got):\n%s", diff)
			}
			reading := facts.Figures.Read("beds", county, lifecircle.Year(2025))
			if reading.State != figure.Known || reading.Value != *put("bureau", "9223372036854775807").Value || reading.Reason != choice.Reason || len(reading.Rivals) != 2 {
				t.Errorf("reading %+v", reading)
			}
		})
	}
}

// TestLog: changes are numbered without gaps, keep their bodies to the byte, and
// their hashes can be computed again from what is kept.
func TestLog(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		load(t, db)
		for i := range 5 {
			if _, err := commit(t, db, put("yearbook", fmt.Sprint(i))); err != nil {
				t.Fatal(err)
			}
		}
		log, err := db.Changes(t.Context(), 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		if len(log) != 6 {
			t.Fatalf("%d changes, want 6", len(log))
		}
		for i, c := range log {
			if c.Seq != journal.Seq(i+1) || c.Digest() != c.Hash || !c.At.Equal(noon) || c.Actor != "local" {
				t.Errorf("change %d: %+v", i+1, c)
			}
		}
		if part, _ := db.Changes(t.Context(), 2, 3); len(part) != 3 || part[0].Seq != 3 {
			t.Errorf("after 2, at most 3: %+v", part)
		}
	})
}

// TestKeys: a repeated request has one effect, and a key is not lent to another.
func TestKeys(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		load(t, db)
		do := func(number string) (journal.Change, error) {
			return scenario.Commit(t.Context(), db, account.Local(), scenario.Committed{Request: request("k"), Changes: []scenario.Change{put("yearbook", number)}})
		}
		first, err := do("1")
		if err != nil {
			t.Fatal(err)
		}
		again, err := do("1")
		if err != nil || again.Seq != first.Seq || again.ID != first.ID {
			t.Errorf("repeated: %+v, %v; want change %d again", again, err, first.Seq)
		}
		if _, err := do("2"); lifecircle.ErrorCode(err) != "key_reused" {
			t.Errorf("another body: got %v, want key_reused", err)
		}
		if log, _ := db.Changes(t.Context(), first.Seq, 10); len(log) != 0 {
			t.Errorf("%d further changes, want none", len(log))
		}
	})
}

// TestNothingHalf: of a change that fails nothing remains, and its number is not
// lost.
func TestNothingHalf(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		load(t, db)
		fresh := place("c")
		for code, changes := range map[string][]scenario.Change{
			"facility_exists":  {{Op: scenario.Add, Facility: &fresh}, {Op: scenario.Add, Facility: &fresh}},
			"facility_unknown": {{Op: scenario.Add, Facility: &fresh}, {Op: scenario.Withdraw, ID: "nobody"}},
			"value_unknown":    {put("yearbook", "1"), {Op: scenario.Retract, Key: &figure.Key{Element: "beds", Area: county, Period: lifecircle.Year(1999), Source: "x"}}},
		} {
			if _, err := commit(t, db, changes...); lifecircle.ErrorCode(err) != code {
				t.Errorf("got %v, want %s", err, code)
			}
		}
		facts, seq, err := db.Facts(t.Context(), account.Local())
		if err != nil {
			t.Fatal(err)
		}
		if seq != 1 || len(facts.Registry.Facilities()) != 2 || len(facts.Figures.Values()) != 0 {
			t.Errorf("seq %d, %d facilities, %d values; want what was loaded", seq, len(facts.Registry.Facilities()), len(facts.Figures.Values()))
		}
		if done, err := commit(t, db, put("yearbook", "1")); err != nil || done.Seq != 2 {
			t.Errorf("the next change: %+v, %v; want seq 2", done, err)
		}
	})
}

// TestRetractWithinChange: a value put and retracted in one change is gone, and
// one retracted and put again stands.
func TestRetractWithinChange(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		load(t, db)
		k := key("yearbook")
		retract := scenario.Change{Op: scenario.Retract, Key: &k}
		for i, c := range []struct {
			changes []scenario.Change
			values  int
		}{
			{[]scenario.Change{put("yearbook", "1"), retract}, 0},
			{[]scenario.Change{put("yearbook", "2")}, 1},
			{[]scenario.Change{retract, put("yearbook", "3")}, 1},
			{[]scenario.Change{retract}, 0},
		} {
			if _, err := commit(t, db, c.changes...); err != nil {
				t.Fatalf("step %d: %v", i, err)
			}
			facts, _, err := db.Facts(t.Context(), account.Local())
			if err != nil {
				t.Fatal(err)
			}
			if got := len(facts.Figures.Values()); got != c.values {
				t.Errorf("step %d: %d values, want %d", i, got, c.values)
			}
		}
	})
}

// TestUndo: an undo restores what was, looks past later changes that were taken
// back, refuses where one is in force, and can be taken back itself.
func TestUndo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		load(t, db) // 1
		value := func() string {
			t.Helper()
			facts, _, err := db.Facts(t.Context(), account.Local())
			if err != nil {
				t.Fatal(err)
			}
			values := facts.Figures.Values()
			if len(values) == 0 {
				return ""
			}
			return values[0].Number.String()
		}
		undo := func(seq journal.Seq) error {
			_, err := scenario.Undo(t.Context(), db, account.Local(), scenario.Undone{Request: request(""), Seq: seq})
			return err
		}
		for _, number := range []string{"10", "20"} { // 2, 3
			if _, err := commit(t, db, put("yearbook", number)); err != nil {
				t.Fatal(err)
			}
		}
		for i, step := range []struct {
			seq   journal.Seq
			code  string
			value string
		}{
			{seq: 2, code: "change_overtaken", value: "20"},
			{seq: 3, value: "10"},                           // 4
			{seq: 4, value: "20"},                           // 5: the undo taken back
			{seq: 2, code: "change_overtaken", value: "20"}, // 3 is in force again
			{seq: 5, value: "10"},                           // 6
			{seq: 2, value: ""},                             // 7
			{seq: 1, code: "change_not_undoable", value: ""},
			{seq: 99, code: "change_unknown", value: ""},
		} {
			err := undo(step.seq)
			if step.code == "" && err != nil || step.code != "" && lifecircle.ErrorCode(err) != step.code {
				t.Errorf("step %d: undo %d: got %v, want %q", i, step.seq, err, step.code)
			}
			if got := value(); got != step.value {
				t.Errorf("step %d: after undo %d the value is %q, want %q", i, step.seq, got, step.value)
			}
		}
	})
}

// TestZeroGrant: whoever has no grant neither reads nor writes.
func TestZeroGrant(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		load(t, db)
		nobody := account.Grant{}
		if _, _, err := db.Facts(t.Context(), nobody); lifecircle.ErrorCode(err) != "forbidden" {
			t.Errorf("facts: got %v, want forbidden", err)
		}
		fresh := place("c")
		k := key("yearbook")
		for _, c := range []scenario.Change{
			{Op: scenario.Add, Facility: &fresh},
			{Op: scenario.Withdraw, ID: "a"},
			put("yearbook", "1"),
			{Op: scenario.Retract, Key: &k},
			{Op: scenario.Choose, Choice: &figure.Choice{Element: "beds", Area: county, Period: lifecircle.Year(2025)}},
		} {
			_, err := scenario.Commit(t.Context(), db, nobody, scenario.Committed{Request: request(""), Changes: []scenario.Change{c}})
			if lifecircle.ErrorCode(err) != "forbidden" {
				t.Errorf("%s: got %v, want forbidden", c.Op, err)
			}
		}
		if _, err := scenario.Undo(t.Context(), db, nobody, scenario.Undone{Request: request(""), Seq: 1}); lifecircle.ErrorCode(err) != "forbidden" {
			t.Errorf("undo: got %v, want forbidden", err)
		}
		if log, _ := db.Changes(t.Context(), 1, 10); len(log) != 0 {
			t.Errorf("%d changes were made without a grant", len(log))
		}
	})
}

// TestManyWriters: concurrent changes each get a number, none is lost, none
// doubled, and only one of many adds the same facility.
func TestManyWriters(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		load(t, db)
		const writers, each = 8, 10
		var group sync.WaitGroup
		var lock sync.Mutex
		seqs := make(map[journal.Seq]bool)
		added := 0
		for w := range writers {
			group.Go(func() {
				for i := range each {
					fresh := place(lifecircle.FacilityID(fmt.Sprint("shared-", i)))
					changes := [][]scenario.Change{
						{put(fmt.Sprint("source-", w), fmt.Sprint(i))},
						{{Op: scenario.Add, Facility: &fresh}},
					}
					for _, c := range changes {
						done, err := scenario.Commit(context.Background(), db, account.Local(), scenario.Committed{Request: request(""), Changes: c})
						switch code := lifecircle.ErrorCode(err); {
						case err == nil:
							lock.Lock()
							if seqs[done.Seq] {
								t.Errorf("seq %d was given twice", done.Seq)
							}
							seqs[done.Seq] = true
							if c[0].Op == scenario.Add {
								added++
							}
							lock.Unlock()
						case c[0].Op != scenario.Add || code != "facility_exists":
							t.Errorf("writer %d: %v", w, err)
						}
					}
				}
			})
		}
		group.Wait()
		if added != each {
			t.Errorf("%d facilities were added, want %d", added, each)
		}
		want := writers*each + each
		log, err := db.Changes(t.Context(), 1, 1000)
		if err != nil || len(log) != want || log[len(log)-1].Seq != journal.Seq(want+1) {
			t.Errorf("%d changes, want %d without a gap (%v)", len(log), want, err)
		}
		facts, _, err := db.Facts(t.Context(), account.Local())
		if err != nil || len(facts.Figures.Values()) != writers || len(facts.Registry.Facilities()) != 2+each {
			t.Errorf("%d values, %d facilities (%v)", len(facts.Figures.Values()), len(facts.Registry.Facilities()), err)
		}
	})
}

// TestTwoProcesses: a second handle on the file sees what the first commits, and
// both may write.
func TestTwoProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lifecircle.db")
	var open [2]*store.DB
	for i := range open {
		db, err := store.Open(t.Context(), store.Config{Database: path})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		open[i] = db
	}
	load(t, open[0])
	for i := range 6 {
		if done, err := commit(t, open[i%2], put("yearbook", fmt.Sprint(i))); err != nil || done.Seq != journal.Seq(i+2) {
			t.Fatalf("change %d: %+v, %v", i, done, err)
		}
	}
	if log, err := open[0].Changes(t.Context(), 0, 10); err != nil || len(log) != 7 {
		t.Errorf("%d changes, want 7 (%v)", len(log), err)
	}
}

// TestUnusable: what is no database says so and is not touched.
func TestUnusable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notes.txt")
	notes := []byte("these are notes and no database, long enough to be read as a header of one: 0123456789 0123456789 0123456789")
	if err := os.WriteFile(path, notes, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), store.Config{Database: path}); lifecircle.ErrorCode(err) != "database_unusable" {
		t.Errorf("got %v, want database_unusable", err)
	}
	if kept, _ := os.ReadFile(path); string(kept) != string(notes) {
		t.Error("the file was changed")
	}
	if _, err := store.Open(t.Context(), store.Config{}); lifecircle.ErrorCode(err) != "database_missing" {
		t.Errorf("no name: got %v, want database_missing", err)
	}
}

// TestCancelled: a change whose caller went away is not made.
func TestCancelled(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		load(t, db)
		ctx, cancel := context.WithCancel(t.Context())
		tx, err := db.BeginChanges(ctx)
		if err != nil {
			t.Fatal(err)
		}
		action := journal.Action{Name: scenario.ActionChange, Body: json.RawMessage(`[]`), At: noon}
		_, err = journal.Do(ctx, tx, account.Local(), action, func(id journal.ChangeID) error {
			cancel()
			return tx.PutValue(ctx, account.Local(), id, *put("yearbook", "1").Value)
		})
		if err == nil {
			t.Error("the change was made")
		}
		if _, seq, err := db.Facts(t.Context(), account.Local()); err != nil || seq != 1 {
			t.Errorf("seq %d, %v; want 1", seq, err)
		}
		if done, err := commit(t, db, put("yearbook", "1")); err != nil || done.Seq != 2 {
			t.Errorf("the next change: %+v, %v", done, err)
		}
	})
}

// TestRegistryUndo: what a change did to the registry is undone row by row: struck
// is put back, amended is as before, added is gone.
func TestRegistryUndo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		load(t, db)
		all := func() registry.Base {
			t.Helper()
			facts, _, err := db.Facts(t.Context(), account.Local())
			if err != nil {
				t.Fatal(err)
			}
			return facts.Registry.All()
		}
		before := all()
		b := base()
		amended, entered, point, area, fresh := place("a"), b.Records[0], b.Points[0], b.Areas[1], place("c")
		amended.Kind, amended.Fields = "school", registry.Fields{"beds": rule.NumberOf(lifecircle.Int(7))}
		entered.Name, point.People, area.Name.EN = "another name", 7, "renamed"
		second := entered
		second.ID = "second"
		streets := registry.Network{Root: county, Hash: "ee11", Source: "y", Provenance: lifecircle.Real}
		done, err := commit(
			t, db,
			scenario.Change{Op: scenario.Amend, Facility: &amended}, scenario.Change{Op: scenario.Withdraw, ID: "b"},
			scenario.Change{Op: scenario.Add, Facility: &fresh},
			scenario.Change{Op: scenario.Enter, Record: &entered}, scenario.Change{Op: scenario.Enter, Record: &second},
			scenario.Change{Op: scenario.Strike, Entry: &registry.Entry{Register: entered.Register, ID: entered.ID}},
			scenario.Change{Op: scenario.Point, Point: &point}, scenario.Change{Op: scenario.Area, Area: &area},
			scenario.Change{Op: scenario.Network, Network: &streets},
		)
		if err != nil {
			t.Fatal(err)
		}
		facts := all()
		if len(facts.Networks) != 1 || facts.Networks[0] != streets {
			t.Errorf("after the change the networks are %+v", facts.Networks)
		}
		if len(facts.Facilities) != 2 || facts.Facilities[0].Kind != "school" || len(facts.Records) != 1 || facts.Points[0].People != 7 {
			t.Errorf("after the change: %+v", facts)
		}
		if _, err := commit(t, db, scenario.Change{Op: scenario.Strike, Entry: &registry.Entry{Register: entered.Register, ID: entered.ID}}); lifecircle.ErrorCode(err) != "entry_unknown" {
			t.Errorf("struck twice: got %v, want entry_unknown", err)
		}
		if _, err := commit(t, db, scenario.Change{Op: scenario.Amend, Facility: &b.Facilities[1]}); lifecircle.ErrorCode(err) != "facility_unknown" {
			t.Errorf("amended after withdrawal: got %v, want facility_unknown", err)
		}
		if _, err := scenario.Undo(t.Context(), db, account.Local(), scenario.Undone{Request: request(""), Seq: done.Seq}); err != nil {
			t.Fatal(err)
		}
		alike := []cmp.Option{
			cmp.Comparer(func(a, b registry.Day) bool { return a == b }),
			cmp.Comparer(func(a, b rule.Value) bool { return a.String() == b.String() }),
		}
		if diff := cmp.Diff(before, all(), alike...); diff != "" {
			t.Errorf("after the undo (-before +after):\n%s", diff)
		}
		// Streets where none were, and away again.
		other := registry.Area{Code: "640105", Level: registry.County, Provenance: lifecircle.Real}
		streets.Root = other.Code
		if _, err := commit(t, db, scenario.Change{Op: scenario.Area, Area: &other}); err != nil {
			t.Fatal(err)
		}
		if done, err = commit(t, db, scenario.Change{Op: scenario.Network, Network: &streets}); err != nil || len(all().Networks) != 2 {
			t.Fatalf("%d networks, %v", len(all().Networks), err)
		}
		if _, err := scenario.Undo(t.Context(), db, account.Local(), scenario.Undone{Request: request(""), Seq: done.Seq}); err != nil || len(all().Networks) != 1 {
			t.Errorf("after the undo %d networks, %v", len(all().Networks), err)
		}
	})
}

// TestImport: an import is one change whose body is an account of it, and one undo
// takes all of it back.
func TestImport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		load(t, db)
		var changes []scenario.Change
		for i := range 50 {
			fresh := place(lifecircle.FacilityID(fmt.Sprint("imported-", i)))
			changes = append(changes, scenario.Change{Op: scenario.Add, Facility: &fresh})
		}
		done, err := scenario.Import(t.Context(), db, account.Local(), scenario.Imported{
			Request: request("file"), Account: scenario.Account{File: "places.csv"}, Changes: changes,
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, told, err := scenario.Operations(done); told || err != nil || string(done.Body) != `{"file":"places.csv","counts":{"add":50}}` {
			t.Errorf("the log holds %s (%v, %v)", done.Body, told, err)
		}
		count := func() int {
			facts, _, err := db.Facts(t.Context(), account.Local())
			if err != nil {
				t.Fatal(err)
			}
			return len(facts.Registry.Facilities())
		}
		if got := count(); got != 52 {
			t.Errorf("%d facilities, want 52", got)
		}
		if _, err := scenario.Undo(t.Context(), db, account.Local(), scenario.Undone{Request: request(""), Seq: done.Seq}); err != nil {
			t.Fatal(err)
		}
		if got := count(); got != 2 {
			t.Errorf("after the undo %d facilities, want 2", got)
		}
	})
}

// TestOutlines: the ground of an area is kept beside it, belongs to the state of a
// day, is given back by its hash, and is gone from the area after an undo.
func TestOutlines(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		load(t, db)
		shape := func(side float64) geo.Shape {
			s, err := geo.NewShape([]geo.Polygon{{{{Lon: 106, Lat: 38}, {Lon: 106 + side, Lat: 38}, {Lon: 106, Lat: 38 + side}, {Lon: 106, Lat: 38}}}})
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		small, large := shape(0.1), shape(0.2)
		outline := func(s geo.Shape) *registry.Outline {
			return &registry.Outline{Shape: s.Hash(), Note: lifecircle.Name{EN: "drawn"}, Source: "survey '23", Provenance: lifecircle.Estimated}
		}
		before, _, err := db.Facts(t.Context(), account.Local())
		if err != nil {
			t.Fatal(err)
		}
		grown, _ := before.Registry.Area(county)
		past := registry.AreaState{Until: day("2023-07-01"), Code: grown.Code, Parent: grown.Parent, Name: grown.Name, Kind: grown.Kind, Outline: outline(small)}
		grown.Past, grown.Outline = []registry.AreaState{past}, outline(large)
		change := []scenario.Change{{Op: scenario.Area, Area: &grown}}
		if _, err := commit(t, db, change...); lifecircle.ErrorCode(err) != "shape_unknown" {
			t.Errorf("an outline without ground: %v", err)
		}
		done, err := scenario.Import(t.Context(), db, account.Local(), scenario.Imported{
			Request: request("outlines"), Changes: change, Shapes: []geo.Shape{small, large, large},
		})
		if err != nil {
			t.Fatal(err)
		}
		after, _, err := db.Facts(t.Context(), account.Local())
		if err != nil {
			t.Fatal(err)
		}
		for on, want := range map[string]geo.Shape{"2023-06-30": small, "2023-07-01": large, "": large} {
			area, _ := after.Registry.On(day(on)).Area(county)
			if area.Outline == nil || *area.Outline != *outline(want) {
				t.Errorf("on %q the outline is %+v", on, area.Outline)
			}
		}
		kept, err := db.Shapes(t.Context(), account.Local(), []string{small.Hash(), large.Hash(), small.Hash()})
		if err != nil || len(kept) != 2 || kept[large.Hash()].Bounds() != large.Bounds() {
			t.Errorf("the shapes: %v, %v", kept, err)
		}
		if _, err := db.Shapes(t.Context(), account.Local(), []string{strings.Repeat("0", 64)}); lifecircle.ErrorCode(err) != "shape_unknown" {
			t.Errorf("a shape that is not kept: %v", err)
		}
		if _, err := scenario.Undo(t.Context(), db, account.Local(), scenario.Undone{Request: request("undo"), Seq: done.Seq}); err != nil {
			t.Fatal(err)
		}
		undone, _, err := db.Facts(t.Context(), account.Local())
		if err != nil {
			t.Fatal(err)
		}
		if area, _ := undone.Registry.Area(county); area.Outline != nil || len(area.Past) > 0 {
			t.Errorf("after the undo: %+v", area)
		}
	})
}

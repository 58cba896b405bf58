package archtest

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// files are the texts of a small module by name.
type files map[string]string

func (f files) load(t *testing.T) *tree {
	t.Helper()
	disk := fstest.MapFS{}
	for name, body := range f {
		disk[name] = &fstest.MapFile{Data: []byte(body)}
	}
	tree, err := load(disk)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// planted lists small modules with violations, and beside them what looks alike
// and is allowed. Each must give exactly its faults.
func planted() []struct {
	check string
	files files
	want  []string
} {
	return []struct {
		check string
		files files
		want  []string
	}{
		{
			check: "bans",
			files: files{
				"access/access.go":             `package access; import "lifecircle/store"`,
				"access/access_test.go":        "package access\nimport (\n\"lifecircle/store\"\n\"net/http/httptest\"\n\"database/sql/driver\"\n)",
				"api/api.go":                   `package api; import ("net/http"; "lifecircle/engine")`,
				"cmd/lifecircle/main.go":       "package main\nimport (\n\"lifecircle/store\"\n\"lifecircle/engine\"\n\"net/http\"\n\"database/sql\"\n)",
				"report/report.go":             "package report\nimport \"net/http/httputil\"\nimport \"lifecircle/engine\"\nimport \"modernc.org/sqlite\"",
				"store/store.go":               `package store; import "database/sql"`,
				"export/geopackage/a.go":       `package geopackage; import ("database/sql"; "modernc.org/sqlite"; "github.com/jackc/pgx/v5")`,
				"store/storetest/storetest.go": `package storetest; import ("lifecircle/store"; "github.com/jackc/pgx/v5/stdlib")`,
				"storehouse/storehouse.go":     `package storehouse; import "net/httpx"`,
			},
			want: []string{
				"access/access.go:1: only cmd, store may import store",
				"report/report.go:3: only api, cmd may import engine",
				"report/report.go:2: only api, cmd may import net/http/httputil",
				"export/geopackage/a.go:1: only store may import github.com/jackc/pgx/v5",
				"access/access_test.go:5: only export/geopackage, store may import database/sql/driver",
				"cmd/lifecircle/main.go:6: only export/geopackage, store may import database/sql",
				"report/report.go:4: only export/geopackage, store may import modernc.org/sqlite",
			},
		},
		{
			check: "engines",
			files: files{
				"access/access.go":       "package access\nimport \"net\"\nimport clock \"time\"\nfunc f() { clock.Sleep(clock.Second) }",
				"access/access_test.go":  "package access\nimport \"time\"\nvar start = time.Now()",
				"indicator/indicator.go": "package indicator\nimport \"lifecircle/store\"\ntype now struct{ Now int }\nfunc f(time now) int { return time.Now }",
				"plan/plan.go":           "package plan\nimport \"time\"\nvar start = time.Now()",
				"plan/rule/rule.go":      "package rule\nimport \"time\"\nvar now = time.Now\nvar zero = time.Unix(0, 0)",
				"siting/lscp/lscp.go":    "package lscp\nimport \"time\"\nvar _ = time.Since(time.Time{})",
			},
			want: []string{
				"access/access.go:2: access computes from its arguments and may not import net",
				"access/access.go:4: access may not use time.Sleep: take the time as an argument",
				"indicator/indicator.go:2: indicator computes from its arguments and may not import store",
				"plan/rule/rule.go:3: plan/rule may not use time.Now: take the time as an argument",
				"siting/lscp/lscp.go:3: siting/lscp may not use time.Since: take the time as an argument",
			},
		},
		{
			check: "vocabulary",
			files: files{
				"error.go":      "package lifecircle\nimport (\n\"errors\"\n\"encoding/json\"\n\"lifecircle/geo\"\n\"example.org/x\"\n)",
				"error_test.go": `package lifecircle; import "pgregory.net/rapid"`,
				"geo/geo.go":    `package geo; import ("lifecircle"; "example.org/x")`,
			},
			want: []string{
				"error.go:5: the vocabulary imports only the standard library, not geo",
				"error.go:6: the vocabulary imports only the standard library, not example.org/x",
			},
		},
		{
			check: "sql outside the store",
			files: files{
				"cmd/lifecircle/main.go": "package main\nconst q = `\n\tSELECT id, count(*)\n\tFROM facility`\nconst (\na = \"insert into facility values ($1)\"\nb = \"UPDATE facility SET name = $1\"\n" +
					"c = \"select a place from the list\"\nd = \"update the plan\"\ne = \"create a workspace\"\nf = \"drop table facility\"\n)",
				"engine/engine_test.go":  "package engine\nconst q = \"delete from facility\"",
				"store/store.go":         "package store\nconst q = \"delete from facility\"",
				"export/geopackage/a.go": "package geopackage\nconst q = \"create table gpkg_contents ()\"",
				"export/export.go":       "package export\nconst q = \"create table gpkg_contents ()\"",
			},
			want: []string{
				"cmd/lifecircle/main.go:2: SQL belongs in package store",
				"cmd/lifecircle/main.go:6: SQL belongs in package store",
				"cmd/lifecircle/main.go:7: SQL belongs in package store",
				"cmd/lifecircle/main.go:11: SQL belongs in package store",
				"export/export.go:2: SQL belongs in package store",
			},
		},
		{
			check: "names",
			files: files{
				"base/area.go":               "package area",
				"geo/geo.go":                 "package geo",
				"internal/texts/helpers.go":  "package helpers",
				"internal/util/util_test.go": "package util_test",
				"utility/utility.go":         "package utility",
			},
			want: []string{
				"base/area.go:1: package base: name it after the concept it holds",
				"internal/texts/helpers.go:1: package helpers: name it after the concept it holds",
				"internal/util/util_test.go:1: package util: name it after the concept it holds",
			},
		},
		{
			check: "package comments",
			files: files{
				"cmd/other/main.go":   "// Command lifecircle is another.\npackage main",
				"e2e/e2e_test.go":     "// Package e2e drives the browser.\npackage e2e",
				"figure/figure.go":    "package figure",
				"figure/x_test.go":    "// Package figure is not described by its tests.\npackage figure",
				"geo/geo.go":          "// Package geo holds points.\npackage geo",
				"geo/points.go":       "package geo",
				"journal/a.go":        "// Package journal is one thing.\npackage journal",
				"journal/b.go":        "// Package journal is another.\npackage journal",
				"registry/areas.go":   "// What exists.\npackage registry",
				"scenario/testdata/x": "package ignored",
			},
			want: []string{
				`cmd/other/main.go:1: the package comment does not begin with "Command other "`,
				"figure: 0 package comments, want one: what it is, what it is not, who may import it",
				"journal: 2 package comments, want one: what it is, what it is not, who may import it",
				`registry/areas.go:1: the package comment does not begin with "Package registry "`,
			},
		},
		{
			check: "lengths",
			files: files{
				"engine/engine.go":               "package engine" + strings.Repeat("\n", 500),
				"engine/engine_test.go":          "package engine" + strings.Repeat("\n", 500),
				"engine/world.go":                "package engine" + strings.Repeat("\n", 301),
				"geo/geo.go":                     "package geo" + strings.Repeat("\n", 800),
				"geo/geo_test.go":                "package geo" + strings.Repeat("\n", 800) + "// the 801st",
				"web/src/App.tsx":                strings.Repeat("\n", 501),
				"web/src/Map.tsx":                strings.Repeat("\n", 500),
				"web/node_modules/x/Other.tsx":   strings.Repeat("\n", 501),
				"web/node_modules/x/other.go":    "not Go",
				"tools/go.mod":                   "module lifecircle/tools",
				"tools/tools.go":                 "package tools" + strings.Repeat("\n", 900),
				"plan/testdata/bad.go":           "not Go",
				".cache/bad.go":                  "not Go",
				"docs/decisions/0001-example.md": strings.Repeat("\n", 900),
			},
			want: []string{
				"package engine: 801 lines, the budget is 800",
				"geo/geo_test.go: 801 lines, the budget is 800",
				"web/src/App.tsx: 501 lines, the budget is 500",
			},
		},
		{
			check: "shapes",
			files: files{
				"geo/geo.go": `package geo
type seven interface { A(); B(); C(); D(); E(); F(); G() }
type composed interface { seven; H(); I() }
type eight interface { A(); B(); C(); D(); E(); F(); G(); H() }
type number interface { ~int | ~float64 }
func four(a, b int, c, d string) {}
func five(a, b, c, d, e int) {}
func context4(ctx context.Context, a, b, c, d int) {}
func context5(ctx context.Context, a, b, c, d, e int) {}
func late(a, b, c, d int, ctx context.Context) {}
func two(ctx, other context.Context, a, b, c int) {}
func (r receiver) method(a, b, c, d int) {}
func generic[A, B, C, D, E any](a A) {}
func variadic(a, b, c, d int, rest ...int) {}
func unnamed(func(int, int, int, int, int))
`,
				"geo/geo_test.go": `package geo
func check4(t *testing.T, a, b, c, d int) {}
func any4(t testing.TB, a, b, c, d int) {}
func bench5(b *testing.B, a, c, d, e, f int) {}
`,
			},
			want: []string{
				"geo/geo.go:4: an interface of 8 methods, the budget is 7: declare what the user of it calls",
				"geo/geo.go:7: 5 parameters, the budget is 4: use a struct",
				"geo/geo.go:9: 5 parameters, the budget is 4: use a struct",
				"geo/geo.go:10: 5 parameters, the budget is 4: use a struct",
				"geo/geo.go:14: 5 parameters, the budget is 4: use a struct",
				"geo/geo.go:15: 5 parameters, the budget is 4: use a struct",
				"geo/geo_test.go:4: 5 parameters, the budget is 4: use a struct",
			},
		},
		{
			check: "queries",
			files: files{
				"report/report.go": `package report
func f(db DB, name string) { db.Query("a" + name) }`,
				"store/schema.go": `package store
const table = "facility"
var changeable = "facility"
`,
				"store/store.go": `package store
func good(ctx C, db DB, d dialect, id string) {
	const local = "select id from "
	db.Exec("delete from facility")
	db.ExecContext(ctx, "select " + ("id from " + table), id)
	db.QueryRow(d.rewrite(local + table), id)
	request.URL.Query()
	all[int](ctx, db, local)
}
func bad(ctx C, db DB, id string) {
	db.Exec("delete from facility where id = " + id)
	db.QueryContext(ctx, fmt.Sprintf("select %s", id))
	db.QueryRowContext(ctx, changeable)
	query := "a"
	db.Prepare(query)
	all[int](ctx, db, "a" + id)
	db.Query(rewrite("a" + id))
	func(q string) { db.Query(q) }(id)
	through(db, id, table)
	outer(db, id)
}
func all[T any](ctx C, db DB, query string) { db.QueryContext(ctx, rewrite(query)) }
func through(db DB, query, table string) { db.Query(query); db.Query("a" + table) }
func outer(db DB, query string) { through(db, query, table); outer(db, id + id) }
func altered(db DB, query string) { query += "x"; db.Query(query) }
func ranged(db DB, queries []string) { for _, q := range queries { db.Exec(q) } }
`,
				"store/store_test.go": `package store
func drop(db DB, name string) { db.Exec("drop schema " + name) }`,
			},
			want: []string{
				`store/store.go:11: the statement "delete from facility where id = " + id is not constant: pass values as $n`,
				`store/store.go:12: the statement fmt.Sprintf("select %s", id) is not constant: pass values as $n`,
				"store/store.go:13: the statement changeable is not constant: pass values as $n",
				"store/store.go:15: the statement query is not constant: pass values as $n",
				`store/store.go:16: the statement "a" + id is not constant: pass values as $n`,
				`store/store.go:17: the statement "a" + id is not constant: pass values as $n`,
				"store/store.go:18: the statement q is not constant: pass values as $n",
				`store/store.go:23: the statement "a" + table is not constant: pass values as $n`,
				"store/store.go:24: the statement id + id is not constant: pass values as $n",
				"store/store.go:25: the statement query is not constant: pass values as $n",
				"store/store.go:26: the statement q is not constant: pass values as $n",
			},
		},
		{
			check: "rows",
			files: files{
				"store/store.go": `package store
func good() error { for rows.Next() {}; return rows.Err() }
func bad() error { for rows.Next() {}; return other.Err() }
func half() error { for a.Next() {}; for b.Next() {}; return a.Err() }
func ring() { r.Next(1) }
`,
				"store/store_test.go": "package store\nfunc bad() { for t.rows.Next() {} }",
				"plan/plan.go":        "package plan\nfunc f() { for rows.Next() {} }",
			},
			want: []string{
				"store/store.go:3: rows.Next() without rows.Err() in bad",
				"store/store.go:4: b.Next() without b.Err() in half",
				"store/store_test.go:2: t.rows.Next() without t.rows.Err() in bad",
			},
		},
		{
			check: "grants",
			files: files{
				"store/store.go": `package store
func (db *DB) Close() error { return nil }
func (db *DB) Facilities(ctx context.Context) ([]registry.Facility, error) { return nil, nil }
func (db DB) Values(ctx context.Context, grant account.Grant, of figure.Element) error { return nil }
func (tx *Tx) InsertArea(ctx context.Context) error { return nil }
func (tx *Tx) PutValue(ctx context.Context, grant *account.Grant) error { return nil }
func (tx *Tx) Put(v map[string][]*figure.Value) account.Grant { return account.Grant{} }
func (tx *Tx) putValue(v figure.Value) {}
func (r reader) Put(v figure.Value) {}
func Put(v figure.Value) {}
`,
				"scenario/scenario.go": "package scenario\nfunc (tx *Tx) Put(v figure.Value) {}",
			},
			want: []string{
				"store/store.go:3: Facilities touches facts and takes no account.Grant",
				"store/store.go:5: InsertArea touches facts and takes no account.Grant",
				"store/store.go:7: Put touches facts and takes no account.Grant",
			},
		},
		{
			check: "glossary",
			files: files{"docs/glossary.md": `# Glossary
| English | 中文 | meaning |
|---|---|---|
| plan | 规划 | promises |
| Plan | 计划 | promises |
| area | | a place |
| reach | 半径 |
| zone | 规划 | a | b |
| limit | 规划 | a place |
`},
			want: []string{
				"docs/glossary.md:5: the term Plan stands twice",
				"docs/glossary.md:6: an empty cell",
				"docs/glossary.md:7: 2 cells, want English, 中文, meaning",
				"docs/glossary.md:8: 4 cells, want English, 中文, meaning",
				"docs/glossary.md:9: the term 规划 stands twice",
			},
		},
		{
			check: "glossary",
			files: files{"docs/glossary.md": "| English | Chinese | meaning |\n|---|---|---|\n"},
			want: []string{
				`docs/glossary.md:1: the columns are ["English" "Chinese" "meaning"], want English, 中文, meaning`,
				"docs/glossary.md: no terms",
			},
		},
		{check: "glossary", files: files{}, want: []string{"docs/glossary.md: missing"}},
	}
}

func TestPlantedFaultsAreFound(t *testing.T) {
	cases := planted()
	for _, check := range checks() {
		tried := false
		for i, c := range cases {
			if c.check != check.name {
				continue
			}
			tried = true
			t.Run(fmt.Sprintf("%s %d", check.name, i), func(t *testing.T) {
				if diff := cmp.Diff(c.want, check.faults(c.files.load(t))); diff != "" {
					t.Errorf("faults (-want +got):\n%s", diff)
				}
			})
		}
		if !tried {
			t.Errorf("check %q is not shown to fail", check.name)
		}
	}
}

func TestArrowsDiffer(t *testing.T) {
	tree := files{
		"lifecircle.go":         "package lifecircle",
		"access/access.go":      `package access; import ("fmt"; "lifecircle"; "lifecircle/network")`,
		"access/more.go":        `package access; import "lifecircle/network"`,
		"access/access_test.go": `package access; import "lifecircle/plan"`,
		"other/other.go":        `package other; import "lifecirclex/plan"`,
	}.load(t)
	got := arrows(tree)
	if diff := cmp.Diff([]string{"access -> lifecircle", "access -> network"}, got); diff != "" {
		t.Fatalf("arrows (-want +got):\n%s", diff)
	}
	if faults := arrowFaults(got, "# heading\n\naccess -> lifecircle\naccess -> network\n"); len(faults) > 0 {
		t.Errorf("equal arrows differ: %q", faults)
	}
	want := []string{"new arrow access -> network", "no such arrow any more: access -> geo"}
	if diff := cmp.Diff(want, arrowFaults(got, "access -> geo\naccess -> lifecircle\n")); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}

func TestSourceThatDoesNotParseIsAnError(t *testing.T) {
	_, err := load(fstest.MapFS{"geo/geo.go": {Data: []byte("package geo\nfunc {")}})
	if err == nil || !strings.Contains(err.Error(), "geo/geo.go:2") {
		t.Errorf("load of a broken file: %v; want an error at geo/geo.go:2", err)
	}
}

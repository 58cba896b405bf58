// Package storetest gives tests a fresh database of each kind: SQLite in a
// temporary folder, and PostgreSQL where LIFECIRCLE_TEST_POSTGRES names a server
// (scripts/with-postgres.sh starts one). It holds no tests; those of package store
// and of everything that writes facts import it.
package storetest

import (
	"crypto/rand"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"lifecircle/store"
)

// The environment variables that scripts/with-postgres.sh sets.
const (
	serverVariable  = "LIFECIRCLE_TEST_POSTGRES"
	requireVariable = "LIFECIRCLE_REQUIRE_POSTGRES"
)

// Each runs a test on every kind of database, as subtests.
func Each(t *testing.T, test func(*testing.T, *store.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
}

// All calls use with a database of every kind there is, so that one test may
// compare them. Without PostgreSQL it says so and goes on.
func All(t *testing.T, use func(*store.DB)) {
	t.Helper()
	use(SQLite(t))
	if os.Getenv(serverVariable) == "" && os.Getenv(requireVariable) == "" {
		t.Logf("%s is not set: SQLite alone is compared", serverVariable)
		return
	}
	use(Postgres(t))
}

// SQLite opens a new file that goes with the test.
func SQLite(t testing.TB) *store.DB {
	t.Helper()
	return opened(t, filepath.Join(t.TempDir(), "lifecircle.db"))
}

// Postgres opens a new schema that goes with the test; it skips the test where
// there is no server, and fails it where one is required.
func Postgres(t testing.TB) *store.DB {
	t.Helper()
	return opened(t, PostgresName(t))
}

// PostgresName makes a new schema that goes with the test and returns the
// connection string of a database whose tables lie there.
func PostgresName(t testing.TB) string {
	t.Helper()
	server := os.Getenv(serverVariable)
	if server == "" {
		if os.Getenv(requireVariable) != "" {
			t.Fatalf("%s is set and %s names no server", requireVariable, serverVariable)
		}
		t.Skipf("%s is not set: run this with scripts/with-postgres.sh", serverVariable)
	}
	schema := "test_" + strings.ToLower(rand.Text())
	run(t, server, schema, `DO $$ BEGIN EXECUTE format('CREATE SCHEMA %I', current_setting('lifecircle.schema')); END $$`)
	t.Cleanup(func() {
		run(t, server, schema, `DO $$ BEGIN EXECUTE format('DROP SCHEMA %I CASCADE', current_setting('lifecircle.schema')); END $$`)
	})
	return server + " search_path=" + schema
}

// run executes a statement that finds the schema's name in a setting: a name
// cannot be a parameter.
func run(t testing.TB, server, schema, statement string) {
	t.Helper()
	db, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(`SELECT set_config('lifecircle.schema', $1, false)`, schema); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}

func opened(t testing.TB, database string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), store.Config{Database: database})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

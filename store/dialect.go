package store

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"lifecircle"
)

// dialect is what differs between the two databases. Statements do not: both
// understand $n, RETURNING, ON CONFLICT and common table expressions.
type dialect struct {
	name  string
	goose goose.Dialect
	// parameters is how many a statement has at most. PostgreSQL takes 65,535. The
	// driver of SQLite finds each by its name among all, so that many cost the square
	// of their number.
	parameters int
}

var (
	sqliteDialect   = dialect{name: "SQLite", goose: goose.DialectSQLite3, parameters: 100}
	postgresDialect = dialect{name: "PostgreSQL", goose: goose.DialectPostgres, parameters: 32_000}
)

// isPostgres tells a PostgreSQL connection string (a URL, or key=value pairs
// with a host) from the path of a file.
func isPostgres(database string) bool {
	return strings.HasPrefix(database, "postgres://") || strings.HasPrefix(database, "postgresql://") ||
		strings.Contains(database, "host=")
}

// SQLite runs with a write-ahead log that is flushed at every commit: what was
// acknowledged survives a power cut. A writer waits busyMilliseconds for another
// process's transaction.
const busyMilliseconds = 10_000

// sqliteName builds the driver's data source name. Writers begin immediately, so
// that a transaction that reads first never finds itself unable to write.
func sqliteName(path string, write bool) string {
	pragmas := []string{
		fmt.Sprintf("busy_timeout(%d)", busyMilliseconds), "journal_mode(WAL)", "synchronous(FULL)",
		"foreign_keys(ON)", "cache_size(-8192)",
	}
	query := url.Values{"_pragma": pragmas}
	if write {
		query.Set("_txlock", "immediate")
	} else {
		query.Add("_pragma", "query_only(ON)")
	}
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: query.Encode()}).String()
}

// openSQLite opens one connection for writing, since SQLite has one writer, and
// several for reading, which a writer does not hold up.
func openSQLite(path string) (write, read *sql.DB, err error) {
	if write, err = sql.Open("sqlite", sqliteName(path, true)); err != nil {
		return nil, nil, err
	}
	write.SetMaxOpenConns(1)
	if read, err = sql.Open("sqlite", sqliteName(path, false)); err != nil {
		return nil, nil, errors.Join(err, write.Close())
	}
	const readers = 4
	read.SetMaxOpenConns(readers)
	return write, read, nil
}

// understood turns what a driver says into an error that a person can act on,
// where there is one: busy means that the same request may succeed if repeated.
func understood(err error) error {
	const uniqueViolation, serialisation, deadlock = "23505", "40001", "40P01"
	var pg *pgconn.PgError
	if errors.As(err, &pg) && (pg.Code == uniqueViolation || pg.Code == serialisation || pg.Code == deadlock) {
		return lifecircle.Errorf("busy", "another change came first; repeat the request: %w", err)
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) && lite.Code()&0xff == sqlite3.SQLITE_BUSY {
		return lifecircle.Errorf("busy", "the database is busy with another change; repeat the request: %w", err)
	}
	return err
}

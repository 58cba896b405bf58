// Package store keeps facts and their log in SQLite or PostgreSQL, with one SQL
// text for both; dialect.go holds what differs. It implements the interfaces that
// the domain packages declare and knows no rule of theirs: what a change means is
// theirs to say. Only cmd imports it.
package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/journal"
	"lifecircle/scenario"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Config says which database to open.
type Config struct {
	// Database is the path of a SQLite file, made where it is missing, or a
	// PostgreSQL connection string: a URL, or key=value pairs with a host.
	Database string
}

// DB is an open database. It is safe for concurrent use.
type DB struct {
	write   *sql.DB
	read    *sql.DB
	dialect dialect
}

var (
	_ scenario.Store     = (*DB)(nil)
	_ scenario.Revisions = (*DB)(nil)
	_ journal.Feed       = (*DB)(nil)
)

// Open opens a database and brings its schema up to date.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	if cfg.Database == "" {
		return nil, lifecircle.Errorf("database_missing", "no database is named: want the path of a file or a PostgreSQL connection string")
	}
	db := &DB{dialect: sqliteDialect}
	var err error
	if isPostgres(cfg.Database) {
		db.dialect = postgresDialect
		db.write, err = sql.Open("pgx", cfg.Database)
		db.read = db.write
	} else {
		db.write, db.read, err = openSQLite(cfg.Database)
	}
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := db.migrate(ctx); err != nil {
		return nil, errors.Join(lifecircle.Errorf("database_unusable", "open the %s database: %w", db.dialect.name, err), db.Close())
	}
	return db, nil
}

func (db *DB) migrate(ctx context.Context) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	// Migrations that grew side by side land in any order, and each stands by itself.
	options := []goose.ProviderOption{goose.WithVerbose(false), goose.WithAllowOutofOrder(true)}
	if db.dialect == postgresDialect { // several processes may start at once
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	provider, err := goose.NewProvider(db.dialect.goose, db.write, files, options...)
	if err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}

// Close ends all connections.
func (db *DB) Close() error {
	err := db.write.Close()
	if db.read != db.write {
		err = errors.Join(err, db.read.Close())
	}
	return err
}

// Dialect names the database in use: "SQLite" or "PostgreSQL".
func (db *DB) Dialect() string { return db.dialect.name }

// queryer is a connection, a transaction or a pool.
type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// each runs a query and calls visit for every row; visit scans it.
func each(ctx context.Context, q queryer, query string, visit func(scan func(...any) error) error, args ...any) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return understood(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := visit(rows.Scan); err != nil {
			return err
		}
	}
	return understood(rows.Err())
}

const changeColumns = `seq, id, action, actor, at, body, hash, undoes, COALESCE(key, '')`

func scanChange(scan func(...any) error) (journal.Change, error) {
	var c journal.Change
	var at int64
	var body string
	if err := scan(&c.Seq, &c.ID, &c.Action, &c.Actor, &at, &body, &c.Hash, &c.Undoes, &c.Key); err != nil {
		return journal.Change{}, err
	}
	c.At, c.Body = time.UnixMicro(at).UTC(), []byte(body)
	return c, nil
}

// Changes implements journal.Feed.
func (db *DB) Changes(ctx context.Context, after journal.Seq, limit int) ([]journal.Change, error) {
	var changes []journal.Change
	err := each(ctx, db.read, `SELECT `+changeColumns+` FROM change WHERE seq > $1 ORDER BY seq LIMIT $2`,
		func(scan func(...any) error) error {
			c, err := scanChange(scan)
			changes = append(changes, c)
			return err
		}, int64(after), limit)
	if err != nil {
		return nil, fmt.Errorf("read changes after %d: %w", after, err)
	}
	return changes, nil
}

// BeginChanges implements scenario.Store.
func (db *DB) BeginChanges(ctx context.Context) (scenario.Tx, error) {
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("begin: %w", understood(err))
	}
	return &Tx{tx: tx, parameters: db.dialect.parameters}, nil
}

// reading begins a transaction that sees one moment.
func (db *DB) reading(ctx context.Context, grant account.Grant) (*sql.Tx, error) {
	if err := grant.Check(""); err != nil {
		return nil, err
	}
	options := &sql.TxOptions{ReadOnly: true}
	if db.dialect == postgresDialect { // SQLite's readers always see one moment
		options.Isolation = sql.LevelRepeatableRead
	}
	tx, err := db.read.BeginTx(ctx, options)
	if err != nil {
		return nil, fmt.Errorf("begin: %w", understood(err))
	}
	return tx, nil
}

-- +goose Up

-- A set of areas that columns share, named by its hash.
CREATE TABLE figure_areas (
    hash TEXT PRIMARY KEY,
    body TEXT NOT NULL
);

-- A list of values: what one source says of one series in one period, in all the
-- areas of a set. Only ever added, as reported_value is; of two writings of one
-- value, in either table, the one of the later change holds. A column whose
-- change was undone does not count.
CREATE TABLE figure_column (
    element    TEXT NOT NULL,
    period     TEXT NOT NULL,
    source     TEXT NOT NULL,
    provenance TEXT NOT NULL,
    areas      TEXT NOT NULL REFERENCES figure_areas (hash),
    body       BYTEA NOT NULL, -- as figure.Column.Body writes it; SQLite keeps bytes under any type name
    hash       TEXT NOT NULL,
    change     TEXT NOT NULL,
    ordinal    INTEGER NOT NULL,
    PRIMARY KEY (change, ordinal)
);
CREATE INDEX figure_column_key ON figure_column (element, period, source);

-- +goose Down
DROP TABLE figure_column;
DROP TABLE figure_areas;

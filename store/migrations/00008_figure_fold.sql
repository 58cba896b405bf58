-- +goose Up

-- Whether a value has the form of a column: a decimal of at most 18 digits. Rows from
-- before say no and are read one by one, as ever.
ALTER TABLE reported_value ADD COLUMN fits BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX reported_value_unfit ON reported_value (change) WHERE NOT fits;

-- The latest writings of reported_value, put together as columns so that they are read
-- as fast: those of changes up to until that fit. It is derived and holds no fact of
-- its own; dropping every row loses nothing. positions are, for each area of the set,
-- seq and ordinal of the writing, eight bytes each.
CREATE TABLE figure_fold (
    element    TEXT NOT NULL,
    period     TEXT NOT NULL,
    source     TEXT NOT NULL,
    provenance TEXT NOT NULL,
    retracted  BOOLEAN NOT NULL,
    places     INTEGER NOT NULL,
    areas      TEXT NOT NULL, -- the codes, as figure.Areas.Text writes them
    body       BYTEA NOT NULL,
    positions  BYTEA NOT NULL,
    hash       TEXT NOT NULL,
    until      BIGINT NOT NULL,
    PRIMARY KEY (element, period, source, provenance, retracted, places)
);

-- +goose Down
DROP TABLE figure_fold;
DROP INDEX reported_value_unfit;
ALTER TABLE reported_value DROP COLUMN fits;

-- +goose Up

-- Long computations. They change no fact, so they are no changes; rows are
-- rewritten as a job goes on.
CREATE TABLE job (
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    area       TEXT NOT NULL,   -- '': of none in particular
    actor      TEXT NOT NULL,
    parameters TEXT NOT NULL,   -- JSON
    state      TEXT NOT NULL,
    fraction   DOUBLE PRECISION NOT NULL,
    stage      TEXT NOT NULL,
    detail     TEXT NOT NULL,   -- JSON, or '' for none
    result     TEXT NOT NULL,   -- JSON, or '' for none
    code       TEXT NOT NULL,   -- of the error it failed with, or ''
    message    TEXT NOT NULL,
    created    BIGINT NOT NULL, -- microseconds since 1970-01-01 UTC, as are the next
    started    BIGINT NOT NULL, -- 0: not yet
    ended      BIGINT NOT NULL,
    beat       BIGINT NOT NULL,
    attempts   INTEGER NOT NULL,
    stopping   BOOLEAN NOT NULL -- somebody asked to cancel it
);
CREATE INDEX job_created ON job (created);
CREATE INDEX job_state ON job (state);

-- +goose Down
DROP TABLE job;

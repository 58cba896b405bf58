-- +goose Up

-- The one row that numbers changes. Taking a number locks it until the
-- transaction ends, so numbers have no gaps and their order is that of commits.
CREATE TABLE clock (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    seq BIGINT NOT NULL
);
INSERT INTO clock (one, seq) VALUES (1, 0);

CREATE TABLE change (
    seq    BIGINT PRIMARY KEY,
    id     TEXT NOT NULL UNIQUE,
    action TEXT NOT NULL,
    actor  TEXT NOT NULL,
    at     BIGINT NOT NULL, -- microseconds since 1970-01-01 UTC
    body   TEXT NOT NULL,   -- JSON, to the byte as it was hashed
    hash   TEXT NOT NULL,
    undoes BIGINT NOT NULL, -- 0: undoes nothing
    key    TEXT UNIQUE      -- the caller's idempotency key
);
CREATE INDEX change_undoes ON change (undoes);

-- Facts. Rows are only ever added; each names the change that wrote it and its
-- place within that change, and the last row of a key holds.

CREATE TABLE area (
    code       TEXT NOT NULL,
    parent     TEXT NOT NULL,
    level      TEXT NOT NULL,
    name_zh    TEXT NOT NULL,
    name_en    TEXT NOT NULL,
    source     TEXT NOT NULL,
    provenance TEXT NOT NULL,
    change     TEXT NOT NULL,
    ordinal    INTEGER NOT NULL,
    PRIMARY KEY (change, ordinal)
);

CREATE TABLE population_point (
    id         TEXT NOT NULL,
    area       TEXT NOT NULL,
    lon        DOUBLE PRECISION NOT NULL,
    lat        DOUBLE PRECISION NOT NULL,
    people     BIGINT NOT NULL,
    urban      BOOLEAN NOT NULL,
    source     TEXT NOT NULL,
    provenance TEXT NOT NULL,
    change     TEXT NOT NULL,
    ordinal    INTEGER NOT NULL,
    PRIMARY KEY (change, ordinal)
);

CREATE TABLE network (
    root       TEXT NOT NULL,
    hash       TEXT NOT NULL,
    source     TEXT NOT NULL,
    provenance TEXT NOT NULL,
    change     TEXT NOT NULL,
    ordinal    INTEGER NOT NULL,
    PRIMARY KEY (change, ordinal)
);

CREATE TABLE facility (
    id         TEXT NOT NULL,
    area       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    name       TEXT NOT NULL,
    lon        DOUBLE PRECISION NOT NULL,
    lat        DOUBLE PRECISION NOT NULL,
    public     BOOLEAN NOT NULL,
    source     TEXT NOT NULL,
    provenance TEXT NOT NULL,
    withdrawn  BOOLEAN NOT NULL, -- from here on it stands no longer
    change     TEXT NOT NULL,
    ordinal    INTEGER NOT NULL,
    PRIMARY KEY (change, ordinal)
);
CREATE INDEX facility_id ON facility (id);

-- Which facilities stand: follows from the table above and guards it, since two
-- transactions that read first would both find an id free.
CREATE TABLE facility_standing (
    id     TEXT PRIMARY KEY,
    area   TEXT NOT NULL,
    stands BOOLEAN NOT NULL
);

CREATE TABLE reported_value (
    element    TEXT NOT NULL,
    area       TEXT NOT NULL,
    period     TEXT NOT NULL,
    source     TEXT NOT NULL,
    number     TEXT NOT NULL, -- exact, as lifecircle.Number writes itself
    provenance TEXT NOT NULL,
    retracted  BOOLEAN NOT NULL,
    change     TEXT NOT NULL,
    ordinal    INTEGER NOT NULL,
    PRIMARY KEY (change, ordinal)
);
CREATE INDEX reported_value_key ON reported_value (element, area, period, source);

CREATE TABLE value_choice (
    element TEXT NOT NULL,
    area    TEXT NOT NULL,
    period  TEXT NOT NULL,
    source  TEXT NOT NULL, -- '': the choice is taken back
    reason  TEXT NOT NULL,
    change  TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    PRIMARY KEY (change, ordinal)
);
CREATE INDEX value_choice_slot ON value_choice (element, area, period);

-- +goose Down
DROP TABLE value_choice;
DROP TABLE reported_value;
DROP TABLE facility_standing;
DROP TABLE facility;
DROP TABLE network;
DROP TABLE population_point;
DROP TABLE area;
DROP TABLE change;
DROP TABLE clock;

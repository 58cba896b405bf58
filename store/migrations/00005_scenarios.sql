-- +goose Up

-- What was done to scenarios: one row for each deed, the last revision holds. The
-- primary key also guards against two deeds that both were the next.
CREATE TABLE scenario_act (
    scenario TEXT NOT NULL,
    revision INTEGER NOT NULL,
    deed     TEXT NOT NULL,
    root     TEXT NOT NULL,
    name     TEXT NOT NULL,
    note     TEXT NOT NULL,
    state    TEXT NOT NULL,
    head     INTEGER NOT NULL, -- the version in force
    tip      INTEGER NOT NULL, -- the version that redo leads to
    change   TEXT NOT NULL,
    PRIMARY KEY (scenario, revision)
);

-- A version is what its edits make of its parent; those of abandoned branches stay.
CREATE TABLE scenario_version (
    scenario TEXT NOT NULL,
    version  INTEGER NOT NULL,
    parent   INTEGER NOT NULL, -- 0 of the first
    base     BIGINT NOT NULL,  -- the change it was made on
    edits    TEXT NOT NULL,    -- JSON
    change   TEXT NOT NULL,
    PRIMARY KEY (scenario, version)
);

-- +goose Down
DROP TABLE scenario_version;
DROP TABLE scenario_act;

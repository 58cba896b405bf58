-- +goose Up

-- An area has an id that outlives its code, and a history.
ALTER TABLE area ADD COLUMN id TEXT NOT NULL DEFAULT '';          -- '': the code
ALTER TABLE area ADD COLUMN kind TEXT NOT NULL DEFAULT '';
ALTER TABLE area ADD COLUMN class TEXT NOT NULL DEFAULT '';
ALTER TABLE area ADD COLUMN valid_from TEXT NOT NULL DEFAULT '';  -- a day, or '' where it is not known
ALTER TABLE area ADD COLUMN valid_until TEXT NOT NULL DEFAULT '';
ALTER TABLE area ADD COLUMN origin TEXT NOT NULL DEFAULT '';
ALTER TABLE area ADD COLUMN successor TEXT NOT NULL DEFAULT '';
ALTER TABLE area ADD COLUMN past TEXT NOT NULL DEFAULT '';        -- JSON, or '' for none
ALTER TABLE area ADD COLUMN fields TEXT NOT NULL DEFAULT '';      -- JSON, or '' for none
ALTER TABLE area ADD COLUMN struck BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX area_code ON area (code);
CREATE INDEX area_id ON area (id);

ALTER TABLE population_point ADD COLUMN struck BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX population_point_id ON population_point (id);

ALTER TABLE facility ADD COLUMN organisation TEXT NOT NULL DEFAULT '';
ALTER TABLE facility ADD COLUMN valid_from TEXT NOT NULL DEFAULT '';
ALTER TABLE facility ADD COLUMN valid_until TEXT NOT NULL DEFAULT '';
ALTER TABLE facility ADD COLUMN fields TEXT NOT NULL DEFAULT '';
ALTER TABLE facility ADD COLUMN changes TEXT NOT NULL DEFAULT '';

-- The rows of every other register: organisations, estates, agreements, and those
-- that a plan package adds.
CREATE TABLE record (
    register    TEXT NOT NULL,
    id          TEXT NOT NULL,
    area        TEXT NOT NULL,
    kind        TEXT NOT NULL,
    name        TEXT NOT NULL,
    lon         DOUBLE PRECISION, -- NULL: without a place
    lat         DOUBLE PRECISION,
    valid_from  TEXT NOT NULL,
    valid_until TEXT NOT NULL,
    fields      TEXT NOT NULL,
    changes     TEXT NOT NULL,
    source      TEXT NOT NULL,
    provenance  TEXT NOT NULL,
    struck      BOOLEAN NOT NULL,
    change      TEXT NOT NULL,
    ordinal     INTEGER NOT NULL,
    PRIMARY KEY (change, ordinal)
);
CREATE INDEX record_id ON record (register, id);

-- +goose Down
DROP TABLE record;
ALTER TABLE facility DROP COLUMN changes;
ALTER TABLE facility DROP COLUMN fields;
ALTER TABLE facility DROP COLUMN valid_until;
ALTER TABLE facility DROP COLUMN valid_from;
ALTER TABLE facility DROP COLUMN organisation;
DROP INDEX population_point_id;
ALTER TABLE population_point DROP COLUMN struck;
DROP INDEX area_id;
DROP INDEX area_code;
ALTER TABLE area DROP COLUMN struck;
ALTER TABLE area DROP COLUMN fields;
ALTER TABLE area DROP COLUMN past;
ALTER TABLE area DROP COLUMN successor;
ALTER TABLE area DROP COLUMN origin;
ALTER TABLE area DROP COLUMN valid_until;
ALTER TABLE area DROP COLUMN valid_from;
ALTER TABLE area DROP COLUMN class;
ALTER TABLE area DROP COLUMN kind;
ALTER TABLE area DROP COLUMN id;

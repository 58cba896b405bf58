-- +goose Up

-- The ground of areas, as geo.Shape.Body writes it, named by its hash. Rows are
-- only ever added; an area's row says in its outline which one is its own.
CREATE TABLE shape (
    hash   TEXT PRIMARY KEY,
    body   BYTEA NOT NULL, -- SQLite keeps bytes under any type name
    change TEXT NOT NULL
);
ALTER TABLE area ADD COLUMN outline TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE area DROP COLUMN outline;
DROP TABLE shape;

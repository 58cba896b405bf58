-- +goose Up

-- How many of a point's people belong to groups, as JSON: {"people_65": 12}.
ALTER TABLE population_point ADD COLUMN groups TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE population_point DROP COLUMN groups;

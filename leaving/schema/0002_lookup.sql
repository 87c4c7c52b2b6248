-- +goose Up
-- The register asks of each movement that is to be mended whether an exit wrote it.
CREATE INDEX leaving_lot_movement ON leaving_lot (movement);
CREATE INDEX leaving_passing_movement ON leaving_passing (movement);

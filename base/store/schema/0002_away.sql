-- +goose Up
-- At most one row: the database is about to leave ('leaves'), has left and stays here closed ('stays'), or is the one that travels ('travels').
CREATE TABLE away (
  one BIGINT NOT NULL PRIMARY KEY CONSTRAINT away_one CHECK (one = 1),
  side TEXT NOT NULL CONSTRAINT away_side CHECK (side IN ('leaves', 'stays', 'travels')),
  number BIGINT NOT NULL,
  rests_until BIGINT NOT NULL,
  companion TEXT NOT NULL
);

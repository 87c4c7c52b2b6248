-- +goose Up
CREATE TABLE places_stay (
  id TEXT NOT NULL PRIMARY KEY,
  space TEXT NOT NULL REFERENCES places_part (id),
  place TEXT NOT NULL REFERENCES places_place (id),
  state TEXT NOT NULL
    CONSTRAINT places_stay_state CHECK (state IN ('sent', 'asked', 'accepted', 'refused', 'withdrawn')),
  from_on TEXT NOT NULL,
  until_on TEXT NOT NULL CONSTRAINT places_stay_until CHECK (until_on >= from_on),
  words TEXT NOT NULL,
  token BYTEA NOT NULL CONSTRAINT places_stay_token UNIQUE,
  why TEXT NOT NULL,
  occupancy TEXT REFERENCES places_occupancy (id),
  at BIGINT NOT NULL,
  moved BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX places_stay_space ON places_stay (space);

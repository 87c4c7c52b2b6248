-- +goose Up
CREATE TABLE places_occupancy (
  id TEXT NOT NULL PRIMARY KEY,
  space TEXT NOT NULL REFERENCES places_part (id),
  place TEXT NOT NULL REFERENCES places_place (id),
  person TEXT NOT NULL REFERENCES people_person (id),
  follows TEXT REFERENCES places_occupancy (id)
);
CREATE INDEX places_occupancy_space ON places_occupancy (space);
CREATE INDEX places_occupancy_place ON places_occupancy (place);
CREATE INDEX places_occupancy_person ON places_occupancy (person);

CREATE TABLE places_entry (
  id TEXT NOT NULL PRIMARY KEY,
  occupancy TEXT NOT NULL REFERENCES places_occupancy (id),
  number BIGINT NOT NULL CONSTRAINT places_entry_number CHECK (number > 0),
  cause TEXT NOT NULL
    CONSTRAINT places_entry_cause CHECK (cause IN ('enter', 'amend', 'end', 'evaluate', 'undo')),
  stay TEXT NOT NULL CONSTRAINT places_entry_stay CHECK (stay IN ('lasting', 'trial', 'short')),
  from_on TEXT NOT NULL,
  until_on TEXT NOT NULL CONSTRAINT places_entry_until CHECK (until_on = '' OR until_on >= from_on),
  area BIGINT NOT NULL CONSTRAINT places_entry_area CHECK (area >= 0),
  practice TEXT NOT NULL,
  people BIGINT NOT NULL,
  fee BIGINT NOT NULL CONSTRAINT places_entry_fee CHECK (fee >= 0),
  indexing TEXT NOT NULL CONSTRAINT places_entry_indexing CHECK (indexing IN ('none', 'rate', 'health')),
  rate BIGINT NOT NULL,
  deposit BIGINT NOT NULL,
  notice BIGINT NOT NULL,
  document TEXT REFERENCES document (id),
  verdict TEXT NOT NULL,
  note TEXT NOT NULL,
  why TEXT NOT NULL,
  salt BYTEA,
  promise BYTEA NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL,
  CONSTRAINT places_entry_once UNIQUE (occupancy, number)
);

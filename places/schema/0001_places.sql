-- +goose Up
CREATE TABLE places_place (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL CONSTRAINT places_place_name UNIQUE,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);

CREATE TABLE places_place_fact (
  id TEXT NOT NULL PRIMARY KEY,
  place TEXT NOT NULL REFERENCES places_place (id),
  from_on TEXT NOT NULL,
  title TEXT NOT NULL,
  area BIGINT NOT NULL CONSTRAINT places_place_fact_area CHECK (area >= 0),
  closed BIGINT NOT NULL CONSTRAINT places_place_fact_closed CHECK (closed IN (0, 1)),
  more TEXT NOT NULL,
  why TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX places_place_fact_place ON places_place_fact (place);

CREATE TABLE places_part (
  id TEXT NOT NULL PRIMARY KEY,
  place TEXT NOT NULL REFERENCES places_place (id),
  parent TEXT REFERENCES places_part (id),
  level TEXT NOT NULL CONSTRAINT places_part_level CHECK (level IN ('building', 'floor', 'space')),
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX places_part_place ON places_part (place);

CREATE TABLE places_part_fact (
  id TEXT NOT NULL PRIMARY KEY,
  part TEXT NOT NULL REFERENCES places_part (id),
  place TEXT NOT NULL REFERENCES places_place (id),
  from_on TEXT NOT NULL,
  code TEXT NOT NULL,
  title TEXT NOT NULL,
  use_for TEXT NOT NULL,
  tenure TEXT NOT NULL,
  area BIGINT NOT NULL CONSTRAINT places_part_fact_area CHECK (area >= 0),
  closed BIGINT NOT NULL CONSTRAINT places_part_fact_closed CHECK (closed IN (0, 1)),
  more TEXT NOT NULL,
  why TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX places_part_fact_place ON places_part_fact (place);
CREATE INDEX places_part_fact_part ON places_part_fact (part);

CREATE TABLE places_withdrawal (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL CONSTRAINT places_withdrawal_kind CHECK (kind IN ('place', 'part', 'plan')),
  fact TEXT NOT NULL CONSTRAINT places_withdrawal_fact UNIQUE,
  place TEXT NOT NULL REFERENCES places_place (id),
  why TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX places_withdrawal_place ON places_withdrawal (place);

CREATE TABLE places_paper (
  id TEXT NOT NULL PRIMARY KEY,
  place TEXT NOT NULL REFERENCES places_place (id),
  part TEXT REFERENCES places_part (id),
  kind TEXT NOT NULL CONSTRAINT places_paper_kind CHECK (kind IN ('photo', 'title', 'insurance', 'report', 'other')),
  title TEXT NOT NULL,
  document TEXT NOT NULL REFERENCES document (id),
  on_day TEXT NOT NULL,
  dropped BIGINT,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX places_paper_place ON places_paper (place);

-- +goose Up
CREATE TABLE places_outside (
  id TEXT NOT NULL PRIMARY KEY,
  place TEXT NOT NULL REFERENCES places_place (id),
  shown BIGINT NOT NULL CONSTRAINT places_outside_shown CHECK (shown IN (0, 1)),
  lon BIGINT NOT NULL CONSTRAINT places_outside_lon CHECK (lon >= -180000000 AND lon <= 180000000),
  lat BIGINT NOT NULL CONSTRAINT places_outside_lat CHECK (lat >= -90000000 AND lat <= 90000000),
  more TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX places_outside_place ON places_outside (place);

CREATE TABLE places_card (
  person TEXT NOT NULL PRIMARY KEY REFERENCES people_person (id),
  name TEXT NOT NULL CONSTRAINT places_card_name UNIQUE,
  words TEXT NOT NULL,
  hidden BIGINT,
  hidden_why TEXT NOT NULL,
  at BIGINT NOT NULL
);

CREATE TABLE places_picture (
  id TEXT NOT NULL PRIMARY KEY,
  person TEXT NOT NULL REFERENCES people_person (id),
  document TEXT NOT NULL REFERENCES document (id),
  alt TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX places_picture_person ON places_picture (person);

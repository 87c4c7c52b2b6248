-- +goose Up
CREATE TABLE places_plan (
  id TEXT NOT NULL PRIMARY KEY,
  place TEXT NOT NULL REFERENCES places_place (id),
  floor TEXT REFERENCES places_part (id),
  from_on TEXT NOT NULL,
  title TEXT NOT NULL,
  width BIGINT NOT NULL CONSTRAINT places_plan_width CHECK (width > 0),
  height BIGINT NOT NULL CONSTRAINT places_plan_height CHECK (height > 0),
  drawing TEXT NOT NULL,
  document TEXT REFERENCES document (id),
  shapes TEXT NOT NULL,
  why TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX places_plan_place ON places_plan (place);

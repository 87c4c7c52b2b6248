-- +goose Up
CREATE TABLE sitting_reading (
  meeting TEXT NOT NULL REFERENCES sitting (meeting),
  person TEXT NOT NULL REFERENCES people_person (id),
  at BIGINT NOT NULL,
  PRIMARY KEY (meeting, person)
);
CREATE INDEX sitting_reading_who ON sitting_reading (person);

CREATE TABLE sitting_review_end (
  meeting TEXT NOT NULL PRIMARY KEY REFERENCES sitting (meeting),
  at BIGINT NOT NULL,
  planned BIGINT NOT NULL,
  by_whom TEXT NOT NULL,
  everybody BIGINT NOT NULL,
  why TEXT NOT NULL
);

-- +goose Up
CREATE TABLE ballot_draw (
  id TEXT NOT NULL PRIMARY KEY,
  meeting TEXT NOT NULL REFERENCES meeting (id),
  matter TEXT NOT NULL REFERENCES meeting_matter (id),
  title TEXT NOT NULL,
  source TEXT NOT NULL,
  effective BIGINT NOT NULL CONSTRAINT ballot_draw_effective CHECK (effective > 0),
  substitutes BIGINT NOT NULL CONSTRAINT ballot_draw_substitutes CHECK (substitutes >= 0),
  frozen_at BIGINT NOT NULL,
  frozen_by TEXT NOT NULL,
  version BIGINT NOT NULL,
  proclaimed_at BIGINT NOT NULL,
  proclaimed_by TEXT NOT NULL,
  void_at BIGINT NOT NULL,
  void_by TEXT NOT NULL,
  why TEXT NOT NULL
);
CREATE UNIQUE INDEX ballot_draw_standing ON ballot_draw (matter) WHERE void_at = 0;
CREATE INDEX ballot_draw_meeting ON ballot_draw (meeting);

CREATE TABLE ballot_draw_leaf (
  draw TEXT NOT NULL REFERENCES ballot_draw (id),
  leaf TEXT NOT NULL,
  person TEXT NOT NULL,
  name TEXT NOT NULL,
  own BIGINT NOT NULL,
  bodies TEXT NOT NULL,
  salt TEXT NOT NULL,
  excluded BIGINT NOT NULL,
  reasons TEXT NOT NULL,
  erased_on TEXT NOT NULL,
  PRIMARY KEY (draw, leaf)
);
CREATE INDEX ballot_draw_leaf_person ON ballot_draw_leaf (person);

CREATE TABLE ballot_draw_step (
  draw TEXT NOT NULL REFERENCES ballot_draw (id),
  number BIGINT NOT NULL CONSTRAINT ballot_draw_step_number CHECK (number > 0),
  step TEXT NOT NULL,
  person TEXT NOT NULL,
  entered_by TEXT NOT NULL,
  PRIMARY KEY (draw, number)
);

CREATE TABLE ballot_draw_word (
  draw TEXT NOT NULL REFERENCES ballot_draw (id),
  number BIGINT NOT NULL,
  person TEXT NOT NULL REFERENCES people_person (id),
  word TEXT NOT NULL,
  salt TEXT NOT NULL,
  PRIMARY KEY (draw, number)
);
CREATE UNIQUE INDEX ballot_draw_word_person ON ballot_draw_word (draw, person);
CREATE INDEX ballot_draw_word_who ON ballot_draw_word (person);

CREATE TABLE ballot_draw_departure (
  draw TEXT NOT NULL REFERENCES ballot_draw (id),
  number BIGINT NOT NULL CONSTRAINT ballot_draw_departure_number CHECK (number > 0),
  departure TEXT NOT NULL,
  at BIGINT NOT NULL,
  entered_by TEXT NOT NULL,
  PRIMARY KEY (draw, number)
);

-- +goose Up
CREATE TABLE ballot_written (
  id TEXT NOT NULL PRIMARY KEY,
  body TEXT NOT NULL REFERENCES people_body (id),
  number TEXT NOT NULL,
  title TEXT NOT NULL,
  words TEXT NOT NULL,
  lapse_on TEXT NOT NULL,
  proposed_at BIGINT NOT NULL,
  proposed_by TEXT NOT NULL,
  ended_at BIGINT NOT NULL,
  ended TEXT NOT NULL,
  ended_by TEXT NOT NULL,
  why TEXT NOT NULL,
  decision TEXT NOT NULL,
  item TEXT NOT NULL,
  meeting TEXT NOT NULL
);
CREATE UNIQUE INDEX ballot_written_number ON ballot_written (number);
CREATE INDEX ballot_written_body ON ballot_written (body);

CREATE TABLE ballot_written_paper (
  written TEXT NOT NULL REFERENCES ballot_written (id),
  place BIGINT NOT NULL,
  title TEXT NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (written, place)
);

CREATE TABLE ballot_written_answer (
  written TEXT NOT NULL REFERENCES ballot_written (id),
  person TEXT NOT NULL REFERENCES people_person (id),
  turn BIGINT NOT NULL CONSTRAINT ballot_written_answer_turn CHECK (turn > 0),
  answer TEXT NOT NULL,
  channel TEXT NOT NULL,
  document TEXT NOT NULL,
  words TEXT NOT NULL,
  at BIGINT NOT NULL,
  entered_by TEXT NOT NULL,
  PRIMARY KEY (written, person, turn)
);
CREATE INDEX ballot_written_answer_person ON ballot_written_answer (person);

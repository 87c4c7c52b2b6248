-- +goose Up
CREATE TABLE ballot_candidacy (
  id TEXT NOT NULL PRIMARY KEY,
  meeting TEXT NOT NULL REFERENCES meeting (id),
  matter TEXT NOT NULL REFERENCES meeting_matter (id),
  person TEXT NOT NULL REFERENCES people_person (id),
  party TEXT NOT NULL,
  stands BIGINT NOT NULL,
  at BIGINT NOT NULL,
  entered_by TEXT NOT NULL
);
CREATE INDEX ballot_candidacy_matter ON ballot_candidacy (matter);
CREATE INDEX ballot_candidacy_person ON ballot_candidacy (person);

CREATE TABLE ballot_lot (
  lot_poll TEXT NOT NULL PRIMARY KEY REFERENCES ballot_poll (id),
  throws TEXT NOT NULL,
  drawn TEXT NOT NULL,
  drawn_at BIGINT NOT NULL,
  drawn_by TEXT NOT NULL
);

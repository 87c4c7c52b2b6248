-- +goose Up
CREATE TABLE ballot_poll (
  id TEXT NOT NULL PRIMARY KEY,
  meeting TEXT NOT NULL REFERENCES meeting (id),
  number BIGINT NOT NULL,
  matter TEXT NOT NULL REFERENCES meeting_matter (id),
  round BIGINT NOT NULL,
  method TEXT NOT NULL,
  seq BIGINT NOT NULL,
  terms TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  opened_by TEXT NOT NULL,
  version BIGINT NOT NULL,
  closed_at BIGINT NOT NULL,
  closed_by TEXT NOT NULL,
  closed_seq BIGINT NOT NULL,
  tally TEXT NOT NULL,
  outcome TEXT NOT NULL,
  election TEXT NOT NULL,
  proclaimed_at BIGINT NOT NULL,
  proclaimed_by TEXT NOT NULL,
  chair TEXT NOT NULL,
  proclaimed TEXT NOT NULL,
  void_at BIGINT NOT NULL,
  void_by TEXT NOT NULL,
  why TEXT NOT NULL,
  CONSTRAINT ballot_poll_number UNIQUE (meeting, number)
);
CREATE UNIQUE INDEX ballot_poll_open ON ballot_poll (meeting) WHERE closed_at = 0 AND void_at = 0;
CREATE INDEX ballot_poll_matter ON ballot_poll (matter);

CREATE TABLE ballot_right (
  poll TEXT NOT NULL REFERENCES ballot_poll (id),
  holder BIGINT NOT NULL CONSTRAINT ballot_right_holder CHECK (holder > 0),
  class TEXT NOT NULL,
  voter TEXT NOT NULL REFERENCES people_person (id),
  person TEXT NOT NULL REFERENCES people_person (id),
  shares BIGINT NOT NULL CONSTRAINT ballot_right_shares CHECK (shares >= 0),
  votes BIGINT NOT NULL CONSTRAINT ballot_right_votes CHECK (votes >= 0),
  title TEXT NOT NULL,
  channel TEXT NOT NULL,
  instruction TEXT NOT NULL,
  PRIMARY KEY (poll, holder, class)
);
CREATE INDEX ballot_right_voter ON ballot_right (poll, voter, holder, class);
CREATE INDEX ballot_right_who ON ballot_right (voter);
CREATE INDEX ballot_right_person ON ballot_right (person);

CREATE TABLE ballot_deposit (
  poll TEXT NOT NULL REFERENCES ballot_poll (id),
  voter TEXT NOT NULL,
  hand TEXT NOT NULL,
  turn BIGINT NOT NULL CONSTRAINT ballot_deposit_turn CHECK (turn > 0),
  channel TEXT NOT NULL,
  entered_by TEXT NOT NULL,
  at BIGINT NOT NULL,
  choices TEXT NOT NULL,
  code TEXT NOT NULL,
  why TEXT NOT NULL,
  PRIMARY KEY (poll, voter, hand, turn)
);

CREATE TABLE ballot_count (
  poll TEXT NOT NULL REFERENCES ballot_poll (id),
  row_key TEXT NOT NULL,
  hand TEXT NOT NULL,
  turn BIGINT NOT NULL CONSTRAINT ballot_count_turn CHECK (turn > 0),
  row_name TEXT NOT NULL,
  entered_by TEXT NOT NULL,
  at BIGINT NOT NULL,
  votes_for BIGINT NOT NULL CONSTRAINT ballot_count_for CHECK (votes_for >= 0),
  votes_against BIGINT NOT NULL CONSTRAINT ballot_count_against CHECK (votes_against >= 0),
  abstentions BIGINT NOT NULL CONSTRAINT ballot_count_abstentions CHECK (abstentions >= 0),
  struck BIGINT NOT NULL,
  why TEXT NOT NULL,
  PRIMARY KEY (poll, row_key, hand, turn)
);

CREATE TABLE ballot_incident (
  id TEXT NOT NULL PRIMARY KEY,
  poll TEXT NOT NULL REFERENCES ballot_poll (id),
  person TEXT NOT NULL REFERENCES people_person (id),
  at BIGINT NOT NULL,
  late_at BIGINT NOT NULL,
  words TEXT NOT NULL
);
CREATE INDEX ballot_incident_poll ON ballot_incident (poll);
CREATE INDEX ballot_incident_person ON ballot_incident (person);

-- +goose Up
CREATE TABLE sitting (
  meeting TEXT NOT NULL PRIMARY KEY REFERENCES meeting (id),
  opened_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  closed_at BIGINT NOT NULL,
  closed_seq BIGINT NOT NULL,
  review_at BIGINT NOT NULL,
  review_until BIGINT NOT NULL,
  settled_at BIGINT NOT NULL,
  text TEXT NOT NULL,
  frozen_at BIGINT NOT NULL,
  assembly TEXT REFERENCES assembly (id)
);

CREATE TABLE sitting_officer (
  id TEXT NOT NULL PRIMARY KEY,
  meeting TEXT NOT NULL REFERENCES sitting (meeting),
  person TEXT NOT NULL REFERENCES people_person (id),
  charge TEXT NOT NULL,
  from_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  why TEXT NOT NULL
);
CREATE INDEX sitting_officer_of ON sitting_officer (meeting);
CREATE INDEX sitting_officer_who ON sitting_officer (person);

CREATE TABLE sitting_step (
  meeting TEXT NOT NULL REFERENCES sitting (meeting),
  number BIGINT NOT NULL,
  at BIGINT NOT NULL,
  by_whom TEXT NOT NULL,
  item TEXT NOT NULL,
  matter TEXT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (meeting, number)
);

CREATE TABLE sitting_presenter (
  meeting TEXT NOT NULL REFERENCES sitting (meeting),
  matter TEXT NOT NULL,
  person TEXT NOT NULL REFERENCES people_person (id),
  at BIGINT NOT NULL,
  PRIMARY KEY (meeting, matter, person)
);

CREATE TABLE sitting_agreement (
  item TEXT NOT NULL PRIMARY KEY,
  meeting TEXT NOT NULL REFERENCES sitting (meeting),
  at BIGINT NOT NULL,
  by_whom TEXT NOT NULL,
  heads BIGINT NOT NULL,
  shares BIGINT NOT NULL,
  whole BIGINT NOT NULL
);
CREATE INDEX sitting_agreement_of ON sitting_agreement (meeting);

CREATE TABLE sitting_incident (
  id TEXT NOT NULL PRIMARY KEY,
  meeting TEXT NOT NULL REFERENCES sitting (meeting),
  item TEXT NOT NULL,
  remote BIGINT NOT NULL,
  at BIGINT NOT NULL,
  by_whom TEXT NOT NULL,
  words TEXT NOT NULL,
  over_at BIGINT NOT NULL,
  remedy TEXT NOT NULL
);
CREATE INDEX sitting_incident_of ON sitting_incident (meeting);

CREATE TABLE sitting_retained (
  id TEXT NOT NULL PRIMARY KEY,
  meeting TEXT NOT NULL REFERENCES sitting (meeting),
  item TEXT NOT NULL,
  title TEXT NOT NULL,
  words TEXT NOT NULL,
  owner TEXT REFERENCES people_body (id),
  owner_words TEXT NOT NULL,
  due_on TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_whom TEXT NOT NULL,
  dropped_at BIGINT NOT NULL
);
CREATE INDEX sitting_retained_of ON sitting_retained (meeting);

CREATE TABLE sitting_block (
  id TEXT NOT NULL PRIMARY KEY,
  meeting TEXT NOT NULL REFERENCES sitting (meeting),
  item TEXT NOT NULL,
  matter TEXT NOT NULL
);
CREATE INDEX sitting_block_of ON sitting_block (meeting);

CREATE TABLE sitting_text (
  block TEXT NOT NULL REFERENCES sitting_block (id),
  number BIGINT NOT NULL,
  author TEXT NOT NULL,
  at BIGINT NOT NULL,
  words TEXT NOT NULL,
  replaced BIGINT NOT NULL,
  PRIMARY KEY (block, number)
);

CREATE TABLE sitting_remark (
  id TEXT NOT NULL PRIMARY KEY,
  meeting TEXT NOT NULL REFERENCES sitting (meeting),
  item TEXT NOT NULL,
  person TEXT NOT NULL REFERENCES people_person (id),
  at BIGINT NOT NULL,
  words TEXT NOT NULL,
  answer TEXT NOT NULL,
  accepted BIGINT NOT NULL,
  answered_at BIGINT NOT NULL,
  answered_by TEXT NOT NULL
);
CREATE INDEX sitting_remark_of ON sitting_remark (meeting);
CREATE INDEX sitting_remark_who ON sitting_remark (person);

CREATE TABLE sitting_signature (
  id TEXT NOT NULL PRIMARY KEY,
  meeting TEXT NOT NULL REFERENCES sitting (meeting),
  person TEXT NOT NULL REFERENCES people_person (id),
  charge TEXT NOT NULL,
  kind TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_whom TEXT NOT NULL,
  text TEXT NOT NULL,
  hash TEXT NOT NULL,
  void_at BIGINT NOT NULL,
  evidence TEXT NOT NULL
);
CREATE INDEX sitting_signature_of ON sitting_signature (meeting);
CREATE INDEX sitting_signature_who ON sitting_signature (person);

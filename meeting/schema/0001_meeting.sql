-- +goose Up
CREATE TABLE meeting_demand (
  id TEXT NOT NULL PRIMARY KEY,
  received_on TEXT NOT NULL,
  words TEXT NOT NULL,
  document TEXT NOT NULL,
  points TEXT NOT NULL,
  at BIGINT NOT NULL,
  reached_on TEXT NOT NULL,
  withdrawn_at BIGINT NOT NULL,
  why TEXT NOT NULL
);

CREATE TABLE meeting_supporter (
  demand TEXT NOT NULL REFERENCES meeting_demand (id),
  number BIGINT NOT NULL,
  person TEXT NOT NULL REFERENCES people_person (id),
  shares BIGINT NOT NULL,
  issued BIGINT NOT NULL,
  joined_on TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (demand, number)
);
CREATE INDEX meeting_supporter_who ON meeting_supporter (person);

CREATE TABLE meeting (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  body TEXT NOT NULL REFERENCES people_body (id),
  title TEXT NOT NULL,
  place TEXT NOT NULL,
  starts_at BIGINT NOT NULL,
  remote TEXT NOT NULL,
  language TEXT NOT NULL,
  roll_on TEXT NOT NULL,
  convening TEXT NOT NULL,
  earlier TEXT REFERENCES meeting (id),
  demand TEXT REFERENCES meeting_demand (id),
  drafted_at BIGINT NOT NULL,
  convened_at BIGINT NOT NULL,
  altered_at BIGINT NOT NULL,
  opened_at BIGINT NOT NULL,
  closed_at BIGINT NOT NULL,
  cancelled_at BIGINT NOT NULL,
  why TEXT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX meeting_starts ON meeting (starts_at);
CREATE INDEX meeting_earlier ON meeting (earlier);
CREATE INDEX meeting_demanded ON meeting (demand);

CREATE TABLE meeting_item (
  id TEXT NOT NULL PRIMARY KEY,
  meeting TEXT NOT NULL REFERENCES meeting (id),
  position BIGINT NOT NULL,
  number TEXT NOT NULL,
  title TEXT NOT NULL,
  added_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX meeting_item_place ON meeting_item (meeting, position);

CREATE TABLE meeting_matter (
  id TEXT NOT NULL PRIMARY KEY,
  item TEXT NOT NULL REFERENCES meeting_item (id),
  position BIGINT NOT NULL,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  words TEXT NOT NULL,
  place TEXT NOT NULL,
  earlier TEXT NOT NULL,
  body TEXT REFERENCES people_body (id),
  seats BIGINT NOT NULL,
  effective BIGINT NOT NULL,
  substitutes BIGINT NOT NULL,
  until TEXT NOT NULL,
  closed_on TEXT NOT NULL,
  changes TEXT NOT NULL,
  rules TEXT NOT NULL,
  altered_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX meeting_matter_place ON meeting_matter (item, position);

CREATE TABLE meeting_matter_person (
  matter TEXT NOT NULL REFERENCES meeting_matter (id),
  part TEXT NOT NULL,
  rank BIGINT NOT NULL,
  person TEXT NOT NULL REFERENCES people_person (id),
  PRIMARY KEY (matter, part, rank)
);
CREATE INDEX meeting_matter_person_who ON meeting_matter_person (person);

CREATE TABLE meeting_matter_answer (
  matter TEXT NOT NULL REFERENCES meeting_matter (id),
  retained TEXT NOT NULL REFERENCES assembly_retained (id),
  PRIMARY KEY (matter, retained)
);
CREATE INDEX meeting_matter_answer_point ON meeting_matter_answer (retained);

CREATE TABLE meeting_paper (
  id TEXT NOT NULL PRIMARY KEY,
  matter TEXT NOT NULL REFERENCES meeting_matter (id),
  need TEXT NOT NULL,
  title TEXT NOT NULL,
  document TEXT NOT NULL REFERENCES document (id),
  added_at BIGINT NOT NULL
);
CREATE INDEX meeting_paper_matter ON meeting_paper (matter);

-- +goose Up
CREATE TABLE assembly (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  body TEXT NOT NULL REFERENCES people_body (id),
  title TEXT NOT NULL,
  held_on TEXT NOT NULL,
  place TEXT NOT NULL,
  language TEXT NOT NULL,
  convening TEXT NOT NULL,
  attendance TEXT NOT NULL,
  notes TEXT NOT NULL,
  file_hash TEXT NOT NULL,
  session TEXT NOT NULL
);
CREATE INDEX assembly_held ON assembly (held_on);

CREATE TABLE assembly_attendee (
  assembly TEXT NOT NULL REFERENCES assembly (id),
  number BIGINT NOT NULL,
  person TEXT NOT NULL REFERENCES people_person (id),
  shares BIGINT NOT NULL,
  proxy TEXT REFERENCES people_person (id),
  channel TEXT NOT NULL,
  came BIGINT NOT NULL,
  went BIGINT NOT NULL,
  PRIMARY KEY (assembly, number)
);

CREATE TABLE assembly_item (
  id TEXT NOT NULL PRIMARY KEY,
  assembly TEXT NOT NULL REFERENCES assembly (id),
  position BIGINT NOT NULL,
  number TEXT NOT NULL,
  title TEXT NOT NULL,
  CONSTRAINT assembly_item_place UNIQUE (assembly, position)
);

CREATE TABLE assembly_matter (
  id TEXT NOT NULL PRIMARY KEY,
  item TEXT NOT NULL REFERENCES assembly_item (id),
  position BIGINT NOT NULL,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  words TEXT NOT NULL,
  place TEXT NOT NULL,
  earlier TEXT NOT NULL,
  body TEXT REFERENCES people_body (id),
  stated TEXT NOT NULL,
  ballot TEXT NOT NULL,
  outcome TEXT NOT NULL,
  poll TEXT NOT NULL,
  report TEXT NOT NULL,
  lived TEXT NOT NULL,
  amendment TEXT REFERENCES bylaws_amendment (id),
  CONSTRAINT assembly_matter_place UNIQUE (item, position)
);

CREATE TABLE assembly_matter_person (
  matter TEXT NOT NULL REFERENCES assembly_matter (id),
  part TEXT NOT NULL,
  rank BIGINT NOT NULL,
  person TEXT NOT NULL REFERENCES people_person (id),
  PRIMARY KEY (matter, part, rank)
);
CREATE INDEX assembly_matter_person_who ON assembly_matter_person (person);

CREATE TABLE assembly_proof (
  matter TEXT NOT NULL PRIMARY KEY REFERENCES assembly_matter (id),
  proof TEXT NOT NULL
);

CREATE TABLE assembly_proof_name (
  matter TEXT NOT NULL REFERENCES assembly_proof (matter),
  place BIGINT NOT NULL,
  person TEXT NOT NULL REFERENCES people_person (id),
  opening TEXT NOT NULL,
  PRIMARY KEY (matter, place)
);
CREATE INDEX assembly_proof_name_who ON assembly_proof_name (person);

CREATE TABLE assembly_annex (
  id TEXT NOT NULL PRIMARY KEY,
  matter TEXT NOT NULL REFERENCES assembly_matter (id),
  title TEXT NOT NULL,
  document TEXT NOT NULL
);
CREATE INDEX assembly_annex_matter ON assembly_annex (matter);

CREATE TABLE assembly_retained (
  id TEXT NOT NULL PRIMARY KEY,
  assembly TEXT NOT NULL REFERENCES assembly (id),
  item TEXT NOT NULL REFERENCES assembly_item (id),
  position BIGINT NOT NULL,
  title TEXT NOT NULL,
  words TEXT NOT NULL,
  owner TEXT REFERENCES people_body (id),
  owner_words TEXT NOT NULL,
  due_on TEXT NOT NULL,
  CONSTRAINT assembly_retained_place UNIQUE (item, position)
);

CREATE TABLE assembly_answer (
  id TEXT NOT NULL PRIMARY KEY,
  retained TEXT NOT NULL REFERENCES assembly_retained (id),
  answered_on TEXT NOT NULL,
  words TEXT NOT NULL,
  closes BIGINT NOT NULL CHECK (closes IN (0, 1)),
  at BIGINT NOT NULL
);
CREATE INDEX assembly_answer_retained ON assembly_answer (retained);

CREATE TABLE assembly_minutes (
  assembly TEXT NOT NULL PRIMARY KEY REFERENCES assembly (id),
  tree TEXT NOT NULL,
  hash TEXT NOT NULL,
  frozen_at BIGINT NOT NULL,
  frozen_by TEXT NOT NULL
);

CREATE TABLE assembly_minutes_name (
  assembly TEXT NOT NULL REFERENCES assembly (id),
  person TEXT NOT NULL,
  salt BYTEA NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (assembly, person)
);
CREATE INDEX assembly_minutes_name_who ON assembly_minutes_name (person);

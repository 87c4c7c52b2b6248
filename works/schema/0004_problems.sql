-- +goose Up
-- A code on a door, and what is reported by it.
CREATE TABLE works_door (
  id TEXT NOT NULL PRIMARY KEY,
  place TEXT NOT NULL REFERENCES places_place (id),
  part TEXT REFERENCES places_part (id),
  code TEXT NOT NULL CONSTRAINT works_door_code UNIQUE,
  dropped BIGINT,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX works_door_place ON works_door (place);

CREATE TABLE works_problem (
  id TEXT NOT NULL PRIMARY KEY,
  number BIGINT NOT NULL CONSTRAINT works_problem_number UNIQUE,
  place TEXT NOT NULL REFERENCES places_place (id),
  part TEXT REFERENCES places_part (id),
  door TEXT REFERENCES works_door (id),
  words TEXT NOT NULL,
  document TEXT REFERENCES document (id),
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  phone TEXT NOT NULL,
  lang TEXT NOT NULL,
  state TEXT NOT NULL
    CONSTRAINT works_problem_state CHECK (state IN ('new', 'seen', 'assigned', 'planned', 'done', 'refused')),
  owner TEXT REFERENCES people_person (id),
  line TEXT REFERENCES works_line (id),
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX works_problem_place ON works_problem (place);

CREATE TABLE works_step (
  id TEXT NOT NULL PRIMARY KEY,
  problem TEXT NOT NULL REFERENCES works_problem (id),
  state TEXT NOT NULL
    CONSTRAINT works_step_state CHECK (state IN ('new', 'seen', 'assigned', 'planned', 'done', 'refused')),
  answer TEXT NOT NULL,
  note TEXT NOT NULL,
  owner TEXT REFERENCES people_person (id),
  line TEXT REFERENCES works_line (id),
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX works_step_problem ON works_step (problem);

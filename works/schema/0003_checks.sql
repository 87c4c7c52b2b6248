-- +goose Up
-- The interval of a kind of check, from a day on, as the house read it somewhere.
CREATE TABLE works_kind (
  id TEXT NOT NULL PRIMARY KEY,
  code TEXT NOT NULL,
  from_on TEXT NOT NULL,
  months BIGINT NOT NULL CONSTRAINT works_kind_months CHECK (months BETWEEN 1 AND 600),
  source TEXT NOT NULL,
  confirmed BIGINT NOT NULL CONSTRAINT works_kind_confirmed CHECK (confirmed IN (0, 1)),
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);

-- What must be checked: an installation of a place or of one of its parts.
CREATE TABLE works_duty (
  id TEXT NOT NULL PRIMARY KEY,
  place TEXT NOT NULL REFERENCES places_place (id),
  part TEXT REFERENCES places_part (id),
  number BIGINT NOT NULL CONSTRAINT works_duty_number UNIQUE,
  code TEXT NOT NULL,
  title TEXT NOT NULL,
  bars BIGINT NOT NULL CONSTRAINT works_duty_bars CHECK (bars IN (0, 1)),
  since_on TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX works_duty_place ON works_duty (place);

CREATE TABLE works_duty_end (
  duty TEXT NOT NULL PRIMARY KEY REFERENCES works_duty (id),
  last_on TEXT NOT NULL,
  why TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);

CREATE TABLE works_inspection (
  id TEXT NOT NULL PRIMARY KEY,
  duty TEXT NOT NULL REFERENCES works_duty (id),
  on_day TEXT NOT NULL,
  inspector TEXT NOT NULL,
  reference TEXT NOT NULL,
  verdict TEXT NOT NULL CONSTRAINT works_inspection_verdict CHECK (verdict IN ('good', 'remarks', 'bad')),
  valid_until TEXT NOT NULL,
  document TEXT REFERENCES document (id),
  note TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX works_inspection_duty ON works_inspection (duty);

CREATE TABLE works_remark (
  id TEXT NOT NULL PRIMARY KEY,
  inspection TEXT NOT NULL REFERENCES works_inspection (id),
  position BIGINT NOT NULL,
  words TEXT NOT NULL,
  grave BIGINT NOT NULL CONSTRAINT works_remark_grave CHECK (grave IN (0, 1)),
  due_on TEXT NOT NULL,
  CONSTRAINT works_remark_place UNIQUE (inspection, position)
);

CREATE TABLE works_lifting (
  id TEXT NOT NULL PRIMARY KEY,
  remark TEXT NOT NULL REFERENCES works_remark (id),
  on_day TEXT NOT NULL,
  evidence TEXT NOT NULL,
  document TEXT REFERENCES document (id),
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX works_lifting_remark ON works_lifting (remark);

-- Which warnings have left: so many days before the end of an inspection's validity.
CREATE TABLE works_warning (
  duty TEXT NOT NULL REFERENCES works_duty (id),
  until_on TEXT NOT NULL,
  stage BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (duty, until_on, stage)
);

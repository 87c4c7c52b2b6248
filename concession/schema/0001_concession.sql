-- +goose Up
CREATE TABLE concession_concession (
  id TEXT NOT NULL PRIMARY KEY,
  number BIGINT NOT NULL UNIQUE CONSTRAINT concession_number CHECK (number > 0),
  place TEXT NOT NULL REFERENCES places_place (id),
  manager TEXT NOT NULL REFERENCES people_person (id),
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX concession_concession_place ON concession_concession (place);
CREATE INDEX concession_concession_manager ON concession_concession (manager);

-- The Charter in versions; one is a proposal until the assembly adopts it.
CREATE TABLE concession_charter (
  id TEXT NOT NULL PRIMARY KEY,
  number BIGINT NOT NULL UNIQUE CONSTRAINT concession_charter_number CHECK (number > 0),
  preamble TEXT NOT NULL,
  articles TEXT NOT NULL,
  why TEXT NOT NULL,
  source TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);

CREATE TABLE concession_adoption (
  id TEXT NOT NULL PRIMARY KEY,
  charter TEXT NOT NULL UNIQUE REFERENCES concession_charter (id),
  on_day TEXT NOT NULL,
  matter TEXT REFERENCES assembly_matter (id),
  decision TEXT REFERENCES people_decision (id),
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);

CREATE TABLE concession_evaluation (
  id TEXT NOT NULL PRIMARY KEY,
  number BIGINT NOT NULL UNIQUE CONSTRAINT concession_evaluation_number CHECK (number > 0),
  concession TEXT NOT NULL REFERENCES concession_concession (id),
  charter TEXT NOT NULL REFERENCES concession_charter (id),
  body TEXT NOT NULL REFERENCES people_body (id),
  from_on TEXT NOT NULL CONSTRAINT concession_evaluation_from CHECK (from_on LIKE '____-__-__'),
  until_on TEXT NOT NULL CONSTRAINT concession_evaluation_until CHECK (until_on LIKE '____-__-__'),
  due_on TEXT NOT NULL CONSTRAINT concession_evaluation_due CHECK (due_on LIKE '____-__-__'),
  readings TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX concession_evaluation_of ON concession_evaluation (concession);

-- What holds of a concession from a day on. A mistake is mended by a withdrawal.
CREATE TABLE concession_fact (
  id TEXT NOT NULL PRIMARY KEY,
  concession TEXT NOT NULL REFERENCES concession_concession (id),
  from_on TEXT NOT NULL,
  state TEXT NOT NULL
    CONSTRAINT concession_fact_state CHECK (state IN ('draft', 'open', 'force', 'renewed', 'ended')),
  terms TEXT NOT NULL,
  decision TEXT REFERENCES people_decision (id),
  document TEXT REFERENCES document (id),
  evaluation TEXT REFERENCES concession_evaluation (id),
  why TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX concession_fact_of ON concession_fact (concession);

CREATE TABLE concession_withdrawal (
  id TEXT NOT NULL PRIMARY KEY,
  fact TEXT NOT NULL UNIQUE REFERENCES concession_fact (id),
  concession TEXT NOT NULL REFERENCES concession_concession (id),
  why TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX concession_withdrawal_of ON concession_withdrawal (concession);

CREATE TABLE concession_paper (
  id TEXT NOT NULL PRIMARY KEY,
  concession TEXT NOT NULL REFERENCES concession_concession (id),
  kind TEXT NOT NULL
    CONSTRAINT concession_paper_kind CHECK (kind IN ('contract', 'insurance', 'accounts', 'other')),
  title TEXT NOT NULL,
  document TEXT REFERENCES document (id),
  from_on TEXT NOT NULL CONSTRAINT concession_paper_from CHECK (from_on LIKE '____-__-__'),
  until_on TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX concession_paper_of ON concession_paper (concession);

-- What is said in an evaluation. Words that may name people stand behind a promise: they can be erased, and the seal stays.
CREATE TABLE concession_entry (
  id TEXT NOT NULL PRIMARY KEY,
  evaluation TEXT NOT NULL REFERENCES concession_evaluation (id),
  kind TEXT NOT NULL CONSTRAINT concession_entry_kind
    CHECK (kind IN ('answer', 'visit', 'aside', 'submit', 'reply', 'advise', 'drop')),
  article BIGINT NOT NULL,
  question BIGINT NOT NULL,
  mark TEXT NOT NULL,
  on_day TEXT NOT NULL,
  present TEXT NOT NULL,
  photos TEXT NOT NULL,
  words TEXT NOT NULL,
  salt BYTEA,
  promise BYTEA NOT NULL,
  person TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX concession_entry_of ON concession_entry (evaluation);
CREATE INDEX concession_entry_person ON concession_entry (person);

-- The letters that the clock wrote, with the tasks that it noted.
CREATE TABLE concession_notice (
  id TEXT NOT NULL PRIMARY KEY,
  concession TEXT NOT NULL REFERENCES concession_concession (id),
  term_on TEXT NOT NULL,
  milestone TEXT NOT NULL,
  task TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX concession_notice_of ON concession_notice (concession);

-- How long a term is, and when what comes after it is prepared; the last row holds.
CREATE TABLE concession_calendar (
  at BIGINT NOT NULL PRIMARY KEY,
  calendar TEXT NOT NULL
);

-- +goose Up
-- What a manager earned in a year, as it was handed in. The last entry of a year that was not withdrawn counts.
CREATE TABLE concession_result (
  id TEXT NOT NULL PRIMARY KEY,
  concession TEXT NOT NULL REFERENCES concession_concession (id),
  year BIGINT NOT NULL CONSTRAINT concession_result_year CHECK (year BETWEEN 1900 AND 9999),
  revenue BIGINT NOT NULL CONSTRAINT concession_result_revenue CHECK (revenue >= 0),
  charges BIGINT NOT NULL CONSTRAINT concession_result_charges CHECK (charges >= 0),
  document TEXT REFERENCES document (id),
  handed_on TEXT NOT NULL CONSTRAINT concession_result_handed CHECK (handed_on LIKE '____-__-__'),
  by_manager BIGINT NOT NULL CONSTRAINT concession_result_by CHECK (by_manager IN (0, 1)),
  why TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX concession_result_of ON concession_result (concession);

-- The opposite entry of a result: it was never so.
CREATE TABLE concession_unresult (
  id TEXT NOT NULL PRIMARY KEY,
  result TEXT NOT NULL UNIQUE REFERENCES concession_result (id),
  concession TEXT NOT NULL REFERENCES concession_concession (id),
  why TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX concession_unresult_of ON concession_unresult (concession);

-- A letter to somebody without an address of e-mail: it waits to be printed.
CREATE TABLE concession_letter (
  id TEXT NOT NULL PRIMARY KEY,
  concession TEXT NOT NULL REFERENCES concession_concession (id),
  person TEXT NOT NULL REFERENCES people_person (id),
  kind TEXT NOT NULL,
  told TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL,
  printed BIGINT
);
CREATE INDEX concession_letter_printed ON concession_letter (printed);

-- What lists and the clock look for.
CREATE INDEX concession_entry_turn ON concession_entry (kind, id, evaluation, mark);
CREATE INDEX concession_result_year ON concession_result (year);

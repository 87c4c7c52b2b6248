-- +goose Up
CREATE TABLE register_class (
  letter TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  nominal BIGINT NOT NULL CONSTRAINT register_class_nominal CHECK (nominal > 0),
  votes BIGINT NOT NULL CONSTRAINT register_class_votes CHECK (votes >= 0),
  holders TEXT NOT NULL CONSTRAINT register_class_holders CHECK (holders IN ('anyone', 'natural', 'legal')),
  quality TEXT NOT NULL,
  profit TEXT NOT NULL,
  restriction TEXT NOT NULL,
  article TEXT NOT NULL,
  since TEXT NOT NULL CONSTRAINT register_class_since CHECK (since LIKE '____-__-__'),
  least BIGINT NOT NULL CONSTRAINT register_class_least CHECK (least >= 0),
  most BIGINT NOT NULL CONSTRAINT register_class_most CHECK (most >= 0)
);

CREATE TABLE register_cooperator (
  number BIGINT NOT NULL PRIMARY KEY CONSTRAINT register_cooperator_number CHECK (number > 0),
  person TEXT NOT NULL UNIQUE REFERENCES people_person (id),
  kind TEXT NOT NULL CONSTRAINT register_cooperator_kind CHECK (kind IN ('natural', 'legal')),
  since TEXT NOT NULL CONSTRAINT register_cooperator_since CHECK (since LIKE '____-__-__')
);

-- effective is the date as it is known (a day, a month or a year); day is the last day that it may mean, from which sums are made.
-- operation is the number of the first movement of the same operation; pair the number of the giving half of a transfer.
CREATE TABLE register_movement (
  number BIGINT NOT NULL PRIMARY KEY CONSTRAINT register_movement_number CHECK (number > 0),
  operation BIGINT NOT NULL REFERENCES register_movement (number),
  kind TEXT NOT NULL,
  cooperator BIGINT NOT NULL REFERENCES register_cooperator (number),
  class TEXT NOT NULL REFERENCES register_class (letter),
  lot BIGINT NOT NULL REFERENCES register_movement (number),
  shares BIGINT NOT NULL,
  paid BIGINT NOT NULL,
  effective TEXT NOT NULL,
  day TEXT NOT NULL CONSTRAINT register_movement_day CHECK (day LIKE '____-__-__'),
  recorded BIGINT NOT NULL,
  recorded_on TEXT NOT NULL CONSTRAINT register_movement_recorded_on CHECK (recorded_on LIKE '____-__-__'),
  entry BIGINT NOT NULL,
  author TEXT REFERENCES people_person (id),
  ground TEXT NOT NULL,
  evidence TEXT NOT NULL,
  counterpart BIGINT REFERENCES register_cooperator (number),
  pair BIGINT REFERENCES register_movement (number),
  corrects BIGINT REFERENCES register_movement (number),
  CONSTRAINT register_movement_kind CHECK (kind IN ('issue', 'payment', 'transfer-out', 'transfer-in', 'redemption', 'correction')),
  CONSTRAINT register_movement_issue CHECK (kind <> 'issue' OR shares > 0 AND paid >= 0 AND lot = number),
  CONSTRAINT register_movement_payment CHECK (kind <> 'payment' OR shares = 0 AND paid > 0),
  CONSTRAINT register_movement_out CHECK (kind NOT IN ('transfer-out', 'redemption') OR shares < 0 AND paid <= 0),
  CONSTRAINT register_movement_in CHECK (kind <> 'transfer-in' OR shares > 0 AND paid >= 0),
  CONSTRAINT register_movement_two_sides CHECK (kind NOT IN ('transfer-out', 'transfer-in') OR counterpart IS NOT NULL AND pair IS NOT NULL),
  CONSTRAINT register_movement_corrects CHECK ((kind = 'correction') = (corrects IS NOT NULL))
);
CREATE INDEX register_movement_roll ON register_movement (class, cooperator, day, shares, paid);
CREATE INDEX register_movement_of ON register_movement (cooperator, day);
CREATE INDEX register_movement_by_day ON register_movement (day, number, cooperator, class, shares, paid);
CREATE INDEX register_movement_by_recording ON register_movement (recorded_on, number);
CREATE INDEX register_movement_by_corrected ON register_movement (corrects) WHERE corrects IS NOT NULL;

-- The columns of a spreadsheet, remembered by its heads, so that the same table is read the same way next time.
CREATE TABLE register_mapping (
  heads TEXT NOT NULL PRIMARY KEY,
  mapping TEXT NOT NULL
);

CREATE TABLE register_import (
  entry BIGINT NOT NULL PRIMARY KEY,
  imported BIGINT NOT NULL,
  rows BIGINT NOT NULL,
  skipped BIGINT NOT NULL
);

-- By its mark a row is known again, so that the same file twice changes nothing. Whoever guesses a row can make its mark: it goes when
-- one of the cooperators whom it names is erased.
CREATE TABLE register_import_row (
  mark TEXT NOT NULL PRIMARY KEY,
  entry BIGINT NOT NULL,
  cooperator BIGINT NOT NULL REFERENCES register_cooperator (number),
  other BIGINT REFERENCES register_cooperator (number)
);
CREATE INDEX register_import_row_of ON register_import_row (cooperator);
CREATE INDEX register_import_row_other ON register_import_row (other) WHERE other IS NOT NULL;
CREATE INDEX register_import_row_entry ON register_import_row (entry);

-- Derived: sums at the end of a day over the movements up to a number, packed; rebuilt at will and never sealed.
CREATE TABLE register_snapshot (
  day TEXT NOT NULL,
  through BIGINT NOT NULL,
  piece BIGINT NOT NULL,
  content BYTEA NOT NULL,
  PRIMARY KEY (day, through, piece)
);

-- A file that somebody has sent and not yet taken in: it waits a day for the columns and totals to be looked at.
CREATE TABLE register_upload (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  person TEXT NOT NULL,
  sent BIGINT NOT NULL,
  content BYTEA NOT NULL
);

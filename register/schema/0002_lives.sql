-- +goose Up
-- Movements rest on a decision, say why a transfer was made, and know conversions, splits and consolidations. An engine cannot
-- change a CHECK in place, so the table is made anew.
CREATE TABLE register_movement_whole (
  number BIGINT NOT NULL PRIMARY KEY CONSTRAINT register_movement_number CHECK (number > 0),
  operation BIGINT NOT NULL REFERENCES register_movement_whole (number),
  kind TEXT NOT NULL,
  cooperator BIGINT NOT NULL REFERENCES register_cooperator (number),
  class TEXT NOT NULL REFERENCES register_class (letter),
  lot BIGINT NOT NULL REFERENCES register_movement_whole (number),
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
  pair BIGINT REFERENCES register_movement_whole (number),
  corrects BIGINT REFERENCES register_movement_whole (number),
  decision TEXT REFERENCES people_decision (id),
  cause TEXT NOT NULL,
  CONSTRAINT register_movement_kind CHECK (kind IN ('issue', 'payment', 'transfer-out', 'transfer-in', 'redemption', 'correction',
    'split', 'consolidation', 'conversion-out', 'conversion-in')),
  CONSTRAINT register_movement_issue CHECK (kind <> 'issue' OR shares > 0 AND paid >= 0 AND lot = number),
  CONSTRAINT register_movement_payment CHECK (kind <> 'payment' OR shares = 0 AND paid > 0),
  CONSTRAINT register_movement_out CHECK (kind NOT IN ('transfer-out', 'redemption', 'conversion-out') OR shares < 0 AND paid <= 0),
  CONSTRAINT register_movement_in CHECK (kind NOT IN ('transfer-in', 'conversion-in') OR shares > 0 AND paid >= 0),
  CONSTRAINT register_movement_two_sides CHECK (kind NOT IN ('transfer-out', 'transfer-in') OR counterpart IS NOT NULL AND pair IS NOT NULL),
  CONSTRAINT register_movement_conversion CHECK (kind NOT IN ('conversion-out', 'conversion-in') OR pair IS NOT NULL),
  CONSTRAINT register_movement_split CHECK (kind NOT IN ('split', 'consolidation') OR shares <> 0 AND paid = 0),
  CONSTRAINT register_movement_corrects CHECK ((kind = 'correction') = (corrects IS NOT NULL))
);
INSERT INTO register_movement_whole (number, operation, kind, cooperator, class, lot, shares, paid, effective, day, recorded, recorded_on,
  entry, author, ground, evidence, counterpart, pair, corrects, decision, cause)
SELECT number, operation, kind, cooperator, class, lot, shares, paid, effective, day, recorded, recorded_on,
  entry, author, ground, evidence, counterpart, pair, corrects, NULL, '' FROM register_movement;
DROP TABLE register_movement;
ALTER TABLE register_movement_whole RENAME TO register_movement;
CREATE INDEX register_movement_roll ON register_movement (class, cooperator, day, shares, paid);
CREATE INDEX register_movement_of ON register_movement (cooperator, day);
CREATE INDEX register_movement_by_day ON register_movement (day, number, cooperator, class, shares, paid);
CREATE INDEX register_movement_by_recording ON register_movement (recorded_on, number);
CREATE INDEX register_movement_by_corrected ON register_movement (corrects) WHERE corrects IS NOT NULL;
CREATE INDEX register_movement_operation ON register_movement (operation);

-- The nominal amount of a class from a day on; before the first row it is that of the class. operation is the first movement of the
-- split or consolidation; undoes names the operation that an opposite entry took back.
CREATE TABLE register_nominal (
  operation BIGINT NOT NULL PRIMARY KEY REFERENCES register_movement (number),
  class TEXT NOT NULL REFERENCES register_class (letter),
  since TEXT NOT NULL CONSTRAINT register_nominal_since CHECK (since LIKE '____-__-__'),
  before BIGINT NOT NULL CONSTRAINT register_nominal_before CHECK (before > 0),
  nominal BIGINT NOT NULL CONSTRAINT register_nominal_nominal CHECK (nominal > 0),
  undoes BIGINT REFERENCES register_nominal (operation)
);
CREATE INDEX register_nominal_class ON register_nominal (class, since);

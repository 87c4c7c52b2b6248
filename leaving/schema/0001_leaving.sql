-- +goose Up
CREATE TABLE leaving_exit (
  id TEXT NOT NULL PRIMARY KEY,
  number BIGINT NOT NULL UNIQUE CONSTRAINT leaving_exit_number CHECK (number > 0),
  cooperator BIGINT NOT NULL REFERENCES register_cooperator (number),
  cause TEXT NOT NULL CONSTRAINT leaving_exit_cause
    CHECK (cause IN ('resignation', 'death', 'bankruptcy', 'incapacity', 'dissolution', 'quality', 'exclusion')),
  arrived_on TEXT NOT NULL CONSTRAINT leaving_exit_arrived CHECK (arrived_on LIKE '____-__-__'),
  effect_on TEXT NOT NULL CONSTRAINT leaving_exit_effect CHECK (effect_on LIKE '____-__-__'),
  pay_by TEXT,
  evidence TEXT REFERENCES document (id),
  state TEXT NOT NULL CONSTRAINT leaving_exit_state CHECK (state IN ('announced', 'proposed', 'answered', 'accepted',
    'refused', 'withdrawn', 'queued', 'owed', 'paid', 'passed', 'undone')),
  cents BIGINT NOT NULL CONSTRAINT leaving_exit_cents CHECK (cents >= 0),
  credit TEXT REFERENCES payment_credit (id),
  turned BIGINT NOT NULL
);
CREATE INDEX leaving_exit_cooperator ON leaving_exit (cooperator);
CREATE INDEX leaving_exit_state_of ON leaving_exit (state, effect_on, number);
CREATE INDEX leaving_exit_credit ON leaving_exit (credit);

-- What leaves. A share is handed on or taken back, never both: what was announced is the sum of the two. Worth and bound
-- are written when the exit takes effect, and so is the movement of the register.
CREATE TABLE leaving_lot (
  exit TEXT NOT NULL REFERENCES leaving_exit (id),
  lot BIGINT NOT NULL REFERENCES register_movement (number),
  class TEXT NOT NULL REFERENCES register_class (letter),
  announced BIGINT NOT NULL CONSTRAINT leaving_lot_announced CHECK (announced > 0),
  shares BIGINT NOT NULL CONSTRAINT leaving_lot_shares CHECK (shares >= 0),
  passed BIGINT NOT NULL CONSTRAINT leaving_lot_passed CHECK (passed >= 0),
  paid BIGINT NOT NULL,
  nominal BIGINT NOT NULL,
  net_assets BIGINT,
  cents BIGINT,
  bound TEXT,
  movement BIGINT REFERENCES register_movement (number),
  PRIMARY KEY (exit, lot),
  CONSTRAINT leaving_lot_once CHECK (shares + passed = announced)
);
CREATE INDEX leaving_lot_of ON leaving_lot (lot);

CREATE TABLE leaving_test (
  id TEXT NOT NULL PRIMARY KEY,
  day TEXT NOT NULL CONSTRAINT leaving_test_day CHECK (day LIKE '____-__-__'),
  decision TEXT NOT NULL REFERENCES people_decision (id),
  accounts_on TEXT NOT NULL CONSTRAINT leaving_test_accounts CHECK (accounts_on LIKE '____-__-__'),
  equity BIGINT NOT NULL,
  unavailable BIGINT NOT NULL,
  issued BIGINT NOT NULL CONSTRAINT leaving_test_issued CHECK (issued > 0),
  accounts TEXT REFERENCES document (id),
  liquidity BIGINT NOT NULL CONSTRAINT leaving_test_liquidity CHECK (liquidity IN (0, 1)),
  until_on TEXT NOT NULL CONSTRAINT leaving_test_until CHECK (until_on LIKE '____-__-__'),
  report TEXT REFERENCES document (id),
  reasons TEXT NOT NULL,
  author TEXT REFERENCES people_person (id),
  at BIGINT NOT NULL
);

-- Words about a person stand behind a promise: they can be erased, and the seal stays.
CREATE TABLE leaving_step (
  id TEXT NOT NULL PRIMARY KEY,
  exit TEXT NOT NULL REFERENCES leaving_exit (id),
  position BIGINT NOT NULL,
  state TEXT NOT NULL,
  day TEXT NOT NULL CONSTRAINT leaving_step_day CHECK (day LIKE '____-__-__'),
  decision TEXT REFERENCES people_decision (id),
  test TEXT REFERENCES leaving_test (id),
  document TEXT REFERENCES document (id),
  cents BIGINT NOT NULL,
  why TEXT NOT NULL,
  salt BYTEA,
  promise BYTEA NOT NULL,
  author TEXT REFERENCES people_person (id),
  at BIGINT NOT NULL,
  CONSTRAINT leaving_step_place UNIQUE (exit, position)
);

-- The heirs of who died: their parts, and where their money goes.
CREATE TABLE leaving_heir (
  id TEXT NOT NULL PRIMARY KEY,
  exit TEXT NOT NULL REFERENCES leaving_exit (id),
  person TEXT NOT NULL REFERENCES people_person (id),
  part_a BIGINT NOT NULL CONSTRAINT leaving_heir_part_a CHECK (part_a > 0),
  part_b BIGINT NOT NULL CONSTRAINT leaving_heir_part_b CHECK (part_b >= part_a),
  guardian TEXT REFERENCES people_person (id),
  iban TEXT NOT NULL,
  salt BYTEA,
  promise BYTEA NOT NULL,
  credit TEXT REFERENCES payment_credit (id),
  dropped BIGINT,
  author TEXT REFERENCES people_person (id),
  at BIGINT NOT NULL
);
CREATE INDEX leaving_heir_exit ON leaving_heir (exit);
CREATE INDEX leaving_heir_person ON leaving_heir (person);
CREATE INDEX leaving_heir_guardian ON leaving_heir (guardian);

CREATE TABLE leaving_paper (
  id TEXT NOT NULL PRIMARY KEY,
  exit TEXT NOT NULL REFERENCES leaving_exit (id),
  kind TEXT NOT NULL CONSTRAINT leaving_paper_kind CHECK (kind IN ('death', 'heirs', 'identity', 'guardian')),
  heir TEXT REFERENCES leaving_heir (id),
  document TEXT REFERENCES document (id),
  received_on TEXT NOT NULL CONSTRAINT leaving_paper_received CHECK (received_on LIKE '____-__-__'),
  dropped BIGINT,
  at BIGINT NOT NULL
);
CREATE INDEX leaving_paper_exit ON leaving_paper (exit);

-- Shares that go from who leaves to who comes, or to an heir, and are not taken back.
CREATE TABLE leaving_passing (
  id TEXT NOT NULL PRIMARY KEY,
  exit TEXT NOT NULL REFERENCES leaving_exit (id),
  lot BIGINT NOT NULL REFERENCES register_movement (number),
  shares BIGINT NOT NULL CONSTRAINT leaving_passing_shares CHECK (shares > 0),
  paid BIGINT NOT NULL CONSTRAINT leaving_passing_paid CHECK (paid >= 0),
  request TEXT REFERENCES subscription_request (id),
  heir TEXT REFERENCES leaving_heir (id),
  person TEXT NOT NULL REFERENCES people_person (id),
  decision TEXT REFERENCES people_decision (id),
  due TEXT REFERENCES payment_due (id),
  movement BIGINT REFERENCES register_movement (number),
  credit TEXT REFERENCES payment_credit (id),
  voided BIGINT,
  author TEXT REFERENCES people_person (id),
  at BIGINT NOT NULL,
  CONSTRAINT leaving_passing_one CHECK (request IS NULL OR heir IS NULL)
);
CREATE INDEX leaving_passing_exit ON leaving_passing (exit);
CREATE INDEX leaving_passing_request ON leaving_passing (request);
CREATE INDEX leaving_passing_due ON leaving_passing (due);
CREATE INDEX leaving_passing_person ON leaving_passing (person);

-- The day on which the financial year ends; the last row holds.
CREATE TABLE leaving_year (
  at BIGINT NOT NULL PRIMARY KEY,
  month BIGINT NOT NULL CONSTRAINT leaving_year_month CHECK (month BETWEEN 1 AND 12),
  day BIGINT NOT NULL CONSTRAINT leaving_year_day CHECK (day BETWEEN 1 AND 31)
);

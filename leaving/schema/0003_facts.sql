-- +goose Up
-- What is written in columns that change stands here once more, in rows that do not, and those are sealed: where an exit
-- stands after each of its steps, what was announced of a lot and what it was worth, and what became of a passing, an heir
-- or a paper.
CREATE TABLE leaving_stand (
  step TEXT NOT NULL PRIMARY KEY REFERENCES leaving_step (id),
  exit TEXT NOT NULL REFERENCES leaving_exit (id),
  effect_on TEXT NOT NULL CONSTRAINT leaving_stand_effect CHECK (effect_on LIKE '____-__-__'),
  pay_by TEXT,
  cents BIGINT NOT NULL,
  credit TEXT REFERENCES payment_credit (id)
);
CREATE INDEX leaving_stand_exit ON leaving_stand (exit);

CREATE TABLE leaving_lot_fact (
  id TEXT NOT NULL PRIMARY KEY,
  exit TEXT NOT NULL REFERENCES leaving_exit (id),
  lot BIGINT NOT NULL REFERENCES register_movement (number),
  fact TEXT NOT NULL CONSTRAINT leaving_lot_fact_kind CHECK (fact IN ('announced', 'worth')),
  shares BIGINT NOT NULL,
  paid BIGINT NOT NULL,
  nominal BIGINT NOT NULL,
  net_assets BIGINT NOT NULL,
  cents BIGINT NOT NULL,
  bound TEXT NOT NULL,
  movement BIGINT REFERENCES register_movement (number)
);
CREATE INDEX leaving_lot_fact_exit ON leaving_lot_fact (exit);

CREATE TABLE leaving_outcome (
  id TEXT NOT NULL PRIMARY KEY,
  about TEXT NOT NULL,
  outcome TEXT NOT NULL CONSTRAINT leaving_outcome_kind CHECK (outcome IN ('went-over', 'voided', 'credited', 'dropped')),
  movement BIGINT REFERENCES register_movement (number),
  credit TEXT REFERENCES payment_credit (id),
  at BIGINT NOT NULL,
  author TEXT REFERENCES people_person (id)
);
CREATE INDEX leaving_outcome_about ON leaving_outcome (about);

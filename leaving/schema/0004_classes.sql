-- +goose Up
-- A lot of which a part was converted holds shares of two classes: an exit has a row for each. Rows that name no class are
-- of before, when a lot left in one class only.
CREATE TABLE leaving_lot_each (
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
  PRIMARY KEY (exit, lot, class),
  CONSTRAINT leaving_lot_once CHECK (shares + passed = announced)
);
INSERT INTO leaving_lot_each (exit, lot, class, announced, shares, passed, paid, nominal, net_assets, cents, bound, movement)
  SELECT exit, lot, class, announced, shares, passed, paid, nominal, net_assets, cents, bound, movement FROM leaving_lot;
DROP TABLE leaving_lot;
ALTER TABLE leaving_lot_each RENAME TO leaving_lot;
CREATE INDEX leaving_lot_of ON leaving_lot (lot);
CREATE INDEX leaving_lot_movement ON leaving_lot (movement);

ALTER TABLE leaving_passing ADD COLUMN class TEXT NOT NULL DEFAULT '';
ALTER TABLE leaving_lot_fact ADD COLUMN class TEXT NOT NULL DEFAULT '';

-- +goose Up
-- By which payments on shares the register took up what came for a call.
CREATE TABLE subscription_called (
  movement BIGINT NOT NULL PRIMARY KEY REFERENCES register_movement (number),
  due TEXT NOT NULL REFERENCES payment_due (id)
);
CREATE INDEX subscription_called_due ON subscription_called (due);

-- What a call received above what the shares lacked is owed back by a credit; back is how much of that came to nothing
-- because the money did not stay.
CREATE TABLE subscription_surplus (
  credit TEXT NOT NULL PRIMARY KEY REFERENCES payment_credit (id),
  due TEXT NOT NULL REFERENCES payment_due (id),
  back BIGINT NOT NULL CONSTRAINT subscription_surplus_back CHECK (back >= 0)
);
CREATE INDEX subscription_surplus_due ON subscription_surplus (due);

-- Until now the payments were found by the communication in their ground, after 29 signs: three, four and five figures of it.
INSERT INTO subscription_called (movement, due)
SELECT m.number, d.id FROM register_movement m JOIN payment_due d
  ON d.ogm = substr(m.ground, 30, 3) || substr(m.ground, 34, 4) || substr(m.ground, 39, 5) AND d.reason = 'call'
WHERE m.kind = 'payment' AND m.ground LIKE 'Appel payé, communication +++___/____/_____+++.';

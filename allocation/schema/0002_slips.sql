-- +goose Up
-- The slip under a letter that asks by post whether somebody still wants a place. step is the step that it made when it
-- came back; empty while it is out, and again when it was entered by mistake.
CREATE TABLE allocation_slip (
  number BIGINT NOT NULL PRIMARY KEY CONSTRAINT allocation_slip_number CHECK (number > 0),
  letter TEXT NOT NULL UNIQUE REFERENCES allocation_letter (id),
  application TEXT NOT NULL REFERENCES allocation_application (id),
  step TEXT REFERENCES allocation_step (id)
);
CREATE INDEX allocation_slip_application ON allocation_slip (application);

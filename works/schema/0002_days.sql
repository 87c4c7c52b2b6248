-- +goose Up
-- A participatory day, its shifts, and who comes. Minutes are those after midnight; they may pass it.
CREATE TABLE works_day (
  id TEXT NOT NULL PRIMARY KEY,
  place TEXT NOT NULL REFERENCES places_place (id),
  number BIGINT NOT NULL CONSTRAINT works_day_number UNIQUE,
  site TEXT REFERENCES works_site (id),
  on_day TEXT NOT NULL,
  title TEXT NOT NULL,
  about TEXT NOT NULL,
  meeting TEXT NOT NULL,
  meal TEXT NOT NULL,
  insurance TEXT NOT NULL,
  least_age BIGINT NOT NULL CONSTRAINT works_day_age CHECK (least_age BETWEEN 0 AND 99),
  state TEXT NOT NULL CONSTRAINT works_day_state CHECK (state IN ('draft', 'open', 'held', 'cancelled')),
  why TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX works_day_place ON works_day (place);

CREATE TABLE works_shift (
  id TEXT NOT NULL PRIMARY KEY,
  day TEXT NOT NULL REFERENCES works_day (id),
  role TEXT NOT NULL,
  skills TEXT NOT NULL,
  starts BIGINT NOT NULL CONSTRAINT works_shift_starts CHECK (starts >= 0),
  ends BIGINT NOT NULL,
  seats BIGINT NOT NULL CONSTRAINT works_shift_seats CHECK (seats > 0),
  dropped BIGINT,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL,
  CONSTRAINT works_shift_ends CHECK (ends > starts)
);
CREATE INDEX works_shift_day ON works_shift (day);

-- volunteer is the first sign-up of the same person for the same day: hours are counted by it when names are gone.
CREATE TABLE works_signup (
  id TEXT NOT NULL PRIMARY KEY,
  shift TEXT NOT NULL REFERENCES works_shift (id),
  volunteer TEXT NOT NULL,
  state TEXT NOT NULL
    CONSTRAINT works_signup_state CHECK (state IN ('sent', 'asked', 'taken', 'waiting', 'cancelled')),
  channel TEXT NOT NULL CONSTRAINT works_signup_channel CHECK (channel IN ('online', 'office')),
  person TEXT REFERENCES people_person (id),
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  phone TEXT NOT NULL,
  lang TEXT NOT NULL,
  note TEXT NOT NULL,
  queued BIGINT NOT NULL,
  presence TEXT NOT NULL CONSTRAINT works_signup_presence CHECK (presence IN ('', 'yes', 'no')),
  minutes BIGINT NOT NULL CONSTRAINT works_signup_minutes CHECK (minutes BETWEEN 0 AND 1440),
  meals BIGINT NOT NULL CONSTRAINT works_signup_meals CHECK (meals BETWEEN 0 AND 5),
  reminded BIGINT NOT NULL CONSTRAINT works_signup_reminded CHECK (reminded IN (0, 1)),
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX works_signup_shift ON works_signup (shift);
CREATE INDEX works_signup_person ON works_signup (person);

-- Secret links of letters and of pages that one follows without an account: only their hashes are kept.
CREATE TABLE works_link (
  hash BYTEA NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL CONSTRAINT works_link_kind CHECK (kind IN ('signup', 'problem')),
  about TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX works_link_about ON works_link (about);

-- What occupants built themselves.
CREATE TABLE works_selfbuild (
  id TEXT NOT NULL PRIMARY KEY,
  place TEXT NOT NULL REFERENCES places_place (id),
  space TEXT NOT NULL REFERENCES places_part (id),
  from_on TEXT NOT NULL,
  until_on TEXT NOT NULL,
  share BIGINT NOT NULL CONSTRAINT works_selfbuild_share CHECK (share BETWEEN 0 AND 100),
  minutes BIGINT NOT NULL CONSTRAINT works_selfbuild_minutes CHECK (minutes >= 0),
  words TEXT NOT NULL,
  supplied TEXT NOT NULL,
  supplied_cents BIGINT NOT NULL CONSTRAINT works_selfbuild_supplied CHECK (supplied_cents >= 0),
  source TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX works_selfbuild_place ON works_selfbuild (place);

-- Reclaimed materials. quantity is in thousandths of the unit.
CREATE TABLE works_reuse (
  id TEXT NOT NULL PRIMARY KEY,
  place TEXT NOT NULL REFERENCES places_place (id),
  site TEXT REFERENCES works_site (id),
  on_day TEXT NOT NULL,
  material TEXT NOT NULL,
  origin TEXT NOT NULL,
  quantity BIGINT NOT NULL CONSTRAINT works_reuse_quantity CHECK (quantity > 0),
  unit TEXT NOT NULL CONSTRAINT works_reuse_unit CHECK (unit IN ('piece', 'm', 'm2', 'm3', 'kg', 'litre')),
  used_for TEXT NOT NULL,
  avoided BIGINT NOT NULL CONSTRAINT works_reuse_avoided CHECK (avoided >= 0),
  estimate TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX works_reuse_place ON works_reuse (place);

-- Tools, and to whom they are lent.
CREATE TABLE works_tool (
  id TEXT NOT NULL PRIMARY KEY,
  number BIGINT NOT NULL CONSTRAINT works_tool_number UNIQUE,
  place TEXT NOT NULL REFERENCES places_place (id),
  title TEXT NOT NULL,
  note TEXT NOT NULL,
  retired BIGINT,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);

CREATE TABLE works_loan (
  id TEXT NOT NULL PRIMARY KEY,
  tool TEXT NOT NULL REFERENCES works_tool (id),
  person TEXT REFERENCES people_person (id),
  name TEXT NOT NULL,
  contact TEXT NOT NULL,
  out_on TEXT NOT NULL,
  due_on TEXT NOT NULL,
  back_on TEXT NOT NULL,
  back_note TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL,
  CONSTRAINT works_loan_due CHECK (due_on >= out_on)
);
CREATE INDEX works_loan_tool ON works_loan (tool);
CREATE INDEX works_loan_person ON works_loan (person);

-- What an hour of a volunteer is valued at in reports, from a day on.
CREATE TABLE works_rate (
  id TEXT NOT NULL PRIMARY KEY,
  from_on TEXT NOT NULL,
  cents BIGINT NOT NULL CONSTRAINT works_rate_cents CHECK (cents >= 0),
  source TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);

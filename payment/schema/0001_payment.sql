-- +goose Up
CREATE TABLE payment_account (
  id TEXT NOT NULL PRIMARY KEY,
  from_on TEXT NOT NULL,
  iban TEXT NOT NULL,
  bic TEXT NOT NULL,
  beneficiary TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);

CREATE TABLE payment_rule (
  id TEXT NOT NULL PRIMARY KEY,
  from_on TEXT NOT NULL,
  first_days BIGINT NOT NULL,
  between_days BIGINT NOT NULL,
  reminders BIGINT NOT NULL,
  lapse_days BIGINT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);

CREATE TABLE payment_due (
  id TEXT NOT NULL PRIMARY KEY,
  number BIGINT NOT NULL CONSTRAINT payment_due_number UNIQUE,
  ogm TEXT NOT NULL CONSTRAINT payment_due_ogm UNIQUE,
  person TEXT NOT NULL REFERENCES people_person (id),
  cents BIGINT NOT NULL CONSTRAINT payment_due_cents CHECK (cents > 0),
  reason TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  label TEXT NOT NULL,
  asked_on TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX payment_due_person ON payment_due (person);
CREATE INDEX payment_due_subject ON payment_due (subject_kind, subject_id);

CREATE TABLE payment_plan (
  id TEXT NOT NULL PRIMARY KEY,
  due TEXT NOT NULL REFERENCES payment_due (id),
  terms TEXT NOT NULL,
  why TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX payment_plan_due ON payment_plan (due);

CREATE TABLE payment_end (
  due TEXT NOT NULL PRIMARY KEY REFERENCES payment_due (id),
  kind TEXT NOT NULL CONSTRAINT payment_end_kind CHECK (kind IN ('cancelled', 'lapsed')),
  on_day TEXT NOT NULL,
  why TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);

CREATE TABLE payment_standing (
  due TEXT NOT NULL PRIMARY KEY REFERENCES payment_due (id),
  received BIGINT NOT NULL,
  state TEXT NOT NULL,
  next_on TEXT NOT NULL,
  next_cents BIGINT NOT NULL
);
CREATE INDEX payment_standing_state ON payment_standing (state, next_on);

CREATE TABLE payment_file (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  hash TEXT NOT NULL CONSTRAINT payment_file_hash UNIQUE,
  bank TEXT NOT NULL,
  lines BIGINT NOT NULL,
  taken BIGINT NOT NULL,
  posted BIGINT NOT NULL,
  cents BIGINT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);

CREATE TABLE payment_receipt (
  id TEXT NOT NULL PRIMARY KEY,
  number BIGINT NOT NULL CONSTRAINT payment_receipt_number UNIQUE,
  on_day TEXT NOT NULL,
  cents BIGINT NOT NULL CONSTRAINT payment_receipt_cents CHECK (cents > 0),
  way TEXT NOT NULL,
  reference TEXT NOT NULL CONSTRAINT payment_receipt_reference UNIQUE,
  file TEXT REFERENCES payment_file (id),
  line BIGINT NOT NULL,
  promise BYTEA NOT NULL,
  salt BYTEA,
  payer TEXT NOT NULL,
  iban TEXT NOT NULL,
  message TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX payment_receipt_on ON payment_receipt (on_day);
CREATE INDEX payment_receipt_file ON payment_receipt (file);
CREATE INDEX payment_receipt_iban ON payment_receipt (iban);

CREATE TABLE payment_rest (
  receipt TEXT NOT NULL PRIMARY KEY REFERENCES payment_receipt (id),
  free BIGINT NOT NULL,
  words TEXT NOT NULL
);
CREATE INDEX payment_rest_free ON payment_rest (free);

CREATE TABLE payment_credit (
  id TEXT NOT NULL PRIMARY KEY,
  number BIGINT NOT NULL CONSTRAINT payment_credit_number UNIQUE,
  person TEXT NOT NULL REFERENCES people_person (id),
  cents BIGINT NOT NULL CONSTRAINT payment_credit_cents CHECK (cents > 0),
  reason TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  label TEXT NOT NULL,
  owed_on TEXT NOT NULL,
  pay_by TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX payment_credit_person ON payment_credit (person);
CREATE INDEX payment_credit_subject ON payment_credit (subject_kind, subject_id);

CREATE TABLE payment_entry (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL CONSTRAINT payment_entry_kind CHECK (kind IN ('due', 'back', 'aside', 'returned', 'credit', 'dropped')),
  receipt TEXT REFERENCES payment_receipt (id),
  due TEXT REFERENCES payment_due (id),
  credit TEXT REFERENCES payment_credit (id),
  cents BIGINT NOT NULL CONSTRAINT payment_entry_cents CHECK (cents <> 0),
  on_day TEXT NOT NULL,
  undoes TEXT CONSTRAINT payment_entry_undoes UNIQUE REFERENCES payment_entry (id),
  reasons TEXT NOT NULL,
  why TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX payment_entry_receipt ON payment_entry (receipt);
CREATE INDEX payment_entry_due ON payment_entry (due);
CREATE INDEX payment_entry_credit ON payment_entry (credit);

CREATE TABLE payment_batch (
  id TEXT NOT NULL PRIMARY KEY,
  number BIGINT NOT NULL CONSTRAINT payment_batch_number UNIQUE,
  letters BIGINT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);

CREATE TABLE payment_letter (
  id TEXT NOT NULL PRIMARY KEY,
  due TEXT NOT NULL REFERENCES payment_due (id),
  kind TEXT NOT NULL CONSTRAINT payment_letter_kind CHECK (kind IN ('request', 'reminder')),
  place BIGINT NOT NULL,
  on_day TEXT NOT NULL,
  cents BIGINT NOT NULL,
  account TEXT NOT NULL REFERENCES payment_account (id),
  language TEXT NOT NULL,
  channel TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL,
  CONSTRAINT payment_letter_place UNIQUE (due, kind, place)
);

CREATE TABLE payment_dispatch (
  letter TEXT NOT NULL PRIMARY KEY REFERENCES payment_letter (id),
  batch TEXT REFERENCES payment_batch (id),
  sent_at BIGINT NOT NULL,
  tries BIGINT NOT NULL,
  failed_at BIGINT NOT NULL,
  trouble TEXT NOT NULL
);
CREATE INDEX payment_dispatch_batch ON payment_dispatch (batch);

CREATE TABLE payment_layout (
  fingerprint TEXT NOT NULL PRIMARY KEY,
  mapping TEXT NOT NULL,
  at BIGINT NOT NULL
);

CREATE TABLE payment_upload (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  person TEXT NOT NULL,
  at BIGINT NOT NULL,
  content BYTEA NOT NULL
);

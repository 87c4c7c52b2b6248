-- +goose Up
CREATE TABLE journal (
  number BIGINT NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  commitment BYTEA NOT NULL CHECK (octet_length(commitment) = 32),
  hash BYTEA NOT NULL CHECK (octet_length(hash) = 32),
  salt BYTEA,
  content TEXT,
  erased_by BIGINT REFERENCES journal (number),
  CONSTRAINT journal_whole_or_erased CHECK ((content IS NULL) = (salt IS NULL) AND (content IS NULL) = (erased_by IS NOT NULL))
);

CREATE TABLE journal_about (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  number BIGINT NOT NULL REFERENCES journal (number),
  PRIMARY KEY (kind, id, number)
); -- kept by its key alone
CREATE INDEX journal_about_number ON journal_about (number);

-- number points to the journal; it is no foreign key because an act seals its rows before its line is written. lieux check compares both.
CREATE TABLE journal_seal (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  number BIGINT NOT NULL,
  position BIGINT NOT NULL,
  salt BYTEA NOT NULL,
  digest BYTEA NOT NULL,
  PRIMARY KEY (kind, id)
);
CREATE UNIQUE INDEX journal_seal_place ON journal_seal (number, position);

CREATE TABLE counter (
  name TEXT NOT NULL PRIMARY KEY,
  value BIGINT NOT NULL
);

CREATE TABLE form_key (
  key TEXT NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  number BIGINT NOT NULL,
  answer TEXT NOT NULL
);
CREATE INDEX form_key_at ON form_key (at);

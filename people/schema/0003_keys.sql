-- +goose Up

-- Passkeys: what a telephone or computer of a person proves itself with. The public half alone lies here.
CREATE TABLE people_passkey (
  id TEXT NOT NULL PRIMARY KEY,
  person TEXT NOT NULL REFERENCES people_person (id),
  name TEXT NOT NULL,
  credential BYTEA NOT NULL,
  public_key BYTEA NOT NULL,
  kind TEXT NOT NULL,
  copied BIGINT NOT NULL,
  made BIGINT NOT NULL,
  CONSTRAINT people_passkey_copied CHECK (copied IN (0, 1))
);
CREATE UNIQUE INDEX people_passkey_credential ON people_passkey (credential);
CREATE INDEX people_passkey_person ON people_passkey (person);

-- How often and when a passkey was used: of the moment, written when somebody enters, also while the database is away.
CREATE TABLE people_passkey_use (
  passkey TEXT NOT NULL PRIMARY KEY,
  signs BIGINT NOT NULL,
  used BIGINT NOT NULL
);

-- Codes that the office sends by post or gives at the door, each good for one entrance. Their hashes alone lie here.
CREATE TABLE people_paper_code (
  id TEXT NOT NULL PRIMARY KEY,
  person TEXT NOT NULL REFERENCES people_person (id),
  way TEXT NOT NULL,
  hash BYTEA NOT NULL,
  made BIGINT NOT NULL,
  ends BIGINT NOT NULL,
  used BIGINT,
  revoked BIGINT,
  CONSTRAINT people_paper_code_way CHECK (way IN ('post', 'door')),
  CONSTRAINT people_paper_code_ends CHECK (ends > made),
  CONSTRAINT people_paper_code_once CHECK (used IS NULL OR revoked IS NULL)
);
CREATE UNIQUE INDEX people_paper_code_hash ON people_paper_code (hash);
CREATE INDEX people_paper_code_person ON people_paper_code (person);

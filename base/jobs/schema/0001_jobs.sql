-- +goose Up
CREATE TABLE job (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL CONSTRAINT job_kind_given CHECK (kind <> ''),
  payload TEXT NOT NULL,
  made BIGINT NOT NULL,
  due BIGINT NOT NULL,
  claimed_until BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  trouble TEXT NOT NULL,
  failed_at BIGINT
);
CREATE INDEX job_due ON job (due) WHERE failed_at IS NULL;
CREATE INDEX job_failed ON job (failed_at) WHERE failed_at IS NOT NULL;

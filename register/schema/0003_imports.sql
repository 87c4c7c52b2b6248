-- +goose Up
-- An import that is too long for one act is a run of several. Its file waits among the uploads until it has ended; its rows are known
-- again by their marks, so that a run may stop between two acts and go on. equity is the comparison with the balance sheet that a
-- person saw, why is what was said of a difference.
CREATE TABLE register_import_run (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  person TEXT NOT NULL,
  options TEXT NOT NULL,
  begun BIGINT NOT NULL,
  rows BIGINT NOT NULL,
  reached BIGINT NOT NULL,
  taken BIGINT NOT NULL,
  left_out BIGINT NOT NULL,
  ended BIGINT,
  outcome TEXT NOT NULL CONSTRAINT register_import_run_outcome CHECK (outcome IN ('', 'done', 'cancelled', 'stopped')),
  trouble TEXT NOT NULL,
  equity TEXT NOT NULL,
  why TEXT NOT NULL,
  CONSTRAINT register_import_run_ended CHECK ((ended IS NULL) = (outcome = ''))
);
ALTER TABLE register_import ADD COLUMN run TEXT NOT NULL DEFAULT '';
ALTER TABLE register_import ADD COLUMN equity TEXT NOT NULL DEFAULT '';
ALTER TABLE register_import ADD COLUMN why TEXT NOT NULL DEFAULT '';

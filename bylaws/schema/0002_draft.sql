-- +goose Up
CREATE TABLE bylaws_draft (
  id TEXT NOT NULL PRIMARY KEY,
  changes TEXT NOT NULL,
  rules TEXT NOT NULL,
  changed_at BIGINT NOT NULL
);

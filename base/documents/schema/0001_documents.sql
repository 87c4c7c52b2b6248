-- +goose Up
CREATE TABLE document_content (
  hash TEXT NOT NULL PRIMARY KEY CONSTRAINT document_content_hash CHECK (length(hash) = 64),
  size BIGINT NOT NULL CONSTRAINT document_content_size CHECK (size > 0 AND size <= 26214400),
  media TEXT NOT NULL
);

CREATE TABLE document_piece (
  hash TEXT NOT NULL REFERENCES document_content (hash),
  position BIGINT NOT NULL CONSTRAINT document_piece_position CHECK (position >= 0),
  bytes BYTEA NOT NULL,
  PRIMARY KEY (hash, position)
);

CREATE TABLE document (
  id TEXT NOT NULL PRIMARY KEY,
  hash TEXT NOT NULL REFERENCES document_content (hash),
  name TEXT NOT NULL CONSTRAINT document_named CHECK (name <> ''),
  added BIGINT NOT NULL,
  author TEXT NOT NULL
);
CREATE INDEX document_hash ON document (hash);

-- +goose Up
CREATE TABLE shelf (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL CONSTRAINT shelf_name_given CHECK (name <> ''),
  weight BIGINT,
  picture BYTEA
);

CREATE TABLE shelf_book (
  shelf TEXT NOT NULL REFERENCES shelf (id),
  number BIGINT NOT NULL,
  title TEXT NOT NULL,
  PRIMARY KEY (shelf, number)
);

CREATE TABLE shelf_visit (
  id TEXT NOT NULL PRIMARY KEY
);

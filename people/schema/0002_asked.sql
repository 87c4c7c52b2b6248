-- +goose Up

-- Letters that were asked for: counted for an hour, so that nobody is flooded and nobody is kept out by others.
CREATE TABLE people_asked (
  id TEXT NOT NULL PRIMARY KEY,
  email TEXT NOT NULL,
  caller BYTEA NOT NULL,
  asked BIGINT NOT NULL
);
CREATE INDEX people_asked_email ON people_asked (email, asked);
CREATE INDEX people_asked_asked ON people_asked (asked);

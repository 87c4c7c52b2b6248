-- +goose Up
-- What persons are looked up by, kept by its key alone: a table beside its own key would hold all of it twice.
CREATE TABLE people_key_alone (
  key TEXT NOT NULL,
  person TEXT NOT NULL REFERENCES people_person (id),
  kind TEXT NOT NULL,
  PRIMARY KEY (key, person, kind),
  CONSTRAINT people_key_kind CHECK (kind IN ('name', 'former', 'town', 'enterprise'))
); -- kept by its key alone
INSERT INTO people_key_alone (key, person, kind) SELECT key, person, kind FROM people_key;
DROP TABLE people_key;
ALTER TABLE people_key_alone RENAME TO people_key;
CREATE INDEX people_key_person ON people_key (person, key);

CREATE TABLE people_twin_alone (
  key TEXT NOT NULL,
  person TEXT NOT NULL REFERENCES people_person (id),
  PRIMARY KEY (key, person)
); -- kept by its key alone
INSERT INTO people_twin_alone (key, person) SELECT key, person FROM people_twin;
DROP TABLE people_twin;
ALTER TABLE people_twin_alone RENAME TO people_twin;
CREATE INDEX people_twin_person ON people_twin (person);

-- +goose Up
CREATE TABLE followup_task (
  id TEXT NOT NULL PRIMARY KEY,
  title TEXT NOT NULL,
  words TEXT NOT NULL,
  owner TEXT REFERENCES people_body (id),
  person TEXT REFERENCES people_person (id),
  due_on TEXT NOT NULL,
  matter TEXT REFERENCES assembly_matter (id),
  at BIGINT NOT NULL
);
CREATE INDEX followup_task_person ON followup_task (person);

CREATE TABLE followup_step (
  id TEXT NOT NULL PRIMARY KEY,
  task TEXT NOT NULL,
  done BIGINT NOT NULL CONSTRAINT followup_step_done CHECK (done IN (0, 1)),
  day TEXT NOT NULL,
  words TEXT NOT NULL,
  document TEXT REFERENCES document (id),
  at BIGINT NOT NULL
);
CREATE INDEX followup_step_task ON followup_step (task);

CREATE TABLE followup_report (
  id TEXT NOT NULL PRIMARY KEY,
  body TEXT NOT NULL REFERENCES people_body (id),
  day TEXT NOT NULL,
  title TEXT NOT NULL,
  words TEXT NOT NULL,
  document TEXT REFERENCES document (id),
  at BIGINT NOT NULL
);
CREATE INDEX followup_report_body ON followup_report (body);

-- +goose Up
CREATE TABLE convening_dispatch (
  id TEXT NOT NULL PRIMARY KEY,
  meeting TEXT NOT NULL REFERENCES meeting (id),
  second TEXT REFERENCES meeting (id),
  kind TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL,
  day TEXT NOT NULL,
  heads BIGINT NOT NULL,
  shares BIGINT NOT NULL,
  last_day TEXT NOT NULL,
  article TEXT NOT NULL,
  late TEXT NOT NULL,
  annexed BIGINT NOT NULL,
  links TEXT NOT NULL,
  staged_at BIGINT NOT NULL
);
CREATE INDEX convening_dispatch_meeting ON convening_dispatch (meeting, at);
CREATE INDEX convening_dispatch_second ON convening_dispatch (second);
CREATE UNIQUE INDEX convening_dispatch_once ON convening_dispatch (meeting) WHERE kind = 'convening';

CREATE TABLE convening_text (
  dispatch TEXT NOT NULL REFERENCES convening_dispatch (id),
  language TEXT NOT NULL,
  content TEXT NOT NULL,
  frame TEXT NOT NULL,
  PRIMARY KEY (dispatch, language)
);

CREATE TABLE convening_named (
  dispatch TEXT NOT NULL REFERENCES convening_dispatch (id),
  language TEXT NOT NULL,
  person TEXT NOT NULL REFERENCES people_person (id),
  name TEXT NOT NULL,
  salt BYTEA NOT NULL,
  PRIMARY KEY (dispatch, language, person)
);
CREATE INDEX convening_named_person ON convening_named (person);

CREATE TABLE convening_invited (
  dispatch TEXT NOT NULL REFERENCES convening_dispatch (id),
  holder BIGINT NOT NULL CONSTRAINT convening_invited_holder CHECK (holder > 0),
  person TEXT NOT NULL REFERENCES people_person (id),
  legal BIGINT NOT NULL,
  shares BIGINT NOT NULL CONSTRAINT convening_invited_shares CHECK (shares >= 0),
  made BIGINT NOT NULL,
  PRIMARY KEY (dispatch, holder)
);
CREATE INDEX convening_invited_person ON convening_invited (person, dispatch);
CREATE INDEX convening_invited_waiting ON convening_invited (dispatch, made, holder);

CREATE TABLE convening_batch (
  id TEXT NOT NULL PRIMARY KEY,
  dispatch TEXT NOT NULL REFERENCES convening_dispatch (id),
  number BIGINT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL,
  letters BIGINT NOT NULL,
  hash TEXT NOT NULL,
  posted_on TEXT NOT NULL,
  posted_by TEXT NOT NULL,
  posted_at BIGINT NOT NULL,
  CONSTRAINT convening_batch_number UNIQUE (dispatch, number)
);

CREATE TABLE convening_letter (
  id TEXT NOT NULL PRIMARY KEY,
  dispatch TEXT NOT NULL,
  holder BIGINT NOT NULL,
  person TEXT NOT NULL REFERENCES people_person (id),
  language TEXT NOT NULL,
  channel TEXT NOT NULL,
  shape TEXT NOT NULL,
  hash TEXT NOT NULL,
  kept TEXT NOT NULL,
  sort TEXT NOT NULL,
  at BIGINT NOT NULL,
  again TEXT REFERENCES convening_letter (id),
  again_why TEXT NOT NULL,
  piece BIGINT NOT NULL,
  batch TEXT REFERENCES convening_batch (id),
  place BIGINT NOT NULL,
  sent_at BIGINT NOT NULL,
  answer TEXT NOT NULL,
  tries BIGINT NOT NULL,
  trouble TEXT NOT NULL,
  failed_at BIGINT NOT NULL,
  back_on TEXT NOT NULL,
  back_why TEXT NOT NULL,
  CONSTRAINT convening_letter_invited FOREIGN KEY (dispatch, holder) REFERENCES convening_invited (dispatch, holder)
);
CREATE UNIQUE INDEX convening_letter_first ON convening_letter (dispatch, holder) WHERE again IS NULL;
CREATE UNIQUE INDEX convening_letter_again ON convening_letter (again);
CREATE INDEX convening_letter_piece ON convening_letter (dispatch, piece);
CREATE INDEX convening_letter_batch ON convening_letter (batch, place);
CREATE INDEX convening_letter_person ON convening_letter (person);

CREATE TABLE convening_answer (
  id TEXT NOT NULL PRIMARY KEY,
  meeting TEXT NOT NULL REFERENCES meeting (id),
  refused BIGINT NOT NULL,
  words TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL,
  published_at BIGINT NOT NULL
);
CREATE INDEX convening_answer_meeting ON convening_answer (meeting);

CREATE TABLE convening_question (
  id TEXT NOT NULL PRIMARY KEY,
  meeting TEXT NOT NULL REFERENCES meeting (id),
  person TEXT NOT NULL REFERENCES people_person (id),
  asker TEXT NOT NULL REFERENCES people_person (id),
  channel TEXT NOT NULL,
  received_on TEXT NOT NULL,
  words TEXT NOT NULL,
  at BIGINT NOT NULL,
  answer TEXT REFERENCES convening_answer (id)
);
CREATE INDEX convening_question_meeting ON convening_question (meeting);
CREATE INDEX convening_question_person ON convening_question (person);
CREATE INDEX convening_question_asker ON convening_question (asker);

-- +goose Up
-- A version of a practice; the first version names it.
CREATE TABLE allocation_practice (
  id TEXT NOT NULL PRIMARY KEY,
  practice TEXT NOT NULL,
  content TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);

CREATE TABLE allocation_rules (
  id TEXT NOT NULL PRIMARY KEY,
  from_on TEXT NOT NULL CONSTRAINT allocation_rules_from CHECK (from_on LIKE '____-__-__'),
  content TEXT NOT NULL,
  decision TEXT REFERENCES people_decision (id),
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);

-- typed is what the applicant wrote about themselves, as JSON; it is emptied when the person is erased, or a year after
-- an application came to nothing.
CREATE TABLE allocation_application (
  id TEXT NOT NULL PRIMARY KEY,
  number BIGINT NOT NULL UNIQUE CONSTRAINT allocation_application_number CHECK (number > 0),
  channel TEXT NOT NULL CONSTRAINT allocation_application_channel CHECK (channel IN ('online', 'office')),
  language TEXT NOT NULL CONSTRAINT allocation_application_language CHECK (language IN ('fr', 'nl', 'en')),
  typed TEXT NOT NULL,
  person TEXT REFERENCES people_person (id),
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX allocation_application_person ON allocation_application (person);

-- A step of an application. why may name people: it stands in the seal by a promise.
CREATE TABLE allocation_step (
  id TEXT NOT NULL PRIMARY KEY,
  application TEXT NOT NULL REFERENCES allocation_application (id),
  position BIGINT NOT NULL CONSTRAINT allocation_step_position CHECK (position > 0),
  cause TEXT NOT NULL,
  state TEXT NOT NULL
    CONSTRAINT allocation_step_state CHECK (state IN ('sent', 'listed', 'lapsed', 'withdrawn', 'struck', 'placed')),
  day TEXT NOT NULL CONSTRAINT allocation_step_day CHECK (day LIKE '____-__-__'),
  since TEXT NOT NULL CONSTRAINT allocation_step_since CHECK (since LIKE '____-__-__'),
  choice TEXT NOT NULL,
  why TEXT NOT NULL,
  salt BYTEA,
  promise BYTEA NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL,
  CONSTRAINT allocation_step_once UNIQUE (application, position)
);

-- A version of what is asked for. note and tools are free words: they are erased with the person.
CREATE TABLE allocation_wish (
  id TEXT NOT NULL PRIMARY KEY,
  application TEXT NOT NULL REFERENCES allocation_application (id),
  position BIGINT NOT NULL CONSTRAINT allocation_wish_position CHECK (position > 0),
  asks TEXT NOT NULL,
  notes TEXT NOT NULL,
  salt BYTEA,
  promise BYTEA NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL,
  CONSTRAINT allocation_wish_once UNIQUE (application, position)
);

-- Two applications that somebody looked at: one person, or two; the last word counts.
CREATE TABLE allocation_pair (
  id TEXT NOT NULL PRIMARY KEY,
  one TEXT NOT NULL REFERENCES allocation_application (id),
  two TEXT NOT NULL REFERENCES allocation_application (id),
  verdict TEXT NOT NULL CONSTRAINT allocation_pair_verdict CHECK (verdict IN ('joined', 'apart')),
  why TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);

-- What a letter brings to an applicant, who has no account; only the hash is kept.
CREATE TABLE allocation_token (
  hash BYTEA NOT NULL PRIMARY KEY,
  application TEXT NOT NULL REFERENCES allocation_application (id),
  expires BIGINT NOT NULL
);

-- A letter: it left by e-mail with its act, or waits to be printed. body is the tree without whom it goes to.
CREATE TABLE allocation_letter (
  id TEXT NOT NULL PRIMARY KEY,
  application TEXT NOT NULL REFERENCES allocation_application (id),
  kind TEXT NOT NULL,
  choice TEXT NOT NULL,
  channel TEXT NOT NULL CONSTRAINT allocation_letter_channel CHECK (channel IN ('email', 'post')),
  body TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL,
  printed BIGINT
);
CREATE INDEX allocation_letter_application ON allocation_letter (application);

CREATE TABLE allocation_round (
  id TEXT NOT NULL PRIMARY KEY,
  number BIGINT NOT NULL UNIQUE CONSTRAINT allocation_round_number CHECK (number > 0),
  kind TEXT NOT NULL CONSTRAINT allocation_round_kind CHECK (kind IN ('collective', 'single')),
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);

CREATE TABLE allocation_setup (
  id TEXT NOT NULL PRIMARY KEY,
  round TEXT NOT NULL REFERENCES allocation_round (id),
  position BIGINT NOT NULL CONSTRAINT allocation_setup_position CHECK (position > 0),
  content TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL,
  CONSTRAINT allocation_setup_once UNIQUE (round, position)
);

-- In which order an applicant wants the spaces of a round of single workshops; the last word counts.
CREATE TABLE allocation_preference (
  id TEXT NOT NULL PRIMARY KEY,
  round TEXT NOT NULL REFERENCES allocation_round (id),
  application TEXT NOT NULL REFERENCES allocation_application (id),
  spaces TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX allocation_preference_round ON allocation_preference (round);

-- A calculation: all that it depends on, frozen.
CREATE TABLE allocation_run (
  id TEXT NOT NULL PRIMARY KEY,
  round TEXT NOT NULL REFERENCES allocation_round (id),
  position BIGINT NOT NULL CONSTRAINT allocation_run_position CHECK (position > 0),
  inputs TEXT NOT NULL,
  hash BYTEA NOT NULL,
  orders TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL,
  CONSTRAINT allocation_run_once UNIQUE (round, position)
);

-- How far a calculation is, and how it ended.
CREATE TABLE allocation_progress (
  run TEXT NOT NULL PRIMARY KEY REFERENCES allocation_run (id),
  ended TEXT NOT NULL CONSTRAINT allocation_progress_ended CHECK (ended IN ('', 'done', 'cancelled', 'failed')),
  done BIGINT NOT NULL,
  of_all BIGINT NOT NULL,
  trouble TEXT NOT NULL,
  at BIGINT NOT NULL
);

CREATE TABLE allocation_plan (
  id TEXT NOT NULL PRIMARY KEY,
  run TEXT NOT NULL REFERENCES allocation_run (id),
  kind TEXT NOT NULL,
  content TEXT NOT NULL,
  at BIGINT NOT NULL,
  CONSTRAINT allocation_plan_once UNIQUE (run, kind)
);

CREATE TABLE allocation_choice (
  id TEXT NOT NULL PRIMARY KEY,
  round TEXT NOT NULL REFERENCES allocation_round (id),
  plan TEXT NOT NULL REFERENCES allocation_plan (id),
  proposed TEXT NOT NULL REFERENCES allocation_plan (id),
  decision TEXT NOT NULL REFERENCES people_decision (id),
  terms TEXT NOT NULL,
  why TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);

CREATE TABLE allocation_departure (
  id TEXT NOT NULL PRIMARY KEY,
  choice TEXT NOT NULL REFERENCES allocation_choice (id),
  application TEXT NOT NULL REFERENCES allocation_application (id),
  proposed TEXT NOT NULL,
  decided TEXT NOT NULL,
  pinned BIGINT NOT NULL CONSTRAINT allocation_departure_pinned CHECK (pinned IN (0, 1)),
  why TEXT NOT NULL
);

-- What a choice did in the places: what undoing it needs.
CREATE TABLE allocation_effect (
  id TEXT NOT NULL PRIMARY KEY,
  choice TEXT NOT NULL REFERENCES allocation_choice (id),
  application TEXT NOT NULL,
  kind TEXT NOT NULL CONSTRAINT allocation_effect_kind CHECK (kind IN ('entered', 'ended', 'space')),
  object TEXT NOT NULL,
  before TEXT NOT NULL
);

CREATE TABLE allocation_undoing (
  choice TEXT NOT NULL PRIMARY KEY REFERENCES allocation_choice (id),
  decision TEXT NOT NULL REFERENCES people_decision (id),
  why TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);

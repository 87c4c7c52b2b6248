-- +goose Up
CREATE TABLE subscription_form (
  number BIGINT NOT NULL PRIMARY KEY CONSTRAINT subscription_form_number CHECK (number > 0),
  due BIGINT NOT NULL UNIQUE,
  ogm TEXT NOT NULL UNIQUE,
  class TEXT NOT NULL REFERENCES register_class (letter),
  language TEXT NOT NULL CONSTRAINT subscription_form_language CHECK (language IN ('fr', 'nl', 'en')),
  printed BIGINT NOT NULL,
  author TEXT REFERENCES people_person (id),
  spoiled BIGINT,
  why TEXT NOT NULL
);

-- typed is what the applicant wrote, as JSON, and words what is looked for in it; both are emptied when the person is
-- erased, or a year after a request came to nothing.
CREATE TABLE subscription_request (
  id TEXT NOT NULL PRIMARY KEY,
  number BIGINT NOT NULL UNIQUE CONSTRAINT subscription_request_number CHECK (number > 0),
  form BIGINT UNIQUE REFERENCES subscription_form (number),
  channel TEXT NOT NULL CONSTRAINT subscription_request_channel CHECK (channel IN ('online', 'member', 'paper', 'office')),
  language TEXT NOT NULL CONSTRAINT subscription_request_language CHECK (language IN ('fr', 'nl', 'en')),
  purpose TEXT NOT NULL CONSTRAINT subscription_request_purpose CHECK (purpose IN ('self', 'gift', 'child')),
  class TEXT NOT NULL REFERENCES register_class (letter),
  shares BIGINT NOT NULL CONSTRAINT subscription_request_shares CHECK (shares > 0),
  nominal BIGINT NOT NULL CONSTRAINT subscription_request_nominal CHECK (nominal > 0),
  campaign TEXT,
  signed_on TEXT NOT NULL CONSTRAINT subscription_request_signed CHECK (signed_on LIKE '____-__-__'),
  typed TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  words TEXT NOT NULL,
  person TEXT REFERENCES people_person (id),
  payer TEXT REFERENCES people_person (id),
  scan TEXT REFERENCES document (id),
  due TEXT REFERENCES payment_due (id),
  state TEXT NOT NULL CONSTRAINT subscription_request_state
    CHECK (state IN ('sent', 'confirmed', 'waiting', 'admitted', 'issued', 'refused', 'withdrawn', 'lapsed')),
  sent BIGINT NOT NULL,
  turned BIGINT NOT NULL
);
CREATE INDEX subscription_request_state_of ON subscription_request (state, number);
CREATE INDEX subscription_request_person ON subscription_request (person);
CREATE INDEX subscription_request_payer ON subscription_request (payer);
CREATE INDEX subscription_request_due ON subscription_request (due);
CREATE INDEX subscription_request_campaign ON subscription_request (campaign, state);

CREATE TABLE subscription_step (
  id TEXT NOT NULL PRIMARY KEY,
  request TEXT NOT NULL REFERENCES subscription_request (id),
  position BIGINT NOT NULL,
  state TEXT NOT NULL,
  day TEXT NOT NULL CONSTRAINT subscription_step_day CHECK (day LIKE '____-__-__'),
  shares BIGINT NOT NULL,
  decision TEXT REFERENCES people_decision (id),
  movement BIGINT,
  why TEXT NOT NULL,
  author TEXT REFERENCES people_person (id),
  at BIGINT NOT NULL,
  CONSTRAINT subscription_step_place UNIQUE (request, position)
);

-- The address of e-mail is confirmed by a token, of which only the hash is kept.
CREATE TABLE subscription_token (
  hash BYTEA NOT NULL PRIMARY KEY,
  request TEXT NOT NULL REFERENCES subscription_request (id),
  expires BIGINT NOT NULL
);

-- A letter of this room: it leaves by e-mail with the act, or waits to be printed.
CREATE TABLE subscription_letter (
  id TEXT NOT NULL PRIMARY KEY,
  request TEXT NOT NULL REFERENCES subscription_request (id),
  kind TEXT NOT NULL CONSTRAINT subscription_letter_kind CHECK (kind IN ('admitted', 'refused', 'welcome')),
  channel TEXT NOT NULL CONSTRAINT subscription_letter_channel CHECK (channel IN ('email', 'post')),
  at BIGINT NOT NULL,
  author TEXT REFERENCES people_person (id),
  printed BIGINT
);
CREATE INDEX subscription_letter_request ON subscription_letter (request);

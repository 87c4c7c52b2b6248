-- +goose Up
CREATE TABLE people_person (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  given TEXT NOT NULL,
  family TEXT NOT NULL,
  birth TEXT NOT NULL,
  name TEXT NOT NULL,
  form TEXT NOT NULL,
  enterprise TEXT NOT NULL,
  lang TEXT NOT NULL,
  sort TEXT NOT NULL,
  enrolled BIGINT NOT NULL,
  erased_on TEXT NOT NULL,
  erased_ground TEXT NOT NULL,
  CONSTRAINT people_person_kind CHECK (kind IN ('natural', 'legal')),
  CONSTRAINT people_person_lang CHECK (lang IN ('fr', 'nl', 'en')),
  CONSTRAINT people_person_one_kind CHECK (kind = 'natural' AND name = '' AND form = '' AND enterprise = '' OR kind = 'legal' AND given = '' AND family = '' AND birth = ''),
  CONSTRAINT people_person_named_or_erased CHECK (erased_on <> '' OR given <> '' OR family <> '' OR name <> ''),
  CONSTRAINT people_person_erased_whole CHECK ((erased_on = '') = (erased_ground = '') AND (erased_on = '' OR given = '' AND family = '' AND birth = '' AND name = '' AND enterprise = ''))
);
CREATE INDEX people_person_sort ON people_person (sort, id);

CREATE TABLE people_former_name (
  id TEXT NOT NULL PRIMARY KEY,
  person TEXT NOT NULL REFERENCES people_person (id),
  name TEXT NOT NULL,
  until_on TEXT NOT NULL,
  recorded BIGINT NOT NULL
);
CREATE INDEX people_former_name_person ON people_former_name (person);

CREATE TABLE people_key (
  key TEXT NOT NULL,
  person TEXT NOT NULL REFERENCES people_person (id),
  kind TEXT NOT NULL,
  PRIMARY KEY (key, person, kind),
  CONSTRAINT people_key_kind CHECK (kind IN ('name', 'former', 'town', 'enterprise'))
);
CREATE INDEX people_key_person ON people_key (person, key);

CREATE TABLE people_twin (
  key TEXT NOT NULL,
  person TEXT NOT NULL REFERENCES people_person (id),
  PRIMARY KEY (key, person)
);
CREATE INDEX people_twin_person ON people_twin (person);

CREATE TABLE people_contact (
  id TEXT NOT NULL PRIMARY KEY,
  person TEXT NOT NULL REFERENCES people_person (id),
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  key TEXT NOT NULL,
  from_on TEXT NOT NULL,
  until_on TEXT NOT NULL,
  recorded BIGINT NOT NULL,
  CONSTRAINT people_contact_kind CHECK (kind IN ('email', 'phone'))
);
CREATE INDEX people_contact_person ON people_contact (person);
CREATE INDEX people_contact_key ON people_contact (kind, key);

CREATE TABLE people_address (
  id TEXT NOT NULL PRIMARY KEY,
  person TEXT NOT NULL REFERENCES people_person (id),
  kind TEXT NOT NULL,
  from_on TEXT NOT NULL,
  street TEXT NOT NULL,
  postcode TEXT NOT NULL,
  town TEXT NOT NULL,
  country TEXT NOT NULL,
  key TEXT NOT NULL,
  recorded BIGINT NOT NULL,
  corrects TEXT REFERENCES people_address (id),
  withdrawn BIGINT,
  CONSTRAINT people_address_kind CHECK (kind IN ('home', 'post'))
);
CREATE INDEX people_address_person ON people_address (person);
CREATE INDEX people_address_key ON people_address (key);

CREATE TABLE people_house (
  one BIGINT NOT NULL PRIMARY KEY,
  person TEXT NOT NULL REFERENCES people_person (id),
  lang TEXT NOT NULL,
  zone TEXT NOT NULL,
  has_shares BIGINT NOT NULL,
  register_decided_on TEXT NOT NULL,
  register_reference TEXT NOT NULL,
  founded_on TEXT NOT NULL,
  CONSTRAINT people_house_one CHECK (one = 1),
  CONSTRAINT people_house_shares CHECK (has_shares IN (0, 1))
);

CREATE TABLE people_representation (
  id TEXT NOT NULL PRIMARY KEY,
  legal TEXT NOT NULL REFERENCES people_person (id),
  person TEXT NOT NULL REFERENCES people_person (id),
  quality TEXT NOT NULL,
  from_on TEXT NOT NULL,
  until_on TEXT NOT NULL,
  recorded BIGINT NOT NULL
);
CREATE INDEX people_representation_legal ON people_representation (legal);
CREATE INDEX people_representation_person ON people_representation (person);

CREATE TABLE people_household (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL
);

CREATE TABLE people_household_member (
  household TEXT NOT NULL REFERENCES people_household (id),
  person TEXT NOT NULL REFERENCES people_person (id),
  recorded BIGINT NOT NULL,
  PRIMARY KEY (person)
);
CREATE INDEX people_household_member_of ON people_household_member (household);

CREATE TABLE people_consent_text (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  lang TEXT NOT NULL,
  words TEXT NOT NULL,
  hash BYTEA NOT NULL,
  from_on TEXT NOT NULL,
  CONSTRAINT people_consent_text_hash CHECK (octet_length(hash) = 32)
);
CREATE UNIQUE INDEX people_consent_text_same ON people_consent_text (kind, lang, hash);

CREATE TABLE people_consent (
  id TEXT NOT NULL PRIMARY KEY,
  person TEXT NOT NULL REFERENCES people_person (id),
  text TEXT NOT NULL REFERENCES people_consent_text (id),
  given_on TEXT NOT NULL,
  withdrawn_on TEXT NOT NULL,
  channel TEXT NOT NULL,
  recorded BIGINT NOT NULL,
  CONSTRAINT people_consent_channel CHECK (channel IN ('', 'paper', 'screen', 'meeting', 'letter'))
);
CREATE INDEX people_consent_person ON people_consent (person);

CREATE TABLE people_body (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  parent TEXT REFERENCES people_body (id),
  from_on TEXT NOT NULL,
  until_on TEXT NOT NULL,
  CONSTRAINT people_body_kind CHECK (kind IN ('assembly', 'board', 'committee', 'group')),
  CONSTRAINT people_body_named CHECK (name <> '' OR kind IN ('assembly', 'board'))
);
CREATE UNIQUE INDEX people_body_single ON people_body (kind) WHERE kind IN ('assembly', 'board');

CREATE TABLE people_mandate (
  id TEXT NOT NULL PRIMARY KEY,
  body TEXT NOT NULL REFERENCES people_body (id),
  person TEXT NOT NULL REFERENCES people_person (id),
  role TEXT NOT NULL,
  rank BIGINT NOT NULL,
  from_on TEXT NOT NULL,
  until_on TEXT NOT NULL,
  opened_kind TEXT NOT NULL,
  opened_id TEXT NOT NULL,
  closed_on TEXT NOT NULL,
  closed_reason TEXT NOT NULL,
  recorded BIGINT NOT NULL,
  CONSTRAINT people_mandate_rank CHECK (rank >= 0),
  CONSTRAINT people_mandate_closed CHECK ((closed_on = '') = (closed_reason = ''))
);
CREATE INDEX people_mandate_body ON people_mandate (body);
CREATE INDEX people_mandate_person ON people_mandate (person);

CREATE TABLE people_decision (
  id TEXT NOT NULL PRIMARY KEY,
  body TEXT NOT NULL REFERENCES people_body (id),
  taken_on TEXT NOT NULL,
  reference TEXT NOT NULL,
  wording TEXT NOT NULL,
  document TEXT NOT NULL,
  recorded BIGINT NOT NULL
);
CREATE INDEX people_decision_body ON people_decision (body, taken_on);

CREATE TABLE people_access (
  id TEXT NOT NULL PRIMARY KEY,
  person TEXT NOT NULL REFERENCES people_person (id),
  role TEXT NOT NULL,
  from_on TEXT NOT NULL,
  until_on TEXT NOT NULL,
  recorded BIGINT NOT NULL,
  revoked BIGINT,
  CONSTRAINT people_access_role CHECK (role IN ('admin', 'office', 'board'))
);
CREATE INDEX people_access_person ON people_access (person);

CREATE TABLE people_alias (
  id TEXT NOT NULL PRIMARY KEY,
  alias TEXT NOT NULL REFERENCES people_person (id),
  kept TEXT NOT NULL REFERENCES people_person (id),
  why TEXT NOT NULL,
  merged_at BIGINT NOT NULL,
  undone_at BIGINT,
  CONSTRAINT people_alias_two CHECK (alias <> kept)
);
CREATE UNIQUE INDEX people_alias_standing ON people_alias (alias) WHERE undone_at IS NULL;
CREATE INDEX people_alias_kept ON people_alias (kept);

CREATE TABLE people_distinct (
  one TEXT NOT NULL REFERENCES people_person (id),
  two TEXT NOT NULL REFERENCES people_person (id),
  said_at BIGINT NOT NULL,
  PRIMARY KEY (one, two),
  CONSTRAINT people_distinct_order CHECK (one < two)
);
CREATE INDEX people_distinct_two ON people_distinct (two);

CREATE TABLE people_challenge (
  id TEXT NOT NULL PRIMARY KEY,
  purpose TEXT NOT NULL,
  person TEXT NOT NULL,
  email TEXT NOT NULL,
  token BYTEA NOT NULL,
  code BYTEA NOT NULL,
  asked BIGINT NOT NULL,
  ends BIGINT NOT NULL,
  tries BIGINT NOT NULL,
  CONSTRAINT people_challenge_purpose CHECK (purpose IN ('email', 'link', 'setup'))
);
CREATE UNIQUE INDEX people_challenge_token ON people_challenge (token);
CREATE INDEX people_challenge_email ON people_challenge (email, asked);
CREATE INDEX people_challenge_ends ON people_challenge (ends);

CREATE TABLE people_session (
  token BYTEA NOT NULL PRIMARY KEY,
  data BYTEA NOT NULL,
  ends BIGINT NOT NULL
);
CREATE INDEX people_session_ends ON people_session (ends);

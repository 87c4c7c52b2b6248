-- +goose Up
CREATE TABLE bylaws_amendment (
  id TEXT NOT NULL PRIMARY KEY,
  number BIGINT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  adopted_on TEXT NOT NULL,
  decided_kind TEXT NOT NULL,
  decided_id TEXT NOT NULL,
  note TEXT NOT NULL
);

CREATE TABLE bylaws_change (
  amendment TEXT NOT NULL REFERENCES bylaws_amendment (id),
  position BIGINT NOT NULL,
  article TEXT NOT NULL,
  title TEXT NOT NULL,
  before TEXT NOT NULL,
  after TEXT NOT NULL,
  PRIMARY KEY (amendment, position)
);

CREATE TABLE bylaws_rule_change (
  amendment TEXT NOT NULL REFERENCES bylaws_amendment (id),
  position BIGINT NOT NULL,
  key TEXT NOT NULL,
  article TEXT NOT NULL,
  words TEXT NOT NULL,
  value TEXT NOT NULL,
  source TEXT NOT NULL,
  confidence TEXT NOT NULL,
  PRIMARY KEY (amendment, position)
);

CREATE TABLE bylaws_version (
  id TEXT NOT NULL PRIMARY KEY,
  number BIGINT NOT NULL UNIQUE,
  in_force_on TEXT NOT NULL,
  preset TEXT NOT NULL,
  amendment TEXT REFERENCES bylaws_amendment (id)
);
CREATE UNIQUE INDEX bylaws_version_amendment ON bylaws_version (amendment) WHERE amendment IS NOT NULL;

CREATE TABLE bylaws_article (
  version TEXT NOT NULL REFERENCES bylaws_version (id),
  position BIGINT NOT NULL,
  number TEXT NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (version, position),
  CONSTRAINT bylaws_article_once UNIQUE (version, number)
);

CREATE TABLE bylaws_rule (
  version TEXT NOT NULL REFERENCES bylaws_version (id),
  position BIGINT NOT NULL,
  key TEXT NOT NULL,
  article TEXT NOT NULL,
  words TEXT NOT NULL,
  value TEXT NOT NULL,
  source TEXT NOT NULL,
  confidence TEXT NOT NULL,
  PRIMARY KEY (version, position),
  CONSTRAINT bylaws_rule_once UNIQUE (version, key)
);

CREATE TABLE bylaws_deed (
  version TEXT NOT NULL PRIMARY KEY REFERENCES bylaws_version (id),
  notary TEXT NOT NULL,
  signed_on TEXT NOT NULL,
  reference TEXT NOT NULL,
  document TEXT NOT NULL,
  note TEXT NOT NULL
);

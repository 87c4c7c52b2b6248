-- +goose Up
CREATE TABLE offer_figure (
  id TEXT NOT NULL PRIMARY KEY,
  threshold TEXT NOT NULL CONSTRAINT offer_figure_threshold CHECK (threshold IN ('free', 'investor', 'note')),
  cents BIGINT NOT NULL CONSTRAINT offer_figure_cents CHECK (cents > 0),
  article TEXT NOT NULL,
  source TEXT NOT NULL,
  confidence TEXT NOT NULL CONSTRAINT offer_figure_confidence CHECK (confidence IN ('read', 'told')),
  valid_from TEXT NOT NULL,
  decision TEXT NOT NULL REFERENCES people_decision (id),
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);

CREATE TABLE offer_setting (
  id TEXT NOT NULL PRIMARY KEY,
  threshold TEXT NOT NULL CONSTRAINT offer_setting_threshold CHECK (threshold IN ('free', 'investor', 'note')),
  answer TEXT NOT NULL CONSTRAINT offer_setting_answer CHECK (answer IN ('warn', 'stop')),
  since TEXT NOT NULL,
  decision TEXT NOT NULL REFERENCES people_decision (id),
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);

CREATE TABLE offer_paper (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL CONSTRAINT offer_paper_kind CHECK (kind IN ('note', 'prospectus')),
  from_on TEXT NOT NULL,
  until_on TEXT NOT NULL,
  reference TEXT NOT NULL,
  decision TEXT NOT NULL REFERENCES people_decision (id),
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);

CREATE TABLE offer_campaign (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL CONSTRAINT offer_campaign_name UNIQUE,
  title TEXT NOT NULL,
  place TEXT NOT NULL,
  purpose TEXT NOT NULL,
  class TEXT NOT NULL REFERENCES register_class (letter),
  minimum BIGINT NOT NULL,
  target BIGINT NOT NULL,
  ceiling BIGINT NOT NULL,
  per_investor BIGINT NOT NULL,
  least BIGINT NOT NULL,
  opens TEXT NOT NULL,
  closes TEXT NOT NULL,
  below TEXT NOT NULL CONSTRAINT offer_campaign_below CHECK (below IN ('return', 'keep')),
  rule TEXT NOT NULL CONSTRAINT offer_campaign_rule CHECK (rule IN ('proportion', 'equal', 'date')),
  made BIGINT NOT NULL,
  by_person TEXT NOT NULL,
  fixed BIGINT,
  decision TEXT REFERENCES people_decision (id)
);

CREATE TABLE offer_extension (
  id TEXT NOT NULL PRIMARY KEY,
  campaign TEXT NOT NULL REFERENCES offer_campaign (id),
  closes TEXT NOT NULL,
  why TEXT NOT NULL,
  decision TEXT NOT NULL REFERENCES people_decision (id),
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX offer_extension_campaign ON offer_extension (campaign);

CREATE TABLE offer_closing (
  campaign TEXT NOT NULL PRIMARY KEY REFERENCES offer_campaign (id),
  on_day TEXT NOT NULL,
  outcome TEXT NOT NULL
    CONSTRAINT offer_closing_outcome CHECK (outcome IN ('whole', 'scaled', 'kept', 'returned', 'abandoned')),
  nominal BIGINT NOT NULL,
  room BIGINT NOT NULL,
  rule TEXT NOT NULL,
  lines TEXT NOT NULL,
  why TEXT NOT NULL,
  decision TEXT NOT NULL REFERENCES people_decision (id),
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);

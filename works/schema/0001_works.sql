-- +goose Up
-- What is to be built: a line of the outlook of a place, and what is said of it from a day on.
CREATE TABLE works_line (
  id TEXT NOT NULL PRIMARY KEY,
  place TEXT NOT NULL REFERENCES places_place (id),
  number BIGINT NOT NULL CONSTRAINT works_line_number UNIQUE,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX works_line_place ON works_line (place);

-- after_lines are the ids of the lines that come first, parted by a space.
CREATE TABLE works_line_fact (
  id TEXT NOT NULL PRIMARY KEY,
  line TEXT NOT NULL REFERENCES works_line (id),
  from_on TEXT NOT NULL,
  term TEXT NOT NULL CONSTRAINT works_line_fact_term CHECK (term IN ('short', 'long')),
  state TEXT NOT NULL
    CONSTRAINT works_line_fact_state CHECK (state IN ('wished', 'planned', 'underway', 'done', 'dropped')),
  title TEXT NOT NULL,
  reason TEXT NOT NULL,
  priority BIGINT NOT NULL CONSTRAINT works_line_fact_priority CHECK (priority BETWEEN 1 AND 3),
  estimate BIGINT NOT NULL CONSTRAINT works_line_fact_estimate CHECK (estimate >= 0),
  funding TEXT NOT NULL,
  space TEXT REFERENCES places_part (id),
  retained TEXT REFERENCES assembly_retained (id),
  after_lines TEXT NOT NULL,
  source TEXT NOT NULL,
  why TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX works_line_fact_line ON works_line_fact (line);

-- A site, and what is said of it from a day on; spaces are the ids of those that nobody can use meanwhile.
CREATE TABLE works_site (
  id TEXT NOT NULL PRIMARY KEY,
  place TEXT NOT NULL REFERENCES places_place (id),
  number BIGINT NOT NULL CONSTRAINT works_site_number UNIQUE,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX works_site_place ON works_site (place);

CREATE TABLE works_site_fact (
  id TEXT NOT NULL PRIMARY KEY,
  site TEXT NOT NULL REFERENCES works_site (id),
  from_on TEXT NOT NULL,
  state TEXT NOT NULL CONSTRAINT works_site_fact_state CHECK (state IN ('planned', 'open', 'closed')),
  title TEXT NOT NULL,
  about TEXT NOT NULL,
  spaces TEXT NOT NULL,
  decision TEXT REFERENCES people_decision (id),
  why TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX works_site_fact_site ON works_site_fact (site);

CREATE TABLE works_lot (
  id TEXT NOT NULL PRIMARY KEY,
  site TEXT NOT NULL REFERENCES works_site (id),
  position BIGINT NOT NULL,
  title TEXT NOT NULL,
  contractor TEXT NOT NULL,
  line TEXT REFERENCES works_line (id),
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL,
  CONSTRAINT works_lot_place UNIQUE (site, position)
);

-- The money of a lot: entries that are only added. A budget that is cut and a credit note are negative.
CREATE TABLE works_cost (
  id TEXT NOT NULL PRIMARY KEY,
  lot TEXT NOT NULL REFERENCES works_lot (id),
  kind TEXT NOT NULL CONSTRAINT works_cost_kind CHECK (kind IN ('budget', 'commitment', 'invoice')),
  on_day TEXT NOT NULL,
  cents BIGINT NOT NULL CONSTRAINT works_cost_cents CHECK (cents <> 0),
  reference TEXT NOT NULL,
  note TEXT NOT NULL,
  document TEXT REFERENCES document (id),
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX works_cost_lot ON works_cost (lot);

CREATE TABLE works_paper (
  id TEXT NOT NULL PRIMARY KEY,
  site TEXT NOT NULL REFERENCES works_site (id),
  kind TEXT NOT NULL CONSTRAINT works_paper_kind CHECK (kind IN ('photo', 'paper')),
  title TEXT NOT NULL,
  document TEXT NOT NULL REFERENCES document (id),
  on_day TEXT NOT NULL,
  dropped BIGINT,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX works_paper_site ON works_paper (site);

-- The opposite entry of an entry of any ledger of this room.
CREATE TABLE works_reversal (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL
    CONSTRAINT works_reversal_kind CHECK (kind IN ('cost', 'reuse', 'selfbuild', 'inspection', 'lifting')),
  about TEXT NOT NULL CONSTRAINT works_reversal_about UNIQUE,
  place TEXT NOT NULL REFERENCES places_place (id),
  why TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX works_reversal_place ON works_reversal (place);

-- +goose Up
CREATE TABLE certificate_batch (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL CONSTRAINT certificate_batch_kind CHECK (kind IN ('shares', 'year')),
  day TEXT NOT NULL,
  send BIGINT NOT NULL CONSTRAINT certificate_batch_send CHECK (send IN (0, 1)),
  reached BIGINT NOT NULL,
  ended BIGINT,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);

CREATE TABLE certificate (
  id TEXT NOT NULL PRIMARY KEY,
  number BIGINT NOT NULL CONSTRAINT certificate_number UNIQUE,
  code TEXT NOT NULL CONSTRAINT certificate_code UNIQUE,
  kind TEXT NOT NULL CONSTRAINT certificate_kind CHECK (kind IN ('shares', 'year')),
  holder BIGINT NOT NULL REFERENCES register_cooperator (number),
  lot BIGINT NOT NULL,
  day TEXT NOT NULL,
  through BIGINT NOT NULL,
  lang TEXT NOT NULL,
  facts TEXT NOT NULL,
  cause TEXT NOT NULL,
  replaces TEXT REFERENCES certificate (id),
  batch TEXT REFERENCES certificate_batch (id),
  head BIGINT NOT NULL,
  head_hash TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_person TEXT NOT NULL
);
CREATE INDEX certificate_holder ON certificate (holder);
CREATE INDEX certificate_replaces ON certificate (replaces);
CREATE INDEX certificate_of_batch ON certificate (batch);

CREATE TABLE certificate_delivery (
  certificate TEXT NOT NULL PRIMARY KEY REFERENCES certificate (id),
  way TEXT NOT NULL CONSTRAINT certificate_delivery_way CHECK (way IN ('email', 'post', 'none')),
  sent_at BIGINT,
  failed_at BIGINT,
  tries BIGINT NOT NULL,
  trouble TEXT NOT NULL
);

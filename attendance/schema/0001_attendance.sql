-- +goose Up
CREATE TABLE attendance_secret (
  meeting TEXT NOT NULL PRIMARY KEY REFERENCES meeting (id),
  secret BYTEA NOT NULL,
  made_at BIGINT NOT NULL
);

CREATE TABLE attendance_roll (
  meeting TEXT NOT NULL PRIMARY KEY REFERENCES meeting (id),
  day TEXT NOT NULL,
  frozen_at BIGINT NOT NULL,
  frozen_heads BIGINT NOT NULL,
  frozen_shares BIGINT NOT NULL,
  heads BIGINT NOT NULL,
  shares BIGINT NOT NULL
);

CREATE TABLE attendance_entry (
  meeting TEXT NOT NULL REFERENCES attendance_roll (meeting),
  holder BIGINT NOT NULL CONSTRAINT attendance_entry_holder CHECK (holder > 0),
  person TEXT NOT NULL REFERENCES people_person (id),
  legal BIGINT NOT NULL,
  shares BIGINT NOT NULL CONSTRAINT attendance_entry_shares CHECK (shares >= 0),
  classes TEXT NOT NULL,
  struck BIGINT NOT NULL,
  frozen_shares BIGINT,
  frozen_classes TEXT,
  code TEXT NOT NULL,
  PRIMARY KEY (meeting, holder)
);
CREATE INDEX attendance_entry_person ON attendance_entry (person, meeting);
CREATE INDEX attendance_entry_code ON attendance_entry (meeting, code);

CREATE TABLE attendance_event (
  meeting TEXT NOT NULL REFERENCES meeting (id),
  seq BIGINT NOT NULL CONSTRAINT attendance_event_seq CHECK (seq > 0),
  at BIGINT NOT NULL,
  kind TEXT NOT NULL,
  person TEXT REFERENCES people_person (id),
  detail TEXT NOT NULL,
  PRIMARY KEY (meeting, seq)
);
CREATE INDEX attendance_event_person ON attendance_event (person);

CREATE TABLE attendance_present (
  meeting TEXT NOT NULL REFERENCES attendance_roll (meeting),
  person TEXT NOT NULL REFERENCES people_person (id),
  channel TEXT NOT NULL,
  door TEXT NOT NULL,
  since BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (meeting, person)
);

CREATE TABLE attendance_seat (
  meeting TEXT NOT NULL,
  holder BIGINT NOT NULL,
  voter TEXT NOT NULL,
  title TEXT NOT NULL,
  PRIMARY KEY (meeting, holder),
  CONSTRAINT attendance_seat_entry FOREIGN KEY (meeting, holder) REFERENCES attendance_entry (meeting, holder),
  CONSTRAINT attendance_seat_voter FOREIGN KEY (meeting, voter) REFERENCES attendance_present (meeting, person)
);
CREATE INDEX attendance_seat_who ON attendance_seat (meeting, voter);

CREATE TABLE attendance_proxy (
  id TEXT NOT NULL PRIMARY KEY,
  meeting TEXT NOT NULL REFERENCES meeting (id),
  holder BIGINT NOT NULL,
  giver TEXT NOT NULL REFERENCES people_person (id),
  agent TEXT NOT NULL REFERENCES people_person (id),
  channel TEXT NOT NULL,
  door TEXT NOT NULL,
  document TEXT REFERENCES document (id),
  instructions TEXT NOT NULL,
  given_at BIGINT NOT NULL,
  given_seq BIGINT NOT NULL,
  accepted_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  ended_seq BIGINT NOT NULL,
  ended_why TEXT NOT NULL
);
CREATE UNIQUE INDEX attendance_proxy_living ON attendance_proxy (meeting, holder) WHERE ended_at = 0;
CREATE INDEX attendance_proxy_agent ON attendance_proxy (agent, meeting);
CREATE INDEX attendance_proxy_giver ON attendance_proxy (giver);

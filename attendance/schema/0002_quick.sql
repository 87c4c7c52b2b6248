-- +goose Up
-- What the register had recorded when the roll was frozen: the number of its last movement; 0 for a roll of heads, and
-- for one that was frozen before this was kept.
ALTER TABLE attendance_roll ADD COLUMN through BIGINT NOT NULL DEFAULT 0;

-- A look for one person ends with the order that is asked for, or a database reads the whole meeting to get that order.
DROP INDEX attendance_entry_person;
CREATE INDEX attendance_entry_person ON attendance_entry (person, meeting, holder);
DROP INDEX attendance_seat_who;
CREATE INDEX attendance_seat_who ON attendance_seat (meeting, voter, holder);
DROP INDEX attendance_event_person;
CREATE INDEX attendance_event_person ON attendance_event (person, meeting, seq);
DROP INDEX attendance_proxy_agent;
CREATE INDEX attendance_proxy_agent ON attendance_proxy (agent, meeting, given_seq);
DROP INDEX attendance_proxy_giver;
CREATE INDEX attendance_proxy_giver ON attendance_proxy (giver, meeting, given_seq);
DROP INDEX attendance_entry_code;
CREATE INDEX attendance_entry_code ON attendance_entry (meeting, code, holder);

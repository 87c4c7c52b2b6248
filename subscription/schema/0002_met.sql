-- +goose Up
-- A request may be met by shares of who leaves: promised first, then received. An engine cannot change a CHECK in place,
-- and other tables point to this one, so the column is made anew under its name.
ALTER TABLE subscription_request ADD COLUMN stands TEXT NOT NULL DEFAULT 'sent' CONSTRAINT subscription_request_stands
  CHECK (stands IN ('sent', 'confirmed', 'waiting', 'admitted', 'issued', 'matched', 'met', 'refused', 'withdrawn', 'lapsed'));
UPDATE subscription_request SET stands = state;
DROP INDEX subscription_request_state_of;
DROP INDEX subscription_request_campaign;
ALTER TABLE subscription_request DROP COLUMN state;
ALTER TABLE subscription_request RENAME COLUMN stands TO state;
CREATE INDEX subscription_request_state_of ON subscription_request (state, number);
CREATE INDEX subscription_request_campaign ON subscription_request (campaign, state);

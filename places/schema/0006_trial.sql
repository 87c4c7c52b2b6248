-- +goose Up
CREATE INDEX places_entry_trial ON places_entry (stay, until_on);
CREATE INDEX places_occupancy_follows ON places_occupancy (follows);
CREATE INDEX places_stay_state ON places_stay (state);

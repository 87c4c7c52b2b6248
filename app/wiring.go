package app

import (
	"context"
	"time"

	"lieux/assembly"
	"lieux/attendance"
	"lieux/ballot"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/people"
	"lieux/register"
)

// wire fills the hooks by which a room hears of rooms above it. It is idempotent.
func wire() {
	people.Hooks.Cooperator = register.IsCooperator
	people.Hooks.Find = []func(store.Reader, string, int) ([]people.Hit, error){register.FindNumber}
	people.Hooks.Retain = []func(store.Reader, people.PersonID) (fault.Refusals, error){register.Retains}
	people.Hooks.Known = []func(store.Reader, people.PersonID) ([]people.Section, error){register.Known, attendance.Known}
	people.Hooks.Erase = []func(*store.Tx, people.PersonID) error{assembly.Forget, ballot.Forget}
	people.Hooks.Memberships = memberships
	attendance.Hooks.PollOpen = ballot.AnyOpen
}

// memberships is what the register knows of one record of a person.
func memberships(r store.Reader, id people.PersonID) ([]people.Membership, error) {
	c, found, err := register.CooperatorOf(r, id)
	if err != nil || !found {
		return nil, err
	}
	held, err := register.HoldingsOf(r, c.Number, r.Today(), r.Today())
	m := people.Membership{Number: c.Number.String(), Href: "/register/cooperators/" + c.Number.String()}
	for _, h := range held {
		m.Shares += h.Shares
	}
	return []people.Membership{m}, err
}

// settleZone gives the store the zone that the settings name.
func settleZone(ctx context.Context, db *store.DB) error {
	return db.View(ctx, func(v *store.View) error {
		house, founded, err := people.TheHouse(v)
		if err != nil || !founded {
			return err
		}
		zone, err := time.LoadLocation(house.Zone)
		if err == nil {
			db.SetZone(zone)
		}
		return err
	})
}

package app

import (
	"context"
	"slices"
	"time"

	"lieux/allocation"
	"lieux/assembly"
	"lieux/attendance"
	"lieux/ballot"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/certificate"
	"lieux/concession"
	"lieux/convening"
	"lieux/followup"
	"lieux/leaving"
	"lieux/meeting"
	"lieux/offer"
	"lieux/payment"
	"lieux/people"
	"lieux/places"
	"lieux/register"
	"lieux/sitting"
	"lieux/subscription"
	"lieux/works"
)

// wire fills the hooks by which a room hears of rooms above it. It is idempotent.
func wire() {
	people.Hooks.Cooperator = register.IsCooperator
	people.Hooks.Runs = concession.RunsPlaces
	wireConcessions()
	register.Hooks.Bound, register.Hooks.RestsOn = leaving.Bound, leaving.RestsOn
	people.Hooks.Find = []func(store.Reader, string, int) ([]people.Hit, error){register.FindNumber}
	people.Hooks.Retain = []func(store.Reader, people.PersonID) (fault.Refusals, error){register.Retains,
		payment.Retains, leaving.Retains, places.Retains, works.Retains, concession.Retains, allocation.Retains}
	people.Hooks.Known = []func(store.Reader, people.PersonID) ([]people.Section, error){register.Known, attendance.Known,
		meeting.Known, convening.Known, ballot.Known, sitting.Known, payment.Known,
		certificate.Known, offer.Known, subscription.Known, leaving.Known, places.Known, works.Known,
		concession.Known, allocation.Known}
	people.Hooks.Erase = []func(*store.Tx, people.PersonID) error{assembly.Forget, ballot.Forget, sitting.Forget,
		followup.Forget, convening.Forget, register.Forget, payment.Forget, subscription.Forget,
		leaving.Forget, places.Forget, works.Forget, concession.Forget, allocation.Forget}
	people.Hooks.Memberships = memberships
	people.Hooks.Ties = []func(store.Reader, people.PersonID) ([]people.Tie, error){places.Ties}
	attendance.Hooks.PollOpen = ballot.AnyOpen
	ballot.Hooks.Charge, ballot.Hooks.Current = sitting.Charge, sitting.CurrentItem
	ballot.Hooks.Presides, ballot.Hooks.Chair = sitting.Presides, sitting.ChairOf
	meeting.Hooks.Voted = voted
	sitting.Hooks.Passkey = signedByPasskey
	payment.Hooks.Received, payment.Hooks.Lapsed, payment.Hooks.MayEnd = received, lapsed, subscription.MayEnd
	offer.Hooks.Asked, offer.Hooks.Raised = subscription.Asked, subscription.Offered
	offer.Hooks.Closed = subscription.Closed
	subscription.Hooks.Issued = certified
}

// received tells of money both those who take shares and those whose shares they take over.
func received(tx *store.Tx, d payment.Due, cents money.Cents, on civil.Date) error {
	if err := subscription.Received(tx, d, cents, on); err != nil {
		return err
	}
	return leaving.Received(tx, d, cents, on)
}

func lapsed(tx *store.Tx, d payment.Due) error {
	if err := subscription.DueLapsed(tx, d); err != nil {
		return err
	}
	return leaving.Lapsed(tx, d)
}

// certified makes the certificate of who got shares: new ones, or those of who left.
func certified(tx *store.Tx, _ subscription.Request, m register.Movement) error {
	return tx.Quietly(func() error {
		cause := certificate.ForIssue
		if m.Kind != register.Issued {
			cause = certificate.ForOffice
		}
		_, err := certificate.Issue(tx, m.Cooperator, certificate.Order{Cause: cause})
		return err
	})
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

// voted says whether a poll or a draw stands on a matter, open or closed: one that was annulled leaves its text free
// again.
func voted(r store.Reader, m meeting.ID, matter meeting.MatterID) (bool, error) {
	if _, drawn, err := ballot.DrawOf(r, matter); err != nil || drawn {
		return drawn, err
	}
	polls, err := ballot.Polls(r, m)
	return slices.ContainsFunc(polls, func(p ballot.Poll) bool { return p.Matter == matter && p.VoidAt == 0 }), err
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

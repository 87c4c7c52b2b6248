package app

import (
	"fmt"
	"strings"
	"testing"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
	"lieux/subscription"
)

// A payment that the bank takes back when the shares have changed hands is not mended unasked: the page of the request
// says by how much the register is too high, and names the movement. Before that it says nothing.
func TestTheRequestSaysWhatTheRegisterHasTooMuch(t *testing.T) {
	v := newVillage(t, store.Options{Folder: t.TempDir()})
	var q subscription.Request
	v.act("people.grant", func(tx *store.Tx) error {
		_, err := people.Allow(tx, people.Grant{Person: v.who["Bram"], Role: people.ForOffice, From: tx.Today()})
		return err
	})
	v.act("subscription.admit", func(tx *store.Tx) error {
		board, err := people.TheBody(tx, people.Board)
		if err != nil {
			return err
		}
		decision, err := people.Decide(tx, people.Decision{Body: board.ID, On: tx.Today(), Reference: "CA 2026-06, point 2"})
		if err != nil {
			return err
		}
		classes, err := register.Classes(tx)
		if err != nil {
			return err
		}
		if q, _, err = subscription.Send(tx, subscription.Draft{Channel: subscription.Office, Language: lang.French,
			Purpose: subscription.Self, Class: classes[0].ID, Shares: 2, Typed: subscription.Typed{
				Applicant: subscription.Someone{Kind: people.Natural, Given: "Odette", Family: "Essai", Birth: civil.MustParse("1980-02-03"),
					Street: "rue du Four 3", Postcode: "4000", Town: "Liège"}}}); err != nil {
			return err
		}
		if _, err := subscription.Enrol(tx, q.ID); err != nil {
			return err
		}
		return subscription.Admit(tx, q.ID, decision, []payment.Term{{DueOn: tx.Today().AddDays(30), Cents: q.Amount()}}, "2 parts")
	})
	v.act("payment.receive", func(tx *store.Tx) (err error) {
		if q, err = subscription.Get(tx, q.ID); err != nil {
			return err
		}
		due, err := payment.DueByID(tx, q.Due)
		if err != nil {
			return err
		}
		_, err = payment.Receive(tx, payment.Arrival{On: tx.Today(), Cents: 500_00, Message: due.OGM.String(), Way: payment.ByBank})
		return err
	})
	v.act("register.transfer", func(tx *store.Tx) (err error) {
		if q, err = subscription.Get(tx, q.ID); err != nil {
			return err
		}
		c, _, err := register.CooperatorOf(tx, q.Person)
		if err != nil {
			return err
		}
		_, err = register.Transfer(tx, register.Cession{From: c.Number, To: v.who["Bram"], Class: q.Class, Shares: 1,
			Detail: register.Detail{Effective: tx.Today()}})
		return err
	})
	page := fmt.Sprint("/subscriptions/requests/", q.Number)
	b := v.enters("Bram")
	if before := says(t, b, page, "Odette Essai"); strings.Contains(before, "Le registre dit") {
		t.Error("the register is said to be too high before anything was taken back")
	}
	v.act("payment.reverse", func(tx *store.Tx) error {
		entries, err := payment.EntriesOfDue(tx, q.Due)
		if err != nil {
			return err
		}
		return payment.Reverse(tx, entries[0].Receipt, tx.Today(), "Compte sans provision")
	})
	says(t, b, page, "Le registre dit 500 € versés sur ces parts, mais 0 € sont arrivés et restés", "mouvement n° 4")
}

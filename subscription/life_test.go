package subscription_test

import (
	"sync/atomic"
	"testing"
	"time"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/jobs"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/bylaws"
	"lieux/offer"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
	"lieux/subscription"
)

var rooms = []store.Room{documents.Room, jobs.Room, people.Room, bylaws.Room, register.Room, payment.Room,
	offer.Room, subscription.Room}

// house is a cooperative with a class of shares, a board and the bylaws of one member one vote: shares exist once they
// are paid.
type house struct {
	t        *testing.T
	db       *store.DB
	class    register.ClassID
	decision people.DecisionID
	group    people.DecisionID // of a working group, which admits nobody
	now      *atomic.Pointer[time.Time]
}

// later lets days pass.
func (h *house) later(days int) {
	then := h.now.Load().AddDate(0, 0, days)
	h.now.Store(&then)
}

func (h *house) act(verb string, fn func(tx *store.Tx) error) error {
	h.t.Helper()
	_, err := h.db.Act(h.t.Context(), store.By("", verb), fn)
	return err
}

func (h *house) must(verb string, fn func(tx *store.Tx) error) {
	h.t.Helper()
	if err := h.act(verb, fn); err != nil {
		h.t.Fatalf("%s: %v", verb, err)
	}
}

func (h *house) view(fn func(v *store.View) error) {
	h.t.Helper()
	if err := h.db.View(h.t.Context(), fn); err != nil {
		h.t.Fatal(err)
	}
}

func founded(t *testing.T, db *store.DB, preset bylaws.Preset) *house {
	h := &house{t: t, db: db}
	payment.Hooks.Received, payment.Hooks.Lapsed = subscription.Received, subscription.DueLapsed
	h.must("house.found", func(tx *store.Tx) (err error) {
		if _, err = bylaws.Lay(tx, preset, civil.MustParse("2020-01-01"), bylaws.Deed{}); err != nil {
			return err
		}
		if h.class, err = register.DefineClass(tx, register.ShareClass{Letter: "A", Name: "Parts ordinaires", Nominal: 25000,
			Votes:   1,
			Holders: register.Anyone, Since: civil.MustParse("2020-01-01")}); err != nil {
			return err
		}
		board, err := people.OpenBody(tx, people.Body{Kind: people.Board, Name: "Conseil",
			From: civil.MustParse("2020-01-01")})
		if err != nil {
			return err
		}
		if h.decision, err = people.Decide(tx, people.Decision{Body: board, On: tx.Today(),
			Reference: "CA 2026-11, point 2"}); err != nil {
			return err
		}
		group, err := people.OpenBody(tx, people.Body{Kind: people.Group, Name: "Accueil",
			From: civil.MustParse("2020-01-01")})
		if err != nil {
			return err
		}
		h.group, err = people.Decide(tx, people.Decision{Body: group, On: tx.Today(), Reference: "Accueil 3"})
		return err
	})
	return h
}

func draft(h *house) subscription.Draft {
	return subscription.Draft{Channel: subscription.Online, Language: lang.French, Purpose: subscription.Self,
		Class: h.class, Shares: 4,
		Typed: subscription.Typed{Applicant: subscription.Someone{Kind: people.Natural, Given: "Odette", Family: "Essai",
			Birth: civil.MustParse("1980-02-03"), Email: "odette@example.org", Street: "rue du Four 3", Postcode: "4000",
			Town: "Liège"}}}
}

func (h *house) sends(d subscription.Draft) (q subscription.Request, token string) {
	h.t.Helper()
	h.must("subscription.send", func(tx *store.Tx) (err error) {
		q, token, err = subscription.Send(tx, d)
		return err
	})
	return q, token
}

func terms(cents money.Cents) []payment.Term {
	return []payment.Term{{DueOn: civil.MustParse("2026-12-20"), Cents: cents}}
}

func both(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	preset, _ := bylaws.LoadPreset("one-member-one-vote")
	bothBy(t, preset, test)
}

// bothBy is both, under bylaws of one's own.
func bothBy(t *testing.T, preset bylaws.Preset, test func(t *testing.T, h *house)) {
	t.Helper()
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			var now atomic.Pointer[time.Time]
			begin := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
			now.Store(&begin)
			o := storetest.Place(t, engine)
			o.Rooms, o.Clock = rooms, func() time.Time { return *now.Load() }
			h := founded(t, storetest.Open(t, o), preset)
			h.now = &now
			test(t, h)
		})
	}
}

// From the form to the shares: confirmed, enrolled, admitted by the board, paid in two parts, issued once.
func TestFromTheFormToTheShares(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		q, token := h.sends(draft(h))
		if q.State != subscription.Sent || q.Amount() != 100000 {
			t.Fatalf("sent: %+v", q)
		}
		h.must("subscription.confirm", func(tx *store.Tx) (err error) {
			q,
				err = subscription.Confirm(tx, token)
			return err
		})
		if q.State != subscription.Confirmed {
			t.Fatalf("after the letter: %s", q.State)
		}
		admit := func(decision people.DecisionID) error {
			return h.act("subscription.admit", func(tx *store.Tx) error {
				return subscription.Admit(tx, q.ID, decision, terms(q.Amount()), "Souscription de 4 parts")
			})
		}
		if err := admit(h.decision); !fault.Is(err, "subscription.refusal.nobody") {
			t.Errorf("somebody who is not in the books is admitted: %v", err)
		}
		h.must("subscription.enrol", func(tx *store.Tx) error { _, err := subscription.Enrol(tx, q.ID); return err })
		if err := admit(h.group); !fault.Is(err, "subscription.refusal.body") || fault.Of(err)[0].Article == "" {
			t.Errorf("a working group admits: %v", err)
		}
		if err := admit(h.decision); err != nil {
			t.Fatal(err)
		}
		if err := admit(h.decision); !fault.Is(err, "subscription.refusal.not-open") {
			t.Errorf("admitted twice: %v", err)
		}
		h.pays(q.ID, 60000)
		h.stands(q.ID, subscription.Admitted, 0)
		h.pays(q.ID, 40000)
		h.stands(q.ID, subscription.Issued, 4)
	})
}

// What was accepted on the form is held by who is admitted, by its way, and once: whoever asks again adds nothing.
func TestConsentsOfTheFormAreKept(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		var text string
		h.must("people.publish", func(tx *store.Tx) (err error) {
			text, err = people.Publish(tx, people.ConsentText{Kind: people.Privacy, Lang: lang.French,
				Words: "Mes données servent au registre.", From: civil.MustParse("2020-01-01")})
			return err
		})
		d := draft(h)
		d.Typed.Consents = []string{text, "no text at all"}
		var who people.PersonID
		for range 2 {
			q, token := h.sends(d)
			if who == "" {
				h.must("subscription.confirm", func(tx *store.Tx) error { _, err := subscription.Confirm(tx, token); return err })
				h.must("subscription.enrol", func(tx *store.Tx) (err error) { who, err = subscription.Enrol(tx, q.ID); return err })
				d.Channel, d.Person, d.Typed.Applicant = subscription.Member, who, subscription.Someone{}
			}
			h.must("subscription.admit", func(tx *store.Tx) error {
				return subscription.Admit(tx, q.ID, h.decision, terms(q.Amount()), "Souscription de 4 parts")
			})
		}
		h.view(func(v *store.View) error {
			list, err := people.Consents(v, who)
			if len(list) != 1 || list[0].Text != text || list[0].Channel != "screen" || list[0].Given != v.Today() {
				t.Errorf("%+v", list)
			}
			return err
		})
	})
}

// pays lets money arrive for the due of a request.
func (h *house) pays(id subscription.RequestID, cents money.Cents) {
	h.t.Helper()
	h.must("payment.receive", func(tx *store.Tx) error {
		q, err := subscription.Get(tx, id)
		if err != nil {
			return err
		}
		due, err := payment.DueByID(tx, q.Due)
		if err != nil {
			return err
		}
		_, err = payment.Receive(tx, payment.Arrival{On: tx.Today(), Cents: cents, Message: due.OGM.String(),
			Way: payment.ByBank, Twice: true})
		return err
	})
}

// stands checks where a request is, and how many shares its holder has.
func (h *house) stands(id subscription.RequestID, state subscription.State, shares int64) {
	h.t.Helper()
	h.view(func(v *store.View) error {
		q, err := subscription.Get(v, id)
		if err != nil {
			return err
		}
		var held int64
		if c, found, err := register.CooperatorOf(v, q.Person); err != nil {
			return err
		} else if found {
			list, err := register.HoldingsOf(v, c.Number, v.Today(), v.Today())
			if err != nil {
				return err
			}
			for _, l := range list {
				held += l.Shares
			}
		}
		if q.State != state || held != shares {
			h.t.Errorf("the request is %s with %d shares, not %s with %d", q.State, held, state, shares)
		}
		return nil
	})
}

package subscription_test

import (
	"io/fs"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/bylaws"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
	"lieux/subscription"
)

// paidUp are what the register has as paid on the shares of somebody, the oldest first.
func (h *house) paidUp(who people.PersonID) (list []money.Cents) {
	h.t.Helper()
	h.view(func(v *store.View) error {
		c, _, err := register.CooperatorOf(v, who)
		if err != nil {
			return err
		}
		held, err := register.HoldingsOf(v, c.Number, v.Today(), civil.Date{})
		for _, l := range held {
			list = append(list, l.Paid)
		}
		return err
	})
	return list
}

// What is paid on a call is paid on the oldest shares by the same act; a payment that the bank takes back is mended by
// its opposite entry, and what no share lacks stays with the due.
func TestACallIsPaidOnTheShares(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		var who people.PersonID
		var due payment.Due
		h.must("house.shares", func(tx *store.Tx) (err error) {
			if who, err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Odile", Family: "Essai",
				Lang: lang.French}); err != nil {
				return err
			}
			for i, paid := range []money.Cents{10000, 20000} {
				if _, err = register.Issue(tx, register.Issuance{Person: who, Class: h.class, Shares: 1, Paid: paid,
					Detail: register.Detail{Effective: tx.Today().AddDays(-40 + i)}}); err != nil {
					return err
				}
			}
			id, err := payment.Ask(tx, payment.Due{Person: who, Cents: 30000, Reason: payment.Call, Label: "Appel",
				DueOn: tx.Today().AddDays(30)})
			if err == nil {
				due, err = payment.DueByID(tx, id)
			}
			return err
		})
		pay := func(cents money.Cents) (id payment.ReceiptID) {
			h.must("payment.receive", func(tx *store.Tx) (err error) {
				id, err = payment.Receive(tx, payment.Arrival{On: tx.Today(), Cents: cents, Message: due.OGM.String(),
					Way: payment.ByBank, Twice: true})
				return err
			})
			return id
		}
		is := func(when string, want ...money.Cents) {
			t.Helper()
			got := h.paidUp(who)
			if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
				t.Errorf("%s: %v, not %v", when, got, want)
			}
		}
		pay(10000)
		is("a part of the call", 20000, 20000)
		second := pay(8000)
		is("over two lots", 25000, 23000)
		h.must("payment.return", func(tx *store.Tx) error {
			return payment.Reverse(tx, second, tx.Today(), "reprise par la banque")
		})
		is("the bank takes the second one back", 20000, 20000)
		third := pay(20000)
		is("more than the shares lack", 25000, 25000)
		h.owes("more than the shares lack", who, 10000)
		if err := h.act("payment.cancel", func(tx *store.Tx) error {
			return payment.Cancel(tx, due.ID, "plus besoin")
		}); fault.Of(err) == nil { // it is settled anyway
			t.Errorf("a call that was paid is cancelled: %v", err)
		}
		h.must("payment.return", func(tx *store.Tx) error {
			return payment.Reverse(tx, third, tx.Today(), "reprise par la banque")
		})
		is("the bank takes the third one back", 20000, 20000)
		h.owes("nothing came above what the shares lack", who, 0)
		h.hooks(func() { payment.Hooks.MayEnd = subscription.MayEnd })
		if err := h.act("payment.cancel", func(tx *store.Tx) error {
			return payment.Cancel(tx, due.ID, "plus besoin")
		}); !fault.Is(err, "subscription.refusal.call-paid") {
			t.Errorf("a call is cancelled while the register has its money on the shares: %v", err)
		}
	})
}

// What came above what the shares lack is owed back once, however the rest of the call goes: what was paid back of it
// is not owed again when the same money is asked again and comes.
func TestTheSurplusOfACallIsOwedBackOnce(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		who, due := h.called(lang.Dutch, 30000, 10000) // the share lacks 150.00
		pay := func(cents money.Cents) (id payment.ReceiptID) {
			h.must("payment.receive", func(tx *store.Tx) (err error) {
				id, err = payment.Receive(tx, payment.Arrival{On: tx.Today(), Cents: cents, Message: due.OGM.String(),
					Way: payment.ByBank, Twice: true})
				return err
			})
			return id
		}
		pay(16000)
		h.owes("1600 of 1500", who, 1000)
		first := pay(2000)
		h.owes("two more", who, 3000)
		second := pay(3000)
		h.owes("three more", who, 6000)
		reverse := func(id payment.ReceiptID) {
			h.must("payment.return", func(tx *store.Tx) error { return payment.Reverse(tx, id, tx.Today(), "reprise") })
		}
		reverse(first)
		h.owes("the first is taken back: what the shares have stays", who, 4000)
		if paid := h.paidUp(who); paid[0] != 25000 {
			t.Errorf("the share has %v", paid)
		}
		h.must("payment.pay-credit", func(tx *store.Tx) error {
			list, err := payment.CreditsOf(tx, who)
			for _, c := range list {
				if err == nil && c.Open() > 0 {
					if c.Label != "Overschot van opvraging "+due.OGM.String()+", boven wat op de aandelen nog te storten was" {
						t.Errorf("the debt is called %q", c.Label)
					}
					err = payment.PayCredit(tx, c.ID, c.Open(), tx.Today())
				}
			}
			return err
		})
		reverse(second)
		h.owes("money that was paid back already is taken back", who, 0)
		pay(3000)
		h.owes("it comes again", who, 0)
		pay(500)
		h.owes("and five more", who, 500)
	})
}

// owes fails unless the cooperative owes somebody so much, one by one and in the list of what it owes.
func (h *house) owes(when string, who people.PersonID, want money.Cents) {
	h.t.Helper()
	h.view(func(v *store.View) error {
		list, err := payment.CreditsOf(v, who)
		if err != nil {
			return err
		}
		queue, err := payment.Queue(v)
		var open, listed money.Cents
		for _, c := range list {
			open += c.Open()
		}
		for _, o := range queue {
			if o.Credit != nil && o.Credit.Person == who {
				listed += o.Cents
			}
		}
		if open != want || listed != want {
			h.t.Errorf("%s: %s is owed, %s in the list, not %s", when, open, listed, want)
		}
		return err
	})
}

// hooks fills hooks for the rest of a test.
func (h *house) hooks(fill func()) {
	was := payment.Hooks
	h.t.Cleanup(func() { payment.Hooks = was })
	fill()
}

// called is somebody with a share of 250.00 on which so much is paid, and a call.
func (h *house) called(tag lang.Tag, asked, paid money.Cents) (who people.PersonID, due payment.Due) {
	h.t.Helper()
	h.must("house.call", func(tx *store.Tx) (err error) {
		if who, err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Odile", Family: "Essai",
			Lang: tag}); err != nil {
			return err
		}
		if _, err = register.Issue(tx, register.Issuance{Person: who, Class: h.class, Shares: 1, Paid: paid,
			Detail: register.Detail{Effective: tx.Today().AddDays(-40)}}); err != nil {
			return err
		}
		id, err := payment.Ask(tx, payment.Due{Person: who, Cents: asked, Reason: payment.Call, Label: "Appel",
			DueOn: tx.Today().AddDays(30)})
		if err == nil {
			due, err = payment.DueByID(tx, id)
		}
		return err
	})
	return who, due
}

// What the register keeps of a call is written in the language of the cooperative's papers, and what another language
// says does not keep a payment from being found again.
func TestACallIsPaidInTheLanguageOfTheCooperative(t *testing.T) {
	storetest.BothPlaces(t, func(t *testing.T, place store.Options) {
		place.Rooms = rooms
		place.Clock = func() time.Time { return time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC) }
		h := &house{t: t, db: storetest.Open(t, place)}
		payment.Hooks.Received = subscription.Received
		h.must("people.found", func(tx *store.Tx) error {
			if _, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "De Werf",
				Form: "CV", Lang: lang.Dutch}, Zone: "Europe/Brussels", HasShares: true}); err != nil {
				return err
			}
			var err error
			h.class, err = register.DefineClass(tx, register.ShareClass{Letter: "A", Name: "Aandelen", Nominal: 25000,
				Votes: 1, Holders: register.Anyone, Since: civil.MustParse("2020-01-01")})
			return err
		})
		who, due := h.called(lang.French, 15000, 10000)
		var got payment.ReceiptID
		h.must("payment.receive", func(tx *store.Tx) (err error) {
			got, err = payment.Receive(tx, payment.Arrival{On: tx.Today(), Cents: 15000, Message: due.OGM.String(),
				Way: payment.ByBank})
			return err
		})
		h.must("payment.return", func(tx *store.Tx) error { return payment.Reverse(tx, got, tx.Today(), "reprise") })
		if paid := h.paidUp(who); paid[0] != 10000 {
			t.Errorf("the share has %v", paid)
		}
		h.view(func(v *store.View) error {
			c, _, err := register.CooperatorOf(v, who)
			if err != nil {
				return err
			}
			ms, err := register.MovementsOf(v, c.Number)
			if len(ms) != 3 || ms[1].Ground != "Opvraging betaald, mededeling "+due.OGM.String()+"." ||
				ms[2].Ground != "Betaling door de bank teruggenomen of verkeerd toegewezen: opvraging "+due.OGM.String()+"." {
				t.Errorf("the register says %+v", ms)
			}
			return err
		})
	})
}

// A payment on a call of an older version is known by its ground alone; brought up to date, it is taken back like one
// of today.
func TestACallThatWasPaidBeforeIsTakenBack(t *testing.T) {
	old := subscription.Room
	files := fstest.MapFS{}
	for _, name := range []string{"schema/0001_subscription.sql", "schema/0002_met.sql"} {
		text, err := fs.ReadFile(old.Schema, name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: text}
	}
	old.Schema = files
	preset, _ := bylaws.LoadPreset("one-member-one-vote")
	storetest.BothPlaces(t, func(t *testing.T, place store.Options) {
		now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
		place.Clock, place.Rooms = func() time.Time { return now }, append(slices.Clone(rooms[:len(rooms)-1]), old)
		db, err := store.Open(t.Context(), place)
		if err != nil {
			t.Fatal(err)
		}
		h := founded(t, db, preset)
		who, due := h.called(lang.French, 15000, 10000)
		payment.Hooks.Received = func(tx *store.Tx, d payment.Due, cents money.Cents, on civil.Date) error {
			c, _, err := register.CooperatorOf(tx, d.Person)
			if err != nil {
				return err
			}
			_, err = register.Pay(tx, register.Payment{Cooperator: c.Number, Class: h.class, Amount: cents,
				Detail: register.Detail{Effective: on, Ground: "Appel payé, communication " + d.OGM.String() + "."}})
			return err
		}
		var got payment.ReceiptID
		h.must("payment.receive", func(tx *store.Tx) (err error) {
			got, err = payment.Receive(tx, payment.Arrival{On: tx.Today(), Cents: 12000, Message: due.OGM.String(),
				Way: payment.ByBank})
			return err
		})
		payment.Hooks.Received = subscription.Received
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		place.Rooms = rooms
		h.db = storetest.Open(t, place)
		h.must("payment.return", func(tx *store.Tx) error { return payment.Reverse(tx, got, tx.Today(), "reprise") })
		if paid := h.paidUp(who); paid[0] != 10000 {
			t.Errorf("the share has %v after the bank took the payment back", paid)
		}
		h.owes("all that came was on the share", who, 0)
	})
}

// The bylaws limit what one person holds, of whichever class; a request that is corrected does not count twice.
func TestWhatOnePersonHoldsIsLimitedOverAllClasses(t *testing.T) {
	rules := bylaws.Preset{Rules: []bylaws.Rule{{Key: bylaws.KeyHolding, Article: "Statuts 5", Words: "six au plus",
		Value: []byte(`{"most":6}`), Layer: bylaws.OwnBylaws, Confidence: bylaws.Read}}}
	bothBy(t, rules, func(t *testing.T, h *house) {
		var who people.PersonID
		var other register.ClassID
		h.must("house.rules", func(tx *store.Tx) (err error) {
			if other, err = register.DefineClass(tx, register.ShareClass{Letter: "B", Name: "Parts de soutien",
				Nominal: 10000, Votes: 1, Holders: register.Anyone, Since: civil.MustParse("2020-01-01")}); err != nil {
				return err
			}
			if who, err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Odile", Family: "Essai",
				Lang: lang.French}); err != nil {
				return err
			}
			_, err = register.Issue(tx, register.Issuance{Person: who, Class: other, Shares: 3, Paid: 30000,
				Detail: register.Detail{Effective: tx.Today().AddDays(-40)}})
			return err
		})
		d := draft(h)
		d.Channel, d.Person, d.Typed.Applicant, d.Shares = subscription.Member, who, subscription.Someone{}, 4
		err := h.act("subscription.send", func(tx *store.Tx) error { _, _, err := subscription.Send(tx, d); return err })
		if rs := fault.Of(err); len(rs) != 1 || rs[0].Code != "subscription.refusal.most" || rs[0].Article != "Statuts 5" {
			t.Errorf("three of B and four of A of six: %v", err)
		}
		d.Shares = 2
		q, _ := h.sends(d)
		amend := func(shares int64) error {
			d.Shares = shares
			return h.act("subscription.amend", func(tx *store.Tx) error {
				return subscription.Amend(tx, q.ID, d, "mal lu")
			})
		}
		if err := amend(3); err != nil {
			t.Errorf("three of each of six: %v", err)
		}
		if err := amend(4); !fault.Is(err, "subscription.refusal.most") {
			t.Errorf("three of B and four of A by a correction: %v", err)
		}
	})
}

// A class has limits of its own for each holder, whatever they have of other classes.
func TestAClassLimitsWhatOnePersonAsksOfIt(t *testing.T) {
	bothBy(t, bylaws.Preset{}, func(t *testing.T, h *house) {
		var who people.PersonID
		h.must("house.rules", func(tx *store.Tx) error {
			other, err := register.DefineClass(tx, register.ShareClass{Letter: "B", Name: "Parts de soutien",
				Nominal: 10000, Votes: 1, Holders: register.Anyone, Since: civil.MustParse("2020-01-01")})
			if err != nil {
				return err
			}
			if who, err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Odile", Family: "Essai",
				Lang: lang.French}); err != nil {
				return err
			}
			if _, err = register.Issue(tx, register.Issuance{Person: who, Class: other, Shares: 30, Paid: 300000,
				Detail: register.Detail{Effective: tx.Today().AddDays(-40)}}); err != nil {
				return err
			}
			a, err := register.ClassOf(tx, h.class)
			if err != nil {
				return err
			}
			a.Least, a.Most, a.Article = 2, 6, "Statuts 7"
			return register.Reword(tx, a)
		})
		d := draft(h)
		d.Channel, d.Person, d.Typed.Applicant = subscription.Member, who, subscription.Someone{}
		for shares, code := range map[int64]string{1: "subscription.refusal.class-least", 7: "subscription.refusal.class-most"} {
			d.Shares = shares
			err := h.act("subscription.send", func(tx *store.Tx) error { _, _, err := subscription.Send(tx, d); return err })
			if rs := fault.Of(err); len(rs) != 1 || rs[0].Code != code || rs[0].Article != "Statuts 7" {
				t.Errorf("%d shares of 2 to 6: %v", shares, err)
			}
		}
		d.Shares = 4
		q, _ := h.sends(d)
		d.Shares = 1 // five in all
		h.sends(d)
		d.Shares = 2
		if err := h.act("subscription.send", func(tx *store.Tx) error {
			_, _, err := subscription.Send(tx, d)
			return err
		}); !fault.Is(err, "subscription.refusal.class-most") {
			t.Errorf("seven in three requests of six: %v", err)
		}
		d.Shares = 5
		if err := h.act("subscription.amend", func(tx *store.Tx) error {
			return subscription.Amend(tx, q.ID, d, "mal lu")
		}); err != nil {
			t.Errorf("six by a correction: %v", err)
		}
		h.must("register.reword-class", func(tx *store.Tx) error {
			a, err := register.ClassOf(tx, h.class)
			if err != nil {
				return err
			}
			a.Most = 5
			return register.Reword(tx, a)
		})
		if err := h.act("subscription.admit", func(tx *store.Tx) error {
			return subscription.Admit(tx, q.ID, h.decision, terms(q.Amount()), "Souscription")
		}); !fault.Is(err, "subscription.refusal.class-most") {
			t.Errorf("six are admitted when the class allows five by now: %v", err)
		}
	})
}

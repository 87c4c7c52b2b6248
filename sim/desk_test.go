package sim

import (
	"testing"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/leaving"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
	"lieux/subscription"
)

// begun small: a script under one of the small houses.
func scripted(t *testing.T, engine string, house smallHouse) script {
	t.Helper()
	l, err := founded(t, engine).begin(t.Context())
	if err == nil {
		err = l.liveSmall(house, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return script{l, t}
}

// Where shares exist with the admission, they can be sold before they are paid: what is paid afterwards is paid on the
// shares, whoever holds them by now; what was paid on shares that were taken back meanwhile refuses nobody's money.
func TestMoneyFollowsTheShares(t *testing.T) {
	s := scripted(t, "sqlite", smallHouses[2])
	q, d := s.admitted(3)
	var lot register.MovementNumber
	paidOn := func(n register.Number) (paid, due int64) {
		t.Helper()
		if err := s.read(func(r store.Reader) error {
			held, err := register.HoldingsOf(r, n, r.Today(), civil.Date{})
			for _, h := range held {
				if h.Lot == lot {
					paid, due = int64(h.Paid), int64(h.Due)
				}
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return paid, due
	}
	var seller register.Cooperator
	s.must("register.transfer", func(tx *store.Tx) (err error) {
		if seller, _, err = register.CooperatorOf(tx, q.Person); err != nil {
			return err
		}
		ms, err := register.MovementsOf(tx, seller.Number)
		if err != nil {
			return err
		}
		lot = ms[0].Lot
		_, err = register.Transfer(tx, register.Cession{From: seller.Number, To: s.souls[1].id, Class: q.Class, Shares: 2,
			Detail: register.Detail{Effective: tx.Today()}})
		return err
	})
	if err := s.refused("subscription.refusal.exists", s.secretary, "payment.cancel", func(tx *store.Tx) error {
		return payment.Cancel(tx, d.ID, "Ne paie pas.")
	}); err != nil {
		t.Fatal(err)
	}
	s.pays(d, 0)
	if paid, due := paidOn(seller.Number); paid != 250_00 || due != 0 {
		t.Errorf("on the one share that stayed %d are paid, %d due", paid, due)
	}
	if paid, due := paidOn(2); paid != 500_00 || due != 0 {
		t.Errorf("on the two that were sold %d are paid, %d due", paid, due)
	}
	if err := s.read(booksAre); err != nil {
		t.Error(err)
	}
}

// Who is late with shares that were taken back meanwhile pays on nothing: the money is there all the same.
func TestMoneyForSharesThatAreGone(t *testing.T) {
	s := scripted(t, "postgres", smallHouses[2])
	q, d := s.admitted(1)
	var holder register.Cooperator
	s.must("people.nothing", func(tx *store.Tx) (err error) {
		holder, _, err = register.CooperatorOf(tx, q.Person)
		return err
	})
	x := s.leaves(holder.Number, leaving.Bankruptcy)
	test := s.tested(true)
	s.must("leaving.take-effect", func(tx *store.Tx) error { return leaving.TakeEffect(tx, x.ID, test) })
	s.pays(d, 0)
	if err := s.read(func(r store.Reader) error {
		now, err := payment.DueByID(r, d.ID)
		if now.State() != payment.Settled {
			t.Errorf("the due is %s", now.State())
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.read(booksAre); err != nil {
		t.Error(err)
	}
}

// The same communication once more, on an older day than that of the shares: what came before they were there is paid
// on them from their first day.
func TestMoneyFromBeforeTheShares(t *testing.T) {
	s := scripted(t, "sqlite", smallHouses[2])
	early := s.db.Today()
	s.at(early.AddDays(9), 9)
	_, d := s.admitted(1)
	s.must("payment.receive", func(tx *store.Tx) error {
		_, err := payment.Receive(tx, payment.Arrival{On: early, Cents: d.Cents, Way: payment.ByBank,
			Message: d.OGM.String()})
		return err
	})
	if err := s.read(booksAre); err != nil {
		t.Error(err)
	}
	if _, err := s.tries("payment.receive", func(tx *store.Tx) error {
		return fault.Refuse("register.refusal.too-much-paid")
	}); err == nil {
		t.Error("money that is not taken down is not told")
	}
}

// Who leaves and asks for shares again is proposed no shares of their own.
func TestNobodyMeetsThemselves(t *testing.T) {
	s := scripted(t, "sqlite", smallHouses[0])
	q, d := s.admitted(2)
	s.pays(d, 0)
	decision := s.decides(people.Board)
	s.must("leaving.decide", func(tx *store.Tx) error {
		holder, _, err := register.CooperatorOf(tx, q.Person)
		if err != nil {
			return err
		}
		x, err := leaving.Announce(tx, leaving.Notice{Cooperator: holder.Number, Cause: leaving.Resignation,
			ArrivedOn: tx.Today()})
		if err == nil {
			err = leaving.Decide(tx, x.ID, decision, true, "")
		}
		return err
	})
	s.must("subscription.send", func(tx *store.Tx) error {
		more, _, err := subscription.Send(tx, subscription.Draft{Channel: subscription.Member, Language: "fr",
			Purpose: subscription.Self, Class: q.Class, Shares: 2, Person: q.Person, Typed: q.Typed})
		if err == nil {
			err = subscription.Admit(tx, more.ID, decision, nil, "Parts")
		}
		return err
	})
	if err := s.read(func(r store.Reader) error {
		met, left, err := leaving.Propose(r)
		if len(met) > 0 || len(left) != 2 || left[0].Why != "own" {
			t.Errorf("%d are met, left are %+v", len(met), left)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

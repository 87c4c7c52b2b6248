package sim

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"lieux/base/civil"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/certificate"
	"lieux/leaving"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
	"lieux/subscription"
)

// script is a small life in which everything that is checked happens once, in an order that is written down.
type script struct {
	*life
	t *testing.T
}

func (s script) must(verb string, fn func(tx *store.Tx) error) {
	s.t.Helper()
	if done, err := s.tries(verb, fn); err != nil || !done {
		s.t.Fatalf("%s: %v %v", verb, s.lived.Refused, err)
	}
}

func (s script) decides(kind people.BodyKind) people.DecisionID {
	s.t.Helper()
	id, err := s.decision(kind)
	if err != nil {
		s.t.Fatal(err)
	}
	return id
}

// admitted is a newcomer who asked for shares of the first class and was admitted.
func (s script) admitted(shares int64) (q subscription.Request, d payment.Due) {
	s.t.Helper()
	s.must("subscription.send", func(tx *store.Tx) error {
		texts, err := subscription.Texts(tx, "fr")
		if err != nil {
			return err
		}
		draft := subscription.Draft{Channel: subscription.Office, Language: "fr", Purpose: subscription.Self,
			Class: s.classes[0].ID, Shares: shares, Typed: subscription.Typed{Applicant: typed(s.newcomer(false))}}
		for _, one := range texts {
			draft.Typed.Consents = append(draft.Typed.Consents, one.ID)
		}
		q, _, err = subscription.Send(tx, draft)
		return err
	})
	if err := s.places(q); err != nil {
		s.t.Fatal(err)
	}
	decision := s.decides(people.Board)
	s.must("subscription.admit", func(tx *store.Tx) (err error) {
		if err = subscription.Admit(tx, q.ID, decision, nil, "Parts"); err != nil {
			return err
		}
		if q, err = subscription.Get(tx, q.ID); err == nil {
			d, err = payment.DueByID(tx, q.Due)
		}
		return err
	})
	return q, d
}

func (s script) pays(d payment.Due, more money.Cents) {
	s.t.Helper()
	s.must("payment.receive", func(tx *store.Tx) error {
		_, err := payment.Receive(tx, payment.Arrival{On: tx.Today(), Cents: d.Left() + more, Way: payment.ByBank,
			Message: d.OGM.String(), Twice: true})
		return err
	})
}

func (s script) leaves(n register.Number, cause leaving.Cause) (x leaving.Exit) {
	s.t.Helper()
	s.must("leaving.announce", func(tx *store.Tx) (err error) {
		x, err = leaving.Announce(tx, leaving.Notice{Cooperator: n, Cause: cause, ArrivedOn: tx.Today()})
		return err
	})
	return x
}

func (s script) tested(liquid bool) (id leaving.TestID) {
	s.t.Helper()
	decision := s.decides(people.Board)
	s.must("leaving.record-test", func(tx *store.Tx) (err error) {
		id, err = leaving.RecordTest(tx, leaving.Test{Decision: decision, UntilOn: tx.Today().AddMonths(13), Reasons: "Vu.",
			Tests: leaving.Tests{Liquidity: liquid, Assets: leaving.Assets{On: tx.Today(), Equity: 1_000_000_00}}})
		return err
	})
	return id
}

// eventful are the books of a life in which one subscribed and passed the shares on, two left and waited in the queue,
// one of them was paid, too much was paid, and papers were made.
func eventful(t *testing.T) books {
	t.Helper()
	l, err := founded(t, "sqlite").begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s := script{l, t}
	if err := s.liveSmall(smallHouses[0], nil); err != nil {
		t.Fatal(err)
	}
	q, d := s.admitted(2)
	s.pays(d, 12_34)
	var holder register.Cooperator
	s.must("people.nothing", func(tx *store.Tx) (err error) {
		holder, _, err = register.CooperatorOf(tx, q.Person)
		return err
	})
	s.at(civil.Day(FirstYear+1, time.February, 2), 9)
	s.must("certificate.issue", func(tx *store.Tx) error {
		_, err := certificate.Issue(tx, holder.Number, certificate.Order{Kind: certificate.Year,
			Day: certificate.LastOf(FirstYear)})
		return err
	})
	poor := s.tested(false)
	one, two := s.leaves(2, leaving.Bankruptcy), s.leaves(3, leaving.Bankruptcy)
	for _, x := range []leaving.Exit{one, two} {
		s.must("leaving.take-effect", func(tx *store.Tx) error { return leaving.TakeEffect(tx, x.ID, poor) })
	}
	return s.ends(one, holder.Number)
}

// ends releases the queue by better tests, pays the first of it, and lets one who leaves meet one who comes.
func (s script) ends(one leaving.Exit, leaver register.Number) (b books) {
	s.t.Helper()
	rich := s.tested(true)
	s.must("leaving.release", func(tx *store.Tx) error {
		_, err := leaving.Release(tx, rich)
		return err
	})
	s.must("leaving.pay", func(tx *store.Tx) error {
		debts, err := leaving.Debts(tx, one.ID)
		if err != nil {
			return err
		}
		return leaving.Pay(tx, one.ID, debts[0].ID, 1, tx.Today())
	})
	x := s.leaves(leaver, leaving.Resignation)
	q, _ := s.admitted(2)
	decision := s.decides(people.Board)
	s.must("leaving.agree", func(tx *store.Tx) error {
		if err := leaving.Decide(tx, x.ID, decision, true, ""); err != nil {
			return err
		}
		return leaving.Agree(tx, q.ID, decision)
	})
	var d payment.Due
	s.must("people.nothing", func(tx *store.Tx) error {
		list, err := leaving.Passings(tx, x.ID)
		if err == nil {
			d, err = payment.DueByID(tx, list[0].Due)
		}
		return err
	})
	s.pays(d, 0)
	if err := s.read(func(r store.Reader) (err error) {
		b, err = open(r)
		return err
	}); err != nil {
		s.t.Fatal(err)
	}
	return b
}

// issued is a request whose shares exist, passed a match that went over, left an exit that was owed, queue the two that
// waited.
func (b *books) issued() subscription.Request {
	i := slices.IndexFunc(b.requests, func(q subscription.Request) bool { return q.State == subscription.Issued })
	return b.requests[i]
}

func (b *books) passed() *leaving.Passing {
	return &b.passings[slices.IndexFunc(b.passings, func(p leaving.Passing) bool { return p.Movement != 0 })]
}

func (b *books) left() *leaving.Exit {
	return &b.exits[slices.IndexFunc(b.exits, func(x leaving.Exit) bool { return x.Cents > 0 && x.Credit != "" })]
}

func (b *books) queue() (first, second leaving.Exit) {
	for _, x := range b.exits { // the latest first
		if x.Cause == leaving.Bankruptcy {
			first, second = x, first
		}
	}
	return first, second
}

// TestTheBooksAreWatched alters what the rooms say, one thing after the other: each is told by its name.
func TestTheBooksAreWatched(t *testing.T) {
	all := eventful(t)
	if err := all.sound(); err != nil {
		t.Fatalf("before anything is altered: %v", err)
	}
	for _, c := range []struct {
		name, told string
		alter      func(*books)
	}{
		{"a payment on a lot that nobody made", "what is paid up of each lot: on lot", func(b *books) {
			b.dues[b.issued().Due] = payment.Due{}
		}},
		{"shares that a holder never had", "what is paid up of each lot: number", func(b *books) {
			m := b.movements[1]
			m.Shares, m.Paid = -m.Shares, -m.Paid
			b.movements[1] = m
		}},
		{"more paid than the nominal amount", "what is paid up of each lot: number", func(b *books) {
			m := b.movements[2]
			m.Paid += 1_000_000
			b.movements[2] = m
		}},
		{"fewer shares than a request was for", "what is paid up of each lot: request", func(b *books) {
			q := b.issued()
			m := b.movements[b.lotOf(q)]
			m.Shares++
			b.movements[m.Number] = m
		}},
		{"shares that passed for another amount", "what is paid up of each lot: ", func(b *books) { b.passed().Paid-- }},
		{"a cent too much for who left", "what is paid up of each lot: exit", func(b *books) { b.left().Cents++ }},
		{"a debt that is not what the exit is worth", "what is paid up of each lot: exit", func(b *books) {
			x := b.left()
			i := slices.IndexFunc(b.credits, func(c payment.Credit) bool { return c.ID == x.Credit })
			b.credits[i].Cents++
		}},
		{"one who goes before the one in front", "the order of the queue: ", func(b *books) {
			first, second := b.queue()
			b.turns[second.ID][len(b.turns[second.ID])-1].At = b.turns[first.ID][len(b.turns[first.ID])-1].At - 1
		}},
		{"one who does not wait at all", "the order of the queue: ", func(b *books) {
			first, second := b.queue()
			b.turns[second.ID] = b.turns[second.ID][len(b.turns[second.ID])-1:]
			b.turns[second.ID][0].At = b.turns[first.ID][len(b.turns[first.ID])-1].At - 1
		}},
		{"a movement of two exits", "no share twice: movement", func(b *books) {
			first, _ := b.queue()
			first.ID, first.Number = "twin", 99
			b.exits = append(b.exits, first)
		}},
		{"a share both matched and refunded", "no share twice: exit", func(b *books) {
			p := b.passed()
			x := &b.exits[slices.IndexFunc(b.exits, func(x leaving.Exit) bool { return x.ID == p.Exit })]
			x.Lots[0].Shares++
		}},
		{"a match that no exit knows of", "no share twice: exit", func(b *books) { b.passed().Voided = 1 }},
		{"a certificate of a share more", "certificates as the register: certificate", func(b *books) {
			b.papers[len(b.papers)-1].Facts.Lots[0].Shares++
		}},
		{"a certificate of a lot that is not there", "certificates as the register: certificate", func(b *books) {
			c := &b.papers[len(b.papers)-1]
			c.Facts.Lots = append(slices.Clone(c.Facts.Lots), certificate.Lot{Lot: 9999, Shares: 1})
		}},
		{"a statement whose year does not add up", "certificates as the register: statement", func(b *books) {
			i := slices.IndexFunc(b.papers, func(c certificate.Certificate) bool { return c.Kind == certificate.Year })
			b.papers[i].Facts.Before = append(slices.Clone(b.papers[i].Facts.Before), certificate.Lot{Shares: 1})
		}},
		{"money that nobody used", "all money has its place: receipt", func(b *books) { b.entries[0].Cents-- }},
		{"money that arrived and is nowhere", "all money has its place: receipt", func(b *books) { b.receipts[0].Cents++ }},
		{"a due that received what no receipt paid", "all money has its place: ", func(b *books) {
			i := slices.IndexFunc(b.entries, func(e payment.Entry) bool { return e.Due != "" })
			b.entries[i].Due = ""
		}},
		{"a credit that was paid twice", "all money has its place: credit", func(b *books) {
			i := slices.IndexFunc(b.entries, func(e payment.Entry) bool { return e.Credit != "" })
			b.entries = append(b.entries, b.entries[i])
		}},
		{"a debt that the queue forgot", "all money has its place: ", func(b *books) { b.owed = b.owed[1:] }},
	} {
		b := all.copy()
		c.alter(&b)
		if err := b.sound(); err == nil || !strings.HasPrefix(err.Error(), c.told) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// copy is the books once more, to be altered.
func (b books) copy() books {
	b.movements, b.dues, b.turns = maps.Clone(b.movements), maps.Clone(b.dues), maps.Clone(b.turns)
	for id, list := range b.turns {
		b.turns[id] = slices.Clone(list)
	}
	b.receipts, b.entries, b.credits = slices.Clone(b.receipts), slices.Clone(b.entries), slices.Clone(b.credits)
	b.owed, b.passings, b.exits = slices.Clone(b.owed), slices.Clone(b.passings), slices.Clone(b.exits)
	for i := range b.exits {
		b.exits[i].Lots = slices.Clone(b.exits[i].Lots)
	}
	b.papers = slices.Clone(b.papers)
	for i := range b.papers {
		b.papers[i].Facts.Lots = slices.Clone(b.papers[i].Facts.Lots)
	}
	return b
}

package sim

import (
	"lieux/base/civil"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/certificate"
	"lieux/leaving"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
)

// someExit is one of the exits that a wish chooses.
func (l *life) someExit(wish func(leaving.Exit) bool) (x leaving.Exit, found bool, err error) {
	err = l.read(func(r store.Reader) error {
		all, err := leaving.Exits(r)
		var list []leaving.Exit
		for _, one := range all {
			if wish(one) {
				list = append(list, one)
			}
		}
		if len(list) > 0 {
			x, found = list[l.dice.IntN(len(list))], true
		}
		return err
	})
	return x, found, err
}

// announces that somebody leaves: resigns with all shares or a part of them, dies, is bankrupt, or is to be excluded.
func (l *life) announces() error {
	s := l.member(func(s *soul) bool { return !s.fixed })
	if s == nil {
		return nil
	}
	n, _, _ := l.someHolding(s)
	notice := leaving.Notice{Cooperator: n, Cause: leaving.Resignation, ArrivedOn: l.db.Today().AddDays(-l.dice.IntN(9)),
		Next: l.chance(30)}
	switch k := l.dice.IntN(10); {
	case k < 2:
		notice.Cause = leaving.Death
		if s.legal() {
			notice.Cause = leaving.Dissolution
		}
	case k < 3:
		notice.Cause = leaving.Bankruptcy
	case k < 5:
		notice.Cause, notice.Why = leaving.Exclusion, "Agit contre le but de la coopérative."
	}
	if l.chance(40) {
		if err := l.read(func(r store.Reader) error {
			held, err := register.HoldingsOf(r, n, r.Today(), r.Today())
			if err == nil && len(held) > 0 {
				one := held[l.dice.IntN(len(held))]
				notice.Parts = []leaving.Part{{Lot: one.Lot, Shares: 1 + l.dice.Int64N(one.Shares)}}
			}
			return err
		}); err != nil {
			return err
		}
	}
	done, err := l.tries("leaving.announce", func(tx *store.Tx) error {
		_, err := leaving.Announce(tx, notice)
		return err
	})
	if done {
		l.leaving[n] = true
		l.met("announced " + string(notice.Cause))
		if l.chance(50) {
			return l.settlesExit()
		}
	}
	return err
}

// settlesExit goes one step further with an exit that has not taken effect: it is answered, decided, or taken back.
func (l *life) settlesExit() error {
	x, found, err := l.someExit(func(x leaving.Exit) bool { return x.State.Pending() && x.State != leaving.Accepted })
	if err != nil || !found {
		return err
	}
	kind := people.Board
	if x.Cause == leaving.Exclusion {
		kind = people.Assembly
	}
	decision, err := l.decision(kind)
	if err != nil {
		return err
	}
	verb, event, fn := "leaving.decide", "exit decided", func(tx *store.Tx) error {
		return leaving.Decide(tx, x.ID, decision, x.Cause != leaving.Exclusion || l.chance(70), "Ainsi décidé.")
	}
	switch {
	case x.State == leaving.Proposed && l.chance(60):
		verb, event, fn = "leaving.answer", "exclusion answered", func(tx *store.Tx) error {
			return leaving.Answer(tx, x.ID, tx.Today(), "Se défend.", "")
		}
	case l.chance(15):
		verb, event, fn = "leaving.withdraw", "exit withdrawn", func(tx *store.Tx) error {
			return leaving.Withdraw(tx, x.ID, "Reste.")
		}
	}
	done, err := l.tries(verb, fn)
	if done {
		l.met(event)
	}
	return err
}

// tests records the two tests of the board: most often there is enough.
func (l *life) tests() (id leaving.TestID, err error) {
	decision, err := l.decision(people.Board)
	if err != nil {
		return "", err
	}
	paid := money.Cents(0)
	for _, h := range l.ledger.held {
		paid += h.paid
	}
	equity := paid + money.Cents(l.dice.IntN(5)*100_00)
	if l.chance(30) {
		equity = paid * money.Cents(l.dice.IntN(100)) / 100
	}
	done, err := l.tries("leaving.record-test", func(tx *store.Tx) (err error) {
		id, err = leaving.RecordTest(tx, leaving.Test{Decision: decision, UntilOn: tx.Today().AddMonths(13),
			Reasons: "Vu les comptes.", Tests: leaving.Tests{Liquidity: l.chance(85),
				Assets: leaving.Assets{On: tx.Today().AddDays(-1), Equity: equity}}})
		return err
	})
	if !done {
		id = ""
	}
	return id, err
}

// takesEffect lets those whose day has come leave, by new tests; what waits is released as far as the tests allow.
func (l *life) takesEffect() error {
	var ripe []leaving.Exit
	queued := 0
	if err := l.read(func(r store.Reader) error {
		all, err := leaving.Exits(r)
		for i := len(all) - 1; i >= 0; i-- {
			x := all[i]
			if x.State == leaving.Queued {
				queued++
			}
			early := x.State != leaving.Accepted && x.Cause != leaving.Resignation && !x.Cause.ByLaw() && !l.chance(20)
			if x.State.Pending() && !early && !x.EffectOn.After(r.Today()) {
				ripe = append(ripe, x)
			}
		}
		return err
	}); err != nil || len(ripe)+queued == 0 {
		return err
	}
	test, err := l.tests()
	if err != nil || test == "" {
		return err
	}
	if queued > 0 && l.chance(70) {
		done, err := l.tries("leaving.release", func(tx *store.Tx) error {
			_, err := leaving.Release(tx, test)
			return err
		})
		if err != nil {
			return err
		}
		if done {
			l.met("queue released")
		}
	}
	for _, x := range ripe {
		done, err := l.tries("leaving.take-effect", func(tx *store.Tx) error { return leaving.TakeEffect(tx, x.ID, test) })
		if err != nil {
			return err
		}
		if !done {
			continue
		}
		l.met("exit in effect")
		delete(l.leaving, x.Cooperator)
		if err := l.read(func(r store.Reader) error {
			now, err := leaving.Get(r, x.ID)
			l.met("exit " + string(now.State))
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// refunds pays what is owed to who left, whole or a part; heirs get their part once their file is whole.
func (l *life) refunds() error {
	x, found, err := l.someExit(func(x leaving.Exit) bool { return x.State == leaving.Owed || x.State == leaving.Passed })
	if err != nil || !found {
		return err
	}
	var debts []payment.Credit
	if err := l.read(func(r store.Reader) (err error) {
		debts, err = leaving.Debts(r, x.ID)
		return err
	}); err != nil {
		return err
	}
	if x.Cause == leaving.Death && x.State == leaving.Owed && len(debts) == 0 {
		return l.inherits(x)
	}
	for _, c := range debts {
		if c.Open() == 0 {
			continue
		}
		cents := c.Open()
		if l.chance(25) {
			cents = 1 + money.Cents(l.dice.Int64N(int64(cents)))
		}
		done, err := l.tries("leaving.pay", func(tx *store.Tx) error {
			return leaving.Pay(tx, x.ID, c.ID, cents, tx.Today())
		})
		if err != nil {
			return err
		}
		if done {
			l.met("refunded")
		}
	}
	return nil
}

// inherits completes the file of who died: two heirs of whom one may be a minor, their papers, and the money shared
// out; before the papers are there nothing is.
func (l *life) inherits(x leaving.Exit) error {
	adult, err := l.enroll(l.newcomer(false))
	if err != nil {
		return err
	}
	e := l.newcomer(false)
	if l.chance(50) {
		e.Birth = l.db.Today().AddYears(-12)
	}
	other, err := l.enroll(e)
	if err != nil {
		return err
	}
	parts := int64(2 + l.dice.IntN(5))
	heirs := []leaving.Heir{{Exit: x.ID, Person: adult.id, A: 1, B: parts, IBAN: "BE68539007547034"},
		{Exit: x.ID, Person: other.id, A: parts - 1, B: parts, IBAN: "BE68539007547034"}}
	if !e.Birth.IsZero() {
		heirs[1].Guardian = adult.id
	}
	share := func(tx *store.Tx) error { return leaving.ShareOut(tx, x.ID) }
	if err := l.refused("leaving.missing.death", l.secretary, "leaving.share-out", share); err != nil {
		return err
	}
	papers := []leaving.Paper{{Kind: leaving.DeathPaper}, {Kind: leaving.HeirsPaper}}
	for _, h := range heirs {
		var id leaving.HeirID
		if done, err := l.tries("leaving.add-heir", func(tx *store.Tx) (err error) {
			id, err = leaving.AddHeir(tx, h)
			return err
		}); err != nil || !done {
			return err
		}
		papers = append(papers, leaving.Paper{Kind: leaving.IdentityPaper, Heir: id})
		if h.Guardian != "" {
			papers = append(papers, leaving.Paper{Kind: leaving.GuardianPaper, Heir: id})
		}
	}
	for _, p := range papers {
		p.Exit, p.ReceivedOn = x.ID, l.db.Today()
		if err := l.act(l.secretary, "leaving.take-paper", func(tx *store.Tx) error {
			return leaving.TakePaper(tx, p)
		}); err != nil {
			return err
		}
	}
	done, err := l.tries("leaving.share-out", share)
	if done {
		l.met("shared out")
	}
	return err
}

// matches hands the shares of who leaves to who comes, as the program proposes; or gives such an agreement up.
func (l *life) matches() error {
	if l.chance(15) {
		return l.parts()
	}
	var first leaving.Proposal
	if err := l.read(func(r store.Reader) error {
		list, _, err := leaving.Propose(r)
		if len(list) > 0 {
			first = list[l.dice.IntN(len(list))]
		}
		return err
	}); err != nil {
		return err
	}
	if first.Shares == 0 { // nobody whose departure is accepted meets anybody
		return l.settlesExit()
	}
	decision, err := l.decision(people.Board)
	if err != nil {
		return err
	}
	done, err := l.tries("leaving.agree", func(tx *store.Tx) error {
		return leaving.Agree(tx, first.Request.ID, decision)
	})
	if done {
		l.met("matched")
	}
	return err
}

// parts gives an agreement up before the shares went over.
func (l *life) parts() error {
	var open []leaving.Passing
	if err := l.read(func(r store.Reader) error {
		all, err := leaving.AllPassings(r)
		for _, p := range all {
			if p.Open() {
				open = append(open, p)
			}
		}
		return err
	}); err != nil || len(open) == 0 {
		return err
	}
	p := open[l.dice.IntN(len(open))]
	done, err := l.tries("leaving.void", func(tx *store.Tx) error { return leaving.Void(tx, p.ID, "Ne vient plus.") })
	if done {
		l.met("match given up")
	}
	return err
}

// comesBack undoes an exit that was a mistake.
func (l *life) comesBack() error {
	x, found, err := l.someExit(func(x leaving.Exit) bool { return x.State.InEffect() })
	if err != nil || !found {
		return err
	}
	done, err := l.tries("leaving.undo", func(tx *store.Tx) error { return leaving.Undo(tx, x.ID, "Une erreur.") })
	if done {
		l.met("exit undone")
	}
	return err
}

// certifies makes a certificate of what somebody holds, or a statement of a year.
func (l *life) certifies() error {
	s := l.member(anybody)
	if s == nil {
		return nil
	}
	n, _, _ := l.someHolding(s)
	order := certificate.Order{Cause: certificate.ForMember}
	if last := certificate.LastOf(l.db.Today().Year() - 1); l.chance(30) && !last.Before(civil.Day(FirstYear, 12, 31)) {
		order.Kind, order.Day = certificate.Year, last
	}
	done, err := l.tries("certificate.issue", func(tx *store.Tx) error {
		_, err := certificate.Issue(tx, n, order)
		return err
	})
	if done {
		l.met("certificate")
	}
	return err
}

// statements makes the yearly statement of everybody.
func (l *life) statements(year int) error {
	done, err := l.tries("certificate.start-batch", func(tx *store.Tx) error {
		_, err := certificate.StartBatch(tx, certificate.Year, certificate.LastOf(year), false)
		return err
	})
	if err == nil && done {
		err = l.letters() // the papers are made by the worker
	}
	if done {
		l.met("statements")
	}
	return err
}

package sim

import (
	"fmt"
	"slices"
	"time"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
	"lieux/register"
)

// One in so many of those who enter.
const (
	oneBody      = 10 // is a body
	oneProspect  = 14 // holds no share yet, and never will
	oneTwin      = 16 // stands in the books already, under a name that was mistyped
	leftLongAgo  = 3  // people of the old register
	firstPeople  = 8  // founders
	leastLeaving = 20 // cooperators below whom nobody leaves
)

// enroll writes a person or body into the books.
func (l *life) enroll(e people.Entry) (*soul, error) {
	s := &soul{at: len(l.souls), entry: e}
	err := l.act(l.secretary, "people.enroll", func(tx *store.Tx) (err error) {
		s.id, err = people.Enroll(tx, e)
		return err
	})
	l.souls = append(l.souls, s)
	l.byID[s.id] = s
	return s, err
}

// newcomer is somebody whom the lot invents; when its names run out, one with a number.
func (l *life) newcomer(legal bool) people.Entry {
	if legal {
		name := fmt.Sprintf("Maison %s %d", pick(l.made, lists["family-fr"]), len(l.souls))
		return people.Entry{Kind: people.Legal, Name: name, Form: "ASBL", Lang: lang.French, From: l.db.Today(),
			Home: l.made.home(), Emails: []string{fmt.Sprintf("maison%d@exemple.be", len(l.souls))}}
	}
	e := people.Entry{Kind: people.Natural, Lang: lang.Tags[max(0, l.dice.IntN(8)-5)], From: l.db.Today(),
		Home: l.made.home(), Given: pick(l.made, lists["given-fr"]), Family: pick(l.made, lists["family-fr"])}
	if l.chance(80) {
		e.Emails = []string{fmt.Sprintf("personne%d@exemple.be", len(l.souls))}
	}
	return e
}

func (l *life) founders() error {
	for i := range firstPeople {
		s, err := l.enroll(l.newcomer(false))
		if err != nil {
			return err
		}
		switch i {
		case 0:
			l.chair = s
			err = l.allow(s, people.ForAdmin, people.ForBoard)
		case 1:
			err = l.allow(s, people.ForOffice)
			l.secretary = s
		}
		if err != nil {
			return err
		}
		s.fixed = i < 2
		if err := l.issue(s, 0, int64(2+l.dice.IntN(8)), civil.Date{}); err != nil {
			return err
		}
	}
	return nil
}

func (l *life) allow(s *soul, roles ...people.Access) error {
	for _, role := range roles {
		if err := l.act(l.chair, "people.allow", func(tx *store.Tx) error {
			_, err := people.Allow(tx, people.Grant{Person: s.id, Role: role, From: tx.Today()})
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// oldRegister takes in people who held shares long ago: their term has passed, so that they may be forgotten.
func (l *life) oldRegister() error {
	for range leftLongAgo {
		s, err := l.enroll(l.newcomer(false))
		if err != nil {
			return err
		}
		if err := l.issue(s, 0, 2, civil.MustParse("2008-04-01")); err != nil {
			return err
		}
		if err := l.redeem(s, s.numbers[0], 0, 2, civil.MustParse("2009-06-30")); err != nil {
			return err
		}
		l.past = append(l.past, s)
	}
	return nil
}

// growth brings the cooperative to its size.
func (l *life) growth() error {
	for l.ledger.heads() < int64(l.plan.Members) {
		if err := l.enters(); err != nil {
			return err
		}
	}
	return nil
}

// enters is somebody new: a person, a body with who represents it, somebody who only asks, or a second record.
func (l *life) enters() error {
	switch {
	case l.dice.IntN(oneProspect) == 0:
		s, err := l.enroll(l.newcomer(false))
		l.prospects = append(l.prospects, s)
		return err
	case l.dice.IntN(oneTwin) == 0:
		return l.twin()
	}
	s, err := l.enroll(l.newcomer(l.dice.IntN(oneBody) == 0))
	if err != nil {
		return err
	}
	if err := l.issue(s, l.someClass(), int64(1+l.dice.IntN(4)), civil.Date{}); err != nil {
		return err
	}
	if s.legal() {
		return l.spokesman(s)
	}
	if len(s.entry.Emails) > 0 && l.chance(50) {
		return l.act(s, "people.agree", func(tx *store.Tx) error {
			_, err := people.Agree(tx, s.id, l.consent, tx.Today(), "paper")
			return err
		})
	}
	return nil
}

// someClass is most often the first.
func (l *life) someClass() int { return max(0, l.dice.IntN(5)-3) }

// twin enrolls somebody a second time, with shares; the records are joined later.
func (l *life) twin() error {
	first := l.member(func(s *soul) bool { return !s.legal() && !s.fixed && len(s.numbers) == 1 })
	if first == nil {
		return nil
	}
	e := first.entry
	e.Family += "e"
	second, err := l.enroll(e)
	if err != nil {
		return err
	}
	l.twins = append(l.twins, [2]*soul{first, second})
	return l.issue(second, 0, 1, civil.Date{})
}

// spokesman names who represents a body: a cooperator, or somebody who holds nothing.
func (l *life) spokesman(body *soul) error {
	s := l.member(func(s *soul) bool { return !s.legal() && len(s.speaks) < 2 })
	if s == nil || l.chance(40) {
		var err error
		if s, err = l.enroll(l.newcomer(false)); err != nil {
			return err
		}
	}
	err := l.act(l.secretary, "people.represent", func(tx *store.Tx) error {
		id, err := people.Represent(tx, people.Representation{Legal: body.id, Person: s.id, Quality: "présidence",
			From: tx.Today()})
		body.mandate = append(body.mandate, id)
		return err
	})
	body.since = l.db.Today()
	body.by, s.speaks = append(body.by, s), append(s.speaks, body)
	return err
}

// member is somebody who holds shares and answers to a wish; nil when the lot finds nobody.
func (l *life) member(wish func(*soul) bool) *soul {
	for range 40 {
		s := l.souls[l.dice.IntN(len(l.souls))]
		if !s.gone && l.sharesOf(s) > 0 && wish(s) {
			return s
		}
	}
	return nil
}

func anybody(*soul) bool { return true }

func (l *life) sharesOf(s *soul) (sum int64) {
	for _, n := range s.numbers {
		for c := range l.classes {
			sum += l.ledger.now(n, c).shares
		}
	}
	return sum
}

// issue creates shares, paid in full or in part.
func (l *life) issue(s *soul, class int, shares int64, effective civil.Date) error {
	of := l.classes[class]
	paid := of.Nominal * money.Cents(shares)
	if l.chance(25) {
		paid /= 2
	}
	var m register.Movement
	err := l.act(l.secretary, "register.issue", func(tx *store.Tx) (err error) {
		if effective.IsZero() {
			effective = tx.Today()
		}
		m, err = register.Issue(tx, register.Issuance{Person: s.id, Class: of.ID, Shares: shares, Paid: paid,
			Detail: register.Detail{Effective: effective, Ground: "Souscription"}})
		if err == nil {
			err = l.note(s, []register.Movement{m}, move{shares: shares, paid: paid})
		}
		return err
	})
	return err
}

// move is what a movement must say of one number: signed.
type move struct {
	shares int64
	paid   money.Cents
}

// note takes movements into the ledger and says where they are not what was asked.
func (l *life) note(s *soul, ms []register.Movement, want move) error {
	var got move
	for _, m := range ms {
		got.shares, got.paid = got.shares+m.Shares, got.paid+m.Paid
		if err := l.ledger.take(m, l.classOf(m.Class), l.db.Today()); err != nil {
			return err
		}
		if s != nil && m.Counterpart == 0 && len(s.numbers) == 0 {
			s.numbers = []register.Number{m.Cooperator}
		}
	}
	if got != want {
		return fmt.Errorf("asked to move %d shares and %s, moved %d and %s", want.shares, want.paid, got.shares, got.paid)
	}
	return nil
}

func (l *life) classOf(id register.ClassID) int {
	for i, c := range l.classes {
		if c.ID == id {
			return i
		}
	}
	panic("unreachable: a class that nobody defined")
}

func (l *life) redeem(s *soul, n register.Number, class int, shares int64, effective civil.Date) error {
	return l.act(l.secretary, "register.redeem", func(tx *store.Tx) error {
		if effective.IsZero() {
			effective = tx.Today()
		}
		ms, err := register.Redeem(tx, register.Redemption{Cooperator: n, Class: l.classes[class].ID, Shares: shares,
			Detail: register.Detail{Effective: effective, Ground: "Démission"}})
		if err != nil {
			return err
		}
		var paid money.Cents
		for _, m := range ms {
			paid += m.Paid
		}
		return l.note(s, ms, move{-shares, paid})
	})
}

// office is what a day at the keyboard brings.
func (l *life) office() error {
	if l.ledger.heads() < int64(l.plan.Members) {
		if err := l.enters(); err != nil {
			return err
		}
	}
	for n := 1 + l.plan.Members/100; n > 0; n-- {
		if err := l.chore(); err != nil {
			return err
		}
	}
	for n := 2 + l.plan.Members/100; n > 0; n-- {
		if err := l.counter(); err != nil {
			return err
		}
	}
	return nil
}

// chore is one thing that somebody wants done.
func (l *life) chore() error {
	switch n := l.dice.IntN(16); {
	case n < 3:
		if s := l.member(anybody); s != nil {
			return l.issue(s, l.someClass(), int64(1+l.dice.IntN(3)), civil.Date{})
		}
	case n < 5:
		return l.pay()
	case n < 8:
		return l.cede()
	case n < 9:
		return l.leave()
	case n < 11:
		return l.correct()
	case n < 13:
		return l.moves()
	case n < 14: // recorded late
		if s := l.member(anybody); s != nil {
			return l.issue(s, 0, 1, l.db.Today().AddDays(-1-l.dice.IntN(60)))
		}
	case n < 15:
		return l.join()
	default:
		return l.newSpokesman()
	}
	return nil
}

// pay settles a part of what is due.
func (l *life) pay() error {
	var n register.Number
	class := 0
	s := l.member(func(s *soul) bool {
		for _, number := range s.numbers {
			for c := range l.classes {
				if l.due(number, c) > 0 && !l.reopened[number] {
					n, class = number, c
					return true
				}
			}
		}
		return false
	})
	if s == nil {
		return nil
	}
	amount := l.due(n, class)
	if l.chance(50) {
		amount = (amount + 1) / 2
	}
	_, err := l.try(l.secretary, "register.pay", func(tx *store.Tx) error {
		ms, err := register.Pay(tx, register.Payment{Cooperator: n, Class: l.classes[class].ID, Amount: amount,
			Detail: register.Detail{Effective: tx.Today(), Ground: "Libération"}})
		if err != nil {
			return err
		}
		return l.note(s, ms, move{0, amount})
	})
	return err
}

func (l *life) due(n register.Number, class int) money.Cents {
	h := l.ledger.now(n, class)
	return l.classes[class].Nominal*money.Cents(h.shares) - h.paid
}

// cede transfers shares to another cooperator, or to somebody who becomes one.
func (l *life) cede() error {
	from, to := l.member(anybody), l.member(anybody)
	if from == nil || to == nil || from == to {
		return nil
	}
	n, class, has := l.someHolding(from)
	shares := 1 + l.dice.Int64N(has)
	if from.fixed && shares == has || l.leaving[n] && !l.small {
		return nil
	}
	_, err := l.try(l.secretary, "register.transfer", func(tx *store.Tx) error {
		ms, err := register.Transfer(tx, register.Cession{From: n, To: to.id, Class: l.classes[class].ID, Shares: shares,
			Detail: register.Detail{Effective: tx.Today(), Ground: "Cession"}})
		if err != nil {
			return err
		}
		var out int64
		for _, m := range ms {
			if m.Cooperator == n {
				out -= m.Shares
			}
		}
		if out != shares {
			return fmt.Errorf("asked to cede %d shares, ceded %d", shares, out)
		}
		return l.note(nil, ms, move{})
	})
	return err
}

// someHolding is one of the holdings of somebody who holds shares.
func (l *life) someHolding(s *soul) (register.Number, int, int64) {
	for {
		n, c := s.numbers[l.dice.IntN(len(s.numbers))], l.dice.IntN(len(l.classes))
		if h := l.ledger.now(n, c); h.shares > 0 {
			return n, c, h.shares
		}
	}
}

// leave takes back all that somebody holds.
func (l *life) leave() error {
	s := l.member(func(s *soul) bool { return !s.fixed && !slices.ContainsFunc(s.numbers, l.staysNot) })
	if s == nil || l.ledger.heads() < leastLeaving {
		return nil
	}
	for _, n := range s.numbers {
		for c := range l.classes {
			if has := l.ledger.now(n, c).shares; has > 0 {
				if err := l.redeem(s, n, c, has, civil.Date{}); err != nil {
					return err
				}
			}
		}
	}
	l.met("exit")
	return nil
}

// staysNot says that a number has announced that it leaves.
func (l *life) staysNot(n register.Number) bool { return l.leaving[n] }

// correct mends a movement recorded before, of up to three years ago: one share more or less, or another payment.
func (l *life) correct() error {
	of := l.ledger.some(l.dice.IntN)
	if of.kind == register.Issued && l.bought[of.lot] {
		return nil
	}
	fix := register.Correction{Movement: of.number, Shares: max(of.shares, -of.shares), Paid: max(of.paid, -of.paid),
		Why: "Erreur de saisie."}
	nominal := l.classes[of.class].Nominal
	if s := fix.Shares + int64(l.dice.IntN(3)) - 1; s > 0 {
		fix.Paid, fix.Shares = min(fix.Paid, nominal*money.Cents(s)), s
	}
	if l.chance(30) {
		fix.Paid /= 2
	}
	done, err := l.try(l.secretary, "register.correct", func(tx *store.Tx) error {
		ms, err := register.Correct(tx, fix)
		if err != nil {
			return err
		}
		var sum move
		for _, m := range ms {
			if m.Corrects != fix.Movement && m.Pair == 0 || m.Day != of.day {
				return fmt.Errorf("a correction of %d mends %d on %s, not on %s", fix.Movement, m.Corrects, m.Day, of.day)
			}
			sum.shares, sum.paid = sum.shares+m.Shares, sum.paid+m.Paid
		}
		return l.note(nil, ms, sum)
	})
	if done {
		l.met("correction")
	}
	return err
}

// moves notes a new address, or that letters come back.
func (l *life) moves() error {
	s := l.member(anybody)
	if s == nil {
		return nil
	}
	_, err := l.try(l.secretary, "people.move", func(tx *store.Tx) error {
		if l.chance(10) {
			_, err := people.LoseAddress(tx, s.id, people.Home, tx.Today())
			return err
		}
		a := l.made.home()
		a.Kind, a.From = people.Home, tx.Today()
		_, err := people.Move(tx, s.id, a)
		return err
	})
	return err
}

// join puts two records of one person together.
func (l *life) join() error {
	if len(l.twins) == 0 || l.room != nil { // not while proxies of a coming meeting name them
		return nil
	}
	pair := l.twins[0]
	l.twins = l.twins[1:]
	kept, alias := pair[0], pair[1]
	if kept.gone || alias.gone || alias.fixed {
		return nil
	}
	err := l.act(l.secretary, "people.merge", func(tx *store.Tx) error {
		return people.Merge(tx, kept.id, alias.id, "La même personne, inscrite deux fois.")
	})
	kept.numbers = append(kept.numbers, alias.numbers...)
	l.byID[alias.id] = kept
	alias.gone = true
	l.met("merge")
	return err
}

// newSpokesman replaces who represents a body; who held nothing else asks to be forgotten.
func (l *life) newSpokesman() error {
	body := l.member(func(s *soul) bool { return s.legal() && len(s.by) > 0 && s.since.Before(l.db.Today()) })
	if body == nil || l.room != nil {
		return nil
	}
	old := body.by[0]
	if err := l.act(l.secretary, "people.end-representation", func(tx *store.Tx) error {
		return people.EndRepresentation(tx, body.mandate[0], tx.Today().AddDays(-1))
	}); err != nil {
		return err
	}
	body.by, body.mandate = nil, nil
	for i, b := range old.speaks {
		if b == body {
			old.speaks = append(old.speaks[:i:i], old.speaks[i+1:]...)
			break
		}
	}
	if len(old.numbers) == 0 && len(old.speaks) == 0 && !old.fixed {
		if err := l.forget(old); err != nil {
			return err
		}
		l.met("spokesman forgotten")
	}
	return l.spokesman(body)
}

// forget erases somebody whom no duty keeps.
func (l *life) forget(s *soul) error {
	if err := l.act(l.secretary, "people.erase", func(tx *store.Tx) error {
		return people.Erase(tx, s.id, people.OnRequest)
	}); err != nil {
		return err
	}
	s.gone = true
	return l.read(func(r store.Reader) error {
		p, err := people.Get(r, s.id)
		if err == nil && (p.Full() != "" || p.Erased.IsZero()) {
			err = fmt.Errorf("%q was forgotten and is still there", p.Full())
		}
		return err
	})
}

// once is what November brings: people who only asked are forgotten, so is one of the old register, and who holds
// shares may not be.
func (l *life) once(year int) error {
	l.at(civil.Day(year, time.November, 25), 10)
	if len(l.prospects) > 0 {
		s := l.prospects[0]
		l.prospects = l.prospects[1:]
		if err := l.forget(s); err != nil {
			return err
		}
	}
	if len(l.past) > 0 {
		s := l.past[0]
		l.past = l.past[1:]
		if l.sharesOf(s) > 0 { // a correction says that they did not leave whole
			return nil
		}
		if err := l.forget(s); err != nil {
			return err
		}
	}
	s := l.member(func(s *soul) bool { return !s.fixed })
	if s == nil {
		return nil
	}
	done, err := l.try(l.secretary, "people.erase", func(tx *store.Tx) error {
		return people.Erase(tx, s.id, people.OnRequest)
	})
	fault.Must(err != nil || !done, "a cooperator with %d shares was erased", l.sharesOf(s))
	return err
}

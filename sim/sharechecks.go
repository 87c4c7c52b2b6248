package sim

import (
	"cmp"
	"fmt"
	"slices"

	"lieux/base/money"
	"lieux/base/store"
	"lieux/certificate"
	"lieux/leaving"
	"lieux/payment"
	"lieux/register"
	"lieux/subscription"
)

// invariants are what holds between the register, the requests, the money, the exits and the papers, whatever was done.
var invariants = []struct {
	name  string
	holds func(books) error
}{
	{"what is paid up of each lot", books.paidUp},
	{"the order of the queue", books.queueOrder},
	{"no share twice", books.nothingTwice},
	{"certificates as the register", books.papersTrue},
	{"all money has its place", books.moneySums},
}

// sound names the first invariant that does not hold.
func (b books) sound() error {
	for _, one := range invariants {
		if err := one.holds(b); err != nil {
			return fmt.Errorf("%s: %w", one.name, err)
		}
	}
	return nil
}

// booksAre reads the books and judges them.
func booksAre(r store.Reader) error {
	b, err := open(r)
	if err != nil {
		return err
	}
	return b.sound()
}

func (b books) nominal(c register.ClassID) money.Cents {
	for _, one := range b.classes {
		if one.ID == c {
			return one.Nominal
		}
	}
	return 0
}

// parcel is one holder's shares of one lot.
type parcel struct {
	holder register.Number
	lot    register.MovementNumber
}

// sums adds the movements up to one number and one day, by holder and lot.
func (b books) sums(through func(register.Movement) bool) map[parcel]move {
	held := map[parcel]move{}
	for _, n := range b.order {
		m := b.movements[n]
		if !through(m) {
			continue
		}
		at := parcel{m.Cooperator, m.Lot}
		sum := held[at]
		if sum = (move{sum.shares + m.Shares, sum.paid + m.Paid}); sum == (move{}) {
			delete(held, at)
			continue
		}
		held[at] = sum
	}
	return held
}

// brought is what was paid on a lot from outside, the corrections of such payments included: not what changed hands.
func (b books) brought() map[register.MovementNumber]money.Cents {
	sums := map[register.MovementNumber]money.Cents{}
	for _, n := range b.order {
		m := b.movements[n]
		kind := m.Kind
		if m.Corrects != 0 {
			kind = b.movements[m.Corrects].Kind
		}
		if kind == register.Issued || kind == register.Paid {
			sums[m.Lot] += m.Paid
		}
	}
	return sums
}

// paidUp compares each lot with the money: nobody holds less than nothing, nor more than paid whole; the lot of a
// request was paid as its due was; shares that passed to somebody were paid by them, and owed to who left; who left by
// the register alone gets no more than the lot had.
func (b books) paidUp() error {
	for at, has := range b.sums(func(register.Movement) bool { return true }) {
		whole := b.nominal(b.movements[at.lot].Class) * money.Cents(has.shares)
		if has.shares < 0 || has.paid < 0 || has.paid > whole {
			return fmt.Errorf("number %s has %d shares, %s paid, of lot %s", at.holder, has.shares, has.paid, at.lot)
		}
	}
	brought := b.brought()
	for _, q := range b.requests {
		if q.State != subscription.Issued {
			continue
		}
		lot := b.lotOf(q)
		m, d := b.movements[lot], b.dues[q.Due]
		if m.Kind != register.Issued || m.Class != q.Class || m.Shares != q.Shares {
			return fmt.Errorf("request %d of %d shares stands for movement %s of %d", q.Number, q.Shares, lot, m.Shares)
		}
		if short := d.Received() - brought[lot]; short < 0 || short > 0 && !b.tookBack(lot) {
			return fmt.Errorf("on lot %s of request %d %s count as paid, due %d received %s", lot, q.Number, brought[lot],
				d.Number, d.Received())
		}
	}
	for _, p := range b.passings {
		if err := b.passedPaid(p); err != nil {
			return err
		}
	}
	for _, x := range b.exits {
		if err := b.refundFits(x); err != nil {
			return err
		}
	}
	return nil
}

// tookBack says that shares of a lot were taken back: what is paid for them afterwards is paid on nothing.
func (b books) tookBack(lot register.MovementNumber) bool {
	return slices.ContainsFunc(b.order, func(n register.MovementNumber) bool {
		return b.movements[n].Lot == lot && b.movements[n].Kind == register.Redeemed
	})
}

// lotOf is the movement that issued the shares of a request.
func (b books) lotOf(q subscription.Request) (n register.MovementNumber) {
	for _, s := range b.steps[q.ID] {
		if s.Movement != 0 {
			n = s.Movement
		}
	}
	return n
}

// passedPaid looks at one passing: what went over, what was paid for it and what is owed for it are the same money.
func (b books) passedPaid(p leaving.Passing) error {
	if p.Movement == 0 {
		return nil
	}
	m := b.movements[p.Movement]
	if m.Kind != register.TransferOut || m.Lot != p.Lot || -m.Shares != p.Shares || -m.Paid != p.Paid {
		return fmt.Errorf("%d shares of lot %s passed with %s; movement %s says %d and %s", p.Shares, p.Lot, p.Paid,
			p.Movement, -m.Shares, -m.Paid)
	}
	if p.Due == "" {
		return nil // to an heir, who pays nothing
	}
	if d := b.dues[p.Due]; d.Received() != p.Paid {
		return fmt.Errorf("shares of lot %s passed for %s, due %d received %s", p.Lot, p.Paid, d.Number, d.Received())
	}
	i := slices.IndexFunc(b.credits, func(c payment.Credit) bool { return c.ID == p.Credit })
	if i < 0 || b.credits[i].Cents != p.Paid {
		return fmt.Errorf("shares of lot %s passed for %s, and who left is owed another amount", p.Lot, p.Paid)
	}
	return nil
}

// refundFits looks at one exit in effect: each lot brings no more than what was paid on what the register took back,
// and the debts are the sum of the lots.
func (b books) refundFits(x leaving.Exit) error {
	var worth money.Cents
	for _, l := range x.Lots {
		worth += l.Cents
		if !x.State.InEffect() || l.Movement == 0 {
			continue
		}
		m := b.movements[l.Movement]
		if m.Kind != register.Redeemed || -m.Shares != l.Shares || l.Cents < 0 || l.Cents > -m.Paid {
			return fmt.Errorf("exit %d: %d shares of lot %d are worth %s; movement %s took %d back, paid %s", x.Number,
				l.Shares, l.Lot.Lot, l.Cents, l.Movement, -m.Shares, -m.Paid)
		}
	}
	if x.State.InEffect() && worth != x.Cents {
		return fmt.Errorf("exit %d is worth %s, its lots %s", x.Number, x.Cents, worth)
	}
	var owes money.Cents
	own := 0
	for _, c := range b.credits {
		passed := slices.ContainsFunc(b.passings, func(p leaving.Passing) bool { return p.Credit == c.ID })
		if c.Subject == x.ID.Ref() && !passed {
			owes, own = owes+c.Cents, own+1
		}
	}
	if own > 0 && x.State.InEffect() && owes != x.Cents {
		return fmt.Errorf("exit %d is worth %s, and %s are owed for it", x.Number, x.Cents, owes)
	}
	return nil
}

// queueOrder goes through what happened to the exits: while one waits, none that follows it in the order of effect is
// owed; of those that wait, the oldest goes first.
func (b books) queueOrder() error {
	type wait struct {
		exit        leaving.Exit
		from, until int64 // instants; until is 0 while it waits
	}
	var waits []wait
	type turn struct {
		exit leaving.Exit
		at   int64
	}
	var owed []turn
	for _, x := range b.exits {
		waiting := -1
		for _, s := range b.turns[x.ID] {
			if waiting >= 0 {
				waits[waiting].until, waiting = int64(s.At), -1
			}
			switch s.State {
			case leaving.Queued:
				waiting, waits = len(waits), append(waits, wait{exit: x, from: int64(s.At)})
			case leaving.Owed:
				owed = append(owed, turn{x, int64(s.At)})
			}
		}
	}
	for _, o := range owed {
		for _, w := range waits {
			there := w.from < o.at && (w.until == 0 || w.until > o.at)
			if w.exit.ID != o.exit.ID && there && before(w.exit, o.exit) {
				return fmt.Errorf("exit %d was passed over by exit %d", w.exit.Number, o.exit.Number)
			}
			direct := !slices.ContainsFunc(waits, func(v wait) bool { return v.exit.ID == o.exit.ID && v.until == o.at })
			if there && direct && w.exit.ID != o.exit.ID {
				return fmt.Errorf("exit %d did not wait behind exit %d", o.exit.Number, w.exit.Number)
			}
		}
	}
	return nil
}

// before says that one exit stands in the queue in front of another.
func before(a, b leaving.Exit) bool {
	return cmp.Or(a.EffectOn.Compare(b.EffectOn), cmp.Compare(a.Number, b.Number)) < 0
}

// nothingTwice: a movement belongs to one request, one exit or one passing; of a lot that was announced each share is
// refunded or matched, and what is matched stands in passings that hold.
func (b books) nothingTwice() error {
	claims := map[register.MovementNumber]string{}
	claim := func(n register.MovementNumber, by string, args ...any) error {
		if n == 0 {
			return nil
		}
		by = fmt.Sprintf(by, args...)
		if first, twice := claims[n]; twice {
			return fmt.Errorf("movement %s belongs to %s and to %s", n, first, by)
		}
		claims[n] = by
		return nil
	}
	for _, q := range b.requests {
		if err := claim(b.lotOf(q), "request %d", q.Number); err != nil {
			return err
		}
	}
	for i, p := range b.passings {
		if err := claim(p.Movement, "passing %d", i+1); err != nil {
			return err
		}
	}
	for _, x := range b.exits {
		for _, l := range x.Lots {
			if err := claim(l.Movement, "exit %d", x.Number); err != nil {
				return err
			}
			var matched int64
			for _, p := range b.passings {
				if p.Exit == x.ID && int64(p.Lot) == l.Lot.Lot && p.Voided == 0 {
					matched += p.Shares
				}
			}
			if matched != l.Passed || l.Shares+l.Passed != l.Announced || l.Shares < 0 {
				return fmt.Errorf("exit %d: of %d shares of lot %d %d are matched, %d to be refunded", x.Number, l.Announced,
					l.Lot.Lot, matched, l.Shares)
			}
		}
	}
	return nil
}

// papersTrue sums the movements that each certificate knew, up to its day.
func (b books) papersTrue() error {
	for _, c := range b.papers {
		held := b.sums(func(m register.Movement) bool {
			return m.Cooperator == c.Holder && m.Number <= c.Through && !m.Day.After(c.Day)
		})
		said := map[parcel]move{}
		for _, l := range c.Facts.Lots {
			said[parcel{c.Holder, l.Lot}] = move{l.Shares, l.Paid}
		}
		for at, has := range held {
			if c.Lot != 0 && at.lot != c.Lot {
				continue
			}
			if said[at] != has && has.shares != 0 {
				return fmt.Errorf("certificate %d says %d shares, %s paid, of lot %s; the movements make %d and %s", c.Number,
					said[at].shares, said[at].paid, at.lot, has.shares, has.paid)
			}
			delete(said, at)
		}
		if len(said) > 0 {
			return fmt.Errorf("certificate %d speaks of %d lots that the movements do not know", c.Number, len(said))
		}
	}
	return b.yearsTrue()
}

// yearsTrue: what was held when a statement's year began and what moved in it make what was held at its end.
func (b books) yearsTrue() error {
	for _, c := range b.papers {
		if c.Kind != certificate.Year {
			continue
		}
		var begun, moved move
		for _, l := range c.Facts.Before {
			begun.shares, begun.paid = begun.shares+l.Shares, begun.paid+l.Paid
		}
		for _, m := range c.Facts.Moves {
			moved.shares, moved.paid = moved.shares+m.Shares, moved.paid+m.Paid
		}
		if begun.shares+moved.shares != c.Facts.Shares() || begun.paid+moved.paid != c.Facts.Paid() {
			return fmt.Errorf("statement %d: %d shares and %d more make %d", c.Number, begun.shares, moved.shares,
				c.Facts.Shares())
		}
	}
	return nil
}

// moneySums: each receipt is used and free to the cent, each due received what its entries say, each credit is paid,
// given up or open; what is owed is what is free and what is open.
func (b books) moneySums() error {
	uses := map[payment.ReceiptID]money.Cents{}
	received := map[payment.DueID]money.Cents{}
	settled := map[payment.CreditID]money.Cents{}
	var arrived, used, free, open, owed money.Cents
	for _, e := range b.entries {
		uses[e.Receipt] += e.Cents
		received[e.Due] += e.Cents
		settled[e.Credit] += e.Cents
		if e.Receipt != "" {
			used += e.Cents
		}
	}
	for _, got := range b.receipts {
		if got.Free() < 0 || uses[got.ID]+got.Free() != got.Cents {
			return fmt.Errorf("receipt %d of %s: %s are used, %s free", got.Number, got.Cents, uses[got.ID], got.Free())
		}
		arrived, free = arrived+got.Cents, free+got.Free()
	}
	for _, d := range b.dues {
		if d.Received() < 0 || d.Received() > d.Cents || received[d.ID] != d.Received() {
			return fmt.Errorf("due %d of %s received %s, its entries say %s", d.Number, d.Cents, d.Received(), received[d.ID])
		}
	}
	for _, c := range b.credits {
		if c.Open() < 0 || settled[c.ID]+c.Open() != c.Cents {
			return fmt.Errorf("credit %d of %s: %s are settled, %s open", c.Number, c.Cents, settled[c.ID], c.Open())
		}
		open += c.Open()
	}
	for _, o := range b.owed {
		owed += o.Cents
	}
	if used+free != arrived || owed != free+open {
		return fmt.Errorf("%s arrived, %s are used and %s free; %s are open, %s owed", arrived, used, free, open, owed)
	}
	return nil
}

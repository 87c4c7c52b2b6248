package sim

import (
	"fmt"

	"lieux/base/civil"
	"lieux/register"
)

// line is a movement as the life remembers it.
type line struct {
	number    register.MovementNumber
	kind      register.Kind
	holder    register.Number
	class     int
	lot       register.MovementNumber
	move                 // signed
	day, told civil.Date // when it took effect, when it was recorded
}

// account is one holder's shares of one class.
type account struct {
	holder register.Number
	class  int
}

// ledger is the register kept a second time, by adding only: what the rooms say is compared with it.
type ledger struct {
	lines   []line
	held    map[account]move
	issued  int64
	holding int64 // numbers that hold a share
	touched []account
}

func newLedger() ledger { return ledger{held: map[account]move{}} }

// take adds a movement, and refuses one that no register may hold.
func (g *ledger) take(m register.Movement, class int, today civil.Date) error {
	if int(m.Number) != len(g.lines)+1 || m.RecordedOn != today {
		return fmt.Errorf("movement %d of %s follows %d, on %s", m.Number, m.RecordedOn, len(g.lines), today)
	}
	at := account{m.Cooperator, class}
	before := g.shares(m.Cooperator)
	h := g.held[at]
	h.shares, h.paid = h.shares+m.Shares, h.paid+m.Paid
	g.held[at] = h
	g.issued += m.Shares
	switch after := before + m.Shares; {
	case before == 0 && after > 0:
		g.holding++
	case before > 0 && after == 0:
		g.holding--
	}
	g.touched = append(g.touched, at)
	g.lines = append(g.lines, line{number: m.Number, kind: m.Kind, holder: m.Cooperator, class: class, lot: m.Lot,
		move: move{m.Shares, m.Paid}, day: m.Day, told: m.RecordedOn})
	return nil
}

// shares of all classes; there are two.
func (g *ledger) shares(n register.Number) int64 {
	return g.held[account{n, 0}].shares + g.held[account{n, 1}].shares
}

func (g *ledger) now(n register.Number, class int) move { return g.held[account{n, class}] }

func (g *ledger) heads() int64 { return g.holding }

// some is a movement among the latest that were no corrections.
func (g *ledger) some(lot func(int) int) line {
	for {
		back := min(len(g.lines), 400)
		l := g.lines[len(g.lines)-1-lot(back)]
		if l.kind == register.Issued || l.kind == register.TransferOut || l.kind == register.Redeemed {
			return l
		}
	}
}

// on sums up who held what on a day, as it was known on another; zero is everything recorded.
func (g *ledger) on(day, known civil.Date) map[account]move {
	sums := map[account]move{}
	for _, l := range g.lines {
		if l.day.After(day) || !known.IsZero() && l.told.After(known) {
			continue
		}
		at := account{l.holder, l.class}
		h := sums[at]
		if h = (move{h.shares + l.shares, h.paid + l.paid}); h == (move{}) {
			delete(sums, at)
			continue
		}
		sums[at] = h
	}
	return sums
}

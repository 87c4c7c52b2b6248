package register

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"lieux/base/civil"
	"lieux/base/money"
	"lieux/base/store"
)

// maxFindings keeps the report of a wholly damaged register readable.
const maxFindings = 1000

// Audit looks for what can never be if every movement came through a verb: gaps in the numbers, halves of transfers
// that do not sum to zero, lots with fewer than no shares or too much paid, days of recording that run backwards,
// snapshots that are not the sums they say. It is for `lieux check`, beside the seals.
func Audit(r store.Reader) ([]store.Finding, error) {
	a := &audit{r: r}
	for _, look := range []func() error{a.classes, a.counters, a.numbers, a.transfers, a.lots, a.splits,
		a.snapshots} {
		if err := look(); err != nil {
			return nil, fmt.Errorf("register: audit: %w", err)
		}
	}
	return a.found, nil
}

// checks are the audit as the store asks for it.
func checks(r store.Reader, found func(store.Finding)) error {
	list, err := Audit(r)
	for _, f := range list {
		found(f)
	}
	return err
}

type audit struct {
	r     store.Reader
	found []store.Finding
}

func (a *audit) add(code string, n MovementNumber, format string, args ...any) {
	if len(a.found) < maxFindings {
		a.found = append(a.found, store.Finding{Code: code, Kind: "movement", ID: n.String(),
			Detail: fmt.Sprintf(format, args...)})
	}
}

// classes are as the journal last said: their words may change, and each change is a line.
func (a *audit) classes() error {
	list, err := Classes(a.r)
	if err != nil {
		return err
	}
	for _, c := range list {
		entries, err := store.Entries(a.r, store.Filter{About: c.ID.Ref()})
		if err != nil {
			return err
		}
		i := slices.IndexFunc(entries, func(e store.Entry) bool { return e.Args["after"] != nil })
		if i < 0 {
			continue // defined as part of a larger act, whose line speaks of the whole
		}
		said, err := json.Marshal(entries[i].Args["after"])
		if err != nil {
			return err
		}
		stands, err := json.Marshal(c.words())
		if err != nil {
			return err
		}
		if !bytes.Equal(said, stands) {
			a.found = append(a.found, store.Finding{Code: "row-altered", Kind: "class", ID: string(c.ID),
				Number: entries[i].Number, Detail: "the class is not as the journal last said"})
		}
	}
	return nil
}

// counters are at least as high as the numbers given, and no movement is missing at the end.
func (a *audit) counters() error {
	last, err := store.One(a.r, qLastMovement, store.Number)
	if err != nil {
		return err
	}
	given, _, err := store.Find(a.r, qCounter, store.Number, movementCounter)
	if err == nil && given != last {
		a.add("register-gap", MovementNumber(given), "the counter stands at %d, the last movement is %d", given, last)
	}
	return err
}

// numbers follow each other from 1, and the days of recording with them.
func (a *audit) numbers() error {
	var before MovementNumber
	var recorded civil.Date
	return store.Each(a.r, qAuditNumbers, func(row store.Row) error {
		var n MovementNumber
		var on civil.Date
		if err := row.Scan(&n, &on); err != nil {
			return err
		}
		if n != before+1 {
			a.add("register-gap", n, "it follows number %d", before)
		}
		if on.Before(recorded) {
			a.add("register-order", n, "recorded on %s, after one recorded on %s", on, recorded)
		}
		before, recorded = n, on
		return nil
	})
}

func (a *audit) transfers() error {
	return store.Each(a.r, qAuditTransfers, func(row store.Row) error {
		var pair MovementNumber
		var shares, paid int64
		if err := row.Scan(&pair, &shares, &paid); err != nil {
			return err
		}
		a.add("register-transfer", pair, "its halves sum to %d shares and %s", shares, money.Cents(paid))
		return nil
	})
}

func (a *audit) lots() error {
	w, err := worthOf(a.r, everything)
	if err != nil {
		return err
	}
	acc, class := account{}, ClassID("")
	flush := func() {
		if err := acc.whole(); err != nil {
			a.add("register-lot", acc.lots[0].number, "%v", err)
		}
		acc.lots = acc.lots[:0]
	}
	err = store.Each(a.r, qAuditLots, func(row store.Row) error {
		var l lot
		var m mark
		var n Number
		var of ClassID
		if err := row.Scan(&n, &of, &l.number, &m.day, &m.shares, &m.paid); err != nil {
			return err
		}
		l.nominal = w[of]
		if n != acc.holder || of != class || len(acc.lots) > 0 && acc.lots[0].number != l.number {
			flush()
			acc.holder, class = n, of
		}
		if len(acc.lots) == 0 {
			acc.lots = append(acc.lots, l)
		}
		acc.lots[0].marks = append(acc.lots[0].marks, m)
		return nil
	})
	flush()
	return err
}

// splits: shares at their nominal amount are worth the same before a split and after it.
func (a *audit) splits() error {
	w, err := worthOf(a.r, everything)
	if err != nil {
		return err
	}
	for class, all := range w {
		for i, s := range all[1:] {
			var before, gained int64
			scan := func(row store.Row) (struct{}, error) { return struct{}{}, row.Scan(&before, &gained) }
			if _, err := store.One(a.r, qSplitSums, scan, string(class), s.since.String()); err != nil {
				return err
			}
			if before*int64(all[i].nominal) != (before+gained)*int64(s.nominal) {
				a.add("register-split", s.operation, "%d shares at %s became %d at %s", before, all[i].nominal, before+gained,
					s.nominal)
			}
		}
	}
	return nil
}

// snapshots are derived, so they are not sealed: they are summed again.
func (a *audit) snapshots() error {
	kept, err := Snapshots(a.r)
	if err != nil {
		return err
	}
	for _, s := range kept {
		again, quick := &Roll{Day: s.Day, Through: s.Through}, &Roll{Day: s.Day, Through: s.Through}
		if err := again.fromMovements(a.r); err != nil {
			return err
		}
		if err := quick.since(a.r, s); err != nil && !errors.Is(err, errSnapshot) {
			return err
		}
		if !bytes.Equal(again.pack(), quick.pack()) {
			a.add("register-snapshot", s.Through, "the snapshot of %v is not the sum of the movements", s.Day)
		}
	}
	return nil
}

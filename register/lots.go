package register

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/base/money"
	"lieux/base/store"
)

// Format is a form in which the register is given out.
type Format string

// The formats. The last two are journals of plain-text accounting in which each issue is a lot.
const (
	CSV       Format = "csv"
	XLSX      Format = "xlsx"
	JSON      Format = "json"
	Hledger   Format = "hledger"
	Beancount Format = "beancount"
)

// Formats lists them.
var Formats = []Format{CSV, XLSX, JSON, Hledger, Beancount}

// WriteJournal writes every movement up to a day, as known on another (the zero date: now), as a journal that hledger
// or bean-check accepts and from which they compute the same holdings. Cooperators stand under their numbers (M0012):
// the file names nobody.
func WriteJournal(w io.Writer, r store.Reader, day, known civil.Date, format Format) error {
	through, err := Through(r, known)
	if err != nil {
		return err
	}
	j, err := newLotJournal(r, day.Last(), through, format)
	if err != nil {
		return err
	}
	j.out = bufio.NewWriter(w)
	j.open()
	var today []entry // of one day, not yet written
	err = store.Each(r, qJournal, func(row store.Row) error {
		m, err := scanMovement(row)
		if err != nil {
			return err
		}
		if len(today) > 0 && today[0].day != m.Day {
			j.writeDay(today)
			today = today[:0]
		}
		if j.splits[m.Number] || j.splits[m.Corrects] {
			return nil // written for all lots at once, when the day comes
		}
		if n := len(today); n > 0 && m.Pair != 0 && today[n-1].pair == m.Pair && today[n-1].corrects == pairOf(m) {
			today[n-1].moves = append(today[n-1].moves, m)
			return nil
		}
		today = append(today, entry{day: m.Day, pair: m.Pair, corrects: pairOf(m), moves: []Movement{m}})
		return nil
	}, j.day.String(), int64(through))
	if err != nil {
		return err
	}
	j.writeDay(today)
	j.writeSplits(j.day)
	if err := j.out.Flush(); err != nil {
		return fmt.Errorf("register: journal: %w", err)
	}
	return nil
}

// pairOf tells the halves of two corrections of one pair from those of the pair itself.
func pairOf(m Movement) bool { return m.Corrects != 0 }

// entry is one transaction of the journal: a movement, or the two halves of a transfer.
type entry struct {
	day      civil.Date
	pair     MovementNumber
	corrects bool
	moves    []Movement
}

// place is a lot of a class in the hands of a cooperator.
type place struct {
	holder Number
	class  ClassID
	lot    MovementNumber
}

type lotJournal struct {
	out     *bufio.Writer
	format  Format
	day     civil.Date
	classes map[ClassID]ShareClass
	nominal worth
	splits  map[MovementNumber]bool // movements that follow a split or consolidation
	split   civil.Date              // the last day through which those were written
	issued  map[MovementNumber]civil.Date
	first   map[Number]civil.Date // of each cooperator
	held    map[place]int64
	begins  civil.Date
}

func newLotJournal(r store.Reader, day civil.Date, through MovementNumber, format Format) (*lotJournal, error) {
	j := &lotJournal{format: format, day: day, classes: map[ClassID]ShareClass{}, issued: map[MovementNumber]civil.Date{},
		first: map[Number]civil.Date{}, held: map[place]int64{}, splits: map[MovementNumber]bool{}}
	classes, err := Classes(r)
	if err != nil {
		return nil, err
	}
	if j.nominal, err = worthOf(r, through); err != nil {
		return nil, err
	}
	err = store.Each(r, qSplitNumbers, func(row store.Row) error {
		var n MovementNumber
		err := row.Scan(&n)
		j.splits[n] = true
		return err
	}, int64(through))
	if err != nil {
		return nil, err
	}
	for _, c := range classes {
		j.classes[c.ID] = c
		if j.begins.IsZero() || c.Since.Before(j.begins) {
			j.begins = c.Since
		}
	}
	err = store.Each(r, qJournalLots, func(row store.Row) error {
		var n MovementNumber
		var d civil.Date
		err := row.Scan(&n, &d)
		j.issued[n] = d
		return err
	}, j.day.String(), int64(through))
	if err != nil {
		return nil, err
	}
	return j, store.Each(r, qJournalHolders, func(row store.Row) error {
		var n Number
		var d civil.Date
		err := row.Scan(&n, &d)
		j.first[n] = d
		return err
	}, j.day.String(), int64(through))
}

// member is the name of a cooperator in accounts: M0012.
func member(n Number) string { return fmt.Sprintf("M%04d", int64(n)) }

// commodity is the name of a class: PARTA. Letters only, because hledger would want quotes around anything else.
func commodity(c ClassID) string { return "PART" + string(c) }

var accounts = []string{"Assets:Parts:", "Equity:Paid:", "Liabilities:Unpaid:"}

// open writes the head: commodities and accounts.
func (j *lotJournal) open() {
	numbers := make([]Number, 0, len(j.first))
	for n := range j.first {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	var letters []string
	for _, c := range j.classes {
		letters = append(letters, string(c.ID))
	}
	slices.Sort(letters)
	if j.format == Hledger {
		j.line("; Register of shares up to %s. Read it with hledger; decimals have a point.", j.day)
		j.line("decimal-mark .")
		j.line("commodity 1000.00 EUR")
		for _, c := range letters {
			j.line("commodity 1000. %s", commodity(ClassID(c)))
		}
		for _, account := range accounts {
			for _, n := range numbers {
				j.line("account %s%s", account, member(n))
			}
		}
		return
	}
	j.line("; Register of shares up to %s. Read it with bean-check or bean-query.", j.day)
	j.line(`option "operating_currency" "EUR"`)
	var shares []string
	for _, c := range letters {
		j.line("%s commodity %s", j.begins, commodity(ClassID(c)))
		shares = append(shares, commodity(ClassID(c)))
	}
	for _, n := range numbers {
		j.line(`%s open %s%s %s "STRICT"`, j.first[n], accounts[0], member(n), strings.Join(shares, ","))
		j.line("%s open %s%s EUR", j.first[n], accounts[1], member(n))
		j.line("%s open %s%s EUR", j.first[n], accounts[2], member(n))
	}
}

// line writes one line; errors are kept until Flush.
func (j *lotJournal) line(format string, args ...any) {
	fmt.Fprintf(j.out, format, args...)
	j.out.WriteByte('\n')
}

// writeDay writes the entries of one day in an order in which no lot is missing in between: by number, but each waits
// until what it gives away is there. A holding is what it is at the end of a day; the journals are read entry by entry.
// Entries that wait for one another are written as one, with their sums.
func (j *lotJournal) writeDay(entries []entry) {
	if len(entries) > 0 {
		j.writeSplits(entries[0].day)
	}
	for len(entries) > 0 {
		i := slices.IndexFunc(entries, j.possible)
		if i < 0 {
			j.write(summed(entries))
			return
		}
		j.write(entries[i])
		entries = slices.Delete(entries, i, i+1)
	}
}

func (j *lotJournal) possible(e entry) bool {
	for _, m := range e.moves {
		if m.Shares < 0 && j.held[place{m.Cooperator, m.Class, m.Lot}]+m.Shares < 0 {
			return false
		}
	}
	return true
}

// summed makes one entry of several: what each cooperator gains of each lot in all.
func summed(entries []entry) entry {
	var sums []Movement
	for _, e := range entries {
		for _, m := range e.moves {
			i := slices.IndexFunc(sums, func(s Movement) bool {
				return s.Cooperator == m.Cooperator && s.Lot == m.Lot && s.Class == m.Class
			})
			if i < 0 {
				sums = append(sums, m)
				continue
			}
			sums[i].Shares += m.Shares
			sums[i].Paid += m.Paid
		}
	}
	slices.SortStableFunc(sums, func(a, b Movement) int { return cmp.Compare(a.Shares, b.Shares) }) // what is given first
	return entry{day: entries[0].day, moves: sums}
}

func (j *lotJournal) write(e entry) {
	first := e.moves[0]
	what := string(first.Kind) + " n" + first.Number.String()
	if first.Corrects != 0 {
		what += " of n" + first.Corrects.String()
	}
	if j.format == Hledger {
		j.line("\n%s * %s | %s", e.day, member(first.Cooperator), what)
	} else {
		j.line("\n%s * %q %q", e.day, member(first.Cooperator), what)
	}
	for _, m := range e.moves {
		j.post(m)
	}
}

// writeSplits writes the splits and consolidations that took effect by a day and are not written yet, before all else
// of their day: each lot goes out at its old nominal amount and comes in at the new one.
func (j *lotJournal) writeSplits(until civil.Date) {
	type change struct {
		class ClassID
		step
		before money.Cents
	}
	var due []change
	for class, all := range j.nominal {
		for i, s := range all[1:] {
			if s.since.After(j.split) && !s.since.After(until) {
				due = append(due, change{class, s, all[i].nominal})
			}
		}
	}
	j.split = until
	slices.SortFunc(due, func(a, b change) int {
		return cmp.Or(a.since.Compare(b.since), cmp.Compare(a.class, b.class))
	})
	for _, c := range due {
		var places []place
		for p, held := range j.held {
			if p.class == c.class && held != 0 {
				places = append(places, p)
			}
		}
		slices.SortFunc(places, func(a, b place) int {
			return cmp.Or(cmp.Compare(a.holder, b.holder), cmp.Compare(a.lot, b.lot))
		})
		for _, p := range places {
			into := j.held[p] * int64(c.before) / int64(c.nominal)
			if j.format == Hledger {
				j.line("\n%s * %s | %s n%s", c.since, member(p.holder), Split, c.operation)
			} else {
				j.line("\n%s * %q %q", c.since, member(p.holder), string(Split)+" n"+c.operation.String())
			}
			j.shares(p, -j.held[p], c.before)
			j.shares(p, into, c.nominal)
			j.held[p] = into
		}
	}
}

// shares writes the leg of a number of shares at a nominal amount.
func (j *lotJournal) shares(p place, n int64, nominal money.Cents) {
	if j.format == Hledger {
		j.line("  %s%s  %d %s @ %s EUR  ; lot n%d of %s", accounts[0], member(p.holder), n, commodity(p.class), nominal,
			p.lot, j.issued[p.lot])
		return
	}
	j.line(`  %s%s  %d %s {%s EUR, %s, "n%d"}`, accounts[0], member(p.holder), n, commodity(p.class), nominal,
		j.issued[p.lot], p.lot)
}

// post writes the legs of one movement, which sum to zero: the shares at their nominal amount, what is paid, what is
// not.
func (j *lotJournal) post(m Movement) {
	p := place{m.Cooperator, m.Class, m.Lot}
	j.held[p] += m.Shares
	nominal := j.nominal[m.Class].on(m.Day)
	if m.Shares != 0 {
		j.shares(p, m.Shares, nominal)
	}
	worth := money.Cents(m.Shares) * nominal
	for i, amount := range []money.Cents{-m.Paid, m.Paid - worth} {
		if amount != 0 {
			j.line("  %s%s  %s EUR", accounts[i+1], member(m.Cooperator), amount)
		}
	}
}

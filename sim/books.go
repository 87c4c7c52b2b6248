package sim

import (
	"lieux/base/civil"
	"lieux/base/store"
	"lieux/certificate"
	"lieux/leaving"
	"lieux/payment"
	"lieux/register"
	"lieux/subscription"
)

// books are all that the rooms keep about shares and money, read at once: the checks on them are pure.
type books struct {
	today     civil.Date
	classes   []register.ShareClass
	movements map[register.MovementNumber]register.Movement
	order     []register.MovementNumber
	requests  []subscription.Request
	steps     map[subscription.RequestID][]subscription.Step
	dues      map[payment.DueID]payment.Due
	receipts  []payment.Receipt
	entries   []payment.Entry
	credits   []payment.Credit
	owed      []payment.Owed
	exits     []leaving.Exit
	turns     map[leaving.ExitID][]leaving.Step
	passings  []leaving.Passing
	papers    []certificate.Certificate
}

// open reads the books.
func open(r store.Reader) (b books, err error) {
	b = books{today: r.Today(), movements: map[register.MovementNumber]register.Movement{},
		steps: map[subscription.RequestID][]subscription.Step{}, dues: map[payment.DueID]payment.Due{},
		turns: map[leaving.ExitID][]leaving.Step{}}
	for _, read := range []func(store.Reader) error{b.readRegister, b.readRequests, b.readMoney, b.readExits} {
		if err := read(r); err != nil {
			return b, err
		}
	}
	b.papers, _, err = certificate.List(r, certificate.Search{})
	return b, err
}

func (b *books) readRegister(r store.Reader) (err error) {
	if b.classes, err = register.Classes(r); err != nil {
		return err
	}
	return register.EachMovement(r, register.Search{Oldest: true}, func(m register.Movement) error {
		b.movements[m.Number], b.order = m, append(b.order, m.Number)
		return nil
	})
}

func (b *books) readRequests(r store.Reader) (err error) {
	if b.requests, err = subscription.Requests(r); err != nil {
		return err
	}
	for _, q := range b.requests {
		if b.steps[q.ID], err = subscription.Steps(r, q.ID); err != nil {
			return err
		}
	}
	return nil
}

func (b *books) readMoney(r store.Reader) error {
	dues, _, err := payment.SearchDues(r, payment.DueFilter{})
	if err != nil {
		return err
	}
	for _, d := range dues {
		b.dues[d.ID] = d
	}
	if b.receipts, _, err = payment.SearchReceipts(r, payment.ReceiptFilter{}); err != nil {
		return err
	}
	for _, got := range b.receipts {
		entries, err := payment.EntriesOf(r, got.ID)
		if err != nil {
			return err
		}
		b.entries = append(b.entries, entries...)
	}
	b.owed, err = payment.Queue(r)
	return err
}

func (b *books) readExits(r store.Reader) (err error) {
	if b.exits, err = leaving.Exits(r); err != nil {
		return err
	}
	for _, x := range b.exits {
		if b.turns[x.ID], err = leaving.Steps(r, x.ID); err != nil {
			return err
		}
		credits, err := leaving.Debts(r, x.ID)
		if err != nil {
			return err
		}
		b.credits = append(b.credits, credits...)
		for _, c := range credits {
			entries, err := payment.EntriesFor(r, c.ID)
			if err != nil {
				return err
			}
			b.entries = append(b.entries, entries...)
		}
	}
	b.passings, err = leaving.AllPassings(r)
	return err
}

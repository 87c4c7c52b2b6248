package payment

import (
	"strings"

	"lieux/base/civil"
	"lieux/base/fold"
	"lieux/base/money"
	"lieux/base/store"
)

// ReceiptFilter chooses receipts; the zero filter chooses all.
type ReceiptFilter struct {
	From, Until   civil.Date
	Text          string // of payer, communication, account, or figures of a structured communication
	Free          bool   // only those of which something is free
	Offset, Limit int64  // Limit 0: all
}

// Sums of a list of receipts.
type Sums struct {
	Count       int64
	Cents, Free money.Cents
}

const everything = int64(1) << 40 // more rows than there are, and more cents

// SearchReceipts lists receipts, the latest first, with the sums of the whole list.
func SearchReceipts(r store.Reader, f ReceiptFilter) (list []Receipt, sums Sums, err error) {
	from, until := f.From.String(), f.Until.String()
	if until == "" {
		until = "9999"
	}
	least := int64(0)
	if f.Free {
		least = 1
	}
	if f.Limit == 0 {
		f.Limit = everything
	}
	args := []any{from, until, int64(0), int64(money.Max), pattern(f.Text), least}
	sums, err = store.One(r, qSearchSums, func(row store.Row) (s Sums, err error) {
		return s, row.Scan(&s.Count, &s.Cents, &s.Free)
	}, args...)
	if err != nil {
		return nil, sums, err
	}
	list, err = store.List(r, qSearch, scanReceipt, append(args, f.Limit, f.Offset)...)
	return list, sums, err
}

// pattern is what the database looks for: the figures of a communication or an account, else folded words.
func pattern(text string) string {
	if found := FindOGMs(text); len(found) > 0 {
		return "%" + string(found[0]) + "%"
	}
	if iban := ReadIBAN(text); iban.Right() {
		return "%" + strings.ToLower(string(iban)) + "%"
	}
	if text = fold.Text(text); text == "" {
		return ""
	}
	return "%" + text + "%"
}

// DueFilter chooses dues; the zero filter chooses all.
type DueFilter struct {
	States        []State
	LateOn        civil.Date // only those with an instalment that should have been paid before this day
	Text          string     // of the person's name, the number or the communication
	Offset, Limit int64
}

// DueSums are the sums of a list of dues.
type DueSums struct {
	Count           int64
	Cents, Received money.Cents
}

// SearchDues lists dues, the latest first, with the sums of the whole list.
func SearchDues(r store.Reader, f DueFilter) (list []Due, sums DueSums, err error) {
	states := ""
	for _, s := range f.States {
		states += "," + string(s)
	}
	if states != "" {
		states += ","
	}
	if f.Limit == 0 {
		f.Limit = everything
	}
	args := []any{states, f.LateOn.String(), pattern(f.Text), strings.TrimSpace(f.Text)}
	sums, err = store.One(r, qFindDueSums, func(row store.Row) (s DueSums, err error) {
		return s, row.Scan(&s.Count, &s.Cents, &s.Received)
	}, args...)
	if err != nil {
		return nil, sums, err
	}
	list, err = dues(r, qFindDues, append(args, f.Limit, f.Offset)...)
	return list, sums, err
}

package payment

import (
	"slices"
	"strconv"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
)

// keptYears is how long the evidence of the books is kept, from the first day of the year after (CDE, article III.86).
const keptYears = 7

// Retains is the duty to keep who paid: the evidence of the books. It is for people.Hooks.Retain.
func Retains(r store.Reader, person people.PersonID) (fault.Refusals, error) {
	list, err := DuesOf(r, person)
	if err != nil {
		return nil, err
	}
	var last civil.Date
	for _, d := range list {
		entries, err := EntriesOfDue(r, d.ID)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if last.IsZero() || e.On.After(last) {
				last = e.On
			}
		}
	}
	if last.IsZero() {
		return nil, nil
	}
	until := civil.Day(last.Year()+keptYears, 12, 31)
	if r.Today().After(until) {
		return nil, nil
	}
	return fault.Refusals{fault.Refuse("payment.refusal.books", "until", until).By("CDE III.86")}, nil
}

// Known is what this room knows about a person: what they were asked to pay, and what was received for it. It is for
// people.Hooks.Known, which asks for each record of the person.
func Known(r store.Reader, person people.PersonID) ([]people.Section, error) {
	list, err := dues(r, qDuesOf, string(person))
	if err != nil {
		return nil, err
	}
	asked := people.Section{Title: lang.Say("payment.known.dues"),
		Heads: heads("number", "asked", "label", "amount", "state")}
	paid := people.Section{Title: lang.Say("payment.known.payments"),
		Heads: heads("number", "day", "amount", "payer", "iban", "message")}
	for _, d := range list {
		asked.Rows = append(asked.Rows, []any{strconv.FormatInt(d.Number, 10), d.AskedOn, d.Label, d.Cents, d.state.Words()})
		entries, err := EntriesOfDue(r, d.ID)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			got, err := ReceiptByID(r, e.Receipt)
			if err != nil {
				return nil, err
			}
			paid.Rows = append(paid.Rows, []any{strconv.FormatInt(d.Number, 10), e.On, e.Cents, got.Payer, got.IBAN.String(),
				got.Message})
		}
	}
	owed := people.Section{Title: lang.Say("payment.known.credits"),
		Heads: heads("number", "day", "label", "amount", "open")}
	credits, err := store.List(r, qCreditsOf, scanCredit, string(person))
	if err != nil {
		return nil, err
	}
	for _, c := range credits {
		owed.Rows = append(owed.Rows, []any{strconv.FormatInt(c.Number, 10), c.OwedOn, c.Label, c.Cents, c.open})
	}
	empty := func(s people.Section) bool { return len(s.Rows) == 0 }
	return slices.DeleteFunc([]people.Section{asked, paid, owed}, empty), nil
}

func heads(codes ...string) (list []lang.Phrase) {
	for _, c := range codes {
		list = append(list, lang.Say("payment.known."+c))
	}
	return list
}

// Retentions covers every column of this room's tables: why it is kept, and for how long.
var Retentions = []people.Retention{
	keep("payment_account", "account", "none", "always", false, "id", "from_on", "iban", "bic", "beneficiary", "at",
		"by_person"),
	keep("payment_rule", "rule", "none", "always", false, "id", "from_on", "first_days", "between_days", "reminders",
		"lapse_days", "at", "by_person"),
	keep("payment_due", "due", "law", "ten", false, "id", "number", "ogm", "person", "cents", "reason", "subject_kind",
		"subject_id", "label", "asked_on", "at", "by_person"),
	keep("payment_plan", "plan", "law", "ten", false, "id", "due", "terms", "why", "at", "by_person"),
	keep("payment_end", "end", "law", "ten", false, "due", "kind", "on_day", "why", "at", "by_person"),
	keep("payment_standing", "standing", "law", "ten", false, "due", "received", "state", "next_on", "next_cents"),
	keep("payment_file", "file", "law", "ten", false, "id", "name", "hash", "bank", "lines", "taken", "posted", "cents",
		"at", "by_person"),
	keep("payment_receipt", "receipt", "law", "ten", false, "id", "number", "on_day", "cents", "way", "reference", "file",
		"line", "promise", "at", "by_person"),
	keep("payment_receipt", "payer", "law", "ten", true, "salt", "payer", "iban", "message"),
	keep("payment_rest", "standing", "law", "ten", false, "receipt", "free"),
	keep("payment_rest", "payer", "law", "ten", true, "words"),
	keep("payment_credit", "credit", "law", "ten", false, "id", "number", "person", "cents", "reason", "subject_kind",
		"subject_id", "label", "owed_on", "pay_by", "at", "by_person"),
	keep("payment_entry", "entry", "law", "ten", false, "id", "kind", "receipt", "due", "credit", "cents", "on_day",
		"undoes", "reasons", "why", "at", "by_person"),
	keep("payment_batch", "batch", "law", "ten", false, "id", "number", "letters", "at", "by_person"),
	keep("payment_letter", "letter", "law", "ten", false, "id", "due", "kind", "place", "on_day", "cents", "account",
		"language", "channel", "at", "by_person"),
	keep("payment_dispatch", "dispatch", "law", "ten", false, "letter", "batch", "sent_at", "tries", "failed_at"),
	keep("payment_dispatch", "trouble", "law", "ten", true, "trouble"),
	keep("payment_layout", "layout", "none", "always", false, "fingerprint", "mapping", "at"),
	keep("payment_upload", "upload", "interest", "day", true, "id", "name", "person", "at", "content"),
}

func keep(table, what, ground, term string, erased bool, columns ...string) people.Retention {
	length := lang.Say("people.term." + term)
	if term == "day" {
		length = lang.Say("payment.term.day")
	}
	return people.Retention{Table: table, Columns: columns, What: lang.Say("payment.keeps." + what),
		Ground: lang.Say("people.ground." + ground), Term: length, Erased: erased}
}

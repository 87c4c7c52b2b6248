package subscription

import (
	"strconv"

	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
)

// Known is what this room knows about a person: what they asked for, or pay for, and what was typed then. It is for
// people.Hooks.Known, which asks for each record of the person.
func Known(r store.Reader, id people.PersonID) ([]people.Section, error) {
	list, err := store.List(r, qRequestsOf, scanRequest, string(id))
	if err != nil || len(list) == 0 {
		return nil, err
	}
	s := people.Section{Title: lang.Say("subscription.known")}
	for _, code := range []string{"number", "day", "class", "shares", "amount", "state", "typed"} {
		s.Heads = append(s.Heads, lang.Say("subscription.known."+code))
	}
	for _, q := range list {
		typed := ""
		if q.Person == id && !q.Typed.Applicant.Empty() {
			typed = q.Typed.Applicant.line() + typedMessage(q.Typed)
		}
		s.Rows = append(s.Rows, []any{strconv.FormatInt(q.Number, 10), q.SentAt.On(r.Zone()), string(q.Class), q.Shares,
			q.Amount(), q.State.Words(), typed})
	}
	return []people.Section{s}, nil
}

// line is somebody as typed, on one line.
func (s Someone) line() string {
	text := ""
	for _, part := range []string{s.Full(), s.Birth.String(), s.Form, s.Enterprise, s.Street, s.Postcode, s.Town,
		s.Country,
		s.Email, s.Phone, s.IBAN} {
		if part != "" && text != "" {
			text += ", "
		}
		text += part
	}
	return text
}

func typedMessage(t Typed) string {
	if t.Message == "" {
		return ""
	}
	return "; " + t.Message
}

// Retentions covers every column of this room's tables: why it is kept, and for how long.
var Retentions = []people.Retention{
	keep("subscription_form", "form", "law", "ten", false, "number", "due", "ogm", "class", "language", "printed",
		"author",
		"spoiled", "why"),
	keep("subscription_request", "request", "law", "ten", false, "id", "number", "form", "channel", "language", "purpose",
		"class", "shares", "nominal", "campaign", "signed_on", "person", "payer", "scan", "due", "state", "sent", "turned"),
	keep("subscription_request", "typed", "contract", "request", true, "typed", "fingerprint", "words"),
	keep("subscription_step", "step", "law", "ten", false, "id", "request", "position", "state", "day", "shares",
		"decision", "movement", "why", "author", "at"),
	keep("subscription_letter", "letter", "law", "ten", false, "id", "request", "kind", "channel", "at", "author",
		"printed"),
	keep("subscription_called", "called", "law", "ten", false, "movement", "due"),
	keep("subscription_surplus", "surplus", "law", "ten", false, "credit", "due", "back"),
	keep("subscription_token", "token", "contract", "token", true, "hash", "request", "expires"),
}

func keep(table, what, ground, term string, erased bool, columns ...string) people.Retention {
	length := lang.Say("people.term." + term)
	if term == "request" || term == "token" {
		length = lang.Say("subscription.term." + term)
	}
	return people.Retention{Table: table, Columns: columns, What: lang.Say("subscription.keeps." + what),
		Ground: lang.Say("people.ground." + ground), Term: length, Erased: erased}
}

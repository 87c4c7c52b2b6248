package people

import (
	"net/mail"
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
)

// ContactKind tells e-mail addresses from telephone numbers.
type ContactKind string

// The kinds of contact.
const (
	Email ContactKind = "email"
	Phone ContactKind = "phone"
)

// Contact is one e-mail address or telephone number of a person between two dates. The same value may be that of
// several persons: an association answers at its secretary's address.
type Contact struct {
	ID       string
	Person   PersonID
	Kind     ContactKind
	Value    string // as written
	Key      string // as compared: small letters, or figures only
	From     civil.Date
	Until    civil.Date // last day; zero while it is good
	Recorded civil.Instant
}

// On says whether the contact is good on a day. A beginning known to the month or year counts from its first day:
// what is noted "since 2026" must serve at once.
func (c Contact) On(day civil.Date) bool { return covers(c.From.First(), c.Until, day) }

// covers says whether a period holds a day. A bound that is zero is open; one known to the month or year counts
// its last day (civil).
func covers(from, until, day civil.Date) bool {
	return (from.IsZero() || !from.After(day)) && (until.IsZero() || !until.Before(day))
}

// checkContact reads what a person typed as an e-mail address or a telephone number.
func checkContact(kind ContactKind, typed string) (Contact, fault.Refusals) {
	field := string(kind)
	switch kind {
	case Email:
		s, rs := tidy(field, typed, maxEmail)
		if rs != nil {
			return Contact{}, rs
		}
		a, err := mail.ParseAddress(s)
		if err != nil || a.Name != "" || a.Address != s || strings.ContainsAny(s, " ,;<>\"") ||
			!strings.Contains(after(s, "@"), ".") {
			return Contact{}, fault.Refusals{fault.Refuse("people.refusal.email", "text", brief(s)).At(field)}
		}
		return Contact{Kind: kind, Value: s, Key: emailKey(s)}, nil
	case Phone:
		s, rs := tidy(field, typed, maxPhone)
		if rs != nil {
			return Contact{}, rs
		}
		key := phoneKey(s)
		if len(key) < 8 || len(key) > 15 || strings.Trim(s, "+0123456789 ./()-") != "" { // E.164: at most 15 figures
			return Contact{}, fault.Refusals{fault.Refuse("people.refusal.phone", "text", brief(s)).At(field)}
		}
		return Contact{Kind: kind, Value: s, Key: key}, nil
	}
	return Contact{}, fault.Refusals{fault.Refuse("people.refusal.contact-kind").At(field)}
}

func after(s, sep string) string { _, rest, _ := strings.Cut(s, sep); return rest }

// emailKey is how addresses are compared. The part before @ may tell capitals apart in theory; no mail server of
// today does.
func emailKey(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// phoneKey keeps the figures and writes a Belgian number as abroad: 04 223 00 00 and +32 4 223 00 00 are one.
func phoneKey(s string) string {
	figures := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.Replace(s, "(0)", "", 1))
	switch {
	case strings.HasPrefix(strings.TrimSpace(s), "+"):
		return figures
	case strings.HasPrefix(figures, "00"):
		return figures[2:]
	case strings.HasPrefix(figures, "0"):
		return "32" + figures[1:]
	}
	return figures
}

// contacts checks those given with an enrolment.
func (e Entry) contacts() (list []Contact, rs fault.Refusals) {
	if len(e.Emails)+len(e.Phones) > maxBatch {
		return nil, fault.Refusals{fault.Refuse("people.refusal.many-contacts", "limit", maxBatch).At("email")}
	}
	read := func(kind ContactKind, typed []string) {
		for _, t := range typed {
			if strings.TrimSpace(t) == "" {
				continue
			}
			c, more := checkContact(kind, t)
			rs = append(rs, more...)
			list = append(list, c)
		}
	}
	read(Email, e.Emails)
	read(Phone, e.Phones)
	return list, rs
}

// AddContact notes an e-mail address or telephone number, good from a day (zero: unknown since when).
func AddContact(tx *store.Tx, person PersonID, kind ContactKind, value string, from civil.Date) (string, error) {
	if _, err := living(tx, person); err != nil {
		return "", err
	}
	c, rs := checkContact(kind, value)
	if err := rs.Err(); err != nil {
		return "", err
	}
	old, err := Contacts(tx, person)
	if err != nil {
		return "", err
	}
	for _, o := range old {
		if o.Kind == kind && o.Key == c.Key && o.Until.IsZero() {
			return "", fault.Refuse("people.refusal.contact-there", "text", c.Value).At(string(kind))
		}
	}
	if len(old) >= maxContacts {
		return "", fault.Refuse("people.refusal.many-contacts", "limit", maxContacts).At(string(kind))
	}
	c.ID, c.Person, c.From, c.Recorded = tx.ID(), person, from, tx.Now()
	if err := insertContact(tx, c); err != nil {
		return "", err
	}
	tx.Record(store.Line{About: []store.Ref{person.Ref()}, Args: map[string]any{"value": c.Value}, Private: true})
	return c.ID, rekey(tx, person)
}

// maxContacts is how many contacts one person's record holds, old ones too.
const maxContacts = 100

// EndContact says that a contact is good no longer after a day. It stays in the record: convocations sent to it
// must be explained later.
func EndContact(tx *store.Tx, id string, last civil.Date) error {
	c, found, err := store.Find(tx, qContact, scanContact, id)
	if err != nil {
		return err
	}
	if !found {
		return fault.Refuse("people.refusal.unknown-contact")
	}
	if last.IsZero() || !c.Until.IsZero() || !c.From.IsZero() && last.Before(c.From.First()) {
		return fault.Refuse("people.refusal.contact-end", "from", c.From).At("until")
	}
	if _, err := tx.Exec(qEndContact, id, last); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{c.Person.Ref()}, Private: true,
		Args: map[string]any{"value": c.Value, "last_on": last.String()}})
	return rekey(tx, c.Person)
}

// Contacts are all contacts of a person, those good now first.
func Contacts(r store.Reader, person PersonID) ([]Contact, error) {
	return store.List(r, qContacts, scanContact, string(person))
}

// EmailsOn are the e-mail addresses of a person, under whichever record, that are good on a day.
func EmailsOn(r store.Reader, person PersonID, day civil.Date) ([]string, error) {
	all, err := Across(r, person, Contacts)
	var emails []string
	for _, c := range all {
		if c.Kind == Email && c.On(day) && !slices.Contains(emails, c.Value) {
			emails = append(emails, c.Value)
		}
	}
	return emails, err
}

// Sharing are the persons who have the same contact today, the one asked about left out.
func Sharing(r store.Reader, c Contact) ([]PersonID, error) {
	same, err := store.List(r, qContactsByKey, scanContact, string(c.Kind), c.Key, int64(maxSharing))
	if err != nil {
		return nil, err
	}
	var ids []PersonID
	for _, o := range same {
		if o.Person != c.Person && o.On(r.Today()) {
			ids = append(ids, o.Person)
		}
	}
	return ids, nil
}

// maxSharing is how many persons behind one contact are looked at.
const maxSharing = 50

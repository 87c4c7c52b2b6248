package payment

import (
	"slices"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/jobs"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
)

// LetterKind is what a letter of this room says.
type LetterKind string

// The kinds.
const (
	Request  LetterKind = "request"  // please pay
	Reminder LetterKind = "reminder" // it was to be paid
)

// Words names the kind.
func (k LetterKind) Words() lang.Phrase { return lang.Say("payment.letter." + string(k)) }

// Channel is the way of a letter.
type Channel string

// The channels.
const (
	ByEmail Channel = "email"
	ByPost  Channel = "post" // printed in a batch
)

// Words names the channel.
func (c Channel) Words() lang.Phrase { return lang.Say("payment.channel." + string(c)) }

// Letter is one letter about a due.
type Letter struct {
	ID       LetterID
	Due      DueID
	Kind     LetterKind
	Place    int64 // among the letters of its kind about the due, from 1
	On       civil.Date
	Cents    money.Cents // that it asks for
	Account  string      // on which it asks to be paid
	Language lang.Tag
	Channel  Channel
	At       civil.Instant
	By       people.PersonID

	batch    BatchID
	sentAt   civil.Instant
	tries    int64
	failedAt civil.Instant
	trouble  string
}

// Batch is the batch in which the letter was printed; empty while it was not.
func (l Letter) Batch() BatchID { return l.batch }

// Sent is when the mail server took the letter; 0 while it did not.
func (l Letter) Sent() civil.Instant { return l.sentAt }

// Failed is why the letter could not be sent; empty when nothing failed for good.
func (l Letter) Failed() string {
	if l.failedAt == 0 {
		return ""
	}
	return l.trouble
}

// Waiting says that the letter has neither left nor failed.
func (l Letter) Waiting() bool { return l.sentAt == 0 && l.failedAt == 0 && l.batch == "" }

// remindable says whether a due may be reminded on a day, and by the how-many-eth reminder of its instalment.
func remindable(d Due, u Rule, sent []Letter, day civil.Date) (place int, may bool) {
	if !d.state.Waits() || u.Count == 0 {
		return 0, false
	}
	last := d.nextOn.AddDays(u.First - u.Between)
	for _, l := range sent {
		if l.Kind == Reminder && l.On.After(d.nextOn) {
			place++
			if l.On.After(last) {
				last = l.On
			}
		}
	}
	return place + 1, place < u.Count && !last.AddDays(u.Between).After(day)
}

// lapses is the day on which a due lapses; zero when it does not by itself, or not yet.
func lapses(d Due, u Rule, sent []Letter) civil.Date {
	if !d.Reason.Lapses() || u.Lapse == 0 || !d.state.Waits() {
		return civil.Date{}
	}
	var last civil.Date
	count := 0
	for _, l := range sent {
		if l.Kind == Reminder && l.On.After(d.nextOn) {
			count++
			if last.IsZero() || l.On.After(last) {
				last = l.On
			}
		}
	}
	if count < u.Count {
		return civil.Date{}
	}
	return last.AddDays(u.Lapse)
}

// LapsesOn is the day on which a due lapses unless it is paid, by the rule of the day; zero when it does not, or its
// reminders have not all left.
func LapsesOn(r store.Reader, d Due) (civil.Date, error) {
	u, err := RuleOn(r, r.Today())
	if err != nil {
		return civil.Date{}, err
	}
	sent, err := LettersOf(r, d.ID)
	return lapses(d, u, sent), err
}

// LateDue is a due that waits too long, with what can be done about it today.
type LateDue struct {
	Due      Due
	Reminder int        // its next reminder, from 1; 0 when none is due today
	Lapses   civil.Date // when it lapses; zero when it does not yet
}

// LateDues are the dues of which an instalment should have been paid, the oldest first.
func LateDues(r store.Reader) (list []LateDue, err error) {
	day := r.Today()
	waiting, err := dues(r, qWaiting, day.AddDays(-1))
	if err != nil {
		return nil, err
	}
	u, err := RuleOn(r, day)
	if err != nil {
		return nil, err
	}
	sent, err := lettersOfWaiting(r)
	if err != nil {
		return nil, err
	}
	for _, d := range waiting {
		late := LateDue{Due: d, Lapses: lapses(d, u, sent[d.ID])}
		if place, may := remindable(d, u, sent[d.ID], day); may {
			late.Reminder = place
		}
		list = append(list, late)
	}
	return list, nil
}

// MaxLetters is how many letters one act makes.
const MaxLetters = 500

// Remind writes a reminder for each of these dues that may be reminded today; the others are left out: somebody else
// was faster, or they were paid meanwhile.
func Remind(tx *store.Tx, ids []DueID) (made int, err error) {
	if len(ids) > MaxLetters {
		return 0, fault.Refuse("payment.refusal.too-many-letters", "limit", MaxLetters)
	}
	u, err := RuleOn(tx, tx.Today())
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		d, err := DueByID(tx, id)
		if err != nil {
			return 0, err
		}
		sent, err := LettersOf(tx, id)
		if err != nil {
			return 0, err
		}
		if _, may := remindable(d, u, sent, tx.Today()); !may {
			continue
		}
		if err := send(tx, d, Reminder, sent, d.Overdue(tx.Today())); err != nil {
			return 0, err
		}
		made++
	}
	if made == 0 {
		return 0, fault.Refuse("payment.refusal.nobody-to-remind")
	}
	tx.Record(store.Line{Args: map[string]any{"n": made}})
	return made, nil
}

// SendRequest writes the letter that asks for a due, by e-mail where an address is known, else for the next batch.
func SendRequest(tx *store.Tx, id DueID) error {
	d, err := getOpen(tx, id)
	if err != nil {
		return err
	}
	sent, err := LettersOf(tx, id)
	if err != nil {
		return err
	}
	tx.Record(d.line(map[string]any{}))
	return send(tx, d, Request, sent, d.Left())
}

// send writes a letter, and enqueues it when it leaves by e-mail.
func send(tx *store.Tx, d Due, kind LetterKind, sent []Letter, cents money.Cents) error {
	account, found, err := AccountOn(tx, tx.Today())
	if err == nil && !found {
		err = fault.Refuse("payment.refusal.no-account")
	}
	if err != nil {
		return err
	}
	to, err := Reach(tx, d.Person)
	if err != nil {
		return err
	}
	l := Letter{ID: LetterID(tx.ID()), Due: d.ID, Kind: kind, Place: 1, On: tx.Today(), Cents: cents,
		Account: account.ID, Language: to.Language, Channel: ByPost, At: tx.Now(), By: people.PersonID(tx.Actor())}
	for _, earlier := range sent {
		if earlier.Kind == kind {
			l.Place++
		}
	}
	if to.Email != "" {
		l.Channel = ByEmail
	}
	if err := insertLetter(tx, l); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{d.ID.Ref(), d.Person.Ref()}})
	if l.Channel != ByEmail {
		return nil
	}
	_, err = jobs.Enqueue(tx, JobDeliver, deliverPayload{l.ID})
	return err
}

// Addressee is whom a letter reaches, and where.
type Addressee struct {
	Name     string
	Language lang.Tag
	Email    string   // empty when it goes by post
	Lines    []string // of the envelope, under the name
	Postcode string
}

// Reach finds where letters of this room to a person go: by e-mail where an address is good today, else to the address
// for letters, else to the domicile or seat. A body without an address of its own for e-mail is written to at that of
// who represents it.
func Reach(r store.Reader, id people.PersonID) (a Addressee, err error) {
	person, err := people.Standing(r, id)
	if err != nil {
		return a, err
	}
	a = Addressee{Name: person.Full(), Language: person.Lang}
	if !lang.Known(string(a.Language)) {
		a.Language = lang.French
	}
	if !person.Erased.IsZero() {
		return a, nil
	}
	ids := []people.PersonID{person.ID}
	if person.Kind == people.Legal {
		agents, err := people.Representatives(r, person.ID)
		if err != nil {
			return a, err
		}
		for _, one := range agents {
			if one.On(r.Today()) {
				ids = append(ids, one.Person)
			}
		}
	}
	for _, one := range ids {
		emails, err := people.EmailsOn(r, one, r.Today())
		if err != nil {
			return a, err
		}
		if len(emails) > 0 {
			a.Email = emails[0]
			break
		}
	}
	history, err := people.Across(r, person.ID, people.Addresses)
	if err != nil {
		return a, err
	}
	for _, kind := range []people.AddressKind{people.Post, people.Home} {
		if at, known := people.AddressOn(history, kind, r.Today(), 0); known && at.Known() {
			a.Postcode = at.Postcode
			a.Lines = slices.DeleteFunc([]string{at.Street, at.Postcode + " " + at.Town, at.Country},
				func(s string) bool { return len(s) < 2 })
			break
		}
	}
	return a, nil
}

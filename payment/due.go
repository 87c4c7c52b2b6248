package payment

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
)

// The ids of this room.
type (
	DueID     string
	ReceiptID string
	EntryID   string
	CreditID  string
	FileID    string
	LetterID  string
	BatchID   string
)

// Ref names the due in the journal.
func (id DueID) Ref() store.Ref { return store.Ref{Kind: "due", ID: string(id)} }

// Ref names the receipt in the journal.
func (id ReceiptID) Ref() store.Ref { return store.Ref{Kind: "receipt", ID: string(id)} }

// Ref names the credit in the journal.
func (id CreditID) Ref() store.Ref { return store.Ref{Kind: "credit", ID: string(id)} }

// Ref names the bank file in the journal.
func (id FileID) Ref() store.Ref { return store.Ref{Kind: "bank-file", ID: string(id)} }

// Limits of a due.
const (
	MaxTerms = 24
	MaxLabel = 200 // signs
	MaxWhy   = 500 // signs
	maxYears = 10  // from asking to the last instalment
)

// Reason is why money is asked, or owed.
type Reason string

// The reasons.
const (
	Subscription Reason = "subscription" // shares that were asked for; lapses when it stays unpaid
	Call         Reason = "call"         // what is not yet paid up of shares that exist
	Transfer     Reason = "transfer"     // shares taken over
	Exit         Reason = "exit"         // shares of who leaves: owed by the cooperative
	Other        Reason = "other"
)

// Reasons lists them.
var Reasons = []Reason{Subscription, Call, Transfer, Exit, Other}

// Words names the reason.
func (r Reason) Words() lang.Phrase { return lang.Say("payment.reason." + string(r)) }

// Lapses says whether a due of this reason lapses after its reminders: only what nobody yet owes by law.
func (r Reason) Lapses() bool { return r == Subscription }

// State is where a due stands.
type State string

// The states of a due.
const (
	Open      State = "open"
	PartPaid  State = "part"
	Settled   State = "settled"
	Cancelled State = "cancelled"
	Lapsed    State = "lapsed"
)

// States lists them in the order of screens.
var States = []State{Open, PartPaid, Settled, Lapsed, Cancelled}

// Words names the state.
func (s State) Words() lang.Phrase { return lang.Say("payment.state." + string(s)) }

// Waits says that money is still expected.
func (s State) Waits() bool { return s == Open || s == PartPaid }

// Term is an instalment: so much until a day.
type Term struct {
	DueOn civil.Date  `json:"due_on"`
	Cents money.Cents `json:"cents"`
}

// Due is what a person is asked to pay.
type Due struct {
	ID      DueID
	Number  int64 // 0 when asking: the next one; else reserved
	OGM     OGM
	Person  people.PersonID
	Cents   money.Cents
	Reason  Reason
	Subject store.Ref // what it is asked for, an object of a room above; may be zero
	Label   string    // the same in the person's language
	AskedOn civil.Date
	DueOn   civil.Date // last day of the last instalment
	Terms   []Term     // none when asking: all at once on DueOn
	By      people.PersonID
	At      civil.Instant

	state    State
	received money.Cents
	nextOn   civil.Date
	next     money.Cents
}

// State is where the due stands.
func (d Due) State() State { return d.state }

// Received is what its receipts pay of it.
func (d Due) Received() money.Cents { return d.received }

// Left is what is still expected; 0 once the due is settled or has ended.
func (d Due) Left() money.Cents {
	if !d.state.Waits() {
		return 0
	}
	return d.Cents - d.received
}

// Next is the instalment that waits: until when, and what is left of it. It is zero when nothing waits.
func (d Due) Next() Term { return Term{d.nextOn, d.next} }

// Late says whether an instalment should have been paid before a day.
func (d Due) Late(day civil.Date) bool { return d.state.Waits() && d.nextOn.Before(day) }

// Overdue is what should have been paid before a day, and was not.
func (d Due) Overdue(day civil.Date) (cents money.Cents) {
	if !d.state.Waits() {
		return 0
	}
	for _, t := range d.Terms {
		if t.DueOn.Before(day) {
			cents += t.Cents
		}
	}
	return max(0, cents-d.received)
}

// standing derives where a due stands from what it received and how it ended.
func (d *Due) standing(received money.Cents, ended State) {
	fault.Must(received >= 0 && received <= d.Cents, "due %d of %s received %s", d.Number, d.Cents, received)
	d.received, d.nextOn, d.next = received, civil.Date{}, 0
	switch {
	case ended != "":
		d.state = ended
		return
	case received == d.Cents:
		d.state = Settled
		return
	case received > 0:
		d.state = PartPaid
	default:
		d.state = Open
	}
	for _, t := range d.Terms {
		if received < t.Cents {
			d.nextOn, d.next = t.DueOn, t.Cents-received
			return
		}
		received -= t.Cents
	}
}

// Hooks are what a room above hears. The application fills them once, before the first act.
var Hooks struct {
	// Received says that a due received money, or, less than zero, that it lost it again: an allocation was undone, or
	// the bank took the payment back. d stands as it does now.
	Received func(tx *store.Tx, d Due, cents money.Cents, on civil.Date) error
	// MayEnd refuses that a due be cancelled or lapse: what it is asked for is there, and stays owed.
	MayEnd func(r store.Reader, d Due) error
	// Lapsed says that a due lapsed by the rule of the day: it pays nothing any more, and what it had received is owed
	// back.
	Lapsed func(tx *store.Tx, d Due) error
}

const counterDue = "payment.due"

// Reserve takes a number and a communication for a due that is asked later, or never: ten forms printed blank. It
// records nothing.
func Reserve(tx *store.Tx) (number int64, ogm OGM, err error) {
	if number, err = tx.Next(counterDue); err != nil {
		return 0, "", err
	}
	return number, ogmOf(number), nil
}

// Ask asks a person to pay. With Number and OGM of [Reserve] the due takes these; a number that has a due is refused.
func Ask(tx *store.Tx, d Due) (DueID, error) {
	d.Label = strings.TrimSpace(d.Label)
	if d.AskedOn.IsZero() {
		d.AskedOn = tx.Today()
	}
	if len(d.Terms) == 0 {
		d.Terms = []Term{{d.DueOn, d.Cents}}
	}
	if err := d.check().Err(); err != nil {
		return "", err
	}
	if err := known(tx, d.Person); err != nil {
		return "", err
	}
	if err := d.take(tx); err != nil {
		return "", err
	}
	d.ID, d.By, d.At = DueID(tx.ID()), people.PersonID(tx.Actor()), tx.Now()
	if err := insertDue(tx, d); err != nil {
		return "", err
	}
	if err := keepPlan(tx, d, ""); err != nil {
		return "", err
	}
	d.standing(0, "")
	if err := insertStanding(tx, d); err != nil {
		return "", err
	}
	tx.Answer(string(d.ID))
	tx.Record(d.line(map[string]any{"asked_cents": int64(d.Cents), "reason": d.Reason.Words()}))
	return d.ID, nil
}

// known refuses a person who is not in the books, or no longer.
func known(tx *store.Tx, id people.PersonID) error {
	person, err := people.Get(tx, id)
	if err == nil && !person.Erased.IsZero() {
		err = fault.Refuse("payment.refusal.erased").At("person")
	}
	return err
}

// take gives the due its number.
func (d *Due) take(tx *store.Tx) (err error) {
	if d.Number == 0 {
		d.Number, d.OGM, err = Reserve(tx)
		return err
	}
	if d.OGM == "" {
		d.OGM = ogmOf(d.Number)
	}
	fault.Must(d.OGM == ogmOf(d.Number), "due %d has the communication %s", d.Number, d.OGM)
	_, taken, err := DueByOGM(tx, d.OGM)
	if err == nil && taken {
		err = fault.Refuse("payment.refusal.number-taken", "ogm", d.OGM.String())
	}
	if err != nil {
		return err
	}
	return tx.Reserve(counterDue, d.Number)
}

func (d Due) check() (rs fault.Refusals) {
	if d.Cents <= 0 || d.Cents > money.Max {
		rs = append(rs, fault.Refuse("payment.refusal.amount").At("amount"))
	}
	if d.Label == "" || utf8.RuneCountInString(d.Label) > MaxLabel {
		rs = append(rs, fault.Refuse("payment.refusal.label", "limit", MaxLabel).At("label"))
	}
	if !slices.Contains(Reasons, d.Reason) {
		rs = append(rs, fault.Refuse("payment.refusal.reason").At("reason"))
	}
	return append(rs, checkTerms(d.Terms, d.Cents, d.AskedOn)...)
}

func checkTerms(terms []Term, whole money.Cents, asked civil.Date) (rs fault.Refusals) {
	if len(terms) == 0 || len(terms) > MaxTerms {
		return fault.Refusals{fault.Refuse("payment.refusal.terms", "limit", MaxTerms).At("terms")}
	}
	var sum money.Cents
	for i, t := range terms {
		sum += t.Cents
		switch {
		case t.Cents <= 0 || t.Cents > money.Max:
			rs = append(rs, fault.Refuse("payment.refusal.amount").At("terms"))
		case !t.DueOn.IsDay() || t.DueOn.Before(asked) || t.DueOn.After(asked.AddYears(maxYears)):
			rs = append(rs, fault.Refuse("payment.refusal.due-on", "asked", asked, "years", maxYears).At("due-on"))
		case i > 0 && !terms[i-1].DueOn.Before(t.DueOn):
			rs = append(rs, fault.Refuse("payment.refusal.terms-order").At("terms"))
		}
	}
	if len(rs) == 0 && sum != whole {
		rs = append(rs, fault.Refuse("payment.refusal.terms-sum", "sum", sum, "whole", whole).At("terms"))
	}
	return rs
}

// line is what the journal says of a due.
func (d Due) line(args map[string]any) store.Line {
	about := []store.Ref{d.ID.Ref(), d.Person.Ref()}
	if d.Subject != (store.Ref{}) {
		about = append(about, d.Subject)
	}
	args["number"] = d.Number
	return store.Line{About: about, Args: args}
}

// Instalments parts an amount into equal instalments, one a month from a day on; the first ones take the odd cents.
func Instalments(whole money.Cents, count int, first civil.Date) []Term {
	fault.Must(count > 0 && count <= MaxTerms, "%d instalments", count)
	weights := make([]int64, count)
	for i := range weights {
		weights[i] = 1
	}
	terms := make([]Term, count)
	for i, cents := range money.Split(whole, weights) {
		terms[i] = Term{first.AddMonths(i), cents}
	}
	return terms
}

// Reschedule gives an open due other instalments. They make up its whole amount, what was paid included.
func Reschedule(tx *store.Tx, id DueID, terms []Term, why string) error {
	d, err := getOpen(tx, id)
	if err != nil {
		return err
	}
	why, err = reasoned(why)
	rs := fault.Of(err)
	if rs = append(rs, checkTerms(terms, d.Cents, d.AskedOn)...); rs.Err() != nil {
		return rs
	}
	d.Terms = terms
	if err := keepPlan(tx, d, why); err != nil {
		return err
	}
	tx.Record(d.line(map[string]any{"n": len(terms), "last_on": terms[len(terms)-1].DueOn.String()}))
	_, err = settle(tx, id)
	return err
}

// reasoned cleans a reason that must be given.
func reasoned(why string) (string, error) {
	why = strings.TrimSpace(why)
	if why == "" || utf8.RuneCountInString(why) > MaxWhy {
		return "", fault.Refuse("payment.refusal.why", "limit", MaxWhy).At("why")
	}
	return why, nil
}

func getOpen(tx *store.Tx, id DueID) (Due, error) {
	d, err := DueByID(tx, id)
	if err == nil && !d.state.Waits() {
		err = fault.Refuse("payment.refusal.not-open", "number", d.Number, "state", d.state.Words())
	}
	return d, err
}

// Cancel ends a due that is still open: it was a mistake, or what it was asked for is given up. What it had received is
// free again and owed back; the room that asked is not told, since it is the one that cancels.
func Cancel(tx *store.Tx, id DueID, why string) error {
	d, err := getOpen(tx, id)
	if err != nil {
		return err
	}
	return d.cancel(tx, why)
}

// Revoke is Cancel by the room that asked, also of a due that was paid in full: what it was asked for never came to be.
func Revoke(tx *store.Tx, id DueID, why string) error {
	d, err := DueByID(tx, id)
	if err != nil {
		return err
	}
	if d.state == Cancelled || d.state == Lapsed {
		return fault.Refuse("payment.refusal.not-open", "number", d.Number, "state", d.state.Words())
	}
	return d.cancel(tx, why)
}

func (d Due) cancel(tx *store.Tx, why string) error {
	why, err := reasoned(why)
	if err != nil {
		return err
	}
	if err := d.mayEnd(tx); err != nil {
		return err
	}
	tx.Record(d.line(map[string]any{}))
	return d.end(tx, Cancelled, why)
}

// Lapse ends a due whose reminders have been of no use. It is refused before the day that the rule gives.
func Lapse(tx *store.Tx, id DueID) error {
	d, err := getOpen(tx, id)
	if err != nil {
		return err
	}
	on, err := LapsesOn(tx, d)
	if err != nil {
		return err
	}
	if on.IsZero() || on.After(tx.Today()) {
		return fault.Refuse("payment.refusal.not-lapsed", "number", d.Number)
	}
	if err := d.mayEnd(tx); err != nil {
		return err
	}
	tx.Record(d.line(map[string]any{}))
	if err := d.end(tx, Lapsed, ""); err != nil {
		return err
	}
	if Hooks.Lapsed == nil {
		return nil
	}
	if d, err = DueByID(tx, id); err != nil {
		return err
	}
	return Hooks.Lapsed(tx, d)
}

func (d Due) mayEnd(r store.Reader) error {
	if Hooks.MayEnd == nil {
		return nil
	}
	return Hooks.MayEnd(r, d)
}

// end writes how a due ended, and frees what it had received.
func (d Due) end(tx *store.Tx, kind State, why string) error {
	entries, err := entriesOfDue(tx, d.ID)
	if err != nil {
		return err
	}
	if err := insertEnd(tx, End{d.ID, kind, tx.Today(), why, tx.Now(), people.PersonID(tx.Actor())}); err != nil {
		return err
	}
	if _, err := settle(tx, d.ID); err != nil {
		return err
	}
	for _, e := range Standing(entries) {
		if err := opposite(tx, e, tx.Today(), why); err != nil {
			return err
		}
	}
	return nil
}

// End is how a due ended otherwise than by being paid.
type End struct {
	Due  DueID
	Kind State
	On   civil.Date
	Why  string
	At   civil.Instant
	By   people.PersonID
}

// DuesOf are the dues of a person, under all records, the latest first.
func DuesOf(r store.Reader, person people.PersonID) ([]Due, error) {
	list, err := people.Across(r, person, func(r store.Reader, id people.PersonID) ([]Due, error) {
		return dues(r, qDuesOf, string(id))
	})
	slices.SortStableFunc(list, func(a, b Due) int { return cmp.Compare(b.Number, a.Number) })
	return list, err
}

// DuesAbout are the dues of an object of a room above, the latest first.
func DuesAbout(r store.Reader, subject store.Ref) ([]Due, error) {
	return dues(r, qDuesAbout, subject.Kind, subject.ID)
}

// DueByID reads a due; an unknown id is refused.
func DueByID(r store.Reader, id DueID) (Due, error) {
	list, err := dues(r, qDue, string(id))
	if err == nil && len(list) == 0 {
		err = fault.Refuse("payment.refusal.unknown-due")
	}
	if err != nil {
		return Due{}, err
	}
	return list[0], nil
}

// DueByOGM finds the due of a communication.
func DueByOGM(r store.Reader, ogm OGM) (Due, bool, error) {
	list, err := dues(r, qDueByOGM, string(ogm))
	if err != nil || len(list) == 0 {
		return Due{}, false, err
	}
	return list[0], true, nil
}

package certificate

import (
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
	"lieux/register"
)

// ID is the id of a certificate.
type ID string

// Ref names the certificate in the journal.
func (id ID) Ref() store.Ref { return store.Ref{Kind: "certificate", ID: string(id)} }

// BatchID is the id of a batch.
type BatchID string

// Ref names the batch in the journal.
func (id BatchID) Ref() store.Ref { return store.Ref{Kind: "certificate-batch", ID: string(id)} }

// Kind is which paper it is.
type Kind string

// The kinds of paper.
const (
	Shares Kind = "shares" // what is held on a day
	Year   Kind = "year"   // the statement of a year, at 31 December
)

// Kinds lists them.
var Kinds = []Kind{Shares, Year}

// Words names the kind.
func (k Kind) Words() lang.Phrase { return lang.Say("certificate.kind." + string(k)) }

// Cause is why a paper was made.
type Cause string

// The causes.
const (
	ForIssue  Cause = "issue"  // shares were issued
	ForOffice Cause = "office" // the office made it
	ForMember Cause = "member" // the holder asked for it
	ForBatch  Cause = "batch"  // for everybody
	ForLoss   Cause = "loss"   // the one before was lost
)

// Words names the cause.
func (c Cause) Words() lang.Phrase { return lang.Say("certificate.cause." + string(c)) }

// Certificate is one paper, as it was made. Nothing of it ever changes.
type Certificate struct {
	ID       ID
	Number   int64
	Code     string
	Kind     Kind
	Holder   register.Number
	Lot      register.MovementNumber // the only lot it speaks of; 0 for all
	Day      civil.Date
	Through  register.MovementNumber // the last movement that was known
	Lang     lang.Tag
	Facts    Facts
	Cause    Cause
	Replaces ID // empty when it takes no other's place
	Batch    BatchID
	Head     int64 // last line of the journal when it was made
	HeadHash string
	At       civil.Instant
	By       people.PersonID
}

// YearOf is the year of a statement.
func (c Certificate) YearOf() int { return c.Day.Year() }

// canonical is what the journal's seal commits to: every column. Fields are only ever added at the end, behind
// omitempty.
func (c Certificate) canonical() []byte {
	text, err := json.Marshal(c)
	fault.Must(err == nil, "certificate %d: %v", c.Number, err)
	return text
}

// Order is what paper is wanted.
type Order struct {
	Kind  Kind                    // empty: Shares
	Day   civil.Date              // zero: today; of a statement: its 31 December
	Lot   register.MovementNumber // 0: all lots; a statement has all
	Cause Cause
	Batch BatchID
}

const counter = "certificate"

// Issue makes the certificate, or the statement, of a holder. It is refused when there is nothing to certify.
func Issue(tx *store.Tx, n register.Number, o Order) (Certificate, error) {
	c, found, err := prepare(tx, n, o)
	if err != nil {
		return c, err
	}
	if !found {
		return c, fault.Refuse("certificate.refusal.nothing-held", "number", n.String(), "day", c.Day).At("day").
			By("CSA 6:25")
	}
	holder, err := register.CooperatorNumbered(tx, n)
	if err != nil {
		return c, err
	}
	person, err := people.Standing(tx, holder.Person)
	if err != nil {
		return c, err
	}
	if !person.Erased.IsZero() {
		return c, fault.Refuse("certificate.refusal.erased", "number", n.String())
	}
	if c.Lang = person.Lang; !lang.Known(string(c.Lang)) {
		c.Lang = lang.French
	}
	if err := c.complete(tx); err != nil {
		return c, err
	}
	if err := insertCertificate(tx, c); err != nil {
		return c, err
	}
	tx.Answer(strconv.FormatInt(c.Number, 10))
	tx.Record(store.Line{About: []store.Ref{c.ID.Ref(), person.ID.Ref()}, Args: map[string]any{"number": c.Number,
		"kind": c.Kind.Words(), "day_on": c.Day.String()}})
	return c, nil
}

// prepare reads the facts of a paper; found is false when there are none.
func prepare(r store.Reader, n register.Number, o Order) (c Certificate, found bool, err error) {
	c = Certificate{Kind: o.Kind, Holder: n, Lot: o.Lot, Day: o.Day, Cause: o.Cause, Batch: o.Batch}
	if c.Kind == "" {
		c.Kind = Shares
	}
	if c.Day.IsZero() {
		c.Day = r.Today()
	}
	if c.Cause == "" {
		c.Cause = ForOffice
	}
	var rs fault.Refusals
	if !c.Day.IsDay() || c.Day.After(r.Today()) {
		rs = append(rs, fault.Refuse("certificate.refusal.day", "today", r.Today()).At("day"))
	}
	if c.Kind == Year && (c.Day != LastOf(c.Day.Year()) || c.Lot != 0) {
		rs = append(rs, fault.Refuse("certificate.refusal.year").At("year"))
	}
	if !slices.Contains(Kinds, c.Kind) {
		rs = append(rs, fault.Refuse("certificate.refusal.kind").At("kind"))
	}
	if err := rs.Err(); err != nil {
		return c, false, err
	}
	if c.Through, err = register.Through(r, civil.Date{}); err != nil {
		return c, false, err
	}
	c.Facts, err = factsOf(r, c)
	return c, !c.Facts.Empty(), err
}

// LastOf is the day of a year's statement.
func LastOf(year int) civil.Date { return civil.Day(year, 12, 31) }

// complete gives the paper its number, its code, the state of the journal, and the paper whose place it takes.
func (c *Certificate) complete(tx *store.Tx) (err error) {
	head, err := store.Head(tx)
	if err != nil {
		return err
	}
	c.Head, c.HeadHash = head.Number, hex.EncodeToString(head.Hash[:])
	before, err := Of(tx, c.Holder)
	if err != nil {
		return err
	}
	for _, b := range before { // the latest first
		if b.Kind == c.Kind && b.Lot == c.Lot && (c.Kind == Year && b.Day == c.Day || c.Kind == Shares &&
			!b.Day.After(c.Day)) {
			c.Replaces = b.ID
			break
		}
	}
	if c.Number, err = tx.Next(counter); err != nil {
		return err
	}
	c.ID, c.At, c.By = ID(tx.ID()), tx.Now(), people.PersonID(tx.Actor())
	c.Code, err = newCode(tx)
	return err
}

// Reprint notes that a certificate was printed once more; it is the same paper.
func Reprint(tx *store.Tx, id ID) (Certificate, error) {
	c, err := ByID(tx, id)
	if err != nil {
		return c, err
	}
	holder, err := register.CooperatorNumbered(tx, c.Holder)
	if err == nil {
		tx.Record(store.Line{About: []store.Ref{id.Ref(), holder.Person.Ref()}, Args: map[string]any{"number": c.Number}})
	}
	return c, err
}

// OfPerson lists the papers of a person, under all records, the latest first.
func OfPerson(r store.Reader, id people.PersonID) ([]Certificate, error) {
	list, err := people.Across(r, id, func(r store.Reader, one people.PersonID) ([]Certificate, error) {
		holder, found, err := register.CooperatorOf(r, one)
		if err != nil || !found {
			return nil, err
		}
		return Of(r, holder.Number)
	})
	slices.SortStableFunc(list, func(a, b Certificate) int { return int(b.Number - a.Number) })
	return list, err
}

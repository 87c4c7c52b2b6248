package register

import (
	"encoding/json"
	"fmt"
	"strconv"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
)

// Kind says what a movement is.
type Kind string

// The kinds of movement.
const (
	Issued      Kind = "issue"
	Paid        Kind = "payment" // a call or an instalment on shares issued before
	TransferOut Kind = "transfer-out"
	TransferIn  Kind = "transfer-in"
	Redeemed    Kind = "redemption" // the cooperative takes the shares back: resignation, exclusion, end by law
	Corrected   Kind = "correction" // the opposite entry of a movement that was wrong

	Split        Kind = "split"         // what a lot gains when the shares of its class are split
	Consolidated Kind = "consolidation" // what it loses when they are put together
	ConvertedOut Kind = "conversion-out"
	ConvertedIn  Kind = "conversion-in"
)

// Kinds lists the kinds in the order in which screens offer them.
var Kinds = []Kind{Issued, Paid, TransferOut, TransferIn, Redeemed, ConvertedOut, ConvertedIn, Split, Consolidated,
	Corrected}

// splits says whether the kind follows a change of the nominal amount.
func (k Kind) splits() bool { return k == Split || k == Consolidated }

// Cause is why shares changed hands.
type Cause string

// The causes.
const (
	Sale        Cause = "sale"
	Gift        Cause = "gift"
	Inheritance Cause = "inheritance"
	Division    Cause = "division" // of an estate or of what spouses held together
	Merger      Cause = "merger"   // of a legal person into another
	OtherCause  Cause = "other"
)

// Causes lists them in the order of screens.
var Causes = []Cause{Sale, Gift, Inheritance, Division, Merger, OtherCause}

// Code is the phrase that names the cause.
func (c Cause) Code() string { return "register.cause." + string(c) }

// Code is the phrase that names the kind.
func (k Kind) Code() string { return "register.kind." + string(k) }

// phrase names the cause; nothing for none.
func (c Cause) phrase() any {
	if c == "" {
		return ""
	}
	return lang.Say(c.Code())
}

// MovementNumber is a number of the register: from 1, without gap, in the order of recording. It is the movement's id.
type MovementNumber int64

// String writes the number without any sign.
func (n MovementNumber) String() string { return strconv.FormatInt(int64(n), 10) }

// sealID is the number with its zeros, so that ids sort as numbers do.
func (n MovementNumber) sealID() string { return fmt.Sprintf("%010d", int64(n)) }

// Ref names the movement in the journal.
func (n MovementNumber) Ref() store.Ref { return store.Ref{Kind: "movement", ID: n.String()} }

// Movement is one line of the register. It is written once and sealed; nothing of it ever changes.
type Movement struct {
	Number     MovementNumber
	Operation  MovementNumber // the first movement of the same operation: a transfer over several lots is one operation
	Kind       Kind
	Cooperator Number
	Class      ClassID
	Lot        MovementNumber // the issue that made the shares; for an issue, itself
	Shares     int64          // signed: what the cooperator gains
	Paid       money.Cents    // signed: what counts as paid on the cooperator's shares

	Effective  civil.Date // as it is known: a day, or a month or a year where a source says no more
	Day        civil.Date // the last day that Effective may mean: sums are made from it
	Recorded   civil.Instant
	RecordedOn civil.Date // the day of Recorded in the cooperative's zone

	Entry       int64           // number in the journal
	Author      people.PersonID // empty for the system
	Ground      string          // why; it names nobody
	Evidence    string          // id of a document; may be empty
	Counterpart Number          // the other side of a transfer; 0 when none
	Pair        MovementNumber  // the giving half of a transfer or conversion, on both halves; 0 when it is none
	Corrects    MovementNumber  // the movement that a correction mends; 0 when it is none

	Decision people.DecisionID // that the movement rests on; empty when none is named
	Cause    Cause             // of a transfer; empty when it is none or nobody said
}

// Detail is what every movement is told beside its figures.
type Detail struct {
	Effective civil.Date // required
	Ground    string     // at most 300 signs; it names nobody: names belong to people and can be erased
	Evidence  string     // id of a document; may be empty
	Decision  people.DecisionID
}

// movement is a movement with what every one is told.
func (d Detail) movement(kind Kind, n Number, c ClassID, lot MovementNumber, shares int64, paid money.Cents) Movement {
	return Movement{Kind: kind, Cooperator: n, Class: c, Lot: lot, Shares: shares, Paid: paid, Effective: d.Effective,
		Ground: d.Ground, Evidence: d.Evidence, Decision: d.Decision}
}

// Limits of a movement.
const (
	MaxShares   = 1_000_000 // in one movement
	maxGround   = 300
	maxEvidence = 64
	maxAhead    = 366 // days that a movement may take effect after it is recorded
)

// checked looks at what every movement is told.
func (d Detail) checked(r store.Reader, class ShareClass) (Detail, fault.Refusals) {
	today := r.Today()
	ground, rs := tidy("ground", d.Ground, maxGround, false)
	evidence, more := tidy("evidence", d.Evidence, maxEvidence, false)
	d.Ground, d.Evidence, rs = ground, evidence, append(rs, more...)
	switch {
	case d.Effective.IsZero():
		rs = append(rs, fault.Refuse("register.refusal.no-day").At("effective").By("CSA 6:25"))
	case d.Effective.First().After(today.AddDays(maxAhead)):
		rs = append(rs, fault.Refuse("register.refusal.too-far-ahead", "day", d.Effective, "limit",
			today.AddDays(maxAhead)).At("effective"))
	case d.Effective.Before(class.Since):
		rs = append(rs, fault.Refuse("register.refusal.before-class", "day", d.Effective, "class", class.Letter, "since",
			class.Since).
			At("effective").By("CSA 6:24"))
	}
	return d, rs
}

// canonical is the sealed content: the same bytes for the same movement, for ever. Fields are only ever added at the
// end, behind omitempty.
func (m Movement) canonical() []byte {
	b, err := json.Marshal(struct {
		Version     int    `json:"v"`
		Number      int64  `json:"number"`
		Operation   int64  `json:"operation"`
		Kind        Kind   `json:"kind"`
		Cooperator  int64  `json:"cooperator"`
		Class       string `json:"class"`
		Lot         int64  `json:"lot"`
		Shares      int64  `json:"shares"`
		Paid        int64  `json:"paid"`
		Effective   string `json:"effective"`
		Day         string `json:"day"`
		Recorded    int64  `json:"recorded"`
		RecordedOn  string `json:"recorded_on"`
		Entry       int64  `json:"entry"`
		Author      string `json:"author,omitempty"`
		Ground      string `json:"ground,omitempty"`
		Evidence    string `json:"evidence,omitempty"`
		Counterpart int64  `json:"counterpart,omitempty"`
		Pair        int64  `json:"pair,omitempty"`
		Corrects    int64  `json:"corrects,omitempty"`
		Decision    string `json:"decision,omitempty"`
		Cause       Cause  `json:"cause,omitempty"`
	}{1,
		int64(m.Number), int64(m.Operation), m.Kind, int64(m.Cooperator), string(m.Class), int64(m.Lot), m.Shares,
		int64(m.Paid),
		m.Effective.String(), m.Day.String(), int64(m.Recorded), m.RecordedOn.String(), m.Entry, string(m.Author), m.Ground,
		m.Evidence,
		int64(m.Counterpart), int64(m.Pair), int64(m.Corrects), string(m.Decision), m.Cause})
	fault.Must(err == nil, "a movement that cannot be written: %v", err)
	return b
}

// witness re-makes the sealed content of every movement.
func witness(r store.Reader, yield func(id string, content []byte) error) error {
	return store.Each(r, qMovements, func(row store.Row) error {
		m, err := scanMovement(row)
		if err != nil {
			return err
		}
		return yield(m.Number.sealID(), m.canonical())
	})
}

// write numbers, dates, seals and keeps the movements of one operation. Pair, Lot and Corrects are given by position in
// the operation: a negative value -i means "the i-th movement of this operation, from 1".
func write(tx *store.Tx, operation []Movement) ([]Movement, error) {
	recordedOn, err := recordingDay(tx)
	if err != nil {
		return nil, err
	}
	return writeOn(tx, operation, recordedOn)
}

func writeOn(tx *store.Tx, operation []Movement, recordedOn civil.Date) ([]Movement, error) {
	fault.Must(len(operation) > 0, "an operation without movements")
	for i := range operation {
		m := &operation[i]
		n, err := tx.Next(movementCounter)
		if err != nil {
			return nil, err
		}
		m.Number = MovementNumber(n)
		m.Operation = operation[0].Number
		for _, at := range []*MovementNumber{&m.Lot, &m.Pair} {
			if *at < 0 {
				*at = operation[-*at-1].Number
			}
		}
		m.Day, m.Recorded, m.RecordedOn = m.Effective.Last(), tx.Now(), recordedOn
		m.Entry, m.Author = tx.Number(), people.PersonID(tx.Actor())
		if err := insertMovement(tx, *m); err != nil {
			return nil, err
		}
		if err := tx.Seal("movement", m.Number.sealID(), m.canonical()); err != nil {
			return nil, err
		}
	}
	assertBalanced(operation)
	return operation, nil
}

// recordingDay is today, and never before the day of the movement recorded last (a change of the cooperative's zone may
// turn the clock back over midnight): numbers and days of recording must agree on what was known when.
func recordingDay(r store.Reader) (civil.Date, error) {
	today := r.Today()
	last, found, err := store.Find(r, qLastRecorded, scanDate)
	if err == nil && found && today.Before(last) {
		today = last
	}
	return today, err
}

// assertBalanced: the halves of a transfer sum to zero, whatever else the operation holds; those of a conversion, in
// what is paid.
func assertBalanced(operation []Movement) {
	shares, paid, class := map[MovementNumber]int64{}, map[MovementNumber]money.Cents{}, map[MovementNumber]ClassID{}
	converts := map[MovementNumber]bool{}
	for _, m := range operation {
		if m.Pair != 0 {
			shares[m.Pair] += m.Shares
			paid[m.Pair] += m.Paid
			converts[m.Pair] = converts[m.Pair] || class[m.Pair] != "" && class[m.Pair] != m.Class
			class[m.Pair] = m.Class
		}
	}
	for pair, n := range shares {
		fault.Must((n == 0 || converts[pair]) && paid[pair] == 0, "transfer %d: its halves sum to %d shares and %d cents",
			pair, n, paid[pair])
	}
}

// MovementNumbered reads one movement; an unknown number is refused.
func MovementNumbered(r store.Reader, n MovementNumber) (Movement, error) {
	m, found, err := store.Find(r, qMovement, scanMovement, int64(n))
	if err == nil && !found {
		err = fault.Refuse("register.refusal.unknown-movement", "number", n.String()).At("movement")
	}
	return m, err
}

// MovementsOf lists the movements of one cooperator, by effective day and number.
func MovementsOf(r store.Reader, n Number) ([]Movement, error) {
	return store.List(r, qMovementsOf, scanMovement, int64(n))
}

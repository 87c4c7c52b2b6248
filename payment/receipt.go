package payment

import (
	"encoding/json"
	"slices"
	"strings"

	"lieux/base/chain"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
)

// Way is how money arrived.
type Way string

// The ways.
const (
	ByBank Way = "bank"
	InCash Way = "cash"
	ByCard Way = "card"
	OffSet Way = "offset" // against something that the cooperative owed
)

// Ways lists them.
var Ways = []Way{ByBank, InCash, ByCard, OffSet}

// Words names the way.
func (w Way) Words() lang.Phrase { return lang.Say("payment.way." + string(w)) }

// Receipt is money that arrived.
type Receipt struct {
	ID        ReceiptID
	Number    int64
	On        civil.Date
	Cents     money.Cents
	Way       Way
	Payer     string // as written; who pays is not always who is credited. Empty once erased
	IBAN      IBAN   // right or not
	Message   string
	Reference string // the bank's, or one of ours when there is none
	File      FileID // empty when it was written by hand
	Line      int64  // of the file
	At        civil.Instant
	By        people.PersonID

	free    money.Cents
	promise chain.Hash
	salt    []byte
}

// Free is what no entry uses yet: it waits for a person, or is owed back.
func (r Receipt) Free() money.Cents { return r.free }

// OGMs are the structured communications of the receipt, right or wrong.
func (r Receipt) OGMs() []OGM { return FindOGMs(r.Message) }

// ByHand says that the receipt was written by hand.
func (r Receipt) ByHand() bool { return r.File == "" }

// asLine is the receipt as a search sees it.
func (r Receipt) asLine() Line {
	return Line{On: r.On, Cents: r.Cents, Payer: r.Payer, IBAN: r.IBAN, Message: r.Message, Reference: r.Reference}
}

// words are what one finds the receipt by.
func (r Receipt) words() string {
	var b strings.Builder
	b.WriteString(fold.Text(r.Payer + " " + r.Message))
	for _, o := range r.OGMs() {
		b.WriteString(" " + string(o))
	}
	b.WriteString(" " + strings.ToLower(string(r.IBAN)))
	return b.String()
}

const (
	counterReceipt = "payment.receipt"
	domainPayer    = "payment/payer"
	markByHand     = "hand/"
)

// payer is what the receipt promises of who paid: it can be erased, and the seal stands.
func (r Receipt) payer() []byte {
	text, err := json.Marshal([]string{r.Payer, string(r.IBAN), r.Message})
	fault.Must(err == nil, "payer: %v", err)
	return text
}

// Arrival is money that somebody writes down by hand.
type Arrival struct {
	On        civil.Date
	Cents     money.Cents
	Way       Way
	Payer     string
	IBAN      string
	Message   string
	Reference string // of the bank; may be empty
	Due       DueID  // which it pays; empty: found by its communication, or left to be confirmed
	Twice     bool   // a payment of the same amount and day is known, and this is another one
}

// Receive writes down money that arrived. It pays the due that is named, or the open due of its one exact
// communication; what is left over is owed back. A payment that looks like a known one is refused until somebody says
// that it is another.
func Receive(tx *store.Tx, a Arrival) (ReceiptID, error) {
	r := Receipt{On: a.On, Cents: a.Cents, Way: a.Way, Payer: cut(strings.TrimSpace(a.Payer), MaxPayer),
		IBAN: ReadIBAN(a.IBAN), Message: cut(strings.TrimSpace(a.Message), MaxMessage),
		Reference: cut(strings.TrimSpace(a.Reference), MaxBankMark)}
	if err := r.check(tx).Err(); err != nil {
		return "", err
	}
	if !a.Twice {
		if err := refuseTwin(tx, r); err != nil {
			return "", err
		}
	}
	parts, reasons, err := a.parts(tx, r)
	if err != nil {
		return "", err
	}
	if r, err = write(tx, r); err != nil {
		return "", err
	}
	tx.Answer(string(r.ID))
	tx.Record(store.Line{About: []store.Ref{r.ID.Ref()}, Args: map[string]any{"number": r.Number,
		"received_cents": int64(r.Cents), "received_on": r.On.String()}})
	return r.ID, allocate(tx, &r, parts, reasons)
}

func (r Receipt) check(tx *store.Tx) (rs fault.Refusals) {
	if r.Cents <= 0 || r.Cents > money.Max {
		rs = append(rs, fault.Refuse("payment.refusal.amount").At("amount"))
	}
	if !r.On.IsDay() || r.On.After(tx.Today()) {
		rs = append(rs, fault.Refuse("payment.refusal.received-on").At("on"))
	}
	if !slices.Contains(Ways, r.Way) {
		rs = append(rs, fault.Refuse("payment.refusal.way").At("way"))
	}
	return rs
}

// parts are what a receipt by hand pays: the due that is named, else that of its exact communication.
func (a Arrival) parts(tx *store.Tx, r Receipt) ([]Part, []lang.Phrase, error) {
	if a.Due != "" {
		d, err := getOpen(tx, a.Due)
		if err != nil {
			return nil, nil, err
		}
		return []Part{{d.ID, min(d.Left(), r.Cents)}}, []lang.Phrase{lang.Say("payment.why.chosen")}, nil
	}
	var found []Due
	for _, o := range r.OGMs() {
		d, ours, err := DueByOGM(tx, o)
		if err != nil {
			return nil, nil, err
		}
		if !ours {
			continue
		}
		if d, err = d.standsFor(tx); err != nil {
			return nil, nil, err
		}
		if !slices.ContainsFunc(found, func(other Due) bool { return other.ID == d.ID }) {
			found = append(found, d)
		}
	}
	if len(found) != 1 || found[0].Left() == 0 {
		return nil, nil, nil
	}
	return []Part{{found[0].ID, min(found[0].Left(), r.Cents)}}, []lang.Phrase{lang.Say("payment.why.exact")}, nil
}

// standsFor is the due that a cancelled one stands for: the only one that the same person is asked to pay for the same
// thing. Any other stands for itself.
func (d Due) standsFor(r store.Reader) (Due, error) {
	if d.state != Cancelled || d.Subject == (store.Ref{}) {
		return d, nil
	}
	about, err := dues(r, qDuesAbout, d.Subject.Kind, d.Subject.ID)
	about = slices.DeleteFunc(about, func(other Due) bool { return other.Person != d.Person || other.Left() == 0 })
	if err != nil || len(about) != 1 {
		return d, err
	}
	return about[0], nil
}

// write keeps a receipt, free as a whole, and seals it.
func write(tx *store.Tx, r Receipt) (Receipt, error) {
	var err error
	if r.Number, err = tx.Next(counterReceipt); err != nil {
		return r, err
	}
	r.ID, r.At, r.By, r.free = ReceiptID(tx.ID()), tx.Now(), people.PersonID(tx.Actor()), r.Cents
	if r.Reference == "" {
		r.Reference = markByHand + string(r.ID)
	} else if first, known, err := receiptByReference(tx, r.Reference); err != nil || known {
		if err == nil {
			err = alreadyRead(tx, first)
		}
		return r, err
	}
	salt := tx.Salt()
	r.salt, r.promise = salt[:], chain.Commit(domainPayer, salt, r.payer())
	if err := insertReceipt(tx, r); err != nil {
		return r, err
	}
	return r, tx.Seal("receipt", string(r.ID), r.canonical())
}

// alreadyRead says when a movement of the bank was first read, and by whom.
func alreadyRead(tx store.Reader, first Receipt) error {
	by, err := nameOf(tx, first.By)
	if err != nil {
		return err
	}
	return fault.Refuse("payment.refusal.same-movement", "number", first.Number, "day", first.At.On(tx.Zone()), "by", by).
		At("reference")
}

// nameOf is the name of who acted, or the word for the program itself.
func nameOf(r store.Reader, id people.PersonID) (any, error) {
	if id == "" {
		return lang.Say("payment.system"), nil
	}
	return people.Standing(r, id)
}

// twinDays is how far apart two entries of one payment may lie: the day on which it was seen, and that of the bank.
const twinDays = 4

// twin finds a receipt that looks like the same payment: of the same amount, a few days apart, with the same
// communication or payer.
func twin(a, b Receipt) bool {
	days := a.On.DaysUntil(b.On)
	if a.Cents != b.Cents || days > twinDays || days < -twinDays {
		return false
	}
	x, y := a.OGMs(), b.OGMs()
	if len(x) > 0 && len(y) > 0 {
		return slices.Equal(x, y)
	}
	payer := fold.Text(a.Payer)
	return payer != "" && payer == fold.Text(b.Payer) || a.IBAN != "" && a.IBAN == b.IBAN
}

func refuseTwin(tx *store.Tx, r Receipt) error {
	near, err := receiptsNear(tx, r.On, r.Cents)
	if err != nil {
		return err
	}
	for _, other := range near {
		if twin(r, other) {
			by, err := nameOf(tx, other.By)
			if err != nil {
				return err
			}
			return fault.Refuse("payment.refusal.twin", "number", other.Number, "day", other.On, "by", by).At("twice")
		}
	}
	return nil
}

// canonical is what is sealed of a receipt. Who paid stands in it by a promise, so that it can be erased; a payer that
// does not keep the promise, or stands there without its salt, changes the bytes.
func (r Receipt) canonical() []byte {
	promise := r.promise
	switch {
	case len(r.salt) == len(chain.Salt{}):
		promise = chain.Commit(domainPayer, chain.Salt(r.salt), r.payer())
	case len(r.salt) > 0 || r.Payer != "" || r.IBAN != "" || r.Message != "":
		promise = chain.Hash{}
	}
	return canonical(struct {
		ID        ReceiptID
		Number    int64
		On        civil.Date
		Cents     money.Cents
		Way       Way
		Reference string
		File      FileID
		Line      int64
		Promise   chain.Hash
		Kept      chain.Hash
		At        civil.Instant
		By        people.PersonID
	}{r.ID, r.Number, r.On, r.Cents, r.Way, r.Reference, r.File, r.Line, promise, r.promise, r.At, r.By})
}
